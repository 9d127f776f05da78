"""Checks the stand-in against the clients that EC2 itself has to satisfy.

Run it with the distribution's Python: /usr/bin/python3 -m pytest tests/standin
"""

import base64
import http.client
import itertools
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.parse
import urllib.request
import xml.etree.ElementTree as ElementTree
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import botocore.config
import botocore.exceptions
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

# pylint: disable=wrong-import-position
import accounts  # noqa: E402
import images  # noqa: E402
import listeners  # noqa: E402
from standin import Standin  # noqa: E402

AWS = "/usr/bin/aws"
CURL = "/usr/bin/curl"
GUIDE = "ami-0123456789example"
WEB = "ami-0abcdef1234567890"
ORG = "ami-000000000000000a0"
BOTH = "ami-000000000000000ad"
PUBLIC = "ami-000000000000000b0"
OWN = "ami-000000000000000c0"
UNSHARED = "ami-000000000000000e0"
DEPRECATED = "ami-000000000000000f0"
DEREGISTERED = "ami-000000000000000f1"
DISABLED = "ami-000000000000000f3"
FAR_AWAY = "ami-000000000000000f4"
CANCEL = {"Action": "CancelImageLaunchPermission", "Version": "2016-11-15"}
DESCRIBE = {"Action": "DescribeImages", "Version": "2016-11-15"}
WHO = {"Action": "GetCallerIdentity", "Version": "2011-06-15"}
NAMESPACE = "{http://ec2.amazonaws.com/doc/2016-11-15/}"


@pytest.fixture(scope="module", name="running")
def _running():
    with Standin([n for n in listeners.CATALOGUE if n != "rsa4096"]) as standin:
        yield standin


@pytest.fixture(name="standin")
def _standin(running):
    running.reset()
    yield running
    running.reset()


# A small client of our own, for what the big ones cannot be made to send


class Answer:
    """A reply, read to its end."""

    def __init__(self, reply):
        self.status = reply.status
        self.headers = reply.headers
        self.body = reply.read()

    @property
    def code(self):
        """The error code, whichever service's shape holds it."""
        return self.root.findtext(".//{*}Code")

    @property
    def message(self):
        """The error's message."""
        return self.root.findtext(".//{*}Message")

    @property
    def root(self):
        """The body's root element."""
        return ElementTree.fromstring(self.body)

    @property
    def image_ids(self):
        """The ids of a DescribeImages reply."""
        return [e.text for e in self.root.iter(f"{NAMESPACE}imageId")]


def signed_headers(standin, parameters, key_id, **change):
    """Headers and body of a signed request, as botocore makes them."""
    principal = standin.front.world.principal(key_id)
    secret = change.get("secret", principal.secret)
    service = "sts" if parameters["Version"] == WHO["Version"] else "ec2"
    body = urllib.parse.urlencode(parameters)
    form = "application/x-www-form-urlencoded; charset=utf-8"
    request = AWSRequest("POST", standin.url(), {"Content-Type": form}, body)
    credentials = Credentials(key_id, secret, change.get("token", principal.token))
    region = change.get("region", "us-east-1")
    SigV4Auth(credentials, change.get("service", service), region).add_auth(request)
    headers = dict(request.headers.items())
    return {**headers, "Host": f"localhost:{standin.port()}"}, body.encode()


def signed_cancel(standin, image_id=WEB):
    """Headers and body of the caller's cancel."""
    parameters = {**CANCEL, "ImageId": image_id}
    return signed_headers(standin, parameters, accounts.CALLER_KEY)


def plain_request(headers, body, length):
    """The bytes of a POST."""
    lines = ["POST / HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {length}", "", ""]
    return "\r\n".join(lines).encode() + body


class OneAddress(http.client.HTTPSConnection):
    """Tries no other address of localhost when one fails: a misbehaviour is for one
    connection."""

    def connect(self):
        sock = socket.create_connection(("127.0.0.1", self.port), self.timeout)
        self.sock = self._context.wrap_socket(sock, server_hostname=self.host)


def connect(standin, listener="rsa", timeout=10):
    """A connection that verifies the stand-in as any client would."""
    context = ssl.create_default_context(cafile=standin.ca_bundle)
    port = standin.port(listener)
    return OneAddress("localhost", port, timeout=timeout, context=context)


def exchange(connection, headers, body):
    """One POST and its reply on a connection."""
    connection.putrequest("POST", "/", skip_host=True, skip_accept_encoding=True)
    for name, value in headers.items():
        for one in value if isinstance(value, list) else [value]:
            connection.putheader(name, one)
    connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body)
    return Answer(connection.getresponse())


def ask(standin, parameters, key_id=accounts.CALLER_KEY, **change):
    """Sends one signed request. `alter` changes headers and body after signing."""
    headers, body = signed_headers(standin, parameters, key_id, **change)
    if "alter" in change:
        headers, body = change["alter"](headers, body)
    connection = connect(standin)
    try:
        return exchange(connection, headers, body)
    finally:
        connection.close()


def cancel(standin, image_id=WEB, **change):
    """CancelImageLaunchPermission."""
    return ask(standin, {**CANCEL, "ImageId": image_id}, **change)


def describe(standin, key_id=accounts.CALLER_KEY, **parameters):
    """DescribeImages; `ImageId_1` stands for ImageId.1."""
    named = {name.replace("_", "."): value for name, value in parameters.items()}
    return ask(standin, {**DESCRIBE, **named}, key_id)


def last_request(standin):
    """What the stand-in made of the last request."""
    assert standin.settle()
    return standin.requests()[-1]


# The AWS CLI, boto3, curl


def environment(standin, listener="rsa", key_id=accounts.CALLER_KEY, **more):
    """A child's environment: the machine's own AWS settings are left behind."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("AWS_")}
    files = {"AWS_CONFIG_FILE": "/dev/null", "AWS_SHARED_CREDENTIALS_FILE": "/dev/null"}
    given = standin.environment(listener, key_id)
    return {**kept, **files, "AWS_PAGER": "", **given, **more}


def aws(standin, *arguments, listener="rsa", **more):
    """Runs the AWS CLI. 2.9 knows no AWS_ENDPOINT_URL_EC2 yet."""
    command = [AWS, *arguments, "--endpoint-url", standin.url(listener)]
    return subprocess.run(
        command,
        env=environment(standin, listener, **more),
        capture_output=True,
        text=True,
        timeout=120,
    )


def aws_cancel(standin, image_id, *arguments, **more):
    """The user guide's own command."""
    words = ("ec2", "cancel-image-launch-permission", "--image-id", image_id)
    return aws(standin, *words, *arguments, **more)


needs_aws = pytest.mark.skipif(not Path(AWS).exists(), reason="no AWS CLI")
needs_curl = pytest.mark.skipif(not shutil.which(CURL), reason="no curl")


@needs_aws
def test_the_aws_cli_cancels_once(standin):
    first = aws_cancel(standin, GUIDE)
    assert (first.returncode, first.stdout) == (0, '{\n    "Return": true\n}\n')
    assert not standin.shared(GUIDE)
    again = aws_cancel(standin, GUIDE)
    assert again.returncode == 254
    assert "An error occurred (InvalidAMIID.NotFound) when calling the " in again.stderr
    assert [r["signature"] for r in standin.requests()] == ["ok", "ok"]
    assert [r["acted"] for r in standin.requests()] == [True, False]


@needs_aws
def test_the_aws_cli_runs_dry(standin):
    run = aws_cancel(standin, GUIDE, "--dry-run")
    assert run.returncode == 254
    assert "(DryRunOperation)" in run.stderr
    assert standin.shared(GUIDE)


@needs_aws
def test_the_aws_cli_with_a_bad_secret(standin):
    run = aws_cancel(standin, GUIDE, AWS_SECRET_ACCESS_KEY="bad")
    assert run.returncode == 254
    assert "(AuthFailure)" in run.stderr
    assert standin.shared(GUIDE)


@needs_aws
def test_the_aws_cli_lists_and_knows_itself(standin):
    listing = aws(standin, "ec2", "describe-images", "--executable-users", "self")
    found = {image["ImageId"] for image in json.loads(listing.stdout)["Images"]}
    assert {GUIDE, WEB, ORG, BOTH} <= found
    assert found.isdisjoint({PUBLIC, OWN, UNSHARED, DEREGISTERED, FAR_AWAY})
    who = aws(standin, "sts", "get-caller-identity")
    assert json.loads(who.stdout)["Account"] == accounts.CALLER


@needs_aws
def test_the_aws_cli_over_ecdsa_with_a_session(standin):
    more = {"listener": "ecdsa", "key_id": "ASIALONGTOKENEXAMPLE"}
    assert aws_cancel(standin, WEB, **more).returncode == 0
    assert not standin.shared(WEB)


@pytest.fixture(name="boto")
def _boto(standin):
    yield boto3.client(
        "ec2",
        endpoint_url=standin.url("ecdsa"),
        region_name="us-east-1",
        aws_access_key_id=accounts.SESSION_KEY,
        aws_secret_access_key=accounts.SECRET,
        aws_session_token=accounts.SESSION_TOKEN,
        verify=str(standin.ca_bundle),
        config=botocore.config.Config(retries={"total_max_attempts": 3}),
    )


def test_boto3_cancels(standin, boto):
    reply = boto.cancel_image_launch_permission(ImageId=WEB)
    assert reply["Return"] is True
    assert not standin.shared(WEB)
    assert len(reply["ResponseMetadata"]["RequestId"]) == 36


@pytest.mark.parametrize(
    "image_id, more, code, status",
    [
        (WEB, {"DryRun": True}, "DryRunOperation", 412),
        (UNSHARED, {}, "InvalidAMIID.NotFound", 400),
        (DEREGISTERED, {}, "InvalidAMIID.Unavailable", 400),
        ("ami-xyz", {}, "InvalidAMIID.Malformed", 400),
    ],
)
def test_boto3_reads_the_refusals(standin, boto, image_id, more, code, status):
    with pytest.raises(botocore.exceptions.ClientError) as caught:
        boto.cancel_image_launch_permission(ImageId=image_id, **more)
    answer = caught.value.response
    assert answer["Error"]["Code"] == code
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == status
    assert standin.shared(WEB)


def test_boto3_lists(boto):
    found = boto.describe_images(
        ExecutableUsers=["self"],
        Filters=[{"Name": "name", "Values": ["batch-*"]}],
    )["Images"]
    assert [image["Name"] for image in found] == ["batch-1", "batch-2", "batch-3"]
    assert found[0]["BlockDeviceMappings"][0]["Ebs"]["VolumeSize"] == 8
    assert found[0]["Public"] is False


def test_boto3_retries_a_throttle(standin, boto):
    standin.next({"throttle": True, "times": 2})
    assert boto.cancel_image_launch_permission(ImageId=WEB)["Return"] is True
    assert [r["status"] for r in standin.requests()] == [503, 503, 200]


def curl(standin, image_id, *arguments):
    """Signs and sends the cancel with curl alone."""
    body = urllib.parse.urlencode({**CANCEL, "ImageId": image_id})
    user = f"{accounts.CALLER_KEY}:{accounts.SECRET}"
    command = [CURL, "-sS", "-i", "--cacert", str(standin.ca_bundle)]
    command += ["--aws-sigv4", "aws:amz:us-east-1:ec2", "--user", user, "-d", body]
    return subprocess.run(
        [*command, *arguments, standin.url() + "/"],
        capture_output=True,
        text=True,
        timeout=60,
    )


@needs_curl
def test_curl_cancels(standin):
    run = curl(standin, WEB)
    assert run.stdout.startswith("HTTP/1.1 200 OK\n")
    assert "<return>true</return>" in run.stdout
    assert last_request(standin)["signature"] == "ok"
    assert not standin.shared(WEB)


@needs_curl
def test_curl_sees_a_refusal_in_ec2s_shape(standin):
    run = curl(standin, UNSHARED)
    head, _, body = run.stdout.partition("\n\n")
    assert head.startswith("HTTP/1.1 400 Bad Request")
    assert "Transfer-Encoding: chunked" in head and "Connection: close" in head
    assert "Content-Length" not in head
    assert body.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors>')
    assert body.endswith("</RequestID></Response>")


@needs_curl
@pytest.mark.parametrize("address", ["127.0.0.1", "[::1]"])
def test_curl_reaches_both_addresses(standin, address):
    if address == "[::1]" and not listeners.has_ipv6():
        pytest.skip("no IPv6 loopback")
    run = curl(standin, WEB, "--connect-to", f"localhost:{standin.port()}:{address}:")
    assert "200 OK" in run.stdout


# What is refused, and how


@pytest.mark.parametrize(
    "key_id, image_id, status, code",
    [
        (accounts.CALLER_KEY, "", 400, "MissingParameter"),
        (accounts.CALLER_KEY, "ami-123", 400, "InvalidAMIID.Malformed"),
        (accounts.CALLER_KEY, "ami-0ABCDEF1234567890", 400, "InvalidAMIID.Malformed"),
        (accounts.CALLER_KEY, "ami-12345678", 400, "InvalidAMIID.NotFound"),
        (accounts.CALLER_KEY, ORG, 400, "InvalidAMIID.NotFound"),
        (accounts.CALLER_KEY, PUBLIC, 400, "InvalidAMIID.NotFound"),
        (accounts.CALLER_KEY, OWN, 400, "InvalidAMIID.NotFound"),
        (accounts.CALLER_KEY, FAR_AWAY, 400, "InvalidAMIID.NotFound"),
        (accounts.CALLER_KEY, DEREGISTERED, 400, "InvalidAMIID.Unavailable"),
        ("AKIADENIEDALLEXAMPLE", WEB, 403, "UnauthorizedOperation"),
        ("AKIANOCANCEL1EXAMPLE", WEB, 403, "UnauthorizedOperation"),
        ("AKIANOOPTIN01EXAMPLE", WEB, 401, "OptInRequired"),
        ("ASIAEXPIREDV1EXAMPLE", WEB, 400, "RequestExpired"),
    ],
)
def test_refusals(standin, key_id, image_id, status, code):
    before = standin.state()
    answer = cancel(standin, image_id, key_id=key_id)
    assert (answer.status, answer.code) == (status, code)
    assert standin.state() == before
    assert answer.headers["Connection"] == "close"
    assert answer.headers["Server"] == "AmazonEC2"
    assert answer.headers["x-amzn-RequestId"] == answer.root.findtext("RequestID")


def test_a_denial_carries_a_long_blob(standin):
    message = cancel(standin, key_id="AKIADENIEDALLEXAMPLE").message
    blob = message.rpartition(": ")[2]
    assert len(blob) > 1024
    assert f":us-east-1::image/{WEB}" in message


def _without(name):
    return lambda headers, body: (
        {k: v for k, v in headers.items() if k.lower() != name},
        body,
    )


def _with(**added):
    names = {key.replace("_", "-"): value for key, value in added.items()}
    return lambda headers, body: ({**headers, **names}, body)


def _signing_only(*names):
    def alter(headers, body):
        text = headers["Authorization"]
        start, _, rest = text.partition("SignedHeaders=")
        signed = f"{start}SignedHeaders={';'.join(names)},{rest.partition(',')[2]}"
        return {**headers, "Authorization": signed}, body

    return alter


@pytest.mark.parametrize(
    "change, why",
    [
        ({"secret": "wrong"}, "differs"),
        ({"region": "eu-west-1"}, "Region eu-west-1"),
        ({"service": "s3"}, "service s3"),
        ({"token": "unasked"}, "session token"),
        ({"alter": lambda h, b: (h, b.replace(WEB[-4:].encode(), b"0000"))}, "differs"),
        ({"alter": _signing_only("content-type", "x-amz-date")}, "host is not signed"),
        ({"alter": _signing_only("host")}, "x-amz-date is not signed"),
        ({"alter": _signing_only("x-amz-date", "host")}, "not sorted"),
        ({"alter": _signing_only("host", "te", "x-amz-date")}, "te is signed"),
        ({"alter": _with(X_Amz_More="1")}, "x-amz-more is sent but not signed"),
        ({"alter": _with(Content_Type="text/plain")}, "differs"),
        ({"alter": _with(X_Amz_Date="20200101T000000Z")}, "not the date"),
        ({"alter": _with(X_Amz_Date=["20200101T000000Z", "x"])}, "not the date"),
    ],
)
def test_bad_signatures(standin, change, why):
    answer = cancel(standin, **change)
    assert (answer.status, answer.code) == (401, "AuthFailure")
    assert why in last_request(standin)["signature"]
    assert standin.shared(WEB)


def test_a_session_needs_its_own_token(standin):
    for token in ("", "other"):
        answer = cancel(standin, key_id=accounts.SESSION_KEY, token=token)
        assert answer.code == "AuthFailure"
    assert cancel(standin, key_id=accounts.SESSION_KEY).status == 200


def test_no_signature_at_all(standin):
    answer = cancel(standin, alter=_without("authorization"))
    assert (answer.status, answer.code) == (400, "MissingParameter")
    assert "AWSAccessKeyId" in answer.message
    garbled = cancel(standin, alter=_with(Authorization="AWS4-HMAC-SHA256 x"))
    assert garbled.code == "IncompleteSignature"


def test_an_unknown_key_looks_like_a_bad_secret(standin):
    def rename(headers, body):
        text = headers["Authorization"].replace("AKIAIOSFODNN7", "AKIAUNKNOWNED")
        return {**headers, "Authorization": text}, body

    assert cancel(standin, alter=rename).code == "AuthFailure"
    assert last_request(standin)["signature"] == "unknown access key"


@pytest.mark.parametrize("offset, ok", [(-890, 1), (890, 1), (-910, 0), (910, 0)])
def test_a_clock_may_be_off_by_a_quarter_of_an_hour(standin, offset, ok):
    standin.set(clock_offset=offset)
    answer = cancel(standin)
    assert answer.status == (200 if ok else 400)
    assert ok or answer.code == "RequestExpired"
    standin.set(skew_code="AuthFailure")
    assert ok or cancel(standin).status == 401


def test_sts_refuses_in_its_own_shape(standin):
    assert ask(standin, WHO).root.findtext(".//{*}Account") == accounts.CALLER
    bad = ask(standin, WHO, secret="bad")
    assert (bad.status, bad.code) == (403, "SignatureDoesNotMatch")
    assert bad.root.tag.endswith("ErrorResponse")
    assert bad.root.findtext("{*}RequestId")
    old = ask(standin, WHO, "ASIAEXPIREDV1EXAMPLE")
    assert (old.status, old.code) == (403, "ExpiredToken")
    assert ask(standin, WHO, "AKIADENIEDALLEXAMPLE").status == 200


@pytest.mark.parametrize(
    "change, code",
    [
        ({"Action": "TerminateInstances"}, "InvalidAction"),
        ({"Version": "2000-01-01"}, "NoSuchVersion"),
        ({"Force": "true"}, "UnknownParameter"),
        ({"DryRun": "perhaps"}, "InvalidParameterValue"),
        ({"Action": ""}, "MissingParameter"),
    ],
)
def test_bad_parameters(standin, change, code):
    answer = ask(standin, {**CANCEL, "ImageId": WEB, **change})
    assert (answer.status, answer.code) == (400, code)


def raw_exchange(standin, data):
    """Sends bytes over the plain listener, reads until the end."""
    with socket.create_connection(("127.0.0.1", standin.port("http")), 10) as sock:
        sock.sendall(data)
        sock.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: sock.recv(65536), b""))


@pytest.mark.parametrize(
    "data, status",
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", 302),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400),
        (b"GET / HTTP/1.0\r\nHost: a\r\n\r\n", 400),
        (b"PUT / HTTP/1.1\r\nHost: a\r\n\r\n", 405),
        (b"nonsense\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\nx", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n", 501),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n", 413),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 70000, 431),
    ],
)
def test_http_is_read_strictly(standin, data, status):
    assert raw_exchange(standin, data).startswith(b"HTTP/1.1 %d " % status)


def test_a_body_longer_than_its_length_is_no_request(standin):
    headers, body = signed_cancel(standin)
    data = plain_request(headers, body, len(body) - 1)
    assert b"AuthFailure" in raw_exchange(standin, data)
    assert standin.shared(WEB)


# DescribeImages


def test_every_row_of_visibility(standin):
    for image_id in (WEB, ORG, BOTH, PUBLIC, OWN, DEPRECATED):
        assert describe(standin, ImageId_1=image_id).image_ids == [image_id]
    assert describe(standin, ImageId_1=UNSHARED).code == "InvalidAMIID.NotFound"
    missing = describe(standin, ImageId_1=UNSHARED, ImageId_2=FAR_AWAY)
    assert missing.message.startswith("The image ids '[ami-")
    gone = describe(standin, ImageId_1=DEREGISTERED)
    assert gone.code == "InvalidAMIID.Unavailable"
    assert describe(standin, ImageId_1=DISABLED).image_ids == []
    assert describe(standin, ImageId_1=DISABLED, IncludeDisabled="true").image_ids
    denied = describe(standin, "AKIANODESCRIBEXAMPLE", ImageId_1=WEB)
    assert (denied.status, denied.code) == (403, "UnauthorizedOperation")


def test_what_a_cancel_leaves_visible(standin):
    assert cancel(standin, BOTH).status == 200
    assert describe(standin, ImageId_1=BOTH).image_ids == [BOTH]
    assert cancel(standin, BOTH).code == "InvalidAMIID.NotFound"
    assert cancel(standin, WEB).status == 200
    assert describe(standin, ImageId_1=WEB).code == "InvalidAMIID.NotFound"


def test_owners_and_filters(standin):
    assert describe(standin, Owner_1="self").image_ids == [OWN]
    old = {"Filter.1.Name": "name", "Filter.1.Value.1": "ol?"}
    assert ask(standin, {**DESCRIBE, **old}).image_ids == []
    shown = ask(standin, {**DESCRIBE, **old, "IncludeDeprecated": "true"})
    assert shown.image_ids == [DEPRECATED]
    item = shown.root.find(f".//{NAMESPACE}item")
    assert item.findtext(f"{NAMESPACE}deprecationTime") == "2022-02-28T08:00:00.000Z"
    assert '& <kept> for "old"' in item.findtext(f"{NAMESPACE}description")
    public = {"Filter.1.Name": "is-public", "Filter.1.Value.1": "true"}
    assert PUBLIC in ask(standin, {**DESCRIBE, **public}).image_ids
    owner = {"Filter.2.Name": "owner-id", "Filter.2.Value.1": accounts.CALLER}
    assert ask(standin, {**DESCRIBE, **public, **owner}).image_ids == []
    wrong = {"Filter.1.Name": "colour", "Filter.1.Value.1": "red"}
    assert ask(standin, {**DESCRIBE, **wrong}).code == "InvalidParameterValue"


@pytest.mark.parametrize(
    "pattern, value, expected",
    [
        ("web-*", "web-server", True),
        ("web", "web-server", False),
        ("we?", "web", True),
        (r"a\*", "a*", True),
        (r"a\*", "ab", False),
        ("a[b]", "a[b]", True),
        ("a[b]", "ab", False),
    ],
)
def test_wildcards(pattern, value, expected):
    assert images.matches(pattern, value) is expected


def test_pages(standin):
    seen, token = [], {}
    while True:
        page = describe(standin, ExecutableBy_1="self", MaxResults="4", **token)
        assert len(page.image_ids) <= 4
        seen += page.image_ids
        following = page.root.findtext(f"{NAMESPACE}nextToken")
        if following is None:
            break
        token = {"NextToken": following}
    assert seen == describe(standin, ExecutableBy_1="self").image_ids
    assert len(seen) == len(set(seen)) > 8


@pytest.mark.parametrize(
    "parameters, code",
    [
        ({"MaxResults": "0"}, "InvalidParameterValue"),
        ({"MaxResults": "1001"}, "InvalidParameterValue"),
        ({"MaxResults": "5", "ImageId_1": WEB}, "InvalidParameterCombination"),
        ({"MaxResults": "5", "NextToken": "bm9uc2Vuc2U="}, "InvalidPaginationToken"),
        ({"ImageId_1": "nonsense"}, "InvalidAMIID.Malformed"),
        ({"DryRun": "true"}, "DryRunOperation"),
    ],
)
def test_bad_listings(standin, parameters, code):
    assert describe(standin, **parameters).code == code


def test_many_images_are_made_up_as_they_are_sent():
    with Standin(many=5_000) as standin:
        page = describe(standin, ExecutableBy_1="self")
        assert page.headers["Transfer-Encoding"] == "chunked"
        assert len(page.image_ids) == 5_000 + 10
        middle = page.image_ids[2_345]
        assert cancel(standin, middle).status == 200
        assert cancel(standin, middle).code == "InvalidAMIID.NotFound"
        assert len(describe(standin, ExecutableBy_1="self").image_ids) == 5_009
        assert standin.state()["many"]["cancelled"] == 1
        last = {"Filter.1.Name": "name", "Filter.1.Value.1": "nightly-0004999"}
        assert len(ask(standin, {**DESCRIBE, **last}).image_ids) == 1


# Listeners


def openssl_verdict(standin, listener, bundle=None):
    """Shakes hands with a listener as a verifying client; "" if all is well."""
    context = ssl.create_default_context(cafile=bundle or standin.ca_bundle)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    address = ("127.0.0.1", standin.port(listener))
    try:
        with socket.create_connection(address, 10) as sock:
            with context.wrap_socket(sock, server_hostname="localhost") as tls:
                return tls.version()
    except ssl.SSLError as error:
        return getattr(error, "verify_message", "") or error.reason


@pytest.mark.parametrize(
    "listener, verdict",
    [
        ("rsa", "TLSv1.3"),
        ("ecdsa", "TLSv1.3"),
        ("tls12", "TLSv1.2"),
        ("tls12-ecdsa", "TLSv1.2"),
        ("tls13", "TLSv1.3"),
        ("tls13-ecdsa", "TLSv1.3"),
        ("small-window", "TLSv1.3"),
        ("expired", "certificate has expired"),
        ("not-yet", "certificate is not yet valid"),
        ("future", "certificate is not yet valid"),
        ("untrusted", "unable to get local issuer certificate"),
        ("impostor", "unable to get local issuer certificate"),
        ("no-intermediate", "unable to get local issuer certificate"),
        ("wrong-host", "Hostname mismatch, certificate is not valid for 'localhost'."),
        ("tls11", "TLSV1_ALERT_PROTOCOL_VERSION"),
    ],
)
def test_listeners_are_what_they_say(standin, listener, verdict):
    assert openssl_verdict(standin, listener) == verdict


def test_tls_1_1_works_for_who_still_speaks_it(standin):
    command = ["openssl", "s_client", "-tls1_1", "-cipher", "DEFAULT:@SECLEVEL=0"]
    command += ["-connect", f"127.0.0.1:{standin.port('tls11')}"]
    run = subprocess.run(command, input="", capture_output=True, text=True, timeout=60)
    assert "TLSv1.1" in run.stdout


def test_the_bundle_holds_the_trusted_roots_alone(standin):
    text = standin.ca_bundle.read_text()
    assert text.count("BEGIN CERTIFICATE") == 2
    assert standin.root_file("untrusted").read_text() not in text
    root = standin.root_file("untrusted")
    assert openssl_verdict(standin, "untrusted", root) == "TLSv1.3"


def test_certificates_are_proper(standin):
    for family in ("rsa", "ecdsa"):
        chain = standin.chains.folder / f"chain-{family}.pem"
        parts = chain.read_text().split("-----END CERTIFICATE-----\n")
        leaf = standin.folder / "leaf.pem"
        leaf.write_text(parts[0] + "-----END CERTIFICATE-----\n")
        command = ["openssl", "verify", "-x509_strict", "-purpose", "sslserver"]
        command += ["-CAfile", standin.root_file(family), "-untrusted", chain, leaf]
        run = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert run.returncode == 0, run.stderr


def test_listeners_can_be_made_up():
    spec = "mine:chain=ecdsa,tls=1.2,leaf-from=2030-01-01,names=a.example+localhost"
    with Standin(["rsa4096", spec]) as standin:
        assert openssl_verdict(standin, "mine") == "certificate is not yet valid"
        assert openssl_verdict(standin, "rsa4096") == "TLSv1.3"
    for wrong in ("mine:tls=9", "no name", "mine:chain=x", "mine:port=99999"):
        with pytest.raises(ValueError):
            listeners.parse(wrong)


def test_keep_alive_and_the_log(standin):
    connection = connect(standin)
    for image_id in (WEB, BOTH):
        headers, body = signed_cancel(standin, image_id)
        assert exchange(connection, headers, body).status == 200
    connection.close()
    assert standin.settle()
    (entry,) = standin.connections()
    assert entry["tls"]["version"] == "TLSv1.3"
    assert entry["server_name"] == "localhost"
    assert [r["image_id"] for r in entry["requests"]] == [WEB, BOTH]
    assert all(r["complete"] and r["acted"] for r in entry["requests"])
    assert entry["requests"][0]["body"].endswith(WEB)


# Misbehaviour


def dies(standin, image_id=WEB):
    """What a client sees of a connection that dies."""
    with pytest.raises((OSError, http.client.HTTPException)) as caught:
        cancel(standin, image_id)
    return caught.value


def test_cut_while_the_request_comes_in(standin):
    cancel(standin, UNSHARED)
    total = last_request(standin)["received"]
    for position, how in itertools.product((0, 1, 100, total - 1), ("fin", "rst")):
        standin.next({"cut_received": position, "how": how})
        dies(standin)
        request = last_request(standin)
        assert (request["received"], request["complete"]) == (position, False)
    assert standin.shared(WEB)
    standin.next({"cut_received": total})
    dies(standin)
    assert last_request(standin)["complete"] and not standin.shared(WEB)


@pytest.mark.parametrize("act", [True, False])
@pytest.mark.parametrize("how", ["fin", "rst", "close_notify"])
def test_cut_before_the_reply(standin, act, how):
    standin.next({"cut_reply": 0, "act": act, "how": how})
    dies(standin)
    request = last_request(standin)
    assert request["acted"] is act and standin.shared(WEB) is not act
    assert request["reply_sent"] == 0 and not request["reply_complete"]


def test_cut_within_the_reply_at_every_byte(standin):
    whole = []
    standin.next({"act": False})
    cancel(standin)
    total = last_request(standin)["reply_sent"]
    for position in range(0, total, 37):
        standin.next({"cut_reply": position, "act": False})
        try:
            whole += [position] * cancel(standin).body.endswith(b"Response>")
        except (OSError, http.client.HTTPException):
            pass
        assert last_request(standin)["reply_sent"] == position
    assert not whole
    assert standin.shared(WEB)


def test_raw_cuts_in_both_directions(standin):
    cancel(standin, UNSHARED)
    standin.settle()
    connection = standin.connections()[-1]
    for position in range(0, connection["raw_sent"], 301):
        standin.next({"cut_raw_sent": position, "act": False})
        ask_quietly(standin)
        standin.settle()
        assert standin.connections()[-1]["raw_sent"] == position
    for position in range(0, connection["raw_received"] - 200, 301):
        standin.next({"cut_raw_received": position, "how": "rst"})
        dies(standin)
        standin.settle()
        assert standin.connections()[-1]["raw_received"] == position
    assert standin.shared(WEB)


def ask_quietly(standin):
    """A request whose fate does not matter."""
    try:
        cancel(standin, UNSHARED)
    except (OSError, http.client.HTTPException):
        pass


def test_acting_late(standin):
    standin.next({"act_late": 0.3, "cut_reply": 0})
    dies(standin)
    assert standin.shared(WEB)
    time.sleep(0.6)
    assert not standin.shared(WEB)
    assert last_request(standin)["acted_late"]


def test_stall_and_drip(standin):
    standin.next({"stall": 0.3}, {"drip": 0.0001}, {"delay_raw": 0.05})
    for least in (0.3, 0.05, 0.05):
        start = time.monotonic()
        assert cancel(standin, UNSHARED).status == 400
        assert time.monotonic() - start >= least


def test_stalls_before_reading(standin):
    for stall in ("stall_handshake", "stall_reading"):
        standin.next({stall: 0.3})
        start = time.monotonic()
        assert cancel(standin, UNSHARED).status == 400
        assert time.monotonic() - start >= 0.3


def test_what_is_in_hand_at_a_reset_changes_nothing_after_it(standin):
    """A request of the test before, on a machine that has no time for it."""
    standin.next({"stall_reading": 0.5})
    with ThreadPoolExecutor() as pool:
        late = pool.submit(cancel, standin)
        time.sleep(0.2)
        standin.reset()
        standin.next({"status": 503})
        assert late.result().status == 200
    assert standin.shared(WEB) and cancel(standin).status == 503


@pytest.mark.parametrize("slow", ["stall", "drip", "delay_raw"])
def test_a_client_that_does_not_wait(standin, slow):
    """It is noticed at once: nothing is open that a later test would wait for."""
    standin.next({slow: 60})
    connection = connect(standin, timeout=0.3)
    headers, body = signed_cancel(standin)
    with pytest.raises(TimeoutError):
        exchange(connection, headers, body)
    if slow != "delay_raw":  # which is that of the handshake
        assert standin.requests()[-1]["acted"]
    connection.close()
    assert standin.settle()


@pytest.mark.parametrize("refuse", ["fin", "rst"])
def test_refused_connections(standin, refuse):
    standin.next({"refuse": refuse})
    dies(standin)
    assert standin.connections()[-1]["requests"] == []


def test_lies_about_the_date(standin):
    standin.next({"date": -86400}, {"date": "absent"}, {"date": "yesterday"})
    days = time.strftime("%a, %d %b %Y", time.gmtime(time.time() - 86400))
    assert cancel(standin, UNSHARED).headers["Date"].startswith(days)
    assert cancel(standin, UNSHARED).headers["Date"] is None
    assert cancel(standin, UNSHARED).headers["Date"] == "yesterday"


def test_replies_that_are_not_ec2s(standin):
    standin.next(
        {"throttle": True, "retry_after_ms": "250"},
        {"status": 502},
        {"status": 500, "body": "xml", "act": True},
        {"status": 503, "body": "empty"},
        {"redirect": "https://wrong.example/"},
        {"error": "Blocked"},
        {"error": "Odd", "message": "<&>", "status": 418},
    )
    throttled = cancel(standin)
    assert (throttled.status, throttled.code) == (503, "RequestLimitExceeded")
    assert throttled.headers["x-amz-retry-after"] == "250"
    assert cancel(standin).body.startswith(b"<html>")
    assert standin.shared(WEB)
    assert cancel(standin).code == "InternalError"
    assert not standin.shared(WEB)
    assert cancel(standin).body == b""
    moved = cancel(standin)
    assert (moved.status, moved.headers["Location"]) == (307, "https://wrong.example/")
    assert cancel(standin).status == 403
    odd = cancel(standin)
    assert (odd.status, odd.code, odd.message) == (418, "Odd", "<&>")


@pytest.mark.parametrize(
    "result, expected",
    [
        ("empty", b""),
        ("garbage", b"not XML"),
        ("false", b"<return>false</return>"),
        ("doctype", b"<!DOCTYPE"),
        ("missing", b"</requestId>\n</Cancel"),
    ],
)
def test_results_that_are_not_a_yes(standin, result, expected):
    standin.next({"result": result})
    answer = cancel(standin)
    assert answer.status == 200 and expected in answer.body
    assert b"<return>true" not in answer.body or result == "doctype"
    assert not standin.shared(WEB)


def test_a_listing_of_another_image(standin):
    standin.next({"result": "other-image"})
    assert describe(standin, ImageId_1=WEB).image_ids == ["ami-0ffffffffffffffff"]
    standin.next({"text": "hello"})
    assert describe(standin, ImageId_1=WEB).body == b"hello"


@pytest.mark.parametrize(
    "style",
    [
        {"framing": "chunked", "chunk_size": 7, "chunk_extension": True},
        {"framing": "chunked", "trailers": True},
        {"framing": "close"},
        {"interim": 1, "act": True},
        {"head_bytes": 20_000},
        {"header_line": 8000},
        {"body_bytes": 3_000_000},
        {"body_bytes": 100_000, "framing": "chunked", "chunk_size": 999},
        {"connection": "close"},
        {"close_after": "fin"},
    ],
)
def test_odd_but_right_framing(standin, style):
    standin.next(style)
    run = curl(standin, WEB)
    assert run.returncode == 0, run.stderr
    assert "<return>true</return>" in run.stdout
    assert not standin.shared(WEB)


@pytest.mark.parametrize(
    "framing, sign",
    [
        ("both", b"Content-Length: 254\r\nTransfer-Encoding: chunked\r\n"),
        ("two-lengths", b"Content-Length: 254\r\nContent-Length: 255\r\n"),
        ("signed-length", b"Content-Length: +254\r\n"),
        ("long-length", b"Content-Length: 264\r\n"),
        ("short-length", b"Content-Length: 244\r\n"),
        ("bad-chunk", b"\r\nzz\r\n"),
        ("no-last-chunk", b"Response>\r\n"),
    ],
)
def test_wrong_framing(standin, framing, sign):
    standin.next({"framing": framing, "close_after": "fin", "listener": "http"})
    headers, body = signed_cancel(standin)
    reply = raw_exchange(standin, plain_request(headers, body, len(body)))
    assert sign in reply and b"<return>true" in reply


def test_any_bytes_as_a_reply(standin):
    data = b"HTTP/1.1 299 Odd\r\nContent-Length: 3\r\n\r\nabc"
    encoded = base64.b64encode(data).decode()
    standin.next({"raw": encoded, "keep_open": True}, {"raw": encoded})
    connection = connect(standin)
    headers, body = signed_cancel(standin, UNSHARED)
    for _ in range(2):
        answer = exchange(connection, headers, body)
        assert (answer.status, answer.body) == (299, b"abc")
    connection.close()
    standin.settle()
    assert len(standin.connections()) == 1


def test_idle_connections_are_closed(standin):
    standin.next({"close_after": "close_notify", "close_after_seconds": 0.1})
    connection = connect(standin)
    headers, body = signed_cancel(standin)
    assert exchange(connection, headers, body).headers["Connection"] is None
    assert connection.sock.recv(1) == b""
    connection.close()


def test_a_server_that_is_slow_to_forget(standin):
    standin.set(forget_looks=2)
    cancel(standin)
    for _ in range(2):
        assert describe(standin, ImageId_1=WEB).image_ids == [WEB]
    assert describe(standin, ImageId_1=WEB).code == "InvalidAMIID.NotFound"
    standin.reset()
    standin.next({"forget_seconds": 0.5})
    cancel(standin)
    assert describe(standin, ImageId_1=WEB).image_ids == [WEB]
    assert cancel(standin).code == "InvalidAMIID.NotFound"
    time.sleep(0.6)
    assert describe(standin, ImageId_1=WEB).code == "InvalidAMIID.NotFound"


def test_a_dry_run_may_look_at_the_grant(standin):
    dry = {**CANCEL, "ImageId": ORG, "DryRun": "true"}
    assert ask(standin, dry).code == "DryRunOperation"
    standin.set(dry_run_looks=True)
    assert ask(standin, dry).code == "InvalidAMIID.NotFound"


def test_whose_turn_it_is(standin):
    standin.for_image(BOTH, error="Blocked")
    standin.for_listener("rsa", error="PendingVerification")
    standin.always(error="InternalError")
    standin.next({"throttle": True}, {}, {"status": 504, "action": "DescribeImages"})
    assert cancel(standin, BOTH).code == "RequestLimitExceeded"
    assert cancel(standin, WEB).status == 200
    assert cancel(standin, BOTH).code == "Blocked"
    assert cancel(standin, UNSHARED).code == "PendingVerification"
    assert describe(standin, ImageId_1=BOTH).status == 504
    standin.for_listener("rsa")
    assert cancel(standin, UNSHARED).code == "InternalError"
    standin.always()
    assert cancel(standin, UNSHARED).code == "InvalidAMIID.NotFound"


# The control interface and the command


def control(base, path, document=None):
    """One request to the control interface: status and JSON."""
    data = None if document is None else json.dumps(document).encode()
    try:
        with urllib.request.urlopen(base + path, data, timeout=10) as reply:
            return reply.status, json.load(reply)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


@pytest.mark.parametrize(
    "document, complaint",
    [
        ({"next": [{"explode": 1}]}, "unknown misbehaviour 'explode'"),
        ({"next": [{"drip": "fast"}]}, "drip: expected seconds"),
        ({"next": [{"cut_reply": True}]}, "cut_reply: expected a whole number"),
        ({"next": [{"date": "a\r\nb"}]}, "date: expected"),
        ({"next": [{"raw": "%%%"}]}, "raw: expected bytes in base64"),
        ({"next": [{"cut_received": 1, "action": "A"}]}, "before the action is known"),
        ({"images": {WEB: {"cut_received": 1}}}, "unknown misbehaviour"),
        ({"next": {}}, "expected a list"),
        ({"nxt": []}, "unknown order 'nxt'"),
        ({"settings": {"speed": 1}}, "unknown setting 'speed'"),
        ({"settings": {"region": 1}}, "region: expected a str"),
        ({"listeners": []}, "expected an object"),
        ([], "send a JSON object"),
    ],
)
def test_wrong_orders_are_refused(standin, document, complaint):
    status, answer = control(standin.control_url, "/control", document)
    assert status == 400 and complaint in answer["error"]
    assert cancel(standin).status == 200


def test_the_control_interface(standin):
    base = standin.control_url
    order = {"next": [{"throttle": True}], "settings": {"forget_looks": 1}}
    assert control(base, "/control", order) == (200, {"ok": True})
    assert cancel(standin).status == 503
    assert control(base, "/log")[1]["connections"][-1]["requests"][0]["status"] == 503
    carol = {"key_id": "AKIACAROLCAROLCAROLC", "account": "999988887777"}
    carol["arn"] = "arn:aws:iam::999988887777:user/carol"
    image = {"id": "ami-99999999", "owner": accounts.OWNER, "name": "nine"}
    image["accounts"] = [carol["account"]]
    seed = {"principals": [carol], "images": [image]}
    assert control(base, "/seed", seed) == (200, {"ok": True})
    assert cancel(standin, "ami-99999999", key_id=carol["key_id"]).status == 200
    ids = [i["id"] for i in control(base, "/state")[1]["images"]]
    assert "ami-99999999" in ids
    assert control(base, "/reset", {}) == (200, {"ok": True})
    ids = [i["id"] for i in control(base, "/state")[1]["images"]]
    assert "ami-99999999" not in ids
    assert control(base, "/nowhere")[0] == 404
    assert control(base, "/seed", {"images": [{"idd": 1}]})[0] == 400
    assert control(base, "/seed", {"users": []})[0] == 400


def run_command(*arguments):
    """Starts the command and reads what it says until it is ready."""
    command = ["/usr/bin/python3", str(HERE / "standin.py"), *arguments]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
    lines = list(itertools.takewhile(lambda s: s != "ready\n", process.stdout))
    return process, lines


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_says_where_it_is(tmp_path, number):
    process, lines = run_command("--state", str(tmp_path), "--name", "ec2.example")
    try:
        facts = json.loads((tmp_path / "standin.json").read_text())
        for name, value in facts["environment"].items():
            assert f"export {name}={value}\n" in lines
        assert (tmp_path / "bundle.pem").exists()
        assert (tmp_path / "key-rsa.pem").stat().st_mode & 0o077 == 0
        assert facts["listeners"]["ecdsa"]["url"].startswith("https://localhost:")
    finally:
        process.send_signal(number)
        assert process.wait(10) == 0
        process.stdin.close()
        process.stdout.close()


def test_the_command_cleans_up_and_ends_with_its_input():
    process, lines = run_command("--exit-with-stdin")
    (folder,) = [Path(s.split()[-1]) for s in lines if s.startswith("# files")]
    assert folder.exists()
    process.stdin.close()
    assert process.wait(10) == 0
    process.stdout.close()
    assert not folder.exists()


def test_the_command_names_what_is_wrong(tmp_path, monkeypatch):
    (tmp_path / "seed.json").write_text('{"images": [{"colour": "red"}]}')
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        wrong = (
            ["--listen", "a:tls=9"],
            ["--listen", f"a:port={port}"],
            ["--seed", str(tmp_path / "seed.json")],
        )
        for arguments in wrong:
            check_complaint(arguments)
    assert [path.name for path in tmp_path.iterdir()] == ["seed.json"]


def check_complaint(arguments):
    """The command ends with 1 and one line."""
    run = subprocess.run(
        ["/usr/bin/python3", str(HERE / "standin.py"), *arguments],
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert run.returncode == 1
    assert run.stderr.startswith("standin.py: ") and run.stderr.count("\n") == 1


# Its proxy, as others see it


def curl_through(standin, *arguments, listener="proxy"):
    """The cancel by curl alone, to a name that nobody but the proxy knows."""
    standin.settle()
    return subprocess.run(
        [
            *[CURL, "-q", "-sS", "--proxy", standin.url(listener)],
            *["--cacert", standin.ca_bundle, "--proxy-cacert", standin.ca_bundle],
            *["--aws-sigv4", "aws:amz:us-east-1:ec2"],
            *["--user", f"{accounts.CALLER_KEY}:{accounts.SECRET}"],
            *["--data", urllib.parse.urlencode({**CANCEL, "ImageId": WEB})],
            *[*arguments, "https://ec2.us-east-1.amazonaws.com/"],
        ],
        capture_output=True,
        text=True,
        check=False,
        env={},
    )


@needs_curl
@pytest.mark.parametrize("listener", ["proxy", "proxy-https"])
def test_curl_cancels_through_the_proxy(standin, listener):
    run = curl_through(standin, listener=listener)
    assert run.returncode == 0 and "<return>true</return>" in run.stdout, run
    assert not standin.shared(WEB)
    standin.settle()
    asked = {r["listener"]: r for r in standin.requests()}
    assert asked[listener]["target"] == "ec2.us-east-1.amazonaws.com:443"
    assert asked[listener]["status"] == 200 and asked["rsa"]["signature"] == "ok"


@needs_curl
@pytest.mark.parametrize(
    "user,code,judged", [("", 407, "none"), ("u:x", 407, "another user"), ("u:p@ :", 0, "ok")]
)
def test_curl_says_who_it_is_to_the_proxy(standin, user, code, judged):
    standin.set(proxy_user="u:p@ :")
    run = curl_through(standin, *(["--proxy-user", user] if user else []))
    assert (run.returncode != 0) == bool(code) and (not code or str(code) in run.stderr), run
    standin.settle()
    (asked,) = [r for r in standin.requests() if r["listener"] == "proxy"]
    assert asked["signature"] == judged and "p@" not in json.dumps(standin.log())


@needs_curl
def test_curl_meets_a_proxy_that_misbehaves(standin):
    standin.for_listener("proxy", action="CONNECT", status=502)
    assert "502" in curl_through(standin).stderr
    standin.for_listener("proxy", greet=base64.b64encode(b"hello\r\n").decode())
    assert curl_through(standin).returncode != 0 and standin.shared(WEB)


@needs_aws
def test_the_aws_cli_cancels_through_the_proxy(standin):
    env = environment(standin, HTTPS_PROXY=standin.url("proxy"))
    words = ["ec2", "cancel-image-launch-permission", "--image-id", WEB]
    run = subprocess.run(
        [AWS, *words, "--ca-bundle", standin.ca_bundle], env=env, capture_output=True, check=False
    )
    assert run.returncode == 0, run
    assert not standin.shared(WEB)


def test_the_proxy_leads_nowhere_else(standin):
    for host, port in (("localhost", 1), ("a.invalid", 443), ("127.0.0.1", 22)):
        sock = socket.create_connection(("127.0.0.1", standin.port("proxy")))
        with sock:
            sock.sendall(f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
            assert sock.recv(100).startswith(b"HTTP/1.1 502 "), host
