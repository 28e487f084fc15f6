package ui_test

import (
	"time"

	"deskbridge/pkg/softphone"
	"deskbridge/pkg/stories"
	"deskbridge/pkg/ui"
)

// The canned views of pkg/stories, under the names that the tests use.
var (
	now = stories.Now

	profile     = stories.Profile
	idleView    = stories.Idle
	ringing     = stories.Ringing
	talking     = stories.Talking
	held        = stories.Held
	wrapping    = stories.Wrapping
	dialingView = stories.Dialing
	missedView  = stories.Missed
)

const callKey = stories.Key

func ago(d time.Duration) time.Time { return now.Add(-d) }

func ok() softphone.Can                     { return softphone.Can{OK: true} }
func no(why softphone.Reason) softphone.Can { return softphone.Can{Why: why} }
func ref(id, name string) *softphone.RecordRef {
	return &softphone.RecordRef{ObjectTypeID: "0-1", ObjectID: id, Name: name}
}

// draw is how a story is drawn.
func draw(s stories.Story) ui.Env { return ui.Env{Now: now, Local: s.Local} }
