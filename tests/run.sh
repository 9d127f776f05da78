#!/bin/sh
# run.sh - the test suite: install what it needs, build, run it under CTest.
#
#   sh tests/run.sh                 all but what takes minutes, and says what
#                                   it left
#   sh tests/run.sh --all           everything, and as thoroughly as it can be:
#                                   CILP_THOROUGH=yes, which is also heeded
#                                   without --all
#   sh tests/run.sh -R NAME ...     the tests whose names match (`ctest -N
#                                   --test-dir build/dev`), long ones too; only
#                                   what they need is built
# Other arguments go to ctest.
#
# CILP_CONFORMANCE_DATA, if set, is a folder with public conformance data;
# without it those runners are left out, with a line each.
set -eu
cd "$(dirname "$0")/.."

pattern=
all=
case ${1-} in
--all)
    all=yes
    export CILP_THOROUGH=yes
    shift
    ;;
-R)
    pattern=${2:?"-R: which tests?"}
    ;;
esac

# To build; to test; what other programs the tests hold ours against.
needed="git gcc g++ clang lld cmake make musl-tools libc6-dev dpkg-dev bzip2 xz-utils
    ca-certificates gcc-arm-none-eabi libnewlib-arm-none-eabi binutils pkg-config
    libcmocka-dev python3 python3-pytest python3-pytest-xdist python3-cryptography
    libclang-rt-14-dev llvm-14 qemu-system-arm strace valgrind file
    pmccabe cppcheck clang-format shellcheck mandoc lintian zsh fish
    python3-botocore python3-boto3 python3-yaml awscli curl openssl nginx-light tinyproxy
    gnutls-bin"
# For tests labelled `long`: other machines, other ways to build, counting.
for_long="gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf qemu-system-misc
    gcc-aarch64-linux-gnu gcc-arm-linux-gnueabihf gcc-riscv64-linux-gnu qemu-user-static
    libc6-dev-armhf-cross qemu-system-x86 cpio kmod buildah ninja-build libmbedtls-dev
    python3-kconfiglib clang-tidy gcovr"
# shellcheck disable=SC2086 # package names, one word each
sh tests/install.sh $needed ${all:+$for_long} ${pattern:+$for_long}
installed=$(date +%s)

step() {
    printf '\n== %s\n' "$*"
    "$@"
}

# build PRESET [TARGET...]
build() {
    preset=$1
    shift
    step cmake --preset "$preset"
    # shellcheck disable=SC2086 # a word, or none
    step cmake --build --preset "$preset" ${1:+--target} "$@"
}

# What tests that match need: the presets' programs, targets of dev.
needs() {
    ctest --test-dir build/dev -N -R "$pattern" |
        sed -n 's/^ *Test *#[0-9]*: //p' >build/dev/chosen.txt
    awk 'NR == FNR {is[$1]; next}
        $1 in is {for (i = 2; i <= NF; i++) print $i}' \
        build/dev/chosen.txt build/dev/tests/needs.txt | sort -u
}

if [ -n "$pattern" ]; then
    cmake --preset dev >/dev/null
    for need in $(needs); do
        case $need in
        preset:*) build "${need#preset:}" ;;
        esac
    done
    targets=$(needs | grep -v '^preset:' || :)
    # shellcheck disable=SC2086 # one word a target
    [ -z "$targets" ] || build dev $targets
else
    build linux
    build mps2-an386 all cilp-test
    build dev
    if [ -n "$all" ]; then
        build linux-lean cilp
        build linux-clang
        for board in mps2-an386-small mps2-an386-least mps2-an385 mps2-an500 virt-rv32; do
            build $board all cilp-test
        done
    else
        # Now: a listing, too, writes over CTest's log.
        ctest --test-dir build/dev -N -L long |
            sed -n 's/^ *Test *#[0-9]*: //p' >build/dev/left.txt
        set -- -LE long "$@"
    fi
fi
status=0
built=$(date +%s)
step ctest --preset dev --no-tests=error \
    --output-junit "$PWD/build/dev/tests.xml" "$@" || status=$?

printf '\n== Counted and measured\n'
sed -nE 's/^ *(figure: .*|.*: [0-9]+ passed, [0-9]+ failed.*|.*: [0-9]+ runs|(fuzz|memory) .* edges|proof: .*|cancel, static .*|all  .*)$/\1/p' \
    build/dev/Testing/Temporary/LastTest.log
awk '$2 == "Testing:" {name = $3}
    /^Test time =/ {print $4, name}' \
    build/dev/Testing/Temporary/LastTest.log | sort -rn >build/dev/times.txt
printf '\n== The slowest, in seconds\n'
head -n 10 build/dev/times.txt
printf '\n== The parts, in seconds; two tests run at a time, but for those that need all\n'
echo "$((built - installed)) building, $(($(date +%s) - built)) testing"
awk -f tests/parts.awk build/dev/times.txt | sort -rn
if [ -z "$pattern$all" ]; then
    printf '\n== Left to --all\n'
    cat build/dev/left.txt
    echo 'of the others: most bytes at which a connection can die, nine of ten'
    echo 'of a million AMIs in a listing, three of four files that botocore is'
    echo 'asked about; the program built with clang, and lean; the firmware with'
    echo 'limits of its own, and on Cortex-M3, Cortex-M7 and RISC-V'
fi
printf '\n== Altogether\n'
sh tests/table.sh build/dev/tests.xml build/dev/Testing/Temporary/LastTest.log
exit $status
