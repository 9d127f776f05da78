"""What the tests of what is delivered share: the build of the static program, a copy of
it that is installed, and the stand-in for EC2.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/standin"))

# pylint: disable=wrong-import-position
from standin import Standin  # noqa: E402


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
