"""Chains as Amazon sends them, of two to four certificates, through the program: EC2's and S3's.
`tests/qemu/test_amazon.py` is the same of the firmware."""

import ssl
import sys

import pytest
from conftest import TESTS
from tls_chains import Peer, Server

sys.path.append(str(TESTS / "wire"))

import amazon  # noqa: E402  pylint: disable=wrong-import-position

IMAGE = "ami-0abcdef1234567890"
VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


@pytest.fixture(scope="module", name="chains")
def _chains(tmp_path_factory):
    folder = tmp_path_factory.mktemp("amazon")
    sizes = amazon.make(folder)
    assert sizes[0] == amazon.LEAVES["s3"]
    return folder


def serve(folder, kind, count, version):
    """One of its servers."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(folder / f"{kind}-{count}.pem", folder / f"{kind}.key")
    made.minimum_version = made.maximum_version = VERSIONS[version]
    return Server(Peer(context=made), folder)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("count", amazon.COUNTS)
@pytest.mark.parametrize("kind", amazon.LEAVES)
def test_chains_of_amazon_s_shape(cilp, chains, kind, count, version):
    """Below its root, as a bundle has it; the four end at another's cross-signature."""
    with serve(chains, kind, count, version) as server:
        done = cilp.cancel(IMAGE, "--ca-bundle", chains / "amazon-root.pem",
                           "--endpoint-url", f"https://localhost:{server.port}")  # fmt: skip
        assert (done.code, done.err) == (0, "") and server.requests == 1


@pytest.mark.parametrize("kind", amazon.LEAVES)
def test_none_of_them_passes_by_its_names(cilp, chains, kind):
    """They bear the names of the built-in roots, and other keys."""
    with serve(chains, kind, 4, "1.3") as server:
        done = cilp.cancel(IMAGE, "--endpoint-url", f"https://localhost:{server.port}",
                           env={"AWS_CA_BUNDLE": None, "AWS_MAX_ATTEMPTS": "1"})  # fmt: skip
        assert done.code == 255 and server.requests == 0
        assert "built-in Amazon roots" in done.err, done
