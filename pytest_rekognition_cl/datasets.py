"""Datasets and manifests that a test sets up: the handle of a dataset, and checks of what is said of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .errors import hide_frames as __tracebackhide__  # noqa: F401
from .members import check_status, check_statuses
from .names import did_you_mean, safe_repr
from .service import RekognitionService
from .service import statuses as st
from .service.lifecycle import Dataset as StoredDataset
from .service.lifecycle import Project, StatusProgression
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


def dataset_members(keywords: Mapping[str, Any], method: str) -> dict[str, Any]:
    """Return the members of a DatasetDescription that *keywords* give, by AWS's names."""
    given = {name: value for name, value in keywords.items() if value is not None}
    for name, value in given.items():
        if name not in _DATASET_KEYWORDS:
            raise TypeError(f"{method}() cannot set {name} of a dataset{did_you_mean(name, _DATASET_KEYWORDS)}")
        if not isinstance(value, str):
            raise TypeError(f"{name} must be a string, not {safe_repr(value)}")
    codes = ("SUCCESS", "SERVICE_ERROR", "CLIENT_ERROR")
    code = given.get("status_message_code", codes[0])
    if code not in codes:
        near = did_you_mean(code, codes)
        raise ValueError(f"{safe_repr(code)} is not a status_message_code{near} There are {codes}.")
    return {_DATASET_KEYWORDS[name]: value for name, value in given.items()}


_DATASET_KEYWORDS = {"status_message": "StatusMessage", "status_message_code": "StatusMessageCode"}


def new_dataset(
    service: RekognitionService,
    project: Project,
    created_ms: int,
    dataset_type: object,
    status: str,
    statuses: Sequence[str] | None,
    entries: object,
    members: Mapping[str, Any],
) -> Dataset:
    """Add a dataset to the project *project*, see RekognitionCL.add_dataset."""
    if not isinstance(dataset_type, str) or dataset_type not in TYPES:
        near = did_you_mean(dataset_type, TYPES)
        raise ValueError(f"{safe_repr(dataset_type)} is not a type of datasets{near} There are {TYPES}.")
    if statuses is not None and status != st.CREATE_COMPLETE:
        raise TypeError("give either status= (it stays) or statuses= (one after the other), not both")
    steps = check_statuses(status, statuses, among=st.DATASET_STATUSES)
    given = dataset_members(members, "add_dataset")
    known = None if entries is None else check_lines(entries, "entries")
    if project.arn not in service.store.projects or project.feature != "CUSTOM_LABELS":
        raise ValueError(f"the project {project.name!r} cannot have datasets")
    if dataset_type in project.datasets:
        raise ValueError(f"the project {project.name!r} has a {dataset_type} dataset already")
    progression = StatusProgression(steps, now=service.now())
    return Dataset(service, service.store.add_dataset(project, dataset_type, created_ms, progression, known, given))


def set_manifest(service: RekognitionService, uri: object, lines: object) -> None:
    """Set what is in a manifest in S3, see RekognitionCL.add_manifest."""
    match = re.fullmatch(r"s3://([^/]+)/(.+)", uri) if isinstance(uri, str) else None
    if match is None:
        raise ValueError(f"a manifest is named as 's3://bucket/key', not {safe_repr(uri)}")
    service.store.manifests[match[1], match[2]] = check_lines(lines, "the manifest")


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
