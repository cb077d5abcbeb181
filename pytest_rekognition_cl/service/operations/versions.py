"""Project versions: creating (a training begins), describing, starting, stopping, detecting, copying, deleting."""

from __future__ import annotations

from base64 import b64decode

from .. import statuses as st
from ..description import render
from ..errors import ServiceError
from ..lifecycle import TRANSITION_SPECS, Members, Project, Version
from ..manifests import s3_place
from ..results import training_entries
from . import ADAPTERS, Request, check_copy_allowed, refuse, refuse_adapter


def create_project_version(request: Request) -> Members:
    """Create a version and begin its training (API_CreateProjectVersion.html)."""
    project: Project = request.find("ProjectArn")
    _check_training_data(project, request)
    kinds = [kind for kind in ("Training", "Testing") if f"{kind}Data" in request]
    given = {f"{kind}DataResult": {"Input": request[f"{kind}Data"]} for kind in kinds}
    version = _create("create_project_version", project, request, given)
    version.data = training_entries(request.store, version)
    return {"ProjectVersionArn": version.arn}


def _create(operation: str, project: Project, request: Request, given: Members) -> Version:
    """Create the version that is asked for; *given* are members of its description that the request does not name."""
    store, name = request.store, request["VersionName"]
    if not request["OutputConfig"].get("S3Bucket"):  # by the model both of its members are optional
        refuse("OutputConfig must name an S3 bucket.")
    if project.status(request.now) == st.DELETING or name in project.by_name:
        raise ServiceError("ResourceInUseException")
    request.check_quota("models_per_project", lambda: len(project.by_name))
    request.check_tags(request.get("Tags", {}), "ServiceQuotaExceededException")
    spec, transition = TRANSITION_SPECS[operation], store.transitions[operation]
    request.check_quota(spec.quota, lambda: store.count({spec.transitional}, project))
    named = {"OutputConfig", "KmsKeyId", "VersionDescription", "FeatureConfig"} & request.keys()
    overrides = {**given, **transition.overrides, **{member: request[member] for member in named}}
    for member in {"TrainingDataResult", "TestingDataResult"} & overrides.keys():
        overrides[member] = {**given.get(member, {}), **overrides[member]}
    arn, created_ms = project.new_version_arn(name, request.now)
    version = store.add_version(project, arn, created_ms, transition.start(request.now), overrides)
    version.tags = request.get("Tags")
    return version


def describe_project_versions(request: Request) -> str:
    """Describe versions, latest first; names that do not exist are left out (API_DescribeProjectVersions.html)."""
    project: Project = request.find("ProjectArn")
    now, size = request.now, request.get("MaxResults", 100)
    found = project.newest_first(request.get("VersionNames"), request.position(), size + 1)
    render_json = request.store.render_json
    shown = ",".join([render_json(v, v.progression.show(now), v.progression) for v in found[:size]])
    token = f',"NextToken":"{request.token(found[size - 1].position)}"' if len(found) > size else ""
    return f'{{"ProjectVersionDescriptions":[{shown}]{token}}}'


def start_project_version(request: Request) -> Members:
    """Start a trained model (API_StartProjectVersion.html)."""
    version: Version = request.find("ProjectVersionArn")
    refuse_adapter(version.project, "started")
    request.check_status(version, {st.TRAINING_COMPLETED, st.STOPPED, st.COPYING_COMPLETED}, "started")
    least, most = request["MinInferenceUnits"], request.get("MaxInferenceUnits")
    if most is not None and most < least:
        refuse("MaxInferenceUnits must not be less than MinInferenceUnits.")
    request.check_quota("inference_units", lambda: most or least, more=0)
    running = {st.STARTING, st.RUNNING, st.STOPPING}
    request.check_quota("running_models", lambda: request.store.count(running, version.project))
    units = {"MinInferenceUnits": least, "MaxInferenceUnits": most}
    return {"Status": request.begin("start_project_version", version, units)}


def stop_project_version(request: Request) -> Members:
    """Stop a running model (API_StopProjectVersion.html)."""
    version: Version = request.find("ProjectVersionArn")
    refuse_adapter(version.project, "stopped")
    request.check_status(version, {st.RUNNING}, "stopped")
    return {"Status": request.begin("stop_project_version", version)}


def delete_project_version(request: Request) -> Members:
    """Delete a version that neither trains nor runs; it is DELETING for a while (API_DeleteProjectVersion.html)."""
    version: Version = request.find("ProjectVersionArn")
    request.check_status(version, set(st.ALL) - st.TRANSITIONAL - {st.RUNNING}, "deleted")
    return {"Status": request.begin("delete_project_version", version)}


def detect_custom_labels(request: Request) -> Members:
    """Return the labels that the test gave to a running model, whatever the image (API_DetectCustomLabels.html)."""
    version: Version = request.find("ProjectVersionArn")
    image = request["Image"]
    refuse_adapter(version.project, "used to detect custom labels")
    if len(image) != 1:
        refuse("Requested image should either contain bytes or s3 object.")
    if len(b64decode(image.get("Bytes", ""))) > 4 * 1024 * 1024:  # the documentation's 4 MB; the model has 5 MiB
        raise ServiceError("ImageTooLargeException")
    if "S3Object" in image and s3_place(image) is None:
        raise ServiceError("InvalidS3ObjectException")
    if version.status(request.now) != st.RUNNING:
        raise ServiceError("ResourceNotReadyException")
    labels = [] if version.labels is None else version.labels(request)
    found = [label for label in labels if label["Confidence"] >= request.get("MinConfidence", 0)]
    return {"CustomLabels": sorted(found, key=lambda label: -label["Confidence"])[: request.get("MaxResults")]}


def copy_project_version(request: Request) -> Members:
    """Copy a trained model to another project of the Region (API_CopyProjectVersion.html)."""
    project: Project = request.find("SourceProjectArn")
    source: Version = request.find("SourceProjectVersionArn")
    if source.project is not project:
        raise ServiceError("ResourceNotFoundException")
    project = request.find("DestinationProjectArn")
    for end in (source.project, project):
        refuse_adapter(end, "copied")
    trained = {st.TRAINING_COMPLETED, st.COPYING_COMPLETED, st.STARTING, st.RUNNING, st.STOPPING, st.STOPPED, st.FAILED}
    request.check_status(source, trained, "copied")
    check_copy_allowed(source, project)
    shown = render(source, source.status(request.now))
    given: Members = {
        "SourceProjectVersionArn": source.arn,
        "TrainingDataResult": {"Input": shown["TrainingDataResult"]["Input"]},
        "TestingDataResult": {"Input": shown["TestingDataResult"]["Input"]},
        "EvaluationResult": {"F1Score": shown["EvaluationResult"]["F1Score"]},
    }
    for member in {"LabelF1Scores", "VersionDescription"} & source.overrides.keys():
        given[member] = source.overrides[member]
    version = _create("copy_project_version", project, request, given)
    version.labels, version.data = source.labels, source.data
    return {"ProjectVersionArn": version.arn}


def _check_training_data(project: Project, request: Request) -> None:
    data = {name: request[name] for name in ("TrainingData", "TestingData") if name in request}
    is_adapter = project.feature == ADAPTERS
    if request.get("FeatureConfig", {}).get("ContentModeration") is not None and not is_adapter:
        refuse("The job configuration does not match the feature type associated with the project.")
    if not data:
        _check_datasets(project, request)
    elif len(data) == 1 and not is_adapter:
        one, other = ("TrainingData", "TestingData") if "TrainingData" in data else ("TestingData", "TrainingData")
        refuse(f"If you specify {one} you must also specify {other}.")
    elif project.datasets:
        refuse("TrainingData and TestingData can only be used where the project has no associated datasets.")
    for name, value in data.items():
        # An asset that does not say where its manifest is counts as one too many.
        count = sum(1 if s3_place(asset.get("GroundTruthManifest", {})) else 2 for asset in value.get("Assets", []))
        if count != (0 if value.get("AutoCreate") else 1):
            refuse(f"{name} must name one manifest{', or AutoCreate' if name == 'TestingData' else ''}.")


def _check_datasets(project: Project, request: Request) -> None:
    """Refuse to train with datasets that are not ready, or without one for training."""
    for dataset in project.datasets.values():
        status = dataset.status(request.now)
        if status in st.TRANSITIONAL:
            raise ServiceError("ResourceInUseException", f"The status of the dataset {dataset.arn} is {status}.")
        if status == st.CREATE_FAILED:
            refuse(f"The dataset {dataset.arn} could not be created.")
    if project.datasets and "TRAIN" not in project.datasets:
        refuse("The project has no training dataset.")
    if not project.datasets and not project.assumes_datasets:
        refuse("The project has no datasets: specify TrainingData and TestingData.")
