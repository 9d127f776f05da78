"""Servers that live, each with one wish or one habit: OpenSSL's with one suite, group or
signature alone, which asks for a certificate, or whose bytes come late, in crumbs or not at
all. For test_tls_table.py."""

import contextlib
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from socket import AF_UNIX, SHUT_WR, socket

from cryptography.hazmat.primitives import serialization
from tls_chains import HEAD, PATIENCE, REPLY, Peer

sys.path.append(str(Path(__file__).resolve().parent.parent / "wire"))

import raw_tls  # noqa: E402  pylint: disable=wrong-import-position

YES, NO = "accepts", "refuses"
STALL_S = 2


def is_whole(text):
    """Whether a request is there to its end."""
    head, blank, body = text.partition(b"\r\n\r\n")
    return blank and b"Action=" in body and b"POST" in head


def answer(process, peer):
    """EC2's yes to the request that s_server prints."""
    text = b""
    while not is_whole(text):
        more = process.stdout.read1(65536)
        if not more:
            return
        text += more
    peer.answered.append(text)
    with contextlib.suppress(OSError):
        process.stdin.write(HEAD + REPLY)
        process.stdin.flush()


def carry(source, to):
    """Until the source ends: what nobody takes any more is read all the same, or the
    source would be reset and lose what it has not read."""
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            with contextlib.suppress(OSError):
                to.sendall(data)
        to.shutdown(SHUT_WR)


def carry_with_faults(source, to, faults):
    """The same, in pieces, with a pause or an end after so many bytes."""
    piece, done = faults.get("piece", 16384), 0
    with contextlib.suppress(OSError):
        while data := source.recv(16384):
            for at in range(0, len(data), piece):
                to.sendall(data[at : at + piece])
                done += len(data[at : at + piece])
                if done >= faults.get("cut", sys.maxsize):
                    to.shutdown(SHUT_WR)
                    return
                if done >= faults.get("stall", sys.maxsize):
                    time.sleep(STALL_S)
                    faults = {**faults, "stall": sys.maxsize}
        to.shutdown(SHUT_WR)


@contextlib.contextmanager
def s_server(folder, peer, flags):
    """OpenSSL's server for one connection, and that connection."""
    (folder / "leaf.pem").write_bytes(peer.shown[0].pem)
    (folder / "leaf.key").write_bytes(peer.shown[0].key_pem)
    words = ["openssl", "s_server", "-quiet", "-naccept", "1", "-unix", "s",
             "-cert", "leaf.pem", "-key", "leaf.key", *flags]  # fmt: skip
    with subprocess.Popen(words, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL) as process, socket(AF_UNIX) as inside:  # fmt: skip
        try:
            inside.settimeout(PATIENCE)
            deadline = time.monotonic() + PATIENCE
            while inside.connect_ex(str(folder / "s")) != 0:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise ValueError("s_server does not start")
                time.sleep(0.01)
            yield process, inside
        finally:
            process.kill()


def talk_openssl(connection, peer, flags, faults):
    """Its bytes, one way with faults."""
    with tempfile.TemporaryDirectory() as folder:
        with s_server(Path(folder), peer, flags) as (process, inside):
            there = threading.Thread(target=carry, args=(connection, inside), daemon=True)
            there.start()
            threading.Thread(target=answer, args=(process, peer), daemon=True).start()
            carry_with_faults(inside, connection, faults)
            there.join(PATIENCE)


def talk_hello_request(connection, peer, _flags, _faults):
    """TLS 1.2: another handshake is asked for before the reply."""
    der = peer.shown[0].certificate.public_bytes(serialization.Encoding.DER)
    raw = raw_tls.Peer(connection, "1.2", [der], peer.shown[0].key)
    raw.handshake()
    text = b""
    while not is_whole(text):
        text += raw.receive()[1]
    raw.send(raw_tls.HANDSHAKE, raw_tls.message(0, b""))
    peer.answered.append(text)
    raw.send(raw_tls.DATA, HEAD + REPLY)
    raw.send(raw_tls.ALERT, raw_tls.CLOSE_NOTIFY)


@dataclass
class Live:
    """A row of the table, and its maker."""

    name: str
    peer: str
    flags: list
    openssl: str = YES
    ours: str = YES
    says: str = ""
    why: str = ""
    kind: str = "rsa"
    faults: dict = field(default_factory=dict)
    talk: callable = talk_openssl

    @property
    def make(self):
        def make(maker, _):
            root = maker.root()
            peer = Peer([maker.leaf(root, kind=self.kind)], [root])
            peer.talk = lambda connection: self.talk(connection, peer, self.flags, self.faults)
            return peer

        make.__name__ = self.name
        return make


V12, V13 = "TLS 1.2", "TLS 1.3"
ALONE = {V12: ["-tls1_2"], V13: ["-tls1_3"]}
FAILURE = "TLS alert 40, handshake failure"
SUITES = "forward secrecy and AES-GCM alone"
NOT_OFFERED = "it is not offered"


def only(version, what, flags, ours=YES, openssl=YES, why="", kind="rsa"):
    """A server that has nothing else."""
    name = f"only_{version[-3:]}_{what}".replace(".", "_").replace("+", "_").lower()
    says = "" if ours == YES else FAILURE
    return Live(f"{name}_{kind}", f"{version}, {what} alone" + ("" if kind == "rsa" else f" ({kind})"),
                ALONE[version] + flags, openssl, ours, says, why, kind)  # fmt: skip


def suite(version, name, *rest, kind="rsa"):
    option = "-cipher" if version == V12 else "-ciphersuites"
    text = f"{name}:@SECLEVEL=0" if version == V12 else name
    return only(version, name, [option, text], *rest, kind=kind)


def group(version, name, *rest):
    return only(version, name, ["-groups", name], *rest)


def signature(version, name, *rest, kind="rsa"):
    flags = ["-sigalgs", name, "-cipher", "DEFAULT:@SECLEVEL=0"]
    return only(version, name, flags, *rest, kind=kind)


LIVE = [
    suite(V13, "TLS_AES_256_GCM_SHA384"),
    suite(V13, "TLS_AES_128_GCM_SHA256"),
    suite(V13, "TLS_CHACHA20_POLY1305_SHA256", NO, YES, SUITES),
    suite(V12, "ECDHE-RSA-AES256-GCM-SHA384"),
    suite(V12, "ECDHE-RSA-AES128-GCM-SHA256"),
    suite(V12, "ECDHE-ECDSA-AES256-GCM-SHA384", kind="p256"),
    suite(V12, "ECDHE-ECDSA-AES128-GCM-SHA256", kind="p256"),
    suite(V12, "ECDHE-RSA-CHACHA20-POLY1305", NO, YES, SUITES),
    suite(V12, "ECDHE-RSA-AES256-SHA384", NO, YES, SUITES),
    suite(V12, "DHE-RSA-AES256-GCM-SHA384", NO, YES, SUITES),
    suite(V12, "AES256-GCM-SHA384", NO, YES, SUITES),
    *(group(version, name) for version in (V13, V12)
      for name in ("X25519", "P-256", "P-384", "P-521")),
    group(V13, "X448", NO, YES, NOT_OFFERED),
    group(V12, "X448", NO, YES, NOT_OFFERED),
    group(V13, "ffdhe2048", NO, YES, NOT_OFFERED),
    *(signature(V13, f"rsa_pss_rsae_sha{bits}") for bits in (256, 384, 512)),
    signature(V13, "ecdsa_secp256r1_sha256", kind="p256"),
    signature(V13, "ecdsa_secp384r1_sha384", kind="p384"),
    signature(V13, "ecdsa_secp521r1_sha512", kind="p521"),
    *(signature(V12, f"RSA+SHA{bits}") for bits in (256, 384, 512)),
    *(signature(V12, f"RSA-PSS+SHA{bits}") for bits in (256, 384, 512)),
    signature(V12, "RSA+SHA224", NO, YES, NOT_OFFERED),
    signature(V12, "RSA+SHA1", NO, NO),
    *(signature(V12, f"ECDSA+SHA{bits}", kind="p256") for bits in (256, 384, 512)),
    signature(V12, "ECDSA+SHA1", NO, NO, kind="p256"),
    *(Live(f"asks_{version[-1]}", f"{version}: asks for a client's certificate, and goes on without",
           [*ALONE[version], "-verify", "1"]) for version in ALONE),
    Live("insists", f"{V12}: insists on a client's certificate", [*ALONE[V12], "-Verify", "1"],
         NO, NO, FAILURE),
    *(Live(f"small_records_{version[-1]}", f"{version}: records of 512 bytes",
           [*ALONE[version], "-max_send_frag", "512"]) for version in ALONE),
    *(Live(f"crumbs_{version[-1]}", f"{version}: its bytes come one by one", ALONE[version],
           faults={"piece": 1}) for version in ALONE),
    *(Live(f"stalls_{version[-1]}", f"{version}: its certificate comes in two parts, with {STALL_S} s"
           " between", ALONE[version], faults={"piece": 600, "stall": 600}) for version in ALONE),
    *(Live(f"cut_{n}_{version[-1]}", f"{version}: hangs up after {n} bytes", ALONE[version],
           NO, NO, "hung up without ending TLS", faults={"piece": 1, "cut": n})
      for version in ALONE for n in (3, 60, 600)),
    Live("renegotiates", f"{V12}: wants another handshake before it replies", [], kind="p256",
         talk=talk_hello_request),
]  # fmt: skip
