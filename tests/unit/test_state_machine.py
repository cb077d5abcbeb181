"""Any sequence of calls, presets, steps of time (also backwards) and plans keeps what the service promises.

The machine knows the service only by its answers. Beside it runs a small model of what must be true: which versions
exist, and which way a status may go.
"""

import base64
import json

from fake_service import OUTPUT, Refusal, Wire
from hypothesis import HealthCheck, settings
from hypothesis import strategies as s
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

#: Where a status may go next, by the documentation; transitive steps may lie between two looks.
ARROWS = {
    "TRAINING_IN_PROGRESS": {"TRAINING_COMPLETED", "TRAINING_FAILED"},
    "TRAINING_COMPLETED": {"STARTING", "DELETING"},
    "TRAINING_FAILED": {"DELETING"},
    "STARTING": {"RUNNING", "FAILED"},
    "RUNNING": {"STOPPING"},
    "FAILED": {"DELETING"},
    "STOPPING": {"STOPPED", "FAILED"},
    "STOPPED": {"STARTING", "DELETING"},
    "DELETING": set(),
    "COPYING_IN_PROGRESS": {"COPYING_COMPLETED", "COPYING_FAILED"},
    "COPYING_COMPLETED": {"STARTING", "DELETING"},
    "COPYING_FAILED": {"DELETING"},
}
DATASET_ARROWS = {
    "CREATE_IN_PROGRESS": {"CREATE_COMPLETE", "CREATE_FAILED"},
    "CREATE_COMPLETE": {"UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"},
    "CREATE_FAILED": {"DELETE_IN_PROGRESS"},
    "UPDATE_IN_PROGRESS": {"UPDATE_COMPLETE", "UPDATE_FAILED"},
    "UPDATE_COMPLETE": {"UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"},
    "UPDATE_FAILED": {"UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS"},
    "DELETE_IN_PROGRESS": set(),
}
NAMES = s.sampled_from(["a", "b", "c", "d"])
PROJECTS = s.sampled_from(["my-project", "other", "third"])
MAY_FAIL = {
    "create_project_version": {
        "InvalidParameterException",  # without a training dataset, in a project that has or had datasets
        "ResourceInUseException",
        "ResourceNotFoundException",
        "LimitExceededException",
    },
    "start_project_version": {"ResourceInUseException", "ResourceNotFoundException", "LimitExceededException"},
    "stop_project_version": {"ResourceInUseException", "ResourceNotFoundException"},
    "delete_project_version": {"ResourceInUseException", "ResourceNotFoundException"},
    "copy_project_version": {"ResourceInUseException", "ResourceNotFoundException", "LimitExceededException"},
    "create_project": {"ResourceInUseException", "LimitExceededException"},
    "delete_project": {"ResourceInUseException", "ResourceNotFoundException"},
    "create_dataset": {"ResourceAlreadyExistsException", "ResourceNotFoundException"},
    "update_dataset_entries": {"ResourceInUseException", "ResourceNotFoundException"},
    "distribute_dataset_entries": {
        "InvalidParameterException",
        "ResourceNotFoundException",
        "ResourceNotReadyException",
    },
    "delete_dataset": {"ResourceInUseException", "ResourceNotFoundException"},
}
MODELS, TRAININGS, RUNNING, PROJECT_COUNT = 4, 2, 2, 3


def reachable(before, arrows=ARROWS):
    """Return every status that can follow *before*, in any number of steps."""
    seen, to_do = {before}, [before]
    while to_do:
        for after in arrows[to_do.pop()] - seen:
            seen.add(after)
            to_do.append(after)
    return seen


class Life(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        quotas = {"models_per_project": MODELS, "projects": PROJECT_COUNT}
        self.wire = Wire(quotas=quotas)
        self.arns = {"my-project": self.wire.project_arn}
        self.last = {}  # version ARN -> the status seen last
        self.ever = set()  # every ARN that was ever seen
        self.deleted = set()
        self.presets = 0
        self.datasets = {}  # dataset ARN -> the status seen last
        self.dataset_arns = set()  # every one that was ever given

    # --- calls ------------------------------------------------------------------------------------------------------

    def call(self, operation, **params):
        """Call, and hold a refusal to those that the operation may give; return None for a refusal."""
        before = self.snapshot()
        try:
            return getattr(self.wire, operation)(**params)
        except Refusal as refusal:
            refused = refusal
        assert refused.code in MAY_FAIL[operation], (operation, params, refused.body)
        assert self.snapshot() == before, "a refused request has changed something"
        return None

    def snapshot(self):
        """Return what exists, without moving anything (a page of one would move steps)."""
        store, now = self.wire.service.store, self.wire.clock()
        store.purge_deleted()
        return (
            [(p.arn, p.status(now)) for p in store.projects.values()],
            [(v.arn, v.status(now), json.dumps(v.overrides, sort_keys=True)) for v in store.versions_by_arn.values()],
            [(d.arn, d.status(now), d.entries, d.pending) for d in store.datasets.values()],
        )

    @rule(project=PROJECTS, name=NAMES)
    def create(self, project, name):
        arn = self.arns.get(project, self.wire.project_arn)
        answer = self.call("create_project_version", ProjectArn=arn, VersionName=name, OutputConfig=OUTPUT)
        if answer is not None:
            self.born(answer["ProjectVersionArn"], "TRAINING_IN_PROGRESS")

    def born(self, arn, status):
        assert arn not in self.ever, "an ARN was given twice"
        self.last[arn] = status

    @precondition(lambda self: self.last)
    @rule(data=s.data(), operation=s.sampled_from(["start", "start", "stop", "delete"]))
    def change(self, data, operation):
        arn = data.draw(s.sampled_from(sorted(self.last)))
        params = {"MinInferenceUnits": data.draw(s.integers(1, 6))} if operation == "start" else {}
        before = {arn: status for arn, status, _ in self.snapshot()[1]}
        answer = self.call(f"{operation}_project_version", ProjectVersionArn=arn, **params)
        if answer is not None:
            after = {"start": "STARTING", "stop": "STOPPING", "delete": "DELETING"}[operation]
            assert answer == {"Status": after}
            assert after in ARROWS[before[arn]], f"{before[arn]} -> {after}"
            assert params.get("MinInferenceUnits", 0) <= 5
            if operation == "delete":
                self.deleted.add(arn)

    @precondition(lambda self: self.last)
    @rule(data=s.data(), project=PROJECTS, name=NAMES)
    def copy(self, data, project, name):
        source = data.draw(s.sampled_from(sorted(self.last)))
        home = next((arn for arn in self.arns.values() if arn.split("/")[1] == source.split("/")[1]), None)
        answer = self.call(
            "copy_project_version",
            SourceProjectArn=home or self.wire.project_arn,
            SourceProjectVersionArn=source,
            DestinationProjectArn=self.arns.get(project, self.wire.project_arn),
            VersionName=name,
            OutputConfig=OUTPUT,
        )
        if answer is not None:
            self.born(answer["ProjectVersionArn"], "COPYING_IN_PROGRESS")

    @rule(project=PROJECTS)
    def create_project(self, project):
        answer = self.call("create_project", ProjectName=project)
        if answer is not None:
            self.arns[project] = answer["ProjectArn"]

    @rule(project=PROJECTS)
    def delete_project(self, project):
        self.call("delete_project", ProjectArn=self.arns.get(project, self.wire.project_arn))

    @rule(project=PROJECTS, kind=s.sampled_from(["TRAIN", "TEST"]))
    def create_dataset(self, project, kind):
        arn = self.arns.get(project, self.wire.project_arn)
        answer = self.call("create_dataset", ProjectArn=arn, DatasetType=kind)
        if answer is not None:
            assert answer["DatasetArn"] not in self.dataset_arns, "an ARN was given twice"
            self.dataset_arns.add(answer["DatasetArn"])
            self.datasets[answer["DatasetArn"]] = "CREATE_IN_PROGRESS"

    @precondition(lambda self: self.datasets)
    @rule(data=s.data(), images=s.lists(s.integers(1, 9), min_size=1, max_size=6))
    def update_dataset(self, data, images):
        arn = data.draw(s.sampled_from(sorted(self.datasets)))
        lines = "\n".join(f'{{"source-ref": "s3://my-bucket/{image}.jpg"}}' for image in images)
        changes = {"GroundTruth": base64.b64encode(lines.encode()).decode()}
        self.change_datasets("update_dataset_entries", [arn], "UPDATE_IN_PROGRESS", DatasetArn=arn, Changes=changes)

    @precondition(lambda self: len(self.datasets) > 1)
    @rule(data=s.data())
    def distribute(self, data):
        pair = data.draw(s.permutations(sorted(self.datasets)))[:2]
        datasets = [{"Arn": arn} for arn in pair]
        self.change_datasets("distribute_dataset_entries", pair, "UPDATE_IN_PROGRESS", Datasets=datasets)

    @precondition(lambda self: self.datasets)
    @rule(data=s.data())
    def delete_dataset(self, data):
        arn = data.draw(s.sampled_from(sorted(self.datasets)))
        if self.change_datasets("delete_dataset", [arn], "DELETE_IN_PROGRESS", DatasetArn=arn):
            self.deleted.add(arn)

    def change_datasets(self, operation, arns, after, **params):
        before = {arn: status for arn, status, *_ in self.snapshot()[2]}
        answer = self.call(operation, **params)
        if answer is None:
            return False
        assert answer == {}
        for arn in arns:
            assert after in DATASET_ARROWS[before[arn]], f"{before[arn]} -> {after}"
            self.datasets[arn] = after
        return True

    # --- presets ------------------------------------------------------------------------------------------------------

    @rule(status=s.sampled_from(sorted(ARROWS)), steps=s.booleans())
    def preset(self, status, steps):
        if (self.wire.project_arn, "CREATED") not in {(p["ProjectArn"], p["Status"]) for p in self.projects()}:
            return
        self.presets += 1
        statuses = [status, *sorted(ARROWS[status])[:1]] if steps else [status]
        model = self.wire.add_model(f"preset-{self.presets}", project=self.wire.project_arn, statuses=statuses)
        self.born(model.arn, status)

    @rule(seconds=s.sampled_from([0, 0.001, 1, 29, 60, 299, 600, 1800, 10_000, -1, -3000]))
    def pass_time(self, seconds):
        self.wire.clock.advance(seconds)

    @rule(
        plan=s.sampled_from(
            [
                ("create_project_version", {"status": "TRAINING_FAILED"}),
                ("create_project_version", {"seconds": 0}),
                ("create_project_version", {"statuses": ["TRAINING_IN_PROGRESS", "TRAINING_COMPLETED"]}),
                ("create_project_version", {"status": "TRAINING_IN_PROGRESS"}),
                ("start_project_version", {"status": "FAILED"}),
                ("start_project_version", {"statuses": ["STARTING", "STARTING", "RUNNING"]}),
                ("stop_project_version", {"seconds": 0}),
                ("copy_project_version", {"status": "COPYING_FAILED"}),
                ("copy_project_version", {"seconds": 0}),
                ("delete_project_version", {"seconds": 0}),
                ("delete_project", {"seconds": 0}),
                ("create_dataset", {"status": "CREATE_FAILED"}),
                ("create_dataset", {"seconds": 0}),
                ("update_dataset_entries", {"status": "UPDATE_FAILED"}),
                ("update_dataset_entries", {"seconds": 0}),
                ("distribute_dataset_entries", {"seconds": 0}),
                ("delete_dataset", {"seconds": 0}),
            ]
        )
    )
    def plan(self, plan):
        operation, keywords = plan
        self.wire.set_transition(operation, **keywords)

    @rule(operation=s.sampled_from(sorted(MAY_FAIL)), body=s.sampled_from([b"", b"{}", b"[", b'{"ProjectArn": 5}']))
    def nonsense(self, operation, body):
        assert self.wire.raw(operation, body).status == 400

    # --- looking ----------------------------------------------------------------------------------------------------

    def projects(self):
        return self.wire.describe_projects()["ProjectDescriptions"]

    def versions(self, arn, size=100, between=lambda: None):
        token, found = None, []
        while True:
            request = {"ProjectArn": arn, "MaxResults": size} | ({"NextToken": token} if token else {})
            answer = self.wire.describe_project_versions(**request)
            found += answer["ProjectVersionDescriptions"]
            assert len(answer["ProjectVersionDescriptions"]) <= size
            between()
            if "NextToken" not in answer:
                return found
            token = answer["NextToken"]

    def look(self, description):
        """Hold what one description shows to what was seen before."""
        arn, status = description["ProjectVersionArn"], description["Status"]
        before = self.last.get(arn)
        assert before is not None, f"{arn} was never created"
        assert status in reachable(before), f"{before} -> {status}"
        self.last[arn] = status
        self.ever.add(arn)
        assert round(description["CreationTimestamp"] * 1000) == int(arn.rpartition("/")[2])
        if "TrainingEndTimestamp" in description:
            assert description["TrainingEndTimestamp"] >= description["CreationTimestamp"]
        trained = {"EvaluationResult"} & set(description)
        assert bool(trained) or status in {
            "TRAINING_IN_PROGRESS",
            "TRAINING_FAILED",
            "DELETING",
            "COPYING_IN_PROGRESS",
            "COPYING_FAILED",
        }

    @rule(size=s.integers(1, 3), add=s.booleans())
    def page_while_models_are_added(self, size, add):
        for project in self.projects():
            arn = project["ProjectArn"]
            if project["Status"] == "DELETING":
                continue  # it may be gone before its last page, since the clock moves here
            before = [v["ProjectVersionArn"] for v in self.versions(arn)]
            # A new model is the newest only while time goes forwards.
            newest = max((int(v.rpartition("/")[2]) for v in before), default=0)
            self.wire.clock.ms = max(self.wire.clock.ms, newest + 1)
            before = [v["ProjectVersionArn"] for v in self.versions(arn)]
            seen = self.versions(arn, size, lambda arn=arn: add and self.add_one(arn))
            for description in seen:
                self.look(description)
            assert [v["ProjectVersionArn"] for v in seen] == before

    def add_one(self, arn):
        answer = self.call("create_project_version", ProjectArn=arn, VersionName="e", OutputConfig=OUTPUT)
        if answer is not None:
            self.born(answer["ProjectVersionArn"], "TRAINING_IN_PROGRESS")
        self.wire.clock.advance(0.001)

    @invariant()
    def names_are_unique_and_the_newest_is_first(self):
        if not hasattr(self, "wire"):
            return
        projects = self.projects()
        names = [project["ProjectArn"].split("/")[1] for project in projects]
        assert len(names) == len(set(names))
        stamps = [project["CreationTimestamp"] for project in projects]
        assert stamps == sorted(stamps, reverse=True)
        seen = set()
        for project in projects:
            found = self.versions(project["ProjectArn"])
            names = [version["ProjectVersionArn"].split("/")[3] for version in found]
            assert len(names) == len(set(names))
            stamps = [version["CreationTimestamp"] for version in found]
            assert stamps == sorted(stamps, reverse=True)
            for version in found:
                self.look(version)
                seen.add(version["ProjectVersionArn"])
        # What is no longer listed was being deleted.
        for arn in set(self.last) - seen:
            assert arn in self.deleted, f"{arn} has vanished in status {self.last[arn]}"
            del self.last[arn]
        self.arns = {project["ProjectArn"].split("/")[1]: project["ProjectArn"] for project in projects}
        self.arns.setdefault("my-project", self.wire.project_arn)

    @invariant()
    def datasets_are_of_their_project_and_their_images_unique(self):
        if not hasattr(self, "wire"):
            return
        seen = set()
        for project in self.projects():
            kinds = [dataset["DatasetType"] for dataset in project["Datasets"]]
            assert len(kinds) == len(set(kinds))
            for dataset in project["Datasets"]:
                arn, status = dataset["DatasetArn"], dataset["Status"]
                assert arn.split("/")[1] == project["ProjectArn"].split("/")[1]
                assert status in reachable(self.datasets[arn], DATASET_ARROWS), f"{self.datasets[arn]} -> {status}"
                self.datasets[arn] = status
                seen.add(arn)
                if status in ("CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_FAILED"):
                    lines = self.wire.list_dataset_entries(DatasetArn=arn)["DatasetEntries"]
                    assert len(lines) == len(set(lines))
                    shown = self.wire.describe_dataset(DatasetArn=arn)["DatasetDescription"]
                    assert shown["DatasetStats"]["TotalEntries"] == len(lines)
        for arn in set(self.datasets) - seen:
            assert arn in self.deleted, f"{arn} has vanished in status {self.datasets[arn]}"
            del self.datasets[arn]

    @invariant()
    def quotas_hold_for_what_was_created(self):
        if not hasattr(self, "wire"):
            return
        assert len(self.projects()) <= PROJECT_COUNT
        created = {arn: status for arn, status in self.last.items() if "/preset-" not in arn}
        assert sum(status == "TRAINING_IN_PROGRESS" for status in created.values()) <= TRAININGS
        assert sum(status in ("STARTING", "RUNNING", "STOPPING") for status in created.values()) <= RUNNING
        for project in self.arns:
            assert sum(arn.split("/")[1] == project for arn in created) <= MODELS


Life.TestCase.settings = settings(
    max_examples=60,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
test_life = Life.TestCase
