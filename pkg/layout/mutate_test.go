package layout_test

import (
	"errors"
	"flag"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/layout"
)

var update = flag.Bool("update", false, "write the table of properties anew")

// use does with a layout everything that can be done. It fails the test where
// a layout neither loads nor says why, or where an edit is not what it says.
func use(t testing.TB, text []byte) (loads bool) {
	t.Helper()
	d, err := layout.Parse(text)
	if err != nil {
		var syntax *layout.SyntaxError
		if !errors.As(err, &syntax) {
			require.ErrorContains(t, err, "bytes, and at most")
			return false
		}
		require.Positive(t, syntax.Line)
		require.Positive(t, syntax.Col)
		require.NotEmpty(t, syntax.What)
		require.NotEmpty(t, syntax.Fix)
		return false
	}
	require.Equal(t, string(text), string(d.Bytes()))
	for _, p := range layout.Check(d) {
		require.Positive(t, p.Line)
		require.Positive(t, p.Col)
		require.NotEmpty(t, p.Rule)
		require.NotEmpty(t, p.What)
		require.NotEmpty(t, p.Fix)
		require.Contains(t, []layout.Severity{layout.Error, layout.Warning, layout.Note}, p.Severity)
	}
	var refusal layout.Refusal
	ours := strings.Contains(string(text), layout.Element)
	if once, err := layout.Insert(d, options); err == nil {
		twice, err := layout.Insert(once, options)
		require.NoError(t, err)
		require.Equal(t, string(once.Bytes()), string(twice.Bytes()))
		if bare, err := layout.Remove(once); err == nil && !ours {
			require.Equal(t, string(text), string(bare.Bytes()))
		} else if err != nil {
			require.ErrorAs(t, err, &refusal)
			require.True(t, ours)
		}
	} else {
		require.ErrorAs(t, err, &refusal)
	}
	if next, told, err := layout.Convert(d, options); err == nil {
		for _, c := range told {
			require.NotEmpty(t, c.New+c.Note, c.Old)
		}
		_, err := layout.Remove(next)
		require.True(t, err == nil || errors.As(err, &refusal), err)
	} else {
		require.ErrorAs(t, err, &refusal)
	}
	return true
}

// mutate damages a layout as people, editors and lines do.
func mutate(r *rand.Rand, text []byte) []byte {
	text = slices.Clone(text)
	for range 1 + r.IntN(4) {
		if len(text) == 0 {
			return text
		}
		i, j := r.IntN(len(text)), r.IntN(len(text))
		if i > j {
			i, j = j, i
		}
		switch r.IntN(9) {
		case 0: // Cut off.
			text = text[:j]
		case 1: // A byte.
			text[i] = byte(r.IntN(256))
		case 2: // A piece is missing.
			text = slices.Delete(text, i, min(j, i+60))
		case 3: // A piece is there twice.
			piece := slices.Clone(text[i:min(j, i+200)])
			text = slices.Insert(text, j, piece...)
		case 4: // Another type.
			text = swap(r, text, []string{"true", "false", `"true"`, `"false"`, "8", "1", `""`, "null", "{}", "[]", "[1]"})
		case 5: // Another word.
			text = swap(r, text, []string{"comp", "children", "panel", "area", "widgets", "layout", "areas", "size", "rows", "cols", "headless",
				"navigation", "advancedHeader", "properties", "attributes", "script", "agent", "supervisor", "page", "nav", "md-tab", "md-tab-panel", "md-tabs", "comp1", "ROOT"})
		case 6: // A bracket.
			text = swap(r, text, []string{"{", "}", "[", "]"})
		case 7: // A comment, or a comma.
			text = slices.Insert(text, i, []byte([]string{"// x\n", "/* x */", ",", "\ufeff", "\t"}[r.IntN(5)])...)
		case 8: // A line goes elsewhere.
			all := strings.SplitAfter(string(text), "\n")
			a, b := r.IntN(len(all)), r.IntN(len(all))
			all[a], all[b] = all[b], all[a]
			text = []byte(strings.Join(all, ""))
		}
	}
	return text
}

// swap replaces one word by another one.
func swap(r *rand.Rand, text []byte, all []string) []byte {
	old, new := all[r.IntN(len(all))], all[r.IntN(len(all))]
	n := strings.Count(string(text), old)
	if n == 0 {
		return text
	}
	at := 0
	for range 1 + r.IntN(n) {
		at += strings.Index(string(text)[at:], old) + 1
	}
	return append(append(slices.Clone(text[:at-1]), new...), text[at-1+len(old):]...)
}

func TestMutatedLayoutsLoadOrSayWhy(t *testing.T) {
	t.Parallel()
	all := every(t)
	names := slices.Sorted(maps.Keys(all))
	r := rand.New(rand.NewPCG(5, 10))
	loaded := 0
	const count = 1000
	for i := range count {
		name := names[i%len(names)]
		text := mutate(r, all[name])
		if use(t, text) {
			loaded++
		}
		if t.Failed() {
			t.Fatalf("mutation %d, of %s", i, name)
		}
	}
	require.Greater(t, loaded, count/10)
	require.Less(t, loaded, count*9/10)
}

func FuzzLayout(f *testing.F) {
	f.Add(samples(f)["panel.json"])
	for _, c := range ruleCases() {
		if c.new != "" {
			f.Add([]byte("{" + c.new + "}"))
		}
	}
	f.Add([]byte(with(f, "msdynamics", `{"phoneCallActivityRecordConfig": {"createActivityRecordForInboundCall": true}, "createCaseRecordConfig": [{"CadFieldName": "a", "msDynamicsFieldName": "b"}]}`)))
	f.Add([]byte(with(f, "salesforce", `{"class": "x", "outDialAni": "1"}`)))
	f.Add([]byte(`{"agent":{"area":{"headless":{"widgets":{"a":{"comp":"deskbridge-widget","properties":{"desktopWidth":"5"}}},"layout":{"areas":[["a","b"]],"size":{"cols":[1,1],"rows":[1]}}}}}}`))
	f.Fuzz(func(t *testing.T, text []byte) { use(t, text) })
}

// The README includes this file.
func TestTableOfPropertiesIsUpToDate(t *testing.T) {
	t.Parallel()
	path := filepath.Join("testdata", "properties.md")
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(path, []byte(layout.Table()), 0o644))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)

	require.Equal(t, string(want), layout.Table(), "run go test ./pkg/layout -update")
	for _, p := range layout.Properties {
		require.Contains(t, string(want), "| `"+p.Name+"` |")
		require.NotEmpty(t, p.What)
		require.True(t, p.Type != layout.Choice || len(p.Choices) > 1, p.Name)
	}
}

func TestNoNameOfCiscosMeansTwoThings(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	add := func(o layout.Old, means string) {
		for _, name := range append([]string{o.Name}, o.Also...) {
			key := string(o.Connector) + " " + name
			require.Empty(t, seen[key], key)
			seen[key] = means
		}
	}
	for _, p := range layout.Properties {
		for _, o := range p.Old {
			add(o, p.Name)
		}
	}
	for _, g := range layout.Without {
		add(g.Old, g.Why)
	}
}
