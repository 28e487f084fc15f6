package layout_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/layout"
)

// patched is the new text by a difference with everything around it.
func patched(hunks []layout.Hunk) (old, new string) {
	var a, b strings.Builder
	for _, h := range hunks {
		for _, l := range h {
			if l.Mark != '+' {
				a.WriteString(l.Text + "\n")
			}
			if l.Mark != '-' {
				b.WriteString(l.Text + "\n")
			}
		}
	}
	return a.String(), b.String()
}

func TestDiffIsWhatChanged(t *testing.T) {
	t.Parallel()
	old := "a\nb\nc\nd\ne\nf\ng\nh\n"
	hunks := layout.Diff([]byte(old), []byte("a\nb\nx\nd\ne\nf\ng\nh\ni\n"), 1)

	require.Equal(t, []layout.Hunk{
		{{' ', 2, 2, "b"}, {'-', 3, 0, "c"}, {'+', 0, 3, "x"}, {' ', 4, 4, "d"}},
		{{' ', 8, 8, "h"}, {'+', 0, 9, "i"}},
	}, hunks)
	require.Nil(t, layout.Diff([]byte(old), []byte(old), 3))
	require.Nil(t, layout.Diff(nil, nil, 3))
	require.Equal(t, []layout.Hunk{{{'+', 0, 1, "a"}}}, layout.Diff(nil, []byte("a\n"), 3))
	require.Equal(t, []layout.Hunk{{{'-', 1, 0, "a"}, {'+', 0, 1, "a"}}}, layout.Diff([]byte("a"), []byte("a\r\n"), 3), "the end of a line counts")
}

func TestDiffMakesOneTextTheOther(t *testing.T) {
	t.Parallel()
	chance := rand.New(rand.NewPCG(1, 2))
	for range 500 {
		text := func() string {
			var b strings.Builder
			for range chance.IntN(30) {
				fmt.Fprintln(&b, chance.IntN(4))
			}
			return b.String()
		}
		old, new := text(), text()

		a, b := patched(layout.Diff([]byte(old), []byte(new), 100))

		if old != new {
			require.Equal(t, old, a)
			require.Equal(t, new, b)
		}
	}
}

func TestDiffOfAnInsertionHasNothingElse(t *testing.T) {
	t.Parallel()
	for name, text := range real(t) {
		d, err := layout.Insert(parse(t, string(text)), options)
		require.NoError(t, err, name)
		added, removed := lines(text, d.Bytes())

		gotAdded, gotRemoved := 0, 0
		for _, h := range layout.Diff(text, d.Bytes(), 3) {
			for _, l := range h {
				switch l.Mark {
				case '+':
					gotAdded++
				case '-':
					gotRemoved++
				}
			}
		}

		require.LessOrEqual(t, gotAdded, added, name)
		require.LessOrEqual(t, gotRemoved, removed, name)
		require.Positive(t, gotAdded, name)
	}
}

func TestDiffOfStrangersEnds(t *testing.T) {
	t.Parallel()
	var a, b strings.Builder
	for i := range 20000 {
		fmt.Fprintln(&a, "a", i)
		fmt.Fprintln(&b, "b", i)
	}

	old, new := patched(layout.Diff([]byte(a.String()), []byte(b.String()), 3))

	require.Equal(t, a.String(), old)
	require.Equal(t, b.String(), new)
}
