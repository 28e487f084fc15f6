package ui

import (
	"time"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// notesEvery is how often notes are sent while somebody types.
const notesEvery = time.Second

// notes is the box that saves itself, below the title where the agent writes
// that too.
func notes(c softphone.CallView, v softphone.View, e Env) app.UI {
	if !writesNotes(v) {
		return nothing()
	}
	text := e.Local.draft(c)
	return elem("div", "class", "notes").Body(
		app.If(c.CanTitle.OK, func() app.UI { return title(c, e) }),
		elem("div", "class", "notes-head").Body(
			words("label", e.t("notes.label"), "class", "label", "for", "notes"),
			words("span", notesState(c, v, text, e), "class", "notes-state", "id", "notes-state"),
		),
		elem("textarea", "class", "field notes-box", "id", "notes", "rows", "3", "placeholder", e.t("notes.placeholder"), "aria-describedby", "notes-state", "aria-keyshortcuts", e.shortcut(keysNotes), "spellcheck", "true", "value", text).
			OnInput(e.input(fieldNotes)).OnBlur(e.on(leaveNotes{})),
	)
}

// notesState says whether the text is safe, and where.
func notesState(c softphone.CallView, v softphone.View, text string, e Env) string {
	switch {
	case text == "" && e.Local.title(c) == "":
		return e.t("notes.auto")
	case text == c.Notes && e.Local.title(c) == c.Title && c.NotesSaved:
		at, ok := e.Local.SavedAt[c.Key]
		if !ok {
			return e.t("notes.saved")
		}
		return e.t("notes.saved-at", clock(at))
	case v.Backend.Down:
		return e.t("notes.kept")
	}
	return e.t("notes.saving")
}

// leaveNotes sends what is not sent when the box loses the focus.
type leaveNotes struct{}

func (leaveNotes) apply(p *Panel) { p.flushNotes() }

// editNotes keeps the text and sends it, at most once a second.
func (p *Panel) editNotes(text string) {
	c := p.view.Call
	if c == nil {
		return
	}
	if p.local.Drafts == nil {
		p.local.Drafts = map[softphone.CallKey]string{}
	}
	p.local.Drafts[c.Key] = text
	if p.now().Sub(p.sentAt) >= notesEvery {
		p.flushNotes()
	}
}

// flushNotes sends the drafts that the view does not have, titles included.
func (p *Panel) flushNotes() {
	p.flushTitles()
	for _, c := range p.calls() {
		text, ok := p.local.Drafts[c.Key]
		if !ok || text == c.Notes || text == p.sent[c.Key] {
			continue
		}
		if p.sent == nil {
			p.sent = map[softphone.CallKey]string{}
		}
		p.sent[c.Key], p.sentAt = text, p.now()
		p.send(softphone.NotesEdited{Key: c.Key, Text: text})
	}
}

// calls are all calls of the view, the one on stage included.
func (p *Panel) calls() []softphone.CallView {
	for _, c := range p.view.Calls {
		if c.Key == keyOf(p.view) {
			return p.view.Calls
		}
	}
	if p.view.Call == nil {
		return p.view.Calls
	}
	return append([]softphone.CallView{*p.view.Call}, p.view.Calls...)
}
