//go:build js && wasm

package browser

import (
	"context"
	"fmt"

	"github.com/hack-pad/safejs"
)

// A File is one that a person chose or dropped.
type File struct {
	Name    string
	Text    []byte
	Problem string // A sentence, why there is no text.
}

// WatchFiles calls f with each file that is chosen in a file input of the page
// or dropped anywhere on it, of at most that many bytes. Files go nowhere else:
// a browser would open what is dropped in the page's place. over says whether
// a file is being held above the page, and may be nil. Both are called on
// goroutines of their own.
func WatchFiles(most int, over func(bool), f func(File)) (remove func(), err error) {
	if over == nil {
		over = func(bool) {}
	}
	document := global("document")
	read := func(list safejs.Value) {
		n, _ := number(get(list, "length"))
		switch one, err := list.Index(0); {
		case n == 0 || err != nil:
		case n > 1:
			go f(File{Problem: fmt.Sprintf("These are %d files: one at a time.", n)})
		default:
			go func() { f(readFile(one, most)) }()
		}
	}
	held := func(event safejs.Value) bool {
		types := get(get(event, "dataTransfer"), "types")
		has, err := types.Call("includes", "Files")
		return err == nil && truth(has)
	}
	var removers []func()
	remove = func() {
		for _, r := range removers {
			r()
		}
	}
	for name, told := range map[string]func(safejs.Value){
		"change": func(event safejs.Value) {
			target := get(event, "target")
			if files := get(target, "files"); present(files) {
				read(files)
				_ = target.Set("value", "") // The same file again is a change, too.
			}
		},
		"dragover": func(event safejs.Value) {
			if held(event) {
				_, _ = event.Call("preventDefault")
				go over(true)
			}
		},
		"dragleave": func(event safejs.Value) {
			if !present(get(event, "relatedTarget")) { // It left the page, not an element of it.
				go over(false)
			}
		},
		"drop": func(event safejs.Value) {
			if held(event) {
				_, _ = event.Call("preventDefault")
				go over(false)
				read(get(get(event, "dataTransfer"), "files"))
			}
		},
	} {
		r, err := listen(document, name, told)
		if err != nil {
			remove()
			return nil, err
		}
		removers = append(removers, r)
	}
	return remove, nil
}

func readFile(file safejs.Value, most int) File {
	name, _ := text(get(file, "name"))
	out := File{Name: name}
	if n, _ := number(get(file, "size")); n > most {
		out.Problem = fmt.Sprintf("The file has %.1f MB, and at most %.1f MB are read.", float64(n)/1e6, float64(most)/1e6)
		return out
	}
	const unreadable = "The browser could not read the file. Was it moved, or is it a folder?"
	promise, err := file.Call("arrayBuffer")
	if err != nil {
		out.Problem = unreadable
		return out
	}
	buffer, err := await(context.Background(), promise)
	if err != nil {
		out.Problem = unreadable
		return out
	}
	if out.Text, err = fromBuffer(buffer); err != nil {
		out.Problem = unreadable
	}
	return out
}

// Download offers a text as a file of that name to be saved.
func Download(name, kind string, content []byte) error {
	array, err := toBytes(content)
	if err != nil {
		return fmt.Errorf("browser: download: %w", err)
	}
	blob, err := global("Blob").New([]any{array}, map[string]any{"type": kind})
	if err != nil {
		return fmt.Errorf("browser: download: %w", err)
	}
	address, err := global("URL").Call("createObjectURL", blob)
	if err != nil {
		return fmt.Errorf("browser: download: %w", err)
	}
	link, err := global("document").Call("createElement", "a")
	if err != nil {
		return fmt.Errorf("browser: download: %w", err)
	}
	for property, value := range map[string]any{"href": address, "download": name} {
		if err := link.Set(property, value); err != nil {
			return fmt.Errorf("browser: download: %w", err)
		}
	}
	if _, err := link.Call("click"); err != nil {
		return fmt.Errorf("browser: download: %w", err)
	}
	// Some browsers begin to read later; the address is let go when they have.
	var fn safejs.Func
	fn, err = callback(func([]safejs.Value) {
		_, _ = global("URL").Call("revokeObjectURL", address)
		fn.Release()
	})
	if err == nil {
		_, _ = safejs.Global().Call("setTimeout", fn, 60000)
	}
	return nil
}
