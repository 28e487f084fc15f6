package stories

import (
	"deskbridge/pkg/softphone"
	"deskbridge/pkg/ui"
)

// about is what the settings say of a bundle.
var about = ui.About{Build: "app.0123456789ab", Contract: "1", Protocol: "0.9.7", Browser: "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0"}

// pages are what is opened from anywhere: settings, shortcuts, palette; and the
// sound that nobody hears.
func pages() []Story {
	hear := ui.Local{SoundBlocked: true}
	return []Story{
		{Name: "settings", View: Idle(), Local: ui.Local{Tab: ui.TabSettings, About: about, Notify: ui.NotifyAsk}},
		{Name: "settings-in-call", Note: "The call keeps its dock.", View: Talking(noted),
			Local: ui.Local{Tab: ui.TabSettings, About: about, Notify: ui.NotifyFrame, Prefs: ui.Prefs{Theme: ui.ThemeDark, Mute: true}}},
		{Name: "settings-locked", Note: "All that an administrator may lock.", View: edited(Idle(), func(v *softphone.View) {
			v.Settings.Language, v.Settings.Theme, v.Settings.PopIn = "en", "light", "new"
			v.Settings.Locked = []string{"language", "theme", "popIn", "sounds", "shortcuts"}
		}), Local: ui.Local{Tab: ui.TabSettings, About: about, Notify: ui.NotifyFrame, Prefs: ui.Prefs{Lang: "de", Theme: ui.ThemeDark, Mute: true, Volume: 2, Keys: ui.Keymap{"hold": "F8"}}}},
		{Name: "settings-keys", Note: "New keys that are taken.", View: Idle(), Local: ui.Local{
			Tab: ui.TabSettings, About: about, Notify: ui.NotifyBlocked, Prefs: ui.Prefs{Keys: ui.Keymap{"hold": "F8", "mute": ""}},
			Binding: "record", BindingNote: "Ctrl+Alt+D is already in use for “End call”. Press other keys.",
		}},
		{Name: "help", View: Idle(), Local: ui.Local{Tab: ui.TabHelp}},
		{Name: "palette", View: Idle(), Local: ui.Local{Palette: ui.Palette{Open: true}}},
		{Name: "palette-in-call", Note: "Refused commands say why.", View: Talking(), Local: ui.Local{Palette: ui.Palette{Open: true, At: 2}}},
		{Name: "palette-nothing", View: Idle(), Local: ui.Local{Palette: ui.Palette{Open: true, Text: "xyzzy"}}},
		{Name: "incoming-silent", Note: "The browser wants a press before anything is heard.", View: Ringing(), Local: hear},
	}
}
