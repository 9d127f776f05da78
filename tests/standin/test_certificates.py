"""Checks the two services for certificates with a client written here: requests are
signed by python3-cryptography, and the keys that come back have to work.
"""

import base64
import hashlib
import http.client
import json
import ssl
import sys
import time
import urllib.parse
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

# pylint: disable=wrong-import-position
import iot  # noqa: E402
import json_faults  # noqa: E402
import roles_anywhere  # noqa: E402
from chains import DAY, THING  # noqa: E402
from roles import BUILDS  # noqa: E402
from standin import Standin  # noqa: E402
from test_sources import Reply  # noqa: E402

FIRMWARE = "ami-000000000000005a1"
KINDS = ["client-rsa", "client-p256", "client-p384"]
PATH = f"/role-aliases/{iot.ALIAS}/credentials"


@pytest.fixture(scope="module", name="running")
def _running():
    with Standin(["rsa", "iot", "iot-tls12", "rolesanywhere"]) as standin:
        yield standin


@pytest.fixture(name="standin")
def _standin(running):
    running.reset()
    yield running


def ask(standin, leaf, path=PATH, listener="iot", **headers):
    """A request to IoT with a client's certificate, or with none."""
    context = ssl.create_default_context(cafile=standin.ca_bundle)
    if leaf:
        context.load_cert_chain(leaf.chain_file, leaf.key_file)
    port = standin.port(listener)
    connection = http.client.HTTPSConnection(
        "localhost", port, timeout=20, context=context
    )
    try:
        connection.request("GET", path, headers=headers)
        return Reply(connection.getresponse())
    finally:
        connection.close()


def sign(key, data):
    """PKCS #1 v1.5, or DER of ECDSA."""
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    return key.sign(data, ec.ECDSA(hashes.SHA256()))


def certificates(leaf):
    """Those of a chain file, the leaf first."""
    end = "-----END CERTIFICATE-----\n"
    parts = leaf.chain_file.read_text().split(end)[:-1]
    return [x509.load_pem_x509_certificate((part + end).encode()) for part in parts]


def encoded(certificate):
    """Base64 of the DER."""
    der = certificate.public_bytes(serialization.Encoding.DER)
    return base64.b64encode(der).decode()


def session(standin, leaf, **change):
    """CreateSession, signed; `change` makes it wrong."""
    chain = certificates(leaf)
    password = leaf.key_file.read_bytes()
    key = serialization.load_pem_private_key(password, None)
    kind = "RSA" if isinstance(key, rsa.RSAPrivateKey) else "ECDSA"
    body = change.get("body", json.dumps({"durationSeconds": 900})).encode()
    region = change.get("region", "us-east-1")
    values = {
        "profileArn": change.get("profile", roles_anywhere.profile_arn()),
        "roleArn": change.get("role", roles_anywhere.role_arn()),
        "trustAnchorArn": change.get("anchor", roles_anywhere.anchor_arn()),
    }
    query = "&".join(
        f"{name}={urllib.parse.quote(value, safe='')}" for name, value in values.items()
    )
    moment = time.gmtime(time.time() + change.get("seconds", 0))
    date = time.strftime("%Y%m%dT%H%M%SZ", moment)
    headers = {
        "content-type": "application/json",
        "host": f"localhost:{standin.port('rolesanywhere')}",
        "x-amz-date": date,
        "x-amz-x509": encoded(chain[0]),
        "x-amz-x509-chain": ",".join(encoded(c) for c in chain[1:]),
    }
    if change.get("chain") is False:
        del headers["x-amz-x509-chain"]
    names = ";".join(headers)
    lines = ["POST", "/sessions", query, *(f"{n}:{v}" for n, v in headers.items())]
    lines += ["", names, hashlib.sha256(body).hexdigest()]
    scope = f"{date[:8]}/{region}/rolesanywhere/aws4_request"
    hashed = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    algorithm = f"AWS4-X509-{kind}-SHA256"
    text = "\n".join((algorithm, date, scope, hashed))
    signature = sign(key, text.encode()).hex()
    serial = change.get("serial", chain[0].serial_number)
    headers["Authorization"] = (
        f"{algorithm} Credential={serial}/{scope}, "
        f"SignedHeaders={names}, Signature={change.get('signature', signature)}"
    )
    context = ssl.create_default_context(cafile=standin.ca_bundle)
    connection = http.client.HTTPSConnection(
        "localhost", standin.port("rolesanywhere"), timeout=20, context=context
    )
    try:
        connection.request("POST", f"/sessions?{query}", body, headers)
        return Reply(connection.getresponse())
    finally:
        connection.close()


def assert_keys_work(standin, keys, role):
    """EC2 knows them, with their token."""
    principal = standin.front.world.principal(keys["accessKeyId"])
    assert (principal.secret, principal.token) == (
        keys["secretAccessKey"],
        keys["sessionToken"],
    )
    assert principal.account == BUILDS and f"/{role}/" in principal.arn
    assert keys["secretAccessKey"] in standin.secrets()


@pytest.mark.parametrize("listener", ["iot", "iot-tls12"])
@pytest.mark.parametrize("name", KINDS)
def test_iot_gives_keys_for_a_certificate(standin, name, listener):
    leaf = standin.chains.client(name)
    reply = ask(standin, leaf, listener=listener, **{iot.THING_HEADER: THING})
    assert reply.status == 200
    assert_keys_work(standin, reply.json["credentials"], iot.ROLE)
    (entry,) = standin.requests()
    assert (entry["action"], entry["signature"]) == ("credentials", "ok")


def test_iot_refuses_in_json(standin):
    leaf = standin.chains.client("client-p256")
    another = ask(standin, leaf, **{iot.THING_HEADER: "another"})
    assert (another.status, another.json) == (403, {"message": "Access Denied"})
    assert another.headers["x-amzn-ErrorType"] == "AccessDeniedException"
    unknown = ask(standin, leaf, PATH.replace(iot.ALIAS, "unknown"))
    assert unknown.status == 404
    assert ask(standin, leaf, "/role-aliases/a/b/credentials").status == 404


@pytest.mark.parametrize("listener", ["iot", "iot-tls12"])
def test_iot_sends_alerts_to_unknown_and_missing_certificates(standin, listener):
    late = standin.chains.now - 2 * DAY
    leaves = [
        None,
        standin.chains.client("client-stranger"),
        standin.chains.client("client-p256", end=late, start=late - DAY, suffix="-old"),
    ]
    for leaf in leaves:
        with pytest.raises((ssl.SSLError, ConnectionError, http.client.HTTPException)):
            ask(standin, leaf, listener=listener)
    assert not standin.requests()


@pytest.mark.parametrize("name", [*KINDS, "client-rsa4096"])
def test_roles_anywhere_gives_keys_for_a_signature(standin, name):
    reply = session(standin, standin.chains.client(name))
    assert reply.status == 201, reply.body
    keys = reply.json["credentialSet"][0]["credentials"]
    assert_keys_work(standin, keys, roles_anywhere.ROLE)


@pytest.mark.parametrize(
    "change, status, word",
    [
        ({"serial": 17}, 403, "signature"),
        ({"signature": "00" * 70}, 403, "signature"),
        ({"region": "eu-west-1"}, 403, "signature"),
        ({"seconds": -1000}, 403, "expired"),
        ({"chain": False}, 403, "Untrusted"),
        ({"anchor": roles_anywhere.anchor_arn()[:-1] + "4"}, 404, "Trust anchor"),
        ({"profile": roles_anywhere.profile_arn()[:-1] + "5"}, 404, "Profile"),
        ({"role": roles_anywhere.role_arn("nobody")}, 403, "assume"),
        ({"role": "arn:aws:iam::1:role/x"}, 400, "roleArn"),
        ({"body": '{"durationSeconds":12}'}, 400, "durationSeconds"),
        ({"body": '{"roleSessionName":"a b"}'}, 400, "roleSessionName"),
        ({"body": "{"}, 400, "JSON"),
    ],
)
def test_roles_anywhere_refuses(standin, change, status, word):
    reply = session(standin, standin.chains.client("client-p256"), **change)
    assert (reply.status, word in reply.json["message"]) == (status, True)


def test_roles_anywhere_knows_strangers_and_old_certificates(standin):
    late = standin.chains.now - 2 * DAY
    old = {"start": late - DAY, "end": late, "suffix": "-old"}
    for leaf in (
        standin.chains.client("client-stranger"),
        standin.chains.client("client-p256", **old),
    ):
        reply = session(standin, leaf)
        assert (reply.status, "Untrusted" in reply.json["message"]) == (403, True)


def test_a_session_has_the_name_and_length_that_were_asked_for(standin):
    body = json.dumps({"durationSeconds": 1800, "roleSessionName": "a-name"})
    reply = session(standin, standin.chains.client("client-p256"), body=body)
    given = reply.json["credentialSet"][0]
    assert given["assumedRoleUser"]["arn"].endswith("/a-name")
    (known,) = standin.state()["sessions"]
    assert abs(known["expires"] - time.time() - 1800) < 60


@pytest.mark.parametrize("kind", json_faults.KINDS)
def test_both_can_send_odd_json(standin, kind):
    leaf = standin.chains.client("client-p256")
    standin.always(json=kind)
    odd = ask(standin, leaf), session(standin, leaf)
    standin.always()
    right = ask(standin, leaf), session(standin, leaf)
    for one, other in zip(odd, right):
        assert one.status == other.status and one.body != other.body


def test_both_misbehave_on_request(standin):
    leaf = standin.chains.client("client-p256")
    for send in (ask, session):
        standin.next({"body_bytes": 65536})
        assert len(send(standin, leaf).body) > 65536
        standin.next({"error": "AccessDeniedException", "status": 403})
        assert send(standin, leaf).status == 403
        standin.next({"cut_reply": 400})
        with pytest.raises((http.client.HTTPException, OSError)):
            send(standin, leaf)


def test_their_variables_and_files_are_there(standin):
    for name in ("iot", "rolesanywhere"):
        found = standin.source_environment(name)
        assert Path(found["CILP_CERTIFICATE"]).exists()
        key = Path(found["CILP_PRIVATE_KEY"])
        assert key.stat().st_mode & 0o777 == 0o600
