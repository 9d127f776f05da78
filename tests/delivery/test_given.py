"""-DCILP_MBEDTLS=given: against a stock mbedTLS with the CA callback, and what is said
of one that lacks something."""

import os
import re
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT, cancel, output_of

OUTSIDE = Path(__file__).parent / "outside"
CALLBACK = "MBEDTLS_X509_TRUSTED_CERTIFICATE_CALLBACK"


def archive():
    """The pinned archive, where the build has put it."""
    folder = Path(os.environ.get("CILP_DOWNLOADS") or ROOT / "build/downloads")
    found = sorted(folder.glob("mbedtls-3.*.tar.bz2"))
    if not found:
        pytest.skip(f"no mbedTLS in {folder}")
    return found[-1]


@pytest.fixture(scope="module", name="source")
def _source(tmp_path_factory):
    """As upstream has it, with the one option set."""
    folder = tmp_path_factory.mktemp("source")
    output_of("tar", "xf", archive(), "-C", folder, "--strip-components=1")
    output_of("python3", folder / "scripts/config.py", "set", CALLBACK, cwd=folder)
    return folder


@pytest.fixture(scope="module", name="stock")
def _stock(source, tmp_path_factory):
    """Built by its own CMake, and installed."""
    folder, prefix = tmp_path_factory.mktemp("stock"), tmp_path_factory.mktemp("prefix")
    output_of("cmake", "-S", source, "-B", folder, "-DENABLE_TESTING=OFF",
              "-DENABLE_PROGRAMS=OFF", "-DGEN_FILES=OFF", "-DCMAKE_BUILD_TYPE=Release",
              "-DCMAKE_C_FLAGS=-O1", f"-DCMAKE_INSTALL_PREFIX={prefix}")  # fmt: skip
    output_of("cmake", "--build", folder, "-j2", "--target", "install")
    return prefix


def configure(folder, *options):
    """This project with a given mbedTLS, its library alone."""
    return subprocess.run(
        ["cmake", "-S", ROOT, "-B", folder, "-DCILP_MBEDTLS=given", *options],
        capture_output=True, text=True, check=False)  # fmt: skip


@pytest.fixture(scope="module", name="ours")
def _ours(stock, tmp_path_factory):
    """This project, installed beside it."""
    folder, prefix = tmp_path_factory.mktemp("build"), tmp_path_factory.mktemp("ours")
    done = configure(folder, f"-DCMAKE_PREFIX_PATH={stock}", "-DCMAKE_BUILD_TYPE=Release",
                     "-DCILP_IMAGE=OFF")  # fmt: skip
    assert done.returncode == 0, done.stderr
    output_of("cmake", "--build", folder, "-j2", "--target", "cilp_library")
    output_of("cmake", "--install", folder, "--prefix", prefix, "--component", "library")
    return prefix


def test_the_library_names_it_and_does_not_contain_it(ours):
    (library,) = ours.rglob("libcilp.a")
    symbols = output_of("nm", "-P", library)
    assert re.search(r"^mbedtls_ssl_handshake_step U", symbols, re.MULTILINE)
    assert not re.search(r"^mbedtls_\w+ [TDBR]", symbols, re.MULTILINE)
    assert not list(ours.rglob("mbedtls_config.h"))


def test_found_by_cmake(ours, stock, standin, tmp_path):
    output_of("cmake", "-S", OUTSIDE, "-B", tmp_path, f"-DCMAKE_PREFIX_PATH={ours};{stock}")
    output_of("cmake", "--build", tmp_path)
    cancel(tmp_path / "user", standin)


def test_found_by_pkg_config(ours, stock, standin, tmp_path):
    folders = {str(path.parent) for top in (ours, stock) for path in top.rglob("*.pc")}
    env = {**os.environ, "PKG_CONFIG_PATH": ":".join(folders)}
    words = "pkg-config", "--static", "--cflags", "--libs", "cilp"
    flags = output_of(*words, env=env).split()
    output_of("gcc", OUTSIDE / "user.c", *flags, "-o", tmp_path / "user")
    cancel(tmp_path / "user", standin)


def test_none_is_given(tmp_path):
    done = configure(tmp_path, "-DCMAKE_DISABLE_FIND_PACKAGE_MbedTLS=ON")
    assert done.returncode != 0 and "CILP_MBEDTLS_LIBRARIES" in done.stderr


@pytest.mark.parametrize(
    "lacking",
    [
        CALLBACK,
        "MBEDTLS_SSL_CLI_C",
        "MBEDTLS_SSL_SERVER_NAME_INDICATION",
        "MBEDTLS_PSA_CRYPTO_C",
    ],
)
def test_what_it_lacks_is_named(source, tmp_path, lacking):
    lines = (source / "include/mbedtls/mbedtls_config.h").read_text()
    says_why(source, tmp_path, re.sub(rf"(?m)^#define {lacking}\b", "//", lines), lacking)


def test_records_that_are_too_short_are_named(source, tmp_path):
    lines = (source / "include/mbedtls/mbedtls_config.h").read_text()
    name = "MBEDTLS_SSL_OUT_CONTENT_LEN"
    says_why(source, tmp_path, lines + f"\n#define {name} 256\n", name)


@pytest.mark.parametrize(
    ("number", "says"),
    [
        ("0x03050000", "mbedTLS 3.6 or later is needed"),
        ("0x04010000", "mbedTLS 4.1.0 refuses TLS 1.2 servers with RSA-PSS"),
    ],
)
def test_versions_that_will_not_do_are_named(tmp_path, number, says):
    """Of a folder that has no more than a version."""
    headers = tmp_path / "include/mbedtls"
    headers.mkdir(parents=True)
    (headers / "build_info.h").write_text(
        f"#define MBEDTLS_VERSION_NUMBER {number}\n#define MBEDTLS_SSL_PROTO_TLS1_2\n")
    says_why(tmp_path, tmp_path, "", says)


def says_why(source, folder, lines, name):
    """The compiler stops at needs.h, with that name."""
    (folder / "config.h").write_text(lines)
    done = subprocess.run(
        ["gcc", "-fsyntax-only", f"-I{ROOT}", f"-I{source / 'include'}",
         f'-DMBEDTLS_CONFIG_FILE="{folder / "config.h"}"', "-x", "c",
         ROOT / "port/mbedtls/needs.h"],
        capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode != 0
    assert re.search(rf"needs\.h:\d+:\d+: error: .*{name}", done.stderr), done.stderr
