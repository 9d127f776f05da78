"""Calls that go as they should, and refusals that are EC2's."""

import os
import re
from pathlib import Path

import chains
import iot
import pytest
import roles_anywhere
from cryptography.hazmat.primitives import serialization

import servers
from conftest import BOARD, IMAGE, TIGHT, figure
from roles import BUILDS

OF_ROLES = "ami-000000000000005a1"

KINDS = {
    "rsa": "rsa", "ecdsa": "ecdsa", "rsa4096": "rsa4096", "tls12": "rsa",
    "tls12-ecdsa": "ecdsa", "tls13": "rsa", "tls13-ecdsa": "ecdsa",
}


@pytest.mark.parametrize("listener", KINDS)
def test_cancels(bench, listener):
    """TLS 1.2 and 1.3, all kinds of chains; the server has the truth."""
    call = bench.run(listener=listener, family=KINDS[listener]).one()
    assert call.text == "cancelled"
    assert not bench.standin.shared(IMAGE)
    version = bench.standin.connections()[-1]["tls"]["version"]
    figure(f"{bench.board} {listener}, {version}: arena {call.used} of {call.size} bytes")


@pytest.mark.parametrize("preset", TIGHT)
@pytest.mark.parametrize("listener", ("rsa", "ecdsa", "tls12", "tls12-ecdsa"))
def test_tight_profiles(bench, listener, preset):
    """The chains that they are for."""
    call = bench.run(listener=listener, family=KINDS[listener], preset=preset).one()
    assert call.text == "cancelled"
    figure(f"qemu {preset} {listener}: arena {call.used} of {call.size} bytes")


@pytest.mark.parametrize("preset", TIGHT)
def test_p384_in_tight_profiles(bench, preset):
    """Three certificates with P-384 keys."""
    names = ("10.0.2.2",)
    context, root = servers.chain(bench.folder, "p384", servers.p384, 1, names)
    http = bench.standin.port("http")
    switch = bench.switch(servers.terminate(context, http))
    call = bench.run(bench.anchor_der("p384", root), port=switch.port, preset=preset).one()
    assert call.text == "cancelled"
    figure(f"qemu {preset} P-384: arena {call.used} of {call.size} bytes")


@pytest.mark.parametrize("preset", ("mps2-an385", "mps2-an500"))
def test_other_boards(bench, preset):
    """The same sources on Cortex-M3 and Cortex-M7."""
    assert bench.run(preset=preset).one().text == "cancelled"


def test_by_name_with_static_address(bench):
    """DNS, and no DHCP."""
    words = ("ip=10.0.2.77/24", "gateway=10.0.2.2")
    assert bench.run(*words, host="ec2.test").one().text == "cancelled"
    assert bench.names.asked == 1


def test_dry_run(bench):
    """Permitted, and nothing has changed."""
    assert bench.run("dry-run").one().text.startswith("permitted")
    assert bench.standin.shared(IMAGE)


def test_not_found(bench):
    """The second cancel finds nothing: 251, with EC2's words."""
    run = bench.run("calls=2")
    assert [call.status for call in run.calls] == [0, 251] and run.code == 251
    assert "InvalidAMIID.NotFound" in run.calls[1].text
    assert all(call.clean() for call in run.calls)


def test_refused(bench):
    """EC2's code and message, 254."""
    bench.standin.next({"error": "UnauthorizedOperation", "status": 403})
    assert "UnauthorizedOperation" in bench.run().one(254).text


def test_throttled_then_good(bench):
    """Core waits and tries again."""
    bench.standin.next({"throttle": True})
    call = bench.run().one()
    assert call.text == "cancelled" and call.attempts == 2


def test_plain_http(bench):
    """No TLS where the request allows it."""
    assert bench.run("http", listener="http").one().text == "cancelled"


# QEMU's user network on the link-local block, where instance metadata is.
LOCAL = ",net=169.254.169.0/24,host=169.254.169.254"


def test_keys_from_imds(bench):
    """Three exchanges over plain http, then EC2 with a session token."""
    words = (f"imds=http://169.254.169.254:{bench.standin.port('imds')}",
             f"sntp=169.254.169.254:{bench.time.port}", f"image={OF_ROLES}")
    call = bench.run(*words, host="169.254.169.254", net=LOCAL).one()
    assert call.text == "cancelled"
    assert not bench.standin.shared(OF_ROLES, account="555566667777")


def certificate_keys(bench, leaf, *lines):
    """The word for keys that are given for a certificate, by the lines of a file."""
    key = serialization.load_pem_private_key(leaf.key_file.read_bytes(), None)
    scalar = bench.folder / "scalar"
    scalar.write_bytes(key.private_numbers().private_value.to_bytes(32, "big"))
    path = bench.folder / "lines"
    path.write_text("".join(f"{line}\n" for line in (*lines, leaf.chain_file, scalar)))
    return f"keys={path}"


def iot_keys(bench, leaf, listener="iot"):
    """Those of AWS IoT: keys_iot.c has the lines."""
    url = f"https://10.0.2.2:{bench.standin.port(listener)}"
    return certificate_keys(bench, leaf, url, iot.ALIAS, chains.THING)


def anywhere_keys(bench, leaf):
    """Those of IAM Roles Anywhere: keys_roles_anywhere.c has the lines."""
    arns = (roles_anywhere.anchor_arn(), roles_anywhere.profile_arn(),
            roles_anywhere.role_arn())
    url = f"https://10.0.2.2:{bench.standin.port('rolesanywhere')}"
    return certificate_keys(bench, leaf, *arns, url)


@pytest.mark.parametrize("listener", ["iot", "iot-tls12"])
def test_keys_from_iot(bench, listener):
    """A certificate in TLS, its key in PSA's storage, for the keys of a role."""
    leaf = bench.standin.chains.client("client-p256")
    run = bench.run(iot_keys(bench, leaf, listener), f"image={OF_ROLES}")
    assert run.code == 0 and run.calls[0].text == "cancelled", run.uart
    assert not bench.standin.shared(OF_ROLES, account=BUILDS)
    # what is left in the arena is the key, in its slot
    assert run.calls[0].stream == "closed" and run.calls[0].connections == 0
    figure(f"{bench.board}: arena used with a client certificate, {listener}: {run.calls[0].used}")


def test_keys_from_iot_for_a_stranger(bench):
    """A certificate that the provider does not know; one of another key."""
    leaf = bench.standin.chains.client("client-stranger")
    run = bench.run(iot_keys(bench, leaf), f"image={OF_ROLES}", "attempts=1")
    assert run.code == 253 and "TLS alert 48" in run.calls[0].text, run.uart
    known = bench.standin.chains.client("client-p256")
    mixed = known._replace(key_file=leaf.key_file)
    run = bench.run(iot_keys(bench, mixed), f"image={OF_ROLES}")
    assert run.code == 253 and "does not belong to the private key" in run.calls[0].text
    assert bench.standin.shared(OF_ROLES, account=BUILDS)


@pytest.mark.parametrize("preset", ("", TIGHT[0]))
def test_keys_from_roles_anywhere(bench, preset):
    """A signature of the key in PSA's storage for the keys of a role."""
    leaf = bench.standin.chains.client("client-p256")
    run = bench.run(anywhere_keys(bench, leaf), f"image={OF_ROLES}", preset=preset)
    assert run.code == 0 and run.calls[0].text == "cancelled", run.uart
    assert not bench.standin.shared(OF_ROLES, account=BUILDS)
    assert asked(bench) == ["CreateSession", "CancelImageLaunchPermission"]
    # what is left in the arena is the key, in its slot
    assert run.calls[0].stream == "closed" and run.calls[0].connections == 0
    figure(f"{bench.board}: arena used with a signature of a client's key: {run.calls[0].used} of "
           f"{run.calls[0].size}, stack {run.stack[0]} of {run.stack[1]}")


def test_keys_from_roles_anywhere_for_a_stranger(bench):
    """A certificate that the trust anchor has not issued: the service's words."""
    leaf = bench.standin.chains.client("client-stranger")
    run = bench.run(anywhere_keys(bench, leaf), f"image={OF_ROLES}")
    assert run.code == 253 and run.calls[0].attempts == 1, run.uart
    assert run.calls[0].text == ("not-sent: CILP_E_CREDS: Untrusted certificate. "
                                 "Insufficient certificate")
    assert asked(bench) == ["CreateSession"]
    assert bench.standin.shared(OF_ROLES, account=BUILDS)


def test_imds_out_of_reach(bench):
    """An address that is not link-local gets no request at all."""
    imds = f"imds=http://10.0.2.2:{bench.standin.port('imds')}"
    call = bench.run(imds).one(253)
    assert "CILP_E_REACH" in call.text
    assert "not an address of this machine or link: 10.0.2.2" in call.text
    assert not bench.standin.connections()


def test_record_of_16_kb(bench):
    """Fits the balanced profile."""
    bench.standin.next({"body_bytes": 40000})
    assert bench.run().one().text == "cancelled"


ORGANIZATION = "ami-000000000000000a0"
PUBLIC_TOO = "ami-000000000000000bd"


def verdict(run):
    """The word of the verdict; None: there was none."""
    lines = [line for line in run.uart.splitlines() if line.startswith("verdict: ")]
    return lines[0].split(": ")[1] if lines else None


def asked(bench):
    """The actions that the stand-in was asked for."""
    bench.standin.settle()
    return [request["action"] for request in bench.standin.requests()]


def test_not_found_is_explained(bench):
    """A look and a question whose the keys are; the outcome stays what it was."""
    run = bench.run("explain", f"image={ORGANIZATION}")
    assert "InvalidAMIID.NotFound" in run.one(251).text
    assert verdict(run) == "organization"
    assert asked(bench) == [
        "CancelImageLaunchPermission", "DescribeImages", "GetCallerIdentity"
    ]


def test_nothing_is_explained_unasked(bench):
    """One request, as ever."""
    run = bench.run(f"image={ORGANIZATION}")
    run.one(251)
    assert verdict(run) is None and len(bench.standin.requests()) == 1


def test_a_cancel_is_verified(bench):
    """It can be seen for two looks more, and then not."""
    bench.standin.set(forget_looks=2)
    run = bench.run("verify")
    assert run.one().text == "cancelled" and verdict(run) == "ended"
    assert asked(bench) == ["CancelImageLaunchPermission"] + ["DescribeImages"] * 3


def test_what_stays_visible_is_said(bench):
    """Public besides."""
    run = bench.run("verify", f"image={PUBLIC_TOO}")
    assert run.one().text == "cancelled" and verdict(run) == "still-public"


def test_keys_of_another_account_cancel_nothing(bench):
    """Asked first, and that was it."""
    call = bench.run("account=210987654321").one(253)
    assert call.text == "not-sent: these keys belong to account 123456789012"
    assert asked(bench) == ["GetCallerIdentity"]
    assert bench.run("account=123456789012").one().text == "cancelled"


def random_bytes(bench):
    """Where they come from, as the file that the board names has it."""
    text = Path(bench.facts["entropy"]).read_text()
    return re.search(r'board_entropy_name\[\] *= *"(.+)"', text)[1]


def test_what_it_is_made_of(bench):
    """Said before anything else: all that a report of a fault has to name."""
    first = bench.run("calls=0").uart.splitlines()[0]
    assert re.fullmatch(
        r"cilp \d+\.\d+\.\d+, mbedTLS/[34]\.\d+\.\d+, roots/\d{4}-\d\d-\d\d until 2037-12-31, "
        f"random bytes from {re.escape(random_bytes(bench))}", first)


def test_product_trusts_amazon_alone(bench):
    """The image for use refuses the stand-in, and takes no anchor."""
    call = bench.run("calls=1", image="cilp").one(255)
    assert "CILP_E_CERT" in call.text
    run = bench.run("anchor=/dev/null", image="cilp")
    assert run.code == 252 and "this image takes none" in run.uart
    assert not bench.standin.requests()


def test_wrong_words(bench):
    """Named, and nothing is sent."""
    run = bench.run("colour=blue")
    assert run.code == 252 and "unknown word: colour" in run.uart


def test_runs_in_a_row(bench):
    """Fifty, without a hang; ten where thoroughness is not asked for."""
    many = 50 if os.environ.get("CILP_THOROUGH") else 10
    runs = [bench.run("dry-run") for _ in range(many)]
    for run in runs:
        run.one()
    seconds = sorted(run.seconds for run in runs)
    figure(f"{bench.board} {many} runs: {seconds[many // 2]:.2f} s the median, {seconds[-1]:.2f} s the "
           "longest, QEMU's start included")


# Seconds for which the loop may stand still, at 25 MHz and an instruction a cycle:
# X25519 takes them all at once, an RSA key of 4096 bits a power of a number.
STILL = {"rsa": 0.2, "ecdsa": 0.2, "tls12": 0.2, "tls12-ecdsa": 0.2, "rsa4096": 0.3}


@pytest.mark.parametrize("listener,preset", [*((kind, "") for kind in STILL),
                                             ("rsa", TIGHT[1]), ("ecdsa", TIGHT[1])])
def test_light(bench, listener, preset):
    """The other duty goes on: counted in instructions, the same everywhere."""
    run = bench.run("dry-run", listener=listener, family=KINDS[listener], icount=0,
                    preset=preset)
    run.one()
    blinks, gap = run.light
    # icount shift=0: an instruction is a nanosecond.
    seconds = gap / 25000
    figure(f"{preset or bench.board} {listener}: longest gap {gap / 1000:.1f} million "
           f"instructions, {seconds:.2f} s at 25 MHz and one a cycle; {blinks} blinks")
    assert seconds <= STILL[listener] * bench.facts["slower"], run.uart
    assert run.stack[0] < run.stack[1]


# Milliseconds of counted time, of a million instructions each: between the longest gap
# and that without cilp_port_tick(), on a Cortex-M4; and what a busy host wakes late, which
# counted time has in it.
PATIENCE = 6
LATE = 20


def watched(bench, listener, *words):
    """A call with a watchdog, in counted time."""
    patience = PATIENCE * bench.facts["slower"] + LATE
    return bench.run("dry-run", f"watchdog-ms={patience}", *words, listener=listener,
                     family=KINDS[listener], icount=0)


@pytest.mark.parametrize("listener", ("rsa", "ecdsa"))
def test_watchdog_that_is_kicked(bench, listener):
    """By the main loop and in the middle of computations: it never bites."""
    watched(bench, listener).one()


def test_watchdog_that_is_not(bench):
    """Without cilp_port_tick() a computation of ECDSA is longer than its patience."""
    run = watched(bench, "ecdsa", "deaf")
    assert run.code == 70 and "panic: watchdog: the main loop" in run.uart, run.uart
    assert not bench.standin.requests()


# In counted time, where an instruction is a nanosecond: what one of two tasks may run
# before the other has its turn, which is SysTick's period; and beyond it what handlers
# take, and whoever masks interrupts.
SLICE = 1_000_000
BEYOND = 10_000


@pytest.mark.parametrize("listener", ("tls12", "tls12-ecdsa", "rsa", "ecdsa"))
def test_another_task_waits_a_slice(bench, listener):
    """The superloop as one of two tasks: whatever it computes, the other has its turn
    after a slice."""
    if bench.board != BOARD:
        pytest.skip(f"{bench.board} is not {BOARD}")
    run = bench.run("dry-run", listener=listener, family=KINDS[listener], icount=0,
                    image="cilp-task")
    run.one()
    turns, wait, taken, held = run.second_task
    figure(f"qemu {listener}, one of two tasks: the other waits {wait / 1e6:.3f} million "
           f"instructions at most, in slices of {SLICE / 1e6:.0f} million; {turns} turns, "
           f"stack {run.stack[0]} of {run.stack[1]}")
    assert turns >= run.calls[0].ms and wait <= SLICE + BEYOND, run.uart
    assert taken > 0 and held == 0, run.uart
    assert run.stack[0] < run.stack[1]
