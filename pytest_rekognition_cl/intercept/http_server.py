"""The fake over HTTP for other processes and other languages: a server on a port of the loopback interface."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import threading
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingTCPServer
from typing import TYPE_CHECKING, Any

from .http_requests import OperationRouter

if TYPE_CHECKING:
    from ..dispatcher import Dispatcher
    from ..service import Answer

#: Longest body, in bytes (the service takes images of 5 MiB, a third more as base64), and line of a chunked one.
_MAX_BODY, _MAX_LINE = 16 * 1024 * 1024, 64 * 1024
#: How many seconds the end of the test waits for an answer that is being made (a function of the user's may block).
_LAST_ANSWER = 1.0
#: How many seconds, and for how many times 64 KiB, a client that was refused half-way may go on sending.
_DRAIN_SECONDS, _DRAIN_READS = 3.0, 4096


class HttpServer(ThreadingTCPServer):
    """A server on 127.0.0.1 that answers from *dispatcher*, from now until :meth:`close`; a thread a connection.

    It is not a ThreadingHTTPServer, which looks the machine's name up: a test must not wait for DNS.
    """

    request_queue_size = 512

    def __init__(self, dispatcher: Dispatcher, region: str) -> None:
        super().__init__(("127.0.0.1", 0), RequestHandler)
        port = self.server_address[1]
        self.url = f"http://127.0.0.1:{port}"
        self.router = OperationRouter(dispatcher, port, region)
        self._handlers: list[tuple[threading.Thread, socket.socket]] = []
        self._thread = threading.Thread(target=self._run, name=f"rekognition_cl on port {port}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End: every connection is ended, later ones are refused by the system; a busy handler has a second to end."""
        if not self._thread.is_alive():  # closed before; or in a forked child, whose parent goes on listening
            self.server_close()
            return
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)  # not only closed: a process that was forked meanwhile has a copy
        self.shutdown()
        self._thread.join(_LAST_ANSWER)

    def _run(self) -> None:
        self.serve_forever(poll_interval=0.1)
        self.server_close()
        for _, connection in self._handlers:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for handler, _ in self._handlers:
            handler.join()

    def process_request(self, request: Any, client_address: Any) -> None:
        args = request, client_address
        handler = threading.Thread(None, self.process_request_thread, self._thread.name, args, daemon=True)
        handler.start()
        self._handlers = [*(one for one in self._handlers if one[0].is_alive()), (handler, request)]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client has gone, or has sent what nobody can read."""


class _UnreadableBody(Exception):
    """Its arguments are the status and the message of the answer."""


class RequestHandler(BaseHTTPRequestHandler):
    server: HttpServer  # pyright: ignore[reportIncompatibleVariableOverride]
    protocol_version = "HTTP/1.1"
    #: How long a client may be silent, in seconds.
    timeout = 30
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Answer one request; end the connection where the test has prepared that."""
        try:
            answer = self.server.router.answer(self.path, self.headers, self._read_body())
        except _UnreadableBody as error:
            self.send_error(*error.args)
        else:
            self.close_connection |= answer is None
            if answer is not None:
                self._send(answer)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what is no request for the service, in AWS's form, and end the connection."""
        self.close_connection = True
        answer = self.server.router.unreadable(code, message or self.responses[code][0])
        self._send(answer)
        # Let a client that sends all before it reads get to the answer: closed now, the connection would be reset.
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(_DRAIN_SECONDS)
        for _ in range(_DRAIN_READS):
            if not self.connection.recv(64 * 1024):
                break

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing."""

    def _read_body(self) -> bytes:
        coding = self.headers.get("Transfer-Encoding")
        if coding is None:
            length = self.headers.get("Content-Length", "0")
            if not (length.isascii() and length.isdigit()):
                raise _UnreadableBody(400, "The Content-Length is no number.")
            return self._read(int(length[:18]))  # no length that can be read has more digits
        if coding.lower() != "chunked":
            raise _UnreadableBody(400, "The only transfer coding that can be read is chunked.")
        body = bytearray()
        while size := self._read_chunk_size():
            body += self._read(size, len(body))
            if self.rfile.readline(_MAX_LINE) != b"\r\n":
                raise _UnreadableBody(400, "A chunk is longer than its size.")
        while self.rfile.readline(_MAX_LINE) not in (b"\r\n", b"\n", b""):
            pass  # trailers
        return bytes(body)

    def _read_chunk_size(self) -> int:
        size = self.rfile.readline(_MAX_LINE).partition(b";")[0].strip()
        if not re.fullmatch(rb"[0-9A-Fa-f]+", size):
            raise _UnreadableBody(400, "A chunk has no size.")
        return int(size, 16)

    def _read(self, size: int, already: int = 0) -> bytes:
        if already + size > _MAX_BODY:
            raise _UnreadableBody(413, f"The request body exceeds {_MAX_BODY} bytes.")
        if len(data := self.rfile.read(size)) < size:
            raise _UnreadableBody(400, "The request ended half-way.")
        return data

    def _send(self, answer: Answer) -> None:
        """Send all of *answer* at once: what comes in two pieces costs the client a delay."""
        phrase = self.responses.get(answer.status, ("",))[0]
        lines = [f"HTTP/1.1 {answer.status} {phrase}", *(f"{name}: {value}" for name, value in answer.headers.items())]
        lines.append(f"Connection: {'close' if self.close_connection else 'keep-alive'}")
        head = "\r\n".join([*lines, "", ""]).encode("latin-1")
        self.wfile.write(head if self.command == "HEAD" else head + answer.body)


def environ(url: str, region: str) -> dict[str, str]:
    """Return the variables with which the AWS SDKs of a subprocess find the server at *url*, and nobody's account."""
    profile = str(Path(__file__).with_name("profile.ini"))
    variables = {
        "AWS_ENDPOINT_URL_REKOGNITION": url,
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "false",
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_ACCESS_KEY_ID": "NOT-A-REAL-KEY",
        "AWS_SECRET_ACCESS_KEY": "not-a-real-secret",
        # Empty: a token of a real session must not go with these keys.
        "AWS_SESSION_TOKEN": "",
        "AWS_SECURITY_TOKEN": "",
        "AWS_CONFIG_FILE": profile,
        "AWS_SHARED_CREDENTIALS_FILE": profile,
        "AWS_EC2_METADATA_DISABLED": "true",
        # Four SDKs refuse an endpoint of one's own beside these.
        "AWS_USE_FIPS_ENDPOINT": "false",
        "AWS_USE_DUALSTACK_ENDPOINT": "false",
        # Empty: the AWS CLI waits for nobody to turn the page.
        "AWS_PAGER": "",
    }
    if "AWS_PROFILE" in os.environ or "AWS_DEFAULT_PROFILE" in os.environ:
        # Merging cannot take a variable away, and the AWS CLI takes an empty one for a profile's name.
        variables |= {"AWS_PROFILE": "default", "AWS_DEFAULT_PROFILE": "default"}
    no_proxy = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    no_proxy = no_proxy if no_proxy == "*" else f"{no_proxy},127.0.0.1".lstrip(",")
    return {**variables, "NO_PROXY": no_proxy, "no_proxy": no_proxy}
