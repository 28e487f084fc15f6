package ui_test

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"deskbridge/pkg/softphone"
	"deskbridge/pkg/ui"

	"github.com/stretchr/testify/require"
)

// A directory answers what a test wants it to, and remembers what was asked.
type directory struct {
	asked  []softphone.DirectoryQuery
	typed  []string
	fails  bool
	total  int // Of each list.
	number softphone.NumberInfo
}

func (d *directory) Search(_ context.Context, q softphone.DirectoryQuery) (softphone.DirectoryPage, error) {
	d.asked = append(d.asked, q)
	if d.fails {
		return softphone.DirectoryPage{}, errors.New("503")
	}
	p := softphone.DirectoryPage{Total: d.total}
	for n := q.Page * softphone.DirectoryPageSize; n < min(d.total, (q.Page+1)*softphone.DirectoryPageSize); n++ {
		id := strconv.Itoa(n)
		p.Entries = append(p.Entries, softphone.DirectoryEntry{
			Kind: q.Kind, ID: id, Name: q.Search + " " + id, Number: "+1415555" + strconv.Itoa(1000+n), Record: ref(id, q.Search+" "+id),
		})
	}
	p.More = (q.Page+1)*softphone.DirectoryPageSize < d.total
	return p, nil
}

func (d *directory) Number(_ context.Context, typed string) (softphone.NumberInfo, error) {
	d.typed = append(d.typed, typed)
	if d.fails {
		return softphone.NumberInfo{}, errors.New("503")
	}
	return d.number, nil
}

// searching is a bench with a directory and its jobs in the test's hand.
func searching(v softphone.View, d *directory) (*bench, *[]ui.Job) {
	b := newBench(v)
	b.Find = d
	return b, ui.CollectJobs(b.Panel)
}

// finish runs the jobs that nothing took the place of.
func finish(jobs *[]ui.Job) {
	list := *jobs
	*jobs = nil
	for _, j := range list {
		if !j.Cancelled() {
			j.Work()()
		}
	}
}

func TestSearchWaitsUntilTypingPauses(t *testing.T) {
	t.Parallel()
	d := &directory{total: 3}
	b, jobs := searching(talking(), d)
	ui.ApplyTo(b.Panel, ui.OpenTargets())
	ui.ApplyTo(b.Panel, ui.PickTab(1))
	finish(jobs)
	d.asked = nil

	for _, text := range []string{"b", "bi", "bil"} {
		ui.Type(b.Panel, "find", text)
	}

	require.Len(t, *jobs, 3)
	for n, j := range *jobs {
		require.Equal(t, 250*time.Millisecond, j.Wait)
		require.Equal(t, n < 2, j.Cancelled(), "only the last is still to come")
	}
	finish(jobs)
	require.Equal(t, []softphone.DirectoryQuery{{Kind: softphone.Queues, Search: "bil"}}, d.asked)
	require.Len(t, ui.LocalOf(b.Panel).Found[ui.SlotTargets].Entries, 3)
}

func TestAnAnswerToAnOlderQuestionIsDropped(t *testing.T) {
	t.Parallel()
	d := &directory{total: 1}
	b, jobs := searching(talking(), d)
	ui.ApplyTo(b.Panel, ui.OpenTargets())
	ui.ApplyTo(b.Panel, ui.PickTab(1))
	finish(jobs)
	ui.Type(b.Panel, "find", "bil")
	late := (*jobs)[0].Work()
	ui.Type(b.Panel, "find", "sal")
	now := (*jobs)[1].Work()

	now()
	late()

	got := ui.LocalOf(b.Panel).Found[ui.SlotTargets]
	require.Equal(t, "sal", got.Query.Search)
	require.Equal(t, "sal 0", got.Entries[0].Name)
}

// TestNobodyIsChosenFromAnOldAnswer: Enter right after typing must not consult
// the queue that happens to be there still.
func TestNobodyIsChosenFromAnOldAnswer(t *testing.T) {
	t.Parallel()
	b, jobs := searching(talking(), &directory{total: 2})
	ui.ApplyTo(b.Panel, ui.OpenTargets())
	ui.ApplyTo(b.Panel, ui.PickTab(1))
	finish(jobs)
	b.src.take()
	ui.Type(b.Panel, "find", "sales")

	ui.Press(b.Panel, ui.Key{Key: "Enter", Target: "find", Typing: true})

	require.Empty(t, b.src.take())
}

func TestPagesAreAddedAndOnlyPagesAreDrawn(t *testing.T) {
	t.Parallel()
	d := &directory{total: 5000}
	b, jobs := searching(talking(), d)
	ui.ApplyTo(b.Panel, ui.OpenTargets())
	ui.ApplyTo(b.Panel, ui.PickTab(2))
	finish(jobs)
	rows := func() int { return len(all(parse(t, b.Render()), byClass("target"))) }
	require.Equal(t, 25, rows())

	ui.ApplyTo(b.Panel, ui.MoreTargets())
	finish(jobs)

	require.Equal(t, 50, rows())
	require.Equal(t, softphone.DirectoryQuery{Kind: softphone.AddressBook, Page: 1}, d.asked[1])
	require.Contains(t, ui.LocalOf(b.Panel).Polite, "50 of 5,000 shown")
}

func TestFailedSearchesAreSaidAndTriedAgain(t *testing.T) {
	t.Parallel()
	d := &directory{fails: true, total: 1}
	b, jobs := searching(talking(), d)
	ui.ApplyTo(b.Panel, ui.OpenTargets())
	ui.ApplyTo(b.Panel, ui.PickTab(1))
	finish(jobs)
	require.Contains(t, ui.LocalOf(b.Panel).Polite, "The search did not work.")
	require.NotNil(t, byID(parse(t, b.Render()), "find-retry"))

	d.fails = false
	ui.ApplyTo(b.Panel, ui.Again(ui.SlotTargets))
	finish(jobs)

	require.Len(t, ui.LocalOf(b.Panel).Found[ui.SlotTargets].Entries, 1)
	require.Nil(t, byID(parse(t, b.Render()), "find-retry"))
}

func TestLettersSearchAndDigitsDial(t *testing.T) {
	t.Parallel()
	d := &directory{total: 1, number: softphone.NumberInfo{Valid: true, Allowed: true, Dial: "+14155550100", Display: "(415) 555-0100", Country: "US"}}
	b, jobs := searching(idleView(), d)

	ui.Type(b.Panel, "dial", "Maria")
	finish(jobs)

	require.Equal(t, []softphone.DirectoryQuery{
		{Kind: softphone.CRMContacts, Search: "Maria"}, {Kind: softphone.AddressBook, Search: "Maria"},
	}, d.asked)
	require.Len(t, all(parse(t, b.Render()), byClass("found-row")), 2)
	require.Empty(t, d.typed, "a name is no number")

	ui.Type(b.Panel, "dial", "415 555 0100")
	finish(jobs)

	require.Equal(t, []string{"4155550100"}, d.typed)
	root := parse(t, b.Render())
	require.Equal(t, "(415) 555-0100 · US", text(byID(root, "dial-note")))
	require.Empty(t, all(root, byClass("found-row")))
	ui.ApplyTo(b.Panel, ui.DialNow())
	require.Equal(t, sent(softphone.DialRequested{Key: "new:1", Number: "+14155550100", ANI: "+14155550100"}), b.src.take(), "as the server rewrote it")
}

func TestEnterCallsTheChosenRow(t *testing.T) {
	t.Parallel()
	b, jobs := searching(idleView(), &directory{total: 2})
	ui.Type(b.Panel, "dial", "Maria")
	finish(jobs)
	key := func(k string) { ui.Press(b.Panel, ui.Key{Key: k, Target: "dial", Typing: true}) }

	key("ArrowDown")
	require.Equal(t, "dial-row-1", attr(byID(parse(t, b.Render()), "dial"), "aria-activedescendant"))
	key("Enter")

	require.Equal(t, sent(softphone.DialRequested{
		Key: "new:1", Number: "+14155551001", ANI: "+14155550100", Callee: ref("1", "Maria 1"),
	}), b.src.take())
}

func TestEscapeEndsTheSearch(t *testing.T) {
	t.Parallel()
	b, jobs := searching(idleView(), &directory{total: 2})
	ui.Type(b.Panel, "dial", "Maria")
	finish(jobs)

	ui.Press(b.Panel, ui.Key{Key: "Escape", Target: "dial", Typing: true})

	require.Empty(t, ui.LocalOf(b.Panel).Search)
	require.Equal(t, "", ui.Forced(b.Panel)["dial"])
	require.Equal(t, "dial", ui.TakeFocus(b.Panel))
	require.NotNil(t, byID(parse(t, b.Render()), "key-0"), "the keypad is back")
}

func TestDialPlanStopsANumber(t *testing.T) {
	t.Parallel()
	b, jobs := searching(idleView(), &directory{number: softphone.NumberInfo{Valid: true, Dial: "+19005550100"}})
	ui.Type(b.Panel, "dial", "+19005550100")
	finish(jobs)

	ui.ApplyTo(b.Panel, ui.DialNow())

	require.Empty(t, b.src.take())
	require.Equal(t, "Your dial plan does not allow this number.", ui.LocalOf(b.Panel).Hint)
}

func TestWhoWantsNoCallsIsCalledByASecondPressOnly(t *testing.T) {
	t.Parallel()
	info := softphone.NumberInfo{Valid: true, Allowed: true, Dial: "+14155550100", Matches: []softphone.Match{{Record: *ref("1", "Maria"), NoCalls: true}}}
	b, jobs := searching(idleView(), &directory{number: info})
	ui.Type(b.Panel, "dial", "+14155550100")
	finish(jobs)
	require.Contains(t, ui.LocalOf(b.Panel).Polite, "Do not call")

	ui.ApplyTo(b.Panel, ui.DialNow())
	require.Empty(t, b.src.take())
	require.Equal(t, "Call anyway", text(byID(parse(t, b.Render()), "call")))
	ui.ApplyTo(b.Panel, ui.DialNow())

	require.Len(t, b.src.take(), 1)
}

func TestACheckThatFailsOrComesLateStopsNobody(t *testing.T) {
	t.Parallel()
	d := &directory{number: softphone.NumberInfo{Valid: true}}
	b, jobs := searching(idleView(), d)
	ui.Type(b.Panel, "dial", "+14155550100")
	late := (*jobs)[0].Work()
	ui.Type(b.Panel, "dial", "+14155550101")
	late()
	d.fails = true
	finish(jobs)

	ui.ApplyTo(b.Panel, ui.DialNow())

	require.Equal(t, "+14155550101", b.src.take()[0].(softphone.DialRequested).Number)
}
