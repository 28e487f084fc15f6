package callingext_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"deskbridge/pkg/callingext"
)

func TestOriginAllowed(t *testing.T) {
	t.Parallel()
	tests := []struct {
		pattern, origin string
		want            bool
	}{
		{"https://app.hubspot.com", "https://app.hubspot.com", true},
		{"https://app.hubspot.com:443", "https://app.hubspot.com", true},
		{"HTTPS://App.HubSpot.com", "https://app.hubspot.com", true},
		{"https://app.hubspot.com", "http://app.hubspot.com", false},
		{"https://app.hubspot.com", "https://app.hubspot.com:8443", false},
		{"https://app.hubspot.com", "https://app.hubspot.com.evil.example", false},
		{"https://app.hubspot.com", "https://app.hubspot.com/", false},
		{"https://app.hubspot.com", "https://user@app.hubspot.com", false},
		{"https://app.hubspot.com", "https://evil.example?https://app.hubspot.com", false},
		{"https://*.hubspot.com", "https://app-eu1.hubspot.com", true},
		{"https://*.hubspot.com", "https://a.b.hubspot.com", true},
		{"https://*.hubspot.com", "https://hubspot.com", false},
		{"https://*.hubspot.com", "https://.hubspot.com", false},
		{"https://*.hubspot.com", "https://evilhubspot.com", false},
		{"https://*.hubspot.com", "https://evil.example/.hubspot.com", false},
		{"https://*.hubspot.com", "https://evil.example#.hubspot.com", false},
		{"https://*.hubspot.com", "https://*.hubspot.com", false},
		{"http://localhost:*", "http://localhost", true},
		{"http://localhost:*", "http://localhost:8080", true},
		{"http://localhost:*", "http://localhost:", false},
		{"http://localhost:*", "http://localhost:*", false},
		{"http://localhost:*", "http://localhost:99999", false},
		{"http://localhost:*", "http://localhost:080", false},
		{"http://localhost:*", "https://localhost:8080", false},
		{"http://*.localhost:*", "http://portal.localhost:8080", true},
		{"http://*.localhost:*", "http://localhost:8080", false},
		{"http://[::1]:*", "http://[::1]:8080", true},
		{"http://[::1]", "http://[::1]", true},
		{"http://[::1]", "http://[::2]", false},
		{"chrome-extension://abc", "chrome-extension://abc", true},
		{"*", "https://app.hubspot.com", false},
		{"https://*", "https://app.hubspot.com", false},
		{"*://app.hubspot.com", "https://app.hubspot.com", false},
		{"null", "null", false},
		{"", "", false},
	}
	for _, tt := range tests {
		t.Run(tt.pattern+" "+tt.origin, func(t *testing.T) {
			t.Parallel()

			got := callingext.OriginAllowed([]string{"https://other.example", tt.pattern}, tt.origin)

			assert.Equal(t, tt.want, got)
		})
	}
	assert.False(t, callingext.OriginAllowed(nil, "https://app.hubspot.com"))
}

func TestCheckOriginPattern(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"https://app.hubspot.com", "http://*.localhost:*", "http://127.0.0.1:8080", "http://[::1]:*"} {
		assert.NoError(t, callingext.CheckOriginPattern(good), good)
	}
	for _, bad := range []string{"", "*", "null", "app.hubspot.com", "https://", "https://*", "https://*.", "https://a.*.com", "https://a.com/", "https://a.com:0x1", "https://a b.com"} {
		assert.Error(t, callingext.CheckOriginPattern(bad), bad)
	}
}
