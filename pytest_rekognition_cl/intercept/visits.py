"""One call on its way through the door of botocore or aiobotocore: the stand-in endpoint, what is noted of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import botocore_model
from ..errors import UnansweredCall
from ..messages import reports
from ..service import Answer
from .sleeps import Sleeps

if TYPE_CHECKING:
    from ..dispatcher import Dispatcher

SERVICE = "rekognition"
#: Events that a stand-in endpoint keeps to itself: the one that signs, and the one in which moto answers.
QUIET = ("request-created.", "before-send.")

#: A stand-in endpoint has this attribute: the call is taken, the doors of outer fixtures let it pass.
MARK = "_pytest_rekognition_cl_stand_in"


class Visit:
    """One call on its way through the door."""

    def __init__(
        self, dispatcher: Dispatcher, sleeps: Sleeps, operation_model: Any, request_dict: dict[str, Any]
    ) -> None:
        sleeps.begin_call()
        self._dispatcher = dispatcher
        self._sleeps = sleeps
        self._operation = botocore_model.method_name(operation_model.name)
        self._passes = dispatcher.options.passthrough and not dispatcher.is_routed(self._operation)
        body = request_dict["body"]
        region = request_dict["context"].get("client_region") or "us-east-1"
        self._call = dispatcher.begin(self._operation, body.encode() if isinstance(body, str) else bytes(body), region)

    def __enter__(self) -> None:
        self._waiting = self._sleeps.waiting()  # a sleep in here is a retry's
        self._waiting.__enter__()

    def __exit__(self, *exc: object) -> None:
        self._waiting.__exit__(None, None, None)
        self._dispatcher.end(self._call)
        self._sleeps.end_call(self._call)

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
            error = self._dispatcher.misuse(UnansweredCall(reports.nobody_answers(self._operation)))
            self._call._set(error=type(error).__name__, message=str(error), attempts=1)
            raise error
        return self._dispatcher.attempt(self._call)

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
            self._dispatcher.take(self._call, Answer(http.status_code, {}, body, code))
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
