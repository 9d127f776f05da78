"""The packages for RTOSes: their YAML against the keys that each RTOS's documents
have, their Kconfig read by kconfiglib, their CMakeLists.txt run with commands that stand
in for those of Zephyr and ESP-IDF (rtos/CMakeLists.txt). No RTOS is here.
"""

import re
import subprocess
from pathlib import Path

import kconfiglib
import pytest
import yaml
from conftest import ROOT, cancel, output_of

PACKAGES = ROOT / "boards/packages"
ZEPHYR = PACKAGES / "zephyr"
ESP_IDF = PACKAGES / "esp-idf/cilp"
HERE = Path(__file__).parent / "rtos"
CALLBACK = "MBEDTLS_X509_TRUSTED_CERTIFICATE_CALLBACK"

# Keys, each with its type, as far as they are of use to a library. Zephyr: "Modules",
# module.yml. ESP-IDF: "idf_component.yml Manifest File".
MODULE = {
    "name": str,
    "build": {"cmake": str, "kconfig": str, "cmake-ext": bool, "kconfig-ext": bool,
              "depends": list, "settings": dict},
    "tests": list, "samples": list, "boards": list, "blobs": list,
}  # fmt: skip
MANIFEST = {
    "version": str, "targets": list, "maintainers": list, "description": str,
    "license": str, "tags": list, "dependencies": dict, "files": dict, "examples": list,
    "url": str, "repository": str, "documentation": str, "issues": str,
    "discussion": str, "repository_info": dict,
}  # fmt: skip
# What the RTOS's own Kconfig has of what these ask for: the other options of an image.
AROUND = {
    "zephyr": ("POSIX_API", "NET_TCP", "NET_SOCKETS", "DNS_RESOLVER", "MBEDTLS"),
    "esp-idf": ("MBEDTLS_X509_TRUSTED_CERT_CALLBACK",),
}


def version():
    """The project's."""
    text = (ROOT / "CMakeLists.txt").read_text()
    return re.search(r"^project\(cilp VERSION (\S+)", text, re.MULTILINE)[1]


def assert_keys(found, known):
    """No key that is not known, each of its type."""
    assert isinstance(found, dict) and set(found) <= set(known)
    for key, value in found.items():
        kind = known[key]
        if isinstance(kind, dict):
            assert_keys(value, kind)
        else:
            assert isinstance(value, kind), key


def options(rtos, path, tmp_path, **chosen):
    """Kconfig's answer when an image has chosen so: {"CONFIG_X": value}."""
    root = tmp_path / "Kconfig"
    around = "".join(f'config {n}\n\tbool "{n}"\n\n' for n in AROUND[rtos])
    root.write_text(f'mainmenu "image"\n\n{around}source "{path}"\n')
    kconfig = kconfiglib.Kconfig(str(root), warn_to_stderr=False)
    for name, value in chosen.items():
        assert kconfig.syms[name].set_value(value), name
        assert kconfig.syms[name].str_value == value, name
    assert not kconfig.warnings, kconfig.warnings
    # as each build system hands them to CMake: n is not set at all
    return {f"CONFIG_{name}": symbol.str_value for name, symbol in kconfig.syms.items()
            if symbol.nodes and symbol.config_string and symbol.str_value != "n"}  # fmt: skip


def names_in(path):
    """The options that a Kconfig defines."""
    return set(re.findall(r"^\s*(?:menu)?config (\w+)$", path.read_text(), re.MULTILINE))


# Read


def test_the_module_of_zephyr():
    module = yaml.safe_load((ZEPHYR / "zephyr/module.yml").read_text())
    assert_keys(module, MODULE)
    assert module["name"] == "cilp"
    assert (ZEPHYR / module["build"]["cmake"] / "CMakeLists.txt").is_file()
    assert (ZEPHYR / module["build"]["kconfig"]).is_file()


def test_the_manifest_of_esp_idf():
    manifest = yaml.safe_load((ESP_IDF / "idf_component.yml").read_text())
    assert_keys(manifest, MANIFEST)
    assert manifest["version"] == version()
    assert manifest["license"] == "MIT" and "MIT" in (ROOT / "LICENSE").read_text()
    spec = r"(==|!=|[<>]=?|[~^])?\d+(\.\d+){0,2}"
    for name, wanted in manifest["dependencies"].items():
        assert re.fullmatch(r"idf|[a-z0-9_-]+/[a-z0-9_-]+", name)
        assert re.fullmatch(spec, wanted)


@pytest.mark.parametrize("folder", [ZEPHYR / "zephyr", ESP_IDF])
def test_each_option_is_used_and_each_used_one_exists(folder):
    text = (folder / "CMakeLists.txt").read_text()
    used = set(re.findall(r"(?<!\w)CONFIG_(\w+)", text))
    # in a loop: CONFIG_${size}
    used |= {name for line in re.findall(r"IN ITEMS ([\w\s]+)\)", text) for name in line.split()}
    defined = names_in(folder / "Kconfig")
    asked_for = {"CILP_NEEDS"} & defined  # which selects, and is nothing to CMake
    assert used == defined - asked_for


@pytest.mark.parametrize("folder", [ZEPHYR / "zephyr", ESP_IDF])
def test_options_and_sizes_are_the_layers_own(folder):
    """What becomes a macro is one that the sources know."""
    places = (*ROOT.glob("core/*.h"), *ROOT.glob("port/mbedtls/*.[ch]"),
              *ROOT.glob("port/mbedtls/ours/*.[ch]"))  # fmt: skip
    sources = "".join(path.read_text() for path in places)
    own = {"CILP", "CILP_NEEDS", "CILP_OWN_MBEDTLS", "CILP_MBEDTLS_DIR", "CILP_JSMN_DIR"}
    for name in names_in(folder / "Kconfig") - own:
        assert re.search(rf"^# *(ifndef|ifdef) {name}\b|defined\({name}\)", sources, re.M), name


@pytest.mark.parametrize("folder", [ZEPHYR / "zephyr", ESP_IDF])
def test_sources_are_those_of_the_lists(folder):
    text = (folder / "CMakeLists.txt").read_text()
    layers = {word for words in re.findall(r"cilp_sources\(\w+ ([^)]*)\)", text)
              for word in words.split()}  # fmt: skip
    assert {"core", "port", "port/bsd", "port/mbedtls"} <= layers
    for layer in layers:
        assert (ROOT / layer / "sources.list").is_file()
    assert not re.search(r"\b\w+\.c\b", text)


# Run


def configured(folder, module, values, *more):
    """The package's CMakeLists.txt, run; what went wrong, if it did."""
    words = [f"-D{name}={value}" for name, value in values.items()]
    done = subprocess.run(
        ["cmake", "-S", HERE, "-B", folder, f"-DMODULE={module}", "-DCMAKE_C_FLAGS=-O1", *words,
         *more], capture_output=True, text=True, check=False)  # fmt: skip
    return " ".join(done.stderr.split()) if done.returncode else ""


def test_zephyrs_needs_what_it_depends_on(tmp_path):
    path = ZEPHYR / "zephyr/Kconfig"
    kconfig = options("zephyr", path, tmp_path)
    assert not [name for name in kconfig if name.startswith("CONFIG_CILP")]


def test_zephyrs_with_its_own_mbedtls_cancels(third, standin, tmp_path):
    chosen = {name: "y" for name in AROUND["zephyr"] if name != "MBEDTLS"}
    values = options("zephyr", ZEPHYR / "zephyr/Kconfig", tmp_path, **chosen, CILP="y",
                     CILP_MBEDTLS_DIR=third["mbedtls"], CILP_JSMN_DIR=third["jsmn"],
                     CILP_IO_MAX="2048", CILP_TLS_ARENA="65536")  # fmt: skip
    # an application's: the two functions are this machine's
    user = ";".join(map(str, (HERE / "user.c", ROOT / "port/posix/clock.c",
                              ROOT / "port/posix/entropy.c")))  # fmt: skip
    said = configured(tmp_path / "build", ZEPHYR / "zephyr", values, f"-DUSER={user}")
    assert said == ""
    output_of("cmake", "--build", tmp_path / "build", "-j2")
    said = cancel(tmp_path / "build/user", standin)
    assert said.endswith(", arena 65536, window 2048\n")


@pytest.fixture(scope="module", name="theirs")
def _theirs(third, tmp_path_factory):
    """The headers of an mbedTLS as an RTOS has it, with what needs.h asks for."""
    folder = tmp_path_factory.mktemp("theirs")
    output_of("cp", "-r", f"{third['mbedtls']}/include", folder)
    path = folder / "include/mbedtls/mbedtls_config.h"
    text = path.read_text()
    assert f"//#define {CALLBACK}\n" in text
    path.write_text(text.replace(f"//#define {CALLBACK}\n", f"#define {CALLBACK}\n"))
    return folder / "include"


def test_zephyrs_with_zephyrs_mbedtls_compiles(third, theirs, tmp_path):
    chosen = {name: "y" for name in AROUND["zephyr"]}
    values = options("zephyr", ZEPHYR / "zephyr/Kconfig", tmp_path, **chosen, CILP="y",
                     CILP_JSMN_DIR=third["jsmn"])  # fmt: skip
    assert "CONFIG_CILP_OWN_MBEDTLS" not in values and "CONFIG_CILP_TLS_ARENA" not in values
    said = configured(tmp_path / "build", ZEPHYR / "zephyr", values, f"-DTHEIRS={theirs}")
    assert said == ""
    output_of("cmake", "--build", tmp_path / "build", "-j2")
    defined = output_of("nm", "-g", "--defined-only", tmp_path / "build/package/libcilp.a")
    assert " T cilp_tls_init\n" in defined and " mbedtls_ssl_setup\n" not in defined


def test_esp_idfs_compiles(third, theirs, tmp_path):
    values = options("esp-idf", ESP_IDF / "Kconfig", tmp_path, CILP_JSMN_DIR=third["jsmn"])
    assert values["CONFIG_MBEDTLS_X509_TRUSTED_CERT_CALLBACK"] == "y"
    said = configured(tmp_path / "build", ESP_IDF, values, f"-DTHEIRS={theirs}")
    assert said == ""
    output_of("cmake", "--build", tmp_path / "build", "-j2")
    defined = output_of("nm", "-g", "--defined-only", tmp_path / "build/package/lib__idf_cilp.a")
    assert {" T cilp_tls_init\n", " T cilp_bsd_tcp_init\n"} <= {
        line[line.index(" "):] for line in defined.splitlines(True) if " T " in line
    }


def test_esp_idfs_requirements_are_known_before_its_options(tmp_path):
    """ESP-IDF runs it as a script first, without a single option."""
    script = tmp_path / "early.cmake"
    script.write_text(
        "macro(idf_component_register)\nmessage(STATUS \"asks: ${ARGN}\")\nreturn()\nendmacro()\n"
        f"set(CMAKE_BUILD_EARLY_EXPANSION 1)\ninclude({ESP_IDF}/CMakeLists.txt)\n"
    )
    said = output_of("cmake", "-P", script)
    assert "PRIV_REQUIRES;lwip;mbedtls" in said and str(ROOT / "port/bsd/tcp.c") in said


@pytest.mark.parametrize("missing", ["CILP_JSMN_DIR", "CILP_MBEDTLS_DIR"])
def test_a_source_that_is_not_there_is_named(third, tmp_path, missing):
    chosen = {name: "y" for name in AROUND["zephyr"] if name != "MBEDTLS"}
    places = {"CILP_MBEDTLS_DIR": third["mbedtls"], "CILP_JSMN_DIR": third["jsmn"]}
    places[missing] = "/nowhere"
    values = options("zephyr", ZEPHYR / "zephyr/Kconfig", tmp_path, **chosen, CILP="y", **places)
    said = configured(tmp_path / "build", ZEPHYR / "zephyr", values)
    assert f"CONFIG_{missing} is '/nowhere', where there is no" in said
    if missing == "CILP_JSMN_DIR":
        values = options("esp-idf", ESP_IDF / "Kconfig", tmp_path, CILP_JSMN_DIR="/nowhere")
        assert f"CONFIG_{missing} is '/nowhere'" in configured(tmp_path / "other", ESP_IDF, values)
