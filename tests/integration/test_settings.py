"""Variables, numbers and commands as they lie around: an empty variable is none, a number
beyond what is done is cut with a note, a command is run as it stands.
"""

import datetime
import json
import re
import time

import accounts
import pytest
import sources
from conftest import TESTS
from keyless import FIRMWARE, FLOWS, IMAGE, NO_KEYS, Flow, login_file, process_output

PAGE = TESTS.parent / "boards/linux/cilp.1"


def variables():
    """All that the manual page describes."""
    text = PAGE.read_text().partition("\n.Sh ENVIRONMENT\n")[2].partition("\n.Sh ")[0]
    lines = re.findall(r"^\.It Ev (.*)$", text, re.MULTILINE)
    return [name for line in lines for name in line.split(" , ")]


def has_notes(done, *notes):
    """Exit 0, and these lines on standard error."""
    assert done.code == 0, done
    assert done.err.splitlines() == [f"cilp: note: {note}" for note in notes], done
    return True


# ---- Empty variables ----

def test_the_page_has_the_variables_that_lie_around():
    assert len(variables()) > 35
    assert {"AWS_CONFIG_FILE", "AWS_PROFILE", "AWS_CA_BUNDLE"} <= set(variables())


@pytest.mark.parametrize("source", ["files", "imds", "container"])
def test_all_of_them_empty_are_none_of_them(keyless, source):
    keyless.profiles("[default]\nregion = us-east-1\n")
    flow = FLOWS[source] if source != "files" else Flow("config-file", [], image=IMAGE)
    if source == "files":
        keyless.credentials(
            f"[default]\naws_access_key_id = {accounts.CALLER_KEY}\n"
            f"aws_secret_access_key = {accounts.SECRET}\n"
        )
    env = keyless.environment(flow)
    env["AWS_CA_BUNDLE"] = str(keyless.standin.ca_bundle)
    env["AWS_ENDPOINT_URL_EC2"] = keyless.url("rsa")
    empty = {name: "" for name in variables() if not env.get(name)}
    assert "AWS_CONFIG_FILE" in empty and "AWS_ROLE_ARN" in empty
    done = keyless.cilp.cancel(flow.image, env={**env, **empty})
    keyless.cancelled(flow, done)


@pytest.mark.parametrize("name", variables())
def test_an_empty_one_is_as_one_that_is_not_set(keyless, name):
    keyless.profiles(f"[default]\nregion = us-east-1\nca_bundle = {keyless.standin.ca_bundle}\n")
    keyless.profiles(f"[services s]\nec2 =\n  endpoint_url = {keyless.url('rsa')}\n")
    keyless.profiles("[profile of-files]\nservices = s\nregion = us-east-1\n")
    keyless.profiles(f"ca_bundle = {keyless.standin.ca_bundle}\n")
    keyless.profiles(f"ec2_metadata_service_endpoint = {keyless.url('imds')}\n")
    bare = dict.fromkeys(keyless.cilp.environment())
    env = {**bare, "HOME": str(keyless.home), "AWS_DEFAULT_PROFILE": "of-files"}
    if name == "AWS_DEFAULT_PROFILE":
        env["AWS_PROFILE"] = "of-files"
    done = keyless.cilp.cancel(FIRMWARE, env={**env, name: ""})
    if name == "AWS_CA_BUNDLE":
        done.failed(253, "AWS_CA_BUNDLE is empty")
    else:
        assert (done.code, done.err) == (0, ""), done


# ---- Numbers ----

IMDS_NUMBERS = {
    "AWS_METADATA_SERVICE_NUM_ATTEMPTS": ("metadata_service_num_attempts", 10),
    "AWS_METADATA_SERVICE_TIMEOUT": ("metadata_service_timeout", 3600),
}


@pytest.mark.parametrize("value", ["50", "100000", "99999999999999999999"])
@pytest.mark.parametrize("variable", IMDS_NUMBERS)
@pytest.mark.parametrize("is_key", [False, True])
def test_a_number_for_the_metadata_service_is_cut(keyless, variable, value, is_key):
    key, most = IMDS_NUMBERS[variable]
    env = {} if is_key else {variable: value}
    if is_key:
        keyless.profiles(f"[default]\n{key} = {value}\n")
    done = keyless.run(FLOWS["imds"], env=env)
    if int(value) <= most:
        assert has_notes(done)
        return
    name = key if is_key else variable
    assert has_notes(done, f"'{name}' is more than {most}, which is taken instead")


@pytest.mark.parametrize("value", ["500", "100001", "99999999999999999999"])
def test_attempts_are_cut(cilp, value):
    done = cilp.cancel(IMAGE, env={"AWS_MAX_ATTEMPTS": value})
    assert has_notes(done, "AWS_MAX_ATTEMPTS is more than 10; 10 attempts are made")


def test_a_long_session_is_cut(keyless):
    keyless.profiles(
        "[profile long]\nrole_arn = arn:aws:iam::555566667777:role/deployer\n"
        "role_session_name = a-test\nsource_profile = base\nduration_seconds = 86400\n"
        f"region = us-east-1\nca_bundle = {keyless.standin.ca_bundle}\n"
    )
    done = keyless.run(Flow("assume-role", [], options=("--profile", "long")))
    assert has_notes(done, "'duration_seconds' is more than 43200, which is taken instead")
    assert "DurationSeconds=43200" in keyless.form()


@pytest.mark.parametrize("mode", ["legacy", "adaptive"])
def test_another_mode_of_retries_is_standard(cilp, mode):
    done = cilp.cancel(IMAGE, env={"AWS_RETRY_MODE": mode})
    assert has_notes(done, f"AWS_RETRY_MODE={mode} is treated as standard")


@pytest.mark.parametrize("variable", [*IMDS_NUMBERS, "AWS_MAX_ATTEMPTS"])
@pytest.mark.parametrize("value", ["0", "-1", "1.5", "many"])
def test_what_is_no_number_is_an_error(keyless, variable, value):
    done = keyless.run(FLOWS["imds"], env={variable: value})
    done.failed(253, variable)


# ---- Addresses ----

URLS = {
    "AWS_EC2_METADATA_SERVICE_ENDPOINT": "imds",
    "ec2_metadata_service_endpoint": "imds",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "container",
    "AWS_ENDPOINT_URL_SSO": "sso",
    "AWS_ENDPOINT_URL_STS": "web",
    "AWS_ENDPOINT_URL_EC2": "imds",
    "AWS_ENDPOINT_URL": "sso",
}


@pytest.mark.parametrize("url", ["http://user:hunter2@localhost:1", "https://hunter2@[::1]/x?y"])
@pytest.mark.parametrize("name", URLS)
def test_no_user_s_name_is_taken_in_an_address(keyless, name, url):
    env = {name: url} if name.startswith("AWS_") else {"AWS_EC2_METADATA_SERVICE_ENDPOINT": ""}
    if name == "AWS_ENDPOINT_URL":
        env.update(AWS_ENDPOINT_URL_EC2="", AWS_ENDPOINT_URL_SSO="", AWS_ENDPOINT_URL_STS="")
    if name == "ec2_metadata_service_endpoint":
        keyless.profiles(f"[default]\n{name} = {url}\n")
    flow = FLOWS[URLS[name]]
    env = keyless.environment(flow, env)
    done = keyless.cilp.cancel(flow.image, *flow.options, env=env)
    done.failed(253, "has a user's name in front of its host", "not shown")
    assert not keyless.standin.connections()
    looked = keyless.cilp("doctor", *flow.options, env=env)
    assert looked.code == 253 and "a user's name" in looked.out + looked.err, looked
    assert "hunter2" not in done.err + looked.out + looked.err


# ---- Bundles ----

# The first that is there is the one.
BUNDLES = ["AWS_CA_BUNDLE", "ca_bundle", "REQUESTS_CA_BUNDLE", "SSL_CERT_FILE"]


@pytest.mark.parametrize("first", range(len(BUNDLES)))
def test_which_bundle_counts(cilp, tmp_path, first):
    good, named = str(cilp.standin.ca_bundle), BUNDLES[first:]
    for bundle in (good, "/no/such"):
        files = {name: bundle if name == BUNDLES[first] else "/no/such" for name in named}
        key = files.pop("ca_bundle", None)
        (tmp_path / "config").write_text(f"[default]\nca_bundle = {key}\n" if key else "")
        env = {"AWS_CA_BUNDLE": None, "AWS_CONFIG_FILE": str(tmp_path / "config"), **files}
        done = cilp.cancel(IMAGE, env=env)
        if bundle == good:
            assert (done.code, done.err) == (0, "")
        else:
            done.failed(253, "'/no/such' does not exist", f"named by {BUNDLES[first]}")


def test_an_option_wins_over_all_bundles(cilp):
    env = dict.fromkeys([b for b in BUNDLES if b != "ca_bundle"], "/no/such")
    done = cilp.cancel(IMAGE, "--ca-bundle", str(cilp.standin.ca_bundle), env=env)
    assert (done.code, done.err) == (0, "")


# ---- Times ----


def moment(seconds, hours):
    """So many seconds from now, as a clock of that zone shows it."""
    zone = datetime.timezone(datetime.timedelta(hours=hours))
    then = datetime.datetime.now(zone) + datetime.timedelta(seconds=seconds)
    return then.isoformat(timespec="seconds")


@pytest.mark.parametrize("hours", [-8, -3.5, 0, 5.5, 14])
@pytest.mark.parametrize("source", ["process", "login", "sso"])
def test_a_time_has_a_zone(keyless, source, hours):
    """An hour from now is good wherever it was written down, an hour ago is not."""
    for seconds, code in ((3600, 0), (-3600, 253)):
        keyless.standin.reset()
        text = moment(seconds, hours)
        if source == "process":
            keyless.spoken.write_text(process_output(Expiration=text))
        elif source == "login":
            login_file(keyless.home, expiresAt=text)
        else:
            sources.sign_in(keyless.standin.folder, keyless.standin.front.settings.sso_token, text)
        done = keyless.run(FLOWS[source])
        assert done.code == code and ("expired" in done.err) == (code != 0), done


def test_a_time_of_the_environment_has_one(cilp):
    for seconds, hours in ((-60, 5.5), (-60, -8), (60, 5.5), (60, -8)):
        cilp.standin.reset()
        env = {"AWS_CREDENTIAL_EXPIRATION": moment(seconds, hours)}
        done = cilp.cancel(IMAGE, env=env)
        assert done.code == 0 and ("expired at" in done.err) == (seconds < 0), done


# ---- Commands ----


def run_process(keyless, command, *words):
    """cilp with a credential_process."""
    keyless.profiles(
        f"[profile told]\nregion = us-east-1\nca_bundle = {keyless.standin.ca_bundle}\n"
        f"credential_process = {command}\n"
    )
    env = {**NO_KEYS, "HOME": str(keyless.home)}
    words = words or ("cancel", IMAGE, "--no-verify")
    return keyless.cilp(*words, "--profile", "told", env=env)


def script(keyless, text):
    """A file that prints the keys once `text` has been run."""
    path = keyless.home / "helper.sh"
    path.write_text(f"#!/bin/sh\n{text}\ncat {keyless.spoken}\n")
    path.chmod(0o700)
    return path


@pytest.mark.parametrize("word", ["team #1", "a ; b", "#", "x  ;y"])
def test_a_command_is_no_value_to_cut(keyless, word):
    check = f'[ "$2" = "{word}" ] || exit 3'
    done = run_process(keyless, f'{script(keyless, check)} --item "{word}"')
    assert (done.code, done.err) == (0, ""), done


@pytest.mark.parametrize("rest", ["| jq .", "> /dev/null", "; true", "&& true"])
def test_a_pipe_is_a_word(keyless, rest):
    done = run_process(keyless, f"/bin/false {rest}")
    done.failed(253, "ended with exit status 1; no shell runs it")
    done = run_process(keyless, f"/bin/echo keys {rest}")
    done.failed(253, "credential_process of the profile 'told' printed no JSON object")
    assert "no shell runs it" in done.err and "keys" not in done.err.replace("no keys", "")


@pytest.mark.parametrize(
    "command, said",
    [
        ("no-such-helper --json", "there is no such file: no-such-helper;"),
        ("~/bin/helper", "there is no such file: ~/bin/helper; no shell runs it"),
        ("$HOME/helper", "there is no such file: $HOME/helper; no shell runs it"),
        ("PASSWORD=hunter2 helper", "there is no such file: PASSWORD;"),
        ("/etc --json", "it may not be executed: /etc;"),
    ],
)
def test_what_cannot_be_started_is_named(keyless, command, said):
    done = run_process(keyless, command)
    done.failed(253, said)
    assert "hunter2" not in done.err


@pytest.mark.parametrize("word", ["1", '"true"', "yes", "true "])
def test_a_word_that_does_not_turn_off_the_metadata_service_is_told(keyless, word):
    name = "AWS_EC2_METADATA_DISABLED"
    told = f"'{name}' is neither true nor false, and counts as false: EC2's metadata service is asked"
    assert has_notes(keyless.run(FLOWS["imds"], env={name: word}), told)
    keyless.standin.reset()
    assert has_notes(keyless.run(FLOWS["imds"], env={name: "False"}))


def test_with_a_shell_it_is_one(keyless):
    done = run_process(keyless, f"sh -c 'cat {keyless.spoken} | cat'")
    assert (done.code, done.err) == (0, "")


@pytest.mark.parametrize(
    "text", ["exit 3", "echo; exit 0", "echo '{'; exit 0", "echo '{}'; exit 0"]
)
def test_its_failure_names_no_peer(keyless, text):
    for verb in (("cancel", IMAGE), ("doctor",)):
        done = run_process(keyless, str(script(keyless, text)), *verb)
        assert done.code == 253
        said = (done.out + done.err).splitlines()
        lines = [x for x in said if "no credentials" in x]
        assert lines and not any("localhost:" in x or "127.0.0.1" in x for x in lines), lines


def test_a_daemon_that_it_leaves_is_not_waited_for(keyless):
    began = time.monotonic()
    done = run_process(keyless, str(script(keyless, "sleep 20 &")))
    assert (done.code, done.err) == (0, "") and time.monotonic() - began < 10


def test_a_config_file_of_thousands_of_profiles(keyless):
    many = "".join(
        f"[profile account-{i}]\nsso_session = of-the-company\nsso_account_id = {i:012}\n"
        "sso_role_name = Administrator\nregion = eu-central-1\noutput = json\n\n"
        for i in range(10_000)
    )
    assert len(many) > 1 << 20
    keyless.profiles(many)
    done = run_process(keyless, f"/bin/cat {keyless.spoken}")
    assert (done.code, done.err) == (0, "")
    assert json.loads(process_output())["Version"] == 1
