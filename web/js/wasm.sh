#!/usr/bin/env bash
# Compiles the programs for the browser and puts them, compressed, where the
# server embeds them: wasm.sh dev|release app [pages storybook]
#
# Release is without inlining: 10 % more to compile, 5 to 8 % less to load. The
# linker's dependencies go to bin/app.deps for size.mjs.
set -euo pipefail
cd "$(dirname "$0")/../.."
mode=$1
shift
mkdir -p bin

# go-app's server side compiles for the browser too, and with it net/http, TLS
# and HTTP/2: a fifth of the bundle. The build uses a copy of go-app with
# goapp.go.txt in the place of three of its files; the reasons stand there.
module=github.com/maxence-charriere/go-app/v10
source=$(go list -m -f '{{.Dir}}' $module)
rm -rf bin/go-app
mkdir -p bin/go-app
cp -r "$source/go.mod" "$source/pkg" bin/go-app
chmod -R u+w bin/go-app
for file in http.go resource.go route.go; do
  [ -f "bin/go-app/pkg/app/$file" ] || { echo "go-app has no $file any more: look at web/js/goapp.go.txt" >&2; exit 1; }
  rm "bin/go-app/pkg/app/$file"
done
cp web/js/goapp.go.txt bin/go-app/pkg/app/http.go
rm -f bin/wasm.mod
cp go.mod bin/wasm.mod
cp go.sum bin/wasm.sum
go mod edit -replace "$module=./bin/go-app" bin/wasm.mod

programs=()
for name in "$@"; do
  package=./wasm
  if [ "$name" != app ]; then package=./wasm/$name; fi
  flags=(-trimpath -modfile=bin/wasm.mod -ldflags="-s -w")
  if [ "$mode" = release ]; then flags=(-trimpath -modfile=bin/wasm.mod -gcflags=all=-l -ldflags="-s -w -dumpdep"); fi
  rm -f "web/$name.wasm"
  if ! GOOS=js GOARCH=wasm go build "${flags[@]}" -o "web/$name.wasm" "$package" 2>"bin/$name.deps"; then
    grep -v ' -> ' "bin/$name.deps" >&2 || true
    exit 1
  fi
  programs+=("$name=web/$name.wasm")
done
node web/js/compress.mjs "$mode" "${programs[@]}"
