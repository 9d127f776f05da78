"""Certificates of every shape, and servers that show them: for test_tls_table.py."""

import contextlib
import datetime
import ipaddress
import socket
import ssl
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID, ObjectIdentifier

SERVER = "1.3.6.1.5.5.7.3.1"
CLIENT = "1.3.6.1.5.5.7.3.2"
CODE = "1.3.6.1.5.5.7.3.3"
EMAIL = "1.3.6.1.5.5.7.3.4"
ANY = "2.5.29.37.0"
LOCAL = ("localhost", "127.0.0.1")
DAY = datetime.timedelta(days=1)
PATIENCE = 60

KEYS = {
    "p256": lambda: ec.generate_private_key(ec.SECP256R1()),
    "p384": lambda: ec.generate_private_key(ec.SECP384R1()),
    "p521": lambda: ec.generate_private_key(ec.SECP521R1()),
    "p224": lambda: ec.generate_private_key(ec.SECP224R1()),
    "k256": lambda: ec.generate_private_key(ec.SECP256K1()),
    "rsa": lambda: rsa.generate_private_key(65537, 2048),
    "rsa1024": lambda: rsa.generate_private_key(65537, 1024),
    "ed25519": ed25519.Ed25519PrivateKey.generate,
}


@dataclass
class Entity:
    """A certificate and its key."""

    certificate: x509.Certificate
    key: object

    @property
    def pem(self):
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    @property
    def key_pem(self):
        form = serialization.PrivateFormat.PKCS8
        none = serialization.NoEncryption()
        return self.key.private_bytes(serialization.Encoding.PEM, form, none)


def usage(*names):
    """The extension keyUsage with these bits."""
    all_of = (
        "digital_signature content_commitment key_encipherment data_encipherment"
        " key_agreement key_cert_sign crl_sign encipher_only decipher_only"
    )
    return x509.KeyUsage(**{name: name in names for name in all_of.split()})


def alternative(name):
    """An entry of subjectAltName by its form."""
    if isinstance(name, x509.GeneralName):
        return name
    with contextlib.suppress(ValueError):
        return x509.IPAddress(ipaddress.ip_address(name))
    return x509.DNSName(name)


def named(common_name, organization="Peers"):
    """A subject; "" for none."""
    attributes = [
        x509.NameAttribute(kind, value)
        for kind, value in (
            (NameOID.ORGANIZATION_NAME, organization),
            (NameOID.COMMON_NAME, common_name),
        )
        if value
    ]
    return x509.Name(attributes)


class Maker:
    """Issues certificates; keys are made once for each name."""

    def __init__(self):
        self.now = datetime.datetime.utcnow().replace(microsecond=0)
        self._keys = {}

    def key(self, kind, name):
        if (kind, name) not in self._keys:
            self._keys[kind, name] = KEYS[kind]()
        return self._keys[kind, name]

    def issue(
        self,
        name,
        issuer=None,
        *,
        kind="p256",
        key_name=None,
        subject=None,
        sans=(),
        ca=None,
        path=None,
        bits=None,
        uses=None,
        days=(-1, 30),
        more=(),
        digest=hashes.SHA256,
        ids=True,
    ):
        """A certificate; `days` from now; `more`: (extension, critical)."""
        key = self.key(kind, key_name or name)
        subject = subject or named(name)
        signer = issuer.key if issuer else key
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer.certificate.subject if issuer else subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(self.now + days[0] * DAY)
            .not_valid_after(self.now + days[1] * DAY)
        )
        found = list(more)
        if ca is not None:
            found.append((x509.BasicConstraints(ca, path if ca else None), True))
        if bits is not None:
            found.append((usage(*bits), True))
        if uses is not None:
            oids = [ObjectIdentifier(use) for use in uses]
            found.append((x509.ExtendedKeyUsage(oids), False))
        if sans:
            entries = [alternative(one) for one in sans]
            found.append((x509.SubjectAlternativeName(entries), False))
        if ids:
            key_id = x509.SubjectKeyIdentifier.from_public_key
            of_issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key
            found.append((key_id(key.public_key()), False))
            found.append((of_issuer(signer.public_key()), False))
        for extension, critical in found:
            builder = builder.add_extension(extension, critical)
        edwards = isinstance(signer, ed25519.Ed25519PrivateKey)
        return Entity(builder.sign(signer, None if edwards else digest()), key)

    def root(self, name="Root", **how):
        how = {"ca": True, "bits": ("key_cert_sign", "crl_sign"), "days": (-9, 900), **how}
        return self.issue(name, **how)

    def middle(self, issuer, name="Middle", **how):
        how = {"ca": True, "bits": ("key_cert_sign", "crl_sign"), "days": (-9, 900), **how}
        return self.issue(name, issuer, **how)

    def leaf(self, issuer=None, name="Leaf", **how):
        how = {
            "ca": False,
            "sans": LOCAL,
            "bits": ("digital_signature",),
            "uses": (SERVER,),
            **how,
        }
        return self.issue(name, issuer, **how)


def version_1(folder, entity, issuer=None):
    """The same subject and key in a certificate of version 1, by openssl."""
    subject = "/O=Peers/CN=" + entity.certificate.subject.get_attributes_for_oid(
        NameOID.COMMON_NAME
    )[0].value.replace("/", "")
    (folder / "v1.key").write_bytes(entity.key_pem)
    request = ["openssl", "req", "-new", "-key", "v1.key", "-subj", subject, "-out", "v1.csr"]
    subprocess.run(request, cwd=folder, check=True, capture_output=True)
    sign = ["openssl", "x509", "-req", "-in", "v1.csr", "-days", "30", "-out", "v1.pem"]
    if issuer:
        (folder / "by.key").write_bytes(issuer.key_pem)
        (folder / "by.pem").write_bytes(issuer.pem)
        sign += ["-CA", "by.pem", "-CAkey", "by.key", "-CAcreateserial"]
    else:
        sign += ["-signkey", "v1.key"]
    subprocess.run(sign, cwd=folder, check=True, capture_output=True)
    text = (folder / "v1.pem").read_bytes()
    return Entity(x509.load_pem_x509_certificate(text), entity.key)


# ---- Servers ----

REPLY = (
    '<CancelImageLaunchPermissionResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">'
    "<requestId>11111111-2222-3333-4444-555555555555</requestId><return>true</return>"
    "</CancelImageLaunchPermissionResponse>"
).encode()
HEAD = (
    "HTTP/1.1 200 OK\r\nContent-Type: text/xml;charset=UTF-8\r\n"
    f"Content-Length: {len(REPLY)}\r\nConnection: close\r\n\r\n"
).encode()


@dataclass
class Peer:
    """What a row of the table is about: a server, and whom its client trusts."""

    shown: list = field(default_factory=list)
    trusted: list = field(default_factory=list)
    host: str = "localhost"
    bundle: bytes = None  # instead of `trusted`
    options: dict = field(default_factory=dict)  # of the ssl.SSLContext
    context: ssl.SSLContext = None  # of a server whose certificates are files
    talk: callable = None  # instead of TLS: talk(connection)
    answered: list = field(default_factory=list)  # requests, as they came

    @property
    def bundle_text(self):
        if self.bundle is not None:
            return self.bundle
        return b"".join(entity.pem for entity in self.trusted)


def context_of(peer, folder):
    """As weak as it takes to show whatever there is."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers(peer.options.get("ciphers", "DEFAULT") + ":@SECLEVEL=0")
    for name in ("minimum_version", "maximum_version"):
        if name in peer.options:
            setattr(context, name, peer.options[name])
    if "curve" in peer.options:
        context.set_ecdh_curve(peer.options["curve"])
    if peer.options.get("asks"):
        context.verify_mode = ssl.CERT_REQUIRED
        context.load_verify_locations(cadata=peer.trusted[0].pem.decode())
    (folder / "shown.pem").write_bytes(b"".join(entity.pem for entity in peer.shown))
    (folder / "shown.key").write_bytes(peer.shown[0].key_pem)
    context.load_cert_chain(folder / "shown.pem", folder / "shown.key")
    return context


class Server:
    """Answers each request that arrives with EC2's yes, and counts them."""

    def __init__(self, peer, folder):
        self.peer = peer
        self.talk = peer.talk or self._talk_tls
        self.context = peer.context
        if not peer.talk and not peer.context:
            self.context = context_of(peer, folder)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def requests(self):
        return len(self.peer.answered)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.settimeout(PATIENCE)
            with contextlib.suppress(OSError, ValueError), connection:
                self.talk(connection)

    def _talk_tls(self, connection):
        with self.context.wrap_socket(connection, server_side=True) as tls:
            text = b""
            while b"\r\n\r\n" not in text or b"Action=" not in text.partition(b"\r\n\r\n")[2]:
                more = tls.recv(65536)
                if not more:
                    return
                text += more
            self.peer.answered.append(text)
            tls.sendall(HEAD + REPLY)
            with contextlib.suppress(OSError):
                tls.unwrap()


def openssl_connects(folder, peer, port):
    """Whether OpenSSL's client, asked as curl asks it, takes the server."""
    (folder / "bundle.pem").write_bytes(peer.bundle_text)
    is_name = not peer.host.replace(".", "").isdigit()
    check = ["-verify_hostname" if is_name else "-verify_ip", peer.host]
    if is_name:
        check += ["-servername", peer.host]
    words = ["openssl", "s_client", "-connect", f"127.0.0.1:{port}", *check, "-brief"]
    words += ["-CAfile", "bundle.pem", "-no-CApath", "-no-CAstore", "-partial_chain"]
    words += ["-verify_return_error"]
    done = subprocess.run(
        words,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    return done.returncode == 0


def folder_of(path):
    """A folder that is there."""
    path = Path(path)
    path.mkdir(parents=True, exist_ok=True)
    return path
