"""threads.py [ROUNDS] - four threads with a stream each, under a lock of the program's, with
gcc's thread sanitizer in all of it, mbedTLS included.

And without the lock, which has to be noticed. Exit 77: left out, with the reason.
"""

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from arena import ROOT, Server

BUILD = ROOT / "build/threads"
KINDS = (("rsa", 2), ("rsa", 3), ("ec", 2), ("ec", 3))
ROUNDS = 25


def build():
    """threads_case, in a tree of its own."""
    configure = ["cmake", "-S", ROOT, "-B", BUILD, "-DCILP_TESTS=ON", "-DCMAKE_C_COMPILER=gcc",
                 "-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_C_FLAGS=-O1 -fsanitize=thread"]
    if "CILP_DOWNLOADS" in os.environ:
        configure.append(f"-DCILP_DOWNLOADS={os.environ['CILP_DOWNLOADS']}")
    for command in (configure, ["cmake", "--build", BUILD, "-j2", "--target", "threads_case"]):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            sys.exit(done.stdout + done.stderr)


def run(rounds, folder, ports):
    """Exit code and what was said."""
    words = [BUILD / "tests/threads_case", str(rounds), folder / "roots.pem", *map(str, ports)]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=300)
    return done.returncode, done.stderr


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS
    build()
    with tempfile.TemporaryDirectory() as name, ExitStack() as servers:
        folder = Path(name)
        subprocess.run(["sh", ROOT / "tests/wire/chains.sh", folder], check=True)
        ports = [servers.enter_context(Server(folder, *kind)).port for kind in KINDS]
        code, said = run(rounds, folder, ports)
        if code != 0:
            print(f"FAIL: exit {code}\n{said}")
            return 1
        code, said = run(-1, folder, ports)
        if "WARNING: ThreadSanitizer" not in said and code in (0, 1):
            print(f"FAIL: without a lock nothing was noticed (exit {code})")
            return 1
    print(f"four threads, {rounds} calls each: no race")
    return 0


if __name__ == "__main__":
    sys.exit(main())
