"""Threads that outlive the test they were born in.

What such a thread calls after the end must not reach the network, nor the records of another test. A worker that a pool
keeps for later is another matter: once it has new work, it belongs to the test that gave it.
"""

from __future__ import annotations

import sys
import threading
from types import FrameType

#: Where a pool's thread waits for work: (file name's end, function).
_POOLS = (("concurrent/futures/thread.py", "_worker"), ("multiprocessing/pool.py", "worker"))


class Newborns:
    """The threads born since this was made, and what they were at when the test ended."""

    def __init__(self) -> None:
        self._before = {id(thread) for thread in threading.enumerate()}
        self._at_work: dict[threading.Thread, FrameType | None] = {}

    def end(self) -> None:
        """Note the threads that are still alive, with the frame of their unfinished work; None where they idle."""
        here = threading.current_thread()
        frames = sys._current_frames()
        for thread in threading.enumerate():
            if thread is not here and id(thread) not in self._before and thread.ident is not None:
                frame = frames.get(thread.ident)
                if frame is not None and thread.is_alive():
                    self._at_work[thread] = _work_of(frame)

    @property
    def alive(self) -> bool:
        """Whether one of the noted threads still lives; forgets the others."""
        self._at_work = {thread: frame for thread, frame in self._at_work.items() if thread.is_alive()}
        return bool(self._at_work)

    def __contains__(self, thread: threading.Thread) -> bool:
        return thread in self._at_work

    def is_still_at_work(self) -> bool:
        """Whether the current thread is one of them, and still at what it was doing when the test ended."""
        work = self._at_work.get(threading.current_thread())
        frame: FrameType | None = sys._getframe() if work is not None else None
        while frame is not None:
            if frame is work:
                return True
            frame = frame.f_back
        return False


def _work_of(frame: FrameType) -> FrameType | None:
    """Return the outermost frame of a thread's work: below the pool's loop if there is one; None for an idle worker."""
    stack: list[FrameType] = []
    current: FrameType | None = frame
    while current is not None:
        stack.append(current)
        current = current.f_back
    for index, candidate in enumerate(stack):
        code = candidate.f_code
        if any(code.co_filename.replace("\\", "/").endswith(file) and code.co_name == name for file, name in _POOLS):
            inner = stack[index - 1] if index else None
            waits = inner is None or inner.f_code.co_filename.replace("\\", "/").endswith(("queue.py", "threading.py"))
            return None if waits else inner
    return stack[-1]
