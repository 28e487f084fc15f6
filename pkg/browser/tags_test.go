//go:build !js

package browser_test

import (
	"go/build/constraint"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Without its tag a file would be compiled natively, where there is no
// JavaScript, and other packages could come to depend on it.
func TestEveryFileIsForJavaScriptOnly(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	require.Greater(t, len(files), 5)

	for _, file := range files {
		if file == "tags_test.go" {
			continue
		}
		source, err := os.ReadFile(file)
		require.NoError(t, err)
		line, _, _ := strings.Cut(string(source), "\n")

		expr, err := constraint.Parse(line)

		require.NoError(t, err, "%s: the first line must be a build constraint", file)
		require.Equal(t, "js && wasm", expr.String(), file)
	}
}
