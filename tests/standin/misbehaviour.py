"""Misbehaviours: what they are called, what they take, and whose turn it is.

A misbehaviour is a JSON object. Its keys combine; an empty one behaves. KEYS is the
whole vocabulary and README.md explains it for people.
"""

import base64
import binascii
import threading
from collections import deque

from http1 import FRAMINGS
from json_faults import KINDS

SECONDS_LIMIT = 3600
SIZE_LIMIT = 2**30
TEXT_LIMIT = 1 << 20
TOKEN_LIMIT = 1 << 16
QUEUE_LIMIT = 100_000
DEATHS = ("fin", "rst", "close_notify")
RESULTS = ("empty", "garbage", "false", "missing", "doctype", "other-image")
BODIES = ("xml", "html", "empty")


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _seconds(value):
    return _is_number(value) and 0 <= value <= SECONDS_LIMIT


def _size(value):
    return type(value) is int and 0 <= value <= SIZE_LIMIT


def _token_size(value):
    return type(value) is int and 1 <= value <= TOKEN_LIMIT


def _count(value):
    return type(value) is int and 1 <= value <= QUEUE_LIMIT


def _flag(value):
    return isinstance(value, bool)


def _text(value):
    return isinstance(value, str) and len(value) <= TEXT_LIMIT


def _line(value):
    return _text(value) and not any(c in value for c in "\r\n")


def _status(value):
    return type(value) is int and 200 <= value <= 599


def _offset(value):
    return _is_number(value) and abs(value) < 2**33


def _date(value):
    return _line(value) or _offset(value)


def _encoded(value):
    try:
        return _text(value) and bool(base64.b64decode(value, validate=True))
    except (ValueError, binascii.Error):
        return False


def _one_of(*words):
    def check(value):
        return value in words

    check.expected = "one of " + ", ".join(words)
    return check


_seconds.expected = f"seconds, 0 to {SECONDS_LIMIT}"
_size.expected = f"a whole number of bytes, 0 to {SIZE_LIMIT}"
_token_size.expected = f"a whole number of characters, 1 to {TOKEN_LIMIT}"
_count.expected = f"a whole number, 1 to {QUEUE_LIMIT}"
_flag.expected = "true or false"
_text.expected = f"text of at most {TEXT_LIMIT} characters"
_line.expected = "one line of text"
_status.expected = "an HTTP status, 200 to 599"
_date.expected = 'seconds of offset, "absent" or the text to send'
_offset.expected = "seconds from now"
_encoded.expected = "bytes in base64"

# Decided when a connection is accepted, for its whole life.
CONNECTION_KEYS = {
    "refuse": _one_of(*DEATHS),
    "stall_handshake": _seconds,
    "stall_reading": _seconds,
    "cut_raw_received": _size,
    "cut_raw_sent": _size,
    "delay_raw": _seconds,
    "greet": _encoded,
}

# Decided with the first byte of each request.
REQUEST_KEYS = {
    "cut_received": _size,
    "act": _flag,
    "act_late": _seconds,
    "forget_seconds": _seconds,
    "forget_looks": _size,
    "stall": _seconds,
    "cut_reply": _size,
    "how": _one_of(*DEATHS),
    "drip": _seconds,
    "drip_bytes": _count,
    "throttle": _flag,
    "retry_after_ms": _line,
    "error": _line,
    "message": _text,
    "status": _status,
    "body": _one_of(*BODIES),
    "redirect": _line,
    "result": _one_of(*RESULTS),
    "text": _text,
    "json": _one_of(*KINDS),
    "lifetime": _offset,
    "expiration": _date,
    "token_bytes": _token_size,
    "date": _date,
    "connection": _line,
    "close_after": _one_of(*DEATHS),
    "close_after_seconds": _seconds,
    "interim": _count,
    "framing": _one_of(*FRAMINGS),
    "chunk_size": _count,
    "chunk_extension": _flag,
    "trailers": _flag,
    "head_bytes": _size,
    "header_line": _size,
    "body_bytes": _size,
    "raw": _encoded,
    "keep_open": _flag,
}

# Only in a queue: for whom, and how often.
QUEUE_KEYS = {"listener": _line, "times": _count}

# By the time the image or the action is known, the request has been received whole.
WHOLE_KEYS = {"action": _line, **REQUEST_KEYS}
del WHOLE_KEYS["cut_received"]

STANDING_KEYS = {"action": _line, **CONNECTION_KEYS, **REQUEST_KEYS}
KEYS = {**STANDING_KEYS, **QUEUE_KEYS}


def checked(misbehaviour, vocabulary):
    """Returns a copy, or raises ValueError saying what is wrong with it."""
    if not isinstance(misbehaviour, dict):
        raise ValueError("a misbehaviour is an object, {} behaves")
    for key, value in misbehaviour.items():
        check = vocabulary.get(key)
        if check is None:
            known = ", ".join(sorted(vocabulary))
            raise ValueError(f"unknown misbehaviour {key!r}; known here: {known}")
        if not check(value):
            raise ValueError(f"{key}: expected {check.expected}, not {value!r}"[:300])
        if "action" in misbehaviour and key not in (*WHOLE_KEYS, *QUEUE_KEYS):
            raise ValueError(f"{key} is decided before the action is known")
    return dict(misbehaviour)


def _checked_table(table, vocabulary):
    if not isinstance(table, dict):
        raise ValueError("expected an object: a misbehaviour for each name")
    return {name: checked(entry, vocabulary) for name, entry in table.items()}


def _checked_queue(entries):
    if not isinstance(entries, list):
        raise ValueError("expected a list of misbehaviours")
    expanded = []
    for entry in entries:
        entry = checked(entry, KEYS)
        expanded += [entry] * entry.pop("times", 1)
    return expanded


class Plan:
    """Whose turn it is to misbehave, and how.

    The first of the queue is taken once: by the next connection if it has a key for
    connections, by the next request with that action if it names one, else by the
    next request; those behind it wait. A request that takes none meets what is set
    for its image, else for its listener, else for all.
    """

    def __init__(self):
        self._lock = threading.Lock()
        self._queue = deque()
        self._images = {}
        self._listeners = {}
        self._always = {}

    def add(self, orders):
        """Takes orders: {"next": [...], "images": {}, "listeners": {}, "always": {}}.

        Raises ValueError, and takes none of them, if one is wrong.
        """
        unknown = set(orders) - {"next", "images", "listeners", "always"}
        if unknown:
            raise ValueError(f"unknown order {sorted(unknown)[0]!r}")
        queue = _checked_queue(orders.get("next", []))
        for_images = _checked_table(orders.get("images", {}), WHOLE_KEYS)
        for_listeners = _checked_table(orders.get("listeners", {}), STANDING_KEYS)
        always = checked(orders.get("always", self._always), STANDING_KEYS)
        with self._lock:
            if len(self._queue) + len(queue) > QUEUE_LIMIT:
                raise ValueError(f"more than {QUEUE_LIMIT} queued misbehaviours")
            self._queue.extend(queue)
            self._images.update(for_images)
            self._listeners.update(for_listeners)
            self._always = always

    def queued(self):
        """How many misbehaviours wait for their turn."""
        with self._lock:
            return len(self._queue)

    def for_connection(self, listener):
        """What a new connection meets, and whether it came from the queue."""
        with self._lock:
            taken = self._take(listener, _is_for_connection)
            if taken is not None:
                return taken, True
            return self._standing(listener), False

    def for_request(self, listener):
        """What the queue holds for a request that begins; None if nothing."""
        with self._lock:
            return self._take(listener, _is_for_any_request)

    def for_start(self, listener):
        """What a request meets as long as nobody knows what it is about."""
        with self._lock:
            return self._standing(listener)

    def for_whole(self, listener, action, image_id):
        """What a request meets, once it is known what it is about."""
        with self._lock:
            taken = self._take(listener, lambda e: e.get("action") == action)
            if taken is not None:
                return taken
            return self._standing(listener, action, image_id)

    def _standing(self, listener, action=None, image_id=None):
        tables = (self._images.get(image_id), self._listeners.get(listener))
        for entry in (*tables, self._always):
            if entry and entry.get("action", action) == action:
                return entry
        return {}

    def _take(self, listener, suits):
        for position, entry in enumerate(self._queue):
            if entry.get("listener", listener) == listener:
                if not suits(entry):
                    return None
                del self._queue[position]
                return entry
        return None


def _is_for_connection(entry):
    return not CONNECTION_KEYS.keys().isdisjoint(entry)


def _is_for_any_request(entry):
    return "action" not in entry and not _is_for_connection(entry)
