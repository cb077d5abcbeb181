"""What ``add_project``, ``add_model`` and ``add_dataset`` return: handles of a project, a model and a dataset."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Generic, NamedTuple, TypeVar

from .errors import hide_frames as __tracebackhide__  # noqa: F401
from .literals import Status
from .members import MEMBER_KEYWORDS, check_labels, check_status, check_version, dataset_members, description_members
from .names import Named, checked_keywords
from .service import RekognitionService, lifecycle
from .service import statuses as st
from .service.lifecycle import StatusProgression
from .service.results import result_files

#: What can be given to Model.set_labels.
Labels = Sequence[Mapping[str, Any]]
_Resource = TypeVar("_Resource", bound=lifecycle.Version | lifecycle.Dataset)


class _Project(NamedTuple):
    arn: str
    name: str


class Project(Named, _Project):
    """A project that exists: its ARN and its name."""


@dataclass(repr=False, unsafe_hash=True)
class _Handle(Named, Generic[_Resource]):
    _service: RekognitionService
    _resource: _Resource
    #: Raises RuntimeError after the end of the test.
    _check_open: Callable[[], object]

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._shown()} {self.status}>"

    @property
    def arn(self) -> str:
        """The ARN."""
        return self._resource.arn

    @property
    def status(self) -> str:
        """The status now, ``"(deleted)"`` for what is gone. Reading it changes nothing."""
        with self._service.lock:
            return self._resource.status(self._service.now())

    def _check_changeable(self) -> None:
        self._check_open()
        if self.status == st.DELETED:
            raise ValueError(f"{self._shown()} has been deleted")

    def _shown(self) -> str:
        return self.arn


class Model(_Handle[lifecycle.Version]):
    """A project version that exists, made by ``add_model`` or by the code under test."""

    def _shown(self) -> str:
        return repr(self.version_name)

    def _instead(self, name: str) -> str | None:
        return {
            "version_arn": "arn is its ARN",
            "project_version_arn": "arn is its ARN",
            "name": "version_name is its name",
            "project": "project_arn is the ARN of its project",
            "status": "set_status(...) puts it into another status",
        }.get(name)

    @property
    def version_name(self) -> str:
        """The name, unique in its project."""
        return self._resource.name

    @property
    def project_arn(self) -> str:
        """The ARN of the project that the version belongs to."""
        return self._resource.project.arn

    @checked_keywords(*MEMBER_KEYWORDS)
    def set_status(self, status: Status, **members: Any) -> None:
        """Put the version into *status* now, for good; *members* as for ``add_model``.

        Raises ValueError for an unknown status or a member that it cannot have, TypeError for an unknown member, and
        RuntimeError after the end of the test, as all that arranges does.
        """
        self._check_changeable()
        given = description_members(members, check_status(status), "set_status", fixed=["creation_timestamp"])
        check_version(self._resource.project.feature, self._resource.created_ms, [status], given)
        with self._service.lock:
            now = self._service.now()
            self._resource.change_progression(StatusProgression([status], now=now), given, now)
            self._service.store.track(self._resource)

    @checked_keywords()
    def complete_training(self, *, f1_score: float | None = None) -> None:
        """End the training now, with success. Raises ValueError if the version is not in training."""
        self._end_training(st.TRAINING_COMPLETED, f1_score=f1_score)

    @checked_keywords()
    def fail_training(self, message: str | None = None) -> None:
        """End the training now, in failure, with *message* as StatusMessage; ValueError if it is not in training."""
        self._end_training(st.TRAINING_FAILED, status_message=message)

    def _end_training(self, status: Status, **members: Any) -> None:
        self._check_open()
        if self.status != st.TRAINING_IN_PROGRESS:
            raise ValueError(f"{self.version_name!r} is not in training, its status is {self.status}")
        self.set_status(status, **members)

    def set_labels(self, labels: Labels | Mapping[str, Labels] | Callable[[dict[str, Any]], Labels]) -> None:
        """Set what DetectCustomLabels finds with this model.

        *labels*: a list for every image (``[{"Name": "cat", "Confidence": 98.5}]``); a dict from the name of the S3
        object to such a list; or a function that gets the request's parameters and returns the list. The service's
        filters (MinConfidence, MaxResults) apply to it.
        """
        self._check_open()
        if callable(labels):
            self._resource.labels = lambda params: check_labels(labels(_as_written(params)))
        elif isinstance(labels, Mapping):
            by_name = {name: check_labels(value) for name, value in labels.items()}
            self._resource.labels = lambda params: by_name.get(params["Image"].get("S3Object", {}).get("Name"), [])
        else:
            checked = check_labels(labels)
            self._resource.labels = lambda params: checked

    def result_files(self) -> dict[tuple[str, str], bytes]:
        """Return what the training has written to S3: (bucket, key) -> content, as the description now names them.

        That is the evaluation's summary file in the documented form, its numbers in accord with the description; the
        manifests that were used, and those with validation results, as JSON Lines; and the manifest summary. A training
        that has failed has written the validation results alone, or nothing; one under way nothing.
        """
        with self._service.lock:
            return result_files(self._service.store, self._resource, self._service.now())

    def write_results(self, s3_client: Any) -> None:
        """Put :meth:`result_files` into the buckets of *s3_client*, a boto3 client (of moto's S3), by put_object.

        Raises ValueError if there are none.
        """
        files = self.result_files()
        if not files:
            raise ValueError(f"{self.version_name!r} has no results in S3, its status is {self.status}")
        for (bucket, key), content in files.items():
            s3_client.put_object(Bucket=bucket, Key=key, Body=content)


def _as_written(params: dict[str, Any]) -> dict[str, Any]:
    """Return a request's parameters as the caller wrote them: image bytes travel as base64 text."""
    image = deepcopy(params["Image"])
    if "Bytes" in image:
        image["Bytes"] = base64.b64decode(image["Bytes"])
    return {**params, "Image": image}


class Dataset(_Handle[lifecycle.Dataset]):
    """A dataset that exists, made by ``add_dataset``."""

    @property
    def dataset_type(self) -> str:
        """``"TRAIN"`` or ``"TEST"``."""
        return self._resource.kind

    @property
    def entries(self) -> tuple[str, ...] | None:
        """The JSON Lines, as ListDatasetEntries shows them; None where nobody has told them."""
        with self._service.lock:
            self._resource.status(self._service.now())
            return None if self._resource.entries is None else tuple(entry.text for entry in self._resource.entries)

    @checked_keywords()
    def set_status(
        self, status: str, *, status_message: str | None = None, status_message_code: str | None = None
    ) -> None:
        """Put the dataset into *status* now, for good. Raises ValueError for a status or a code that does not exist."""
        self._check_changeable()
        check_status(status, among=st.DATASET_STATUSES)
        members = {"status_message": status_message, "status_message_code": status_message_code}
        given = dataset_members(members, "set_status")
        with self._service.lock:
            now = self._service.now()
            self._resource.progression = StatusProgression([status], now=now)
            self._resource.overrides, self._resource.updated_ms = given, now
