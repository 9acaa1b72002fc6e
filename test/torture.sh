#!/usr/bin/env bash
# The long runs: every fuzz target for $FUZZTIME, then every package that reads
# TORTURE_ROUNDS or has files with the build tag torture.
set -euo pipefail
cd "$(dirname "$0")/.."
: "${FUZZTIME:=5m}" "${TORTURE_ROUNDS:=200}"
export TORTURE_ROUNDS

failed=()
while IFS=: read -r file target; do
	package=./$(dirname "$file")
	echo "== fuzz $target in $package for $FUZZTIME"
	go test -run '^$' -fuzz "^$target\$" -fuzztime "$FUZZTIME" "$package" || failed+=("$package $target")
done < <(git ls-files -co --exclude-standard '*_test.go' |
	xargs grep -oE '^func Fuzz[A-Za-z0-9_]+' | sed 's/:func /:/' | sort -u)

mapfile -t packages < <(git ls-files -co --exclude-standard '*.go' |
	xargs grep -lE 'TORTURE_ROUNDS|^//go:build torture' | xargs -r -n 1 dirname | sort -u | sed 's,^,./,')
if [ ${#packages[@]} -gt 0 ]; then
	echo "== kill and fault tests, $TORTURE_ROUNDS rounds: ${packages[*]}"
	go test -tags torture -count=1 -timeout 12h "${packages[@]}" || failed+=("kill and fault tests")
fi

for f in "${failed[@]+"${failed[@]}"}"; do echo "failed: $f" >&2; done
[ ${#failed[@]} -eq 0 ]
