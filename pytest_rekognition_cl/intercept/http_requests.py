"""From a request over HTTP to the dispatcher, and back: who may ask, which operation, which call, which time."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import Message
from typing import TYPE_CHECKING, Any

from .. import botocore_model
from ..calls import write
from ..errors import RekognitionCLError
from ..locks import new_lock
from ..service import Answer
from ..service.statuses import TRANSITIONAL
from ..sleep_rule import statuses_of

if TYPE_CHECKING:
    from ..calls import Call
    from ..dispatcher import DispatchedCall, Dispatcher

#: The operations whose answers show statuses.
CONTENT_TYPE = "application/x-amz-json-1.1"
#: The operations whose answers show statuses.
_DESCRIBES = frozenset({"describe_project_versions", "describe_projects", "describe_dataset"})
_TARGET = re.compile(r"RekognitionService\.([A-Za-z0-9]+)")
_SCOPE = re.compile(r"\bCredential=[^/\s,]+/[0-9]{8}/([a-z0-9-]+)/rekognition/aws4_request\b", re.ASCII)


@dataclass
class _Invocation:
    """A call whose attempts an SDK marks by an id."""

    call: DispatchedCall
    #: The answer of a call that has succeeded, to be given again: it may have been lost on its way.
    answer: Answer | None = None

    def is_of(self, operation: str, body: bytes) -> bool:
        """Whether the call is one of *operation* with this request."""
        return (self.call.record.operation, self.call.record.request) == (operation, body)


class OperationRouter:
    """Answers the requests of one fixture's HTTP server. Thread-safe.

    :param port: of the server; requests that were meant for another host are refused.
    :param region: of requests that are not signed.
    """

    def __init__(self, dispatcher: Dispatcher, port: int, region: str) -> None:
        self._dispatcher = dispatcher
        self._hosts = (f"127.0.0.1:{port}", f"localhost:{port}")
        self._region = region
        self._operations = {name: method for method, name in botocore_model.operations().items()}
        #: One request at a time: an attempt of a call, and a look at what is on its way, depend on those before.
        self._lock = new_lock()
        #: By the id that an SDK gives to all attempts of one call.
        self._invocations: dict[str, _Invocation] = {}
        #: The describes that have shown something on its way: who asks one of them again is waiting for it.
        self._awaited: set[tuple[str, bytes]] = set()

    def answer(self, path: str, headers: Message, body: bytes) -> Answer | None:
        """Answer one POST; None where the connection is to end without an answer."""
        refusal = self._refusal(path, headers)
        if refusal is not None:
            return refusal
        target = _TARGET.fullmatch(headers.get("X-Amz-Target", ""))
        operation = self._operations.get(target[1]) if target else None
        if operation is None:
            return self.unknown_operation(400)
        with self._lock:
            invocation = self._invocation(operation, headers, body)
            if invocation.answer is not None:
                write(invocation.call.record, attempts=invocation.call.record.attempts + 1)
                return invocation.answer
            with invocation.call as call:
                answer = self._attempt(call)
            if call.record.succeeded:
                invocation.answer = answer
            self._note_awaited(call.record)
            return answer

    def unknown_operation(self, status: int) -> Answer:
        """Return the refusal of what is no request for an operation of the service."""
        return self._dispatcher.service.refuse("UnknownOperationException", "", status)

    def unreadable(self, status: int, message: str) -> Answer:
        """Return the refusal of what is no HTTP request, or too large a one."""
        too_large = status in (413, 414, 431)
        return self._dispatcher.service.refuse(
            "RequestEntityTooLargeException" if too_large else "SerializationException", message, status
        )

    def _refusal(self, path: str, headers: Message) -> Answer | None:
        """Return why a request is not for the service; None if it is. What is refused here is not recorded."""
        if headers.get("Host", "").lower() not in self._hosts:
            # A web page can let a name of its own point at this machine; the browser still says which name it was.
            return self._forbidden(f"The Host must be {self._hosts[0]}.")
        origin = headers.get("Origin")
        if origin is not None and origin.lower() not in [f"http://{host}" for host in self._hosts]:
            return self._forbidden("Requests of web pages are not answered.")
        if path != "/":
            return self.unknown_operation(404)
        media_type = headers.get("Content-Type", "").partition(";")[0].strip().lower()
        if media_type != CONTENT_TYPE or headers.get("Content-Encoding", "identity").lower() != "identity":
            return self.unknown_operation(415)
        return None

    def _forbidden(self, message: str) -> Answer:
        return self._dispatcher.service.refuse("AccessDeniedException", message, 403)

    def _attempt(self, call: DispatchedCall) -> Answer | None:
        try:
            return call.attempt(over_http=True)
        except RekognitionCLError as error:
            return self._dispatcher.service.refuse(type(error).__name__, str(error), 400)
        except Exception:
            return None
        except BaseException as error:
            # Over there nobody would see what it says, so the verdict says it.
            self._dispatcher.unexpected(RekognitionCLError(str(error)))
            return self._dispatcher.service.refuse("InternalFailure", str(error), 500)

    def _invocation(self, operation: str, headers: Message, body: bytes) -> _Invocation:
        """Return the call of which this request is another attempt, or a new one."""
        name = headers.get("amz-sdk-invocation-id") or headers.get("aws-sdk-invocation-id")  # the SDK for PHP
        known = self._invocations.get(name or "")
        if known is not None and known.is_of(operation, body):
            return known
        if (operation, body) in self._awaited or _is_waiter(headers.get("User-Agent", "")):
            let_time_pass(self._dispatcher, operation, body)
        scope = _SCOPE.search(headers.get("Authorization", ""))
        invocation = _Invocation(self._dispatcher.call(operation, body, scope[1] if scope else self._region))
        if name:
            self._invocations[name] = invocation
        return invocation

    def _note_awaited(self, call: Call) -> None:
        if call.operation in _DESCRIBES and call.succeeded:
            is_on_its_way = TRANSITIONAL.intersection(statuses_of(call))
            (self._awaited.add if is_on_its_way else self._awaited.discard)((call.operation, call.request))


def _is_waiter(agent: str) -> bool:
    """Tell whether a waiter asks: botocore (``m/B``) and the AWS CLI (``rekognition.wait``) say so.

    The SDK for PHP keeps the mark for every call after its first waiter, so there it says nothing.
    """
    if agent.startswith("aws-sdk-php/"):
        return False
    features = re.search(r"(?:^| )m/([^ ]+)", agent)
    return "#rekognition.wait" in agent or (features is not None and "B" in features[1].split(","))


def let_time_pass(dispatcher: Dispatcher, operation: str, body: bytes) -> None:
    """Before a describe of somebody who waits, let the virtual time pass until what it will show is settled.

    The sleeps of another process cannot be seen, let alone made virtual, so here asking again is waiting: a training,
    start, stop, copy or deletion that was seen under way has ended by the time it is looked at once more. Nothing
    changes for what ends by being described (``statuses=``), or never.
    """
    if operation not in _DESCRIBES:
        return
    try:
        params = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return
    if not isinstance(params, dict):
        return
    with dispatcher.service.lock:
        now = dispatcher.clock.now_ms()
        things = [thing for thing in _looked_at(dispatcher, operation, params) if thing.status(now)]
        due = [thing.progression.due_ms for thing in things if thing.progression.due_ms is not None]
        if due and max(due) > now:
            dispatcher.clock.advance((max(due) + 1 - now) / 1000)  # 1: a fraction of a millisecond must not be missing


def _looked_at(dispatcher: Dispatcher, operation: str, params: dict[str, Any]) -> Iterable[Any]:
    projects = dispatcher.service.store.projects
    if operation == "describe_projects":
        names = params.get("ProjectNames")
        return [p for p in projects.values() if not isinstance(names, list) or p.name in names]
    if operation == "describe_dataset":
        dataset = dispatcher.service.store.datasets.get(str(params.get("DatasetArn")))
        return [] if dataset is None else [dataset]
    project = projects.get(str(params.get("ProjectArn")))
    names = params.get("VersionNames")
    if project is None:
        return []
    if not isinstance(names, list):
        return project.newest_first()
    return [project.by_name[name] for name in names if isinstance(name, str) and name in project.by_name]
