package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/webexcc/webexcctest"
)

// atWebex is a world whose people are those of an emulated Webex organisation.
func atWebex(t *testing.T, org string) *world {
	t.Helper()
	webex := webexcctest.New(webexcctest.Config{AutoSignIn: true, OrgID: org})
	identity, gateway := httptest.NewServer(webex.Identity()), httptest.NewServer(webex.Gateway())
	t.Cleanup(identity.Close)
	t.Cleanup(gateway.Close)
	w := newWorld(t, func(c *Config) {
		c.WebexAuthorizeURL, c.WebexTokenURL = identity.URL+"/v1/authorize", identity.URL+"/v1/access_token"
		c.WebexPeopleURL, c.WebexAPI = identity.URL+"/v1/people/me", gateway.URL
	})
	w.use(func(d *deps) { d.Webex = webexSource{w.cfg, *d} })
	return w
}

func TestDesktopTokenSignsItsAgentIn(t *testing.T) {
	t.Parallel()
	w := atWebex(t, webexcctest.OrgID)
	token := webexcctest.Token("bob")

	session, err := w.client("").Exchange(t.Context(), backend.Exchange{WebexToken: token})

	require.NoError(t, err)
	require.Equal(t, webexcctest.OrgID, session.Agent.OrgID)
	require.Equal(t, "Bob", strings.Fields(session.Agent.Name)[0])
	bob := w.client(session.Token)
	who, err := bob.Who(t.Context())
	require.NoError(t, err)
	require.Equal(t, session.Agent, who.Agent)
	config, err := bob.Config(t.Context())
	require.NoError(t, err, "Webex is asked with the Desktop's token")
	require.NotEmpty(t, config.WrapUpCodes)
	require.NotContains(t, w.log.String(), token)
	require.NotContains(t, w.stored(), token)
	require.NotContains(t, w.stored(), session.Token)

	w.clock.pass(desktopTokenLife)
	_, err = bob.WebexToken(t.Context())
	requireRefusal(t, err, http.StatusUnauthorized, backend.CodeSessionExpired)
	session, err = w.client("").Exchange(t.Context(), backend.Exchange{WebexToken: token})
	require.NoError(t, err, "the panel brings the one of then")
	_, err = w.client(session.Token).WebexToken(t.Context())
	require.NoError(t, err)
}

func TestDesktopTokenThatIsRefused(t *testing.T) {
	t.Parallel()
	v, token := verifier(t), webexcctest.Token("bob")
	for name, tt := range map[string]struct {
		org    string
		body   backend.Exchange
		status int
		code   string
		says   string
	}{
		"unknown":              {webexcctest.OrgID, backend.Exchange{WebexToken: "nobody-knows-me"}, http.StatusUnauthorized, backend.CodeSignInRefused, "Sign in again"},
		"of another org":       {otherOrg, backend.Exchange{WebexToken: "bob_PF84_" + otherOrg}, http.StatusForbidden, backend.CodeNotLinked, "Ask your administrator"},
		"as long as may be":    {webexcctest.OrgID, backend.Exchange{WebexToken: strings.Repeat("x", 8<<10)}, http.StatusUnauthorized, backend.CodeSignInRefused, "Sign in again"},
		"too long":             {webexcctest.OrgID, backend.Exchange{WebexToken: strings.Repeat("x", 8<<10+1)}, http.StatusBadRequest, backend.CodeInvalid, "8,192"},
		"beside a verifier":    {webexcctest.OrgID, backend.Exchange{WebexToken: token, Verifier: v}, http.StatusBadRequest, backend.CodeInvalid, "alone"},
		"beside a code":        {webexcctest.OrgID, backend.Exchange{WebexToken: token, Code: "code"}, http.StatusBadRequest, backend.CodeInvalid, "alone"},
		"with a line break":    {webexcctest.OrgID, backend.Exchange{WebexToken: token + "\r\nX-More: 1"}, http.StatusBadRequest, backend.CodeInvalid, "printable"},
		"empty, as without it": {webexcctest.OrgID, backend.Exchange{}, http.StatusBadRequest, backend.CodeInvalid, "verifier"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := atWebex(t, tt.org)

			_, err := w.client("").Exchange(t.Context(), tt.body)

			requireRefusal(t, err, tt.status, tt.code)
			require.ErrorContains(t, err, tt.says)
			require.Empty(t, w.stored(), "nothing is kept")
			if tt.body.WebexToken != "" {
				require.NotContains(t, w.log.String(), tt.body.WebexToken)
			}
		})
	}
}

// Who has also signed in in a window keeps the token that renews itself, even
// while Webex cannot renew it.
func TestDesktopTokenReplacesNoneThatRenewsItself(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ann := w.signIn().Agent
	desktop := backend.Exchange{WebexToken: "of-the-agent-desktop"}
	session, err := w.client("").Exchange(t.Context(), desktop)
	require.NoError(t, err)
	require.Equal(t, ann, session.Agent)
	kept, err := w.deps.Tokens.Token(t.Context(), tokenID(ann))
	require.NoError(t, err)
	require.Equal(t, "access-1 refresh-me", kept.AccessToken+" "+kept.RefreshToken)

	w.webex.set(func() { w.webex.fail = http.StatusBadGateway })
	w.clock.pass(desktopTokenLife)
	session, err = w.client("").Exchange(t.Context(), desktop)
	require.NoError(t, err)
	w.webex.set(func() { w.webex.fail = 0 })
	fresh, err := w.client(session.Token).WebexToken(t.Context())
	require.NoError(t, err)
	require.Equal(t, "access-2", fresh.AccessToken)

	// One that Webex does not renew any more is worth nothing.
	w.webex.set(func() { w.webex.fail = http.StatusBadRequest })
	w.clock.pass(desktopTokenLife)
	session, err = w.client("").Exchange(t.Context(), desktop)
	require.NoError(t, err)
	given, err := w.client(session.Token).WebexToken(t.Context())
	require.NoError(t, err)
	require.Equal(t, desktop.WebexToken, given.AccessToken)
}

// The pages around and inside a Desktop may be framed by it and by HubSpot, and
// by nobody else; only the Desktop gets a microphone.
func TestDeskPagesNameWhoMayFrameThem(t *testing.T) {
	t.Parallel()
	const desktop = "https://desktop.wxcc-us1.cisco.com"
	w := newWorld(t, func(c *Config) { c.DesktopURL, c.DesktopHosts = desktop+"/agent", []string{desktop} })
	const hubspot = "https://app.hubspot.com"
	for page, want := range map[string]struct{ ancestors, frames, microphone string }{
		"/desk/widget":  {"'self' " + hubspot + " " + desktop, "'none'", "microphone=()"},
		"/desk/hubspot": {hubspot + " " + desktop, desktop, `microphone=(self "` + desktop + `")`},
		"/desk/studio":  {"'none'", "", "microphone=()"},
	} {
		_, header, _ := w.raw(http.MethodGet, page, "", "", "")
		policy := header.Values("Content-Security-Policy")
		require.Len(t, policy, 1, page)
		require.Equal(t, want.ancestors, strings.Join(directive(policy, "frame-ancestors"), " "), page)
		require.Equal(t, want.frames, strings.Join(directive(policy, "frame-src"), " "), page)
		require.NotContains(t, policy[0], "unsafe-inline", page)
		require.Contains(t, header.Get("Permissions-Policy"), want.microphone, page)
	}
}
