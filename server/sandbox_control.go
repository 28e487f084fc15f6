package main

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"deskbridge/pkg/hubspot/hubspottest"
	"deskbridge/pkg/webexcc/webexcctest"
)

// control is the sandbox's own API: it steers the emulated world. Tests and
// scripts depend on it. Bodies are JSON; a misspelt field is an error. An
// agent is a name or an agent id, a queue or code a name or an id.
//
//	POST /sandbox/reset                        everything as at the start; sessions of ours stay
//	GET  /sandbox/agents                       who is there, in which state, with which interactions
//	POST /sandbox/agents/{agent}/state         {state, auxCode}: a supervisor makes the agent Available, or Idle with that code
//	POST /sandbox/agents/{agent}/logout        a supervisor logs the agent out
//	POST /sandbox/agents/{agent}/takeover      the agent signs in elsewhere: our sockets are told and closed
//	POST /sandbox/profile                      {agent, …}: what Webex says to the agent of their profile; see webexcctest.ProfileChange
//	GET  /sandbox/settings                     the portal's settings (tenant.Settings)
//	POST /sandbox/settings                     merged into them: maps are added to, null sets to the default
//	GET  /sandbox/interactions                 what goes on at Webex
//	POST /sandbox/calls, /chats, /emails       {from, to, queue, agent, cad, ronaTimeout, subject, text}: a customer comes
//	POST /sandbox/interactions/{id}/answer     {agent}: the desk phone, or a dialled number, picks up an offer, a consult or its leg
//	POST /sandbox/interactions/{id}/phone      {phone, action: answer, decline, busy, no-answer, hangup}: the same, with what else phones do
//	POST /sandbox/interactions/{id}/customer   {action, text}
//	POST /sandbox/faults                       {target, match, status, errorType, delayMs, drop, after, partial, times, oneIn, seed}
//	POST /sandbox/sockets/drop                 {agent, silent}
//	GET  /sandbox/requests?target=             what arrived
//	GET  /sandbox/engagements                  every activity in the CRM
//	GET  /sandbox/activities                   the same with those in the recycle bin, and what was overwritten: hubspottest.Activity
//	POST /sandbox/objects/{type}/{id}          {properties}: a person edits a record in HubSpot
//	POST /sandbox/contacts, /companies, …      {properties}: a record for the CRM
//
// The changes a supervisor makes may say so: by is "supervisor", as is the
// default. What concerns our own backend (settings) does not work where that is
// another process.
func (w *clouds) control() http.Handler {
	e := echo.New()
	e.HTTPErrorHandler = controlError
	g := e.Group("/sandbox")
	g.POST("/reset", w.resetAll)
	g.GET("/agents", func(c echo.Context) error { return c.JSON(http.StatusOK, w.webex.Agents()) })
	g.POST("/agents/:agent/state", w.agentState)
	g.POST("/agents/:agent/logout", w.agentLogout)
	g.POST("/agents/:agent/takeover", w.agentTakeover)
	g.POST("/profile", w.profile)
	g.GET("/settings", w.settings)
	g.POST("/settings", w.settings)
	g.GET("/interactions", func(c echo.Context) error { return c.JSON(http.StatusOK, w.webex.Interactions()) })
	g.POST("/calls", w.contact((*webexcctest.Server).Call))
	g.POST("/chats", w.contact((*webexcctest.Server).Chat))
	g.POST("/emails", w.contact((*webexcctest.Server).Email))
	g.POST("/interactions/:id/answer", w.answer)
	g.POST("/interactions/:id/phone", w.phone)
	g.POST("/interactions/:id/customer", w.customer)
	g.POST("/faults", w.fault)
	g.POST("/sockets/drop", w.dropSockets)
	g.GET("/requests", w.requests)
	g.GET("/engagements", func(c echo.Context) error { return c.JSON(http.StatusOK, w.hubspot.Engagements()) })
	g.GET("/activities", func(c echo.Context) error { return c.JSON(http.StatusOK, w.hubspot.Audit()) })
	g.POST("/objects/:type/:id", w.editObject)
	for _, objects := range []string{"contacts", "companies", "deals", "tickets"} {
		g.POST("/"+objects, w.addObject(objects))
	}
	registerCRM(e.Group("/sandbox/crm"), emulatedCRM{w.hubspot}, w.hubspotFaults)
	return e
}

func controlError(err error, c echo.Context) {
	status := http.StatusBadRequest
	var he *echo.HTTPError
	switch {
	case errors.Is(err, webexcctest.ErrUnknown), errors.Is(err, fs.ErrNotExist):
		status = http.StatusNotFound
	case errors.As(err, &he):
		status = he.Code
	}
	_ = c.JSON(status, map[string]string{"error": err.Error()})
}

// bind reads a JSON body strictly: a misspelt field is an error.
func bind(c echo.Context, into any) error {
	d := json.NewDecoder(c.Request().Body)
	d.DisallowUnknownFields()
	return d.Decode(into)
}

func (w *clouds) resetAll(c echo.Context) error {
	w.webex.Reset()
	w.hubspot.Reset()
	w.page.reset()
	if w.backend != nil {
		w.backend.reset()
	}
	if w.reset != nil {
		if err := w.reset(context.WithoutCancel(c.Request().Context())); err != nil {
			return echo.NewHTTPError(http.StatusInternalServerError, err.Error())
		}
	}
	return c.NoContent(http.StatusNoContent)
}

func (w *clouds) contact(begin func(*webexcctest.Server, webexcctest.CallRequest) (string, error)) echo.HandlerFunc {
	return func(c echo.Context) error {
		var body webexcctest.CallRequest
		if err := bind(c, &body); err != nil {
			return err
		}
		id, err := begin(w.webex, body)
		if err != nil {
			return err
		}
		return c.JSON(http.StatusCreated, map[string]string{"interactionId": id})
	}
}

func (w *clouds) answer(c echo.Context) error {
	var body struct {
		Agent string `json:"agent"`
	}
	if err := bind(c, &body); err != nil {
		return err
	}
	if err := w.webex.Answer(c.Param("id"), body.Agent); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

func (w *clouds) customer(c echo.Context) error {
	var body struct {
		Action string `json:"action"`
		Text   string `json:"text"`
	}
	if err := bind(c, &body); err != nil {
		return err
	}
	if err := w.webex.Customer(c.Param("id"), body.Action, body.Text); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

func (w *clouds) fault(c echo.Context) error {
	var f fault
	if err := bind(c, &f); err != nil {
		return err
	}
	if f.Times <= 0 {
		f.Times = 1
	}
	switch f.Target {
	case "webexcc":
		return w.answered(c, w.webex.AddFault(webexcctest.Fault{
			Match: f.Match, Status: f.Status, ErrorType: f.ErrorType, DelayMs: f.DelayMs, Drop: f.Drop, Silent: f.Silent, Times: f.Times,
		}))
	case "hubspot":
		if f.OneIn <= 1 {
			w.page.add(f) // HubSpot's own page fails like its API.
		}
		w.hubspot.AddFault(hubspottest.Fault{
			Match: f.Match, Status: f.Status, ErrorType: f.ErrorType, DelayMs: f.DelayMs, Drop: f.Drop, Times: f.Times,
			After: f.After, Partial: f.Partial, OneIn: f.OneIn, Seed: f.Seed,
		})
		return c.NoContent(http.StatusNoContent)
	case "backend":
		if w.backend == nil {
			return errors.New("the backend is another process: make it fail there")
		}
		if _, prefix, ok := strings.Cut(f.Match, " "); !ok || !strings.HasPrefix(prefix, "/") {
			return errors.New(`match is "METHOD /path/prefix"`)
		}
		w.backend.add(f)
		return c.NoContent(http.StatusNoContent)
	}
	return errors.New("target is webexcc, hubspot or backend")
}

func (w *clouds) answered(c echo.Context, err error) error {
	if err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

func (w *clouds) dropSockets(c echo.Context) error {
	var body struct {
		Agent  string `json:"agent"`
		Silent bool   `json:"silent"`
	}
	if err := bind(c, &body); err != nil {
		return err
	}
	return w.answered(c, w.webex.DropSockets(body.Agent, body.Silent))
}

func (w *clouds) requests(c echo.Context) error {
	target := c.QueryParam("target")
	all := []arrived{}
	if target == "" || target == "webexcc" {
		for _, r := range w.webex.Requests() {
			all = append(all, arrived{"webexcc", r.Method, r.Path, r.Status, r.Body, r.Time})
		}
	}
	if target == "" || target == "hubspot" {
		for _, r := range w.hubspot.Requests() {
			all = append(all, arrived{"hubspot", r.Method, r.Path, r.Status, r.Body, r.Time})
		}
	}
	if w.backend != nil && (target == "" || target == "backend") {
		all = append(all, w.backend.requests()...)
	}
	return c.JSON(http.StatusOK, all)
}

func (w *clouds) addObject(objectType string) echo.HandlerFunc {
	return func(c echo.Context) error {
		var body struct {
			Properties map[string]string `json:"properties"`
		}
		if err := bind(c, &body); err != nil {
			return err
		}
		id, err := w.hubspot.AddObject(objectType, body.Properties)
		if err != nil {
			return err
		}
		return c.JSON(http.StatusCreated, map[string]string{"id": id})
	}
}

func (w *clouds) editObject(c echo.Context) error {
	var body struct {
		Properties map[string]string `json:"properties"`
	}
	if err := bind(c, &body); err != nil {
		return err
	}
	return w.answered(c, w.hubspot.EditObject(c.Param("type"), c.Param("id"), body.Properties))
}

// hubspotFaults lets faults of the target hubspot reach what its page asks,
// by paths below /sandbox/crm.
func (w *clouds) hubspotFaults(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		f, ok := w.page.take(c.Request())
		if !ok {
			return next(c)
		}
		if f.DelayMs > 0 {
			select {
			case <-time.After(time.Duration(f.DelayMs) * time.Millisecond):
			case <-c.Request().Context().Done():
			}
		}
		if f.Drop {
			panic(http.ErrAbortHandler)
		}
		if f.Status != 0 {
			return echo.NewHTTPError(f.Status, "the sandbox made this request fail")
		}
		return next(c)
	}
}
