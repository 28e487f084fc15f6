package main

import (
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/layout"
	"deskbridge/pkg/tenant"
)

// layoutRun is one `server layout …`.
type layoutRun struct {
	out, errors string
	code        int
	err         error
}

func runLayoutWith(stdin string, args ...string) layoutRun {
	var out, errs strings.Builder
	err := runLayout(args, environ(map[string]string{}), strings.NewReader(stdin), &out, &errs)
	r := layoutRun{out: out.String(), errors: errs.String(), err: err}
	if err != nil {
		r.code = exitCode(err)
	}
	return r
}

func TestLayoutCommandGeneratesChecksInsertsAndRemoves(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "layout.json")

	made := runLayoutWith("", "generate", "-url", "https://desk.example", "-places", "page", "-roles", "agent,supervisorAgent", "-label", "CRM", "-o", file)
	require.NoError(t, made.err)
	require.Empty(t, made.out)
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Contains(t, string(text), "https://desk.example/desk/deskbridge-widget.js")
	require.Equal(t, 2, strings.Count(string(text), `"label": "CRM"`))

	checked := runLayoutWith("", "check", file)
	require.NoError(t, checked.err)
	require.Equal(t, "errors: 0, warnings: 0, notes: 0\n", checked.out)

	inserted := runLayoutWith(string(text), "insert", "-url", "https://desk.example/", "-datacenter", "eu1", "-set", "popAt=connect", "-set", "panelWidth=500",
		"-set", "liveNotes=false", "-set", "outdialAni=4930123", "-set", `stripPrefixes=["9"]`, "-")
	require.NoError(t, inserted.err)
	for _, want := range []string{`"datacenter": "eu1"`, `"popAt": "connect"`, `"panelWidth": 500`, `"liveNotes": false`, `"outdialAni": "4930123"`, `"stripPrefixes": ["9"]`} {
		require.Contains(t, inserted.out, want)
	}

	removed := runLayoutWith(inserted.out, "remove")
	require.NoError(t, removed.err)
	require.NotContains(t, removed.out, layout.Element)
	bare := runLayoutWith(string(text), "remove")
	require.Equal(t, bare.out, removed.out)
}

func TestLayoutCommandConverts(t *testing.T) {
	t.Parallel()
	old := `{"agent": {"version": "0.1.0", "area": {"headless": {"id": "h", "widgets": {"a": {"comp": "agentx-custom-desktop",
	"script": "https://cx-crmconnector.ciscoccservice.com/zendesk/v1/dist/index.js", "properties": {"isCaseCreationForAllInboundCallsEnabled": "true", "crmlibraryPath": "x"}}},
	"layout": {"areas": [["a"]], "size": {"cols": [1], "rows": [1]}}}}}}`

	r := runLayoutWith(old, "convert", "-url", "https://desk.example")

	require.NoError(t, r.err)
	require.Contains(t, r.out, `"ticketFor": "inbound"`)
	require.Contains(t, r.errors, "2: agent, Zendesk: isCaseCreationForAllInboundCallsEnabled becomes ticketFor.\n")
	require.Contains(t, r.errors, "crmlibraryPath is left out. Deskbridge's script brings its own code")
	require.Contains(t, r.errors, "error: The role supervisor is missing.", "the result's problems")
}

func TestLayoutCommandSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, stdin string
		args        []string
		code        int
		err         string
	}{
		{"no command", "", nil, 2, "server layout check"},
		{"unknown command", "", []string{"mend"}, 2, `unknown command "layout mend"`},
		{"unknown flag", "", []string{"check", "-places", "panel"}, 2, "flag provided but not defined"},
		{"two files", "", []string{"check", "a", "b"}, 2, "too many arguments: a b"},
		{"a file to generate from", "", []string{"generate", "-url", "https://x.example", "a"}, 2, "too many arguments: a"},
		{"no URL", "{}", []string{"insert"}, 2, "DESKBRIDGE_PUBLIC_URL is missing"},
		{"no https", "{}", []string{"insert", "-url", "desk.example"}, 2, "the script's address"},
		{"no such place", "{}", []string{"insert", "-url", "https://x.example", "-places", "footer"}, 2, `place "footer"`},
		{"no value", "{}", []string{"insert", "-url", "https://x.example", "-set", "popAt"}, 2, "-set popAt: write name=value"},
		{"no such value", "{}", []string{"insert", "-url", "https://x.example", "-set", "popAt=later"}, 2, "property popAt: want one of ring, connect, off"},
		{"no such file", "", []string{"check", "/nowhere/layout.json"}, 2, "no such file"},
		{"no JSON", "{\n 'agent'", []string{"check"}, 2, "2:2: A key is missing here"},
		{"too large", strings.Repeat(" ", layout.MaxSize+1), []string{"check"}, 2, "at most 5242880 are read"},
		{"errors", "{}", []string{"check"}, 1, "the layout has errors"},
		{"refused", `{"version": "0.0.6", "area": {}}`, []string{"insert", "-url", "https://x.example"}, 1, "before version 0.1.0"},
		{"nothing to convert", `{"agent": {}}`, []string{"convert", "-url", "https://x.example"}, 1, "no connector of Cisco's"},
		{"nowhere to write", "{}", []string{"remove", "-o", "/nowhere/layout.json"}, 2, "no such file"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := runLayoutWith(tt.stdin, tt.args...)

			require.ErrorContains(t, r.err, tt.err)
			require.Equal(t, tt.code, r.code)
		})
	}
	require.Contains(t, runLayoutWith("", "help").out, "server layout convert")
	require.NoError(t, runLayoutWith("", "insert", "-h").err)
	require.Equal(t, 1, exitCode(os.ErrNotExist))
}

func TestLayoutCommandTakesTheServersURL(t *testing.T) {
	t.Parallel()
	var out, errs strings.Builder

	err := runLayout([]string{"generate"}, environ(map[string]string{"DESKBRIDGE_PUBLIC_URL": "https://env.example"}), nil, &out, &errs)

	require.NoError(t, err)
	require.Contains(t, out.String(), "https://env.example/desk/deskbridge-widget.js")
}

// What stands in for a portal's setting has to be one, by its own name and of its
// type, and is what the server takes from a layout.
func TestLayoutPropertiesAreSettings(t *testing.T) {
	t.Parallel()
	fields := map[string]reflect.Type{}
	for f := range reflect.TypeFor[tenant.Settings]().Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		fields[name] = f.Type
	}
	values := map[layout.Type]string{
		layout.Text: `"{direction} {cad.Tier}"`, layout.Boolean: `true`, layout.Number: `500`, layout.List: `["9", "+1"]`, layout.Map: `{"tier": "customer_tier"}`,
		layout.Rules: `[{"variable": "orderId", "objectType": "0-3", "property": "order_id"}]`,
	}
	particular := map[string]string{"outdialAni": `"+14155550100"`, "dateFormat": `"MM.dd.yyyy"`}
	var taken []string
	for _, p := range layout.Properties {
		if p.Setting == "" {
			require.False(t, fields[p.Name] != nil && p.Live == "", "%s is a setting, too", p.Name)
			continue
		}
		taken = append(taken, p.Setting)
		require.Contains(t, fields, p.Setting, p.Name)
		require.Equal(t, p.Name, p.Setting, "the server looks for the setting's name")
		choices := p.Choices
		if p.Type != layout.Choice {
			choices = []string{cmp.Or(particular[p.Name], values[p.Type])}
		}
		for _, value := range choices {
			if p.Type == layout.Choice {
				value = `"` + value + `"`
			}
			var s tenant.Settings
			require.NoError(t, json.Unmarshal([]byte(`{"`+p.Setting+`": `+value+`}`), &s), p.Name)
			require.NoError(t, s.Validate(), p.Name)
			require.NotEqual(t, tenant.Settings{}, s, p.Name)
		}
	}
	require.ElementsMatch(t, tenant.LayoutSettings(), taken)
}

// The README has what pkg/layout says about properties, word for word.
func TestReadmeHasTheTableOfProperties(t *testing.T) {
	t.Parallel()
	const begin, end = "\n<!-- properties -->\n\n", "\n<!-- /properties -->\n"
	readme, err := os.ReadFile("../README.md")
	require.NoError(t, err)
	_, rest, begins := strings.Cut(string(readme), begin)
	table, _, ends := strings.Cut(rest, end)
	require.True(t, begins && ends, "README.md has %q and %q", begin, end)
	require.Equal(t, layout.Table(), table,
		"run: go test ./pkg/layout -update; then put pkg/layout/testdata/properties.md between the two comments, with an empty line on either side")
}
