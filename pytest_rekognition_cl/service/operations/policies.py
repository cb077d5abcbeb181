"""Project policies: attaching, listing, deleting, and whether they allow a copy to another account."""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

from .. import statuses as st
from ..errors import ServiceError
from ..lifecycle import Project, Version
from ..paging import page
from ..store import Store
from .common import Params, RequestContext, refuse_adapter

_ACTION = "rekognition:CopyProjectVersion"
#: "Action, Resource, Principal, and Effect are required fields in a project policy document", "the only supported
#: action is rekognition:CopyProjectVersion", and the fields that are "prohibited" (the guide).
_REQUIRED = {"Action", "Resource", "Principal", "Effect"}
_PROHIBITED = {"NotAction", "NotResource", "NotPrincipal"}


def put_project_policy(store: Store, params: Params, context: RequestContext) -> dict[str, Any]:
    """Attach a policy to a project, or replace the latest revision of one.

    https://docs.aws.amazon.com/rekognition/latest/APIReference/API_PutProjectPolicy.html
    """
    project = store.project(params["ProjectArn"], context.region)
    refuse_adapter(project, "shared by a policy")
    if project.status(context.now) == st.DELETING:
        raise ServiceError("ResourceNotFoundException")
    if not _is_policy(params["PolicyDocument"]):
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
    """List the policies of a project, in the order in which they were attached.

    https://docs.aws.amazon.com/rekognition/latest/APIReference/API_ListProjectPolicies.html
    """
    project = store.project(params["ProjectArn"], context.region)
    return page("ProjectPolicies", list((project.policies or {}).values()), params, size=5)


def delete_project_policy(store: Store, params: Params, context: RequestContext) -> dict[str, Any]:
    """Delete a policy of a project.

    https://docs.aws.amazon.com/rekognition/latest/APIReference/API_DeleteProjectPolicy.html
    """
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


def check_copy_allowed(source: Version, destination: Project) -> None:
    """Refuse a copy that a policy of the source's project denies, or, to another account, that none allows.

    A project that was never given a policy is a preset of which nobody has said who may copy from it.
    """
    project, account = source.project, destination.parts.account
    effects = {
        statement["Effect"]
        for policy in (project.policies or {}).values()
        for statement in _statements(policy["PolicyDocument"])
        if _concerns(statement, source.arn, account)
    }
    is_shared = project.policies is not None and project.parts.account != account
    if "Deny" in effects or (is_shared and "Allow" not in effects):
        raise ServiceError("AccessDeniedException")


def _is_policy(document: str) -> bool:
    """Tell whether a document has the documented form."""
    statements = _statements(document)
    return bool(statements) and all(
        isinstance(statement, dict)
        and statement.keys() >= _REQUIRED
        and not statement.keys() & _PROHIBITED
        and statement["Effect"] in ("Allow", "Deny")
        and all(str(action).lower() == _ACTION.lower() for action in _listed(statement["Action"]))
        for statement in statements
    )


def _statements(document: str) -> list[Any]:
    try:
        policy = json.loads(document)
    except (ValueError, RecursionError):
        return []
    return _listed(policy.get("Statement", [])) if isinstance(policy, dict) else []


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _concerns(statement: dict[str, Any], version_arn: str, account: str) -> bool:
    """Tell whether a statement is about a copy of the version by *account*; a role's ARN stands for its account."""
    principal = statement["Principal"]
    principals = _listed(principal.get("AWS", []) if isinstance(principal, dict) else principal)
    return any(name in ("*", account) or f":{account}:" in str(name) for name in principals) and any(
        _matches(resource, version_arn) for resource in _listed(statement["Resource"])
    )


def _matches(pattern: Any, text: str) -> bool:
    """Match as IAM does: ``*`` any characters, ``?`` one."""
    escaped = re.escape(str(pattern)).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(escaped, text, re.IGNORECASE) is not None
