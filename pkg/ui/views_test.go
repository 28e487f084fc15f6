package ui_test

import (
	"time"

	"deskbridge/pkg/softphone"
	"deskbridge/pkg/ui"
)

// now is when all canned views are drawn.
var now = time.Date(2026, 11, 21, 10, 42, 0, 0, time.UTC)

func ago(d time.Duration) time.Time { return now.Add(-d) }

func ok() softphone.Can                     { return softphone.Can{OK: true} }
func no(why softphone.Reason) softphone.Can { return softphone.Can{Why: why} }
func ref(id, name string) *softphone.RecordRef {
	return &softphone.RecordRef{ObjectTypeID: "0-1", ObjectID: id, Name: name}
}

const callKey softphone.CallKey = "i1:ann:1"

func profile() *softphone.Profile {
	return &softphone.Profile{
		LoginOptions:  []softphone.LoginOption{softphone.Extension, softphone.AgentDN, softphone.Browser},
		DefaultNumber: "+14085551212",
		Teams:         []softphone.Named{{ID: "t1", Name: "Billing team"}, {ID: "t2", Name: "Sales team"}},
		IdleCodes: []softphone.Code{
			{ID: "lunch", Name: "Lunch"}, {ID: "meeting", Name: "Meeting"}, {ID: "training", Name: "Training"},
			{ID: "rona", Name: "RONA", System: true},
		},
		WrapUpCodes: []softphone.Code{
			{ID: "w1", Name: "Question answered"}, {ID: "w2", Name: "Sale"},
			{ID: "w3", Name: "Complaint"}, {ID: "w4", Name: "Call back needed"},
		},
		OutdialEnabled: true,
		OutdialANIs: []softphone.ANI{
			{Name: "Main line", Number: "+14155550100", Default: true}, {Name: "Sales", Number: "+14155550199"},
		},
		EndCallEnabled: true, MaskSensitive: true,
	}
}

// idleView is Ann on shift, available, without a call.
func idleView() softphone.View {
	return softphone.View{
		Screen:  softphone.ScreenIdle,
		Status:  softphone.Status{Word: softphone.WordAvailable, Since: ago(12*time.Minute + 5*time.Second)},
		Agent:   softphone.Identity{AgentID: "ann", Name: "Ann Silva", Email: "ann@example.com"},
		Profile: profile(), Link: softphone.LinkUp,
		Station: &softphone.Station{
			Option: softphone.Extension, Number: "1001", TeamID: "t1", Available: true, Since: ago(12 * time.Minute),
		},
		CanDial: ok(), CanGoAvailable: no(softphone.NotHere), CanSetIdle: ok(), CanSignOut: ok(), CanStart: no(softphone.NotHere),
	}
}

func maria() softphone.MatchView {
	return softphone.MatchView{
		State:   softphone.MatchOne,
		Matches: []softphone.Match{{Record: *ref("101", "Maria Silva"), Company: "Acme GmbH", Email: "maria@acme.example"}},
		Chosen:  ref("101", "Maria Silva"),
	}
}

// call is Maria's call to Billing, as seen with a desk phone.
func call(phase softphone.Phase) softphone.CallView {
	c := softphone.CallView{
		Key: callKey, Channel: softphone.Telephony, Direction: softphone.Inbound, Phase: phase,
		Number: "+14155550123", Ours: "+14155550100", Name: "Maria Silva", Queue: "Billing",
		Variables: []softphone.Variable{
			{Name: "tier", Label: "Tier", Value: "Gold"},
			{Name: "reason", Label: "Reason", Value: "Invoice 4711"},
			{Name: "account", Label: "Account", Value: "8812340099", Secure: true},
		},
		Legs:   softphone.Legs{MainID: "m1", Customer: true, Agents: 1},
		Option: softphone.Extension, StartedAt: ago(6 * time.Second), RingUntil: now.Add(12 * time.Second),
		Match: maria(), HasPortal: true, Codes: profile().WrapUpCodes,
		CanOpen: ok(), CanEnd: no(softphone.NotHere), CanWrapUp: no(softphone.NotHere),
		CanAnswer: no(softphone.NotHere), CanDecline: no(softphone.NotHere), CanMute: no(softphone.NotHere), CanKeypad: no(softphone.NotHere),
		CanHold: no(softphone.NotHere), CanResume: no(softphone.NotHere), CanPause: no(softphone.NotHere), CanContinue: no(softphone.NotHere),
		CanConsult: no(softphone.NotHere), CanTransfer: no(softphone.NotHere), CanMerge: no(softphone.NotHere), CanSwap: no(softphone.NotHere),
	}
	if phase == softphone.Talking || phase == softphone.Held || phase == softphone.WrapUp {
		c.StartedAt, c.AnsweredAt, c.RingUntil = ago(200*time.Second), ago(192*time.Second), time.Time{}
		c.Recording = softphone.Recording{Started: true, InProgress: true, MayPause: true}
		c.CanMute, c.CanKeypad = no(softphone.OnYourPhone), no(softphone.OnYourPhone)
		c.CanConsult, c.CanTransfer, c.CanEnd = no(softphone.ComesLater), no(softphone.ComesLater), ok()
		c.CanHold, c.CanPause = ok(), ok()
	}
	return c
}

// with puts a call on the stage.
func with(screen softphone.Screen, w softphone.StatusWord, c softphone.CallView, change ...func(*softphone.View)) softphone.View {
	v := idleView()
	v.Screen, v.Status = screen, softphone.Status{Word: w, Since: c.StartedAt}
	if !c.AnsweredAt.IsZero() {
		v.Status.Since = c.AnsweredAt
	}
	v.Call, v.Calls = &c, []softphone.CallView{c}
	v.CanDial, v.CanSignOut = no(softphone.InCall), no(softphone.InCall)
	for _, f := range change {
		f(&v)
	}
	return v
}

func ringing(change ...func(*softphone.CallView)) softphone.View {
	c := call(softphone.Ringing)
	c.CanAnswer, c.CanDecline = no(softphone.OnYourPhone), no(softphone.OnYourPhone)
	return with(softphone.ScreenIncoming, softphone.WordRinging, edit(c, change...))
}

func talking(change ...func(*softphone.CallView)) softphone.View {
	return with(softphone.ScreenInCall, softphone.WordConnected, edit(call(softphone.Talking), change...))
}

func held(change ...func(*softphone.CallView)) softphone.View {
	c := call(softphone.Held)
	c.CanHold, c.CanResume, c.HeldAt = no(softphone.NotHere), ok(), ago(72*time.Second)
	return with(softphone.ScreenOnHold, softphone.WordHeld, edit(c, change...), func(v *softphone.View) { v.Status.Since = c.HeldAt })
}

func wrapping(change ...func(*softphone.CallView)) softphone.View {
	c := call(softphone.WrapUp)
	c.EndedAt, c.Outcome, c.CanEnd = ago(9*time.Second), softphone.Completed, no(softphone.NotHere)
	c.CanWrapUp = no(softphone.NoReasonChosen)
	return with(softphone.ScreenWrapUp, softphone.WordWrapUp, edit(c, change...), func(v *softphone.View) { v.Status.Since = c.EndedAt })
}

func dialingView() softphone.View {
	c := call(softphone.Dialing)
	c.Direction, c.Queue, c.Variables, c.RingUntil = softphone.Outbound, "", nil, time.Time{}
	c.StartedAt, c.CanEnd = ago(4*time.Second), ok()
	return with(softphone.ScreenDialing, softphone.WordDialing, c)
}

func edit(c softphone.CallView, change ...func(*softphone.CallView)) softphone.CallView {
	for _, f := range change {
		f(&c)
	}
	return c
}

func missedView() softphone.View {
	v := idleView()
	v.Screen = softphone.ScreenMissed
	v.Status = softphone.Status{Word: softphone.WordRona, Since: ago(20 * time.Second), Idle: "RONA"}
	v.Station.Available, v.Station.AuxCodeID = false, "rona"
	v.CanGoAvailable = ok()
	v.Missed = &softphone.Missed{
		Key: callKey, Number: "+14155550123", Name: "Maria Silva", Queue: "Billing",
		Reason: "RONA_TIMER_EXPIRED", Outcome: softphone.MissedOut, At: ago(20 * time.Second),
	}
	return v
}

// records are a day and a half of calls in every state.
func records() []softphone.Record {
	r := func(key string, start time.Time, d time.Duration, state softphone.ReceiptState) softphone.Record {
		rec := softphone.Record{
			Key: softphone.CallKey(key), Channel: softphone.Telephony, Direction: softphone.Inbound, Number: "+14155550123",
			StartedAt: start, EndedAt: start.Add(d), Queue: "Billing", Outcome: softphone.Completed,
			Receipt: softphone.Receipt{State: state},
		}
		if d > 0 {
			rec.AnsweredAt = start
		}
		return rec
	}
	maria := r("1", ago(30*time.Minute), 192*time.Second, softphone.Enriched)
	maria.Record, maria.Receipt.URL = ref("101", "Maria Silva"), "https://app.hubspot.com/contacts/1/record/0-1/101"
	queued := r("2", ago(50*time.Minute), 42*time.Second, softphone.NoReceipt)
	queued.Direction, queued.Name, queued.Queue = softphone.Outbound, "João Pereira", ""
	refused := r("3", ago(80*time.Minute), 734*time.Second, softphone.NeedsYou)
	refused.Name, refused.Receipt.Detail = "Acme GmbH", "HubSpot requires “Region”."
	missed := r("4", ago(20*time.Hour), 0, softphone.Saved)
	missed.Outcome = softphone.MissedOut
	busy := r("5", ago(21*time.Hour), 0, softphone.Queued)
	busy.Direction, busy.Outcome, busy.Name = softphone.Outbound, softphone.Busy, "Bernd Mustermann"
	older := r("6", ago(70*time.Hour), 3700*time.Second, softphone.Saved)
	older.Name = "A customer with quite a long name indeed"
	return []softphone.Record{maria, queued, refused, missed, busy, older}
}

// A scene is one canned picture of the panel.
type scene struct {
	name  string
	view  softphone.View
	local ui.Local
}

func scenes() []scene {
	edited := func(v softphone.View, f func(*softphone.View)) softphone.View { f(&v); return v }
	agent := softphone.Identity{AgentID: "ann", Name: "Ann Silva", Email: "ann@example.com"}
	stationView := softphone.View{
		Screen: softphone.ScreenStation, Status: softphone.Status{Word: softphone.WordStation}, Agent: agent,
		Profile: profile(), Link: softphone.LinkUp, CanStart: ok(), CanSignOut: ok(),
		CanDial: no(softphone.NoStation), CanSetIdle: no(softphone.NoStation), CanGoAvailable: no(softphone.NoStation),
	}
	signedOut := softphone.View{
		Screen: softphone.ScreenSignIn, Status: softphone.Status{Word: softphone.WordSignedOut},
		CanStart: no(softphone.NotHere), CanSignOut: no(softphone.Waiting), CanDial: no(softphone.NoStation),
	}
	saved := map[softphone.CallKey]time.Time{callKey: now}
	noted := func(c *softphone.CallView) {
		c.Notes, c.NotesSaved = "Asked about invoice 4711. Send a copy to the new address.", true
	}
	several := func(c *softphone.CallView) {
		c.Name, c.CanOpen = "", no(softphone.NoRecord)
		c.Match = softphone.MatchView{State: softphone.MatchSeveral, Matches: []softphone.Match{
			{Record: *ref("101", "Maria Silva"), Company: "Acme GmbH", Email: "maria@acme.example"},
			{Record: *ref("102", "Mario Silva"), Email: "mario@example.com"},
		}}
	}
	none := func(c *softphone.CallView) {
		c.Name, c.CanOpen = "", no(softphone.NoRecord)
		c.Match = softphone.MatchView{State: softphone.MatchNone}
	}
	live := func(c *softphone.CallView) {
		c.CanAnswer, c.CanDecline, c.Option = ok(), ok(), softphone.Browser
	}
	manyCodes := func(c *softphone.CallView) {
		for _, n := range []string{"Address change", "Cancellation", "Technical fault", "Wrong number", "Test"} {
			c.Codes = append(c.Codes, softphone.Code{ID: "x" + n, Name: n})
		}
	}
	return []scene{
		{"boot", softphone.View{Screen: softphone.ScreenBoot}, ui.Local{BootSince: now}},
		{"boot-slow", softphone.View{Screen: softphone.ScreenBoot, Agent: agent, Status: softphone.Status{Word: softphone.WordConnecting}}, ui.Local{BootSince: ago(3 * time.Second)}},
		{"sign-in", signedOut, ui.Local{}},
		{"sign-in-code", edited(signedOut, func(v *softphone.View) { v.SignCode = "KX7-42" }), ui.Local{}},
		{"sign-in-blocked", edited(signedOut, func(v *softphone.View) {
			v.Problems = []softphone.Problem{{ID: 3, Code: softphone.PopupBlocked}}
		}), ui.Local{}},
		{"station", stationView, ui.Local{Station: ui.StationForm{Number: "1001"}}},
		{"station-dn", stationView, ui.Local{Station: ui.StationForm{Option: softphone.AgentDN, Remember: true}}},
		{"station-invalid", edited(stationView, func(v *softphone.View) {
			v.Problems = []softphone.Problem{{ID: 1, Code: softphone.LoginFailed, Args: []string{"AGENT_NOT_FOUND"}}}
		}), ui.Local{Station: ui.StationForm{Tried: true}}},
		{"station-busy", edited(stationView, func(v *softphone.View) {
			v.Busy, v.CanStart = softphone.LoggingIn, no(softphone.Waiting)
		}), ui.Local{Station: ui.StationForm{Number: "1001"}}},
		{"idle", idleView(), ui.Local{}},
		{"idle-number", idleView(), ui.Local{Number: "+14155550123", KeyAt: 4}},
		{"idle-letters", idleView(), ui.Local{Number: "+1415", NumberBad: true}},
		{"idle-not-allowed", edited(idleView(), func(v *softphone.View) {
			v.CanDial = no(softphone.NotAllowed)
			v.Profile.OutdialEnabled = false
			v.Status = softphone.Status{Word: softphone.WordIdle, Idle: "Lunch", Since: ago(65 * time.Minute)}
		}), ui.Local{}},
		{"idle-after-call", edited(idleView(), func(v *softphone.View) {
			v.History = records()
			v.History[0].StartedAt, v.History[0].EndedAt = ago(200*time.Second), ago(8*time.Second)
			v.History[0].AnsweredAt = v.History[0].StartedAt
		}), ui.Local{}},
		{"menu", idleView(), ui.Local{MenuOpen: true}},
		{"menu-in-call", talking(), ui.Local{MenuOpen: true}},
		{"dialing", dialingView(), ui.Local{}},
		{"incoming", ringing(), ui.Local{}},
		{"incoming-answer", ringing(live), ui.Local{}},
		{"incoming-looking", ringing(func(c *softphone.CallView) {
			none(c)
			c.Match.State = softphone.MatchLooking
			c.RingUntil = now.Add(4 * time.Second)
		}), ui.Local{}},
		{"incoming-several", ringing(several), ui.Local{}},
		{"incoming-none", ringing(none), ui.Local{}},
		{"in-call", talking(noted), ui.Local{SavedAt: saved}},
		{"in-call-paused", talking(func(c *softphone.CallView) {
			c.Recording.Paused, c.CanPause, c.CanContinue = true, no(softphone.NotHere), ok()
			c.Pending, c.CanHold = softphone.OpHold, no(softphone.Waiting)
			c.Direction = softphone.Outbound
		}), ui.Local{Drafts: map[softphone.CallKey]string{callKey: "Typing"}}},
		{"in-call-create", talking(none), ui.Local{Contact: ui.ContactForm{Open: true, First: "Maria"}}},
		{"in-call-several", talking(several), ui.Local{}},
		{"in-call-hint", talking(), ui.Local{Hint: ui.T("en", "why.on-your-phone")}},
		{"in-call-offline", edited(talking(noted), func(v *softphone.View) {
			v.Link, v.Backend = softphone.LinkDown, softphone.BackendState{Down: true, Queued: 2}
			v.Call.NotesSaved = false
		}), ui.Local{}},
		{"on-hold", held(noted), ui.Local{SavedAt: saved}},
		{"consulting", with(softphone.ScreenConsult, softphone.WordConsulting, edit(call(softphone.Talking), func(c *softphone.CallView) {
			c.Phase, c.Legs.MainHeld, c.Legs.ConsultPeerName = softphone.ConsultingP, true, "Bob Meyer"
			c.CanHold, c.CanPause, c.CanEnd = no(softphone.NotHere), no(softphone.NotHere), no(softphone.ComesLater)
		})), ui.Local{}},
		{"wrap-up", wrapping(noted, func(c *softphone.CallView) { c.CodeID, c.CanWrapUp = "w1", ok() }), ui.Local{SavedAt: saved}},
		{"wrap-up-missing", wrapping(none), ui.Local{Tried: true}},
		{"wrap-up-many", wrapping(noted, manyCodes, func(c *softphone.CallView) { c.AutoWrapAt = now.Add(25 * time.Second) }), ui.Local{}},
		{"wrap-up-ringing", edited(ringing(), func(v *softphone.View) {
			w := wrapping().Calls[0]
			w.Key, w.Name = "i0:ann:1", "João Pereira"
			v.Calls = append([]softphone.CallView{w}, v.Calls...)
		}), ui.Local{}},
		{"missed", missedView(), ui.Local{}},
		{"follower", edited(talking(), func(v *softphone.View) {
			v.Screen, v.Status = softphone.ScreenFollower, softphone.Status{Word: softphone.WordFollower}
		}), ui.Local{}},
		{"follower-sure", edited(talking(), func(v *softphone.View) {
			v.Screen, v.Status = softphone.ScreenFollower, softphone.Status{Word: softphone.WordFollower}
		}), ui.Local{Confirm: "bring"}},
		{"follower-taken", edited(idleView(), func(v *softphone.View) {
			v.Screen, v.Status, v.Link = softphone.ScreenFollower, softphone.Status{Word: softphone.WordFollower}, softphone.LinkTaken
		}), ui.Local{}},
		{"history", edited(idleView(), func(v *softphone.View) { v.History = records() }), ui.Local{Tab: ui.TabHistory}},
		{"history-needs-you", edited(idleView(), func(v *softphone.View) { v.History = records() }), ui.Local{Tab: ui.TabHistory, NeedsYou: true}},
		{"history-empty", idleView(), ui.Local{Tab: ui.TabHistory}},
		{"history-in-call", edited(talking(), func(v *softphone.View) { v.History = records() }), ui.Local{Tab: ui.TabHistory}},
		{"problems", edited(idleView(), func(v *softphone.View) {
			v.Problems = []softphone.Problem{
				{ID: 1, Code: softphone.DialFailed, Args: []string{"CUSTOMER_BUSY"}}, {ID: 2, Code: softphone.NavigateRefused},
			}
		}), ui.Local{}},
	}
}

// draw renders a scene.
func (s scene) draw() ui.Env { return ui.Env{Now: now, Local: s.local} }
