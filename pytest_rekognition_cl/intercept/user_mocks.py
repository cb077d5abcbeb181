"""Mocks and functions that a user has put in the place of a sleep. They stay in charge; what they sleep is counted.

A test that replaces the sleep has no sleep left that could be virtual, and a training would never end. The list of
calls of a Mock is read; a function gets a wrapper. What a spy has passed on to the real sleep is not counted twice.
"""

from __future__ import annotations

import inspect
import math
import operator
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from types import FrameType, FunctionType
from typing import Any

from ..locks import new_lock
from .patching import Patch, patch_at

#: How many modules of calling code are looked at.
_MODULES = 12
_SKIPPED = frozenset({"botocore", "boto3", "aiobotocore", "pytest_rekognition_cl"})
#: Above pytest's own frames there is no code under test.
_RUNNERS = frozenset({"_pytest", "pluggy"})


def mock_of(value: Any) -> Any:
    """Return the Mock that *value* is, or (a function made by autospec) has; None for anything else."""
    mock = sys.modules.get("unittest.mock")
    if mock is None:
        return None
    if issubclass(type(value), mock.NonCallableMock):
        return value
    beneath = vars(value).get("mock") if type(value) is FunctionType else None
    return beneath if issubclass(type(beneath), mock.NonCallableMock) else None


class UserMocks:
    """What stands in for a sleep, and which of its calls were counted.

    :param count: is told of each sleep, in seconds.
    """

    def __init__(self, count: Callable[[float], object]) -> None:
        self._count = count
        self._lock = new_lock()
        self._mocks: dict[int, tuple[Any, int]] = {}
        self._patches: list[Patch] = []
        #: Whether a Mock or function stands in for a sleep.
        self.is_needed = False
        self._real_calls = 0
        self._passed_on: Counter[float] = Counter()

    def close(self) -> None:
        self._count = lambda seconds: None
        while self._patches:
            self._patches.pop().remove()

    def note_real_call(self, seconds: float) -> None:
        """Take note that a sleep function itself was called: what a Mock has passed on to it does not count twice."""
        self._real_calls += 1
        if self._mocks:
            self._passed_on[seconds] += 1

    def look(self, places: Sequence[tuple[Any, Any]]) -> None:
        """Look for stand-ins in the *places* (module, the sleep that belongs there), and count what was slept."""
        for module, original in places:
            value = vars(module).get("sleep")
            if value is not original:
                self._take(module, "sleep", value)
        self._count_calls()

    def look_in_callers(self, frame: FrameType | None) -> None:
        """Look for the names ``sleep`` and ``time`` in the modules of the frames from *frame* up."""
        seen: set[int] = set()
        while frame is not None and len(seen) < _MODULES:
            names, frame = frame.f_globals, frame.f_back
            module_name = str(names.get("__name__"))
            package = module_name.partition(".")[0]
            if package in _RUNNERS:
                return
            if id(names) in seen or package in _SKIPPED:
                continue
            seen.add(id(names))
            value, module = names.get("sleep"), sys.modules.get(module_name)
            if module is not None and (mock_of(value) is not None or _is_put_there(value, names)):
                self._take(module, "sleep", value)
            time = mock_of(names.get("time"))
            child = vars(time).get("_mock_children", {}).get("sleep") if time is not None else None
            if child is not None:
                self._take(time, "sleep", child)

    def _take(self, owner: Any, name: str, value: Any) -> None:
        mock = mock_of(value)
        self.is_needed = True
        with self._lock:
            if mock is not None:
                # Its latest call may be the first sleep of the loop that is looked at.
                self._mocks.setdefault(id(mock), (mock, max(0, len(mock.call_args_list) - 1)))
            elif callable(value) and patch_at(value) is None:
                self._patches.append(Patch(owner, name, self._sleep))

    def _count_calls(self) -> None:
        lengths: list[float] = []
        with self._lock:
            for key, (mock, counted) in self._mocks.items():
                calls = list(mock.call_args_list)
                fresh = calls[counted if counted <= len(calls) else 0 :]
                self._mocks[key] = (mock, len(calls))
                lengths += [length for call in fresh if (length := length_of(call.args, call.kwargs)) is not None]
            swallowed = [*(Counter(lengths) - self._passed_on).elements()] if lengths else []
            self._passed_on.clear()
        for length in swallowed:
            self._count(length)

    def _sleep(self, found: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        before, length = self._real_calls, length_of(args, kwargs)
        result = found(*args, **kwargs)
        if inspect.iscoroutine(result):
            return self._sleep_async(result, length, before)
        self._count_if_swallowed(length, before)
        return result

    async def _sleep_async(self, coroutine: Any, length: float | None, before: int) -> Any:
        __tracebackhide__ = True
        result = await coroutine
        self._count_if_swallowed(length, before)
        return result

    def _count_if_swallowed(self, length: float | None, before: int) -> None:
        __tracebackhide__ = True
        if length is not None and self._real_calls == before:
            self._count(length)


def length_of(args: tuple[Any, ...], kwargs: dict[str, Any]) -> float | None:
    """Return for how long a sleep function would sleep, given its arguments; None for what it would refuse."""
    seconds: Any = args[0] if args else next((kwargs[name] for name in ("seconds", "delay") if name in kwargs), None)
    try:
        length = float(seconds if isinstance(seconds, (int, float)) else operator.index(seconds))
    except (TypeError, OverflowError):
        return None
    return length if 0 <= length < math.inf else None


def _is_put_there(value: Any, names: dict[str, Any]) -> bool:
    """Whether *value* is a function that somebody else has put among the *names* of a module, and no coroutine's."""
    if type(value) is not FunctionType or inspect.iscoroutinefunction(value):
        return False
    return value.__module__ != names.get("__name__") or value.__name__ == "<lambda>"
