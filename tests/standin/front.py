"""The front of the service: who asks, what for, and may they ask at all."""

import urllib.parse

import ec2
import http1
import refusals
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

    def about(self, service, request):
        """The action and the image that a request names; nothing is checked here."""
        portal = self.world.portals.get(service)
        if portal:
            return portal.action(request), ""
        form = http1.form(request)
        image_id = form.get("ImageId", form.get("ImageId.1", ""))
        return form.get("Action", ""), image_id

    def answer(self, service, request, entry, wanted):
        """Gives the Outcome of a request and notes in `entry` what it was.

        `service` is what the listener offers, `wanted` the misbehaviour of the hour.
        """
        portal = self.world.portals.get(service)
        request_id = replies.new_request_id()
        try:
            if portal is None:
                return self._query(service, request, entry, request_id, wanted)
            entry.service, entry.action = service, portal.action(request)
            return ec2.Outcome(portal.answer(request, entry, wanted))
        except Refusal as refusal:
            return ec2.Outcome(refusals.reply(entry.service, refusal, request_id))

    def _query(self, service, request, entry, request_id, wanted):
        """The Query API: EC2 and STS."""
        if request.method not in ("GET", "POST"):
            return ec2.Outcome(replies.html(405))
        if request.target == "/" and request.method == "GET":
            return ec2.Outcome(replies.front_page())
        entry.service = service
        parameters = _parameters(request)
        if self._is_for_sts(request, parameters):
            entry.service = "sts"
        return self._dispatch(request, parameters, entry, request_id, wanted)

    @staticmethod
    def _is_for_sts(request, parameters):
        named = request.host.lower().startswith("sts.")
        return named or parameters.get("Version") == sts.VERSION

    def _dispatch(self, request, parameters, entry, request_id, wanted):
        entry.action = parameters.get("Action", "")
        entry.image_id = parameters.get("ImageId", parameters.get("ImageId.1", ""))
        principal, region = self._caller(request, entry)
        action = _required(parameters, "Action")
        version = _required(parameters, "Version")
        call = ec2.Call(action, parameters, principal, region, request_id)
        self.world.ec2.atlas.wait(region, request.host)
        if entry.service == "sts":
            return self.world.sts.handle(call, wanted)
        if version != ec2.VERSION:
            message = f"The requested version ({version}) of service AmazonEC2 does "
            raise Refusal("NoSuchVersion", message + "not exist")
        forget = (wanted.get("forget_seconds", 0), wanted.get("forget_looks", 0))
        return self.world.ec2.handle(call, forget if any(forget) else None)

    def _caller(self, request, entry):
        """Who asks, and in which Region: nobody, where a token stands for them."""
        if entry.service == "sts" and entry.action == sts.UNSIGNED:
            entry.signature = "unsigned"
            return None, self.world.region
        return self._authenticate(request, entry)

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
        if principal.is_over(self.now()):
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
