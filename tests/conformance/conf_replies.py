#!/usr/bin/python3
"""Replies of the real EC2, and the EC2 Query protocol's output cases.

    CILP_CONFORMANCE_DATA=DATA conf_replies.py PROGRAM

PROGRAM is reply_case. Cases come from DATA/real-ec2-replies (recorded replies;
where only the parsed form was kept, errors are put into EC2's shape again) and
from DATA/ec2query-protocol/output. Each is put on the wire as it was sent, by
length or in chunks, cut in every way, and compared with what Python's own XML
reader finds in it.
"""
import collections
import email.utils
import json
import os
import pathlib
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from xml.sax.saxutils import escape

SKIP = 77
RETURNS = {None: 0, "true": 1, "false": 2}

Case = collections.namedtuple("Case", "name status headers body root")


def data_folders():
    root = os.environ.get("CILP_CONFORMANCE_DATA")
    root = pathlib.Path(root or "/nonexistent")
    folders = [root / "real-ec2-replies", root / "ec2query-protocol"]
    if not all(f.is_dir() for f in folders):
        print("replies: left out, CILP_CONFORMANCE_DATA has no "
              "real-ec2-replies or no ec2query-protocol")
        sys.exit(SKIP)
    return folders


# ---- Where cases come from --------------------------------------------------

def raw_recordings(folder):
    for path in sorted(folder.glob("manageiq/*.json")):
        record = json.loads(path.read_text("utf-8"))
        action = dict(p.split("=", 1) for p in
                      record["request_body"].split("&"))["Action"]
        yield Case(path.stem, record["status"]["code"],
                   {k: v[0] for k, v in record["headers"].items()},
                   path.with_suffix(".xml").read_bytes(), action + "Response")
    captures = json.loads((folder / "raw-captures.json").read_text("utf-8"))
    for record in captures["captures"]:
        body = record["body"].encode()
        root = local(ElementTree.fromstring(body).tag)
        headers = dict(record.get("headers", {}))
        if "Content-Length" in headers:   # the log had lost some white space
            headers["Content-Length"] = str(len(body))
        yield Case(record["what"], int(record["status"].split()[0]),
                   headers, body,
                   root if root != "Response" else "XResponse")


def parsed_recordings(folder, left_out):
    for path in sorted(folder.glob("custodian/*/*.json")):
        record = json.loads(path.read_text("utf-8"))
        data = record["data"]
        if "Error" not in data:
            left_out["a success kept in parsed form only: no body"] += 1
            continue
        body = ("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response>"
                "<Errors><Error><Code>%s</Code><Message>%s</Message></Error>"
                "</Errors><RequestID>%s</RequestID></Response>" % (
                    escape(data["Error"]["Code"]),
                    escape(data["Error"]["Message"]),
                    data["ResponseMetadata"]["RequestId"])).encode()
        headers = dict(data["ResponseMetadata"]["HTTPHeaders"])
        if "content-length" in headers:
            headers["content-length"] = str(len(body))
        yield Case(f"{path.parent.name}/{path.stem}", record["status_code"],
                   headers, body, "XResponse")


def protocol_cases(folder, left_out):
    suites = json.loads((folder / "output" / "ec2.json").read_text("utf-8"))
    for suite in suites:
        for case in suite["cases"]:
            response = case["response"]
            body = response.get("body", "").encode()
            if not body:
                left_out["a protocol case without a body"] += 1
                continue
            headers = dict(response.get("headers", {}))
            headers["Content-Length"] = str(len(body))
            yield Case(case["id"], response["status_code"], headers, body,
                       case["given"]["name"] + "Response")


# ---- One case ---------------------------------------------------------------

def wire(case):
    lines = [f"HTTP/1.1 {case.status} X"]
    lines += [f"{name}: {value}" for name, value in case.headers.items()]
    head = "\r\n".join(lines + ["", ""]).encode()
    if header(case, "transfer-encoding") != "chunked":
        return head + case.body
    out = [head]
    for i in range(0, len(case.body), 8192):
        chunk = case.body[i:i + 8192]
        out += [b"%x\r\n" % len(chunk), chunk, b"\r\n"]
    return b"".join(out + [b"0\r\n\r\n"])


def header(case, name):
    for key, value in case.headers.items():
        if key.lower() == name:
            return value
    return None


def local(tag):
    return tag.rsplit("}", 1)[-1]


def text_at(element, *path):
    """The text of the first element at this very path, or None."""
    for name in path:
        element = next((e for e in element if local(e.tag) == name), None)
        if element is None:
            return None
    return element.text or ""


def expected(case):
    root = ElementTree.fromstring(case.body)
    date = header(case, "date")
    framed = header(case, "content-length") or header(case,
                                                      "transfer-encoding")
    is_expected = local(root.tag) == case.root
    is_ec2 = local(root.tag) == "Response"
    error = ("Errors", "Error")
    code = text_at(root, *error, "Code") if is_ec2 else None
    return {
        "http": 1, "xml": 1, "what": "", "cut": 0, "status": case.status,
        "closed": 0 if framed else 1,
        "keep": int(bool(framed) and header(case, "connection") != "close"),
        "date": int(email.utils.parsedate_to_datetime(date).timestamp())
        if date else 0,
        "header_id": header(case, "x-amzn-requestid") or "",
        "error": int(code is not None), "expected": int(is_expected),
        "return": RETURNS.get(text_at(root, "return"), 3)
        if is_expected else 0,
        "code": code or "",
        "message": (text_at(root, *error, "Message") or "") if is_ec2 else "",
        "id": (text_at(root, "RequestID") if is_ec2 else
               text_at(root, "requestId") if is_expected else None) or "",
    }


def actual(program, case):
    run = subprocess.run([program, case.root], input=wire(case),
                         capture_output=True)
    if run.returncode:
        raise ValueError(run.stderr.decode().strip())
    said = dict(line.split(" ", 1) for line in
                run.stdout.decode().splitlines())
    return {k: bytes.fromhex(v[1:]).decode() if v[0] == "x" else int(v)
            for k, v in said.items()}


def judge(program, case):
    """What differs, or None."""
    try:
        got = actual(program, case)
    except ValueError as error:
        return str(error)
    return next((f"{name} is {got[name]!r}, not {want!r}"
                 for name, want in expected(case).items()
                 if got[name] != want), None)


def main():
    program = sys.argv[1]
    real, protocol = data_folders()
    left_out = collections.Counter()
    cases = [*raw_recordings(real), *parsed_recordings(real, left_out),
             *protocol_cases(protocol, left_out)]
    passed, failed = 0, 0
    for case in cases:
        bad = judge(program, case)
        if bad:
            print(f"FAILED {case.name}: {bad}")
            failed += 1
        else:
            passed += 1
    for reason, n in left_out.items():
        print(f"{n} left out: {reason}")
    print(f"{passed} passed, {failed} failed, "
          f"{sum(left_out.values())} left out")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
