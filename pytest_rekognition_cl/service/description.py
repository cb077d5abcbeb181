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
from typing import Any

from . import statuses as st
from .lifecycle import StatusProgression, Version

_ALWAYS = frozenset(
    {
        "ProjectVersionArn",
        "CreationTimestamp",
        "Status",
        "StatusMessage",
        "OutputConfig",
        "TrainingDataResult",
        "TestingDataResult",
    }
)
_OPTIONAL = frozenset(
    {"KmsKeyId", "SourceProjectVersionArn", "VersionDescription", "Feature", "BaseModelVersion", "FeatureConfig"}
)
_ENDED = frozenset({"TrainingEndTimestamp"})
_VALIDATED = frozenset({"ManifestSummary"})
_RESULTS = _ENDED | _VALIDATED | {"BillableTrainingTimeInSeconds", "EvaluationResult"}
_UNITS = frozenset({"MinInferenceUnits", "MaxInferenceUnits"})

_BASE = _ALWAYS | _OPTIONAL
#: Status -> the members that a description may have in it.
MEMBERS: dict[str, frozenset[str]] = {
    st.TRAINING_IN_PROGRESS: _BASE,
    st.TRAINING_COMPLETED: _BASE | _RESULTS,
    st.TRAINING_FAILED: _BASE | _ENDED | _VALIDATED,
    st.STARTING: _BASE | _RESULTS | _UNITS,
    st.RUNNING: _BASE | _RESULTS | _UNITS,
    st.FAILED: _BASE | _RESULTS | _UNITS,
    st.STOPPING: _BASE | _RESULTS | _UNITS,
    st.STOPPED: _BASE | _RESULTS,
    st.DELETING: _BASE | _RESULTS | _UNITS,
    st.COPYING_IN_PROGRESS: _BASE,
    st.COPYING_COMPLETED: _BASE | _RESULTS,
    st.COPYING_FAILED: _BASE,
    st.DEPRECATED: _BASE | _RESULTS,
    st.EXPIRED: _BASE | _RESULTS,
}
#: Statuses in which a started model shows its inference units although no request gave them.
_STARTED = frozenset({st.STARTING, st.RUNNING, st.STOPPING, st.FAILED})
#: The members in the order of the page.
ORDER = (
    "ProjectVersionArn",
    "CreationTimestamp",
    "MinInferenceUnits",
    "Status",
    "StatusMessage",
    "BillableTrainingTimeInSeconds",
    "TrainingEndTimestamp",
    "OutputConfig",
    "TrainingDataResult",
    "TestingDataResult",
    "EvaluationResult",
    "ManifestSummary",
    "KmsKeyId",
    "MaxInferenceUnits",
    "SourceProjectVersionArn",
    "VersionDescription",
    "Feature",
    "BaseModelVersion",
    "FeatureConfig",
)
#: No source tells the form of an adapter's base model version.
_BASE_MODEL_VERSION = "7.0"


def render(version: Version, status: str) -> dict[str, Any]:
    """Return the description of *version* in *status*, by AWS's names, ready for JSON (timestamps in epoch seconds)."""
    allowed = MEMBERS[_results_status(version, status)]
    if status == st.DELETING:
        allowed |= _UNITS
    description: dict[str, Any] = {}
    for member in ORDER:
        if member in allowed:
            value = _RENDERERS[member](version, status) if member in _RENDERERS else version.overrides.get(member)
            if value is not None:
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
    bucket = output.get("S3Bucket") or _console_bucket(version)
    # S3 has no longer keys; what the service makes of a prefix that leaves no room is not documented.
    return {"S3Object": {"Bucket": bucket, "Name": path[-_LONGEST_KEY:]}}


#: Longest key of an S3 object, in characters.
_LONGEST_KEY = 1024


def _console_bucket(version: Version) -> str:
    """Return the bucket that the console makes for an account and Region, where no request has named one."""
    parts = version.project.parts
    digits = hashlib.sha256(f"{parts.account}/{parts.region}".encode()).hexdigest()[:10]
    return f"custom-labels-console-{parts.region}-{digits}"


def output_config(version: Version) -> dict[str, Any]:
    """Return where the results are: as the request said, or in the bucket that the console makes."""
    override: dict[str, Any] | None = version.overrides.get("OutputConfig")
    if override is not None:
        return override
    return {
        "S3Bucket": _console_bucket(version),
        "S3KeyPrefix": f"evaluation/{version.project.arn}",
    }


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
    if (message is not None and st.is_content_error(message)) or "ManifestSummary" in version.overrides:
        return True
    return any("Validation" in version.overrides.get(f"{kind}DataResult", {}) for kind in ("Training", "Testing"))


def _is_copy(version: Version) -> bool:
    return "SourceProjectVersionArn" in version.overrides


def _message(version: Version, status: str) -> str:
    override: str | None = version.overrides.get("StatusMessage")
    # A message that was given belongs to the last status; the ones before have their own.
    return override if override is not None and status == version.progression.last_shown else st.MESSAGES[status]


def _data_result(version: Version, status: str, *, training: bool) -> dict[str, Any]:
    kind = "Training" if training else "Testing"
    override = version.overrides.get(f"{kind}DataResult", {})
    output = output_config(version)
    default_input: dict[str, Any] = {} if training else {"AutoCreate": False}
    result = {"Input": override.get("Input", default_input)}
    if _has_results(version, status):
        made = {"Assets": [{"GroundTruthManifest": s3_object(output, f"{kind}GroundTruth", version)}]}
        if not training:
            made["AutoCreate"] = result["Input"].get("AutoCreate", False)
        result["Output"] = override.get("Output", made)
    if _is_validated(version, status):
        manifest = s3_object(output, f"{kind}ManifestWithValidation", version)
        result["Validation"] = override.get("Validation", {"Assets": [{"GroundTruthManifest": manifest}]})
    return result


def _evaluation(version: Version, status: str) -> dict[str, Any]:
    override = version.overrides.get("EvaluationResult", {})
    summary = s3_object(output_config(version), "EvaluationResultSummary", version)
    return {"F1Score": override.get("F1Score", 1.0), "Summary": override.get("Summary", summary)}


#: Billable time : wall time in percent, of the five trainings that were captured (2023, 2026).
_BILLABLE_PERCENT = (88, 116, 149, 164, 210)


def _billable(version: Version, status: str) -> int | None:
    override: int | None = version.overrides.get("BillableTrainingTimeInSeconds")
    if override is not None or _is_copy(version):
        return override
    # Never the wall time in what was captured; fixed for a version, so that a test can count on neither.
    percent = _BILLABLE_PERCENT[zlib.crc32(version.arn.encode()) % len(_BILLABLE_PERCENT)]
    return -((version.created_ms - end_ms(version)) * percent // 100_000)  # rounded up


def _end(version: Version, status: str) -> float | None:
    # A copy was not trained itself: the training of its source ended before the copy was created.
    if _is_copy(version) and "TrainingEndTimestamp" not in version.overrides:
        return None
    return end_ms(version) / 1000


def _manifest_summary(version: Version, status: str) -> dict[str, Any] | None:
    if not _is_validated(version, status):
        return None
    made = s3_object(output_config(version), "ManifestSummary", version)
    summary: dict[str, Any] = version.overrides.get("ManifestSummary", made)
    return summary


def _min_units(version: Version, status: str) -> int | None:
    units: int | None = version.overrides.get("MinInferenceUnits", 1 if status in _STARTED else None)
    return units


def _feature(version: Version, status: str) -> str | None:
    adapter = version.project.feature == "CONTENT_MODERATION"
    return version.overrides.get("Feature", version.project.feature if adapter else None)


def _base_model(version: Version, status: str) -> str | None:
    adapter = version.project.feature == "CONTENT_MODERATION"
    return version.overrides.get("BaseModelVersion", _BASE_MODEL_VERSION if adapter else None)


_RENDERERS: dict[str, Callable[[Version, str], Any]] = {
    "ProjectVersionArn": lambda version, status: version.arn,
    "CreationTimestamp": lambda version, status: version.created_ms / 1000,
    "Status": lambda version, status: status,
    "StatusMessage": _message,
    "BillableTrainingTimeInSeconds": _billable,
    "TrainingEndTimestamp": _end,
    "OutputConfig": lambda version, status: output_config(version),
    "TrainingDataResult": lambda version, status: _data_result(version, status, training=True),
    "TestingDataResult": lambda version, status: _data_result(version, status, training=False),
    "EvaluationResult": _evaluation,
    "ManifestSummary": _manifest_summary,
    "MinInferenceUnits": _min_units,
    "Feature": _feature,
    "BaseModelVersion": _base_model,
}
