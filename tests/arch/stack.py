#!/usr/bin/python3
"""stack.py BUILD ELF - the deepest that the stack of a firmware can become.

From the compiler's call graph (-fcallgraph-info=su), or the linker's where that makes
one unit of all: each function's frame and whom it calls. What is called through a pointer is named at the call, by the
pointer's member, and listed: below for what every firmware has, in the board's
BOARD_CALLS for the rest. A pointer that is not listed stops this, and so do a
recursion and a frame of no fixed size.

Of the board it reads what boards/CMakeLists.txt wrote to BUILD/board.json:
BOARD_RESET, the function that runs first; BOARD_INTERRUPTS, the handlers, of
which one at a time runs on top; BOARD_EXCEPTION, the bytes that the processor
pushes for one; BOARD_CALLS, files with lines "MEMBER: FUNCTION...", "#" for
comments, FUNCTION@PART for the one whose file has PART in its path, and no
function at all for a pointer that this image never sets; of two lines for one
member the later one counts.

Prints "core N" (the deepest path that begins in core: it calls nobody but
SHA-256, and a certificate's key), "image N" (from reset), "interrupt N" (on top of it), and with
--path the functions on the deepest path.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

# A function of the C library or of libgcc: they have no call graph. The deepest
# that are linked push 16 bytes (objdump -d).
LIBRARY = 48

# Pointers, by the member's name where they are called; "file:member" goes
# first. An empty list: never set.
TARGETS = {
    # streams: TLS lies over TCP, never over itself
    "drive.c:open": ["tls_open", "lwip_open"],
    "drive.c:send": ["tls_send", "lwip_send"],
    "drive.c:recv": ["tls_recv", "lwip_recv"],
    "drive.c:close": ["tls_close", "lwip_close"],
    "tls.c:open": ["lwip_open"], "tls.c:send": ["lwip_send"],
    "tls.c:recv": ["lwip_recv"], "tls.c:close": ["lwip_close"],
    "find": ["find_root"], "done": ["done_root"],
    # mbedTLS: BIO, certificates, random bytes, memory
    "f_send": ["send_lower"], "f_recv": ["recv_lower"], "f_recv_timeout": [],
    "f_get_timer": [], "f_set_timer": [], "f_export_keys": [], "f_set_cache": [],
    "f_ca_cb": ["find_anchor"], "f_vrfy": ["judge@/mbedtls/"],
    "f_rng": ["mbedtls_psa_get_random"],
    "give": ["arena_calloc"],
    "take_back": ["arena_free"],
    "memset_func": ["memset"], "text.c:set": ["memset"],
    "asn1parse.c:cb": ["asn1_get_sequence_of_cb"], "x509_crt.c:cb": [],
    "fallback_f": ["psa_generic_status_to_mbedtls"],
    # mbedTLS: tables of keys, curves and hashes
    "modp": ["ecp_mod_p256", "ecp_mod_p384", "ecp_mod_p255"],
    "can_do": ["rsa_can_do", "eckey_can_do", "eckeydh_can_do", "ecdsa_can_do"],
    "ctx_free_func": ["rsa_free_wrap", "eckey_free_wrap"],
    "ctx_alloc_func": ["rsa_alloc_wrap", "eckey_alloc_wrap"],
    "get_bitlen": ["rsa_get_bitlen", "eckey_get_bitlen"],
    "verify_func": ["rsa_verify_wrap", "ecdsa_verify_wrap"],
    "sign_func": [],
    "update_checksum": ["ssl_update_checksum_start", "ssl_update_checksum_sha256",
                        "ssl_update_checksum_sha384"],
    "calc_verify": ["ssl_calc_verify_tls_sha256", "ssl_calc_verify_tls_sha384"],
    "calc_finished": ["ssl_calc_finished_tls_sha256",
                      "ssl_calc_finished_tls_sha384"],
    "tls_prf": ["tls_prf_sha256", "tls_prf_sha384"],
    # lwIP: interface, timers, callbacks
    "input": ["ethernet_input"], "output": ["etharp_output"],
    "cyclic->handler": ["tcp_tmr", "etharp_tmr", "dhcp_coarse_tmr",
                        "dhcp_fine_tmr", "dns_tmr"],
    "handler": ["lwip_cyclic_timer", "tcpip_tcp_timer", "sntp_request",
                "sntp_try_next_server"],
    "udp.c:recv": ["dhcp_recv", "dns_recv", "sntp_recv"],
    "found": ["on_found"],
    "TCP_EVENT_ERR": ["on_broken"], "TCP_EVENT_CONNECTED": ["on_connected"],
    "TCP_EVENT_RECV": ["on_received"], "TCP_EVENT_CLOSED": ["on_received"],
    "TCP_EVENT_SENT": [], "TCP_EVENT_POLL": [], "TCP_EVENT_ACCEPT": [],
}

NODE = re.compile(r'^node: \{ title: "([^"]+)" label: "([^"]+)"')
EDGE = re.compile(r'^edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"'
                  r'(?: label: "([^"]+)")?')
FRAME = re.compile(r"(\d+) bytes \(([a-z, ]+)\)")
CALLED = re.compile(r"(?:cyclic->)?(\w+)\)?\s*\(")


def calls_of(board):
    """The board's own list, as TARGETS is."""
    lines = [l for path in board["calls"] for l in Path(path).read_text().splitlines()]
    rows = (l.rsplit(":", 1) for l in lines if l.strip() and not l.startswith("#"))
    return {member.strip(): names.split() for member, names in rows}


def graphs(build, name):
    """The call graphs of an image: that of the link, if it made one unit of all, or the
    compiler's of each file that is not another image's."""
    every = sorted(build.glob("**/*.ci"))
    if linked := [p for p in every if p.name.startswith(f"{name}.ltrans")]:
        return linked
    others = re.compile(rf"/boards/CMakeFiles/(?!{re.escape(Path(name).stem)}\.dir/)")
    return [p for p in every if not others.search(str(p)) and ".ltrans" not in p.name]


def short(title):
    """A function's own name, without file and clone."""
    return title.split(":")[-1].split(".")[0]


class Graph:
    """Who calls whom, of the functions that were linked."""

    def __init__(self, build, elf):
        self.build = Path(build)
        self.board = json.loads((self.build / "board.json").read_text())
        self.root = Path(self.board["root"])
        self.listed = {**TARGETS, **calls_of(self.board)}
        self.frames, self.calls, self.pointers = {}, {}, {}
        self.names = {}
        symbols = subprocess.run([self.board["nm"], elf], capture_output=True,
                                 text=True, check=True).stdout
        self.linked = {line.split()[-1] for line in symbols.splitlines()}
        for path in graphs(self.build, Path(elf).name):
            self._read(path)

    def _read(self, path):
        for line in path.read_text().splitlines():
            if node := NODE.match(line):
                self._node(*node.groups())
            elif edge := EDGE.match(line):
                self._edge(*edge.groups())

    def _file(self, path):
        """Where a source is: the compiler's names are mapped, the link's are these from
        the folder of what was compiled."""
        path = re.sub(r"^\.\./.*?/\./", "./", path)
        for prefix, folder in (("./", self.root), ("build/", self.build)):
            if path.startswith(prefix):
                return folder / path[len(prefix):]
        return Path(os.path.normpath(self.build.absolute() / "boards" / path))

    def _node(self, title, label):
        frame = FRAME.search(label)
        if not frame or title.split(":")[-1] not in self.linked:
            return
        if frame.group(2) not in ("static", "dynamic,bounded"):
            sys.exit(f"stack.py: {title} has a frame of no fixed size")
        # a weak function's own, and that of whoever replaces it
        self.frames[title] = max(int(frame.group(1)), self.frames.get(title, 0))
        path = str(self._file(label.split(r"\n")[1].rsplit(":", 2)[0]))
        self.names.setdefault(short(title), []).append((title, path))

    def _edge(self, caller, callee, where):
        if callee == "__indirect_call":
            self.pointers.setdefault(caller, set()).add(where)
        else:
            self.calls.setdefault(caller, set()).add(callee)

    def _source(self, where):
        path, line, column = where.rsplit(":", 2)
        path = self._file(path)
        text = path.read_text(errors="replace").splitlines()[int(line) - 1]
        return path.name, text[int(column) - 1:]

    def _titles(self, name):
        name, _, part = name.partition("@")
        found = [t for t, path in self.names.get(name, ()) if part in path]
        return found or ([name] if name == "memset" else [])

    def targets(self, where):
        """The functions that a call through a pointer may reach."""
        file, text = self._source(where)
        text = re.sub(r"^MBEDTLS_MPI_CHK\(|^\*|^info->", "", text)
        names = re.findall(r"cyclic->handler|\w+", text.split("(")[0].replace("[i]", ""))
        if "found" in text.split("(")[0]:
            names = ["found"]
        member = names[-1] if names else text
        for key in (f"{file}:{member}", member):
            if key in self.listed:
                return [t for name in self.listed[key] for t in self._titles(name)]
        sys.exit(f"stack.py: {where}: whom does {text!r} call? List {member!r} in "
                 f"BOARD_CALLS ({' '.join(self.board['calls']) or 'which is not set'})")

    def deepest(self, root):
        """(bytes, path) of the deepest path from a function."""
        known, open_ = {}, []

        def visit(title):
            if title in known:
                return known[title]
            if title not in self.frames:
                return LIBRARY, (title,)
            if title in open_:
                loop = " -> ".join(open_[open_.index(title):] + [title])
                sys.exit(f"stack.py: a recursion: {loop}")
            open_.append(title)
            below = set(self.calls.get(title, ()))
            for where in self.pointers.get(title, ()):
                below.update(self.targets(where))
            size, path = max((visit(b) for b in sorted(below)), default=(0, ()))
            open_.pop()
            known[title] = self.frames[title] + size, (title, *path)
            return known[title]

        return visit(root)

    def of_core(self):
        """Core's functions that others may call."""
        folder = f"{self.root}/core/"
        return {t for entries in self.names.values() for t, path in entries
                if folder in path and (":" not in t or ".ltrans" in t)}


def tell(graph, what, size, path):
    """A figure, and where it comes from."""
    print(what, size)
    for title in path if "--path" in sys.argv else ():
        print(f"{graph.frames.get(title, LIBRARY):8} {title}")


def main():
    """see above"""
    build, elf = sys.argv[1:3]
    sys.setrecursionlimit(10000)
    graph = Graph(build, elf)
    tell(graph, "core", *max(graph.deepest(t) for t in sorted(graph.of_core())))
    tell(graph, "image", *graph.deepest(graph.board["reset"]))
    handlers = [t for t in graph.frames if short(t) in graph.board["interrupts"]]
    if len({short(t) for t in handlers}) != len(graph.board["interrupts"]):
        sys.exit(f"stack.py: of {graph.board['interrupts']} these are in the image: "
                 f"{handlers}")
    print("interrupt", int(graph.board["exception"])
          + max((graph.deepest(t)[0] for t in handlers), default=0))


main()
