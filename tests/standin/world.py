"""What there is: settings, and the accounts, roles and AMIs behind the services."""

import threading
import time
from dataclasses import dataclass, fields

import accounts
import container
import ec2
import images
import imds
import iot
import proxy
import references
import regions
import roles
import roles_anywhere
import sso
import sts

SSO_TOKEN = "aoaAAAAAGExampleSsoAccessToken/" + "t0" * 60


@dataclass
class Settings:
    """What can be set for all requests."""

    # The only Region that is served; empty: whichever the signature names.
    region: str = ""
    # After a cancel, DescribeImages shows the AMI so much longer.
    forget_seconds: float = 0
    forget_looks: int = 0
    # Whether a dry run looks at the grant as well, or at the permission only.
    dry_run_looks: bool = False
    # What EC2 says to a wrong clock; AuthFailure has been seen as well.
    skew_code: str = "RequestExpired"
    # The stand-in's own clock, in seconds from the machine's.
    clock_offset: float = 0
    # How long a connection may idle before it is closed.
    idle_seconds: float = 60
    # What the container agent wants as Authorization; empty: it does not look.
    container_token: str = ""
    # The token of who has signed in at the SSO portal.
    sso_token: str = SSO_TOKEN
    # "user:password" that the proxy wants; empty: it does not look.
    proxy_user: str = ""
    # The listener to which it leads for names that are not this machine's.
    proxy_to: str = "rsa"

    def now(self):
        """The stand-in's time, in seconds since 1970."""
        return time.time() + self.clock_offset

    @property
    def forget(self):
        """How long a cancelled grant is still shown: (seconds, looks)."""
        return self.forget_seconds, self.forget_looks

    def update(self, changes):
        """Sets some of them. Raises ValueError, and sets none, if one is wrong."""
        known = {field.name: field.type for field in fields(self)}
        for name, value in changes.items():
            if name not in known:
                raise ValueError(f"unknown setting {name!r}; known: {sorted(known)}")
            expected = (int, float) if known[name] is float else known[name]
            if not isinstance(value, expected):
                raise ValueError(f"{name}: expected a {known[name].__name__}")
        for name, value in changes.items():
            setattr(self, name, value)


class World:
    """The accounts and the AMIs: all that a reset makes anew."""

    def __init__(self, settings, region, many):
        self._lock = threading.Lock()
        self._principals = {p.key_id: p for p in accounts.seeded()}
        shelf = images.Shelf(
            images.seeded(region), images.Many(many, accounts.CALLER, region)
        )
        self.region = region
        self.builds = roles.BUILDS
        self.vault = roles.Vault(roles.seeded(), settings)
        self.ec2 = ec2.Ec2(shelf, settings)
        self.sts = sts.Sts(self.vault, settings)
        # Those that do not speak the Query API, by the name of their service.
        self.portals = {
            "imds": imds.Imds(self, settings),
            "container": container.Container(self, settings),
            "sso": sso.Sso(self, settings),
            "proxy": proxy.Proxy(settings),
            "iot": iot.Iot(self, settings),
            "rolesanywhere": roles_anywhere.RolesAnywhere(self, settings),
        }

    def principal(self, key_id):
        """Whom an access key belongs to, or None."""
        with self._lock:
            known = self._principals.get(key_id)
        return known or self.vault.principal(key_id)

    def secrets(self, settings):
        """All that nobody may see who is not meant to."""
        with self._lock:
            known = list(self._principals.values())
        known += self.vault.principals()
        found = {text for p in known for text in (p.secret, p.token)}
        found.update(self.portals["imds"].tokens)
        found.update((settings.container_token, settings.sso_token))
        found.add(settings.proxy_user.partition(":")[2])
        return found - {"", None}

    def seed(self, document):
        """Adds {"principals": [], "images": [], ...}; see README.md."""
        unknown = set(document) - {
            "principals",
            "images",
            "roles",
            "references",
            "regions",
        }
        if unknown:
            raise ValueError(f"cannot seed {sorted(unknown)[0]!r}")
        try:
            added = [accounts.Principal(**p) for p in document.get("principals", [])]
            shared = [
                images.Image(**{"region": self.region, **i})
                for i in document.get("images", [])
            ]
            referring = [
                references.Reference(**{"region": self.region, **r})
                for r in document.get("references", [])
            ]
            atlas = [regions.Region(**r) for r in document.get("regions", [])]
            assumable = [roles.Role(**r) for r in document.get("roles", [])]
        except TypeError as error:
            raise ValueError(str(error)) from None
        with self._lock:
            self._principals.update({p.key_id: p for p in added})
        for image in shared:
            self.ec2.shelf.put(image)
        for reference in referring:
            self.ec2.ledger.put(reference)
        if atlas:
            self.ec2.atlas.clear()
        for region in atlas:
            self.ec2.atlas.put(region)
            self.ec2.shelf.crowd(region.name, region.images)
        for role in assumable:
            self.vault.put(role)

    def as_json(self):
        """Everything, for the control interface; secrets are left out."""
        with self._lock:
            principals = [
                {"key_id": p.key_id, "account": p.account, "arn": p.arn}
                for p in self._principals.values()
            ]
        known = {"principals": principals, **self.vault.as_json()}
        return {**known, **self.ec2.shelf.as_json()}
