"""The program with no keys in its environment: where it then gets them from.

A flow is a way by which keys come: what has to be set for it, and who is asked.
"""

import hashlib
import json
import time
from dataclasses import dataclass, field

import accounts
import roles

FIRMWARE = "ami-000000000000005a1"  # shared with the account of the roles
IMAGE = "ami-0abcdef1234567890"  # and this one with the caller's
NO_KEYS = {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None}
KEYS = {
    "AWS_ACCESS_KEY_ID": accounts.CALLER_KEY,
    "AWS_SECRET_ACCESS_KEY": accounts.SECRET,
}
ON = {"AWS_EC2_METADATA_DISABLED": None}
LOGIN = "arn:aws:iam::123456789012:user/alice"

IMDS = [("imds", "token"), ("imds", "role"), ("imds", "credentials")]
CONTAINER = [("container", "credentials")]
ASSUME = [("sts", "AssumeRole")]
WEB = [("sts", "AssumeRoleWithWebIdentity")]
SSO = [("sso", "GetRoleCredentials")]
WHO = [("sts", "GetCallerIdentity")]
IOT = [("iot", "credentials")]
ANYWHERE = [("rolesanywhere", "CreateSession")]
CANCEL = [("ec2", "CancelImageLaunchPermission")]


@dataclass
class Flow:
    """`listeners` whose variables are set, more of `env`, options, who is asked."""

    kind: str
    asked: list
    listeners: tuple = ()
    options: tuple = ()
    env: dict = field(default_factory=dict)
    image: str = FIRMWARE


def _profile(kind, asked, name, *listeners, **more):
    return Flow(kind, asked, listeners, ("--profile", name), **more)


FLOWS = {
    "config-keys": _profile("config-file", [], "base", image=IMAGE),
    "credentials-file": _profile("credentials-file", [], "filed", image=IMAGE),
    "process": _profile("process", [], "printed", image=IMAGE),
    "login": _profile("login", [], "logged-in", image=IMAGE),
    "role": _profile("assume-role", ASSUME, "role"),
    "role-with-id": _profile("assume-role", ASSUME, "role-with-id"),
    "role-of-role": _profile("assume-role", ASSUME * 2, "role-of-role"),
    "role-of-instance": _profile(
        "assume-role", IMDS + ASSUME, "role-of-instance", "imds"
    ),
    "role-of-container": _profile(
        "assume-role", CONTAINER + ASSUME, "role-of-container", "container"
    ),
    "role-of-environment": _profile(
        "assume-role", ASSUME, "role-of-environment", env=KEYS
    ),
    "web-profile": _profile("web-identity", WEB, "web"),
    "web": Flow("web-identity", WEB, ("sts",)),
    "sso": Flow("sso", SSO, ("sso",)),
    "sso-old": _profile("sso", SSO, "sso-old", "sso"),
    "container": Flow("container", CONTAINER, ("container",)),
    "container-https": Flow("container", CONTAINER, ("container-https",)),
    "iot": Flow("iot", IOT, ("iot",)),
    "iot-profile": _profile("iot", IOT, "thing"),
    "roles-anywhere": Flow("roles-anywhere", ANYWHERE, ("rolesanywhere",)),
    "roles-anywhere-profile": _profile("roles-anywhere", ANYWHERE, "anywhere"),
    "role-of-certificate": _profile("assume-role", IOT + ASSUME, "role-of-thing"),
    "signing-helper": _profile("process", ANYWHERE, "helper", "rolesanywhere"),
    "imds": Flow("imds", IMDS, ("imds",)),
}


def login_file(home, **change):
    """What `aws login` leaves behind."""
    token = {
        "accessKeyId": accounts.CALLER_KEY,
        "secretAccessKey": accounts.SECRET,
        "accountId": accounts.CALLER,
        "expiresAt": "2099-12-31T00:00:00Z",
        **change,
    }
    name = hashlib.sha256(LOGIN.encode()).hexdigest()
    file = home / f".aws/login/cache/{name}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    known = {"accessToken": token, "refreshToken": "r-of-the-login"}
    file.write_text(json.dumps(known))
    return file


def process_output(**change):
    """What a credential_process prints; None leaves a member out."""
    found = {
        "Version": 1,
        "AccessKeyId": accounts.CALLER_KEY,
        "SecretAccessKey": accounts.SECRET,
        **change,
    }
    return json.dumps({k: v for k, v in found.items() if v is not None})


def certificate_profiles(standin):
    """What names a certificate, in profiles."""
    of_iot = standin.source_environment("iot")
    of_anywhere = standin.source_environment("rolesanywhere")
    endpoint = of_anywhere.pop("AWS_ENDPOINT_URL_ROLESANYWHERE")
    of_anywhere["role_arn"] = of_anywhere.pop("AWS_ROLE_ARN")
    flags = {
        "certificate": of_anywhere["CILP_CERTIFICATE"],
        "private-key": of_anywhere["CILP_PRIVATE_KEY"],
        "trust-anchor-arn": of_anywhere["CILP_ROLESANYWHERE_TRUST_ANCHOR_ARN"],
        "profile-arn": of_anywhere["CILP_ROLESANYWHERE_PROFILE_ARN"],
        "role-arn": of_anywhere["role_arn"],
    }
    command = " ".join(f"--{name} {value}" for name, value in flags.items())
    role = f"arn:aws:iam::{roles.BUILDS}:role/deployer"
    return "".join(
        (
            f"[profile {name}]\nregion = us-east-1\n"
            + "".join(f"{key.lower()} = {value}\n" for key, value in values.items())
        )
        for name, values in {
            "thing": of_iot,
            "anywhere": {**of_anywhere, "services": "anywhere"},
            "role-of-thing": {"role_arn": role, "source_profile": "thing"},
            "helper": {
                "credential_process": f"aws_signing_helper credential-process {command}"
            },
        }.items()
    ) + f"[services anywhere]\nrolesanywhere =\n  endpoint_url = {endpoint}\n"


class Keyless:
    """The program and its stand-in, with the stand-in's home and more profiles."""

    def __init__(self, cilp):
        self.cilp = cilp
        self.standin = cilp.standin
        self.standin.write_sources()
        self.home = self.standin.folder / "home"
        # They may be there from another test.
        for old in (self.home / ".aws").glob("credentials"):
            old.unlink()
        self.spoken = self.home / "spoken"
        self.spoken.write_text(process_output())
        self.credentials(
            f"[filed]\naws_access_key_id = {accounts.CALLER_KEY}\n"
            f"aws_secret_access_key = {accounts.SECRET}\n"
        )
        self.profiles(
            "[profile filed]\n[profile printed]\n"
            f"credential_process = /bin/cat {self.spoken}\n"
            f"[profile logged-in]\nlogin_session = {LOGIN}\n"
        )
        self.profiles(certificate_profiles(self.standin))
        login_file(self.home)

    def profiles(self, text):
        """Adds to ~/.aws/config."""
        with open(self.home / ".aws/config", "a", encoding="utf-8") as file:
            file.write(text)

    def credentials(self, text):
        """Writes ~/.aws/credentials."""
        file = self.home / ".aws/credentials"
        file.touch(0o600)
        file.write_text(text)

    def url(self, name):
        """A listener's URL, by an address, as none of these needs a name."""
        return self.standin.url(name)

    def environment(self, flow, env=None):
        """What is set for a flow."""
        found = {**NO_KEYS, "HOME": str(self.home)}
        found["AWS_ENDPOINT_URL_STS"] = self.url("sts")
        for listener in flow.listeners:
            found.update(self.standin.source_environment(listener))
        if "imds" in flow.listeners:
            found.update(ON)
        return {**found, **flow.env, **(env or {})}

    def run(self, flow, *options, env=None, image=None):
        """cilp cancel by a flow; no secret is ever seen."""
        words = (*flow.options, *options)
        env = self.environment(flow, env)
        done = self.cilp.cancel(image or flow.image, *words, env=env)
        self.saw_no_secret(done)
        return done

    def saw_no_secret(self, done):
        """Neither what the stand-in knows nor what lies in the files."""
        web = (self.standin.folder / "web-identity.jwt").read_text()
        for secret in (*self.standin.secrets(), web, "r-of-the-login"):
            for text in (done.out, done.err):
                assert secret not in text, secret
                assert len(secret) < 40 or secret[8:40] not in text, secret

    def asked(self):
        """Who was asked for what, in order, once all is quiet."""
        assert self.standin.settle()
        requests = self.standin.requests()
        return [(r["service"], r["action"]) for r in requests]

    def cancelled(self, flow, done):
        """Exit 0, nobody else was asked, EC2 did it."""
        assert (done.code, done.err) == (0, ""), done
        assert self.asked() == flow.asked + CANCEL
        owner = accounts.CALLER if flow.image == IMAGE else roles.BUILDS
        assert not self.standin.shared(flow.image, owner)
        return self.standin.requests()

    def form(self, number=0):
        """The body of a request."""
        return self.standin.requests()[number]["body"]


def now_iso(offset):
    """A time so many seconds from now."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + offset))
