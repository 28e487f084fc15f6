package engine

import (
	"context"
	"encoding/json"

	"deskbridge/pkg/softphone"
)

// Tabs carries texts between the tabs of this browser; a tab does not hear
// itself, and nobody may be listening. Receive ends with an error.
type Tabs interface {
	Post(message []byte) error
	Receive(ctx context.Context) ([]byte, error)
}

// tabVersion is the version of what tabs tell each other. A tab that does not
// know a version keeps to what it saw itself.
const tabVersion = 1

// tabMessage is what the leading tab has on its stage, or the question for it.
type tabMessage struct {
	Version int      `json:"v"`
	Agent   string   `json:"agent"` // Tabs of other agents are none of ours.
	Ask     bool     `json:"ask,omitempty"`
	Call    *tabCall `json:"call,omitempty"`
}

type tabCall struct {
	Key       string `json:"key"`
	Channel   string `json:"channel"`
	Phase     string `json:"phase"`
	Number    string `json:"number,omitempty"`
	Display   string `json:"display,omitempty"`
	Name      string `json:"name,omitempty"`
	StartedAt int64  `json:"startedAt"` // ms
}

// tellTabs lets the other tabs know what is on the stage, when that has changed;
// a tab that begins to follow asks.
func (e *Engine) tellTabs(before, next softphone.State, view softphone.View) {
	if e.cfg.Tabs == nil || next.Session != softphone.SignedInState {
		e.shown = ""
		return
	}
	switch {
	case next.Lead:
		if now := stage(next.Agent, view); now != e.shown {
			e.shown = now
			e.post(now)
		}
	case next.Follower && (!before.Follower || before.Session != next.Session):
		e.shown = ""
		e.post(encode(tabMessage{Version: tabVersion, Agent: next.Agent.AgentID, Ask: true}))
	}
}

// watchTabs hears the other tabs until ctx ends.
func (e *Engine) watchTabs(ctx context.Context) {
	if e.cfg.Tabs == nil {
		return
	}
	for {
		text, err := e.cfg.Tabs.Receive(ctx)
		if err != nil {
			return
		}
		var m tabMessage
		if json.Unmarshal(text, &m) != nil || m.Version != tabVersion {
			continue
		}
		e.mu.Lock()
		agent, leads, view := e.state.Agent, e.state.Lead && e.state.Session == softphone.SignedInState, e.view
		e.mu.Unlock()
		switch {
		case m.Agent == "" || m.Agent != agent.AgentID:
		case m.Ask && leads:
			e.post(stage(agent, view))
		case !m.Ask:
			e.Send(softphone.Mirrored{Call: m.Call.mirror()})
		}
	}
}

func (e *Engine) post(message string) {
	if err := e.cfg.Tabs.Post([]byte(message)); err != nil {
		e.cfg.Log("other tabs not told", "error", errorKind(err))
	}
}

// stage is the message about the call that a view has on its stage.
func stage(agent softphone.Identity, view softphone.View) string {
	m := tabMessage{Version: tabVersion, Agent: agent.AgentID}
	if c := view.Call; c != nil {
		m.Call = &tabCall{
			Key: string(c.Key), Channel: string(c.Channel), Phase: string(c.Phase), Number: c.Number, Display: c.Display,
			Name: c.Name, StartedAt: millis(c.StartedAt),
		}
	}
	return encode(m)
}

func encode(m tabMessage) string {
	text, _ := json.Marshal(m) // Strings and numbers only: it cannot fail.
	return string(text)
}

func (c *tabCall) mirror() *softphone.Mirror {
	if c == nil {
		return nil
	}
	return &softphone.Mirror{
		Key: softphone.CallKey(c.Key), Channel: softphone.Channel(c.Channel), Phase: softphone.Phase(c.Phase),
		Number: c.Number, Display: c.Display, Name: c.Name, StartedAt: moment(c.StartedAt),
	}
}
