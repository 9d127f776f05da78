"""The control interface: plain http on loopback, JSON both ways."""

import http.server
import json
import threading

BODY_LIMIT = 64 * 1024 * 1024


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60

    def do_GET(self):  # noqa: N802, the name that http.server wants
        """GET /log, /state"""
        standin = self.server.standin
        self._answer({"/log": standin.log, "/state": standin.state})

    def do_POST(self):  # noqa: N802
        """POST /control, /seed, /reset"""
        standin = self.server.standin
        self._answer(
            {
                "/control": lambda: standin.control(self._document()),
                "/seed": lambda: standin.seed(self._document()),
                "/reset": standin.reset,
            }
        )

    def _answer(self, actions):
        action = actions.get(self.path)
        if action is None:
            known = ", ".join(sorted(actions))
            self._send(404, {"error": f"{self.command} knows {known}"})
            return
        try:
            result = action()
        except ValueError as error:
            self._send(400, {"error": str(error)})
        else:
            self._send(200, {"ok": True} if result is None else result)

    def _document(self):
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > BODY_LIMIT:
            raise ValueError(f"send a JSON object of at most {BODY_LIMIT} bytes")
        document = json.loads(self.rfile.read(int(length)))
        if not isinstance(document, dict):
            raise ValueError("send a JSON object")
        return document

    def _send(self, status, document):
        body = json.dumps(document, indent=1, default=list).encode() + b"\n"
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        # An unread body would be taken for the next request.
        self.send_header("Connection", "close")
        self.close_connection = True
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Stays silent: standard output belongs to the addresses."""


class Control:
    """Serves the control interface of a stand-in."""

    def __init__(self, standin, port=0):
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", port), _Handler)
        self._server.daemon_threads = True
        self._server.standin = standin

    @property
    def url(self):
        """Where it is."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def start(self):
        """Begins to serve."""
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self):
        """Ends serving."""
        self._server.shutdown()
        self._server.server_close()
