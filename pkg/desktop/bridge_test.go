package desktop_test

import (
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"
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
