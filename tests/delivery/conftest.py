"""What the tests of what is delivered share: the build of the static program, a copy of
it that is installed, and the stand-in for EC2.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
IMAGE = "ami-0abcdef1234567890"
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests/standin")]

# pylint: disable=wrong-import-position
from figures import figure, pytest_terminal_summary  # noqa: E402,F401
from standin import Standin  # noqa: E402

HELP_ROW = re.compile(r"^  (--\S+(?:, --\S+)?)( [A-Z-]+)?  +.*(?:\n +\[(.*)\])?", re.MULTILINE)


def output_of(*words, **more):
    """What a tool prints; its complaints, if it fails, are the test's."""
    done = subprocess.run(words, capture_output=True, text=True, check=False, **more)
    assert done.returncode == 0, f"{words}\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="session", name="cilp")
def _cilp():
    return Path(os.environ.get("CILP") or ROOT / "build/linux/cilp").resolve()


@pytest.fixture(scope="session", name="build")
def _build(cilp):
    """The build folder of the program, whatever else the suite is built with."""
    return cilp.parent


@pytest.fixture(scope="session", name="prefix")
def _prefix(build, tmp_path_factory):
    prefix = tmp_path_factory.mktemp("prefix")
    output_of("cmake", "--install", build, "--prefix", prefix)
    return prefix


@pytest.fixture(scope="session", name="standin")
def _standin():
    with Standin(["rsa"]) as standin:
        yield standin


@pytest.fixture(scope="session", name="verbs")
def _verbs(cilp):
    """Each verb's name, and the words that call it."""
    usages = re.findall(r"^  cilp ([a-z].*)$", output_of(cilp, "--help"), re.MULTILINE)
    found = {}
    for usage in usages:
        words = re.match(r"\w\S*( \w\S*)*", usage)[0].split()
        found.setdefault(words[0], words)
    assert len(found) >= 4
    return found


@pytest.fixture(scope="session", name="helped")
def _helped(cilp, verbs):
    """What --help of each verb shows: option to its argument and its variables."""
    found = {}
    for verb, words in verbs.items():
        text = output_of(cilp, *words, "--help")
        rows = HELP_ROW.findall(text)
        found[verb] = {row[0]: (row[1].strip(), row[2]) for row in rows}
        assert "--profile" in found[verb] and "--help" in found[verb]
    return found


@pytest.fixture(scope="session", name="third")
def _third(tmp_path_factory):
    """Folders with mbedTLS's and jsmn's sources."""
    out = tmp_path_factory.mktemp("third")
    found = {}
    for name in "mbedtls", "jsmn":
        said = output_of("cmake", f"-DNAME={name}", f"-DOUT={out}", "-P",
                         ROOT / "port/third_party.cmake")  # fmt: skip
        found[name] = re.search(rf"-- {name}: (/.*)", said)[1]
    return found


def cancel(user, standin):
    """A cancel by the user's program, seen from EC2's side; what it printed."""
    standin.reset()
    env = standin.environment("rsa")
    done = subprocess.run(
        [user, IMAGE], env=env, capture_output=True, text=True, check=False, timeout=30
    )
    assert done.returncode == 0, done
    (request,) = standin.requests()
    assert request["signature"] == "ok" and not standin.shared(IMAGE)
    return done.stdout
