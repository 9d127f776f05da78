#!/bin/sh
# run.sh - the firmware in QEMU against the stand-in. Builds the images first.
# Exit 77: left out, with the reason. Arguments go to pytest:
# --board NAME runs another one, a folder of boards/ that sets BOARD_RUN.
set -eu
cd "$(dirname "$0")/../.."

board=mps2-an386
before=
for word; do
    [ "$before" != --board ] || board=$word
    before=$word
done
tools=$(cmake -DCILP_BOARD="$board" -P tests/qemu/tools.cmake)
for tool in $tools; do
    if ! command -v "$tool" >/dev/null; then
        echo "left out: $tool is not installed"
        exit 77
    fi
done
exec "${PYTHON:-/usr/bin/python3}" -m pytest -q -p no:cacheprovider \
    tests/qemu "$@"
