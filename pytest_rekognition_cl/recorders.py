"""The recorders of a fixture: one an operation of Custom Labels, named as the method of a boto3 client."""

from __future__ import annotations

from .assertions import Recorder
from .recording import Log


class Recorders:
    """Has a recorder for every operation that is annotated here."""

    create_project: Recorder
    describe_projects: Recorder
    delete_project: Recorder
    create_dataset: Recorder
    describe_dataset: Recorder
    update_dataset_entries: Recorder
    distribute_dataset_entries: Recorder
    list_dataset_entries: Recorder
    list_dataset_labels: Recorder
    delete_dataset: Recorder
    create_project_version: Recorder
    describe_project_versions: Recorder
    start_project_version: Recorder
    stop_project_version: Recorder
    detect_custom_labels: Recorder
    copy_project_version: Recorder
    delete_project_version: Recorder
    put_project_policy: Recorder
    list_project_policies: Recorder
    delete_project_policy: Recorder
    tag_resource: Recorder
    untag_resource: Recorder
    list_tags_for_resource: Recorder

    def __init__(self, log: Log) -> None:
        for operation in Recorders.__annotations__:
            setattr(self, operation, Recorder(log, operation))
