package main

import (
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/hubspot/hubspottest"
	"deskbridge/pkg/tenant"
	"deskbridge/pkg/webexcc/webexcctest"
)

// emulated is a world whose Webex and HubSpot are the emulators, with Ann
// signed in.
type emulated struct {
	*world
	webex *webexcctest.Server
	crm   *hubspottest.Server
	ann   *backend.Client
}

func newEmulated(t *testing.T, settings tenant.Settings) *emulated {
	t.Helper()
	webex := webexcctest.New(webexcctest.Config{AutoSignIn: true})
	crm := hubspottest.New(hubspottest.Config{IndexDelay: -1})
	identity, gateway := httptest.NewServer(webex.Identity()), httptest.NewServer(webex.Gateway())
	api := httptest.NewServer(crm.Handler())
	for _, srv := range []*httptest.Server{identity, gateway, api} {
		t.Cleanup(srv.Close)
	}
	w := newWorld(t, func(c *Config) {
		c.WebexAuthorizeURL, c.WebexTokenURL = identity.URL+"/v1/authorize", identity.URL+"/v1/access_token"
		c.WebexPeopleURL, c.WebexAPI = identity.URL+"/v1/people/me", gateway.URL
		c.HubSpotAPI, c.HubSpotToken = api.URL, hubspottest.Token
		c.Settings = settings
	})
	w.use(func(d *deps) {
		source, accounts := webexSource{w.cfg, *d}, newPortals(w.cfg, d)
		d.Webex, d.Lists = source, source
		d.Lookup, d.Contacts, d.People, d.Cards = accounts, accounts, accounts, accounts
	})
	v := verifier(t)
	page := w.window(backend.Challenge(v), "ann")
	session, err := w.client("").Exchange(t.Context(), backend.Exchange{Verifier: v, Code: page.code})
	require.NoError(t, err, page.body)
	return &emulated{world: w, webex: webex, crm: crm, ann: w.client(session.Token)}
}

// asked counts what arrived at an emulator below a path.
func (e *emulated) asked(path string) int {
	n := 0
	for _, r := range e.webex.Requests() {
		if below(r.Path, path) {
			n++
		}
	}
	for _, r := range e.crm.Requests() {
		if below(r.Path, path) {
			n++
		}
	}
	return n
}
