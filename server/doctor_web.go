package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"deskbridge/pkg/backend"
)

// server looks whether we can be reached where HubSpot will look for us.
func (d *doctor) server(ctx context.Context) []finding {
	const check = "public address"
	resp, body, err := d.get(ctx, d.cfg.PublicURL+"/healthz")
	if err != nil {
		return []finding{fail(check, d.cfg.PublicURL+" does not answer", "start the server, and see that DESKBRIDGE_PUBLIC_URL leads to it")}
	}
	var health struct{ Contract string }
	if resp.StatusCode != http.StatusOK || json.Unmarshal([]byte(body), &health) != nil || health.Contract == "" {
		return []finding{fail(check, fmt.Sprintf("%s answers %d, and is not Deskbridge", d.cfg.PublicURL, resp.StatusCode), "see what DESKBRIDGE_PUBLIC_URL leads to: a proxy must pass every path on")}
	}
	if health.Contract != backend.Version {
		return []finding{warn(check, "the server that runs is of another release", "restart it with this one")}
	}
	return []finding{ok(check, "%s answers", d.cfg.PublicURL)}
}

// frame looks whether HubSpot may frame the panel.
func (d *doctor) frame(ctx context.Context) []finding {
	const check = "framing"
	resp, _, err := d.get(ctx, d.cfg.PublicURL+"/widget")
	if err != nil {
		return []finding{fail(check, "the panel's page does not answer", "start the server")}
	}
	switch {
	case resp.StatusCode >= 300 && resp.StatusCode < 400:
		return []finding{fail(check, "the panel's page redirects to another address, which breaks HubSpot's handshake", "serve "+d.cfg.PublicURL+"/widget itself, without a redirect")}
	case resp.StatusCode != http.StatusOK:
		return []finding{fail(check, fmt.Sprintf("the panel's page answers %d", resp.StatusCode), "see that the proxy passes /widget on")}
	case resp.Header.Get("X-Frame-Options") != "":
		return []finding{fail(check, "something adds X-Frame-Options, so that HubSpot cannot frame the panel", "take that header out of the proxy")}
	}
	allowed := directive(resp.Header.Values("Content-Security-Policy"), "frame-ancestors")
	var missing []string
	for _, host := range d.cfg.CallingHosts {
		if !slices.Contains(allowed, host) {
			missing = append(missing, host)
		}
	}
	if len(missing) > 0 {
		return []finding{fail(check, "frame-ancestors lacks "+strings.Join(missing, " "), "add them to DESKBRIDGE_FRAME_ANCESTORS, and let the proxy keep our Content-Security-Policy")}
	}
	if !isLocal(d.cfg.PublicURL) {
		if i := slices.IndexFunc(d.cfg.CallingHosts, isLocal); i >= 0 {
			return []finding{warn(check, d.cfg.CallingHosts[i]+" may speak the calling protocol", "take origins of this machine out of DESKBRIDGE_CALLING_HOSTS")}
		}
	}
	return []finding{ok(check, "%d calling hosts may frame the panel", len(d.cfg.CallingHosts))}
}

// directive are a policy's sources. Of several policies the narrowest counts:
// we send one, a second is somebody else's.
func directive(policies []string, name string) []string {
	var common []string
	for i, policy := range policies {
		for part := range strings.SplitSeq(policy, ";") {
			fields := strings.Fields(part)
			if len(fields) == 0 || fields[0] != name {
				continue
			}
			if i == 0 {
				common = fields[1:]
			} else {
				common = slices.DeleteFunc(common, func(s string) bool { return !slices.Contains(fields[1:], s) })
			}
		}
	}
	return common
}

// Larger differences of clocks break HubSpot's signatures and calls' times.
const (
	skewSeen = 30 * time.Second
	skewBad  = 2 * time.Minute
)

// clock compares our clock with the vendors'.
func (d *doctor) clock(ctx context.Context) []finding {
	var worst time.Duration
	asked := 0
	for _, address := range []string{d.cfg.HubSpotAPI, d.cfg.WebexPeopleURL} {
		began := d.deps.Now()
		resp, _, err := d.get(ctx, address)
		if err != nil {
			continue
		}
		theirs, err := http.ParseTime(resp.Header.Get("Date"))
		if err != nil {
			continue
		}
		asked++
		ours := began.Add(d.deps.Now().Sub(began) / 2)
		if skew := ours.Sub(theirs.Add(500 * time.Millisecond)).Abs(); skew > worst {
			worst = skew
		}
	}
	const check, fix = "clock", "let the clock be set by NTP (timedatectl set-ntp true)"
	switch {
	case asked == 0:
		return []finding{fail(check, "neither HubSpot nor Webex answers", "let this machine reach "+d.cfg.HubSpotAPI+" and "+originOf(d.cfg.WebexPeopleURL))}
	case worst > skewBad:
		return []finding{fail(check, "it is wrong by "+worst.Round(time.Second).String(), fix)}
	case worst > skewSeen:
		return []finding{warn(check, "it is wrong by "+worst.Round(time.Second).String(), fix)}
	}
	return []finding{ok(check, "within %s of HubSpot's and Webex'", max(worst.Round(time.Second), time.Second))}
}

// redirects looks whether the vendors take our addresses. They show a page
// either way; only a refusal is certain.
func (d *doctor) redirects(ctx context.Context) []finding {
	const check = "redirect URIs"
	var all []finding
	probe := func(vendor, callback, address, where string) {
		resp, _, err := d.get(ctx, address)
		switch {
		case err != nil:
			all = append(all, fail(check, vendor+"'s sign-in does not answer", "let this machine reach "+originOf(address)))
		case resp.StatusCode >= 400:
			all = append(all, fail(check, fmt.Sprintf("%s refuses %s (%d)", vendor, callback, resp.StatusCode), "register exactly "+callback+" "+where))
		default:
			all = append(all, ok(check, "%s does not refuse %s", vendor, callback))
		}
	}
	agents := d.cfg.oauthConfig(d.cfg.PublicURL)
	const integration = "in the integration at developer.webex.com"
	probe("Webex", agents.RedirectURL, agents.AuthCodeURL("doctor", oauth2.S256ChallengeOption(oauth2.GenerateVerifier())), integration)
	if !d.cfg.installs() {
		return all
	}
	admins := *agents
	admins.RedirectURL = d.cfg.PublicURL + webexCallbackPath
	probe("Webex", admins.RedirectURL, admins.AuthCodeURL("doctor", oauth2.S256ChallengeOption(oauth2.GenerateVerifier())), integration)
	app := d.cfg.hubspotApp(d.cfg.PublicURL)
	probe("HubSpot", app.RedirectURL, app.AuthCodeURL("doctor", oauth2.GenerateVerifier()), "in the HubSpot app's auth settings")
	return all
}
