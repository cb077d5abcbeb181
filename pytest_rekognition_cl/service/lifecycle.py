"""Projects and project versions, and how a status moves on.

All times are epoch milliseconds on the virtual clock.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from . import statuses as st
from .arns import Arn


class Course:
    """How the status goes on: one step after the other, by time or by being shown.

    With *due*, the first status lasts until that instant and the last one follows (the life of the real service).
    Without, every description that shows the version moves it one step; the last status stays. A single status stays
    from the start.
    """

    __slots__ = ("_at", "_due", "reached_ms", "statuses")

    def __init__(self, statuses: Sequence[str], *, now: int, due: int | None = None) -> None:
        self.statuses = tuple(statuses)
        self._at = 0
        self._due = due
        #: When the last status was reached; None while it was not.
        self.reached_ms: int | None = now if self.ended and self.statuses[0] not in st.TRANSITIONAL else None

    @property
    def ended(self) -> bool:
        """Whether the last status is reached, as far as anybody has looked."""
        return self._at == len(self.statuses) - 1

    @property
    def due_ms(self) -> int | None:
        """When the last status will come by itself; None if it has come, never will, or comes by being shown."""
        return None if self.ended else self._due

    def status(self, now: int) -> str:
        """Return the status at *now*. A status once reached is kept, also where time runs backwards."""
        if not self.ended and self._due is not None and now >= self._due:
            self._at = len(self.statuses) - 1
            self.reached_ms = self._due
        return self.statuses[self._at]

    def shown(self, now: int) -> None:
        """Take note that a description has shown the status."""
        if self._due is not None or self.ended:
            return
        self._at += 1
        if self._at == len(self.statuses) - 1:
            self.reached_ms = now

    @property
    def last(self) -> str:
        """The last status that a description can show."""
        return self.statuses[-2] if self.statuses[-1] == st.GONE else self.statuses[-1]


@dataclass(frozen=True)
class Kind:
    """Something long that an operation begins: its status on the way, the ways in which it can end, its default length.

    The training time is the low end of the documentation's "30 minutes to 24 hours". Starting takes "a few minutes" by
    the documentation; no source was found for stopping, copying and deleting.
    """

    on_the_way: str
    ends: tuple[str, ...]
    seconds: float


KINDS: dict[str, Kind] = {
    "create_project_version": Kind(st.TRAINING_IN_PROGRESS, (st.TRAINING_COMPLETED, st.TRAINING_FAILED), seconds=1800),
    "start_project_version": Kind(st.STARTING, (st.RUNNING, st.FAILED), seconds=300),
    "stop_project_version": Kind(st.STOPPING, (st.STOPPED, st.FAILED), seconds=60),
    "copy_project_version": Kind(st.COPYING_IN_PROGRESS, (st.COPYING_COMPLETED, st.COPYING_FAILED), seconds=600),
    "delete_project_version": Kind(st.DELETING, (st.GONE,), seconds=30),
    "delete_project": Kind(st.DELETING, (st.GONE,), seconds=10),
}


@dataclass(frozen=True)
class Plan:
    """How one kind of thing will go from now on."""

    statuses: tuple[str, ...]
    #: Virtual seconds until the last status, None for one step per description.
    seconds: float | None
    #: Members of the description that belong to the last status, by AWS's names.
    given: dict[str, Any] = field(default_factory=dict)

    def begin(self, now: int) -> Course:
        """Return the course of something that begins now."""
        due = None if self.seconds is None else now + round(self.seconds * 1000)
        return Course(self.statuses, now=now, due=due)


def default_plans() -> dict[str, Plan]:
    """Return the plans that hold while the user says nothing: everything goes well, in its own time."""
    return {operation: Plan((kind.on_the_way, kind.ends[0]), kind.seconds) for operation, kind in KINDS.items()}


class Version:
    """A project version (a Custom Labels model, or an adapter) as the service keeps it.

    ``given`` holds the description's members as the request, the preset or the plan gave them, by AWS's names; what is
    not given is filled in when it is shown (description.py).
    """

    __slots__ = (
        "arn",
        "assumed_end_ms",
        "course",
        "created_ms",
        "failure",
        "given",
        "labels",
        "name",
        "project",
        "serial",
        "training",
        "was",
    )

    def __init__(
        self, project: Project, arn: Arn, created_ms: int, serial: int, course: Course, given: dict[str, Any]
    ) -> None:
        assert arn.version is not None
        self.project = project
        self.arn = str(arn)
        self.name = arn.version
        self.created_ms = created_ms
        self.serial = serial
        self.course = course
        self.given = given
        #: The course of the training, kept when the version goes on to another one; None for a preset that was trained.
        self.training: Course | None = course if st.TRAINING_IN_PROGRESS in course.statuses else None
        #: When the training of a preset has ended, where nothing is said.
        self.assumed_end_ms: int = created_ms
        #: What a failed training said, kept likewise.
        self.failure: str | None = None
        #: The status before DELETING: it says which results there were.
        self.was: str = st.TRAINING_COMPLETED
        self.labels: Any = None

    @property
    def position(self) -> tuple[int, int]:
        """The place in the order of creation."""
        return self.created_ms, self.serial

    def status(self, now: int) -> str:
        """Return the status at *now*."""
        return self.course.status(now)

    def begin(self, course: Course, given: dict[str, Any], now: int) -> None:
        """Leave the present course for another one, keeping what the training has left behind."""
        status = self.status(now)
        message = self.given.pop("StatusMessage", None)
        if status == st.TRAINING_FAILED:
            self.failure = message
        if course.statuses[0] == st.DELETING:
            self.was = status
        if self.training is not None and self.training.reached_ms is None:
            self.training.reached_ms = now  # whatever comes now, the training is over
        self.course = course
        self.given.update(given)
        if {st.TRAINING_COMPLETED, st.TRAINING_FAILED}.intersection(course.statuses):
            self.training = course


@dataclass(eq=False)
class Project:
    """A project and its versions, in the order of their creation."""

    arn: str
    parts: Arn
    created_ms: int
    serial: int
    course: Course
    feature: str = "CUSTOM_LABELS"
    auto_update: str | None = None
    #: True: datasets exist, manifests are refused. False: none exist, manifests are demanded. None: not told.
    datasets: bool | None = None
    by_name: dict[str, Version] = field(default_factory=dict)
    numbers: set[str] = field(default_factory=set)
    #: The time at which the latest version was asked for, and the creation time that it got.
    latest_instant: tuple[int, int] = (0, 0)
    _ordered: list[Version] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name, unique among the projects of the account and Region."""
        return self.parts.project

    @property
    def position(self) -> tuple[int, int]:
        """The place in the order of creation."""
        return self.created_ms, self.serial

    def status(self, now: int) -> str:
        """Return the status at *now*."""
        return self.course.status(now)

    def __len__(self) -> int:
        return len(self._ordered)

    def add(self, version: Version) -> None:
        """Take *version* in, at its place in the order of creation; its name and number must be free."""
        self.by_name[version.name] = version
        self.numbers.add(version.arn.rpartition("/")[2])
        if not self._ordered or self._ordered[-1].position < version.position:
            self._ordered.append(version)
        else:
            insort(self._ordered, version, key=_POSITION)

    def remove(self, version: Version) -> None:
        """Take *version* out; its number stays taken, so that no later version gets its ARN."""
        del self.by_name[version.name]
        del self._ordered[bisect_left(self._ordered, version.position, key=_POSITION)]

    def newest_first(self, below: tuple[int, int] | None = None) -> Iterator[Version]:
        """Yield the versions latest to earliest, from the first one that was created before *below*."""
        start = len(self._ordered) if below is None else bisect_left(self._ordered, below, key=_POSITION)
        return (self._ordered[index] for index in range(start - 1, -1, -1))


_POSITION = attrgetter("position")
