"""What the end of a test says, and the section of a failing test's report."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from ..recording import Call
from .listing import all_calls, lines_of
from .values import join, tail

REPORT_TITLE = "Rekognition Custom Labels calls"


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


def verdict(texts: Sequence[str]) -> str:
    """Several findings in one text."""
    return "\n\n".join(texts)


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
    """Say of each ARN that a client of the right Region did not find which is the nearest one.

    A dataset that was deleted is not looked for by mistake: polling until it is not found is how one waits for it.
    """
    deleted = {call.params.get("DatasetArn") for call in calls if call.operation == "delete_dataset"}
    for call in calls:
        if call.error != "ResourceNotFoundException" or call.region != region:
            continue
        for name, value in call.params.items():
            if name.endswith("Arn") and isinstance(value, str) and value not in (*existing, *deleted):
                kind = next((kind for kind in ("/version/", "/dataset/") if kind[1:-1] in name.lower()), "")
                of_its_kind = [arn for arn in existing if _kind(arn) == kind]
                near = get_close_matches(value, of_its_kind, n=1, cutoff=0.0)
                yield (
                    f"there is no {tail(value)}; the nearest that exists is {tail(near[0])}."
                    if near
                    else (f"there is no {tail(value)}, nor any other.")
                )


def _kind(arn: str) -> str:
    """Return ``/version/`` or ``/dataset/``, or nothing for a project's ARN."""
    parts = arn.split("/")
    return f"/{parts[2]}/" if len(parts) == 5 else ""


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
        told = _QUOTA.match(call.message or "") if call.error == "LimitExceededException" else None
        if told is not None:
            name = told[1].replace(" ", "_")
            lifted = f"@pytest.mark.rekognition_cl(quotas={{{name!r}: None}})"
            yield f"a quota, AWS's default where you set none. To lift it: {lifted}."


#: How the fake words that a quota is used up: ``2 concurrent trainings. Maximum limit: 2``.
_QUOTA = re.compile(r"\d+ ([a-z ]+)\. Maximum limit: \d+$")
