"""Inspect and assert: the half of RekognitionCL that tells what was called and what exists."""

from __future__ import annotations

from . import assertions, messages
from .assertions import Recorder
from .exchange import Exchange
from .handles import Model, Project
from .hiding import hide as __tracebackhide__  # noqa: F401
from .recorders import Recorders
from .recording import Calls
from .service import statuses as st
from .world import World


class Inspect(Recorders):
    """What a test looks at, and asserts on. The recorders are named as the boto3 methods."""

    _exchange: Exchange

    def __init__(self, exchange: Exchange) -> None:
        self._exchange = exchange
        self._recorders: dict[str, Recorder] = {}
        Recorders.__init__(self, exchange.log)

    def _prepare(self) -> World:
        """Return the world of presets, also after the end of the test."""
        raise NotImplementedError

    @property
    def calls(self) -> Calls:
        """All recorded calls in the order in which they began, refused ones too."""
        return self._exchange.log.calls

    @property
    def models(self) -> tuple[Model, ...]:
        """All models that exist, presets and created ones, in order of arrival."""
        self._prepare()
        with self._exchange.service.lock:
            self._exchange.service.store.purge_deleted()
            versions = list(self._exchange.service.store.versions)
        return tuple(Model(self._exchange.service, version) for version in versions)

    @property
    def projects(self) -> tuple[Project, ...]:
        """All projects that exist, the default one first, in order of arrival."""
        self._prepare()
        with self._exchange.service.lock:
            self._exchange.service.store.purge_deleted()
            return tuple(Project(p.arn, p.name) for p in self._exchange.service.store.projects.values())

    def clear_calls(self) -> None:
        """Forget the calls recorded so far; what exists and what is prepared stays."""
        self._exchange.log.clear()

    # --- assert -----------------------------------------------------------------------------------------------------

    def recorder(self, operation: str) -> Recorder:
        """Return the records of any Rekognition operation, by the boto3 method's name; else raises TypeError."""
        name = assertions.check_operation(operation)
        return self._recorders.setdefault(name, Recorder(self._exchange.log, name))

    def assert_order(self, *operations: str) -> None:
        """Fail unless *operations* succeeded in this order; others may lie in between."""
        assertions.assert_order(self._exchange.log, operations)

    def assert_no_errors(self) -> None:
        """Fail if any call was refused or broken off."""
        assertions.assert_no_errors(self._exchange.log)

    def assert_nothing_left_running(self) -> None:
        """Fail if a model is RUNNING or STARTING: it would be charged by the hour."""
        text = self._left_running(asserted=True)
        if text:
            raise AssertionError(text)

    def _left_running(self, *, asserted: bool = False) -> str | None:
        running = [model.arn for model in self.models if model.status in (st.RUNNING, st.STARTING)]
        return messages.left_running(running, self.calls, asserted=asserted) if running else None
