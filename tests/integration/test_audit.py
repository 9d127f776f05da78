"""--audit: a line of JSON for each attempt to cancel."""

import json
import os
import re
import resource
import signal

import pytest
from conftest import full_disk

IMAGE = "ami-0abcdef1234567890"
MORE = ["ami-00000000000000d01", "ami-00000000000000d02"]
UNSHARED = "ami-000000000000000e0"
UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
MEMBERS = (
    "time account principal access_key_id region host image verdict http_status code "
    "request_id invocation_id clock_offset_s attempt ms version"
).split()


@pytest.fixture(name="path")
def _path(tmp_path):
    return tmp_path / "audit.jsonl"


def lines(path):
    """What the file has, each line by itself."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_one_line_for_one_attempt(cilp, standin, path):
    assert cilp.cancel(IMAGE, "--audit", str(path)).code == 0
    standin.settle()
    (request,) = standin.requests()
    (line,) = lines(path)
    assert list(line) == MEMBERS
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", line["time"])
    assert re.fullmatch(UUID, line["request_id"])
    invocation = dict(request["headers"]).get("amz-sdk-invocation-id")
    assert line["invocation_id"] == invocation
    assert line["ms"] >= 0 and line["clock_offset_s"] == 0
    expected = {
        "account": None,
        "principal": None,
        "access_key_id": "AKIAIOSFODNN7EXAMPLE",
        "region": "us-east-1",
        "host": "localhost",
        "image": IMAGE,
        "verdict": "cancelled",
        "http_status": 200,
        "code": None,
        "attempt": 1,
    }
    assert {name: line[name] for name in expected} == expected
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_caller_is_named_if_known(cilp, path):
    words = ("--expect-account", "123456789012", "--audit", str(path))
    assert cilp.cancel(IMAGE, *words).code == 0
    (line,) = lines(path)
    assert line["account"] == "123456789012"
    assert line["principal"] == "arn:aws:iam::123456789012:user/alice"


def test_every_attempt_has_its_line(cilp, standin, path):
    standin.next({"status": 500, "body": "xml"}, {"cut_reply": 0})
    assert cilp.cancel(IMAGE, "--audit", str(path)).code == 0
    found = lines(path)
    assert [line["attempt"] for line in found] == [1, 2, 3]
    assert [line["verdict"] for line in found] == ["retried", "retried", "gone"]
    assert [line["http_status"] for line in found] == [500, None, 400]
    assert [line["code"] for line in found] == [
        "InternalError",
        None,
        "InvalidAMIID.NotFound",
    ]
    assert len({line["invocation_id"] for line in found}) == 1


def test_connections_that_fail_at_once_have_theirs_too(cilp, path):
    url = "https://127.0.0.1:1"
    assert cilp.cancel(IMAGE, "--endpoint-url", url, "--audit", str(path)).code == 255
    found = lines(path)
    assert [line["attempt"] for line in found] == [1, 2, 3]
    assert [line["verdict"] for line in found] == ["retried", "retried", "not-sent"]


def test_looks_and_questions_are_no_attempts(cilp, path):
    assert cilp("cancel", UNSHARED, "--audit", str(path)).code == 251
    assert [line["verdict"] for line in lines(path)] == ["nothing"]


def test_lines_are_appended(cilp, path):
    path.write_text('{"before": true}\n')
    assert cilp("cancel", IMAGE, *MORE, "--audit", str(path)).code == 0
    before, *found = lines(path)
    assert before == {"before": True}
    assert [line["image"] for line in found] == [IMAGE, *MORE]


def test_the_aws_cli_s_spelling_has_it(cilp, path):
    assert cilp.aws(IMAGE, "--audit", str(path)).code == 0
    assert [line["verdict"] for line in lines(path)] == ["cancelled"]


def test_standard_output(cilp):
    done = cilp.cancel(IMAGE, "--audit", "-", "--output", "off")
    assert done.code == 0 and json.loads(done.out)["verdict"] == "cancelled"


@pytest.mark.parametrize("image", ['a"b\\c', "\xe9\u20ac\U0001f600", "\xff\xc3("])
def test_what_is_written_is_json_whatever_is_cancelled(cilp, path, image):
    cilp.cancel(image, "--any-image-id", "--audit", str(path))
    assert [line["image"] for line in lines(path)] == [image]


def test_bytes_that_are_no_text_are_replaced(cilp, path):
    cilp.cancel(b"a\xff\xc3(\xed\xa0\x80", "--any-image-id", "--audit", str(path))
    (line,) = lines(path)
    assert line["image"].startswith("a\ufffd\ufffd(\ufffd")


def test_no_secret_is_in_it(cilp, standin, path):
    key = "ASIAIOSFODNN7EXAMPLE"
    env = cilp.environment(key_id=key)
    standin.next({"error": "AuthFailure", "status": 401, "message": env["AWS_SESSION_TOKEN"]})
    cilp.cancel(IMAGE, "--audit", str(path), key=key)
    for name in ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        assert env[name] not in path.read_text()


@pytest.mark.parametrize(
    "where, said",
    [
        ("", "not a regular file"),
        ("fifo", "not a regular file"),
        ("no/such", "folder that does not exist"),
        ("file/x", "folder that does not exist"),
    ],
)
def test_a_file_that_cannot_be_had_stops_it_before(cilp, standin, tmp_path, where, said):
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "file").touch()
    done = cilp.cancel(IMAGE, "--audit", str(tmp_path / where))
    done.failed(253, "the audit file", said, "nothing was sent")
    assert not standin.connections() and standin.shared(IMAGE)


def test_a_line_that_cannot_be_written_is_said_once(cilp, standin, path):
    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    done = cilp("cancel", IMAGE, *MORE, "--audit", str(path), preexec_fn=limit)
    assert done.code == 0 and done.out.count("cancelled") == 3
    assert done.err.count("a line of the audit could not be written") == 1
    assert not standin.shared(IMAGE)


@pytest.mark.parametrize("option", ["size=4k", "nr_inodes=2"])
def test_full_disk_stops_before_anything_is_sent(cilp, standin, tmp_path, option):
    with full_disk(tmp_path / "disk", option) as disk:
        done = cilp.cancel(IMAGE, "--audit", str(disk / "audit"))
    assert done.failed(253, "is on a disk that is full; nothing was sent")
    assert not standin.requests() and standin.shared(IMAGE)


def test_room_is_taken_without_a_trace_in_the_file(cilp, path):
    for image in [IMAGE, *MORE]:
        assert cilp.cancel(image, "--audit", str(path)).code == 0
    assert [line["image"] for line in lines(path)] == [IMAGE, *MORE]
    assert b"\0" not in path.read_bytes()
