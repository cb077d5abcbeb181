"""The entries of datasets and manifests: JSON Lines, one an image, in the formats of SageMaker Ground Truth.

Sources: the Custom Labels developer guide, "Creating a manifest file", and "Non-terminal JSON Line validation errors"
for the errors; UpdateDatasetEntries and DistributeDatasetEntries of the API reference.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

#: The entries of a manifest, None for a manifest of which nobody has told the entries.
Entries = tuple["Entry", ...] | None

#: Longest JSON Line, in characters (the model's DatasetEntry).
_LONGEST_LINE = 100_000


def s3_place(container: dict[str, Any]) -> tuple[str, str] | None:
    """Return the bucket and the key of the S3Object that *container* has; None if they are not both told."""
    named = container.get("S3Object", {})
    return (named["Bucket"], named["Name"]) if {"Bucket", "Name"} <= named.keys() else None


@dataclass(frozen=True)
class Entry:
    """One JSON Line as ListDatasetEntries shows it: with an ``errors`` list where it is not valid."""

    text: str
    #: Where the image is; None for a line that does not say it.
    source_ref: str | None = None
    has_errors: bool = False
    #: The labels that are assigned to the whole image, those of bounding boxes, and all that the line names.
    image_labels: frozenset[str] = frozenset()
    box_labels: frozenset[str] = frozenset()
    declared: frozenset[str] = frozenset()

    @property
    def labels(self) -> frozenset[str]:
        return self.image_labels | self.box_labels

    @property
    def is_used(self) -> bool:
        """Whether a training uses the image: the line is valid, and has a label."""
        return not self.has_errors and bool(self.labels)


def read_lines(text: str) -> tuple[Entry, ...]:
    """Return the entries of a manifest; an entry takes the place of an earlier one of the same image."""
    return updated((), (read_entry(line) for line in text.split("\n") if line.strip()))


@lru_cache(maxsize=4096)
def read_entry(line: str) -> Entry:
    text = line.strip()
    try:
        content = json.loads(text) if len(text) <= _LONGEST_LINE else None
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        # "The JSON Line is replaced with a new JSON Line that contains only the error information."
        return _wrong({}, "ERROR_INVALID_JSON_LINE", "The JSON Line has an invalid format.")
    content.pop("errors", None)  # of an earlier validation
    if "source-ref" not in content:
        return _wrong(content, "ERROR_MISSING_SOURCE_REF", "The source-ref key is missing.")
    source = content["source-ref"]
    if not isinstance(source, str) or not re.match(r"s3://[^/]+/.", source, re.IGNORECASE):
        return _wrong(content, "ERROR_INVALID_SOURCE_REF_FORMAT", "The format of the source-ref value is invalid.")
    found = [(name, kind) for name, kind in _labels(content) if re.fullmatch(".{1,255}", name)]
    images, boxes = (frozenset(name for name, of in found if of == kind) for kind in ("image", "box"))
    return Entry(text, source, False, images, boxes, frozenset(name for name, _ in found))


def _wrong(content: dict[str, Any], code: str, message: str) -> Entry:
    text = json.dumps({**content, "errors": [{"code": code, "message": message}]})
    source = content.get("source-ref")
    return Entry(text, source if isinstance(source, str) else None, has_errors=True)


def _labels(content: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each label that a line names, with what it is assigned to: ``image``, ``box`` or ``nothing``."""
    for key, metadata in content.items():
        attribute = key.removesuffix("-metadata")
        if attribute == key or attribute not in content or not isinstance(metadata, dict):
            continue
        if metadata.get("type") == "groundtruth/image-classification" and isinstance(metadata.get("class-name"), str):
            yield metadata["class-name"], "image"
        elif metadata.get("type") == "groundtruth/object-detection" and isinstance(metadata.get("class-map"), dict):
            names = {number: name for number, name in metadata["class-map"].items() if isinstance(name, str)}
            yield from ((name, "nothing") for name in names.values())
            value = content[attribute]
            boxes = value.get("annotations") if isinstance(value, dict) else None
            for box in boxes if isinstance(boxes, list) else ():
                number = str(box.get("class_id")) if isinstance(box, dict) else None
                if number in names:
                    yield names[number], "box"


def updated(entries: Entries, changes: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return *entries* with *changes*: by the image that they are about, else at the end."""
    by_image: dict[object, Entry] = {entry.source_ref or object(): entry for entry in entries or ()}
    by_image.update({entry.source_ref or object(): entry for entry in changes})
    return tuple(by_image.values())


def split(entries: Entries) -> tuple[Entries, Entries]:
    """Return the entries that stay for training, and the 20 % that go to testing: every fifth, from the first."""
    if entries is None:
        return None, None
    return tuple(entry for index, entry in enumerate(entries) if index % 5), entries[::5]


def stats(entries: Entries) -> dict[str, int]:
    known = entries or ()
    return {
        "LabeledEntries": sum(bool(entry.labels) for entry in known),
        "TotalEntries": len(known),
        "TotalLabels": len({name for entry in known for name in entry.declared}),
        "ErrorEntries": sum(entry.has_errors for entry in known),
    }


def label_descriptions(entries: Entries) -> list[dict[str, Any]]:
    known = entries or ()
    images = Counter(name for entry in known for name in entry.labels)
    boxes = Counter(name for entry in known for name in entry.box_labels)
    return [
        {"LabelName": name, "LabelStats": {"EntryCount": images[name], "BoundingBoxCount": boxes[name]}}
        for name in sorted({name for entry in known for name in entry.declared})
    ]
