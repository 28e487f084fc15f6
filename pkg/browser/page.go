//go:build js && wasm

package browser

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/hack-pad/safejs"
)

// ConfigID is the id of the script element in which the server puts the page's
// configuration as JSON.
const ConfigID = "deskbridge-config"

// ReadConfig decodes the page's configuration into v.
func ReadConfig(v any) error {
	element, err := global("document").Call("getElementById", ConfigID)
	if err != nil || element.Type() != safejs.TypeObject {
		return fmt.Errorf("browser: configuration: no element %s in the page", ConfigID)
	}
	body, _ := text(get(element, "textContent"))
	if err := json.Unmarshal([]byte(body), v); err != nil {
		return fmt.Errorf("browser: configuration: %w", err)
	}
	return nil
}

// Ready tells the boot script that the panel is drawn: it stops watching for a
// start that never ends.
func Ready() {
	if b := boot(); present(b) {
		_, _ = b.Call("ready")
	}
}

// OnEscape calls f when Escape is pressed and nothing in the page took it.
func OnEscape(f func()) error {
	_, err := listen(safejs.Global(), "keydown", func(event safejs.Value) {
		if key, _ := text(get(event, "key")); key == "Escape" && !truth(get(event, "defaultPrevented")) {
			f()
		}
	})
	return err
}

// Fail lets the boot script say that there is no panel, and why: what happened,
// and what to do. Ready takes it back.
func Fail(what, todo string) {
	if b := boot(); present(b) {
		_, _ = b.Call("fail", what, todo)
	}
}

// Yield lets the page do what it has waiting and returns when it has: a message
// that was posted to another site's window leaves only when Go gives control
// back, and so does everything that is drawn.
func Yield() {
	done := make(chan struct{})
	fn, err := callback(func([]safejs.Value) { close(done) })
	if err != nil {
		return
	}
	defer fn.Release()
	if _, err := safejs.Global().Call("setTimeout", fn, 0); err == nil {
		<-done
	}
}

// Mark sets a mark in the page's performance timeline, for measurements.
func Mark(name string) { _, _ = global("performance").Call("mark", "deskbridge:"+name) }

// Origin is this page's own origin, such as https://phone.example.
func Origin() string {
	s, _ := text(get(global("location"), "origin"))
	return s
}

// Path is the path of this page's address.
func Path() string {
	s, _ := text(get(global("location"), "pathname"))
	return s
}

// Query returns a parameter of the page's address, empty if it has none.
func Query(name string) string {
	search, _ := text(get(global("location"), "search"))
	parameters, err := global("URLSearchParams").New(search)
	if err != nil {
		return ""
	}
	v, err := parameters.Call("get", name)
	if err != nil {
		return ""
	}
	s, _ := text(v)
	return s
}

// Framed says whether another page frames this one.
func Framed() bool { return !global("parent").Equal(global("window")) }

// Reload loads the page anew.
func Reload() { _, _ = global("location").Call("reload") }

// SetTitle sets the document's title.
func SetTitle(title string) {
	if document := global("document"); present(document) {
		_ = document.Set("title", title)
	}
}

// Languages are the person's, most preferred first, such as "de-AT" and "en".
func Languages() []string {
	list := get(global("navigator"), "languages")
	n, _ := number(get(list, "length"))
	var out []string
	for i := range n {
		if v, err := list.Index(i); err == nil {
			if s, ok := text(v); ok {
				out = append(out, s)
			}
		}
	}
	return out
}

// Language is the person's most preferred one without its region, such as
// "de", or "en".
func Language() string {
	for _, tag := range Languages() {
		base, _, _ := strings.Cut(tag, "-")
		return strings.ToLower(base)
	}
	return "en"
}

// Dark says whether the person prefers dark colours.
func Dark() bool {
	query, err := safejs.Global().Call("matchMedia", "(prefers-color-scheme: dark)")
	return err == nil && truth(get(query, "matches"))
}

// Visible says whether any of the page may be seen.
func Visible() bool {
	s, _ := text(get(global("document"), "visibilityState"))
	return s == "visible"
}

// Focused says whether the keyboard is in this frame.
func Focused() bool {
	v, err := global("document").Call("hasFocus")
	return err == nil && truth(v)
}

// WatchAttention calls f whenever Visible or Focused may have changed. f runs
// in the browser's event and must return at once.
func WatchAttention(f func(visible, focused bool)) (remove func()) {
	told := func(safejs.Value) { f(Visible(), Focused()) }
	var removers []func()
	for event, target := range map[string]safejs.Value{
		"visibilitychange": global("document"), "focus": safejs.Global(), "blur": safejs.Global(),
	} {
		if r, err := listen(target, event, told); err == nil {
			removers = append(removers, r)
		}
	}
	return func() {
		for _, r := range removers {
			r()
		}
	}
}

// Narrow says whether the page is narrower than that many pixels.
func Narrow(px int) bool {
	width, ok := number(global("innerWidth"))
	return ok && width > 0 && width < px
}
