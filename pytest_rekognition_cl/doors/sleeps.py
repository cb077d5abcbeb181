"""Sleeps of the process: ``time.sleep``, also under the names it was imported by, and botocore's waiters.

Put in place at the first call that reaches the fake: a test without calls pays nothing.
"""

from __future__ import annotations

import math
import operator
import sys
import threading
import time
from collections.abc import Callable
from types import CodeType
from typing import TYPE_CHECKING, Any

from .. import sleeping
from ..clock import Clock
from . import nearby, standins
from .patching import Patch, patch_at
from .places import Place, Places
from .trails import Trails

if TYPE_CHECKING:
    from .aiosleeps import AioSleeps
    from .families import Families


_PLACES = Places("sleep")


class Sleeps:
    """The sleeps of the process while one fixture is active."""

    def __init__(self, clock: Clock) -> None:
        self.trails = Trails()
        self._clock = clock
        self._patches: list[Patch] = []
        self._mocks = standins.Mocks()
        #: The patch of ``time.sleep`` itself, or a Mock in its place.
        self._top: Any = None
        self._lock = threading.RLock()
        self._active = False
        self._seen: set[CodeType] = set()
        self._aio: AioSleeps | None = None
        self.see_asyncio()

    def see_asyncio(self) -> None:
        """Take note of asyncio, once it is imported; we are not the ones to do it."""
        if self._aio is None and "asyncio.base_events" in sys.modules:
            from .aiosleeps import AioSleeps

            self._aio = AioSleeps(self.trails, self._clock)

    @property
    def families(self) -> Families | None:
        """The tasks of asyncio, once it is imported."""
        return None if self._aio is None else self._aio.families

    def activate(self) -> None:
        """Take over the sleeps, at first; then see whether somebody has put a stand-in above, and what it was told."""
        self.see_asyncio()
        if self._aio is not None:
            self._aio.activate()
        if not self._active:
            with self._lock:
                if not self._active:
                    for place in _PLACES.find():
                        self._take(place)
                    self._top = time.sleep
                    self._active = True
        elif self._patches and time.sleep is not self._top:
            with self._lock:
                self._take((Patch, time, "sleep"))
                self._top = time.sleep
        for seconds in self._mocks.new_calls():
            sleeping.sleep(self.trails.current(), self._clock, seconds, asleep=True)

    def look_near(self) -> None:
        """Take over the sleeps that only the code which has just called knows."""
        for frame in nearby.unseen(sys._getframe(1), self._seen):
            with self._lock:
                for place in nearby.places_near(frame, _PLACES):
                    self._take(place)
                if self._aio is not None:
                    self._aio.look_near(frame)

    def _take(self, place: Place) -> None:
        kind, owner, name = place
        current = kind.read_at(owner, name)
        mock = standins.mock_of(current)
        plain = current.__func__ if isinstance(current, staticmethod) else current
        if mock is not None:
            self._mocks.watch(mock)
        elif plain is _PLACES.genuine or patch_at(current) is not None or standins.really_sleeps(plain):
            self._patches.append(kind(owner, name, self._sleep))
        elif callable(plain):
            self._patches.append(kind(owner, name, self._listen))

    def look_around(self) -> bool:
        """Tell whether the code that polls uses a stand-in for its sleeps, and listen to it from now on."""
        found = standins.in_sight(sys._getframe(1))
        for module, name, value in found:
            mock = standins.mock_of(value)
            if mock is not None:
                self._mocks.watch(mock)
            else:
                with self._lock:
                    self._take((Patch, module, name))
        return bool(found) or standins.mock_of(time.sleep) is not None

    def _sleep(self, patch: Patch) -> Callable[[float], None]:
        def sleep(seconds: float, /) -> None:
            __tracebackhide__ = True
            length = None if patch.inert else _length(seconds)
            if length is None:
                patch.found(seconds)  # also refuses what is no length of time
                return
            real = sleeping.sleep(self.trails.current(), self._clock, length)
            if real > 0 or length == 0:
                patch.found(real)

        return sleep

    def _listen(self, patch: Patch) -> Callable[..., Any]:
        def sleep(*args: Any, **kwargs: Any) -> Any:
            length = _length(args[0]) if args and not patch.inert else None
            if length is not None:
                # The stand-in decides how long it really takes.
                sleeping.sleep(self.trails.current(), self._clock, length, asleep=True)
            return patch.found(*args, **kwargs)

        return sleep

    def remove(self) -> None:
        """Give the sleeps back, also those that a module imported meanwhile."""
        if self._aio is not None:
            self._aio.remove()
        with self._lock:
            for patch in reversed(self._patches):
                patch.remove()
            if self._patches:
                _PLACES.restore_late_imports()
            self._patches.clear()


def _length(seconds: Any) -> float | None:
    """Return what ``time.sleep`` would take *seconds* for; None for what it would refuse."""
    if not isinstance(seconds, (int, float)):
        try:
            seconds = operator.index(seconds)
        except TypeError:
            return None
    try:
        length = float(seconds)
    except OverflowError:
        return None
    return length if 0 <= length < math.inf else None
