#!/usr/bin/python3
"""Draws figures.json: cost.svg, what a call costs others, and bytes.svg, where an image's
bytes go. `sh tests/bench/run.sh --svg` measures, and then runs this.

    picture.py [FOLDER]         where figures.json is, and the pictures go
"""

import json
import math
import sys
from pathlib import Path
from xml.sax.saxutils import escape

HERE = Path(__file__).resolve().parent
WIDTH, LEFT, RIGHT = 760, 150, 70  # of the picture; left and right of the bars
LINE, BAR, GAP = 22, 14, 16  # a row, its bar, above a group
TOP, BOTTOM = 46, 34
KB = 1024

# A picture has its own ground, so that it can be read whatever is around it.
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328; }
.head { font-weight: 600; }
.small { font-size: 11px; }
.ground { fill: #ffffff; }
.grid { stroke: #d0d7de; }
.bar { fill: #0969da; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .ground { fill: #0d1117; }
  .grid { stroke: #3d444d; }
  .bar { fill: #4493f8; }
}
"""


def text(x, y, said, kind="", end=False):
    """A line of words."""
    anchor = ' text-anchor="end"' if end else ""
    kind = f' class="{kind}"' if kind else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{kind}{anchor}>{escape(said)}</text>'


def row(y, name, value, width):
    """Its name, its bar, its number."""
    yield text(LEFT - 8, y + BAR - 3, name, end=True)
    yield f'<rect class="bar" x="{LEFT}" y="{y}" width="{width:.1f}" height="{BAR}"/>'
    yield text(LEFT + width + 6, y + BAR - 3, value)


def grid(marks, height):
    """A line for each mark, and what it stands for."""
    for x, said in marks:
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{height - BOTTOM}"/>'
        yield text(x, height - BOTTOM + 16, said, "small")


def picture(title, groups, scale, marks, note):
    """groups: (name, [(row's name, its number in words, the number)])."""
    parts, y = [], TOP
    for name, rows in groups:
        y += GAP
        parts.append(text(LEFT, y, name, "head"))
        y += 8
        for who, said, value in rows:
            parts += row(y, who, said, scale(value))
            y += LINE
    height = y + BOTTOM
    places = [(LEFT + scale(value), said) for value, said in marks]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
            f'width="{WIDTH}" height="{height}" role="img">',
            f"<title>{escape(title)}</title>",
            f"<style>{STYLE}</style>",
            f'<rect class="ground" width="{WIDTH}" height="{height}"/>',
            text(16, 24, title, "head"),
            text(16, 41, note, "small"),
            *grid(places, height),
            *parts,
            "</svg>\n",
        ]
    )


def cost(figures):
    """Of one call, as ratios; each power of ten is as wide as the next."""
    versions = ", ".join(f"{name} {version}" for name, version in figures["versions"].items())
    most = max(value for of in figures["ratios"].values() for value in of.values())
    powers = max(1, math.ceil(math.log10(most)))
    step = (WIDTH - LEFT - RIGHT) / powers
    names = {
        "wall": "wall time",
        "CPU": "CPU time",
        "memory": "peak memory",
        "disk": "disk: the files that it opens",
    }
    groups = [
        (names[what], [(who, f"{value:g} ×", value) for who, value in of.items()])
        for what, of in figures["ratios"].items()
    ]
    return picture(
        "One call: how many times what cilp takes",
        groups,
        lambda value: max(0.0, math.log10(value) * step),
        [(10**power, "cilp = 1" if not power else f"{10 ** power} ×") for power in range(powers + 1)],
        f"{versions}; a server on the same machine, medians of runs that take turns",
    )


def where(figures):
    """An image's bytes, by part."""
    titles = {"program": "static program, x86-64", "firmware": "firmware, Cortex-M4, flash"}
    most = max(value for of in figures["bytes"].values() for value in of.values())
    step = (WIDTH - LEFT - RIGHT) / most
    groups = [
        (
            f"{titles[image]}: {round(sum(of.values()) / KB)} KB",
            [
                (part, f"{value / KB:.1f} KB", value)
                for part, value in sorted(of.items(), key=lambda item: -item[1])
            ],
        )
        for image, of in figures["bytes"].items()
    ]
    marks = [(mark * KB, f"{mark} KB") for mark in range(0, most // KB + 1, 50)]
    note = "words: messages, help, names; for the loader: headers, relocations, unwind tables"
    return picture("Where the bytes go", groups, lambda value: value * step, marks, note)


PICTURES = {"cost.svg": cost, "bytes.svg": where}


def main(words):
    """Both of them."""
    folder = Path(words[0]) if words else HERE
    figures = json.loads((folder / "figures.json").read_text("ascii"))
    for name, draw in PICTURES.items():
        (folder / name).write_text(draw(figures), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
