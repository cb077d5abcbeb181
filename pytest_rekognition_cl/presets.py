"""What a user says of a model, checked and turned into what the service keeps.

Keywords are the snake_case of AWS's member names. A mistake is a TypeError (a name) or a ValueError (a value), raised
where the user made it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from copy import deepcopy
from datetime import datetime, timezone
from typing import Any

from .hiding import hide as __tracebackhide__  # noqa: F401
from .options import did_you_mean, told
from .service import statuses as st
from .service.arns import LAST_MS
from .service.description import MEMBERS, ORDER
from .service.lifecycle import TRANSITION_SPECS, Transition, TransitionSpec
from .service.schemas import load
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
    if isinstance(status, str) and st.is_training_failure(status):
        raise ValueError(f"{told(status)} is not a status but a message: status_message={told(status)}")
    kind = "" if among is st.ALL else " here"
    raise ValueError(
        f"{told(status)} is not a status{kind}{did_you_mean(status, among)} The statuses are {', '.join(among)}."
    )


def check_statuses(status: object, given: object, *, among: Sequence[str] = st.ALL) -> tuple[str, ...]:
    """Return the statuses of a preset, from its ``status=`` or its ``statuses=``."""
    if given is None:
        return (check_status(status, among=among),)
    if isinstance(given, str) or not isinstance(given, Sequence):
        raise TypeError(f"statuses must be a list of statuses, not {told(given)}")
    if not given:
        raise ValueError("statuses must name at least one status")
    return tuple(check_status(item, among=among) for item in given)


def members(
    keywords: Mapping[str, Any], statuses: Sequence[str], method: str, *, fixed: Collection[str] = ()
) -> dict[str, Any]:
    """Return the members of a description that *keywords* give, by AWS's names.

    They belong to the last of *statuses*: what it cannot have is refused; so are the keywords in *fixed*.
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
            raise TypeError(f"evaluation_result must be a dict, not {told(evaluation)}")
        if keywords.get("f1_score") is not None:
            given["EvaluationResult"] = {**evaluation, "F1Score": _f1(keywords["f1_score"])}
        else:
            given["EvaluationResult"] = {"F1Score": sum(label_scores.values()) / len(label_scores), **evaluation}
    for member in _TIMES:
        if member in given:
            given[member] = epoch_ms(given[member], KEYWORD_OF[member]) / 1000
    for member, value in given.items():
        _check_names(value, load("project_version_description")["properties"][member], KEYWORD_OF[member])
    for problem in problems("project_version_description", given):
        top = problem.path.split(".")[0]
        if top:
            rest = problem.path[len(top) :]
            raise ValueError(f"{KEYWORD_OF.get(top, top)}{rest}: {problem.message}")
    for member in given:
        _check_possible(statuses[-1], member, member, _keyword(member, keywords))
    for member in _DATA_RESULTS:
        for part, sign in _DATA_PARTS.items():
            if part in given.get(member, {}):
                _check_possible(statuses[-1], sign, f"{member}.{part}", KEYWORD_OF[member])
    if "F1Score" in given.get("EvaluationResult", {}):
        _f1(given["EvaluationResult"]["F1Score"], _keyword("EvaluationResult", keywords))
    _check_message(given.get("StatusMessage"), statuses[-1])
    if given.get("MaxInferenceUnits", math.inf) < given.get("MinInferenceUnits", 0):
        raise ValueError("max_inference_units must not be less than min_inference_units")
    if label_scores:
        given["LabelF1Scores"] = label_scores
    return given


def dataset_members(keywords: Mapping[str, Any], method: str) -> dict[str, Any]:
    """Return the members of a DatasetDescription that *keywords* give, by AWS's names."""
    given = {name: value for name, value in keywords.items() if value is not None}
    for name, value in given.items():
        if name not in _DATASET_KEYWORDS:
            raise TypeError(f"{method}() cannot set {name} of a dataset{did_you_mean(name, _DATASET_KEYWORDS)}")
        if not isinstance(value, str):
            raise TypeError(f"{name} must be a string, not {told(value)}")
    codes = ("SUCCESS", "SERVICE_ERROR", "CLIENT_ERROR")
    code = given.get("status_message_code", codes[0])
    if code not in codes:
        raise ValueError(f"{told(code)} is not a status_message_code{did_you_mean(code, codes)} There are {codes}.")
    return {_DATASET_KEYWORDS[name]: value for name, value in given.items()}


_DATASET_KEYWORDS = {"status_message": "StatusMessage", "status_message_code": "StatusMessageCode"}


def _check_message(message: str | None, status: str) -> None:
    """Refuse the message of a failed training where none has failed, or with a blank in it."""
    if message is None or not st.is_training_failure(message):
        return
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
        raise ValueError(f"{keyword} must be plain data: texts, numbers, dicts and lists, not {told(value)}") from None


def _check_names(value: object, schema: Mapping[str, Any], where: str) -> None:
    """Refuse a member that the shape of *value* does not have, however deep; *where* is its place, for the message."""
    if isinstance(value, Mapping):
        known: Mapping[str, Any] = schema.get("properties", {})
        for name, item in value.items():
            if name not in known:
                raise TypeError(f"{where} has no member {told(name)}{did_you_mean(name, known)}")
            _check_names(item, known[name], f"{where}.{name}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _check_names(item, schema.get("items", {}), f"{where}[{index}]")


_DATA_RESULTS = ("TrainingDataResult", "TestingDataResult")
#: Part of a data result -> the member that comes and goes with it.
_DATA_PARTS = {"Output": "EvaluationResult", "Validation": "ManifestSummary"}


def _check_possible(status: str, sign: str, member: str, keyword: str) -> None:
    """Refuse a member that *status* cannot have; *sign* is the one in the table that it goes with."""
    if sign not in MEMBERS[status]:
        possible = ", ".join(status for status, allowed in MEMBERS.items() if sign in allowed)
        raise ValueError(f"a version in status {status} has no {member} ({keyword}); it is there in {possible}")


def check_feature(feature: str, statuses: Sequence[str], given: Mapping[str, Any]) -> None:
    """Refuse what a project of *feature* cannot have: an adapter never runs, a Custom Labels model never expires."""
    hint = "add the project with feature='CONTENT_MODERATION'"
    adapter = feature == "CONTENT_MODERATION"
    for status in statuses:
        if adapter and status not in _OF_ADAPTERS:
            raise ValueError(f"an adapter is never {status}: adapters can be neither started nor copied")
        if not adapter and status in (st.DEPRECATED, st.EXPIRED):
            raise ValueError(f"{status} is a status of adapters; {hint}")
    if not adapter and given.get("FeatureConfig", {}).get("ContentModeration"):
        raise ValueError(f"feature_config is for adapters; {hint}")
    if given.get("Feature", feature) != feature:
        raise ValueError(f"feature must be that of the project, {told(feature)}, not {told(given['Feature'])}")


_OF_ADAPTERS = frozenset(
    {
        st.TRAINING_IN_PROGRESS,
        st.TRAINING_COMPLETED,
        st.TRAINING_FAILED,
        st.DELETING,
        st.DEPRECATED,
        st.EXPIRED,
    }
)


def check_end(given: Mapping[str, Any], created_ms: int) -> None:
    """Refuse a training that ended before the version was created."""
    ended = given.get("TrainingEndTimestamp")
    if ended is not None and round(ended * 1000) < created_ms:
        raise ValueError("training_end_timestamp lies before the creation of the version")


KEYWORD_OF: dict[str, str] = {member: keyword for keyword, member in KEYWORDS.items()}


def _keyword(member: str, keywords: Mapping[str, Any]) -> str:
    if member == "EvaluationResult" and "evaluation_result" not in keywords:
        return "f1_score" if keywords.get("f1_score") is not None else "label_f1_scores"
    return KEYWORD_OF[member]


def _f1(score: object, keyword: str = "f1_score") -> float:
    name = keyword if keyword.endswith(("f1_score", "f1_scores")) else f"{keyword}.F1Score"
    if isinstance(score, bool) or not isinstance(score, (int, float)):
        raise TypeError(f"{name} must be a number from 0 to 1, not {told(score)}")
    if not 0 <= score <= 1:
        raise ValueError(f"{name} must be a number from 0 to 1, not {told(score)}")
    return score


def _label_f1_scores(scores: object) -> dict[str, float]:
    """Return the F1 scores of labels; an empty dict for None."""
    if scores is None:
        return {}
    if not isinstance(scores, Mapping) or not scores or not all(isinstance(label, str) for label in scores):
        raise TypeError(f"label_f1_scores must be a dict like {{'cat': 0.9}}, not {told(scores)}")
    return {label: _f1(score, "label_f1_scores") for label, score in scores.items()}


def epoch_ms(value: object, keyword: str) -> int:
    """Return a time as epoch milliseconds, from an aware datetime or a number of epoch seconds."""
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(f"{keyword} needs a time zone, e.g. {value.replace(tzinfo=timezone.utc)!r}")
        return round(value.timestamp() * 1000)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{keyword} must be an aware datetime or a number of epoch seconds, not {told(value)}")
    if not 0 <= value * 1000 <= LAST_MS:  # NaN is not either
        raise ValueError(f"{keyword} must lie between the years 1970 and 9999, not {told(value)}")
    return round(value * 1000)


def plan(
    operation: str,
    *,
    status: str | None,
    statuses: Sequence[str] | None,
    seconds: float | None,
    keywords: Mapping[str, Any],
    method: str,
) -> Transition:
    """Return how something that *operation* begins will go, from what the user says of it."""
    kind = TRANSITION_SPECS[operation]
    if status is not None and statuses is not None:
        raise TypeError("give either status= (the last one) or statuses= (every one), not both")
    possible = (kind.transitional, *(end for end in kind.outcomes if end != st.DELETED))
    if statuses is not None:
        if seconds is not None:
            raise TypeError("statuses= goes on by one step per description; seconds= is for a single status=")
        steps = check_statuses(None, statuses, among=possible)
        length = None
    else:
        steps, length = _by_time(kind, status, seconds, possible)
    if operation == "delete_project" and any(value is not None for value in keywords.values()):
        raise TypeError("a project has no members to set: delete_project takes status= or seconds= alone")
    if kind.transitional in st.DATASET_STATUSES:
        return Transition(steps, length, dataset_members(keywords, method))
    fixed = ("creation_timestamp", "training_end_timestamp")
    shown = [step for step in steps if step != st.DELETED]
    return Transition(steps, length, members(keywords, shown, method, fixed=fixed))


def _by_time(
    kind: TransitionSpec, status: str | None, seconds: object, possible: tuple[str, ...]
) -> tuple[tuple[str, ...], float | None]:
    if seconds is not None:
        if isinstance(seconds, bool) or not isinstance(seconds, (int, float)):
            raise TypeError(f"seconds must be a number of virtual seconds, not {told(seconds)}")
        if not 0 <= seconds <= 1e10:
            raise ValueError(f"seconds must be a number from 0 (at most 1e10), not {told(seconds)}")
    last = kind.outcomes[0] if status is None else check_status(status, among=possible)
    if last == kind.transitional:
        if seconds is not None:
            raise ValueError(f"{last} never ends, so seconds= says nothing; name the status that it ends with")
        return (last,), None
    return (kind.transitional, last), kind.seconds if seconds is None else seconds


def labels(value: object) -> list[dict[str, Any]]:
    """Return labels as DetectCustomLabels shows them; raises TypeError or ValueError for what it could not show."""
    if isinstance(value, (str, bytes, Mapping)) or not isinstance(value, Sequence):
        raise TypeError(f"labels must be a list like [{{'Name': 'cat', 'Confidence': 98.5}}], not {told(value)}")
    result = []
    for label in value:
        if not isinstance(label, Mapping):
            raise TypeError(f"a label must be a dict like {{'Name': 'cat', 'Confidence': 98.5}}, not {told(label)}")
        for name in ("Name", "Confidence"):
            if name not in label:
                raise ValueError(f"a label needs a {told(name)}: {told(dict(label))}")
        _check_names(label, load("custom_label"), f"label {told(dict(label))}")
        for problem in problems("custom_label", dict(label)):
            where = f"{problem.path}: " if problem.path else ""
            raise ValueError(f"label {told(dict(label))}: {where}{problem.message}")
        result.append(deepcopy(dict(label)))
    return result
