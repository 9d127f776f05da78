"""cilp list: what is shared with the account, of any length, in little memory."""

import datetime
import json
import os
import re
import signal
import time
from pathlib import Path

import pytest
from conftest import THOROUGH, figure

from standin import Standin

OWNER = "111122223333"
NO_STS = {"AWS_ENDPOINT_URL_STS": "https://127.0.0.1:1"}
# The stand-in makes them up while it sends them: some 35,000 a second.
HUGE = 1_000_000 if THOROUGH else 100_000


def listed(cilp, *options, **more):
    """What `list --output json` prints."""
    done = cilp("list", "--output", "json", *options, **more)
    assert done.code == 0, done
    assert done.err == "" if done.out else done.err.startswith("cilp: note: no AMI in "), done
    return [json.loads(line) for line in done.out.splitlines()]


def age(created):
    """Whole days since then."""
    then = datetime.datetime.fromisoformat(created.replace("Z", "+00:00"))
    return (datetime.datetime.now(datetime.timezone.utc) - then).days


# ---- What is printed ----


def test_text_is_aligned(cilp):
    done = cilp("list")
    assert (done.code, done.err) == (0, "")
    header, *rows = done.out.splitlines()
    assert header.split() == ["AMI", "OWNER", "DAYS", "STATE", "DEPRECATED", "NAME"]
    starts = [header.index(word) for word in ("AMI", "OWNER", "STATE", "DEPRECATED", "NAME")]
    for row in rows:
        assert [row[at - 1 : at] for at in starts[1:]] == [" "] * 4
        assert all(row[at] != " " for at in starts)
    old = next(row for row in rows if row.endswith("  old"))
    days = str(age("2020-02-29T08:00:00.000Z"))
    assert old.split() == [
        "ami-000000000000000f0", OWNER, days, "available", "2022-02-28", "old"
    ]


def test_json_is_an_object_a_line(cilp, standin):
    found = {image["image"]: image for image in listed(cilp)}
    known = {image["id"]: image for image in standin.state()["images"]}
    for name, image in found.items():
        truth = known[name]
        assert image["owner"] == truth["owner"] and image["name"] == truth["name"]
        assert image["created"] == truth["created"]
        assert image["age_days"] == age(truth["created"])
        assert image["state"] == truth["state"] and image["public"] == truth["public"]
        assert image["deprecated"] == (truth["deprecated"] or None)
        assert image["allowed"] is True


def test_it_is_what_is_shared_and_not_ones_own(cilp, standin):
    standin.seed(
        {
            "images": [
                {
                    "id": "ami-00000000000000c01",
                    "owner": "123456789012",
                    "name": "own and shared with itself",
                    "accounts": ["123456789012"],
                }
            ]
        }
    )
    found = {image["image"] for image in listed(cilp)}
    assert "ami-0abcdef1234567890" in found and "ami-000000000000000a0" in found
    for other in ("c01", "0c0", "0b0", "0e0", "0f4"):
        assert f"ami-00000000000000{other}" not in found


def test_ids_are_ids_and_nothing_else(cilp):
    done = cilp("list", "--output", "ids")
    assert done.code == 0 and done.out.count("\n") == len(done.out.split())
    assert all(word.startswith("ami-") for word in done.out.split())


def test_names_cannot_steer_the_terminal(cilp, standin):
    image = {"id": "ami-00000000000000bad", "owner": OWNER, "accounts": ["123456789012"]}
    standin.seed({"images": [{**image, "name": "a\x1b]0;x\x07 b\u202ec\u20ac"}]})
    done = cilp("list", "--owner", OWNER)
    (line,) = [line for line in done.out.splitlines() if "bad" in line]
    assert "\x1b" not in line and "\u202e" not in line and "\x07" not in line
    assert "\u20ac" in line


def test_nothing_is_shared(cilp):
    words = ("--owner", "999999999999", "--name", "a\x1bb", "--older-than", "1")
    for output in ("text", "json", "ids", "off"):
        done = cilp("list", *words, "--output", output)
        assert (done.code, done.out) == (0, "")
        assert done.err == (
            "cilp: note: no AMI in us-east-1 is shared with this account and has --owner"
            " 999999999999 and has --name a\\x1bb and is older than 1 day\n"
        )


# ---- Filters ----


def test_by_owner_and_by_name(cilp):
    names = {image["name"] for image in listed(cilp, "--name", "batch-?")}
    assert names == {"batch-1", "batch-2", "batch-3"}
    assert not listed(cilp, "--owner", "999999999999")
    assert {i["owner"] for i in listed(cilp, "--owner", OWNER)} == {OWNER}


@pytest.mark.parametrize("words", [("1y",), ("365d",), ("365",)])
def test_by_age(cilp, words):
    found = listed(cilp, "--older-than", *words)
    assert found and all(image["age_days"] >= 365 for image in found)
    assert "old" in {image["name"] for image in found}
    rest = [i for i in listed(cilp) if i not in found]
    assert rest and all(image["age_days"] < 365 for image in rest)


def test_an_age_that_is_not_known_is_no_age(cilp, standin):
    image = {"owner": OWNER, "accounts": ["123456789012"], "name": "odd"}
    odd = ["", "yesterday", "2026-13-01T00:00:00.000Z", "2026-02-31T00:00:00.000Z"]
    odd.append("0000-00-00T00:00:00.000Z")
    standin.seed(
        {
            "images": [
                {**image, "id": f"ami-000000000000000{n:02x}", "created": created}
                for n, created in enumerate(odd)
            ]
        }
    )
    found = [i for i in listed(cilp) if i["name"] == "odd"]
    assert [i["age_days"] for i in found] == [None] * len(odd)
    assert not [i for i in listed(cilp, "--older-than", "1d") if i["name"] == "odd"]
    assert f"{OWNER}      ?    available" in cilp("list", "--name", "odd").out


@pytest.mark.parametrize("day", ["2024-02-29", "2000-03-01", "1999-12-31", "2026-01-01"])
def test_ages_over_leap_years(cilp, standin, day):
    created = f"{day}T12:00:00.000Z"
    image = {"owner": OWNER, "accounts": ["123456789012"], "name": "x", "created": created}
    standin.seed({"images": [{**image, "id": "ami-00000000000000001"}]})
    (found,) = [i for i in listed(cilp) if i["name"] == "x"]
    assert found["age_days"] == age(created)


def test_ages_are_counted_by_ec2_s_clock(cilp, standin):
    standin.set(clock_offset=400 * 86400)
    done = cilp("list", "--output", "json", "--name", "web-server")
    assert done.code == 0 and "behind EC2's" in done.err
    assert json.loads(done.out)["age_days"] == age("2026-01-15T12:00:00.000Z") + 400


# ---- What can go wrong ----


def test_without_sts_it_says_what_may_be_among_them(cilp):
    done = cilp("list", env=NO_STS)
    assert done.code == 0 and "batch-1" in done.out
    assert "own AMIs are not left out" in done.err and "connection refused" in done.err


def test_without_permission(cilp):
    done = cilp("list", key="AKIANODESCRIBEXAMPLE")
    done.failed(254, "(UnauthorizedOperation)", "needs ec2:DescribeImages")


@pytest.fixture(name="paged", scope="module")
def _paged():
    with Standin(["rsa"], many=2500) as standin:
        yield standin


@pytest.fixture(name="pages")
def _pages(cilp, paged):
    paged.reset()
    cilp.standin = paged
    return cilp


def test_all_pages_each_image_once(pages):
    done = pages("list", "--output", "ids", "--name", "nightly-*")
    assert done.code == 0 and len(set(done.out.split())) == done.out.count("\n") == 2500


def test_a_page_that_breaks_is_asked_for_again(pages, paged):
    paged.next({}, {"action": "DescribeImages"}, {"action": "DescribeImages", "cut_reply": 90000})
    done = pages("list", "--output", "ids", "--name", "nightly-*")
    assert done.code == 0 and len(set(done.out.split())) == done.out.count("\n") == 2500


@pytest.mark.parametrize(
    "meets, code",
    [
        ({"cut_reply": 90000, "times": 5}, 255),
        ({"error": "UnauthorizedOperation", "status": 403}, 254),
    ],
)
def test_a_listing_that_breaks_says_how_far_it_came(pages, paged, meets, code):
    paged.next({}, {"action": "DescribeImages"}, {"action": "DescribeImages", **meets})
    done = pages("list", "--output", "ids")
    count = len(done.out.split())
    assert done.code == code and 1000 <= count < 2000
    assert f"not complete: it broke after {count} AMIs (whole pages: 1)" in done.err


def test_output_that_cannot_be_written_ends_it(pages):
    with open("/dev/full", "wb") as full:
        done = pages("list", stdout=full)
    assert done.code == 255 and "could not be written" in done.err


def test_a_reader_that_has_enough_ends_it(pages):
    process = pages.start("list", "--output", "ids")
    process.stdout.readline()
    process.stdout.close()
    err = process.stderr.read()
    assert process.wait(timeout=10) == 255 and b"could not be written" in err


def test_a_signal_ends_it(pages, paged):
    paged.always(action="DescribeImages", drip=0.05, drip_bytes=2000)
    process = pages.start("list")
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=10)
    assert process.returncode == 130 and b"not complete" in err


def test_a_reader_that_is_slower_than_all_deadlines_gets_it_all(pages):
    words = ("--cli-read-timeout", "0.3", "--deadline", "0.6")
    process = pages.start("list", "--output", "json", "--name", "nightly-*", *words)
    found = b""
    while chunk := os.read(process.stdout.fileno(), 40000):
        found += chunk
        time.sleep(0.4)
    err = process.communicate()[1]
    ids = [json.loads(line)["image"] for line in found.splitlines()]
    assert process.returncode == 0 and len(set(ids)) == len(ids) == 2500, err


def test_a_signal_ends_it_though_nobody_reads(pages, paged):
    process = pages.start("list", "--output", "json")
    time.sleep(1)  # by now the pipe is full
    assert process.poll() is None
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=5) == 143
    assert b"not complete" in process.stderr.read()
    process.stdout.close()
    process.stderr.close()
    assert paged.requests()


def test_lines_come_as_they_arrive(pages, paged):
    paged.always(action="DescribeImages", drip=0.01, drip_bytes=1000)
    start = time.monotonic()
    process = pages.start("list", "--output", "ids")
    assert process.stdout.readline().startswith(b"ami-")
    assert time.monotonic() - start < 15  # of the 39 that all take
    process.kill()
    process.communicate()


# ---- Of any length ----


def peak(cilp, *options):
    """Lines, the most memory in KB (VmHWM), and seconds, of one listing."""
    start = time.monotonic()
    process = cilp.start("list", "--output", "ids", *options)
    status = f"/proc/{process.pid}/status"
    lines = most = 0
    while chunk := process.stdout.read1(65536):
        lines += chunk.count(b"\n")
        found = re.search(r"VmHWM:\s+(\d+) kB", Path(status).read_text("ascii"))
        most = max(most, int(found[1]) if found else 0)
    process.communicate()
    assert process.returncode == 0 and most > 0
    return lines, most, time.monotonic() - start


def test_memory_does_not_grow_with_the_listing(cilp):
    if not cilp.is_static:
        pytest.skip("of the static program")
    with Standin(["rsa"], many=HUGE) as huge:
        cilp.standin = huge
        # slowly, so that there is time to look
        huge.next({}, {"action": "DescribeImages", "drip": 0.02, "drip_bytes": 500})
        few, small, _ = peak(cilp, "--name", "nightly-000000?")
        huge.reset()
        many, large, seconds = peak(cilp)
    figure(f"VmHWM of a listing of {few}: {small} KB, of {many}: {large} KB ({seconds:.0f} s)")
    assert few == 10 and many >= HUGE
    assert large <= small + 16 and large <= 640
