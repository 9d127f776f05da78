#!/usr/bin/python3
"""Made-up lists of exempt hosts, of which curl and Python's urllib are asked as well.

    conf_no_proxy.py NO_PROXY_CASE [SEED]

Where they differ from us, a row of REASONS has to say why; a reason that explains no
difference fails, too. curl's answer is where it connects to: one of two servers here.
"""

import ipaddress
import itertools
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import urllib.request
from pathlib import Path

ROWS = 300
CURL = "/usr/bin/curl"
LEFT_OUT = 77

NAMES = ["a.test", "b.a.test", "ba.test", "test", "ec2.us-east-1.amazonaws.com"]
HOSTS = NAMES + ["10.0.0.1", "10.200.0.9", "192.168.1.1", "fd00::1", "2001:db8::5"]
ENTRIES = [
    *["a.test", ".a.test", "*.a.test", "*a.test", "A.Test", "a.test.", "test", ".", "amazonaws.com"],
    *["a.test:443", "a.test:8443", ".a.test:8443", "us-east-1.amazonaws.com", "*.amazonaws.com"],
    *["10.0.0.1", "10.0.0.0/8", "10.0.0.0/33", "0.0.0.1", ".0.0.1", "0.0.1", "10.0.0.1:8443"],
    *["192.168.0.0/16", "192.168.1.1/32", "192.168.0.0/24", "10.0.0.0/8:443", "0.0.0.0/0"],
    *["fd00::1", "[fd00::1]", "fd00::/8", "[fd00::1]:443", "FD00:0:0::1", "2001:db8::/32", "::/0"],
    *["*", "*:443", "x.test", "localhost", "https://a.test", "", " "],
]
SEPARATORS = [",", ", ", " ", ",,", " ,"]
LISTS = 5  # entries in one at most


def makes_rows(seed):
    """(host, port, list): each host and entry at least once, the rest at random."""
    dice = random.Random(seed)
    pairs = list(itertools.product(HOSTS, ENTRIES))
    dice.shuffle(pairs)
    rows = [(host, dice.choice((443, 8443)), entry) for host, entry in pairs[: ROWS // 2]]
    while len(rows) < ROWS:
        entries = dice.choices(ENTRIES, k=dice.randint(2, LISTS))
        text = entries[0]
        for entry in entries[1:]:
            text += dice.choice(SEPARATORS) + entry
        rows.append((dice.choice(HOSTS), dice.choice((443, 8443)), text))
    return rows


# Who says what


def ours(program, rows):
    """port/proxy's answers."""
    text = "".join(f"{host} {port} {text}\n" for host, port, text in rows)
    done = subprocess.run([program], input=text, capture_output=True, text=True, check=True)
    return [line == "1" for line in done.stdout.split()]


def in_url(host, port):
    """As it stands in a URL. Port 443 is what https means."""
    host = f"[{host}]" if ":" in host else host
    return host if port == 443 else f"{host}:{port}"


def pythons(rows):
    """urllib's answers."""
    return [
        bool(urllib.request.proxy_bypass_environment(in_url(host, port), {"no": text}))
        for host, port, text in rows
    ]


class Door:
    """Takes connections and answers each with its letter."""

    def __init__(self, letter):
        reply = f"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{letter}\n"
        self.reply = reply.encode()
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        """Until the end."""
        while True:
            taken, _ = self.socket.accept()
            with taken:
                taken.settimeout(5)
                try:
                    if taken.recv(4096).startswith(b"CONNECT"):
                        taken.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                        taken.recv(4096)
                    taken.sendall(self.reply)
                    taken.shutdown(socket.SHUT_WR)
                    while taken.recv(4096):
                        pass
                except OSError:
                    pass


def curls(rows):
    """curl's answers: all in one run of it. Plain http, with the port in the URL."""
    straight, proxy = Door("s"), Door("p")
    lines = []
    for host, port, text in rows:
        name = f"[{host}]" if ":" in host else host
        quoted = text.replace("\\", "\\\\").replace('"', '\\"')
        lines += [
            f'url = "http://{name}:{port}/"',
            f'proxy = "http://127.0.0.1:{proxy.port}"',
            f'noproxy = "{quoted}"',
            f'connect-to = "{name}:{port}:127.0.0.1:{straight.port}"',
            "no-keepalive",
            "silent",
            "show-error",
            "next",
        ]
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "curlrc"
        config.write_text("\n".join(lines[:-1]) + "\n")
        env = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        done = subprocess.run(
            [CURL, "-q", "-K", config], env=env, capture_output=True, text=True, check=False
        )
    letters = done.stdout.split()
    assert len(letters) == len(rows), (len(letters), done.returncode, done.stderr[-500:])
    return [letter == "s" for letter in letters]


# Why they differ


def is_address(text):
    """Whether it is one, with or without brackets."""
    try:
        ipaddress.ip_address(text.strip("[]"))
    except ValueError:
        return False
    return True


def entries(text):
    """As we take them apart."""
    return [entry for entry in re.split(r"[, \t]+", text) if entry]


def has(pattern):
    """A list with such an entry."""
    return lambda host, text: any(re.fullmatch(pattern, entry) for entry in entries(text))


def both(one, other):
    """Both conditions."""
    return lambda host, text: one(host, text) and other(host, text)


def for_address(host, _text):
    """A host that is an address."""
    return is_address(host)


PREFIX = has(r".*/[0-9]+(\]?:[0-9]+)?")
PORT = has(r"([^:]*|\[.*\]):[0-9]+")
BLANK = lambda host, text: " " in text.strip()  # noqa: E731

# Who differs: whether we exempt the host, when that can be, and why.
REASONS = {
    "python": [
        (True, PREFIX, "prefixes of addresses: urllib knows none"),
        (True, BLANK, "a blank ends an entry, as for curl; urllib takes commas alone"),
        (True, PORT, "the port that the scheme stands for counts, written or not"),
        (True, has(r"\*(:443)?"), "* exempts everybody in a list, too, and at a port"),
        (True, has(r"\*\..*"), "*.NAME means .NAME, as Go's programs take it"),
        (True, has(r".*\."), "a dot at a name's end says that it is a full one"),
        (True, both(for_address, has(r"\[?[0-9A-Fa-f:]+\]?")), "an address counts, not its spelling"),
        (False, both(for_address, has(r"[.0-9]+")), "no name is a part of an address"),
    ],
    "curl": [
        (True, PORT, "curl knows no ports in the list"),
        (True, has(r"\*(:443)?"), "curl takes * only where it is the whole list"),
        (True, has(r"\*\..*"), "*.NAME means .NAME, as Go's programs take it"),
        (True, both(for_address, has(r"\[?[0-9A-Fa-f:]+\]?")), "an address counts, not its spelling"),
        (True, has(r"0\.0\.0\.0/0|::/0"), "a prefix of no bits is everybody's"),
        (True, has(r".*/[0-9]+"), "curl 7.88 compares no prefix with what has blanks before it"),
        (False, has(r".*/[0-9]+:[0-9]+"), "curl reads over what follows a prefix"),
    ],
}


def explain(who, row, answer, used):
    """Whether there is a reason."""
    host, _, text = row
    found = {
        (who, number)
        for number, (exempt, applies, _) in enumerate(REASONS[who])
        if exempt == answer and applies(host, text)
    }
    used |= found
    return bool(found)


def compare(who, rows, mine, theirs, used):
    """How many differ; those without a reason are shown."""
    different = failed = 0
    for row, answer, other in zip(rows, mine, theirs):
        if answer == other:
            continue
        different += 1
        if not explain(who, row, answer, used):
            failed += 1
            print(f"FAIL: {who} says {other}, we say {answer}: {row}")
    print(f"figure: {who} and no_proxy.c agree on {len(rows) - different} of {len(rows)} rows")
    return failed


def main(program, seed):
    """The exit code."""
    if not shutil.which(CURL):
        print(f"left out: there is no {CURL}")
        return LEFT_OUT
    print(f"seed {seed}")
    rows = makes_rows(seed)
    mine, used = ours(program, rows), set()
    assert len(mine) == len(rows)
    failed = compare("python", rows, mine, pythons(rows), used)
    failed += compare("curl", rows, mine, curls(rows), used)
    for who, reasons in REASONS.items():
        for number, (_, _, why) in enumerate(reasons):
            if (who, number) not in used:
                failed += 1
                print(f"FAIL: {who}: no row needs this reason: {why}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1))
