"""What the end of a test says, and the section of a failing test's report."""

from __future__ import annotations

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


def left_running(arns: Sequence[str], everything: Sequence[Call]) -> str:
    """Models that the code under test has not stopped."""
    return join(
        [
            f"{len(arns)} model{'s were' if len(arns) > 1 else ' was'} left running: {', '.join(map(tail, arns))}",
            "Expected that every started model is stopped: a running one is charged by the hour.",
            *all_calls(everything),
            "To allow it: @pytest.mark.rekognition_cl(left_running='ignore').",
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
    lines += [f"Note: {note}" for note in dict.fromkeys([*notes, *_not_found(calls, region, existing)])]
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
