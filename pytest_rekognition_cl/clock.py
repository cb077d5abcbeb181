"""Virtual time: the real (or frozen) time plus an offset that grows with every virtual sleep."""

from __future__ import annotations

import math
import sys
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any
from weakref import WeakKeyDictionary, WeakSet

from .errors import hide_frames as __tracebackhide__  # noqa: F401
from .locks import new_lock
from .names import Named
from .originals import ORIGINALS

#: The last instant that datetime and the service's timestamps can show, in epoch seconds.
_LAST = 253_402_300_799


class Clock(Named):
    """The time that the fake service lives in.

    ``now()`` is an aware datetime (UTC). Under freezegun or time-machine it follows the frozen time.
    """

    def __init__(self) -> None:
        self._lock = new_lock()
        #: Returns the real or frozen time, in epoch seconds.
        self._read: Callable[[], float] = lambda: time.time()
        self._offset = 0.0
        self._moved = 0.0
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
        seconds: float = self._read() if "freezegun.api" in sys.modules else ORIGINALS["time"]()
        return math.floor((seconds + self._offset) * 1000)

    def advance(self, seconds: float | timedelta) -> None:
        """Let *seconds* (or a timedelta) pass for the service, at once.

        Raises ValueError for a negative or endless length of time, or one that leaves the calendar.
        """
        length = _length(seconds)
        with self._lock:
            if self._read() + self._offset + length > _LAST:
                raise ValueError(
                    f"advancing the clock by {length} seconds leaves the calendar (it ends with the year 9999)"
                )
            self._move(length, length)

    @property
    def slept(self) -> float:
        """By how many seconds virtual sleeps have moved the clock; sleeps in parallel move it once."""
        return self._slept

    @property
    def moved(self) -> float:
        """By how many seconds sleeps and :meth:`advance` have moved the clock."""
        return self._moved

    def sleep_until(self, moved: float) -> None:
        """Move the clock to where it has *moved* so many seconds, because everybody sleeps till then.

        A sleep that leaves the calendar ends with it: code that sleeps without bounds is ended by max_polls.
        """
        with self._lock:
            seconds = max(0.0, moved - self._moved)
            room = max(0.0, _LAST - (self._read() + self._offset))
            self._slept += seconds
            self._move(seconds, min(seconds, room))
            self._moved = max(moved, self._moved)

    def _move(self, seconds: float, possible: float) -> None:
        self._moved += seconds
        # What the process's clock does not follow (there is no follower, or the user froze it) becomes offset.
        if self._follower is None or not self._follower(possible):
            self._offset += possible


@dataclass(eq=False)
class Sleeper:
    """A thread, or a task in it, that sleeps virtually; *wake* is where the clock will have moved to by then."""

    thread: threading.Thread
    task: object | None
    wake: float


class Sleepers:
    """Those who sleep on one clock at the same time: their sleeps overlap.

    The clock jumps to the earliest time of waking when all who take part sleep, or when nothing has happened for half a
    millisecond: the others wait for something else then. Who is in a call, or awake between two sleeps, gets more time.
    """

    #: How long nothing has happened before the clock jumps, in real seconds: as a rule; while somebody is awake who has
    #: slept before; while an answer is being made, or somebody whose sleep is over has not gone on.
    _QUIET, _AWAKE, _BUSY = 0.0005, 0.01, 0.05
    #: Who has called so often and never slept leaves the sleeping to somebody else.
    _CALLS = 3
    #: How long the clock waits at most while the process computes, and how much of the time that takes.
    _COMPUTING, _SHARE = 0.5, 0.2

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        #: Tells whether all who take part are among the sleepers given.
        self.are_all: Callable[[Collection[Sleeper]], bool] = lambda sleepers: False
        self._lock = new_lock()
        self._sleepers: set[Sleeper] = set()
        self._active_at = self._noted_at = 0.0
        self._processor = (0.0, 0.0)
        self._released = False
        self._have_slept: WeakSet[Any] = WeakSet()
        self._calls: WeakKeyDictionary[Any, int] = WeakKeyDictionary()
        #: For which threads and tasks the clock waits, and how long.
        self._awake: WeakKeyDictionary[Any, float] = WeakKeyDictionary()

    def begin_call(self, who: Any) -> int:
        """Take note that a thread or task (None: another process) begins a call; return the virtual time in ms."""
        if who is not None:
            with self._lock:
                self._note_activity()
                self._awake[who] = self._BUSY
        return self._clock.now_ms()

    def end_call(self, who: Any) -> None:
        """Take note that a thread or task has its answer."""
        with self._lock:
            self._note_activity()
            self._calls[who] = calls = self._calls.get(who, 0) + 1
            if who in self._have_slept or calls <= self._CALLS:
                self._awake[who] = self._AWAKE
            else:
                self._awake.pop(who, None)

    def add(self, thread: threading.Thread, task: object | None, seconds: float) -> Sleeper:
        """Let a thread or task fall asleep."""
        with self._lock:
            self._note_activity()
            sleeper = Sleeper(thread, task, self._clock.moved + seconds)
            self._sleepers.add(sleeper)
            self._have_slept.add(task or thread)
            self._awake.pop(task or thread, None)
        return sleeper

    def remove(self, sleeper: Sleeper) -> None:
        """Take note that a sleeper is awake."""
        with self._lock:
            self._note_activity()
            self._sleepers.discard(sleeper)
            self._awake[sleeper.task or sleeper.thread] = self._AWAKE

    def release(self) -> None:
        """Let everybody go on: the test is over."""
        self._released = True
        self.are_all = lambda sleepers: True

    @property
    def pause(self) -> float:
        """How long a sleeper really sleeps before it asks again, in seconds."""
        return self._QUIET * min(10, len(self._sleepers))

    def is_over(self, sleeper: Sleeper) -> bool:
        """Tell whether a sleep is over; to be asked again and again. Moves the clock when it is time."""
        with self._lock:
            if not self._released and sleeper.wake > self._clock.moved and self._is_time():
                self._clock.sleep_until(min(other.wake for other in self._sleepers))
                self._note_activity()
            return self._released or sleeper.wake <= self._clock.moved

    def _is_time(self) -> bool:
        now = ORIGINALS["monotonic"]()
        if self._awake and now < self._noted_at + self._COMPUTING and self._is_computing(now):
            self._active_at = now
        idle = now - self._active_at
        due = [other for other in self._sleepers if other.wake <= self._clock.moved]
        if due and idle < self._BUSY:
            return False
        self._sleepers.difference_update(due)  # their loop has ended
        if idle >= self._QUIET and idle >= max(self._awake.values(), default=0):
            self._awake.clear()  # they wait for something else
            return True
        return self.are_all(self._sleepers)

    def _is_computing(self, now: float) -> bool:
        """Tell whether the process has used the processor since this was last asked: somebody is at work."""
        processor = ORIGINALS["process_time"]()
        (before, used), self._processor = self._processor, (now, processor)
        return bool(processor - used > self._SHARE * (now - before))

    def _note_activity(self) -> None:
        self._active_at = self._noted_at = ORIGINALS["monotonic"]()


def _length(length: object) -> float:
    seconds = length.total_seconds() if isinstance(length, timedelta) else length
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
        raise TypeError(f"a length of time is a number of seconds or a timedelta, not {seconds!r}")
    if not (0 <= seconds < math.inf):
        raise ValueError(f"the clock only moves forwards, by a finite number of seconds; got {seconds!r}")
    return float(seconds)
