"""EC2's and STS's replies: heads and bodies in the shapes the services send."""

import re
import uuid
from dataclasses import dataclass
from xml.sax.saxutils import escape

EC2_NAMESPACE = "http://ec2.amazonaws.com/doc/2016-11-15/"
STS_NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/"
# What XML cannot hold, not even as a reference.
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

REASONS = {
    200: "OK",
    201: "Created",
    302: "Found",
    307: "Temporary Redirect",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    407: "Proxy Authentication Required",
    412: "Precondition Failed",
    413: "Payload Too Large",
    429: "Too Many Requests",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    501: "Not Implemented",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}

# What is not listed here is a plain 400.
STATUS_OF_CODE = {
    "AccessDenied": 403,
    "AuthFailure": 401,
    "ForbiddenException": 403,
    "IDPRejectedClaim": 403,
    "RegionDisabledException": 403,
    "ResourceNotFoundException": 404,
    "TooManyRequestsException": 429,
    "UnauthorizedException": 401,
    "OptInRequired": 401,
    "Blocked": 403,
    "PendingVerification": 403,
    "UnauthorizedOperation": 403,
    "SignatureDoesNotMatch": 403,
    "InvalidClientTokenId": 403,
    "ExpiredToken": 403,
    "MissingAuthenticationToken": 403,
    "MalformedQueryString": 404,
    "DryRunOperation": 412,
    "InternalError": 500,
    "InternalFailure": 500,
    "ServiceUnavailable": 503,
    "Unavailable": 503,
    "RequestLimitExceeded": 503,
}

MESSAGE_OF_CODE = {
    "AuthFailure": "AWS was not able to validate the provided access credentials",
    "Blocked": "This account is currently blocked and not recognized as a valid "
    "account.",
    "DryRunOperation": "Request would have succeeded, but DryRun flag is set.",
    "InternalError": "An internal error has occurred",
    "OptInRequired": "You are not subscribed to this service. Please go to "
    "http://aws.amazon.com to subscribe.",
    "PendingVerification": "Your account is currently being verified.",
    "RequestExpired": "Request has expired.",
    "RequestLimitExceeded": "Request limit exceeded.",
    "ServiceUnavailable": "The service is unavailable. Please try again shortly.",
    "Unavailable": "The service is unavailable. Please try again shortly.",
}


class Refusal(Exception):
    """The service says no: a code, a message for people and an HTTP status."""

    def __init__(self, code, message=None, status=None):
        self.code = code
        self.message = message or MESSAGE_OF_CODE.get(code, f"{code}.")
        self.asked_status = status
        self.status = status or STATUS_OF_CODE.get(code, 400)
        super().__init__(f"{code}: {self.message}")


@dataclass
class Reply:
    """A reply before it is framed. `body` is bytes, or an iterator of bytes."""

    status: int
    headers: list
    body: object
    request_id: str = ""
    code: str = ""
    framing: str = "length"
    close: bool = False


def text(value):
    """A value as XML text: escaped, and without what XML cannot hold."""
    return escape(NOT_XML.sub("?", str(value)))


def new_request_id():
    """A request id as AWS makes them: a random UUID."""
    return str(uuid.uuid4())


def _ec2_headers(request_id):
    return [
        ("x-amzn-RequestId", request_id),
        ("Cache-Control", "no-cache, no-store"),
        ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
        ("Content-Type", "text/xml;charset=UTF-8"),
    ]


def element(name, value, indent=1):
    """One line of a reply: `<name>value</name>`, indented as EC2 does."""
    return f"{'    ' * indent}<{name}>{text(value)}</{name}>\n"


def ec2_head(action, request_id):
    """The first lines of a successful EC2 reply."""
    root = f'<{action}Response xmlns="{EC2_NAMESPACE}">\n'
    return DECLARATION + root + element("requestId", request_id)


def ec2_success(action, request_id, content):
    """A whole EC2 reply around `content`. EC2 ends it without a newline."""
    body = ec2_head(action, request_id) + content + f"</{action}Response>"
    return Reply(200, _ec2_headers(request_id), body.encode(), request_id)


def ec2_stream(request_id, pieces):
    """An EC2 reply whose body is made while it is sent."""
    headers = _ec2_headers(request_id) + [("vary", "accept-encoding")]
    return Reply(200, headers, pieces, request_id, framing="chunked")


def ec2_refusal(refusal, request_id):
    """EC2's error: chunked, the connection closed, and RequestID spelled so."""
    body = (
        f"{DECLARATION}<Response><Errors><Error><Code>{text(refusal.code)}</Code>"
        f"<Message>{text(refusal.message)}</Message></Error></Errors>"
        f"<RequestID>{request_id}</RequestID></Response>"
    )
    return Reply(
        refusal.status,
        _ec2_headers(request_id) + [("vary", "accept-encoding")],
        body.encode(),
        request_id,
        refusal.code,
        framing="chunked",
        close=True,
    )


def _sts_headers(request_id):
    return [("x-amzn-RequestId", request_id), ("Content-Type", "text/xml")]


def sts_success(action, request_id, content):
    """An STS reply: the result in an element of its own, metadata after it."""
    body = (
        f'<{action}Response xmlns="{STS_NAMESPACE}">\n'
        f"  <{action}Result>\n{content}  </{action}Result>\n"
        f"  <ResponseMetadata>\n    <RequestId>{request_id}</RequestId>\n"
        f"  </ResponseMetadata>\n</{action}Response>\n"
    )
    return Reply(200, _sts_headers(request_id), body.encode(), request_id)


def sts_refusal(refusal, request_id):
    """STS's error: not EC2's shape, and RequestId spelled so."""
    body = (
        f'<ErrorResponse xmlns="{STS_NAMESPACE}">\n  <Error>\n'
        f"    <Type>Sender</Type>\n    <Code>{text(refusal.code)}</Code>\n"
        f"    <Message>{text(refusal.message)}</Message>\n  </Error>\n"
        f"  <RequestId>{request_id}</RequestId>\n</ErrorResponse>\n"
    )
    headers = _sts_headers(request_id)
    return Reply(refusal.status, headers, body.encode(), request_id, refusal.code)


def reason(status):
    """The words beside a status."""
    return REASONS.get(status, "Unknown")


def html(status, close=True):
    """What a front end or a proxy says before any service was reached."""
    title = f"{status} {reason(status)}"
    body = (
        f"<html>\r\n<head><title>{title}</title></head>\r\n"
        f"<body>\r\n<center><h1>{title}</h1></center>\r\n</body>\r\n</html>\r\n"
    )
    headers = [("Content-Type", "text/html")]
    return Reply(status, headers, body.encode(), close=close)


def front_page():
    """EC2 sends whoever comes without a request to its product page."""
    headers = [("Location", "https://aws.amazon.com/ec2")]
    return Reply(302, headers, b"")
