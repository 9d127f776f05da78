"""Everything that can be in the way: each is named, leaves nothing behind, and
the next call is good."""

import re
import socket

import pytest

import servers
from conftest import SOON, TIGHT


# The cable and the network


def test_no_cable_before_the_call(bench):
    """Named by the board."""
    board = bench.power_on("calls=2", "net-ms=300", cable=False)
    board.until_said("[status 255")
    board.cable(True)
    board.finish().failed_then_not(255, "not-sent: no link")


def test_cable_pulled_in_the_handshake(bench):
    """Nothing was sent."""
    bench.standin.next({"stall_handshake": 3})
    board = bench.power_on("calls=2", *SOON)
    board.until(bench.standin.connections)
    board.cable(False)
    board.until_said("[status")
    board.cable(True)
    board.finish().failed_then_not(255, "CILP_E_TIMEOUT")


def test_cable_pulled_after_the_request(bench):
    """It was sent, and nobody can say how it ended."""
    bench.standin.next({"stall": 3, "act": False})
    board = bench.power_on("calls=2", *SOON)
    board.until(bench.standin.requests)
    board.cable(False)
    board.until_said("[status")
    board.cable(True)
    board.finish().failed_then_not(250, "unknown: CILP_E_TIMEOUT")


def test_no_dhcp_answer(bench):
    """The cable is in, nobody answers."""
    board = bench.power_on("calls=2", "net-ms=3000", network=False)
    board.until_said("[status 255")
    board.network(True)
    board.finish().failed_then_not(255, "no DHCP server answers")


def test_network_falls_silent(bench):
    """A static address, and no answer to ARP."""
    board = bench.power_on("calls=2", "ip=10.0.2.77/24", "gateway=10.0.2.2",
                           "time-ms=50", *SOON, network=False)
    board.until_said("[status 255")
    board.network(True)
    board.finish().failed_then_not(255, "CILP_E_TIMEOUT", "no answer from 10.0.2.2")


# Names


def test_no_dns_answer(bench):
    """The name server is silent."""
    bench.names.mode = "silent"
    board = bench.power_on("calls=2", *SOON, host="ec2.test")
    board.until_said("[status 255")
    bench.names.mode = "good"
    board.finish().failed_then_not(255, "CILP_E_TIMEOUT", "name server is silent")


def test_unknown_name(bench):
    """The name server says no."""
    bench.names.mode = "nobody"
    board = bench.power_on("calls=2", "pause-ms=500", *SOON, host="ec2.test")
    board.until_said("[status 255")
    bench.names.mode = "good"
    board.finish().failed_then_not(255, "CILP_E_RESOLVE", "knows no address")


# Time


@pytest.mark.parametrize("lie", ("silent", "foreign", -1_500_000_000))
def test_no_time(bench, lie):
    """Nothing of it is believed; core learns the time from EC2."""
    bench.time.lies = [lie]
    run = bench.run("time-ms=300")
    assert run.one().text == "cancelled"
    assert "no time server answers" in run.uart
    assert len(bench.standin.requests()) == 2


def test_time_is_off(bench):
    """By an hour: certificates hold, the signature does not, core mends it."""
    bench.time.lies = [3600]
    assert bench.run().one().text == "cancelled"


def test_time_is_a_lie(bench):
    """Years ahead every certificate has expired: the server is asked again."""
    bench.time.lies = [10 * 365 * 86400]
    bench.run("calls=2").failed_then_not(255, "CILP_E_CERT", "expired")


# The server


def test_refused_connection(bench):
    """Nobody listens."""
    switch = bench.switch("rsa", listen=False)
    board = bench.power_on("calls=2", "pause-ms=500", *SOON, port=switch.port)
    board.until_said("[status 255")
    switch.listen()
    board.finish().failed_then_not(255, "CILP_E_CONNECT", "refused by 10.0.2.2")


@pytest.mark.parametrize("cut", (0, 1, 90, 1000, 2000))
def test_cut_handshake(bench, cut):
    """The server goes in the middle of it."""
    bench.standin.next({"cut_raw_sent": cut, "how": "rst"})
    bench.run("calls=2", *SOON).failed_then_not(255, "CILP_E_CLOSED")


def test_server_stops_in_the_handshake(bench):
    """It is silent after what it has sent."""
    bench.standin.next({"stall_handshake": 3})
    bench.run("calls=2", *SOON).failed_then_not(255, "CILP_E_TIMEOUT")


def test_reply_is_cut(bench):
    """Sent, acted, and no readable answer: unknown. The repeat says NotFound."""
    bench.standin.next({"cut_reply": 10, "act": False})
    bench.run("calls=2", *SOON).failed_then_not(250, "unknown")


@pytest.mark.parametrize(
    "listener,words",
    (
        ("wrong-host", "is for wrong.example"),
        ("expired", "expired"),
        ("untrusted", "Root unknown"),
    ),
)
def test_bad_certificates(bench, listener, words):
    """Each by its name."""
    switch = bench.switch("rsa", listener)
    run = bench.run("calls=2", *SOON, port=switch.port)
    run.failed_then_not(255, "CILP_E_CERT", words)


def test_chain_too_long(bench):
    """Eight intermediates; five are the most."""
    long_chain, _ = servers.chain(
        bench.folder, "long", servers.p256, 8, ("10.0.2.2",)
    )
    http = bench.standin.port("http")
    switch = bench.switch("rsa", servers.terminate(long_chain, http))
    run = bench.run("calls=2", *SOON, port=switch.port)
    run.failed_then_not(255, "CILP_E_CERT")


@pytest.mark.parametrize("preset", TIGHT)
def test_record_too_long_for_tight_profiles(bench, preset):
    """A reply in records of 16 KB, after the request was sent: unknown, and why."""
    bench.standin.next({"body_bytes": 40000, "act": False})
    run = bench.run("calls=2", *SOON, preset=preset)
    run.failed_then_not(250, "CILP_E_TLS", "more in one piece than there is room for")
    assert re.search(r"\(CILP_TLS_IN=\d+ bytes\)", run.calls[0].text)


def test_no_tls_at_all(bench):
    """A server that speaks something else."""

    def talk(connection):
        connection.sendall(b"220 mail.example ESMTP\r\n" * 3)
        connection.recv(1)
        connection.close()

    switch = bench.switch("rsa", talk)
    run = bench.run("calls=2", *SOON, port=switch.port)
    run.failed_then_not(255, "CILP_E_TLS")


def test_silent_peer_that_takes_nothing(bench):
    """Connected, and not a byte of ours is read or answered."""

    def sit(connection):
        connection.settimeout(5)
        try:
            while connection.recv(4096):
                pass
        except socket.timeout:
            pass
        connection.close()

    switch = bench.switch("rsa", sit)
    run = bench.run("calls=2", *SOON, port=switch.port)
    run.failed_then_not(255, "CILP_E_TIMEOUT")


# Memory


@pytest.mark.parametrize("hold", (42000, 30000, 20000, 15000, 12000))
def test_arena_exhausted(bench, hold):
    """At the start, in the handshake, while verifying."""
    run = bench.run("calls=2", f"hold={hold}", *SOON)
    run.failed_then_not(255, "CILP_E_")
    assert re.search(r"out of TLS memory \(CILP_TLS_ARENA=\d+ bytes\)", run.uart)
