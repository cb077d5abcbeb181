"""HTTP/1.1 in bytes, without sockets: requests out of what a connection sends, answers into what it gets.

As strict as RFC 9112 lets a server be: whatever two programs could read in two ways is refused, and so is everything
that grows without end.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

#: Longest request line with headers, and longest trailer section, in bytes.
MAX_HEAD = 64 * 1024
#: Longest body, in bytes. The service takes images of 5 MiB, a third more as base64.
MAX_BODY = 16 * 1024 * 1024
#: What a client that asks before it sends its body is told.
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_REQUEST_LINE = re.compile(rf"({_TOKEN}) ([\x21-\x7e]+) HTTP/([0-9])\.([0-9])")
_HEADER = re.compile(rf"({_TOKEN}):[ \t]*([^\x00-\x08\x0a-\x1f\x7f]*)")
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,16})[ \t]*(?:;[\t\x20-\x7e\x80-\xff]*)?")
_BARE_NEWLINE = re.compile(rb"(?<!\r)\n")
#: Headers that decide something, so that a second one would leave two readings.
_SINGLE = frozenset(
    {
        "amz-sdk-invocation-id",
        "authorization",
        "content-encoding",
        "content-length",
        "content-type",
        "expect",
        "host",
        "origin",
        "transfer-encoding",
        "x-amz-target",
    }
)


class Malformed(Exception):
    """What the connection sent is no request that can be read; nothing after it can be read either."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


@dataclass(frozen=True)
class Request:
    """One request; the names of the headers are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    keep_alive: bool


@dataclass(frozen=True)
class _Head:
    method: str
    target: str
    headers: dict[str, str]
    keep_alive: bool
    chunked: bool
    length: int


class Reader:
    """What one connection has sent, and the requests in it."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._head: _Head | None = None
        self._body = bytearray()
        #: The size of the chunk that is being read, 0 in the trailers, None before a size.
        self._chunk: int | None = None
        self._trailers = 0
        self._asks = False

    @property
    def is_midway(self) -> bool:
        """Whether a request has begun that is not complete."""
        return self._head is not None or bool(self._buffer)

    def wants_continue(self) -> bool:
        """Tell, once a request, whether the client waits for leave to send the body."""
        asks, self._asks = self._asks and not self._buffer, False
        return asks

    def feed(self, data: bytes) -> None:
        """Take what the connection has sent."""
        self._buffer += data

    def next(self) -> Request | None:
        """Return the next request, None if it is not complete. Raises Malformed."""
        if self._head is None:
            self._head = self._read_head()
            if self._head is None:
                return None
            self._body = bytearray()
            self._chunk = None
            self._trailers = 0
        head = self._head
        body = self._read_chunks() if head.chunked else self._read_body(head.length)
        if body is None:
            return None
        self._head = None
        self._asks = False
        return Request(head.method, head.target, head.headers, body, head.keep_alive)

    def _read_head(self) -> _Head | None:
        while self._buffer.startswith(b"\r\n"):  # RFC 9112, 2.2: empty lines before a request are passed over
            del self._buffer[:2]
        if self._buffer and not self._buffer.startswith(b"\r") and not self._buffer[:1].isalpha():
            raise _broken("the request does not begin with a method")
        end = self._buffer.find(b"\r\n\r\n", 0, MAX_HEAD)
        head = bytes(self._buffer[: MAX_HEAD if end < 0 else end])
        if _BARE_NEWLINE.search(head):
            raise _broken("a line does not end with CR LF")
        if end < 0:
            if len(self._buffer) >= MAX_HEAD:
                raise Malformed(431, "RequestEntityTooLargeException", f"The headers exceed {MAX_HEAD} bytes.")
            return None
        del self._buffer[: end + 4]
        made = _parse_head(head.decode("latin-1"))
        self._asks = made.headers.get("expect", "").lower() == "100-continue"
        return made

    def _read_body(self, length: int) -> bytes | None:
        if len(self._buffer) < length:
            return None
        body = bytes(self._buffer[:length])
        del self._buffer[:length]
        return body

    def _read_chunks(self) -> bytes | None:
        while True:
            if self._chunk is None:
                line = self._read_line()
                if line is None:
                    return None
                size = _CHUNK.fullmatch(line)
                if size is None:
                    raise _broken("a chunk has no size")
                self._chunk = int(size[1], 16)
                if len(self._body) + self._chunk > MAX_BODY:
                    raise _too_large()
            elif self._chunk == 0:
                line = self._read_line()
                if line is None:
                    return None
                if not line:
                    return bytes(self._body)
                self._trailers += len(line)
                if self._trailers > MAX_HEAD:
                    raise Malformed(431, "RequestEntityTooLargeException", f"The trailers exceed {MAX_HEAD} bytes.")
            else:
                size_now = self._chunk
                if len(self._buffer) < size_now + 2:
                    return None
                if not self._buffer.startswith(b"\r\n", size_now):
                    raise _broken("a chunk is longer than its size")
                self._body += self._buffer[:size_now]
                del self._buffer[: size_now + 2]
                self._chunk = None

    def _read_line(self) -> bytes | None:
        end = self._buffer.find(b"\r\n", 0, MAX_HEAD)
        if end < 0:
            if len(self._buffer) >= MAX_HEAD:
                raise _broken("a line of a chunked body does not end")
            return None
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 2]
        return line


def _broken(what: str) -> Malformed:
    return Malformed(400, "SerializationException", f"This is not HTTP/1.1: {what}.")


def _too_large() -> Malformed:
    return Malformed(413, "RequestEntityTooLargeException", f"The request body exceeds {MAX_BODY} bytes.")


def _parse_head(text: str) -> _Head:
    first, *lines = text.split("\r\n")
    request_line = _REQUEST_LINE.fullmatch(first)
    if request_line is None:
        raise _broken("the first line is no request line")
    method, target, major, minor = request_line.groups()
    if major != "1":
        raise Malformed(505, "SerializationException", f"HTTP/{major}.{minor} is not spoken here, HTTP/1.1 is.")
    headers: dict[str, str] = {}
    for line in lines:
        header = _HEADER.fullmatch(line)
        if header is None:
            raise _broken("a header cannot be read")
        name, value = header[1].lower(), header[2].rstrip(" \t")
        if name in headers:
            if name in _SINGLE:
                raise _broken(f"there are two headers {name}")
            value = f"{headers[name]}, {value}"
        headers[name] = value
    chunked = _is_chunked(headers)
    if headers.get("expect", "100-continue").lower() != "100-continue":
        raise Malformed(417, "SerializationException", "The only expectation that can be met is 100-continue.")
    words = {word.strip().lower() for word in headers.get("connection", "").split(",")}
    keep_alive = "close" not in words if minor != "0" else "keep-alive" in words
    return _Head(method, target, headers, keep_alive, chunked, 0 if chunked else _length(headers))


def _is_chunked(headers: Mapping[str, str]) -> bool:
    coding = headers.get("transfer-encoding")
    if coding is None:
        return False
    if "content-length" in headers:
        raise _broken("it has a Content-Length and a Transfer-Encoding")
    if coding.lower() != "chunked":
        raise Malformed(501, "SerializationException", "The only transfer coding that can be read is chunked.")
    return True


def _length(headers: Mapping[str, str]) -> int:
    text = headers.get("content-length", "0")
    if not (text.isascii() and text.isdigit()):
        raise _broken("the Content-Length is no number")
    if len(text) > 18 or int(text) > MAX_BODY:
        raise _too_large()
    return int(text)


def response(
    status: int, headers: Mapping[str, str], body: bytes, *, keep_alive: bool, bodiless: bool = False
) -> bytes:
    """Return an answer as bytes; *bodiless* for the answer to HEAD, which has headers only."""
    known = status in HTTPStatus._value2member_map_
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase if known else ''}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines.append(f"Connection: {'keep-alive' if keep_alive else 'close'}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + (b"" if bodiless else body)
