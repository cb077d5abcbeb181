"""Projects: creating, describing, deleting."""

from __future__ import annotations

from typing import Any

from .. import statuses as st
from ..errors import ServiceError
from ..lifecycle import Dataset, Project
from ..paging import make_token, read_token
from ..store import Store
from .common import ADAPTERS, Params, RequestContext, check_tags, refuse


def create_project(store: Store, params: Params, context: RequestContext) -> dict[str, Any]:
    """Create a project, for Custom Labels unless another feature is named.

    https://docs.aws.amazon.com/rekognition/latest/APIReference/API_CreateProject.html
    """
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
    """List projects, latest first; those of adapters only where Features asks for them.

    https://docs.aws.amazon.com/rekognition/latest/APIReference/API_DescribeProjects.html
    """
    names, features = params.get("ProjectNames"), params.get("Features", ["CUSTOM_LABELS"])
    query = {"ProjectNames": names, "Features": features, "Region": context.region}
    below = read_token(params["NextToken"], query) if params.get("NextToken") else None
    size = params.get("MaxResults", 100)
    matching = [
        project
        for project in store.projects_in(context.region)
        if (names is None or project.name in names)
        and project.feature in features
        and (below is None or project.position < below)
    ]
    matching.sort(key=lambda project: project.position, reverse=True)
    page = matching[:size]
    answer: dict[str, Any] = {"ProjectDescriptions": [_describe_project(project, context) for project in page]}
    if len(matching) > size:
        answer["NextToken"] = make_token(page[-1].position, query)
    return answer


def delete_project(store: Store, params: Params, context: RequestContext) -> dict[str, Any]:
    """Delete a project that has neither versions nor datasets; it stays listed as DELETING for a while.

    https://docs.aws.amazon.com/rekognition/latest/APIReference/API_DeleteProject.html
    """
    project = store.project(params["ProjectArn"], context.region)
    if len(project) or project.datasets or project.status(context.now) == st.DELETING:
        raise ServiceError("ResourceInUseException")
    project.progression = store.transitions["delete_project"].start(context.now)
    store.mark_deleting(project)
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
    shown = dataset.metadata(context.now)
    named = {"DatasetType": dataset.kind, "DatasetArn": dataset.arn}
    return {"CreationTimestamp": shown.pop("CreationTimestamp"), **named, **shown}
