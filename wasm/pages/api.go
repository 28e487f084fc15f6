//go:build js && wasm

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"time"

	"deskbridge/pkg/browser"
	"deskbridge/pkg/fetch"
)

// A record as the server describes it; see server/sandbox_crmview.go.
type record struct {
	Type       string            `json:"type"`
	TypeID     string            `json:"typeId"`
	ID         string            `json:"id"`
	Name       string            `json:"name"`
	Detail     string            `json:"detail"`
	Owner      string            `json:"owner"`
	Phones     []phone           `json:"phones"`
	Properties map[string]string `json:"properties"`
}

type phone struct {
	Property string `json:"property"`
	Label    string `json:"label"`
	Number   string `json:"number"`
	Country  string `json:"country"`
}

type page struct {
	record
	Associations map[string][]record `json:"associations"`
	Timeline     []activity          `json:"timeline"`
}

type activity struct {
	ID         string    `json:"id"`
	Kind       string    `json:"kind"`
	Title      string    `json:"title"`
	Direction  string    `json:"direction"`
	From       string    `json:"from"`
	To         string    `json:"to"`
	Duration   string    `json:"duration"`
	Outcome    string    `json:"outcome"`
	Status     string    `json:"status"`
	Body       string    `json:"body"`
	Owner      string    `json:"owner"`
	At         time.Time `json:"at"`
	ExternalID string    `json:"externalId"`
}

type list struct {
	Results []record `json:"results"`
	Total   int      `json:"total"`
}

type recordRef struct {
	Type string `json:"type"`
	ID   string `json:"id"`
}

type match struct {
	CallerIDType string `json:"callerIdType"`
	ObjectTypeID string `json:"objectTypeId"`
	ObjectID     string `json:"objectId"`
	FirstName    string `json:"firstName"`
	LastName     string `json:"lastName"`
	Email        string `json:"email"`
	Name         string `json:"name"`
}

// A refusal is an answer of the server that is not 2xx.
type refusal struct {
	Status  int
	Message string
}

func (r *refusal) Error() string { return r.Message }

// askDeadline bounds every request to the server.
const askDeadline = 15 * time.Second

// ask sends in, if any, and decodes the answer into out, if any.
func ask(method, path string, in, out any) error {
	ctx, cancel := context.WithTimeout(context.Background(), askDeadline)
	defer cancel()
	r := fetch.Request{Method: method, URL: browser.Origin() + path}
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		r.Body, r.Header = b, map[string]string{"Content-Type": "application/json"}
	}
	resp, err := browser.Fetch{}.Do(ctx, r)
	if err != nil {
		return err
	}
	if resp.Status < 200 || resp.Status > 299 {
		return refused(resp.Status, resp.Body)
	}
	if out == nil || len(resp.Body) == 0 {
		return nil
	}
	if err := json.Unmarshal(resp.Body, out); err != nil {
		return fmt.Errorf("%s %s: %w", method, path, err)
	}
	return nil
}

// refused reads both shapes of errors: the sandbox's and the backend's.
func refused(status int, answer []byte) error {
	var said struct {
		Error   string `json:"error"`
		Message string `json:"message"`
	}
	_ = json.Unmarshal(answer, &said)
	r := &refusal{Status: status, Message: said.Error}
	if r.Message == "" {
		r.Message = said.Message
	}
	if r.Message == "" {
		r.Message = fmt.Sprintf("The server answered %d.", status)
	}
	return r
}

func findRecords(objectType, query string, limit int) (list, error) {
	var l list
	path := fmt.Sprintf("/sandbox/crm/objects/%s?limit=%d&q=%s", url.PathEscape(objectType), limit, url.QueryEscape(query))
	err := ask("GET", path, nil, &l)
	return l, err
}

func getRecord(objectType, id string) (page, error) {
	var p page
	err := ask("GET", "/sandbox/crm/objects/"+url.PathEscape(objectType)+"/"+url.PathEscape(id), nil, &p)
	return p, err
}

// A newCall asks for an engagement.
type newCall struct {
	ExternalCallID string     `json:"externalCallId"`
	Direction      string     `json:"direction"`
	FromNumber     string     `json:"fromNumber"`
	ToNumber       string     `json:"toNumber"`
	OwnerID        string     `json:"ownerId"`
	StartedAt      time.Time  `json:"startedAt"`
	Record         *recordRef `json:"record,omitempty"`
}

func createEngagement(call newCall) (string, error) {
	var made struct {
		ID string `json:"id"`
	}
	err := ask("POST", "/sandbox/crm/engagements", call, &made)
	return made.ID, err
}

func completeEngagement(id string, properties map[string]string, r *recordRef) error {
	body := map[string]any{"properties": properties, "record": r}
	return ask("POST", "/sandbox/crm/engagements/"+url.PathEscape(id)+"/complete", body, nil)
}

func matchCaller(number string) ([]match, error) {
	var found struct {
		Matches []match `json:"callerIdMatches"`
	}
	err := ask("POST", "/sandbox/crm/match", map[string]string{"number": number}, &found)
	return found.Matches, err
}
