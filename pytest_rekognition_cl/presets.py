"""What a user says of a model, checked and turned into what the service keeps.

Keywords are the snake_case of AWS's member names. A mistake is a TypeError (a name) or a ValueError (a value), raised
where the user made it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import datetime, timezone
from typing import Any

from .options import did_you_mean
from .service import statuses as st
from .service.arns import LAST_MS
from .service.description import MEMBERS, ORDER
from .service.plans import KINDS, Kind, Plan
from .service.validation import problems

#: Keyword -> AWS's name of the member.
KEYWORDS: dict[str, str] = {re.sub(r"(?<!^)(?=[A-Z])", "_", member).lower(): member for member in ORDER}
#: Members that a preset says in another way.
_ELSEWHERE = {"project_version_arn", "status"}
_TIMES = ("CreationTimestamp", "TrainingEndTimestamp")


def check_status(status: object, *, among: Sequence[str] = st.ALL) -> str:
    """Return *status* if it is one; raises ValueError with the nearest one and all of them."""
    if isinstance(status, str) and status in among:
        return status
    kind = "" if among is st.ALL else " here"
    raise ValueError(
        f"{status!r} is not a status{kind}{did_you_mean(status, among)} The statuses are {', '.join(among)}."
    )


def check_statuses(status: object, given: object, *, among: Sequence[str] = st.ALL) -> tuple[str, ...]:
    """Return the statuses of a preset, from its ``status=`` or its ``statuses=``."""
    if given is None:
        return (check_status(status, among=among),)
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise TypeError(f"statuses must be a list of statuses, not {given!r}")
    if not given:
        raise ValueError("statuses must name at least one status")
    return tuple(check_status(item, among=among) for item in given)


def members(keywords: Mapping[str, Any], statuses: Sequence[str], method: str) -> dict[str, Any]:
    """Return the members of a description that *keywords* give, by AWS's names.

    They belong to the last of *statuses*: what it cannot have is refused.
    """
    given: dict[str, Any] = {}
    for keyword, value in keywords.items():
        if keyword == "f1_score":
            continue
        if keyword not in KEYWORDS or keyword in _ELSEWHERE:
            known = [*KEYWORDS, "f1_score", "statuses"]
            raise TypeError(f"{method}() has no argument {keyword!r}{did_you_mean(keyword, known)}")
        if value is not None:
            given[KEYWORDS[keyword]] = deepcopy(value)
    if keywords.get("f1_score") is not None:
        given["EvaluationResult"] = {**given.get("EvaluationResult", {}), "F1Score": _f1(keywords["f1_score"])}
    for member in _TIMES:
        if member in given:
            given[member] = epoch_ms(given[member], KEYWORD_OF[member]) / 1000
    for problem in problems("project_version_description", given):
        top = problem.path.split(".")[0]
        if top:
            rest = problem.path[len(top) :]
            raise ValueError(f"{KEYWORD_OF.get(top, top)}{rest}: {problem.message}")
    last = statuses[-1]
    for member in given:
        if member not in MEMBERS[last]:
            possible = [status for status, allowed in MEMBERS.items() if member in allowed]
            raise ValueError(
                f"a version in status {last} has no {member} ({_keyword(member, keywords)}); "
                f"it is there in {', '.join(possible)}"
            )
    return given


KEYWORD_OF: dict[str, str] = {member: keyword for keyword, member in KEYWORDS.items()}


def _keyword(member: str, keywords: Mapping[str, Any]) -> str:
    if member == "EvaluationResult" and "evaluation_result" not in keywords:
        return "f1_score"
    return KEYWORD_OF[member]


def _f1(score: object) -> float:
    if isinstance(score, bool) or not isinstance(score, (int, float)):
        raise TypeError(f"f1_score must be a number from 0 to 1, not {score!r}")
    if not 0 <= score <= 1:
        raise ValueError(f"f1_score must be a number from 0 to 1, not {score!r}")
    return score


def epoch_ms(value: object, keyword: str) -> int:
    """Return a time as epoch milliseconds, from an aware datetime or a number of epoch seconds."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"{keyword} needs a time zone, e.g. {value.replace(tzinfo=timezone.utc)!r}")
        return round(value.timestamp() * 1000)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{keyword} must be an aware datetime or a number of epoch seconds, not {value!r}")
    if not math.isfinite(value) or not 0 <= value * 1000 <= LAST_MS:
        raise ValueError(f"{keyword} must lie between the years 1970 and 9999, not {value!r}")
    return round(value * 1000)


def plan(
    operation: str,
    *,
    status: str | None,
    statuses: Sequence[str] | None,
    seconds: float | None,
    keywords: Mapping[str, Any],
    method: str,
) -> Plan:
    """Return how something that *operation* begins will go, from what the user says of it."""
    kind = KINDS[operation]
    if status is not None and statuses is not None:
        raise TypeError("give either status= (the last one) or statuses= (every one), not both")
    possible = (kind.on_the_way, *(end for end in kind.ends if end != st.GONE))
    if statuses is not None:
        if seconds is not None:
            raise TypeError("statuses= goes on by one step per description; seconds= is for a single status=")
        steps = check_statuses(None, statuses, among=possible)
        length = None
    else:
        steps, length = _by_time(kind, status, seconds, possible)
    return Plan(steps, length, members(keywords, steps, method) if kind.ends[0] != st.GONE else {})


def _by_time(
    kind: Kind, status: str | None, seconds: float | None, possible: tuple[str, ...]
) -> tuple[tuple[str, ...], float | None]:
    if seconds is not None:
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
            raise TypeError(f"seconds must be a number of virtual seconds, not {seconds!r}")
        if not 0 <= seconds <= 1e10:
            raise ValueError(f"seconds must be a number from 0 (at most 1e10), not {seconds!r}")
    last = kind.ends[0] if status is None else check_status(status, among=possible)
    if last == kind.on_the_way:
        if seconds is not None:
            raise ValueError(f"{last} never ends, so seconds= says nothing; name the status that it ends with")
        return (last,), None
    return (kind.on_the_way, last), kind.seconds if seconds is None else seconds


def labels(value: object) -> list[dict[str, Any]]:
    """Return labels as DetectCustomLabels shows them; raises TypeError or ValueError for what it could not show."""
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Sequence):
        raise TypeError(f"labels must be a list like [{{'Name': 'cat', 'Confidence': 98.5}}], not {value!r}")
    result = []
    for label in value:
        if not isinstance(label, Mapping):
            raise TypeError(f"a label must be a dict like {{'Name': 'cat', 'Confidence': 98.5}}, not {label!r}")
        for name in ("Name", "Confidence"):
            if name not in label:
                raise ValueError(f"a label needs a {name!r}: {dict(label)!r}")
        for problem in problems("custom_label", dict(label)):
            raise ValueError(f"label {dict(label)!r}: {problem.path} {problem.message}".replace(":  ", ": "))
        result.append(deepcopy(dict(label)))
    return result
