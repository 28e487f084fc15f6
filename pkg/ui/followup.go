package ui

import (
	"maps"
	"time"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// followUp asks for a task that is made with the activity: a switch, and what
// and when once it is on.
func followUp(c softphone.CallView, e Env) app.UI {
	return task{
		id: "follow-up", what: fieldTask, when: fieldDue, toggle: toggleFollowUp{c.Key}, leave: leaveFollowUp{},
	}.draw(e.Local.followUp(c), e)
}

// A task is the form of a follow-up task: its elements' ids and what they do.
type task struct {
	id         string
	what, when field
	toggle     Intent
	leave      Intent // A field loses the focus.
	bad        bool   // It does not say what is to be done.
}

func (t task) draw(f *softphone.FollowUp, e Env) app.UI {
	return elem("fieldset", "class", "follow-up").Body(
		words("legend", e.t("follow-up.legend"), "class", "sr"),
		elem("label", "class", "check").Body(
			input("type", "checkbox", "id", t.id, "checked", flag(f != nil)).OnChange(e.on(t.toggle)),
			words("span", e.t("follow-up.label")),
		),
		app.If(f != nil, func() app.UI {
			what := input("class", "field", "id", string(t.what), "type", "text", "autocomplete", "off", "maxlength", "200", "value", f.Subject).
				OnInput(e.input(t.what))
			if t.bad {
				what = what.Attr("aria-invalid", "true").Attr("aria-describedby", t.id+"-note")
			}
			when := input("class", "field", "id", string(t.when), "type", "date", "min", e.Now.Format(time.DateOnly), "value", f.Due.Format(time.DateOnly)).
				OnInput(e.input(t.when))
			if t.leave != nil {
				what, when = what.OnBlur(e.on(t.leave)), when.OnBlur(e.on(t.leave))
			}
			return elem("div", "class", "follow-up-fields").Body(
				elem("div", "class", "follow-up-what").Body(words("label", e.t("follow-up.subject"), "class", "label", "for", string(t.what)), what),
				elem("div").Body(words("label", e.t("follow-up.due"), "class", "label", "for", string(t.when)), when),
			)
		}),
		elem("p", "class", "field-error", "id", t.id+"-note", "hidden", flag(!t.bad)).Body(icon("notice-error"), words("span", e.t("follow-up.missing"))),
	)
}

// followUp is the task as the agent left it, nil for none.
func (l Local) followUp(c softphone.CallView) *softphone.FollowUp {
	if c.FollowUp == nil {
		return nil
	}
	if f, ok := l.FollowUps[c.Key]; ok {
		return &f
	}
	return c.FollowUp
}

// toggleFollowUp asks for a task, first proposed for the next day at nine, or
// takes it back.
type toggleFollowUp struct{ Key softphone.CallKey }

func (i toggleFollowUp) apply(p *Panel) {
	c := p.view.Call
	if c == nil || c.Key != i.Key {
		return
	}
	p.dropFollowUp(i.Key)
	ev := softphone.FollowUpChosen{Key: i.Key}
	if c.FollowUp == nil {
		e := p.env()
		ev.FollowUp = &softphone.FollowUp{Subject: e.t("follow-up.default", who(*c, e)), Due: nineOn(p.now().AddDate(0, 0, 1))}
		p.focus = string(fieldTask)
	}
	p.send(ev)
}

// nineOn is nine in the morning of a day, where the agent is.
func nineOn(t time.Time) time.Time {
	return time.Date(t.Year(), t.Month(), t.Day(), 9, 0, 0, 0, t.Location())
}

// editFollowUp keeps what was typed; it is sent like notes, when typing stops.
func (p *Panel) editFollowUp(change func(*softphone.FollowUp)) {
	c := p.view.Call
	if c == nil || c.FollowUp == nil {
		return
	}
	f := *p.local.followUp(*c)
	change(&f)
	next := maps.Clone(p.local.FollowUps)
	if next == nil {
		next = map[softphone.CallKey]softphone.FollowUp{}
	}
	next[c.Key] = f
	p.local.FollowUps = next
}

func (p *Panel) setDue(text string) {
	day, err := time.ParseInLocation(time.DateOnly, text, p.now().Location())
	if err != nil {
		return // An emptied date field: the last good day stays.
	}
	p.editFollowUp(func(f *softphone.FollowUp) { f.Due = nineOn(day) })
}

func (p *Panel) dropFollowUp(key softphone.CallKey) {
	next := maps.Clone(p.local.FollowUps)
	delete(next, key)
	p.local.FollowUps = next
}

// flushFollowUp sends what was typed and the view does not have.
func (p *Panel) flushFollowUp() {
	for _, c := range p.calls() {
		f, ok := p.local.FollowUps[c.Key]
		switch {
		case !ok:
		case c.FollowUp == nil || sameTask(f, *c.FollowUp):
			p.dropFollowUp(c.Key)
		case !sameTask(f, p.taskSent):
			p.taskSent = f
			p.send(softphone.FollowUpChosen{Key: c.Key, FollowUp: &f})
		}
	}
}

func sameTask(a, b softphone.FollowUp) bool { return a.Subject == b.Subject && a.Due.Equal(b.Due) }

// leaveFollowUp is a field of it losing the focus.
type leaveFollowUp struct{}

func (leaveFollowUp) apply(p *Panel) { p.flushFollowUp() }
