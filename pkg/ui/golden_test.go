package ui_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"deskbridge/pkg/stories"
	"deskbridge/pkg/ui"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

var (
	update  = flag.Bool("update", false, "rewrite the golden pictures in testdata")
	gallery = flag.String("gallery", "", "also write each story as a page into this folder, to look at")
)

func TestStoriesLookAsBefore(t *testing.T) {
	t.Parallel()
	for _, s := range stories.All() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join("testdata", s.Name+".html")

			root := parse(t, ui.Screen(s.View, draw(s)))
			got := pretty(root)

			if *gallery != "" {
				writePage(t, s.Name, root)
			}
			if *update {
				require.NoError(t, os.WriteFile(file, []byte(got), 0o644))
			}
			want, err := os.ReadFile(file)
			require.NoError(t, err)
			require.Equal(t, string(want), got)
		})
	}
}

// TestEveryGoldenHasAStory keeps pictures of stories that are gone from staying.
func TestEveryGoldenHasAStory(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, s := range stories.All() {
		require.False(t, names[s.Name], "two stories are called %s", s.Name)
		names[s.Name] = true
	}

	files, err := filepath.Glob("testdata/*.html")

	require.NoError(t, err)
	require.Len(t, files, len(names))
}

// writePage makes a page of a story with the panel's style sheets beside it
// under static/.
func writePage(t *testing.T, name string, root *html.Node) {
	t.Helper()
	var b bytes.Buffer
	b.WriteString(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>` + name + `</title>`)
	for _, css := range []string{"tokens", "icons", "skeleton", "panel", "screens", "calls", "pages"} {
		b.WriteString(`<link rel="stylesheet" href="static/` + css + `.css">`)
	}
	b.WriteString(`<script>document.documentElement.dataset.theme=location.hash.slice(1)</script></head><body>`)
	require.NoError(t, html.Render(&b, root))
	b.WriteString("</body></html>")
	require.NoError(t, os.WriteFile(filepath.Join(*gallery, name+".html"), b.Bytes(), 0o644))
}
