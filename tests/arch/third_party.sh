#!/bin/sh
# third_party.sh - every way by which a third-party source may come, and that
# bytes other than the pinned ones are refused whichever way they came.
#
# CILP_DOWNLOADS is a folder with the mbedTLS archive, by default the one that
# the presets fill. Exit 77: left out, with the reason.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
downloads=${CILP_DOWNLOADS:-$root/build/downloads}
unset CILP_DOWNLOADS
archive=$(ls "$downloads"/mbedtls-*.tar.bz2 2>/dev/null | tail -n 1)
[ -f "$archive" ] || { echo "left out: no mbedTLS in $downloads"; exit 77; }
python=${PYTHON:-/usr/bin/python3}
work=$(mktemp -d)
server=
trap 'rm -rf "$work"; [ -z "$server" ] || kill "$server"' EXIT
failed=0

# try NAME STATUS PATTERN -D...: run the script in a fresh folder; it must end
# so, and say so (its wrapped lines joined).
try() {
    name=$1 status=$2 pattern=$3
    shift 3
    rm -rf "$work/out"
    got=0
    cmake -DOUT="$work/out" "$@" -P "$root/port/third_party.cmake" \
        >"$work/log" 2>&1 || got=1
    if [ "$got" -ne "$status" ] ||
        ! tr -s ' \n' '  ' <"$work/log" | grep -q -e "$pattern"; then
        echo "FAILED: $name (exit $got, wanted $status: $pattern)"
        cat "$work/log"
        failed=1
    else
        echo "ok: $name"
    fi
}

empty=$work/empty
fresh() {
    rm -rf "$empty"
    mkdir "$empty"
}
file=$(basename "$archive")
version=${file#mbedtls-}
version=${version%.tar.bz2}
mkdir "$work/good" "$work/bad" "$work/www" "$work/etc"
cp "$archive" "$work/good/"
cp "$archive" "$work/www/"
printf x | cat "$archive" - >"$work/bad/$file"
cp "$work/bad/$file" "$work/www/bad.tar.bz2"

# ---- A path given by the user ----
try "given archive" 0 "mbedtls $version: .*as pinned" \
    -DNAME=mbedtls -DMBEDTLS_SOURCE_DIR="$work/good/$file"
[ -f "$work/out/mbedtls/mbedtls-$version/include/mbedtls/build_info.h" ] ||
    { echo "FAILED: given archive was not unpacked"; failed=1; }
cp -r "$work/out/mbedtls/mbedtls-$version/include" "$work/etc/"
mkdir "$work/tree"
mv "$work/etc/include" "$work/tree/"
try "given folder" 0 "given by you, not hash-checked" \
    -DNAME=mbedtls -DMBEDTLS_SOURCE_DIR="$work/tree"
# A later line: none is pinned, so that it is the user's to check.
# later VERSION: its archive, as far as the headers go.
later() {
    mkdir "$work/mbedtls-$1"
    cp -r "$work/tree/include" "$work/mbedtls-$1/"
    sed -i 's/\(VERSION_STRING  *\)"[^"]*"/\1"'"$1"'"/' \
        "$work/mbedtls-$1/include/mbedtls/build_info.h"
    tar -C "$work" -cjf "$work/mbedtls-$1.tar.bz2" "mbedtls-$1"
}
later 4.0.0
later 4.1.0
later 4.1.1
for later in 4.0.0 4.1.1; do
    try "given archive of $later" 0 "mbedtls $later: .*not hash-checked" \
        -DNAME=mbedtls -DMBEDTLS_SOURCE_DIR="$work/mbedtls-$later.tar.bz2"
done
# With TLS 1.2 it fails where servers sign by RSA-PSS.
for given in mbedtls-4.1.0.tar.bz2 mbedtls-4.1.0; do
    try "given 4.1.0, $given" 1 \
        "version '4.1.0' refuses TLS 1.2 servers that sign by RSA-PSS" \
        -DNAME=mbedtls -DMBEDTLS_SOURCE_DIR="$work/$given"
done
sed -i 's/\(VERSION_STRING  *\)"[^"]*"/\1"3.6.5"/' \
    "$work/tree/include/mbedtls/build_info.h"
try "given folder, too old" 1 "'3.6.5' is older than" \
    -DNAME=mbedtls -DMBEDTLS_SOURCE_DIR="$work/tree"
try "given folder of something else" 1 "has no include/mbedtls" \
    -DNAME=mbedtls -DMBEDTLS_SOURCE_DIR="$work/good"
try "given path that is not there" 1 "no such path" \
    -DNAME=mbedtls -DMBEDTLS_SOURCE_DIR="$work/nowhere"
try "given archive, other bytes" 1 \
    "mismatch: $work/bad/$file came by given path.*expected .*got " \
    -DNAME=mbedtls -DMBEDTLS_SOURCE_DIR="$work/bad/$file"

# ---- The downloads folder ----
try "downloads" 0 "mbedtls $version: downloads" -DNAME=mbedtls \
    -DCILP_THIRD_PARTY_WAYS=downloads -DCILP_DOWNLOADS="$work/good"
mv "$work/good/$file" "$work/good/mbedtls_$version.orig.tar.bz2"
try "downloads, under the distribution's name" 0 "mbedtls $version: downloads" \
    -DNAME=mbedtls -DCILP_THIRD_PARTY_WAYS=downloads \
    -DCILP_DOWNLOADS="$work/good"
try "downloads, other bytes" 1 "mismatch: .*came by downloads folder" \
    -DNAME=mbedtls -DCILP_THIRD_PARTY_WAYS=downloads \
    -DCILP_DOWNLOADS="$work/bad"
fresh
try "downloads, empty" 1 "could not be had.*not in $empty" -DNAME=mbedtls \
    -DCILP_THIRD_PARTY_WAYS=downloads -DCILP_DOWNLOADS="$empty"
try "given alone, and nothing given" 1 "MBEDTLS_SOURCE_DIR is empty" \
    -DNAME=mbedtls -DCILP_THIRD_PARTY_WAYS=given -DCILP_DOWNLOADS="$work/good"
try "a way that is none" 1 "there is no way 'network'" \
    -DNAME=mbedtls -DCILP_THIRD_PARTY_WAYS=network

# A header alone, which is no archive.
if [ -f "$downloads/jsmn.h" ]; then
    cp "$downloads/jsmn.h" "$work/good/"
    try "downloads, jsmn" 0 "jsmn 1.1.0: downloads" -DNAME=jsmn \
        -DCILP_THIRD_PARTY_WAYS=downloads -DCILP_DOWNLOADS="$work/good"
    try "given header" 0 "jsmn 1.1.0: .*as pinned" -DNAME=jsmn \
        -DJSMN_SOURCE_DIR="$work/good/jsmn.h"
    cp "$work/good/jsmn.h" "$work/jsmn-1.1.0.h"
    try "given header, under another name" 0 "jsmn 1.1.0: .*as pinned" \
        -DNAME=jsmn -DJSMN_SOURCE_DIR="$work/jsmn-1.1.0.h"
    try "given folder, jsmn" 0 "jsmn 1.1.0: .*as pinned" -DNAME=jsmn \
        -DJSMN_SOURCE_DIR="$work/good"
    printf x >>"$work/good/jsmn.h"
    try "downloads, jsmn of other bytes" 1 "mismatch: " -DNAME=jsmn \
        -DCILP_THIRD_PARTY_WAYS=downloads -DCILP_DOWNLOADS="$work/good"
    rm "$work/good/jsmn.h"
fi

# lwIP has two archives of one release, each with a name of its own.
lwip=lwip_2.2.1+dfsg1.orig.tar.xz
if [ -f "$downloads/$lwip" ]; then
    cp "$downloads/$lwip" "$work/good/"
    try "downloads, lwip" 0 "lwip 2.2.1+dfsg1: downloads" -DNAME=lwip \
        -DCILP_THIRD_PARTY_WAYS=downloads -DCILP_DOWNLOADS="$work/good"
    mkdir "$work/lwip"
    mv "$work/out/lwip/"*/src "$work/lwip/"
    try "given folder, lwip" 0 "lwip 2.2.1: .*not hash-checked" -DNAME=lwip \
        -DLWIP_SOURCE_DIR="$work/lwip"
    sed -i 's/\(LWIP_VERSION_MINOR  *\)[0-9]*/\11/' \
        "$work/lwip/src/include/lwip/init.h"
    try "given folder, lwip, too old" 1 "'2.1.1' is older than 2.2.0" \
        -DNAME=lwip -DLWIP_SOURCE_DIR="$work/lwip"
    printf x >>"$work/good/$lwip"
    try "downloads, lwip of other bytes" 1 "mismatch: " -DNAME=lwip \
        -DCILP_THIRD_PARTY_WAYS=downloads -DCILP_DOWNLOADS="$work/good"
    rm "$work/good/$lwip"
else
    echo "left out: lwip by downloads folder (no $lwip there)"
fi

# ---- The upstream release, through a mirror on loopback ----
"$python" -u -c '
import functools, http.server, sys
handler = functools.partial(http.server.SimpleHTTPRequestHandler,
                            directory=sys.argv[1])
server = http.server.HTTPServer(("127.0.0.1", 0), handler)
print(server.server_port)
server.serve_forever()' "$work/www" >"$work/port" 2>/dev/null &
server=$!
until [ -s "$work/port" ]; do sleep 0.05; done
url=http://127.0.0.1:$(cat "$work/port")
fresh
# A URL stands for the preferred version: an older one's bytes are a mismatch.
if [ "$version" != 3.6.6 ]; then
    try "upstream" 0 "mbedtls $version: upstream" -DNAME=mbedtls \
        -DCILP_THIRD_PARTY_WAYS=upstream -DCILP_DOWNLOADS="$empty" \
        -DCILP_MBEDTLS_URL="$url/$file"
    [ -f "$empty/$file" ] || { echo "FAILED: upstream was not kept"; failed=1; }
else
    echo "left out: upstream ($version is the fallback)"
fi
fresh
try "upstream, other bytes" 1 "mismatch: .*came by upstream release, $url" \
    -DNAME=mbedtls -DCILP_THIRD_PARTY_WAYS=upstream \
    -DCILP_DOWNLOADS="$empty" -DCILP_MBEDTLS_URL="$url/bad.tar.bz2"
[ ! -f "$empty/$file" ] || { echo "FAILED: bad bytes were kept"; failed=1; }
fresh
try "upstream, not there" 1 "could not be had" -DNAME=mbedtls \
    -DCILP_THIRD_PARTY_WAYS=upstream -DCILP_DOWNLOADS="$empty" \
    -DCILP_MBEDTLS_URL="$url/nothing"
fresh
try "upstream fails, the next way is taken" 0 "as pinned" -DNAME=mbedtls \
    "-DCILP_THIRD_PARTY_WAYS=upstream;downloads" -DCILP_DOWNLOADS="$work/good" \
    -DCILP_MBEDTLS_URL=http://127.0.0.1:1/none

# ---- The distribution's source package ----
# What is taken from the machine's entries: its Debian archive, in both
# formats, and nobody else's.
mkdir -p "$work/etc/sources.list.d"
cat >"$work/etc/sources.list" <<X
# deb http://127.0.0.1:1/commented bookworm main
deb-src [arch=amd64 trusted=no] http://127.0.0.1:1/one-line stable main contrib
deb http://127.0.0.1:1/other-suite bookworm-pgdg main
deb http://127.0.0.1:1/other-component bookworm stable
X
cat >"$work/etc/sources.list.d/x.sources" <<X
Types: deb
URIs: http://127.0.0.1:1/deb822
# a remark
Suites: bookworm
 bookworm-updates
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 -----END PGP PUBLIC KEY BLOCK-----

Enabled: no
Types: deb
URIs: http://127.0.0.1:1/disabled
Suites: bookworm
Components: main

Types: deb
URIs: http://127.0.0.1:1/security
Suites: bookworm-security
Components: main
X
APT_ETC=$work/etc sh "$root/port/apt_source.sh" "$work/apt" mbedtls "$version" \
    sid 2>"$work/log" || :
if command -v apt-get >/dev/null 2>&1; then
    if grep -q "of http://127.0.0.1:1/deb822 http://127.0.0.1:1/one-line (" \
        "$work/log"; then
        echo "ok: entries in both formats, Debian's alone"
    else
        echo "FAILED: entries"
        cat "$work/log"
        failed=1
    fi
    state() {
        cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null || :
        ls -l /var/lib/apt/lists
    }
    for name in mbedtls jsmn lwip; do
        state >"$work/before"
        fresh
        cmake -DOUT="$work/out" -DNAME="$name" -DCILP_DOWNLOADS="$empty" \
            -DCILP_THIRD_PARTY_WAYS=distribution \
            -P "$root/port/third_party.cmake" >"$work/log" 2>&1 || :
        state >"$work/after"
        if grep -q -e "^-- $name [0-9.+dfsg]*: distribution, .*as pinned" "$work/log" &&
            cmp -s "$work/before" "$work/after" &&
            [ "$(ls "$empty" | wc -l)" = 1 ]; then
            echo "ok: distribution, $name, and the machine's apt is as it was"
        elif grep -q -i -e "resolve" -e "connect" -e "unreachable" "$work/log"; then
            echo "left out: distribution, $name (no mirror can be reached)"
        else
            echo "FAILED: distribution, $name"
            cat "$work/log"
            ls "$empty"
            failed=1
        fi
    done
else
    echo "left out: distribution (no apt-get)"
fi
exit "$failed"
