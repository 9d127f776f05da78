#!/bin/sh
# run.sh - the firmware in QEMU against the stand-in. Builds the images first.
# Exit 77: left out, with the reason. Arguments go to pytest:
# --board NAME runs another one, a folder of boards/ that sets BOARD_RUN.
set -eu
cd "$(dirname "$0")/../.."

for tool in qemu-system-arm arm-none-eabi-gcc; do
    if ! command -v "$tool" >/dev/null; then
        echo "left out: $tool is not installed"
        exit 77
    fi
done
exec "${PYTHON:-/usr/bin/python3}" -m pytest -q -p no:cacheprovider \
    tests/qemu "$@"
