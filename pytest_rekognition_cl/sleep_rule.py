"""Which sleeps are virtual, and when a poll has no end.

From the first thing that a test arranges or calls, its sleeps of a second or more are virtual. A shorter one is virtual
once after each describe that showed nothing or something on its way: short sleeps usually wait for something else, a
socket, a process, a thread. ``max_polls`` virtual sleeps of one thread or task without news end a poll.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary, WeakSet, ref

from .calls import Call
from .clock import Clock, Sleepers
from .locks import new_lock
from .options import Options
from .originals import ORIGINALS
from .service.statuses import TRANSITIONAL

#: How the operations begin that only look.
LOOKS = ("describe_", "detect_", "get_", "list_", "search_")
#: Shorter sleeps, in seconds, usually wait for something else.
SHORT = 1.0
#: An endless poll ends after so many seconds of processor time too, if it has slept this often.
_SECONDS, _AT_LEAST = 4.0, 200
#: The statuses that something else will follow; CREATING is a project's.
_PENDING = TRANSITIONAL | {"CREATING"}
#: The lists in which an operation describes things with a status, and where each has its ARN.
_DESCRIPTIONS = {"ProjectVersionDescriptions": "ProjectVersionArn", "ProjectDescriptions": "ProjectArn"}


class SleepRule:
    """The rule, for one fixture. *who* is always the thread or task that sleeps or calls; None: another process.

    :param due_of: returns when the change that the thing with an ARN goes through will end, in epoch milliseconds; None
        for a thing that goes through none, or whose end the clock does not bring.
    """

    def __init__(self, clock: Clock, options: Options, due_of: Callable[[str], int | None]) -> None:
        self._clock = clock
        self._options = options
        self._due_of = due_of
        self.sleepers = Sleepers(clock)
        self._lock = new_lock()
        #: Whether the test has arranged or called anything.
        self.begun = False
        #: The describes that no sleep has followed yet; they are read when somebody sleeps.
        self._unread: deque[tuple[ref[Any], Call]] = deque(maxlen=1000)
        #: Who has described nothing or something on its way, and no sleep has followed.
        self._described: deque[ref[Any]] = deque(maxlen=100)
        self._sleepers: WeakSet[Any] = WeakSet()
        #: What each request has shown last, as a hash.
        self._shown: dict[tuple[str, int], int] = {}
        #: The ARNs of what each request has shown last that is on its way to another status.
        self._pending: dict[bytes, list[str]] = {}
        self._news = 0
        self._counts: WeakKeyDictionary[Any, tuple[int, int]] = WeakKeyDictionary()
        self._busy_since = 0.0

    def begin_call(self, who: Any) -> int:
        """Take note that a call begins; return the virtual time, in epoch milliseconds."""
        self.begun = True
        return self.sleepers.begin_call(who)

    def end_call(self, who: Any, call: Call) -> None:
        if who is not None:
            self.sleepers.end_call(who)
        with self._lock:
            self._note_news(call)
            if who is not None and call.operation.startswith("describe_"):
                self._unread.append((ref(who), call))

    def _note_news(self, call: Call) -> None:
        if call.error is None and not call.operation.startswith(LOOKS):
            self._news += 1
            self._shown.clear()
            return
        request, shown = (call.operation, hash(call.request)), hash((call.error, call.body))
        if self._shown.setdefault(request, shown) != shown:
            self._shown[request] = shown
            self._news += 1

    def _read_descriptions(self) -> None:
        while self._unread:
            who, call = self._unread.popleft()
            shown = _shown_in(call.body) if call.error is None else ()
            # A dataset's description has no ARN.
            pending = [arn or str(call.params.get("DatasetArn")) for arn, status in shown if status in _PENDING]
            self._pending.pop(call.request, None)
            if pending:
                self._pending[call.request] = pending
            if who in self._described:
                self._described.remove(who)
            if pending or not shown:
                self._described.append(who)

    def is_virtual(self, who: Any, seconds: float) -> bool:
        """Tell whether a sleep that begins now is virtual; to be asked once a sleep."""
        if not self.begun or not self._options.virtual_sleep:
            return False
        with self._lock:
            self._read_descriptions()
            described = self._take_description(who)
            if described or seconds >= SHORT:
                self._sleepers.add(who)
                return True
            return False

    def _take_description(self, who: Any) -> bool:
        """Take one describe for this sleep: one's own, or that of a thread or task that never sleeps itself."""
        own = [one for one in self._described if one() is who]
        others = [one for one in self._described if (other := one()) is None or other not in self._sleepers]
        for one in [*own, *others][:1]:
            self._described.remove(one)
            return True
        return False

    def polls(self, who: Any, seconds: float) -> int:
        """Count one more virtual sleep; return how many *who* has slept without news, 0 if this one does not count."""
        with self._lock:
            self._read_descriptions()
            if seconds > 0 and self._is_something_due():
                self._busy_since = ORIGINALS["process_time"]()
                self._counts.pop(who, None)
                return 0
            news, count = self._counts.get(who, (self._news, 0))
            if news != self._news:
                count = 0
            if count == 0:
                self._busy_since = ORIGINALS["process_time"]()
            self._counts[who] = self._news, count + 1
            return count

    def _is_something_due(self) -> bool:
        now = self._clock.now_ms()
        dues = (self._due_of(arn) for arns in self._pending.values() for arn in arns)
        return any(due is not None and due > now for due in dues)

    def is_endless(self, polls: int) -> bool:
        if polls >= self._options.max_polls:
            return True
        return polls >= _AT_LEAST and polls % 20 == 0 and ORIGINALS["process_time"]() - self._busy_since > _SECONDS


def _shown_in(body: bytes) -> tuple[tuple[str, str], ...]:
    """Return ARN and status of each thing that an answer shows."""
    try:
        return _read_shown(body)
    except RecursionError:  # not remembered: it depends on the stack
        return ()


@lru_cache(maxsize=64)
def _read_shown(body: bytes) -> tuple[tuple[str, str], ...]:
    """Read each answer once: a poll shows the same again and again."""
    try:
        response = json.loads(body or b"{}")
    except ValueError:
        return ()
    if not isinstance(response, dict):
        return ()
    if isinstance(response.get("DatasetDescription"), dict):
        return (("", str(response["DatasetDescription"].get("Status"))),)
    return tuple(
        (str(description.get(arn)), str(description.get("Status")))
        for member, arn in _DESCRIPTIONS.items()
        for description in response.get(member) or ()
        if isinstance(description, dict)
    )


def statuses_of(call: Call) -> list[str]:
    """Return the statuses that a describe has shown."""
    return [status for _, status in _shown_in(call.body)]
