"""IAM Roles Anywhere: CreateSession, signed with the key of a certificate.

The signature is recomputed from the bytes received and checked with the public key;
the certificate has to lead to the trust anchor by the chain that is sent.
"""

import base64
import binascii
import datetime
import hashlib
import json
import re
import urllib.parse

import replies
import signature
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from iot import members, refusal, reply, subject_of
from replies import Refusal
from roles import BUILDS, NAME_SHAPE

__all__ = ["RolesAnywhere", "refusal"]

ROLE = "by-roles-anywhere"
PATH = "/sessions"
ANCHOR_ID = "a1b2c3d4-5678-90ab-cdef-111122223333"
PROFILE_ID = "b2c3d4e5-6789-0abc-def1-222233334444"
ARNS = ("profileArn", "roleArn", "trustAnchorArn")
ARN_SHAPES = {
    "profileArn": r"arn:aws(-[^/]+)?:rolesanywhere:[\w-]+:\d{12}:profile/[\w-]{36}",
    "trustAnchorArn": r"arn:aws(-[^/]+)?:rolesanywhere:[\w-]+:\d{12}:trust-anchor/"
    r"[\w-]{36}",
    "roleArn": r"arn:aws(-[^/]+)?:iam::\d{12}:role/[\x21-\x7e]{1,512}",
}
CHAIN_LIMIT = 5
SHORTEST, LONGEST = 900, 43200
AUTHORIZATION = re.compile(
    r"AWS4-X509-(?P<kind>RSA|ECDSA)-SHA256 "
    r"Credential=(?P<serial>[1-9]\d{0,48})/(?P<date>\d{8})/(?P<region>[a-z0-9-]{1,32})"
    r"/rolesanywhere/aws4_request, "
    r"SignedHeaders=(?P<signed>[a-z0-9;-]{1,200}), "
    r"Signature=(?P<signature>([0-9a-f]{2}){1,1024})"
)


def anchor_arn(region="us-east-1"):
    """The trust anchor of a Region."""
    return f"arn:aws:rolesanywhere:{region}:{BUILDS}:trust-anchor/{ANCHOR_ID}"


def profile_arn(region="us-east-1"):
    """The profile of a Region."""
    return f"arn:aws:rolesanywhere:{region}:{BUILDS}:profile/{PROFILE_ID}"


def role_arn(name=ROLE):
    """The role that the profile leads to."""
    return f"arn:aws:iam::{BUILDS}:role/{name}"


def _quoted(text):
    return urllib.parse.quote(text, safe="-._~")


def _canonical(request, signed):
    path, _, text = request.target.partition("?")
    pairs = urllib.parse.parse_qsl(text, keep_blank_values=True, strict_parsing=True)
    query = "&".join(sorted(f"{_quoted(k)}={_quoted(v)}" for k, v in pairs))
    lines = [request.method, path, query]
    lines += [f"{name}:{' '.join(request.values(name)[0].split())}" for name in signed]
    lines += ["", ";".join(signed), hashlib.sha256(request.body).hexdigest()]
    return "\n".join(lines)


def string_to_sign(request, found):
    """What the key has to have signed."""
    signed = found["signed"].split(";")
    canonical = _canonical(request, signed).encode()
    scope = f"{found['date']}/{found['region']}/rolesanywhere/aws4_request"
    date = request.values("x-amz-date")[0]
    kind = f"AWS4-X509-{found['kind']}-SHA256"
    return "\n".join((kind, date, scope, hashlib.sha256(canonical).hexdigest()))


def verifies(key, signed, data, algorithm):
    """Whether a public key of RSA or of a curve has signed the data."""
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signed, data, padding.PKCS1v15(), algorithm)
        else:
            key.verify(signed, data, ec.ECDSA(algorithm))
    except InvalidSignature:
        return False
    return True


def _is_issued_by(certificate, issuer):
    return certificate.issuer == issuer.subject and verifies(
        issuer.public_key(),
        certificate.signature,
        certificate.tbs_certificate_bytes,
        certificate.signature_hash_algorithm,
    )


def _certificate(text):
    try:
        return x509.load_der_x509_certificate(base64.b64decode(text, validate=True))
    except (ValueError, binascii.Error):
        raise Refusal("ValidationException", "Invalid certificate") from None


def _untrusted(why):
    return Refusal("AccessDeniedException", f"Untrusted certificate. {why}", 403)


class RolesAnywhere:
    """The service, with one trust anchor and one profile of each Region."""

    def __init__(self, world, settings):
        self._world = world
        self._settings = settings
        # Gives the trust anchor's certificate; the stand-in's to set.
        self.anchor = lambda: None

    @staticmethod
    def action(request):
        """The operation's name."""
        path = request.target.partition("?")[0]
        return "CreateSession" if path == PATH else ""

    def answer(self, request, entry, wanted):
        """The reply to one request. Raises Refusal."""
        if entry.action != "CreateSession" or request.method != "POST":
            raise Refusal("ResourceNotFoundException", "No such operation")
        try:
            found, certificate = self._authenticate(request)
        except signature.BadSignature as reason:
            entry.signature = str(reason)
            message = "The request signature we calculated does not match"
            raise Refusal("AccessDeniedException", message, 403) from None
        entry.signature = "ok"
        role = self._role(request, found["region"])
        seconds, name = self._wish(request.body)
        name = name or f"{certificate.serial_number:x}"
        keys = self._world.vault.mint(role, name, wanted, seconds)
        session = {
            "assumedRoleUser": {
                "arn": keys.principal.arn,
                "assumedRoleId": keys.principal.user_id,
            },
            "credentials": members(keys),
            "packedPolicySize": 0,
            "roleArn": role.arn,
            "sourceIdentity": f"CN={subject_of(certificate)}",
        }
        document = {"credentialSet": [session], "subjectArn": f"{role.arn}/subject"}
        return reply(201, document, replies.new_request_id())

    def _authenticate(self, request):
        """The Authorization header taken apart, and the certificate."""
        match = AUTHORIZATION.fullmatch((request.values("authorization") + [""])[0])
        if match is None:
            raise Refusal("AccessDeniedException", "Missing Authentication Token", 403)
        found = match.groupdict()
        _check_names(request, found["signed"].split(";"))
        date = request.values("x-amz-date")[0]
        if date[:8] != found["date"]:
            raise signature.BadSignature("X-Amz-Date is not the scope's")
        if self._settings.region and found["region"] != self._settings.region:
            raise signature.BadSignature(f"scope names Region {found['region']}")
        certificate = _certificate(request.values("x-amz-x509")[0])
        if found["serial"] != str(certificate.serial_number):
            raise signature.BadSignature("another certificate's serial number")
        key = certificate.public_key()
        if found["kind"] != ("RSA" if isinstance(key, rsa.RSAPublicKey) else "ECDSA"):
            raise signature.BadSignature("the algorithm is not the key's")
        text = string_to_sign(request, found).encode()
        signed = bytes.fromhex(found["signature"])
        if not verifies(key, signed, text, hashes.SHA256()):
            raise signature.BadSignature("the certificate's key has not signed it")
        if abs(signature.age(request, self._settings.now())) > signature.WINDOW:
            raise Refusal("AccessDeniedException", "Signature expired", 403)
        self._trust(certificate, request)
        return found, certificate

    def _trust(self, leaf, request):
        """By the certificates that are sent, one issued by the next, to the anchor."""
        sent = ",".join(request.values("x-amz-x509-chain"))
        chain = [_certificate(text) for text in sent.split(",")] if sent else []
        if len(chain) > CHAIN_LIMIT:
            raise Refusal("ValidationException", "The chain is too long")
        at = leaf
        for issuer in (*chain, self.anchor()):
            if not _is_issued_by(at, issuer):
                raise _untrusted("Insufficient certificate")
            at = issuer
        now = datetime.datetime.utcfromtimestamp(self._settings.now())
        for certificate in (leaf, *chain):
            if not certificate.not_valid_before <= now <= certificate.not_valid_after:
                raise _untrusted("Certificate is not valid at this time")

    def _role(self, request, region):
        text = urllib.parse.urlsplit(request.target).query
        query = urllib.parse.parse_qs(text)
        for name in ARNS:
            value = query.get(name, [""])
            if len(value) != 1 or not re.fullmatch(ARN_SHAPES[name], value[0]):
                raise Refusal("ValidationException", f"Invalid {name}")
        if query["trustAnchorArn"][0] != anchor_arn(region):
            raise Refusal("ResourceNotFoundException", "Trust anchor not found")
        if query["profileArn"][0] != profile_arn(region):
            raise Refusal("ResourceNotFoundException", "Profile not found")
        role = self._world.vault.role(query["roleArn"][0])
        if role is None or role.name != ROLE:
            message = "Unable to assume role for " + query["roleArn"][0]
            raise Refusal("AccessDeniedException", message, 403)
        return role

    @staticmethod
    def _wish(body):
        """Seconds, and the session's name or None."""
        try:
            document = json.loads(body)
            seconds = document.get("durationSeconds", 3600)
        except (ValueError, AttributeError):
            raise Refusal("ValidationException", "The body is not JSON") from None
        name = document.get("roleSessionName")
        if not isinstance(seconds, int) or not SHORTEST <= seconds <= LONGEST:
            raise Refusal("ValidationException", "Invalid durationSeconds")
        if name is not None and (len(name) < 2 or not NAME_SHAPE.fullmatch(name)):
            raise Refusal("ValidationException", "Invalid roleSessionName")
        return seconds, name


def _check_names(request, signed):
    if signed != sorted(set(signed)):
        raise signature.BadSignature("SignedHeaders are not sorted")
    wanted = {"content-type", "host", "x-amz-date", "x-amz-x509"}
    wanted |= {name for name in request.names() if name.startswith("x-amz-")}
    for name in sorted(wanted):
        if name not in signed:
            raise signature.BadSignature(f"{name} is not signed")
    for name in signed:
        if len(request.values(name)) != 1:
            raise signature.BadSignature(f"{name} is not sent once")
