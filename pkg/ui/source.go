package ui

import (
	"context"
	"time"

	"deskbridge/pkg/softphone"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// A Source is where the panel gets its view from and sends its events to. The
// engine is one; a canned view is another.
type Source interface {
	// View is the newest view.
	View() softphone.View
	// Subscribe calls f with each new view until remove is called. f may be
	// called from any goroutine and does not block.
	Subscribe(f func(softphone.View)) (remove func())
	// Send hands over what the agent did. It must not block.
	Send(softphone.Event)
}

// A Directory answers what the agent searches for. The engine is one. Both
// methods may take seconds and are called from goroutines of the panel's own.
type Directory interface {
	Search(ctx context.Context, q softphone.DirectoryQuery) (softphone.DirectoryPage, error)
	Number(ctx context.Context, typed string) (softphone.NumberInfo, error)
}

// A Memory keeps small strings for the next time, such as the last station. It
// may forget: storage in a frame is not reliable.
type Memory interface {
	Load(key string) string
	Save(key, value string)
}

// An Env is what drawing needs beside the view.
type Env struct {
	mask  bool      // Customers' numbers are hidden but for their last digits.
	Lang  string    // A language of the catalogue; defaults to English.
	Now   time.Time // Timers count up to it.
	Local Local

	// Do carries out an intent. Nil makes a picture that does nothing.
	Do func(app.Context, Intent)
	// Key handles a key pressed anywhere in the panel. May be nil.
	Key func(app.Context, app.Event)
}

// t is a message in the panel's language.
func (e Env) t(id string, args ...string) string { return T(e.Lang, id, args...) }

// An Intent is one thing a person does in the panel: a value, so that drawing
// the same twice attaches the same handler. The set is closed.
type Intent interface{ apply(*Panel) }

// A send passes an event through to the source.
type send struct{ softphone.Event }

func (i send) apply(p *Panel) { p.send(i.Event) }
