package ui

import (
	"encoding/json"
	"slices"

	"deskbridge/pkg/softphone"
)

// Prefs are what an agent set for this browser. The zero value leaves
// everything to the administrator and the browser.
type Prefs struct {
	Lang  string `json:"lang,omitempty"`  // A language of the catalogue.
	Theme Theme  `json:"theme,omitempty"` // Empty follows the administrator, then the browser.

	Mute      bool   `json:"mute,omitempty"`      // No ringtone.
	Volume    int    `json:"volume,omitempty"`    // 1 to 10; 0 is [DefaultVolume].
	Desktop   bool   `json:"desktop,omitempty"`   // Desktop notifications.
	NoLetters bool   `json:"noLetters,omitempty"` // Keys without Ctrl or Alt do nothing.
	Keys      Keymap `json:"keys,omitempty"`

	PopIn      string `json:"popIn,omitempty"`      // auto, new, current; empty follows the administrator.
	CardClosed bool   `json:"cardClosed,omitempty"` // The customer card is folded away.
}

// The settings that an administrator may lock (softphone.Settings.Locked).
const (
	lockLanguage  = "language"
	lockTheme     = "theme"
	lockPopIn     = "popIn"
	lockSounds    = "sounds"
	lockShortcuts = "shortcuts"
)

func locked(s softphone.Settings, setting string) bool { return slices.Contains(s.Locked, setting) }

// under are the settings that hold: what is locked is as if the agent had set
// nothing. What was set is kept for the day on which it is unlocked. Whether
// single keys do anything is never locked: people who speak to their computer
// must be able to switch them off (WCAG 2.1.4).
func (p Prefs) under(s softphone.Settings) Prefs {
	if locked(s, lockLanguage) {
		p.Lang = ""
	}
	if locked(s, lockTheme) {
		p.Theme = ""
	}
	if locked(s, lockPopIn) {
		p.PopIn = ""
	}
	if locked(s, lockSounds) {
		p.Mute, p.Volume = false, 0
	}
	if locked(s, lockShortcuts) {
		p.Keys = nil
	}
	return p
}

// DefaultVolume is the ringtone's, of 10.
const DefaultVolume = 6

// A Theme is a set of colours.
type Theme string

// The themes. ThemeAuto is the browser's light or dark even where the
// administrator chose another.
const (
	ThemeAuto     Theme = "auto"
	ThemeLight    Theme = "light"
	ThemeDark     Theme = "dark"
	ThemeContrast Theme = "contrast"
)

// themes are in the order in which they are offered.
var themes = []Theme{ThemeAuto, ThemeLight, ThemeDark, ThemeContrast}

// skins are the values of data-theme (web/static/tokens.css). Without one the
// browser's preference decides.
var skins = map[Theme]string{
	ThemeLight: "hubspot-light", ThemeDark: "webex-dark", ThemeContrast: "contrast",
}

// Skin is a theme's value of the root element's data-theme, empty where the
// browser's preference decides.
func Skin(t Theme) string { return skins[t] }

// prefsKey is where the settings are kept, as JSON. skinKey has the last value
// of data-theme for the boot script, which sets it before anything is painted.
const (
	prefsKey = "prefs"
	skinKey  = "skin"
)

// loadPrefs reads what was set last time. What cannot be read is not set.
func (p *Panel) loadPrefs() {
	if p.Memory == nil {
		return
	}
	var kept Prefs
	if json.Unmarshal([]byte(p.Memory.Load(prefsKey)), &kept) == nil {
		p.local.Prefs = kept
	}
}

// setPrefs changes the settings, keeps them and obeys them at once.
func (p *Panel) setPrefs(change func(*Prefs)) {
	change(&p.local.Prefs)
	if p.Memory != nil {
		if kept, err := json.Marshal(p.local.Prefs); err == nil {
			p.Memory.Save(prefsKey, string(kept))
		}
	}
	p.dress()
	p.alert()
	p.tellPopIn()
}

// popIns are where records may open, in the order in which they are offered.
var popIns = []string{"auto", "new", "current"}

// popIn is the one that holds: the agent's, the administrator's, automatic.
func popIn(admin softphone.Settings, p Prefs) string {
	for _, in := range []string{p.PopIn, admin.PopIn} {
		if slices.Contains(popIns, in) {
			return in
		}
	}
	return popIns[0]
}

// tellPopIn says where records are to open, when that is another place.
func (p *Panel) tellPopIn() {
	if in := p.local.Prefs.under(p.view.Settings).PopIn; in != p.popIn {
		p.popIn = in
		p.send(softphone.PopInChosen{PopIn: in})
	}
}

// dress makes the page follow language and theme: what the agent chose, else
// the administrator, else the Desktop around us, else the browser.
func (p *Panel) dress() {
	prefs, admin := p.local.Prefs.under(p.view.Settings), p.view.Settings
	around := softphone.Surroundings{}
	if d := p.view.Desktop; d != nil {
		around = *d
	}
	lang := orElse(prefs.Lang, orElse(admin.Language, orElse(around.Language, p.browser)))
	p.Lang = Language(lang)
	theme := prefs.Theme
	if theme == "" {
		theme = Theme(orElse(admin.Theme, around.Theme))
	}
	skin := Skin(theme)
	if look := p.Lang + " " + skin; p.Page != nil && look != p.look {
		p.look = look
		p.Page(p.Lang, skin)
		if p.Memory != nil && p.Memory.Load(skinKey) != skin {
			p.Memory.Save(skinKey, skin)
		}
	}
}

// volume is the ringtone's, 1 to 10.
func (p Prefs) volume() int {
	if p.Volume == 0 {
		return DefaultVolume
	}
	return min(max(p.Volume, 1), 10)
}

// setLang and the others are the controls of the settings page.
type (
	setLang    struct{ Lang string }
	setTheme   struct{ Theme Theme }
	setRing    struct{ On bool }
	setLetters struct{ On bool }
	setVolume  struct{ To int }
	setPopIn   struct{ To string }
)

func (i setLang) apply(p *Panel)    { p.setPrefs(func(s *Prefs) { s.Lang = i.Lang }) }
func (i setTheme) apply(p *Panel)   { p.setPrefs(func(s *Prefs) { s.Theme = i.Theme }) }
func (i setPopIn) apply(p *Panel)   { p.setPrefs(func(s *Prefs) { s.PopIn = i.To }) }
func (i setRing) apply(p *Panel)    { p.setPrefs(func(s *Prefs) { s.Mute = !i.On }) }
func (i setLetters) apply(p *Panel) { p.setPrefs(func(s *Prefs) { s.NoLetters = !i.On }) }
func (i setVolume) apply(p *Panel)  { p.setPrefs(func(s *Prefs) { s.Volume = min(max(i.To, 1), 10) }) }
