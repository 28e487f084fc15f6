package main

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
)

// crmWorld is the emulated CRM as the sandbox's page sees it. HubSpot's own
// page has such a brain behind it, too: what the page asks here has no public
// API, so paths and shapes are invented.
//
// An object type is one of contacts, companies, deals, tickets, calls, emails,
// notes, tasks and communications. What does not exist is fs.ErrNotExist.
type crmWorld interface {
	// Find returns at most limit objects that contain query, and how many there are.
	Find(ctx context.Context, objectType, query string, limit int) ([]crmObject, int, error)
	Get(ctx context.Context, objectType, id string) (crmObject, error)
	// Associated returns the objects of type to that hang on one object.
	Associated(ctx context.Context, objectType, id, to string) ([]crmObject, error)
	// Owner is the name of an owner, empty if unknown.
	Owner(ctx context.Context, id string) string
	// MatchCaller returns contacts and companies with that number.
	MatchCaller(ctx context.Context, number string) ([]crmObject, error)
	CreateEngagement(ctx context.Context, call crmCall) (id string, err error)
	// CompleteCall puts a call on the timeline of its record and those around it.
	CompleteCall(ctx context.Context, id string, properties map[string]string, record *crmRef) error
}

// crmObject is a CRM record or an activity.
type crmObject struct {
	Type       string // Such as contacts.
	ID         string
	Properties map[string]string
}

// crmRef names a record.
type crmRef struct {
	Type string `json:"type"` // Such as contacts.
	ID   string `json:"id"`
}

// crmCall is a call that the panel announced with createEngagement.
type crmCall struct {
	ExternalCallID string    `json:"externalCallId"`
	Direction      string    `json:"direction"` // INBOUND or OUTBOUND.
	FromNumber     string    `json:"fromNumber"`
	ToNumber       string    `json:"toNumber"`
	OwnerID        string    `json:"ownerId"` // Of whoever looks at the page.
	StartedAt      time.Time `json:"startedAt"`
	Record         *crmRef   `json:"record,omitempty"` // From which it was dialled.
}

// crmBrain answers what the CRM page asks.
type crmBrain struct {
	world crmWorld
	now   func() time.Time
}

// registerCRM adds the CRM page's API to g, whose prefix is /sandbox/crm.
// Middleware, such as one that makes requests fail on purpose, runs before
// each answer.
func registerCRM(g *echo.Group, world crmWorld, middleware ...echo.MiddlewareFunc) {
	c := &crmBrain{world: world, now: time.Now}
	g.Use(middleware...)
	g.GET("/objects/:type", c.list)
	g.GET("/objects/:type/:id", c.record)
	g.POST("/engagements", c.createEngagement)
	g.POST("/engagements/:id/complete", c.complete)
	g.POST("/match", c.match)
}

// crmPageSize is how many rows a list has when the page does not say.
const crmPageSize = 50

func (c *crmBrain) list(ec echo.Context) error {
	kind, ok := crmKinds[ec.Param("type")]
	if !ok {
		return crmRefuse(ec, http.StatusNotFound, "There are no such objects.")
	}
	limit, err := strconv.Atoi(ec.QueryParam("limit"))
	if err != nil || limit < 1 || limit > 200 {
		limit = crmPageSize
	}
	ctx := ec.Request().Context()
	found, total, err := c.world.Find(ctx, kind.objectType, ec.QueryParam("q"), limit)
	if err != nil {
		return crmFail(ec, err)
	}
	answer := crmList{Total: total, Results: []crmRecord{}}
	for _, o := range found {
		answer.Results = append(answer.Results, c.present(ctx, o))
	}
	return ec.JSON(http.StatusOK, answer)
}

func (c *crmBrain) record(ec echo.Context) error {
	kind, ok := crmKinds[ec.Param("type")]
	if !ok {
		return crmRefuse(ec, http.StatusNotFound, "There are no such objects.")
	}
	ctx := ec.Request().Context()
	o, err := c.world.Get(ctx, kind.objectType, ec.Param("id"))
	if err != nil {
		return crmFail(ec, err)
	}
	answer := crmPage{crmRecord: c.present(ctx, o), Associations: map[string][]crmRecord{}}
	for _, to := range crmRecordTypes {
		if to == kind.objectType {
			continue
		}
		others, err := c.world.Associated(ctx, o.Type, o.ID, to)
		if err != nil {
			return crmFail(ec, err)
		}
		answer.Associations[to] = []crmRecord{}
		for _, other := range others {
			answer.Associations[to] = append(answer.Associations[to], c.present(ctx, other))
		}
	}
	if answer.Timeline, err = c.timeline(ctx, o); err != nil {
		return crmFail(ec, err)
	}
	return ec.JSON(http.StatusOK, answer)
}

func (c *crmBrain) createEngagement(ec echo.Context) error {
	var call crmCall
	if err := readJSON(ec, &call); err != nil {
		return crmRefuse(ec, http.StatusBadRequest, "This is not a call in JSON.")
	}
	if call.Direction != "INBOUND" && call.Direction != "OUTBOUND" {
		return crmRefuse(ec, http.StatusBadRequest, "direction is neither INBOUND nor OUTBOUND.")
	}
	if call.StartedAt.IsZero() {
		call.StartedAt = c.now()
	}
	id, err := c.world.CreateEngagement(ec.Request().Context(), call)
	if err != nil {
		return crmFail(ec, err)
	}
	return ec.JSON(http.StatusCreated, map[string]string{"id": id})
}

func (c *crmBrain) complete(ec echo.Context) error {
	var body struct {
		Properties map[string]string `json:"properties"`
		Record     *crmRef           `json:"record"`
	}
	if err := readJSON(ec, &body); err != nil {
		return crmRefuse(ec, http.StatusBadRequest, "These are not properties in JSON.")
	}
	if err := c.world.CompleteCall(ec.Request().Context(), ec.Param("id"), body.Properties, body.Record); err != nil {
		return crmFail(ec, err)
	}
	return ec.JSON(http.StatusOK, map[string]string{"id": ec.Param("id")})
}

func (c *crmBrain) match(ec echo.Context) error {
	var body struct {
		Number string `json:"number"`
	}
	if err := readJSON(ec, &body); err != nil {
		return crmRefuse(ec, http.StatusBadRequest, "This is not a number in JSON.")
	}
	ctx := ec.Request().Context()
	found, err := c.world.MatchCaller(ctx, body.Number)
	if err != nil {
		return crmFail(ec, err)
	}
	matches := []crmMatch{}
	for _, o := range found {
		if m, ok := matchOf(o); ok {
			matches = append(matches, m)
		}
	}
	return ec.JSON(http.StatusOK, map[string][]crmMatch{"callerIdMatches": matches})
}

// crmRefuse answers as the sandbox's control API does.
func crmRefuse(ec echo.Context, status int, sentence string) error {
	return ec.JSON(status, map[string]string{"error": sentence})
}

func crmFail(ec echo.Context, err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return crmRefuse(ec, http.StatusNotFound, "There is no such record.")
	}
	return crmRefuse(ec, http.StatusBadGateway, err.Error())
}
