#!/bin/sh
# foreign.sh [MACHINE...] - core's unit tests as programs for other machines, arm64, armhf
# (32 bits, and a time_t of 32) and riscv64, under qemu's user mode. Not prop/: minutes
# there, and the same code. Made with Debian's cross compilers and its cmocka for that
# machine, which is unpacked below build/: no other architecture is added to this one.
# Exit 77: left out, with the reason.
set -eu
cd "$(dirname "$0")/../.."
. tests/quietly.sh

# of MACHINE: GNU's name of it, qemu's
of() {
    case $1 in
    arm64) echo aarch64-linux-gnu aarch64 ;;
    armhf) echo arm-linux-gnueabihf arm ;;
    riscv64) echo riscv64-linux-gnu riscv64 ;;
    *) echo "$1 is none of arm64, armhf, riscv64" >&2 && exit 2 ;;
    esac
}

leave_out() {
    echo "left out: $1"
    exit 77
}

# Into $build/cmocka; riscv64 is an architecture of Debian's from trixie on.
have_cmocka() {
    [ ! -f "$build/cmocka/usr/include/cmocka.h" ] || return 0
    files=$(sh port/apt_package.sh "$out/apt-$1" "libcmocka-dev libcmocka0" "$1" \
        bookworm trixie stable 2>"$out/log") || leave_out "$(cat "$out/log")"
    mkdir -p "$build"
    for file in $files; do
        dpkg-deb -x "$file" "$build/cmocka"
    done
}

# test_on MACHINE GNU QEMU
test_on() {
    build=$PWD/build/foreign-$1
    for tool in "$2-gcc" "qemu-$3-static"; do
        command -v "$tool" >/dev/null || leave_out "$tool is not installed"
    done
    [ -d "/usr/$2/include" ] || leave_out "libc6-dev-$1-cross is not installed"
    have_cmocka "$1"
    lib=$build/cmocka/usr/lib/$2
    quietly cmake -S . -B "$build" -DCMAKE_BUILD_TYPE=Release -DCILP_TESTS=ON \
        -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR="$3" \
        -DCMAKE_C_COMPILER="$2-gcc" \
        -DCMAKE_CROSSCOMPILING_EMULATOR="qemu-$3-static;-L;/usr/$2" \
        -DCMOCKA_LIBRARY="$lib/libcmocka.so" \
        -DCMOCKA_INCLUDE="$build/cmocka/usr/include" \
        ${CILP_DOWNLOADS:+"-DCILP_DOWNLOADS=$CILP_DOWNLOADS"}
    quietly cmake --build "$build" -j 2 --target core_tests
    quietly env QEMU_SET_ENV="LD_LIBRARY_PATH=$lib" ctest --test-dir "$build" \
        -L '^core$' -E '^test_promises' -j 2 --output-on-failure --no-tests=error
    sed -n "s/^100% tests passed, .* out of /$1: tests: /p" "$out/log"
}

[ $# -gt 0 ] || set -- arm64 armhf riscv64
for machine; do
    names=$(of "$machine")
    # shellcheck disable=SC2086 # two words
    test_on "$machine" $names
done
