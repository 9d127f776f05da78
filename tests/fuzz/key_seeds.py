#!/usr/bin/python3
"""Seeds for fuzz_key.c: a certificate and its key, of each kind and in each form.

    key_seeds.py FOLDER

The keys are numbers that anybody can see are nobody's, and the same each time.
"""

import datetime
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)

# As fuzz_key.c has them.
DER = 1 + 2
SIGNS = 4
LABEL = 8

# Two primes, of few bits that are set.
P = (3 << 1022) + 1037
Q = (7 << 1021) + 309
E = 65537


def rsa_key():
    """Of 2048 bits."""
    d = pow(E, -1, (P - 1) * (Q - 1))
    public = rsa.RSAPublicNumbers(E, P * Q)
    parts = (P, Q, d, d % (P - 1), d % (Q - 1), pow(Q, -1, P))
    return rsa.RSAPrivateNumbers(*parts, public).private_key()


def certificate(name, key, issuer):
    """Signed by RSA, whose signature is the same each time."""
    day = datetime.datetime(2026, 1, 1)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name.from_rfc4514_string(f"CN={name},O=Seeds"))
        .issuer_name(x509.Name.from_rfc4514_string("CN=CA,O=Seeds"))
        .public_key(key.public_key())
        .serial_number(0x5EED)
        .not_valid_before(day)
        .not_valid_after(day + datetime.timedelta(days=3650))
        .add_extension(x509.BasicConstraints(name == "CA", None), True)
        .sign(issuer, hashes.SHA256())
    )


def write(path, mode, cert, key):
    """The mode, the certificate's length, both files."""
    path.write_bytes(bytes([mode, *divmod(len(cert), 256)]) + cert + key)


def main(folder):
    """Nine of them."""
    folder.mkdir(parents=True, exist_ok=True)
    issuer = rsa_key()
    ca = certificate("CA", issuer, issuer).public_bytes(Encoding.PEM)
    kinds = {
        "p256": (1, ec.derive_private_key(0x5EED, ec.SECP256R1())),
        "p521": (1, ec.derive_private_key(0x5EED, ec.SECP521R1())),
        "rsa": (2, issuer),
    }
    for name, (label, key) in kinds.items():

        def bytes_of(encoding, form, key=key):
            return key.private_bytes(encoding, form, NoEncryption())

        cert = certificate(name, key, issuer)
        der = cert.public_bytes(Encoding.DER)
        own = bytes_of(Encoding.DER, PrivateFormat.TraditionalOpenSSL)
        pkcs8 = bytes_of(Encoding.DER, PrivateFormat.PKCS8)
        text = bytes_of(Encoding.PEM, PrivateFormat.PKCS8)
        write(folder / name, SIGNS, cert.public_bytes(Encoding.PEM) + ca, text)
        write(folder / f"{name}.pkcs8", DER, der, pkcs8)
        write(folder / f"{name}.own", DER + LABEL * label, der, own)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
