"""A sandbox that forbids the program to read the clock: no limit of time would hold, so
nothing is sent.

The kernel refuses clock_gettime by a seccomp filter, as old container runtimes do with
system calls that they do not know. Where a clock can be read without a system call that
way is taken away too: of the program's auxiliary vector the entry that names it is blanked
while ptrace holds it at its first instruction.
"""

import ctypes
import errno
import os
import platform
import struct
import subprocess

import pytest

IMAGE = "ami-0abcdef1234567890"
NUMBERS = {"x86_64": 228, "aarch64": 113}  # of clock_gettime
TRACEME, DETACH = 0, 17
NO_NEW_PRIVS, SET_SECCOMP, FILTER = 38, 22, 2
LOAD, IF_EQUAL, RETURN = 0x20, 0x15, 0x06
ALLOW, REFUSE = 0x7FFF0000, 0x00050000
IGNORED, VDSO = 1, 33
START_OF_STACK = 27  # of the fields in /proc/PID/stat
PATIENCE = 30

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="needs root"),
    pytest.mark.skipif(platform.machine() not in NUMBERS, reason="knows x86-64 and arm64"),
]


def ptrace(request, pid):
    """The system call."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    libc.ptrace.restype = ctypes.c_long
    if libc.ptrace(request, pid, None, None) < 0:
        raise OSError(ctypes.get_errno(), "ptrace")


def refuse_clock():
    """In the child: from here on clock_gettime answers EPERM; its tracer looks first."""
    steps = [
        (LOAD, 0, 0, 0),
        (IF_EQUAL, 0, 1, NUMBERS[platform.machine()]),
        (RETURN, 0, 0, REFUSE | errno.EPERM),
        (RETURN, 0, 0, ALLOW),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *s) for s in steps))
    head = ctypes.create_string_buffer(struct.pack("HxxxxxxQ", len(steps), ctypes.addressof(code)))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(NO_NEW_PRIVS, 1, 0, 0, 0)
    ptrace(TRACEME, 0)
    if libc.prctl(SET_SECCOMP, FILTER, head) != 0:
        raise OSError(ctypes.get_errno(), "seccomp")


def blank_vdso(pid):
    """Of a program at its first instruction: arguments, environment, auxiliary vector."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
        at = int(stat.read().rpartition(")")[2].split()[START_OF_STACK - 2])
    with open(f"/proc/{pid}/mem", "r+b", buffering=0) as mem:

        def word(where):
            mem.seek(where)
            return struct.unpack("Q", mem.read(8))[0]

        at += 8 * (word(at) + 2)
        while word(at):
            at += 8
        at += 8
        while word(at) not in (0, VDSO):
            at += 16
        if word(at) == VDSO:
            mem.seek(at)
            mem.write(struct.pack("Q", IGNORED))


@pytest.mark.parametrize("verb", ["cancel", "list", "doctor"])
def test_nothing_is_sent_without_a_clock(cilp, standin, verb):
    if not cilp.is_static:
        pytest.skip("of the static program")
    words = [IMAGE] if verb == "cancel" else []
    standin.always(stall=2 * PATIENCE)  # so that only a limit would end it
    process = cilp.start(
        verb, *words, "--deadline", "3", preexec_fn=refuse_clock, stdin=subprocess.DEVNULL
    )
    os.waitpid(process.pid, 0)
    blank_vdso(process.pid)
    ptrace(DETACH, process.pid)
    out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, out) == (253, b"")
    assert err.count(b"\n") == 1
    assert b"clock cannot be read (clock_gettime fails), so nothing was sent" in err
    assert standin.requests() == []
