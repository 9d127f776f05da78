"""A name server on loopback that answers as it is told: rightly, wrongly, late or never.

It has an address of its own, so that port 53 is free whatever else the machine runs.
"""

import random
import socket
import threading
import time
from dataclasses import dataclass

A, AAAA = 1, 28
NOERROR, SERVFAIL, NXDOMAIN, NOTIMP, REFUSED = 0, 2, 3, 4, 5
CODES = {"SERVFAIL": SERVFAIL, "NXDOMAIN": NXDOMAIN, "NOTIMP": NOTIMP, "REFUSED": REFUSED}
PORT = 53
TTL = 60
IS_REPLY, IS_CUT, CAN_RECURSE, WANTS_RECURSION = 0x8000, 0x0200, 0x0080, 0x0100
POINTER_TO_NAME = b"\xc0\x0c"
TRIES = 20
PATIENCE = 30


@dataclass
class Answer:
    """code, addresses; whether over UDP it does not fit; seconds until it comes."""

    code: int = NOERROR
    addresses: tuple = ()
    cut: bool = False
    after: float = 0


def read_question(query):
    """(name, type, the question's bytes)."""
    at, labels = 12, []
    while length := query[at]:
        labels.append(query[at + 1 : at + 1 + length].decode("ascii"))
        at += 1 + length
    kind = int.from_bytes(query[at + 1 : at + 3], "big")
    return ".".join(labels), kind, query[12 : at + 5]


def record(kind, address):
    """One address as a resource record of the name that was asked for."""
    family = socket.AF_INET if kind == A else socket.AF_INET6
    packed = socket.inet_pton(family, address)
    head = POINTER_TO_NAME + kind.to_bytes(2, "big") + b"\0\1" + TTL.to_bytes(4, "big")
    return head + len(packed).to_bytes(2, "big") + packed


class NameServer:
    """decide(name, kind) gives an Answer, or None: silence. `asked` is what came."""

    def __init__(self, decide):
        self.decide = decide
        self.asked = []
        self.udp, self.tcp = self._bound()
        self.address = self.udp.getsockname()[0]

    @staticmethod
    def _bound():
        """Both sockets on an address that nobody else has."""
        for _ in range(TRIES):
            address = f"127.{random.randint(64, 254)}.{random.randint(1, 254)}.53"
            udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            tcp = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            try:
                udp.bind((address, PORT))
                tcp.bind((address, PORT))
                tcp.listen()
                return udp, tcp
            except OSError as error:
                udp.close()
                tcp.close()
                last = error
        raise last

    def __enter__(self):
        for target in (self._serve_udp, self._serve_tcp):
            threading.Thread(target=target, daemon=True).start()
        return self

    def __exit__(self, *_):
        for sock in (self.udp, self.tcp):
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            sock.close()

    def _serve_udp(self):
        while True:
            try:
                query, peer = self.udp.recvfrom(4096)
            except OSError:
                return
            if not query:  # shut down
                return
            threading.Thread(target=self._answer_udp, args=(query, peer), daemon=True).start()

    def _answer_udp(self, query, peer):
        reply = self.reply(query, "udp")
        if reply:
            try:
                self.udp.sendto(reply, peer)
            except OSError:
                pass

    def _serve_tcp(self):
        while True:
            try:
                connection, _ = self.tcp.accept()
            except OSError:
                return
            threading.Thread(target=self._answer_tcp, args=(connection,), daemon=True).start()

    def _answer_tcp(self, connection):
        connection.settimeout(PATIENCE)
        try:
            with connection, connection.makefile("rb") as stream:
                while length := int.from_bytes(stream.read(2), "big"):
                    reply = self.reply(stream.read(length), "tcp")
                    if reply:
                        connection.sendall(len(reply).to_bytes(2, "big") + reply)
        except OSError:
            pass

    def reply(self, query, way):
        """What is sent back, and when."""
        name, kind, question = read_question(query)
        self.asked.append((name, kind, way))
        answer = self.decide(name, kind)
        if answer is None:
            return None
        time.sleep(answer.after)
        is_cut = answer.cut and way == "udp"
        addresses = () if is_cut else answer.addresses
        flags = IS_REPLY | CAN_RECURSE | WANTS_RECURSION | answer.code | IS_CUT * is_cut
        head = query[:2] + flags.to_bytes(2, "big") + b"\0\1" + len(addresses).to_bytes(2, "big")
        records = b"".join(record(kind, address) for address in addresses)
        return head + b"\0\0\0\0" + question + records
