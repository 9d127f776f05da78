#!/bin/sh
# container.sh - the container image: one archive for amd64 and arm64.
#
#   sh boards/linux/container.sh [RELEASE [ARCHIVE]]
#
# RELEASE is the folder of a release; without it build/linux/dist is built
# first. ARCHIVE, by default beside it, is an OCI archive with one image index:
#   skopeo copy --all oci-archive:ARCHIVE docker://REGISTRY/cilp:VERSION
# Needs buildah and no daemon; keeps its storage in a folder of its own and
# takes it away. Equal releases and buildahs give equal bytes.
set -eu
here=$(cd "$(dirname "$0")" && pwd)

give_up() {
    echo "container.sh: $1" >&2
    exit 1
}

command -v buildah >/dev/null ||
    give_up "buildah is not installed (Debian, Ubuntu: apt-get install buildah)"
command -v readelf >/dev/null ||
    give_up "readelf is not installed (Debian, Ubuntu: apt-get install binutils)"

release=${1:-}
if [ -z "$release" ]; then
    cd "$here/../.."
    cmake --preset linux
    cmake --build --preset linux --target dist
    release=build/linux/dist
fi
release=$(cd "$release" && pwd) || give_up "there is no release in $1"
sbom=$(ls "$release"/cilp-*.spdx.json 2>/dev/null) ||
    give_up "there is no SBOM in $release: make it with --target dist"
version=${sbom##*/cilp-}
version=${version%.spdx.json}
archive=${2:-$release/../cilp-$version-oci.tar}

# ---- Is each what its name says, and does it need nothing beside it? --------

(cd "$release" && sha256sum --quiet --strict -c SHA256SUMS) >&2 ||
    give_up "$release is not as it was built: make it again with --target dist"

check() {
    program=$release/cilp-$version-linux-$1
    [ -f "$program" ] || give_up "the release has no program for $1"
    head=$(readelf -hlW "$program" 2>/dev/null) || head=
    case $head in
    *"Machine: "*"$2"*) ;;
    *) give_up "$program is no program for $1" ;;
    esac
    case $head in
    *INTERP*) give_up "$program needs a loader and libraries, and the image\
 has none: build it with the preset linux" ;;
    esac
    # Distinguished names of X.509, as they lie in the roots themselves.
    LC_ALL=C grep -aq "Amazon Root CA 1" "$program" ||
        give_up "$program has no trust anchor, and the image has no CA files:\
 it could verify nobody (port/mbedtls/roots.py writes the roots)"
}
check amd64 X86-64
check arm64 AArch64

# ---- Build ------------------------------------------------------------------

# As the release has it: neither the time nor the place of this run.
created=$(sed -n 's/.*"created": "\(.*\)".*/\1/p' "$sbom")
revision=$(sed -n 's/.*"sourceInfo": "commit \(.*\)".*/\1/p' "$sbom")
second=$(date -u -d "$created" +%s)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
quietly() {
    if ! "$@" >"$work/log" 2>&1; then
        tail -n 5 "$work/log" >&2
        give_up "buildah failed; without root it needs subordinate ids\
 (/etc/subuid, package uidmap)"
    fi
}
storage() {
    words=$1
    shift
    # shellcheck disable=SC2086 # words on purpose
    quietly buildah --storage-driver vfs --root "$work/root" \
        --runroot "$work/run" $words "$@"
}

# One after the other: built together, they enter the index as they finish.
for arch in amd64 arm64; do
    storage bud --isolation chroot --format oci --identity-label=false \
        --timestamp "$second" --platform "linux/$arch" --manifest cilp \
        --build-arg VERSION="$version" --build-arg REVISION="$revision" \
        --build-arg CREATED="$created" --file "$here/Containerfile" "$release"
done
storage "manifest push" --all cilp "oci:$work/oci:$version"
tar --sort=name --format=ustar --owner=0 --group=0 --numeric-owner \
    --mode=u=rwX,go=rX --mtime="@$second" -C "$work/oci" -cf "$work/tar" .
mv "$work/tar" "$archive"
archive=$(cd "$(dirname "$archive")" && pwd)/$(basename "$archive")
echo "$archive: $(wc -c <"$archive") bytes, linux/amd64 and linux/arm64"
