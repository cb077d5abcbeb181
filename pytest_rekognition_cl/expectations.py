"""What a test expects to be called, and prepares an outcome for: errors, exceptions, responses.

For one operation they form a queue: the first one that is due and not used up decides.
"""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from types import EllipsisType
from typing import Any

from . import botocore_model
from .assertions import check_operation
from .errors import hide_frames as __tracebackhide__  # noqa: F401
from .locks import new_lock
from .names import did_you_mean, safe_repr
from .service import Answer, RekognitionService, answer
from .service.errors import COMMON, SERIALIZATION, status_and_message


@dataclass
class Expectation:
    """One prepared outcome of *operation*, for a number of calls or of attempts."""

    operation: str
    #: As the user would write it, for messages: ``add_client_error('create_project_version', 'ThrottlingException')``.
    text: str
    outcome: Callable[[], Answer]
    #: How many calls or attempts it is for; None for every one.
    limit: int | None
    #: Whether it is for attempts, so that botocore's retries may survive it.
    by_attempt: bool = False
    #: How many calls of the operation are left alone first, and how many have come.
    after: int = 0
    seen: int = 0
    #: Where the test has prepared it: file and line.
    place: str = ""
    used: int = 0

    @property
    def exhausted(self) -> bool:
        return self.limit is not None and self.used >= self.limit

    @property
    def unused(self) -> str | None:
        """What the user should hear if this was not used up: ``used for 1 of 3 calls``."""
        if self.exhausted or (self.limit is None and self.used):
            return None
        if self.limit is None:
            return "never used"
        what = "attempt" if self.by_attempt else "call"
        return f"used for {self.used} of {self.limit} {what}{'' if self.limit == 1 else 's'}"


class ExpectationQueue:
    """All expectations of a test. Thread-safe."""

    def __init__(self) -> None:
        self.all: list[Expectation] = []
        self._lock = new_lock()

    def take_call(self, operation: str) -> Expectation | None:
        """Count a new call for each expectation of *operation*; return the one that answers all its attempts."""
        with self._lock:
            for expectation in self._left(operation):
                expectation.seen += 1
            return self._take_first(operation, by_attempt=False)

    def take_attempt(self, operation: str) -> Expectation | None:
        """Return what is prepared for this attempt of a call, None if the service answers."""
        with self._lock:
            return self._take_first(operation, by_attempt=True)

    def is_due(self, operation: str) -> bool:
        return any(expectation.seen >= expectation.after for expectation in self._left(operation))

    def _left(self, operation: str) -> list[Expectation]:
        return [e for e in self.all if e.operation == operation and not e.exhausted]

    def _take_first(self, operation: str, *, by_attempt: bool) -> Expectation | None:
        first = next((e for e in self._left(operation) if e.seen > e.after), None)
        if first is None or first.by_attempt is not by_attempt:
            return None  # what is for whole calls waits for the next call
        first.used += 1
        return first


#: How many calls or attempts: None for ever, ... not given.
Number = int | EllipsisType | None


def client_error(
    service: RekognitionService, operation: str, code: Any, message: Any, calls: Number, attempts: Number, after: int
) -> Expectation:
    name = check_operation(operation)
    declared = botocore_model.error_codes(name)
    if not isinstance(code, str):
        raise TypeError(f"an error code is a string, not {safe_repr(code)}")
    if code not in (known := [*declared, "ValidationException", SERIALIZATION, *COMMON]):
        near = did_you_mean(code, known, cutoff=0.8)
        raise ValueError(
            f"{name} does not answer with {safe_repr(code)}{near} It declares {', '.join(declared)}; "
            f"ValidationException and AWS's common errors are possible everywhere."
        )
    if message is not None and not isinstance(message, str):
        raise TypeError(f"message must be a string, not {safe_repr(message)}")
    status, default = status_and_message(code)
    text = default if message is None else message
    return _make("add_client_error", (name, code), lambda: service.refuse(code, text, status), calls, attempts, after)


def exception(operation: str, error: object, calls: Number, attempts: Number, after: int) -> Expectation:
    name, made = check_operation(operation), _instance(error)

    def outcome() -> Answer:
        __tracebackhide__ = True  # noqa: F811
        raise _fresh(made)

    return _make("add_exception", (name, error), outcome, calls, attempts, after)


def _instance(error: object) -> Exception:
    if isinstance(error, Exception):
        return error
    if not isinstance(error, type) or not issubclass(error, Exception):
        example = "botocore.exceptions.ReadTimeoutError(endpoint_url='')"
        raise TypeError(f"add_exception takes an exception, e.g. {example}, not {safe_repr(error)}")
    from botocore.exceptions import BotoCoreError

    # Botocore's messages are templates; these are the fields that its transport errors have.
    fields = {"endpoint_url": "https://rekognition.amazonaws.com/", "error": "prepared by the test", "proxy_url": ""}
    try:
        return error(**fields) if issubclass(error, BotoCoreError) else error()
    except (TypeError, KeyError):
        raise TypeError(f"{error.__name__} cannot be made without arguments: give add_exception an instance") from None


def _fresh(error: Exception) -> Exception:
    """Return a copy, so that a traceback does not grow from one raise to the next; itself if it cannot be copied."""
    with suppress(Exception):  # its constructor takes something else than its args
        made = copy.copy(error)
        if type(made) is type(error) and str(made) == str(error):
            return made.with_traceback(None)
    return error.with_traceback(None)


def response(service: RekognitionService, operation: str, content: Any, calls: int | None, after: int) -> Expectation:
    name, body = check_operation(operation), b""
    if not isinstance(content, dict):
        raise TypeError(f"a response is a dict as boto3 returns it, not {safe_repr(content)}")
    content = {key: value for key, value in content.items() if key != "ResponseMetadata"}
    try:
        if (wrong := botocore_model.check_response(name, content)) is None:
            body = botocore_model.write_response(name, content)
    except Exception as error:  # nested without end, a number of endless digits, a Decimal, a file that is closed
        wrong = f"it cannot be written as JSON ({type(error).__name__})"
    if wrong is not None:
        raise ValueError(f"{name} cannot answer that: {wrong}")
    return _make("add_response", (name, content), lambda: answer(200, body, service.now()), calls, ..., after)


def _make(
    method: str, args: tuple[Any, ...], outcome: Callable[[], Answer], calls: Number, attempts: Number, after: Any
) -> Expectation:
    limits = {name: limit for name, limit in (("calls", calls), ("attempts", attempts)) if limit is not ...}
    if len(limits) > 1:
        raise TypeError(f"{method}() takes either calls= or attempts=, not both")
    for name, number in {**limits, "after": after}.items():
        least, or_none = (0, "") if name == "after" else (1, " or None (for ever)")
        if number is None and or_none:
            continue
        if isinstance(number, bool) or not isinstance(number, int):
            raise TypeError(f"{name} must be a whole number{or_none}, not {safe_repr(number)}")
        if not least <= number <= sys.maxsize:
            bound = f"at least {least}" if number < least else f"at most {sys.maxsize}"
            raise ValueError(f"{name} must be {bound}, not {safe_repr(number)}")
    keywords = {**limits, **({"after": after} if after else {})}
    written = [*map(repr, args), *(f"{name}={value!r}" for name, value in keywords.items())]
    (limit,) = limits.values() or (1,)
    return Expectation(args[0], f"{method}({', '.join(written)})", outcome, limit, "attempts" in limits, after)
