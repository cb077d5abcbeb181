"""Sleeps of the process: ``time.sleep``, also under the names it was imported by, and botocore's waiters.

Put in place at the first call that reaches the fake: a test without calls pays nothing.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

from .. import sleeping
from ..clock import Clock
from ..sleeping import Trail
from .patching import Patch

_GENUINE = time.sleep


class Trails:
    """The trail of each thread, and of each asyncio task."""

    def __init__(self) -> None:
        self._local = threading.local()
        self._tasks: WeakKeyDictionary[Any, Trail] = WeakKeyDictionary()

    def current(self) -> Trail:
        """Return the trail of the task that runs, or of the thread if none does."""
        task = _current_task()
        if task is not None:
            return self._tasks.setdefault(task, Trail())
        trail: Trail | None = getattr(self._local, "trail", None)
        if trail is None:
            trail = self._local.trail = Trail()
        return trail

    @contextmanager
    def waiting(self) -> Iterator[Trail]:
        """Make every sleep virtual: botocore itself is waiting for Rekognition."""
        trail = self.current()
        trail.inside += 1
        try:
            yield trail
        finally:
            trail.inside -= 1


def _current_task() -> Any:
    asyncio = sys.modules.get("asyncio")
    if asyncio is None:
        return None
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None


class _Places:
    """Where modules keep ``time.sleep`` under a name of their own (``from time import sleep``).

    Looking through all modules takes a millisecond or two, so each is looked through once in a process.
    """

    def __init__(self) -> None:
        self._known: dict[str, int] = {}
        self._places: list[tuple[Any, str]] = []
        self._lock = threading.Lock()

    def find(self) -> list[tuple[Any, str]]:
        with self._lock:
            for name, module in list(sys.modules.items()):
                if self._known.get(name) != id(module) and not name.startswith("pytest_rekognition_cl"):
                    self._known[name] = id(module)
                    names = getattr(module, "__dict__", None) or {}
                    self._places += [(module, key) for key, value in list(names.items()) if value is _GENUINE]
            return list(self._places)

    def has_seen(self, name: str, module: Any) -> bool:
        return self._known.get(name) == id(module)


_PLACES = _Places()


class Sleeps:
    """The sleeps of the process while one fixture is active."""

    def __init__(self, clock: Clock) -> None:
        self.trails = Trails()
        self._clock = clock
        self._patches: list[Patch] = []
        self._lock = threading.Lock()
        self._active = False

    def activate(self) -> None:
        """Take over the sleeps. Does nothing if that is done."""
        if self._active:
            return
        with self._lock:
            if self._active:
                return
            for module, name in _PLACES.find():
                # Somebody else's stand-in for a sleep (a mock of the user's) stays in charge.
                current = vars(module).get(name)
                if current is _GENUINE or hasattr(current, "__pytest_rekognition_cl_patch__"):
                    self._patches.append(Patch(module, name, self._sleep))
            self._active = True

    def _sleep(self, patch: Patch) -> Callable[[float], None]:
        def sleep(seconds: float, /) -> None:
            if patch.inert or isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not seconds >= 0:
                patch.found(seconds)  # also refuses what is no length of time
                return
            real = sleeping.sleep(self.trails.current(), self._clock, seconds)
            if real > 0 or seconds == 0:
                patch.found(real)

        return sleep

    def remove(self) -> None:
        """Give the sleeps back, also those that a module imported meanwhile."""
        with self._lock:
            for patch in reversed(self._patches):
                patch.remove()
            if self._patches:
                _restore_late_imports(self._patches)
            self._patches.clear()


def _restore_late_imports(patches: list[Patch]) -> None:
    """A module that was imported during the test may hold our sleep under a name of its own."""
    ours = {id(patch.replacement) for patch in patches}
    for name, module in list(sys.modules.items()):
        if _PLACES.has_seen(name, module):
            continue
        for key, value in list((getattr(module, "__dict__", None) or {}).items()):
            if id(value) in ours:
                setattr(module, key, _GENUINE)
