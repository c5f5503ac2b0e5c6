# What CI runs, and the shorter words for daily work.
export CGO_ENABLED ?= 0

.PHONY: check test race build cross bench bench-live kill golden calibrate validate walk screenshots

check:            ## everything that guards quality
	bash .ci/run

test:             ## the tests
	go test ./...

race:             ## the tests under the race detector, in random order
	CGO_ENABLED=1 go test -race -shuffle=on ./...

build:
	go build -trimpath -o cheaptalk ./cmd/cheaptalk

cross:            ## Linux, macOS and Windows
	@for target in linux/amd64 linux/arm64 darwin/arm64 windows/amd64; do \
		echo "build $$target"; \
		GOOS=$${target%/*} GOARCH=$${target#*/} go build -o /dev/null ./cmd/cheaptalk || exit 1; \
	done

bench:            ## the figures of docs/BENCHMARKS.md
	go test -run '^$$' -bench . -benchmem ./debate/... ./agents/models ./agents/simulated ./internal/store ./tui/screen

bench-live:       ## the live path against the mock server, processes of their own; ten minutes on an idle machine
	go test -run '^$$' -bench Live -benchtime 1x -timeout 30m ./cmd/cheaptalk

kill:             ## kill the real command a hundred times at random moments
	KILLS=100 go test -run TestAKilledRun -v -count=1 -timeout 30m ./cmd/cheaptalk

walk:             ## watch a run in a terminal, as a person does; needs tmux
	go test -count=1 -run TestAWatchedRunLosesNothing -v ./cmd/cheaptalk

screenshots:      ## the pictures of the screen in docs/images; needs tmux and Chromium
	go run ./internal/shots docs/images

calibrate:        ## fit the shipped profiles again, byte for byte; ten minutes
	go run ./cmd/cheaptalk calibrate wynn2025 --out agents/simulated/profiles
	go run ./cmd/cheaptalk calibrate qu2026 --out agents/simulated/profiles

validate:         ## the figures of docs/VALIDATION.md; needs the recorded debates
	go run ./cmd/cheaptalk validate > docs/VALIDATION.md

golden:           ## rewrite the golden files; read the diff before you commit it
	go test ./... -update
