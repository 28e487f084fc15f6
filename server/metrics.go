package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/otel/attribute"
	exporter "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/metric/noop"
	sdk "go.opentelemetry.io/otel/sdk/metric"
	"golang.org/x/oauth2"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/ledger"
)

// metrics are what operators watch. A label is one of a few words that this
// program knows beforehand: never an id, a number, a name or an address.
//
// Its methods may be called on nil, which measures nothing.
type metrics struct {
	registry *prometheus.Registry // Nil where nobody looks.
	meter    metric.Meter

	requests  metric.Float64Histogram
	inFlight  metric.Int64UpDownCounter
	limited   metric.Int64Counter
	hubspot   metric.Float64Histogram
	turns     metric.Float64Histogram
	lookups   metric.Float64Histogram
	attempts  metric.Int64Counter
	refreshes metric.Int64Counter
	dials     metric.Int64Counter
}

// seconds are the histograms' bounds: from an answer out of a cache to one that
// nobody waited for.
var seconds = metric.WithExplicitBucketBoundaries(.005, .01, .025, .05, .1, .25, .45, 1, 3, 10, 30)

// newMetrics returns metrics with a page for Prometheus, or without observed
// ones that measure nothing.
func newMetrics(version string, observed bool) (*metrics, error) {
	m := &metrics{meter: noop.NewMeterProvider().Meter("deskbridge")}
	if observed {
		m.registry = prometheus.NewRegistry()
		m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
		reader, err := exporter.New(exporter.WithRegisterer(m.registry), exporter.WithoutScopeInfo(), exporter.WithoutTargetInfo())
		if err != nil {
			return nil, fmt.Errorf("metrics: %w", err)
		}
		m.meter = sdk.NewMeterProvider(sdk.WithReader(reader)).Meter("deskbridge")
	}
	var errs []error
	histogram := func(name, text string) metric.Float64Histogram {
		h, err := m.meter.Float64Histogram("deskbridge."+name, metric.WithUnit("s"), metric.WithDescription(text), seconds)
		errs = append(errs, err)
		return h
	}
	counter := func(name, text string) metric.Int64Counter {
		c, err := m.meter.Int64Counter("deskbridge."+name, metric.WithDescription(text))
		errs = append(errs, err)
		return c
	}
	m.requests = histogram("http.request.duration", "Requests by route, method and class of status.")
	m.hubspot = histogram("hubspot.request.duration", "Requests to HubSpot by class of status; none is no answer.")
	m.turns = histogram("hubspot.turn.wait", "How long requests waited for their turn under HubSpot's limits.")
	m.lookups = histogram("lookup.duration", "Whose number it is: hit, miss, stale or late.")
	m.limited = counter("http.requests.limited", "Requests refused for being too many.")
	m.attempts = counter("ledger.attempts", "Attempts to write a record to HubSpot by how they ended.")
	m.refreshes = counter("token.refreshes", "OAuth refreshes by vendor and result.")
	m.dials = counter("dials", "Outdials asked for: granted, refused, or asked in a storm.")
	var err error
	m.inFlight, err = m.meter.Int64UpDownCounter("deskbridge.http.requests.in.flight", metric.WithDescription("Requests being answered."))
	errs = append(errs, err)
	build, err := m.meter.Int64Gauge("deskbridge.build.info", metric.WithDescription("Always 1; the labels say what runs."))
	if errs = append(errs, err); build != nil {
		build.Record(context.Background(), 1, metric.WithAttributes(label("version", buildVersion(version)),
			label("go", runtime.Version()), label("contract", "v"+backend.Version)))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("metrics: %w", err)
	}
	return m, nil
}

// buildVersion is the configured version, or what the build knows.
func buildVersion(configured string) string {
	if configured != "" {
		return configured
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	for _, setting := range info.Settings {
		if setting.Key == "vcs.revision" {
			return "git-" + setting.Value[:min(12, len(setting.Value))]
		}
	}
	return info.Main.Version
}

func label(name, value string) attribute.KeyValue { return attribute.String(name, value) }

// middleware measures each request. The route stands for the path.
func (m *metrics) middleware(next echo.HandlerFunc) echo.HandlerFunc {
	if m == nil || m.registry == nil {
		return next
	}
	return func(c echo.Context) error {
		ctx, began := context.WithoutCancel(c.Request().Context()), time.Now()
		m.inFlight.Add(ctx, 1)
		defer m.inFlight.Add(ctx, -1)
		err := next(c)
		m.requests.Record(ctx, time.Since(began).Seconds(), metric.WithAttributes(
			label("route", routeOf(c)), label("method", methodOf(c.Request().Method)), label("status", statusClass(c.Response().Status))))
		return err
	}
}

func routeOf(c echo.Context) string {
	if path := c.Path(); path != "" {
		return path
	}
	return "none"
}

func methodOf(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}

// statusClass is such as 2xx; none is for no answer.
func statusClass(status int) string {
	if status < 100 || status > 599 {
		return "none"
	}
	return strconv.Itoa(status/100) + "xx"
}

// roundTripper measures what is asked of HubSpot.
type roundTripper struct {
	m    *metrics
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (t roundTripper) RoundTrip(r *http.Request) (*http.Response, error) {
	began, status := time.Now(), 0
	resp, err := t.next.RoundTrip(r)
	if err == nil {
		status = resp.StatusCode
	}
	t.m.hubspot.Record(context.WithoutCancel(r.Context()), time.Since(began).Seconds(), metric.WithAttributes(label("status", statusClass(status))))
	return resp, err
}

// hubspotHTTP is the client with which HubSpot's CRM is asked; nil is the
// package's own.
func (m *metrics) hubspotHTTP() *http.Client {
	if m == nil {
		return nil
	}
	return &http.Client{
		Transport: roundTripper{m, http.DefaultTransport}, Timeout: 30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func (m *metrics) waited(search bool, d time.Duration) {
	if m == nil {
		return
	}
	kind := "other"
	if search {
		kind = "search"
	}
	m.turns.Record(context.Background(), d.Seconds(), metric.WithAttributes(label("kind", kind)))
}

func (m *metrics) lookedUp(result string, d time.Duration) {
	if m != nil {
		m.lookups.Record(context.Background(), d.Seconds(), metric.WithAttributes(label("result", result)))
	}
}

func (m *metrics) attempted(result string) {
	if m != nil {
		m.attempts.Add(context.Background(), 1, metric.WithAttributes(label("result", result)))
	}
}

// refresher gets a new access token for a refresh token.
type refresher func(ctx context.Context, id, refreshToken string) (*oauth2.Token, error)

// counting counts refreshes.
func (m *metrics) counting(next refresher) refresher {
	if m == nil {
		return next
	}
	return func(ctx context.Context, id, refreshToken string) (*oauth2.Token, error) {
		t, err := next(ctx, id, refreshToken)
		vendor, result := "webex", "refreshed"
		if strings.HasPrefix(id, hubspotID("")) {
			vendor = "hubspot"
		}
		var refused *oauth2.RetrieveError
		switch {
		case errors.As(err, &refused) && refused.Response != nil && refused.Response.StatusCode < 500:
			result = "refused"
		case err != nil:
			result = "failed"
		}
		m.refreshes.Add(context.WithoutCancel(ctx), 1, metric.WithAttributes(label("vendor", vendor), label("result", result)))
		return t, err
	}
}

func (m *metrics) tooMany(limit string) {
	if m != nil {
		m.limited.Add(context.Background(), 1, metric.WithAttributes(label("limit", limit)))
	}
}

func (m *metrics) dialled(result string) {
	if m != nil {
		m.dials.Add(context.Background(), 1, metric.WithAttributes(label("result", result)))
	}
}

// depth is what the ledger says of itself.
type depth interface {
	Depth(ctx context.Context) (ledger.Stats, error)
	NeedsAdmin(ctx context.Context) (int, error)
	Breakers() int
}

// countEvery is for how long counts in the database hold: Prometheus may look
// as often as it likes.
const countEvery = 10 * time.Second

// watch measures what lies in the database, whenever somebody looks.
func (m *metrics) watch(books depth, sessions func(context.Context) (int, error), now func() time.Time) error {
	if m.registry == nil {
		return nil
	}
	var errs []error
	gauge := func(name, unit, text string) metric.Float64ObservableGauge {
		g, err := m.meter.Float64ObservableGauge("deskbridge."+name, metric.WithUnit(unit), metric.WithDescription(text))
		errs = append(errs, err)
		return g
	}
	records := gauge("ledger.records", "", "Records by state: live, waiting, needs-agent, needs-admin, done.")
	oldest := gauge("ledger.oldest.waiting", "s", "Age of the oldest record that has ended and is not completely written.")
	running := gauge("ledger.jobs.running", "", "Records being written at this moment, by all replicas.")
	breakers := gauge("hubspot.breakers.open", "", "Portals left alone at this moment because they failed too often.")
	live := gauge("sessions", "", "Signed-in browsers.")
	var (
		mu      sync.Mutex
		counted time.Time
		stats   ledger.Stats
		admin   int
		signed  int
		known   bool
	)
	_, err := m.meter.RegisterCallback(func(ctx context.Context, o metric.Observer) error {
		o.ObserveFloat64(breakers, float64(books.Breakers()))
		mu.Lock()
		defer mu.Unlock()
		if time.Since(counted) >= countEvery || !known {
			counting, cancel := context.WithTimeout(ctx, 3*time.Second)
			defer cancel()
			var err1, err2, err3 error
			stats, err1 = books.Depth(counting)
			admin, err2 = books.NeedsAdmin(counting)
			signed, err3 = sessions(counting)
			if known = errors.Join(err1, err2, err3) == nil; !known {
				return nil // Left out: an old number would look like a new one.
			}
			counted = time.Now()
		}
		for state, n := range map[string]int{
			"live": stats.Live, "waiting": stats.Waiting, "done": stats.Done,
			"needs-agent": max(stats.NeedsYou-admin, 0), "needs-admin": admin,
		} {
			o.ObserveFloat64(records, float64(n), metric.WithAttributes(label("state", state)))
		}
		age := 0.0
		if !stats.Oldest.IsZero() {
			age = max(now().Sub(stats.Oldest).Seconds(), 0)
		}
		o.ObserveFloat64(oldest, age)
		o.ObserveFloat64(running, float64(stats.Running))
		o.ObserveFloat64(live, float64(signed))
		return nil
	}, records, oldest, running, breakers, live)
	return errors.Join(append(errs, err)...)
}

// handler is the page for Prometheus.
func (m *metrics) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{MaxRequestsInFlight: 2, Timeout: 10 * time.Second}))
	return mux
}

// serveMetrics serves the page on a listener of its own until the returned
// function is called: what runs inside is nobody's business outside.
func serveMetrics(ctx context.Context, addr string, m *metrics, log *slog.Logger) (stop func(), err error) {
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("DESKBRIDGE_METRICS_ADDR: %w", err)
	}
	log.Info("metrics served", "address", listener.Addr().String())
	serving, cancel := context.WithCancel(context.WithoutCancel(ctx))
	done := make(chan struct{})
	go func() { // Ends with cancel.
		defer close(done)
		if err := serveHTTP(serving, listener, m.handler(), log, serveOptions{WriteTimeout: 30 * time.Second}); err != nil {
			log.Error("metrics not served any more", "error", err)
		}
	}()
	return func() { cancel(); <-done }, nil
}
