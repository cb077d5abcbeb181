"""The option ``virtual_time``: the process's clocks move with the virtual sleeps.

``time.time``, ``time.time_ns``, ``datetime.now`` and the like through time-machine; ``time.monotonic``,
``time.monotonic_ns`` and the ``clock_gettime`` of a monotonic clock as objects (redirect.py).
"""

from __future__ import annotations

import calendar
import datetime
import functools
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

from ..clock import Clock
from ..originals import ORIGINALS
from .redirect import Redirections

#: These measure how long a wait may take; moving their clock would end other people's waits.
_LEFT_ALONE = frozenset({"threading", "queue", "selectors", "subprocess", "multiprocessing", "freezegun"})
#: The arguments of clock_gettime whose clock is that of time.monotonic.
_NAMES = "CLOCK_MONOTONIC", "CLOCK_MONOTONIC_RAW", "CLOCK_BOOTTIME", "CLOCK_UPTIME", "CLOCK_UPTIME_RAW"
_MONOTONIC = frozenset(getattr(time, name) for name in _NAMES if hasattr(time, name))


def missing() -> str | None:
    """Return what to install where the option cannot be had; None if all is there."""
    try:
        if not hasattr(import_module("time_machine"), "coordinates_stack"):
            return None
        # It moves time.monotonic too, which would then run twice as fast.
        found = "version 3 or newer, but version 2 is installed"
    except ImportError:
        found = "which is not installed"
    return f"virtual_time=True needs time-machine, {found}: pip install 'pytest-rekognition-cl[virtual-time]'"


class VirtualTime:
    """Process time that follows a fixture's clock, from now until it is closed.

    :param on_close: gets what lets the clocks be what they were.
    """

    def __init__(self, clock: Clock, on_close: Callable[[Callable[[], object]], object]) -> None:
        text = missing()
        if text is not None:
            raise RuntimeError(text)
        self.moved = 0.0
        self._coordinates: Any = None
        if not _is_frozen():
            # A clock that the user froze wins: there the fixture's clock keeps its own offset.
            travel = import_module("time_machine").travel(datetime.datetime.now(datetime.timezone.utc), tick=True)
            self._coordinates = travel.start()
            on_close(travel.stop)
        clock.follow(self._shift)
        on_close(functools.partial(clock.follow, None))
        _REDIRECTIONS.open(self, on_close)

    def _shift(self, seconds: float) -> bool:
        self.moved += seconds
        if self._coordinates is None or _is_frozen(but=self._coordinates):
            return False
        self._coordinates.shift(seconds)
        return True


def _read_clock(units: int, original: Callable[..., Any], *args: Any) -> Any:
    now = original(*args)
    caller = sys._getframe(2)  # 1 is in redirect.py
    if args and args[0] not in _MONOTONIC:
        return now
    if str(caller.f_globals.get("__name__")).partition(".")[0] in _LEFT_ALONE:
        return now
    return now + type(now)(sum(virtual.moved for virtual in list(_REDIRECTIONS.users)) * units)


#: Clocks that begin with the machine or the process, and how many of its units a second has.
_UNITS = {"monotonic": 1, "monotonic_ns": 10**9, "clock_gettime": 1, "clock_gettime_ns": 10**9}
_REDIRECTIONS = Redirections({("time", name): functools.partial(_read_clock, units) for name, units in _UNITS.items()})


def _is_frozen(but: Any = None) -> bool:
    """Whether the user has frozen or moved the time, by freezegun or time-machine; *but*: what is ours."""
    freezegun = sys.modules.get("freezegun.api")
    if freezegun is not None and freezegun.freeze_factories:
        return True
    time_machine = sys.modules.get("time_machine")
    # Its name up to version 2, and since then.
    stack: list[Any] = getattr(time_machine, "coordinates_stack", []) or getattr(time_machine, "traveller_stack", [])
    return bool(stack) and stack[-1] is not but


def read_time() -> float:
    """Return the real or frozen time, in epoch seconds, without a value of the user's Mock or a tick of freezegun's."""
    freezegun = sys.modules.get("freezegun.api")
    if freezegun is None or not freezegun.freeze_factories:
        return float(ORIGINALS["time"]())
    factory = freezegun.freeze_factories[-1]
    ticks = isinstance(factory, freezegun.TickingDateTimeFactory)
    frozen: Any = factory() if ticks else factory.time_to_freeze
    return calendar.timegm(frozen.timetuple()) + float(frozen.microsecond) / 1e6
