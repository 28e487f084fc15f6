package hubspottest

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"deskbridge/pkg/hubspot"
)

// grant is what an installation gave, or one access token of it.
type grant struct {
	token, refresh string
	portal         string
	user           owner
	scopes         []string
	expires        time.Time // Zero for the fixed token.
	all            bool      // Every scope.
}

func (g *grant) has(scope string) bool { return g.all || slices.Contains(g.scopes, scope) }

// code is an authorisation code; it works once.
type code struct {
	redirect, challenge string
	portal              string
	user                owner
	scopes              []string
	expires             time.Time
}

// bearer finds whose token a request carries.
func (s *Server) bearer(q *ask) (*grant, *reply) {
	scheme, token, ok := strings.Cut(q.Header.Get("Authorization"), " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") || token == "" {
		a := s.refuse(http.StatusUnauthorized, "INVALID_AUTHENTICATION",
			"Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details at https://developers.hubspot.com/docs/methods/auth/oauth-overview")
		return nil, &a
	}
	if token == s.cfg.Token {
		return &grant{all: true}, nil
	}
	g := s.grants[token]
	if g == nil {
		a := s.refuse(http.StatusUnauthorized, "INVALID_AUTHENTICATION", "The access token is invalid.")
		return nil, &a
	}
	if !q.now.Before(g.expires) {
		a := s.refuse(http.StatusUnauthorized, "EXPIRED_AUTHENTICATION",
			fmt.Sprintf("The OAuth token used to make this call expired %d second(s) ago.", int(q.now.Sub(g.expires).Seconds())))
		return nil, &a
	}
	return g, nil
}

// ExpireTokens lets every issued access token be expired from now on. Refresh
// tokens stay.
func (s *Server) ExpireTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, g := range s.grants {
		g.expires = s.cfg.Now()
	}
}

// Uninstall ends every refresh token and access token.
func (s *Server) Uninstall() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.grants, s.refresh = map[string]*grant{}, map[string]*grant{}
}

// UninstallFrom does what an admin of an account does who takes the app out: the
// tokens of that account end, and the app is told.
func (s *Server) UninstallFrom(portalID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.uninstallFrom(portalID)
}

func (s *Server) uninstallFrom(portalID string) {
	theirs := func(_ string, g *grant) bool { return g.portal == portalID }
	maps.DeleteFunc(s.grants, theirs)
	maps.DeleteFunc(s.refresh, theirs)
	s.announce(hubspot.Uninstalled, map[string]any{"portalId": json.Number(portalID)})
}

// uninstall is the app taking itself out of the account.
func (s *Server) uninstall(q *ask) reply {
	g, refused := s.bearer(q)
	if refused != nil {
		return *refused
	}
	if !g.all {
		s.uninstallFrom(g.portal)
	}
	return reply{status: http.StatusNoContent}
}

// InstallAs says who presses the button on the consent page from now on, and in
// which account. The accounts share their records: this emulates more than one
// for installation only.
func (s *Server) InstallAs(email, portalID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.installer = owner{email: email, userID: 61_234_100}
	for _, o := range s.world.owners {
		if o.email == email {
			s.installer = o
		}
	}
	s.installsIn = portalID
}

// asked checks the consent page's query.
func (s *Server) asked(q *ask) (redirect *url.URL, scopes []string, problem string) {
	query := q.URL.Query()
	redirect, err := url.Parse(query.Get("redirect_uri"))
	local := err == nil && (redirect.Hostname() == "localhost" || redirect.Hostname() == "127.0.0.1")
	scopes = append(strings.Fields(query.Get("scope")), strings.Fields(query.Get("optional_scope"))...)
	switch {
	case query.Get("client_id") != s.cfg.ClientID:
		return nil, nil, "The client id is unknown."
	case err != nil || redirect.Host == "" || redirect.Scheme != "https" && !local:
		return nil, nil, "The redirect URL must be https, or http on localhost."
	case !slices.Contains(scopes, "oauth"):
		return nil, nil, "Authorization failed because one or more scopes are missing: oauth."
	}
	return redirect, scopes, ""
}

// consentPage asks the admin. Its form goes to the same address.
func (s *Server) consentPage(q *ask) reply {
	_, scopes, problem := s.asked(q)
	if problem != "" {
		return reply{status: http.StatusBadRequest, body: page("<!doctype html><title>Error</title><p>" + html.EscapeString(problem))}
	}
	var b strings.Builder
	fmt.Fprintf(&b, `<!doctype html><html lang="en"><meta charset="utf-8"><title>Connect app</title>
<h1>Connect Deskbridge to account %s</h1><p>The app will be able to use:</p><ul>`, html.EscapeString(s.cfg.PortalID))
	for _, scope := range scopes {
		fmt.Fprintf(&b, "<li>%s</li>", html.EscapeString(scope))
	}
	b.WriteString(`</ul><form method="post"><button name="answer" value="connect">Connect app</button>
<button name="answer" value="cancel">Cancel</button></form></html>`)
	return reply{status: http.StatusOK, body: page(b.String())}
}

func (s *Server) consent(q *ask) reply {
	redirect, scopes, problem := s.asked(q)
	if problem != "" {
		return reply{status: http.StatusBadRequest, body: page("<!doctype html><title>Error</title><p>" + html.EscapeString(problem))}
	}
	form, err := url.ParseQuery(string(q.body))
	if err != nil {
		return s.invalid("The form cannot be read.")
	}
	query, back := q.URL.Query(), redirect.Query()
	if state := query.Get("state"); state != "" {
		back.Set("state", state)
	}
	if form.Get("answer") == "connect" {
		c := rand.Text()
		user, portal := s.installer, orElse(s.installsIn == "", s.cfg.PortalID, s.installsIn)
		if user.email == "" {
			user = s.world.owners[0]
		}
		s.codes[c] = &code{query.Get("redirect_uri"), query.Get("code_challenge"), portal, user, scopes, q.now.Add(10 * time.Minute)}
		back.Set("code", c)
	} else {
		back.Set("error", "access_denied")
		back.Set("error_description", "The user denied access.")
	}
	redirect.RawQuery = back.Encode()
	return reply{status: http.StatusFound, header: http.Header{"Location": {redirect.String()}}}
}

// oauthError is the error body of the token endpoints.
func (s *Server) oauthError(status int, kind, wire, message string) reply {
	a := s.refuse(status, "", message)
	body := a.body.(map[string]any)
	delete(body, "category")
	body["status"], body["error"], body["error_description"] = kind, wire, message
	return a
}

func (s *Server) client(form url.Values) *reply {
	if form.Get("client_id") == s.cfg.ClientID && form.Get("client_secret") == s.cfg.ClientSecret {
		return nil
	}
	a := s.oauthError(http.StatusBadRequest, "BAD_CLIENT_ID", "invalid_client", "missing or unknown client id or secret")
	return &a
}

func (s *Server) token(q *ask) reply {
	form, err := url.ParseQuery(string(q.body))
	if err != nil || !strings.HasPrefix(q.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		return s.oauthError(http.StatusBadRequest, "BAD_REQUEST", "invalid_request", "a form is required")
	}
	if refused := s.client(form); refused != nil {
		return *refused
	}
	switch form.Get("grant_type") {
	case "authorization_code":
		c := s.codes[form.Get("code")]
		delete(s.codes, form.Get("code"))
		switch {
		case c == nil || !q.now.Before(c.expires):
			return s.oauthError(http.StatusBadRequest, "BAD_AUTH_CODE", "invalid_grant", "missing or unknown auth code")
		case c.redirect != form.Get("redirect_uri"):
			return s.oauthError(http.StatusBadRequest, "BAD_REDIRECT_URI", "invalid_grant", "missing or invalid redirect uri")
		case c.challenge != "" && c.challenge != challenge(form.Get("code_verifier")):
			return s.oauthError(http.StatusBadRequest, "BAD_CODE_VERIFIER", "invalid_grant", "the code verifier does not fit")
		}
		return s.issue(q, &grant{refresh: "na1-" + strings.ToLower(rand.Text()), scopes: c.scopes, portal: c.portal, user: c.user})
	case "refresh_token":
		g := s.refresh[form.Get("refresh_token")]
		if g == nil {
			return s.oauthError(http.StatusBadRequest, "BAD_REFRESH_TOKEN", "invalid_grant", "missing or invalid refresh token")
		}
		return s.issue(q, &grant{refresh: g.refresh, scopes: g.scopes, portal: g.portal, user: g.user})
	}
	return s.oauthError(http.StatusBadRequest, "BAD_GRANT_TYPE", "unsupported_grant_type", "missing or unknown grant type")
}

func challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func (s *Server) issue(q *ask, g *grant) reply {
	g.token, g.expires = "CJ"+rand.Text()+rand.Text(), q.now.Add(s.cfg.TokenLife)
	s.grants[g.token], s.refresh[g.refresh] = g, g
	return reply{status: http.StatusOK, body: map[string]any{
		"access_token": g.token, "refresh_token": g.refresh, "expires_in": int(s.cfg.TokenLife.Seconds()),
		"token_type": "bearer", "token_use": "access_token",
		"hub_id": json.Number(g.portal), "user_id": g.user.userID, "scopes": g.scopes,
	}}
}

// Grant installs the app without a browser and returns its refresh token.
func (s *Server) Grant(scopes ...string) (refreshToken string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := &grant{refresh: "na1-" + strings.ToLower(rand.Text()), scopes: scopes, portal: s.cfg.PortalID, user: s.world.owners[0]}
	s.refresh[g.refresh] = g
	return g.refresh
}

func (s *Server) about(g *grant, now time.Time) map[string]any {
	return map[string]any{
		"active": true, "app_id": json.Number(AppID), "client_id": s.cfg.ClientID, "hub_id": json.Number(g.portal),
		"hub_domain": "northwind.example.test", "user": g.user.email, "user_id": g.user.userID, "scopes": g.scopes,
		"expires_in": int(g.expires.Sub(now).Seconds()), "is_private_distribution": false, "token_use": "access_token",
		"signed_access_token": map[string]any{"hublet": "na1", "hubId": json.Number(g.portal)},
	}
}

func (s *Server) introspect(q *ask) reply {
	form, err := url.ParseQuery(string(q.body))
	if err != nil {
		return s.oauthError(http.StatusBadRequest, "BAD_REQUEST", "invalid_request", "a form is required")
	}
	if refused := s.client(form); refused != nil {
		return *refused
	}
	if g := s.grants[form.Get("token")]; g != nil && q.now.Before(g.expires) {
		return reply{status: http.StatusOK, body: s.about(g, q.now)}
	}
	if g := s.refresh[form.Get("token")]; g != nil {
		body := s.about(g, q.now)
		body["token_use"] = "refresh_token"
		delete(body, "expires_in")
		return reply{status: http.StatusOK, body: body}
	}
	return reply{status: http.StatusOK, body: map[string]bool{"active": false}}
}

func (s *Server) revoke(q *ask) reply {
	form, err := url.ParseQuery(string(q.body))
	if err != nil {
		return s.oauthError(http.StatusBadRequest, "BAD_REQUEST", "invalid_request", "a form is required")
	}
	if refused := s.client(form); refused != nil {
		return *refused
	}
	// Access tokens live on until they expire.
	delete(s.refresh, form.Get("token"))
	return reply{status: http.StatusOK, body: map[string]any{}}
}

func (s *Server) introspectV1(q *ask) reply {
	if q.gen != "v1" {
		return notFoundPage()
	}
	token := q.PathValue("token")
	g := s.grants[token]
	if strings.HasPrefix(q.URL.Path, "/oauth/refresh-tokens/") {
		g = s.refresh[token]
	}
	if g == nil {
		return s.missing()
	}
	body := s.about(g, q.now)
	body["token"], body["token_type"] = token, orElse(g.token == token, "access", "refresh")
	return reply{status: http.StatusOK, body: body}
}

func (s *Server) revokeV1(q *ask) reply {
	if q.gen != "v1" {
		return notFoundPage()
	}
	delete(s.refresh, q.PathValue("token"))
	return reply{status: http.StatusNoContent}
}
