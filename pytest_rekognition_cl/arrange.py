"""Arrange: the half of RekognitionCL with which a test says what exists and what will happen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from . import preparing
from .datasets import Dataset, Lines
from .exchange import Exchange
from .faults import Prepared
from .handles import Model, Project
from .hiding import hide as __tracebackhide__  # noqa: F401
from .preparing import NOT_GIVEN, NotGiven
from .service import statuses as st
from .world import World


class Arrange:
    """What a test sets up. A mistake is a TypeError (a name) or a ValueError (a value), at the line that makes it."""

    _exchange: Exchange

    def _prepare(self) -> World:
        """Return the world of presets, also after the end of the test."""
        raise NotImplementedError

    def _arrange(self) -> World:
        """Return the world of presets, to change it."""
        raise NotImplementedError

    @property
    def project_arn(self) -> str:
        """The ARN of the default project, which always exists.

        It lies in ``region``, else in the user's own Region, else in us-east-1.
        """
        return self._prepare().default.arn

    @property
    def project(self) -> Project:
        """The default project."""
        default = self._prepare().default
        return Project(default.arn, default.name)

    def add_project(
        self,
        name_or_arn: str,
        *,
        datasets: bool | None = None,
        feature: Literal["CUSTOM_LABELS", "CONTENT_MODERATION"] = "CUSTOM_LABELS",
    ) -> Project:
        """Let a project exist.

        :param datasets: True: it has datasets, and the service refuses TrainingData; False: it has none, and the
            service demands TrainingData; None: training works with and without.
        :param feature: CONTENT_MODERATION makes it a project of adapters.
        :raises ValueError: for what cannot be a name or an ARN, or exists already.
        """
        return self._arrange().add_project(name_or_arn, datasets=datasets, feature=feature)

    def add_model(
        self,
        name_or_version_arn: str | None = None,
        *,
        project: Project | str | None = None,
        status: str = st.TRAINING_COMPLETED,
        statuses: Sequence[str] | None = None,
        status_message: str | None = None,
        f1_score: float | None = None,
        **members: Any,
    ) -> Model:
        """Let a project version exist, in the default project or in *project*; in the past, in the order written.

        :param name_or_version_arn: no name: a fresh one; a version ARN brings its project.
        :param statuses: instead of *status*: one after the other, a step for each DescribeProjectVersions that shows
            the version. The last one repeats, and message and results belong to it.
        :param f1_score: short for ``evaluation_result={"F1Score": ...}``, from 0 to 1.
        :param members: the other members of ProjectVersionDescription in snake_case, e.g. ``min_inference_units=2``,
            ``creation_timestamp=datetime(..., tzinfo=timezone.utc)``. What is not given is filled in as the service
            would.
        :raises TypeError: for a member that does not exist.
        :raises ValueError: for a value that the service could not return, or that the status cannot have.
        """
        keywords = {"status_message": status_message, "f1_score": f1_score, **members}
        return self._arrange().add_model(
            name_or_version_arn, project=project, status=status, statuses=statuses, keywords=keywords
        )

    def add_dataset(
        self,
        dataset_type: Literal["TRAIN", "TEST"],
        *,
        project: Project | str | None = None,
        status: str = st.CREATE_COMPLETE,
        statuses: Sequence[str] | None = None,
        status_message: str | None = None,
        status_message_code: str | None = None,
        entries: Lines | None = None,
    ) -> Dataset:
        """Let a dataset exist, in the default project or in *project*, which trains from its datasets from then on.

        :param statuses: instead of *status*: a step for each DescribeDataset. Message and code belong to the last one.
        :param entries: JSON Lines, each a string or a dict (``{"source-ref": "s3://bucket/key", ...}``); None: a
            dataset of which no entries are known: it lists none, and may be distributed.
        :raises ValueError: for a type or a status that does not exist, or a second dataset of the type.
        """
        keywords = {"status_message": status_message, "status_message_code": status_message_code}
        return self._arrange().add_dataset(
            dataset_type, project=project, status=status, statuses=statuses, entries=entries, keywords=keywords
        )

    def add_manifest(self, uri: str, lines: Lines) -> None:
        """Say what is in a manifest in S3, which the fake cannot read: datasets and trainings have these entries then.

        :param uri: ``s3://bucket/key``. A manifest of which nobody has said anything has no known entries.
        :param lines: the text of the file, or its JSON Lines, each a string or a dict.
        """
        self._arrange().add_manifest(uri, lines)

    def set_training(
        self,
        *,
        status: str | None = None,
        statuses: Sequence[str] | None = None,
        seconds: float | None = None,
        f1_score: float | None = None,
        label_f1_scores: Mapping[str, float] | None = None,
        status_message: str | None = None,
        **members: Any,
    ) -> None:
        """Say how the trainings that start from now on will go.

        :param status: the status that a training ends with; TRAINING_IN_PROGRESS never ends.
        :param statuses: instead: one step for each description that shows the version.
        :param seconds: how long it takes, in virtual seconds (default 1800).
        :param label_f1_scores: the F1 scores of labels in the summary file (:meth:`Model.result_files`), e.g.
            ``{"cat": 0.9}``; the model's is their mean, unless *f1_score* says another.
        :param status_message: of the last status; :class:`TrainingFailure` has the documented ones.
        :param members: further members of the description, as for :meth:`add_model`.
        """
        self._set_plan(
            "set_training",
            "create_project_version",
            status,
            statuses,
            seconds,
            {"f1_score": f1_score, "label_f1_scores": label_f1_scores, "status_message": status_message, **members},
        )

    def set_transition(
        self,
        operation: str,
        *,
        status: str | None = None,
        statuses: Sequence[str] | None = None,
        seconds: float | None = None,
        status_message: str | None = None,
        **members: Any,
    ) -> None:
        """Say how what *operation* begins will go from now on, e.g. ``("start_project_version", status="FAILED")``.

        *operation* is one of ``start_project_version``, ``stop_project_version``, ``copy_project_version``,
        ``delete_project_version``, ``delete_project`` and ``create_project_version``; their keywords are those of
        :meth:`set_training`; or ``create_dataset``, ``update_dataset_entries``, ``distribute_dataset_entries`` and
        ``delete_dataset``, of which the only members are ``status_message`` and ``status_message_code``.
        """
        keywords = {"status_message": status_message, **members}
        self._set_plan("set_transition", operation, status, statuses, seconds, keywords)

    def _set_plan(
        self,
        method: str,
        operation: str,
        status: str | None,
        statuses: Sequence[str] | None,
        seconds: float | None,
        keywords: dict[str, Any],
    ) -> None:
        self._arrange().set_plan(
            operation, status=status, statuses=statuses, seconds=seconds, keywords=keywords, method=method
        )

    def add_client_error(
        self,
        operation: str,
        code: str,
        message: str | None = None,
        *,
        calls: int | NotGiven | None = NOT_GIVEN,
        attempts: int | NotGiven | None = NOT_GIVEN,
        after: int = 0,
    ) -> None:
        """Let calls of *operation* be refused with the error *code*.

        :param operation: the boto3 method's name.
        :param code: one that the operation declares, ValidationException, or one of AWS's common errors.
        :param calls: so many calls fail, every attempt of them, in any retry mode (default 1); None: for ever.
        :param attempts: instead: so many attempts fail, and botocore's retries may survive it.
        :param after: so many calls of the operation are left alone first.
        """
        self._expect(preparing.client_error(self._exchange, operation, code, message, calls, attempts, after))

    def add_exception(
        self,
        operation: str,
        exception: Exception | type[Exception],
        *,
        calls: int | NotGiven | None = NOT_GIVEN,
        attempts: int | NotGiven | None = NOT_GIVEN,
        after: int = 0,
    ) -> None:
        """Let calls of *operation* break off, e.g. with ``botocore.exceptions.ReadTimeoutError(endpoint_url="")``.

        The exception is raised where botocore would meet a transport fault; *calls*, *attempts* and *after* as for
        :meth:`add_client_error`. A class of botocore's is made into an exception here.
        """
        self._expect(preparing.exception(operation, exception, calls, attempts, after))

    def add_response(self, operation: str, response: dict[str, Any], *, calls: int | None = 1, after: int = 0) -> None:
        """Answer the next *calls* calls of any Rekognition operation with *response*, as boto3 would return it.

        It is checked against botocore's output shape: a wrong member is a ValueError here. On an operation that the
        fake answers itself, it replaces the next answer.
        """
        self._expect(preparing.response(self._exchange, operation, response, calls, after))

    def _expect(self, prepared: Prepared) -> None:
        self._arrange()
        self._exchange.faults.add(prepared)
