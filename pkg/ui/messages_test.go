package ui_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"deskbridge/pkg/softphone"
	"deskbridge/pkg/stories"
	"deskbridge/pkg/ui"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

// constants are the string constants of a type, read from softphone's source,
// so that a new one is noticed here.
func constants(t *testing.T, file, typeName string) []string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "../softphone/"+file, nil, 0)
	require.NoError(t, err)
	var out []string
	ast.Inspect(f, func(n ast.Node) bool {
		spec, isSpec := n.(*ast.ValueSpec)
		if !isSpec {
			return true
		}
		if id, named := spec.Type.(*ast.Ident); named && id.Name == typeName {
			for _, v := range spec.Values {
				s, err := strconv.Unquote(v.(*ast.BasicLit).Value)
				require.NoError(t, err)
				out = append(out, s)
			}
		}
		return true
	})
	require.NotEmpty(t, out, "no constants of %s in %s", typeName, file)
	return out
}

func TestEveryProblemSaysWhatWorksAndWhatToDo(t *testing.T) {
	t.Parallel()
	for _, code := range constants(t, "problem.go", "ProblemCode") {
		for _, part := range []string{"what", "works", "do"} {
			sentence := ui.English()["problem."+code+"."+part]
			assert.NotEmpty(t, sentence, "%s.%s", code, part)
			assert.True(t, strings.HasSuffix(sentence, "."), "%s.%s is no sentence: %q", code, part, sentence)
		}

		v := idleView()
		v.Problems = []softphone.Problem{{ID: 7, Code: softphone.ProblemCode(code)}}
		root := parse(t, ui.Screen(v, ui.Env{Now: now}))

		banner := byID(root, "problem-7")
		require.NotNil(t, banner, code)
		assert.Contains(t, []string{"alert", "status"}, attr(banner, "role"))
		assert.NotContains(t, text(banner), "{", "an argument was left open")
		assert.NotContains(t, text(banner), "problem.", "a sentence is missing")
	}
}

func TestArgumentsOfProblemsAreInTheirSentences(t *testing.T) {
	t.Parallel()
	v := idleView()
	v.Problems = []softphone.Problem{{ID: 1, Code: softphone.CommandRefused, Args: []string{"hold", "409 conflict"}}}

	root := parse(t, ui.Screen(v, ui.Env{Now: now}))

	require.Contains(t, text(byID(root, "problem-1")), "Webex refused hold (409 conflict).")
}

func TestEveryReasonHasASentence(t *testing.T) {
	t.Parallel()
	for _, why := range constants(t, "view.go", "Reason") {
		if why != string(softphone.NotHere) {
			assert.NotEmpty(t, ui.English()["why."+why], why)
		}
	}
}

func TestEveryScreenHasAHeading(t *testing.T) {
	t.Parallel()
	for _, s := range constants(t, "view.go", "Screen") {
		assert.NotEmpty(t, ui.English()["h1."+s], s)
	}
}

func TestEveryStateWordHasAWordAndADotOfItsOwn(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, w := range constants(t, "view.go", "StatusWord") {
		assert.NotEmpty(t, ui.English()["word."+w], w)
		dot := ui.Looks()[softphone.StatusWord(w)]
		assert.NotEmpty(t, dot, w)
		assert.Empty(t, seen[dot], "%s and %s have the same dot", w, seen[dot])
		seen[dot] = w
	}
}

func TestEveryPhaseAndOperationHasAName(t *testing.T) {
	t.Parallel()
	for _, p := range constants(t, "state.go", "Phase") {
		assert.NotEmpty(t, ui.English()["phase."+p], p)
	}
	for _, op := range constants(t, "state.go", "Op") {
		assert.NotEmpty(t, ui.English()["op."+op], op)
	}
	for _, o := range constants(t, "state.go", "LoginOption") {
		assert.NotEmpty(t, ui.English()["station.option-"+o], o)
	}
}

// TestMessagesInTheSourceExist finds ids that are written out in full.
func TestMessagesInTheSourceExist(t *testing.T) {
	t.Parallel()
	id := regexp.MustCompile(`(?:\.t\(|T\([\w.]+, |polite\(|urgent\(|label: )"([a-z0-9-]+\.[a-zA-Z0-9_-]*[a-z0-9])"`)
	files, err := os.ReadDir(".")
	require.NoError(t, err)
	found := 0
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		src, err := os.ReadFile(f.Name())
		require.NoError(t, err)
		for _, m := range id.FindAllStringSubmatch(string(src), -1) {
			found++
			assert.Contains(t, ui.English(), m[1], f.Name())
		}
	}
	require.Greater(t, found, 80, "the pattern no longer finds the ids")
}

// TestNoMessageIdIsOnScreen catches ids that are put together while drawing.
func TestNoMessageIdIsOnScreen(t *testing.T) {
	id := regexp.MustCompile(`\b(word|why|problem|offline|call|phase|h1|match|station|receipt|outcome|control|history|day|month|incoming)\.[a-z-]`)
	eachStory(t, func(t *testing.T, _ stories.Story, root *html.Node) {
		assert.NotRegexp(t, id, raw(root))
		for _, n := range all(root, func(*html.Node) bool { return true }) {
			assert.NotRegexp(t, id, attr(n, "aria-label"))
		}
	})
}

// ids are the messages of a catalogue's text, in order, each once.
func ids(t *testing.T, lang, text string) []string {
	t.Helper()
	var out []string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		require.Regexp(t, `^[a-zA-Z0-9][a-zA-Z0-9._/-]* =( \S.*)?$`, line, lang)
		id, _, _ := strings.Cut(line, " =")
		require.NotContains(t, out, id, lang)
		out = append(out, id)
	}
	return out
}

// TestLanguagesAreComplete: each language has what English has, nothing else,
// and says the same things.
func TestLanguagesAreComplete(t *testing.T) {
	t.Parallel()
	texts := ui.Texts()
	want := ids(t, "en", texts["en"])
	place := regexp.MustCompile(`\{[^}]*\}?`)
	for lang, text := range texts {
		got := ids(t, lang, text)
		missing, unknown := without(want, got), without(got, want)
		assert.Empty(t, missing, "%s lacks messages", lang)
		assert.Empty(t, unknown, "%s has messages that English lacks", lang)
		messages := ui.Messages(lang)
		for id, en := range ui.English() {
			places := place.FindAllString(en, -1)
			assert.ElementsMatch(t, places, place.FindAllString(messages[id], -1), "%s: the arguments of %s", lang, id)
			assert.Equal(t, en == "", messages[id] == "", "%s: %s", lang, id)
		}
	}
}

func without(a, b []string) []string {
	var out []string
	for _, s := range a {
		if !slices.Contains(b, s) {
			out = append(out, s)
		}
	}
	return out
}

// TestSentencesStayInTheirLanguage: what was forgotten would be the English
// text. Names and what is the same in both are listed.
func TestSentencesStayInTheirLanguage(t *testing.T) {
	t.Parallel()
	for lang := range ui.Texts() {
		if lang == "en" {
			continue
		}
		for id, en := range ui.English() {
			if strings.Count(en, " ") >= 2 && !strings.HasPrefix(id, "duration.") && !strings.HasPrefix(id, "date.") {
				assert.NotEqual(t, en, ui.Messages(lang)[id], "%s: %s", lang, id)
			}
		}
	}
}

// TestLabelsOfControlsAreShort: they stand under small pictures, in one line.
func TestLabelsOfControlsAreShort(t *testing.T) {
	t.Parallel()
	for lang := range ui.Texts() {
		for id, text := range ui.Messages(lang) {
			if strings.HasPrefix(id, "control.") && id != "control.complete" {
				assert.LessOrEqual(t, utf8.RuneCountInString(text), 11, "%s: %s = %s", lang, id, text)
			}
		}
	}
}

// TestNoMessageIsUnused: each message's id is in the source, in full or as
// what it begins with.
func TestNoMessageIsUnused(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	literals := map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		require.NoError(t, err)
		ast.Inspect(f, func(n ast.Node) bool {
			if lit, is := n.(*ast.BasicLit); is && lit.Kind == token.STRING {
				if s, err := strconv.Unquote(lit.Value); err == nil {
					literals[s] = true
				}
			}
			return true
		})
	}
	endings := []string{"", ".what", ".works", ".do", "-lead"}
	for id := range ui.English() {
		used := false
		for _, ending := range endings {
			stem, cut := strings.CutSuffix(id, ending)
			used = used || cut && literals[stem]
		}
		for n, c := range id {
			used = used || (c == '.' || c == '-') && literals[id[:n+1]]
		}
		assert.True(t, used, "nothing says %s", id)
	}
}

// TestPseudoLanguageShowsWhatIsCut: longer than English by a third, in
// brackets, with the same arguments.
func TestPseudoLanguageShowsWhatIsCut(t *testing.T) {
	t.Parallel()
	require.Equal(t, "[Çåļļ Ann···]", ui.T("en-XA", "history.redial", "Ann"))
	for id, en := range ui.English() {
		if en == "" {
			continue
		}
		got := ui.Messages("en-XA")[id]
		assert.GreaterOrEqual(t, utf8.RuneCountInString(got)*100, utf8.RuneCountInString(en)*135, id)
	}
}

func TestTFallsBackAndFillsIn(t *testing.T) {
	t.Parallel()
	require.Equal(t, "Call Ann", ui.T("en", "history.redial", "Ann"))
	require.Equal(t, "Call Ann", ui.T("tlh", "history.redial", "Ann"))
	require.Equal(t, "no.such", ui.T("en", "no.such"))
	require.Equal(t, "2 h {0} min", ui.T("en", "duration.hm", "2", "{0}"), "an argument is never a place")
	require.Equal(t, "{0} s", ui.T("en", "duration.s"))
}

// TestPanelSaysWhichLanguageItSpeaks: a screen reader must not read English
// with a German voice.
func TestPanelSaysWhichLanguageItSpeaks(t *testing.T) {
	t.Parallel()
	for browser, want := range map[string]string{"": "en", "en-GB": "en", "tlh": "en", "EN-xa": "en-XA", "de": "de", "de-AT": "de", "pt-BR": "pt", "fr-CA": "fr", "es-419": "es", "ja": "ja"} {
		root := parse(t, ui.Screen(idleView(), ui.Env{Lang: browser, Now: now}))
		require.Equal(t, want, attr(root, "lang"), browser)
	}
}
