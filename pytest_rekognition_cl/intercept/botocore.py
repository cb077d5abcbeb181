"""The door for botocore (boto3): one cut at ``Endpoint.make_request``, for every client of the process.

For a Rekognition operation the original runs on a stand-in endpoint that neither signs nor sends. So botocore itself
validates, serialises, retries, parses, raises modelled errors and emits its events, and clients made at any time, in
any way, are covered. Matching goes by service and operation, never by URL.
"""

from __future__ import annotations

import inspect
import threading
from typing import TYPE_CHECKING, Any

from ..errors import LateCall
from ..messages import reports
from .leaked_threads import TaskTracker, ThreadTracker
from .patching import Patch
from .sleeps import Sleeps
from .visits import MARK, SERVICE, QuietEmitter, Visit

if TYPE_CHECKING:
    from ..dispatcher import Dispatcher

#: Patches that are closed, but kept for a thread that still lives; oldest first.
_LINGERING: list[Cut] = []
_LINGERING_LOCK = threading.Lock()


class Cut:
    """``Endpoint.make_request`` while one fixture is active."""

    def __init__(self, dispatcher: Dispatcher, sleeps: Sleeps, owner: str) -> None:
        from botocore.endpoint import Endpoint

        self._dispatcher = dispatcher
        self._sleeps = sleeps
        self._owner = owner
        self._closed = False
        self._newborns = ThreadTracker()
        self._tasks = TaskTracker()
        _settle()
        self._patch = Patch(Endpoint, "make_request", self._make_request)

    def close(self) -> None:
        """End: restore botocore, unless a thread that was born meanwhile still lives."""
        self._closed = True
        self._newborns.end()
        self._tasks.end(_settle)
        self._tasks.remove()
        with _LINGERING_LOCK:
            _LINGERING.append(self)
        _settle()

    @property
    def is_over(self) -> bool:
        """Whether nothing can come any more, so that the cut can go."""
        return not self._newborns.alive and not self._tasks.alive

    def remove(self) -> None:
        """Take the cut away."""
        self._patch.remove()

    def refuse_late(self) -> None:
        """Raise LateCall if the current thread is still at something that this fixture's test began."""
        task = self._tasks.late_task()
        if task is not None or self._newborns.is_still_at_work():
            raise LateCall(reports.late_call(self._owner, threading.current_thread().name, task))

    def _make_request(self, patch: Patch) -> Any:
        def make_request(endpoint: Any, operation_model: Any, request_dict: dict[str, Any]) -> Any:
            __tracebackhide__ = True
            if patch.inert or MARK in vars(endpoint):
                return patch.found(endpoint, operation_model, request_dict)
            if operation_model.service_model.service_name != SERVICE:
                return patch.found(endpoint, operation_model, request_dict)
            if self._closed:
                self.refuse_late()
                _settle()
                return patch.found(endpoint, operation_model, request_dict)
            for cut in list(_LINGERING):
                cut.refuse_late()
            self._tasks.see_imports()
            visit = Visit(self._dispatcher, self._sleeps, operation_model, request_dict)
            if inspect.iscoroutinefunction(type(endpoint)._send_request):
                from .aiobotocore import make_request as make_aio_request

                return make_aio_request(visit, patch.found, endpoint, operation_model, request_dict)
            stand_in = visit.stand_in(endpoint, QuietEmitter, visit.send)
            with visit:
                return visit.finish(patch.found(stand_in, operation_model, request_dict))

        return make_request


def _settle() -> None:
    """Remove the closed cuts that nobody can use any more."""
    with _LINGERING_LOCK:
        for cut in list(_LINGERING):
            if cut.is_over:
                _LINGERING.remove(cut)
                cut.remove()
