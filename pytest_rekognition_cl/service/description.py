"""The one renderer of ProjectVersionDescription: which members a status shows, and what is in them.

Presets, trainings and copies all pass through :func:`render`. Sources: the ProjectVersionDescription page, the official
example answer of DescribeProjectVersions, captured answers of a model in training (2020) and of stopped ones (2026).
"""

from __future__ import annotations

import hashlib
import zlib

from . import statuses as st
from .errors import to_json
from .lifecycle import Members, StatusProgression, Version
from .validation import load

#: The members in the order of the page.
ORDER = tuple(load("project_version_description")["properties"])
#: Statuses in which a started model shows its inference units although no request gave them.
_STARTED = frozenset({st.STARTING, st.RUNNING, st.STOPPING, st.FAILED})
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

#: Billable time : wall time in percent, of the five trainings that were captured (2023, 2026).
_BILLABLE_PERCENT = (88, 116, 149, 164, 210)


def render_json(version: Version, status: str, progression: StatusProgression) -> str:
    """Return the description as JSON. It depends on what it is given alone: with another progression on the version."""
    return to_json(render(version, status))


def render(version: Version, status: str) -> Members:
    """Return the description of *version* in *status*, by AWS's names, ready for JSON (timestamps in epoch seconds)."""
    given, is_adapter = version.overrides, version.project.feature == "CONTENT_MODERATION"
    is_deleted = status == st.DELETING
    had = version.status_before_deletion if is_deleted else status  # its results stay until the end
    allowed = MEMBERS[had] | _UNITS if is_deleted else MEMBERS[had]
    has_results = "EvaluationResult" in allowed
    is_validated = has_results or (had == st.TRAINING_FAILED and _was_validated(version, status))
    prefix = f"evaluation/{version.project.arn}"
    output = given.get("OutputConfig", {"S3Bucket": _console_bucket(version), "S3KeyPrefix": prefix})
    shown = {
        "MinInferenceUnits": 1 if status in _STARTED else None,
        "StatusMessage": st.MESSAGES[status],
        "Feature": version.project.feature if is_adapter else None,
        "BaseModelVersion": "7.0" if is_adapter else None,  # no source tells its form
        "ManifestSummary": _s3_object(version, output, "ManifestSummary") if is_validated else None,
        **(_times(version) if "SourceProjectVersionArn" not in given else {}),  # a copy is not trained itself
        **given,
        "ProjectVersionArn": version.arn,
        "CreationTimestamp": version.created_ms / 1000,
        "Status": status,
        "OutputConfig": output,
        "TrainingDataResult": _data_result(version, output, "Training", has_results, is_validated),
        "TestingDataResult": _data_result(version, output, "Testing", has_results, is_validated),
    }
    if status != version.progression.last_shown:  # to which a message that was given belongs
        shown["StatusMessage"] = st.MESSAGES[status]
    if has_results:
        summary = _s3_object(version, output, "EvaluationResultSummary")
        shown["EvaluationResult"] = {"F1Score": 1.0, "Summary": summary, **given.get("EvaluationResult", {})}
    return {member: shown[member] for member in ORDER if member in allowed and shown.get(member) is not None}


def _was_validated(version: Version, status: str) -> bool:
    """Tell whether a failed training got as far as writing its validation results."""
    message = version.overrides.get("StatusMessage") if status == st.TRAINING_FAILED else version.failure_message
    # The message of a failure that says nothing is about the manifest file.
    if st.content_error_code(message or "") or "ManifestSummary" in version.overrides:
        return True
    return any("Validation" in version.overrides.get(f"{kind}DataResult", {}) for kind in ("Training", "Testing"))


def _times(version: Version) -> dict[str, float]:
    end = end_ms(version)
    # Never the wall time in what was captured; fixed for a version, so that a test can count on neither.
    percent = _BILLABLE_PERCENT[zlib.crc32(version.arn.encode()) % len(_BILLABLE_PERCENT)]
    billable = -((version.created_ms - end) * percent // 100_000)  # rounded up
    return {"TrainingEndTimestamp": end / 1000, "BillableTrainingTimeInSeconds": billable}


def end_ms(version: Version) -> int:
    """Return when the training ended: never before it began."""
    override: float | None = version.overrides.get("TrainingEndTimestamp")
    if override is not None:
        return round(override * 1000)
    reached = None if version.training is None else version.training.reached_ms
    return max(version.created_ms, version.default_training_end_ms if reached is None else reached)


def _data_result(version: Version, output: Members, kind: str, has_results: bool, is_validated: bool) -> Members:
    given = version.overrides.get(f"{kind}DataResult", {})
    is_test = kind == "Testing"
    result = {"Input": given.get("Input", {"AutoCreate": False} if is_test else {})}
    if has_results:
        made = {"Assets": [{"GroundTruthManifest": _s3_object(version, output, f"{kind}GroundTruth")}]}
        if is_test:
            made["AutoCreate"] = result["Input"].get("AutoCreate", False)
        result["Output"] = given.get("Output", made)
    if is_validated:
        manifest = _s3_object(version, output, f"{kind}ManifestWithValidation")
        result["Validation"] = given.get("Validation", {"Assets": [{"GroundTruthManifest": manifest}]})
    return result


def _s3_object(version: Version, output: Members, kind: str) -> Members:
    """Return where a training writes its result *kind*: ``<prefix>/<kind>-<project>-<version>.json`` (as captured)."""
    prefix = output.get("S3KeyPrefix", "").rstrip("/")
    name = f"{kind}-{version.project.name}-{version.name}.json"
    path = f"{prefix}/{name}" if prefix else name
    # S3's keys have at most 1024 characters; what the service makes of a prefix that leaves no room is not documented.
    return {"S3Object": {"Bucket": output.get("S3Bucket") or _console_bucket(version), "Name": path[-1024:]}}


def _console_bucket(version: Version) -> str:
    """Return the bucket that the console makes for an account and Region, where no request has named one."""
    parts = version.project.parts
    digest = hashlib.sha256(f"{parts.account}/{parts.region}".encode()).hexdigest()[:10]
    return f"custom-labels-console-{parts.region}-{digest}"
