"""The manual page: it is well formed, and says what --help, the sources and the exit
codes say. --help comes out of the table of options, so the page agrees with the table.
"""

import re
import subprocess

import pytest
from conftest import ROOT, output_of

PAGE = ROOT / "boards/linux/cilp.1"
BACKSPACED = re.compile(".\b")


@pytest.fixture(scope="session", name="rendered")
def _rendered():
    return BACKSPACED.sub("", output_of("mandoc", "-T", "utf8", "-O", "width=78", PAGE))


def sections(macro):
    """The page's sections of a level, by title."""
    parts = re.split(rf"^\.{macro} (.*)$", PAGE.read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2]))


def described(verbs):
    """The same as `helped`, of the page: a heading names the verbs of its options."""
    found = {verb: {} for verb in verbs}
    for title, text in sections("Ss").items():
        names = verbs if title == "Every verb" else title.split(", ")
        text = text.partition("\n.Sh ")[0]
        for row in re.findall(r"^\.It Fl (.*)$", text, re.MULTILINE):
            option, _, arg = row.partition(" Ar ")
            option = ", ".join("-" + part for part in option.split(" , "))
            for name in names:
                assert option not in found[name], option
                found[name][option] = arg
    return found


def test_lint_has_nothing_to_say():
    done = subprocess.run(
        ["mandoc", "-T", "lint", "-W", "all", PAGE], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("device", ["ascii", "html", "man", "markdown"])
def test_other_devices_take_it_too(device):
    assert "CancelImageLaunchPermission" in output_of("mandoc", "-T", device, PAGE)


def test_every_option_is_described_for_its_verbs_and_no_other(verbs, helped):
    shown = {
        verb: {option: arg for option, (arg, _) in rows.items()} for verb, rows in helped.items()
    }
    assert described(verbs) == shown


def test_every_option_is_seen_in_the_rendered_page(helped, rendered):
    for rows in helped.values():
        for option, (arg, _) in rows.items():
            shown = re.escape(f"{option} {arg}".rstrip())
            assert re.search(rf"^     {shown}(  .*)?$", rendered, re.MULTILINE), option


def test_every_verb_is_in_the_synopsis_and_described(verbs, rendered):
    synopsis = rendered.partition("\nSYNOPSIS\n")[2].partition("\nDESCRIPTION\n")[0]
    for words in verbs.values():
        assert f"\n     cilp {' '.join(words)} " in "\n" + synopsis
    items = re.findall(r"^\.It Cm (.*)$", sections("Sh")["DESCRIPTION"], re.MULTILINE)
    assert items == [" ".join(words) for words in verbs.values()]


def test_every_variable_stands_beside_its_option(helped):
    text = sections("Sh")["ENVIRONMENT"]
    entries = dict(re.findall(r"^\.It Ev (.*)\n((?:.+\n)*?)(?=\.It|\.El)", text, re.MULTILINE))
    for rows in helped.values():
        for option, (_, variables) in rows.items():
            if variables:
                said = entries[variables.replace(", ", " , ")]
                assert f".Fl {option.split(', ')[0][1:]}" in said, option


def built_variables():
    """The variables whose names the program makes out of a profile's keys."""
    text = (ROOT / "port/awscli/profile.c").read_text()
    names = re.findall(r'^    "(\w+)(?:\\0)?"', text, re.MULTILINE)
    keys = names[: names.index("source_profile")]
    keys += [f"endpoint_url_{service}" for service in names[names.index("services") + 1 :]]
    keys += [f"container_credentials_{kind}_uri" for kind in ("relative", "full")]
    ours = {key for key in keys if key.startswith("cilp_")}
    keys = ["aws_" + key.removeprefix("aws_") for key in keys if key not in ours]
    return {key.upper() for key in (*keys, *ours)}


def test_every_source_is_described_in_its_order(cilp):
    listed = output_of(cilp, "list", "--help").rpartition(":\n")[2].replace(",", "").split()
    items = re.findall(r"^\.It Cm (\S*)$", sections("Sh")["CREDENTIALS"], re.MULTILINE)
    assert items == listed and len(items) == 12


def test_every_variable_of_the_sources_is_there_and_no_other():
    folders = ROOT / "boards/linux", ROOT / "port/posix", ROOT / "port/awscli"
    text = "".join(path.read_text() for folder in folders for path in folder.rglob("*.c"))
    variable = re.compile(r"\bAWS_[A-Z0-9_]+")
    found = {name for name in variable.findall(text) if not name.endswith("_")}
    named = set(re.findall(r"\b(?:AWS|CILP)_[A-Z0-9_]+", PAGE.read_text()))
    assert found | built_variables() == named


def test_every_exit_code_is_there_and_no_other():
    header = (ROOT / "boards/outcome.h").read_text()
    codes = set(re.findall(r"\bEXIT_\w+ = (\d+)", header)) - {"128"}
    items = re.findall(r"^\.It (.*)$", sections("Sh")["EXIT STATUS"], re.MULTILINE)
    listed = set(re.findall(r"\d+", " ".join(items)))
    assert listed == codes | {"129", "130", "143"}


def test_it_is_installed(prefix):
    assert (prefix / "share/man/man1/cilp.1").read_bytes() == PAGE.read_bytes()
