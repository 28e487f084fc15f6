package stories

import (
	"time"

	"deskbridge/pkg/softphone"
)

// Now is when all stories happen.
var Now = time.Date(2026, 11, 21, 10, 42, 0, 0, time.UTC)

func ago(d time.Duration) time.Time         { return Now.Add(-d) }
func ok() softphone.Can                     { return softphone.Can{OK: true} }
func no(why softphone.Reason) softphone.Can { return softphone.Can{Why: why} }
func ref(id, name string) *softphone.RecordRef {
	return &softphone.RecordRef{ObjectTypeID: "0-1", ObjectID: id, Name: name}
}

// Key is the key of the call on stage.
const Key softphone.CallKey = "i1:ann:1"

// Profile is what Ann may do: three ways to log in, dialling, four reasons.
func Profile() *softphone.Profile {
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
		EndCallEnabled: true, ConsultToQueue: true, EndConsultEnabled: true, AddressBook: true,
	}
}

// Idle is Ann on shift, available, without a call.
func Idle() softphone.View {
	return softphone.View{
		Screen:  softphone.ScreenIdle,
		Status:  softphone.Status{Word: softphone.WordAvailable, Since: ago(12*time.Minute + 5*time.Second)},
		Agent:   softphone.Identity{AgentID: "ann", Name: "Ann Silva", Email: "ann@example.com"},
		Profile: Profile(), Link: softphone.LinkUp,
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
		Key: Key, Channel: softphone.Telephony, Direction: softphone.Inbound, Phase: phase,
		Number: "+14155550123", Ours: "+14155550100", Name: "Maria Silva", Queue: "Billing",
		Variables: []softphone.Variable{
			{Name: "tier", Label: "Tier", Value: "Gold"},
			{Name: "reason", Label: "Reason", Value: "Invoice 4711"},
			{Name: "account", Label: "Account", Value: "8812340099", Secure: true},
		},
		Legs:   softphone.Legs{MainID: "m1", Customer: true, Agents: 1},
		Option: softphone.Extension, StartedAt: ago(6 * time.Second), RingUntil: Now.Add(12 * time.Second),
		Match: maria(), HasPortal: true, Codes: Profile().WrapUpCodes,
		CanOpen: ok(), CanEnd: no(softphone.NotHere), CanWrapUp: no(softphone.NotHere),
		CanAnswer: no(softphone.NotHere), CanDecline: no(softphone.NotHere), CanMute: no(softphone.NotHere), CanKeypad: no(softphone.NotHere),
		CanHold: no(softphone.NotHere), CanResume: no(softphone.NotHere), CanPause: no(softphone.NotHere), CanContinue: no(softphone.NotHere),
		CanConsult: no(softphone.NotHere), CanTransfer: no(softphone.NotHere), CanMerge: no(softphone.NotHere), CanSwap: no(softphone.NotHere),
		CanComplete: no(softphone.NotHere), CanEndConsult: no(softphone.NotHere), CanLeave: no(softphone.NotHere), CanHandOver: no(softphone.NotHere),
		CanExtend: no(softphone.NotHere), CanEditVariable: no(softphone.NotHere),
	}
	if phase == softphone.Talking || phase == softphone.Held || phase == softphone.WrapUp {
		c.StartedAt, c.AnsweredAt, c.RingUntil = ago(200*time.Second), ago(192*time.Second), time.Time{}
		c.Recording = softphone.Recording{Started: true, InProgress: true, MayPause: true}
		c.CanMute, c.CanKeypad = no(softphone.OnYourPhone), no(softphone.OnYourPhone)
		c.CanConsult, c.CanTransfer, c.CanEnd = ok(), ok(), ok()
		c.CanHold, c.CanPause = ok(), ok()
	}
	return c
}

// with puts a call on the stage.
func with(screen softphone.Screen, w softphone.StatusWord, c softphone.CallView, change ...func(*softphone.View)) softphone.View {
	v := Idle()
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

// Ringing is the offer of that call, ringing on the desk phone.
func Ringing(change ...func(*softphone.CallView)) softphone.View {
	c := call(softphone.Ringing)
	c.CanAnswer, c.CanDecline = no(softphone.OnYourPhone), no(softphone.OnYourPhone)
	return with(softphone.ScreenIncoming, softphone.WordRinging, edit(c, change...))
}

// Talking is that call since three minutes.
func Talking(change ...func(*softphone.CallView)) softphone.View {
	return with(softphone.ScreenInCall, softphone.WordConnected, edit(call(softphone.Talking), change...))
}

// Held is that call on hold.
func Held(change ...func(*softphone.CallView)) softphone.View {
	c := call(softphone.Held)
	c.CanHold, c.CanResume, c.HeldAt = no(softphone.NotHere), ok(), ago(72*time.Second)
	return with(softphone.ScreenOnHold, softphone.WordHeld, edit(c, change...), func(v *softphone.View) { v.Status.Since = c.HeldAt })
}

// Wrapping is the time after that call.
func Wrapping(change ...func(*softphone.CallView)) softphone.View {
	c := call(softphone.WrapUp)
	c.EndedAt, c.Outcome, c.CanEnd = ago(9*time.Second), softphone.Completed, no(softphone.NotHere)
	c.CanWrapUp, c.CanConsult, c.CanTransfer = no(softphone.NoReasonChosen), no(softphone.NotHere), no(softphone.NotHere)
	c.CanMute, c.CanKeypad, c.CanHold, c.CanPause = no(softphone.NotHere), no(softphone.NotHere), no(softphone.NotHere), no(softphone.NotHere)
	return with(softphone.ScreenWrapUp, softphone.WordWrapUp, edit(c, change...), func(v *softphone.View) { v.Status.Since = c.EndedAt })
}

// Dialing is a call to Maria that nobody has answered.
func Dialing() softphone.View {
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

// Missed is an offer that nobody took.
func Missed() softphone.View {
	v := Idle()
	v.Screen = softphone.ScreenMissed
	v.Status = softphone.Status{Word: softphone.WordRona, Since: ago(20 * time.Second), Idle: "RONA"}
	v.Station.Available, v.Station.AuxCodeID = false, "rona"
	v.CanGoAvailable = ok()
	v.Missed = &softphone.Missed{
		Key: Key, Number: "+14155550123", Name: "Maria Silva", Queue: "Billing",
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
	refused.Name, refused.Receipt.Need, refused.Receipt.Detail = "Acme GmbH", "agent", "HubSpot requires “Region”."
	missed := r("4", ago(20*time.Hour), 0, softphone.Saved)
	missed.Outcome = softphone.MissedOut
	busy := r("5", ago(21*time.Hour), 0, softphone.Queued)
	busy.Direction, busy.Outcome, busy.Name = softphone.Outbound, softphone.Busy, "Bernd Mustermann"
	older := r("6", ago(70*time.Hour), 3700*time.Second, softphone.Saved)
	older.Name = "A customer with quite a long name indeed"
	return []softphone.Record{maria, queued, refused, missed, busy, older}
}
