"""The object behind the fixture ``rekognition_cl``; it works without pytest too."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from types import EllipsisType, TracebackType
from typing import Any, Literal

from . import contexts, expectations
from .assertions import Recorders
from .calls import Call, Calls
from .clock import Clock
from .dispatcher import Dispatcher
from .errors import hide_frames as __tracebackhide__  # noqa: F401
from .expectations import Expectation
from .handles import Dataset, Model, Project
from .intercept import Patches
from .intercept.clients import users_region
from .literals import DatasetStatus, ErrorCode, Feature, Status, Transition
from .members import MEMBER_KEYWORDS, Lines
from .messages import reports
from .names import checked_keywords
from .options import NAMES, Options, unknown_option
from .presets import Presets
from .reporting import Findings
from .service import statuses as st


class RekognitionCL(Recorders):
    """Amazon Rekognition Custom Labels, in this process: arrange, inspect, assert.

    The fixture ``rekognition_cl`` is one of these. Outside pytest, or for another scope, use it as a context manager::

        with RekognitionCL(region="eu-west-1") as rekognition_cl:
            train(rekognition_cl.project_arn)

    Leaving the block without an exception verifies. The keywords are the options that the marker ``rekognition_cl`` and
    the ini settings have too. A mistake is a TypeError (a name) or a ValueError (a value), at the line that makes it.
    """

    @checked_keywords(error=lambda method, name, known: unknown_option(name, "RekognitionCL(): "))
    def __init__(
        self,
        *,
        region: str | None = None,
        account: str = "123456789012",
        passthrough: bool = False,
        virtual_sleep: bool = True,
        virtual_time: bool = False,
        max_polls: int = 5000,
        unused: Literal["fail", "ignore"] = "fail",
        quotas: Mapping[str, int | None] | None = None,
        left_running: Literal["fail", "ignore"] = "ignore",
        default_project: bool = True,
    ) -> None:
        flags = passthrough, virtual_sleep, virtual_time
        self._options = Options(region, account, *flags, max_polls, unused, quotas or {}, left_running, default_project)
        self._owner = f"the RekognitionCL made at {contexts.place_of_caller()}"
        #: Where the marker stands that is arranged now.
        self._place: str | None = None
        self._state: Literal["new", "open", "closed"] = "new"
        self._dispatcher = Dispatcher(self._options, users_region)
        self._patches: Patches | None = None
        self._found = Findings(self._dispatcher)
        self._findings = self._found.texts
        Recorders.__init__(self, self._dispatcher.log)

    def __repr__(self) -> str:
        return f"<RekognitionCL of {self._owner}: {len(self.calls)} call{'' if len(self.calls) == 1 else 's'}>"

    def __dir__(self) -> list[str]:
        """Leave out what a debugger must not look at: a server would start, or there is no default project."""
        hidden = {"endpoint_url", "environ", *(() if self._options.default_project else ("project", "project_arn"))}
        return [name for name in super().__dir__() if name not in hidden]

    def _instead(self, name: str) -> str | None:
        return f"it is an option, {self._dispatcher.advice(name, ...)}" if name in NAMES else None

    # --- context manager ----------------------------------------------------------------------------------------------

    def __enter__(self) -> RekognitionCL:
        if self._state != "new":
            raise RuntimeError(f"{self!r} was used already; every context needs a RekognitionCL of its own")
        self._patches = Patches(self._dispatcher, self._owner, lambda: self._options.region or "us-east-1")
        self._state = "open"
        contexts.opened(self)
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._close()
        contexts.running.left.append((self, exc))
        if exc is None:
            self.verify()

    @contextmanager
    def _opened(self) -> Generator[None, None, None]:
        """Open and close without verifying: the plugin does that in the call phase."""
        self.__enter__()
        try:
            yield
        finally:
            self._close()

    def _close(self) -> None:
        if self._patches is not None:
            self._patches.close()
        self._state = "closed"
        self._dispatcher.end(self._owner)
        contexts.closed(self)

    # --- arrange ----------------------------------------------------------------------------------------------------

    @property
    def project_arn(self) -> str:
        """The ARN of the default project. It lies in ``region``, else in the user's own Region, else in us-east-1.

        Raises ValueError with the option ``default_project=False``: then there is none.
        """
        return self.project.arn

    @property
    def project(self) -> Project:
        """The default project; ValueError with the option ``default_project=False``."""
        self._dispatcher.sleep_rule.begun = True
        default = self._dispatcher.presets.the_default()
        return Project(default.arn, default.name)

    @checked_keywords()
    def add_project(
        self, name_or_arn: str, *, datasets: bool | None = None, feature: Feature = "CUSTOM_LABELS"
    ) -> Project:
        """Add a project.

        :param datasets: True: it has datasets, and the service refuses TrainingData; False: it has none, and the
            service demands TrainingData; None: training works with and without.
        :param feature: CONTENT_MODERATION makes it a project of adapters.
        :raises ValueError: for what cannot be a name or an ARN, or exists already.
        """
        return self._changeable_presets().add_project(name_or_arn, datasets=datasets, feature=feature)

    @checked_keywords(*MEMBER_KEYWORDS, "project_version_arn")
    def add_model(
        self,
        name_or_version_arn: str | None = None,
        *,
        project: Project | str | None = None,
        status: Status = st.TRAINING_COMPLETED,
        statuses: Sequence[Status] | None = None,
        status_message: str | None = None,
        f1_score: float | None = None,
        **members: Any,
    ) -> Model:
        """Add a project version to the default project or to *project*, created in the past, in the order of the calls.

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
        members.update(status_message=status_message, f1_score=f1_score)
        return self._changeable_presets().add_model(name_or_version_arn, project, status, statuses, members)

    @checked_keywords()
    def add_dataset(
        self,
        dataset_type: Literal["TRAIN", "TEST"],
        *,
        project: Project | str | None = None,
        status: DatasetStatus = "CREATE_COMPLETE",
        statuses: Sequence[DatasetStatus] | None = None,
        status_message: str | None = None,
        status_message_code: str | None = None,
        entries: Lines | None = None,
    ) -> Dataset:
        """Add a dataset to the default project or to *project*, which trains from its datasets from then on.

        :param statuses: instead of *status*: a step for each DescribeDataset. Message and code belong to the last one.
        :param entries: as the lines of :meth:`add_manifest`, e.g. ``[{"source-ref": "s3://bucket/key", ...}]``; None:
            a dataset of which no entries are known: it lists none, and may be distributed.
        :raises ValueError: for a type or a status that does not exist, or a second dataset of the type.
        """
        members = {"status_message": status_message, "status_message_code": status_message_code}
        return self._changeable_presets().add_dataset(dataset_type, project, status, statuses, entries, members)

    @checked_keywords()
    def add_manifest(self, uri: str, lines: Lines) -> None:
        """Set what is in a manifest in S3, which the fake cannot read: datasets and trainings have these entries then.

        :param uri: ``s3://bucket/key``. A manifest of which nothing was said has no known entries.
        :param lines: the text of the file, or its JSON Lines in a list, each a string or a dict.
        :raises ValueError: for a bucket or a key that no request can name.
        """
        self._changeable_presets().add_manifest(uri, lines)

    @checked_keywords(*MEMBER_KEYWORDS)
    def set_training(
        self,
        *,
        status: Status | None = None,
        statuses: Sequence[Status] | None = None,
        seconds: float | None = None,
        f1_score: float | None = None,
        label_f1_scores: Mapping[str, float] | None = None,
        status_message: str | None = None,
        **members: Any,
    ) -> None:
        """Set how the trainings that start from now on will go.

        :param status: the status that a training ends with; TRAINING_IN_PROGRESS never ends.
        :param statuses: instead: one step for each description that shows the version.
        :param seconds: how long it takes, in virtual seconds (default 1800).
        :param label_f1_scores: the F1 scores of labels in the summary file (:meth:`Model.result_files`), e.g.
            ``{"cat": 0.9}``; the model's is their mean, unless *f1_score* says another.
        :param status_message: of the last status; :class:`TrainingFailure` has the documented ones.
        :param members: further members of the description, as for :meth:`add_model`.
        """
        members.update(status_message=status_message, f1_score=f1_score, label_f1_scores=label_f1_scores)
        presets = self._changeable_presets()
        presets.set_transition("create_project_version", status, statuses, seconds, members, "set_training")

    @checked_keywords(*MEMBER_KEYWORDS, "status_message_code")
    def set_transition(
        self,
        operation: Transition,
        *,
        status: Status | DatasetStatus | None = None,
        statuses: Sequence[Status | DatasetStatus] | None = None,
        seconds: float | None = None,
        status_message: str | None = None,
        **members: Any,
    ) -> None:
        """Set how what *operation* begins will go from now on, e.g. ``("start_project_version", status="FAILED")``.

        *operation* is one of ``start_project_version``, ``stop_project_version``, ``copy_project_version``,
        ``delete_project_version``, ``delete_project`` and ``create_project_version``; their keywords are those of
        :meth:`set_training`; or ``create_dataset``, ``update_dataset_entries``, ``distribute_dataset_entries`` and
        ``delete_dataset``, of which the only members are ``status_message`` and ``status_message_code``.
        """
        members.update(status_message=status_message)
        self._changeable_presets().set_transition(operation, status, statuses, seconds, members, "set_transition")

    @checked_keywords()
    def add_client_error(
        self,
        operation: str,
        code: ErrorCode,
        message: str | None = None,
        *,
        calls: int | EllipsisType | None = ...,
        attempts: int | EllipsisType | None = ...,
        after: int = 0,
    ) -> None:
        """Let calls of *operation* be refused with the error *code*.

        :param operation: the boto3 method's name.
        :param code: one that the operation declares, ValidationException, or one of AWS's common errors.
        :param calls: so many calls fail, every attempt of them, in any retry mode (default 1); None: for ever.
        :param attempts: instead: so many attempts fail, and botocore's retries may survive it.
        :param after: so many calls of the operation are left alone first.
        """
        service = self._dispatcher.service
        self._expect(expectations.client_error(service, operation, code, message, calls, attempts, after))

    @checked_keywords()
    def add_exception(
        self,
        operation: str,
        exception: Exception | type[Exception],
        *,
        calls: int | EllipsisType | None = ...,
        attempts: int | EllipsisType | None = ...,
        after: int = 0,
    ) -> None:
        """Let calls of *operation* break off, e.g. with ``botocore.exceptions.ReadTimeoutError(endpoint_url="")``.

        The exception is raised where botocore would meet a transport fault; *calls*, *attempts* and *after* as for
        :meth:`add_client_error`. A class of botocore's is made into an exception here.
        """
        self._expect(expectations.exception(operation, exception, calls, attempts, after))

    @checked_keywords()
    def add_response(self, operation: str, response: dict[str, Any], *, calls: int | None = 1, after: int = 0) -> None:
        """Answer the next *calls* calls of any Rekognition operation with *response*, as boto3 would return it.

        It is checked against botocore's output shape: a wrong member is a ValueError here. On an operation that the
        fake answers itself, it replaces the next answer.
        """
        self._expect(expectations.response(self._dispatcher.service, operation, response, calls, after))

    def _expect(self, expectation: Expectation) -> None:
        self._changeable_presets()
        expectation.place = self._place or contexts.place_of_caller()
        self._dispatcher.expectations.all.append(expectation)

    # --- inspect ----------------------------------------------------------------------------------------------------

    @property
    def calls(self) -> Calls:
        """All recorded calls in the order in which they began, refused ones too."""
        return self._dispatcher.log.calls

    @property
    def models(self) -> tuple[Model, ...]:
        """All models that exist, presets and created ones, in order of arrival."""
        return self._dispatcher.presets.models()

    @property
    def projects(self) -> tuple[Project, ...]:
        """All projects that exist, the default one first, in order of arrival."""
        return self._dispatcher.presets.projects()

    # --- assert -----------------------------------------------------------------------------------------------------

    def assert_nothing_left_running(self) -> None:
        """Fail if a model is RUNNING or STARTING: it would be charged by the hour."""
        if text := self._found.left_running("If they are meant to run on, leave the assertion out."):
            raise AssertionError(text)

    @property
    def clock(self) -> Clock:
        """The virtual time."""
        return self._dispatcher.clock

    # --- other processes --------------------------------------------------------------------------------------------

    @property
    def endpoint_url(self) -> str:
        """Where other processes and other languages reach this very service: ``http://127.0.0.1:<port>``.

        The server starts when this is first asked for, and ends with the test; it listens on the loopback interface
        only. What comes in is recorded, prepared errors and responses are given out, and the verdict holds, as for
        boto3; all attempts of an SDK are one call. The Region is that of the request's signature, which is not checked;
        else that of the default project. The sleeps of another process cannot be made virtual: the virtual time passes
        when a waiter polls, or when a describe that has shown something on its way is made again. :meth:`add_exception`
        closes the connection without an answer, and ``passthrough`` does not hold here.
        """
        region = self._changeable_presets().region
        if self._patches is None:
            raise RuntimeError("the endpoint is there inside the with block: with RekognitionCL() as rekognition_cl:")
        return self._patches.http(region).url

    @property
    def environ(self) -> dict[str, str]:
        """The environment variables with which AWS SDKs and the AWS CLI in a subprocess find :attr:`endpoint_url`.

        To be merged over the present ones: ``subprocess.run(command, env={**os.environ, **rekognition_cl.environ})``.
        They name the endpoint, the Region of the default project, and keys that belong to nobody, for all services: no
        call of the subprocess is made in your name. This process's own environment is not touched.
        """
        from .intercept.http_server import environ

        return environ(self.endpoint_url, self._dispatcher.presets.region)

    # --- the end of the test ----------------------------------------------------------------------------------------

    def verify(self) -> None:
        """Fail for what a test must not leave behind; the fixture does this at the end of every test that passed.

        That is: a call of an operation that nobody has prepared, a poll without end, an error or response that was
        prepared and not used up, and, with ``left_running="fail"``, a model left running. Raises AssertionError, once
        for each finding.
        """
        if texts := self._findings():
            raise AssertionError("\n\n".join(texts))

    @property
    def _arns(self) -> dict[str, str]:
        """The ARNs of all that exists, a model's with its status."""
        others = [*(project.arn for project in self.projects), *self._dispatcher.service.store.datasets]
        return {**dict.fromkeys(others, ""), **{model.arn: model.status for model in self.models}}

    def _report(self, calls: Sequence[Call] | None = None, shown: str = "") -> str | None:
        """Return the section on *calls*, or on all, for a failing test's report; None if there is none."""
        return self._found.section(self.calls if calls is None else calls, self._arns, shown)

    def _changeable_presets(self) -> Presets:
        """Return the presets, to add to them; raises RuntimeError after the end of the test."""
        if self._state == "closed":
            raise RuntimeError(reports.ended(self._owner))
        self._dispatcher.sleep_rule.begun = True
        return self._dispatcher.presets
