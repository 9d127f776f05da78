"""An identity provider of our own: signed tokens that STS can check.

They are JSON web tokens under a key that everybody knows, so a test in any language
can make more of them.
"""

import base64
import binascii
import hmac
import json
import time

from replies import Refusal
from roles import AUDIENCE, SUBJECT

KEY = b"the stand-in's identity provider"
ISSUER = "https://token.example.com"
LIMIT = 20_000
HEADER = {"alg": "HS256", "typ": "JWT"}
FAR_AWAY = 4102444800  # 2100-01-01


def _encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _seal(text):
    return _encoded(hmac.digest(KEY, text.encode(), "sha256"))


def _signed(claims, header):
    parts = [_encoded(json.dumps(part).encode()) for part in (header, claims)]
    text = ".".join(parts)
    return f"{text}.{_seal(text)}"


def token(size=0, **claims):
    """A token; `size` pads it to exactly so many characters."""
    known = {"iss": ISSUER, "aud": AUDIENCE, "sub": SUBJECT, "exp": FAR_AWAY, **claims}
    if not size:
        return _signed(known, HEADER)
    # Base64 has no text of 4n+1 characters: then another header makes up for it.
    for kid in ("", "k", "ki", "kid"):
        header = {**HEADER, "kid": kid}
        spare = size - len(_signed({**known, "padding": ""}, header))
        for more in range(spare * 3 // 4 - 2, spare * 3 // 4 + 3):
            found = _signed({**known, "padding": "x" * max(0, more)}, header)
            if len(found) == size:
                return found
    raise ValueError(f"no token has {size} characters")


def expired_token():
    """A token whose time is over."""
    return token(exp=int(time.time()) - 3600)


def check(text, now):
    """The claims of a token. Raises Refusal with STS's codes."""
    head, _, seal = text.rpartition(".")
    right = hmac.compare_digest(seal.encode(), _seal(head).encode())
    if head.count(".") != 1 or not right:
        message = "The ID Token provided is not a valid JWT."
        raise Refusal("InvalidIdentityToken", message)
    try:
        claims = json.loads(_decoded(head.partition(".")[2]))
    except (ValueError, binascii.Error):
        raise Refusal("InvalidIdentityToken", "Couldn't retrieve claims") from None
    if now >= claims.get("exp", 0):
        message = f"Token expired: current date/time {int(now)} must be before the "
        message += f"expiration date/time {claims.get('exp', 0)}"
        raise Refusal("ExpiredTokenException", message)
    return claims
