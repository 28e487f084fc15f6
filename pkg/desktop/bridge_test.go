package desktop_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"deskbridge/pkg/desktop"
)

// The other end of the pipe has its tests beside it.
func TestBridge(t *testing.T) {
	t.Parallel()
	node, err := exec.LookPath("node")
	require.NoError(t, err, "this repository is built and tested with Node.js: make setup says how to get it")
	cmd := exec.CommandContext(t.Context(), node, "--test", "desktop/")
	cmd.Dir = "../../web/js"

	output, err := cmd.CombinedOutput()

	require.NoError(t, err, string(output))
}

// The events that the sandbox's Desktop has are those that are listened to here.
func TestStandInKnowsTheEvents(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../web/js/standin/names.json")
	require.NoError(t, err)
	var names map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(text, &names))
	known := map[string]string{}
	for module, prefix := range map[string]string{"contact": "agentContact.", "dialer": "dialer."} {
		var events map[string]string
		require.NoError(t, json.Unmarshal(names[module], &events))
		for typ, event := range events {
			known[prefix+event] = typ
		}
	}
	for _, event := range desktop.Events() {
		if typ := desktop.ContactEvent(event); typ != "" {
			require.Equal(t, typ, known[event], event)
		}
	}
}
