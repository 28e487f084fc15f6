package layout_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"deskbridge/pkg/layout"
)

// lines counts the lines that a change adds and takes away: those that are not
// in the longest common sequence.
func lines(before, after []byte) (added, removed int) {
	a, b := strings.Split(string(before), "\n"), strings.Split(string(after), "\n")
	common := make([]int, len(b)+1)
	for i := range a {
		diagonal := 0
		for j := range b {
			above := common[j+1]
			if a[i] == b[j] {
				common[j+1] = diagonal + 1
			} else {
				common[j+1] = max(above, common[j])
			}
			diagonal = above
		}
	}
	return len(b) - common[len(b)], len(a) - common[len(b)]
}

func insert(t require.TestingT, d *layout.Document, o layout.Options) *layout.Document {
	next, err := layout.Insert(d, o)
	require.NoError(t, err)
	return next
}

func remove(t require.TestingT, d *layout.Document) *layout.Document {
	next, err := layout.Remove(d)
	require.NoError(t, err)
	return next
}

func TestInsertIsAMinimalDiff(t *testing.T) {
	t.Parallel()
	for name, text := range real(t) {
		for _, tt := range []struct {
			places         []layout.Place
			added, removed int // At most, per role.
		}{
			{[]layout.Place{layout.Panel}, 47, 1},
			{[]layout.Place{layout.Navigation}, 44, 1},
			{[]layout.Place{layout.Header}, 21, 0},
			{[]layout.Place{layout.Headless}, 29, 4},
		} {
			o := options
			o.Places = tt.places
			d := insert(t, parse(t, string(text)), o)

			added, removed := lines(text, d.Bytes())

			require.LessOrEqual(t, removed, tt.removed*3, "%s %s", name, tt.places)
			require.LessOrEqual(t, added, tt.added*3, "%s %s", name, tt.places)
			require.Positive(t, added)
			require.False(t, layout.Broken(layout.Check(d)), "%s %s: %v", name, tt.places, layout.Check(d))
		}
	}
}

func TestInsertTwiceIsOnceAndRemoveUndoesIt(t *testing.T) {
	t.Parallel()
	for name, text := range every(t) {
		before := remove(t, parse(t, string(text)))
		once := insert(t, before, options)
		twice := insert(t, once, options)

		require.Equal(t, string(once.Bytes()), string(twice.Bytes()), name)
		require.Equal(t, 12, strings.Count(string(once.Bytes()), `"deskbridge-widget"`), name)
		require.Equal(t, string(before.Bytes()), string(remove(t, once).Bytes()), name)
	}
}

func TestWidgetStandsInItsPlaces(t *testing.T) {
	t.Parallel()
	text := strings.Replace(blank(t), `"navigation": []`, `"navigation": [{"nav": {"label": "X", "icon": "team", "iconType": "momentum", "navigateTo": "/deskbridge"}, "page": {"id": "y", "widgets": {}}}]`, 1)

	l := insert(t, parse(t, text), options).Layout()

	require.Len(t, l.Roles, 3)
	for _, r := range l.Roles {
		require.Equal(t, layout.Element, r.Area.AdvancedHeader[0].Comp)
		tabs := r.Area.Panel.Children
		require.Equal(t, "HubSpot", tabs[len(tabs)-2].Children[0].TextContent)
		require.Equal(t, "panel", mode(tabs[len(tabs)-1].Children[0]))
		require.Equal(t, "header", mode(r.Area.AdvancedHeader[0]))
		require.Equal(t, "headless", mode(*r.Area.Headless.Widgets[0].Component))
		page := r.Area.Navigation[len(r.Area.Navigation)-1]
		require.Equal(t, "page", mode(*page.Page.Widgets[0].Component))
		require.Equal(t, map[bool]string{true: "deskbridge-2", false: "deskbridge"}[r.Name == layout.Agent], page.Nav.NavigateTo)
		require.Equal(t, options.Script, page.Page.Widgets[0].Component.Script)
	}
}

func mode(c layout.Component) string {
	for _, p := range c.Properties {
		if p.Name == "mode" {
			return p.Text()
		}
	}
	return ""
}

func TestOlderHeaderTakesAColumn(t *testing.T) {
	t.Parallel()
	text := strings.Replace(blank(t), `"advancedHeader": [`, `"header": {"id": "h", "widgets": {"a": {"comp": "agentx-webex"}}, "layout": {"areas": [["a"]], "size": {"cols": [1], "rows": [1]}}}, "was": [`, 1)
	o := layout.Options{Script: options.Script, Roles: []layout.RoleName{layout.Agent}, Places: []layout.Place{layout.Header}}

	d := insert(t, parse(t, text), o)

	grid := d.Layout().Roles[0].Area.Header.Grids[0]
	require.Equal(t, [][]string{{"a", "deskbridge"}}, grid.Areas)
	require.Equal(t, []float64{1, 1}, grid.Cols)
	require.Equal(t, text, string(remove(t, d).Bytes()))
}

func TestHeadlessTakesARowAlsoOfNestedGrids(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ headless, areas string }{
		{`{"id": "h", "widgets": {"a": {"comp": "div"}, "deskbridge": {"comp": "div"}}, "layout": {"areas": [["a", "deskbridge"]], "size": {"cols": [1, 1], "rows": [1]}}}`, `[["a", "deskbridge"], ["deskbridge-2", "deskbridge-2"]]`},
		{`{"id": "h", "widgets": {"a": {"comp": "div"}}, "layout": {"ROOT": {"areas": [["x"]], "size": {"cols": [1], "rows": [1]}}, "x": {"areas": [["a"]], "size": {"cols": [1], "rows": [1]}}}}`, `[["x"], ["deskbridge"]]`},
		{`{"id": "h", "widgets": {}, "layout": {"areas": [], "size": {"cols": [], "rows": [ ]}}}`, `[["deskbridge"]]`},
		{`{"id": "h", "useFlexLayout": true, "widgets": {}}`, ``},
	} {
		text := strings.Replace(blank(t), `"navigation": []`, `"headless": `+tt.headless+`, "navigation": []`, 1)
		o := layout.Options{Script: options.Script, Roles: []layout.RoleName{layout.Agent}, Places: []layout.Place{layout.Headless}}

		d := insert(t, parse(t, text), o)

		require.Contains(t, string(d.Bytes()), tt.areas)
		require.Equal(t, text, string(remove(t, d).Bytes()))
	}
}

func TestWhatStandsInTheWayIsSaid(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ name, old, new, what string }{
		{"no area", `"area"`, `"was"`, "The role agent has no area."},
		{"area is a list", `"area": {`, `"area": [], "was": {`, "The area is a list."},
		{"role is a list", `"agent": {`, `"agent": [], "was": {`, "The role agent is a list."},
		{"no tabs", `"comp": "md-tabs"`, `"comp": "div"`, "The widget cannot be placed as panel: the panel is not md-tabs."},
		{"no children", `"children": [`, `"was": [`, "The widget cannot be placed as panel: the panel has no list of children."},
		{"navigation", `"navigation": []`, `"navigation": {}`, "The widget cannot be placed as page: the navigation is an object."},
		{"no header", `"advancedHeader"`, `"was"`, "The widget cannot be placed as header: there is no advancedHeader, and to add one would take away the Desktop's own icons."},
		{"header", `"advancedHeader": [`, `"advancedHeader": 1, "was": [`, "The widget cannot be placed as header: advancedHeader is a number."},
		{"header of two rows", `"advancedHeader": [`, `"header": {"widgets": {}, "layout": {"areas": [["a"], ["b"]], "size": {"cols": [], "rows": []}}}, "was": [`, "The widget cannot be placed as header: the header has 2 rows, and one is possible."},
		{"headless", `"navigation": []`, `"navigation": [], "headless": {"widgets": []}`, "The widget cannot be placed as headless: it has no object of widgets."},
		{"headless without rows", `"navigation": []`, `"navigation": [], "headless": {"widgets": {}, "layout": {"areas": []}}`, "The widget cannot be placed as headless: its layout has no areas with rows and columns."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			text := blank(t)
			require.Contains(t, text, tt.old)

			_, err := layout.Insert(parse(t, strings.Replace(text, tt.old, tt.new, 1)), options)

			var refusal layout.Refusal
			require.ErrorAs(t, err, &refusal)
			require.True(t, slices.ContainsFunc(refusal, func(p layout.Problem) bool { return p.What == tt.what }), err)
			require.NotEmpty(t, refusal[0].Fix)
		})
	}
	for text, want := range map[string]string{`[]`: "The file is a list.", `{}`: "The layout has no roles."} {
		_, err := layout.Insert(parse(t, text), options)
		require.ErrorContains(t, err, want)
	}
	_, err := layout.Insert(parse(t, `{"supervisor": {}}`), layout.Options{Script: options.Script, Roles: []layout.RoleName{layout.Agent}})
	require.ErrorContains(t, err, "The layout has no role agent.")
}

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*layout.Options){
		"the script's address":                  func(o *layout.Options) { o.Script = "desk.example" },
		`the script's address "http://`:         func(o *layout.Options) { o.Script = "http://desk.example/x.js" },
		`role "boss"`:                           func(o *layout.Options) { o.Roles = []layout.RoleName{"boss"} },
		`place "footer"`:                        func(o *layout.Options) { o.Places = []layout.Place{"footer"} },
		`data centre "EU 1"`:                    func(o *layout.Options) { o.Datacenter = "EU 1" },
		`no property "popat"`:                   func(o *layout.Options) { o.Settings = map[string]any{"popat": "ring"} },
		"property mode is set by itself":        func(o *layout.Options) { o.Settings = map[string]any{"mode": "panel"} },
		"property agentId is set by itself":     func(o *layout.Options) { o.Settings = map[string]any{"agentId": "x"} },
		"popAt: want one of ring, connect, off": func(o *layout.Options) { o.Settings = map[string]any{"popAt": true} },
		"liveNotes: json":                       func(o *layout.Options) { o.Settings = map[string]any{"liveNotes": func() {}} },
	} {
		o := options
		change(&o)
		require.ErrorContains(t, o.Validate(), want)
		_, err := layout.Insert(parse(t, blank(t)), o)
		require.ErrorContains(t, err, want)
	}
	require.NoError(t, layout.Options{Script: "http://localhost:8080" + layout.ScriptPath}.Validate())
	require.Equal(t, "https://desk.example/desk/deskbridge-widget.js", layout.ScriptURL("https://desk.example/"))
}

func TestUpgradeChangesWhatIsAsked(t *testing.T) {
	t.Parallel()
	o := layout.Options{Script: options.Script, Roles: []layout.RoleName{layout.Agent}, Places: []layout.Place{layout.Headless}, Settings: map[string]any{"popAt": "ring"}}
	before := insert(t, parse(t, blank(t)), o)
	text := strings.Replace(string(before.Bytes()), `"agentId": "$STORE.agent.agentId"`, `"agentId": "$STORE.agent.agentId" , "mine":  1.0`, 1)
	o.Script, o.Datacenter, o.Settings = "https://new.example/desk/deskbridge-widget.js", "eu1", map[string]any{"popAt": "connect", "stripPrefixes": []string{"9"}}

	d, err := layout.Upgrade(parse(t, text), o)
	require.NoError(t, err)

	want := text
	for _, change := range [][2]string{
		{options.Script, o.Script},
		{`"datacenter": "$STORE.app.datacenter"`, `"datacenter": "eu1"`},
		{`"popAt": "ring"`, `"popAt": "connect"`},
	} {
		require.Contains(t, want, change[0])
		want = strings.Replace(want, change[0], change[1], 1)
	}
	want = strings.Replace(want, `"popAt": "connect"`, "\"popAt\": \"connect\",\n              \"stripPrefixes\": [\"9\"]", 1)
	require.Equal(t, want, string(d.Bytes()))

	again, err := layout.Upgrade(d, layout.Options{Script: o.Script})
	require.NoError(t, err)
	require.Equal(t, string(d.Bytes()), string(again.Bytes()), "what is set stays")
}

func TestUpgradeRenamesWhatCiscoCalledOtherwise(t *testing.T) {
	t.Parallel()
	component := `{"comp": "deskbridge-widget", "properties": {"screenpopOnConnected": "true", "adavanceSearchCadVariableName": "order", "mine": true, "desktopWidth": "500"}}`
	text := strings.Replace(blank(t), `"navigation": []`, `"navigation": [], "headless": {"id": "h", "widgets": {"a": `+component+`}, "layout": {"areas": [["a"]], "size": {"cols": [1], "rows": [1]}}}`, 1)

	d, err := layout.Upgrade(parse(t, text), options)
	require.NoError(t, err)

	got := properties(t, *d.Layout().Roles[0].Area.Headless.Widgets[0].Component)
	require.Equal(t, "connect", got["popAt"])
	require.EqualValues(t, 500, got["panelWidth"])
	require.Equal(t, []any{map[string]any{"variable": "order", "objectType": "0-1", "property": "phone"}}, got["popVariables"])
	require.Equal(t, true, got["mine"])
	require.NotContains(t, got, "screenpopOnConnected")
	require.NotContains(t, got, "desktopWidth")
	require.Equal(t, options.Script, d.Layout().Roles[0].Area.Headless.Widgets[0].Component.Script)

	only := strings.Replace(text, component, `{"comp": "deskbridge-widget", "properties": {"screenpopOnConnected": "false"}}`, 1)
	d, err = layout.Upgrade(parse(t, only), options)
	require.NoError(t, err)
	require.Equal(t, "ring", properties(t, *d.Layout().Roles[0].Area.Headless.Widgets[0].Component)["popAt"])
}

func properties(t testing.TB, c layout.Component) map[string]any {
	t.Helper()
	out := map[string]any{}
	for _, p := range c.Properties {
		var v any
		require.NoError(t, json.Unmarshal([]byte(p.JSON), &v))
		out[p.Name] = v
	}
	return out
}

func TestRemoveLeavesWhatOthersHaveMade(t *testing.T) {
	t.Parallel()
	const ours = `{"comp": "deskbridge-widget"}`
	for _, tt := range []struct{ name, before, after string }{
		{"a child among others", `{"agent": {"area": {"panel": {"comp": "md-tabs", "children": [{"comp": "md-tab"}, {"comp": "md-tab-panel", "children": [` + ours + `, {"comp": "p"}]}]}}}}`,
			`{"agent": {"area": {"panel": {"comp": "md-tabs", "children": [{"comp": "md-tab"}, {"comp": "md-tab-panel", "children": [{"comp": "p"}]}]}}}}`},
		{"a panel with its tab far away", `{"children": [{"comp": "md-tab", "a": 1}, {"comp": "md-tab", "a": 2}, {"comp": "md-tab-panel", "b": 1}, {"comp": "md-tab-panel", "children": [` + ours + `]}]}`,
			`{"children": [{"comp": "md-tab", "a": 1}, {"comp": "md-tab-panel", "b": 1}]}`},
		{"a panel with a tab too many", `{"children": [{"comp": "md-tab", "a": 1}, {"comp": "md-tab", "a": 2}, {"comp": "md-tab-panel", "children": [` + ours + `]}]}`,
			`{"children": [{"comp": "md-tab", "a": 1}]}`},
		{"a panel without a tab", `{"children": [{"comp": "md-tab-panel", "children": [` + ours + `]}, 1]}`, `{"children": [1]}`},
		{"the panel itself", `{"agent": {"area": {"panel": ` + ours + `, "navigation": []}}}`, `{"agent": {"area": {"navigation": []}}}`},
		{"a page of somebody's", `{"page": {"id": "x", "widgets": {"a": ` + ours + `}, "layout": {"areas": [["a"]], "size": {"cols": [1], "rows": [1]}}}}`,
			`{"page": {"id": "x", "widgets": {}, "layout": {"areas": [], "size": {"cols": [1], "rows": []}}}}`},
		{"the middle row", `{"p": {"widgets": {"a": 1, "b": ` + ours + `, "c": 3}, "layout": {"areas": [["a", "a"], ["b", "b"], ["c", "c"]], "size": {"cols": [1, 1], "rows": [1, 2, 3]}}}}`,
			`{"p": {"widgets": {"a": 1, "c": 3}, "layout": {"areas": [["a", "a"], ["c", "c"]], "size": {"cols": [1, 1], "rows": [1, 3]}}}}`},
		{"the first column", `{"p": {"widgets": {"a": 1, "b": ` + ours + `}, "layout": {"areas": [["b", "a"], ["b", "a"]], "size": {"cols": [1, 2], "rows": [1, 3]}}}}`,
			`{"p": {"widgets": {"a": 1}, "layout": {"areas": [["a"], ["a"]], "size": {"cols": [2], "rows": [1, 3]}}}}`},
		{"a root that is a tab's panel", `{"comp": "md-tab-panel", "children": [` + ours + `]}`, `{"comp": "md-tab-panel", "children": []}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tt.after, string(remove(t, parse(t, tt.before)).Bytes()))
		})
	}
	for want, text := range map[string]string{
		"neither rows nor columns": `{"p": {"widgets": {"a": 1, "b": ` + ours + `}, "layout": {"areas": [["b", "a"], ["a", "a"]]}}}`,
		"The whole file":           ours,
		"101 such widgets":         `[` + strings.TrimSuffix(strings.Repeat(ours+",", 101), ",") + `]`,
	} {
		_, err := layout.Remove(parse(t, text))
		var refusal layout.Refusal
		require.ErrorAs(t, err, &refusal)
		require.ErrorContains(t, err, want)
	}
}

// restyle writes a layout in somebody's own way.
func restyle(t *rapid.T, text []byte) []byte {
	var out bytes.Buffer
	switch rapid.SampledFrom([]string{"as it is", "tight", "tabs", "wide", "CRLF", "BOM", "no line at the end"}).Draw(t, "style") {
	case "tight":
		require.NoError(t, json.Compact(&out, text))
	case "tabs":
		require.NoError(t, json.Indent(&out, text, "", "\t"))
	case "wide":
		require.NoError(t, json.Indent(&out, text, "", "    "))
	case "CRLF":
		out.Write(bytes.ReplaceAll(text, []byte("\n"), []byte("\r\n")))
	case "BOM":
		out.WriteString("\ufeff" + string(text))
	case "no line at the end":
		out.Write(bytes.TrimSpace(text))
	default:
		out.Write(text)
	}
	return out.Bytes()
}

// Whatever parts a layout lacks, and however it is written: to insert twice is
// to insert once, what is inserted is valid, and to remove it undoes it.
func TestInsertAndRemoveAnyLayout(t *testing.T) {
	t.Parallel()
	start := []byte(blank(t))
	rapid.Check(t, func(t *rapid.T) {
		var tree map[string]map[string]any
		require.NoError(t, json.Unmarshal(start, &tree))
		for _, name := range layout.RoleNames {
			area := tree[string(name)]["area"].(map[string]any)
			for _, key := range []string{"panel", "navigation", "homepage"} {
				if rapid.Bool().Draw(t, "without "+key) {
					delete(area, key)
				}
			}
			if panel, ok := area["panel"].(map[string]any); ok && rapid.Bool().Draw(t, "empty panel") {
				panel["children"] = []any{}
			}
			if rapid.Bool().Draw(t, "headless") {
				n := rapid.IntRange(0, 3).Draw(t, "widgets")
				widgets, rows, areas := map[string]any{}, []any{}, []any{}
				for i := range n {
					w := fmt.Sprint("w", i)
					widgets[w], rows, areas = map[string]any{"comp": "div"}, append(rows, i+1), append(areas, []any{w, w})
				}
				area["headless"] = map[string]any{"id": "h", "widgets": widgets, "layout": map[string]any{"areas": areas, "size": map[string]any{"cols": []any{1, 1}, "rows": rows}}}
			}
		}
		text, err := json.MarshalIndent(tree, "", "  ")
		require.NoError(t, err)
		before, err := layout.Parse(restyle(t, append(text, '\n')))
		require.NoError(t, err)
		o := options
		o.Places = rapid.SliceOfNDistinct(rapid.SampledFrom(layout.Places), 1, 4, rapid.ID).Draw(t, "places")
		o.Roles = rapid.SliceOfNDistinct(rapid.SampledFrom(layout.RoleNames), 0, 3, rapid.ID).Draw(t, "roles")

		once := insert(t, before, o)

		require.Equal(t, string(once.Bytes()), string(insert(t, once, o).Bytes()))
		require.Equal(t, string(before.Bytes()), string(remove(t, once).Bytes()))
		require.False(t, layout.Broken(layout.Check(once)), layout.Check(once))
		require.True(t, json.Valid(bytes.TrimPrefix(once.Bytes(), []byte("\ufeff"))))
		more := insert(t, once, options)
		require.Equal(t, string(before.Bytes()), string(remove(t, more).Bytes()))
	})
}
