"""An HTTP proxy that leads to this stand-in's own listeners, and to nobody else."""

import base64

import replies
import signature
from replies import Refusal

REALM = 'Basic realm="the stand-in"'
PLAIN_PORT = 80


def refusal(refused, _request_id):
    """The proxy says no: a page, as proxies have it."""
    found = replies.html(refused.status)
    found.code = refused.code
    if refused.status == 407:
        found.headers.append(("Proxy-Authenticate", REALM))
    return found


def target(request):
    """Host and port of a CONNECT. Raises Refusal."""
    host, _, port = request.target.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise Refusal("BadTarget", "CONNECT wants host:port", 400)
    return host.strip("[]").lower(), int(port)


class Proxy:
    """CONNECT, and nothing else."""

    def __init__(self, settings):
        self._settings = settings
        # From host and port to (address, port), or None; the stand-in's to set.
        self.lead = lambda host, port: None

    @staticmethod
    def action(request):
        """The one thing that can be asked for."""
        return "CONNECT" if request.method == "CONNECT" else ""

    def answer(self, request, entry, _wanted):
        """The reply to one request. Raises Refusal."""
        if entry.action != "CONNECT":
            raise Refusal("InvalidMethod", "Only CONNECT is taken", 405)
        self._authorize(request, entry)
        if self.lead(*target(request)) is None:
            raise Refusal("NoSuchHost", "Nothing of the stand-in is there", 502)
        return replies.Reply(200, [], b"", framing="tunnel")

    def _authorize(self, request, entry):
        """Only if a user is set; without one, what is sent does not matter."""
        given = request.values("proxy-authorization")
        user = self._settings.proxy_user
        whole = user and "Basic " + base64.b64encode(user.encode()).decode()
        entry.signature = signature.of_word(given, whole, "another user")
        if user and entry.signature != "ok":
            raise Refusal("ProxyAuthorization", "Who are you?", 407)
