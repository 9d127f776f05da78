#!/bin/sh
# run.sh [SECONDS [NAME]] - fuzz each reader, the conversations, the command line, plans
# and --debug for so long each (1 s; 10 s if CILP_THOROUGH is set), with clang's libFuzzer
# and sanitizers, from the seeds of seeds/NAME and with the words of NAME.dict. What
# breaks one is left in build/fuzz/, to be run again with build/fuzz/fuzz_NAME FILE.
set -eu
cd "$(dirname "$0")/../.."

if ! command -v clang >/dev/null; then
    echo "left out: clang is not installed"
    exit 77
fi
seconds=${1:-${CILP_THOROUGH:+10}}
out=build/fuzz
mkdir -p $out/o
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

# What core/json.c reads tokens with.
cmake -DNAME=jsmn -DOUT=$out -P port/third_party.cmake \
    >$out/jsmn.log 2>&1 || { cat $out/jsmn.log; exit 1; }

linux=boards/linux
flags="-std=c11 -D_GNU_SOURCE -DCILP_REGIONS=1 -g -O1 -I. -isystem $out/jsmn
    -fsanitize=address,undefined -fno-sanitize-recover=undefined"
# What targets take from, each built once.
sources="$out/no_hash.c tests/unit/split.c core/*.c port/reach.c port/proxy/*.c
    port/mbedtls/pem.c port/awscli/chain_kind.c
    $linux/options.c $linux/image_id.c $linux/nearest.c $linux/verbs/verbs.c
    $linux/say/say.c $linux/say/out.c $linux/say/out_time.c $linux/stop.c
    $linux/say/json.c $linux/say/debug.c $linux/say/redact.c $linux/request_file.c
    $linux/plan_file.c"
rm -f $out/o/*
# shellcheck disable=SC2086,SC2016 # lists of words; for the inner shell
printf '%s\n' $sources | xargs -P 2 -I{} sh -c '
    object=$(printf %s "$1" | tr / _)
    shift
    exec "$@" -o "'$out'/o/${object%.c}.o"' sh {} \
    clang $flags -fsanitize=fuzzer-no-link -c {}
llvm-ar-14 rc $out/o/parts.a $out/o/*.o

# shellcheck disable=SC2086
clang $flags -fsanitize=fuzzer-no-link tests/fuzz/make_seeds.c $out/o/parts.a \
    -o $out/make_seeds
mkdir -p $out/seeds
$out/make_seeds $out/seeds

for name in ${2:-http_resp xml reply ini json proxy pem op source signed \
    arguments debug plan}; do
    wrap=
    case $name in
    arguments | debug) wrap=-Wl,--wrap=write ;;
    esac
    # shellcheck disable=SC2086 # lists of words
    clang $flags -fsanitize=fuzzer "tests/fuzz/fuzz_$name.c" $wrap \
        $out/o/parts.a -o "$out/fuzz_$name"
    mkdir -p "$out/found/$name"
    set -- "$out/found/$name"
    [ "$name" != source ] || set -- "$@" $out/seeds
    [ ! -d "tests/fuzz/seeds/$name" ] || set -- "$@" "tests/fuzz/seeds/$name"
    [ ! -f "tests/fuzz/$name.dict" ] || set -- "-dict=tests/fuzz/$name.dict" "$@"
    "$out/fuzz_$name" -max_total_time="${seconds:-1}" -max_len=8192 \
        -artifact_prefix=$out/ -print_final_stats=1 "$@" \
        2>"$out/$name.log" || { cat "$out/$name.log"; exit 1; }
    echo "fuzz $name: $(sed -n 's/^stat::number_of_executed_units: *//p' \
        "$out/$name.log") runs, $(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' \
        "$out/$name.log" | tail -n 1) edges"
done
