"""The pictures of README.md: well-formed, legible in light and in dark, and of the numbers
that were measured."""

import json
import math
import re
import xml.etree.ElementTree as ET

import picture
import pytest

SVG = "{http://www.w3.org/2000/svg}"
FIGURES = json.loads((picture.HERE / "figures.json").read_text("ascii"))
README = (picture.HERE.parents[1] / "README.md").read_text("utf-8")


@pytest.fixture(name="drawn", params=picture.PICTURES)
def _drawn(request):
    """The text of a picture."""
    return (picture.HERE / request.param).read_text("utf-8")


def bars(name):
    """[(row's name, width, what is said of it)] of a picture, from top to bottom."""
    root = ET.parse(picture.HERE / name).getroot()
    found = []
    children = list(root)
    for before, bar, after in zip(children, children[1:], children[2:]):
        if bar.get("class") == "bar":
            found.append((before.text, float(bar.get("width")), after.text))
    return found


def test_it_is_well_formed_and_stands_alone(drawn):
    root = ET.fromstring(drawn)
    assert root.tag == SVG + "svg" and root.find(SVG + "title").text
    kinds = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert kinds == {"svg", "title", "style", "rect", "text", "line"}
    assert "href" not in drawn and "url(" not in drawn and "@import" not in drawn


def test_nothing_is_outside_of_it(drawn):
    root = ET.fromstring(drawn)
    width, height = (float(v) for v in root.get("viewBox").split()[2:])
    for rect in root.iter(SVG + "rect"):
        x, wide = (float(rect.get(name, 0)) for name in ("x", "width"))
        assert 0 <= x and x + wide <= width
        assert float(rect.get("y", 0)) + float(rect.get("height")) <= height
    for text in root.iter(SVG + "text"):
        length = 7.5 * len(text.text) * (0.85 if text.get("class") == "small" else 1)
        x = float(text.get("x")) - (length if text.get("text-anchor") == "end" else 0)
        assert 0 <= x and x + length <= width, text.text
        assert 0 < float(text.get("y")) < height


def luminance(colour):
    """WCAG 2.1, "relative luminance"."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """WCAG 2.1, "contrast ratio"."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_it_is_legible_in_light_and_in_dark(drawn):
    style = ET.fromstring(drawn).find(SVG + "style").text
    light, dark = style.split("@media (prefers-color-scheme: dark)")
    for rules in (light, dark):
        colours = dict(re.findall(r"(\.?\w+) \{[^}]*(?:fill|stroke): (#\w{6})", rules))
        assert contrast(colours["text"], colours[".ground"]) >= 7
        assert contrast(colours[".bar"], colours[".ground"]) >= 3
        assert 1.2 <= contrast(colours[".grid"], colours[".ground"]) <= 3


def test_what_a_call_costs_is_what_was_measured():
    wanted = [(who, value) for of in FIGURES["ratios"].values() for who, value in of.items()]
    found = bars("cost.svg")
    assert [(who, float(said.split()[0])) for who, _, said in found] == wanted
    ten = [width / math.log10(value) for (_, width, _), (_, value) in zip(found, wanted) if value > 2]
    assert ten and max(ten) - min(ten) < 1  # of a pixel, for each power of ten


def test_it_is_said_of_what_and_beside_whom():
    assert list(FIGURES["ratios"]) == ["wall", "CPU", "memory", "disk"]
    assert all(set(of) == set(FIGURES["versions"]) for of in FIGURES["ratios"].values())
    text = (picture.HERE / "cost.svg").read_text("utf-8")
    assert all(f"{who} {version}" in text for who, version in FIGURES["versions"].items())


def test_the_bytes_are_what_was_measured():
    wanted = [
        item
        for of in FIGURES["bytes"].values()
        for item in sorted(of.items(), key=lambda item: -item[1])
    ]
    found = bars("bytes.svg")
    assert [(part, said) for part, _, said in found] == [
        (part, f"{value / 1024:.1f} KB") for part, value in wanted
    ]
    scales = [value / width for (_, width, _), (_, value) in zip(found, wanted) if width > 9]
    assert max(scales) / min(scales) < 1.02


def test_nobody_has_drawn_in_it(drawn):
    assert drawn in [draw(FIGURES) for draw in picture.PICTURES.values()]


def test_the_readme_shows_them_and_how_they_are_made():
    for name in picture.PICTURES:
        assert f"](tests/bench/{name})" in README
    assert "sh tests/bench/run.sh --svg" in README
