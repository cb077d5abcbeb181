"""The texts of failed assertions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..calls import Call
from .text import Difference, all_calls, join, source, times

_OPEN = "To leave a parameter open use unittest.mock.ANY; to name only some, assert_any_call_including(...)."
_CLEAR = "To leave calls made so far out of the account, use clear_calls()."


def not_called(
    operation: str,
    everything: Sequence[Call],
    params: dict[str, Any] | None = None,
    *,
    elsewhere: Sequence[str] = (),
) -> str:
    """Expected a call, perhaps one with *params*; there was none of this operation, but perhaps *elsewhere*."""
    if elsewhere:
        hint = f"It was called in {' and '.join(elsewhere)}; of contexts in one another, the innermost one answers."
    elif everything:
        hint = "If it should not be called here, use assert_not_called()."
    else:
        hint = (
            "No call has reached the fixture. A call that botocore itself refuses (ParamValidationError) is not sent, "
            "and a Stubber or a mock in front of the client answers first."
        )
    wanted = "at least one call" if params is None else source(operation, params)
    return join([f"{operation} was not called.", f"Expected {wanted}.", *all_calls(everything), hint])


def wrong_count(
    operation: str,
    calls: Sequence[Call],
    everything: Sequence[Call],
    params: dict[str, Any] | None = None,
    *,
    elsewhere: Sequence[str] = (),
) -> str:
    """Expected exactly one call."""
    if not calls:
        return not_called(operation, everything, params, elsewhere=elsewhere)
    return join(
        [
            f"{operation} was {times(len(calls))}.",
            "Expected exactly one call.",
            *all_calls(everything),
            "To look at one of several calls, use assert_any_call(...); to start anew, clear_calls().",
        ]
    )


def unwanted(operation: str, calls: Sequence[Call], everything: Sequence[Call]) -> str:
    """Expected no call."""
    return join(
        [f"{operation} was {times(len(calls))}.", "Expected no call.", *all_calls(everything, calls[0]), _CLEAR]
    )


def different(
    operation: str,
    call: Call,
    found: Sequence[Difference],
    everything: Sequence[Call],
    *,
    latest_of: int = 1,
    elsewhere: bool = False,
) -> str:
    """The call that was looked at, the latest of *latest_of*, has other parameters; *elsewhere*: another has these."""
    which = "called" if latest_of == 1 else "last called"
    allow = "An earlier call has these parameters: assert_any_call(...) looks at all calls." if elsewhere else _OPEN
    return join(
        [
            f"{operation} was {which} with other parameters.",
            _heading("It differs", found),
            *map(str, found),
            *all_calls(everything, call),
            allow,
        ]
    )


def none_matches(
    operation: str, closest: Call, found: Sequence[Difference], everything: Sequence[Call], *, whole: bool
) -> str:
    """No call has the parameters."""
    return join(
        [
            f"{operation} was not called with these parameters.",
            _heading("The closest call differs", found),
            *map(str, found),
            *all_calls(everything, closest),
            _OPEN if whole else "To leave a value open use unittest.mock.ANY.",
        ]
    )


def _heading(what: str, found: Sequence[Difference]) -> str:
    return f"{what} in:" if len(found) == 1 else f"{what} in {len(found)} places:"


def out_of_order(names: list[str], index: int, everything: Sequence[Call]) -> str:
    """The operation *names[index]* did not succeed after those before it."""
    name = names[index]
    before = f" after {names[index - 1]}" if index else ""
    of_name = [call for call in everything if call.operation == name]
    refused = [call for call in of_name if call.error is not None]
    mark: Call | None = None
    if refused:
        mark, why = refused[-1], "It was called, but refused; calls that fail do not count."
    elif of_name:
        mark, why = of_name[-1], "It was called too early. Other calls may come in between."
    else:
        why = "It was not called at all. Other calls may come in between."
    return join(
        [
            f"{name} did not succeed{before}.",
            f"Expected this order: {' -> '.join(names)}",
            *all_calls(everything, mark),
            why,
        ]
    )


def had_errors(everything: Sequence[Call]) -> str:
    """Expected that no call fails."""
    failed = [call for call in everything if call.error is not None]
    return join(
        [
            f"{len(failed)} of {len(everything)} calls failed." if len(everything) > 1 else "The only call failed.",
            "Expected that every call succeeds.",
            *all_calls(everything, failed[0]),
            _CLEAR,
        ]
    )
