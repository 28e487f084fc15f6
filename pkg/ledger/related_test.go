package ledger_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/ledger"
)

// book is what contacts, companies, deals and tickets there are.
type book struct {
	mu     sync.Mutex
	of     map[string][]ledger.Associate // "0-1/7 0-2": by record and type.
	items  map[string]ledger.Item        // By "type/id".
	refuse map[string]error              // By type.
	asked  int
}

func (b *book) Associated(_ context.Context, typeID, id, to string) ([]ledger.Associate, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.asked++
	return slices.Clone(b.of[typeID+"/"+id+" "+to]), b.refuse[to]
}

func (b *book) Items(_ context.Context, typeID string, ids []string) (out []ledger.Item, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, id := range ids {
		if item, ok := b.items[typeID+"/"+id]; ok {
			item.ID = id
			out = append(out, item)
		}
	}
	return out, nil
}

func (b *book) ClosedStages(context.Context, string) (map[string]bool, error) {
	return map[string]bool{"won": true, "4": true}, nil
}

func (b *book) FirstStage(context.Context, string) (pipeline, stage string, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return "0", "1", b.refuse["stage"]
}

func (b *book) change(do func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	do()
}

func day(n int) time.Time { return time.UnixMilli(t0).AddDate(0, 0, n) }

// mariasBook is Maria with two companies, three deals, one of them closed by
// its stage, and a ticket of two that is open.
func mariasBook() *book {
	contact := "0-1/" + maria + " "
	return &book{
		of: map[string][]ledger.Associate{
			contact + "0-2":  {{ID: "201"}, {ID: "202", Primary: true}},
			contact + "0-3":  {{ID: "301"}, {ID: "302"}, {ID: "303"}, {ID: "304"}},
			contact + "0-5":  {{ID: "501"}, {ID: "502"}},
			"0-2/202 0-3":    {{ID: "301"}},
			"0-3/301 0-1":    {{ID: maria}},
			"0-3/301 0-2":    {{ID: "202"}},
			"0-5/501 0-1":    {{ID: maria}, {ID: "7"}},
			"0-5/501 0-2":    {{ID: "201"}, {ID: "202"}},
			"0-1/9 0-2":      {{ID: "209"}},
			"2-12345/1 0-2":  {{ID: "202", Primary: true}},
			"0-1/8 0-3":      {{ID: "303"}},
			contact + "0-48": {{ID: "1"}},
		},
		items: map[string]ledger.Item{
			"0-3/301": {Stage: "new", At: day(1)}, "0-3/302": {Stage: "won", At: day(5)},
			"0-3/303": {Stage: "new", At: day(3)}, "0-3/304": {Stage: "new", Closed: true, At: day(9)},
			"0-5/501": {Stage: "1", At: day(2)}, "0-5/502": {Stage: "4", At: day(4)},
		},
		refuse: map[string]error{},
	}
}

// beside is a configuration with those rules.
func beside(url string, c *crm, b *book, s ledger.Settings) ledger.Config {
	cfg := config(url, c)
	calls := cfg.Portal
	cfg.Portal = func(ctx context.Context, orgID, portalID string) (ledger.Portal, error) {
		p, err := calls(ctx, orgID, portalID)
		p.Records = b
		return p, err
	}
	cfg.Settings = func(context.Context, string, string, backend.Layout) (ledger.Settings, error) { return s, nil }
	return cfg
}

func links(c call) []string { return slices.Sorted(maps.Keys(c.Links)) }

func TestAssociationsFollowTheRules(t *testing.T) {
	t.Parallel()
	contact := "0-1/" + maria
	rules := func(companies, deals, tickets string) ledger.Settings {
		return ledger.Settings{Companies: companies, Deals: deals, Tickets: tickets}
	}
	for _, tt := range []struct {
		name  string
		of    string
		rules ledger.Settings
		want  []string
	}{
		{"off", contact, rules("off", "off", "off"), nil},
		{"not set", contact, ledger.Settings{}, nil},
		{"the primary company", contact, rules("primary", "off", "off"), []string{"0-2/202"}},
		{"all companies", contact, rules("all", "off", "off"), []string{"0-2/201", "0-2/202"}},
		{"the only open deal of two", contact, rules("off", "only", "off"), nil},
		{"the newest open deal", contact, rules("off", "newest", "off"), []string{"0-3/303"}},
		{"all open deals", contact, rules("off", "all", "off"), []string{"0-3/301", "0-3/303"}},
		{"the only open ticket", contact, rules("off", "off", "only"), []string{"0-5/501"}},
		{"everything", contact, rules("all", "all", "all"), []string{"0-2/201", "0-2/202", "0-3/301", "0-3/303", "0-5/501"}},
		{"one company without a mark", "0-1/9", rules("primary", "only", "only"), []string{"0-2/209"}},
		{"the only open deal", "0-1/8", rules("primary", "only", "only"), []string{"0-3/303"}},
		{"a company's deal", "0-2/202", rules("primary", "only", "only"), []string{"0-3/301"}},
		{"a deal's contact and company", "0-3/301", rules("primary", "off", "off"), []string{contact, "0-2/202"}},
		{"a deal's contact", "0-3/301", rules("off", "off", "off"), []string{contact}},
		{"a ticket of two contacts and two companies", "0-5/501", rules("primary", "all", "all"), nil},
		{"all companies of a ticket", "0-5/501", rules("all", "all", "all"), []string{"0-2/201", "0-2/202"}},
		{"an object of the admin's own", "2-12345/1", rules("all", "all", "all"), nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := newCRM()
			l := start(t, beside(sqlite(t), c, mariasBook(), tt.rules))
			r := inbound("call")
			r.Record = refOf(tt.of)

			put(t, l, r)
			await(t, l, "call", "enriched")

			want := append([]string{tt.of}, tt.want...)
			slices.Sort(want)
			require.Equal(t, want, links(only(t, c)))
		})
	}
}

func refOf(ref string) *backend.Ref {
	var ref2 backend.Ref
	for i, c := range ref {
		if c == '/' {
			ref2 = backend.Ref{ObjectTypeID: ref[:i], ObjectID: ref[i+1:]}
		}
	}
	return &ref2
}

var allOn = ledger.Settings{Companies: "primary", Deals: "newest", Tickets: "only"}

// A call that goes to another contact takes its company and deal along; what a
// person has linked or unlinked meanwhile is left alone.
func TestAssociationsOfOursAreTakenBack(t *testing.T) {
	onEach(t, func(t *testing.T, url string) {
		c, b := newCRM(), mariasBook()
		l := start(t, beside(url, c, b, allOn))
		r := inbound("call")
		put(t, l, r)
		await(t, l, "call", "enriched")
		made := only(t, c)
		require.Equal(t, []string{"0-1/" + maria, "0-2/202", "0-3/303", "0-5/501"}, links(made))
		c.relink(made.ID, "0-2/202", false) // A person says that it was not about the company,
		c.relink(made.ID, "0-3/777", true)  // but about that deal,
		c.relink(made.ID, "0-2/209", true)  // and about this company, which is the other contact's, too.

		r.Revision, r.Notes = 2, "more"
		put(t, l, r)
		await(t, l, "call", "enriched")
		require.Equal(t, []string{"0-1/" + maria, "0-2/209", "0-3/303", "0-3/777", "0-5/501"}, links(only(t, c)))

		r.Revision, r.Record = 3, refOf("0-1/9")
		put(t, l, r)
		await(t, l, "call", "enriched")
		require.Equal(t, []string{"0-1/9", "0-2/209", "0-3/777"}, links(only(t, c)))

		r.Revision, r.Record = 4, refOf("0-1/"+maria)
		put(t, l, r)
		await(t, l, "call", "enriched")
		require.Equal(t, []string{"0-1/" + maria, "0-2/202", "0-2/209", "0-3/303", "0-3/777", "0-5/501"}, links(only(t, c)),
			"the company that a person linked was not ours to take back")
	})
}

// What was open when the call ended stays linked when it is closed.
func TestAssociationsAreChosenOnce(t *testing.T) {
	t.Parallel()
	c, b := newCRM(), mariasBook()
	l := start(t, beside(sqlite(t), c, b, allOn))
	r := inbound("call")
	r.Final = false
	put(t, l, r)
	await(t, l, "call", "enriched")
	require.Equal(t, []string{"0-1/" + maria}, links(only(t, c)), "the agent may still choose another record")

	r.Revision, r.Final = 2, true
	put(t, l, r)
	await(t, l, "call", "enriched")
	before := links(only(t, c))
	require.Contains(t, before, "0-3/303")
	b.change(func() { b.items["0-3/303"] = ledger.Item{Stage: "won"} })
	asked := b.asked
	r.Revision, r.Notes = 3, "closed"
	put(t, l, r)
	await(t, l, "call", "enriched")

	require.Equal(t, before, links(only(t, c)))
	require.Equal(t, asked, b.asked)
}

// Neither a scope that is missing nor a deal that is gone keeps a call out.
func TestAssociationsThatAreRefusedAreLeftOut(t *testing.T) {
	t.Parallel()
	c, b := newCRM(), mariasBook()
	b.refuse["0-3"] = &ledger.Refusal{Status: 403, Message: "missing scope"}
	c.fail(func(op string, after bool) error {
		if op == "link 0-5" && !after {
			return &ledger.Refusal{Status: 403, Message: "missing scope"}
		}
		return nil
	})
	l := start(t, beside(sqlite(t), c, b, allOn))

	for i := range 3 {
		put(t, l, inbound(fmt.Sprint("call-", i)))
		got := await(t, l, fmt.Sprint("call-", i), "enriched")
		require.Empty(t, got.Receipt.Need)
	}

	for _, call := range c.live() {
		require.Equal(t, []string{"0-1/" + maria, "0-2/202"}, links(call))
	}
	require.Equal(t, 3+1+3, b.asked, "who may not read deals is not asked again and again")
}

// Whatever fails and whichever way the record goes, the call is linked to the
// last record's associates and to nothing else, once.
func TestAssociationsSurviveEverything(t *testing.T) {
	t.Parallel()
	c, b := newCRM(), mariasBook()
	l := start(t, beside(sqlite(t), c, b, allOn))
	var mu sync.Mutex
	var faults []error
	c.fail(func(op string, after bool) error {
		if op == "properties" || op == "add-property" {
			return nil
		}
		mu.Lock()
		defer mu.Unlock()
		if len(faults) == 0 {
			return nil
		}
		err := faults[0]
		if after && err != nil && err != errReset {
			return nil
		}
		faults = faults[1:]
		return err
	})
	wants := map[string][]string{
		"0-1/" + maria: {"0-1/" + maria, "0-2/202", "0-3/303", "0-5/501"}, "0-1/9": {"0-1/9", "0-2/209"},
		"0-3/301": {"0-1/" + maria, "0-2/202", "0-3/301"}, "0-1/4": {"0-1/4"},
	}
	histories := 0
	rapid.Check(t, func(rt *rapid.T) {
		histories++
		key := fmt.Sprint("history-", histories)
		mu.Lock()
		faults = rapid.SliceOfN(rapid.SampledFrom([]error{nil, nil, errReset, refusal(502), refusal(423)}), 0, 15).Draw(rt, "faults")
		mu.Unlock()
		last := ""
		for n := range rapid.IntRange(1, 5).Draw(rt, "revisions") {
			last = rapid.SampledFrom(slices.Sorted(maps.Keys(wants))).Draw(rt, "record")
			r := inbound(key)
			r.Revision, r.Record = int64(n+1), refOf(last)
			r.Final = rapid.Bool().Draw(rt, "final")
			_, err := l.Put(context.WithoutCancel(t.Context()), ann, r)
			require.NoError(rt, err)
			if rapid.Bool().Draw(rt, "wait") {
				awaitWritten(rt, l, key)
			}
		}
		r := inbound(key)
		r.Revision, r.Record = 10, refOf(last)
		_, err := l.Put(context.WithoutCancel(t.Context()), ann, r)
		require.NoError(rt, err)
		await(rt, l, key, "enriched")

		for _, call := range c.live() {
			if call.Properties["hs_call_external_id"] == key {
				require.Equal(rt, wants[last], links(call))
			}
		}
	})
}
