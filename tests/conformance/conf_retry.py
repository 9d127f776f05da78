#!/usr/bin/python3
"""Play the public retry tables ("new" standard mode) to core/retry.c.

conf_retry.py PROGRAM; the data's folder is in CILP_CONFORMANCE_DATA. The cap of a delay is
a constant of the build: PROGRAM_200 is the same with 200 ms, for the case that sets it.
"""

import json
import os
import subprocess
import sys

TABLE = "retry-standard/NewStandardRetryIntegrationTestResources.json"


def play(program, case):
    """The lines that the program answers to a case."""
    given = case.get("given") or {}
    lines = []
    if "initial_retry_tokens" in given:
        lines.append(f"quota {given['initial_retry_tokens']}")
    lines.append(f"max {given.get('max_attempts', 3)}")
    for step in case["responses"]:
        reply = step["response"]
        after = reply.get("headers", {}).get("x-amz-retry-after", -1)
        lines.append(f"reply {reply['status_code']} {reply.get('error_code', '-')} {after}")
    done = subprocess.run(
        [program], input="\n".join(lines) + "\n", text=True, capture_output=True, check=True
    )
    return done.stdout.splitlines()


def expected(step):
    want = step["expected"]
    delay = round(want.get("delay", 0) * 1000)
    return f"{want['outcome']} {want['retry_quota']} {delay}"


def main():
    data = os.environ.get("CILP_CONFORMANCE_DATA", "")
    path = os.path.join(data, TABLE)
    if not data or not os.path.exists(path):
        print("retry: left out, CILP_CONFORMANCE_DATA does not name the data")
        return 77
    with open(path, encoding="utf-8") as file:
        suites = json.load(file)["suites"]
    passed, failed, left_out = 0, 0, 0
    for case in (case for suite in suites.values() for case in suite):
        cap = (case.get("given") or {}).get("max_backoff_time", 20)
        program = {20: sys.argv[1], 0.2: f"{sys.argv[1]}_200"}.get(cap)
        if not program:
            print(f"left out: {case['name']} (no build with a cap of {cap} s)")
            left_out += 1
            continue
        got, want = play(program, case), [expected(s) for s in case["responses"]]
        if got == want:
            passed += 1
        else:
            failed += 1
            print(f"FAIL: {case['name']}: got {got}, expected {want}")
    print(f"retry: {passed} passed, {failed} failed, {left_out} left out")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
