"""Signals, against what the program is at: a call that has no undo is not lost to one.

Every signal whose default is death has its row. It ends the program in good order - with
the outcome so far on standard error and in the audit, and 128 and its number as exit code
- or it does nothing. A reader that takes no more makes nobody deaf.
"""

import fcntl
import json
import os
import resource
import signal
import subprocess
import termios
import time

import pytest

IMAGE = "ami-0abcdef1234567890"
OTHERS = ["ami-0d00000000000000d", "ami-0e00000000000000e"]
PATIENCE = 30
STALL = 2 * PATIENCE

ENDING = ["HUP", "INT", "QUIT", "TERM", "USR1", "USR2", "ALRM", "XCPU"]
WITHOUT_EFFECT = ["PIPE", "XFSZ", "VTALRM", "PROF", "IO", "PWR", "STKFLT", "RTMAX"]
FATAL = ["SEGV", "BUS", "FPE", "ILL", "ABRT", "TRAP", "SYS", "KILL"]
# Of the real-time signals musl keeps the first three to itself, this one among them.
THE_LIBRARY_S = ["RTMIN"]
# Those whose default is to stop, to go on or to do nothing.
HARMLESS = ["STOP", "TSTP", "TTIN", "TTOU", "CONT", "CHLD", "CLD", "URG", "WINCH"]


def number_of(name):
    """The signal of that name."""
    return getattr(signal, f"SIG{name}")


def until(condition):
    """Waits until it holds."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "waited for nothing"
        time.sleep(0.01)


def handled(process, number):
    """Whether it has installed what it does with a signal."""
    with open(f"/proc/{process.pid}/status", encoding="ascii") as status:
        masks = dict(line.split(":\t") for line in status.read().splitlines() if "Sig" in line)
    bit = 1 << number - 1
    return any(int(masks[name], 16) & bit for name in ("SigBlk", "SigCgt", "SigIgn"))


def sleeps(process):
    """Whether it waits for something."""
    with open(f"/proc/{process.pid}/stat", encoding="ascii") as stat:
        return stat.read().rpartition(")")[2].split()[0] == "S"


def test_every_signal_has_its_row():
    rows = [*ENDING, *WITHOUT_EFFECT, *FATAL, *THE_LIBRARY_S, *HARMLESS]
    assert {number_of(name) for name in rows} == set(signal.Signals)


# ---- What it is at ----


def before_sending(standin):
    """The handshake is never answered."""
    standin.always(stall_handshake=STALL)
    return standin.connections


def sent(standin):
    """The request is there, and no answer."""
    standin.always(stall=STALL)
    return lambda: any(r["complete"] for r in standin.requests())


def answering(standin):
    """Half of the answer is there."""
    standin.always(drip=STALL, drip_bytes=100, act=True)
    return lambda: any(r["complete"] for r in standin.requests())


PHASES = {
    before_sending: ("nothing was sent", []),
    sent: ("outcome unknown", ["unknown"]),
    answering: ("outcome unknown", ["unknown"]),
}


def verdicts(path):
    """What the audit says, line by line."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    return [json.loads(line)["verdict"] for line in text.splitlines()]


@pytest.mark.parametrize("phase", PHASES)
@pytest.mark.parametrize("name", ENDING)
def test_the_end_in_good_order(cilp, standin, tmp_path, name, phase):
    said, told = PHASES[phase]
    there = phase(standin)
    process = cilp.start("cancel", IMAGE, "--audit", tmp_path / "audit")
    until(there)
    time.sleep(0.1)
    process.send_signal(number_of(name))
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (128 + number_of(name), b"")
    assert said in err.decode() and err.count(b"\n") == 1
    assert [word for word in verdicts(tmp_path / "audit") if word != "not-sent"] == told


@pytest.mark.parametrize("name", WITHOUT_EFFECT)
def test_no_effect(cilp, standin, name):
    standin.always(stall=0.5, act=True)
    process = cilp.start("cancel", IMAGE, "--no-verify")
    until(standin.requests)
    process.send_signal(number_of(name))
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, err) == (0, b"") and b"cancelled" in out


@pytest.mark.parametrize("name", ENDING)
def test_one_that_is_ignored_from_the_start_stays_ignored(cilp, standin, name):
    standin.always(stall=0.5, act=True)
    process = cilp.start(
        "cancel",
        IMAGE,
        "--no-verify",
        preexec_fn=lambda: signal.signal(number_of(name), signal.SIG_IGN),
    )
    until(standin.requests)
    process.send_signal(number_of(name))
    process.communicate(timeout=PATIENCE)
    assert process.returncode == 0


def test_a_hangup_in_a_batch_says_how_far_it_came(cilp, standin, tmp_path):
    standin.for_image(OTHERS[0], stall=STALL)
    process = cilp.start(
        "cancel", IMAGE, *OTHERS, "--no-verify", "--audit", tmp_path / "audit"
    )
    until(lambda: [r["complete"] for r in standin.requests()] == [True, True])
    time.sleep(0.1)
    process.send_signal(signal.SIGHUP)
    out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 129
    assert [line.split()[1] for line in out.splitlines()] == [b"cancelled", b"unknown"]
    assert b"stopped by a signal; not tried: 1" in err
    assert verdicts(tmp_path / "audit") == ["cancelled", "unknown"]


# ---- Readers that take no more ----


def full_pipe():
    """A pipe without room, and nobody who reads: its two ends."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    for piece in (b"x" * 65536, b"x"):
        try:
            while True:
                os.write(writer, piece)
        except BlockingIOError:
            pass
    os.set_blocking(writer, True)
    return reader, writer


def stopped_terminal():
    """A terminal on which somebody has typed Ctrl-S."""
    master, slave = os.openpty()
    termios.tcflow(slave, termios.TCOOFF)
    return master, slave


READERS = [full_pipe, stopped_terminal]


@pytest.mark.parametrize("make", READERS)
@pytest.mark.parametrize("stream", ["stdout", "stderr"])
@pytest.mark.parametrize("name", ["HUP", "INT", "TERM"])
def test_a_reader_that_takes_nothing_makes_nobody_deaf(cilp, standin, tmp_path, make, stream, name):
    reader, writer = make()
    other = {"stdout": "stderr", "stderr": "stdout"}[stream]
    process = cilp.start(
        "cancel",
        IMAGE,
        "--no-verify",
        "--audit",
        tmp_path / "audit",
        *(["--debug"] if stream == "stderr" else []),  # which speaks before it sends
        **{stream: writer, other: subprocess.PIPE},
    )
    until(lambda: handled(process, signal.SIGTERM))
    if stream == "stdout":
        until(lambda: verdicts(tmp_path / "audit"))
    until(lambda: sleeps(process))
    time.sleep(0.2)
    assert process.poll() is None
    process.send_signal(number_of(name))
    out, err = process.communicate(timeout=PATIENCE)
    os.close(reader)
    os.close(writer)
    if stream == "stdout":
        # what was done is told where somebody reads
        assert process.returncode == 128 + number_of(name)
        assert b"standard output could not be written" in err and b"cancelled" in err
        assert verdicts(tmp_path / "audit") == ["cancelled"]
    else:
        assert (process.returncode, out) == (128 + number_of(name), b"")


@pytest.mark.parametrize("make", READERS)
def test_a_second_signal_ends_it_on_the_spot(cilp, standin, make):
    reader, writer = make()
    standin.always(stall=STALL)
    process = cilp.start("cancel", IMAGE, stdout=writer, stderr=writer)
    until(standin.requests)
    process.send_signal(signal.SIGTERM)
    process.send_signal(signal.SIGINT)
    process.wait(timeout=PATIENCE)
    os.close(reader)
    os.close(writer)
    assert process.returncode in (130, 143)


def test_a_slow_reader_gets_every_byte(cilp):
    reader, writer = os.pipe()
    fcntl.fcntl(writer, fcntl.F_SETPIPE_SZ, 4096)
    os.set_blocking(writer, False)  # as another program may have left it
    process = cilp.start("cancel", IMAGE, "--no-verify", "--debug", stderr=writer)
    os.close(writer)
    text = b""
    while piece := os.read(reader, 50):
        text += piece
        time.sleep(0.0005)
    out, _ = process.communicate(timeout=PATIENCE)
    os.close(reader)
    assert process.returncode == 0 and b"cancelled" in out
    assert b"<return>true</return>" in text and text.endswith(b"* closed\n")


# ---- Files that may not grow ----


@pytest.mark.parametrize("audit", [True, False])
def test_a_file_that_may_not_grow_kills_nobody(cilp, standin, tmp_path, audit):
    """ulimit -f: SIGXFSZ, whose default is death with a core dump."""
    file = tmp_path / "file"
    with open(file, "wb") as output:
        done = cilp(
            "cancel",
            IMAGE,
            "--no-verify",
            *(["--audit", str(tmp_path / "audit")] if audit else []),
            stdout=subprocess.PIPE if audit else output,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)),
        )
    assert done.code == 0 and not standin.shared(IMAGE)
    assert "cancelled" in (done.out if audit else done.err)
    assert "could not be written" in done.err


def test_time_on_the_processor_that_ends_is_said(cilp, standin):
    """ulimit -t warns with SIGXCPU before it kills: nothing is lost to it."""
    standin.always(stall=STALL)
    process = cilp.start("cancel", IMAGE)
    until(standin.requests)
    process.send_signal(signal.SIGXCPU)
    _, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 128 + signal.SIGXCPU and b"outcome unknown" in err


def test_a_child_starts_without_our_signals(cilp, standin, tmp_path):
    """A credential_process sees them as any program does: its pipes can kill it."""
    spoken = tmp_path / "masks"
    helper = tmp_path / "helper"
    helper.write_text(f'#!/bin/sh\ngrep Sig /proc/self/status > {spoken}\nexit 3\n')
    helper.chmod(0o700)
    config = tmp_path / "config"
    config.write_text(f"[default]\nregion = us-east-1\ncredential_process = {helper}\n")
    env = {"AWS_CONFIG_FILE": str(config), "AWS_ACCESS_KEY_ID": None}
    env |= {"AWS_SECRET_ACCESS_KEY": None, "AWS_SESSION_TOKEN": None}
    assert cilp("cancel", IMAGE, env=env).code == 253
    masks = dict(line.split(":\t") for line in spoken.read_text().splitlines())
    assert int(masks["SigBlk"], 16) == 0
    assert not int(masks["SigIgn"], 16) & (1 << signal.SIGPIPE - 1 | 1 << signal.SIGXFSZ - 1)
    assert standin.requests() == []
