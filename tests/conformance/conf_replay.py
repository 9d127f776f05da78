#!/usr/bin/python3
"""Recorded ways to credentials, played to the program from its start to EC2.

    CILP_CONFORMANCE_DATA=DATA CILP=PROGRAM conf_replay.py

From DATA: chain-smithy-rs/default-credential-provider-chain and profile-provider.
Each case is an environment, files, what was asked and answered, and the keys that come
of it. The program runs in a network of its own, in which the addresses of AWS's agents
are this script's; STS and the SSO portal are named by their variables. EC2 is this
script, too: the keys are those that its request is signed with.
"""

import ctypes
import fcntl
import hashlib
import hmac
import http.server
import json
import os
import pathlib
import re
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import urllib.parse

from key_ids import lengthened

SKIP = 77
CLONE_NEWNET = 0x40000000
SIOCSIFFLAGS, SIOCSIFADDR = 0x8914, 0x8916
IFF_UP = 1
AGENTS = ("169.254.169.254", "169.254.170.2", "169.254.170.23")
GROUPS = ("default-credential-provider-chain", "profile-provider")
IMAGE = "ami-0abcdef1234567890"
DONE = (
    b"<CancelImageLaunchPermissionResponse><requestId>r</requestId>"
    b"<return>true</return></CancelImageLaunchPermissionResponse>"
)
LEFT_OUT = {
    "sso_assume_role": "an account of nine digits, where the portal's have twelve",
    "credential_process": "keys that expired in 2022 are refused, as botocore does",
}


def enter_network():
    """A network of its own, with the agents' addresses."""
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) != 0:
        print("replay: left out, there are no network namespaces here")
        sys.exit(SKIP)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        flags = struct.pack("16sh22x", b"lo", IFF_UP)
        fcntl.ioctl(sock, SIOCSIFFLAGS, flags)
        for number, text in enumerate(AGENTS):
            name, packed = f"lo:{number + 1}".encode(), socket.inet_aton(text)
            data = struct.pack("16sHH4s8x", name, socket.AF_INET, 0, packed)
            fcntl.ioctl(sock, SIOCSIFADDR, data)


# ---- What was recorded ------------------------------------------------------


def recorded(folder):
    """(method, URL, the request's body, status, the reply's body), in order."""
    path = folder / "http-traffic.json"
    events = json.loads(lengthened(path.read_text()))["events"] if path.exists() else []
    found = {}
    for event in events:
        one, action = found.setdefault(event["connection_id"], {}), event["action"]
        if "Request" in action:
            request = action["Request"]["request"]
            one.update(method=request["method"], url=request["uri"], Request="")
        elif "Response" in action:
            one.update(status=action["Response"]["response"]["Ok"]["status"])
        elif "Data" in action:
            side, text = action["Data"]["direction"], action["Data"]["data"]
            one[side] = one.get(side, "") + text.get("Utf8", "")
    return [
        (r["method"], r["url"], r["Request"], r["status"], r.get("Response", ""))
        for r in found.values()
    ]


# ---- The network ------------------------------------------------------------


class Network:
    """Answers in the recorded order, and as EC2 behind it; notes what is wrong."""

    def __init__(self, exchanges, keys):
        self.left = list(exchanges)
        self.keys = keys
        self.fault = ""
        self.signed = False

    def answer(self, request, body):
        """Status and body for a request."""
        if not self.left and request.path == "/" and "CancelImage" in body:
            self.fault = self.fault or self.check_keys(request, body)
            self.signed = True
            return 200, DONE
        if not self.left:
            self.fault = f"asks too much: {request.command} {request.path}"
            return 500, b""
        method, url, asked, status, reply = self.left.pop(0)
        self.fault = self.fault or self.check(request, body, method, url, asked)
        return status, reply.encode()

    @staticmethod
    def check(request, body, method, url, asked):
        """Is it the request that was recorded?"""
        want, got = urllib.parse.urlsplit(url), urllib.parse.urlsplit(request.path)
        same = (want.path, sorted(want.query.split("&"))) == (
            got.path,
            sorted(got.query.split("&")),
        )
        if method != request.command or not same:
            return f"want {method} {url}, got {request.command} {request.path}"
        host = request.headers["Host"]
        if want.scheme == "http" and host != want.netloc:
            return f"want it of {want.netloc}, got {host}"
        want, got = (dict(urllib.parse.parse_qsl(text)) for text in (asked, body))
        if want.get("Action") != got.get("Action"):
            return f"want {want.get('Action')}, got {got.get('Action')}"
        return ""

    def check_keys(self, request, body):
        """Is it signed with the keys that were to be found?"""
        headers, keys = request.headers, self.keys
        match = re.fullmatch(
            r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d+)/([^/]+)/ec2/aws4_request, "
            r"SignedHeaders=([^,]+), Signature=(\w+)",
            headers["Authorization"],
        )
        key_id, day, region, names, signature = match.groups()
        if key_id != keys["access_key_id"]:
            return f"want key {keys['access_key_id']}, got {key_id}"
        if headers["X-Amz-Security-Token"] != keys.get("session_token"):
            return "another session token"
        scope = f"{day}/{region}/ec2/aws4_request"
        digest = hashlib.sha256(body.encode()).hexdigest()
        lines = [f"{name}:{headers[name]}" for name in names.split(";")]
        text = "\n".join(["POST", "/", "", *lines, "", names, digest])
        date = headers["X-Amz-Date"]
        text = hashlib.sha256(text.encode()).hexdigest()
        text = f"AWS4-HMAC-SHA256\n{date}\n{scope}\n{text}"
        key = ("AWS4" + keys["secret_access_key"]).encode()
        for part in [*scope.split("/"), text]:
            key = hmac.digest(key, part.encode(), "sha256")
        return "" if key.hex() == signature else "signed with another secret"


def serve(address, network):
    """A server at one address, in a thread; its port."""

    class Handler(http.server.BaseHTTPRequestHandler):
        """One request."""

        def do_GET(self):
            """All methods alike."""
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length).decode()
            status, reply = network.answer(self, body)
            self.send_response(status)
            self.send_header("Content-Length", str(len(reply)))
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(reply)

        do_PUT = do_POST = do_GET

        def log_message(self, *_):
            """Not on the terminal."""

    server = http.server.HTTPServer(address, Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


# ---- A case -----------------------------------------------------------------


def put_files(folder, root):
    """The case's files below root; their absolute paths name those."""
    files = [p for p in (folder / "fs").rglob("*") if p.is_file()]
    paths = ["/" + str(p.relative_to(folder / "fs")) for p in files]

    def moved(text):
        for path in paths:
            text = re.sub(rf"(?<![\w/]){re.escape(path)}\b", f"{root}{path}", text)
        return text

    for file, path in zip(files, paths):
        to = root / path[1:]
        to.parent.mkdir(parents=True, exist_ok=True)
        to.touch(0o600)
        to.write_text(moved(lengthened(file.read_text())))
    return moved


def environment(folder, group, root, moved, url):
    """The case's own, and where the services are."""
    env = {k: moved(v) for k, v in json.loads(lengthened((folder / "env.json").read_text())).items()}
    env["HOME"] = f"{root}/home"
    config = root / "home/.aws/config"
    known = config.exists() and re.search(r"(?m)^region", config.read_text())
    if not known:
        env.setdefault("AWS_REGION", "us-east-1")
    if group == "profile-provider":  # which looks into profiles, and nowhere else
        env["AWS_EC2_METADATA_DISABLED"] = "true"
    for service in ("EC2", "STS", "SSO"):
        env[f"AWS_ENDPOINT_URL_{service}"] = url
    return env


def play(program, folder, group):
    """None, or what is wrong."""
    result = json.loads(lengthened((folder / "test-case.json").read_text()))["result"]
    network = Network(recorded(folder), result.get("Ok", {}))
    addresses = [("127.0.0.1", 0), *((agent, 80) for agent in AGENTS)]
    servers = [serve(address, network) for address in addresses]
    options = ("--profile", "default") if group == "profile-provider" else ()
    with tempfile.TemporaryDirectory() as root:
        root = pathlib.Path(root)
        moved = put_files(folder, root)
        url = f"http://127.0.0.1:{servers[0].server_port}"
        done = subprocess.run(
            [program, "cancel", IMAGE, "--no-verify", "--even-if-in-use", *options],
            env={**environment(folder, group, root, moved, url), "PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    for server in servers:
        server.shutdown()
        server.server_close()
    told = f"{done.returncode} {done.stderr.strip()}"
    if network.fault:
        return f"{network.fault}; {told}"
    if "Ok" in result:
        return None if done.returncode == 0 and network.signed else told
    return None if done.returncode == 253 and not network.left else told


def main(program):
    """Plays all cases."""
    root = pathlib.Path(os.environ.get("CILP_CONFORMANCE_DATA") or "/nonexistent")
    if not (root / "chain-smithy-rs").is_dir():
        print("replay: left out, CILP_CONFORMANCE_DATA has no chain-smithy-rs")
        return SKIP
    if os.geteuid() != 0:
        print("replay: left out, a network of its own needs root")
        return SKIP
    enter_network()
    passed = failed = left_out = 0
    for group in GROUPS:
        for folder in sorted((root / "chain-smithy-rs" / group).iterdir()):
            if folder.name in LEFT_OUT:
                left_out += 1
                print(f"left out: {group}/{folder.name}, {LEFT_OUT[folder.name]}")
                continue
            fault = play(program, folder, group)
            passed, failed = passed + (not fault), failed + bool(fault)
            if fault:
                print(f"FAILED {group}/{folder.name}: {fault}")
    print(f"replay: {passed} passed, {failed} failed, {left_out} left out")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(os.path.abspath(os.environ.get("CILP") or "build/linux/cilp")))
