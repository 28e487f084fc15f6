// Package e2e tests the product from end to end: the built server, the
// emulated clouds, a headless Chromium with HubSpot's own SDK around or inside
// the panel. `make build` has to come first: the panel is embedded into the
// server that these tests build.
package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// What TestMain made for all tests.
var (
	serverBinary string // The server, with the panel in it.
	pictures     string // Where screenshots go.
	chrome       *browser
)

// root is the repository, seen from this package.
const root = "../.."

func TestMain(m *testing.M) { os.Exit(runAll(m)) }

func runAll(m *testing.M) int {
	if err := checkBuild(); err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		return 1
	}
	dir, err := os.MkdirTemp("", "deskbridge-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	serverBinary = filepath.Join(dir, "server")
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	build := exec.CommandContext(ctx, "go", "build", "-o", serverBinary, "./server")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "e2e: the server does not build: %v\n%s", err, out)
		return 1
	}
	if pictures = os.Getenv("DESKBRIDGE_PICTURES"); pictures == "" {
		pictures = filepath.Join(os.TempDir(), "deskbridge-pictures")
	}
	if err := os.MkdirAll(pictures, 0o755); err != nil {
		fmt.Fprintln(os.Stderr, "e2e:", err)
		return 1
	}
	if chrome, err = startBrowser(context.Background(), filepath.Join(dir, "profile"), ""); err != nil {
		fmt.Fprintln(os.Stderr, "e2e: Chromium does not start:", err)
		return 1
	}
	defer chrome.close()
	return m.Run()
}

// checkBuild says in a sentence what is missing.
func checkBuild() error {
	const hint = "run `make build` (or `make dev`) first"
	text, err := os.ReadFile(filepath.Join(root, "web/static/build/manifest.json"))
	if err != nil {
		return fmt.Errorf("the panel is not built: %s", hint)
	}
	var programs map[string]json.RawMessage
	if err := json.Unmarshal(text, &programs); err != nil {
		return fmt.Errorf("web/static/build/manifest.json: %w: %s", err, hint)
	}
	for _, name := range []string{"app", "pages", "storybook"} {
		if programs[name] == nil {
			return fmt.Errorf("the program %q is not built: %s", name, hint)
		}
	}
	for _, page := range []string{"host", "widget"} {
		if _, err := os.Stat(filepath.Join(root, "web/js/dist", page+".js")); err != nil {
			return fmt.Errorf("the test page %q is not bundled: run `make js` first", page)
		}
	}
	return nil
}
