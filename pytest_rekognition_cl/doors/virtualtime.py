"""The option ``virtual_time``: the process's clocks move with the virtual sleeps.

``time.time`` and ``datetime.now`` through time-machine, ``time.monotonic`` by a patch of ours.
"""

from __future__ import annotations

import datetime
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from ..clock import Clock
from .patching import Patch

_GENUINE = time.monotonic
#: These measure how long a wait may take; moving their clock would end other people's waits.
_LEFT_ALONE = frozenset({"threading", "queue", "selectors", "subprocess", "multiprocessing"})


class VirtualTime:
    """Process time that follows a fixture's clock."""

    def __init__(self, clock: Clock) -> None:
        try:
            import time_machine
        except ImportError:
            raise RuntimeError(
                "virtual_time=True needs time-machine, which is not installed: "
                "pip install 'pytest-rekognition-cl[virtual-time]'"
            ) from None
        self._clock = clock
        self._moved = 0.0
        self._lock = threading.Lock()
        self._travel: Any = None
        self._patches: list[Patch] = []
        if not _is_frozen():
            # A clock that the user froze wins: there the fixture's clock keeps its own offset.
            self._travel = time_machine.travel(datetime.datetime.now(datetime.timezone.utc), tick=True)
            self._coordinates = self._travel.start()
        clock.follow(self._shift)
        for module in list(sys.modules.values()):
            names = getattr(module, "__dict__", None) or {}
            if getattr(module, "__name__", "").partition(".")[0] not in _LEFT_ALONE:
                for name in [name for name, value in list(names.items()) if value is _GENUINE]:
                    self._patches.append(Patch(module, name, self._monotonic))

    def remove(self) -> None:
        """Give the clocks back."""
        for patch in reversed(self._patches):
            patch.remove()
        self._patches.clear()
        self._clock.follow(None)
        if self._travel is not None:
            self._travel.stop()
            self._travel = None

    def _shift(self, seconds: float) -> None:
        with self._lock:
            self._moved += seconds
        if self._travel is not None:
            self._coordinates.shift(seconds)

    def _monotonic(self, patch: Patch) -> Callable[[], float]:
        def monotonic() -> float:
            now: float = patch.found()
            return now if patch.inert else now + self._moved

        return monotonic


def _is_frozen() -> bool:
    """Whether the user has frozen or moved the time, by freezegun or time-machine."""
    freezegun = sys.modules.get("freezegun.api")
    if freezegun is not None and freezegun.freeze_factories:
        return True
    time_machine = sys.modules.get("time_machine")
    return bool(getattr(time_machine, "coordinates_stack", None))
