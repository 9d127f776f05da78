#!/bin/sh
# program_size.sh - bytes of the static program without symbols, everything
# linked in. Exit 1 if it is more than what is promised for x86-64 with gcc.
set -eu
cd "$(dirname "$0")/../.."

most=307200
cilp=${CILP:-build/linux/cilp}
if ! readelf -hW "$cilp" 2>/dev/null | grep -q 'Machine:.*X86-64'; then
    echo "left out: $cilp is not a program for x86-64"
    exit 77
fi
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
strip -o "$out/cilp" "$cilp"
size=$(wc -c <"$out/cilp")
echo "figure: static program, stripped: $size bytes (at most $most)"
if [ "$size" -gt "$most" ]; then
    echo "FAIL: the program has more than $most bytes"
    size -A "$cilp"
    exit 1
fi
