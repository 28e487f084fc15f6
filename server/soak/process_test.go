package soak

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// process is a running server of one of its subcommands.
type process struct {
	cmd   *exec.Cmd
	out   *tail
	ended chan struct{}
}

// tail keeps the end of what a process prints.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const tailSize = 64 << 10

func (o *tail) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.text = append(o.text, b...); len(o.text) > 2*tailSize {
		o.text = append([]byte{}, o.text[len(o.text)-tailSize:]...)
	}
	return len(b), nil
}

func (o *tail) bytes() []byte {
	o.mu.Lock()
	defer o.mu.Unlock()
	return bytes.Clone(o.text)
}

// start runs the server binary. It dies with this test's process.
func start(env []string, args ...string) (*process, error) {
	p := &process{cmd: exec.Command(serverBinary, args...), out: &tail{}, ended: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.out
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	started := make(chan error, 1)
	go func() { // Ends with the process.
		// The kernel takes the death of the thread for the parent's.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := p.cmd.Start()
		started <- err
		if err == nil {
			_ = p.cmd.Wait()
		}
		close(p.ended)
	}()
	return p, <-started
}

// kill is SIGKILL, waited for.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.ended
}

// dead says whether it has ended by itself.
func (p *process) dead() error {
	select {
	case <-p.ended:
		return fmt.Errorf("the server ended by itself:\n%s", p.out.bytes())
	default:
		return nil
	}
}

// until asks until ok, an error or the end of ctx, at first every few
// milliseconds and then every few seconds.
func until(ctx context.Context, what string, ok func() (bool, error)) error {
	pause := 10 * time.Millisecond
	for {
		if done, err := ok(); done || err != nil {
			return err
		}
		timer := time.NewTimer(pause)
		select {
		case <-timer.C:
			pause = min(pause*3/2, 3*time.Second)
		case <-ctx.Done():
			timer.Stop()
			return fmt.Errorf("waited too long until %s", what)
		}
	}
}

// ready waits until a server has opened its database.
func (p *process) ready(ctx context.Context, base string) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	return until(ctx, base+" is ready", func() (bool, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/readyz", nil)
		if err != nil {
			return false, err
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return false, p.dead()
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK, nil
	})
}

// freePort is a port that was free a moment ago.
func freePort(t testing.TB) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = l.Close() }()
	_, port, err := net.SplitHostPort(l.Addr().String())
	require.NoError(t, err)
	return port
}
