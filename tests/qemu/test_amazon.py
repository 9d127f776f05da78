"""Chains as Amazon sends them, two to four certificates, in every profile."""

import ssl
import sys

import pytest
import servers
from conftest import BOARD, ROOT, TIGHT, figure

sys.path.append(str(ROOT / "tests/wire"))

import amazon  # noqa: E402  pylint: disable=wrong-import-position

VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


@pytest.fixture(scope="module", name="chains")
def _chains(tmp_path_factory):
    folder = tmp_path_factory.mktemp("amazon")
    amazon.make(folder)
    return folder


def told(kind, count, preset):
    """What the board's README says of TLS 1.3."""
    text = (ROOT / "boards" / BOARD / "README.md").read_text()
    lines = text.partition("<!-- test_amazon.py -->\n")[2].partition("<!-- end -->")[0]
    rows = [line.split("|") for line in lines.splitlines()[2:]]
    row = rows[list(amazon.LEAVES).index(kind) * len(amazon.COUNTS) + amazon.COUNTS.index(count)]
    assert str(count) in row[1]
    return int(row[2 + (BOARD, *TIGHT).index(preset)].replace(",", ""))


def context(folder, kind, count, version):
    """A server's."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(folder / f"{kind}-{count}.pem", folder / f"{kind}.key")
    made.minimum_version = made.maximum_version = VERSIONS[version]
    return made


@pytest.mark.parametrize("preset", (BOARD, *TIGHT))
@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("count", amazon.COUNTS)
@pytest.mark.parametrize("kind", amazon.LEAVES)
def test_chains_of_amazon_s_shape(bench, chains, kind, count, version, preset):
    """EC2's and S3's."""
    http = bench.standin.port("http")
    switch = bench.switch(servers.terminate(context(chains, kind, count, version), http))
    run = bench.run(f"anchor={chains}/amazon-root.der", port=switch.port, preset=preset)
    call = run.one()
    assert call.text == "cancelled"
    if version == "1.3":
        assert call.used == pytest.approx(told(kind, count, preset), rel=0.02)
    figure(f"qemu {preset}, {kind} with {count} certificates, TLS {version}: arena "
           f"{call.used} of {call.size} bytes")
