"""arena.py ARENA_CASE [--write] - the least arena of each kind of chain, by bisection.

Held against the table in port/mbedtls/README.md (2 %), or written into it.
"""

import re
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "port/mbedtls/README.md"
sys.path.append(str(ROOT / "tests/wire"))

import amazon  # noqa: E402  pylint: disable=wrong-import-position

KINDS = {"rsa": "three, RSA-2048", "ec": "three, ECDSA P-256", "big": "three, RSA-4096",
         "ec2": "EC2's, four", "s3": "S3's, four"}
STEP = 16
TOLERANCE = 0.02


def free_port():
    """A port that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Server:
    """OpenSSL's, with one chain."""

    def __init__(self, folder, kind, version):
        self.port = free_port()
        words = ["openssl", "s_server", "-accept", f"127.0.0.1:{self.port}", "-quiet", "-www",
                 "-cert", f"{kind}.pem", "-key", f"{kind}.key",
                 "-cert_chain", f"{kind}-middle.pem", f"-tls1_{version}"]  # fmt: skip
        # pylint: disable=consider-using-with
        self.process = subprocess.Popen(
            words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def __enter__(self):
        for _ in range(500):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return self
            except OSError:
                time.sleep(0.02)
        sys.exit("openssl s_server does not start")

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def fits(case, size, port, folder):
    """Whether a handshake goes through with so many bytes."""
    words = [case, str(size), str(port), folder / "roots.pem"]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60)
    if done.returncode not in (0, 1):
        sys.exit(f"FAIL: {words}: {done.stderr}")
    return done.returncode == 0


def least(case, port, folder):
    """Bytes, to a multiple of STEP."""
    low, high = 1024 // STEP, 262144 // STEP
    while high - low > 1:
        middle = (low + high) // 2
        if fits(case, middle * STEP, port, folder):
            high = middle
        else:
            low = middle
    return high * STEP


def add_amazon_s(folder):
    """Its chains, under the names that the others have."""
    amazon.make(folder)
    end = "-----END CERTIFICATE-----\n"
    for kind in amazon.LEAVES:
        leaf, _, rest = (folder / f"{kind}-4.pem").read_text().partition(end)
        (folder / f"{kind}.pem").write_text(leaf + end)
        (folder / f"{kind}-middle.pem").write_text(rest)
    with open(folder / "roots.pem", "a", encoding="ascii") as roots:
        roots.write((folder / "amazon-root.pem").read_text())


def measure(case):
    """{name: bytes in TLS 1.2, in TLS 1.3}"""
    found = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        subprocess.run(["sh", ROOT / "tests/wire/chains.sh", folder], check=True)
        add_amazon_s(folder)
        for kind, title in KINDS.items():
            for version in (2, 3):
                with Server(folder, kind, version) as server:
                    found.setdefault(title, []).append(least(case, server.port, folder))
    return found


def table(found):
    """Markdown."""
    rows = [f"| {title} | {old:,} | {new:,} |" for title, (old, new) in found.items()]
    return ["| chain, bytes of arena | TLS 1.2 | TLS 1.3 |", "|---|---|---|", *rows]


def main():
    found = measure(sys.argv[1])
    text = README.read_text()
    head, _, rest = text.partition("<!-- arena.py -->\n")
    said, _, tail = rest.partition("<!-- end -->")
    if "--write" in sys.argv:
        lines = "\n".join(table(found))
        README.write_text(f"{head}<!-- arena.py -->\n{lines}\n<!-- end -->{tail}")
        return 0
    failed = 0
    for title, sizes in found.items():
        print(f"figure: arena, {title}: {sizes[0]} bytes in TLS 1.2, {sizes[1]} in TLS 1.3")
        row = re.search(rf"\| {title} \| ([\d,]+) \| ([\d,]+) \|", said)
        there = [int(v.replace(",", "")) for v in row.groups()] if row else [0, 0]
        if any(abs(a - b) > b * TOLERANCE for a, b in zip(there, sizes)):
            print(f"FAIL: {README.name} has {there} for {title} (arena.py --write)")
            failed = 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
