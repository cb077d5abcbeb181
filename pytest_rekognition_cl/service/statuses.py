"""The statuses of project versions and datasets, what each says, and the documented ways in which a training fails.

Sources of the statuses: the pages ProjectVersionDescription and DatasetDescription. Messages marked "captured" were
read off real answers or official examples; no source was found for the others (docs/fidelity.md, "Not verified").
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

CREATE_IN_PROGRESS: Final = "CREATE_IN_PROGRESS"
CREATE_COMPLETE: Final = "CREATE_COMPLETE"
CREATE_FAILED: Final = "CREATE_FAILED"
UPDATE_IN_PROGRESS: Final = "UPDATE_IN_PROGRESS"
UPDATE_COMPLETE: Final = "UPDATE_COMPLETE"
UPDATE_FAILED: Final = "UPDATE_FAILED"
DELETE_IN_PROGRESS: Final = "DELETE_IN_PROGRESS"

#: Status of a dataset -> StatusMessage and StatusMessageCode that the service shows with it.
DATASET_MESSAGES: Final[dict[str, tuple[str, str]]] = {
    CREATE_IN_PROGRESS: ("The dataset is being created.", "SUCCESS"),
    CREATE_COMPLETE: ("The dataset was successfully created from the manifest file.", "SUCCESS"),  # documented
    CREATE_FAILED: ("The manifest file extension or contents are invalid.", "CLIENT_ERROR"),  # documented, one of many
    UPDATE_IN_PROGRESS: ("The dataset is being updated.", "SUCCESS"),
    UPDATE_COMPLETE: ("The dataset was successfully updated.", "SUCCESS"),
    UPDATE_FAILED: ("The manifest file contains images from multiple S3 buckets.", "CLIENT_ERROR"),  # captured
    DELETE_IN_PROGRESS: ("The dataset is being deleted.", "SUCCESS"),
}
DATASET_STATUSES: Final = tuple(DATASET_MESSAGES)

#: Statuses that end by themselves: the model or the dataset is on its way to another one.
_ENDINGS = ("_IN_PROGRESS", "STARTING", "STOPPING", "DELETING")
TRANSITIONAL: Final = frozenset(status for status in (*ALL, *DATASET_STATUSES) if status.endswith(_ENDINGS))

#: Not a status: the end of a deletion, after which the resource is no longer listed.
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


#: Code in the manifest summary -> the message, for the errors of a manifest's content.
_CONTENT_ERRORS: Final = {
    "ERROR_TOO_MANY_INVALID_ROWS_IN_MANIFEST": TrainingFailure.TOO_MANY_INVALID_ROWS,
    "ERROR_IMAGES_IN_MULTIPLE_S3_BUCKETS": TrainingFailure.MULTIPLE_BUCKETS,
    "ERROR_INVALID_PERMISSIONS_IMAGES_S3_BUCKET": TrainingFailure.IMAGES_BUCKET_PERMISSIONS,
    "ERROR_INVALID_IMAGES_S3_BUCKET_OWNER": TrainingFailure.IMAGES_BUCKET_OWNER,
    "ERROR_INSUFFICIENT_IMAGES_PER_LABEL_FOR_AUTOSPLIT": TrainingFailure.TOO_FEW_IMAGES_FOR_SPLIT,
    "ERROR_MANIFEST_TOO_FEW_LABELS": TrainingFailure.TOO_FEW_LABELS,
    "ERROR_MANIFEST_TOO_MANY_LABELS": TrainingFailure.TOO_MANY_LABELS,
    "ERROR_INSUFFICIENT_LABEL_OVERLAP": TrainingFailure.LABEL_OVERLAP,
    "ERROR_MANIFEST_TOO_FEW_USABLE_LABELS": TrainingFailure.TOO_FEW_USABLE_LABELS,
    "ERROR_INSUFFICIENT_USABLE_LABEL_OVERLAP": TrainingFailure.USABLE_LABEL_OVERLAP,
    "ERROR_FAILED_IMAGES_S3_COPY": TrainingFailure.COPY_FAILED,
}


def is_training_failure(message: str) -> bool:
    return message in vars(TrainingFailure).values() or content_error_code(message) is not None


def content_error_code(message: str) -> str | None:
    """Return the manifest summary's code for an error of the manifest's content, after which there is a validation."""
    patterns = {code: re.escape(text).replace(re.escape("{}"), ".+") for code, text in _CONTENT_ERRORS.items()}
    return next((code for code, pattern in patterns.items() if re.fullmatch(pattern, message)), None)
