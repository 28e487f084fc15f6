package ui_test

import (
	"strings"
	"testing"

	"deskbridge/pkg/softphone"
	"deskbridge/pkg/ui"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

// A dressed bench notes what the page around it is told.
func dressed(v softphone.View, browser string, kept memory) (*bench, *[]string) {
	b := newBench(v)
	var looks []string
	b.Lang, b.Memory = browser, kept
	b.Page = func(lang, skin string) { looks = append(looks, strings.TrimSpace(lang+" "+skin)) }
	b.OnInit()
	return b, &looks
}

func TestLanguageAndThemeChangeAtOnceAndAreKept(t *testing.T) {
	t.Parallel()
	kept := memory{}
	b, looks := dressed(idleView(), "en", kept)

	ui.ApplyTo(b.Panel, ui.OpenPage(ui.TabSettings))
	ui.ApplyTo(b.Panel, ui.SetTheme(ui.ThemeContrast))
	ui.Type(b.Panel, "language", "en-XA")

	require.Equal(t, []string{"en", "en contrast", "en-XA contrast"}, *looks)
	root := parse(t, b.Render())
	require.Equal(t, "en-XA", attr(root, "lang"))
	require.Contains(t, text(root), "[Šéţţîñĝš")
	require.True(t, hasAttr(byID(root, "theme-contrast"), "checked"))
	require.Equal(t, "contrast", kept["skin"], "for the boot script")

	again, looks := dressed(idleView(), "en", kept)
	require.Equal(t, []string{"en-XA contrast"}, *looks)
	require.Equal(t, "en-XA", again.Lang)
	ui.Type(again.Panel, "language", "")
	require.Equal(t, "en", again.Lang, "automatic again")
}

func TestAdministratorsChoiceIsTheDefault(t *testing.T) {
	t.Parallel()
	v := idleView()
	v.Settings.Language, v.Settings.Theme = "en-XA", "dark"

	b, looks := dressed(idleView(), "en", memory{})
	ui.Show(b.Panel, v)
	require.Equal(t, []string{"en", "en-XA webex-dark"}, *looks)

	ui.ApplyTo(b.Panel, ui.SetTheme(ui.ThemeAuto))
	ui.Type(b.Panel, "language", "en")
	require.Equal(t, "en", (*looks)[len(*looks)-1], "the agent's choice wins, the browser's look included")
}

func TestBrokenSettingsAreNone(t *testing.T) {
	t.Parallel()
	for _, broken := range []string{`{"lang":`, `[]`, `{"volume":"loud"}`, `{"theme":"pink","lang":"xx","volume":99}`} {
		b, looks := dressed(idleView(), "en", memory{"prefs": broken})
		require.Equal(t, []string{"en"}, *looks, broken)
		ui.ApplyTo(b.Panel, ui.OpenPage(ui.TabSettings))
		require.True(t, hasAttr(byID(parse(t, b.Render()), "theme-auto"), "checked"), broken)
	}
}

func TestPreferredLanguage(t *testing.T) {
	t.Parallel()
	require.Equal(t, "en", ui.Preferred(nil))
	require.Equal(t, "en", ui.Preferred([]string{"tlh"}))
	require.Equal(t, "en", ui.Preferred([]string{"en-GB", "en-XA"}))
	require.Equal(t, "en-XA", ui.Preferred([]string{"tlh", "en-XA", "en"}))
}

func TestSettingsOpenAndClose(t *testing.T) {
	t.Parallel()
	b := newBench(idleView())
	ui.ApplyTo(b.Panel, ui.OpenTab(ui.TabHistory))

	require.True(t, ui.Press(b.Panel, ctrlAlt("O")))
	require.Equal(t, "stage", ui.TakeFocus(b.Panel))
	root := parse(t, b.Render())
	require.Equal(t, "Settings", text(find(root, func(n *html.Node) bool { return n.Data == "h1" })))
	require.Equal(t, "true", attr(byID(root, "settings"), "aria-pressed"))
	require.Equal(t, "Done", text(byID(root, "done")))

	require.True(t, ui.Press(b.Panel, ui.Key{Key: "Escape", Target: "volume", Typing: true}))
	require.Equal(t, ui.TabHistory, ui.LocalOf(b.Panel).Tab, "where it was opened")
	require.Equal(t, "settings", ui.TakeFocus(b.Panel))
}

// TestCallKeepsItsDockUnderTheSettings: its end is always one press away.
func TestCallKeepsItsDockUnderTheSettings(t *testing.T) {
	t.Parallel()
	b := newBench(talking())

	ui.ApplyTo(b.Panel, ui.OpenPage(ui.TabSettings))

	root := parse(t, b.Render())
	require.NotNil(t, byID(root, "end"))
	require.Nil(t, byID(root, "done"))
	require.NotNil(t, byID(root, "page-close"))
}

func TestSettingsAreThereBeforeAndAfterAShift(t *testing.T) {
	t.Parallel()
	for _, screen := range []softphone.Screen{softphone.ScreenSignIn, softphone.ScreenStation, softphone.ScreenFollower} {
		b := newBench(softphone.View{Screen: screen})
		require.NotNil(t, byID(parse(t, b.Render()), "settings"), screen)
		ui.ApplyTo(b.Panel, ui.OpenPage(ui.TabSettings))
		require.NotNil(t, byID(parse(t, b.Render()), "language"), screen)
	}
	b := newBench(softphone.View{Screen: softphone.ScreenBoot})
	require.Nil(t, byID(parse(t, b.Render()), "settings"))
}

// TestDiagnosticsNameNobody: they are sent around.
func TestDiagnosticsNameNobody(t *testing.T) {
	t.Parallel()
	v := talking()
	v.Problems = []softphone.Problem{{ID: 1, Code: softphone.CommandRefused, Args: []string{"hold", "+14155550123"}}}
	b := newBench(v)
	b.About = ui.About{Build: "app.1234", Contract: "1", Protocol: "0.9.7", Browser: "Testzilla/5.0"}
	b.OnInit()
	ui.ApplyTo(b.Panel, ui.OpenPage(ui.TabSettings))

	got := raw(byID(parse(t, b.Render()), "about"))

	for _, fact := range []string{"app.1234", "contract 1", "0.9.7", "Screen: in-call", "Webex: up", "command-refused", "Testzilla/5.0"} {
		require.Contains(t, got, fact)
	}
	for _, secret := range []string{v.Agent.Name, v.Agent.Email, v.Call.Name, v.Call.Number, "555", string(v.Call.Key)} {
		require.NotEmpty(t, secret)
		require.NotContains(t, got, secret)
	}
}

// TestLockedSettingsAreTheAdministrators: what the agent had set holds again
// once it is unlocked.
func TestLockedSettingsAreTheAdministrators(t *testing.T) {
	t.Parallel()
	kept := memory{"prefs": `{"lang":"de","theme":"dark","mute":true,"volume":2,"popIn":"current","keys":{"hold":"F8"},"noLetters":true}`}
	v := idleView()
	v.Settings = softphone.Settings{Language: "fr", Theme: "light", PopIn: "new", Locked: []string{"language", "theme", "popIn", "sounds", "shortcuts"}}
	b, looks := dressed(v, "en", kept)
	ui.ApplyTo(b.Panel, ui.OpenPage(ui.TabSettings))
	root := parse(t, b.Render())

	require.Equal(t, "fr hubspot-light", (*looks)[len(*looks)-1])
	for _, id := range []string{"theme-light", "language", "pop-in-new", "ring", "volume"} {
		require.True(t, hasAttr(byID(root, id), "disabled"), id)
	}
	require.True(t, hasAttr(byID(root, "theme-light"), "checked"))
	require.True(t, hasAttr(byID(root, "pop-in-new"), "checked"))
	require.Empty(t, b.src.take())
	require.True(t, hasAttr(byID(root, "ring"), "checked"), "it rings, whatever the agent had set")
	require.Equal(t, "6", attr(byID(root, "volume"), "value"))
	require.Equal(t, "Défini par votre administrateur", text(byID(root, attr(byID(root, "language"), "aria-describedby"))))
	require.Nil(t, byID(root, "bind-hold"), "its keys cannot be changed")
	require.False(t, hasAttr(byID(root, "letters"), "disabled"), "WCAG 2.1.4")
	require.False(t, ui.Press(b.Panel, ui.Key{Key: "?"}), "the agent switched single keys off")

	ui.ApplyTo(b.Panel, ui.SetTheme(ui.ThemeContrast))
	require.Equal(t, "fr hubspot-light", (*looks)[len(*looks)-1], "the administrator's wins")

	v.Settings.Locked = nil
	ui.Show(b.Panel, v)
	require.Equal(t, "de contrast", (*looks)[len(*looks)-1])
	require.Equal(t, sent(softphone.PopInChosen{PopIn: "current"}), b.src.take())
	require.NotNil(t, byID(parse(t, b.Render()), "bind-hold"))
}

// TestWhereRecordsOpenIsSaidOnceAndAgainAfterAReload.
func TestWhereRecordsOpenIsSaidOnceAndAgainAfterAReload(t *testing.T) {
	t.Parallel()
	kept := memory{}
	b, _ := dressed(idleView(), "en", kept)
	require.Empty(t, b.src.take(), "nobody chose")

	ui.ApplyTo(b.Panel, ui.SetPopIn("new"))
	ui.ApplyTo(b.Panel, ui.SetPopIn("new"))
	require.Equal(t, sent(softphone.PopInChosen{PopIn: "new"}), b.src.take())

	again, _ := dressed(idleView(), "en", kept)
	require.Equal(t, sent(softphone.PopInChosen{PopIn: "new"}), again.src.take())
}

func TestLockedKeysAreTheDefaultOnes(t *testing.T) {
	t.Parallel()
	v := talking()
	b, _ := dressed(v, "en", memory{"prefs": `{"keys":{"hold":"F8"}}`})
	require.True(t, ui.Press(b.Panel, ui.Key{Key: "F8"}))
	b.src.take()

	v.Settings.Locked = []string{"shortcuts"}
	ui.Show(b.Panel, v)

	require.False(t, ui.Press(b.Panel, ui.Key{Key: "F8"}))
	require.True(t, ui.Press(b.Panel, ctrlAlt("H")))
	require.Equal(t, sent(softphone.HoldRequested{Key: callKey}), b.src.take())
}

// TestSettingsButtonIsReadOnce: its tip is for the eyes.
func TestSettingsButtonIsReadOnce(t *testing.T) {
	t.Parallel()

	gear := byID(parse(t, newBench(idleView()).Render()), "settings")

	require.Equal(t, "Settings", attr(gear, "aria-label"))
	require.Empty(t, attr(gear, "title"))
	tip := find(gear.Parent, byClass("tip"))
	require.Equal(t, "true", attr(tip, "aria-hidden"))
}
