"""botocore (boto3): one patch of ``Endpoint.make_request``, for every client of the process.

For a Rekognition operation the original runs on a stand-in endpoint that neither signs nor sends. So botocore itself
validates, serialises, retries, parses, raises modelled errors and emits its events, and clients made at any time, in
any way, are covered. Matching goes by service and operation, never by URL.
"""

from __future__ import annotations

import inspect
import sys
import threading
from typing import TYPE_CHECKING, Any

from ..botocore_model import SERVICE, method_name
from ..errors import LateCall, UnansweredCall
from ..messages import reports
from ..service import Answer
from .leaked_threads import TaskTracker, ThreadTracker
from .patching import Patch
from .sleeps import WAITING, Sleeps

if TYPE_CHECKING:
    from ..dispatcher import Dispatcher

#: Events that a stand-in endpoint does not emit: the one that signs, and the one in which moto answers.
_QUIET = ("request-created.", "before-send.")
#: A stand-in endpoint has this attribute: the call is taken, the patches of outer fixtures let it pass.
_MARK = "_pytest_rekognition_cl_stand_in"
#: Patches of tests that are over, kept for a thread or task that still lives; oldest first.
_LINGERING: list[EndpointPatch] = []
_LOCK = threading.RLock()


class EndpointPatch:
    """``Endpoint.make_request`` while one fixture is open."""

    def __init__(self, dispatcher: Dispatcher, sleeps: Sleeps, owner: str) -> None:
        from botocore.endpoint import Endpoint

        self._dispatcher = dispatcher
        self._sleeps = sleeps
        self._owner = owner
        self._closed = False
        self._threads = ThreadTracker()
        self._tasks = TaskTracker()
        self._modules = 0
        remove_unused()
        self._patch = Patch(Endpoint, "make_request", self._make_request)

    def close(self) -> None:
        """End: restore botocore, unless a thread or task that was begun meanwhile still lives."""
        self._closed = True
        self._threads.end()
        self._tasks.end(remove_unused)
        self._tasks.remove()
        with _LOCK:
            _LINGERING.append(self)
        remove_unused()

    @property
    def is_over(self) -> bool:
        """Whether nothing can come any more, so that the patch can go."""
        return not self._threads.alive and not self._tasks.alive

    def remove(self) -> None:
        """Restore botocore."""
        self._patch.remove()

    def refuse_late(self) -> None:
        """Raise LateCall if the current thread or task is still at something that this fixture's test began."""
        task = self._tasks.late_task()
        if task is not None or self._threads.is_still_at_work():
            raise LateCall(reports.late_call(self._owner, threading.current_thread().name, task))

    def _make_request(self, patch: Patch) -> Any:
        def make_request(endpoint: Any, operation_model: Any, request_dict: dict[str, Any]) -> Any:
            __tracebackhide__ = True
            if patch.inert or operation_model.service_model.service_name != SERVICE or _MARK in vars(endpoint):
                return patch.found(endpoint, operation_model, request_dict)
            if self._closed:
                self.refuse_late()
                remove_unused()
                return patch.found(endpoint, operation_model, request_dict)
            for lingering in list(_LINGERING):
                lingering.refuse_late()
            if self._modules != len(sys.modules):
                self._modules = len(sys.modules)
                self._tasks.see_imports()
            call = InterceptedCall(self._dispatcher, self._sleeps, operation_model, request_dict)
            is_async = inspect.iscoroutinefunction(type(endpoint)._send_request)
            make = call.make_async if is_async else call.make
            return make(patch.found, endpoint, operation_model, request_dict)

        return make_request


def remove_unused() -> None:
    """Remove the patches of tests that are over, as far as nobody can use them any more."""
    with _LOCK:
        for patch in list(_LINGERING):
            if patch.is_over:
                _LINGERING.remove(patch)
                patch.remove()


class InterceptedCall:
    """One call of botocore's or aiobotocore's, a context manager from its beginning to its end."""

    def __init__(
        self, dispatcher: Dispatcher, sleeps: Sleeps, operation_model: Any, request_dict: dict[str, Any]
    ) -> None:
        self._sleeps = sleeps
        operation = method_name(operation_model.name)
        #: Whether the call is handed on to whoever answers before-send.
        self._passes = dispatcher.options.passthrough and not dispatcher.answers(operation)
        body = request_dict["body"]
        self._call = dispatcher.call(
            operation,
            body.encode() if isinstance(body, str) else bytes(body),
            request_dict["context"].get("client_region") or "us-east-1",
            sleeps.begin_call(),
        )

    def __enter__(self) -> None:
        self._waiting = WAITING.set(self._sleeps)  # a sleep in here is a retry's

    def __exit__(self, *exc: object) -> None:
        WAITING.reset(self._waiting)
        self._sleeps.end_call()
        self._call.end()

    def make(self, found: Any, endpoint: Any, operation_model: Any, request_dict: dict[str, Any]) -> Any:
        """Make the call by the original method, *found*, on a stand-in for *endpoint*."""
        __tracebackhide__ = True
        with self:
            stand_in = self._stand_in(endpoint, QuietEmitter, self._send)
            return self._finish(found(stand_in, operation_model, request_dict))

    async def make_async(self, found: Any, endpoint: Any, operation_model: Any, request_dict: dict[str, Any]) -> Any:
        """Make the call of aiobotocore likewise."""
        from .aiobotocore import QuietAioEmitter, awaitable, yield_once

        __tracebackhide__ = True

        async def send(request: Any) -> Any:
            __tracebackhide__ = True
            # A real request lets other tasks run; without that, a loop that polls without sleeping would block them.
            await yield_once()
            return awaitable(self._send(request))

        with self:
            result = await found(self._stand_in(endpoint, QuietAioEmitter, send), operation_model, request_dict)
            return self._finish(result, await result[0].content)

    def _stand_in(self, endpoint: Any, emitter_class: Any, send: Any) -> Any:
        """Return a copy of *endpoint* that neither signs nor sends, but asks *send*."""
        copy = object.__new__(type(endpoint))
        vars(copy).update(vars(endpoint))
        copy._event_emitter = emitter_class(endpoint._event_emitter, _QUIET[:1] if self._passes else _QUIET)
        copy._send = send
        setattr(copy, _MARK, True)
        return copy

    def _send(self, request: Any) -> Any:
        __tracebackhide__ = True
        if self._passes:  # and nobody has answered
            raise self._call.fail(UnansweredCall(reports.nobody_answers(self._call.record.operation)))
        answer = self._call.attempt()
        from botocore.awsrequest import AWSResponse

        made: Any = AWSResponse
        response = made(request.url, answer.status, answer.headers, None)
        response._content = answer.body
        return response

    def _finish(self, result: Any, content: bytes | None = None) -> Any:
        """Record what another mock has answered to a call that was handed on."""
        if self._passes:
            http, parsed = result
            code = parsed.get("Error", {}).get("Code") if http.status_code >= 300 else None
            self._call.take(
                Answer(http.status_code, {}, http.content if content is None else content, code), attempts=1
            )
        return result


class QuietEmitter:
    """An event emitter without the events of *quiet*."""

    def __init__(self, emitter: Any, quiet: tuple[str, ...]) -> None:
        self._emitter = emitter
        self._quiet = quiet

    def emit(self, event_name: str, **kwargs: Any) -> Any:
        """Emit an event, unless it is a quiet one."""
        return [] if event_name.startswith(self._quiet) else self._emitter.emit(event_name, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._emitter, name)
