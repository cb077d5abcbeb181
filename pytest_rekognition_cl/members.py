"""Checks of what a test says of versions and datasets: statuses, members of their descriptions, labels, entries.

Keywords are the snake_case of AWS's member names. A mistake is a TypeError (a name) or a ValueError (a value), raised
at the line of the test that makes it.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from copy import deepcopy
from datetime import datetime, timezone
from itertools import pairwise
from typing import Any

from .errors import hide_frames as __tracebackhide__  # noqa: F401
from .names import did_you_mean, safe_repr, unknown_keyword
from .service import statuses as st
from .service.arns import LAST_MS
from .service.description import MEMBERS, ORDER
from .service.lifecycle import TRANSITION_SPECS
from .service.manifests import Entries, read_lines
from .service.validation import load, problems

#: What can be given as a manifest: its text, or its lines, each a JSON text or a dict.
Lines = str | Sequence[str | Mapping[str, Any]]

#: Keyword -> AWS's name of the member, for those that have no argument of their own.
KEYWORDS: dict[str, str] = {
    re.sub(r"(?<!^)(?=[A-Z])", "_", member).lower(): member
    for member in ORDER
    if member not in ("ProjectVersionArn", "Status")
}
KEYWORD_OF: dict[str, str] = {member: keyword for keyword, member in KEYWORDS.items()}
_MEMBER_OF = {**KEYWORDS, "f1_score": "EvaluationResult", "label_f1_scores": "EvaluationResult"}
#: What methods take that set members.
MEMBER_KEYWORDS = tuple(_MEMBER_OF)
_DATASET_KEYWORDS = {"status_message": "StatusMessage", "status_message_code": "StatusMessageCode"}


def check_choice(value: object, what: str, choices: tuple[str, ...]) -> None:
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{safe_repr(value)} is not {what}{did_you_mean(value, choices)} There are {choices}.")


def check_status(status: object, *, among: Sequence[str] = st.ALL) -> str:
    if isinstance(status, str) and status in among:
        return status
    if isinstance(status, (list, tuple)):
        raise TypeError(f"status is a single one, got {safe_repr(status)}; for one after the other: statuses=[...]")
    if isinstance(status, str) and st.is_training_failure(status):
        raise ValueError(f"{safe_repr(status)} is not a status but a message: status_message={safe_repr(status)}")
    here, near = "" if among is st.ALL else " here", did_you_mean(status, among)
    raise ValueError(f"{safe_repr(status)} is not a status{here}{near} The statuses are {', '.join(among)}.")


def check_statuses(
    status: object, statuses: object, *, default: str | None, among: Sequence[str] = st.ALL
) -> tuple[str, ...]:
    if statuses is None:
        return (check_status(status, among=among),)
    if status != default:
        raise TypeError("give either status= (it stays) or statuses= (one after the other), not both")
    if isinstance(statuses, str) or not isinstance(statuses, Sequence):
        raise TypeError(f"statuses must be a list of statuses, not {safe_repr(statuses)}")
    if not statuses:
        raise ValueError("statuses must name at least one status")
    steps = tuple(check_status(item, among=among) for item in statuses)
    for before, after in pairwise(steps):
        if after != before and after not in (possible := _followers(before)):
            can = ", ".join(possible) or "nothing"
            raise ValueError(f"statuses run forwards: {after} does not follow {before}, after it can come {can}")
    return steps


_AT_REST = (st.UPDATE_IN_PROGRESS, st.DELETE_IN_PROGRESS)
#: Status -> those that come next in the life of a version, or of a dataset.
NEXT: dict[str, tuple[str, ...]] = {
    **{began: tuple(end for end in ends if end != st.DELETED) for began, ends, *_ in TRANSITION_SPECS.values()},
    st.TRAINING_COMPLETED: (st.STARTING, st.DELETING, st.DEPRECATED, st.EXPIRED),
    st.RUNNING: (st.STOPPING, st.FAILED),
    st.DEPRECATED: (st.EXPIRED, st.DELETING),
    **dict.fromkeys((st.STOPPED, st.FAILED, st.COPYING_COMPLETED), (st.STARTING, st.DELETING)),
    **dict.fromkeys((st.TRAINING_FAILED, st.COPYING_FAILED, st.EXPIRED), (st.DELETING,)),
    **dict.fromkeys((st.CREATE_COMPLETE, st.UPDATE_COMPLETE, st.UPDATE_FAILED), _AT_REST),
    st.CREATE_FAILED: (st.DELETE_IN_PROGRESS,),
}


def _followers(status: str) -> tuple[str, ...]:
    """Return what can be seen after *status*: what comes next, and what comes after that which passes by itself."""
    later = (last for passing in NEXT[status] if passing in st.TRANSITIONAL for last in NEXT[passing])
    return tuple(dict.fromkeys((*NEXT[status], *later)))


def description_members(
    keywords: Mapping[str, Any], status: str, method: str, *, fixed: Collection[str] = ()
) -> dict[str, Any]:
    """Return the members that *keywords* give, by AWS's names; times in epoch seconds. None of *fixed* may be given."""
    for keyword in keywords:
        if keyword not in MEMBER_KEYWORDS:
            raise unknown_keyword(method, keyword, MEMBER_KEYWORDS)
        if keyword in fixed:
            reason = "it follows from when the version was created and trained"
            raise TypeError(f"{method}() cannot set {keyword}: {reason}")
    said = {keyword: value for keyword, value in keywords.items() if value is not None}
    given = {KEYWORDS[keyword]: _copy(value, keyword) for keyword, value in said.items() if keyword in KEYWORDS}
    label_scores = _label_f1_scores(said["label_f1_scores"]) if "label_f1_scores" in said else {}
    if label_scores or "f1_score" in said:
        evaluation = given.get("EvaluationResult", {})
        if not isinstance(evaluation, dict):
            raise TypeError(f"evaluation_result must be a dict, not {safe_repr(evaluation)}")
        if "f1_score" in said:
            given["EvaluationResult"] = {**evaluation, "F1Score": check_number("f1_score", said["f1_score"], most="1")}
        else:
            given["EvaluationResult"] = {"F1Score": sum(label_scores.values()) / len(label_scores), **evaluation}
    for member in ("CreationTimestamp", "TrainingEndTimestamp"):
        if member in given:
            given[member] = epoch_ms(given[member], KEYWORD_OF[member]) / 1000
    for member, value in given.items():
        _check_names(value, load("project_version_description")["properties"][member], KEYWORD_OF[member])
    for path, message in problems("project_version_description", given):
        member, dot, rest = path.partition(".")
        if member:
            raise ValueError(f"{KEYWORD_OF.get(member, member)}{dot}{rest}: {message}")
    _check_possible(given, status, said)
    if "F1Score" in given.get("EvaluationResult", {}):
        check_number("evaluation_result.F1Score", given["EvaluationResult"]["F1Score"], most="1")
    if given.get("MaxInferenceUnits", math.inf) < given.get("MinInferenceUnits", 0):
        raise ValueError("max_inference_units must not be less than min_inference_units")
    return {**given, "LabelF1Scores": label_scores} if label_scores else given


def _check_possible(given: Mapping[str, Any], status: str, keywords: Collection[str]) -> None:
    """Refuse the members that a version in *status* does not have, and a failure's message where none has failed."""
    # What must be possible, what is shown, and the keyword that gave it.
    needed = [(member, member, keyword) for keyword, member in _MEMBER_OF.items() if keyword in keywords]
    needed += [
        (sign, f"{member}.{part}", KEYWORD_OF[member])
        for member in ("TrainingDataResult", "TestingDataResult")
        for part, sign in (("Output", "EvaluationResult"), ("Validation", "ManifestSummary"))
        if part in given.get(member, {})
    ]
    for sign, member, keyword in needed:
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


def check_version(feature: str, created_ms: int, statuses: Collection[str], given: Mapping[str, Any]) -> None:
    """Refuse what a version cannot have: an adapter never runs, a Custom Labels model never expires."""
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
        raise ValueError(f"feature must be that of the project, {feature!r}, not {safe_repr(given['Feature'])}")
    if "TrainingEndTimestamp" in given and round(given["TrainingEndTimestamp"] * 1000) < created_ms:
        raise ValueError("training_end_timestamp lies before the creation of the version")


def check_number(name: str, value: object, *, most: str) -> float:
    text = f"{name} must be a number from 0 to {most}, not {safe_repr(value)}"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(text)
    if not 0 <= value <= float(most):  # NaN is not either
        raise ValueError(text)
    return value


def _label_f1_scores(scores: object) -> dict[str, float]:
    if not isinstance(scores, Mapping) or not scores or not all(isinstance(label, str) for label in scores):
        raise TypeError(f"label_f1_scores must be a dict like {{'cat': 0.9}}, not {safe_repr(scores)}")
    return {label: check_number("label_f1_scores", score, most="1") for label, score in scores.items()}


def epoch_ms(value: object, keyword: str) -> int:
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
        if missing := [name for name in ("Name", "Confidence") if name not in label]:
            raise ValueError(f"a label needs a {missing[0]!r}: {shown}")
        _check_names(label, load("custom_label"), f"label {shown}")
        for path, message in problems("custom_label", dict(label)):
            raise ValueError(f"label {shown}: {path and f'{path}: '}{message}")
    return [deepcopy(dict(label)) for label in value]


def dataset_members(keywords: Mapping[str, Any], method: str) -> dict[str, str]:
    """Return the members of a DatasetDescription that *keywords* give, by AWS's names."""
    given = {name: value for name, value in keywords.items() if value is not None}
    for name, value in given.items():
        if name not in _DATASET_KEYWORDS:
            raise TypeError(f"{method}() cannot set {name} of a dataset{did_you_mean(name, _DATASET_KEYWORDS)}")
        if not isinstance(value, str):
            raise TypeError(f"{name} must be a string, not {safe_repr(value)}")
    code = given.get("status_message_code", "SUCCESS")
    check_choice(code, "a status_message_code", ("SUCCESS", "SERVICE_ERROR", "CLIENT_ERROR"))
    return {_DATASET_KEYWORDS[name]: value for name, value in given.items()}


def check_lines(lines: object, what: str) -> Entries:
    """Return the entries of a manifest; a text that is no valid JSON Line is one: the service counts it as an error."""
    if isinstance(lines, str):
        return read_lines(lines)
    if isinstance(lines, (bytes, Mapping)) or not isinstance(lines, Iterable):
        raise TypeError(f"{what} must be a list of JSON Lines, each a string or a dict, not {safe_repr(lines)}")
    return read_lines("\n".join(line if isinstance(line, str) else _as_json(line, what) for line in lines))


def _as_json(line: object, what: str) -> str:
    if not isinstance(line, Mapping):
        raise TypeError(f"a line of {what} must be a string or a dict, not {safe_repr(line)}")
    try:
        return json.dumps(dict(line), allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise ValueError(f"a line of {what} cannot be written as JSON: {safe_repr(line)}") from None
