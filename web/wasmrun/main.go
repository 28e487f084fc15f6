// Command wasmrun runs a js/wasm test binary in headless Chromium:
//
//	GOOS=js GOARCH=wasm go test -exec bin/wasmrun ./pkg/browser
//
// The page comes from 127.0.0.1, which makes it a secure context, and so do
// the few addresses that tests of HTTP need (see handler).
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code, err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "wasmrun:", err)
		code = 1
	}
	os.Exit(code)
}

// browsers are the names under which a Chromium may be installed.
var browsers = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"}

// run runs the program args[0] with the rest as its arguments and returns its
// exit code.
func run(ctx context.Context, args []string, out io.Writer) (int, error) {
	if len(args) == 0 {
		return 1, errors.New("usage: wasmrun program.wasm [arguments]")
	}
	root, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return 1, fmt.Errorf("find wasm_exec.js: %w", err)
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return 1, err
	}
	h := &handler{goroot: strings.TrimSpace(string(root)), args: args, out: out, exited: make(chan int, 1)}
	server := &http.Server{Handler: h.routes(), ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }() // Ends with Close.
	defer server.Close()

	profile, err := os.MkdirTemp("", "wasmrun")
	if err != nil {
		return 1, err
	}
	defer os.RemoveAll(profile)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	browser, err := start(ctx, profile, "http://"+listener.Addr().String()+"/")
	if err != nil {
		return 1, err
	}
	ended := make(chan error, 1)
	go func() { ended <- browser.Wait() }() // Ends with the browser.
	select {
	case code := <-h.exited:
		cancel()
		<-ended
		return code, nil
	case err := <-ended:
		return 1, fmt.Errorf("the browser ended: %w", err)
	}
}

func start(ctx context.Context, profile, url string) (*exec.Cmd, error) {
	for _, name := range browsers {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		cmd := exec.CommandContext(ctx, path, "--headless=new", "--no-sandbox", "--no-first-run", "--disable-gpu",
			"--disable-dev-shm-usage", "--user-data-dir="+profile, url)
		// Its helpers go with it.
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
		return cmd, cmd.Start()
	}
	return nil, fmt.Errorf("no browser: install one of %s", strings.Join(browsers, ", "))
}

type handler struct {
	goroot string
	args   []string
	out    io.Writer
	exited chan int
}

// routes serve the page, the program and, for tests, /echo, /status/404, /slow
// (answers never), /ticker.js and /blank (repeats to
// its parent what it hears).
func (h *handler) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		argv, _ := json.Marshal(append([]string{"test"}, h.args[1:]...)) // Strings always encode.
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprintf(w, page, argv)
	})
	mux.HandleFunc("GET /wasm_exec.js", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, filepath.Join(h.goroot, "lib/wasm/wasm_exec.js"))
	})
	mux.HandleFunc("GET /test.wasm", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, h.args[0])
	})
	mux.HandleFunc("POST /out", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(h.out, r.Body)
	})
	mux.HandleFunc("POST /exit/{code}", func(w http.ResponseWriter, r *http.Request) {
		code, err := strconv.Atoi(r.PathValue("code"))
		if err != nil {
			code = 2
		}
		select {
		case h.exited <- code:
		default:
		}
	})
	mux.HandleFunc("GET /ticker.js", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, filepath.Join("..", "..", "web", "static", "ticker.js")) // go test starts us in the package's folder.
	})
	mux.HandleFunc("GET /blank", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, "<!doctype html><title>blank</title><script>onmessage = (e) => parent.postMessage({ heard: e.data }, '*')</script>")
	})
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.Header().Set("X-Method", r.Method)
		w.Header().Set("X-Token", r.Header.Get("Authorization"))
		_, _ = w.Write(body)
	})
	mux.HandleFunc("GET /status/404", http.NotFound)
	mux.HandleFunc("GET /slow", func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	return mux
}

// page runs the program; what it prints and how it exits is posted to us in
// order.
const page = `<!doctype html><meta charset="utf-8"><title>test</title>
<script type="application/json" id="deskbridge-config">{"answer":42}</script>
<iframe id="frame" src="/blank"></iframe>
<script src="/wasm_exec.js"></script>
<script>
let posts = Promise.resolve();
const post = (path, body) => (posts = posts.then(() => realFetch(path, { method: "POST", body })));
const realFetch = window.fetch.bind(window);
const decoder = new TextDecoder();
globalThis.fs.writeSync = (fd, bytes) => {
  post("/out", decoder.decode(bytes, { stream: true }));
  return bytes.length;
};
addEventListener("load", async () => {
  const go = new Go();
  go.argv = %s;
  go.exit = (code) => post("/exit/" + code);
  try {
    const program = await WebAssembly.instantiateStreaming(fetch("/test.wasm"), go.importObject);
    await go.run(program.instance);
  } catch (e) {
    post("/out", "wasmrun: " + e + "\n");
    post("/exit/2");
  }
});
addEventListener("error", (e) => post("/out", "error: " + e.message + "\n"));
addEventListener("unhandledrejection", (e) => post("/out", "unhandled rejection: " + e.reason + "\n"));
</script>
`
