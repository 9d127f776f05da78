"""Plants faults in a copy of core, and sees that the proof of it fails: a proof that cannot
fail says nothing.

    sh tests/proof/run.sh --planted [WORD...]    quick ones; or those that have a WORD
    sh tests/proof/run.sh --planted all          every one
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
TREE = ROOT / "build/proof/planted"
PARTS = ("core", "tests/proof", "port")


class Fault(NamedTuple):
    """What is wrong; where; from what to what; which harness sees it; whether it takes seconds."""

    name: str
    file: str
    old: str
    new: str
    harness: str
    is_quick: bool = False


FAULTS = [
    Fault("a field's NUL lies in the next one", "core/references.c",
          "(struct cilp_references *)0)->member - 1", "(struct cilp_references *)0)->member",
          "fields", True),
    Fault("a reply may fill its room to the last byte", "core/source.c",
          "if (op->kept < cap)", "if (op->kept <= cap)", "source_line", True),
    Fault("base64 reads a byte too many", "core/text.c",
          "(i < used ? p[i] : 0u)", "(i <= used ? p[i] : 0u)", "text_base64", True),
    Fault("a window has a byte more than it has", "core/text.c",
          "end < t->skip + t->cap ? end : t->skip + t->cap",
          "end < t->skip + t->cap + 1 ? end : t->skip + t->cap + 1", "text_put"),
    Fault("a host is a byte longer than its room", "core/endpoint.c",
          "if (p == to->host + CILP_HOST_MAX)", "if (p > to->host + CILP_HOST_MAX)",
          "endpoint_agent"),
    Fault("percent-encoding is in small letters", "core/text.c",
          "put_byte(t, (uint8_t)*s, 0);", "put_byte(t, (uint8_t)*s, 0x20);", "text_hex"),
    Fault("a value takes all the room that the file has", "core/signed.c",
          "len < n && len < part->max &&", "len < n &&", "signed_read"),
    Fault("a text that is shown may have a DEL", "core/text.c",
          "*s <= 0x7E ? *s : '?'", "*s <= 0x7F ? *s : '?'", "text_fill", True),
    Fault("a part of a path may be two dots", "core/endpoint.c",
          "n == dots && n <= 2", "n == dots && n == 1", "endpoint_path", True),
    Fault("a fraction of a second is read beyond the date", "core/utc.c",
          "while (len < n && len <= 9 &&", "while (len <= 9 &&", "utc_read", True),
    Fault("a secret is a byte longer than its room", "core/creds_static.c",
          "(secret, 1, CILP_KEY_MAX)", "(secret, 1, CILP_KEY_MAX + 1)", "keys"),
    Fault("an XML text is told too late", "core/xml.c",
          "#define PIECE_MAX 4u", "#define PIECE_MAX 3u", "xml_feed"),
    Fault("a pair of an INI text is a byte longer than its room", "core/ini.c",
          "x->len < CILP_INI_MAX", "x->len <= CILP_INI_MAX", "ini"),
    Fault("a token is read that hangs on none", "core/json.c",
          "    if (t->parent < 0)\n        return CILP_WHAT_JSON;\n", "", "json_tokens"),
    Fault("the low one of two surrogates may be any", "core/json.c",
          "return low < 0x400;", "return true;", "json_string"),
    Fault("a call that is stopped forgets its doubt", "core/op.c",
          "op->doubt ? CILP_UNKNOWN : CILP_NOT_SENT;", "CILP_NOT_SENT;", "call_went", True),
    Fault("a request that nobody answered in time is held to be none", "core/cancel.c",
          "op->result.outcome = note_doubt(op);", "op->result.outcome = CILP_NOT_SENT;",
          "call_next"),
    Fault("a head of IMDS counts when its reply was stopped", "core/creds_imds.c",
          "    if (op->result.what != CILP_WHAT_SOURCE_SAID)\n        return true;\n", "",
          "source_steps"),
    Fault("any status of success will do", "core/cancel.c",
          "op->reply.is_expected &&\n        op->result.http_status == 200)",
          "op->reply.is_expected)", "call_came"),
    Fault("an element within <return> is passed over", "core/reply.c",
          "    if (from == RETURN)\n        r->len = SPOILT;\n", "", "reply"),
    Fault("a second <return> is passed over", "core/reply.c",
          "        if (to == RETURN)\n            r->ret = CILP_RETURN_OTHER;\n", "", "reply"),
    Fault("a line separator may enter a message", "core/reply.c",
          "{0x2028, 0x202e}", "{0x2029, 0x202e}", "reply"),
    Fault("a header's value is a byte longer than its room", "core/http_resp.c",
          "    if (h->value_len == CILP_HTTP_VALUE_MAX)\n        h->flags",
          "    if (h->value_len > CILP_HTTP_VALUE_MAX)\n        h->flags", "http_resp"),
    Fault("the caller's room is not wiped", "core/op.c",
          "        cilp_zero(op->req->room, op->req->room_len);\n",
          "        op->lent = false;\n", "end"),
    Fault("the readers of replies are not wiped", "core/op.c",
          "    wipe_readers(op);\n", "", "end"),
    Fault("keys are not wiped at the end", "core/op.c",
          "    cilp_op_wipe_creds(op);\n    op->guard = 0;", "    op->guard = 0;", "end"),
]


def plant(fault):
    """A copy of the tree with it."""
    shutil.rmtree(TREE, ignore_errors=True)
    for part in PARTS:
        shutil.copytree(ROOT / part, TREE / part)
    path = TREE / fault.file
    text = path.read_text("utf-8")
    if text.count(fault.old) != 1:
        sys.exit(f"{fault.file} has {text.count(fault.old)} times: {fault.old!r}")
    path.write_text(text.replace(fault.old, fault.new), "utf-8")


def is_found(fault):
    """By a property that does not hold: not by a proof that did not come to its end."""
    plant(fault)
    # What jsmn is read from has been fetched already.
    os.environ.setdefault("CILP_DOWNLOADS", str(ROOT / "build/downloads"))
    done = subprocess.run(["sh", TREE / "tests/proof/run.sh", fault.harness],
                          stdout=subprocess.PIPE, text=True, check=False)
    seen = [line for line in done.stdout.splitlines() if line.endswith(": FAILURE")]
    print(f"{'found' if seen else 'NOT FOUND'} by proof_{fault.harness}: {fault.name}")
    print(f"    {seen[0] if seen else done.stdout}", flush=True)
    return done.returncode == 1 and bool(seen)


def main(words):
    """0 if all were found."""
    chosen = [f for f in FAULTS
              if (f.is_quick if not words else
                  words == ["all"] or any(word in f.name for word in words))]
    found = sum([is_found(f) for f in chosen])
    print(f"figure: planted faults that proofs find: {found} of {len(chosen)}")
    return int(not chosen or found < len(chosen))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
