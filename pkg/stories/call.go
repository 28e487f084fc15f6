package stories

import (
	"time"

	"deskbridge/pkg/softphone"
	"deskbridge/pkg/ui"
)

// saved is a panel that has seen the notes of the call saved.
func saved() ui.Local {
	return ui.Local{SavedAt: map[softphone.CallKey]time.Time{Key: Now}}
}

func noted(c *softphone.CallView) {
	c.Notes, c.NotesSaved = "Asked about invoice 4711. Send a copy to the new address.", true
}

// several is a number that two people share.
func several(c *softphone.CallView) {
	c.Name, c.CanOpen = "", no(softphone.NoRecord)
	c.Match = softphone.MatchView{State: softphone.MatchSeveral, Matches: []softphone.Match{
		{Record: *ref("101", "Maria Silva"), Company: "Acme GmbH", Email: "maria@acme.example", Via: "number", Why: "mobilephone", RecentAt: ago(9 * 24 * time.Hour)},
		{Record: *ref("102", "Mario Silva"), Email: "mario@example.com", Via: "number", Why: "billing_phone"},
	}}
}

// severalByData are records that the call's data led to, and one of HubSpot's.
func severalByData(c *softphone.CallView) {
	several(c)
	c.Variables[1] = softphone.Variable{Name: "order_id", Label: "Order id", Value: "4711"}
	c.Match.Matches[0].Via, c.Match.Matches[0].Why = "variable", "order_id"
	c.Match.Matches[1].Via, c.Match.Matches[1].Why = "recent", ""
	c.Match.Matches = append(c.Match.Matches, softphone.Match{Record: *ref("103", "Marius Silva")})
}

// none is a number that HubSpot does not know.
func none(c *softphone.CallView) {
	c.Name, c.CanOpen = "", no(softphone.NoRecord)
	c.Match = softphone.MatchView{State: softphone.MatchNone}
}

// live is a call that the panel itself answers.
func live(c *softphone.CallView) {
	c.CanAnswer, c.CanDecline, c.Option = ok(), ok(), softphone.Browser
}

// titled is a call whose title is the agent's to write, and of which a ticket
// can be made.
func titled(c *softphone.CallView) {
	c.Title, c.CanTitle, c.CanTicket = "Refund of order 4711", ok(), ok()
}

func ticketAsked(c *softphone.CallView) { c.Ticket = true }

// notesLater are settings that leave notes to the wrap-up.
func notesLater(v *softphone.View) { v.Settings.NoLiveNotes = true }

func dialing() []Story {
	return []Story{
		{Name: "dialing", View: Dialing()},
		{Name: "dialing-no-calls", Note: "The person wants no calls.", View: edited(Dialing(), func(v *softphone.View) { v.Call.NoCalls = true })},
	}
}

func incoming() []Story {
	return []Story{
		{Name: "incoming", Note: "It rings on the desk phone.", View: Ringing()},
		{Name: "incoming-answer", Note: "It rings in the panel.", View: Ringing(live)},
		{Name: "incoming-looking", Note: "Four seconds left; HubSpot has not answered yet.", View: Ringing(none, func(c *softphone.CallView) {
			c.Match.State = softphone.MatchLooking
			c.RingUntil = Now.Add(4 * time.Second)
		})},
		{Name: "incoming-several", Note: "Each says why it matches.", View: Ringing(several)},
		{Name: "incoming-none", View: Ringing(none)},
		{Name: "incoming-consult", Note: "A colleague asks.", View: Ringing(live, consulted)},
		{Name: "incoming-again", Note: "They talked half an hour ago.", View: edited(Ringing(), func(v *softphone.View) {
			v.History = records()
			v.History[0].CodeName = "Question answered"
		})},
	}
}

func inCall() []Story {
	return []Story{
		{Name: "in-call", View: Talking(noted), Local: saved()},
		{Name: "in-call-paused", Note: "Hold is asked for; the recording is paused.", View: Talking(func(c *softphone.CallView) {
			c.Recording.Paused, c.CanPause, c.CanContinue = true, no(softphone.NotHere), ok()
			c.Pending, c.CanHold = softphone.OpHold, no(softphone.Waiting)
			c.Direction = softphone.Outbound
		}), Local: ui.Local{Drafts: map[softphone.CallKey]string{Key: "Typing"}}},
		{Name: "in-call-browser", Note: "The panel has the microphone; variables can be changed.", View: Talking(noted, browser), Local: saved()},
		{Name: "in-call-variable", Note: "One of them is being changed.", View: Talking(noted, browser), Local: ui.Local{
			SavedAt: saved().SavedAt, Variable: ui.VariableForm{Name: "reason", Text: "Invoice 4711"},
		}},
		{Name: "in-call-masked", View: edited(Talking(noted), func(v *softphone.View) { v.Profile.MaskSensitive, v.Call.Name = true, "" }), Local: saved()},
		{Name: "in-call-no-calls", View: Talking(noted, func(c *softphone.CallView) { c.Direction, c.NoCalls = softphone.Outbound, true }), Local: saved()},
		{Name: "in-call-digits", Note: "DTMF.", View: Talking(noted, browser), Local: ui.Local{Sheet: ui.SheetDigits, SheetFrom: "keypad", Digits: "4711"}},
		{Name: "in-call-digits-hidden", Note: "The recording is paused: it may be a card number.", View: Talking(noted, browser, func(c *softphone.CallView) {
			c.Recording.Paused, c.CanPause, c.CanContinue = true, no(softphone.NotHere), ok()
		}), Local: ui.Local{Sheet: ui.SheetDigits, SheetFrom: "keypad", Digits: "4711"}},
		{Name: "in-call-digits-only", Note: "In the Agent Desktop: no * and no #.", View: Talking(noted, browser, func(c *softphone.CallView) { c.DigitsOnly = true }), Local: ui.Local{
			Sheet: ui.SheetDigits, SheetFrom: "keypad", Digits: "12",
		}},
		{Name: "in-call-title", Note: "The title is the agent's to write; a ticket can be asked for.", View: Talking(noted, titled), Local: saved()},
		{Name: "in-call-title-empty", Note: "The template's title holds.", View: Talking(titled, func(c *softphone.CallView) { c.Title = "" })},
		{Name: "in-call-ticket", Note: "A ticket was asked for.", View: Talking(noted, titled, ticketAsked), Local: saved()},
		{Name: "in-call-no-notes", Note: "Notes are for the wrap-up; a ticket can be asked for.", View: edited(Talking(func(c *softphone.CallView) { c.CanTicket = ok() }), notesLater)},
		{Name: "in-call-create", View: Talking(none), Local: ui.Local{Contact: ui.ContactForm{Open: true, First: "Maria"}}},
		{Name: "in-call-several", View: Talking(several)},
		{Name: "in-call-several-data", Note: "Found by the call's data, by an earlier call, by HubSpot.", View: Talking(severalByData)},
		{Name: "in-call-hint", View: Talking(), Local: ui.Local{Hint: ui.T("en", "why.on-your-phone")}},
		{Name: "in-call-offline", View: edited(Talking(noted), func(v *softphone.View) {
			v.Link, v.Backend = softphone.LinkDown, softphone.BackendState{Down: true, Queued: 2}
			v.Call.NotesSaved = false
		})},
	}
}

func onHold() []Story {
	return []Story{{Name: "on-hold", View: Held(noted), Local: saved()}}
}

func wrapUp() []Story {
	manyCodes := func(c *softphone.CallView) {
		for _, n := range []string{"Address change", "Cancellation", "Technical fault", "Wrong number", "Test"} {
			c.Codes = append(c.Codes, softphone.Code{ID: "x" + n, Name: n})
		}
	}
	return []Story{
		{Name: "wrap-up", View: Wrapping(noted, func(c *softphone.CallView) { c.CodeID, c.CanWrapUp = "w1", ok() }), Local: saved()},
		{Name: "wrap-up-transferred", Note: "Bob has the call now.", View: Wrapping(noted, func(c *softphone.CallView) {
			c.Left = softphone.Departure{How: softphone.LeftBlind, To: softphone.Target{Kind: softphone.ToAgent, ID: "bob", Name: "Bob Meyer"}}
		}), Local: saved()},
		{Name: "wrap-up-missing", Note: "Submitted without a reason.", View: Wrapping(none), Local: ui.Local{Tried: true}},
		{Name: "wrap-up-many", Note: "Nine reasons; wraps up by itself in 25 s.", View: Wrapping(noted, manyCodes, func(c *softphone.CallView) {
			c.AutoWrapAt, c.CanExtend = Now.Add(25*time.Second), ok()
		})},
		{Name: "wrap-up-typed", Note: "Nine reasons, narrowed down by typing.", View: Wrapping(noted, manyCodes), Local: ui.Local{Reason: "ca"}},
		{Name: "wrap-up-follow-up", View: Wrapping(noted, func(c *softphone.CallView) {
			c.CodeID, c.CanWrapUp = "w1", ok()
			c.FollowUp = &softphone.FollowUp{Subject: "Call Maria Silva back", Due: Now.AddDate(0, 0, 3)}
		}), Local: saved()},
		{Name: "wrap-up-title", Note: "Title, notes and a ticket that was asked for; notes begin here.", View: edited(Wrapping(noted, titled, ticketAsked, func(c *softphone.CallView) {
			c.CodeID, c.CanWrapUp = "w1", ok()
		}), notesLater), Local: saved()},
		{Name: "wrap-up-logging", Note: "Changing whom the call is logged to.", View: Wrapping(noted, func(c *softphone.CallView) { c.CodeID, c.CanWrapUp = "w1", ok() }), Local: ui.Local{
			Sheet: ui.SheetRecords, SheetFrom: "logging-edit", Picker: ui.Picker{Text: "mar", At: 1}, Found: map[ui.Slot]ui.Found{ui.SlotRecords: contacts()},
		}},
		{Name: "wrap-up-ringing", Note: "The next call rings while the last is not wrapped up.", View: edited(Ringing(), func(v *softphone.View) {
			w := Wrapping().Calls[0]
			w.Key, w.Name = "i0:ann:1", "João Pereira"
			v.Calls = append([]softphone.CallView{w}, v.Calls...)
		})},
	}
}
