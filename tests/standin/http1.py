"""HTTP/1.1 on a Wire: reads requests strictly, frames replies, rightly or wrongly."""

import re
import secrets
import urllib.parse
from dataclasses import dataclass, field

HEAD_LIMIT = 64 * 1024
BODY_LIMIT = 256 * 1024
HEADER_LIMIT = 200

TOKEN = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
REQUEST_LINE = re.compile(r"([A-Z]{1,16}) (/[\x21-\x7e]{0,16383}) HTTP/1\.1")
# RFC 9112 section 3.2.3. Python's own client asks in HTTP/1.0, without Host.
CONNECT_LINE = re.compile(r"(CONNECT) ([A-Za-z0-9._:\[\]-]{1,300}) HTTP/1\.[01]")
FILLER = b"x" * 65536


class BadRequest(Exception):
    """The bytes are no request that any front end would take."""

    def __init__(self, reason, status=400):
        self.status = status
        super().__init__(reason)


@dataclass
class Request:
    """A request, as received."""

    method: str = ""
    target: str = ""
    headers: list = field(default_factory=list)
    body: bytes = b""
    received: int = 0
    complete: bool = False
    # Of the client, verified, as DER; None: it has shown none.
    certificate: bytes = None

    def values(self, name):
        """All values of a header, in the order received."""
        return [value for key, value in self.headers if key.lower() == name]

    def names(self):
        """The header names, in lower case."""
        return [key.lower() for key, _ in self.headers]

    @property
    def host(self):
        """The one Host header."""
        return self.values("host")[0]

    @property
    def wants_close(self):
        """Whether the client will not use the connection again."""
        return any("close" in value.lower() for value in self.values("connection"))


def _parse_header(line):
    name, colon, value = line.partition(":")
    if not colon or not TOKEN.fullmatch(name):
        raise BadRequest(f"malformed header line {line[:80]!r}")
    return name, value.strip(" \t")


def _parse_head(head, request):
    try:
        lines = head.decode("utf-8").split("\r\n")
    except UnicodeDecodeError:
        raise BadRequest("the head is not UTF-8") from None
    match = CONNECT_LINE.fullmatch(lines[0]) or REQUEST_LINE.fullmatch(lines[0])
    if match is None:
        raise BadRequest(f"malformed request line {lines[0][:80]!r}")
    if len(lines) > HEADER_LIMIT:
        raise BadRequest("too many header lines", 431)
    request.method, request.target = match.groups()
    request.headers = [_parse_header(line) for line in lines[1:]]
    hosts = len(request.values("host"))
    if hosts != 1 and (hosts or request.method != "CONNECT"):
        raise BadRequest("there must be exactly one Host")


def _body_length(request):
    if request.values("transfer-encoding"):
        raise BadRequest("no Transfer-Encoding is taken here", 501)
    lengths = request.values("content-length") or ["0"]
    if len(lengths) > 1 or not re.fullmatch(r"[0-9]{1,9}", lengths[0]):
        raise BadRequest("Content-Length is malformed")
    length = int(lengths[0])
    if length > BODY_LIMIT:
        raise BadRequest("the body is too long", 413)
    return length


def form(request):
    """The body's form values as they come; nothing is checked here."""
    return dict(urllib.parse.parse_qsl(request.body.decode("utf-8", "replace")))


class Reader:
    """Reads requests off a Wire, one after the other.

    `on_start` is called with the first byte of each request and says after how many
    bytes of it the client is cut off (None: it is not).
    """

    def __init__(self, wire, on_start):
        self._wire = wire
        self._on_start = on_start
        self._held = b""

    def read(self, request):
        """Fills `request` in. False when the client ended the stream instead."""
        if not self._held:
            self._held = self._wire.receive()
            if not self._held:
                return False
        cut = self._on_start()
        head_end = self._fill(request, cut, self._head_end)
        if not head_end:
            return False
        _parse_head(self._held[: head_end - 4], request)
        total = head_end + _body_length(request)
        if "100-continue" in [v.lower() for v in request.values("expect")]:
            self._wire.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        if not self._fill(request, cut, lambda: len(self._held) >= total and total):
            return False
        request.body = self._held[head_end:total]
        request.received = total
        request.complete = True
        self._held = self._held[total:]
        return True

    def _head_end(self):
        position = self._held.find(b"\r\n\r\n")
        if position < 0 and len(self._held) > HEAD_LIMIT:
            raise BadRequest("the head is too long", 431)
        return position + 4 if position >= 0 else 0

    def _fill(self, request, cut, enough):
        """Receives until enough() tells where to stop. 0: it ended before."""
        while True:
            stop = enough()
            request.received = len(self._held)
            if cut is not None and (stop or request.received) > cut:
                request.received = cut
                return 0
            if stop:
                return stop
            if request.received == cut:
                return 0
            data = self._wire.receive()
            if not data:
                return 0
            self._held += data


# Replies

CORRECT_FRAMINGS = ("length", "chunked", "close")
WRONG_FRAMINGS = (
    "both",
    "two-lengths",
    "signed-length",
    "long-length",
    "short-length",
    "bad-chunk",
    "no-last-chunk",
)
FRAMINGS = CORRECT_FRAMINGS + WRONG_FRAMINGS


@dataclass
class Style:
    """How a reply is put on the wire, where a misbehaviour asks for something odd."""

    framing: str = ""
    chunk_size: int = 0
    chunk_extension: bool = False
    trailers: bool = False
    interim: int = 0
    head_filler: int = 0
    header_line: int = 0
    body_filler: int = 0


def _head_filler(size):
    """Header lines of 1,000 bytes each that make up `size` bytes."""
    lines = []
    number = 0
    while size > 0:
        name = f"X-Filler-{number}"
        number += 1
        lines.append((name, "f" * max(1, min(1000, size) - len(name) - 4)))
        size -= 1000
    return lines


def _long_line(size):
    name = "X-Long"
    return [(name, "l" * max(1, size - len(name) - 4))]


def _with_filler(pieces, size):
    """Blanks after the first line: between the XML declaration and the root."""
    first = True
    for piece in pieces:
        if first and size:
            line, newline, rest = piece.partition(b"\n")
            yield line + newline
            for start in range(0, size, len(FILLER)):
                yield b" " * min(len(FILLER), size - start)
            piece = rest
            first = False
        if piece:
            yield piece


def _chunks(pieces, style):
    extension = b";part=" + secrets.token_hex(4).encode()
    for piece in pieces:
        size = style.chunk_size or len(piece)
        for start in range(0, len(piece), size):
            part = piece[start : start + size]
            mark = extension if style.chunk_extension else b""
            yield b"%x%s\r\n%s\r\n" % (len(part), mark, part)
    if style.framing == "bad-chunk":
        yield b"zz\r\n"
    if style.framing == "no-last-chunk":
        return
    trailers = b"X-Trailer: one\r\nX-Checksum: none\r\n" if style.trailers else b""
    yield b"0\r\n" + trailers + b"\r\n"


def _framing_headers(framing, length):
    chunked = ("Transfer-Encoding", "chunked")
    return {
        "length": [("Content-Length", length)],
        "chunked": [chunked],
        "close": [],
        "tunnel": [],
        "both": [("Content-Length", length), chunked],
        "two-lengths": [("Content-Length", length), ("Content-Length", length + 1)],
        "signed-length": [("Content-Length", f"+{length}")],
        "long-length": [("Content-Length", length + 10)],
        "short-length": [("Content-Length", max(0, length - 10))],
        "bad-chunk": [chunked],
        "no-last-chunk": [chunked],
    }[framing]


def head(status, reason, headers):
    """A reply head's bytes."""
    lines = [f"HTTP/1.1 {status} {reason}"]
    lines += [f"{name}: {value}" for name, value in headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def frame(reply, reason, tail_headers, style):
    """The bytes of a reply, piece by piece, the first of them holding the head.

    `tail_headers` (Date, Server, Connection) follow the framing, as EC2 sends them.
    """
    pieces = [reply.body] if isinstance(reply.body, bytes) else reply.body
    framing = style.framing or reply.framing
    length = 0
    if framing not in ("chunked", "close", "tunnel", "bad-chunk", "no-last-chunk"):
        pieces = [b"".join(pieces)]
        length = len(pieces[0]) + style.body_filler
    pieces = _with_filler(pieces, style.body_filler)
    headers = list(reply.headers)
    headers += _framing_headers(framing, length)
    headers += tail_headers + _head_filler(style.head_filler)
    if style.header_line:
        headers += _long_line(style.header_line)
    chunked = any(name == "Transfer-Encoding" for name, _ in headers)
    body = _chunks(pieces, style) if chunked else pieces
    interim = head(103, "Early Hints", [("Link", "</>; rel=preload")]) * style.interim
    return _joined(interim + head(reply.status, reason, headers), body)


def _joined(first, rest):
    """Puts the head and the first piece of the body into one write."""
    rest = iter(rest)
    yield first + next(rest, b"")
    yield from rest
