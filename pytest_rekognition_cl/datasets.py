"""Datasets and manifests that a test sets up: the handle of a dataset, and checks of what is said of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .errors import hide_frames as __tracebackhide__  # noqa: F401
from .members import check_status, dataset_members
from .messages.text import did_you_mean, safe_repr
from .service import RekognitionService
from .service import statuses as st
from .service.lifecycle import Dataset as StoredDataset
from .service.lifecycle import StatusProgression
from .service.manifests import Entries, read_lines

TYPES = ("TRAIN", "TEST")
#: What can be given as a manifest: its text, or its lines, each a JSON text or a dict.
Lines = str | Sequence[str | Mapping[str, Any]]


class Dataset:
    """A dataset that exists, made by ``add_dataset``."""

    __slots__ = ("_dataset", "_service")

    def __init__(self, service: RekognitionService, dataset: StoredDataset) -> None:
        self._service = service
        self._dataset = dataset

    def __repr__(self) -> str:
        return f"<Dataset {self.arn} {self.status}>"

    @property
    def arn(self) -> str:
        """The dataset's ARN."""
        return self._dataset.arn

    @property
    def dataset_type(self) -> str:
        """``"TRAIN"`` or ``"TEST"``."""
        return self._dataset.kind

    @property
    def status(self) -> str:
        """The status now, ``"(deleted)"`` for a dataset that is gone. Reading it changes nothing."""
        with self._service.lock:
            return self._dataset.status(self._service.now())

    @property
    def entries(self) -> tuple[str, ...] | None:
        """The JSON Lines, as ListDatasetEntries shows them; None where nobody has told them."""
        with self._service.lock:
            self._dataset.status(self._service.now())
            return None if self._dataset.entries is None else tuple(entry.text for entry in self._dataset.entries)

    def set_status(
        self, status: str, *, status_message: str | None = None, status_message_code: str | None = None
    ) -> None:
        """Put the dataset into *status* now, for good. Raises ValueError for a status or a code that does not exist."""
        check_status(status, among=st.DATASET_STATUSES)
        members = {"status_message": status_message, "status_message_code": status_message_code}
        given = dataset_members(members, "set_status")
        with self._service.lock:
            now = self._service.now()
            if self._dataset.status(now) == st.DELETED:
                raise ValueError(f"{self.arn} has been deleted")
            self._dataset.progression = StatusProgression([status], now=now)
            self._dataset.overrides, self._dataset.updated_ms = given, now


def check_type(dataset_type: object) -> str:
    """Return the type of a dataset; raises ValueError for another."""
    if isinstance(dataset_type, str) and dataset_type in TYPES:
        return dataset_type
    raise ValueError(f"{safe_repr(dataset_type)} is not a type of datasets{did_you_mean(dataset_type, TYPES)} {TYPES}")


def check_lines(lines: object, what: str) -> Entries:
    """Return the entries that *lines* make; raises TypeError for what is neither a text nor texts and dicts.

    A text that is no valid JSON Line is taken as it is: the service counts it among the errors.
    """
    if isinstance(lines, str):
        return read_lines(lines)
    if isinstance(lines, (bytes, Mapping)) or not isinstance(lines, Iterable):
        raise TypeError(f"{what} must be a list of JSON Lines, each a string or a dict, not {safe_repr(lines)}")
    return read_lines("\n".join(_line(line, what) for line in lines))


def _line(line: object, what: str) -> str:
    if isinstance(line, str):
        return line
    if not isinstance(line, Mapping):
        raise TypeError(f"a line of {what} must be a string or a dict, not {safe_repr(line)}")
    try:
        return json.dumps(dict(line), allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        raise ValueError(f"a line of {what} cannot be written as JSON: {safe_repr(line)}") from None


def check_uri(uri: object) -> tuple[str, str]:
    """Return bucket and key of an S3 URI; raises ValueError for anything else."""
    match = re.fullmatch(r"s3://([^/]+)/(.+)", uri) if isinstance(uri, str) else None
    if match is None:
        raise ValueError(f"a manifest is named as 's3://bucket/key', not {safe_repr(uri)}")
    return match[1], match[2]
