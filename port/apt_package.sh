#!/bin/sh
# apt_package.sh - fetch a Debian package of another architecture, as a file.
#
#   sh apt_package.sh WORK PACKAGE ARCHITECTURE SUITE...
#
# Prints the .deb's path (inside WORK, which is created), from the first SUITE
# that has it. PACKAGE may be several, with blanks between them: a line each, all
# from one SUITE. Installs nothing, needs no root, and leaves the machine's own
# architectures and packages as they are: apt_private.sh. Exit 1, one line on
# stderr: cannot be had.
set -eu

work=$1 packages=$2 arch=$3
shift 3
foreign="-o APT::Architecture=$arch -o APT::Architectures=$arch"
. "$(dirname "$0")/apt_private.sh"

# What was downloaded, a line each; false if one is missing.
downloaded() {
    for package in $packages; do
        found=
        for file in "$work/${package}_"*"_$arch.deb"; do
            [ -f "$file" ] && found=$file
        done
        [ -n "$found" ] && echo "$found" || return 1
    done
}

wanted=
for package in $packages; do
    wanted="$wanted $package:$arch"
done
for uri in $uris; do
    for suite in "$@"; do
        # A mirror may be between two states for one suite, so on to the next.
        update deb "$uri" "$suite" || continue
        # shellcheck disable=SC2086 # a word each
        (cd "$work" && apt apt-get download $wanted) \
            >>"$work/log" 2>&1 || continue
        downloaded && exit 0
    done
done
give_up "no $packages of $arch in $* of $(echo $uris) ($(last_error))"
