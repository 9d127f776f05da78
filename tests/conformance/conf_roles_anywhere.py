#!/usr/bin/python3
"""Roles Anywhere's signatures against python3-cryptography's and hashlib's.

    conf_roles_anywhere.py PROGRAM [PROGRAM...]

PROGRAM is roles_anywhere_case, with the usual window and with a small one. 200
requests are made up, the same each time: certificates of RSA, P-256 and P-384 with
serial numbers of all lengths, with and without chains, ARNs of several partitions
and Regions. Canonical request and string to sign are written here by the
description; the digest that the key is asked to sign has to be that string's, the
signature that the program shows has to hold by the certificate's public key, and
the request has to be the one that was signed, byte for byte.
"""
import base64
import datetime
import hashlib
import json
import random
import re
import subprocess
import sys
import time
import urllib.parse

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils
from cryptography.x509.oid import NameOID

CASES = 200
SUFFIXES = {"aws": "amazonaws.com", "aws-cn": "amazonaws.com.cn",
            "aws-us-gov": "amazonaws.com"}
REGIONS = {"aws": ("us-east-1", "eu-central-2", "ap-southeast-5"),
           "aws-cn": ("cn-north-1",), "aws-us-gov": ("us-gov-west-1",)}
CHARACTERS = "ABCXYZabcxyz0189+=,.@_-"
DER = serialization.Encoding.DER


def certificate(dice, key, serial):
    name = "n" * dice.randrange(1, 60)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    moment = datetime.datetime(2026, 1, 1)
    return (x509.CertificateBuilder().subject_name(subject)
            .issuer_name(subject).public_key(key.public_key())
            .serial_number(serial).not_valid_before(moment)
            .not_valid_after(moment + datetime.timedelta(days=90))
            .sign(key, hashes.SHA256()))


def sign(key, digest):
    algorithm = utils.Prehashed(hashes.SHA256())
    if isinstance(key, rsa.RSAPrivateKey):
        return key.sign(digest, padding.PKCS1v15(), algorithm)
    return key.sign(digest, ec.ECDSA(algorithm))


def verify(key, signature, digest):
    """Raises, if the signature does not hold."""
    algorithm = utils.Prehashed(hashes.SHA256())
    if isinstance(key, rsa.RSAPrivateKey):
        key.public_key().verify(signature, digest, padding.PKCS1v15(), algorithm)
    else:
        key.public_key().verify(signature, digest, ec.ECDSA(algorithm))


def made_up(dice, keys):
    """One case: what is given to the program, and what has to come of it."""
    key = dice.choice(keys)
    leaf = certificate(dice, key, dice.getrandbits(dice.randrange(1, 159)) | 1)
    others = [certificate(dice, dice.choice(keys), 7)
              for _ in range(dice.choice((0, 0, 1, 2)))]
    partition = dice.choice(sorted(REGIONS))
    region = dice.choice(REGIONS[partition])
    account = "".join(dice.choice("0123456789") for _ in range(12))
    word = "".join(dice.choice(CHARACTERS) for _ in range(dice.randrange(2, 64)))
    at = f"arn:{partition}:rolesanywhere:{region}:{account}"
    arns = {"profileArn": f"{at}:profile/{word}",
            "roleArn": f"arn:{partition}:iam::{account}:role/p/{word}",
            "trustAnchorArn": f"{at}:trust-anchor/{word[::-1]}"}
    return {"key": key, "leaf": leaf, "others": others, "region": region,
            "arns": arns, "session": dice.choice((None, word)),
            "seconds": dice.choice((0, 900, 3600, 43200)),
            "endpoint": dice.choice((None, None, "https://ra.example:8443")),
            "time": dice.randrange(1767225600, 1893456000),
            "host": f"rolesanywhere.{region}.{SUFFIXES[partition]}"}


def expected(case):
    """Headers by name, query, body and the string to sign."""
    document = {"durationSeconds": case["seconds"] or 3600}
    if case["session"]:
        document["roleSessionName"] = case["session"]
    body = json.dumps(document, separators=(",", ":")).encode()
    query = "&".join(f"{name}={urllib.parse.quote(value, safe='-._~')}"
                     for name, value in sorted(case["arns"].items()))
    date = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(case["time"]))
    headers = {"content-type": "application/json",
               "host": "ra.example:8443" if case["endpoint"] else case["host"],
               "x-amz-date": date, "x-amz-x509": encoded(case["leaf"])}
    if case["others"]:
        headers["x-amz-x509-chain"] = ",".join(map(encoded, case["others"]))
    names = ";".join(sorted(headers))
    canonical = "\n".join(("POST", "/sessions", query,
                           *(f"{n}:{headers[n]}" for n in sorted(headers)), "",
                           names, hashlib.sha256(body).hexdigest()))
    is_rsa = isinstance(case["key"], rsa.RSAPrivateKey)
    algorithm = f"AWS4-X509-{'RSA' if is_rsa else 'ECDSA'}-SHA256"
    scope = f"{date[:8]}/{case['region']}/rolesanywhere/aws4_request"
    text = "\n".join((algorithm, date, scope,
                      hashlib.sha256(canonical.encode()).hexdigest()))
    serial = case["leaf"].serial_number
    start = (f"{algorithm} Credential={serial}/{scope}, "
             f"SignedHeaders={names}, Signature=")
    return headers, query, body, text, start


def encoded(one):
    return base64.b64encode(one.public_bytes(DER)).decode()


def words(case, signature):
    serial = case["leaf"].serial_number
    hexed = serial.to_bytes((serial.bit_length() + 7) // 8, "big").hex()
    is_rsa = isinstance(case["key"], rsa.RSAPrivateKey)
    chain = b"".join(one.public_bytes(DER) for one in case["others"])
    arns = case["arns"]
    return " ".join(("RSA" if is_rsa else "ECDSA", hexed,
                     case["leaf"].public_bytes(DER).hex(), chain.hex() or "-",
                     signature.hex(), arns["trustAnchorArn"],
                     arns["profileArn"], arns["roleArn"],
                     case["session"] or "-", str(case["seconds"]),
                     case["endpoint"] or "-", str(case["time"])))


def fault(case, digest, request):
    """What is wrong, or None."""
    headers, query, body, text, start = expected(case)
    if digest != hashlib.sha256(text.encode()).digest():
        return f"another digest was signed; string to sign\n{text}"
    head, _, sent = request.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    shown = {name.lower(): value
             for name, value in (line.split(": ", 1) for line in lines)}
    if first != f"POST /sessions?{query} HTTP/1.1" or sent != body:
        return f"{first} {sent}"
    if len(shown) != len(lines) or shown["content-length"] != str(len(body)):
        return f"headers {lines}"
    for name, value in headers.items():
        if shown.get(name) != value:
            return f"{name}: {shown.get(name)} is not {value}"
    authorization = shown["authorization"]
    if not authorization.startswith(start):
        return f"{authorization} does not begin with {start}"
    signature = authorization[len(start):]
    if not re.fullmatch("([0-9a-f]{2})+", signature):
        return signature
    verify(case["key"], bytes.fromhex(signature), digest)
    return None


def main(programs):
    dice = random.Random(13)
    keys = [rsa.generate_private_key(65537, 2048),
            ec.generate_private_key(ec.SECP256R1()),
            ec.generate_private_key(ec.SECP384R1())]
    cases = [made_up(dice, keys) for _ in range(CASES)]
    lines = []
    for case in cases:
        text = expected(case)[3].encode()
        lines.append(words(case, sign(case["key"], hashlib.sha256(text).digest())))
    failed = 0
    for program in programs:
        output = subprocess.run([program], input="\n".join(lines) + "\n",
                                check=True, text=True,
                                stdout=subprocess.PIPE).stdout.split("\n")
        assert len(output) == 2 * CASES + 1
        for i, case in enumerate(cases):
            digest, request = map(bytes.fromhex, output[2 * i:2 * i + 2])
            wrong = fault(case, digest, request)
            if wrong:
                failed += 1
                print(f"FAILED case {i} of {program}: {wrong}")
    count = CASES * len(programs)
    print(f"roles anywhere: {count - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
