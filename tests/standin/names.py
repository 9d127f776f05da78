"""A name server on loopback that answers as it is told: rightly, wrongly, late or never.

It has an address of its own, so that port 53 is free whatever else the machine runs.
"""

import random
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

A, CNAME, AAAA = 1, 5, 28
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
    """code, addresses; whether over UDP it does not fit; seconds until it comes.

    via: the names that it is an alias of, one of the other. first: makes another reply of the
    whole one, which is sent before it; alone: nothing else is sent.
    """

    code: int = NOERROR
    addresses: tuple = ()
    cut: bool = False
    after: float = 0
    via: tuple = ()
    first: Callable[[bytes], bytes] | None = None
    alone: bool = False


def read_question(query):
    """(name, type, the question's bytes)."""
    at, labels = 12, []
    while length := query[at]:
        labels.append(query[at + 1 : at + 1 + length].decode("ascii"))
        at += 1 + length
    kind = int.from_bytes(query[at + 1 : at + 3], "big")
    return ".".join(labels), kind, query[12 : at + 5]


def written(name):
    """A name as it is sent, without compression."""
    return b"".join(bytes([len(x)]) + x.encode("ascii") for x in name.split(".")) + b"\0"


def record(owner, kind, data):
    """A resource record (RFC 1035 section 4.1.3) of a name as it is sent."""
    head = owner + kind.to_bytes(2, "big") + b"\0\1" + TTL.to_bytes(4, "big")
    return head + len(data).to_bytes(2, "big") + data


def records(kind, answer):
    """Those of an answer: aliases, and addresses of the last of them."""
    owner, made = POINTER_TO_NAME, []
    for name in answer.via:
        made.append(record(owner, CNAME, written(name)))
        owner = written(name)
    family = socket.AF_INET if kind == A else socket.AF_INET6
    made += [record(owner, kind, socket.inet_pton(family, x)) for x in answer.addresses]
    return made


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
        for reply in self.replies(query, "udp"):
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
                    for reply in self.replies(stream.read(length), "tcp"):
                        connection.sendall(len(reply).to_bytes(2, "big") + reply)
        except OSError:
            pass

    def replies(self, query, way):
        """What is sent back, and when."""
        name, kind, question = read_question(query)
        self.asked.append((name, kind, way))
        answer = self.decide(name, kind)
        if answer is None:
            return []
        time.sleep(answer.after)
        is_cut = answer.cut and way == "udp"
        made = [] if is_cut else records(kind, answer)
        flags = IS_REPLY | CAN_RECURSE | WANTS_RECURSION | answer.code | IS_CUT * is_cut
        head = query[:2] + flags.to_bytes(2, "big") + b"\0\1" + len(made).to_bytes(2, "big")
        whole = head + b"\0\0\0\0" + question + b"".join(made)
        before = [answer.first(whole)] if answer.first else []
        return before + ([] if answer.alone else [whole])
