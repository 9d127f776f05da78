#!/bin/sh
# run.sh - the firmware in QEMU against the stand-in. Builds the images first.
# Exit 77: left out, with the reason. Arguments go to pytest:
# --board NAME runs another one, a folder of boards/ that sets BOARD_RUN.
set -eu
cd "$(dirname "$0")/../.."

tools="qemu-system-arm arm-none-eabi-gcc"
case " $* " in
*" --board virt-rv32 "*) tools="qemu-system-riscv32 riscv64-unknown-elf-gcc" ;;
esac
for tool in $tools; do
    if ! command -v "$tool" >/dev/null; then
        echo "left out: $tool is not installed"
        exit 77
    fi
done
exec "${PYTHON:-/usr/bin/python3}" -m pytest -q -p no:cacheprovider \
    tests/qemu "$@"
