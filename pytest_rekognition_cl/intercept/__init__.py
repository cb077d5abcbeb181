"""Where other libraries are patched. The only place that touches their private names."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..dispatcher import Dispatcher
    from .http_server import HttpServer


def patch_clients(region: Callable[[], str], on_close: Callable[[Callable[[], None]], object]) -> None:
    """Patch what makes clients, botocore's and aiobotocore's; *on_close* is told what undoes each patch."""
    from .aiobotocore import AioClientPatches
    from .clients import ClientPatches

    clients = ClientPatches(region)
    on_close(clients.remove)
    on_close(AioClientPatches(clients).remove)


class Patches:
    """Everything that one fixture patches: opened together, closed together, in the opposite order."""

    def __init__(self, dispatcher: Dispatcher, owner: str, region: Callable[[], str]) -> None:
        self._dispatcher = dispatcher
        self._owner = owner
        self._region = region
        self._open: list[Callable[[], Any]] = []
        self._http: HttpServer | None = None
        self._lock = threading.RLock()

    def open(self) -> None:
        """Patch the libraries. If one patch fails, those made before it are undone."""
        from .aiobotocore import AioWaiterPatch
        from .botocore import EndpointPatch
        from .sleeps import Sleeps
        from .waiters import RetryQuotas, WaiterPatch

        sleeps = Sleeps(self._dispatcher)
        self._open.append(sleeps.close)
        try:
            if self._dispatcher.options.virtual_time:
                from .virtual_time import VirtualTime

                self._open.append(VirtualTime(self._dispatcher.clock).remove)
            self._open.append(EndpointPatch(self._dispatcher, sleeps, self._owner).close)
            patch_clients(self._region, self._open.append)
            self._open.append(WaiterPatch(sleeps, self._dispatcher.notes).remove)
            self._open.append(AioWaiterPatch(sleeps, self._dispatcher.notes).remove)
            self._open.append(RetryQuotas(sleeps).remove)
        except BaseException:
            self.close()
            raise

    def http(self, region: str) -> HttpServer:
        """Return the server for other processes; it is started at the first call. *region*: of unsigned requests."""
        from .http_server import HttpServer

        with self._lock:
            if self._http is None:
                self._http = HttpServer(self._dispatcher, region)
                self._open.append(self._http.close)
            return self._http

    def close(self) -> None:
        """Restore the libraries. May be called more than once."""
        while self._open:
            self._open.pop()()
