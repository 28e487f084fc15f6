//go:build js && wasm

package main

import (
	"net/url"
	"slices"
	"time"
)

// sandbox is the world outside: customers, desk phones, other agents. It is
// driven by the sandbox's control API.
type sandbox struct {
	agents   []agent
	contacts []contact // Newest first.
	down     bool      // The control API does not answer.
	watching bool
	reached  []string // Paths of the customers who have answered.
}

// An agent as the control API tells.
type agent struct {
	Name         string   `json:"name"`
	AgentID      string   `json:"agentId"`
	Extension    string   `json:"extension"`
	State        string   `json:"state"`   // LoggedOut, Available or Idle.
	AuxCode      string   `json:"auxCode"` // The idle code's name.
	Interactions []string `json:"interactions"`
}

// A contact is a customer's call, chat or e-mail.
type contact struct {
	ID        string `json:"id"`
	MediaType string `json:"mediaType"`
	From      string `json:"from"`
	To        string `json:"to"`
	Queue     string `json:"queue"`
	State     string `json:"state"` // queued, else Webex's: new while it rings, connected, …
	Agent     string `json:"agent"`
	Direction string `json:"direction"`
}

// pollEvery is how often an open drawer asks for the world's state.
const pollEvery = time.Second

// watch polls while the drawer is open.
func (c *crm) watch() {
	if c.world.watching {
		return
	}
	c.world.watching = true
	go func() {
		for c.look() {
			time.Sleep(pollEvery)
		}
	}()
}

// look asks once and says whether the drawer is still open.
func (c *crm) look() bool {
	var agents []agent
	var contacts []contact
	err := ask("GET", "/sandbox/agents", nil, &agents)
	if err == nil {
		err = ask("GET", "/sandbox/interactions", nil, &contacts)
	}
	open := make(chan bool, 1)
	c.later(func() {
		c.world.down = err != nil
		if err == nil {
			slices.Reverse(contacts)
			c.world.agents, c.world.contacts = agents, contacts
		}
		c.world.watching = c.panel.Drawer == sandboxDrawer
		open <- c.world.watching
	})
	return <-open
}

// customerCalls lets a customer call in.
func (c *crm) customerCalls(from, queue string) {
	c.steer("/sandbox/calls", map[string]string{"from": from, "queue": queue})
}

// act does something to an interaction: an agent's desk phone or the customer.
func (c *crm) act(id, what string, body map[string]string) {
	c.steer(interactionPath(id, what), body)
}

func interactionPath(id, what string) string {
	return "/sandbox/interactions/" + url.PathEscape(id) + "/" + what
}

// steer tells the world to do something, and the person if it will not.
func (c *crm) steer(path string, body map[string]string) {
	go func() {
		err := ask("POST", path, body, nil)
		c.later(func() {
			switch {
			case err != nil:
				c.toast(bad, "Sandbox: "+err.Error())
			case body["action"] == "answer":
				c.world.reached = append(c.world.reached, path)
			}
		})
		c.look() // At once rather than at the next tick.
	}()
}
