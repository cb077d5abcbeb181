"""The doors through which requests reach the service. The only place that touches other libraries' private names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..exchange import Exchange


class Doors:
    """Every door of one fixture: opened together, closed together, in the opposite order."""

    def __init__(self, exchange: Exchange, owner: str, region: Callable[[], str]) -> None:
        self._exchange = exchange
        self._owner = owner
        self._region = region
        self._open: list[Callable[[], Any]] = []

    def open(self) -> None:
        """Cut the libraries. If one cut fails, those made before it are undone."""
        from .botocore import Cut
        from .clients import Clients
        from .sleeps import Sleeps
        from .waits import RetryQuotas, Waits

        sleeps = Sleeps(self._exchange.clock)
        try:
            if self._exchange.options.virtual_time:
                from .virtualtime import VirtualTime

                self._open.append(VirtualTime(self._exchange.clock).remove)
            self._open.append(sleeps.remove)
            self._open.append(Cut(self._exchange, sleeps, self._owner).close)
            self._open.append(Clients(self._region).remove)
            self._open.append(Waits(sleeps, self._exchange.notes).remove)
            self._open.append(RetryQuotas(sleeps).remove)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Restore the libraries. May be called more than once."""
        while self._open:
            self._open.pop()()
