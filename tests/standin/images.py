"""AMIs and who may launch them. Pure bookkeeping: no network, no XML."""

import fnmatch
import re
import threading
import time
from dataclasses import dataclass, field

import accounts

WELL_FORMED = re.compile(r"ami-[0-9a-f]{8}(?:[0-9a-f]{9})?")
STATES = ("available", "pending", "failed", "disabled", "deregistered")
MANY_PREFIX = "ami-0e"
MANY_LIMIT = 16**15


@dataclass
class Image:
    """An AMI in one Region, with its launch permissions.

    `accounts` holds the direct grants, the only ones that a cancel removes.
    `organization` holds the accounts that reach the AMI through an organization.
    """

    id: str
    owner: str
    name: str
    region: str
    created: str = "2026-01-15T12:00:00.000Z"
    state: str = "available"
    public: bool = False
    deprecated: str = ""
    description: str = ""
    accounts: set = field(default_factory=set)
    organization: set = field(default_factory=set)

    def __post_init__(self):
        if self.state not in STATES:
            raise ValueError(f"state {self.state!r}: expected one of {STATES}")
        for account in {self.owner, *self.accounts, *self.organization}:
            if not accounts.ACCOUNT_SHAPE.fullmatch(account):
                raise ValueError(f"{account!r} is not an account of 12 digits")
        self.accounts = set(self.accounts)
        self.organization = set(self.organization)

    def shared_with(self, account):
        """Whether a launch permission names the account, or its organization."""
        return account in self.accounts or account in self.organization


class Memory:
    """What DescribeImages goes on seeing after a cancel: EC2 is slow to forget."""

    def __init__(self, seconds, looks):
        self._until = time.monotonic() + seconds
        self._looks = looks

    def recalls(self):
        """Counts one look; True while the grant still seems to be there."""
        self._looks -= 1
        return self._looks >= 0 or time.monotonic() < self._until


class Many:
    """N made-up AMIs, all shared with one account; none of them is stored."""

    def __init__(self, count, account, region):
        if not 0 <= count < MANY_LIMIT:
            raise ValueError(f"cannot make up {count} AMIs")
        self.count = count
        self.account = account
        self.region = region
        self.cancelled = set()

    def index(self, image_id):
        """The number of a made-up AMI, or None if the id is not one of them."""
        digits = image_id.removeprefix(MANY_PREFIX)
        if digits == image_id or not WELL_FORMED.fullmatch(image_id):
            return None
        number = int(digits, 16)
        made = len(digits) == 15 and number < self.count
        return number if made and number not in self.cancelled else None

    def image(self, number):
        """Makes up AMI `number`."""
        return Image(
            f"{MANY_PREFIX}{number:015x}",
            accounts.OWNER_OF_MANY,
            f"nightly-{number:07d}",
            self.region,
            created=f"20{20 + number % 6}-0{1 + number % 9}-15T12:00:00.000Z",
            description="A nightly build",
            accounts={self.account},
        )

    def numbers(self, start=0):
        """The numbers of the AMIs that are still shared, from `start` on."""
        return (n for n in range(start, self.count) if n not in self.cancelled)


class Shelf:
    """All AMIs of all Regions. Every method is safe to call from any thread."""

    def __init__(self, images=(), many=None):
        self._lock = threading.RLock()
        self._images = {}
        self._memories = {}
        self.many = many or Many(0, accounts.CALLER, "us-east-1")
        self._crowds = {}
        # Another one, other images.
        self.version = 0
        for image in images:
            self.put(image)

    def put(self, image):
        """Adds an AMI, or replaces the one of that id in that Region."""
        with self._lock:
            self.version += 1
            self._images[image.region, image.id] = image

    def crowd(self, region, count):
        """Makes up so many AMIs in a Region, in place of those made up before."""
        with self._lock:
            self.version += 1
            self._crowds[region] = Many(count, accounts.CALLER, region)

    def _made_up(self, region):
        crowd = self._crowds.get(region)
        return [self.many] * (region == self.many.region) + [crowd] * bool(crowd)

    def has_crowd(self, region):
        """Whether AMIs were made up there on purpose."""
        crowd = self._crowds.get(region)
        return crowd is not None and crowd.count > 0

    def knows(self, image_id):
        """Whether any Region has an AMI of that id, however odd the id."""
        with self._lock:
            return any(known == image_id for _, known in self._images)

    def find(self, region, image_id):
        """The AMI itself, whoever may see it, or None."""
        with self._lock:
            found = self._images.get((region, image_id))
            for many in self._made_up(region) if found is None else ():
                number = many.index(image_id)
                if number is not None:
                    return many.image(number)
            return found

    def cancel(self, region, image_id, account, forget=(0, 0)):
        """Removes the direct grant; `forget` is (seconds, looks) of memory left.

        True if there was one.
        """
        with self._lock:
            image = self.find(region, image_id)
            if image is None or account not in image.accounts:
                return False
            self.version += 1
            image.accounts.discard(account)
            if (region, image_id) not in self._images:
                for many in self._made_up(region):
                    many.cancelled.add(many.index(image_id))
                self._images[region, image_id] = image
            if any(forget):
                self._memories[region, image_id, account] = Memory(*forget)
            return True

    def remembers(self, image, account):
        """Whether a cancelled grant is still shown. Counts as one look."""
        key = (image.region, image.id, account)
        with self._lock:
            memory = self._memories.get(key)
            if memory is None:
                return False
            if not memory.recalls():
                del self._memories[key]
                return False
            return True

    def shared_with(self, image, account):
        """As DescribeImages sees it: the truth, or what it has not forgotten.

        Ask once a look: what it has not forgotten may be counted in looks.
        """
        return image.shared_with(account) or self.remembers(image, account)

    @staticmethod
    def visible(image, account, shared):
        """Whether the account gets to see the AMI; `shared` as shared_with() said."""
        reachable = shared or image.public or image.owner == account
        return reachable and image.state != "deregistered"

    def stored(self, region):
        """The AMIs that are held one by one, in the order of their ids."""
        with self._lock:
            found = [i for (where, _), i in self._images.items() if where == region]
        return sorted(found, key=lambda image: image.id)

    def walk(self, region, after=("stored", "")):
        """Yields (position, AMI), the stored ones first, from a position on."""
        kind, where = after
        if kind == "stored":
            for image in self.stored(region):
                if image.id > where:
                    yield ("stored", image.id), image
            where = -1
        for many in self._made_up(region):
            for number in many.numbers(int(where) + 1):
                yield ("many", number), many.image(number)

    def as_json(self):
        """Everything, for the control interface."""
        with self._lock:
            images = [
                {
                    **vars(image),
                    "accounts": sorted(image.accounts),
                    "organization": sorted(image.organization),
                }
                for image in self._images.values()
            ]
            many = {
                "count": self.many.count,
                "account": self.many.account,
                "region": self.many.region,
                "cancelled": len(self.many.cancelled),
            }
        return {"images": images, "many": many}


def matches(pattern, value):
    """EC2's filter match: `*` and `?` are wildcards, a backslash escapes them."""
    pieces = re.findall(r"\\[*?\\]|.", pattern, re.DOTALL)
    glob = "".join(f"[{p[-1]}]" if len(p) == 2 or p == "[" else p for p in pieces)
    return fnmatch.fnmatchcase(value, glob)


def seeded(region):
    """The AMIs of a fresh stand-in, one for every answer that it can give."""
    owner, caller, other = accounts.OWNER, accounts.CALLER, accounts.OTHER
    builds = {accounts.BUILDS}
    elsewhere = "eu-west-1" if region != "eu-west-1" else "us-east-1"

    def image(image_id, name, where=region, owner=owner, **more):
        return Image(image_id, owner, name, where, **more)

    direct = {caller}
    return [
        # The user guide's own example, which is no well-formed id.
        image("ami-0123456789example", "golden-image", accounts={caller, other}),
        image("ami-0abcdef1234567890", "web-server", accounts=direct),
        image("ami-1a2b3c4d", "web-server-2015", accounts=direct),
        image("ami-00000000000000d01", "batch-1", accounts=direct),
        image("ami-00000000000000d02", "batch-2", accounts=direct),
        image("ami-00000000000000d03", "batch-3", accounts=direct),
        image("ami-000000000000000a0", "org-only", organization=direct),
        image("ami-000000000000000ad", "both", accounts=direct, organization=direct),
        image("ami-000000000000000b0", "public", public=True),
        image("ami-000000000000000bd", "public-direct", public=True, accounts=direct),
        image("ami-000000000000000c0", "own", owner=caller),
        image("ami-000000000000000e0", "not-shared", accounts={other}),
        image(
            "ami-000000000000000f0",
            "old",
            accounts=direct,
            created="2020-02-29T08:00:00.000Z",
            deprecated="2022-02-28T08:00:00.000Z",
            description='Deprecated since 2022 & <kept> for "old" instances',
        ),
        image("ami-000000000000000f1", "gone", accounts=direct, state="deregistered"),
        image("ami-000000000000000f2", "early", accounts=direct, state="pending"),
        image("ami-000000000000000f3", "disabled", accounts=direct, state="disabled"),
        image("ami-000000000000000f4", "far-away", elsewhere, accounts=direct),
        # For the account that is reached by roles alone.
        image("ami-000000000000005a1", "firmware-1", accounts=builds),
        image("ami-000000000000005a2", "firmware-2", accounts=builds),
        image("ami-000000000000005a3", "firmware-3", accounts=builds),
    ]
