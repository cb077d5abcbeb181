"""The door for other processes and other languages: the fake over HTTP, on a port of the loopback interface.

One thread serves all connections, so that a slow client blocks nobody, requests are answered one after the other, and
the end of the test has one thread to wait for and every socket in its hands.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from .httpcalls import Desk, Dropped
from .httpwire import CONTINUE, Malformed, Reader, Request, response

if TYPE_CHECKING:
    from ..exchange import Exchange

#: How long a client may take for one request, and for taking its answer, in seconds.
PATIENCE = 30.0
#: How long a client that was refused half-way may go on sending, so that it gets to read the refusal, in seconds.
LINGER = 3.0
#: How long the end of the test waits for an answer that is just being made (a function of the user's may block).
_LAST_ANSWER = 1.0
_READ = 256 * 1024
_BACKLOG = 512


class _Connection:
    """One client: what it has sent, and what it has not yet taken."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.reader = Reader()
        self.out = bytearray()
        #: The answer in ``out`` is the last one.
        self.is_last = False
        #: Everything is sent; what still comes in is thrown away, until the client has seen the end.
        self.is_draining = False
        self.deadline: float | None = None


class HttpDoor:
    """A server on 127.0.0.1 that answers from *exchange*, from now until :meth:`close`.

    :param region: the Region of requests that are not signed.
    :raises OSError: if no port can be had.
    """

    def __init__(self, exchange: Exchange, region: str) -> None:
        self._exchange = exchange
        self._selector = selectors.DefaultSelector()
        self._connections: set[_Connection] = set()
        self._stopping = threading.Event()
        with contextlib.ExitStack() as undo:
            undo.callback(self._selector.close)
            self._listener = undo.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM))
            self._listener.bind(("127.0.0.1", 0))
            self._listener.listen(_BACKLOG)
            self._listener.setblocking(False)
            port = self._listener.getsockname()[1]
            self._desk = Desk(exchange, port, region)
            self._bell, self._bell_button = (undo.enter_context(end) for end in socket.socketpair())
            self._selector.register(self._bell, selectors.EVENT_READ, None)
            self._selector.register(self._listener, selectors.EVENT_READ, self._accept)
            self._thread = threading.Thread(target=self._run, name=f"rekognition_cl on port {port}", daemon=True)
            self._thread.start()
            undo.pop_all()
        #: Where clients send their requests to.
        self.url = f"http://127.0.0.1:{port}"

    def close(self) -> None:
        """End: no answer is begun any more, every socket is closed, later requests are refused by the system."""
        if self._stopping.is_set():
            return
        self._stopping.set()
        self._bell_button.send(b"!")
        self._thread.join(_LAST_ANSWER)
        for end in (self._bell, self._bell_button):  # not before: the thread may end without having heard it
            end.close()

    # --- the thread -------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                for key, events in self._selector.select(self._time_left()):
                    if self._stopping.is_set():
                        break
                    if isinstance(key.data, _Connection):
                        self._serve(key.data, events)
                    elif key.data is not None:
                        key.data()
                self._expire()
        finally:
            for connection in list(self._connections):
                self._drop(connection)
            with contextlib.suppress(OSError):
                # A process that was forked meanwhile has a copy of the socket: this ends the listening itself.
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._selector.close()

    def _accept(self) -> None:
        try:
            sock, _ = self._listener.accept()
        except (BlockingIOError, ConnectionError, InterruptedError):
            return
        except OSError:
            # The process has no file descriptor left: wait until one of the connections ends.
            if self._connections:
                self._selector.unregister(self._listener)
            return
        sock.setblocking(False)
        with contextlib.suppress(OSError):  # the client may be gone already
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection = _Connection(sock)
        self._connections.add(connection)
        self._selector.register(sock, selectors.EVENT_READ, connection)

    def _drop(self, connection: _Connection) -> None:
        self._connections.discard(connection)
        self._selector.unregister(connection.sock)
        with contextlib.suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)
        connection.sock.close()
        if self._listener not in self._selector.get_map():
            self._selector.register(self._listener, selectors.EVENT_READ, self._accept)

    def _time_left(self) -> float | None:
        deadlines = [c.deadline for c in self._connections if c.deadline is not None]
        return max(0.0, min(deadlines) - time.perf_counter()) if deadlines else None

    def _expire(self) -> None:
        now = time.perf_counter()
        for connection in [c for c in self._connections if c.deadline is not None and c.deadline <= now]:
            try:
                if connection.out or connection.is_draining:
                    self._drop(connection)
                else:
                    late = Malformed(408, "RequestTimeoutException", f"The request took over {PATIENCE:g} seconds.")
                    self._refuse(connection, late)
                    self._pump(connection)
            except OSError:
                self._drop(connection)

    # --- one connection ---------------------------------------------------------------------------------------------

    def _serve(self, connection: _Connection, events: int) -> None:
        try:
            if events & selectors.EVENT_READ and not self._read(connection):
                return
            self._pump(connection)
        except (BlockingIOError, InterruptedError):
            return
        except (OSError, Dropped):
            self._drop(connection)

    def _read(self, connection: _Connection) -> bool:
        """Take what the client has sent; return whether there is something to do."""
        data = connection.sock.recv(_READ)
        if connection.is_draining:
            if not data:
                self._drop(connection)
            return False
        if data:
            connection.reader.feed(data)
        elif connection.reader.is_midway:
            self._refuse(connection, Malformed(400, "SerializationException", "The request ended half-way."))
        else:
            self._drop(connection)
            return False
        return True

    def _pump(self, connection: _Connection) -> None:
        """Answer and send as far as it goes: the next request is looked at when the client has the answer before."""
        while True:
            if connection.out:
                with contextlib.suppress(BlockingIOError, InterruptedError):
                    sent = connection.sock.send(connection.out)
                    del connection.out[:sent]
                if connection.out:
                    self._wait(connection, selectors.EVENT_WRITE, PATIENCE)
                    return
                connection.deadline = None
            if connection.is_last:
                connection.is_draining = True
                connection.sock.shutdown(socket.SHUT_WR)
                self._wait(connection, selectors.EVENT_READ, LINGER)
                return
            try:
                request = connection.reader.next()
            except Malformed as problem:
                self._refuse(connection, problem)
                continue
            if request is not None:
                self._answer(connection, request)
            elif connection.reader.wants_continue():
                connection.out += CONTINUE
            else:
                self._wait(connection, selectors.EVENT_READ, PATIENCE if connection.reader.is_midway else None)
                return

    def _answer(self, connection: _Connection, request: Request) -> None:
        connection.deadline = None
        given = self._desk.answer(request)
        connection.is_last = not request.keep_alive
        connection.out += response(
            given.status,
            given.headers,
            given.body,
            keep_alive=request.keep_alive,
            bodiless=request.method == "HEAD",
        )

    def _refuse(self, connection: _Connection, problem: Malformed) -> None:
        """Answer what cannot be read, as the last thing on this connection."""
        given = self._exchange.refuse(problem.code, problem.message, problem.status)
        connection.is_last = True
        connection.out += response(given.status, given.headers, given.body, keep_alive=False)

    def _wait(self, connection: _Connection, events: int, seconds: float | None) -> None:
        """Wait for the client; the time for one request, or one answer, is not prolonged by its coming in bits."""
        if self._selector.get_key(connection.sock).events != events:
            self._selector.modify(connection.sock, events, connection)
        if seconds is None:
            connection.deadline = None
        elif connection.deadline is None:
            connection.deadline = time.perf_counter() + seconds


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
    }
    if "AWS_PROFILE" in os.environ or "AWS_DEFAULT_PROFILE" in os.environ:
        # Merging cannot take a variable away, and botocore takes an empty one for a profile's name, but prefers the
        # second; the SDK for JavaScript knows the first alone, and warns of a profile beside keys.
        variables |= {"AWS_PROFILE": "", "AWS_DEFAULT_PROFILE": "default"}
    without_proxy = os.environ.get("no_proxy") or os.environ.get("NO_PROXY") or ""
    if without_proxy != "*":
        without_proxy = f"{without_proxy},127.0.0.1".lstrip(",")
    return {**variables, "NO_PROXY": without_proxy, "no_proxy": without_proxy}
