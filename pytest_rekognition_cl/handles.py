"""What ``add_project`` and ``add_model`` return: handles of a project and of a model."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from typing import Any, NamedTuple, NoReturn

from .errors import hide_frames as __tracebackhide__  # noqa: F401
from .literals import Status
from .members import MEMBER_KEYWORDS, check_end, check_feature, check_labels, check_status, description_members
from .names import Named, checked_keywords, did_you_mean
from .service import RekognitionService
from .service import statuses as st
from .service.lifecycle import StatusProgression, Version
from .service.results import result_files

#: What can be given to Model.set_labels.
Labels = Sequence[Mapping[str, Any]]


class Project(NamedTuple):
    """A project that exists: its ARN and its name."""

    arn: str
    name: str


def _no_attribute(project: Project, name: str) -> NoReturn:
    instead = {"project_arn": "arn", "project_name": "name"}.get(name)
    near = f"; did you mean {instead!r}?" if instead else did_you_mean(name, Project._fields)
    raise AttributeError(
        name if name.startswith("_") else f"Project has no attribute {name!r}{near}", name=name, obj=None
    )


Project.__getattr__ = _no_attribute  # type: ignore[attr-defined]  # a NamedTuple has no other base


class Model(Named):
    """A project version that exists, made by ``add_model`` or by the code under test."""

    __slots__ = ("_check_open", "_service", "_version")

    def __init__(self, service: RekognitionService, version: Version, check_open: Callable[[], object]) -> None:
        #: Raises RuntimeError after the end of the test.
        self._check_open = check_open
        self._service = service
        self._version = version

    def __repr__(self) -> str:
        return f"<Model {self.version_name!r} {self.status}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Model) and other._version is self._version

    def __hash__(self) -> int:
        return hash(self._version)

    def _instead(self, name: str) -> str | None:
        return {
            "version_arn": "arn is its ARN",
            "project_version_arn": "arn is its ARN",
            "name": "version_name is its name",
            "project": "project_arn is the ARN of its project",
            "status": "set_status(...) puts it into another status",
        }.get(name)

    @property
    def arn(self) -> str:
        """The version's ARN."""
        return self._version.arn

    @property
    def version_name(self) -> str:
        """The name, unique in its project."""
        return self._version.name

    @property
    def project_arn(self) -> str:
        """The ARN of the project that the version belongs to."""
        return self._version.project.arn

    @property
    def status(self) -> str:
        """The status now, ``"(deleted)"`` for a version that is gone. Reading it changes nothing."""
        with self._service.lock:
            return self._version.status(self._service.now())

    @checked_keywords(*MEMBER_KEYWORDS)
    def set_status(self, status: Status, **members: Any) -> None:
        """Put the version into *status* now, for good; *members* as for ``add_model``.

        Raises ValueError for an unknown status or a member that it cannot have, TypeError for an unknown member, and
        RuntimeError after the end of the test, as all that arranges does.
        """
        self._check_open()
        given = description_members(members, [check_status(status)], "set_status", fixed=["creation_timestamp"])
        check_feature(self._version.project.feature, [status], given)
        check_end(given, self._version.created_ms)
        with self._service.lock:
            now = self._service.now()
            if self._version.status(now) == st.DELETED:
                raise ValueError(f"{self.version_name!r} has been deleted")
            self._version.change_progression(StatusProgression([status], now=now), given, now)
            self._service.store.track(self._version)

    @checked_keywords()
    def complete_training(self, *, f1_score: float | None = None) -> None:
        """End the training now, with success. Raises ValueError if the version is not in training."""
        self._end_training(st.TRAINING_COMPLETED, {} if f1_score is None else {"f1_score": f1_score})

    @checked_keywords()
    def fail_training(self, message: str | None = None) -> None:
        """End the training now, in failure, with *message* as StatusMessage; ValueError if it is not in training."""
        self._end_training(st.TRAINING_FAILED, {} if message is None else {"status_message": message})

    def _end_training(self, status: Status, members: dict[str, Any]) -> None:
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
        found: Callable[[dict[str, Any]], list[dict[str, Any]]]
        if callable(labels):
            function = labels
            found = lambda params: check_labels(function(_as_written(params)))  # noqa: E731
        elif isinstance(labels, Mapping):
            by_name = {name: check_labels(value) for name, value in labels.items()}
            found = lambda params: by_name.get(params["Image"].get("S3Object", {}).get("Name"), [])  # noqa: E731
        else:
            checked = check_labels(labels)
            found = lambda params: checked  # noqa: E731
        with self._service.lock:
            self._version.labels = found

    def result_files(self) -> dict[tuple[str, str], bytes]:
        """Return what the training has written to S3: (bucket, key) -> content, as the description now names them.

        That is the evaluation's summary file in the documented form, its numbers in accord with the description; the
        manifests that were used, and those with validation results, as JSON Lines; and the manifest summary. A training
        that has failed has written the validation results alone, or nothing; one under way nothing.
        """
        with self._service.lock:
            return result_files(self._service.store, self._version, self._service.now())

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
