"""A cancel that is signed where there are keys and no network, and sent where there is a
network and no keys."""

import hashlib
import os
import stat
import subprocess

import pytest
from conftest import Terminal, figure

IMAGE = "ami-0abcdef1234567890"
TOKEN = "ASIALONGTOKENEXAMPLE"  # of a session with a token of 4,096 bytes
KEYS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_REGION")
KEYLESS = {name: None for name in KEYS}
GOOD = 900


@pytest.fixture(name="request_file")
def _request_file(cilp, tmp_path):
    """Signs, and gives the file's path."""

    def sign(*options, image=IMAGE, **more):
        path = tmp_path / "REQUEST"
        path.unlink(missing_ok=True)
        done = cilp("sign", image, "-o", str(path), *options, **more)
        assert done.code == 0 and done.out == "", done
        return path

    return sign


def send(cilp, path, *options, env=None, **more):
    return cilp("send", str(path), *options, env={**KEYLESS, **(env or {})}, **more)


def with_sum(body):
    """The file of what somebody has written who knows its form."""
    head = b"# cilp request 1 sha256=" + hashlib.sha256(body).hexdigest().encode()
    return head + b"\n" + body


def rewritten(path, old, new):
    """The request with other words in it, and the sum that belongs to it."""
    body = path.read_bytes().split(b"\n", 1)[1]
    assert old in body
    path.write_bytes(with_sum(body.replace(old, new, 1)))
    return path


def refused(cilp, standin, path, code, *fragments, **more):
    """The reason in one line, and nothing sent."""
    assert send(cilp, path, **more).failed(code, *fragments)
    assert not standin.requests() and standin.shared(IMAGE)


# ---- What it is for ----------------------------------------------------------


def test_what_one_signs_the_other_sends(cilp, standin, request_file):
    path = request_file()
    assert not standin.requests() and standin.shared(IMAGE)
    done = send(cilp, path)
    assert done.code == 0 and done.out.startswith(f"{IMAGE} cancelled"), done
    assert not standin.shared(IMAGE)
    request = standin.requests()[-1]
    assert request["signature"] == "good" or request["acted"], request


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root: no network, and a chroot")
def test_signing_needs_no_network_and_no_files(cilp, standin, tmp_path):
    if not cilp.is_static:
        pytest.skip("of the static program")
    program = tmp_path / "cilp"
    program.write_bytes(cilp.path.read_bytes())
    program.chmod(0o755)
    env = cilp.environment(env={"AWS_CA_BUNDLE": None, "PATH": os.environ["PATH"]})
    words = ["unshare", "--net", "chroot", str(tmp_path), "/cilp", "sign", IMAGE]
    done = subprocess.run(words, env=env, capture_output=True, check=False)
    assert done.returncode == 0, done
    assert b"EC2 takes it from" in done.stderr
    path = tmp_path / "REQUEST"
    path.write_bytes(done.stdout)
    assert send(cilp, path).code == 0
    assert not standin.shared(IMAGE)


def test_it_is_sent_from_standard_input_too(cilp, standin, request_file):
    with open(request_file(), "rb") as file:
        done = send(cilp, "-", stdin=file)
    assert done.code == 0, done
    assert not standin.shared(IMAGE)


def test_a_dry_run_is_one(cilp, standin, request_file):
    done = send(cilp, request_file("--dry-run"))
    assert done.code == 0 and "permitted" in done.out, done
    assert standin.shared(IMAGE)


def test_the_longest_token_fits(cilp, standin, request_file):
    assert send(cilp, request_file(key=TOKEN)).code == 0
    assert not standin.shared(IMAGE)


def test_the_note_and_the_file_say_until_when(cilp, tmp_path):
    path = tmp_path / "R"
    done = cilp("sign", IMAGE, "--at", "2026-03-01T12:00:00Z", "-o", str(path))
    assert done.code == 0
    assert "from 2026-03-01 11:45:00 UTC to 2026-03-01 12:15:00 UTC" in done.err
    head = path.read_text().splitlines()
    assert head[0].startswith("# cilp request 1 sha256=")
    assert "from 2026-03-01T11:45:00Z to 2026-03-01T12:15:00Z" in head[1] and IMAGE in head[1]
    assert "X-Amz-Date: 20260301T120000Z" in head


def test_the_account_is_asked_for_if_one_is_expected(cilp, standin, tmp_path):
    words = ("sign", IMAGE, "-o", str(tmp_path / "R"), "--expect-account")
    assert cilp(*words, "111111111111").failed(253, "123456789012")
    assert not (tmp_path / "R").exists()
    # over whatever connection that was asked, nothing else has gone
    assert cilp(*words, "123456789012").code == 0
    assert {r["action"] for r in standin.requests()} == {"GetCallerIdentity"}
    assert standin.shared(IMAGE)


# ---- The outcome is a cancel's -------------------------------------------------


def test_a_lost_reply_is_asked_for_again(cilp, standin, request_file):
    for act in (True, False):
        standin.reset()
        path = request_file()
        standin.next({"cut_reply": 40, "act": act})
        done = send(cilp, path)
        standin.settle()
        assert done.code == 0 and not standin.shared(IMAGE), done
        assert ("gone" in done.out) == act
        first, second = standin.requests()
        assert first["headers"] == second["headers"]


def test_what_is_not_known_is_called_unknown(cilp, standin, request_file):
    path = request_file()
    standin.next({"cut_reply": 40})
    done = send(cilp, path, env={"AWS_MAX_ATTEMPTS": "1"})
    assert done.failed(250, "outcome unknown for", IMAGE, "invocation id")
    assert done.err.split("invocation id ")[1][:36] in path.read_text()


def test_nothing_to_cancel_is_251(cilp, standin, request_file):
    path = request_file(image="ami-000000000000000e0")
    assert send(cilp, path).failed(251, "InvalidAMIID.NotFound")


def test_a_refusal_is_254(cilp, standin, request_file):
    path = request_file(key="AKIANOCANCEL1EXAMPLE")
    assert send(cilp, path).failed(254, "UnauthorizedOperation")
    assert standin.shared(IMAGE)


def test_a_network_that_is_not_there_is_255(cilp, standin, request_file):
    path = request_file(env={"AWS_ENDPOINT_URL_EC2": "https://localhost:1"})
    done = send(cilp, path, env={"AWS_ENDPOINT_URL_EC2": "https://localhost:1"})
    assert done.failed(255, "nothing was sent")


def test_the_audit_has_a_line(cilp, standin, request_file, tmp_path):
    audit = tmp_path / "audit"
    assert send(cilp, request_file(), "--audit", str(audit)).code == 0
    assert f'"image":"{IMAGE}"' in audit.read_text().replace(" ", "")


# ---- What is refused, and nothing is sent --------------------------------------


def test_what_was_cut_is_not_sent(cilp, standin, request_file):
    path = request_file()
    whole = path.read_bytes()
    places = sorted({*range(0, len(whole), 13), 1, 23, 24, 88, 89, 90, len(whole) - 1})
    for at in places:
        path.write_bytes(whole[:at])
        refused(cilp, standin, path, 252)
    path.write_bytes(whole + b"x")
    refused(cilp, standin, path, 252, "cut or altered")
    figure(f"cut at {len(places)} places, none sent")


def test_what_was_altered_is_not_sent(cilp, standin, request_file):
    path = request_file()
    whole = path.read_bytes()
    places = range(0, len(whole), 17)
    for at in places:
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        refused(cilp, standin, path, 252)
    figure(f"altered at {len(places)} places, none sent")


@pytest.mark.parametrize(
    "old, new",
    [
        (b"CancelImageLaunchPermission", b"TerminateInstances"),
        (b"POST /", b"GET /"),
        (b"/ec2/aws4_request", b"/iam/aws4_request"),
        (b"Content-Length: 8", b"Content-Length: 9"),
        (b"attempt=1", b"attempt=1\r\nX-More: 1"),
        (b"&ImageId=", b"&DryRun=false&ImageId="),
        (b"Authorization: AWS4", b"Authorization: \x01AWS4"),
    ],
)
def test_what_is_no_cancel_of_ours_is_not_sent(cilp, standin, request_file, old, new):
    path = rewritten(request_file(), old, new)
    refused(cilp, standin, path, 252, "no cancel that was signed here")


def test_what_ec2_will_not_take_any_more_is_not_sent(cilp, standin, request_file):
    path = request_file("--at", "2026-02-01T00:00:00Z")
    refused(cilp, standin, path, 253, "has expired", "2026-02-01 00:15:00 UTC", "sign it anew")


def test_what_ec2_will_not_take_yet_is_not_sent(cilp, standin, request_file):
    path = request_file("--at", "2126-02-01T00:00:00Z")
    refused(cilp, standin, path, 253, "too early", "2126-01-31 23:45:00 UTC")


def test_it_goes_to_ec2_and_nowhere_else(cilp, standin, request_file):
    path = request_file()
    refused(cilp, standin, path, 253, "localhost", env={"AWS_ENDPOINT_URL_EC2": None})
    other = {"AWS_ENDPOINT_URL_EC2": "https://localhost:2"}
    refused(cilp, standin, path, 253, "'https://localhost:2'", env=other)
    rewritten(path, b"Host: localhost", b"Host: example.com")
    refused(cilp, standin, path, 253, "'example.com")


@pytest.mark.parametrize(
    "text, why",
    [
        (b"", "is empty"),
        (b"POST / HTTP/1.1\r\n", "no file of cilp sign"),
        (b"# cilp request 2 sha256=0\n", "another version"),
        (b"# cilp request 1 sha256=" + b"0" * 64 + b"\n", "cut or altered"),
        (with_sum(b"# about\n"), "no cancel that was signed here"),
        (with_sum(b"# about"), "no cancel that was signed here"),
        (b"# cilp request 1 sha256=" + b"0" * 9000, "too long"),
        (b"\0" * 20000, "too long"),
    ],
)
def test_other_files_are_refused(cilp, standin, tmp_path, text, why):
    path = tmp_path / "REQUEST"
    path.write_bytes(text)
    refused(cilp, standin, path, 252, why)


def test_what_is_no_regular_file_is_refused(cilp, standin, tmp_path):
    refused(cilp, standin, tmp_path / "none", 252, "does not exist")
    refused(cilp, standin, tmp_path, 252, "is a")
    os.mkfifo(tmp_path / "fifo")
    refused(cilp, standin, tmp_path / "fifo", 252)
    refused(cilp, standin, "/dev/zero", 252)


def test_input_without_an_end_is_refused(cilp, standin):
    with open("/dev/zero", "rb") as zeros:
        assert send(cilp, "-", stdin=zeros).failed(252, "too long")
    assert not standin.requests()


@pytest.mark.parametrize("at", ["noon", "2026-13-01T00:00:00Z", "1700000000", "2026-01-01"])
def test_a_time_that_is_none_is_refused(cilp, at):
    assert cilp("sign", IMAGE, "--at", at).failed(252, "--at", at, "2026-01-15T12:00:00Z")


def test_the_verbs_have_their_own_options(cilp):
    assert cilp("sign").failed(252, "which AMI? Try: cilp sign AMI-ID")
    assert cilp("send").failed(252, "which file? Try: cilp send FILE")
    assert cilp("send", "a", "b").failed(252, "one file at a time")
    assert cilp("send", "a", "--region", "eu-west-1").failed(252, "does not belong")
    assert cilp("sign", "ami-1").failed(252, "8 or 17 hex digits")


# ---- A secret ------------------------------------------------------------------


def test_the_file_is_its_owner_s_alone(cilp, request_file):
    old = os.umask(0)
    try:
        path = request_file()
    finally:
        os.umask(old)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_file_that_is_there_is_not_written_over(cilp, tmp_path):
    path = tmp_path / "REQUEST"
    path.write_text("mine")
    assert cilp("sign", IMAGE, "-o", str(path)).failed(253, "is there already")
    assert path.read_text() == "mine"
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "elsewhere")
    assert cilp("sign", IMAGE, "-o", str(link)).failed(253, "is there already")
    assert not (tmp_path / "elsewhere").exists()


def test_what_fails_leaves_no_file(cilp, tmp_path):
    path = tmp_path / "REQUEST"
    env = {"AWS_ACCESS_KEY_ID": "short"}
    assert cilp("sign", IMAGE, "-o", str(path), env=env).code == 253
    assert not path.exists()


def test_a_terminal_is_not_shown_it(cilp):
    with Terminal() as terminal:
        done = cilp("sign", IMAGE, stdout=terminal.end)
    assert done.code == 252 and "not shown on a terminal" in done.err
    assert terminal.text == ""


def test_a_full_disk_is_said(cilp):
    with open("/dev/full", "wb") as full:
        done = cilp("sign", IMAGE, stdout=full)
    assert done.code == 255 and "could not be written" in done.err


def test_nothing_but_the_file_has_it(cilp, standin, request_file, tmp_path):
    path = tmp_path / "REQUEST"
    signed = cilp("sign", IMAGE, "-o", str(path), "--debug", key=TOKEN)
    text = path.read_text()
    signature = text.split("Signature=")[1][:64]
    token = text.split("X-Amz-Security-Token: ")[1].split("\n")[0]
    sent = send(cilp, path, "--debug")
    assert signed.code == 0 and sent.code == 0
    for said in (signed.out, signed.err, sent.out, sent.err):
        assert signature not in said and token[:32] not in said
    assert "[hidden]" in sent.err
