"""How values, differences and calls are written in messages."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from functools import partial
from itertools import groupby, takewhile
from typing import Any

from ..calls import Call
from ..names import cut_middle

#: Longest text of a value in a message about a call; longest bytes that are shown in full.
_WIDTH, _FEW_BYTES = 100, 16
#: How deep a value is shown: no parameter goes half as deep, but what comes by HTTP may be anything.
_DEPTH = 20
#: Most calls that a message lists; most statuses, and most of an error's message, that the line of one call shows.
_LISTED, _STATUSES, _MESSAGE = 30, 4, 160


def printable(lines: Iterable[str]) -> str:
    """Return *lines* as one text; a lone surrogate, which pytest-xdist cannot send, is escaped."""
    return "\n".join(lines).encode(errors="backslashreplace").decode()


#: Words an option for the place where the user is: ``advice("unused", "ignore")``. A value of ``...`` is left open.
Advice = Callable[[str, object], str]


def _with_option(call: str, option: str, value: object) -> str:
    return f"{call}({option}={'...' if value is ... else repr(value)})"


by_marker: Advice = partial(_with_option, "@pytest.mark.rekognition_cl")
by_keyword: Advice = partial(_with_option, "RekognitionCL")


def text_of(value: Any, depth: int = _DEPTH) -> str:
    """Return what ``repr`` says, but long bytes (images) by their number, and nothing below *depth*."""
    if isinstance(value, (bytes, bytearray)) and len(value) > _FEW_BYTES:
        return f"<{len(value)} bytes>"
    if type(value) not in (dict, list):
        return repr(value)
    if not depth:
        inside = "…"
    elif type(value) is dict:
        inside = ", ".join(f"{key!r}: {text_of(item, depth - 1)}" for key, item in value.items())
    else:
        inside = ", ".join(text_of(item, depth - 1) for item in value)
    return f"{{{inside}}}" if type(value) is dict else f"[{inside}]"


def short(value: object, width: int = _WIDTH) -> str:
    """Return *value* for a message, a long text cut in the middle."""
    return cut_middle(text_of(value), width)


def tail(value: object, region: str = "") -> str:
    """Return *value* for a message, of an ARN its end: ``'…project/p/1690474772815'``; its Region if not *region*."""
    if isinstance(value, str) and value.startswith("arn:") and value.count(":") >= 5:
        *_, place, account, rest = value.split(":", 5)
        return short(f"…{rest if region in ('', place) else f'{place}:{account}:{rest}'}")
    return short(value, 60)


def times(number: int) -> str:
    """``0`` -> ``not called``, ``1`` -> ``called once``, ``3`` -> ``called 3 times``."""
    return {0: "not called", 1: "called once", 2: "called twice"}.get(number, f"called {number} times")


def virtual(ms: int) -> str:
    """Return a length of virtual time, ``+0:30:00``."""
    return f"{'-' if ms < 0 else '+'}{timedelta(seconds=round(abs(ms) / 1000))}"


def differences(expected: Any, got: Any, *, whole: bool = True, path: str = "") -> list[tuple[str, str]]:
    """Return the paths where *got* is not as *expected*, each with what differs; an empty list if they are equal.

    Not *whole*: members of dicts that are not expected may be there. A tuple counts as a list, as botocore sends it.
    Anything else is asked with ``==``, so ``unittest.mock.ANY`` and dirty-equals have their say.
    """
    if isinstance(expected, tuple):
        expected = list(expected)
    is_plain_dict = isinstance(expected, dict) and type(expected).__eq__ in (dict.__eq__, OrderedDict.__eq__)
    if is_plain_dict and isinstance(got, dict):
        found: list[tuple[str, str]] = []
        for name in [*expected, *(name for name in got if name not in expected)]:
            where = f"{path}.{name}" if path else str(name)
            if name not in got:
                found.append((where, f"expected {short(expected[name])}, but it was not given"))
            elif name in expected:
                found += differences(expected[name], got[name], whole=whole, path=where)
            elif whole:
                found.append((where, f"not expected, got {short(got[name])}"))
        return found
    if type(expected) is list and isinstance(got, list) and len(expected) == len(got):
        pairs = enumerate(zip(expected, got, strict=True))
        return [pair for i, (a, b) in pairs for pair in differences(a, b, whole=whole, path=f"{path}[{i}]")]
    return [] if expected == got else [(path, _contrast(expected, got))]


def _contrast(expected: Any, got: Any) -> str:
    """Return ``expected …, got …``; of long texts, the part around the first difference."""
    one, other = text_of(expected), text_of(got)
    are_bytes = isinstance(expected, (bytes, bytearray)) and isinstance(got, bytes)
    are_bytes = are_bytes and max(len(expected), len(got)) > _FEW_BYTES
    pairs = zip(expected, got, strict=False) if are_bytes else zip(one, other, strict=False)
    at = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    if not are_bytes and max(len(one), len(other)) > _WIDTH:
        one, other = _window(one, at), _window(other, at)
    return f"expected {one}, got {other}" + (f"; the first difference is at byte {at}" if are_bytes else "")


def _window(text: str, at: int) -> str:
    start = max(0, min(at - _WIDTH // 3, len(text) - _WIDTH))
    return f"{'…' if start else ''}{text[start : start + _WIDTH]}{'…' if start + _WIDTH < len(text) else ''}"


def source(operation: str, params: dict[str, Any], region: str = "") -> str:
    """Return a call as one would write it, long values shortened; *region* as for :func:`tail`."""
    return f"{operation}({', '.join(f'{name}={tail(value, region)}' for name, value in params.items())})"


def outcome(call: Call) -> str:
    """Return how a call ended: the statuses it showed, or the error. One line."""
    retries = f" after {call.attempts} attempts" if call.attempts > 1 else ""
    if call.error is not None:
        first = (call.message or "").partition("\n")[0]
        first = _VALUE.sub(lambda found: cut_middle(_bare(found[1], call), _MESSAGE // 3), first)
        first = first if len(first) <= _MESSAGE else first[: _MESSAGE - 1] + "…"
        return f"{call.error}: {first}{retries}" if first else call.error + retries
    if not call.succeeded:
        return "no answer yet"
    response = call.raw_response
    if "ProjectVersionDescriptions" in response:
        shown = [str(item.get("Status")) for item in response["ProjectVersionDescriptions"]]
        more = f", … ({len(shown)} versions)" if len(shown) > _STATUSES else ""
        text = (", ".join(shown[:_STATUSES]) or "no versions") + more
    elif "ProjectVersionArn" in response:
        text = _bare(response["ProjectVersionArn"], call)
    else:
        text = str(response.get("DatasetDescription", response).get("Status", "ok"))
    return text + retries


#: How the service says which member it refuses; a long value must not push the member's name out of the line.
_VALUE = re.compile(r"(?<=Value ')(.+?)(?=' at ')")


def _bare(arn: object, call: Call) -> str:
    return tail(arn, call._default_region).strip("'")


def all_calls(calls: Sequence[Call], mark: Call | None = None) -> list[str]:
    """Return the list of calls with a heading; *mark* gets an arrow."""
    return [f"All calls ({len(calls)}):" if calls else "All calls:", *lines_of(calls, mark)]


def lines_of(calls: Sequence[Call], mark: Call | None = None) -> list[str]:
    """Return a line for each call, with virtual time and outcome; *mark* gets an arrow.

    In a long list, calls that repeat the one before share its line, then the middle is left out, but not *mark*.
    """
    if not calls:
        return ["  (none)"]

    def text(call: Call) -> str:
        return f"{source(call.operation, call.params, call._default_region)} -> {outcome(call)}"

    start, many = calls[0].at_ms, len(calls) > _LISTED
    runs = [[*run] for _, run in groupby(calls, lambda call: (text(call), call.request) if many else call.number)]
    lines: list[str] = []
    hidden = 0
    for index, run in enumerate(runs):
        if _LISTED // 2 <= index < len(runs) - _LISTED // 2 and mark not in run:
            hidden += len(run)
            continue
        if hidden:
            lines.append(f"  … {hidden} more …")
            hidden = 0
        again = f" ({len(run)} times, until {virtual(run[-1].at_ms - start)})" if len(run) > 1 else ""
        lines.append(f"{'>' if mark in run else ' '} {virtual(run[0].at_ms - start):>9}  {text(run[0])}{again}")
    return lines


def span(seconds: float) -> str:
    """Return a length of time with a unit that suits it: ``53 s``, ``30 min``, ``12 hours``, ``3.5 days``."""
    for unit, length in (("days", 86400), ("hours", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.3g} {unit}"
    return f"{seconds:.3g} s"
