#!/bin/sh
# coverage_linux.sh [-v] - which lines of port and of boards/linux are run by the unit
# tests of both, by TLS on the wire and by tests of the program, file by file. Exit 1 if
# these are less than 95 % of the one or 90 % of the other; -v names the others.
set -eu
cd "$(dirname "$0")/../.."
. tests/quietly.sh
unset CILP_THOROUGH # which is for the test `integration`
build=build/coverage-linux
verbose=${1-}

# llvm NAME ARGUMENT... - the tool that goes with the compiler.
llvm() {
    tool=$(clang -print-prog-name="llvm-$1")
    shift
    "$tool" "$@"
}

# Of the program's tests those that run the most lines in a second.
program=
for name in certificates doctor explain in_use list offline plan proxy regions \
    settings sources tls_table; do
    program="$program tests/integration/test_$name.py"
done
# But for those that hold it to an amount of memory, of which counters take some, and to
# times; and for hundreds of runs that run the same lines.
memory="hundred_thousand or 34_regions"
times="dead_regions or slower_than_all_deadlines"
runs="every_byte or what_was_cut or what_was_altered or only_ or stalls_"

quietly cmake --preset coverage-linux
quietly cmake --build --preset coverage-linux
rm -rf $build/counts
quietly ctest --test-dir $build -L '^port$' -j 2 --output-on-failure --no-tests=error
# shellcheck disable=SC2086 # a list of files
quietly env CILP="$PWD/$build/cilp" /usr/bin/python3 -m pytest -q -p no:cacheprovider \
    -n 4 --dist loadfile $program -k "not ($memory or $times or $runs)"

set -- -object $build/cilp
for test in "$build"/tests/test_*; do
    [ ! -f "$test" ] || set -- "$@" -object "$test"
done
quietly llvm profdata merge -sparse -o "$out/counts" $build/counts/*
# FILE:LINE:RAN. A file of which several programs are made is there several times.
llvm cov export -format=lcov -instr-profile "$out/counts" "$@" |
    awk -F '[:,]' -v root="$PWD/" '
        $1 == "SF" {
            file = $2
            if (index(file, root) == 1) file = substr(file, length(root) + 1)
            sub(/^.*\/\.\.?\/|^\.\//, "", file) # behind where it was compiled
        }
        $1 == "DA" { ran[file ":" $2] += $3 > 0 }
        END { for (line in ran) print line ":" (ran[line] > 0) }' |
    sort -t : -k 1,1 -k 2,2n >"$out/lines"

# hold FOLDER PERCENT - the table of its files; false if less than that was run.
hold() {
    awk -F : -v folder="$1" -v least="$2" -v verbose="$verbose" '
        function row(name, ran, of) {
            printf "%-36s %6d / %5d%s\n", name, ran, of, verbose ? left : ""
            left = ""
        }
        BEGIN { printf "%-36s %14s\n", folder ", of its tests", "lines" }
        index($1, folder "/") != 1 { next }
        file && file != $1 { row(file, ran, of); ran = of = 0 }
        {
            file = $1
            of++; lines++
            ran += $3; all += $3
            if (!$3) left = left " " $2
        }
        END {
            if (file) row(file, ran, of)
            row("all", all, lines)
            exit lines == 0 || all * 100 < lines * least
        }' "$out/lines" && return
    echo "FAIL: less than $2 %"
    return 1
}

status=0
hold port 95 || status=1
hold boards/linux 90 || status=1
exit $status
