"""Every source of credentials ends in a cancelled permission, and asks nobody else."""

import contextlib
import ctypes
import fcntl
import os
import shutil
import socket
import struct
import subprocess
import threading
import time
import urllib.parse

import accounts
import container
import pytest
import roles
import sources
import web_identity
from conftest import TESTS, Program
from keyless import (
    ASSUME,
    CANCEL,
    CONTAINER,
    FIRMWARE,
    FLOWS,
    IMAGE,
    IMDS,
    KEYS,
    NO_KEYS,
    WEB,
    WHO,
    Flow,
    login_file,
    now_iso,
    process_output,
)
from standin import Standin

FIRMWARES = [f"ami-000000000000005a{n}" for n in (1, 2, 3)]


@pytest.mark.parametrize("name", FLOWS)
def test_it_ends_in_a_cancelled_permission(keyless, name):
    flow = FLOWS[name]
    requests = keyless.cancelled(flow, keyless.run(flow))
    assert requests[-1]["signature"] == "ok"


@pytest.mark.parametrize("name", FLOWS)
def test_debug_shows_no_secret(keyless, name):
    flow = FLOWS[name]
    done = keyless.run(flow, "--debug")
    assert done.code == 0 and "> POST / HTTP/1.1" in done.err


@pytest.mark.parametrize("name", [n for n in FLOWS if not n.startswith("role-of-env")])
def test_it_can_be_named(keyless, name):
    flow = FLOWS[name]
    # Keys in the environment would win otherwise, with no profile.
    done = keyless.run(flow, "--credentials", flow.kind, env=KEYS)
    keyless.cancelled(flow, done)


def test_a_source_that_is_named_and_has_nothing_stops(keyless):
    done = keyless.run(Flow("", []), "--credentials", "sso", env=KEYS)
    done.failed(253, "no credentials from that source", "no sso_account_id")
    done = keyless.run(Flow("", []), "--credentials", "ec2", env=KEYS)
    done.failed(252, "--credentials ec2: choose one of")
    assert keyless.asked() == []


def test_a_profile_switches_the_environment_off(keyless):
    """Keys and a web identity; not the container, nor the instance."""
    other = {**KEYS, "AWS_ACCESS_KEY_ID": "AKIADENIEDALLEXAMPLE"}
    flow = FLOWS["config-keys"]
    web = keyless.standin.source_environment("sts")
    requests = keyless.cancelled(flow, keyless.run(flow, env={**other, **web}))
    assert requests[-1]["access_key_id"] == accounts.CALLER_KEY


def test_a_variable_s_profile_does_not(keyless):
    denied = {**KEYS, "AWS_ACCESS_KEY_ID": "AKIADENIEDALLEXAMPLE"}
    env = {**denied, "AWS_PROFILE": "role"}
    done = keyless.run(Flow("", []), env=env)
    assert done.code == 254 and keyless.asked() == CANCEL


@pytest.mark.parametrize("listener", ["container", "imds"])
def test_a_profile_without_keys_leads_to_the_machine_s(keyless, listener):
    keyless.profiles("[profile bare]\nregion = us-east-1\n")
    flow = FLOWS[listener]
    keyless.cancelled(flow, keyless.run(flow, "--profile", "bare", env=KEYS))


# Roles


def form_of(keyless, number=0):
    """The form of a request, as pairs."""
    return dict(urllib.parse.parse_qsl(keyless.form(number), keep_blank_values=True))


def test_what_a_role_s_profile_says_is_asked_for(keyless):
    keyless.profiles(
        f"[profile whole]\nrole_arn = arn:aws:iam::{roles.BUILDS}:role/deployer-with-id\n"
        f"source_profile = base\nexternal_id = {roles.EXTERNAL_ID}\n"
        "duration_seconds = 901\nrole_session_name = a=b,c.d@e-f\n"
    )
    flow = Flow("assume-role", ASSUME, (), ("--profile", "whole"))
    keyless.cancelled(flow, keyless.run(flow))
    assert form_of(keyless) == {
        "Action": "AssumeRole",
        "Version": "2011-06-15",
        "RoleArn": f"arn:aws:iam::{roles.BUILDS}:role/deployer-with-id",
        "RoleSessionName": "a=b,c.d@e-f",
        "DurationSeconds": "901",
        "ExternalId": roles.EXTERNAL_ID,
    }


def test_a_session_without_a_name_has_the_time_for_one(keyless):
    keyless.profiles(
        f"[profile unnamed]\nrole_arn = arn:aws:iam::{roles.BUILDS}:role/deployer\n"
        "source_profile = base\n"
    )
    flow = Flow("assume-role", ASSUME, (), ("--profile", "unnamed"))
    keyless.cancelled(flow, keyless.run(flow))
    name = form_of(keyless)["RoleSessionName"]
    word, _, seconds = name.partition("-")
    assert word == "cilp" and abs(int(seconds) - time.time()) < 60
    assert "DurationSeconds" not in form_of(keyless)


@pytest.mark.parametrize(
    "name, base, more",
    [
        ("web", WEB, "web_identity_token_file = {folder}/web-identity.jwt\n"),
        ("process", [], "credential_process = /bin/cat {spoken}\n"),
        ("sso", [("sso", "GetRoleCredentials")], "sso_session = standin\n"
         "sso_account_id = 555566667777\nsso_role_name = by-sso\n"),
    ],
)  # fmt: skip
def test_the_source_profile_s_own_source(keyless, name, base, more):
    more = more.format(folder=keyless.standin.folder, spoken=keyless.spoken)
    if name == "web":
        more += f"role_arn = arn:aws:iam::{roles.BUILDS}:role/by-web-identity\n"
    keyless.profiles(
        f"[profile below]\n{more}"
        f"[profile above]\nrole_arn = arn:aws:iam::{roles.BUILDS}:role/deployer\n"
        "source_profile = below\n"
    )
    flow = Flow("assume-role", base + ASSUME, (), ("--profile", "above"))
    env = {"AWS_ENDPOINT_URL_SSO": keyless.url("sso")}
    keyless.cancelled(flow, keyless.run(flow, env=env))


@pytest.mark.parametrize(
    "text, fragment",
    [
        ("source_profile = base\nmfa_serial = x\n", "mfa_serial"),
        ("source_profile = base\ncredential_source = Environment\n", "both"),
        ("", "neither"),
        ("source_profile = nobody\n", "'nobody'"),
        ("source_profile = one\n", "circle: one -> one"),
        ("credential_source = Moon\n", "credential_source"),
        ("source_profile = base\nduration_seconds = 1h\n", "duration_seconds"),
        ("source_profile = base\nduration_seconds = 899\n", "900 to 43200"),
        ("source_profile = base\nrole_session_name = a b\n", "session name"),
        ("source_profile = base\nexternal_id = x\n", "external id"),
    ],
)
def test_a_role_that_cannot_be_assumed(keyless, text, fragment):
    keyless.profiles(
        f"[profile one]\nrole_arn = arn:aws:iam::{roles.BUILDS}:role/deployer\n{text}"
    )
    done = keyless.run(Flow("", [], (), ("--profile", "one")), env=KEYS)
    assert done.failed(253, fragment)
    assert keyless.asked() == []


def test_a_role_that_is_refused(keyless):
    keyless.profiles(
        f"[profile no]\nrole_arn = arn:aws:iam::{roles.BUILDS}:role/nobody\n"
        "source_profile = base\n"
    )
    done = keyless.run(Flow("", [], (), ("--profile", "no")))
    done.failed(253, "no credentials from assume-role on config-file", "AccessDenied")
    assert "request id" in done.err and keyless.asked() == ASSUME


# Web identity


def test_the_longest_token(keyless, tmp_path):
    file = tmp_path / "token"
    file.write_text(web_identity.token(20_000))
    flow = FLOWS["web"]
    done = keyless.run(flow, env={"AWS_WEB_IDENTITY_TOKEN_FILE": str(file)})
    keyless.cancelled(flow, done)
    assert keyless.standin.requests()[0]["received"] > 20_000


def test_a_provider_that_sts_cannot_reach_is_asked_again(keyless, tmp_path):
    file = tmp_path / "token"
    file.write_text(web_identity.token())
    flow = FLOWS["web"]
    message = "Couldn't retrieve verification key from your identity provider"
    keyless.standin.next({"error": "InvalidIdentityToken", "status": 400, "message": message})
    done = keyless.run(flow, env={"AWS_WEB_IDENTITY_TOKEN_FILE": str(file)})
    assert done.code == 0, done
    assert keyless.asked() == flow.asked * 2 + CANCEL


@pytest.mark.parametrize("end", ["\n", "\r\n", "\n\n"])
def test_a_line_end_behind_a_token(keyless, tmp_path, end):
    file = tmp_path / "token"
    file.write_bytes((web_identity.token() + end).encode())
    flow = FLOWS["web"]
    done = keyless.run(flow, env={"AWS_WEB_IDENTITY_TOKEN_FILE": str(file)})
    keyless.cancelled(flow, done)


@pytest.mark.parametrize(
    "text, fragment",
    [
        ("", "one line of printable text"),
        ("abc\ndef", "one line of printable text"),
        ("abc\tdef", "one line of printable text"),
        pytest.param("x" * 20_001, "one line of printable text", id="long"),
        pytest.param("x" * 30_000, "is too long", id="longer"),
        (None, "does not exist"),
    ],
)
def test_a_token_file_that_is_none(keyless, tmp_path, text, fragment):
    file = tmp_path / "token"
    if text is not None:
        file.write_text(text)
    env = {"AWS_WEB_IDENTITY_TOKEN_FILE": str(file)}
    done = keyless.run(FLOWS["web"], env=env)
    done.failed(253, "no credentials from web-identity", str(file), fragment)
    assert keyless.asked() == []


# Container


def with_token(keyless, tmp_path):
    """An agent that wants a token, which is in a file."""
    keyless.standin.set(container_token="Bearer of-the-first-hour-00000000")
    file = tmp_path / "token"
    file.write_text("Bearer of-the-first-hour-00000000\n")
    return file, {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": str(file)}


@pytest.mark.parametrize("name", ["container", "container-https"])
def test_the_agent_s_token(keyless, tmp_path, name):
    keyless.standin.set(container_token="Bearer of-the-first-hour-00000000")
    flow = FLOWS[name]
    requests = keyless.cancelled(flow, keyless.run(flow))
    assert requests[0]["signature"] == "ok"


def test_the_token_s_file_wins(keyless, tmp_path):
    _, env = with_token(keyless, tmp_path)
    env["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "Bearer of-yesterday-0000000000000"
    flow = FLOWS["container"]
    requests = keyless.cancelled(flow, keyless.run(flow, env=env))
    assert requests[0]["signature"] == "ok"


def test_a_wrong_token(keyless):
    keyless.standin.set(container_token="Bearer of-the-first-hour-00000000")
    env = {"AWS_CONTAINER_AUTHORIZATION_TOKEN": "Bearer of-yesterday-0000000000000"}
    done = keyless.run(FLOWS["container"], env=env)
    done.failed(253, "no credentials from container", "AccessDeniedException", "403")
    assert "yesterday" not in done.err and keyless.asked() == CONTAINER


@pytest.mark.parametrize("text", ["Bearer a\r\nX-Injected: yes", "a\x01b", "a\nb"])
def test_a_token_that_breaks_its_line(keyless, tmp_path, text):
    env = {"AWS_CONTAINER_AUTHORIZATION_TOKEN": text}
    done = keyless.run(FLOWS["container"], env=env)
    done.failed(253, "authorization token")
    assert "Injected" not in done.err
    file = tmp_path / "token"
    file.write_text(text)
    env = {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": str(file)}
    done = keyless.run(FLOWS["container"], env=env)
    done.failed(253, str(file), "one line of printable text")
    assert keyless.asked() == []


# Instance metadata


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "localhost"])
@pytest.mark.parametrize("end", ["", "/"])
def test_the_instance_s_addresses(keyless, host, end):
    url = f"http://{host}:{keyless.standin.port('imds')}{end}"
    flow = FLOWS["imds"]
    env = {"AWS_EC2_METADATA_SERVICE_ENDPOINT": url}
    keyless.cancelled(flow, keyless.run(flow, env=env))


def test_the_region_of_the_instance(keyless):
    flow = FLOWS["imds"]
    env = {"AWS_REGION": None, "AWS_DEFAULT_REGION": None}
    done = keyless.run(flow, env=env)
    assert done.code == 0
    place = [("imds", "token"), ("imds", "region")]
    assert keyless.asked() == place + IMDS + CANCEL
    scope = dict(keyless.standin.requests()[-1]["headers"])["Authorization"]
    assert "/us-east-1/ec2/aws4_request" in scope


def test_the_region_is_not_asked_for_where_it_is_known_or_forbidden(keyless):
    env = {"AWS_REGION": None, "AWS_DEFAULT_REGION": None}
    off = {**env, "AWS_EC2_METADATA_DISABLED": "true"}
    done = keyless.run(FLOWS["container"], env=off)
    done.failed(253, "no Region")
    assert keyless.asked() == []


def test_no_role_no_version_1(keyless):
    """A token is always asked for first, whatever comes of it."""
    for order in (
        {"action": "token", "status": 403},
        {"action": "token", "status": 404},
        {"action": "token", "status": 405},
        {"action": "token", "stall": 5},
        {"action": "role", "status": 404},
    ):
        keyless.standin.reset()
        keyless.standin.always(**order)
        done = keyless.run(FLOWS["imds"])
        assert done.failed(253, "no credentials from imds")
        for request in keyless.standin.requests():
            names = {name.lower() for name, _ in request["headers"]}
            assert request["method"] == "PUT" or "x-aws-ec2-metadata-token" in names
    done.failed(253, "the instance has no role", "attach an instance profile")


def test_a_token_that_has_expired_is_asked_for_once_more(keyless):
    keyless.standin.next({"action": "role", "status": 401})
    done = keyless.run(FLOWS["imds"])
    assert done.code == 0
    assert keyless.asked() == IMDS[:2] + IMDS + CANCEL


def test_keys_that_seem_to_have_expired_are_tried(keyless):
    keyless.standin.for_listener("imds", action="credentials", expiration=-600)
    done = keyless.run(FLOWS["imds"])
    assert done.code == 0 and keyless.asked() == IMDS + CANCEL
    assert "imds expired at" in done.err and "tried all the same" in done.err
    assert done.err.count("\n") == 1


def test_keys_that_have_expired_are_ec2_s_to_refuse(keyless):
    keyless.standin.for_listener("imds", action="credentials", lifetime=-600)
    done = keyless.run(FLOWS["imds"])
    assert done.code == 254 and "RequestExpired" in done.err


# Files, a login, a process


def test_a_loose_file_is_warned_about_and_read(keyless):
    (keyless.home / ".aws/credentials").chmod(0o644)
    done = keyless.run(FLOWS["credentials-file"])
    assert done.code == 0 and "chmod 600" in done.err


def test_half_a_pair_stops(keyless):
    keyless.credentials(f"[filed]\naws_access_key_id = {accounts.CALLER_KEY}\n")
    done = keyless.run(FLOWS["credentials-file"], env=KEYS)
    done.failed(253, "Partial credentials found in", "aws_secret_access_key")
    assert keyless.asked() == []


def test_a_login_that_is_over(keyless):
    flow = FLOWS["login"]
    file = login_file(keyless.home, expiresAt=now_iso(-60))
    done = keyless.run(flow)
    done.failed(253, "no credentials from login", "expired")
    file.unlink()
    done = keyless.run(flow)
    done.failed(253, str(file), "aws login")
    assert keyless.asked() == []


@pytest.mark.parametrize(
    "text, fragment",
    [
        (process_output(Version=2), '"Version" is not 1'),
        (process_output(Version="1"), "another type"),
        (process_output(Version=None), '"Version" is not 1'),
        (process_output(SecretAccessKey=None), "whole set of keys"),
        (process_output(SecretAccessKey=5), "another type"),
        (process_output(SecretAccessKey=""), "secret access key"),
        pytest.param(process_output(Expiration=now_iso(-60)), "expired", id="expired"),
        (process_output() + "{}", "one well-formed JSON object"),
        (process_output()[:-1], "one well-formed JSON object"),
        ("", "printed no JSON object"),
        pytest.param("x" * 16385, "printed too much", id="long"),
    ],
)
def test_what_a_process_may_not_print(keyless, text, fragment):
    keyless.spoken.write_text(text)
    done = keyless.run(FLOWS["process"])
    done.failed(253, "no credentials from process", fragment)
    assert keyless.asked() == []


def test_a_process_that_fails_says_why(keyless):
    keyless.profiles(
        "[profile failing]\ncredential_process = "
        f'/bin/sh -c "cat {keyless.spoken} >&2; echo the vault is closed >&2; exit 3"\n'
    )
    done = keyless.run(Flow("", [], (), ("--profile", "failing")))
    done.failed(253, "exit status 3", "it said: ", "[hidden]", "the vault is closed")
    assert keyless.asked() == []


def test_a_sign_in_that_is_over(keyless):
    folder = keyless.standin.folder
    for expires in ("2020-01-01T00:00:00Z", "2020-01-01T00:00:00UTC", "soon"):
        sources.sign_in(folder, keyless.standin.front.settings.sso_token, expires)
        done = keyless.run(FLOWS["sso"])
        done.failed(253, "/.aws/sso/cache/", "expired", "aws sso login")
    assert keyless.asked() == []
    sources.sign_in(folder, "another-token-000000000000000000000000000")
    done = keyless.run(FLOWS["sso"])
    done.failed(253, "no credentials from sso", "UnauthorizedException", "aws sso login")
    assert "another-token" not in done.err


# Reach: the very address


@pytest.fixture(name="elsewhere")
def _elsewhere():
    """An address of this machine that is neither loopback nor link-local."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        try:
            sock.connect(("192.0.2.1", 9))
        except OSError:
            pytest.skip("this machine has no other address")
        return sock.getsockname()[0]


@pytest.mark.parametrize("name", ["imds", "container"])
def test_an_endpoint_that_leads_elsewhere_gets_nothing(keyless, elsewhere, name):
    with socket.socket() as server:
        server.bind((elsewhere, 0))
        server.listen()
        server.settimeout(0.2)
        url = f"http://{elsewhere}:{server.getsockname()[1]}"
        env = {
            "AWS_EC2_METADATA_SERVICE_ENDPOINT": url,
            "AWS_CONTAINER_CREDENTIALS_FULL_URI": url + "/keys",
        }
        if name == "imds":
            del env["AWS_CONTAINER_CREDENTIALS_FULL_URI"]
        done = keyless.run(FLOWS[name], env=env)
        assert done.failed(253, f"no credentials from {name}")
        with pytest.raises(TimeoutError):
            server.accept()


# Batches


def batch(keyless, flow, images, pause=lambda number: None, program=None, env=None):
    """cilp cancel - with ids that come one by one."""
    words = ("cancel", "-", "--no-verify", *flow.options, *PATIENT)
    env = keyless.environment(flow, env)
    process = (program or keyless.cilp).start(*words, env=env, stdin=subprocess.PIPE)
    for number, image in enumerate(images):
        if number:
            pause(number)
        process.stdin.write(f"{image}\n".encode())
        process.stdin.flush()
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, (out, err)


@pytest.mark.parametrize("name", [n for n, f in FLOWS.items() if f.image == FIRMWARE])
def test_a_batch_asks_once(keyless, name):
    flow = FLOWS[name]
    batch(keyless, flow, FIRMWARES)
    assert keyless.asked() == flow.asked + CANCEL * 3


# The program of test_clock.py, whose clock is told to run faster: PACE seconds a second.
PACE = 100
HURRIED = {
    "FAKED_PACE": str(PACE),
    "ASAN_OPTIONS": "detect_leaks=0",
    "AWS_METADATA_SERVICE_TIMEOUT": "3600",
}
PATIENT = ("--cli-connect-timeout", "3600", "--cli-read-timeout", "3600")


@pytest.fixture(name="paced")
def _paced(standin):
    path = os.environ.get("CILP_FAKED_CLOCK") or "build/dev/tests/cilp_faked_clock"
    path = TESTS.parent / path
    if not path.exists():
        pytest.skip(f"{path} was not built")
    return Program(path, standin)


def paced_batch(keyless, paced, flow, seconds, before=lambda number: None, env=None):
    """A batch whose ids come so many seconds apart, as the program counts them."""

    def pause(number):
        # The one before has to be done.
        end = time.monotonic() + 30
        while len([a for a in trail(keyless) if a == CANCEL[0]]) < number:
            assert time.monotonic() < end
            time.sleep(0.01)
        before(number)
        time.sleep(seconds / PACE)

    env = {**HURRIED, **(env or {})}
    batch(keyless, flow, FIRMWARES, pause, paced, env)
    return keyless.asked()


def trail(keyless):
    """Who has been asked so far."""
    return [(r["service"], r["action"]) for r in keyless.standin.requests()]


@pytest.mark.parametrize("name", ["imds", "container", "web", "role", "role-of-instance"])
def test_keys_at_their_end_are_fetched_anew_between_items(keyless, paced, name):
    flow = FLOWS[name]
    keyless.standin.always(expiration=30)
    asked = paced_batch(keyless, paced, flow, 80)
    # whose the old ones were is asked before they are gone
    again = flow.asked + WHO + CANCEL
    assert asked == flow.asked + CANCEL + WHO + again * 2


def test_not_more_than_once_a_minute(keyless, paced):
    keyless.standin.always(expiration=30)
    flow = FLOWS["imds"]
    asked = paced_batch(keyless, paced, flow, 0, env={"FAKED_PACE": "1"})
    assert asked == flow.asked + CANCEL * 3


def test_keys_that_last_are_not_fetched_anew(keyless, paced):
    keyless.standin.always(expiration=3000)
    flow = FLOWS["imds"]
    asked = paced_batch(keyless, paced, flow, 80)
    assert asked == flow.asked + CANCEL * 3


def test_a_process_is_run_again(keyless, paced):
    flow = FLOWS["process"]
    count = keyless.home / "count"
    count.write_text("")
    keyless.spoken.write_text(process_output(Expiration=now_iso(30)))
    keyless.profiles(
        "[profile counted]\ncredential_process = "
        f'/bin/sh -c "echo x >> {count}; cat {keyless.spoken}"\n'
    )
    flow = Flow("process", [], (), ("--profile", "counted"), image=IMAGE)
    images = [IMAGE, "ami-00000000000000d01"]

    def pause(_number):
        time.sleep(100 / PACE)
        keyless.spoken.write_text(process_output(Expiration=now_iso(3000)))

    batch(keyless, flow, images, pause, paced, HURRIED)
    assert count.read_text() == "x\nx\n"


def test_a_token_that_was_exchanged_is_read_anew(keyless, paced, tmp_path):
    file, env = with_token(keyless, tmp_path)
    keyless.standin.always(expiration=30)

    def before(number):
        token = f"Bearer of-hour-{number}-0000000000000000"
        keyless.standin.set(container_token=token)
        file.write_text(token)

    flow = FLOWS["container"]
    asked = paced_batch(keyless, paced, flow, 80, before, env)
    again = CONTAINER + WHO + CANCEL
    assert asked == CONTAINER + CANCEL + WHO + again * 2
    requests = keyless.standin.requests()
    tokens = [r["signature"] for r in requests if r["service"] == "container"]
    assert tokens == ["ok"] * 3


# Where nothing is but the program


CLONE_NEWNET = 0x40000000
SIOCSIFFLAGS, SIOCSIFADDR, SIOCSIFNETMASK = 0x8914, 0x8916, 0x891C
IFF_UP = 1
INSTANCE_V6 = "fd00:ec2::254"


def give_address(text, number):
    """Gives loopback one more address."""
    if ":" in text:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
            packed = socket.inet_pton(socket.AF_INET6, text)
            index = socket.if_nametoindex("lo")
            fcntl.ioctl(sock, SIOCSIFADDR, struct.pack("=16sIi", packed, 128, index))
        return
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        name = f"lo:{number}".encode()
        for order, address in ((SIOCSIFADDR, text), (SIOCSIFNETMASK, "255.255.255.255")):
            packed = socket.inet_aton(address)
            data = struct.pack("16sHH4s8x", name, socket.AF_INET, 0, packed)
            fcntl.ioctl(sock, order, data)


def enter_cloud():
    """A network of its own with the addresses that AWS has."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "no network namespaces here")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", IFF_UP))
    for number, text in enumerate(("169.254.169.254", "169.254.170.2", INSTANCE_V6)):
        give_address(text, number + 1)


def in_cloud(task):
    """What `task` returns, called in there."""
    found = []

    def run():
        try:
            enter_cloud()
        except OSError as error:
            found.append(error)
            return
        found.append(task())

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if found and isinstance(found[0], OSError):
        pytest.skip(str(found[0]))
    assert found, "the task did not end well"
    return found[0]


CLOUD = [
    "rsa",
    "sts",
    "http",
    f"imds:address=169.254.169.254+{INSTANCE_V6},port=80",
    "container:address=169.254.170.2,port=80",
]


def alone(program, folder, standin, env, *options):
    """Runs it in a folder with nothing else, as nobody."""
    folder.chmod(0o755)
    shutil.copy(program, folder / "cilp")
    shutil.copy(standin.ca_bundle, folder / "ca.pem")
    (folder / "ca.pem").chmod(0o644)

    def enter():
        os.chroot(folder)
        os.chdir("/")
        os.setgroups([])
        os.setresgid(65532, 65532, 65532)
        os.setresuid(65532, 65532, 65532)

    known = standin.environment("rsa")
    for name in NO_KEYS:
        del known[name]
    return subprocess.run(
        ["/cilp", "cancel", FIRMWARE, "--no-verify", "--even-if-in-use", *options],
        env={**known, "AWS_CA_BUNDLE": "/ca.pem", **env},
        preexec_fn=enter,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def web_variables(_standin, folder):
    """A token file in the folder, as Kubernetes mounts one."""
    (folder / "token").write_text(web_identity.token())
    (folder / "token").chmod(0o644)
    arn = f"arn:aws:iam::{roles.BUILDS}:role/by-web-identity"
    return {"AWS_ROLE_ARN": arn, "AWS_WEB_IDENTITY_TOKEN_FILE": "/token"}


ALONE = {
    "imds": (IMDS, lambda standin, folder: {}),
    "imds-v6": (
        IMDS,
        lambda standin, folder: {"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv6"},
    ),
    "container": (
        CONTAINER,
        lambda standin, folder: {
            "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": container.RELATIVE
        },
    ),
    "web-identity": (WEB, web_variables),
}


@pytest.mark.skipif(os.geteuid() != 0, reason="chroot needs root")
@pytest.mark.parametrize("name", ALONE)
def test_alone_where_the_cloud_is(cilp, tmp_path, name):
    if not cilp.is_static:
        pytest.skip("of the static program")
    asked, variables = ALONE[name]

    def task():
        with Standin(CLOUD) as standin:
            env = variables(standin, tmp_path)
            done = alone(cilp.path, tmp_path, standin, env)
            standin.settle()
            seen = [(r["service"], r["action"]) for r in standin.requests()]
            return done, seen, standin.shared(FIRMWARE, roles.BUILDS)

    done, seen, shared = in_cloud(task)
    assert (done.returncode, done.stderr) == (0, "")
    assert seen == asked + CANCEL and not shared


@pytest.mark.skipif(os.geteuid() != 0, reason="chroot needs root")
def test_a_name_that_leads_elsewhere_is_refused_where_it_leads(cilp, tmp_path):
    """/etc/hosts says so: what counts is the address, not the name."""
    if not cilp.is_static:
        pytest.skip("of the static program")
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/hosts").write_text("192.0.2.7 agent.test\n127.0.0.1 near.test\n")
    with Standin(["rsa", "container", "imds"]) as standin:
        for name, source in (("container", "agent"), ("imds", "metadata")):
            port = standin.port(name)
            for host, code in (("near.test", 0), ("agent.test", 253)):
                standin.reset()
                url = f"http://{host}:{port}"
                env = {
                    "container": {
                        "AWS_CONTAINER_CREDENTIALS_FULL_URI": url + container.FULL
                    },
                    "imds": {"AWS_EC2_METADATA_SERVICE_ENDPOINT": url},
                }[name]
                done = alone(cilp.path, tmp_path, standin, env)
                assert done.returncode == code, (source, done)
            assert "192.0.2.7" in done.stderr and host in done.stderr
            assert standin.requests() == []
