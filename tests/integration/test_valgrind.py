"""The static program under valgrind: no decision rests on bytes that nobody wrote."""

import shutil
import subprocess

import pytest
from conftest import figure, seed

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

    def run(*words, code=0, stdout=subprocess.PIPE, **more):
        log = tmp_path / "valgrind"
        done = subprocess.run(
            [VALGRIND, *OPTIONS, f"--log-file={log}", cilp.path, *words, *PATIENT],
            env=cilp.environment(**more),
            stdout=stdout,
            stderr=subprocess.PIPE,
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


def test_of_a_list_of_two_regions(watched, world):
    seed(world, "us-east-1", "eu-west-1")
    said = watched("list", "--regions", "us-east-1,eu-west-1", "--output", "ids")
    assert {line.split()[1] for line in said.splitlines()} == {"us-east-1", "eu-west-1"}
    figure("valgrind: 0 findings in a list of two Regions")


def test_of_a_plan_and_what_applies_it(watched, standin, tmp_path):
    path = tmp_path / "PLAN"
    with open(path, "wb") as file:
        watched("plan", stdout=file)
    head, *images, end = path.read_text().splitlines(keepends=True)
    kept = [line for line in images if f'"{SHARED}"' in line]
    assert len(kept) == 1 < len(images)
    path.write_text("".join([head, *kept, end]))
    assert "cancelled" in watched("apply", str(path), "--no-verify")
    assert not standin.shared(SHARED)
    figure("valgrind: 0 findings in a plan and its apply")


def test_of_what_is_signed_and_sent(watched, standin, tmp_path):
    path = tmp_path / "REQUEST"
    watched("sign", SHARED, "-o", str(path))
    assert "cancelled" in watched("send", str(path))
    assert not standin.shared(SHARED)
    figure("valgrind: 0 findings in a sign and its send")


def test_of_the_verbs_that_only_look(watched):
    assert SHARED in watched("explain", SHARED)
    assert "Region" in watched("doctor")
    assert "usage" in watched("--help").lower()
    figure("valgrind: 0 findings in explain, doctor and help")


def test_of_the_aws_cli_s_spelling(watched, standin):
    verb = ("ec2", "cancel-image-launch-permission")
    assert "true" in watched(*verb, "--image-id", SHARED).lower()
    assert not standin.shared(SHARED)
    figure("valgrind: 0 findings in the AWS CLI's spelling")


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
