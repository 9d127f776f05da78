#!/usr/bin/python3
"""firmware.py [--write] - what the firmware costs: see firmware.sh.

Flash and RAM by part are read from the link map, arena and stack from a call in
QEMU that needs the most of them, the stack's bound from stack.py.
"""

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests/qemu"), str(ROOT / "tests/standin")]

# pylint: disable=wrong-import-position
import prices  # noqa: E402
from conftest import Bench  # noqa: E402
from standin import Standin  # noqa: E402

PROFILES = {
    # preset, the chain that needs the most
    "balanced": ("mps2-an386", "rsa4096"),
    "small": ("mps2-an386-small", "rsa"),
    "least": ("mps2-an386-least", "rsa"),
    "rv32": ("virt-rv32", "rsa4096"),
}
# Made one unit by the linker, whose map knows no parts then.
WHOLE = {"least"}
# What stands side by side in the README of which board.
TABLES = {"mps2-an386": ("balanced", "small", "least"), "virt-rv32": ("rv32",)}
PARTS = {
    "core": r"libcilp_core\.a|main\.c\.obj\(op\)",
    "TLS": r"libcilp_(port_)?mbedtls\.a|main\.c\.obj\(tls\)",
    "lwIP": r"libcilp_(port_)?lwip\.a|main\.c\.obj\(tcp\)",
    "driver": r"(lan9118|virtio\w*)\.c\.obj",
    "board": r"CMakeFiles/cilp\.dir/",
    "C library": r"lib(c|gcc)\.a",
}
# The README may be this far behind: other people's changes are not to break it
# every day.
TOLERANCE = 0.02
FORBIDDEN = re.compile(r"^_*(malloc|calloc|realloc|free|sbrk|v?[fs]?n?i?printf|"
                       r"puts|exit)(_r)?$")
FILL = "*fill*"
SECTION = re.compile(r"^ (\.[\w.$-]+|COMMON|\*fill\*)"
                     r"(?:\s+0x([0-9a-f]+)\s+0x([0-9a-f]+)\s*(\S.*)?)?$")
REST = re.compile(r"^\s+0x([0-9a-f]+)\s+0x([0-9a-f]+)\s+(\S.*)$")
SKIPPED = re.compile(r"\.(debug|comment|(ARM|riscv)\.attributes)")


def sections(path):
    """(name, address, size, object) of everything that was linked, and of the bytes
    between, which align the next one (FILL)."""
    name, text = None, path.read_text()
    for line in text[text.index("Linker script and memory map"):].splitlines():
        if found := SECTION.match(line):
            name, *rest = found.groups()
        elif name and (found := REST.match(line)):
            rest = found.groups()
        else:
            name = None
            continue
        if rest[0]:
            yield name, int(rest[0], 16), int(rest[1], 16), rest[2]
            name = None


def part_of(name, file):
    """The part that a section belongs to. Core's memory, TLS's and lwIP's state
    lie in main.c: they are told apart by their names."""
    variable = name.rpartition(".")[2]
    for part, pattern in PARTS.items():
        if re.search(pattern, f"{file}({variable})"):
            return part
    return "C library"


def binutils(folder, name):
    """The nm of a build, or what stands beside it."""
    nm = json.loads((folder / "board.json").read_text())["nm"]
    return re.sub(r"nm$", name, nm)


def names_in(folder):
    """{name: address} of what is in the image."""
    done = subprocess.run([binutils(folder, "nm"), folder / "cilp.elf"], check=True,
                          capture_output=True, text=True)
    rows = (line.split() for line in done.stdout.splitlines())
    return {row[-1]: int(row[0], 16) for row in rows if len(row) == 3}


def size_of(folder):
    """(flash, RAM) in bytes, as the linker counts."""
    done = subprocess.run([binutils(folder, "size"), folder / "cilp.elf"], check=True,
                          capture_output=True, text=True)
    text, data, bss = (int(v) for v in done.stdout.splitlines()[1].split()[:3])
    return text + data, data + bss


def placed(folder):
    """What is in the image, in the order of addresses. The map gives a size also to
    strings that lie in another's and are linked once: nothing reaches beyond the next."""
    found = [s for s in sections(folder / "cilp.map")
             if not SKIPPED.match(s[0]) and (s[1] != 0 or s[0] == ".vectors") and s[2] > 0]
    found.sort(key=lambda s: s[1])
    for (name, address, size, file), after in zip(found, [*found[1:], None]):
        yield name, address, min(size, after[1] - address) if after else size, file


def by_part(folder):
    """{part: [flash, ram]}; what aligns the next one belongs to the one before it."""
    sums, where = {part: [0, 0] for part in PARTS}, None
    ram = names_in(folder)["image_stack"]  # the first thing in it
    for name, address, size, file in placed(folder):
        if (name, address) == (FILL, ram):
            continue  # the stack itself
        where = where if name == FILL else sums[part_of(name, file)]
        where[address >= ram] += size
        if name.startswith((".data", ".sdata")):
            where[0] += size
    return sums


def bounds_of(folder):
    """{"core": N, "image": N, "interrupt": N} of the stack."""
    done = subprocess.run(
        [sys.executable, ROOT / "tests/arch/stack.py", folder, folder / "cilp.elf"],
        capture_output=True, text=True, check=False, cwd=ROOT)
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    return {k: int(v) for k, v in (l.split() for l in done.stdout.splitlines())}


def measure(bench, preset, listener):
    """A call with that chain, and one that first has to ask for the time."""
    runs = [bench.run("dry-run", *words, listener=listener, family=listener,
                      preset=preset) for words in ((), ("time-ms=1",))]
    calls = [run.one() for run in runs]
    return max(c.used for c in calls), calls[0].size, max(r.stack for r in runs)


def complain(failures, is_so, text):
    """Notes what does not hold."""
    if not is_so:
        failures.append(text)


def gate(name, value, failures):
    """Holds a figure against record.txt, as record.sh does."""
    done = subprocess.run(["sh", "-c", f". tests/arch/record.sh; gate {name} {value}"],
                          capture_output=True, text=True, check=False, cwd=ROOT)
    print(done.stdout, end="")
    complain(failures, done.returncode == 0, f"{name}: {value} bytes")


def look(bench, profile, failures):
    """The rows of one profile: (what, bytes of flash, bytes of RAM)."""
    preset, listener = PROFILES[profile]
    folder = ROOT / "build" / preset
    flash, ram = size_of(folder)
    used, arena, (deep, stack) = measure(bench, preset, listener)
    bound = bounds_of(folder)
    heap = [name for name in names_in(folder) if FORBIDDEN.match(name)]
    whole = bound["image"] + bound["interrupt"]
    gate(f"firmware_{profile}_flash", flash, failures)
    gate(f"firmware_{profile}_ram", ram, failures)
    complain(failures, not heap, f"{profile}: nm finds {heap}")
    complain(failures, deep <= whole <= stack,
             f"{profile}: stack: used {deep}, bound {whole}, there {stack}")
    complain(failures, used <= arena, f"{profile}: arena {used} > {arena}")
    parts = by_part(folder)
    if profile in WHOLE:
        parts = dict.fromkeys(PARTS, (0, 0))
    else:
        both = [sum(sizes) for sizes in zip(*parts.values(), (0, stack))]
        complain(failures, both == [flash, ram],
                 f"{profile}: the parts are {both}, the whole {flash}, {ram}")
    return [*((part, *sizes) for part, sizes in parts.items()), ("stack", 0, stack),
            ("in all", flash, ram), (f"arena used ({listener}) of {arena}", 0, used),
            ("stack used, measured", 0, deep),
            ("stack at most, whole image (call graph)", 0, whole),
            ("stack at most, core and SHA-256 (call graph)", 0, bound["core"])]


def table(found, profiles):
    """Markdown of profiles side by side, in bytes."""
    head = ["bytes", "flash", "RAM"]
    for profile in profiles[1:]:
        head += [f"flash, {profile}", f"RAM, {profile}"]
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for rows in zip(*(found[profile] for profile in profiles)):
        cells = [f"{v:,}" if v else "" for row in rows for v in row[1:]]
        what = re.sub(r" \(rsa\w*\) of \d+", "", rows[0][0])
        lines.append("| " + " | ".join([what, *cells]) + " |")
    return lines


def numbers(line):
    """What is in a row: its name and its numbers."""
    name, *cells = (c.strip() for c in line.strip("|").split("|"))
    return name, [int(c.replace(",", "")) if c else 0 for c in cells]


def agrees(readme, lines, failures):
    """Compares with the README's table."""
    said = dict(numbers(l) for l in readme.read_text().splitlines()
                if re.match(r"\| [^|]+ \|[ \d,|]+\|$", l))
    for line in lines[2:]:
        name, values = numbers(line)
        there = said.get(name, [0] * len(values))
        complain(failures, all(abs(a - b) <= max(64, b * TOLERANCE)
                               for a, b in zip(there, values)),
                 f"{readme.relative_to(ROOT)} has {there} for {name}; measured: {values} "
                 "(sh tests/arch/firmware.sh --write)")


def write(readme, lines):
    """Puts the table between the README's marks."""
    text = readme.read_text()
    head, _, rest = text.partition("<!-- firmware.sh -->\n")
    _, _, tail = rest.partition("<!-- end -->\n")
    readme.write_text("\n".join([head + "<!-- firmware.sh -->", *lines, "<!-- end -->",
                                 tail]))


def main():
    failures, found = [], {}
    with tempfile.TemporaryDirectory() as folder, \
            Standin(["rsa", "rsa4096"], names=("10.0.2.2",)) as standin:
        for profile in PROFILES:
            bench = Bench(standin, Path(folder), PROFILES[profile][0])
            found[profile] = look(bench, profile, failures)
            bench.close()
    for profile, rows in found.items():
        for what, *sizes in rows:
            print(f"{profile + ':':10} {what:46}" + "".join(
                f"{v or '':>8}" for v in sizes))
    for board, profiles in TABLES.items():
        lines, readme = table(found, profiles), ROOT / "boards" / board / "README.md"
        if "--write" in sys.argv:
            write(readme, lines)
        else:
            agrees(readme, lines, failures)
    lwip = next((ROOT / "build/mps2-an386-least/third_party/lwip").glob("*/src"))
    unread = prices.unread(lwip)
    complain(failures, not unread, f"options of the profile `least` that nobody reads: {unread}")
    for failure in failures:
        print("FAIL:", failure)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
