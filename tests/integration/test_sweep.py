"""The outcome is the stand-in's truth, or unknown: over every byte position at which
the connection can die (every seventh unless CILP_THOROUGH is set), every kind of death,
acted on or not.

tests/prop does the same without a wire; here it goes through TLS and the kernel.
"""

import pytest
from conftest import THOROUGH, figure

IMAGE = "ami-0abcdef1234567890"
EVERY = {"fin": 1, "rst": 5, "close_notify": 5} if THOROUGH else dict.fromkeys(
    ("fin", "rst", "close_notify"), 7
)


@pytest.fixture(name="lengths", scope="module")
def _lengths():
    """Bytes of a request and of its reply: known after the first call."""
    return {}


def measure(cilp, standin, lengths):
    if not lengths:
        assert cilp.cancel(IMAGE).code == 0
        standin.settle()
        request = standin.requests()[-1]
        lengths["request"], lengths["reply"] = request["received"], request["reply_sent"]
        standin.reset()
    return lengths


def positions(length, how, every=1):
    """Every n-th byte, and the last one always."""
    step = EVERY[how] * every
    return sorted(set(range(0, length, step)) | {length - 1, length})


def run(cilp, standin, misbehaviour, *options, env=None):
    """One call against one death; (exit code, what it said, is it still shared?)."""
    standin.reset()
    standin.next(misbehaviour)
    done = cilp.cancel(IMAGE, *options, env=env)
    standin.settle()
    return done, standin.shared(IMAGE)


def blame(misbehaviour, done, shared):
    return f"{misbehaviour}: exit {done.code}, shared {shared}: {done.out}{done.err}"


@pytest.mark.parametrize("how", EVERY)
def test_a_request_that_dies_is_repeated_and_the_outcome_known(cilp, standin, lengths, how):
    length, cases = measure(cilp, standin, lengths)["request"], 0
    for act in (True, False):
        for at in positions(length, how):
            if at < length and not act:
                continue  # a part of a request is never acted on
            death = {"cut_received": at, "how": how, "act": act}
            done, shared = run(cilp, standin, death)
            assert done.code == 0 and not shared, blame(death, done, shared)
            cases += 1
    figure(f"request, {how}: {cases} cases, each known")


@pytest.mark.parametrize("act", [True, False])
@pytest.mark.parametrize("how", EVERY)
def test_a_reply_that_dies_is_asked_for_again_and_the_outcome_known(
    cilp, standin, lengths, how, act
):
    length, cases = measure(cilp, standin, lengths)["reply"], 0
    for at in positions(length, how):
        death = {"cut_reply": at, "how": how, "act": act}
        done, shared = run(cilp, standin, death)
        # A whole reply that says true without having acted is a lie that no client can
        # see through: the stand-in's, not ours.
        if at == length and not act:
            continue
        assert done.code == 0 and not shared, blame(death, done, shared)
        cases += 1
    figure(f"reply, {how}, acted {act}: {cases} cases, each known")


@pytest.mark.parametrize("how", EVERY)
def test_with_one_attempt_a_death_is_never_called_what_it_is_not(cilp, standin, lengths, how):
    cases = {0: 0, 250: 0, 255: 0}
    once = {"AWS_MAX_ATTEMPTS": "1"}
    deaths = [
        {"cut_received": at, "how": how}
        for at in positions(measure(cilp, standin, lengths)["request"], how, 3)
    ]
    deaths += [
        {"cut_reply": at, "how": how, "act": act}
        for at in positions(lengths["reply"] - 1, how, 3)
        for act in (True, False)
    ]
    for death in deaths:
        done, shared = run(cilp, standin, death, env=once)
        assert done.code in cases, blame(death, done, shared)
        cases[done.code] += 1
        if done.code == 0:
            assert not shared, blame(death, done, shared)
        if done.code == 255:
            assert shared, blame(death, done, shared)
        if done.code == 250:
            assert "invocation" in done.err and IMAGE in done.err, blame(death, done, shared)
    assert cases[250] > 0
    figure(f"one attempt, {how}: exit codes {cases}")


def test_acting_late_is_found_out_by_the_repeat(cilp, standin):
    for late in (0.02, 0.2):
        death = {"cut_reply": 0, "act_late": late}
        done, shared = run(cilp, standin, death)
        assert done.code == 0 and not shared, blame(death, done, shared)


def test_a_stalled_reply_is_given_up_and_asked_for_again(cilp, standin):
    for act in (True, False):
        death = {"stall": 5, "act": act}
        done, shared = run(cilp, standin, death, "--cli-read-timeout", "1")
        assert done.code == 0 and not shared, blame(death, done, shared)
