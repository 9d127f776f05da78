"""Why there is nothing to cancel, and what is left after a cancel: every row of the
verdict table, and what is said when a row's facts cannot be had."""

import json
import signal
import time

import pytest

IMAGE = "ami-0abcdef1234567890"
ORGANIZATION = "ami-000000000000000a0"
BOTH = "ami-000000000000000ad"
PUBLIC = "ami-000000000000000b0"
PUBLIC_TOO = "ami-000000000000000bd"
OWN = "ami-000000000000000c0"
UNSHARED = "ami-000000000000000e0"
DEREGISTERED = "ami-000000000000000f1"
PENDING = "ami-000000000000000f2"
ELSEWHERE = "ami-000000000000000f4"
MISSING = "ami-0ffffffffffffffff"

SLACK = 8  # seconds that a busy machine may take besides

NO_LOOK = "AKIANODESCRIBEXAMPLE"
NO_CANCEL = "AKIANOCANCEL1EXAMPLE"
NO_STS = {"AWS_ENDPOINT_URL_STS": "https://127.0.0.1:1"}

# image, a fragment of the verdict, the machine's word for it
NOTHING = [
    (OWN, "this account owns the image", "own"),
    (PUBLIC, "the image is public", "public"),
    (ORGANIZATION, "shared through the organization or OU", "organization"),
    (UNSHARED, "cannot be seen from here: another Region", "not-visible"),
    (ELSEWHERE, "cannot be seen from here: another Region", "not-visible"),
    (MISSING, "cannot be seen from here: another Region", "not-visible"),
]


def actions(standin):
    """The actions that were asked for, in short."""
    standin.settle()
    short = {
        "CancelImageLaunchPermission": "cancel",
        "DescribeImageReferences": "use",
        "DescribeImages": "look",
        "GetCallerIdentity": "who",
    }
    return [short[request["action"]] for request in standin.requests()]


def cancel(cilp, image, *options, **more):
    """A cancel as it is without options: with its looks."""
    return cilp("cancel", image, *options, **more)


# ---- Nothing to cancel ----


@pytest.mark.parametrize("image, said, _", NOTHING)
def test_every_not_found_is_explained(cilp, image, said, _):
    done = cancel(cilp, image)
    assert (done.code, done.out) == (251, "")
    first, second = done.err.splitlines()
    assert "(InvalidAMIID.NotFound)" in first and first.endswith("; nothing to cancel")
    assert second.startswith(f"cilp: {image}: ") and said in second


def test_an_image_that_is_deregistered_needs_no_look(cilp, standin):
    done = cancel(cilp, DEREGISTERED)
    done.failed(251, "(InvalidAMIID.Unavailable)", "nothing is left to cancel")
    assert actions(standin) == ["cancel"]


def test_without_permission_to_look_that_is_said(cilp):
    done = cancel(cilp, ORGANIZATION, key=NO_LOOK)
    assert done.code == 251
    assert "could not be checked: ec2:DescribeImages is not allowed" in done.err


def test_a_look_that_breaks_is_said_with_its_cause(cilp, standin):
    standin.next({"action": "DescribeImages", "stall": 20, "times": 3})
    done = cancel(cilp, ORGANIZATION, "--cli-read-timeout", "0.2")
    assert done.code == 251
    assert "could not be checked: localhost:" in done.err and "silent" in done.err


def test_without_sts_the_verdict_says_what_it_rests_on(cilp):
    done = cancel(cilp, OWN, env=NO_STS)
    assert done.code == 251
    assert "not this account's own could not be checked: 127.0.0.1:1" in done.err
    assert "connection refused" in done.err


def test_sts_that_does_not_answer_costs_a_few_seconds(cilp, standin):
    standin.next({"action": "GetCallerIdentity", "stall": 60})
    start = time.monotonic()
    done = cancel(cilp, PUBLIC)
    assert done.code == 251 and "own could not be checked: localhost:" in done.err
    assert 4 < time.monotonic() - start < 4 + SLACK


def test_the_aws_cli_s_spelling_neither_explains_nor_verifies(cilp, standin):
    cilp.aws(ORGANIZATION).failed(254, "(InvalidAMIID.NotFound)")
    assert cilp.aws(IMAGE).code == 0
    assert actions(standin) == ["cancel", "cancel"]


# ---- The verb ----


@pytest.mark.parametrize("looks", [False, True])
@pytest.mark.parametrize("image, said, word", NOTHING)
def test_explain_says_it_without_changing_anything(
    cilp, standin, image, said, word, looks
):
    standin.set(dry_run_looks=looks)
    before = standin.state()
    done = cilp("explain", image)
    told = json.loads(cilp("explain", image, "--output", "json").out)
    assert standin.state() == before
    assert all("DryRun=true" in r["body"] for r in standin.requests() if "Cancel" in r["body"])
    if image == ORGANIZATION and not looks:
        assert done.code == 0 and "cannot be told apart without cancelling" in done.out
        assert (told["verdict"], told["dry_run"]) == ("shared", "permitted")
        return
    assert done.code == 251 and done.out.startswith(f"{image}: ") and said in done.out
    assert done.err == ""
    assert (told["image"], told["verdict"]) == (image, word)
    assert told["dry_run"] == ("nothing" if looks else "permitted")


def test_explain_names_the_image_and_the_caller(cilp, standin):
    done = cilp("explain", IMAGE)
    assert done.code == 0 and done.err == ""
    verdict, use, image, caller = done.out.splitlines()
    assert verdict.startswith(f"{IMAGE}: ") and "the call is permitted" in verdict
    assert "not in use" in use
    assert "owner 111122223333, name web-server, state available" in image
    assert "account 123456789012, arn:aws:iam::123456789012:user/alice" in caller
    assert actions(standin) == ["use", "cancel", "look", "who"]
    assert standin.shared(IMAGE)


def test_a_public_image_that_is_shared_too_is_worth_a_cancel(cilp, standin):
    """As cancel has it: exit 0, and the words say that it stays public."""
    done = cilp("explain", PUBLIC_TOO)
    assert (done.code, done.err) == (0, "")
    assert "the image is public, which stays" in done.out and "permitted" in done.out
    assert actions(standin) == ["use", "cancel", "look", "who", "look"]
    told = json.loads(cilp("explain", PUBLIC_TOO, "--output", "json").out)
    assert (told["verdict"], told["seen"]) == ("public-and-shared", "yes")
    assert told["owner"] == "111122223333" and standin.shared(PUBLIC_TOO)
    assert cancel(cilp, PUBLIC_TOO).code == 0


def test_a_public_image_that_is_not_shared_is_as_cancel_says(cilp, standin):
    done = cilp("explain", PUBLIC)
    assert done.code == 251 and "an account cannot opt out of that" in done.out
    assert actions(standin) == ["use", "cancel", "look", "who", "look"]
    assert cancel(cilp, PUBLIC).code == 251


def test_a_public_image_whose_permissions_cannot_be_seen_may_be_either(cilp, standin):
    standin.next({"action": "GetCallerIdentity"}, {"action": "DescribeImages", "cut_reply": 0,
                                                   "times": 3})
    done = cilp("explain", PUBLIC_TOO)
    assert (done.code, done.err) == (0, "")
    assert "the image is public; whether it is shared with this account besides" in done.out


@pytest.mark.parametrize("image", [PENDING, DEREGISTERED])
def test_what_is_in_no_state_is_the_same_to_both(cilp, image):
    words = "nothing is left to cancel, or nothing can be cancelled yet"
    cancel(cilp, image).failed(251, "(InvalidAMIID.Unavailable)", words)
    done = cilp("explain", image)
    assert (done.code, done.err) == (251, "")
    if image == PENDING:
        assert words in done.out and "state pending" in done.out
        told = json.loads(cilp("explain", image, "--output", "json").out)
        assert told["verdict"] == "unavailable"


def test_explain_without_permission_to_look(cilp):
    done = cilp("explain", IMAGE, key=NO_LOOK)
    assert (done.code, done.err) == (0, "")
    assert "permitted" in done.out and "ec2:DescribeImages is not allowed" in done.out


def test_explain_without_permission_to_cancel(cilp):
    done = cilp("explain", IMAGE, key=NO_CANCEL)
    done.failed(254, "(UnauthorizedOperation)", "needs ec2:CancelImageLaunchPermission")


def test_explain_takes_one_id_and_only_an_id(cilp, standin):
    cilp("explain").failed(252, "which AMI?")
    cilp("explain", IMAGE, OWN).failed(252, "one AMI at a time")
    cilp("explain", "ami-1").failed(252, "8 or 17")
    cilp("explain", "-").failed(252, "not the id of an AMI")
    assert not standin.connections()


def test_a_signal_stops_an_explanation(cilp, standin):
    standin.next({"action": "DescribeImages", "stall": 20})
    process = cilp.start("explain", IMAGE)
    for _ in range(500):
        if "DescribeImages" in [r["action"] for r in standin.requests()]:
            break
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=5)
    assert (process.returncode, out) == (130, b"")


# ---- After a cancel ----


def test_access_that_is_gone_needs_no_words(cilp, standin):
    done = cancel(cilp, IMAGE)
    assert done.code == 0 and done.err == "" and f"{IMAGE} cancelled" in done.out
    assert actions(standin) == ["cancel", "look"]


@pytest.mark.parametrize("looks, seconds", [(1, 1), (2, 3)])
def test_ec2_is_given_time_to_forget(cilp, standin, looks, seconds):
    standin.set(forget_looks=looks)
    start = time.monotonic()
    done = cancel(cilp, IMAGE)
    assert (done.code, done.err) == (0, "")
    assert seconds <= time.monotonic() - start < seconds + SLACK
    assert actions(standin) == ["cancel"] + ["look"] * (looks + 1)


@pytest.mark.parametrize("image, said", [(BOTH, "organization"), (IMAGE, "caught up")])
def test_what_can_still_be_seen_is_said_with_the_reasons(cilp, standin, image, said):
    standin.set(forget_looks=3)
    done = cancel(cilp, image)
    assert done.code == 0 and not standin.shared(image)
    assert done.err.startswith(f"cilp: note: {image}: ") and done.err.count("\n") == 1
    assert "still be seen" in done.err and said in done.err
    assert actions(standin) == ["cancel"] + ["look"] * 3


def test_of_a_public_image_no_wait_makes_a_difference(cilp, standin):
    done = cancel(cilp, PUBLIC_TOO)
    assert done.code == 0 and "the image is public and can still be launched" in done.err
    assert actions(standin) == ["cancel", "look"]


def test_a_cancel_without_permission_to_look(cilp):
    done = cancel(cilp, IMAGE, key=NO_LOOK)
    assert done.code == 0 and done.err.count("\n") == 1
    assert "could not be checked: ec2:DescribeImages is not allowed" in done.err


def test_a_look_that_fails_changes_no_exit_code(cilp, standin):
    standin.next({"action": "DescribeImages", "status": 500, "body": "html", "times": 9})
    done = cancel(cilp, IMAGE)
    assert done.code == 0 and "could not be checked: localhost:" in done.err


def test_no_verify_means_no_look(cilp, standin):
    assert cancel(cilp, BOTH, "--no-verify").err == ""
    assert actions(standin) == ["cancel"]


def test_a_dry_run_is_followed_by_no_look(cilp, standin):
    assert cancel(cilp, IMAGE, "--dry-run").code == 0
    assert actions(standin) == ["cancel"]


def test_gone_is_looked_at_too(cilp, standin):
    standin.next({"cut_reply": 0})
    done = cancel(cilp, BOTH)
    assert done.code == 0 and f"{BOTH} gone" in done.out
    assert "still be seen" in done.err


def test_a_signal_while_looking_comes_after_the_outcome(cilp, standin):
    standin.set(forget_looks=9)
    process = cilp.start("cancel", IMAGE)
    line = process.stdout.readline()
    time.sleep(0.3)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=5)
    assert b"cancelled" in line and process.returncode == 143


# ---- Whose keys are these? ----


@pytest.mark.parametrize("spelling", ["cancel", "aws"])
def test_the_expected_account_goes_on(cilp, standin, spelling):
    done = getattr(cilp, spelling)(IMAGE, "--expect-account", "123456789012")
    assert (done.code, done.err) == (0, "") and not standin.shared(IMAGE)
    assert actions(standin) == ["who", "cancel"]


@pytest.mark.parametrize("verb", ["cancel", "explain", "list"])
def test_another_account_is_refused_before_ec2_hears_of_it(cilp, standin, verb):
    words = [] if verb == "list" else [IMAGE]
    done = cilp(verb, *words, "--expect-account", "210987654321")
    done.failed(253, "account 123456789012 (arn:aws:", "not to 210987654321")
    assert actions(standin) == ["who"] and standin.shared(IMAGE)


@pytest.mark.parametrize(
    "meets, code",
    [
        ({"error": "InvalidClientTokenId", "status": 403}, 254),
        ({"text": "hello", "times": 3}, 255),
        ({"cut_reply": 0, "times": 3}, 255),
    ],
)
def test_an_account_that_cannot_be_found_out_is_refused(cilp, standin, meets, code):
    standin.next({"action": "GetCallerIdentity", **meets})
    done = cilp.cancel(IMAGE, "--expect-account", "123456789012")
    assert (done.code, done.out) == (code, "") and standin.shared(IMAGE)
    assert set(actions(standin)) == {"who"}


def test_no_account_is_an_argument_that_is_wrong(cilp, standin):
    cilp.cancel(IMAGE, "--expect-account", "1234").failed(252, "12 digits")
    assert not standin.connections()


# ---- Clocks ----


@pytest.mark.parametrize("offset, said", [(-86400, "ahead of"), (3600, "behind")])
def test_a_wrong_clock_is_mended_and_said_once(cilp, standin, offset, said):
    standin.set(clock_offset=offset)
    done = cilp("cancel", IMAGE, BOTH, "--no-verify")
    assert done.code == 0 and done.err.count("this machine's clock is ") == 1
    assert f" s {said} EC2's; requests were signed for EC2's time" in done.err
    assert not standin.shared(IMAGE) and not standin.shared(BOTH)


def test_expired_keys_are_told_apart_from_a_wrong_clock(cilp):
    done = cilp.cancel(IMAGE, key="ASIAEXPIREDV1EXAMPLE")
    done.failed(254, "(RequestExpired)", "the temporary credentials have expired")
