"""Where an image's bytes go, by part.

The firmware's are in its link map. The program is linked as a whole (LTO), so that its map
knows no parts: its symbols are looked up in the sources, and what has no name is words,
and what a loader wants to know.
"""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/arch"))

# pylint: disable=wrong-import-position
import firmware as image  # noqa: E402

# Where the sources of each part are; the rest is the libc's. Two parts may have a static
# function of one name: then it is the first one's.
SOURCES = {
    "core": ["core/*.c"],
    "port": ["port/**/*.c"],
    "the program's own": ["boards/outcome.c", "boards/linux/**/*.c"],
}
MBEDTLS, MUSL = "mbedTLS", "musl"
DEFINED = re.compile(r"^(?:[A-Za-z_][\w \t]*[ \t*])?\*?(\w+)[ \t]*(?:\(|\[|=)", re.M)
WORDS, REST = "words", "for the loader"
CLONE = re.compile(r"\.(constprop|isra|part|cold|lto_priv|llvm)\b.*")


def said(*words):
    """What a tool prints."""
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    return done.stdout


def owners(folder):
    """{symbol: part}. Of objects that wait for the linker's optimizer nm tells what they
    export alone, so that the sources are asked."""
    found = {}
    mbedtls = sorted(folder.glob("third_party/mbedtls/*/*/**/*.c"))
    files = {part: [f for g in globs for f in sorted(ROOT.glob(g))] for part, globs in SOURCES.items()}
    for part, names in {**files, MBEDTLS: mbedtls}.items():
        for file in names:
            for name in DEFINED.findall(file.read_text("utf-8", errors="replace")):
                found.setdefault(name, part)
    return found


def sections(path):
    """{number: (name, bytes in the file)}"""
    rows = re.findall(r"^ +\[ *(\d+)\] (\S+) +(\S+) +\S+ +\S+ +([0-9a-f]+)",
                      said("readelf", "-SW", str(path)), re.M)
    return {int(n): (name, int(size, 16)) for n, name, kind, size in rows if kind != "NOBITS"}


def program(path):
    """{part: bytes} of the file, which they add up to."""
    known = owners(path.parent)
    there = sections(path)
    sums, seen, left = Counter(), set(), Counter()
    for number, (name, size) in there.items():
        left[number] = size
    symbols = said("readelf", "-sW", str(path) + ".debug")
    for line in symbols.splitlines():
        words = line.split()
        if len(words) != 8 or words[3] not in ("FUNC", "OBJECT") or not words[6].isdigit():
            continue
        address, size, number, name = words[1], int(words[2], 0), int(words[6]), words[7]
        if number not in there or address in seen:
            continue
        seen.add(address)
        sums[known.get(CLONE.sub("", name), MUSL)] += size
        left[number] -= size
    for number, (name, _) in there.items():
        if name.startswith(".rodata"):
            sums[WORDS] += left[number]
    sums[REST] = path.stat().st_size - sum(sums.values())
    return dict(sums.most_common())


def firmware(folder):
    """{part: bytes of flash}"""
    return {part: flash for part, (flash, _) in image.by_part(folder).items() if flash}
