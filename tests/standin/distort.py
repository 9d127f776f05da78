"""Turns a true reply into the one that a misbehaviour asks for."""

import re

import http1
import json_faults
import refusals
import replies
from replies import Refusal

GARBAGE = b"\x00\x01\x02 this is not XML <<<>>> \xff\xfe"
DOCTYPE = b'<!DOCTYPE r [<!ENTITY e "true">]>\n'
OTHER_IMAGE = b"ami-0ffffffffffffffff"

# Where one of these replaces the reply, the service has refused: it did not act,
# unless `act` says so.
REFUSING_KEYS = {"throttle", "error", "status", "redirect"}


def acts(misbehaviour):
    """Whether the change behind the reply is made."""
    refusing = not REFUSING_KEYS.isdisjoint(misbehaviour)
    return misbehaviour.get("act", not refusing)


def style(misbehaviour):
    """How the reply is framed."""
    return http1.Style(
        framing=misbehaviour.get("framing", ""),
        chunk_size=misbehaviour.get("chunk_size", 0),
        chunk_extension=misbehaviour.get("chunk_extension", False),
        trailers=misbehaviour.get("trailers", False),
        interim=misbehaviour.get("interim", 0),
        head_filler=misbehaviour.get("head_bytes", 0),
        header_line=misbehaviour.get("header_line", 0),
        body_filler=misbehaviour.get("body_bytes", 0),
    )


def reply(true_reply, misbehaviour, service):
    """The reply to send instead of the true one, or the true one."""
    found = _replacement(true_reply, misbehaviour, service)
    if "result" in misbehaviour:
        found = _with_result(found, misbehaviour["result"])
    if "json" in misbehaviour and isinstance(found.body, bytes):
        found.body = json_faults.distorted(found.body, misbehaviour["json"])
    if "text" in misbehaviour:
        found.body = misbehaviour["text"].encode()
    if "retry_after_ms" in misbehaviour:
        found.headers.append(("x-amz-retry-after", misbehaviour["retry_after_ms"]))
    return found


def _replacement(true_reply, misbehaviour, service):
    request_id = true_reply.request_id or replies.new_request_id()
    if misbehaviour.get("throttle"):
        refusal = Refusal("RequestLimitExceeded", status=503)
        return refusals.reply(service, refusal, request_id)
    if "error" in misbehaviour:
        refusal = Refusal(
            misbehaviour["error"],
            misbehaviour.get("message"),
            misbehaviour.get("status"),
        )
        return refusals.reply(service, refusal, request_id)
    if "redirect" in misbehaviour:
        redirect = replies.html(misbehaviour.get("status", 307))
        redirect.headers.append(("Location", misbehaviour["redirect"]))
        return redirect
    if "status" in misbehaviour:
        return _with_status(misbehaviour, request_id)
    return true_reply


def _with_status(misbehaviour, request_id):
    status = misbehaviour["status"]
    kind = misbehaviour.get("body", "html")
    if kind == "xml":
        refusal = Refusal("InternalError", status=status)
        return replies.ec2_refusal(refusal, request_id)
    found = replies.html(status)
    if kind == "empty":
        found.body = b""
    return found


def _with_result(found, kind):
    """Changes the body of a success, and leaves its head alone."""
    body = b"".join([found.body] if isinstance(found.body, bytes) else found.body)
    found.body = {
        "empty": lambda: b"",
        "garbage": lambda: GARBAGE,
        "false": lambda: body.replace(b"<return>true<", b"<return>false<"),
        "missing": lambda: re.sub(rb" *<return>true</return>\n", b"", body),
        "doctype": lambda: body.replace(b"?>\n", b"?>\n" + DOCTYPE, 1),
        "other-image": lambda: re.sub(rb"ami-[0-9a-z]+", OTHER_IMAGE, body),
    }[kind]()
    return found
