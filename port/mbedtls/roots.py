#!/usr/bin/python3
"""Write roots.c: the roots of Amazon Trust Services, as DER in flash.

    python3 roots.py [FOLDER] > roots.c

FOLDER holds the PEM files as Debian's ca-certificates installs them (the
default is where it does). Each certificate must have the fingerprint that
Amazon publishes, whoever packaged it; the date is the newest file's.
"""

import base64
import hashlib
import pathlib
import sys
import time

# Source: https://www.amazontrust.com/repository
ROOTS = [
    ("Amazon_Root_CA_1.crt", "RSA 2048, until 2038-01-17",
     "8ecde6884f3d87b1125ba31ac3fcb13d7016de7f57cc904fe1cb97c6ae98196e"),
    ("Amazon_Root_CA_2.crt", "RSA 4096, until 2040-05-26",
     "1ba5b2aa8c65401a82960118f80bec4f62304d83cec4713a19c39c011ea46db4"),
    ("Amazon_Root_CA_3.crt", "ECDSA P-256, until 2040-05-26",
     "18ce6cfe7bf14e60b2e347b8dfe868cb31d02ebb3ada271569f50343b46db3a4"),
    ("Amazon_Root_CA_4.crt", "ECDSA P-384, until 2040-05-26",
     "e35d28419ed02025cfa69038cd623962458da5c695fbdea3c22b0bfb25897092"),
    ("Starfield_Services_Root_Certificate_Authority_-_G2.crt",
     "RSA 2048, until 2037-12-31",
     "568d6905a2c88708a4b3025190edcfedb1974a606a13c6e5290fcb2ae63edab5"),
]


def element(der, at):
    """(where the content begins, where the element ends)"""
    n = der[at + 1]
    at += 2
    if n >= 0x80:
        count = n & 0x7F
        n = int.from_bytes(der[at:at + count], "big")
        at += count
    return at, at + n


def field(der, n):
    """Where a field of TBSCertificate begins (RFC 5280 4.1): 0 is the serial
    number, 3 the validity, 4 the subject"""
    at = element(der, element(der, 0)[0])[0]
    if der[at] == 0xA0:                       # version
        at = element(der, at)[1]
    for _ in range(n):
        at = element(der, at)[1]
    return at


def subject(der):
    """(where the subject's name begins, its length), header included"""
    at = field(der, 4)
    return at, element(der, at)[1] - at


def last_day(der):
    """The date of notAfter: UTCTime, as for all years before 2050"""
    at = element(der, element(der, field(der, 3))[0])[1]   # behind notBefore
    assert der[at] == 0x17
    first, beyond = element(der, at)
    return time.strftime("%Y-%m-%d", time.strptime(
        der[first:beyond].decode(), "%y%m%d%H%M%SZ"))


def read(path, fingerprint):
    try:
        text = path.read_text(encoding="ascii")
    except OSError as error:
        sys.exit(f"{path}: {error.strerror}; Debian: install ca-certificates")
    body = text.split("-----BEGIN CERTIFICATE-----")[1].split("-----END")[0]
    der = base64.b64decode(body)
    got = hashlib.sha256(der).hexdigest()
    if got != fingerprint:
        sys.exit(f"{path}: fingerprint {got}, expected {fingerprint}")
    return der


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else
                          "/usr/share/ca-certificates/mozilla")
    ders = [read(folder / name, mark) for name, _, mark in ROOTS]
    newest = max((folder / name).stat().st_mtime for name, _, _ in ROOTS)
    date = time.strftime("%Y-%m-%d", time.gmtime(newest))
    print("/* The roots of Amazon Trust Services. Written by roots.py: change"
          " that. */\n"
          "#include \"port/mbedtls/trust.h\"\n\n"
          "/* clang-format off */")
    for i, (der, (name, key, mark)) in enumerate(zip(ders, ROOTS), 1):
        print(f"/* {name[:-4].replace('_', ' ')}: {key}.\n"
              f" * SHA-256 {mark[:32]}\n *         {mark[32:]} */\n"
              f"static const uint8_t root_{i}[] = {{")
        for at in range(0, len(der), 12):
            row = ", ".join(f"0x{b:02x}" for b in der[at:at + 12])
            print(f"    {row},")
        print("};\n")
    print("const struct cilp_trust_root cilp_trust_roots[] = {")
    for i, der in enumerate(ders, 1):
        at, n = subject(der)
        print(f"    {{root_{i}, sizeof root_{i}, {at}, {n}}},")
    print("};\n/* clang-format on */\n\n"
          "const size_t cilp_trust_roots_count ="
          " sizeof cilp_trust_roots /\n"
          "                                      sizeof cilp_trust_roots[0];\n\n"
          f"const char cilp_trust_roots_date[] = \"{date}\";\n"
          f"const char cilp_trust_roots_until[] = \"{min(map(last_day, ders))}\";")


main()
