"""DescribeImageReferences: which resources of an account refer to given AMIs."""

import threading
from dataclasses import dataclass

import accounts
from replies import Refusal

# Resource type -> how its ARN goes on behind "arn:aws:", and its service.
TYPES = {
    "ec2:Instance": ("ec2", "instance/"),
    "ec2:LaunchTemplate": ("ec2", "launch-template/"),
    "ssm:Parameter": ("ssm", "parameter/"),
    "imagebuilder:ImageRecipe": ("imagebuilder", "image-recipe/"),
    "imagebuilder:ContainerRecipe": ("imagebuilder", "container-recipe/"),
}
STATES = ("pending", "running", "shutting-down", "terminated", "stopping", "stopped")
IDS_LIMIT = 10
LEAST_PAGE = 5
MOST_PAGE = 100


@dataclass
class Reference:
    """A resource that names an AMI. `state` is an instance's, "" of all others."""

    image: str
    name: str
    type: str = "ec2:Instance"
    state: str = ""
    account: str = accounts.CALLER
    region: str = ""

    def __post_init__(self):
        if self.type not in TYPES:
            raise ValueError(f"type {self.type!r}: expected one of {tuple(TYPES)}")
        if self.type == "ec2:Instance":
            self.state = self.state or "running"
            if self.state not in STATES:
                raise ValueError(f"state {self.state!r}: expected one of {STATES}")

    @property
    def arn(self):
        """Its Amazon Resource Name."""
        service, kind = TYPES[self.type]
        return f"arn:aws:{service}:{self.region}:{self.account}:{kind}{self.name}"


class Ledger:
    """All references. Every method is safe to call from any thread."""

    def __init__(self):
        self._lock = threading.Lock()
        self._references = []

    def put(self, reference):
        """Adds one."""
        with self._lock:
            self._references.append(reference)

    def find(self, query, account, region):
        """What the query asks for, in the order of its making."""
        with self._lock:
            known = list(self._references)
        return [
            r
            for r in known
            if (r.account, r.region) == (account, region) and query.wants(r)
        ]


class Query:
    """What is asked for: AMIs, kinds of resources, states of instances."""

    def __init__(self, parameters):
        self.ids = _numbered(parameters, "ImageId")
        if not 1 <= len(self.ids) <= IDS_LIMIT:
            raise _wrong(f"between 1 and {IDS_LIMIT} image ids are needed")
        everything = parameters.get("IncludeAllResourceTypes") == "true"
        self.states = STATES
        self.types = tuple(TYPES) if everything else self._types(parameters)

    def _types(self, parameters):
        found = []
        number = 1
        while (type_ := parameters.get(f"ResourceType.{number}.ResourceType")) is not None:
            if type_ not in TYPES:
                raise _wrong(f"'{type_}' is no resource type")
            found.append(type_)
            self._options(parameters, f"ResourceType.{number}.ResourceTypeOption", type_)
            number += 1
        if not found:
            raise _wrong("either ResourceType or IncludeAllResourceTypes is needed")
        return tuple(found)

    def _options(self, parameters, prefix, type_):
        name = parameters.get(f"{prefix}.1.OptionName")
        if name is None:
            return
        values = _numbered(parameters, f"{prefix}.1.OptionValue")
        if (type_, name) != ("ec2:Instance", "state-name") or not values:
            raise _wrong(f"'{name}' is no option of {type_}")
        if not set(values) <= set(STATES):
            raise _wrong(f"{values} are no states of instances")
        self.states = tuple(values)

    def wants(self, reference):
        """Whether a reference is one of those."""
        return (
            reference.image in self.ids
            and reference.type in self.types
            and (not reference.state or reference.state in self.states)
        )


def page_size(parameters):
    """MaxResults, which has a least value here."""
    text = parameters.get("MaxResults", str(MOST_PAGE))
    if not text.isdecimal() or not LEAST_PAGE <= int(text) <= MOST_PAGE:
        raise _wrong(f"MaxResults is {LEAST_PAGE} to {MOST_PAGE}")
    return int(text)


def _numbered(parameters, name):
    found = []
    while (value := parameters.get(f"{name}.{len(found) + 1}")) is not None:
        found.append(value)
    return found


def _wrong(message):
    return Refusal("InvalidParameterValue", message)
