#!/bin/sh
# run.sh - the whole test suite: install what it needs, build, run everything
# under CTest. Arguments go to ctest (-R NAME runs one test).
#
# CILP_CONFORMANCE_DATA, if set, is a folder with public conformance data;
# without it those runners are left out, with a line each.
set -eu
cd "$(dirname "$0")/.."

# To build; to test; what other programs the tests hold ours against.
sh tests/install.sh \
    git gcc g++ clang lld cmake make musl-tools libc6-dev dpkg-dev bzip2 xz-utils \
    ca-certificates \
    libcmocka-dev libmbedtls-dev python3 python3-pytest python3-botocore python3-boto3 \
    python3-cryptography awscli libclang-rt-14-dev llvm-14 \
    gcc-arm-none-eabi libnewlib-arm-none-eabi pmccabe gcovr binutils file \
    qemu-system-arm \
    strace curl openssl nginx-light gnutls-bin valgrind pkg-config \
    mandoc zsh fish shellcheck lintian qemu-system-x86 cpio kmod \
    ninja-build gcc-aarch64-linux-gnu gcc-arm-linux-gnueabihf gcc-riscv64-linux-gnu \
    qemu-user-static buildah

step() {
    printf '\n== %s\n' "$*"
    "$@"
}

step cmake --preset linux
step cmake --build --preset linux
step cmake --preset linux-clang
step cmake --build --preset linux-clang
for board in mps2-an386 mps2-an386-small mps2-an385 mps2-an500; do
    step cmake --preset $board
    step cmake --build --preset $board --target all cilp-test
done
step cmake --preset dev
step cmake --build --preset dev
status=0
step ctest --preset dev --no-tests=error "$@" || status=$?

printf '\n== Counted and measured\n'
sed -nE 's/^ *(figure: .*|.*: [0-9]+ passed, [0-9]+ failed.*|.*: [0-9]+ runs|fuzz .* runs|all  .*)$/\1/p' \
    build/dev/Testing/Temporary/LastTest.log
exit $status
