#!/bin/sh
# build.sh - make the release that the other tests here look at.
set -eu
cd "$(dirname "$0")/../../.."

for compiler in aarch64-linux-gnu-gcc arm-linux-gnueabihf-gcc \
    riscv64-linux-gnu-gcc; do
    if ! command -v $compiler >/dev/null; then
        echo "left out: $compiler is not installed"
        exit 77
    fi
done
cmake --preset linux
exec cmake --build --preset linux --target dist
