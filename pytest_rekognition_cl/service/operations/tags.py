"""Tags of projects, versions and datasets: adding, removing, listing."""

from __future__ import annotations

from typing import Any

from ..errors import ServiceError
from ..lifecycle import Dataset, Project, Version
from ..store import Store
from .common import Params, RequestContext, check_tags


def tag_resource(store: Store, params: Params, context: RequestContext) -> dict[str, Any]:
    """Add tags to a resource; a key that it has gets the new value.

    https://docs.aws.amazon.com/rekognition/latest/APIReference/API_TagResource.html
    """
    resource = _resource(store, params["ResourceArn"], context.region)
    tags = {**(resource.tags or {}), **params["Tags"]}
    check_tags(store, {"Tags": tags}, context, "ServiceQuotaExceededException")
    resource.tags = tags
    return {}


def untag_resource(store: Store, params: Params, context: RequestContext) -> dict[str, Any]:
    """Remove tags from a resource; a key that it does not have is passed over.

    https://docs.aws.amazon.com/rekognition/latest/APIReference/API_UntagResource.html
    """
    resource = _resource(store, params["ResourceArn"], context.region)
    resource.tags = {key: value for key, value in (resource.tags or {}).items() if key not in params["TagKeys"]}
    return {}


def list_tags_for_resource(store: Store, params: Params, context: RequestContext) -> dict[str, Any]:
    """List the tags of a resource.

    https://docs.aws.amazon.com/rekognition/latest/APIReference/API_ListTagsForResource.html
    """
    return {"Tags": _resource(store, params["ResourceArn"], context.region).tags or {}}


def _resource(store: Store, arn: str, region: str) -> Project | Version | Dataset:
    """Return what has the ARN; collections and stream processors are none of Custom Labels."""
    for find in (store.project, store.version, store.dataset):
        try:
            return find(arn, region)
        except ServiceError:
            continue
    raise ServiceError("ResourceNotFoundException")
