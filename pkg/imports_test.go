package pkg_test

import (
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	module   = "deskbridge/"
	goApp    = "github.com/maxence-charriere/go-app/v10"
	safejs   = "github.com/hack-pad/safejs"
	echo     = "github.com/labstack/echo"
	browser  = "pkg/browser"
	emulator = "an emulator"
)

// ours is who may import which packages of this module. Tests may import more
// (see TestWhoImportsWhom); a package that is not listed may import none.
var ours = map[string][]string{
	"wasm":           {"browser", "engine", "ui", "softphone", "callingext", "webexcc", "desktop", "backend", "fetch"},
	"wasm/pages":     {"browser", "ui", "softphone", "callingext", "layout", "fetch", "backend"},
	"wasm/storybook": {"browser", "ui", "softphone", "stories"},
	"wasm/studio":    {"browser", "layout", "studio"},
	"server": {
		"ui", "backend", "hubspot", "ledger", "lookup", "tenant", "tokens", "layout", "webexcc", "native", "fetch", "web",
		"webexcc/webexcctest", "hubspot/hubspottest", // In sandbox*.go only.
	},
	"server/e2e":  {},                    // Tests only: they drive the built server from outside.
	"server/soak": {"backend", "native"}, // Likewise, as widgets.
	"layouts":     {"layout"},
	"web":         {},
	"web/wasmrun": {},

	"pkg/engine":              {"softphone", "callingext", "webexcc", "desktop", "backend", "fetch"},
	"pkg/ui":                  {"softphone"},
	"pkg/stories":             {"softphone", "ui"},
	browser:                   {"callingext", "webexcc", "desktop", "backend", "fetch"},
	"pkg/native":              {"fetch", "webexcc"},
	"pkg/ledger":              {"hubspot", "tenant", "backend"},
	"pkg/lookup":              {"hubspot", "tenant"},
	"pkg/desktop":             {"webexcc"},
	"pkg/webexcc/webexcctest": {"webexcc"},
	"pkg/hubspot/hubspottest": {"hubspot"},
	"pkg/desktop/desktoptest": {"desktop", "webexcc", "native"},

	"pkg/softphone":  {},
	"pkg/callingext": {},
	"pkg/webexcc":    {"fetch"},
	"pkg/hubspot":    {},
	"pkg/backend":    {"fetch"},
	"pkg/layout":     {},
	"pkg/studio":     {"layout"},
	"pkg/tenant":     {},
	"pkg/tokens":     {},
	"pkg/fetch":      {},
}

// pure is all of the standard library that the state machine may see: nothing
// with a clock of its own, I/O or chance. Of time it uses values only.
var pure = []string{"cmp", "encoding/json", "errors", "fmt", "maps", "slices", "strconv", "strings", "time", "unicode", "unicode/utf8"}

// bundled are the packages that end up in app.wasm, where every kilobyte is
// waited for. heavy is what they must not bring; the build leaves it out of
// go-app, too.
var (
	bundled = []string{"wasm", browser, "pkg/engine", "pkg/ui", "pkg/softphone", "pkg/callingext", "pkg/webexcc", "pkg/desktop", "pkg/backend", "pkg/fetch"}
	heavy   = []string{"log/slog", "log", "regexp", "text/template", "html/template", "net/http", "crypto/tls", "golang.org/x/oauth2"}
)

// file is one Go file of ours with what it imports.
type file struct {
	path, dir string // Relative to the module's root.
	test      bool
	tag       string // Its build constraint.
	imports   []string
	syntax    *ast.File
}

// tree parses every Go file of the module: parsing in process, unlike a call
// of go list, is never answered from a stale test cache.
func tree(t *testing.T) []file {
	t.Helper()
	var files []file
	err := filepath.WalkDir("..", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := d.Name()
		if d.IsDir() {
			if name != ".." && (strings.HasPrefix(base, ".") || base == "node_modules" || base == "testdata" || base == "tmp" || base == "bin") {
				return filepath.SkipDir
			}
			return nil
		}
		if path.Ext(base) == ".go" {
			files = append(files, parse(t, name))
		}
		return nil
	})
	require.NoError(t, err)
	require.Greater(t, len(files), 60)
	return files
}

func parse(t *testing.T, name string) file {
	t.Helper()
	syntax, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
	require.NoError(t, err)
	relative := filepath.ToSlash(strings.TrimPrefix(name, "../"))
	f := file{path: relative, dir: path.Dir(relative), test: strings.HasSuffix(relative, "_test.go"), syntax: syntax}
	for _, group := range syntax.Comments {
		for _, c := range group.List {
			if c.Pos() < syntax.Package && constraint.IsGoBuild(c.Text) {
				f.tag = strings.TrimSpace(strings.TrimPrefix(c.Text, "//go:build"))
			}
		}
	}
	for _, spec := range syntax.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		require.NoError(t, err)
		f.imports = append(f.imports, imported)
	}
	return f
}

// each calls check with every import of every file and reports what it says.
func each(t *testing.T, check func(f file, imported string) (problem string)) {
	t.Helper()
	for _, f := range tree(t) {
		for _, imported := range f.imports {
			if problem := check(f, imported); problem != "" {
				t.Errorf("%s imports %s: %s", f.path, imported, problem)
			}
		}
	}
}

func isEmulator(imported string) bool {
	return strings.HasSuffix(imported, "/webexcctest") || strings.HasSuffix(imported, "/hubspottest") || strings.HasSuffix(imported, "/desktoptest")
}

func TestWhoImportsWhom(t *testing.T) {
	t.Parallel()
	each(t, func(f file, imported string) string {
		name, isOurs := strings.CutPrefix(imported, module)
		if !isOurs {
			return ""
		}
		allowed, listed := ours[f.dir]
		short := strings.TrimPrefix(name, "pkg/")
		switch {
		case name == f.dir, f.dir == "pkg":
			return "" // External tests.
		case f.test && (isEmulator(imported) || short == "native" || short == "stories" || short == "desktop" || strings.HasPrefix(f.dir, name)):
			return ""
		case !listed:
			return "the package is not in this test's table"
		case !slices.Contains(allowed, short):
			return "allowed: " + strings.Join(allowed, " ")
		}
		return ""
	})
}

func TestTableNamesPackagesThatMayExist(t *testing.T) {
	t.Parallel()
	known := slices.Collect(maps.Keys(ours))
	for dir, allowed := range ours {
		for _, name := range allowed {
			require.True(t, slices.Contains(known, "pkg/"+name) || slices.Contains(known, name), "%s: %s", dir, name)
		}
	}
	for _, f := range tree(t) {
		if f.dir != "pkg" {
			require.Contains(t, known, f.dir, "put %s into the table", f.dir)
		}
	}
}

func TestOnlyBrowserSpeaksJavaScript(t *testing.T) {
	t.Parallel()
	each(t, func(f file, imported string) string {
		switch {
		case imported == "syscall/js":
			return "nobody does"
		case imported == safejs && f.dir != browser:
			return "only pkg/browser does"
		}
		return ""
	})
}

func TestFrameworksStayAtTheEdge(t *testing.T) {
	t.Parallel()
	each(t, func(f file, imported string) string {
		switch {
		case strings.HasPrefix(imported, goApp) && !slices.Contains([]string{"pkg/ui", "wasm", "wasm/pages", "wasm/storybook", "wasm/studio", "server"}, f.dir):
			return "only ui, wasm, its pages and server do"
		case strings.HasPrefix(imported, echo) && f.dir != "server":
			return "only server does"
		case (strings.HasPrefix(imported, "go.opentelemetry.io/") || strings.HasPrefix(imported, "github.com/prometheus/")) && f.dir != "server":
			return "only server measures; others say what happened through a hook"
		}
		return ""
	})
}

func TestSoftphoneIsPure(t *testing.T) {
	t.Parallel()
	each(t, func(f file, imported string) string {
		if f.dir == "pkg/softphone" && !f.test && !slices.Contains(pure, imported) {
			return "it may import " + strings.Join(pure, " ")
		}
		return ""
	})
	for _, f := range tree(t) {
		if f.dir != "pkg/softphone" || f.test {
			continue
		}
		for _, name := range []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "NewTimer", "NewTicker", "Tick"} {
			require.False(t, mentions(f, "time", name), "%s: time.%s: the time is an argument of Step", f.path, name)
		}
	}
}

func TestEmulatorsAreForTestsAndTheSandbox(t *testing.T) {
	t.Parallel()
	each(t, func(f file, imported string) string {
		switch {
		case isEmulator(f.dir) && !f.test && (imported == "testing" || strings.HasPrefix(imported, "github.com/stretchr/")):
			return "people run " + emulator + " outside tests"
		case isEmulator(imported) && !f.test && !(f.dir == "server" && strings.HasPrefix(path.Base(f.path), "sandbox")):
			return "only tests and server/sandbox*.go do"
		}
		return ""
	})
}

func TestBuildTagsStayInTheBrowser(t *testing.T) {
	t.Parallel()
	for _, f := range tree(t) {
		switch {
		case f.dir == "wasm" || strings.HasPrefix(f.dir, "wasm/") || f.dir == browser:
			if !f.test {
				require.Equal(t, "js && wasm", f.tag, f.path)
			}
		default:
			require.Empty(t, f.tag, f.path)
		}
		for _, suffix := range []string{"_js.go", "_wasm.go", "_js_test.go", "_wasm_test.go"} {
			require.False(t, strings.HasSuffix(f.path, suffix), "%s: a tag in a file's name", f.path)
		}
	}
}

func TestBundleStaysSmall(t *testing.T) {
	t.Parallel()
	each(t, func(f file, imported string) string {
		if slices.Contains(bundled, f.dir) && !f.test && slices.ContainsFunc(heavy, func(h string) bool {
			return imported == h || strings.HasPrefix(imported, h+"/")
		}) {
			return "it would make app.wasm larger"
		}
		return ""
	})
}

// mentions says whether f uses name of the package with that import path.
func mentions(f file, imported, name string) bool {
	local := ""
	for _, spec := range f.syntax.Imports {
		if spec.Path.Value == strconv.Quote(imported) {
			local = path.Base(imported)
			if spec.Name != nil {
				local = spec.Name.Name
			}
		}
	}
	if local == "" {
		return false
	}
	found := false
	ast.Inspect(f.syntax, func(n ast.Node) bool {
		if s, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := s.X.(*ast.Ident); ok && x.Name == local && s.Sel.Name == name {
				found = true
			}
		}
		return true
	})
	return found
}

// The check itself has to find something.
func TestMentionsFinds(t *testing.T) {
	t.Parallel()
	syntax, err := parser.ParseFile(token.NewFileSet(), "x.go", `package x
import clock "time"
var c = clock.Now`, parser.SkipObjectResolution)
	require.NoError(t, err)
	f := file{syntax: syntax}

	require.True(t, mentions(f, "time", "Now"))
	require.False(t, mentions(f, "time", "Sleep"))
	require.False(t, mentions(f, "clock", "Now"))
}
