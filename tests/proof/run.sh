#!/bin/sh
# run.sh - prove, with CBMC (cbmc.sh), what the harnesses here claim of core.
#
#   sh tests/proof/run.sh [NAME...]  all, or proof_NAME.c
#   sh tests/proof/run.sh --suite    those that take seconds: the suite's
#   sh tests/proof/run.sh --long     those that take minutes
#   sh tests/proof/run.sh --planted  that CBMC finds faults: planted.py
#
# A line for each harness: which functions, what is proved of them and within
# which bound, properties that CBMC has looked at, seconds, result. Exit 1: a
# property does not hold, a loop may go further than its bound, or what a
# harness says that can be (`can_be`) cannot: then its assumptions leave nothing
# to prove. Exit 77: no CBMC. The logs are build/proof/NAME.log.
set -eu
cd "$(dirname "$0")/../.."

mkdir -p build/proof
if ! CBMC=$(sh tests/proof/cbmc.sh 2>build/proof/why); then
    echo "left out: $(cat build/proof/why)"
    exit 77
fi
export CBMC
if [ "${1-}" = --planted ]; then
    shift
    exec "${PYTHON:-/usr/bin/python3}" tests/proof/planted.py "$@"
fi
# What core/json.c reads tokens with.
have_jsmn() {
    cmake -DNAME=jsmn -DOUT=build/proof -P port/third_party.cmake \
        >build/proof/jsmn.log 2>&1 || { cat build/proof/jsmn.log; exit 1; }
}

# field FILE NAME: what the harness's first comment says of it, in one line.
field() {
    awk -v name="$2:" '
        $2 == name {on = 1; sub(/^ \* *[A-Za-z]*: */, "")}
        on && /^ \*( [A-Z][a-z]*:|\/|$)/ {exit}
        on {sub(/^ \* */, ""); text = text (text ? " " : "") $0}
        END {print text}' "$1"
}

chosen() {
    for file in tests/proof/proof_*.c; do
        case $1 in
        --suite) [ "$(field "$file" Run)" = suite ] || continue ;;
        --long) [ "$(field "$file" Run)" = long ] || continue ;;
        esac
        echo "$file"
    done
}

# All that CBMC checks of memory and arithmetic, but for a harness that asks
# another question.
prove() {
    options=$(field "$1" Options)
    case $options in
    *--no-standard-checks*) ;;
    *) options="$options --bounds-check --pointer-check --div-by-zero-check
        --signed-overflow-check --undefined-shift-check
        --pointer-overflow-check --pointer-primitive-check" ;;
    esac
    # shellcheck disable=SC2046,SC2086 # lists of words
    "$CBMC" --function harness --unwinding-assertions --drop-unused-functions \
        -I. -Ibuild/proof/jsmn \
        $options "$1" $(field "$1" With) >"$log" 2>&1 || :
}

# What does not hold, a line each; nothing, if all is well.
judge() {
    awk '/: FAILURE$/ && !/ can be: / {print; bad = 1}
        / can be: .*: SUCCESS$/ {print "never happens: " $0; bad = 1}
        / can be: .*: FAILURE$/ {can = 1}
        /^\*\* [0-9]+ of [0-9]+ failed/ {whole = 1}
        END {
            if (!whole) print "CBMC did not come to its end"
            else if (!can) print "nothing says that the end is reached"
        }' "$log"
}

# report FILE: prove it, print its lines in one piece, and leave its numbers.
report() {
    name=${1##*/proof_}
    name=${name%.c}
    log=build/proof/$name.log
    began=$(date +%s)
    prove "$1"
    took=$(($(date +%s) - began))
    wrong=$(judge)
    looked=$(sed -n 's/^\*\* [0-9]* of \([0-9]*\) failed.*/\1/p' "$log")
    result=proven
    [ -z "$wrong" ] || result=FAILED
    echo "$result, ${looked:-0} properties, $took s: $(field "$1" Functions)
    $(field "$1" Property)
    bound: $(field "$1" Bound)${wrong:+
$wrong}"
    echo "$result $(field "$1" Functions | wc -w) ${looked:-0} $took" \
        >"build/proof/$name.sum"
}

if [ "${1-}" = --one ]; then
    report "$2"
    exit
fi
case ${1---all} in
-*)
    # shellcheck disable=SC2046 # names without spaces
    set -- $(chosen "${1---all}")
    ;;
*)
    for name in "$@"; do
        shift
        set -- "$@" "tests/proof/proof_$name.c"
    done
    ;;
esac
case $* in
*json*) have_jsmn ;;
esac
rm -f build/proof/*.sum
# Two at a time: each may take 2 GB. The seconds are the sum.
printf '%s\n' "$@" | xargs -n 1 -P 2 sh tests/proof/run.sh --one
cat build/proof/*.sum | awk -v harnesses=$# '
    {functions += $2; properties += $3; total += $4; good += $1 == "proven"}
    $4 > longest {longest = $4}
    END {
        holds = good == harnesses
        printf "proof: %d functions, %d properties, %d harnesses in %d s, " \
            "the longest %d s: %s\n", functions, properties, harnesses, total,
            longest, holds ? "all hold" : "FAILED"
        exit !holds
    }'
