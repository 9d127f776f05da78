#!/bin/sh
# habits.sh - what a reader may count on in every C file: the layout of
# .clang-format, and functions of at most 60 lines and a cyclomatic complexity
# of at most 10. Prints the longest and the most complex, and the median.
set -eu
cd "$(dirname "$0")/../.."

lines_most=60
complexity_most=10

for tool in clang-format pmccabe; do
    if ! command -v "$tool" >/dev/null; then
        echo "left out: $tool is not installed"
        exit 77
    fi
done
failed=0
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

# Of what is in the tree, not of what lies in it: a build folder, an editor's
# copy.
sources() {
    if git rev-parse --git-dir >/dev/null 2>&1; then
        git ls-files -z -- "$@"
    else
        find core port boards tests -type f -name '*.[ch]' -print0
    fi
}

sources '*.c' '*.h' >"$out/all"
if ! xargs -0 clang-format --dry-run -Werror <"$out/all" >"$out/log" 2>&1; then
    grep -oE '^[^ :]+:[0-9]+' "$out/log" | head -n 20
    echo "FAIL: clang-format -i would change these"
    failed=1
fi

# pmccabe: complexity, traditional complexity, statements, first line, lines,
# file(line): name. A file that it cannot read is said on standard error.
sources 'core/*.c' 'port/*.c' 'boards/*.c' >"$out/own"
xargs -0 pmccabe <"$out/own" >"$out/functions" 2>"$out/unread"
if [ -s "$out/unread" ]; then
    cat "$out/unread"
    echo "FAIL: pmccabe does not read these: nobody holds them to anything"
    failed=1
fi
if awk -v l="$lines_most" -v c="$complexity_most" \
    '$5 > l || $1 > c {print "complexity " $1 ", lines " $5 ": " $6 " " $7; n++}
     END {exit n == 0}' "$out/functions"; then
    echo "FAIL: at most $lines_most lines and a complexity of $complexity_most"
    failed=1
fi
awk '{print $5}' "$out/functions" | sort -n >"$out/lines"
awk -v c="$(awk '{print $1}' "$out/functions" | sort -n | tail -n 1)" \
    '{a[NR] = $1} END {
        print "figure: " NR " functions: lines median " a[int((NR + 1) / 2)] \
            ", p90 " a[int(NR * 0.9)] ", most " a[NR] "; complexity most " c
    }' "$out/lines"
exit $failed
