#!/bin/sh
# table.sh JUNIT LOG - what a run of the tests comes to: run.sh's last word, out of what
# CTest leaves. What did not run has no line.
set -eu

awk '
    # Tests, as CTest counts them: each attribute has a line of its own.
    FNR == NR && /^[ \t]+(tests|failures|disabled|skipped)="[0-9]+"/ {
        split($1, is, "\"")
        count[is[1]] = is[2]
    }
    FNR == NR { next }

    # Cases: of cmocka, of pytest, of the conformance runners.
    /^\[  PASSED  \] [0-9]+ test/ { cases += $4 }
    /^\[  FAILED  \] [0-9]+ test/ { broken += $4 }
    /^=* ?([0-9]+ (failed|passed|skipped|xfailed|error|errors|warnings?)(, )?)+ in / {
        for (i = 2; i <= NF; i++) {
            if ($i ~ /^passed/) cases += $(i - 1)
            if ($i ~ /^failed|^error/) broken += $(i - 1)
        }
    }
    /: [0-9]+ passed, [0-9]+ failed/ {
        for (i = 2; i <= NF; i++) {
            if ($i ~ /^passed,?$/) cases += $(i - 1)
            if ($i ~ /^failed,?$/) broken += $(i - 1)
        }
    }

    # Coverage: the last line of each table has a header before it.
    /^(core|port|boards\/linux), of / { of = $1; sub(/,$/, "", of) }
    /^all +[0-9]+ \/ +[0-9]+/ && of {
        covered = covered (covered ? "; " : "") of " " $2 " of " $4 " lines"
        if (NF > 5) covered = covered ", " $5 " of " $7 " branches"
        of = ""
    }

    /^proof: [0-9]+ functions/ {
        functions += $2; properties += $4; harnesses += $6
        if (/FAILED$/) unproved++
    }
    /^fuzz [a-z_]+: [0-9]+ runs/ {
        targets++; runs += $3
        if ($5 ~ /^[0-9]+$/) edges += $5
    }
    /torture: [0-9]+ fault points/ {
        for (i = 2; i <= NF; i++) if ($i == "torture:") points += $(i + 1)
    }
    /^[0-9]+ fault points$/ { points += $1 }
    /^balanced, bounded, sticky, wiped, truth: [0-9]+ runs/ { points += $6 }
    /^mutants: / { mutants = substr($0, 10) }
    /ERROR: LeakSanitizer/ { leaks++ }
    /^leaks: [0-9]+/ { leaks += $2; looked += 1 }
    /^[a-z-]+: [0-9]+ findings/ { analysers++; findings += $2 }

    function row(what, value) { printf "%-14s %s\n", what, value }
    END {
        left = count["skipped="] + count["disabled="]
        row("tests", count["tests="] - count["failures="] - left " passed, " \
            count["failures="] + 0 " failed, " left " left out")
        row("cases", cases + 0 " passed, " broken + 0 " failed")
        if (covered) row("coverage", covered)
        if (harnesses)
            row("proofs", functions " functions, " properties " properties in " \
                harnesses " harnesses, " unproved + 0 " runs failed")
        if (targets) row("fuzz", runs " executions, " edges " edges in " targets " targets")
        if (points) row("fault points", points)
        if (mutants) row("mutants", mutants)
        row("leaks", leaks + 0)
        if (analysers) row("findings", findings + 0 " of " analysers " analysers")
    }' "$1" "$2"
