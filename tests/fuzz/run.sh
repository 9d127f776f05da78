#!/bin/sh
# run.sh [SECONDS [NAME]] - fuzz each reader and the whole conversation for so
# long each (2 s; 10 s if CILP_THOROUGH is set), with clang's libFuzzer and
# sanitizers. What breaks one is left in build/fuzz/, to be run again with
# build/fuzz/fuzz_NAME FILE.
set -eu
cd "$(dirname "$0")/../.."

if ! command -v clang >/dev/null; then
    echo "left out: clang is not installed"
    exit 77
fi
seconds=${1:-${CILP_THOROUGH:+10}}
mkdir -p build/fuzz
cat >build/fuzz/no_hash.c <<'END'
#include "core/sha256.h"
void cilp_sha256_add(struct cilp_sha256 *h, const void *p, size_t n)
{
    (void)h, (void)p, (void)n;
}
END

# What core/json.c reads tokens with.
cmake -DNAME=jsmn -DOUT=build/fuzz -P port/third_party.cmake \
    >build/fuzz/jsmn.log 2>&1 || { cat build/fuzz/jsmn.log; exit 1; }
# What no mutation would find soon: the names of the fields.
printf '%s' '~{"Token":"\u0054","n":12,"a":{"b":null,"n":1},"x":[-1.5e3,true]}' \
    >build/fuzz/json.seed
printf '%s\0' 'http://u:p%40@p.test:3128' '.a.test,10.0.0.0/8,[fd00::/8]:1,*:1' b.test \
    >build/fuzz/proxy.seed
printf 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nVia: x\r\n\r\n' \
    >>build/fuzz/proxy.seed

for name in ${2:-http_resp xml reply ini json proxy op}; do
    extra="tests/unit/split.c build/fuzz/no_hash.c"
    core="core/http_resp.c core/xml.c core/reply.c core/ini.c core/text.c
        core/utc.c"
    seed=
    if [ "$name" = json ]; then
        seed=-seed_inputs=build/fuzz/json.seed
        extra=build/fuzz/no_hash.c
        core="core/json.c core/text.c"
    fi
    if [ "$name" = proxy ]; then
        seed=-seed_inputs=build/fuzz/proxy.seed
        extra=build/fuzz/no_hash.c
        core="core/http_resp.c core/text.c port/proxy/*.c port/reach.c"
    fi
    if [ "$name" = op ]; then
        extra=
        core="core/*.c"
    fi
    # shellcheck disable=SC2086 # lists of files
    clang -std=c11 -D_GNU_SOURCE -g -O1 -I. -isystem build/fuzz/jsmn \
        -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=undefined \
        "tests/fuzz/fuzz_$name.c" $extra $core -o "build/fuzz/fuzz_$name"
    "build/fuzz/fuzz_$name" -max_total_time="${seconds:-2}" -max_len=8192 \
        -artifact_prefix=build/fuzz/ -verbosity=0 -print_final_stats=1 $seed \
        2>"build/fuzz/$name.log" || { cat "build/fuzz/$name.log"; exit 1; }
    echo "fuzz $name: $(sed -n 's/^stat::number_of_executed_units: *//p' \
        "build/fuzz/$name.log") runs"
done
