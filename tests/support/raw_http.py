"""A client that sends exactly the bytes it is told, and reads one answer after the other."""

import json
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

JSON = "application/x-amz-json-1.1"


@dataclass
class Reply:
    """One answer off the wire."""

    status: int
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)


class Wire:
    """One connection to an endpoint; a minute without an answer is an error, not a hang."""

    def __init__(self, url):
        self.host = urlsplit(url).netloc
        name, port = self.host.split(":")
        self.sock = socket.create_connection((name, int(port)), timeout=60)
        self._file = self.sock.makefile("rb")

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        self.close()

    def close(self):
        self._file.close()
        self.sock.close()

    def send(self, data):
        self.sock.sendall(data)

    def ask(self, operation, params=None, **changes):
        """Send a well-formed request but for *changes* (see :func:`request`) and return the answer."""
        body = json.dumps({} if params is None else params).encode()
        self.send(request(**{"host": self.host, "target": f"RekognitionService.{operation}", "body": body, **changes}))
        return self.read()

    def read(self):
        """Return the next answer; None if the connection has ended instead."""
        first = self._file.readline()
        if not first:
            return None
        version, status, _ = first.decode().split(" ", 2)
        assert version == "HTTP/1.1"
        headers = {}
        while line := self._file.readline().decode().rstrip("\r\n"):
            name, value = line.split(": ", 1)
            assert name.lower() not in headers
            headers[name.lower()] = value
        body = self._file.read(int(headers.get("content-length", 0)))
        return Reply(int(status), headers, body)


def request(host, *, method="POST", path="/", target=None, body=b"{}", headers=(), without=(), **replaced):
    """Return a request as an SDK sends it; *without* leaves headers out, *replaced* (``content_type=``) changes them."""
    lines = {"Host": host, "Content-Type": JSON, "Content-Length": str(len(body))}
    if target is not None:
        lines["X-Amz-Target"] = target
    for name, value in replaced.items():
        lines[name.replace("_", "-").title()] = value
    text = [f"{method} {path} HTTP/1.1", *(f"{k}: {v}" for k, v in lines.items() if k not in without), *headers]
    return "\r\n".join([*text, "", ""]).encode("latin-1") + body
