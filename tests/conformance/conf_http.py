#!/usr/bin/python3
"""HTTP reply framing against llhttp's response cases.

    CILP_CONFORMANCE_DATA=DATA conf_http.py PROGRAM

PROGRAM is http_case; the cases are DATA/http1-llhttp/response/*.md: a message
and the events that llhttp reports for it. Compared are each reply's status,
its body, and whether and how it ended. Each case is also cut in every way.
"""
import collections
import json
import os
import pathlib
import re
import subprocess
import sys

SKIP = 77
CASE = re.compile(r"^## (.*?)$(.*?)(?=^## |\Z)", re.S | re.M)

# Where this client refuses, on purpose, what llhttp lets pass.
STRICTER = {
    "RTSP response": "another protocol",
    "ICE response": "another protocol",
    "HTTP version 0.9": "HTTP/0.9",
    "Response starting with CRLF": "an empty line before the status line",
    "HTTP 100 first, then 400": "an empty line before the status line",
    "HTTP 304 with Content-Length": "an empty line before the status line",
}


def data_folder():
    root = os.environ.get("CILP_CONFORMANCE_DATA")
    folder = pathlib.Path(root or "/nonexistent") / "http1-llhttp" / "response"
    if not folder.is_dir():
        print("http: left out, CILP_CONFORMANCE_DATA has no http1-llhttp")
        sys.exit(SKIP)
    return folder


def cases(folder):
    """Name, meta, message and log of each case."""
    for path in sorted(folder.glob("*.md")):
        for name, text in CASE.findall(path.read_text("utf-8")):
            meta = re.search(r"<!-- meta=(\{.*?\}) *-->", text)
            message = re.search(r"```http\n(.*?)\n?```", text, re.S)
            log = re.search(r"```log\n(.*?)```", text, re.S)
            if meta and message and log:
                yield (f"{path.stem}: {name}", json.loads(meta.group(1)),
                       message.group(1), log.group(1).splitlines())


def wire(message):
    """The bytes: a newline is CRLF, but not behind a backslash; \\r \\n \\t."""
    text = message.replace("\\\n", "").replace("\n", "\r\n")
    for escape, char in ((r"\r", "\r"), (r"\n", "\n"), (r"\t", "\t")):
        text = text.replace(escape, char)
    return text.encode()


def new_reply():
    return {"status": None, "flags": 0, "body": 0, "end": "bad"}


def expected(log):
    """The replies as llhttp saw them; bodies by their length."""
    replies = []
    for line in log:
        event = line.split(" ", 1)[1]
        head = re.match(r"headers complete status=(\d+) v=\d/\d flags=(\w+)",
                        event)
        body = re.match(r"len=(\d+) span\[body\]", event)
        if event == "message begin":
            replies.append(new_reply())
        elif head:
            replies[-1]["status"] = int(head.group(1))
            replies[-1]["flags"] = int(head.group(2), 16)
        elif body:
            replies[-1]["body"] += int(body.group(1))
        elif event == "message complete":
            replies[-1]["end"] = "done"
    return [close(r) for r in replies if not is_interim(r)]


def is_interim(reply):
    return reply["status"] and 100 <= reply["status"] < 200 and \
        reply["status"] != 101


def close(reply):
    """What the end of the input means to a reply that is not complete."""
    if reply["status"] == 101:
        reply["end"] = "bad"            # nobody asked for an upgrade
    elif reply["end"] == "bad" and reply["status"] is not None and \
            not reply["flags"] & 0x228:  # neither length nor chunks
        reply["end"] = "closed"
    return reply


def actual(program, data):
    run = subprocess.run([program], input=data, capture_output=True)
    if run.returncode:
        raise ValueError(run.stderr.decode().strip())
    replies = []
    for line in run.stdout.decode().splitlines():
        _, status, keep, end, body, what = line.split(" ", 5)
        body = b"" if body == "-" else bytes.fromhex(body)
        replies.append({"status": int(status), "keep": keep == "1",
                        "end": end, "body": body, "what": what})
    return replies


def compare(want, got):
    """What differs, or None."""
    for i, w in enumerate(want):
        if i == len(got):
            if got and not got[-1]["keep"]:
                return None             # the rest is not ours to read
            return f"reply {i + 1} was not seen"
        if got[i]["end"] != w["end"]:
            return f"reply {i + 1} ends as {got[i]['end']}, not {w['end']}"
        if w["end"] == "bad":
            return None
        if (got[i]["status"], len(got[i]["body"])) != (w["status"], w["body"]):
            return f"reply {i + 1} is another: {got[i]}"
    return None if len(got) == len(want) else f"{len(got)} replies were seen"


def judge(program, name, message, log):
    got = actual(program, wire(message))
    if name.split(": ", 1)[1] in STRICTER:
        return None if got and got[-1]["end"] == "bad" else "it is not refused"
    return compare(expected(log), got)


def main():
    program = sys.argv[1]
    passed, failed = 0, 0
    left_out, stricter = collections.Counter(), collections.Counter()
    for name, meta, message, log in cases(data_folder()):
        if "lenient" in meta["type"]:
            left_out["a lenient mode, which this reader does not have"] += 1
            continue
        if meta.get("skipBody"):
            left_out["a reply to HEAD, which is never sent"] += 1
            continue
        try:
            bad = judge(program, name, message, log)
        except ValueError as error:
            bad = str(error)
        if bad:
            print(f"FAILED {name}: {bad}")
            failed += 1
        else:
            passed += 1
            reason = STRICTER.get(name.split(": ", 1)[1])
            stricter.update([reason] if reason else [])
    for reason, n in stricter.items():
        print(f"{n} passed by being refused on purpose: {reason}")
    for reason, n in left_out.items():
        print(f"{n} left out: {reason}")
    print(f"{passed} passed, {failed} failed, "
          f"{sum(left_out.values())} left out")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
