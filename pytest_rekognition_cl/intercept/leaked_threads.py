"""Threads and asyncio tasks that outlive the test they were begun in.

What such a thread or task calls after the end must not reach the network, nor the records of another test. A worker
that a pool keeps for later is another matter: once it has new work, it belongs to the test that gave it. What was
waiting in the pool's queue when a test ended is that test's work too.
"""

from __future__ import annotations

import functools
import sys
import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue
from types import FrameType
from typing import Any
from weakref import WeakSet

from .patching import Patch

#: Where a pool's thread waits for work: (file name's end, function).
_POOLS = (
    ("concurrent/futures/thread.py", "_worker"),
    ("multiprocessing/pool.py", "worker"),
    ("anyio/_backends/_asyncio.py", "run"),
    ("trio/_core/_thread_cache.py", "_work"),
)


#: Where a thread of the user's own waits for work.
_QUEUE = "queue.py"


class ThreadTracker:
    """The threads born since this was made, and what they were at when the test ended."""

    def __init__(self) -> None:
        self._before = set(threading.enumerate())
        self._at_work: dict[threading.Thread, FrameType | None] = {}
        #: What the pools had not yet begun. Kept alive here, so that no later work can be taken for it.
        self._queued: list[Any] = []

    def end(self) -> None:
        """Note the threads that still have something to do, with the frame of it; None where it is not begun."""
        here = threading.current_thread()
        born = [thread for thread in threading.enumerate() if thread is not here and thread not in self._before]
        for thread in born:
            # Never a name for all the frames: this one is among them, and would keep them until the next collection.
            frame = None if thread.ident is None else sys._current_frames().get(thread.ident)
            if frame is not None and thread.is_alive():
                work, queued = _work_of(frame)
                if work is not None or queued:
                    self._at_work[thread] = work
                self._queued += queued
        self._before.clear()

    @property
    def alive(self) -> bool:
        """Whether one of the noted threads still lives; forgets the others."""
        if self._at_work:
            self._at_work = {thread: frame for thread, frame in self._at_work.items() if _is_alive(thread)}
            if not self._at_work:
                self._queued.clear()
        return bool(self._at_work)

    def is_still_at_work(self) -> bool:
        """Whether the current thread is one of them, and still at what the test that ended had it do."""
        thread = threading.current_thread()
        if thread not in self._at_work:
            return False
        work = self._at_work[thread]
        frame: FrameType | None = sys._getframe()
        while frame is not None:
            if frame is work or (_is_pool(frame) and any(frame.f_locals.get("work_item") is q for q in self._queued)):
                return True
            frame = frame.f_back
        return False


def _is_alive(thread: threading.Thread) -> bool:
    # A thread that threading has not started is said to be alive for ever.
    return thread.is_alive() and (
        not isinstance(thread, threading._DummyThread) or thread.ident in sys._current_frames()
    )


def _is_pool(frame: FrameType) -> bool:
    code = frame.f_code
    return any(code.co_name == name and _is_file(frame, file) for file, name in _POOLS)


def _is_file(frame: FrameType, *ends: str) -> bool:
    return frame.f_code.co_filename.replace("\\", "/").endswith(ends)


def _work_of(frame: FrameType) -> tuple[FrameType | None, list[Any]]:
    """Return the outermost frame of a thread's work, None for an idle worker, and what waits in its pool's queue.

    The work lies below the loop of a pool if there is one; a thread that waits for something out of a queue idles too.
    """
    stack: list[FrameType] = []
    current: FrameType | None = frame
    while current is not None:
        stack.append(current)
        current = current.f_back
    for index, candidate in enumerate(stack):
        if _is_pool(candidate):
            inner = stack[index - 1] if index else None
            waits = inner is None or _is_file(inner, _QUEUE, "threading.py")
            return (None if waits else inner), _queued_in(candidate)
    waiting = next((f for f in stack if not _is_file(f, "threading.py")), frame)
    if _is_file(waiting, _QUEUE) and waiting.f_code.co_name == "get":
        return None, []
    return stack[-1], []


def _queued_in(pool: FrameType) -> list[Any]:
    """Return what has been given to a thread pool and not begun."""
    queue = pool.f_locals.get("work_queue")
    if not isinstance(queue, SimpleQueue):
        return []
    items: list[Any] = []
    # It cannot be looked into: take everything out, and put it back in the same order.
    while True:
        try:
            items.append(queue.get_nowait())
        except Empty:
            break
    for item in items:
        queue.put(item)
    return [item for item in items if item is not None]


#: anyio's pytest plugin runs all tests and fixtures of a loop in one task: it belongs to none of them.
_RUNNERS = frozenset({"_run_tests_and_fixtures"})


class TaskTracker:
    """The tasks of asyncio that are made while a test runs, and those of them that outlive it."""

    def __init__(self) -> None:
        self._made: WeakSet[Any] = WeakSet()
        self._late: WeakSet[Any] = WeakSet()
        self._patches: dict[Any, Patch] = {}
        self.see_imports()

    def see_imports(self) -> None:
        """Take note of tasks, as soon as asyncio, and a loop like uvloop's, is imported; we do not import them."""
        events = sys.modules.get("asyncio.base_events")
        if hasattr(events, "BaseEventLoop"):
            base = sys.modules["asyncio"].AbstractEventLoop
            for loop in base.__subclasses__():
                if loop not in self._patches and loop.create_task is not base.create_task:
                    self._patches[loop] = Patch(loop, "create_task", self._create_task)

    def remove(self) -> None:
        """Undo the patches."""
        for patch in self._patches.values():
            patch.remove()

    def end(self, on_change: Callable[[], object]) -> None:
        """Note the tasks made so far that are not done: they outlive their test. *on_change*: called as they end."""
        for task in list(self._made):
            if not task.done() and getattr(task.get_coro(), "__name__", "") not in _RUNNERS:
                self._late.add(task)
                task.add_done_callback(lambda _: on_change())

    @property
    def alive(self) -> bool:
        """Whether one of the noted tasks may still call."""
        return any(not task.done() and not task.get_loop().is_closed() for task in list(self._late))

    def late_task(self) -> str | None:
        """Return the name of the task that runs, if it is one of the noted ones."""
        if not self._late:
            return None
        try:
            task = sys.modules["asyncio"].current_task()
        except RuntimeError:
            return None
        return task.get_name() if task is not None and task in self._late else None

    def _create_task(self, patch: Patch) -> Callable[..., Any]:
        @functools.wraps(patch.found)
        def create_task(loop: Any, *args: Any, **kwargs: Any) -> Any:
            task = patch.found(loop, *args, **kwargs)
            if not patch.inert and hasattr(task, "get_coro"):
                self._made.add(task)
            return task

        return create_task
