"""Roots in a section of flash of their own: an update of them leaves the program alone."""

import hashlib
import json
import subprocess

import pytest
from conftest import BOARD, ROOT

NAME = "cilp-flash-roots"
BUILD = ROOT / "build" / BOARD


@pytest.fixture(autouse=True)
def _of_this_board(bench):
    if bench.board != BOARD:
        pytest.skip(f"{bench.board} is not {BOARD}")


def place():
    """Where the section begins."""
    nm = json.loads((BUILD / "board.json").read_text())["nm"]
    names = subprocess.run([nm, BUILD / f"{NAME}.elf"], capture_output=True, text=True,
                           check=True).stdout
    return next(int(line.split()[0], 16) for line in names.splitlines()
                if line.split()[-1] == "image_roots")


def run(bench, listener, *flash):
    """A call to that server, with these files in the section."""
    return bench.run("dry-run", "attempts=1", listener=listener, image=NAME,
                     flash=[(place(), path) for path in flash])


def program():
    """What the program is."""
    return hashlib.sha256((BUILD / f"{NAME}.elf").read_bytes()).hexdigest()


def test_new_roots_without_a_new_program(bench):
    """The section is written anew: the new root is trusted and the old one no longer."""
    before = program()
    for listener, other in (("rsa", "ecdsa"), ("ecdsa", "rsa")):
        section = bench.standin.root_file(listener)
        told = run(bench, listener, section)
        assert told.one().text.startswith("permitted")
        assert "roots/in a section of flash of their own" in told.uart
        call = run(bench, other, section).one(255)
        assert "CILP_E_CERT" in call.text and "not in the CA bundle" in call.text
    assert program() == before


def test_many_roots(bench):
    """Both at once, as while Amazon moves from one to the other, and the erased rest."""
    section = bench.folder / "both"
    section.write_bytes(b"".join(
        bench.standin.root_file(kind).read_bytes() for kind in ("rsa", "ecdsa")
    ) + b"\xff" * 4096)
    for listener in ("rsa", "ecdsa"):
        assert run(bench, listener, section).one().text.startswith("permitted")


@pytest.mark.parametrize("erased", (b"\xff" * 4096, b""))
def test_no_roots(bench, erased):
    """A section that was erased, or never written: nobody is trusted, and why."""
    section = bench.folder / "erased"
    section.write_bytes(erased)
    call = run(bench, "rsa", *([section] if erased else ())).one(255)
    assert "the CA bundle holds no certificate at all" in call.text
