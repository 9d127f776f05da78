"""What servers do, what OpenSSL's client does about it, and what this program does.

Each row is tried on both: the table in tests/README.md is what came out.
`/usr/bin/python3 tests/integration/test_tls_table.py` prints it."""

import ipaddress
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography import x509
from conftest import skip_without_pss
from cryptography.hazmat.primitives import hashes
from tls_chains import (
    ANY,
    CLIENT,
    CODE,
    EMAIL,
    PATIENCE,
    SERVER,
    Maker,
    Peer,
    Server,
    named,
    openssl_connects,
    version_1,
)
from tls_live import LIVE
from tls_shakes import SHAKES

README = Path(__file__).resolve().parent.parent / "README.md"
BEGIN, END = "<!-- test_tls_table.py -->", "<!-- end -->"
IMAGE = "ami-0abcdef1234567890"
YES, NO = "accepts", "refuses"
CERT, WIRE = "certificate", "handshake"


@dataclass
class Row:
    """One line of the table."""

    name: str
    peer: str  # what the peer does
    openssl: str
    ours: str
    says: str  # a part of our sentence, if we refuse
    why: str  # where they differ
    make: callable


ROWS = []


def row(peer, openssl, ours, says="", why=""):
    """Puts a maker of a Peer into the table."""

    def put(make):
        ROWS.append(Row(make.__name__, peer, openssl, ours, says, why, make))
        return make

    return put


# ---- Paths ----


@row("leaf, CA, anchor", YES, YES)
def path_of_three(m, _):
    root = m.root()
    middle = m.middle(root)
    return Peer([m.leaf(middle), middle], [root])


@row("leaf issued by the anchor", YES, YES)
def path_of_two(m, _):
    root = m.root()
    return Peer([m.leaf(root)], [root])


@row("sends the anchor as well", YES, YES)
def anchor_sent(m, _):
    root = m.root()
    middle = m.middle(root)
    return Peer([m.leaf(middle), middle, root], [root])


@row("leaves out the CA in between", NO, NO, 'issuer "O=Peers, CN=Middle", which is not in')
def middle_missing(m, _):
    root = m.root()
    return Peer([m.leaf(m.middle(root))], [root])


@row("sends its CAs in the wrong order", YES, YES)
def wrong_order(m, _):
    root = m.root()
    one = m.middle(root, "One")
    two = m.middle(one, "Two")
    return Peer([m.leaf(two), one, two], [root])


@row("sends certificates that have nothing to do with it", YES, YES)
def strangers_sent(m, _):
    root = m.root()
    middle = m.middle(root)
    other = m.root("Other")
    return Peer([m.leaf(middle), other, m.middle(other, "Stray"), middle], [root])


@row("sends its CA six times", YES, YES)
def middle_six_times(m, _):
    root = m.root()
    middle = m.middle(root)
    return Peer([m.leaf(middle), *[middle] * 6], [root])


def ladder(m, steps):
    """A leaf below so many CAs."""
    root = m.root()
    rungs = [m.middle(root, "Rung 1")]
    for i in range(2, steps + 1):
        rungs.append(m.middle(rungs[-1], f"Rung {i}"))
    return Peer([m.leaf(rungs[-1]), *rungs[::-1]], [root])


@row("ten CAs in between", YES, YES)
def ten_middles(m, _):
    return ladder(m, 10)


@row(
    "eleven CAs in between",
    YES,
    NO,
    "more CAs than are followed",
    "each takes stack; public servers have up to three",
)
def eleven_middles(m, _):
    return ladder(m, 11)


@row("the anchor is 40 times in the bundle", YES, YES)
def anchor_forty_times(m, _):
    root = m.root()
    return Peer([m.leaf(root)], [root] * 40)


@row("an anchor that nobody has named", NO, NO, 'CN=Other", which is not in the CA bundle')
def stranger(m, _):
    return Peer([m.leaf(m.root("Other"))], [m.root()])


@row("an anchor's name, and another key", NO, NO, "whose name but not whose key is in")
def impostor(m, _):
    return Peer([m.leaf(m.root(key_name="thief", ids=False), ids=False)], [m.root()])


@row("a CA's name, and another key", NO, NO, 'is not signed by the key of its issuer, "O=Peers')
def middle_impostor(m, _):
    root = m.root()
    thief = m.middle(root, key_name="thief", ids=False)
    return Peer([m.leaf(thief, ids=False), m.middle(root, ids=False)], [root])


@row("two anchors of one name, of which the second signed", YES, YES)
def two_anchors(m, _):
    root = m.root()
    return Peer([m.leaf(root)], [m.root(key_name="old"), root])


@row("two CAs of one name, of which the second signed", YES, YES)
def two_middles(m, _):
    root = m.root()
    middle = m.middle(root)
    return Peer([m.leaf(middle), m.middle(root, key_name="old"), middle], [root])


@row("an anchor that expired, and its renewal behind it", YES, YES)
def renewed_anchor(m, _):
    old, root = m.root(days=(-90, -1)), m.root()
    return Peer([m.leaf(root)], [old, root])


@row("a CA's certificate that expired, and its renewal behind it", YES, YES)
def renewed_middle(m, _):
    root = m.root()
    old, middle = m.middle(root, days=(-90, -1)), m.middle(root)
    return Peer([m.leaf(middle), old, middle], [root])


@row(
    "cross-signed: by a stranger first, by the anchor second",
    NO,
    YES,
    why="RFC 4158 3.5: another way is looked for, by names",
)
def cross_signed(m, _):
    root = m.root()
    stray = m.middle(m.root("Other"))
    middle = m.middle(root)
    return Peer([m.leaf(middle), stray, middle], [root])


@row("an anchor that is also sent as signed by another, expired one", YES, YES)
def cross_expired(m, _):
    old = m.root("Old", days=(-90, -1))
    crossed = m.middle(old, "Root")
    return Peer([m.leaf(m.root()), crossed, old], [m.root()])


@row("cross-signed, the one way being expired", YES, YES)
def cross_half_expired(m, _):
    root = m.root()
    other = m.root("Other")
    stale = m.middle(other, days=(-90, -1))
    middle = m.middle(root)
    return Peer([m.leaf(middle), stale, middle], [other, root])


@row("a CA in between is the anchor", YES, YES)
def partial(m, _):
    middle = m.middle(m.root())
    return Peer([m.leaf(middle), middle], [middle])


# ---- The leaf as an anchor ----


@row("signed by itself, no CA, in the bundle", YES, YES)
def own_anchor(m, _):
    leaf = m.leaf()
    return Peer([leaf], [leaf])


@row("the same without basicConstraints", YES, YES)
def own_anchor_plain(m, _):
    leaf = m.leaf(ca=None, bits=None, uses=None)
    return Peer([leaf], [leaf])


@row("the same as a CA", YES, YES)
def own_anchor_ca(m, _):
    leaf = m.leaf(ca=True, bits=("digital_signature", "key_cert_sign"))
    return Peer([leaf], [leaf])


@row("issued by a stranger, in the bundle itself", YES, YES)
def own_anchor_issued(m, _):
    other = m.root("Other")
    leaf = m.leaf(other)
    return Peer([leaf, other], [m.root(), leaf])


@row("signed by itself, in the bundle, for another host", NO, NO, "is for a.example, not for")
def own_anchor_other_host(m, _):
    leaf = m.leaf(sans=("a.example",))
    return Peer([leaf], [leaf])


@row("signed by itself, in the bundle, expired", NO, NO, 'CN=Leaf" expired at 20')
def own_anchor_expired(m, _):
    leaf = m.leaf(days=(-9, -1))
    return Peer([leaf], [leaf])


@row("signed by itself, in the bundle, for clients", NO, NO, "is not for TLS servers")
def own_anchor_client(m, _):
    leaf = m.leaf(uses=(CLIENT,))
    return Peer([leaf], [leaf])


@row("signed by itself, not in the bundle", NO, NO, 'CN=Leaf", which is not in the CA bundle')
def own_stranger(m, _):
    return Peer([m.leaf()], [m.root()])


@row("its name and key in the bundle, in another certificate", NO, NO, "but cannot vouch: ")
def own_renewed(m, _):
    return Peer([m.leaf()], [m.leaf()])


# ---- CAs ----


@row("a CA that is none (CA:FALSE)", NO, NO, "which is not in the CA bundle")
def leaf_as_ca(m, _):
    root = m.root()
    middle = m.middle(root, ca=False)
    return Peer([m.leaf(middle), middle], [root])


@row("a CA without basicConstraints", NO, NO, "which is not in the CA bundle")
def unmarked_ca(m, _):
    root = m.root()
    middle = m.middle(root, ca=None)
    return Peer([m.leaf(middle), middle], [root])


@row("a CA of version 1", NO, NO, "which is not in the CA bundle")
def old_ca(m, folder):
    root = m.root()
    middle = version_1(folder, m.middle(root), root)
    return Peer([m.leaf(middle, ids=False), middle], [root])


@row("an anchor of version 1", YES, YES)
def old_anchor(m, folder):
    root = version_1(folder, m.root())
    return Peer([m.leaf(root, ids=False)], [root])


@row("a CA that may not sign certificates (key usage)", NO, NO, "which is not in the CA bundle")
def crl_ca(m, _):
    root = m.root()
    middle = m.middle(root, bits=("crl_sign",))
    return Peer([m.leaf(middle), middle], [root])


@row("an anchor that may not sign certificates", NO, NO, "may not sign certificates")
def crl_anchor(m, _):
    root = m.root(bits=("crl_sign",))
    return Peer([m.leaf(root)], [root])


@row("an anchor that is no CA", NO, NO, "is no CA's")
def no_ca_anchor(m, _):
    root = m.root(ca=False)
    return Peer([m.leaf(root)], [root])


@row("more CAs than an anchor allows (path length)", NO, NO, "fewer certificates below it")
def path_too_long(m, _):
    root = m.root(path=0)
    middle = m.middle(root)
    return Peer([m.leaf(middle), middle], [root])


@row("more CAs than a CA allows", NO, NO, "which is not in the CA bundle")
def path_too_long_below(m, _):
    root = m.root()
    one = m.middle(root, "One", path=0)
    two = m.middle(one, "Two")
    return Peer([m.leaf(two), two, one], [root])


@row("as many CAs as are allowed, and one in its own name", YES, NO,
     "which is not in the CA bundle", "mbedTLS counts it")  # fmt: skip
def path_self_issued(m, _):
    root = m.root()
    one = m.middle(root, path=0)
    two = m.middle(one, key_name="new")
    return Peer([m.leaf(two), two, one], [root])


@row("the leaf is a CA", YES, YES)
def ca_as_leaf(m, _):
    root = m.root()
    return Peer([m.leaf(root, ca=True)], [root])


# ---- Usage ----


@row("leaf for clients alone", NO, NO, 'CN=Leaf" is not for TLS servers')
def leaf_client(m, _):
    root = m.root()
    return Peer([m.leaf(root, uses=(CLIENT,))], [root])


@row("leaf without extended key usage", YES, YES)
def leaf_without_uses(m, _):
    root = m.root()
    return Peer([m.leaf(root, uses=None)], [root])


@row("leaf for any use", NO, YES, why="RFC 5280 4.2.1.12: any is every one")
def leaf_any(m, _):
    root = m.root()
    return Peer([m.leaf(root, uses=(ANY,))], [root])


@row("a CA for e-mail alone", NO, NO, 'CN=Middle" is not for TLS servers')
def middle_email(m, _):
    root = m.root()
    middle = m.middle(root, uses=(EMAIL,))
    return Peer([m.leaf(middle), middle], [root])


@row("a CA for code alone, an anchor of the same", NO, NO, 'CN=Root" is not for TLS servers')
def anchor_code(m, _):
    root = m.root(uses=(CODE,))
    middle = m.middle(root, uses=(CODE,))
    return Peer([m.leaf(middle), middle], [root])


@row("a CA for clients and servers", YES, YES)
def middle_server(m, _):
    root = m.root()
    middle = m.middle(root, uses=(CLIENT, SERVER))
    return Peer([m.leaf(middle), middle], [root])


@row("leaf that may only encipher keys", YES, NO, "(mbedTLS -", "suites here sign, none enciphers")
def leaf_encipher(m, _):
    root = m.root()
    return Peer([m.leaf(root, kind="rsa", bits=("key_encipherment",))], [root])


@row("leaf that may only sign certificates", NO, NO, "(mbedTLS -")
def leaf_signs_certificates(m, _):
    root = m.root()
    return Peer([m.leaf(root, bits=("key_cert_sign",))], [root])


# ---- Extensions ----

UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"\5\0")


@row("leaf with an unknown critical extension", NO, NO, 'CN=Leaf" has a critical extension')
def leaf_critical(m, _):
    root = m.root()
    return Peer([m.leaf(root, more=[(UNKNOWN, True)])], [root])


@row("a CA with an unknown critical extension", NO, NO, 'CN=Middle" has a critical extension')
def middle_critical(m, _):
    root = m.root()
    middle = m.middle(root, more=[(UNKNOWN, True)])
    return Peer([m.leaf(middle), middle], [root])


@row("an anchor with an unknown critical extension", NO, NO, "there has a critical extension")
def anchor_critical(m, _):
    root = m.root(more=[(UNKNOWN, True)])
    return Peer([m.leaf(root)], [root])


@row("an unknown extension that is not critical", YES, YES)
def leaf_uncritical(m, _):
    root = m.root()
    return Peer([m.leaf(root, more=[(UNKNOWN, False)])], [root])


# ---- Name constraints ----


def dns(*names):
    return [x509.DNSName(name) for name in names]


def net(text):
    return x509.IPAddress(ipaddress.ip_network(text))


def constrained(m, permitted, excluded, critical=False, **leaf):
    """A CA that may vouch for some names alone."""
    root = m.root()
    extension = x509.NameConstraints(permitted or None, excluded or None)
    middle = m.middle(root, more=[(extension, critical)])
    return Peer([m.leaf(middle, **leaf), middle], [root])


@row(
    "a CA with critical name constraints that permit the host",
    YES,
    NO,
    'CN=Middle" has a critical extension that is not known here, name constraints',
    "mbedTLS does not read it",
)
def nc_critical(m, _):
    return constrained(m, dns("localhost"), [], True)


@row("the same, not critical", YES, YES)
def nc_permits(m, _):
    return constrained(m, dns("localhost"), [])


@row("name constraints that permit another domain alone", NO, NO, "(name constraints)")
def nc_permits_other(m, _):
    return constrained(m, dns("example.com"), [])


@row("name constraints that exclude the host", NO, NO, "(name constraints)")
def nc_excludes(m, _):
    return constrained(m, [], dns("localhost"))


@row("name constraints that exclude everything", NO, NO, "(name constraints)")
def nc_excludes_all(m, _):
    return constrained(m, [], dns(""))


@row("name constraints that exclude another of the leaf's names", NO, NO, "(name constraints)")
def nc_excludes_second(m, _):
    return constrained(m, [], dns("example.com"), sans=("localhost", "a.example.com"))


@row("name constraints that exclude what a wildcard may stand for", YES, NO, "(name constraints)",
     "the host itself is looked at, too")  # fmt: skip
def nc_excludes_wild(m, _):
    peer = constrained(m, [], dns("a.wild.test"), sans=("*.wild.test",))
    peer.host = "a.wild.test"
    return peer


@row("name constraints of an address that permit it", YES, YES)
def nc_address(m, _):
    peer = constrained(m, [net("127.0.0.0/8")], [])
    peer.host = "127.0.0.1"
    return peer


@row("name constraints that exclude its address", NO, NO, "(name constraints)")
def nc_address_excluded(m, _):
    peer = constrained(m, [], [net("127.0.0.0/8")])
    peer.host = "127.0.0.1"
    return peer


@row("name constraints of a directory that permit the subject", YES, YES)
def nc_directory(m, _):
    return constrained(m, [x509.DirectoryName(named(""))], [])


@row("name constraints of another directory", NO, NO, "(name constraints)")
def nc_directory_other(m, _):
    return constrained(m, [x509.DirectoryName(named("", "Others"))], [])


@row("name constraints of e-mail, and no address of that kind", YES, YES)
def nc_email(m, _):
    return constrained(m, [x509.RFC822Name("example.com")], [])


@row(
    "name constraints of e-mail that permit the leaf's",
    YES,
    NO,
    "of a kind that is not judged",
    "hosts, addresses and directories are judged, no others",
)
def nc_email_too(m, _):
    sans = ("localhost", x509.RFC822Name("a@example.com"))
    return constrained(m, [x509.RFC822Name("example.com")], [], sans=sans)


@row("an anchor with critical name constraints that permit the host", YES, YES)
def nc_anchor(m, _):
    root = m.root(more=[(x509.NameConstraints(dns("localhost"), None), True)])
    return Peer([m.leaf(root)], [root])


@row("an anchor with critical name constraints that do not", NO, NO, "(name constraints)")
def nc_anchor_other(m, _):
    root = m.root(more=[(x509.NameConstraints(dns("example.com"), None), True)])
    return Peer([m.leaf(root)], [root])


@row("name constraints two CAs above", NO, NO, "(name constraints)")
def nc_above(m, _):
    root = m.root()
    extension = x509.NameConstraints(dns("example.com"), None)
    one = m.middle(root, "One", more=[(extension, False)])
    two = m.middle(one, "Two")
    return Peer([m.leaf(two), two, one], [root])


# ---- Names ----


def for_names(m, *sans, host="localhost", **leaf):
    root = m.root()
    return Peer([m.leaf(root, sans=sans, **leaf)], [root], host)


@row("for other hosts", NO, NO, "is for a.example, not for localhost")
def other_host(m, _):
    return for_names(m, "a.example")


@row(
    "a common name alone, no alternative names",
    YES,
    NO,
    'no host by name (a common name is none: "O=Peers, CN=localhost")',
    "RFC 9525 2: a common name is no host's",
)
def common_name(m, _):
    return for_names(m, name="localhost")


@row("a common name beside others' alternative names", NO, NO, "is for a.example, not for")
def common_name_beside(m, _):
    return for_names(m, "a.example", name="localhost")


@row("a URI that is the host", NO, NO, "not for localhost")
def uri(m, _):
    return for_names(m, x509.UniformResourceIdentifier("localhost"))


@row("in capital letters", YES, YES)
def capitals(m, _):
    return for_names(m, "LOCALHOST")


@row("with a dot at its end", NO, NO, "not for localhost")
def with_dot(m, _):
    return for_names(m, "localhost.")


@row("*.wild.test for a.wild.test", YES, YES)
def wildcard(m, _):
    return for_names(m, "*.wild.test", host="a.wild.test")


@row("*.wild.test for a.b.wild.test", NO, NO, "not for a.b.wild.test")
def wildcard_two(m, _):
    return for_names(m, "*.wild.test", host="a.b.wild.test")


@row("*.wild.test for wild.test", NO, NO, "not for wild.test")
def wildcard_none(m, _):
    return for_names(m, "*.wild.test", host="wild.test")


@row("*.test for wild.test", NO, NO, "not for wild.test")
def wildcard_top(m, _):
    return for_names(m, "*.test", host="wild.test")


@row("a*.wild.test for ab.wild.test", YES, NO, "not for ab.wild.test",
     "RFC 9525 6.3: a wildcard is a whole label")  # fmt: skip
def wildcard_part(m, _):
    return for_names(m, "a*.wild.test", host="ab.wild.test")


@row("a.*.test for a.wild.test", NO, NO, "not for a.wild.test")
def wildcard_inside(m, _):
    return for_names(m, "a.*.test", host="a.wild.test")


@row("an address among the addresses", YES, YES)
def address(m, _):
    return for_names(m, "127.0.0.1", host="127.0.0.1")


@row("an address among the names", NO, NO, "not for the address 127.0.0.1")
def address_as_name(m, _):
    return for_names(m, x509.DNSName("127.0.0.1"), host="127.0.0.1")


@row("an address as the common name", NO, NO, "not for the address 127.0.0.1")
def address_as_common_name(m, _):
    return for_names(m, name="127.0.0.1", host="127.0.0.1")


@row("250 names", YES, YES)
def many_names(m, _):
    return for_names(m, *[f"host-{i}.example.com" for i in range(249)], "localhost")


# ---- Dates ----


@row("leaf expired", NO, NO, 'CN=Leaf" expired at 20')
def leaf_expired(m, _):
    root = m.root()
    return Peer([m.leaf(root, days=(-9, -1))], [root])


@row("leaf not valid yet", NO, NO, 'CN=Leaf" is valid only from 20')
def leaf_early(m, _):
    root = m.root()
    return Peer([m.leaf(root, days=(1, 9))], [root])


@row("a CA expired", NO, NO, 'CN=Middle" expired at 20')
def middle_expired(m, _):
    root = m.root()
    middle = m.middle(root, days=(-9, -1))
    return Peer([m.leaf(middle), middle], [root])


@row("the anchor expired", NO, NO, 'CN=Root" expired at 20')
def anchor_expired(m, _):
    root = m.root(days=(-9, -1))
    return Peer([m.leaf(root)], [root])


# ---- Keys and hashes ----


def of_kind(m, **leaf):
    root = m.root()
    return Peer([m.leaf(root, **leaf)], [root])


@row("leaf of RSA-1024", NO, NO, "a key that is too short")
def rsa_1024(m, _):
    return of_kind(m, kind="rsa1024")


@row("a CA of RSA-1024", NO, NO, "a key that is too short")
def middle_rsa_1024(m, _):
    root = m.root()
    middle = m.middle(root, kind="rsa1024")
    return Peer([m.leaf(middle), middle], [root])


@row("an anchor of RSA-1024", NO, NO, "a key that is too short")
def anchor_rsa_1024(m, _):
    root = m.root(kind="rsa1024")
    return Peer([m.leaf(root)], [root])


@row("leaf signed with SHA-1", NO, NO, "signed with a hash that is too weak")
def sha_1(m, _):
    return of_kind(m, digest=hashes.SHA1)


@row("a CA signed with SHA-1", NO, NO, "signed with a hash that is too weak")
def middle_sha_1(m, _):
    root = m.root(kind="rsa")
    middle = m.middle(root, digest=hashes.SHA1)
    return Peer([m.leaf(middle), middle], [root])


@row("an anchor signed with SHA-1", YES, YES)
def anchor_sha_1(m, _):
    root = m.root(kind="rsa", digest=hashes.SHA1)
    return Peer([m.leaf(root)], [root])


@row("leaf, CA and anchor of P-384, SHA-384", YES, YES)
def p_384(m, _):
    how = {"kind": "p384", "digest": hashes.SHA384}
    root = m.root(**how)
    middle = m.middle(root, **how)
    return Peer([m.leaf(middle, **how), middle], [root])


@row("leaf, CA and anchor of P-521, SHA-512", YES, YES)
def p_521(m, _):
    how = {"kind": "p521", "digest": hashes.SHA512}
    root = m.root(**how)
    middle = m.middle(root, **how)
    return Peer([m.leaf(middle, **how), middle], [root])


@row("signed by an anchor of Ed25519", YES, NO, "has a signature of a kind that is not supported",
     "mbedTLS has no Ed25519")  # fmt: skip
def anchor_ed25519(m, _):
    root = m.root(kind="ed25519")
    return Peer([m.leaf(root)], [root])


@row("a CA of Ed25519", YES, NO, "a certificate of the server's has a key of a kind",
     "mbedTLS has no Ed25519")  # fmt: skip
def middle_ed25519(m, _):
    root = m.root()
    middle = m.middle(root, kind="ed25519")
    return Peer([m.leaf(middle), middle], [root])


@row("leaf of Ed25519", YES, NO, "TLS alert 40, handshake failure", "it is not offered")
def leaf_ed25519(m, _):
    return of_kind(m, kind="ed25519")


@row("an anchor of P-224", YES, NO, "of a kind that is not supported", "weaker than P-256")
def anchor_p224(m, _):
    root = m.root(kind="p224")
    return Peer([m.leaf(root)], [root])


@row("certificates of more than 16 KB", YES, NO, "longer than there is room for",
     "what mbedTLS keeps of a message has that length")  # fmt: skip
def certificates_long(m, _):
    root = m.root()
    names = [f"host-{i}.example.com" for i in range(150)]
    other = m.root("Other")
    strays = [m.leaf(other, f"Stray {i}", sans=names) for i in range(6)]
    return Peer([m.leaf(root), *strays], [root])


# ---- Bundles ----


@row("a byte order mark before the only certificate of the bundle", YES, YES)
def bundle_bom(m, _):
    root = m.root()
    return Peer([m.leaf(root)], bundle=b"\xef\xbb\xbf" + root.pem)


@row("text before the first line of PEM, and between blocks", YES, YES)
def bundle_text(m, _):
    root = m.root()
    return Peer([m.leaf(root)], bundle=b"# a\n" + m.root("O").pem + b"\n# b\n\n" + root.pem)


@row("a broken certificate before the right one", NO, YES, why="it is left out; doctor names it")
def bundle_broken(m, _):
    root = m.root()
    broken = b"-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
    return Peer([m.leaf(root)], bundle=broken + root.pem)


@row("a private key before the certificate", YES, YES)
def bundle_key(m, _):
    root = m.root()
    return Peer([m.leaf(root)], bundle=root.key_pem + root.pem)


# ---- Handshakes ----

for shake in [*SHAKES, *LIVE]:
    row(shake.peer, shake.openssl, shake.ours, shake.says, shake.why)(shake.make)


# ---- The tests ----


@pytest.fixture(scope="module", name="maker")
def _maker():
    return Maker()


def alone(cilp, folder, words, env):
    """The program in a root of its own, whose hosts file has the row's names."""
    (folder / "etc").mkdir(exist_ok=True)
    (folder / "etc/hosts").write_text(
        "127.0.0.1 localhost wild.test a.wild.test ab.wild.test a.b.wild.test\n"
    )
    shutil.copy(cilp.path, folder / "cilp")
    return subprocess.run(
        ["/cilp", *words],
        env=env,
        preexec_fn=lambda: (os.chroot(folder), os.chdir("/")),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def ask_ours(cilp, folder, peer, port):
    """What the program makes of the peer: its code, and what it says."""
    (folder / "bundle.pem").write_bytes(peer.bundle_text)
    env = cilp.environment(env={"AWS_MAX_ATTEMPTS": "1", "AWS_CA_BUNDLE": "bundle.pem"})
    words = ["cancel", IMAGE, "--no-verify", "--even-if-in-use"]
    words += ["--endpoint-url", f"https://{peer.host}:{port}"]
    if peer.host.endswith(".test"):
        if os.geteuid() != 0 or not cilp.is_static:
            pytest.skip("a name that only a root of its own knows")
        return alone(cilp, folder, words, env)
    return subprocess.run(
        [cilp.path, *words],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.mark.parametrize("line", ROWS, ids=lambda line: line.name)
def test_row(cilp, maker, tmp_path, line):
    skip_without_pss("RSA-PSS" in line.peer)
    peer = line.make(maker, tmp_path)
    with Server(peer, tmp_path) as server:
        seen = YES if openssl_connects(tmp_path, peer, server.port) else NO
        done = ask_ours(cilp, tmp_path, peer, server.port)
    assert seen == line.openssl, "what OpenSSL does"
    if line.ours == YES:
        assert (done.returncode, done.stderr) == (0, "") and server.requests == 1
        return
    assert done.returncode == 255 and server.requests == 0, done
    assert line.says in done.stderr and "nothing was sent" in done.stderr


def table():
    """The rows as the README has them."""
    lines = ["| the server | OpenSSL | cilp | why they differ |", "|---|---|---|---|"]
    for line in ROWS:
        lines.append(f"| {line.peer} | {line.openssl} | {line.ours} | {line.why} |")
    return "\n".join(lines) + "\n"


def test_the_table_is_in_the_readme():
    text = README.read_text(encoding="utf-8")
    assert f"{BEGIN}\n{table()}{END}" in text
    assert len(ROWS) >= 60 and len({line.name for line in ROWS}) == len(ROWS)
    differ = [line.name for line in ROWS if line.openssl != line.ours and not line.why]
    assert not differ


if __name__ == "__main__":
    sys.stdout.write(f"{BEGIN}\n{table()}{END}\n")
