package ui_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"deskbridge/pkg/ui"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

var (
	update  = flag.Bool("update", false, "rewrite the golden pictures in testdata")
	gallery = flag.String("gallery", "", "also write each scene as a page into this folder, to look at")
)

func TestScenesLookAsBefore(t *testing.T) {
	t.Parallel()
	for _, s := range scenes() {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			file := filepath.Join("testdata", s.name+".html")

			root := parse(t, ui.Screen(s.view, s.draw()))
			got := pretty(root)

			if *gallery != "" {
				writePage(t, s.name, root)
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

// TestEveryGoldenHasAScene keeps pictures of scenes that are gone from staying.
func TestEveryGoldenHasAScene(t *testing.T) {
	t.Parallel()
	names := map[string]bool{}
	for _, s := range scenes() {
		require.False(t, names[s.name], "two scenes are called %s", s.name)
		names[s.name] = true
	}

	files, err := filepath.Glob("testdata/*.html")

	require.NoError(t, err)
	require.Len(t, files, len(names))
}

// writePage makes a page of a scene with the panel's style sheets beside it
// under static/.
func writePage(t *testing.T, name string, root *html.Node) {
	t.Helper()
	var b bytes.Buffer
	b.WriteString(`<!doctype html><html lang="en"><head><meta charset="utf-8"><title>` + name + `</title>`)
	for _, css := range []string{"tokens", "icons", "skeleton", "panel", "screens"} {
		b.WriteString(`<link rel="stylesheet" href="static/` + css + `.css">`)
	}
	b.WriteString(`<script>document.documentElement.dataset.theme=location.hash.slice(1)</script></head><body>`)
	require.NoError(t, html.Render(&b, root))
	b.WriteString("</body></html>")
	require.NoError(t, os.WriteFile(filepath.Join(*gallery, name+".html"), b.Bytes(), 0o644))
}
