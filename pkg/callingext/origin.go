package callingext

import (
	"fmt"
	"strconv"
	"strings"
)

// OriginAllowed reports whether origin matches one of the patterns.
//
// A pattern is an origin, such as https://app.hubspot.com. Its host may begin
// with "*." for any subdomain (not for the domain itself) and its port may be
// "*" for any port or none: http://*.localhost:*. The same spelling is valid
// in a frame-ancestors directive. The opaque origin "null", an origin with a
// path and a pattern that [CheckOriginPattern] refuses never match.
func OriginAllowed(patterns []string, origin string) bool {
	o, ok := parseOrigin(origin, false)
	if !ok {
		return false
	}
	for _, p := range patterns {
		if p, ok := parseOrigin(p, true); ok && p.matches(o) {
			return true
		}
	}
	return false
}

// CheckOriginPattern says whether [OriginAllowed] understands a pattern, so
// that a configuration can refuse it instead of silently never matching.
func CheckOriginPattern(pattern string) error {
	if _, ok := parseOrigin(pattern, true); !ok {
		return fmt.Errorf("callingext: origin pattern %q: want scheme://host[:port], host may begin with *. and port may be *", pattern)
	}
	return nil
}

// An origin in the parts that are compared. In a pattern, any subdomain is a
// host with a leading dot and any port is "*".
type origin struct{ scheme, host, port string }

func (p origin) matches(o origin) bool {
	if p.scheme != o.scheme || (p.port != "*" && p.port != o.port) {
		return false
	}
	if strings.HasPrefix(p.host, ".") {
		return strings.HasSuffix(o.host, p.host) && len(o.host) > len(p.host)
	}
	return p.host == o.host
}

func parseOrigin(s string, pattern bool) (origin, bool) {
	scheme, rest, ok := strings.Cut(strings.ToLower(s), "://")
	if !ok || scheme == "" || strings.Trim(scheme, "abcdefghijklmnopqrstuvwxyz0123456789+-.") != "" {
		return origin{}, false
	}
	host, port := rest, ""
	if i := strings.LastIndexByte(rest, ':'); i >= 0 && !strings.HasSuffix(rest, "]") {
		host, port = rest[:i], rest[i+1:]
		if port == "" {
			return origin{}, false
		}
	}
	if pattern && strings.HasPrefix(host, "*.") {
		host = host[1:]
		if !validHost(host[1:]) {
			return origin{}, false
		}
	} else if !validHost(host) {
		return origin{}, false
	}
	if port == "" {
		port = defaultPort(scheme)
	} else if !(pattern && port == "*") {
		n, err := strconv.ParseUint(port, 10, 16)
		if err != nil || strconv.FormatUint(n, 10) != port {
			return origin{}, false
		}
	}
	return origin{scheme, host, port}, true
}

func defaultPort(scheme string) string {
	switch scheme {
	case "https":
		return "443"
	case "http":
		return "80"
	}
	return ""
}

func validHost(h string) bool {
	if strings.HasPrefix(h, "[") {
		return len(h) > 4 && strings.HasSuffix(h, "]") && strings.Trim(h[1:len(h)-1], "0123456789abcdef:.") == ""
	}
	for label := range strings.SplitSeq(h, ".") {
		if label == "" || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
			return false
		}
	}
	return true
}

// sameOrigin compares what a message says with what the browser says.
func sameOrigin(a, b string) bool {
	x, okX := parseOrigin(a, false)
	y, okY := parseOrigin(b, false)
	return okX && okY && x == y
}
