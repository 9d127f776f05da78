"""A link named aws: what each setting of the AWS CLI does here, the same, refused before
anything is sent, or ignored. The table is the one of boards/linux/README.md; Debian's
awscli says what exists, and what it would do where it can tell without a network.
"""

import json
import os
import re
import subprocess
from pathlib import Path

import pytest
from conftest import TESTS

IMAGE = "ami-0abcdef1234567890"
WORDS = ("ec2", "cancel-image-launch-permission")
JSON = '{\n    "Return": true\n}\n'
THEIRS = Path("/usr/bin/aws")
DATA = Path("/usr/lib/python3/dist-packages/awscli/data/cli.json")

VALUES = {
    "--query": "Return",
    "--cli-error-format": "json",
    "--cli-input-json": "{}",
    "--cli-input-yaml": "a: b",
    "--generate-cli-skeleton": "input",
    "--color": "off",
    "--cli-binary-format": "raw-in-base64-out",
}
HARMLESS = {
    "AWS_CLI_ERROR_FORMAT": "json",
    "AWS_ACCOUNT_ID": "999999999999",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE": "required",
    "AWS_EC2_METADATA_V1_DISABLED": "false",
    "AWS_STS_REGIONAL_ENDPOINTS": "legacy",
    "AWS_DEFAULTS_MODE": "in-region",
    "AWS_ENDPOINT_DISCOVERY_ENABLED": "true",
    "AWS_CSM_ENABLED": "true",
    "AWS_CSM_HOST": "192.0.2.1",
    "AWS_CSM_PORT": "1",
    "AWS_CSM_CLIENT_ID": "x",
    "cli_error_format": "json",
    "data_path": "/nowhere",
    "api_versions": "\n  ec2 = 2015-03-01",
    "aws_account_id": "999999999999",
    "account_id_endpoint_mode": "required",
    "ec2_metadata_v1_disabled": "false",
    "sts_regional_endpoints": "legacy",
    "defaults_mode": "in-region",
    "endpoint_discovery_enabled": "true",
    "csm_enabled": "true",
    "csm_host": "192.0.2.1",
    "csm_port": "1",
    "csm_client_id": "x",
    "AWS_PAGER": "less",
    "AWS_CLI_AUTO_PROMPT": "on",
    "AWS_CLI_FILE_ENCODING": "UTF-8",
    "AWS_DATA_PATH": "/nowhere",
    "AWS_CLI_HISTORY_FILE": "/nowhere/history.db",
    "cli_pager": "less",
    "cli_auto_prompt": "on",
    "cli_binary_format": "base64",
    "cli_timestamp_format": "iso8601",
    "cli_history": "enabled",
    "parameter_validation": "false",
    "tcp_keepalive": "true",
}


def table():
    """The README's rows: kind, then the names that are the same, refused, ignored."""
    text = (TESTS.parent / "boards/linux/README.md").read_text()
    rows = re.findall(r"^\|(.*)\|$", text.partition("| what | same |")[2], re.MULTILINE)
    found = {}
    for row in rows[1:6]:
        kind, *cells = (cell.strip() for cell in row.split("|"))
        found[kind] = [re.findall(r"`([^`]+)`", cell) for cell in cells]
    return found


TABLE = table()
SAME, REFUSED, IGNORED = range(3)


def aws(cilp, *words, **more):
    """aws ec2 cancel-image-launch-permission ..."""
    return cilp(*WORDS, *words, name="aws", **more)


def theirs(cilp, *words, env=None):
    """The same of Debian's awscli."""
    if not THEIRS.exists():
        pytest.skip("needs Debian's awscli")
    return subprocess.run(
        [THEIRS, *words],
        env={**cilp.environment(env=env), "PATH": "/usr/bin:/bin", "HOME": "/nonexistent"},
        capture_output=True,
        text=True,
        check=False,
    )


def configured(tmp_path, line):
    """Variables that name a config file with a line in its default profile."""
    path = tmp_path / "config"
    path.write_text(f"[default]\n{line}\n")
    return {"AWS_CONFIG_FILE": str(path)}


# ---- The table ----


def test_the_table_has_every_global_option_of_debian_s_aws_cli():
    if not DATA.exists():
        pytest.skip("needs Debian's awscli")
    options = {f"--{name}" for name in json.loads(DATA.read_text())["options"]}
    assert options <= {name for names in TABLE["options"] for name in names}


def test_each_setting_of_debian_s_botocore_has_its_place():
    """In the table, or on the manual page as one that counts."""
    provider = pytest.importorskip("botocore.configprovider")
    page = (TESTS.parent / "boards/linux/cilp.1").read_text()
    keys = set(sum(TABLE["a profile's keys"], []))
    variables = set(sum(TABLE["variables"], []))
    unknown = set()
    for key, names, *_ in provider.BOTOCORE_DEFAUT_SESSION_VARIABLES.values():
        names = [names] if isinstance(names, str) else names or []
        unknown |= {n for n in names if n not in variables and not re.search(rf"\b{n}\b", page)}
        # a key whose variable counts does so itself: test_settings.py, test_chain.c
        if key and key not in keys and not re.search(rf"\bAWS_{key.upper()}\b", page):
            unknown.add(key)
    assert not unknown


def test_a_variable_is_not_believed_whose_the_keys_are(cilp, standin):
    env = {"AWS_ACCOUNT_ID": "999999999999"}
    done = cilp.cancel(IMAGE, "--expect-account", "999999999999", env=env)
    done.failed(253, "999999999999", "123456789012")
    assert standin.shared(IMAGE)


def test_the_table_is_tested_whole():
    ignored = TABLE["variables"][IGNORED] + TABLE["a profile's keys"][IGNORED]
    assert set(ignored) == set(HARMLESS)
    assert TABLE["variables"][SAME] == ["AWS_DEFAULT_OUTPUT"]
    assert len(TABLE["options"][SAME]) == 12 and len(TABLE["outputs"][REFUSED]) == 3


@pytest.mark.parametrize("name", TABLE["options"][REFUSED])
def test_what_cannot_be_kept_is_refused_before(cilp, standin, name):
    value = (VALUES[name],) if name in VALUES else ()
    done = aws(cilp, "--image-id", IMAGE, name, *value)
    done.failed(252, f"\naws: [ERROR]: An error occurred (ParamValidation): argument {name}: ")
    assert standin.shared(IMAGE) and not standin.connections()


@pytest.mark.parametrize("name", TABLE["options"][IGNORED])
@pytest.mark.parametrize("is_first", [True, False])
def test_what_does_no_harm_is_ignored(cilp, standin, name, is_first):
    more = (name, VALUES[name]) if name in VALUES else (name,)
    words = (*more, *WORDS) if is_first else (*WORDS, *more)
    done = cilp(*words, "--image-id", IMAGE, name="aws")
    assert (done.code, done.out, done.err) == (0, JSON, "")
    assert not standin.shared(IMAGE)


@pytest.mark.parametrize("name", sorted(HARMLESS))
def test_other_settings_are_ignored(cilp, standin, tmp_path, name):
    if name.startswith("AWS_"):
        env = {name: HARMLESS[name]}
    else:
        env = configured(tmp_path, f"{name} = {HARMLESS[name]}")
    done = aws(cilp, "--image-id", IMAGE, env=env)
    assert (done.code, done.out, done.err) == (0, JSON, "")
    assert not standin.shared(IMAGE)


# ---- Output ----

PRINTED = {"json": JSON, "text": "True\n", "off": ""}


def wishes(tmp_path, output):
    """The three ways to wish for an output: words and variables."""
    return [
        (("--output", output), {}),
        ((), {"AWS_DEFAULT_OUTPUT": output}),
        ((), configured(tmp_path, f"output = {output}")),
    ]


@pytest.mark.parametrize("way", range(3))
@pytest.mark.parametrize("output", TABLE["outputs"][SAME])
def test_an_output_is_wished_for_in_three_ways(cilp, standin, tmp_path, output, way):
    words, env = wishes(tmp_path, output)[way]
    done = aws(cilp, "--image-id", IMAGE, *words, env=env)
    assert (done.code, done.out, done.err) == (0, PRINTED[output], "")
    assert not standin.shared(IMAGE)


@pytest.mark.parametrize("way", range(3))
@pytest.mark.parametrize("output", [*TABLE["outputs"][REFUSED], "jsno", "ids"])
def test_an_output_that_is_not_offered_is_refused_before(
    cilp, standin, tmp_path, output, way
):
    words, env = wishes(tmp_path, output)[way]
    done = aws(cilp, "--image-id", IMAGE, *words, env=env)
    said = ["--output", "AWS_DEFAULT_OUTPUT", "output"][way]
    done.failed(253 if way else 252, f"{said} ", output, "json")
    assert standin.shared(IMAGE) and not standin.connections()


def test_the_option_wins_over_the_variable_over_the_profile(cilp, standin, tmp_path):
    profile = configured(tmp_path, "output = text")
    env = {**profile, "AWS_DEFAULT_OUTPUT": "json"}
    assert aws(cilp, "--image-id", IMAGE, env=env).out == JSON
    standin.reset()
    assert aws(cilp, "--image-id", IMAGE, "--output", "text", env=env).out == "True\n"
    standin.reset()
    env = {**profile, "AWS_DEFAULT_OUTPUT": ""}
    assert aws(cilp, "--image-id", IMAGE, env=env).out == "True\n"


def test_our_own_spelling_has_its_own_default(cilp, tmp_path):
    env = {**configured(tmp_path, "output = yaml"), "AWS_DEFAULT_OUTPUT": "json"}
    assert cilp.cancel(IMAGE, env=env).out.startswith(f"{IMAGE} cancelled")


@pytest.mark.parametrize("way", [1, 2])
def test_debian_s_aws_cli_prints_the_same(cilp, standin, tmp_path, way):
    _, env = wishes(tmp_path, "text")[way]
    url = standin.url("rsa")
    done = theirs(cilp, *WORDS, "--image-id", IMAGE, "--endpoint-url", url, env=env)
    standin.reset()
    ours = aws(cilp, "--image-id", IMAGE, env=env)
    assert (ours.code, ours.out) == (done.returncode, done.stdout) == (0, "True\n")


# ---- Values ----


@pytest.mark.parametrize("value", ["file:///etc/hostname", "file://none", "fileb://x"])
def test_no_id_is_read_out_of_a_file(cilp, standin, value):
    done = aws(cilp, "--image-id", value)
    done.failed(252, "Error parsing parameter '--image-id': Unable to load paramfile", value)
    assert not standin.connections()


# What both refuse before anything is sent, with the same code.
@pytest.mark.parametrize(
    "words, said",
    [
        (WORDS, "the following arguments are required: --image-id"),
        ((*WORDS, "--image-id"), ""),
        ((*WORDS, "--image-id", IMAGE, "--region", "--dry-run"), "expected one argument"),
        ((*WORDS, "--image-id", IMAGE, "--nonsense"), ""),
        ((*WORDS, "--image-id", IMAGE, "--output", "jsno"), ""),
        ((*WORDS, "--image-id", IMAGE, "--dry-run=true"), ""),
        ((*WORDS, "--image-id", "file://none"), "Unable to load paramfile "),
        (("ec2", "cancel-image-launch-permissions"), ""),
        (("ec2",), ""),
        ((), ""),
    ],
)
def test_debian_s_aws_cli_refuses_it_too(cilp, words, said):
    done = theirs(cilp, *words)
    ours = cilp(*words, name="aws")
    assert (ours.code, ours.out) == (done.returncode, done.stdout) == (252, "")
    assert said in ours.err and said in done.stderr


# ---- What is not the AWS CLI ----


@pytest.mark.parametrize(
    "words",
    [
        ("ec2", "describe-images", "--image-ids", IMAGE),
        ("s3", "ls", "--recursive"),
        ("--output", "table", "sts", "get-caller-identity"),
        ("configure", "list"),
        ("cancel", IMAGE),
    ],
)
def test_another_command_is_told_whom_it_met(cilp, standin, words):
    done = cilp(*words, name="aws")
    done.failed(252, "this program is cilp, not the AWS CLI, and has no '", "its one command is")
    assert not standin.connections()


def test_the_link_s_help_is_of_its_one_command(cilp):
    shown = cilp("help", name="aws").out
    assert shown.startswith("usage: aws ec2 cancel-image-launch-permission --image-id")
    assert cilp(*WORDS, "help", name="aws").out == shown
    assert cilp("ec2", "help", name="aws").out == shown
    assert "standard input" not in shown and "--max" not in shown


def test_the_link_may_lie_anywhere(cilp, standin, tmp_path):
    (tmp_path / "aws").symlink_to(cilp.path)
    done = subprocess.run(
        [tmp_path / "aws", *WORDS, "--image-id", IMAGE],
        env={**cilp.environment(), "HOME": os.devnull},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, JSON, "")
    assert not standin.shared(IMAGE)
