#!/usr/bin/env bash
# Benchmarks of packages, then those of a whole server (test/bench), where the
# figure that the disk allows stands beside each figure.
set -euo pipefail
cd "$(dirname "$0")/.."
export POSTROOM_BENCH_USERS=${POSTROOM_BENCH_USERS:-1000000} # of store/dirstore

mapfile -t packages < <(git ls-files -co --exclude-standard '*_test.go' |
	xargs grep -l '^func Benchmark' | xargs -r -n 1 dirname | sort -u | sed 's,^,./,')
if [ ${#packages[@]} -gt 0 ]; then
	go test -run '^$' -bench . -benchmem -timeout 60m "${packages[@]}"
fi
if [ -d test/bench ]; then
	go run ./test/bench "$@"
fi
