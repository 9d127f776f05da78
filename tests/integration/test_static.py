"""One static file and nothing else: what the program is, asks of its machine, and
survives without. Then the question that its outcome rests on: when is a request sent?
"""

import contextlib
import ctypes
import fcntl
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import threading
import time
from pathlib import Path

import pytest
from conftest import figure, skip_without_pss
from standin import Standin

IMAGE = "ami-0abcdef1234567890"
LONG_TOKEN = "ASIALONGTOKENEXAMPLE"
NOBODY = 65532
PATIENCE = 60
# What a loaded machine may add to a time that was allowed.
SLACK = 10
CALLS_MAX = 54  # waits for the server not counted
NAME = "ec2.test"


@pytest.fixture(autouse=True)
def _static(cilp):
    if not cilp.is_static:
        pytest.skip("of the static program")


def needs(*tools):
    """Leaves a test out where a tool is missing."""
    missing = [tool for tool in tools if not shutil.which(tool)]
    return pytest.mark.skipif(bool(missing), reason=f"needs {' '.join(missing)}")


needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


def output_of(*words):
    """What a tool prints."""
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


# What it is


@needs("file")
def test_file_says_static_pie(cilp):
    assert "static-pie linked" in output_of("file", "-bL", cilp.path)


@needs("readelf")
def test_it_needs_no_loader_and_no_library(cilp):
    assert "INTERP" not in output_of("readelf", "-lW", cilp.path)
    assert "NEEDED" not in output_of("readelf", "-dW", cilp.path)


@needs("readelf")
def test_relocations_are_read_only_and_the_stack_holds_no_code(cilp):
    segments = output_of("readelf", "-lW", cilp.path)
    assert "GNU_RELRO" in segments
    (stack,) = re.findall(r"GNU_STACK .*", segments)
    assert stack.split()[-2] == "RW"
    assert not re.search(r"LOAD .* RWE ", segments)
    dynamic = output_of("readelf", "-dW", cilp.path)
    assert re.search(r"\(FLAGS\) .*BIND_NOW", dynamic)
    assert re.search(r"\(FLAGS_1\) .*NOW PIE", dynamic)
    assert "TEXTREL" not in dynamic


@needs("readelf")
@needs("strace")
def test_relocations_are_made_read_only_at_the_start(cilp, tmp_path):
    log = tmp_path / "log"
    words = ["strace", "-o", log, "-e", "trace=mprotect", cilp.path, "--version"]
    subprocess.run(words, stdout=subprocess.DEVNULL, timeout=PATIENCE, check=True)
    segments = output_of("readelf", "-lW", cilp.path)
    found = re.search(r"GNU_RELRO +0x\w+ 0x(\w+) 0x\w+ 0x\w+ 0x(\w+)", segments)
    begin, size = (int(word, 16) for word in found.groups())
    (asked,) = re.findall(r"mprotect\(0x\w+, (\d+), PROT_READ\) = 0", log.read_text())
    assert int(asked) == size + begin % 4096


# musl applies them from 1.2.4 on: boards/linux/static.cmake.
@needs("readelf")
def test_relocations_are_packed(cilp):
    dynamic = output_of("readelf", "-dW", cilp.path)
    (size,) = re.findall(r"\(RELRSZ\) +(\d+)", dynamic)
    assert 0 < int(size) < 1024
    # None is left that is not packed.
    assert set(re.findall(r"\(RELA?SZ\) +(\d+)", dynamic)) <= {"0"}


# Alone


class Alone:
    """An empty folder with the program; run there as a user that nobody knows."""

    def __init__(self, cilp, folder):
        self.cilp = cilp
        self.folder = folder
        folder.chmod(0o755)
        self.path = folder / "cilp"
        shutil.copy(cilp.path, self.path)
        self.path.chmod(0o755)

    def put(self, name, text):
        """Adds a file that everybody may read."""
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.parent.chmod(0o755)
        path.chmod(0o644)

    def enter(self):
        """Leaves everything else behind, before exec."""
        os.chroot(self.folder)
        os.chdir("/")
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)

    def cancel(self, url, *options, **more):
        """Runs `cilp cancel`, with the variables that it has to have."""
        self.put("ca.pem", self.cilp.standin.ca_bundle.read_text())
        keys = {"AWS_ENDPOINT_URL_EC2": url, "AWS_CA_BUNDLE": "/ca.pem"}
        unneeded = {"AWS_DEFAULT_REGION": None, "AWS_ENDPOINT_URL_STS": None}
        return subprocess.run(
            ["/cilp", "cancel", IMAGE, "--no-verify", "--even-if-in-use", *options],
            env=self.cilp.environment(env={**keys, **unneeded}),
            preexec_fn=self.enter,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
            **more,
        )


@pytest.fixture(name="alone")
def _alone(cilp, tmp_path):
    if os.geteuid() != 0:
        pytest.skip("chroot needs root")
    return Alone(cilp, tmp_path)


def assert_cancelled(done, standin):
    """Exit 0, and EC2's side of it."""
    assert (done.returncode, done.stderr) == (0, "")
    assert standin.settle(PATIENCE)
    assert [r["signature"] for r in standin.requests()] == ["ok"]
    assert not standin.shared(IMAGE)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_alone_in_a_chroot(alone, standin, host):
    done = alone.cancel(f"https://{host}:{standin.port()}")
    assert_cancelled(done, standin)
    assert sorted(p.name for p in alone.folder.iterdir()) == ["ca.pem", "cilp"]


def test_alone_it_cannot_look_up_names_and_says_why(alone, standin):
    done = alone.cancel("https://host.invalid", "--deadline", "30")
    assert done.returncode == 255 and done.stdout == ""
    assert "host.invalid" in done.stderr and "nothing was sent" in done.stderr
    assert "there is no readable /etc/resolv.conf here" in done.stderr
    assert not standin.connections()


def test_a_name_server_that_is_not_there(alone):
    alone.put("etc/resolv.conf", "nameserver 127.0.0.9\noptions timeout:1 attempts:1\n")
    done = alone.cancel("https://host.invalid")
    assert done.returncode == 255
    assert "no name server has an answer for host.invalid" in done.stderr


# What it asks of the kernel


def traced(cilp, log, host="localhost", listener="rsa", trace="all", **more):
    """Runs a cancel under strace; the calls it made."""
    port = cilp.standin.port(listener)
    scheme = "http" if listener == "http" else "https"
    url = f"{scheme}://{host}:{port}"
    words = ["strace", "-f", "-e", f"trace={trace}", "-o", log, cilp.path]
    key = {"key_id": more.pop("key")} if "key" in more else {}
    subprocess.run(
        [*words, "cancel", IMAGE, "--no-verify", "--even-if-in-use", "--endpoint-url", url],
        env=cilp.environment(**key),
        stdout=subprocess.DEVNULL,
        timeout=PATIENCE,
        check=True,
        **more,
    )
    lines = log.read_text(errors="replace").splitlines()
    calls = [re.match(r"\d+ +(\w+)\(", line) for line in lines]
    return [line for line, call in zip(lines, calls) if call]


def name_of(line):
    """The name of a traced call."""
    return re.match(r"(?:\d+ +)?(\w+)\(", line)[1]


def without_waits(calls):
    """How often the program waits for the server is up to the server's pace."""
    return [c for c in calls if name_of(c) != "ppoll" and "EAGAIN" not in c]


def fewest(standin, trace):
    """The calls of the shortest of three traces: in how many pieces a reply comes, which
    are read one by one, is up to the machine."""
    found = []
    for _ in range(3):
        standin.reset()
        found.append(without_waits(trace()))
    return min(found, key=len)


@needs("strace")
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]"])
def test_few_calls_and_no_memory_asked_for(cilp, tmp_path, record_property, host):
    calls = fewest(cilp.standin, lambda: traced(cilp, tmp_path / "log", host))
    names = [name_of(line) for line in calls]
    record_property("system calls", len(calls))
    figure(f"{len(calls)} system calls without waits to {host}, at most {CALLS_MAX} allowed")
    assert not {"brk", "mmap", "mremap", "munmap", "clone", "fork"} & set(names)
    assert len(calls) <= CALLS_MAX


def opened_by(cilp, log, *words, env):
    """What gave the program itself a descriptor: the calls, before any child's."""
    calls = ["strace", "-f", "-e", "trace=desc,network", "-o", log, cilp.path, *words]
    env = {k: v for k, v in {**cilp.environment(), **env}.items() if v is not None}
    subprocess.run(calls, env=env, capture_output=True, timeout=PATIENCE, check=False)
    lines = log.read_text(errors="replace").splitlines()
    own = [line for line in lines if line.split()[0] == lines[0].split()[0]]
    makers = r"\d+ +(open|openat2?|creat|socket|socketpair|pipe2?|dup3?|\w+_create1?|eventfd2?)\("
    makers += r"|\d+ +fcntl\(\d+, F_DUPFD"
    return [line for line in own if re.match(makers, line) and " = -1 " not in line]


@needs("strace")
def test_every_file_and_socket_ends_with_an_exec(cilp, tmp_path):
    """Each that a run has: both files of profiles, a command's pipes, the audit, the
    bundle, the connection; a name's look-up."""
    own = cilp.environment()
    keys = {"AccessKeyId": own["AWS_ACCESS_KEY_ID"], "Version": 1}
    keys["SecretAccessKey"] = own["AWS_SECRET_ACCESS_KEY"]
    (tmp_path / "keys").write_text(json.dumps(keys))
    (tmp_path / "config").write_text(
        f"[profile p]\ncredential_process = /bin/cat {tmp_path}/keys\n"
    )
    (tmp_path / "credentials").write_text("[q]\n")
    names = ["config", "credentials", "audit", str(cilp.standin.ca_bundle)]
    env = {
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
    }
    more = ("--profile", "p", "--audit", str(tmp_path / "audit"))
    calls = opened_by(cilp, tmp_path / "log", "cancel", IMAGE, *more, env=env)
    for name in names:
        assert any(name in call for call in calls), name
    assert any("socket(" in call for call in calls)
    assert sum("pipe" in call for call in calls) == 2
    url = ("--endpoint-url", "https://host.invalid")
    looked = opened_by(cilp, tmp_path / "log", "cancel", IMAGE, *url, env={})
    assert any("/etc/hosts" in call for call in looked)
    for call in [*calls, *looked]:
        assert "CLOEXEC" in call, call


@needs("strace")
@pytest.mark.parametrize("key", ["AKIAIOSFODNN7EXAMPLE", LONG_TOKEN])
@pytest.mark.parametrize("listener", ["tls12", "tls13", "http"])
def test_a_request_is_one_write_that_does_not_wait(cilp, standin, tmp_path, listener, key):
    skip_without_pss(listener == "tls12")
    calls = traced(cilp, tmp_path / "log", listener=listener, trace="network", key=key)
    (request,) = standin.requests()
    writes = [int(c.rpartition(" = ")[2]) for c in calls if name_of(c) == "sendto"]
    size = request["received"]
    if listener == "tls12":
        size += 5 + 8 + 16  # header, nonce and tag of an AES-GCM record
    elif listener == "tls13":
        size += -(size + 1) % 16 + 1 + 5 + 16  # kind and padding, header, tag
    assert writes.count(size) == 1
    assert sum(n > 300 for n in writes) == 1
    names = [name_of(c) for c in calls]
    delay = next(i for i, c in enumerate(calls) if "TCP_NODELAY" in c)
    assert calls[delay].endswith(" = 0") and delay < names.index("sendto")


@needs("strace")
def test_no_socket_becomes_a_standard_stream(cilp, standin, tmp_path):
    log = tmp_path / "log"
    words = ["strace", "-f", "-e", "trace=desc,network", "-o", log]
    shell = 'exec "$0" cancel "$1" --no-verify --even-if-in-use 0<&- 1>&- 2>&-'
    done = subprocess.run(
        [*words, "/bin/sh", "-c", shell, cilp.path, IMAGE],
        env=cilp.environment(),
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0
    assert_cancelled(subprocess.CompletedProcess([], 0, "", ""), standin)
    text = log.read_text(errors="replace")
    text = text[text.index("O_PATH") :]
    (number,) = re.findall(r"socket\(.*\) = (\d+)", text)
    assert int(number) > 2
    # What is meant for standard output went nowhere, and not to EC2.
    assert not re.search(r"\b(write|writev)\([3-9]", text)
    assert re.search(r"\bwritev?\(1, .*\) += -1 EBADF", text)


# Addresses


@contextlib.contextmanager
def full_backlog(address):
    """A listener that accepts no more: the kernel drops whoever knocks."""
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with contextlib.ExitStack() as stack:
        full = stack.enter_context(socket.socket(family))
        full.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        full.bind(address)
        full.listen(0)
        for _ in range(8):
            filler = stack.enter_context(socket.socket(family))
            filler.setblocking(False)
            filler.connect_ex(full.getsockname())
        yield full.getsockname()[1]


@pytest.mark.parametrize(
    "options",
    [
        ("--cli-connect-timeout", "1"),
        ("--deadline", "1"),
        ("--cli-connect-timeout", "1", "--deadline", "50"),
        ("--cli-connect-timeout", "50", "--deadline", "1"),
    ],
)
def test_a_machine_that_drops_what_comes(cilp, options):
    with full_backlog(("127.0.0.1", 0)) as port:
        url = f"https://127.0.0.1:{port}"
        start = time.monotonic()
        more = {"AWS_MAX_ATTEMPTS": "1"}
        done = cilp.cancel(IMAGE, *options, "--endpoint-url", url, env=more)
        took = time.monotonic() - start
    done.failed(255, f"no answer from 127.0.0.1:{port}", "nothing was sent")
    assert 0.9 < took < 1 + SLACK


def test_attempts_to_connect_share_one_deadline(cilp):
    with full_backlog(("127.0.0.1", 0)) as port:
        words = ("--endpoint-url", f"https://127.0.0.1:{port}", "--deadline", "2.5")
        start = time.monotonic()
        done = cilp.cancel(IMAGE, *words, "--cli-connect-timeout", "1")
        took = time.monotonic() - start
    done.failed(255, "nothing was sent")
    assert 2.4 < took < 2.5 + SLACK


def listener_on_ipv6():
    """Listens on ::1 alone, and a socket for whose sake nobody has its port of IPv4."""
    while True:
        server, other = socket.socket(socket.AF_INET6), socket.socket(socket.AF_INET)
        server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        server.bind(("::1", 0))
        with contextlib.suppress(OSError):
            other.bind(("127.0.0.1", server.getsockname()[1]))
            server.listen()
            return server, other
        server.close()
        other.close()


@contextlib.contextmanager
def relay_on_ipv6(port):
    """Carries bytes to the stand-in."""
    server, other = listener_on_ipv6()
    with server, other:
        threading.Thread(target=carry, args=(server, port), daemon=True).start()
        yield server.getsockname()[1]


def carry(server, port):
    """One connection, both ways, to its end."""
    try:
        near = server.accept()[0]
    except OSError:
        return
    with near, socket.create_connection(("127.0.0.1", port), PATIENCE) as far:
        ways = ((near, far), (far, near))
        threads = [threading.Thread(target=copy, args=way) for way in ways]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()


def copy(source, target):
    """All bytes, then the end."""
    with contextlib.suppress(OSError):
        while more := source.recv(65536):
            target.sendall(more)
        target.shutdown(socket.SHUT_WR)


# Nobody listens on 127.0.0.1 there: localhost has to go on to ::1.
@pytest.mark.parametrize("host", ["[::1]", "localhost"])
def test_a_server_that_speaks_ipv6_alone(cilp, standin, host):
    with relay_on_ipv6(standin.port()) as port:
        done = cilp.cancel(IMAGE, "--endpoint-url", f"https://{host}:{port}")
    assert (done.code, done.err) == (0, "")
    assert not standin.shared(IMAGE)


def test_the_first_address_refuses(alone, standin):
    alone.put("etc/hosts", f"127.0.0.7 {NAME}\n127.0.0.1 {NAME}\n")
    done = alone.cancel(f"https://{NAME}:{standin.port()}")
    assert_cancelled(done, standin)


# Unreachable in a quarter of a second, not after the time for connecting.
def test_the_first_address_keeps_silent(alone, standin):
    alone.put("etc/hosts", f"127.0.0.7 {NAME}\n127.0.0.1 {NAME}\n")
    with full_backlog(("127.0.0.7", standin.port())):
        start = time.monotonic()
        url = f"https://{NAME}:{standin.port()}"
        done = alone.cancel(url, "--cli-connect-timeout", "40")
        took = time.monotonic() - start
    assert_cancelled(done, standin)
    assert took < SLACK


# Of 48 musl makes a list, which has to fit into boards/linux/libc/heap.c.
@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_more_addresses_than_the_resolver_takes(alone, standin, address):
    alone.put("etc/hosts", f"{address} {NAME}\n" * 60)
    done = alone.cancel(f"https://{NAME}:{standin.port()}")
    assert_cancelled(done, standin)


def test_no_address_answers_and_each_is_named(alone, standin):
    alone.put("etc/hosts", f"127.0.0.7 {NAME}\n127.0.0.8 {NAME}\n")
    done = alone.cancel(f"https://{NAME}:{standin.port()}")
    assert done.returncode == 255
    for address in ("127.0.0.7", "127.0.0.8"):
        assert f"connection refused by {address}:{standin.port()}" in done.stderr


@needs("strace")
def test_few_calls_for_a_name_in_the_hosts_file(alone, standin, tmp_path):
    alone.put("etc/hosts", f"127.0.0.1 {NAME}\n")
    alone.put("ca.pem", standin.ca_bundle.read_text())
    log = tmp_path.parent / f"{tmp_path.name}.log"
    url = f"https://{NAME}:{standin.port()}"
    # strace itself has to stay outside: it follows chroot into the folder.
    words = ["strace", "-f", "-o", log, "/usr/sbin/chroot", alone.folder, "/cilp"]
    words += ["cancel", IMAGE, "--no-verify", "--even-if-in-use", "--endpoint-url", url]

    def trace():
        subprocess.run(
            [*words, "--ca-bundle", "/ca.pem"],
            env=alone.cilp.environment(env={"AWS_CA_BUNDLE": None}),
            stdout=subprocess.DEVNULL,
            timeout=PATIENCE,
            check=True,
        )
        text = log.read_text(errors="replace")
        lines = text[text.index('execve("/cilp"') :].splitlines()
        return [line for line in lines if re.match(r"(\d+ +)?\w+\(", line)]

    calls = fewest(standin, trace)
    figure(f"{len(calls)} system calls without waits to {NAME}, at most {CALLS_MAX} allowed")
    assert len(calls) <= CALLS_MAX
    assert not any(re.search(r"\b(brk|mmap)\(", call) for call in calls)


# When is a request sent?
#
# A kernel's send buffer takes any request of ours whole, and what it took it goes on
# sending after the program has ended. To have it take a part only, the send buffers and
# packets of a network namespace of our own are made as small as the kernel allows, and
# the stand-in leaves its small window full: send() itself then takes a part, says so,
# and strace shows it.

CLONE_NEWNET = 0x40000000
SIOCSIFFLAGS = 0x8914
IFF_UP = 1
SIOCSIFMTU = 0x8922
SMALL_BUFFER = "4096 4096 4096"
SMALL_PACKET = 576
DEADLINE = 2
STALL = 8
PACKINGS = 5


def enter_own_network(small):
    """Moves this thread, and what it starts, to a network of its own with loopback."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "no network namespaces here")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        fcntl.ioctl(sock, SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", IFF_UP))
        if small:
            fcntl.ioctl(sock, SIOCSIFMTU, struct.pack("16si20x", b"lo", SMALL_PACKET))
    if small:
        Path("/proc/sys/net/ipv4/tcp_wmem").write_text(SMALL_BUFFER, encoding="ascii")


def in_own_network(task, *, small):
    """What `task` returns, run in a network of its own."""
    found = []

    def run():
        try:
            enter_own_network(small)
        except OSError as error:
            found.append(error)
            return
        found.append(task())

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if not found:
        pytest.fail("the task did not end well")
    if isinstance(found[0], OSError):
        pytest.skip(str(found[0]))
    return found[0]


def cancel_at_a_stalled_reader(cilp, log, options, stall=STALL):
    """Runs it against a server that does not read; its outcome, and what arrived."""

    def task():
        with Standin(["small-window"]) as standin:
            standin.always(stall_reading=stall)
            words = ["strace", "-o", log, "-e", "trace=sendto", cilp.path]
            done = subprocess.run(
                [*words, "cancel", IMAGE, "--no-verify", "--even-if-in-use", *options],
                env=standin.environment("small-window", LONG_TOKEN),
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
            )
            standin.settle(PATIENCE)
            return done, standin.connections(), standin.shared(IMAGE)

    return task


def writes_of(log):
    """(asked, taken) of each write; taken is 0 for one that had to wait."""
    found = []
    for line in log.read_text(errors="replace").splitlines():
        match = re.search(r", (\d+), MSG_NOSIGNAL, NULL, 0\) += (-?\d+)", line)
        if match:
            found.append((int(match[1]), max(int(match[2]), 0)))
    return found


def cancel_that_leaves_in_part(cilp, log, options):
    """The same, where the kernel took a part of the record, and never the rest.

    How much fits depends on how the peer's kernel packs what came: at times it is all,
    and then the program has to say so."""
    for _ in range(PACKINGS):
        task = cancel_at_a_stalled_reader(cilp, log, options)
        done, connections, shared = in_own_network(task, small=True)
        writes = writes_of(log)
        assert any(0 < taken < asked and asked > 4096 for asked, taken in writes)
        if writes[-1][1] < writes[-1][0]:
            return done, connections, shared
        assert done.returncode == 250 and "outcome unknown" in done.stderr
    return pytest.fail("the kernel took the whole request each time")


@needs_root
@needs("strace")
@pytest.mark.parametrize("option", ["--deadline", "--cli-read-timeout"])
def test_a_request_that_left_in_part_was_not_sent(cilp, tmp_path, option):
    log = tmp_path / "log"
    options = [option, str(DEADLINE), "--output", "json"]
    done, connections, shared = cancel_that_leaves_in_part(cilp, log, options)
    assert connections
    for connection in connections:
        assert not any(r["complete"] for r in connection["requests"])
    assert shared
    assert (done.returncode, done.stdout) == (255, "")
    assert "outcome unknown" not in done.stderr and "sent at" not in done.stderr


@needs_root
@needs("strace")
def test_a_request_that_the_kernel_took_whole_was_sent(cilp, tmp_path):
    log = tmp_path / "log"
    task = cancel_at_a_stalled_reader(cilp, log, ["--deadline", str(DEADLINE)])
    done, connections, shared = in_own_network(task, small=False)
    assert any(taken == asked > 4096 for asked, taken in writes_of(log))
    (connection,) = connections
    (request,) = connection["requests"]
    # The program had ended when the server read it, and acted on it.
    assert request["complete"] and request["acted"] and not shared
    assert (done.returncode, done.stdout) == (250, "")
    assert "outcome unknown" in done.stderr


@needs_root
@needs("strace")
def test_a_request_that_leaves_piece_by_piece_arrives(cilp, tmp_path):
    log = tmp_path / "log"
    task = cancel_at_a_stalled_reader(cilp, log, ["--deadline", "50"], stall=1)
    done, connections, shared = in_own_network(task, small=True)
    assert any(0 < taken < asked and asked > 4096 for asked, taken in writes_of(log))
    assert done.returncode == 0 and not shared
    (request,) = connections[0]["requests"]
    assert request["signature"] == "ok"
