"""What the plugin refuses, what a test must not leave behind, and the section of a failing test's report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Any

from ..calls import Call
from ..options import Options
from ..service.statuses import TRANSITIONAL
from .text import all_calls, join, lines_of, outcome, span, tail

REPORT_TITLE = "Rekognition Custom Labels calls"


def unanswered(operation: str, used_up: Sequence[str], *, over_http: bool = False) -> str:
    """The code under test called an operation that nobody has prepared an answer for.

    *over_http*: the call came from another process, so no mock of botocore's could be asked.
    """
    if used_up:
        what = f"{operation} was called once more than prepared: {'; '.join(used_up)}."
    else:
        what = f"{operation} was called, and no answer is prepared for it."
    return join(
        [
            what,
            "It was not sent anywhere. The fixture answers the life of Custom Labels projects and models; other "
            "operations need an answer of yours.",
            f"To prepare one: rekognition_cl.add_response({operation!r}, {{...}})"
            + (
                ". What comes in over endpoint_url is not handed on to moto."
                if over_http
                else "; to hand such calls on to moto: @pytest.mark.rekognition_cl(passthrough=True)."
            ),
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


def late_call(owner: str, thread: str, task: str | None = None) -> str:
    """A thread, or an asyncio task, called after its test had ended."""
    where, which = (f"thread {thread!r}", "threads") if task is None else (f"the asyncio task {task!r}", "tasks")
    return join(
        [
            f"A Rekognition call was made in {where} after {owner} had ended.",
            f"It was not sent anywhere. Expected that the test waits for the {which} it starts.",
            "To wait: thread.join(), or leave the with block of the executor before the test returns."
            if task is None
            else "To wait: await the task, or cancel it and await it, before the test returns.",
        ]
    )


def forked_call(owner: str, operation: str) -> str:
    """A forked child, which has a copy of the fake, has called."""
    return join(
        [
            f"{operation} was called in a process that was forked from {owner}.",
            "It was not sent anywhere. Expected a call in the test's own process: what a forked one does to its copy "
            "of the fake is lost.",
            "To let it call: set os.environ.update(rekognition_cl.environ) in the child, from a copy that was taken "
            "before the fork, and make the client there.",
        ]
    )


def late_arrangement(owner: str) -> str:
    """A test's fixture is used for arranging after the test."""
    return f"{owner} has ended: its records can be read, but nothing can be arranged any more. Ask for a new fixture."


def endless(call: Call | None, polls: int, exists: dict[str, str], slept: float, options: Options) -> str:
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
        ways.append(
            "if it has a deadline by the clock, or asyncio.wait_for around it: "
            "@pytest.mark.rekognition_cl(virtual_time=True)"
        )
    ways += [
        "if it waits for something else than Rekognition: @pytest.mark.rekognition_cl(virtual_sleep=False)",
        "to allow more sleeps: @pytest.mark.rekognition_cl(max_polls=...)",
    ]
    lines.append(f"If the loop is right, {'; '.join(ways)}.")
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
    if TRANSITIONAL.intersection(others):
        text += (
            " A preset stays as it is: give it statuses=[...]. What the code under test has begun ends in virtual "
            "time: a Delay of 0 does not get there."
        )
    return text


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


def left_running(arns: Sequence[str], everything: Sequence[Call], *, asserted: bool) -> str:
    """Models that the code under test has not stopped; *asserted*: the test itself has asked."""
    allow = (
        "If they are meant to run on, leave the assertion out."
        if asserted
        else "To allow it: @pytest.mark.rekognition_cl(left_running='ignore')."
    )
    return join(
        [
            f"{len(arns)} model{'s were' if len(arns) > 1 else ' was'} left running: {', '.join(map(tail, arns))}",
            "Expected that every started model is stopped: a running one is charged by the hour.",
            *all_calls(everything),
            allow,
        ]
    )


def report(
    calls: Sequence[Call], notes: Sequence[str], project_arn: str, region: str, existing: Sequence[str] = ()
) -> str:
    """The section that a failing test's report gets; *existing* are the ARNs of all that exists."""
    lines = lines_of(calls)
    found = (*_not_found(calls, region, existing), *_unnamed(calls, existing), *_quotas(calls))
    lines += [f"Note: {note}" for note in dict.fromkeys([*notes, *found])]
    elsewhere = sorted({call.region for call in calls if call.error == "ResourceNotFoundException"} - {region})
    if elsewhere:
        lines.append(
            f"Note: the default project {tail(project_arn)} is in {region}, calls came from clients in "
            f"{', '.join(elsewhere)}. To move it: @pytest.mark.rekognition_cl(region={elsewhere[0]!r})."
        )
    return join(lines)


def _not_found(calls: Sequence[Call], region: str, existing: Sequence[str]) -> Iterator[str]:
    """Say of each ARN that a client of the right Region did not find which is the nearest one."""
    for call in calls:
        if call.error != "ResourceNotFoundException" or call.region != region:
            continue
        for name, value in call.params.items():
            if name.endswith("Arn") and isinstance(value, str) and value not in existing:
                of_its_kind = [arn for arn in existing if ("/version/" in arn) == ("Version" in name)]
                near = get_close_matches(value, of_its_kind, n=1, cutoff=0.0)
                yield (
                    f"there is no {tail(value)}; the nearest that exists is {tail(near[0])}."
                    if near
                    else (f"there is no {tail(value)}, nor any other.")
                )


def _unnamed(calls: Sequence[Call], existing: Sequence[str]) -> Iterator[str]:
    """Say of the names that a describe has asked for and no version has what the versions are called."""
    for call in calls:
        params = call.params
        asked = params.get("VersionNames")
        if call.operation != "describe_project_versions" or not call.succeeded or not isinstance(asked, list):
            continue
        head = f"{str(params.get('ProjectArn')).rpartition('/')[0]}/version/"
        numbers = {arn.rpartition("/")[2]: arn.split("/")[3] for arn in existing if arn.startswith(head)}
        for name in asked:
            if name in numbers.values() or not numbers:
                continue
            if name in numbers:
                yield f"no version is named {name!r}: that is the number at the end of {numbers[name]!r}'s ARN."
            else:
                near = get_close_matches(str(name), numbers.values(), n=1, cutoff=0.0)
                yield f"no version is named {name!r}; the nearest that exists is {near[0]!r}."


def _quotas(calls: Sequence[Call]) -> Iterator[str]:
    """Say which quota has refused a call, and how to change it."""
    for call in calls:
        found = _QUOTA.match(call.message or "") if call.error == "LimitExceededException" else None
        if found is not None:
            name = found[1].replace(" ", "_")
            lifted = f"@pytest.mark.rekognition_cl(quotas={{{name!r}: None}})"
            yield f"a quota, AWS's default where you set none. To lift it: {lifted}."


#: How the fake words that a quota is used up: ``2 concurrent trainings. Maximum limit: 2``.
_QUOTA = re.compile(r"\d+ ([a-z ]+)\. Maximum limit: \d+$")
