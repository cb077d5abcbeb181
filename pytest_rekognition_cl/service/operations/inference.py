"""Detecting labels with a running model."""

from __future__ import annotations

from typing import Any

from .. import statuses as st
from ..errors import ServiceError
from ..store import Store
from .checks import refuse, refuse_adapter
from .registry import Caller, Params, operation


@operation
def detect_custom_labels(store: Store, params: Params, caller: Caller) -> dict[str, Any]:
    """Return the labels that the test gave to a running model, highest confidence first. Images are not looked into.

    https://docs.aws.amazon.com/rekognition/latest/APIReference/API_DetectCustomLabels.html
    """
    version = store.version(params["ProjectVersionArn"], caller.region)
    refuse_adapter(version.project, "used to detect custom labels")
    image = params["Image"]
    if len(image) != 1:
        refuse("Image must have either Bytes or S3Object.")
    if "S3Object" in image and not {"Bucket", "Name"} <= set(image["S3Object"]):
        raise ServiceError("InvalidS3ObjectException")
    if version.status(caller.now) != st.RUNNING:
        raise ServiceError("ResourceNotReadyException")
    labels = [] if version.labels is None else version.labels(params)
    least = params.get("MinConfidence", 0)
    found = [label for label in labels if label["Confidence"] >= least]
    found.sort(key=lambda label: label["Confidence"], reverse=True)
    return {"CustomLabels": found[: params.get("MaxResults")]}
