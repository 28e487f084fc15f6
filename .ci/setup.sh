#!/usr/bin/env bash
# Checks that a tool chain is there, installs what can be installed without
# asking, and says what to do about the rest.
#   setup.sh tools|browser
set -euo pipefail

missing() {
  echo "missing: $1" >&2
  echo "  $2" >&2
  exit 1
}

install() { # packages...
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then return 1; fi
  echo "installing $* with apt-get"
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 ||
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }
}

case "${1:-tools}" in
tools)
  command -v go >/dev/null || missing "Go 1.26" "install it from https://go.dev/dl and put its bin directory on PATH"
  command -v node >/dev/null || missing "Node 20 or later" "install it from https://nodejs.org, or: apt-get install nodejs npm"
  [ "$(node -p 'process.versions.node.split(".")[0]')" -ge 20 ] || missing "Node 20 or later" "this one is $(node -v): install a newer one from https://nodejs.org"
  command -v npm >/dev/null || missing "npm" "it comes with Node from https://nodejs.org, or: apt-get install npm"
  command -v gcc >/dev/null || install gcc libc6-dev || missing "gcc (for the race detector)" "apt-get install gcc libc6-dev"
  ;;
browser)
  for name in chromium chromium-browser google-chrome google-chrome-stable headless-shell chrome; do
    if command -v "$name" >/dev/null; then exit 0; fi
  done
  install chromium || missing "Chromium (for the tests in a browser)" "apt-get install chromium, or put google-chrome on PATH"
  ;;
*)
  echo "usage: setup.sh tools|browser" >&2
  exit 2
  ;;
esac
