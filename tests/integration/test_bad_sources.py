"""What a source may get wrong: each ends with 253 and one line that says what was read
from where and what is wrong with it; nobody else is asked; no secret is shown.
"""

import pytest
from keyless import CANCEL, FIRMWARE, FLOWS, KEYS, ON

# Attempts and patience that keep these tests short.
HASTE = {"AWS_MAX_ATTEMPTS": "1", "AWS_METADATA_SERVICE_NUM_ATTEMPTS": "1"}
SHORT = ("--cli-read-timeout", "1", "--cli-connect-timeout", "1")

# Flow, listener, action: each question that is asked on the way to keys.
QUESTIONS = {
    "imds-token": ("imds", "imds", "token"),
    "imds-role": ("imds", "imds", "role"),
    "imds-keys": ("imds", "imds", "credentials"),
    "container": ("container", "container", "credentials"),
    "container-https": ("container-https", "container-https", "credentials"),
    "web": ("web", "sts", "AssumeRoleWithWebIdentity"),
    "role": ("role", "sts", "AssumeRole"),
    "sso": ("sso", "sso", "GetRoleCredentials"),
}
DOCUMENTS = ("imds-keys", "container", "sso")

WELL_FORMED = "not one well-formed JSON object"
JSON = {
    "wrong-case": "without a whole set of keys",
    "duplicate": "stands twice",
    "missing": "without a whole set of keys",
    "null": "without a whole set of keys",
    "number": "of another type",
    "empty": "the secret access key is too long, missing or not printable ASCII",
    "nested": "of another type",
    "control": WELL_FORMED,
    "nul": "or with a control character",
    "line-break": "or with a control character",
    "surrogate": WELL_FORMED,
    "bad-escape": WELL_FORMED,
    "deep": "too long or too deep",
    "array": WELL_FORMED,
    "bare": WELL_FORMED,
    "half": WELL_FORMED,
    "trailing": WELL_FORMED,
    "bom": WELL_FORMED,
}

# What any service may do, and what is then said.
REPLIES = {
    "no-reply": ({"cut_reply": 0}, "hung up"),
    "cut-head": ({"cut_reply": 30}, "hung up"),
    "ended-head": ({"cut_reply": 30, "how": "close_notify"}, "hung up"),
    "reset": ({"cut_reply": 30, "how": "rst"}, ""),
    "redirect": ({"redirect": "http://127.0.0.1:9/", "status": 302}, "HTTP status 302"),
    "two-framings": ({"framing": "both"}, "two kinds of framing"),
    "two-lengths": ({"framing": "two-lengths"}, "bad Content-Length"),
    "bad-chunk": ({"framing": "bad-chunk"}, "bad chunk size"),
    "long-line": ({"header_line": 9000}, "header line too long"),
    "long-head": ({"head_bytes": 70000}, "head too long"),
    "page": ({"status": 200, "body": "html", "act": True}, ""),
    "proxy": ({"status": 502, "body": "html"}, "HTTP status 502"),
    "no-body": ({"text": ""}, ""),
    "wrong-status": ({"status": 204, "body": "empty"}, "HTTP status 204"),
}


def is_refused(keyless, question, order, *fragments, options=("", "--debug")):
    """Once as it is, once with --debug."""
    name, listener, action = QUESTIONS[question]
    flow = FLOWS[name]
    for more in options:
        keyless.standin.reset()
        keyless.standin.for_listener(listener, action=action, **order)
        done = keyless.run(flow, *SHORT, *filter(None, [more]), env=HASTE)
        assert done.code == 253, done
        if not more:
            where = f"localhost:{keyless.standin.port(listener)}: "
            done.failed(253, f"no credentials from {flow.kind}", *fragments)
            assert where in done.err, done
        last = (listener.split("-")[0], action)
        wanted = flow.asked[: flow.asked.index(last) + 1]
        assert keyless.asked() == wanted
    return True


@pytest.mark.parametrize("question", DOCUMENTS)
@pytest.mark.parametrize("kind", JSON)
def test_a_document_that_is_wrong(keyless, question, kind):
    assert is_refused(keyless, question, {"json": kind}, JSON[kind])


@pytest.mark.parametrize("question", DOCUMENTS)
@pytest.mark.parametrize("kind", ["escapes", "strangers"])
def test_a_document_that_is_odd(keyless, question, kind):
    name, listener, action = QUESTIONS[question]
    keyless.standin.for_listener(listener, action=action, json=kind)
    keyless.cancelled(FLOWS[name], keyless.run(FLOWS[name]))


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("reply", REPLIES)
def test_a_reply_that_is_none(keyless, question, reply):
    order, fragment = REPLIES[reply]
    assert is_refused(keyless, question, order, fragment)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_service_that_is_silent(keyless, question):
    order = {"stall": 8}
    assert is_refused(keyless, question, order, "silent for too long", options=[""])


# XML streams, of any length; these are gathered.
@pytest.mark.parametrize("question", [*DOCUMENTS, "imds-token", "imds-role"])
def test_a_reply_that_is_too_long(keyless, question):
    assert is_refused(keyless, question, {"body_bytes": 200_000}, "too long")


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_reply_that_lacks_its_last_bytes(keyless, question):
    name, listener, action = QUESTIONS[question]
    keyless.run(FLOWS[name])
    keyless.standin.settle()
    (sent,) = [
        r["reply_sent"] for r in keyless.standin.requests() if r["action"] == action
    ]
    assert is_refused(keyless, question, {"cut_reply": sent - 3}, "")


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_a_refusal_is_quoted(keyless, question, status):
    order = {"error": "SomeCode", "message": "it <is> so", "status": status}
    fragments = [f"HTTP status {status}"]
    if question in ("imds-role", "imds-keys") and status == 404:
        fragments = ["the instance has no role"]
    elif not question.startswith("imds"):
        fragments += ["SomeCode: it <is> so"]
    assert is_refused(keyless, question, order, *fragments, options=[""])


def test_an_error_in_a_200(keyless):
    order = {"error": "AssumeRoleUnauthorizedAccess", "message": "EC2 cannot assume it"}
    fragment = "AssumeRoleUnauthorizedAccess: EC2 cannot assume it"
    assert is_refused(keyless, "imds-keys", order, fragment)


@pytest.mark.parametrize(
    "text", ["a/b", "a b", "../../x", "a\r\nX-Injected: yes", "x" * 65, "a\nb"]
)
def test_a_role_s_name_that_is_none(keyless, text):
    fragment = "a role's name has 1 to 64 of"
    assert is_refused(keyless, "imds-role", {"text": text}, fragment)


@pytest.mark.parametrize("text", ["a b", "a\r\nX-Injected: yes", "x" * 4097, "\x7f"])
def test_an_instance_s_token_that_is_none(keyless, text):
    fragment = "an answer that is not of this service"
    assert is_refused(keyless, "imds-token", {"text": text}, fragment)


def test_the_hop_limit_is_thought_of(keyless):
    keyless.standin.for_listener("imds", action="token", stall=5)
    done = keyless.run(FLOWS["imds"], env=HASTE)
    assert done.failed(253, "silent", "hop limit may be 1")


@pytest.mark.parametrize("name", ["container-https", "web", "role", "sso"])
def test_a_service_without_a_good_certificate(keyless, name):
    """The built-in roots know nothing of the stand-in's."""
    keyless.profiles(
        "[profile rootless]\nsso_session = standin\nsso_account_id = 555566667777\n"
        "sso_role_name = by-sso\n"
        "[profile rootless-role]\nrole_arn = arn:aws:iam::555566667777:role/deployer\n"
        "credential_source = Environment\n"
    )
    flow = FLOWS[name]
    profile = {"sso": "rootless", "role": "rootless-role"}.get(name)
    options = ("--profile", profile) if profile else ()
    env = {**keyless.environment(flow), **HASTE, "AWS_CA_BUNDLE": None}
    env.pop("AWS_PROFILE", None)
    if name == "role":
        env.update(KEYS)
    done = keyless.cilp.cancel(FIRMWARE, *options, env=env)
    done.failed(253, "no credentials from", "not in the built-in Amazon roots")
    assert keyless.asked() == []


@pytest.mark.parametrize("name", ["imds", "container", "web"])
def test_nobody_is_there(keyless, name):
    """Port 1 of loopback: there is no second choice, either."""
    env = {
        "imds": {"AWS_EC2_METADATA_SERVICE_ENDPOINT": "http://127.0.0.1:1"},
        "container": {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:1/x"},
        "web": {"AWS_ENDPOINT_URL_STS": "https://127.0.0.1:1"},
    }[name]
    # The instance would have keys for the other two.
    if name != "imds":
        env = {**keyless.standin.source_environment("imds"), **ON, **env}
    # Half of the deadline is waited for an agent, which is said once.
    done = keyless.run(FLOWS[name], "--deadline", "4", env={**env, **HASTE})
    assert done.code == 253 and done.out == "", done
    *_, last = done.err.splitlines()
    assert f"no credentials from {FLOWS[name].kind}: 127.0.0.1:1" in last, done
    assert done.err.count("\n") == (2 if name == "container" else 1)
    assert keyless.asked() == []


@pytest.mark.parametrize(
    "name, order, code",
    [
        ("web", {"error": "AccessDenied", "status": 403}, 254),
        ("web", {"cut_reply": 0}, 255),
        ("imds", {"status": 403}, 253),
        ("imds", {"cut_reply": 0}, 253),
        ("container", {"json": "missing"}, 253),
        ("container", {"cut_reply": 0}, 255),
    ],
)
def test_the_aws_cli_s_spelling_has_its_exit_codes(keyless, name, order, code):
    keyless.standin.always(**order)
    env = {**keyless.environment(FLOWS[name]), **HASTE}
    done = keyless.cilp.aws(FIRMWARE, env=env)
    keyless.saw_no_secret(done)
    assert done.code == code and "aws: [ERROR]: " in done.err
    assert CANCEL[0] not in keyless.asked()
