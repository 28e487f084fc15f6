package ledger

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"deskbridge/pkg/backend"
)

// legs say what happened in a call, a line each.
func (m mapping) legs() []string {
	r := m.rec
	var out []string
	add := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if r.MenuMs > 0 {
		add("In the menu: %s", clock(r.MenuMs))
	}
	switch {
	case r.Queue != "" && r.QueueMs > 0:
		add("Queue: %s, waited %s", r.Queue, clock(r.QueueMs))
	case r.Queue != "":
		add("Queue: %s", r.Queue)
	case r.QueueMs > 0:
		add("Waited: %s", clock(r.QueueMs))
	}
	switch ringEnd := r.AnsweredAt; {
	case r.StartedAt == 0:
	case ringEnd == 0 && r.EndedAt > r.StartedAt:
		add("Rang: %s, not answered", clock(r.EndedAt-r.StartedAt))
	case ringEnd > r.StartedAt:
		add("Rang: %s", clock(ringEnd-r.StartedAt))
	}
	others := parties(r)
	if r.Consulted {
		add("Consulted by %s", cmp.Or(others, "another agent"))
	}
	if d := talk(r); d > 0 {
		add("Talked: %s", clock(d.Milliseconds()))
	}
	if r.HoldMs > 0 {
		add("On hold: %s", clock(r.HoldMs))
	}
	if r.ConsultMs > 0 {
		add("In consults: %s%s", clock(r.ConsultMs), with(others, r.Consulted || r.Conferred))
	}
	switch {
	case r.ConferenceMs > 0:
		add("In conferences: %s%s", clock(r.ConferenceMs), with(others, false))
	case r.Conferred:
		add("Conference%s", with(others, false))
	}
	if r.Left != nil {
		add("%s", departure(*r.Left))
	}
	if m.after > 0 {
		add("Went on after that: %s", clock(m.after))
	}
	if r.CodeName != "" {
		add("Wrap-up reason: %s", r.CodeName)
	}
	if d := wrapUp(r); d > 0 {
		add("Wrap-up: %s", clock(d))
	}
	return out
}

// parties are the names of the others, each once.
func parties(r backend.Record) string {
	var names []string
	for _, name := range r.Parties {
		if name = strings.TrimSpace(name); name != "" && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// with names the others, unless another line does.
func with(others string, elsewhere bool) string {
	if others == "" || elsewhere {
		return ""
	}
	return " with " + others
}

// departure says how the agent left a call that went on.
func departure(d backend.Departure) string {
	to := ""
	if name := cmp.Or(d.Name, numberOf(d)); name != "" {
		to = " to " + name
		if kind := kinds[d.Kind]; kind != "" {
			to += " (" + kind + ")"
		}
	} else if kind := kinds[d.Kind]; kind != "" {
		to = " to " + articles[d.Kind] + " " + kind
	}
	switch d.How {
	case "consult":
		return "Transferred" + to + " after a consult"
	case "conference":
		return "Left the conference" + to
	case "handover":
		return "Handed over" + to
	}
	return "Transferred" + to
}

// numberOf is what a departure to a number is called: an id of anything else
// says nothing to people.
func numberOf(d backend.Departure) string {
	if d.Kind == "dialNumber" {
		return d.ID
	}
	return ""
}

var (
	kinds    = map[string]string{"agent": "agent", "queue": "queue", "dialNumber": "number", "entryPoint": "entry point"}
	articles = map[string]string{"agent": "another", "queue": "a", "dialNumber": "a", "entryPoint": "an"}
)

// clock writes ms as 1:02:03 or 2:03.
func clock(ms int64) string {
	s := ms / 1000
	if h := s / 3600; h > 0 {
		return fmt.Sprintf("%d:%02d:%02d", h, s/60%60, s%60)
	}
	return fmt.Sprintf("%d:%02d", s/60, s%60)
}
