package softphone

import (
	"cmp"
	"strconv"
	"strings"
	"time"
)

// Records: what the ledger keeps of a call, written ahead from ring or dial on.

// A Record is what is kept of a call: write-ahead, hydration and log in one.
type Record struct {
	Key           CallKey
	Revision      int64
	InteractionID InteractionID
	Channel       Channel
	Direction     Direction
	Number        string
	Ours          string
	Queue         string
	Name          string
	Phase         Phase
	Outcome       Outcome
	StartedAt     time.Time
	AnsweredAt    time.Time
	EndedAt       time.Time
	HoldTotal     time.Duration
	Notes         string
	CodeID        string
	CodeName      string
	Record        *RecordRef
	NotListed     bool // The agent said that there is no record.
	Consulting    time.Duration
	Consulted     bool // This agent was consulted; the customer was another's.
	Conferred     bool
	Conferring    time.Duration
	MenuTime      time.Duration
	QueueTime     time.Duration
	WrappedAt     time.Time
	Left          Departure
	Parties       []string   // Names of the others on our side, in order of appearance.
	Variables     []Variable // Without secure ones.
	FollowUp      *FollowUp
	Title         string // The agent's; empty: the portal's template.
	Ticket        bool   // The agent asked for one.
	Layout        string // Of the Desktop that it was handled in: the backend's own words, carried along.
	PortalID      string
	HostCreates   bool
	EngagementID  string
	Stage         Stage
	Popped        bool
	Final         bool // Nothing more will come from the widget.
	Receipt       Receipt
}

// A Receipt is what the ledger says of a record.
type Receipt struct {
	Key      CallKey
	Revision int64
	State    ReceiptState
	URL      string // Of the activity's record in HubSpot, where known.
	Need     string // For needs-you: whose turn it is, "agent" or "admin".
	Detail   string // Which field, why; for needs-you.
}

// A ReceiptState is how far a record has come.
type ReceiptState string

// The receipt states. NoReceipt means that the record is still in this
// browser's outbox.
const (
	NoReceipt ReceiptState = ""
	Queued    ReceiptState = "queued"
	Saved     ReceiptState = "saved"
	Enriched  ReceiptState = "enriched"
	NeedsYou  ReceiptState = "needs-you"
)

// save gives the call's record its next revision and sends it off.
func (m *machine) save(key CallKey) {
	if _, ok := m.s.Calls[key]; !ok {
		return
	}
	delete(m.unsaved, key)
	m.edit(key, func(c *Call) {
		c.Revision++
		c.Receipt.State = NoReceipt
	})
	m.do(SaveRecord{Record: m.record(m.s.Calls[key])})
}

func (m *machine) record(c Call) Record {
	r := Record{
		Key: c.Key, Revision: c.Revision, InteractionID: c.Interaction.ID,
		Channel: c.Channel, Direction: c.Direction, Number: c.Number, Ours: c.Ours,
		Queue: c.Queue, Name: m.callName(c), Phase: c.Phase, Outcome: c.Outcome,
		StartedAt: c.StartedAt, AnsweredAt: c.AnsweredAt, EndedAt: c.EndedAt, HoldTotal: c.HoldTotal,
		Notes: c.Notes, CodeID: c.CodeID, Record: c.Matching.Chosen, NotListed: c.Matching.NotListed,
		PortalID: m.s.portalOf(c), HostCreates: c.HostCreates, EngagementID: c.EngagementID,
		Consulting: c.Consulting, Consulted: c.Legs.Consulted, Conferred: c.Conferred, Left: c.Left, FollowUp: c.FollowUp,
		Conferring: c.Conferring, MenuTime: c.MenuTime, QueueTime: c.QueueTime, WrappedAt: c.WrappedAt,
		Title: c.Title, Ticket: c.Ticket, Layout: c.Layout,
		Stage: c.Stage, Popped: c.Popped, Final: c.Phase == Done, Receipt: c.Receipt,
	}
	for _, p := range c.Others {
		r.Parties = append(r.Parties, m.partyName(p))
	}
	if m.s.Profile == nil || !m.s.Profile.HideVariables {
		r.Variables = plain(c.Interaction.Variables, false)
	}
	if m.s.Profile != nil {
		r.CodeName = nameOf(m.s.Profile.WrapUpCodes, c.CodeID)
	}
	return r
}

// portalOf is the portal that a call is logged in: that of its HubSpot page,
// else the one whose settings hold.
func (s State) portalOf(c Call) string { return cmp.Or(s.Hosts[c.Host].PortalID, s.Settings.PortalID) }

// plain are the variables that may leave this browser: never secure ones, and
// hidden ones only where no agent reads them.
func plain(in []Variable, hidden bool) []Variable {
	var out []Variable
	for _, x := range in {
		if !x.Secure && (hidden || !x.Hidden) {
			out = append(out, x)
		}
	}
	return out
}

// callName is the best name there is for the other side.
func (m *machine) callName(c Call) string { return c.bestName() }

func (c Call) bestName() string {
	if c.Matching.Chosen != nil && c.Matching.Chosen.Name != "" {
		return c.Matching.Chosen.Name
	}
	return c.Name
}

func (m *machine) acknowledged(r Receipt) {
	m.edit(r.Key, func(c *Call) {
		if r.Revision >= c.Revision {
			c.Receipt = r
		}
	})
	for n, h := range m.s.History {
		if h.Key == r.Key && r.Revision >= h.Revision {
			m.s.History[n].Receipt = r
		}
	}
}

// ordinal reads the ordinal at the end of an inbound key; 1 for an outdial's.
func ordinal(key CallKey) int {
	at := strings.LastIndexByte(string(key), ':')
	if n, err := strconv.Atoi(string(key[at+1:])); err == nil && n > 0 {
		return n
	}
	return 1
}
