"""Plants faults and counts who notices: see run.sh, and faults.py for the rows.

All in build/mutants: a copy of the tree, and one build that is kept between faults.
"""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from faults import FAULTS

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "build/mutants"
TREE = PLACE / "tree"
BUILD = PLACE / "build"
LEFT_OUT = {".git", "build"}
PATIENCE = 300  # seconds, for one test
JOBS = str(os.cpu_count() or 1)


class Wrong(Exception):
    """A row of the table does not hold."""


def copy_tree():
    """Anew, but with the times of its files, so that little is built."""
    shutil.rmtree(TREE, ignore_errors=True)
    shutil.copytree(ROOT, TREE, ignore=lambda _, names: LEFT_OUT.intersection(names))
    for fault in FAULTS:  # an object may be of a fault that was planted before
        os.utime(TREE / fault.file)


def run(*words, **more):
    """What it left behind; its output is kept for who wants to read it."""
    return subprocess.run(
        [str(word) for word in words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
        **more,
    )


def build(*targets):
    """None, or the end of what the compiler said."""
    done = run("cmake", "--build", BUILD, "-j", JOBS, "--target", *targets)
    return None if done.returncode == 0 else done.stdout[-2000:]


def set_up(tests):
    """The build without a fault, in which every test passes."""
    copy_tree()
    downloads = os.environ.get("CILP_DOWNLOADS")
    more = [f"-DCILP_DOWNLOADS={downloads}"] if downloads else []
    # A fault may leave something unused.
    done = run("cmake", "--preset", "dev", "-B", BUILD, "-DCILP_WERROR=OFF", *more, cwd=TREE)
    said = done.stdout if done.returncode else build(*tests)
    if said:
        raise Wrong(f"the tree does not build:\n{said}")
    for test in tests:
        if not passes(test):
            raise Wrong(f"{test} fails without any fault")


def passes(test):
    """False also if it goes on for ever."""
    try:
        done = run("ctest", "--test-dir", BUILD, "-R", f"^{test}$", "--no-tests=error",
                   timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return False
    return done.returncode == 0


def plant(fault):
    """Writes it into the copy; the text that was there."""
    path = TREE / fault.file
    text = path.read_text("utf-8")
    if text.count(fault.old) != 1:
        raise Wrong(f"{fault.file} has {text.count(fault.old)} times: {fault.old!r}")
    path.write_text(text.replace(fault.old, fault.new), "utf-8")
    return text


def judge(fault):
    """'caught', 'SURVIVED', or why the row is wrong."""
    try:
        before = plant(fault)
    except Wrong as wrong:
        return str(wrong)
    try:
        said = build(fault.test)
        if said:
            return f"does not build:\n{said}"
        return "SURVIVED" if passes(fault.test) else "caught"
    finally:
        (TREE / fault.file).write_text(before, "utf-8")


def main(words):
    """0 if all were noticed."""
    chosen = [f for f in FAULTS if not words or any(word in f.name for word in words)]
    start = time.monotonic()
    try:
        set_up(sorted({f.test for f in chosen}))
    except Wrong as wrong:
        print(wrong)
        return 1
    caught = 0
    for fault in chosen:
        verdict = judge(fault)
        caught += verdict == "caught"
        print(f"{verdict} by {fault.test}: {fault.name}", flush=True)
    seconds = time.monotonic() - start
    print(f"mutants: {caught} caught of {len(chosen)} planted, in {seconds:.0f} s")
    return int(not chosen or caught < len(chosen))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
