"""Keys that cannot be keys: nothing is signed with them, and nobody is shown what may be a
secret, whichever source they are of and wherever an id is printed otherwise.
"""

import json

import accounts
import pytest
from keyless import FLOWS, IMAGE, Flow, login_file, process_output

ID = "AKIAIOSFODNN7EXAMPLE"
SECRET = accounts.SECRET
PLAIN = SECRET.replace("/", "x").replace("+", "y")  # one secret in four looks like an id
SHAPE = "an access key id has 16 to 128 of A-Z a-z 0-9 _"
SWAPPED = "the secret access key is an access key id; are the two exchanged?"
QUOTED = "in quotes, which would be part of it; leave them out"
NO_TOKEN = "temporary keys (their id begins with ASIA) without their session token"

# Id, secret, token: what is said.
ROWS = {
    "swapped": (SECRET, ID, None, SWAPPED),
    "swapped, without a slash": (PLAIN, ID, None, SWAPPED),
    "swapped, of temporary keys": (PLAIN, "ASIAIOSFODNN7EXAMPLE", "token", SWAPPED),
    "the secret twice": (SECRET, SECRET, None, SHAPE),
    "an e-mail address": ("someone@example.com", SECRET, None, SHAPE),
    "too short": ("AKIAIOSFODNN7EX", SECRET, None, SHAPE),
    "too long": ("A" * 129, SECRET, None, SHAPE),
    "quotes": (f'"{ID}"', f'"{SECRET}"', None, QUOTED),
    "quotes of the secret": (ID, f"'{SECRET}'", None, QUOTED),
    "quotes of the token": (ID, SECRET, '"IQoJb3JpZ2luX2VjE"', QUOTED),
    "no token": ("ASIAIOSFODNN7EXAMPLE", SECRET, None, NO_TOKEN),
}


def written(keys, separator=" = "):
    """As a section of a file has them."""
    names = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
    return "".join(f"{n}{separator}{v}\n" for n, v in zip(names, keys) if v)


def sts(keys, action):
    """A reply of STS."""
    tags = zip(("AccessKeyId", "SecretAccessKey", "SessionToken"), keys)
    inner = "".join(f"<{tag}>{value or ''}</{tag}>" for tag, value in tags)
    space = 'xmlns="https://sts.amazonaws.com/doc/2011-06-15/"'
    return (
        f"<{action}Response {space}><{action}Result><Credentials>{inner}"
        "<Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>"
        f"</{action}Result></{action}Response>"
    )


def document(keys, names, **more):
    """A reply in JSON."""
    return {**{n: v for n, v in zip(names, keys) if v is not None}, **more}


LONG = ("AccessKeyId", "SecretAccessKey", "Token")
SHORT = ("accessKeyId", "secretAccessKey", "sessionToken")


def arrange(keyless, source, keys):
    """Has the source give them; the flow that asks it."""
    standin = keyless.standin
    if source == "environment":
        names = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
        return Flow("environment", [], env=dict(zip(names, keys)), image=IMAGE)
    if source == "credentials-file":
        keyless.credentials("[filed]\n" + written(keys))
        return FLOWS["credentials-file"]
    if source == "config-file":
        keyless.profiles("[profile own]\n" + written(keys))
        return Flow("config-file", [], options=("--profile", "own"), image=IMAGE)
    if source == "role":
        keyless.profiles("[profile own]\n" + written(keys))
        keyless.profiles(
            "[profile of-own]\nrole_arn = arn:aws:iam::123456789012:role/r\n"
            "source_profile = own\n"
        )
        return Flow("assume-role", [], options=("--profile", "of-own"), image=IMAGE)
    if source == "process":
        named = document(keys, (*LONG[:2], "SessionToken"))
        keyless.spoken.write_text(process_output(**named))
        return FLOWS["process"]
    if source == "login":
        login_file(keyless.home, **document(keys, SHORT))
        return FLOWS["login"]
    replies = {
        "imds": ("credentials", json.dumps(document(keys, LONG, Code="Success"))),
        "container": ("credentials", json.dumps(document(keys, LONG))),
        "sso": (
            "GetRoleCredentials",
            json.dumps({"roleCredentials": document(keys, SHORT, expiration=4070908800000)}),
        ),
        "web": ("AssumeRoleWithWebIdentity", sts(keys, "AssumeRoleWithWebIdentity")),
    }
    action, text = replies[source]
    listener = "sts" if source == "web" else source
    standin.for_listener(listener, action=action, text=text, status=200)
    return FLOWS[source]


WRITTEN = ["environment", "credentials-file", "config-file", "role", "login"]
ASKED = ["imds", "container", "sso", "web"]
CASES = [(s, row) for s in [*WRITTEN, "process", *ASKED] for row in ROWS]
# What a process speaks to may know ids of its own; STS without a token gives no whole set.
CASES.remove(("process", "no token"))


@pytest.mark.parametrize("source, row", CASES)
def test_keys_that_cannot_be_keys(keyless, tmp_path, source, row):
    *keys, said = ROWS[row]
    if source == "web" and row in ("no token", "too long"):
        said = "a reply without a whole set of keys"
    elif source == "web":
        keys[2] = keys[2] or "a-token"
    flow = arrange(keyless, source, keys)
    audit = tmp_path / "audit"
    env = keyless.environment(flow)
    texts = []
    for words in (
        ("cancel", flow.image, "--no-verify", "--audit", str(audit)),
        ("cancel", flow.image, "--no-verify", "--debug"),
        ("doctor",),
        ("doctor", "--output", "json"),
    ):
        done = keyless.cilp(*words, *flow.options, env=env)
        assert done.code == 253 and said in done.err + done.out, done
        texts += [done.err, done.out]
    text = "".join(texts) + (audit.read_text() if audit.exists() else "")
    for hidden in {SECRET, PLAIN, *keys} - {None, "token", "a-token"}:
        assert hidden.strip("\"'") not in text, hidden
    assert keyless.standin.settle()
    for request in keyless.standin.requests():
        names = [name.lower() for name, _ in request["headers"]]
        assert "authorization" not in names, request


def test_the_place_is_named(keyless):
    keys = ROWS["swapped"][:3]
    flow = arrange(keyless, "environment", keys)
    done = keyless.cilp.cancel(IMAGE, env=keyless.environment(flow))
    done.failed(253, "no credentials from environment: " + SWAPPED)
    flow = arrange(keyless, "credentials-file", keys)
    done = keyless.cilp.cancel(IMAGE, *flow.options, env=keyless.environment(flow))
    done.failed(253, f"{keyless.home}/.aws/credentials: {SWAPPED}")


def test_what_a_process_gives_without_a_token_is_tried(keyless):
    flow = arrange(keyless, "process", ROWS["no token"][:3])
    done = keyless.cilp.cancel(IMAGE, *flow.options, env=keyless.environment(flow))
    assert done.code == 254 and NO_TOKEN not in done.err
