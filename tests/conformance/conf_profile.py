#!/usr/bin/python3
"""Config and credentials files against the SDKs' own cases.

    CILP_CONFORMANCE_DATA=DATA conf_profile.py INI_CASE CHAIN_CASE

DATA/profile-parsing has profile-parser-tests.json, for core/ini, and
file-location-tests.json, for where port/posix/profile looks.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

SKIP = 77
CONFIG = re.compile(r"^\[\s*(?:profile|sso-session)\s+(.+?)\s*\]|^\[(default)\]",
                    re.M)
CREDENTIALS = re.compile(r"^\[\s*(.+?)\s*\]", re.M)


def load(name):
    root = os.environ.get("CILP_CONFORMANCE_DATA")
    path = pathlib.Path(root or "/nonexistent") / "profile-parsing" / name
    if not path.is_file():
        print(f"profile: left out, CILP_CONFORMANCE_DATA has no {name}")
        sys.exit(SKIP)
    return json.loads(path.read_text("utf-8"))["tests"]


class Bad(Exception):
    pass


def section(program, text, kind, name):
    """The section's pairs, as the cases write them; None: there is none."""
    out = subprocess.run([program, kind, name], input=text.encode(), check=True,
                         stdout=subprocess.PIPE).stdout.decode()
    found, *rows = out.split("\x1e")
    if rows[-1].startswith("error"):
        raise Bad(rows[-1])
    pairs = {}
    for row in rows[:-1]:
        block, key, value, _ = row.split("\x1f")
        if block:
            line = f"\n{key} = {value}".rstrip(" ")
            pairs[block] = pairs.get(block, "") + line
        else:
            pairs[key] = value
    return pairs if found == "found" else None


def profile(program, config, credentials, name):
    """As port/posix/profile merges them."""
    pairs = section(program, config, "profile", name)
    if pairs is None and name == "default":
        pairs = section(program, config, "", name)
    more = section(program, credentials, "", name)
    if pairs is None and more is None:
        return None
    return {**(pairs or {}), **(more or {})}


def asked_for(case):
    names = {a or b for a, b in
             CONFIG.findall(case["input"].get("configFile", ""))}
    names.update(CREDENTIALS.findall(case["input"].get("credentialsFile", "")))
    return names


def check_parsing(program, case):
    config = case["input"].get("configFile", "")
    credentials = case["input"].get("credentialsFile", "")
    want = case["output"].get("config")
    got = {"profiles": {}, "sso_sessions": {}}
    try:
        for name in asked_for(case) or {"foo"}:
            pairs = profile(program, config, credentials, name)
            if pairs is not None:
                got["profiles"][name] = pairs
            pairs = section(program, config, "sso-session", name)
            if pairs is not None:
                got["sso_sessions"][name] = pairs
    except Bad as bad:
        return None if not want else f"refused: {bad}"
    if not want:
        return f"not refused: {got}"
    want.setdefault("sso_sessions", {})
    return None if got == want else f"want {want}, got {got}"


def parsing(program):
    for case in load("profile-parser-tests.json"):
        if any(re.search(r"[^\w\-/.%@:+\\]", n) for n in asked_for(case)):
            yield case, "a name is found whatever its characters are, as the " \
                        "AWS CLI finds it", None
        else:
            yield case, None, check_parsing(program, case)


def check_location(program, case):
    with tempfile.TemporaryDirectory() as root:
        for file in ("configLocation", "credentialsLocation"):
            path = pathlib.Path(root + case[file])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("[default]\n[profile other]\n")
        env = {k: root + v if v.startswith("/") else v
               for k, v in case["environment"].items()}
        out = subprocess.run([program], env=env, check=True,
                             stdout=subprocess.PIPE).stdout.decode()
        got = dict(line.split(": ", 1) for line in out.splitlines())
        want = {"config": root + case["configLocation"],
                "credentials": root + case["credentialsLocation"],
                "profile": case.get("profile", "default")}
        wrong = {k: got[k] for k, v in want.items() if got[k] != v}
        return f"want {want}, got {wrong}" if wrong else None


def location(program):
    for case in load("file-location-tests.json"):
        if case["platform"] != "linux":
            yield case, "another platform's", None
        else:
            yield case, None, check_location(program, case)


def main(ini_case, chain_case):
    totals = [0, 0, 0]
    for kind, results in (("parsing", parsing(ini_case)),
                          ("location", location(chain_case))):
        counts, reasons = [0, 0, 0], {}
        for case, reason, fault in results:
            if reason:
                counts[2] += 1
                reasons[reason] = reasons.get(reason, 0) + 1
            elif fault:
                counts[1] += 1
                print(f"FAILED {case['name']}: {fault}")
            else:
                counts[0] += 1
        print("{}: {} passed, {} failed, {} left out".format(kind, *counts))
        for reason, n in reasons.items():
            print(f"left out: {n}, {reason}")
        totals = [a + b for a, b in zip(totals, counts)]
    print("profile: {} passed, {} failed, {} left out".format(*totals))
    return 1 if totals[1] or not totals[0] else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
