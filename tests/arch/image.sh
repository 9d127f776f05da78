#!/bin/sh
# image.sh - an image without trust anchors, random bytes, credentials or memory
# for TLS does not build, and the build says why.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
export CILP_DOWNLOADS="${CILP_DOWNLOADS:-$root/build/downloads}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# try NAME PATTERN COMMAND...: in a copy of the tree that COMMAND changed, the
# configuration stops and says so (its wrapped lines joined).
try() {
    name=$1 pattern=$2
    shift 2
    rm -rf "$work/tree"
    mkdir "$work/tree"
    (cd "$root" && cp -r CMakeLists.txt CMakePresets.json README.md boards \
        core port tests "$work/tree")
    (cd "$work/tree" && "$@")
    if (cd "$work/tree" && cmake --preset linux) >"$work/log" 2>&1; then
        got=built
    else
        got=stopped
    fi
    tr -s ' \n' '  ' <"$work/log" >"$work/line"
    case $pattern in
    "") wanted=built ;;
    *) wanted=stopped ;;
    esac
    if [ $got = $wanted ] && grep -q -e "$pattern" "$work/line"; then
        echo "ok: $name"
    else
        echo "FAILED: $name ($got, wanted $wanted: $pattern)"
        cat "$work/log"
        failed=1
    fi
}

unchanged() {
    :
}
# What a roots.py that failed leaves behind.
no_roots() {
    : >port/mbedtls/roots.c
}
empty_set() {
    sed -i '/{root_[0-9]/d' port/mbedtls/roots.c
}
no_entropy() {
    sed -i '/entropy\.c/d' port/posix/sources.list
}
no_credentials() {
    sed -i -e 's/&cilp_creds_[a-z_]*/NULL/' -e 's/cilp_chain_choose(/(/' \
        boards/linux/*.c boards/linux/verbs/*.c
}

no_arena() {
    sed -i 's/"CILP_STATIC_PROGRAM": "ON"/&, "CILP_TLS_ARENA": "0"/' \
        CMakePresets.json
}

try "unchanged" "" unchanged
try "no roots" "image cilp has no trust anchor: it could verify nobody" no_roots
try "an empty set of roots" "image cilp has no trust anchor" empty_set
try "no entropy" "image cilp has no source of random bytes" no_entropy
try "no credentials" "image cilp has no credential source" no_credentials
try "no arena" "CILP_TLS_ARENA=0: this program has no heap" no_arena
exit $failed
