"""The sleep functions of the process while a fixture is open: virtual by the rule of sleep_rule.py, else real.

They are redirected as objects (redirect.py), so it does not matter where the code under test keeps its reference.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Awaitable, Callable, Collection, Iterator
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from ..clock import Sleeper
from ..originals import ORIGINALS
from .places import is_raw
from .redirect import Redirections, look_again
from .user_mocks import UserMocks, length_of

if TYPE_CHECKING:
    from ..dispatcher import Dispatcher

#: The fixture for which botocore itself waits, in a waiter or before a retry.
WAITING: ContextVar[Sleeps | None] = ContextVar("rekognition_cl_waiting", default=None)


class Sleeps:
    """The sleeps of one fixture's test, from now until :meth:`close`."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self.dispatcher = dispatcher
        self._rule = dispatcher.sleep_rule
        self.sleepers = dispatcher.sleep_rule.sleepers
        self.sleepers.are_all = self._are_all_asleep
        self._thread = threading.current_thread()
        self._older = WeakSet(threading.enumerate())
        self._older_idents = set(sys._current_frames())
        self._callers: WeakSet[threading.Thread] = WeakSet()
        self._tasks: WeakSet[Any] = WeakSet()
        self._calls = 0
        self.mocks = UserMocks(self._count_mocked)
        #: The quotas that retries of this test have drawn on, by id, each with the capacity that it had before.
        self.quotas: dict[int, tuple[Any, int]] = {}
        REDIRECTIONS.open(self)
        self._see_modules()

    def _see_modules(self) -> None:
        self._modules = len(sys.modules)
        #: The modules in which a user would put a stand-in for a sleep, and what belongs there.
        self._originals: list[tuple[Any, Any]] = [(time, ORIGINALS["sleep"])]
        if hasattr(sys.modules.get("asyncio"), "sleep"):
            self._originals.append((sys.modules["asyncio"], sys.modules["asyncio.tasks"].sleep))

    def close(self) -> None:
        self.sleepers.release()
        self.mocks.close()
        REDIRECTIONS.close(self)
        for quota, capacity in self.quotas.values():
            quota._available_capacity = capacity

    # --- calls ------------------------------------------------------------------------------------------------------

    def begin_call(self) -> Any:
        """Take note that the current thread or task begins a call of Rekognition; return the thread or task."""
        self._callers.add(threading.current_thread())
        self._calls += 1
        # The 1st, 2nd, 4th, 8th ... call: does a Mock of the user's do the sleeping?
        if not self._calls & (self._calls - 1):
            self.mocks.look_in_callers(sys._getframe(1))
        if self._modules != len(sys.modules):
            look_again()
            self._see_modules()
        if self.mocks.is_needed or any(module.sleep is not original for module, original in self._originals):
            self.mocks.look(self._originals)
        return self._who()

    # --- sleeps -----------------------------------------------------------------------------------------------------

    def takes_part(self, thread: threading.Thread) -> bool:
        """Whether *thread* is the test's own, has begun during the test, or has called Rekognition."""
        if thread is self._thread or thread in self._callers:
            return True
        return thread.ident not in self._older_idents if is_raw(thread) else thread not in self._older

    def is_virtual(self, seconds: float) -> bool:
        """Whether a sleep of the current thread or task is virtual; to be asked once a sleep."""
        return self._rule.begun and self._rule.is_virtual(self._who(), seconds)

    def _begin_sleep(self, seconds: float) -> None:
        __tracebackhide__ = True
        if WAITING.get() is not self:
            self.dispatcher.check_sleep(self._who(), seconds)

    def pauses(self, seconds: float) -> Iterator[float]:
        """Sleep virtually: yield for how long really to sleep, which lets others run, until it is over."""
        __tracebackhide__ = True
        self._begin_sleep(seconds)
        sleeper = self.sleepers.add(threading.current_thread(), current_task(), seconds)
        try:
            yield 0
            while not self.sleepers.is_over(sleeper):
                yield self.sleepers.pause
        finally:
            self.sleepers.remove(sleeper)

    def _count_mocked(self, seconds: float) -> None:
        """Count a sleep that a Mock of the user's has swallowed."""
        __tracebackhide__ = True
        if self._rule.begun and self.takes_part(threading.current_thread()):
            self._begin_sleep(seconds)
            self.dispatcher.clock.sleep_until(self.dispatcher.clock.moved + seconds)

    def _who(self) -> Any:
        task = current_task()
        if task is None:
            return threading.current_thread()
        self._tasks.add(task)
        return task

    def _are_all_asleep(self, sleepers: Collection[Sleeper]) -> bool:
        threads = {thread for thread in threading.enumerate() if self.takes_part(thread)}
        threads -= {thread for thread in threads if is_raw(thread) and thread.ident not in sys._current_frames()}
        tasks = {task for task in list(self._tasks) if not _is_done(task)}
        return {s.thread for s in sleepers} >= threads and {s.task for s in sleepers} >= tasks


def current_task() -> Any:
    """Return the task of asyncio or trio that runs in the current thread; None if none does."""
    asyncio, trio = sys.modules.get("asyncio"), sys.modules.get("trio")
    try:
        if asyncio is not None and asyncio._get_running_loop() is not None and (task := asyncio.current_task()):
            return task
        return trio.lowlevel.current_task() if trio is not None else None
    except (RuntimeError, AttributeError):  # no task runs here; the module is being imported
        return None


def _is_done(task: Any) -> bool:
    coroutine = getattr(task, "coro", None)  # of trio's
    return task.done() if coroutine is None else coroutine.cr_frame is None


def _in_charge(seconds: float) -> Sleeps | None:
    """Return the fixture for which a sleep of the current thread or task is virtual; None if it is real."""
    users = list(REDIRECTIONS.users)
    for sleeps in users:
        sleeps.mocks.note_real_call(seconds)
    waiting = WAITING.get()
    if waiting in users:
        return waiting
    thread = threading.current_thread()
    innermost = next((sleeps for sleeps in reversed(users) if sleeps.takes_part(thread)), None)
    return innermost if innermost is not None and innermost.is_virtual(seconds) else None


def _sleep(original: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    __tracebackhide__ = True
    length = length_of(args, kwargs)
    sleeps = None if length is None else _in_charge(length)
    if sleeps is None or length is None:
        return original(*args, **kwargs)  # it also refuses what is no length of time
    for pause in sleeps.pauses(length):
        original(pause)
    return None


async def _sleep_async(original: Callable[..., Awaitable[Any]], delay: Any, result: Any = None) -> Any:
    __tracebackhide__ = True
    length = length_of((delay,), {})
    sleeps = _in_charge(length) if length else None  # of zero seconds: it only lets others run, all the time
    if sleeps is None or length is None:
        return await (original(delay) if result is None else original(delay, result))
    for pause in sleeps.pauses(length):
        await original(pause)
    return result


#: Its users are the Sleeps of the open fixtures. gevent may have made time.sleep a name of its own function.
REDIRECTIONS = Redirections(
    {
        ("gevent.hub", "sleep"): _sleep,
        ("eventlet.greenthread", "sleep"): _sleep,
        ("time", "sleep"): _sleep,
        ("asyncio.tasks", "sleep"): _sleep_async,
        ("trio", "sleep"): _sleep_async,
    }
)
