"""Record a call, look for a prepared outcome, ask the service: ``with dispatcher.call(...) as call: call.attempt()``.

Nothing here knows how a request came in.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from .calls import Call, CallLog, write
from .clock import Clock
from .errors import EndlessPoll, RekognitionCLError, UnansweredCall
from .expectations import Expectation, ExpectationQueue
from .locks import in_children
from .messages import reports
from .messages.text import Advice, by_keyword
from .options import Options
from .presets import Presets
from .service import OPERATIONS, Answer, RekognitionService
from .sleep_rule import LOOKS, SleepRule


class Dispatcher:
    """All that one fixture records and answers.

    :param users_region: returns the user's own Region, or None. It is asked when that is first needed: it may have to
        read the user's configuration.
    """

    def __init__(self, options: Options, users_region: Callable[[], str | None]) -> None:
        self.options = options
        self.clock = Clock()
        self.service = RekognitionService(now=self.clock.now_ms, account=options.account, quotas=dict(options.quotas))
        in_children(self.service.lock)
        self.sleep_rule = SleepRule(self.clock, options, self.service.due_of)
        self.log = CallLog()
        self.expectations = ExpectationQueue()
        #: Refusals of what nobody had prepared, and endless polls: they fail the test also where they were swallowed.
        self.unexpected_errors: list[RekognitionCLError] = []
        #: What the report should add, e.g. why a waiter has ended in vain.
        self.notes: list[str] = []
        #: How messages word an option; the plugin puts by_marker here.
        self.advice: Advice = by_keyword
        self._users_region = users_region
        self._presets: Presets | None = None
        #: The latest call of each thread or task.
        self.latest: WeakKeyDictionary[Any, Call] = WeakKeyDictionary()

    @property
    def presets(self) -> Presets:
        """The projects and models that the test sets up; made when they are first needed."""
        with self.service.lock:
            if self._presets is None:
                self.log.default_region = region = self.options.region or self._users_region() or "us-east-1"
                self._presets = Presets(self.service, region, default_project=self.options.default_project)
            return self._presets

    def end(self, owner: str) -> None:
        """Let nothing be arranged any more: the test is over."""
        if self._presets is not None:
            self._presets.ended = owner

    def answers(self, operation: str) -> bool:
        return operation in OPERATIONS or self.expectations.is_due(operation)

    def call(self, operation: str, body: bytes, region: str, who: Any = None) -> DispatchedCall:
        """Record a call of *operation* (the boto3 method's name); leaving the result, a context manager, ends it.

        *who* is the thread or task that calls; None: another process.
        """
        if self._presets is None:
            self._presets = self.presets
        record = self.log.add(operation, body, region, self.sleep_rule.begin_call(who))
        expectation = self.expectations.take_call(operation) if self.expectations.all else None
        return DispatchedCall(self, record, expectation, who)

    def unexpected(self, error: RekognitionCLError) -> RekognitionCLError:
        """Remember *error* for the verdict, and return it to be raised."""
        self.unexpected_errors.append(error)
        return error

    def check_sleep(self, who: Any, seconds: float) -> None:
        """Count a virtual sleep of the thread or task *who*; raise EndlessPoll if there were too many without news."""
        __tracebackhide__ = True
        polls = self.sleep_rule.polls(who, seconds)
        if polls and self.sleep_rule.is_endless(polls):
            raise self.unexpected(EndlessPoll(self._endless(who, polls)))

    def _endless(self, who: Any, polls: int) -> str:
        call = self.latest.get(who) or next(reversed(self.log.calls), None)
        if call is not None and call.succeeded and not call.operation.startswith(LOOKS):
            call = None  # it has changed something: that is not what was polled
        exists: dict[str, str] = {}
        with self.service.lock:
            params = {} if call is None else call.params
            project = self.service.store.projects.get(str(params.get("ProjectArn")))
            dataset = self.service.store.datasets.get(str(params.get("DatasetArn")))
            now = self.clock.now_ms()
            for d in () if dataset is None else dataset.project.datasets.values():
                exists[f"{d.kind} dataset"] = _outlook(d.status(now), d.progression.due_ms, now)
            if project is not None:
                exists = {v.name: _outlook(v.status(now), v.progression.due_ms, now) for v in project.newest_first()}
        return reports.endless(call, polls, exists, self.clock.slept, self.options, self.advice)


class DispatchedCall:
    """One call on its way: as many attempts as the caller makes, until its end."""

    def __init__(self, dispatcher: Dispatcher, record: Call, expectation: Expectation | None, who: Any) -> None:
        self.record = record
        self._dispatcher = dispatcher
        #: What answers all the attempts of this call, if anything was prepared for whole calls.
        self._expectation = expectation
        self._who = who
        self._attempts = 0

    def __enter__(self) -> DispatchedCall:
        return self

    def __exit__(self, *exc: object) -> None:
        self.end()

    def attempt(self, *, over_http: bool = False) -> Answer:
        """Answer one request of the call. Raises what is prepared to be raised, UnansweredCall if nothing is prepared.

        *over_http*: it came from another process.
        """
        __tracebackhide__ = True
        record, expectations = self.record, self._dispatcher.expectations
        self._attempts += 1
        try:
            prepared = self._expectation
            if prepared is None and expectations.all:
                prepared = expectations.take_attempt(record.operation)
            answer = self._answer(over_http) if prepared is None else prepared.outcome()
        except BaseException as error:
            self._write(type(error).__name__, str(error), None, b"")
            raise
        self._take(answer)
        return answer

    def take(self, answer: Answer) -> None:
        """Record the answer of somebody else."""
        self._attempts = 1
        self._take(answer)

    def fail(self, error: RekognitionCLError) -> RekognitionCLError:
        """Record that the call has failed for a reason of the test's, and return *error* to be raised."""
        self._attempts = 1
        self._write(type(error).__name__, str(error), None, b"")
        return self._dispatcher.unexpected(error)

    def _take(self, answer: Answer) -> None:
        body = self._dispatcher.log.bodies.setdefault(answer.body, answer.body)
        self._write(answer.error, None, answer.status, body)
        if answer.error:
            content = self.record.raw_response
            write(self.record, message=str(content.get("Message") or content.get("message") or ""))

    def _write(self, error: str | None, message: str | None, status: int | None, body: bytes) -> None:
        write(self.record, attempts=self._attempts, error=error, message=message, _status=status, body=body)

    def end(self) -> None:
        """Take note that the caller has its answer, or gave up."""
        dispatcher = self._dispatcher
        dispatcher.sleep_rule.end_call(self._who, self.record)
        if self._who is not None:
            dispatcher.latest[self._who] = self.record

    def _answer(self, over_http: bool) -> Answer:
        __tracebackhide__ = True
        dispatcher, record = self._dispatcher, self.record
        if record.operation in OPERATIONS:
            now = record.at_ms if self._attempts == 1 else self._dispatcher.clock.now_ms()
            return dispatcher.service.handle(record.operation, record.request, region=record.region, now=now)
        used_up = [e.text for e in dispatcher.expectations.all if e.operation == record.operation]
        text = reports.unanswered(record.operation, used_up, dispatcher.advice, over_http=over_http)
        raise dispatcher.unexpected(UnansweredCall(text))


def _outlook(status: str, due_ms: int | None, now: int) -> str:
    """Return a status, and for how many virtual seconds it will last if it ends by itself."""
    return status if due_ms is None else f"{status}, for {math.ceil((due_ms - now) / 1000)} s more"
