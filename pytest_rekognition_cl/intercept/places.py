"""Where threads and tasks are in their code, and whether they are at work there. No frame is kept, no local is read."""

from __future__ import annotations

import sys
import threading
import traceback
from types import CodeType
from typing import Any

#: Where the thread of a pool waits: what it will be given is followed by itself.
_POOLS = ("concurrent/futures/thread.py", "multiprocessing/pool.py", "trio/_core/_thread_cache.py")
#: A place in a program: all code that is on its way there, and how far each has come.
Place = tuple[tuple[CodeType, int], ...]


def is_raw(thread: threading.Thread) -> bool:
    """Whether threading has not started *thread*: then it is listed for ever."""
    return isinstance(thread, threading._DummyThread)


def raw_idents() -> set[int]:
    """Return the idents of the threads that threading has not started, but of the current one."""
    known = {thread.ident for thread in threading.enumerate() if not is_raw(thread)}
    return set(sys._current_frames()) - known - {threading.get_ident()}


def is_done(begun: Any) -> bool:
    """Whether a thread or task has ended, or will never go on."""
    if isinstance(begun, threading.Thread):
        return is_raw(begun) or (begun.ident is not None and not begun.is_alive())
    return hasattr(begun, "done") and (begun.done() or begun.get_loop().is_closed())


def is_idle(begun: Any, place: Place, idle: Place | None) -> bool:
    """Whether a thread waits for work, or what is older is at its place of before."""
    if not place or place == idle or not isinstance(begun, threading.Thread):
        return bool(place) and place == idle
    files = [code.co_filename.replace("\\", "/") for code, _ in place[:2]]
    if files[0].endswith(_POOLS):
        return True
    waits = [code.co_name for code, _ in place[:2]] == ["wait", "get"]
    return waits and files[0].endswith("threading.py") and files[1].endswith("queue.py")


def places_of_threads() -> dict[Any, Place]:
    """Return where each thread is that threading has started, but the current one."""
    here = threading.current_thread()
    # Never a name for all the frames: this one is among them, and would keep them until the next collection.
    places = {
        ident: tuple((code_frame.f_code, code_frame.f_lasti) for code_frame, _ in traceback.walk_stack(frame))
        for ident, frame in sys._current_frames().items()
        if ident != here.ident
    }
    threads = [thread for thread in threading.enumerate() if not is_raw(thread)]
    return {thread: places[thread.ident] for thread in threads if thread.ident in places}


def place_of(begun: Any, threads: dict[Any, Place]) -> Place:
    """Return where a thread or task is, the innermost code of a thread first; empty where it is nowhere."""
    if isinstance(begun, threading.Thread):
        return threads.get(begun, ())
    places: list[tuple[CodeType, int]] = []
    coroutine: Any = begun.get_coro() if hasattr(begun, "get_coro") else None
    while getattr(coroutine, "cr_frame", None) is not None:
        places.append((coroutine.cr_code, coroutine.cr_frame.f_lasti))
        coroutine = coroutine.cr_await
    return tuple(places)
