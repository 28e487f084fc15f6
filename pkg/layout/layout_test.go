package layout_test

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/layout"
)

// options are those of a server somewhere.
var options = layout.Options{Script: "https://desk.example/desk/deskbridge-widget.js", Places: layout.Places}

// real are Cisco's own layouts, where they are at hand: they are not ours to
// keep in the repository.
func real(t testing.TB) map[string][]byte {
	t.Helper()
	out := found(t)
	if len(out) == 0 {
		t.Skip("no layouts: set DESKBRIDGE_TEST_LAYOUTS to a folder with those of Cisco's connectors")
	}
	return out
}

// every layout that there is: our own, and Cisco's where they are at hand.
func every(t testing.TB) map[string][]byte {
	t.Helper()
	out := found(t)
	maps.Copy(out, samples(t))
	return out
}

func found(t testing.TB) map[string][]byte {
	t.Helper()
	dir := os.Getenv("DESKBRIDGE_TEST_LAYOUTS")
	if dir == "" {
		dir = "../../../shared/layouts"
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	require.NoError(t, err)
	out := map[string][]byte{}
	for _, f := range files {
		text, err := os.ReadFile(f)
		require.NoError(t, err)
		out[filepath.Base(f)] = text
	}
	return out
}

// samples are our own layouts.
func samples(t testing.TB) map[string][]byte {
	t.Helper()
	out := map[string][]byte{}
	for _, s := range layout.Samples() {
		d, err := layout.Generate(s.Options)
		require.NoError(t, err)
		out[s.Name] = d.Bytes()
	}
	return out
}

// blank is a layout of the Desktop's own parts.
func blank(t testing.TB) string {
	t.Helper()
	text, err := blankOnce()
	require.NoError(t, err)
	return text
}

var blankOnce = sync.OnceValues(func() (string, error) {
	d, err := layout.Generate(options)
	if err != nil {
		return "", err
	}
	if d, err = layout.Remove(d); err != nil {
		return "", err
	}
	return string(d.Bytes()), nil
})

func parse(t testing.TB, text string) *layout.Document {
	t.Helper()
	d, err := layout.Parse([]byte(text))
	require.NoError(t, err)
	return d
}

func TestSamplesAreFine(t *testing.T) {
	t.Parallel()
	for name, text := range samples(t) {
		for _, p := range layout.Check(parse(t, string(text))) {
			require.Equal(t, layout.Note, p.Severity, "%s: %s", name, p)
		}
	}
	require.Empty(t, layout.Check(parse(t, blank(t))))
}

func TestCiscosLayoutsLoad(t *testing.T) {
	t.Parallel()
	for name, text := range real(t) {
		d := parse(t, string(text))

		require.Equal(t, string(text), string(d.Bytes()), name)
		require.False(t, layout.Broken(layout.Check(d)), name)
		l := d.Layout()
		require.Len(t, l.Roles, 3, name)
		require.Equal(t, "Webex Contact Center", l.Roles[0].AppTitle)
		require.EqualValues(t, 8, l.Roles[0].NotificationTimer)
		require.Equal(t, "agentx-state-selector", l.Roles[0].Area.AdvancedHeader[3].Comp)
		require.Equal(t, [][]string{{"comp1"}}, l.Roles[0].Area.Headless.Grids[0].Areas)
		require.Equal(t, "agent.area.headless.widgets.comp1", l.Roles[0].Area.Headless.Widgets[0].Component.Path())
		require.NotEmpty(t, l.Roles[0].Area.Headless.Widgets[0].Component.Script)
		require.Nil(t, l.Roles[1].Area.Headless)
		require.Equal(t, "tpw", l.Roles[1].Area.Navigation[1].Nav.NavigateTo)
		require.Len(t, l.Roles[1].Area.Homepage.Page.Widgets, 9)
		require.True(t, l.Roles[1].Area.Homepage.Page.UseFlexLayout)
	}
}

func TestFilesStayAsTheyAre(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`{}`, "\ufeff{ }\r\n", "{\r\n\t\"agent\" : {\"n\": 1.50e+02 , \"u\":\"\\u00e9\\ud800\"}\r\n}\r\n", " [1 ,2 ] ", `"text"`, "null\n\n",
		"{ // why\n \"a\": 1, /* so */ }\n", `{"a":1,"a":2}`,
	} {
		require.Equal(t, text, string(parse(t, text).Bytes()))
	}
	for name, text := range samples(t) {
		require.Equal(t, string(text), string(parse(t, string(text)).Bytes()), name)
	}
}

func TestWhatIsNoJSONSaysWhere(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		line, col  int
		what       string
	}{
		{"empty", "", 1, 1, "The file is empty."},
		{"only white space", " \n ", 2, 2, "The file is empty."},
		{"cut off", "{\n \"agent\": {\n  \"a\": [1,", 3, 11, "The file ends too early. The list that begins in line 3 is not closed."},
		{"cut off in a text", "{\"a\n", 1, 2, "The text that begins here does not end in its line."},
		{"cut off after a backslash", `{"a\`, 1, 2, "The text that begins here does not end."},
		{"cut off before a value", `{"a": `, 1, 7, `The file ends before the value of "a".`},
		{"cut off before a colon", `{"a"`, 1, 5, `There is no colon after the key "a".`},
		{"no comma", "{\"é\": 1\n \"b\": 2}", 2, 2, "A comma is missing before this."},
		{"two commas", "[1,,2]", 1, 4, "There is a comma too many."},
		{"wrong bracket", "{\"a\": [1}", 1, 9, `There is a '}' too many, or a bracket is missing before it.`},
		{"more after it", "{} x", 1, 4, "There is text after the end of the layout."},
		{"single quotes", "{'a': 1}", 1, 2, "A key is missing here, or it has no quotation marks."},
		{"single quotes around a value", "['é']", 1, 2, `'\'' cannot stand here.`},
		{"no quotes", "{a: 1}", 1, 2, "A key is missing here, or it has no quotation marks."},
		{"True", "[True]", 1, 2, "True cannot stand here."},
		{"a number with zeros", "[007]", 1, 2, "007 is no number."},
		{"NaN", "[NaN]", 1, 2, "NaN cannot stand here."},
		{"a tab in a text", "[\"a\tb\"]", 1, 4, "There is a control character in a text."},
		{"a wrong backslash", `["\q"]`, 1, 2, "There is a backslash in this text that means nothing."},
		{"an open comment", "{} /* x", 1, 4, "The comment that begins here does not end."},
		{"UTF-16", "\xff\xfe{\x00}\x00", 1, 1, "The file is UTF-16."},
		{"Latin-1", "{\"a\": \"M\xfcller\"}", 1, 9, "The file is not UTF-8 from here on."},
		{"too deep", strings.Repeat("[", 200), 1, 101, "More than 100 levels are nested."},
		{"too many", "[" + strings.Repeat("1,", 300_000) + "1]", 1, 400_000, "There are more than 200000 values."},
		{"HTML", "<!DOCTYPE html>", 1, 1, `'<' cannot stand here.`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := layout.Parse([]byte(tt.text))

			var syntax *layout.SyntaxError
			require.ErrorAs(t, err, &syntax)
			require.Equal(t, tt.what, syntax.What)
			require.NotEmpty(t, syntax.Fix)
			require.Equal(t, [2]int{tt.line, tt.col}, [2]int{syntax.Line, syntax.Col})
			require.Contains(t, err.Error(), tt.what)
		})
	}
}

func TestTooLargeIsRefused(t *testing.T) {
	t.Parallel()
	large := []byte(`{"agent": "` + strings.Repeat("x", layout.MaxSize) + `"}`)
	_, err := layout.Parse(large)
	require.ErrorContains(t, err, "at most 5242880 are read")

	_, err = layout.Parse([]byte(`"` + strings.Repeat("x", layout.MaxSize-2) + `"`))
	require.NoError(t, err)
}

// A file as large as is read, made to be slow, comes to its end.
func TestLargeLayoutsAreChecked(t *testing.T) {
	t.Parallel()
	head, tail := `{"agent": {"area": {"panel": {"comp": "md-tabs", "children": [`, `]}, "navigation": []}}}`
	for _, item := range []string{
		`{"comp": "my-widgett", "x": "$STORE.agent.agentIdd"},`,
		`{"comp": "deskbridge-widget", "properties": {"popAtt": 1}},`,
		`{"comp": "agentx-custom-desktop", "attributes": {"outDialAni": "1"}},`,
		`{"comp": "md-tab"}, {"comp": "md-tab-panel"},`,
	} {
		text := head + strings.TrimSuffix(strings.Repeat(item, 20_000), ",") + tail

		require.True(t, use(t, []byte(text)))
	}
	require.False(t, use(t, []byte(strings.Repeat("[", 3_000_000))))
	require.False(t, use(t, []byte(strings.Repeat("/**/", 1_300_000))))
}

func TestBooleansAsTextsAreUnderstood(t *testing.T) {
	t.Parallel()
	text := strings.Replace(blank(t), `"dragDropEnabled": false`, `"dragDropEnabled": "true"`, 1)
	text = strings.Replace(text, `"notificationTimer": 8`, `"notificationTimer": "7"`, 1)

	role := parse(t, text).Layout().Roles[0]

	require.True(t, role.DragDropEnabled)
	require.EqualValues(t, 7, role.NotificationTimer)
}
