"""The SBOM beside a firmware's image: everything that was linked, by version, hash and the
names under which faults of it become known."""

import hashlib
import json
import re
import subprocess

import pytest
from conftest import BOARD, FAMILY, ROOT

CPE = "cpe:2.3:a:{}:{}:*:*:*:*:*:*:*"
CPES = {
    "mbedtls": ["trustedfirmware:mbed_tls", "arm:mbed_tls"],
    "lwip": ["lwip_project:lwip"],
    "newlib": ["newlib_project:newlib"],
    "picolibc": [],
    "libgcc": ["gnu:gcc"],
    "jsmn": [],
}
LIBC = {
    # a board's: its macro with the version, and the header that has it
    "virt-rv32": ("picolibc", "__PICOLIBC_VERSION__", "picolibc.h"),
    BOARD: ("newlib", "_NEWLIB_VERSION", "_newlib_version.h"),
}
CRYPTO = "tf-psa-crypto"  # which mbedTLS 4.x brings as a project of its own


def built(preset):
    """The folder of a preset, and its SBOM."""
    folder = ROOT / "build" / preset
    return folder, json.loads((folder / "cilp.spdx.json").read_text())


def named(sbom):
    """Its packages, by name."""
    return {package["name"]: package for package in sbom["packages"]}


def libc_of(board):
    """LIBC, of others of the family what that has."""
    return LIBC.get(board, LIBC[BOARD])


def names_of(parts, board):
    """CPES of what is in that board's image."""
    others = {row[0] for row in LIBC.values()} - {libc_of(board)[0]}
    mine = {name: cpes for name, cpes in CPES.items() if name not in others}
    return {**mine, CRYPTO: []} if parts["mbedtls"]["versionInfo"] >= "4" else mine


def references(package, kind):
    """What others call a package."""
    found = package.get("externalRefs", [])
    return [r["referenceLocator"] for r in found if r["referenceType"] == kind]


def compiler(folder, *words, text=""):
    """What the firmware's compiler says."""
    command = json.loads((folder / "board.json").read_text())["compiler"]
    return subprocess.run(
        [*command, *words], capture_output=True, text=True, check=True, input=text,
    ).stdout.strip()  # fmt: skip


def linked_libc(folder):
    """The C library that the linker took something of, by its map."""
    found = re.findall(r"^LOAD (\S+/libc\.a)$", (folder / "cilp.map").read_text(), re.M)
    assert len(set(found)) == 1, found
    return found[0]


@pytest.mark.parametrize("preset", ["", *FAMILY.get(BOARD, ())])
def test_it_is_of_that_image(board, preset):
    if preset not in ("", *FAMILY.get(board, ())):
        pytest.skip(f"{preset} is not {board}")
    folder, sbom = built(preset or board)
    program = named(sbom)["cilp.elf"]
    image = (folder / "cilp.elf").read_bytes()
    assert program["checksums"][0]["checksumValue"] == hashlib.sha256(image).hexdigest()
    rows = {tuple(row.values()) for row in sbom["relationships"]}
    assert ("SPDXRef-DOCUMENT", "DESCRIBES", program["SPDXID"]) in rows
    linked = {to for who, how, to in rows if (who, how) == (program["SPDXID"], "STATIC_LINK")}
    parts = named(sbom)
    assert linked == {parts[name]["SPDXID"] for name in names_of(parts, board)}


def test_every_part_has_its_version_hash_and_names(board):
    folder, sbom = built(board)
    parts = named(sbom)
    names = names_of(parts, board)
    assert set(parts) == {*names, "cilp", "cilp.elf"}
    for name in ("mbedtls", "lwip", "jsmn"):
        stamp = (folder / f"third_party/{name}.sha256").read_text()
        assert parts[name]["checksums"][0]["checksumValue"] == stamp
    libc, macro, header = libc_of(board)
    macros = compiler(folder, "-dM", "-E", "-", text=f"#include <{header}>")
    versions = {
        libc: re.search(rf'{macro} "(.+)"', macros)[1],
        "libgcc": compiler(folder, "-dumpfullversion"),
    }
    bytes_of = open(linked_libc(folder), "rb").read()
    assert parts[libc]["checksums"][0]["checksumValue"] == hashlib.sha256(bytes_of).hexdigest()
    for name, cpes in names.items():
        version = parts[name]["versionInfo"]
        assert version == versions.get(name, version) and re.match(r"\d+\.\d+", version)
        assert references(parts[name], "purl") == [f"pkg:generic/{name}@{version}"]
        wanted = [CPE.format(cpe, version) for cpe in cpes]
        assert references(parts[name], "cpe23Type") == wanted


def test_what_a_user_gives_is_named_too(tmp_path):
    """An unpacked mbedTLS 4.x, which has its cryptography as a project of its own, and lwIP:
    by the versions that lie there, without a hash."""
    texts = {
        "mbedtls/include/mbedtls/build_info.h": '#define MBEDTLS_VERSION_STRING "4.0.1"\n',
        "mbedtls/tf-psa-crypto/include/tf-psa-crypto/build_info.h":
            '#define TF_PSA_CRYPTO_VERSION_STRING "1.0.2"\n',
        "lwip/src/include/lwip/init.h": "#define LWIP_VERSION_MAJOR 2\n"
            "#define LWIP_VERSION_MINOR 2\n#define LWIP_VERSION_REVISION 9\n",
        "generated/made_of.cmake": f'set(CILP_MADE_DIR_mbedtls "{tmp_path}/mbedtls")\n'
            f'set(CILP_MADE_DIR_lwip "{tmp_path}/lwip")\n',
        "mine.elf": "an image",
    }  # fmt: skip
    for name, text in texts.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    subprocess.run(
        ["cmake", f"-DSOURCE={ROOT}", f"-DBUILD={tmp_path}", "-DVERSION=7", "-DBOARD=mine",
         f"-DIMAGE={tmp_path}/mine.elf", "-P", ROOT / "boards/firmware_sbom.cmake"],
        check=True,
    )  # fmt: skip
    sbom = json.loads((tmp_path / "mine.spdx.json").read_text())
    parts = named(sbom)
    versions = {"mbedtls": "4.0.1", "tf-psa-crypto": "1.0.2", "lwip": "2.2.9"}
    assert {n: parts[n]["versionInfo"] for n in versions} == versions
    assert not any("checksums" in parts[n] for n in versions)
    rows = {tuple(row.values()) for row in sbom["relationships"]}
    assert ("SPDXRef-Part-mbedtls", "CONTAINS", "SPDXRef-Part-tf-psa-crypto") in rows
    assert ("SPDXRef-Program-mine", "STATIC_LINK", "SPDXRef-Part-tf-psa-crypto") in rows
