#!/bin/sh
# includes.sh - who may know whom (README.md of core and port): greps every
# include, and for what core and port may not do.
set -u
cd "$(dirname "$0")/../.." || exit
failed=0

# complain TITLE LINES: LINES is what should not be there.
complain() {
    [ -z "$2" ] && return
    printf '%s:\n%s\n\n' "$1" "$2"
    failed=1
}

core_ok='"core/[a-z0-9_]+\.h"|<(stdbool|stddef|stdint|string)\.h>'
complain "core includes something that it may not know" "$(
    grep -nE '^ *# *include' core/*.[ch] | grep -vE "include ($core_ok)" |
    grep -vE '^core/json\.c:[0-9]+:#include <jsmn\.h>$')"

# From core, others see the public headers; a hash provider also sha256.h.
complain "a private header of core is included from outside" "$(
    grep -rnE '^ *# *include "core/' port boards --include='*.[ch]' |
    grep -vE '"core/(account|cilp|cilp_config|codes|creds|errand|http_resp|identity|image|ini|json|pages|references|regions|signed|text|utc|verdict|what|x509_identity)\.h"' |
    grep -vE '^port/mbedtls/sha256\.c:.*"core/sha256\.h"')"

complain "a port knows another port" "$(
    grep -nE '^ *# *include "port/' port/posix/*.[ch] |
        grep -vE '"port/(port|drive|reach|digest|why|posix/[a-z0-9_]+)\.h"'
    grep -nE '^ *# *include "port/' port/awscli/*.[ch] |
        grep -vE '"port/(port|digest|why|posix/(file|process)|awscli/[a-z0-9_]+)\.h"'
    grep -nE '^ *# *include "port/' port/mbedtls/*.[ch] port/mbedtls/ours/*.[ch] |
        grep -vE '"port/(port|digest|mbedtls/[a-z0-9_/]+)\.h"'
    grep -nE '^ *# *include "port/' port/lwip/*.[ch] |
        grep -vE '"port/(port|drive|reach|why|lwip/[a-z0-9_]+)\.h"'
    grep -nE '^ *# *include "port/' port/bsd/*.[ch] |
        grep -vE '"port/(port|reach|why|bsd/[a-z0-9_]+)\.h"'
    grep -nE '^ *# *include ("port/|<)' port/proxy/*.[ch] |
        grep -vE '"port/(port|reach|proxy/[a-z0-9_]+)\.h"|<(stdbool|stddef|stdint|string)\.h>'
    grep -nE '^ *# *include "port/' port/*.[ch] |
        grep -vE '"port/(port|drive|reach|why)\.h"')"

complain "port knows a board" "$(
    grep -rnE '^ *# *include "boards/' port core --include='*.[ch]')"

# A lwIP firmware knows neither POSIX nor the Linux board, and the reverse.
complain "a board knows another platform" "$(
    grep -nE '^ *# *include ("(port/posix|port/awscli|boards/linux)/|<(unistd|sys/))' \
        boards/mps2*/*.[ch] boards/virt*/*.[ch] boards/firmware/*.[ch] \
        boards/firmware/arch/*.h port/lwip/*.[ch]
    grep -nE '^ *# *include "(port/lwip|boards/(mps2|virt-rv32|firmware))/' \
        boards/linux/*.[ch] boards/linux/*/*.[ch] \
        port/posix/*.[ch] port/awscli/*.[ch])"

complain "what firmware shares knows a board, or a family another" "$(
    grep -nE '^ *# *include "boards/' boards/firmware/*.[ch] boards/firmware/arch/*.h |
        grep -vE '"boards/(firmware/[a-z0-9_]+|outcome)\.h"'
    grep -nE '^ *# *include "boards/mps2/' boards/virt*/*.[ch]
    grep -nE '^ *# *include "boards/virt' boards/mps2/*.[ch])"

# A verb is a file and a row of verbs.h.
complain "a verb of boards/linux knows another, or something else knows it" "$(
    grep -rnE '^ *# *include "boards/linux/verbs/' boards/linux |
        grep -v '/verbs/verbs\.h"'
    grep -nE 'VERB_[A-Z0-9]+' boards/linux/main.c | grep -vE 'VERB_(COUNT|AT_)')"
complain "a file of boards/linux/verbs has no row in verbs.h" "$(
    for file in boards/linux/verbs/*.c; do
        name=$(basename "$file" .c)
        [ "$name" = verbs ] ||
            grep -qE "^ +ROW\([A-Z0-9_]+, $name," boards/linux/verbs/verbs.h ||
            echo "$file"
    done)"

# What is a fact of one board and nothing else.
complain "a board.cmake does more than state facts" "$(
    grep -nvE '^ *(#.*|set\(.*|include\(boards/[a-z0-9_/-]+\.cmake\)|)$' \
        boards/*/board.cmake)"

# The sources that Linux has: core is one list, and no board touches it.
complain "a board compiles core otherwise than core/sources.list" "$(
    grep -rnE '(^|[ /"])core/[a-z0-9_]+\.c' boards port --include='*.cmake' \
        --include=CMakeLists.txt |
        grep -v 'boards/linux/CMakeLists.txt:.*core/account.c)*$'
    grep -nE 'if\(.*(BOARD|PORT|PROFILE)' core/CMakeLists.txt)"

complain "an include that does not name its layer" "$(
    grep -rnE '^ *# *include "' core port boards tests --include='*.[ch]' |
        grep -vE 'include "(core|port|boards|tests)/' |
        grep -vE 'include "(mbedtls|psa|lwip|netif)/' |
        grep -vE 'include "cilp_build\.h"')"

# A file that CMake compiles, and a user's build does not.
complain "a source is in no sources.list, or in two" "$(
    for file in core/*.c port/*.c port/*/*.c port/*/*/*.c; do
        [ "$(cat core/sources.list port/sources.list port/*/sources.list \
            port/*/*/sources.list | grep -cxF "$file")" = 1 ] || echo "$file"
    done)"
complain "a sources.list names what is not there" "$(
    cat core/sources.list port/sources.list port/*/sources.list \
        port/*/*/sources.list | grep -v '^#' |
        while read -r file; do [ -f "$file" ] || echo "$file"; done)"

# Comments may speak of malloc; code may not.
code() {
    sed -E 's@//.*@@; s@/\*.*\*/@@; s@^ *\*.*@@; s@/\*.*@@' "$1"
}
for file in core/*.c port/*.c port/*/*.c port/*/*/*.c; do
    complain "$file allocates" "$(code "$file" |
        grep -nwE '(malloc|calloc|realloc|free|strdup|alloca) *\(' |
        grep -vE 'mbedtls_(calloc|free)|_(calloc|free) *\(')"
done
for file in core/*.c core/*.h; do
    complain "$file chooses with the preprocessor" "$(
        grep -nE '^ *# *(if|ifdef|ifndef|elif)' "$file" |
            grep -vE '#ifndef CILP_[A-Z0-9_]+$|#ifdef __cplusplus$')"
done

complain "a field of struct cilp_op is touched outside core" "$(
    for field in $(sed -n '/^struct cilp_op {/,/^};/p' core/op_memory.h |
        grep -oE '[a-z_]+(, [a-z_]+)*;' | tr -d ',;'); do
        grep -rnE "\\bop(->|\\.)$field\\b" port boards --include='*.[ch]'
    done)"

[ $failed = 0 ] && echo "includes: every file knows what it may know"
exit $failed
