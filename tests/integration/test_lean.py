"""A program with some sources of credentials and without proxies: the rest is not in it, it
says so, and it takes no other identity in its place.

The program is named by the variable CILP_LEAN; build/linux-lean/cilp without it.
"""

import os
import subprocess
from pathlib import Path

import pytest
from conftest import TESTS, Program

IMAGE = "ami-0abcdef1234567890"
HAS = ["environment", "web-identity", "container", "imds"]
HAS_NOT = ["assume-role", "sso", "credentials-file", "login", "process", "config-file"]
HAS_NOT += ["iot", "roles-anywhere"]
SSO = "sso_account_id=1\nsso_role_name=r\nsso_start_url=https://a/\nsso_region=eu-west-1\n"
PROFILES = {
    "assume-role": "role_arn=arn:aws:iam::123456789012:role/r\ncredential_source=Environment\n",
    "sso": SSO,
    "login": "login_session=arn:aws:iam::123456789012:user/u\n",
    "process": "credential_process=/bin/echo\n",
    "iot": "cilp_iot_endpoint=i.example\n",
    "roles-anywhere": "cilp_rolesanywhere_profile_arn=arn\n",
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


def test_keys_in_the_credentials_file_stop_with_its_name(lean, tmp_path):
    (tmp_path / "credentials").write_text(f"[a]\n{PROFILES['config-file']}")
    (tmp_path / "credentials").chmod(0o600)
    env = {"AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"), "HOME": str(tmp_path)}
    done = lean.cancel(IMAGE, "--profile", "a", env=env)
    done.failed(253, "'credentials-file' has the credentials", "was built without that source")
    assert lean.standin.shared(IMAGE) and not lean.standin.requests()


@pytest.mark.parametrize("name", HAS_NOT)
def test_one_that_is_named_stops(lean, name):
    done = lean.cancel(IMAGE, "--credentials", name)
    done.failed(253, "no credentials from that source", "was built without that source")
    assert not lean.standin.requests()


def test_it_goes_straight_and_says_so(lean):
    env = {"HTTPS_PROXY": "http://u:sesame@127.0.0.1:9"}
    done = lean.cancel(IMAGE, env=env)
    assert (done.code, done.err) == (0, "") and not lean.standin.shared(IMAGE)
    done = lean("doctor", env=env)
    why = "straight, though HTTPS_PROXY names a proxy: no proxy is built in"
    assert done.code == 0 and f"\nway          {why}\n" in done.out
    env["AWS_ENDPOINT_URL_EC2"] = "https://127.0.0.1:9"
    done = lean.cancel(IMAGE, env=env)
    done.failed(255, "nothing was sent", f"it was tried {why}")
    assert "sesame" not in done.err


def test_a_proxy_that_is_named_stops(lean):
    done = lean.cancel(IMAGE, "--proxy", "http://127.0.0.1:9")
    done.failed(252, "--proxy: no proxy is built in")
    assert lean.cancel(IMAGE, "--proxy", "none").code == 0


def test_its_help_says_which(lean):
    text = lean("cancel", IMAGE, "--help").out
    for name in HAS_NOT:
        assert f"{name} (not built in)" in text
    for name in HAS:
        assert name in text and f"{name} (not built in)" not in text


def test_the_others_are_not_in_it(lean, cilp):
    """By what they send and read. The header's name alone is known to what hides secrets."""
    for word in b"/federation/credentials", b"secretAccessKey", b"CONNECT ":
        assert word in cilp.path.read_bytes() and word not in lean.path.read_bytes()


def symbols(path):
    """Also of a program that is stripped: its symbols lie beside it."""
    debug = path.with_name(path.name + ".debug")
    nm = ["nm", str(debug if debug.is_file() else path)]
    lines = subprocess.run(nm, check=True, capture_output=True, text=True).stdout.splitlines()
    return {line.split()[-1] for line in lines}


@pytest.mark.parametrize("name", [name.replace("-", "_") for name in HAS_NOT])
def test_their_code_is_not_linked(lean, cilp, name):
    assert f"cilp_kind_{name}" in symbols(cilp.path) - symbols(lean.path)


def test_what_they_alone_need_is_not_linked(lean, cilp):
    """The flows of core, what runs a command, what names the files of SSO."""
    theirs = {"cilp_creds_assume_role", "cilp_creds_json", "cilp_creds_sso", "execve"}
    theirs |= {"cilp_creds_iot", "cilp_creds_roles_anywhere"}
    theirs |= {"mbedtls_internal_sha1_process"}
    assert theirs <= symbols(cilp.path) and not theirs & symbols(lean.path)


@pytest.mark.parametrize("name", [name.replace("-", "_") for name in HAS])
def test_the_code_of_its_own_is_linked(lean, name):
    assert f"cilp_kind_{name}" in symbols(lean.path)


def test_a_profile_still_says_what_it_may(lean, tmp_path):
    """The Region; and a file that is there and cannot be read stops."""
    (tmp_path / "config").write_text("[profile a]\nregion=mars-1\n")
    env = {"AWS_CONFIG_FILE": str(tmp_path / "config"), "AWS_PROFILE": "a"}
    env |= {"AWS_REGION": None, "AWS_DEFAULT_REGION": None}
    text = lean("doctor", env=env).out
    assert "mars-1, from the profile" in text
    (tmp_path / "config").write_text("region\n")
    lean.cancel(IMAGE, env=env).failed(253, str(tmp_path / "config"), "line 1")
