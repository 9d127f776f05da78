"""Odd and wrong JSON: what a document of keys may look like, and must not."""

import json

SECRETS = ("SecretAccessKey", "secretAccessKey")
TOKENS = ("Token", "sessionToken")
DEPTH = 2000


def _changed(names, change):
    """Changes the raw JSON of the members with one of these names."""
    return lambda pairs: [
        (name, change(raw) if name in names else raw) for name, raw in pairs
    ]


def _escape(raw):
    """The same string with every character as an escape."""
    value = json.loads(raw)
    if not isinstance(value, str):
        return raw
    return '"' + "".join(f"\\u{ord(c):04X}" for c in value) + '"'


def _tail(text):
    """Puts a text at the end of a string."""
    return lambda raw: raw[:-1] + text + '"'


def _again(pairs):
    secret = next(name for name, _ in pairs if name in SECRETS)
    return pairs + [(secret, '"another"')]


def _strangers(pairs):
    more = [("New", '{"a":[1,{"Token":"no"},null],"b":true}'), ("Other", "-1.5e3")]
    return [more[0], *pairs, more[1]]


# Name -> what becomes of the members, as (name, raw JSON) pairs.
MEMBERS = {
    # Right, if unusual.
    "escapes": lambda pairs: [(name, _escape(raw)) for name, raw in pairs],
    "strangers": _strangers,
    # Wrong.
    "wrong-case": lambda pairs: [(name.swapcase(), raw) for name, raw in pairs],
    "duplicate": _again,
    "missing": lambda pairs: [p for p in pairs if p[0] not in SECRETS],
    "null": _changed(SECRETS, lambda raw: "null"),
    "number": _changed(SECRETS, lambda raw: "12345"),
    "empty": _changed(SECRETS, lambda raw: '""'),
    "nested": _changed(SECRETS, lambda raw: f"[{raw}]"),
    "control": _changed(TOKENS, _tail("\x01")),
    "nul": _changed(TOKENS, _tail("\\u0000")),
    "line-break": _changed(TOKENS, _tail("\\r\\nX-Injected: yes")),
    "surrogate": _changed(TOKENS, _tail("\\ud800")),
    "bad-escape": _changed(TOKENS, _tail("\\x41")),
    "deep": lambda pairs: [("Deep", "[" * DEPTH + "]" * DEPTH), *pairs],
}

# Name -> what becomes of the whole text; all of it is wrong.
TEXTS = {
    "array": lambda text: f"[{text}]",
    "bare": lambda text: json.dumps("a string"),
    "half": lambda text: text[: len(text) // 2],
    "trailing": lambda text: text + text,
    "bom": lambda text: "\ufeff" + text,
}

KINDS = (*MEMBERS, *TEXTS)


def _joined(pairs):
    return "{" + ",".join(f"{json.dumps(n)}:{raw}" for n, raw in pairs) + "}"


def _pairs(members):
    return [(name, json.dumps(value)) for name, value in members.items()]


def _with_members(text, change):
    document = json.loads(text)
    for name in ("roleCredentials", "credentials"):
        if name in document:
            return f'{{"{name}":{_joined(change(_pairs(document[name])))}}}'
    if "credentialSet" in document:
        found = _joined(change(_pairs(document["credentialSet"][0]["credentials"])))
        return f'{{"credentialSet":[{{"credentials":{found}}}]}}'
    return _joined(change(_pairs(document)))


def distorted(body, kind):
    """A document of keys, made odd. Whatever holds no keys stays as it is."""
    if not any(f'"{name}"'.encode() in body for name in SECRETS):
        return body
    text = body.decode()
    if kind in TEXTS:
        return TEXTS[kind](text).encode()
    return _with_members(text, MEMBERS[kind]).encode()
