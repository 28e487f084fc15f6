package soak

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"deskbridge/pkg/backend"
)

// plan is one interaction: the offers of it, one after the other. It is the
// same in each run with the seed.
type plan struct {
	kind   string
	offers []offer
}

// offer is what one agent has of an interaction: revisions of one record.
type offer struct {
	agent int
	steps []step
	dies  bool // The widget falls silent: the server ends the record.
}

// step is a revision, with what has to happen first.
type step struct {
	record backend.Record
	after  moment            // Which the revision before must have reached.
	page   bool              // HubSpot's page creates an engagement.
	tell   bool              // From here on the record names the page's engagement.
	edit   map[string]string // What a person changes in HubSpot.
}

// moment is how far the record must be.
type moment int

const (
	atOnce     moment = iota // Written down, perhaps not even sent.
	isAcked                  // The server has it.
	isVisible                // It is in HubSpot, perhaps still being written.
	isEnriched               // It is completely written.
)

// kinds with how many of a hundred they are.
var kinds = []struct {
	name   string
	weight int
}{
	{"inbound", 38}, {"missed", 10}, {"outbound", 14}, {"unanswered outdial", 5}, {"transfer", 14},
	{"offered again", 5}, {"page creates", 4}, {"page tells late", 2}, {"page never tells", 2},
	{"page tells twice", 1}, {"page is late", 2}, {"silent widget", 3},
}

// contacts are CRM records that the plans choose from.
type contacts []string

// makePlan is the n-th interaction. started is when the run began, in ms.
func makePlan(seed uint64, n, agents int, people contacts, started int64) plan {
	r := rand.New(rand.NewPCG(seed, uint64(n)))
	turn := r.IntN(100)
	p := plan{}
	for _, k := range kinds {
		if p.kind = k.name; turn < k.weight {
			break
		}
		turn -= k.weight
	}
	b := &builder{r: r, n: n, agents: agents, people: people, at: started + int64(n)*3}
	first := r.IntN(agents)
	second := (first + 1 + r.IntN(agents-1)) % agents
	switch p.kind {
	case "transfer":
		p.offers = []offer{b.talk(first, 1, "INBOUND", func(last *backend.Record) {
			last.Left = &backend.Departure{How: []string{"blind", "consult", "conference"}[r.IntN(3)], Kind: "agent", ID: agentID(second), Name: "Somebody"}
		}), b.talk(second, 1, "INBOUND", nil)}
	case "offered again":
		p.offers = []offer{b.miss(first, 1, "INBOUND", "MISSED"), b.talk(first, 2, "INBOUND", nil)}
	case "missed":
		p.offers = []offer{b.miss(first, 1, "INBOUND", []string{"MISSED", "REJECTED"}[r.IntN(2)])}
	case "outbound":
		p.offers = []offer{b.talk(first, 1, "OUTBOUND", nil)}
	case "unanswered outdial":
		p.offers = []offer{b.miss(first, 1, "OUTBOUND", []string{"NO_ANSWER", "BUSY", "FAILED"}[r.IntN(3)])}
	case "silent widget":
		o := b.talk(first, 1, "INBOUND", nil)
		o.steps, o.dies = o.steps[:1+r.IntN(2)], true
		p.offers = []offer{o}
	default:
		o := b.talk(first, 1, "INBOUND", nil)
		b.page(&o, p.kind)
		p.offers = []offer{o}
	}
	for i := range p.offers {
		b.meddle(&p.offers[i])
	}
	for i := range p.offers {
		for j := range p.offers[i].steps {
			p.offers[i].steps[j].record.Revision = int64(j + 1)
		}
	}
	return p
}

func agentID(n int) string { return fmt.Sprintf("agent-%d", n) }

// builder makes the offers of one interaction.
type builder struct {
	r      *rand.Rand
	n      int
	agents int
	people contacts
	at     int64
}

func (b *builder) base(agent, ordinal int, direction string) backend.Record {
	id := fmt.Sprintf("00000000-0000-4000-8000-%012d", b.n)
	return backend.Record{
		Key: fmt.Sprintf("%s:%s:%d", id, agentID(agent), ordinal), InteractionID: id,
		Channel: "telephony", Direction: direction, Number: fmt.Sprintf("+1408%07d", b.n), Ours: "+18005550199",
		Queue: []string{"Billing", "Sales", "Returns"}[b.r.IntN(3)], StartedAt: b.at + int64(ordinal),
		PortalID: portalID,
	}
}

func (b *builder) person() *backend.Ref {
	return &backend.Ref{ObjectTypeID: "0-1", ObjectID: b.people[b.r.IntN(len(b.people))], Name: "Customer"}
}

// pace is how a revision follows the one before.
func (b *builder) pace() moment { return moment(b.r.IntN(2)) }

// talk is a call that the agent takes. change is applied to its last revision.
func (b *builder) talk(agent, ordinal int, direction string, change func(*backend.Record)) offer {
	rec := b.base(agent, ordinal, direction)
	rec.Phase = map[string]string{"INBOUND": "ringing", "OUTBOUND": "dialing"}[direction]
	if b.r.IntN(3) > 0 {
		rec.Record = b.person()
	}
	o := offer{agent: agent, steps: []step{{record: rec}}}
	add := func(after moment) { o.steps = append(o.steps, step{record: rec, after: after}) }
	rec.Phase, rec.AnsweredAt = "in-call", rec.StartedAt+4000
	if rec.Record == nil {
		rec.Record = b.person()
	}
	add(b.pace())
	for range b.r.IntN(3) {
		rec.Notes += b.words()
		add(b.pace())
	}
	if b.r.IntN(4) == 0 {
		rec.Phase, rec.HoldMs = "on-hold", 15_000
		add(b.pace())
	}
	if b.r.IntN(8) == 0 {
		rec.Record = b.person() // The agent has chosen somebody else.
		add(b.pace())
	}
	rec.Phase, rec.EndedAt, rec.Outcome = "wrap-up", rec.StartedAt+64_000, "COMPLETED"
	add(b.pace())
	rec.Notes += b.words()
	if b.r.IntN(6) == 0 {
		rec.FollowUp = &backend.FollowUp{Subject: "Call back about " + rec.Key, Due: rec.EndedAt + 86_400_000}
	}
	rec.Phase, rec.CodeID, rec.CodeName, rec.Final = "done", "code-sale", "Sale", true
	if change != nil {
		change(&rec)
	}
	add(b.pace())
	return o
}

// miss is a call that does not come about.
func (b *builder) miss(agent, ordinal int, direction, outcome string) offer {
	rec := b.base(agent, ordinal, direction)
	rec.Phase, rec.Record = map[string]string{"INBOUND": "ringing", "OUTBOUND": "dialing"}[direction], b.person()
	o := offer{agent: agent, steps: []step{{record: rec}}}
	rec.Phase, rec.EndedAt, rec.Outcome, rec.Final = "done", rec.StartedAt+18_000, outcome, true
	o.steps = append(o.steps, step{record: rec, after: b.pace()})
	return o
}

// page lets HubSpot's page create the engagement.
func (b *builder) page(o *offer, how string) {
	if !strings.HasPrefix(how, "page") {
		return
	}
	for i := range o.steps {
		o.steps[i].record.HostCreates = true
	}
	last := len(o.steps) - 1
	if how == "page is late" { // We have made our own by then.
		again := o.steps[last]
		again.after, again.page, again.tell = isEnriched, true, true
		if b.r.IntN(2) == 0 { // Into what is then put away.
			b.edit(&again)
		}
		o.steps = append(o.steps, again)
		return
	}
	o.steps[0].page = true
	switch how {
	case "page creates":
		o.steps[1].tell = true
	case "page tells late":
		again := o.steps[last]
		again.after, again.tell = isAcked, true
		o.steps = append(o.steps, again)
	case "page tells twice":
		o.steps[1].tell = true
		again := o.steps[last]
		again.after, again.tell = isEnriched, true
		o.steps = append(o.steps, again)
	}
}

// meddle lets a person edit the activity, and the agent the record after that.
func (b *builder) meddle(o *offer) {
	var after moment
	switch n := b.r.IntN(100); {
	case o.dies || n >= 12:
		return
	case n < 3:
		after = isVisible
	default:
		after = isEnriched
	}
	next := o.steps[len(o.steps)-1]
	next.after, next.page, next.tell = after, false, false
	b.edit(&next)
	o.steps = append(o.steps, next)
	if b.r.IntN(3) == 0 {
		next.after, next.edit = b.pace(), nil
		next.record.Notes += b.words()
		o.steps = append(o.steps, next)
	}
}

// edit is a person's change before a step, and the agent's at it.
func (b *builder) edit(s *step) {
	name := []string{"hs_call_body", "hs_call_title"}[b.r.IntN(2)]
	s.edit = map[string]string{name: fmt.Sprintf("Written by a person, %d", b.n)}
	s.record.Notes += b.words()
}

// words are notes, with what HTML and people make of them.
func (b *builder) words() string {
	return []string{
		"Paid by card.", "Wants <b>two</b> & a quote", "Zurückgerufen ☎\nzweite Zeile", "Said: \"never again\"", strings.Repeat("long ", 40),
	}[b.r.IntN(5)] + fmt.Sprintf(" %d\n", b.r.IntN(1000))
}
