"""The recorded calls: one frozen Call for each call of a client, retries included, and the log of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timezone
from typing import Any, overload

from . import botocore_model
from .locks import new_lock
from .names import Named


def write(call: Call, **facts: object) -> None:
    """Write facts of a call, which is frozen for everybody else: for the dispatcher alone."""
    for name, value in facts.items():
        object.__setattr__(call, name, value)


class Call(Named):
    """One call of a Rekognition operation, retries included.

    ============== ===============================================================================================
    ``operation``  the boto3 method's name, e.g. ``"create_project_version"``
    ``params``     the parameters as the caller wrote them
    ``response``   the answer as botocore parses it, without ResponseMetadata; None if there was none
    ``error``      the error code, or the exception's name for a transport fault; None for a success
    ``message``    the error's message; None for a success
    ``attempts``   how many requests it took, 1 without retries
    ``region``     the client's Region
    ``at``         when it began, in virtual time (aware, UTC)
    ============== ===============================================================================================

    ``params`` and ``response`` are decoded anew each time: changing what you got changes nothing.
    """

    operation: str
    #: The request's body, byte for byte.
    request: bytes
    region: str
    #: When the call began, in epoch milliseconds.
    at_ms: int
    number: int
    #: The Region of the default project, which messages need not name.
    _default_region: str
    attempts: int
    error: str | None
    message: str | None
    #: The HTTP status of the answer; None if there was none.
    _status: int | None
    #: The answer's body, byte for byte; empty if there was none.
    body: bytes

    __slots__ = tuple(__annotations__)

    def __init__(
        self, operation: str, request: bytes, region: str, at_ms: int, number: int, default_region: str = ""
    ) -> None:
        facts = (operation, request, region, at_ms, number, default_region, 0, None, None, None, b"")
        for name, fact in zip(self.__slots__, facts, strict=True):
            object.__setattr__(self, name, fact)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a recorded call cannot be changed (tried to set {name!r})")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"a recorded call cannot be changed (tried to delete {name!r})")

    def __setstate__(self, state: tuple[None, dict[str, Any]]) -> None:
        """Let a call be copied and pickled."""
        write(self, **state[1])

    @property
    def at(self) -> datetime:
        """When the call began, in virtual time (aware, UTC)."""
        return datetime.fromtimestamp(self.at_ms / 1000, timezone.utc)

    @property
    def params(self) -> dict[str, Any]:
        """The parameters as the caller wrote them; decoded anew each time."""
        return botocore_model.read_params(self.operation, self.request)

    @property
    def response(self) -> dict[str, Any] | None:
        """The answer as botocore parses it, without ResponseMetadata; None if there was none. Decoded anew."""
        if self.error is not None or self._status is None:
            return None
        return botocore_model.read_response(self.operation, self._status, self.body)

    @property
    def raw_response(self) -> dict[str, Any]:
        """The answer's JSON, not parsed any further; empty if there was none."""
        try:
            content = json.loads(self.body or b"{}")
        except (ValueError, RecursionError):  # another mock's answer need not be JSON, nor have a body
            return {}
        return content if isinstance(content, dict) else {}

    @property
    def succeeded(self) -> bool:
        """Whether an answer came that is not an error."""
        return self.error is None and self._status is not None

    def __repr__(self) -> str:
        outcome = self.error or ("answered" if self.succeeded else "not answered yet")
        try:
            params = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        except RecursionError:  # what came by HTTP may be nested without end
            params = "…"
        return f"<Call {self.operation}({params}): {outcome}>"


class Calls(Named, Sequence[Call]):
    """The recorded calls in the order in which they began. Immutable; a snapshot."""

    __slots__ = ("_calls",)

    def __init__(self, calls: Sequence[Call] = ()) -> None:
        self._calls = tuple(calls)

    @overload
    def __getitem__(self, index: int) -> Call: ...
    @overload
    def __getitem__(self, index: slice) -> Calls: ...
    def __getitem__(self, index: int | slice) -> Call | Calls:
        if isinstance(index, slice):
            return Calls(self._calls[index])
        try:
            return self._calls[index]
        except IndexError:
            raise IndexError(
                f"there is no call {index}: {len(self._calls)} {'was' if len(self._calls) == 1 else 'were'} recorded"
            ) from None

    def __len__(self) -> int:
        return len(self._calls)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and self._calls == tuple(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"[{', '.join(map(repr, self._calls))}]"


class CallLog:
    """The growing list behind :class:`Calls`. Thread-safe."""

    def __init__(self) -> None:
        self._lock = new_lock()
        self._calls: list[Call] = []
        #: Each body once: a poll asks and shows the same again and again.
        self.bodies: dict[bytes, bytes] = {}
        self.number = 0  # of the latest call
        #: The Region of the default project, which messages need not name.
        self.default_region = ""

    def add(self, operation: str, request: bytes, region: str, at_ms: int) -> Call:
        """Record that a call has begun."""
        with self._lock:
            self.number += 1
            body = self.bodies.setdefault(request, request)
            call = Call(operation, body, region, at_ms, self.number, self.default_region)
            self._calls.append(call)
        return call

    def clear(self) -> None:
        """Forget the calls so far."""
        with self._lock:
            self._calls.clear()
            self.bodies.clear()

    @property
    def calls(self) -> Calls:
        """The calls so far."""
        with self._lock:
            return Calls(self._calls)

    def of(self, operation: str) -> Calls:
        """Return the calls of one operation so far."""
        return Calls([call for call in self.calls if call.operation == operation])
