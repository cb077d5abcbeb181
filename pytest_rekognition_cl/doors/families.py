"""Who works for whom: tasks that a task has made, functions that it has sent to a thread, the loop that a thread runs.

The rule of sleeping looks at the latest call of the thread or task that sleeps. ``await asyncio.gather(...)``,
``asyncio.wait_for``, ``asyncio.to_thread`` and ``asyncio.run`` let somebody else make the call. So what a helper has
called counts as its maker's, once the helper is done and unless the maker was asleep meanwhile: a task that sleeps
beside another one sleeps for its own reasons.
"""

from __future__ import annotations

import asyncio
import functools
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from weakref import WeakKeyDictionary, WeakSet, ref

from ..sleeping import Trail
from .patching import Patch
from .trails import Trails

Task = asyncio.Task[Any]

#: anyio's pytest plugin runs all tests and fixtures of a loop in one task: it belongs to none of them.
_RUNNERS = frozenset({"_run_tests_and_fixtures"})


def _loops() -> list[type[asyncio.AbstractEventLoop]]:
    """Return the families of event loops that there are: asyncio's own, and one like uvloop's that is imported."""
    return [
        loops
        for loops in asyncio.AbstractEventLoop.__subclasses__()
        if loops.create_task is not asyncio.AbstractEventLoop.create_task
    ]


class Families:
    """The helpers of every task and thread, while one fixture is active."""

    def __init__(self, trails: Trails) -> None:
        self._trails = trails
        trails.trail_of = self._trail_of
        self._makers: WeakKeyDictionary[Task, Trail] = WeakKeyDictionary()
        self._late: WeakSet[Task] = WeakSet()
        self._patches: list[Patch] = []
        for loops in _loops():
            self._patches.append(Patch(loops, "create_task", self._create_task))
            self._patches.append(Patch(loops, "run_in_executor", self._run_in_executor))
        anyio = sys.modules.get("anyio.to_thread")
        if anyio is not None:
            self._patches.append(Patch(anyio, "run_sync", self._run_sync))

    def remove(self) -> None:
        """Restore asyncio."""
        for patch in reversed(self._patches):
            patch.remove()

    def end(self, on_change: Callable[[], object]) -> None:
        """Note the tasks born so far that are not done: they outlive their test. *on_change*: called as they end."""
        for task in list(self._makers):
            if not task.done() and getattr(task.get_coro(), "__name__", "") not in _RUNNERS:
                self._late.add(task)
                task.add_done_callback(lambda _: on_change())

    def _trail_of(self, task: Task) -> Trail:
        """Return a new trail for *task*, linked with that of its maker."""
        maker = self._makers.get(task)
        if maker is None:
            return Trail()
        trail, weak = Trail(maker=maker), ref(task)
        maker.helpers.append((lambda: (known := weak()) is None or known.done(), trail))
        return trail

    # --- tasks that outlive their test ------------------------------------------------------------------------------

    @property
    def alive(self) -> bool:
        """Whether one of the noted tasks may still call."""
        return any(not task.done() and not task.get_loop().is_closed() for task in list(self._late))

    def late_task(self) -> str | None:
        """Return the name of the task that runs, if it is one of the noted ones."""
        try:
            task = asyncio.current_task()
        except RuntimeError:
            return None
        return task.get_name() if task is not None and task in self._late else None

    # --- patches ----------------------------------------------------------------------------------------------------

    def _create_task(self, patch: Patch) -> Callable[..., Any]:
        @functools.wraps(patch.found)
        def create_task(loop: Any, *args: Any, **kwargs: Any) -> Any:
            maker = None if patch.inert else self._trails.own()
            task = patch.found(loop, *args, **kwargs)
            if maker is not None and isinstance(task, asyncio.Task):
                self._makers[task] = maker
            return task

        return create_task

    def _run_in_executor(self, patch: Patch) -> Callable[..., Any]:
        @functools.wraps(patch.found)
        def run_in_executor(loop: Any, executor: Any, func: Any, *args: Any) -> Any:
            # Another process could not be handed an errand.
            if patch.inert or not (executor is None or isinstance(executor, ThreadPoolExecutor)):
                return patch.found(loop, executor, func, *args)
            return patch.found(loop, executor, self._errand(func), *args)

        return run_in_executor

    def _run_sync(self, patch: Patch) -> Callable[..., Any]:
        @functools.wraps(patch.found)
        def run_sync(func: Any, *args: Any, **kwargs: Any) -> Any:
            return patch.found(func if patch.inert else self._errand(func), *args, **kwargs)

        return run_sync

    def _errand(self, func: Callable[..., Any]) -> Errand:
        maker = self._trails.own()
        errand = Errand(self._trails, Trail(maker=maker), func)
        maker.helpers.append((errand.is_done, errand.trail))
        return errand


class Errand:
    """A function that a task has sent to a thread: what it calls there is remembered for the task."""

    def __init__(self, trails: Trails, trail: Trail, func: Callable[..., Any]) -> None:
        self.trail = trail
        self._trails = trails
        self._func = func
        self._done = False

    def is_done(self) -> bool:
        """Whether the function has come to its end."""
        return self._done

    def __call__(self, *args: Any) -> Any:
        """Run the function, in the thread it was sent to."""
        __tracebackhide__ = True
        try:
            with self._trails.leaving(self.trail):
                return self._func(*args)
        finally:
            self._done = True
