package stories

import (
	"time"

	"deskbridge/pkg/softphone"
	"deskbridge/pkg/ui"
)

func ann() softphone.Identity {
	return softphone.Identity{AgentID: "ann", Name: "Ann Silva", Email: "ann@example.com"}
}

func boot() []Story {
	return []Story{
		{Name: "boot", View: softphone.View{Screen: softphone.ScreenBoot}, Local: ui.Local{BootSince: Now}},
		{
			Name: "boot-slow", Note: "After two seconds the steps are listed.",
			View:  softphone.View{Screen: softphone.ScreenBoot, Agent: ann(), Status: softphone.Status{Word: softphone.WordConnecting}},
			Local: ui.Local{BootSince: ago(3 * time.Second)},
		},
	}
}

func signIn() []Story {
	out := softphone.View{
		Screen: softphone.ScreenSignIn, Status: softphone.Status{Word: softphone.WordSignedOut},
		CanStart: no(softphone.NotHere), CanSignOut: no(softphone.Waiting), CanDial: no(softphone.NoStation),
	}
	return []Story{
		{Name: "sign-in", View: out},
		{Name: "sign-in-code", View: edited(out, func(v *softphone.View) { v.SignCode = "KX7-42" })},
		{Name: "sign-in-blocked", View: edited(out, func(v *softphone.View) {
			v.Problems = []softphone.Problem{{ID: 3, Code: softphone.PopupBlocked}}
		})},
	}
}

func station() []Story {
	view := softphone.View{
		Screen: softphone.ScreenStation, Status: softphone.Status{Word: softphone.WordStation}, Agent: ann(),
		Profile: Profile(), Link: softphone.LinkUp, CanStart: ok(), CanSignOut: ok(),
		CanDial: no(softphone.NoStation), CanSetIdle: no(softphone.NoStation), CanGoAvailable: no(softphone.NoStation),
	}
	return []Story{
		{Name: "station", View: view, Local: ui.Local{Station: ui.StationForm{Number: "1001"}}},
		{Name: "station-dn", View: view, Local: ui.Local{Station: ui.StationForm{Option: softphone.AgentDN, Remember: true}}},
		{Name: "station-invalid", View: edited(view, func(v *softphone.View) {
			v.Problems = []softphone.Problem{{ID: 1, Code: softphone.LoginFailed, Args: []string{"AGENT_NOT_FOUND"}}}
		}), Local: ui.Local{Station: ui.StationForm{Tried: true}}},
		{Name: "station-busy", View: edited(view, func(v *softphone.View) {
			v.Busy, v.CanStart = softphone.LoggingIn, no(softphone.Waiting)
		}), Local: ui.Local{Station: ui.StationForm{Number: "1001"}}},
	}
}

func idle() []Story {
	return []Story{
		{Name: "idle", View: Idle()},
		{Name: "idle-number", View: Idle(), Local: ui.Local{Number: "+14155550123", KeyAt: 4}},
		{Name: "idle-checked", Note: "The server knows the number and whose it is.", View: Idle(), Local: ui.Local{
			Number: "+14155550123", Check: checked("+14155550123", func(i *softphone.NumberInfo) { i.Matches = maria().Matches }),
		}},
		{Name: "idle-no-calls", Note: "They want no calls; Call was pressed once.", View: Idle(), Local: ui.Local{
			Number: "+14155550123", Confirm: "call +14155550123", Hint: ui.T("en", "no-calls.sure"),
			Check: checked("+14155550123", func(i *softphone.NumberInfo) {
				i.Matches = maria().Matches
				i.Matches[0].NoCalls = true
			}),
		}},
		{Name: "idle-dial-plan", Note: "The dial plan stops the number.", View: Idle(), Local: ui.Local{
			Number: "+19005550123", Check: checked("+19005550123", func(i *softphone.NumberInfo) { i.Allowed = false }),
		}},
		{Name: "idle-search", Note: "A name: recent calls, contacts, address book.", View: edited(Idle(), func(v *softphone.View) { v.History = records() }), Local: ui.Local{
			Search: "mar", RowAt: 1, Found: map[ui.Slot]ui.Found{ui.SlotContacts: contacts(), ui.SlotBook: book()},
		}},
		{Name: "idle-search-none", View: Idle(), Local: ui.Local{Search: "Zoltan", Found: map[ui.Slot]ui.Found{ui.SlotContacts: {State: ui.Answered}}}},
		{Name: "idle-search-failed", View: Idle(), Local: ui.Local{Search: "mar", Found: map[ui.Slot]ui.Found{ui.SlotContacts: {State: ui.FindFailed}}}},
		{Name: "idle-recent", Note: "Customers' numbers are hidden but for two digits.", View: edited(Idle(), func(v *softphone.View) {
			v.History = records()
			v.Profile.MaskSensitive = true
		})},
		{Name: "idle-inactive", Note: "Nothing was done for long.", View: edited(Idle(), func(v *softphone.View) { v.LogoutAt = Now.Add(52 * time.Second) })},
		{Name: "idle-not-allowed", Note: "The profile forbids dialling.", View: edited(Idle(), func(v *softphone.View) {
			v.CanDial = no(softphone.NotAllowed)
			v.Profile.OutdialEnabled = false
			v.Status = softphone.Status{Word: softphone.WordIdle, Idle: "Lunch", Since: ago(65 * time.Minute)}
		})},
		{Name: "idle-after-call", View: edited(Idle(), func(v *softphone.View) {
			v.History = records()
			v.History[0].StartedAt, v.History[0].EndedAt = ago(200*time.Second), ago(8*time.Second)
			v.History[0].AnsweredAt = v.History[0].StartedAt
		})},
	}
}

func menu() []Story {
	return []Story{
		{Name: "menu", View: Idle(), Local: ui.Local{MenuOpen: true}},
		{Name: "menu-in-call", View: Talking(), Local: ui.Local{MenuOpen: true}},
		{Name: "menu-wanted", Note: "Lunch is taken when the call is over.", View: edited(Talking(), func(v *softphone.View) { v.Wanted = "Lunch" }), Local: ui.Local{MenuOpen: true}},
		{Name: "state-wanted", Note: "Lunch is taken when the call is over.", View: edited(Talking(noted), func(v *softphone.View) { v.Wanted = "Lunch" }), Local: saved()},
	}
}

func missed() []Story {
	return []Story{
		{Name: "missed", View: Missed()},
		{Name: "missed-masked", View: edited(Missed(), func(v *softphone.View) { v.Profile.MaskSensitive, v.Missed.Name = true, "" })},
	}
}

func follower() []Story {
	following := func(v *softphone.View) {
		v.Screen, v.Status = softphone.ScreenFollower, softphone.Status{Word: softphone.WordFollower}
	}
	return []Story{
		{Name: "follower", View: edited(Talking(), following)},
		{Name: "follower-sure", View: edited(Talking(), following), Local: ui.Local{Confirm: "bring"}},
		{Name: "follower-taken", View: edited(edited(Idle(), following), func(v *softphone.View) { v.Link = softphone.LinkTaken })},
	}
}

func history() []Story {
	past := func(v *softphone.View) { v.History = records() }
	return []Story{
		{Name: "history", View: edited(Idle(), past), Local: ui.Local{Tab: ui.TabHistory}},
		{Name: "history-together", Note: "Calls with other agents.", View: edited(Idle(), func(v *softphone.View) {
			v.History = records()
			v.History[0].Left = softphone.Departure{How: softphone.LeftConsult, To: softphone.Target{Kind: softphone.ToAgent, ID: "bob", Name: "Bob Meyer"}}
			v.History[1].Left.How = softphone.LeftConference
			v.History[2].Consulted, v.History[5].Conferred = true, true
		}), Local: ui.Local{Tab: ui.TabHistory}},
		{Name: "history-ticket", Note: "A ticket was asked for.", View: edited(Idle(), func(v *softphone.View) {
			v.History = records()[:1]
			v.History[0].Ticket = true
		}), Local: ui.Local{Tab: ui.TabHistory}},
		{Name: "history-kept", Note: "A call that the administrator's rules keep out of HubSpot.", View: edited(Idle(), func(v *softphone.View) {
			v.History = records()[3:4]
			v.History[0].Receipt.Detail = "kept here: this number is not logged"
		}), Local: ui.Local{Tab: ui.TabHistory}},
		{Name: "history-needs-you", Note: "One waits for the agent, one for an administrator.", View: edited(Idle(), func(v *softphone.View) {
			v.History = records()
			refused := v.History[5]
			refused.Receipt = softphone.Receipt{State: softphone.NeedsYou, Need: "admin", Detail: "HubSpot is not connected: an admin must connect it, then this call is logged by itself."}
			v.History[5] = refused
		}), Local: ui.Local{Tab: ui.TabHistory, NeedsYou: true}},
		{Name: "history-empty", View: Idle(), Local: ui.Local{Tab: ui.TabHistory}},
		{Name: "history-in-call", View: edited(Talking(), past), Local: ui.Local{Tab: ui.TabHistory}},
	}
}

func problems() []Story {
	return []Story{{Name: "problems", View: edited(Idle(), func(v *softphone.View) {
		v.Problems = []softphone.Problem{
			{ID: 1, Code: softphone.DialFailed, Args: []string{"CUSTOMER_BUSY"}}, {ID: 2, Code: softphone.NavigateRefused},
		}
	})}, {Name: "problem-dial-ani", View: edited(Idle(), func(v *softphone.View) {
		v.Settings.OutdialANI = "+14155550155"
		v.Problems = []softphone.Problem{{ID: 1, Code: softphone.DialANIRefused, Args: []string{"HTTP 400", "+14155550155"}}}
	})}, {Name: "problem-dial-limit", View: edited(Idle(), func(v *softphone.View) {
		v.Problems = []softphone.Problem{{ID: 1, Code: softphone.DialLimit, Args: []string{"40"}}}
	})}}
}
