"""DescribeRegions, and what each Region is like: how far away, how patient, whether
it is there at all."""

import threading
import time
from dataclasses import dataclass

from replies import Refusal

STATUSES = ("opt-in-not-required", "opted-in", "not-opted-in")


@dataclass
class Region:
    """One Region. `images` AMIs are made up there and shared with the caller.

    `latency` is the way there and back, in seconds: of all bytes through the proxy,
    else of each reply. Its first `throttle` requests meet RequestLimitExceeded. One
    that is `down` is behind a proxy that never answers for it.
    """

    name: str
    status: str = STATUSES[0]
    images: int = 0
    latency: float = 0
    throttle: int = 0
    down: bool = False

    def __post_init__(self):
        if self.status not in STATUSES:
            raise ValueError(f"status {self.status!r}: expected one of {STATUSES}")

    @property
    def enabled(self):
        """Whether the account may act there."""
        return self.status != STATUSES[2]


class Atlas:
    """All Regions that were named. Every method is safe to call from any thread."""

    def __init__(self, *names):
        self._lock = threading.Lock()
        self._regions = {name: Region(name) for name in names}

    def put(self, region):
        """Adds a Region, or replaces the one of that name."""
        with self._lock:
            self._regions[region.name] = region

    def clear(self):
        """Forgets them all."""
        with self._lock:
            self._regions.clear()

    def find(self, name):
        """The Region of that name, or None."""
        with self._lock:
            return self._regions.get(name)

    def of_host(self, host):
        """The Region that "ec2.REGION.amazonaws.com" is in, or None."""
        labels = host.split(".")
        return self.find(labels[1]) if len(labels) > 2 else None

    def enabled(self, everyone=False):
        """Those that are enabled, or all, in the order in which they were named."""
        with self._lock:
            known = list(self._regions.values())
        return [region for region in known if everyone or region.enabled]

    def admit(self, name):
        """Raises the Refusal that a request there meets, if it meets one."""
        region = self.find(name)
        if region is None:
            return
        if not region.enabled:
            raise Refusal("AuthFailure")
        with self._lock:
            if region.throttle:
                region.throttle -= 1
                raise Refusal("RequestLimitExceeded")

    def wait(self, name, host):
        """Waits for as long as a reply is under way; a proxied one waits there."""
        region = self.find(name)
        if region and region.latency and not self.of_host(host):
            time.sleep(region.latency)
