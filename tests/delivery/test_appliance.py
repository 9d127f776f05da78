"""The bootable image, in QEMU without KVM: it cancels at the stand-in, and every way in
which a boot can fail ends with its reason and a status.
"""

import gzip
import os
import re
import shutil
import subprocess
import time
from pathlib import Path

import accounts
import pytest
import web_identity
from conftest import ROOT, figure
from standin import Standin

IMAGE = "ami-0abcdef1234567890"
BUILDS_IMAGE = "ami-000000000000005a1"
KEYS = {"AWS_ACCESS_KEY_ID": accounts.CALLER_KEY, "AWS_SECRET_ACCESS_KEY": accounts.SECRET}
NO_METADATA = {"AWS_EC2_METADATA_DISABLED": "true"}
BOOT_LIMIT = 100
# QEMU's user network, where the host's loopback is `host`; another on which instance
# metadata may be asked, which has to be on the machine's own link; a wire without anybody.
USER = "user,id=n,ipv6=off"
LINK = "user,id=n,ipv6=off,net=169.254.169.0/24,host=169.254.169.254,dhcpstart=169.254.169.15"
NOBODY = "hubport,id=n,hubid=0"


@pytest.fixture(scope="module", autouse=True)
def _needs(cilp):
    """A processor of that kind, and its emulator: left out without them, with a line."""
    lacks = "" if shutil.which("qemu-system-x86_64") else "there is no qemu-system-x86_64"
    if not (cilp.parent / "appliance_init").exists():
        lacks = "the program is not for amd64"
    if lacks:
        figure(f"appliance: left out, {lacks}")
        pytest.skip(lacks)


def build(cilp, out, folder=None, **env):
    """Runs build.sh."""
    words = ["sh", ROOT / "boards/appliance/build.sh", "-p", cilp, "-o", out]
    return subprocess.run(
        [*words, *([folder] if folder else [])],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **env},
    )


def write_job(folder, job, env, **settings):
    """The file `job` of an image."""
    settings = {**({"job": job} if job else {}), **settings}
    variables = {f"env.{name}": value for name, value in env.items()}
    lines = [f"{name}={value}\n" for name, value in {**settings, **variables}.items()]
    (folder / "job").write_text("# of a test\n" + "".join(lines))


def command_line(job="", env=None, **settings):
    """The kernel's, with the job's settings."""
    words = ["console=ttyS0 quiet panic=-1 cilp.exit=isa-debug-exit"]
    words += [f'cilp.job="{job}"'] if job else []
    words += [f"cilp.{name}={value}" for name, value in settings.items()]
    words += [f"cilp.env.{name}={value}" for name, value in (env or {}).items()]
    return " ".join(words)


class Boot:
    """One boot, from QEMU's start to its end: console, exit code of the job, seconds."""

    def __init__(self, out, line, network=USER, *options):
        network = ["-netdev", network, "-device", "virtio-net-pci,netdev=n,romfile="]
        words = ["qemu-system-x86_64", "-M", "q35", "-accel", "tcg", "-m", "256"]
        words += ["-nodefaults", "-display", "none", "-serial", "stdio", "-no-reboot"]
        words += ["-kernel", out / "vmlinuz", "-initrd", out / "initrd.gz", "-append", line]
        words += network if network[1] else []
        words += ["-device", "virtio-rng-pci", "-device", "isa-debug-exit", *options]
        start = time.monotonic()
        done = subprocess.run(
            words,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=BOOT_LIMIT,
        )
        self.seconds = time.monotonic() - start
        self.console = done.stdout + done.stderr
        self.status = done.returncode
        # README.md: 1 is success; of the other codes bit 7 is not in the status.
        self.code = done.returncode >> 1 and done.returncode >> 1 | 128

    def __repr__(self):
        return self.console

    def ended(self, code, *fragments):
        """It ended so, said so, and told no secret."""
        assert self.status & 1 and self.code == code, self
        assert f"appliance: ended with exit code {code}\n" in self.console, self
        assert self.console.count("appliance: ended") == 1
        assert accounts.SECRET not in self.console
        for fragment in fragments:
            assert fragment in self.console, self
        return True


@pytest.fixture(scope="module", name="running")
def _running():
    names = ("10.0.2.2", "169.254.169.254")
    with Standin(["rsa", "imds", "sts"], names=names) as standin:
        yield standin


@pytest.fixture(name="standin")
def _standin(running):
    running.reset()
    return running


def there(standin, host="10.0.2.2"):
    """The variables that point a guest to the stand-in."""
    return {
        "AWS_ENDPOINT_URL_EC2": f"https://{host}:{standin.port('rsa')}",
        "AWS_ENDPOINT_URL_STS": f"https://{host}:{standin.port('sts')}",
        "AWS_CA_BUNDLE": "/etc/cilp/ca.pem",
        "AWS_REGION": "us-east-1",
    }


@pytest.fixture(scope="module", name="folder")
def _folder(running, tmp_path_factory):
    folder = tmp_path_factory.mktemp("job")
    running.root_file("rsa")
    shutil.copy(running.ca_bundle, folder / "ca.pem")
    (folder / "token").write_text(web_identity.token())
    write_job(folder, None, there(running))
    return folder


@pytest.fixture(scope="module", name="out")
def _out(cilp, folder, tmp_path_factory):
    """The image: its job comes on the command line, what is secret too."""
    out = tmp_path_factory.mktemp("out")
    done = build(cilp, out, folder)
    assert done.returncode == 0, done
    sizes = {name: (out / name).stat().st_size for name in ("vmlinuz", "initrd.gz")}
    assert f"vmlinuz {sizes['vmlinuz']} bytes" in done.stdout
    figure(
        f"appliance: kernel {sizes['vmlinuz'] / 1e6:.1f} MB, all else"
        f" {sizes['initrd.gz'] / 1e6:.1f} MB"
    )
    return out


# It does its job


@pytest.mark.parametrize("clock", ["1970-01-02T00:00:00", "2031-05-05T00:00:00"])
def test_cancels_whatever_the_clock_says(out, standin, clock):
    line = command_line(f"cancel {IMAGE} --audit -", {**KEYS, **NO_METADATA})
    boot = Boot(out, line, USER, "-rtc", f"base={clock}")
    assert boot.ended(0, f"{IMAGE} cancelled", '"verdict": "cancelled"')
    standin.settle()
    assert not standin.shared(IMAGE)
    signatures = [r["signature"] for r in standin.requests() if r["action"]]
    assert signatures and set(signatures) <= {"ok", "none"}
    assert " s behind EC2's; requests were signed for EC2's time" in boot.console, boot
    figure(f"appliance: clock at {clock[:4]}, {boot.seconds:.1f} s of QEMU with a cancel")


def test_keys_of_instance_metadata(out, standin):
    host = "169.254.169.254"
    env = {
        **there(standin, host),
        "AWS_EC2_METADATA_SERVICE_ENDPOINT": f"http://{host}:{standin.port('imds')}/",
    }
    boot = Boot(out, command_line(f"cancel {BUILDS_IMAGE}", env), LINK)
    assert boot.ended(0, f"{BUILDS_IMAGE} cancelled")
    assert not standin.shared(BUILDS_IMAGE, "555566667777")


def test_web_identity_with_a_token_in_the_image(out, standin):
    env = {
        "AWS_ROLE_ARN": "arn:aws:iam::555566667777:role/by-web-identity",
        "AWS_WEB_IDENTITY_TOKEN_FILE": "/etc/cilp/token",
        "AWS_ROLE_SESSION_NAME": "appliance",
    }
    boot = Boot(out, command_line(f"cancel {BUILDS_IMAGE}", env))
    assert boot.ended(0, f"{BUILDS_IMAGE} cancelled")
    assert not standin.shared(BUILDS_IMAGE, "555566667777")


def test_powers_off_where_there_is_nothing_to_tell_a_status_to(out):
    line = command_line("--version").replace("isa-debug-exit", "power-off")
    boot = Boot(out, line)
    assert boot.status == 0 and "appliance: ended with exit code 0\n" in boot.console, boot


# It fails, and says why


def test_no_interface(out):
    boot = Boot(out, command_line(f"cancel {IMAGE}", KEYS, network=2), "")
    assert boot.ended(255, "no network: there is no interface", "nothing was sent")


def test_nobody_answers_dhcp(out):
    boot = Boot(out, command_line(f"cancel {IMAGE}", KEYS, network=3), NOBODY)
    assert boot.ended(255, "no network: nobody answered DHCP on eth0; nothing was sent")


def test_no_credentials(out, standin):
    boot = Boot(out, command_line(f"cancel {IMAGE}", NO_METADATA))
    assert boot.ended(253, "cilp: no credentials: ")
    assert not standin.requests() and standin.shared(IMAGE)


@pytest.mark.parametrize(
    "path, room, said",
    [
        ("/run/audit", "4k", "is on a disk that is full; nothing was sent"),
        ("/audit", "64k", "may not be written by this user; nothing was sent"),
    ],
)
def test_full_disk_and_read_only_root(out, standin, path, room, said):
    job = f"cancel {IMAGE} --audit {path}"
    boot = Boot(out, command_line(job, {**KEYS, **NO_METADATA}, room=room))
    assert boot.ended(253, f"the audit file '{path}' {said}")
    assert not standin.requests() and standin.shared(IMAGE)


def test_deadline(out, standin):
    standin.always(stall=60)
    job = f"cancel {IMAGE} --deadline 50"
    boot = Boot(out, command_line(job, {**KEYS, **NO_METADATA}, deadline=12))
    assert boot.ended(143, "appliance: the deadline has come")


def test_no_job_and_a_setting_that_is_none(out):
    assert Boot(out, command_line()).ended(253, "appliance: there is no job; write job=")
    boot = Boot(out, command_line(jobs=accounts.SECRET))
    assert boot.ended(253, "kernel command line: cilp.a setting is none of job")


# What is in it


def test_same_bytes_in_another_place(cilp, folder, out, tmp_path):
    assert build(cilp, tmp_path, folder).returncode == 0
    for name in ("vmlinuz", "initrd.gz"):
        assert (tmp_path / name).read_bytes() == (out / name).read_bytes()


def test_no_shell_has_a_name(out):
    listed = subprocess.run(
        ["cpio", "-it", "--quiet"],
        input=gzip.decompress((out / "initrd.gz").read_bytes()),
        capture_output=True,
        check=True,
    ).stdout.decode()
    files = [name for name in listed.split() if not name.startswith("lib/modules/")]
    assert {name for name in files if name.startswith("bin/")} == {"bin/busybox"}
    assert not re.search(r"(^|/)(a|ba|da)?sh$", listed, re.MULTILINE)


@pytest.mark.parametrize(
    "env, said",
    [
        (NO_METADATA, "the image has no credential source"),
        ({"AWS_WEB_IDENTITY_TOKEN_FILE": "/etc/cilp/absent"}, "has no such file"),
        ({"AWS_CA_BUNDLE": "/etc/cilp/absent.pem"}, "has no such file"),
    ],
)
def test_an_image_that_could_not_do_its_job_is_not_built(cilp, tmp_path, env, said):
    folder = tmp_path / "job"
    folder.mkdir()
    write_job(folder, f"cancel {IMAGE}", env)
    done = build(cilp, tmp_path / "out", folder)
    assert done.returncode == 1 and said in done.stderr, done
    assert not (tmp_path / "out/initrd.gz").exists()


def test_a_program_without_roots_or_with_libraries_is_refused(cilp, tmp_path):
    shutil.copy(cilp.parent / "appliance_init", tmp_path)
    blind = tmp_path / "blind"
    blind.write_bytes(cilp.read_bytes().replace(b"Amazon Root CA 1", b"Nobody's Root CA"))
    done = build(blind, tmp_path / "out")
    assert done.returncode == 1 and "has no trust anchor" in done.stderr, done
    done = build(Path(shutil.which("cpio")), tmp_path / "out")
    assert done.returncode == 1 and "build it with the preset linux" in done.stderr, done


def test_a_kernel_without_random_bytes_is_refused(cilp, tmp_path):
    """A package made for this test, which has drivers for the network alone."""
    downloads = Path(os.environ.get("CILP_DOWNLOADS") or ROOT / "build/downloads")
    (kernel,) = sorted(downloads.glob("linux-image-[0-9]*-cloud-amd64_*.deb"))[-1:]
    (busybox,) = sorted(downloads.glob("busybox-static_*_amd64.deb"))[-1:]
    tree = tmp_path / "tree"
    subprocess.run(["dpkg-deb", "-R", kernel, tree], check=True)
    for file in tree.rglob("*.ko*"):
        if not re.match(r"virtio[._]|failover|net_failover|ena\.", file.name):
            file.unlink()
    for file in tree.glob("boot/config-*"):
        file.write_text("")
    mine = tmp_path / "downloads"
    mine.mkdir()
    pack = ["dpkg-deb", "--root-owner-group", "-Znone", "-b", tree, mine / kernel.name]
    subprocess.run(pack, check=True, capture_output=True)
    shutil.copy(busybox, mine)
    done = build(cilp, tmp_path / "out", CILP_DOWNLOADS=str(mine))
    assert done.returncode == 1 and "has no source of random bytes" in done.stderr, done
