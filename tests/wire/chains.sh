#!/bin/sh
# chains.sh - the certificate chains that test_tls holds against itself:
#   sh chains.sh FOLDER
# makes root, intermediate and leaf for RSA-2048 (rsa), ECDSA P-256 (ec) and
# RSA-4096 (big), leaves for other names, and chains with one certificate that is
# out of date, or will be tomorrow, or that may vouch for some names alone.
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
        -CAcreateserial -days "${DAYS:-3000}" -sha256 -extfile "$1.ext" -out "$1.pem" \
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

# With dates of its own, for which this version of OpenSSL wants a CA.
sign_later() { # NAME ISSUER FROM TO
    : >later.index
    echo 1000 >later.serial
    cat >later.conf <<X
[ca]
default_ca = later
[later]
database = later.index
serial = later.serial
new_certs_dir = .
default_md = sha256
policy = any
[any]
commonName = supplied
X
    openssl ca -batch -notext -config later.conf -in "$1.csr" -cert "$2.pem" \
        -keyfile "$2.key" -startdate "$3" -enddate "$4" -extfile "$1.ext" \
        -out "$1.pem" 2>/dev/null
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

# One day of an intermediate; the same renewed; both, the old one first.
chain brief $curve
ca='basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign,cRLSign'
DAYS=1 sign brief-middle brief-root "$ca"
leaf brief brief "$ours" $curve
cp brief-middle.pem both-middle.pem
sign brief-middle brief-root "$ca"
cat brief-middle.pem >>both-middle.pem
openssl x509 -in both-middle.pem >brief-middle.pem
# One day of an anchor; the same renewed, behind it.
openssl x509 -in brief-root.pem -signkey brief-root.key -days 1 \
    -out old-root.pem 2>/dev/null
cat old-root.pem brief-root.pem >renewed-root.pem
# A CA that may vouch for other domains alone, and one for these; not critical.
for kind in narrow wide; do
    chain $kind $curve
    names='permitted;DNS:wild.example'
    [ $kind = narrow ] || names=$names,'permitted;DNS:localhost'
    sign $kind-middle $kind-root "$ca\nnameConstraints=$names"
    leaf $kind $kind "$ours" $curve
    openssl x509 -in $kind-root.pem -outform der -out $kind-root.der
done
# A leaf that is not valid yet.
leaf early ec "$ours" $curve
sign_later early ec-middle 20450101000000Z 20460101000000Z
