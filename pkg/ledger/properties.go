package ledger

import (
	"strconv"

	"deskbridge/pkg/backend"
)

// The properties that Deskbridge adds to calls where it may.
const (
	keyProperty         = "deskbridge_key"            // Unique: the upsert's.
	interactionProperty = "deskbridge_interaction_id" // Ties the calls of one contact together.
)

// CallProperties are what Deskbridge adds to a portal's calls and writes: string
// and number are their types. The times are those of a call's legs, in ms.
var CallProperties = []Property{
	{Name: keyProperty, Label: "Deskbridge key", Type: "string", Unique: true},
	{Name: interactionProperty, Label: "Webex interaction id", Type: "string"},
	{Name: "deskbridge_menu_ms", Label: "Time in menu (ms)", Type: "number"},
	{Name: "deskbridge_queue_ms", Label: "Time in queue (ms)", Type: "number"},
	{Name: "deskbridge_ring_ms", Label: "Ringing time (ms)", Type: "number"},
	{Name: "deskbridge_talk_ms", Label: "Talk time (ms)", Type: "number"}, // Hold and consults included.
	{Name: "deskbridge_hold_ms", Label: "Hold time (ms)", Type: "number"},
	{Name: "deskbridge_consult_ms", Label: "Consult time (ms)", Type: "number"},
	{Name: "deskbridge_conference_ms", Label: "Conference time (ms)", Type: "number"},
	{Name: "deskbridge_transfer_ms", Label: "Time after transfer (ms)", Type: "number"},
	{Name: "deskbridge_wrapup_ms", Label: "Wrap-up time (ms)", Type: "number"},
	{Name: "deskbridge_transfers", Label: "Transfers", Type: "number"}, // By this agent: their sum is that of all.
}

// TicketProperties are what Deskbridge adds to a portal's tickets, likewise.
var TicketProperties = []Property{{Name: keyProperty, Label: "Deskbridge key", Type: "string", Unique: true}}

// ours are the values of CallProperties. What is not known is left out; a leg
// that an answered call did not have is 0.
func (m mapping) ours() map[string]string {
	r := m.rec
	out := map[string]string{interactionProperty: r.InteractionID}
	if m.able.unique {
		out[keyProperty] = r.Key
	}
	known := func(name string, ms int64) {
		if ms > 0 {
			out[name] = strconv.FormatInt(ms, 10)
		}
	}
	known("deskbridge_menu_ms", r.MenuMs)
	known("deskbridge_queue_ms", r.QueueMs)
	known("deskbridge_ring_ms", ring(r))
	known("deskbridge_wrapup_ms", wrapUp(r))
	known("deskbridge_transfer_ms", m.after)
	if answered(r) {
		transfers := int64(0)
		if r.Left != nil {
			transfers = 1
		}
		for name, n := range map[string]int64{
			"deskbridge_talk_ms": talk(r).Milliseconds(), "deskbridge_hold_ms": r.HoldMs, "deskbridge_consult_ms": r.ConsultMs,
			"deskbridge_conference_ms": r.ConferenceMs, "deskbridge_transfers": transfers,
		} {
			out[name] = strconv.FormatInt(n, 10)
		}
	}
	return out
}

// ring is how long it rang, in ms.
func ring(r backend.Record) int64 {
	end := r.AnsweredAt
	if end == 0 {
		end = r.EndedAt
	}
	if r.StartedAt == 0 || end < r.StartedAt {
		return 0
	}
	return end - r.StartedAt
}

// wrapUp is how long the agent wrapped up, in ms; 0 if that is not known.
func wrapUp(r backend.Record) int64 {
	if r.EndedAt == 0 || r.WrappedAt < r.EndedAt {
		return 0
	}
	return r.WrappedAt - r.EndedAt
}
