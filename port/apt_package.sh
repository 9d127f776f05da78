#!/bin/sh
# apt_package.sh - fetch a Debian package of another architecture, as a file.
#
#   sh apt_package.sh WORK PACKAGE ARCHITECTURE SUITE...
#
# Prints the .deb's path (inside WORK, which is created), from the first SUITE
# that has it. Installs nothing, needs no root, and leaves the machine's own
# architectures and packages as they are: apt_private.sh. Exit 1, one line on
# stderr: cannot be had.
set -eu

work=$1 package=$2 arch=$3
shift 3
foreign="-o APT::Architecture=$arch -o APT::Architectures=$arch"
. "$(dirname "$0")/apt_private.sh"

for uri in $uris; do
    for suite in "$@"; do
        # A mirror may be between two states for one suite, so on to the next.
        update deb "$uri" "$suite" || continue
        (cd "$work" && apt apt-get download "$package:$arch") \
            >>"$work/log" 2>&1 || continue
        for file in "$work/${package}_"*"_$arch.deb"; do
            [ -f "$file" ] && echo "$file" && exit 0
        done
    done
done
give_up "no $package of $arch in $* of $(echo $uris) ($(last_error))"
