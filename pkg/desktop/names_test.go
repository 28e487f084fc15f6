package desktop_test

import (
	"encoding/json"
	"flag"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/desktop"
)

var write = flag.Bool("write", false, "write the names for the bridge")

// The bridge allows what the app may ask, and nothing else.
//
// go test ./pkg/desktop -run TestNamesOfTheBridge -write
func TestNamesOfTheBridge(t *testing.T) {
	t.Parallel()
	const file = "../../web/js/desktop/names.json"
	properties := append(slices.Collect(maps.Keys(desktop.Properties())), desktop.PropClientLocale, "mode")
	slices.Sort(properties)
	want, err := json.MarshalIndent(map[string]any{
		"sdk": desktop.SDK, "calls": desktop.Calls(), "events": desktop.Events(), "properties": properties,
	}, "", "  ")
	require.NoError(t, err)
	want = append(want, '\n')
	if *write {
		require.NoError(t, os.WriteFile(file, want, 0o644))
	}

	got, err := os.ReadFile(file)

	require.NoError(t, err)
	require.Equal(t, string(want), string(got))
}
