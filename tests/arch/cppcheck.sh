#!/bin/sh
# cppcheck.sh - cppcheck over all C of ours that ends up in an image: no finding. What it
# is not asked for has its reason here.
set -eu
cd "$(dirname "$0")/../.."

if ! command -v cppcheck >/dev/null; then
    echo "left out: cppcheck is not installed"
    exit 77
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# needs.h: mbedTLS's headers are not among what is looked at, so it has no version.
# image.c, trust_flash.c: where sections begin and end are symbols of the linker's, of one
# memory.
# arena.c: pieces of the arena that lie side by side are taken for one object.
files=$(git ls-files 'core/*.c' 'port/*.c' 'boards/*.c' 2>/dev/null ||
    find core port boards -name '*.c')
# shellcheck disable=SC2086 # a list of files
cppcheck --quiet --std=c11 --enable=warning,performance,portability \
    --max-configs=1 -D_GNU_SOURCE -D__linux__ -DCILP_TLS_WORDS -I. \
    --suppress=preprocessorErrorDirective:port/mbedtls/needs.h \
    --suppress=overlappingWriteUnion:port/mbedtls/ours/arena.c \
    --suppress=comparePointers:boards/firmware/image.c \
    --suppress=comparePointers:boards/firmware/trust_flash.c \
    --template='{file}:{line}: {id}: {message}' $files >"$log" 2>&1 || :
cat "$log"
echo "cppcheck: $(grep -c . "$log") findings"
[ ! -s "$log" ]
