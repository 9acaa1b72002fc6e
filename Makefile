# Postroom. `make help` lists the targets. Only Go, Node and make are needed
# beforehand; `make test` brings the rest.

GO   ?= go
DATA ?= var/dev
# The first port of `make run`; 0 takes free ones.
PORTS ?= 8000
# What go takes as packages: nested modules (tools) are not among them.
PACKAGES := ./...
# The race detector watches our own code. The SQLite engine is C turned into Go,
# over a hundred times slower when watched, and its memory is its own affair; so
# is that of argon2id, whose every hash walks through 19 MB.
# wire is not watched: it starts no goroutine, and its tests look at the time.
RACE := -race -gcflags=modernc.org/...=-race=false -gcflags=golang.org/x/crypto/argon2=-race=false
# One way of compiling for the binary, vet and the tests: else all is compiled again.
export GOFLAGS := $(filter-out -trimpath,$(shell $(GO) env GOFLAGS 2>/dev/null)) -trimpath
# make vet comes before them, of all.
TESTS := -json -count=1 -timeout 20m -vet=off
# How long the long runs take: per fuzz target, and rounds of each kill test.
FUZZTIME       ?= 5m
TORTURE_ROUNDS ?= 200

.PHONY: help build run test check bench torture screenshots lint fmt gen need-go test-install vet fmt-check gen-check web web-check

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

need-go:
	@bash tools/need go 1.26

build: need-go web ## build the web apps and bin/postroom
	$(GO) build -o bin/postroom ./cmd/postroom

web:
	@bash tools/web build

web-check:
	@bash tools/web check

run: build ## build and start a server with a sample organization, on loopback (DATA=var/dev PORTS=8000)
	bin/postroom dev --data $(DATA) --ports $(PORTS)

test: need-go ## install what the tests need and run every test
	@$(MAKE) --no-print-directory -j2 -Otarget test-install fmt-check gen-check vet web-check
	@$(MAKE) --no-print-directory build
	@all=$$($(GO) list ./...) || exit 1; \
	watched=$$(echo "$$all" | grep '^postroom/internal/' | grep -v '^postroom/internal/wire/'); \
	rest=$$(echo "$$all" | grep -v '^postroom/internal/' ; echo "$$all" | grep '^postroom/internal/wire/'); \
	$(GO) run ./test/count $(GO) test $(TESTS) $(RACE) $$watched --- \
		$(GO) test $(TESTS) $$rest --- \
		bash tools/web test

check: need-go fmt-check vet web-check ## the quick inner loop: no services, no end-to-end tests
	@$(GO) run ./internal/archtest/budgets
	@$(GO) run ./test/count -skips $(GO) test -json -short -timeout 5m -vet=off ./internal/...

bench: need-go ## benchmarks, then the figures of a whole server
	@bash test/bench.sh

torture: need-go test-install ## fuzz every target for FUZZTIME, kill tests for TORTURE_ROUNDS
	@FUZZTIME=$(FUZZTIME) TORTURE_ROUNDS=$(TORTURE_ROUNDS) bash test/torture.sh

screenshots: build ## make the pictures of the console in web/shots; the README's go to docs/pictures
	@bash tools/screenshots

lint: need-go ## golangci-lint, built once from tools/lint/go.mod
	@bash tools/golangci run ./...

fmt: need-go ## format all files
	@gofmt -w $$(git ls-files -co --exclude-standard '*.go')
	@cd web && npx biome check --write .

gen: need-go ## make the generated files again
	$(GO) generate $(PACKAGES)

test-install:
	@bash test/install

vet:
	$(GO) vet $(PACKAGES)

fmt-check:
	@bad=$$(gofmt -l $$(git ls-files -co --exclude-standard '*.go')); \
	if [ -n "$$bad" ]; then echo "not formatted (make fmt):"; echo "$$bad"; exit 1; fi

gen-check:
	@bash tools/gencheck
