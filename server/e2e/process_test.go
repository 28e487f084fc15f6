package e2e

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// soon is how long anything may take on a slow machine before a test gives up.
// It decides nothing else.
const soon = 30 * time.Second

// process is a running server of one of its subcommands.
type process struct {
	cmd    *exec.Cmd
	mu     sync.Mutex
	output strings.Builder
	ended  chan struct{}
}

// start runs the server binary. Its output is shown when the test fails.
func start(t testing.TB, env []string, args ...string) *process {
	t.Helper()
	p := &process{cmd: exec.Command(serverBinary, args...), ended: make(chan struct{})}
	p.cmd.Env = append(os.Environ(), env...)
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, in, err := os.Pipe()
	require.NoError(t, err)
	p.cmd.Stdout, p.cmd.Stderr = in, in
	started := make(chan error, 1)
	go func() { // Ends with the process.
		// The kernel takes the death of the thread for the parent's.
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := p.cmd.Start()
		started <- err
		_ = in.Close()
		if err == nil {
			p.read(out)
			_ = p.cmd.Wait()
		}
		close(p.ended)
	}()
	require.NoError(t, <-started)
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("output of server %s:\n%s", strings.Join(args, " "), p.text())
		}
	})
	return p
}

func (p *process) read(out io.ReadCloser) {
	defer func() { _ = out.Close() }()
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		p.mu.Lock()
		p.output.WriteString(lines.Text() + "\n")
		p.mu.Unlock()
	}
}

func (p *process) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.output.String()
}

// kill is SIGKILL, waited for.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.ended
}

// wait returns what pattern finds in the output.
func (p *process) wait(t testing.TB, pattern string) []string {
	t.Helper()
	re := regexp.MustCompile(pattern)
	var found []string
	eventually(t, "the server prints "+pattern, func() bool {
		select {
		case <-p.ended:
			t.Fatalf("the server ended:\n%s", p.text())
		default:
		}
		found = re.FindStringSubmatch(p.text())
		return found != nil
	})
	return found
}

// eventually asks until ok, or fails with what it waited for.
func eventually(t testing.TB, what string, ok func() bool) {
	t.Helper()
	within(t, soon, what, ok)
}

func within(t testing.TB, limit time.Duration, what string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-tick.C:
		case <-ctx.Done():
			require.FailNow(t, "waited too long", what)
		}
	}
}

// sandbox starts the whole world in one process.
func sandbox(t testing.TB, env ...string) *world {
	t.Helper()
	p := start(t, append(env, "PORT=0"), "sandbox")
	base := p.wait(t, `http://localhost:\d+`)[0]
	u, err := url.Parse(base)
	require.NoError(t, err)
	return &world{t: t, crm: base, widget: "http://127.0.0.1:" + u.Port(), process: p}
}

// healthy waits until a server can do its work.
func healthy(t testing.TB, base string) {
	t.Helper()
	eventually(t, base+" is healthy", func() bool {
		resp, err := http.Get(base + "/readyz") //nolint:noctx // A test's own deadline holds.
		if err != nil {
			return false
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK
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
