"""Listening sockets on loopback, one name each, and their TLS."""

import datetime
import ipaddress
import socket
import ssl
import threading
import warnings
from dataclasses import dataclass, replace

from chains import DAY, FAMILIES
from cryptography.hazmat.primitives.serialization import Encoding
from connection import Connection
from wire import Wire

BACKLOG = 128
CONNECTION_LIMIT = 512
PORT_ATTEMPTS = 20
ACCEPT_PAUSE = 0.01
LOOPBACK = ("127.0.0.1", "::1")
# Where no stranger can reach it: this machine, or its own link.
NEAR = [ipaddress.ip_network(n) for n in ("fd00:ec2::/32",)]

VERSIONS = {
    "1.1": ssl.TLSVersion.TLSv1_1,
    "1.2": ssl.TLSVersion.TLSv1_2,
    "1.3": ssl.TLSVersion.TLSv1_3,
}


@dataclass(frozen=True)
class Spec:
    """What a listener shows. `family` empty: plain http."""

    name: str
    about: str
    family: str = "rsa"
    # When the leaf begins, in days from now, or a date; how long it lasts.
    leaf_from: object = -1
    leaf_days: int = 90
    leaf_names: tuple = ()
    full_chain: bool = True
    tls: str = ""
    port: int = 0
    receive_buffer: int = 0
    # What it offers: "ec2" (and STS), "sts", or a portal of world.World.
    service: str = "ec2"
    # Whether a client has to show a certificate below the trust anchor.
    clients: bool = False
    # Other addresses than those of loopback, which this machine must have.
    addresses: tuple = ()


SERVICES = (
    "ec2",
    "imds",
    "container",
    "sts",
    "sso",
    "proxy",
    "iot",
    "rolesanywhere",
)
CATALOGUE = {
    spec.name: spec
    for spec in (
        Spec("rsa", "RSA-2048 root, intermediate and leaf"),
        Spec("ecdsa", "the same with P-256 keys", "ecdsa"),
        Spec("http", "plain http, no TLS", ""),
        Spec("rsa4096", "RSA-4096 root and intermediate, RSA-2048 leaf", "rsa4096"),
        Spec("untrusted", "a root that the bundle does not hold", "untrusted"),
        Spec("impostor", "a false root that bears a trusted root's name", "impostor"),
        Spec("expired", "a leaf that ended ten days ago", leaf_from=-100),
        Spec("not-yet", "a leaf that begins tomorrow", leaf_from=1),
        Spec("future", "a leaf issued a year from now", leaf_from=365),
        Spec("wrong-host", "a leaf for wrong.example", leaf_names=("wrong.example",)),
        Spec("no-intermediate", "the leaf alone", full_chain=False),
        Spec("tls11", "TLS 1.1 and nothing else", tls="1.1"),
        Spec("tls12", "TLS 1.2 and nothing else", tls="1.2"),
        Spec("tls12-ecdsa", "the same with P-256 keys", "ecdsa", tls="1.2"),
        Spec("tls13", "TLS 1.3 and nothing else", tls="1.3"),
        Spec("tls13-ecdsa", "the same with P-256 keys", "ecdsa", tls="1.3"),
        Spec("small-window", "a receive buffer of 2 KB", receive_buffer=2048),
        Spec("imds", "instance metadata, plain http", "", service="imds"),
        Spec("container", "the container agent, plain http", "", service="container"),
        Spec("container-https", "the container agent over TLS", service="container"),
        Spec("sts", "STS, with RSA keys", service="sts"),
        Spec("sts-ecdsa", "STS, with P-256 keys", "ecdsa", service="sts"),
        Spec("sso", "the SSO portal, with RSA keys", service="sso"),
        Spec("iot", "AWS IoT's credential provider", service="iot", clients=True),
        Spec("iot-tls12", "the same, TLS 1.2", tls="1.2", service="iot", clients=True),
        Spec("rolesanywhere", "IAM Roles Anywhere", service="rolesanywhere"),
        Spec("proxy", "an HTTP proxy, plain http", "", service="proxy"),
        Spec("proxy-https", "an HTTP proxy over TLS", service="proxy"),
    )
}
DEFAULT = ("rsa", "ecdsa", "http", "imds", "container", "sts", "sso")


def _near(text):
    """An address at which nobody but this machine and its link finds it."""
    address = ipaddress.ip_address(text)
    private = address.is_loopback or address.is_link_local
    if not private and not any(address in network for network in NEAR):
        raise ValueError(f"{text} is neither loopback nor link-local")
    return text


def _option(spec, key, value):
    """One KEY=VALUE of a listener given by the user."""
    if key == "chain" and (value in FAMILIES or value == "none"):
        return replace(spec, family="" if value == "none" else value)
    if key == "tls" and value in VERSIONS:
        return replace(spec, tls=value)
    if key == "address":
        return replace(spec, addresses=tuple(map(_near, value.split("+"))))
    if key == "service" and value in SERVICES:
        return replace(spec, service=value, clients=value == "iot")
    if key == "leaf-from":
        return replace(spec, leaf_from=datetime.datetime.fromisoformat(value))
    if key == "names" and value:
        return replace(spec, leaf_names=tuple(value.split("+")))
    numbers = {"leaf-days": "leaf_days", "port": "port", "window": "receive_buffer"}
    if key in numbers and value.isdecimal() and int(value) < 2**16:
        return replace(spec, **{numbers[key]: int(value)})
    raise ValueError(f"listener option {key}={value} is not known")


def parse(text):
    """Reads NAME or NAME:KEY=VALUE,...; a new NAME starts from "rsa"."""
    name, _, options = text.partition(":")
    if not name.replace("-", "").isalnum():
        raise ValueError(f"{name!r} is no name for a listener")
    spec = CATALOGUE.get(name) or replace(CATALOGUE["rsa"], name=name)
    for option in filter(None, options.split(",")):
        key, _, value = option.partition("=")
        spec = _option(spec, key, value)
    return spec


def _start_of_leaf(spec, now):
    if isinstance(spec.leaf_from, datetime.datetime):
        return spec.leaf_from
    return now + spec.leaf_from * DAY


def _restrict(context, version):
    context.minimum_version = context.maximum_version = VERSIONS[version]
    if version == "1.1":
        # OpenSSL 3 takes the SHA-1 of TLS 1.1 only at security level 0.
        context.set_ciphers("DEFAULT:@SECLEVEL=0")


def _note_server_name(tls, name, _context):
    tls.asked_name = name


def tls_context(spec, chains):
    """The server side of TLS for a listener; None for plain http."""
    if not spec.family:
        return None
    start = _start_of_leaf(spec, chains.now)
    leaf = chains.leaf(
        spec.name,
        spec.family,
        names=spec.leaf_names,
        start=start,
        end=start + spec.leaf_days * DAY,
        full=spec.full_chain,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(leaf.chain_file, leaf.key_file)
    context.set_alpn_protocols(["http/1.1"])
    context.sni_callback = _note_server_name
    if spec.clients:
        context.verify_mode = ssl.CERT_REQUIRED
        root = chains.client_root.public_bytes(Encoding.DER)
        context.load_verify_locations(cadata=root)
    if spec.tls:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            _restrict(context, spec.tls)
    return context


def _bind(address, port, receive_buffer):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        if receive_buffer:
            # Before listen(): accepted sockets inherit the window that it makes.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        sock.bind((address, port))
        sock.listen(BACKLOG)
    except OSError:
        sock.close()
        raise
    return sock


def _open_at(addresses, port, receive_buffer):
    """Listens on all of these addresses, on one port number; another one if somebody
    else holds it on one of them."""
    for _ in range(0 if port else PORT_ATTEMPTS - 1):
        try:
            return _open_on(addresses, 0, receive_buffer)
        except OSError:
            continue
    return _open_on(addresses, port, receive_buffer)


def _open_on(addresses, port, receive_buffer):
    """The same with this port number, or with one that is free on the first."""
    opened = []
    try:
        for address in addresses:
            opened.append(_bind(address, port, receive_buffer))
            port = opened[0].getsockname()[1]
    except OSError as error:
        for sock in opened:
            sock.close()
        raise OSError(f"port {port} on {address}: {error.strerror}") from None
    return opened


def open_sockets(port=0, receive_buffer=0):
    """Listens on 127.0.0.1 and, where the machine has it, on ::1; one port number."""
    for _ in range(PORT_ATTEMPTS):
        first = _bind(LOOPBACK[0], port, receive_buffer)
        chosen = first.getsockname()[1]
        try:
            return [first, _bind(LOOPBACK[1], chosen, receive_buffer)]
        except OSError as error:
            if not has_ipv6():
                return [first]
            first.close()
            if port:
                raise OSError(f"port {port} on ::1: {error.strerror}") from None
    raise OSError("no port number is free on both 127.0.0.1 and ::1")


def has_ipv6():
    """Whether this machine can listen on ::1 at all."""
    try:
        _bind(LOOPBACK[1], 0, 0).close()
    except OSError:
        return False
    return True


class Listener:
    """Accepts connections under one name; each gets a thread."""

    def __init__(self, spec, standin):
        self.spec = spec
        self._standin = standin
        self._context = tls_context(spec, standin.chains)
        self._sockets = self._open()
        self._slots = threading.BoundedSemaphore(CONNECTION_LIMIT)
        self._lock = threading.Lock()
        self._wires = set()

    def _open(self):
        port, window = self.spec.port, self.spec.receive_buffer
        if self.spec.addresses:
            return _open_at(self.spec.addresses, port, window)
        return open_sockets(port, window)

    @property
    def port(self):
        """The port number, one for both address families."""
        return self._sockets[0].getsockname()[1]

    @property
    def url(self):
        """Where a client finds it."""
        host = self.spec.addresses[0] if self.spec.addresses else "localhost"
        host = f"[{host}]" if ":" in host else host
        return f"{'https' if self.spec.family else 'http'}://{host}:{self.port}"

    @property
    def addresses(self):
        """All addresses it listens on, as people write them."""
        found = [sock.getsockname()[:2] for sock in self._sockets]
        return [f"[{a}]:{p}" if ":" in a else f"{a}:{p}" for a, p in found]

    def start(self):
        """Begins to accept."""
        for sock in self._sockets:
            threading.Thread(target=self._accept, args=(sock,), daemon=True).start()

    def stop(self):
        """Ends the accepting, and wakes up the connections that are left."""
        for sock in self._sockets:
            # shutdown() wakes a blocked accept(); close() alone does not.
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            sock.close()
        with self._lock:
            wires = list(self._wires)
        for wire in wires:
            wire.abort()

    def busy(self):
        """How many connections are open."""
        with self._lock:
            return len(self._wires)

    def _accept(self, sock):
        while not self._standin.stopped.is_set():
            self._slots.acquire()
            try:
                accepted, peer = sock.accept()
            except OSError:
                # Stopped, or out of file descriptors for a moment.
                self._slots.release()
                self._standin.stopped.wait(ACCEPT_PAUSE)
                continue
            self._admit(accepted, peer)

    def _admit(self, sock, peer):
        name = self.spec.name
        entry = self._standin.journal.connection(name, f"{peer[0]}:{peer[1]}")
        misbehaviour, queued = self._standin.plan.for_connection(name)
        entry.misbehaviour = misbehaviour
        wire = Wire(sock, self._context, self._standin.stopped, misbehaviour)
        connection = Connection(self._standin, self.spec, wire, entry)
        if queued:
            connection.bind(misbehaviour)
        with self._lock:
            self._wires.add(wire)
        arguments = (connection, wire)
        threading.Thread(target=self._run, args=arguments, daemon=True).start()

    def _run(self, connection, wire):
        try:
            connection.run()
        finally:
            with self._lock:
                self._wires.discard(wire)
            self._slots.release()
