"""The front of the service: who asks, what for, and may they ask at all."""

import urllib.parse

import ec2
import replies
import signature
import sts
from replies import Refusal

PARAMETER_LIMIT = 2000
FORM = "application/x-www-form-urlencoded"


def _parameters(request):
    """The parameters, from the query of a GET or the form of a POST."""
    text = urllib.parse.urlsplit(request.target).query
    kinds = request.values("content-type")
    try:
        if request.method == "POST" and kinds and kinds[0].startswith(FORM):
            text = request.body.decode("utf-8")
        pairs = urllib.parse.parse_qsl(
            text,
            keep_blank_values=True,
            errors="strict",
            max_num_fields=PARAMETER_LIMIT,
        )
    except ValueError:
        raise Refusal("MalformedQueryString", "The query cannot be parsed") from None
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Refusal("MalformedQueryString", "A parameter is given more than once")
    return found


def _required(parameters, name):
    value = parameters.get(name)
    if not value:
        message = f"The request must contain the parameter {name}"
        raise Refusal("MissingParameter", message)
    return value


class Front:
    """Authenticates requests and hands them to EC2 or STS."""

    def __init__(self, world, settings):
        self.world = world
        self.settings = settings

    def now(self):
        """The stand-in's time, in seconds since 1970."""
        return self.settings.now()

    def answer(self, request, entry, forget):
        """Gives the Outcome of a request and notes in `entry` what it was."""
        if request.method not in ("GET", "POST"):
            return ec2.Outcome(replies.html(405))
        if request.target == "/" and request.method == "GET":
            return ec2.Outcome(replies.front_page())
        request_id = replies.new_request_id()
        entry.service = "ec2"
        try:
            parameters = _parameters(request)
            if self._is_for_sts(request, parameters):
                entry.service = "sts"
            return self._dispatch(request, parameters, entry, request_id, forget)
        except Refusal as refusal:
            return ec2.Outcome(replies.refusal_of(entry.service, refusal, request_id))

    @staticmethod
    def _is_for_sts(request, parameters):
        named = request.host.lower().startswith("sts.")
        return named or parameters.get("Version") == sts.VERSION

    def _dispatch(self, request, parameters, entry, request_id, forget):
        entry.action = parameters.get("Action", "")
        entry.image_id = parameters.get("ImageId", parameters.get("ImageId.1", ""))
        principal, region = self._authenticate(request, entry)
        action = _required(parameters, "Action")
        version = _required(parameters, "Version")
        call = ec2.Call(action, parameters, principal, region, request_id)
        if entry.service == "sts":
            return sts.handle(call)
        if version != ec2.VERSION:
            message = f"The requested version ({version}) of service AmazonEC2 does "
            raise Refusal("NoSuchVersion", message + "not exist")
        return self.world.ec2.handle(call, forget)

    # Authentication

    def _authenticate(self, request, entry):
        for_sts = entry.service == "sts"
        entry.signature = "none"
        scope = signature.read_scope(request)
        entry.access_key_id = scope.key_id
        principal = self.world.principal(scope.key_id)
        if principal is None:
            entry.signature = "unknown access key"
            raise _unknown_key(for_sts)
        try:
            signature.check(
                request, scope, principal, self.settings.region, entry.service
            )
            age = signature.age(request, self.now())
        except signature.BadSignature as reason:
            entry.signature = str(reason)
            raise _bad_signature(for_sts) from None
        entry.signature = "ok"
        if abs(age) > signature.WINDOW:
            raise self._wrong_time(for_sts)
        if principal.expired:
            raise _expired_session(for_sts)
        if not principal.opted_in and not for_sts:
            raise Refusal("OptInRequired")
        return principal, scope.region

    def _wrong_time(self, for_sts):
        if for_sts:
            message = "Signature expired: the request is too old or too new."
            return Refusal("SignatureDoesNotMatch", message)
        return Refusal(self.settings.skew_code)


# EC2 gives one and the same answer, AuthFailure with status 401, to an unknown key, a
# wrong secret and a wrong token: its replies on record never tell which it was. STS
# tells them apart.


def _unknown_key(for_sts):
    if for_sts:
        message = "The security token included in the request is invalid."
        return Refusal("InvalidClientTokenId", message)
    return Refusal("AuthFailure")


def _bad_signature(for_sts):
    if for_sts:
        return Refusal(
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you "
            "provided. Check your AWS Secret Access Key and signing method. Consult "
            "the service documentation for details.",
        )
    return Refusal("AuthFailure")


def _expired_session(for_sts):
    if for_sts:
        message = "The security token included in the request is expired"
        return Refusal("ExpiredToken", message)
    return Refusal("RequestExpired")
