"""What the plugin refuses, what a test must not leave behind, and the section of a failing test's report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from ..calls import Call
from ..expectations import Expectation
from ..options import Options
from ..service.arns import parse_project, parse_version
from ..service.statuses import TRANSITIONAL
from .text import Advice, all_calls, lines_of, outcome, printable, span, tail

REPORT_TITLE = "Rekognition Custom Labels calls"

NO_DEFAULT_PROJECT = (
    "there is no default project, since default_project=False. Add one: project = rekognition_cl.add_project('name'), "
    "then project.arn, and add_model(..., project=project)"
)


def ended(owner: str) -> str:
    """Something is arranged after the end of the test."""
    what = "its records can be read, but nothing can be arranged any more. Ask for a new fixture."
    return f"{owner} has ended: {what}"


def unanswered(operation: str, used_up: Sequence[str], advice: Advice, *, over_http: bool = False) -> str:
    """An operation without an answer was called; *over_http*, where no mock of botocore's could be asked."""
    what = "called, and no answer is prepared for it"
    if used_up:
        what = f"called once more than prepared: {'; '.join(used_up)}"
    moto = f"; to hand such calls on to moto: {advice('passthrough', True)}"
    if over_http:
        moto = ". What comes in over endpoint_url is not handed on to moto"
    return (
        f"{operation} was {what}.\n"
        "It was not sent anywhere. The fixture answers the life of Custom Labels projects and models; other "
        "operations need an answer of yours.\n"
        f"To prepare one: rekognition_cl.add_response({operation!r}, {{...}}){moto}."
    )


def nobody_answers(operation: str) -> str:
    """With passthrough, a call arrived where the network begins."""
    return (
        f"{operation} was handed on (passthrough=True), and nobody answered it.\n"
        "It was not sent to AWS. Expected a mock that answers botocore's before-send, such as moto's mock_aws.\n"
        f"To prepare an answer: rekognition_cl.add_response({operation!r}, {{...}}); "
        "or start the other mock before the call."
    )


def late_call(owner: str, thread: str, task: str | None = None) -> str:
    """A thread, or an asyncio task, called after its test had ended."""
    where, which, wait = f"thread {thread!r}", "threads", "thread.join(), or leave the with block of the executor"
    if task is not None:
        where, which, wait = f"the asyncio task {task!r}", "tasks", "await the task, or cancel it and await it,"
    return (
        f"A Rekognition call was made in {where} after {owner} had ended.\n"
        f"It was not sent anywhere. Expected that the test waits for the {which} it starts.\n"
        f"To wait: {wait} before the test returns."
    )


def never_left(owner: str) -> str:
    """A context was entered and is open after the last test."""
    return (
        f"{owner} was entered and never left, so what it found was never reported.\n"
        "Expected that it ends with its test or fixture. To end it: with RekognitionCL() as rekognition_cl: ...; "
        "in a TestCase self.enterContext(RekognitionCL()), which Python has from 3.11 on."
    )


def forked_call(owner: str, operation: str) -> str:
    """A forked child, which has a copy of the fake, has called."""
    return (
        f"{operation} was called in a process that was forked from {owner}.\n"
        "It was not sent anywhere. Expected a call in the test's own process: what a forked one does to its copy of "
        "the fake is lost.\n"
        "To let it call: set os.environ.update(rekognition_cl.environ) in the child, from a copy that was taken before "
        "the fork, and make the client there."
    )


def endless(
    call: Call | None, polls: int, exists: dict[str, str], slept: float, options: Options, advice: Advice
) -> str:
    """A loop of the code under test has slept too often without news; *call* is the last one that it made."""
    length = f"{span(slept)} of virtual time ({slept / polls:.3g} s a sleep)"
    what = f"The test has slept {polls} times virtually without any call"
    detail = (
        f"Expected a call of Rekognition that changes or shows something, after {length}. A call that botocore "
        "itself refuses (ParamValidationError) is none."
    )
    if call is not None:
        names = call.params.get("VersionNames")
        everything = "all versions of the project" if call.operation == "describe_project_versions" else call.operation
        asked = f"versions {', '.join(map(repr, names))}" if names else everything
        what = f"{call.operation} was polled with {polls} virtual sleeps, and nothing changed"
        detail = f"Asked for: {asked}; last answer: {outcome(call)}; after {length}."
    lines = [f"{what}: the loop would never end.", detail]
    if exists:
        listed = [f"{name} ({status})" for name, status in exists.items()]
        more = f" and {len(exists) - 10} more" if len(exists) > 10 else ""
        lines.append(f"What exists in the project: {', '.join(listed[:10])}{more}.")
    elif call is not None and call.error is None:
        lines.append("The project has no versions.")
    ways = ["If the loop is right, let the model change: statuses=[...], rekognition_cl.set_training(seconds=0)"]
    if not options.virtual_time:
        ways.append(f"if it has a deadline by the clock, or asyncio.wait_for around it: {advice('virtual_time', True)}")
    ways.append(f"if it waits for something else than Rekognition: {advice('virtual_sleep', False)}")
    ways.append(f"to allow more sleeps: {advice('max_polls', ...)}.")
    return "\n".join([*lines, "; ".join(ways)])


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
    """Errors and responses were prepared that nobody met."""
    lines = [f"  {one.text} at {one.place}: {one.unused}" for one in prepared]
    expected = f"Expected that the code under test meets each of them. To allow it: {advice('unused', 'ignore')}."
    return "\n".join([f"Prepared, but not used up ({len(prepared)}):", *lines, expected])


def left_running(arns: Sequence[str], everything: Sequence[Call], allow: str) -> str:
    """Models were not stopped; *allow* is the line on how to allow it."""
    what = f"{len(arns)} model{'s were' if len(arns) > 1 else ' was'} left running: {', '.join(map(tail, arns))}"
    expected = "Expected that every started model is stopped: a running one is charged by the hour."
    return "\n".join([what, expected, *all_calls(everything), allow])


def report(calls: Sequence[Call], notes: Sequence[str], state: Existing, shown: str = "") -> str | None:
    """The section of a failing test's report: *calls*, unless *shown* lists them, *notes*, and notes on *calls*."""
    lines = lines_of(calls)
    listed = [] if all(line[1:] in shown for line in lines) else lines
    notes = [*notes, *_arns(calls, state), *_names(calls, state), *_statuses(calls, state), *_quotas(calls, state)]
    return printable([*listed, *(f"Note: {note}" for note in dict.fromkeys(notes))]) or None


#: With these an ARN that is not right is refused.
_REFUSALS = frozenset({"ResourceNotFoundException", "InvalidParameterException", "ValidationException"})
#: How the fake words that a quota is used up: ``2 concurrent trainings. Maximum limit: 2``.
_QUOTA = re.compile(r"\d+ ([a-z ]+)\. Maximum limit: \d+$")


@dataclass(frozen=True)
class Existing:
    """What exists: all ARNs, a model's with its status; the default project; other contexts' ARNs, with the context."""

    arns: Mapping[str, str]
    region: str
    default_arn: str | None
    advice: Advice
    elsewhere: Mapping[str, str]


def _head(arn: str | None) -> str:
    return (arn or "").rpartition("/")[0]  # all but the number at its end


def _kind(arn: str) -> str:
    return arn.split("/")[2] if arn.count("/") == 4 else ""  # "version", "dataset", or nothing for a project's


def _arns(calls: Sequence[Call], state: Existing) -> Iterator[str]:
    # A dataset that was deleted is not looked for by mistake: polling until it is not found is how one waits for it.
    deleted = {call.params.get("DatasetArn") for call in calls if call.operation == "delete_dataset"}
    for call in calls:
        for name, value in call.params.items() if call.error in _REFUSALS else ():
            if name.endswith("Arn") and isinstance(value, str) and value not in deleted:
                kind = next((kind for kind in ("version", "dataset") if kind in name.lower()), "")
                if value in state.arns and _kind(value) != kind and name != "ResourceArn":
                    yield f"{tail(value)} is the ARN of a {_kind(value) or 'project'}, not of a {kind or 'project'}."
                elif text := _about_arn(value, call, kind, state):
                    yield text


def _about_arn(arn: str, call: Call, kind: str, state: Existing) -> str | None:
    shown = tail(arn, state.region)
    if arn in state.arns:
        return None if arn.split(":")[3] == call.region else _other_region(arn, call.region, state)
    if arn in state.elsewhere:
        return f"{shown} exists in {state.elsewhere[arn]}; of contexts in one another, the innermost one answers."
    for other in state.arns:
        if _head(other) == arn.rstrip("/"):
            return f"{shown} lacks the number; {tail(other, state.region)} exists."
        if other.startswith(arn) and parse_project(arn[:-1]) is not None:
            return f"{shown} is cut off; {tail(other, state.region)} exists."
    if call.error != "ResourceNotFoundException":
        return f"{shown} lacks the number." if parse_project(f"{arn}/1") or parse_version(f"{arn}/1") else None
    near = get_close_matches(arn, [other for other in state.arns if _kind(other) == kind], n=1, cutoff=0.0)
    if not near:
        return f"there is no {shown}, nor any other.{_to_have(arn, state)}"
    closest, is_here = tail(near[0], state.region), arn.split(":")[3] == call.region
    other_region = "" if is_here else f" Your client is in {call.region}."
    if closest == shown:  # they differ in the partition or the account
        shown, closest = repr(arn), repr(near[0])
    return f"there is no {shown}; the nearest that exists is {closest}.{_to_have(arn, state)}{other_region}"


def _other_region(arn: str, client: str, state: Existing) -> str:
    region = arn.split(":")[3]
    if state.default_arn is not None and arn.startswith(f"{_head(state.default_arn)}/"):
        return (
            f"the default project {tail(state.default_arn)} is in {region}, calls came from clients in {client}. "
            f"To move it: {state.advice('region', client)}."
        )
    return (
        f"{tail(arn, state.region)} exists in {region}; your client is in {client}. To look there: "
        f"region_name={region!r} for the client; for one that is made at import, where no Region resolves, the "
        f"settings rekognition_cl_early = true and rekognition_cl_region = {region}."
    )


def _to_have(arn: str, state: Existing) -> str:
    """Say how a well-formed ARN comes to exist, unless another one of its name does."""
    method = "add_project" if parse_project(arn) else "add_model" if parse_version(arn) else None
    is_default = _head(arn) == _head(state.default_arn)
    if method is None or (not is_default and _head(arn) in map(_head, state.arns)):
        return ""
    without = f", with {state.advice('default_project', False)}" if is_default else ""
    return f" If it is a constant of your code: rekognition_cl.{method}({arn!r}){without}."


def _names(calls: Sequence[Call], state: Existing) -> Iterator[str]:
    """Say of the names that a describe has asked for and no version has what the versions are called."""
    for call in calls:
        asked = call.params.get("VersionNames")
        if call.operation != "describe_project_versions" or not call.succeeded or not isinstance(asked, list):
            continue
        head = f"{_head(str(call.params.get('ProjectArn')))}/version/"
        numbers = {arn.rpartition("/")[2]: arn.split("/")[3] for arn in state.arns if arn.startswith(head)}
        for name in [name for name in asked if numbers and name not in numbers.values()]:
            if name in numbers:
                yield f"no version is named {name!r}: that is the number at the end of {numbers[name]!r}'s ARN."
            else:
                near = get_close_matches(str(name), numbers.values(), n=1, cutoff=0.0)
                yield f"no version is named {name!r}; the nearest that exists is {near[0]!r}."


def _statuses(calls: Sequence[Call], state: Existing) -> Iterator[str]:
    """Say of a model that is not ready, or whose name is taken, how that comes."""
    for call in calls:
        arn, name = str(call.params.get("ProjectVersionArn")), call.params.get("VersionName")
        status = state.arns.get(arn, "")
        if call.error == "ResourceNotReadyException" and status not in ("", "RUNNING"):
            yield f"{tail(arn, state.region)} is {status}; a model answers while it is RUNNING: start it, and wait."
        head = f"{_head(str(call.params.get('ProjectArn')))}/version/{name}/"
        if call.error == "ResourceInUseException" and name and any(other.startswith(head) for other in state.arns):
            yield f"the project has a version {name!r} already."


def _quotas(calls: Sequence[Call], state: Existing) -> Iterator[str]:
    for call in calls:
        if call.error == "LimitExceededException" and (found := _QUOTA.match(call.message or "")):
            lifted = state.advice("quotas", {found[1].replace(" ", "_"): None})
            yield f"a quota, AWS's default where you set none. To lift it: {lifted}."
