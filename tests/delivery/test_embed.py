"""The library as a part of other people's builds: as a folder, fetched, by its lists of
sources; and beside names and an mbedTLS of the program's own. Each program cancels.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import ROOT, cancel, output_of

HERE = Path(__file__).parent
USER = HERE / "outside/user.c"
DEBIAN = ["-lmbedtls", "-lmbedx509", "-lmbedcrypto"]


@pytest.fixture(scope="session", name="tree")
def _tree(tmp_path_factory):
    """The sources alone, as an archive or a fresh clone has them."""
    tree = tmp_path_factory.mktemp("sources") / "cilp"
    shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(".git", "build", "__pycache__"))
    return tree


def build(project, folder, *options):
    """A project of ours around the library; its program."""
    output_of("cmake", "-S", HERE / project, "-B", folder, "-DCMAKE_BUILD_TYPE=Release", *options)
    output_of("cmake", "--build", folder, "-j2")
    return folder / "user"


# Three ways beside those of test_install.py: five in all.


def test_as_a_folder(tree, standin, tmp_path):
    user = build("subdirectory", tmp_path / "build", f"-DCILP={tree}")
    cancel(user, standin)
    # Nothing but the user's own is installed, and nothing is written to the sources.
    output_of("cmake", "--install", tmp_path / "build", "--prefix", tmp_path / "prefix")
    installed = [path for path in (tmp_path / "prefix").rglob("*") if path.is_file()]
    assert [path.name for path in installed] == ["user"]
    assert not (tree / "build").exists()


def test_fetched_into_a_program_in_cpp(tree, standin, tmp_path):
    repository = tmp_path / "cilp"
    shutil.copytree(tree, repository)
    git = ("git", "-C", repository, "-c", "user.name=a", "-c", "user.email=a@example.com")
    output_of(*git, "init", "-q")
    output_of(*git, "add", "-A")
    output_of(*git, "commit", "-q", "-m", "sources")
    cancel(build("fetch", tmp_path / "build", f"-DCILP=file://{repository}"), standin)


def test_by_the_lists_of_sources(tree, third, standin, tmp_path):
    readme = re.search(r"```c\n([^`]*)```", (ROOT / "README.md").read_text())[1]
    (tmp_path / "readme.c").write_text(readme)
    make = ("make", "-j2", "-f", HERE / "make/Makefile", f"CILP={tree}",
            f"MBEDTLS={third['mbedtls']}", f"JSMN={third['jsmn']}")  # fmt: skip
    output_of(*make, "PROGRAM=readme.c", cwd=tmp_path)
    (tmp_path / "program").unlink()
    output_of(*make, f"PROGRAM={USER}", cwd=tmp_path)
    cancel(tmp_path / "program", standin)


# Beside other people's names.


@pytest.fixture(scope="session", name="flags")
def _flags(prefix):
    """What pkg-config says of both libraries."""
    env = {**os.environ, "PKG_CONFIG_PATH": str(next(prefix.rglob("cilp.pc")).parent)}
    return {
        name: output_of("pkg-config", "--cflags", "--libs", name, env=env).split()
        for name in ("cilp", "cilp-hidden")
    }


def compiled(compiler, folder, *sources):
    """Objects of sources that see no header but their own."""
    objects = []
    for source in sources:
        objects.append(folder / f"{source.stem}.o")
        words = ["-x", "c++"] if compiler == "g++" else []
        output_of(compiler, *words, "-Wall", "-Wextra", "-Werror", "-c", source, "-o", objects[-1])
    return objects


@pytest.mark.parametrize("library", ["cilp", "cilp-hidden"])
def test_beside_a_program_with_those_names(flags, standin, tmp_path, library):
    objects = compiled("gcc", tmp_path, HERE / "clash/names.c")
    output_of("gcc", USER, *objects, *flags[library], "-o", tmp_path / "user")
    assert "own: 16\n" in cancel(tmp_path / "user", standin)


@pytest.mark.parametrize("kind", ["-Bstatic", "-Bdynamic"])
@pytest.mark.parametrize("other_first", [True, False])
def test_beside_another_mbedtls(flags, standin, tmp_path, kind, other_first):
    objects = compiled("gcc", tmp_path, HERE / "clash/other.c")
    other = [f"-Wl,{kind}", *DEBIAN, "-Wl,-Bdynamic"]
    ours = flags["cilp-hidden"]
    order = other + ours if other_first else ours + other
    output_of("gcc", USER, *objects, *order, "-o", tmp_path / "user")
    assert cancel(tmp_path / "user", standin).count("other mbedTLS 2.28.3: works\n") == 2


def test_beside_both_in_cpp(flags, standin, tmp_path):
    objects = compiled("g++", tmp_path, HERE / "clash/names.c", HERE / "clash/other.c")
    output_of("g++", "-std=c++17", HERE / "fetch/user.cc", *objects, *flags["cilp-hidden"],
              *DEBIAN, "-o", tmp_path / "user")  # fmt: skip
    told = cancel(tmp_path / "user", standin)
    assert "own: 16\n" in told and told.count(": works\n") == 2


def test_the_visible_one_does_clash(flags, tmp_path):
    """What the hidden one is for: two definitions of each name, or one of the wrong kind."""
    (archive,) = [word[2:] for word in flags["cilp"] if word.startswith("-L")]
    defined = output_of("nm", "-g", "--defined-only", Path(archive) / "libcilp.a")
    assert " T mbedtls_ssl_setup\n" in defined
    objects = compiled("gcc", tmp_path, HERE / "clash/other.c")
    done = subprocess.run(
        ["gcc", USER, *objects, *flags["cilp"], "-Wl,-Bstatic", *DEBIAN, "-Wl,-Bdynamic",
         "-o", tmp_path / "user"], capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode != 0, "it links: is the hidden library needed any more?"


def test_the_hidden_one_is_a_target_of_the_package(prefix, standin, tmp_path):
    shutil.copytree(HERE / "outside", tmp_path / "source")
    path = tmp_path / "source/CMakeLists.txt"
    path.write_text(path.read_text().replace("cilp::cilp", "cilp::cilp_hidden"))
    folder = tmp_path / "build"
    output_of("cmake", "-S", path.parent, "-B", folder, f"-DCMAKE_PREFIX_PATH={prefix}")
    output_of("cmake", "--build", folder)
    cancel(folder / "user", standin)
    assert "mbedtls_" not in output_of("nm", "-g", "--defined-only", folder / "user")
