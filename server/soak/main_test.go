// Package soak lets thousands of emulated agents log their calls through the
// built server while everything around it fails: requests are lost, doubled,
// late and out of order, HubSpot refuses and hangs, people edit what was
// written, and the server is killed. In the end it compares HubSpot with what
// the agents have done.
//
// The environment makes it larger:
//
//	DESKBRIDGE_SOAK=20000     interactions; 150 without it, with one kill
//	DESKBRIDGE_SOAK_SEED=7    another run; 1 without it
//	DESKBRIDGE_TEST_POSTGRES  a PostgreSQL server for two replicas, else SQLite only
package soak

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// serverBinary is the server that TestMain has built.
var serverBinary string

func TestMain(m *testing.M) { os.Exit(runAll(m)) }

func runAll(m *testing.M) int {
	dir, err := os.MkdirTemp("", "deskbridge-soak-")
	if err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		return 1
	}
	defer func() { _ = os.RemoveAll(dir) }()
	serverBinary = filepath.Join(dir, "server")
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	build := exec.CommandContext(ctx, "go", "build", "-o", serverBinary, "./server")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "soak: the server does not build: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}
