"""Whatever is wrong with a file, a folder or a variable: no other identity without a word.

One table: what lies at a path, against what is done: stop (253, the path, nothing is sent),
note (one line on standard error, then the next source) or silence (the next source). Behind
each file stands the instance's role, which is the identity that must not be taken unasked.
As a user who owns nothing, for root may read everything.
"""

import contextlib
import hashlib
import json
import os
import shutil
import socket
import stat
import tempfile
from pathlib import Path

import pytest
import roles
from conftest import Program
from keyless import FIRMWARE, LOGIN, NO_KEYS
from standin import Standin

NOBODY = 65534
KEYS = (
    "[default]\naws_access_key_id = AKIAOFSOMEBODYELSE00\n"
    "aws_secret_access_key = secretsecretsecret\n"
)

# What lies there: what is said of it.
IN_THE_WAY = {
    "unreadable": "may not be read by this user",
    "folder that may not be entered": "is below a folder that this user may not enter",
    "folder": "is a folder",
    "pipe": "is a pipe",
    "socket": "is not a regular file",
    "device": "is a device",
    "link to nothing": "is a symbolic link to nothing",
    "link to itself": "circle",
    "below a file": "is below something that is no folder",
    "name too long": "too long for a path",
}
NOT_THERE = ["not there", "folder not there", "/dev/null", "empty"]
BY_NAME = ["name too long"]  # can be said by a variable alone


@pytest.fixture(scope="module", name="running")
def _running():
    with Standin(["http", "imds", "container", "sts", "sso"]) as standin:
        yield standin


@pytest.fixture(name="place")
def _place():
    """A folder that everybody may enter, and its end."""
    folder = Path(tempfile.mkdtemp(prefix="cilp-identity-"))
    folder.chmod(0o755)
    yield folder
    for at, names, _ in os.walk(folder):
        for name in names:
            if not (Path(at) / name).is_symlink():
                (Path(at) / name).chmod(0o755)
    shutil.rmtree(folder)


@pytest.fixture(name="program")
def _program(cilp, place):
    """The program where a user who owns nothing may start it."""
    path = place / "cilp"
    shutil.copy(cilp.path, path)
    path.chmod(0o755)
    return Program(path, cilp.standin)


def as_nobody():
    """In the child: give up what root has."""
    if os.geteuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def run(program, *words, env):
    """In an environment in which the instance's role is the last resort."""
    last = program.standin.source_environment("imds")
    found = {"AWS_CA_BUNDLE": None, "AWS_EC2_METADATA_DISABLED": None, **NO_KEYS, **last}
    return program(*words, env={**found, **env}, listener="http", preexec_fn=as_nobody)


def cancel(program, *words, env):
    """cilp cancel of what is shared with the instance's role."""
    return run(program, "cancel", FIRMWARE, "--no-verify", "--even-if-in-use", *words, env=env)


def arrange(path, state, text):
    """Has it so at the path; the path that is to be named."""
    if state == "name too long":
        return path.parent / ("x" * 5000)
    if state == "folder not there":
        return path
    path.parent.mkdir(parents=True, exist_ok=True)
    makers = {
        "not there": lambda: None,
        "empty": lambda: _own(path),
        "unreadable": lambda: path.write_text(text),
        "folder that may not be entered": lambda: path.write_text(text),
        "folder": path.mkdir,
        "pipe": lambda: os.mkfifo(path),
        "socket": lambda: _bind(path),
        "device": lambda: path.symlink_to("/dev/zero"),
        "/dev/null": lambda: path.symlink_to("/dev/null"),
        "link to nothing": lambda: path.symlink_to("nowhere"),
        "link to itself": lambda: path.symlink_to(path.name),
        "below a file": lambda: _replace(path.parent),
    }
    makers[state]()
    if state == "unreadable":
        path.chmod(0)
    if state == "folder that may not be entered":
        path.parent.chmod(0)
    return path


def _bind(path):
    """By a short name: a socket's has 107 bytes at most."""
    folder = os.open(path.parent, os.O_DIRECTORY)
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as sock:
        sock.bind(f"/proc/self/fd/{folder}/{path.name}")
    os.close(folder)


def _own(path):
    """As its owner has it, and nobody else."""
    path.touch(0o600)
    if os.geteuid() == 0:
        os.chown(path, NOBODY, NOBODY)


def _replace(folder):
    folder.rmdir()
    folder.touch()


def nobody_was_asked(standin):
    assert standin.settle() and standin.requests() == []
    return True


def the_instance_signed(standin):
    assert standin.settle() and not standin.shared(FIRMWARE, roles.BUILDS)
    return True


def doctor_files(program, env):
    """Its lines about files, and its JSON's."""
    text = run(program, "doctor", env=env)
    told = json.loads(run(program, "doctor", "--output", "json", env=env).out)
    return [x[13:] for x in text.out.splitlines() if x.startswith("file ")], told["files"], told


# ---- The two files ----

FILES = {
    "AWS_CONFIG_FILE": ".aws/config",
    "AWS_SHARED_CREDENTIALS_FILE": ".aws/credentials",
}
ROWS = [
    (variable, named, state)
    for variable in FILES
    for named in (False, True)
    for state in [*NOT_THERE, *IN_THE_WAY]
    if named or state not in BY_NAME
]


@pytest.mark.parametrize("variable, named, state", ROWS)
def test_a_file(program, place, variable, named, state):
    path = place / "named/file" if named else place / FILES[variable]
    path = arrange(path, state, KEYS)
    env = {"HOME": str(place), **({variable: str(path)} if named else {})}
    lines, files, told = doctor_files(program, env)
    number = list(FILES).index(variable)
    line, entry = lines[number], files[number]
    assert entry["path"] == str(path) and entry["variable"] == (variable if named else None)
    assert (f", named by {variable}" in line) == named
    program.standin.reset()
    done = cancel(program, env=env)
    if state in IN_THE_WAY:
        if not named and state in ("folder that may not be entered", "below a file"):
            variable, path = "AWS_CONFIG_FILE", place / ".aws/config"  # which comes first
        done.failed(253, str(path)[:200], *([] if "long" in state else [IN_THE_WAY[state]]))
        assert state == "name too long" or f"{variable}=/dev/null leaves it out" in done.err
        assert nobody_was_asked(program.standin)
        assert IN_THE_WAY[state] in line and line.startswith("FAILED: ")
        assert not entry["found"] and IN_THE_WAY[state] in entry["why"]
        assert told["exit"] == 253 and told["source"] is None
        return
    assert the_instance_signed(program.standin) and done.code == 0, done
    missing = "not there" in state
    if named and missing:
        said = f"{variable} names '{path}', which does not exist: nothing is read there"
        assert done.err == f"cilp: note: {said}\n"
    else:
        assert done.err == ""
    assert entry["found"] == (state == "empty")
    assert line.startswith(str(path)) and ("does not exist" in line) == missing
    assert ("is left out" in line) == (state == "/dev/null")


def test_the_way_out_that_is_named_is_one(program, place):
    path = arrange(place / ".aws/config", "unreadable", KEYS)
    assert cancel(program, env={"HOME": str(place)}).code == 253
    done = cancel(program, env={"HOME": str(place), "AWS_CONFIG_FILE": "/dev/null"})
    assert (done.code, done.err) == (0, "") and path.exists()


def test_a_file_that_can_be_read_is_the_one_that_is_used(program, place):
    path = place / ".aws/credentials"
    path.parent.mkdir()
    path.write_text(KEYS)
    path.chmod(0o644)
    lines, _, told = doctor_files(program, {"HOME": str(place)})
    assert told["source"] == "credentials-file" and lines[1] == str(path)


# ---- HOME, and the profile ----


@pytest.mark.parametrize("home", [None, "", "/dev/null", "/no/such/folder"])
def test_a_home_that_is_none(program, home):
    """Scratch images have none: no file is guessed at, and doctor says so."""
    lines, files, _ = doctor_files(program, {"HOME": home})
    program.standin.reset()
    done = cancel(program, env={"HOME": home})
    assert (done.code, done.err) == (0, "") and the_instance_signed(program.standin)
    word = "does not exist" if home == "/no/such/folder" else "HOME is not set"
    assert all(word in line for line in lines) and len(lines) == 2
    assert all(word in f["why"] and not f["found"] for f in files)


def test_a_named_file_in_a_home_that_is_not_set(program):
    done = cancel(program, env={"HOME": None, "AWS_CONFIG_FILE": "~/config"})
    assert done.code == 0 and the_instance_signed(program.standin)
    assert "AWS_CONFIG_FILE names '~/config', and HOME is not set" in done.err


@pytest.mark.parametrize("home", ["~", None])
@pytest.mark.parametrize("words, env", [(("--profile", "p"), {}), ((), {"AWS_PROFILE": "p"})])
def test_a_profile_that_is_nowhere(program, place, home, words, env):
    env = {**env, "HOME": str(place) if home else None}
    done = cancel(program, *words, env=env)
    said = f"{place}/.aws/credentials (which does not exist);" if home else " (HOME is not set);"
    done.failed(253, "The config profile (p) could not be found in ", said)
    assert nobody_was_asked(program.standin)


def test_doctor_keeps_the_endpoint_of_a_variable_whatever_a_file_is(program, place):
    url = program.standin.url("http")
    for env in ({"AWS_PROFILE": "p"}, {"AWS_CONFIG_FILE": str(place)}):
        _, _, told = doctor_files(program, {"HOME": str(place), **env})
        assert f"http://{told['host']}:{told['port']}" == url and told["exit"] == 253


# ---- Files that are needed, once they are named ----

MISSING = {
    **IN_THE_WAY,
    "not there": "does not exist",
    "/dev/null": "is a device",
    "folder that may not be entered": "may not be read by this user",
    "link to nothing": "does not exist",
}


def _cache(folder, digest, of):
    return f".aws/{folder}/cache/{digest(of.encode()).hexdigest()}.json"


START = "https://example.awsapps.com/start"
ROLE = "arn:aws:iam::123456789012:role/r"
SSO = f"sso_account_id = {roles.BUILDS}\nsso_role_name = r\nsso_region = us-east-1\n"
NEEDED = {
    "web": (
        None,
        lambda path: {"AWS_WEB_IDENTITY_TOKEN_FILE": path, "AWS_ROLE_ARN": ROLE},
    ),
    "container": (
        None,
        lambda path: {
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9/keys",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": path,
        },
    ),
    "sso": (SSO + f"sso_start_url = {START}\n", _cache("sso", hashlib.sha1, START)),
    "login": (f"login_session = {LOGIN}\n", _cache("login", hashlib.sha256, LOGIN)),
}


@pytest.mark.parametrize("state", [s for s in MISSING if s not in BY_NAME])
@pytest.mark.parametrize("kind", NEEDED)
def test_a_file_that_is_needed(program, place, kind, state):
    profile, where = NEEDED[kind]
    path = place / where if profile else place / "named/file"
    env = {"HOME": str(place), **({} if profile else where(str(path)))}
    if profile:
        (place / ".aws").mkdir()
        (place / ".aws/config").write_text(f"[default]\n{profile}")
    arrange(path, state, "x")
    text = run(program, "doctor", env=env)
    assert text.code == 253 and "FAILED" in text.out and "which reads" in text.out
    done = cancel(program, env=env)
    done.failed(253, str(path), MISSING[state])
    assert nobody_was_asked(program.standin)


BUNDLES = ["--ca-bundle", "AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"]


@pytest.mark.parametrize("state", [s for s in MISSING if s != "name too long"])
@pytest.mark.parametrize("how", BUNDLES)
def test_a_bundle(program, place, how, state):
    path = arrange(place / "named/file", state, "x")
    words = ("--ca-bundle", str(path)) if how.startswith("-") else ()
    env = {"HOME": None, **({} if words else {how: str(path)})}
    done = cancel(program, *words, env=env)
    done.failed(253, str(path), MISSING[state], f"it is named by {how}")
    assert nobody_was_asked(program.standin)


CREATED = {"link to nothing", *BY_NAME}  # what it leads to is made


@pytest.mark.parametrize("state", sorted({*IN_THE_WAY, "/dev/null", "folder not there"} - CREATED))
def test_an_audit_file(program, place, state):
    path = arrange(place / "named/file", state, "x")
    done = cancel(program, "--audit", str(path), env={"HOME": None})
    assert done.code == 253 and str(path) in done.err, done
    assert nobody_was_asked(program.standin)
    assert state != "unreadable" or stat.S_IMODE(path.stat().st_mode) == 0
