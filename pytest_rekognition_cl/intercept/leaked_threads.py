"""Whose call it is: which test has begun what the current thread or task is at.

What a test has begun must reach, after its end, neither the network nor the records of another test. So note is taken
of what begins: threads, tasks of asyncio, and the work that is handed to pools, each of the test that its beginner
works for. Threads older than the test, and workers with a queue of their own, cannot be followed that way: by the place
in their code one sees whether they are at work when a test ends. Where it cannot be told whose a call is, it is refused
as long as anything of a finished test is alive.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from multiprocessing import spawn
from multiprocessing.pool import Pool, ThreadPool
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from ..errors import LateCall
from ..locks import new_lock
from ..messages import reports
from .places import Place, is_done, is_idle, is_raw, place_of, places_of_threads, raw_idents
from .redirect import Redirections
from .sleeps import current_task

if TYPE_CHECKING:
    from . import Patches

#: The methods of a pool that call a function for each of many items.
_MAPS = frozenset({"_map_async", "imap", "imap_unordered"})
#: Event loops with code of their own; they are not imported here. winloop is uvloop for Windows.
_LOOPS = ("asyncio.base_events", "BaseEventLoop"), ("uvloop", "Loop"), ("winloop", "Loop")
#: anyio's pytest plugin runs all tests and fixtures of a loop in one task: it belongs to none of them.
_RUNNERS = frozenset({"_run_tests_and_fixtures"})

#: Each thread, task and piece of a pool's work -> the test that it was begun for.
_BEGUN: WeakKeyDictionary[Any, Owner] = WeakKeyDictionary()
#: The tests that run, the innermost last, and those that are over and have left something alive.
_OPEN: list[Owner] = []
_LATE: list[Owner] = []
_LOCK = new_lock()
_LOCAL = threading.local()
#: Each queue -> the test that has put something into it last: until that is taken out, nobody who waits there idles.
_FED: WeakKeyDictionary[Any, Owner] = WeakKeyDictionary()


class Owner:
    """A test, or another ``RekognitionCL`` context, that owns what is begun for it, from now until :meth:`end`."""

    def __init__(self, name: str, patches: Patches) -> None:
        self.name = name
        self.patches = patches
        self.pid = os.getpid()
        self.over = False
        #: Who has opened it: a thread, or a task in it.
        self.openers = {threading.current_thread(), current_task()}
        #: The idents of threads that threading has not started: older ones, and from the end on those of the test.
        self.raw = raw_idents() | {threading.get_ident()}
        self._loops: set[int] = set()
        with _LOCK:
            settle()
            #: Where the threads and tasks were that are older.
            self.places: WeakKeyDictionary[Any, Place] = WeakKeyDictionary(places_of_threads())
            REDIRECTIONS.open(self)
            _OPEN.append(self)

    def end(self) -> None:
        """Take note of what is still at work. May be called more than once."""
        with _LOCK:
            if self.over:
                return
            here = {threading.main_thread(), threading.current_thread(), current_task()}
            here |= {opener for owner in _OPEN for opener in owner.openers}
            self.over = True
            self.raw = raw_idents() - self.raw
            _OPEN.remove(self)
            _LATE.append(self)
            places, fed = places_of_threads(), _fed()
            for older in _keys(self.places):
                # What is not where it was has been given something to do.
                place = place_of(older, places)
                busy = place != self.places[older] or (self in fed and is_idle(older, place, None))
                if busy and older not in here and older not in _BEGUN:
                    _BEGUN[older] = self
            for begun in _keys(_BEGUN):
                if _BEGUN.get(begun) is self and hasattr(begun, "get_loop") and not is_done(begun):
                    begun.add_done_callback(lambda _: settle())
            settle()

    def see_loop(self, loop: Any) -> None:
        """Take note of where the tasks of an event loop are that are older."""
        if id(loop) not in self._loops:
            self._loops.add(id(loop))
            for task in sys.modules["asyncio"].all_tasks(loop):
                self.places.setdefault(task, place_of(task, {}))


def in_charge() -> Owner | None:
    """Return the test that answers a call made now, None if none runs; raise LateCall for a call of a finished one."""
    owner = _owner()
    if owner is None and _LATE and not _is_known():
        settle()
        owner = _LATE[-1] if _LATE else None
    if owner is None or not owner.over:
        return _OPEN[-1] if _OPEN else None
    settle()
    thread, task = threading.current_thread(), current_task()
    name = task.get_name() if hasattr(task, "get_name") else None
    if thread is not threading.main_thread():
        _end_quietly(thread)
    raise LateCall(reports.late_call(owner.name, thread.name, name))


def settle() -> None:
    """Forget the finished tests of which nothing is alive any more."""
    with _LOCK:
        if not _LATE:
            return
        places, fed, raw = places_of_threads(), _fed(), raw_idents()
        alive: set[Owner | None] = set()
        for begun in _keys(_BEGUN):
            owner = _BEGUN.get(begun)
            if owner is not None and owner.over:
                idles = owner not in fed and is_idle(begun, place_of(begun, places), owner.places.get(begun))
                if is_done(begun) or idles:
                    _BEGUN.pop(begun, None)
                else:
                    alive.add(owner)
        for owner in list(_LATE):
            owner.raw &= raw  # the ident of a thread that has ended is given to another one
            if owner not in alive and not owner.raw:
                _LATE.remove(owner)
                REDIRECTIONS.close(owner)


def _fed() -> set[Owner | None]:
    # Not by qsize(): who is interrupted here, or was forked from, may hold the queue's lock.
    return {_FED.get(queue) for queue in _keys(_FED) if queue._qsize()}


def beginner() -> Owner | None:
    """Return the test that what begins now is begun for, which may be over; None if none runs."""
    return _owner() or (_OPEN[-1] if _OPEN else None)


def _owner() -> Owner | None:
    """Return the test that what runs now was begun for; None where it cannot be told."""
    if not _BEGUN and not _LATE:  # most calls
        return None
    for begun in (_task(), getattr(_LOCAL, "work", None), threading.current_thread()):
        owner = None if begun is None else _BEGUN.get(begun)
        if owner is not None:
            return owner
    if not _LATE or not is_raw(threading.current_thread()):
        return None
    return next((owner for owner in _LATE if threading.get_ident() in owner.raw), None)


def _is_known() -> bool:
    """Whether what runs now, begun for no test, belongs to those that run: the main thread, and who has opened one."""
    who = _task() or threading.current_thread()
    return who is threading.main_thread() or any(who in owner.openers for owner in _OPEN)


def _task() -> Any:
    task = current_task()
    return None if task is None or _is_runner(task) else task


def _is_runner(task: Any) -> bool:
    return getattr(getattr(task, "get_coro", dict)(), "__name__", "") in _RUNNERS


def _begins(begun: Any) -> Any:
    owner = beginner()
    if owner is not None:
        _BEGUN[begun] = owner
    return begun


class _Work:
    """A function that was handed over."""

    def __init__(self, function: Callable[..., Any], *, once: bool) -> None:
        self._function = function
        self._once = once

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        before = getattr(_LOCAL, "work", None)
        _LOCAL.work = self
        try:
            return self._function(*args, **kwargs)
        finally:
            _LOCAL.work = before
            if self._once:  # else it counts as alive as long as anybody has it
                _BEGUN.pop(self, None)
            del self  # a traceback keeps this frame


def _pickles(pool: Any) -> bool:
    """Whether what *pool* is given goes to other processes or interpreters."""
    interpreters = sys.modules.get("concurrent.futures.interpreter")
    if interpreters is not None and isinstance(pool, interpreters.InterpreterPoolExecutor):
        return True
    return isinstance(pool, Pool) and not isinstance(pool, ThreadPool)


def _hand_over(original: Any, pool: Any, function: Any, /, *args: Any, **kwargs: Any) -> Any:
    if callable(function) and not _pickles(pool):
        function = _begins(_Work(function, once=original.__name__ not in _MAPS))
    return original(pool, function, *args, **kwargs)


def _start(original: Any, thread: threading.Thread) -> None:
    original(_begins(thread))


def _put(original: Any, queue: Any, *args: Any, **kwargs: Any) -> None:
    owner = beginner()
    if owner is not None:
        _FED[queue] = owner
    original(queue, *args, **kwargs)


def _create_task(original: Any, loop: Any, *args: Any, **kwargs: Any) -> Any:
    if _OPEN:
        _OPEN[-1].see_loop(loop)
    task = original(loop, *args, **kwargs)
    return _begins(task) if hasattr(task, "get_coro") and not _is_runner(task) else task


class _Environ:
    """Pickled, it sets variables where it is read; that needs nothing but the standard library."""

    def __init__(self, variables: dict[str, str]) -> None:
        self._variables = variables

    def __reduce__(self) -> tuple[Any, ...]:
        return exec, (f"import os; os.environ.update({self._variables!r})", {})


def _get_preparation_data(original: Callable[[str], dict[str, Any]], name: str) -> dict[str, Any]:
    """Let processes that multiprocessing starts by spawn or forkserver read first where our HTTP server is."""
    owner = beginner()
    environ = {} if owner is None else {"rekognition_cl": _Environ(owner.patches.environ())}
    return {**environ, **original(name)}


#: Its users are the tests of which anything is alive. Each method that hands over takes the function first.
REDIRECTIONS = Redirections(
    {
        ("concurrent.futures.thread", "ThreadPoolExecutor.submit"): _hand_over,
        ("concurrent.futures._base", "Future.add_done_callback"): _hand_over,
        ("multiprocessing.pool", "Pool.apply_async"): _hand_over,
        **{("multiprocessing.pool", f"Pool.{name}"): _hand_over for name in _MAPS},
        **{(module, f"{loop}.call_soon_threadsafe"): _hand_over for module, loop in _LOOPS},
        **{(module, f"{loop}.create_task"): _create_task for module, loop in _LOOPS},
        ("threading", "Thread.start"): _start,
        ("queue", "Queue.put"): _put,
        (spawn.__name__, "get_preparation_data"): _get_preparation_data,
    }
)


def _keys(mapping: WeakKeyDictionary[Any, Any]) -> list[Any]:
    """Return what is noted in *mapping* now, whoever adds to it meanwhile."""
    return [key for reference in mapping.keyrefs() if (key := reference()) is not None]


def _end_quietly(thread: Any) -> None:
    """Let a LateCall that ends *thread* be printed: pytest would warn of it in a test that has no part in it."""
    found = thread._invoke_excepthook

    def invoke(thread: threading.Thread) -> None:
        error = sys.exc_info()[1]
        if isinstance(error, LateCall):
            print(error, file=sys.stderr)
        else:
            found(thread)

    thread._invoke_excepthook = invoke
