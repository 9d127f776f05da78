# shellcheck shell=sh
# quietly.sh - for `.`: what is done quietly shows its output if it fails, and ends the
# script then. The folder $out goes when that ends.
out=$(mktemp -d)
trap 'rm -rf "$out"' EXIT

quietly() {
    if ! "$@" >"$out/log" 2>&1; then
        cat "$out/log"
        exit 1
    fi
}
