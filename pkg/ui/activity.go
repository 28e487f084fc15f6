package ui

import (
	"time"

	"deskbridge/pkg/softphone"
)

// seenEvery is how often the phone is told that the agent is there.
const seenEvery = 5 * time.Second

// seen says that the agent did something, where the profile logs out those who
// do nothing.
func (p *Panel) seen() {
	if p.view.Profile == nil || p.view.Profile.Inactivity == 0 || p.now().Sub(p.seenAt) < seenEvery {
		return
	}
	p.seenAt = p.now()
	p.send(softphone.ActivitySeen{})
}

// noteConsult remembers when the consult on stage began to ring: Webex says
// only when it was answered.
func (p *Panel) noteConsult(prev softphone.View) {
	c := p.view.Call
	switch {
	case c == nil || c.Phase != softphone.ConsultRinging:
		p.local.ConsultAt = time.Time{}
	case prev.Screen == "" && !p.local.ConsultAt.IsZero(): // A story.
	case prev.Call == nil || prev.Call.Key != c.Key || prev.Call.Phase != softphone.ConsultRinging:
		p.local.ConsultAt = p.now()
	}
}
