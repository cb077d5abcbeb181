"""The object behind the fixture ``rekognition_cl``; it works without pytest too."""

from __future__ import annotations

import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Literal

from . import messages
from .arrange import Arrange
from .clock import Clock
from .doors import Doors
from .exchange import Exchange
from .hiding import hide as __tracebackhide__  # noqa: F401
from .inspection import Inspect
from .options import Options
from .verdict import Verdict
from .world import World

if TYPE_CHECKING:
    from .doors.http import HttpDoor


class RekognitionCL(Arrange, Inspect):
    """Amazon Rekognition Custom Labels, in this process: arrange, inspect, assert.

    The fixture ``rekognition_cl`` is one of these. Outside pytest, or for another scope, use it as a context manager::

        with RekognitionCL(region="eu-west-1") as rekognition_cl:
            train(rekognition_cl.project_arn)

    Leaving the block without an exception verifies (see :meth:`verify`). The keywords are the options that the marker
    ``rekognition_cl`` and the ini settings have too; a wrong one raises TypeError or ValueError.
    """

    def __init__(
        self,
        *,
        region: str | None = None,
        account: str = "123456789012",
        passthrough: bool = False,
        virtual_time: bool = False,
        max_polls: int = 5000,
        unused: Literal["fail", "ignore"] = "fail",
        quotas: Mapping[str, int | None] | None = None,
        left_running: Literal["fail", "ignore"] = "ignore",
    ) -> None:
        options = Options(region, account, passthrough, virtual_time, max_polls, unused, quotas or {}, left_running)
        self._options = options
        self._owner = _place_of_caller()
        self._state: Literal["new", "open", "closed"] = "new"
        self._exchange = Exchange(options)
        self._doors: Doors | None = None
        self._world: World | None = None
        self._region: str | None = options.region
        self._exchange.prepare = self._prepare
        Inspect.__init__(self, self._exchange)
        self._verdict = Verdict(self._exchange, self._left_running)

    def __repr__(self) -> str:
        return f"<RekognitionCL of {self._owner}: {len(self.calls)} calls>"

    # --- life -------------------------------------------------------------------------------------------------------

    def __enter__(self) -> RekognitionCL:
        if self._state != "new":
            raise RuntimeError(f"{self!r} was used already; every context needs a RekognitionCL of its own")
        self._doors = Doors(self._exchange, self._owner, lambda: self._options.region or "us-east-1")
        self._doors.open()
        self._state = "open"
        return self

    def __exit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._close()
        if exc is None:
            self.verify()

    @contextmanager
    def _opened(self) -> Generator[None, None, None]:
        """Open and close without a verdict: the plugin gives it in its own time."""
        self.__enter__()
        try:
            yield
        finally:
            self._close()

    def _close(self) -> None:
        if self._doors is not None:
            self._doors.close()
        self._state = "closed"

    # --- time -------------------------------------------------------------------------------------------------------

    @property
    def clock(self) -> Clock:
        """The virtual time."""
        return self._exchange.clock

    # --- other processes --------------------------------------------------------------------------------------------

    @property
    def endpoint_url(self) -> str:
        """Where other processes and other languages reach this very service: ``http://127.0.0.1:<port>``.

        The server starts when this is first asked for, and ends with the test; it listens on the loopback interface
        only. What comes in is recorded, prepared errors and responses are given out, and the verdict holds, as for
        boto3; the attempts of an AWS SDK's retry count as one call. The Region is that of the request's signature,
        which is not checked; without one, that of the default project. Two things differ:

        - The sleeps of another process cannot be made virtual. Instead, the virtual time passes when somebody waits:
          before a describe by a waiter of botocore or the AWS CLI, and before a describe that has shown something on
          its way and is made again. The first look at a new version shows TRAINING_IN_PROGRESS, the second one
          TRAINING_COMPLETED, and ``aws rekognition wait project-version-training-completed`` ends at its first poll.
          Other SDKs' waiters do not say what they are: give them a short delay, or move :attr:`clock`.
        - :meth:`add_exception` closes the connection without an answer, whatever the exception.

        ``passthrough`` ends at this door: no mock of botocore's sees what comes in here. In this process, boto3 clients
        need no endpoint, and do not use the one they are given.
        """
        return self._http().url

    @property
    def environ(self) -> dict[str, str]:
        """The environment variables with which AWS SDKs and the AWS CLI in a subprocess find :attr:`endpoint_url`.

        To be merged over the present ones: ``subprocess.run(command, env={**os.environ, **rekognition_cl.environ})``.
        They name the endpoint, the Region of the default project and keys that belong to nobody, put configuration
        files without any profile in the place of yours, and turn the look-up of instance metadata and a proxy for
        127.0.0.1 off. They hold for all services, so that no call of the subprocess is made in your name. This
        process's own environment is not touched. A new dict each time.
        """
        from .doors.http import environ

        return environ(self.endpoint_url, self._prepare().default.parts.region)

    def _http(self) -> HttpDoor:
        region = self._arrange().default.parts.region
        if self._doors is None:
            raise RuntimeError("the endpoint is there inside the with block: with RekognitionCL() as rekognition_cl:")
        return self._doors.http(region)

    def verify(self) -> None:
        """Fail for what a test must not leave behind; the fixture does this at the end of every test that passed.

        That is: a call of an operation that nobody has prepared, a poll without end, an error or response that was
        prepared and not used up, and, with ``left_running="fail"``, a model left running. Raises AssertionError, once
        for each finding.
        """
        texts = self._verdict.findings()
        if texts:
            raise AssertionError(messages.verdict(texts))

    # --- inside -----------------------------------------------------------------------------------------------------

    def _report(self) -> str | None:
        """Return the section for a failing test's report; None if there is nothing to tell."""
        if not self.calls:
            return None
        default = self._prepare().default
        existing = [*(project.arn for project in self.projects), *(model.arn for model in self.models)]
        existing += self._exchange.service.store.datasets
        return messages.report(self.calls, self._exchange.notes, default.arn, default.parts.region, existing)

    def _arrange(self) -> World:
        if self._state == "closed":
            raise RuntimeError(messages.late_arrangement(self._owner))
        return self._prepare()

    def _prepare(self) -> World:
        """Return the world; it is made when first needed, since finding out the user's Region takes time."""
        if self._world is None:
            with self._exchange.service.lock:
                if self._world is None:
                    from .doors.clients import users_region

                    region = self._options.region or users_region() or "us-east-1"
                    self._world = World(self._exchange.service, region)
        return self._world


def _place_of_caller() -> str:
    """Return where a context was made, to name it in messages; the plugin puts the test's name in its place."""
    frame = sys._getframe(2)
    return f"the RekognitionCL made at {frame.f_code.co_filename}:{frame.f_lineno}"
