"""A plan is written, read by people, and applied: what it names, and nothing that has
changed since."""

import json
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from conftest import TESTS, Terminal, figure, seed
from standin import Standin

SHARED = ["ami-00000000000000d01", "ami-00000000000000d02", "ami-00000000000000d03"]
FAR = "ami-000000000000000f4"
OWNER = "111122223333"
ACCOUNT = "123456789012"
OTHER = "AKIAOTHERACCTEXAMPLE"
PEAK_KB = 2048


@pytest.fixture(name="plan")
def _plan(cilp, tmp_path):
    """Writes a plan, and gives its path."""

    def write(*options, code=0, **more):
        path = tmp_path / "PLAN"
        with open(path, "wb") as file:
            done = cilp("plan", *options, stdout=file, **more)
        assert done.code == code, done
        write.err = done.err
        return path

    return write


def lines(path):
    """The plan, line by line."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def keep(path, images):
    """As a person does: lines of other images are deleted."""
    kept = [
        line
        for line in path.read_text().splitlines(keepends=True)
        if json.loads(line).get("image", images[0]) in images
    ]
    path.write_text("".join(kept))
    return path


def apply(cilp, path, *options, **more):
    """cilp apply PLAN, without looks afterwards."""
    return cilp("apply", str(path), "--no-verify", *options, **more)


def cancels(standin):
    """The requests that cancel."""
    return [r for r in standin.requests() if r["action"] == "CancelImageLaunchPermission"]


def refused(cilp, standin, path, code, *fragments, **more):
    """It is refused whole: one line, and nothing was cancelled."""
    done = apply(cilp, path, **more)
    assert done.failed(code, "nothing was cancelled", *fragments)
    assert not cancels(standin)


def small(standin, *denied):
    """The key id of somebody in the account who may do less."""
    key = "AKIDSMALL0000000"
    who = {"key_id": key, "account": ACCOUNT, "secret": "s" * 40, "denied": list(denied)}
    standin.seed({"principals": [{**who, "arn": f"arn:aws:iam::{ACCOUNT}:user/small"}]})
    return key


# What a plan is


def test_a_plan_has_a_head_images_and_an_end(plan):
    head, *images, end = lines(plan("--owner", OWNER))
    assert head["plan"] == 1 and head["account"] == ACCOUNT and "user" in head["principal"]
    assert head["filters"] == {
        "regions": "us-east-1",
        "owner": OWNER,
        "name": None,
        "older_than_days": None,
    }
    assert end == {"end": len(images), "failed": None}
    assert {image["image"] for image in images} >= set(SHARED)
    assert all(image["region"] == "us-east-1" and image["owner"] == OWNER for image in images)
    assert all(image["grant"] and image["why"] for image in images)


def test_it_holds_no_secrets(cilp, plan, standin):
    names = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
    secrets = [value for name, value in cilp.environment().items() if name in names]
    text = plan().read_text()
    assert secrets and not any(secret in text for secret in secrets)
    assert standin.shared(SHARED[0])


def test_each_line_tells_whether_it_is_in_use(plan, standin):
    used = {SHARED[0]: 2}
    standin.seed({"references": [{"image": SHARED[0], "name": f"i-{n}"} for n in range(2)]})
    images = lines(plan())[1:-1]
    assert {i["image"]: i["in_use"] for i in images if i["in_use"]} == used
    assert {i["in_use"] for i in images} == {0, 2}
    key = small(standin, "ec2:DescribeImageReferences")
    assert {i["in_use"] for i in lines(plan(key=key))[1:-1]} == {None}
    assert plan.err.count("which AMIs are in use could not be checked") == 1


def test_a_terminal_gets_the_list(cilp):
    with Terminal() as terminal:
        done = cilp("plan", stdout=terminal.end)
    text = terminal.text
    assert done.code == 0 and text.startswith("AMI ") and '"plan"' not in text


def test_whose_it_is_has_to_be_known(cilp, standin):
    bare = {"AWS_ENDPOINT_URL_STS": "http://127.0.0.1:1"}
    done = cilp("plan", env=bare)
    assert done.code == 255 and done.out == "", done
    assert not [r for r in standin.requests() if r["action"] == "DescribeImages"]


def test_a_list_that_breaks_gives_a_plan_that_says_so(cilp, plan, standin):
    path = plan(code=254, key=small(standin, "ec2:DescribeImages"))
    assert lines(path)[1:] == [{"end": 0, "failed": "us-east-1"}]
    done = apply(cilp, path)
    assert done.code == 0 and "it lacks AMIs of 'us-east-1'" in done.err
    assert "the plan names no AMI" in done.err and not cancels(standin)


# Applying it


def test_it_is_applied_and_nothing_else_is_cancelled(cilp, standin, plan):
    path = keep(plan(), SHARED[:2])
    done = apply(cilp, path)
    assert done.code == 0, done
    told = [line.split() for line in done.out.splitlines()]
    assert [line[:3] for line in told] == [[i, "us-east-1", "cancelled"] for i in SHARED[:2]]
    assert [standin.shared(image) for image in SHARED] == [False, False, True]


def test_its_region_is_the_plan_s(cilp, standin, plan):
    path = keep(plan(), SHARED[:1])
    assert apply(cilp, path, env={"AWS_REGION": None}).code == 0
    assert not standin.shared(SHARED[0])
    done = cilp("apply", str(path), "--region", "eu-west-1")
    assert done.failed(252, "--region")


def test_a_dry_run_changes_nothing(cilp, standin, plan):
    done = apply(cilp, keep(plan(), SHARED), "--dry-run")
    assert done.code == 0 and done.out.count("permitted") == 3, done
    assert all(standin.shared(image) for image in SHARED)


def test_what_is_gone_already_counts_as_done(cilp, standin, plan):
    path = keep(plan(), SHARED)
    assert cilp.cancel(SHARED[1]).code == 0
    done = apply(cilp, path)
    assert done.code == 0, done
    assert f"'{SHARED[1]}' cannot be seen any more" in done.err
    assert "of the plan's 3, 1 gone already\n" in done.err
    assert not any(standin.shared(image) for image in SHARED)
    again = apply(cilp, path, "--output", "json")
    assert again.code == 0 and "3 gone already" in again.err, again
    told = [json.loads(line) for line in again.out.splitlines()]
    assert [(t["image"], t["outcome"]) for t in told] == [(i, "not-visible") for i in SHARED]


def test_what_has_another_owner_now_is_passed_over(cilp, standin, plan):
    path = keep(plan(), SHARED[:2])
    text = path.read_text()
    first, rest = text.split(SHARED[1])
    path.write_text(first + SHARED[1] + rest.replace(OWNER, "444455556666", 1))
    done = apply(cilp, path)
    assert done.code == 253 and "another owner" in done.err, done
    assert not standin.shared(SHARED[0]) and standin.shared(SHARED[1])


def test_what_is_in_use_now_is_left_alone(cilp, standin, plan):
    path = keep(plan(), SHARED[:2])
    standin.seed({"references": [{"image": SHARED[0], "name": "instance/i-1"}]})
    done = apply(cilp, path)
    assert done.code == 253 and "in-use" in done.out, done
    assert standin.shared(SHARED[0]) and not standin.shared(SHARED[1])


def test_what_cannot_be_looked_at_is_left_alone(cilp, standin, plan):
    path = keep(plan(), SHARED)
    done = apply(cilp, path, key=small(standin, "ec2:DescribeImages"))
    assert done.code == 254 and "3 not looked at" in done.err, done
    assert not cancels(standin)


def test_the_audit_has_a_line_for_each(cilp, plan, tmp_path):
    audit = tmp_path / "audit"
    assert apply(cilp, keep(plan(), SHARED), "--audit", str(audit)).code == 0
    told = [json.loads(line) for line in audit.read_text().splitlines()]
    assert [t["account"] for t in told] == [ACCOUNT] * 3


# Several Regions


def test_a_plan_of_two_regions_is_applied_in_both(cilp, world, plan):
    seed(world, "us-east-1", "eu-west-1")
    path = keep(plan("--regions", "all"), [SHARED[0], FAR])
    assert lines(path)[0]["filters"]["regions"] == "all"
    assert {i["region"] for i in lines(path)[1:-1]} == {"us-east-1", "eu-west-1"}
    done = apply(cilp, path, "--output", "json")
    assert done.code == 0, done
    told = {(t["image"], t["region"], t["outcome"]) for t in map(json.loads, done.out.splitlines())}
    assert told == {(SHARED[0], "us-east-1", "cancelled"), (FAR, "eu-west-1", "cancelled")}
    assert not world.shared(SHARED[0], region="us-east-1")
    assert not world.shared(FAR, region="eu-west-1")


def test_lines_of_regions_are_applied_region_by_region(cilp, world, plan):
    """However they are mixed: one connection there, and then the next."""
    crowd = [{"name": n, "images": 3} for n in ("eu-north-1", "eu-west-1", "us-west-2")]
    seed(world, *crowd)
    path = plan("--regions", "eu-north-1,eu-west-1,us-west-2")
    keep(path, [f"ami-0e{n:015x}" for n in range(3)])
    head, *images, end = path.read_text().splitlines(keepends=True)
    assert len(images) == 9
    path.write_text("".join([head, *images[::3], *images[1::3], *images[2::3], end]))
    done = apply(cilp, path)
    assert done.code == 0, done
    regions = [line.split()[1] for line in done.out.splitlines()]
    assert len(regions) == 9 and regions == sorted(regions, key=regions.index)


def test_a_region_that_failed_is_named_at_the_end(cilp, world, plan):
    off = {"name": "ap-south-1", "status": "not-opted-in"}
    seed(world, "us-east-1", off, "eu-west-1")
    path = plan("--regions", "us-east-1,ap-south-1,eu-west-1", code=254)
    assert "the plan is not complete" in plan.err and "ap-south-1" in plan.err
    end = lines(path)[-1]
    assert end["failed"] == "ap-south-1" and end["end"] == len(lines(path)) - 2
    done = apply(cilp, keep(path, [SHARED[0], FAR]))
    assert done.code == 0 and "it lacks AMIs of 'ap-south-1'" in done.err
    assert not world.shared(SHARED[0], region="us-east-1")


@pytest.mark.parametrize("how", ["disabled", "unknown"])
def test_a_region_that_is_no_more_is_left_and_the_rest_is_done(cilp, world, plan, how):
    seed(world, {"name": "eu-west-1", "images": 3}, "us-east-1")
    path = plan("--regions", "eu-west-1,us-east-1")
    kept = keep(path, [i["image"] for i in lines(path)[1:-1] if i["region"] == "eu-west-1"]
                + [SHARED[0]])
    name = "eu-west-1" if how == "disabled" else "xx-nowhere-1"
    kept.write_text(kept.read_text().replace("eu-west-1", name))
    seed(world, {"name": name, "status": "not-opted-in"})
    done = apply(cilp, kept)
    assert not world.shared(SHARED[0], region="us-east-1"), done
    assert done.code == 254 and "4 not looked at" in done.err, done
    assert f"cilp: {name}: " in done.err and done.err.count("AuthFailure") == 1


REGIONS = ["eu-west-1", "us-east-1"]


@pytest.fixture(name="distant", scope="module")
def _distant():
    """Two Regions behind a proxy, each with its own name."""
    hosts = [f"{s}.{r}.amazonaws.com" for r in REGIONS for s in ("ec2", "sts")]
    with Standin(["rsa", "proxy"], names=hosts, region="") as standin:
        yield standin


def test_a_region_that_is_down_costs_one_wait(cilp, distant, plan):
    """Where nobody answers the first look, the rest is not waited for."""
    cilp.standin = distant
    bare = {"AWS_ENDPOINT_URL_EC2": None, "AWS_ENDPOINT_URL_STS": None}
    env = {**bare, "AWS_REGION": "us-east-1", "HTTPS_PROXY": distant.url("proxy")}
    seed(distant, {"name": "eu-west-1", "images": 9}, "us-east-1")
    path = plan("--regions", ",".join(REGIONS), env=env)
    far = [i["image"] for i in lines(path)[1:-1] if i["region"] == "eu-west-1"]
    keep(path, [*far, SHARED[0]])
    seed(distant, {"name": "eu-west-1", "down": True})
    env["AWS_MAX_ATTEMPTS"] = "1"
    done = apply(cilp, path, "--cli-connect-timeout", "1", env=env)
    assert done.code == 255 and f"{len(far)} not looked at" in done.err, done
    assert not distant.shared(SHARED[0], region="us-east-1")
    assert done.err.count("cilp: eu-west-1: ") == 1


# How many there are, by Region and owner: for a terminal


def on_terminal(cilp, *words, **more):
    """What it comes to, and the rows of the table that a terminal is shown at the end."""
    with Terminal() as terminal:
        done = cilp(*words, stderr=terminal.end, **more)
    _, header, table = terminal.text.partition("REGION           OWNER               AMIs\n")
    return done, table.splitlines() if header else None


def tally(images):
    """The rows that these images make."""
    pairs = Counter((i["region"], i["owner"]) for i in images)
    rows = [(*pair, count) for pair, count in sorted(pairs.items())]
    rows.append(("all", "", len(images)))
    return [f"{region:<17}{owner:<14}{count:>10}" for region, owner, count in rows]


def test_a_terminal_is_told_how_many_there_are(cilp, world, plan, tmp_path):
    """The plan's, whichever Region comes first; and in no table of another's."""
    seed(world, "us-east-1", {"name": "eu-west-1", "images": 120})
    wants = ("plan", "--regions", "us-east-1,eu-west-1")
    path = tmp_path / "PLAN"
    with open(path, "wb") as file:
        done, rows = on_terminal(cilp, *wants, stdout=file)
    images = lines(path)[1:-1]
    assert done.code == 0 and rows == tally(images)
    assert len(rows) > 3 and len(images) > 120
    listed, shown = on_terminal(cilp, "list", *wants[1:])
    assert listed.code == 0 and shown == rows
    plan(*wants[1:])
    assert "REGION " not in plan.err


def test_a_terminal_is_told_what_was_cancelled(cilp, world, plan):
    """What is gone already or in use is not among it."""
    seed(world, "us-east-1", "eu-west-1")
    path = keep(plan("--regions", "all"), [*SHARED, FAR])
    kept = lines(path)[1:-1]
    assert cilp.cancel(SHARED[1]).code == 0
    world.seed({"references": [{"image": SHARED[0], "name": "instance/i-1"}]})
    will = [i for i in kept if i["image"] in (SHARED[2], FAR)]
    for options in (["--dry-run"], []):
        done, rows = on_terminal(cilp, "apply", str(path), "--no-verify", *options)
        assert done.code == 253 and rows == tally(will), done
    assert not world.shared(SHARED[2], region="us-east-1")
    again, rows = on_terminal(cilp, "apply", str(keep(path, [FAR])), "--no-verify")
    assert again.code == 0 and rows is None, again  # nothing was, and there is no table


# What is refused whole, before anything is cancelled


def test_another_account_is_refused(cilp, standin, plan):
    path = keep(plan(), SHARED)
    refused(cilp, standin, path, 253, f"the plan is of account {ACCOUNT}", key=OTHER)
    done = apply(cilp, path, "--expect-account", "210987654321")
    assert done.failed(253, "nothing was cancelled")


def test_an_old_plan_is_refused(cilp, standin, plan):
    path = keep(plan(), SHARED)
    head, rest = path.read_text().split("\n", 1)
    made = {**json.loads(head), "time": "2026-01-20T00:00:00Z"}
    path.write_text(json.dumps(made) + "\n" + rest)
    refused(cilp, standin, path, 253, "2026-01-20 00:00:00 UTC", "--max-age")
    old = path.read_text()
    path.write_text(json.dumps({**made, "time": "2126-01-20T00:00:00Z"}) + "\n" + rest)
    refused(cilp, standin, path, 253, "has not reached")
    path.write_text(old)
    assert apply(cilp, path, "--max-age", "36500d").code == 0


@pytest.mark.parametrize("age", ["24", "h", "0h", "1y", "99999d", "-1h", "1h30m"])
def test_an_age_that_is_none_is_refused(cilp, age):
    assert cilp("apply", "x", f"--max-age={age}").failed(252, "90m, 24h or 7d")


def test_more_than_max_is_refused(cilp, standin, plan):
    path = keep(plan(), SHARED)
    assert apply(cilp, path, "--max", "2").failed(252, "--max")
    assert not cancels(standin)


def test_a_cut_plan_is_refused(cilp, standin, plan):
    path = keep(plan(), SHARED)
    whole = path.read_bytes()
    places = [*range(0, len(whole), 37), len(whole) - 1]
    for at in places:
        path.write_bytes(whole[:at])
        refused(cilp, standin, path, 252, "line")
    figure(f"cut at {len(places)} places, none applied")


HEAD = {"plan": 1, "account": ACCOUNT, "time": "2126-01-01T00:00:00Z"}
LINE = {"image": SHARED[0], "region": "us-east-1", "owner": OWNER}
END = {"end": 9}


def written(*rows):
    """Lines of a plan, each an object or what stands there instead."""
    return "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)


@pytest.mark.parametrize(
    "rows, why",
    [
        ([], "line 1 is not there"),
        (["hello"], "line 1 is no JSON object"),
        ([{"image": SHARED[0]}], "line 1 does not begin a plan"),
        ([{"version": 4, "resource_changes": []}], "line 1 does not begin a plan"),
        ([{**HEAD, "plan": 2}, END], "line 1 is of a plan in another format"),
        ([{**HEAD, "account": "1"}, END], 'line 1 has no "account"'),
        ([{**HEAD, "account": 1}, END], "line 1 has a value of another type"),
        ([{**HEAD, "time": "now"}, END], 'line 1 has no "time"'),
        ([HEAD, LINE], "line 3 is not there: the plan was cut"),
        ([HEAD, LINE, LINE, END], "line 3 has an image that stands in the plan before"),
        ([HEAD, LINE, END, HEAD, LINE, END], "line 4 stands behind the end"),
        ([HEAD, HEAD, END], "line 2 begins a second plan"),
        ([HEAD, {**LINE, "image": "i-1"}, END], 'line 2 has no "image"'),
        ([HEAD, {**LINE, "region": ""}, END], 'line 2 has no "region"'),
        ([HEAD, {**LINE, "region": "x" * 40}, END], 'line 2 has no "region"'),
        ([HEAD, {**LINE, "region": "evil.test/"}, END], 'line 2 has no "region"'),
        ([HEAD, '{"region":"a-b-1","region":"a-b-2"}', END], "line 2 has a name twice"),
        ([HEAD, {**LINE, "owner": "amazon"}, END], 'line 2 has no "owner"'),
        ([HEAD, '{"image":"a\\u0007"}', END], "line 2 has a value of another type, or with"),
        ([HEAD, '{"image":"a","image":"b"}', END], "line 2 has a name twice"),
        ([HEAD, "{" + " " * 9000 + "}", END], "line 2 has more than 8192 bytes"),
        ([HEAD, "", END], "line 2 is no JSON object"),
        ([HEAD, LINE, {"end": 0}], "line 3 counts fewer images"),
        ([HEAD, LINE, {"end": -1}], "line 3 has a value of another type"),
        ([HEAD, LINE, END, LINE], "line 4 stands behind the end"),
        ([HEAD, "\0\0", END], "line 2 is no JSON object"),
        (
            [HEAD, *({**LINE, "region": f"eu-west-{n}"} for n in range(129)), END],
            "line 130 is of one Region too many: a plan is of 128",
        ),
        ([HEAD, LINE, {"end": 1, "failed": "x" * 5000}], "line 3 has a \"failed\""),
    ],
)
def test_what_is_no_plan_is_refused(cilp, standin, tmp_path, rows, why):
    path = tmp_path / "PLAN"
    path.write_text(written(*rows))
    refused(cilp, standin, path, 252, why)
    assert not standin.requests()


def test_the_same_image_in_two_regions_is_no_repetition(cilp, world, tmp_path):
    path = tmp_path / "PLAN"
    path.write_text(written(HEAD, LINE, {**LINE, "region": "eu-west-1"}, END))
    refused(cilp, world, path, 253, "has not reached")  # read whole, and then judged


def test_what_is_no_file_is_refused(cilp, standin, tmp_path):
    refused(cilp, standin, tmp_path / "none", 252, "does not exist")
    refused(cilp, standin, tmp_path, 252)
    refused(cilp, standin, "/dev/zero", 252)
    refused(cilp, standin, "-", 252, "is to be a file: it is read whole")


def test_a_hundred_thousand_lines_are_a_plan_and_no_more(cilp, standin, tmp_path):
    """In constant memory: what it has at most once it has read them all."""
    path = tmp_path / "PLAN"
    many = [{**LINE, "image": f"ami-{n:017x}"} for n in range(100_001)]
    path.write_text(written(HEAD, *many, {"end": 100_001}))
    refused(cilp, standin, path, 252, "line 100002 is one AMI too many: a plan has 100000")
    peaks = []
    for count in (3, 100_000):
        path.write_text(written(HEAD, *many[:count], {"end": count}))
        standin.next({"action": "GetCallerIdentity", "stall": 1})
        process = cilp.start("apply", str(path))
        while not any(r["action"] == "GetCallerIdentity" for r in standin.requests()):
            assert process.poll() is None
        status = Path(f"/proc/{process.pid}/status").read_text("ascii")
        peaks.append(int(re.search(r"VmHWM:\s+(\d+) kB", status)[1]))
        _, err = process.communicate(timeout=60)
        assert process.returncode == 253 and b"has not reached" in err
        standin.reset()
    figure(f"VmHWM of apply, 3 lines: {peaks[0]} KB, 100,000: {peaks[1]} KB")
    assert peaks[1] < PEAK_KB


# What is at the other end


def test_a_pipe_that_closes_half_way(cilp, world):
    """The plan stops, and says that it is not complete."""
    seed(world, *({"name": f"eu-west-{n}", "images": 1000} for n in range(1, 9)))
    process = cilp.start("plan", "--regions", "all")
    process.stdout.readline()
    process.stdout.close()
    err = process.stderr.read().decode()
    assert process.wait(30) == 255 and "standard output could not be written" in err
    assert "the plan is not complete" in err


def test_an_apply_whose_reader_goes_away_tells_all_the_same(cilp, standin, plan):
    """An outcome is not lost: it is told on standard error."""
    path = keep(plan(), SHARED)
    process = cilp.start("apply", "--no-verify", str(path))
    process.stdout.close()
    err = process.stderr.read().decode()
    assert process.wait(30) == 0
    assert all(f"{image}  us-east-1" in err for image in SHARED), err
    assert not any(standin.shared(image) for image in SHARED)


def test_a_plan_that_is_stopped_has_no_end(cilp, world, tmp_path):
    seed(world, *({"name": f"eu-west-{n}", "latency": 5} for n in range(1, 9)))
    path = tmp_path / "PLAN"
    with open(path, "wb") as file:
        process = cilp.start("plan", "--regions", "all", stdout=file)
        while not any(r["action"] == "DescribeImages" for r in world.requests()):
            assert process.poll() is None
        process.terminate()
        assert process.wait(30) == 143
    refused(cilp, world, path, 252, "was cut")


# What people are shown


def test_the_readme_s_flow(cilp, world, tmp_path):
    """Plan, read, apply, as it stands there; less is who deletes all lines but one."""
    seed(world, "us-east-1", "eu-west-1")
    text = (TESTS.parent / "README.md").read_text(encoding="utf-8")
    flow = re.search(r"^    cilp plan .*?^    cilp apply --audit.*?$", text, re.M | re.S)[0]
    assert flow.count("\n") < 10
    kept = "ami-000000000000000f0"
    scripts = {
        "cilp": f'exec {cilp.path} "$@"',
        "less": f'sed -i -e "/\"image\"/{{/{kept}/!d}}" "$1"',
    }
    for name, line in scripts.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{line}\n")
        (tmp_path / name).chmod(0o755)
    env = {**cilp.environment(), "PATH": f"{tmp_path}:/usr/bin:/bin"}
    done = subprocess.run(
        ["sh", "-eu", "-c", flow], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done
    assert len((tmp_path / "PLAN").read_text().splitlines()) == 3
    audit = (tmp_path / "log.json").read_text().splitlines()
    assert [json.loads(line)["image"] for line in audit] == [kept]
    assert not world.shared(kept, region="us-east-1")
    assert world.shared(SHARED[0], region="us-east-1")
