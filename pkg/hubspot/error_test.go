package hubspot_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/hubspot"
	"deskbridge/pkg/hubspot/hubspottest"
)

func TestEveryStatusHasItsMeaning(t *testing.T) {
	t.Parallel()
	const retry, permanent, neither = "retry", "permanent", "look first"
	for _, tt := range []struct {
		status   int
		kind     string
		category string
		want     string
		wait     time.Duration
	}{
		{400, "", "VALIDATION_ERROR", permanent, 0},
		{401, "", "EXPIRED_AUTHENTICATION", permanent, 0},
		{403, "", "MISSING_SCOPES", permanent, 0},
		{404, "", "OBJECT_NOT_FOUND", permanent, 0},
		{409, "", "CONFLICT", neither, 0},
		{423, "", "LOCKED", retry, 2 * time.Second},
		{429, "SECONDLY", "RATE_LIMITS", retry, time.Second},
		{429, "TEN_SECONDLY_ROLLING", "RATE_LIMITS", retry, 10 * time.Second},
		{429, "DAILY", "RATE_LIMITS", retry, time.Hour},
		{477, "", "MIGRATION_IN_PROGRESS", retry, time.Hour},
		{500, "", "INTERNAL_ERROR", retry, 2 * time.Second},
		{502, "", "", retry, 2 * time.Second},
		{503, "", "", retry, 2 * time.Second},
		{504, "", "", retry, 2 * time.Second},
		{521, "", "", retry, 2 * time.Second},
		{524, "", "", retry, 2 * time.Second},
	} {
		t.Run(http.StatusText(tt.status)+tt.kind, func(t *testing.T) {
			t.Parallel()
			cloud := newCloud(t, hubspottest.Config{})
			cloud.AddFault(hubspottest.Fault{Match: "PATCH /crm/objects/2026-09/0-48", Status: tt.status, ErrorType: tt.kind})

			_, err := cloud.client().Update(t.Context(), hubspot.Calls, "1", nil)

			e := refused(t, err)
			require.Equal(t, tt.status, e.Status)
			require.Equal(t, tt.category, e.Category)
			require.Equal(t, tt.want == retry, e.Retryable())
			require.Equal(t, tt.want == permanent, e.Permanent())
			require.Equal(t, tt.wait, e.Wait())
			require.Contains(t, e.Error(), "update 0-48")
			if tt.status == 429 {
				require.Equal(t, tt.kind, e.PolicyName)
			}
			if tt.status < 502 {
				require.NotEmpty(t, e.CorrelationID)
				require.NotEmpty(t, e.Message)
			}
			_, err = cloud.client().Update(t.Context(), hubspot.Calls, "1", nil)
			require.Equal(t, http.StatusNotFound, refused(t, err).Status, "the fault is used up")
		})
	}
}

func TestRetryAfterIsHonoured(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"7": 7 * time.Second, "": 10 * time.Second, "soon": 10 * time.Second, "-3": 10 * time.Second, "9999999": 24 * time.Hour,
	} {
		client := answering(func(*http.Request) *http.Response {
			r := respond(429, "{}")
			r.Header.Set("Retry-After", text)
			return r
		})

		_, err := client.Owners(t.Context(), "")

		require.Equal(t, want, refused(t, err).Wait(), text)
	}
}

func TestValidationErrorsNameTheProperty(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{Rules: []hubspottest.Rule{
		{ObjectType: "calls", Property: "hs_call_title", MaxLength: 20, Message: "Keep titles short"},
	}})
	for _, tt := range []struct {
		name, property, value, code string
	}{
		{"unknown", "hs_call_colour", "red", "PROPERTY_DOESNT_EXIST"},
		{"option", "hs_call_status", "missed", "INVALID_OPTION"},
		{"number", "hs_call_duration", "long", "INVALID_LONG"},
		{"date", "hs_timestamp", "yesterday", "INVALID_DATE"},
		{"owner", "hubspot_owner_id", "1", "INVALID_OWNER_ID"},
		{"read only", "hs_object_id", "1", "READ_ONLY_VALUE"},
		{"admin's rule", "hs_call_title", strings.Repeat("x", 21), "PROPERTY_VALIDATION_RULE_FAILED"},
		{"too long", "hs_call_body", strings.Repeat("x", 65_537), "PROPERTY_VALUE_TOO_LONG"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			props := call("k")
			props[tt.property] = tt.value

			_, err := cloud.client().Create(t.Context(), hubspot.Calls, hubspot.ObjectInput{Properties: props})

			e := refused(t, err)
			require.Equal(t, "VALIDATION_ERROR", e.Category)
			require.Equal(t, []string{tt.property}, e.Fields())
			require.True(t, e.HasCode(tt.code), "%+v", e.Errors)
			require.True(t, e.Permanent())
		})
	}
	require.Empty(t, cloud.Engagements())
}

func TestMissingPropertyIsNamed(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})

	_, err := cloud.client().Create(t.Context(), hubspot.Calls, hubspot.ObjectInput{
		Properties: hubspot.Properties{"hs_call_title": "x"},
	})

	require.Equal(t, []string{"hs_timestamp"}, refused(t, err).Fields())
}

func TestOldErrorBodiesAreUnderstood(t *testing.T) {
	t.Parallel()
	// Until some time ago the complaints stood in the sentence only.
	embedded, err := json.Marshal(`Property values were not valid: [{"isValid":false,"message":"no","error":"PROPERTY_DOESNT_EXIST","name":"foo"}]`)
	require.NoError(t, err)
	for _, tt := range []struct {
		name, body string
		check      func(*testing.T, *hubspot.Error)
	}{
		{"embedded", `{"message":` + string(embedded) + `}`, func(t *testing.T, e *hubspot.Error) {
			require.Equal(t, []string{"foo"}, e.Fields())
			require.True(t, e.HasCode("PROPERTY_DOESNT_EXIST"))
		}},
		{"in", `{"errors":[{"message":"no","in":"bar"}]}`, func(t *testing.T, e *hubspot.Error) {
			require.Equal(t, []string{"bar"}, e.Fields())
		}},
		{"text as context", `{"context":{"properties":"baz","n":3}}`, func(t *testing.T, e *hubspot.Error) {
			require.Equal(t, []string{"baz"}, e.Fields())
		}},
		{"rate limit", `{"errorType":"RATE_LIMIT","policyName":"SECONDLY"}`, func(t *testing.T, e *hubspot.Error) {
			require.Equal(t, "RATE_LIMIT", e.Category)
			require.Equal(t, "SECONDLY", e.PolicyName)
		}},
		{"other types", `{"message":3,"category":[],"errors":{"a":1},"context":[1],"correlationId":null}`, func(t *testing.T, e *hubspot.Error) {
			require.Empty(t, e.Fields())
			require.Empty(t, e.Message)
		}},
		{"list", `[1,2]`, func(t *testing.T, e *hubspot.Error) { require.Empty(t, e.Category) }},
		{"nothing", ``, func(t *testing.T, e *hubspot.Error) { require.Equal(t, "hubspot: owners: 400", e.Error()) }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			client := answering(func(*http.Request) *http.Response { return respond(400, tt.body) })

			_, err := client.Owners(t.Context(), "")

			tt.check(t, refused(t, err))
		})
	}
}

func TestErrorTextQuotesNoData(t *testing.T) {
	t.Parallel()
	cloud := newCloud(t, hubspottest.Config{})

	_, err := cloud.client().Create(t.Context(), hubspot.Contacts, hubspot.ObjectInput{
		Properties: hubspot.Properties{"email": "maria at home"},
	})

	e := refused(t, err)
	require.Contains(t, e.Message, "maria at home")
	require.NotContains(t, e.Error(), "maria")
	require.Contains(t, e.Error(), "[email]")
}

func FuzzAnswer(f *testing.F) {
	f.Add(200, `{"id":"1","properties":{"a":"b"},"propertiesWithHistory":{"a":[{"value":1,"timestamp":"2026-11-20T00:00:00Z"}]}}`)
	f.Add(400, `{"message":"Property values were not valid: [{\"name\":\"x\",\"error\":\"E\"}]","errors":[{"context":{"propertyName":["x"]}}]}`)
	f.Add(429, `{"policyName":"DAILY"}`)
	f.Add(409, `{"message":"Contact already exists. Existing ID: 12x"}`)
	f.Add(502, `<html>`)
	f.Fuzz(func(t *testing.T, status int, body string) {
		client := answering(func(*http.Request) *http.Response { return respond(status, body) })
		got, err := client.Get(t.Context(), "calls", "1", hubspot.GetOptions{})
		if err == nil {
			require.NotNil(t, got)
			require.True(t, status >= 200 && status < 300)
			return
		}
		require.Nil(t, got)
		require.NotEmpty(t, err.Error())
		if status < 200 || status > 299 {
			e := refused(t, err)
			require.False(t, e.Retryable() && e.Permanent())
			require.Equal(t, e.Retryable(), e.Wait() > 0)
			_, _ = e.Fields(), e.ExistingID()
		}
	})
}
