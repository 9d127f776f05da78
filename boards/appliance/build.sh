#!/bin/sh
# build.sh - the bootable image: Debian's cloud kernel and an initramfs with
# the static program as the machine's one job.
#
#   sh boards/appliance/build.sh [-o OUT] [-p PROGRAM] [FOLDER]
#
# FOLDER becomes /etc/cilp of the image: `job` in it says what is done at boot
# (README.md); a CA bundle or token files may lie beside. OUT is by default
# build/appliance and gets `vmlinuz` and `initrd.gz`. PROGRAM is by default
# build/linux/cilp, which is built; process 1, appliance_init, lies beside it.
#
# Kernel and busybox come as packages from CILP_DOWNLOADS or, once, from the
# Debian archive that this machine uses, whose signature apt checks. They are
# unpacked into OUT; nothing is installed, and root is not needed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
downloads=${CILP_DOWNLOADS:-$top/build/downloads}
out=$top/build/appliance program=

give_up() {
    echo "build.sh: $1" >&2
    exit 1
}

while getopts o:p: option; do
    case $option in
    o) out=$OPTARG ;;
    p) program=$OPTARG ;;
    *) give_up "usage: build.sh [-o OUT] [-p PROGRAM] [FOLDER]" ;;
    esac
done
shift $((OPTIND - 1))
folder=${1:-}
[ -z "$folder" ] || [ -d "$folder" ] || give_up "$folder is no folder"
for tool in cpio dpkg-deb modinfo readelf; do
    PATH=$PATH:/usr/sbin:/sbin command -v $tool >/dev/null ||
        give_up "$tool is missing (Debian: apt-get install cpio dpkg kmod binutils)"
done
PATH=$PATH:/usr/sbin:/sbin

if [ -z "$program" ]; then
    (cd "$top" && cmake --preset linux && cmake --build --preset linux) >&2
    program=$top/build/linux/cilp
fi
init=$(dirname "$program")/appliance_init
mkdir -p "$out" "$downloads"

# ---- Would it work? ---------------------------------------------------------

for file in "$program" "$init"; do
    [ -f "$file" ] || give_up "there is no $file: build it with the preset linux"
    case $(readelf -hlW "$file") in
    *INTERP*) give_up "$file needs a loader and libraries, and the image has\
 none: build it with the preset linux" ;;
    *"Machine: "*X86-64*) ;;
    *) give_up "$file is no program for amd64, as the kernel is" ;;
    esac
done
setting() { # NAME: the value of env.NAME in the job
    [ -z "$folder" ] || [ ! -f "$folder/job" ] ||
        sed -n "s/^env\\.$1=//p" "$folder/job" | tail -n 1
}
# Distinguished names of X.509, as they lie in the roots themselves.
[ -n "$(setting AWS_CA_BUNDLE)" ] ||
    LC_ALL=C grep -aq "Amazon Root CA 1" "$program" ||
    give_up "$program has no trust anchor: it could verify nobody. Build it\
 with port/mbedtls/roots.c, or name a bundle with env.AWS_CA_BUNDLE="
# Files that the job names have to be in the image.
for name in AWS_CA_BUNDLE AWS_WEB_IDENTITY_TOKEN_FILE AWS_CONFIG_FILE \
    AWS_SHARED_CREDENTIALS_FILE AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE; do
    path=$(setting $name)
    [ -z "$path" ] || [ -f "$folder/${path#/etc/cilp/}" ] ||
        give_up "the job names $name=$path, and $folder has no such file"
done
# Instance metadata needs no settings, so that it has to be shut off for an
# image to be without credentials.
sources=
for name in AWS_ACCESS_KEY_ID AWS_WEB_IDENTITY_TOKEN_FILE AWS_CONFIG_FILE \
    AWS_SHARED_CREDENTIALS_FILE AWS_CONTAINER_CREDENTIALS_FULL_URI \
    AWS_CONTAINER_CREDENTIALS_RELATIVE_URI; do
    sources=$sources$(setting $name)
done
case $(setting AWS_EC2_METADATA_DISABLED) in
[Tt][Rr][Uu][Ee]) [ -n "$sources" ] ||
    give_up "the image has no credential source: the job switches instance\
 metadata off and names no other; there would be nothing to sign with" ;;
esac

# ---- Kernel and busybox -----------------------------------------------------

# shellcheck disable=SC1091 # the machine's
suites=$(. /etc/os-release 2>/dev/null && echo "${VERSION_CODENAME:-}")
work=$out/apt
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

# package NAME PATTERN: its file, out of the downloads folder. PATTERN is that
# of its name there.
package() {
    found=$(find "$downloads" -maxdepth 1 -name "$2" | sort -V | tail -n 1)
    if [ -z "$found" ]; then
        echo "$1: from Debian's archive" >&2
        # shellcheck disable=SC2086 # words on purpose
        file=$(sh "$top/port/apt_package.sh" "$work" "$1" amd64 \
            $suites bookworm trixie) ||
            give_up "$1 could not be had. Put Debian's $2 into $downloads"
        # Under its last name only when it is whole.
        cp "$file" "$downloads/${file##*/}.part"
        mv "$downloads/${file##*/}.part" "$downloads/${file##*/}"
        found=$downloads/${file##*/}
    fi
    echo "$found"
}

kernels='linux-image-[0-9]*-cloud-amd64_*_amd64.deb'
if [ -z "$(find "$downloads" -maxdepth 1 -name "$kernels")" ]; then
    newest=$(package linux-image-cloud-amd64 linux-image-cloud-amd64_'*'_amd64.deb)
    newest=$(dpkg-deb -f "$newest" Depends | sed 's/[ ,(].*//')
    kernel=$(package "$newest" "${newest}_*_amd64.deb")
else
    kernel=$(package none "$kernels")
fi
busybox=$(package busybox-static 'busybox-static_*_amd64.deb')
rm -rf "$out/kernel" "$out/busybox" "$out/root"
dpkg-deb -x "$kernel" "$out/kernel"
dpkg-deb -x "$busybox" "$out/busybox"
for modules in "$out"/kernel/lib/modules/* "$out"/kernel/usr/lib/modules/*; do
    [ ! -d "$modules" ] || break
done

# ---- The root ---------------------------------------------------------------

root=$out/root
mkdir -p "$root/bin" "$root/dev" "$root/proc" "$root/run" "$root/etc/cilp" \
    "$root/lib/modules"
cp "$init" "$root/init"
cp "$program" "$root/cilp"
strip "$root/init" "$root/cilp"
cp "$out"/busybox/*bin/busybox "$root/bin/busybox" 2>/dev/null ||
    cp "$out"/busybox/usr/bin/busybox "$root/bin/busybox"
ln -s /run/resolv.conf "$root/etc/resolv.conf"
[ -z "$folder" ] || cp -RL "$folder/." "$root/etc/cilp/"

# add MODULE: it and before it what it depends on, once each.
add() {
    file=$(find "$modules" -name "$1.ko*" | head -n 1)
    [ -n "$file" ] || return 1
    for needed in $(modinfo -F depends "$file" | tr ',' ' '); do
        # Names have _ where files may have -.
        (add "$needed") || (add "$(echo "$needed" | tr _ -)") || return 1
    done
    file=$(find "$modules" -name "$1.ko*" | head -n 1)
    to=/lib/modules/$1.ko
    grep -qx "$to" "$root/lib/modules/list" 2>/dev/null && return 0
    case $file in
    *.xz) xz -dc "$file" >"$root$to" || return 1 ;;
    *) cp "$file" "$root$to" || return 1 ;;
    esac
    echo "$to" >>"$root/lib/modules/list"
}
for module in virtio_pci virtio_net ena; do
    add $module || give_up "$kernel has no module $module"
done
# Random bytes: of the processor, or of the machine that this one runs in.
add virtio-rng ||
    grep -q '^CONFIG_RANDOM_TRUST_CPU=y' "$out"/kernel/boot/config-* ||
    give_up "the image has no source of random bytes: $kernel has neither\
 virtio-rng nor trust in the processor's"

# ---- The image --------------------------------------------------------------

# Readable by nobody's user, who runs the program; writable by no one. Equal
# inputs give equal bytes: order, owner and times are fixed.
find "$root" -type f -exec chmod 0444 {} +
chmod 0555 "$root/init" "$root/cilp" "$root/bin/busybox"
find "$root" -type d -exec chmod 0755 {} +
find "$root" -exec touch -h -d "@${SOURCE_DATE_EPOCH:-0}" {} +
(cd "$root" && find . | LC_ALL=C sort |
    cpio --quiet --reproducible -o -H newc -R +0:+0) | gzip -9n >"$out/initrd.gz"
cp "$out"/kernel/boot/vmlinuz-* "$out/vmlinuz"
chmod 0644 "$out/vmlinuz"
rm -rf "$out/kernel" "$out/busybox" "$out/root"
echo "$out: vmlinuz $(wc -c <"$out/vmlinuz") bytes, initrd.gz" \
    "$(wc -c <"$out/initrd.gz") bytes"
