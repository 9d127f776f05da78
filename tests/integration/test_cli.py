"""The command line, against the stand-in: what is printed, sent and returned."""

import os
import random
import re
import resource
import shutil
import signal
import socket
import subprocess
import threading
import time
from pathlib import Path

import pytest
from conftest import skip_without_pss

IMAGE = "ami-0abcdef1234567890"
GUIDE = "ami-0123456789example"
UNSHARED = "ami-000000000000000e0"
SESSION = "ASIAIOSFODNN7EXAMPLE"
JSON = '{\n    "Return": true\n}\n'
ONE_ATTEMPT = {"AWS_MAX_ATTEMPTS": "1"}
UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"

AT_AWS = {"AWS_ENDPOINT_URL_EC2": None, "AWS_ENDPOINT_URL": None}
NO_KEYS = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
NO_REGION = {"AWS_REGION": None, "AWS_DEFAULT_REGION": None}


def only_request(standin):
    """The one request that was seen, well signed."""
    standin.settle()
    (request,) = standin.requests()
    assert request["signature"] == "ok"
    return request


# ---- Success ----


def test_a_cancel_says_so_and_has_happened(cilp, standin):
    done = cilp.cancel(IMAGE)
    assert done.code == 0 and done.err == ""
    assert re.fullmatch(rf"{IMAGE} cancelled  \(request id {UUID}\)\n", done.out)
    assert only_request(standin)["acted"]
    assert not standin.shared(IMAGE)


def test_json_is_the_aws_cli_s_byte_for_byte(cilp, standin):
    done = cilp.cancel(IMAGE, "--output", "json")
    assert (done.code, done.out, done.err) == (0, JSON, "")
    only_request(standin)


def test_off_prints_nothing(cilp):
    done = cilp.cancel(IMAGE, "--output=off")
    assert (done.code, done.out, done.err) == (0, "", "")


def test_the_user_guide_s_command_through_a_link_named_aws(cilp, standin, tmp_path):
    (tmp_path / "aws").symlink_to(cilp.path)
    done = subprocess.run(
        f"aws ec2 cancel-image-launch-permission --image-id {GUIDE} --region us-east-1",
        shell=True,
        env={**cilp.environment(), "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, JSON, "")
    assert not standin.shared(GUIDE)


@pytest.mark.parametrize("output", ["json", "text"])
def test_the_aws_cli_prints_the_same(cilp, standin, output):
    words = ["ec2", "cancel-image-launch-permission", "--image-id", IMAGE]
    url = standin.url("rsa")
    theirs = subprocess.run(
        ["/usr/bin/aws", *words, "--output", output, "--endpoint-url", url],
        env={**cilp.environment(), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    standin.reset()
    ours = cilp.aws(IMAGE, "--output", output)
    assert (ours.code, ours.out) == (theirs.returncode, theirs.stdout)


def test_the_body_is_the_aws_cli_s(cilp, standin):
    cilp.cancel(IMAGE)
    action = "Action=CancelImageLaunchPermission&Version=2016-11-15"
    assert only_request(standin)["body"] == f"{action}&ImageId={IMAGE}"


def test_a_session_token_is_sent_and_signed(cilp, standin):
    assert cilp.cancel(IMAGE, key=SESSION).code == 0
    only_request(standin)


def test_a_token_of_4096_bytes(cilp, standin):
    assert cilp.cancel(IMAGE, key="ASIALONGTOKENEXAMPLE").code == 0
    only_request(standin)


def test_a_legacy_token_name(cilp):
    env = cilp.environment(key_id=SESSION)
    env = {"AWS_SECURITY_TOKEN": env["AWS_SESSION_TOKEN"], "AWS_SESSION_TOKEN": None}
    assert cilp.cancel(IMAGE, key=SESSION, env=env).code == 0


def test_blanks_around_keys_are_left_out_with_a_note(cilp, standin):
    secret = cilp.environment()["AWS_SECRET_ACCESS_KEY"]
    done = cilp.cancel(IMAGE, env={"AWS_SECRET_ACCESS_KEY": f" {secret}\r\n"})
    assert done.code == 0
    assert done.err.startswith("cilp: note: ") and secret not in done.err
    only_request(standin)


def test_plain_http_to_loopback(cilp):
    assert cilp.cancel(IMAGE, listener="http").code == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "LOCALHOST"])
def test_other_ways_to_write_loopback(cilp, standin, host):
    url = f"https://{host}:{standin.port('rsa')}/"
    assert cilp.cancel(IMAGE, "--endpoint-url", url).code == 0


# ---- Dry runs ----


def test_a_dry_run_that_would_succeed(cilp, standin):
    done = cilp.cancel(IMAGE, "--dry-run")
    assert done.code == 0 and "permitted" in done.out
    assert standin.shared(IMAGE)


def test_a_dry_run_in_json_prints_no_return(cilp):
    done = cilp.cancel(IMAGE, "--dry-run", "--output", "json")
    assert (done.code, done.out) == (0, "") and "permitted" in done.err


def test_a_dry_run_in_the_aws_cli_s_spelling_is_its_error(cilp):
    cilp.aws(IMAGE, "--dry-run").failed(
        254,
        "\naws: [ERROR]: An error occurred (DryRunOperation) when calling the"
        " CancelImageLaunchPermission operation: Request would have succeeded, but"
        " DryRun flag is set.",
    )


def test_the_last_of_dry_run_and_no_dry_run_wins(cilp, standin):
    assert cilp.cancel(IMAGE, "--dry-run", "--no-dry-run").code == 0
    assert not standin.shared(IMAGE)


# ---- Settings: which one wins ----


def test_an_option_wins_over_variables(cilp):
    env = {"AWS_REGION": "eu-west-1", "AWS_ENDPOINT_URL": "https://localhost:1"}
    assert cilp.cancel(IMAGE, "--region", "us-east-1", env=env).code == 0


def test_empty_variables_count_as_unset(cilp, standin):
    env = {
        "AWS_REGION": "",
        "AWS_ENDPOINT_URL_EC2": "",
        "AWS_ENDPOINT_URL": standin.url("rsa"),
        "AWS_USE_FIPS_ENDPOINT": "",
        "AWS_MAX_ATTEMPTS": "",
        "AWS_SESSION_TOKEN": "",
    }
    assert cilp.cancel(IMAGE, env=env).code == 0


def test_configured_endpoints_can_be_ignored(cilp, standin):
    env = {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "True"}
    env["AWS_ENDPOINT_URL_EC2"] = "https://localhost:1"
    url = standin.url("rsa")
    assert cilp.cancel(IMAGE, "--endpoint-url", url, env=env).code == 0


def test_an_option_wins_over_a_wish_for_fips(cilp):
    env = {"AWS_USE_FIPS_ENDPOINT": "true"}
    cilp.cancel(IMAGE, env=env).failed(253, "--endpoint-url", "--fips")
    assert cilp.cancel(IMAGE, "--no-fips", env=env).code == 0


def test_a_profile_that_is_nowhere_is_not_passed_over(cilp):
    done = cilp.cancel(IMAGE, env={"AWS_PROFILE": "prod"})
    assert done.failed(253, "profile (prod) could not be found")


APP_IDS = "Az09!$%&'*+-.^_`|~,"


@pytest.mark.parametrize("name", [APP_IDS, "a" * 50])
def test_the_application_s_id_is_part_of_the_user_agent(cilp, standin, name):
    done = cilp.cancel(IMAGE, env={"AWS_SDK_UA_APP_ID": name})
    assert (done.code, done.err) == (0, "")
    (request,) = standin.requests()
    agent = dict(request["headers"])["User-Agent"]
    assert re.fullmatch(r"cilp/[0-9.]+ app/" + re.escape(name), agent)


@pytest.mark.parametrize("name", ["a b", "a/b", "a\r\nX: y", "a" * 51, "\u00e4", "#"])
def test_a_bad_application_s_id_is_not_sent(cilp, standin, name):
    done = cilp.cancel(IMAGE, env={"AWS_SDK_UA_APP_ID": name})
    assert done.code == 0 and done.err.count("\n") == 1
    assert "note: AWS_SDK_UA_APP_ID is not sent" in done.err
    (request,) = standin.requests()
    assert re.fullmatch(r"cilp/[0-9.]+", dict(request["headers"])["User-Agent"])


@pytest.mark.parametrize("text", ["2020-01-15T12:00:00Z", "2020-01-15T12:00:00+00:00"])
def test_keys_of_the_environment_that_seem_to_have_expired(cilp, text):
    done = cilp.cancel(IMAGE, env={"AWS_CREDENTIAL_EXPIRATION": text})
    assert done.code == 0 and done.err.count("\n") == 1
    assert "environment expired at 2020-01-15 12:00:00 UTC" in done.err


@pytest.mark.parametrize("text", ["2999-01-15T12:00:00Z", "", "tomorrow", "2020"])
def test_keys_of_the_environment_that_may_not_have_expired(cilp, text):
    done = cilp.cancel(IMAGE, env={"AWS_CREDENTIAL_EXPIRATION": text})
    assert (done.code, done.err) == (0, "")


def test_legacy_retries_are_standard_with_a_note(cilp):
    done = cilp.cancel(IMAGE, env={"AWS_RETRY_MODE": "legacy"})
    assert done.code == 0 and "treated as standard" in done.err


@pytest.mark.parametrize(
    "env, code, said",
    [
        (NO_REGION, 253, "no Region: give --region NAME or set AWS_REGION"),
        ({"AWS_REGION": "x@evil/"}, 253, "'x@evil/'"),
        ({"AWS_REGION": "us-east-1a"}, 253, "Zone; its Region is us-east-1"),
        ({"AWS_REGION": "us-west-2-lax-1a"}, 253, "Zone; its Region is us-west-2"),
        ({"AWS_REGION": "US-East-1"}, 253, "in lower case: us-east-1"),
        ({"AWS_REGION": "us-east-1\r\nX: y"}, 253, "'us-east-1\\x0d\\x0aX: y'"),
        ({"AWS_REGION": "fips-us-east-1", **AT_AWS}, 253, "--fips"),
        ({"AWS_REGION": "aws-global", **AT_AWS}, 253, "--region"),
        (NO_KEYS, 253, "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"),
        ({**NO_KEYS, "AWS_PROFILE": "prod"}, 253, "profile (prod) could not be found"),
        ({"AWS_ACCESS_KEY_ID": None}, 253, "missing: AWS_ACCESS_KEY_ID"),
        ({"AWS_SECRET_ACCESS_KEY": ""}, 253, "missing: AWS_SECRET_ACCESS_KEY"),
        ({"AWS_ACCESS_KEY_ID": "a\nb"}, 253, "access key id"),
        ({"AWS_ACCESS_KEY_ID": "a" * 129}, 253, "an access key id has 16 to 128"),
        ({"AWS_SESSION_TOKEN": "t" * 4097}, 253, "session token is too long"),
        ({"AWS_SESSION_TOKEN": "a", "AWS_SECURITY_TOKEN": "b"}, 253, "differ"),
        ({"AWS_CA_BUNDLE": ""}, 253, "AWS_CA_BUNDLE is empty"),
        ({"AWS_CA_BUNDLE": "/no\x1bne"}, 253, "'/no\\x1bne' does not exist"),
        ({"AWS_CA_BUNDLE": "/dev/zero"}, 253, "not a regular file"),
        ({"AWS_CA_BUNDLE": "/"}, 253, "not a regular file"),
        ({"AWS_USE_FIPS_ENDPOINT": "yes"}, 253, "neither true nor false"),
        ({"AWS_USE_DUALSTACK_ENDPOINT": "1"}, 253, "neither true nor false"),
        ({"AWS_MAX_ATTEMPTS": "0"}, 253, "AWS_MAX_ATTEMPTS"),
        ({"AWS_MAX_ATTEMPTS": "3x"}, 253, "AWS_MAX_ATTEMPTS"),
        ({"AWS_RETRY_MODE": "endless"}, 253, "use standard"),
        ({"AWS_ENDPOINT_URL_EC2": "localhost"}, 253, "https://"),
        ({"AWS_ENDPOINT_URL_EC2": "https://a\r\nb"}, 253, "a\\x0d\\x0ab"),
        ({"AWS_ENDPOINT_URL_EC2": "https://u:p@localhost"}, 253, "endpoint"),
        ({"AWS_ENDPOINT_URL_EC2": "http://192.0.2.1"}, 253, "loopback"),
        ({"AWS_ENDPOINT_URL_EC2": "http://localhost.evil"}, 253, "loopback"),
        ({"AWS_ENDPOINT_URL_EC2": "http://127.0.0.1.evil"}, 253, "loopback"),
    ],
)
def test_wrong_settings_stop_before_anything_is_sent(cilp, standin, env, code, said):
    cilp.cancel(IMAGE, env=env).failed(code, "cilp: ", said)
    cilp.aws(IMAGE, env=env).failed(code, "\naws: [ERROR]: An error occurred (")
    assert not standin.connections()


@pytest.mark.parametrize("name", ["EC2", "STS"])
def test_a_password_in_an_endpoint_is_not_shown(cilp, standin, name):
    env = {f"AWS_ENDPOINT_URL_{name}": "https://user:hunter2@localhost"}
    done = cilp.cancel(IMAGE, env=env)
    done.failed(253, "a user's name in front of its host", "https://host[:port]")
    assert "hunter2" not in done.err and "port is not" not in done.err
    assert not standin.connections()


def test_an_isolated_region_needs_its_own_roots(cilp):
    env = {"AWS_CA_BUNDLE": None, "AWS_ENDPOINT_URL_EC2": None}
    done = cilp.cancel(IMAGE, "--region", "us-iso-east-1", env=env)
    done.failed(253, "--ca-bundle")


def test_a_fifo_for_a_bundle_is_not_waited_for(cilp, tmp_path):
    os.mkfifo(tmp_path / "fifo")
    done = cilp.cancel(IMAGE, "--ca-bundle", str(tmp_path / "fifo"))
    done.failed(253, "not a regular file")


def test_credentials_as_the_aws_cli_words_it(cilp):
    cilp.aws(IMAGE, env=NO_KEYS).failed(253, "(NoCredentials): Unable to locate")
    cilp.aws(IMAGE, env=NO_REGION).failed(253, "(NoRegion): You must specify a region")


# ---- Image ids ----


@pytest.mark.parametrize(
    "image, said",
    [
        (GUIDE, "the placeholder of the documentation"),
        ("ami-0ABCDEF1234567890", "lower case"),
        ("ami-123", "8 or 17"),
        ("ami-12345678\n", "line end"),
        ("snap-12345678", "a snapshot"),
        ("", "is empty"),
    ],
)
def test_what_is_no_ami_id_is_not_sent(cilp, standin, image, said):
    cilp.cancel(image).failed(252, said)
    assert not standin.connections()


@pytest.mark.parametrize("image", [GUIDE, "a b\r\nX: y&ImageId=z%é+/=~", "x" * 128])
def test_any_image_id_arrives_as_it_is(cilp, standin, image):
    cilp.cancel(image, "--any-image-id")
    assert only_request(standin)["image_id"] == image


def test_an_image_id_that_is_too_long(cilp):
    cilp.cancel("x" * 129, "--any-image-id").failed(252, "too long")


def test_ec2_judges_ids_in_the_aws_cli_s_spelling(cilp):
    cilp.aws("ami-123").failed(254, "(InvalidAMIID.Malformed)")


# ---- What EC2 refuses ----


def test_nothing_to_cancel_has_its_own_code(cilp):
    done = cilp.cancel(UNSHARED)
    assert (done.code, done.out) == (251, "")
    line = done.err.splitlines()[0]
    assert line.startswith("cilp: An error occurred (InvalidAMIID.NotFound) when calling")
    assert "request id " in line and line.endswith("; nothing to cancel")
    cilp.aws(UNSHARED).failed(254, "\naws: [ERROR]: An error occurred (InvalidAMIID.N")


@pytest.mark.parametrize(
    "key, code, said",
    [
        ("AKIANOCANCEL1EXAMPLE", "UnauthorizedOperation", "ec2:CancelImageLaunch"),
        ("AKIANOOPTIN01EXAMPLE", "OptInRequired", "enable the Region"),
        ("ASIAEXPIREDV1EXAMPLE", "RequestExpired", "temporary credentials"),
    ],
)
def test_a_refusal_comes_with_advice(cilp, key, code, said):
    cilp.cancel(IMAGE, key=key).failed(254, f"({code})", said, "request id ")


def test_a_wrong_secret(cilp):
    done = cilp.cancel(IMAGE, env={"AWS_SECRET_ACCESS_KEY": "wrong"})
    done.failed(254, "(AuthFailure)", "check the access key")


def test_a_long_message_is_cut_and_says_so(cilp, standin):
    standin.next({"error": "Blocked", "message": "m" * 5000, "status": 403})
    cilp.cancel(IMAGE).failed(254, "mmm... (cut)")


def test_messages_cannot_steer_the_terminal(cilp, standin):
    evil = "a\x1b[2Jb\x9bc\u202ed\u2066e\x7ff\rg\nh"
    standin.next({"error": "Blocked", "message": evil, "status": 403})
    done = cilp.cancel(IMAGE)
    done.failed(254, "(Blocked)")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", done.err)


# ---- What nobody can make sense of ----


@pytest.mark.parametrize(
    "meets, code, said",
    [
        ({"result": "false"}, 250, "<return>false</return>"),
        ({"result": "missing", "times": 3, "act": False}, 250, "outcome unknown"),
        ({"text": "hello", "times": 3, "act": False}, 250, "outcome unknown"),
        ({"status": 503, "body": "html", "times": 3}, 250, "HTTP status 503"),
        ({"cut_reply": 30, "times": 3, "act": False}, 250, "(3 attempts)"),
        ({"redirect": "https://evil.example/"}, 254, "307"),
        ({"throttle": True, "times": 3}, 254, "(RequestLimitExceeded)"),
        ({"error": "UnsupportedOperation", "status": 501}, 254, "(UnsupportedOperation)"),
        ({"status": 501, "body": "html", "times": 3}, 250, "HTTP status 501"),
    ],
)
def test_strange_answers(cilp, standin, meets, code, said):
    standin.next(meets)
    done = cilp.cancel(IMAGE, env={"AWS_MAX_ATTEMPTS": "3"})
    done.failed(code, said)
    if code == 250:
        assert re.search(r"sent at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC", done.err)
        assert "eventName=CancelImageLaunchPermission" in done.err
        assert re.search(f"invocation id {UUID}", done.err)
        assert f"{IMAGE} in us-east-1" in done.err


@pytest.mark.parametrize(
    "meets, requests",
    [
        ({"status": 503, "body": "html"}, [1, 1]),  # its host is in trouble
        ({"error": "InternalError", "status": 500}, [1, 1]),
        ({"throttle": True}, [2]),  # the account is too fast, wherever it asks
    ],
)
def test_a_host_in_trouble_is_not_asked_again(cilp, standin, meets, requests):
    """Though it would leave the connection open."""
    standin.next({"connection": "keep-alive", **meets})
    done = cilp.cancel(IMAGE)
    assert done.code == 0 and f"{IMAGE} cancelled" in done.out
    standin.settle()
    asked = [len(c["requests"]) for c in standin.connections()]
    assert [n for n in asked if n] == requests


@pytest.mark.parametrize("attempts", [1, 2, 4])
def test_a_throttle_is_asked_again_and_then_given_up(cilp, standin, attempts):
    standin.always(throttle=True)
    done = cilp.cancel(IMAGE, env={"AWS_MAX_ATTEMPTS": str(attempts)})
    counted = f"({attempts} attempts)" if attempts > 1 else ""
    done.failed(254, "(RequestLimitExceeded)", counted, "EC2 throttles this account")
    assert standin.settle() and len(standin.requests()) == attempts
    assert standin.shared(IMAGE)


def test_a_throttle_that_ends_is_a_cancel(cilp, standin):
    standin.next({"throttle": True, "times": 2})
    done = cilp.cancel(IMAGE)
    assert (done.code, done.err) == (0, "") and f"{IMAGE} cancelled" in done.out
    assert standin.settle() and len(standin.requests()) == 3
    assert not standin.shared(IMAGE)


def test_a_lost_reply_is_asked_for_again(cilp, standin):
    standin.next({"cut_reply": 0})
    done = cilp.cancel(IMAGE)
    assert done.code == 0 and f"{IMAGE} gone" in done.out and "note: " in done.err
    assert not standin.shared(IMAGE)


def test_unknown_is_255_in_the_aws_cli_s_spelling(cilp, standin):
    standin.next({"result": "false"})
    cilp.aws(IMAGE).failed(255, "\naws: [ERROR]: outcome unknown")


# ---- Network ----


def closed_port():
    """A port that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def test_nobody_listens(cilp):
    port = closed_port()
    url = f"https://127.0.0.1:{port}"
    done = cilp.cancel(IMAGE, "--endpoint-url", url)
    done.failed(255, f"connection refused by 127.0.0.1:{port}", "nothing was sent")
    done = cilp.aws(IMAGE, "--endpoint-url", url)
    done.failed(255, f'Could not connect to the endpoint URL: "{url}/"')


@pytest.mark.parametrize("name", ["tls12", "tls12-ecdsa", "tls13", "tls13-ecdsa", "ecdsa"])
def test_each_kind_of_tls_works(cilp, standin, name):
    skip_without_pss(name == "tls12")
    assert cilp.cancel(IMAGE, listener=name).code == 0
    only_request(standin)


@pytest.mark.parametrize(
    "name, said",
    [
        ("untrusted", "Root unknown"),
        ("impostor", "not whose key"),
        ("no-intermediate", "Intermediate"),
        ("expired", "expired at 20"),
        ("not-yet", "our clock says 20"),
        ("wrong-host", "is for wrong.example, not for localhost"),
        ("tls11", "protocol version"),
    ],
)
def test_a_peer_that_is_not_trusted_is_asked_once_and_told_nothing(
    cilp, standin, name, said
):
    done = cilp.cancel(IMAGE, listener=name)
    done.failed(255, said, f"localhost:{standin.port(name)}", "nothing was sent")
    standin.settle()
    assert len(standin.connections()) == 1 and not standin.requests()
    cilp.aws(IMAGE, listener=name).failed(255, 'SSL validation failed for "https://')


def test_the_built_in_roots_do_not_trust_the_stand_in(cilp):
    done = cilp.cancel(IMAGE, env={"AWS_CA_BUNDLE": None})
    done.failed(255, "--ca-bundle FILE")


BEGIN = "-----BEGIN CERTIFICATE-----"
BLOCK = "{0}-----BEGIN {1}-----\n{2}\n-----END {1}-----\n".format


@pytest.mark.parametrize(
    "content, says",
    [
        (b"no PEM\n", f"holds no certificate; it takes PEM, which begins with {BEGIN}"),
        (b"x" * 5000, f"holds no certificate; it takes PEM, which begins with {BEGIN}"),
        (b"", "' is empty; it is named by --ca-bundle"),
        ("# roots\n".encode("utf-16"), "' looks like UTF-16; save it as UTF-8"),
        ("# roots\n".encode("utf-16-le"), "looks like UTF-16"),
        ("# roots\n".encode("utf-16-be"), "looks like UTF-16"),
        (b"\x30\x82\x03\x41\x30\x82", "looks like DER; `openssl x509 -inform der`"),
        (BLOCK("", "PUBLIC KEY", "AAAA").encode(), "holds no certificate; it takes PEM"),
        (
            BLOCK("\n#\n", "CERTIFICATE", "A!").encode(),
            "no certificate that can be used: the block in line 3 is not base64; it is",
        ),
        (
            BLOCK("", "TRUSTED CERTIFICATE", "AAAA").encode(),
            "the block in line 1 is of OpenSSL's own kind, TRUSTED CERTIFICATE",
        ),
    ],
)
def test_a_bundle_without_certificates(cilp, tmp_path, content, says):
    path = tmp_path / "ca.pem"
    path.write_bytes(content)
    done = cilp.cancel(IMAGE, "--ca-bundle", str(path))
    done.failed(253, f"the CA bundle '{path}'", says)
    cilp.aws(IMAGE, "--ca-bundle", str(path)).failed(253, f"'{path}'")
    assert not cilp.standin.connections()


def test_a_bundle_that_begins_late(cilp, tmp_path):
    roots = Path(cilp.environment()["AWS_CA_BUNDLE"]).read_text()
    for before in (0, 1010, 1020, 3000):
        (tmp_path / "ca.pem").write_text("#" * before + "\n" + roots)
        done = cilp("doctor", "--ca-bundle", str(tmp_path / "ca.pem"))
        assert done.code == 0, done


def test_a_server_that_speaks_no_tls(cilp):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            peer = server.accept()[0]
            peer.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            peer.recv(1)

        threading.Thread(target=answer, daemon=True).start()
        url = f"https://127.0.0.1:{server.getsockname()[1]}"
        done = cilp.cancel(IMAGE, "--endpoint-url", url, env=ONE_ATTEMPT)
    done.failed(255, "not TLS", "nothing was sent")


def timed(call):
    """Seconds, and the result."""
    start = time.monotonic()
    return call(), time.monotonic() - start


@pytest.mark.parametrize(
    "meets, options, code",
    [
        ({"stall_handshake": 20}, ("--cli-connect-timeout", "0.3"), 255),
        ({"stall_handshake": 20}, ("--deadline", "0.3"), 255),
        ({"stall": 20}, ("--cli-read-timeout", "0.3"), 250),
        ({"stall": 20}, ("--deadline", "0.3"), 250),
        ({"drip": 0.05}, ("--deadline", "0.5"), 250),
    ],
)
def test_no_wait_is_longer_than_was_allowed(cilp, standin, meets, options, code):
    standin.always(**meets)
    done, took = timed(lambda: cilp.cancel(IMAGE, *options, env=ONE_ATTEMPT))
    done.failed(code, f"localhost:{standin.port('rsa')}")
    assert took < 10


def test_a_connection_that_hangs_names_the_address(cilp):
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        fillers = [socket.socket() for _ in range(8)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(address)
        url = f"https://127.0.0.1:{address[1]}"
        words = ("--endpoint-url", url, "--deadline", "0.5")
        done, took = timed(lambda: cilp.cancel(IMAGE, *words))
        for filler in fillers:
            filler.close()
    done.failed(255, f"no answer from 127.0.0.1:{address[1]}", "nothing was sent")
    assert took < 10


# ---- Standard streams ----


def test_a_full_disk_does_not_change_the_outcome(cilp):
    with open("/dev/full", "wb") as full:
        done = cilp.cancel(IMAGE, stdout=full)
    assert done.code == 0 and f"{IMAGE} cancelled" in done.err


@pytest.mark.parametrize("closed", [(1,), (0, 1), (0, 1, 2)])
def test_closed_streams_do_not_change_the_outcome(cilp, standin, closed):
    def close():
        for number in closed:
            os.close(number)

    done = cilp.cancel(IMAGE, preexec_fn=close)
    assert done.code == 0
    assert 2 in closed or f"{IMAGE} cancelled" in done.err
    only_request(standin)


def test_a_reader_that_went_away_does_not_end_the_program(cilp):
    reader, writer = os.pipe()
    os.close(reader)
    done = cilp.cancel(IMAGE, stdout=writer)
    os.close(writer)
    assert done.code == 0 and f"{IMAGE} cancelled" in done.err


# ---- Endpoints below a path ----

PATHS = ["/services/compute", "/services/compute/", "/", "/a%20b/~x", "/!$&'()*+,=:@"]


@pytest.mark.parametrize("path", PATHS)
def test_an_endpoint_below_a_path_is_used_as_boto3_does(cilp, standin, path):
    boto3 = pytest.importorskip("boto3")
    env = cilp.environment()
    url = standin.url() + path
    client = boto3.client(
        "ec2",
        endpoint_url=url,
        region_name=env["AWS_REGION"],
        aws_access_key_id=env["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=env["AWS_SECRET_ACCESS_KEY"],
        verify=str(standin.ca_bundle),
    )
    client.cancel_image_launch_permission(ImageId=IMAGE)
    client.close()
    standin.settle()
    (theirs,) = standin.requests()
    standin.reset()
    done = cilp.cancel(IMAGE, "--endpoint-url", url)
    assert (done.code, done.err) == (0, "")
    ours = only_request(standin)
    assert ours["target"] == theirs["target"]
    assert (ours["signature"], theirs["signature"]) == ("ok", "ok")
    assert not standin.shared(IMAGE)


def test_a_semicolon_in_a_path_is_sent_and_signed(cilp, standin):
    """boto3 signs it, but sends the path only as far as there."""
    done = cilp.cancel(IMAGE, "--endpoint-url", standin.url() + "/a;b=1/c")
    assert (done.code, done.err) == (0, "")
    request = only_request(standin)
    assert (request["target"], request["signature"]) == ("/a;b=1/c", "ok")


def test_one_connection_for_endpoints_below_several_paths(cilp, standin):
    """A cancel and a look go to EC2's path, who is asking to STS's, of one peer."""
    env = {"AWS_ENDPOINT_URL_EC2": standin.url() + "/ec2", "AWS_ENDPOINT_URL_STS": standin.url()}
    done = cilp("cancel", IMAGE, "--expect-account", "123456789012", env=env)
    assert done.code == 0, done
    targets = [(r["action"], r["target"]) for r in standin.requests()]
    assert targets[:2] == [
        ("GetCallerIdentity", "/"),
        ("CancelImageLaunchPermission", "/ec2"),
    ]
    assert {target for action, target in targets[2:]} == {"/ec2"}
    assert {r["signature"] for r in standin.requests()} == {"ok"}


@pytest.mark.parametrize("path", ["//", "/a//b", "/../x", "/a?b=c", "/a#b", "/" + "a" * 255])
def test_a_path_that_is_none_is_refused(cilp, standin, path):
    done = cilp.cancel(IMAGE, "--endpoint-url", standin.url() + path)
    assert done.failed(253, "endpoint: a path is /PARTS")
    assert not standin.connections()


# ---- Signals ----


def wait_for(condition):
    """Until it holds, or ten seconds."""
    for _ in range(1000):
        if condition():
            return
        time.sleep(0.01)
    raise AssertionError("waited for nothing")


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_after_sending_says_that_the_outcome_is_unknown(
    cilp, standin, number, code
):
    standin.next({"stall": 20})
    process = cilp.start("cancel", IMAGE)
    wait_for(lambda: standin.requests() and standin.requests()[0]["complete"])
    time.sleep(0.1)
    process.send_signal(number)
    out, err = process.communicate(timeout=5)
    assert (process.returncode, out) == (code, b"")
    assert b"outcome unknown" in err and b"invocation id" in err


def test_a_signal_that_is_ignored_from_the_start_stays_ignored(cilp, standin):
    def ignore():
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    standin.next({"stall": 0.5})
    process = cilp.start("cancel", IMAGE, preexec_fn=ignore)
    wait_for(standin.requests)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=5)
    assert process.returncode == 0


def test_a_signal_before_sending_says_that_nothing_was_sent(cilp, standin):
    standin.next({"stall_handshake": 20})
    process = cilp.start("cancel", IMAGE)
    wait_for(standin.connections)
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=5)
    assert process.returncode == 130 and b"nothing was sent" in err


# ---- Secrets ----


@pytest.mark.parametrize("drip", [None, 1, 7])
def test_debug_shows_the_conversation_and_no_secret(cilp, standin, drip):
    if drip:
        standin.next({"drip": 0.0001, "drip_bytes": drip})
    env = cilp.environment(key_id=SESSION)
    done = cilp.cancel(IMAGE, "--debug", key=SESSION)
    assert done.code == 0
    sent = dict(only_request(standin)["headers"])
    signature = sent["Authorization"].rpartition("=")[2]
    assert len(signature) == 64
    for secret in (env["AWS_SECRET_ACCESS_KEY"], env["AWS_SESSION_TOKEN"], signature):
        assert secret not in done.err
        assert secret[:20] not in done.err and secret[-20:] not in done.err
    for shown in (
        "> POST / HTTP/1.1",
        "> X-Amz-Security-Token: [hidden]",
        "Signature=[hidden]",
        "* content-type;host;x-amz-date;x-amz-security-token",
        "< HTTP/1.1 200",
        "<return>true</return>",
    ):
        assert shown in done.err


CUTS = {
    "reads": {"drip": 0.0001, "drip_bytes": 11},
    "chunks": {"framing": "chunked", "chunk_size": 11},
    "small-chunks": {"framing": "chunked", "chunk_size": 1, "chunk_extension": True},
}


@pytest.mark.parametrize("options", [(), ("--debug",)])
@pytest.mark.parametrize("cut", CUTS)
def test_a_token_that_ec2_quotes_is_not_repeated(cilp, standin, options, cut):
    token = cilp.environment(key_id=SESSION)["AWS_SESSION_TOKEN"]
    quoted = f"should have been 'POST\n/\n\nx-amz-security-token:{token}\n\nhost'"
    error = {"error": "SignatureDoesNotMatch", "status": 403, "message": quoted}
    standin.next({**error, **CUTS[cut]})
    done = cilp.cancel(IMAGE, *options, key=SESSION)
    assert done.code == 254 and "[hidden]" in done.err
    shown = [line.removeprefix("< ") for line in done.err.splitlines()]
    for text in (done.err, "".join(shown)):
        assert not any(token[at : at + 12] in text for at in range(len(token) - 12))


def test_the_environment_s_copies_are_overwritten(cilp, standin):
    env = cilp.environment(key_id=SESSION)
    standin.next({"stall": 20})
    process = cilp.start("cancel", IMAGE, key=SESSION)
    wait_for(standin.requests)
    try:
        with open(f"/proc/{process.pid}/environ", "rb") as file:
            seen = file.read()
    except PermissionError:
        pytest.skip("another program may not look into this one: good as well")
    finally:
        process.kill()
        process.communicate()
    assert b"AWS_REGION=us-east-1" in seen
    for name in ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        assert name.encode() in seen and env[name].encode() not in seen


def allow_dumps():
    hard = resource.getrlimit(resource.RLIMIT_CORE)[1]
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))


def dumps_core(process):
    process.send_signal(signal.SIGABRT)
    _, status = os.waitpid(process.pid, 0)
    process.returncode = status
    return os.WCOREDUMP(status)


def test_no_core_dump(cilp, standin, tmp_path):
    allowed = {"cwd": tmp_path, "preexec_fn": allow_dumps}
    if not dumps_core(subprocess.Popen(["sleep", "60"], **allowed)):
        pytest.skip("no program leaves a core dump here")
    standin.next({"stall": 20})
    process = cilp.start("cancel", IMAGE, stdout=None, stderr=None, **allowed)
    wait_for(standin.requests)
    assert not dumps_core(process)


@pytest.mark.parametrize("option", ["--audit", "--ca-bundle", "--region"])
def test_no_option_takes_dry_run_for_its_value(cilp, standin, tmp_path, option):
    said = f"{option}: expected one argument, and '--dry-run' is the next option"
    cilp("cancel", option, "--dry-run", IMAGE, cwd=tmp_path).failed(252, said)
    cilp("cancel", IMAGE, option, IMAGE, cwd=tmp_path).failed(252, "' is an AMI")
    cilp("cancel", IMAGE, option, "", cwd=tmp_path).failed(252, "value is empty")
    words = (option, "--dry-run") if option != "--audit" else ("--audit", "--debug")
    cilp.aws(IMAGE, *words, cwd=tmp_path).failed(252, f"argument {option}: expected one")
    assert standin.shared(IMAGE) and not standin.connections()
    assert not list(tmp_path.iterdir())


def test_a_file_may_be_called_like_an_option(cilp, standin, tmp_path):
    assert cilp.cancel(IMAGE, "--audit=--dry-run", cwd=tmp_path).code == 0
    assert (tmp_path / "--dry-run").exists() and not standin.shared(IMAGE)


def test_values_of_unknown_options_are_not_repeated(cilp):
    done = cilp.cancel(IMAGE, "--secret-key=hunter2")
    done.failed(252, "'--secret-key'")
    assert "hunter2" not in done.err


# ---- Help and version ----


def test_version(cilp):
    done = cilp("--version")
    shape = r"cilp \d+\.\d+\.\d+ \(git [\w.-]+\) mbedTLS/\d\S+ roots/\d{4}-\d\d-\d\d\n"
    assert done.code == 0 and re.fullmatch(shape, done.out)


@pytest.mark.parametrize(
    "words",
    [("--help",), ("-h",), ("ec2", "help"), ("help",), ("help", "ec2")]
    + [(verb, "--help") for verb in ("cancel", "list", "explain", "doctor")],
)
def test_help_needs_nothing(cilp, words):
    nothing = {name: None for name in cilp.environment()}
    done = cilp(*words, env=nothing)
    assert done.code == 0 and "usage: " in done.out and done.err == ""
    assert all(len(line) <= 80 for line in done.out.splitlines())


@pytest.mark.parametrize("verb", ["cancel", "list", "explain", "doctor"])
def test_help_as_a_word_is_the_option(cilp, verb):
    shown = cilp(verb, "--help").out
    assert shown.startswith(f"usage: cilp {verb} ")
    assert cilp("help", verb).out == cilp(verb, "help").out == shown


# ---- Next to nothing around it ----


class NameServer:
    """A name server that knows these names and no others, on an address of its own: who
    else is one on this machine keeps port 53 of another."""

    def __init__(self, answers):
        self.answers = answers
        self.address = f"127.{random.randint(64, 254)}.{random.randint(1, 254)}.54"
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((self.address, 53))
        self.socket.settimeout(0.1)
        self.asked = self.mute = self.closing = False
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def close(self):
        """Ends, and frees the port for the next one."""
        self.closing = True
        self.thread.join()
        self.socket.close()

    def serve(self):
        """Answers until it is closed."""
        while not self.closing:
            try:
                query, who = self.socket.recvfrom(512)
            except TimeoutError:
                continue
            self.asked = True
            if not self.mute:
                self.socket.sendto(self.reply(query), who)

    def reply(self, query):
        """RFC 1035 section 4.1: header, question, addresses (type A alone)."""
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1 : at + 1 + query[at]].decode())
            at += query[at] + 1
        found = self.answers.get(".".join(labels), ())
        wants_v4 = query[at + 1 : at + 3] == b"\0\1"
        records = [
            b"\xc0\x0c\0\1\0\1\0\0\0\1\0\4" + socket.inet_aton(address)
            for address in (found if wants_v4 else ())
        ]
        flags = b"\x81\x80" if found else b"\x81\x83"
        counts = b"\0\1" + len(records).to_bytes(2, "big") + bytes(4)
        return query[:2] + flags + counts + query[12 : at + 5] + b"".join(records)


class Jail:
    """A folder with the program and what is put there; run as an unknown user."""

    def __init__(self, cilp, folder):
        self.cilp = cilp
        self.folder = folder
        folder.chmod(0o755)
        shutil.copy(cilp.path, folder / "cilp")
        shutil.copy(cilp.standin.ca_bundle, folder / "ca.pem")

    def start(self, *words, env=None):
        """Starts it there."""
        env = {"AWS_CA_BUNDLE": "/ca.pem", **(env or {})}
        return subprocess.Popen(
            ["/usr/sbin/chroot", "--userspec=54321:54321", self.folder, "/cilp", *words],
            env=self.cilp.environment(env=env),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def __call__(self, *words, env=None):
        process = self.start(*words, env=env)
        out, err = process.communicate(timeout=30)
        return subprocess.CompletedProcess(words, process.returncode, out, err)


@pytest.fixture(name="jail")
def _jail(cilp, tmp_path):
    if os.geteuid() != 0 or not cilp.is_static:
        pytest.skip("needs root and a static program")
    return Jail(cilp, tmp_path)


@pytest.fixture(name="names")
def _names(jail):
    """Point the jail's resolver at a name server of ours; takes the answers."""
    servers = []

    def start(answers):
        try:
            servers.append(NameServer(answers))
        except OSError as error:
            pytest.skip(f"cannot be a name server: {error}")
        (jail.folder / "etc").mkdir()
        (jail.folder / "etc/resolv.conf").write_text(f"nameserver {servers[-1].address}\n")
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def test_an_empty_chroot_as_an_unknown_user(jail, standin):
    done = jail("cancel", IMAGE)
    assert (done.returncode, done.stderr) == (0, "")
    assert not standin.shared(IMAGE)


def test_a_bundle_that_may_not_be_read(jail):
    (jail.folder / "mine.pem").touch(0o600)
    done = jail("cancel", IMAGE, "--ca-bundle", "/mine.pem")
    assert done.returncode == 253
    assert "'/mine.pem' may not be read by this user" in done.stderr


def test_all_addresses_of_a_name_are_tried(jail, standin, names):
    names({"ec2.test": ("127.0.0.3", "127.0.0.2", "127.0.0.1")})
    url = f"https://ec2.test:{standin.port('rsa')}"
    done = jail("cancel", IMAGE, "--endpoint-url", url)
    assert done.returncode == 0 and done.stderr == ""


def test_plain_http_to_a_name_has_to_be_allowed(jail, standin, names):
    names({"ec2.test": ("127.0.0.1",)})
    url = f"http://ec2.test:{standin.port('http')}"
    done = jail("cancel", IMAGE, "--endpoint-url", url)
    assert done.returncode == 253 and "--allow-http" in done.stderr
    assert not standin.connections()
    done = jail("cancel", IMAGE, "--endpoint-url", url, "--allow-http")
    assert done.returncode == 0 and done.stderr == ""


def test_a_name_that_does_not_exist(jail, names):
    names({})
    done = jail("cancel", IMAGE, "--endpoint-url", "https://nosuch.test")
    assert done.returncode == 255
    assert "no such host: nosuch.test" in done.stderr


def test_a_fips_host_that_does_not_exist(jail, names):
    names({})
    done = jail(
        "cancel", IMAGE, "--fips", "--region=eu-west-3", env={"AWS_ENDPOINT_URL_EC2": None}
    )
    assert done.returncode == 255
    assert "ec2-fips.eu-west-3.amazonaws.com" in done.stderr
    assert "FIPS endpoints exist in some Regions only" in done.stderr


def test_a_second_signal_ends_a_name_look_up(jail, names):
    server = names({})
    server.mute = True
    process = jail.start("cancel", IMAGE, "--endpoint-url", "https://nosuch.test")
    wait_for(lambda: server.asked)
    process.send_signal(signal.SIGINT)
    time.sleep(0.1)
    assert process.poll() is None
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=2)
    assert process.returncode == 130
