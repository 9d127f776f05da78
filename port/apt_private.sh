# shellcheck shell=sh disable=SC2154 # $work, $foreign are the caller's
# apt_private.sh - sourced by apt_source.sh and apt_package.sh: apt with a
# private configuration, its own lists and state in $work, so that it neither
# needs root nor changes anything on the machine.
#
# Its entries are the machine's own archive entries with type and suite
# changed: the same mirror, the same proxy settings, the archive keyring that
# is there. Only entries of the Debian archive are used: by their shape before
# anything is asked, by the signed Release file's Origin afterwards.
#
# $foreign holds apt options for another architecture, or nothing.
# APT_ETC replaces /etc/apt as the place the machine's entries are read from.
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
# clock wrong, and what is fetched is checked by its SHA-256 in any case: the
# pinned one, or the signed index's.
# Pins of the machine speak of its own packages, not of this one fetch. apt
# drops to its own user when it is root, who could not write in WORK.
apt() {
    tool=$1
    shift
    # shellcheck disable=SC2086 # words on purpose
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
        -o Acquire::Retries=1 $foreign "$@" </dev/null
}

is_debian() {
    cat "$work"/lists/*Release 2>/dev/null | grep -q '^Origin: Debian$'
}

# update TYPE URI SUITE: have that one index, and no other.
update() {
    echo "$1 $options $2 $3 main" >"$work/sources.list"
    rm -rf "$work/lists"
    mkdir -p "$work/lists/partial"
    apt apt-get update >"$work/log" 2>&1 && is_debian
}

# What went wrong last, in one line: the first that apt said of it. A mirror
# that cannot be reached is a warning only.
last_error() {
    grep -m 1 '^[EW]: ' "$work/log" 2>/dev/null || tail -n 1 "$work/log" 2>/dev/null
}
