#!/bin/sh
# run.sh [--memory] [SECONDS [NAME]] - fuzz each reader, the conversations, the command
# line, plans, --debug, bundles of trust anchors, keys and the stream on lwIP for so long
# each (1 s; 10 s if CILP_THOROUGH is set), with clang's libFuzzer and sanitizers, from
# the seeds of seeds/NAME and with the words of NAME.dict. What breaks one is left in
# build/fuzz/, to be run again with build/fuzz/fuzz_NAME FILE. Without SECONDS chance
# takes the same way each time, as the suite needs it; CILP_FUZZ_SEED is another one.
#
# --memory: with the sanitizer that sees bytes which nobody wrote, in place of those
# that see where they lie, but for what needs mbedTLS; in build/fuzz_memory/, one second
# each without SECONDS.
set -eu
cd "$(dirname "$0")/../.."

if ! command -v clang >/dev/null; then
    echo "left out: clang is not installed"
    exit 77
fi
kind=fuzz
if [ "${1-}" = --memory ]; then
    kind=memory
    shift
fi
seconds=${1:-${CILP_THOROUGH:+10}}
seed=${CILP_FUZZ_SEED:-$([ $# -gt 0 ] && echo 0 || echo 1)} # 0: libFuzzer's own choice
out=build/fuzz
sanitize="-fsanitize=address,undefined -fno-sanitize-recover=undefined"
theirs=-fsanitize=address
names="http_resp xml reply ini json proxy pem op source signed arguments debug plan
    bundle key lwip"
if [ $kind = memory ]; then
    seconds=${1:-1}
    out=build/fuzz_memory
    theirs="-fsanitize=memory -fno-omit-frame-pointer"
    sanitize=$theirs
    # mbedTLS has assembly, which this one cannot look into.
    names=$(printf %s "$names" | sed 's/bundle key//')
fi
mkdir -p $out
cat >$out/no_hash.c <<'END'
#include "core/sha256.h"
void cilp_sha256_add(struct cilp_sha256 *h, const void *p, size_t n)
{
    (void)h, (void)p, (void)n;
}
bool cilp_sha256_end(struct cilp_sha256 *h, uint8_t digest[CILP_SHA256_LEN])
{
    (void)h;
    for (int i = 0; i < CILP_SHA256_LEN; i++)
        digest[i] = 0;
    return true;
}
END

# third_party NAME - its sources, in $out/third_party/NAME; $dir is where.
third_party() {
    cmake -DNAME="$1" -DOUT="$PWD/$out/third_party" -P port/third_party.cmake \
        >"$out/$1.log" 2>&1 || { cat "$out/$1.log"; exit 1; }
    dir=$(sed -n "s/^-- $1: \(\/.*\)/\1/p" "$out/$1.log")
}

# archive NAME FLAGS SOURCE... - objects of the sources in $out/NAME.a.
archive() {
    archived=$out/$1.a
    mkdir -p "$out/$1"
    objects=$out/$1
    words=$2
    shift 2
    rm -f "$archived" "$objects"/*.o
    # shellcheck disable=SC2086,SC2016 # lists of words; for the inner shell
    printf '%s\n' "$@" | xargs -P 2 -I{} sh -c '
        object=$(printf %s "$1" | tr / _)
        shift
        exec "$@" -o "'"$objects"'/${object%.c}.o"' sh {} clang $words -c {}
    llvm-ar-14 rc "$archived" "$objects"/*.o
}

third_party jsmn
jsmn=$dir
third_party lwip
lwip=$dir/src
third_party mbedtls
mbedtls=$dir

linux=boards/linux
cover=-fsanitize=fuzzer-no-link
base="-std=c11 -D_GNU_SOURCE -g -O1 -I."
flags="$base -DCILP_REGIONS=1 -isystem $jsmn $sanitize"
in_lwip="-isystem tests/fuzz/lwip -isystem $lwip/include"

everest=$mbedtls/3rdparty/everest
in_mbedtls="-isystem $mbedtls/include -isystem $everest/include
    -DCILP_TLS_P521 -DCILP_TLS_RSA_KEYS -DCILP_TLS_ARENA=0
    -DMBEDTLS_CONFIG_FILE=<port/mbedtls/ours/mbedtls_config.h>
    -DMBEDTLS_PSA_CRYPTO_CONFIG_FILE=<port/mbedtls/ours/psa_config.h>"

# What targets take from, each built once.
archive parts "$flags $cover" $out/no_hash.c tests/unit/split.c core/*.c port/reach.c \
    port/proxy/*.c port/mbedtls/pem.c port/awscli/chain_kind.c \
    $linux/options.c $linux/image_id.c $linux/nearest.c $linux/verbs/verbs.c \
    $linux/say/say.c $linux/say/out.c $linux/say/out_time.c $linux/stop.c \
    $linux/say/json.c $linux/say/debug.c $linux/say/redact.c $linux/request_file.c \
    $linux/plan_file.c

archive_lwip() {
    archive lwip "$base $theirs $cover $in_lwip -w" "$lwip"/core/*.c \
        "$lwip"/core/ipv4/*.c "$lwip"/netif/ethernet.c
    # shellcheck disable=SC2046 # file names, one word each
    archive stream "$flags $cover $in_lwip" \
        $(grep -hv '^#' port/sources.list port/lwip/sources.list)
}

archive_mbedtls() {
    # shellcheck disable=SC2046 # file names, one word each
    archive mbedtls "$base $theirs $cover $in_mbedtls -I$mbedtls/library
        -I$everest/include/everest -I$everest/include/everest/kremlib -w" \
        $(find "$mbedtls/library" -name '*.c' ! -name net_sockets.c ! -name timing.c) \
        "$everest/library/everest.c" "$everest/library/x25519.c" \
        "$everest/library/Hacl_Curve25519_joined.c"
    # shellcheck disable=SC2046
    archive trust "$flags $cover $in_mbedtls" \
        $(grep -hv -e '^#' -e /pem.c -e /sha256.c port/mbedtls/sources.list \
            port/mbedtls/ours/sources.list)
}

# What a target is made with besides: $more, flags of it and archives.
parts_of() {
    more=
    case $1 in
    arguments | debug) more=-Wl,--wrap=write ;;
    lwip)
        archive_lwip
        more="$in_lwip $out/stream.a $out/lwip.a"
        ;;
    bundle | key)
        [ -f $out/trust.a ] || archive_mbedtls
        more="$in_mbedtls $out/trust.a $out/mbedtls.a $out/trust.a"
        ;;
    esac
}

rm -f $out/trust.a # of another time
# shellcheck disable=SC2086 # lists of words
clang $flags $cover tests/fuzz/make_seeds.c port/mbedtls/roots.c $out/parts.a \
    -o $out/make_seeds
rm -rf $out/seeds
mkdir -p $out/seeds/source $out/seeds/bundle
$out/make_seeds $out/seeds
/usr/bin/python3 tests/fuzz/key_seeds.py $out/seeds/key

for name in ${2:-$names}; do
    parts_of "$name"
    # shellcheck disable=SC2086 # lists of words
    clang $flags -fsanitize=fuzzer "tests/fuzz/fuzz_$name.c" $more \
        $out/parts.a -o "$out/fuzz_$name"
    mkdir -p "$out/found/$name"
    set -- "$out/found/$name"
    [ ! -d "$out/seeds/$name" ] || set -- "$@" "$out/seeds/$name"
    [ ! -d "tests/fuzz/seeds/$name" ] || set -- "$@" "tests/fuzz/seeds/$name"
    [ ! -f "tests/fuzz/$name.dict" ] || set -- "-dict=tests/fuzz/$name.dict" "$@"
    "$out/fuzz_$name" -seed="$seed" -max_total_time="${seconds:-1}" -max_len=8192 \
        -artifact_prefix=$out/ -print_final_stats=1 "$@" \
        2>"$out/$name.log" || { cat "$out/$name.log"; exit 1; }
    echo "$kind $name: $(sed -n 's/^stat::number_of_executed_units: *//p' \
        "$out/$name.log") runs, $(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' \
        "$out/$name.log" | tail -n 1) edges"
done
