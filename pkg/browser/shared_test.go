//go:build js && wasm

package browser_test

import (
	"context"
	"testing"
	"time"

	"deskbridge/pkg/browser"

	"github.com/stretchr/testify/require"
)

func TestStorageKeeps(t *testing.T) {
	browser.Eval(`localStorage.clear()`)
	s := browser.OpenStorage()

	require.NoError(t, s.Set("b", "2"))
	require.NoError(t, s.Set("a", "1"))
	s.Remove("no such key")

	require.True(t, s.Usable())
	require.Equal(t, []string{"a", "b"}, browser.OpenStorage().Keys())
	got, ok := browser.OpenStorage().Get("a")
	require.True(t, ok)
	require.Equal(t, "1", got)
	s.Remove("a")
	_, ok = browser.OpenStorage().Get("a")
	require.False(t, ok)
}

func TestStorageThatThrowsIsMemory(t *testing.T) {
	browser.Eval(`window.realStorage = Object.getOwnPropertyDescriptor(window, "localStorage");
		Object.defineProperty(window, "localStorage", { configurable: true, get() { throw new DOMException("no", "SecurityError"); } })`)
	defer browser.Eval(`Object.defineProperty(window, "localStorage", window.realStorage)`)
	s := browser.OpenStorage()

	err := s.Set("a", "1")

	require.Error(t, err)
	require.False(t, s.Usable())
	got, ok := s.Get("a")
	require.True(t, ok)
	require.Equal(t, "1", got)
	require.Equal(t, []string{"a"}, s.Keys())
	s.Remove("a")
	require.Empty(t, s.Keys())
}

func TestFullStorageNeverReturnsTheOldValue(t *testing.T) {
	browser.Eval(`localStorage.clear()`)
	s := browser.OpenStorage()
	require.NoError(t, s.Set("a", "old"))
	browser.Eval(`Storage.prototype.realSet = Storage.prototype.setItem;
		Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); }`)
	defer browser.Eval(`Storage.prototype.setItem = Storage.prototype.realSet`)

	require.Error(t, s.Set("a", "new"))

	got, _ := s.Get("a")
	require.Equal(t, "new", got)
	require.False(t, s.Usable())
}

func TestLockIsHeldByOne(t *testing.T) {
	_, release, err := browser.Locks{}.Request(soon(t), "one", false)
	require.NoError(t, err)
	waiting, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()

	_, _, err = browser.Locks{}.Request(waiting, "one", false)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	release()
	release()
	_, release, err = browser.Locks{}.Request(soon(t), "one", false)

	require.NoError(t, err)
	release()
}

func TestLockMayBeStolen(t *testing.T) {
	lost, release, err := browser.Locks{}.Request(soon(t), "two", false)
	require.NoError(t, err)
	defer release()
	select {
	case <-lost:
		require.Fail(t, "lost before it was stolen")
	default:
	}

	_, give, err := browser.Locks{}.Request(soon(t), "two", true)

	require.NoError(t, err)
	defer give()
	<-lost
}

func TestLeadIsGivenBackWithItsContext(t *testing.T) {
	leader := browser.Leader{Name: "three"}
	ctx, resign := context.WithCancel(t.Context())
	_, err := leader.Acquire(ctx, false)
	require.NoError(t, err)

	resign()
	_, err = leader.Acquire(soon(t), false)

	require.NoError(t, err)
}

func TestLeadComesBackToTheReloadedPage(t *testing.T) {
	leader := browser.Leader{Name: "five"}
	ctx, reload := context.WithCancel(t.Context())
	_, err := leader.Acquire(ctx, false)
	require.NoError(t, err)
	require.Equal(t, "1", browser.Text(browser.Eval(`return sessionStorage.getItem("deskbridge.leads.five")`)))
	reload()
	other, _, err := browser.Locks{}.Request(soon(t), "five", false)
	require.NoError(t, err)
	browser.Eval(`sessionStorage.setItem("deskbridge.leads.five", "1")`) // As it stands after a reload.

	lost, err := leader.Acquire(soon(t), false)

	require.NoError(t, err)
	<-other
	_, _, err = browser.Locks{}.Request(soon(t), "five", true)
	require.NoError(t, err)
	<-lost
	require.Equal(t, "", browser.Text(browser.Eval(`return sessionStorage.getItem("deskbridge.leads.five") ?? ""`)))
}

func TestWithoutLocksEveryPageLeads(t *testing.T) {
	browser.Eval(`Object.defineProperty(navigator, "locks", { value: undefined, configurable: true })`)
	defer browser.Eval(`delete navigator.locks`)

	_, _, err := browser.Locks{}.Request(soon(t), "four", false)
	require.ErrorIs(t, err, browser.ErrNoLocks)
	lost, err := browser.Leader{Name: "four"}.Acquire(soon(t), false)

	require.NoError(t, err)
	require.NotNil(t, lost)
}

func TestChannelReachesTheOthers(t *testing.T) {
	a, err := browser.OpenChannel("tabs")
	require.NoError(t, err)
	defer a.Close()
	b, err := browser.OpenChannel("tabs")
	require.NoError(t, err)
	defer b.Close()

	browser.Eval(`const c = new BroadcastChannel("tabs"); c.postMessage({ not: "a text" }); c.close()`)
	require.NoError(t, a.Post([]byte("one")))
	require.NoError(t, a.Post([]byte("two")))

	for _, want := range []string{"one", "two"} {
		got, err := b.Receive(soon(t))
		require.NoError(t, err)
		require.Equal(t, want, string(got))
	}
	a.Close()
	_, err = a.Receive(soon(t))
	require.ErrorIs(t, err, browser.ErrClosed)
	require.Error(t, a.Post([]byte("three")))
}

func TestTicks(t *testing.T) {
	for name, script := range map[string]string{"worker": "/ticker.js", "no such script": "/nothing.js", "no URL": "http://["} {
		t.Run(name, func(t *testing.T) {
			ticks, stop := browser.Ticker(script)(20 * time.Millisecond)
			defer stop()

			for range 3 {
				select {
				case <-ticks:
				case <-soon(t).Done():
					require.Fail(t, "no tick")
				}
			}
			stop()
		})
	}
}
