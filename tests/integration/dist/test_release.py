"""The files of a release: sums, licences, and the SBOM as SPDX 2.3 wants it."""

import hashlib
import json
import re
import subprocess
from datetime import datetime

import pytest
from conftest import TESTS

ROOT = TESTS.parent
BUILD = ROOT / "build/linux"
RELEASE = BUILD / "dist"
MACHINES = ["amd64", "arm64", "armhf", "riscv64"]

pytestmark = pytest.mark.skipif(not RELEASE.is_dir(), reason="needs a release")


@pytest.fixture(scope="module", name="sbom")
def _sbom():
    (path,) = RELEASE.glob("cilp-*.spdx.json")
    return json.loads(path.read_text(encoding="utf-8"))


def version():
    """What the project calls itself."""
    text = (ROOT / "CMakeLists.txt").read_text()
    return re.search(r"project\(cilp VERSION (\S+)", text)[1]


def test_these_files_and_no_others():
    name = f"cilp-{version()}"
    programs = {f"{name}-linux-{machine}" for machine in MACHINES}
    wanted = programs | {f"{name}.spdx.json", f"{name}-licences.txt", "SHA256SUMS"}
    assert {path.name for path in RELEASE.iterdir()} == wanted


def test_sums():
    words = ["sha256sum", "--strict", "--quiet", "-c", "SHA256SUMS"]
    subprocess.run(words, cwd=RELEASE, check=True)
    lines = (RELEASE / "SHA256SUMS").read_text().splitlines()
    named = {line.split("  ")[1] for line in lines}
    assert named == {path.name for path in RELEASE.iterdir()} - {"SHA256SUMS"}


def test_licences_of_all_parts(sbom):
    (path,) = RELEASE.glob("*-licences.txt")
    text = path.read_text(encoding="utf-8")
    parts = {p["name"] for p in sbom["packages"] if p["SPDXID"][8:12] in ("Part", "Libc")}
    assert set(re.findall(r"^==== ([\w-]+)$", text, re.M)) == parts | {"cilp"}
    for words in ("Copyright (c) 2026 the cilp authors", "Apache License", "Rich Felker"):
        assert words in text


# SPDX 2.3: https://spdx.github.io/spdx-spec/v2.3/

IDENTIFIER = r"SPDXRef-[A-Za-z0-9.-]+"
SUPPLIER = r"NOASSERTION|(Person|Organization): .+"
PURPOSES = {"APPLICATION", "LIBRARY", "SOURCE"}
# Annex D's names of those that may occur here.
LICENCES = {"MIT", "Apache-2.0", "GPL-2.0-or-later", "BSD-3-Clause"}
RELATIONSHIPS = {"CONTAINS", "DESCRIBES", "GENERATED_FROM", "STATIC_LINK"}
REFERENCES = {
    ("PACKAGE-MANAGER", "purl"): r"pkg:generic/[\w.-]+@[\w.-]+",
    ("SECURITY", "cpe23Type"): r"cpe:2\.3:a:[\w-]+:[\w-]+:[\w.-]+(:\*){7}",
}


def test_document_creation(sbom):  # clause 6
    assert sbom["spdxVersion"] == "SPDX-2.3"
    assert sbom["dataLicense"] == "CC0-1.0"
    assert sbom["SPDXID"] == "SPDXRef-DOCUMENT"
    assert sbom["name"] == f"cilp-{version()}"
    assert re.fullmatch(r"https://[^#\s]+", sbom["documentNamespace"])
    creation = sbom["creationInfo"]
    datetime.strptime(creation["created"], "%Y-%m-%dT%H:%M:%SZ")
    assert creation["creators"]
    for creator in creation["creators"]:
        assert re.fullmatch(r"(Tool|Person|Organization): .+", creator)


def test_identifiers_are_unique(sbom):
    names = [p["SPDXID"] for p in sbom["packages"]] + [sbom["SPDXID"]]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(IDENTIFIER, name) for name in names)


def is_licence(text):
    """NOASSERTION, or an expression of known names: annex D."""
    names = re.findall(r"[^\s()]+", text)
    return text == "NOASSERTION" or (
        set(names[::2]) <= LICENCES and set(names[1::2]) <= {"OR", "AND"}
    )


def test_packages(sbom):  # clause 7
    for package in sbom["packages"]:
        assert package["name"] and package["versionInfo"]
        # 7.8: files were not analysed, so there are none, and no code of them.
        assert package["filesAnalyzed"] is False
        assert not {"packageVerificationCode", "hasFiles"} & package.keys()
        location = package["downloadLocation"]
        assert location == "NOASSERTION" or re.fullmatch(r"https://\S+", location)
        assert re.fullmatch(SUPPLIER, package["supplier"])
        assert package["primaryPackagePurpose"] in PURPOSES
        assert is_licence(package["licenseDeclared"]) and is_licence(package["licenseConcluded"])
        assert package["copyrightText"]
        for checksum in package.get("checksums", []):
            assert checksum["algorithm"] == "SHA256"
            assert re.fullmatch("[0-9a-f]{64}", checksum["checksumValue"])
        for reference in package.get("externalRefs", []):
            kind = (reference["referenceCategory"], reference["referenceType"])
            assert re.fullmatch(REFERENCES[kind], reference["referenceLocator"])
    assert "files" not in sbom


def test_relationships(sbom):  # clause 11
    names = {p["SPDXID"] for p in sbom["packages"]} | {sbom["SPDXID"]}
    seen = set()
    for row in sbom["relationships"]:
        assert row.keys() == {"spdxElementId", "relationshipType", "relatedSpdxElement"}
        assert row["relationshipType"] in RELATIONSHIPS
        ends = {row["spdxElementId"], row["relatedSpdxElement"]}
        assert ends <= names and len(ends) == 2
        seen |= ends
    # Nothing stands alone.
    assert seen == names


# What it says


def sha256(package):
    """A package's one hash."""
    (checksum,) = package["checksums"]
    return checksum["checksumValue"]


def linked(sbom, package):
    """What a program was linked from, by name."""
    packages = {p["SPDXID"]: p for p in sbom["packages"]}
    return {
        packages[row["relatedSpdxElement"]]["name"]: packages[row["relatedSpdxElement"]]
        for row in sbom["relationships"]
        if (row["spdxElementId"], row["relationshipType"]) == (package["SPDXID"], "STATIC_LINK")
    }


def stamps():
    """The third parties that the build has unpacked, with their hashes."""
    return {p.stem: p.read_text() for p in (BUILD / "third_party").glob("*.sha256")}


@pytest.mark.parametrize("machine", MACHINES)
def test_a_program_and_its_parts(sbom, machine):
    name = f"cilp-{version()}-linux-{machine}"
    (package,) = [p for p in sbom["packages"] if p["name"] == name]
    described = {
        row["relatedSpdxElement"]
        for row in sbom["relationships"]
        if row["relationshipType"] == "DESCRIBES" and row["spdxElementId"] == sbom["SPDXID"]
    }
    assert package["SPDXID"] in described
    program = (RELEASE / name).read_bytes()
    assert sha256(package) == hashlib.sha256(program).hexdigest()
    parts = linked(sbom, package)
    crypto = {"tf-psa-crypto"} if parts["mbedtls"]["versionInfo"] >= "4" else set()
    assert parts.keys() == stamps().keys() | {"musl"} | crypto
    for part, digest in stamps().items():
        assert sha256(parts[part]) == digest
    build = BUILD if machine == "amd64" else BUILD.with_name(f"linux-{machine}")
    (libc,) = (build / "musl/usr/lib").glob("*/libc.a")
    assert sha256(parts["musl"]) == hashlib.sha256(libc.read_bytes()).hexdigest()
    # By its bytes: older than 1.2.4 asks no name server over TCP.
    text = libc.read_bytes()
    (said,) = set(re.findall(rb"\0(1\.[0-9]+\.[0-9]+)\0", text))
    assert parts["musl"]["versionInfo"] == said.decode()
    assert tuple(map(int, said.split(b"."))) >= (1, 2, 4)
    assert parts["musl"]["sourceInfo"].endswith(f"_{machine}.deb")


def test_versions_are_those_of_the_program(sbom):
    (program,) = RELEASE.glob("*-linux-amd64")
    said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    words = re.fullmatch(r"cilp (\S+) \(git (\S+)\) mbedTLS/(\S+) roots/\S+\n", said.stdout)
    packages = {p["name"]: p for p in sbom["packages"]}
    assert packages["cilp"]["versionInfo"] == words[1]
    assert packages["cilp"]["sourceInfo"] == f"commit {words[2]}"
    assert packages["mbedtls"]["versionInfo"] == words[3]


# What is no release


def refused(tmp_path, given="", host="x86_64"):
    """Runs dist.cmake in a build that has chosen its third parties so."""
    generated = tmp_path / "build/generated"
    generated.mkdir(parents=True)
    (generated / "given.cmake").write_text(given)
    settings = {"SOURCE": ROOT, "BUILD": tmp_path / "build", "VERSION": "0", "HOST": host}
    words = [f"-D{name}={value}" for name, value in settings.items()]
    script = ROOT / "boards/linux/dist.cmake"
    done = subprocess.run(
        ["cmake", *words, "-P", script], capture_output=True, text=True, check=False
    )
    assert done.returncode != 0 and not (tmp_path / "build/dist").exists()
    return " ".join(done.stderr.split())


def test_a_source_that_nobody_can_name_is_refused(tmp_path):
    given = f'set(MBEDTLS_SOURCE_DIR "{tmp_path}" CACHE STRING "" FORCE)\n'
    assert f"MBEDTLS_SOURCE_DIR is a folder, {tmp_path}" in refused(tmp_path, given)


def test_it_is_made_on_one_kind_of_machine(tmp_path):
    assert "this is riscv64" in refused(tmp_path, host="riscv64")


# Which sources

TELL = """
include({root}/boards/linux/source_id.cmake)
cilp_source_id({source} id date)
message("${{id}} ${{date}}")
"""


def source_id(tmp_path, source, root=ROOT, **env):
    """(id, date) as the build has them."""
    script = tmp_path / "tell.cmake"
    script.write_text(TELL.format(root=root, source=source))
    told = subprocess.run(
        ["cmake", "-P", script],
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), **env},
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(told.stderr.split())


@pytest.fixture(name="commit")
def _commit(tmp_path):
    """A folder with one commit: (folder, its id)"""
    folder = tmp_path / "sources"
    (folder / "boards/linux").mkdir(parents=True)
    for name in (".gitattributes", "boards/linux/source_id.cmake"):
        (folder / name).write_bytes((ROOT / name).read_bytes())
    dates = {"GIT_AUTHOR_DATE": "1000000000 +0900", "GIT_COMMITTER_DATE": "1000000000 +0900"}
    who = ["-c", "user.name=x", "-c", "user.email=x@example.com"]
    for words in (["init", "-q"], ["add", "."], [*who, "commit", "-qm", "x"]):
        subprocess.run(["git", *words], cwd=folder, env={"PATH": "/usr/bin:/bin", **dates}, check=True)
    words = ["git", "rev-parse", "HEAD"]
    told = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=True)
    return folder, told.stdout[:7]


def test_a_commit_names_sources_and_date(commit, tmp_path):
    folder, name = commit
    assert source_id(tmp_path, folder) == (name, "1000000000")
    assert source_id(tmp_path, folder, SOURCE_DATE_EPOCH="5") == (name, "5")
    (folder / ".gitattributes").write_text("changed\n")
    assert source_id(tmp_path, folder) == (f"{name}-dirty", "1000000000")


def test_an_archive_by_git_knows_its_commit(commit, tmp_path):
    folder, name = commit
    other = tmp_path / "other"
    other.mkdir()
    words = "git archive HEAD | tar -x -C ../other"
    subprocess.run(words, shell=True, cwd=folder, check=True)
    assert source_id(tmp_path, other, other) == (name, "1000000000")


def test_sources_alone_are_unknown_also_in_another_s_repository(commit, tmp_path):
    folder, _ = commit
    inside = folder / "package/cilp"
    inside.mkdir(parents=True)
    assert source_id(tmp_path, inside) == ("unknown", "0")
    assert source_id(tmp_path, tmp_path) == ("unknown", "0")
