package ui_test

import (
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"deskbridge/pkg/stories"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
)

const static = "../../web/static/"

func read(t *testing.T, file string) string {
	t.Helper()
	b, err := os.ReadFile(static + file)
	require.NoError(t, err)
	return string(b)
}

func TestEveryIconOnScreenHasAPicture(t *testing.T) {
	css := read(t, "icons.css")
	eachStory(t, func(t *testing.T, _ stories.Story, root *html.Node) {
		for _, n := range all(root, func(n *html.Node) bool { return hasClass(n, "i") }) {
			assert.Equal(t, "true", attr(n, "aria-hidden"))
			for class := range strings.FieldsSeq(attr(n, "class")) {
				if strings.HasPrefix(class, "i-") {
					assert.Contains(t, css, "."+class+" {")
				}
			}
		}
	})
}

func TestIconFilesAndStyleSheetAgree(t *testing.T) {
	t.Parallel()
	css := read(t, "icons.css")
	files, err := filepath.Glob(static + "icons/*.svg")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, f := range files {
		name := filepath.Base(f)
		assert.Contains(t, css, `url("icons/`+name+`")`)
		assert.NoError(t, wellFormed(read(t, "icons/"+name)), name)
	}
	used := regexp.MustCompile(`icons/[a-z_-]+\.svg`).FindAllString(css, -1)
	require.Len(t, used, len(files))
	for _, u := range used {
		assert.FileExists(t, static+u)
	}
}

func wellFormed(src string) error {
	d := xml.NewDecoder(strings.NewReader(src))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func TestSkeletonIsSmallAndStandsAlone(t *testing.T) {
	t.Parallel()
	css := read(t, "skeleton.css")
	require.Less(t, len(css), 3<<10)
	require.NotContains(t, css, "url(")
	for _, class := range []string{".sk {", ".sk-frame", ".sk-bar", ".sk-pad", ".sk-key", ".sk-dock", ".sk-tabs"} {
		assert.Contains(t, css, class)
	}
}

// TestStyleSheetsHonourThePerson: contrast and motion settings, no web fonts,
// nothing from elsewhere.
func TestStyleSheetsHonourThePerson(t *testing.T) {
	t.Parallel()
	all := read(t, "tokens.css") + read(t, "icons.css") + read(t, "panel.css") + read(t, "screens.css") + read(t, "calls.css") + read(t, "pages.css")
	require.Contains(t, all, "forced-colors: active")
	require.Contains(t, all, "prefers-reduced-motion: reduce")
	require.NotContains(t, all, "@font-face")
	require.NotContains(t, all, "@import")
	require.NotContains(t, all, "http")
	small := regexp.MustCompile(`(?:font-size: |font: |--t-\d+: )(\d+)px`)
	for _, m := range small.FindAllStringSubmatch(all, -1) {
		assert.False(t, len(m[1]) < 2 || m[1] < "12", "no text under 12 px: %s", m[0])
	}
}
