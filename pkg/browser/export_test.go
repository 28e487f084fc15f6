//go:build js && wasm

package browser

import "github.com/hack-pad/safejs"

// Eval runs JavaScript in tests.
func Eval(code string) safejs.Value {
	f, err := global("Function").New(code)
	if err != nil {
		panic(err)
	}
	v, err := f.Invoke()
	if err != nil {
		panic(err)
	}
	return v
}

// Text is a string in tests.
func Text(v safejs.Value) string {
	s, _ := text(v)
	return s
}
