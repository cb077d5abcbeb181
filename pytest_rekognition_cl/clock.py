"""Virtual time: the real (or frozen) time plus an offset that grows with every virtual sleep."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta, timezone

from .errors import hide_frames as __tracebackhide__  # noqa: F401
from .names import Named

#: The last instant that datetime and the service's timestamps can show, in epoch seconds.
_LAST = 253_402_300_799


class Clock(Named):
    """The time that the fake service lives in.

    ``now()`` is an aware datetime (UTC). Under freezegun or time-machine it follows the frozen time.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._offset = 0.0
        self._slept = 0.0
        self._follower: Callable[[float], bool] | None = None

    def __repr__(self) -> str:
        return f"<Clock {self.now().isoformat(timespec='seconds')}, {self.slept:g} seconds slept>"

    def follow(self, move: Callable[[float], bool] | None) -> None:
        """Let *move* take the process's own clock along whenever this one is moved; it returns whether that worked."""
        self._follower = move

    def now(self) -> datetime:
        """Return the virtual time, aware and in UTC."""
        return datetime.fromtimestamp(self.now_ms() / 1000, timezone.utc)

    def now_ms(self) -> int:
        """Return the virtual time in whole epoch milliseconds."""
        return math.floor((time.time() + self._offset) * 1000)

    def advance(self, seconds: float | timedelta) -> None:
        """Let *seconds* (or a timedelta) pass for the service, at once.

        Raises ValueError for a negative or endless length of time, or one that leaves the calendar.
        """
        self._move(_length(seconds))

    @property
    def slept(self) -> float:
        """How many seconds the code under test has slept virtually."""
        return self._slept

    def sleep(self, seconds: float) -> None:
        """Let a virtual sleep pass: like :meth:`advance`, and it counts as slept.

        A sleep that leaves the calendar ends with it: code that sleeps without bounds is stopped by max_polls.
        """
        seconds = _length(seconds)
        with self._lock:
            room = _LAST - (time.time() + self._offset)
            self._shift(max(0.0, min(seconds, room)))
            self._slept += seconds

    def _move(self, seconds: float) -> None:
        with self._lock:
            if time.time() + self._offset + seconds > _LAST:
                raise ValueError(
                    f"advancing the clock by {seconds} seconds leaves the calendar (it ends with the year 9999)"
                )
            self._shift(seconds)

    def _shift(self, seconds: float) -> None:
        # What the process's clock does not follow (there is no follower, or the user froze it) becomes offset.
        if self._follower is None or not self._follower(seconds):
            self._offset += seconds


def _length(length: object) -> float:
    seconds = length.total_seconds() if isinstance(length, timedelta) else length
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise TypeError(f"a length of time is a number of seconds or a timedelta, not {seconds!r}")
    if not (0 <= seconds < math.inf):
        raise ValueError(f"the clock only moves forwards, by a finite number of seconds; got {seconds!r}")
    return float(seconds)
