#!/usr/bin/python3
"""What a system's CA bundle costs: instructions of a whole call with it, and
with a bundle of two roots.

    CILP=build/linux/cilp python3 tests/wire/bundle_cost.py

Exit 77: left out, with the reason.
"""

import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading

LIMIT = 1.25
SYSTEM = pathlib.Path("/etc/ssl/certs/ca-certificates.crt")
HERE = pathlib.Path(__file__).resolve().parent
CILP = os.environ.get("CILP", str(HERE.parents[1] / "build/linux/cilp"))
BODY = (b"<CancelImageLaunchPermissionResponse><requestId>1</requestId>"
        b"<return>true</return></CancelImageLaunchPermissionResponse>")
REPLY = (b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nConnection: close\r\n"
         b"Content-Length: %d\r\n\r\n" % len(BODY)) + BODY


def leave_out(why):
    print(f"left out: {why}")
    sys.exit(77)


def answer(plain, context):
    try:
        with context.wrap_socket(plain, server_side=True) as s:
            got = b""
            while b"Version=2016-11-15" not in got:
                more = s.recv(65536)
                if not more:
                    return
                got += more
            s.sendall(REPLY)
            s.unwrap()
    except OSError:
        pass


def serve(folder, kind):
    chain = folder / f"{kind}-chain.pem"
    chain.write_bytes((folder / f"{kind}.pem").read_bytes() +
                      (folder / f"{kind}-middle.pem").read_bytes())
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, folder / f"{kind}.key")
    listener = socket.create_server(("127.0.0.1", 0))

    def loop():
        while True:
            answer(listener.accept()[0], context)

    threading.Thread(target=loop, daemon=True).start()
    return listener.getsockname()[1]


def instructions(folder, port, bundle):
    run = subprocess.run(
        ["valgrind", "--tool=callgrind",
         f"--callgrind-out-file={folder}/callgrind.out", CILP, "cancel", "--no-verify", "--even-if-in-use",
         "ami-0123456789abcdef0", "--region", "us-east-1", "--endpoint-url",
         f"https://127.0.0.1:{port}", "--ca-bundle", str(bundle)],
        capture_output=True, text=True, timeout=120,
        env={"AWS_ACCESS_KEY_ID": "AKIDEXAMPLEKEYID", "PATH": os.environ["PATH"],
             "AWS_SECRET_ACCESS_KEY": "secret"})
    if run.returncode != 0:
        sys.exit(f"FAILED: exit {run.returncode}\n{run.stdout}{run.stderr}")
    return int(re.search(r"Collected : (\d+)", run.stderr).group(1))


def main():
    if not shutil.which("valgrind"):
        leave_out("no valgrind")
    if not SYSTEM.exists():
        leave_out(f"no {SYSTEM}")
    if not os.access(CILP, os.X_OK):
        leave_out(f"no program at {CILP}")
    failed = False
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run(["sh", str(HERE / "chains.sh"), name], check=True)
        two = (folder / "rsa-root.pem").read_bytes() + \
            (folder / "ec-root.pem").read_bytes()
        (folder / "two.pem").write_bytes(two)
        many = SYSTEM.read_bytes() + two
        (folder / "many.pem").write_bytes(many)
        roots = many.count(b"BEGIN CERTIFICATE")
        for kind in "rsa", "ec":
            port = serve(folder, kind)
            few = instructions(folder, port, folder / "two.pem")
            all_ = instructions(folder, port, folder / "many.pem")
            print(f"{kind}: {few / 1e6:.2f} M instructions with 2 roots, "
                  f"{all_ / 1e6:.2f} M with {roots}: {all_ / few:.3f} "
                  f"(limit {LIMIT})")
            failed |= all_ / few > LIMIT
    sys.exit(failed)


main()
