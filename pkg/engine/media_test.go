package engine_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/softphone"
	"deskbridge/pkg/webexcc"
)

// offering is a centre with media of its own.
type offering struct{ *centre }

func (offering) Abilities() softphone.MediaAbilities {
	return softphone.MediaAbilities{Answer: true, Decline: true, Mute: true, Digits: true, Variables: true}
}
func (c offering) Answer(ctx context.Context, id string) error {
	return c.ask(ctx, "media/answer", " ", id)
}
func (c offering) Decline(ctx context.Context, id string) error {
	return c.ask(ctx, "media/decline", " ", id)
}
func (c offering) Mute(ctx context.Context, id string, on bool) error {
	return c.ask(ctx, "media/mute", " ", id, " ", on)
}
func (c offering) SendDigits(ctx context.Context, id, digits string) error {
	return c.ask(ctx, "media/digits", " ", id, " ", digits)
}
func (c offering) UpdateVariable(ctx context.Context, id, name, value string) error {
	return c.ask(ctx, "media/variable", " ", id, " ", name, " ", value)
}

// atTheBrowser is a widget whose contact centre has the call's media.
func atTheBrowser(t *testing.T) *desk {
	t.Helper()
	cc, st := newCentre(), newStore()
	cc.able = true
	signedIn(st, ann)
	d := open(t, cc, newServer(), st)
	d.cc.up(1)
	d.screen(softphone.ScreenIdle)
	return d
}

// coloured is a call with a variable that the agent may change.
func coloured(i *webexcc.Interaction, own *webexcc.Participant) {
	owned(i, own)
	i.CallAssociatedData = map[string]webexcc.CADVariable{
		"colour": {Name: "colour", Value: "red", AgentEditable: webexcc.True, AgentViewable: webexcc.True},
	}
}

// medial are the commands that only a contact centre with media carries out.
var medial = []struct {
	name   string
	before change // Nil: the call rings.
	press  func(softphone.CallKey) softphone.Event
	fault  string
	want   string
	op     string
	limit  time.Duration
}{
	{"answer", nil, press[softphone.AnswerRequested], "media/answer", "media/answer i1", "accept", 10 * time.Second},
	{"decline", nil, press[softphone.DeclineRequested], "media/decline", "media/decline i1", "decline", 10 * time.Second},
	{"mute", owned, func(k softphone.CallKey) softphone.Event { return softphone.MuteRequested{Key: k, On: true} },
		"media/mute", "media/mute i1 true", "mute", 3 * time.Second},
	{"digits", owned, func(k softphone.CallKey) softphone.Event { return softphone.DigitsRequested{Key: k, Digits: "12#"} },
		"media/digits", "media/digits i1 12#", "dtmf", 3 * time.Second},
	{"variable", coloured, func(k softphone.CallKey) softphone.Event {
		return softphone.VariableEdited{Key: k, Name: "colour", Value: "blue"}
	}, "media/variable", "media/variable i1 colour blue", "variable", 5 * time.Second},
}

func atTheBrowserWith(t *testing.T, before change) (*desk, softphone.CallKey) {
	t.Helper()
	d := atTheBrowser(t)
	d.notify(call(webexcc.AgentOfferContact, "i1", nil))
	if before != nil {
		d.notify(call(webexcc.AgentContactAssigned, "i1", before))
	}
	v := d.engine.View()
	require.NotNil(t, v.Call)
	return d, v.Call.Key
}

func TestMediaOfTheContactCentreIsUsed(t *testing.T) {
	t.Parallel()
	for _, m := range medial {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d, key := atTheBrowserWith(t, m.before)

				d.engine.Send(m.press(key))
				synctest.Wait()

				require.Equal(t, []string{m.want}, d.cc.commands())
				require.Empty(t, d.engine.View().Problems)
			})
		})
	}
}

func TestMediaThatRefusesOrHangsIsSaid(t *testing.T) {
	t.Parallel()
	for _, m := range medial {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d, key := atTheBrowserWith(t, m.before)
				d.cc.fail[m.fault] = &webexcc.Error{Op: m.fault, Status: 500, Reason: "NO_MICROPHONE"}
				d.engine.Send(m.press(key))
				synctest.Wait()

				v := d.engine.View()
				require.Equal(t, softphone.CommandRefused, v.Problems[0].Code)
				require.Equal(t, []string{m.op, "NO_MICROPHONE"}, v.Problems[0].Args)
				require.False(t, v.Call.Muted)
				d.engine.Send(softphone.ProblemDismissed{ID: v.Problems[0].ID})

				d.cc.slow[m.fault] = make(chan struct{}) // For ever.
				d.engine.Send(m.press(key))
				time.Sleep(m.limit - time.Second)
				synctest.Wait()
				require.Empty(t, d.engine.View().Problems)
				time.Sleep(2 * time.Second)
				synctest.Wait()
				require.Equal(t, softphone.WebexDown, d.engine.View().Problems[0].Code)
			})
		})
	}
}

func TestMuteIsShownWhenItIsDone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d, key := atTheBrowserWith(t, owned)
		d.cc.slow["media/mute"] = make(chan struct{})

		d.engine.Send(softphone.MuteRequested{Key: key, On: true})
		synctest.Wait()
		require.False(t, d.engine.View().Call.Muted)
		close(d.cc.slow["media/mute"])
		synctest.Wait()

		require.True(t, d.engine.View().Call.Muted)
	})
}

func TestConsultIsAnsweredHere(t *testing.T) {
	t.Parallel()
	for medium, want := range map[string]string{"telephony": "media/answer i1", "chat": "consult/accept i1"} {
		synctest.Test(t, func(t *testing.T) {
			d := atTheBrowser(t)
			d.notify(call(webexcc.AgentOfferConsult, "i1", func(i *webexcc.Interaction, own *webexcc.Participant) {
				i.State, i.Owner, i.MediaType, own.IsConsulted = webexcc.StateConsult, bob, medium, webexcc.True
			}))
			key := d.screen(softphone.ScreenIncoming).Call.Key

			d.engine.Send(softphone.AnswerRequested{Key: key})
			synctest.Wait()

			require.Equal(t, []string{want}, d.cc.commands())
		})
	}
}

func TestDigitalTaskIsAcceptedByWebexNotByMedia(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := atTheBrowser(t)
		d.notify(call(webexcc.AgentOfferContact, "i1", func(i *webexcc.Interaction, _ *webexcc.Participant) { i.MediaType = "chat" }))
		key := d.screen(softphone.ScreenIncoming).Call.Key

		d.engine.Send(softphone.AnswerRequested{Key: key})
		synctest.Wait()

		require.Equal(t, []string{"accept"}, d.cc.commands())
	})
}

func TestDeskPhoneHasItsMediaToItself(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := started(t)
		d.notify(call(webexcc.AgentOfferContact, "i1", nil))
		v := d.screen(softphone.ScreenIncoming)
		require.Equal(t, softphone.OnYourPhone, v.Call.CanAnswer.Why)
		require.Equal(t, softphone.OnYourPhone, v.Call.CanDecline.Why)
		d.notify(call(webexcc.AgentContactAssigned, "i1", coloured))

		v = d.screen(softphone.ScreenInCall)
		require.Equal(t, softphone.OnYourPhone, v.Call.CanMute.Why)
		require.Equal(t, softphone.OnYourPhone, v.Call.CanKeypad.Why)
		require.Equal(t, softphone.NotAllowed, v.Call.CanEditVariable.Why)
		for _, m := range medial {
			d.engine.Send(m.press(v.Call.Key))
		}
		synctest.Wait()
		require.Empty(t, d.cc.commands())
	})
}
