package main_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/layout"
)

func TestLayoutsAreUpToDate(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.json")
	require.NoError(t, err)
	require.Len(t, files, len(layout.Samples()))
	for _, sample := range layout.Samples() {
		want, err := layout.Generate(sample.Options)
		require.NoError(t, err)
		have, err := os.ReadFile(sample.Name)
		require.NoError(t, err)

		require.Equal(t, string(want.Bytes()), string(have), "%s: run make layouts", sample.Name)
	}
}
