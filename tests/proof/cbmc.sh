#!/bin/sh
# cbmc.sh - have CBMC 6. Prints the command to run: the CBMC of the environment
# variable, or of PATH, if it is one of version 6; else Debian trixie's,
# unpacked into build/proof/cbmc with the loader and the libraries that it
# needs, so that it runs on an older Debian. Installs nothing. Exit 1, one line
# on standard error: it cannot be had.
#
# The packages come out of CILP_DOWNLOADS (build/downloads), where an earlier
# run has left them or you have put them, else out of the Debian archive that
# the machine uses anyway (port/apt_package.sh), whose signature apt checks.
set -eu
cd "$(dirname "$0")/../.."

# What is pinned: file name, SHA-256. Another version of a library, which is all
# that an archive may still have, is taken on the signature's word.
pins='
cbmc_6.6.0-4_amd64.deb 02560859a17049c976961c232c4fc58f0747b57f9b751a466b1f368a438b0e41
minisat_1%3a2.2.1-8_amd64.deb 0b3a870202e022bea8b04d140ded40d9137363566706750b4540518bc0eb63d7
libc6_2.41-12+deb13u5_amd64.deb b59b0625cd1a791375d40dab23a4d5d3d0641e3d0a773501becdc3725b7f99cf
libgcc-s1_14.2.0-19_amd64.deb 3c71917b490d1a17aed43196a2787a256ecf060526cdb20216a74bedc061b150
libstdc++6_14.2.0-19_amd64.deb ab1fa05837aa7a92aae748fd07a18a35f7d18bb4a71c4724fe2bbf0e32089de0
'
packages='cbmc minisat libc6 libgcc-s1 libstdc++6'
downloads=${CILP_DOWNLOADS:-build/downloads}
place=$PWD/build/proof/cbmc

give_up() {
    echo "$1" >&2
    exit 1
}

is_good() {
    "$1" --version 2>/dev/null | grep -q '^6\.'
}

# What lies in the folder of downloads of a package: the pinned file, or any.
kept() {
    pinned=$(echo "$pins" | awk -v p="${1}_" 'index($1, p) == 1 {print $1}')
    for file in "$downloads/$pinned" "$downloads/${1}_"*_amd64.deb; do
        [ -f "$file" ] && echo "$file" && return
    done
    return 1
}

# Of all packages those that do not lie there.
missing() {
    for package in $packages; do
        kept "$package" >/dev/null || echo "$package"
    done
}

fetch() {
    work=$(mktemp -d)
    why=$(sh port/apt_package.sh "$work/apt" "$(missing | xargs)" amd64 trixie \
        stable sid 2>&1 >"$work/files") || { rm -rf "$work"; give_up "CBMC: $why"; }
    mkdir -p "$downloads"
    while read -r file; do
        cp "$file" "$downloads/${file##*/}.part"
        mv "$downloads/${file##*/}.part" "$downloads/${file##*/}"
    done <"$work/files"
    rm -rf "$work"
}

# Stop if the file has a pinned name and other bytes.
check() {
    sum=$(echo "$pins" | awk -v f="${1##*/}" '$1 == f {print $2}')
    got=$(sha256sum "$1" | cut -d ' ' -f 1)
    [ -z "$sum" ] || [ "$sum" = "$got" ] ||
        give_up "CBMC: $1 is not the pinned file: remove it"
}

unpack() {
    rm -rf "$place"
    mkdir -p "$place"
    [ -z "$(missing)" ] || fetch
    for package in $packages; do
        file=$(kept "$package")
        check "$file"
        dpkg-deb -x "$file" "$place"
    done
    libraries=$place/usr/lib/x86_64-linux-gnu
    cat >"$place/run" <<END
#!/bin/sh
exec "$libraries/ld-linux-x86-64.so.2" \\
    --library-path "$libraries:$place/usr/lib" "$place/usr/bin/cbmc" "\$@"
END
    chmod +x "$place/run"
}

for command in ${CBMC:+"$CBMC"} cbmc "$place/run"; do
    if is_good "$command"; then
        echo "$command"
        exit 0
    fi
done
[ "$(uname -m)" = x86_64 ] ||
    give_up "CBMC: no version 6 in PATH, and none is pinned for $(uname -m)"
command -v dpkg-deb >/dev/null || give_up "CBMC: none in PATH, and no dpkg-deb"
unpack
is_good "$place/run" || give_up "CBMC: what was unpacked in $place does not run"
echo "$place/run"
