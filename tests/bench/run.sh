#!/bin/sh
# run.sh - the figures of the static program, one line a figure, measured in
# one run: installs what it needs, builds, measures against curl and against a
# bare client on the same mbedTLS. Arguments go to measure.py.
#
#   sh tests/bench/run.sh --svg     the pictures of README.md instead: against
#                                   curl, the AWS CLI and boto3, as ratios, and
#                                   where the bytes go; figures.json has the
#                                   numbers
#
# It is a report: a figure that is missed does not fail it, a measurement that
# cannot be made does.
set -eu
cd "$(dirname "$0")/../.."

svg=
if [ "${1-}" = --svg ]; then
    svg=yes
    shift
fi

# shellcheck disable=SC2086 # words, or none
sh tests/install.sh git gcc cmake make dpkg-dev bzip2 xz-utils \
    ca-certificates python3 python3-cryptography binutils curl nginx-light \
    strace valgrind \
    ${svg:+awscli python3-boto3 python3-pytest gcc-arm-none-eabi libnewlib-arm-none-eabi}

mkdir -p build
make_all() {
    cmake --preset linux && cmake --build --preset linux || return 1
    if [ -n "$svg" ]; then
        cmake --preset mps2-an386 && cmake --build --preset mps2-an386
    else
        cmake --build --preset linux --target bare
    fi
}
if ! make_all >build/bench.log 2>&1; then
    grep -A 5 -E 'error:|Error [0-9]' build/bench.log >&2 || tail -n 20 build/bench.log >&2
    echo "The build failed; all of it is in build/bench.log." >&2
    exit 1
fi
if [ -z "$svg" ]; then
    exec /usr/bin/python3 tests/bench/measure.py \
        build/linux/cilp build/linux/tests/bench/bare "$@"
fi
/usr/bin/python3 tests/bench/measure.py build/linux/cilp build/linux/tests/bench/bare \
    --figures tests/bench/figures.json --rounds 11 "$@"
exec /usr/bin/python3 tests/bench/picture.py
