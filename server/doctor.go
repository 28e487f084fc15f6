package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"deskbridge/pkg/tenant"
)

// How a check ended.
const (
	healthOK   = "ok"
	healthWarn = "warn"
	healthFail = "fail"
)

// A finding is one line of `server doctor`.
type finding struct {
	Check  string `json:"check"`
	Status string `json:"status"` // ok, warn or fail.
	Says   string `json:"says"`
	Fix    string `json:"fix,omitempty"` // What to do; empty for ok.
}

func ok(check, format string, args ...any) finding {
	return finding{Check: check, Status: healthOK, Says: fmt.Sprintf(format, args...)}
}

func warn(check, says, fix string) finding { return finding{check, healthWarn, says, fix} }

func fail(check, says, fix string) finding { return finding{check, healthFail, says, fix} }

// doctor looks at everything that has to be right before a call can ring and be
// logged. It changes nothing, but that tokens may be refreshed.
type doctor struct {
	cfg  Config
	deps deps
	org  string       // Only what concerns this organisation; empty is all.
	http *http.Client // Follows no redirect.
}

// errUnwell says that a check failed; the findings are printed already.
var errUnwell = errors.New("doctor: not everything is in order")

// runDoctor is `server doctor [--json]`. It fails if a check does.
func runDoctor(ctx context.Context, args []string, getenv func(string) string, stdout io.Writer) error {
	flags := flag.NewFlagSet("doctor", flag.ContinueOnError)
	flags.SetOutput(stdout)
	asJSON := flags.Bool("json", false, "print the findings as JSON")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	cfg, err := readConfig(getenv, Config{})
	var problems *environment
	if errors.As(err, &problems) {
		// Whatever else might be said would follow from these.
		return report(stdout, *asJSON, problems.findings())
	}
	if err != nil {
		return err
	}
	if cfg.PublicURL == "" {
		cfg.PublicURL = localURL(cfg.Addr, cfg.TLS)
	}
	d, closeTools, err := openTools(ctx, &cfg, slog.New(slog.DiscardHandler))
	if err != nil {
		return report(stdout, *asJSON, []finding{fail("database", err.Error(),
			"set DATABASE_URL to a PostgreSQL that answers, or DESKBRIDGE_DATA to a directory that can be written")})
	}
	defer closeTools()
	return report(stdout, *asJSON, newDoctor(cfg, d).examine(ctx))
}

func newDoctor(cfg Config, d deps) *doctor {
	return &doctor{cfg: cfg, deps: d, http: &http.Client{
		Timeout:       10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// findings are a configuration's problems.
func (e *environment) findings() []finding {
	var all []finding
	for _, p := range e.problems {
		name, says, _ := strings.Cut(p, ": ")
		all = append(all, fail("configuration", name+": "+says, "set "+name+" as README.md says"))
	}
	return all
}

// examine makes every check, each by itself: one that fails does not keep
// others from being made.
func (d *doctor) examine(ctx context.Context) []finding {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	defer cancel()
	all := []finding{ok("configuration", "complete")}
	for _, check := range []func(context.Context) []finding{
		d.key, d.database, d.server, d.frame, d.desktop, d.element, d.clock, d.redirects, d.webex, d.accounts, d.provider, d.events,
	} {
		all = append(all, check(ctx)...)
	}
	return all
}

// report prints findings and says whether one of them is a failure.
func report(out io.Writer, asJSON bool, all []finding) error {
	var err error
	for _, f := range all {
		if f.Status == healthFail {
			err = errUnwell
		}
	}
	if asJSON {
		encoder := json.NewEncoder(out)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return errors.Join(encoder.Encode(map[string]any{"ok": err == nil, "checks": all}), err)
	}
	for _, f := range all {
		line := fmt.Sprintf("%-4s  %-16s  %s", f.Status, f.Check, f.Says)
		if f.Fix != "" {
			line += ". Fix: " + f.Fix
		}
		fmt.Fprintln(out, line)
	}
	return err
}

func (d *doctor) key(context.Context) []finding {
	if isLocal(d.cfg.PublicURL) {
		return []finding{ok("sealing key", "there is one")}
	}
	if len(d.cfg.OldKeys) > 0 {
		return []finding{ok("sealing key", "from DESKBRIDGE_KEY, with %d older ones", len(d.cfg.OldKeys))}
	}
	return []finding{ok("sealing key", "from DESKBRIDGE_KEY")}
}

func (d *doctor) database(ctx context.Context) []finding {
	kind := "SQLite in " + d.cfg.DataDir
	if d.cfg.Database != "" {
		kind = "PostgreSQL"
	}
	links, err := d.links(ctx)
	if err != nil {
		return []finding{fail("database", kind+" does not answer", "see that it runs and that DATABASE_URL or DESKBRIDGE_DATA is right")}
	}
	if len(links) == 0 && d.cfg.Portal == "" {
		return []finding{ok("database", "%s", kind), warn("links", "no organisation is linked", "open "+d.cfg.PublicURL+installPath+" as an administrator of both sides")}
	}
	return []finding{ok("database", "%s, accounts linked: %d", kind, len(links))}
}

// links are those that are looked at.
func (d *doctor) links(ctx context.Context) ([]tenant.Connection, error) {
	all, err := d.deps.Tenants.Connections(ctx, "")
	return slices.DeleteFunc(all, func(c tenant.Connection) bool { return d.org != "" && c.OrgID != d.org }), err
}

// adminDoctor is GET /admin/api/doctor: what `server doctor` says about the
// admin's organisation.
func (s *server) adminDoctor(c echo.Context) error {
	all := s.examine(c)
	healthy := !slices.ContainsFunc(all, func(f finding) bool { return f.Status == healthFail })
	return c.JSON(http.StatusOK, map[string]any{"ok": healthy, "checks": all})
}

// examine makes every check that concerns the admin's organisation.
func (s *server) examine(c echo.Context) []finding {
	d := newDoctor(s.cfg, s.deps)
	d.org = adminOf(c).OrgID
	return d.examine(c.Request().Context())
}

// get asks an address and reads at most a MiB of its answer.
func (d *doctor) get(ctx context.Context, address string) (*http.Response, string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, "", err
	}
	resp, err := d.http.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	return resp, string(body), err
}
