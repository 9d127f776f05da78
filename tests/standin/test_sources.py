"""Checks the sources of keys against botocore, whose providers are the judges.

A small client of our own plays what botocore cannot be made to send, and reads what
it would not show.
"""

import contextlib
import http.client
import json
import os
import socket
import ssl
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path

import botocore.credentials
import botocore.exceptions
import botocore.loaders
import botocore.session
import botocore.tokens
import botocore.utils
import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

# pylint: disable=wrong-import-position
import accounts  # noqa: E402
import container  # noqa: E402
import imds  # noqa: E402
import json_faults  # noqa: E402
import roles  # noqa: E402
import sources  # noqa: E402
import sso  # noqa: E402
import web_identity  # noqa: E402
from standin import Standin  # noqa: E402
from test_standin import AWS, Answer, signed_headers  # noqa: E402

BUILDS = roles.BUILDS
FIRMWARE = "ami-000000000000005a1"
LISTENERS = ["rsa", "imds", "container", "container-https"]
LISTENERS += ["sts", "sts-ecdsa", "sso"]
ASSUME = {"Action": "AssumeRole", "Version": "2011-06-15", "RoleSessionName": "a-test"}
WEB = {**ASSUME, "Action": "AssumeRoleWithWebIdentity"}
WHO = {"Action": "GetCallerIdentity", "Version": "2011-06-15"}
TTL = {imds.TTL_HEADER: "60"}
LOADER = botocore.loaders.Loader()


@pytest.fixture(scope="module", name="running")
def _running():
    with Standin(LISTENERS) as standin:
        yield standin


@pytest.fixture(name="standin")
def _standin(running, monkeypatch):
    """A fresh stand-in, and an environment without any keys of this machine."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    cache = str(running.folder / "home/.aws/sso/cache")
    for module in ("credentials.SSOProvider", "tokens.SSOTokenProvider"):
        monkeypatch.setattr(f"botocore.{module}._SSO_TOKEN_CACHE_DIR", cache)
    monkeypatch.setenv("HOME", str(running.folder / "home"))
    monkeypatch.setenv("AWS_CA_BUNDLE", str(running.ca_bundle))
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setenv("AWS_EC2_METADATA_SERVICE_ENDPOINT", running.url("imds"))
    running.reset()
    running.write_sources()
    yield running


# botocore


class Session(botocore.session.Session):
    """A session whose clients go to the stand-in: 1.29 knows no AWS_ENDPOINT_URL."""

    standin = None

    def create_client(self, service_name, *arguments, **more):
        listener = {"ec2": "rsa", "sts": "sts", "sso": "sso"}[service_name]
        more["endpoint_url"] = self.standin.url(listener)
        return super().create_client(service_name, *arguments, **more)


def session_of(standin, profile=None):
    """A new session: nothing is remembered from another test."""
    found = Session(profile=profile)
    found.standin = standin
    found.register_component("data_loader", LOADER)
    return found


def cancels(session):
    """Whether the keys that the session finds remove the permission."""
    client = session.create_client("ec2")
    return client.cancel_image_launch_permission(ImageId=FIRMWARE)["Return"]


def trail(standin):
    """Who was asked for what, in order. botocore keeps its connections open."""
    return [(r["service"], r["action"]) for r in standin.requests()]


IMDS_TRAIL = [("imds", "token"), ("imds", "role"), ("imds", "credentials")]
CONTAINER_TRAIL = [("container", "credentials")]
ASSUME_TRAIL = [("sts", "AssumeRole")]
WEB_TRAIL = [("sts", "AssumeRoleWithWebIdentity")]
SSO_TRAIL = [("sso", "GetRoleCredentials")]
CANCEL_TRAIL = [("ec2", "CancelImageLaunchPermission")]


@pytest.mark.parametrize(
    "profile, expected",
    [
        ("role", ASSUME_TRAIL),
        ("role-with-id", ASSUME_TRAIL),
        ("role-of-role", ASSUME_TRAIL * 2),
        ("role-of-instance", IMDS_TRAIL + ASSUME_TRAIL),
        ("role-of-container", CONTAINER_TRAIL + ASSUME_TRAIL),
        ("role-of-environment", ASSUME_TRAIL),
        ("web", WEB_TRAIL),
        ("sso", SSO_TRAIL),
        ("sso-old", SSO_TRAIL),
    ],
)
def test_botocore_gets_keys_by_profile(standin, monkeypatch, profile, expected):
    if profile == "role-of-environment":
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", accounts.CALLER_KEY)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", accounts.SECRET)
    if profile == "role-of-container":
        for name, value in standin.source_environment("container").items():
            monkeypatch.setenv(name, value)
    assert cancels(session_of(standin, profile)) is True
    assert not standin.shared(FIRMWARE, BUILDS)
    assert trail(standin) == expected + CANCEL_TRAIL


@pytest.mark.parametrize(
    "listener, expected",
    [("imds", IMDS_TRAIL), ("container", CONTAINER_TRAIL), ("sts", WEB_TRAIL)],
)
def test_botocore_gets_keys_by_environment(standin, monkeypatch, listener, expected):
    for name, value in standin.source_environment(listener).items():
        monkeypatch.setenv(name, value)
    assert cancels(session_of(standin)) is True
    assert not standin.shared(FIRMWARE, BUILDS)
    assert trail(standin) == expected + CANCEL_TRAIL


def test_botocore_takes_a_relative_path_and_a_token(standin, monkeypatch):
    standin.set(container_token="Bearer one")
    fetcher = botocore.utils.ContainerMetadataFetcher
    address = f"127.0.0.1:{standin.port('container')}"
    monkeypatch.setattr(fetcher, "IP_ADDRESS", address)
    monkeypatch.setattr(fetcher, "_ALLOWED_HOSTS", ["127.0.0.1"])
    monkeypatch.setenv("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", container.RELATIVE)
    monkeypatch.setenv("AWS_CONTAINER_AUTHORIZATION_TOKEN", "Bearer one")
    assert cancels(session_of(standin)) is True
    request = standin.requests()[0]
    assert request["signature"] == "ok"
    assert dict(request["headers"])["Authorization"] == "(10 characters)"
    assert "Bearer" not in json.dumps(standin.log())


def identity(standin, session):
    """The caller's account and ARN, as STS tells them."""
    found = session.create_client("sts").get_caller_identity()
    return found["Account"], found["Arn"]


def test_sts_knows_the_keys_that_it_made(standin):
    account, arn = identity(standin, session_of(standin, "role"))
    expected = f"arn:aws:sts::{BUILDS}:assumed-role/deployer/a-test"
    assert (account, arn) == (BUILDS, expected)


def test_botocore_goes_on_with_keys_that_seem_to_have_expired(standin):
    standin.always(expiration=-3600)
    assert cancels(session_of(standin)) is True


def test_botocore_is_refused_with_expired_keys(standin):
    standin.next({"listener": "imds", "action": "credentials", "lifetime": -3600})
    with pytest.raises(botocore.exceptions.ClientError, match="RequestExpired"):
        cancels(session_of(standin))
    assert standin.shared(FIRMWARE, BUILDS)


@pytest.mark.parametrize(
    "faults",
    [
        {"action": "role", "status": 404},
        {"action": "credentials", "error": "AssumeRoleUnauthorizedAccess"},
        {"action": "credentials", "json": "wrong-case"},
        {"action": "credentials", "json": "missing"},
        {"action": "credentials", "status": 200, "body": "html"},
        {"action": "credentials", "cut_reply": 300},
    ],
)
def test_botocore_finds_nothing_on_a_bad_instance(standin, faults):
    standin.always(**faults)
    assert session_of(standin).get_credentials() is None


def test_botocore_reads_the_portals_refusal(standin):
    sources.sign_in(standin.folder, "another-token")
    with pytest.raises(botocore.exceptions.UnauthorizedSSOTokenError):
        cancels(session_of(standin, "sso"))
    assert trail(standin) == SSO_TRAIL


@pytest.mark.parametrize(
    "code, status",
    [
        ("ExpiredTokenException", 400),
        ("InvalidIdentityToken", 400),
        ("IDPRejectedClaim", 403),
        ("AccessDenied", 403),
        ("RegionDisabledException", 403),
    ],
)
def test_botocore_reads_sts_s_refusals(standin, code, status):
    standin.next({"action": WEB["Action"], "error": code, "message": "no, <never>"})
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        cancels(session_of(standin, "web"))
    answer = caught.value.response
    assert answer["Error"]["Code"] == code
    assert answer["Error"]["Message"] == "no, <never>"
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == status


def test_botocore_tries_again_when_sts_cannot_reach_the_provider(standin):
    standin.next({"action": WEB["Action"], "error": "IDPCommunicationError"})
    assert cancels(session_of(standin, "web")) is True
    assert [r["status"] for r in standin.requests()] == [400, 200, 200]


@pytest.mark.skipif(not Path(AWS).exists(), reason="no AWS CLI")
def test_the_aws_cli_gets_keys_from_the_instance(standin, monkeypatch):
    for name, value in standin.source_environment("imds").items():
        monkeypatch.setenv(name, value)
    words = "ec2 cancel-image-launch-permission --image-id".split()
    command = [AWS, *words, FIRMWARE, "--endpoint-url", standin.url()]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert not standin.shared(FIRMWARE, BUILDS)
    assert trail(standin) == IMDS_TRAIL + CANCEL_TRAIL


# A small client of our own


class Reply:
    """A reply, read to its end."""

    def __init__(self, reply):
        self.status = reply.status
        self.headers = reply.headers
        self.body = reply.read()

    @property
    def json(self):
        """The body as JSON."""
        return json.loads(self.body)


def connection_to(standin, listener, host="localhost", timeout=5):
    """A connection that verifies the stand-in as any client would."""
    port = standin.port(listener)
    if standin.url(listener).startswith("http:"):
        return http.client.HTTPConnection(host, port, timeout=timeout)
    context = ssl.create_default_context(cafile=standin.ca_bundle)
    return http.client.HTTPSConnection(host, port, timeout=timeout, context=context)


def send(standin, listener, path, headers=(), method="GET", **more):
    """One request and its reply."""
    connection = connection_to(standin, listener, **more)
    try:
        connection.request(method, path, headers=dict(headers))
        return Reply(connection.getresponse())
    finally:
        connection.close()


def new_token(standin, **more):
    """A token of the instance, as a header."""
    reply = send(standin, "imds", imds.TOKEN_PATH, TTL, "PUT", **more)
    assert (reply.status, reply.headers[imds.TTL_HEADER]) == (200, "60")
    return {imds.TOKEN_HEADER: reply.body.decode()}


def instance(standin, path, headers=None):
    """GET from the instance's metadata, with a new token."""
    path = f"/latest/meta-data/{path}"
    return send(standin, "imds", path, headers or new_token(standin))


def instance_keys(standin, **faults):
    """The document of keys, as an instance with these faults sends it."""
    standin.for_listener("imds", action="credentials", **faults)
    return instance(standin, f"iam/security-credentials/{imds.ROLE}")


def agent(standin, path=container.FULL, listener="container", **headers):
    """GET from the container agent."""
    return send(standin, listener, path, headers)


def portal(standin, token=None, method="GET", **query):
    """GetRoleCredentials."""
    query = {"role_name": sso.ROLE, "account_id": BUILDS, **query}
    text = urllib.parse.urlencode({k: v for k, v in query.items() if v is not None})
    headers = {sso.TOKEN_HEADER: token} if token else {}
    return send(standin, "sso", f"{sso.PATH}?{text}", headers, method)


def post(standin, headers, body, listener="sts"):
    """A form, and the reply to it."""
    connection = connection_to(standin, listener)
    try:
        connection.request("POST", "/", body, headers)
        return Answer(connection.getresponse())
    finally:
        connection.close()


def signed(standin, parameters, key_id=accounts.CALLER_KEY, listener="sts", **change):
    """A signed request to STS, or to EC2."""
    headers, body = signed_headers(standin, parameters, key_id, **change)
    headers["Host"] = f"localhost:{standin.port()}"
    return post(standin, headers, body, listener)


def assume(standin, name="deployer", key_id=accounts.CALLER_KEY, **more):
    """AssumeRole."""
    arn = name if name.startswith("arn:") else f"arn:aws:iam::{BUILDS}:role/{name}"
    given = {**ASSUME, "RoleArn": arn, **more}
    parameters = {k: v for k, v in given.items() if v is not None}
    return signed(standin, parameters, key_id)


def web(standin, token, name="by-web-identity", listener="sts", **more):
    """AssumeRoleWithWebIdentity."""
    arn = f"arn:aws:iam::{BUILDS}:role/{name}"
    parameters = {**WEB, "RoleArn": arn, "WebIdentityToken": token, **more}
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return post(standin, form, urllib.parse.urlencode(parameters), listener)


def cancel_with(standin, key_id):
    """Cancels with temporary keys; their secret and token are known here."""
    parameters = {"Action": "CancelImageLaunchPermission", "Version": "2016-11-15"}
    parameters["ImageId"] = FIRMWARE
    return signed(standin, parameters, key_id, "rsa")


def key_id_of(answer):
    """The access key in an answer of STS."""
    assert answer.status == 200, answer.body
    return answer.root.findtext(".//{*}AccessKeyId")


# Instance metadata


def test_the_instance_tells_its_role_and_place(standin):
    token = new_token(standin)
    assert instance(standin, "iam/security-credentials/", token).body == b"on-instance"
    assert instance(standin, "placement/region", token).body == b"us-east-1"
    assert instance(standin, "placement/availability-zone", token).body == b"us-east-1a"
    document = instance(standin, "iam/security-credentials/on-instance", token).json
    assert list(document) == [
        "Code",
        "LastUpdated",
        "Type",
        "AccessKeyId",
        "SecretAccessKey",
        "Token",
        "Expiration",
    ]
    assert cancel_with(standin, document["AccessKeyId"]).status == 200
    assert not standin.shared(FIRMWARE, BUILDS)
    assert document["Token"] not in json.dumps(standin.log()["connections"][:-1])


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_the_instance_listens_on_both_addresses(standin, host):
    try:
        socket.create_connection((host, standin.port("imds"))).close()
    except OSError:
        pytest.skip(f"this machine has no {host}")
    assert new_token(standin, host=host)


@pytest.mark.parametrize(
    "headers, status",
    [
        ({}, 400),
        ({imds.TTL_HEADER: "0"}, 400),
        ({imds.TTL_HEADER: "21601"}, 400),
        ({imds.TTL_HEADER: "-1"}, 400),
        ({imds.TTL_HEADER: "sixty"}, 400),
        ({imds.TTL_HEADER: "1"}, 200),
        ({imds.TTL_HEADER: "21600"}, 200),
        ({**TTL, "X-Forwarded-For": "10.0.0.1"}, 403),
    ],
)
def test_what_a_token_takes(standin, headers, status):
    assert send(standin, "imds", imds.TOKEN_PATH, headers, "PUT").status == status


def test_no_token_no_metadata(standin):
    path = "/latest/meta-data/placement/region"
    assert send(standin, "imds", path).status == 401
    wrong = {imds.TOKEN_HEADER: "AQAAANjUxxxx=="}
    assert send(standin, "imds", path, wrong).status == 401
    token = new_token(standin)
    standin.set(clock_offset=61)
    assert instance(standin, "placement/region", token).status == 401
    found = [r["signature"] for r in standin.requests()]
    assert found[0] == "none" and found[-1] == "the token has expired"
    assert token[imds.TOKEN_HEADER] not in json.dumps(standin.log())


@pytest.mark.parametrize(
    "path", ["", "iam/info", "iam/security-credentials/other", "placement/regions"]
)
def test_the_instance_has_nothing_else(standin, path):
    assert instance(standin, path).status == 404


def test_the_instance_takes_no_other_method(standin):
    assert send(standin, "imds", imds.ROLE_PATH, TTL, "POST").status == 405
    assert send(standin, "imds", imds.ROLE_PATH, TTL, "PUT").status == 405


def test_the_instance_refuses_in_a_200(standin):
    faults = {"error": "AssumeRoleUnauthorizedAccess", "message": "EC2 cannot assume"}
    reply = instance_keys(standin, **faults)
    assert reply.status == 200
    assert reply.json == {"Code": faults["error"], "Message": faults["message"]}


ODD_NAMES = ["a/b", "../x", "a\r\nX: y", "a" * 65, "", "a b", "é"]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_role_name_can_be_any_text(standin, name):
    standin.next({"action": "role", "text": name})
    assert instance(standin, "iam/security-credentials/").body == name.encode()


def test_the_instance_misbehaves_step_by_step(standin):
    standin.next({"action": "token", "status": 403})
    assert send(standin, "imds", imds.TOKEN_PATH, TTL, "PUT").status == 403
    standin.next({"action": "role", "status": 401})
    token = new_token(standin)
    assert instance(standin, "iam/security-credentials/", token).status == 401
    assert instance(standin, "iam/security-credentials/", token).status == 200
    standin.next({"action": "token", "stall": 60})
    with pytest.raises(TimeoutError):
        new_token(standin, timeout=0.1)
    assert trail(standin).count(("imds", "token")) == 3


# What every source can be made to do, shown on the instance or on the agent


@pytest.mark.parametrize("service", ["imds", "container", "sso"])
@pytest.mark.parametrize("size", [4096, 4097])
def test_tokens_of_any_length(standin, service, size):
    standin.for_listener(service, token_bytes=size)
    document = {
        "imds": lambda: instance_keys(standin, token_bytes=size).json,
        "container": lambda: agent(standin).json,
        "sso": lambda: portal(standin, standin.front.settings.sso_token).json,
    }[service]()
    document = document.get("roleCredentials", document)
    found = {name.lower(): value for name, value in document.items()}
    assert len(found.get("token") or found["sessiontoken"]) == size
    assert cancel_with(standin, found["accesskeyid"]).status == 200


@pytest.mark.parametrize(
    "faults, shown",
    [
        ({"expiration": "absent"}, None),
        ({"expiration": "yesterday"}, "yesterday"),
        ({"expiration": 0, "lifetime": 9}, time.strftime("%Y-", time.gmtime())),
    ],
)
def test_what_is_said_of_the_end(standin, faults, shown):
    said = instance_keys(standin, **faults).json.get("Expiration")
    assert said is shown or said.startswith(shown)


def test_replies_of_another_kind(standin):
    standin.next({"status": 200, "body": "html"})
    reply = agent(standin)
    assert (reply.status, reply.headers["Content-Type"]) == (200, "text/html")
    standin.next({"redirect": "http://localhost:1/", "status": 302})
    reply = agent(standin)
    assert (reply.status, reply.headers["Location"]) == (302, "http://localhost:1/")
    standin.next({"body_bytes": 200_000})
    assert len(agent(standin).body) > 200_000
    standin.next({"cut_reply": 200})
    with pytest.raises(http.client.IncompleteRead):
        agent(standin)
    standin.next({"stall": 60})
    with pytest.raises(TimeoutError):
        send(standin, "container", container.FULL, timeout=0.1)


WRONG_TEXT = {"half", "trailing", "bom", "control", "bad-escape"}
RIGHT = {"escapes", "strangers"}


def secret_of(document):
    """The secret as a careful reader would take it; None if there is none."""
    found = [value for name, value in document if name == "SecretAccessKey"]
    return found[0] if len(found) == 1 and isinstance(found[0], str) else None


@pytest.mark.parametrize("kind", json_faults.KINDS)
def test_odd_json(standin, kind):
    standin.next({"json": kind})
    text = agent(standin).body.decode()
    if kind in WRONG_TEXT:
        with pytest.raises(ValueError):
            json.loads(text)
        return
    try:
        document = json.loads(text, object_pairs_hook=list)
    except RecursionError:
        assert kind == "deep"
        return
    if kind in ("nul", "line-break", "surrogate"):
        tails = {"nul": "\0", "line-break": "X-Injected: yes", "surrogate": "\ud800"}
        assert dict(document)["Token"].endswith(tails[kind])
    elif kind in ("array", "bare"):
        assert not isinstance(json.loads(text), dict)
    else:
        assert bool(secret_of(document)) == (kind in RIGHT)


def test_odd_json_reaches_into_the_portals_document(standin):
    standin.next({"json": "missing"}, {"json": "escapes"})
    token = standin.front.settings.sso_token
    assert "secretAccessKey" not in portal(standin, token).json["roleCredentials"]
    reply = portal(standin, token)
    assert b"\\u0041\\u0053\\u0049\\u0041" in reply.body
    key_id = reply.json["roleCredentials"]["accessKeyId"]
    assert cancel_with(standin, key_id).status == 200


# The container agent


@pytest.mark.parametrize("listener", ["container", "container-https"])
@pytest.mark.parametrize("path", [container.FULL, container.RELATIVE])
def test_the_agent_hands_out_keys(standin, listener, path):
    document = agent(standin, path, listener, Accept="application/json").json
    assert document["AccountId"] == BUILDS
    assert document["RoleArn"] == f"arn:aws:iam::{BUILDS}:role/in-container"
    assert cancel_with(standin, document["AccessKeyId"]).status == 200


def test_the_agent_wants_its_token(standin):
    standin.set(container_token="one")
    reply = agent(standin)
    assert (reply.status, reply.json["code"]) == (401, "AuthorizationRequired")
    reply = agent(standin, Authorization="two")
    assert (reply.status, reply.json["code"]) == (403, "AccessDeniedException")
    assert agent(standin, Authorization="one").status == 200
    standin.set(container_token="two")
    assert agent(standin, Authorization="one").status == 403
    assert agent(standin, Authorization="two").status == 200
    found = [r["signature"] for r in standin.requests()]
    assert found == ["none", "another token", "ok", "another token", "ok"]


def test_the_agent_refuses_in_json(standin):
    reply = agent(standin, "/v1/credentials")
    assert (reply.status, reply.json["code"]) == (404, "InvalidIdInRequest")
    assert send(standin, "container", container.FULL, method="PUT").status == 405
    standin.next({"error": "InternalServerError", "message": "m", "status": 500})
    reply = agent(standin)
    assert (reply.status, reply.json["message"]) == (500, "m")


# STS


def test_roles_are_assumed_by_whom_they_trust(standin):
    first = key_id_of(assume(standin))
    assert key_id_of(assume(standin, "after-deployer", key_id=first))
    external = {"ExternalId": roles.EXTERNAL_ID}
    assert key_id_of(assume(standin, "deployer-with-id", **external))
    in_path = assume(standin, "teams/fw/deployer-in-path")
    key_id_of(in_path)
    expected = f"arn:aws:sts::{BUILDS}:assumed-role/deployer-in-path/a-test"
    assert in_path.root.findtext(".//{*}AssumedRoleUser/{*}Arn") == expected


@pytest.mark.parametrize(
    "name, more",
    [
        ("nobody", {}),
        ("does-not-exist", {}),
        ("after-deployer", {}),
        ("deployer", {"key_id": "AKIAOTHERACCTEXAMPLE"}),
        ("deployer", {"key_id": "AKIADENIEDALLEXAMPLE"}),
        ("deployer-with-id", {}),
        ("deployer-with-id", {"ExternalId": "another"}),
        ("deployer-in-path", {}),
    ],
)
def test_roles_are_assumed_by_nobody_else(standin, name, more):
    answer = assume(standin, name, **more)
    assert (answer.status, answer.code) == (403, "AccessDenied")
    assert "is not authorized to perform: sts:AssumeRole on" in answer.message


@pytest.mark.parametrize(
    "more",
    [
        {"RoleSessionName": None},
        {"RoleSessionName": "a"},
        {"RoleSessionName": "a b"},
        {"RoleSessionName": "a" * 65},
        {"RoleArn": "arn:aws:iam::1:role/x"},
        {"DurationSeconds": "899"},
        {"DurationSeconds": "43201"},
        {"ExternalId": "x"},
        {"ExternalId": "x" * 1225},
        {"ExternalId": "a b"},
        {"ExternalId": "a\\b"},
        {"name": "one-hour", "DurationSeconds": "3601"},
    ],
)
def test_what_sts_checks(standin, more):
    answer = assume(standin, **more)
    assert (answer.status, answer.code) == (400, "ValidationError")


def test_chained_roles_last_an_hour(standin):
    first = key_id_of(assume(standin, DurationSeconds="43200"))
    answer = assume(standin, "after-deployer", key_id=first, DurationSeconds="3601")
    assert answer.code == "ValidationError" and "chaining" in answer.message


def test_sts_checks_signatures(standin):
    arn = f"arn:aws:iam::{BUILDS}:role/deployer"
    parameters = {**ASSUME, "RoleArn": arn}
    answer = signed(standin, parameters, secret="wrong")
    assert (answer.status, answer.code) == (403, "SignatureDoesNotMatch")
    answer = signed(standin, parameters, service="ec2")
    assert answer.code == "SignatureDoesNotMatch"
    assert standin.requests()[-1]["signature"] == "scope names service ec2, not sts"


def test_temporary_keys_are_checked_and_end(standin):
    key_id = key_id_of(assume(standin, DurationSeconds="900"))
    who = signed(standin, WHO, key_id)
    expected = f"arn:aws:sts::{BUILDS}:assumed-role/deployer/a-test"
    assert who.root.findtext(".//{*}Arn") == expected
    answer = signed(standin, WHO, key_id, token="another")
    assert answer.code == "SignatureDoesNotMatch"
    principal = standin.front.world.principal(key_id)
    assert 880 < principal.expires - time.time() <= 900
    standin.next({"action": "AssumeRole", "lifetime": -1})
    key_id = key_id_of(assume(standin))
    assert signed(standin, WHO, key_id).code == "ExpiredToken"
    assert cancel_with(standin, key_id).code == "RequestExpired"
    assert standin.shared(FIRMWARE, BUILDS)


def test_a_role_may_do_nothing(standin):
    key_id = key_id_of(assume(standin, "may-nothing"))
    assert cancel_with(standin, key_id).code == "UnauthorizedOperation"


@pytest.mark.parametrize("size", [0, 4096, 19_999, 20_000])
@pytest.mark.parametrize("listener", ["sts", "sts-ecdsa"])
def test_a_web_identity_gets_keys(standin, size, listener):
    token = web_identity.token(size)
    assert len(token) == size or not size
    key_id = key_id_of(web(standin, token, listener=listener))
    assert cancel_with(standin, key_id).status == 200
    request = standin.requests()[0]
    assert (request["signature"], request["acted"]) == ("unsigned", False)
    assert f"({len(token)} characters)" in request["body"]
    assert token[-40:] not in json.dumps(standin.log())


@pytest.mark.parametrize(
    "token, more, code, status",
    [
        (web_identity.expired_token(), {}, "ExpiredTokenException", 400),
        (web_identity.token() + "x", {}, "InvalidIdentityToken", 400),
        ("no token", {}, "InvalidIdentityToken", 400),
        (web_identity.token(aud="other"), {}, "InvalidIdentityToken", 400),
        (web_identity.token(sub="repo:other"), {}, "AccessDenied", 403),
        (web_identity.token(), {"name": "deployer"}, "AccessDenied", 403),
        (web_identity.token(20_002), {}, "ValidationError", 400),
        (web_identity.token(), {"DurationSeconds": "1"}, "ValidationError", 400),
    ],
    ids=lambda value: "" if isinstance(value, dict) else str(value)[:24],
)
def test_web_identities_that_get_none(standin, token, more, code, status):
    answer = web(standin, token, **more)
    assert (answer.status, answer.code) == (status, code)
    assert answer.root.tag.endswith("}ErrorResponse")


# The SSO portal


def test_the_portal_hands_out_keys(standin):
    reply = portal(standin, standin.front.settings.sso_token)
    document = reply.json["roleCredentials"]
    assert isinstance(document["expiration"], int)
    assert 3500_000 < document["expiration"] - time.time() * 1000 < 3700_000
    assert cancel_with(standin, document["accessKeyId"]).status == 200
    assert standin.front.settings.sso_token not in json.dumps(standin.log())


@pytest.mark.parametrize(
    "token, query, code, status",
    [
        (None, {}, "UnauthorizedException", 401),
        ("expired", {}, "UnauthorizedException", 401),
        ("right", {"role_name": "deployer"}, "ForbiddenException", 403),
        ("right", {"account_id": accounts.OTHER}, "ForbiddenException", 403),
        ("right", {"role_name": None}, "InvalidRequestException", 400),
        ("right", {"account_id": ""}, "InvalidRequestException", 400),
        ("right", {"method": "POST"}, "ResourceNotFoundException", 404),
    ],
)
def test_the_portal_refuses(standin, token, query, code, status):
    standin.set(sso_token="right")
    reply = portal(standin, token, **query)
    assert (reply.status, reply.headers["x-amzn-ErrorType"]) == (status, code)
    assert reply.json["__type"].endswith("#" + code) and reply.json["message"]


# Together


def test_roles_can_be_seeded(standin):
    role = {"account": "999988887777", "name": "more", "trusts": [accounts.OTHER]}
    standin.seed({"roles": [role]})
    arn = "arn:aws:iam::999988887777:role/more"
    assert key_id_of(assume(standin, arn, key_id="AKIAOTHERACCTEXAMPLE"))
    assert arn in [found["arn"] for found in standin.state()["roles"]]
    assert standin.state()["sessions"][0]["arn"].endswith("assumed-role/more/a-test")
    for wrong in ({"account": "1", "name": "n"}, {"name": "n"}, {**role, "name": "/"}):
        with pytest.raises(ValueError):
            standin.seed({"roles": [wrong]})


def test_the_log_tells_who_was_asked(standin):
    agent(standin, listener="container-https")
    portal(standin)
    found = [(r["listener"], r["method"], r["status"]) for r in standin.requests()]
    assert found == [("container-https", "GET", 200), ("sso", "GET", 401)]


def test_a_source_can_have_its_own_address():
    specs = ["imds:address=127.0.0.2", "container:address=127.0.0.3+127.0.0.4"]
    with Standin(specs) as standin:
        assert standin.url("imds").startswith("http://127.0.0.2:")
        assert new_token(standin, host="127.0.0.2")
        for host in ("127.0.0.3", "127.0.0.4"):
            assert send(standin, "container", container.FULL, host=host).status == 200
        standin.settle()
        seen = len(standin.connections())
        # Whoever holds that port of 127.0.0.1, it is not the stand-in.
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", standin.port("imds")), 10).close()
        standin.settle()
        assert len(standin.connections()) == seen


@pytest.mark.parametrize("address", ["0.0.0.0", "8.8.8.8", "::", "here", ""])
def test_no_stranger_finds_a_source(address):
    with pytest.raises(ValueError):
        Standin([f"imds:address={address}"])


def test_any_listener_can_be_made_a_source():
    with Standin(["late:service=sso,chain=ecdsa,leaf-from=2030-01-01"]) as standin:
        with pytest.raises(ssl.SSLCertVerificationError):
            send(standin, "late", sso.PATH)
        assert standin.source_environment("late")["AWS_PROFILE"] == "sso"
