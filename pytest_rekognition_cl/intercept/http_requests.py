"""From a request over HTTP to the dispatcher, and back: who may ask, which operation, which call, which time."""

from __future__ import annotations

import re
from collections.abc import Collection
from email.message import Message
from typing import TYPE_CHECKING, Any

from .. import botocore_model
from ..calls import write
from ..errors import RekognitionCLError
from ..locks import new_lock
from ..service import CONTENT_TYPE, Answer, answer
from ..service.statuses import TRANSITIONAL
from ..sleep_rule import statuses_of

if TYPE_CHECKING:
    from ..dispatcher import DispatchedCall, Dispatcher

#: The operations whose answers show statuses.
_DESCRIBES = frozenset({"describe_project_versions", "describe_projects", "describe_dataset"})
_TARGET = re.compile(r"RekognitionService\.([A-Za-z0-9]+)")
_SCOPE = re.compile(r"\bCredential=[^/\s,]+/[0-9]{8}/([a-z0-9-]+)/rekognition/aws4_request\b", re.ASCII)
#: A User-Agent of a waiter: botocore's (``m/B``) and the AWS CLI's say so. The SDK for PHP keeps the mark for every
#: call after its first waiter, so there it says nothing.
_WAITER = re.compile(r"(?!aws-sdk-php/).*(#rekognition\.wait|(^| )m/([^ ]+,)?B(,| |$))")


class OperationRouter:
    """Answers the requests of the HTTP server on *port*. Thread-safe. *region*: of requests that are not signed."""

    def __init__(self, dispatcher: Dispatcher, port: int, region: str) -> None:
        self._dispatcher = dispatcher
        self._refuse = dispatcher.service.refuse
        self._hosts = (f"127.0.0.1:{port}", f"localhost:{port}")
        self._region = region
        self._operations = {name: method for method, name in botocore_model.operations().items()}
        #: One request at a time: an attempt of a call, and a look at what is on its way, depend on those before.
        self._lock = new_lock()
        #: By operation, body, and the id that an SDK gives to all attempts of one call.
        self._calls: dict[tuple[str, bytes, str], DispatchedCall] = {}
        #: The describes that have shown something on its way: who asks one of them again is waiting for it.
        self._awaited: set[tuple[str, bytes]] = set()

    def answer(self, path: str, headers: Message, body: bytes) -> Answer | None:
        """Answer one POST; None where the connection is to end without an answer."""
        if (refusal := self._refusal(path, headers)) is not None:
            return refusal
        target = _TARGET.fullmatch(headers.get("X-Amz-Target", ""))
        operation = self._operations.get(target[1]) if target else None
        if operation is None:
            return self._unknown_operation(400)
        with self._lock:
            call = self._call(operation, headers, body)
            record = call.record
            if record.succeeded:  # the answer was lost on its way: give it again
                write(record, attempts=record.attempts + 1)
                return answer(200, record.body, self._dispatcher.clock.now_ms())
            with call:
                result = self._attempt(call)
            if operation in _DESCRIBES and call.record.succeeded:
                is_on_its_way = TRANSITIONAL.intersection(statuses_of(record))
                (self._awaited.add if is_on_its_way else self._awaited.discard)((operation, body))
            return result

    def unreadable(self, status: int, message: str) -> Answer:
        """Return the refusal of what is no HTTP request, too large a one, or one of another method."""
        if status == 501:  # the standard library's word for a method without a function
            refusal = self._unknown_operation(405)
            refusal.headers["Allow"] = "POST"
            return refusal
        code = "RequestEntityTooLargeException" if status in (413, 414, 431) else "SerializationException"
        return self._refuse(code, message, status)

    def _unknown_operation(self, status: int) -> Answer:
        return self._refuse("UnknownOperationException", "", status)

    def _refusal(self, path: str, headers: Message) -> Answer | None:
        """Return why a request is not for the service; None if it is. What is refused here is not recorded."""
        if headers.get("Host", "").lower() not in self._hosts:
            # A web page can let a name of its own point at this machine; the browser still says which name it was.
            return self._refuse("AccessDeniedException", f"The Host must be {self._hosts[0]}.", 403)
        origin = headers.get("Origin")
        if origin is not None and origin.lower() not in [f"http://{host}" for host in self._hosts]:
            return self._refuse("AccessDeniedException", "Requests of web pages are not answered.", 403)
        if path != "/":
            return self._unknown_operation(404)
        media_type = headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if media_type != CONTENT_TYPE or headers.get("Content-Encoding", "identity").lower() != "identity":
            return self._unknown_operation(415)
        return None

    def _attempt(self, call: DispatchedCall) -> Answer | None:
        try:
            return call.attempt(over_http=True)
        except RekognitionCLError as error:
            return self._refuse(type(error).__name__, str(error), 400)
        except Exception:
            return None
        except BaseException as error:
            # Over there nobody would see what it says, so the verdict says it.
            self._dispatcher.unexpected(RekognitionCLError(str(error)))
            return self._refuse("InternalFailure", str(error), 500)

    def _call(self, operation: str, headers: Message, body: bytes) -> DispatchedCall:
        """Return the call of which this request is another attempt, or a new one."""
        invocation = headers.get("amz-sdk-invocation-id") or headers.get("aws-sdk-invocation-id")  # the SDK for PHP
        if (known := self._calls.get((operation, body, invocation or ""))) is not None:
            return known
        if (operation, body) in self._awaited or _WAITER.match(headers.get("User-Agent", "")):
            _let_time_pass(self._dispatcher, operation, body)
        scope = _SCOPE.search(headers.get("Authorization", ""))
        call = self._dispatcher.call(operation, body, scope[1] if scope else self._region)
        if invocation:
            self._calls[operation, body, invocation] = call
        return call


def _let_time_pass(dispatcher: Dispatcher, operation: str, body: bytes) -> None:
    """Before a describe of somebody who waits, let the virtual time pass until what it will show is settled.

    The sleeps of another process cannot be seen, so here asking again is waiting. Nothing changes for what ends by
    being described (``statuses=``), or never.
    """
    with dispatcher.service.lock:
        now = dispatcher.clock.now_ms()
        due = max((thing.progression.due_ms or 0 for thing in _described(dispatcher, operation, body)), default=0)
        if due > now:
            dispatcher.clock.advance((due + 1 - now) / 1000)  # 1: a fraction of a millisecond must not be missing


def _described(dispatcher: Dispatcher, operation: str, body: bytes) -> Collection[Any]:
    """Return the projects, the versions or the dataset that a describe will show."""
    store, params = dispatcher.service.store, botocore_model.read_params(operation, body)
    found: Collection[Any] = ()
    names = None
    if operation == "describe_dataset":
        found = [dataset for arn, dataset in store.datasets.items() if arn == params.get("DatasetArn")]
    elif operation == "describe_projects":
        found, names = store.projects.values(), params.get("ProjectNames")
    elif operation == "describe_project_versions":
        project = store.projects.get(str(params.get("ProjectArn")))
        found, names = project.newest_first() if project else (), params.get("VersionNames")
    return [thing for thing in found if thing.name in names] if isinstance(names, list) else found
