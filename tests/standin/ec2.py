"""EC2's Query API, as far as launch permissions need it.

Each action takes a Call and gives an Outcome: the reply, and the change that it
stands for. The change is not made here: the server makes it before the reply, late,
or never, as the test wants.
"""

import base64
import binascii
import hashlib
import hmac
import itertools
import secrets
from typing import NamedTuple

import images
import references
import regions
import replies
from accounts import Principal
from replies import Refusal

VERSION = "2016-11-15"
SEEDED_REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "eu-central-1")
PAGE_LIMIT = 1000
BODY_PIECE = 8192
KEPT_PIECE = 65536

BLOB_BYTES = 1200
TRUTHS = {"true": True, "1": True, "false": False, "0": False}


class Call(NamedTuple):
    """An authenticated request: who asks what, where."""

    action: str
    parameters: dict
    principal: Principal
    region: str
    request_id: str


class Outcome(NamedTuple):
    """A reply, and the change behind it: a function that returns True if it acted."""

    reply: replies.Reply
    change: object = None


def _truth(parameters, name):
    word = parameters.get(name, "false").lower()
    if word not in TRUTHS:
        raise Refusal(
            "InvalidParameterValue",
            f"Value ({parameters[name]}) for parameter {name} is invalid. "
            "Must be true or false",
        )
    return TRUTHS[word]


def _list(parameters, name):
    """The values of Name.1, Name.2, ... in the order of their numbers."""
    numbered = []
    for key, value in parameters.items():
        head, dot, number = key.rpartition(".")
        if dot and head == name and number.isdecimal():
            numbered.append((int(number), value))
    return [value for _, value in sorted(numbered)]


def _filters(parameters):
    """Filter.N.Name and Filter.N.Value.M, as [(name, [values])]."""
    found = []
    for key, name in parameters.items():
        parts = key.split(".")
        if len(parts) == 3 and (parts[0], parts[2]) == ("Filter", "Name"):
            found.append((name, _list(parameters, f"Filter.{parts[1]}.Value")))
    return found


def _only(parameters, *known):
    """Refuses what the action does not take; EC2 does not pass over anything."""
    for key in parameters:
        if key.split(".")[0] not in ("Action", "Version", *known):
            raise Refusal("UnknownParameter", f"The parameter {key} is not recognized")


def _authorize(call, resource):
    action = f"ec2:{call.action}"
    principal = call.principal
    if principal.may(action):
        return
    # The real blob is encrypted; its length is what a client has to bear.
    blob = base64.urlsafe_b64encode(secrets.token_bytes(BLOB_BYTES)).decode()
    raise Refusal(
        "UnauthorizedOperation",
        "You are not authorized to perform this operation. "
        f"User: {principal.arn} is not authorized to perform: {action} "
        f"on resource: {resource} because no identity-based policy allows the "
        f"{action} action. Encoded authorization failure message: {blob}",
    )


# What EC2 says about ids


def _malformed(image_id):
    return Refusal("InvalidAMIID.Malformed", f'Invalid id: "{image_id}"')


def _not_found(*image_ids):
    ids = ", ".join(image_ids)
    if len(image_ids) == 1:
        message = f"The image id '[{ids}]' does not exist"
    else:
        message = f"The image ids '[{ids}]' do not exist"
    return Refusal("InvalidAMIID.NotFound", message)


def _unavailable(image_id):
    message = f"The image ID: '{image_id}' is no longer available"
    return Refusal("InvalidAMIID.Unavailable", message)


# Filters of DescribeImages: name -> the field's text. A filter matches if any of its
# values does; an image is shown if all filters match.
FILTERS = {
    "architecture": lambda image: "x86_64",
    "creation-date": lambda image: image.created,
    "description": lambda image: image.description,
    "image-id": lambda image: image.id,
    "image-type": lambda image: "machine",
    "is-public": lambda image: str(image.public).lower(),
    "name": lambda image: image.name,
    "owner-id": lambda image: image.owner,
    "root-device-type": lambda image: "ebs",
    "state": lambda image: image.state,
    "virtualization-type": lambda image: "hvm",
}


# One <item> of imagesSet, in EC2's order and indentation.
ITEM = """\
        <item>
            <imageId>{id}</imageId>
            <imageLocation>{owner}/{name}</imageLocation>
            <imageState>{state}</imageState>
            <imageOwnerId>{owner}</imageOwnerId>
            <creationDate>{created}</creationDate>
            <isPublic>{public}</isPublic>
            <architecture>x86_64</architecture>
            <imageType>machine</imageType>
            <sriovNetSupport>simple</sriovNetSupport>
            <name>{name}</name>
{description}\
            <rootDeviceType>ebs</rootDeviceType>
            <rootDeviceName>/dev/xvda</rootDeviceName>
            <blockDeviceMapping>
                <item>
                    <deviceName>/dev/xvda</deviceName>
                    <ebs>
                        <snapshotId>snap-{snapshot}</snapshotId>
                        <volumeSize>8</volumeSize>
                        <deleteOnTermination>true</deleteOnTermination>
                        <volumeType>gp3</volumeType>
                        <encrypted>false</encrypted>
                    </ebs>
                </item>
            </blockDeviceMapping>
            <virtualizationType>hvm</virtualizationType>
            <hypervisor>xen</hypervisor>
            <enaSupport>true</enaSupport>
            <platformDetails>Linux/UNIX</platformDetails>
            <usageOperation>RunInstances</usageOperation>
{deprecation}\
        </item>
"""


# One <item> of regionInfo.
REGION = """\
        <item>
            <regionName>{name}</regionName>
            <regionEndpoint>ec2.{name}.amazonaws.com</regionEndpoint>
            <optInStatus>{status}</optInStatus>
        </item>
"""


# One <item> of imageReferenceSet.
REFERENCE = """\
        <item>
            <imageId>{image}</imageId>
            <resourceType>{type}</resourceType>
            <arn>{arn}</arn>
        </item>
"""


def _optional(name, value):
    return replies.element(name, value, 3) if value else ""


def _item(image):
    return ITEM.format(
        id=image.id,
        owner=image.owner,
        name=replies.text(image.name),
        state=image.state,
        created=image.created,
        public=str(image.public).lower(),
        description=_optional("description", image.description),
        snapshot=hashlib.sha256(image.id.encode()).hexdigest()[:17],
        deprecation=_optional("deprecationTime", image.deprecated),
    )


class Query(NamedTuple):
    """What a DescribeImages asks for, besides its page."""

    ids: list
    executable_by: list
    owners: list
    filters: list
    deprecated: bool
    disabled: bool

    @classmethod
    def read(cls, parameters):
        """Checks the parameters that choose images."""
        filters = _filters(parameters)
        for name, _ in filters:
            if name not in FILTERS:
                message = f"The filter '{name}' is invalid"
                raise Refusal("InvalidParameterValue", message)
        return cls(
            _list(parameters, "ImageId"),
            _list(parameters, "ExecutableBy"),
            _list(parameters, "Owner"),
            filters,
            _truth(parameters, "IncludeDeprecated"),
            _truth(parameters, "IncludeDisabled"),
        )

    def wants(self, image, account):
        """Whether a visible image belongs into the answer, launchability aside."""
        if image.state == "disabled" and not self.disabled:
            return False
        # An owner's own deprecated AMIs, and any named by id, are always shown.
        hidden = image.deprecated and image.owner != account and not self.ids
        if hidden and not self.deprecated:
            return False
        owners = {account if owner == "self" else owner for owner in self.owners}
        if owners and image.owner not in owners:
            return False
        return all(
            any(images.matches(value, FILTERS[name](image)) for value in values)
            for name, values in self.filters
        )

    def launchable(self, image, account, shared):
        """ExecutableBy: `self` means an explicit permission, direct or not."""
        asked = set(self.executable_by)
        if not asked:
            return True
        return (image.public and "all" in asked) or (
            shared and not asked.isdisjoint({"self", account})
        )


class Ec2:
    """The service: a shelf of AMIs and the actions on it."""

    DESCRIBE_PARAMETERS = (
        "DryRun ExecutableBy Filter ImageId IncludeDeprecated IncludeDisabled "
        "MaxResults NextToken Owner"
    ).split()

    REFERENCE_PARAMETERS = (
        "ImageId IncludeAllResourceTypes MaxResults NextToken ResourceType"
    ).split()

    def __init__(self, shelf, settings):
        self.shelf = shelf
        self.settings = settings
        self.ledger = references.Ledger()
        self.atlas = regions.Atlas(*SEEDED_REGIONS)
        self._pages_kept = {}
        self._page_key = secrets.token_bytes(16)
        self._actions = {
            "CancelImageLaunchPermission": self._cancel,
            "DescribeImages": self._describe,
            "DescribeImageReferences": self._references,
            "DescribeRegions": self._regions,
        }

    def handle(self, call, forget=None):
        """Runs one action. Raises Refusal with EC2's code and message."""
        action = self._actions.get(call.action)
        self.atlas.admit(call.region)
        if action is None:
            message = f"The action {call.action} is not valid for this web service."
            raise Refusal("InvalidAction", message)
        return action(call, forget or self.settings.forget)

    # CancelImageLaunchPermission

    def _cancel(self, call, forget):
        parameters = call.parameters
        _only(parameters, "ImageId", "DryRun")
        image_id = parameters.get("ImageId")
        if not image_id:
            message = "The request must contain the parameter ImageId"
            raise Refusal("MissingParameter", message)
        dry_run = _truth(parameters, "DryRun")
        self._check_shape(image_id)
        _authorize(call, f"arn:aws:ec2:{call.region}::image/{image_id}")
        if dry_run and not self.settings.dry_run_looks:
            raise Refusal("DryRunOperation")
        self._check_grant(call, image_id)
        if dry_run:
            raise Refusal("DryRunOperation")

        def change():
            account = call.principal.account
            return self.shelf.cancel(call.region, image_id, account, forget)

        content = "    <return>true</return>\n"
        reply = replies.ec2_success(call.action, call.request_id, content)
        return Outcome(reply, change)

    def _check_shape(self, image_id):
        """The user guide's example id is known here though it is malformed."""
        if images.WELL_FORMED.fullmatch(image_id) or self.shelf.knows(image_id):
            return
        raise _malformed(image_id)

    def _check_grant(self, call, image_id):
        """One refusal for a missing AMI, another's AMI, a public one and one's own.

        An organization share is no grant to the account either.
        """
        image = self.shelf.find(call.region, image_id)
        if image is None or call.principal.account not in image.accounts:
            raise _not_found(image_id)
        if image.state not in ("available", "disabled"):
            raise _unavailable(image_id)

    # DescribeImages

    def _describe(self, call, _forget):
        parameters = call.parameters
        _only(parameters, *self.DESCRIBE_PARAMETERS)
        query = Query.read(parameters)
        size = self._page_size(parameters, query)
        start = self._page_start(parameters)
        _authorize(call, "*")
        if _truth(parameters, "DryRun"):
            raise Refusal("DryRunOperation")
        if self.shelf.has_crowd(call.region) and not query.ids:
            return Outcome(self._stream(call, self._kept(call, query, start, size)))
        if query.ids:
            found = self._named(call, query)
        else:
            account = call.principal.account
            walk = self.shelf.walk(call.region, start)
            found = ((p, i) for p, i in walk if self._shows(query, account, i))
        pieces = self._pages(call, found, size)
        return Outcome(self._stream(call, pieces))

    def _kept(self, call, query, start, size):
        """Of Regions full of AMIs a page is made once: that takes longer than all else."""
        account = call.principal.account
        key = (call.region, account, tuple(sorted(call.parameters.items())))
        version = self.shelf.version
        known = self._pages_kept.get(key)
        if known is None or known[0] != version:
            walk = self.shelf.walk(call.region, start)
            found = ((p, i) for p, i in walk if self._shows(query, account, i))
            text = "".join(itertools.islice(self._pages(call, found, size), 1, None))
            known = self._pages_kept[key] = (version, text)
        yield replies.ec2_head(call.action, call.request_id)
        for at in range(0, len(known[1]), KEPT_PIECE):
            yield known[1][at : at + KEPT_PIECE]

    def _named(self, call, query):
        """The images asked for by id; EC2 refuses them all if one is missing."""
        account = call.principal.account
        found, missing = [], []
        for image_id in query.ids:
            self._check_shape(image_id)
            image = self.shelf.find(call.region, image_id)
            if image and image.state == "deregistered":
                raise _unavailable(image_id)
            shared = image and self.shelf.shared_with(image, account)
            if not image or not self.shelf.visible(image, account, shared):
                missing.append(image_id)
            elif query.wants(image, account) and query.launchable(
                image, account, shared
            ):
                found.append((("stored", image_id), image))
        if missing:
            raise _not_found(*missing)
        return found

    def _shows(self, query, account, image):
        if not query.wants(image, account):
            return False
        shared = self.shelf.shared_with(image, account)
        visible = self.shelf.visible(image, account, shared)
        return visible and query.launchable(image, account, shared)

    def _page_size(self, parameters, query):
        text = parameters.get("MaxResults")
        if text is None:
            return None
        if query.ids:
            raise Refusal(
                "InvalidParameterCombination",
                "The parameter imageIdsSet cannot be used with the parameter "
                "maxResults",
            )
        if not text.isdecimal() or not 1 <= int(text) <= PAGE_LIMIT:
            raise Refusal(
                "InvalidParameterValue",
                f"Value ( {text} ) for parameter maxResults is invalid. Expecting a "
                f"value between 1 and {PAGE_LIMIT}.",
            )
        return int(text)

    def _page_token(self, position):
        """An opaque token: clients hand it back, only this process can read it."""
        text = ":".join(map(str, position)).encode()
        return base64.urlsafe_b64encode(self._seal(text) + text).decode()

    def _seal(self, text):
        return hmac.digest(self._page_key, text, "sha256")[:16]

    def _page_start(self, parameters):
        token = parameters.get("NextToken")
        if token is None:
            return ("stored", "")
        try:
            data = base64.urlsafe_b64decode(token)
        except (ValueError, binascii.Error):
            data = b""
        seal, text = data[:16], data[16:]
        if not hmac.compare_digest(seal, self._seal(text)):
            message = "The token is invalid or has expired."
            raise Refusal("InvalidPaginationToken", message)
        kind, _, where = text.decode().partition(":")
        return (kind, where)

    def _pages(self, call, found, size):
        """The body of the reply, piece by piece: one page, and where the next is."""
        yield replies.ec2_head(call.action, call.request_id)
        yield "    <imagesSet>\n"
        found = iter(found)
        last = None
        for last, image in itertools.islice(found, size):
            yield _item(image)
        yield "    </imagesSet>\n"
        if size and last and next(found, None):
            yield replies.element("nextToken", self._page_token(last))
        yield f"</{call.action}Response>"

    # DescribeRegions

    def _regions(self, call, _forget):
        _only(call.parameters, "AllRegions", "DryRun", "Filter", "RegionName")
        _authorize(call, "*")
        everyone = _truth(call.parameters, "AllRegions")
        pieces = [replies.ec2_head(call.action, call.request_id), "    <regionInfo>\n"]
        for region in self.atlas.enabled(everyone):
            pieces.append(REGION.format(name=region.name, status=region.status))
        pieces += ["    </regionInfo>\n", f"</{call.action}Response>"]
        return Outcome(self._stream(call, iter(pieces)))

    # DescribeImageReferences

    def _references(self, call, _forget):
        parameters = call.parameters
        _only(parameters, *self.REFERENCE_PARAMETERS)
        query = references.Query(parameters)
        for image_id in query.ids:
            self._check_shape(image_id)
        size = references.page_size(parameters)
        kind, where = self._page_start(parameters)
        start = int(where) if kind == "reference" else 0
        _authorize(call, "*")
        found = self.ledger.find(query, call.principal.account, call.region)
        pieces = self._reference_pages(call, found, start, start + size)
        return Outcome(self._stream(call, pieces))

    def _reference_pages(self, call, found, start, end):
        yield replies.ec2_head(call.action, call.request_id)
        yield "    <imageReferenceSet>\n"
        for reference in found[start:end]:
            yield REFERENCE.format(
                image=reference.image,
                type=reference.type,
                arn=replies.text(reference.arn),
            )
        yield "    </imageReferenceSet>\n"
        if end < len(found):
            yield replies.element("nextToken", self._page_token(("reference", end)))
        yield f"</{call.action}Response>"

    @staticmethod
    def _stream(call, pieces):
        """Short replies have a length, long ones are chunked, as EC2 does it."""
        gathered = _gather(pieces, BODY_PIECE)
        first = next(gathered)
        second = next(gathered, None)
        if second is None:
            reply = replies.ec2_stream(call.request_id, first)
            reply.framing = "length"
            return reply
        body = itertools.chain((first, second), gathered)
        return replies.ec2_stream(call.request_id, body)


def _gather(pieces, size):
    """Joins small texts into byte strings of about `size`."""
    held, length = [], 0
    for piece in pieces:
        held.append(piece)
        length += len(piece)
        if length >= size:
            yield "".join(held).encode()
            held, length = [], 0
    if held:
        yield "".join(held).encode()
