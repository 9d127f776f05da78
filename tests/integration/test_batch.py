"""Many images: over one connection, each with its own line, none in another's way."""

import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import pytest
from conftest import Terminal, figure

from standin import Standin

IMAGE = "ami-0abcdef1234567890"
D01, D02, D03 = (f"ami-00000000000000d0{n}" for n in (1, 2, 3))
THREE = [D01, D02, D03]
ORGANIZATION = "ami-000000000000000a0"
UNSHARED = "ami-000000000000000e0"
MANY = 1000


def made(number):
    """The id of a made-up image."""
    return f"ami-0e{number:015x}"


def feed(cilp, text, *options, **more):
    """cilp cancel - with this on standard input."""
    data = text if isinstance(text, bytes) else text.encode()
    process = cilp.start("cancel", "-", *options, stdin=subprocess.PIPE, **more)
    out, err = process.communicate(data, timeout=60)
    return process.returncode, out.decode(), err.decode()


def handshakes(standin):
    """Connections that got as far as TLS."""
    standin.settle()
    return sum(bool(c["tls"]) for c in standin.connections())


# ---- What is printed ----


def test_a_line_for_each(cilp, standin):
    done = cilp("cancel", *THREE)
    assert done.code == 0
    for line, image in zip(done.out.splitlines(), THREE, strict=True):
        assert line.split()[:2] == [image, "cancelled"] and len(line.split()[2]) == 36
    assert done.err == "cilp: 3 AMIs tried, 3 cancelled\n"
    assert not any(standin.shared(image) for image in THREE)


def test_json_is_an_object_a_line(cilp, standin):
    standin.for_image(D02, error="OperationNotPermitted", status=400, message='"no"')
    done = cilp("cancel", D01, D02, ORGANIZATION, "--output", "json")
    assert done.code == 254
    first, second, third = map(json.loads, done.out.splitlines())
    assert list(first) == (
        "image outcome code message verdict request_id attempts http_status"
    ).split()
    assert (first["outcome"], first["code"], first["attempts"]) == ("cancelled", None, 1)
    assert (second["outcome"], second["http_status"]) == ("refused", 400)
    assert (second["code"], second["message"]) == ("OperationNotPermitted", '"no"')
    assert (third["outcome"], third["verdict"]) == ("nothing", "organization")
    assert done.err.count("\n") == 1 and "1 refused" in done.err


def test_off_prints_the_summary_alone(cilp):
    done = cilp("cancel", *THREE, "--output", "off")
    assert (done.code, done.out) == (0, "") and done.err.count("\n") == 1


def test_a_failure_is_explained_and_stops_nobody(cilp, standin):
    done = cilp("cancel", D01, ORGANIZATION, D02)
    assert done.code == 251 and not standin.shared(D02)
    assert [line.split()[1] for line in done.out.splitlines()] == [
        "cancelled",
        "nothing",
        "cancelled",
    ]
    assert f"cilp: {ORGANIZATION}: the image is shared through the organ" in done.err


def test_a_dry_run_of_many(cilp, standin):
    done = cilp("cancel", *THREE, "--dry-run")
    assert done.code == 0 and done.out.count("permitted") == 3
    assert all(standin.shared(image) for image in THREE)


def test_lines_that_cannot_be_written_go_to_standard_error(cilp):
    with open("/dev/full", "wb") as full:
        done = cilp("cancel", *THREE, stdout=full)
    assert done.code == 0 and all(f"{image}  cancelled" in done.err for image in THREE)


def test_progress_is_for_a_terminal_and_leaves_lines_whole(cilp):
    with Terminal() as terminal:
        done = cilp("cancel", D01, ORGANIZATION, D02, stderr=terminal.end)
    assert "cilp: 1 tried" in terminal.text
    assert [line.split()[0] for line in done.out.splitlines()] == [D01, ORGANIZATION, D02]
    for line in terminal.text.splitlines():
        shown = line.rpartition("\x1b[K")[2]
        assert not shown or shown.startswith("cilp: ")


# ---- The worst of its items ----


@pytest.mark.parametrize(
    "meets, code",
    [
        ({}, 0),
        ({"error": "InvalidAMIID.NotFound", "status": 400}, 251),
        ({"error": "UnauthorizedOperation", "status": 403}, 254),
        ({"result": "false"}, 250),
    ],
)
def test_the_exit_code_is_the_worst(cilp, standin, meets, code):
    standin.for_image(D02, action="CancelImageLaunchPermission", **meets)
    done = cilp("cancel", *THREE, "--no-verify")
    assert done.code == code
    assert not standin.shared(D03)


def test_unknown_is_worse_than_refused(cilp, standin):
    standin.for_image(D01, error="UnauthorizedOperation", status=403)
    standin.for_image(D02, result="false")
    assert cilp("cancel", *THREE, UNSHARED, "--no-verify").code == 250


# ---- What stops it ----


@pytest.mark.parametrize(
    "env, code, said",
    [
        ({"AWS_ACCESS_KEY_ID": "AKIAUNKNOWN000000000"}, 254, "(AuthFailure)"),
        ({"AWS_CA_BUNDLE": None}, 255, "nothing was sent"),
        ({"AWS_ENDPOINT_URL_EC2": "http://192.0.2.1"}, 253, "loopback"),
    ],
)
def test_what_would_repeat_stops_it(cilp, standin, env, code, said):
    done = cilp("cancel", *THREE, env=env)
    assert done.code == code and said in done.err
    assert "every further AMI would meet the same; not tried: 2" in done.err
    assert len(standin.requests()) <= 1


def test_a_connection_that_fails_does_not(cilp, standin):
    standin.next({"refuse": "rst", "times": 3})
    url = f"https://127.0.0.1:{standin.port('rsa')}"  # one address: one connection an attempt
    done = cilp("cancel", D01, D02, "--endpoint-url", url)
    assert done.code == 255 and standin.shared(D01) and not standin.shared(D02)


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_stops_it_after_the_outcome(cilp, standin, number, code):
    standin.for_image(D02, action="CancelImageLaunchPermission", stall=20)
    process = cilp.start("cancel", *THREE)
    assert process.stdout.readline().startswith(D01.encode())
    time.sleep(0.3)
    process.send_signal(number)
    out, err = process.communicate(timeout=5)
    assert process.returncode == code
    assert out.decode().split()[:2] == [D02, "unknown"]
    assert b"stopped by a signal; not tried: 1" in err and standin.shared(D03)


def wait_for_sleep(pid):
    """Until it has nothing more to do than to wait: asleep at ten looks in a row."""
    asleep = 0
    while asleep < 10:
        asleep = asleep + 1 if "State:\tS" in Path(f"/proc/{pid}/status").read_text() else 0
        time.sleep(0.02)


def test_a_signal_while_it_waits_for_input(cilp, standin):
    process = cilp.start("cancel", "-", stdin=subprocess.PIPE)
    process.stdin.write(f"{D01}\n".encode())
    process.stdin.flush()
    assert process.stdout.readline().startswith(D01.encode())
    wait_for_sleep(process.pid)
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=5) == 130
    assert b"standard input was read to line 2" in process.stderr.read()
    process.stdin.close()
    process.stdout.close()
    process.stderr.close()
    assert not standin.shared(D01)


def test_more_than_max_arguments_is_refused_at_once(cilp, standin):
    cilp("cancel", *THREE, "--max", "2").failed(252, "3 AMIs are more than --max 2")
    assert not standin.connections()


def test_more_than_max_lines_stops_there(cilp, standin):
    code, out, err = feed(cilp, "\n".join(THREE), "--max", "2")
    assert code == 252 and out.count("cancelled") == 2 and standin.shared(D03)
    assert "more AMIs than --max allows" in err


# ---- Standard input ----


def test_blank_lines_comments_and_other_line_ends(cilp, standin):
    text = f"\n# two\n  {D01}\t\r\n\r\n \t \n{D02}\n#{D03}\n\n{D03}"
    code, out, err = feed(cilp, text)
    assert code == 0 and out.count("cancelled") == 3, err
    assert not any(standin.shared(image) for image in THREE)


def test_nothing_to_do(cilp, standin):
    assert feed(cilp, "")[:2] == (0, "")
    assert feed(cilp, "\n\n# nothing\n")[0] == 0
    assert not standin.connections()


def test_what_is_no_id_is_named_with_its_line(cilp, standin):
    code, out, err = feed(cilp, f"{D01}\n\nami-1\nsnap-12345678\n{D02} x\n{D03}\n\xe9\n")
    assert code == 252 and out.count("cancelled") == 2
    assert "cilp: line 3: 'ami-1' does not have 8 or 17 hex digits" in err
    assert "cilp: line 4: 'snap-12345678' is a snapshot" in err
    assert "cilp: line 5: 'x' is not the id of an AMI" in err and standin.shared(D02)
    assert "cilp: line 7: '\\xc3\\xa9' is not the id of an AMI" in err
    assert "4 not an id" in err
    assert {r["image_id"] for r in standin.requests()} == {D01, D03}


def test_ids_in_one_line_as_the_aws_cli_s_text_has_them(cilp, standin):
    code, out, err = feed(cilp, "\t".join(THREE) + "\n")
    assert (code, out.count("cancelled"), err.count("\n")) == (0, 3, 1), err
    assert not any(standin.shared(image) for image in THREE)


def test_a_byte_order_mark_before_the_ids(cilp, standin):
    code, out, err = feed(cilp, b"\xef\xbb\xbf" + "\r\n".join(THREE).encode())
    assert (code, out.count("cancelled")) == (0, 3), err


AS_JSON = json.dumps({"Images": [{"ImageId": image} for image in THREE]}, indent=4)


@pytest.mark.parametrize(
    "text, said",
    [
        (AS_JSON, "is JSON; ids alone are what cilp list --output ids writes"),
        (json.dumps(THREE), "is JSON"),
        ("".join(f'"{image}"\n' for image in THREE), "is JSON or quoted CSV"),
        (f'"ImageId","Name"\n"{THREE[0]}","web"\n', "is JSON or quoted CSV"),
        (f"ImageId;Name\n{THREE[0]};web\n", "is CSV"),
        ("".join(f"{image},name\n" for image in THREE), "is CSV"),
        ("".join(f"| {image} | name |\n" for image in THREE), "is of a table"),
        (f"\ufeff{AS_JSON}", "is JSON"),
    ],
)
def test_what_is_no_list_has_one_complaint_with_the_way_out(cilp, standin, text, said):
    code, out, err = feed(cilp, text)
    assert (code, out) == (252, "") and not standin.connections()
    complaint, summary = err.splitlines()
    assert complaint.startswith("cilp: line 1 ") and said in complaint
    assert "--output text" in complaint and summary == "cilp: 0 AMIs tried"


def test_the_program_s_own_table_is_no_list_of_ids(cilp, standin):
    table = cilp("list").out
    assert table.count("ami-") > 3
    for text in (table, table.partition("\n")[2]):
        code, out, err = feed(cilp, text)
        assert (code, out, err.count("\n")) == (252, "", 2)
        assert "is of a table or of YAML; ids alone" in err
    assert {r["action"] for r in standin.requests()} <= {"DescribeImages", "GetCallerIdentity"}


def test_ids_in_prose_are_left_alone(cilp, standin):
    code, out, err = feed(cilp, f"Please keep {D01} for now.\n{D02} can go\n{D03}\n")
    assert code == 252 and out.split()[:2] == [D03, "cancelled"]
    assert standin.shared(D01) and standin.shared(D02)
    assert "line 1: 'Please'" in err and "line 2: 'can'" in err


def test_ten_lines_that_are_no_ids_are_shown_and_the_rest_counted(cilp, standin):
    code, out, err = feed(cilp, "nonsense\n" * 5000 + D01)
    assert code == 252 and out.split()[:2] == [D01, "cancelled"]
    assert err.count("\n") == 12 and "5000 not an id" in err
    assert "cilp: 4990 more lines are no ids; ids alone are what cilp list" in err


def test_wrong_arguments_are_all_named_and_nothing_is_sent(cilp, standin):
    done = cilp("cancel", D01, "ami-1", D02, "vol-12345678")
    assert (done.code, done.out) == (252, "")
    assert "'ami-1'" in done.err and "'vol-12345678' is a volume" in done.err
    assert not standin.connections()


def test_of_many_wrong_arguments_ten_are_named(cilp, standin):
    done = cilp("cancel", D01, *(f"{image}," for image in THREE * 10))
    assert (done.code, done.out, done.err.count("\n")) == (252, "", 11)
    assert "as JSON and CSV do" in done.err and "more of the arguments" in done.err
    assert not standin.connections()


@pytest.mark.parametrize(
    "bad, said",
    [
        (b"\x7fELF\x02\x01\x01\0", "control characters"),
        (b"\0", "control characters"),
        (b"\x1b[2J", "control characters"),
        (b"x" * 257, "longer than 256 bytes"),
        (b"y" * 10_000_000, "longer than 256 bytes"),
    ],
    ids=("ELF", "NUL", "escape", "long", "endless"),
)
@pytest.mark.parametrize("end", [b"", b"\n" + D02.encode()], ids=("end", "more"))
def test_what_is_no_list_of_ids_is_not_read_on(cilp, standin, bad, said, end):
    code, out, err = feed(cilp, D01.encode() + b"\n" + bad + end)
    assert code == 252 and "cilp: line 2 " in err and said in err
    assert out.startswith(D01) and standin.shared(D02)


def test_a_line_of_256_bytes_is_read(cilp, standin):
    code, _, err = feed(cilp, " " * (256 - len(D01)) + D01 + "\n")
    assert (code, standin.shared(D01)) == (0, False), err


def test_input_that_never_ends_is_bounded(cilp):
    zeros = subprocess.Popen(["/usr/bin/yes", ""], stdout=subprocess.PIPE)
    process = cilp.start("cancel", "-", stdin=zeros.stdout)
    zeros.stdout.close()
    _, err = process.communicate(timeout=30)
    zeros.wait()
    assert process.returncode == 252 and b"1000000 lines" in err


def test_input_that_cannot_be_read(cilp, tmp_path):
    folder = os.open(tmp_path, os.O_RDONLY)
    done = cilp("cancel", "-", stdin=folder)
    os.close(folder)
    assert done.code == 252 and "standard input cannot be read" in done.err
    done = cilp("cancel", "-", preexec_fn=lambda: os.close(0))
    assert done.code == 252 and "standard input cannot be read" in done.err


def test_input_that_comes_slowly(cilp, standin):
    reader, writer = socket.socketpair()
    process = cilp.start("cancel", "-", stdin=reader)
    for image in THREE:
        for piece in (image[:5], image[5:] + "\n"):
            writer.send(piece.encode())
            time.sleep(0.05)
        assert process.stdout.readline().startswith(image.encode())
    writer.close()
    reader.close()
    process.communicate(timeout=10)
    assert process.returncode == 0 and not standin.shared(D03)


def test_the_same_id_twice_in_a_row_is_sent_once(cilp, standin):
    code, out, err = feed(cilp, f"{D01}\n{D01}\n{D02}\n{D01}\n", "--no-verify")
    assert code == 251 and out.count("\n") == 3 and "1 repeated" in err
    assert f"note: '{D01}' stood in this batch before" in err
    assert len(standin.requests()) >= 3


# ---- One connection ----


@pytest.fixture(name="many", scope="module")
def _many():
    with Standin(["rsa"], many=MANY) as standin:
        yield standin


@pytest.fixture(name="thousand")
def _thousand(cilp, many):
    many.reset()
    cilp.standin = many
    return cilp


IDS = "".join(f"{made(n)}\n" for n in range(MANY))


def test_a_thousand_make_one_handshake(thousand, many):
    code, out, _ = feed(thousand, IDS, "--no-verify")
    assert code == 0 and out.count("  cancelled  ") == MANY
    assert handshakes(many) == 1 and len(many.requests()) == MANY
    figure(f"{MANY} cancelled over 1 connection")


def test_each_connection_that_is_closed_costs_one(thousand, many):
    for number in range(0, MANY, 100):
        many.for_image(made(number), error="OperationNotPermitted", status=400)
    code, out, _ = feed(thousand, IDS, "--no-verify")
    closes = MANY // 100
    assert code == 254 and out.count("  cancelled  ") == MANY - closes
    assert handshakes(many) == 1 + closes
    figure(f"{closes} errors with Connection: close: {handshakes(many)} handshakes")


@pytest.mark.parametrize("how", ["fin", "rst", "close_notify"])
def test_a_server_that_closes_between_any_two_loses_none(thousand, many, how):
    many.always(close_after=how)
    count = 100
    code, out, _ = feed(thousand, "".join(IDS.splitlines(True)[:count]), "--no-verify")
    many.settle()
    assert code == 0 and out.count("  cancelled  ") + out.count("  gone  ") == count
    assert not any(many.shared(made(n)) for n in range(count))
    figure(f"{count} items, {how} after each: {len(many.connections())} connections")


def test_a_server_that_closes_idle_connections_loses_none(thousand, many):
    many.set(idle_seconds=0.1)
    process = thousand.start("cancel", "-", "--no-verify", stdin=subprocess.PIPE)
    for number in range(5):
        process.stdin.write(f"{made(number)}\n".encode())
        process.stdin.flush()
        assert b"cancelled" in process.stdout.readline()
        time.sleep(0.3)
    process.communicate(timeout=10)
    assert process.returncode == 0 and handshakes(many) == 5


def seconds_of_three(cilp, standin):
    standin.reset()
    start = time.monotonic()
    assert cilp("cancel", *THREE, "--no-verify").code == 0
    return time.monotonic() - start


# A busy machine makes a run long; of five one is as quick as the program is.
def test_after_a_throttle_it_goes_slowly(cilp, standin):
    standin.next({"throttle": True})
    start = time.monotonic()
    assert cilp("cancel", *THREE, "--no-verify").code == 0
    assert time.monotonic() - start >= 0.4
    assert min(seconds_of_three(cilp, standin) for _ in range(5)) < 0.4


# ---- At its end ----


def test_a_batch_is_looked_at_once_at_its_end(cilp, standin):
    done = cilp("cancel", *THREE)
    assert done.code == 0
    standin.settle()
    actions = [r["action"] for r in standin.requests()]
    assert actions == ["CancelImageLaunchPermission"] * 3 + ["DescribeImages"] * 3


def test_only_what_is_still_seen_is_looked_at_again(cilp, standin):
    both = "ami-000000000000000ad"
    start = time.monotonic()
    done = cilp("cancel", D01, both, D02)
    assert 3 <= time.monotonic() - start < 12
    looks = [r for r in standin.requests() if r["action"] == "DescribeImages"]
    assert len(looks) == 5
    assert done.code == 0 and done.err.count("note: ") == 1 and both in done.err


def test_without_permission_to_look_that_is_said_once(cilp):
    done = cilp("cancel", *THREE, key="AKIANODESCRIBEXAMPLE")
    assert done.code == 0 and done.err.count("ec2:DescribeImages is not allowed") == 1


def test_what_is_listed_can_be_cancelled(thousand, many):
    few = 10
    command = f'"$0" list --output ids --name "nightly-000000?" | "$0" cancel - --no-verify'
    done = subprocess.run(
        ["/bin/sh", "-c", command, thousand.path],
        env=thousand.environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0 and done.stdout.count("cancelled") == few, done
    assert not any(many.shared(made(n)) for n in range(few)) and many.shared(made(few))
