"""No secret is left in the program's memory when it is done.

The program is stopped by ptrace as it is about to exit, and all that it has mapped is
searched: data, arena, stack, environment. While it waits for EC2 the same search finds
what it is looking for.
"""

import base64
import ctypes
import os
import re
import select
import signal
import time

import pytest
import web_identity
from keyless import CANCEL, FLOWS, IMAGE, KEYS, Flow

TRACEME, CONT, SETOPTIONS = 0, 7, 0x4200
TRACE_EXIT, EXIT_KILL = 0x40, 0x100000
EXITING = signal.SIGTRAP | 6 << 8
PIECE, STEP = 12, 4  # of a secret 15 bytes in a row are a find
STALL = 0.5
PATIENCE = 20
AGENT_TOKEN = "Bearer an-agent-s-own-token-0123456789"

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0, reason="needs root: the program lets nobody read its memory"
)


@pytest.fixture(autouse=True)
def _static(cilp):
    if not cilp.is_static:
        pytest.skip("of the static program")


def ptrace(request, pid, data=0):
    """The system call."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    libc.ptrace.restype = ctypes.c_long
    if libc.ptrace(request, pid, None, data) < 0:
        raise OSError(ctypes.get_errno(), "ptrace")


def memory(pid):
    """(name, bytes) of everything that is mapped."""
    with open(f"/proc/{pid}/maps", encoding="utf-8") as maps:
        lines = [(line + " -").split(maxsplit=5) for line in maps]
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as mem:
        for where, rights, *_, name in lines:
            if "r" not in rights or name.startswith("[v"):  # the kernel's own
                continue
            first, last = (int(part, 16) for part in where.split("-"))
            mem.seek(first)
            yield f"{where} {name.strip()}", mem.read(last - first)


def found(pid, secrets):
    """Where which pieces of secrets are: (secret, piece, place)."""
    places = []
    for name, data in memory(pid):
        written = re.sub(rb"\0{16,}", b"\0", data)  # a tenth of it; no secret has a zero
        for secret in secrets:
            for at in range(0, len(secret) - PIECE + 1, STEP):
                piece = secret[at : at + PIECE].encode()
                if piece in written:
                    places.append((secret[:40], at, name, hex(data.index(piece))))
                    break
    return places


class Traced:
    """A run of the program, from its exec to its exit."""

    def __init__(self, keyless, flow, *options, env=None, image=None, words=None, **more):
        words = words or ("cancel", image or flow.image, "--no-verify", "--even-if-in-use", *flow.options, *options)
        env = keyless.environment(flow, env)
        self.process = keyless.cilp.start(
            *words, env=env, preexec_fn=lambda: ptrace(TRACEME, 0), **more
        )
        self.pid = self.process.pid
        self.stopped()
        ptrace(SETOPTIONS, self.pid, TRACE_EXIT | EXIT_KILL)
        ptrace(CONT, self.pid)

    def stopped(self):
        """Waits until it stops, and tells why."""
        _, status = os.waitpid(self.pid, 0)
        assert os.WIFSTOPPED(status), status
        return status >> 8

    def until(self, happened):
        """Lets it run, and have its signals, until something has happened; stops it."""
        end = time.monotonic() + PATIENCE
        while not happened():
            assert time.monotonic() < end
            if os.waitid(os.P_PID, self.pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT):
                ptrace(CONT, self.pid, self.stopped())
            time.sleep(0.01)
        os.kill(self.pid, signal.SIGSTOP)
        assert self.stopped() == signal.SIGSTOP

    def until_it_waits(self):
        """Until it has told an outcome and reads on: then it is stopped. False: it is about
        to exit instead."""
        end = time.monotonic() + PATIENCE
        while not (self.has_spoken() and self.sleeps()):
            assert time.monotonic() < end
            if os.waitid(os.P_PID, self.pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT):
                why = self.stopped()
                if why == EXITING:
                    return False
                ptrace(CONT, self.pid, why)
            time.sleep(0.01)
        os.kill(self.pid, signal.SIGSTOP)
        return self.stopped() == signal.SIGSTOP

    def has_spoken(self):
        """Whether a line is there to be read on standard output."""
        return bool(select.select([self.process.stdout], [], [], 0)[0])

    def sleeps(self):
        """Whether it waits for something."""
        with open(f"/proc/{self.pid}/stat", encoding="ascii") as stat:
            return stat.read().rpartition(")")[2].split()[0] == "S"

    def to_exit(self):
        """Goes on to where it is about to exit."""
        why = self.stopped()
        while why != EXITING:
            ptrace(CONT, self.pid, why)
            why = self.stopped()

    def end(self):
        """Its exit code and what it said."""
        ptrace(CONT, self.pid)
        _, status = os.waitpid(self.pid, 0)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        out, err = self.process.communicate()
        return self.process.returncode, out.decode(), err.decode()


def has_cancel(keyless):
    """Whether EC2 has the request."""
    return any(r["action"] == CANCEL[0][1] for r in keyless.standin.requests())


def handed_out(keyless):
    """What this run can have seen, but for what the environment and the files of profiles
    told when it began, and the source is asked with each time."""
    asked_with = (*KEYS.values(), AGENT_TOKEN)
    return [secret for secret in secrets_of(keyless) if secret not in asked_with]


def secrets_of(keyless):
    """Those that this run can have seen."""
    files = [keyless.standin.folder / "web-identity.jwt"]
    return [*keyless.standin.secrets(), *(file.read_text() for file in files)]


ENVIRONMENT = Flow("environment", [], env=KEYS, image=IMAGE)
ALL = {"environment": ENVIRONMENT, **FLOWS}


@pytest.mark.parametrize("name", ALL)
def test_nothing_is_left(keyless, name):
    flow = ALL[name]
    keyless.standin.set(container_token=AGENT_TOKEN)
    keyless.standin.for_listener("rsa", action=CANCEL[0][1], stall=STALL, act=True)
    run = Traced(keyless, flow)
    run.until(lambda: has_cancel(keyless))
    assert found(run.pid, secrets_of(keyless)), "the search finds nothing at all"
    ptrace(CONT, run.pid)
    run.to_exit()
    places = found(run.pid, secrets_of(keyless))
    code, _, err = run.end()
    assert (code, err) == (0, "")
    assert places == []


@pytest.mark.parametrize("name", ["imds", "container", "web", "role", "sso", "process"])
@pytest.mark.parametrize("order", [{"json": "half"}, {"cut_reply": 300}, {"status": 403}])
def test_nothing_is_left_of_a_failure(keyless, name, order):
    flow = ALL[name]
    keyless.standin.set(container_token=AGENT_TOKEN)
    keyless.standin.always(**order)
    if name == "process":
        keyless.spoken.write_text(keyless.spoken.read_text()[:-1])
    env = {"AWS_MAX_ATTEMPTS": "1", "AWS_METADATA_SERVICE_NUM_ATTEMPTS": "1"}
    run = Traced(keyless, flow, env=env)
    run.to_exit()
    places = found(run.pid, secrets_of(keyless))
    run.end()
    assert places == []


@pytest.mark.parametrize("name", ALL)
def test_nothing_is_left_of_what_is_signed_for_another_machine(keyless, name, tmp_path):
    flow, path = ALL[name], tmp_path / "REQUEST"
    words = ("sign", flow.image, "-o", str(path), *flow.options)
    run = Traced(keyless, flow, words=words)
    run.to_exit()
    secrets = [*handed_out(keyless), path.read_text().split("Signature=")[1][:64]]
    places = found(run.pid, secrets)
    code, _, err = run.end()
    assert code == 0, err
    assert places == []


def test_nothing_is_left_of_what_was_sent_for_another_machine(keyless, tmp_path):
    path = tmp_path / "REQUEST"
    signed = keyless.cilp("sign", IMAGE, "-o", str(path), key="ASIALONGTOKENEXAMPLE")
    assert signed.code == 0, signed
    text = path.read_text()
    secrets = [text.split("Signature=")[1][:64], text.split("Security-Token: ")[1].split("\n")[0]]
    run = Traced(keyless, ENVIRONMENT, words=("send", str(path)))
    run.to_exit()
    places = found(run.pid, secrets)
    code, out, err = run.end()
    assert code == 0 and "cancelled" in out, err
    assert places == []


# Keys that come in what is no reply: of the test's own making, and none of the stand-in's.
STRAY = "zK7hJ2kLm9PzXv4Wn/0qTbRcYdUeIfOgSjAk+8w1"
XML = (
    "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult>"
    "<Credentials><AccessKeyId>ASIAEXAMPLEKEYID0000</AccessKeyId>"
    f"<SecretAccessKey>{STRAY}</SecretAccessKey>"
)


def whole(body):
    """A reply that is none of the faults: they are in its body."""
    return f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}"


# In one piece each, so that all of it is there when its fault is seen.
RAW = {
    "status-line": f"ICY 200 OK\r\n\r\n{STRAY}",
    "keys-as-status": STRAY,
    "header-name": f"HTTP/1.1 200 OK\r\nBad Name : x\r\n\r\n{STRAY}",
    "keys-as-header-name": f"HTTP/1.1 200 OK\r\n{STRAY}\r\n\r\n",
    "keys-as-header": f"HTTP/1.1 200 OK\r\nContent-Length: {STRAY}\r\n\r\n",
    "line-end": f"HTTP/1.1 200 OK\nContent-Length: 9\n\n{STRAY}",
    "length": f"HTTP/1.1 200 OK\r\nContent-Length: +9\r\n\r\n{STRAY}",
    "left-over": f"HTTP/1.1 403 No\r\nContent-Length: 2\r\n\r\n{{}}{STRAY}",
    "error-as-keys": f"HTTP/1.1 403 {STRAY}\r\nContent-Length: 40\r\n\r\n{STRAY}",
    "never-ends": f"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n{STRAY}",
    "xml-half": whole(XML),
    "xml-crossed": whole(f"{XML}</AssumeRoleWithWebIdentityResult>"),
    "xml-entity": whole(f"{XML}<SessionToken>{STRAY}&who;"),
}
REFUSED = {
    "two-framings": {"framing": "both"},
    "two-lengths": {"framing": "two-lengths"},
    "long-length": {"framing": "long-length"},
    "bad-chunk": {"framing": "bad-chunk"},
    "no-last-chunk": {"framing": "no-last-chunk"},
    "wrong-status": {"status": 204, "act": True},
    "server-error": {"status": 500, "act": True},
    "cut": {"cut_reply": 640},  # behind the keys, before the end of the shortest reply
    "cut-xml": {"cut_reply": 1100},
    "too-long": {"body_bytes": 200_000},
    "json-twice": {"json": "duplicate"},
    "json-trailing": {"json": "trailing"},
    "json-control": {"json": "control"},
    "expired": {"lifetime": -600},
    **{
        name: {"raw": base64.b64encode(text.encode()).decode(), "keep_open": name == "never-ends"}
        for name, text in RAW.items()
    },
}
# Who gives keys in the last reply, and what that reply is called.
GIVERS = {
    "imds": "credentials",
    "container": "credentials",
    "container-https": "credentials",
    "sso": "GetRoleCredentials",
    "iot": "credentials",
    "roles-anywhere": "CreateSession",
    "web": "AssumeRoleWithWebIdentity",
    "role": "AssumeRole",
}


def test_the_stray_key_is_found_where_it_is(keyless):
    keyless.standin.always(**REFUSED["never-ends"])
    run = Traced(keyless, ALL["container"])
    run.until(lambda: found(run.pid, [STRAY]))
    os.kill(run.pid, signal.SIGTERM)
    ptrace(CONT, run.pid)
    run.to_exit()
    run.end()


# JSON and XML meet all of them; the others, which share their readers, some. XML is read as
# it comes, however long it is.
SOME = ["two-framings", "header-name", "status-line", "cut", "cut-xml", "too-long", "left-over"]
OF_JSON = ["cut", "too-long", "json-twice", "json-trailing", "json-control"]
OF_XML = ["cut-xml", "xml-half", "xml-crossed", "xml-entity"]
COMBINED = [
    (name, order)
    for name in GIVERS
    for order in (REFUSED if name in ("container", "web") else SOME)
    if order not in (OF_JSON if name in ("web", "role") else OF_XML)
]
# After these it is silent.
SILENT = ["never-ends", "long-length", "no-last-chunk"]


def waiting(keyless, flow, *options, env=None):
    """What is in its memory of what was handed out, and of STRAY, while it waits for the
    next line of a batch; of all secrets at its end; its exit code and what it printed."""
    lines, writer = os.pipe()
    run = Traced(keyless, flow, *options, env=env, image="-", stdin=lines)
    os.close(lines)
    os.write(writer, f"{flow.image}\n".encode())
    waits = run.until_it_waits()
    places = found(run.pid, [*handed_out(keyless), STRAY]) if waits else []
    os.close(writer)
    if waits:
        ptrace(CONT, run.pid)
        run.to_exit()
    places += found(run.pid, [*secrets_of(keyless), STRAY])
    return places, *run.end()


@pytest.mark.parametrize("name, order", COMBINED)
def test_nothing_is_left_of_a_refused_reply(keyless, name, order):
    """Nor while the program waits for its next line of input, if it goes on."""
    flow = ALL[name]
    keyless.standin.set(container_token=AGENT_TOKEN)
    keyless.standin.always(action=GIVERS[name], **REFUSED[order])
    env = {"AWS_MAX_ATTEMPTS": "1", "AWS_METADATA_SERVICE_NUM_ATTEMPTS": "1"}
    short = ["--cli-read-timeout", "1"] if order in SILENT else []
    places, code, out, _ = waiting(keyless, flow, *short, env=env)
    assert code != 0 and "cancelled" not in out
    assert places == []


@pytest.mark.parametrize("output", ["text", "json"])
@pytest.mark.parametrize("status", [0, 3])
def test_nothing_is_left_of_what_a_process_says(keyless, status, output):
    """It prints a secret beside the keys, or in place of them."""
    script = keyless.home / "helper.sh"
    ending = f"exec cat {keyless.spoken}" if status == 0 else f"exit {status}"
    script.write_text(f"#!/bin/sh\necho '{STRAY} and no more' >&2\n{ending}\n")
    script.chmod(0o700)
    keyless.profiles(f"[profile talks]\nregion = us-east-1\ncredential_process = {script}\n")
    flow = Flow("process", [], options=("--profile", "talks"), image=IMAGE)
    places, code, out, err = waiting(keyless, flow, "--output", output)
    assert places == []
    if status == 0:
        assert code == 0 and "cancelled" in out and "no more" not in err
        return
    assert code == 253 and ("no more" in err) == (output == "text")
    assert STRAY[8:24] not in out + err


def test_nothing_is_left_of_the_longest_token(keyless, tmp_path):
    file = tmp_path / "token"
    token = web_identity.token(20_000)
    file.write_text(token)
    run = Traced(keyless, ALL["web"], env={"AWS_WEB_IDENTITY_TOKEN_FILE": str(file)})
    run.to_exit()
    pieces = [token[at : at + 60] for at in range(0, 19_900, 500)]
    places = found(run.pid, [*pieces, *keyless.standin.secrets()])
    code, _, err = run.end()
    assert (code, err, places) == (0, "", [])
