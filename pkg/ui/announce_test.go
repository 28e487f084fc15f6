package ui_test

import (
	"testing"
	"time"

	"deskbridge/pkg/softphone"
	"deskbridge/pkg/ui"

	"github.com/stretchr/testify/require"
)

func TestTransitionsAreAnnounced(t *testing.T) {
	t.Parallel()
	live := func(c *softphone.CallView) { c.CanAnswer = ok() }
	lunch := idleView()
	lunch.Status = softphone.Status{Word: softphone.WordIdle, Idle: "Lunch"}
	back := idleView()
	back.Link = softphone.LinkDown
	withHistory := func(state softphone.ReceiptState) softphone.View {
		v := idleView()
		v.History = []softphone.Record{{Key: "1", Receipt: softphone.Receipt{State: state}}}
		return v
	}
	tests := []struct {
		name              string
		from, to          softphone.View
		polite, assertive string
	}{
		{"ring on the phone", idleView(), ringing(), "", "Incoming call from Maria Silva, Billing. It rings on your phone. 12 s to answer."},
		{"ring", idleView(), ringing(live), "", "Incoming call from Maria Silva, Billing. Answer with Ctrl Alt A. 12 s to answer."},
		{"connected", ringing(), talking(), "Connected to Maria Silva.", ""},
		{"dialing", idleView(), dialingView(), "Calling Maria Silva.", ""},
		{"hold", talking(), held(), "On hold.", ""},
		{"off hold", held(), talking(), "Off hold.", ""},
		{"end", talking(), wrapping(), "Call ended. Choose a wrap-up reason.", ""},
		{"done", wrapping(), idleView(), "No call. You are: Available.", ""},
		{"missed", ringing(), missedView(), "", "You missed a call from Maria Silva."},
		{"state", idleView(), lunch, "You are now: Lunch.", ""},
		{"link back", back, idleView(), "The connection to Webex is back.", ""},
		{"saved", withHistory(softphone.Queued), withHistory(softphone.Saved), "Saved to HubSpot.", ""},
		{"enriched says nothing new", withHistory(softphone.Saved), withHistory(softphone.Enriched), "", ""},
		{"refused", withHistory(softphone.NoReceipt), withHistory(softphone.NeedsYou), "", "HubSpot refused a call log. See History."},
		{"recording", talking(), talking(func(c *softphone.CallView) { c.Recording.Paused = true }), "Recording paused.", ""},
		{"nothing", talking(), talking(), "", ""},
	}
	for _, tt := range tests {
		b := newBench(tt.from)

		ui.Show(b.Panel, tt.to)

		require.Equal(t, tt.polite, ui.LocalOf(b.Panel).Polite, tt.name)
		require.Equal(t, tt.assertive, ui.LocalOf(b.Panel).Assertive, tt.name)
	}
}

func TestFirstViewIsNotAnnounced(t *testing.T) {
	t.Parallel()
	b := newBench(ringing())
	require.Empty(t, ui.LocalOf(b.Panel).Assertive)
}

func TestAnnouncementsGoAwayAndAreAtMostThree(t *testing.T) {
	t.Parallel()
	b := newBench(idleView())
	for _, why := range []softphone.Reason{softphone.Offline, softphone.InCall, softphone.NoStation, softphone.Waiting} {
		ui.ApplyTo(b.Panel, ui.Explain(why))
	}
	require.Equal(t, "First finish the call you are in. Start your shift first. One moment…", ui.LocalOf(b.Panel).Polite)

	b.pass(4 * time.Second)
	require.NotEmpty(t, ui.LocalOf(b.Panel).Polite)
	b.pass(time.Second)
	require.Empty(t, ui.LocalOf(b.Panel).Polite)
}

func TestRingCountdownIsAnnouncedAgainAtFiveSeconds(t *testing.T) {
	t.Parallel()
	b := newBench(idleView())
	ui.Show(b.Panel, ringing())

	for range 6 {
		b.pass(time.Second)
		require.NotContains(t, ui.LocalOf(b.Panel).Assertive, "Five seconds")
	}
	b.pass(time.Second)

	require.Contains(t, ui.LocalOf(b.Panel).Assertive, "Five seconds left to answer.")
}
