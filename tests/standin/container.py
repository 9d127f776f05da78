"""The agent that hands a container its role's keys, as those of ECS and EKS do."""

import json

import replies
import signature
from replies import Refusal
from roles import BUILDS

RELATIVE = "/v2/credentials/8f8e3a52-0000-4000-8000-c0ffee000001"
# The query has to arrive as it was given.
FULL = "/v1/credentials?role=in-container&note=a%2Fb+c"
ROLE = "in-container"
TASK = "task-0123456789abcdef"


def refusal(refused, _request_id):
    """The agent's error."""
    document = {"code": refused.code, "message": refused.message}
    document["HTTPErrorCode"] = refused.status
    return _reply(refused.status, document, refused.code)


def _reply(status, document, code=""):
    headers = [("Content-Type", "application/json")]
    body = json.dumps(document, separators=(",", ":")).encode()
    return replies.Reply(status, headers, body, code=code)


class Container:
    """The agent of one container."""

    def __init__(self, world, settings):
        self._world = world
        self._settings = settings

    @staticmethod
    def action(request):
        """The one thing that can be asked for."""
        return "credentials" if request.target in (RELATIVE, FULL) else ""

    def answer(self, request, entry, wanted):
        """The reply to one request. Raises Refusal."""
        if request.method != "GET":
            raise Refusal("InvalidMethod", "Only GET is taken", 405)
        self._authorize(request, entry)
        role = self._world.vault.named(BUILDS, ROLE)
        if entry.action != "credentials" or role is None:
            raise Refusal("InvalidIdInRequest", "No credentials for this path", 404)
        keys = self._world.vault.mint(role, TASK, wanted)
        values = {
            "RoleArn": role.arn,
            "AccessKeyId": keys.principal.key_id,
            "SecretAccessKey": keys.principal.secret,
            "Token": keys.principal.token,
            "Expiration": keys.iso(),
            "AccountId": role.account,
        }
        return _reply(200, {k: v for k, v in values.items() if v is not None})

    def _authorize(self, request, entry):
        """Only if a token is set; without one, what is sent does not matter."""
        given = request.values("authorization")
        expected = self._settings.container_token
        entry.signature = signature.of_word(given, expected, "another token")
        if expected and not given:
            message = "The request carries no Authorization"
            raise Refusal("AuthorizationRequired", message, 401)
        if expected and entry.signature != "ok":
            raise Refusal("AccessDeniedException", "The token is not valid", 403)
