# shellcheck shell=sh
# gcov.sh - what coverage.sh and coverage_linux.sh count with, for `.`: gcovr, and a
# folder $out that goes when they end.
if ! command -v gcovr >/dev/null; then
    echo "left out: gcovr is not installed"
    exit 77
fi
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

quietly() {
    if ! "$@" >"$out/log" 2>&1; then
        cat "$out/log"
        exit 1
    fi
}

# Of what is in counts.json.
tell() {
    gcovr --root . --add-tracefile "$out/counts.json" "$@"
}
