#!/usr/bin/python3
"""All C of ours that ends up in an image, read by an analyser: no finding.

    analyse.py clang-tidy|gcc [FILE...]

Each file is read with the flags of its image, which CMake has written down in build/dev
and build/mps2-an386; one that is in neither (what another configuration takes instead)
with those of its neighbours. .clang-tidy says what clang-tidy looks for; gcc looks for
all that -fanalyzer knows.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILDS = ("dev", "mps2-an386")
LEFT_OUT = 77

# What is of another compiler, of a run with sanitizers, or of a stop at the first finding.
OTHERS = ("-fsanitize", "-fno-sanitize", "-fcallgraph-info", "-Werror", "-flto", "-fno-fat-lto")

# What gcc finds, and is not so.
NOT_SO = {
    # It is malloc() itself, to which memory is no memory of malloc()'s.
    "boards/linux/libc/heap.c": ["-Wno-analyzer-malloc-leak"],
}
NEWLIB = "/usr/lib/arm-none-eabi/include"


def sources():
    """What git knows, or what is there."""
    git = ["git", "ls-files", "core/*.c", "port/*.c", "boards/*.c"]
    done = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return done.stdout.split()
    found = (path for folder in ("core", "port", "boards") for path in (ROOT / folder).rglob("*.c"))
    return sorted(str(path.relative_to(ROOT)) for path in found)


def commands():
    """Of each file that an image has: the compiler and its flags."""
    known = {}
    for build in BUILDS:
        path = ROOT / "build" / build / "compile_commands.json"
        if not path.exists():
            sys.exit(f"build/{build} is not configured: cmake --preset {build}")
        for entry in json.loads(path.read_text("utf-8")):
            words = shlex.split(entry["command"])
            while Path(words[0]).name == "ccache":
                del words[0]
            at = words.index("-o")
            words = words[:at] + words[at + 4 :]  # -o OBJECT -c FILE
            words = [word for word in words if not word.startswith(OTHERS)]
            name = os.path.relpath(entry["file"], ROOT)
            known.setdefault(name, words)
    return known


def flags_of(name, known):
    """Its own, or those of the nearest file that has some."""
    if name in known:
        return known[name]
    folder = Path(name).parent
    while len(folder.parts) > 1:
        for other in sorted(known):
            if Path(other).is_relative_to(folder):
                return known[other]
        folder = folder.parent
    return None


def clang_tidy(name, words):
    """As clang understands gcc's flags."""
    arm = ["--target=arm-none-eabi", "-isystem", NEWLIB] if "arm-none-eabi" in words[0] else []
    # How code is made is gcc's alone; warnings of the compiler are the compiler's to say.
    rest = [word for word in words[1:] if not word.startswith("-f")]
    return ["clang-tidy", "--quiet", name, "--", *rest, *arm, "-w"]


def gcc(name, words):
    """Optimized or not it sees the same; -g makes it slow."""
    rest = [word for word in words[1:] if word not in ("-g", "-Og", "-Os", "-O2")]
    compiler = words[0] if "arm-none-eabi" in words[0] else "gcc"
    more = ["-fanalyzer", "-fdiagnostics-plain-output", "-o", os.devnull, *NOT_SO.get(name, [])]
    return [compiler, *rest, *more, "-c", name]


ANALYSERS = {"clang-tidy": clang_tidy, "gcc": gcc}


def main(words):
    """0: nothing found; 77: left out."""
    analyser, *files = words
    if not shutil.which(analyser):
        print(f"left out: {analyser} is not installed")
        return LEFT_OUT
    known = commands()
    chosen = []
    for name in files or sources():
        if flags_of(name, known):
            chosen.append(name)
        else:
            print(f"left out: {name} is of another processor")

    def look(name):
        words = ANALYSERS[analyser](name, flags_of(name, known))
        return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)

    found = 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for name, done in zip(chosen, pool.map(look, chosen)):
            said = done.stdout + (done.stderr if done.returncode or analyser == "gcc" else "")
            if done.returncode or "warning:" in said:
                print(f"{name}:\n{said}", flush=True)
                found += max(1, said.count("warning:") + said.count(" error:"))
    print(f"{analyser}: {found} findings")
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
