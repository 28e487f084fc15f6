//go:build js && wasm

package browser_test

import (
	"testing"
	"time"

	"deskbridge/pkg/browser"

	"github.com/stretchr/testify/require"
)

// withNotifications puts a Notification into the page that keeps what it was
// asked for in window.notes.
func withNotifications(t *testing.T, permission string) {
	t.Helper()
	browser.Eval(`window.realNotification = window.Notification; window.notes = [];
		window.Notification = class extends EventTarget {
			constructor(title, options) { super(); window.notes.push(title + ": " + options.body); window.note = this }
			close() { window.notes.push("closed") }
			static requestPermission() { this.permission = "granted"; return Promise.resolve("granted") }
		};
		window.Notification.permission = "` + permission + `"`)
	t.Cleanup(func() { browser.Eval(`window.Notification = window.realNotification`) })
}

func notes() string { return browser.Text(browser.Eval(`return window.notes.join(", ")`)) }

func TestOneNotificationAtATime(t *testing.T) {
	withNotifications(t, "granted")
	n := &browser.Notifications{}
	require.Equal(t, browser.NotifyGranted, n.State())

	n.Withdraw()
	require.NoError(t, n.Show("Maria calling", "Billing"))
	require.NoError(t, n.Show("Bernd calling", "Sales"))
	n.Withdraw()
	n.Withdraw()

	require.Equal(t, "Maria calling: Billing, closed, Bernd calling: Sales, closed", notes())
}

func TestPressingANotificationBringsThePageToTheFront(t *testing.T) {
	withNotifications(t, "granted")
	browser.Eval(`window.realFocus = window.focus; window.focus = () => { window.notes.push("focus") }`)
	defer browser.Eval(`window.focus = window.realFocus`)
	n := &browser.Notifications{}
	require.NoError(t, n.Show("Maria", "Billing"))

	browser.Eval(`window.note.dispatchEvent(new Event("click"))`)

	require.Contains(t, notes(), "focus")
	n.Withdraw()
}

func TestAskingForNotifications(t *testing.T) {
	withNotifications(t, "default")
	n := &browser.Notifications{}
	require.Equal(t, browser.NotifyDefault, n.State())
	done := make(chan struct{})

	n.Ask(func() { close(done) })

	select {
	case <-done:
	case <-time.After(5 * time.Second):
		t.Fatal("no answer")
	}
	require.Equal(t, browser.NotifyGranted, n.State())
}

func TestBrowserWithoutNotifications(t *testing.T) {
	withNotifications(t, "default")
	browser.Eval(`delete window.Notification; window.Notification = undefined`)
	n := &browser.Notifications{}
	require.Equal(t, browser.NotifyMissing, n.State())
	require.Error(t, n.Show("Maria", "Billing"))
	done := make(chan struct{})

	n.Ask(func() { close(done) })

	<-done
}

// TestFrameOfAnotherSiteMayNotNotify: browsers answer "denied" there as if the
// person had said so.
func TestFrameOfAnotherSiteMayNotNotify(t *testing.T) {
	withNotifications(t, "denied")
	n := &browser.Notifications{}
	require.Equal(t, browser.NotifyDenied, n.State())
	browser.Eval(`window.realParent = Object.getOwnPropertyDescriptor(window, "parent");
		Object.defineProperty(window, "parent", { configurable: true, value: { get document() { throw new DOMException("no", "SecurityError") } } })`)
	defer browser.Eval(`Object.defineProperty(window, "parent", window.realParent)`)

	require.Equal(t, browser.NotifyFrame, n.State())
}

func TestPageIsDressed(t *testing.T) {
	look := func() string {
		return browser.Text(browser.Eval(`return document.documentElement.lang + " " + document.documentElement.dataset.theme`))
	}
	browser.Dress("de", "contrast")
	require.Equal(t, "de contrast", look())

	browser.Dress("en", "")

	require.Equal(t, "en undefined", look())
	require.NotEmpty(t, browser.UserAgent())
	browser.SetTitle("Deskbridge")
	require.Equal(t, "Deskbridge", browser.Title())
}
