package webexcc_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/webexcc"
)

func reply(body string) func(http.ResponseWriter, wire) {
	return func(w http.ResponseWriter, _ wire) { _, _ = w.Write([]byte(body)) }
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	const page = "<html><body>Bad gateway</body></html>"
	tests := []struct {
		name      string
		status    int
		header    map[string]string
		body      string
		want      webexcc.Error
		retryable bool
	}{
		{"typed", 400, map[string]string{"trackingid": "wx-1"},
			`{"errorType":"Bad Request","errorMessage":"no body","errorData":"media","reasonCode":400}`,
			webexcc.Error{Op: "hold", Status: 400, Type: "Bad Request", Message: "no body", Reason: "media", ReasonCode: "400", TrackingID: "wx-1"}, false},
		{"reason before data", 412, nil, `{"reason":"NOT_READY","errorData":"x","reasonCode":"E7"}`,
			webexcc.Error{Op: "hold", Status: 412, Reason: "NOT_READY", ReasonCode: "E7"}, false},
		{"as documented for REST", 404, nil, `{"error":{"key":"404","message":[{"description":"unknown task"}]}}`,
			webexcc.Error{Op: "hold", Status: 404, Message: "unknown task"}, false},
		{"error is a word", 403, nil, `{"error":"forbidden","message":"no licence"}`,
			webexcc.Error{Op: "hold", Status: 403, Message: "no licence"}, false},
		{"HTML", 502, nil, page, webexcc.Error{Op: "hold", Status: 502}, true},
		{"nothing", 500, nil, "", webexcc.Error{Op: "hold", Status: 500}, true},
		{"too many", 429, map[string]string{"Retry-After": "7"}, "", webexcc.Error{Op: "hold", Status: 429, RetryAfter: 7 * time.Second}, true},
		{"later, by date", 503, map[string]string{"Date": "Tue, 03 Nov 2026 10:00:00 GMT", "Retry-After": "Tue, 03 Nov 2026 10:00:30 GMT"}, "",
			webexcc.Error{Op: "hold", Status: 503, RetryAfter: 30 * time.Second}, true},
		{"no sense in when", 503, map[string]string{"Retry-After": "soon"}, "", webexcc.Error{Op: "hold", Status: 503}, true},
		{"in the past", 503, map[string]string{"Retry-After": "-5"}, "", webexcc.Error{Op: "hold", Status: 503}, true},
		{"endless", 500, nil, strings.Repeat("x", 1<<20), webexcc.Error{Op: "hold", Status: 500}, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			client, rec := serve(t, func(w http.ResponseWriter, _ wire) {
				for name, value := range tt.header {
					w.Header().Set(name, value)
				}
				w.WriteHeader(tt.status)
				_, _ = w.Write([]byte(tt.body))
			})

			err := client.Hold(t.Context(), taskID, "m-1")

			var got *webexcc.Error
			require.ErrorAs(t, err, &got)
			if tt.want.TrackingID == "" {
				tt.want.TrackingID = rec.last(t).Header.Get("trackingid")
			}
			require.Equal(t, tt.want, *got)
			require.Equal(t, tt.retryable, got.Retryable())
			require.Less(t, len(err.Error()), 1000)
			require.Contains(t, err.Error(), "hold")
		})
	}
}

func TestRefreshesTheTokenOnce(t *testing.T) {
	t.Parallel()
	fresh := func(w http.ResponseWriter, got wire) {
		if got.Header.Get("Authorization") != "Bearer fresh" {
			w.WriteHeader(http.StatusUnauthorized)
		}
	}
	tests := []struct {
		name    string
		refresh func(context.Context, string) (string, error)
		sent    []string // Bearers.
		status  int      // 0 is success.
	}{
		{"works", func(_ context.Context, stale string) (string, error) {
			if stale != "secret" {
				return "", errors.New("asked with " + stale)
			}
			return "fresh", nil
		}, []string{"secret", "fresh"}, 0},
		{"not good either", func(context.Context, string) (string, error) { return "bad", nil }, []string{"secret", "bad"}, 401},
		{"the same again", func(_ context.Context, stale string) (string, error) { return stale, nil }, []string{"secret"}, 401},
		{"none", func(context.Context, string) (string, error) { return "", nil }, []string{"secret"}, 401},
		{"nobody to ask", nil, []string{"secret"}, 401},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			client, rec := serve(t, fresh)
			client.Refresh = tt.refresh

			err := client.Hold(t.Context(), taskID, "m-1")

			var sent []string
			for _, w := range rec.all() {
				sent = append(sent, strings.TrimPrefix(w.Header.Get("Authorization"), "Bearer "))
				require.JSONEq(t, `{"mediaResourceId":"m-1"}`, w.Body, "the body is sent again")
			}
			require.Equal(t, tt.sent, sent)
			if tt.status == 0 {
				require.NoError(t, err)
				return
			}
			var refusal *webexcc.Error
			require.ErrorAs(t, err, &refusal)
			require.Equal(t, tt.status, refusal.Status)
			require.True(t, refusal.Denied())
		})
	}
}

func TestNoAnswer(t *testing.T) {
	t.Parallel()
	broken := errors.New("connection refused")
	client := &webexcc.Client{BaseURL: "http://webex.invalid", OrgID: orgID, Token: token("secret"),
		Doer: doer(func(*http.Request) (*http.Response, error) { return nil, broken })}

	err := client.End(t.Context(), taskID)
	require.ErrorIs(t, err, webexcc.ErrUnreachable)
	require.ErrorIs(t, err, broken)

	client.Token = func(context.Context) (string, error) { return "", broken }
	err = client.End(t.Context(), taskID)
	require.ErrorIs(t, err, webexcc.ErrUnreachable)
	require.ErrorIs(t, err, broken)

	client.Token = token("secret")
	client.Doer = doer(func(*http.Request) (*http.Response, error) { return answer(401, ""), nil })
	client.Refresh = func(context.Context, string) (string, error) { return "", broken }
	err = client.End(t.Context(), taskID)
	require.ErrorIs(t, err, broken)
	var refusal *webexcc.Error
	require.NotErrorAs(t, err, &refusal, "the backend is down, which is no refusal by Webex")
}

func TestEveryRequestHasADeadline(t *testing.T) {
	t.Parallel()
	var deadline time.Time
	client := &webexcc.Client{BaseURL: "http://webex.invalid", OrgID: orgID, Token: token("secret"),
		Doer: doer(func(r *http.Request) (*http.Response, error) {
			deadline, _ = r.Context().Deadline()
			return answer(202, ""), nil
		})}

	require.NoError(t, client.End(context.Background(), taskID))

	require.False(t, deadline.IsZero())
}

func TestUselessAnswers(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"HTML":    "<html>Please sign in to the network</html>",
		"nothing": "",
		"huge":    `{"timezone":"` + strings.Repeat("x", 9<<20) + `"}`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, _ := serve(t, reply(body))

			_, err := client.Organization(t.Context())

			require.ErrorContains(t, err, "get organization")
		})
	}
}

// What is logged says what failed and nothing about a person.
func TestLogsNoNumbersAndNoTokens(t *testing.T) {
	t.Parallel()
	client, _ := serve(t, func(w http.ResponseWriter, _ wire) {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"errorType":"Bad Request","errorMessage":"+15550100 is not allowed"}`))
	})
	var lines []string
	client.Log = func(msg string, args ...any) {
		lines = append(lines, strings.TrimSpace(strings.Join(append([]string{msg}, texts(args)...), " ")))
	}

	err := client.Outdial(t.Context(), webexcc.Outdial{Destination: "+15550100", EntryPointID: "ep"})

	require.ErrorContains(t, err, "not allowed")
	require.Len(t, lines, 1)
	require.Contains(t, lines[0], "outdial")
	require.NotContains(t, lines[0], "15550100")
	require.NotContains(t, lines[0], "secret")
}

func texts(args []any) []string {
	var out []string
	for _, a := range args {
		if s, ok := a.(string); ok {
			out = append(out, s)
		}
	}
	return out
}
