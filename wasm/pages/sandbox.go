//go:build js && wasm

package main

import (
	"encoding/json"
	"net/url"
	"slices"
	"time"

	"github.com/maxence-charriere/go-app/v10/pkg/app"
)

// sandbox is the world outside: customers, desk phones, other agents. It is
// driven by the sandbox's control API.
type sandbox struct {
	agents   []agent
	contacts []contact // Newest first; what this tab has started and what agents have.
	down     bool      // The control API does not answer.
	watching bool
	searched int // Counts questions of the global search.
}

// An agent as the control API tells.
type agent struct {
	Name         string            `json:"name"`
	AgentID      string            `json:"agentId"`
	Extension    string            `json:"extension"`
	State        string            `json:"state"`
	Interactions []json.RawMessage `json:"interactions"` // Ids, or objects with one.
}

// A contact is a customer's call, chat or e-mail.
type contact struct {
	ID    string    `json:"id"`
	From  string    `json:"from"`
	Queue string    `json:"queue"`
	At    time.Time `json:"at"`
	State string    `json:"state"` // As the control API says; may be empty.
	Seen  bool      `json:"seen"`  // An agent has had it.
}

// interaction reads an entry of an agent's interactions.
type interaction struct {
	ID            string `json:"id"`
	InteractionID string `json:"interactionId"`
	State         string `json:"state"`
	From          string `json:"from"`
	ANI           string `json:"ani"`
	Queue         string `json:"queue"`
}

func readInteraction(raw json.RawMessage) interaction {
	var i interaction
	if json.Unmarshal(raw, &i.ID) == nil {
		return i
	}
	_ = json.Unmarshal(raw, &i)
	if i.ID == "" {
		i.ID = i.InteractionID
	}
	if i.From == "" {
		i.From = i.ANI
	}
	return i
}

// pollEvery is how often an open drawer asks for the world's state.
const pollEvery = time.Second

func (s *sandbox) load(ctx app.Context) { load(ctx, contactsKey, &s.contacts) }

// watch polls while the drawer is open.
func (c *crm) watch() {
	if c.world.watching {
		return
	}
	c.world.watching = true
	var again func()
	again = func() {
		var agents []agent
		err := ask("GET", "/sandbox/agents", nil, &agents)
		c.later(func() {
			c.world.down = err != nil
			if err == nil {
				c.world.take(agents)
				save(c.ctx, contactsKey, c.world.contacts)
			}
			if c.panel.Drawer != sandboxDrawer {
				c.world.watching = false
				return
			}
			time.AfterFunc(pollEvery, again)
		})
	}
	go again()
}

// take merges what the agents have into the list: new ones enter it, ones that
// an agent has had and no agent has any more leave it.
func (s *sandbox) take(agents []agent) {
	s.agents = agents
	held := map[string]bool{}
	for _, a := range agents {
		for _, raw := range a.Interactions {
			i := readInteraction(raw)
			if i.ID == "" {
				continue
			}
			held[i.ID] = true
			at := slices.IndexFunc(s.contacts, func(k contact) bool { return k.ID == i.ID })
			if at < 0 {
				s.contacts = slices.Insert(s.contacts, 0, contact{ID: i.ID, From: i.From, Queue: i.Queue, At: time.Now()})
				at = 0
			}
			s.contacts[at].State, s.contacts[at].Seen = i.State, true
		}
	}
	s.contacts = slices.DeleteFunc(s.contacts, func(k contact) bool { return k.Seen && !held[k.ID] })
	if len(s.contacts) > 20 {
		s.contacts = s.contacts[:20]
	}
}

// call lets a customer call in.
func (c *crm) customerCalls(from, queue string) {
	go func() {
		var made struct {
			ID string `json:"interactionId"`
		}
		err := ask("POST", "/sandbox/calls", map[string]string{"from": from, "queue": queue}, &made)
		c.later(func() {
			if err != nil {
				c.toast(bad, "The call could not be made: "+err.Error())
				return
			}
			if !slices.ContainsFunc(c.world.contacts, func(k contact) bool { return k.ID == made.ID }) {
				c.world.contacts = slices.Insert(c.world.contacts, 0, contact{ID: made.ID, From: from, Queue: queue, At: time.Now()})
			}
			save(c.ctx, contactsKey, c.world.contacts)
		})
	}()
}

// act does something to an interaction: an agent's desk phone or the customer.
func (c *crm) act(id, what string, body map[string]string) {
	go func() {
		err := ask("POST", "/sandbox/interactions/"+url.PathEscape(id)+"/"+what, body, nil)
		c.later(func() {
			var said *refusal
			switch {
			case err == nil && body["action"] == "hangup", asRefusal(err, &said) && said.Status == 404:
				c.world.contacts = slices.DeleteFunc(c.world.contacts, func(k contact) bool { return k.ID == id && !k.Seen || said != nil && k.ID == id })
				save(c.ctx, contactsKey, c.world.contacts)
			}
			if err != nil {
				c.toast(bad, err.Error())
			}
		})
	}()
}
