"""The option ``virtual_time``: the process's clocks move with the virtual sleeps.

``time.time`` and ``datetime.now`` through time-machine, ``time.monotonic`` by a patch of ours.
"""

from __future__ import annotations

import datetime
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from typing import Any

from ..clock import Clock
from .patching import Patch, patch_at
from .places import Places

#: These measure how long a wait may take; moving their clock would end other people's waits.
_PLACES = Places(
    "monotonic", left_alone=frozenset({"threading", "queue", "selectors", "subprocess", "multiprocessing", "freezegun"})
)


def missing() -> str | None:
    """Return what to install where the option cannot be had; None if all is there."""
    try:
        time_machine = import_module("time_machine")
    except ImportError:
        found = "which is not installed"
    else:
        if not hasattr(time_machine, "coordinates_stack"):
            return None
        # It moves time.monotonic too, which would then run twice as fast.
        found = "version 3 or newer, but version 2 is installed"
    return f"virtual_time=True needs time-machine, {found}: pip install 'pytest-rekognition-cl[virtual-time]'"


class VirtualTime:
    """Process time that follows a fixture's clock."""

    def __init__(self, clock: Clock) -> None:
        text = missing()
        if text is not None:
            raise RuntimeError(text)
        time_machine = import_module("time_machine")
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
        for kind, owner, name in _PLACES.find():
            current = kind.read_at(owner, name)
            if current is _PLACES.genuine or patch_at(current) is not None:
                self._patches.append(kind(owner, name, self._monotonic))

    def remove(self) -> None:
        """Give the clocks back."""
        for patch in reversed(self._patches):
            patch.remove()
        _PLACES.restore_late_imports()
        self._patches.clear()
        self._clock.follow(None)
        if self._travel is not None:
            self._travel.stop()
            self._travel = None

    def _shift(self, seconds: float) -> bool:
        with self._lock:
            self._moved += seconds
        if self._travel is None or _is_frozen(but=self._coordinates):
            return False
        self._coordinates.shift(seconds)
        return True

    def _monotonic(self, patch: Patch) -> Callable[[], float]:
        def monotonic() -> float:
            now: float = patch.found()
            return now if patch.inert else now + self._moved

        return monotonic


def _is_frozen(but: Any = None) -> bool:
    """Whether the user has frozen or moved the time, by freezegun or time-machine; *but*: what is ours."""
    freezegun = sys.modules.get("freezegun.api")
    if freezegun is not None and freezegun.freeze_factories:
        return True
    time_machine = sys.modules.get("time_machine")
    # Its name up to version 2, and since then.
    stack: list[Any] = getattr(time_machine, "coordinates_stack", []) or getattr(time_machine, "traveller_stack", [])
    return bool(stack) and stack[-1] is not but
