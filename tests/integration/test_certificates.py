"""A machine with a certificate: AWS IoT and IAM Roles Anywhere end in a cancelled
permission, and what is wrong with a certificate is said before anything is sent.

test_sources.py and test_wiped.py have the two among all the others.
"""

import contextlib
import datetime
import shutil
import socket
import ssl
import subprocess
import threading

import pytest
import roles
import roles_anywhere
from chains import DAY
from conftest import TIMEOUT
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from keyless import CANCEL, FIRMWARE, FLOWS, IOT, KEYS

KINDS = ["client-rsa", "client-p256", "client-p384"]
SOURCES = ["iot", "roles-anywhere"]
PEM = serialization.Encoding.PEM
PLAIN = serialization.NoEncryption()
BUNDLE = "AWS_CA_BUNDLE"


def files(leaf, key=None):
    """The two variables."""
    return {
        "CILP_CERTIFICATE": str(leaf.chain_file),
        "CILP_PRIVATE_KEY": str(key or leaf.key_file),
    }


def client(standin, name="client-p256", **more):
    """A new certificate; without a suffix the usual one stays as it is."""
    return standin.chains.client(name, suffix=more.pop("suffix", "-own"), **more)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("source", [*SOURCES, "iot-tls12"])
def test_it_ends_in_a_cancelled_permission(keyless, source, name):
    flow = FLOWS[source.removesuffix("-tls12")]
    env = files(client(keyless.standin, name))
    if source.endswith("-tls12"):
        env["CILP_IOT_ENDPOINT"] = keyless.url("iot-tls12")
    requests = keyless.cancelled(flow, keyless.run(flow, env=env))
    assert requests[0]["signature"] == "ok"


@pytest.mark.parametrize("form", ["TraditionalOpenSSL", "PKCS8"])
@pytest.mark.parametrize("name", KINDS)
def test_keys_of_all_forms_are_read(keyless, tmp_path, name, form):
    leaf = client(keyless.standin, name)
    key = serialization.load_pem_private_key(leaf.key_file.read_bytes(), None)
    file = tmp_path / "key.pem"
    file.touch(0o600)
    kind = getattr(serialization.PrivateFormat, form)
    file.write_bytes(key.private_bytes(PEM, kind, PLAIN))
    flow = FLOWS["roles-anywhere"]
    keyless.cancelled(flow, keyless.run(flow, env=files(leaf, file)))


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("source", SOURCES)
def test_it_works_in_an_empty_root(keyless, tmp_path, source, name):
    """Nothing but the program, the two files and the bundle of the stand-in."""
    if not keyless.cilp.is_static:
        pytest.skip("of the static program")
    shutil.copy(keyless.cilp.path, tmp_path / "cilp")
    env = keyless.environment(FLOWS[source], files(client(keyless.standin, name)))
    env = keyless.cilp.environment(env=env)
    for variable in (BUNDLE, "CILP_CERTIFICATE", "CILP_PRIVATE_KEY"):
        shutil.copy(env[variable], tmp_path / variable)
        env[variable] = f"/{variable}"
    env = {name: v.replace("localhost", "127.0.0.1") for name, v in env.items()}
    words = ["cancel", FIRMWARE, "--no-verify", "--even-if-in-use"]
    command = ["/usr/sbin/chroot", tmp_path, "/cilp", *words]
    subprocess.run(
        ["/usr/bin/env", "-i", *(f"{n}={v}" for n, v in env.items()), *command],
        check=True,
        timeout=TIMEOUT,
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"},
    )
    assert keyless.asked() == FLOWS[source].asked + CANCEL
    assert not keyless.standin.shared(FIRMWARE, roles.BUILDS)


def test_a_session_s_name_and_length_are_asked_for(keyless):
    keyless.profiles(
        "[profile named]\nrole_session_name = a-name\nduration_seconds = 1000\n"
    )
    flow = FLOWS["roles-anywhere"]
    found = keyless.standin.source_environment("rolesanywhere")
    keyless.profiles("".join(f"{k.lower()} = {v}\n" for k, v in found.items()))
    keyless.profiles(f"role_arn = {found['AWS_ROLE_ARN']}\n")
    endpoint = {"AWS_ENDPOINT_URL_ROLESANYWHERE": found["AWS_ENDPOINT_URL_ROLESANYWHERE"]}
    keyless.cancelled(flow, keyless.run(flow, "--profile", "named", env=endpoint))
    body = keyless.form()
    assert body == '{"durationSeconds":1000,"roleSessionName":"a-name"}'


# What is wrong before anything is sent


@pytest.mark.parametrize("source", SOURCES)
def test_a_key_of_another_certificate(keyless, source):
    flow = FLOWS[source]
    leaf = client(keyless.standin)
    other = client(keyless.standin, "client-stranger")
    done = keyless.run(flow, env=files(leaf, other.key_file))
    done.failed(253, f"no credentials from {flow.kind}: the certificate '", "does not belong to the private key")
    assert keyless.asked() == []


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("days, word", [(-9, "expired at "), (2, "is valid only from ")])
def test_a_certificate_out_of_its_time(keyless, tmp_path, source, days, word):
    start = keyless.standin.chains.now + days * DAY
    leaf = client(keyless.standin, start=start, end=start + DAY)
    short = tmp_path / "c.pem"
    shutil.copy(leaf.chain_file, short)
    flow = FLOWS[source]
    done = keyless.run(flow, env={**files(leaf), "CILP_CERTIFICATE": str(short)})
    today = f"{datetime.datetime.utcnow():%Y%m%dT}"
    done.failed(253, "the certificate '", word, f"this machine's clock says {today}")
    assert keyless.asked() == []


def test_keys_that_cannot_be_used(keyless, tmp_path):
    leaf = client(keyless.standin)
    key = serialization.load_pem_private_key(leaf.key_file.read_bytes(), None)
    kind = serialization.PrivateFormat.PKCS8
    sealed = serialization.BestAvailableEncryption(b"a-password-of-its-own")
    rows = {
        "encrypted": (key.private_bytes(PEM, kind, sealed), "encrypted"),
        "ed25519": (
            ed25519.Ed25519PrivateKey.generate().private_bytes(PEM, kind, PLAIN),
            "the private key '",
        ),
        "koblitz": (
            ec.generate_private_key(ec.SECP256K1()).private_bytes(PEM, kind, PLAIN),
            "the private key '",
        ),
        "none": (b"hello\n", "the private key '"),
        "empty": (b"", "the private key '"),
        "huge": (b"x" * 40000, "the private key '"),
    }
    for data, word in rows.values():
        file = tmp_path / "key.pem"
        file.touch(0o600)
        file.write_bytes(data)
        done = keyless.run(FLOWS["iot"], env=files(leaf, file))
        done.failed(253, "no credentials from iot: the private key '", word)
    assert keyless.asked() == []


def test_files_that_are_not_there(keyless, tmp_path):
    leaf = client(keyless.standin)
    flow = FLOWS["iot"]
    done = keyless.run(flow, env={**files(leaf), "CILP_PRIVATE_KEY": "/nowhere/k"})
    done.failed(253, "the private key '/nowhere/k' does not exist")
    done = keyless.run(flow, env={**files(leaf), "CILP_CERTIFICATE": str(tmp_path)})
    done.failed(253, "the certificate '")
    (tmp_path / "c").write_text("no certificate\n")
    done = keyless.run(flow, env={**files(leaf), "CILP_CERTIFICATE": str(tmp_path / "c")})
    done.failed(253, "the certificate '")
    assert keyless.asked() == []


def test_a_key_that_others_can_read_is_told(keyless, tmp_path):
    leaf = client(keyless.standin)
    file = tmp_path / "key.pem"
    shutil.copy(leaf.key_file, file)
    file.chmod(0o644)
    done = keyless.run(FLOWS["iot"], env=files(leaf, file))
    assert done.code == 0
    assert "is open to others than its owner; chmod 600" in done.err


@pytest.mark.parametrize(
    "source, change, words",
    [
        ("iot", {"CILP_IOT_THING_NAME": "a/b"}, ("cilp_iot_thing_name 'a/b'",)),
        ("iot", {"CILP_IOT_ROLE_ALIAS": None}, ("needs cilp_iot_role_alias",)),
        ("iot", {"CILP_IOT_ENDPOINT": "http://localhost:1"}, ("not https://", "('http://localhost:1')")),
        ("iot", {"CILP_IOT_ENDPOINT": "a b"}, ("iot: endpoint: ", "('https://a b')")),
        ("iot", {"CILP_IOT_ENDPOINT": "https://h:0"}, ("the port is not", "('https://h:0')")),
        ("iot", {"CILP_IOT_ENDPOINT": "https://h/x"}, ("has no path ('https://h/x')",)),
        ("iot", {"CILP_CERTIFICATE": None}, ("needs cilp_certificate",)),
        ("iot", {"CILP_PRIVATE_KEY": ""}, ("needs cilp_private_key",)),
        (
            "roles-anywhere",
            {"AWS_ENDPOINT_URL_ROLESANYWHERE": "https://h:x"},
            ("roles-anywhere: endpoint: ", "('https://h:x')"),
        ),
        ("role-of-certificate", {"AWS_ENDPOINT_URL_STS": "https://s:0"}, ("') ('https://s:0')",)),
        ("role", {"AWS_ENDPOINT_URL_STS": "https://s:0"}, ("port is not 1 to 65535 ('https://s:0')",)),
        ("web", {"AWS_ENDPOINT_URL_STS": "https://s:0"}, ("port is not 1 to 65535 ('https://s:0')",)),
        ("sso", {"AWS_ENDPOINT_URL_SSO": "https://s:0"}, ("port is not 1 to 65535 ('https://s:0')",)),
        ("roles-anywhere", {"AWS_ROLE_ARN": None}, ("needs role_arn",)),
        (
            "roles-anywhere",
            {"CILP_ROLESANYWHERE_PROFILE_ARN": roles_anywhere.profile_arn("eu-west-1")},
            ("two Regions", "us-east-1", "eu-west-1"),
        ),
        (
            "roles-anywhere",
            {"AWS_ROLE_ARN": f"arn:aws-cn:iam::{roles.BUILDS}:role/x"},
            ("two partitions", "arn:aws-cn:iam"),
        ),
        ("roles-anywhere", {"AWS_ROLE_ARN": "x"}, ("role_arn 'x'", "role/NAME")),
    ],
)
def test_what_is_set_by_half_or_wrong_stops(keyless, source, change, words):
    done = keyless.run(FLOWS[source], env=change)
    done.failed(253, *words)
    assert keyless.asked() in ([], IOT)


def test_a_flag_of_the_helper_that_is_not_known_stops(keyless):
    keyless.profiles(
        "[profile tpm]\ncredential_process = aws_signing_helper credential-process"
        " --certificate c --private-key handle:0x81000001 --cert-selector x\n"
    )
    done = keyless.run(FLOWS["signing-helper"], "--profile", "tpm")
    done.failed(253, "aws_signing_helper is not there", "has no --cert-selector")


def test_doctor_says_whose_work_is_done(keyless):
    env = keyless.environment(FLOWS["signing-helper"])
    done = keyless.cilp("doctor", "--profile", "helper", env=env)
    assert "process on roles-anywhere, which reads" in done.out, done
    assert "aws_signing_helper is not there: this program does its work" in done.out
    keyless.saw_no_secret(done)


# What the services say


@pytest.mark.parametrize("listener", ["iot", "iot-tls12"])
def test_a_certificate_that_nobody_knows_ends_in_an_alert(keyless, listener):
    env = files(client(keyless.standin, "client-stranger"))
    env["CILP_IOT_ENDPOINT"] = keyless.url(listener)
    done = keyless.run(FLOWS["iot"], env={**env, "AWS_MAX_ATTEMPTS": "1"})
    assert done.code in (253, 255) and "no credentials from iot: " in done.err, done
    assert keyless.asked() == []


def refuse(context, sock):
    """A handshake, and whatever comes behind it is read: so no alert is lost."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_side=True)
    with sock, contextlib.suppress(OSError):
        while data := sock.recv(65536):
            incoming.write(data)
            try:
                tls.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLError:
                break
            finally:
                sock.sendall(outgoing.read())
        sock.shutdown(socket.SHUT_WR)
        while sock.recv(65536):
            pass


@contextlib.contextmanager
def strict_server(standin, revoked, version):
    """The URL of one that wants a certificate, and asks a list of the revoked."""
    leaf = standin.chains.leaf("rsa", "rsa")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = context.maximum_version = version
    context.load_cert_chain(leaf.chain_file, leaf.key_file)
    context.verify_mode = ssl.CERT_REQUIRED
    context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
    context.load_verify_locations(standin.chains.clients_file)
    context.load_verify_locations(standin.chains.revoked(revoked))

    def accept(listener):
        with contextlib.suppress(OSError):
            while True:
                refuse(context, listener.accept()[0])

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, args=(listener,), daemon=True).start()
        yield f"https://localhost:{listener.getsockname()[1]}"
        listener.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize(
    "name, alert",
    [
        ("client-p256", "TLS alert 44, certificate revoked"),
        ("client-stranger", "TLS alert 48, unknown CA"),
    ],
)
def test_a_revoked_or_unknown_certificate_is_told_by_its_alert(keyless, name, alert, version):
    leaf = client(keyless.standin, name)
    with strict_server(keyless.standin, leaf, version) as url:
        env = {**files(leaf), "CILP_IOT_ENDPOINT": url, "AWS_MAX_ATTEMPTS": "1"}
        done = keyless.run(FLOWS["iot"], env=env)
    done.failed(253, "no credentials from iot: ", alert, ": it speaks of the client certificate")
    assert keyless.asked() == []


@pytest.mark.parametrize("source", SOURCES)
def test_a_refusal_in_json_is_shown(keyless, source):
    keyless.standin.next({"error": "AccessDeniedException", "status": 403, "message": "never, ever"})
    done = keyless.run(FLOWS[source])
    assert done.code in (253, 254) and "never" in done.err, done
    assert keyless.asked() == FLOWS[source].asked


def test_what_they_refuse_by_themselves(keyless):
    done = keyless.run(FLOWS["iot"], env={"CILP_IOT_THING_NAME": "another"})
    assert done.code in (253, 254) and "Access Denied" in done.err, done
    env = files(client(keyless.standin, "client-stranger"))
    done = keyless.run(FLOWS["roles-anywhere"], env=env)
    assert done.code in (253, 254) and "Untrusted certificate" in done.err, done


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("order", [{"body_bytes": 65536}, {"cut_reply": 400}, {"json": "half"}])
def test_replies_that_are_none(keyless, source, order):
    keyless.standin.always(**order)
    done = keyless.run(FLOWS[source], env={"AWS_MAX_ATTEMPTS": "1"})
    assert done.code in (253, 255) and f"no credentials from {FLOWS[source].kind}: " in done.err, done
    assert "CancelImageLaunchPermission" not in str(keyless.asked())


@pytest.mark.parametrize("source", SOURCES)
def test_it_can_be_pinned_over_keys(keyless, source):
    flow = FLOWS[source]
    done = keyless.run(flow, "--credentials", flow.kind, env=KEYS)
    keyless.cancelled(flow, done)


@pytest.mark.parametrize("source", SOURCES)
def test_debug_shows_neither_key_nor_keys(keyless, source):
    leaf = client(keyless.standin)
    done = keyless.run(FLOWS[source], "--debug", env=files(leaf))
    assert done.code == 0
    lines = leaf.key_file.read_text().splitlines()[1:-1]
    for line in lines:
        assert line[:40] not in done.err + done.out
