"""AWS IoT's credential provider: keys of a role for a device's certificate.

TLS has verified the certificate when a request comes here; whom it belongs to is
looked at here: the thing that its subject names.
"""

import json
import re

import replies
from cryptography import x509
from cryptography.x509.oid import NameOID
from replies import Refusal

ALIAS = "build-appliances"
ROLE = "by-iot"
PATH = re.compile(r"/role-aliases/([\w=,@-]{1,128})/credentials", re.ASCII)
THING_HEADER = "x-amzn-iot-thingname"


def refusal(refused, request_id):
    """The provider's error: a message, and its code in a header alone."""
    found = reply(refused.status, {"message": refused.message}, request_id)
    found.headers.append(("x-amzn-ErrorType", refused.code))
    found.code = refused.code
    return found


def reply(status, document, request_id):
    """A reply in JSON, as both services for certificates have it."""
    headers = [("Content-Type", "application/json"), ("x-amzn-RequestId", request_id)]
    body = json.dumps(document, separators=(",", ":")).encode()
    return replies.Reply(status, headers, body, request_id)


def members(keys):
    """The keys as both services spell them."""
    values = {
        "accessKeyId": keys.principal.key_id,
        "secretAccessKey": keys.principal.secret,
        "sessionToken": keys.principal.token,
        "expiration": keys.iso(),
    }
    return {name: value for name, value in values.items() if value is not None}


def subject_of(certificate):
    """The common name."""
    return certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value


class Iot:
    """The provider, with one role alias."""

    def __init__(self, world, _settings):
        self._world = world

    @staticmethod
    def action(request):
        """What is asked for: the one thing there is."""
        found = request.method == "GET" and PATH.fullmatch(request.target)
        return "credentials" if found else ""

    def answer(self, request, entry, wanted):
        """The reply to one request. Raises Refusal."""
        entry.signature = "none"
        if request.certificate is None:
            message = "Credential service requires TLS client authentication"
            raise Refusal("AccessDeniedException", message, 403)
        if entry.action != "credentials":
            raise Refusal("NotFoundException", "No such resource", 404)
        if PATH.fullmatch(request.target)[1] != ALIAS:
            raise Refusal("ResourceNotFoundException", "Role alias does not exist")
        certificate = x509.load_der_x509_certificate(request.certificate)
        thing = subject_of(certificate)
        named = request.values(THING_HEADER)
        if named and named != [thing]:
            entry.signature = "another thing"
            raise Refusal("AccessDeniedException", "Access Denied", 403)
        entry.signature = "ok"
        role = self._world.vault.named(self._world.builds, ROLE)
        session = f"{certificate.serial_number:x}"
        keys = self._world.vault.mint(role, session, wanted)
        return reply(200, {"credentials": members(keys)}, replies.new_request_id())
