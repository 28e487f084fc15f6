package ui

import (
	"strconv"
	"strings"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// An About says what runs here, for the diagnostics.
type About struct {
	Build    string // Names the bundle.
	Contract string // With our server.
	Protocol string // With HubSpot.
	Browser  string // Its user agent.
}

// settings is screen 16: what an agent may set for this browser.
func settings(v softphone.View, e Env) app.UI {
	return elem("div", "class", "page settings").Body(
		pageHead(e.t("settings.title"), e),
		appearance(v, e),
		recordSettings(v, e),
		ringtone(v, e),
		notifications(e),
		shortcutSettings(v, e),
		diagnostics(v, e),
	)
}

func section(id, title string, content ...app.UI) app.UI {
	return elem("div", "class", "set", "role", "group", "aria-labelledby", id).Body(
		append([]app.UI{words("h3", title, "class", "set-title", "id", id)}, content...)...)
}

// lockNote says that a setting is the administrator's.
func lockNote(id string, e Env) app.UI {
	return elem("p", "class", "note lock-note", "id", id).Body(icon("lock"), words("span", e.t("station.forced")))
}

// locks is what a control that may be locked needs: whether it is, the
// element that says so, and that element's id.
func locks(v softphone.View, setting string, e Env) (on bool, note app.UI, id string) {
	if !locked(v.Settings, setting) {
		return false, nothing(), ""
	}
	id = "lock-" + setting
	return true, lockNote(id, e), id
}

// check is a labelled check box with an explanation under it.
func check(id, label, about string, on, off bool, do Intent, e Env) app.UI {
	return elem("div", "class", "set-check").Body(
		elem("label", "class", "check").Body(
			input("type", "checkbox", "id", id, "checked", flag(on), "disabled", flag(off), "aria-describedby", describedBy(id+"-about", about)).OnChange(e.on(do)),
			words("span", label),
		),
		words("p", about, "class", "note", "id", id+"-about", "hidden", flag(about == "")),
	)
}

// theme is the one that holds: the agent's, the administrator's, the browser's.
func theme(v softphone.View, p Prefs) Theme {
	for _, t := range []Theme{p.Theme, Theme(v.Settings.Theme)} {
		for _, known := range themes {
			if t == known {
				return t
			}
		}
	}
	return ThemeAuto
}

func appearance(v softphone.View, e Env) app.UI {
	themeLocked, themeNote, themeWhy := locks(v, lockTheme, e)
	langLocked, langNote, langWhy := locks(v, lockLanguage, e)
	lang := e.Local.Prefs.Lang
	if langLocked {
		lang = v.Settings.Language
	}
	choices := []app.UI{words("legend", e.t("settings.theme"), "class", "label")}
	for _, t := range themes {
		choices = append(choices, elem("label", "class", "choice").Body(
			input("type", "radio", "name", "theme", "id", "theme-"+string(t), "value", string(t), "checked", flag(t == theme(v, e.Local.Prefs)), "disabled", flag(themeLocked)).OnChange(e.on(setTheme{t})),
			words("span", e.t("theme."+string(t)), "class", "choice-name"),
		))
	}
	options := []app.UI{words("option", e.t("settings.language-auto"), "value", "", "selected", flag(lang == ""))}
	for _, c := range catalogues {
		if c.tag == pseudoTag && lang != pseudoTag {
			continue // For those who test, by the administrator's setting.
		}
		options = append(options, words("option", c.name, "value", c.tag, "lang", c.tag, "selected", flag(lang == c.tag)))
	}
	return section("set-appearance", e.t("settings.appearance"),
		elem("fieldset", "class", "choices themes", "role", "radiogroup", "aria-describedby", themeWhy).Body(choices...),
		themeNote,
		elem("div", "class", "row-field").Body(
			words("label", e.t("settings.language"), "class", "label", "for", string(fieldLang)),
			dropDown(elem("select", "class", "field select", "id", string(fieldLang), "disabled", flag(langLocked), "aria-describedby", langWhy).OnChange(e.input(fieldLang)).Body(options...)),
		),
		langNote,
	)
}

// recordSettings are where a call's record opens.
func recordSettings(v softphone.View, e Env) app.UI {
	off, note, reason := locks(v, lockPopIn, e)
	choices := []app.UI{words("legend", e.t("settings.pop-in"), "class", "label")}
	for _, in := range popIns {
		choices = append(choices, elem("label", "class", "choice").Body(
			input("type", "radio", "name", "pop-in", "id", "pop-in-"+in, "value", in, "checked", flag(in == popIn(v.Settings, e.Local.Prefs)), "disabled", flag(off)).OnChange(e.on(setPopIn{in})),
			words("span", e.t("pop-in."+in), "class", "choice-name"),
		))
	}
	return section("set-records", e.t("settings.records"),
		elem("fieldset", "class", "choices", "role", "radiogroup", "aria-describedby", orElse(reason, "pop-in-about")).Body(choices...),
		note,
		words("p", e.t("settings.pop-in-about"), "class", "note", "id", "pop-in-about"),
	)
}

func ringtone(v softphone.View, e Env) app.UI {
	p := e.Local.Prefs
	volume := strconv.Itoa(p.volume())
	off, note, reason := locks(v, lockSounds, e)
	return section("set-ringtone", e.t("settings.ringtone"),
		note,
		check("ring", e.t("settings.ring"), e.t("settings.ring-about"), !p.Mute, off, setRing{p.Mute}, e),
		elem("div", "class", "row-field volume", "hidden", flag(p.Mute)).Body(
			words("label", e.t("settings.volume"), "class", "label", "for", string(fieldVolume)),
			input("class", "slider", "id", string(fieldVolume), "type", "range", "min", "1", "max", "10", "step", "1", "value", volume, "aria-valuetext", e.t("settings.volume-of", volume),
				"disabled", flag(off), "aria-describedby", reason).OnInput(e.input(fieldVolume)),
			button{id: "ring-test", kind: "plain small", label: e.t("settings.test"), can: yes, do: testRing{}}.draw(e),
		),
	)
}

func notifications(e Env) app.UI {
	may := e.Local.Notify
	if may == "" {
		may = NotifyNone
	}
	state := words("p", e.t("notify."+string(may)), "class", "note", "id", "notify-state")
	if may != NotifyAllowed && may != NotifyAsk {
		return section("set-notify", e.t("settings.notify"), state)
	}
	on := e.Local.Prefs.Desktop && may == NotifyAllowed
	return section("set-notify", e.t("settings.notify"),
		check("desktop", e.t("settings.desktop"), "", on, false, setDesktop{!on}, e), state)
}

// shortcutSettings is each action with the button that changes its keys.
func shortcutSettings(v softphone.View, e Env) app.UI {
	l := e.Local
	off, note, _ := locks(v, lockShortcuts, e)
	rows := make([]app.UI, 0, len(defaultKeys))
	for _, d := range defaultKeys {
		rows = append(rows, keyRow(d.action, off, e))
	}
	content := []app.UI{
		check("letters", e.t("settings.letters"), e.t("settings.letters-about"), !l.Prefs.NoLetters, false, setLetters{l.Prefs.NoLetters}, e),
		note,
		elem("ul", "class", "key-rows").Body(rows...),
	}
	if len(l.Prefs.Keys) > 0 {
		content = append(content, button{id: "keys-reset", kind: "plain small", label: e.t("settings.keys-reset"), can: yes, do: resetKeys{}}.draw(e))
	}
	return section("set-keys", e.t("settings.keys"), content...)
}

func keyRow(a Action, off bool, e Env) app.UI {
	name, chord := e.t("act."+string(a)), e.Local.Prefs.Keys.chord(a)
	shown, label := keyWords(chord, e), e.t("keys.change", name, keyWords(chord, e))
	if chord == "" {
		shown = e.t("keys.none")
		label = e.t("keys.change", name, shown)
	}
	if off {
		return elem("li", "class", "key-row").Body(elem("div", "class", "key-line").Body(
			words("span", name, "class", "key-name"),
			words("kbd", shown, "class", "keys"),
		))
	}
	id := "bind-" + string(a)
	note, asking := "", e.Local.Binding == a
	if asking {
		shown, label, note = e.t("keys.press"), e.t("keys.press-for", name), orElse(e.Local.BindingNote, e.t("keys.how"))
	}
	return elem("li", "class", "key-row").Body(
		elem("div", "class", "key-line").Body(
			words("span", name, "class", "key-name"),
			elem("button", "type", "button", "class", "btn keys-btn", "id", id, "aria-label", label, "aria-pressed", flag(asking), "aria-describedby", describedBy(id+"-note", note)).
				OnClick(e.on(askKeys{a})).Body(words("kbd", shown, "class", "keys")),
		),
		words("p", note, "class", "note", "id", id+"-note", "role", "status", "hidden", flag(note == "")),
	)
}

// bindingKey is a key while an action waits for its new ones.
func bindingKey(l Local, k Key) Intent {
	switch k.Key {
	case "Escape", "Tab":
		return stopAsking{Pass: k.Key == "Tab"}
	case "Backspace", "Delete":
		return bind{l.Binding, ""}
	}
	if chord := chordOf(k); chord != "" && !k.Repeat {
		return bind{l.Binding, chord}
	}
	return bind{} // A modifier on its way down.
}

// askKeys waits for the new keys of an action; again gives up.
type askKeys struct{ Action Action }

func (i askKeys) apply(p *Panel) {
	if p.local.Binding == i.Action {
		i.Action = ""
	}
	p.local.Binding, p.local.BindingNote = i.Action, ""
	if i.Action != "" {
		p.say(T(p.Lang, "keys.how"))
	}
}

// stopAsking leaves the keys as they are.
type stopAsking struct{ Pass bool } // Pass lets the key go on its way.

func (stopAsking) apply(p *Panel) { p.local.Binding, p.local.BindingNote = "", "" }

// bind gives an action its keys, none if the chord is empty, or says what
// speaks against them and goes on waiting.
type bind struct {
	Action Action
	Chord  string
}

func (i bind) apply(p *Panel) {
	if i.Action == "" {
		return
	}
	e := p.env()
	if i.Chord != "" {
		if id, taken := p.local.Prefs.Keys.bindable(i.Action, i.Chord); id != "" {
			p.local.BindingNote = e.t(id, keyWords(i.Chord, e), e.t("act."+string(orAction(taken))))
			p.say(p.local.BindingNote)
			return
		}
	}
	p.setPrefs(func(s *Prefs) { s.Keys = s.Keys.with(i.Action, i.Chord) })
	p.local.Binding, p.local.BindingNote = "", ""
	p.say(e.t("keys.changed", e.t("act."+string(i.Action)), orElse(keyWords(i.Chord, e), e.t("keys.none"))))
}

func orAction(a Action) Action {
	if a == "" {
		return keysPalette
	}
	return a
}

// with is the map with one more binding; what is bound as by default is not
// kept.
func (m Keymap) with(a Action, chord string) Keymap {
	out := Keymap{}
	for b, c := range m {
		if b != a {
			out[b] = c
		}
	}
	if out.chord(a) != chord {
		out[a] = chord
	}
	if len(out) == 0 {
		return nil
	}
	return out
}

// resetKeys gives all actions their keys back.
type resetKeys struct{}

func (resetKeys) apply(p *Panel) {
	p.setPrefs(func(s *Prefs) { s.Keys = nil })
	p.local.Binding, p.focus = "", "set-keys"
	p.say(T(p.Lang, "keys.reset-done"))
}

// diagnostics are what somebody who helps wants to know: nothing about persons
// or calls.
func diagnostics(v softphone.View, e Env) app.UI {
	return section("set-about", e.t("settings.about"),
		elem("textarea", "class", "field about", "id", "about", "rows", "7", "readonly", "true", "aria-label", e.t("settings.about"), "value", strings.Join(facts(v, e), "\n")),
		button{id: "about-copy", kind: "plain small", label: e.t("settings.copy"), can: yes, do: copyAbout{}}.draw(e),
	)
}

// facts are not translated: they are for those who read logs.
func facts(v softphone.View, e Env) []string {
	l := e.Local
	out := []string{
		"Deskbridge " + orElse(l.About.Build, "?") + ", contract " + orElse(l.About.Contract, "?") + ", calling extensions " + orElse(l.About.Protocol, "?"),
		"Screen: " + string(v.Screen) + ", state: " + string(v.Status.Word) + ", calls: " + strconv.Itoa(len(v.Calls)),
		"Webex: " + orElse(string(v.Link), "unknown") + ", server: " + reachable(v.Backend.Down) + ", queued: " + strconv.Itoa(v.Backend.Queued),
		"Language: " + Language(e.Lang) + ", theme: " + string(theme(v, l.Prefs)),
		"Ringtone: " + onOff(!l.Prefs.Mute) + ", notifications: " + onOff(l.Prefs.Desktop) + " (" + orElse(string(l.Notify), "none") + ")",
	}
	codes := make([]string, 0, len(v.Problems))
	for _, x := range v.Problems {
		codes = append(codes, string(x.Code))
	}
	if len(codes) > 0 {
		out = append(out, "Problems: "+strings.Join(codes, ", "))
	}
	if l.About.Browser != "" {
		out = append(out, "Browser: "+l.About.Browser)
	}
	return out
}

func reachable(down bool) string {
	if down {
		return "down"
	}
	return "up"
}

func onOff(on bool) string {
	if on {
		return "on"
	}
	return "off"
}

// copyAbout puts the diagnostics on the clipboard.
type copyAbout struct{}

func (copyAbout) apply(p *Panel) {
	id := "settings.copied"
	if !copyFrom("about") {
		id = "settings.not-copied"
	}
	p.local.Hint = T(p.Lang, id)
	p.say(p.local.Hint)
}
