"""What the tests of the command line share: the program and its stand-in.

The program is named by the variable CILP; build/linux/cilp without it.
"""

import os
import pty
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS), str(TESTS / "standin")]

# pylint: disable=wrong-import-position
import listeners  # noqa: E402
from figures import (  # noqa: E402,F401
    figure,
    pytest_sessionfinish,
    pytest_terminal_summary,
    pytest_testnodedown,
)
from keyless import Keyless  # noqa: E402
from standin import Standin  # noqa: E402

# What a shell starts in the background ignores these, and so would the program.
for number in (signal.SIGINT, signal.SIGQUIT):
    if signal.getsignal(number) == signal.SIG_IGN:
        signal.signal(number, signal.SIG_DFL)

TIMEOUT = 30
THOROUGH = bool(os.environ.get("CILP_THOROUGH"))  # as run.sh --all wishes


# Of several workers each takes a file at a time, in this order: what takes longest is not to
# be the last one's, while the others have nothing to do.
LONGEST = ("test_wiped.py", "test_signals.py", "test_static.py", "test_identity.py")


def pytest_collection_modifyitems(items):
    """Those first."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


@contextmanager
def full_disk(folder, option="size=4k"):
    """One of its own on the folder, in which there is no room for another byte, or file."""
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", option, "none", folder]
    if os.geteuid() != 0 or subprocess.run(words, check=False).returncode != 0:
        pytest.skip("this machine, or user, may not mount")
    try:
        (folder / "other").write_text("x")
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


class Terminal:
    """A terminal for a program's output. It has room for little, so it is read all the
    while; `text` is there when it has been left."""

    def __init__(self):
        self.end, self._seen, self.text = None, [], None

    def __enter__(self):
        self._ours, self.end = pty.openpty()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        return self

    def _read(self):
        try:
            while piece := os.read(self._ours, 4096):
                self._seen.append(piece)
        except OSError:  # nobody has it open any more
            pass

    def __exit__(self, *_):
        os.close(self.end)
        self._reader.join()
        os.close(self._ours)
        self.text = b"".join(self._seen).decode().replace("\r\n", "\n")


@dataclass
class Done:
    """What a run left behind."""

    code: int
    out: str
    err: str

    def failed(self, code, *fragments):
        """One line on standard error with all fragments, nothing on standard output."""
        assert self.code == code, self
        assert self.out == "", self
        assert self.err.endswith("\n") and self.err.strip().count("\n") == 0, self
        for fragment in fragments:
            assert fragment in self.err, self
        return True


class Program:
    """The program under test, pointed at a stand-in."""

    def __init__(self, path, standin):
        self.path = path
        self.standin = standin
        self.is_static = b"/ld-" not in path.read_bytes()[:4096]

    def environment(self, listener="rsa", env=None, **identity):
        """The stand-in's variables and no others; None takes one away.

        EC2's metadata service is a real address: asked only if a test says so."""
        found = {
            "AWS_EC2_METADATA_DISABLED": "true",
            **self.standin.environment(listener, **identity),
            **(env or {}),
        }
        return {name: value for name, value in found.items() if value is not None}

    def start(
        self, *words, name="cilp", listener="rsa", env=None, key=None, asks=False, **more
    ):
        """Starts it; `key` is the access key id of another identity.

        Most tests are about the cancel itself: only with `asks` is it asked before
        whether the AMI is in use, as test_in_use.py has it."""
        if words[:1] == ("cancel",) and not asks:
            words = ("cancel", "--even-if-in-use", *words[1:])
        identity = {"key_id": key} if key else {}
        more.setdefault("stdout", subprocess.PIPE)
        more.setdefault("stderr", subprocess.PIPE)
        return subprocess.Popen(
            [name, *words],
            executable=self.path,
            env=self.environment(listener, env, **identity),
            **more,
        )

    def __call__(self, *words, **more):
        process = self.start(*words, **more)
        out, err = process.communicate(timeout=TIMEOUT)
        return Done(process.returncode, (out or b"").decode(), (err or b"").decode())

    def cancel(self, image, *options, **more):
        """cilp cancel IMAGE --no-verify ...: the one call, without looks after it."""
        return self("cancel", image, "--no-verify", *options, **more)

    def aws(self, image, *options, **more):
        """aws ec2 cancel-image-launch-permission --image-id IMAGE ..."""
        verb = ("ec2", "cancel-image-launch-permission")
        return self(*verb, "--image-id", image, *options, name="aws", **more)


# Every listener that does not cost seconds, for all tests that want no other clock, chain or
# address than these.
@pytest.fixture(scope="session", name="running")
def _running():
    names = [name for name in listeners.CATALOGUE if name != "rsa4096"]
    with Standin(names, names=("ec2.test",)) as standin:
        yield standin


@pytest.fixture(name="standin")
def _standin(running):
    running.reset()
    yield running
    running.reset()


@pytest.fixture(name="world")
def _world(standin):
    """Any Region is served, and its own proxy leads to all of them."""
    standin.set(region="")
    return standin


def seed(standin, *regions):
    """Regions, each a dictionary or a name."""
    standin.seed({"regions": [r if isinstance(r, dict) else {"name": r} for r in regions]})


@pytest.fixture(name="cilp")
def _cilp(standin):
    path = Path(os.environ.get("CILP") or TESTS.parent / "build/linux/cilp")
    return Program(path.resolve(), standin)


@pytest.fixture(name="keyless")
def _keyless(cilp):
    return Keyless(cilp)


def has_pss():
    """mbedTLS before 3.6.7 takes no RSA-PSS in TLS 1.2, where some servers insist."""
    path = os.environ.get("CILP") or TESTS.parent / "build/linux/cilp"
    line = subprocess.run([path, "--version"], capture_output=True, text=True, check=True)
    version = line.stdout.partition("mbedTLS/")[2].split()[0].split(".")
    return [int(part) for part in version] >= [3, 6, 7]


def skip_without_pss(insists=True):
    """A test of a server that insists on it in TLS 1.2."""
    if insists and not has_pss():
        pytest.skip("mbedTLS 3.6.6 takes no RSA-PSS in TLS 1.2; this server insists on it")
