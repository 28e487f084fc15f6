//go:build js && wasm

package browser

import (
	"context"
	"errors"

	"github.com/hack-pad/safejs"
)

// A jsError is what JavaScript threw or rejected with.
type jsError struct{ name, message string }

func (e *jsError) Error() string { return e.name + ": " + e.message }

// global returns a property of the window that never throws, or undefined.
func global(name string) safejs.Value { return get(safejs.Global(), name) }

// get reads a property through a guarded call. What throws, or is asked of no
// object, is undefined.
func get(v safejs.Value, name string) safejs.Value {
	if t := v.Type(); t != safejs.TypeObject && t != safejs.TypeFunction {
		return safejs.Undefined()
	}
	reflect, err := safejs.Global().Get("Reflect")
	if err != nil {
		return safejs.Undefined()
	}
	got, err := reflect.Call("get", v, name)
	if err != nil {
		return safejs.Undefined()
	}
	return got
}

// boot is what the boot script left for us, or undefined.
func boot() safejs.Value { return global("__deskbridge") }

func present(v safejs.Value) bool { return !v.IsUndefined() && !v.IsNull() }

// text returns a string, and whether v is one.
func text(v safejs.Value) (string, bool) {
	if v.Type() != safejs.TypeString {
		return "", false
	}
	s, err := v.String()
	return s, err == nil
}

// textLength is a string's length in UTF-16 units, without copying it.
func textLength(v safejs.Value) (int, bool) {
	if v.Type() != safejs.TypeString {
		return 0, false
	}
	boxed, err := global("Object").Invoke(v) // Only objects have a length in Go.
	if err != nil {
		return 0, false
	}
	n, err := boxed.Length()
	return n, err == nil
}

// number returns a number as an integer, and whether v is one.
func number(v safejs.Value) (int, bool) {
	if v.Type() != safejs.TypeNumber || v.IsNaN() {
		return 0, false
	}
	n, err := v.Int()
	return n, err == nil
}

func truth(v safejs.Value) bool {
	ok, err := v.Truthy()
	return err == nil && ok
}

func first(args []safejs.Value) safejs.Value {
	if len(args) == 0 {
		return safejs.Undefined()
	}
	return args[0]
}

// callback makes f callable from JavaScript. The caller releases it.
func callback(f func(args []safejs.Value)) (safejs.Func, error) {
	return safejs.FuncOf(func(_ safejs.Value, args []safejs.Value) any {
		f(args)
		return nil
	})
}

// listen calls f with every such event. Remove may be called more than once.
func listen(target safejs.Value, event string, f func(event safejs.Value)) (remove func(), err error) {
	fn, err := callback(func(args []safejs.Value) { f(first(args)) })
	if err != nil {
		return nil, err
	}
	if _, err := target.Call("addEventListener", event, fn); err != nil {
		fn.Release()
		return nil, err
	}
	removed := false
	return func() {
		if !removed {
			removed = true
			_, _ = target.Call("removeEventListener", event, fn)
			fn.Release()
		}
	}, nil
}

// await waits for a promise. Its error is a *jsError when it rejects.
func await(ctx context.Context, promise safejs.Value) (safejs.Value, error) {
	type result struct {
		value safejs.Value
		err   error
	}
	settled := make(chan result, 1)
	var fulfilled, rejected safejs.Func
	release := func() {
		fulfilled.Release()
		rejected.Release()
	}
	fulfilled, err := callback(func(args []safejs.Value) {
		settled <- result{value: first(args)}
		release()
	})
	if err != nil {
		return safejs.Undefined(), err
	}
	rejected, err = callback(func(args []safejs.Value) {
		settled <- result{err: thrown(first(args))}
		release()
	})
	if err != nil {
		fulfilled.Release()
		return safejs.Undefined(), err
	}
	if _, err := promise.Call("then", fulfilled, rejected); err != nil {
		release()
		return safejs.Undefined(), err
	}
	select {
	case r := <-settled:
		return r.value, r.err
	case <-ctx.Done():
		return safejs.Undefined(), ctx.Err()
	}
}

// thrown describes a rejection's reason.
func thrown(reason safejs.Value) error {
	if s, ok := text(reason); ok {
		return &jsError{"Error", s}
	}
	name, _ := text(get(reason, "name"))
	message, _ := text(get(reason, "message"))
	if name == "" {
		name = "Error"
	}
	return &jsError{name, message}
}

// errMissing is a browser without what was asked of it.
var errMissing = errors.New("browser: not supported here")
