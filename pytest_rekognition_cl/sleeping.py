"""Which sleeps are virtual, and when a poll has no end.

Every thread (or asyncio task) has a trail: its latest botocore call, and whether it has slept since. A sleep is virtual
when the code under test plainly waits for the fake: in a waiter or a retry of a Rekognition client, after a call that
was refused, that was no describe, or that described nothing or something on its way, and when it polls for the second
time. After a look at settled models only, the first second is real and the rest virtual. All other sleeps are real.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from .clock import Clock
from .recording import Call
from .service.statuses import TRANSITIONAL

#: The operations that one polls with.
POLLS = frozenset({"describe_project_versions", "describe_projects"})
#: The real part of a sleep that follows a look at settled models, in seconds.
GRACE = 1.0


@dataclass
class Poll:
    """What asking one thing has shown so far."""

    seen: Hashable
    #: The number of sleeps of the trail when it was last asked.
    sleeps: int
    #: How often in a row, with a sleep in between, it showed the same.
    repeats: int = 0


@dataclass
class Trail:
    """The latest botocore call of one thread or task, as far as sleeping is concerned."""

    #: None: the latest call went to another service, or there was none.
    call: Call | None = None
    waits: bool = False
    grace: float = 0.0
    sleeps: int = 0
    polls: dict[Hashable, Poll] = field(default_factory=dict)
    #: How deep in a waiter or a retry of a Rekognition client; those sleeps are always virtual.
    inside: int = 0


def after_call(trail: Trail, call: Call) -> int:
    """Take note of a call that the fake has answered; return how often it has shown the same, sleeps in between.

    Polls, and calls that are refused again and again, are counted; a call that changed something starts anew, as does
    a poll that sees something new.
    """
    trail.call = call
    trail.grace = GRACE
    polls = call.operation in POLLS
    if not polls and call.error is None:
        trail.polls.clear()
        trail.waits = True
        return 0
    statuses = statuses_of(call) if polls and call.error is None else []
    key = (call.operation, call.request if polls else None)
    seen = (call.error, tuple(statuses))
    poll = trail.polls.get(key)
    if poll is None or poll.seen != seen:
        if poll is not None:
            trail.polls.clear()
        poll = trail.polls[key] = Poll(seen, trail.sleeps)
    elif trail.sleeps > poll.sleeps:
        poll.repeats += 1
        poll.sleeps = trail.sleeps
    trail.waits = not polls or call.error is not None or not is_settled(statuses) or poll.repeats > 0
    return poll.repeats


def elsewhere(trail: Trail) -> None:
    """Take note of a call to another service: whatever sleeps now has its own reasons."""
    trail.call, trail.waits, trail.grace = None, False, 0.0
    trail.polls.clear()


def sleep(trail: Trail, clock: Clock, seconds: float) -> float:
    """Let the virtual part of a sleep pass on *clock*, and return how many seconds are to be slept really."""
    if trail.inside or trail.waits:
        real = 0.0
    elif trail.call is not None:
        real = min(seconds, trail.grace)
        trail.grace -= real
    else:
        return seconds
    trail.sleeps += 1
    if seconds > real:
        clock.sleep(seconds - real)
    return real


def statuses_of(call: Call) -> list[str]:
    """Return the statuses that a describe has shown."""
    response = call.raw_response
    members = response.get("ProjectVersionDescriptions") or response.get("ProjectDescriptions") or []
    return [str(member.get("Status")) for member in members]


def is_settled(statuses: list[str]) -> bool:
    """Tell whether a describe has shown something, and nothing that is on its way."""
    return bool(statuses) and not TRANSITIONAL.intersection(statuses) and "CREATING" not in statuses
