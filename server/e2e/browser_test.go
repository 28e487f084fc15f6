package e2e

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// browser is a Chromium as people have it, not as automation likes it: sites
// isolated, storage partitioned, popups blocked.
type browser struct {
	ctx   context.Context
	close func()
}

// startBrowser starts one. Preferences are the JSON of a profile's file of
// that name, or empty.
func startBrowser(ctx context.Context, profile, preferences string) (*browser, error) {
	if preferences != "" {
		if err := os.MkdirAll(filepath.Join(profile, "Default"), 0o700); err != nil {
			return nil, err
		}
		if err := os.WriteFile(filepath.Join(profile, "Default", "Preferences"), []byte(preferences), 0o600); err != nil {
			return nil, err
		}
	}
	ctx, closeAllocator := chromedp.NewExecAllocator(ctx, chromedp.UserDataDir(profile),
		chromedp.Headless, chromedp.NoSandbox, chromedp.NoFirstRun,
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-sync", true),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true))
	ctx, closeBrowser := chromedp.NewContext(ctx, chromedp.WithErrorf(func(string, ...any) {}))
	b := &browser{ctx: ctx, close: func() { closeBrowser(); closeAllocator() }}
	if err := chromedp.Do(ctx); err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

// ownBrowser starts one for a single test.
func ownBrowser(t testing.TB, preferences string) *browser {
	t.Helper()
	b, err := startBrowser(context.Background(), t.TempDir(), preferences)
	require.NoError(t, err)
	t.Cleanup(b.close)
	return b
}

// tab is a page in a browser context of its own. Its methods run in the page;
// frame gives the same for a frame of another site in it.
type tab struct {
	t       testing.TB
	ctx     context.Context
	console *console
}

// open makes a tab and goes to address.
func (b *browser) open(t testing.TB, address string) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext())
	p := &tab{t: t, ctx: ctx, console: &console{}}
	t.Cleanup(func() {
		if t.Failed() {
			p.shoot("failed " + t.Name())
			t.Logf("console:\n%s", p.console.text())
		}
		cancel()
	})
	require.NoError(t, chromedp.Do(ctx))
	p.console.listen(ctx, "page")
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(1000, 760)))
	if address != "" {
		p.navigate(address)
	}
	return p
}

func (p *tab) navigate(address string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, soon)
	defer cancel()
	require.NoError(p.t, chromedp.Do(ctx, chromedp.Navigate(address)), address)
}

// command sends a DevTools command to the page.
func command[P, R any](p *tab, cmd cdp.Command[P, R], params P) R {
	p.t.Helper()
	got, err := chromedp.Call(p.ctx, cmd, params)
	require.NoError(p.t, err)
	return got
}

// shoot keeps a picture of the page.
func (p *tab) shoot(name string) {
	ctx, cancel := context.WithTimeout(p.ctx, 10*time.Second)
	defer cancel()
	shot, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Logf("no picture of %s: %v", name, err)
		return
	}
	name = strings.NewReplacer("/", "-", " ", "-").Replace(name) + ".png"
	if err := os.WriteFile(filepath.Join(pictures, name), shot, 0o600); err != nil {
		p.t.Logf("no picture of %s: %v", name, err)
	}
}

// eval runs an expression in the page.
func eval[T any](p *tab, expression string) T {
	p.t.Helper()
	got, err := evaluate[T](p.ctx, expression)
	require.NoError(p.t, err, expression)
	return got
}

func evaluate[T any](ctx context.Context, expression string) (T, error) {
	ctx, cancel := context.WithTimeout(ctx, soon)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
}

// wait waits for an expression in the page to be true, through reloads.
func (p *tab) wait(expression string) {
	p.t.Helper()
	eventually(p.t, expression, func() bool {
		ok, err := evaluate[bool](p.ctx, "!!("+expression+")")
		return err == nil && ok
	})
}

// press is a person's click on the first element that selector finds, which
// may be in a frame: a trusted event with all that follows from it.
func (p *tab) press(selector string) { p.pressAt(p.middle(selector)) }

func (p *tab) pressAt(x, y float64) {
	p.t.Helper()
	require.NoError(p.t, chromedp.Do(p.ctx, chromedp.MouseClickXY(x, y)))
}

// middle waits for an element that is laid out and says where it is.
func (p *tab) middle(selector string) (x, y float64) {
	p.t.Helper()
	var at []float64
	eventually(p.t, "element "+selector, func() bool {
		var err error
		at, err = evaluate[[]float64](p.ctx, fmt.Sprintf(middleOf, selector))
		return err == nil && len(at) == 2
	})
	return at[0], at[1]
}

// middleOf is the middle of an element in its own viewport, or empty.
const middleOf = `(() => {
	const el = document.querySelector(%q);
	if (!el) return [];
	el.scrollIntoView({ block: "nearest" });
	const r = el.getBoundingClientRect();
	return r.width && r.height ? [r.x + r.width / 2, r.y + r.height / 2] : [];
})()`

// frame is a frame of another site in a tab.
type frame struct {
	tab    *tab
	prefix string // Its address begins so.
	deep   bool   // It is in a frame of another frame: nobody knows where on the page.
	mu     sync.Mutex
	known  map[target.ID]context.Context
}

// frame finds the frame whose address begins with prefix, now and after each
// reload.
func (p *tab) frame(prefix string) *frame {
	return &frame{tab: p, prefix: prefix, known: map[target.ID]context.Context{}}
}

var errNoFrame = errors.New("no such frame")

// attach is the frame as it is now.
func (f *frame) attach() (context.Context, error) {
	c := chromedp.FromContext(f.tab.ctx)
	found, err := chromedp.CallBrowser(f.tab.ctx, target.GetTargets, target.GetTargetsParams{
		Filter: target.Filter{{Type: "iframe"}},
	})
	if err != nil {
		return nil, err
	}
	for _, info := range found.TargetInfos {
		if info.BrowserContextID != c.BrowserContextID || !strings.HasPrefix(info.URL, f.prefix) {
			continue
		}
		f.mu.Lock()
		defer f.mu.Unlock()
		if ctx, ok := f.known[info.TargetID]; ok {
			return ctx, nil
		}
		ctx, _ := chromedp.NewContext(f.tab.ctx, chromedp.WithTargetID(info.TargetID), chromedp.WithDetachOnCancel())
		if err := chromedp.Do(ctx); err != nil {
			return nil, err
		}
		f.tab.console.listen(ctx, "frame")
		f.known[info.TargetID] = ctx
		return ctx, nil
	}
	return nil, errNoFrame
}

// inFrame runs an expression in the frame. An error may mean that it is just
// being replaced.
func inFrame[T any](f *frame, expression string) (T, error) {
	ctx, err := f.attach()
	if err != nil {
		var zero T
		return zero, err
	}
	return evaluate[T](ctx, expression)
}

// wait waits for an expression in the frame to be true.
func (f *frame) wait(expression string) {
	f.tab.t.Helper()
	f.within(soon, expression)
}

func (f *frame) within(limit time.Duration, expression string) {
	f.tab.t.Helper()
	within(f.tab.t, limit, expression, func() bool {
		ok, err := inFrame[bool](f, "!!("+expression+")")
		return err == nil && ok
	})
}

// press is a person's click on an element of the frame; of a deep one, the
// event alone.
func (f *frame) press(selector string) {
	f.tab.t.Helper()
	if f.deep {
		// The click may take the frame away, and the answer with it.
		f.wait(fmt.Sprintf(`((el) => el && setTimeout(() => el.click()))(document.querySelector(%q))`, selector))
		return
	}
	at := []float64{}
	eventually(f.tab.t, "element "+selector, func() bool {
		var err error
		at, err = inFrame[[]float64](f, fmt.Sprintf(middleOf, selector))
		return err == nil && len(at) == 2
	})
	box := eval[[]float64](f.tab, `(() => {
		const r = document.querySelector("iframe").getBoundingClientRect();
		return [r.x, r.y];
	})()`)
	f.tab.pressAt(box[0]+at[0], box[1]+at[1])
}

// fill replaces what stands in a field of the frame, as typing would.
func (f *frame) fill(selector, text string) {
	f.tab.t.Helper()
	f.wait(fmt.Sprintf("document.querySelector(%q)", selector))
	if f.deep { // It may not be in sight, and then it does not take the focus.
		f.wait(fmt.Sprintf(`((el) => {
			el.value = %q;
			return el.dispatchEvent(new Event("input", { bubbles: true }));
		})(document.querySelector(%q))`, text, selector))
		return
	}
	_, err := inFrame[bool](f, fmt.Sprintf(`(() => {
		const el = document.querySelector(%q);
		el.focus();
		el.select?.();
		return document.execCommand("insertText", false, %q);
	})()`, selector, text))
	require.NoError(f.tab.t, err)
}

// choose picks an option of a select by its label.
func (f *frame) choose(selector, label string) {
	f.tab.t.Helper()
	f.wait(fmt.Sprintf(`[...document.querySelector(%q)?.options ?? []].some((o) => o.label === %q)`, selector, label))
	_, err := inFrame[bool](f, fmt.Sprintf(`(() => {
		const el = document.querySelector(%q);
		el.value = [...el.options].find((o) => o.label === %q).value;
		el.dispatchEvent(new Event("input", { bubbles: true }));
		return el.dispatchEvent(new Event("change", { bubbles: true }));
	})()`, selector, label))
	require.NoError(f.tab.t, err)
}

// before runs a script in every document of the page's own process, ahead of
// its own.
func (p *tab) before(script string) {
	p.t.Helper()
	command(p, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{Source: script})
}

// console keeps what pages and frames wrote and threw.
type console struct {
	mu     sync.Mutex
	lines  []string
	thrown []string
}

func (c *console) listen(ctx context.Context, where string) {
	go func() { // Ends with ctx.
		for m, err := range chromedp.Console(ctx) {
			if err != nil {
				return
			}
			c.mu.Lock()
			c.lines = append(c.lines, where+": "+m.String())
			if m.IsException() {
				c.thrown = append(c.thrown, where+": "+m.String())
			}
			c.mu.Unlock()
		}
	}()
}

func (c *console) text() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return strings.Join(c.lines, "\n")
}

func (c *console) exceptions() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]string(nil), c.thrown...)
}
