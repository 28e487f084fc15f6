//go:build js && wasm

package browser_test

import (
	"testing"
	"time"

	"deskbridge/pkg/browser"

	"github.com/stretchr/testify/require"
)

// watched receives the files of the page.
func watched(t *testing.T) <-chan browser.File {
	t.Helper()
	files := make(chan browser.File, 1)
	remove, err := browser.WatchFiles(10, nil, func(f browser.File) { files <- f })
	require.NoError(t, err)
	t.Cleanup(remove)
	return files
}

// fall drops files on the page and says whether it kept them from being opened.
const fall = `window.fall = (...files) => {
	const data = new DataTransfer();
	for (const file of files) data.items.add(file);
	const event = new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: data });
	document.body.dispatchEvent(event);
	return event.defaultPrevented ? "kept" : "lost";
};`

func next(t *testing.T, files <-chan browser.File) browser.File {
	t.Helper()
	select {
	case f := <-files:
		return f
	case <-time.After(10 * time.Second):
		t.Fatal("no file came")
		return browser.File{}
	}
}

func TestDroppedFileIsRead(t *testing.T) {
	files := watched(t)
	browser.Eval(fall)

	require.Equal(t, "kept", browser.Text(browser.Eval(`return fall(new File(["\ufeffä"], "a.json"))`)))

	require.Equal(t, browser.File{Name: "a.json", Text: []byte("\ufeffä")}, next(t, files))
	browser.Eval(`fall(new File(["x".repeat(11)], "b.json"))`)
	f := next(t, files)
	require.Equal(t, "b.json", f.Name)
	require.Contains(t, f.Problem, "at most")
	require.Nil(t, f.Text)
	browser.Eval(`fall(new File([], "a"), new File([], "b"))`)
	require.Contains(t, next(t, files).Problem, "2 files")
	browser.Eval(`const f = new File(["x"], "gone.json"); f.arrayBuffer = () => Promise.reject(new DOMException("gone", "NotFoundError")); 
		const input = document.createElement("input"); Object.defineProperty(input, "files", { value: { length: 1, 0: f } });
		document.body.append(input); input.dispatchEvent(new Event("change", { bubbles: true })); input.remove()`)
	require.Contains(t, next(t, files).Problem, "could not read")
}

func TestDownloadIsWhatWasGiven(t *testing.T) {
	browser.Eval(`window.saved = {}; window.realClick = HTMLAnchorElement.prototype.click;
		HTMLAnchorElement.prototype.click = function () { fetch(this.href).then((r) => r.text()).then((text) => { window.saved = { name: this.download, text } }) }`)
	defer browser.Eval(`HTMLAnchorElement.prototype.click = window.realClick`)

	require.NoError(t, browser.Download("ä.json", "application/json", []byte(`{"a": "ä"}`)))

	require.Eventually(t, func() bool {
		return browser.Text(browser.Eval(`return window.saved.name + " " + window.saved.text`)) == `ä.json {"a": "ä"}`
	}, 10*time.Second, 10*time.Millisecond)
}
