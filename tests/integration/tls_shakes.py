"""Handshakes that no TLS library makes: written out by hand, as far as the fault.

RFC 8446 (TLS 1.3, X25519 or P-256, AES-128-GCM-SHA256) and RFC 5246 (TLS 1.2, up to
ServerKeyExchange). Nothing here is fit to be used for anything else."""

import contextlib
import hashlib
import hmac
import os
import struct
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from tls_chains import Peer

YES, NO = "accepts", "refuses"
ALERT, HANDSHAKE, DATA = 21, 22, 23
CERTIFICATE, KEY_EXCHANGE, DONE, VERIFY, FINISHED = 11, 12, 14, 15, 20
X25519, P256 = 29, 23
ECDSA_256, ECDSA_384, PKCS1_256, PSS_256 = 0x0403, 0x0503, 0x0401, 0x0804


def short(data, size=2):
    """With its length in front."""
    return len(data).to_bytes(size, "big") + data


def message(kind, body):
    return bytes([kind]) + short(body, 3)


def record(kind, body):
    return bytes([kind, 3, 3]) + short(body)


def read_exactly(connection, n):
    data = b""
    while len(data) < n:
        more = connection.recv(n - len(data))
        if not more:
            raise OSError("the client has gone")
        data += more
    return data


def read_record(connection):
    head = read_exactly(connection, 5)
    return head[0], read_exactly(connection, int.from_bytes(head[3:], "big"))


class Hello:
    """What a server needs of a ClientHello."""

    def __init__(self, connection):
        kind, self.text = read_record(connection)
        if kind != HANDSHAKE:
            raise OSError("no ClientHello")
        self.random = self.text[6:38]
        at = 38
        self.session, at = self._take(at, 1)
        _, at = self._take(at, 2)
        _, at = self._take(at, 1)
        extensions, _ = self._take(at, 2)
        self.shares = {}
        while extensions:
            kind, n = struct.unpack("!HH", extensions[:4])
            if kind == 51:
                self._read_shares(extensions[6 : 4 + n])
            extensions = extensions[4 + n :]

    def _take(self, at, size):
        n = int.from_bytes(self.text[at : at + size], "big")
        return self.text[at + size : at + size + n], at + size + n

    def _read_shares(self, data):
        while data:
            group, n = struct.unpack("!HH", data[:4])
            self.shares[group] = data[4 : 4 + n]
            data = data[4 + n :]


def agree(hello):
    """(group, our share, the secret)"""
    if X25519 in hello.shares:
        key = x25519.X25519PrivateKey.generate()
        peer = x25519.X25519PublicKey.from_public_bytes(hello.shares[X25519])
        raw = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return X25519, key.public_key().public_bytes(*raw), key.exchange(peer)
    key = ec.generate_private_key(ec.SECP256R1())
    peer = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), hello.shares[P256])
    point = (
        serialization.Encoding.X962,
        serialization.PublicFormat.UncompressedPoint,
    )
    return P256, key.public_key().public_bytes(*point), key.exchange(ec.ECDH(), peer)


# ---- TLS 1.3 ----


def extract(salt, secret):
    return hmac.new(salt, secret, hashlib.sha256).digest()


def expand(secret, label, context, n):
    info = struct.pack("!H", n) + short(b"tls13 " + label, 1) + short(context, 1)
    return hmac.new(secret, info + b"\1", hashlib.sha256).digest()[:n]


def sign(key, scheme, data):
    """A signature that is right for the scheme, whatever TLS says of that."""
    hash_of = hashes.SHA384() if scheme >> 8 == 5 else hashes.SHA256()
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return key.sign(data, ec.ECDSA(hash_of))
    if scheme == PKCS1_256:
        return key.sign(data, padding.PKCS1v15(), hash_of)
    pss = padding.PSS(padding.MGF1(hash_of), hash_of.digest_size)
    return key.sign(data, pss, hash_of)


class Server13:
    """One handshake, from the server's side, with its faults."""

    def __init__(self, connection, peer, faults):
        self.connection, self.peer, self.faults = connection, peer, faults
        self.transcript, self.count = b"", 0
        hello = Hello(connection)
        group, share, secret = agree(hello)
        self.transcript += hello.text
        answer = b"\3\3" + os.urandom(32) + short(hello.session, 1) + b"\x13\x01\0"
        answer += short(
            struct.pack("!HHH", 43, 2, 0x0304)
            + struct.pack("!HH", 51, 4 + len(share))
            + struct.pack("!H", group)
            + short(share)
        )
        answer = message(2, answer)
        self.transcript += answer
        connection.sendall(record(HANDSHAKE, answer))
        self._set_keys(secret)

    def _hash(self):
        return hashlib.sha256(self.transcript).digest()

    def _set_keys(self, secret):
        nothing = hashlib.sha256(b"").digest()
        early = extract(b"\0" * 32, b"\0" * 32)
        shared = extract(expand(early, b"derived", nothing, 32), secret)
        self.traffic = expand(shared, b"s hs traffic", self._hash(), 32)
        self.cipher = AESGCM(expand(self.traffic, b"key", b"", 16))
        self.iv = expand(self.traffic, b"iv", b"", 12)

    def send(self, kind, body):
        """As encrypted records."""
        for at in range(0, len(body) or 1, 16000):
            inner = body[at : at + 16000] + bytes([kind])
            head = bytes([DATA, 3, 3]) + struct.pack("!H", len(inner) + 16)
            number = (0).to_bytes(4, "big") + self.count.to_bytes(8, "big")
            nonce = bytes(a ^ b for a, b in zip(self.iv, number))
            self.connection.sendall(head + self.cipher.encrypt(nonce, inner, head))
            self.count += 1

    def say(self, kind, body):
        text = message(kind, body)
        self.transcript += text
        self.send(HANDSHAKE, text)

    def certificates(self):
        entries = b"".join(
            short(entity.certificate.public_bytes(serialization.Encoding.DER), 3)
            + short(b"")
            for entity in self.faults.get("shown", self.peer.shown)
        )
        return b"\0" + short(entries, 3)

    def verify(self):
        scheme = self.faults.get("scheme", ECDSA_256)
        text = b" " * 64 + b"TLS 1.3, server CertificateVerify\0" + self._hash()
        signature = sign(self.peer.shown[0].key, scheme, self.faults.get("signed", text))
        return struct.pack("!H", scheme) + short(signature)

    def finished(self):
        key = expand(self.traffic, b"finished", b"", 32)
        right = hmac.new(key, self._hash(), hashlib.sha256).digest()
        return self.faults.get("finished", right)

    def run(self):
        self.say(8, short(b""))
        if "alert" in self.faults:
            self.send(ALERT, bytes([2, self.faults["alert"]]))
        self.say(CERTIFICATE, self.certificates())
        self.say(VERIFY, self.verify())
        self.say(FINISHED, self.finished())
        with contextlib.suppress(OSError):
            while self.connection.recv(4096):
                pass


# ---- TLS 1.2 ----


def talk_1_2(connection, peer, faults):
    hello = Hello(connection)
    random = os.urandom(32)
    extensions = struct.pack("!HH", 0xFF01, 1) + b"\0" + struct.pack("!HHBB", 11, 2, 1, 0)
    extensions += struct.pack("!HH", 23, 0)
    answer = b"\3\3" + random + b"\0" + b"\xc0\x2b\0" + short(extensions)
    ders = [e.certificate.public_bytes(serialization.Encoding.DER) for e in peer.shown]
    chain = short(b"".join(short(der, 3) for der in ders), 3)
    key = x25519.X25519PrivateKey.generate().public_key()
    raw = (serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    share = b"\3" + struct.pack("!H", X25519) + short(key.public_bytes(*raw), 1)
    scheme = faults.get("scheme", ECDSA_256)
    signed = faults.get("signed", hello.random + random + share)
    share += struct.pack("!H", scheme) + short(sign(peer.shown[0].key, scheme, signed))
    for kind, body in ((2, answer), (CERTIFICATE, chain), (KEY_EXCHANGE, share), (DONE, b"")):
        connection.sendall(record(HANDSHAKE, message(kind, body)))
    with contextlib.suppress(OSError):
        while connection.recv(4096):
            pass


# ---- The rows ----


@dataclass
class Shake:
    """A row of the table, and its maker."""

    name: str
    peer: str
    says: str
    faults: dict
    kind: str = "p256"
    talk: callable = lambda connection, peer, faults: Server13(connection, peer, faults).run()
    openssl: str = NO
    ours: str = NO
    why: str = ""

    @property
    def make(self):
        def make(maker, _):
            root = maker.root()
            peer = Peer([maker.leaf(root, kind=self.kind)], [root])
            peer.talk = lambda connection: self.talk(connection, peer, self.faults)
            return peer

        make.__name__ = self.name
        return make


def alerting(connection, _peer, faults):
    """An alert in the clear instead of a ServerHello."""
    Hello(connection)
    connection.sendall(record(ALERT, bytes([2, faults["alert"]])))


def saying(connection, _peer, faults):
    """These bytes instead of a ServerHello."""
    Hello(connection)
    connection.sendall(faults["bytes"])


ALERTS = {
    10: "unexpected message",
    20: "bad record MAC",
    22: "record overflow",
    40: "handshake failure",
    42: "bad certificate",
    43: "unsupported certificate",
    44: "certificate revoked",
    45: "certificate expired",
    46: "certificate unknown",
    47: "illegal parameter",
    48: "unknown CA",
    49: "access denied",
    50: "decode error",
    51: "decrypt error",
    70: "protocol version",
    71: "insufficient security",
    80: "internal error",
    86: "inappropriate fallback",
    90: "user cancelled",
    109: "missing extension",
    110: "unsupported extension",
    112: "unrecognized host name",
    113: "bad certificate status response",
    115: "unknown PSK identity",
    116: "client certificate required",
    120: "no application protocol",
}
# What is said besides.
MORE = {116: ": it wants a client certificate, and none was named"}

SHAKES = [
    Shake("signature_wrong", "TLS 1.3: a signature over other bytes (CertificateVerify)",
          "it does not prove that it has its certificate's key", {"signed": b"other"}),
    Shake("scheme_pkcs1", "TLS 1.3: a right signature by PKCS #1 v1.5",
          "by a scheme that TLS 1.3 does not have for its key", {"scheme": PKCS1_256}, "rsa"),
    Shake("scheme_curve", "TLS 1.3: a right signature by P-256 with SHA-384",
          "by a scheme that TLS 1.3 does not have for its key", {"scheme": ECDSA_384}),
    Shake("finished_wrong", "TLS 1.3: a wrong Finished",
          "the handshake was changed on the way", {"finished": b"\0" * 32}),
    Shake("no_certificate", "TLS 1.3: an empty Certificate",
          "the server sent no certificate", {"shown": []}),
    Shake("alert_inside", "TLS 1.3: an alert behind the ServerHello (access denied)",
          "(TLS alert 49, access denied)", {"alert": 49}),
    Shake("signature_wrong_1_2", "TLS 1.2: a signature over other bytes (ServerKeyExchange)",
          "it does not prove that it has its certificate's key", {"signed": b"other"},
          talk=talk_1_2),
    Shake("no_tls", "answers in plain HTTP", "what came is not TLS",
          {"bytes": b"HTTP/1.1 400 Bad Request\r\n\r\n"}, talk=saying),
    Shake("hangs_up", "hangs up after the ClientHello", "hung up without ending TLS",
          {"bytes": b""}, talk=saying),
]  # fmt: skip
SHAKES += [
    Shake(f"alert_{number}", f"alert {number}: {name}", f"(TLS alert {number}, {name}{MORE.get(number, '')})",
          {"alert": number}, talk=alerting)  # fmt: skip
    for number, name in ALERTS.items()
]
