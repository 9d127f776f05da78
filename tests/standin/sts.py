"""STS: whose keys these are, and temporary keys for a role."""

import re
from typing import NamedTuple

import replies
import web_identity
from ec2 import Outcome
from replies import Refusal
from roles import AUDIENCE, DEFAULT_SECONDS

VERSION = "2011-06-15"
# The action that nobody signs: the token stands for the caller.
UNSIGNED = "AssumeRoleWithWebIdentity"

ARN_SHAPE = re.compile(r"arn:aws:iam::\d{12}:role/[\x21-\x7e]{1,512}")
SESSION_SHAPE = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
EXTERNAL_SHAPE = re.compile(r"[\w+=,.@:/-]{2,1224}", re.ASCII)
SHORTEST, LONGEST = 900, 43200
CHAINED_LONGEST = 3600


class Wish(NamedTuple):
    """The parameters that both AssumeRole actions take."""

    arn: str
    session: str
    seconds: int


def _invalid(value, member, rule):
    shown = "null" if value is None else f"'{value[:200]}'"
    return Refusal(
        "ValidationError",
        f"1 validation error detected: Value {shown} at '{member}' failed to satisfy "
        f"constraint: Member must {rule}",
    )


def _text(parameters, name, shape, rule):
    member = name[0].lower() + name[1:]
    value = parameters.get(name)
    if value is None:
        raise _invalid(None, member, "not be null")
    if not shape.fullmatch(value):
        raise _invalid(value, member, rule)
    return value


def _seconds(parameters):
    value = parameters.get("DurationSeconds", str(DEFAULT_SECONDS))
    if not re.fullmatch(r"[0-9]{1,9}", value):
        raise Refusal("MalformedInput", "DurationSeconds is not a number")
    if int(value) < SHORTEST:
        rule = f"have value greater than or equal to {SHORTEST}"
        raise _invalid(value, "durationSeconds", rule)
    if int(value) > LONGEST:
        rule = f"have value less than or equal to {LONGEST}"
        raise _invalid(value, "durationSeconds", rule)
    return int(value)


def _wish(parameters):
    pattern = r"satisfy regular expression pattern: [\w+=,.@-]*"
    return Wish(
        _text(parameters, "RoleArn", ARN_SHAPE, "be an ARN of a role"),
        _text(parameters, "RoleSessionName", SESSION_SHAPE, pattern),
        _seconds(parameters),
    )


def _check_length(wish, role, chained):
    if wish.seconds > role.longest:
        raise Refusal(
            "ValidationError",
            "The requested DurationSeconds exceeds the MaxSessionDuration set for "
            "this role.",
        )
    if chained and wish.seconds > CHAINED_LONGEST:
        raise Refusal(
            "ValidationError",
            "The requested DurationSeconds exceeds the 1 hour session limit for roles "
            "assumed by role chaining.",
        )


def _block(name, values):
    lines = [replies.element(k, v, 2) for k, v in values.items() if v is not None]
    return f"    <{name}>\n{''.join(lines)}    </{name}>\n"


def _keys(keys):
    """What both actions answer: the keys, and who they make of the caller."""
    principal = keys.principal
    values = {
        "AccessKeyId": principal.key_id,
        "SecretAccessKey": principal.secret,
        "SessionToken": principal.token,
        "Expiration": keys.iso(),
    }
    user = {"AssumedRoleId": principal.user_id, "Arn": principal.arn}
    return _block("AssumedRoleUser", user) + _block("Credentials", values)


class Sts:
    """The service."""

    def __init__(self, vault, settings):
        self._vault = vault
        self._settings = settings
        self._actions = {
            "AssumeRole": self._assume_role,
            UNSIGNED: self._with_web_identity,
            "GetCallerIdentity": self._who,
        }

    def handle(self, call, wanted):
        """Runs one action. Raises Refusal; the caller gives it STS's shape."""
        action = self._actions.get(call.action)
        if action is None:
            message = f"Could not find operation {call.action} for version {VERSION}"
            raise Refusal("InvalidAction", message)
        content = action(call, wanted)
        return Outcome(replies.sts_success(call.action, call.request_id, content))

    @staticmethod
    def _who(call, _wanted):
        """Needs no permission."""
        principal = call.principal
        return "".join(
            [
                replies.element("Arn", principal.arn),
                replies.element("UserId", principal.user_id),
                replies.element("Account", principal.account),
            ]
        )

    def _assume_role(self, call, wanted):
        wish = _wish(call.parameters)
        role = self._vault.role(wish.arn)
        external_id = call.parameters.get("ExternalId")
        if external_id is not None and not EXTERNAL_SHAPE.fullmatch(external_id):
            raise _invalid(external_id, "externalId", r"match [\w+=,.@:\/-]*")
        if not self._trusts(role, call.principal, external_id):
            raise Refusal(
                "AccessDenied",
                f"User: {call.principal.arn} is not authorized to perform: "
                f"sts:AssumeRole on resource: {wish.arn}",
            )
        _check_length(wish, role, ":assumed-role/" in call.principal.arn)
        return _keys(self._vault.mint(role, wish.session, wanted, wish.seconds))

    @staticmethod
    def _trusts(role, principal, external_id):
        """A role that does not exist looks like one that trusts nobody."""
        if role is None or not principal.may("sts:AssumeRole"):
            return False
        if role.external_id and external_id != role.external_id:
            return False
        return role.trusts_caller(principal)

    def _with_web_identity(self, call, wanted):
        wish = _wish(call.parameters)
        token = call.parameters.get("WebIdentityToken")
        if token is None:
            raise _invalid(None, "webIdentityToken", "not be null")
        if not 4 <= len(token) <= web_identity.LIMIT:
            rule = f"have length less than or equal to {web_identity.LIMIT}"
            raise _invalid("(hidden)", "webIdentityToken", rule)
        claims = web_identity.check(token, self._settings.now())
        role = self._vault.role(wish.arn)
        if claims.get("aud") != AUDIENCE:
            raise Refusal("InvalidIdentityToken", "Incorrect token audience")
        if role is None or not role.subject or claims.get("sub") != role.subject:
            message = f"Not authorized to perform sts:{UNSIGNED}"
            raise Refusal("AccessDenied", message)
        _check_length(wish, role, chained=False)
        keys = self._vault.mint(role, wish.session, wanted, wish.seconds)
        facts = {
            "SubjectFromWebIdentityToken": claims["sub"],
            "Audience": claims["aud"],
            "Provider": f"arn:aws:iam::{role.account}:oidc-provider/token.example.com",
        }
        return _keys(keys) + "".join(replies.element(k, v, 2) for k, v in facts.items())
