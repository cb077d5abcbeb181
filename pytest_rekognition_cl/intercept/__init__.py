"""Where other libraries are patched. The only place that touches their private names."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from ..locks import new_lock

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..dispatcher import Dispatcher
    from .http_server import HttpServer


class Patches:
    """Everything that one fixture patches; undone in the opposite order, also where one of them fails."""

    def __init__(self, dispatcher: Dispatcher, name: str, region: Callable[[], str]) -> None:
        from ..botocore_model import service_model
        from . import clients, waiters
        from .botocore import Owner
        from .sleeps import Sleeps
        from .virtual_time import VirtualTime, read_time

        self.dispatcher = dispatcher
        self._http: HttpServer | None = None
        self._lock = new_lock()
        dispatcher.clock._read = read_time
        service_model()  # now: a test may patch what reads files
        with ExitStack() as stack:
            self.sleeps = Sleeps(dispatcher)
            stack.callback(self.sleeps.close)
            if dispatcher.options.virtual_time:
                VirtualTime(dispatcher.clock, stack.callback)
            clients.REDIRECTIONS.open(region, stack.callback)
            waiters.REDIRECTIONS.open(self.sleeps, stack.callback)
            self._owner: Owner | None = Owner(name, self)
            self._open = stack.pop_all()

    def http(self, region: str) -> HttpServer:
        """Return the server for other processes; it is started at the first call. *region*: of unsigned requests."""
        from .http_server import HttpServer

        with self._lock:
            if self._http is None:
                self._http = HttpServer(self.dispatcher, region)
                self._open.callback(self._http.close)
            return self._http

    @property
    def url(self) -> str | None:
        """The address of the server for other processes; None if it was not asked for."""
        return None if self._http is None else self._http.url

    def environ(self) -> dict[str, str]:
        """Return the variables with which another process finds the server; after the end it finds nobody."""
        from .http_server import environ

        region = self.dispatcher.presets.region
        return environ((self.url or "http://127.0.0.1:9") if self._owner is None else self.http(region).url, region)

    def close(self) -> None:
        """Restore the libraries. May be called more than once."""
        owner, self._owner = self._owner, None
        with self._open:
            if owner is not None:
                owner.end()  # first, so that nothing is answered any more while the others are undone
