"""The program on a machine whose clock is wrong: mended where it can be, told apart from
expired keys, and never a reason to trust a certificate that is not to be trusted.

The program is a second one, of the same objects, that reads its clock from FAKED_CLOCK:
faked_clock.c. CILP_FAKED_CLOCK names it.
"""

import datetime
import os
import re
import time
from pathlib import Path

import pytest
from conftest import TESTS, Program
from standin import Standin

IMAGE = "ami-0abcdef1234567890"
EXPIRED_KEY = "ASIAEXPIREDV1EXAMPLE"
DAY = 86400
UNSET = "17"  # a board without a battery, seconds after power came
BEFORE_ALL_BUILDS = "1767225599"  # the last second of 2025
SLACK = 10
NEXT_YEAR = 400 * DAY
# What the program says of a clock that it found to be wrong.
NOTE = re.compile(r"this machine's clock is (\d+) s (ahead of|behind) EC2's")


@pytest.fixture(scope="module", name="running")
def _running():
    # A clock a day slow still has to find the certificate valid: it is judged by it.
    begun = datetime.date.today() - datetime.timedelta(days=10)
    names = [f"rsa:leaf-from={begun}", "http", "expired", "future", "untrusted"]
    with Standin([*names, "impostor", "wrong-host"]) as standin:
        yield standin


def faked_program(standin):
    """The program that reads its clock from FAKED_CLOCK."""
    path = os.environ.get("CILP_FAKED_CLOCK") or "build/dev/tests/cilp_faked_clock"
    path = TESTS.parent / Path(path)
    if not path.exists():
        pytest.skip(f"{path} was not built")
    return Program(path, standin)


@pytest.fixture(name="faked")
def _faked(standin):
    program = faked_program(standin)

    def run(clock, *words, env=None, **more):
        # The program lets nobody trace it: the leak checker cannot look.
        env = {"FAKED_CLOCK": clock, "ASAN_OPTIONS": "detect_leaks=0", **(env or {})}
        done = program(*words, env=env, **more)
        standin.settle()
        return done

    return run


def cancel(faked, clock, *options, **more):
    """cilp cancel IMAGE without looks after it."""
    return faked(clock, "cancel", IMAGE, "--no-verify", *options, **more)


def questions(standin):
    """The requests for the time."""
    return [r for r in standin.requests() if r["method"] == "GET"]


def signed(standin):
    """The requests that bear a signature."""
    found = [r for r in standin.requests() if r["method"] != "GET"]
    assert all(r["signature"] != "none" for r in found)
    return found


def has_succeeded(standin, done):
    """Cancelled, with a signature that the stand-in found good and fresh."""
    assert done.code == 0, done
    assert signed(standin)[-1]["signature"] == "ok"
    assert signed(standin)[-1]["acted"]
    return not standin.shared(IMAGE)


def said_offset(done):
    """How far the clock is behind EC2's, as the program says; None: says nothing."""
    found = NOTE.search(done.err)
    if not found:
        return None
    assert done.err.count("\n") == 1 or done.code != 0, done
    return int(found[1]) * (-1 if found[2] == "ahead of" else 1)


def is_behind(done, clock, beyond=0):
    """It says that a clock which showed `clock` is behind the stand-in's."""
    return abs(said_offset(done) + int(clock) - time.time() - beyond) < SLACK


def nothing_was_sent(standin, done):
    """Refused for the certificate, with all AMIs as they were."""
    assert done.code == 255 and done.out == "", done
    assert standin.shared(IMAGE)
    return signed(standin) == []


# ---- Mended ----


def test_right_clock_has_nothing_to_say(faked, standin):
    done = cancel(faked, "+0")
    assert has_succeeded(standin, done)
    assert done.err == "" and len(standin.requests()) == 1


@pytest.mark.parametrize("clock", [UNSET, "0", BEFORE_ALL_BUILDS])
def test_unset_clock(faked, standin, clock):
    done = cancel(faked, clock)
    assert has_succeeded(standin, done)
    assert len(questions(standin)) == 1 and len(signed(standin)) == 1
    assert [name.lower() for name, _ in questions(standin)[0]["headers"]] == ["host"]
    assert is_behind(done, clock)


@pytest.mark.parametrize("off", [-DAY, DAY, -3600, 3600, 960, -960])
def test_clock_that_is_off(faked, standin, off):
    done = cancel(faked, f"{off:+d}")
    assert has_succeeded(standin, done)
    assert questions(standin) == [] and len(signed(standin)) == 2
    assert abs(said_offset(done) + off) < SLACK


@pytest.mark.parametrize("off", [300, -300])
def test_five_minutes(faked, standin, off):
    # Within the quarter of an hour that EC2 grants: said, and nothing to mend.
    done = cancel(faked, f"{off:+d}")
    assert has_succeeded(standin, done)
    assert len(signed(standin)) == 1 and "from 15 minutes on" in done.err
    assert abs(said_offset(done) + off) < SLACK


@pytest.mark.parametrize("off", [200, -200])
def test_less_than_four_minutes_is_not_worth_a_word(faked, standin, off):
    done = cancel(faked, f"{off:+d}")
    assert has_succeeded(standin, done) and done.err == ""


@pytest.mark.parametrize("code", ["RequestExpired", "AuthFailure", "RequestTimeTooSkewed"])
@pytest.mark.parametrize("off", [300, -300])
def test_five_minutes_where_less_is_granted(faked, standin, code, off):
    standin.next({"error": code, "status": 400})
    done = cancel(faked, f"{off:+d}")
    assert has_succeeded(standin, done)
    assert len(signed(standin)) == 2
    assert abs(said_offset(done) + off) < SLACK


def test_offset_is_kept_for_the_whole_run(faked, standin):
    images = [f"ami-00000000000000d0{n}" for n in (1, 2, 3)]
    done = faked(UNSET, "cancel", *images)
    assert done.code == 0, done
    assert len(questions(standin)) == 1
    assert {r["signature"] for r in signed(standin)} == {"ok"}
    assert not any(standin.shared(image) for image in images)
    assert len(NOTE.findall(done.err)) == 1


def test_list_with_an_unset_clock(faked, standin):
    done = faked(UNSET, "list")
    assert done.code == 0, done
    assert IMAGE in done.out and len(questions(standin)) == 1
    assert is_behind(done, UNSET)


# ---- Certificates ----


def test_leaf_issued_a_year_after_the_build(faked, standin):
    # By the machine's clock it is too early for this leaf; by EC2's it is not.
    standin.set(clock_offset=NEXT_YEAR)
    done = cancel(faked, UNSET, listener="future")
    assert has_succeeded(standin, done)
    assert is_behind(done, UNSET, beyond=NEXT_YEAR)


def test_leaf_issued_a_year_from_now_is_refused_by_a_clock_that_is_set(faked, standin):
    done = cancel(faked, "+0", listener="future")
    assert nothing_was_sent(standin, done)
    assert "is valid only from" in done.err


def test_expired_leaf_with_an_unset_clock(faked, standin):
    done = cancel(faked, UNSET, listener="expired")
    assert nothing_was_sent(standin, done)
    assert len(questions(standin)) == 1
    assert "expired at" in done.err
    assert "our clock says 20" in done.err


@pytest.mark.parametrize(
    "listener, fragment",
    [
        ("untrusted", "which is not in the CA bundle"),
        ("impostor", "whose name but not whose key"),
        ("wrong-host", "certificate is for wrong.example"),
    ],
)
def test_unset_clock_excuses_dates_and_nothing_else(faked, standin, listener, fragment):
    done = cancel(faked, UNSET, listener=listener)
    assert nothing_was_sent(standin, done)
    assert standin.requests() == []
    assert fragment in done.err


def test_peer_that_tells_no_time(faked, standin):
    standin.always(date="absent")
    done = cancel(faked, UNSET)
    assert nothing_was_sent(standin, done)
    assert "the peer tells no time" in done.err


# ---- Not believed, not mended ----


@pytest.mark.parametrize("clock", [UNSET, f"-{DAY}"])
def test_plain_http_teaches_no_time(faked, standin, clock):
    done = cancel(faked, clock, listener="http")
    assert done.code == 254 and standin.shared(IMAGE)
    assert len(standin.requests()) == 1 and len(signed(standin)) == 1
    assert "(RequestExpired)" in done.err and said_offset(done) is None
    assert "set this machine's clock" in done.err
    assert "this machine says" in done.err and "EC2 says" in done.err


def test_expired_keys_with_a_right_clock(faked, standin):
    done = cancel(faked, "+0", key=EXPIRED_KEY)
    assert done.code == 254 and len(signed(standin)) == 1
    assert "(RequestExpired)" in done.err
    assert "the temporary credentials have expired" in done.err
    assert "clock" not in done.err


@pytest.mark.parametrize("clock", [UNSET, f"-{DAY}", f"+{DAY}"])
def test_expired_keys_and_a_wrong_clock(faked, standin, clock):
    done = cancel(faked, clock, key=EXPIRED_KEY)
    assert done.code == 254 and standin.shared(IMAGE)
    assert "the temporary credentials have expired" in done.err
    assert said_offset(done) is not None
