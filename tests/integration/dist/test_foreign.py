"""The static programs of other machines, run by qemu's user mode against the stand-in."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from conftest import TESTS, Program, figure, skip_without_pss
from keyless import FLOWS, Keyless
from test_proxy import Through

IMAGE = "ami-0abcdef1234567890"
UNSHARED = "ami-000000000000000e0"
BUILD = TESTS.parent / "build"
# Bytes of the stripped programs when this was last raised, and what they may grow by.
RECORDS = {"amd64": 419_392, "arm64": 460_152, "armhf": 332_860, "riscv64": 386_648}
GROWTH = 1.03
CEILING = 448 * 1024


def hole(path):
    """Bytes of the file between what is loaded. arm64's pages may have 64 KB, to which the end
    of what becomes read-only is rounded; elsewhere it is a page of 4 KB."""
    said = subprocess.run(["readelf", "-lW", path], capture_output=True, text=True, check=True)
    loads = [line.split() for line in said.stdout.splitlines() if line.startswith("  LOAD")]
    parts = sorted((int(x[1], 16), int(x[4], 16)) for x in loads)
    gaps = (b[0] - sum(a) for a, b in zip(parts, parts[1:]))
    return sum(gaps)


# name: (qemu's name, what `file` calls it)
MACHINES = {
    "amd64": ("x86_64", "x86-64"),
    "arm64": ("aarch64", "ARM aarch64"),
    "armhf": ("arm", "ARM"),
    "riscv64": ("riscv64", "RISC-V"),
}
pytestmark = pytest.mark.skipif(
    not (BUILD / "linux/dist").is_dir(), reason="needs a release"
)
FOREIGN = [name for name in MACHINES if name != "amd64"]


def built(machine):
    """The program of a machine, as its preset leaves it."""
    preset = "linux" if machine == "amd64" else f"linux-{machine}"
    return BUILD / preset / "cilp"


def released(machine):
    """The stripped program of a machine, out of the dist folder."""
    (path,) = (BUILD / "linux/dist").glob(f"cilp-*-linux-{machine}")
    return path


class Foreign(Program):
    """A program of another machine under test."""

    def __init__(self, machine, standin):
        qemu = shutil.which(f"qemu-{MACHINES[machine][0]}-static")
        if not qemu:
            pytest.skip("needs qemu-user-static")
        super().__init__(released(machine), standin)
        self.qemu = Path(qemu)

    def start(self, *words, name="cilp", **more):
        """Starts it: qemu gives the program its name with -0."""
        program, self.path = self.path, self.qemu
        try:
            return super().start("-0", name, program, *words, **more)
        finally:
            self.path = program


@pytest.fixture(name="foreign", params=FOREIGN)
def _foreign(request, standin):
    return Foreign(request.param, standin)


def test_it_is_the_same_release_everywhere(foreign):
    ours = subprocess.run([released("amd64"), "--version"], capture_output=True, check=True)
    done = foreign("--version")
    assert (done.code, done.out, done.err) == (0, ours.stdout.decode(), "")


@pytest.mark.parametrize("listener", ["tls12", "tls12-ecdsa", "tls13", "tls13-ecdsa"])
def test_cancel(foreign, standin, listener):
    skip_without_pss(listener == "tls12")
    done = foreign("cancel", IMAGE, listener=listener)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"{IMAGE} cancelled")
    standin.settle()
    connections = standin.connections()
    assert {c["tls"]["version"] for c in connections} == {f"TLSv1.{listener[4]}"}
    assert {r["signature"] for r in standin.requests()} == {"ok"}
    assert not standin.shared(IMAGE)


def test_not_found_and_why(foreign, standin):
    done = foreign("cancel", UNSHARED)
    assert (done.code, done.out) == (251, "")
    assert "(InvalidAMIID.NotFound)" in done.err and "nothing to cancel" in done.err
    standin.settle()
    assert {r["signature"] for r in standin.requests()} == {"ok"}


@pytest.mark.parametrize(
    "listener, said",
    [
        ("wrong-host", "is for wrong.example, not for localhost"),
        ("untrusted", "nothing was sent"),
        ("expired", "nothing was sent"),
    ],
)
def test_a_server_that_is_another(foreign, standin, listener, said):
    done = foreign("cancel", IMAGE, listener=listener, env={"AWS_MAX_ATTEMPTS": "1"})
    done.failed(255, said)
    standin.settle()
    assert not standin.requests() and standin.shared(IMAGE)


@pytest.mark.parametrize("name", ["client-rsa", "client-p256", "client-p384"])
@pytest.mark.parametrize("source", ["iot", "roles-anywhere"])
def test_a_machine_with_a_certificate(foreign, standin, source, name):
    keyless = Keyless(foreign)
    leaf = standin.chains.client(name, suffix="-foreign")
    env = {"CILP_CERTIFICATE": str(leaf.chain_file), "CILP_PRIVATE_KEY": str(leaf.key_file)}
    done = keyless.run(FLOWS[source], "--even-if-in-use", env=env)
    requests = keyless.cancelled(FLOWS[source], done)
    assert [request["signature"] for request in requests] == ["ok", "ok"]


@pytest.mark.parametrize("user", ["", "alice:sesame"])
@pytest.mark.parametrize("listener", ["proxy", "proxy-https"])
def test_through_a_proxy(foreign, standin, listener, user):
    through = Through(foreign)
    standin.set(proxy_user=user)
    url = through.proxy(user, listener)
    done = through.cancel("--even-if-in-use", env={"HTTPS_PROXY": url})
    assert (done.code, done.err) == (0, "")
    assert len(through.asked(listener)) == len(through.asked("rsa")) == 1
    assert not standin.shared(IMAGE)


@pytest.mark.parametrize("machine", MACHINES)
def test_it_is_hardened(machine):
    words = ["readelf", "-lWd", built(machine)]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    assert "INTERP" not in said and "NEEDED" not in said and "TEXTREL" not in said
    assert re.search(r"\(FLAGS\) .*BIND_NOW", said)
    assert re.search(r"\(FLAGS_1\) .*NOW PIE", said)
    (stack,) = re.findall(r"GNU_STACK .*", said)
    assert stack.split()[-2] == "RW"
    assert not re.search(r"LOAD .* RWE ", said)
    assert "GNU_RELRO" in said
    debug = f"{built(machine)}.debug"
    symbols = subprocess.run(["readelf", "-sW", debug], capture_output=True, check=True)
    assert b"__stack_chk_fail" in symbols.stdout


@pytest.mark.parametrize("machine", MACHINES)
def test_it_is_one_link_time_unit(machine):
    commands = built(machine).with_name("compile_commands.json").read_text()
    assert "-flto" in commands


# musl's start of a static-PIE applies no others: what they are for stays NULL. Packed
# ones have no type, being of one kind alone.
@pytest.mark.parametrize("machine", MACHINES)
def test_all_relocations_are_relative(machine):
    words = ["readelf", "-rW", released(machine)]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    kinds = set(re.findall(r"\bR_\w+", said))
    assert kinds or ".relr.dyn" in said
    assert all(kind.endswith("_RELATIVE") for kind in kinds), said[:2000]


@pytest.mark.parametrize("machine", MACHINES)
def test_it_is_of_its_machine_and_stripped(machine):
    words = ["file", "-bL", released(machine)]
    said = subprocess.run(words, capture_output=True, text=True, check=True).stdout
    assert MACHINES[machine][1] in said and "static-pie linked" in said
    assert ", stripped" in said
    assert released(machine).stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("machine", MACHINES)
def test_size(machine):
    size, record = os.path.getsize(released(machine)), RECORDS[machine]
    zeros = hole(released(machine))
    figure(
        f"{size:,} bytes ({machine}, stripped), {size - record:+,} to the record,"
        f" {zeros:,} of them zeros between segments"
    )
    assert size <= record * GROWTH and size - zeros <= CEILING
