"""Chains of the shape that Amazon's services send: keys, names, extensions and sizes as EC2's
and S3's have them, two, three or four certificates of them; none of Amazon's own.

    amazon.py FOLDER      # ec2-2.pem ... s3-4.pem, ec2.key, s3.key, amazon-root.pem (and .der)
"""

import datetime
import ipaddress
import os
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import (
    AuthorityInformationAccessOID as Access,
    ExtendedKeyUsageOID as Usage,
    NameOID,
)

# DER bytes of a leaf. The bytes of certificate transparency fill it up.
LEAVES = {"ec2": 1600, "s3": 2100}
COUNTS = (2, 3, 4)
TRANSPARENCY = x509.ObjectIdentifier("1.3.6.1.4.1.11129.2.4.2")
DOMAIN_VALIDATED = x509.ObjectIdentifier("2.23.140.1.2.1")
S3_NAMES = [f"*.s3-{kind}.us-east-1.amazonaws.com" for kind in
            ("accesspoint", "control", "website", "object-lambda", "outposts")]


def _name(country, organization, unit, common):
    found = [(NameOID.COUNTRY_NAME, country), (NameOID.ORGANIZATION_NAME, organization),
             (NameOID.ORGANIZATIONAL_UNIT_NAME, unit), (NameOID.COMMON_NAME, common)]
    return x509.Name([x509.NameAttribute(kind, text) for kind, text in found if text])


STARFIELD_2 = _name("US", "Starfield Technologies, Inc.",
                    "Starfield Class 2 Certification Authority", None)
STARFIELD_G2 = _name("US", "Starfield Technologies, Inc.", None,
                     "Starfield Services Root Certificate Authority - G2")
ROOT_1 = _name("US", "Amazon", None, "Amazon Root CA 1")
M04 = _name("US", "Amazon", None, "Amazon RSA 2048 M04")


def _key():
    return rsa.generate_private_key(65537, 2048)


def _usage(signs):
    return x509.KeyUsage(
        digital_signature=True, content_commitment=False, key_encipherment=not signs,
        data_encipherment=False, key_agreement=False, key_cert_sign=signs, crl_sign=signs,
        encipher_only=False, decipher_only=False)


def _links(where):
    """Where to ask about it and its issuer."""
    return [
        (x509.AuthorityInformationAccess([
            x509.AccessDescription(method, x509.UniformResourceIdentifier(url))
            for method, url in ((Access.OCSP, f"http://ocsp.{where}"),
                                (Access.CA_ISSUERS, f"http://crt.{where}/ca.cer"))]), False),
        (x509.CRLDistributionPoints([x509.DistributionPoint(
            [x509.UniformResourceIdentifier(f"http://crl.{where}/ca.crl")],
            None, None, None)]), False),
        (x509.CertificatePolicies([x509.PolicyInformation(DOMAIN_VALIDATED, None)]), False),
    ]


def _sign(subject, key, issuer, issuer_key, extensions):
    now = datetime.datetime.utcnow()
    builder = (x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
               .public_key(key.public_key()).serial_number(x509.random_serial_number())
               .not_valid_before(now - datetime.timedelta(days=30))
               .not_valid_after(now + datetime.timedelta(days=300)))
    identifiers = [
        (x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False),
        (x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False),
    ]
    for extension, critical in identifiers + extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(issuer_key, hashes.SHA256())


def _authority(subject, key, issuer, issuer_key, where, depth=None):
    return _sign(subject, key, issuer, issuer_key, [
        (x509.BasicConstraints(ca=True, path_length=depth), True), (_usage(True), True),
        *_links(where)])


def _size(certificate):
    return len(certificate.public_bytes(serialization.Encoding.DER))


def _leaf(size, names, key, issuer_key):
    """A leaf of so many bytes."""

    def sign(filling):
        return _sign(_name(None, None, None, names[0]), key, M04, issuer_key, [
            (x509.BasicConstraints(ca=False, path_length=None), True), (_usage(False), True),
            (x509.ExtendedKeyUsage([Usage.SERVER_AUTH, Usage.CLIENT_AUTH]), False),
            (x509.SubjectAlternativeName([x509.DNSName(name) for name in names]
                                         + [x509.IPAddress(ip) for ip in ADDRESSES]), False),
            *_links("r2m04.amazontrust.com"),
            (x509.UnrecognizedExtension(TRANSPARENCY, os.urandom(filling)), False)])

    return sign(300 + size - _size(sign(300)))


ADDRESSES = [ipaddress.ip_address(text) for text in ("127.0.0.1", "10.0.2.2")]


def make(folder):
    """The files; their names are in the head of this one."""
    class_2, g2, root_1, m04 = (_key() for _ in range(4))
    root = _sign(ROOT_1, root_1, ROOT_1, root_1, [
        (x509.BasicConstraints(ca=True, path_length=None), True), (_usage(True), True)])
    behind = [
        _authority(M04, m04, ROOT_1, root_1, "rootca1.amazontrust.com", 0),
        _authority(ROOT_1, root_1, STARFIELD_G2, g2, "rootg2.amazontrust.com"),
        _authority(STARFIELD_G2, g2, STARFIELD_2, class_2, "rootc2.amazontrust.com"),
    ]
    encoding = serialization.Encoding
    (folder / "amazon-root.pem").write_bytes(root.public_bytes(encoding.PEM))
    (folder / "amazon-root.der").write_bytes(root.public_bytes(encoding.DER))
    for kind, size in LEAVES.items():
        key = _key()
        names = ["localhost", f"{kind}.us-east-1.amazonaws.com"]
        chain = [_leaf(size, names + (S3_NAMES if kind == "s3" else []), key, m04), *behind]
        (folder / f"{kind}.key").write_bytes(key.private_bytes(
            encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
        for count in COUNTS:
            pem = b"".join(one.public_bytes(encoding.PEM) for one in chain[:count])
            (folder / f"{kind}-{count}.pem").write_bytes(pem)
    return [_size(one) for one in chain]


if __name__ == "__main__":
    print(make(Path(sys.argv[1])))
