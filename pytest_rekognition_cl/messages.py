"""Facts to text: everything that a user reads when something is wrong. No pytest here, no state.

The order is always the same: what happened, what was expected (only what differs), the closest call, how to allow it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from .recording import Call

#: Longest text of a value in a message.
WIDTH = 80
#: Most calls that a message lists.
LISTED = 30

_MISSING = object()


# --- values ---------------------------------------------------------------------------------------------------------


def short(value: object, width: int = WIDTH) -> str:
    """Return *value* for a message: bytes by their number, long texts cut in the middle."""
    if isinstance(value, (bytes, bytearray)):
        return f"<{len(value)} bytes>"
    text = repr(value)
    if len(text) <= width:
        return text
    head = width * 2 // 3
    tail = width - head - 1
    return f"{text[:head]}…{text[-tail:]}"


def times(number: int) -> str:
    """``0`` -> ``not called``, ``1`` -> ``called once``, ``3`` -> ``called 3 times``."""
    return {0: "not called", 1: "called once", 2: "called twice"}.get(number, f"called {number} times")


def source(operation: str, params: dict[str, Any]) -> str:
    """Return a call as one would write it, long values shortened."""
    return f"{operation}({', '.join(f'{name}={_tail(value)}' for name, value in params.items())})"


def _tail(value: object) -> str:
    """ARNs differ at their end: show ``'…project/my-project/1690474772815'``."""
    if isinstance(value, str) and value.startswith("arn:"):
        parts = value.split(":", 5)
        if len(parts) == 6:
            return short("…" + parts[5])
    return short(value, 60)


def virtual(ms: int) -> str:
    """Return a length of virtual time, ``+0:30:00``."""
    return f"{'-' if ms < 0 else '+'}{timedelta(seconds=round(abs(ms) / 1000))}"


def outcome(call: Call) -> str:
    """Return how a call ended: the statuses it showed, or the error. One line."""
    retries = f" after {call.attempts} attempts" if call.attempts > 1 else ""
    if call.error is not None:
        first = (call.message or "").partition("\n")[0]
        return f"{call.error}: {short_text(first, 160)}{retries}" if first else call.error + retries
    if not call.succeeded:
        return "no answer yet"
    response = call.raw_response
    if "ProjectVersionDescriptions" in response:
        shown = [str(item.get("Status")) for item in response["ProjectVersionDescriptions"]]
        text = ", ".join(shown[:4]) + (f", … ({len(shown)} versions)" if len(shown) > 4 else "")
        return (text or "no versions") + retries
    if "ProjectVersionArn" in response:
        return _tail(response["ProjectVersionArn"]).strip("'") + retries
    return str(response.get("Status", "ok")) + retries


def short_text(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"


def lines_of(calls: Sequence[Call], mark: Call | None = None) -> list[str]:
    """Return one line a call, with virtual time and outcome; *mark* gets an arrow.

    A long list is made short: calls that repeat the one before share its line, then the middle is left out.
    """
    if not calls:
        return ["  (none)"]
    start = calls[0].at_ms
    runs = [_Run(f"{source(call.operation, call.params)} -> {outcome(call)}", call, call, 1) for call in calls[:LISTED]]
    if len(calls) > LISTED:
        runs = _runs(calls)
    hidden = sum(run.length for run in runs[LISTED // 2 : -LISTED // 2]) if len(runs) > LISTED else 0
    lines = []
    for index, run in enumerate(runs):
        if hidden and LISTED // 2 <= index < len(runs) - LISTED // 2:
            if index == LISTED // 2:
                lines.append(f"     … {hidden} more …")
            continue
        sign = ">" if mark is not None and run.first.number <= mark.number <= run.last.number else " "
        again = f" ({run.length} times, until {virtual(run.last.at_ms - start)})" if run.length > 1 else ""
        lines.append(f"{sign} {virtual(run.first.at_ms - start):>9}  {run.text}{again}")
    return lines


@dataclass
class _Run:
    """Calls in a row that read the same."""

    text: str
    first: Call
    last: Call
    length: int


def _runs(calls: Sequence[Call]) -> list[_Run]:
    runs: list[_Run] = []
    for call in calls:
        same = runs and (call.operation, call.request, call.error) == (
            runs[-1].last.operation,
            runs[-1].last.request,
            runs[-1].last.error,
        )
        text = f"{source(call.operation, call.params)} -> {outcome(call)}"
        if same and text == runs[-1].text:
            runs[-1].last, runs[-1].length = call, runs[-1].length + 1
        else:
            runs.append(_Run(text, call, call, 1))
    return runs


def _all_calls(calls: Sequence[Call], mark: Call | None = None) -> list[str]:
    return [f"All calls ({len(calls)}):" if calls else "All calls:", *lines_of(calls, mark)]


def join(parts: Iterable[str]) -> str:
    return "\n".join(parts)


# --- comparing ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """One place in which a call is not as expected."""

    path: str
    text: str

    def __str__(self) -> str:
        return f"  {self.path}: {self.text}"


def differences(expected: Any, got: Any, *, whole: bool = True, path: str = "") -> list[Difference]:
    """Return where *got* is not as *expected*, by path; an empty list if they are equal.

    Not *whole*: members of dicts that are not expected may be there. A tuple counts as a list, as botocore sends it.
    """
    if isinstance(expected, tuple):
        expected = list(expected)
    if type(expected) is dict and isinstance(got, dict):
        found: list[Difference] = []
        for name in [*expected, *(name for name in got if name not in expected)]:
            where = f"{path}.{name}" if path else str(name)
            if name not in got:
                found.append(Difference(where, f"expected {short(expected[name])}, but it was not given"))
            elif name in expected:
                found += differences(expected[name], got[name], whole=whole, path=where)
            elif whole:
                found.append(Difference(where, f"not expected, got {short(got[name])}"))
        return found
    if type(expected) is list and isinstance(got, list) and len(expected) == len(got):
        return [
            difference
            for index, (one, other) in enumerate(zip(expected, got))
            for difference in differences(one, other, whole=whole, path=f"{path}[{index}]")
        ]
    if got == expected:
        return []
    return [Difference(path, f"expected {short(expected)}, got {short(got)}")]


# --- failed assertions ----------------------------------------------------------------------------------------------


def not_called(operation: str, everything: Sequence[Call]) -> str:
    return join(
        [
            f"{operation} was not called.",
            "Expected at least one call.",
            *_all_calls(everything),
            _not_recorded_hint(everything),
        ]
    )


def _not_recorded_hint(everything: Sequence[Call]) -> str:
    if everything:
        return "If it should not be called here, use assert_not_called()."
    return (
        "No call has reached the fixture. A call that botocore itself refuses (ParamValidationError) is not sent, and "
        "a Stubber or a mock in front of the client answers first."
    )


def wrong_count(operation: str, calls: Sequence[Call], everything: Sequence[Call]) -> str:
    return join(
        [
            f"{operation} was {times(len(calls))}.",
            "Expected exactly one call.",
            *_all_calls(everything),
            "To look at one of several calls, use assert_any_call(...); to start anew, clear_calls().",
        ]
    )


def unwanted(operation: str, calls: Sequence[Call], everything: Sequence[Call]) -> str:
    return join(
        [
            f"{operation} was {times(len(calls))}.",
            "Expected no call.",
            *_all_calls(everything, calls[0]),
            "To leave calls made so far out of the account, use clear_calls().",
        ]
    )


def different(
    operation: str, call: Call, params: dict[str, Any], found: list[Difference], everything: Sequence[Call]
) -> str:
    return join(
        [
            f"{operation} was called with other parameters.",
            "Expected:" if len(found) == 1 else f"Expected ({len(found)} differences):",
            *map(str, found),
            *_all_calls(everything, call),
            "To leave a parameter open use unittest.mock.ANY; to name only some, assert_any_call_including(...).",
        ]
    )


def none_matches(
    operation: str,
    closest: Call,
    params: dict[str, Any],
    found: list[Difference],
    everything: Sequence[Call],
    *,
    whole: bool,
) -> str:
    allow = (
        "To leave a parameter open use unittest.mock.ANY; to name only some, assert_any_call_including(...)."
        if whole
        else "To leave a value open use unittest.mock.ANY."
    )
    return join(
        [
            f"No call of {operation} was made with these parameters.",
            "The closest call differs in:" if len(found) == 1 else f"The closest call differs in {len(found)} places:",
            *map(str, found),
            *_all_calls(everything, closest),
            allow,
        ]
    )


def out_of_order(names: list[str], index: int, everything: Sequence[Call]) -> str:
    before = f" after {names[index - 1]}" if index else ""
    refused = [call for call in everything if call.operation == names[index] and call.error is not None]
    why = "It was called, but refused; calls that fail do not count." if refused else "Other calls may come in between."
    return join(
        [
            f"{names[index]} did not succeed{before}.",
            f"Expected this order: {' -> '.join(names)}",
            *_all_calls(everything, refused[-1] if refused else None),
            why,
        ]
    )


def had_errors(everything: Sequence[Call]) -> str:
    failed = [call for call in everything if call.error is not None]
    return join(
        [
            f"{len(failed)} of {len(everything)} calls failed." if len(everything) > 1 else "The only call failed.",
            "Expected that every call succeeds.",
            *_all_calls(everything, failed[0]),
            "To leave calls made so far out of the account, use clear_calls().",
        ]
    )


# --- what the plugin refuses ----------------------------------------------------------------------------------------


def unanswered(operation: str, used_up: Sequence[str]) -> str:
    """The code under test called an operation that nobody has prepared an answer for."""
    if used_up:
        what = f"{operation} was called once more than prepared: {'; '.join(used_up)}."
    else:
        what = f"{operation} was called, and no answer is prepared for it."
    return join(
        [
            what,
            "It was not sent anywhere. The fixture answers the life of Custom Labels projects and models; other "
            "operations need an answer of yours.",
            f"To prepare one: rekognition_cl.add_response({operation!r}, {{...}}); to hand such calls on to moto: "
            "@pytest.mark.rekognition_cl(passthrough=True).",
        ]
    )


def nobody_answers(operation: str) -> str:
    """With passthrough, a call arrived where the network begins."""
    return join(
        [
            f"{operation} was handed on (passthrough=True), and nobody answered it.",
            "It was not sent to AWS. Expected a mock that answers botocore's before-send, such as moto's mock_aws.",
            f"To prepare an answer: rekognition_cl.add_response({operation!r}, {{...}}); or start the other mock "
            "before the call.",
        ]
    )


def late_call(owner: str, thread: str) -> str:
    """A thread called after its test had ended."""
    return join(
        [
            f"A Rekognition call was made in thread {thread!r} after {owner} had ended.",
            "It was not sent anywhere. Expected that the test waits for the threads it starts.",
            "To wait: thread.join(), or leave the with block of the executor before the test returns.",
        ]
    )


def late_arrangement(owner: str) -> str:
    """A test's fixture is used for arranging after the test."""
    return f"{owner} has ended: its records can be read, but nothing can be arranged any more. Ask for a new fixture."


def endless(call: Call, polls: int, exists: dict[str, str], slept: float) -> str:
    """A loop of the code under test has seen the same for too long."""
    params = call.params
    names = params.get("VersionNames")
    asked = f"versions {', '.join(map(repr, names))}" if names else f"{call.operation}"
    lines = [
        f"{call.operation} was polled {polls} times, sleeping in between, and nothing changed: the loop would never end.",
        f"Asked for: {asked}, last answer: {outcome(call)}, after {slept / 3600:.1f} virtual hours.",
    ]
    if exists:
        listed = [f"{name} ({status})" for name, status in list(exists.items())[:10]]
        more = f" and {len(exists) - 10} more" if len(exists) > 10 else ""
        lines.append(f"What exists in the project: {', '.join(listed)}{more}.")
    elif call.error is None:
        lines.append("The project has no versions.")
    lines.append(
        "If the loop is right, let the model change: statuses=[...], rekognition_cl.set_training(seconds=...), or "
        "model.complete_training() from another thread; to allow more polls: @pytest.mark.rekognition_cl(max_polls=...)."
    )
    return join(lines)


def waiter_ended(
    waiter: str, wanted: str, names: Sequence[str] | None, shown: Sequence[dict[str, Any]] | None, error: str
) -> str:
    """Why one of botocore's waiters has ended in vain, for the report."""
    head = f"{waiter} waits until every version shown has the status {wanted}."
    if shown is None:
        return f"{head} It ended because the describe was refused: {error}"
    if not shown:
        which = f" named {', '.join(map(repr, names))}" if names else ""
        return f"{head} No version{which} exists, so that could never come."
    others = sorted({str(item.get("Status")) for item in shown if item.get("Status") != wanted})
    text = f"{head} It saw {', '.join(others)}."
    if not names and len(shown) > 1:
        text += f" Without VersionNames it looks at all {len(shown)} versions of the project, old ones too."
    elif wanted == "TRAINING_COMPLETED" and {"RUNNING", "STARTING", "STOPPED"}.intersection(others):
        text += " A model that was started has left that status for good."
    return text


# --- the verdict ----------------------------------------------------------------------------------------------------


def unused(prepared: Sequence[tuple[str, str]]) -> str:
    """Prepared errors and responses that nobody met."""
    return join(
        [
            f"Prepared, but not used up ({len(prepared)}):",
            *(f"  {text}: {how}" for text, how in prepared),
            "Expected that the code under test meets each of them. To allow it: "
            "@pytest.mark.rekognition_cl(unused='ignore').",
        ]
    )


def left_running(arns: Sequence[str], everything: Sequence[Call]) -> str:
    """Models that the code under test has not stopped."""
    return join(
        [
            f"{len(arns)} model{'s were' if len(arns) > 1 else ' was'} left running: {', '.join(map(_tail, arns))}",
            "Expected that every started model is stopped: a running one is charged by the hour.",
            *_all_calls(everything),
            "To allow it: @pytest.mark.rekognition_cl(left_running='ignore').",
        ]
    )


def verdict(texts: Sequence[str]) -> str:
    """Several findings in one text."""
    return "\n\n".join(texts)


REPORT_TITLE = "Rekognition Custom Labels calls"


def report(calls: Sequence[Call], notes: Sequence[str], project_arn: str, region: str) -> str:
    """The section that a failing test's report gets."""
    lines = lines_of(calls)
    lines += [f"Note: {note}" for note in dict.fromkeys(notes)]
    elsewhere = sorted({call.region for call in calls if call.error == "ResourceNotFoundException"} - {region})
    if elsewhere:
        lines.append(
            f"Note: the default project {_tail(project_arn)} is in {region}, calls came from clients in "
            f"{', '.join(elsewhere)}. To move it: @pytest.mark.rekognition_cl(region={elsewhere[0]!r})."
        )
    return join(lines)
