"""Every system call fails in turn: each that the program makes, at each of its positions,
with the errors that its manual page gives (sections 2 and 7), until a run is not hit.

strace answers the call in the kernel's place. What is held, whatever fails: an exit code
that is documented, and the right one for what the stand-in has seen; one line that names
what was in the way; no crash, no endless wait, no secret; and what comes next is good.

Twice each: one call fails, which most of them have to get over, and all from there on.
Most combinations are left to CILP_THOROUGH: without it each position has one error, another
one at each. What the program cannot be without is its memory: core and port ask for none,
and TLS's arena refuses each allocation in turn in wire/test_tls.c.
"""

import json
import re
import shutil
import subprocess
from dataclasses import dataclass

import accounts
import pytest
import roles
from conftest import THOROUGH, figure
from keyless import FIRMWARE, IMAGE, NO_KEYS, ON
from standin import Standin

pytestmark = pytest.mark.skipif(not shutil.which("strace"), reason="needs strace")

SECOND = "ami-00000000000000d01"
PATIENCE = 120  # of a machine that is busy
DEADLINE = "20"
POSITIONS_MAX = 60
NUMBERS = {"EADDRINUSE": 98, "EINVAL": 22, "EPROTONOSUPPORT": 93, "ENOPROTOOPT": 92, "ENOTCONN": 107}
FULL = "is on a disk that is full"
NO_FILES = "too many files are open"
NO_MEMORY = "out of memory"

# What of each call can come, and what is then to be read. EINTR is left out where every
# signal is blocked, EFAULT and EBADF wherever only a fault of the program could be the cause.
CONNECTING = {
    "EACCES": "this machine forbids connecting to",
    "EPERM": "this machine forbids connecting to",
    "EAFNOSUPPORT": "does not speak the protocol of",
    "EMFILE": NO_FILES,
    "ENFILE": NO_FILES,
    "ENOBUFS": NO_MEMORY,
    "ENOMEM": NO_MEMORY,
    "EADDRNOTAVAIL": "no address of this machine can reach",
    "ECONNREFUSED": "connection refused by",
    "ECONNRESET": "connection reset by",
    "EPIPE": "connection closed by",
    "ENETUNREACH": "no route to the network of",
    "EHOSTUNREACH": "no route to",
    "ETIMEDOUT": "no answer from",
    **{name: f"errno {number} " for name, number in NUMBERS.items()},
}
OPENING = {
    "EACCES": "may not be read by this user",
    "EPERM": "may not be read by this user",
    "ELOOP": "a symbolic link that leads in a circle",
    "EMFILE": NO_FILES,
    "ENAMETOOLONG": "is too long for a path",
    "ENFILE": NO_FILES,
    "ENOENT": "does not exist",
    "ENOMEM": NO_MEMORY,
    "ENOTDIR": "is below something that is no folder",
    "ENXIO": "is not a regular file",
    "EOVERFLOW": "cannot be opened",
}
CREATING = {
    "EACCES": "may not be written by this user",
    "EDQUOT": FULL,
    "EISDIR": "is not a regular file",
    "ELOOP": "a symbolic link that leads in a circle",
    "EMFILE": NO_FILES,
    "ENAMETOOLONG": "is too long for a path",
    "ENFILE": NO_FILES,
    "ENOENT": "is in a folder that does not exist",
    "ENOMEM": NO_MEMORY,
    "ENOSPC": FULL,
    "ENOTDIR": "is in a folder that does not exist",
    "ENXIO": "is not a regular file",
    "EPERM": "may not be written by this user",
    "EROFS": "may not be written by this user",
}


def some(table, names):
    """A part of a table."""
    return {name: table[name] for name in names.split()}


LATER = {"EINTR": None, "EAGAIN": None}  # never a reason to give up
WORDS = {
    "socket": some(
        CONNECTING,
        "EACCES EAFNOSUPPORT EINVAL EMFILE ENFILE ENOBUFS ENOMEM EPROTONOSUPPORT",
    ),
    # Not EINTR, after which the kernel goes on to connect; an injected one has not begun.
    "connect": some(
        CONNECTING,
        "EACCES EPERM EADDRINUSE EADDRNOTAVAIL EAFNOSUPPORT ECONNREFUSED "
        "ENETUNREACH EHOSTUNREACH ETIMEDOUT",
    ),
    "getsockopt": some(CONNECTING, "ENOPROTOOPT ENOBUFS"),
    "sendto": {**LATER, **some(CONNECTING, "ECONNRESET EPIPE ENOBUFS ENOMEM ENOTCONN")},
    "recvfrom": {
        **LATER,
        **some(CONNECTING, "ECONNREFUSED ECONNRESET ENOMEM ENOTCONN ETIMEDOUT"),
    },
    "openat": OPENING,
    "open": CREATING,
    "fstat": {"ENOMEM": NO_MEMORY, "EOVERFLOW": "cannot be opened"},
    "read": {"EINTR": None, "EIO": "cannot be read", "EISDIR": "cannot be read"},
    "lseek": {"EINVAL": "cannot be read", "ESPIPE": "cannot be read"},
    "fallocate": {
        **{name: None for name in "EINTR EIO ENOSYS EOPNOTSUPP".split()},
        **{name: FULL for name in "EDQUOT ENOSPC".split()},
    },
    "write": {
        **LATER,
        **dict.fromkeys(
            "EDQUOT EFBIG EIO ENOSPC EPERM EPIPE".split(),
            "could not be written",
        ),
    },
    "getrandom": {"EINTR": None, "ENOSYS": "no random bytes"},
    # These may fail: what they are for goes well without, or shows in the next call.
    "close": {"EINTR": None, "EIO": None, "ENOSPC": None, "EDQUOT": None},
    "fcntl": {"EINVAL": None},
    "ioctl": {"ENOTTY": None},
    "mprotect": {"EACCES": None, "ENOMEM": None},
    "poll": {"EINTR": None, "EINVAL": None, "ENOMEM": None},
    "ppoll": {"EINTR": None, "EINVAL": None, "ENOMEM": None},
    "prctl": {"EINVAL": None},
    "rt_sigaction": {"EINVAL": None},
    "rt_sigprocmask": {"EINVAL": None},
    "setsockopt": {"ENOPROTOOPT": None},
}
# The end; and libc's own start, before the program's first instruction.
EXCUSED = {"execve", "exit_group", "arch_prctl", "set_tid_address"}
# A connection that breaks is made anew, and a request that was lost is asked again.
AGAIN = {"socket", "connect", "getsockopt", "sendto", "recvfrom"}


@dataclass
class Scenario:
    """What is run: words, the AMIs in question, what it takes; asks: how many attempts a
    broken connection has."""

    words: list
    images: tuple = ()
    owner: str = accounts.CALLER
    text: str = ""
    attempts: int = 2
    keyless: bool = False


ALONE = ["--even-if-in-use", "--no-verify"]
SCENARIOS = {
    "cancel": Scenario(["cancel", IMAGE, "--even-if-in-use", "--audit", "AUDIT"], (IMAGE,)),
    "two": Scenario(["cancel", "-", *ALONE], (IMAGE, SECOND), text=f"{IMAGE}\n{SECOND}\n", attempts=1),
    "list": Scenario(["list", "--output", "ids"]),
    "instance": Scenario(["cancel", FIRMWARE, *ALONE], (FIRMWARE,), roles.BUILDS, keyless=True),
}


@pytest.fixture(scope="module", name="running")
def _running():
    with Standin(["rsa", "imds"]) as standin:
        yield standin


@dataclass
class Run:
    """What came of one: `hit`, the call that failed."""

    code: int
    out: str
    err: str
    hit: str


class Torture:
    """Runs a scenario with calls that fail."""

    def __init__(self, cilp, folder):
        if not cilp.is_static:
            pytest.skip("of the static program")
        self.cilp, self.standin = cilp, cilp.standin
        self.audit, self.log = folder / "audit.jsonl", folder / "log"
        self.points = 0

    def environment(self, scenario):
        """Its variables."""
        more = {"AWS_MAX_ATTEMPTS": str(scenario.attempts)}
        if scenario.keyless:
            more |= {**NO_KEYS, **ON, **self.standin.source_environment("imds")}
            more["AWS_METADATA_SERVICE_NUM_ATTEMPTS"] = "2"
        return self.cilp.environment(env=more)

    def run(self, scenario, *strace):
        """Once, from the beginning, under strace with such options."""
        self.standin.reset()
        self.standin.write_sources()
        self.audit.unlink(missing_ok=True)
        words = [str(self.audit) if word == "AUDIT" else word for word in scenario.words]
        done = subprocess.run(
            ["strace", "-f", "-o", self.log, *strace, self.cilp.path, *words, "--deadline", DEADLINE],
            env=self.environment(scenario),
            input=scenario.text,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        lines = self.log.read_text(errors="replace").splitlines()
        hits = [line for line in lines if "(INJECTED)" in line]
        return Run(done.returncode, done.stdout, done.stderr, hits[0] if hits else "")

    def break_call(self, scenario, call, error, when):
        """Once, with one call or all from one on failing."""
        inject = f"inject={call}:error={error}:when={when}"
        run = self.run(scenario, "--seccomp-bpf", "-e", f"trace={call}", "-e", inject)
        self.points += bool(run.hit)
        assert self.standin.settle(PATIENCE)
        return run

    def arrived(self):
        """The requests to cancel that the stand-in has whole."""
        requests = self.standin.requests()
        return [r for r in requests if r["complete"] and r["action"] == "CancelImageLaunchPermission"]

    def is_cancelled(self, scenario, image):
        """The truth."""
        return not self.standin.shared(image, scenario.owner)


POINTS = []


@pytest.fixture(scope="module", autouse=True)
def _count():
    yield
    figure(f"torture: {sum(POINTS)} fault points")


@pytest.fixture(name="torture")
def _torture(cilp, tmp_path):
    torture = Torture(cilp, tmp_path)
    yield torture
    POINTS.append(torture.points)


# ---- What is held -----------------------------------------------------------


def saw_no_secret(torture, run):
    """Whatever it says."""
    for secret in torture.standin.secrets():
        assert secret not in run.out + run.err


def is_said_well(run):
    """Every line is the program's, is whole, and one at most is no note; of several AMIs each
    has its own, and the last one counts them."""
    lines = run.err.splitlines()
    assert run.err == "" or run.err.endswith("\n"), run
    assert all(line.startswith("cilp: ") for line in lines), run
    errors = [line for line in lines if not line.startswith("cilp: note: ")]
    sums = r"cilp: (\d AMIs? tried|every further AMI|the list is not complete)"
    return [line for line in errors if not re.match(sums, line)]


def told_of(run, image):
    """What is said of an AMI: it is cancelled, or may be, or neither."""
    said = " ".join(line for line in (run.out + run.err).splitlines() if image in line)
    if "unknown" in said:
        return "unknown"
    return "cancelled" if re.search(r"\b(cancelled|gone)\b", said) else "not"


def outcome_is_true(torture, scenario, run):
    """Of each AMI; and the exit code is the worst of them."""
    truths = [torture.is_cancelled(scenario, image) for image in scenario.images]
    if run.code == 0:
        assert all(truths), run
    elif run.code == 250:
        assert torture.arrived(), run
    elif len(truths) == 1:
        assert not any(truths), run
    for image, is_cancelled in zip(scenario.images, truths):
        told = told_of(run, image)
        assert told != "cancelled" or is_cancelled, run
        assert told != "not" or image not in run.out or not is_cancelled, run


def audit_is_whole(torture):
    """Each of its lines is one, and the last is true."""
    if not torture.audit.exists():
        return
    lines = [json.loads(line) for line in torture.audit.read_text().splitlines()]
    if lines and lines[-1]["verdict"] in ("cancelled", "gone"):
        assert not torture.standin.shared(IMAGE)


def has_come_through(scenario, words, run, undisturbed):
    """As if nothing had been. A list has a note instead if nobody could tell who asks."""
    assert [line for line in is_said_well(run) if "note:" not in line] == [], run
    if not scenario.images and run.out != undisturbed.out:
        assert words and re.search(words, run.err) and "this account's own AMIs" in run.err, run


def has_failed(scenario, words, run):
    """With a code that is documented, and the cause; of a list that is broken off with a
    note, too."""
    errors = is_said_well(run)
    assert run.code in (250, 253, 255) or "standard input" in run.err and run.code == 252, run
    assert len(errors) == 1 or len(scenario.images) > 1, run
    assert errors and all(re.search(words, line) for line in errors), run
    if run.code == 255 and len(scenario.images) == 1:
        assert "nothing was sent" in run.err, run


def is_written_or_told(scenario, run, words, undisturbed):
    """Nothing is done that is not, nor undone, because it cannot be told; a list that is not
    whole is none."""
    assert run.code in (0, 255) if words and not scenario.images else run.code == 0, run
    if run.code == 0 and not scenario.images:
        assert run.out == undisturbed.out, run


def must_survive(scenario, call, words, sticks):
    """Whether it has to end as if nothing had been."""
    return words is None or call in AGAIN and not sticks and scenario.attempts > 1


def judge(torture, scenario, call, words, sticks, run, undisturbed):
    """Everything that is held of one run."""
    assert run.code >= 0, f"it crashed: {run}"
    saw_no_secret(torture, run)
    if must_survive(scenario, call, words, sticks):
        assert run.code == 0, run
    if call == "write":
        is_written_or_told(scenario, run, words, undisturbed)
    elif run.code == 0:
        has_come_through(scenario, words, run, undisturbed)
    else:
        has_failed(scenario, words, run)
    outcome_is_true(torture, scenario, run)
    if call in AGAIN and not sticks: # what comes next is good
        lost = [image for image in scenario.images if not torture.is_cancelled(scenario, image)]
        assert len(lost) <= 1, run
    audit_is_whole(torture)


# ---- The cases --------------------------------------------------------------


WHOLE = {}


@pytest.fixture(name="whole")
def _whole(torture, name):
    """The run of a scenario in which nothing fails, and the calls it makes."""
    if name not in WHOLE:
        run = torture.run(SCENARIOS[name])
        lines = torture.log.read_text(errors="replace").splitlines()
        found = [re.match(r"(?:\d+ +)?(\w+)\(", line) for line in lines]
        WHOLE[name] = run, {call[1] for call in found if call}
    assert WHOLE[name][0].code == 0, WHOLE[name]
    return WHOLE[name]


def errors_at(call, position, sticks):
    """Those of a position: all, or one, another one at each."""
    names = list(WORDS[call])
    if sticks:
        names = [name for name in names if WORDS[call][name]]
    if THOROUGH or not names:
        return names
    return [names[(position + (3 if sticks else 0)) % len(names)]]


def positions(torture, scenario, call, sticks):
    """Each run of a call that is hit, with its error, until one is not."""
    for position in range(1, POSITIONS_MAX):
        hit = False
        for error in errors_at(call, position, sticks):
            run = torture.break_call(scenario, call, error, f"{position}{'+' if sticks else ''}")
            hit = hit or bool(run.hit)
            if run.hit:
                yield error, run
        if not hit:
            return
    pytest.fail("calls without an end")


@pytest.mark.parametrize("sticks", [False, True], ids=["once", "from-then-on"])
@pytest.mark.parametrize("call", WORDS)
@pytest.mark.parametrize("name", SCENARIOS)
def test_a_call_fails(torture, whole, name, call, sticks):
    scenario, (undisturbed, calls) = SCENARIOS[name], whole
    for error, run in positions(torture, scenario, call, sticks):
        judge(torture, scenario, call, WORDS[call][error], sticks, run, undisturbed)
    can_fail = any(WORDS[call].values()) or not sticks
    assert (torture.points > 0) == (call in calls and can_fail)


@pytest.mark.parametrize("name", SCENARIOS)
def test_no_call_is_left_out(whole, name):
    assert whole[1] - EXCUSED <= set(WORDS), name
