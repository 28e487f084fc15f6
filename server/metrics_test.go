package main

import (
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/ledger"
)

var seriesPattern = regexp.MustCompile(`^([a-z_0-9]+)(?:\{(.*)\})? (\S+)$`)

// scraped is what Prometheus sees: value by name and labels.
type scraped map[string]float64

func scrape(t *testing.T, address string) scraped {
	t.Helper()
	resp, err := http.Get(address)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, resp.StatusCode, string(body))
	out := scraped{}
	for line := range strings.SplitSeq(string(body), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		m := seriesPattern.FindStringSubmatch(line)
		require.NotNil(t, m, line)
		value, err := strconv.ParseFloat(m[3], 64)
		require.NoError(t, err, line)
		out[m[1]+"{"+m[2]+"}"] = value
	}
	return out
}

// sum adds what begins with name and has all of these labels.
func (s scraped) sum(name string, labels ...string) float64 {
	total := 0.0
series:
	for series, value := range s {
		if !strings.HasPrefix(series, name+"{") {
			continue
		}
		for _, l := range labels {
			if !strings.Contains(series, l) {
				continue series
			}
		}
		total += value
	}
	return total
}

// mixed is a bit of everything that a server sees. What it is about differs
// with n.
func (p *process) mixed(n int) {
	p.t.Helper()
	s := p.signIn()
	c := p.client(s.Token)
	number := "+1415555" + strconv.Itoa(2000+n)
	for range 2 { // The second time from the cache.
		_, err := c.Lookup(p.t.Context(), backend.Lookup{Number: number, Direction: "INBOUND"})
		require.NoError(p.t, err)
	}
	_, err := c.CreateContact(p.t.Context(), backend.NewContact{Number: number, FirstName: "Zoltan" + strconv.Itoa(n)})
	require.NoError(p.t, err)
	record := finished(s, n)
	record.Number = number
	_, err = c.Put(p.t.Context(), record)
	require.NoError(p.t, err)
	require.Eventually(p.t, func() bool {
		got, err := c.Interaction(p.t.Context(), record.Key)
		return err == nil && got.Receipt.State == "enriched"
	}, soon, 20*time.Millisecond)
	_, err = p.client("wrong-" + strconv.Itoa(n)).Settings(p.t.Context())
	require.Error(p.t, err)
	for _, path := range []string{"/nothing/" + strconv.Itoa(n), "/api/interactions/" + strconv.Itoa(n), "/web/x" + strconv.Itoa(n)} {
		for _, method := range []string{"GET", "BREW" + strconv.Itoa(n)} {
			req, err := http.NewRequest(method, p.url+path, nil)
			require.NoError(p.t, err)
			resp, err := http.DefaultClient.Do(req)
			require.NoError(p.t, err)
			require.NoError(p.t, resp.Body.Close())
		}
	}
}

// Operators see everything that they need and nothing about anybody, and what
// they see does not grow with what happens.
func TestMetrics(t *testing.T) {
	t.Parallel()
	p := startProcess(t, t.TempDir(), map[string]string{"DESKBRIDGE_METRICS_ADDR": "127.0.0.1:0"})
	m := regexp.MustCompile(`"metrics served","address":"([^"]+)"`).FindStringSubmatch(p.log.String())
	require.NotNil(t, m, p.log)
	address := "http://" + m[1] + "/metrics"

	p.mixed(1)
	first := scrape(t, address)
	for n := 2; n <= 4; n++ {
		p.mixed(n)
	}
	second := scrape(t, address)

	for series := range second {
		if strings.HasPrefix(series, "deskbridge_") && !strings.Contains(series, "le=") {
			require.Contains(t, first, series, "a series that was not there before")
		}
	}
	require.Less(t, len(second), 2000)
	label := regexp.MustCompile(`(\w+)="([^"]*)"`)
	for series := range second {
		for _, l := range label.FindAllStringSubmatch(series, -1) {
			if l[1] == "le" || l[1] == "quantile" {
				continue
			}
			require.NotRegexp(t, `^[\d.]+$`, l[2], series)
			require.NotRegexp(t, `@|\d{5,}|[0-9a-f]{8}-[0-9a-f]{4}|Zoltan|BREW|wrong-|Ann`, strings.TrimPrefix(l[2], "git-"), series)
		}
	}
	for name, least := range map[string]float64{
		`deskbridge_http_request_duration_seconds_count{route="/api/interactions/:key",method="PUT",status="2xx"}`: 4,
		`deskbridge_http_request_duration_seconds_count{route="/api/settings",status="4xx"}`:                       4,
		`deskbridge_http_request_duration_seconds_count{route="none",method="other"}`:                              4,
		`deskbridge_ledger_attempts_total{result="written"}`:                                                       4,
		`deskbridge_hubspot_request_duration_seconds_count{status="2xx"}`:                                          12,
		`deskbridge_hubspot_turn_wait_seconds_count{kind="search"}`:                                                4,
		`deskbridge_lookup_duration_seconds_count{result="miss"}`:                                                  4,
		`deskbridge_lookup_duration_seconds_count{result="hit"}`:                                                   4,
		`deskbridge_build_info{contract="v` + backend.Version + `"}`:                                               1,
		`go_goroutines{}`: 1,
	} {
		name, labels, _ := strings.Cut(strings.TrimSuffix(name, "}"), "{")
		require.GreaterOrEqual(t, second.sum(name, strings.Split(labels, ",")...), least, "%s %s", name, labels)
	}
	require.Contains(t, second, `deskbridge_hubspot_breakers_open{}`)
	require.Zero(t, second.sum("deskbridge_hubspot_breakers_open"))
	require.Zero(t, second.sum("deskbridge_http_requests_in_flight"))
	for _, state := range []string{"live", "waiting", "done", "needs-agent", "needs-admin"} {
		require.Contains(t, second, `deskbridge_ledger_records{state="`+state+`"}`)
	}
	require.Equal(t, http.StatusNotFound, p.probe("/metrics"), "they are not public")
}

// What lies in the database is counted, and left out while it cannot be.
func TestMetricsOfTheDatabase(t *testing.T) {
	t.Parallel()
	w, _ := realWorld(t)
	s := w.signIn()
	measured, err := newMetrics("1.2", true)
	require.NoError(t, err)
	books, ok := w.deps.Books.(depth)
	require.True(t, ok)
	require.NoError(t, measured.watch(books, w.deps.SignIns.count, w.deps.Now))
	_, err = w.client(s.Token).Put(t.Context(), backend.Record{
		Key: "live:" + agentID + ":1", Revision: 1, InteractionID: "live", Channel: "telephony", Direction: "INBOUND",
		Number: "+14155550100", Phase: "ringing", StartedAt: time.Now().UnixMilli(),
	})
	require.NoError(t, err)
	page := http.NewServeMux()
	page.Handle("/", measured.handler())
	w.handler = page

	got := scrape(t, w.url+"/metrics")
	require.InDelta(t, 1, got.sum("deskbridge_sessions"), 0)
	require.InDelta(t, 1, got.sum("deskbridge_ledger_records", `state="live"`), 0)

	closed, err := newMetrics("1.2", true)
	require.NoError(t, err)
	require.NoError(t, closed.watch(books, w.deps.SignIns.count, w.deps.Now))
	l, ok := w.deps.Books.(*ledger.Ledger)
	require.True(t, ok)
	require.NoError(t, l.DB().Close())
	page = http.NewServeMux()
	page.Handle("/", closed.handler())
	w.handler = page
	got = scrape(t, w.url+"/metrics")
	require.NotContains(t, got, "deskbridge_sessions{}")
	require.Contains(t, got, "deskbridge_hubspot_breakers_open{}")
}

func TestNothingIsMeasuredUnlessAskedFor(t *testing.T) {
	t.Parallel()
	m, err := newMetrics("", false)
	require.NoError(t, err)
	require.NoError(t, m.watch(nil, nil, nil))
	m.attempted("written")
	m.lookedUp("hit", time.Second)
	require.Nil(t, m.registry)
	var none *metrics
	none.attempted("written")
	none.waited(true, time.Second)
	require.Nil(t, none.hubspotHTTP())
}
