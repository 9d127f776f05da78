#!/bin/sh
# entropy.sh - an image without a source of random bytes is not made: neither
# when none is named, nor when what is named has none.
set -eu
cd "$(dirname "$0")/../.."

if ! command -v arm-none-eabi-gcc >/dev/null; then
    echo "left out: arm-none-eabi-gcc is not installed"
    exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# Words of the log, its wrapped lines joined.
says() {
    tr -s ' \n' '  ' <"$work/log" | grep -q -e "$1"
}

# The project, with one line of a board changed.
mkdir "$work/tree"
cp -r CMakeLists.txt boards core port "$work/tree/"
family=$work/tree/boards/mps2/family.cmake
sed -i '/^set(BOARD_ENTROPY/d' "$family"
if cmake -S "$work/tree" -B "$work/build" -DCILP_BOARD=mps2-an386 \
    -DCMAKE_BUILD_TYPE=Release >"$work/log" 2>&1 ||
    ! says "names no source of random bytes"; then
    echo "FAIL: a board without BOARD_ENTROPY"
    cat "$work/log"
    failed=1
fi

# Everything but that file, linked.
if ! { cmake --preset mps2-an386 && cmake --build --preset mps2-an386; } \
    >"$work/log" 2>&1; then
    cat "$work/log"
    exit 1
fi
objects=$(find build/mps2-an386/boards/CMakeFiles/cilp.dir -name '*.obj' \
    ! -name 'entropy*')
libraries=$(find build/mps2-an386 -name 'lib*.a')
# shellcheck disable=SC2086 # words on purpose
if arm-none-eabi-gcc -mcpu=cortex-m4 -mthumb -nostartfiles \
    -Tboards/mps2/mps2.ld $objects \
    -Wl,--start-group $libraries -Wl,--end-group \
    -o "$work/elf" >"$work/log" 2>&1 ||
    ! says "undefined reference to .cilp_port_entropy"; then
    echo "FAIL: an image without cilp_port_entropy"
    cat "$work/log"
    failed=1
fi
[ $failed = 0 ] && echo "entropy: no image without a source of random bytes"
exit $failed
