"""The instance metadata service, version 2: a token, a role's keys, a place.

Plain http. There is no version 1: whoever comes without a token is sent away.
"""

import base64
import binascii
import hmac
import json
import secrets
from collections import deque

import replies
from roles import BUILDS, iso

TOKEN_PATH = "/latest/api/token"
ROLE_PATH = "/latest/meta-data/iam/security-credentials/"
PLACEMENT = "/latest/meta-data/placement/"
TTL_HEADER = "x-aws-ec2-metadata-token-ttl-seconds"
TOKEN_HEADER = "x-aws-ec2-metadata-token"
TTL_LIMIT = 21600
TOKEN_LIMIT = 1000

ROLE = "on-instance"
INSTANCE = "i-0123456789abcdef0"
TIME_BYTES = 10
SEAL_BYTES = 32


def _reply(status, text, *more, kind="text/plain"):
    """The service closes after each reply."""
    headers = [("Server", "EC2ws"), ("Content-Type", kind), *more]
    return replies.Reply(status, headers, text.encode(), close=True)


def _page(status):
    found = replies.html(status)
    found.headers.append(("Server", "EC2ws"))
    return found


def _document(values):
    """JSON as the service writes it: a blank before the colon."""
    text = json.dumps(values, indent=2, separators=(",", " : "))
    return _reply(200, text)


def refusal(refused, _request_id):
    """The service's own refusal is a document in a 200, if no status is named."""
    found = _document({"Code": refused.code, "Message": refused.message})
    found.status, found.code = refused.asked_status or 200, refused.code
    return found


class Imds:
    """The service of one instance."""

    def __init__(self, world, settings):
        self._world = world
        self._settings = settings
        self._key = secrets.token_bytes(16)
        self.tokens = deque(maxlen=TOKEN_LIMIT)

    @staticmethod
    def action(request):
        """What is asked for, in a word that a misbehaviour can name."""
        words = {
            TOKEN_PATH: "token",
            ROLE_PATH: "role",
            PLACEMENT + "region": "region",
            PLACEMENT + "availability-zone": "zone",
        }
        known = words.get(request.target)
        if known is None and request.target.startswith(ROLE_PATH):
            known = "credentials"
        return known or ""

    def answer(self, request, entry, wanted):
        """The reply to one request."""
        if request.method == "PUT" and entry.action == "token":
            return self._new_token(request)
        if request.method != "GET":
            return _page(405)
        entry.signature = self._judge_token(request)
        if entry.signature != "ok":
            return _page(401)
        if entry.action == "credentials":
            return self._credentials(request.target[len(ROLE_PATH) :], wanted)
        return self._text(entry.action)

    # Tokens: when one ends, and a seal that only this process can make

    def _new_token(self, request):
        if request.values("x-forwarded-for"):
            return _page(403)
        asked = request.values(TTL_HEADER)
        if len(asked) != 1 or not asked[0].isdecimal():
            return _page(400)
        seconds = int(asked[0][:9])
        if not 1 <= seconds <= TTL_LIMIT:
            return _page(400)
        end = b"%0*d" % (TIME_BYTES, int(self._settings.now()) + seconds)
        token = base64.urlsafe_b64encode(end + self._seal(end)).decode()
        self.tokens.append(token)
        return _reply(200, token, (TTL_HEADER, str(seconds)))

    def _seal(self, end):
        return hmac.digest(self._key, end, "sha256")[:SEAL_BYTES]

    def _judge_token(self, request):
        given = request.values(TOKEN_HEADER)
        if not given:
            return "none"
        try:
            data = base64.urlsafe_b64decode(given[0])
        except (ValueError, binascii.Error):
            data = b""
        end, seal = data[:TIME_BYTES], data[TIME_BYTES:]
        if len(given) > 1 or not hmac.compare_digest(seal, self._seal(end)):
            return "not a token of this instance"
        return "ok" if self._settings.now() < int(end) else "the token has expired"

    # What it tells

    def _text(self, action):
        region = self._world.region
        texts = {"role": ROLE, "region": region, "zone": f"{region}a"}
        return _reply(200, texts[action]) if action in texts else _page(404)

    def _credentials(self, name, wanted):
        role = self._world.vault.named(BUILDS, name)
        if name != ROLE or role is None:
            return _page(404)
        keys = self._world.vault.mint(role, INSTANCE, wanted)
        values = {
            "Code": "Success",
            "LastUpdated": iso(self._settings.now()),
            "Type": "AWS-HMAC",
            "AccessKeyId": keys.principal.key_id,
            "SecretAccessKey": keys.principal.secret,
            "Token": keys.principal.token,
            "Expiration": keys.iso(),
        }
        return _document({k: v for k, v in values.items() if v is not None})
