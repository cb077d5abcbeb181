"""A version's life after its training: starting, stopping, deleting."""

from __future__ import annotations

from typing import Any

from .. import statuses as st
from ..errors import ServiceError
from ..store import Store
from .checks import begin, check_status, refuse, refuse_adapter
from .registry import Caller, Params, operation


@operation
def start_project_version(store: Store, params: Params, caller: Caller) -> dict[str, Any]:
    """Start a trained model.

    https://docs.aws.amazon.com/rekognition/latest/APIReference/API_StartProjectVersion.html
    """
    version = store.version(params["ProjectVersionArn"], caller.region)
    refuse_adapter(version.project, "started")
    check_status(version, caller, {st.TRAINING_COMPLETED, st.STOPPED, st.COPYING_COMPLETED}, "started")
    least, most = params["MinInferenceUnits"], params.get("MaxInferenceUnits")
    if most is not None and most < least:
        refuse("MaxInferenceUnits must not be less than MinInferenceUnits.")
    limit, wanted = store.limit("inference_units", caller.region), least if most is None else most
    if limit is not None and wanted > limit:
        raise ServiceError("LimitExceededException", f"{wanted} inference units. Maximum limit: {limit}")
    running = {st.STARTING, st.RUNNING, st.STOPPING}
    store.check_quota("running_models", lambda: store.count(running, caller.region), caller.region)
    units = {"MinInferenceUnits": least, "MaxInferenceUnits": most}
    begin(store, version, "start_project_version", caller, units)
    return {"Status": st.STARTING}


@operation
def stop_project_version(store: Store, params: Params, caller: Caller) -> dict[str, Any]:
    """Stop a running model.

    https://docs.aws.amazon.com/rekognition/latest/APIReference/API_StopProjectVersion.html
    """
    version = store.version(params["ProjectVersionArn"], caller.region)
    refuse_adapter(version.project, "stopped")
    check_status(version, caller, {st.RUNNING}, "stopped")
    begin(store, version, "stop_project_version", caller, {})
    return {"Status": st.STOPPING}


@operation
def delete_project_version(store: Store, params: Params, caller: Caller) -> dict[str, Any]:
    """Delete a version; it stays listed as DELETING for a while. Not while it trains or runs.

    https://docs.aws.amazon.com/rekognition/latest/APIReference/API_DeleteProjectVersion.html
    """
    version = store.version(params["ProjectVersionArn"], caller.region)
    check_status(version, caller, set(st.ALL) - st.TRANSITIONAL - {st.RUNNING}, "deleted")
    begin(store, version, "delete_project_version", caller, {})
    return {"Status": st.DELETING}
