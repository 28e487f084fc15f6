//go:build js && wasm

// Package browser is the only one that speaks to JavaScript. It gives the
// portable packages what they ask for by their own small interfaces: a
// postMessage [Port], HTTP over [Fetch], [Storage], [Locks], a [Channel]
// between tabs, a [Ticker] that hidden tabs do not starve, the sign-in
// [Popup], a ring tone and what is known about the page.
//
// Nothing here decides anything, and nothing a page or a person can do makes
// it panic: what the browser refuses is an error. Three rules keep it so:
//
//   - A getter that throws kills a Go program, and neither recover nor safejs
//     notices, because wasm_exec.js reads properties without a guard. Calls
//     are guarded, so a property that might throw is read by Reflect.get.
//   - String is only used on what is known to be a string: converting a
//     symbol or an object without prototype throws in the same way.
//   - A callback appends to a queue, signals and returns; waiting in it would
//     stop the page. Every function handed to JavaScript is released by the
//     remove, Close or stop that belongs to it.
//
// Of what the boot script (web/js/boot.js) does before Go runs, this package
// knows the object __deskbridge; without it, it works too.
package browser
