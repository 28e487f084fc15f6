package main

import (
	"context"
	"fmt"
	"net/http"
	"path"
	"slices"
	"strings"
)

// desktop looks whether we know the Agent Desktop that is shown in HubSpot, and
// let it frame and hear us.
func (d *doctor) desktop(context.Context) []finding {
	const check = "agent desktop"
	if d.cfg.DesktopURL == "" {
		return []finding{warn(check, "its address is not known, so it cannot be shown in HubSpot", "set WEBEX_DESKTOP_URL to the address that agents open, or WEBEX_DATACENTER")}
	}
	origin := originOf(d.cfg.DesktopURL)
	named := func(pattern string) bool { // "*" stands for a port or for names before the domain.
		fits, err := path.Match(pattern, origin)
		return err == nil && fits
	}
	switch {
	case !slices.ContainsFunc(d.cfg.DesktopHosts, named):
		return []finding{fail(check, "the widget does not listen to "+origin, "add it to DESKBRIDGE_DESKTOP_HOSTS")}
	case !slices.ContainsFunc(d.cfg.FrameAncestors, named):
		return []finding{fail(check, origin+" may not frame the widget", "add it to DESKBRIDGE_FRAME_ANCESTORS")}
	}
	return []finding{ok(check, "%s frames the widget; what frames it in HubSpot is %s", origin, d.cfg.PublicURL+deskPath+"/hubspot")}
}

// element looks whether an Agent Desktop gets the widget's scripts where layouts
// say.
func (d *doctor) element(ctx context.Context) []finding {
	const check = "widget's script"
	for _, name := range elementFiles {
		address := d.cfg.PublicURL + deskPath + "/" + name
		resp, _, err := d.get(ctx, address)
		switch {
		case err != nil:
			return []finding{fail(check, address+" does not answer", "start the server")}
		case resp.StatusCode == http.StatusNotFound:
			return []finding{fail(check, address+" is not there", "build the server with make build, and let the proxy pass "+deskPath+" on")}
		case resp.StatusCode != http.StatusOK:
			return []finding{fail(check, fmt.Sprintf("%s answers %d", address, resp.StatusCode), "see that the proxy passes "+deskPath+" on")}
		case !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/javascript"), resp.Header.Get("Access-Control-Allow-Origin") != "*":
			return []finding{fail(check, address+" comes without the headers that an Agent Desktop needs", "let the proxy keep our Content-Type and Access-Control-Allow-Origin")}
		}
	}
	return []finding{ok(check, "%s", d.cfg.PublicURL+deskPath+"/"+elementFiles[0])}
}
