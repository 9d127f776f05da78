#!/bin/sh
# board.sh - the way to a board of one's own that boards/README.md shows: what is missing
# is named, in the words that stand there, and the build folder that saw all of it is then
# as good as a new one.
set -eu
cd "$(dirname "$0")/../.."

if ! command -v arm-none-eabi-gcc >/dev/null; then
    echo "left out: arm-none-eabi-gcc is not installed"
    exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mine=$work/tree/boards/mine
export CILP_DOWNLOADS="${CILP_DOWNLOADS:-$PWD/build/downloads}"
mkdir "$work/tree"
cp -r CMakeLists.txt boards core port "$work/tree/"

configure() {
    cmake -S "$work/tree" -B "$work/build" -DCILP_BOARD=mine \
        -DCMAKE_BUILD_TYPE=Release >"$work/log" 2>&1
}

fail() {
    echo "FAIL: $1"
    cat "$work/log"
    exit 1
}

# lacks WORDS: it stops, and says so in words that the guide has.
lacks() {
    ! configure || fail "configured without: $1"
    tr -s ' \n' '  ' <"$work/log" | grep -qF "$1" || fail "does not say: $1"
    grep -qF "    $1" boards/README.md || fail "boards/README.md does not show: $1"
    ! grep -q "compiler identification" "$work/log" || fail "a compiler was looked for"
}

lacks "boards/mine/board.cmake is not there"
mkdir "$mine"
: >"$mine/board.cmake"
lacks "boards/mine/board.cmake does not set BOARD_PORT, BOARD_SOURCES, BOARD_LINKER_SCRIPT, BOARD_LWIP_OPTIONS, BOARD_TOOLCHAIN"
# The superloop, and a toolchain by an absolute path.
cp boards/mps2/mps2.ld "$mine/mine.ld"
cat >"$mine/board.cmake" <<END
include(boards/firmware/firmware.cmake)
set(BOARD_TOOLCHAIN $work/tree/boards/toolchain-arm-none-eabi.cmake)
set(BOARD_FLAGS -mcpu=cortex-m33 -mthumb)
set(BOARD_LINKER_SCRIPT boards/mine/mine.ld)
END
lacks "boards/mine/board.cmake names no source of random bytes (BOARD_ENTROPY)"
echo 'set(BOARD_ENTROPY boards/mps2/entropy_qemu.c)' >>"$mine/board.cmake"
configure || fail "all facts are there"
grep -q '"compiler": \["[^"]*arm-none-eabi-gcc"' "$work/build/board.json" ||
    fail "the build folder has another compiler"
echo "board: what is missing is named, and then nothing is"
