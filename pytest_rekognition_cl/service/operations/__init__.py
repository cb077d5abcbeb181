"""The operations: each public function of the modules in here. This file has what they share.

Adding one is a function, named as the boto3 method, in the module of its resource and a request schema of its name. A
function gets the store, the checked members of the request and its context; it returns the members of the answer, and
raises ServiceError to refuse. Sources: the pages https://docs.aws.amazon.com/rekognition/latest/APIReference/API_….html,
named at the functions.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Collection
from contextlib import suppress
from typing import Any, NamedTuple, NoReturn

from ..errors import ServiceError
from ..lifecycle import Dataset, Project, Version
from ..store import Store

ADAPTERS = "CONTENT_MODERATION"

#: The checked members of a request.
Params = dict[str, Any]


class RequestContext(NamedTuple):
    """The Region of the client, and the virtual time in epoch milliseconds."""

    region: str
    now: int


class RawJson(str):
    """An answer that is JSON already."""

    __slots__ = ()


def refuse(message: str) -> NoReturn:
    """Refuse a request whose members do not go together, or do not fit what they name."""
    raise ServiceError("InvalidParameterException", message)


def refuse_adapter(project: Project, done: str) -> None:
    """Refuse what "applies only to Amazon Rekognition Custom Labels", e.g. for *done* "started"."""
    if project.feature == ADAPTERS:
        refuse(f"Only Custom Labels models can be {done}.")


def check_status(resource: Version | Dataset, context: RequestContext, allowed: Collection[str], done: str) -> None:
    """Refuse what the status does not allow, e.g. that it is *done* "deleted"."""
    status, kind = resource.status(context.now), type(resource).__name__.lower()
    if status not in allowed:
        raise ServiceError("ResourceInUseException", f"The {kind} cannot be {done} while its status is {status}.")


def check_tags(store: Store, params: Params, context: RequestContext, code: str) -> None:
    """Refuse more tags than the quota allows, with the *code* that the operation declares for it."""
    limit = store.limit("tags", context.region)
    if limit is not None and len(params.get("Tags", {})) > limit:
        raise ServiceError(code, f"The tag list exceeds the allowed limit of {limit}.")


# --- pages ----------------------------------------------------------------------------------------------------------


def make_token(position: tuple[int, int], query: dict[str, Any]) -> str:
    """Return the token of the page that begins below *position*: opaque to the caller, and bound to the query.

    The digest is no secret: it only tells a token of ours from one that was changed, or that belongs to another query.
    """
    text = "{}|{}|".format(*position)
    digest = hashlib.blake2b(f"{text}{json.dumps(query)}".encode(), digest_size=12).hexdigest()
    return base64.b64encode(f"{text}{digest}".encode()).decode()


def read_token(params: Params, query: dict[str, Any]) -> tuple[int, int] | None:
    """Return the position that the request's token tells; raises ServiceError for a token that is not of *query*."""
    token = params.get("NextToken")
    if not token:
        return None
    with suppress(ValueError):
        first, second, _ = base64.b64decode(token).split(b"|")
        position = int(first), int(second)
        if make_token(position, query) == token:
            return position
    raise ServiceError("InvalidPaginationTokenException")


def page(member: str, items: list[Any], params: dict[str, Any], *, size: int = 100) -> dict[str, Any]:
    """Return the page of *items* that *params* ask for, as the member *member*; its token is bound to the query."""
    query = {name: value for name, value in params.items() if name not in ("NextToken", "MaxResults")}
    begin, _ = read_token(params, query) or (0, 0)
    end = begin + params.get("MaxResults", size)
    answer: dict[str, Any] = {member: items[begin:end]}
    if len(items) > end:
        answer["NextToken"] = make_token((end, 0), query)
    return answer


# --- policy documents -----------------------------------------------------------------------------------------------

_ACTION = "rekognition:CopyProjectVersion"
#: "Action, Resource, Principal, and Effect are required fields in a project policy document", "the only supported
#: action is rekognition:CopyProjectVersion", and the fields that are "prohibited" (the guide).
_REQUIRED = {"Action", "Resource", "Principal", "Effect"}
_PROHIBITED = {"NotAction", "NotResource", "NotPrincipal"}


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


def is_policy(document: str) -> bool:
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
