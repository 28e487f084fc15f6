package ui_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"deskbridge/pkg/softphone"
	"deskbridge/pkg/ui"

	"github.com/stretchr/testify/require"
)

// An alarm notes what the panel does to be heard and seen.
type alarm struct {
	log     []string
	blocked bool
	may     ui.Permission
	ask     func()
}

func (a *alarm) Ring(volume int)           { a.log = append(a.log, "ring "+strconv.Itoa(volume)) }
func (a *alarm) Quiet()                    { a.log = append(a.log, "quiet") }
func (a *alarm) Blocked() bool             { return a.blocked }
func (a *alarm) Title(text string)         { a.log = append(a.log, "title "+text) }
func (a *alarm) Notify(title, body string) { a.log = append(a.log, "notify "+title+", "+body) }
func (a *alarm) Withdraw()                 { a.log = append(a.log, "withdraw") }
func (a *alarm) Permission() ui.Permission { return a.may }
func (a *alarm) Ask(done func())           { a.ask = done }

func (a *alarm) take() []string {
	out := a.log
	a.log = nil
	return out
}

func alarmed(prefs string) (*bench, *alarm) {
	b := newBench(idleView())
	a := &alarm{may: ui.NotifyAllowed}
	b.Alerts, b.Memory = a, memory{"prefs": prefs}
	b.OnInit()
	return b, a
}

func live() softphone.View {
	return ringing(func(c *softphone.CallView) { c.CanAnswer = ok() })
}

func TestARingingCallRingsOnce(t *testing.T) {
	t.Parallel()
	b, a := alarmed(`{"desktop":true}`)
	require.Empty(t, a.take())

	ui.Show(b.Panel, live())
	for range 3 {
		ui.Show(b.Panel, live()) // Lookups and others come while it rings.
	}
	require.Equal(t, []string{"ring 6", "title ☎ Maria Silva calling", "notify ☎ Maria Silva calling, Incoming call · Billing"}, a.take())

	ui.Show(b.Panel, talking())
	require.Equal(t, []string{"quiet", "withdraw", "title "}, a.take())
	ui.Show(b.Panel, talking())
	b.pass(time.Second)
	require.Empty(t, a.take())
}

func TestRingingStopsWithThePressOfAnswer(t *testing.T) {
	t.Parallel()
	for _, op := range []softphone.Op{softphone.OpAccept, softphone.OpDecline} {
		b, a := alarmed("")
		ui.Show(b.Panel, live())
		a.take()

		ui.Show(b.Panel, ringing(func(c *softphone.CallView) { c.Pending = op }))

		require.Contains(t, a.take(), "quiet", op)
	}
}

func TestWithdrawnOfferAndSecondOffer(t *testing.T) {
	t.Parallel()
	b, a := alarmed("")
	ui.Show(b.Panel, live())
	ui.Show(b.Panel, missedView())
	require.Equal(t, []string{"ring 6", "title ☎ Maria Silva calling", "quiet", "withdraw", "title "}, a.take())

	ui.Show(b.Panel, live())

	require.Equal(t, []string{"ring 6", "title ☎ Maria Silva calling"}, a.take())
}

// TestOnlyTheLeadingTabRings: the others show the same call on another screen.
func TestOnlyTheLeadingTabRings(t *testing.T) {
	t.Parallel()
	b, a := alarmed(`{"desktop":true}`)
	v := live()
	v.Screen = softphone.ScreenFollower

	ui.Show(b.Panel, v)
	b.pass(time.Second)

	require.Empty(t, a.take())
}

func TestRingtoneSettings(t *testing.T) {
	t.Parallel()
	b, a := alarmed(`{"mute":true,"volume":3}`)
	ui.Show(b.Panel, live())
	require.NotContains(t, a.take(), "ring 3", "switched off")

	ui.ApplyTo(b.Panel, ui.SetRing(true))
	require.Equal(t, []string{"ring 3"}, a.take())
	ui.Type(b.Panel, "volume", "9")
	require.Equal(t, []string{"ring 9"}, a.take(), "louder while it rings")
	ui.ApplyTo(b.Panel, ui.SetRing(false))
	require.Equal(t, []string{"quiet"}, a.take())
}

func TestTryingTheRingtone(t *testing.T) {
	t.Parallel()
	b, a := alarmed("")
	ui.ApplyTo(b.Panel, ui.TestRing())
	require.Equal(t, []string{"ring 6"}, a.take())
	b.pass(time.Second)
	require.Empty(t, a.take())
	b.pass(time.Second)
	require.Equal(t, []string{"quiet"}, a.take())
}

func TestBlockedSoundShowsAButton(t *testing.T) {
	t.Parallel()
	b, a := alarmed("")
	a.blocked = true
	ui.Show(b.Panel, live())
	require.Nil(t, byID(parse(t, b.Render()), "sound-on"), "the browser has not decided yet")

	b.pass(time.Second)
	root := parse(t, b.Render())
	require.Equal(t, "Turn on", text(byID(root, "sound-on")))
	require.True(t, shown(byID(root, "zone-notices")))
	ui.Press(b.Panel, ui.Key{Key: "F6", Zone: "zone-status"})
	require.Equal(t, "zone-notices", ui.TakeFocus(b.Panel))

	a.blocked = false // The press itself lets the sound out.
	ui.ApplyTo(b.Panel, ui.SoundOn())
	require.Nil(t, byID(parse(t, b.Render()), "sound-on"))
	b.pass(time.Second)
	require.Nil(t, byID(parse(t, b.Render()), "sound-on"))

	a.blocked = true
	ui.Show(b.Panel, idleView())
	require.Nil(t, byID(parse(t, b.Render()), "sound-on"), "nothing rings")
}

// TestTitleFlashesSlowly: once in two seconds, well under the 3 Hz that hurt.
func TestTitleFlashesSlowly(t *testing.T) {
	t.Parallel()
	b, a := alarmed("")
	ui.Show(b.Panel, live())
	a.take()

	var got []string
	for range 4 {
		b.pass(time.Second)
		got = append(got, a.take()...)
	}

	require.Equal(t, []string{"title ", "title ☎ Maria Silva calling", "title ", "title ☎ Maria Silva calling"}, got)
}

func TestDesktopNotificationsNeedBothSides(t *testing.T) {
	t.Parallel()
	notified := func(a *alarm) bool {
		return slices.ContainsFunc(a.take(), func(s string) bool { return len(s) > 6 && s[:6] == "notify" })
	}
	b, a := alarmed("")
	ui.Show(b.Panel, live())
	require.False(t, notified(a), "nobody asked for them")

	b, a = alarmed(`{"desktop":true}`)
	a.may = ui.NotifyBlocked
	ui.Show(b.Panel, live())
	require.False(t, notified(a))

	b, a = alarmed("")
	a.may = ui.NotifyAsk
	ui.ApplyTo(b.Panel, ui.OpenPage(ui.TabSettings))
	ui.ApplyTo(b.Panel, ui.SetDesktop(true))
	require.False(t, ui.LocalOf(b.Panel).Prefs.Desktop, "the person is being asked")
	a.may = ui.NotifyAllowed
	a.ask()
	require.True(t, ui.LocalOf(b.Panel).Prefs.Desktop)
	ui.Show(b.Panel, live())
	require.True(t, notified(a))
}

func TestSettingsSayHowNotificationsStand(t *testing.T) {
	t.Parallel()
	for may, want := range map[ui.Permission]string{
		ui.NotifyAllowed: "while you look at another window", ui.NotifyAsk: "asks for your permission",
		ui.NotifyBlocked: "Allow them in the site settings", ui.NotifyFrame: "Not possible inside HubSpot", ui.NotifyNone: "no desktop notifications",
	} {
		b, a := alarmed(`{"desktop":true}`)
		a.may = may
		ui.ApplyTo(b.Panel, ui.OpenPage(ui.TabSettings))

		root := parse(t, b.Render())

		require.Contains(t, text(byID(root, "notify-state")), want)
		box := byID(root, "desktop")
		require.Equal(t, may == ui.NotifyAllowed || may == ui.NotifyAsk, box != nil, may)
		if box != nil {
			require.Equal(t, may == ui.NotifyAllowed, hasAttr(box, "checked"), may)
		}
	}
}

func TestPanelThatGoesIsQuiet(t *testing.T) {
	t.Parallel()
	b, a := alarmed("")
	ui.Show(b.Panel, live())
	a.take()

	b.OnDismount()

	require.Contains(t, a.take(), "quiet")
}
