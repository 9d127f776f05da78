"""The Debian package: built, inspected, unpacked and run."""

import os
import re
import subprocess

import pytest
from conftest import ROOT, output_of

CONTACT = "CPACK_PACKAGE_CONTACT=Alice Example <alice@example.org>"
DATE = "1760000000"


def pack(build, folder, *options, **env):
    """Runs cpack."""
    return subprocess.run(
        ["cpack", "-B", folder, *options],
        cwd=build,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="session", name="package")
def _package(build, tmp_path_factory):
    folder = tmp_path_factory.mktemp("package")
    done = pack(build, folder, "-D", CONTACT, SOURCE_DATE_EPOCH=DATE)
    assert done.returncode == 0, done
    (package,) = folder.glob("*.deb")
    return package


@pytest.fixture(scope="session", name="unpacked")
def _unpacked(package, tmp_path_factory):
    folder = tmp_path_factory.mktemp("unpacked")
    output_of("dpkg-deb", "-x", package, folder)
    return folder


def test_it_wants_a_maintainer(build, tmp_path):
    done = pack(build, tmp_path)
    assert done.returncode != 0 and "requires a maintainer" in done.stderr
    assert not list(tmp_path.glob("*.deb"))


def test_control(package, cilp):
    version = output_of(cilp, "--version").split()[1]
    arch = output_of("dpkg", "--print-architecture").strip()
    assert package.name == f"cilp_{version}-1_{arch}.deb"
    fields = dict(re.findall(r"^(\S+): (.*)$", output_of("dpkg-deb", "-f", package), re.MULTILINE))
    assert (fields["Package"], fields["Architecture"]) == ("cilp", arch)
    assert fields["Maintainer"] == "Alice Example <alice@example.org>"
    assert "Depends" not in fields


def test_files(package):
    rows = [line.split() for line in output_of("dpkg-deb", "-c", package).splitlines()]
    files = {row[5].removeprefix("./usr/"): row[0] for row in rows if row[0].startswith("-")}
    assert files == {
        "bin/cilp": "-rwxr-xr-x",
        "share/bash-completion/completions/cilp": "-rw-r--r--",
        "share/doc/cilp/changelog.Debian.gz": "-rw-r--r--",
        "share/doc/cilp/copyright": "-rw-r--r--",
        "share/doc/cilp/musl.copyright": "-rw-r--r--",
        "share/fish/vendor_completions.d/cilp.fish": "-rw-r--r--",
        "share/lintian/overrides/cilp": "-rw-r--r--",
        "share/man/man1/cilp.1.gz": "-rw-r--r--",
        "share/zsh/vendor-completions/_cilp": "-rw-r--r--",
    }
    assert {row[1] for row in rows} == {"root/root"}


def test_program_runs_from_where_it_was_unpacked(unpacked, cilp):
    assert output_of(unpacked / "usr/bin/cilp", "--version") == output_of(cilp, "--version")
    assert "stripped" in output_of("file", unpacked / "usr/bin/cilp").split(", ")[-1]
    page = unpacked / "usr/share/man/man1/cilp.1.gz"
    assert "CancelImageLaunchPermission" in output_of("mandoc", page)


def test_texts(unpacked, cilp):
    doc = unpacked / "usr/share/doc/cilp"
    changelog = output_of("gzip", "-dc", doc / "changelog.Debian.gz")
    version = output_of(cilp, "--version").split()[1]
    assert changelog.startswith(f"cilp ({version}-1) ")
    assert changelog.endswith(
        " -- Alice Example <alice@example.org>  Thu, 09 Oct 2025 08:53:20 +0000\n"
    )
    permission = (ROOT / "LICENSE").read_text().split("\n\n", 2)[2]
    copied = (doc / "copyright").read_text().replace("\n .\n", "\n")
    assert " ".join(permission.split()) in " ".join(copied.split())
    # Of all that is linked.
    for holder in ("Mbed TLS Contributors", "Serge Zaitsev", "Rich Felker"):
        assert holder in copied
    musl = (doc / "musl.copyright").read_text()
    assert "Rich Felker" in musl and "Permission is hereby granted" in musl


def test_lintian_has_nothing_to_say(package):
    words = ["lintian", "--allow-root", "--fail-on", "error,warning,info", package]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done


def test_it_is_the_same_at_another_time(build, package, tmp_path):
    assert pack(build, tmp_path, "-D", CONTACT, SOURCE_DATE_EPOCH=DATE).returncode == 0
    assert (tmp_path / package.name).read_bytes() == package.read_bytes()
