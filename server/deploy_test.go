package main

import (
	"bytes"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

var variablePattern = regexp.MustCompile(`\b(?:DESKBRIDGE|WEBEX|HUBSPOT|DATABASE)_[A-Z_]*[A-Z]\b`)

// variables are those that the server reads.
func variables(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, m := range regexp.MustCompile(`"(`+variablePattern.String()+`)"`).FindAllStringSubmatch(string(text), -1) {
			names[m[1]] = true
		}
	}
	require.Greater(t, len(names), 30)
	return names
}

func deployed(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("deploy", name))
	require.NoError(t, err)
	return string(text)
}

// What the unit, the container and the README tell an operator to set or to
// run is there.
func TestDeployedNamesExist(t *testing.T) {
	t.Parallel()
	have := variables(t)
	readme, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	_, operating, ok := strings.Cut(string(readme), "\n## Operating\n")
	require.True(t, ok)
	operating, _, _ = strings.Cut(operating, "\n## ")
	for name, text := range map[string]string{
		"unit": deployed(t, "deskbridge.service"), "container": deployed(t, "Containerfile"), "README": operating,
	} {
		found := variablePattern.FindAllString(text, -1)
		require.NotEmpty(t, found, name)
		for _, v := range found {
			require.True(t, have[v], "%s names %s", name, v)
		}
	}
	for _, v := range []string{
		"DESKBRIDGE_DRAIN", "DESKBRIDGE_METRICS_ADDR", "DESKBRIDGE_RATE_LIMITS", "DESKBRIDGE_TRUSTED_PROXIES",
	} {
		require.Contains(t, operating, v)
	}

	commands := regexp.MustCompile(`(?m)^ExecStart=\S+/deskbridge (.+)$`).FindStringSubmatch(deployed(t, "deskbridge.service"))
	require.NotNil(t, commands)
	started := regexp.MustCompile(`(?m)^CMD \["(.+)"\]$`).FindStringSubmatch(deployed(t, "Containerfile"))
	require.NotNil(t, started)
	probed := regexp.MustCompile(`(?m)^HEALTHCHECK .*CMD \["/deskbridge", "(.+)"\]$`).FindStringSubmatch(deployed(t, "Containerfile"))
	require.NotNil(t, probed)
	for _, command := range []string{commands[1], started[1], probed[1]} {
		var out bytes.Buffer
		args := append(strings.Split(strings.ReplaceAll(command, `", "`, " "), " "), "-h")
		require.NoError(t, run(t.Context(), args, environ(nil), &out), command)
		require.NotEmpty(t, out.String())
	}
	for _, m := range regexp.MustCompile("`server ([a-z]+)").FindAllStringSubmatch(operating, -1) {
		require.Contains(t, []string{"serve", "backup", "probe", "doctor"}, m[1])
	}
}

// A supervisor waits longer than a server may take to end.
func TestSupervisorsWaitForTheDrain(t *testing.T) {
	t.Parallel()
	c, err := readConfig(environ(map[string]string{
		"DESKBRIDGE_PUBLIC_URL": "https://desk.example", "DESKBRIDGE_KEY": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
	}), Config{})
	require.NoError(t, err)
	require.Equal(t, 5*time.Second, c.Drain)
	least := c.Drain + stopFor + closeFor + 15*time.Second // The last is the ledger's, for what does not end.
	m := regexp.MustCompile(`(?m)^TimeoutStopSec=(\d+)$`).FindStringSubmatch(deployed(t, "deskbridge.service"))
	require.NotNil(t, m)
	seconds, err := strconv.Atoi(m[1])
	require.NoError(t, err)
	require.Greater(t, time.Duration(seconds)*time.Second, least)
	require.Contains(t, deployed(t, "Containerfile"), "--time "+m[1])

	c, err = readConfig(environ(map[string]string{"DESKBRIDGE_PUBLIC_URL": "http://127.0.0.1:8080"}), Config{})
	require.NoError(t, err)
	require.Zero(t, c.Drain, "nobody stands in front of it")
	c, err = readConfig(environ(map[string]string{"DESKBRIDGE_DRAIN": "30s"}), Config{})
	require.NoError(t, err)
	require.Equal(t, 30*time.Second, c.Drain)
	for name, bad := range map[string]string{
		"DESKBRIDGE_DRAIN": "soon", "DESKBRIDGE_METRICS_ADDR": "9090", "DESKBRIDGE_RATE_LIMITS": "some",
		"DESKBRIDGE_TRUSTED_PROXIES": "10.0.0.0/8,proxy",
	} {
		_, err := readConfig(environ(map[string]string{name: bad}), Config{})
		require.ErrorContains(t, err, name+":")
	}
	c, err = readConfig(environ(map[string]string{"DESKBRIDGE_RATE_LIMITS": "false", "DESKBRIDGE_TRUSTED_PROXIES": "10.0.0.1,fd00::/8"}), Config{})
	require.NoError(t, err)
	require.Zero(t, c.Limits)
	require.Len(t, c.Proxies, 2)
	require.Equal(t, "10.0.0.1/32", c.Proxies[0].String())
}

func TestProbe(t *testing.T) {
	t.Parallel()
	w, _ := realWorld(t)
	var out bytes.Buffer
	env := environ(map[string]string{"DESKBRIDGE_ADDR": strings.TrimPrefix(w.url, "http://")})
	require.NoError(t, run(t.Context(), []string{"probe"}, env, &out))
	require.NoError(t, run(t.Context(), []string{"probe", "--path", readyPath}, env, &out))
	require.Contains(t, out.String(), strconv.Itoa(http.StatusOK)+` {"status":"ready"`)

	w.deps.Ready.draining.Store(true)
	require.ErrorContains(t, run(t.Context(), []string{"probe", "--path", readyPath}, env, &out), "503")
	require.NoError(t, run(t.Context(), []string{"probe"}, env, &out))
	require.Error(t, run(t.Context(), []string{"probe"}, environ(map[string]string{"DESKBRIDGE_ADDR": "127.0.0.1:1"}), &out))
}
