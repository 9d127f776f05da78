"""Who may call: access keys, the accounts behind them and what they may do."""

import re
from dataclasses import dataclass, field

SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
CALLER_KEY = "AKIAIOSFODNN7EXAMPLE"
SESSION_KEY = "ASIAIOSFODNN7EXAMPLE"
SESSION_TOKEN = "IQoJb3JpZ2luX2VjEXAMPLE+TOKEN/" + "s7" * 150 + "=="

CALLER = "123456789012"
OTHER = "210987654321"
OWNER = "111122223333"
OWNER_OF_MANY = "444455556666"
# Reached by roles alone; see roles.py.
BUILDS = "555566667777"

KEY_ID_SHAPE = re.compile(r"\w{16,128}")
ACCOUNT_SHAPE = re.compile(r"\d{12}")


@dataclass(frozen=True)
class Principal:
    """A user or a role session, as one access key shows it."""

    key_id: str
    account: str
    arn: str
    secret: str = SECRET
    token: str = ""
    user_id: str = "AIDACKCEVSQ6C2EXAMPLE"
    denied: frozenset = field(default_factory=frozenset)
    expired: bool = False
    # When its keys end, in seconds since 1970; 0: never.
    expires: float = 0
    opted_in: bool = True

    def __post_init__(self):
        if not KEY_ID_SHAPE.fullmatch(self.key_id):
            raise ValueError(f"{self.key_id!r} is not an access key id")
        if not ACCOUNT_SHAPE.fullmatch(self.account):
            raise ValueError(f"{self.account!r} is not an account of 12 digits")
        object.__setattr__(self, "denied", frozenset(self.denied))

    def is_over(self, now):
        """Whether its keys have expired."""
        return self.expired or bool(self.expires) and now >= self.expires

    def may(self, action):
        """Whether IAM allows an action, named as in `ec2:DescribeImages`."""
        return action not in self.denied and "*" not in self.denied


def _user(key_id, name, account=CALLER, **more):
    return Principal(key_id, account, f"arn:aws:iam::{account}:user/{name}", **more)


def _session(key_id, name, token, **more):
    arn = f"arn:aws:sts::{CALLER}:assumed-role/build/{name}"
    user_id = f"AROACKCEVSQ6C2EXAMPLE:{name}"
    return Principal(key_id, CALLER, arn, token=token, user_id=user_id, **more)


def seeded():
    """The identities that a fresh stand-in knows. One secret serves them all."""
    long_token = (SESSION_TOKEN.rstrip("=") * 14)[:4096]
    cancel, describe = "ec2:CancelImageLaunchPermission", "ec2:DescribeImages"
    return [
        _user(CALLER_KEY, "alice"),
        _session(SESSION_KEY, "ci", SESSION_TOKEN),
        _session("ASIALONGTOKENEXAMPLE", "long-token", long_token),
        _session("ASIAEXPIREDV1EXAMPLE", "expired", SESSION_TOKEN, expired=True),
        _user("AKIADENIEDALLEXAMPLE", "denied", denied={"*"}),
        _user("AKIANOCANCEL1EXAMPLE", "may-look", denied={cancel}),
        _user("AKIANODESCRIBEXAMPLE", "may-cancel", denied={describe}),
        _user("AKIANOOPTIN01EXAMPLE", "not-opted-in", opted_in=False),
        _user("AKIAOTHERACCTEXAMPLE", "bob", account=OTHER),
        _user("AKIAOWNEROFITEXAMPLE", "owner", account=OWNER),
    ]
