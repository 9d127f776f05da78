"""Through a proxy: to whom, by whose word, and each thing that a proxy can do wrong.

The stand-in's proxy leads every name that is not this machine's to its own EC2. Nobody
else knows the names that are asked for here.
"""

import base64
import contextlib
import ctypes
import json
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time

import pytest
import test_wiped
from chains import DAY
from conftest import figure
from cryptography import x509
from keyless import FIRMWARE, FLOWS, KEYS, NO_KEYS, Flow, Keyless

IMAGE = "ami-0abcdef1234567890"
BATCH = [f"ami-00000000000000d0{n}" for n in (1, 2, 3)]
NAME = "ec2.test"
PASSWORD = "p@ss:w/rd%"
ENCODED = "p%40ss%3Aw%2Frd%25"
CLONE_NEWNET, CLONE_NEWNS = 0x40000000, 0x20000
ONCE = {"AWS_MAX_ATTEMPTS": "1"}
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


def unshare(flags):
    """For a child before its exec: namespaces of its own."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(flags) != 0:
        raise OSError(ctypes.get_errno(), "unshare")


class Through:
    """The program, which can reach EC2 through the stand-in's proxy alone."""

    def __init__(self, cilp):
        self.cilp = cilp
        self.standin = cilp.standin

    def proxy(self, user="", listener="proxy"):
        """A URL of it."""
        scheme, _, rest = self.standin.url(listener).partition("://")
        return f"{scheme}://{user}{'@' if user else ''}{rest}"

    def env(self, env=None, **more):
        """The environment, with the proxy in HTTPS_PROXY."""
        found = {
            "AWS_ENDPOINT_URL_EC2": f"https://{NAME}",
            "AWS_ENDPOINT_URL_STS": f"https://{NAME}",
            "HTTPS_PROXY": self.proxy(),
        }
        return {**found, **(env or {}), **more}

    def __call__(self, *words, env=None, **more):
        return self.cilp(*words, env=self.env(env), **more)

    def cancel(self, *options, env=None, **more):
        """cilp cancel IMAGE --no-verify ..."""
        return self.cilp.cancel(IMAGE, *options, env=self.env(env), **more)

    def asked(self, listener="proxy"):
        """The requests that a listener saw."""
        self.standin.settle()
        return [r for r in self.standin.requests() if r["listener"] == listener]

    def failed(self, done, *fragments):
        """Nothing was sent, and nothing has changed."""
        done.failed(255, "nothing was sent", *fragments)
        assert not self.asked("rsa") and self.standin.shared(IMAGE)


@pytest.fixture(name="through")
def _through(cilp):
    return Through(cilp)


# To EC2


def test_it_cancels(through):
    done = through.cancel()
    assert (done.code, done.err) == (0, "")
    assert not through.standin.shared(IMAGE)
    (asked,) = through.asked()
    assert (asked["method"], asked["target"]) == ("CONNECT", f"{NAME}:443")
    assert list(map(tuple, asked["headers"])) == [("Host", f"{NAME}:443")]
    (request,) = through.asked("rsa")
    assert request["signature"] == "ok" and ("Host", NAME) in map(tuple, request["headers"])


@pytest.mark.parametrize("inner", ["rsa", "ecdsa", "tls12", "tls13", "tls12-ecdsa"])
@pytest.mark.parametrize("listener", ["proxy", "proxy-https"])
def test_tls_in_plain_and_in_tls(through, listener, inner):
    through.standin.set(proxy_to=inner)
    done = through.cancel(env={"HTTPS_PROXY": through.proxy(listener=listener)})
    assert (done.code, done.err) == (0, "")
    assert len(through.asked(listener)) == len(through.asked(inner)) == 1


def test_many_go_through_one_tunnel(through):
    done = through("cancel", *BATCH, "--no-verify")
    assert done.code == 0
    assert len(through.asked()) == 1 and len(through.asked("rsa")) == 3


def test_a_proxy_that_refuses_ends_a_batch(through):
    through.standin.for_listener("proxy", status=403)
    done = through("cancel", *BATCH, "--no-verify")
    assert done.code == 255 and "it forbids connecting to ec2.test:443" in done.err
    assert len(through.asked()) == 1 and not through.asked("rsa")


def test_a_proxy_may_have_an_address_of_either_kind(through):
    for address in through.standin.facts()["listeners"]["proxy"]["addresses"]:
        through.standin.reset()
        done = through.cancel(env={"HTTPS_PROXY": f"http://{address}/"})
        assert (done.code, done.err) == (0, ""), address


def test_a_plain_endpoint_goes_through_connect_as_well(through):
    env = {"AWS_ENDPOINT_URL_EC2": f"http://{NAME}", "HTTPS_PROXY": None}
    done = through.cancel("--allow-http", env={**env, "HTTP_PROXY": through.proxy()})
    assert (done.code, done.err) == (0, "")
    (asked,) = through.asked()
    assert asked["target"] == f"{NAME}:80" and len(through.asked("http")) == 1


@pytest.mark.parametrize("name", ["role", "web", "role-of-instance", "container", "imds"])
def test_sts_is_reached_through_it_and_agents_are_not(through, name):
    flow = FLOWS[name]
    keyless = Keyless(through.cilp)
    env = keyless.environment(flow, through.env(HTTP_PROXY="http://127.0.0.1:9"))
    env["AWS_ENDPOINT_URL_STS"] = f"https://{NAME}"
    words = ("cancel", flow.image, "--no-verify", *flow.options)
    done = through.cilp(*words, env=env)
    assert (done.code, done.err) == (0, ""), done
    asked = [request["action"] for request in through.asked("rsa")]
    assert asked == [action for service, action in flow.asked if service == "sts"] + [
        "CancelImageLaunchPermission"
    ]
    assert {request["target"] for request in through.asked()} == {f"{NAME}:443"}


# Who names it


def test_the_lower_case_wins(through):
    dead = "http://127.0.0.1:9"
    good = {"https_proxy": through.proxy(), "HTTPS_PROXY": dead}
    assert through.cancel(env=good).code == 0
    bad = {"https_proxy": dead, "HTTPS_PROXY": through.proxy(), **ONCE}
    done = through.cancel(env=bad)
    through.standin.reset()
    done.failed(255, "proxy 127.0.0.1:9: connection refused", "https_proxy names it")


def test_the_option_wins(through):
    env = {"https_proxy": "http://127.0.0.1:9", "HTTPS_PROXY": "socks5://x"}
    assert through.cancel("--proxy", through.proxy(), env=env).code == 0
    assert len(through.asked()) == 1


@pytest.mark.parametrize(
    "options,env,says",
    [
        (["--proxy", "none"], {}, "straight, as --proxy says"),
        ([], {"https_proxy": ""}, "straight, as https_proxy says"),
        ([], {"HTTPS_PROXY": ""}, "straight: no proxy is named\n"),
        (
            [],
            {"HTTPS_PROXY": None, "HTTP_PROXY": "http://p"},
            "such an endpoint: HTTP_PROXY does not count, HTTPS_PROXY does",
        ),
        (
            [],
            {"HTTPS_PROXY": None, "all_proxy": "socks5://u:sesame@p"},
            "such an endpoint: all_proxy does not count, HTTPS_PROXY does",
        ),
        ([], {"NO_PROXY": "x, 10.0.0.0/8"}, "HTTPS_PROXY names: NO_PROXY has '10.0.0.0/8'"),
        ([], {"no_proxy": "*", "NO_PROXY": "x"}, "HTTPS_PROXY names: no_proxy has '*'"),
    ],
)
@needs_root
def test_going_straight_is_told(through, options, env, says):
    """On a machine without a network, at an address: nobody is asked for anything."""
    there = "https://10.1.2.3"
    env = {"AWS_ENDPOINT_URL_EC2": there, "AWS_ENDPOINT_URL_STS": there, **ONCE, **env}
    alone = {"preexec_fn": lambda: unshare(CLONE_NEWNET)}
    done = through("doctor", *options, env=env, **alone)
    assert "\nway          straight" in done.out and says in done.out, done
    assert "sesame" not in done.out + done.err
    done = through.cancel(*options, env=env, **alone)
    through.failed(done, "10.1.2.3:443: no route")
    if says.endswith("\n"):  # of what nobody has named no word is said
        assert "proxy" not in done.err
    else:
        assert "it was tried straight" in done.err and says in done.err


def test_what_is_on_this_machine_is_never_asked_of_one(through):
    env = {"HTTPS_PROXY": "http://127.0.0.1:9", "HTTP_PROXY": "http://127.0.0.1:9"}
    for listener in "rsa", "http":
        through.standin.reset()
        assert through.cilp.cancel(IMAGE, listener=listener, env=env).code == 0


def test_an_unreachable_endpoint_of_this_machine_is_told_so(through):
    env = {"AWS_ENDPOINT_URL_EC2": "https://127.0.0.1:9", **ONCE}
    done = through.cancel(env=env)
    through.failed(
        done,
        "connection refused by 127.0.0.1:9",
        "it was tried straight, not through the proxy that HTTPS_PROXY names",
        "on this machine or its link",
    )


def test_a_cgi_program_takes_no_strangers_proxy(through):
    env = {"AWS_ENDPOINT_URL_EC2": "http://10.1.2.3", "HTTPS_PROXY": None, **ONCE}
    env.update(HTTP_PROXY=through.proxy(), REQUEST_METHOD="GET")
    if os.geteuid() == 0:
        done = through.cancel(
            "--allow-http", env=env, preexec_fn=lambda: unshare(CLONE_NEWNET)
        )
        through.failed(done, "10.1.2.3:80: no route")
    assert not through.asked()


# Who asks


@pytest.mark.parametrize("listener", ["proxy", "proxy-https"])
def test_basic_is_percent_decoded_and_shown_to_nobody(through, listener):
    through.standin.set(proxy_user=f"al ice:{PASSWORD}")
    url = through.proxy(f"al%20ice:{ENCODED}", listener)
    token = base64.b64encode(f"al ice:{PASSWORD}".encode()).decode()
    env = {"HTTPS_PROXY": url}
    shown = ""
    for words in (["cancel", IMAGE, "--debug"], ["doctor"], ["doctor", "--output", "json"]):
        done = through(*words, env=env)
        assert done.code == 0, done
        shown += done.out + done.err
    assert {request["signature"] for request in through.asked(listener)} == {"ok"}
    assert url.partition("@")[2] in shown.replace("[::1]:", "localhost:")
    for secret in PASSWORD, ENCODED, token, token[:12], "al%20ice", "al ice":
        assert secret not in shown


@pytest.mark.parametrize("user", ["", "alice:wrong", "alice"])
def test_407_says_what_to_do(through, user):
    through.standin.set(proxy_user="alice:sesame")
    done = through.cancel(env={"HTTPS_PROXY": through.proxy(user)})
    says = (
        "it does not take the user's name and password that it was given, by Basic"
        if user
        else "it wants a user's name and password"
    )
    through.failed(done, says, "(HTTP status 407)", "HTTPS_PROXY may have USER:PASSWORD@")
    assert "wrong" not in done.err and len(through.asked()) == 1


# What a proxy can do wrong

PAGE = base64.b64encode(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>").decode()
BANNER = base64.b64encode(b"SSH-2.0-OpenSSH_9.2\r\n").decode()
EARLY = base64.b64encode(b"HTTP/1.1 200 OK\r\n\r\n").decode()


@pytest.mark.parametrize(
    "order,attempts,says",
    [
        ({"status": 403}, 1, "it forbids connecting to ec2.test:443 (HTTP status 403)"),
        ({"status": 404}, 1, "it refuses to connect to ec2.test:443 (HTTP status 404)"),
        ({"status": 500}, 3, "it failed to connect to ec2.test:443 (HTTP status 500)"),
        ({"status": 502}, 3, "it cannot reach ec2.test:443 (HTTP status 502)"),
        ({"status": 503}, 3, "it cannot connect just now to ec2.test:443 (HTTP status 503)"),
        ({"status": 504}, 3, "it got no answer from ec2.test:443 (HTTP status 504)"),
        (
            {"redirect": "http://login.test/", "status": 302},
            1,
            "it answers CONNECT with a redirection (HTTP status 302)",
        ),
        ({"raw": PAGE}, 1, "it sends a page of its own behind its answer to CONNECT"),
        ({"raw": BANNER}, 1, "what it answers to CONNECT is not HTTP"),
        ({"header_line": 9000}, 1, "its answer to CONNECT is malformed"),
        ({"head_bytes": 70000}, 1, "its answer to CONNECT is malformed"),
        ({"interim": 9}, 1, "its answer to CONNECT is malformed"),
        ({"cut_received": 10}, 3, ""),
        ({"refuse": "fin"}, 3, ""),
        ({"refuse": "rst"}, 3, ""),
    ],
)
@pytest.mark.parametrize("listener", ["proxy", "proxy-https"])
def test_a_bad_proxy_is_told_by_its_fault(through, listener, order, attempts, says):
    through.standin.for_listener(listener, **order)
    done = through.cancel(env={"HTTPS_PROXY": through.proxy(listener=listener)})
    port = through.standin.port(listener)
    if not says and listener == "proxy":
        says = "it hung up without an answer to CONNECT"
        says = "connection reset by" if "rst" in order.values() else says
    through.failed(done, f"ec2.test:443: proxy localhost:{port}: {says}")
    tries = [c for c in through.standin.connections() if c["listener"] == listener]
    # localhost has two addresses: the second is tried where the first one resets
    assert attempts <= len(tries) <= (2 if "refuse" in order else 1) * attempts, done
    assert "HTTPS_PROXY names it; check it, or go straight" in done.err


@pytest.mark.parametrize("listener", ["proxy", "proxy-https"])
def test_who_speaks_first_is_told_or_not_understood(through, listener):
    """Bytes may come before they are looked for, or behind the question."""
    through.standin.for_listener(listener, greet=BANNER, stall=1)
    env = {"HTTPS_PROXY": through.proxy(listener=listener)}
    done = through.cancel(env=env)
    through.failed(done, f"proxy localhost:{through.standin.port(listener)}: ")
    assert (
        "it speaks before it is asked: that is no proxy for HTTP" in done.err
        or "what it answers to CONNECT is not HTTP" in done.err
    )


@pytest.mark.parametrize("listener", ["proxy", "proxy-https"])
def test_an_answer_before_the_question_leads_nowhere(through, listener):
    through.standin.for_listener(listener, greet=EARLY, status=403)
    env = {"HTTPS_PROXY": through.proxy(listener=listener)}
    through.failed(through.cancel(env=env), f"localhost:{through.standin.port(listener)}")


def test_a_page_that_comes_later_is_tlss_to_refuse(through):
    order = {"raw": EARLY, "keep_open": True}
    through.standin.for_listener("proxy", **order)
    done = through.cancel("--cli-connect-timeout", "1", env=ONCE)
    through.failed(done, "it was tried through the proxy http://localhost:")


def test_a_proxy_that_is_not_there_is_told(through):
    done = through.cancel(env={"HTTPS_PROXY": "127.0.0.1:9"})
    through.failed(
        done, "proxy 127.0.0.1:9: connection refused by 127.0.0.1:9 (3 attempts)"
    )


def test_http_and_https_exchanged_are_told(through):
    tls, plain = through.standin.port("proxy-https"), through.standin.port("proxy")
    done = through.cancel(env={"HTTPS_PROXY": f"http://localhost:{tls}"})
    # OpenSSL says nothing at all to somebody without TLS
    through.failed(done, f"proxy localhost:{tls}: it hung up without an answer to CONNECT")
    through.standin.for_listener("proxy", greet=BANNER)
    done = through.cancel(env={"HTTPS_PROXY": f"https://localhost:{plain}"})
    through.failed(done, f"proxy localhost:{plain}: what came is not TLS")


def test_a_proxy_that_hangs_is_told(through):
    for order, says in (
        ({"stall": 60}, "it takes connections and does not answer CONNECT"),
        ({"drip": 60}, "the rest of its answer to CONNECT does not come"),
    ):
        through.standin.for_listener("proxy", **order)
        start = time.monotonic()
        done = through.cancel("--cli-connect-timeout", "0.5", env=ONCE)
        assert time.monotonic() - start < 10
        through.failed(done, f"proxy localhost:{through.standin.port('proxy')}: {says}")


@pytest.mark.parametrize("how", ["fin", "rst"])
def test_a_cut_at_every_byte_of_the_answer_sends_nothing(through, how):
    through.cancel()
    whole = through.asked()[0]["reply_sent"]
    assert whole > 50
    for at in range(whole):
        through.standin.reset()
        through.standin.for_listener("proxy", cut_reply=at, how=how)
        done = through.cancel(env=ONCE)
        assert done.code == 255 and "nothing was sent" in done.err, (at, done)
        assert "proxy localhost:" in done.err, (at, done)
        assert through.standin.shared(IMAGE) and not through.asked("rsa"), at
    figure(f"cuts in the answer to CONNECT, by {how}: {whole}")


def test_a_cut_answer_is_asked_for_again(through):
    through.standin.next({"listener": "proxy", "cut_reply": 20})
    assert through.cancel().code == 0
    assert len(through.asked()) == 2 and not through.standin.shared(IMAGE)


def test_what_was_sent_through_a_tunnel_is_sent(through):
    """Behind the answer the old rules hold: what was sent is asked for again."""
    through.standin.for_listener("rsa", cut_reply=0)
    done = through.cancel(env=ONCE)
    assert done.code == 250 and "outcome unknown" in done.err


# What is set wrongly


@pytest.mark.parametrize(
    "url,says",
    [
        ("socks5://p:1080", "HTTPS_PROXY 'socks5://p:1080' is of a kind that is not spoken"),
        ("http://p:0", "HTTPS_PROXY 'http://p:0' has a port"),
        ("http://:3128", "HTTPS_PROXY 'http://:3128' has no host"),
        ("http://p/x", "HTTPS_PROXY 'http://p/x' has something behind its host"),
        ("http://u:sesame%@p", "HTTPS_PROXY (not shown: there is an @ in it) has a user's"),
        ("socks5h://u:sesame@p", "HTTPS_PROXY (not shown: there is an @ in it) is of a kind"),
        ("http://u:ses/ame@p", "HTTPS_PROXY (not shown: there is an @ in it) has a user's"),
    ],
)
def test_a_url_that_is_none_stops_with_its_name(through, url, says):
    done = through.cancel(env={"HTTPS_PROXY": url})
    done.failed(253, says, "--proxy none")
    assert "ses" not in done.err.replace("%", "").replace("characters", "")
    done = through.cancel("--proxy", url)
    done.failed(252, says.replace("HTTPS_PROXY", "--proxy"))
    assert through.cancel("--proxy", "none", env={"HTTPS_PROXY": url, **ONCE}).code != 253


def profile(tmp_path, text):
    """The variables that make it the default profile."""
    (tmp_path / "config").write_text(f"[default]\n{text}\n")
    return {"AWS_CONFIG_FILE": str(tmp_path / "config")}


def test_a_proxy_has_roots_of_its_own(through, tmp_path):
    env = {"HTTPS_PROXY": through.proxy(listener="proxy-https")}
    ecdsa = through.standin.root_file("ecdsa")
    rsa = through.standin.root_file("rsa")
    through.standin.set(proxy_to="ecdsa")
    words = ["--ca-bundle", str(ecdsa)]
    done = through.cancel(*words, env={**env, **ONCE})
    done.failed(
        255,
        f"proxy localhost:{through.standin.port('proxy-https')}: ",
        "the profile's proxy_ca_bundle, or --ca-bundle, names the roots",
    )
    env.update(profile(tmp_path, f"proxy_ca_bundle={rsa}"))
    assert through.cancel(*words, env=env).code == 0
    env.update(profile(tmp_path, "proxy_ca_bundle=/nowhere"))
    through.cancel(env=env).failed(253, "/nowhere", "it is named by proxy_ca_bundle")
    env["HTTPS_PROXY"] = through.proxy()  # which shows no certificate
    assert through.cancel(env=env).code in (0, 251)


@contextlib.contextmanager
def asking_front(standin):
    """An https:// proxy that wants a client's certificate: the stand-in's, behind TLS."""
    leaf = standin.chains.leaf("rsa", "rsa")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(leaf.chain_file, leaf.key_file)
    context.verify_mode = ssl.CERT_REQUIRED
    _ = standin.chains.client_root
    context.load_verify_locations(standin.chains.clients_file)
    shown = []

    def carry(one, other):
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)

    def serve(client):
        with contextlib.suppress(OSError), client, socket.create_connection(
            ("127.0.0.1", standin.port("proxy"))
        ) as behind, context.wrap_socket(client, server_side=True) as front:
            shown.append(front.getpeercert())
            back = threading.Thread(target=carry, args=(behind, front))
            back.start()
            carry(front, behind)
            back.join()

    def accept(listener):
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(
                    target=serve, args=(listener.accept()[0],), daemon=True
                ).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, args=(listener,), daemon=True).start()
        yield f"https://localhost:{listener.getsockname()[1]}", shown
        listener.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize("kind", ["client-rsa", "client-p256", "client-p384"])
def test_a_proxy_is_shown_a_certificate(through, tmp_path, kind):
    leaf = through.standin.chains.client(kind)
    me = tmp_path / "me.pem"
    me.write_bytes(leaf.chain_file.read_bytes() + leaf.key_file.read_bytes())
    me.chmod(0o600)
    with asking_front(through.standin) as (url, shown):
        env = {"HTTPS_PROXY": url}
        done = through.cancel(env={**env, **ONCE})
        done.failed(255, "proxy localhost:", "wants a client certificate, and none was named")
        done = through.cancel(env={**env, **profile(tmp_path, f"proxy_client_cert={me}")})
        assert done.code == 0 and "note" not in done.err
        mine = x509.load_pem_x509_certificate(leaf.chain_file.read_bytes())
        assert int(shown[-1]["serialNumber"], 16) == mine.serial_number
        me.chmod(0o644)
        done = through.cancel(env={**env, **profile(tmp_path, f"proxy_client_cert={me}")})
        assert "is open to others than its owner" in done.err


def test_a_certificate_for_a_proxy_that_cannot_be_used(through, tmp_path):
    chains = through.standin.chains
    leaf, other = chains.client("client-p256"), chains.client("client-p384")
    me = tmp_path / "me.pem"
    env = profile(tmp_path, f"proxy_client_cert={me}")
    env["HTTPS_PROXY"] = through.proxy(listener="proxy-https")
    named = "it is named by proxy_client_cert"
    through.cancel(env=env).failed(253, f"the certificate '{me}' does not exist", named)
    cert, key = leaf.chain_file.read_bytes(), other.key_file.read_bytes()
    me.write_bytes(cert)
    through.cancel(env=env).failed(253, f"the private key '{me}' is not there", named)
    me.write_bytes(cert + key)
    through.cancel(env=env).failed(253, "does not belong to the private key", named)
    old = chains.client("client-p256", start=chains.now - 3 * DAY, end=chains.now - DAY, suffix="-old")
    me.write_bytes(old.chain_file.read_bytes() + old.key_file.read_bytes())
    done = through.cancel(env=env)
    done.failed(253, f"the certificate '{me}' expired at 20", "this machine's clock says 20")
    assert through.cancel("--proxy", through.proxy(), env=env).code == 0  # without TLS


# What is shown


def test_doctor_and_debug_show_the_way(through):
    url = through.proxy()
    done = through("doctor")
    assert done.code == 0
    assert f"\nway          through the proxy {url}, which HTTPS_PROXY names\n" in done.out
    assert ", the proxy's\n" in done.out
    shown = json.loads(through("doctor", "--output", "json").out)
    assert shown["proxy"] == url
    done = through.cancel("--debug")
    assert f"\n* through the proxy {url}, which HTTPS_PROXY names\n" in done.err
    env = {"HTTPS_PROXY": None}
    done = through.cilp("doctor", env=env)
    assert "\nway          straight: no proxy is named\n" in done.out
    assert json.loads(through.cilp("doctor", "--output", "json", env=env).out)["proxy"] is None
    assert "proxy" not in through.cilp("cancel", IMAGE, "--debug", env=env).err


def test_doctor_says_what_the_proxy_refuses(through):
    through.standin.for_listener("proxy", status=403)
    done = through("doctor", "--expect-account", "123456789012")
    assert done.code == 255 and "it forbids connecting to ec2.test:443" in done.out
    assert "HTTPS_PROXY names it; check it" in done.out


def test_a_source_that_a_proxy_refuses_says_so(through):
    keyless = Keyless(through.cilp)
    through.standin.for_listener("proxy", status=403)
    env = keyless.environment(FLOWS["role"], through.env())
    env["AWS_ENDPOINT_URL_STS"] = "https://sts.test"
    words = ("cancel", FIRMWARE, *FLOWS["role"].options)
    done = through.cilp(*words, env=env)
    done.failed(253, "it forbids connecting to sts.test:443", "HTTPS_PROXY names it")


# What is left


@needs_root
@pytest.mark.parametrize("listener", ["proxy", "proxy-https"])
@pytest.mark.parametrize("by", ["variable", "option"])
def test_no_password_is_left(through, by, listener):
    if not through.cilp.is_static:
        pytest.skip("of the static program")
    keyless = Keyless(through.cilp)
    password = "correct-horse-battery-staple"
    through.standin.set(proxy_user=f"alice:{password}")
    through.standin.for_listener("rsa", stall=0.5)
    url = through.proxy(f"alice:{password}", listener)
    secrets = [password, base64.b64encode(f"alice:{password}".encode()).decode()]
    env = through.env(KEYS, HTTPS_PROXY=url if by == "variable" else None)
    options = () if by == "variable" else ("--proxy", url)
    flow = Flow("environment", [], env=env, image=IMAGE)
    run = test_wiped.Traced(keyless, flow, *options)
    run.until(lambda: test_wiped.has_cancel(keyless))
    assert test_wiped.found(run.pid, secrets[:1]), "the search finds nothing at all"
    assert not test_wiped.found(run.pid, secrets[1:])  # it has been sent
    test_wiped.ptrace(test_wiped.CONT, run.pid)
    run.to_exit()
    places = test_wiped.found(run.pid, secrets)
    code, _, err = run.end()
    assert (code, err, places) == (0, "", [])


# Alone


@needs_root
@pytest.mark.parametrize("listener", ["proxy", "proxy-https"])
def test_it_is_enough_in_an_empty_root(through, tmp_path, listener):
    if not through.cilp.is_static:
        pytest.skip("of the static program")
    root = tmp_path / "root"
    root.mkdir()
    shutil.copy(through.cilp.path, root / "cilp")
    shutil.copy(through.standin.ca_bundle, root / "roots.pem")
    through.standin.set(proxy_user=f"alice:{PASSWORD}")
    env = through.cilp.environment(
        env=through.env(
            AWS_CA_BUNDLE="/roots.pem",
            HTTPS_PROXY=through.proxy(f"alice:{ENCODED}", listener),
        )
    )

    def enter():
        os.chroot(root)
        os.chdir("/")
        os.setgid(65532)
        os.setuid(65532)

    run = subprocess.run(
        ["/cilp", "cancel", IMAGE, "--no-verify"],
        env=env,
        preexec_fn=enter,
        capture_output=True,
        check=False,
    )
    assert (run.returncode, run.stderr) == (0, b"")
    assert not through.standin.shared(IMAGE)


# A proxy by other hands


class Tinyproxy:
    """Debian's, on loopback, with an /etc/hosts in which the name is loopback's."""

    def __init__(self, folder, port, to, user=""):
        config = folder / "tinyproxy.conf"
        lines = [
            f"Port {port}",
            "Listen 127.0.0.1",
            "Timeout 30",
            f"PidFile \"{folder}/pid\"",
            f"LogFile \"{folder}/log\"",
            "MaxClients 10",
            "Allow 127.0.0.1",
            f"ConnectPort {to}",
            *([f"BasicAuth {user}"] if user else []),
        ]
        config.write_text("\n".join(lines) + "\n")
        hosts = folder / "hosts"
        hosts.write_text(f"127.0.0.1 {NAME}\n")
        script = 'mount --bind "$1" /etc/hosts && exec tinyproxy -d -c "$2"'
        self.process = subprocess.Popen(
            ["sh", "-c", script, "sh", hosts, config],
            preexec_fn=lambda: unshare(CLONE_NEWNS),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()


def free_port():
    """A port number that nobody has just now."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


def wait_for(port):
    """Until somebody listens there."""
    end = time.monotonic() + 20
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            assert time.monotonic() < end
            time.sleep(0.05)


@needs_root
@pytest.mark.skipif(not shutil.which("tinyproxy"), reason="no tinyproxy")
@pytest.mark.parametrize("user", ["", "alice sesame"])
def test_tinyproxy_leads_to_ec2(through, tmp_path, user):
    to = through.standin.port("rsa")
    port = free_port()
    env = {"AWS_ENDPOINT_URL_EC2": f"https://{NAME}:{to}", **ONCE}
    url = f"http://{user.replace(' ', ':')}{'@' if user else ''}127.0.0.1:{port}"
    with Tinyproxy(tmp_path, port, to, user):
        wait_for(port)
        done = through.cancel(env={**env, "HTTPS_PROXY": url})
        assert (done.code, done.err) == (0, ""), (done, (tmp_path / "log").read_text())
        assert not through.standin.shared(IMAGE)
        through.standin.reset()
        if user:
            env["HTTPS_PROXY"] = f"http://127.0.0.1:{port}"
            through.failed(through.cancel(env=env), "(HTTP status 407)")
        else:
            env["AWS_ENDPOINT_URL_EC2"] = f"https://{NAME}:{to + 1}"
            env["HTTPS_PROXY"] = url
            through.failed(through.cancel(env=env), "it forbids connecting to ec2.test")
