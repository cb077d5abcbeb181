"""Creating a version, which begins its training, and describing versions."""

from __future__ import annotations

from copy import deepcopy
from itertools import islice
from typing import Any

from .. import statuses as st
from ..description import text
from ..lifecycle import Project
from ..paging import make_token, read_token
from ..store import Store
from .checks import ADAPTERS, check_new_version, check_output, create, refuse
from .registry import Caller, Params, RawJson, operation


@operation
def create_project_version(store: Store, params: Params, caller: Caller) -> dict[str, Any]:
    """Create a version and begin its training.

    https://docs.aws.amazon.com/rekognition/latest/APIReference/API_CreateProjectVersion.html
    """
    project = store.project(params["ProjectArn"], caller.region)
    _check_training_data(project, params)
    check_output(params)
    check_new_version(store, project, params, caller)
    in_training = {st.TRAINING_IN_PROGRESS}
    store.check_quota("concurrent_trainings", lambda: store.count(in_training, caller.region), caller.region)

    plan = store.plans["create_project_version"]
    given: dict[str, Any] = deepcopy(plan.given)  # the data results below are filled in place
    for member in ("OutputConfig", "KmsKeyId", "VersionDescription", "FeatureConfig"):
        if member in params:
            given[member] = params[member]
    for kind in ("Training", "Testing"):
        if f"{kind}Data" in params:
            given.setdefault(f"{kind}DataResult", {}).setdefault("Input", params[f"{kind}Data"])
    return {"ProjectVersionArn": create(store, project, params, caller, plan.begin(caller.now), given).arn}


@operation
def describe_project_versions(store: Store, params: Params, caller: Caller) -> RawJson:
    """List and describe versions, latest to earliest; names that do not exist are left out.

    https://docs.aws.amazon.com/rekognition/latest/APIReference/API_DescribeProjectVersions.html
    """
    project = store.project(params["ProjectArn"], caller.region)
    names = params.get("VersionNames")
    query = {"ProjectArn": project.arn, "VersionNames": names}
    below = read_token(params["NextToken"], query) if params.get("NextToken") else None
    size = params.get("MaxResults", 100)
    if names is None:
        candidates = project.newest_first(below)
    else:
        chosen = [project.by_name[name] for name in dict.fromkeys(names) if name in project.by_name]
        chosen.sort(key=lambda version: version.position, reverse=True)
        candidates = (version for version in chosen if below is None or version.position < below)
    page = list(islice(candidates, size + 1))
    shown = ",".join([text(version, caller.now, store.texts) for version in page[:size]])
    for version in page[:size]:
        version.course.shown(caller.now)
    token = f',"NextToken":"{make_token(page[size - 1].position, query)}"' if len(page) > size else ""
    return RawJson(f'{{"ProjectVersionDescriptions":[{shown}]{token}}}')


def _check_training_data(project: Project, params: Params) -> None:
    training, testing = params.get("TrainingData"), params.get("TestingData")
    adapter = project.feature == ADAPTERS
    if params.get("FeatureConfig", {}).get("ContentModeration") is not None and not adapter:
        refuse("The job configuration does not match the feature type associated with the project.")
    if not adapter and (training is None) != (testing is None):
        one, other = ("TestingData", "TrainingData") if training is None else ("TrainingData", "TestingData")
        refuse(f"If you specify {one} you must also specify {other}.")
    if training is None and testing is None:
        if project.datasets is False:
            refuse("The project has no datasets: specify TrainingData and TestingData.")
        return
    if project.datasets:
        refuse("TrainingData and TestingData can only be used where the project has no associated datasets.")
    if training is not None and _manifests(training) != 1:
        refuse("TrainingData must name one manifest.")
    if testing is not None and _manifests(testing) != (0 if testing.get("AutoCreate") else 1):
        refuse("TestingData must name one manifest, or AutoCreate.")


def _manifests(data: dict[str, Any]) -> int:
    """Count the assets; one that does not say where its manifest is counts as one too many."""
    total = 0
    for asset in data.get("Assets", []):
        manifest = asset.get("GroundTruthManifest", {}).get("S3Object", {})
        total += 1 if {"Bucket", "Name"} <= set(manifest) else 2
    return total
