#!/bin/sh
# run.sh - the figures of the static program, one line a figure, measured in
# one run: installs what it needs, builds, measures against curl and against a
# bare client on the same mbedTLS. Arguments go to measure.py.
#
# It is a report: a figure that is missed does not fail it, a measurement that
# cannot be made does.
set -eu
cd "$(dirname "$0")/../.."

sh tests/install.sh git gcc cmake make dpkg-dev bzip2 xz-utils \
    ca-certificates python3 python3-cryptography binutils curl nginx-light \
    strace valgrind

mkdir -p build
if ! { cmake --preset linux && cmake --build --preset linux &&
    cmake --build --preset linux --target bare; } >build/bench.log 2>&1; then
    grep -A 5 -E 'error:|Error [0-9]' build/bench.log >&2 || tail -n 20 build/bench.log >&2
    echo "The build failed; all of it is in build/bench.log." >&2
    exit 1
fi
exec /usr/bin/python3 tests/bench/measure.py \
    build/linux/cilp build/linux/tests/bench/bare "$@"
