"""Notes in a failing test's report: why an ARN or a name was not found, and which quota has refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from ..calls import Call
from ..service.arns import parse_project, parse_version
from .text import Advice, tail

#: With these an ARN that is not right is refused.
_REFUSALS = frozenset({"ResourceNotFoundException", "InvalidParameterException", "ValidationException"})


@dataclass(frozen=True)
class Existing:
    """What the notes know of what exists."""

    #: The ARNs of all projects and models.
    existing: Sequence[str]
    #: The Region of the default project, and its ARN where there is one.
    region: str
    default_arn: str | None
    advice: Advice
    #: ARN -> which other context has it.
    elsewhere: Mapping[str, str] = field(default_factory=dict)


def notes(calls: Sequence[Call], state: Existing) -> Iterator[str]:
    """Yield what explains the refusals and the empty answers among *calls*."""
    yield from _arns(calls, state)
    yield from _names(calls, state)
    yield from _quotas(calls, state)


def _arns(calls: Sequence[Call], state: Existing) -> Iterator[str]:
    # A dataset that was deleted is not looked for by mistake: polling until it is not found is how one waits for it.
    deleted = {call.params.get("DatasetArn") for call in calls if call.operation == "delete_dataset"}
    for call in calls:
        if call.error not in _REFUSALS:
            continue
        for name, value in call.params.items():
            if name.endswith("Arn") and isinstance(value, str) and value not in deleted:
                kind = next((kind for kind in ("version", "dataset") if kind in name.lower()), "")
                text = _about_arn(value, call, kind, state)
                if text is not None:
                    yield text


def _kind(arn: str) -> str:
    """Return ``version`` or ``dataset``, or nothing for a project's ARN."""
    parts = arn.split("/")
    return parts[2] if len(parts) == 5 else ""


def _about_arn(arn: str, call: Call, kind: str, state: Existing) -> str | None:
    if arn in state.existing:
        return None if region_of(arn) == call.region else _other_region(arn, call.region, state)
    shown = tail(arn, state.region)
    if arn in state.elsewhere:
        return f"{shown} exists in {state.elsewhere[arn]}; of contexts in one another, the innermost one answers."
    for other in state.existing:
        if other.rpartition("/")[0] == arn.rstrip("/"):
            return f"{shown} lacks the number; {tail(other, state.region)} exists."
        if other.startswith(arn) and parse_project(arn[:-1]) is not None:
            return f"{shown} is cut off; {tail(other, state.region)} exists."
    if call.error != "ResourceNotFoundException":
        return f"{shown} lacks the number." if parse_project(f"{arn}/1") or parse_version(f"{arn}/1") else None
    of_its_kind = [other for other in state.existing if _kind(other) == kind]
    near = get_close_matches(arn, of_its_kind, n=1, cutoff=0.0)
    if not near:
        return f"there is no {shown}, nor any other.{_to_have(arn, state)}"
    closest = tail(near[0], state.region)
    if closest == shown:  # they differ in the partition or the account
        shown, closest = repr(arn), repr(near[0])
    return f"there is no {shown}; the nearest that exists is {closest}.{_to_have(arn, state)}"


def _other_region(arn: str, client: str, state: Existing) -> str:
    region = region_of(arn)
    if state.default_arn is not None and arn.startswith(state.default_arn.rpartition("/")[0] + "/"):
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
    if method is None:
        return ""
    head = arn.rpartition("/")[0]
    if state.default_arn is not None and state.default_arn.rpartition("/")[0] == head:
        without = state.advice("default_project", False)
        return f" If it is a constant of your code: rekognition_cl.{method}({arn!r}), with {without}."
    if any(other.rpartition("/")[0] == head for other in state.existing):
        return ""
    return f" If it is a constant of your code: rekognition_cl.{method}({arn!r})."


def region_of(arn: str) -> str:
    """Return the Region of an ARN."""
    return arn.split(":")[3]


def _names(calls: Sequence[Call], state: Existing) -> Iterator[str]:
    """Say of the names that a describe has asked for and no version has what the versions are called."""
    for call in calls:
        params = call.params
        asked = params.get("VersionNames")
        if call.operation != "describe_project_versions" or not call.succeeded or not isinstance(asked, list):
            continue
        head = f"{str(params.get('ProjectArn')).rpartition('/')[0]}/version/"
        numbers = {arn.rpartition("/")[2]: arn.split("/")[3] for arn in state.existing if arn.startswith(head)}
        for name in asked:
            if name in numbers.values() or not numbers:
                continue
            if name in numbers:
                yield f"no version is named {name!r}: that is the number at the end of {numbers[name]!r}'s ARN."
            else:
                near = get_close_matches(str(name), numbers.values(), n=1, cutoff=0.0)
                yield f"no version is named {name!r}; the nearest that exists is {near[0]!r}."


def _quotas(calls: Sequence[Call], state: Existing) -> Iterator[str]:
    """Say which quota has refused a call, and how to change it."""
    for call in calls:
        found = _QUOTA.match(call.message or "") if call.error == "LimitExceededException" else None
        if found is not None:
            lifted = state.advice("quotas", {found[1].replace(" ", "_"): None})
            yield f"a quota, AWS's default where you set none. To lift it: {lifted}."


#: How the fake words that a quota is used up: ``2 concurrent trainings. Maximum limit: 2``.
_QUOTA = re.compile(r"\d+ ([a-z ]+)\. Maximum limit: \d+$")
