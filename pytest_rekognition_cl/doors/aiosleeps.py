"""``asyncio.sleep``, also under the names it was imported by: virtual by the rule for the task that sleeps.

A virtual sleep lets other tasks run, as ``asyncio.sleep(0)`` does, and can be cancelled there. This module imports
asyncio: import it only where asyncio is there already.
"""

from __future__ import annotations

import asyncio
import math
import sys
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Any

from .. import sleeping
from ..clock import Clock
from . import nearby, standins
from .families import Families
from .patching import Patch, patch_at
from .places import Place, Places

if TYPE_CHECKING:
    from .trails import Trails


class _AioPlaces(Places):
    """The places of ``asyncio.sleep``."""

    def __init__(self) -> None:
        super().__init__("sleep")
        # Where it was defined it is genuine, unless somebody has replaced it there too.
        self.genuine = asyncio.tasks.sleep
        self._places: list[Place] = [(Patch, asyncio, "sleep")]


_PLACES = _AioPlaces()


class AioSleeps:
    """The sleeps of asyncio's tasks while one fixture is active."""

    def __init__(self, trails: Trails, clock: Clock) -> None:
        self._trails = trails
        self._clock = clock
        self._patches: list[Patch] = []
        self._mocks = standins.Mocks()
        #: The patch of ``asyncio.sleep`` itself, or a Mock in its place.
        self._top: Any = None
        #: Which task was made by which.
        self.families = Families(trails)

    def activate(self) -> None:
        """Take over the sleeps, at the first call; then see whether somebody has put a stand-in above them."""
        if self._top is None:
            for place in dict.fromkeys(_PLACES.find()):
                self._take(place)
            trio = sys.modules.get("trio")
            if hasattr(trio, "sleep"):
                # aiobotocore runs on trio too, over httpx.
                self._patches.append(Patch(trio, "sleep", self._sleep_of_trio))
        elif asyncio.sleep is not self._top:
            self._take((Patch, asyncio, "sleep"))
        self._top = asyncio.sleep
        for seconds in self._mocks.new_calls():
            sleeping.sleep(self._trails.current(), self._clock, seconds, asleep=True)

    def remove(self) -> None:
        """Give the sleeps back, also those that a module imported meanwhile."""
        for patch in reversed(self._patches):
            patch.remove()
        if self._patches:
            _PLACES.restore_late_imports()
        self._patches.clear()
        self.families.remove()

    def look_near(self, frame: FrameType) -> None:
        """Take over the sleeps that only the code of *frame* knows."""
        for place in nearby.places_near(frame, _PLACES):
            self._take(place)

    def _take(self, place: Place) -> None:
        kind, owner, name = place
        current = kind.read_at(owner, name)
        mock = standins.mock_of(current)
        plain = current.__func__ if isinstance(current, staticmethod) else current
        if mock is not None:
            self._mocks.watch(mock)
        elif plain is _PLACES.genuine or patch_at(current) is not None:
            # anyio yields to the loop by sleep(0), all the time: that is no sleep of the code under test.
            is_anyio = getattr(owner, "__name__", "").partition(".")[0] == "anyio"
            self._patches.append(kind(owner, name, self._sleep_of_anyio if is_anyio else self._sleep))
        elif callable(plain):
            self._patches.append(kind(owner, name, self._listen))

    def _sleep(self, patch: Patch, shortest: float = 0.0) -> Callable[..., Any]:
        async def sleep(delay: Any, result: Any = None) -> Any:
            if patch.inert or not isinstance(delay, (int, float)) or not shortest <= delay < math.inf:
                return await patch.found(delay, result)
            real = sleeping.sleep(self._trails.current(), self._clock, delay)
            return await patch.found(real, result)

        return sleep

    def _sleep_of_anyio(self, patch: Patch) -> Callable[..., Any]:
        return self._sleep(patch, math.ulp(0.0))

    def _sleep_of_trio(self, patch: Patch) -> Callable[..., Any]:
        async def sleep(seconds: Any) -> None:
            if not patch.inert and isinstance(seconds, (int, float)) and 0 <= seconds < math.inf:
                seconds = sleeping.sleep(self._trails.current(), self._clock, seconds)
            await patch.found(seconds)

        return sleep

    def _listen(self, patch: Patch) -> Callable[..., Any]:
        def sleep(*args: Any, **kwargs: Any) -> Any:
            delay = args[0] if args else kwargs.get("delay")
            if not patch.inert and isinstance(delay, (int, float)) and 0 <= delay < math.inf:
                # The stand-in decides how long it really takes.
                sleeping.sleep(self._trails.current(), self._clock, delay, asleep=True)
            return patch.found(*args, **kwargs)

        return sleep
