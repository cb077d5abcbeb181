"""Where other libraries are patched. The only place that touches their private names."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from ..locks import new_lock

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..dispatcher import Dispatcher
    from .http_server import HttpServer
    from .leaked_threads import Owner


class Patches:
    """Everything that one fixture patches: opened together, closed together, in the opposite order."""

    def __init__(self, dispatcher: Dispatcher, name: str, region: Callable[[], str]) -> None:
        self._dispatcher = dispatcher
        self._name = name
        self._region = region
        self._open = ExitStack()
        self._owner: Owner | None = None
        self._http: HttpServer | None = None
        self._lock = new_lock()

    def open(self) -> None:
        """Patch the libraries. If one patch fails, those made before it are undone."""
        from ..botocore_model import service_model
        from .botocore import Interception
        from .clients import REDIRECTIONS as CLIENTS
        from .leaked_threads import Owner
        from .sleeps import Sleeps
        from .virtual_time import VirtualTime, read_time
        from .waiters import REDIRECTIONS as WAITERS

        self._dispatcher.clock._read = read_time
        service_model()  # now: a test may patch what reads files
        with ExitStack() as stack:
            sleeps = Sleeps(self._dispatcher)
            stack.callback(sleeps.close)
            if self._dispatcher.options.virtual_time:
                VirtualTime(self._dispatcher.clock, stack.callback)
            CLIENTS.open(self._region, stack.callback)
            WAITERS.open(sleeps, stack.callback)
            self._owner = Owner(self._name, Interception(self._dispatcher, sleeps, self))
            self._open = stack.pop_all()

    def http(self, region: str) -> HttpServer:
        """Return the server for other processes; it is started at the first call. *region*: of unsigned requests."""
        from .http_server import HttpServer

        with self._lock:
            if self._http is None:
                self._http = HttpServer(self._dispatcher, region)
                self._open.callback(self._http.close)
            return self._http

    @property
    def url(self) -> str | None:
        """The address of the server for other processes; None if it was not asked for."""
        return None if self._http is None else self._http.url

    def environ(self) -> dict[str, str]:
        """Return the variables with which another process finds the server; after the end it finds nobody."""
        from .http_server import environ

        region = self._dispatcher.presets.region
        is_over = self._owner is None or self._owner.over
        return environ((self.url or "http://127.0.0.1:9") if is_over else self.http(region).url, region)

    def close(self) -> None:
        """Restore the libraries. May be called more than once."""
        with self._open:
            if self._owner is not None:
                self._owner.end()  # first, so that nothing is answered any more while the others are undone
