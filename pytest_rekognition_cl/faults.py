"""What the user has prepared in place of the service's answers: errors, transport faults, canned responses.

For one operation they form a queue: the first one that is due and not used up decides. What is prepared is an
expectation, so the log remembers what was not used up.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .errors import hide_frames as __tracebackhide__  # noqa: F401
from .service import Answer


@dataclass
class Prepared:
    """One prepared outcome of *operation*, for a number of calls or of attempts; both None: for ever."""

    operation: str
    #: As the user would write it, for messages: ``add_client_error('create_project_version', 'ThrottlingException')``.
    text: str
    outcome: Callable[[], Answer]
    calls: int | None = None
    attempts: int | None = None
    #: Whether it is for attempts, so that botocore's retries may survive it.
    by_attempt: bool = False
    after: int = 0
    used: int = 0
    seen: int = 0

    @property
    def wanted(self) -> int | None:
        """How many calls or attempts it is for; None for every one."""
        return self.attempts if self.by_attempt else self.calls

    @property
    def exhausted(self) -> bool:
        """Whether nothing of it is left."""
        return self.wanted is not None and self.used >= self.wanted

    @property
    def unused(self) -> str | None:
        """What the user should hear if this was not used up: ``used for 1 of 3 calls``."""
        if self.exhausted or (self.wanted is None and self.used):
            return None
        if self.wanted is None:
            return "never used"
        what = "attempt" if self.by_attempt else "call"
        return f"used for {self.used} of {self.wanted} {what}{'' if self.wanted == 1 else 's'}"


@dataclass
class Faults:
    """All that is prepared, and which call each one has taken."""

    prepared: list[Prepared] = field(default_factory=list)
    #: Call number -> the fault that answers all the attempts of this call.
    _taken: dict[int, Prepared] = field(default_factory=dict)

    def add(self, prepared: Prepared) -> None:
        """Put one more at the end of its operation's queue."""
        self.prepared.append(prepared)

    def begin_call(self, operation: str, number: int) -> None:
        """Take note of a new call: each fault counts the calls that came since it was prepared."""
        for prepared in self.prepared:
            if prepared.operation == operation:
                prepared.seen += 1
        for prepared in self._due(operation):
            if not prepared.by_attempt:
                prepared.used += 1
                self._taken[number] = prepared
            return

    def for_attempt(self, operation: str, number: int) -> Prepared | None:
        """Return what is prepared for this attempt of call *number*, None if the service answers."""
        taken = self._taken.get(number)
        if taken is not None:
            return taken
        for prepared in self._due(operation):
            if not prepared.by_attempt:
                return None  # it is for whole calls, and waits for the next one
            prepared.used += 1
            return prepared
        return None

    def is_due(self, operation: str) -> bool:
        """Whether something is prepared for the next call of *operation*."""
        return any(p.operation == operation and not p.exhausted and p.seen >= p.after for p in self.prepared)

    def end_call(self, number: int) -> None:
        """Take note that a call is over."""
        self._taken.pop(number, None)

    def unused(self) -> list[Prepared]:
        """Return what was not used up, in the order in which it was prepared."""
        return [prepared for prepared in self.prepared if prepared.unused]

    def _due(self, operation: str) -> list[Prepared]:
        return [p for p in self.prepared if p.operation == operation and not p.exhausted and p.seen > p.after]


def describe_call(method: str, *args: Any, **kwargs: Any) -> str:
    """Return the source text of an arranging call, for messages."""
    parts = [repr(arg) for arg in args] + [f"{name}={value!r}" for name, value in kwargs.items()]
    return f"{method}({', '.join(parts)})"
