"""Roles: who may assume them, and the temporary keys that come of it."""

import base64
import re
import secrets
import string
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import NamedTuple

import accounts
from accounts import Principal

BUILDS = accounts.BUILDS
EXTERNAL_ID = "example/external:id=1,@"
SUBJECT = "repo:example/firmware:ref:refs/heads/main"
AUDIENCE = "sts.amazonaws.com"

NAME_SHAPE = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
ASSUMED_SHAPE = re.compile(r"arn:aws:sts::(\d{12}):assumed-role/([^/]+)/.+")
DEFAULT_SECONDS = 3600
TOKEN_BYTES = 348
TOKEN_START = "IQoJb3JpZ2luX2Vj"
SESSION_LIMIT = 20_000
KEY_ID_LETTERS = string.ascii_uppercase + "234567"


@dataclass(frozen=True)
class Role:
    """A role and its trust policy.

    `trusts` holds accounts and ARNs of users or roles; `subject` is the web identity
    that it trusts, if any. `longest` is its longest session, in seconds.
    """

    account: str
    name: str
    path: str = "/"
    trusts: frozenset = field(default_factory=frozenset)
    external_id: str = ""
    subject: str = ""
    longest: int = 43200
    denied: frozenset = field(default_factory=frozenset)

    def __post_init__(self):
        if not accounts.ACCOUNT_SHAPE.fullmatch(self.account):
            raise ValueError(f"{self.account!r} is not an account of 12 digits")
        if not NAME_SHAPE.fullmatch(self.name):
            raise ValueError(f"{self.name!r} is no name for a role")
        object.__setattr__(self, "trusts", frozenset(self.trusts))
        object.__setattr__(self, "denied", frozenset(self.denied))

    @property
    def arn(self):
        """The role's own ARN; those of its sessions leave the path out."""
        return f"arn:aws:iam::{self.account}:role{self.path}{self.name}"

    @property
    def unique_id(self):
        """The role's id, the first half of its sessions' user ids."""
        letters = re.sub(r"[^A-Z2-7]", "X", self.name.upper())
        return f"AROA{letters:X<17.17}"

    def trusts_caller(self, principal):
        """Whether a user or a role session may assume it."""
        names = {principal.account, principal.arn}
        session = ASSUMED_SHAPE.fullmatch(principal.arn)
        if session:
            names.add("arn:aws:iam::{}:role/{}".format(*session.groups()))
        return not names.isdisjoint(self.trusts)


class Keys(NamedTuple):
    """Temporary keys, and what is said about when they end: seconds, or a text."""

    principal: Principal
    expiration: object

    def iso(self):
        """The end as text; None if nothing is to be said about it."""
        if self.expiration == "absent":
            return None
        if isinstance(self.expiration, str):
            return self.expiration
        return iso(self.expiration)


def iso(seconds):
    """A time as AWS writes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def _key_id():
    return "ASIA" + "".join(secrets.choice(KEY_ID_LETTERS) for _ in range(16))


def _token(size):
    """A session token of exactly so many characters."""
    noise = base64.b64encode(secrets.token_bytes(size)).decode()
    text = TOKEN_START + noise
    return text[: size - 2] + "==" if size > 2 else text[:size]


class Vault:
    """All roles, and the keys made so far, the oldest dropped beyond a limit."""

    def __init__(self, roles, settings):
        self._lock = threading.Lock()
        self._roles = {role.arn: role for role in roles}
        self._sessions = OrderedDict()
        self._settings = settings

    def put(self, role):
        """Adds a role, or replaces the one of that ARN."""
        with self._lock:
            self._roles[role.arn] = role

    def role(self, arn):
        """The role of an ARN, or None."""
        with self._lock:
            return self._roles.get(arn)

    def named(self, account, name):
        """The role of a name without a path, or None."""
        return self.role(f"arn:aws:iam::{account}:role/{name}")

    def principal(self, key_id):
        """Whom temporary keys belong to, or None."""
        with self._lock:
            return self._sessions.get(key_id)

    def principals(self):
        """All of those."""
        with self._lock:
            return list(self._sessions.values())

    def mint(self, role, session_name, wanted, seconds=DEFAULT_SECONDS):
        """Makes keys for a session, which EC2 and STS then know.

        `wanted` is the misbehaviour of the hour: `lifetime` is when they really end,
        `expiration` is what is said about it, `token_bytes` their token's length.
        """
        now = self._settings.now()
        ends = now + wanted.get("lifetime", seconds)
        principal = Principal(
            _key_id(),
            role.account,
            f"arn:aws:sts::{role.account}:assumed-role/{role.name}/{session_name}",
            secret=base64.b64encode(secrets.token_bytes(30)).decode(),
            token=_token(wanted.get("token_bytes", TOKEN_BYTES)),
            user_id=f"{role.unique_id}:{session_name}",
            denied=role.denied,
            expires=ends,
        )
        with self._lock:
            self._sessions[principal.key_id] = principal
            if len(self._sessions) > SESSION_LIMIT:
                self._sessions.popitem(last=False)
        said = wanted.get("expiration", ends - now)
        return Keys(principal, said if isinstance(said, str) else now + said)

    def as_json(self):
        """Roles and sessions, for the control interface; secrets are left out."""
        with self._lock:
            known, sessions = [*self._roles.values()], [*self._sessions.values()]
        return {
            "roles": [{"arn": r.arn, "trusts": sorted(r.trusts)} for r in known],
            "sessions": [
                {"key_id": p.key_id, "arn": p.arn, "expires": p.expires}
                for p in sessions
            ],
        }


def seeded():
    """One role for each way to come by keys, all of one account."""

    def role(name, **more):
        return Role(BUILDS, name, **more)

    deployer = role("deployer", trusts={accounts.CALLER, BUILDS})
    return [
        role("on-instance"),
        role("in-container"),
        role("by-sso"),
        role("by-iot"),
        role("by-roles-anywhere"),
        role("by-web-identity", subject=SUBJECT),
        deployer,
        role("deployer-with-id", trusts={accounts.CALLER}, external_id=EXTERNAL_ID),
        role("deployer-in-path", path="/teams/fw/", trusts={accounts.CALLER}),
        # Only by way of another role.
        role("after-deployer", trusts={deployer.arn}),
        role("one-hour", trusts={accounts.CALLER}, longest=3600),
        role("nobody"),
        role("may-nothing", trusts={accounts.CALLER}, denied={"*"}),
    ]
