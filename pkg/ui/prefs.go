package ui

import "encoding/json"

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
}

// dress makes the page follow language and theme: what the agent chose, else
// the administrator, else the browser.
func (p *Panel) dress() {
	prefs, admin := p.local.Prefs, p.view.Settings
	lang := orElse(prefs.Lang, orElse(admin.Language, p.browser))
	p.Lang = Language(lang)
	theme := prefs.Theme
	if theme == "" {
		theme = Theme(admin.Theme)
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
)

func (i setLang) apply(p *Panel)    { p.setPrefs(func(s *Prefs) { s.Lang = i.Lang }) }
func (i setTheme) apply(p *Panel)   { p.setPrefs(func(s *Prefs) { s.Theme = i.Theme }) }
func (i setRing) apply(p *Panel)    { p.setPrefs(func(s *Prefs) { s.Mute = !i.On }) }
func (i setLetters) apply(p *Panel) { p.setPrefs(func(s *Prefs) { s.NoLetters = !i.On }) }
func (i setVolume) apply(p *Panel)  { p.setPrefs(func(s *Prefs) { s.Volume = min(max(i.To, 1), 10) }) }
