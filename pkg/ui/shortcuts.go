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

// zones are the parts that F6 goes through, by element id.
var zones = []string{"zone-status", "zone-notices", "zone-calls", "stage", "zone-dock", "zone-tabs"}

// route is the one place where keys become intents. Nil leaves the key to the
// browser.
func route(v softphone.View, l Local, k Key) Intent {
	l.Prefs = l.Prefs.under(v.Settings)
	if l.Binding != "" {
		return bindingKey(l, k)
	}
	if i, known := shortcut(v, l, k); known {
		return i
	}
	switch {
	case l.Palette.Open:
		return paletteKey(l, k)
	case k.Ctrl || k.Alt || k.Meta:
		return nil
	case l.MenuOpen:
		return menuKey(v, l, k)
	case k.Key == "Escape" && onPage(v, l):
		return closePage{}
	case sheetOf(v, l) != NoSheet:
		if i := sheetKey(v, l, k); i != nil {
			return i
		}
	case k.Key == "Escape":
		return escape(l, k)
	}
	if i := fieldKey(v, l, k); i != nil {
		return i
	}
	switch {
	case strings.HasPrefix(k.Target, "key-"):
		return keypadKey(l, k)
	case k.Target == "dial" && k.Key == "Enter":
		return dialNow{}
	case k.Target == "states" && (k.Key == "ArrowDown" || k.Key == "ArrowUp"):
		return openMenu{Last: k.Key == "ArrowUp"}
	}
	return nil
}

// shortcut is what a key does from anywhere; known says that it is taken, even
// where it makes no sense now.
func shortcut(v softphone.View, l Local, k Key) (i Intent, known bool) {
	if k.Key == "F6" {
		return leavePalette(l, moveZone{k.Zone, k.Shift}), true
	}
	chord := chordOf(k)
	if n, ok := nthCall(chord); ok && !k.Repeat {
		return leavePalette(l, showCall(v, n)), true
	}
	a := l.Prefs.Keys.action(chord)
	if a == "" || single(chord) && (k.Typing || l.Prefs.NoLetters || l.MenuOpen || l.Palette.Open) {
		return nil, false
	}
	if k.Repeat {
		return nil, true // A key held down decides nothing.
	}
	if a == keysSubmit && sheetOf(v, l) == SheetMend {
		return sendMend{}, true
	}
	i, can := act(a, v)
	if a == keysPalette {
		return openPalette{From: k.Target}, true
	}
	return leavePalette(l, allowed(can, i)), true
}

// act is what an action does on this view, and whether it may.
func act(a Action, v softphone.View) (Intent, softphone.Can) {
	here := softphone.Can{Why: softphone.NotHere}
	switch a {
	case keysPalette:
		return openPalette{}, yes
	case keysHelp:
		return openPage{TabHelp}, canOpenPage(v)
	case keysSettings:
		return openPage{TabSettings}, canOpenPage(v)
	case keysStates:
		if hasMenu(v) {
			return openMenu{}, yes
		}
		return nil, here
	case keysSubmit:
		if i := submitKey(v); i != nil {
			return i, yes // It says itself what is missing.
		}
		return nil, here
	}
	if v.Call == nil {
		return nil, here
	}
	return actOnCall(a, *v.Call, v)
}

func actOnCall(a Action, c softphone.CallView, v softphone.View) (Intent, softphone.Can) {
	switch a {
	case keysAnswer:
		return send{softphone.AnswerRequested{Key: c.Key}}, c.CanAnswer
	case keysEnd:
		if v.Screen == softphone.ScreenIncoming {
			return send{softphone.DeclineRequested{Key: c.Key}}, c.CanDecline
		}
		return endCall{c.Key}, c.CanEnd
	case keysMute:
		return send{softphone.MuteRequested{Key: c.Key, On: !c.Muted}}, c.CanMute
	case keysHold:
		if c.CanResume.Why != softphone.NotHere {
			return send{softphone.ResumeRequested{Key: c.Key}}, c.CanResume
		}
		return send{softphone.HoldRequested{Key: c.Key}}, c.CanHold
	case keysRecord:
		if c.CanContinue.Why != softphone.NotHere {
			return send{softphone.RecordingResumeRequested{Key: c.Key}}, c.CanContinue
		}
		return send{softphone.RecordingPauseRequested{Key: c.Key}}, c.CanPause
	case keysKeypad:
		return openDigits{}, c.CanKeypad
	case keysTransfer:
		can := c.CanTransfer
		if c.CanConsult.OK || can.Why == softphone.NotHere {
			can = c.CanConsult
		}
		return openTargets{"transfer"}, can
	case keysSwap:
		return send{softphone.SwapRequested{Key: c.Key}}, c.CanSwap
	case keysMerge:
		return send{softphone.MergeRequested{Key: c.Key}}, c.CanMerge
	case keysComplete:
		return send{softphone.ConsultTransferRequested{Key: c.Key}}, c.CanComplete
	case keysEndConsult:
		return send{softphone.ConsultEndRequested{Key: c.Key}}, c.CanEndConsult
	case keysLeave:
		return send{softphone.LeaveRequested{Key: c.Key}}, c.CanLeave
	case keysHandOver:
		return send{softphone.HandOverRequested{Key: c.Key}}, c.CanHandOver
	case keysOpen:
		return send{softphone.RecordOpened{Key: c.Key}}, c.CanOpen
	case keysWrapUp:
		if v.Screen == softphone.ScreenWrapUp {
			return focusOn{firstReason(c)}, yes
		}
	case keysNotes:
		if writesNotes(v) {
			return focusOn{"notes"}, yes
		}
	}
	return nil, softphone.Can{Why: softphone.NotHere}
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

// nthCall is the number in Control+Alt+1 to 9.
func nthCall(chord string) (int, bool) {
	last, ok := strings.CutPrefix(chord, "Control+Alt+")
	if !ok {
		last, ok = strings.CutPrefix(chord, "Control+Shift+")
	}
	if !ok || len(last) != 1 || last[0] < '1' || last[0] > '9' {
		return 0, false
	}
	return int(last[0] - '0'), true
}

// showCall puts the n-th call on stage and goes there.
func showCall(v softphone.View, n int) Intent {
	if n > len(v.Calls) {
		return nil
	}
	return bringCall{v.Calls[n-1].Key}
}

// bringCall puts a call on stage, over whatever page is open.
type bringCall struct{ Key softphone.CallKey }

func (i bringCall) apply(p *Panel) {
	p.local.Tab, p.focus = TabPhone, "stage"
	if i.Key != keyOf(p.view) {
		p.send(softphone.CallShown{Key: i.Key})
	}
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
func escape(l Local, k Key) Intent {
	switch {
	case l.Contact.Open:
		return closeContact{}
	case l.Variable.Name != "":
		return closeVariable{}
	case l.Confirm != "" || l.Hint != "":
		return calmDown{}
	case l.Search != "" && k.Target == string(fieldDial):
		return backspace{}
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
	if i := keypadMove(at, k.Key); i != nil {
		return i
	}
	if k.Key == "Backspace" {
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
		case id == "zone-notices" && len(notices(v)) == 0 && !l.SoundBlocked,
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
