#!/bin/sh
# memory.sh - the unit and property tests of core and port with the sanitizer that sees
# bytes which nobody wrote, in all they are made of but cmocka and the C library: preset
# `memory`. Exit 1: it has something to say, or does not see what is planted.
set -eu
cd "$(dirname "$0")/../.."

if ! command -v clang >/dev/null; then
    echo "left out: clang is not installed"
    exit 77
fi
. tests/quietly.sh
built=build/memory
log=$out/log
quietly cmake --preset memory
quietly cmake --build --preset memory

# sees FUNCTION [WORD] - that it tells of what is planted there.
sees() {
    if $built/tests/memory_planted ${2:+"$2"} 2>"$log" || ! grep -q "in $1 " "$log"; then
        echo "FAIL: not noticed in $1:"
        cat "$log"
        exit 1
    fi
}
sees cilp_utc_from_iso core
sees mbedtls_internal_sha256_process # where it came from

status=0
# Once in another time zone and language: nothing in them may depend on it.
TZ=Asia/Kathmandu LC_ALL=tr_TR.UTF-8 ctest --preset memory --no-tests=error >"$log" 2>&1 || status=1
[ $status = 0 ] || cat "$log"
sed -n 's/^100% tests passed, .* out of /tests: /p' "$log"
echo "memory: $(grep -c 'WARNING: MemorySanitizer' $built/Testing/Temporary/LastTest.log || :) findings"
exit $status
