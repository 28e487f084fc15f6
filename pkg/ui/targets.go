package ui

import (
	"slices"

	"deskbridge/pkg/softphone"
)

// A target is a row of the sheet to consult and transfer.
type target struct {
	to                softphone.Target
	name, detail      string
	icon, dot         string // dot is the shape of an agent's state.
	consult, transfer softphone.Can
}

// targets are the rows of the list on screen, as far as it is shown.
func targets(v softphone.View, e Env) []target {
	c := v.Call
	if c == nil {
		return nil
	}
	l := e.Local
	var rows []target
	if number, ok := typedNumber(l.Picker.Text); ok {
		rows = append(rows, target{
			to:   softphone.Target{Kind: softphone.ToNumber, ID: number},
			name: Phone(number), detail: e.t("target.typed"), icon: "call-out",
			consult: c.CanConsult, transfer: c.CanTransfer,
		})
	}
	switch l.Picker.Tab {
	case TabAgents:
		for n, b := range buddies(v, l.Picker.Text) {
			if n == buddyPage(l.Picker) {
				break
			}
			rows = append(rows, buddyRow(b, *c, e))
		}
	case TabRecent:
		for _, t := range recents(v, l) {
			rows = append(rows, recentRow(t, v, *c, e))
		}
	default:
		for _, x := range l.Found[SlotTargets].Entries {
			rows = append(rows, entryRow(x, v, *c, e))
		}
	}
	return rows
}

// typedNumber is what was typed if it could be dialled.
func typedNumber(text string) (string, bool) {
	number, letters := dialable(text)
	return number, !letters && len(trimPlus(number)) >= 3
}

// buddies are the agents whose name has the text: available ones first, then
// by name.
func buddies(v softphone.View, text string) []softphone.Buddy {
	out := make([]softphone.Buddy, 0, len(v.Buddies))
	for _, b := range v.Buddies {
		if b.ID != v.Agent.AgentID && contains(b.Name, text) {
			out = append(out, b)
		}
	}
	slices.SortStableFunc(out, func(a, b softphone.Buddy) int {
		switch {
		case a.Available != b.Available && a.Available, a.Available == b.Available && a.Name < b.Name:
			return -1
		case a.Available == b.Available && a.Name == b.Name:
			return 0
		}
		return 1
	})
	return out
}

// buddyRow is an agent with their state as a word. A busy one can be chosen:
// Webex decides.
func buddyRow(b softphone.Buddy, c softphone.CallView, e Env) target {
	dot := "idle"
	if b.Available {
		dot = "available"
	}
	return target{
		to:   softphone.Target{Kind: softphone.ToAgent, ID: b.ID, Name: b.Name},
		name: orElse(b.Name, e.t("target.unnamed")), detail: buddyState(b, e), icon: "person", dot: dot,
		consult: c.CanConsult, transfer: c.CanTransfer,
	}
}

func buddyState(b softphone.Buddy, e Env) string {
	switch {
	case b.Available:
		return e.t("word.available")
	case b.State == "" || b.State == "Idle":
		return e.t("word.idle")
	case has("idle." + b.State):
		return e.t("idle." + b.State)
	}
	return b.State
}

// entryRow is a queue, an entry point or an entry of the address book.
func entryRow(x softphone.DirectoryEntry, v softphone.View, c softphone.CallView, e Env) target {
	r := target{
		to:   softphone.Target{Kind: softphone.ToNumber, ID: x.Number, Name: x.Name},
		name: orElse(x.Name, e.phone(x.Number)), detail: x.Detail, icon: "person",
		consult: c.CanConsult, transfer: c.CanTransfer,
	}
	switch x.Kind {
	case softphone.Queues:
		r.to.Kind, r.to.ID, r.icon = softphone.ToQueue, x.ID, "queue"
		r.consult = queueConsult(v, c)
	case softphone.EntryPoints:
		r.to.Kind, r.to.ID, r.icon = softphone.ToEntryPoint, x.ID, "entry-point"
	default:
		r.detail = e.phone(x.Number)
		if x.Detail != "" {
			r.detail += " · " + x.Detail
		}
	}
	return r
}

// queueConsult is whether a queue may be asked: the profile says so.
func queueConsult(v softphone.View, c softphone.CallView) softphone.Can {
	if c.CanConsult.OK && v.Profile != nil && !v.Profile.ConsultToQueue {
		return softphone.Can{Why: softphone.NotAllowed}
	}
	return c.CanConsult
}

// recents are the targets of this session and those that calls of the last
// days were handed to, newest first.
func recents(v softphone.View, l Local) []softphone.Target {
	var out []softphone.Target
	add := func(t softphone.Target) {
		if t.ID == "" || len(out) == recentLimit || !contains(orElse(t.Name, t.ID), l.Picker.Text) ||
			slices.ContainsFunc(out, func(x softphone.Target) bool { return x.Kind == t.Kind && x.ID == t.ID }) {
			return
		}
		out = append(out, t)
	}
	for _, t := range l.Recent {
		add(t)
	}
	for _, r := range v.History {
		add(r.Left.To)
	}
	return out
}

func recentRow(t softphone.Target, v softphone.View, c softphone.CallView, e Env) target {
	r := target{
		to: t, name: t.Name, detail: e.t("target.kind-" + string(t.Kind)), icon: "person",
		consult: c.CanConsult, transfer: c.CanTransfer,
	}
	switch t.Kind {
	case softphone.ToQueue:
		r.icon, r.consult = "queue", queueConsult(v, c)
	case softphone.ToEntryPoint:
		r.icon = "entry-point"
	case softphone.ToNumber:
		r.icon, r.name = "call-out", orElse(t.Name, e.phone(t.ID))
	case softphone.ToAgent:
		for _, b := range v.Buddies {
			if b.ID == t.ID {
				return buddyRow(b, c, e)
			}
		}
	}
	return r
}
