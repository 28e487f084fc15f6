package stories

import (
	"strconv"
	"time"

	"deskbridge/pkg/softphone"
	"deskbridge/pkg/ui"
)

// Calls with several agents: consult, transfer, conference.

// browser is a login whose microphone the panel has.
func browser(c *softphone.CallView) {
	c.Option, c.CanMute, c.CanKeypad, c.CanEditVariable = softphone.Browser, ok(), ok(), ok()
	c.Variables = append([]softphone.Variable(nil), c.Variables...)
	for n := range c.Variables {
		c.Variables[n].Editable = true
	}
}

// consulted is the side that is asked: Bob asks about Maria.
func consulted(c *softphone.CallView) {
	c.Legs.Consulted, c.Legs.ConsultID, c.Legs.ConsultPeerName, c.Legs.MainHeld = true, "m2", "Bob Meyer", true
	c.Queue = ""
}

// colleagues are Ann's buddies, one of them with a long name.
func colleagues() []softphone.Buddy {
	return []softphone.Buddy{
		{ID: "bob", Name: "Bob Meyer", Team: "t1", State: "Idle"},
		{ID: "cho", Name: "Cho Tanaka", Team: "t1", State: "Available", Available: true},
		{ID: "dan", Name: "Daniela Fernández de la Vega y Montenegro", Team: "t2", State: "Lunch"},
		{ID: "eva", Name: "Eva Novák", Team: "t2", State: "Available", Available: true},
	}
}

func checked(number string, change func(*softphone.NumberInfo)) ui.Check {
	i := softphone.NumberInfo{Valid: true, Dial: number, Display: "(" + number[2:5] + ") " + number[5:8] + "-" + number[8:], Country: "US", Allowed: true}
	change(&i)
	return ui.Check{Typed: number, State: ui.Answered, Info: i}
}

func contacts() ui.Found {
	return ui.Found{State: ui.Answered, Total: 2, Entries: []softphone.DirectoryEntry{
		{Kind: softphone.CRMContacts, ID: "101", Name: "Maria Silva", Number: "+14155550123", Detail: "Acme GmbH", Record: ref("101", "Maria Silva")},
		{Kind: softphone.CRMContacts, ID: "103", Name: "Marek Kowalski", Number: "+48225550199", Detail: "kowalski@example.com", Record: ref("103", "Marek Kowalski"), NoCalls: true},
	}}
}

func book() ui.Found {
	return ui.Found{State: ui.Answered, Total: 1, Entries: []softphone.DirectoryEntry{
		{Kind: softphone.AddressBook, ID: "b1", Name: "Market hotline", Number: "+18005550142"},
	}}
}

// numbers is a page of a long address book.
func numbers() ui.Found {
	f := ui.Found{Query: softphone.DirectoryQuery{Kind: softphone.AddressBook}, State: ui.Answered, Total: 5000, More: true}
	for n := range softphone.DirectoryPageSize {
		f.Entries = append(f.Entries, softphone.DirectoryEntry{
			Kind: softphone.AddressBook, ID: "b" + strconv.Itoa(n), Name: "Branch " + strconv.Itoa(n+1), Number: "+1415555" + strconv.Itoa(2000+n),
		})
	}
	return f
}

// picking is the sheet over Maria's call.
func picking(name, note string, p ui.Picker, change ...func(*softphone.View, *ui.Local)) Story {
	s := Story{Name: name, Note: note, View: Talking(noted), Local: ui.Local{Sheet: ui.SheetTargets, SheetFrom: "transfer", Picker: p}}
	s.View.Buddies, s.View.BuddiesAt = colleagues(), ago(3*time.Second)
	for _, f := range change {
		f(&s.View, &s.Local)
	}
	return s
}

func targets() []Story {
	queues := func(_ *softphone.View, l *ui.Local) {
		l.Found = map[ui.Slot]ui.Found{ui.SlotTargets: {State: ui.Answered, Total: 2, Entries: []softphone.DirectoryEntry{
			{Kind: softphone.Queues, ID: "q1", Name: "Billing"}, {Kind: softphone.Queues, ID: "q2", Name: "Sales"},
		}}}
	}
	state := func(st ui.FindState) func(*softphone.View, *ui.Local) {
		return func(_ *softphone.View, l *ui.Local) { l.Found = map[ui.Slot]ui.Found{ui.SlotTargets: {State: st}} }
	}
	return []Story{
		picking("targets", "Agents with their state as a word.", ui.Picker{At: 1}),
		picking("targets-sure", "Transfer to Bob was pressed once.", ui.Picker{At: 2}, func(_ *softphone.View, l *ui.Local) {
			l.Confirm, l.Hint = "transfer agent bob", ui.T("en", "target.ask", "Bob Meyer")
		}),
		picking("targets-loading", "The agents are on their way.", ui.Picker{Asked: ago(time.Second)}, func(v *softphone.View, _ *ui.Local) {
			v.Buddies, v.BuddiesAt = nil, time.Time{}
		}),
		picking("targets-failed", "Webex did not say who is there.", ui.Picker{Asked: ago(12 * time.Second)}, func(v *softphone.View, _ *ui.Local) {
			v.Buddies, v.BuddiesAt = nil, time.Time{}
		}),
		picking("targets-none", "", ui.Picker{Text: "Zoltan"}),
		picking("targets-number", "A number was typed.", ui.Picker{Text: "+1 415 555 0177"}),
		picking("targets-queues", "Consulting a queue is switched off.", ui.Picker{Tab: ui.TabQueues, TabAt: 1}, queues, func(v *softphone.View, _ *ui.Local) {
			v.Profile.ConsultToQueue = false
		}),
		picking("targets-numbers", "The first page of 5,000.", ui.Picker{Tab: ui.TabNumbers, TabAt: 2}, func(_ *softphone.View, l *ui.Local) {
			l.Found = map[ui.Slot]ui.Found{ui.SlotTargets: numbers()}
		}),
		picking("targets-entry-points", "", ui.Picker{Tab: ui.TabEntryPoints, TabAt: 3}, func(_ *softphone.View, l *ui.Local) {
			l.Found = map[ui.Slot]ui.Found{ui.SlotTargets: {State: ui.Answered, Total: 1, Entries: []softphone.DirectoryEntry{
				{Kind: softphone.EntryPoints, ID: "e1", Name: "Main entry", Detail: "Reception"},
			}}}
		}),
		picking("targets-recent", "", ui.Picker{Tab: ui.TabRecent, TabAt: 4}, func(_ *softphone.View, l *ui.Local) {
			l.Recent = []softphone.Target{
				{Kind: softphone.ToQueue, ID: "q2", Name: "Sales"}, {Kind: softphone.ToNumber, ID: "+14155550177"}, {Kind: softphone.ToAgent, ID: "bob", Name: "Bob Meyer"},
			}
		}),
		picking("targets-searching", "", ui.Picker{Tab: ui.TabQueues, TabAt: 1, Text: "bil"}, state(ui.Searching)),
		picking("targets-search-failed", "", ui.Picker{Tab: ui.TabQueues, TabAt: 1, Text: "bil"}, state(ui.FindFailed)),
	}
}

// consult is Ann asking Bob about Maria.
func consult(change ...func(*softphone.CallView)) softphone.View {
	c := call(softphone.Talking)
	c.Phase, c.Legs.ConsultID, c.Legs.ConsultPeerName = softphone.ConsultingP, "m2", "Bob Meyer"
	c.Legs.MainHeld, c.Legs.MainHeldAt, c.Legs.ConsultJoined = true, ago(40*time.Second), true
	c.ConsultAt = ago(12 * time.Second)
	c.Target = softphone.Target{Kind: softphone.ToAgent, ID: "bob", Name: "Bob Meyer"}
	c.CanHold, c.CanPause, c.CanConsult, c.CanTransfer = no(softphone.NotHere), no(softphone.NotHere), no(softphone.ConsultOpen), no(softphone.ConsultOpen)
	c.CanSwap, c.CanMerge, c.CanComplete, c.CanEndConsult = ok(), ok(), ok(), ok()
	return with(softphone.ScreenConsult, softphone.WordConsulting, edit(c, change...))
}

func consulting() []Story {
	ringing := func(c *softphone.CallView) {
		c.Phase, c.Legs.ConsultJoined, c.ConsultAt, c.Legs.ConsultPeerName = softphone.ConsultRinging, false, time.Time{}, ""
		c.CanSwap, c.CanMerge, c.CanComplete = no(softphone.NotAnswered), no(softphone.NotAnswered), no(softphone.NotAnswered)
	}
	since := ui.Local{ConsultAt: ago(4 * time.Second)}
	return []Story{
		{Name: "consulting", Note: "Ann talks to Bob; Maria is on hold.", View: consult(noted), Local: saved()},
		{Name: "consulting-ringing", Note: "Bob has not answered.", View: consult(ringing), Local: since},
		{Name: "consulting-queue", Note: "A queue was asked.", View: consult(ringing, func(c *softphone.CallView) {
			c.Legs.Queued, c.Target = true, softphone.Target{Kind: softphone.ToQueue, ID: "q1", Name: "Billing"}
		}), Local: since},
		{Name: "consulting-swapped", Note: "Ann talks to Maria; Bob is on hold.", View: consult(func(c *softphone.CallView) {
			c.Legs.MainHeld, c.Legs.ConsultHeld, c.Legs.ConsultHeldAt = false, true, ago(7*time.Second)
			c.CanMerge, c.CanComplete = no(softphone.OtherLeg), no(softphone.OtherLeg)
		})},
		{Name: "consulting-conference", Note: "Ann asks a third one; Bob and Maria wait together.", View: consult(func(c *softphone.CallView) {
			c.Legs.Agents, c.Legs.ConsultPeerName = 2, "Cho Tanaka"
			c.CanLeave, c.CanHandOver = no(softphone.ConsultOpen), no(softphone.ConsultOpen)
		})},
		{Name: "consulting-customer-gone", View: consult(func(c *softphone.CallView) {
			c.Legs.Customer, c.CanMerge, c.CanComplete = false, no(softphone.CustomerGone), no(softphone.CustomerGone)
		})},
		{Name: "consulting-busy", Note: "The transfer is being completed.", View: consult(func(c *softphone.CallView) {
			c.Pending = softphone.OpConsultTransfer
			c.CanSwap, c.CanMerge, c.CanComplete, c.CanEndConsult = no(softphone.Waiting), no(softphone.Waiting), no(softphone.Waiting), no(softphone.Waiting)
		})},
		{Name: "consulted", Note: "The side of the one who is asked.", View: consult(consulted, func(c *softphone.CallView) {
			c.CanSwap, c.CanMerge, c.CanComplete, c.CanEnd = no(softphone.Consulted), no(softphone.Consulted), no(softphone.Consulted), no(softphone.NotHere)
			c.Codes = nil
		})},
	}
}

// conferring is Ann, Bob, a phone and Maria in one call.
func conferring(change ...func(*softphone.CallView)) softphone.View {
	c := call(softphone.Talking)
	c.Phase, c.Legs.Agents, c.Legs.Owner = softphone.Conference, 2, true
	party := func(id string, kind softphone.PartyKind, name string, can softphone.Can) softphone.PartyView {
		return softphone.PartyView{Party: softphone.Party{ID: id, Kind: kind, Name: name, Joined: true, Main: true}, CanDrop: can}
	}
	c.Parties = []softphone.PartyView{
		party("c1", softphone.Customer, "Maria Silva", no(softphone.NotHere)), party("ann", softphone.AgentParty, "Ann Silva", no(softphone.NotHere)),
		party("bob", softphone.AgentParty, "Bob Meyer", ok()), party("dn", softphone.DialNumber, "", ok()),
	}
	c.Parties[1].Self, c.Parties[1].Owner = true, true
	c.Parties[3].Number = "+14155550177"
	c.CanHold, c.CanPause, c.CanTransfer = no(softphone.NotHere), no(softphone.NotHere), no(softphone.NotHere)
	c.CanLeave, c.CanHandOver = ok(), ok()
	return with(softphone.ScreenConference, softphone.WordConference, edit(c, change...))
}

func conference() []Story {
	return []Story{
		{Name: "conference", View: conferring(noted), Local: saved()},
		{Name: "conference-sure", Note: "End for all was pressed once.", View: conferring(), Local: ui.Local{
			Confirm: "end", Hint: ui.T("en", "conference.end-sure"),
		}},
		{Name: "conference-guest", Note: "Bob owns the call.", View: conferring(func(c *softphone.CallView) {
			for n := range c.Parties {
				if c.Parties[n].CanDrop.OK {
					c.Parties[n].CanDrop = no(softphone.NotOwner)
				}
			}
			c.Parties[1].Owner, c.Parties[2].Owner, c.Legs.Owner = false, true, false
			c.CanEnd, c.CanHandOver = no(softphone.NotOwner), no(softphone.NotHere)
		})},
		{Name: "conference-desktop", Note: "The Agent Desktop hands no conference over.", View: conferring(noted, func(c *softphone.CallView) {
			c.CanHandOver = no(softphone.NotInDesktop)
		}), Local: saved()},
		{Name: "conference-add", Note: "Bringing in another one.", View: edited(conferring(), func(v *softphone.View) {
			v.Buddies, v.BuddiesAt = colleagues(), Now
		}), Local: ui.Local{Sheet: ui.SheetTargets, SheetFrom: "transfer"}},
	}
}
