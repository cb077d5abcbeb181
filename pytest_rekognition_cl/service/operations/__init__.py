"""The operations: each public function of the modules in here. This file has what they share.

Adding one is a function, named as the boto3 method, in the module of its resource and a request schema of its name. A
function gets the request; it returns the members of the answer, or their JSON, and raises ServiceError to refuse.
Sources: the pages https://docs.aws.amazon.com/rekognition/latest/APIReference/API_….html, named at the functions.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Collection
from contextlib import suppress
from fnmatch import fnmatchcase
from typing import Any, NoReturn

from ..errors import ServiceError
from ..lifecycle import TRANSITION_SPECS, Dataset, Members, Project, Resource, Version
from ..store import Store

ADAPTERS = "CONTENT_MODERATION"


class Request(dict[str, Any]):
    """A request's checked members; the service sets its store, the client's Region, the time in epoch milliseconds."""

    __slots__ = ("now", "operation", "region", "store")
    store: Store
    operation: str
    region: str
    now: int

    def find(self, member: str) -> Any:
        """Return the project, version or dataset whose ARN *member* is."""
        return self.store.find(self[member], self.region)

    def begin(self, operation: str, resource: Resource, given: Members | None = None) -> str:
        """Begin what is set for *operation*, and return the status; *given* are members of the description."""
        transition = self.store.transitions[operation]
        resource.change_progression(transition.start(self.now), transition.overrides | (given or {}), self.now)
        self.store.track(resource)
        return TRANSITION_SPECS[operation].transitional

    def check_quota(self, name: str, count_used: Callable[[], int], *, more: int = 1) -> None:
        """Refuse what would take so many *more* than the quota *name* allows; a lifted quota costs no count."""
        limit = self.store.limit(name, self.region)
        if limit is not None and (used := count_used()) + more > limit:
            raise ServiceError("LimitExceededException", f"{used} {name.replace('_', ' ')}. Maximum limit: {limit}")

    def check_tags(self, tags: dict[str, str], code: str) -> None:
        """Refuse more tags than the quota allows, with the *code* that the operation declares for it."""
        limit = self.store.limit("tags", self.region)
        if limit is not None and len(tags) > limit:
            raise ServiceError(code, f"The tag list exceeds the allowed limit of {limit}.")

    def check_status(self, resource: Version | Dataset, allowed: Collection[str], done: str) -> None:
        """Refuse what the status does not allow, e.g. that it is *done* "deleted"."""
        status, kind = resource.status(self.now), type(resource).__name__.lower()
        if status not in allowed:
            raise ServiceError("ResourceInUseException", f"The {kind} cannot be {done} while its status is {status}.")

    def token(self, position: tuple[int, int]) -> str:
        """Return the token of the page that begins below *position*, bound to the query by a digest, no secret."""
        query = json.dumps({name: self[name] for name in self.keys() - {"NextToken", "MaxResults"}}, sort_keys=True)
        text = "{}|{}|".format(*position)
        digest = hashlib.blake2b(f"{text}{self.operation}{self.region}{query}".encode(), digest_size=12).hexdigest()
        return base64.b64encode(f"{text}{digest}".encode()).decode()

    def position(self) -> tuple[int, int] | None:
        """Return the position that the request's token tells; refuse a token that is not of this query."""
        if not self.get("NextToken"):
            return None
        with suppress(ValueError):
            first, second, _ = base64.b64decode(self["NextToken"]).split(b"|")
            position = int(first), int(second)
            if self.token(position) == self["NextToken"]:
                return position
        raise ServiceError("InvalidPaginationTokenException")

    def page(self, member: str, items: list[Any], *, size: int = 100) -> Members:
        """Return the page of *items* that is asked for, as the member *member*."""
        begin, _ = self.position() or (0, 0)
        end = begin + self.get("MaxResults", size)
        more = {"NextToken": self.token((end, 0))} if len(items) > end else {}
        return {member: items[begin:end], **more}


def refuse(message: str) -> NoReturn:
    """Refuse a request whose members do not go together, or do not fit what they name."""
    raise ServiceError("InvalidParameterException", message)


def refuse_adapter(project: Project, done: str) -> None:
    """Refuse what "applies only to Amazon Rekognition Custom Labels", e.g. for *done* "started"."""
    if project.feature == ADAPTERS:
        refuse(f"Only Custom Labels models can be {done}.")


#: "Action, Resource, Principal, and Effect are required fields in a project policy document", "the only supported
#: action is rekognition:CopyProjectVersion", and the fields that are "prohibited" (the guide).
_REQUIRED = {"Action", "Resource", "Principal", "Effect"}
_PROHIBITED = {"NotAction", "NotResource", "NotPrincipal"}


def statements_of(document: str) -> list[Members]:
    """Return the statements of a policy document; refuse one that has not the documented form."""
    try:
        policy = json.loads(document)
    except (ValueError, RecursionError):
        policy = None
    statements = _listed(policy.get("Statement", [])) if isinstance(policy, dict) else []
    if statements and all(
        isinstance(statement, dict)
        and statement.keys() >= _REQUIRED
        and not statement.keys() & _PROHIBITED
        and statement["Effect"] in ("Allow", "Deny")
        and all(str(action).lower() == "rekognition:copyprojectversion" for action in _listed(statement["Action"]))
        for statement in statements
    ):
        return statements
    raise ServiceError("MalformedPolicyDocumentException")


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def check_copy_allowed(source: Version, destination: Project) -> None:
    """Refuse a copy that a policy of the source's project denies, or, to another account, that none allows."""
    project, account = source.project, destination.parts.account
    effects = {
        statement["Effect"]
        for policy in (project.policies or {}).values()
        for statement in statements_of(policy["PolicyDocument"])
        if _concerns(statement, source.arn, account)
    }
    # A project that was never given a policy is a preset of which nobody has said who may copy from it.
    is_shared = project.policies is not None and project.parts.account != account
    if "Deny" in effects or (is_shared and "Allow" not in effects):
        raise ServiceError("AccessDeniedException")


def _concerns(statement: Members, version_arn: str, account: str) -> bool:
    """Tell whether a statement is about a copy of the version by *account*; a role's ARN stands for its account."""
    principal = statement["Principal"]
    principals = _listed(principal.get("AWS", []) if isinstance(principal, dict) else principal)
    # IAM's patterns know "*" and "?" alone.
    patterns = [str(pattern).lower().replace("[", "[[]") for pattern in _listed(statement["Resource"])]
    return any(name in ("*", account) or f":{account}:" in str(name) for name in principals) and any(
        fnmatchcase(version_arn.lower(), pattern) for pattern in patterns
    )
