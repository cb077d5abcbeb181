"""What a training writes to its output bucket: the summary of the evaluation, manifests, the manifest summary.

Sources: the Custom Labels developer guide, "Training results summary file", "Understanding the manifest summary" and
"Understanding training and testing validation result manifests".
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timezone
from typing import Any

from . import statuses as st
from .description import end_ms, render
from .lifecycle import Version
from .manifests import Entries, Entry, s3_place, split
from .store import Store

Known = tuple[Entry, ...]
#: The least confidence that a label needs, for all labels alike; the service finds one for each.
_THRESHOLD = 0.5
_MEASURES = ("F1Score", "Precision", "Recall")


def training_entries(store: Store, version: Version) -> tuple[Entries, Entries]:
    """Return the entries, where known, of the manifests in the request, else those of the project's datasets."""
    given = [version.overrides.get(f"{kind}DataResult", {}).get("Input", {}) for kind in ("Training", "Testing")]
    if any(data.get("Assets") or data.get("AutoCreate") for data in given):
        assets = [(data.get("Assets") or [{}])[0] for data in given]
        places = [s3_place(asset.get("GroundTruthManifest", {})) or ("", "") for asset in assets]
        training, testing = (store.manifests.get(place) for place in places)
        return split(training) if given[1].get("AutoCreate") else (training, testing)
    datasets = version.project.datasets
    for dataset in datasets.values():
        dataset.status(store.now())  # what has come to its end by now has its new entries
    training, testing = (datasets[kind].entries if kind in datasets else None for kind in ("TRAIN", "TEST"))
    return training, testing


def result_files(store: Store, version: Version, now: int) -> dict[tuple[str, str], bytes]:
    """Return the objects that the description of *version* says a training has written: (bucket, key) -> content."""
    description = render(version, version.status(now))
    training, testing = (entries or () for entries in version.data or training_entries(store, version))
    files: dict[tuple[str, str], bytes] = {}

    def write(target: dict[str, Any], content: str) -> None:
        if place := s3_place(target):
            files[place] = content.encode()

    for kind, entries in (("Training", training), ("Testing", testing)):
        result = description[f"{kind}DataResult"]
        for part, chosen in (("Output", [e for e in entries if e.is_used]), ("Validation", [*entries])):
            for asset in result.get(part, {}).get("Assets", ()):
                write(asset.get("GroundTruthManifest", {}), "".join(f"{entry.text}\n" for entry in chosen))
    if "ManifestSummary" in description:
        message = version.failure_message or description["StatusMessage"]
        code = st.content_error_code(message)
        summary = {
            "statistics": {"training": _statistics(training), "testing": _statistics(testing)},
            "errors": [] if code is None else [{"code": code, "message": message}],
        }
        write(description["ManifestSummary"], json.dumps(summary, indent=2))
    if "EvaluationResult" in description:
        result = description["EvaluationResult"]
        summary = _evaluation(version, result["F1Score"], training, testing)
        write(result.get("Summary", {}), json.dumps(summary, indent=2))
    return files


def _evaluation(version: Version, f1_score: float, training: Known, testing: Known) -> dict[str, Any]:
    """Return the summary file: precision and recall are what makes the F1 score, each of them equal to it."""
    by_label: dict[str, float] = version.overrides.get("LabelF1Scores", {})
    trained, tested = ([entry for entry in entries if entry.is_used] for entries in (training, testing))
    labels = sorted({label for entry in trained for label in entry.labels} | set(by_label))
    scores = {label: by_label.get(label, f1_score) for label in labels}
    images = Counter(label for entry in tested for label in entry.labels)
    aggregated: dict[str, Any] = dict.fromkeys(_MEASURES, f1_score)
    if _use_case(training) == "OBJECT_LOCALIZATION":
        aggregated |= {"AveragePrecision": f1_score, "AverageRecall": f1_score}
    else:
        aggregated = {"ConfusionMatrix": _confusion_matrix(scores), **aggregated}
    ended = datetime.fromtimestamp(end_ms(version) / 1000, timezone.utc).replace(tzinfo=None)
    return {
        "Version": 1,
        "AggregatedEvaluationResults": aggregated,
        "EvaluationDetails": {
            "EvaluationEndTimestamp": ended.isoformat(timespec="microseconds"),
            "Labels": labels,
            "NumberOfTestingImages": len(tested),
            "NumberOfTrainingImages": len(trained),
            "ProjectVersionArn": version.arn,
        },
        "LabelEvaluationResults": [
            {
                "Label": label,
                "Metrics": {**dict.fromkeys(_MEASURES, score), "Threshold": _THRESHOLD},
                "NumberOfTestingImages": images[label],
            }
            for label, score in sorted(scores.items(), key=lambda item: -item[1])
        ],
    }


def _confusion_matrix(recalls: dict[str, float]) -> list[dict[str, Any]]:
    """Return the matrix in which each label is taken for every other one equally often."""
    rest = max(1, len(recalls) - 1)
    return [
        {"GroundTruthLabel": truth, "PredictedLabel": label, "Value": recall if label == truth else (1 - recall) / rest}
        for truth, recall in recalls.items()
        for label in recalls
    ]


def _use_case(entries: Known) -> str:
    boxes, images = sum(bool(e.box_labels) for e in entries), sum(bool(e.image_labels) for e in entries)
    return "OBJECT_LOCALIZATION" if boxes > images else "IMAGE_LEVEL_LABELS" if images else "NOT_DETERMINED"


def _statistics(entries: Known) -> dict[str, Any]:
    wrong = [number for number, entry in enumerate(entries, 1) if entry.has_errors]
    used = sum(entry.is_used for entry in entries)
    return {
        "use_case": _use_case(entries),
        "total_json_lines": len(entries),
        "valid_json_lines": used,
        "invalid_json_lines": len(wrong),
        "ignored_json_lines": len(entries) - used - len(wrong),
        "error_json_line_indices": wrong,
        "errors": [],
    }
