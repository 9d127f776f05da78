"""Public cases have ids of keys that no AWS service would give: too short."""

import re

ID = re.compile(r"(access_?key_?id(?:\\?\"\s*:\s*\\?\"|\s*=\s*|>))(\w{1,15})(?!\w)", re.I)


def lengthened(text):
    """The same text, with ids of the least length that is taken, 16."""
    return ID.sub(lambda m: m[1] + m[2].ljust(16, "0"), text)
