#!/bin/sh
# sizes.sh - code size, frames and memory of core on a Cortex-M4 with -Os, and
# what nm may find in it. Exit 1 if a promise or a bound is exceeded.
set -eu
cd "$(dirname "$0")/../.."
. tests/arch/record.sh

if ! command -v arm-none-eabi-gcc >/dev/null; then
    echo "left out: arm-none-eabi-gcc is not installed"
    exit 77
fi
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT
failed=0
cmake -DNAME=jsmn -DOUT="$out" -P port/third_party.cmake >"$out/log" 2>&1 || {
    cat "$out/log"
    exit 1
}
for file in core/*.c; do
    arm-none-eabi-gcc -std=c11 -mcpu=cortex-m4 -mthumb -Os -I. \
        -isystem "$out/jsmn" \
        -ffunction-sections -fdata-sections -fstack-usage -Werror -Wall \
        -c "$file" -o "$out/$(basename "$file" .c).o"
done

# link FILE NAME...: what an image links that names these flows and sources.
link() {
    file=$1
    shift
    keep=
    for name in init start next idle_ms peer result tx rx opened sent received \
        idle eof closed failed stop end "$@"; do
        keep="$keep -u cilp_$name"
    done
    # shellcheck disable=SC2086 # words on purpose
    arm-none-eabi-ld -r --gc-sections $keep -e cilp_init "$out"/*.o -o "$file"
}

text() {
    arm-none-eabi-size "$1" | awk 'NR == 2 {print $1}'
}

printf '%-16s %6s %6s\n' "core, -Os, M4" text frame
for object in "$out"/*.o; do
    name=$(basename "$object" .o)
    printf '%-16s %6s %6s\n' "$name" "$(text "$object")" \
        "$(cut -f2 "$out/$name.su" | sort -n | tail -n 1)"
done
# image RECORD NAME...: its bytes of code, jsmn's included.
image() {
    record=$1
    shift
    link "$out/image.elf" "$@"
    gate "$record" "$(text "$out/image.elf")" || failed=1
}

image core_cancel_static cancel creds_static
image core_cancel_imds_json cancel creds_imds
image core_explain_verify cancel creds_static look identity verdict
image core_clock cancel creds_static clock_learn
link "$out/flow.elf" cancel creds_static

if arm-none-eabi-nm "$out/flow.elf" | grep -qE 'cilp_json|jsmn'; then
    echo "FAIL: the plain cancel flow has a reader of JSON in it"
    failed=1
fi

cat >"$out/sizeof.c" <<'END'
#include "core/cilp.h"
char op[sizeof(struct cilp_op)];
END
arm-none-eabi-gcc -std=c11 -mcpu=cortex-m4 -mthumb -I. -c "$out/sizeof.c" \
    -o "$out/sizeof.so"
printf '%-16s %6s bytes of RAM\n' "struct cilp_op" \
    "$((0x$(arm-none-eabi-nm -S "$out/sizeof.so" | awk '/ op$/ {print $2}')))"

# ---- what nm may find -------------------------------------------------------

undefined=$(arm-none-eabi-nm -u "$out/flow.elf" | awk '{print $2}' |
    grep -vE '^(mem(cpy|move|set|cmp)|strlen|strcmp|__aeabi_.*|cilp_sha256_(add|end))$' ||
    true)
if [ -n "$undefined" ]; then
    echo "FAIL: core calls" "$undefined"
    failed=1
fi
named=$(arm-none-eabi-nm -g --defined-only "$out"/*.o | awk 'NF == 3 {print $3}' |
    grep -v '^cilp_' || true)
if [ -n "$named" ]; then
    echo "FAIL: external names without cilp_:" "$named"
    failed=1
fi
writable=$(arm-none-eabi-nm "$out"/*.o | awk '$2 ~ /^[bBdDsSgGcC]$/ {print $3}')
if [ -n "$writable" ]; then
    echo "FAIL: writable data in core:" "$writable"
    failed=1
fi
[ $failed = 0 ] && echo "symbols: calls nobody, cilp_ everywhere, nothing writable"
exit $failed
