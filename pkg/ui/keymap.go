package ui

import "strings"

// An Action is something that a key does from anywhere in the panel. Its name
// is the message "act." and the action.
type Action string

// The actions, as the controls that also do them name them.
const (
	keysAnswer   = "answer"
	keysEnd      = "end"
	keysMute     = "mute"
	keysHold     = "hold"
	keysKeypad   = "keypad"
	keysTransfer = "transfer"
	keysSwap     = "swap"
	keysRecord   = "record"
	keysWrapUp   = "wrap-up"
	keysSubmit   = "submit"
	keysNotes    = "notes"
	keysStates   = "states"
	keysPalette  = "palette"
	keysSettings = "settings"
	keysHelp     = "help"

	// Without keys of their own until an agent binds some.
	keysMerge      = "merge"
	keysComplete   = "complete"
	keysEndConsult = "end-consult"
	keysLeave      = "leave"
	keysHandOver   = "hand-over"
	keysOpen       = "open-record"
)

// defaultKeys are the actions in the order in which they are listed, each with
// its chord, spelled as in aria-keyshortcuts (agent-panel-ui §7).
var defaultKeys = []struct {
	action Action
	chord  string
}{
	{keysAnswer, "Control+Alt+A"},
	{keysEnd, "Control+Alt+D"},
	{keysMute, "Control+Alt+M"},
	{keysHold, "Control+Alt+H"},
	{keysKeypad, "Control+Alt+K"},
	{keysTransfer, "Control+Alt+T"},
	{keysSwap, "Control+Alt+X"},
	{keysMerge, ""},
	{keysComplete, ""},
	{keysEndConsult, ""},
	{keysLeave, ""},
	{keysHandOver, ""},
	{keysRecord, "Control+Alt+R"},
	{keysNotes, "Control+Alt+N"},
	{keysWrapUp, "Control+Alt+W"},
	{keysSubmit, "Control+Enter"},
	{keysOpen, ""},
	{keysStates, "Control+Alt+S"},
	{keysPalette, "Control+K"},
	{keysSettings, "Control+Alt+O"},
	{keysHelp, "?"},
}

// A Keymap is what an agent bound otherwise than by default. An empty chord
// leaves the action without a key. Nil is the default for everything.
type Keymap map[Action]string

// chord is the keys of an action, empty for none.
func (m Keymap) chord(a Action) string {
	if own, ok := m[a]; ok {
		return own
	}
	for _, d := range defaultKeys {
		if d.action == a {
			return d.chord
		}
	}
	return ""
}

// action is what a chord does: what is bound to it, else what is bound to the
// same chord written for another keyboard. Ctrl+Shift stands in for Ctrl+Alt,
// which is AltGr on many layouts, where the browser leaves it to pages; Command
// on a Mac stands in for Ctrl.
func (m Keymap) action(chord string) Action {
	if a := m.bound(chord); a != "" {
		return a
	}
	if last, ok := strings.CutPrefix(chord, "Control+Shift+"); ok && !strings.Contains(browserKeeps, last) {
		return m.bound("Control+Alt+" + last)
	}
	if last, ok := strings.CutPrefix(chord, "Meta+"); ok {
		return m.bound("Control+" + last)
	}
	return ""
}

// browserKeeps are the letters that browsers keep for themselves with
// Ctrl+Shift: new windows and tabs, developer tools, redo, paste.
const browserKeeps = "BCIJNOPQRTVWZ"

func (m Keymap) bound(chord string) Action {
	for _, d := range defaultKeys {
		if c := m.chord(d.action); c != "" && c == chord {
			return d.action
		}
	}
	return ""
}

// shortcut is an action's keys for aria-keyshortcuts. What a person switched
// off is not promised.
func (e Env) shortcut(action string) string {
	if action == "" {
		return ""
	}
	c := e.Local.Prefs.Keys.chord(Action(action))
	if single(c) && e.Local.Prefs.NoLetters {
		return ""
	}
	return c
}

// chordOf names the keys that are down, as in aria-keyshortcuts; it is empty
// while only modifiers are. A character that Shift makes is named alone.
func chordOf(k Key) string {
	last := keyName(k)
	if last == "" {
		return ""
	}
	var b strings.Builder
	for _, mod := range []struct {
		name string
		down bool
	}{
		{"Control+", k.Ctrl}, {"Alt+", k.Alt}, {"Meta+", k.Meta},
		{"Shift+", k.Shift && (k.Ctrl || k.Alt || k.Meta || len(last) > 1 || isLetter(last))},
	} {
		if mod.down {
			b.WriteString(mod.name)
		}
	}
	return b.String() + last
}

// keyName is the key without its modifiers: the letter that is printed on it
// where the layout has Latin ones, else the one at its position; digits by
// position, because some layouts have them on Shift.
func keyName(k Key) string {
	switch k.Key {
	case "Control", "Alt", "Shift", "Meta", "AltGraph", "CapsLock", "Dead", "Process", "Unidentified":
		return ""
	case " ":
		return "Space"
	}
	modified := k.Ctrl || k.Alt || k.Meta
	if digit, ok := strings.CutPrefix(k.Code, "Digit"); ok && modified {
		return digit
	}
	if name := strings.ToUpper(k.Key); isLetter(name) {
		return name
	}
	if letter, ok := strings.CutPrefix(k.Code, "Key"); ok && (modified || k.Key == "") {
		return letter
	}
	return k.Key
}

func isLetter(s string) bool { return len(s) == 1 && s[0] >= 'A' && s[0] <= 'Z' }

// single says whether a chord is one character without a modifier that types
// nothing: such keys fire by accident, with voice input above all (WCAG 2.1.4).
func single(chord string) bool {
	return chord != "" && len([]rune(strings.TrimPrefix(chord, "Shift+"))) == 1
}

// A refusal to bind a chord is the id of the message that says why.
const (
	bindFixed   = "keys.fixed"   // The panel needs it for moving about.
	bindBrowser = "keys.browser" // It never reaches a page, or edits text.
	bindTaken   = "keys.taken"   // {0} has it.
)

// bindable says what speaks against binding a chord to an action: a message
// and the action that has the chord, if it is one. Empty means nothing.
func (m Keymap) bindable(a Action, chord string) (refusal string, taken Action) {
	mods, last := splitChord(chord)
	switch {
	case last == "F6" || mods == "Control+Alt+" && len(last) == 1 && last >= "1" && last <= "9":
		return bindFixed, ""
	case mods == "" || mods == "Shift+":
		if !single(chord) && !(strings.HasPrefix(last, "F") && len(last) > 1) || strings.Contains("0123456789*#+", last) {
			return bindFixed, "" // Tab, Enter, arrows, and what is dialled.
		}
	case (mods == "Control+" || mods == "Meta+") && strings.Contains(editing, last),
		mods == "Control+Shift+" && strings.Contains(browserKeeps, last),
		mods == "Alt+" && strings.HasPrefix(last, "F"), last == "Tab", last == "Delete":
		return bindBrowser, ""
	}
	if has := m.action(chord); has != "" && has != a {
		return bindTaken, has
	}
	return "", ""
}

// editing are the keys that edit text, or never reach a page, with Ctrl.
const editing = "ACVXYZNTWQR"

// splitChord is the modifiers, each with its plus, and the last key.
func splitChord(chord string) (mods, last string) {
	at := 0
	for _, mod := range []string{"Control+", "Alt+", "Meta+", "Shift+"} {
		if strings.HasPrefix(chord[at:], mod) {
			at += len(mod)
		}
	}
	return chord[:at], chord[at:]
}

// keyWords is a chord as it is printed on the keyboard: Strg+Alt+A.
func keyWords(chord string, e Env) string {
	mods, last := splitChord(chord)
	var b strings.Builder
	for mod := range strings.SplitSeq(strings.TrimSuffix(mods, "+"), "+") {
		switch mod {
		case "Control":
			b.WriteString(e.t("key.ctrl") + "+")
		case "Shift":
			b.WriteString(e.t("key.shift") + "+")
		case "Alt":
			b.WriteString("Alt+")
		case "Meta":
			b.WriteString("⌘")
		}
	}
	switch last {
	case "Enter":
		last = e.t("key.enter")
	case "Space":
		last = e.t("key.space")
	}
	return b.String() + last
}
