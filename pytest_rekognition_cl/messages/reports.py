"""What the plugin refuses, what a test must not leave behind, and the section of a failing test's report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from ..calls import Call
from ..expectations import Expectation
from ..options import Options
from ..service.statuses import TRANSITIONAL
from .text import Advice, all_calls, lines_of, outcome, span, tail

REPORT_TITLE = "Rekognition Custom Labels calls"

NO_DEFAULT_PROJECT = (
    "there is no default project, since default_project=False. Add one: project = rekognition_cl.add_project('name'), "
    "then project.arn, and add_model(..., project=project)"
)


def unanswered(operation: str, used_up: Sequence[str], advice: Advice, *, over_http: bool = False) -> str:
    """The code under test called an operation that nobody has prepared an answer for.

    *over_http*: the call came from another process, so no mock of botocore's could be asked.
    """
    if used_up:
        what = f"{operation} was called once more than prepared: {'; '.join(used_up)}."
    else:
        what = f"{operation} was called, and no answer is prepared for it."
    if over_http:
        moto = ". What comes in over endpoint_url is not handed on to moto."
    else:
        moto = f"; to hand such calls on to moto: {advice('passthrough', True)}."
    return (
        f"{what}\n"
        "It was not sent anywhere. The fixture answers the life of Custom Labels projects and models; other "
        "operations need an answer of yours.\n"
        f"To prepare one: rekognition_cl.add_response({operation!r}, {{...}}){moto}"
    )


def nobody_answers(operation: str) -> str:
    """With passthrough, a call arrived where the network begins."""
    return (
        f"{operation} was handed on (passthrough=True), and nobody answered it.\n"
        "It was not sent to AWS. Expected a mock that answers botocore's before-send, such as moto's mock_aws.\n"
        f"To prepare an answer: rekognition_cl.add_response({operation!r}, {{...}}); or start the other mock before "
        "the call."
    )


def late_call(owner: str, thread: str, task: str | None = None) -> str:
    """A thread, or an asyncio task, called after its test had ended."""
    if task is None:
        where, which = f"thread {thread!r}", "threads"
        wait = "thread.join(), or leave the with block of the executor before the test returns."
    else:
        where, which = f"the asyncio task {task!r}", "tasks"
        wait = "await the task, or cancel it and await it, before the test returns."
    return (
        f"A Rekognition call was made in {where} after {owner} had ended.\n"
        f"It was not sent anywhere. Expected that the test waits for the {which} it starts.\nTo wait: {wait}"
    )


def never_left(owner: str) -> str:
    """A context was entered and is open after the last test."""
    return (
        f"{owner} was entered and never left, so what it found was never reported.\n"
        "Expected that it ends with its test or fixture. To end it: with RekognitionCL() as rekognition_cl: ...; "
        "in a TestCase self.enterContext(RekognitionCL()), which Python has from 3.11 on."
    )


def endless(
    call: Call | None, polls: int, exists: dict[str, str], slept: float, options: Options, advice: Advice
) -> str:
    """A loop of the code under test has slept too often without news; *call* is the last one that it made."""
    length = f"{span(slept)} of virtual time ({slept / polls:.3g} s a sleep)"
    if call is None:
        lines = [
            f"The test has slept {polls} times virtually without any call: the loop would never end.",
            f"Expected a call of Rekognition that changes or shows something, after {length}. A call that botocore "
            "itself refuses (ParamValidationError) is none.",
        ]
    else:
        names = call.params.get("VersionNames")
        everything = "all versions of the project" if call.operation == "describe_project_versions" else call.operation
        asked = f"versions {', '.join(map(repr, names))}" if names else everything
        lines = [
            f"{call.operation} was polled with {polls} virtual sleeps, and nothing changed: the loop would never end.",
            f"Asked for: {asked}; last answer: {outcome(call)}; after {length}.",
        ]
    if exists:
        listed = [f"{name} ({status})" for name, status in list(exists.items())[:10]]
        more = f" and {len(exists) - 10} more" if len(exists) > 10 else ""
        lines.append(f"What exists in the project: {', '.join(listed)}{more}.")
    elif call is not None and call.error is None:
        lines.append("The project has no versions.")
    ways = ["let the model change: statuses=[...], rekognition_cl.set_training(seconds=0)"]
    if not options.virtual_time:
        ways.append(f"if it has a deadline by the clock, or asyncio.wait_for around it: {advice('virtual_time', True)}")
    ways.append(f"if it waits for something else than Rekognition: {advice('virtual_sleep', False)}")
    ways.append(f"to allow more sleeps: {advice('max_polls', ...)}")
    return "\n".join([*lines, f"If the loop is right, {'; '.join(ways)}."])


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
    if TRANSITIONAL.intersection(others):
        text += (
            " A preset stays as it is: give it statuses=[...]. What the code under test has begun ends in virtual "
            "time: a Delay of 0 does not get there."
        )
    return text


def unused(prepared: Sequence[Expectation], advice: Advice) -> str:
    """Prepared errors and responses that nobody met."""
    return "\n".join(
        [
            f"Prepared, but not used up ({len(prepared)}):",
            *(f"  {one.text} at {one.place}: {one.unused}" for one in prepared),
            f"Expected that the code under test meets each of them. To allow it: {advice('unused', 'ignore')}.",
        ]
    )


def left_running(arns: Sequence[str], everything: Sequence[Call], allow: str) -> str:
    """Models that the code under test has not stopped; *allow* is the line on how to allow it."""
    return "\n".join(
        [
            f"{len(arns)} model{'s were' if len(arns) > 1 else ' was'} left running: {', '.join(map(tail, arns))}",
            "Expected that every started model is stopped: a running one is charged by the hour.",
            *all_calls(everything),
            allow,
        ]
    )


def report(calls: Sequence[Call], notes: Iterable[str], shown: str = "") -> str | None:
    """The section that a failing test's report gets; the list of calls not again where *shown* has it."""
    lines = lines_of(calls)
    if all(line[1:] in shown for line in lines):
        lines = []
    return "\n".join([*lines, *(f"Note: {note}" for note in dict.fromkeys(notes))]) or None
