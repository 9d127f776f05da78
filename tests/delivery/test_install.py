"""cmake --install: what a user of the library gets, from a project outside the tree."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT, figure, output_of

IMAGE = "ami-0abcdef1234567890"
OUTSIDE = Path(__file__).parent / "outside"
MUSL = ROOT / "boards/linux/toolchain-musl.cmake"


@pytest.fixture(scope="session", name="flags")
def _flags(prefix):
    (path,) = prefix.rglob("cilp.pc")
    env = {**os.environ, "PKG_CONFIG_PATH": str(path.parent)}
    return output_of("pkg-config", "--cflags", "--libs", "cilp", env=env).split()


def by_package(prefix, folder, *options):
    """The outside project, built with find_package()."""
    output_of("cmake", "-S", OUTSIDE, "-B", folder, f"-DCMAKE_PREFIX_PATH={prefix}", *options)
    output_of("cmake", "--build", folder)
    return folder / "user"


def by_line(flags, folder, *options, compiler="gcc"):
    """The same, built with one line of a compiler and pkg-config."""
    output_of(compiler, *options, OUTSIDE / "user.c", *flags, "-o", folder / "user")
    return folder / "user"


def call(user, standin, code=0):
    """A cancel by the user's program, seen from EC2's side."""
    standin.reset()
    env = standin.environment("rsa")
    done = subprocess.run(
        [user, IMAGE], env=env, capture_output=True, text=True, check=False, timeout=30
    )
    assert done.returncode == code, done
    return standin


def test_licences_of_all_that_is_linked(prefix):
    (folder,) = prefix.rglob("doc/cilp")
    found = {path.name: path.read_text() for path in folder.iterdir()}
    assert found["LICENSE"] == (ROOT / "LICENSE").read_text()
    holders = {"mbedtls": "Apache License", "jsmn": "Serge Zaitsev", "musl": "Rich Felker"}
    for part, said in holders.items():
        assert said in found[f"LICENSE.{part}"]
    # Out of a comment, which it no longer is.
    assert found["LICENSE.jsmn"].startswith("MIT License\n\nCopyright")


def test_found_by_cmake(prefix, standin, tmp_path):
    assert not call(by_package(prefix, tmp_path), standin).shared(IMAGE)
    (request,) = standin.requests()
    assert request["signature"] == "ok"


def test_found_by_cmake_for_a_static_program(prefix, standin, tmp_path):
    user = by_package(
        prefix, tmp_path, f"-DCMAKE_TOOLCHAIN_FILE={MUSL}", f"-DCMAKE_FIND_ROOT_PATH={prefix}"
    )
    assert "static-pie linked" in output_of("file", "-bL", user)
    assert not call(user, standin).shared(IMAGE)


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
def test_found_by_pkg_config(flags, standin, tmp_path, compiler):
    user = by_line(flags, tmp_path, "-Wall", "-Wextra", "-Werror", compiler=compiler)
    assert not call(user, standin).shared(IMAGE)


def test_another_version_is_not_taken(prefix, tmp_path):
    shutil.copytree(OUTSIDE, tmp_path / "source")
    path = tmp_path / "source/CMakeLists.txt"
    path.write_text(path.read_text().replace("cilp 0.1", "cilp 7.0"))
    done = subprocess.run(
        ["cmake", "-S", path.parent, "-B", tmp_path, f"-DCMAKE_PREFIX_PATH={prefix}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0 and 'requested version "7.0"' in done.stderr


# Sizes: the header says what the library has, and who says otherwise is told so.


def sizes(folder):
    """Every size in the headers below a folder."""
    text = "".join(path.read_text() for path in sorted(folder.rglob("*.h")))
    found = re.findall(r"#ifndef (CILP_\w+)\n#define \1 +(\d+)", text)
    return {name: int(value) for name, value in found}


@pytest.mark.parametrize("more", [-8, 1])
def test_the_compiler_refuses_another_size(prefix, flags, tmp_path, more):
    """Each that a header has: who sets another is told the library's."""
    words = ["gcc", "-fsyntax-only", OUTSIDE / "user.c", *flags]
    assert subprocess.run(words, check=False).returncode == 0
    for name, size in sizes(prefix / "include/cilp").items():
        words[1] = f"-D{name}={size + more}"
        done = subprocess.run([*words, "-o", tmp_path / "user"], capture_output=True, text=True,
                              check=False)  # fmt: skip
        assert done.returncode != 0, name
        assert f"#error the installed library was built with {name}={size}\n" in done.stderr


@pytest.mark.parametrize("size", ["CILP_TOKEN_MAX=2048", "CILP_IO_MAX=4096"])
def test_init_refuses_another_size(flags, standin, tmp_path, size):
    """Of a program that was compiled with the sources' headers, which know no library's."""
    user = by_line([f"-I{ROOT}", *flags], tmp_path, f"-D{size}")
    assert call(user, standin, code=3).shared(IMAGE)
    assert not standin.requests()


@pytest.fixture(scope="session", name="other")
def _other(tmp_path_factory):
    """A build with other sizes, given in every way. Configured, not built."""
    folder = tmp_path_factory.mktemp("other")
    sizes_given = "-DCILP_TOKEN_MAX=2048", "-DCILP_TLS_AHEAD=512"
    output_of(
        "cmake", "-S", ROOT, "-B", folder, *sizes_given, "-DCMAKE_C_FLAGS=-DCILP_MESSAGE_MAX=80"
    )
    return folder


def test_headers_record_the_sizes(prefix, other):
    usual, changed = sizes(prefix / "include/cilp"), sizes(other / "install")
    assert usual["CILP_TOKEN_MAX"] == 4096 and usual["CILP_TLS_AHEAD"] == 4096
    differing = {name: changed[name] for name in usual if changed[name] != usual[name]}
    assert differing == {"CILP_TOKEN_MAX": 2048, "CILP_TLS_AHEAD": 512, "CILP_MESSAGE_MAX": 80}
    folders = "core", "port/mbedtls", "port/proxy"
    assert set().union(*(sizes(ROOT / folder) for folder in folders)) == usual.keys()


def test_a_build_of_other_sizes_agrees_with_its_headers(other, tmp_path):
    output_of("cmake", "--build", other, "--target", "cilp_core", "-j2")
    source = tmp_path / "init.c"
    source.write_text(
        '#include "core/cilp.h"\n'
        "static struct cilp_op op;\n"
        "int main(void) { return cilp_init(&op, sizeof op) ? 0 : 3; }\n"
    )
    # A hash provider, which core leaves open, is not reached.
    words = ("gcc", source, other / "core/libcilp_core.a", "-no-pie",
             "-Wl,--unresolved-symbols=ignore-all", "-o", tmp_path / "init")  # fmt: skip
    output_of(*words, f"-I{other / 'install'}")
    output_of(tmp_path / "init")
    output_of(*words, f"-I{ROOT}")
    assert subprocess.run([tmp_path / "init"], check=False).returncode == 3


# The set of headers is the public one, whoever adds to it.


def test_every_public_header_of_core_is_installed(prefix):
    script = (ROOT / "tests/arch/includes.sh").read_text()
    (names,) = re.findall(r'"core/\(([a-z0-9_|]+)\)\\\.h"', script)
    assert len(names.split("|")) > 5
    for name in names.split("|"):
        assert (prefix / f"include/cilp/core/{name}.h").is_file(), name


def test_every_port_header_that_the_board_uses_is_installed(prefix):
    texts = [path.read_text() for path in (ROOT / "boards/linux").rglob("*.[ch]")]
    names = set(re.findall(r'^#include "(port/.*)"', "\n".join(texts), re.MULTILINE))
    assert len(names) > 4
    for name in names:
        assert (prefix / "include/cilp" / name).is_file(), name


def test_every_header_compiles_by_itself(prefix, tmp_path):
    top = prefix / "include/cilp"
    names = [str(path.relative_to(top)) for path in top.rglob("*.h")]
    ours = [name for name in names if name.startswith(("core/", "port/"))]
    ours.remove("core/op_memory.h")  # the end of cilp.h
    assert len(ours) > 15
    for name in ours:
        source = tmp_path / "one.c"
        source.write_text(f'#include "{name}"\n#include "{name}"\n')
        # mbedTLS's configuration is read by its own build_info.h alone.
        if not name.endswith("_config.h") or name.startswith("core/"):
            output_of("gcc", "-std=gnu11", "-Wall", "-Wextra", "-Werror", "-fsyntax-only",
                      f"-I{top}", source)  # fmt: skip


STRICT = [
    *((compiler, standard) for compiler in ("gcc", "clang") for standard in ("c11", "c17")),
    *((compiler, standard) for compiler in ("g++", "clang++") for standard in ("c++17", "c++20")),
]


def public(prefix):
    """The headers that a program includes; the configurations are mbedTLS's to read."""
    top = prefix / "include/cilp"
    names = sorted(str(path.relative_to(top)) for path in top.rglob("*.h"))
    return [name for name in names if not re.search("mbedtls_config|psa_config|op_memory", name)]


@pytest.mark.parametrize("compiler, standard", STRICT)
def test_every_header_is_strict_and_asks_for_no_definition(prefix, tmp_path, compiler, standard):
    names = public(prefix)
    assert len(names) > 20
    source = tmp_path / ("one.cc" if "+" in compiler else "one.c")
    for name in names:
        source.write_text(f'#include "{name}"\n#include "{name}"\nint cilp_user;\n')
        output_of(compiler, f"-std={standard}", "-pedantic-errors", "-Wall", "-Wextra", "-Werror",
                  "-fsyntax-only", f"-I{prefix / 'include/cilp'}", source)  # fmt: skip


@pytest.mark.parametrize("compiler, standard", STRICT)
def test_mbedtls_headers_do_not_stop_a_strict_build(prefix, tmp_path, compiler, standard):
    env = {**os.environ, "PKG_CONFIG_PATH": str(next(prefix.rglob("cilp.pc")).parent)}
    flags = output_of("pkg-config", "--cflags", "cilp", env=env).split()
    source = tmp_path / ("one.cc" if "+" in compiler else "one.c")
    source.write_text('#include <mbedtls/ssl.h>\n#include "port/mbedtls/tls.h"\n')
    output_of(compiler, f"-std={standard}", "-Wall", "-Wextra", "-Wundef", "-Wold-style-cast"
              if "+" in compiler else "-Wstrict-prototypes", "-Wcast-qual", "-Wconversion",
              "-Wredundant-decls", "-Werror", "-fsyntax-only", *flags, source)  # fmt: skip


def declared(node, top, state):
    """Names of types and functions that clang finds in headers below a folder. In its tree a
    place names its file only where that is another than before."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "file":
                state["file"] = value
            elif key != "includedFrom" and isinstance(value, (dict, list)):
                if key == "loc":
                    yield from declared(value, top, state)
                    is_ours = state["file"].startswith(top)
                    if is_ours and node["kind"] in KINDS and "name" in node:
                        yield node["name"]
                else:
                    yield from declared(value, top, state)
    elif isinstance(node, list):
        for item in node:
            yield from declared(item, top, state)


KINDS = {"RecordDecl", "EnumDecl", "EnumConstantDecl", "TypedefDecl", "FunctionDecl", "VarDecl"}


def test_every_name_in_the_headers_has_the_prefix(prefix, tmp_path):
    top = prefix / "include/cilp"
    source = tmp_path / "all.c"
    source.write_text("".join(f'#include "{name}"\n' for name in public(prefix)))
    tree = output_of("clang", "-std=c11", f"-I{top}", "-fsyntax-only", "-Xclang",
                     "-ast-dump=json", source)  # fmt: skip
    names = set(declared(json.loads(tree), str(top), {"file": ""}))
    assert {"cilp_op", "cilp_next", "CILP_DONE", "cilp_creds_imds"} < names and len(names) > 200
    macros = set()
    for name in public(prefix):
        macros |= set(re.findall(r"^# *define +(\w+)", (top / name).read_text(), re.MULTILINE))
    assert len(macros) > 40
    # The last is forward-declared: mbedTLS's, handed on by its address.
    others = {n for n in names | macros if not re.match("cilp_|CILP_|mbedtls_x509_crt$", n)}
    assert not others
    figure(f"names in installed headers: {len(names)} types, functions and values, "
           f"{len(macros)} macros, {len(others)} without prefix")  # fmt: skip


# What lies in the files.


def test_the_archive_holds_object_code_and_nothing_else(prefix):
    (archive,) = prefix.rglob("libcilp.a")
    sections = output_of("readelf", "-SW", archive)
    assert ".text.cilp_next" in sections
    assert ".gnu." not in sections and ".debug" not in sections
    symbols = output_of("nm", archive)
    assert " T cilp_next" in symbols and "__gnu_lto" not in symbols


def test_what_it_needs_of_a_libc_is_little(prefix):
    (archive,) = prefix.rglob("libcilp.a")
    symbols = output_of("nm", "-P", archive)
    rows = [line.split() for line in symbols.splitlines() if " " in line and "[" not in line]
    defined = {row[0] for row in rows if row[1] != "U"}
    needed = {row[0] for row in rows if row[1] == "U"} - defined
    assert not needed & {"malloc", "calloc", "realloc", "free", "printf", "snprintf", "exit"}
    assert len(needed) < 60, needed


def test_destdir_goes_in_front(build, tmp_path):
    env = {**os.environ, "DESTDIR": str(tmp_path)}
    output_of("cmake", "--install", build, "--prefix", "/usr", env=env)
    assert [path.name for path in tmp_path.iterdir()] == ["usr"]
    assert (tmp_path / "usr/bin/cilp").is_file()
    assert (tmp_path / "usr/include/cilp/core/cilp.h").is_file()


def test_no_installed_file_names_the_folders_of_the_build(prefix, build):
    files = [path for path in prefix.rglob("*") if path.is_file()]
    assert len(files) > 100
    for path in files:
        found = path.read_bytes()
        assert bytes(ROOT) not in found and bytes(build) not in found, path
        assert bytes(prefix) not in found, path


def test_the_program_alone(build, tmp_path):
    output_of("cmake", "--install", build, "--prefix", tmp_path, "--component", "program")
    assert output_of(tmp_path / "bin/cilp", "--version").startswith("cilp 0.1.0 ")
    assert not (tmp_path / "include").exists()
