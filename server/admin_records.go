package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"deskbridge/pkg/ledger"
)

// The records' part of the admin's API.
const (
	adminOverviewPath = "/admin/api/overview"
	adminRecordsPath  = "/admin/api/records"
	adminRetryPath    = "/admin/api/records/retry"
	adminExportPath   = "/admin/api/records/export.csv"
)

// An operator is the ledger as an organisation's admins need it.
type operator interface {
	Overview(ctx context.Context, orgID string) (ledger.Overview, error)
	Select(ctx context.Context, orgID string, f ledger.Filter) (rows []ledger.Row, next string, err error)
	Export(ctx context.Context, orgID string, f ledger.Filter, each func(ledger.Row) error) error
	RetryFor(ctx context.Context, orgID, key string) (ledger.Row, error)
	RetryAll(ctx context.Context, orgID string, f ledger.Filter) (int, error)
}

// adminOverview is GET /admin/api/overview: a ledger.Overview.
func (s *server) adminOverview(c echo.Context) error {
	got, err := s.Books.Overview(c.Request().Context(), adminOf(c).OrgID)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, got)
}

// adminRecords is GET /admin/api/records: a page of ledger.Rows. The query is
// what filterOf reads.
func (s *server) adminRecords(c echo.Context) error {
	f, err := s.filterOf(c, c.QueryParams())
	if err != nil {
		return err
	}
	rows, next, err := s.Books.Select(c.Request().Context(), adminOf(c).OrgID, f)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{"records": rows, "next": next})
}

// adminRetryOne is POST /admin/api/records/{key}/retry: the ledger.Row as it is
// then.
func (s *server) adminRetryOne(c echo.Context) error {
	row, err := s.retryOne(c, c.Param("key"))
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, row)
}

func (s *server) retryOne(c echo.Context, key string) (ledger.Row, error) {
	a := adminOf(c)
	row, err := s.Books.RetryFor(c.Request().Context(), a.OrgID, key)
	if err == nil {
		s.Log.Info("record retried", "request", requestID(c), "key", row.Key, "org", a.OrgID, "by", a.PersonID)
	}
	return row, err
}

// adminRetryAll is POST /admin/api/records/retry: all that the query selects and
// that need somebody. The answer says how many.
func (s *server) adminRetryAll(c echo.Context) error {
	n, err := s.retryAll(c, c.QueryParams())
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]int{"retried": n})
}

func (s *server) retryAll(c echo.Context, q url.Values) (int, error) {
	a := adminOf(c)
	f, err := s.filterOf(c, q)
	if err != nil {
		return 0, err
	}
	n, err := s.Books.RetryAll(c.Request().Context(), a.OrgID, f)
	s.Log.Info("records retried", "request", requestID(c), "records", n, "org", a.OrgID, "by", a.PersonID)
	return n, err
}

// filterOf reads a filter from a query:
//
//	state   live, waiting, logged, kept, needs-you; or agent, admin: needs-you, whose turn it is
//	detail  what HubSpot says, whole
//	agent   an agent's id
//	portal  a portal's id
//	text    a key, an interaction's id, a whole number, an agent's e-mail address
//	from, to  days, such as 2026-11-21, in UTC; both included
//	after, limit  the page
func (s *server) filterOf(c echo.Context, q url.Values) (ledger.Filter, error) {
	f := ledger.Filter{
		State: q.Get("state"), Detail: q.Get("detail"), AgentID: q.Get("agent"), PortalID: q.Get("portal"),
		Text: q.Get("text"), After: q.Get("after"),
	}
	switch f.State {
	case "", ledger.IsLive, ledger.IsWaiting, ledger.IsLogged, ledger.IsKept, ledger.IsNeedsYou:
	case "agent", "admin":
		f.State, f.Need = ledger.IsNeedsYou, f.State
	default:
		return f, invalid("The state must be live, waiting, logged, kept, needs-you, agent or admin.")
	}
	for _, d := range []struct {
		name  string
		field *time.Time
		add   int // Days.
	}{{"from", &f.From, 0}, {"to", &f.To, 1}} {
		text := q.Get(d.name)
		if text == "" {
			continue
		}
		day, err := time.ParseInLocation(time.DateOnly, text, time.UTC)
		if err != nil {
			return f, invalid("A day is written like 2026-11-21.")
		}
		*d.field = day.AddDate(0, 0, d.add)
	}
	if text := q.Get("limit"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 500 {
			return f, invalid("The limit must be from 1 to 500.")
		}
		f.Limit = n
	}
	if f.PortalID != "" {
		portals, err := s.Tenants.Portals(c.Request().Context(), adminOf(c).OrgID)
		if err != nil {
			return f, err
		}
		f.Default = len(portals) > 0 && portals[0].ID == f.PortalID
	}
	return f, nil
}

// exportTime is how long an export may take: it goes on as long as somebody
// reads it.
const exportTime = 10 * time.Minute

// adminExport is GET /admin/api/records/export.csv, with the query of records.
// Numbers, names and notes are whole: they are the admin's organisation's own.
// The log says who has taken how many.
func (s *server) adminExport(c echo.Context) error {
	a := adminOf(c)
	f, err := s.filterOf(c, c.QueryParams())
	if err != nil {
		return err
	}
	f.After = ""
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, "text/csv; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="deskbridge-records-`+s.Now().UTC().Format("20060102-1504")+`.csv"`)
	n, err := writeRecords(c.Response(), func(each func(ledger.Row) error) error {
		return s.Books.Export(c.Request().Context(), a.OrgID, f, each)
	})
	s.Log.Info("records exported", "request", requestID(c), "records", n, "whole", err == nil, "org", a.OrgID, "by", a.PersonID)
	if err != nil && c.Response().Committed {
		s.Log.Warn("export cut off", "request", requestID(c), "error", maskText(err.Error()))
		panic(http.ErrAbortHandler) // What was sent must not look complete.
	}
	if err != nil {
		h.Del("Content-Disposition")
	}
	return err
}

// writeRecords writes a CSV file as RFC 4180 has it, with a line of names.
func writeRecords(w io.Writer, all func(each func(ledger.Row) error) error) (n int, err error) {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	write := func(fields ...string) error {
		for i, f := range fields {
			fields[i] = harmless(f)
		}
		return out.Write(fields)
	}
	begin := func() error {
		return write("key", "interaction", "portal", "agent", "agent email", "channel", "direction", "number", "name", "queue",
			"started (UTC)", "ended (UTC)", "outcome", "reason", "state", "need", "detail", "waiting since (UTC)", "hubspot", "notes")
	}
	err = all(func(r ledger.Row) error {
		if n == 0 {
			if err := begin(); err != nil {
				return err
			}
		}
		n++
		return write(r.Key, r.InteractionID, r.PortalID, r.Agent, r.Email, r.Channel, r.Direction, r.Number, r.Name, r.Queue,
			instant(r.StartedAt), instant(r.EndedAt), r.Outcome, r.Reason, r.State, r.Need, r.Detail, instant(r.DueAt), r.URL, r.Notes)
	})
	if err == nil && n == 0 {
		err = begin()
	}
	if err == nil {
		out.Flush()
		err = out.Error()
	}
	if err != nil {
		return n, fmt.Errorf("export: %w", err)
	}
	return n, nil
}

// harmless keeps a spreadsheet from taking a text for a formula. A number with
// its plus is none: it is left as it is.
func harmless(text string) string {
	trimmed := strings.TrimLeft(text, " \t\r\n")
	if trimmed == "" || !strings.ContainsRune("=+-@", rune(trimmed[0])) && !strings.ContainsRune("\t\r\n", rune(text[0])) {
		return text
	}
	if strings.HasPrefix(text, "+") && !strings.ContainsFunc(text[1:], func(r rune) bool { return r < '0' || r > '9' }) {
		return text
	}
	return "'" + text
}

func instant(ms int64) string {
	if ms == 0 {
		return ""
	}
	return time.UnixMilli(ms).UTC().Format(time.DateTime)
}
