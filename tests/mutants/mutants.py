"""Plants faults and counts who notices: see run.sh, and faults.py for the rows.

The tree is not touched: the file with the fault is a copy in build/mutants, compiled as build/dev
compiles the original, and the test is linked as build/dev links it, with this object in the
original's place.
"""

import json
import os
import re
import shlex
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from faults import FAULTS

ROOT = Path(__file__).resolve().parents[2]
DEV = ROOT / "build/dev"
PLACE = ROOT / "build/mutants"
JOBS = os.cpu_count() or 1
SPARE = 20  # seconds that a test may take beside ten times what it takes without a fault


class Wrong(Exception):
    """A row of the table, or what is built out of it, does not hold."""


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


def make(*words, **more):
    """The same; it has to succeed."""
    done = run(*words, **more)
    if done.returncode != 0:
        raise Wrong(f"does not build:\n{done.stdout[-2000:]}")
    return done.stdout


def planted(fault):
    """The text of its file with it."""
    text = (ROOT / fault.file).read_text("utf-8")
    if text.count(fault.old) != 1:
        raise Wrong(f"{fault.file} has {text.count(fault.old)} times: {fault.old!r}")
    return text.replace(fault.old, fault.new)


class Dev:
    """What build/dev knows: how each file is compiled, each test linked and run."""

    def __init__(self, tests):
        if not (DEV / "CMakeCache.txt").exists():
            downloads = os.environ.get("CILP_DOWNLOADS")
            more = [f"-DCILP_DOWNLOADS={downloads}"] if downloads else []
            make("cmake", "--preset", "dev", *more, cwd=ROOT)
        make("cmake", "--build", DEV, "-j", JOBS, "--target", *tests)
        self.units = json.loads((DEV / "compile_commands.json").read_text("utf-8"))
        # Not CTest's own listing: it writes over the log of a run that is under way.
        self.tests = (DEV / "tests/CTestTestfile.cmake").read_text("utf-8")
        self.seconds = {}  # of a test without any fault

    def is_alone(self, test):
        """A test that holds what it tests to times."""
        row = rf'^set_tests_properties\(\[=\[{test}\]=\] .* RUN_SERIAL "ON"'
        return re.search(row, self.tests, re.M)

    def link_words(self, test):
        """Relative to DEV/tests."""
        return shlex.split((DEV / f"tests/CMakeFiles/{test}.dir/link.txt").read_text("utf-8"))

    def unit(self, file, link):
        """How the object is compiled that such a link takes; the word that it stands for."""
        library = None
        for unit in self.units:
            if Path(unit["file"]) != ROOT / file:
                continue
            words = shlex.split(unit["command"])
            built = Path(unit["directory"]) / words[words.index("-o") + 1]
            word = os.path.relpath(built, DEV / "tests")
            if word in link:
                return words, unit["directory"], word
            name = re.sub(r".*/CMakeFiles/(\w+)\.dir/.*", r"lib\1.a", str(built))
            if any(Path(part).name == name for part in link):
                library = words, unit["directory"], None
        if not library:
            raise Wrong(f"{file} is no part of the test")
        return library

    def build(self, file, text, test, place):
        """The test with that text as the file's."""
        source, built, program = place / file, place / "fault.o", place / test
        source.parent.mkdir(parents=True, exist_ok=True)
        source.write_text(text, "utf-8")
        link = self.link_words(test)
        words, directory, word = self.unit(file, link)
        words[words.index("-o") + 1] = built
        words[words.index("-c") + 1] = source
        # A fault may leave something unused.
        make(*[w for w in words if w not in ("-Werror", "-g")], "-w", cwd=directory)
        at = link.index("-o")
        link[at + 1] = program
        if word:
            link[link.index(word)] = built
        else:  # before the libraries: then they need not give theirs
            link.insert(at, built)
        make(*link, cwd=DEV / "tests")
        return program

    def run(self, test, program):
        """Who of it noticed; None: nobody."""
        is_first = test not in self.seconds
        patience = None if is_first else SPARE + 10 * self.seconds[test]
        start = time.monotonic()
        try:
            done = run(program, cwd=DEV / "tests", timeout=patience)
        except subprocess.TimeoutExpired:
            return "it does not end"
        if is_first:
            self.seconds[test] = time.monotonic() - start
        if done.returncode == 0:
            return None
        case = re.search(r"^\[  FAILED  \] (\w+)", done.stdout, re.M)
        sanitizer = re.search(r"runtime error: .*|ERROR: \w+Sanitizer: [\w-]+", done.stdout)
        return case[1] if case else sanitizer[0] if sanitizer else f"exit {done.returncode}"

    def check(self, fault):
        """Built in the same way of what there is, its test passes."""
        test = fault.test
        text = (ROOT / fault.file).read_text("utf-8")
        who = self.run(test, self.build(fault.file, text, test, PLACE / f"none-{test}"))
        if who:
            raise Wrong(f"{test} fails without any fault: {who}")


def judge(dev, fault):
    """Whether it was caught. Says so, and by whom."""
    place = PLACE / re.sub(r"\W+", "-", fault.name)
    try:
        program = dev.build(fault.file, planted(fault), fault.test, place)
        who = dev.run(fault.test, program)
        program.unlink()
        verdict = f"caught by {fault.test}, {who}" if who else f"SURVIVED {fault.test}"
    except Wrong as wrong:
        who, verdict = None, str(wrong)
    print(f"{verdict}: {fault.name}", flush=True)
    return who is not None


def choose(words):
    """The rows that are to be planted."""
    if words == ["--suite"]:
        return FAULTS
    return [f for f in FAULTS if not words or any(word in f.name for word in words)]


def report(dev, faults, jobs):
    """How many of them were caught; Wrong: a test fails without any fault."""
    first = {fault.test: fault for fault in faults}
    with ThreadPoolExecutor(jobs) as pool:
        list(pool.map(dev.check, first.values()))
        return sum(pool.map(lambda fault: judge(dev, fault), faults))


def main(words):
    """0 if all were noticed."""
    start = time.monotonic()
    chosen = choose(words)
    try:
        for fault in FAULTS:  # also of those that are not built now
            planted(fault)
        dev = Dev(sorted({f.test for f in chosen}))
        alone = [f for f in chosen if dev.is_alone(f.test)]
        chosen = [f for f in chosen if f not in alone]
        caught = report(dev, chosen, JOBS)
        if words != ["--suite"]:
            caught += report(dev, alone, 1)
            chosen += alone
    except Wrong as wrong:
        print(wrong)
        return 1
    left = len(FAULTS) - len(chosen)
    print(f"mutants: {caught} caught of {len(chosen)} planted, in {time.monotonic() - start:.0f} s"
          + (f"; {left} more: sh tests/mutants/run.sh" if left else ""))
    return int(not chosen or caught < len(chosen))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
