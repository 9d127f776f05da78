"""A connection as a stream of bytes over TCP or TLS, which can also fail on request.

TLS runs over memory (ssl.MemoryBIO), so every raw byte passes through here: it can be
counted, and the connection can die exactly after the Nth one, in either direction.
"""

import queue
import select
import socket
import ssl
import struct
import threading
import time

RECEIVE_SIZE = 16384
LINGER_SECONDS = 1.0
FAR_SIZE = 262144
CARRY_MS = 100
POLL_STEP = 0.001  # poll(2) counts in these


class WireCut(Exception):
    """The connection died as a misbehaviour asked for."""


class WireClosed(Exception):
    """The client is gone."""


class Line:
    """A line on which bytes are under way for a while; as many as you like at once."""

    def __init__(self, seconds, send, hang_up):
        self._seconds = seconds
        self._send = send
        self._hang_up = hang_up
        self._queue = queue.SimpleQueue()
        self.is_broken = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def put(self, data):
        """Puts bytes on it; none: this was all."""
        self._queue.put((time.monotonic() + self._seconds, data))

    def end(self):
        """Waits until what is under way has arrived."""
        self.put(b"")
        self._thread.join(self._seconds + 1)

    def _run(self):
        try:
            while True:
                due, data = self._queue.get()
                time.sleep(max(0, due - time.monotonic()))
                if not data:
                    self._hang_up()
                    return
                self._send(data)
        except (OSError, ssl.SSLError, WireCut, WireClosed):
            self.is_broken = True


class Wire:
    """One accepted connection.

    `cut_raw_received` and `cut_raw_sent` end it after so many bytes on the TCP level;
    `delay_raw` waits so many seconds before each TCP-level send.
    """

    def __init__(self, sock, context, stopped, faults):
        self._sock = sock
        self._context = context
        self._stopped = stopped
        self._cut_received = faults.get("cut_raw_received")
        self._cut_sent = faults.get("cut_raw_sent")
        self._delay = faults.get("delay_raw", 0)
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._tls = None
        self._closing = threading.Lock()
        self.raw_received = 0
        self.raw_sent = 0
        self.ended = ""
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def set_timeout(self, seconds):
        """Bounds each wait for the client, in seconds."""
        self._sock.settimeout(seconds)

    def pause(self, seconds):
        """Does nothing for so long, or until the client is gone."""
        if seconds < POLL_STEP:
            self._stopped.wait(seconds)
        else:
            poll = select.poll()
            poll.register(self._sock, select.POLLRDHUP)
            poll.poll(seconds * 1000)
        if self._stopped.is_set():
            raise WireClosed("the stand-in stops")

    # The TCP level

    def _receive_raw(self):
        size = RECEIVE_SIZE
        if self._cut_received is not None:
            size = min(size, self._cut_received - self.raw_received)
            if size == 0:
                raise WireCut("after raw bytes received")
        data = self._sock.recv(size)
        self.raw_received += len(data)
        return data

    def _send_raw(self, data):
        if self._cut_received is not None and self.raw_received >= self._cut_received:
            raise WireCut("after raw bytes received")
        if self._delay:
            self.pause(self._delay)
        cut = self._cut_sent is not None and self._cut_sent < self.raw_sent + len(data)
        if cut:
            data = data[: self._cut_sent - self.raw_sent]
        self._sock.sendall(data)
        self.raw_sent += len(data)
        if cut:
            raise WireCut("after raw bytes sent")

    # TLS over it

    def handshake(self):
        """Does the TLS handshake, if this is a TLS connection."""
        if self._context is None:
            return
        self._tls = self._context.wrap_bio(
            self._incoming, self._outgoing, server_side=True
        )
        self._turn(self._tls.do_handshake)
        self._flush()

    def tls_facts(self):
        """Version and cipher, for the log; None without TLS."""
        if self._tls is None or self._tls.version() is None:
            return None
        name, _, bits = self._tls.cipher() or ("", "", 0)
        return {"version": self._tls.version(), "cipher": name, "bits": bits}

    def server_name(self):
        """The name that the client asked for in its ClientHello, or None."""
        return getattr(self._tls, "asked_name", None)

    def certificate(self):
        """The client's certificate as DER, once it was verified; None without."""
        return self._tls and self._tls.getpeercert(binary_form=True)

    def _flush(self):
        data = self._outgoing.read()
        if data:
            self._send_raw(data)

    def _turn(self, operation, *arguments):
        """Repeats a TLS operation until it needs no more bytes from the client."""
        while True:
            try:
                return operation(*arguments)
            except ssl.SSLWantReadError:
                self._flush()
                data = self._receive_raw()
                if not data:
                    raise WireClosed("client closed the connection") from None
                self._incoming.write(data)
            except ssl.SSLError:
                self._flush()
                raise

    # The stream

    def receive(self):
        """Some bytes from the client; b"" when it has ended the stream."""
        if self._tls is None:
            return self._receive_raw()
        try:
            return self._turn(self._tls.read, RECEIVE_SIZE)
        except (ssl.SSLZeroReturnError, WireClosed):
            return b""

    def send(self, data):
        """Sends all of `data`."""
        if self._tls is None:
            self._send_raw(data)
            return
        for start in range(0, len(data), RECEIVE_SIZE):
            self._turn(self._tls.write, data[start : start + RECEIVE_SIZE])
            self._flush()

    def carry(self, other):
        """Carries bytes to and from another socket, until one side ends."""
        poll = select.poll()
        for sock in self._sock, other:
            poll.register(sock, select.POLLIN)
        while not self._stopped.is_set():
            for ready, _ in poll.poll(CARRY_MS):
                if ready == other.fileno():
                    data = other.recv(RECEIVE_SIZE)
                    to = self.send
                else:
                    data = self._receive_all()
                    to = other.sendall
                if not data:
                    return
                to(data)

    def carry_far(self, other, seconds):
        """The same, each piece so many seconds later: two lines of that length."""
        there = Line(seconds, other.sendall, lambda: other.shutdown(socket.SHUT_RDWR))
        back = Line(seconds, self.send, lambda: None)
        poll = select.poll()
        for sock in self._sock, other:
            poll.register(sock, select.POLLIN)
        try:
            while not self._stopped.is_set() and not back.is_broken:
                for ready, _ in poll.poll(CARRY_MS):
                    if ready == other.fileno():
                        data, line = other.recv(FAR_SIZE), back
                    else:
                        data, line = self._receive_all(), there
                    line.put(data)
                    if not data:
                        return
        finally:
            back.end()
            there.end()

    def _receive_all(self):
        """What is there, and what it takes to end a TLS record that has begun."""
        data = self.receive()
        while data and self._tls and (self._tls.pending() or self._incoming.pending):
            more = self.receive()
            if not more:
                break
            data += more
        return data

    # The end

    def end(self, how):
        """Ends the connection, once: "close_notify", "fin" or "rst"."""
        with self._closing:
            if self.ended:
                return
            self.ended = how
        try:
            if how == "rst":
                self._reset()
            else:
                self._finish(with_notify=how == "close_notify")
        except (OSError, ssl.SSLError, WireCut, WireClosed):
            pass  # The client was faster; there is nothing left to end.
        finally:
            self._sock.close()

    def abort(self):
        """Wakes whoever waits on this connection. For use by another thread."""
        try:
            self._sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass

    def _reset(self):
        linger = struct.pack("ii", 1, 0)
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)

    def _finish(self, with_notify):
        if with_notify and self._tls is not None:
            self._notify()
        self._sock.shutdown(socket.SHUT_WR)
        # Unread bytes would turn the FIN into a reset: take what is still coming.
        self._sock.settimeout(LINGER_SECONDS)
        while not self._stopped.is_set() and self._sock.recv(RECEIVE_SIZE):
            pass

    def _notify(self):
        try:
            self._tls.unwrap()
        except ssl.SSLError:
            pass  # It waits for the client's own notify, which may never come.
        self._flush()
