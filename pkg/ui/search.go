package ui

import (
	"context"
	"maps"
	"strings"
	"time"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// Searching the directory: each place that shows results has a slot. The
// newest question of a slot wins: an older one is cancelled, and its answer,
// should it come all the same, is dropped.

// A Slot is a place of the panel that shows what a search has found.
type Slot string

// The slots.
const (
	SlotTargets  Slot = "targets"  // The sheet to consult and transfer.
	SlotContacts Slot = "contacts" // Contacts for the name in the dial field.
	SlotBook     Slot = "book"     // The address book, likewise.
	SlotRecords  Slot = "records"  // The sheet that changes where the call is logged.
)

// Found is what a search has brought so far.
type Found struct {
	Query   softphone.DirectoryQuery // The newest, with the page last asked for.
	State   FindState
	Entries []softphone.DirectoryEntry // Of all pages so far.
	Total   int                        // -1 when the source does not say.
	More    bool
}

// A FindState is how far a search has come.
type FindState string

// The states of a search.
const (
	NotSearched FindState = ""
	Searching   FindState = "searching"
	Answered    FindState = "answered"
	FindFailed  FindState = "failed"
)

const (
	findAfter  = 250 * time.Millisecond // Typing has paused.
	findWithin = 10 * time.Second
)

// search asks the directory after a pause. A first page drops what was there:
// nobody may choose from an answer to another question.
func (p *Panel) search(slot Slot, q softphone.DirectoryQuery, wait time.Duration) {
	f := Found{Query: q, State: Searching, Total: -1}
	if old := p.local.Found[slot]; q.Page > 0 {
		f.Entries, f.Total = old.Entries, old.Total
	}
	if p.Find == nil {
		f.State = Answered // Nothing can be searched, so nothing is found.
		p.keep(slot, f)
		return
	}
	p.keep(slot, f)
	p.background(string(slot), wait, func(ctx context.Context) func() {
		page, err := p.Find.Search(ctx, q)
		return func() { p.answered(slot, q, page, err) }
	})
}

// answered takes the answer to a question that is still asked.
func (p *Panel) answered(slot Slot, q softphone.DirectoryQuery, page softphone.DirectoryPage, err error) {
	f := p.local.Found[slot]
	if f.Query != q || f.State != Searching {
		return
	}
	f.State = Answered
	if err != nil {
		f.State = FindFailed
		p.keep(slot, f)
		p.say(T(p.Lang, "find.failed"))
		return
	}
	f.Entries = append(f.Entries[:len(f.Entries):len(f.Entries)], page.Entries...)
	f.Total, f.More = page.Total, page.More
	p.keep(slot, f)
	p.say(countOf(len(f.Entries), f.Total, f.More, p.env()))
}

// keep changes a slot without changing the map that a drawing holds.
func (p *Panel) keep(slot Slot, f Found) {
	next := maps.Clone(p.local.Found)
	if next == nil {
		next = map[Slot]Found{}
	}
	next[slot] = f
	p.local.Found = next
}

// forget drops a search and what it found.
func (p *Panel) forget(slot Slot) {
	p.cancel(string(slot))
	next := maps.Clone(p.local.Found)
	delete(next, slot)
	p.local.Found = next
}

// background runs work on a goroutine of its own after a pause, and what it
// returns on the UI goroutine. A later job of the same name takes its place.
func (p *Panel) background(name string, wait time.Duration, work func(context.Context) func()) {
	p.cancel(name)
	if p.run == nil || p.Find == nil {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	if p.jobs == nil {
		p.jobs = map[string]context.CancelFunc{}
	}
	p.jobs[name] = cancel
	p.run(ctx, wait, work)
}

func (p *Panel) cancel(name string) {
	if stop := p.jobs[name]; stop != nil {
		stop()
		delete(p.jobs, name)
	}
}

// runOn is how a mounted panel runs its jobs. A job ends when it is answered,
// when its time is up or when its context is cancelled, by OnDismount at the
// latest.
func (p *Panel) runOn(ui app.Context) func(context.Context, time.Duration, func(context.Context) func()) {
	return func(ctx context.Context, wait time.Duration, work func(context.Context) func()) {
		go func() {
			pause := time.NewTimer(wait)
			defer pause.Stop()
			select {
			case <-ctx.Done():
				return
			case <-pause.C:
			}
			within, stop := context.WithTimeout(ctx, findWithin)
			defer stop()
			done := work(within)
			if ctx.Err() != nil {
				return
			}
			ui.Dispatch(func(app.Context) {
				if ctx.Err() == nil {
					done()
					p.after()
				}
			})
		}()
	}
}

// countOf says how many were found.
func countOf(shown, total int, more bool, e Env) string {
	switch {
	case total > shown:
		return e.t("find.count-of", Number(e.Lang, shown), Number(e.Lang, total))
	case more:
		return e.t("find.count-more", Number(e.Lang, shown))
	case shown == 0:
		return e.t("find.none")
	case shown == 1:
		return e.t("find.one")
	}
	return e.t("find.count", Number(e.Lang, shown))
}

// findState is the line below a list: searching, nothing found, failed with the
// way to try again, or the rest of a long list.
func findState(f Found, retry, more Intent, e Env) app.UI {
	switch {
	case f.State == Searching:
		return elem("p", "class", "find-state").Body(icon("state-connecting"), words("span", e.t("find.searching")))
	case f.State == FindFailed:
		return elem("div", "class", "find-state find-failed").Body(
			icon("notice-error"), words("span", e.t("find.failed")),
			button{id: "find-retry", kind: "link", label: e.t("find.retry"), can: yes, do: retry}.draw(e),
		)
	case f.State == Answered && len(f.Entries) == 0:
		return elem("p", "class", "find-state").Body(icon("search"), words("span", e.t("find.none")))
	case f.State == Answered && f.More:
		return elem("div", "class", "find-state").Body(
			words("span", countOf(len(f.Entries), f.Total, f.More, e)),
			button{id: "find-more", kind: "plain small", label: e.t("find.more"), can: yes, do: more}.draw(e),
		)
	}
	return nothing()
}

// nextPage asks for the page after those that are shown, again is for the one
// that failed.
type (
	nextPage struct{ Slot Slot }
	again    struct{ Slot Slot }
)

func (i nextPage) apply(p *Panel) {
	f := p.local.Found[i.Slot]
	if f.State != Answered || !f.More {
		return
	}
	q := f.Query
	q.Page++
	p.search(i.Slot, q, 0)
}

func (i again) apply(p *Panel) { p.search(i.Slot, p.local.Found[i.Slot].Query, 0) }

// contains finds a text in a name whatever their case.
func contains(name, text string) bool { return text == "" || indexFold(name, text) >= 0 }

// indexFold is where a text begins in a name whatever their case, -1 for
// nowhere.
func indexFold(name, text string) int {
	return strings.Index(strings.ToLower(name), strings.ToLower(text))
}
