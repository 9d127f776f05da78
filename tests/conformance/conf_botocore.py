#!/usr/bin/python3
"""What is chosen, by the port's chain and by botocore: identity, Region and endpoint.

    conf_botocore.py CHAIN_CASE [SEED [CASES]]

Files and variables are made up, from a seed that is printed; both sides get the same.
Nobody is asked for anything: botocore's fetchers tell what they would have fetched.
Where the two differ, the difference is one of DIFFERENCES, which says why, or a failure.

Debian's botocore 1.29 is older than AWS_ENDPOINT_URL and `aws login`, so neither is in
here; the judge of the former is conf_chain.py's table. Where the AWS CLI v2 reads two
variables in another order, botocore gets the one that counts there: AWS_REGION before
AWS_DEFAULT_REGION, AWS_PROFILE before AWS_DEFAULT_PROFILE.
"""

import hashlib
import json
import logging
import os
import pathlib
import random
import subprocess
import sys
import tempfile
from unittest import mock

import botocore.config
import botocore.credentials
import botocore.exceptions
import botocore.loaders
import botocore.session

CASES = 400 if os.environ.get("CILP_THOROUGH") else 100
SEED = 20260115
REFUSED = "refused"
NAMES = ("default", "one", "two", "three")
REGIONS = ("us-east-1", "eu-west-1", "cn-north-1", "us-gov-west-1", "ap-southeast-2")
LOADER = botocore.loaders.Loader()


# ---- Cases ------------------------------------------------------------------


class Maker:
    """Makes cases up."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.count = 0

    def chance(self, share):
        """True that often."""
        return self.random.random() < share

    def pick(self, *values):
        """One of them."""
        return self.random.choice(values)

    def word(self, prefix):
        """A word that was not there before."""
        self.count += 1
        return f"{prefix}{self.count}"

    def keys(self):
        """A pair, now and then half of one, with a token or without."""
        found = {
            "aws_access_key_id": self.word("AKID"),
            "aws_secret_access_key": self.word("SECRET"),
        }
        if self.chance(0.08):
            del found[self.pick(*found)]
        if self.chance(0.3):
            found[self.pick("aws_session_token", "aws_security_token")] = self.word("T")
        return found

    def role(self):
        """A role and what it is assumed with."""
        found = {"role_arn": f"arn:aws:iam::123456789012:role/{self.word('r')}"}
        if self.chance(0.75):
            found["source_profile"] = self.pick(*NAMES * 3, "nobody")
        if "source_profile" not in found or self.chance(0.05):
            source = self.pick("Environment", "EcsContainer", "Ec2InstanceMetadata")
            found["credential_source"] = source
        if self.chance(0.05):
            found.pop("source_profile", None)
            found["credential_source"] = "Moon"
        for name, value in (
            ("role_session_name", self.word("session")),
            ("external_id", self.word("external")),
            ("duration_seconds", str(self.random.randint(900, 43200))),
        ):
            if self.chance(0.3):
                found[name] = value
        return found

    def web(self):
        """A web identity, mostly with its role."""
        found = {"web_identity_token_file": f"/{self.word('token')}"}
        if self.chance(0.85):
            found["role_arn"] = f"arn:aws:iam::123456789012:role/{self.word('w')}"
        if self.chance(0.4):
            found["role_session_name"] = self.word("session")
        return found

    def sso(self):
        """One form or the other, now and then with a hole."""
        found = {"sso_account_id": "123456789012", "sso_role_name": self.word("role")}
        if self.chance(0.5):
            found["sso_session"] = self.pick("first", "second", "first", "second", "nowhere")
        else:
            found["sso_start_url"] = f"https://{self.word('s')}.test/start"
            found["sso_region"] = self.pick(*REGIONS)
        if self.chance(0.1):
            del found[self.pick(*found)]
        return found

    def process(self):
        """A process that prints keys."""
        return {"credential_process": f"/bin/cat {self.word('printed')}"}

    def settings(self):
        """What is no credential."""
        found = {}
        if self.chance(0.6):
            found["region"] = self.pick(*REGIONS)
        if self.chance(0.15):
            found["use_fips_endpoint"] = self.pick("true", "false", "True")
        if self.chance(0.15):
            found["use_dualstack_endpoint"] = self.pick("true", "false")
        return found

    def profile(self):
        """Of the config file: settings, and one to two ways to keys."""
        found = self.settings()
        ways = (self.role, self.role, self.web, self.sso, self.process, self.keys)
        for _ in range(self.pick(0, 1, 1, 1, 1, 2)):
            found.update(self.pick(*ways)())
        return found

    def environment(self):
        """Variables."""
        env = {}
        if self.chance(0.3):
            env.update({name.upper(): v for name, v in self.keys().items()})
        for name, share, values in (
            ("AWS_PROFILE", 0.35, (*NAMES * 3, "nobody")),
            ("AWS_DEFAULT_PROFILE", 0.1, NAMES),
            ("AWS_REGION", 0.2, REGIONS),
            ("AWS_DEFAULT_REGION", 0.2, REGIONS),
            ("AWS_WEB_IDENTITY_TOKEN_FILE", 0.15, ("/env-token",)),
            ("AWS_ROLE_ARN", 0.15, ("arn:aws:iam::123456789012:role/of-env",)),
            ("AWS_ROLE_SESSION_NAME", 0.1, ("session-of-env",)),
            ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", 0.15, ("/v2/relative",)),
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", 0.15, ("http://localhost/full",)),
            ("AWS_EC2_METADATA_DISABLED", 0.2, ("true", "TRUE", "false", "")),
            ("AWS_EC2_METADATA_SERVICE_ENDPOINT", 0.1, ("http://127.0.0.1:1",)),
            ("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", 0.1, ("IPv4", "IPv6", "ipv6")),
            ("AWS_USE_FIPS_ENDPOINT", 0.1, ("true", "false")),
            ("AWS_USE_DUALSTACK_ENDPOINT", 0.1, ("true", "false")),
        ):
            if self.chance(share):
                env[name] = self.pick(*values)
        return env

    def case(self):
        """Environment, --profile, the two files, sso-sessions."""
        sessions = {
            name: {
                "sso_start_url": f"https://{name}.test/start",
                "sso_region": self.pick(*REGIONS),
            }
            for name in ("first", "second")
        }
        return {
            "env": self.environment(),
            "profile": self.pick(*[None] * 8, *NAMES * 2, "nobody"),
            "dialect": self.pick(*[""] * 16, *DIALECTS),
            "config": {n: self.profile() for n in NAMES if self.chance(0.9)},
            "credentials": {n: self.keys() for n in NAMES if self.chance(0.25)},
            "sessions": sessions,
        }


def section(name, values):
    """A section of a file."""
    return f"[{name}]\n" + "".join(f"{k} = {v}\n" for k, v in values.items()) + "\n"


def twice(text):
    """Every key stands twice, the first time with another value."""
    return "".join(
        line.partition("=")[0] + "= first\n" + line if " = " in line else line
        for line in text.splitlines(keepends=True)
    )


# The same file in other words.
DIALECTS = {
    "crlf": lambda text: text.replace("\n", "\r\n"),
    "remarks": lambda text: text.replace("[", "# a remark\n; another\n["),
    "spaced": lambda text: text.replace(" = ", "   =\t"),
    "tight": lambda text: text.replace(" = ", "="),
    "upper": lambda text: text.replace("region =", "REGION ="),
    "comments": lambda text: text.replace("1\n", "1 # a comment\n"),
    "twice": twice,
    "bom": lambda text: "\ufeff" + text,
}


def write_files(home, case):
    """The two files, and what processes print."""
    (home / ".aws").mkdir()
    config = "".join(
        section("default" if name == "default" else f"profile {name}", values)
        for name, values in case["config"].items()
    )
    for name, values in case["sessions"].items():
        config += section(f"sso-session {name}", values)
    dialect = DIALECTS.get(case["dialect"], str)
    (home / ".aws/config").write_bytes(dialect(config).encode())
    text = "".join(section(name, values) for name, values in case["credentials"].items())
    (home / ".aws/credentials").touch(0o600)
    (home / ".aws/credentials").write_text(text)
    for values in case["config"].values():
        command = values.get("credential_process")
        if command:
            printed = {"Version": 1, "AccessKeyId": command, "SecretAccessKey": "s"}
            (home / command.split()[1]).write_text(json.dumps(printed))


# ---- Ours -------------------------------------------------------------------


def ours(program, home, case):
    """What chain_case tells."""
    options = ["--profile", case["profile"]] if case["profile"] else []
    out = subprocess.run(
        [program, *options],
        env={"HOME": str(home), **case["env"]},
        cwd=home,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    told = dict(line.split(": ", 1) for line in out.splitlines())
    identity = told["source"] if told["error"] == "-" else REFUSED
    return {
        "identity": identity,
        "region": told["region"],
        "host": told["host"],
        "why": told["error"],
    }


# ---- Theirs -----------------------------------------------------------------


def text_of(value):
    """As chain_text() has it."""
    return "-" if value is None else str(value)


def shown(credentials):
    """Credentials as chain_text() has them: (base, roles)."""
    method = credentials.method
    refresh = getattr(credentials, "_refresh_using", None)
    fetcher = getattr(refresh, "__self__", None)
    if method == "assume-role":
        if fetcher is None:  # mfa_serial's
            return REFUSED, []
        base, roles = shown(fetcher._source_credentials)
        return base, [*roles, role_of(fetcher)]
    if method == "assume-role-with-web-identity":
        path = fetcher._web_identity_token_loader._web_identity_token_path
        arn, name, *_ = role_of(fetcher).split()
        return f"web-identity: {path} {arn} {name}", []
    if method == "sso":
        key = getattr(fetcher, "_sso_session_name", None) or fetcher._start_url
        digest = hashlib.sha1(key.encode()).hexdigest()[:13]
        where = f"{fetcher._account_id} {fetcher._role_name} {fetcher._sso_region}"
        return f"sso: {where} {digest}", []
    if method == "custom-process":
        return f"process: {credentials.access_key}", []
    if method == "asked":
        return credentials.access_key, []
    names = {"env": "environment", "shared-credentials-file": "credentials-file"}
    keys = (credentials.access_key, credentials.secret_key, credentials.token)
    return f"{names.get(method, method)}: " + " ".join(map(text_of, keys)), []


def role_of(fetcher):
    """A role as chain_text() has it."""
    given = fetcher._assume_kwargs
    name = given.get("RoleSessionName", "")
    name = "-" if not name or name.startswith("botocore-session-") else name
    external, seconds = given.get("ExternalId"), given.get("DurationSeconds", 0)
    return f"{given['RoleArn']} {name} {text_of(external)} {seconds}"


def whole(base, roles):
    """The text."""
    if base == REFUSED or not roles:
        return base
    return f"assume-role({base}) " + "; ".join(roles)


class Agent(botocore.credentials.ContainerProvider):
    """Tells what it would have asked."""

    def _retrieve_or_fail(self):
        if self._provided_relative_uri():
            text = self._environ[self.ENV_VAR]
        else:
            text = self._environ[self.ENV_VAR_FULL]
        return botocore.credentials.Credentials(
            f"container: {text}", "s", "t", method="asked"
        )


class Instance(botocore.credentials.InstanceMetadataProvider):
    """The same."""

    def load(self):
        fetcher = self._role_fetcher
        if fetcher._disabled:
            return None
        base = fetcher._base_url.rstrip("/")
        told = {"http://169.254.169.254": "-"}.get(base, base)
        return botocore.credentials.Credentials(
            f"imds: {told} 0 0", "s", "t", method="asked"
        )


def identity_of(session):
    """Whom botocore would be."""
    resolver = botocore.credentials.create_credential_resolver(session)
    found = resolver.load_credentials()
    if found is None:
        return REFUSED
    return whole(*shown(found))


HOSTS = {}


def host_of(session, region):
    """Where botocore would go. A client is made by a session without any profile:
    that of a profile with an sso_session asks for tokens which EC2 does not take."""
    names = ("use_fips_endpoint", "use_dualstack_endpoint")
    variant = {n: bool(session.get_config_variable(n)) for n in names}
    key = (region, *variant.values())
    if region and key not in HOSTS:
        with mock.patch.dict(os.environ, {"AWS_CONFIG_FILE": os.devnull}, clear=True):
            bare = botocore.session.Session()
            bare.register_component("data_loader", LOADER)
            client = bare.create_client(
                "ec2",
                region_name=region,
                config=botocore.config.Config(**variant),
                aws_access_key_id="a",
                aws_secret_access_key="b",
            )
        HOSTS[key] = client.meta.endpoint_url.removeprefix("https://")
    return HOSTS.get(key, "-")


def theirs(home, case):
    """What botocore says, refusals included."""
    env = {"HOME": str(home), "PATH": "/usr/bin:/bin", **case["env"]}
    for name in ("REGION", "PROFILE"):
        if env.get(f"AWS_{name}"):
            env[f"AWS_DEFAULT_{name}"] = env[f"AWS_{name}"]
    found = {"identity": REFUSED, "region": "-", "host": "-", "why": "-"}
    with mock.patch.dict(os.environ, env, clear=True):
        os.chdir(home)
        session = botocore.session.Session(profile=case["profile"])
        session.register_component("data_loader", LOADER)
        try:
            region = session.get_config_variable("region")
            found["identity"] = identity_of(session)
            found["region"] = region or "-"
            found["host"] = host_of(session, region)
        except botocore.exceptions.BotoCoreError as error:
            found["why"] = str(error)
    return found


# ---- Both -------------------------------------------------------------------

DIFFERENCES = {
    "a secret without its key id stops, where botocore passes over it": (
        lambda case, own, other: "missing: aws_access_key_id" in own["why"].lower()
    ),
    "a comment behind a value is cut off, where botocore makes it part of it": (
        lambda case, own, other: case["dialect"] == "comments"
    ),
    "of a key that stands twice the last one counts; botocore refuses the file": (
        lambda case, own, other: case["dialect"] == "twice"
        and "Unable to parse" in other["why"]
    ),
    "a byte order mark is passed over; botocore refuses the file": (
        lambda case, own, other: case["dialect"] == "bom"
        and "Unable to parse" in other["why"]
    ),
}


def difference(case, own, other):
    """The name of the difference, "" if there is none, None if it has no reason."""
    if own["identity"] == other["identity"] == REFUSED:
        return ""
    if all(own[k] == other[k] for k in ("identity", "region", "host")):
        return ""
    for name, applies in DIFFERENCES.items():
        if applies(case, own, other):
            return name
    return None


def patched(provider):
    """botocore with providers that ask nobody."""
    return mock.patch.multiple(botocore.credentials, **provider)


def main(program, seed=SEED, cases=CASES):
    """Compares all cases."""
    logging.disable(logging.CRITICAL)
    maker = Maker(int(seed))
    print(f"botocore {botocore.__version__}, seed {seed}")
    counts, failed, kinds, chosen = {}, 0, {}, 0
    stay = os.getcwd()
    providers = {"ContainerProvider": Agent, "InstanceMetadataProvider": Instance}
    with patched(providers):
        for number in range(int(cases)):
            case = maker.case()
            with tempfile.TemporaryDirectory() as home:
                home = pathlib.Path(home)
                write_files(home, case)
                own, other = ours(program, home, case), theirs(home, case)
                os.chdir(stay)
            name = difference(case, own, other)
            kind = own["identity"].split(":")[0]
            chosen += name == "" and kind != REFUSED
            kinds[kind] = kinds.get(kind, 0) + 1
            if name is None:
                failed += 1
                print(f"FAILED case {number}: {own}\n  botocore: {other}\n  {case}")
            else:
                counts[name] = counts.get(name, 0) + 1
    print("chosen: " + ", ".join(f"{v} {k}" for k, v in sorted(kinds.items())))
    same = counts.pop("", 0)
    for name, n in counts.items():
        print(f"differs: {n}, {name}")
    differ = sum(counts.values())
    print(f"botocore: {same} passed, {failed} failed, {differ} differ with a reason")
    if int(seed) == SEED and set(counts) != set(DIFFERENCES):
        print(f"never seen: {set(DIFFERENCES) - set(counts)}")
        failed += 1
    print(f"the same keys {chosen} times, refused by both {same - chosen} times")
    return 1 if failed or (int(cases) >= CASES and chosen * 2 < CASES) else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(sys.argv[1]), *sys.argv[2:]))
