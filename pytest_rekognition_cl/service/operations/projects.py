"""Projects, their policies, and the tags of projects, versions and datasets."""

from __future__ import annotations

import uuid

from .. import statuses as st
from ..errors import ServiceError
from ..lifecycle import Members, Project
from . import ADAPTERS, Request, refuse, refuse_adapter, statements_of


def create_project(request: Request) -> Members:
    """Create a project, for Custom Labels unless another feature is named (API_CreateProject.html)."""
    store, name, feature = request.store, request["ProjectName"], request.get("Feature", "CUSTOM_LABELS")
    if (feature == ADAPTERS) != ("AutoUpdate" in request):
        refuse("AutoUpdate is required for adapters, and for them alone.")
    if store.project_named(name, request.region) is not None:
        raise ServiceError("ResourceInUseException")
    request.check_quota("projects", lambda: len(store.projects_in(request.region)))
    request.check_tags(request.get("Tags", {}), "LimitExceededException")
    created_ms = max(request.now, 1)
    given = {"feature": feature, "auto_update": request.get("AutoUpdate"), "tags": request.get("Tags")}
    arn = store.new_project_arn(name, request.region, created_ms)
    return {"ProjectArn": store.add_project(arn, created_ms, **given).arn}


def describe_projects(request: Request) -> Members:
    """List projects, latest first; those of adapters only where Features asks for them (API_DescribeProjects.html)."""
    names, features = request.get("ProjectNames"), request.setdefault("Features", ["CUSTOM_LABELS"])
    below, size = request.position(), request.get("MaxResults", 100)
    known = sorted(request.store.projects_in(request.region), key=lambda project: project.position, reverse=True)
    named = [p for p in known if p.feature in features and (names is None or p.name in names)]
    matching = [project for project in named if below is None or project.position < below]
    more = {"NextToken": request.token(matching[size - 1].position)} if len(matching) > size else {}
    return {"ProjectDescriptions": [_describe(project, request.now) for project in matching[:size]], **more}


def _describe(project: Project, now: int) -> Members:
    description: Members = {
        "ProjectArn": project.arn,
        "CreationTimestamp": project.created_ms / 1000,
        "Status": project.status(now),
        "Datasets": [
            {"CreationTimestamp": d.created_ms / 1000, "DatasetType": d.kind, "DatasetArn": d.arn, **d.show(now)}
            for d in project.datasets.values()
        ],
    }
    if project.feature == ADAPTERS:  # the defaults CUSTOM_LABELS and DISABLED are not shown
        description["Feature"] = project.feature
    if project.auto_update == "ENABLED":
        description["AutoUpdate"] = project.auto_update
    return description


def delete_project(request: Request) -> Members:
    """Delete a project without versions and datasets; it stays listed as DELETING a while (API_DeleteProject.html)."""
    project: Project = request.find("ProjectArn")
    if project.by_name or project.datasets or project.status(request.now) == st.DELETING:
        raise ServiceError("ResourceInUseException")
    return {"Status": request.begin("delete_project", project)}


def put_project_policy(request: Request) -> Members:
    """Attach a policy to a project, or replace the latest revision of one (API_PutProjectPolicy.html)."""
    project: Project = request.find("ProjectArn")
    name, document = request["PolicyName"], request["PolicyDocument"]
    refuse_adapter(project, "shared by a policy")
    if project.status(request.now) == st.DELETING:
        raise ServiceError("ResourceNotFoundException")
    statements_of(document)  # refuses what is no policy
    policies = project.policies or {}
    present = policies.get(name)
    _check_revision(present or {}, request)
    if present is None:
        request.check_quota("policies_per_project", lambda: len(policies))
    elif "PolicyRevisionId" not in request:
        raise ServiceError("ResourceAlreadyExistsException")
    revision, now = uuid.uuid4().hex, request.now / 1000
    policy = {
        "ProjectArn": project.arn,
        "PolicyName": name,
        "PolicyRevisionId": revision,
        "PolicyDocument": document,
        "CreationTimestamp": now if present is None else present["CreationTimestamp"],
        "LastUpdatedTimestamp": now,
    }
    project.policies = {**policies, name: policy}
    return {"PolicyRevisionId": revision}


def list_project_policies(request: Request) -> Members:
    """List the policies of a project, in the order in which they were attached (API_ListProjectPolicies.html)."""
    return request.page("ProjectPolicies", [*(request.find("ProjectArn").policies or {}).values()], size=5)


def delete_project_policy(request: Request) -> Members:
    """Delete a policy of a project (API_DeleteProjectPolicy.html)."""
    policies, name = request.find("ProjectArn").policies or {}, request["PolicyName"]
    if name not in policies:
        raise ServiceError("ResourceNotFoundException")
    _check_revision(policies[name], request)
    del policies[name]
    return {}


def _check_revision(policy: Members, request: Request) -> None:
    """Refuse any revision but the latest: the service keeps no other."""
    latest = policy.get("PolicyRevisionId")
    if request.get("PolicyRevisionId", latest) != latest:
        raise ServiceError("InvalidPolicyRevisionIdException")


def tag_resource(request: Request) -> Members:
    """Add tags to a resource; a key that it has gets the new value (API_TagResource.html)."""
    resource = request.find("ResourceArn")
    tags = {**(resource.tags or {}), **request["Tags"]}
    request.check_tags(tags, "ServiceQuotaExceededException")
    resource.tags = tags
    return {}


def untag_resource(request: Request) -> Members:
    """Remove tags from a resource; a key that it does not have is passed over (API_UntagResource.html)."""
    resource = request.find("ResourceArn")
    resource.tags = {key: value for key, value in (resource.tags or {}).items() if key not in request["TagKeys"]}
    return {}


def list_tags_for_resource(request: Request) -> Members:
    """List the tags of a resource (API_ListTagsForResource.html)."""
    return {"Tags": request.find("ResourceArn").tags or {}}
