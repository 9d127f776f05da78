#!/bin/sh
# coverage.sh - which lines and branches of core its unit and property tests
# run, file by file. Exit 1 if any is left out: a branch that no test can reach
# is code to take out, not to excuse.
set -eu
cd "$(dirname "$0")/../.."
if ! command -v gcovr >/dev/null; then
    echo "left out: gcovr is not installed"
    exit 77
fi
. tests/quietly.sh

# Of what is in counts.json.
tell() {
    gcovr --root . --add-tracefile "$out/counts.json" "$@"
}

quietly cmake --preset coverage
quietly cmake --build --preset coverage
# What was counted before was of other tests, or of another core.
find build/coverage -name '*.gcda' -delete
quietly ctest --preset coverage --no-tests=error

# Both builds of core, with the usual window and with the smallest, as one.
quietly gcovr --root . --filter core/ --json "$out/counts.json" build/coverage

tell --csv "$out/counts.csv"
awk -F, 'NR == 1 {
        printf "%-20s %12s %12s\n", "core, of its tests", "lines", "branches"
        next
    }
    {
        printf "%-20s %5d / %4d %5d / %4d\n", $1, $3, $2, $6, $5
        lines += $2; run += $3; branches += $5; taken += $6
    }
    END {
        printf "%-20s %5d / %4d %5d / %4d\n", "all", run, lines, taken, branches
        exit lines == 0 || run < lines || taken < branches
    }' "$out/counts.csv" || {
    echo "FAIL: not tested, by line:"
    tell | awk '/^core/ && NF > 4'
    tell --branches | awk '/^core/ && NF > 4'
    exit 1
}
