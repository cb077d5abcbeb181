"""What the operations share: what they get and give, what several of them check, and how a transition begins."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NoReturn

from .. import statuses as st
from ..errors import ServiceError
from ..lifecycle import Project, StatusProgression, Version
from ..store import Store

ADAPTERS = "CONTENT_MODERATION"

#: The checked members of a request.
Params = dict[str, Any]


@dataclass(frozen=True)
class RequestContext:
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


def check_status(version: Version, context: RequestContext, allowed: Collection[str], done: str) -> None:
    """Refuse what the status does not allow."""
    status = version.status(context.now)
    if status not in allowed:
        raise ServiceError("ResourceInUseException", f"The version cannot be {done} while its status is {status}.")


def check_output(params: Params) -> None:
    """Refuse an OutputConfig without a bucket, although both of its members are optional by the model."""
    if not params["OutputConfig"].get("S3Bucket"):
        refuse("OutputConfig must name an S3 bucket.")


def check_new_version(store: Store, project: Project, params: Params, context: RequestContext) -> None:
    """Refuse a version that *project* cannot take: its name is in use, the project is full or being deleted."""
    if project.status(context.now) == st.DELETING or params["VersionName"] in project.by_name:
        raise ServiceError("ResourceInUseException")
    store.check_quota("models_per_project", lambda: len(project), context.region)
    check_tags(store, params, context, "ServiceQuotaExceededException")


def check_tags(store: Store, params: Params, context: RequestContext, code: str) -> None:
    """Refuse more tags than the quota allows, with the *code* that the operation declares for it."""
    limit = store.limit("tags", context.region)
    if limit is not None and len(params.get("Tags", {})) > limit:
        raise ServiceError(code, f"The tag list exceeds the allowed limit of {limit}.")


def create_version(
    store: Store,
    project: Project,
    params: Params,
    context: RequestContext,
    progression: StatusProgression,
    overrides: dict[str, Any],
) -> Version:
    """Create the version that *params* ask for."""
    arn, created_ms = store.new_version_arn(project, params["VersionName"], context.now)
    version = store.add_version(project, arn, created_ms, progression, overrides)
    version.tags = params.get("Tags")
    return version


def start_transition(
    store: Store, version: Version, operation: str, context: RequestContext, overrides: dict[str, Any]
) -> None:
    """Begin the transition that is set for *operation*; *overrides* are members of the description."""
    transition = store.transitions[operation]
    version.change_progression(transition.start(context.now), {**transition.overrides, **overrides}, context.now)
    store.track(version)
