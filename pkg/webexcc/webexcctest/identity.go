package webexcctest

import (
	"crypto/sha256"
	"encoding/base64"
	"html/template"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	codeLife    = 5 * time.Minute
	refreshLife = 60 * 24 * time.Hour
)

// grant is an authorization code that has not been used.
type grant struct {
	agent     *agent
	redirect  string
	client    string
	challenge string // S256, empty when none was given.
	expires   time.Time
}

// access is an issued access token.
type access struct {
	agent   *agent
	expires time.Time
}

func (s *Server) identityRoutes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/authorize", s.authorize)
	mux.HandleFunc("POST /v1/access_token", s.accessToken)
	mux.HandleFunc("POST /v1/revoke", s.revoke)
	mux.HandleFunc("GET /v1/people/me", s.query(func(_ *http.Request, a *agent) (any, *refusal) {
		roles := []string{}
		if a.name == AdminName {
			roles = append(roles, sparkID("ROLE", "id_full_admin"))
		}
		return map[string]any{
			"roles": roles,
			"id":    sparkID("PEOPLE", a.id), "orgId": sparkID("ORGANIZATION", s.cfg.OrgID), "emails": []string{a.email},
			"displayName": a.fullName(), "firstName": a.first, "lastName": a.last, "nickName": a.first, "type": "person",
		}, nil
	}))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { s.refuse(w, r, notFound("no such resource")) })
	return mux
}

// AdminName is the agent who is a full administrator of the organization, too.
const AdminName = "ann"

// sparkID is how the public API spells ids.
func sparkID(kind, id string) string {
	return base64.RawStdEncoding.EncodeToString([]byte("ciscospark://us/" + kind + "/" + id))
}

// signInPage offers the agents. Each button leads straight back to the client.
var signInPage = template.Must(template.New("").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Sign in (emulated)</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body{font:16px/1.5 system-ui,sans-serif;max-width:22rem;margin:4rem auto;padding:0 1rem;color:#1b1b1f;background:#fff}
form{margin:0 0 .75rem}button{font:inherit;width:100%;padding:.75rem;border:1px solid #6b6b76;border-radius:.5rem;background:#fff;cursor:pointer}
button:hover,button:focus-visible{background:#eef3ff}button.deny{border-color:transparent;text-decoration:underline}
</style></head><body><main><h1>Sign in</h1><p>Emulated Webex: no password needed.</p>
{{range .Agents}}<form method="get"><input type="hidden" name="agent" value="{{.Name}}">{{range $.Hidden}}<input type="hidden" name="{{.Name}}" value="{{.Value}}">{{end}}<button type="submit">Continue as {{.First}}</button></form>
{{end}}<form method="get"><input type="hidden" name="deny" value="1">{{range .Hidden}}<input type="hidden" name="{{.Name}}" value="{{.Value}}">{{end}}<button type="submit" class="deny">Deny</button></form>
</main></body></html>
`))

type field struct{ Name, Value string }

// authorize shows the sign-in page, and goes back to the client when somebody
// was chosen.
func (s *Server) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	if err != nil || back.Scheme != "http" && back.Scheme != "https" || back.Host == "" {
		s.refuse(w, r, badRequest("redirect_uri is not an address")) // There is nowhere to send the answer to.
		return
	}
	send := func(values ...string) {
		answer := back.Query()
		for n := 0; n+1 < len(values); n += 2 {
			answer.Set(values[n], values[n+1])
		}
		if state := q.Get("state"); state != "" {
			answer.Set("state", state)
		}
		back.RawQuery = answer.Encode()
		http.Redirect(w, r, back.String(), http.StatusFound)
	}
	switch {
	case q.Get("response_type") != "code":
		send("error", "unsupported_response_type")
		return
	case q.Get("client_id") == "":
		send("error", "invalid_request")
		return
	case q.Get("code_challenge") != "" && q.Get("code_challenge_method") != "S256":
		send("error", "invalid_request", "error_description", "only S256 is supported")
		return
	case q.Has("deny"):
		send("error", "access_denied")
		return
	}
	s.mu.Lock()
	a := s.findAgent(q.Get("agent"))
	if a == nil && s.cfg.AutoSignIn && q.Get("login_hint") != "" {
		a = s.findAgent(q.Get("login_hint"))
	}
	code := secret()
	if a != nil {
		s.codes[code] = grant{a, q.Get("redirect_uri"), q.Get("client_id"), q.Get("code_challenge"), s.now().Add(codeLife)}
	}
	s.mu.Unlock()
	if a != nil {
		send("code", code)
		return
	}
	s.showAgents(w, q)
}

func (s *Server) showAgents(w http.ResponseWriter, q url.Values) {
	type choice struct{ Name, First string }
	var page struct {
		Agents []choice
		Hidden []field
	}
	for _, p := range s.fix.people {
		page.Agents = append(page.Agents, choice{p.name, p.first})
	}
	for _, name := range names(q) {
		if name != "agent" && name != "deny" {
			page.Hidden = append(page.Hidden, field{name, q.Get(name)})
		}
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := signInPage.Execute(w, page); err != nil {
		s.log.Debug("sign-in page not written", "error", err)
	}
}

// accessToken exchanges a code or a refresh token. The client secret is not
// checked: anybody may be the client here.
func (s *Server) accessToken(w http.ResponseWriter, r *http.Request) {
	form, err := url.ParseQuery(string(bodyOf(r)))
	if err != nil || !strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		s.refuseToken(w, "invalid_request", "the body is not a form")
		return
	}
	s.mu.Lock()
	var a *agent
	refresh, problem := form.Get("refresh_token"), ""
	switch form.Get("grant_type") {
	case "authorization_code":
		if a, problem = s.redeem(form); a != nil {
			refresh = secret()
			s.refresh[refresh] = a
		}
	case "refresh_token":
		if a = s.refresh[refresh]; a == nil {
			problem = "the refresh token is not valid"
		}
	default:
		s.mu.Unlock()
		s.refuseToken(w, "unsupported_grant_type", "grant_type is not supported")
		return
	}
	token := secret() + "_" + clientCluster + "_" + s.cfg.OrgID
	if a != nil {
		s.tokens[token] = access{a, s.now().Add(s.cfg.TokenTTL)}
	}
	s.mu.Unlock()
	if a == nil {
		s.refuseToken(w, "invalid_grant", problem)
		return
	}
	s.answer(w, http.StatusOK, map[string]any{
		"access_token": token, "expires_in": int64(s.cfg.TokenTTL.Seconds()), "token_type": "Bearer",
		"refresh_token": refresh, "refresh_token_expires_in": int64(refreshLife.Seconds()),
	})
}

// revoke makes a token useless, and with a refresh token nothing else: what it
// fetched lives on. Its path is invented; Cisco's SDK has it at
// idbroker.webex.com/idb/oauth2/v1/revoke.
func (s *Server) revoke(w http.ResponseWriter, r *http.Request) {
	form, err := url.ParseQuery(string(bodyOf(r)))
	if err != nil || form.Get("token") == "" {
		s.refuseToken(w, "invalid_request", "token is missing")
		return
	}
	s.mu.Lock()
	delete(s.tokens, form.Get("token"))
	delete(s.refresh, form.Get("token"))
	s.mu.Unlock()
	s.answer(w, http.StatusOK, struct{}{}) // Also for a token that nobody knows, as RFC 7009 wants.
}

// redeem uses up a code. It returns who signed in, or why nobody did.
func (s *Server) redeem(form url.Values) (*agent, string) {
	g, ok := s.codes[form.Get("code")]
	delete(s.codes, form.Get("code"))
	switch {
	case !ok || !s.now().Before(g.expires):
		return nil, "the code is not valid"
	case g.redirect != form.Get("redirect_uri"):
		return nil, "redirect_uri is not the one of the code"
	case form.Get("client_id") != "" && g.client != form.Get("client_id"):
		return nil, "client_id is not the one of the code"
	case g.challenge != "":
		sum := sha256.Sum256([]byte(form.Get("code_verifier")))
		if base64.RawURLEncoding.EncodeToString(sum[:]) != g.challenge {
			return nil, "code_verifier does not match"
		}
	}
	return g.agent, ""
}

// refuseToken answers as OAuth wants it, with what Webex adds.
func (s *Server) refuseToken(w http.ResponseWriter, code, why string) {
	s.answer(w, http.StatusBadRequest, map[string]any{
		"error": code, "error_description": why, "message": why, "errors": []map[string]string{{"description": why}},
		"trackingId": w.Header().Get("trackingid"),
	})
}
