"""Projects, versions, datasets, and how their status changes: by time (epoch milliseconds), or by being described."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, NamedTuple

from . import statuses as st
from .arns import Arn
from .manifests import Entries

#: Of a description or an answer, by AWS's names.
Members = dict[str, Any]


class StatusProgression:
    """The statuses that a resource has one after the other.

    With *due*, the first status lasts until that instant and the last one follows, as in the real service. Without,
    every description that shows the resource moves it one step. The last status stays.
    """

    __slots__ = ("_at", "_due", "reached_ms", "statuses")

    def __init__(self, statuses: Sequence[str], *, now: int, due: int | None = None) -> None:
        self.statuses, self._at, self._due = tuple(statuses), 0, due
        #: When the last status was reached; None while it was not.
        self.reached_ms: int | None = now if self.ended and self.statuses[0] not in st.TRANSITIONAL else None

    @property
    def ended(self) -> bool:  # as far as anybody has looked
        return self._at == len(self.statuses) - 1

    @property
    def due_ms(self) -> int | None:
        """When the last status will come by itself; None if it has come, never will, or comes by being described."""
        return None if self.ended else self._due

    @property
    def last_shown(self) -> str:
        return self.statuses[-2] if self.statuses[-1] == st.DELETED else self.statuses[-1]

    def status(self, now: int) -> str:
        """Return the status at *now*. A status once reached is kept, also where time runs backwards."""
        if self.due_ms is not None and now >= self.due_ms:
            self._at, self.reached_ms = len(self.statuses) - 1, self.due_ms
        return self.statuses[self._at]

    def show(self, now: int) -> str:
        """Return the status at *now* for a description, which goes one step further unless time does."""
        status = self.status(now)
        if self._due is None and not self.ended:
            self._at += 1
            self.reached_ms = now if self.ended else None
        return status


class TransitionSpec(NamedTuple):
    """What an operation begins: the transitional status, the statuses that can follow, the virtual seconds it takes.

    A training takes the low end of the documented "30 minutes to 24 hours", a start "a few minutes"; others: no source.
    """

    transitional: str
    outcomes: tuple[str, ...]
    seconds: float
    #: Of how many are under way at once.
    quota: str = ""


_TRAINED = (st.TRAINING_COMPLETED, st.TRAINING_FAILED)
_COPIED = (st.COPYING_COMPLETED, st.COPYING_FAILED)
_UPDATED = (st.UPDATE_COMPLETE, st.UPDATE_FAILED)
#: boto3 method name -> what it begins.
TRANSITION_SPECS: dict[str, TransitionSpec] = {
    "create_project_version": TransitionSpec(st.TRAINING_IN_PROGRESS, _TRAINED, 1800, quota="concurrent_trainings"),
    "start_project_version": TransitionSpec(st.STARTING, (st.RUNNING, st.FAILED), 300),
    "stop_project_version": TransitionSpec(st.STOPPING, (st.STOPPED, st.FAILED), 60),
    "copy_project_version": TransitionSpec(st.COPYING_IN_PROGRESS, _COPIED, 600, quota="concurrent_copies"),
    "delete_project_version": TransitionSpec(st.DELETING, (st.DELETED,), 30),
    "delete_project": TransitionSpec(st.DELETING, (st.DELETED,), 10),
    "create_dataset": TransitionSpec(st.CREATE_IN_PROGRESS, (st.CREATE_COMPLETE, st.CREATE_FAILED), 60),
    "update_dataset_entries": TransitionSpec(st.UPDATE_IN_PROGRESS, _UPDATED, 30),
    "distribute_dataset_entries": TransitionSpec(st.UPDATE_IN_PROGRESS, _UPDATED, 60),
    "delete_dataset": TransitionSpec(st.DELETE_IN_PROGRESS, (st.DELETED,), 10),
}


@dataclass(frozen=True)
class Transition:
    """How what an operation begins will go from now on."""

    statuses: tuple[str, ...]
    #: Virtual seconds until the last status, None for one step per description.
    seconds: float | None
    #: Members of the description that belong to the last status.
    overrides: Members = field(default_factory=dict)

    def start(self, now: int) -> StatusProgression:
        due = None if self.seconds is None else now + round(self.seconds * 1000)
        return StatusProgression(self.statuses, now=now, due=due)


@dataclass(eq=False, repr=False, slots=True)
class Resource:
    arn: str
    created_ms: int
    serial: int
    progression: StatusProgression
    tags: dict[str, str] | None = field(default=None, kw_only=True)

    @property
    def position(self) -> tuple[int, int]:
        return self.created_ms, self.serial

    def status(self, now: int) -> str:
        return self.progression.status(now)

    def change_progression(self, progression: StatusProgression, overrides: Members, now: int) -> None:
        """Replace the present progression; *overrides* are the members of the description that belong to its end."""
        self.progression = progression


@dataclass(eq=False, repr=False, slots=True)
class Version(Resource):
    """A project version (a Custom Labels model, or an adapter) as the service keeps it."""

    project: Project
    name: str
    #: What the request, the preset or the transition gave; description.py fills in the others.
    overrides: Members
    #: The progression of the training, kept when another one follows; None for a preset that was trained.
    training: StatusProgression | None = field(init=False)
    #: When the training of such a preset ended.
    default_training_end_ms: int = 0
    #: The StatusMessage of a failed training, kept when another progression follows.
    failure_message: str | None = None
    #: What tells which results there were.
    status_before_deletion: str = st.TRAINING_COMPLETED
    labels: Callable[[Members], list[Members]] | None = None
    #: The entries that it was trained and tested with; None for a preset.
    data: tuple[Entries, Entries] | None = None

    def __post_init__(self) -> None:
        self.training = self.progression if st.TRAINING_IN_PROGRESS in self.progression.statuses else None

    def change_progression(self, progression: StatusProgression, overrides: Members, now: int) -> None:
        """Replace the present progression, keeping what the training has left behind."""
        status = self.status(now)
        message = self.overrides.pop("StatusMessage", None)
        if status == st.TRAINING_FAILED:
            self.failure_message = message
        for member in ("MinInferenceUnits", "MaxInferenceUnits") if status == st.STOPPED else ():
            self.overrides.pop(member, None)  # its inference units are gone, also while it is deleted
        if progression.statuses[0] == st.DELETING:
            self.status_before_deletion = status
        if self.training is not None and self.training.reached_ms is None:
            self.training.reached_ms = now  # whatever comes now, the training is over
        self.progression = progression
        self.overrides.update(overrides)
        if {st.TRAINING_COMPLETED, st.TRAINING_FAILED}.intersection(progression.statuses):
            self.training = progression


@dataclass(eq=False, repr=False)
class Dataset(Resource):
    project: Project
    kind: str
    #: The entries from the moment on at which the present operation succeeds.
    pending: Entries
    #: The members of its description that belong to the last status.
    overrides: Members

    def __post_init__(self) -> None:
        self.updated_ms = self.created_ms
        empty = self.progression.statuses[0] in (st.CREATE_IN_PROGRESS, st.CREATE_FAILED)
        self.entries: Entries = () if empty else self.pending

    def status(self, now: int) -> str:
        status = self.progression.status(now)
        if status in (st.CREATE_COMPLETE, st.UPDATE_COMPLETE):
            self.entries = self.pending
        return status

    def change_progression(self, progression: StatusProgression, overrides: Members, now: int) -> None:
        self.progression, self.overrides, self.updated_ms = progression, overrides, now

    def show(self, now: int) -> dict[str, str]:  # the members of a description that tell its status
        status = self.status(now)
        message, code = st.DATASET_MESSAGES[status]
        given = self.overrides if status == self.progression.last_shown else {}
        return {"Status": status, "StatusMessage": message, "StatusMessageCode": code, **given}


@dataclass(eq=False, repr=False)
class Project(Resource):
    parts: Arn
    feature: str = "CUSTOM_LABELS"
    auto_update: str | None = None
    #: By their kind, TRAIN or TEST.
    datasets: dict[str, Dataset] = field(default_factory=dict)
    #: Whether it trains without datasets and manifests: nobody has said, or shown, that it has no datasets.
    assumes_datasets: bool = True
    #: Policy name -> the members that ListProjectPolicies shows; None: never was there a policy.
    policies: dict[str, Members] | None = None
    by_name: dict[str, Version] = field(default_factory=dict)
    #: The numbers of all versions that there ever were: no later version gets the ARN of a deleted one.
    numbers: set[str] = field(default_factory=set)
    #: The latest of the numbers that the service has given, all taken from the first to the last.
    _latest_numbers: range = range(0)
    _by_position: list[Version] = field(default_factory=list)

    @property
    def name(self) -> str:
        return self.parts.project

    def new_version_arn(self, name: str, now: int) -> tuple[Arn, int]:
        """Return the ARN of a version that is created at *now*, and its creation time: the next free millisecond."""
        first = created_ms = max(now, 1)
        if created_ms in self._latest_numbers:
            first, created_ms = self._latest_numbers.start, self._latest_numbers.stop
        while str(created_ms) in self.numbers:
            created_ms += 1
        self._latest_numbers = range(first, created_ms + 1)
        parts = self.parts
        return Arn(parts.partition, parts.region, parts.account, parts.project, name, str(created_ms)), created_ms

    def add(self, version: Version) -> None:
        """Add *version*, whose name and number must be free."""
        self.by_name[version.name] = version
        self.numbers.add(version.arn.rpartition("/")[2])
        insort(self._by_position, version, key=_POSITION)

    def remove(self, version: Version) -> None:
        del self.by_name[version.name]
        del self._by_position[bisect_left(self._by_position, version.position, key=_POSITION)]

    def newest_first(
        self, names: Collection[str] | None = None, below: tuple[int, int] | None = None, most: int | None = None
    ) -> list[Version]:
        """Return the versions, latest first: those in *names*, those created before *below*, so many at *most*."""
        versions = self._by_position
        if names is not None:
            versions = sorted((self.by_name[name] for name in {*names} & self.by_name.keys()), key=_POSITION)
        end = len(versions) if below is None else bisect_left(versions, below, key=_POSITION)
        return versions[0 if most is None else max(0, end - most) : end][::-1]


_POSITION = attrgetter("position")
