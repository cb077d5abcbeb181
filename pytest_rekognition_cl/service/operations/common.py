"""What the operations share: what they get and give, what several of them check, and how a transition begins."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, NoReturn

from .. import statuses as st
from ..errors import ServiceError
from ..lifecycle import Course, Project, Version
from ..store import Store

ADAPTERS = "CONTENT_MODERATION"

#: The checked members of a request.
Params = dict[str, Any]


@dataclass(frozen=True)
class Caller:
    """Who asks: the Region of the client, and the virtual time in epoch milliseconds."""

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


def check_status(version: Version, caller: Caller, wanted: Collection[str], done: str) -> None:
    """Refuse what the status does not allow: as in use where something is under way, else as an invalid request."""
    status = version.status(caller.now)
    if status in wanted:
        return
    if status in st.TRANSITIONAL or status == st.RUNNING:
        raise ServiceError("ResourceInUseException", f"The version cannot be {done} while its status is {status}.")
    refuse(f"The version cannot be {done} in status {status}.")


def check_output(params: Params) -> None:
    """Refuse an OutputConfig without a bucket: both of its members are optional by the model, but where to then?"""
    if not params["OutputConfig"].get("S3Bucket"):
        refuse("OutputConfig must name an S3 bucket.")


def check_new_version(store: Store, project: Project, params: Params, caller: Caller) -> None:
    """Refuse a version that *project* cannot take: its name is in use, the project is full or being deleted."""
    if project.status(caller.now) == st.DELETING or params["VersionName"] in project.by_name:
        raise ServiceError("ResourceInUseException")
    store.check_quota("models_per_project", lambda: len(project), caller.region)
    check_tags(store, params, caller, "ServiceQuotaExceededException")


def check_tags(store: Store, params: Params, caller: Caller, code: str) -> None:
    """Refuse more tags than the quota allows, with the *code* that the operation declares for it."""
    limit = store.limit("tags", caller.region)
    if limit is not None and len(params.get("Tags", {})) > limit:
        raise ServiceError(code, f"The tag list exceeds the allowed limit of {limit}.")


def create(
    store: Store, project: Project, params: Params, caller: Caller, course: Course, given: dict[str, Any]
) -> Version:
    """Create the version that *params* ask for, and let it begin its *course*."""
    arn, created_ms = store.new_version_arn(project, params["VersionName"], caller.now)
    return store.add_version(project, arn, created_ms, course, given)


def begin(store: Store, version: Version, operation: str, caller: Caller, given: dict[str, Any]) -> None:
    """Let *version* go the way that is planned for *operation*; *given* are members of its description."""
    plan = store.plans[operation]
    version.begin(plan.begin(caller.now), {**plan.given, **given}, caller.now)
    store.watch(version)
