"""At boot a service of this machine or pod may begin later than its user: it is waited for,
which is said once; where none is to be expected the answer stays quick, and doctor's always.
"""

import contextlib
import http.server
import json
import threading
import time

import accounts
import pytest
from keyless import IMAGE, NO_KEYS, ON, process_output
from standin import Standin

KEYS = json.dumps({**json.loads(process_output()), "Code": "Success"}).encode()
NEVER = 1000
CONTAINER = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
IMDS = "AWS_EC2_METADATA_SERVICE_ENDPOINT"


class Agent(http.server.BaseHTTPRequestHandler):
    """Metadata service and container's agent in one."""

    def _answer(self, text):
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def do_PUT(self):  # pylint: disable=invalid-name
        self._answer(b"a-token")

    def do_GET(self):  # pylint: disable=invalid-name
        self._answer(b"a-role" if self.path.endswith("/security-credentials/") else KEYS)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def late(seconds):
    """Connections are refused for so long, then keys are given: the URL."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Agent, bind_and_activate=False)
    server.server_bind()
    over, began = threading.Event(), threading.Event()

    def begin():
        if not over.wait(seconds):
            server.server_activate()
            began.set()
            server.serve_forever(poll_interval=0.05)

    thread = threading.Thread(target=begin)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.socket.getsockname()[1]}"
    finally:
        over.set()
        if began.is_set():
            server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module", name="running")
def _running():
    with Standin(["rsa"]) as standin:
        yield standin


def run(cilp, variable, url, *words, verb="cancel"):
    """Exit code and texts, and how long it took."""
    env = {**NO_KEYS, **ON, variable: url + ("/keys" if variable == CONTAINER else "")}
    began = time.monotonic()
    target = (IMAGE, "--no-verify") if verb == "cancel" else ()
    done = cilp(verb, *target, *words, env=env)
    return done, time.monotonic() - began


@pytest.mark.parametrize("variable", [CONTAINER, IMDS])
def test_it_is_waited_for_and_that_is_said_once(cilp, variable):
    with late(1.5) as url:
        done, _ = run(cilp, variable, url)
    assert done.code == 0, done
    kind = "container" if variable == CONTAINER else "imds"
    (line,) = done.err.splitlines()
    assert line.startswith("cilp: note: nothing answers at 127.0.0.1, port ")
    assert f"({kind}); it is asked again once a second" in line
    assert cilp.standin.requests()[-1]["access_key_id"] == accounts.CALLER_KEY


@pytest.mark.parametrize("variable", [CONTAINER, IMDS])
def test_half_of_the_deadline_is_the_most(cilp, variable):
    with late(NEVER) as url:
        done, took = run(cilp, variable, url, "--deadline", "10")
    assert done.code == 253 and "connection refused" in done.err and 1 < took < 9
    assert cilp.standin.requests() == []


@pytest.mark.parametrize("variable", [CONTAINER, IMDS])
def test_doctor_tells_what_is_so_now(cilp, variable):
    with late(NEVER) as url:
        done, took = run(cilp, variable, url, verb="doctor")
    assert done.code == 253 and "connection refused" in done.out and took < 10
    assert done.err == ""


def test_attempts_that_are_set_are_what_is_made(cilp):
    with late(NEVER) as url:
        env = {**NO_KEYS, **ON, IMDS: url, "AWS_METADATA_SERVICE_NUM_ATTEMPTS": "2"}
        done = cilp.cancel(IMAGE, env=env)
    done.failed(253, "connection refused", "(2 attempts)")
