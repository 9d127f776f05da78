#!/bin/sh
# chains.sh - the certificate chains that test_tls holds against itself:
#   sh chains.sh FOLDER
# makes root, intermediate and leaf for RSA-2048 (rsa), ECDSA P-256 (ec) and
# RSA-4096 (big), and leaves for other names.
set -eu
cd "$1"

request() { # NAME SUBJECT ALGORITHM...
    name=$1 subject=$2
    shift 2
    openssl req -newkey "$@" -nodes -keyout "$name.key" -out "$name.csr" \
        -subj "$subject" 2>/dev/null
}

sign() { # NAME ISSUER EXTENSIONS
    printf '%b\n' "$3" >"$1.ext"
    openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" \
        -CAcreateserial -days 3000 -sha256 -extfile "$1.ext" -out "$1.pem" \
        2>/dev/null
}

chain() { # KIND ALGORITHM...
    kind=$1
    shift
    openssl req -x509 -newkey "$@" -nodes -keyout "$kind-root.key" \
        -out "$kind-root.pem" -days 3650 -sha256 \
        -subj "/O=Test/CN=Test $kind root" 2>/dev/null
    request "$kind-middle" "/O=Test/CN=Test $kind middle" "$@"
    sign "$kind-middle" "$kind-root" \
        'basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign,cRLSign'
}

leaf() { # NAME KIND NAMES ALGORITHM...
    name=$1 kind=$2 names=$3
    shift 3
    request "$name" "/CN=$name.example" "$@"
    sign "$name" "$kind-middle" \
        "subjectAltName=$names\nextendedKeyUsage=${USAGE:-serverAuth}"
}

curve='ec -pkeyopt ec_paramgen_curve:P-256'
ours='DNS:localhost,DNS:*.wild.example,IP:127.0.0.1,IP:::1'
chain rsa rsa:2048
chain ec $curve
chain big rsa:4096
leaf rsa rsa "$ours" rsa:2048
leaf ec ec "$ours" $curve
leaf big big "$ours" rsa:4096
leaf other ec 'DNS:a.example,IP:10.1.2.3,DNS:b.example,DNS:c.example' $curve
leaf text ec 'DNS:127.0.0.1,DNS:other.example' $curve
USAGE=clientAuth leaf client ec "$ours" $curve
cat rsa-root.pem ec-root.pem big-root.pem >roots.pem
