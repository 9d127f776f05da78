"""Verified TLS with servers that others wrote, and chains that must be refused.

nginx and OpenSSL's s_server stand in front of the stand-in's plain http listener and hand
it what they deciphered, so that it checks the signature of what came through: exit 0
proves the whole way. gnutls-serv can neither proxy nor answer a POST; it prints what it
deciphered and echoes it, which no HTTP client can take for an answer. There the proof is
that the request arrived whole, that the echo was read as a reply (bad status line), and
that the outcome of a request that was sent and not answered is 250.
"""

import contextlib
import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
import warnings
from pathlib import Path

import pytest
from conftest import has_pss, skip_without_pss
from standin import Standin

IMAGE = "ami-0abcdef1234567890"
FORM = f"Action=CancelImageLaunchPermission&Version=2016-11-15&ImageId={IMAGE}"
PATIENCE = 60
PORT_ATTEMPTS = 5
NGINX = "/usr/sbin/nginx"
LISTENING = "0A"
# OpenSSL 3 takes the SHA-1 of TLS 1.1 only at security level 0.
WEAK_SUITES = "DEFAULT:@SECLEVEL=0"

VERSIONS = ("1.2", "1.3")
FAMILIES = ("rsa", "ecdsa", "rsa4096")
ORDERS = ("their-order", "our-order")

# Two of our suites, so that a server that has its way shows which way it is.
SUITES = {
    ("1.2", "rsa"): ("ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-RSA-AES256-GCM-SHA384"),
    ("1.2", "ecdsa"): ("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384"),
    ("1.3", "rsa"): ("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"),
}
SUITES["1.2", "rsa4096"] = SUITES["1.2", "rsa"]
SUITES["1.3", "ecdsa"] = SUITES["1.3", "rsa4096"] = SUITES["1.3", "rsa"]

# Chains that must be refused: listener options, and what the message must say. Each
# is made for both TLS versions, whose handshakes verify in different code.
BAD_CHAINS = {
    "untrusted": (
        "chain=untrusted",
        'issuer "O=EC2 stand-in, CN=Root unknown", which is not in the CA bundle',
    ),
    "impostor": (
        "chain=impostor",
        'issuer "O=EC2 stand-in, CN=Root RSA", whose name but not whose key',
    ),
    "expired": (
        "leaf-from=2026-01-01,leaf-days=30",
        '"O=EC2 stand-in, CN=localhost" expired at 2026-01-31 00:00:00 UTC; our clock',
    ),
    "not-yet": (
        "leaf-from=2099-01-01",
        "is valid only from 2099-01-01 00:00:00 UTC; our clock says 20",
    ),
    "wrong-host": (
        "names=wrong.example+*.other.example",
        "certificate is for wrong.example, *.other.example, not for localhost",
    ),
}


@pytest.fixture(scope="module", name="running")
def _running():
    bad = [
        f"{name}{version}:{options},tls={version}".replace(".", "", 1)
        for name, (options, _) in BAD_CHAINS.items()
        for version in VERSIONS
    ]
    names = ["rsa", "ecdsa", "rsa4096", "http", "no-intermediate", "tls11", *bad]
    with Standin(names) as standin:
        yield standin


def cancel(cilp, url, **more):
    """Runs the program against `url`."""
    return cilp.cancel(IMAGE, env={"AWS_ENDPOINT_URL_EC2": url, **more})


# Servers of others


def is_listened_to(port):
    """Whether somebody listens on a port, without connecting: s_server would serve us."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text(encoding="ascii").splitlines()[1:]:
                fields = line.split()
                if fields[3] == LISTENING and fields[1].endswith(f":{port:04X}"):
                    return True
    return False


def free_port():
    """A port that was free a moment ago."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def started(arguments, port, **how):
    """Starts a server and waits until it listens; None if it ended instead."""
    process = subprocess.Popen(arguments, **how)  # pylint: disable=consider-using-with
    deadline = time.monotonic() + PATIENCE
    while not is_listened_to(port):
        if process.poll() is not None:
            return None
        if time.monotonic() > deadline:
            stop(process)
            pytest.fail(f"{arguments[0]} does not listen")
        time.sleep(0.01)
    return process


def stop(process):
    """Ends a server that we started."""
    process.terminate()
    try:
        process.wait(PATIENCE)
    finally:
        process.kill()


@contextlib.contextmanager
def serving(make_arguments, log, **how):
    """A server on a port of its own; another port if somebody was faster."""
    tool = make_arguments(0)[0]
    if not shutil.which(tool):
        pytest.skip(f"needs {tool}")
    for _ in range(PORT_ATTEMPTS):
        port = free_port()
        with open(log, "wb") as output:
            how.setdefault("stdout", output)
            process = started(make_arguments(port), port, stderr=output, **how)
        if process:
            break
    else:
        pytest.fail(f"the server does not start: {Path(log).read_text()}")
    try:
        yield process, port
    finally:
        stop(process)
        for stream in (process.stdin, process.stdout):
            if stream:
                stream.close()


NGINX_CONFIGURATION = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr warn;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {leaf.chain_file};
        ssl_certificate_key {leaf.key_file};
        ssl_protocols TLSv{version};
        {suites}
        location / {{
            proxy_pass http://127.0.0.1:{backend};
            proxy_http_version 1.1;
            proxy_set_header Host $http_host;
            proxy_set_header Seen-Tls "$ssl_protocol $ssl_cipher";
        }}
    }}
}}
"""


def nginx_suites(version, suites, theirs):
    """The lines by which nginx gets its suites, and its own way with them."""
    joined = ":".join(suites)
    key = "ssl_ciphers" if version == "1.2" else "ssl_conf_command Ciphersuites"
    order = "on" if theirs else "off"
    return f"{key} {joined}; ssl_prefer_server_ciphers {order};"


@contextlib.contextmanager
def nginx(standin, folder, leaf, version, suites):
    """nginx in front of the stand-in."""

    def arguments(port):
        text = NGINX_CONFIGURATION.format(
            folder=folder,
            port=port,
            leaf=leaf,
            version=version,
            suites=suites,
            backend=standin.port("http"),
        )
        (folder / "nginx.conf").write_text(text)
        return [NGINX, "-p", folder, "-c", folder / "nginx.conf", "-e", "stderr"]

    with serving(arguments, folder / "nginx.log") as (_, port):
        yield f"https://localhost:{port}"


def read_request(stream):
    """One whole request out of a pipe."""
    text = b""
    length = None
    while length is None or len(text) < length:
        more = os.read(stream.fileno(), 65536)
        if not more:
            break
        text += more
        head, blank, _ = text.partition(b"\r\n\r\n")
        if blank:
            said = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
            length = len(head) + 4 + int(said[1])
    return text


def pump(process, backend):
    """Carries one request from s_server's stdout to the stand-in, and the reply back."""
    request = read_request(process.stdout)
    if not request:
        return
    with socket.create_connection(("127.0.0.1", backend), PATIENCE) as sock:
        sock.sendall(request)
        sock.shutdown(socket.SHUT_WR)
        while more := sock.recv(65536):
            process.stdin.write(more)
    process.stdin.flush()


@contextlib.contextmanager
def s_server(standin, folder, leaf, options):
    """OpenSSL's s_server, its standard streams joined to the stand-in."""

    def arguments(port):
        files = ["-cert", leaf.chain_file, "-cert_chain", leaf.chain_file]
        files += ["-key", leaf.key_file]
        where = f"127.0.0.1:{port}"
        return ["openssl", "s_server", "-quiet", "-accept", where, *files, *options]

    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with serving(arguments, folder / "s_server.log", **pipes) as (process, port):
        backend = standin.port("http")
        thread = threading.Thread(target=pump, args=(process, backend), daemon=True)
        thread.start()
        yield f"https://localhost:{port}"
        process.terminate()
        thread.join(PATIENCE)


@contextlib.contextmanager
def gnutls_serv(folder, leaf, priority):
    """gnutls-serv as an echo server; what it prints goes to gnutls.log."""

    def arguments(port):
        files = ["--x509certfile", leaf.chain_file, "--x509keyfile", leaf.key_file]
        more = ["--echo", "--disable-client-cert", "--priority", priority]
        return ["gnutls-serv", "--port", str(port), *more, *files]

    with serving(arguments, folder / "gnutls.log") as (_, port):
        yield f"https://localhost:{port}"


def assert_cancelled(standin, done):
    """EC2's side of exit 0: one request, its signature right, the permission gone."""
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(f"{IMAGE} cancelled")
    assert standin.settle(PATIENCE)
    (request,) = standin.requests()
    assert request["signature"] == "ok" and request["acted"]
    assert not standin.shared(IMAGE)
    return request


# Good chains


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("version", VERSIONS)
def test_nginx(cilp, standin, tmp_path, version, family, order):
    skip_without_pss(version == "1.2" and family != "ecdsa" and order == "their-order")
    leaf = standin.chains.leaf("nginx", family)
    for suites in (SUITES[version, family], SUITES[version, family][::-1]):
        standin.reset()
        lines = nginx_suites(version, suites, order == "their-order")
        with nginx(standin, tmp_path, leaf, version, lines) as url:
            done = cancel(cilp, url)
        request = assert_cancelled(standin, done)
        protocol, suite = dict(request["headers"])["Seen-Tls"].split()
        assert protocol == f"TLSv{version}"
        assert suite in suites if order == "our-order" else suite == suites[0]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("version", VERSIONS)
def test_s_server(cilp, standin, tmp_path, version, family, order):
    skip_without_pss(version == "1.2" and family != "ecdsa" and order == "their-order")
    leaf = standin.chains.leaf("s_server", family)
    options = ["-tls1_2" if version == "1.2" else "-tls1_3"]
    options += ["-serverpref"] if order == "their-order" else []
    with s_server(standin, tmp_path, leaf, options) as url:
        done = cancel(cilp, url)
    assert_cancelled(standin, done)


# A server's own order counts for the kind of its signature as well. RSA-PSS first is
# OpenSSL's own wish, and in TLS 1.2 a client may offer it for 1.3's sake alone.
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    "wish",
    [
        "rsa_pss_rsae_sha512:rsa_pss_rsae_sha256:rsa_pkcs1_sha256",
        "rsa_pss_rsae_sha384",
        "rsa_pss_rsae_sha256:rsa_pkcs1_sha512",
    ],
)
def test_s_server_that_wishes_for_pss(cilp, standin, tmp_path, version, wish):
    leaf = standin.chains.leaf("s_server", "rsa")
    options = ["-tls1_2" if version == "1.2" else "-tls1_3"]
    options += ["-serverpref", "-sigalgs", wish]
    with s_server(standin, tmp_path, leaf, options) as url:
        done = cancel(cilp, url)
    if version == "1.2" and not has_pss():
        assert done.failed(255, "RSA-PSS in TLS 1.2, which mbedTLS 3.6.6 does not take")
        return
    assert_cancelled(standin, done)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("version", VERSIONS)
def test_gnutls_serv(cilp, standin, tmp_path, version, family, order):
    leaf = standin.chains.leaf("gnutls", family)
    priority = f"NORMAL:-VERS-ALL:+VERS-TLS{version}"
    priority += ":%SERVER_PRECEDENCE" if order == "their-order" else ""
    with gnutls_serv(tmp_path, leaf, priority) as url:
        done = cancel(cilp, url, AWS_MAX_ATTEMPTS="1")
    done.failed(250, "outcome unknown", "bad status line")
    printed = (tmp_path / "gnutls.log").read_text(errors="replace")
    assert f"(TLS{version}" in printed
    assert FORM in printed


# Chains that are refused, before a byte of the request is sent


def assert_refused(standin, done, says):
    """Exit 255, one connection, no request on it, one line that says why."""
    done.failed(255, says, "nothing was sent")
    assert standin.settle(PATIENCE)
    (connection,) = standin.connections()
    assert connection["requests"] == []
    # The program's hello, an alert and the change of cipher: no record of a request.
    assert connection["raw_received"] < 400
    assert standin.shared(IMAGE)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("kind", BAD_CHAINS)
def test_refused_chain(cilp, standin, kind, version):
    _, says = BAD_CHAINS[kind]
    done = cancel(cilp, standin.url(f"{kind}{version}".replace(".", "")))
    assert_refused(standin, done, says)


def test_missing_intermediate(cilp, standin):
    done = cancel(cilp, standin.url("no-intermediate"))
    assert_refused(
        standin,
        done,
        'issuer "O=EC2 stand-in, CN=Intermediate rsa", which is not in the CA bundle',
    )


def test_address_that_the_certificate_is_not_for(cilp, standin):
    port = standin.port("wrong-host13")
    done = cancel(cilp, f"https://127.0.0.1:{port}")
    assert_refused(standin, done, "*.other.example, not for the address 127.0.0.1")


def test_root_of_another_family(cilp, standin):
    bundle = str(standin.root_file("ecdsa"))
    done = cancel(cilp, standin.url("rsa"), AWS_CA_BUNDLE=bundle)
    assert_refused(standin, done, 'CN=Root RSA", which is not in the CA bundle')


# TLS 1.1


def tls_1_1_version(url):
    """What a client that speaks TLS 1.1 and nothing else agrees on with a server."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers(WEAK_SUITES)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    address = ("127.0.0.1", int(url.rpartition(":")[2]))
    with socket.create_connection(address, PATIENCE) as sock:
        with context.wrap_socket(sock) as tls:
            return tls.version()


def test_tls_1_1(cilp, standin):
    done = cancel(cilp, standin.url("tls11"))
    assert_refused(standin, done, "protocol version")
    assert "the endpoint must speak TLS 1.2 or 1.3" in done.err
    assert tls_1_1_version(standin.url("tls11")) == "TLSv1.1"


@pytest.mark.parametrize("server", ["nginx", "s_server", "gnutls-serv"])
def test_tls_1_1_of_others(cilp, standin, tmp_path, server):
    leaf = standin.chains.leaf("tls11-others", "rsa")
    if server == "nginx":
        made = nginx(standin, tmp_path, leaf, "1.1", f"ssl_ciphers {WEAK_SUITES};")
    elif server == "s_server":
        options = ["-tls1_1", "-cipher", WEAK_SUITES]
        made = s_server(standin, tmp_path, leaf, options)
    else:
        made = gnutls_serv(tmp_path, leaf, "NORMAL:-VERS-ALL:+VERS-TLS1.1")
    with made as url:
        done = cancel(cilp, url)
        assert tls_1_1_version(url) == "TLSv1.1"
    says = "nothing was sent; the endpoint must speak TLS 1.2 or 1.3"
    done.failed(255, "the server refused the handshake", says)
    assert standin.requests() == []
