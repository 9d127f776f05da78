"""A program with some sources of credentials: the others are not in it, it says so, and it
takes no other identity in their place.

The program is named by the variable CILP_LEAN; build/linux-lean/cilp without it.
"""

import os
from pathlib import Path

import pytest
from conftest import TESTS, Program

IMAGE = "ami-0abcdef1234567890"
HAS = ["environment", "web-identity", "container", "imds"]
HAS_NOT = ["assume-role", "sso", "credentials-file", "login", "process", "config-file"]
SSO = "sso_account_id=1\nsso_role_name=r\nsso_start_url=https://a/\nsso_region=eu-west-1\n"
PROFILES = {
    "assume-role": "role_arn=arn:aws:iam::123456789012:role/r\ncredential_source=Environment\n",
    "sso": SSO,
    "login": "login_session=arn:aws:iam::123456789012:user/u\n",
    "process": "credential_process=/bin/echo\n",
    "config-file": "aws_access_key_id=AKIDEXAMPLE\naws_secret_access_key=secret\n",
}


@pytest.fixture(name="lean")
def _lean(standin):
    path = Path(os.environ.get("CILP_LEAN") or TESTS.parent / "build/linux-lean/cilp")
    if not path.is_file():
        pytest.skip(f"{path} has not been built: cmake --preset linux-lean")
    return Program(path.resolve(), standin)


def test_it_cancels_with_a_source_that_it_has(lean):
    done = lean.cancel(IMAGE)
    assert done.code == 0 and not lean.standin.shared(IMAGE)


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_that_needs_another_stops_with_its_name(lean, tmp_path, name):
    (tmp_path / "config").write_text(f"[profile a]\n{PROFILES[name]}")
    env = {"AWS_CONFIG_FILE": str(tmp_path / "config"), "HOME": str(tmp_path)}
    done = lean.cancel(IMAGE, "--profile", "a", env=env)
    done.failed(253, f"'{name}' has the credentials", "was built without that source")
    assert lean.standin.shared(IMAGE) and not lean.standin.requests()


@pytest.mark.parametrize("name", HAS_NOT)
def test_one_that_is_named_stops(lean, name):
    done = lean.cancel(IMAGE, "--credentials", name)
    done.failed(253, "no credentials from that source", "was built without that source")
    assert not lean.standin.requests()


def test_its_help_says_which(lean):
    text = lean("cancel", IMAGE, "--help").out
    for name in HAS_NOT:
        assert f"{name} (not built in)" in text
    for name in HAS:
        assert name in text and f"{name} (not built in)" not in text


def test_the_others_are_not_in_it(lean, cilp):
    """By what they send and read. The header's name alone is known to what hides secrets."""
    for word in b"/federation/credentials", b"secretAccessKey":
        assert word in cilp.path.read_bytes() and word not in lean.path.read_bytes()
