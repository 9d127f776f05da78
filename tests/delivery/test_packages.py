"""The packages of other distributions: held against what the project pins; then each is
configured, built, installed and run with its own options, as its distribution would
do that, with no network and no apt.
"""

import hashlib
import os
import platform
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT, figure, output_of

PACKAGES = ROOT / "boards/packages"
BUILDROOT = PACKAGES / "buildroot/package/cilp"
OPENWRT = PACKAGES / "openwrt/cilp/Makefile"
RECIPES = PACKAGES / "yocto/meta-cilp/recipes-support/cilp"
APKBUILD = PACKAGES / "alpine/cilp/APKBUILD"

# What the project pins


def pin_of(name):
    """Version, file, SHA-256 and address of the preferred pin."""
    text = (ROOT / "port/third_party.cmake").read_text()
    found = re.search(rf'set\(_cilp_{name}_pins\n(?: *#.*\n)* *"(.*)"', text)
    return found[1].split("|")[:4]


@pytest.fixture(scope="session", name="pins")
def _pins():
    return {name: pin_of(name) for name in ("mbedtls", "jsmn")}


@pytest.fixture(scope="session", name="downloads")
def _downloads(pins):
    """The folder with the pinned files."""
    folder = Path(os.environ.get("CILP_DOWNLOADS", ROOT / "build/downloads")).resolve()
    for _, file, sha256, _ in pins.values():
        if not (folder / file).is_file():
            pytest.skip(f"no {folder / file}")
        assert hashlib.sha256((folder / file).read_bytes()).hexdigest() == sha256
    return folder


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


@pytest.mark.parametrize("name", ["mbedtls", "jsmn"])
@pytest.mark.parametrize("path", [BUILDROOT / "cilp.mk", OPENWRT, APKBUILD, *RECIPES.glob("*.bb")])
def test_third_parties_are_the_pinned_ones(path, pins, name):
    version, file, sha256, url = pins[name]
    text = expanded(path.read_text())
    assert set(re.findall(rf"{name}(?:/v|-)(\d+\.\d+\.\d+)", text)) == {version}
    assert file in text
    assert url in text or url.rpartition("/")[0] in text
    # Buildroot has it in a file of its own, Alpine another one.
    sums = set(re.findall(r"\b[0-9a-f]{64}\b", text)) - {pin[2] for pin in pins.values()}
    assert not sums and (sha256 in text or path.parent == BUILDROOT or path == APKBUILD)


@pytest.mark.parametrize("path", [BUILDROOT / "cilp.mk", OPENWRT, APKBUILD])
def test_the_version_is_the_projects(path, version):
    names = "CILP_VERSION = |PKG_VERSION:=|pkgver="
    assert re.search(rf"^({names}){re.escape(version)}$", path.read_text(), re.MULTILINE)


def test_the_version_of_the_recipe_is_the_projects(version):
    assert [path.name for path in RECIPES.iterdir()] == [f"cilp_{version}.bb"]


def licences(downloads, pins):
    """The files with the licences of all that is linked, as packages unpack them."""
    archive = downloads / pins["mbedtls"][1]
    member = f"mbedtls-{pins['mbedtls'][0]}/LICENSE"
    done = subprocess.run(["tar", "xjOf", archive, member], capture_output=True, check=True)
    jsmn = (downloads / pins["jsmn"][1]).read_bytes()
    return {"cilp": (ROOT / "LICENSE").read_bytes(), "mbedtls": done.stdout, "jsmn": jsmn}


def test_sums_of_buildroot(pins, downloads):
    sums = dict(
        reversed(line.split()[1:])
        for line in (BUILDROOT / "cilp.hash").read_text().splitlines()
        if line.startswith("sha256")
    )
    found = {n: hashlib.sha256(t).hexdigest() for n, t in licences(downloads, pins).items()}
    assert sums == {
        **{file: sha256 for _, file, sha256, _ in pins.values()},
        "LICENSE": found["cilp"],
        f"licences/mbedtls-{pins['mbedtls'][0]}/LICENSE": found["mbedtls"],
        "licences/jsmn.h": found["jsmn"],
    }


def test_sums_of_licences_in_the_recipe(pins, downloads):
    (recipe,) = RECIPES.glob("*.bb")
    text = expanded(recipe.read_text())
    texts = licences(downloads, pins)
    comment = re.match(rb".*?\*/\n", texts["jsmn"], re.DOTALL)[0]
    rows = {
        "LICENSE": texts["cilp"],
        f"../mbedtls-{pins['mbedtls'][0]}/LICENSE": texts["mbedtls"],
        f"../jsmn-{pins['jsmn'][0]}.h;beginline=1;endline={comment.count(10)}": comment,
    }
    for place, said in rows.items():
        assert f"file://{place};md5={hashlib.md5(said).hexdigest()} " in text


@pytest.mark.parametrize("name", ["mbedtls", "jsmn"])
def test_sums_of_alpine(pins, downloads, name):
    version, file, _, _ = pins[name]
    kept = file if name in file and version in file else f"{name}-{version}.h"
    data = (downloads / file).read_bytes()
    assert f"\n{hashlib.sha512(data).hexdigest()}  {kept}\n" in APKBUILD.read_text()


# What else can be said of them here


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


# A machine that builds, as each distribution has it
#
# Its compiler, its libc, its flags, its folder of downloads; no network, and an apt that
# tells of being asked.

IMAGE = "ami-0abcdef1234567890"
TRIPLE = "x86_64-linux-musl"
SPECS = """%rename cpp_options old_cpp_options

*cpp_options:
-nostdinc -isystem @I@ -isystem include%s %(old_cpp_options)

*cc1:
%(cc1_cpu) -nostdinc -isystem @I@ -isystem include%s

*link_libgcc:
-L@L@ -L .%s

*libgcc:
libgcc.a%s %:if-exists(libgcc_eh.a%s)

*startfile:
%{static-pie:@L@/rcrt1.o;:@L@/crt1.o} @L@/crti.o %{static-pie:crtbeginS.o%s;:crtbeginT.o%s}

*endfile:
%{static-pie:crtendS.o%s;:crtend.o%s} @L@/crtn.o

*link:
-nostdlib -static %{static-pie:-pie --no-dynamic-linker -z text}

*esp_link:


*esp_options:


*esp_cpp_options:


"""
MUSL_GCC = """#!/bin/sh
for word; do
    case $word in
    -dumpmachine) echo x86_64-test-linux-musl; exit ;;
    -print-file-name=libc.a) echo "@L@/libc.a"; exit ;;
    -static-pie) pie=yes ;;
    esac
done
[ "${pie:-}" ] || set -- -no-pie "$@"
exec gcc -specs=@S@ "$@"
"""


class Machine:
    """What a package is built on; runs commands there."""

    def __init__(self, folder, musl, downloads):
        self.folder = folder
        self.downloads = downloads
        self.asked = folder / "asked"
        bin_folder = folder / "bin"
        bin_folder.mkdir()
        for tool in ("apt-get", "apt-cache", "curl", "wget"):
            self.put(bin_folder / tool, f'#!/bin/sh\necho "$0 $*" >>{self.asked}\nexit 1\n')
        self.path = f"{bin_folder}:/usr/bin:/bin:/usr/sbin:/sbin"
        self.musl_gcc = bin_folder / "x86_64-test-linux-musl-gcc"
        places = {"@I@": musl / f"include/{TRIPLE}", "@L@": musl / f"lib/{TRIPLE}"}
        places["@S@"] = folder / "musl.specs"
        self.put(places["@S@"], SPECS, places)
        self.put(self.musl_gcc, MUSL_GCC, places)

    @staticmethod
    def put(path, text, places=()):
        """A file, executable, with what is between @ put in."""
        for mark in places:
            text = text.replace(mark, str(places[mark]))
        path.write_text(text)
        path.chmod(0o755)

    def run(self, *words, **more):
        """Without a network: what it prints."""
        alone = ["unshare", "-n"] if os.geteuid() == 0 else ["unshare", "-r", "-n"]
        kept = {n: os.environ[n] for n in os.environ if "CCACHE" in n or "LAUNCHER" in n}
        env = {**kept, "HOME": str(self.folder), "PATH": self.path, **more.pop("env", {})}
        said = output_of(*alone, *words, env=env, **more)
        assert not self.asked.exists(), self.asked.read_text()
        return said

    def build(self, source, build, *options, env=None, target=None):
        """Configures; and builds and installs below `target`, if that is wanted."""
        said = self.run("cmake", "-S", source, "-B", build, *options, env=env or {})
        assert "given by you" not in said and said.count(", as pinned") == 2
        if target:
            self.run("cmake", "--build", build, "--parallel", "2")
            self.run("cmake", "--install", build, env={"DESTDIR": str(target)})
        return said


@pytest.fixture(name="machine")
def _machine(build, downloads, tmp_path):
    musl = build / "musl/usr"
    if platform.machine() != "x86_64" or not musl.is_dir():
        pytest.skip("needs x86-64, and the build by preset linux with its musl")
    if subprocess.run(["unshare", "-r", "-n", "true"], check=False).returncode != 0:
        pytest.skip("no network namespaces here")
    return Machine(tmp_path, musl, downloads)


# What an option of the packages says: those of preset linux-lean.
LEAN = "environment web-identity container imds"


def assert_linked(build, credentials):
    """Those sources of credentials have a row, and no others."""
    rows = re.findall(r"&cilp_kind_(\w+),", (build / "port/awscli/linked.c").read_text())
    assert {row.replace("_", "-") for row in rows} == set(credentials.split())


def assert_it_works(program, standin, *, static):
    """Of the kind that was promised, says who it is, and cancels."""
    kind = output_of("file", "-bL", program)
    assert ("static-pie linked" in kind) is static
    assert ("dynamically linked" in kind) is not static
    assert output_of(program, "--version").startswith("cilp ")
    standin.reset()
    done = subprocess.run(
        [program, "cancel", IMAGE],
        env=standin.environment("rsa"),
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert (done.returncode, done.stderr) == (0, ""), done
    assert {r["signature"] for r in standin.requests()} == {"ok"}
    assert not standin.shared(IMAGE)
    figure(f"{program.stat().st_size:,} bytes, as {program.parents[2].name} installs it")


def assert_licences(folder, pins, downloads):
    """Those of all that is linked lie in the installed folder."""
    texts = licences(downloads, pins)
    assert (folder / "LICENSE").read_bytes() == texts["cilp"]
    assert (folder / "LICENSE.mbedtls").read_bytes() == texts["mbedtls"]
    assert "Copyright (c) 2010 Serge Zaitsev" in (folder / "LICENSE.jsmn").read_text()


# Buildroot: package/pkg-generic.mk, package/pkg-cmake.mk, support/misc/toolchainfile.cmake.in

BUILDROOT_MAKE = """
define sep


endef
space := $(empty) $(empty)
qstrip = $(strip $(subst ",,$(1)))
TAR = tar
define DOWNLOAD
	mkdir -p $(CILP_DL_DIR) && cp $(MIRROR)/$(notdir $(1)) $(CILP_DL_DIR)/
endef
include @MK@
$(TO)/.stamp:
	$(foreach hook,$(CILP_PRE_RSYNC_HOOKS),$(call $(hook))$(sep))
	mkdir -p $(TO)
	tar -C $(CILP_SITE) --exclude=./build --exclude=./.git -c . | tar -C $(TO) -x
	$(foreach hook,$(CILP_POST_RSYNC_HOOKS),$(call $(hook))$(sep))
options:
	@echo $(CILP_CONF_OPTS)
licences:
	@echo $(CILP_LICENSE_FILES)
"""
BUILDROOT_TOOLCHAIN = """
list(APPEND CMAKE_MODULE_PATH ${CMAKE_CURRENT_LIST_DIR})
set(CMAKE_SYSTEM_NAME Buildroot)
set(CMAKE_SYSTEM_VERSION 1)
set(CMAKE_SYSTEM_PROCESSOR x86_64)
set(CMAKE_C_FLAGS_RELEASE " -DNDEBUG" CACHE STRING "")
set(CMAKE_C_FLAGS "-D_LARGEFILE_SOURCE -D_LARGEFILE64_SOURCE -D_FILE_OFFSET_BITS=64 -O2 -g0 \
-D_FORTIFY_SOURCE=1" CACHE STRING "")
set(CMAKE_EXE_LINKER_FLAGS "@LDFLAGS@" CACHE STRING "")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_C_COMPILER "@CC@")
"""


def buildroot_words(machine, musl, credentials):
    """What calls make with the package's own makefile, and its option as .config has it."""
    text = (BUILDROOT / "Config.in").read_text()
    option = re.search(r"^config (\w+)\n\tstring", text, re.MULTILINE)[1]
    (machine.folder / "Makefile").write_text(
        BUILDROOT_MAKE.replace("@MK@", str(BUILDROOT / "cilp.mk"))
    )
    return (
        "make", "-s", "-C", machine.folder, f"BR2_TOOLCHAIN_USES_MUSL={'y' if musl else ''}",
        f'{option}="{credentials}"',
        f"BR2_EXTERNAL_CILP_PATH={PACKAGES / 'buildroot'}", f"TO={machine.folder}/source",
        f"CILP_DL_DIR={machine.folder}/dl/cilp", f"MIRROR={machine.downloads}",
    )  # fmt: skip


def build_by_buildroot(machine, musl, target, credentials=""):
    """The package as Buildroot makes it: what configuring said, and its licence files."""
    (machine.folder / "Platform").mkdir()
    (machine.folder / "Platform/Buildroot.cmake").write_text("include(Platform/Linux)\n")
    text = BUILDROOT_TOOLCHAIN.replace("@LDFLAGS@", "" if musl else "-Wl,-z,now")
    text = text.replace("@CC@", str(machine.musl_gcc) if musl else "/usr/bin/gcc")
    (machine.folder / "toolchainfile.cmake").write_text(text)
    make = buildroot_words(machine, musl, credentials)
    source = machine.folder / "source"
    machine.run(*make, source / ".stamp")
    said = machine.build(
        source, source / "buildroot-build",
        f"-DCMAKE_TOOLCHAIN_FILE={machine.folder}/toolchainfile.cmake",
        "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_INSTALL_PREFIX=/usr",
        "-DBUILD_SHARED_LIBS=ON", "-DBUILD_TESTING=OFF",
        *machine.run(*make, "options").split(),
        target=target,
    )  # fmt: skip
    return said, [source / name for name in machine.run(*make, "licences").split()]


def test_buildroot(machine, pins, standin):
    target = machine.folder / "buildroot"
    _, files = build_by_buildroot(machine, False, target)
    assert_it_works(target / "usr/bin/cilp", standin, static=False)
    assert_licences(target / "usr/share/doc/cilp", pins, machine.downloads)
    texts = licences(machine.downloads, pins)
    assert {file.read_bytes() for file in files} == set(texts.values())


def test_buildroot_with_musl_is_configured(machine):
    said, _ = build_by_buildroot(machine, True, None, LEAN)
    assert "packed relocations" in said
    assert_linked(machine.folder / "source/buildroot-build", LEAN)


# OpenWrt: include/cmake.mk, rules.mk. It builds where the sources are.

OPENWRT_RULES = """INCLUDE_DIR:=$(TOPDIR)
INSTALL_DIR:=install -d -m0755
INSTALL_BIN:=install -m0755
CP:=cp -fpR
TAR:=tar
space:=$(empty) $(empty)
qstrip=$(strip $(subst ",,$(1)))
CONFIG_USE_MUSL:=y
define BuildPackage
prepare:
	$(Build/Prepare)
install:
	$(call Package/$(1)/install,$(TO))
options:
	@echo $(CMAKE_OPTIONS)
licences:
	@echo $(PKG_LICENSE_FILES)
endef
"""
OPENWRT_PIE_SPECS = """*self_spec:
+ %{no-pie|static|r|shared:;:-pie}
"""
OPENWRT_CFLAGS = (
    "-Os -pipe -fno-caller-saves -fno-plt -fmacro-prefix-map=@D@=cilp -Wformat "
    "-Werror=format-security -fPIC -specs=@D@/hardened-ld-pie.specs -fstack-protector "
    "-D_FORTIFY_SOURCE=1 -Wl,-z,now -Wl,-z,relro"
)
OPENWRT_LDFLAGS = "-fPIC -specs=@D@/hardened-ld-pie.specs -znow -zrelro"


def fetch_for_openwrt(machine, folder):
    """What `define Download/...` wants, under the name and with the hash it gives."""
    blocks = re.findall(r"^define Download/.*?^endef", expanded(OPENWRT.read_text()), re.M | re.S)
    for block in blocks:
        fields = dict(re.findall(r"^  (\w+):=(.*)$", block, re.MULTILINE))
        data = (machine.downloads / fields.get("URL_FILE", fields["FILE"])).read_bytes()
        assert hashlib.sha256(data).hexdigest() == fields["HASH"]
        (folder / fields["FILE"]).write_bytes(data)


def test_openwrt(machine, pins, standin):
    """With some sources of credentials: the others' packages are built with all."""
    folder = machine.folder
    text = OPENWRT.read_text()
    option = re.search(r"^config (\w+)\n\tstring", text, re.MULTILINE)[1]
    assert f"PKG_CONFIG_DEPENDS:=CONFIG_{option}\n" in text
    source, packed, image = folder / "source", folder / "packed", folder / "openwrt"
    (folder / "dl").mkdir()
    fetch_for_openwrt(machine, folder / "dl")
    (folder / "rules.mk").write_text(OPENWRT_RULES)
    (folder / "package.mk").touch()
    (folder / "cmake.mk").touch()
    (folder / "hardened-ld-pie.specs").write_text(OPENWRT_PIE_SPECS)
    make = (
        "make", "-s", "-C", OPENWRT.parent, f"TOPDIR={folder}", f"PKG_BUILD_DIR={source}",
        f"PKG_INSTALL_DIR={packed}", f"TO={image}", f"DL_DIR={folder}/dl",
        f'CONFIG_{option}="{LEAN}"',
    )  # fmt: skip
    machine.run(*make, "prepare")
    cflags, ldflags = (t.replace("@D@", str(folder)) for t in (OPENWRT_CFLAGS, OPENWRT_LDFLAGS))
    generator = ["-GNinja"] if shutil.which("ninja") else []
    machine.build(
        source, source, *generator,
        "--no-warn-unused-cli", "-DCMAKE_SYSTEM_NAME=Linux", "-DCMAKE_SYSTEM_VERSION=1",
        "-DCMAKE_SYSTEM_PROCESSOR=x86_64", "-DCMAKE_BUILD_TYPE=Release",
        "-DCMAKE_C_FLAGS_RELEASE=-DNDEBUG", f"-DCMAKE_C_COMPILER={machine.musl_gcc}",
        f"-DCMAKE_EXE_LINKER_FLAGS:STRING={ldflags}", "-DCMAKE_AR=/usr/bin/gcc-ar",
        "-DCMAKE_NM=/usr/bin/gcc-nm", "-DCMAKE_RANLIB=/usr/bin/gcc-ranlib",
        "-DCMAKE_FIND_ROOT_PATH_MODE_PROGRAM=NEVER", "-DCMAKE_STRIP=:",
        "-DCMAKE_INSTALL_PREFIX=/usr", "-DCMAKE_SKIP_RPATH=TRUE", f"-DCMAKE_C_FLAGS={cflags}",
        *machine.run(*make, "options").split(),
        env={"CFLAGS": cflags, "LDFLAGS": ldflags},
        target=packed,
    )  # fmt: skip
    machine.run(*make, "install")
    assert_it_works(image / "usr/bin/cilp", standin, static=True)
    said = output_of(image / "usr/bin/cilp", "list", "--help")
    assert "sso (not built in)" in said and "container (not built in)" not in said
    assert_linked(source, LEAN)
    texts = licences(machine.downloads, pins)
    files = machine.run(*make, "licences").split()
    assert {(source / file).read_bytes() for file in files} == set(texts.values())


# Yocto: meta/classes-recipe/cmake.bbclass, meta/conf/distro/include/security_flags.inc

YOCTO_TOOLCHAIN = """
set( CMAKE_SYSTEM_NAME Linux )
set( CMAKE_SYSTEM_PROCESSOR x86_64 )
set( CMAKE_C_COMPILER @CC@ )
set( CMAKE_C_FLAGS "-m64 -march=core2 -fstack-protector-strong -O2 -D_FORTIFY_SOURCE=2 -Wformat \
-Wformat-security -Werror=format-security -O2 -pipe -g -feliminate-unused-debug-types" \
CACHE STRING "CFLAGS" )
set( CMAKE_C_FLAGS_RELEASE "-DNDEBUG" CACHE STRING "Additional CFLAGS for release" )
set( CMAKE_C_LINK_FLAGS "-m64 -Wl,-O1 -Wl,--hash-style=gnu -Wl,--as-needed -Wl,-z,relro,-z,now" \
CACHE STRING "LDFLAGS" )
set( CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY )
set( CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY )
set( CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY )
set( CMAKE_PROGRAM_PATH "/" )
"""


class Datastore:  # pylint: disable=too-few-public-methods
    """As bitbake has it, `d` in ${@...}: here with one variable."""

    def __init__(self, credentials):
        self.values = {"CILP_CREDENTIALS": credentials}

    def getVar(self, name):  # pylint: disable=invalid-name
        """Its value."""
        return self.values[name]


def yocto_options(recipe, folder, musl, credentials):
    """EXTRA_OECMAKE as a shell splits it, its :append of musl's with it."""
    text = recipe.read_text()
    assert re.search(r'^CILP_CREDENTIALS \?= ""$', text, re.MULTILINE)
    store = {"d": Datastore(credentials)}
    text = re.sub(r"\$\{@(.*?)\}", lambda found: eval(found[1], store), text)  # pylint: disable=eval-used
    text = expanded(text).replace("${DL_DIR}", str(folder))
    words = re.search(r'^EXTRA_OECMAKE = "(.*?)"$', text, re.M | re.S)[1]
    more = re.search(r'^EXTRA_OECMAKE:append:libc-musl = "(.*)"$', text, re.MULTILINE)[1]
    assert "${" not in words
    return shlex.split(words.replace("\\\n", " ") + (more if musl else ""))


def build_by_yocto(machine, musl, target, credentials=""):
    """The recipe as its class builds it; what configuring said."""
    (recipe,) = RECIPES.glob("*.bb")
    for row in re.findall(r"https://\S+", expanded(recipe.read_text())):
        url, *fields = row.split(";")
        name = dict(field.split("=") for field in fields).get("downloadfilename")
        data = (machine.downloads / Path(url).name).read_bytes()
        (machine.folder / (name or Path(url).name)).write_bytes(data)
    compiler = str(machine.musl_gcc) if musl else "/usr/bin/gcc"
    (machine.folder / "toolchain.cmake").write_text(YOCTO_TOOLCHAIN.replace("@CC@", compiler))
    generator = ["-GNinja"] if shutil.which("ninja") else []
    return machine.build(
        ROOT, machine.folder / "build", *generator,
        "-DCMAKE_INSTALL_PREFIX:PATH=/usr", "-DCMAKE_INSTALL_BINDIR:PATH=bin",
        "-DCMAKE_INSTALL_LIBDIR:PATH=lib", "-DCMAKE_INSTALL_INCLUDEDIR:PATH=include",
        "-DCMAKE_INSTALL_DATAROOTDIR:PATH=share", "-DLIB_SUFFIX=",
        f"-DCMAKE_TOOLCHAIN_FILE={machine.folder}/toolchain.cmake",
        "-DCMAKE_NO_SYSTEM_FROM_IMPORTED=1", "-DFETCHCONTENT_FULLY_DISCONNECTED=ON",
        *yocto_options(recipe, machine.folder, musl, credentials), "-Wno-dev",
        target=target,
    )  # fmt: skip


def test_yocto_with_musl(machine, pins, standin):
    target = machine.folder / "yocto"
    assert "packed relocations" in build_by_yocto(machine, True, target)
    assert_it_works(target / "usr/bin/cilp", standin, static=True)
    assert_licences(target / "usr/share/doc/cilp", pins, machine.downloads)


def test_yocto_with_glibc_is_configured(machine):
    assert "packed relocations" not in build_by_yocto(machine, False, None, LEAN)
    assert_linked(machine.folder / "build", LEAN)


# Alpine: abuild.conf, and abuild's own functions' order

ALPINE_BUILD = """set -eu
. "$1"
cd "$builddir"
build
check
package
"""
ALPINE_ENV = {
    "CC": "gcc",
    "CFLAGS": "-Os -fstack-clash-protection -Wformat -Werror=format-security",
    "LDFLAGS": "-Wl,--as-needed,-O1,--sort-common",
    "CMAKE_BUILD_PARALLEL_LEVEL": "2",
}


def test_alpine(machine, pins, standin, version):
    target, source = machine.folder / "alpine", machine.folder / "src"
    tree = source / f"cilp-{version}"
    tree.mkdir(parents=True)
    pack = "tar -C $0 --exclude=./build --exclude=./.git -c . | tar -C $1 -x"
    output_of("sh", "-c", pack, ROOT, tree)
    text = expanded(APKBUILD.read_text())
    for word in re.search(r'^source="(.*?)"', text, re.M | re.S)[1].split()[1:]:
        name, _, url = word.rpartition("::")
        data = (machine.downloads / Path(url).name).read_bytes()
        (source / (name or Path(url).name)).write_bytes(data)
    places = {"srcdir": source, "builddir": tree, "pkgdir": target}
    env = {**ALPINE_ENV, **{name: str(path) for name, path in places.items()}}
    said = machine.run("sh", "-c", ALPINE_BUILD, "sh", APKBUILD, env=env)
    assert said.count(", as pinned") == 2
    # Alpine's libc is musl, of which there are no shared libraries here.
    assert_it_works(target / "usr/bin/cilp", standin, static=False)
    assert_licences(target / "usr/share/doc/cilp", pins, machine.downloads)


# What is missing is named


def test_a_source_that_was_not_given_is_named(machine, pins):
    mbedtls = machine.downloads / pins["mbedtls"][1]
    words = (
        "unshare", "-r", "-n", "cmake", "-S", ROOT, "-B", machine.folder / "build",
        "-DCILP_THIRD_PARTY_WAYS=given", f"-DMBEDTLS_SOURCE_DIR={mbedtls}",
    )  # fmt: skip
    env = {"PATH": machine.path, "HOME": str(machine.folder)}
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    said = " ".join(done.stderr.split())
    assert done.returncode != 0 and not machine.asked.exists()
    assert "jsmn: could not be had" in said and "-DJSMN_SOURCE_DIR=" in said
