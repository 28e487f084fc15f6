//go:build js && wasm

package browser_test

import (
	"context"
	"testing"
	"time"

	"deskbridge/pkg/browser"

	"github.com/stretchr/testify/require"
)

func TestConfigIsRead(t *testing.T) {
	var cfg struct{ Answer int }

	require.NoError(t, browser.ReadConfig(&cfg))

	require.Equal(t, 42, cfg.Answer)
}

func TestBrokenConfigIsAnError(t *testing.T) {
	browser.Eval(`document.getElementById("deskbridge-config").id = "moved"`)
	defer browser.Eval(`document.getElementById("moved").id = "deskbridge-config"`)
	var cfg struct{ Answer int }

	require.Error(t, browser.ReadConfig(&cfg))
}

func TestPageFacts(t *testing.T) {
	require.Regexp(t, `^http://127\.0\.0\.1:\d+$`, browser.Origin())
	require.False(t, browser.Framed())
	require.Empty(t, browser.Query("agent"))
	browser.Eval(`history.replaceState(null, "", "?agent=ann%20b")`)
	require.Equal(t, "ann b", browser.Query("agent"))
	require.NotEmpty(t, browser.Languages())
	require.Equal(t, "en", browser.Language())
	require.True(t, browser.Visible())
	browser.Dark()
	browser.Focused()
	browser.SetTitle("Deskbridge ☎")
	require.Equal(t, "Deskbridge ☎", browser.Text(browser.Eval(`return document.title`)))
	browser.Mark("here")
	require.Equal(t, "mark", browser.Text(browser.Eval(`return performance.getEntriesByName("deskbridge:here")[0].entryType`)))
}

func TestReadyReachesTheBootScript(t *testing.T) {
	browser.Ready() // Without one: nothing.
	browser.Eval(`window.__deskbridge = { ready() { document.title = "ready" } }`)
	defer browser.Eval(`delete window.__deskbridge`)

	browser.Ready()

	require.Equal(t, "ready", browser.Text(browser.Eval(`return document.title`)))
}

func TestYieldLetsThePageWork(t *testing.T) {
	browser.Eval(`document.title = "before"; setTimeout(() => { document.title = "after" }, 0)`)

	browser.Yield()

	require.Equal(t, "after", browser.Text(browser.Eval(`return document.title`)))
}

func TestAttentionIsWatched(t *testing.T) {
	told := 0
	remove := browser.WatchAttention(func(bool, bool) { told++ })
	browser.Eval(`window.dispatchEvent(new Event("blur")); document.dispatchEvent(new Event("visibilitychange"))`)
	require.Equal(t, 2, told)

	remove()
	remove()
	browser.Eval(`window.dispatchEvent(new Event("blur"))`)

	require.Equal(t, 2, told)
}

// Without a press the browser blocks the popup, as this test's page has none.
func TestPopupIsBlockedWithoutAPress(t *testing.T) {
	_, err := browser.OpenPopup("/blank", "popup,width=100,height=100")

	require.ErrorIs(t, err, browser.ErrPopupBlocked)
}

// openFrameAsPopup lets the page's iframe stand for the window that is opened.
func openFrameAsPopup(t *testing.T) *browser.Popup {
	t.Helper()
	browser.Eval(`window.realOpen = window.open; window.open = () => document.getElementById("frame").contentWindow`)
	t.Cleanup(func() { browser.Eval(`window.open = window.realOpen`) })
	p, err := browser.OpenPopup("/blank", "popup")
	require.NoError(t, err)
	t.Cleanup(p.Close)
	return p
}

func TestPopupHearsOnlyItsOwnOrigin(t *testing.T) {
	p := openFrameAsPopup(t)
	browser.Eval(`const source = document.getElementById("frame").contentWindow;
		const say = (data, origin, source) => window.dispatchEvent(new MessageEvent("message", { data, origin, source }));
		say({ code: "forged" }, "https://evil.example", source);
		say({ code: "stranger" }, location.origin, window);
		say({ code: "right" }, location.origin, source);`)

	got, err := p.Receive(soon(t))

	require.NoError(t, err)
	require.JSONEq(t, `{"code": "right"}`, string(got))
}

func TestPopupThatIsClosedSaysSo(t *testing.T) {
	browser.Eval(`window.realOpen = window.open; window.fakePopup = { closed: false, close() { this.closed = true } }; window.open = () => window.fakePopup`)
	defer browser.Eval(`window.open = window.realOpen`)
	p, err := browser.OpenPopup("/blank", "popup")
	require.NoError(t, err)
	require.False(t, p.Closed())
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err = p.Receive(ctx)
	require.ErrorIs(t, err, context.DeadlineExceeded)

	browser.Eval(`window.fakePopup.closed = true`)
	_, err = p.Receive(soon(t))

	require.ErrorIs(t, err, browser.ErrPopupClosed)
	p.Close()
	p.Close()
	p.Focus()
}

func TestSoundWithoutAPressIsBlocked(t *testing.T) {
	s := browser.OpenSound()
	defer s.Close()

	require.NoError(t, s.Ring(6))
	require.NoError(t, s.Ring(6))

	require.True(t, s.Ringing())
	require.True(t, s.Blocked())
	s.Quiet()
	require.False(t, s.Ringing())
}

func TestSoundWithoutWebAudioIsAnError(t *testing.T) {
	browser.Eval(`window.realAudio = window.AudioContext; window.AudioContext = undefined`)
	defer browser.Eval(`window.AudioContext = window.realAudio`)
	s := browser.OpenSound()
	defer s.Close()

	require.Error(t, s.Ring(6))
	require.True(t, s.Blocked())
	require.False(t, s.Ringing())
}
