"""What a test sets up before the code under test runs: projects, models, and how transitions will go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import count
from typing import Any, get_args

from .datasets import Dataset, dataset_members, new_dataset, set_manifest
from .errors import hide_frames as __tracebackhide__  # noqa: F401
from .handles import Model, Project
from .literals import Feature
from .members import check_end, check_feature, check_number, check_status, check_statuses, description_members
from .messages import reports
from .names import did_you_mean, safe_repr
from .service import RekognitionService
from .service import statuses as st
from .service.arns import LAST_MS, MAX_LENGTH, NAME, Arn, parse_project, parse_version
from .service.lifecycle import TRANSITION_SPECS, StatusProgression, Transition, TransitionSpec
from .service.lifecycle import Project as StoredProject

#: The default project; the number is the creation time in its ARN (2020-01-21T09:10:15Z).
DEFAULT_PROJECT = "my-project"
DEFAULT_PROJECT_MS = 1_579_597_815_000
#: How far back presets begin, and how many get a second of their own; the ones after that get a millisecond.
_PAST_MS = 2 * 3600 * 1000
_SECONDS = 3600
#: How long a preset has trained where no end is given: as long as a training takes by default.
_TRAINING_MS = 1_800_000

#: Statuses that a version has only as a copy.
_COPIES = frozenset({st.COPYING_IN_PROGRESS, st.COPYING_COMPLETED, st.COPYING_FAILED})

FEATURES = get_args(Feature)


class Presets:
    """Presets of one service. Projects and models are created in the past, in the order in which they are added."""

    def __init__(
        self,
        service: RekognitionService,
        region: str,
        *,
        default_project: bool = True,
        check_open: Callable[[], object] = lambda: None,
    ) -> None:
        self._check_open = check_open
        self._service = service
        self.region = region
        self._start_ms = service.now()
        self._added = count()
        self._names = count(1)
        #: The default project; None where the test wants an account without projects.
        self.default: StoredProject | None = None
        if default_project:
            arn = service.store.new_project_arn(DEFAULT_PROJECT, region, DEFAULT_PROJECT_MS)
            self.default = service.store.add_project(arn, DEFAULT_PROJECT_MS)

    def the_default(self) -> StoredProject:
        """Return the default project; raises ValueError where there is to be none."""
        if self.default is None:
            raise ValueError(reports.NO_DEFAULT_PROJECT)
        return self.default

    def models(self) -> tuple[Model, ...]:
        with self._service.lock:
            self._service.store.purge_deleted()
            versions = self._service.store.versions_by_arn.values()
            return tuple(Model(self._service, version, self._check_open) for version in versions)

    def projects(self) -> tuple[Project, ...]:
        with self._service.lock:
            self._service.store.purge_deleted()
            return tuple(Project(project.arn, project.name) for project in self._service.store.projects.values())

    def add_project(self, name_or_arn: object, *, datasets: object, feature: str) -> Project:
        if datasets is not None and not isinstance(datasets, bool):
            raise TypeError(f"datasets must be True, False or None, not {safe_repr(datasets)}")
        if feature not in FEATURES:
            near = did_you_mean(feature, FEATURES)
            raise ValueError(f"{safe_repr(feature)} is not a feature{near} There are {FEATURES}.")
        with self._service.lock:
            if (arn := _parsed(name_or_arn, "project")) is not None:
                created_ms = arn.creation_ms or self._in_the_past()
            else:
                created_ms = self._in_the_past()
                arn = self._service.store.new_project_arn(str(name_or_arn), self.region, created_ms)
            store = self._service.store
            same = store.project_named(arn.project, arn.region, arn.account)
            if same is not None:
                raise ValueError(f"a project named {arn.project!r} exists already in {arn.region}: {same.arn}")
            project = store.add_project(arn, created_ms, feature=feature, assumes_datasets=datasets is None)
            for kind, later_ms in (("TRAIN", 1000), ("TEST", 2000)) if datasets else ():
                dataset_ms = min(project.created_ms + later_ms, LAST_MS)
                progression = StatusProgression((st.CREATE_COMPLETE,), now=dataset_ms)
                store.add_dataset(project, kind, dataset_ms, progression, None, {})
        return Project(project.arn, project.name)

    def add_dataset(self, dataset_type: object, project: Project | str | None, *facts: Any) -> Dataset:
        with self._service.lock:
            return new_dataset(self._service, self._find(project), self._in_the_past(), dataset_type, *facts)

    def add_manifest(self, uri: object, lines: object) -> None:
        with self._service.lock:
            set_manifest(self._service, uri, lines)

    def add_model(
        self,
        name_or_version_arn: object,
        project: Project | str | None,
        status: str,
        statuses: Sequence[str] | None,
        members: dict[str, Any],
    ) -> Model:
        if "project_version_arn" in members:
            if name_or_version_arn is not None:
                raise TypeError("add_model() got the version's ARN twice")
            name_or_version_arn = members.pop("project_version_arn")
        if statuses is not None and status != st.TRAINING_COMPLETED:
            raise TypeError("give either status= (it stays) or statuses= (one after the other), not both")
        steps = check_statuses(status, statuses)
        given = description_members(members, steps, "add_model")
        with self._service.lock:
            now = self._service.now()
            projects = self._service.store.projects
            known = set(projects)
            try:
                owner, arn, created_ms = self._new_version(name_or_version_arn, project, given)
                check_end(given, created_ms)
                check_feature(owner.feature, steps, given)
            except (TypeError, ValueError):
                for added in set(projects) - known:  # for the version's ARN
                    del projects[added]
                raise
            given.pop("CreationTimestamp", None)
            if _COPIES.intersection(steps):  # made of a version that is a day older, in another project
                number = str(max(1, created_ms - 86_400_000))
                source = replace(arn, project="source-project", number=number)
                given.setdefault("SourceProjectVersionArn", str(source))
            version = self._service.store.add_version(owner, arn, created_ms, StatusProgression(steps, now=now), given)
            version.default_training_end_ms = min(created_ms + _TRAINING_MS, now)
        return Model(self._service, version, self._check_open)

    def _new_version(
        self, name_or_arn: object, project: Project | str | None, given: dict[str, Any]
    ) -> tuple[StoredProject, Arn, int]:
        created = given.get("CreationTimestamp")
        given_ms = None if created is None else round(created * 1000)
        arn = None if name_or_arn is None else _parsed(name_or_arn, "version")
        if arn is not None:
            owner = self._project_of(arn, project)
            if given_ms is not None and arn.creation_ms is not None and given_ms != arn.creation_ms:
                raise ValueError(
                    f"creation_timestamp must be what the version's ARN ends in, {arn.creation_ms} ms; "
                    f"got {given_ms} ms"
                )
            created_ms = given_ms or arn.creation_ms or self._in_the_past()
        else:
            owner = self._find(project)
            name = str(name_or_arn or next(n for i in self._names if (n := f"model-{i}") not in owner.by_name))
            created_ms = self._in_the_past() if given_ms is None else given_ms
            while given_ms is None and str(created_ms) in owner.numbers:
                created_ms += 1
            arn = replace(owner.parts, version=name, number=str(created_ms))
        assert arn.version is not None
        gone = owner.arn not in self._service.store.projects
        if gone or owner.status(self._service.now()) == st.DELETING:
            raise ValueError(f"the project {owner.name!r} {'has been' if gone else 'is being'} deleted")
        if arn.version in owner.by_name:
            raise ValueError(f"the project {owner.name!r} has a version {arn.version!r} already")
        if len(str(arn)) > MAX_LENGTH:
            raise ValueError(f"the version's ARN would be longer than {MAX_LENGTH} characters")
        return owner, arn, created_ms

    def _project_of(self, arn: Arn, project: Project | str | None) -> StoredProject:
        """Return the project that a version's ARN belongs to; it is added if it does not exist."""
        if project is not None:
            owner = self._find(project)
            parts = owner.parts
            if (parts.region, parts.account, parts.project) != (arn.region, arn.account, arn.project):
                raise ValueError(f"{str(arn)!r} is not a version of {owner.arn!r}")
            return owner
        found = self._service.store.project_named(arn.project, arn.region, arn.account)
        if found is not None:
            return found
        created_ms = max(1, (arn.creation_ms or self._start_ms) - 1000)
        return self._service.store.add_project(replace(arn, version=None, number=str(created_ms)), created_ms)

    def _find(self, project: Project | str | None) -> StoredProject:
        if project is None:
            return self.the_default()
        wanted: object = project.arn if isinstance(project, Project) else project
        if not isinstance(wanted, str):
            raise TypeError(f"project must be a Project, a name or an ARN, not {safe_repr(wanted)}")
        known = self._service.store.projects
        found = next((one for one in known.values() if wanted in (one.arn, one.name)), None)
        if found is None:
            near = did_you_mean(wanted, [*(one.name for one in known.values()), *known])
            shown = safe_repr(wanted)
            raise ValueError(f"there is no project {shown}{near} Add it first: add_project({shown})")
        return found

    def _in_the_past(self) -> int:
        """Return a time before the start, later than those returned before."""
        index = next(self._added)
        offset = min(index, _SECONDS) * 1000 + max(0, index - _SECONDS)
        return max(1 + index, self._start_ms - _PAST_MS + offset)

    def set_transition(
        self,
        operation: object,
        status: str | None,
        statuses: Sequence[str] | None,
        seconds: float | None,
        members: dict[str, Any],
        method: str = "set_transition",
    ) -> None:
        """See RekognitionCL.set_training and set_transition; *method* is the name of the one that was called."""
        if not isinstance(operation, str) or operation not in TRANSITION_SPECS:
            shown, near = safe_repr(operation), did_you_mean(operation, TRANSITION_SPECS)
            raise TypeError(f"{shown} begins nothing that takes time{near} These do: {', '.join(TRANSITION_SPECS)}.")
        kind = TRANSITION_SPECS[operation]
        if status is not None and statuses is not None:
            raise TypeError("give either status= (the last one) or statuses= (every one), not both")
        possible = (kind.transitional, *(end for end in kind.outcomes if end != st.DELETED))
        if statuses is None:
            steps, length = _by_time(kind, status, seconds, possible)
        elif seconds is not None:
            raise TypeError("statuses= goes on by one step per description; seconds= is for a single status=")
        else:
            steps, length = check_statuses(None, statuses, among=possible), None
        if operation == "delete_project" and any(value is not None for value in members.values()):
            raise TypeError("a project has no members to set: delete_project takes status= or seconds= alone")
        fixed = ("creation_timestamp", "training_end_timestamp")
        shown_steps = [step for step in steps if step != st.DELETED]
        if kind.transitional in st.DATASET_STATUSES:
            overrides = dataset_members(members, method)
        else:
            overrides = description_members(members, shown_steps, method, fixed=fixed)
        plan = Transition(steps, length, overrides)
        with self._service.lock:
            self._service.store.transitions[operation] = plan


def _by_time(
    kind: TransitionSpec, status: str | None, seconds: object, possible: tuple[str, ...]
) -> tuple[tuple[str, ...], float | None]:
    length = kind.seconds
    if seconds is not None:
        length = check_number("seconds", seconds, most="1e10")
    last = kind.outcomes[0] if status is None else check_status(status, among=possible)
    if last != kind.transitional:
        return (kind.transitional, last), length
    if seconds is not None:
        raise ValueError(f"{last} never ends, so seconds= says nothing; name the status that it ends with")
    return (last,), None


def _parsed(name_or_arn: object, kind: str) -> Arn | None:
    """Return the parts of the ARN of a *kind*, None for a name; raises an error for what is neither."""
    if not isinstance(name_or_arn, str):
        raise TypeError(f"a {kind} is named by a string, a name or an ARN, not {safe_repr(name_or_arn)}")
    shown, as_project, as_version = safe_repr(name_or_arn), parse_project(name_or_arn), parse_version(name_or_arn)
    if kind == "project" and as_version is not None:
        raise ValueError(f"{shown} is the ARN of a version; a project's ends in project/<name>/<number>")
    if kind == "version" and as_project is not None:
        raise ValueError(f"{shown} is the ARN of a project; give it as project=")
    arn = as_project or as_version
    if arn is None and not NAME.fullmatch(name_or_arn):
        hint = f" (an ARN of a {kind} has another form)" if name_or_arn.startswith("arn:") else ""
        raise ValueError(f"{shown} cannot be the name of a {kind}{hint}: 1 to 255 letters, digits, '_', '.' and '-'")
    return arn
