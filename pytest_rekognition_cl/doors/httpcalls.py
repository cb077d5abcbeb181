"""From a request over HTTP to the exchange, and back: who may ask, what is asked, and what a refusal looks like."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from .. import model, sleeping
from ..errors import RekognitionCLError
from ..service import Answer
from ..service.statuses import TRANSITIONAL
from .httpwire import Request

if TYPE_CHECKING:
    from ..exchange import Exchange
    from ..recording import Call

CONTENT_TYPE = "application/x-amz-json-1.1"
_TARGET = re.compile(r"RekognitionService\.([A-Za-z0-9]+)")
_SCOPE = re.compile(r"\bCredential=[^/\s,]+/[0-9]{8}/([a-z0-9-]+)/rekognition/aws4_request\b", re.ASCII)


class Dropped(Exception):
    """The connection ends here without an answer: a transport fault that the test has prepared."""


class Desk:
    """Takes the requests of one fixture's HTTP server, one at a time.

    :param port: of the server; requests that were meant for another host are refused.
    :param region: of requests that are not signed.
    """

    def __init__(self, exchange: Exchange, port: int, region: str) -> None:
        self._exchange = exchange
        self._hosts = (f"127.0.0.1:{port}", f"localhost:{port}")
        self._region = region
        #: Calls that were refused, by the id that an SDK gives to all attempts of one call.
        self._retried: dict[str, Call] = {}
        #: The describes that have shown something on its way: who asks one of them again is waiting for it.
        self._awaited: set[tuple[str, bytes]] = set()
        self._operations = {name: method for method, name in model.operations().items()}

    def answer(self, request: Request) -> Answer:
        """Answer one request. Raises Dropped where the connection is to end without an answer."""
        refusal = self._refusal(request)
        if refusal is not None:
            return refusal
        target = _TARGET.fullmatch(request.headers.get("x-amz-target", ""))
        operation = self._operations.get(target[1]) if target else None
        if operation is None:
            return self._unknown(400)
        call = self._call(operation, request)
        try:
            given = self._exchange.attempt(call)
        except RekognitionCLError as error:
            given = self._exchange.refuse(type(error).__name__, str(error), 400)
        except Exception as error:
            raise Dropped from error
        except BaseException as error:
            # Over there nobody would see what it says, so the verdict says it.
            self._exchange.misuse(RekognitionCLError(str(error)))
            given = self._exchange.refuse("InternalFailure", str(error), 500)
        finally:
            self._settle(call, request)
        return given

    def _refusal(self, request: Request) -> Answer | None:
        """Return why a request is not for the service; None if it is. What is refused here is not recorded."""
        headers = request.headers
        if headers.get("host", "").lower() not in self._hosts:
            # A web page can let a name of its own point at this machine; the browser still says which name it was.
            return self._forbidden(f"The Host must be {self._hosts[0]}.")
        origin = headers.get("origin")
        if origin is not None and origin.lower() not in [f"http://{host}" for host in self._hosts]:
            return self._forbidden("Requests of web pages are not answered.")
        if request.target not in ("/", *(f"http://{host}/" for host in self._hosts)):
            return self._unknown(404)
        if request.method != "POST":
            return self._unknown(405)
        media_type = headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != CONTENT_TYPE or headers.get("content-encoding", "identity").lower() != "identity":
            return self._unknown(415)
        return None

    def _forbidden(self, message: str) -> Answer:
        return self._exchange.refuse("AccessDeniedException", message, 403)

    def _unknown(self, status: int) -> Answer:
        answer = self._exchange.refuse("UnknownOperationException", "", status)
        if status == 405:
            answer.headers["Allow"] = "POST"
        return answer

    def _call(self, operation: str, request: Request) -> Call:
        """Return the record of a new call, or of the one of which this request is another attempt."""
        invocation = request.headers.get("amz-sdk-invocation-id")
        known = self._retried.get(invocation) if invocation else None
        if known is not None and (known.operation, known.request) == (operation, request.body):
            return known
        self._exchange.prepare()
        if (operation, request.body) in self._awaited or _waits(request):
            let_time_pass(self._exchange, operation, request.body)
        scope = _SCOPE.search(request.headers.get("authorization", ""))
        return self._exchange.begin(operation, request.body, scope[1] if scope else self._region)

    def _settle(self, call: Call, request: Request) -> None:
        """End a call that nobody will try again; one that was refused stays open for the SDK's next attempt."""
        invocation = request.headers.get("amz-sdk-invocation-id")
        asked = (call.operation, request.body)
        if call.operation in sleeping.POLLS and call.succeeded:
            on_its_way = TRANSITIONAL.intersection(sleeping.statuses_of(call))
            (self._awaited.add if on_its_way else self._awaited.discard)(asked)
        if invocation and call.error is not None:
            self._retried[invocation] = call
            return
        self._exchange.end(call)
        self._retried.pop(invocation or "", None)


def _waits(request: Request) -> bool:
    """Whether a waiter asks: botocore (``m/B``) and the AWS CLI (``rekognition.wait``) say so in the User-Agent."""
    agent = request.headers.get("user-agent", "")
    features = re.search(r"(?:^| )m/([^ ]+)", agent)
    return "#rekognition.wait" in agent or (features is not None and "B" in features[1].split(","))


def let_time_pass(exchange: Exchange, operation: str, body: bytes) -> None:
    """Before a describe of somebody who waits, let the virtual time pass until what it will show is settled.

    The sleeps of another process cannot be seen, let alone made virtual, so here asking again is waiting: a training,
    start, stop, copy or deletion that was seen under way has ended by the time it is looked at once more. Nothing
    changes for what ends by being described (``statuses=``), or never.
    """
    if operation not in sleeping.POLLS:
        return
    try:
        params = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return
    if not isinstance(params, dict):
        return
    with exchange.service.lock:
        now = exchange.clock.now_ms()
        progressions = [thing.progression for thing in _looked_at(exchange, operation, params) if thing.status(now)]
        due = [each.due_ms for each in progressions if each.due_ms is not None]
        if due and max(due) > now:
            exchange.clock.advance((max(due) + 1 - now) / 1000)  # 1: a fraction of a millisecond must not be missing


def _looked_at(exchange: Exchange, operation: str, params: dict[str, Any]) -> Iterable[Any]:
    projects = exchange.service.store.projects
    if operation == "describe_projects":
        names = params.get("ProjectNames")
        return [p for p in projects.values() if not isinstance(names, list) or p.name in names]
    if operation == "describe_dataset":
        dataset = exchange.service.store.datasets.get(str(params.get("DatasetArn")))
        return [] if dataset is None else [dataset]
    project = projects.get(str(params.get("ProjectArn")))
    names = params.get("VersionNames")
    if project is None:
        return []
    if not isinstance(names, list):
        return list(project.newest_first())
    return [project.by_name[name] for name in names if isinstance(name, str) and name in project.by_name]
