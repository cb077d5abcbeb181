"""The fourteen statuses of a project version, what each says, and the documented ways in which a training fails.

Source of the statuses: the ProjectVersionDescription page. Messages marked "captured" were read off real answers or
official examples; no source was found for the others (docs/fidelity.md, "Not verified").
"""

from __future__ import annotations

import re
from typing import Final

TRAINING_IN_PROGRESS: Final = "TRAINING_IN_PROGRESS"
TRAINING_COMPLETED: Final = "TRAINING_COMPLETED"
TRAINING_FAILED: Final = "TRAINING_FAILED"
STARTING: Final = "STARTING"
RUNNING: Final = "RUNNING"
FAILED: Final = "FAILED"
STOPPING: Final = "STOPPING"
STOPPED: Final = "STOPPED"
DELETING: Final = "DELETING"
COPYING_IN_PROGRESS: Final = "COPYING_IN_PROGRESS"
COPYING_COMPLETED: Final = "COPYING_COMPLETED"
COPYING_FAILED: Final = "COPYING_FAILED"
DEPRECATED: Final = "DEPRECATED"
EXPIRED: Final = "EXPIRED"

#: Status -> StatusMessage that the service shows with it.
MESSAGES: Final[dict[str, str]] = {
    TRAINING_IN_PROGRESS: "The model is being trained.",  # captured
    TRAINING_COMPLETED: "The model is ready to run.",  # captured
    TRAINING_FAILED: "The manifest file extension or contents are invalid.",  # documented, one of many
    STARTING: "The model is starting.",
    RUNNING: "The model is running.",  # captured
    FAILED: "The model failed to start.",
    STOPPING: "The model is stopping.",
    STOPPED: "The model is ready for hosting.",  # captured
    DELETING: "The model is being deleted.",
    COPYING_IN_PROGRESS: "The model is being copied.",
    COPYING_COMPLETED: "The model is ready to run.",
    COPYING_FAILED: "The model could not be copied.",
    DEPRECATED: "The adapter was trained on an older base model.",
    EXPIRED: "The adapter has expired.",
}
ALL: Final = tuple(MESSAGES)

#: Statuses that end by themselves: the model is on its way to another one.
TRANSITIONAL: Final = frozenset({TRAINING_IN_PROGRESS, STARTING, STOPPING, DELETING, COPYING_IN_PROGRESS})

#: Not a status: the end of DELETING, after which the version is no longer listed.
DELETED: Final = "(deleted)"


class TrainingFailure:
    """The documented StatusMessages of TRAINING_FAILED, by name, for ``status_message=``.

    Source: the Custom Labels developer guide, "Terminal manifest file errors" and "Terminal manifest content errors".
    The first five are about the manifest *file*: no manifest summary and no validation manifests are written. The
    others are about its *content*: both are, and the description names them. Two have a number to fill in, e.g.
    ``TrainingFailure.LABEL_OVERLAP.format(20)``.
    """

    INVALID_MANIFEST: Final = "The manifest file extension or contents are invalid."
    EMPTY_MANIFEST: Final = "The manifest file is empty."
    MANIFEST_TOO_LARGE: Final = "The manifest file size exceeds the maximum supported size."
    OUTPUT_BUCKET_NOT_WRITABLE: Final = "Unable to write to output S3 bucket."
    BUCKET_PERMISSIONS: Final = "The S3 bucket permissions are incorrect."

    TOO_MANY_INVALID_ROWS: Final = "The manifest file contains too many invalid rows."
    MULTIPLE_BUCKETS: Final = "The manifest file contains images from multiple S3 buckets."
    IMAGES_BUCKET_PERMISSIONS: Final = "The permissions for the images S3 bucket are invalid."
    IMAGES_BUCKET_OWNER: Final = "Invalid owner id for images S3 bucket."
    TOO_FEW_IMAGES_FOR_SPLIT: Final = (
        "The manifest file contains insufficient labeled images per label to perform auto-split."
    )
    TOO_FEW_LABELS: Final = "The manifest file has too few labels."
    TOO_MANY_LABELS: Final = "The manifest file has too many labels."
    LABEL_OVERLAP: Final = "Less than {}% label overlap between the training and testing manifest files."
    TOO_FEW_USABLE_LABELS: Final = "The manifest file has too few usable labels."
    USABLE_LABEL_OVERLAP: Final = "Less than {}% usable label overlap between the training and testing manifest files."
    COPY_FAILED: Final = "Failed to copy images from S3 bucket."


_CONTENT_ERRORS: Final = tuple(
    re.compile(re.escape(text).replace(re.escape("{}"), r".+"))
    for text in (
        TrainingFailure.TOO_MANY_INVALID_ROWS,
        TrainingFailure.MULTIPLE_BUCKETS,
        TrainingFailure.IMAGES_BUCKET_PERMISSIONS,
        TrainingFailure.IMAGES_BUCKET_OWNER,
        TrainingFailure.TOO_FEW_IMAGES_FOR_SPLIT,
        TrainingFailure.TOO_FEW_LABELS,
        TrainingFailure.TOO_MANY_LABELS,
        TrainingFailure.LABEL_OVERLAP,
        TrainingFailure.TOO_FEW_USABLE_LABELS,
        TrainingFailure.USABLE_LABEL_OVERLAP,
        TrainingFailure.COPY_FAILED,
    )
)


_FILE_ERRORS: Final = (
    TrainingFailure.INVALID_MANIFEST,
    TrainingFailure.EMPTY_MANIFEST,
    TrainingFailure.MANIFEST_TOO_LARGE,
    TrainingFailure.OUTPUT_BUCKET_NOT_WRITABLE,
    TrainingFailure.BUCKET_PERMISSIONS,
)


def is_training_failure(message: str) -> bool:
    """Tell whether *message* is one that only TRAINING_FAILED has."""
    return message in _FILE_ERRORS or is_content_error(message)


def is_content_error(message: str) -> bool:
    """Tell whether a TRAINING_FAILED message is about the manifest's content, so that validation results exist."""
    return any(pattern.fullmatch(message) for pattern in _CONTENT_ERRORS)
