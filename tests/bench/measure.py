#!/usr/bin/python3
"""Measures the static program: one line a figure, with its goal.

    measure.py CILP BARE [--rounds N]
    measure.py CILP BARE --figures FILE     what the picture is made of, instead

The server is nginx with one worker, TLS 1.3, the chains of the stand-in (root,
intermediate, leaf) and a canned reply of EC2's. Times are medians of rounds in which all
clients take turns, so that a busy machine is busy for all of them; only their ratios
mean something. CPU is user and system time of the process, wall is from the fork to the
end. All clients call 127.0.0.1 and verify the chain.
"""

import argparse
import contextlib
import ctypes
import json
import os
import re
import shutil
import signal
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "standin"))

# pylint: disable=wrong-import-position
from chains import Chains  # noqa: E402

NGINX = "/usr/sbin/nginx"
SYSTEM_BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
PATIENCE = 60
BATCH = 100
KB = 1024
IMAGE = "ami-0abcdef1234567890"
FORM = f"Action=CancelImageLaunchPermission&Version=2016-11-15&ImageId={IMAGE}"
KEY_ID, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
FAMILIES = ("rsa", "ecdsa")
HEAP = ("brk", "mmap", "mremap")

REPLY = (
    '<?xml version="1.0" encoding="UTF-8"?>\\n'
    '<CancelImageLaunchPermissionResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">'
    "<requestId>59dbff89-35bd-4eac-99ed-be587EXAMPLE</requestId><return>true</return>"
    "</CancelImageLaunchPermissionResponse>"
)

# What the bare client sends: the program's own request but for a real signature, whose
# bytes cost the server and the cipher the same.
REQUEST = f"""\
POST / HTTP/1.1
Host: 127.0.0.1:{{port}}
Accept-Encoding: identity
Content-Type: application/x-www-form-urlencoded; charset=utf-8
User-Agent: cilp/0.1.0
amz-sdk-invocation-id: 8e688d58-6947-4c0d-aec7-13a8f2165bfb
amz-sdk-request: attempt=1; max=3
X-Amz-Date: 20260101T000000Z
Authorization: AWS4-HMAC-SHA256 Credential={KEY_ID}/20260101/us-east-1/ec2/aws4_request, \
SignedHeaders=content-type;host;x-amz-date, Signature={"0" * 64}
Content-Length: {len(FORM)}

""".replace("\n", "\r\n") + FORM

CONFIGURATION = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 64; }}
http {{
    access_log off;
    default_type text/xml;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    ssl_protocols TLSv1.3;
{servers}}}
"""
SERVER = """\
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {leaf.chain_file};
        ssl_certificate_key {leaf.key_file};
        location / {{ return 200 '{reply}'; }}
    }}
"""


# The same call by Amazon's library for Python, in as few lines as it takes.
BOTO3 = f"""\
import boto3, os
boto3.client("ec2", endpoint_url=os.environ["ENDPOINT"]).cancel_image_launch_permission(
    ImageId="{IMAGE}")
"""


class Client(NamedTuple):
    """A command and its environment."""

    words: list
    environment: dict


class Took(NamedTuple):
    """Milliseconds."""

    wall: float
    cpu: float


# ---- The server ----


def free_ports(count):
    """Ports that were free a moment ago."""
    with contextlib.ExitStack() as stack:
        socks = [stack.enter_context(socket.socket()) for _ in range(count)]
        for sock in socks:
            sock.bind(("127.0.0.1", 0))
        return [sock.getsockname()[1] for sock in socks]


def wait_for(process, port):
    """Until it listens."""
    deadline = time.monotonic() + PATIENCE
    while True:
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", port)).close()
            return
        if process.poll() is not None or time.monotonic() > deadline:
            sys.exit("nginx does not start")
        time.sleep(0.01)


@contextlib.contextmanager
def serving(folder, leaves):
    """nginx with a port for each leaf."""
    ports = free_ports(len(leaves))
    servers = "".join(
        SERVER.format(port=port, leaf=leaf, reply=REPLY)
        for port, leaf in zip(ports, leaves)
    )
    configuration = folder / "nginx.conf"
    configuration.write_text(CONFIGURATION.format(folder=folder, servers=servers))
    words = [NGINX, "-p", folder, "-c", configuration, "-e", "stderr"]
    with subprocess.Popen(words) as process:
        try:
            for port in ports:
                wait_for(process, port)
            yield ports
        finally:
            process.terminate()


# ---- Measuring one run ----


def run(client):
    """Runs it once; it has to succeed."""
    devnull = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
    start = time.perf_counter()
    path, environment = client.words[0], client.environment
    pid = os.posix_spawn(path, client.words, environment, file_actions=devnull)
    _, status, used = os.wait4(pid, 0)
    wall = time.perf_counter() - start
    if status != 0:
        sys.exit(f"failed: {' '.join(client.words)}")
    return Took(wall * 1e3, (used.ru_utime + used.ru_stime) * 1e3)


def medians(clients, rounds):
    """All clients take turns; the medians of each."""
    for client in clients.values():
        run(client)
    took = {name: [] for name in clients}
    for _ in range(rounds):
        for name, client in clients.items():
            took[name].append(run(client))
    return {
        name: Took(*(statistics.median(column) for column in zip(*each)))
        for name, each in took.items()
    }


def checked(words, environment):
    """A tool's run; what it wrote to stderr."""
    done = subprocess.run(
        words, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        sys.exit(f"failed: {' '.join(map(str, words))}\n{done.stderr}")
    return done.stderr


def instructions(client, runs=7):
    """Instructions in user space, as valgrind counts them; the median of some runs,
    because keys are random."""
    words = ["/usr/bin/valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    counts = []
    for _ in range(runs):
        said = checked([*words, *client.words], client.environment)
        counts.append(int(re.search(r"Collected : (\d+)", said)[1]))
    return statistics.median(counts)


PTRACE_TRACEME, PTRACE_CONT, PTRACE_SETOPTIONS = 0, 7, 0x4200
PTRACE_O_TRACEEXIT, PTRACE_EVENT_EXIT = 0x40, 6


def resident(client, file="smaps_rollup", name="Rss"):
    """Bytes resident when it ends. The kernel walks its page tables for it, so this is
    exact, which VmHWM and ru_maxrss are not: those are made of counters that each
    processor rounds. It is the peak because the program never gives a page back. Of one that does, status has the VmHWM."""
    libc = ctypes.CDLL(None)
    libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
    pid = os.fork()
    if pid == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        libc.ptrace(PTRACE_TRACEME, 0, None, None)
        os.execve(client.words[0], client.words, client.environment)
    os.waitpid(pid, 0)
    libc.ptrace(PTRACE_SETOPTIONS, pid, None, PTRACE_O_TRACEEXIT)
    found = deliver = 0
    while True:
        libc.ptrace(PTRACE_CONT, pid, None, deliver)
        _, status = os.waitpid(pid, 0)
        if not os.WIFSTOPPED(status):
            break
        deliver = 0
        if status >> 8 == signal.SIGTRAP | PTRACE_EVENT_EXIT << 8:
            rollup = Path(f"/proc/{pid}/{file}").read_text(encoding="ascii")
            found = int(re.search(rf"{name}:\s+(\d+) kB", rollup)[1]) * KB
        else:
            deliver = os.WSTOPSIG(status)
    if status != 0 or not found:
        sys.exit(f"failed: resident memory of {client.words[0]}")
    return found


def files_opened(client):
    """Bytes of the files that it opens, each once, and of its own: what it needs on disk
    at the least."""
    with tempfile.NamedTemporaryFile("r", errors="replace") as log:
        which = ("/usr/bin/strace", "-f", "-qq", "-e", "trace=execve,openat,open", "-o", log.name)
        checked([*which, *client.words], client.environment)
        opened = re.findall(r'(?:execve\(|open(?:at)?\([^"]*)"([^"]+)".*= \d+$', log.read(), re.M)
    paths = {Path(name).resolve() for name in opened}
    return sum(
        path.stat().st_size
        for path in paths
        if path.is_file() and path.parts[1] not in ("proc", "sys", "dev")
    )


def system_calls(client, root=None):
    """Their names, from the program's exec on."""
    with tempfile.NamedTemporaryFile("r", errors="replace") as log:
        chroot = ["/usr/sbin/chroot", root] if root else []
        words = ["/usr/bin/strace", "-f", "-o", log.name, *chroot, *client.words]
        checked(words, client.environment)
        text = log.read()
    lines = text[text.rindex(f'execve("{client.words[0]}"') :].splitlines()
    found = [re.match(r"(?:\d+ +)?(\w+)\(", line) for line in lines]
    return [match[1] for match in found if match]


def stripped_size(path, folder):
    """Bytes of the file without symbols and debugging."""
    copy = folder / "stripped"
    shutil.copy(path, copy)
    checked(["/usr/bin/strip", copy], None)
    return copy.stat().st_size


# ---- The clients ----


class Bench:
    """The server, the bundles and the clients."""

    def __init__(self, arguments, folder):
        self.cilp = str(arguments.cilp.resolve())
        self.bare = str(arguments.bare.resolve())
        self.rounds = arguments.rounds
        self.folder = folder
        self.chains = Chains(folder)
        self.leaves = [self.chains.leaf(family, family) for family in FAMILIES]
        self.small = str(self.chains.bundle_file)
        self.large = str(folder / "large.pem")
        self._write_large()
        self.ports = {}

    def _write_large(self):
        """What a system trusts, and our two roots behind it: the worst place."""
        system = SYSTEM_BUNDLE.read_text(encoding="ascii", errors="replace")
        text = system + Path(self.small).read_text(encoding="ascii")
        Path(self.large).write_text(text, encoding="ascii")
        self.count = text.count("-----BEGIN CERTIFICATE-----")

    def program(self, family, bundle=None, host="127.0.0.1"):
        """cilp cancel."""
        environment = {
            "AWS_ENDPOINT_URL_EC2": f"https://{host}:{self.ports[family]}",
            "AWS_CA_BUNDLE": bundle or self.small,
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET,
        }
        return Client([self.cilp, "cancel", "--no-verify", "--even-if-in-use", IMAGE], environment)

    def curl(self, family, bundle=None):
        """curl, signing the same call."""
        words = ["/usr/bin/curl", "-q", "-s", "-S", "-f", "-d", FORM]
        words += ["--cacert", bundle or self.small]
        words += ["--aws-sigv4", "aws:amz:us-east-1:ec2", "-u", f"{KEY_ID}:{SECRET}"]
        return Client([*words, f"https://127.0.0.1:{self.ports[family]}/"], {})

    def others(self):
        """Amazon's own ways to make the call."""
        ours = self.program("rsa").environment
        environment = {
            **{name: value for name, value in ours.items() if name.startswith("AWS_")},
            "ENDPOINT": ours["AWS_ENDPOINT_URL_EC2"],
            "HOME": str(self.folder),
            "PATH": "/usr/bin:/bin",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        aws = ["/usr/bin/aws", "ec2", "cancel-image-launch-permission", "--image-id", IMAGE]
        aws += ["--endpoint-url", environment["ENDPOINT"]]
        return {
            "AWS CLI": Client(aws, environment),
            "boto3": Client(["/usr/bin/python3", "-c", BOTO3], environment),
        }

    def batches(self):
        """The same call many times on one connection, by both."""
        ours, theirs = self.program("rsa"), self.curl("rsa")
        images = [f"ami-{number:017x}" for number in range(1, BATCH)]
        return {
            "cilp": Client(ours.words + images, ours.environment),
            "curl": Client(theirs.words + theirs.words[-1:] * (BATCH - 1), {}),
        }

    def least(self, family):
        """The bare client."""
        root = self.folder / f"{family}.der"
        pem = self.chains.root_file(family).read_text(encoding="ascii")
        root.write_bytes(ssl.PEM_cert_to_DER_cert(pem))
        request = self.folder / f"{family}.request"
        port = str(self.ports[family])
        request.write_bytes(REQUEST.format(port=port).encode())
        return Client([self.bare, port, str(root), str(request)], {})

    # ---- The figures ----

    def times(self):
        """CPU and wall against curl."""
        clients = {}
        for family in FAMILIES:
            clients["cilp", family] = self.program(family)
            clients["curl", family] = self.curl(family)
            clients["bare", family] = self.least(family)
        clients["cilp", "large"] = self.program("rsa", self.large)
        clients["curl", "large"] = self.curl("rsa", self.large)
        took = medians(clients, self.rounds)
        for kind, goals in (("rsa", (0.20, 0.30)), ("ecdsa", ()), ("large", ())):
            name = f"{kind.upper()} chain"
            if kind == "large":
                name = f"{self.count} roots, RSA"
            for what, goal in zip(("cpu", "wall"), goals or (None, None)):
                ours, theirs = (getattr(took[who, kind], what) for who in ("cilp", "curl"))
                note = f"{ours:.2f} / {theirs:.2f} ms"
                row(f"{what} / curl's, {name}", ours / theirs, goal, "", note)
        ours, least = took["cilp", "rsa"].cpu, took["bare", "rsa"].cpu
        note = f"{ours:.2f} / {least:.2f} ms"
        row("cpu / bare client's, RSA chain", ours / least, None, "", note)
        large, small = took["cilp", "large"].cpu, took["cilp", "rsa"].cpu
        note = f"{large:.2f} / {small:.2f} ms"
        row(f"cpu, {self.count} roots / 2 roots", large / small, 1.25, "", note)

    def batch(self):
        """Wall of a call in a batch, against curl."""
        took = medians(self.batches(), self.rounds)
        ours, theirs = (took[who].wall / BATCH for who in ("cilp", "curl"))
        note = f"{ours:.3f} / {theirs:.3f} ms a call"
        name = f"wall / curl's, batch of {BATCH} on one connection"
        row(name, ours / theirs, 0.6, "", note)

    def work(self):
        """Instructions against the bare client, and of a large bundle."""
        ours = {family: instructions(self.program(family)) for family in FAMILIES}
        for family in FAMILIES:
            least = instructions(self.least(family))
            note = f"{ours[family] / 1e6:.2f} / {least / 1e6:.2f} M"
            name = f"instructions / bare client's, {family.upper()} chain"
            row(name, ours[family] / least, 1.03, "", note)
        large = instructions(self.program("rsa", self.large))
        note = f"{large / 1e6:.2f} / {ours['rsa'] / 1e6:.2f} M"
        name = f"instructions, {self.count} roots / 2 roots"
        row(name, large / ours["rsa"], None, "", note)

    def memory(self):
        """Resident at the end, which is the peak."""
        for family in FAMILIES:
            bytes_ = resident(self.program(family))
            row(f"peak RSS, {family.upper()} chain", bytes_ / KB, 512, "KB")
        bytes_ = resident(self.program("rsa", self.large))
        row(f"peak RSS, {self.count} roots", bytes_ / KB, 512, "KB")

    def calls(self):
        """System calls."""
        names = system_calls(self.program("rsa"))
        row("system calls, numeric address", len(names), 60)
        row("of these brk, mmap", len([n for n in names if n in HEAP]), 0)
        if os.geteuid() != 0:
            print("system calls, hosts file: left out, chroot needs root")
            return
        self.hosts_file_calls()

    def hosts_file_calls(self):
        """The same for a name, in a chroot with a hosts file of its own."""
        root = self.folder / "root"
        (root / "etc").mkdir(parents=True)
        (root / "etc/hosts").write_text("127.0.0.1 ec2.us-east-1.amazonaws.com\n")
        shutil.copy(self.cilp, root / "cilp")
        shutil.copy(self.small, root / "ca.pem")
        client = self.program("rsa", "/ca.pem", "ec2.us-east-1.amazonaws.com")
        client = Client(["/cilp", *client.words[1:]], client.environment)
        names = system_calls(client, root)
        row("system calls, hosts file", len(names), 60)
        heap = [n for n in names if n in HEAP]
        row("of these brk, mmap", len(heap), 0)

    def size(self):
        """Of the file."""
        size = stripped_size(self.cilp, self.folder)
        row("stripped program", size / KB, 400, "KB", f"{size} bytes")

    def ratios(self):
        """How many times what the program takes others take, of one call each."""
        clients = {"cilp": self.program("rsa"), "curl": self.curl("rsa"), **self.others()}
        took = medians(clients, self.rounds)
        found = {
            "wall": {name: took[name].wall for name in clients},
            "CPU": {name: took[name].cpu for name in clients},
            "memory": {
                name: statistics.median(resident(client, "status", "VmHWM") for _ in range(3))
                for name, client in clients.items()
            },
            "disk": {name: files_opened(client) for name, client in clients.items()},
        }
        found["memory"]["cilp"] = resident(clients["cilp"])
        return {
            what: {name: round(of[name] / of["cilp"], 1) for name in of if name != "cilp"}
            for what, of in found.items()
        }

    def figures(self):
        """All that picture.py draws."""
        # Here, as it brings pytest with it.
        import weigh  # pylint: disable=import-outside-toplevel

        with serving(self.folder, self.leaves) as ports:
            self.ports = dict(zip(FAMILIES, ports))
            ratios = self.ratios()
        return {
            "ratios": ratios,
            "versions": versions(),
            "bytes": {
                "program": weigh.program(Path(self.cilp)),
                "firmware": weigh.firmware(Path(self.cilp).parents[1] / "mps2-an386"),
            },
        }

    def all(self):
        """Every figure that there is."""
        with serving(self.folder, self.leaves) as ports:
            self.ports = dict(zip(FAMILIES, ports))
            self.times()
            self.batch()
            self.work()
            self.memory()
            self.calls()
        self.size()


def versions():
    """Of the others."""

    def first(*words):
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        return re.search(r"\d+(\.\d+)+", done.stdout + done.stderr)[0]

    return {
        "curl": first("/usr/bin/curl", "--version"),
        "AWS CLI": first("/usr/bin/aws", "--version"),
        "boto3": first("/usr/bin/python3", "-c", "import boto3; print(boto3.__version__)"),
    }


def row(name, measured, goal, unit="", note=""):
    """One figure."""
    is_ratio = isinstance(measured, float) and not unit
    shown = f"{measured:.3f}" if is_ratio else f"{measured:.0f} {unit}".rstrip()
    verdict = "no goal"
    if goal is not None:
        word = "ok" if measured <= goal else "MISSED"
        verdict = f"{f'goal {goal} {unit}'.rstrip()}  {word}"
    print(f"{name:<44} {shown:>9}  {verdict:<20} {note}".rstrip(), flush=True)


def main():
    """Measures everything."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cilp", type=Path)
    parser.add_argument("bare", type=Path)
    parser.add_argument("--rounds", type=int, default=31, help="of the times (31)")
    parser.add_argument("--figures", type=Path, help="write what the picture shows")
    arguments = parser.parse_args()
    print(f"{os.cpu_count()} processors, {os.getloadavg()[0]:.1f} busy before this")
    with tempfile.TemporaryDirectory(prefix="cilp-bench-") as folder:
        Path(folder).chmod(0o755)
        bench = Bench(arguments, Path(folder))
        if arguments.figures:
            text = json.dumps(bench.figures(), indent=2)
            arguments.figures.write_text(text + "\n", encoding="ascii")
        else:
            bench.all()


if __name__ == "__main__":
    main()
