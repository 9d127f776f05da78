"""One connection from accept to end: reads requests, answers, misbehaves."""

import base64
import email.utils
import socket
import ssl
import threading

import distort
import http1
import proxy
import replies
from journal import RequestEntry, body_without_secrets, without_secrets
from wire import WireClosed, WireCut

LOGGED_BODY = 32 * 1024


class Connection:
    """Serves one client on one Wire, until either has enough."""

    def __init__(self, standin, spec, wire, entry):
        self._plan = standin.plan
        self._front = standin.front
        self._stopped = standin.stopped
        self._listener = spec.name
        self._service = spec.service
        self._wire = wire
        self._entry = entry
        # A misbehaviour taken off the queue for the connection is also that of its
        # first request.
        self._bound = None
        self._queued = None
        self._current = entry.misbehaviour
        self._answering = None

    def bind(self, misbehaviour):
        """Keeps a misbehaviour for the first request."""
        self._bound = misbehaviour

    def run(self):
        """Serves the connection. Never raises."""
        how = "close_notify"
        try:
            how = self._serve()
        except WireCut as cut:
            self._entry.failure = f"cut {cut}"
            how = self._death()
        except TimeoutError:
            self._entry.failure = "idle for too long"
        except (OSError, ssl.SSLError, WireClosed) as failure:
            self._entry.failure = str(failure)[:300]
        finally:
            self._wire.end(how)
            self._note_totals()

    def _death(self):
        return self._current.get("how", "fin")

    def _note_totals(self):
        self._entry.raw_received = self._wire.raw_received
        self._entry.raw_sent = self._wire.raw_sent
        self._entry.ended = self._wire.ended

    def _serve(self):
        """Returns how to end the connection."""
        faults = self._entry.misbehaviour
        if "refuse" in faults:
            return faults["refuse"]
        self._wire.set_timeout(self._front.settings.idle_seconds)
        self._wire.pause(faults.get("stall_handshake", 0))
        self._wire.handshake()
        self._entry.tls = self._wire.tls_facts()
        self._entry.server_name = self._wire.server_name()
        self._wire.pause(faults.get("stall_reading", 0))
        if "greet" in faults:
            self._wire.send(base64.b64decode(faults["greet"]))
        reader = http1.Reader(self._wire, self._start_request)
        while True:
            self._answering = None
            how = self._one_request(reader)
            self._note_totals()
            if how:
                return how

    def _start_request(self):
        """Called with a request's first byte: from here on it is in the log."""
        self._answering = RequestEntry(self._listener)
        self._entry.requests.append(self._answering)
        self._queued, self._bound = self._bound, None
        if self._queued is None:
            self._queued = self._plan.for_request(self._listener)
        self._meet(
            self._plan.for_start(self._listener)
            if self._queued is None
            else self._queued
        )
        return self._current.get("cut_received")

    def _meet(self, misbehaviour):
        self._current = self._answering.misbehaviour = misbehaviour

    def _one_request(self, reader):
        """Returns how to end the connection, or "" to go on."""
        request = http1.Request()
        try:
            alive = reader.read(request)
        except http1.BadRequest as reason:
            return self._refuse_malformed(request, reason)
        finally:
            self._note_request(request)
        if not alive:
            return "close_notify" if self._answering is None else self._death()
        outcome = self._decide(request)
        if request.received == self._current.get("cut_received"):
            return self._death()
        self._wire.pause(self._current.get("stall", 0))
        self._wait_for_region(request)
        if "raw" in self._current:
            return self._send_raw_reply()
        return self._send_reply(request, outcome.reply)

    def _note_request(self, request):
        entry = self._answering
        if entry is None:
            return
        entry.received = request.received
        entry.complete = request.complete
        entry.method, entry.target = request.method, request.target
        entry.headers = without_secrets(request.headers)
        body = request.body[:LOGGED_BODY].decode("utf-8", "replace")
        entry.body = body_without_secrets(body)

    def _refuse_malformed(self, request, reason):
        self._answering.malformed = str(reason)
        self._send_reply(request, replies.html(reason.status))
        return "close_notify"

    # What happens, and when

    def _decide(self, request):
        entry = self._answering
        request.certificate = self._wire.certificate()
        if self._queued is None:
            action, image_id = self._front.about(self._service, request)
            self._meet(self._plan.for_whole(self._listener, action, image_id))
        wanted = self._current
        outcome = self._front.answer(self._service, request, entry, wanted)
        if outcome.change and distort.acts(wanted):
            if "act_late" in wanted:
                self._act_later(outcome.change, wanted["act_late"])
            else:
                entry.acted = outcome.change()
        return outcome

    def _act_later(self, change, seconds):
        entry = self._answering

        def act():
            if not self._stopped.wait(seconds):
                entry.acted = entry.acted_late = change()

        threading.Thread(target=act, daemon=True).start()

    def _wait_for_region(self, request):
        """A CONNECT takes the way to its Region and back; to one that is down, for ever."""
        if request.method != "CONNECT" or self._service != "proxy":
            return
        region = self._front.world.ec2.atlas.of_host(proxy.target(request)[0])
        if region and region.down:
            self._wire.pause(3600)
        elif region:
            self._wire.pause(region.latency)

    # Sending

    def _send_raw_reply(self):
        self._send([base64.b64decode(self._current["raw"])])
        return "" if self._current.get("keep_open") else self._death()

    def _send_reply(self, request, true_reply):
        wanted = self._current
        reply = distort.reply(true_reply, wanted, self._answering.service)
        style = distort.style(wanted)
        framing = style.framing or reply.framing
        close = reply.close or request.wants_close or framing == "close"
        if "connection" in wanted:
            close = wanted["connection"].lower() == "close"
        entry = self._answering
        entry.status, entry.code = reply.status, reply.code
        entry.request_id = reply.request_id
        tail = self._tail_headers(close)
        self._send(http1.frame(reply, replies.reason(reply.status), tail, style))
        if reply.framing == "tunnel":
            return self._tunnel(request)
        if "close_after" in wanted:
            self._wire.pause(wanted.get("close_after_seconds", 0))
            return wanted["close_after"]
        return wanted.get("how", "close_notify") if close else ""

    def _tunnel(self, request):
        """Carries bytes to and from where a CONNECT leads, until one side ends."""
        portal = self._front.world.portals[self._service]
        host, port = proxy.target(request)
        region = self._front.world.ec2.atlas.of_host(host)
        with socket.create_connection(portal.lead(host, port)) as other:
            if region and region.latency:
                self._wire.carry_far(other, region.latency / 2)
            else:
                self._wire.carry(other)
        return "close_notify"

    def _tail_headers(self, close):
        headers = []
        date = self._current.get("date", 0)
        if isinstance(date, str):
            if date != "absent":
                headers.append(("Date", date))
        else:
            text = email.utils.formatdate(self._front.now() + date, usegmt=True)
            headers.append(("Date", text))
        if self._answering.service == "ec2":
            headers.append(("Server", "AmazonEC2"))
        connection = self._current.get("connection", "close" if close else "")
        if connection:
            headers.append(("Connection", connection))
        return headers

    def _send(self, pieces):
        """Sends a reply: whole, in drips, or up to the byte where it is cut."""
        entry = self._answering
        cut = self._current.get("cut_reply")
        for part in self._parts(pieces):
            if cut is not None:
                part = part[: cut - entry.reply_sent]
            if part:
                self._wire.send(part)
                entry.reply_sent += len(part)
            if entry.reply_sent == cut:
                raise WireCut("after bytes of the reply")
        entry.reply_complete = True

    def _parts(self, pieces):
        if "drip" not in self._current:
            yield from pieces
            return
        size = self._current.get("drip_bytes", 1)
        for piece in pieces:
            for start in range(0, len(piece), size):
                yield piece[start : start + size]
                self._wire.pause(self._current["drip"])
