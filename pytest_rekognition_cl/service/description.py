"""The one renderer of ProjectVersionDescription: a table says which members a status shows.

Presets, trainings and copies all pass through :func:`render`. Sources: the ProjectVersionDescription page, the official
example answer of DescribeProjectVersions, captured answers of a model in training (2020) and of stopped ones (2026).
Members keep the order of the page.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from . import statuses as st
from .lifecycle import StatusProgression, Version

#: Statuses in which a started model shows its inference units although no request gave them.
_STARTED = frozenset({st.STARTING, st.RUNNING, st.STOPPING, st.FAILED})
#: Longest key of an S3 object, in characters.
_LONGEST_KEY = 1024
#: No source tells the form of an adapter's base model version.
_BASE_MODEL_VERSION = "7.0"
#: Billable time : wall time in percent, of the five trainings that were captured (2023, 2026).
_BILLABLE_PERCENT = (88, 116, 149, 164, 210)


def render(version: Version, status: str) -> dict[str, Any]:
    """Return the description of *version* in *status*, by AWS's names, ready for JSON (timestamps in epoch seconds)."""
    allowed = MEMBERS[_results_status(version, status)]
    if status == st.DELETING:
        allowed |= _UNITS
    description: dict[str, Any] = {}
    for member, make in _RENDERERS.items():
        given = version.overrides.get(member)
        value = make(version, status, given) if make and member in allowed else given
        if value is not None and member in allowed:
            description[member] = value
    return description


def render_json(version: Version, status: str, progression: StatusProgression) -> str:
    """Return the description as JSON. It depends on what it is given alone: with another progression on the version."""
    return json.dumps(render(version, status), separators=(",", ":"))


def s3_object(output: dict[str, Any], kind: str, version: Version) -> dict[str, Any]:
    """Return where a training writes its result *kind*: ``<prefix>/<kind>-<project>-<version>.json`` (as captured)."""
    prefix = output.get("S3KeyPrefix", "").rstrip("/")
    name = f"{kind}-{version.project.name}-{version.name}.json"
    path = f"{prefix}/{name}" if prefix else name
    parts = version.project.parts
    bucket = output.get("S3Bucket") or _console_bucket(parts.account, parts.region)
    # S3 has no longer keys; what the service makes of a prefix that leaves no room is not documented.
    return {"S3Object": {"Bucket": bucket, "Name": path[-_LONGEST_KEY:]}}


@lru_cache(maxsize=64)
def _console_bucket(account: str, region: str) -> str:
    """Return the bucket that the console makes for an account and Region, where no request has named one."""
    return f"custom-labels-console-{region}-{hashlib.sha256(f'{account}/{region}'.encode()).hexdigest()[:10]}"


def output_config(version: Version) -> dict[str, Any]:
    """Return where the results are: as the request said, or in the bucket that the console makes."""
    given: dict[str, Any] | None = version.overrides.get("OutputConfig")
    if given is None:
        parts, prefix = version.project.parts, f"evaluation/{version.project.arn}"
        return {"S3Bucket": _console_bucket(parts.account, parts.region), "S3KeyPrefix": prefix}
    return given


def end_ms(version: Version) -> int:
    """Return when the training ended: never before it began."""
    override: float | None = version.overrides.get("TrainingEndTimestamp")
    if override is not None:
        return round(override * 1000)
    reached = None if version.training is None else version.training.reached_ms
    return max(version.created_ms, version.default_training_end_ms if reached is None else reached)


def _results_status(version: Version, status: str) -> str:
    """Return the status that tells which results there are: a version that is being deleted keeps those it had."""
    return version.status_before_deletion if status == st.DELETING else status


def _has_results(version: Version, status: str) -> bool:
    return "EvaluationResult" in MEMBERS[_results_status(version, status)]


def _is_validated(version: Version, status: str) -> bool:
    """Tell whether the training got as far as writing its validation results."""
    if _results_status(version, status) != st.TRAINING_FAILED:
        return _has_results(version, status)
    message = version.overrides.get("StatusMessage") if status == st.TRAINING_FAILED else version.failure_message
    # The message of a failure that says nothing is about the manifest file.
    if st.content_error_code(message or "") or "ManifestSummary" in version.overrides:
        return True
    return any("Validation" in version.overrides.get(f"{kind}DataResult", {}) for kind in ("Training", "Testing"))


def _data_result(version: Version, status: str, kind: str, given: dict[str, Any] | None) -> dict[str, Any]:
    given, output = given or {}, output_config(version)
    is_test = kind == "Testing"
    result = {"Input": given.get("Input", {"AutoCreate": False} if is_test else {})}
    if _has_results(version, status):
        made = {"Assets": [{"GroundTruthManifest": s3_object(output, f"{kind}GroundTruth", version)}]}
        if is_test:
            made["AutoCreate"] = result["Input"].get("AutoCreate", False)
        result["Output"] = given.get("Output", made)
    if _is_validated(version, status):
        manifest = s3_object(output, f"{kind}ManifestWithValidation", version)
        result["Validation"] = given.get("Validation", {"Assets": [{"GroundTruthManifest": manifest}]})
    return result


def _evaluation(version: Version, status: str, given: dict[str, Any] | None) -> dict[str, Any]:
    made = {"F1Score": 1.0, "Summary": s3_object(output_config(version), "EvaluationResultSummary", version)}
    return {**made, **(given or {})}


def _billable(version: Version, status: str, given: int | None) -> int | None:
    if given is not None or "SourceProjectVersionArn" in version.overrides:
        return given
    # Never the wall time in what was captured; fixed for a version, so that a test can count on neither.
    percent = _BILLABLE_PERCENT[zlib.crc32(version.arn.encode()) % len(_BILLABLE_PERCENT)]
    return -((version.created_ms - end_ms(version)) * percent // 100_000)  # rounded up


def _end(version: Version, status: str, given: float | None) -> float | None:
    # A copy was not trained itself: the training of its source ended before the copy was created.
    is_copy = "SourceProjectVersionArn" in version.overrides
    return None if given is None and is_copy else end_ms(version) / 1000


def _manifest_summary(version: Version, status: str, given: Any) -> Any:
    if given is None and _is_validated(version, status):
        return s3_object(output_config(version), "ManifestSummary", version)
    return given


def _of_adapter(version: Version, value: str) -> str | None:
    return value if version.project.feature == "CONTENT_MODERATION" else None


def _message(version: Version, status: str, given: str | None) -> str:
    # A message that was given belongs to the last status; the ones before have their own.
    return st.MESSAGES[status] if given is None or status != version.progression.last_shown else given


#: The members in the order of the page; what makes each of the version, its status and what was given, None: as given.
_RENDERERS: dict[str, Callable[[Version, str, Any], Any] | None] = {
    "ProjectVersionArn": lambda version, status, given: version.arn,
    "CreationTimestamp": lambda version, status, given: version.created_ms / 1000,
    "MinInferenceUnits": lambda version, status, given: given or (1 if status in _STARTED else None),
    "Status": lambda version, status, given: status,
    "StatusMessage": _message,
    "BillableTrainingTimeInSeconds": _billable,
    "TrainingEndTimestamp": _end,
    "OutputConfig": lambda version, status, given: output_config(version),
    "TrainingDataResult": lambda version, status, given: _data_result(version, status, "Training", given),
    "TestingDataResult": lambda version, status, given: _data_result(version, status, "Testing", given),
    "EvaluationResult": _evaluation,
    "ManifestSummary": _manifest_summary,
    "KmsKeyId": None,
    "MaxInferenceUnits": None,
    "SourceProjectVersionArn": None,
    "VersionDescription": None,
    "Feature": lambda version, status, given: given or _of_adapter(version, version.project.feature),
    "BaseModelVersion": lambda version, status, given: given or _of_adapter(version, _BASE_MODEL_VERSION),
    "FeatureConfig": None,
}
ORDER = tuple(_RENDERERS)

_UNITS = frozenset({"MinInferenceUnits", "MaxInferenceUnits"})
_OF_FAILED = frozenset({"TrainingEndTimestamp", "ManifestSummary"})
_RESULTS = _OF_FAILED | {"BillableTrainingTimeInSeconds", "EvaluationResult"}
_BASE = frozenset(ORDER) - _UNITS - _RESULTS
#: Status -> the members that a description may have in it.
MEMBERS: dict[str, frozenset[str]] = {
    **dict.fromkeys(st.ALL, _BASE | _RESULTS),
    **dict.fromkeys((st.TRAINING_IN_PROGRESS, st.COPYING_IN_PROGRESS, st.COPYING_FAILED), _BASE),
    **dict.fromkeys((*_STARTED, st.DELETING), _BASE | _RESULTS | _UNITS),
    st.TRAINING_FAILED: _BASE | _OF_FAILED,
}
