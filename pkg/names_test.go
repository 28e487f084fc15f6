package pkg_test

import (
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/desktop"
	"deskbridge/pkg/layout"
)

var write = flag.Bool("write", false, "write the names for the element and its bridge")

// The bridge allows what the app may ask, and nothing else. The element has the
// properties that a layout may set, in the same order, and the bridge's own.
//
// go test ./pkg -run TestNamesOfTheElement -write
func TestNamesOfTheElement(t *testing.T) {
	t.Parallel()
	const file = "../web/js/desktop/names.json"
	var properties []string
	for _, p := range layout.Properties {
		properties = append(properties, p.Name)
	}
	properties = append(properties, desktop.PropClientLocale)
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

// What the app understands is what a layout sets.
func TestTheAppAndTheLayoutNamePropertiesAlike(t *testing.T) {
	t.Parallel()
	live := map[string]bool{}
	for _, p := range layout.Properties {
		if p.Live != "" {
			live[p.Name] = true
		}
	}

	understood := map[string]bool{}
	for _, name := range desktop.Properties() {
		understood[name] = true
	}

	require.Equal(t, live, understood)
	require.NotContains(t, live, desktop.PropClientLocale)
}
