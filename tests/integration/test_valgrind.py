"""The static program under valgrind: no decision rests on bytes that nobody wrote."""

import shutil
import subprocess

import pytest
from conftest import figure

VALGRIND = shutil.which("valgrind")
FOUND = 99
# It takes some fifty times as long.
PATIENT = ["--cli-connect-timeout", "200", "--cli-read-timeout", "200", "--deadline", "250"]
SHARED = "ami-00000000000000d01"
# A libc without malloc that valgrind could replace: what is looked at is what is written.
OPTIONS = ["-q", "--leak-check=no", f"--error-exitcode={FOUND}", "--run-libc-freeres=no"]


@pytest.fixture(name="watched")
def _watched(cilp, tmp_path):
    """Runs the program under valgrind, which has nothing to say."""
    if not VALGRIND:
        pytest.skip("valgrind is not installed")

    def run(*words, code=0, **more):
        log = tmp_path / "valgrind"
        done = subprocess.run(
            [VALGRIND, *OPTIONS, f"--log-file={log}", cilp.path, *words, *PATIENT],
            env=cilp.environment(**more),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        said = log.read_text()
        assert done.returncode != FOUND and "==" not in said, said
        assert done.returncode == code, done
        return done.stdout

    return run


def test_of_a_cancel(watched):
    assert "cancelled" in watched("cancel", SHARED)
    figure("valgrind: 0 findings in a cancel of the static program")


def test_of_a_list(watched):
    assert SHARED in watched("list", "--output", "json")
    figure("valgrind: 0 findings in a list of the static program")


def test_it_finds_what_is_planted(tmp_path):
    """A decision on a byte of the stack that nobody wrote."""
    if not VALGRIND:
        pytest.skip("valgrind is not installed")
    (tmp_path / "planted.c").write_text(
        "int main(void) { volatile char byte[64]; return byte[9] == 3 ? 1 : 0; }\n"
    )
    program = tmp_path / "planted"
    subprocess.run(
        ["gcc", "-O0", "-static", "-w", tmp_path / "planted.c", "-o", program], check=True
    )
    done = subprocess.run(
        [VALGRIND, *OPTIONS, program], capture_output=True, timeout=60, check=False
    )
    assert done.returncode == FOUND, done
