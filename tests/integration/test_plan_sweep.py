"""A plan's apply, over every 16th byte at which one of its connections can die (fewer
unless CILP_THOROUGH is set): of three images in two Regions each outcome is the
stand-in's truth or unknown.

test_sweep.py does the same over one cancel, and every byte.
"""

import json
from pathlib import Path

import pytest
from conftest import THOROUGH, Program, figure
from standin import Standin

EVERY = {"1": 16, "3": 176} if THOROUGH else {"1": 464, "3": 464}  # by attempts
IMAGES = [
    ("ami-00000000000000d01", "us-east-1"),
    ("ami-00000000000000d02", "us-east-1"),
    ("ami-000000000000000f4", "eu-west-1"),
]
# Of each word, whether the image may still be shared after it.
MAY_BE_SHARED = {
    "cancelled": {False},
    "gone": {False},
    "nothing": {False},
    "not-visible": {False},
    "not-sent": {True},
    "not-looked-at": {True},
    "unknown": {True, False},
    None: {True},
}


@pytest.fixture(name="standin", scope="module")
def _standin():
    with Standin(["rsa"], region="") as standin:
        yield standin


@pytest.fixture(name="program", scope="module")
def _program(standin):
    path = Path(__file__).resolve().parents[2] / "build/linux/cilp"
    return Program(path, standin)


@pytest.fixture(name="plan", scope="module")
def _plan(program, tmp_path_factory):
    """A plan of the three, and no others."""
    done = program("plan", "--regions", "us-east-1,eu-west-1")
    assert done.code == 0, done
    ids = [image for image, _ in IMAGES]
    kept = [
        line
        for line in done.out.splitlines(keepends=True)
        if json.loads(line).get("image", ids[0]) in ids
    ]
    assert len(kept) == len(IMAGES) + 2
    path = tmp_path_factory.mktemp("plan") / "PLAN"
    path.write_text("".join(kept))
    return path


def apply(program, standin, plan, deaths, attempts):
    """One run; what it said, of which image what, and what is shared then."""
    standin.reset()
    standin.next(*deaths)
    env = {"AWS_MAX_ATTEMPTS": attempts}
    done = program("apply", "--no-verify", "--output", "json", str(plan), env=env)
    standin.settle()
    told = {t["image"]: t["outcome"] for t in map(json.loads, done.out.splitlines())}
    truth = {image: standin.shared(image, region=region) for image, region in IMAGES}
    return done, told, truth


def conversation(program, standin, plan):
    """Bytes of each request and of its reply, in order."""
    done, told, truth = apply(program, standin, plan, [{}], "1")
    assert done.code == 0 and set(told.values()) == {"cancelled"}, done
    assert set(truth.values()) == {False}
    return [(r["received"], r["reply_sent"]) for r in standin.requests()]


def all_deaths(lengths, every):
    """Every so many bytes of the conversation: which request, and how it dies there."""
    begin = 0
    for number, (request, reply) in enumerate(lengths):
        for at in range(-begin % every, request, every):
            yield number, {"cut_received": at}
        begin += request
        for at in range(-begin % every, reply, every):
            yield number, {"cut_reply": at, "act": True}
            yield number, {"cut_reply": at, "act": False}
        begin += reply


@pytest.mark.parametrize("attempts", ["1", "3"])
def test_each_outcome_is_the_truth_or_unknown(program, standin, plan, attempts):
    lengths = conversation(program, standin, plan)
    assert len(lengths) == 1 + 3 * len(IMAGES)  # who; and of each a look, its use, a cancel
    words = dict.fromkeys(MAY_BE_SHARED, 0)
    for number, death in all_deaths(lengths, EVERY[attempts]):
        orders = [{}] * number + [death]
        done, told, truth = apply(program, standin, plan, orders, attempts)
        assert done.code in (0, 250, 255), (number, death, done)
        for image, is_shared in truth.items():
            word = told.get(image)
            assert is_shared in MAY_BE_SHARED[word], (number, death, image, truth, done)
            words[word] += 1
        # What was left is done by the same command again, and what was done stays so.
        if done.code:
            again = program("apply", "--no-verify", str(plan))
            assert again.code == 0, (number, death, again)
            assert not any(standin.shared(i, region=r) for i, r in IMAGES)
    figure(f"apply of 3 AMIs in 2 Regions, {attempts} attempts, {sum(words.values())} outcomes: "
           f"{ {w: n for w, n in words.items() if n} }")
    assert words["cancelled"] and (attempts == "3" or words["unknown"])
