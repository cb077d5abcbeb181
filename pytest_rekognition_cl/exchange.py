"""Where the doors bring their requests: record, look for a prepared answer, ask the service.

A door calls :meth:`Exchange.begin` once a call, :meth:`Exchange.attempt` once a request (retries), and
:meth:`Exchange.end` when the caller has its answer. Nothing here knows how a request came in.
"""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Callable
from dataclasses import dataclass

from . import messages
from .clock import Clock
from .errors import EndlessPoll, RekognitionCLError, UnansweredCall
from .faults import Faults
from .options import Options
from .recording import Call, Log
from .service import Answer, RekognitionService, answer
from .service.operations import OPERATIONS


@dataclass(frozen=True)
class Misuse:
    """Something that must fail the test even where the error that told it was swallowed."""

    error: RekognitionCLError

    @property
    def text(self) -> str:
        """What the user should hear of it."""
        return str(self.error)


class Exchange:
    """One fixture's traffic: clock, service, log and what is prepared."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.clock = Clock()
        self.service = RekognitionService(now=self.clock.now_ms, account=options.account, quotas=dict(options.quotas))
        self.log = Log()
        self.faults = Faults()
        #: What was refused because nobody had prepared it, and other misuse; in order.
        self.misuses: list[Misuse] = []
        #: What the report should add, e.g. why a waiter has ended in vain.
        self.notes: list[str] = []
        #: Called before the first request: the world may be made as late as that.
        self.prepare: Callable[[], object] = lambda: None
        self._lock = threading.Lock()

    def is_routed(self, operation: str) -> bool:
        """Whether the fake answers *operation*, or something is prepared for it."""
        if operation in OPERATIONS:
            return True
        with self._lock:
            return self.faults.is_due(operation)

    def begin(self, operation: str, body: bytes, region: str) -> Call:
        """Record a call of *operation* (the boto3 method's name)."""
        self.prepare()
        call = self.log.begin(operation, body, region, self.clock.now_ms())
        with self._lock:
            self.faults.begin_call(operation, call.number)
        return call

    def attempt(self, call: Call) -> Answer:
        """Answer one request of *call*. Raises what is prepared to be raised, UnansweredCall if nothing is."""
        __tracebackhide__ = True
        call._set(attempts=call.attempts + 1)
        with self._lock:
            prepared = self.faults.for_attempt(call.operation, call.number)
        try:
            if prepared is not None:
                given = prepared.outcome()
            elif call.operation in OPERATIONS:
                given = self.service.handle(call.operation, call.request, region=call.region)
            else:
                raise self.misuse(UnansweredCall(messages.unanswered(call.operation, self._exhausted(call.operation))))
        except BaseException as error:
            call._set(error=type(error).__name__, message=str(error), _answer=None)
            raise
        self.take(call, given)
        return given

    def take(self, call: Call, given: Answer) -> None:
        """Note the latest answer to *call*."""
        message = _message(given) if given.error else None
        call._set(error=given.error, message=message, _answer=(given.status, given.body))

    def _exhausted(self, operation: str) -> list[str]:
        return [prepared.text for prepared in self.faults.prepared if prepared.operation == operation]

    def end(self, call: Call) -> None:
        """Take note that the caller has its answer, or gave up."""
        with self._lock:
            self.faults.end_call(call.number)

    def misuse(self, error: RekognitionCLError) -> RekognitionCLError:
        """Remember *error* for the verdict, and return it to be raised."""
        with self._lock:
            self.misuses.append(Misuse(error))
        return error

    def refuse(self, code: str, message: str, status: int) -> Answer:
        """Return a refusal as the service would send it."""
        return self.service.refuse(code, message, status)

    def canned(self, content: bytes) -> Answer:
        """Return a prepared answer as the service would send it."""
        return answer(200, content, self.clock.now_ms())

    def check_poll(self, call: Call, polls: int) -> None:
        """Raise EndlessPoll if *call* has shown the same *polls* times, which is too often."""
        __tracebackhide__ = True
        if polls >= self.options.max_polls:
            raise self.misuse(EndlessPoll(self._endless(call, polls)))

    def _endless(self, call: Call, polls: int) -> str:
        project_arn = call.params.get("ProjectArn")
        with self.service.lock:
            project = self.service.store.projects.get(str(project_arn))
            dataset = self.service.store.datasets.get(str(call.params.get("DatasetArn")))
            now = self.clock.now_ms()
            versions = [] if project is None else project.newest_first()
            exists = {v.name: _outlook(v.status(now), v.progression.due_ms, now) for v in versions}
            for d in () if dataset is None else dataset.project.datasets.values():
                exists[f"{d.kind} dataset"] = _outlook(d.status(now), d.progression.due_ms, now)
        return messages.endless(call, polls, exists, self.clock.slept)


def _outlook(status: str, due_ms: int | None, now: int) -> str:
    """Return a status, and for how many virtual seconds it will last if it ends by itself."""
    return status if due_ms is None else f"{status}, for {math.ceil((due_ms - now) / 1000)} s more"


def _message(given: Answer) -> str:
    content = json.loads(given.body)
    return str(content.get("Message") or content.get("message") or "")
