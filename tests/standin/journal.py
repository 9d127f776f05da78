"""What the stand-in saw: every connection, every request, every reply.

This is the truth that a client's opinion is compared with, so it records what was
received byte by byte, whether the request changed anything and what was sent.
"""

import re
import threading
import time
from collections import deque
from dataclasses import asdict, dataclass, field

CONNECTION_LIMIT = 20_000
REQUEST_LIMIT = 20_000

# Whoever has one of these needs nothing else, so they are not kept. A signature in
# Authorization gives nothing away.
BEARERS = {"authorization", "proxy-authorization", "x-aws-ec2-metadata-token", "x-amz-sso_bearer_token"}
SIGNATURES = ("AWS4-HMAC-SHA256 ", "AWS4-X509-")
BEARER_IN_BODY = re.compile(r"(?<=WebIdentityToken=)[^&]+")


def _size(text):
    return f"({len(text)} characters)"


def without_secrets(headers):
    """The headers for the log: of a secret no more than its length."""
    return [
        (name, _size(value))
        if name.lower() in BEARERS and not value.startswith(SIGNATURES)
        else (name, value)
        for name, value in headers
    ]


def body_without_secrets(body):
    """The same for a form."""
    return BEARER_IN_BODY.sub(lambda match: _size(match[0]), body)


@dataclass
class RequestEntry:
    """One request, complete or not, and its answer."""

    listener: str = ""
    time: float = field(default_factory=time.time)
    misbehaviour: dict = field(default_factory=dict)
    received: int = 0
    complete: bool = False
    malformed: str = ""
    method: str = ""
    target: str = ""
    headers: list = field(default_factory=list)
    body: str = ""
    signature: str = ""
    access_key_id: str = ""
    service: str = ""
    action: str = ""
    image_id: str = ""
    acted: bool = False
    acted_late: bool = False
    status: int = 0
    code: str = ""
    request_id: str = ""
    reply_sent: int = 0
    reply_complete: bool = False


@dataclass
class ConnectionEntry:
    """One connection and the requests on it."""

    number: int
    listener: str
    peer: str
    time: float = field(default_factory=time.time)
    misbehaviour: dict = field(default_factory=dict)
    tls: dict = None
    server_name: str = None
    failure: str = ""
    raw_received: int = 0
    raw_sent: int = 0
    ended: str = ""
    requests: deque = field(default_factory=lambda: deque(maxlen=REQUEST_LIMIT))


class Journal:
    """The log, bounded: the oldest connections fall out first."""

    def __init__(self):
        self._lock = threading.Lock()
        self._count = 0
        self._connections = deque(maxlen=CONNECTION_LIMIT)

    def clear(self):
        """Forgets what was seen so far."""
        with self._lock:
            self._connections.clear()

    def connection(self, listener, peer):
        """Opens the entry of a new connection."""
        with self._lock:
            self._count += 1
            entry = ConnectionEntry(self._count, listener, peer)
            self._connections.append(entry)
            return entry

    def as_json(self):
        """All of it, oldest first."""
        with self._lock:
            connections = list(self._connections)
        found = []
        for connection in connections:
            plain = {**vars(connection)}
            plain["requests"] = [asdict(r) for r in list(connection.requests)]
            found.append(plain)
        return found
