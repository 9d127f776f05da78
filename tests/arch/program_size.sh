#!/bin/sh
# program_size.sh - bytes of the static program without symbols, everything
# linked in. Exit 1 if they are too many (record.txt) for x86-64 with gcc.
set -eu
cd "$(dirname "$0")/../.."
. tests/arch/record.sh

cilp=${CILP:-build/linux/cilp}
if ! readelf -hW "$cilp" 2>/dev/null | grep -q 'Machine:.*X86-64'; then
    echo "left out: $cilp is not a program for x86-64"
    exit 77
fi
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
strip -o "$out/cilp" "$cilp"
if ! gate program "$(wc -c <"$out/cilp")"; then
    size -A "$cilp"
    exit 1
fi
