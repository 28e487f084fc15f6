package main

import (
	"encoding/base64"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
)

func requireRefusal(t *testing.T, err error, status int, code string) {
	t.Helper()
	var refusal *backend.Error
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, status, refusal.Status)
	require.Equal(t, code, refusal.Code)
	require.NotEmpty(t, refusal.Message)
}

func TestSignInHandsTheCodeToTheOpener(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := verifier(t)

	page := w.window(backend.Challenge(v), "ann")

	require.Equal(t, http.StatusOK, page.status)
	require.Equal(t, "ann", w.webex.asked.Get("login_hint"))
	require.Equal(t, "S256", w.webex.asked.Get("code_challenge_method"))
	require.Equal(t, w.url+"/auth/callback", w.webex.asked.Get("redirect_uri"))
	require.Equal(t, strings.Join(defaultScopes, " "), w.webex.asked.Get("scope"))
	require.NotEqual(t, backend.Challenge(v), w.webex.asked.Get("code_challenge"), "the panel's challenge is not Webex' business")
	require.Contains(t, page.body, backend.ShortCode(backend.Challenge(v)))

	session, err := w.client("").Exchange(t.Context(), backend.Exchange{Verifier: v, Code: page.code})

	require.NoError(t, err)
	require.Equal(t, backend.Agent{AgentID: agentID, OrgID: orgID, Name: "Ann Agent", Email: "ann@example.com"}, session.Agent)
	require.Equal(t, w.clock.now().Add(12*time.Hour).UnixMilli(), session.ExpiresAt)
	raw, err := base64.RawURLEncoding.DecodeString(session.Token)
	require.NoError(t, err)
	require.Len(t, raw, 32)

	who, err := w.client(session.Token).Who(t.Context())
	require.NoError(t, err)
	require.Equal(t, session.Agent, who.Agent)
	require.Empty(t, who.Token)
}

func TestACodeWorksOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := verifier(t)
	page := w.window(backend.Challenge(v), "")
	_, err := w.client("").Exchange(t.Context(), backend.Exchange{Verifier: v, Code: page.code})
	require.NoError(t, err)

	_, err = w.client("").Exchange(t.Context(), backend.Exchange{Verifier: v, Code: page.code})
	requireRefusal(t, err, http.StatusUnauthorized, backend.CodeSignInRefused)

	_, err = w.client("").Exchange(t.Context(), backend.Exchange{Verifier: v})
	requireRefusal(t, err, http.StatusUnauthorized, backend.CodeSignInRefused)
}

func TestACodeNeedsItsVerifier(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := verifier(t)
	page := w.window(backend.Challenge(v), "")

	for range maxAttempts {
		_, err := w.client("").Exchange(t.Context(), backend.Exchange{Verifier: verifier(t), Code: page.code})
		requireRefusal(t, err, http.StatusUnauthorized, backend.CodeSignInRefused)
	}

	_, err := w.client("").Exchange(t.Context(), backend.Exchange{Verifier: v, Code: page.code})
	requireRefusal(t, err, http.StatusTooManyRequests, backend.CodeTooMany)
}

func TestGuessingCodesEndsTheSignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := verifier(t)
	page := w.window(backend.Challenge(v), "")

	for range maxAttempts {
		_, err := w.client("").Exchange(t.Context(), backend.Exchange{Verifier: v, Code: "guess"})
		requireRefusal(t, err, http.StatusUnauthorized, backend.CodeSignInRefused)
	}

	_, err := w.client("").Exchange(t.Context(), backend.Exchange{Verifier: v, Code: page.code})
	requireRefusal(t, err, http.StatusTooManyRequests, backend.CodeTooMany)
}

func TestAWindowThatWasOpenedTwiceWorksInEither(t *testing.T) {
	t.Parallel()
	for _, which := range []int{0, 1} {
		w := newWorld(t)
		v := verifier(t)
		pages := []windowPage{w.window(backend.Challenge(v), ""), w.window(backend.Challenge(v), "")}

		_, err := w.client("").Exchange(t.Context(), backend.Exchange{Verifier: v, Code: pages[which].code})

		require.NoError(t, err)
	}
}

func TestACodeExpires(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := verifier(t)
	page := w.window(backend.Challenge(v), "")
	w.clock.pass(signInLife)

	_, err := w.client("").Exchange(t.Context(), backend.Exchange{Verifier: v, Code: page.code})

	requireRefusal(t, err, http.StatusUnauthorized, backend.CodeSignInRefused)
}

func TestPollingWaitsForTheButton(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := verifier(t)
	panel := w.client("")

	_, err := panel.Exchange(t.Context(), backend.Exchange{Verifier: v})
	require.ErrorIs(t, err, backend.ErrPending, "before the window has come to us")

	page := w.window(backend.Challenge(v), "")
	_, err = panel.Exchange(t.Context(), backend.Exchange{Verifier: v})
	require.ErrorIs(t, err, backend.ErrPending, "before the button")

	resp, err := page.browser.PostForm(w.url+backend.ConfirmPath, url.Values{"confirm": {page.confirm}})
	require.NoError(t, err)
	confirmed := readPage(t, page.browser, resp)
	require.Equal(t, http.StatusOK, confirmed.status)
	require.Contains(t, confirmed.body, "You are signed in")

	session, err := panel.Exchange(t.Context(), backend.Exchange{Verifier: v})
	require.NoError(t, err)
	require.Equal(t, agentID, session.Agent.AgentID)

	_, err = panel.Exchange(t.Context(), backend.Exchange{Verifier: v})
	requireRefusal(t, err, http.StatusUnauthorized, backend.CodeSignInRefused)
}

func TestConfirmNeedsTheWindowsSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := verifier(t)
	page := w.window(backend.Challenge(v), "")
	for _, forged := range []string{"", "guess", page.code} {
		resp, err := http.PostForm(w.url+backend.ConfirmPath, url.Values{"confirm": {forged}})
		require.NoError(t, err)
		require.Equal(t, http.StatusGone, readPage(t, nil, resp).status, forged)
	}

	req, err := http.NewRequest(http.MethodPost, w.url+backend.ConfirmPath, strings.NewReader(url.Values{"confirm": {page.confirm}}.Encode()))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Sec-Fetch-Site", "cross-site")
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	require.Equal(t, http.StatusForbidden, readPage(t, nil, resp).status, "another site's form")

	_, err = w.client("").Exchange(t.Context(), backend.Exchange{Verifier: v})
	require.ErrorIs(t, err, backend.ErrPending)
}

// The window's browser must be the one that began: else somebody could send a
// victim the address of a half-finished sign-in.
func TestCallbackIsTiedToItsBrowser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := verifier(t)
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	stop := func(req *http.Request, _ []*http.Request) error {
		if req.URL.Path == backend.CallbackPath {
			return http.ErrUseLastResponse
		}
		return nil
	}
	attacker := &http.Client{Jar: jar, CheckRedirect: stop}
	resp, err := attacker.Get(w.client("").LoginURL(backend.Challenge(v), ""))
	require.NoError(t, err)
	callback := resp.Header.Get("Location")
	require.NoError(t, resp.Body.Close())
	require.Contains(t, callback, backend.CallbackPath)

	victim := w.open(&http.Client{}, callback)

	require.Equal(t, http.StatusBadRequest, victim.status)
	require.Empty(t, victim.code)
	require.Contains(t, victim.body, `role="alert"`)

	// It does not use up the sign-in of the browser that did begin.
	require.Equal(t, http.StatusOK, w.open(attacker, callback).status)
	require.Equal(t, http.StatusBadRequest, w.open(attacker, callback).status, "twice")
}

func TestSignInsRunSideBySide(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	stop := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	browser := &http.Client{Jar: jar}
	var callbacks []string
	for range 2 {
		first := &http.Client{Jar: jar, CheckRedirect: stop}
		resp, err := first.Get(w.client("").LoginURL(backend.Challenge(verifier(t)), ""))
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		resp, err = first.Get(resp.Header.Get("Location"))
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		callbacks = append(callbacks, resp.Header.Get("Location"))
	}

	for _, callback := range callbacks {
		require.Equal(t, http.StatusOK, w.open(browser, callback).status)
	}
}

func TestAgentOfAnotherOrgIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.webex.set(func() {
		w.webex.people["orgId"] = base64.StdEncoding.EncodeToString([]byte("ciscospark://us/ORGANIZATION/11111111-2222-3333-4444-555555555555"))
	})
	v := verifier(t)

	page := w.window(backend.Challenge(v), "")

	require.Equal(t, http.StatusForbidden, page.status)
	require.Empty(t, page.code)
	require.Contains(t, page.body, "not linked")
	_, err := w.client("").Exchange(t.Context(), backend.Exchange{Verifier: v})
	requireRefusal(t, err, http.StatusForbidden, backend.CodeNotLinked)
}

func TestFailedSignInSaysSoInBothPlaces(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		change func(*fakeWebex)
		status int
		code   string
		poll   int
	}{
		{"denied", func(f *fakeWebex) { f.deny = true }, http.StatusForbidden, backend.CodeSignInRefused, http.StatusUnauthorized},
		{"code refused", func(f *fakeWebex) { f.fail = http.StatusBadRequest }, http.StatusForbidden, backend.CodeSignInRefused, http.StatusUnauthorized},
		{"webex down", func(f *fakeWebex) { f.fail = http.StatusServiceUnavailable }, http.StatusBadGateway, backend.CodeWebexDown, http.StatusUnauthorized},
		{"nobody", func(f *fakeWebex) { f.people = map[string]any{} }, http.StatusBadGateway, backend.CodeWebexDown, http.StatusUnauthorized},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.webex.set(func() { tt.change(w.webex) })
			v := verifier(t)

			page := w.window(backend.Challenge(v), "")

			require.Equal(t, tt.status, page.status)
			require.Contains(t, page.body, `role="alert"`)
			_, err := w.client("").Exchange(t.Context(), backend.Exchange{Verifier: v})
			requireRefusal(t, err, tt.poll, tt.code)
		})
	}
}

func TestLoginNeedsAChallenge(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, challenge := range []string{"", "short", strings.Repeat("=", 43), strings.Repeat("a", 500)} {
		require.Equal(t, http.StatusBadRequest, w.window(challenge, "").status, challenge)
	}
}

func TestSignInsAreLimited(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.deps.SignIns.limit = 2
	v := verifier(t)
	for range 2 {
		require.Equal(t, http.StatusOK, w.window(backend.Challenge(v), "").status)
	}

	require.Equal(t, http.StatusTooManyRequests, w.window(backend.Challenge(v), "").status)

	w.clock.pass(2*signInLife + time.Second)
	require.Equal(t, http.StatusOK, w.window(backend.Challenge(v), "").status, "old ones are forgotten")
}

func TestLoginComesBackToTheNameItWasOpenedAt(t *testing.T) {
	t.Parallel()
	var also string
	w := newWorld(t, func(c *Config) {
		also = strings.Replace(c.PublicURL, "127.0.0.1", "localhost", 1)
		c.AlsoURLs = []string{also}
	})
	w.url = also
	v := verifier(t)

	page := w.window(backend.Challenge(v), "")

	require.Equal(t, http.StatusOK, page.status)
	require.Equal(t, "localhost", page.address.Hostname())
}

func TestSignInPageIsLockedDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)

	page := w.window(backend.Challenge(verifier(t)), "")

	policy := page.header.Get("Content-Security-Policy")
	require.Contains(t, policy, "default-src 'none'")
	require.Contains(t, policy, "frame-ancestors 'none'")
	require.NotContains(t, policy, "unsafe-inline")
	require.NotContains(t, page.body, "<script>")
	require.Equal(t, "no-store", page.header.Get("Cache-Control"))
	require.Equal(t, "no-referrer", page.header.Get("Referrer-Policy"))
	for _, asset := range []string{"/auth/signin.js", "/auth/signin.css"} {
		require.Contains(t, page.body, asset)
		require.Equal(t, http.StatusOK, w.open(http.DefaultClient, w.url+asset).status)
	}
}

func TestSessionSlidesAndExpires(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.client(w.signIn().Token)

	w.clock.pass(11 * time.Hour)
	who, err := c.Who(t.Context())
	require.NoError(t, err)
	require.Equal(t, w.clock.now().Add(12*time.Hour).UnixMilli(), who.ExpiresAt)

	w.clock.pass(12 * time.Hour)
	_, err = c.Who(t.Context())
	requireRefusal(t, err, http.StatusUnauthorized, backend.CodeSessionExpired)
}

func TestSignOutEndsTheSessionAndForgetsTokens(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first, second := w.client(w.signIn().Token), w.client(w.signIn().Token)

	require.NoError(t, first.SignOut(t.Context()))
	_, err := first.Who(t.Context())
	requireRefusal(t, err, http.StatusUnauthorized, backend.CodeSessionExpired)
	_, err = second.WebexToken(t.Context())
	require.NoError(t, err, "another browser of the agent goes on")

	require.NoError(t, second.SignOut(t.Context()))
	_, err = w.deps.Tokens.Token(t.Context(), tokenID(backend.Agent{OrgID: orgID, AgentID: agentID}))
	require.Error(t, err)
}

func TestRevokedSessionsEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.client(w.signIn().Token)

	require.NoError(t, w.deps.SignIns.revoke(t.Context(), orgID, agentID))

	_, err := c.Settings(t.Context())
	requireRefusal(t, err, http.StatusUnauthorized, backend.CodeSessionExpired)
}

// stored is all that the database has of sign-ins, sessions and tokens.
func (w *world) stored() string {
	w.t.Helper()
	var kept strings.Builder
	for _, table := range []string{"server_signins", "server_sessions", "deskbridge_tokens"} {
		rows, err := w.deps.SignIns.db.Query(`SELECT * FROM ` + table)
		require.NoError(w.t, err)
		columns, err := rows.Columns()
		require.NoError(w.t, err)
		for rows.Next() {
			cells, into := make([]string, len(columns)), make([]any, len(columns))
			for i := range cells {
				into[i] = &cells[i]
			}
			require.NoError(w.t, rows.Scan(into...))
			kept.WriteString(strings.Join(cells, " "))
		}
		require.NoError(w.t, rows.Close())
	}
	return kept.String()
}

func TestSecretsAreStoredAsHashes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	v := verifier(t)
	page := w.window(backend.Challenge(v), "")
	session, err := w.client("").Exchange(t.Context(), backend.Exchange{Verifier: v, Code: page.code})
	require.NoError(t, err)

	kept := w.stored()
	require.NotEmpty(t, kept)
	for _, hidden := range []string{session.Token, page.code, page.confirm, v, "access-1", "refresh-me"} {
		require.NotContains(t, kept, hidden)
	}
}

func TestWebexTokenIsRefreshedAhead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.client(w.signIn().Token)
	first, err := c.WebexToken(t.Context())
	require.NoError(t, err)
	require.Equal(t, "access-1", first.AccessToken)

	w.clock.pass(59 * time.Minute)
	second, err := c.WebexToken(t.Context())

	require.NoError(t, err)
	require.Equal(t, "access-2", second.AccessToken)
	require.NotZero(t, second.ExpiresAt)
}

func TestATokenThatWebexRefusedIsReplaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.client(w.signIn().Token)

	fresh, err := c.RefusedToken(t.Context(), "access-1")
	require.NoError(t, err)
	require.Equal(t, "access-2", fresh.AccessToken)

	again, err := c.RefusedToken(t.Context(), "access-1")
	require.NoError(t, err)
	require.Equal(t, "access-2", again.AccessToken, "another tab was late")

	_, err = c.RefusedToken(t.Context(), "")
	requireRefusal(t, err, http.StatusBadRequest, backend.CodeInvalid)
}

func TestRefusedRefreshEndsTheSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.client(w.signIn().Token)
	w.webex.set(func() { w.webex.fail = http.StatusBadRequest })
	w.clock.pass(2 * time.Hour)

	_, err := c.WebexToken(t.Context())
	requireRefusal(t, err, http.StatusUnauthorized, backend.CodeSessionExpired)

	_, err = c.Who(t.Context())
	requireRefusal(t, err, http.StatusUnauthorized, backend.CodeSessionExpired)
}

func TestWebexDownDuringRefreshKeepsTheSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.client(w.signIn().Token)
	w.webex.set(func() { w.webex.fail = http.StatusBadGateway })
	w.clock.pass(2 * time.Hour)

	_, err := c.WebexToken(t.Context())
	requireRefusal(t, err, http.StatusBadGateway, backend.CodeWebexDown)

	_, err = c.Who(t.Context())
	require.NoError(t, err)
}
