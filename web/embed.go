// Package web holds what the server hands to browsers: the page shell, styles,
// pictures and small scripts, and the compiled programs where they have been
// built (static/build, not in the repository).
package web

import "embed"

// Files has the folder static and the boot script js/boot.js. Without a build
// static/build is missing.
//
//go:embed static js/boot.js
var Files embed.FS
