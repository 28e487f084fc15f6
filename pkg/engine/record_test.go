package engine_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/softphone"
	"deskbridge/pkg/webexcc"
)

// whole is a record with every field.
func whole() backend.Record {
	at := time.Now().Add(-time.Hour).UnixMilli()
	return backend.Record{
		Key: "i1:" + ann + ":2", Revision: 7, InteractionID: "i1", Channel: "telephony", Direction: "INBOUND",
		Number: "+14155550100", Ours: "+18005550000", Queue: "Billing", Name: "Maria Silva", Phase: "done", Outcome: "COMPLETED",
		StartedAt: at, AnsweredAt: at + 5000, EndedAt: at + 90_000, HoldMs: 12_000, Notes: "refund", CodeID: "w1", CodeName: "Sale",
		Record: &backend.Ref{ObjectTypeID: "0-1", ObjectID: "501", Name: "Maria Silva"},
		MenuMs: 20_000, QueueMs: 60_000, ConferenceMs: 15_000, WrappedAt: at + 95_000, NotListed: true,
		ConsultMs: 30_000, Consulted: true, Conferred: true,
		Left:      &backend.Departure{How: "consult", Kind: "agent", ID: bob, Name: "Bob Castle"},
		Parties:   []string{"Bob Castle", "Cho Park"},
		Variables: []backend.Variable{{Name: "order", Label: "Order", Value: "4711"}},
		FollowUp:  &backend.FollowUp{Subject: "Call back", Due: at + 86_400_000},
		PortalID:  "77", HostCreates: true, EngagementID: "9001", Stage: 4, Popped: true, Final: true,
		Title: "Refund", Ticket: true, Layout: backend.Layout(`{"editTitle":true}`),
	}
}

func TestRecordSurvivesTheWayThereAndBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		srv, st := newServer(), newStore()
		before := whole()
		srv.records[before.Key], srv.state = before, string(softphone.NeedsYou)
		signedIn(st, ann)
		d := open(t, newCentre(), srv, st)
		d.cc.up(1)
		v := d.screen(softphone.ScreenIdle)
		require.Len(t, v.History, 1)
		r := v.History[0]
		require.Equal(t, softphone.Departure{
			How: softphone.LeftConsult, To: softphone.Target{Kind: softphone.ToAgent, ID: bob, Name: "Bob Castle"},
		}, r.Left)
		require.Equal(t, 30*time.Second, r.Consulting)
		require.Equal(t, 15*time.Second, r.Conferring)
		require.Equal(t, 20*time.Second, r.MenuTime)
		require.Equal(t, time.Minute, r.QueueTime)
		require.Equal(t, r.EndedAt.Add(5*time.Second), r.WrappedAt)
		require.Equal(t, []softphone.Variable{{Name: "order", Label: "Order", Value: "4711"}}, r.Variables)
		require.Equal(t, "Call back", r.FollowUp.Subject)

		d.engine.Send(softphone.ReceiptRetried{Key: r.Key})
		synctest.Wait()

		after := d.server.stored()[before.Key]
		require.Equal(t, before.Revision+1, after.Revision)
		after.Revision = before.Revision
		require.Equal(t, before, after)
	})
}

func TestSecureVariablesStayHere(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d, key := inCall(t, all(coloured, func(i *webexcc.Interaction, _ *webexcc.Participant) {
			i.CallAssociatedData["card"] = webexcc.CADVariable{Name: "card", Value: "4111", IsSecure: webexcc.True, AgentViewable: webexcc.True}
		}))
		d.engine.Send(softphone.NotesEdited{Key: key, Text: "x"})
		time.Sleep(5 * time.Second)
		synctest.Wait()

		require.Equal(t, []backend.Variable{{Name: "colour", Label: "colour", Value: "red"}}, d.server.stored()[string(key)].Variables)
		require.Len(t, d.engine.View().Call.Variables, 2)
	})
}

func TestLookupBringsTheNumberAsPeopleWriteItAndTheWishNotToBeCalled(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := started(t)
		d.server.matches = backend.Matches{Display: "(415) 555-0100", Matches: []backend.Match{{
			Record: backend.Ref{ObjectTypeID: "0-1", ObjectID: "501", Name: "Maria Silva"}, Why: "phone", NoCalls: true,
		}}}
		d.notify(call(webexcc.AgentOfferContact, "i1", nil))
		time.Sleep(5 * time.Second)

		v := d.screen(softphone.ScreenIncoming)
		require.Equal(t, "(415) 555-0100", v.Call.Display)
		require.True(t, v.Call.NoCalls)
	})
}

func TestProfileAndSettingsReachThePanel(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		st, srv := newStore(), newServer()
		srv.settings = &backend.Settings{
			PopAt: "connect", PopIn: "new", MatchDeadlineMs: 2000, LogMissed: true, Region: "DE", Language: "de", Theme: "contrast",
			PopAtOutbound: "dial", PreferRecent: true, Locked: []string{"popIn"}, AllowedOrigins: []string{portal},
		}
		srv.config = &backend.Config{
			LoginOptions: []string{"EXTENSION", "AGENT_DN"}, DefaultNumber: "1001", ForceDefault: true, DialNumberPattern: []string{"1.*"},
			Teams: []backend.Named{{ID: "t1", Name: "Care"}}, IdleCodes: []backend.Code{{ID: "0", Name: "Available"}, {ID: "l", Name: "Lunch"}},
			WrapUpCodes: []backend.Code{{ID: "w1", Name: "Sale", Default: true}}, OutdialEnabled: true, OutdialEntryPoint: "ep",
			OutdialANIs: []backend.ANI{{Name: "Main", Number: "+18005550000", Default: true}}, EndCallEnabled: true, EndConsultEnabled: true,
			ConsultToQueue: true, AutoWrapUp: true, AutoWrapAfterMs: 30_000, AutoWrapExtend: true, MaskSensitive: true, PrivacyShield: true,
			HideVariables: true, AddressBook: true, InactivityMs: 600_000, AgentProfileID: "p9",
		}
		signedIn(st, ann)
		d := open(t, newCentre(), srv, st)
		d.cc.up(1)

		v := d.screen(softphone.ScreenIdle)
		require.Equal(t, softphone.Settings{
			PopAt: "connect", PopIn: "new", MatchDeadline: 2 * time.Second, LogMissed: true, Region: "DE", Language: "de", Theme: "contrast",
			PopAtOutbound: "dial", PreferRecent: true, Locked: []string{"popIn"},
		}, v.Settings)
		require.Equal(t, softphone.Profile{
			LoginOptions: []softphone.LoginOption{softphone.Extension, softphone.AgentDN}, DefaultNumber: "1001", ForceDefault: true,
			DialNumberPattern: []string{"1.*"}, Teams: []softphone.Named{{ID: "t1", Name: "Care"}},
			IdleCodes:   []softphone.Code{{ID: "l", Name: "Lunch"}},
			WrapUpCodes: []softphone.Code{{ID: "w1", Name: "Sale", Default: true}}, OutdialEnabled: true,
			OutdialANIs: []softphone.ANI{{Name: "Main", Number: "+18005550000", Default: true}}, EndCallEnabled: true,
			EndConsultEnabled: true, ConsultToQueue: true, AutoWrapUp: true, AutoWrapAfter: 30 * time.Second, AutoWrapExtend: true,
			MaskSensitive: true, PrivacyShield: true, HideVariables: true, AddressBook: true, Inactivity: 10 * time.Minute,
		}, *v.Profile)
		d.engine.Send(softphone.BuddiesRequested{})
		synctest.Wait()
		require.Equal(t, []string{"buddies p9 telephony "}, d.cc.commands())
	})
}
