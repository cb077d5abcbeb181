"""botocore (boto3): one redirection of ``Endpoint.make_request``, for every client of the process.

The function is redirected as an object (redirect.py), once however many fixtures are open: who wraps the method, before
or after, and who takes such a wrapper away again, does not matter. For a Rekognition operation the original runs on a
stand-in endpoint that neither signs nor sends. So botocore itself validates, serialises, retries, parses, raises
modelled errors and emits its events, and clients made at any time, in any way, are covered. Matching goes by service
and operation, never by URL.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from botocore.awsrequest import AWSResponse

from ..botocore_model import SERVICE, method_name
from ..errors import RekognitionCLError, UnansweredCall
from ..messages import reports
from ..service import Answer
from . import leaked_threads
from .leaked_threads import Owner as Owner
from .sleeps import WAITING

if TYPE_CHECKING:
    from . import Patches

#: Events that a stand-in endpoint does not emit: the one that signs, and the one in which moto answers.
_QUIET = ("request-created.", "before-send.")
#: A stand-in endpoint has this attribute: the call is taken.
_MARK = "_pytest_rekognition_cl_stand_in"
_Response: Any = AWSResponse  # its body lies in a private attribute


def _make_request(
    original: Callable[..., Any], endpoint: Any, operation_model: Any, request_dict: dict[str, Any]
) -> Any:
    __tracebackhide__ = True
    if operation_model.service_model.service_name != SERVICE or _MARK in vars(endpoint):
        return original(endpoint, operation_model, request_dict)
    owner = leaked_threads.in_charge()
    if owner is None:
        return original(endpoint, operation_model, request_dict)
    if owner.pid != os.getpid():
        return _from_child(owner, original, endpoint, operation_model, request_dict)
    call = InterceptedCall(owner.patches, operation_model, request_dict)
    make = call.make_async if _is_async(endpoint) else call.make
    return make(original, endpoint, operation_model, request_dict)


# It is redirected while any test's calls are answered or refused, whoever has wrapped it.
leaked_threads.REDIRECTIONS.functions["botocore.endpoint", "Endpoint.make_request"] = _make_request

_ASYNC: WeakKeyDictionary[type, bool] = WeakKeyDictionary()


def _is_async(endpoint: Any) -> bool:
    kind = type(endpoint)
    if kind not in _ASYNC:
        _ASYNC[kind] = inspect.iscoroutinefunction(kind._send_request)
    return _ASYNC[kind]


def _from_child(
    owner: Owner, original: Callable[..., Any], endpoint: Any, operation_model: Any, request_dict: dict[str, Any]
) -> Any:
    """Send a forked child's call to the parent's server, if its client has that for its endpoint; else refuse it."""
    __tracebackhide__ = True
    url = owner.patches.url
    if url is None or endpoint.host.rstrip("/") != url:
        raise RekognitionCLError(reports.forked_call(owner.name, method_name(operation_model.name)))
    region = request_dict["context"].get("client_region")
    # Nobody's keys, and no signature: the server reads the Region alone.
    scope = f"Credential=NOT-A-REAL-KEY/20000101/{region}/rekognition/aws4_request"
    request_dict["headers"]["Authorization"] = f"AWS4-HMAC-SHA256 {scope}, SignedHeaders=host, Signature=0"
    emitter: Any = QuietEmitter
    if _is_async(endpoint):
        from .aiobotocore import QuietAioEmitter as emitter
    return original(_stand_in(endpoint, emitter, _QUIET[:1]), operation_model, request_dict)


def _stand_in(endpoint: Any, emitter: Any, quiet: tuple[str, ...], send: Any = None) -> Any:
    """Return a copy of *endpoint* that does not emit the events *quiet*, and asks *send* rather than to send.

    *emitter* is the class of its event emitter.
    """
    copy = object.__new__(type(endpoint))
    vars(copy).update(vars(endpoint), _event_emitter=emitter(endpoint._event_emitter, quiet))
    if send is not None:
        copy._send = send
        if "before-send." in quiet:
            copy.prepare_request = UnsentRequest  # nobody sends it
    setattr(copy, _MARK, True)
    return copy


class InterceptedCall:
    """One call of botocore's or aiobotocore's, a context manager from its beginning to its end."""

    def __init__(self, patches: Patches, operation_model: Any, request_dict: dict[str, Any]) -> None:
        dispatcher = patches.dispatcher
        self._sleeps = sleeps = patches.sleeps
        operation = method_name(operation_model.name)
        #: Whether the call is handed on to whoever answers before-send.
        self._passes = dispatcher.options.passthrough and not dispatcher.answers(operation)
        self._quiet = _QUIET[:1] if self._passes else _QUIET
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
        self._call.end()

    def make(self, found: Any, endpoint: Any, operation_model: Any, request_dict: dict[str, Any]) -> Any:
        """Make the call by the original method, *found*, on a stand-in for *endpoint*."""
        __tracebackhide__ = True
        with self:
            stand_in = _stand_in(endpoint, QuietEmitter, self._quiet, self._send)
            return self._finish(found(stand_in, operation_model, request_dict))

    async def make_async(self, found: Any, endpoint: Any, operation_model: Any, request_dict: dict[str, Any]) -> Any:
        from .aiobotocore import QuietAioEmitter, awaitable, yield_once

        __tracebackhide__ = True

        async def send(request: Any) -> Any:
            __tracebackhide__ = True
            # A real request lets other tasks run; without that, a loop that polls without sleeping would block them.
            await yield_once()
            return awaitable(self._send(request))

        with self:
            stand_in = _stand_in(endpoint, QuietAioEmitter, self._quiet, send)
            result = await found(stand_in, operation_model, request_dict)
            return self._finish(result, await result[0].content)

    def _send(self, request: Any) -> Any:
        __tracebackhide__ = True
        if self._passes:  # and nobody has answered
            raise self._call.fail(UnansweredCall(reports.nobody_answers(self._call.record.operation)))
        answer = self._call.attempt()
        response = _Response(request.url, answer.status, answer.headers, None)
        response._content = answer.body
        return response

    def _finish(self, result: Any, content: bytes | None = None) -> Any:
        """Record what another mock has answered to a call that was handed on."""
        if self._passes:
            http, parsed = result
            code = parsed.get("Error", {}).get("Code") if http.status_code >= 300 else None
            self._call.take(Answer(http.status_code, {}, http.content if content is None else content, code))
        return result


class UnsentRequest:
    """What botocore keeps of a request that is not sent; to prepare one takes a tenth of a call's time."""

    def __init__(self, request: Any) -> None:
        self.method, self.url, self.headers = request.method, request.url, request.headers
        self.body, self.stream_output = request.data, request.stream_output

    def reset_stream(self) -> None:
        """Do nothing: the body is not read."""


class QuietEmitter:
    """An event emitter without the events of *quiet*."""

    def __init__(self, emitter: Any, quiet: tuple[str, ...]) -> None:
        self._emitter = emitter
        self._quiet = quiet

    def emit(self, event_name: str, **kwargs: Any) -> Any:
        return [] if event_name.startswith(self._quiet) else self._emitter.emit(event_name, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._emitter, name)
