"""The door for botocore (boto3): one cut at ``Endpoint.make_request``, for every client of the process.

For a Rekognition operation the original runs on a stand-in endpoint that neither signs nor sends. So botocore itself
validates, serialises, retries, parses, raises modelled errors and emits its events, and clients made at any time, in
any way, are covered. Matching goes by service and operation, never by URL.
"""

from __future__ import annotations

import inspect
import threading
from typing import TYPE_CHECKING, Any

from .. import messages, model, sleeping
from ..errors import LateCall, UnansweredCall
from ..recording import Call
from ..service import Answer
from .lateness import Newborns
from .patching import Patch
from .sleeps import Sleeps

if TYPE_CHECKING:
    from ..exchange import Exchange

SERVICE = "rekognition"
#: Events that a stand-in endpoint keeps to itself: the one that signs, and the one in which moto answers.
QUIET = ("request-created.", "before-send.")

#: A stand-in endpoint has this attribute: the call is taken, the doors of outer fixtures let it pass.
MARK = "_pytest_rekognition_cl_stand_in"

#: Doors that are closed, but kept for a thread that still lives; oldest first.
_LINGERING: list[Cut] = []
_LINGERING_LOCK = threading.Lock()


class Cut:
    """``Endpoint.make_request`` while one fixture is active."""

    def __init__(self, exchange: Exchange, sleeps: Sleeps, owner: str) -> None:
        from botocore.endpoint import Endpoint

        self._exchange = exchange
        self._sleeps = sleeps
        self._owner = owner
        self._closed = False
        self._newborns = Newborns()
        _settle()
        self._patch = Patch(Endpoint, "make_request", self._make_request)

    def close(self) -> None:
        """End: restore botocore, unless a thread that was born meanwhile still lives."""
        self._closed = True
        self._newborns.end()
        families = self._sleeps.trails.families
        if families:
            families.end(_settle)
        with _LINGERING_LOCK:
            _LINGERING.append(self)
        _settle()

    @property
    def is_over(self) -> bool:
        """Whether nothing can come any more, so that the cut can go."""
        families = self._sleeps.trails.families
        return not self._newborns.alive and not (families and families.alive)

    def remove(self) -> None:
        """Take the cut away."""
        self._patch.remove()

    def refuse_late(self) -> None:
        """Raise LateCall if the current thread is still at something that this fixture's test began."""
        if self._newborns.is_still_at_work() or self._late_task() is not None:
            raise self._late()

    def _late(self) -> LateCall:
        return LateCall(messages.late_call(self._owner, threading.current_thread().name, self._late_task()))

    def _late_task(self) -> str | None:
        families = self._sleeps.trails.families
        return families.late_task() if families else None

    def _make_request(self, patch: Patch) -> Any:
        def make_request(endpoint: Any, operation_model: Any, request_dict: dict[str, Any]) -> Any:
            __tracebackhide__ = True
            if patch.inert or MARK in vars(endpoint):
                return patch.found(endpoint, operation_model, request_dict)
            if operation_model.service_model.service_name != SERVICE:
                if not self._closed:
                    sleeping.elsewhere(self._sleeps.trails.current())
                return patch.found(endpoint, operation_model, request_dict)
            if self._closed:
                self.refuse_late()
                _settle()
                return patch.found(endpoint, operation_model, request_dict)
            for cut in list(_LINGERING):
                cut.refuse_late()
            visit = Visit(self._exchange, self._sleeps, operation_model, request_dict)
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


class Visit:
    """One call on its way through the door."""

    def __init__(self, exchange: Exchange, sleeps: Sleeps, operation_model: Any, request_dict: dict[str, Any]) -> None:
        sleeps.activate()
        self._exchange = exchange
        self._sleeps = sleeps
        self._operation = model.method_name(operation_model.name)
        self._passes = exchange.options.passthrough and not exchange.is_routed(self._operation)
        body = request_dict["body"]
        region = request_dict["context"].get("client_region") or "us-east-1"
        self._call = exchange.begin(self._operation, body.encode() if isinstance(body, str) else bytes(body), region)

    def __enter__(self) -> None:
        self._trail = self._sleeps.trails.current()
        self._trail.inside += 1  # a sleep in here is a retry's

    def __exit__(self, *exc: object) -> None:
        __tracebackhide__ = True
        self._trail.inside -= 1
        self._exchange.end(self._call)
        repeats = sleeping.after_call(self._trail, self._call, self._sleeps.look_around)
        if not self._trail.inside:
            self._exchange.check_poll(self._call, repeats)

    def stand_in(self, endpoint: Any, emitter_class: Any, send: Any) -> Any:
        """Return *endpoint*'s double, which keeps quiet and sends to the fake."""
        double = object.__new__(type(endpoint))
        vars(double).update(vars(endpoint))
        quiet = QUIET[:1] if self._passes else QUIET
        double._event_emitter = emitter_class(endpoint._event_emitter, quiet)
        double._send = send
        setattr(double, MARK, True)
        return double

    def answer(self) -> Answer:
        """Ask the fake. Where calls are passed on and nobody has taken this one, it ends here."""
        __tracebackhide__ = True
        if self._passes:
            error = self._exchange.misuse(UnansweredCall(messages.nobody_answers(self._operation)))
            self._call._set(error=type(error).__name__, message=str(error), attempts=1)
            raise error
        return self._exchange.attempt(self._call)

    def send(self, request: Any) -> Any:
        """Stand in for ``Endpoint._send``."""
        __tracebackhide__ = True
        answer = self.answer()
        from botocore.awsrequest import AWSResponse

        made: Any = AWSResponse
        response = made(request.url, answer.status, answer.headers, None)
        response._content = answer.body
        return response

    def finish(self, result: Any, content: bytes | None = None) -> Any:
        """Note what another mock has answered to a call that was passed on."""
        if self._passes:
            http, parsed = result
            body = http.content if content is None else content
            code = parsed.get("Error", {}).get("Code") if http.status_code >= 300 else None
            self._call._set(attempts=1)
            self._exchange.take(self._call, Answer(http.status_code, {}, body, code))
        return result


class QuietEmitter:
    """An event emitter without the events of QUIET."""

    def __init__(self, emitter: Any, quiet: tuple[str, ...]) -> None:
        self._emitter = emitter
        self._quiet = quiet

    def emit(self, event_name: str, **kwargs: Any) -> Any:
        """Emit what is not to be kept quiet."""
        return [] if event_name.startswith(self._quiet) else self._emitter.emit(event_name, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._emitter, name)


def call_of(visit: Visit) -> Call:
    """Return the record of a visit."""
    return visit._call
