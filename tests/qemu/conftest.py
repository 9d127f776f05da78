"""What the tests of the firmware share: images, the stand-in, the servers."""

import json
import os
import ssl
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent / "standin")]

# pylint: disable=wrong-import-position
import accounts  # noqa: E402
import servers  # noqa: E402
from board import Qemu  # noqa: E402
from figures import (  # noqa: E402,F401
    figure,
    pytest_sessionfinish,
    pytest_terminal_summary,
    pytest_testnodedown,
)
from standin import Standin  # noqa: E402

IMAGE = "ami-0abcdef1234567890"
LISTENERS = (
    "rsa", "ecdsa", "http", "rsa4096", "untrusted", "expired", "wrong-host",
    "tls12", "tls12-ecdsa", "tls13", "tls13-ecdsa", "imds", "iot", "iot-tls12",
    "rolesanywhere",
)
# Words for calls that are to fail soon.
SOON = ("attempts=1", "connect-ms=1500", "read-ms=1000", "deadline-ms=4000")


# The board that the tests run, and what else of its family is built for them where
# thoroughness is asked for.
BOARD = "mps2-an386"
TIGHT = (f"{BOARD}-small", f"{BOARD}-least")  # profiles with limits of their own
OTHERS = ("mps2-an385", "mps2-an500")
FAMILY = {BOARD: (*TIGHT, *OTHERS)} if os.environ.get("CILP_THOROUGH") else {}
# Images of it beside the product's and the tests'; and those that take an anchor.
EXTRA = ("cilp-flash-roots", "cilp-task")
TRUSTING = ("cilp-test", "cilp-task")


class Bench:
    """Boards, and what they are wired to."""

    def __init__(self, standin, folder, board=BOARD):
        self.board = board
        self.standin = standin
        self.folder = folder
        self.names = servers.NameServer()
        self.time = servers.TimeServer()
        self._switches = []
        self._boards = []
        keys = folder / "keys"
        keys.write_text(f"{accounts.CALLER_KEY}\n{accounts.SECRET}\n")
        self.words = (
            f"image={IMAGE}", "region=us-east-1", f"keys={keys}",
            f"dns=10.0.2.2:{self.names.port}", f"sntp=10.0.2.2:{self.time.port}",
        )

    @property
    def facts(self):
        """board.json: what boards/CMakeLists.txt says of the board."""
        return json.loads((ROOT / "build" / self.board / "board.json").read_text())

    def anchor(self, listener):
        """The word that names a listener's root."""
        pem = self.standin.root_file(listener).read_text()
        return self.anchor_der(listener, ssl.PEM_cert_to_DER_cert(pem))

    def anchor_der(self, name, der):
        """The word that names a root."""
        path = self.folder / f"{name}.der"
        path.write_bytes(der)
        return f"anchor={path}"

    def switch(self, rest, *first, **more):
        """A servers.Switch; listeners may be given by name."""
        made = [
            servers.forward(self.standin.port(h)) if isinstance(h, str) else h
            for h in (rest, *first)
        ]
        self._switches.append(servers.Switch(*made, **more))
        return self._switches[-1]

    def power_on(self, *words, port=None, listener="rsa", family=None, preset="",
                 image="cilp-test", host="10.0.2.2", build=None, **more):
        """Starts a board that calls the stand-in: the preset's, if one is named, or the
        one that was made in the folder `build`."""
        if preset not in ("", self.board, *FAMILY.get(self.board, ())):
            pytest.skip(f"{preset} is not {self.board}, or is left to CILP_THOROUGH")
        scheme = "http" if listener == "http" else "https"
        port = port or self.standin.port(listener)
        endpoint = f"endpoint={scheme}://{host}:{port}"
        if image in TRUSTING and not any(w.startswith("anchor=") for w in words):
            words += (self.anchor(family or "rsa"),)
        build = build or ROOT / "build" / (preset or self.board)
        board = Qemu(build, image, (*self.words, endpoint, *words), **more)
        self._boards.append(board)
        return board

    def run(self, *words, **more):
        """Starts a board and waits for its end."""
        return self.power_on(*words, **more).finish()

    def close(self):
        """Ends the servers, and boards of a test that failed."""
        for board in self._boards:
            board.power_off()
        for server in (self.names, self.time, *self._switches):
            server.close()


@pytest.fixture(scope="session", name="running")
def _running():
    with Standin(LISTENERS, names=("10.0.2.2", "169.254.169.254", "ec2.test")) as standin:
        yield standin


@pytest.fixture(name="board")
def _board(request):
    """The board's name."""
    return request.config.getoption("board")


@pytest.fixture(name="bench")
def _bench(running, tmp_path, request):
    running.reset()
    bench = Bench(running, tmp_path, request.config.getoption("board"))
    yield bench
    bench.close()
    running.reset()


def pytest_addoption(parser):
    """Another board: a folder of boards/ that sets BOARD_RUN."""
    parser.addoption("--board", default=BOARD, help="a folder of boards/")


def configure(name):
    """The command that configures a preset, or a board that has none."""
    presets = json.loads((ROOT / "CMakePresets.json").read_text())["configurePresets"]
    if any(preset["name"] == name for preset in presets):
        return ["cmake", "--preset", name]
    return ["cmake", "-B", f"build/{name}", f"-DCILP_BOARD={name}",
            "-DCMAKE_BUILD_TYPE=Release"]


def pytest_sessionstart(session):
    """The images, if they are not there or are old."""
    board = session.config.getoption("board")
    for name in (board, *FAMILY.get(board, ())):
        for command in (
            configure(name),
            ["cmake", "--build", f"build/{name}", "-j2", "--target", "all", "cilp-test",
             *(EXTRA if name == BOARD else ())],
        ):
            done = subprocess.run(
                command, cwd=ROOT, capture_output=True, text=True, check=False
            )
            if done.returncode != 0:
                pytest.exit(done.stdout + done.stderr, returncode=1)
