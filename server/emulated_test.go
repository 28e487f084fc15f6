package main

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/webexcc/webexcctest"
)

// The same handlers against the emulated Webex: its sign-in page, its people
// and its configuration.
func TestSignInAtTheEmulatedWebex(t *testing.T) {
	t.Parallel()
	webex := webexcctest.New(webexcctest.Config{AutoSignIn: true})
	identity, gateway := httptest.NewServer(webex.Identity()), httptest.NewServer(webex.Gateway())
	t.Cleanup(identity.Close)
	t.Cleanup(gateway.Close)
	w := newWorld(t, func(c *Config) {
		c.WebexAuthorizeURL, c.WebexTokenURL = identity.URL+"/v1/authorize", identity.URL+"/v1/access_token"
		c.WebexPeopleURL, c.WebexAPI = identity.URL+"/v1/people/me", gateway.URL
	})
	w.use(func(d *deps) { d.Webex = webexSource{w.cfg, *d} })
	v := verifier(t)

	asked := w.window(backend.Challenge(v), "")
	require.Contains(t, asked.body, "Continue as Ann", "without a hint a person chooses")

	page := w.window(backend.Challenge(v), "ann")
	require.Equal(t, http.StatusOK, page.status, page.body)
	session, err := w.client("").Exchange(t.Context(), backend.Exchange{Verifier: v, Code: page.code})
	require.NoError(t, err)
	require.Equal(t, webexcctest.OrgID, session.Agent.OrgID)
	require.NotEmpty(t, session.Agent.Email)

	config, err := w.client(session.Token).Config(t.Context())
	require.NoError(t, err)
	require.ElementsMatch(t, []string{"AGENT_DN", "EXTENSION"}, config.LoginOptions)
	require.NotEmpty(t, config.Teams)
	require.NotEmpty(t, config.WrapUpCodes)
	require.NotEmpty(t, config.OutdialANIs)
	require.NotEmpty(t, config.OutdialEntryPoint)
	require.True(t, config.OutdialEnabled)
	require.True(t, config.EndCallEnabled)
	require.False(t, config.AutoWrapUp)
	selectable := 0
	for _, code := range config.IdleCodes {
		if !code.System {
			selectable++
		}
	}
	require.GreaterOrEqual(t, selectable, 2)
	require.Less(t, selectable, len(config.IdleCodes), "system codes are named, too")
}
