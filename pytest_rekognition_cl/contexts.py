"""The RekognitionCL of this process: which are open, and which the running test has opened and left.

Every pytest run with the plugin imports this, so it imports nothing beyond the standard library.
"""

from __future__ import annotations

import os
import sys
from collections import deque
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from .calls import Call, CallLog


class Context(Protocol):
    """A RekognitionCL, as far as it matters here."""

    _owner: str

    @property
    def _log(self) -> CallLog: ...

    @property
    def _arns(self) -> Sequence[str]: ...

    def _report(self, calls: Sequence[Call] | None = None, shown: str = "") -> str | None: ...

    def _close(self) -> None: ...


class Running:
    """What a test that runs under pytest has done with contexts."""

    def __init__(self) -> None:
        self.opened: list[Context] = []
        #: The latest ones, each with the exception that it was left by.
        self.left: deque[tuple[Context, BaseException | None]] = deque(maxlen=5)
        #: How many calls the contexts that were open before had recorded.
        self.before = {id(context): context._log.number for context in OPEN}

    def still_open(self) -> list[Context]:
        return [context for context in self.opened if context in OPEN]

    def new_calls(self, context: Context) -> list[Call]:
        """Return the calls that *context* has recorded since the test began."""
        return [call for call in context._log.calls if call.number > self.before.get(id(context), 0)]


#: What is open, fixtures too, in the order of opening.
OPEN: list[Context] = []
#: The test that runs; an inner pytest session runs one inside another.
RUNNING: list[Running] = []


def running() -> Running:
    """Return what is known of the test that runs; nothing where another plugin runs tests in a way of its own."""
    return RUNNING[-1] if RUNNING else Running()


def opened(context: Context) -> None:
    OPEN.append(context)
    if RUNNING:
        RUNNING[-1].opened.append(context)


def closed(context: Context) -> None:
    if context in OPEN:
        OPEN.remove(context)


def left(context: Context, error: BaseException | None) -> None:
    """Take note of a context that the running test has left, by *error* if not None; a fixture's end is none."""
    if RUNNING:
        RUNNING[-1].left.append((context, error))


def others(log: CallLog) -> Iterator[Context]:
    """Yield the contexts beside the one that *log* belongs to: open ones, and those that the running test has left."""
    before = [context for context, _ in running().left]
    return (context for context in (*before, *OPEN) if context._log is not log)


def place_of_caller() -> str:
    """Return the file and line of the code that called this package, the file as seen from the working directory."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == "pytest_rekognition_cl":
        frame = frame.f_back
    return f"{frame.f_code.co_filename.removeprefix(os.getcwd() + os.sep)}:{frame.f_lineno}"  # noqa: PTH109
