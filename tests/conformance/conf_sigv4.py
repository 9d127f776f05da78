#!/usr/bin/python3
"""SigV4 against AWS's signing test suite (aws-c-auth).

    CILP_CONFORMANCE_DATA=DATA conf_sigv4.py PROGRAM

PROGRAM is sigv4_case; the cases are DATA/sigv4-aws-c-auth/v4/*. What the
signer leaves to its caller is done here: headers are joined, trimmed and
sorted, and the ones that signing adds are added. Canonical path and query are
inputs of the signer: where the request's own are not canonical already, the
case's are given, and the case is counted apart.
"""
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

SKIP = 77
STEPS = {  # the program's name of it: the suite's file
    "canonical request": "header-canonical-request.txt",
    "string to sign": "header-string-to-sign.txt",
    "authorization": "header-signature.txt",
}


def data_folder():
    root = os.environ.get("CILP_CONFORMANCE_DATA")
    folder = pathlib.Path(root or "/nonexistent") / "sigv4-aws-c-auth" / "v4"
    if not folder.is_dir():
        print("sigv4: left out, CILP_CONFORMANCE_DATA has no sigv4-aws-c-auth")
        sys.exit(SKIP)
    return folder


def parse(request):
    """The parts of a raw request; a header line may go on after a space."""
    head, _, body = request.replace("\r\n", "\n").partition("\n\n")
    line, *lines = head.split("\n")
    method, target = re.fullmatch(r"(\S+) (.*) HTTP/1\.1", line).groups()
    headers = []
    for text in filter(None, lines):
        if text[0] in " \t":
            headers[-1][1] += " " + text
        else:
            headers.append(list(text.split(":", 1)))
    path, _, query = target.partition("?")
    return method, path, query, headers, body


def canonical_headers(headers):
    merged = {}
    for name, value in headers:
        value = re.sub(r"\s+", " ", value).strip()
        merged.setdefault(name.lower().strip(), []).append(value)
    return sorted((name, ",".join(v)) for name, v in merged.items())


def case_lines(folder, context):
    """The case for the program, and whether path and query were given."""
    method, path, query, headers, body = parse(
        (folder / "request.txt").read_text("utf-8"))
    expected = (folder / STEPS["canonical request"]).read_text("utf-8")
    _, uri, canonical_query = expected.split("\n")[:3]
    credentials = context["credentials"]
    digest = hashlib.sha256(body.encode()).hexdigest()
    date = re.sub("[-:]", "", context["timestamp"])
    headers.append(["x-amz-date", date])
    if credentials.get("token") and not context.get("omit_session_token"):
        headers.append(["x-amz-security-token", credentials["token"]])
    if context["sign_body"]:
        headers.append(["x-amz-content-sha256", digest])
    fields = [
        ("method", method), ("uri", uri), ("query", canonical_query),
        ("hash", digest), ("region", context["region"]),
        ("service", context["service"]),
        ("key", credentials["access_key_id"]),
        ("secret", credentials["secret_access_key"]), ("date", date),
    ] + [("header", f"{n} {v}") for n, v in canonical_headers(headers)]
    given = (path, query) != (uri, canonical_query)
    return "".join(f"{n} {v}\n" for n, v in fields), given


def run(program, lines):
    output = subprocess.run([program], input=lines.encode(), check=True,
                            stdout=subprocess.PIPE).stdout.decode()
    parts = re.split(r"^== (.*)\n", output, flags=re.M)[1:]
    return {n: t[:-1] for n, t in zip(parts[::2], parts[1::2])}


def wrong_step(folder, context, got):
    """The first step that differs from the suite's, or None."""
    want = {step: (folder / file).read_text("utf-8")
            for step, file in STEPS.items()}
    names = want["canonical request"].split("\n")[-2]
    scope = want["string to sign"].split("\n")[2]
    key = context["credentials"]["access_key_id"]
    want["authorization"] = (f"AWS4-HMAC-SHA256 Credential={key}/{scope}, "
                             f"SignedHeaders={names}, "
                             f"Signature={want['authorization']}")
    for step, text in want.items():
        if got[step] != text:
            return f"{step}\nwant {text!r}\ngot  {got[step]!r}"
    return None


def main(program):
    passed = failed = given = queries = 0
    for folder in sorted(filter(pathlib.Path.is_dir, data_folder().iterdir())):
        context = json.loads((folder / "context.json").read_text("utf-8"))
        lines, is_given = case_lines(folder, context)
        wrong = wrong_step(folder, context, run(program, lines))
        queries += (folder / "query-signature.txt").exists()
        if wrong:
            failed += 1
            print(f"FAILED {folder.name}: {wrong}")
        else:
            passed += 1
            given += is_given
    print(f"of those passed, {passed - given} as the request stands and "
          f"{given} with inputs normalised by the runner (canonical path or "
          "query given)")
    print(f"left out: {queries} signatures in the query (presigned URLs are "
          "not offered)")
    print(f"sigv4: {passed} passed, {failed} failed, {queries} left out")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
