#!/bin/sh
# quickstart.sh - from nothing to a cancelled launch permission, on this
# machine alone: build the static program, start the EC2 stand-in on loopback,
# plan, read, apply, list, and look at what the stand-in says. No AWS account is
# needed, none is touched.
set -eu
cd "$(dirname "$0")/../.."

image=ami-0abcdef1234567890

echo "This builds build/linux/cilp and runs it against a stand-in for EC2 on"
echo "127.0.0.1. Debian packages that are missing are installed first."
sh tests/install.sh git gcc libc6-dev cmake make dpkg-dev bzip2 \
    xz-utils ca-certificates python3 python3-botocore python3-cryptography

mkdir -p build
echo "Building; build/quickstart.log tells how."
if ! { cmake --preset linux && cmake --build --preset linux; } \
    >build/quickstart.log 2>&1; then
    tail -n 20 build/quickstart.log >&2
    echo "The build failed; all of it is in build/quickstart.log." >&2
    exit 1
fi

state=$(mktemp -d)
/usr/bin/python3 tests/standin/standin.py --state "$state" >"$state/out" &
standin=$!
trap 'kill $standin 2>/dev/null || true; wait $standin 2>/dev/null || true
      rm -rf "$state"' EXIT
trap 'exit 1' INT TERM

waited=0
until grep -q '^ready' "$state/out"; do
    if ! kill -0 $standin 2>/dev/null || [ $waited -ge 60 ]; then
        cat "$state/out" >&2
        echo "The stand-in did not start." >&2
        exit 1
    fi
    waited=$((waited + 1))
    sleep 1
done
# Endpoint, CA bundle, Region, and the keys of an account that exists only
# there.
eval "$(grep '^export ' "$state/out")"

# What the stand-in knows of the image and of the last request.
show() {
    /usr/bin/python3 - "$state/standin.json" "$image" <<'END'
import json, sys, urllib.request
control = json.load(open(sys.argv[1]))["control"]
def get(path):
    return json.load(urllib.request.urlopen(control + path))
image, = [i for i in get("/state")["images"] if i["id"] == sys.argv[2]]
print("   ", image["id"], "of account", image["owner"], "is shared with:",
      ", ".join(image["accounts"]) or "nobody")
for connection in get("/log")["connections"]:
    for request in connection["requests"]:
        print("    it saw", request["action"], "over",
              connection["tls"]["version"], "- signature", request["signature"])
sys.exit(0 if image["accounts"] else 1)
END
}

echo
echo "The stand-in before:"
show
plan=$state/PLAN
echo
echo "\$ cilp plan --name web-* >PLAN"
build/linux/cilp plan --name 'web-*' >"$plan"
echo
echo "\$ cat PLAN"
cat "$plan"
for words in "apply --dry-run" "apply"; do
    echo
    echo "\$ cilp $words PLAN"
    # shellcheck disable=SC2086 # words on purpose
    build/linux/cilp $words "$plan"
done
echo
echo "\$ cilp list --name web-*"
build/linux/cilp list --name 'web-*'
echo
echo "The stand-in afterwards:"
if show; then
    echo "The permission is still there: this should not happen." >&2
    exit 1
fi
echo
echo "The program is build/linux/cilp: $(wc -c <build/linux/cilp) bytes, one" \
    "file, nothing else is needed"
echo "to run it. build/linux/cilp --help says more."
