package stories

import (
	"slices"
	"sync"

	"deskbridge/pkg/softphone"
)

// A Source is a canned view as a panel's source. It answers what a person does
// on the screen itself as Webex would if all went well and took no time (hold,
// mute, recording, a banner put away). Everything else it only hears, above all
// what the panel sends by itself as time passes: a story stays as it is.
type Source struct {
	Heard func(softphone.Event) // Each event the panel sends. May be nil.

	mu    sync.Mutex
	view  softphone.View
	hears map[int]func(softphone.View)
	next  int
}

// NewSource is a source that shows v.
func NewSource(v softphone.View, heard func(softphone.Event)) *Source {
	return &Source{Heard: heard, view: v, hears: map[int]func(softphone.View){}}
}

// View is the view as it is now.
func (s *Source) View() softphone.View {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.view
}

// Subscribe calls f with each new view until remove is called.
func (s *Source) Subscribe(f func(softphone.View)) (remove func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.next
	s.next++
	s.hears[id] = f
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.hears, id)
	}
}

// Send hears an event and shows what follows from it.
func (s *Source) Send(e softphone.Event) {
	if s.Heard != nil {
		s.Heard(e)
	}
	s.mu.Lock()
	v, changed := answer(s.view, e)
	var tell []func(softphone.View)
	if changed {
		s.view = v
		for _, f := range s.hears {
			tell = append(tell, f)
		}
	}
	s.mu.Unlock()
	for _, f := range tell {
		f(v)
	}
}

// answer is the view after an event, and whether it is another one.
func answer(v softphone.View, e softphone.Event) (softphone.View, bool) {
	switch e := e.(type) {
	case softphone.ProblemDismissed:
		v.Problems = slices.DeleteFunc(slices.Clone(v.Problems), func(p softphone.Problem) bool { return p.ID == e.ID })
	case softphone.HoldRequested:
		return onStage(v, e.Key, func(c *softphone.CallView) {
			c.Phase, c.HeldAt, c.CanHold, c.CanResume = softphone.Held, Now, no(softphone.NotHere), ok()
		})
	case softphone.ResumeRequested:
		return onStage(v, e.Key, func(c *softphone.CallView) {
			c.Phase, c.CanHold, c.CanResume = softphone.Talking, ok(), no(softphone.NotHere)
		})
	case softphone.MuteRequested:
		return onStage(v, e.Key, func(c *softphone.CallView) { c.Muted = e.On })
	case softphone.RecordingPauseRequested:
		return onStage(v, e.Key, func(c *softphone.CallView) {
			c.Recording.Paused, c.CanPause, c.CanContinue = true, no(softphone.NotHere), ok()
		})
	case softphone.RecordingResumeRequested:
		return onStage(v, e.Key, func(c *softphone.CallView) {
			c.Recording.Paused, c.CanPause, c.CanContinue = false, ok(), no(softphone.NotHere)
		})
	case softphone.TicketRequested:
		return onStage(v, e.Key, func(c *softphone.CallView) { c.Ticket = !c.Ticket })
	case softphone.WrapUpChosen:
		return onStage(v, e.Key, func(c *softphone.CallView) { c.CodeID, c.CanWrapUp = e.CodeID, ok() })
	default:
		return v, false
	}
	return v, true
}

// onStage changes the call on stage, and the screen with its phase.
func onStage(v softphone.View, key softphone.CallKey, change func(*softphone.CallView)) (softphone.View, bool) {
	if v.Call == nil || v.Call.Key != key {
		return v, false
	}
	c := *v.Call
	change(&c)
	v.Call, v.Calls = &c, slices.Clone(v.Calls)
	for n := range v.Calls {
		if v.Calls[n].Key == key {
			v.Calls[n] = c
		}
	}
	switch {
	case c.Phase == softphone.Held && v.Screen == softphone.ScreenInCall:
		v.Screen, v.Status.Word, v.Status.Since = softphone.ScreenOnHold, softphone.WordHeld, c.HeldAt
	case c.Phase == softphone.Talking && v.Screen == softphone.ScreenOnHold:
		v.Screen, v.Status.Word, v.Status.Since = softphone.ScreenInCall, softphone.WordConnected, c.AnsweredAt
	}
	return v, true
}
