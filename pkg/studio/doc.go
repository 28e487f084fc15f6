// Package studio is what the layout studio decides: an administrator opens a
// desktop layout, says what is to happen to it, and sees what is wrong with it,
// what would change and the result. A [Studio] is the state, its methods are
// what a person does, and [Studio.View] is what there is to draw.
//
// It is pure: files are opened and saved by the page (wasm/studio), and nothing
// leaves the browser. Its sentences are English only: administrators read them;
// the panel is what is translated.
package studio
