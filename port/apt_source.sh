#!/bin/sh
# apt_source.sh - fetch a Debian source package's upstream tarball.
#
#   sh apt_source.sh WORK PACKAGE UPSTREAM-VERSION SUITE...
#
# Prints the tarball's path (inside WORK, which is created). Needs no root and
# changes nothing on the machine: apt_private.sh. Exit 1, one line on stderr:
# cannot be had.
set -eu

work=$1 package=$2 version=$3
shift 3
foreign=
. "$(dirname "$0")/apt_private.sh"

# The whole version of the package whose upstream part is the wanted one.
whole_version() {
    apt apt-cache showsrc --only-source "$package" 2>/dev/null |
        sed -n 's/^Version: //p' | grep -F -e "$version-" | tail -n 1
}

for uri in $uris; do
    for suite in "$@"; do
        update deb-src "$uri" "$suite" || continue
        whole=$(whole_version) || continue
        (cd "$work" && apt apt-get source --download-only --tar-only \
            "$package=$whole") >>"$work/log" 2>&1 || continue
        for tarball in "$work/${package}_$version.orig.tar."*; do
            case $tarball in
            *.asc) ;;
            *) [ -f "$tarball" ] && echo "$tarball" && exit 0 ;;
            esac
        done
    done
done
give_up "no $package $version in $* of $(echo $uris) ($(last_error))"
