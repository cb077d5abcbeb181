"""Which sleeps are virtual, and when a poll has no end.

Every thread (or asyncio task) has a trail: its latest botocore call, and whether it has slept since. A sleep is virtual
when the code under test plainly waits for the fake: in a waiter or a retry of a Rekognition client, after a call that
was refused, that was no describe, or that described nothing or something on its way, and when it polls for the second
time. After a look at settled models only, the first second is real and the rest virtual. All other sleeps are real.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from .clock import Clock
from .recording import Call
from .service.statuses import TRANSITIONAL

#: The operations whose answers show statuses, and how those that only look begin.
POLLS = frozenset({"describe_project_versions", "describe_projects", "describe_dataset"})
LOOKS = ("describe_", "detect_", "get_", "list_", "search_")
#: The real part of a sleep that follows a look at settled models, in seconds.
GRACE = 1.0


@dataclass
class Poll:
    """What asking one thing has shown so far."""

    seen: Hashable
    #: The number of sleeps of the trail when it was last asked.
    sleeps: int
    #: How often in a row, with a sleep in between, it showed the same; and how often without one.
    repeats: int = 0
    idle: int = 0


@dataclass
class Trail:
    """The latest botocore call of one thread or task, as far as sleeping is concerned."""

    #: None: the latest call went to another service, or there was none.
    call: Call | None = None
    waits: bool = False
    grace: float = 0.0
    sleeps: int = 0
    #: How many calls there were since the latest sleep.
    calls: int = 0
    polls: dict[Hashable, Poll] = field(default_factory=dict)
    #: How deep in a waiter or a retry of a Rekognition client; those sleeps are always virtual.
    inside: int = 0
    #: The trail of the thread or task that had this one made, if any.
    maker: Trail | None = None
    #: The trails of those that this one had made, and whether they are done.
    helpers: list[tuple[Callable[[], bool], Trail]] = field(default_factory=list)
    #: What the maker has not yet heard of: in order, each call; None for a call to another service.
    told: list[tuple[int, Call | None]] = field(default_factory=list)
    #: Tells whether it sleeps really, at this moment.
    is_asleep: Callable[[], bool] = lambda: False


_ORDER = itertools.count()


def _tell(trail: Trail, call: Call | None) -> None:
    if trail.maker is not None and not trail.maker.is_asleep():
        trail.told.append((next(_ORDER), call))


def adopt(trail: Trail) -> Iterator[tuple[Call, int]]:
    """Take over what helpers that are done have called, as if *trail* had called it: yields as :func:`after_call`.

    What was called while *trail* slept is left out: then nobody waited for it.
    """
    helpers, trail.helpers = trail.helpers, []
    told: list[tuple[int, Call | None]] = []
    for is_done, helper in helpers:
        if is_done():
            list(adopt(helper))
            told += helper.told
        else:
            trail.helpers.append((is_done, helper))
    for _, call in sorted(told, key=lambda item: item[0]):
        if call is None:
            elsewhere(trail)
        else:
            yield call, after_call(trail, call)


def after_call(trail: Trail, call: Call, unseen: Callable[[], bool] = lambda: False) -> int:
    """Take note of a call that the fake has answered; return how often it has shown the same, sleeps in between.

    Whatever only looks, and calls that are refused again and again, are counted; a call that changed something starts
    anew, as does a poll that sees something new. *unseen* tells whether there are sleeps that cannot be seen.
    """
    _tell(trail, call)
    trail.calls += 1
    trail.call = call
    trail.grace = GRACE
    looks = call.operation.startswith(LOOKS)
    if not looks and call.error is None:
        trail.polls.clear()
        trail.waits = True
        return 0
    polls = call.operation in POLLS
    statuses = statuses_of(call) if polls and call.error is None else []
    key = (call.operation, call.request if looks else None)
    seen: Hashable = (call.error, tuple(statuses) if polls else call.body)
    poll = trail.polls.get(key)
    if poll is None or poll.seen != seen:
        if poll is not None:
            trail.polls.clear()
        poll = trail.polls[key] = Poll(seen, trail.sleeps)
    elif trail.sleeps > poll.sleeps or _is_unseen(poll, unseen):
        poll.repeats += 1
        poll.sleeps = trail.sleeps
    trail.waits = not polls or call.error is not None or not is_settled(statuses) or poll.repeats > 0
    return poll.repeats


def _is_unseen(poll: Poll, unseen: Callable[[], bool]) -> bool:
    """Ask *unseen* the 1st, 2nd, 4th, 8th, ... time: what it finds once is seen from then on."""
    poll.idle += 1
    return not poll.idle & (poll.idle - 1) and unseen()


def may_be_new(trail: Trail) -> bool:
    """Tell whether to look for sleeps around the call: after the 1st, 2nd, 4th, 8th, ... without one in between."""
    return not trail.calls & (trail.calls - 1)


def elsewhere(trail: Trail) -> None:
    """Take note of a call to another service: whatever sleeps now has its own reasons."""
    _tell(trail, None)
    trail.call, trail.waits, trail.grace = None, False, 0.0
    trail.polls.clear()


def sleep(trail: Trail, clock: Clock, seconds: float, *, asleep: bool = False) -> float:
    """Let the virtual part of a sleep pass on *clock*, and return how many seconds are to be slept really.

    *asleep*: somebody's stand-in does the sleeping, so none of it is real.
    """
    if trail.inside or trail.waits:
        real = 0.0
    elif trail.call is not None:
        real = 0.0 if asleep else min(seconds, trail.grace)
        trail.grace -= real
    else:
        return seconds
    trail.sleeps += 1
    trail.calls = 0
    if seconds > real:
        clock.sleep(seconds - real)
    return real


def statuses_of(call: Call) -> list[str]:
    """Return the statuses that a describe has shown."""
    return list(_statuses_in(call.body))


@lru_cache(maxsize=64)
def _statuses_in(body: bytes) -> tuple[str, ...]:
    """Read each answer once: one that does not change comes again at every poll."""
    try:
        response = json.loads(body or b"{}")
    except ValueError:
        return ()
    members = response.get("ProjectVersionDescriptions") or response.get("ProjectDescriptions") or []
    if "DatasetDescription" in response:
        members = [response["DatasetDescription"]]
    return tuple(str(member.get("Status")) for member in members)


def is_settled(statuses: list[str]) -> bool:
    """Tell whether a describe has shown something, and nothing that is on its way."""
    return bool(statuses) and not TRANSITIONAL.intersection(statuses) and "CREATING" not in statuses
