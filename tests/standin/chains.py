"""Certificate chains, made at start: a root, an intermediate and a leaf.

The shape follows what a public service sends: version 3, a two-step chain, key
identifiers that link each certificate to its issuer, a leaf for TLS servers.
"""

import datetime
import ipaddress
import os
from pathlib import Path
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = datetime.timedelta(days=1)
LEAF_LIFE = 90 * DAY
CA_LIFE = 20 * 365 * DAY

# A client at a VPC endpoint or on EC2's own name meets these; tests that map the
# names to loopback meet them too.
EC2_NAMES = (
    "ec2.us-east-1.amazonaws.com",
    "*.us-east-1.vpce.amazonaws.com",
    "sts.us-east-1.amazonaws.com",
)
LOOPBACK = ("127.0.0.1", "::1")


def _rsa_2048():
    return rsa.generate_private_key(65537, 2048)


def _rsa_4096():
    return rsa.generate_private_key(65537, 4096)


def _p256():
    return ec.generate_private_key(ec.SECP256R1())


def _p384():
    return ec.generate_private_key(ec.SECP384R1())


class Family(NamedTuple):
    """The kind of keys a chain is made of, and whether its root is published."""

    ca_key: callable
    leaf_key: callable
    trusted: bool
    root_name: str


FAMILIES = {
    "rsa": Family(_rsa_2048, _rsa_2048, True, "Root RSA"),
    "ecdsa": Family(_p256, _p256, True, "Root ECDSA"),
    "rsa4096": Family(_rsa_4096, _rsa_2048, True, "Root RSA 4096"),
    "untrusted": Family(_rsa_2048, _rsa_2048, False, "Root unknown"),
    # Bears a trusted root's name: only the signature tells it is another.
    "impostor": Family(_rsa_2048, _rsa_2048, False, "Root RSA"),
}


# Those of clients. Name -> the leaf's key; "stranger" has a root of its own, which
# nobody trusts.
CLIENTS = {
    "client-rsa": _rsa_2048,
    "client-rsa4096": _rsa_4096,
    "client-p256": _p256,
    "client-p384": _p384,
    "client-stranger": _p256,
}
THING = "appliance-7"


class Authority(NamedTuple):
    """A certificate and the key that signs with it."""

    certificate: x509.Certificate
    key: object


class Leaf(NamedTuple):
    """What a listener shows: files for ssl.SSLContext.load_cert_chain()."""

    chain_file: Path
    key_file: Path
    not_before: datetime.datetime
    not_after: datetime.datetime


def _name(common_name):
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "EC2 stand-in"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _key_usage(*, signs_certificates, encipherment=False):
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=encipherment,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _certificate(subject, public_key, issuer, not_before, not_after, extensions):
    """Signs with `issuer`; a root passes itself as (None, its key)."""
    issuer_name = issuer.certificate.subject if issuer.certificate else subject
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer_name)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(not_before)
        .not_valid_after(not_after)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public_key), False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()),
            False,
        )
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(issuer.key, hashes.SHA256())


def _authority(common_name, key, issuer, path_length, now):
    extensions = [
        (x509.BasicConstraints(ca=True, path_length=path_length), True),
        (_key_usage(signs_certificates=True), True),
    ]
    certificate = _certificate(
        _name(common_name),
        key.public_key(),
        issuer or Authority(None, key),
        now - 365 * DAY,
        now + CA_LIFE,
        extensions,
    )
    return Authority(certificate, key)


def _alternative_names(names):
    """DNS names and addresses, told apart by their form."""
    entries = []
    for name in names:
        try:
            entries.append(x509.IPAddress(ipaddress.ip_address(name)))
        except ValueError:
            entries.append(x509.DNSName(name))
    return x509.SubjectAlternativeName(entries)


def _pem(*certificates):
    encoding = serialization.Encoding.PEM
    return b"".join(c.public_bytes(encoding) for c in certificates)


def _write_private(path, data):
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)


class Chains:
    """Makes chains on demand and keeps their files in one folder."""

    def __init__(self, folder, names=()):
        self.folder = Path(folder)
        self.names = ("localhost", *LOOPBACK, *EC2_NAMES, *names)
        self.now = datetime.datetime.utcnow().replace(microsecond=0)
        self.bundle_file = self.folder / "bundle.pem"
        self._families = {}
        self._leaf_keys = {}
        self._clients = {}
        self.clients_file = self.folder / "clients.pem"
        self.bundle_file.write_bytes(b"")

    def root_file(self, family):
        """The PEM file of a family's root."""
        self._family(family)
        return self.folder / f"root-{family}.pem"

    def leaf(self, listener, family, *, names=None, start=None, end=None, full=True):
        """Issues a leaf; `full` is False to leave the intermediate out."""
        _, intermediate = self._family(family)
        start = start or self.now - DAY
        end = end or start + LEAF_LIFE
        key = self._leaf_key(family)
        certificate = self._issue(names or self.names, key, intermediate, start, end)
        shown = (certificate, intermediate.certificate) if full else (certificate,)
        chain_file = self.folder / f"chain-{listener}.pem"
        chain_file.write_bytes(_pem(*shown))
        return Leaf(chain_file, self.folder / f"key-{family}.pem", start, end)

    @property
    def client_root(self):
        """The trust anchor: the root of the clients' certificates."""
        return self._client_authorities("")[0].certificate

    def client(self, name, *, start=None, end=None, subject=THING, suffix=""):
        """A client's chain (leaf and intermediate) and its key, as PEM files.

        Each certificate is a new one; the key of a name is always the same.
        """
        key = self._leaf_key(name)
        issuer = self._client_authorities(name)[1]
        start = start or self.now - DAY
        end = end or start + LEAF_LIFE
        certificate = _certificate(
            _name(subject),
            key.public_key(),
            issuer,
            start,
            end,
            [
                (x509.BasicConstraints(ca=False, path_length=None), True),
                (_key_usage(signs_certificates=False), True),
                (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), False),
            ],
        )
        file = self.folder / f"{name}{suffix}.pem"
        file.write_bytes(_pem(certificate, issuer.certificate))
        return Leaf(file, self.folder / f"key-{name}.pem", start, end)

    def revoked(self, leaf):
        """A list of the clients' issuer with this one's certificate, as a PEM file."""
        issuer = self._client_authorities("")[1]
        certificate = x509.load_pem_x509_certificate(leaf.chain_file.read_bytes())
        gone = (
            x509.RevokedCertificateBuilder()
            .serial_number(certificate.serial_number)
            .revocation_date(self.now - DAY)
            .build()
        )
        found = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(issuer.certificate.subject)
            .last_update(self.now - DAY)
            .next_update(self.now + DAY)
            .add_revoked_certificate(gone)
            .sign(issuer.key, hashes.SHA256())
        )
        file = self.folder / "revoked.pem"
        file.write_bytes(_pem(found))
        return file

    def _client_authorities(self, name):
        """Root and intermediate; the trusted root's certificate in a file, too."""
        kind = "stranger" if name == "client-stranger" else "device"
        if kind not in self._clients:
            root = _authority(f"Root {kind}", _p256(), None, None, self.now)
            second = _authority(f"Intermediate {kind}", _p256(), root, 0, self.now)
            if kind == "device":
                self.clients_file.write_bytes(_pem(root.certificate))
            self._clients[kind] = root, second
        return self._clients[kind]

    def _issue(self, names, key, intermediate, start, end):
        encipherment = isinstance(key, rsa.RSAPrivateKey)
        server = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
        extensions = [
            (x509.BasicConstraints(ca=False, path_length=None), True),
            (_key_usage(signs_certificates=False, encipherment=encipherment), True),
            (server, False),
            (_alternative_names(names), False),
        ]
        subject = _name(names[0])
        public = key.public_key()
        return _certificate(subject, public, intermediate, start, end, extensions)

    def _family(self, name):
        if name not in self._families:
            self._families[name] = self._make_family(name, FAMILIES[name])
        return self._families[name]

    def _make_family(self, name, family):
        root = _authority(family.root_name, family.ca_key(), None, None, self.now)
        intermediate = _authority(
            f"Intermediate {name}", family.ca_key(), root, 0, self.now
        )
        pem = _pem(root.certificate)
        (self.folder / f"root-{name}.pem").write_bytes(pem)
        if family.trusted:
            with self.bundle_file.open("ab") as bundle:
                bundle.write(pem)
        return root, intermediate

    def _leaf_key(self, family):
        """One leaf key a family: the variations differ in the certificate only."""
        if family not in self._leaf_keys:
            made = CLIENTS.get(family)
            key = made() if made else FAMILIES[family].leaf_key()
            pem = key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
            _write_private(self.folder / f"key-{family}.pem", pem)
            self._leaf_keys[family] = key
        return self._leaf_keys[family]
