"""The operations of the service.

Adding one is a function in the module of its resource, a line in OPERATIONS and a request schema of its name. A
function gets the store, the checked members of the request and its context; it returns the members of the answer, and
raises ServiceError to refuse. Sources: each operation's page of the API reference, named at its function.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..store import Store
from .common import Params, RawJson, RequestContext
from .datasets import (
    create_dataset,
    delete_dataset,
    describe_dataset,
    distribute_dataset_entries,
    list_dataset_entries,
    list_dataset_labels,
    update_dataset_entries,
)
from .policies import delete_project_policy, list_project_policies, put_project_policy
from .projects import create_project, delete_project, describe_projects
from .tags import list_tags_for_resource, tag_resource, untag_resource
from .versions import (
    copy_project_version,
    create_project_version,
    delete_project_version,
    describe_project_versions,
    detect_custom_labels,
    start_project_version,
    stop_project_version,
)

__all__ = ["OPERATIONS", "Operation", "Params", "RawJson", "RequestContext"]

Operation = Callable[[Store, Params, RequestContext], dict[str, Any] | RawJson]

#: boto3 method name -> the operation.
OPERATIONS: dict[str, Operation] = {
    function.__name__: function
    for function in (
        create_project,
        describe_projects,
        delete_project,
        create_project_version,
        describe_project_versions,
        start_project_version,
        stop_project_version,
        detect_custom_labels,
        copy_project_version,
        delete_project_version,
        create_dataset,
        describe_dataset,
        update_dataset_entries,
        distribute_dataset_entries,
        list_dataset_entries,
        list_dataset_labels,
        delete_dataset,
        put_project_policy,
        list_project_policies,
        delete_project_policy,
        tag_resource,
        untag_resource,
        list_tags_for_resource,
    )
}
