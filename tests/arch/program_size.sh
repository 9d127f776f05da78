#!/bin/sh
# program_size.sh - bytes of the static program without symbols: everything
# linked in, and lean. Exit 1 if they are too many (record.txt) for x86-64 with
# gcc.
set -eu
cd "$(dirname "$0")/../.."
. tests/arch/record.sh

out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
failed=0
left_out=0

# weigh NAME FILE
weigh() {
    if ! readelf -hW "$2" 2>/dev/null | grep -q 'Machine:.*X86-64'; then
        echo "left out: $2 is not a program for x86-64"
        left_out=$((left_out + 1))
        return
    fi
    strip -o "$out/cilp" "$2"
    if ! gate "$1" "$(wc -c <"$out/cilp")"; then
        size -A "$2"
        failed=1
    fi
}

weigh program "${CILP:-build/linux/cilp}"
weigh program_lean "${CILP_LEAN:-build/linux-lean/cilp}"
[ $left_out = 2 ] && exit 77
exit $failed
