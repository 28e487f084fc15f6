package main

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"deskbridge/pkg/backend"
	"deskbridge/pkg/tenant"
)

// Every row of the README's threat table names tests, and those exist.
func TestThreatTableNamesItsTests(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	_, section, ok := strings.Cut(string(readme), "\n## Threats\n")
	require.True(t, ok, "README.md has a section on threats")
	section, _, _ = strings.Cut(section, "\n## ")
	have := testNames(t)
	rows := 0
	name := regexp.MustCompile("`(Test[A-Za-z0-9]+|Fuzz[A-Za-z0-9]+)`")
	for line := range strings.SplitSeq(section, "\n") {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| threat") {
			continue
		}
		rows++
		named := name.FindAllStringSubmatch(line, -1)
		require.NotEmpty(t, named, "no test stands behind: %s", line)
		for _, n := range named {
			require.Contains(t, have, n[1], line)
		}
	}
	require.Greater(t, rows, 20)
}

// testNames are all tests of the module.
func testNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	err := filepath.WalkDir("..", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && d.Name() != ".."):
			return fs.SkipDir
		case !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Recv == nil {
				names[f.Name.Name] = true
			}
		}
		return nil
	})
	require.NoError(t, err)
	return names
}

// What only the first tenant may see.
const canary = "CanaryOfTheFirstTenant"

// neighbours are two tenants on one server: the first has a record with a
// canary, the second has a signed-in agent and an admin's browser.
type neighbours struct {
	*house
	key     string       // Of the first tenant's record.
	session string       // Of the second tenant's agent.
	admin   *http.Client // Of the second tenant.
	before  string       // What the first tenant has, as text.
}

func newNeighbours(t *testing.T) *neighbours {
	t.Helper()
	n := &neighbours{house: newHouse(t), key: "secret-call:agent:1"}
	n.linked(orgID, "111")
	first := n.signIn()
	record := call(n.key, "111", n.contact("Silva"))
	record.Notes, record.Name, record.Number = canary, canary, "+14155550177"
	record.StartedAt = n.clock.now().UnixMilli()
	record.AnsweredAt, record.EndedAt = record.StartedAt, record.StartedAt
	_, err := n.client(first.Token).Put(t.Context(), record)
	require.NoError(t, err)
	n.house.admin(otherOrg, fullAdmin)
	n.admin = n.linked(otherOrg, "333")
	n.session = n.signIn().Token
	n.before = n.belongings()
	require.Contains(t, n.before, canary)
	return n
}

// belongings are what nobody else may change: record, settings, links,
// sessions.
func (n *neighbours) belongings() string {
	n.t.Helper()
	portals, err := n.deps.Tenants.Portals(n.t.Context(), orgID)
	require.NoError(n.t, err)
	sessions, err := n.deps.SignIns.list(n.t.Context(), orgID)
	require.NoError(n.t, err)
	var agents []string
	for _, s := range sessions {
		agents = append(agents, s.AgentID)
	}
	rows, err := n.deps.Ledger.List(n.t.Context(), backend.Agent{OrgID: orgID, AgentID: sessions[0].AgentID})
	require.NoError(n.t, err)
	require.Len(n.t, rows, 1)
	text, err := json.Marshal(struct {
		Portals []tenant.Portal
		Agents  []string
		Record  backend.Record
	}{portals, agents, rows[0].Record})
	require.NoError(n.t, err)
	return string(text)
}

// names are what the first tenant's things are called in addresses.
func (n *neighbours) names() []string {
	sessions, err := n.deps.SignIns.list(n.t.Context(), orgID)
	require.NoError(n.t, err)
	return []string{n.key, "111", sessions[0].ID, sessions[0].AgentID}
}

// A request to every route that there is, on behalf of the second tenant and
// naming what belongs to the first, shows nothing of it and changes nothing.
func TestNoRouteCrossesTenants(t *testing.T) {
	t.Parallel()
	n := newNeighbours(t)
	server, ok := n.handler.(*echo.Echo)
	require.True(t, ok)
	contact := n.contact("Silva")
	body := map[string]any{
		"key": n.key, "revision": 99, "direction": "INBOUND", "channel": "telephony", "notes": "taken over",
		"number": "+14155550177", "portalId": "111", "kind": "contact", "search": "Silva", "version": 0,
		"settings": map[string]any{"popAt": "off"}, "record": map[string]any{"objectTypeId": "0-1", "objectId": contact},
		"org": orgID, "portal": "111",
	}
	text, err := json.Marshal(body)
	require.NoError(t, err)
	asked := 0
	for _, route := range server.Routes() {
		if route.Method == echo.RouteNotFound || !strings.HasPrefix(route.Path, "/api/") && !strings.HasPrefix(route.Path, "/admin") {
			continue
		}
		if route.Method == http.MethodDelete && route.Path == backend.SessionPath {
			continue // Ends one's own session.
		}
		names := []string{""}
		if strings.Contains(route.Path, ":") {
			names = n.names()
		}
		for _, name := range names {
			path := regexp.MustCompile(`:[a-z]+`).ReplaceAllString(route.Path, name)
			asked++
			status, answer := n.try(route.Method, path, text)
			require.NotContains(t, answer, canary, "%s %s: %d", route.Method, path, status)
			require.NotContains(t, answer, "0177", "%s %s: %d", route.Method, path, status)
			require.Less(t, status, 500, "%s %s: %s", route.Method, path, answer)
			require.Equal(t, n.before, n.belongings(), "%s %s changed the neighbour's things", route.Method, path)
		}
	}
	require.Greater(t, asked, 20)
}

// try asks once as the second tenant's agent, and with its admin's cookies.
func (n *neighbours) try(method, path string, body []byte) (int, string) {
	n.t.Helper()
	req, err := http.NewRequest(method, n.url+path+"?portal=111&portalId=111&org="+orgID, bytes.NewReader(body))
	require.NoError(n.t, err)
	req.Header.Set("Authorization", "Bearer "+n.session)
	req.Header.Set(backend.VersionHeader, backend.Version)
	req.Header.Set("Content-Type", "application/json")
	resp, err := n.admin.Do(req)
	require.NoError(n.t, err)
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	require.NoError(n.t, err)
	return resp.StatusCode, string(answer)
}

// Naming another tenant's portal or record is refused, not answered emptily.
func TestNeighboursPortalsAndRecordsAreRefused(t *testing.T) {
	t.Parallel()
	n := newNeighbours(t)
	for _, tt := range []struct {
		method, path, body string
		status             int
	}{
		{"GET", backend.InteractionsPath + "/" + n.key, ``, http.StatusForbidden},
		{"PUT", backend.InteractionsPath + "/" + n.key, `{"key":"` + n.key + `","revision":9,"direction":"INBOUND"}`, http.StatusForbidden},
		{"POST", backend.LookupPath, `{"number":"+14155550177","portalId":"111"}`, http.StatusForbidden},
		{"POST", backend.ContactsPath, `{"number":"+14155550177","portalId":"111"}`, http.StatusForbidden},
		{"POST", backend.DirectoryPath, `{"kind":"contact","search":"Silva","portalId":"111"}`, http.StatusForbidden},
		{"POST", backend.NumberPath, `{"number":"+14155550177","portalId":"111"}`, http.StatusForbidden},
	} {
		status, answer := n.try(tt.method, tt.path, []byte(tt.body))

		require.Equal(t, tt.status, status, "%s %s: %s", tt.method, tt.path, answer)
	}
}

func TestServeHasNothingOfTheSandbox(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	server, ok := w.handler.(*echo.Echo)
	require.True(t, ok)
	for _, route := range server.Routes() {
		for _, door := range []string{"/sandbox", "/webexcc", "/webexapis", "/hubspot/oauth", "/hubspot/crm", "/crm", "/storybook"} {
			require.False(t, strings.HasPrefix(route.Path, door), route.Path)
		}
	}
	for _, path := range []string{"/sandbox/agents", "/sandbox/reset", "/webexcc/v1/agents/login", "/hubspot/crm/objects/2026-09/contacts", "/storybook"} {
		for _, method := range []string{"GET", "POST"} {
			status, _, answer := w.raw(method, path, "", "", "{}")
			require.Contains(t, []int{http.StatusNotFound, http.StatusMethodNotAllowed}, status, "%s %s: %s", method, path, answer)
		}
	}
}
