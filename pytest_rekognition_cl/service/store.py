"""What exists: projects, versions and datasets in every Region, known manifests, the quotas and the transitions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import count
from typing import Any

from . import statuses as st
from .arns import Arn, partition_of
from .description import Rendered
from .errors import ServiceError
from .lifecycle import Dataset, Project, StatusProgression, Transition, Version, default_transitions
from .manifests import Entries

#: Quota -> default; None: no limit known. Source: "Amazon Rekognition endpoints and quotas", AWS General Reference; for
#: copies, policies and tags the Custom Labels developer guide.
DEFAULT_QUOTAS: dict[str, int | None] = {
    "projects": 100,
    "models_per_project": 100,
    "concurrent_trainings": 2,
    "running_models": 2,
    "inference_units": 5,
    "concurrent_copies": 5,
    "policies_per_project": 5,
    "tags": 50,
}
#: Where a Region's default differs.
REGIONAL_QUOTAS: dict[tuple[str, str], int] = {("ap-southeast-2", "concurrent_trainings"): 1}

#: Statuses that a quota counts; a version that can still reach or hold one of them is tracked.
_COUNTED = frozenset({st.TRAINING_IN_PROGRESS, st.STARTING, st.RUNNING, st.STOPPING, st.COPYING_IN_PROGRESS})


class Store:
    """The state behind one service. Not thread-safe by itself: the service holds a lock around every use."""

    def __init__(self, *, account: str, quotas: dict[str, int | None], now: Callable[[], int]) -> None:
        self.account = account
        self.now = now
        #: The descriptions as shown last, by the versions' serial numbers.
        self.texts: dict[int, Rendered] = {}
        self.transitions: dict[str, Transition] = default_transitions()
        self._quotas = quotas
        self.projects: dict[str, Project] = {}
        self.versions_by_arn: dict[str, Version] = {}
        self._serial = count(1)
        #: The latest value of each member of a new version's overrides.
        self._latest: dict[str, Any] = {}
        self._tracked: set[Version] = set()
        self._deleting: set[Version] = set()
        self._deleting_projects: set[Project] = set()
        self._deleting_datasets: set[Dataset] = set()
        self.datasets: dict[str, Dataset] = {}
        #: The ARNs of all datasets that there ever were: none is given twice.
        self._dataset_arns: set[str] = set()
        #: (bucket, key) -> the entries of a manifest in S3, as the test has told them.
        self.manifests: dict[tuple[str, str], Entries] = {}

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

    def count(self, statuses: Iterable[str], project: Project) -> int:
        """Return how many versions have one of *statuses* now, in the account and Region of *project*."""
        now, wanted = self.now(), frozenset(statuses)
        for version in [v for v in self._tracked if v.status(now) not in _COUNTED and v.progression.ended]:
            self._tracked.discard(version)
        place = project.parts.region, project.parts.account
        return sum(
            1
            for v in self._tracked
            if (v.project.parts.region, v.project.parts.account) == place and v.status(now) in wanted
        )

    # --- projects ---------------------------------------------------------------------------------------------------

    def project(self, arn: str, region: str) -> Project:
        """Return the project *arn* for a client in *region*; raises ResourceNotFoundException."""
        self.purge_deleted()
        found = self.projects.get(arn)
        if found is None or found.parts.region != region:
            raise ServiceError("ResourceNotFoundException")
        return found

    def project_named(self, name: str, region: str, account: str | None = None) -> Project | None:
        """Return the project with this name in *region*, of *account* (default: the store's own), or None."""
        self.purge_deleted()
        wanted = (name, region, account or self.account)
        return next(
            (p for p in self.projects.values() if (p.name, p.parts.region, p.parts.account) == wanted),
            None,
        )

    def projects_in(self, region: str) -> list[Project]:
        """Return the projects of *region*, in order of arrival."""
        self.purge_deleted()
        return [project for project in self.projects.values() if project.parts.region == region]

    def new_project_arn(self, name: str, region: str, created_ms: int) -> Arn:
        """Return the ARN of a project of the account that is created at *created_ms*."""
        return Arn(partition_of(region), region, self.account, name, None, str(created_ms))

    def add_project(self, arn: Arn, created_ms: int, **fields: Any) -> Project:
        """Add the project *arn*; *fields* are fields of Project."""
        progression = StatusProgression(("CREATED",), now=created_ms)
        project = Project(str(arn), arn, created_ms, next(self._serial), progression, **fields)
        self.projects[project.arn] = project
        return project

    # --- versions ---------------------------------------------------------------------------------------------------

    def version(self, arn: str, region: str) -> Version:
        """Return the version *arn* for a client in *region*; raises ResourceNotFoundException."""
        self.purge_deleted()
        found = self.versions_by_arn.get(arn)
        if found is None or found.project.parts.region != region:
            raise ServiceError("ResourceNotFoundException")
        return found

    @property
    def versions(self) -> Iterable[Version]:
        """All versions, in order of arrival."""
        return self.versions_by_arn.values()

    def add_version(
        self, project: Project, arn: Arn, created_ms: int, progression: StatusProgression, overrides: dict[str, Any]
    ) -> Version:
        """Add the version *arn* to *project*; *overrides* are members of its description.

        A suite that makes many versions makes them alike: a member that is equal to the latest one of its kind is kept
        once for both (nothing changes a member in place), which halves what a version takes.
        """
        for member, value in overrides.items():
            if self._latest.setdefault(member, value) == value:
                overrides[member] = self._latest[member]
            else:
                self._latest[member] = value
        version = Version(project, arn, created_ms, next(self._serial), progression, overrides)
        project.add(version)
        self.versions_by_arn[version.arn] = version
        self.track(version)
        return version

    def new_version_arn(self, project: Project, name: str, now: int) -> tuple[Arn, int]:
        """Return the ARN of a version that is created at *now*, and its creation time.

        The number is the time in milliseconds; where another version of the project was created in the same
        millisecond, the next free one.
        """
        instant = created_ms = max(now, 1)
        if project.latest_creation[0] == instant:
            created_ms = project.latest_creation[1] + 1  # a frozen clock: do not try them all again
        while str(created_ms) in project.numbers:
            created_ms += 1
        project.latest_creation = instant, created_ms
        parts = project.parts
        return Arn(parts.partition, parts.region, parts.account, parts.project, name, str(created_ms)), created_ms

    def track(self, version: Version) -> None:
        """Note a version that has a new progression: quotas may count it, and a deletion removes it."""
        if _COUNTED.intersection(version.progression.statuses):
            self._tracked.add(version)
        if st.DELETED in version.progression.statuses:
            self._deleting.add(version)

    # --- datasets ---------------------------------------------------------------------------------------------------

    def dataset(self, arn: str, region: str) -> Dataset:
        """Return the dataset *arn* for a client in *region*; raises ResourceNotFoundException."""
        self.purge_deleted()
        found = self.datasets.get(arn)
        if found is None or found.project.parts.region != region:
            raise ServiceError("ResourceNotFoundException")
        return found

    def add_dataset(
        self,
        project: Project,
        kind: str,
        created_ms: int,
        progression: StatusProgression,
        entries: Entries,
        overrides: dict[str, Any],
    ) -> Dataset:
        """Add a dataset to *project*, which trains from its datasets now; *kind* is TRAIN or TEST."""
        head = project.arn.rpartition("/")[0]
        while (arn := f"{head}/dataset/{kind.lower()}/{created_ms}") in self._dataset_arns:
            created_ms += 1
        self._dataset_arns.add(arn)
        dataset = Dataset(project, arn, kind, created_ms, progression, entries, overrides)
        self.datasets[arn] = project.datasets[kind] = dataset
        project.assumes_datasets = False
        return dataset

    def manifest(self, s3_object: dict[str, Any]) -> Entries:
        """Return the entries of a manifest in S3, None if nobody has told them."""
        return self.manifests.get((s3_object.get("Bucket", ""), s3_object.get("Name", "")))

    # --- deletions --------------------------------------------------------------------------------------------------

    def mark_deleting(self, resource: Project | Dataset) -> None:
        """Note that *resource* is being deleted."""
        if isinstance(resource, Project):
            self._deleting_projects.add(resource)
        else:
            self._deleting_datasets.add(resource)

    def purge_deleted(self) -> None:
        """Remove what has been deleted by now."""
        if not self._deleting and not self._deleting_projects and not self._deleting_datasets:
            return
        now = self.now()
        for dataset in [d for d in self._deleting_datasets if d.status(now) == st.DELETED]:
            self._deleting_datasets.discard(dataset)
            del dataset.project.datasets[dataset.kind]
            del self.datasets[dataset.arn]
        for version in [v for v in self._deleting if v.status(now) == st.DELETED]:
            self._deleting.discard(version)
            self._tracked.discard(version)
            version.project.remove(version)
            del self.versions_by_arn[version.arn]
        for project in [p for p in self._deleting_projects if p.status(now) == st.DELETED]:
            self._deleting_projects.discard(project)
            del self.projects[project.arn]
