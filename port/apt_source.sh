#!/bin/sh
# apt_source.sh - fetch a Debian source package's upstream tarball.
#
#   sh apt_source.sh WORK PACKAGE UPSTREAM-VERSION SUITE...
#
# Prints the tarball's path (inside WORK, which is created). Works from a
# private apt configuration with its own lists and state, so neither needs root
# nor changes anything on the machine. Its entries are the machine's own
# archive entries, turned into deb-src of SUITE: the same mirror, the same
# proxy settings, the archive keyring that is there. Only entries of the Debian
# archive are used: by their shape before anything is asked, by the signed
# Release file's Origin afterwards. Exit 1, one line on stderr: cannot be had.
#
# APT_ETC replaces /etc/apt as the place the machine's entries are read from.
set -eu

work=$1 package=$2 version=$3
shift 3
etc=${APT_ETC:-/etc/apt}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

give_up() {
    echo "$1" >&2
    exit 1
}

# What a Debian archive's main suite is called; "bookworm-security" and other
# people's repositories ("bookworm-pgdg", "stable" without main) are not it.
debian='^(oldoldstable|oldstable|stable|testing|unstable|sid|buster|bullseye|bookworm|trixie|forky|duke)$'

# One-line format: type [options] uri suite components.
one_line_uris() {
    cat "$etc/sources.list" "$etc"/sources.list.d/*.list 2>/dev/null |
    sed -n 's/^[[:space:]]*deb\(-src\)\{0,1\}[[:space:]]\{1,\}\(\[[^]]*\][[:space:]]*\)\{0,1\}//p' |
    awk -v debian="$debian" '$2 ~ debian && / main( |$)/ { print $1 }'
}

# deb822 format: stanzas of "Field: values", continued by indented lines.
deb822_uris() {
    cat "$etc"/sources.list.d/*.sources 2>/dev/null |
    awk -v debian="$debian" '
        function flush(   i, n, s, ok, u) {
            n = split(f["suites"], s, " ")
            for (i = 1; i <= n; i++) if (s[i] ~ debian) ok = 1
            if (ok && f["enabled"] != "no" && f["types"] ~ /deb/ &&
                (" " f["components"] " ") ~ / main /) {
                n = split(f["uris"], u, " ")
                for (i = 1; i <= n; i++) print u[i]
            }
            split("", f)
        }
        /^#/ { next }
        /^[[:space:]]*$/ { flush(); next }
        /^[[:space:]]/ { sub(/^[[:space:]]+/, ""); f[k] = f[k] " " $0; next }
        { k = tolower($0); sub(/:.*/, "", k); v = $0
          sub(/^[^:]*:[[:space:]]*/, "", v); f[k] = v }
        END { flush() }'
}

uris=$({ deb822_uris; one_line_uris; } | awk '!seen[$0]++')
command -v apt-get >/dev/null 2>&1 || give_up "no apt-get on this machine"
[ -n "$uris" ] || give_up "no Debian archive among the entries of $etc"

rm -rf "$work"
mkdir -p "$work/state" "$work/lists/partial" "$work/cache/archives/partial"
work=$(cd "$work" && pwd)
options=
[ -r "$keyring" ] && options="[signed-by=$keyring]"

# A Release file past its date is taken: the mirror may be a frozen one or the
# clock wrong, and what is fetched is checked by its SHA-256 in any case.
# Pins of the machine speak of its own packages, not of this one fetch. apt
# drops to its own user when it is root, who could not write in WORK.
apt() {
    tool=$1
    shift
    "$tool" -q -q \
        -o Dir::Etc::sourcelist="$work/sources.list" \
        -o Dir::Etc::sourceparts=/dev/null \
        -o Dir::Etc::preferences=/dev/null \
        -o Dir::Etc::preferencesparts=/dev/null \
        -o Dir::State="$work/state" -o Dir::State::status=/dev/null \
        -o Dir::State::lists="$work/lists" -o Dir::Cache="$work/cache" \
        -o APT::Sandbox::User="$(id -un)" -o Acquire::Languages=none \
        -o Acquire::Check-Valid-Until=false \
        -o Acquire::http::Timeout=20 -o Acquire::https::Timeout=20 \
        -o Acquire::Retries=1 "$@" </dev/null
}

is_debian() {
    cat "$work"/lists/*Release 2>/dev/null | grep -q '^Origin: Debian$'
}

# The whole version of the package whose upstream part is the wanted one.
whole_version() {
    apt apt-cache showsrc --only-source "$package" 2>/dev/null |
        sed -n 's/^Version: //p' | grep -F -e "$version-" | tail -n 1
}

for uri in $uris; do
    for suite in "$@"; do
        echo "deb-src $options $uri $suite main" >"$work/sources.list"
        rm -rf "$work/lists"
        mkdir -p "$work/lists/partial"
        apt apt-get update >"$work/log" 2>&1 && is_debian || continue
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
give_up "no $package $version in $* of $(echo $uris) ($(tail -n 1 "$work/log" 2>/dev/null))"
