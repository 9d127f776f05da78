"""Whose keys sign: the account is that of the keys, not of the run. A source may give
another account's when it is asked again."""

import json
import subprocess
import threading
import time

import accounts
import pytest
from keyless import FIRMWARE, IMAGE, now_iso, process_output

FIRST = "ami-00000000000000d01"  # shared with the caller
SECOND = "ami-00000000000000d02"
OTHER_KEY = "AKIAOTHERACCTEXAMPLE"
OTHER = "210987654321"
THEIRS = "ami-0000000000000beef"  # shared with both


class Process:
    """A credential_process that gives the next of these outputs each time."""

    def __init__(self, keyless, *outputs):
        self.folder = keyless.home / "outputs"
        self.folder.mkdir(exist_ok=True)
        for old in self.folder.iterdir():
            old.unlink()
        for number, text in enumerate(outputs):
            (self.folder / str(number)).write_text(text)
        script = self.folder / "give"
        script.write_text(
            f"#!/bin/sh\ncd {self.folder}\nn=$(cat count 2>/dev/null || echo 0)\n"
            "echo $((n + 1)) > count\n"
            "if [ -e \"$n\" ]; then cat \"$n\"; else echo 'no more keys' >&2; exit 7; fi\n"
        )
        script.chmod(0o755)
        keyless.profiles(f"[profile turns]\ncredential_process = {script}\n")

    @property
    def runs(self):
        """How often it was run."""
        count = self.folder / "count"
        return int(count.read_text()) if count.exists() else 0


def keys(key=accounts.CALLER_KEY, seconds=None):
    """What it prints: keys that expire so many seconds from now."""
    return process_output(
        AccessKeyId=key, Expiration=now_iso(seconds) if seconds else None
    )


def shared_with_both(standin):
    """One AMI that either account could cancel."""
    image = {"id": THEIRS, "owner": accounts.OWNER, "name": "both",
             "accounts": [accounts.CALLER, OTHER]}
    standin.seed({"images": [image]})


def batch(keyless, *options, images=(FIRST, SECOND), pause=2.5, env=None):
    """cilp cancel - with a pause between two ids, in which keys run out."""
    words = ("cancel", "-", "--profile", "turns", "--no-verify", *options)
    process = keyless.cilp.start(
        *words, env={**keyless.environment(TURNS), **(env or {})}, stdin=subprocess.PIPE
    )
    for number, image in enumerate(images):
        if number:
            time.sleep(pause)
        try:
            process.stdin.write(f"{image}\n".encode())
            process.stdin.flush()
        except BrokenPipeError:
            break
    out, err = process.communicate(timeout=30)
    return process.returncode, out.decode(), err.decode()


class TURNS:  # pylint: disable=too-few-public-methods
    """What keyless.environment() wants to know of it."""

    listeners = ()
    env = {}


def actions(standin):
    """What EC2 and STS were asked for, and by which key."""
    standin.settle()
    short = {"CancelImageLaunchPermission": "cancel", "DescribeImages": "look",
             "GetCallerIdentity": "who"}
    return [short[r["action"]] for r in standin.requests()]


# ---- In a batch ----


@pytest.mark.parametrize("options", [(), ("--expect-account", accounts.CALLER)])
def test_keys_of_another_account_cancel_nothing(keyless, standin, tmp_path, options):
    shared_with_both(standin)
    Process(keyless, keys(seconds=2), keys(OTHER_KEY, 3600))
    path = tmp_path / "audit"
    code, out, err = batch(keyless, *options, "--audit", str(path), images=(FIRST, THEIRS))
    assert code == 253, (out, err)
    assert out.count("cancelled") == 1 and not standin.shared(FIRST)
    assert standin.shared(THEIRS) and standin.shared(THEIRS, OTHER)
    assert f"these keys belong to account {OTHER} (arn:aws:" in err
    assert f"not to {accounts.CALLER}" in err
    assert "the keys were renewed, and are another account's" in err
    assert [json.loads(line)["image"] for line in path.read_text().splitlines()] == [FIRST]


@pytest.mark.parametrize("options", [(), ("--expect-account", accounts.CALLER)])
def test_keys_of_the_same_account_go_on(keyless, standin, tmp_path, options):
    process = Process(keyless, keys(seconds=2), keys("ASIAIOSFODNN7EXAMPLE", 3600))
    token = keyless.cilp.environment(key_id="ASIAIOSFODNN7EXAMPLE")["AWS_SESSION_TOKEN"]
    text = json.loads((process.folder / "1").read_text())
    (process.folder / "1").write_text(json.dumps({**text, "SessionToken": token}))
    path = tmp_path / "audit"
    code, out, err = batch(keyless, *options, "--audit", str(path))
    assert code == 0, (out, err)
    assert process.runs == 2 and not standin.shared(FIRST) and not standin.shared(SECOND)
    first, second = [json.loads(line) for line in path.read_text().splitlines()]
    assert first["access_key_id"] == accounts.CALLER_KEY
    assert second["access_key_id"] == "ASIAIOSFODNN7EXAMPLE"
    assert second["account"] == accounts.CALLER
    assert ":assumed-role/" in second["principal"]
    if options:
        assert ":user/alice" in first["principal"]
        assert actions(standin) == ["who", "cancel", "who", "cancel"]
    else:
        assert first["account"] is None  # nobody had asked yet
        assert actions(standin) == ["cancel", "who", "who", "cancel"]


def test_an_account_that_cannot_be_found_out_ends_it(keyless, standin):
    Process(keyless, keys(seconds=2), keys(seconds=3600))
    standin.always(action="GetCallerIdentity", error="AccessDenied", status=403)
    code, out, err = batch(keyless)
    assert code == 254 and out.count("cancelled") == 1 and standin.shared(SECOND), (out, err)
    assert "(AccessDenied) when calling the GetCallerIdentity operation" in err
    assert "whose they are could not be found out" in err


def test_keys_that_are_not_renewed_are_nobodys_business(keyless, standin):
    process = Process(keyless, keys(seconds=3600), keys(OTHER_KEY))
    code, _, err = batch(keyless, pause=0)
    assert code == 0 and process.runs == 1, err
    assert actions(standin) == ["cancel", "cancel"]


def test_keys_that_do_not_say_when_they_end_are_kept(keyless, standin):
    process = Process(keyless, keys(), keys(OTHER_KEY))
    code, _, err = batch(keyless, pause=0)
    assert code == 0 and process.runs == 1, err
    assert actions(standin) == ["cancel", "cancel"]


def test_a_renewal_that_fails_says_so_and_not_that_nobody_was_named(keyless, standin):
    process = Process(keyless, keys(seconds=2))
    code, out, err = batch(keyless, images=(FIRST, SECOND, IMAGE))
    assert code == 253 and out.count("cancelled") == 1, (out, err)
    assert "no credentials from process" in err and "no more keys" in err
    assert "no source of credentials was named" not in err
    assert process.runs == 2 and standin.shared(SECOND) and standin.shared(IMAGE)


def test_a_source_that_could_not_be_reached_is_asked_again(keyless, standin):
    """Its network, not its answer: the next image may have more luck."""
    flow_env = {**standin.source_environment("imds"), "AWS_EC2_METADATA_DISABLED": None,
                "AWS_PROFILE": None}
    standin.next({"action": "token", "cut_reply": 0, "times": 3})
    process = keyless.cilp.start(
        "cancel", "ami-000000000000005a2", FIRMWARE, "--no-verify",
        env={**keyless.environment(TURNS), **flow_env},
    )
    out, err = (text.decode() for text in process.communicate(timeout=30))
    assert process.returncode == 253, (out, err)
    assert f"{FIRMWARE}  cancelled" in out.replace("   ", "  ")
    assert "no credentials from imds" in err
    assert "no source of credentials was named" not in err


# ---- In a single call ----


def test_keys_that_end_between_who_and_cancel_are_not_renewed_unasked(keyless, standin):
    """The guard's answer takes so long that the keys run out meanwhile."""
    process = Process(keyless, keys(seconds=2), keys(OTHER_KEY, 3600))
    shared_with_both(standin)
    standin.next({"action": "GetCallerIdentity", "stall": 3})
    done = keyless.cilp(
        "cancel", THEIRS, "--profile", "turns", "--no-verify",
        "--expect-account", accounts.CALLER, env=keyless.environment(TURNS),
    )
    # with the keys that were asked about, which the stand-in still takes
    assert done.code == 0 and not standin.shared(THEIRS), done
    assert standin.shared(THEIRS, OTHER) and process.runs == 1


def test_looks_after_a_cancel_are_the_same_accounts(keyless, standin):
    """What another account sees says nothing about this one's."""
    process = Process(keyless, keys(seconds=2), keys(OTHER_KEY, 3600))
    standin.next({"stall": 2.5})
    done = keyless.cilp("cancel", FIRST, "--profile", "turns",
                        env=keyless.environment(TURNS))
    assert done.code == 0 and "cancelled" in done.out, done
    assert f"these keys belong to account {OTHER}" in done.err
    assert process.runs == 2
    assert actions(standin) == ["cancel", "who", "who"]


# ---- Roles that change ----


def test_the_role_of_the_instance_may_change_its_account(keyless, standin):
    """The same instance, another role: another account's keys the second time."""
    env = {**standin.source_environment("imds"), "AWS_EC2_METADATA_DISABLED": None,
           "AWS_PROFILE": None}
    standin.always(expiration=2)
    other = {"Code": "Success", "AccessKeyId": OTHER_KEY,
             "SecretAccessKey": accounts.SECRET, "Token": "",
             "Expiration": now_iso(3600)}
    process = keyless.cilp.start(
        "cancel", "-", "--no-verify", stdin=subprocess.PIPE,
        env={**keyless.environment(TURNS), **env},
    )

    def feed():
        process.stdin.write(f"{FIRMWARE}\n".encode())
        process.stdin.flush()
        time.sleep(2.5)
        standin.always(action="credentials", text=json.dumps(other))
        process.stdin.write(b"ami-000000000000005a2\n")
        process.stdin.close()

    threading.Thread(target=feed, daemon=True).start()
    out, err = process.stdout.read().decode(), process.stderr.read().decode()
    assert process.wait(30) == 253, (out, err)
    assert out.count("cancelled") == 1
    assert f"these keys belong to account {OTHER}" in err
