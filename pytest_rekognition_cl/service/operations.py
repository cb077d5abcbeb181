"""One function per operation. Adding one is a function here and a request schema of the same name; nothing else.

A function gets the store, the checked members of the request and the caller, and returns the members of the answer. It
raises ServiceError to refuse. Sources: the operation's page of the API reference; see each function.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from . import statuses as st
from .answers import vetted
from .description import render
from .errors import ServiceError
from .lifecycle import Project, Version
from .paging import make_token, read_token
from .store import Store


@dataclass(frozen=True)
class Caller:
    """Who asks: the Region of the client, and the virtual time in epoch milliseconds."""

    region: str
    now: int


Params = dict[str, Any]
Operation = Callable[[Store, Params, Caller], dict[str, Any]]

#: boto3 method name -> the operation.
OPERATIONS: dict[str, Operation] = {}


def operation(function: Operation) -> Operation:
    """Put *function* into the registry under its own name."""
    OPERATIONS[function.__name__] = function
    return function


# --- training and describing ----------------------------------------------------------------------------------------


@operation
def create_project_version(store: Store, params: Params, caller: Caller) -> dict[str, Any]:
    """Create a version and begin its training.

    https://docs.aws.amazon.com/rekognition/latest/APIReference/API_CreateProjectVersion.html
    """
    project = store.project(params["ProjectArn"], caller.region)
    _check_training_data(project, params)
    if not params["OutputConfig"].get("S3Bucket"):
        raise ServiceError("InvalidParameterException", "OutputConfig must name an S3 bucket.")
    _check_new_version(store, project, params, caller)
    store.check_quota("concurrent_trainings", store.count({st.TRAINING_IN_PROGRESS}, caller.region), caller.region)

    plan = store.plans["create_project_version"]
    given: dict[str, Any] = deepcopy(plan.given)
    for member in ("OutputConfig", "KmsKeyId", "VersionDescription", "FeatureConfig"):
        if member in params:
            given[member] = params[member]
    for kind in ("Training", "Testing"):
        if f"{kind}Data" in params:
            given.setdefault(f"{kind}DataResult", {}).setdefault("Input", params[f"{kind}Data"])
    return {"ProjectVersionArn": _create(store, project, params, plan.begin, given).arn}


@operation
def describe_project_versions(store: Store, params: Params, caller: Caller) -> dict[str, Any]:
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
    page = [version for version, _ in zip(candidates, range(size + 1))]
    answer: dict[str, Any] = {"ProjectVersionDescriptions": []}
    for version in page[:size]:
        answer["ProjectVersionDescriptions"].append(vetted("project_version_description", render(version, caller.now)))
    for version in page[:size]:
        version.course.shown(caller.now)
    if len(page) > size:
        answer["NextToken"] = make_token(page[size - 1].position, query)
    return answer


# --- the life after the training ------------------------------------------------------------------------------------


@operation
def start_project_version(store: Store, params: Params, caller: Caller) -> dict[str, Any]:
    """Start a trained model.

    https://docs.aws.amazon.com/rekognition/latest/APIReference/API_StartProjectVersion.html
    """
    version = store.version(params["ProjectVersionArn"], caller.region)
    _refuse_adapter(version.project, "started")
    _check_status(version, caller, {st.TRAINING_COMPLETED, st.STOPPED, st.COPYING_COMPLETED}, "started")
    least, most = params["MinInferenceUnits"], params.get("MaxInferenceUnits")
    if most is not None and most < least:
        raise ServiceError("InvalidParameterException", "MaxInferenceUnits must not be less than MinInferenceUnits.")
    limit = store.limit("inference_units", caller.region)
    if limit is not None and max(least, most or 0) > limit:
        raise ServiceError("LimitExceededException", f"{max(least, most or 0)} inference units. Maximum limit: {limit}")
    running = store.count({st.STARTING, st.RUNNING, st.STOPPING}, caller.region)
    store.check_quota("running_models", running, caller.region)
    units = {"MinInferenceUnits": least, "MaxInferenceUnits": most}
    _begin(store, version, "start_project_version", caller, units)
    return {"Status": st.STARTING}


@operation
def stop_project_version(store: Store, params: Params, caller: Caller) -> dict[str, Any]:
    """Stop a running model.

    https://docs.aws.amazon.com/rekognition/latest/APIReference/API_StopProjectVersion.html
    """
    version = store.version(params["ProjectVersionArn"], caller.region)
    _refuse_adapter(version.project, "stopped")
    _check_status(version, caller, {st.RUNNING}, "stopped")
    _begin(store, version, "stop_project_version", caller, {})
    return {"Status": st.STOPPING}


@operation
def delete_project_version(store: Store, params: Params, caller: Caller) -> dict[str, Any]:
    """Delete a version; it stays listed as DELETING for a while. Not while it trains or runs.

    https://docs.aws.amazon.com/rekognition/latest/APIReference/API_DeleteProjectVersion.html
    """
    version = store.version(params["ProjectVersionArn"], caller.region)
    _check_status(version, caller, set(st.ALL) - st.TRANSITIONAL - {st.RUNNING}, "deleted")
    _begin(store, version, "delete_project_version", caller, {})
    return {"Status": st.DELETING}


@operation
def copy_project_version(store: Store, params: Params, caller: Caller) -> dict[str, Any]:
    """Copy a trained model to another project of the Region.

    https://docs.aws.amazon.com/rekognition/latest/APIReference/API_CopyProjectVersion.html
    """
    source_project = store.project(params["SourceProjectArn"], caller.region)
    source = store.version(params["SourceProjectVersionArn"], caller.region)
    if source.project is not source_project:
        raise ServiceError("ResourceNotFoundException")
    project = store.project(params["DestinationProjectArn"], caller.region)
    for end in (source_project, project):
        _refuse_adapter(end, "copied")
    trained = {st.TRAINING_COMPLETED, st.COPYING_COMPLETED, st.STARTING, st.RUNNING, st.STOPPING, st.STOPPED, st.FAILED}
    _check_status(source, caller, trained, "copied")
    if not params["OutputConfig"].get("S3Bucket"):
        raise ServiceError("InvalidParameterException", "OutputConfig must name an S3 bucket.")
    _check_new_version(store, project, params, caller)
    store.check_quota("concurrent_copies", store.count({st.COPYING_IN_PROGRESS}, caller.region), caller.region)

    plan = store.plans["copy_project_version"]
    given: dict[str, Any] = deepcopy(plan.given)
    given["SourceProjectVersionArn"] = source.arn
    shown = render(source, caller.now)
    for kind in ("Training", "Testing"):
        given[f"{kind}DataResult"] = {"Input": shown[f"{kind}DataResult"]["Input"]}
    given["EvaluationResult"] = {"F1Score": shown["EvaluationResult"]["F1Score"]}
    for member in ("VersionDescription", "FeatureConfig"):
        if member in shown:
            given[member] = shown[member]
    for member in ("OutputConfig", "KmsKeyId"):
        if member in params:
            given[member] = params[member]
    version = _create(store, project, params, plan.begin, given)
    version.labels = source.labels
    return {"ProjectVersionArn": version.arn}


# --- projects -------------------------------------------------------------------------------------------------------


@operation
def create_project(store: Store, params: Params, caller: Caller) -> dict[str, Any]:
    """Create a project, for Custom Labels unless another feature is named.

    https://docs.aws.amazon.com/rekognition/latest/APIReference/API_CreateProject.html
    """
    feature = params.get("Feature", "CUSTOM_LABELS")
    if (feature == "CONTENT_MODERATION") != ("AutoUpdate" in params):
        raise ServiceError("InvalidParameterException", "AutoUpdate is required for adapters, and for them alone.")
    if store.project_named(params["ProjectName"], caller.region) is not None:
        raise ServiceError("ResourceInUseException")
    store.check_quota("projects", len(store.projects_in(caller.region)), caller.region)
    _check_tags(store, params, caller)
    created_ms = max(caller.now, 1)
    arn = store.new_project_arn(params["ProjectName"], caller.region, created_ms)
    project = store.add_project(arn, created_ms, feature=feature, auto_update=params.get("AutoUpdate"))
    return {"ProjectArn": project.arn}


@operation
def describe_projects(store: Store, params: Params, caller: Caller) -> dict[str, Any]:
    """List projects, latest first; those of adapters only where Features asks for them.

    https://docs.aws.amazon.com/rekognition/latest/APIReference/API_DescribeProjects.html
    """
    names, features = params.get("ProjectNames"), params.get("Features", ["CUSTOM_LABELS"])
    query = {"ProjectNames": names, "Features": features, "Region": caller.region}
    below = read_token(params["NextToken"], query) if params.get("NextToken") else None
    size = params.get("MaxResults", 100)
    matching = [
        project
        for project in store.projects_in(caller.region)
        if (names is None or project.name in names)
        and project.feature in features
        and (below is None or project.position < below)
    ]
    matching.sort(key=lambda project: project.position, reverse=True)
    page = matching[:size]
    answer: dict[str, Any] = {
        "ProjectDescriptions": [vetted("project_description", _describe_project(project, caller)) for project in page]
    }
    if len(matching) > size:
        answer["NextToken"] = make_token(page[-1].position, query)
    return answer


@operation
def delete_project(store: Store, params: Params, caller: Caller) -> dict[str, Any]:
    """Delete a project that has no versions; it stays listed as DELETING for a while.

    https://docs.aws.amazon.com/rekognition/latest/APIReference/API_DeleteProject.html
    """
    project = store.project(params["ProjectArn"], caller.region)
    if len(project) or project.status(caller.now) == st.DELETING:
        raise ServiceError("ResourceInUseException")
    project.course = store.plans["delete_project"].begin(caller.now)
    store.leave(project)
    return {"Status": st.DELETING}


def _describe_project(project: Project, caller: Caller) -> dict[str, Any]:
    description: dict[str, Any] = {
        "ProjectArn": project.arn,
        "CreationTimestamp": project.created_ms / 1000,
        "Status": project.status(caller.now),
        "Datasets": [_dataset(project, kind) for kind in ("TRAIN", "TEST")] if project.datasets else [],
        "Feature": project.feature,
    }
    if project.auto_update is not None:
        description["AutoUpdate"] = project.auto_update
    return description


def _dataset(project: Project, kind: str) -> dict[str, Any]:
    head = project.arn.rpartition("/")[0]
    return {
        "CreationTimestamp": project.created_ms / 1000,
        "DatasetType": kind,
        "DatasetArn": f"{head}/dataset/{kind.lower()}/{project.created_ms}",
        "Status": "CREATE_COMPLETE",
        "StatusMessage": "The dataset was successfully created.",
        "StatusMessageCode": "SUCCESS",
    }


# --- inference ------------------------------------------------------------------------------------------------------


@operation
def detect_custom_labels(store: Store, params: Params, caller: Caller) -> dict[str, Any]:
    """Return the labels that the test gave to a running model, highest confidence first. Images are not looked into.

    https://docs.aws.amazon.com/rekognition/latest/APIReference/API_DetectCustomLabels.html
    """
    version = store.version(params["ProjectVersionArn"], caller.region)
    image = params["Image"]
    if len(image) != 1:
        raise ServiceError("InvalidParameterException", "Image must have either Bytes or S3Object.")
    if "S3Object" in image and not {"Bucket", "Name"} <= set(image["S3Object"]):
        raise ServiceError("InvalidS3ObjectException")
    if version.status(caller.now) != st.RUNNING:
        raise ServiceError("ResourceNotReadyException")
    labels = [] if version.labels is None else version.labels(params)
    least = params.get("MinConfidence", 0)
    found = [vetted("custom_label", label) for label in labels if label["Confidence"] >= least]
    found.sort(key=lambda label: label["Confidence"], reverse=True)
    return {"CustomLabels": found[: params.get("MaxResults")]}


# --- what several of them check -------------------------------------------------------------------------------------


def _check_training_data(project: Project, params: Params) -> None:
    training, testing = params.get("TrainingData"), params.get("TestingData")
    adapter = project.feature == "CONTENT_MODERATION"
    if params.get("FeatureConfig", {}).get("ContentModeration") is not None and not adapter:
        _refuse("The job configuration does not match the feature type associated with the project.")
    if not adapter and (training is None) != (testing is None):
        one, other = ("TestingData", "TrainingData") if training is None else ("TrainingData", "TestingData")
        _refuse(f"If you specify {one} you must also specify {other}.")
    if training is None and testing is None:
        if project.datasets is False:
            _refuse("The project has no datasets: specify TrainingData and TestingData.")
        return
    if project.datasets:
        _refuse("TrainingData and TestingData can only be used where the project has no associated datasets.")
    if training is not None and _manifests(training) != 1:
        _refuse("TrainingData must name one manifest.")
    if testing is not None and _manifests(testing) != (0 if testing.get("AutoCreate") else 1):
        _refuse("TestingData must name one manifest, or AutoCreate.")


def _manifests(data: dict[str, Any]) -> int:
    """Count the assets; one that does not say where its manifest is counts as one too many."""
    total = 0
    for asset in data.get("Assets", []):
        manifest = asset.get("GroundTruthManifest", {}).get("S3Object", {})
        total += 1 if {"Bucket", "Name"} <= set(manifest) else 2
    return total


def _refuse(message: str) -> None:
    raise ServiceError("InvalidParameterException", message)


def _check_new_version(store: Store, project: Project, params: Params, caller: Caller) -> None:
    if project.status(caller.now) == st.DELETING or params["VersionName"] in project.by_name:
        raise ServiceError("ResourceInUseException")
    store.check_quota("models_per_project", len(project), caller.region)
    _check_tags(store, params, caller)


def _check_tags(store: Store, params: Params, caller: Caller) -> None:
    limit = store.limit("tags", caller.region)
    if limit is not None and len(params.get("Tags", {})) > limit:
        raise ServiceError("ServiceQuotaExceededException", f"The tag list exceeds the allowed limit of {limit}.")


def _check_status(version: Version, caller: Caller, wanted: set[str], done: str) -> None:
    """Refuse what the status does not allow: as in use where something is under way, else as an invalid request."""
    status = version.status(caller.now)
    if status in wanted:
        return
    if status in st.TRANSITIONAL or status == st.RUNNING:
        raise ServiceError("ResourceInUseException", f"The version cannot be {done} while its status is {status}.")
    _refuse(f"The version cannot be {done} in status {status}.")


def _refuse_adapter(project: Project, done: str) -> None:
    if project.feature == "CONTENT_MODERATION":
        _refuse(f"Only Custom Labels models can be {done}.")


def _create(
    store: Store, project: Project, params: Params, begin: Callable[[int], Any], given: dict[str, Any]
) -> Version:
    arn, created_ms = store.new_version_arn(project, params["VersionName"])
    version = store.add_version(project, arn, created_ms, begin(created_ms), given)
    version.tags = params.get("Tags", {})
    return version


def _begin(store: Store, version: Version, name: str, caller: Caller, given: dict[str, Any]) -> None:
    plan = store.plans[name]
    version.begin(plan.begin(caller.now), {**deepcopy(plan.given), **given}, caller.now)
    store.watch(version)
