"""Calls, one a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..recording import Call
from .values import short_text, tail, virtual

#: Most lines that a message spends on calls.
LISTED = 30
#: Most statuses, and most of an error's message, that one line shows.
_STATUSES = 4
_MESSAGE = 160


def source(operation: str, params: dict[str, Any]) -> str:
    """Return a call as one would write it, long values shortened."""
    return f"{operation}({', '.join(f'{name}={tail(value)}' for name, value in params.items())})"


def outcome(call: Call) -> str:
    """Return how a call ended: the statuses it showed, or the error. One line."""
    retries = f" after {call.attempts} attempts" if call.attempts > 1 else ""
    if call.error is not None:
        first = (call.message or "").partition("\n")[0]
        return f"{call.error}: {short_text(first, _MESSAGE)}{retries}" if first else call.error + retries
    if not call.succeeded:
        return "no answer yet"
    response = call.raw_response
    if "ProjectVersionDescriptions" in response:
        shown = [str(item.get("Status")) for item in response["ProjectVersionDescriptions"]]
        text = ", ".join(shown[:_STATUSES])
        more = f", … ({len(shown)} versions)" if len(shown) > _STATUSES else ""
        return (text + more or "no versions") + retries
    if "ProjectVersionArn" in response:
        return tail(response["ProjectVersionArn"]).strip("'") + retries
    return str(response.get("DatasetDescription", response).get("Status", "ok")) + retries


def all_calls(calls: Sequence[Call], mark: Call | None = None) -> list[str]:
    """Return the list of calls with a heading; *mark* gets an arrow."""
    return [f"All calls ({len(calls)}):" if calls else "All calls:", *lines_of(calls, mark)]


def lines_of(calls: Sequence[Call], mark: Call | None = None) -> list[str]:
    """Return one line a call, with virtual time and outcome; *mark* gets an arrow.

    A long list is made short: calls that repeat the one before share its line, then the middle is left out, except for
    the marked call.
    """
    if not calls:
        return ["  (none)"]
    start = calls[0].at_ms
    runs = _runs(calls, together=len(calls) > LISTED)
    half = LISTED // 2
    lines: list[str] = []
    hidden = 0
    for index, run in enumerate(runs):
        marked = mark is not None and run.first.number <= mark.number <= run.last.number
        if len(runs) > LISTED and half <= index < len(runs) - half and not marked:
            hidden += run.length
            continue
        if hidden:
            lines.append(f"  … {hidden} more …")
            hidden = 0
        again = f" ({run.length} times, until {virtual(run.last.at_ms - start)})" if run.length > 1 else ""
        lines.append(f"{'>' if marked else ' '} {virtual(run.first.at_ms - start):>9}  {run.text}{again}")
    return lines


@dataclass
class _Run:
    """Calls in a row that read the same."""

    text: str
    first: Call
    last: Call
    length: int


def _runs(calls: Sequence[Call], *, together: bool) -> list[_Run]:
    runs: list[_Run] = []
    for call in calls:
        text = f"{source(call.operation, call.params)} -> {outcome(call)}"
        if together and runs and text == runs[-1].text and call.request == runs[-1].last.request:
            runs[-1].last, runs[-1].length = call, runs[-1].length + 1
        else:
            runs.append(_Run(text, call, call, 1))
    return runs
