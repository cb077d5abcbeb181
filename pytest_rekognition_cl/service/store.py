"""What exists: projects, versions and datasets in every Region, known manifests, the quotas and the transitions."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import lru_cache
from itertools import count
from typing import Any

from . import statuses as st
from .arns import Arn, partition_of
from .description import render_json
from .errors import ServiceError
from .lifecycle import TRANSITION_SPECS, Dataset, Members, Project, Resource, StatusProgression, Transition, Version
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

_DEFAULT_TRANSITIONS = {
    operation: Transition((spec.transitional, spec.outcomes[0]), spec.seconds)
    for operation, spec in TRANSITION_SPECS.items()
}


class Store:
    """The state behind one service. Not thread-safe by itself: the service holds a lock around every use."""

    def __init__(self, *, account: str, quotas: dict[str, int | None], now: Callable[[], int]) -> None:
        self.account = account
        self.now = now
        #: A poll shows the same again and again. Of one store: what it remembers must not outlive the test.
        self.render_json = lru_cache(maxsize=256)(render_json)
        self.transitions = dict(_DEFAULT_TRANSITIONS)
        self._quotas = quotas
        self.projects: dict[str, Project] = {}
        self.versions_by_arn: dict[str, Version] = {}
        self.datasets: dict[str, Dataset] = {}
        self._serial = count(1)
        #: The latest value of each member of a new version's overrides.
        self._latest: dict[str, Any] = {}
        #: What a quota may count, what a deletion will remove, and the ARNs that no other dataset will get.
        self._counted: set[Resource] = set()
        self._deleting: set[Resource] = set()
        self._dataset_arns: set[str] = set()
        #: (bucket, key) -> the entries of a manifest in S3, as the test has told them.
        self.manifests: dict[tuple[str, str], Entries] = {}

    def limit(self, name: str, region: str) -> int | None:
        """Return a quota of the account in *region*: the user's, else the Region's, else the documented default."""
        return self._quotas.get(name, REGIONAL_QUOTAS.get((region, name), DEFAULT_QUOTAS[name]))

    def count(self, statuses: Collection[str], project: Project) -> int:
        """Return how many versions have one of *statuses* now, in the account and Region of *project*."""
        now, place = self.now(), project.arn.split(":")[3:5]
        self._counted = {r for r in self._counted if r.status(now) in _COUNTED or not r.progression.ended}
        return sum(r.status(now) in statuses and r.arn.split(":")[3:5] == place for r in self._counted)

    def find(self, arn: str, region: str) -> Any:
        """Return the project, version or dataset *arn* for a client in *region*: by its form it can be one alone."""
        self.purge_deleted()
        found = self.projects.get(arn) or self.versions_by_arn.get(arn) or self.datasets.get(arn)
        if found is None or arn.split(":", 4)[3] != region:
            raise ServiceError("ResourceNotFoundException")
        return found

    def project_named(self, name: str, region: str, account: str | None = None) -> Project | None:
        """Return the project with this name in *region*, of *account* (default: the store's own), or None."""
        wanted = (name, account or self.account)
        return next((p for p in self.projects_in(region) if (p.name, p.parts.account) == wanted), None)

    def projects_in(self, region: str) -> list[Project]:
        self.purge_deleted()
        return [project for project in self.projects.values() if project.parts.region == region]

    def new_project_arn(self, name: str, region: str, created_ms: int) -> Arn:
        return Arn(partition_of(region), region, self.account, name, None, str(created_ms))

    def add_project(self, arn: Arn, created_ms: int, **fields: Any) -> Project:
        progression = StatusProgression(("CREATED",), now=created_ms)
        self.projects[str(arn)] = Project(str(arn), created_ms, next(self._serial), progression, arn, **fields)
        return self.projects[str(arn)]

    def add_version(
        self, project: Project, arn: Arn, created_ms: int, progression: StatusProgression, overrides: Members
    ) -> Version:
        """Add the version *arn* to *project*; *overrides* are members of its description."""
        # A suite that makes many versions makes them alike: equal members are kept once, which halves what they take.
        for member, value in overrides.items():
            latest = self._latest.get(member)
            self._latest[member] = overrides[member] = latest if latest == value else value
        version = Version(str(arn), created_ms, next(self._serial), progression, project, arn.version or "", overrides)
        project.add(version)
        self.versions_by_arn[version.arn] = version
        self.track(version)
        return version

    def add_dataset(
        self,
        project: Project,
        kind: str,
        created_ms: int,
        progression: StatusProgression,
        entries: Entries,
        given: Members,
    ) -> Dataset:
        """Add a dataset to *project*, which trains from its datasets now; *kind* is TRAIN or TEST."""
        head = project.arn.rpartition("/")[0]
        while (arn := f"{head}/dataset/{kind.lower()}/{created_ms}") in self._dataset_arns:
            created_ms += 1
        self._dataset_arns.add(arn)
        dataset = Dataset(arn, created_ms, next(self._serial), progression, project, kind, entries, given)
        self.datasets[arn] = project.datasets[kind] = dataset
        project.assumes_datasets = False
        return dataset

    def track(self, resource: Resource) -> None:
        if _COUNTED.intersection(resource.progression.statuses):
            self._counted.add(resource)
        if st.DELETED in resource.progression.statuses:
            self._deleting.add(resource)

    def purge_deleted(self) -> None:
        now = self.now() if self._deleting else 0
        for resource in [r for r in self._deleting if r.status(now) == st.DELETED]:
            self._deleting.discard(resource)
            for known in (self.projects, self.versions_by_arn, self.datasets):
                known.pop(resource.arn, None)
            if isinstance(resource, Version):
                resource.project.remove(resource)
            elif isinstance(resource, Dataset):
                del resource.project.datasets[resource.kind]
