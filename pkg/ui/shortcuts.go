package ui

import (
	"strconv"
	"strings"

	"deskbridge/pkg/softphone"
)

// A Key is a key pressed in the panel, without anything of the browser.
type Key struct {
	Key, Code              string // As in KeyboardEvent.
	Ctrl, Alt, Shift, Meta bool
	Repeat                 bool
	Target                 string // Id of the focused element.
	Zone                   string // Id of the zone around it.
	Typing                 bool   // The target takes text.
}

// The shortcuts, as aria-keyshortcuts says them. Each works with Ctrl+Shift
// too where the browser does not keep that for itself (W, N and R it does),
// because Ctrl+Alt is AltGr on many layouts.
const (
	keysAnswer = "Control+Alt+A"
	keysEnd    = "Control+Alt+D"
	keysHold   = "Control+Alt+H"
	keysRecord = "Control+Alt+R"
	keysWrapUp = "Control+Alt+W"
	keysNotes  = "Control+Alt+N"
	keysStates = "Control+Alt+S"
	keysSubmit = "Control+Enter"
)

// zones are the parts that F6 goes through, by element id.
var zones = []string{"zone-status", "zone-notices", "zone-calls", "stage", "zone-dock", "zone-tabs"}

// route is the one place where keys become intents. Nil leaves the key to the
// browser.
func route(v softphone.View, l Local, k Key) Intent {
	switch {
	case k.Key == "F6":
		return moveZone{k.Zone, k.Shift}
	case k.Ctrl && !k.Alt && !k.Meta && k.Key == "Enter", k.Meta && k.Key == "Enter":
		return submitKey(v)
	case k.Ctrl && k.Alt && !k.Meta, k.Ctrl && k.Shift && !k.Meta && strings.Contains("ADHS", letter(k)):
		return chord(v, letter(k), k.Repeat)
	case k.Ctrl || k.Alt || k.Meta:
		return nil
	case l.MenuOpen:
		return menuKey(v, l, k)
	case k.Key == "Escape":
		return escape(l)
	case strings.HasPrefix(k.Target, "key-"):
		return keypadKey(l, k)
	case k.Target == "dial" && k.Key == "Enter":
		return dialNow{}
	case k.Target == "states" && (k.Key == "ArrowDown" || k.Key == "ArrowUp"):
		return openMenu{Last: k.Key == "ArrowUp"}
	}
	return nil
}

// letter is the key's letter by position, whatever Alt makes of it.
func letter(k Key) string {
	if after, ok := strings.CutPrefix(k.Code, "Key"); ok {
		return after
	}
	if k.Code == "" && len(k.Key) == 1 {
		return strings.ToUpper(k.Key)
	}
	return "-"
}

func chord(v softphone.View, letter string, repeat bool) Intent {
	if repeat {
		return nil // A key held down decides nothing.
	}
	if letter == "S" {
		if hasMenu(v) {
			return openMenu{}
		}
		return nil
	}
	c := v.Call
	if c == nil {
		return nil
	}
	switch letter {
	case "A":
		return allowed(c.CanAnswer, send{softphone.AnswerRequested{Key: c.Key}})
	case "D":
		if v.Screen == softphone.ScreenIncoming {
			return allowed(c.CanDecline, send{softphone.DeclineRequested{Key: c.Key}})
		}
		return allowed(c.CanEnd, endCall{c.Key})
	case "H":
		if c.CanResume.Why != softphone.NotHere {
			return allowed(c.CanResume, send{softphone.ResumeRequested{Key: c.Key}})
		}
		return allowed(c.CanHold, send{softphone.HoldRequested{Key: c.Key}})
	case "R":
		if c.CanContinue.Why != softphone.NotHere {
			return allowed(c.CanContinue, send{softphone.RecordingResumeRequested{Key: c.Key}})
		}
		return allowed(c.CanPause, send{softphone.RecordingPauseRequested{Key: c.Key}})
	case "W":
		if v.Screen == softphone.ScreenWrapUp {
			return focusOn{firstReason(*c)}
		}
	case "N":
		if hasNotes(v) {
			return focusOn{"notes"}
		}
	}
	return nil
}

// allowed is the intent, or its explanation, or nothing where it makes none.
func allowed(can softphone.Can, i Intent) Intent {
	switch {
	case can.OK:
		return i
	case can.Why == softphone.NotHere || can.Why == "":
		return nil
	}
	return explain{can.Why}
}

func submitKey(v softphone.View) Intent {
	switch {
	case v.Call != nil && v.Screen == softphone.ScreenWrapUp:
		return submitWrapUp{v.Call.Key}
	case v.Screen == softphone.ScreenStation:
		return startShift{}
	}
	return nil
}

// escape closes what is open. It never ends a call.
func escape(l Local) Intent {
	switch {
	case l.Contact.Open:
		return closeContact{}
	case l.Confirm != "" || l.Hint != "":
		return calmDown{}
	}
	return nil
}

// menuKey is a key in the open state menu (APG menu pattern).
func menuKey(v softphone.View, l Local, k Key) Intent {
	n := len(menuItems(v))
	switch k.Key {
	case "Escape":
		return closeMenu{Focus: true}
	case "Tab":
		return closeMenu{}
	case "ArrowDown":
		return moveMenu{(l.MenuAt + 1) % n}
	case "ArrowUp":
		return moveMenu{(l.MenuAt + n - 1) % n}
	case "Home":
		return moveMenu{0}
	case "End":
		return moveMenu{n - 1}
	}
	if len(k.Key) == 1 && k.Key != " " {
		return typeMenu{strings.ToLower(k.Key)}
	}
	return nil
}

// keypadKey moves in the keypad (a grid of three columns), or dials what was
// typed while a key had the focus.
func keypadKey(l Local, k Key) Intent {
	at, err := strconv.Atoi(strings.TrimPrefix(k.Target, "key-"))
	if err != nil {
		return nil
	}
	switch k.Key {
	case "ArrowRight":
		return moveKeypad{min(at+1, len(keypad)-1)}
	case "ArrowLeft":
		return moveKeypad{max(at-1, 0)}
	case "ArrowDown":
		if at+3 < len(keypad) {
			return moveKeypad{at + 3}
		}
		return moveKeypad{at}
	case "ArrowUp":
		if at >= 3 {
			return moveKeypad{at - 3}
		}
		return moveKeypad{at}
	case "Home":
		return moveKeypad{0}
	case "End":
		return moveKeypad{len(keypad) - 1}
	case "Backspace":
		return backspace{}
	}
	if len(k.Key) == 1 && strings.Contains("0123456789*#+", k.Key) {
		return press{k.Key}
	}
	return nil
}

// moveZone goes to the next or previous part of the panel.
type moveZone struct {
	From string
	Back bool
}

func (i moveZone) apply(p *Panel) {
	here := present(p.view, p.local)
	at := -1
	for n, id := range here {
		if id == i.From {
			at = n
		}
	}
	switch {
	case i.Back && at <= 0:
		at = len(here) - 1
	case i.Back:
		at--
	default:
		at = (at + 1) % len(here)
	}
	p.focus = here[at]
}

// present are the zones that the screen has.
func present(v softphone.View, l Local) []string {
	var ids []string
	for _, id := range zones {
		switch {
		case id == "zone-notices" && len(notices(v)) == 0,
			id == "zone-calls" && len(v.Calls) < 2,
			id == "zone-dock" && !hasDock(v, l),
			id == "zone-tabs" && !hasTabs(v):
			continue
		}
		ids = append(ids, id)
	}
	return ids
}

// focusOn moves the focus to an element.
type focusOn struct{ ID string }

func (i focusOn) apply(p *Panel) { p.local.Tab, p.focus = TabPhone, i.ID }

// calmDown withdraws a hint or a question.
type calmDown struct{}

func (calmDown) apply(p *Panel) { p.local.Confirm, p.local.Hint = "", "" }
