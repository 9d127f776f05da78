#!/bin/sh
# exports.sh - what the library, and core and port in each firmware, show to
# whoever links them: names that begin with cilp_ and no others. mbedTLS's own
# are visible in libcilp.a alone, and none of them in libcilp-hidden.a.
set -eu
cd "$(dirname "$0")/../.."

program=${CILP:-build/linux/cilp}
if ! [ -f "$(dirname "$program")/libcilp.a" ]; then
    echo "left out: there is no libcilp.a beside $program"
    exit 77
fi
failed=0

# names NM FILE...: defined and visible, each once.
names() {
    nm=$1
    shift
    "$nm" -g --defined-only "$@" 2>/dev/null | awk 'NF == 3 {print $3}' | sort -u
}

# count TITLE PATTERN NM FILE...: how many match the pattern, and how many
# neither that nor cilp_; these are shown, and are one too many.
count() {
    title=$1 pattern=$2
    shift 2
    all=$(names "$@")
    ours=$(printf '%s\n' "$all" | grep -c '^cilp_' || true)
    theirs=$(printf '%s\n' "$all" | grep -v '^cilp_' | grep -cE "$pattern" || true)
    others=$(printf '%s\n' "$all" | grep -v '^cilp_' | grep -vE "$pattern" || true)
    without=$(printf '%s' "$others" | grep -c . || true)
    echo "figure: exports of $title: $ours cilp_, $theirs of mbedTLS, $without others"
    if [ "$without" != 0 ] || [ "$ours" = 0 ]; then
        echo "FAIL: $title:" "$others"
        failed=1
    fi
}

mbedtls='^(mbedtls_|psa_|tf_psa_|Hacl_|FStar_|.*_everest)'
none='^$'
count libcilp.a "$mbedtls" nm "$(dirname "$program")/libcilp.a"
count libcilp-hidden.a "$none" nm "$(dirname "$program")/libcilp-hidden.a"

if ! command -v arm-none-eabi-nm >/dev/null; then
    echo "the firmware's were left out: arm-none-eabi-nm is not installed"
    exit $failed
fi
for board in mps2-an385 mps2-an386 mps2-an500 virt-rv32; do
    build=build/$board
    nm=arm-none-eabi-nm
    [ $board != virt-rv32 ] || nm=riscv64-unknown-elf-nm
    if ! [ -f "$build/cilp.elf" ]; then
        echo "left out: $build has not been built"
        continue
    fi
    count "core and port, $board" "$none" $nm \
        "$build"/core/libcilp_core.a "$build"/port/lwip/libcilp_port_lwip.a \
        "$build"/port/proxy/libcilp_port_proxy.a \
        "$build"/port/mbedtls/libcilp_port_mbedtls.a
done
exit $failed
