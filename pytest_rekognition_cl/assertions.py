"""Assertions on recorded calls, in the words of ``unittest.mock``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NoReturn

from . import botocore_model, contexts
from .calls import Call, CallLog, Calls
from .errors import hide_frames as __tracebackhide__  # noqa: F401
from .messages import assertion_texts
from .messages.text import Difference, did_you_mean, differences, safe_repr, times
from .names import Named


class Recorder(Named):
    """The calls of one operation, and assertions on them that mean what they mean in ``unittest.mock``.

    Parameters are compared with ``==``, so ``unittest.mock.ANY`` and dirty-equals work. Every assertion raises
    AssertionError with a text of its own, TypeError for a parameter that the operation does not have.
    """

    __slots__ = ("_log", "_operation")

    def __init__(self, log: CallLog, operation: str) -> None:
        self._log = log
        self._operation = operation

    def __repr__(self) -> str:
        return f"<Recorder of {self._operation}: {times(self.call_count)}>"

    def __bool__(self) -> NoReturn:
        """Refuse: that there is a record says nothing about calls."""
        raise TypeError(f"a recorder is neither true nor false: use rekognition_cl.{self._operation}.called")

    if not TYPE_CHECKING:  # to call a recorder is a mistake for type checkers too

        def __call__(self, *args: Any, **kwargs: Any) -> NoReturn:
            """Refuse: this is a record, not a client."""
            raise TypeError(
                f"rekognition_cl.{self._operation} is the record of the calls, it makes none: use your boto3 client, "
                f"e.g. boto3.client('rekognition').{self._operation}(...)"
            )

    def _instead(self, name: str) -> str | None:
        answer = f"rekognition_cl.add_response({self._operation!r}, {{...}}) prepares an answer"
        return {
            "return_value": answer,
            "side_effect": f"{answer}, add_client_error and add_exception a failure",
            "reset_mock": "rekognition_cl.clear_calls() forgets the calls so far",
            "call_args": "calls[-1].params has the parameters of the latest call",
            "call_args_list": "calls has all calls, each with its params",
            "mock_calls": "calls has all calls, each with its params",
            "assert_has_calls": "rekognition_cl.assert_order(...) compares the order, assert_any_call(...) parameters",
        }.get(name)

    @property
    def calls(self) -> Calls:
        """The calls of this operation, in the order in which they began."""
        return self._log.of(self._operation)

    @property
    def called(self) -> bool:
        """Whether the operation was called."""
        return bool(self.calls)

    @property
    def call_count(self) -> int:
        """How many calls there were; retries of one call are not calls of their own."""
        return len(self.calls)

    def assert_called(self) -> None:
        """Fail unless the operation was called."""
        if not self.calls:
            elsewhere = self._elsewhere()
            raise AssertionError(assertion_texts.not_called(self._operation, self._log.calls, elsewhere=elsewhere))

    def assert_called_once(self) -> None:
        """Fail unless the operation was called exactly once."""
        if len(self.calls) != 1:
            elsewhere = self._elsewhere()
            text = assertion_texts.wrong_count(self._operation, self.calls, self._log.calls, elsewhere=elsewhere)
            raise AssertionError(text)

    def assert_not_called(self) -> None:
        """Fail if the operation was called."""
        if self.calls:
            raise AssertionError(assertion_texts.unwanted(self._operation, self.calls, self._log.calls))

    def assert_called_with(self, **params: Any) -> None:
        """Fail unless the latest call had exactly these parameters."""
        self._check_names(params)
        calls = self.calls
        if not calls:
            elsewhere = self._elsewhere()
            text = assertion_texts.not_called(self._operation, self._log.calls, params, elsewhere=elsewhere)
            raise AssertionError(text)
        self._compare_latest(calls, params)

    def assert_called_once_with(self, **params: Any) -> None:
        """Fail unless there was exactly one call, with exactly these parameters."""
        self._check_names(params)
        calls = self.calls
        if len(calls) != 1:
            elsewhere = self._elsewhere()
            text = assertion_texts.wrong_count(self._operation, calls, self._log.calls, params, elsewhere=elsewhere)
            raise AssertionError(text)
        self._compare_latest(calls, params)

    def assert_any_call(self, **params: Any) -> None:
        """Fail unless one of the calls had exactly these parameters."""
        self._find(params, whole=True)

    def assert_any_call_including(self, **params: Any) -> None:
        """Fail unless one of the calls had these parameters, and perhaps others. Nested dicts may be partial too."""
        self._find(params, whole=False)

    def _compare_latest(self, calls: Calls, params: dict[str, Any]) -> None:
        found = differences(params, calls[-1].params)
        if found:
            elsewhere = any(not differences(params, call.params) for call in calls[:-1])
            raise AssertionError(
                assertion_texts.different(
                    self._operation, calls[-1], found, self._log.calls, latest_of=len(calls), elsewhere=elsewhere
                )
            )

    def _find(self, params: dict[str, Any], *, whole: bool) -> None:
        self._check_names(params)
        calls = self.calls
        if not calls:
            elsewhere = self._elsewhere()
            text = assertion_texts.not_called(self._operation, self._log.calls, params, elsewhere=elsewhere)
            raise AssertionError(text)
        closest: tuple[list[Difference], Call] | None = None
        for call in calls:
            found = differences(params, call.params, whole=whole)
            if not found:
                return
            if closest is None or len(found) < len(closest[0]):
                closest = found, call
        assert closest is not None
        raise AssertionError(
            assertion_texts.none_matches(self._operation, closest[1], closest[0], self._log.calls, whole=whole)
        )

    def _elsewhere(self) -> list[str]:
        return contexts.answered_elsewhere(self._log, self._operation)

    def _check_names(self, params: dict[str, Any]) -> None:
        known = botocore_model.parameters(self._operation)
        for name in params:
            if name not in known:
                raise TypeError(
                    f"{self._operation} has no parameter {safe_repr(name)}{did_you_mean(name, known)} "
                    f"It takes {', '.join(known)}."
                )


class Recorders(Named):
    """The recorders of a RekognitionCL: one for each operation that it answers, by the boto3 method's name."""

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
        vars(self).update({name: Recorder(log, name) for name in Recorders.__annotations__})

    def clear_calls(self) -> None:
        """Forget the calls recorded so far; what exists and what is prepared stays."""
        self._log.clear()

    def recorder(self, operation: str) -> Recorder:
        """Return the records of any Rekognition operation, by the boto3 method's name; else raises TypeError."""
        name = check_operation(operation)
        return self._recorders.setdefault(name, Recorder(self._log, name))

    def assert_order(self, *operations: str) -> None:
        """Fail unless *operations* succeeded in this order; others may lie in between."""
        assert_order(self._log, operations)

    def assert_no_errors(self) -> None:
        """Fail if any call was refused or broken off."""
        assert_no_errors(self._log)


def check_operation(name: object) -> str:
    """Return *name* if it is a Rekognition operation; raises TypeError with the nearest one."""
    known = botocore_model.operations()
    if isinstance(name, str) and name in known:
        return name
    for method, aws_name in known.items():
        if name == aws_name:
            raise TypeError(f"operations go by the boto3 method's name: {method!r} instead of {safe_repr(name)}")
    raise TypeError(f"Rekognition has no operation {safe_repr(name)}{did_you_mean(name, known)}")


def assert_order(log: CallLog, operations: tuple[str, ...]) -> None:
    """Fail unless *operations* is a subsequence of the calls that succeeded."""
    if not operations:
        raise TypeError("assert_order needs the names of operations, e.g. 'create_project_version'")
    names = [check_operation(name) for name in operations]
    done = [call.operation for call in log.calls if call.succeeded]
    at = 0
    for index, name in enumerate(names):
        try:
            at = done.index(name, at) + 1
        except ValueError:
            raise AssertionError(assertion_texts.out_of_order(names, index, log.calls)) from None


def assert_no_errors(log: CallLog) -> None:
    """Fail if a call was refused or broken off."""
    if any(call.error is not None for call in log.calls):
        raise AssertionError(assertion_texts.had_errors(log.calls))
