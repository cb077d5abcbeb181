"""The calls of a fixture, and its recorders: one an operation of Custom Labels, named as a boto3 client's method."""

from __future__ import annotations

from . import assertions
from .assertions import Recorder
from .calls import CallLog, Calls


class Recorders:
    """What needs nothing but the log of calls. There is a recorder for every operation that is annotated here."""

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

    def __init__(self, log: CallLog) -> None:
        self._log = log
        self._recorders: dict[str, Recorder] = {}
        for operation in Recorders.__annotations__:
            setattr(self, operation, Recorder(log, operation))

    @property
    def calls(self) -> Calls:
        """All recorded calls in the order in which they began, refused ones too."""
        return self._log.calls

    def clear_calls(self) -> None:
        """Forget the calls recorded so far; what exists and what is prepared stays."""
        self._log.clear()

    def recorder(self, operation: str) -> Recorder:
        """Return the records of any Rekognition operation, by the boto3 method's name; else raises TypeError."""
        name = assertions.check_operation(operation)
        return self._recorders.setdefault(name, Recorder(self._log, name))

    def assert_order(self, *operations: str) -> None:
        """Fail unless *operations* succeeded in this order; others may lie in between."""
        assertions.assert_order(self._log, operations)

    def assert_no_errors(self) -> None:
        """Fail if any call was refused or broken off."""
        assertions.assert_no_errors(self._log)
