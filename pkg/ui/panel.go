package ui

import (
	"context"
	"maps"
	"time"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// A Panel is the root component: the whole widget.
type Panel struct {
	app.Compo

	Source Source                   // Required.
	Now    func() time.Time         // Defaults to time.Now.
	NewKey func() softphone.CallKey // Required for dialling: a fresh key for each call.
	Memory Memory                   // Remembers the station form; nil forgets.
	Find   Directory                // Nil: nothing can be searched.
	Alerts Alerts                   // Nil: nothing rings.
	About  About                    // For the diagnostics.
	Page   func(lang, skin string)  // Makes the page around follow language and theme ([Skin]). May be nil.

	// Lang is the browser's language and defaults to English. A choice of the
	// agent or of the administrator takes its place.
	Lang  string
	Start Local // What the person has done already; a storybook sets it.

	view  softphone.View
	local Local
	voice announcer

	typing bool                         // The focus was in a text field when the view came.
	held   bool                         // The focus was in the panel before it was drawn.
	after  func()                       // Runs settle after the next drawing. Nil natively.
	focus  string                       // The element to focus after drawing.
	force  map[string]string            // Values to put into inputs after drawing.
	guard  time.Time                    // Keys do not answer before.
	downAt time.Time                    // A keypad key went down.
	sentAt time.Time                    // Notes were last sent.
	sent   map[softphone.CallKey]string // What was sent of them.
	titled map[softphone.CallKey]string // What was sent of titles.

	keyAt    string             // The element with the focus while a key is handled.
	reveal   string             // The row to scroll into sight after drawing.
	askedAt  time.Time          // A second press was asked for.
	countAt  time.Time          // The number of rows is said then.
	seenAt   time.Time          // The agent was last said to be there.
	taskSent softphone.FollowUp // What was sent of the follow-up task.
	jobs     map[string]context.CancelFunc
	run      func(context.Context, time.Duration, func(context.Context) func()) // Runs a job. Nil natively.

	popIn    string       // Where records open, as it was last said.
	mender   string       // The agent whose edits of refused records are here.
	browser  string       // The language before anybody chose one.
	look     string       // What Page was told last.
	alarm    alarm        // What is being done about a ringing call.
	dispatch func(func()) // Runs on the UI goroutine. Nil natively.

	remove func()
	stop   chan struct{}
}

// OnInit takes the first view, so that the first drawing is already true.
func (p *Panel) OnInit() {
	p.local = p.Start
	if p.local.BootSince.IsZero() {
		p.local.BootSince = p.now()
	}
	p.browser = p.Lang
	if p.About != (About{}) {
		p.local.About = p.About
	}
	p.loadPrefs()
	p.dress()
	if p.Source != nil {
		p.setView(p.Source.View())
	}
}

// OnMount subscribes and starts the timers.
func (p *Panel) OnMount(ctx app.Context) {
	if p.Source == nil {
		return
	}
	// The panel's own context: an element's would drop what it deferred when
	// the drawing takes the element away.
	p.after = func() {
		p.held = p.held || holds(activeElement()) // Before it is drawn.
		ctx.Defer(p.settle)
	}
	p.dispatch = func(f func()) {
		ctx.Dispatch(func(app.Context) {
			f()
			p.after()
		})
	}
	p.run = p.runOn(ctx)
	p.remove = p.Source.Subscribe(func(v softphone.View) {
		ctx.Dispatch(func(ctx app.Context) {
			p.typing = typing(activeElement())
			p.setView(v)
			p.after()
		})
	})
	p.setView(p.Source.View())
	p.stop = make(chan struct{})
	go p.tickEachSecond(ctx, p.stop)
}

// OnDismount unsubscribes, stops the timers and sends what was not sent.
func (p *Panel) OnDismount() {
	if p.remove != nil {
		p.remove()
	}
	if p.stop != nil {
		close(p.stop)
	}
	p.remove, p.stop = nil, nil
	for name := range p.jobs {
		p.cancel(name)
	}
	p.hush()
	p.flushNotes()
	p.flushFollowUp()
}

// tickEachSecond ends when stop is closed, by OnDismount. It wakes at full
// seconds so that all timers change together.
func (p *Panel) tickEachSecond(ctx app.Context, stop <-chan struct{}) {
	for {
		now := time.Now()
		wait := time.NewTimer(now.Truncate(time.Second).Add(time.Second).Sub(now))
		select {
		case <-stop:
			wait.Stop()
			return
		case <-wait.C:
			ctx.Dispatch(func(ctx app.Context) {
				p.tick()
				p.after()
			})
		}
	}
}

// Render draws the view.
func (p *Panel) Render() app.UI { return Screen(p.view, p.env()) }

func (p *Panel) env() Env {
	return Env{Lang: p.Lang, Now: p.now(), Local: p.local, Do: p.do, Key: p.onKey}.of(p.view)
}

func (p *Panel) now() time.Time {
	if p.Now != nil {
		return p.Now()
	}
	return time.Now()
}

func (p *Panel) send(ev softphone.Event) {
	if p.Source != nil {
		p.Source.Send(ev)
	}
}

// do carries out an intent on the UI goroutine.
func (p *Panel) do(_ app.Context, i Intent) {
	p.local.Hint = ""
	p.seen()
	i.apply(p)
	if p.after != nil {
		p.local.Few = fills(i)
		p.after()
	}
}

// say puts a text into the polite live region.
func (p *Panel) say(text string) {
	p.voice.polite(p.now(), text)
	p.local.Polite, p.local.Assertive = p.voice.texts(p.now())
}

// tick is a second passing.
func (p *Panel) tick() {
	now := p.now()
	p.alert()
	p.flash()
	if c := p.view.Call; c != nil && p.view.Screen == softphone.ScreenIncoming && !c.RingUntil.IsZero() {
		if left := c.RingUntil.Sub(now); left > 4*time.Second && left <= 5*time.Second {
			p.voice.assertive(now, T(p.Lang, "say.ring-ends"))
		}
	}
	if now.Sub(p.sentAt) >= notesEvery {
		p.flushNotes()
		p.flushFollowUp()
	}
	p.refreshBuddies()
	p.countDue()
	p.forgetQuestion()
	p.local.Polite, p.local.Assertive = p.voice.texts(now)
}

// setView takes a new view: what is announced, focused and forgotten follows
// from how it differs from the last one.
func (p *Panel) setView(v softphone.View) {
	prev := p.view
	p.view = v
	now := p.now()
	p.dress()
	p.alert()
	p.tellPopIn()
	for _, a := range announcements(prev, v, p.env()) {
		p.voice.add(now, a)
	}
	p.local.Polite, p.local.Assertive = p.voice.texts(now)
	p.forgetDrafts()
	p.loadMends()
	p.forgetMends()
	p.contactRefused(prev)
	p.noteSaved(prev)
	if v.Screen != prev.Screen || keyOf(v) != keyOf(prev) {
		p.changed(prev)
	}
	p.noteConsult(prev)
	p.checkSheet()
	if p.local.Station.Number == "" && !p.local.Station.Touched {
		p.rememberStation()
	}
}

// contactRefused gives the contact form back when its contact could not be
// created.
func (p *Panel) contactRefused(prev softphone.View) {
	last := 0
	for _, x := range prev.Problems {
		last = max(last, x.ID)
	}
	for _, x := range p.view.Problems {
		if x.Code == softphone.ContactNotCreated && x.ID > last {
			p.local.Contact.Sent = false
		}
	}
}

func keyOf(v softphone.View) softphone.CallKey {
	if v.Call == nil {
		return ""
	}
	return v.Call.Key
}

// changed is another screen or another call.
func (p *Panel) changed(prev softphone.View) {
	l := &p.local
	if c := p.view.Call; p.view.Screen == softphone.ScreenIncoming && c != nil && c.CanAnswer.OK {
		p.focus = focusAnswer
	}
	if prev.Screen == "" {
		return // The first view: what there is comes from Start.
	}
	l.Hint, l.Confirm = "", ""
	if p.view.Screen != softphone.ScreenBoot {
		l.BootSince = p.now()
	}
	if keyOf(p.view) != keyOf(prev) {
		l.Tried, l.Contact, l.Variable, l.Reason = false, ContactForm{}, VariableForm{}, ""
		p.dropSheet()
	}
	switch p.view.Screen {
	case softphone.ScreenIncoming:
		l.Tab, l.MenuOpen = TabPhone, false
		l.Back, l.Palette, l.Binding = TabPhone, Palette{}, ""
	case softphone.ScreenDialing, softphone.ScreenMissed:
		l.Tab, l.MenuOpen = TabPhone, false
		p.setNumber("")
	}
}

// forgetDrafts drops the notes that the view has by now, and those of calls
// that are gone.
func (p *Panel) forgetDrafts() {
	for _, c := range p.view.Calls {
		if text, ok := p.local.Drafts[c.Key]; ok && text == c.Notes && c.Key != keyOf(p.view) {
			delete(p.local.Drafts, c.Key)
		}
		if text, ok := p.local.Titles[c.Key]; ok && text == c.Title && c.Key != keyOf(p.view) {
			delete(p.local.Titles, c.Key)
		}
	}
	live := func(k softphone.CallKey) bool {
		for _, c := range p.view.Calls {
			if c.Key == k {
				return true
			}
		}
		return k == keyOf(p.view)
	}
	for _, drafts := range []map[softphone.CallKey]string{p.local.Drafts, p.local.Titles} {
		maps.DeleteFunc(drafts, func(k softphone.CallKey, _ string) bool { return !live(k) })
	}
	maps.DeleteFunc(p.local.SavedAt, func(k softphone.CallKey, _ time.Time) bool { return !live(k) })
}

// noteSaved remembers when the notes on stage were first seen saved.
func (p *Panel) noteSaved(prev softphone.View) {
	c := p.view.Call
	if c == nil || !c.NotesSaved || c.Notes == "" {
		return
	}
	if prev.Call != nil && prev.Call.Key == c.Key && prev.Call.NotesSaved && prev.Call.Notes == c.Notes {
		return
	}
	if p.local.SavedAt == nil {
		p.local.SavedAt = map[softphone.CallKey]time.Time{}
	}
	p.local.SavedAt[c.Key] = p.now()
}
