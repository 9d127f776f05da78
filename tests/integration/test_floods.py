"""Peers that never stop sending, and records that few send: a deadline and a signal hold
against the first, the second end nothing that they do not end.

CILP_DEADLINE is the deadline in seconds, 2 without it."""

import os
import signal
import sys
import time

import pytest
from conftest import TESTS, figure

sys.path.append(str(TESTS / "wire"))

import raw_tls  # noqa: E402  pylint: disable=wrong-import-position

IMAGE = "ami-0abcdef1234567890"
FLOOD_S = 20
DEADLINE_S = int(os.environ.get("CILP_DEADLINE") or 2)
SLACK_S = 1
BODY = (b"<CancelImageLaunchPermissionResponse><requestId>1</requestId>"
        b"<return>true</return></CancelImageLaunchPermissionResponse>")
REPLY = (b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n"
         % len(BODY)) + BODY
NEW_TICKET = raw_tls.message(raw_tls.TICKET, b"\0\0\1\0" + bytes(4) + b"\1\0" + b"\0\1x"
                             + b"\0\0")
USER_CANCELED, NO_CERTIFICATE = b"\1\x5a", b"\1\x29"


def flood(peer, kind, data):
    """Nothing but this, for as long as anybody listens; sealed if there are keys."""
    end = time.monotonic() + FLOOD_S
    plain = raw_tls.record(kind, data) * 2000
    while time.monotonic() < end:
        if peer.writes:
            peer.socket.sendall(b"".join(peer.sealed(kind, data) for _ in range(500)))
        else:
            peer.socket.sendall(plain)


def request(peer):
    """Handshakes, and hears all of a request."""
    peer.handshake()
    got = b""
    while b"Version=2016-11-15" not in got:
        got += peer.receive()[1]


def floods(kind, data, when):
    """A scene."""

    def scene(peer):
        if when != "after":
            setattr(peer, when, lambda p: flood(p, kind, data))
            peer.handshake()
            return
        request(peer)
        flood(peer, kind, data)

    return scene


FLOODS = {
    "1.3-change-cipher": ("1.3", raw_tls.CHANGE_CIPHER, b"\1", "after_hello"),
    "1.3-warnings-first": ("1.3", raw_tls.ALERT, USER_CANCELED, "before_hello"),
    "1.2-warnings-first": ("1.2", raw_tls.ALERT, NO_CERTIFICATE, "before_hello"),
    "1.2-warnings-later": ("1.2", raw_tls.ALERT, NO_CERTIFICATE, "after_hello"),
    "1.3-tickets": ("1.3", raw_tls.HANDSHAKE, NEW_TICKET, "after"),
    "1.3-warnings": ("1.3", raw_tls.ALERT, USER_CANCELED, "after"),
    "1.2-warnings": ("1.2", raw_tls.ALERT, NO_CERTIFICATE, "after"),
    "1.2-hello-requests": ("1.2", raw_tls.HANDSHAKE, raw_tls.message(0, b""), "after"),
}


@pytest.fixture(name="play")
def _play(tmp_path, cilp):
    """Starts a server with a scene; how the program is started against it."""
    servers = []

    def start(version, scene, *words):
        server = raw_tls.RawServer(tmp_path, version, scene)
        servers.append(server)
        words = ("cancel", IMAGE, "--no-verify", "--ca-bundle", str(server.root), *words)
        env = {"AWS_ENDPOINT_URL_EC2": f"https://localhost:{server.port}"}
        return server, cilp.start(*words, env=env)

    yield start
    for server in servers:
        server.close()


def finished(process):
    """code, standard error, seconds from now."""
    began = time.monotonic()
    _, err = process.communicate(timeout=2 * FLOOD_S)
    return process.returncode, err.decode(), time.monotonic() - began


@pytest.mark.parametrize("name", FLOODS)
def test_the_deadline_holds(play, name):
    """Whatever comes, and however much of it."""
    version, kind, data, when = FLOODS[name]
    words = ("--deadline", str(DEADLINE_S))
    _, process = play(version, floods(kind, data, when), *words)
    code, err, seconds = finished(process)
    assert code == (250 if when == "after" else 255), err
    assert DEADLINE_S - 0.2 <= seconds <= DEADLINE_S + SLACK_S, err
    figure(f"flood {name}: {seconds:.2f} s with a deadline of {DEADLINE_S} s")


@pytest.mark.parametrize("name", FLOODS)
def test_a_signal_is_heard(play, name):
    """In the midst of it."""
    version, kind, data, when = FLOODS[name]
    server, process = play(version, floods(kind, data, when))
    time.sleep(1)
    assert server.peers and process.poll() is None
    process.send_signal(signal.SIGTERM)
    code, err, seconds = finished(process)
    assert code == 143, err
    assert seconds < SLACK_S, seconds
    figure(f"flood {name}: {seconds:.2f} s after a signal")


def replies(*records):
    """A scene: these records before the last byte of a good reply."""

    def scene(peer):
        request(peer)
        peer.send(raw_tls.DATA, REPLY[:-1])
        for kind, data in records:
            peer.send(kind, data)
        peer.send(raw_tls.DATA, REPLY[-1:])
        peer.send(raw_tls.ALERT, raw_tls.CLOSE_NOTIFY)

    return scene


NOTHING = (raw_tls.DATA, b"")
BETWEEN = {
    "1.3-one-empty": ("1.3", [NOTHING]),
    "1.3-two-empty": ("1.3", [NOTHING] * 2),
    "1.3-three-empty": ("1.3", [NOTHING] * 3),
    "1.2-two-empty": ("1.2", [NOTHING] * 2),
    "1.2-three-empty": ("1.2", [NOTHING] * 3),
    "1.3-tickets": ("1.3", [(raw_tls.HANDSHAKE, NEW_TICKET)] * 5000),
    "1.3-tickets-and-empty": ("1.3", [NOTHING, (raw_tls.HANDSHAKE, NEW_TICKET)] * 2000),
    "1.3-warnings": ("1.3", [(raw_tls.ALERT, USER_CANCELED)] * 5000),
    "1.2-warnings": ("1.2", [(raw_tls.ALERT, NO_CERTIFICATE)] * 5000),
    "1.2-hello-requests": ("1.2", [(raw_tls.HANDSHAKE, raw_tls.message(0, b""))] * 100),
}


@pytest.mark.parametrize("name", BETWEEN)
def test_what_is_no_data_ends_no_reply(play, name):
    """A yes is a yes."""
    version, records = BETWEEN[name]
    _, process = play(version, replies(*records))
    code, err, _ = finished(process)
    assert code == 0, err


def test_four_empty_records_are_too_many(play):
    """OpenSSL takes 32 in a row. It was sent, and the answer is not known."""
    _, process = play("1.3", replies(*[NOTHING] * 4), "--deadline", "5")
    code, err, _ = finished(process)
    assert code == 250 and "empty" in err, err


def test_new_keys_in_mid_connection_are_refused_by_their_name(play):
    """KeyUpdate: sent, and no answer that can be read."""

    def scene(peer):
        request(peer)
        peer.change_keys()
        peer.send(raw_tls.DATA, REPLY)

    _, process = play("1.3", scene, "--deadline", "5")
    code, err, _ = finished(process)
    assert code == 250 and "KeyUpdate" in err, err


def reply_with_cookie(group):
    """A scene: who does not offer this group is asked to, with a cookie."""

    def scene(peer):
        peer.wants = group
        request(peer)
        peer.send(raw_tls.DATA, REPLY)
        peer.send(raw_tls.ALERT, raw_tls.CLOSE_NOTIFY)

    return scene


def test_a_cookie_that_comes_with_p256(play):
    """As servers without X25519 send it. mbedTLS does not take it: the second connection
    offers P-256 at once. One that takes it needs no second."""
    server, process = play("1.3", reply_with_cookie(raw_tls.P256))
    code, err, _ = finished(process)
    assert code == 0 and len(server.peers) in (1, 2), err


def test_a_cookie_for_each_hello_is_refused_by_its_name(play):
    """Two connections, not a third."""
    server, process = play("1.3", reply_with_cookie(0x0018))
    code, err, _ = finished(process)
    assert len(server.peers) % 2 == 0
    assert code == 255 and "cookie" in err, err
