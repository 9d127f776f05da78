"""One run of a firmware image in QEMU: its words, its UART, its cable."""

import json
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIMIT_S = 60
STEP_S = 0.01

CALL = re.compile(
    r"call (?P<number>\d+): (?P<text>.*?) "
    r"\[status (?P<status>\d+), (?P<attempts>\d+) attempts, (?P<ms>\d+) ms\]",
    re.DOTALL,
)
AFTER = re.compile(
    r"after: stream (?P<stream>\w+), connections (?P<connections>\d+), "
    r"arena (?P<arena>[A-Z ]+|empty), used (?P<used>\d+) of (?P<size>\d+)"
)
STACK = re.compile(r"stack: (\d+) of (\d+)")
TASK = re.compile(r"second task: (\d+) turns, longest wait (\d+) ns; "
                  r"lock: taken (\d+), held (\d+)")
LIGHT = re.compile(r"light: (\d+) blinks, longest gap (\d+) us")


@dataclass
class Call:
    """How one call ended, as the UART tells it."""

    text: str
    status: int
    attempts: int
    ms: int
    stream: str
    connections: int
    arena: str
    used: int
    size: int

    def clean(self):
        """Nothing was kept: no stream, no byte of the arena."""
        return self.stream == "closed" and self.arena == "empty"


@dataclass
class Run:
    """A finished run."""

    code: int
    uart: str
    seconds: float
    calls: list = field(default_factory=list)

    def __post_init__(self):
        told = zip(CALL.finditer(self.uart), AFTER.finditer(self.uart))
        for call, after in told:
            numbers = ("status", "attempts", "ms", "connections", "used", "size")
            facts = {**call.groupdict(), **after.groupdict()}
            facts.pop("number")
            facts["text"] = facts["text"].split("\n")[-1].lstrip(".")
            self.calls.append(
                Call(**{k: int(v) if k in numbers else v for k, v in facts.items()})
            )

    def _numbers(self, pattern):
        return tuple(int(v) for v in pattern.search(self.uart).groups())

    @property
    def stack(self):
        """(bytes used, bytes there are)"""
        return self._numbers(STACK)

    @property
    def light(self):
        """(blinks, longest gap in microseconds)"""
        return self._numbers(LIGHT)

    @property
    def second_task(self):
        """Of cilp-task: (turns, longest wait in nanoseconds, how often the lock was
        taken, how often it is held)"""
        return self._numbers(TASK)

    def one(self, status=0):
        """The only call, which ended so and left nothing behind."""
        assert self.code == status, self.uart
        assert len(self.calls) == 1 and self.calls[0].clean(), self.uart
        assert self.calls[0].status == status, self.uart
        return self.calls[0]

    def failed_then_not(self, status, *fragments):
        """The first call failed in these words, the second was good."""
        assert [c.status for c in self.calls] == [status, 0], self.uart
        assert all(c.clean() for c in self.calls), self.uart
        assert self.code == status, self.uart
        for fragment in fragments:
            assert fragment in self.calls[0].text, self.uart
        return self.calls


class Qemu:
    """A board that runs: an image of the build folder `build`, whose board.json
    says how. `words` are those of boards/firmware/settings.h, `flash` pairs of an address
    and a file that lies there."""

    def __init__(self, build, image, words, *, icount=None, cable=True, net="",
                 network=True, flash=()):
        self._folder = Path(tempfile.mkdtemp(prefix="cilp-qemu-"))
        self._text = []
        self._qmp = None
        self._started = time.monotonic()
        line = ",".join(f"arg={word}" for word in ("fw", *words))
        monitor = self._folder / "qmp"
        # The interface and the user network on one hub: the cable is the
        # interface's link, and the network can fall silent behind it.
        board = json.loads((build / "board.json").read_text())
        command = [
            *board["run"], "-display", "none", "-monitor", "none",
            "-serial", "stdio", "-S", "-qmp", f"unix:{monitor},server=on,wait=off",
            "-netdev", f"user,id=u0,ipv6=off{net}",
            "-netdev", "hubport,id=h0,hubid=0,netdev=u0",
            "-netdev", "hubport,id=n0,hubid=0",
            *board["nic"],
            "-semihosting-config", f"enable=on,target=native,{line}",
            "-kernel", str(build / f"{image}.elf"),
        ]
        for address, path in flash:
            command += ["-device", f"loader,file={path},addr={address:#x},force-raw=on"]
        if icount is not None:
            command += ["-icount", f"shift={icount}"]
        # pylint: disable=consider-using-with
        self._process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        threading.Thread(target=self._listen, daemon=True).start()
        try:
            self._connect(monitor)
            self.cable(cable)
            self.network(network)
            self._order("cont")
        except BaseException:
            self.power_off()
            raise

    def _listen(self):
        for piece in iter(lambda: self._process.stdout.read1(4096), b""):
            self._text.append(piece.decode(errors="replace"))

    def _connect(self, path):
        self._qmp = socket.socket(socket.AF_UNIX)
        self._qmp.settimeout(LIMIT_S)
        self.until(lambda: self._qmp.connect_ex(str(path)) == 0)
        self._answers = self._qmp.makefile()
        self._answers.readline()
        self._order("qmp_capabilities")

    def _order(self, command, **arguments):
        order = {"execute": command, "arguments": arguments}
        try:
            self._qmp.sendall(json.dumps(order).encode() + b"\n")
            while line := self._answers.readline():
                answer = json.loads(line)
                assert "error" not in answer, answer
                if "return" in answer:
                    return
        except ConnectionError:
            pass  # the board was quick, and has ended

    def cable(self, is_in):
        """Puts the cable in, or takes it out."""
        self._order("set_link", name="n0", up=is_in)

    def network(self, is_there):
        """Lets the network behind the cable fall silent, or speak."""
        self._order("set_link", name="u0", up=is_there)

    @property
    def uart(self):
        """What was said so far."""
        return "".join(self._text).replace("\r", "")

    def until(self, fact):
        """Waits until it is so, or until the board has ended."""
        deadline = time.monotonic() + LIMIT_S
        while not fact():
            assert time.monotonic() < deadline, self.uart
            assert self._process.poll() is None, self.uart
            time.sleep(STEP_S)

    def until_said(self, text):
        """Waits for a text on the UART."""
        self.until(lambda: text in self.uart)

    def power_off(self):
        """Ends it, if it has not ended by itself."""
        self._process.kill()
        self._process.wait()
        shutil.rmtree(self._folder, ignore_errors=True)

    def finish(self):
        """Waits for its end."""
        try:
            code = self._process.wait(LIMIT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise AssertionError("hangs: " + self.uart) from None
        finally:
            self._qmp.close()
            shutil.rmtree(self._folder, ignore_errors=True)
        seconds = time.monotonic() - self._started
        time.sleep(STEP_S)  # the reader's last piece
        return Run(code, self.uart, seconds)
