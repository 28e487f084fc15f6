package main

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/base64"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/tenant"
)

func TestConfigDefaults(t *testing.T) {
	t.Parallel()

	c, err := readConfig(environ(nil), Config{})

	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:8080", c.Addr)
	require.Equal(t, "https://api.wxcc-eu1.cisco.com", c.WebexAPI)
	require.Equal(t, "https://webexapis.com/v1/authorize", c.WebexAuthorizeURL)
	require.Equal(t, "https://api.hubapi.com", c.HubSpotAPI)
	require.Contains(t, c.CallingHosts, "https://app-eu1.hubspot.com")
	require.Contains(t, c.FrameAncestors, "https://app-eu1.hubspot.com")
	require.Contains(t, c.FrameAncestors, "https://desktop.wxcc-anz1.cisco.com")
	require.NotContains(t, c.CallingHosts, "https://desktop.wxcc-anz1.cisco.com")
}

func TestEnvironmentWinsOverTheBase(t *testing.T) {
	t.Parallel()
	key := bytes.Repeat([]byte{1}, 32)
	old := bytes.Repeat([]byte{2}, 32)

	c, err := readConfig(environ(map[string]string{
		"DESKBRIDGE_ADDR": ":9", "DESKBRIDGE_PUBLIC_URL": "https://desk.example/", "WEBEX_DATACENTER": "",
		"DESKBRIDGE_KEY":           base64.StdEncoding.EncodeToString(key) + "," + base64.StdEncoding.EncodeToString(old),
		"DESKBRIDGE_CALLING_HOSTS": "https://app.hubspot.com, https://local.hubspot.com:9025",
		"DESKBRIDGE_REGION":        "DE", "DESKBRIDGE_MATCH_DEADLINE": "1500ms", "DESKBRIDGE_LOG_MISSED": "false",
		"DESKBRIDGE_LANGUAGE": "pt-BR", "DESKBRIDGE_THEME": "dark", "DESKBRIDGE_OWNER_FOLLOWS_TRANSFER": "true",
		"DESKBRIDGE_VARIABLE_PROPERTIES": "Customer tier=tier, lang = language", "DESKBRIDGE_DISPOSITIONS": "Wrong number=17b4",
		"DESKBRIDGE_PHONE_PROPERTIES": "hotline,desk_line", "DESKBRIDGE_NO_CALLS_PROPERTY": "dnc",
		"HUBSPOT_RATE_SCALE": "0.5", "HUBSPOT_INDEX_WAIT": "20s", "HUBSPOT_ENGAGEMENT_WAIT": "30s",
	}), Config{Addr: "127.0.0.1:1", WebexAPI: "http://localhost:8080/webexcc", Settings: tenant.Settings{Region: "US", PopAt: "connect"}})

	require.NoError(t, err)
	require.Equal(t, ":9", c.Addr)
	require.Equal(t, "https://desk.example", c.PublicURL)
	require.Equal(t, "http://localhost:8080/webexcc", c.WebexAPI)
	require.Equal(t, key, c.Key)
	require.Equal(t, []any{0.5, 20 * time.Second, 30 * time.Second}, []any{c.HubSpotRate, c.IndexWait, c.EngagementWait})
	require.Equal(t, [][]byte{old}, c.OldKeys)
	require.Equal(t, []string{"https://app.hubspot.com", "https://local.hubspot.com:9025"}, c.CallingHosts)
	require.Equal(t, tenant.Settings{Region: "DE", PopAt: "connect", MatchDeadline: 1500 * time.Millisecond, SkipMissed: true,
		Language: "pt-BR", Theme: "dark", OwnerFollowsTransfer: true,
		VariableProperties: map[string]string{"Customer tier": "tier", "lang": "language"},
		DispositionByCode:  map[string]string{"Wrong number": "17b4"},
		PhoneProperties:    []string{"hotline", "desk_line"}, NoCallsProperty: "dnc"}, c.Settings)
}

func TestConfigListsEveryProblem(t *testing.T) {
	t.Parallel()
	bad := map[string]string{
		"DESKBRIDGE_ADDR":            "8080",
		"DESKBRIDGE_PUBLIC_URL":      "http://desk.example/path",
		"DATABASE_URL":               "mysql://x",
		"DESKBRIDGE_KEY":             "c2hvcnQ=",
		"WEBEX_CLIENT_ID":            "",
		"WEBEX_CLIENT_SECRET":        " ",
		"WEBEX_DATACENTER":           "mars1",
		"WEBEX_TOKEN_URL":            "ftp://x",
		"HUBSPOT_TOKEN":              "",
		"HUBSPOT_PORTAL_ID":          "acme",
		"HUBSPOT_RATE_SCALE":         "-1",
		"HUBSPOT_INDEX_WAIT":         "long",
		"DESKBRIDGE_ORG_ID":          "",
		"DESKBRIDGE_CALLING_HOSTS":   "https://app.hubspot.com; script-src *",
		"DESKBRIDGE_FRAME_ANCESTORS": "'self'",
		"DESKBRIDGE_POP_AT":          "never",
		"DESKBRIDGE_LOG_MISSED":      "perhaps",
		"DESKBRIDGE_MATCH_DEADLINE":  "soon",
		"DESKBRIDGE_LANGUAGE":        "klingon language",
		"DESKBRIDGE_THEME":           "pink",

		"DESKBRIDGE_OWNER_FOLLOWS_TRANSFER": "sometimes",
		"DESKBRIDGE_VARIABLE_PROPERTIES":    "tier",
		"DESKBRIDGE_DISPOSITIONS":           "=x",
		"DESKBRIDGE_PHONE_PROPERTIES":       "Hotline",
		"DESKBRIDGE_NO_CALLS_PROPERTY":      "Do not call",
	}

	_, err := readConfig(environ(bad), Config{})

	require.Error(t, err)
	for name := range bad {
		require.Contains(t, err.Error(), name+":", "every problem is named")
	}
	require.NotContains(t, err.Error(), "c2hvcnQ=", "a key is not shown")
}

func TestRemoteServersKeepTheirOwnKey(t *testing.T) {
	t.Parallel()

	_, err := readConfig(environ(map[string]string{"DESKBRIDGE_PUBLIC_URL": "https://desk.example"}), Config{})

	require.ErrorContains(t, err, "DESKBRIDGE_KEY: missing")
}

func TestKeyIsMadeOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first, err := loadKey(dir)
	require.NoError(t, err)
	require.Len(t, first, keySize)

	second, err := loadKey(dir)
	require.NoError(t, err)
	require.Equal(t, first, second)
	info, err := os.Stat(filepath.Join(dir, "key"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	require.NoError(t, os.WriteFile(filepath.Join(dir, "key"), []byte("cut"), 0o600))
	_, err = loadKey(dir)
	require.Error(t, err)
}

func TestSources(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"https://app.hubspot.com", "http://localhost:*", "http://*.localhost:*", "https://[::1]:8080", "wss://x.cisco.com"} {
		require.True(t, isSource(good), good)
	}
	for _, bad := range []string{"", "*", "'self'", "app.hubspot.com", "https://", "https://a;b", "https://a b", "https://a/path", "javascript://x", "https://a,b"} {
		require.False(t, isSource(bad), bad)
	}
}

func TestOverrideLine(t *testing.T) {
	t.Parallel()

	require.Equal(t, `localStorage.setItem("LocalSettings:Calling:CallingExtensions", '{"name":"Deskbridge","url":"http://127.0.0.1:8080/widget","width":400,"height":600,"isReady":true,"supportsInboundCalling":true,"usesCallingWindow":false,"usesRemote":true}')`,
		overrideLine("http://127.0.0.1:8080"))
	require.NotContains(t, overrideLine("http://a'b"), "a'b", "nothing ends the string")
}

// start runs the server as main does and returns its address.
func start(t *testing.T, args []string, env map[string]string) (address string, stop func() error) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, args, environ(env), in); _ = in.Close() }() // Ends with stop.
	text := make([]byte, 0, 4096)
	for buf := make([]byte, 1024); !bytes.Contains(text, []byte("usesRemote")); {
		n, err := out.Read(buf)
		require.NoError(t, err, string(text))
		text = append(text, buf[:n]...)
	}
	go func() { _, _ = io.Copy(io.Discard, out) }() // Ends when run has ended.
	_, rest, _ := strings.Cut(string(text), "Deskbridge runs at ")
	address, _, _ = strings.Cut(rest, "\n")
	require.Contains(t, string(text), overrideLine(address))
	require.Contains(t, string(text), "PUT     /api/interactions/:key")
	return address, func() error { cancel(); return <-ended }
}

func TestServeRunsAndStops(t *testing.T) {
	t.Parallel()
	address, stop := start(t, []string{"serve"}, map[string]string{"DESKBRIDGE_ADDR": "127.0.0.1:0", "DESKBRIDGE_DATA": t.TempDir()})

	resp, err := http.Get(address + "/healthz")
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusOK, resp.StatusCode)

	require.NoError(t, stop())
}

func TestServeWithSelfMadeCertificate(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	address, stop := start(t, []string{"serve", "--tls"}, map[string]string{"DESKBRIDGE_ADDR": "127.0.0.1:0", "DESKBRIDGE_DATA": dir})
	require.True(t, strings.HasPrefix(address, "https://127.0.0.1:"), address)
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, ForceAttemptHTTP2: true}}
	resp, err := client.Get(address + "/healthz")
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.NoError(t, resp.TLS.PeerCertificates[0].VerifyHostname("127.0.0.1"))
	require.NoError(t, resp.TLS.PeerCertificates[0].VerifyHostname("localhost"))
	require.Equal(t, 2, resp.ProtoMajor)
	client.CloseIdleConnections()
	require.NoError(t, stop())

	// The browser accepted this certificate: it must stay the same.
	first, err := os.ReadFile(filepath.Join(dir, "tls-cert.pem"))
	require.NoError(t, err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	secured, err := listenTLS(l, dir)
	require.NoError(t, err)
	require.NoError(t, secured.Close())
	second, err := os.ReadFile(filepath.Join(dir, "tls-cert.pem"))
	require.NoError(t, err)
	require.Equal(t, first, second)
}

func TestRunRefusesUnknownCommands(t *testing.T) {
	t.Parallel()
	require.ErrorContains(t, run(t.Context(), []string{"dance"}, environ(nil), io.Discard), "dance")
	require.ErrorContains(t, run(t.Context(), nil, func(string) string { return "" }, io.Discard), "WEBEX_CLIENT_ID")
}
