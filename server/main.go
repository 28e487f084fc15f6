// Command server is Deskbridge's backend: it serves the widget, signs agents
// in at Webex, and keeps the record of every call until it stands in HubSpot.
//
//	server serve       the backend against the real services, configured by the environment
//	server sandbox     the backend and both emulated clouds in one process
//	server emulators   the emulated clouds alone
//	server hubspot     register the calling app, or write its project files
//	server doctor      look whether everything is in place, and say what to do
//	server layout      check a desktop layout, or place the widget in it
//	server backup      copy the SQLite database, also while a server uses it
//	server probe       ask the server on this machine whether it lives
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sort"
	"strings"
	"syscall"
	"time"

	"github.com/labstack/echo/v4"
)

func main() {
	ctx, end := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() { // Lives as long as the process.
		<-signals
		// A second signal ends the process at once: so before anyone can see
		// that the first one has come.
		signal.Stop(signals)
		end()
	}()
	if err := run(ctx, os.Args[1:], os.Getenv, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(exitCode(err))
	}
}

// run is main with its surroundings as arguments. It returns when ctx ends,
// after requests in flight have been answered.
func run(ctx context.Context, args []string, getenv func(string) string, stdout io.Writer) error {
	name := "serve"
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		name, args = args[0], args[1:]
	}
	switch name {
	case "serve":
		return runServe(ctx, args, getenv, stdout)
	case "sandbox":
		return runSandbox(ctx, args, getenv, stdout)
	case "emulators":
		return runEmulators(ctx, args, getenv, stdout)
	case "hubspot":
		return runHubSpot(ctx, args, getenv, stdout)
	case "doctor":
		return runDoctor(ctx, args, getenv, stdout)
	case "layout":
		return runLayout(args, getenv, os.Stdin, stdout, os.Stderr)
	case "backup":
		return runBackup(ctx, args, getenv, stdout)
	case "probe":
		return runProbe(ctx, args, getenv, stdout)
	default:
		return fmt.Errorf("unknown command %q: serve, sandbox, emulators, hubspot, doctor, layout, backup or probe", name)
	}
}

func runServe(ctx context.Context, args []string, getenv func(string) string, stdout io.Writer) error {
	var cfg Config
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	flags.SetOutput(stdout)
	flags.BoolVar(&cfg.TLS, "tls", false, "serve https with a self-made certificate, for HubSpot pages on this machine")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return nil
		}
		return err
	}
	cfg, err := readConfig(getenv, cfg)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewJSONHandler(os.Stderr, nil))
	listener, err := listen(ctx, &cfg)
	if err != nil {
		return err
	}
	// It answers probes while the database is brought up to date.
	before := newFront()
	serving, giveUp := context.WithCancel(ctx)
	defer giveUp()
	served := make(chan error, 1)
	go func() { // Ends with serving.
		served <- serveHTTP(serving, listener, before, log, serveOptions{
			WriteTimeout: 2 * time.Minute, // The panel over a thin line.
			Drain:        func() { before.drain(cfg.Drain) },
		})
	}()
	d, closeDeps, err := openDeps(ctx, &cfg, log)
	if err != nil {
		before.open(nil, nil)
		giveUp()
		return errors.Join(err, <-served)
	}
	defer closeDeps()
	if cfg.MetricsAddr != "" {
		stop, err := serveMetrics(ctx, cfg.MetricsAddr, d.Metrics, log)
		if err != nil {
			before.open(nil, nil)
			giveUp()
			return errors.Join(err, <-served)
		}
		defer stop()
	}
	handler := newServer(cfg, d)
	before.open(handler, d.Ready)
	printRoutes(stdout, handler)
	printAddress(stdout, cfg)
	return <-served
}

// listen opens cfg's address, with TLS where asked for, and fills in the
// public URL when it is not configured.
func listen(ctx context.Context, cfg *Config) (net.Listener, error) {
	if err := os.MkdirAll(cfg.DataDir, 0o700); err != nil {
		return nil, fmt.Errorf("DESKBRIDGE_DATA: %w", err)
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", cfg.Addr)
	if err != nil {
		return nil, fmt.Errorf("DESKBRIDGE_ADDR: %w", err)
	}
	cfg.Addr = listener.Addr().String()
	if cfg.PublicURL == "" {
		cfg.PublicURL = localURL(cfg.Addr, cfg.TLS)
	}
	if cfg.TLS {
		secured, err := listenTLS(listener, cfg.DataDir)
		if err != nil {
			_ = listener.Close()
			return nil, err
		}
		listener = secured
	}
	return listener, nil
}

// localURL is how a browser on this machine reaches a listening address.
func localURL(addr string, secure bool) string {
	scheme := "http"
	if secure {
		scheme = "https"
	}
	host, port, err := net.SplitHostPort(addr)
	if ip := net.ParseIP(host); err != nil || host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

// serveOptions are what differs between a server for agents and a sandbox.
type serveOptions struct {
	WriteTimeout time.Duration // From the end of the header to the end of the answer. Zero is for ever.
	Drain        func()        // Called when it is to end; it goes on serving until that returns. Nil does not wait.
}

// stopFor is how long requests in flight may take after the last one was let
// in: longer than any handler does.
const stopFor = 25 * time.Second

// serveHTTP serves until ctx ends and then lets requests in flight finish.
func serveHTTP(ctx context.Context, listener net.Listener, handler http.Handler, log *slog.Logger, o serveOptions) error {
	srv := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       30 * time.Second,
		WriteTimeout:      o.WriteTimeout,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(listener) }() // Ends with srv.Shutdown below.
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	if o.Drain != nil {
		o.Drain()
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopFor)
	defer cancel()
	if err := srv.Shutdown(stopping); err != nil {
		return errors.Join(fmt.Errorf("stop serving: %w", err), srv.Close())
	}
	return nil
}

func printRoutes(out io.Writer, e *echo.Echo) {
	routes := e.Routes()
	lines := make([]string, 0, len(routes))
	for _, r := range routes {
		if r.Method != echo.RouteNotFound {
			lines = append(lines, fmt.Sprintf("  %-7s %s", r.Method, r.Path))
		}
	}
	sort.Strings(lines)
	fmt.Fprintf(out, "Routes:\n%s\n", strings.Join(lines, "\n"))
}

func printAddress(out io.Writer, cfg Config) {
	fmt.Fprintf(out, "\nDeskbridge runs at %s\n", cfg.PublicURL)
	if cfg.TLS {
		fmt.Fprintf(out, "Open it once in the browser and accept its self-made certificate.\n")
	}
	fmt.Fprintf(out, "To see it inside HubSpot, paste this into the browser's console on a HubSpot page and reload:\n\n%s\n\n",
		overrideLine(cfg.PublicURL))
}
