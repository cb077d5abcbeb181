"""What exists: the projects and versions of the account in every Region, the quotas and the plans."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

from . import statuses as st
from .arns import Arn, partition_of
from .description import Rendered
from .errors import ServiceError
from .lifecycle import Course, Plan, Project, Version, default_plans

#: Quota -> default; None: no limit known. Source: "Amazon Rekognition endpoints and quotas", AWS General Reference.
DEFAULT_QUOTAS: dict[str, int | None] = {
    "projects": 100,
    "models_per_project": 100,
    "concurrent_trainings": 2,
    "running_models": 2,
    "inference_units": 5,
    "concurrent_copies": None,
    "tags": None,
}
#: Where a Region's default differs.
REGIONAL_QUOTAS: dict[tuple[str, str], int] = {("ap-southeast-2", "concurrent_trainings"): 1}

#: Statuses that a quota counts; a version that can still reach or hold one of them is watched.
_COUNTED = frozenset({st.TRAINING_IN_PROGRESS, st.STARTING, st.RUNNING, st.STOPPING, st.COPYING_IN_PROGRESS})


class Store:
    """The state behind one service. Not thread-safe by itself: the service holds a lock around every use."""

    def __init__(self, *, account: str, quotas: dict[str, int | None], now: Callable[[], int]) -> None:
        self.account = account
        self.now = now
        #: The descriptions as shown last, by the versions' serial numbers.
        self.texts: dict[int, Rendered] = {}
        self.plans: dict[str, Plan] = default_plans()
        self._quotas = quotas
        self.projects: dict[str, Project] = {}
        self.versions_by_arn: dict[str, Version] = {}
        self._serial = count(1)
        #: The latest value of each member that a new version was given.
        self._latest: dict[str, Any] = {}
        self._watched: set[Version] = set()
        self._leaving: set[Version] = set()
        self._leaving_projects: set[Project] = set()

    # --- quotas -----------------------------------------------------------------------------------------------------

    def check_quota(self, name: str, count_used: Callable[[], int], region: str) -> None:
        """Refuse the request that would take one more than the quota *name* allows; a lifted quota costs no count."""
        limit = self.limit(name, region)
        if limit is not None and (used := count_used()) >= limit:
            raise ServiceError("LimitExceededException", f"{used} {name.replace('_', ' ')}. Maximum limit: {limit}")

    def limit(self, name: str, region: str) -> int | None:
        """Return a quota of the account in *region*: the user's, else the Region's, else the documented default."""
        if name in self._quotas:
            return self._quotas[name]
        return REGIONAL_QUOTAS.get((region, name), DEFAULT_QUOTAS[name])

    def count(self, statuses: Iterable[str], region: str) -> int:
        """Return how many versions in *region* have one of *statuses* now."""
        now, wanted = self.now(), frozenset(statuses)
        for version in [v for v in self._watched if v.status(now) not in _COUNTED and v.course.ended]:
            self._watched.discard(version)
        return sum(1 for v in self._watched if v.project.parts.region == region and v.status(now) in wanted)

    # --- projects ---------------------------------------------------------------------------------------------------

    def project(self, arn: str, region: str) -> Project:
        """Return the project *arn* for a caller in *region*; raises ResourceNotFoundException."""
        self.sweep()
        found = self.projects.get(arn)
        if found is None or found.parts.region != region:
            raise ServiceError("ResourceNotFoundException")
        return found

    def project_named(self, name: str, region: str, account: str | None = None) -> Project | None:
        """Return the project with this name in *region*, of *account* (default: the store's own), or None."""
        self.sweep()
        wanted = (name, region, account or self.account)
        return next(
            (p for p in self.projects.values() if (p.name, p.parts.region, p.parts.account) == wanted),
            None,
        )

    def projects_in(self, region: str) -> list[Project]:
        """Return the projects of *region*, in order of arrival."""
        self.sweep()
        return [project for project in self.projects.values() if project.parts.region == region]

    def new_project_arn(self, name: str, region: str, created_ms: int) -> Arn:
        """Return the ARN of a project of the account that is created at *created_ms*."""
        return Arn(partition_of(region), region, self.account, name, None, str(created_ms))

    def add_project(self, arn: Arn, created_ms: int, **facts: Any) -> Project:
        """Let the project *arn* exist; *facts* are fields of Project."""
        course = Course(("CREATED",), now=created_ms)
        project = Project(str(arn), arn, created_ms, next(self._serial), course, **facts)
        self.projects[project.arn] = project
        return project

    # --- versions ---------------------------------------------------------------------------------------------------

    def version(self, arn: str, region: str) -> Version:
        """Return the version *arn* for a caller in *region*; raises ResourceNotFoundException."""
        self.sweep()
        found = self.versions_by_arn.get(arn)
        if found is None or found.project.parts.region != region:
            raise ServiceError("ResourceNotFoundException")
        return found

    @property
    def versions(self) -> Iterable[Version]:
        """All versions, in order of arrival."""
        return self.versions_by_arn.values()

    def add_version(
        self, project: Project, arn: Arn, created_ms: int, course: Course, given: dict[str, Any]
    ) -> Version:
        """Let the version *arn* exist in *project*; *given* are members of its description.

        A suite that makes many versions makes them alike: a member that is equal to the latest one of its kind is kept
        once for both (nothing changes a member in place), which halves what a version takes.
        """
        for member, value in given.items():
            if self._latest.setdefault(member, value) == value:
                given[member] = self._latest[member]
            else:
                self._latest[member] = value
        version = Version(project, arn, created_ms, next(self._serial), course, given)
        project.add(version)
        self.versions_by_arn[version.arn] = version
        self.watch(version)
        return version

    def new_version_arn(self, project: Project, name: str, now: int) -> tuple[Arn, int]:
        """Return the ARN of a version that is created at *now*, and its creation time.

        The number is the time in milliseconds; where another version of the project was created in the same
        millisecond, the next free one.
        """
        instant = created_ms = max(now, 1)
        if project.latest_instant[0] == instant:
            created_ms = project.latest_instant[1] + 1  # a frozen clock: do not try them all again
        while str(created_ms) in project.numbers:
            created_ms += 1
        project.latest_instant = instant, created_ms
        parts = project.parts
        return Arn(parts.partition, parts.region, parts.account, parts.project, name, str(created_ms)), created_ms

    def watch(self, version: Version) -> None:
        """Keep an eye on a version whose course has begun anew: quotas count it, and a deletion ends it."""
        if _COUNTED.intersection(version.course.statuses):
            self._watched.add(version)
        if st.GONE in version.course.statuses:
            self._leaving.add(version)

    def leave(self, project: Project) -> None:
        """Take note that *project* is being deleted."""
        self._leaving_projects.add(project)

    def sweep(self) -> None:
        """Take out what has been deleted by now."""
        if not self._leaving and not self._leaving_projects:
            return
        now = self.now()
        for version in [v for v in self._leaving if v.status(now) == st.GONE]:
            self._leaving.discard(version)
            self._watched.discard(version)
            version.project.remove(version)
            del self.versions_by_arn[version.arn]
        for project in [p for p in self._leaving_projects if p.status(now) == st.GONE]:
            self._leaving_projects.discard(project)
            del self.projects[project.arn]
