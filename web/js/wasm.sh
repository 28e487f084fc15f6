#!/usr/bin/env bash
# Compiles the programs for the browser and puts them, compressed, where the
# server embeds them: wasm.sh dev|release app [pages]
#
# Release is without inlining: 10 % more to compile, 5 to 8 % less to load. The
# linker's dependencies go to bin/app.deps for size.mjs.
set -euo pipefail
cd "$(dirname "$0")/../.."
mode=$1
shift
mkdir -p bin

programs=()
for name in "$@"; do
  package=./wasm
  if [ "$name" != app ]; then package=./wasm/$name; fi
  flags=(-trimpath -ldflags="-s -w")
  if [ "$mode" = release ]; then flags=(-trimpath -gcflags=all=-l -ldflags="-s -w -dumpdep"); fi
  rm -f "web/$name.wasm"
  if ! GOOS=js GOARCH=wasm go build "${flags[@]}" -o "web/$name.wasm" "$package" 2>"bin/$name.deps"; then
    grep -v ' -> ' "bin/$name.deps" >&2 || true
    exit 1
  fi
  programs+=("$name=web/$name.wasm")
done
node web/js/compress.mjs "$mode" "${programs[@]}"
