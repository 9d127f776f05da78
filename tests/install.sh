#!/bin/sh
# install.sh PACKAGE... - make sure that Debian packages are there. Says first
# what it will install, installs nothing that is there, changes nothing else.
set -eu

missing=
for package in "$@"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null |
        grep -q 'install ok installed' || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "These packages are needed and this is not Debian:$missing" >&2
    exit 1
fi
become=
if [ "$(id -u)" != 0 ]; then
    become=sudo
    if ! command -v sudo >/dev/null; then
        echo "Run this as root, or install first:$missing" >&2
        exit 1
    fi
fi

echo "Installing with apt-get:$missing"
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # package names, one word each
if ! $become apt-get install -y -q --no-install-recommends $missing \
    >/dev/null 2>&1; then
    $become apt-get update -q
    # shellcheck disable=SC2086
    $become apt-get install -y -q --no-install-recommends $missing
fi
