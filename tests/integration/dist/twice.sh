#!/bin/sh
# twice.sh - a release is the same, byte for byte, made of the same commit in
# another folder, of files of another time, by another user's environment. The
# sources are an archive of the commit, without a repository, if the tree has
# no changes; a copy of it otherwise.
set -eu
cd "$(dirname "$0")/../../.."
first=build/linux/dist
export CILP_DOWNLOADS="${CILP_DOWNLOADS:-$PWD/build/downloads}"

if [ ! -f $first/SHA256SUMS ]; then
    echo "left out: there is no release in $first"
    exit 77
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
again=$work/a/longer/path-than/the_other
mkdir -p "$again"
changes=$(git status --porcelain -uno 2>/dev/null || echo "no repository")
if [ -z "$changes" ]; then
    echo "made of: git archive HEAD"
    git archive HEAD | tar -x -C "$again"
else
    echo "made of: a copy, as there are changes"
    tar -c --exclude=./build --exclude=__pycache__ . | tar -x -C "$again"
fi
find "$again" -type f -exec touch -d 2001-02-03 {} +

if ! (
    umask 077
    export LC_ALL=C TZ=Pacific/Kiritimati HOME="$work" LOGNAME=nobody
    cd "$again"
    cmake --preset linux
    cmake --build --preset linux --target dist
) >"$work/log" 2>&1; then
    tail -n 30 "$work/log"
    echo "FAILED: the second build"
    exit 1
fi

# The image of each; neither buildah's storage nor the clock may show.
if command -v buildah >/dev/null; then
    sh boards/linux/container.sh $first "$work/1.tar"
    sh "$again/boards/linux/container.sh" "$again/$first" "$work/2.tar"
else
    echo "left out: the image (buildah is not installed)"
    touch "$work/1.tar" "$work/2.tar"
fi

failed=0
for pair in "$first:$again/$first" "$work/1.tar:$work/2.tar"; do
    diff -r -q "${pair%%:*}" "${pair#*:}" || failed=1
done
[ $failed = 0 ] || { echo "FAILED: the two differ"; exit 1; }
echo "figure: a release made twice, in other folders, is equal:" \
    "$(wc -l <$first/SHA256SUMS) files and the container archive"
