"""Project versions: creating (a training begins), describing, starting, stopping, detecting, copying, deleting."""

from __future__ import annotations

from base64 import b64decode
from typing import Any

from .. import statuses as st
from ..description import render
from ..errors import ServiceError
from ..lifecycle import TRANSITION_SPECS, Project, Version
from ..results import training_entries
from ..store import Store
from . import (
    ADAPTERS,
    Params,
    RawJson,
    RequestContext,
    check_copy_allowed,
    check_status,
    check_tags,
    make_token,
    read_token,
    refuse,
    refuse_adapter,
)

#: The most bytes of an image in a request; the documentation says 4 MB, the model has a bound of 5 MiB.
MAX_IMAGE_BYTES = 4 * 1024 * 1024


def create_project_version(store: Store, params: Params, context: RequestContext) -> dict[str, Any]:
    """Create a version and begin its training (API_CreateProjectVersion.html)."""
    project = store.project(params["ProjectArn"], context.region)
    _check_training_data(project, params, context)
    data = {kind: params[f"{kind}Data"] for kind in ("Training", "Testing") if f"{kind}Data" in params}
    given = {f"{kind}DataResult": {"Input": value} for kind, value in data.items()}
    version = _create(store, project, params, context, "create_project_version", given)
    version.data = training_entries(store, version)
    return {"ProjectVersionArn": version.arn}


def _create(
    store: Store, project: Project, params: Params, context: RequestContext, operation: str, given: dict[str, Any]
) -> Version:
    """Create the version that *params* ask for; *given* are members of its description that they do not name."""
    if not params["OutputConfig"].get("S3Bucket"):  # by the model both of its members are optional
        refuse("OutputConfig must name an S3 bucket.")
    if project.status(context.now) == st.DELETING or params["VersionName"] in project.by_name:
        raise ServiceError("ResourceInUseException")
    store.check_quota("models_per_project", lambda: len(project.by_name), context.region)
    check_tags(store, params, context, "ServiceQuotaExceededException")
    spec = TRANSITION_SPECS[operation]
    store.check_quota(spec.quota, lambda: store.count({spec.transitional}, project), context.region)

    transition = store.transitions[operation]
    members = ("OutputConfig", "KmsKeyId", "VersionDescription", "FeatureConfig")
    named = {member: params[member] for member in members if member in params}
    overrides = {**given, **transition.overrides, **named}
    for member in ("TrainingDataResult", "TestingDataResult"):
        if member in overrides:
            overrides[member] = {**given.get(member, {}), **overrides[member]}
    arn, created_ms = store.new_version_arn(project, params["VersionName"], context.now)
    version = store.add_version(project, arn, created_ms, transition.start(context.now), overrides)
    version.tags = params.get("Tags")
    return version


def describe_project_versions(store: Store, params: Params, context: RequestContext) -> RawJson:
    """Describe versions, latest first; names that do not exist are left out (API_DescribeProjectVersions.html)."""
    project = store.project(params["ProjectArn"], context.region)
    names = params.get("VersionNames")
    query = {"ProjectArn": project.arn, "VersionNames": names}
    below = read_token(params, query)
    size = params.get("MaxResults", 100)
    page = project.newest_first(names, below, size + 1)
    shown = ",".join([store.render_json(v, v.show(context.now), v.progression) for v in page[:size]])
    token = f',"NextToken":"{make_token(page[size - 1].position, query)}"' if len(page) > size else ""
    return RawJson(f'{{"ProjectVersionDescriptions":[{shown}]{token}}}')


def start_project_version(store: Store, params: Params, context: RequestContext) -> dict[str, Any]:
    """Start a trained model (API_StartProjectVersion.html)."""
    version = store.version(params["ProjectVersionArn"], context.region)
    refuse_adapter(version.project, "started")
    check_status(version, context, {st.TRAINING_COMPLETED, st.STOPPED, st.COPYING_COMPLETED}, "started")
    least, most = params["MinInferenceUnits"], params.get("MaxInferenceUnits")
    if most is not None and most < least:
        refuse("MaxInferenceUnits must not be less than MinInferenceUnits.")
    wanted = least if most is None else most
    store.check_quota("inference_units", lambda: wanted, context.region, more=0)
    running = {st.STARTING, st.RUNNING, st.STOPPING}
    store.check_quota("running_models", lambda: store.count(running, version.project), context.region)
    units = {"MinInferenceUnits": least, "MaxInferenceUnits": most}
    _begin(store, version, "start_project_version", context, units)
    return {"Status": st.STARTING}


def _begin(store: Store, version: Version, operation: str, context: RequestContext, given: dict[str, Any]) -> None:
    """Begin the transition that is set for *operation*; *given* are members of the description."""
    transition = store.transitions[operation]
    version.change_progression(transition.start(context.now), {**transition.overrides, **given}, context.now)
    store.track(version)


def stop_project_version(store: Store, params: Params, context: RequestContext) -> dict[str, Any]:
    """Stop a running model (API_StopProjectVersion.html)."""
    version = store.version(params["ProjectVersionArn"], context.region)
    refuse_adapter(version.project, "stopped")
    check_status(version, context, {st.RUNNING}, "stopped")
    _begin(store, version, "stop_project_version", context, {})
    return {"Status": st.STOPPING}


def delete_project_version(store: Store, params: Params, context: RequestContext) -> dict[str, Any]:
    """Delete a version that neither trains nor runs; it is DELETING for a while (API_DeleteProjectVersion.html)."""
    version = store.version(params["ProjectVersionArn"], context.region)
    check_status(version, context, set(st.ALL) - st.TRANSITIONAL - {st.RUNNING}, "deleted")
    _begin(store, version, "delete_project_version", context, {})
    return {"Status": st.DELETING}


def detect_custom_labels(store: Store, params: Params, context: RequestContext) -> dict[str, Any]:
    """Return the labels that the test gave to a running model, whatever the image (API_DetectCustomLabels.html)."""
    version = store.version(params["ProjectVersionArn"], context.region)
    refuse_adapter(version.project, "used to detect custom labels")
    image = params["Image"]
    if len(image) != 1:
        refuse("Requested image should either contain bytes or s3 object.")
    if len(b64decode(image.get("Bytes", ""))) > MAX_IMAGE_BYTES:
        raise ServiceError("ImageTooLargeException")
    if "S3Object" in image and not {"Bucket", "Name"} <= set(image["S3Object"]):
        raise ServiceError("InvalidS3ObjectException")
    if version.status(context.now) != st.RUNNING:
        raise ServiceError("ResourceNotReadyException")
    labels = [] if version.labels is None else version.labels(params)
    least = params.get("MinConfidence", 0)
    found = [label for label in labels if label["Confidence"] >= least]
    found.sort(key=lambda label: label["Confidence"], reverse=True)
    return {"CustomLabels": found[: params.get("MaxResults")]}


def copy_project_version(store: Store, params: Params, context: RequestContext) -> dict[str, Any]:
    """Copy a trained model to another project of the Region (API_CopyProjectVersion.html)."""
    source_project = store.project(params["SourceProjectArn"], context.region)
    source = store.version(params["SourceProjectVersionArn"], context.region)
    if source.project is not source_project:
        raise ServiceError("ResourceNotFoundException")
    project = store.project(params["DestinationProjectArn"], context.region)
    for end in (source_project, project):
        refuse_adapter(end, "copied")
    trained = {st.TRAINING_COMPLETED, st.COPYING_COMPLETED, st.STARTING, st.RUNNING, st.STOPPING, st.STOPPED, st.FAILED}
    check_status(source, context, trained, "copied")
    check_copy_allowed(source, project)
    shown = render(source, source.status(context.now))
    given: dict[str, Any] = {
        "SourceProjectVersionArn": source.arn,
        "TrainingDataResult": {"Input": shown["TrainingDataResult"]["Input"]},
        "TestingDataResult": {"Input": shown["TestingDataResult"]["Input"]},
        "EvaluationResult": {"F1Score": shown["EvaluationResult"]["F1Score"]},
    }
    for member in ("LabelF1Scores", "VersionDescription"):
        if member in source.overrides:
            given[member] = source.overrides[member]
    version = _create(store, project, params, context, "copy_project_version", given)
    version.labels, version.data = source.labels, source.data
    return {"ProjectVersionArn": version.arn}


def _check_training_data(project: Project, params: Params, context: RequestContext) -> None:
    training, testing = params.get("TrainingData"), params.get("TestingData")
    adapter = project.feature == ADAPTERS
    if params.get("FeatureConfig", {}).get("ContentModeration") is not None and not adapter:
        refuse("The job configuration does not match the feature type associated with the project.")
    if not adapter and (training is None) != (testing is None):
        one, other = ("TestingData", "TrainingData") if training is None else ("TrainingData", "TestingData")
        refuse(f"If you specify {one} you must also specify {other}.")
    if training is None and testing is None:
        if project.datasets:
            _check_datasets(project, context)
        elif not project.assumes_datasets:
            refuse("The project has no datasets: specify TrainingData and TestingData.")
        return
    if project.datasets:
        refuse("TrainingData and TestingData can only be used where the project has no associated datasets.")
    if training is not None and _manifests(training) != 1:
        refuse("TrainingData must name one manifest.")
    if testing is not None and _manifests(testing) != (0 if testing.get("AutoCreate") else 1):
        refuse("TestingData must name one manifest, or AutoCreate.")


def _check_datasets(project: Project, context: RequestContext) -> None:
    """Refuse to train with datasets that are not ready, or without one for training."""
    for dataset in project.datasets.values():
        status = dataset.status(context.now)
        if status in st.TRANSITIONAL:
            raise ServiceError("ResourceInUseException", f"The status of the dataset {dataset.arn} is {status}.")
        if status == st.CREATE_FAILED:
            refuse(f"The dataset {dataset.arn} could not be created.")
    if "TRAIN" not in project.datasets:
        refuse("The project has no training dataset.")


def _manifests(data: dict[str, Any]) -> int:
    """Count the assets; one that does not say where its manifest is counts as one too many."""
    total = 0
    for asset in data.get("Assets", []):
        manifest = asset.get("GroundTruthManifest", {}).get("S3Object", {})
        total += 1 if {"Bucket", "Name"} <= set(manifest) else 2
    return total
