#!/bin/sh
# foreign.sh - where another machine's musl comes from, and what is said when
# it, or the compiler, cannot be had. Exit 77: left out, with the reason.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
unset CILP_DOWNLOADS
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

for tool in aarch64-linux-gnu-gcc dpkg-deb apt-get; do
    if ! command -v $tool >/dev/null; then
        echo "left out: $tool is not installed"
        exit 77
    fi
done

# try NAME STATUS PATTERN -D...: a small project with the toolchain file is
# configured; it must end so, and say so (its wrapped lines joined).
cat >"$work/CMakeLists.txt" <<'X'
cmake_minimum_required(VERSION 3.25)
project(small LANGUAGES C)
X
try() {
    name=$1 status=$2 pattern=$3
    shift 3
    rm -rf "$work/out"
    got=0
    cmake -S "$work" -B "$work/out" -DCILP_DOWNLOADS="$work/kept" "$@" \
        -DCMAKE_TOOLCHAIN_FILE="$root/boards/linux/toolchain-musl.cmake" \
        >"$work/log" 2>&1 || got=1
    if [ "$got" -ne "$status" ] ||
        ! tr -s ' \n' '  ' <"$work/log" | grep -q -e "$pattern"; then
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
try "no archive known" 1 \
    "musl for arm64 could not be had: no Debian archive.*Put Debian's .* or give" \
    $arm64
echo "deb http://127.0.0.1:1/debian bookworm main" >"$work/etc/sources.list"
try "no network" 1 "could not be had: no musl-dev of arm64 in .*connect" $arm64
mkdir "$work/kept"
echo "no package" >"$work/kept/musl-dev_9_arm64.deb"
try "a package that is broken" 1 "musl-dev_9_arm64.deb cannot be unpacked" $arm64
rm "$work/kept/musl-dev_9_arm64.deb"

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
exit $failed
