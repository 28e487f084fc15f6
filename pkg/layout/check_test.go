package layout_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/layout"
)

// A rule's case is a change of a layout that is fine, and where the rule finds
// it. The new text's first line is where, unless a path says so.
type ruleCase struct {
	rule, old, new string
	path           string
	severity       layout.Severity
}

// widget wraps a component into the navigation of a layout.
func pageWith(component string) (before, after string) {
	return `"navigation": []`, `"navigation": [{"nav": {"label": "X", "icon": "team", "iconType": "momentum", "navigateTo": "x", "align": "top"},
  "page": {"id": "x", "widgets": {"w": ` + component + `}, "layout": {"areas": [["w"]], "size": {"cols": [1], "rows": [1]}}}}]`
}

func pageOf(page string) (before, after string) {
	return `"navigation": []`, `"navigation": [{"nav": {"label": "X", "icon": "team", "iconType": "momentum", "navigateTo": "x", "align": "top"},
  "page": ` + page + `}]`
}

func nav(nav string) (before, after string) {
	return `"navigation": []`, `"navigation": [{"nav": ` + nav + `, "page": {"id": "x", "widgets": {"w": {"comp": "div"}}, "layout": {"areas": [["w"]], "size": {"cols": [1], "rows": [1]}}}}]`
}

func ruleCases() []ruleCase {
	const w = "agent.area.navigation[0].page.widgets.w"
	const p = "agent.area.navigation[0].page"
	const n = "agent.area.navigation[0].nav"
	header := `"advancedHeader": [`
	var all []ruleCase
	add := func(rule string, severity layout.Severity, path, old, new string) {
		all = append(all, ruleCase{rule, old, new, path, severity})
	}
	in := func(rule string, severity layout.Severity, path, component string) {
		old, new := pageWith(component)
		add(rule, severity, path, old, new)
	}
	page := func(rule string, severity layout.Severity, path, text string) {
		old, new := pageOf(text)
		add(rule, severity, path, old, new)
	}
	button := func(rule string, severity layout.Severity, path, text string) {
		old, new := nav(text)
		add(rule, severity, path, old, new)
	}
	const e, warn, note = layout.Error, layout.Warning, layout.Note

	add("byte-order-mark", warn, "", `{
  "agent"`, "\ufeff{\n  \"agent\"")
	add("comment", e, "", `"version"`, `// the version
    "version"`)
	add("trailing-comma", e, "", `"navigation": []`, `"navigation": [1,]`)
	add("duplicate-key", e, "agent.logo", `"logo": "",`, `"logo": "", "logo": "no-logo",`)
	add("wrong-type", e, "agent.logo", `"logo": ""`, `"logo": 1`)
	add("wrong-type", e, "agent.area", `"area": {`, `"area": [], "was": {`)
	add("string-boolean", warn, "agent.dragDropEnabled", `"dragDropEnabled": false`, `"dragDropEnabled": "false"`)
	in("string-boolean", note, w+".properties.on", `{"comp": "x-y", "script": "https://x.example/y.js", "properties": {"on": "true"}}`)
	add("string-number", warn, "agent.notificationTimer", `"notificationTimer": 8`, `"notificationTimer": "8"`)
	add("unknown-key", warn, "agent.apptitle", `"appTitle"`, `"apptitle"`)
	add("unknown-key", note, "agent.somethingElse", `"logo": ""`, `"logo": "", "somethingElse": {}`)
	add("unknown-key", note, "more", `{
  "agent"`, `{"more": 1, "agent"`)
	add("missing-role", e, "", `"supervisor":`, `"nobody":`)
	add("version", warn, "agent.version", `"version": "0.1.0"`, `"version": "0.0.6"`)
	add("version", warn, "agent", `"version": "0.1.0",`, ``)
	add("range", warn, "agent.notificationTimer", `"notificationTimer": 8`, `"notificationTimer": 11`)
	add("range", warn, "agent.browserNotificationTimer", `"browserNotificationTimer": 8`, `"browserNotificationTimer": 1`)
	add("picture", e, "agent.logo", `"logo": ""`, `"logo": "http://x.example/y.png"`)
	add("picture", warn, "agent.logo", `"logo": ""`, `"logo": "mine"`)
	add("webex-without-icon", warn, "agent.desktopChatApp", header+`
        {"comp": "agentx-webex"},`, header)
	all[len(all)-1].old, all[len(all)-1].new = "", "" // Two changes: see below.
	add("missing-area", e, "agent", `"area"`, `"was"`)
	add("missing-area", warn, "agent.area", `"navigation"`, `"was"`)
	add("missing-area", warn, "agent.area", `"panel"`, `"was"`)
	add("missing-area", warn, "supervisor.area", `"homepage"`, `"was"`)
	add("missing-area", warn, "agent.area", `"advancedHeader"`, `"was"`)
	add("homepage-agent", note, "agent.area.homepage", `"navigation": []`, `"navigation": [], "homepage": {"nav": {"label": "X", "icon": "home", "iconType": "momentum", "navigateTo": "x"}, "page": {"id": "x", "widgets": {}}}`)
	add("headless-supervisor", note, "supervisor.area.headless", `"homepage": {`, `"headless": {"id": "h", "widgets": {}}, "homepage": {`)
	add("header-conflict", e, "agent.headerActions", `"logo": ""`, `"logo": "", "headerActions": []`)
	add("header-conflict", e, "agent.area.header", header, `"header": {"id": "h", "widgets": {}}, `+header)
	add("header-twice", warn, "agent.area.advancedHeader[1]", header, header+`{"comp": "agentx-webex"}, `)
	add("header-role", warn, "supervisor.area.advancedHeader[0]", "", "")
	add("header-state", warn, "agent.area.advancedHeader", `{"comp": "agentx-state-selector"}`, `{"comp": "div"}`)
	add("header-action", warn, "agent.headerActions[0]", `"logo": ""`, `"logo": "", "headerActions": [""]`)
	add("header-rows", e, "agent.area.header.layout.areas", header, `"header": {"id": "h", "widgets": {"a": {"comp": "div"}, "b": {"comp": "div"}}, "layout": {"areas": [["a"], ["b"]], "size": {"cols": [1], "rows": [1, 1]}}}, `+header)
	add("panel-tabs", warn, "agent.area.panel", `"comp": "md-tabs"`, `"comp": "div"`)
	in("missing-comp", e, w, `{}`)
	in("missing-comp", e, w+".comp", `{"comp": ""}`)
	in("comp-name", e, w+".comp", `{"comp": "<my-widget>"}`)
	in("comp-name", e, w+".comp", `{"comp": "widget"}`)
	in("comp-name", e, w+".comp", `{"comp": "My-Widget"}`)
	in("unknown-comp", warn, w+".comp", `{"comp": "my-widget"}`)
	in("script-https", e, w+".script", `{"comp": "my-widget", "script": "http://x.example/y.js"}`)
	in("script-local", warn, w+".script", `{"comp": "my-widget", "script": "http://localhost:8080/y.js"}`)
	in("script-url", e, w+".script", `{"comp": "my-widget", "script": "/y.js"}`)
	in("script-url", e, w+".script", `{"comp": "my-widget", "script": ""}`)
	in("script-built-in", warn, w+".script", `{"comp": "md-tabs", "script": "https://x.example/y.js"}`)
	in("script-differs", e, w+".children[0].script", `{"comp": "my-widget", "script": "https://x.example/1.js", "children": [{"comp": "my-widget", "script": "https://x.example/2.js"}]}`)
	add("script-differs", warn, "supervisor.area.advancedHeader[0].script", "", "")
	in("not-responsive", warn, w+".visibility", `{"comp": "div", "visibility": "NOT_RESPONSIVE"}`)
	in("visibility", warn, w+".visibility", `{"comp": "div", "visibility": "ALWAYS"}`)
	in("maximize-area", warn, w+".wrapper.maximizeAreaName", `{"comp": "div", "wrapper": {"title": "X", "maximizeAreaName": "all"}}`)
	in("wrapper-id", e, w+".children[0].wrapper.id", `{"comp": "div", "wrapper": {"id": "a"}, "children": [{"comp": "div", "wrapper": {"id": "a"}}]}`)
	headless := func(c string) (string, string) {
		return header, `"headless": {"id": "h", "widgets": {"w": ` + c + `}, "layout": {"areas": [["w"]], "size": {"cols": [1], "rows": [1]}}}, ` + header
	}
	old, new := headless(`{"comp": "div", "wrapper": {}}`)
	add("headless-wrapper", note, "agent.area.headless.widgets.w.wrapper", old, new)
	old, new = headless(`{"comp": "div", "responsive": false}`)
	add("headless-responsive", warn, "agent.area.headless.widgets.w.responsive", old, new)
	in("attribute-object", e, w+".attributes.a", `{"comp": "div", "attributes": {"a": {}}}`)
	in("attribute-null", warn, w+".attributes.a", `{"comp": "div", "attributes": {"a": null}}`)
	in("attribute-and-property", warn, w+".properties.a", `{"comp": "div", "attributes": {"a": "1"}, "properties": {"a": "1"}}`)
	in("placeholder", warn, w+".properties.a", `{"comp": "div", "properties": {"a": "<OutDialAniValue>"}}`)
	in("store-path", warn, w+".properties.a", `{"comp": "div", "properties": {"a": "$STORE.agent.agentID"}}`)
	in("store-path", note, w+".properties.a", `{"comp": "div", "properties": {"a": "$STORE.tasks.something"}}`)
	in("store-path", warn, w+".properties.a.b[0]", `{"comp": "div", "properties": {"a": {"b": ["$STORE.nothing.of.it"]}}}`)
	in("store-path", e, w+".attributes.a", `{"comp": "div", "attributes": {"a": "$STORE"}}`)
	in("store-path", warn, w+".properties.a", `{"comp": "div", "properties": {"a": "$store.agent.agentId"}}`)
	in("store-text", warn, w+".attributes.a", `{"comp": "div", "attributes": {"a": "Agent $STORE.agent.agentName"}}`)
	in("access-token", note, w+".properties.a", `{"comp": "my-widget", "script": "https://x.example/y.js", "properties": {"a": "$STORE.auth.accessToken"}}`)
	in("iframe-src", e, w, `{"comp": "agentx-wc-iframe"}`)
	in("iframe-src", e, w+".attributes.src", `{"comp": "agentx-wc-iframe", "attributes": {"src": "http://x.example"}}`)
	add("iframe-header", warn, "agent.area.advancedHeader[0]", header, header+`{"comp": "agentx-wc-iframe", "attributes": {"src": "https://x.example"}}, `)
	page("page-id", e, p, `{"widgets": {}}`)
	page("page-id", e, p+".widgets.w.properties.area.id", `{"id": "x", "widgets": {"w": {"comp": "dynamic-area", "properties": {"area": {"id": "x", "widgets": {}}}}}, "layout": {"areas": [["w"]], "size": {"cols": [1], "rows": [1]}}}`)
	page("page-widgets", e, p, `{"id": "x"}`)
	page("page-layout", e, p, `{"id": "x", "widgets": {"w": {"comp": "div"}}}`)
	page("flex-and-grid", warn, p+".layout", `{"id": "x", "useFlexLayout": true, "widgets": {}, "layout": {"areas": [], "size": {"cols": [], "rows": []}}}`)
	page("flex-size", warn, p+".widgets.w", `{"id": "x", "useFlexLayout": true, "widgets": {"w": {"comp": "div", "width": 1}}}`)
	page("flex-size", warn, p+".widgets.w.width", `{"id": "x", "useFlexLayout": true, "widgets": {"w": {"comp": "div", "width": 13, "height": 2}}}`)
	grid := func(rule string, severity layout.Severity, path, grid string) {
		page(rule, severity, path, `{"id": "x", "widgets": {"w": {"comp": "div"}, "v": {"comp": "div"}}, "layout": `+grid+`}`)
	}
	grid("grid-root", e, p+".layout.ROOT.areas[0]", `{"ROOT": {"areas": [["w", "v", "ROOT"]], "size": {"cols": [1, 1, 1], "rows": [1]}}}`)
	grid("grid-root", e, p+".layout.b.areas", `{"ROOT": {"areas": [["w", "v", "a"]], "size": {"cols": [1, 1, 1], "rows": [1]}}, "a": {"areas": [["b"]], "size": {"cols": [1], "rows": [1]}}, "b": {"areas": [["a"]], "size": {"cols": [1], "rows": [1]}}}`)
	grid("grid-unknown", e, p+".layout.areas[0]", `{"areas": [["w", "v", "u"]], "size": {"cols": [1, 1, 1], "rows": [1]}}`)
	grid("grid-twice", e, p+".layout.a.areas[0]", `{"ROOT": {"areas": [["w", "v", "a"]], "size": {"cols": [1, 1, 1], "rows": [1]}}, "a": {"areas": [["w"]], "size": {"cols": [1], "rows": [1]}}}`)
	grid("grid-twice", note, p+".layout.b.areas[0]", `{"ROOT": {"areas": [["w", "a", "b"]], "size": {"cols": [1, 1, 1], "rows": [1]}}, "a": {"areas": [["v"]], "size": {"cols": [1], "rows": [1]}}, "b": {"areas": [["a"]], "size": {"cols": [1], "rows": [1]}}}`)
	grid("grid-missing", warn, p+".widgets.v", `{"areas": [["w"]], "size": {"cols": [1], "rows": [1]}}`)
	grid("grid-shape", e, p+".layout", `{"size": {"cols": [1], "rows": [1]}}`)
	grid("grid-shape", e, p+".layout.areas[1]", `{"areas": [["w"], ["v", "v"]], "size": {"cols": [1], "rows": [1, 1]}}`)
	grid("grid-size", warn, p+".layout", `{"areas": [["w", "v"]]}`)
	grid("grid-size", e, p+".layout.size", `{"areas": [["w", "v"]], "size": {"cols": [1, 1]}}`)
	grid("grid-size", e, p+".layout.size.cols", `{"areas": [["w", "v"]], "size": {"cols": [1], "rows": [1]}}`)
	grid("grid-size", e, p+".layout.size.rows[0]", `{"areas": [["w", "v"]], "size": {"cols": [1, 1], "rows": [0]}}`)
	grid("grid-rectangle", e, p+".layout.areas", `{"areas": [["w", "v"], ["v", "w"]], "size": {"cols": [1, 1], "rows": [1, 1]}}`)
	add("nav-page", e, "agent.area.navigation[0]", `"navigation": []`, `"navigation": [{"nav": {"label": "X", "icon": "team", "iconType": "momentum", "navigateTo": "x"}}]`)
	add("nav-missing", e, "agent.area.navigation[0]", `"navigation": []`, `"navigation": [{"page": {"id": "x", "widgets": {}}}]`)
	button("nav-label", warn, n, `{"icon": "team", "iconType": "momentum", "navigateTo": "x"}`)
	button("nav-route", e, n, `{"label": "X", "icon": "team", "iconType": "momentum"}`)
	button("nav-route", e, n+".navigateTo", `{"label": "X", "icon": "team", "iconType": "momentum", "navigateTo": "/"}`)
	button("nav-reserved", e, n+".navigateTo", `{"label": "X", "icon": "team", "iconType": "momentum", "navigateTo": "/app/x"}`)
	add("nav-route", e, "supervisor.area.navigation[0].nav.navigateTo", `"navigateTo": "team"`, `"navigateTo": "home"`)
	button("nav-icon", warn, n, `{"label": "X", "iconType": "momentum", "navigateTo": "x"}`)
	button("nav-icon", warn, n, `{"label": "X", "icon": "team", "navigateTo": "x"}`)
	button("nav-icon", warn, n+".iconType", `{"label": "X", "icon": "team", "iconType": "svg", "navigateTo": "x"}`)
	button("nav-icon", warn, n+".icon", `{"label": "X", "icon": "team", "iconType": "other", "navigateTo": "x"}`)
	button("nav-icon", warn, n+".icon", `{"label": "X", "icon": "https://x.example/y.svg", "iconType": "momentum", "navigateTo": "x"}`)
	button("nav-icon", e, n+".icon", `{"label": "X", "icon": "http://x.example/y.svg", "iconType": "other", "navigateTo": "x"}`)
	button("nav-align", warn, n+".align", `{"label": "X", "icon": "team", "iconType": "momentum", "navigateTo": "x", "align": "bottom"}`)
	add("landing-page", warn, "supervisor.area.navigation[0].nav.isDefaultLandingPage", "", "")
	add("landing-page", warn, n+".isDefaultLandingPage", `"navigation": []`, `"navigation": [{"nav": {"label": "X", "icon": "team", "iconType": "momentum", "navigateTo": "x", "isDefaultLandingPage": true}, "page": {"id": "x", "widgets": {"w": {"comp": "analyzer-widget"}}, "layout": {"areas": [["w"]], "size": {"cols": [1], "rows": [1]}}}}]`)
	add("tab-slot", e, "agent.area.panel.children[0]", `"slot": "tab"`, `"slot": "panel"`)
	add("tab-pairs", e, "agent.area.panel.children[5]", `"comp": "md-tab"`, `"comp": "div"`)
	ours := func(rule string, severity layout.Severity, path, component string) {
		in(rule, severity, path, `{"comp": "deskbridge-widget", `+component+`}`)
	}
	const script = `"script": "https://desk.example/desk/deskbridge-widget.js", `
	ours("our-script", e, w, `"properties": {"mode": "page"}`)
	ours("our-attribute", warn, w+".attributes.popAt", script+`"attributes": {"popAt": "ring"}`)
	ours("our-property", e, w+".properties.popAt", script+`"properties": {"popAt": "later"}`)
	ours("our-property", e, w+".properties.liveNotes", script+`"properties": {"liveNotes": "true"}`)
	ours("our-property", e, w+".properties.panelWidth", script+`"properties": {"panelWidth": "500"}`)
	ours("our-property", e, w+".properties.stripPrefixes", script+`"properties": {"stripPrefixes": "9"}`)
	ours("our-property", e, w+".properties.ticketProperties", script+`"properties": {"ticketProperties": {"a": 1}}`)
	ours("our-property", e, w+".properties.popVariables", script+`"properties": {"popVariables": [{"variable": "x"}]}`)
	ours("our-property", e, w+".properties.dateFormat", script+`"properties": {"dateFormat": 1}`)
	ours("our-property", warn, w+".properties.popat", script+`"properties": {"popat": "ring"}`)
	ours("our-old-name", warn, w+".properties.adavanceSearchCadVariableName", script+`"properties": {"adavanceSearchCadVariableName": "x"}`)
	ours("our-mode", e, w+".properties.mode", script+`"properties": {"mode": "headless"}`)
	in("two-connectors", warn, w, `{"comp": "agentx-custom-desktop", "script": "https://cx-crmconnector.ciscoccservice.com/zendesk/v1/dist/index.js", "children": [{"comp": "deskbridge-widget", "script": "https://desk.example/desk/deskbridge-widget.js"}]}`)
	in("two-connectors", warn, w+".children[0]", `{"comp": "agentx-custom-desktop", "script": "https://cx-crmconnector.ciscoccservice.com/zendesk/v1/dist/index.js", "children": [{"comp": "agentx-msdynamics-desktop"}]}`)
	return all
}

// change makes the case's layout.
func (c ruleCase) change(t *testing.T, text string) string {
	t.Helper()
	replace := func(old, new string, n int) {
		t.Helper()
		require.Contains(t, text, old)
		text = strings.Replace(text, old, new, n)
	}
	if c.old != "" {
		if strings.HasPrefix(c.path, "supervisor") {
			start := strings.Index(text, `"supervisor": {`)
			head, tail := text[:start], text[start:]
			require.Contains(t, tail, c.old)
			return head + strings.Replace(tail, c.old, c.new, 1)
		}
		replace(c.old, c.new, 1)
		return text
	}
	switch c.rule { // Those that take two changes, or one further back.
	case "webex-without-icon":
		replace(`{"comp": "agentx-webex"}`, `{"comp": "div"}`, 1)
		replace(`"webexConfigured": false`, `"webexConfigured": true`, 1)
	case "header-role":
		start := strings.Index(text, `"supervisor": {`)
		text = text[:start] + strings.Replace(text[start:], `{"comp": "agentx-webex"}`, `{"comp": "agentx-outdial"}`, 1)
	case "script-differs":
		start := strings.Index(text, `"supervisor": {`)
		text = strings.Replace(text[:start], `{"comp": "agentx-webex"}`, `{"comp": "my-widget", "script": "https://x.example/1.js"}`, 1) +
			strings.Replace(text[start:], `{"comp": "agentx-webex"}`, `{"comp": "my-widget", "script": "https://x.example/2.js"}`, 1)
	case "landing-page":
		replace(`"navigateTo": "home"`, `"navigateTo": "home", "isDefaultLandingPage": true`, 1)
		replace(`"navigateTo": "team"`, `"navigateTo": "team", "isDefaultLandingPage": true`, 1)
	default:
		t.Fatalf("%s: no change", c.rule)
	}
	return text
}

func TestRules(t *testing.T) {
	t.Parallel()
	text := blank(t)
	for _, c := range ruleCases() {
		t.Run(c.rule+" "+c.path, func(t *testing.T) {
			t.Parallel()
			changed := c.change(t, text)

			problems := layout.Check(parse(t, changed))

			i := slices.IndexFunc(problems, func(p layout.Problem) bool {
				return p.Rule == c.rule && p.Path == c.path && p.Severity == c.severity
			})
			require.GreaterOrEqual(t, i, 0, "%v\n%s", problems, changed[:min(len(changed), 3000)])
			p := problems[i]
			lines := strings.Split(changed, "\n")
			require.LessOrEqual(t, p.Line, len(lines))
			require.LessOrEqual(t, p.Col, len([]rune(lines[p.Line-1]))+1)
			for _, sentence := range []string{p.What, p.Fix} {
				require.Regexp(t, `^\S.*[.?]$`, sentence)
			}
		})
	}
}

// Every rule that the code knows has a case.
func TestEveryRuleHasACase(t *testing.T) {
	t.Parallel()
	tested := map[string]bool{"flat-layout": true, "more": true} // They have tests of their own.
	for _, c := range ruleCases() {
		tested[c.rule] = true
	}
	found := map[string]bool{}
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		syntax, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		ast.Inspect(syntax, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) < 4 {
				return true
			}
			if selector, ok := call.Fun.(*ast.SelectorExpr); ok && slices.Contains([]string{"note", "habit", "unique", "problem"}, selector.Sel.Name) {
				for _, a := range call.Args[2:] {
					if literal, ok := a.(*ast.BasicLit); ok && literal.Kind == token.STRING {
						rule, err := strconv.Unquote(literal.Value)
						require.NoError(t, err)
						if rule != "" && !strings.ContainsAny(rule, " .") && rule != "refused" {
							found[rule] = true
							require.True(t, tested[rule], "%s: %s has no case", name, rule)
						}
						break
					}
				}
			}
			return true
		})
	}
	require.Greater(t, len(found), 60)
}

func TestFlatLayoutsAreReported(t *testing.T) {
	t.Parallel()
	d := parse(t, `{"version": "0.0.6", "appTitle": "X", "area": {"header": 1}}`)

	problems := layout.Check(d)

	require.True(t, d.Layout().Flat)
	require.Len(t, problems, 1)
	require.Equal(t, "flat-layout", problems[0].Rule)
	require.Contains(t, problems[0].What, "0.0.6")
	_, err := layout.Insert(d, options)
	require.ErrorContains(t, err, "before version 0.1.0")
	_, _, err = layout.Convert(d, options)
	require.ErrorContains(t, err, "before version 0.1.0")
}

func TestProblemsAreLimited(t *testing.T) {
	t.Parallel()
	text := `{"agent": {"area": {"advancedHeader": [` + strings.TrimSuffix(strings.Repeat(`{"comp": 1, "Comp": 2},`, 5000), ",") + `]}}}`

	problems := layout.Check(parse(t, text))

	require.Len(t, problems, 501)
	last := problems[500]
	require.Equal(t, "more", last.Rule)
	require.Regexp(t, `^There are \d{4,5} problems more\.$`, last.What)
}

func TestProblemsComeInTheOrderOfTheFile(t *testing.T) {
	t.Parallel()
	problems := layout.Check(parse(t, `{"agent": {"area": {"panel": {}, "navigation": 1}}, "supervisor": 1, "supervisorAgent": []}`))

	require.Greater(t, len(problems), 5)
	require.True(t, slices.IsSortedFunc(problems, func(a, b layout.Problem) int { return a.Col - b.Col }))
}
