"""The portal of IAM Identity Center: GetRoleCredentials, for who has signed in."""

import hmac
import json
import urllib.parse

import replies
from replies import Refusal

PATH = "/federation/credentials"
TOKEN_HEADER = "x-amz-sso_bearer_token"
TYPE = "com.amazonaws.switchboard.portal#"
ROLE = "by-sso"
PERSON = "jane@example.com"


def refusal(refused, request_id):
    """The portal's error."""
    document = {"message": refused.message, "__type": TYPE + refused.code}
    found = _reply(refused.status, document, request_id)
    found.headers.append(("x-amzn-ErrorType", refused.code))
    found.code = refused.code
    return found


def _reply(status, document, request_id):
    headers = [("Content-Type", "application/json"), ("x-amzn-RequestId", request_id)]
    body = json.dumps(document, separators=(",", ":")).encode()
    return replies.Reply(status, headers, body, request_id)


def _milliseconds(keys):
    said = keys.expiration
    return said if isinstance(said, str) else int(said * 1000)


def _single(query, name):
    values = query.get(name, [])
    if len(values) != 1 or not values[0]:
        raise Refusal("InvalidRequestException", f"{name} is missing or given twice")
    return values[0]


class Sso:
    """The portal, and the one person who has signed in."""

    def __init__(self, world, settings):
        self._world = world
        self._settings = settings

    @staticmethod
    def action(request):
        """The operation's name."""
        path = request.target.partition("?")[0]
        return "GetRoleCredentials" if path == PATH else ""

    def answer(self, request, entry, wanted):
        """The reply to one request. Raises Refusal."""
        if entry.action != "GetRoleCredentials" or request.method != "GET":
            raise Refusal("ResourceNotFoundException", "No such operation")
        self._authenticate(request, entry)
        text = urllib.parse.urlsplit(request.target).query
        query = urllib.parse.parse_qs(text, keep_blank_values=True)
        name, account = _single(query, "role_name"), _single(query, "account_id")
        role = self._world.vault.named(account, name)
        if role is None or name != ROLE:
            raise Refusal("ForbiddenException", "No access")
        keys = self._world.vault.mint(role, PERSON, wanted)
        values = {
            "accessKeyId": keys.principal.key_id,
            "secretAccessKey": keys.principal.secret,
            "sessionToken": keys.principal.token,
            "expiration": _milliseconds(keys),
        }
        if values["expiration"] == "absent":
            del values["expiration"]
        request_id = replies.new_request_id()
        return _reply(200, {"roleCredentials": values}, request_id)

    def _authenticate(self, request, entry):
        given = request.values(TOKEN_HEADER)
        entry.signature = "another token" if given else "none"
        expected = self._settings.sso_token.encode()
        if len(given) != 1 or not hmac.compare_digest(given[0].encode(), expected):
            message = "Session token not found or invalid"
            raise Refusal("UnauthorizedException", message)
        entry.signature = "ok"
