package main

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"deskbridge/pkg/ledger"
	"deskbridge/pkg/tenant"
)

// The admin's pages. They work without JavaScript: what a form changes is
// answered with a redirect to a page that says what happened.
const (
	adminPath        = "/admin"
	recordsPage      = "/admin/records"
	retryForm        = "/admin/records/retry"
	settingsPage     = "/admin/settings"
	portalPage       = "/admin/portals/:id/settings"
	mergeForm        = "/admin/portals/:id/settings/merge"
	historyPage      = "/admin/portals/:id/history"
	restoreForm      = "/admin/portals/:id/restore"
	accountsPage     = "/admin/accounts"
	endSessionForm   = "/admin/accounts/session"
	endAgentForm     = "/admin/accounts/agent"
	doctorPage       = "/admin/doctor"
	adminStylePath   = "/admin/admin.css"
	adminScriptPath  = "/admin/admin.js"
	adminPagesPolicy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

var adminTemplates = template.Must(template.New("").Funcs(template.FuncMap{
	"stamp":    func(ms int64) template.HTML { return stamp(time.UnixMilli(ms)) },
	"stampAt":  stamp,
	"contains": func(list []string, one string) bool { return slices.Contains(list, one) },
	"plural":   plural,
	"capital":  capital,
}).ParseFS(signInFiles, "pages/admin/*.html"))

// stamp is a time; a script shows it as the browser's region does.
func stamp(t time.Time) template.HTML {
	t = t.UTC()
	return template.HTML(`<time datetime="` + t.Format(time.RFC3339) + `">` + t.Format("2 Jan 2006, 15:04") + ` UTC</time>`)
}

// adminView is what every page has.
type adminView struct {
	Page, Title   string
	Admin         admin
	Portals       []tenant.Portal
	Problem, Done string // Sentences.
	Sandbox       bool
	Body          any
}

// adminSentences are what pages say after a redirect, by the code in its query.
var adminSentences = map[string]string{
	"saved":    "Saved. It holds from now on; panels that are open follow when they are loaded again.",
	"restored": "Restored. It holds from now on; panels that are open follow when they are loaded again.",
	"same":     "Nothing was different, so nothing was saved.",
	"ended":    "The session has ended. A call in progress goes on; the agent has to sign in again.",
	"endedAll": "All of the agent’s sessions have ended. A call in progress goes on; the agent has to sign in again.",
	"gone":     "That session had ended already.",
}

func (s *server) registerAdminPages(e *echo.Echo) {
	const quickly, slowly = 5 * time.Second, 25 * time.Second
	page := func(method, path string, h echo.HandlerFunc, d time.Duration) {
		e.Add(method, path, h, timeout(d), s.pageProblems, s.sameOrigin, s.admin)
	}
	e.GET(adminStylePath, s.signInAsset("admin/admin.css", "text/css; charset=utf-8"))
	e.GET(adminScriptPath, s.signInAsset("admin/admin.js", "text/javascript; charset=utf-8"))
	page("GET", adminPath, s.overviewPage, slowly)
	page("GET", adminPath+"/", s.overviewPage, slowly)
	page("GET", recordsPage, s.recordsPage, slowly)
	page("POST", retryForm, s.retryRecords, slowly)
	page("GET", settingsPage, s.anySettingsPage, quickly)
	page("GET", portalPage, s.settingsPage, slowly)
	page("POST", portalPage, s.saveSettings, slowly)
	page("POST", mergeForm, s.mergeSettings, slowly)
	page("GET", historyPage, s.historyPage, slowly)
	page("POST", restoreForm, s.restoreSettings, slowly)
	page("GET", accountsPage, s.accountsPage, slowly)
	page("POST", endSessionForm, s.endSession, quickly)
	page("POST", endAgentForm, s.endAgent, quickly)
	page("GET", doctorPage, s.doctorPage, slowly)
}

// pageProblems answers a page's refusals with a page.
func (s *server) pageProblems(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		err := next(c)
		if err == nil || c.Response().Committed {
			return err
		}
		refusal := refusalOf(err)
		if refusal.Status >= 500 {
			s.Log.Error("request failed", "request", requestID(c), "route", c.Path(), "status", refusal.Status, "error", maskText(err.Error()))
		}
		v := adminView{Page: "problem", Title: "Something is wrong", Problem: refusal.Message, Admin: adminOf(c)}
		switch {
		case errors.Is(err, errNoAdmin):
			v.Page, v.Title, v.Problem = "signin", "Administer Deskbridge", "" // Nobody has done anything wrong.
		case errors.Is(err, errNotAdmin):
			v.Page, v.Title = "signin", "Administer Deskbridge"
		}
		return s.render(c, refusal.Status, v)
	}
}

// show renders a page of the admin's, with what the redirect before it says.
func (s *server) show(c echo.Context, status int, page, title string, body any) error {
	portals, err := s.Tenants.Portals(c.Request().Context(), adminOf(c).OrgID)
	if err != nil {
		return err
	}
	v := adminView{Page: page, Title: title, Admin: adminOf(c), Portals: portals, Done: adminSentences[c.QueryParam("done")], Body: body}
	if n, err := strconv.Atoi(c.QueryParam("retried")); err == nil && n >= 0 {
		v.Done = retriedSentence(n)
	}
	return s.render(c, status, v)
}

func retriedSentence(n int) string {
	switch n {
	case 0:
		return "Nothing was there to write again."
	case 1:
		return "One record is being written again. Load the page in a moment to see what HubSpot says."
	}
	return fmt.Sprintf("%d records are being written again. Load the page in a moment to see what HubSpot says.", n)
}

func (s *server) render(c echo.Context, status int, v adminView) error {
	v.Sandbox = s.cfg.Sandbox
	var out bytes.Buffer
	if err := adminTemplates.ExecuteTemplate(&out, "page", v); err != nil {
		return fmt.Errorf("admin page: %w", err)
	}
	h := c.Response().Header()
	h.Set("Content-Security-Policy", adminPagesPolicy)
	h.Set("Cache-Control", "no-store")
	return c.HTMLBlob(status, out.Bytes())
}

// see redirects to a page with a sentence.
func see(c echo.Context, path, done string) error {
	c.Response().Header().Set("Cache-Control", "no-store")
	if done != "" {
		path += "?" + url.Values{"done": {done}}.Encode()
	}
	return c.Redirect(http.StatusSeeOther, path)
}

// overviewBody is the first page.
type overviewBody struct {
	ledger.Overview
	Headline string
	Good     bool
	Oldest   string // How long the oldest waits.
	Ages     []ageView
	Bars     []bar
	Top      int // Calls of the busiest hour.
	Failures []failureView
}

type ageView struct {
	Label             string
	Waiting, NeedsYou int
}

type failureView struct {
	ledger.Failure
	Says string
}

// bar is an hour of the chart, in its units: 24 bars of 10, 60 high, the origin
// above.
type bar struct {
	X                        int
	Logged, Waiting, Needs   int // Heights.
	LoggedY, WaitingY, NeedY int
	ledger.Hour
}

// overviewPage is GET /admin.
func (s *server) overviewPage(c echo.Context) error {
	got, err := s.Books.Overview(c.Request().Context(), adminOf(c).OrgID)
	if err != nil {
		return err
	}
	b := overviewBody{Overview: got}
	now := time.UnixMilli(got.At)
	if got.OldestAt != 0 {
		b.Oldest = age(now.Sub(time.UnixMilli(got.OldestAt)))
	}
	needs := got.NeedAdmin + got.NeedAgent
	switch {
	case got.NeedAdmin > 0:
		b.Headline = plural(got.NeedAdmin, "call waits", "calls wait") + " for you: HubSpot does not let us write."
	case needs > 0:
		b.Headline = plural(needs, "call waits", "calls wait") + " for an agent: HubSpot has refused what was to be written."
	case got.Waiting > 0 && now.Sub(time.UnixMilli(got.OldestAt)) > 5*time.Minute:
		b.Headline = plural(got.Waiting, "call waits", "calls wait") + " for HubSpot, the oldest for " + b.Oldest + ". They are written as soon as it answers."
	default:
		b.Headline, b.Good = "Everything that has ended is in HubSpot, or on its way.", true
	}
	for i, a := range got.Ages {
		v := ageView{"Longer", a.Waiting, a.NeedsYou}
		if a.UnderMs != 0 {
			v.Label = "Up to " + age(time.Duration(a.UnderMs)*time.Millisecond)
		}
		if i == 0 {
			v.Label = "Less than a minute"
		}
		b.Ages = append(b.Ages, v)
	}
	for _, f := range got.Failures {
		v := failureView{Failure: f, Says: f.Detail}
		if v.Says == "" {
			v.Says = "HubSpot gave no reason."
		}
		b.Failures = append(b.Failures, v)
	}
	b.Bars, b.Top = bars(got.Hours)
	return s.show(c, http.StatusOK, "overview", "Overview", b)
}

func bars(hours []ledger.Hour) (all []bar, top int) {
	const high = 60
	for _, h := range hours {
		top = max(top, h.Logged+h.Waiting+h.NeedsYou)
	}
	for i, h := range hours {
		b := bar{X: i * 10, Hour: h}
		if top > 0 {
			b.Logged, b.Waiting, b.Needs = h.Logged*high/top, h.Waiting*high/top, h.NeedsYou*high/top
		}
		b.LoggedY = high - b.Logged
		b.WaitingY = b.LoggedY - b.Waiting
		b.NeedY = b.WaitingY - b.Needs
		all = append(all, b)
	}
	return all, top
}

// age is how long something has been so, in one unit.
func age(d time.Duration) string {
	switch {
	case d < time.Minute:
		return plural(int(max(d, 0)/time.Second), "second", "seconds")
	case d < 2*time.Hour && d != time.Hour:
		return plural(int(d/time.Minute), "minute", "minutes")
	case d < 48*time.Hour && d != 24*time.Hour:
		return plural(int(d/time.Hour), "hour", "hours")
	}
	return plural(int(d/(24*time.Hour)), "day", "days")
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

// recordsBody is the page of records.
type recordsBody struct {
	Query    url.Values // As asked, without the page.
	States   []option
	Records  []recordView
	Next     string // Address of the next page.
	Export   string
	Filtered bool
	Retry    int // Of those shown how many may be retried.
}

type recordView struct {
	ledger.Row
	Ago, Call, Label, Class, Happened string
	Retry                             bool
	ByAgent                           string // Address: only this agent's.
}

var recordStates = []option{
	{"", "Any"}, {"needs-you", "Needs somebody"}, {"admin", "Needs an admin"}, {"agent", "Needs the agent"},
	{ledger.IsWaiting, "Waiting for HubSpot"}, {ledger.IsLive, "On a call now"}, {ledger.IsLogged, "In HubSpot"}, {ledger.IsKept, "Kept here only"},
}

// filterNames are what makes up a filter in an address.
var filterNames = []string{"state", "detail", "agent", "portal", "text", "from", "to"}

// filterQuery is the filter of a query or form alone.
func filterQuery(from url.Values) url.Values {
	q := url.Values{}
	for _, name := range filterNames {
		if v := from.Get(name); v != "" {
			q.Set(name, v)
		}
	}
	return q
}

// recordsPage is GET /admin/records.
func (s *server) recordsPage(c echo.Context) error {
	q := filterQuery(c.QueryParams())
	b := recordsBody{Query: q, States: recordStates, Filtered: len(q) > 0, Export: adminExportPath + "?" + q.Encode()}
	f, err := s.filterOf(c, c.QueryParams())
	if err != nil {
		return err
	}
	rows, next, err := s.Books.Select(c.Request().Context(), adminOf(c).OrgID, f)
	if err != nil {
		return err
	}
	for _, r := range rows {
		v := viewOf(r, s.Now())
		only := filterQuery(q)
		only.Set("agent", r.AgentID)
		v.ByAgent = recordsPage + "?" + only.Encode()
		if v.Retry {
			b.Retry++
		}
		b.Records = append(b.Records, v)
	}
	if next != "" {
		more := filterQuery(q)
		more.Set("after", next)
		b.Next = recordsPage + "?" + more.Encode()
	}
	return s.show(c, http.StatusOK, "records", "Records", b)
}

func viewOf(r ledger.Row, now time.Time) recordView {
	v := recordView{Row: r, Ago: age(now.Sub(time.UnixMilli(r.StartedAt))) + " ago", Retry: r.State == ledger.IsNeedsYou}
	switch r.Direction {
	case "OUTBOUND":
		v.Call = "To "
	default:
		v.Call = "From "
	}
	if r.Number == "" {
		v.Call += "a hidden number"
	} else {
		v.Call += r.Number
	}
	switch r.State {
	case ledger.IsLive:
		v.Label, v.Happened = "On a call", "Written when it has ended."
	case ledger.IsWaiting:
		v.Label, v.Class = "Waiting", "wait"
		v.Happened = "On its way to HubSpot for " + age(now.Sub(time.UnixMilli(r.DueAt))) + "."
		if r.Fails > 0 {
			v.Happened = plural(r.Fails, "attempt", "attempts") + " in a row did not come through. It is tried again by itself."
		}
	case ledger.IsLogged:
		v.Label, v.Class, v.Happened = "In HubSpot", "yes", outcomeWords(r)
	case ledger.IsKept:
		v.Label, v.Happened = "Kept here", r.Detail
	default:
		v.Label, v.Class, v.Happened = "Needs the agent", "no", r.Detail
		if r.Need == "admin" {
			v.Label = "Needs an admin"
		}
		if r.Detail == "" {
			v.Happened = "HubSpot gave no reason."
		}
	}
	return v
}

// outcomes are how calls end, in words.
var outcomes = map[string]string{
	"COMPLETED": "Talked", "MISSED": "Missed", "NO_ANSWER": "No answer", "BUSY": "Busy", "REJECTED": "Declined", "CANCELED": "Hung up before it was answered", "FAILED": "Failed",
}

func outcomeWords(r ledger.Row) string {
	words := outcomes[r.Outcome]
	if words == "" {
		words = r.Outcome
	}
	if r.Reason != "" {
		words += ", " + r.Reason
	}
	return words
}

// retryRecords is POST /admin/records/retry: one key, or all that the form's
// filter selects. It goes back to where it came from.
func (s *server) retryRecords(c echo.Context) error {
	form, err := c.FormParams()
	if err != nil {
		return invalid("The form cannot be read.")
	}
	n := 0
	if key := form.Get("key"); key != "" {
		if _, err = s.retryOne(c, key); err == nil {
			n = 1
		}
	} else {
		n, err = s.retryAll(c, filterQuery(form))
	}
	if err != nil {
		return err
	}
	q, back := filterQuery(form), recordsPage
	if form.Get("back") == "overview" {
		q, back = url.Values{}, adminPath
	}
	q.Set("retried", strconv.Itoa(n))
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.Redirect(http.StatusSeeOther, back+"?"+q.Encode())
}
