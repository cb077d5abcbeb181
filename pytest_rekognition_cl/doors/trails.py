"""The trail of each thread, and of each task of asyncio or trio: whose sleep it is, and what was called before it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import partial
from typing import Any
from weakref import WeakKeyDictionary, ref

from .. import sleeping
from ..calls import Call
from ..sleeping import Trail


class Trails:
    """The trails of one fixture."""

    def __init__(self) -> None:
        #: Makes the trail of a task; one that knows which task was made by which, once asyncio is imported.
        self.trail_of: Callable[[Any], Trail] = lambda task: Trail()
        #: Told of each poll that a helper of the current thread or task has made; may raise to end a loop.
        self.on_poll: Callable[[Call, int], object] = lambda call, repeats: None
        self._local = threading.local()
        self._tasks: WeakKeyDictionary[Any, Trail] = WeakKeyDictionary()

    def current(self) -> Trail:
        """Return the trail of the task that runs, or of the thread if none does, with what its helpers have called."""
        trail = self.own()
        if trail.helpers:
            for call, repeats in sleeping.adopt(trail):
                self.on_poll(call, repeats)
        return trail

    def own(self) -> Trail:
        """Return the same trail without asking its helpers."""
        task = current_task()
        if task is not None:
            trail = self._tasks.get(task)
            if trail is None:
                trail = self._tasks[task] = self.trail_of(task)
                trail.is_asleep = partial(_is_asleep, ref(task))
            return trail
        trail = getattr(self._local, "trail", None)
        if trail is None:
            trail = self._local.trail = Trail()
        return trail

    @contextmanager
    def leaving(self, trail: Trail) -> Generator[None]:
        """Let the current thread leave *trail* behind instead of its own."""
        before = getattr(self._local, "trail", None)
        self._local.trail = trail
        try:
            yield
        finally:
            self._local.trail = before

    @contextmanager
    def waiting(self) -> Generator[Trail]:
        """Make every sleep virtual: botocore itself is waiting for Rekognition."""
        trail = self.current()
        trail.inside += 1
        try:
            yield trail
        finally:
            trail.inside -= 1


def _is_asleep(weak: Callable[[], Any]) -> bool:
    """Whether a task of asyncio is in ``asyncio.sleep``; one of zero seconds, as a virtual one ends, does not count."""
    coroutine: Any = getattr(weak(), "get_coro", lambda: None)()
    while hasattr(awaited := getattr(coroutine, "cr_await", None), "cr_code"):
        coroutine = awaited
    code = getattr(coroutine, "cr_code", None)
    if code is None or code.co_name != "sleep" or not code.co_filename.replace("\\", "/").endswith("asyncio/tasks.py"):
        return False
    # On its way out of sleep(0) it awaits a generator instead of a future.
    return not hasattr(coroutine.cr_await, "gi_code")


def current_task() -> Any:
    """Return the task of asyncio or trio that runs in the current thread; None if none does."""
    asyncio = sys.modules.get("asyncio")
    if asyncio is not None:
        try:
            task = asyncio.current_task()
        except (RuntimeError, AttributeError):  # no loop runs here; asyncio is being imported
            task = None
        if task is not None:
            return task
    trio = sys.modules.get("trio")
    if trio is not None:
        try:
            return trio.lowlevel.current_task()
        except (RuntimeError, AttributeError):
            return None
    return None
