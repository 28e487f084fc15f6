package ledger_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/ledger"
)

func TestExcludedNumbers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		number, entry, region string
		want                  bool
	}{
		{"+14155550100", "+14155550100", "US", true},
		{"+14155550100", "(415) 555-0100", "US", true},
		{"4155550100", "+14155550100", "US", true},
		{"+1 415-555-0100", "+14155550100", "US", true},
		{"+14155550100", "+14155550101", "US", false},
		{"+14155550100", "+1415555*", "US", true},
		{"415 555 0100", "+1415*", "US", true},
		{"+442079460991", "020 7946 0991", "GB", true},
		{"+442079460991", "020 7946 0991", "US", false},
		{"1001", "1001", "US", true},
		{"1001", "10*", "US", true},
		{"1001", "100", "US", false},
		{"10011", "1001", "US", false},
		{"+14155550100", "0100", "US", false},
		{"anonymous", "1*", "US", false},
		{"", "1*", "US", false},
		{"+14155550100", "*", "US", false},
		{"+14155550100", "", "US", false},
	} {
		got := ledger.Excluded(tt.number, []string{"7777", tt.entry}, tt.region)

		require.Equal(t, tt.want, got, "%+v", tt)
	}
}

func with(cfg ledger.Config, s ledger.Settings) ledger.Config {
	cfg.Settings = func(context.Context, string, string, backend.Layout) (ledger.Settings, error) { return s, nil }
	return cfg
}

func TestExcludedNumbersAreKeptHere(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c := newCRM()
		l := start(t, with(config(url, c), ledger.Settings{ExcludedNumbers: []string{"+1415555*"}, Region: "US"}))
		byHost, other := inbound("host"), inbound("other")
		byHost.HostCreates, byHost.EngagementID = true, c.hostMakes(map[string]string{"hs_timestamp": "1"})
		other.Number = "+12065550100"

		put(t, l, inbound("plain"))
		put(t, l, byHost)
		put(t, l, other)
		got := await(t, l, "plain", "saved")
		require.Equal(t, "kept here: this number is not logged", got.Receipt.Detail)
		require.Empty(t, got.Receipt.URL)
		got = await(t, l, "host", "saved")
		require.Equal(t, "kept here: this number is not logged", got.Receipt.Detail)
		await(t, l, "other", "enriched")

		require.Equal(t, "other", only(t, c).Properties["hs_call_external_id"])
		asked := c.count("archive")
		byHost.Revision, byHost.Notes = 2, "more"
		put(t, l, byHost)
		await(t, l, "host", "saved")
		require.Equal(t, asked, c.count("archive"), "what is archived is not archived again")
	})
}

type leggedRecord struct {
	Agent  ledger.Agent
	Record backend.Record
}

// fresh is another database of the same kind.
func fresh(t *testing.T, like string) string {
	if strings.HasPrefix(like, "postgres") {
		return postgres(t)
	}
	return sqlite(t)
}

// offered is Ann's offer of the interaction that Bob answers 40 s later.
func offered() (anns, bobs leggedRecord) {
	return leggedRecord{ann, missed("interaction-1:ann:1")}, leggedRecord{bob, leg(bob, 40)}
}

func TestOfferAnsweredElsewhereIsDropped(t *testing.T) {
	drop := ledger.Settings{DropAnsweredElsewhere: true}
	onEach(t, func(t *testing.T, url string) {
		anns, bobs := offered()
		t.Run("the answer is known first", func(t *testing.T) {
			c := newCRM()
			l := start(t, with(config(fresh(t, url), c), drop))
			by(t, l, bobs.Agent, bobs.Record)
			written(t, l, bobs.Agent, bobs.Record)
			put(t, l, anns.Record)

			got := await(t, l, anns.Record.Key, "saved")
			require.Equal(t, "kept here: another agent answered", got.Receipt.Detail)
			require.Equal(t, bobs.Record.Key, only(t, c).Properties["hs_call_external_id"])
		})
		t.Run("the answer comes later", func(t *testing.T) {
			c := newCRM()
			l := start(t, with(config(fresh(t, url), c), drop))
			put(t, l, anns.Record)
			await(t, l, anns.Record.Key, "enriched")
			only(t, c)
			by(t, l, bobs.Agent, bobs.Record)

			got := await(t, l, anns.Record.Key, "saved")
			require.Equal(t, "kept here: another agent answered", got.Receipt.Detail)
			require.Empty(t, got.Receipt.URL)
			written(t, l, bobs.Agent, bobs.Record)
			require.Equal(t, bobs.Record.Key, only(t, c).Properties["hs_call_external_id"])
		})
		t.Run("not if nobody wants it", func(t *testing.T) {
			c := newCRM()
			l := start(t, config(fresh(t, url), c))
			put(t, l, anns.Record)
			by(t, l, bobs.Agent, bobs.Record)
			await(t, l, anns.Record.Key, "enriched")
			written(t, l, bobs.Agent, bobs.Record)
			require.Len(t, c.live(), 2)
		})
	})
}

func TestOffersThatStay(t *testing.T) {
	t.Parallel()
	anns, bobs := offered()
	for name, change := range map[string]func(anns, bobs *leggedRecord){
		"answered before the offer":    func(_, b *leggedRecord) { b.Record.AnsweredAt = anns.Record.StartedAt - 1 },
		"nobody answered":              func(_, b *leggedRecord) { b.Record.AnsweredAt = 0 },
		"another interaction":          func(_, b *leggedRecord) { b.Record.InteractionID = "interaction-2" },
		"the same agent's later offer": func(_, b *leggedRecord) { b.Agent, b.Record.Key = ann, "interaction-1:ann:2" },
		"a consult":                    func(a, _ *leggedRecord) { a.Record.Consulted = true },
		"who was consulted":            func(_, b *leggedRecord) { b.Record.Consulted = true },
		"an outdial":                   func(a, _ *leggedRecord) { a.Record.Direction = "OUTBOUND" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCRM()
			l := start(t, with(config(sqlite(t), c), ledger.Settings{DropAnsweredElsewhere: true}))
			a, b := anns, bobs
			change(&a, &b)
			by(t, l, b.Agent, b.Record)
			written(t, l, b.Agent, b.Record)
			by(t, l, a.Agent, a.Record)
			written(t, l, a.Agent, a.Record)

			require.Len(t, c.live(), 2)
		})
	}
}

// What a person has made of the activity is not thrown away.
func TestDroppedOfferThatAPersonChangedStays(t *testing.T) {
	t.Parallel()
	c := newCRM()
	l := start(t, with(config(sqlite(t), c), ledger.Settings{DropAnsweredElsewhere: true}))
	anns, bobs := offered()
	put(t, l, anns.Record)
	await(t, l, anns.Record.Key, "enriched")
	c.edit(only(t, c).ID, "hs_call_body", "I called back.")
	read := c.count("call")

	by(t, l, bobs.Agent, bobs.Record)
	written(t, l, bobs.Agent, bobs.Record)
	eventually(t, func() (string, bool) { return "not looked at", c.count("call") > read })
	await(t, l, anns.Record.Key, "enriched")

	require.Len(t, c.live(), 2)
}

// The answer was lost under way: the offer that was dropped turns out to have
// been answered by its agent.
func TestDroppedOfferThatWasAnsweredIsWritten(t *testing.T) {
	t.Parallel()
	for _, byHost := range []bool{false, true} {
		c := newCRM()
		l := start(t, with(config(sqlite(t), c), ledger.Settings{SkipMissed: true}))
		r := missed("call")
		if byHost {
			r.HostCreates, r.EngagementID = true, c.hostMakes(map[string]string{"hs_timestamp": "1"})
		}
		put(t, l, r)
		await(t, l, "call", "saved")
		require.Empty(t, c.live())

		r.Revision, r.AnsweredAt, r.Outcome = 2, r.StartedAt+1000, "COMPLETED"
		put(t, l, r)
		await(t, l, "call", "enriched")
		r.Revision, r.Notes = 3, "more"
		put(t, l, r)
		await(t, l, "call", "enriched")

		require.Contains(t, only(t, c).Properties["hs_call_body"], "more")
	}
}

// The create's answer was lost, then somebody else turned out to have answered:
// what HubSpot has made all the same is found and archived.
func TestDroppedOfferWhoseCreateWasUncertain(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c := newCRM()
		anns, bobs := offered()
		var answered sync.Once
		var l *ledger.Ledger
		c.fail(func(op string, after bool) error {
			if op != "create" || !after {
				return nil
			}
			err := error(nil)
			answered.Do(func() {
				_, putErr := l.Put(context.Background(), bobs.Agent, bobs.Record)
				err = errReset
				if putErr != nil {
					err = putErr
				}
			})
			return err
		})
		cfg := with(config(url, c), ledger.Settings{DropAnsweredElsewhere: true})
		cfg.IndexWait, c.lag = 150*time.Millisecond, 20*time.Millisecond
		l = open(t, cfg)
		put(t, l, anns.Record)
		require.NoError(t, l.Start(t.Context()))

		got := await(t, l, anns.Record.Key, "saved")
		require.Equal(t, "kept here: another agent answered", got.Receipt.Detail)
		written(t, l, bobs.Agent, bobs.Record)
		require.Equal(t, bobs.Record.Key, only(t, c).Properties["hs_call_external_id"])
	})
}

// Two processes get an offer and its answer at the same time, many times over.
func TestDroppedOffersOfTwoReplicas(t *testing.T) {
	t.Parallel()
	url := postgres(t)
	c := newCRM()
	drop := ledger.Settings{DropAnsweredElsewhere: true}
	replicas := []*ledger.Ledger{start(t, with(config(url, c), drop)), start(t, with(config(url, c), drop))}
	const n = 25
	var wg sync.WaitGroup
	for i := range n {
		anns, bobs := offered()
		for r, x := range []leggedRecord{anns, bobs} {
			x.Record.Key += "/" + string(rune('a'+i))
			x.Record.InteractionID = x.Record.Key[len(x.Record.Key)-1:]
			wg.Go(func() {
				_, err := replicas[(i+r)%2].Put(context.Background(), x.Agent, x.Record)
				require.NoError(t, err)
			})
		}
	}
	wg.Wait()

	eventually(t, func() (string, bool) {
		s, err := replicas[0].Depth(context.Background())
		left := 0
		for _, call := range c.live() {
			if call.Properties["hs_call_status"] != "COMPLETED" {
				left++
			}
		}
		return "", err == nil && s.Waiting == 0 && left == 0 && len(c.live()) == n
	})
}
