package webexcctest_test

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/webexcc"
	"deskbridge/pkg/webexcc/webexcctest"
)

const verifier = "a-verifier-that-is-long-enough-to-be-one-0123456789"

// authorize asks for a code and returns where the browser is sent, or the page.
func (w *world) authorize(change func(url.Values)) (back *url.URL, page string) {
	w.t.Helper()
	sum := sha256.Sum256([]byte(verifier))
	q := url.Values{
		"response_type": {"code"}, "client_id": {"C1"}, "redirect_uri": {"http://127.0.0.1:1/back?x=1"}, "state": {"s & t"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}
	if change != nil {
		change(q)
	}
	client := http.Client{Transport: w.http.Transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Get(w.base + "/webexapis/v1/authorize?" + q.Encode())
	require.NoError(w.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(w.t, err)
	if res.StatusCode == http.StatusFound {
		back, err = res.Location()
		require.NoError(w.t, err)
	}
	return back, string(body)
}

type tokens struct {
	Access  string `json:"access_token"`
	Refresh string `json:"refresh_token"`
	Expires int    `json:"expires_in"`
	Error   string `json:"error"`
}

func (w *world) token(form url.Values) tokens {
	w.t.Helper()
	res, err := w.http.PostForm(w.base+"/webexapis/v1/access_token", form)
	require.NoError(w.t, err)
	defer res.Body.Close()
	var got tokens
	require.NoError(w.t, json.NewDecoder(res.Body).Decode(&got))
	require.Equal(w.t, got.Error == "", res.StatusCode == http.StatusOK)
	return got
}

func codeForm(code string) url.Values {
	return url.Values{
		"grant_type": {"authorization_code"}, "client_id": {"C1"}, "client_secret": {"S"}, "code": {code},
		"redirect_uri": {"http://127.0.0.1:1/back?x=1"}, "code_verifier": {verifier},
	}
}

func hint(v string) func(url.Values) { return func(q url.Values) { q.Set("login_hint", v) } }

func TestSignIn(t *testing.T) {
	w := newWorld(t)
	_, page := w.authorize(nil)
	require.Contains(t, page, "Continue as Ann")
	require.Contains(t, page, `value="s &amp; t"`)
	back, _ := w.authorize(func(q url.Values) { q.Set("deny", "1") })
	require.Equal(t, "access_denied", back.Query().Get("error"))
	require.Equal(t, "s & t", back.Query().Get("state"))

	back, _ = w.authorize(hint("ann@example.test"))
	require.Equal(t, "1", back.Query().Get("x"))
	code := back.Query().Get("code")
	got := w.token(codeForm(code))
	require.Equal(t, 3600, got.Expires)
	parts := strings.Split(got.Access, "_")
	require.Len(t, parts, 3)
	require.Equal(t, webexcctest.OrgID, parts[2])
	require.Equal(t, "invalid_grant", w.token(codeForm(code)).Error, "a code works once")

	user, err := w.client(got.Access).User(t.Context(), webexcctest.AnnID)
	require.NoError(t, err)
	require.Equal(t, "1001", user.DefaultNumber())
	w.clock.pass(time.Hour)
	var refused *webexcc.Error
	_, err = w.client(got.Access).User(t.Context(), webexcctest.AnnID)
	require.ErrorAs(t, err, &refused)
	require.Equal(t, 401, refused.Status)

	fresh := w.token(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {got.Refresh}})
	require.Equal(t, got.Refresh, fresh.Refresh)
	require.Equal(t, "invalid_grant", w.token(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {"x"}}).Error)

	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.base+"/webexapis/v1/people/me", nil)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+fresh.Access)
	res, err := w.http.Do(req)
	require.NoError(t, err)
	defer res.Body.Close()
	var me struct {
		ID, OrgID, DisplayName string
		Emails                 []string
	}
	require.NoError(t, json.NewDecoder(res.Body).Decode(&me))
	id, err := base64.RawStdEncoding.DecodeString(me.ID)
	require.NoError(t, err)
	require.Equal(t, "ciscospark://us/PEOPLE/"+webexcctest.AnnID, string(id))
	require.Equal(t, "Ann Berger", me.DisplayName)
	require.Equal(t, []string{"ann@example.test"}, me.Emails)
}

func TestRevoke(t *testing.T) {
	w := newWorld(t)
	back, _ := w.authorize(hint("cho"))
	got := w.token(codeForm(back.Query().Get("code")))
	_, err := w.client(got.Access).User(t.Context(), webexcctest.ChoID)
	require.NoError(t, err)
	revoke := func(token string) int {
		t.Helper()
		res, err := w.http.PostForm(w.base+"/webexapis/v1/revoke", url.Values{"token": {token}})
		require.NoError(t, err)
		res.Body.Close()
		return res.StatusCode
	}

	for _, token := range []string{got.Access, got.Refresh, "nobody's"} {
		require.Equal(t, http.StatusOK, revoke(token))
	}

	require.Equal(t, http.StatusBadRequest, revoke(""))
	var refused *webexcc.Error
	_, err = w.client(got.Access).User(t.Context(), webexcctest.ChoID)
	require.ErrorAs(t, err, &refused)
	require.Equal(t, 401, refused.Status)
	require.Equal(t, "invalid_grant", w.token(url.Values{"grant_type": {"refresh_token"}, "refresh_token": {got.Refresh}}).Error)
}

func TestCodeIsBound(t *testing.T) {
	w := newWorld(t)
	for name, change := range map[string]func(url.Values){
		"verifier": func(f url.Values) { f.Set("code_verifier", "other") },
		"redirect": func(f url.Values) { f.Set("redirect_uri", "http://127.0.0.1:1/elsewhere") },
		"client":   func(f url.Values) { f.Set("client_id", "C2") },
	} {
		back, _ := w.authorize(hint("bob"))
		form := codeForm(back.Query().Get("code"))
		change(form)
		require.Equal(t, "invalid_grant", w.token(form).Error, name)
		require.Equal(t, "invalid_grant", w.token(codeForm(form.Get("code"))).Error, "%s: a failed attempt uses the code up", name)
	}
	back, _ := w.authorize(hint("bob"))
	w.clock.pass(5 * time.Minute)
	require.Equal(t, "invalid_grant", w.token(codeForm(back.Query().Get("code"))).Error)
}

func TestConfiguration(t *testing.T) {
	w := newWorld(t)
	c := w.client(webexcctest.Token("ann"))
	got, err := c.Configuration(t.Context(), webexcctest.AnnID)
	require.NoError(t, err)
	require.Equal(t, []webexcc.Entity{
		{ID: webexcctest.CodeLunch, Name: "Lunch"}, {ID: webexcctest.CodeMeeting, Name: "Meeting", IsDefault: true}, {ID: "0", Name: "Available"},
	}, got.IdleCodes)
	wrap, ok := got.DefaultWrapUp()
	require.True(t, ok)
	require.Equal(t, "Resolved", wrap.Name)
	require.Len(t, got.WrapUpCodes, 4)
	require.Equal(t, webexcc.False, got.AIFeature.RealtimeTranscripts.Enable)
	require.Equal(t, webexcc.False, got.OrganizationSetting.WebRTCEnabled)
	_, auto := got.AutoWrapUp()
	require.False(t, auto)
	require.Len(t, got.OutdialANIs, 2)
	require.Len(t, got.Teams, 1)
	require.Len(t, got.SystemCodes, 6)
	require.Equal(t, webexcctest.MultimediaID, got.MultimediaProfileID)

	login, err := c.UserLogin(t.Context(), webexcctest.AnnID)
	require.NoError(t, err)
	require.Equal(t, "Ann", string(login.User.FirstName))
	org, err := c.OrgLogin(t.Context())
	require.NoError(t, err)
	require.True(t, org.TenantConfiguration.EndCallEnabled.Is())

	queues, err := webexcc.All(t.Context(), webexcc.Query{PageSize: 3}, c.Queues)
	require.NoError(t, err)
	require.Len(t, queues, 6)
	one, err := c.Queues(t.Context(), webexcc.Query{Filter: "id=in=(" + webexcctest.QueueSales + ",x)"})
	require.NoError(t, err)
	require.Len(t, one.Data, 1)
	require.Equal(t, "Sales", string(one.Data[0].Name))
	one, err = c.Queues(t.Context(), webexcc.Query{Filter: `channelType=="TELEPHONY";name!="Billing";name=in=(Billing,Sales,"Support chat")`})
	require.NoError(t, err)
	require.Len(t, one.Data, 1)
	require.Equal(t, "Sales", string(one.Data[0].Name))
	book, err := c.AddressBook(t.Context(), webexcctest.AddressBookID, webexcc.Query{Search: "night"})
	require.NoError(t, err)
	require.Len(t, book.Data, 1)
	_, err = c.AddressBook(t.Context(), "other", webexcc.Query{})
	var refused *webexcc.Error
	require.ErrorAs(t, err, &refused)
	require.Equal(t, 404, refused.Status)
	other := *c
	other.OrgID = "7b0c2f4e-0000-4000-8000-000000000001"
	_, err = other.Organization(t.Context())
	require.ErrorAs(t, err, &refused)
	require.Equal(t, 403, refused.Status)
}

func TestCrossOrigin(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{"/webexcc/v1/tasks/", "/webexcc/v1/tasks", "/webexapis/v1/people/me"} {
		req, err := http.NewRequestWithContext(context.Background(), http.MethodOptions, w.base+path, nil)
		require.NoError(t, err)
		res, err := w.http.Do(req)
		require.NoError(t, err)
		res.Body.Close()
		require.Equal(t, http.StatusNoContent, res.StatusCode)
		require.Equal(t, "*", res.Header.Get("Access-Control-Allow-Origin"))
	}
	res, err := w.http.Post(w.base+"/webexcc/v1/tasks", "application/json", strings.NewReader("{}"))
	require.NoError(t, err)
	defer res.Body.Close()
	require.Equal(t, http.StatusUnauthorized, res.StatusCode)
	require.Equal(t, "*", res.Header.Get("Access-Control-Allow-Origin"))
	require.NotEmpty(t, res.Header.Get("trackingid"))
	require.Equal(t, "/v1/tasks", w.Requests()[0].Path)
}
