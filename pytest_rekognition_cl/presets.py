"""What a test sets up before the code under test runs: projects, models, datasets, and how transitions will go."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import count
from typing import Any, get_args

from . import members
from .errors import hide_frames as __tracebackhide__  # noqa: F401
from .handles import Dataset, Model, Project
from .literals import Feature
from .messages import reports
from .names import did_you_mean, safe_repr
from .service import RekognitionService, lifecycle
from .service import statuses as st
from .service.arns import LAST_MS, NAME, Arn, parse_project, parse_version
from .service.lifecycle import TRANSITION_SPECS, StatusProgression, Transition
from .service.validation import problems

#: The default project; the number is the creation time in its ARN (2020-01-21T09:10:15Z).
DEFAULT_PROJECT = "my-project"
DEFAULT_PROJECT_MS = 1_579_597_815_000
#: How far back presets begin, and how many get a second of their own; the ones after that get a millisecond.
_PAST_MS = 2 * 3600 * 1000
_SECONDS = 3600

FEATURES = get_args(Feature)
#: How a project is named: by its handle, its name or its ARN; None: the default project.
ProjectRef = Project | str | None
Keywords = dict[str, Any]


class Presets:
    """Presets of one service. Projects and models are created in the past, in the order in which they are added."""

    def __init__(self, service: RekognitionService, region: str, *, default_project: bool = True) -> None:
        #: Whose test has ended.
        self.ended: str | None = None
        self._service = service
        self.region = region
        self._start_ms = service.now()
        self._added = count()
        self._names = count(1)
        #: The default project; None where the test wants an account without projects.
        self.default: lifecycle.Project | None = None
        if default_project:
            arn = service.store.new_project_arn(DEFAULT_PROJECT, region, DEFAULT_PROJECT_MS)
            self.default = service.store.add_project(arn, DEFAULT_PROJECT_MS)

    def check_open(self) -> None:
        """Raise RuntimeError after the end of the test."""
        if self.ended is not None:
            raise RuntimeError(reports.ended(self.ended))

    def the_default(self) -> lifecycle.Project:
        if self.default is None:
            raise ValueError(reports.NO_DEFAULT_PROJECT)
        return self.default

    def models(self) -> tuple[Model, ...]:
        with self._service.lock:
            self._service.store.purge_deleted()
            versions = self._service.store.versions_by_arn.values()
            return tuple(Model(self._service, version, self.check_open) for version in versions)

    def projects(self) -> tuple[Project, ...]:
        with self._service.lock:
            self._service.store.purge_deleted()
            return tuple(Project(project.arn, project.name) for project in self._service.store.projects.values())

    def add_project(self, name_or_arn: object, *, datasets: object, feature: str) -> Project:
        if datasets is not None and not isinstance(datasets, bool):
            raise TypeError(f"datasets must be True, False or None, not {safe_repr(datasets)}")
        members.check_choice(feature, "a feature", FEATURES)
        with self._service.lock:
            store, arn = self._service.store, _parsed(name_or_arn, "project")
            created_ms = (arn and arn.creation_ms) or self._in_the_past()
            arn = arn or store.new_project_arn(str(name_or_arn), self.region, created_ms)
            if same := store.project_named(arn.project, arn.region, arn.account):
                raise ValueError(f"a project named {arn.project!r} exists already in {arn.region}: {same.arn}")
            project = store.add_project(arn, created_ms, feature=feature, assumes_datasets=datasets is None)
            for kind, later_ms in (("TRAIN", 1000), ("TEST", 2000)) if datasets else ():
                dataset_ms = min(created_ms + later_ms, LAST_MS)
                progression = StatusProgression((st.CREATE_COMPLETE,), now=dataset_ms)
                store.add_dataset(project, kind, dataset_ms, progression, None, {})
        return Project(project.arn, project.name)

    def add_dataset(
        self, kind: str, project: ProjectRef, status: object, statuses: object, entries: object, keywords: Keywords
    ) -> Dataset:
        members.check_choice(kind, "a type of datasets", ("TRAIN", "TEST"))
        steps = members.check_statuses(status, statuses, default=st.CREATE_COMPLETE, among=st.DATASET_STATUSES)
        given = members.dataset_members(keywords, "add_dataset")
        known = None if entries is None else members.check_lines(entries, "entries")
        with self._service.lock:
            owner = self._find(project)
            if owner.feature != "CUSTOM_LABELS":
                raise ValueError(f"the project {owner.name!r} cannot have datasets")
            if kind in owner.datasets:
                raise ValueError(f"the project {owner.name!r} has a {kind} dataset already")
            progression = StatusProgression(steps, now=self._service.now())
            created_ms = self._in_the_past()
            dataset = self._service.store.add_dataset(owner, kind, created_ms, progression, known, given)
        return Dataset(self._service, dataset, self.check_open)

    def add_manifest(self, uri: object, lines: object) -> None:
        match = re.fullmatch(r"s3://([^/]+)/(.+)", uri) if isinstance(uri, str) else None
        if match is None:
            raise ValueError(f"a manifest is named as 's3://bucket/key', not {safe_repr(uri)}")
        place = {"Bucket": match[1], "Name": match[2]}
        wrong = problems("project_version_description", {"ManifestSummary": {"S3Object": place}})
        if shown := next((f"{path.rpartition('.')[2]} {message}" for path, message in wrong if path), None):
            raise ValueError(f"no request can name the manifest {safe_repr(uri)}: {shown}")
        entries = members.check_lines(lines, "the manifest")
        with self._service.lock:
            self._service.store.manifests[match[1], match[2]] = entries

    def add_model(
        self, name_or_version_arn: object, project: ProjectRef, status: object, statuses: object, keywords: Keywords
    ) -> Model:
        if "project_version_arn" in keywords:
            if name_or_version_arn is not None:
                raise TypeError("add_model() got the version's ARN twice")
            name_or_version_arn = keywords.pop("project_version_arn")
        steps = members.check_statuses(status, statuses, default=st.TRAINING_COMPLETED)
        given = members.description_members(keywords, steps[-1], "add_model")
        with self._service.lock:
            store, now = self._service.store, self._service.now()
            created = given.pop("CreationTimestamp", None)
            owner, arn, created_ms = self._new_version(name_or_version_arn, project, created)
            members.check_version(owner.feature if owner else "CUSTOM_LABELS", created_ms, steps, given)
            if owner is None:
                project_ms = max(1, (arn.creation_ms or self._start_ms) - 1000)
                owner = store.add_project(replace(arn, version=None, number=str(project_ms)), project_ms)
            if any(step.startswith("COPYING") for step in steps):  # made of a version a day older, in another project
                source = replace(arn, project="source-project", number=str(max(1, created_ms - 86_400_000)))
                given.setdefault("SourceProjectVersionArn", str(source))
            version = store.add_version(owner, arn, created_ms, StatusProgression(steps, now=now), given)
            training_ms = round(TRANSITION_SPECS["create_project_version"].seconds * 1000)
            version.default_training_end_ms = min(created_ms + training_ms, now)
        return Model(self._service, version, self.check_open)

    def _new_version(
        self, name_or_arn: object, project: ProjectRef, created: float | None
    ) -> tuple[lifecycle.Project | None, Arn, int]:
        """Return the project of a new version, None for one that its ARN brings; its ARN, and when it was created."""
        owner: lifecycle.Project | None
        given_ms = None if created is None else round(created * 1000)
        arn = None if name_or_arn is None else _parsed(name_or_arn, "version")
        if arn is None:
            owner = self._find(project)
            name = str(name_or_arn or next(n for i in self._names if (n := f"model-{i}") not in owner.by_name))
            created_ms = self._in_the_past() if given_ms is None else given_ms
            while given_ms is None and str(created_ms) in owner.numbers:
                created_ms += 1
            arn = replace(owner.parts, version=name, number=str(created_ms))
        else:
            same = self._service.store.project_named(arn.project, arn.region, arn.account)
            wanted = same.arn if same and project is None else project
            owner = None if wanted is None else self._find(wanted)
            if owner is not None and owner is not same:
                raise ValueError(f"{str(arn)!r} is not a version of {owner.arn!r}")
            if given_ms is not None and arn.creation_ms not in (None, given_ms):
                text = f"creation_timestamp must be what the version's ARN ends in, {arn.creation_ms} ms"
                raise ValueError(f"{text}; got {given_ms} ms")
            created_ms = given_ms or arn.creation_ms or self._in_the_past()
        if owner is not None and arn.version in owner.by_name:
            raise ValueError(f"the project {owner.name!r} has a version {arn.version!r} already")
        return owner, arn, created_ms

    def _find(self, project: ProjectRef) -> lifecycle.Project:
        """Return the project that is meant; raises ValueError for one that does not exist, or is being deleted."""
        projects = self._service.store.projects
        self._service.store.purge_deleted()
        wanted: object = project.arn if isinstance(project, Project) else project
        if wanted is None:
            found = self.the_default()
        elif not isinstance(wanted, str):
            raise TypeError(f"project must be a Project, a name or an ARN, not {safe_repr(wanted)}")
        else:
            known = {key: one for one in reversed(projects.values()) for key in (one.name, one.arn)}
            if wanted not in known:
                shown, near = safe_repr(wanted), did_you_mean(wanted, known)
                raise ValueError(f"there is no project {shown}{near} Add it first: add_project({shown})")
            found = known[wanted]
        if (gone := found.arn not in projects) or found.status(self._service.now()) == st.DELETING:
            raise ValueError(f"the project {found.name!r} {'has been' if gone else 'is being'} deleted")
        return found

    def _in_the_past(self) -> int:
        """Return a time before the start, later than those returned before."""
        index = next(self._added)
        offset = min(index, _SECONDS) * 1000 + max(0, index - _SECONDS)
        return max(1 + index, self._start_ms - _PAST_MS + offset)

    def set_transition(
        self, operation: object, status: object, statuses: object, seconds: object, keywords: Keywords, method: str
    ) -> None:
        """See RekognitionCL.set_training and set_transition; *method* is the name of the one that was called."""
        if not isinstance(operation, str) or operation not in TRANSITION_SPECS:
            shown, near = safe_repr(operation), did_you_mean(operation, TRANSITION_SPECS)
            raise TypeError(f"{shown} begins nothing that takes time{near} These do: {', '.join(TRANSITION_SPECS)}.")
        spec = TRANSITION_SPECS[operation]
        if status is not None and statuses is not None:
            raise TypeError("give either status= (the last one) or statuses= (every one), not both")
        possible = (spec.transitional, *members.NEXT[spec.transitional])
        length: float | None = spec.seconds
        if statuses is not None:
            if seconds is not None:
                raise TypeError("statuses= goes on by one step per description; seconds= is for a single status=")
            steps, length = members.check_statuses(None, statuses, default=None, among=possible), None
        else:
            if seconds is not None:
                length = members.check_number("seconds", seconds, most="1e10")
            last = spec.outcomes[0] if status is None else members.check_status(status, among=possible)
            if last == spec.transitional and seconds is not None:
                raise ValueError(f"{last} never ends, so seconds= says nothing; name the status that it ends with")
            steps = tuple(dict.fromkeys((spec.transitional, last)))
        if operation == "delete_project" and any(value is not None for value in keywords.values()):
            raise TypeError("a project has no members to set: delete_project takes status= or seconds= alone")
        if spec.transitional in st.DATASET_STATUSES:
            overrides = members.dataset_members(keywords, method)
        else:
            shown = spec.transitional if steps[-1] == st.DELETED else steps[-1]
            fixed = ("creation_timestamp", "training_end_timestamp")
            overrides = members.description_members(keywords, shown, method, fixed=fixed)
        with self._service.lock:
            self._service.store.transitions[operation] = Transition(steps, length, overrides)


def _parsed(name_or_arn: object, kind: str) -> Arn | None:
    """Return the parts of the ARN of a *kind*, None for a name; raises an error for what is neither."""
    if not isinstance(name_or_arn, str):
        raise TypeError(f"a {kind} is named by a string, a name or an ARN, not {safe_repr(name_or_arn)}")
    shown, arn = safe_repr(name_or_arn), parse_project(name_or_arn) or parse_version(name_or_arn)
    if arn is None and not NAME.fullmatch(name_or_arn):
        hint = f" (an ARN of a {kind} has another form)" if name_or_arn.startswith("arn:") else ""
        raise ValueError(f"{shown} cannot be the name of a {kind}{hint}: 1 to 255 letters, digits, '_', '.' and '-'")
    if arn is not None and kind == "project" and arn.version is not None:
        raise ValueError(f"{shown} is the ARN of a version; a project's ends in project/<name>/<number>")
    if arn is not None and kind == "version" and arn.version is None:
        raise ValueError(f"{shown} is the ARN of a project; give it as project=")
    return arn
