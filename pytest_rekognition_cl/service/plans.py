"""How the things that take time will go: trainings, starts, stops, copies and deletions.

A plan is set by the user ahead of time; each operation that begins something long asks for the plan of its kind and
gets the course from it. One mechanism for all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from . import statuses as st
from .lifecycle import Course


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
