package main

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"deskbridge/pkg/tenant"
)

// Config is everything that differs between installations. It comes from the
// environment; README.md has the table.
type Config struct {
	Addr      string        // Listening address. Defaults to 127.0.0.1:8080.
	PublicURL string        // Own origin, without trailing slash. Defaults to the listening address.
	AlsoURLs  []string      // Other origins that reach this server (the sandbox has two names).
	DataDir   string        // Defaults to ./data.
	Database  string        // A postgres:// URL; empty is SQLite in DataDir.
	Key       []byte        // 32 bytes that seal what is stored and sign what browsers bring back.
	OldKeys   [][]byte      // Still open what they sealed.
	Finalize  time.Duration // After how long without a sign of life a call's record is closed. Defaults to the ledger's 2 min.
	Drain     time.Duration // How long requests are taken after the order to stop, while /readyz already refuses. Defaults to 5 s, to none on this machine.
	TLS       bool          // Serve https with a self-made certificate.
	Version   string        // Of this build, for people.

	MetricsAddr string // Where Prometheus finds /metrics; empty is nowhere.
	Limits      Limits
	Proxies     []*net.IPNet // Whose X-Forwarded-For counts.

	WebexClientID     string
	WebexClientSecret string
	WebexAPI          string // Gateway base URL without trailing slash.
	WebexSockets      []string
	WebexAuthorizeURL string
	WebexTokenURL     string
	WebexPeopleURL    string
	WebexScopes       []string

	HubSpotAPI          string
	HubSpotToken        string // Service key or private app; else the OAuth three.
	HubSpotClientID     string
	HubSpotClientSecret string
	HubSpotRefreshToken string
	HubSpotAppID        string // Of the calling app, for activities. Optional.
	HubSpotApp          string // Where people see HubSpot; empty is https://app.hubspot.com.

	// HubSpotRate is the part of HubSpot's limits that this process uses: 0.5
	// for each of two replicas. Defaults to 1; more is for emulators.
	HubSpotRate    float64
	IndexWait      time.Duration // How long HubSpot's search may lag behind. Defaults to the ledger's 15 s.
	EngagementWait time.Duration // How long to wait for the id of an engagement that HubSpot creates. Defaults to the ledger's 15 s.

	OrgID    string          // The linked Webex organisation.
	Portal   string          // The HubSpot portal it is linked to.
	Settings tenant.Settings // That portal's.
	Install  Install         // For portals that link themselves.

	CallingHosts   []string // Origins that may speak the calling protocol.
	FrameAncestors []string // Sources that may frame the widget.
	DesktopURL     string   // The Agent Desktop, which the page in HubSpot frames; empty where the data centre is not known.
	DesktopHosts   []string // Origins of pages that the custom element may be in.
	Sandbox        bool     // Emulated clouds: sign-in may continue by itself, faults may be set.
}

// The defaults of a real installation.
const (
	defaultAddr      = "127.0.0.1:8080"
	defaultDataDir   = "data"
	defaultAuthorize = "https://webexapis.com/v1/authorize"
	defaultToken     = "https://webexapis.com/v1/access_token"
	defaultPeople    = "https://webexapis.com/v1/people/me"
	defaultHubSpot   = "https://api.hubapi.com"
)

// defaultScopes are what an agent's session needs: the agent session, the
// configuration GETs and people/me.
var defaultScopes = []string{"cjp:user", "cjp:config_read", "spark:people_read"}

// datacenters are Webex Contact Center's production data centres.
var datacenters = []string{"us1", "eu1", "eu2", "anz1", "ca1", "jp1", "sg1", "in1"}

// defaultCallingHosts are HubSpot's app origins, one per region. HubSpot
// publishes no complete list; DESKBRIDGE_CALLING_HOSTS replaces this one.
var defaultCallingHosts = []string{
	"https://app.hubspot.com", "https://app-eu1.hubspot.com", "https://app-na2.hubspot.com",
	"https://app-na3.hubspot.com", "https://app-ap1.hubspot.com",
}

// readConfig fills base in from the environment and from the defaults. Its
// error lists every problem, each with the variable's name and what to do.
func readConfig(getenv func(string) string, base Config) (Config, error) {
	e := &environment{getenv: getenv}
	c := base
	e.text("DESKBRIDGE_ADDR", &c.Addr, defaultAddr)
	if _, _, err := net.SplitHostPort(c.Addr); err != nil {
		e.problem("DESKBRIDGE_ADDR", "%q is no address: write host:port, such as %s", c.Addr, defaultAddr)
	}
	e.url("DESKBRIDGE_PUBLIC_URL", &c.PublicURL, "")
	if c.PublicURL != "" && !isOrigin(c.PublicURL) {
		e.problem("DESKBRIDGE_PUBLIC_URL", "%q has a path: give only scheme, host and port", c.PublicURL)
	}
	e.text("DESKBRIDGE_DATA", &c.DataDir, defaultDataDir)
	e.text("DATABASE_URL", &c.Database, "")
	if c.Database != "" && !strings.HasPrefix(c.Database, "postgres://") && !strings.HasPrefix(c.Database, "postgresql://") {
		e.problem("DATABASE_URL", "only postgres:// is supported: leave it empty for SQLite in DESKBRIDGE_DATA")
	}
	e.duration("DESKBRIDGE_FINALIZE_AFTER", &c.Finalize, "2m")
	if c.PublicURL != "" && !isLocal(c.PublicURL) {
		c.Drain = 5 * time.Second
	}
	e.durationOrNone("DESKBRIDGE_DRAIN", &c.Drain, "5s")
	c.Limits = defaultLimits
	e.flag("DESKBRIDGE_RATE_LIMITS", func(on bool) {
		if !on {
			c.Limits = Limits{}
		}
	})
	e.networks("DESKBRIDGE_TRUSTED_PROXIES", &c.Proxies)
	e.text("DESKBRIDGE_METRICS_ADDR", &c.MetricsAddr, "")
	if _, _, err := net.SplitHostPort(c.MetricsAddr); c.MetricsAddr != "" && err != nil {
		e.problem("DESKBRIDGE_METRICS_ADDR", "%q is no address: write host:port, such as 127.0.0.1:9090", c.MetricsAddr)
	}
	e.keys(&c)
	if strings.HasPrefix(c.PublicURL, "http://") && !isLocal(c.PublicURL) {
		e.problem("DESKBRIDGE_PUBLIC_URL", "HubSpot frames only https pages: use https://")
	}
	e.webex(&c)
	e.hubspot(&c)
	if e.text("DESKBRIDGE_ORG_ID", &c.OrgID, ""); c.Portal != "" || !c.installs() {
		e.required("DESKBRIDGE_ORG_ID", &c.OrgID, "the id of your Webex organisation, as Control Hub > Account shows it")
	}
	e.install(&c)
	e.settings(&c.Settings)
	e.origins("DESKBRIDGE_CALLING_HOSTS", &c.CallingHosts, defaultCallingHosts)
	e.origins("DESKBRIDGE_DESKTOP_HOSTS", &c.DesktopHosts, desktops())
	e.origins("DESKBRIDGE_FRAME_ANCESTORS", &c.FrameAncestors, append(slices.Clone(c.CallingHosts), c.DesktopHosts...))
	if len(e.problems) > 0 {
		slices.Sort(e.problems)
		return c, e
	}
	return c, nil
}

func desktops() []string {
	all := make([]string, 0, len(datacenters))
	for _, dc := range datacenters {
		all = append(all, desktopOf(dc))
	}
	return all
}

// desktopOf is the Agent Desktop's address in a data centre.
func desktopOf(datacenter string) string { return "https://desktop.wxcc-" + datacenter + ".cisco.com" }

// environment reads variables and collects problems; it is their error.
type environment struct {
	getenv   func(string) string
	problems []string
}

// Error lists all problems, one a line.
func (e *environment) Error() string {
	return "configuration:\n  " + strings.Join(e.problems, "\n  ")
}

func (e *environment) problem(name, format string, args ...any) {
	e.problems = append(e.problems, name+": "+fmt.Sprintf(format, args...))
}

// text lets the variable win over what is set, and that over fallback.
func (e *environment) text(name string, into *string, fallback string) {
	if v := strings.TrimSpace(e.getenv(name)); v != "" {
		*into = v
	} else if *into == "" {
		*into = fallback
	}
}

func (e *environment) required(name string, into *string, what string) {
	if e.text(name, into, ""); *into == "" {
		e.problem(name, "missing: %s", what)
	}
}

// page is a URL that may have a query.
func (e *environment) page(name string, into *string, fallback string) {
	e.text(name, into, fallback)
	if *into == "" {
		return
	}
	u, err := url.Parse(*into)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.Fragment != "" {
		e.problem(name, "%q is no URL: write https://host[:port][/path][?query]", *into)
	}
}

func (e *environment) url(name string, into *string, fallback string) {
	e.text(name, into, fallback)
	*into = strings.TrimRight(*into, "/")
	if *into == "" {
		return
	}
	u, err := url.Parse(*into)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		e.problem(name, "%q is no URL: write https://host[:port][/path]", *into)
	}
}

func (e *environment) list(name string, into *[]string, fallback []string) {
	fields := strings.FieldsFunc(e.getenv(name), func(r rune) bool { return r == ',' || r == ' ' })
	if len(fields) > 0 {
		*into = fields
	} else if *into == nil {
		*into = fallback
	}
}

// origins reads origins; a port may be "*" and a host may begin with "*.", as
// CSP sources are written.
func (e *environment) origins(name string, into *[]string, fallback []string) {
	e.list(name, into, fallback)
	for _, origin := range *into {
		if !isSource(origin) {
			e.problem(name, "%q is no origin: write https://host[:port], several separated by commas", origin)
		}
	}
}

// keys reads the sealing keys, the present one first.
func (e *environment) keys(c *Config) {
	var encoded []string
	e.list("DESKBRIDGE_KEY", &encoded, nil)
	for i, text := range encoded {
		key, err := base64.StdEncoding.DecodeString(text)
		if err != nil || len(key) != keySize {
			e.problem("DESKBRIDGE_KEY", "want 32 bytes in base64: make one with `openssl rand -base64 32`")
			return
		}
		if i == 0 {
			c.Key = key
		} else {
			c.OldKeys = append(c.OldKeys, key)
		}
	}
	if c.Key == nil && c.PublicURL != "" && !isLocal(c.PublicURL) {
		e.problem("DESKBRIDGE_KEY", "missing: make one with `openssl rand -base64 32` and keep it, all stored tokens depend on it")
	}
}

func (e *environment) webex(c *Config) {
	e.required("WEBEX_CLIENT_ID", &c.WebexClientID, "the client id of your integration at developer.webex.com")
	e.required("WEBEX_CLIENT_SECRET", &c.WebexClientSecret, "the client secret of your integration at developer.webex.com")
	if dc := strings.TrimSpace(e.getenv("WEBEX_DATACENTER")); dc != "" && e.getenv("WEBEX_API_URL") == "" {
		if !slices.Contains(datacenters, dc) {
			e.problem("WEBEX_DATACENTER", "%q is unknown: one of %s, or set WEBEX_API_URL", dc, strings.Join(datacenters, " "))
		}
		c.WebexAPI = "https://api.wxcc-" + dc + ".cisco.com"
	}
	if e.url("WEBEX_API_URL", &c.WebexAPI, ""); c.WebexAPI == "" {
		e.problem("WEBEX_API_URL", "missing: set it, or WEBEX_DATACENTER to one of %s", strings.Join(datacenters, " "))
	}
	var desktop string
	for _, dc := range datacenters {
		if c.WebexAPI == "https://api.wxcc-"+dc+".cisco.com" {
			desktop = desktopOf(dc)
		}
	}
	e.page("WEBEX_DESKTOP_URL", &c.DesktopURL, desktop)
	e.origins("WEBEX_SOCKET_HOSTS", &c.WebexSockets, nil)
	e.url("WEBEX_AUTHORIZE_URL", &c.WebexAuthorizeURL, defaultAuthorize)
	e.url("WEBEX_TOKEN_URL", &c.WebexTokenURL, defaultToken)
	e.url("WEBEX_PEOPLE_URL", &c.WebexPeopleURL, defaultPeople)
	e.list("WEBEX_SCOPES", &c.WebexScopes, defaultScopes)
}

func (e *environment) hubspot(c *Config) {
	e.url("HUBSPOT_API_URL", &c.HubSpotAPI, defaultHubSpot)
	e.url("HUBSPOT_APP_URL", &c.HubSpotApp, "")
	e.text("HUBSPOT_APP_ID", &c.HubSpotAppID, "")
	e.text("HUBSPOT_TOKEN", &c.HubSpotToken, "")
	e.text("HUBSPOT_CLIENT_ID", &c.HubSpotClientID, "")
	e.text("HUBSPOT_CLIENT_SECRET", &c.HubSpotClientSecret, "")
	e.text("HUBSPOT_REFRESH_TOKEN", &c.HubSpotRefreshToken, "")
	e.part("HUBSPOT_RATE_SCALE", &c.HubSpotRate)
	e.duration("HUBSPOT_INDEX_WAIT", &c.IndexWait, "15s")
	e.duration("HUBSPOT_ENGAGEMENT_WAIT", &c.EngagementWait, "15s")
	if c.installs() && c.HubSpotToken == "" && c.HubSpotRefreshToken == "" && strings.TrimSpace(e.getenv("HUBSPOT_PORTAL_ID")) == "" {
		return // Portals link themselves at /install.
	}
	if c.HubSpotToken == "" && (c.HubSpotClientID == "" || c.HubSpotClientSecret == "" || c.HubSpotRefreshToken == "") {
		e.problem("HUBSPOT_TOKEN", "missing: give a service key or a private app's token, "+
			"or HUBSPOT_CLIENT_ID, HUBSPOT_CLIENT_SECRET and HUBSPOT_REFRESH_TOKEN of an OAuth app")
	}
	e.required("HUBSPOT_PORTAL_ID", &c.Portal, "the number of your HubSpot account, as its URLs show it")
	if _, err := strconv.ParseUint(c.Portal, 10, 64); c.Portal != "" && err != nil {
		e.problem("HUBSPOT_PORTAL_ID", "%q is no number: copy it from HubSpot's URLs", c.Portal)
	}
}

// part reads a positive number.
func (e *environment) part(name string, into *float64) {
	v := e.getenv(name)
	if v == "" {
		return
	}
	part, err := strconv.ParseFloat(v, 64)
	if err != nil || !(part > 0 && part <= 1000) {
		e.problem(name, "%q: write a number above 0, such as 0.5 for each of two replicas", v)
		return
	}
	*into = part
}

// duration reads a positive duration such as example.
func (e *environment) duration(name string, into *time.Duration, example string) {
	v := e.getenv(name)
	if v == "" {
		return
	}
	d, err := time.ParseDuration(v)
	if err != nil || d <= 0 {
		e.problem(name, "%q is no duration: write %s", v, example)
		return
	}
	*into = d
}

// networks reads address ranges such as 10.0.0.0/8; a single address is one,
// too.
func (e *environment) networks(name string, into *[]*net.IPNet) {
	var list []string
	e.list(name, &list, nil)
	for _, text := range list {
		if ip := net.ParseIP(text); ip != nil {
			bits := 128
			if ip.To4() != nil {
				bits = 32
			}
			text += "/" + strconv.Itoa(bits)
		}
		_, network, err := net.ParseCIDR(text)
		if err != nil {
			e.problem(name, "%q is no address range: write 10.0.0.0/8, several separated by commas", text)
			continue
		}
		*into = append(*into, network)
	}
}

// durationOrNone also takes 0, for not at all.
func (e *environment) durationOrNone(name string, into *time.Duration, example string) {
	if e.getenv(name) == "0" {
		*into = 0
		return
	}
	e.duration(name, into, example)
}

const keySize = 32

// loadKey returns the sealing key that is kept in dir, making it at the first
// start. Only for servers on this machine: others are told to keep their own.
func loadKey(dir string) ([]byte, error) {
	path := filepath.Join(dir, "key")
	key, err := os.ReadFile(path)
	if err == nil && len(key) == keySize {
		return key, nil
	}
	if err == nil {
		return nil, fmt.Errorf("%s is not a key of %d bytes: remove it, and with it all stored sign-ins", path, keySize)
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read sealing key: %w", err)
	}
	key = make([]byte, keySize)
	_, _ = rand.Read(key) // Never fails.
	if err := os.WriteFile(path, key, 0o600); err != nil {
		return nil, fmt.Errorf("keep sealing key: %w", err)
	}
	return key, nil
}

// originOf returns scheme and host of a URL that was checked before.
func originOf(raw string) string {
	u, err := url.Parse(raw)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

func isOrigin(raw string) bool { return originOf(raw) == raw }

// isSource says whether s can stand in a Content-Security-Policy as a host
// source. Anything else, quotes and semicolons above all, would end the
// directive.
func isSource(s string) bool {
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok || scheme != "http" && scheme != "https" && scheme != "ws" && scheme != "wss" || rest == "" {
		return false
	}
	for _, r := range rest {
		if (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("-.:*[]", r) {
			return false
		}
	}
	return true
}

func isLocal(raw string) bool {
	u, err := url.Parse(raw)
	if err != nil {
		return false
	}
	host := u.Hostname()
	ip := net.ParseIP(host)
	return host == "localhost" || strings.HasSuffix(host, ".localhost") || ip != nil && ip.IsLoopback()
}
