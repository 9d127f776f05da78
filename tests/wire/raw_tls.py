"""A TLS server that is written out, record by record, so that it can send what no library
would: floods, empty records, changes of keys, cookies. For tests: one suite, one key, and
nothing that it reads is mistrusted.

    server = RawServer(folder, "1.3", scene)      # scene(peer) is called for each connection
    server.port, server.root                      # where, and whom to trust
"""

import datetime
import hashlib
import hmac
import ipaddress
import os
import socket
import threading

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, x25519
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID

CHANGE_CIPHER, ALERT, HANDSHAKE, DATA = 20, 21, 22, 23
CLIENT_HELLO, SERVER_HELLO, TICKET, KEY_UPDATE = 1, 2, 4, 24
ENCRYPTED_EXTENSIONS, CERTIFICATE, SERVER_KEY, DONE = 8, 11, 12, 14
CERTIFICATE_VERIFY, FINISHED = 15, 20
X25519, P256 = 0x001D, 0x0017
COOKIE, SUPPORTED_VERSIONS, KEY_SHARE = 44, 43, 51
ECDSA_P256_SHA256 = b"\x04\x03"
RETRY = bytes.fromhex("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
CLOSE_NOTIFY = b"\1\0"


def sized(n, data):
    """Its length in n bytes, and it."""
    return len(data).to_bytes(n, "big") + data


def message(kind, body):
    """A handshake message."""
    return bytes([kind]) + sized(3, body)


def record(kind, data, version=b"\3\3"):
    """A record as it stands."""
    return bytes([kind]) + version + sized(2, data)


def _sha(data):
    return hashlib.sha256(data).digest()


def _mac(key, data):
    return hmac.new(key, data, hashlib.sha256).digest()


def _label(secret, label, context, n):
    """HKDF-Expand-Label (RFC 8446 7.1) of no more than a hash's length."""
    info = n.to_bytes(2, "big") + sized(1, b"tls13 " + label) + sized(1, context)
    return _mac(secret, info + b"\1")[:n]


def _prf(secret, label, seed, n):
    """RFC 5246 section 5."""
    seed = label + seed
    out, a = b"", seed
    while len(out) < n:
        a = _mac(secret, a)
        out += _mac(secret, a + seed)
    return out[:n]


class _Keys:
    """One direction's."""

    def __init__(self, key, iv):
        self.aead, self.iv, self.number = AESGCM(key), iv, 0

    @classmethod
    def of(cls, secret):
        """TLS 1.3's."""
        return cls(_label(secret, b"key", b"", 16), _label(secret, b"iv", b"", 12))

    def nonce(self):
        """TLS 1.3's; counts."""
        number = self.number.to_bytes(12, "big")
        self.number += 1
        return bytes(a ^ b for a, b in zip(self.iv, number))


def _parse_hello(hello):
    """random, session id, {extension: data}"""
    random, at = hello[6:38], 38
    session = hello[at + 1 : at + 1 + hello[at]]
    at += 1 + hello[at]
    at += 2 + int.from_bytes(hello[at : at + 2], "big")
    at += 1 + hello[at]
    at += 2
    found = {}
    while at < len(hello):
        kind = int.from_bytes(hello[at : at + 2], "big")
        n = int.from_bytes(hello[at + 2 : at + 4], "big")
        found[kind] = hello[at + 4 : at + 4 + n]
        at += 4 + n
    return random, session, found


class Peer:
    """One connection. Not handshaken until handshake() is called."""

    def __init__(self, connection, version, chain, key):
        self.socket = connection
        self.version, self.chain, self.key = version, chain, key
        self.reads = self.writes = None
        self.transcript = b""
        self.before_hello = self.after_hello = lambda peer: None
        self.wants = None  # a group that is asked for with a cookie
        self.alert = None  # the client's last one
        self.next_secret = None

    # Records

    def _exactly(self, n):
        data = b""
        while len(data) < n:
            piece = self.socket.recv(n - len(data))
            if not piece:
                raise ConnectionError("the client went")
            data += piece
        return data

    def receive(self):
        """kind, data of the next record; changes of cipher aside."""
        while True:
            head = self._exactly(5)
            data = self._exactly(int.from_bytes(head[3:], "big"))
            kind = head[0]
            if kind == CHANGE_CIPHER and self.version == "1.3":
                continue
            if self.reads and kind != CHANGE_CIPHER:
                kind, data = self._open(kind, head, data)
            if kind == ALERT:
                self.alert = data
                raise ConnectionError(f"alert {data.hex()}")
            return kind, data

    def _open(self, kind, head, data):
        keys = self.reads
        if self.version == "1.3":
            plain = keys.aead.decrypt(keys.nonce(), data, head).rstrip(b"\0")
            return plain[-1], plain[:-1]
        about = keys.number.to_bytes(8, "big") + head[:3] + (len(data) - 24).to_bytes(2, "big")
        keys.number += 1
        return kind, keys.aead.decrypt(keys.iv + data[:8], data[8:], about)

    def sealed(self, kind, data):
        """A record under the keys that there are now."""
        keys = self.writes
        if not keys:
            return record(kind, data)
        if self.version == "1.3":
            inner = data + bytes([kind])
            head = b"\x17\3\3" + (len(inner) + 16).to_bytes(2, "big")
            return head + keys.aead.encrypt(keys.nonce(), inner, head)
        number = keys.number.to_bytes(8, "big")
        keys.number += 1
        about = number + bytes([kind]) + b"\3\3" + len(data).to_bytes(2, "big")
        return record(kind, number + keys.aead.encrypt(keys.iv + number, data, about))

    def send(self, kind, data):
        """One record."""
        self.socket.sendall(self.sealed(kind, data))

    def say(self, kind, body):
        """A handshake message, in a record of its own."""
        self.transcript += message(kind, body)
        self.send(HANDSHAKE, message(kind, body))

    def hear(self):
        """The next handshake message, whole."""
        kind, data = self.receive()
        assert kind == HANDSHAKE, kind
        self.transcript += data
        return data

    # Handshakes

    def handshake(self):
        """All of it."""
        hello = self.hear()
        self.before_hello(self)
        if self.version == "1.3":
            self._handshake_13(hello)
        else:
            self._handshake_12(hello)

    def _sign(self, data):
        signature = self.key.sign(data, ec.ECDSA(hashes.SHA256()))
        return ECDSA_P256_SHA256 + sized(2, signature)

    @staticmethod
    def _share(extensions):
        """The client's group and key."""
        data = extensions[KEY_SHARE]
        n = int.from_bytes(data[4:6], "big")
        return int.from_bytes(data[2:4], "big"), data[6 : 6 + n]

    @staticmethod
    def _agree(group, theirs):
        """Our share, and the secret."""
        if group == X25519:
            mine = x25519.X25519PrivateKey.generate()
            shown = mine.public_key().public_bytes_raw() if hasattr(
                mine.public_key(), "public_bytes_raw") else mine.public_key().public_bytes(
                serialization.Encoding.Raw, serialization.PublicFormat.Raw)
            return shown, mine.exchange(x25519.X25519PublicKey.from_public_bytes(theirs))
        mine = ec.generate_private_key(ec.SECP256R1())
        shown = mine.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
        other = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        return shown, mine.exchange(ec.ECDH(), other)

    def _server_hello(self, random, session, share, more=b""):
        extensions = (SUPPORTED_VERSIONS.to_bytes(2, "big") + sized(2, b"\3\4")
                      + KEY_SHARE.to_bytes(2, "big") + sized(2, share) + more)
        self.say(SERVER_HELLO, b"\3\3" + random + sized(1, session) + b"\x13\1\0"
                 + sized(2, extensions))

    def _retry(self, session):
        """HelloRetryRequest with a cookie, and the second hello."""
        self.transcript = message(254, _sha(self.transcript))
        cookie = COOKIE.to_bytes(2, "big") + sized(2, sized(2, b"crumble"))
        self._server_hello(RETRY, session, self.wants.to_bytes(2, "big"), cookie)
        _, _, extensions = _parse_hello(self.hear())
        assert extensions[COOKIE] == sized(2, b"crumble")
        return extensions

    def _handshake_13(self, hello):
        _, session, extensions = _parse_hello(hello)
        group, theirs = self._share(extensions)
        if self.wants and group != self.wants:
            group, theirs = self._share(self._retry(session))
        shown, shared = self._agree(group, theirs)
        self._server_hello(os.urandom(32), session, group.to_bytes(2, "big") + sized(2, shown))
        self.after_hello(self)
        early = _label(_mac(b"\0" * 32, b"\0" * 32), b"derived", _sha(b""), 32)
        secret = _mac(early, shared)
        so_far = _sha(self.transcript)
        theirs = _label(secret, b"c hs traffic", so_far, 32)
        ours = _label(secret, b"s hs traffic", so_far, 32)
        self.writes, self.reads = _Keys.of(ours), _Keys.of(theirs)
        self._prove(ours)
        master = _mac(_label(secret, b"derived", _sha(b""), 32), b"\0" * 32)
        so_far = _sha(self.transcript)
        self.hear()
        self.next_secret = _label(master, b"s ap traffic", so_far, 32)
        self.writes = _Keys.of(self.next_secret)
        self.reads = _Keys.of(_label(master, b"c ap traffic", so_far, 32))

    def _prove(self, secret):
        self.say(ENCRYPTED_EXTENSIONS, sized(2, b""))
        chain = b"".join(sized(3, one) + sized(2, b"") for one in self.chain)
        self.say(CERTIFICATE, b"\0" + sized(3, chain))
        self.say(CERTIFICATE_VERIFY, self._sign(
            b" " * 64 + b"TLS 1.3, server CertificateVerify\0" + _sha(self.transcript)))
        self.say(FINISHED, _mac(_label(secret, b"finished", b"", 32), _sha(self.transcript)))

    def _handshake_12(self, hello):
        theirs, _, _ = _parse_hello(hello)
        ours = os.urandom(32)
        self.say(SERVER_HELLO, b"\3\3" + ours + b"\0\xc0\x2b\0" + sized(2, b"\xff\1\0\1\0"))
        self.after_hello(self)
        self.say(CERTIFICATE, sized(3, b"".join(sized(3, one) for one in self.chain)))
        mine = ec.generate_private_key(ec.SECP256R1())
        shown = b"\3\0\x17" + sized(1, mine.public_key().public_bytes(
            serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint))
        self.say(SERVER_KEY, shown + self._sign(theirs + ours + shown))
        self.say(DONE, b"")
        point = self.hear()[5:]
        secret = mine.exchange(
            ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point))
        master = _prf(secret, b"master secret", theirs + ours, 48)
        block = _prf(master, b"key expansion", ours + theirs, 40)
        assert self.receive()[0] == CHANGE_CIPHER
        self.reads = _Keys(block[:16], block[32:36])
        self.hear()
        self.send(CHANGE_CIPHER, b"\1")
        self.writes = _Keys(block[16:32], block[36:40])
        self.say(FINISHED, _prf(master, b"server finished", _sha(self.transcript), 12))

    def change_keys(self):
        """TLS 1.3's KeyUpdate, by the book."""
        self.send(HANDSHAKE, message(KEY_UPDATE, b"\0"))
        self.next_secret = _label(self.next_secret, b"traffic upd", b"", 32)
        self.writes = _Keys.of(self.next_secret)


def _issue(name, key, issuer, issuer_key, extensions):
    now = datetime.datetime.utcnow()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (x509.CertificateBuilder().subject_name(subject)
               .issuer_name(issuer.subject if issuer else subject)
               .public_key(key.public_key()).serial_number(x509.random_serial_number())
               .not_valid_before(now - datetime.timedelta(days=1))
               .not_valid_after(now + datetime.timedelta(days=30)))
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical)
    return builder.sign(issuer_key, hashes.SHA256())


def make_chain(folder, names=("localhost",), addresses=("127.0.0.1",)):
    """The chain as DER, the leaf's key, and the root's file."""
    root_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    root = _issue("Root of raw TLS", root_key, None, root_key,
                  [(x509.BasicConstraints(ca=True, path_length=None), True)])
    shown = [x509.DNSName(name) for name in names]
    shown += [x509.IPAddress(ipaddress.ip_address(one)) for one in addresses]
    leaf = _issue(names[0], key, root, root_key, [(x509.SubjectAlternativeName(shown), False)])
    path = folder / "raw-root.pem"
    path.write_bytes(root.public_bytes(serialization.Encoding.PEM))
    return [leaf.public_bytes(serialization.Encoding.DER)], key, path


class RawServer:
    """Listens on loopback; each connection is a Peer, and a scene's to play."""

    def __init__(self, folder, version, scene):
        self.chain, self.key, self.root = make_chain(folder)
        self.version, self.scene = version, scene
        self.peers = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._play, args=(connection,), daemon=True).start()

    def _play(self, connection):
        with connection:
            peer = Peer(connection, self.version, self.chain, self.key)
            self.peers.append(peer)
            try:
                self.scene(peer)
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(65536):  # else it would be reset
                    pass
            except OSError:
                pass  # the client went

    def close(self):
        """No more connections."""
        self._listener.close()
