"""The doors through which requests reach the service. The only place that touches other libraries' private names."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..exchange import Exchange
    from .http_server import HttpServer


def open_clients(region: Callable[[], str], on_close: Callable[[Callable[[], None]], object]) -> None:
    """Cut what makes clients, botocore's and aiobotocore's; *on_close* is told what undoes each cut."""
    from .aiobotocore import AioClients
    from .clients import Clients

    clients = Clients(region)
    on_close(clients.remove)
    on_close(AioClients(clients).remove)


class Doors:
    """Every door of one fixture: opened together, closed together, in the opposite order."""

    def __init__(self, exchange: Exchange, owner: str, region: Callable[[], str]) -> None:
        self._exchange = exchange
        self._owner = owner
        self._region = region
        self._open: list[Callable[[], Any]] = []
        self._http: HttpServer | None = None
        self._lock = threading.Lock()

    def open(self) -> None:
        """Cut the libraries. If one cut fails, those made before it are undone."""
        from .aiobotocore import AioWaits
        from .botocore import Cut
        from .sleeps import Sleeps
        from .waits import RetryQuotas, Waits

        sleeps = Sleeps(self._exchange)
        self._open.append(sleeps.close)
        try:
            if self._exchange.options.virtual_time:
                from .virtual_time import VirtualTime

                self._open.append(VirtualTime(self._exchange.clock).remove)
            self._open.append(Cut(self._exchange, sleeps, self._owner).close)
            open_clients(self._region, self._open.append)
            self._open.append(Waits(sleeps, self._exchange.notes).remove)
            self._open.append(AioWaits(sleeps, self._exchange.notes).remove)
            self._open.append(RetryQuotas(sleeps).remove)
        except BaseException:
            self.close()
            raise

    def http(self, region: str) -> HttpServer:
        """Return the server for other processes; it is started at the first call. *region*: of unsigned requests."""
        from .http_server import HttpServer

        with self._lock:
            if self._http is None:
                self._http = HttpServer(self._exchange, region)
                self._open.append(self._http.close)
            return self._http

    def close(self) -> None:
        """Restore the libraries. May be called more than once."""
        while self._open:
            self._open.pop()()
