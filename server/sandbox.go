package main

import (
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"deskbridge/pkg/hubspot/hubspottest"
	"deskbridge/pkg/tenant"
	"deskbridge/pkg/webexcc/webexcctest"
)

// Where the emulated clouds are served.
const (
	webexPath    = "/webexcc"
	identityPath = "/webexapis"
	hubspotPath  = "/hubspot"
)

// sandboxOrg is the emulated organisation.
const sandboxOrg = "1eb65fdf-9643-417f-9974-ad72cae0e10f"

// clouds is everything outside Deskbridge: the emulated clouds.
type clouds struct {
	webex   *webexcctest.Server
	hubspot *hubspottest.Server
	page    *wire                                                                        // Faults of what HubSpot's own page asks.
	backend *wire                                                                        // What stands before our own backend; nil where that is another process.
	reset   func(context.Context) error                                                  // Of our own backend; nil where that is another process, as are the next two.
	forget  func()                                                                       // Lets our own backend ask the clouds anew.
	change  func(context.Context, func(*tenant.Settings) error) (tenant.Settings, error) // The portal's settings; nil only reads.
}

// scales make the clouds larger or faster than they are; the zero value leaves
// them as they are.
type scales struct {
	agents     int           // At Webex, each an owner in HubSpot.
	rate       float64       // By which HubSpot's limits are multiplied.
	indexDelay time.Duration // Of HubSpot's search.
	noUnique   bool          // HubSpot refuses unique properties of calls.
}

func newClouds(log *slog.Logger, by scales) *clouds {
	crm := hubspottest.Config{Logger: log, IndexDelay: by.indexDelay, NoUniqueCalls: by.noUnique}
	if by.rate > 0 {
		crm.Burst, crm.Searches = max(int(110*by.rate), 1), max(int(5*by.rate), 1)
	}
	webex := webexcctest.New(webexcctest.Config{
		OrgID: sandboxOrg, GatewayPath: webexPath, AutoSignIn: true, Agents: by.agents, Logger: log,
	})
	for n := 6; n <= by.agents; n++ { // The first five are in HubSpot as far as they ought to be.
		crm.Owners = append(crm.Owners, hubspottest.Owner{
			ID: strconv.Itoa(118725000 + n), UserID: strconv.Itoa(61235000 + n),
			Email: fmt.Sprintf("agent%d@example.test", n), FirstName: "Agent", LastName: strconv.Itoa(n),
		})
	}
	return &clouds{webex: webex, hubspot: hubspottest.New(crm), page: newWire(nil)}
}

// connect puts our own backend before the clouds.
func (w *clouds) connect(cfg Config, d deps) {
	w.backend, w.forget = newWire(newServer(cfg, d)), d.forget
	w.reset = func(ctx context.Context) error { return d.reset(ctx, cfg) }
	w.change = func(ctx context.Context, change func(*tenant.Settings) error) (tenant.Settings, error) {
		portal, err := d.Tenants.Portal(ctx, cfg.OrgID, cfg.Portal)
		if err != nil || change == nil {
			return portal.Settings, err
		}
		if err := change(&portal.Settings); err != nil {
			return tenant.Settings{}, err
		}
		if _, err := d.Tenants.Change(ctx, cfg.OrgID, portal.ID, portal.Version, portal.Settings, "Sandbox"); err != nil {
			return tenant.Settings{}, err
		}
		d.forget()
		return portal.Settings, nil
	}
}

// user is who uses the CRM: the owner who is Ann at Webex.
func (w *clouds) user() hubspottest.Owner {
	for _, o := range w.hubspot.Owners() {
		if strings.HasPrefix(o.Email, "ann@") {
			return o
		}
	}
	return hubspottest.Owner{}
}

// mount puts the clouds, their control and the CRM's page onto mux.
func (w *clouds) mount(mux *http.ServeMux, page http.Handler) {
	mux.Handle(webexPath+"/", http.StripPrefix(webexPath, w.webex.Gateway()))
	mux.Handle(identityPath+"/", http.StripPrefix(identityPath, w.webex.Identity()))
	mux.Handle(hubspotPath+"/", http.StripPrefix(hubspotPath, w.hubspot.Handler()))
	mux.Handle("/sandbox/", w.control())
	mux.Handle("/", page)
}

// runSandbox runs the backend and the clouds in one process, with nothing
// outside this machine.
func runSandbox(ctx context.Context, args []string, getenv func(string) string, stdout io.Writer) error {
	cfg, err := sandboxFlags("sandbox", args, stdout)
	if err != nil || cfg == nil {
		return err
	}
	log := sandboxLog(getenv)
	listeners, err := sandboxListen(ctx, getenv)
	if err != nil {
		return err
	}
	remove, err := sandboxConfig(cfg, getenv, port(listeners[0]))
	if err != nil {
		return errors.Join(err, closeAll(listeners))
	}
	defer remove()
	d, closeDeps, err := openDeps(ctx, cfg, log)
	if err != nil {
		return errors.Join(err, closeAll(listeners))
	}
	defer closeDeps()

	handler, err := sandboxHandler(*cfg, d, log)
	if err != nil {
		return errors.Join(err, closeAll(listeners))
	}

	fmt.Fprintf(stdout, "\nThe sandbox is ready. Open\n\n    http://localhost:%s\n\n", port(listeners[0]))
	fmt.Fprintf(stdout, "The phone in the top bar opens the calling panel; “Sandbox” plays customers and desk phones.\n")
	fmt.Fprintf(stdout, "Its administration is at http://localhost:%s%s\n", port(listeners[0]), adminPath)
	fmt.Fprintf(stdout, "Layout studio: http://localhost:%s%s\n", port(listeners[0]), studioPath)
	printAddress(stdout, *cfg)
	return serveAll(ctx, listeners, handler, log)
}

// sandboxHandler is all of it: the backend, the clouds and their pages.
func sandboxHandler(cfg Config, d deps, log *slog.Logger) (http.Handler, error) {
	w := newClouds(log, scales{})
	w.connect(cfg, d)
	mux := http.NewServeMux()
	for _, path := range []string{"/widget", "/auth/", "/api/", "/web/", deskPath + "/", healthPath, readyPath, installPath, installPath + "/", "/admin/", webhookPath} {
		mux.Handle(path, w.backend)
	}
	mux.HandleFunc("POST /sandbox/signin", walkSignIn(cfg.PublicURL))
	page := echo.New()
	if err := registerCRMPage(page, cfg, w.user()); err != nil {
		return nil, err
	}
	w.mount(mux, page)
	return mux, nil
}

// runEmulators runs the clouds alone, so that a backend of its own can die and
// come back while the world goes on.
func runEmulators(ctx context.Context, args []string, getenv func(string) string, stdout io.Writer) error {
	flags := flag.NewFlagSet("emulators", flag.ContinueOnError)
	flags.SetOutput(stdout)
	unlinked := flags.Bool("new", false, "for a backend that nothing is linked to yet, to try the installation")
	file := flags.String("env", "", "also write the backend's environment to this file, to be sourced")
	var by scales
	flags.IntVar(&by.agents, "agents", 0, "how many agents there are")
	flags.Float64Var(&by.rate, "hubspot-rate", 1, "by what HubSpot's limits are multiplied")
	flags.DurationVar(&by.indexDelay, "index-delay", 0, "until HubSpot's search sees a change")
	flags.BoolVar(&by.noUnique, "no-unique-calls", false, "HubSpot refuses unique properties of calls")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	cfg := &Config{Version: "sandbox"}
	log := sandboxLog(getenv)
	listeners, err := sandboxListen(ctx, getenv)
	if err != nil {
		return err
	}
	backend := getenv("DESKBRIDGE_PUBLIC_URL")
	if backend == "" {
		backend = "http://127.0.0.1:8081"
	}
	cfg.PublicURL, cfg.Sandbox = backend, true
	cfg.Portal = hubspottest.PortalID
	w, page, mux := newClouds(log, by), echo.New(), http.NewServeMux()
	if err := registerCRMPage(page, *cfg, w.user()); err != nil {
		return errors.Join(err, closeAll(listeners))
	}
	w.mount(mux, page)

	base := "http://localhost:" + port(listeners[0])
	lines := emulatedEnvironment(base, backend)
	if *unlinked {
		lines = slices.DeleteFunc(lines, linked)
	}
	if *file != "" {
		text := "export " + strings.Join(lines, "\nexport ") + "\n"
		if err := os.WriteFile(*file, []byte(text), 0o600); err != nil {
			return errors.Join(fmt.Errorf("write the environment: %w", err), closeAll(listeners))
		}
	}
	fmt.Fprintf(stdout, "\nThe emulated clouds are at %s. Run the backend beside them with\n\n", base)
	for _, line := range lines {
		fmt.Fprintln(stdout, "    "+line+" \\")
	}
	fmt.Fprint(stdout, "    go run ./server serve\n\n")
	return serveAll(ctx, listeners, mux, log)
}

// linked says whether a line of the environment links an account.
func linked(line string) bool {
	name, _, _ := strings.Cut(line, "=")
	return name == "DESKBRIDGE_ORG_ID" || name == "HUBSPOT_TOKEN" || name == "HUBSPOT_PORTAL_ID"
}

// emulatedEnvironment is what points `server serve` at the emulated clouds.
func emulatedEnvironment(base, backend string) []string {
	return []string{
		"DESKBRIDGE_ADDR=" + strings.TrimPrefix(backend, "http://"),
		"DESKBRIDGE_PUBLIC_URL=" + backend,
		"DESKBRIDGE_ORG_ID=" + sandboxOrg,
		"DESKBRIDGE_CALLING_HOSTS='http://localhost:* http://127.0.0.1:* http://*.localhost:*'",
		"DESKBRIDGE_DESKTOP_HOSTS='http://localhost:* http://127.0.0.1:* http://*.localhost:*'", "WEBEX_DESKTOP_URL='" + base + desktopPath + "?layout=panel'",
		"WEBEX_CLIENT_ID=sandbox", "WEBEX_CLIENT_SECRET=sandbox",
		"WEBEX_API_URL=" + base + webexPath,
		"WEBEX_SOCKET_HOSTS=" + strings.Replace(base, "http", "ws", 1),
		"WEBEX_AUTHORIZE_URL=" + base + identityPath + "/v1/authorize",
		"WEBEX_TOKEN_URL=" + base + identityPath + "/v1/access_token",
		"WEBEX_PEOPLE_URL=" + base + identityPath + "/v1/people/me",
		"HUBSPOT_API_URL=" + base + hubspotPath, "HUBSPOT_APP_URL=" + base,
		"HUBSPOT_AUTHORIZE_URL=" + base + hubspotPath + "/oauth/authorize",
		"HUBSPOT_CLIENT_ID=" + hubspottest.ClientID, "HUBSPOT_CLIENT_SECRET=" + hubspottest.ClientSecret,
		"HUBSPOT_APP_ID=" + hubspottest.AppID, "HUBSPOT_DEVELOPER_KEY=" + hubspottest.DeveloperKey,
		"HUBSPOT_TOKEN=" + hubspottest.Token,
		"HUBSPOT_PORTAL_ID=" + hubspottest.PortalID,
	}
}

func sandboxFlags(name string, args []string, stdout io.Writer) (*Config, error) {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	flags.SetOutput(stdout)
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil, nil
		}
		return nil, err
	}
	return &Config{Version: "sandbox"}, nil
}

func sandboxLog(getenv func(string) string) *slog.Logger {
	level := slog.LevelWarn
	if getenv("DESKBRIDGE_LOG") != "" {
		level = slog.LevelInfo
	}
	return slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
}

// sandboxConfig points cfg at the clouds of this process. The returned
// function removes the data directory if it was made for this run.
func sandboxConfig(cfg *Config, getenv func(string) string, port string) (remove func(), err error) {
	remove = func() {}
	cfg.DataDir = getenv("DESKBRIDGE_DATA")
	if cfg.DataDir == "" {
		if cfg.DataDir, err = os.MkdirTemp("", "deskbridge-sandbox-"); err != nil {
			return nil, err
		}
		dir := cfg.DataDir
		remove = func() { _ = os.RemoveAll(dir) }
	} else if err := os.MkdirAll(cfg.DataDir, 0o700); err != nil {
		return nil, fmt.Errorf("DESKBRIDGE_DATA: %w", err)
	}
	cfg.Key = make([]byte, 32)
	_, _ = rand.Read(cfg.Key) // Never fails.
	base := "http://localhost:" + port
	cfg.Addr, cfg.PublicURL, cfg.AlsoURLs = "127.0.0.1:"+port, "http://127.0.0.1:"+port, []string{base}
	cfg.WebexClientID, cfg.WebexClientSecret, cfg.WebexScopes = "sandbox", "sandbox", defaultScopes
	cfg.WebexAPI, cfg.WebexSockets = base+webexPath, []string{"ws://localhost:" + port}
	cfg.WebexAuthorizeURL = base + identityPath + "/v1/authorize"
	cfg.WebexTokenURL = base + identityPath + "/v1/access_token"
	cfg.WebexPeopleURL = base + identityPath + "/v1/people/me"
	cfg.HubSpotAPI, cfg.HubSpotApp, cfg.HubSpotToken = base+hubspotPath, base, hubspottest.Token
	cfg.HubSpotClientID, cfg.HubSpotClientSecret = hubspottest.ClientID, hubspottest.ClientSecret
	cfg.Install.AuthorizeURL, cfg.Install.Orgs = base+hubspotPath+"/oauth/authorize", []string{"*"}
	cfg.OrgID, cfg.Portal = sandboxOrg, hubspottest.PortalID
	cfg.CallingHosts = []string{"http://localhost:*", "http://127.0.0.1:*", "http://*.localhost:*"}
	cfg.FrameAncestors, cfg.DesktopHosts, cfg.DesktopURL = cfg.CallingHosts, cfg.CallingHosts, base+desktopPath+"?layout=panel"
	cfg.Settings.Region = "US"
	cfg.Sandbox, cfg.Limits = true, defaultLimits
	if v := getenv("DESKBRIDGE_FINALIZE_AFTER"); v != "" {
		if cfg.Finalize, err = time.ParseDuration(v); err != nil {
			return remove, fmt.Errorf("DESKBRIDGE_FINALIZE_AFTER: %w", err)
		}
	}
	return remove, nil
}

// sandboxListen opens the port on this machine only, under both addresses that
// the name localhost may have.
func sandboxListen(ctx context.Context, getenv func(string) string) ([]net.Listener, error) {
	want := getenv("PORT")
	if want == "" {
		want = "8080"
	}
	var lc net.ListenConfig
	first, err := lc.Listen(ctx, "tcp", "127.0.0.1:"+want)
	if err != nil {
		return nil, fmt.Errorf("%w: another program has port %s; choose one with PORT=…", err, want)
	}
	listeners := []net.Listener{first}
	if second, err := lc.Listen(ctx, "tcp", "[::1]:"+port(first)); err == nil {
		listeners = append(listeners, second)
	}
	return listeners, nil
}

func port(l net.Listener) string {
	_, p, _ := net.SplitHostPort(l.Addr().String())
	return p
}

func closeAll(listeners []net.Listener) error {
	var errs []error
	for _, l := range listeners {
		errs = append(errs, l.Close())
	}
	return errors.Join(errs...)
}

func serveAll(ctx context.Context, listeners []net.Listener, handler http.Handler, log *slog.Logger) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, len(listeners))
	for _, l := range listeners {
		go func() { ended <- serveHTTP(ctx, l, handler, log, serveOptions{}) }()
	}
	var errs []error
	for range listeners {
		errs = append(errs, <-ended)
		cancel()
	}
	return errors.Join(errs...)
}
