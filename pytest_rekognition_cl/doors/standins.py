"""Other people's stand-ins for ``time.sleep``: mocks, lambdas. They stay in charge; what they sleep is counted.

A test that replaces the sleep has no sleep left that could be virtual, and a training would never end. So a function
gets a layer that listens; a Mock, whose assertions must stay in reach, has its list of calls read instead.
"""

from __future__ import annotations

import inspect
import sys
import threading
from types import FrameType, FunctionType
from typing import Any

from .patching import patch_at

#: How many frames above a call are looked at for a stand-in that its modules use.
_FRAMES = 12
_SKIPPED = frozenset({"botocore", "boto3", "aiobotocore", "pytest_rekognition_cl", "_pytest", "pluggy"})
#: These replace the process's sleep by one that really sleeps.
_REAL = frozenset({"gevent", "eventlet"})


def really_sleeps(value: Any) -> bool:
    """Whether *value* is some event loop's own way to sleep."""
    return str(getattr(value, "__module__", "")).partition(".")[0] in _REAL


def mock_of(value: Any) -> Any:
    """Return the Mock that *value* is, or (autospec) has; None for anything else."""
    mock = sys.modules.get("unittest.mock")
    if mock is None:
        return None
    if isinstance(value, mock.NonCallableMock):
        return value
    beneath = vars(value).get("mock") if hasattr(value, "__dict__") else None
    return beneath if isinstance(beneath, mock.NonCallableMock) else None


class Mocks:
    """Mocks that stand in for a sleep, and which of their calls have been counted."""

    def __init__(self) -> None:
        self._counted: dict[int, tuple[Any, int]] = {}
        self._lock = threading.Lock()

    def watch(self, mock: Any) -> bool:
        """Count the calls from now on, and the latest one; return whether the mock is new."""
        with self._lock:
            if id(mock) in self._counted:
                return False
            self._counted[id(mock)] = (mock, max(0, len(mock.call_args_list) - 1))
            return True

    def new_calls(self) -> list[float]:
        """Return the lengths of the sleeps asked for since the last time, in seconds."""
        if not self._counted:
            return []
        lengths: list[float] = []
        with self._lock:
            for key, (mock, counted) in self._counted.items():
                calls = list(mock.call_args_list)
                fresh = calls[counted if counted <= len(calls) else 0 :]
                self._counted[key] = (mock, len(calls))
                lengths += [length for call in fresh for length in [_length(call)] if length is not None]
        return lengths


def _length(call: Any) -> float | None:
    value = call.args[0] if call.args else 0.0
    return float(value) if isinstance(value, (int, float)) and 0 <= value < float("inf") else None


def in_sight(frame: FrameType | None) -> list[tuple[Any, str, Any]]:
    """Return the stand-ins that the modules of the frames from *frame* up use: (module, name, value).

    Looked for under the names ``sleep`` and ``time``, which is how they are patched: ``mock.patch("app.sleep")``,
    ``mock.patch("app.time")``.
    """
    found: list[tuple[Any, str, Any]] = []
    seen: set[int] = set()
    for _ in range(_FRAMES * 4):
        if frame is None or len(seen) >= _FRAMES:
            break
        names, frame = frame.f_globals, frame.f_back
        module_name = str(names.get("__name__", ""))
        if id(names) in seen or module_name.partition(".")[0] in _SKIPPED:
            continue
        seen.add(id(names))
        value, module = names.get("sleep"), sys.modules.get(module_name)
        if value is not None and module is not None and (mock_of(value) is not None or _is_put_there(value, names)):
            found.append((module, "sleep", value))
        time = mock_of(names.get("time"))
        if time is not None:
            found.append((module, "time", time.sleep))
    return found


def _is_put_there(value: Any, names: dict[str, Any]) -> bool:
    """Whether *value* is a function that somebody else has put among the *names* of a module, and no coroutine's."""
    if not isinstance(value, FunctionType) or inspect.iscoroutinefunction(value) or patch_at(value) is not None:
        return False
    return value.__module__ != names.get("__name__") or value.__name__ == "<lambda>"
