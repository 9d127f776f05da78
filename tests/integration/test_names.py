"""How names are looked up, by name servers that answer rightly, wrongly, late or not at all.

The program runs in a folder of its own with its own /etc, and asks a name server of the
test.
"""

import os
import random
import shutil
import socket
import subprocess
import time

import pytest
from names import A, AAAA, CODES, NXDOMAIN, SERVFAIL, Answer, NameServer, written

IMAGE = "ami-0abcdef1234567890"
NAME = "ec2.test"  # whom the stand-in's certificate is for
REGION_S = "ec2.us-east-1.amazonaws.com"
CLUSTER = "search default.svc.cluster.test corp.test\noptions ndots:5"
QUICK = "options timeout:1 attempts:1"
PATIENCE = 60

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="chroot and port 53 need root")


class Jail:
    """A folder with the program and its /etc, and the name server that it asks."""

    def __init__(self, cilp, folder):
        self.cilp = cilp
        self.standin = cilp.standin
        self.folder = folder
        (folder / "etc").mkdir()
        shutil.copy(cilp.path, folder / "cilp")
        shutil.copy(cilp.standin.ca_bundle, folder / "ca.pem")

    def cancel(self, decide, options="", url=None, hosts="", before=""):
        """(what it left behind, what the name server was asked). before: another one's line,
        which is asked as well.
        """
        more = {"AWS_CA_BUNDLE": "/ca.pem", "AWS_ENDPOINT_URL_EC2": url}
        if not url:
            more["AWS_ENDPOINT_URL"] = None
        (self.folder / "etc/hosts").write_text(hosts)
        with NameServer(decide) as server:
            text = f"{before}nameserver {server.address}\n{options}\n"
            (self.folder / "etc/resolv.conf").write_text(text)
            done = subprocess.run(
                ["/cilp", "cancel", IMAGE, "--no-verify", "--even-if-in-use", "--allow-http"],
                env=self.cilp.environment(env={**more, "AWS_MAX_ATTEMPTS": "1"}),
                preexec_fn=lambda: (os.chroot(self.folder), os.chdir("/")),
                capture_output=True,
                text=True,
                timeout=PATIENCE,
                check=False,
            )
            return done, server.asked

    def url(self, host=NAME, listener="http"):
        """The stand-in's, by a name."""
        scheme = "http" if listener == "http" else "https"
        return f"{scheme}://{host}:{self.standin.port(listener)}"


@pytest.fixture(name="jail")
def _jail(cilp, tmp_path):
    if not cilp.is_static:
        pytest.skip("of the static program")
    return Jail(cilp, tmp_path)


def knows(*names, a=("127.0.0.1",), aaaa=(), otherwise=NXDOMAIN, **more):
    """Decides so for these names, and with an error for all others."""

    def decide(name, kind):
        if name not in names:
            return Answer(otherwise)
        return Answer(addresses=tuple(a if kind == A else aaaa), **more)

    return decide


def cancelled(jail, done):
    """Exit 0, and EC2's side of it."""
    assert (done.returncode, done.stderr) == (0, ""), done
    assert not jail.standin.shared(IMAGE)
    return True


def names_of(asked):
    """Names in the order in which they were first asked for."""
    return list(dict.fromkeys(name for name, _, _ in asked))


# ---- Whom it asks for ----


def test_a_region_s_host_is_never_completed(jail):
    done, asked = jail.cancel(lambda name, kind: Answer(NXDOMAIN), CLUSTER)
    assert done.returncode == 255 and f"no such host: {REGION_S}" in done.stderr
    assert names_of(asked) == [REGION_S]


def test_a_name_with_a_dot_is_asked_for_as_it_stands(jail):
    decide = knows(NAME, otherwise=SERVFAIL)
    done, asked = jail.cancel(decide, CLUSTER, jail.url())
    assert cancelled(jail, done) and names_of(asked) == [NAME]


@pytest.mark.parametrize("host", ["ec2.default", "ec2"])
def test_a_name_of_the_user_s_is_completed_when_it_is_not_found(jail, host):
    """As Kubernetes has it: SERVICE.NAMESPACE, or a name alone."""
    found = f"{host}.default.svc.cluster.test"
    done, asked = jail.cancel(knows(found), CLUSTER, jail.url(host))
    assert cancelled(jail, done)
    assert names_of(asked) == ([host] if "." in host else []) + [found]


def test_a_last_dot_is_for_the_look_up_alone(jail):
    decide = knows(NAME, otherwise=SERVFAIL)
    done, asked = jail.cancel(decide, CLUSTER, jail.url(NAME + ".", "rsa"))
    assert cancelled(jail, done) and names_of(asked) == [NAME]
    (request,) = jail.standin.requests()
    assert dict(request["headers"])["Host"] == f"{NAME}:{jail.standin.port('rsa')}"
    assert request["signature"] == "ok"


def test_a_full_name_alone_is_not_completed(jail):
    done, asked = jail.cancel(lambda name, kind: Answer(NXDOMAIN), CLUSTER, jail.url("ec2.a."))
    assert done.returncode == 255 and "no such host: ec2.a" in done.stderr
    assert names_of(asked) == ["ec2.a"]


HOSTS = [
    f"127.0.0.1 {NAME}",
    f"# 127.0.0.9 {NAME}\n127.0.0.9 x{NAME} {NAME}x\n\t127.0.0.1\tother.test {NAME.upper()} # {NAME}",
    f"not-an-address {NAME}\n127.0.0.1 {'x' * 400} {NAME}",
    f"::1 {NAME}",
]


@pytest.mark.parametrize("hosts", HOSTS)
@pytest.mark.parametrize("host", [NAME, NAME + "."])
def test_etc_hosts_comes_first(jail, hosts, host):
    done, asked = jail.cancel(lambda name, kind: Answer(NXDOMAIN), "", jail.url(host), hosts)
    assert cancelled(jail, done) and asked == []


# ---- What it is answered ----


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("bad", [A, AAAA])
def test_one_family_s_error_spoils_nothing(jail, code, bad):
    def decide(_, kind):
        if kind == bad:
            return Answer(CODES[code])
        return Answer(addresses=("127.0.0.1" if kind == A else "::1",))

    done, asked = jail.cancel(decide, QUICK, jail.url())
    assert cancelled(jail, done) and A in {kind for _, kind, _ in asked}


def test_one_family_s_silence_spoils_nothing(jail):
    decide = lambda _, kind: Answer(addresses=("127.0.0.1",)) if kind == A else None  # noqa: E731
    done, _ = jail.cancel(decide, QUICK, jail.url())
    assert cancelled(jail, done)


def test_an_answer_that_does_not_fit_is_fetched_over_tcp(jail):
    done, asked = jail.cancel(knows(NAME, cut=True), "", jail.url())
    assert cancelled(jail, done)
    assert (NAME, A, "udp") in asked and (NAME, A, "tcp") in asked


def test_many_addresses_do_no_harm(jail):
    many = [f"127.0.0.{n}" for n in range(1, 100)]
    done, _ = jail.cancel(knows(NAME, a=many, cut=True), "", jail.url())
    assert cancelled(jail, done)


def test_a_late_answer_is_waited_for(jail):
    done, _ = jail.cancel(knows(NAME, after=1.5), "options timeout:4 attempts:2", jail.url())
    assert cancelled(jail, done)


@pytest.mark.parametrize("length", [1, 4, 15])
def test_an_alias_is_followed(jail, length):
    """EC2's own hosts have none; those of VPC endpoints and CDNs do."""
    via = tuple(f"alias-{n}.elsewhere.test" for n in range(length))
    done, _ = jail.cancel(knows(NAME, via=via), QUICK, jail.url())
    assert cancelled(jail, done)


def test_an_alias_of_itself_is_no_address(jail):
    decide = lambda name, kind: Answer(via=(f"a.{NAME}", NAME, f"a.{NAME}"))  # noqa: E731
    done, _ = jail.cancel(decide, QUICK, jail.url())
    assert done.returncode == 255 and "nothing was sent" in done.stderr


# musl goes by the sender and the id, and looks at nothing else: whoever can write these can
# write the rest, and it is the certificate that says whom the program speaks with.
WRONG = {
    "another id": lambda reply: bytes([reply[0] ^ 1]) + reply[1:],
    "half of it": lambda reply: reply[: len(reply) // 2],
    "one byte": lambda reply: reply[:1],
    "nothing": lambda reply: b"",
}
FORGED = "127.0.0.66"  # where nobody listens


def forged(reply):
    """The same for another address."""
    return reply.replace(socket.inet_aton("127.0.0.1"), socket.inet_aton(FORGED))


@pytest.mark.parametrize("wrong", ["another id", "one byte", "nothing"])
def test_what_is_no_reply_to_it_is_passed_over(jail, wrong):
    """Somebody else's answer comes first, and the right one behind it."""
    first = lambda reply: WRONG[wrong](forged(reply))  # noqa: E731
    done, _ = jail.cancel(knows(NAME, first=first), QUICK, jail.url())
    assert cancelled(jail, done)


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_no_reply_is_none(jail, wrong):
    done, _ = jail.cancel(knows(NAME, first=WRONG[wrong], alone=True), QUICK, jail.url())
    assert done.returncode == 255 and done.stdout == "", done
    assert NAME in done.stderr and "nothing was sent" in done.stderr


def test_an_answer_with_bytes_at_random_does_no_harm(jail):
    """From behind the question to its end; the seed is printed where it fails."""
    seed = random.randrange(1 << 32)
    dice = random.Random(seed)

    def first(reply):
        at = 12 + len(written(NAME)) + 4
        return reply[:at] + dice.randbytes(len(reply) - at)

    for _ in range(4):
        done, _ = jail.cancel(knows(NAME, first=first, alone=True), QUICK, jail.url())
        assert done.returncode in (250, 255) and "nothing was sent" in done.stderr, (seed, done)


def test_a_name_server_that_is_not_there_is_passed_over(jail):
    done, _ = jail.cancel(knows(NAME), QUICK, jail.url(), before=f"nameserver {FORGED}\n")
    assert cancelled(jail, done)


@pytest.mark.parametrize("code", ["SERVFAIL", "REFUSED"])
def test_one_that_knows_nothing_leaves_it_to_the_next(jail, code):
    """A lame one, or one that may not be asked."""
    with NameServer(lambda name, kind: Answer(CODES[code])) as lame:
        done, _ = jail.cancel(knows(NAME), QUICK, jail.url(), before=f"nameserver {lame.address}\n")
    assert cancelled(jail, done) and lame.asked


@pytest.mark.parametrize(
    "decide, said",
    [
        (lambda name, kind: None, "no name server has an answer for"),
        (lambda name, kind: Answer(SERVFAIL), "no name server has an answer for"),
        # musl drops such an answer, and waits for a better one.
        (lambda name, kind: Answer(CODES["REFUSED"]), "no name server has an answer for"),
        (lambda name, kind: Answer(NXDOMAIN), "no such host:"),
        (lambda name, kind: Answer(), "there is no address for"),
    ],
)
def test_what_is_not_found_says_why(jail, decide, said):
    begun = time.monotonic()
    done, _ = jail.cancel(decide, QUICK, jail.url())
    assert time.monotonic() - begun < PATIENCE
    assert done.returncode == 255 and done.stdout == ""
    assert f"{said} {NAME}" in done.stderr and "nothing was sent" in done.stderr
    assert jail.standin.requests() == []
