"""Copying a model to another project."""

from __future__ import annotations

from typing import Any

from .. import statuses as st
from ..description import render
from ..errors import ServiceError
from ..store import Store
from .checks import check_new_version, check_output, check_status, create, refuse_adapter
from .registry import Caller, Params, operation


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
        refuse_adapter(end, "copied")
    trained = {st.TRAINING_COMPLETED, st.COPYING_COMPLETED, st.STARTING, st.RUNNING, st.STOPPING, st.STOPPED, st.FAILED}
    check_status(source, caller, trained, "copied")
    check_output(params)
    check_new_version(store, project, params, caller)
    copying = {st.COPYING_IN_PROGRESS}
    store.check_quota("concurrent_copies", lambda: store.count(copying, caller.region), caller.region)

    plan = store.plans["copy_project_version"]
    shown = render(source, caller.now)
    given: dict[str, Any] = {"SourceProjectVersionArn": source.arn}
    for kind in ("Training", "Testing"):
        given[f"{kind}DataResult"] = {"Input": shown[f"{kind}DataResult"]["Input"]}
    given["EvaluationResult"] = {"F1Score": shown["EvaluationResult"]["F1Score"]}
    if "VersionDescription" in shown:
        given["VersionDescription"] = shown["VersionDescription"]
    given.update(plan.given)
    for member in ("OutputConfig", "KmsKeyId"):
        if member in params:
            given[member] = params[member]
    version = create(store, project, params, caller, plan.begin(caller.now), given)
    version.labels = source.labels
    return {"ProjectVersionArn": version.arn}
