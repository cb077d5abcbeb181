"""Projects, their policies, and the tags of projects, versions and datasets."""

from __future__ import annotations

import uuid
from typing import Any

from .. import statuses as st
from ..errors import ServiceError
from ..lifecycle import Dataset, Project
from ..store import Store
from . import (
    ADAPTERS,
    Params,
    RequestContext,
    check_tags,
    is_policy,
    make_token,
    page,
    read_token,
    refuse,
    refuse_adapter,
)


def create_project(store: Store, params: Params, context: RequestContext) -> dict[str, Any]:
    """Create a project, for Custom Labels unless another feature is named (API_CreateProject.html)."""
    feature = params.get("Feature", "CUSTOM_LABELS")
    if (feature == ADAPTERS) != ("AutoUpdate" in params):
        refuse("AutoUpdate is required for adapters, and for them alone.")
    if store.project_named(params["ProjectName"], context.region) is not None:
        raise ServiceError("ResourceInUseException")
    store.check_quota("projects", lambda: len(store.projects_in(context.region)), context.region)
    check_tags(store, params, context, "LimitExceededException")
    created_ms = max(context.now, 1)
    arn = store.new_project_arn(params["ProjectName"], context.region, created_ms)
    given = {"auto_update": params.get("AutoUpdate"), "tags": params.get("Tags")}
    project = store.add_project(arn, created_ms, feature=feature, **given)
    return {"ProjectArn": project.arn}


def describe_projects(store: Store, params: Params, context: RequestContext) -> dict[str, Any]:
    """List projects, latest first; those of adapters only where Features asks for them (API_DescribeProjects.html)."""
    names, features = params.get("ProjectNames"), params.get("Features", ["CUSTOM_LABELS"])
    query = {"ProjectNames": names, "Features": features, "Region": context.region}
    below = read_token(params, query)
    size = params.get("MaxResults", 100)
    known = sorted(store.projects_in(context.region), key=lambda project: project.position, reverse=True)
    named = [p for p in known if p.feature in features and (names is None or p.name in names)]
    matching = [project for project in named if below is None or project.position < below]
    answer: dict[str, Any] = {"ProjectDescriptions": [_describe_project(p, context) for p in matching[:size]]}
    if len(matching) > size:
        answer["NextToken"] = make_token(matching[size - 1].position, query)
    return answer


def delete_project(store: Store, params: Params, context: RequestContext) -> dict[str, Any]:
    """Delete a project without versions and datasets; it stays listed as DELETING a while (API_DeleteProject.html)."""
    project = store.project(params["ProjectArn"], context.region)
    if project.by_name or project.datasets or project.status(context.now) == st.DELETING:
        raise ServiceError("ResourceInUseException")
    project.progression = store.transitions["delete_project"].start(context.now)
    store.track(project)
    return {"Status": st.DELETING}


def _describe_project(project: Project, context: RequestContext) -> dict[str, Any]:
    description: dict[str, Any] = {
        "ProjectArn": project.arn,
        "CreationTimestamp": project.created_ms / 1000,
        "Status": project.status(context.now),
        "Datasets": [_describe_dataset(dataset, context) for dataset in project.datasets.values()],
    }
    if project.feature == ADAPTERS:  # the defaults CUSTOM_LABELS and DISABLED are not shown
        description["Feature"] = project.feature
    if project.auto_update == "ENABLED":
        description["AutoUpdate"] = project.auto_update
    return description


def _describe_dataset(dataset: Dataset, context: RequestContext) -> dict[str, Any]:
    named = {"DatasetType": dataset.kind, "DatasetArn": dataset.arn}
    return {"CreationTimestamp": dataset.created_ms / 1000, **named, **dataset.show(context.now)}


# --- policies -------------------------------------------------------------------------------------------------------


def put_project_policy(store: Store, params: Params, context: RequestContext) -> dict[str, Any]:
    """Attach a policy to a project, or replace the latest revision of one (API_PutProjectPolicy.html)."""
    project = store.project(params["ProjectArn"], context.region)
    refuse_adapter(project, "shared by a policy")
    if project.status(context.now) == st.DELETING:
        raise ServiceError("ResourceNotFoundException")
    if not is_policy(params["PolicyDocument"]):
        raise ServiceError("MalformedPolicyDocumentException")
    policies = project.policies or {}
    name, revision = params["PolicyName"], params.get("PolicyRevisionId")
    present = policies.get(name)
    if present is None:
        if revision is not None:
            raise ServiceError("InvalidPolicyRevisionIdException")
        store.check_quota("policies_per_project", lambda: len(policies), context.region)
    elif revision is None:
        raise ServiceError("ResourceAlreadyExistsException")
    else:
        _check_revision(present, params)
    created = context.now / 1000 if present is None else present["CreationTimestamp"]
    new_revision = uuid.uuid4().hex
    policy = {
        "ProjectArn": project.arn,
        "PolicyName": name,
        "PolicyRevisionId": new_revision,
        "PolicyDocument": params["PolicyDocument"],
        "CreationTimestamp": created,
        "LastUpdatedTimestamp": context.now / 1000,
    }
    project.policies = {**policies, name: policy}
    return {"PolicyRevisionId": new_revision}


def list_project_policies(store: Store, params: Params, context: RequestContext) -> dict[str, Any]:
    """List the policies of a project, in the order in which they were attached (API_ListProjectPolicies.html)."""
    project = store.project(params["ProjectArn"], context.region)
    return page("ProjectPolicies", list((project.policies or {}).values()), params, size=5)


def delete_project_policy(store: Store, params: Params, context: RequestContext) -> dict[str, Any]:
    """Delete a policy of a project (API_DeleteProjectPolicy.html)."""
    project = store.project(params["ProjectArn"], context.region)
    policies = project.policies or {}
    present = policies.get(params["PolicyName"])
    if present is None:
        raise ServiceError("ResourceNotFoundException")
    _check_revision(present, params)
    del policies[params["PolicyName"]]
    return {}


def _check_revision(policy: dict[str, Any], params: Params) -> None:
    """Refuse any revision but the latest: the service keeps no other."""
    if params.get("PolicyRevisionId", policy["PolicyRevisionId"]) != policy["PolicyRevisionId"]:
        raise ServiceError("InvalidPolicyRevisionIdException")


# --- tags -----------------------------------------------------------------------------------------------------------


def tag_resource(store: Store, params: Params, context: RequestContext) -> dict[str, Any]:
    """Add tags to a resource; a key that it has gets the new value (API_TagResource.html)."""
    resource = store.resource(params["ResourceArn"], context.region)
    tags = {**(resource.tags or {}), **params["Tags"]}
    check_tags(store, {"Tags": tags}, context, "ServiceQuotaExceededException")
    resource.tags = tags
    return {}


def untag_resource(store: Store, params: Params, context: RequestContext) -> dict[str, Any]:
    """Remove tags from a resource; a key that it does not have is passed over (API_UntagResource.html)."""
    resource = store.resource(params["ResourceArn"], context.region)
    resource.tags = {key: value for key, value in (resource.tags or {}).items() if key not in params["TagKeys"]}
    return {}


def list_tags_for_resource(store: Store, params: Params, context: RequestContext) -> dict[str, Any]:
    """List the tags of a resource (API_ListTagsForResource.html)."""
    return {"Tags": store.resource(params["ResourceArn"], context.region).tags or {}}
