"""Checks of what a test says of a version: statuses, members of its description, labels.

Keywords are the snake_case of AWS's member names. A mistake is a TypeError (a name) or a ValueError (a value), raised
at the line of the test that makes it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from datetime import datetime, timezone
from itertools import pairwise
from typing import Any

from .errors import hide_frames as __tracebackhide__  # noqa: F401
from .names import did_you_mean, safe_repr
from .service import statuses as st
from .service.arns import LAST_MS
from .service.description import MEMBERS, ORDER
from .service.validation import load, problems

#: Keyword -> AWS's name of the member.
KEYWORDS: dict[str, str] = {re.sub(r"(?<!^)(?=[A-Z])", "_", member).lower(): member for member in ORDER}
KEYWORD_OF: dict[str, str] = {member: keyword for keyword, member in KEYWORDS.items()}
#: What methods take that set members.
MEMBER_KEYWORDS = (*KEYWORDS, "f1_score", "label_f1_scores")
#: Members that have an argument of their own.
_ELSEWHERE = {"project_version_arn", "status"}
_TIMES = ("CreationTimestamp", "TrainingEndTimestamp")


def check_status(status: object, *, among: Sequence[str] = st.ALL) -> str:
    """Return *status* if it is one; raises ValueError with the nearest one and all of them."""
    if isinstance(status, str) and status in among:
        return status
    if isinstance(status, (list, tuple)):
        raise TypeError(f"status is a single one, got {safe_repr(status)}; for one after the other: statuses=[...]")
    if isinstance(status, str) and st.is_training_failure(status):
        raise ValueError(f"{safe_repr(status)} is not a status but a message: status_message={safe_repr(status)}")
    kind = "" if among is st.ALL else " here"
    raise ValueError(
        f"{safe_repr(status)} is not a status{kind}{did_you_mean(status, among)} The statuses are {', '.join(among)}."
    )


def check_statuses(status: object, given: object, *, among: Sequence[str] = st.ALL) -> tuple[str, ...]:
    """Return the statuses of a preset, from its ``status=`` or its ``statuses=``."""
    if given is None:
        return (check_status(status, among=among),)
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise TypeError(f"statuses must be a list of statuses, not {safe_repr(given)}")
    if not given:
        raise ValueError("statuses must name at least one status")
    steps = tuple(check_status(item, among=among) for item in given)
    for before, after in pairwise(steps):
        if after != before and after not in _followers(before):
            can = ", ".join(_followers(before)) or "nothing"
            raise ValueError(f"statuses run forwards: {after} does not follow {before}, after it can come {can}")
    return steps


_AT_REST = (st.UPDATE_IN_PROGRESS, st.DELETE_IN_PROGRESS)
#: Status -> those that come next in the life of a version, or of a dataset.
NEXT: dict[str, tuple[str, ...]] = {
    st.TRAINING_IN_PROGRESS: (st.TRAINING_COMPLETED, st.TRAINING_FAILED),
    st.TRAINING_COMPLETED: (st.STARTING, st.DELETING, st.DEPRECATED, st.EXPIRED),
    st.TRAINING_FAILED: (st.DELETING,),
    st.STARTING: (st.RUNNING, st.FAILED),
    st.RUNNING: (st.STOPPING, st.FAILED),
    st.FAILED: (st.STARTING, st.DELETING),
    st.STOPPING: (st.STOPPED, st.FAILED),
    st.STOPPED: (st.STARTING, st.DELETING),
    st.COPYING_IN_PROGRESS: (st.COPYING_COMPLETED, st.COPYING_FAILED),
    st.COPYING_COMPLETED: (st.STARTING, st.DELETING),
    st.COPYING_FAILED: (st.DELETING,),
    st.DEPRECATED: (st.EXPIRED, st.DELETING),
    st.EXPIRED: (st.DELETING,),
    st.DELETING: (),
    st.CREATE_IN_PROGRESS: (st.CREATE_COMPLETE, st.CREATE_FAILED),
    st.CREATE_COMPLETE: _AT_REST,
    st.CREATE_FAILED: (st.DELETE_IN_PROGRESS,),
    st.UPDATE_IN_PROGRESS: (st.UPDATE_COMPLETE, st.UPDATE_FAILED),
    st.UPDATE_COMPLETE: _AT_REST,
    st.UPDATE_FAILED: _AT_REST,
    st.DELETE_IN_PROGRESS: (),
}


def _followers(status: str) -> tuple[str, ...]:
    """Return what can be seen after *status*: what comes next, and what comes after that which passes by itself."""
    found = list(NEXT[status])
    for passing in found:
        if passing in st.TRANSITIONAL:
            found += [later for later in NEXT[passing] if later not in found]
    return tuple(found)


def description_members(
    keywords: Mapping[str, Any], statuses: Sequence[str], method: str, *, fixed: Collection[str] = ()
) -> dict[str, Any]:
    """Return the members of a description that *keywords* give, by AWS's names; times in epoch seconds.

    They belong to the last of *statuses*. Raises TypeError for a name that does not exist or is in *fixed*, and
    ValueError for a value that the service could not return, or that the status cannot have.
    """
    given: dict[str, Any] = {}
    for keyword, value in keywords.items():
        if keyword in ("f1_score", "label_f1_scores"):
            continue
        if keyword not in KEYWORDS or keyword in _ELSEWHERE:
            known = [*KEYWORDS, "f1_score", "label_f1_scores", "statuses"]
            raise TypeError(f"{method}() has no argument {keyword!r}{did_you_mean(keyword, known)}")
        if keyword in fixed:
            raise TypeError(
                f"{method}() cannot set {keyword}: it follows from when the version was created and trained"
            )
        if value is not None:
            given[KEYWORDS[keyword]] = _copy(value, keyword)
    label_scores = _label_f1_scores(keywords.get("label_f1_scores"))
    if keywords.get("f1_score") is not None or label_scores:
        evaluation = given.get("EvaluationResult", {})
        if not isinstance(evaluation, dict):
            raise TypeError(f"evaluation_result must be a dict, not {safe_repr(evaluation)}")
        if keywords.get("f1_score") is not None:
            score = check_number("f1_score", keywords["f1_score"], most="1")
            given["EvaluationResult"] = {**evaluation, "F1Score": score}
        else:
            given["EvaluationResult"] = {"F1Score": sum(label_scores.values()) / len(label_scores), **evaluation}
    for member in _TIMES:
        if member in given:
            given[member] = epoch_ms(given[member], KEYWORD_OF[member]) / 1000
    for member, value in given.items():
        _check_names(value, load("project_version_description")["properties"][member], KEYWORD_OF[member])
    for path, message in problems("project_version_description", given):
        member, dot, rest = path.partition(".")
        if member:
            raise ValueError(f"{KEYWORD_OF.get(member, member)}{dot}{rest}: {message}")
    _check_possible(given, statuses[-1], keywords)
    if "F1Score" in given.get("EvaluationResult", {}):
        check_number("evaluation_result.F1Score", given["EvaluationResult"]["F1Score"], most="1")
    if given.get("MaxInferenceUnits", math.inf) < given.get("MinInferenceUnits", 0):
        raise ValueError("max_inference_units must not be less than min_inference_units")
    if label_scores:
        given["LabelF1Scores"] = label_scores
    return given


def _check_possible(given: Mapping[str, Any], status: str, keywords: Mapping[str, Any]) -> None:
    """Refuse the members that a version in *status* does not have, and a failure's message where none has failed."""
    shown = [(member, member, _keyword(member, keywords)) for member in given]
    shown += [
        (sign, f"{member}.{part}", KEYWORD_OF[member])
        for member in _DATA_RESULTS
        for part, sign in _DATA_PARTS.items()
        if part in given.get(member, {})
    ]
    for sign, member, keyword in shown:
        if sign not in MEMBERS[status]:
            possible = ", ".join(status for status, allowed in MEMBERS.items() if sign in allowed)
            raise ValueError(f"a version in status {status} has no {member} ({keyword}); it is there in {possible}")
    message = given.get("StatusMessage", "")
    if st.is_training_failure(message):
        if status != st.TRAINING_FAILED:
            raise ValueError(f"status_message {message!r} belongs to status='TRAINING_FAILED', not to {status}")
        if "{}" in message:
            raise ValueError(f"status_message has a number to fill in: {message!r}.format(20)")


def _copy(value: object, keyword: str) -> Any:
    """Return a copy; raises ValueError for what is no data, nested without end, or a number of endless digits."""
    try:
        repr(value)
        return deepcopy(value)
    except Exception:
        shown = safe_repr(value)
        raise ValueError(f"{keyword} must be plain data: texts, numbers, dicts and lists, not {shown}") from None


def _check_names(value: object, schema: Mapping[str, Any], where: str) -> None:
    """Refuse a member that the shape of *value* does not have, however deep; *where* is its place, for the message."""
    if isinstance(value, Mapping):
        known: Mapping[str, Any] = schema.get("properties", {})
        for name, item in value.items():
            if name not in known:
                raise TypeError(f"{where} has no member {safe_repr(name)}{did_you_mean(name, known)}")
            _check_names(item, known[name], f"{where}.{name}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _check_names(item, schema.get("items", {}), f"{where}[{index}]")


_DATA_RESULTS = ("TrainingDataResult", "TestingDataResult")
#: Part of a data result -> the member that comes and goes with it.
_DATA_PARTS = {"Output": "EvaluationResult", "Validation": "ManifestSummary"}


def check_feature(feature: str, statuses: Sequence[str], given: Mapping[str, Any]) -> None:
    """Refuse what a project of *feature* cannot have: an adapter never runs, a Custom Labels model never expires."""
    hint = "add the project with feature='CONTENT_MODERATION'"
    adapter = feature == "CONTENT_MODERATION"
    for status in statuses:
        if adapter and status.startswith(("STARTING", "RUNNING", "FAILED", "STOP", "COPYING")):
            raise ValueError(f"an adapter is never {status}: adapters can be neither started nor copied")
        if not adapter and status in (st.DEPRECATED, st.EXPIRED):
            raise ValueError(f"{status} is a status of adapters; {hint}")
    if not adapter and given.get("FeatureConfig", {}).get("ContentModeration"):
        raise ValueError(f"feature_config is for adapters; {hint}")
    if given.get("Feature", feature) != feature:
        other = safe_repr(given["Feature"])
        raise ValueError(f"feature must be that of the project, {feature!r}, not {other}")


def check_end(given: Mapping[str, Any], created_ms: int) -> None:
    ended = given.get("TrainingEndTimestamp")
    if ended is not None and round(ended * 1000) < created_ms:
        raise ValueError("training_end_timestamp lies before the creation of the version")


def _keyword(member: str, keywords: Mapping[str, Any]) -> str:
    if member == "EvaluationResult" and "evaluation_result" not in keywords:
        return "f1_score" if keywords.get("f1_score") is not None else "label_f1_scores"
    return KEYWORD_OF[member]


def check_number(name: str, value: object, *, most: str) -> float:
    text = f"{name} must be a number from 0 to {most}, not {safe_repr(value)}"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(text)
    if not 0 <= value <= float(most):  # NaN is not either
        raise ValueError(text)
    return value


def _label_f1_scores(scores: object) -> dict[str, float]:
    """Return the F1 scores of labels; an empty dict for None."""
    if scores is None:
        return {}
    if not isinstance(scores, Mapping) or not scores or not all(isinstance(label, str) for label in scores):
        raise TypeError(f"label_f1_scores must be a dict like {{'cat': 0.9}}, not {safe_repr(scores)}")
    return {label: check_number("label_f1_scores", score, most="1") for label, score in scores.items()}


def epoch_ms(value: object, keyword: str) -> int:
    """Return a time as epoch milliseconds, from an aware datetime or a number of epoch seconds."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"{keyword} needs a time zone, e.g. {value.replace(tzinfo=timezone.utc)!r}")
        return round(value.timestamp() * 1000)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{keyword} must be an aware datetime or a number of epoch seconds, not {safe_repr(value)}")
    if not 0 <= value * 1000 <= LAST_MS:  # NaN is not either
        raise ValueError(f"{keyword} must lie between the years 1970 and 9999, not {safe_repr(value)}")
    return round(value * 1000)


def check_labels(value: object) -> list[dict[str, Any]]:
    """Return labels as DetectCustomLabels shows them; raises TypeError or ValueError for what it could not show."""
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Sequence):
        raise TypeError(f"labels must be a list like [{{'Name': 'cat', 'Confidence': 98.5}}], not {safe_repr(value)}")
    for label in value:
        shown = safe_repr(label)
        if not isinstance(label, Mapping):
            raise TypeError(f"a label must be a dict like {{'Name': 'cat', 'Confidence': 98.5}}, not {shown}")
        for name in ("Name", "Confidence"):
            if name not in label:
                raise ValueError(f"a label needs a {name!r}: {shown}")
        _check_names(label, load("custom_label"), f"label {shown}")
        for path, message in problems("custom_label", dict(label)):
            where = f"{path}: " if path else ""
            raise ValueError(f"label {shown}: {where}{message}")
    return [deepcopy(dict(label)) for label in value]
