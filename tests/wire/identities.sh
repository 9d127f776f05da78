#!/bin/sh
# identities.sh - client certificates, good and bad:
#   sh identities.sh FOLDER
# makes a CA (me-root), one in between (me-middle), and of each kind of key a
# leaf with that one behind it (me-KIND.pem) and its key by PKCS #8, PKCS #1 or
# SEC 1, and encrypted in both ways.
set -eu
cd "$1"

key() { # NAME ALGORITHM OPTION...
    name=$1
    shift
    openssl genpkey -quiet -algorithm "$@" -out "$name.key" 2>/dev/null ||
        openssl genpkey -algorithm "$@" -out "$name.key" 2>/dev/null
}

sign() { # NAME ISSUER SUBJECT EXTENSIONS SERIAL
    openssl req -new -key "$1.key" -subj "$3" -out "$1.csr" 2>/dev/null
    printf '%b\n' "$4" >"$1.ext"
    openssl x509 -req -in "$1.csr" -CA "$2.pem" -CAkey "$2.key" -set_serial "$5" \
        -days 3000 -sha256 -extfile "$1.ext" -out "$1.pem" 2>/dev/null
}

ca='basicConstraints=critical,CA:TRUE\nkeyUsage=keyCertSign,cRLSign'
key me-root EC -pkeyopt ec_paramgen_curve:P-256
openssl req -x509 -key me-root.key -out me-root.pem -days 3650 -sha256 \
    -subj '/O=Test/CN=Test me root' 2>/dev/null
key me-middle EC -pkeyopt ec_paramgen_curve:P-256
sign me-middle me-root '/O=Test/CN=Test me middle' "$ca" 7

leaf() { # KIND SERIAL ALGORITHM OPTION...
    kind=$1 serial=$2
    shift 2
    key "me-$kind" "$@"
    sign "me-$kind" me-middle "/C=XX/O=Test/OU=Lab/CN=device $kind" \
        'extendedKeyUsage=clientAuth' "$serial"
    cat me-middle.pem >>"me-$kind.pem"
}

leaf rsa 0xfedcba9876543210fedcba9876543210fedcba98 RSA -pkeyopt rsa_keygen_bits:2048
leaf big 0 RSA -pkeyopt rsa_keygen_bits:4096
leaf weak 3 RSA -pkeyopt rsa_keygen_bits:1024
leaf p256 0x80 EC -pkeyopt ec_paramgen_curve:P-256
leaf p384 0x0123456789abcdef EC -pkeyopt ec_paramgen_curve:P-384
leaf p521 5 EC -pkeyopt ec_paramgen_curve:P-521
leaf k256 6 EC -pkeyopt ec_paramgen_curve:secp256k1
leaf ed 8 ED25519
key me-explicit EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit

for kind in rsa weak; do
    openssl rsa -in "me-$kind.key" -traditional -out "me-$kind.pkcs1" 2>/dev/null
done
for kind in p256 p384 p521; do
    openssl ec -in "me-$kind.key" -out "me-$kind.sec1" 2>/dev/null
done
# As "openssl ecparam -genkey" has it, the parameters in front.
{
    openssl ecparam -name prime256v1
    cat me-p256.sec1
} >me-p256.params
openssl ec -in me-explicit.key -param_enc explicit -out me-explicit.sec1 2>/dev/null
openssl pkcs8 -topk8 -in me-p256.key -passout pass:secret -out me-locked.key
openssl rsa -in me-rsa.key -traditional -aes128 -passout pass:secret \
    -out me-locked.pkcs1 2>/dev/null
openssl x509 -in me-p256.pem -outform DER -out me-p256.der
for kind in rsa big p256 p384 p521; do
    openssl x509 -in "me-$kind.pem" -noout -pubkey >"me-$kind.pub"
done

# One that has expired, and one that is not valid yet.
: >later.index
cat >me.conf <<X
[ca]
default_ca = later
[later]
database = later.index
serial = me.serial
new_certs_dir = .
default_md = sha256
policy = any
[any]
organizationName = supplied
commonName = supplied
X
echo 2000 >me.serial
dated() { # NAME FROM TO
    openssl req -new -key me-p256.key -subj "/O=Test/CN=device $1" \
        -out "me-$1.csr" 2>/dev/null
    openssl ca -batch -notext -config me.conf -in "me-$1.csr" \
        -cert me-middle.pem -keyfile me-middle.key -startdate "$2" \
        -enddate "$3" -extfile me-p256.ext -out "me-$1.pem" 2>/dev/null
    cat me-middle.pem >>"me-$1.pem"
}
dated old 20200101000000Z 20210101000000Z
dated early 20450101000000Z 20460101000000Z

# The list of the revoked, with one of them.
in_list() {
    openssl ca -config me.conf -cert me-middle.pem -keyfile me-middle.key "$@" \
        2>/dev/null
}
in_list -revoke me-p521.pem
in_list -gencrl -crldays 3000 -out me.crl
