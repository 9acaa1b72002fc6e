#!/usr/bin/env bash
# Benchmarks of packages, then the figures of a whole server (test/bench), where
# what the disk did stands beside each figure. With arguments only the latter,
# which gets them: test/bench.sh -figures deliver -seconds 10
set -euo pipefail
cd "$(dirname "$0")/.."

bash tools/web build

export POSTROOM_BENCH_USERS=${POSTROOM_BENCH_USERS:-1000000} # of store/dirstore

failed=0
if [ $# -eq 0 ]; then
	mapfile -t packages < <(git ls-files -co --exclude-standard '*_test.go' |
		xargs grep -l '^func Benchmark' | xargs -r -n 1 dirname | sort -u | sed 's,^,./,')
	if [ ${#packages[@]} -gt 0 ]; then
		go test -run '^$' -bench . -benchmem -timeout 60m "${packages[@]}" || failed=$?
	fi
fi
go run ./test/bench "$@"
exit $failed
