#!/usr/bin/python3
"""JSON against JSONTestSuite's parsing cases.

    CILP_CONFORMANCE_DATA=DATA conf_json.py PROGRAM

PROGRAM is json_case; the cases are DATA/json-nst/test_parsing/*.json: y_ must
be read, n_ must be refused, i_ may be either. The reader wants an object at the
top, so each TEXT is read as {"x": TEXT}: nothing around a value can make it
another one. What is read must be the value that Python's json reads.

Then each good text is broken, in every place: cut, a byte left out, a byte
put in or in place of another. Python says which of these are JSON still.
"""
import json
import os
import pathlib
import re
import subprocess
import sys

SKIP = 77
WRAP = b'{"x": %b}'
DEPTH = 8
HOPELESS = 100
BYTES = b'{}[]:,"\\ \t\n0-+.eE1u/tx\x00\x1f\x7f\x80\xc3\xed\xff'
LONE = re.compile("[\ud800-\udfff]")
# Bytes that are no UTF-8, in a place where no text has characters.
ASIDE = {0xdc80 + i: 0x10ff00 + i for i in range(128)}
BACK = {v: k for k, v in ASIDE.items()}


def data_folder():
    root = os.environ.get("CILP_CONFORMANCE_DATA")
    folder = pathlib.Path(root or "/nonexistent") / "json-nst/test_parsing"
    if not folder.is_dir():
        print("json: left out, CILP_CONFORMANCE_DATA has no json-nst")
        sys.exit(SKIP)
    return folder


def no_word(word):
    raise ValueError(word)


def depth(value):
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth, value), default=0)
    return 0


def lone(value):
    """Python reads surrogates that stand alone; RFC 8259 section 8.2."""
    if isinstance(value, dict):
        return any(lone(k) or lone(v) for k, v in value.items())
    if isinstance(value, list):
        return any(map(lone, value))
    return isinstance(value, str) and bool(LONE.search(value))


class Pairs(list):
    """An object with its members in order, those of one name too."""


def nesting(text):
    """How deep brackets stand in brackets, whatever else the text is."""
    marks = re.sub(rb'"(?:[^"\\]|\\.)*"?', b"", text, flags=re.DOTALL)
    deepest = now = 0
    for byte in marks:
        now += (byte in b"[{") - (byte in b"]}")
        deepest = max(deepest, now)
    return deepest


def judge(text):
    """The line that json_case should answer to a whole text."""
    if nesting(text) > HOPELESS:  # Python's stack has an end, too
        return "refused: the JSON text is too long or too deep"
    try:
        # The reader lets bytes from 0x80 on pass as they are.
        as_read = text.decode("utf-8", "surrogateescape").translate(ASIDE)
        value = json.loads(as_read, parse_constant=no_word)
        # Numbers as they are spelt, members that stand twice.
        pairs = json.loads(as_read, object_pairs_hook=Pairs,
                           parse_int=lambda s: ("number", s))
        every = json.loads(as_read, object_pairs_hook=lambda p: [
            x for pair in p for x in pair])
    except (ValueError, RecursionError):
        return "refused: not one well-formed JSON object"
    if not isinstance(value, dict) or lone(every):
        return "refused: not one well-formed JSON object"
    if depth(every) > DEPTH:
        return "refused: the JSON text is too long or too deep"
    members = [v for k, v in pairs if k == "x"]
    if len(members) > 1:
        return "refused: a JSON name stands twice"
    return answer(members[0] if members else None)


def answer(value):
    if value is None:
        return "absent"
    if isinstance(value, str) and not re.search("[\x00-\x1f\x7f]", value):
        return "string " + value.translate(BACK).encode(
            "utf-8", "surrogateescape").hex()
    if isinstance(value, tuple) and value[1].isdigit():
        return f"integer {value[1]}"
    return "other"


def ask(program, texts):
    lines = "".join(text.hex() + "\n" for text in texts)
    run = subprocess.run([program], input=lines, text=True, check=True,
                         capture_output=True)
    return run.stdout.splitlines()


def broken(text):
    """What becomes of a text by one fault, in every place of it."""
    for i in range(len(text) + 1):
        yield text[:i]
        yield text[:i] + text[i + 1:]
        for byte in BYTES:
            yield text[:i] + bytes([byte]) + text[i:]
            yield text[:i] + bytes([byte]) + text[i + 1:]


def wrong(name, wanted, got):
    """What is wrong with the outcome of a case of the suite, or None."""
    if name.startswith("i_"):
        return None
    if name.startswith("n_"):
        return None if got.startswith("refused") else f"it is read: {got}"
    return None if got == wanted else f"got {got}, expected {wanted}"


def faults(program, texts):
    """How many texts with a fault are read as Python does, and how many not."""
    same, other = 0, 0
    for text in texts:
        cases = list(dict.fromkeys(broken(text)))
        for case, got in zip(cases, ask(program, cases), strict=True):
            wanted = judge(case)
            # Python is done before it is known how deep the rest goes; which
            # of two faults is told first is not compared.
            if got == wanted or (got.startswith("refused") and
                                 wanted.startswith("refused")):
                same += 1
                continue
            other += 1
            print(f"FAILED {case!r}: got {got}, expected {wanted}")
    return same, other


def main():
    program = sys.argv[1]
    files = sorted(data_folder().glob("*.json"))
    texts = [WRAP % file.read_bytes() for file in files]
    passed, failed = 0, 0
    for file, text, got in zip(files, texts, ask(program, texts), strict=True):
        bad = wrong(file.name, judge(text), got)
        failed += bool(bad)
        passed += not bad
        if bad:
            print(f"FAILED {file.name}: {bad}")
    kinds = "".join(sorted({file.name[0] for file in files}))
    for kind in sorted(set("yni") - set(kinds)):
        print(f"left out: {kind}_ cases, which the data does not hold")
    good = [t for f, t in zip(files, texts) if f.name.startswith("y_")]
    same, other = faults(program, good)
    print(f"json, with one fault: {same} passed, {other} failed, 0 left out")
    print(f"json: {passed} passed, {failed} failed, 0 left out")
    return 1 if failed or other or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
