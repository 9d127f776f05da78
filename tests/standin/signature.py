"""Checks a request's Signature Version 4 with botocore, from the bytes received."""

import calendar
import hashlib
import hmac
import re
import time
from typing import NamedTuple

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.compat import HTTPHeaders
from botocore.credentials import Credentials

from replies import Refusal

WINDOW = 15 * 60
DATE_FORMAT = "%Y%m%dT%H%M%SZ"

AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 +"
    r"Credential=(?P<key_id>[^/\s,]{1,128})/(?P<date>\d{8})/(?P<region>[a-z0-9-]{1,32})"
    r"/(?P<service>[a-z0-9-]{1,32})/aws4_request, *"
    r"SignedHeaders=(?P<signed>[a-z0-9;_-]{1,1024}), *"
    r"Signature=(?P<signature>[0-9a-f]{64})"
)


def of_word(given, expected, another):
    """What the copies of a header come to where no more than a shared word is asked
    for: "ok", "none", or `another`; without one, what is sent does not matter."""
    if not expected:
        return "not asked for" if given else "none"
    if not given:
        return "none"
    right = hmac.compare_digest(given[0].encode(), expected.encode())
    return "ok" if right and len(given) == 1 else another


class Scope(NamedTuple):
    """The Authorization header, taken apart."""

    key_id: str
    date: str
    region: str
    service: str
    signed: tuple
    signature: str


class BadSignature(Exception):
    """Why the signature does not hold, in words for the log."""


class _AsReceived(SigV4Auth):
    """Signs exactly the headers that the client says it has signed."""

    def headers_to_sign(self, request):
        return request.headers


def read_scope(request):
    """Takes the Authorization header apart."""
    values = request.values("authorization")
    if not values:
        # What EC2 says of a request without any signature.
        message = "The request must contain the parameter AWSAccessKeyId"
        raise Refusal("MissingParameter", message)
    match = AUTHORIZATION.fullmatch(values[0])
    if match is None or len(values) > 1:
        raise Refusal(
            "IncompleteSignature",
            "The request signature does not conform to AWS standards.",
        )
    found = match.groupdict()
    found["signed"] = tuple(found["signed"].split(";"))
    return Scope(**found)


def _signed_values(request, name):
    """A header's values. curl 7.88 sends X-Amz-Date twice and signs it once.

    EC2 takes that, so identical copies count as one.
    """
    values = request.values(name)
    return values[:1] if len(set(values)) == 1 else values


def _check_signed_names(request, signed):
    if list(signed) != sorted(set(signed)):
        raise BadSignature("SignedHeaders are not sorted")
    for name in ("host", "x-amz-date"):
        if name not in signed:
            raise BadSignature(f"{name} is not signed")
    for name in request.names():
        if name.startswith("x-amz-") and name not in signed:
            raise BadSignature(f"{name} is sent but not signed")
    for name in signed:
        if not request.values(name):
            raise BadSignature(f"{name} is signed but not sent")


def _check_body_hash(request):
    for claimed in request.values("x-amz-content-sha256"):
        if claimed != hashlib.sha256(request.body).hexdigest():
            raise BadSignature("x-amz-content-sha256 is not the body's hash")


def _expected(request, scope, secret):
    headers = HTTPHeaders()
    for name in scope.signed:
        for value in _signed_values(request, name):
            headers[name] = value
    url = f"https://{request.host}{request.target}"
    aws_request = AWSRequest(request.method, url, headers, request.body)
    aws_request.context["timestamp"] = _signed_values(request, "x-amz-date")[0]
    signer = _AsReceived(Credentials(scope.key_id, secret), scope.service, scope.region)
    canonical = signer.canonical_request(aws_request)
    return signer.signature(signer.string_to_sign(aws_request, canonical), aws_request)


def check(request, scope, principal, region, service):
    """Raises BadSignature unless the principal's secret signed this request."""
    _check_signed_names(request, scope.signed)
    _check_body_hash(request)
    date = _signed_values(request, "x-amz-date")
    if len(date) != 1 or date[0][:8] != scope.date:
        raise BadSignature("X-Amz-Date is not the date of the credential scope")
    if scope.service != service:
        raise BadSignature(f"scope names service {scope.service}, not {service}")
    if region and scope.region != region:
        raise BadSignature(f"scope names Region {scope.region}, not {region}")
    expected = _expected(request, scope, principal.secret)
    if not hmac.compare_digest(expected, scope.signature):
        raise BadSignature("signature differs from the one computed here")
    token = _signed_values(request, "x-amz-security-token")
    if token != ([principal.token] if principal.token else []):
        raise BadSignature("session token is not the one of this access key")


def age(request, now):
    """Seconds since the request was signed; negative if that is yet to come."""
    text = request.values("x-amz-date")
    try:
        return now - calendar.timegm(time.strptime(text[0], DATE_FORMAT))
    except (IndexError, ValueError):
        raise BadSignature("X-Amz-Date is missing or malformed") from None
