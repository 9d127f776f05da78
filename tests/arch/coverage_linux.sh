#!/bin/sh
# coverage_linux.sh [-v] - which lines of port and of boards/linux are run by the unit
# tests of both, by TLS on the wire and by tests of the program, file by file. By hand,
# some five minutes. Exit 1 if these are less than 95 % of the one or 90 % of the other;
# -v names the others.
set -eu
cd "$(dirname "$0")/../.."
. tests/arch/gcov.sh

# Of the program's tests not those that wait most, nor those in which it may not write.
program=
for name in certificates doctor explain in_use list offline plan proxy regions \
    settings sources tls_table; do
    program="$program tests/integration/test_$name.py"
done

quietly cmake --preset coverage
quietly cmake --build --preset coverage --target port_tests
find build/coverage -name '*.gcda' -delete
quietly ctest --test-dir build/coverage -L '^port$' -j 2 --output-on-failure \
    --no-tests=error
# What comes of them is for the test `integration` to say: here some fail, because
# counting takes memory, and what libgcov cannot count it says on standard error.
come=0
# shellcheck disable=SC2086 # a list of files
CILP=$PWD/build/coverage/cilp /usr/bin/python3 -m pytest -q -p no:cacheprovider \
    -n 4 --dist loadfile $program >"$out/log" 2>&1 || come=$?
sed -n '$p' "$out/log"
[ $come -le 1 ]

quietly gcovr --root . --filter port/ --filter boards/linux/ -j 2 \
    --gcov-ignore-parse-errors --json "$out/counts.json" build/coverage

# hold FOLDER PERCENT - the table of its files; false if less than that was run.
hold() {
    tell --filter "$1/" --csv "$out/counts.csv"
    awk -F, -v folder="$1" -v least="$2" '
        NR == 1 { printf "%-36s %14s\n", folder ", of its tests", "lines"; next }
        {
            printf "%-36s %6d / %5d\n", $1, $3, $2
            lines += $2; run += $3
        }
        END {
            printf "%-36s %6d / %5d\n", "all", run, lines
            exit lines == 0 || run * 100 < lines * least
        }' "$out/counts.csv" && return
    echo "FAIL: less than $2 %"
    return 1
}

status=0
hold port 95 || status=1
hold boards/linux 90 || status=1
[ "$*" != -v ] || tell
exit $status
