"""What a cancel would meet, told without changing anything: the source of the keys, whose
they are, the way to EC2, its certificates and its clock."""

import json
import signal
import time
from pathlib import Path

import pytest
from chains import DAY
from cryptography import x509

ACCOUNT = "123456789012"
BUILDS = "555566667777"
NO_KEYS = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
NO_BUNDLE = {"AWS_CA_BUNDLE": None}
NO_REGION = {"AWS_REGION": None, "AWS_DEFAULT_REGION": None}
SECRETS = ("wJalrXUtnFEMI", "bearer", "eyJ")


def harmless(standin):
    """Nothing but what changes nothing was seen, and nothing signed went to EC2."""
    standin.settle()
    for request in standin.requests():
        if request["service"] in ("ec2", ""):
            if request["action"] == "GetCallerIdentity":
                continue
            assert request["method"] == "GET" and request["target"] == "/", request
            names = [name.lower() for name, _ in request["headers"]]
            assert "authorization" not in names, request
        else:
            assert request["action"] in (
                "GetCallerIdentity",
                "AssumeRole",
                "AssumeRoleWithWebIdentity",
                "CreateSession",
                "GetRoleCredentials",
                "token",
                "role",
                "credentials",
                "region",
            ), request
    return True


def examine(cilp, *options, **more):
    """Both forms of one examination: exit code, its lines by name, its JSON."""
    before = cilp.standin.state()["images"]
    text = cilp("doctor", *options, **more)
    told = cilp("doctor", *options, "--output", "json", **more)
    assert text.err == told.err == "" and text.code == told.code
    assert told.out.count("\n") == 1
    for secret in SECRETS:
        assert secret not in text.out + told.out
    found = json.loads(told.out)
    assert found["exit"] == text.code
    lines = {}
    for line in text.out.splitlines():
        what = line[:13].strip() or "not"
        lines.setdefault(what, []).append(line[13:])
    assert cilp.standin.state()["images"] == before and harmless(cilp.standin)
    return text.code, lines, found


# ---- All is well ----


@pytest.mark.parametrize("listener", ["rsa", "ecdsa"])
def test_all_is_well(cilp, standin, listener):
    code, lines, found = examine(cilp, listener=listener)
    assert code == 0 and found["errors"] == dict.fromkeys(found["errors"])
    assert lines["credentials"] == ["environment"] and found["source"] == "environment"
    assert lines["keys"] == [found["access_key_id"]] == ["AKIAIOSFODNN7EXAMPLE"]
    assert lines["account"] == [found["account"]] == [ACCOUNT]
    assert lines["principal"] == [found["principal"]]
    assert found["principal"] == f"arn:aws:iam::{ACCOUNT}:user/alice"
    assert lines["expiry"] == ["none that is known"] and found["expires"] is None
    assert "identity" not in lines and found["identity"] is None
    assert lines["Region"] == ["us-east-1, from AWS_REGION"]
    port = standin.port(listener)
    assert found["host"] == "localhost" and found["port"] == port
    assert f"https://localhost:{port}, from" in lines["endpoint"][0]
    assert lines["address"][0] in (f"127.0.0.1:{port}", f"[::1]:{port}")
    assert lines["trust"] == ["the CA bundle"] and lines["clock"] == ["right, says EC2"]
    assert -2 < found["clock_offset_s"] < 2
    methods = [request["method"] for request in standin.requests()]
    assert methods == ["GET", "POST"] * 2


def test_what_is_said_of_tls_is_what_the_peer_saw(cilp, standin):
    _, lines, found = examine(cilp)
    seen = standin.connections()[-1]["tls"]
    assert seen["version"] == found["tls"] == "TLSv1.3"
    assert found["cipher"].replace("-", "_").endswith(seen["cipher"].partition("TLS_")[2])
    assert lines["TLS"] == [f"{found['tls']}, {found['cipher']}"]
    leaf, *issuers = found["chain"]
    assert lines["certificate"] == [leaf] and lines["issuer"] == issuers
    assert leaf.startswith("until 20") and "localhost, 127.0.0.1" in leaf
    assert "CN=Intermediate rsa" in issuers[0] and "CN=Root RSA" in issuers[1]


BLOCK = "-----BEGIN {0}-----\n{1}\n-----END {0}-----\n".format


def test_what_became_of_the_bundle(cilp, tmp_path):
    good = Path(cilp.environment()["AWS_CA_BUNDLE"]).read_text()
    bundle = tmp_path / "ca.pem"
    bundle.write_text(
        BLOCK("CERTIFICATE", "MII!")
        + BLOCK("TRUSTED CERTIFICATE", "MIIB")
        + "# ours\n\n"
        + good
        + BLOCK("PRIVATE KEY", "MIIB")
        + "-----BEGIN CERTIFICATE-----\nMIIB\n"
    )
    _, lines, found = examine(cilp, env={"AWS_CA_BUNDLE": str(bundle)})
    anchors = good.count("BEGIN CERT")
    assert lines["CA bundle"] == [f"{bundle}, from AWS_CA_BUNDLE: {anchors} anchors"]
    last = 8 + good.count("\n") + 4
    faults = {
        1: "is not base64",
        4: "is of OpenSSL's own kind, TRUSTED CERTIFICATE",
        last: "has no end of its own",
    }
    said = [f"not the block in line {line}: it {why}" for line, why in faults.items()]
    assert lines["not"][-3:] == said
    assert found["ca_bundle"] == {
        "path": str(bundle),
        "from": "AWS_CA_BUNDLE",
        "anchors": anchors,
        "unusable": 3,
        "blocks": [{"line": line, "why": why} for line, why in faults.items()],
    }


def test_a_bundle_with_many_faults(cilp, tmp_path):
    bundle = tmp_path / "ca.pem"
    good = Path(cilp.environment()["AWS_CA_BUNDLE"]).read_text()
    bundle.write_text(BLOCK("CERTIFICATE", "MII!") * 20 + good)
    _, lines, found = examine(cilp, env={"AWS_CA_BUNDLE": str(bundle)})
    assert lines["not"][-1] == "nor 4 others" and found["ca_bundle"]["unusable"] == 20
    assert len(found["ca_bundle"]["blocks"]) == 16


def test_tls_1_2_is_named(cilp):
    code, _, found = examine(cilp, listener="tls12")
    assert (code, found["tls"]) == (0, "TLSv1.2") and "ECDHE" in found["cipher"]


def test_where_the_region_came_from(cilp):
    _, lines, _ = examine(cilp, "--region", "us-east-1", env=NO_REGION)
    assert lines["Region"] == ["us-east-1, from --region"]


def test_off_prints_nothing(cilp):
    done = cilp("doctor", "--output", "off")
    assert (done.code, done.out, done.err) == (0, "", "")


# ---- Sources ----


def source(standin, name, **more):
    """The environment in which a listener is the source of keys."""
    return {**NO_KEYS, **standin.source_environment(name), **more}


@pytest.mark.parametrize(
    "listener, kind",
    [
        ("imds", "imds"),
        ("container", "container"),
        ("sts", "web-identity"),
        ("sso", "sso"),
    ],
)
def test_each_source_that_talks(cilp, standin, listener, kind):
    env = source(standin, listener)
    if listener == "imds":
        env["AWS_EC2_METADATA_DISABLED"] = None
    code, lines, found = examine(cilp, env=env)
    assert code == 0, lines
    assert lines["credentials"][0].startswith(kind) and found["source"] == kind
    assert found["account"] == BUILDS and found["access_key_id"].startswith("ASIA")
    assert lines["expiry"][0].endswith(" UTC") and found["expires"].endswith("Z")
    assert found["skipped"]["environment"] == "AWS_ACCESS_KEY_ID is not set"
    assert "not environment: AWS_ACCESS_KEY_ID is not set" in " ".join(lines["not"])


@pytest.mark.parametrize("listener", ["iot", "rolesanywhere"])
def test_a_certificate_and_until_when_it_lasts(cilp, standin, listener):
    env = source(standin, listener)
    code, lines, found = examine(cilp, env=env)
    assert code == 0, lines
    file = env["CILP_CERTIFICATE"]
    until = x509.load_pem_x509_certificate(Path(file).read_bytes()).not_valid_after
    subject = '"O=EC2 stand-in, CN=appliance-7"'
    assert lines["identity"] == [f"{subject}, until {until:%Y-%m-%d %H:%M:%S} UTC"]
    shown = {"subject": subject, "until": f"{until:%Y-%m-%dT%H:%M:%SZ}"}
    assert found["identity"] == shown
    assert lines["credentials"][0].endswith(f", which reads {file}") and found["file"] == file


def test_a_certificate_that_has_expired(cilp, standin):
    start = standin.chains.now - 9 * DAY
    leaf = standin.chains.client("client-p256", start=start, end=start + DAY, suffix="-old")
    env = source(standin, "iot", CILP_CERTIFICATE=str(leaf.chain_file))
    code, lines, found = examine(cilp, env=env)
    assert code == 253 and "identity" not in lines and found["identity"] is None
    assert "FAILED: " in lines["keys"][0] and " expired at " in lines["keys"][0]
    assert " expired at " in found["errors"]["credentials"]


def test_a_role_and_what_it_stands_on(cilp, standin):
    env = source(standin, "sso", AWS_PROFILE=None)
    env.update(AWS_ENDPOINT_URL_STS=standin.url("sts"))
    code, lines, found = examine(cilp, "--profile", "role", env=env)
    assert (code, found["source"], found["base"]) == (0, "assume-role", "config-file"), lines
    assert lines["credentials"] == ["assume-role on config-file"]
    assert found["principal"].startswith(f"arn:aws:sts::{BUILDS}:assumed-role/deployer/")
    assert found["skipped"] == {"environment": "--profile was given"}


def test_a_source_that_is_named_alone(cilp):
    code, _, found = examine(cilp, "--credentials", "sso")
    assert code == 253 and found["source"] is None
    assert found["errors"]["credentials"] == (
        "no credentials from that source: there is no sso_account_id"
    )
    assert found["skipped"]["environment"] == "--credentials names another source"


def test_no_source_and_why_none_of_them(cilp):
    code, lines, found = examine(cilp, env=NO_KEYS)
    assert code == 253 and "FAILED: no credentials: " in lines["credentials"][0]
    assert len(lines["not"]) == len(found["skipped"]) == 12
    assert found["account"] is None and found["clock_offset_s"] is not None
    assert lines["clock"] == ["right, says EC2"]


def test_half_a_pair(cilp):
    code, lines, found = examine(cilp, env={"AWS_ACCESS_KEY_ID": None})
    assert code == 253 and "missing: AWS_ACCESS_KEY_ID" in lines["credentials"][0]
    assert found["errors"]["credentials"].startswith("Partial credentials")


def test_a_profile_that_is_not_there(cilp):
    code, lines, _ = examine(cilp, "--profile", "nobody\x1b[2J")
    assert code == 253 and lines["profile"] == ["nobody\\x1b[2J, which no file has"]
    assert "could not be found" in lines["credentials"][0]


def test_a_source_that_refuses(cilp, standin):
    standin.always(action="GetRoleCredentials", status=401)
    code, lines, found = examine(cilp, env=source(standin, "sso"))
    assert code == 253 and "FAILED: no credentials from sso" in lines["keys"][0]
    assert "aws sso login" in lines["keys"][0] and found["errors"]["credentials"]
    assert lines["clock"] == ["right, says EC2"] and "account" not in lines


# ---- Whose keys ----


def test_keys_that_nobody_knows(cilp):
    code, lines, found = examine(cilp, env={"AWS_ACCESS_KEY_ID": "AKIANOBODYKNOWSTHEM1"})
    assert code == 254 and found["account"] is None and found["errors"]["account"]
    assert lines["account"][0].startswith("FAILED: An error occurred (InvalidClientTokenId)")


def test_keys_that_have_ended(cilp):
    code, lines, _ = examine(cilp, key="ASIAEXPIREDV1EXAMPLE")
    assert code == 254 and "(ExpiredToken" in lines["account"][0]


def test_another_account_than_the_expected_one(cilp):
    code, lines, found = examine(cilp, "--expect-account", BUILDS)
    assert code == 253 and found["errors"]["account"] == "not the expected one"
    assert lines["account"] == [f"{ACCOUNT}: FAILED: --expect-account says {BUILDS}"]


def test_without_sts_the_rest_is_told(cilp):
    env = {"AWS_ENDPOINT_URL_STS": "https://127.0.0.1:1"}
    code, lines, found = examine(cilp, env=env)
    assert code == 0 and "FAILED: 127.0.0.1:1: connection refused" in lines["account"][0]
    assert found["errors"]["account"] and lines["clock"] == ["right, says EC2"]


# ---- The way to EC2 ----


def test_no_region(cilp):
    code, lines, found = examine(cilp, env=NO_REGION)
    assert code == 253 and lines["Region"][0].startswith("FAILED: none; give --region")
    assert lines["keys"] == ["not checked: there is no Region to ask in"]
    assert found["errors"]["region"] == "none" and not cilp.standin.connections()


def test_an_endpoint_that_is_none(cilp):
    code, lines, found = examine(cilp, "--endpoint-url", "ftp://x")
    assert code == 253 and "FAILED: " in lines["endpoint"][0] and found["host"] is None
    assert "'ftp://x'" in lines["endpoint"][0] and found["account"] == ACCOUNT


def test_nobody_there(cilp):
    env = {"AWS_ENDPOINT_URL_EC2": "https://127.0.0.1:1"}
    code, lines, found = examine(cilp, env=env)
    assert code == 255 and "connection refused by 127.0.0.1:1" in lines["EC2"][0]
    assert "address" not in lines and found["address"] is None and found["chain"] == []
    assert found["account"] == ACCOUNT and found["clock_offset_s"] is None
    assert lines["clock"] == ["not checked: EC2 told no time"]


def test_no_such_name(cilp):
    code, lines, _ = examine(cilp, "--endpoint-url", "https://nobody.invalid")
    assert code == 255 and "nobody.invalid" in lines["EC2"][0]


def test_a_deadline_holds(cilp, standin):
    standin.for_listener("rsa", stall_handshake=20)
    start = time.monotonic()
    done = cilp("doctor", "--deadline", "0.5")
    assert done.code == 255 and time.monotonic() - start < 10
    assert "FAILED: localhost:" in done.out


def test_a_chain_that_leads_to_no_root(cilp, standin):
    code, lines, found = examine(cilp, env=NO_BUNDLE)
    assert code == 255 and "not in the built-in Amazon roots" in lines["EC2"][0]
    assert found["tls"] is None and found["trust"] is None and "trust" not in lines
    assert "localhost" in lines["certificate"][0] and len(found["chain"]) == 2
    assert not standin.requests()


def test_the_wrong_host(cilp):
    code, lines, found = examine(cilp, listener="wrong-host")
    assert code == 255 and ", not for localhost" in lines["EC2"][0]
    assert found["trust"] == "the CA bundle" and found["clock_offset_s"] is None


def test_an_expired_certificate_and_a_clock_that_is_right(cilp):
    code, lines, found = examine(cilp, listener="expired")
    assert code == 255 and " expired at " in lines["EC2"][0]
    assert lines["clock"] == ["right, says EC2"] and found["clock_offset_s"] is not None


@pytest.mark.parametrize("offset, said", [(-86400, "ahead of EC2's"), (3600, "behind EC2's")])
def test_a_clock_that_is_wrong(cilp, standin, offset, said):
    standin.set(clock_offset=offset)
    code, lines, found = examine(cilp)
    assert code == 0 and lines["clock"][0].endswith(said)
    assert abs(found["clock_offset_s"] - offset) <= 2 and found["account"] == ACCOUNT


@pytest.mark.parametrize("meets", [{"date": "absent"}, {"text": "x", "framing": "both"}])
def test_a_peer_that_tells_no_time(cilp, standin, meets):
    standin.always(**meets)
    done = cilp("doctor")
    assert done.code == 255 and "not checked: EC2 told no time" in done.out
    assert harmless(standin)


def test_plain_http_is_not_asked(cilp, standin):
    code, lines, found = examine(cilp, listener="http")
    assert code == 0 and lines["endpoint"][0].startswith("http://")
    assert "only a peer with TLS is believed" in lines["clock"][0]
    assert found["tls"] is None and found["address"]
    assert {request["action"] for request in standin.requests()} == {"GetCallerIdentity"}


# ---- The verb ----


def test_debug_shows_no_signature_but_for_sts(cilp):
    done = cilp("doctor", "--debug")
    assert done.code == 0 and "GET / HTTP/1.1" in done.err
    for secret in SECRETS:
        assert secret not in done.err


def test_a_full_output_is_an_error(cilp):
    with open("/dev/full", "wb") as full:
        done = cilp("doctor", stdout=full)
    assert done.code == 255 and "standard output could not be written" in done.err


def test_a_signal_stops_it(cilp, standin):
    standin.always(action="GetCallerIdentity", stall=20)
    process = cilp.start("doctor")
    for _ in range(500):
        if "GetCallerIdentity" in [r["action"] for r in standin.requests()]:
            break
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=5)
    assert (process.returncode, out) == (130, b"")


def test_it_takes_no_ami(cilp):
    cilp("doctor", "ami-0abcdef1234567890").failed(252, "takes no AMI")


def test_a_source_that_there_is_not_is_refused_with_the_list(cilp, standin):
    done = cilp("doctor", "--credentials", "vault")
    done.failed(252, "--credentials vault", "environment, assume-role, web-identity", "imds")
    assert not standin.connections()
