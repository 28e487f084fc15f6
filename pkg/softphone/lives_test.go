package softphone_test

import (
	"slices"
	"strings"
)

// What random lives are made of, and what comes next in one.

// verbs are what random lives are made of.
var (
	webexVerbs = []string{
		"reserved", "offered", "assigned", "held", "unheld", "paused", "resumed", "wrapup", "ended", "wrappedup", "rona",
		"dialled", "customer-joined", "customer-left", "outbound-failed", "vanishes", "failed", "owned", "variables",
	}
	togetherVerbs = []string{
		"consult-bob", "consult-queued", "bob-answers", "bob-assigned-to-consult", "consult-failed", "consult-failed-for-both",
		"consult-over", "ctq-failed", "ctq-cancelled", "to-customer", "to-consulted", "merged", "joins cho", "joins bob",
		"leaves ann", "leaves bob", "leaves cho", "consult-transferred", "blind", "blind-unassigned", "blind-unconfirmed",
		"to-queue", "bob-assigned", "customer-leaves", "hangs-up", "bob-wrapped-up", "consult-number", "number-answers",
		"number-merged", "number-leaves", "number-hangs-up", "consult-entry", "entry-answered", "entry-merged",
		"entry-merged-early", "entry-joins", "entry-ended", "tells bob:AgentConsultEnded", "tells ann:AgentConsultEnded",
		"tells bob:ContactEnded", "tells ann:AgentConsultConferenceEnded", "tells bob:ParticipantLeftConference",
	}
	failures = []string{
		"AgentContactHoldFailed", "AgentContactUnHoldFailed", "AgentContactEndFailed", "AgentWrapupFailed",
		"ContactRecordingPauseFailed", "AgentContactAssignFailed", "AgentInviteFailed", "AgentSomethingNew",
		"AgentConsultFailed", "AgentConsultEndFailed", "AgentCtqFailed", "AgentCtqCancelFailed", "AgentConsultConferenceFailed",
		"AgentConsultTransferFailed", "AgentBlindTransferFailed", "AgentVteamTransferFailed", "ParticipantLeftConferenceFailed",
		"ParticipantDropConferenceFailed", "AgentConferenceTransferFailed",
	}
	presses = []string{
		"answer", "hold", "resume", "end", "pause", "continue", "wrapup", "notes", "open", "retry", "available", "not-listed",
		"choose", "bring-here", "dismiss", "consult", "consult", "transfer", "end-consult", "swap", "merge", "complete", "leave",
		"hand-over", "drop", "decline", "mute", "digits", "follow-up", "buddies", "active", "extend", "code",
		"card", "record", "mend", "retry", "title", "title", "ticket",
	}
	pressArgs = map[string][]string{
		"consult":  {"agent:bob", "queue:q1", "dialNumber:+15550177", "entryPoint:E1", "agent:ann", "dialNumber:x"},
		"transfer": {"agent:bob", "queue:q1", "dialNumber:+15550177", "agent:"}, "drop": {"bob", "cho", "dn-1", "nobody"},
		"extend": {"0s", "30s"}, "code": {"sale", "other"}, "digits": {"1", "x"}, "mute": {"on", "off"},
		"choose": {"501", "502"}, "record": {"0-1/501", "0-3/77", "x"}, "create": {"Silva"},
		"title": {"Refund", "Order 4711"},
	}
	outside = []string{
		"wait 1s", "wait 20s", "dial +15550123", "dial nonsense", "hubspot synced", "hubspot lost", "hubspot created 7",
		"hubspot not-created", "hubspot matched 0-1/501", "hubspot match-failed", "hubspot end-call", "link-lost", "synced",
		"synced logged-out", "reload", "state lunch", "state available", "state lunch Sam", "taken-over", "press logout -",
		"session-ended", "session-begun ann", "looked-up i1 0-1/501", "stale AgentContactHeld i1", "refused hold i1 webex-down",
		"refused dial - command-refused", "refused end i2 command-refused", "refused consult i1 webex-down",
		"refused consult i1 command-refused", "refused consult/end i1 command-refused", "refused transfer i2 command-refused",
		"refused consult/conference i1 webex-down", "refused conference/exit i1 command-refused", "buddies bob:available",
		"media all", "media none", "profile auto-wrap-up 30s", "profile no-end", "profile hide-variables", "profile inactivity 60s",
		"again 0", "again 1", "again 3", "again 9", "bob again 5", "bob synced", "bob reload", "bob hubspot end-call", "bob link-lost",
	}
	customers = []string{
		"looked-up i1 0-1/501:variable", "looked-up i1 0-3/77:variable 0-1/501", "looked-up i1 0-1/501 0-1/502@1h", "hubspot matched",
		"looked-up i2 0-1/501:variable", "looked-up i1 0-1/502:recent@1h", "looked-up dial 0-1/501:variable", "hubspot matched 0-1/502",
		"looked-up i2 0-1/501:number 0-2/9:number", "bob looked-up i1 0-1/501:variable", "bob hubspot matched", "card i1 0-1/501",
		"card i1 0-1/502 no-calls", "card-missed i1 0-1/501", "card-missed i1 0-3/77", "bob card i1 0-1/501", "created i1 0-1/900",
		"dial-limit 42", "dial-limit", "settings connect - connect recent", "settings ring current dial", "settings off new off",
		"receipt i1 needs-you agent", "receipt i2 needs-you admin", "receipt i1 enriched", "mend i1 other 0-1/502 x", "reload",
		"history i1 1 queued", "history i1 9 needs-you", "flow i1 tier=gold pin!=1 score?=7", "stamped i1 80s 60s", "bob reload",
		"stamped i2 10s 40s", "dial +15550123 from-hubspot 77", "set edit-title ticket-button", "set edit-title ticket-button",
		"set no-edit-title no-live-notes", "set no-ticket-button live-notes", "set no-sync width=420", "set sync width=300",
		"set strip=+1,+1555,9 ani=+15550000", "dial 9", "dial 912", "media desktop",
	}
	contacts = []string{"i1", "i2", "o1"}
)

// joins says whom a verb of Webex connects, rings whom it offers something. No
// service connects one agent to two callers or rings one who talks, so no life
// does.
func joins(verb string) []string {
	switch verb {
	case "assigned":
		return []string{ann}
	case "bob-answers", "bob-assigned-to-consult", "merged", "joins bob", "consult-transferred", "bob-assigned", "entry-answered",
		"entry-merged", "entry-joins":
		return []string{bob}
	}
	return nil
}

func rings(verb string) []string {
	switch verb {
	case "reserved", "offered":
		return []string{ann}
	case "dialled": // A contact of nobody's so far.
		return []string{ann, bob}
	case "consult-bob", "blind", "blind-unassigned", "blind-unconfirmed", "to-queue", "consult-entry":
		return []string{bob}
	}
	return nil
}

// connected says whether somebody is connected to a contact other than id.
func (w *world) connected(who, id string) bool {
	for other, t := range w.tasks {
		if p := t.Participants[who]; other != id && other != id+"-child" && p.Joined && !p.Left && !p.WrappedUp {
			return true
		}
	}
	return false
}

// likely are the things that a service would do next with a contact: what
// brings lives into the depths of consults and conferences. Twice is twice as
// likely.
func (w *world) likely(id string) []string {
	t := w.task(id)
	leg, open := t.Media["c-"+id]
	asked := open && slices.Contains(leg.Participants, bob)
	up, hisUp := slices.Contains(w.agentsIn(id), ann), t.Participants[bob].Joined && !t.Participants[bob].Left
	var out []string
	when := func(ok bool, verbs ...string) {
		if ok {
			out = append(out, verbs...)
		}
	}
	when(!up && !t.Participants[ann].WrapUp, "offered", "assigned", "owned", "dialled")
	when(up && !open, "consult-bob", "consult-bob", "consult-number", "consult-entry", "consult-queued", "held", "unheld", "joins cho", "blind", "to-queue", "owned")
	when(up && len(w.agentsIn(id)) > 1 && !open, "leaves ann", "leaves bob", "leaves cho", "joins cho", "number-leaves", "customer-leaves")
	when(asked && !hisUp, "bob-answers", "bob-answers", "bob-answers", "bob-assigned-to-consult", "consult-failed", "consult-failed-for-both")
	when(asked && hisUp, "merged", "merged", "to-customer", "to-consulted", "consult-transferred")
	when(asked, "consult-over")
	when(open && !asked, "number-answers", "number-merged", "number-hangs-up", "entry-answered", "entry-merged", "entry-merged-early", "entry-ended")
	when(w.tasks[id+"-child"] != nil, "entry-joins")
	when(!open && !hisUp && t.Participants[bob].ID != "", "bob-assigned")
	when(t.ConsultQueued, "consult-bob", "ctq-failed", "ctq-cancelled")
	when(t.Participants[ann].WrapUp || len(t.PendingWrapUp) > 0, "wrappedup", "wrappedup")
	when(t.Participants[bob].WrapUp, "bob-wrapped-up")
	when(up && len(w.agentsIn(id)) > 0, "hangs-up")
	return out
}

// line chooses what happens next; it is empty when that cannot be.
func (w *world) line(pick func(n int) int) string {
	one := func(list []string) string { return list[pick(len(list))] }
	id := "i1"
	if pick(5) == 0 {
		id = one(contacts)
	}
	switch k := pick(22); {
	case k < 7:
		return w.verbLine(one(append(w.likely(id), "owned")), id, one)
	case k < 9:
		return w.verbLine(one(webexVerbs), id, one)
	case k < 10:
		return w.verbLine(one(togetherVerbs), id, one)
	case k < 18:
		who, press, arg := "", one(presses), "x"
		if pick(4) == 0 {
			who = "bob "
		}
		if k < 15 {
			press = cmpOr(w.offeredPress(who != "", id, one), press)
		}
		if args := pressArgs[press]; args != nil {
			arg = one(args)
		}
		return who + "press " + press + " " + id + " " + arg
	}
	if pick(2) == 0 {
		return one(customers)
	}
	return one(outside)
}

// offeredPress is a control that the view offers.
func (w *world) offeredPress(atBob bool, id string, one func([]string) string) string {
	p := w.ann
	if atBob {
		p = w.bob
	}
	var can []string
	for _, c := range p.s.View().Calls {
		if string(c.Legs.MainID) != "m-"+id {
			continue
		}
		for name, x := range controls(c) {
			if name, _, _ = strings.Cut(name, ":"); x.OK && name != "end" && name != "variable" {
				can = append(can, name)
			}
		}
	}
	if len(can) == 0 {
		return ""
	}
	slices.Sort(can)
	return one(can)
}

// verbLine is a verb of Webex that no sane service would contradict.
func (w *world) verbLine(verb, id string, one func([]string) string) string {
	for _, who := range joins(verb) {
		if w.connected(who, id) {
			return ""
		}
	}
	for _, who := range rings(verb) {
		if w.connected(who, "") {
			return ""
		}
	}
	verb, arg, _ := strings.Cut(verb, " ")
	if verb == "failed" {
		arg = one(failures)
	}
	return strings.TrimSpace("webex " + verb + " " + id + " " + arg)
}
