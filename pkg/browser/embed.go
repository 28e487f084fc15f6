//go:build js && wasm

package browser

import (
	"fmt"
	"strconv"

	"github.com/hack-pad/safejs"
)

// Embed fills this page with an iframe: allow is its permissions policy. Where
// the page is narrower or lower than least pixels, the frame is drawn smaller,
// so that what is in it has that many.
func Embed(id, title, url, allow string, least int) error {
	document := global("document")
	frame, err := document.Call("createElement", "iframe")
	if err != nil {
		return fmt.Errorf("browser: embed: %w", err)
	}
	for name, value := range map[string]string{"id": id, "title": title, "allow": allow, "src": url} {
		if err := frame.Set(name, value); err != nil {
			return fmt.Errorf("browser: embed: %w", err)
		}
	}
	body := get(document, "body")
	fit := func(safejs.Value) {
		width, _ := number(global("innerWidth"))
		height, _ := number(global("innerHeight"))
		scale := min(1, float64(width)/float64(least), float64(height)/float64(least))
		if scale <= 0 {
			return // Not laid out yet.
		}
		style(frame, map[string]string{
			"border": "0", "display": "block", "position": "fixed", "top": "0", "left": "0", "transformOrigin": "0 0",
			"width":     strconv.Itoa(int(float64(width)/scale)) + "px",
			"height":    strconv.Itoa(int(float64(height)/scale)) + "px",
			"transform": "scale(" + strconv.FormatFloat(scale, 'f', 4, 64) + ")",
		})
	}
	fit(safejs.Undefined())
	if _, err := listen(safejs.Global(), "resize", fit); err != nil { // As long as the page.
		return fmt.Errorf("browser: embed: %w", err)
	}
	if _, err := body.Call("append", frame); err != nil {
		return fmt.Errorf("browser: embed: %w", err)
	}
	return nil
}

// style sets an element's style, which policies allow to scripts.
func style(element safejs.Value, values map[string]string) {
	target := get(element, "style")
	for name, value := range values {
		_ = target.Set(name, value) // An element has a style.
	}
}

// Warn writes a line to the console, for who looks for the reason.
func Warn(text string) { _, _ = global("console").Call("warn", "deskbridge: "+text) }
