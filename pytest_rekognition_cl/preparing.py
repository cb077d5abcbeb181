"""Check and make what a test prepares in place of the service's answers."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable
from enum import Enum
from typing import Any, Final

from . import botocore_model
from .assertions import check_operation
from .errors import hide_frames as __tracebackhide__  # noqa: F401
from .exchange import Exchange
from .faults import Prepared, describe_call
from .messages.text import did_you_mean, safe_repr
from .service import Answer
from .service.errors import COMMON, SERIALIZATION, status_and_message


class NotGiven(Enum):
    """The default of an argument for which None means something."""

    NOT_GIVEN = "not given"

    def __repr__(self) -> str:
        return "<not given>"


NOT_GIVEN: Final = NotGiven.NOT_GIVEN

Number = int | None | NotGiven


def client_error(
    exchange: Exchange, operation: str, code: Any, message: Any, calls: Number, attempts: Number, after: int
) -> Prepared:
    """See RekognitionCL.add_client_error."""
    name = check_operation(operation)
    known = [*botocore_model.error_codes(name), "ValidationException", SERIALIZATION, *COMMON]
    if not isinstance(code, str):
        raise TypeError(f"an error code is a string, not {safe_repr(code)}")
    if code not in known:
        near, declared = did_you_mean(code, known, cutoff=0.8), ", ".join(botocore_model.error_codes(name))
        raise ValueError(
            f"{name} does not answer with {safe_repr(code)}{near} It declares {declared}; "
            f"ValidationException and AWS's common errors are possible everywhere."
        )
    if message is not None and not isinstance(message, str):
        raise TypeError(f"message must be a string, not {safe_repr(message)}")
    status, default = status_and_message(code)
    text = default if message is None else message
    outcome = lambda: exchange.refuse(code, text, status)  # noqa: E731
    return _prepared("add_client_error", (name, code), outcome, calls, attempts, after)


def exception(
    operation: str, error: BaseException | type[BaseException], calls: Number, attempts: Number, after: int
) -> Prepared:
    """See RekognitionCL.add_exception."""
    name = check_operation(operation)
    is_class = isinstance(error, type)
    if not (issubclass(error, Exception) if isinstance(error, type) else isinstance(error, Exception)):
        raise TypeError(
            "add_exception takes an exception, e.g. botocore.exceptions.ReadTimeoutError(endpoint_url=''), "
            f"not {safe_repr(error)}"
        )
    made = _make(error) if isinstance(error, type) else error

    def outcome() -> Answer:
        __tracebackhide__ = True  # noqa: F811
        raise _fresh(made)

    return _prepared("add_exception", (name, error if is_class else made), outcome, calls, attempts, after)


def _fresh(error: BaseException) -> BaseException:
    """Return a copy, so that a traceback does not grow from one raise to the next; itself if it cannot be copied."""
    try:
        made = copy.copy(error)
    except Exception:  # its constructor takes something else than its args
        made = error
    same = type(made) is type(error) and str(made) == str(error)
    return (made if same else error).with_traceback(None)


def _make(error: type[BaseException]) -> BaseException:
    from botocore.exceptions import BotoCoreError

    try:
        if issubclass(error, BotoCoreError):
            # Their messages are templates; these are the fields that botocore's transport errors have.
            return error(endpoint_url="https://rekognition.amazonaws.com/", error="prepared by the test", proxy_url="")
        return error()
    except (TypeError, KeyError):
        raise TypeError(f"{error.__name__} cannot be made without arguments: give add_exception an instance") from None


def response(exchange: Exchange, operation: str, content: Any, calls: Number, after: int) -> Prepared:
    """See RekognitionCL.add_response."""
    name = check_operation(operation)
    if not isinstance(content, dict):
        raise TypeError(f"a response is a dict as boto3 returns it, not {safe_repr(content)}")
    content = {key: value for key, value in content.items() if key != "ResponseMetadata"}
    body = b""
    try:
        wrong = botocore_model.check_response(name, content)
        body = b"" if wrong is not None else botocore_model.write_response(name, content)
    except Exception as error:  # nested without end, a number of endless digits, a Decimal, a file that is closed
        wrong = f"it cannot be written as JSON ({type(error).__name__})"
    if wrong is not None:
        raise ValueError(f"{name} cannot answer that: {wrong}")
    return _prepared("add_response", (name, content), lambda: exchange.canned(body), calls, NOT_GIVEN, after)


def _prepared(
    method: str, args: tuple[Any, ...], outcome: Callable[[], Answer], calls: Number, attempts: Number, after: Any
) -> Prepared:
    if not isinstance(calls, NotGiven) and not isinstance(attempts, NotGiven):
        raise TypeError(f"{method}() takes either calls= or attempts=, not both")
    limits: dict[str, int | None] = {}
    for name, number in (("calls", calls), ("attempts", attempts)):
        if not isinstance(number, NotGiven):
            limits[name] = _count(name, number, least=1)
    _count("after", after, least=0)
    if after is None:
        raise TypeError("after must be a whole number, not None")
    extra = {**limits, **({"after": after} if after else {})}
    text = describe_call(method, *args, **extra)
    if not limits:
        limits = {"calls": 1}
    return Prepared(
        args[0],
        text,
        outcome,
        calls=limits.get("calls"),
        attempts=limits.get("attempts"),
        by_attempt="attempts" in limits,
        after=after,
    )


def _count(name: str, number: Any, *, least: int) -> int | None:
    if number is None:
        return None
    if isinstance(number, bool) or not isinstance(number, int):
        raise TypeError(
            f"{name} must be a whole number{' or None (for ever)' if least else ''}, not {safe_repr(number)}"
        )
    if number > sys.maxsize:
        raise ValueError(f"{name} must be at most {sys.maxsize}, not {safe_repr(number)}")
    if number < least:
        raise ValueError(f"{name} must be at least {least}, not {safe_repr(number)}")
    return number
