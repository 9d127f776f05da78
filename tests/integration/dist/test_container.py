"""The container image: taken apart, and run with nothing else around it."""

import gzip
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import tarfile

import pytest
from conftest import TESTS, figure

IMAGE = "ami-0abcdef1234567890"
ROOT = TESTS.parent
RELEASE = ROOT / "build/linux/dist"
PATIENCE = 60
MACHINES = {"amd64": None, "arm64": "qemu-aarch64-static"}

pytestmark = [
    pytest.mark.skipif(not shutil.which("buildah"), reason="needs buildah"),
    pytest.mark.skipif(not RELEASE.is_dir(), reason="needs a release"),
]


def make(release, archive, **more):
    """Runs container.sh."""
    words = ["sh", ROOT / "boards/linux/container.sh", release, archive]
    return subprocess.run(words, capture_output=True, text=True, check=False, **more)


class Archive:
    """An OCI archive: https://github.com/opencontainers/image-spec"""

    def __init__(self, path):
        with tarfile.open(path) as tar:
            self.files = {
                member.name.removeprefix("./"): tar.extractfile(member).read()
                for member in tar
                if member.isfile()
            }
        self.named = {"index.json", "oci-layout"}
        self.size = path.stat().st_size

    def blob(self, descriptor):
        """What a descriptor names: of its size and its hash."""
        algorithm, _, digest = descriptor["digest"].partition(":")
        name = f"blobs/{algorithm}/{digest}"
        self.named.add(name)
        blob = self.files[name]
        assert len(blob) == descriptor["size"]
        assert hashlib.sha256(blob).hexdigest() == digest
        return blob

    def manifests(self):
        """The manifest of each machine, out of the one index."""
        (index,) = json.loads(self.files["index.json"])["manifests"]
        assert index["mediaType"] == "application/vnd.oci.image.index.v1+json"
        found = json.loads(self.blob(index))["manifests"]
        assert {m["platform"]["os"] for m in found} == {"linux"}
        return {m["platform"]["architecture"]: json.loads(self.blob(m)) for m in found}


@pytest.fixture(scope="module", name="archive")
def _archive(tmp_path_factory):
    path = tmp_path_factory.mktemp("container") / "cilp.tar"
    done = make(RELEASE, path)
    assert done.returncode == 0, done.stderr
    assert str(path.stat().st_size) in done.stdout
    return Archive(path)


@pytest.fixture(name="unpacked", params=MACHINES)
def _unpacked(archive, request):
    """(machine, configuration, the layer's bytes)"""
    manifest = archive.manifests()[request.param]
    (layer,) = manifest["layers"]
    config = json.loads(archive.blob(manifest["config"]))
    tar = gzip.decompress(archive.blob(layer))
    assert config["rootfs"]["diff_ids"] == ["sha256:" + hashlib.sha256(tar).hexdigest()]
    return request.param, config, tar


def test_an_image_for_each_of_two_machines_and_nothing_else(archive):
    manifests = archive.manifests()
    assert sorted(manifests) == ["amd64", "arm64"]
    for manifest in manifests.values():
        for part in [manifest["config"], *manifest["layers"]]:
            archive.blob(part)
    assert set(archive.files) == archive.named
    figure(f"container archive of both: {archive.size:,} bytes")


def test_one_layer_with_one_file(archive, unpacked):
    machine, config, tar = unpacked
    with tarfile.open(fileobj=io.BytesIO(tar)) as layer:
        (member,) = layer.getmembers()
        program = layer.extractfile(member).read()
    assert (member.name, member.mode & 0o7777, member.uid, member.gid) == ("cilp", 0o755, 0, 0)
    (released,) = RELEASE.glob(f"cilp-*-linux-{machine}")
    assert program == released.read_bytes()
    assert config["architecture"] == machine
    (layer,) = archive.manifests()[machine]["layers"]
    figure(f"container image of {machine}: {layer['size']:,} bytes to pull")


def test_its_configuration(unpacked):
    _, config, _ = unpacked
    run = config["config"]
    assert run["User"] == "65532:65532" and run["Entrypoint"] == ["/cilp"]
    assert not {"Cmd", "Volumes", "ExposedPorts", "WorkingDir"} & run.keys()
    label = "org.opencontainers.image."
    labels = {k.removeprefix(label): v for k, v in run["Labels"].items()}
    (sbom,) = RELEASE.glob("*.spdx.json")
    made = json.loads(sbom.read_text())
    source = next(p for p in made["packages"] if p["name"] == "cilp")
    assert labels["title"] == "cilp" and labels["description"]
    assert labels["version"] == source["versionInfo"]
    assert "commit " + labels["revision"] == source["sourceInfo"]
    assert labels["created"] == config["created"] == made["creationInfo"]["created"]


# Run

# In a mount table of its own: one read-only file system with the layer and a CA bundle
# (an emulator, where it takes one), and nothing else. Then no capability, no new
# privileges, and a user that nobody knows.
RUN = """
set -eu
root=$1 layer=$2 bundle=$3 user=$4 emulator=$5
shift 5
mount -t tmpfs -o size=16m,mode=755 none "$root"
tar -C "$root" -xf "$layer"
install -m 644 "$bundle" "$root/ca.pem"
[ -z "$emulator" ] || install -m 755 "$emulator" "$root/emulator"
mount -o remount,ro,nosuid,nodev "$root"
ls -A "$root"
echo --
exec setpriv --no-new-privs --inh-caps=-all \\
    --bounding-set=-all,+sys_chroot,+setuid,+setgid \\
    chroot --userspec="$user" --groups= "$root" ${emulator:+/emulator} "$@"
"""
KINDS = set("socket socketpair bind listen accept accept4 connect getsockname getpeername "
    "sendto sendmsg sendmmsg recvfrom recvmsg recvmmsg setsockopt getsockopt shutdown".split())
CALLS = {"socket", "setsockopt", "getsockopt", "connect", "sendto", "recvfrom", "shutdown"}


def run_alone(image, standin, folder, *before):
    """Runs what the image says, as it says, with a cancel's arguments."""
    machine, config, tar = image
    if os.geteuid() != 0:
        pytest.skip("mounts and chroot need root")
    emulator = MACHINES[machine] and shutil.which(MACHINES[machine])
    if MACHINES[machine] and not emulator:
        pytest.skip(f"needs {MACHINES[machine]}")
    (folder / "layer.tar").write_bytes(tar)
    (folder / "root").mkdir()
    run = config["config"]
    words = ["unshare", "--mount", *before, "sh", "-c", RUN, "sh", folder / "root"]
    words += [folder / "layer.tar", standin.ca_bundle, run["User"], emulator or ""]
    image_s = dict(pair.split("=", 1) for pair in run["Env"])
    return subprocess.run(
        [*words, *run["Entrypoint"], "cancel", IMAGE],
        env={**image_s, **standin.environment(), "AWS_CA_BUNDLE": "/ca.pem"},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def test_it_runs_alone_read_only_without_rights(unpacked, standin, tmp_path):
    done = run_alone(unpacked, standin, tmp_path)
    assert (done.returncode, done.stderr) == (0, ""), done
    listed, _, said = done.stdout.partition("--\n")
    assert set(listed.split()) - {"emulator"} == {"ca.pem", "cilp"}
    assert said.startswith(f"{IMAGE} cancelled")
    assert standin.settle(PATIENCE)
    assert {r["signature"] for r in standin.requests()} == {"ok"}
    assert not standin.shared(IMAGE)


# The emulator of the other machine has calls of its own.
@pytest.mark.parametrize("unpacked", ["amd64"], indirect=True)
def test_of_the_network_it_only_connects(unpacked, standin, tmp_path):
    if not shutil.which("strace"):
        pytest.skip("needs strace")
    log = tmp_path / "log"
    done = run_alone(unpacked, standin, tmp_path, "strace", "-f", "-o", log)
    assert done.returncode == 0, done
    text = log.read_text(errors="replace")
    calls = re.findall(r"^\d+ +(\w+)\(", text[text.index('execve("/cilp"') :], re.M)
    network = {call for call in calls if call in KINDS}
    assert {"socket", "connect"} <= network <= CALLS


# What is no image


def spoilt(tmp_path, change):
    """A copy of the release with another program for arm64, whose sum is right."""
    copy = tmp_path / "dist"
    shutil.copytree(RELEASE, copy)
    (program,) = copy.glob("cilp-*-linux-arm64")
    change(program)
    names = [line.split()[1] for line in (copy / "SHA256SUMS").read_text().splitlines()]
    sums = [hashlib.sha256((copy / name).read_bytes()).hexdigest() for name in names]
    lines = [f"{digest}  {name}\n" for digest, name in zip(sums, names)]
    (copy / "SHA256SUMS").write_text("".join(lines))
    return copy


def without_roots(program):
    """Takes away what a trust anchor is known by."""
    program.write_bytes(program.read_bytes().replace(b"Amazon Root CA", b"Nobody Root CA"))


def for_another_machine(program):
    """The program for this machine under the other's name."""
    shutil.copy(program.with_name(program.name.replace("arm64", "amd64")), program)


def with_a_loader(program):
    """A header of arm64 that asks for a loader: PT_LOAD becomes PT_INTERP."""
    code = bytearray(program.read_bytes())
    first = int.from_bytes(code[32:40], "little")
    code[first : first + 4] = (3).to_bytes(4, "little")
    program.write_bytes(code)


@pytest.mark.parametrize(
    "change, reason",
    [
        (without_roots, "has no trust anchor"),
        (for_another_machine, "is no program for arm64"),
        (with_a_loader, "needs a loader and libraries"),
    ],
)
def test_a_program_that_could_not_work_there_is_refused(tmp_path, change, reason):
    done = make(spoilt(tmp_path, change), tmp_path / "cilp.tar")
    assert done.returncode == 1 and reason in done.stderr
    assert done.stderr.count("container.sh:") == 1
    assert not (tmp_path / "cilp.tar").exists()


def test_a_release_that_was_changed_is_refused(tmp_path):
    copy = tmp_path / "dist"
    shutil.copytree(RELEASE, copy)
    (program,) = copy.glob("cilp-*-linux-amd64")
    program.write_bytes(program.read_bytes() + b"x")
    done = make(copy, tmp_path / "cilp.tar")
    assert done.returncode == 1 and "is not as it was built" in done.stderr


def test_no_release_and_no_buildah_are_said(tmp_path):
    done = make(tmp_path, tmp_path / "cilp.tar")
    assert done.returncode == 1 and "there is no SBOM" in done.stderr
    (tmp_path / "sh").symlink_to("/bin/sh")
    (tmp_path / "dirname").symlink_to(shutil.which("dirname"))
    done = make(RELEASE, tmp_path / "cilp.tar", env={"PATH": str(tmp_path)})
    assert done.returncode == 1 and "apt-get install buildah" in done.stderr
