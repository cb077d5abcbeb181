"""The RekognitionCL of this process: which are open, and which the running test has left.

Every pytest run with the plugin imports this, so it imports nothing beyond the standard library.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import FrameType

    from .calls import Call, CallLog


class Context(Protocol):
    """A RekognitionCL, as far as it matters here."""

    _owner: str
    _log: CallLog

    @property
    def _arns(self) -> Mapping[str, str]: ...
    def _report(self, calls: Sequence[Call] | None = None, shown: str = "") -> str | None: ...
    def _close(self) -> None: ...


#: What is open, fixtures too, in the order of opening.
OPEN: list[Context] = []


class Running:
    """What is known of the test that runs. *on_open* is called when a context is opened."""

    def __init__(self, *, on_open: Callable[[], object] = lambda: None, remembered: int = 5) -> None:
        self.on_open = on_open
        #: The RekognitionCL behind the test's fixture, while there is one.
        self.fixture: Any = None
        #: The test's id, if it has markers of ours.
        self.marked: str | None = None
        #: Whether the test's body is being run.
        self.in_body = False
        #: The contexts that were left latest, each with the exception that it was left by; a fixture's end is none.
        self.left: deque[tuple[Context, BaseException | None]] = deque(maxlen=remembered)
        #: How many calls the contexts that were open before had recorded.
        self.before = {context: context._log.number for context in OPEN}

    def new_calls(self, context: Context) -> list[Call]:
        """Return the calls that *context* has recorded since the test began."""
        return [call for call in context._log.calls if call.number > self.before.get(context, 0)]


#: The test that runs; an inner pytest session puts its own here. Where pytest runs no test, nothing is remembered.
running = Running(remembered=0)


def opened(context: Context) -> None:
    OPEN.append(context)
    running.on_open()


def closed(context: Context) -> None:
    if context in OPEN:
        OPEN.remove(context)


def others(log: CallLog) -> Iterator[Context]:
    """Yield the contexts beside the one that *log* belongs to: those that the running test has left, and open ones."""
    return (context for context in (*(one for one, _ in running.left), *OPEN) if context._log is not log)


def place_of_caller() -> str:
    """Return the file and line of the code that called this package, the file as seen from the working directory."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == "pytest_rekognition_cl":
        frame = frame.f_back
    return place(frame, frame.f_lineno)


def place(frame: FrameType, line: int) -> str:
    """Return the file of a frame, as seen from the working directory, and *line*."""
    return f"{frame.f_code.co_filename.removeprefix(os.getcwd() + os.sep)}:{line}"  # noqa: PTH109
