#!/bin/sh
# firmware.sh - flash, RAM, arena and stack of the firmware, by part, in each
# profile and on each processor; what nm may not find in it; and whether the
# READMEs of boards/mps2-an386 and boards/virt-rv32 say the same. Exit 1 if a bound
# or a promise does not hold. --write puts the tables into those READMEs.
#
# --prices [OPTION...]: instead, what each option of the profile `least` costs and
# saves, into boards/README.md: prices.py, half an hour.
set -eu
cd "$(dirname "$0")/../.."

for tool in qemu-system-arm arm-none-eabi-gcc qemu-system-riscv32 \
    riscv64-unknown-elf-gcc; do
    if ! command -v "$tool" >/dev/null; then
        echo "left out: $tool is not installed"
        exit 77
    fi
done
if [ "${1-}" = --prices ]; then
    shift
    exec "${PYTHON:-/usr/bin/python3}" tests/arch/prices.py "$@"
fi
for preset in mps2-an386 mps2-an386-small mps2-an386-least virt-rv32; do
    if ! { cmake --preset $preset && cmake --build --preset $preset \
        --target all cilp-test; } >build/$preset.log 2>&1; then
        tail -n 20 build/$preset.log
        exit 1
    fi
done
exec "${PYTHON:-/usr/bin/python3}" tests/arch/firmware.py "$@"
