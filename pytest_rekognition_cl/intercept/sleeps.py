"""The sleep functions of the process while a fixture is open: virtual by the rule of sleep_rule.py, else real.

They are redirected as objects (redirect.py), so it does not matter where the code under test keeps its reference.
"""

from __future__ import annotations

import inspect
import math
import operator
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Collection, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

from ..clock import Sleeper
from ..originals import ORIGINALS
from .redirect import Redirection, redirection
from .user_mocks import UserMocks

if TYPE_CHECKING:
    from ..dispatcher import Dispatcher

#: The sleep functions: the module that defines one, its name there. Only those of imported modules are redirected.
_FUNCTIONS = (
    ("time", "sleep"),
    ("asyncio.tasks", "sleep"),
    ("trio", "sleep"),
    ("gevent.hub", "sleep"),
    ("eventlet.greenthread", "sleep"),
)
#: The fixtures that are open, the innermost last.
_OPEN: list[Sleeps] = []
#: Redirections are made once in a process.
_REDIRECTIONS: dict[tuple[str, str], Redirection] = {}
_LOCK = threading.RLock()
#: The fixture for which botocore itself waits, in a waiter or before a retry.
WAITING: ContextVar[Sleeps | None] = ContextVar("rekognition_cl_waiting", default=None)


class Sleeps:
    """The sleeps of one fixture's test, from now until :meth:`close`."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher
        self._rule = dispatcher.sleep_rule
        self.sleepers = dispatcher.sleep_rule.sleepers
        self.sleepers.are_all = self._are_all_asleep
        self._thread = threading.current_thread()
        self._older = WeakSet(threading.enumerate())
        self._older_idents = set(sys._current_frames())
        self._callers: WeakSet[threading.Thread] = WeakSet()
        self._tasks: WeakSet[Any] = WeakSet()
        self._idle_calls = self._modules = 0
        #: The modules in which a user would put a stand-in for a sleep, and what belongs there.
        self._genuine: list[tuple[Any, Any]] = []
        self._mocks = UserMocks(self._count_mocked)
        with _LOCK:
            _OPEN.append(self)
            _redirect()

    def close(self) -> None:
        """Let the sleeps be what they were."""
        self.sleepers.release()
        self._mocks.close()
        with _LOCK:
            if self in _OPEN:
                _OPEN.remove(self)
            if not _OPEN:
                for made in _REDIRECTIONS.values():
                    made.close()

    # --- calls ------------------------------------------------------------------------------------------------------

    def begin_call(self) -> Any:
        """Take note that the current thread or task begins a call of Rekognition; return the thread or task."""
        self._callers.add(threading.current_thread())
        if self._modules != len(sys.modules):
            self._modules = len(sys.modules)
            with _LOCK:
                _redirect()
            self._genuine = _genuine()
        if self._mocks.is_needed or any(module.sleep is not genuine for module, genuine in self._genuine):
            self._mocks.look(self._genuine)
        return self._who()

    def end_call(self) -> None:
        """Take note that the call has its answer."""
        # The 1st, 2nd, 4th, 8th ... call without a sleep in between: does a Mock of the user's do the sleeping?
        self._idle_calls += 1
        if not self._idle_calls & (self._idle_calls - 1):
            self._mocks.look_in_callers(sys._getframe(1))

    @contextmanager
    def waiting(self) -> Generator[None]:
        """Make every sleep virtual: botocore itself waits for Rekognition."""
        token = WAITING.set(self)
        try:
            yield
        finally:
            WAITING.reset(token)

    def is_waiting(self) -> bool:
        """Whether botocore itself waits for this fixture, in the current thread or task."""
        return WAITING.get() is self

    # --- sleeps -----------------------------------------------------------------------------------------------------

    def takes_part(self, thread: threading.Thread) -> bool:
        """Whether *thread* is the test's own, has begun during the test, or has called Rekognition."""
        if thread is self._thread or thread in self._callers:
            return True
        if isinstance(thread, threading._DummyThread):  # threading has not started it
            return thread.ident not in self._older_idents
        return thread not in self._older

    def is_virtual(self, seconds: float) -> bool:
        """Whether a sleep of the current thread or task is virtual; to be asked once a sleep."""
        return (
            self._rule.begun
            and self.takes_part(threading.current_thread())
            and self._rule.is_virtual(self._who(), seconds)
        )

    def _fall_asleep(self, seconds: float) -> Sleeper:
        __tracebackhide__ = True
        self._idle_calls = 0
        if not self.is_waiting():
            self._dispatcher.check_sleep(self._who(), seconds)
        return self.sleepers.add(threading.current_thread(), current_task(), seconds)

    def sleep(self, seconds: float, pause: Callable[[float], Any]) -> None:
        """Sleep virtually; *pause* really sleeps, and lets the other threads run."""
        __tracebackhide__ = True
        sleeper = self._fall_asleep(seconds)
        try:
            pause(0)
            while not self.sleepers.is_over(sleeper):
                pause(self.sleepers.pause)
        finally:
            self.sleepers.remove(sleeper)

    async def sleep_async(self, seconds: float, pause: Callable[[float], Awaitable[Any]]) -> None:
        """Sleep virtually in a task; *pause* really sleeps, and lets the other tasks run."""
        __tracebackhide__ = True
        sleeper = self._fall_asleep(seconds)
        try:
            await pause(0)
            while not self.sleepers.is_over(sleeper):
                await pause(self.sleepers.pause)
        finally:
            self.sleepers.remove(sleeper)

    def note_real_call(self, seconds: float) -> None:
        """Take note that a sleep function itself was called: what a Mock has passed on to it does not count twice."""
        self._mocks.note_real_call(seconds)

    def _count_mocked(self, seconds: float) -> None:
        """Count a sleep that a Mock of the user's has swallowed."""
        __tracebackhide__ = True
        if self._rule.begun and self.takes_part(threading.current_thread()):
            self._idle_calls = 0
            if not self.is_waiting():
                self._dispatcher.check_sleep(self._who(), seconds)
            self._dispatcher.clock.sleep_until(self._dispatcher.clock.moved + seconds)

    def _who(self) -> Any:
        task = current_task()
        if task is None:
            return threading.current_thread()
        self._tasks.add(task)
        return task

    def _are_all_asleep(self, sleepers: Collection[Sleeper]) -> bool:
        threads = {sleeper.thread for sleeper in sleepers}
        for thread in threading.enumerate():
            if thread not in threads and self.takes_part(thread) and _is_alive(thread):
                return False
        tasks = {sleeper.task for sleeper in sleepers}
        return all(task in tasks or _is_done(task) for task in list(self._tasks))


def current_task() -> Any:
    """Return the task of asyncio or trio that runs in the current thread; None if none does."""
    asyncio, trio = sys.modules.get("asyncio"), sys.modules.get("trio")
    try:
        if asyncio is not None and asyncio._get_running_loop() is not None and (task := asyncio.current_task()):
            return task
        return trio.lowlevel.current_task() if trio is not None else None
    except (RuntimeError, AttributeError):  # no task runs here; the module is being imported
        return None


def _is_alive(thread: threading.Thread) -> bool:
    # A thread that threading has not started is listed for ever.
    return not isinstance(thread, threading._DummyThread) or thread.ident in sys._current_frames()


def _is_done(task: Any) -> bool:
    coroutine = getattr(task, "coro", None)  # of trio's
    return task.done() if coroutine is None else coroutine.cr_frame is None


def _in_charge(seconds: float) -> Sleeps | None:
    """Return the fixture for which a sleep of the current thread or task is virtual; None if it is real."""
    for sleeps in list(_OPEN):
        sleeps.note_real_call(seconds)
    waiting = WAITING.get()
    if waiting is not None and waiting in _OPEN:
        return waiting
    return next((sleeps for sleeps in reversed(_OPEN) if sleeps.is_virtual(seconds)), None)


def _redirect() -> None:
    """Redirect the sleep functions of the modules that are imported by now."""
    for place in _FUNCTIONS:
        module_name, name = place
        module = sys.modules.get(module_name)
        if module is None:
            continue
        made = _REDIRECTIONS.get(place)
        if made is None:
            function = ORIGINALS["sleep"] if module is time else getattr(module, name, None)
            if not callable(function):
                continue
            make = _make_async if inspect.iscoroutinefunction(function) else _make_sync
            made = _REDIRECTIONS[place] = redirection(module, name, function, make)
        made.open()


def _genuine() -> list[tuple[Any, Any]]:
    return [
        (sys.modules[name], _REDIRECTIONS[place].function)
        for name, place in (("time", ("time", "sleep")), ("asyncio", ("asyncio.tasks", "sleep")))
        if name in sys.modules and place in _REDIRECTIONS
    ]


def _make_sync(original: Callable[[float], Any]) -> Callable[..., Any]:
    def sleep(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        length = _length(args[0] if args else kwargs.get("seconds"))
        sleeps = None if length is None else _in_charge(length)
        if sleeps is None or length is None:
            return original(*args, **kwargs)  # it also refuses what is no length of time
        return sleeps.sleep(length, original)

    return sleep


def _make_async(original: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def sleep(delay: Any, result: Any = None) -> Any:
        __tracebackhide__ = True
        length = _length(delay)
        sleeps = _in_charge(length) if length else None  # of zero seconds: it only lets others run, all the time
        if sleeps is None or length is None:
            return await (original(delay) if result is None else original(delay, result))
        await sleeps.sleep_async(length, original)
        return result

    return sleep


def _length(seconds: Any) -> float | None:
    """Return what ``time.sleep`` would take *seconds* for; None for what it would refuse."""
    if not isinstance(seconds, (int, float)):
        try:
            seconds = operator.index(seconds)
        except TypeError:
            return None
    try:
        length = float(seconds)
    except OverflowError:
        return None
    return length if 0 <= length < math.inf else None
