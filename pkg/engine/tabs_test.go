package engine_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/engine"
	"deskbridge/pkg/softphone"
	"deskbridge/pkg/webexcc"
)

// tab is one end of a channel between two tabs.
type tab struct{ in, out chan []byte }

func tabs() (a, b tab) {
	one, two := make(chan []byte, 100), make(chan []byte, 100)
	return tab{one, two}, tab{two, one}
}

func (t tab) Post(message []byte) error { t.out <- message; return nil }

func (t tab) Receive(ctx context.Context) ([]byte, error) {
	select {
	case m := <-t.in:
		return m, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func TestTabThatFollowsShowsTheOthersCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		here, there := tabs()
		st := newStore()
		signedIn(st, ann)
		mine := another{given: make(chan struct{}, 1), lost: make(chan struct{})}
		mine.given <- struct{}{}
		leading := open(t, newCentre(), newServer(), st, func(c *engine.Config) { c.Leader, c.Tabs = mine, here })
		leading.cc.up(1)
		leading.notify(call(webexcc.AgentOfferContact, "i1", nil))
		leading.screen(softphone.ScreenIncoming)

		// A tab that comes later asks.
		never := another{given: make(chan struct{}), lost: make(chan struct{})}
		following := open(t, newCentre(), newServer(), st, func(c *engine.Config) { c.Leader, c.Tabs = never, there })
		time.Sleep(5 * time.Second)
		v := following.screen(softphone.ScreenFollower)
		require.NotNil(t, v.Call)
		require.Equal(t, softphone.Ringing, v.Call.Phase)
		require.Equal(t, leading.engine.View().Call.Number, v.Call.Number)
		require.Equal(t, leading.engine.View().Call.StartedAt.UnixMilli(), v.Call.StartedAt.UnixMilli())
		require.False(t, v.Call.CanEnd.OK, "nothing can be done from here")

		leading.notify(call(webexcc.AgentContactAssigned, "i1", nil))
		require.Equal(t, softphone.Talking, following.engine.View().Call.Phase)

		// What is no message of these tabs changes nothing.
		for _, text := range []string{
			"", "null", `{"v":2,"agent":"` + ann + `"}`, `{"v":1,"agent":"bob"}`, `{"v":1}`, `[1]`, `{"v":1,"agent":7}`,
		} {
			require.NoError(t, here.Post([]byte(text)))
		}
		synctest.Wait()
		require.NotNil(t, following.engine.View().Call)

		require.NoError(t, here.Post([]byte(`{"v":1,"agent":"`+ann+`"}`)))
		synctest.Wait()
		require.Nil(t, following.engine.View().Call, "the call is over there")
	})
}

// A tab that loses the lead in mid-call does not go on showing what it saw last.
func TestTabThatLosesTheLeadAsksTheOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		here, there := tabs()
		st := newStore()
		signedIn(st, ann)
		lead := another{given: make(chan struct{}, 1), lost: make(chan struct{})}
		lead.given <- struct{}{}
		d := open(t, newCentre(), newServer(), st, func(c *engine.Config) { c.Leader, c.Tabs = lead, here })
		d.cc.up(1)
		d.notify(call(webexcc.AgentOfferContact, "i1", nil))
		d.screen(softphone.ScreenIncoming)
		for len(there.in) > 0 {
			<-there.in
		}

		close(lead.lost)
		synctest.Wait()
		require.NotNil(t, d.screen(softphone.ScreenFollower).Call, "until the other tab speaks, the last word stands")
		require.JSONEq(t, `{"v":1,"agent":"`+ann+`","ask":true}`, string(<-there.in))
		require.NoError(t, there.Post([]byte(`{"v":1,"agent":"`+ann+`"}`)))
		synctest.Wait()
		require.Nil(t, d.screen(softphone.ScreenFollower).Call)
		require.Empty(t, d.engine.View().Calls)
	})
}
