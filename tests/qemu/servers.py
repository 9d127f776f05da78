"""What a board meets besides EC2, all on 127.0.0.1: name server, time server, a
switch that decides connection by connection whom it reaches, and chains of
certificates that the stand-in does not make."""

import datetime
import socket
import ssl
import struct
import threading
import time

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

import chains

NTP_1900 = 2208988800
ADDRESS = socket.inet_aton("10.0.2.2")


class _Udp:
    """Answers datagrams in a thread."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.asked = 0
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        while True:
            try:
                data, peer = self.socket.recvfrom(2048)
            except OSError:
                return
            self.asked += 1
            answer = self.answer(data)
            if answer:
                self.socket.sendto(answer, peer)

    def answer(self, data):
        """The datagram to send back, or None."""
        raise NotImplementedError

    def close(self):
        """Ends it."""
        self.socket.close()


class NameServer(_Udp):
    """Every name is 10.0.2.2; or nobody knows it; or silence."""

    mode = "good"

    def answer(self, data):
        if self.mode == "silent":
            return None
        end = data.index(b"\0", 12) + 5
        question = data[12:end]
        if self.mode == "nobody":
            return data[:2] + b"\x81\x83\0\1\0\0\0\0\0\0" + question
        record = b"\xc0\x0c\0\1\0\1\0\0\0\1\0\4" + ADDRESS
        return data[:2] + b"\x81\x80\0\1\0\1\0\0\0\0" + question + record


class TimeServer(_Udp):
    """Tells the time, or another one; or answers what was not asked."""

    def __init__(self):
        self.lies = []  # offsets in seconds, "silent" or "foreign"; then the truth
        super().__init__()

    def answer(self, data):
        lie = self.lies.pop(0) if self.lies else 0
        if lie == "silent":
            return None
        asked = data[40:48] if lie != "foreign" else b"\1" * 8
        offset = lie if isinstance(lie, int) else 0
        seconds = int(time.time()) + offset + NTP_1900
        now = struct.pack("!II", seconds % 2**32, 0)  # of its era
        head = bytes([0x24, 1, 6, 0xEC]) + bytes(8) + b"TEST"
        return head + now + asked + now + now


def _pump(source, sink):
    try:
        while piece := source.recv(65536):
            sink.sendall(piece)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        for end in (source, sink):
            end.close()


def splice(one, other):
    """Carries bytes both ways until both have ended."""
    back = threading.Thread(target=_pump, args=(other, one), daemon=True)
    back.start()
    _pump(one, other)
    back.join()
    one.close()
    other.close()


def forward(port):
    """A handler that carries a connection on to another port."""

    def handle(connection):
        splice(connection, socket.create_connection(("127.0.0.1", port)))

    return handle


def terminate(context, port):
    """A handler that ends TLS here and carries the rest on to a plain port."""

    def handle(connection):
        try:
            wrapped = context.wrap_socket(connection, server_side=True)
        except OSError:
            connection.close()
            return
        splice(wrapped, socket.create_connection(("127.0.0.1", port)))

    return handle


class Switch:
    """The first connections go to `first`, one each, all others to `rest`."""

    def __init__(self, rest, *first, listen=True):
        self._first = list(first)
        self._rest = rest
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        if listen:
            self.listen()

    def listen(self):
        """From here on connections are not refused."""
        self._socket.listen(8)
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            handler = self._first.pop(0) if self._first else self._rest
            threading.Thread(target=handler, args=(connection,), daemon=True).start()

    def close(self):
        """Ends it."""
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self._socket.close()


# pylint: disable=protected-access
def chain(folder, name, key, intermediates, names):
    """A chain of so many intermediates: its TLS context, and its root as DER."""
    now = datetime.datetime.utcnow().replace(microsecond=0)
    authority = chains._authority(f"Root {name}", key(), None, None, now)
    root = authority.certificate
    shown = []
    for number in range(intermediates):
        authority = chains._authority(
            f"Intermediate {number} {name}", key(), authority, None, now
        )
        shown.insert(0, authority.certificate)
    leaf_key = key()
    leaf = chains._certificate(
        chains._name(names[0]), leaf_key.public_key(), authority,
        now - chains.DAY, now + chains.LEAF_LIFE,
        [(x509.BasicConstraints(ca=False, path_length=None), True),
         (chains._alternative_names(names), False)],
    )
    (folder / f"{name}.pem").write_bytes(chains._pem(leaf, *shown))
    (folder / f"{name}.key").write_bytes(leaf_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / f"{name}.pem", folder / f"{name}.key")
    return context, root.public_bytes(serialization.Encoding.DER)


def p384():
    """A key of that curve."""
    return ec.generate_private_key(ec.SECP384R1())


def p256():
    """A key of that curve."""
    return ec.generate_private_key(ec.SECP256R1())
