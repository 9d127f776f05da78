#!/bin/sh
# vendors.sh LWIP - what the headers of vendors do to ours, and ours to them:
# port/bsd compiles against lwIP's sockets and newlib, with IPv6 and without, and no
# name of ours is one that a vendor's header makes a macro of. LWIP is its source's
# folder. Exit 77: left out, with the reason.
set -u
cd "$(dirname "$0")/../.." || exit
lwip=${1:?the folder of lwIP}
failed=0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# Macros of the HALs and SDKs that firmware is made with, as a compiler sees them
# that was told to include such a header first.
macros="ERROR CODE FALSE TRUE OK"
for macro in $macros; do
    printf '#define %s vendor says (-1)\n' "$macro"
done >"$folder/vendor.h"
for file in core/*.[ch] port/*.h port/posix/*.h port/proxy/*.[ch] port/bsd/*.[ch] \
    port/mbedtls/tls.h port/mbedtls/arena.h port/mbedtls/trust.h; do
    ${CC:-gcc} -std=c11 -D_GNU_SOURCE -I. -include "$folder/vendor.h" \
        -fsyntax-only -x c "$file" 2>"$folder/said"
    if grep -q 'vendor\.h' "$folder/said"; then
        printf '%s does not stand a macro of a vendor:\n' "$file"
        head -n 4 "$folder/said"
        failed=1
    fi
done
# In what needs mbedTLS or lwIP to compile, by the letter; comments and texts aside.
found=$(grep -rnwE "$(echo "$macros" | tr ' ' '|')" core port boards \
    --include='*.[ch]' | grep -vE '^[^:]*:[0-9]*: *(/?\*|//)|/\*.*\*/' |
    sed 's/"[^"]*"//g' | grep -wE "$(echo "$macros" | tr ' ' '|')")
if [ -n "$found" ]; then
    printf 'a name that is a macro of some vendor:\n%s\n' "$found"
    failed=1
fi

if ! command -v arm-none-eabi-gcc >/dev/null; then
    [ $failed = 0 ] || exit 1
    echo "left out: arm-none-eabi-gcc is not installed"
    exit 77
fi
for v6 in 0 1; do
    for file in port/bsd/tcp.c port/why.c; do
        arm-none-eabi-gcc -mcpu=cortex-m4 -mthumb -Os -std=c11 -Wall -Wextra \
            -Wconversion -Wshadow -Wundef -Werror -DCILP_BSD_LWIP -DLWIP_IPV6=$v6 \
            -include "$folder/vendor.h" -I. -isystem tests/arch/sockets \
            -isystem "$lwip/src/include" -c $file \
            -o "$folder/$(basename $file .c).o" || failed=1
    done
    # nothing of POSIX is asked for beside
    strange=$(arm-none-eabi-nm -u "$folder/tcp.o" "$folder/why.o" | awk 'NF == 2 { print $2 }' |
        grep -vE '^(lwip_[a-z]+|cilp_[a-z0-9_]+|__errno|mem(cpy|set)|str(cmp|len)|__aeabi_[a-z0-9_]+)$')
    if [ -n "$strange" ]; then
        printf 'port/bsd asks for more than sockets: %s\n' "$strange"
        failed=1
    fi
done
[ $failed = 0 ] && echo "vendors: their headers and ours go together"
exit $failed
