"""The program where machines differ: time zones and languages, dates beyond 2038 and 2106,
few descriptors, little stack, no name of its own, a huge environment.

Elsewhere: full disks (test_audit.py, test_cli.py, test_offline.py), closed standard streams
(test_cli.py, test_static.py), an empty root without /proc (test_static.py), a wrong clock
(test_clock.py), machines of 32 bits (dist/test_foreign.py, unit/foreign.sh), the unit tests
in another time zone (unit/memory.sh).
"""

import calendar
import ctypes
import datetime
import json
import os
import resource
import time

import chains
import pytest
from conftest import TIMEOUT, full_disk
from standin import Standin
from test_clock import faked_program

IMAGE = "ami-0abcdef1234567890"
FARTHEST = "2106-02-08"  # a day after 32 bits without a sign have run out
DATES = ["2038-01-20", FARTHEST]
CLOCK_SLACK = 100


# ---- Time zones and languages ----


@pytest.mark.parametrize(
    "env",
    [
        {"TZ": "Pacific/Kiritimati"},
        {"TZ": "XXX-14:00YYY"},
        {"TZ": ":/dev/zero"},
        {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
        {"LC_ALL": "../../../dev/zero", "LANGUAGE": "de:fr", "MUSL_LOCPATH": "/"},
    ],
)
def test_neither_time_zone_nor_language_changes_a_byte(cilp, standin, tmp_path, env):
    assert cilp("list", env=env) == cilp("list")
    audit = tmp_path / "audit"
    done = cilp.cancel(IMAGE, "--audit", str(audit), env=env)
    assert (done.code, done.err) == (0, "")
    assert [r["signature"] for r in standin.requests()][-1] == "ok"
    told = json.loads(audit.read_text())["time"]
    assert abs(calendar.timegm(time.strptime(told, "%Y-%m-%dT%H:%M:%SZ")) - time.time()) < TIMEOUT


# ---- Dates ----


@pytest.fixture(name="then", scope="module", params=DATES)
def _then(request):
    """A stand-in of that day, with certificates made for it."""
    day = datetime.datetime.fromisoformat(request.param)
    at = calendar.timegm(day.timetuple())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chains, "CA_LIFE", 200 * 365 * chains.DAY)
        leaf = day - datetime.timedelta(days=10)
        with Standin(
            [f"rsa:leaf-from={leaf.isoformat()}"], clock_offset=at - time.time()
        ) as standin:
            yield standin, at


@pytest.fixture(name="of_then")
def _of_then(then):
    """The program on a machine of that day, and the day."""
    standin, at = then
    standin.reset()
    program = faked_program(standin)

    def run(*words, clock=at):
        env = {"FAKED_CLOCK": str(clock), "ASAN_OPTIONS": "detect_leaks=0"}
        done = program(*words, env=env)
        standin.settle()
        return done

    return run, standin, at


def test_a_cancel_of_that_day(of_then, tmp_path):
    run, standin, at = of_then
    audit = tmp_path / "audit"
    done = run("cancel", IMAGE, "--audit", str(audit))
    assert (done.code, done.err) == (0, "")
    assert not standin.shared(IMAGE)
    assert standin.requests()[0]["signature"] == "ok"
    told = json.loads(audit.read_text())["time"]
    assert 0 <= calendar.timegm(time.strptime(told, "%Y-%m-%dT%H:%M:%SZ")) - at < CLOCK_SLACK


def test_a_list_counts_days_to_that_day(of_then):
    run, _, at = of_then
    done = run("list", "--output", "json")
    assert (done.code, done.err) == (0, "")
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert len(lines) > 1
    for line in lines:
        created = calendar.timegm(time.strptime(line["created"], "%Y-%m-%dT%H:%M:%S.000Z"))
        assert line["age_days"] == (at - created) // 86400, line


def test_a_clock_of_today_finds_no_certificate_of_that_day_valid(of_then):
    run, standin, _ = of_then
    done = run("cancel", IMAGE, clock=int(time.time()))
    assert done.code == 255 and "is valid only from" in done.err
    assert standin.shared(IMAGE)


# ---- Descriptors, stack, environment, name ----


def limited(limit, number):
    """Before exec."""
    return lambda: resource.setrlimit(limit, (number, number))


@pytest.mark.parametrize(
    "number, code, said",
    [(3, 253, "CA bundle"), (4, 255, "nothing was sent"), (5, 0, "")],
)
def test_few_descriptors(cilp, standin, number, code, said):
    """One for the bundle, one for the connection, beside the standard ones."""
    if not cilp.is_static:
        pytest.skip("of the static program")
    done = cilp.cancel(IMAGE, preexec_fn=limited(resource.RLIMIT_NOFILE, number))
    assert done.code == code and said in done.err
    assert code == 0 or "too many files are open" in done.err
    assert standin.shared(IMAGE) == (code != 0)


def test_a_stack_of_64_kb(cilp, standin):
    if not cilp.is_static:
        pytest.skip("of the static program")
    done = cilp("cancel", IMAGE, preexec_fn=limited(resource.RLIMIT_STACK, 65536))
    assert (done.code, done.err) == (0, "")
    assert not standin.shared(IMAGE)
    listed = cilp("list", preexec_fn=limited(resource.RLIMIT_STACK, 65536))
    assert listed == cilp("list")


def test_an_environment_of_1_mb(cilp, standin):
    much = {f"PAD_{i}": "x" * 100_000 for i in range(10)}
    much |= {f"SMALL_{i}": "" for i in range(5000)}
    done = cilp("cancel", IMAGE, env=much)
    assert (done.code, done.err) == (0, "")
    assert not standin.shared(IMAGE)


def exec_with(path, words, env):
    """execve() as it is: `words` may be none."""
    libc = ctypes.CDLL(None, use_errno=True)
    argv = (ctypes.c_char_p * (len(words) + 1))(*[w.encode() for w in words], None)
    pairs = [f"{name}={value}".encode() for name, value in env.items()]
    envp = (ctypes.c_char_p * (len(pairs) + 1))(*pairs, None)
    libc.execve(os.fsencode(path), argv, envp)


@pytest.mark.parametrize("words, code", [([], 252), ([""], 252), (["", "--version"], 0)])
def test_no_name_of_its_own(cilp, standin, words, code):
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.dup2(writer, 1)
        os.dup2(writer, 2)
        exec_with(cilp.path, words, cilp.environment())
        os._exit(1)  # pylint: disable=protected-access
    os.close(writer)
    with open(reader, encoding="utf-8") as said:
        text = said.read()
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == code
    assert text.startswith("cilp") and not standin.connections()


# ---- Full disks, where no other test has one ----


@pytest.mark.parametrize("words", [("list",), ("list", "--output", "json"), ("explain", IMAGE), ("doctor",), ("--help",)])
def test_an_answer_that_cannot_be_written_is_no_success(cilp, words):
    with open("/dev/full", "wb") as full:
        done = cilp(*words, stdout=full)
    assert done.code == 255, done


def test_a_request_that_finds_no_room_leaves_no_file(cilp, standin, tmp_path):
    with full_disk(tmp_path / "disk") as disk:
        done = cilp("sign", IMAGE, "-o", str(disk / "REQUEST"))
        assert done.failed(255, "the signed request could not be written")
        assert not (disk / "REQUEST").exists()
    assert not standin.requests()


def test_a_plan_that_finds_no_room_is_none(cilp, standin, tmp_path):
    with full_disk(tmp_path / "disk") as disk:
        with open(disk / "PLAN", "wb") as file:
            done = cilp("plan", stdout=file)
        assert done.code == 255 and "standard output could not be written" in done.err
        applied = cilp("apply", "--dry-run", str(disk / "PLAN"))
    assert applied.code in (252, 253) and "PLAN" in applied.err
    assert not any("CancelImageLaunchPermission" in r["body"] for r in standin.requests())
