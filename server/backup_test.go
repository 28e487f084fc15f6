package main

import (
	"bytes"
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// A copy taken while records come in holds what was acknowledged before, and a
// server goes on with it: signed-in agents, records and all.
func TestBackupOfARunningServer(t *testing.T) {
	t.Parallel()
	dir, restored := t.TempDir(), t.TempDir()
	p := startProcess(t, dir, nil)
	s := p.signIn()
	var stored atomic.Int64
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { // Ends with cancel.
		for n := 1; ctx.Err() == nil; n++ {
			if _, err := p.client(s.Token).Put(t.Context(), finished(s, n)); err != nil {
				ended <- err
				return
			}
			stored.Store(int64(n))
		}
		ended <- nil
	}()
	require.Eventually(t, func() bool { return stored.Load() >= 20 }, soon, time.Millisecond)
	before := stored.Load()
	var out bytes.Buffer
	env := environ(map[string]string{"DESKBRIDGE_DATA": dir})
	file := filepath.Join(t.TempDir(), "copy.db")

	require.NoError(t, run(t.Context(), []string{"backup", file}, env, &out))

	require.GreaterOrEqual(t, stored.Load(), before, "the server went on")
	require.Contains(t, out.String(), "holds ")
	cancel()
	require.NoError(t, <-ended)
	info, err := os.Stat(file)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.NoFileExists(t, file+".part")
	require.ErrorContains(t, run(t.Context(), []string{"backup", file}, env, &out), "is there already")

	p.signal(syscall.SIGTERM)
	require.NoError(t, p.end())
	require.NoError(t, os.Rename(file, filepath.Join(restored, "deskbridge.db")))
	again := startProcess(t, restored, nil)
	require.Equal(t, http.StatusOK, again.probe(readyPath))
	for n := int64(1); n <= before; n++ {
		_, err := again.client(s.Token).Interaction(t.Context(), finished(s, int(n)).Key)
		require.NoError(t, err, strconv.Itoa(int(n)))
	}
}

func TestBackupSaysWhatToDo(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	err := run(t.Context(), []string{"backup", "x"}, environ(map[string]string{"DATABASE_URL": "postgres://x"}), &out)
	require.ErrorContains(t, err, "pg_dump")
	empty := environ(map[string]string{"DESKBRIDGE_DATA": t.TempDir()})
	target := filepath.Join(t.TempDir(), "copy.db")
	require.ErrorContains(t, run(t.Context(), []string{"backup", target}, empty, &out), "no database")
	require.ErrorContains(t, run(t.Context(), []string{"backup"}, empty, &out), "give the file")
	require.NoError(t, run(t.Context(), []string{"backup", "-h"}, empty, &out))

	damaged := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(damaged, "deskbridge.db"), bytes.Repeat([]byte("no database"), 1000), 0o600))
	require.Error(t, run(t.Context(), []string{"backup", target}, environ(map[string]string{"DESKBRIDGE_DATA": damaged}), &out))
	require.NoFileExists(t, target)
	require.NoFileExists(t, target+".part")
}
