#!/bin/sh
# musl.sh - where the musl of a static program comes from, and what is said when
# it, or the compiler, cannot be had; and that whatever flags are given, a static
# program is a static-PIE that runs, or is not configured. Exit 77: left out,
# with the reason.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
downloads=${CILP_DOWNLOADS:-$root/build/downloads}
unset CILP_DOWNLOADS CFLAGS LDFLAGS
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

for tool in aarch64-linux-gnu-gcc apt-get readelf; do
    if ! command -v $tool >/dev/null; then
        echo "left out: $tool is not installed"
        exit 77
    fi
done

# A small project that asks for what CILP_STATIC_PROGRAM asks for.
cat >"$work/CMakeLists.txt" <<END
cmake_minimum_required(VERSION 3.25)
project(small LANGUAGES C)
include($root/boards/linux/static.cmake)
add_executable(small small.c)
END
cat >"$work/small.c" <<'END'
#include <stdio.h>
static const char *const volatile words[] = {"right", "wrong"};
int main(int count, char **value)
{
    return value && puts(words[count - 1]) < 0;
}
END

works() {
    case $(readelf -hlW "$1") in
    *INTERP*) return 1 ;;
    *"Type: "*DYN*AArch64*) return 0 ;;
    *"Type: "*DYN*) [ "$("$1")" = right ] ;;
    *) return 1 ;;
    esac
}

# try NAME STATUS PATTERN -D...: it is configured and built; that must end so,
# and say so (its wrapped lines joined), and what was built must work.
toolchain=-DCMAKE_TOOLCHAIN_FILE=$root/boards/linux/toolchain-musl.cmake
try() {
    name=$1 status=$2 pattern=$3
    shift 3
    rm -rf "$work/out"
    got=0
    # shellcheck disable=SC2086 # an option or nothing
    { cmake -S "$work" -B "$work/out" -DCILP_DOWNLOADS="$work/kept" \
        $toolchain "$@" && cmake --build "$work/out"; } >"$work/log" 2>&1 ||
        got=1
    if [ "$got" -ne "$status" ] ||
        ! tr -s ' \n' '  ' <"$work/log" | grep -q -e "$pattern" ||
        { [ "$got" = 0 ] && ! works "$work/out/small"; }; then
        echo "FAILED: $name (exit $got, wanted $status: $pattern)"
        cat "$work/log"
        failed=1
    else
        echo "ok: $name"
    fi
}
arm64=-DCMAKE_C_COMPILER=aarch64-linux-gnu-gcc

# ---- What is said ----

try "no compiler" 1 "Install it (Debian, Ubuntu: gcc-nowhere-linux-gnu)" \
    -DCMAKE_C_COMPILER=nowhere-linux-gnu-gcc
mkdir -p "$work/etc"
export APT_ETC="$work/etc"
nobody="could not be had: no Debian archive.*Put Debian's .* or give"
try "no archive known" 1 "musl for arm64 $nobody" $arm64
try "no archive known, this machine's own" 1 "musl for [a-z0-9]* $nobody" \
    -DCMAKE_C_COMPILER=gcc
echo "deb http://127.0.0.1:1/debian bookworm main" >"$work/etc/sources.list"
try "no network" 1 "could not be had: no musl-dev of arm64 in .*connect" $arm64
try "nobody is to be asked" 1 "could not be had: distribution is not among" \
    $arm64 -DCILP_THIRD_PARTY_WAYS=downloads
mkdir "$work/kept"
echo "no package" >"$work/kept/musl-dev_9_arm64.deb"
try "a package that is broken" 1 "musl-dev_9_arm64.deb cannot be unpacked" $arm64
rm "$work/kept/musl-dev_9_arm64.deb"
: >"$work/kept/musl-dev_1.2.3-1_arm64.deb"
try "a package that is too old" 1 "could not be had: no musl-dev" $arm64
rm "$work/kept/musl-dev_1.2.3-1_arm64.deb"
pinned=musl-dev_$(sed -n 's/^set(_cilp_musl_version \(.*\))$/\1/p' \
    "$root/boards/linux/debian_musl.cmake")_arm64.deb
echo "other bytes" >"$work/kept/$pinned"
try "other bytes than the pinned" 1 "SHA-256 mismatch: .*/kept/$pinned" $arm64
rm "$work/kept/$pinned"

# ---- Where it comes from, and that the machine's apt is as it was ----

unset APT_ETC
state() {
    cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null || :
    ls -l /var/lib/apt/lists /var/cache/apt/archives
    dpkg --print-foreign-architectures
    cat /var/lib/dpkg/status
}
state >"$work/before"
so_far=$failed
try "Debian's archive" 0 "musl-dev of arm64: $work/kept/musl-dev_" $arm64
if [ "$failed" != "$so_far" ] &&
    grep -q -i -e resolve -e connect -e unreachable "$work/log"; then
    echo "left out: Debian's archive, after all (no mirror can be reached)"
    exit "$so_far"
fi
state >"$work/after"
if ! cmp -s "$work/before" "$work/after"; then
    echo "FAILED: the machine's apt or dpkg has changed"
    diff "$work/before" "$work/after" | head
    failed=1
fi
if [ "$(find "$work/kept" "$work/out/musl" -maxdepth 1 -name '*apt*' |
    wc -l)" != 0 ]; then
    echo "FAILED: apt's lists were left behind"
    failed=1
fi
export APT_ETC="$work/etc"
try "kept, without a network" 0 "musl-dev of arm64: $work/kept/musl-dev_" $arm64
mv "$work/out/musl" "$work/given"
rm -r "$work/kept"
try "given" 0 "Build files have been written" $arm64 \
    -DCILP_MUSL_INCLUDE="$work/given/usr/include/aarch64-linux-musl" \
    -DCILP_MUSL_LIB="$work/given/usr/lib/aarch64-linux-musl"
try "given, of headers alone" 1 "has no rcrt1.o" $arm64 \
    -DCILP_MUSL_LIB="$work/given/usr/include/aarch64-linux-musl"

# ---- A static-PIE, or nothing ----

unset APT_ETC
mkdir "$work/kept"
cp "$downloads"/musl-dev_*.deb "$work/kept" 2>/dev/null || :
packed="; packed relocations"
for compiler in gcc clang; do
    if ! command -v $compiler >/dev/null; then
        echo "left out: $compiler is not installed"
        continue
    fi
    with=-DCMAKE_C_COMPILER=$compiler
    try "$compiler" 0 "$packed" $with
    try "$compiler, flags of a user" 0 "$packed" $with \
        -DCMAKE_C_FLAGS=-DX -DCMAKE_EXE_LINKER_FLAGS=-Wl,-O1
    export CFLAGS="-O2 -fno-pie" LDFLAGS="-Wl,-O1 -Wl,-z,now"
    try "$compiler, a packager's environment" 0 "$packed" $with
    unset CFLAGS LDFLAGS
    try "$compiler, a fixed address" 1 "is no static-PIE: it runs at a fixed" \
        $with -DCMAKE_EXE_LINKER_FLAGS=-Wl,--no-pie
    try "$compiler, a loader" 1 "is no static-PIE: it needs a loader" \
        $with -DCMAKE_EXE_LINKER_FLAGS=-Wl,--dynamic-linker=/lib/ld.so
done

# Not by way of the toolchain file: a compiler with a C library of its own.
toolchain=
try "glibc" 1 "C library of .* is glibc.*toolchain-musl.cmake"
older=/usr/lib/$(gcc -dumpmachine | sed 's/gnu.*/musl/')
if command -v musl-gcc >/dev/null && [ -f "$older/rcrt1.o" ]; then
    try "musl-gcc, which makes dynamic programs" 1 "it needs a loader" \
        -DCMAKE_C_COMPILER=musl-gcc
    toolchain=-DCMAKE_TOOLCHAIN_FILE=$root/boards/linux/toolchain-musl.cmake
    try "an installed one that is given" 0 "musl 1\.[0-9.]*[:;]" \
        -DCILP_MUSL_LIB="$older" -DCILP_MUSL_INCLUDE="/usr/include/${older##*/}"
else
    echo "left out: an installed musl (there is none)"
fi
exit $failed
