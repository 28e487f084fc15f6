package main

import (
	"net/url"
	"strings"

	"deskbridge/pkg/backend"
)

// PageConfig is what the widget's page is made from.
type PageConfig struct {
	CallingHosts []string // Origins that may speak the calling protocol; handed to the boot script.
	Contract     string   // backend.Version.
	Sandbox      bool     // Emulated clouds.

	connect, ancestors, frames []string

	mode, desktop, permissions string
	desktopHosts               []string
}

func pageConfig(cfg Config) PageConfig {
	connect := append([]string{cfg.WebexAPI}, cfg.WebexSockets...)
	return PageConfig{
		CallingHosts: cfg.CallingHosts,
		Contract:     backend.Version,
		Sandbox:      cfg.Sandbox,
		connect:      connectSources(connect),
		ancestors:    cfg.FrameAncestors,
	}
}

// Policy is the widget page's Content-Security-Policy. Hashes are those of its
// inline scripts, such as "sha256-…".
//
// There is no X-Frame-Options beside it, which knows no list of ancestors and
// would keep HubSpot from framing the page.
func (p PageConfig) Policy(hashes ...string) string {
	script := "script-src 'self' 'wasm-unsafe-eval'"
	for _, h := range hashes {
		script += " '" + strings.Trim(h, "'") + "'"
	}
	return strings.Join([]string{
		"default-src 'none'",
		script,
		"connect-src 'self' " + strings.Join(p.connect, " "),
		"style-src 'self'",
		"img-src 'self' data:",
		"font-src 'self'",
		"media-src 'self'",
		"worker-src 'self'",
		"base-uri 'none'",
		"form-action 'none'",
		"frame-src " + sources(p.frames),
		"frame-ancestors " + sources(p.ancestors),
	}, "; ")
}

func sources(list []string) string {
	if len(list) == 0 {
		return "'none'"
	}
	return strings.Join(list, " ")
}

// connectSources are the origins of the given URLs, each for HTTP and for
// WebSocket. Webex chooses the notification socket's host; where the gateway
// is one of Cisco's, so are those.
func connectSources(urls []string) []string {
	var list []string
	seen := map[string]bool{}
	add := func(source string) {
		if !seen[source] {
			seen[source] = true
			list = append(list, source)
		}
	}
	for _, raw := range urls {
		u, err := url.Parse(raw)
		if err != nil || u.Host == "" {
			continue
		}
		switch u.Scheme {
		case "https", "wss":
			add("https://" + u.Host)
			add("wss://" + u.Host)
		case "http", "ws":
			add("http://" + u.Host)
			add("ws://" + u.Host)
		}
		if host := u.Hostname(); u.Scheme == "https" && strings.HasSuffix(host, ".cisco.com") {
			for _, domain := range []string{"cisco.com", "ciscoccservice.com", "webex.com", "wbx2.com"} {
				add("wss://*." + domain)
			}
		}
	}
	return list
}
