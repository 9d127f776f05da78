"""The packages of other distributions: held against what the project pins, and run as far
as it goes without these distributions.
"""

import hashlib
import os
import re
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT, output_of

PACKAGES = ROOT / "boards/appliance"
BUILDROOT = PACKAGES / "buildroot/package/cilp"
OPENWRT = PACKAGES / "openwrt/cilp/Makefile"
RECIPES = PACKAGES / "yocto/meta-cilp/recipes-support/cilp"
APKBUILD = PACKAGES / "alpine/cilp/APKBUILD"

# What the project pins


@pytest.fixture(scope="session", name="pin")
def _pin():
    """mbedTLS: version, file, SHA-256 and address of the preferred pin."""
    text = (ROOT / "port/third_party.cmake").read_text()
    return re.search(r'set\(_cilp_mbedtls_pins\n(?: *#.*\n)* *"(.*)"', text)[1].split("|")[:4]


@pytest.fixture(scope="session", name="version")
def _version():
    text = (ROOT / "CMakeLists.txt").read_text()
    return re.search(r"^project\(cilp VERSION (\S+)", text, re.MULTILINE)[1]


def expanded(text):
    """A text with its own variables put in, as make, bitbake and sh do."""
    for _ in range(4):
        for name, value in re.findall(r'^(\w+) *:?\??= *"?([^"\n]*)"?$', text, re.MULTILINE):
            for form in f"$({name})", f"${{{name}}}", f"${name}":
                if form not in value:
                    text = text.replace(form, value)
    return text


@pytest.mark.parametrize("path", [BUILDROOT / "cilp.mk", OPENWRT, APKBUILD, *RECIPES.glob("*.bb")])
def test_mbedtls_is_the_pinned_one(path, pin):
    version, file, sha256, url = pin
    text = expanded(path.read_text())
    assert set(re.findall(r"mbedtls-(\d+\.\d+\.\d+)", text)) == {version}
    assert file in text
    assert url in text or url.rpartition("/")[0] in text
    # Buildroot has it in a file of its own, Alpine another one.
    sums = set(re.findall(r"\b[0-9a-f]{64}\b", text)) - {sha256}
    assert not sums and (sha256 in text or path.parent == BUILDROOT or path == APKBUILD)


@pytest.mark.parametrize("path", [BUILDROOT / "cilp.mk", OPENWRT, APKBUILD])
def test_the_version_is_the_projects(path, version):
    names = "CILP_VERSION = |PKG_VERSION:=|pkgver="
    assert re.search(rf"^({names}){re.escape(version)}$", path.read_text(), re.MULTILINE)


def test_the_version_of_the_recipe_is_the_projects(version):
    assert [path.name for path in RECIPES.iterdir()] == [f"cilp_{version}.bb"]


def test_sums_of_buildroot(pin):
    sums = dict(
        reversed(line.split()[1:])
        for line in (BUILDROOT / "cilp.hash").read_text().splitlines()
        if line.startswith("sha256")
    )
    licence = hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest()
    assert sums == {pin[1]: pin[2], "LICENSE": licence}


def test_sum_of_the_licence_in_the_recipe():
    (recipe,) = RECIPES.glob("*.bb")
    licence = hashlib.md5((ROOT / "LICENSE").read_bytes()).hexdigest()
    assert f"file://LICENSE;md5={licence}" in recipe.read_text()


def test_sum_of_alpine(pin):
    archive = Path(os.environ.get("CILP_DOWNLOADS", ROOT / "build/downloads")) / pin[1]
    if not archive.is_file():
        pytest.skip(f"no {archive}")
    data = archive.read_bytes()
    assert hashlib.sha256(data).hexdigest() == pin[2]
    assert f"\n{hashlib.sha512(data).hexdigest()}  {pin[1]}\n" in APKBUILD.read_text()


# As far as it goes without their distributions


def test_shellcheck_has_nothing_to_say_to_alpines():
    # What abuild gives, and what it takes.
    assert output_of("shellcheck", "-s", "sh", "-e", "SC2034,SC2154", APKBUILD) == ""


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="these sources are no checkout")
def test_alpines_archive_can_be_made_as_it_says(tmp_path, version):
    command = re.search(r"^# +(git archive .*)$", APKBUILD.read_text(), re.MULTILINE)[1].split()
    path = tmp_path / Path(command[command.index("-o") + 1]).name
    command[command.index("-o") + 1] = str(path)
    output_of(*command, cwd=ROOT)
    source = re.search(r'^source="\s+(\S+)', APKBUILD.read_text(), re.MULTILINE)[1]
    assert source.replace("$pkgver", version) == path.name
    assert f"cilp-{version}/CMakeLists.txt" in output_of("tar", "tzf", path).splitlines()


# OpenWrt's makefiles, as little of them as there must be.
RULES = """INCLUDE_DIR:=$(TOPDIR)
INSTALL_DIR:=install -d -m0755
INSTALL_BIN:=install -m0755
CP:=cp -fpR
define BuildPackage
prepare:
	$(Build/Prepare)
install:
	$(call Package/$(1)/install,$(TO))
options:
	@echo $(CMAKE_OPTIONS)
endef
"""


def test_openwrts_feed_prepares_configures_and_installs(cilp, pin, tmp_path):
    (tmp_path / "rules.mk").write_text(RULES)
    (tmp_path / "package.mk").touch()
    (tmp_path / "cmake.mk").touch()
    (tmp_path / "installed/usr/bin").mkdir(parents=True)
    (tmp_path / "installed/usr/bin/cilp").write_bytes(cilp.read_bytes())
    downloads = Path(os.environ.get("CILP_DOWNLOADS", ROOT / "build/downloads"))
    words = (
        "make", "-s", f"TOPDIR={tmp_path}", f"PKG_BUILD_DIR={tmp_path}/source",
        f"PKG_INSTALL_DIR={tmp_path}/installed", f"TO={tmp_path}/image", f"DL_DIR={downloads}",
    )  # fmt: skip
    output_of(*words, "prepare", "install", cwd=OPENWRT.parent)
    assert os.access(tmp_path / "image/usr/bin/cilp", os.X_OK)
    if not (downloads / pin[1]).is_file():
        pytest.skip(f"no {downloads / pin[1]}")
    options = output_of(*words, "options", cwd=OPENWRT.parent).split()
    configured(tmp_path / "source", tmp_path / "build", *options)


def configured(source, build, *options):
    """Whether CMake takes the options and knows all of them."""
    done = subprocess.run(
        ["cmake", "-S", source, "-B", build, *options], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "not used by the project" not in done.stderr
    assert "given by you" not in done.stdout and ", as pinned" in done.stdout


@pytest.mark.parametrize("path", [BUILDROOT / "cilp.mk", APKBUILD, *RECIPES.glob("*.bb")])
def test_options_are_those_that_the_build_knows(path):
    cmake = "".join(
        file.read_text()
        for file in [*ROOT.glob("*/CMakeLists.txt"), ROOT / "CMakeLists.txt",
                     ROOT / "port/third_party.cmake"]
    )  # fmt: skip
    names = re.findall(r"-D((?:CILP|MBEDTLS)_\w+)=", path.read_text())
    assert "MBEDTLS_SOURCE_DIR" in names
    for name in names:
        assert re.search(rf"(option|set)\({name} ", cmake), name
