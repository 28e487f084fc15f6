# Everything a person or a machine does with this repository. `make` lists it.
#
# The set-up is part of each target: what is missing is installed where that
# can be done without asking, and named otherwise.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

wasm := GOOS=js GOARCH=wasm
# What ends up in a browser.
portable := ./wasm/... ./pkg/browser/... $(addprefix ./pkg/,softphone engine callingext webexcc desktop backend fetch ui stories layout studio)
modules := web/js/node_modules/.package-lock.json
# The sandbox's own programs, and the layout studio.
pages := pages storybook studio
# Largest app.wasm in bytes of brotli 11.
limit := 1700000
# Largest deskbridge-widget.js in bytes of gzip: the Agent Desktop loads it
# before anything of ours shows.
script := 6000

.PHONY: help run test vuln build dev bench soak nightly size lint layouts notices setup browsers wasm-release wasm-dev js clean

help: ## list these targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: dev ## start the sandbox: panel, backend and both emulated clouds on this machine
	@go run ./server sandbox

build: setup js wasm-release ## build everything for release into bin/ (brotli takes 20 s)
	@mkdir -p bin && go build -trimpath -o bin/server ./server
	@echo "built bin/server with the panel in it"

dev: setup js wasm-dev ## build the browser's part quickly, less compressed

size: build ## print the sizes of bundle and widget's script; fail above the limits or where the linker cannot drop methods
	@node web/js/size.mjs $(limit) bin/app.deps $(script)

test: setup browsers lint vuln size ## check and test everything, as CI does
	@node .ci/test.mjs

lint: setup ## formatting, go vet and staticcheck, native and js/wasm
	@unformatted=$$(git ls-files -co --exclude-standard '*.go' | xargs gofmt -l); \
	  if [ -n "$$unformatted" ]; then echo "gofmt -w these files:"; echo "$$unformatted"; exit 1; fi
	@go vet ./...
	@$(wasm) go vet $(portable)
	@go tool staticcheck ./...
	@tool=$$(go tool -n staticcheck); $(wasm) $$tool ./pkg/browser/... ./wasm/...
	@node .ci/notices.mjs --check
	@echo "gofmt, go vet, staticcheck and the notices: fine"

vuln: setup ## look for known vulnerabilities, where their database can be reached
	@node .ci/vuln.mjs

bench: setup browsers build js ## measure the start-up beside a page on HubSpot's own SDK and in an Agent Desktop, input to paint, the ledger, and matches
	@go test ./pkg/lookup -run '^$$' -bench . -benchtime 1x -count 1 -timeout 20m
	@go test ./pkg/ledger -run '^$$' -bench 'Put|Written' -benchtime 3000x -count 1 -timeout 20m
	@go test ./pkg/ledger -run '^$$' -bench 'Backlog|Memory' -benchtime 1x -count 1 -timeout 40m
	@go test ./server/soak -run '^$$' -bench . -benchtime 1x -count 1 -timeout 20m
	@go test ./server -run '^$$' -bench . -benchtime 1x -count 1 -timeout 20m
	@go test ./server/e2e -run '^$$' -bench . -benchtime 1x -count 1 -timeout 20m

soak: setup ## 20,000 interactions (DESKBRIDGE_SOAK=n) while everything fails; two replicas where DESKBRIDGE_TEST_POSTGRES is set
	@DESKBRIDGE_SOAK=$${DESKBRIDGE_SOAK:-20000} go test ./server/soak -run '^TestSoak$$' -v -count 1 -timeout 3h

nightly: setup browsers dev ## 100,000 random lives of two agents, every walk in every kind of Agent Desktop, and every fuzzer for a minute
	@DESKBRIDGE_LIVES=100000 go test ./pkg/softphone -run Lives -count 1 -timeout 60m
	@DESKBRIDGE_EVERY_SHELL=1 go test ./server/e2e -run DesktopInHubSpot -count 1 -timeout 20m
	@go list -f '{{.ImportPath}}' ./pkg/... | while read -r p; do \
	  go test -list '^Fuzz' "$$p" | grep '^Fuzz' | while read -r f; do \
	    go test "$$p" -run '^$$' -fuzz "^$$f\$$" -fuzztime 60s; done; done

layouts: ## write the Agent Desktop layouts
	@go run ./layouts

setup: $(modules)
	@bash .ci/setup.sh tools

browsers:
	@bash .ci/setup.sh browser

$(modules): web/js/package-lock.json
	@bash .ci/setup.sh tools
	@echo "installing npm packages of web/js (development only)"
	@cd web/js && npm ci --no-audit --no-fund --loglevel=error
	@touch $@

wasm-release: $(modules)
	@bash web/js/wasm.sh release app $(pages)
	@node web/js/standin.mjs

wasm-dev: $(modules)
	@bash web/js/wasm.sh dev app $(pages)
	@node web/js/standin.mjs

js: $(modules)
	@cd web/js && node pages.mjs && node desktop.mjs

notices: setup ## write THIRD_PARTY_NOTICES.md anew
	@node .ci/notices.mjs

clean: ## remove what was built
	@rm -rf bin web/*.wasm web/static/build web/js/dist
