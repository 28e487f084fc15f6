//go:build js && wasm

package browser

import (
	"context"
	"fmt"
	"sync"

	"github.com/hack-pad/safejs"
)

// A NotifyState says whether desktop notifications work here.
type NotifyState string

// The states. The first three are spelled as Notification.permission is.
const (
	NotifyGranted NotifyState = "granted"
	NotifyDenied  NotifyState = "denied"
	NotifyDefault NotifyState = "default" // Nobody has been asked.
	NotifyFrame   NotifyState = "frame"   // Browsers let no frame of another site ask.
	NotifyMissing NotifyState = "missing"
)

// Notifications show at most one desktop notification at a time.
//
// https://notifications.spec.whatwg.org/
type Notifications struct {
	mu     sync.Mutex
	shown  safejs.Value
	remove func() // Of its listener.
}

// State is what the browser thinks of notifications of this page.
func (n *Notifications) State() NotifyState {
	api := global("Notification")
	if api.Type() != safejs.TypeFunction {
		return NotifyMissing
	}
	state, _ := text(get(api, "permission"))
	switch s := NotifyState(state); s {
	case NotifyGranted:
		return s
	case NotifyDenied, NotifyDefault:
		if foreign() {
			return NotifyFrame
		}
		return s
	}
	return NotifyMissing
}

// Ask asks the person, who must just have pressed something, and calls done on
// a goroutine of its own when there is an answer; [Notifications.State] has it.
func (n *Notifications) Ask(done func()) {
	promise, err := global("Notification").Call("requestPermission")
	if err != nil || !present(promise) {
		go done()
		return
	}
	go func() {
		_, _ = await(context.Background(), promise) // Ends with the answer.
		done()
	}()
}

// Show shows a notification in the place of the last one. Pressing it brings
// the window to the front.
func (n *Notifications) Show(title, body string) error {
	n.Withdraw()
	n.mu.Lock()
	defer n.mu.Unlock()
	shown, err := global("Notification").New(title, map[string]any{
		"body": body, "tag": "deskbridge.call", "requireInteraction": true, "silent": true,
	})
	if err != nil {
		return fmt.Errorf("browser: notify: %w", err)
	}
	n.shown = shown
	n.remove, err = listen(shown, "click", func(safejs.Value) { _, _ = safejs.Global().Call("focus") })
	if err != nil {
		n.remove = nil
	}
	return nil
}

// Withdraw takes the notification back. Without one it does nothing.
func (n *Notifications) Withdraw() {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.remove != nil {
		n.remove()
		n.remove = nil
	}
	if present(n.shown) {
		_, _ = n.shown.Call("close")
	}
	n.shown = safejs.Undefined()
}

// foreign says whether a page of another origin frames this one.
func foreign() bool { return Framed() && !present(get(global("parent"), "document")) }

// Dress sets the page's language and its theme, the root element's data-theme;
// an empty theme leaves the choice to the browser's preference.
func Dress(lang, theme string) {
	root := get(global("document"), "documentElement")
	if !present(root) {
		return
	}
	_, _ = root.Call("setAttribute", "lang", lang)
	if theme == "" {
		_, _ = root.Call("removeAttribute", "data-theme")
		return
	}
	_, _ = root.Call("setAttribute", "data-theme", theme)
}

// Title is the document's title.
func Title() string {
	s, _ := text(get(global("document"), "title"))
	return s
}

// UserAgent names the browser.
func UserAgent() string {
	s, _ := text(get(global("navigator"), "userAgent"))
	return s
}
