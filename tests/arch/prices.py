#!/usr/bin/python3
"""prices.py [OPTION...] - what each option of the profile `least` costs and saves: see
firmware.sh --prices.

The options are those in which profile_least.cmake differs from profile_balanced.cmake.
The balanced profile is built as it is, and once more with each of them alone; then with
all. Of each image: flash, RAM, which kinds of servers it can still call, and how long a
call takes. Who is named is measured, else all; the table goes into boards/README.md.
"""

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROFILES = ROOT / "boards/firmware"
README = ROOT / "boards/README.md"
BOARD = "mps2-an386"
MARK, END = "<!-- firmware.sh --prices -->\n", "<!-- end -->\n"
HEAD = ["| option | flash | RAM | cannot call | a call, million instructions: RSA; ECDSA "
        "| longest gap of the loop |",
        "|---|---|---|---|---|---|"]
SET = re.compile(r"^set\((\w+)\s+([^)]*?)\s*\)", re.MULTILINE)
ARENA = "CILP_TLS_ARENA"
# The arena holds these buffers: it may be smaller by as much as they are.
HELD = ("CILP_TLS_IN", "CILP_TLS_OUT")
# Beside the profile.
MORE = {"CILP_TLS_13_ONLY": "ON"}
SAYS = {
    "CILP_TLS_IN": "records and messages of 6 KB",
    "CILP_TLS_OUT": "what is sent leaves in 768 bytes at a time",
    "CILP_TLS_ARENA": "chains of RSA-2048 and P-384, four certificates long",
    "CILP_TLS_AHEAD": "more reads of a record",
    "CILP_TOKEN_MAX": "tokens of 1 KB",
    "CILP_HOST_MAX": "host names of 127 bytes",
    "CILP_MESSAGE_MAX": "EC2's message is cut at 512 bytes",
    "CILP_TLS_NO_CURVE_TABLES": "ECDSA takes longer",
    "CILP_TLS_NO_X25519": "key exchange by P-256",
    "BOARD_WHAT_BY_NUMBER": "which check failed is told by a number of `core/what.h`",
    "BOARD_LTO": "no map tells the parts",
    "segments": "more and smaller segments",
    "LWIP_NOASSERT=1": "a defect of lwIP's goes on unseen",
    "LWIP_ICMP=0": "no answer to a ping",
    "CILP_TLS_13_ONLY": "no server without TLS 1.3",
}
# One struct holds what the first sizes, or a second set of keys.
TOGETHER = {"CILP_TOKEN_MAX": "CILP_IO_MAX"}
# Of lwipopts.h, chosen together.
SEGMENTS = re.compile(r"BOARD_\w+=\d+")
CHAINS = {
    "RSA-2048": "rsa", "ECDSA": "ecdsa", "RSA-4096": "rsa4096",
    "RSA in TLS 1.2": "tls12", "ECDSA in TLS 1.2": "tls12-ecdsa",
}
ROOTS = {"tls12": "rsa", "tls12-ecdsa": "ecdsa"}
RUNS = 3  # of which the shortest counts: a call waits for the host as well


# ---- Which options there are --------------------------------------------------


def settings(name):
    """{option: value} of a profile; lwIP's segments are one, its other words themselves."""
    found = dict(SET.findall((PROFILES / f"profile_{name}.cmake").read_text()))
    lwip = " ".join(found.pop("BOARD_LWIP").split())
    found["segments"] = " ".join(SEGMENTS.findall(lwip))
    return found | {word: word for word in SEGMENTS.sub("", lwip).split()}


def lines_of(option, base, least):
    """What is put behind the balanced profile for one option."""
    value = least[option]
    if option == ARENA:
        held = sum(int(base[size]) - int(least[size]) for size in HELD)
        value = int(value) + held
    if option == "segments":
        return f"set(BOARD_LWIP {value})\n"
    if option.startswith("LWIP_"):
        return f"list(APPEND BOARD_LWIP {value})\n"
    line = f"set({option} {value})\n"
    if other := TOGETHER.get(option):
        line = f"set({other} {least[other]})\n{line}"
    if option in HELD:
        less = int(base[ARENA]) - int(base[option]) + int(value)
        line += f"set({ARENA} {less})\n"
    return line


def options():
    """{name: (what the table says, what is put behind the balanced profile)}"""
    base, least = settings("balanced"), settings("least") | MORE
    found = {"balanced": ("`balanced`", "")}
    for option in least:
        if least[option] == base.get(option) or option in TOGETHER.values():
            continue
        lines = lines_of(option, base, least)
        said = " ".join(re.findall(r"(?:set|APPEND \w+)\(?\s*([^)]*)\)", lines.replace(
            "list(APPEND BOARD_LWIP ", "set(")))
        found[option] = (f"`{said}`: {SAYS[option]}", lines)
    whole = f"include({PROFILES}/profile_least.cmake)\n"
    found["least"] = (f"`least`: all but {', '.join(f'`{o}`' for o in MORE)}", whole)
    for option, value in MORE.items():
        found[f"least-{option}"] = (f"`least` and `{option} {value}`",
                                    f"{whole}set({option} {value})\n")
    return found


def unread(lwip):
    """Names among the options that nobody reads; `lwip`: the folder of its sources."""
    readers = [ROOT / "CMakeLists.txt", ROOT / "core/CMakeLists.txt",
               PROFILES / "firmware.cmake", PROFILES / "lwipopts.h",
               *ROOT.glob("port/mbedtls/**/CMakeLists.txt"),
               *ROOT.glob("port/mbedtls/ours/*"),
               *lwip.glob("include/lwip/[do]*.h")]
    words = set(re.findall(r"\w+", "".join(file.read_text() for file in readers)))
    lines = "".join(more for name, (_, more) in options().items() if "least" not in name)
    names = re.findall(r"\b[A-Z][A-Z0-9_]*_[A-Z0-9_]+\b", lines)
    return sorted(set(names) - words - {"BOARD_LWIP"})


# ---- What they make ------------------------------------------------------------


def order(*command):
    """Runs it, or ends with what it said."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    return done.stdout


def build(name, more):
    """The folder of a variant."""
    folder = ROOT / "build/prices" / name
    folder.mkdir(parents=True, exist_ok=True)
    profile = folder / "profile.cmake"
    profile.write_text(f"include({PROFILES}/profile_balanced.cmake)\n{more}")
    # No call graph is read of these, which is what a cache of objects loses.
    cache = ["-DCMAKE_C_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
    order("cmake", "-B", folder, f"-DCILP_BOARD={BOARD}",
          "-DCMAKE_BUILD_TYPE=Release", f"-DCILP_PROFILE={profile}", *cache)
    order("cmake", "--build", folder, "-j2", "--target", "cilp", "cilp-test")
    return folder


def size_of(elf):
    """(flash, RAM)"""
    text, data, bss = (int(v) for v in
                       order("arm-none-eabi-size", elf).splitlines()[1].split()[:3])
    return text + data, data + bss


class Calls:
    """Calls of the stand-in by an image in QEMU."""

    def __init__(self, qemu, standin):
        self.qemu = qemu  # tests/qemu/conftest.py and servers.py
        self.standin = standin

    def of(self, folder, listener="rsa", *anchor, **more):
        """A run of a dry run."""
        conftest, _ = self.qemu
        bench = conftest.Bench(self.standin, Path(tempfile.mkdtemp(dir=folder)))
        try:
            return bench.run("dry-run", "attempts=1", *anchor, listener=listener,
                             family=ROOTS.get(listener, listener), build=folder, **more)
        finally:
            bench.close()

    def p384(self, folder):
        """Three certificates with P-384 keys."""
        conftest, servers = self.qemu
        bench = conftest.Bench(self.standin, Path(tempfile.mkdtemp(dir=folder)))
        names = ("10.0.2.2",)
        try:
            context, root = servers.chain(bench.folder, "p384", servers.p384, 1, names)
            switch = bench.switch(servers.terminate(context, self.standin.port("http")))
            return bench.run("dry-run", "attempts=1", bench.anchor_der("p384", root),
                             port=switch.port, build=folder)
        finally:
            bench.close()

    def long_records(self, folder):
        """A reply in records of 16 KB."""
        self.standin.next({"body_bytes": 40000})
        try:
            return self.of(folder)
        finally:
            self.standin.reset()

    def fails(self, folder):
        """The kinds of servers that it cannot call."""
        runs = {name: self.of(folder, listener) for name, listener in CHAINS.items()}
        runs["P-384"] = self.p384(folder)
        runs["records of 16 KB"] = self.long_records(folder)
        return [name for name, run in runs.items() if run.code != 0]

    def times(self, folder):
        """(millions of instructions of a call, of the longest gap), of RSA and of ECDSA.
        icount: an instruction a nanosecond."""
        found = []
        for listener in ("rsa", "ecdsa"):
            runs = [self.of(folder, listener, icount=0) for _ in range(RUNS)]
            found.append((min(run.one().ms for run in runs),
                          min(run.light[1] for run in runs) / 1000))
        return found


def row(calls, name, what, more, base):
    """A row of the table, and (flash, RAM)."""
    folder = build(name, more)
    sizes = size_of(folder / "cilp.elf")
    cells = [f"{v - b:+,}" if b else f"{v:,}" for v, b in zip(sizes, base)]
    if name.startswith("least"):
        cells = [f"{cell}: {v:,}" for cell, v in zip(cells, sizes)]
    whole, gaps = zip(*calls.times(folder))
    cells += [", ".join(calls.fails(folder)), "; ".join(str(v) for v in whole),
              "; ".join(f"{v:.1f}" for v in gaps)]
    line = f"| {what} | {' | '.join(cells)} |"
    print(line, flush=True)
    return line, sizes


def write(line):
    """Puts a row into the table, in the place of that of the same option."""
    head, _, rest = README.read_text().partition(MARK)
    old, _, tail = rest.partition(END)
    rows = {line.split("|")[1].strip(): line for line in [*old.splitlines()[2:], line]}
    table = [*HEAD, *(rows[what] for what, _ in options().values() if what in rows)]
    README.write_text(head + MARK + "\n".join(table) + "\n" + END + tail)


def main():
    """The table."""
    known = options()
    names = sys.argv[1:] or list(known)
    if unknown := set(names) - set(known):
        sys.exit(f"no such option: {' '.join(sorted(unknown))}; there are {' '.join(known)}")
    sys.path[:0] = [str(ROOT / "tests/qemu"), str(ROOT / "tests/standin")]
    # pylint: disable=import-outside-toplevel
    import conftest
    import servers
    from standin import Standin

    print("\n".join(HEAD))
    with Standin(conftest.LISTENERS, names=("10.0.2.2",)) as standin:
        calls = Calls((conftest, servers), standin)
        line, base = row(calls, "balanced", *known["balanced"], (0, 0))
        write(line)
        for name in (n for n in names if n != "balanced"):
            write(row(calls, name, *known[name], base)[0])


if __name__ == "__main__":
    main()
