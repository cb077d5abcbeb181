"""Assertions on recorded calls, in the words of ``unittest.mock``."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Concatenate, NoReturn, ParamSpec

from . import botocore_model, contexts
from .calls import Call, CallLog, Calls
from .errors import hide_frames as __tracebackhide__  # noqa: F401
from .messages.text import all_calls, differences, printable, source, times
from .names import Named, did_you_mean, safe_repr

P = ParamSpec("P")

_OPEN = "To leave a parameter open use unittest.mock.ANY; to name only some, assert_any_call_including(...)."
_CLEAR = "To leave calls made so far out of the account, use clear_calls()."


def _failure(log: CallLog, *lines: str, hint: str, mark: Call | None = None) -> AssertionError:
    return AssertionError(printable([*lines, *all_calls(log.calls, mark), hint]))


def _by_name(
    assertion: Callable[Concatenate[Recorder, P], None],
) -> Callable[Concatenate[Recorder, P], None]:
    """Let an assertion refuse parameters without their names; the operation's first one is the example."""

    @wraps(assertion)
    def checked(recorder: Recorder, /, *args: P.args, **params: P.kwargs) -> None:
        if args:
            example = (*botocore_model.parameters(recorder._operation), "Parameter")[0]
            text = f"takes parameters by name, as boto3 does: {example}={safe_repr(args[0])}"
            raise TypeError(f"{assertion.__name__}() {text}")
        assertion(recorder, *args, **params)

    return checked


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
        self._some_calls()

    def assert_called_once(self) -> None:
        """Fail unless the operation was called exactly once."""
        self._some_calls(most=1)

    def assert_not_called(self) -> None:
        """Fail if the operation was called."""
        if calls := self.calls:
            count = f"{self._operation} was {times(len(calls))}."
            raise _failure(self._log, count, "Expected no call.", mark=calls[0], hint=_CLEAR)

    @_by_name
    def assert_called_with(self, /, **params: Any) -> None:
        """Fail unless the latest call had exactly these parameters."""
        self._compare_latest(self._some_calls(params), params)

    @_by_name
    def assert_called_once_with(self, /, **params: Any) -> None:
        """Fail unless there was exactly one call, with exactly these parameters."""
        self._compare_latest(self._some_calls(params, most=1), params)

    @_by_name
    def assert_any_call(self, /, **params: Any) -> None:
        """Fail unless one of the calls had exactly these parameters."""
        self._find(params, whole=True)

    @_by_name
    def assert_any_call_including(self, /, **params: Any) -> None:
        """Fail unless one of the calls had these parameters, and perhaps others. Nested dicts may be partial too."""
        self._find(params, whole=False)

    def _some_calls(self, params: dict[str, Any] | None = None, most: float = math.inf) -> Calls:
        """Return the calls; fail if there is none or more than *most*, raise TypeError for unknown *params*."""
        known = botocore_model.parameters(self._operation)
        for name in [name for name in params or () if name not in known]:
            what = f"{self._operation} has no parameter {safe_repr(name)}{did_you_mean(name, known)}"
            raise TypeError(f"{what} It takes {', '.join(known)}.")
        calls = self.calls
        if calls and len(calls) <= most:
            return calls
        expected = "at least one call" if params is None else source(self._operation, params)
        elsewhere = [other._owner for other in contexts.others(self._log) if other._log.of(self._operation)]
        if calls:
            expected = "exactly one call"
            hint = "To look at one of several calls, use assert_any_call(...); to start anew, clear_calls()."
        elif elsewhere:
            hint = f"It was called in {' and '.join(elsewhere)}; of contexts in one another, the innermost one answers."
        elif self._log.calls:
            hint = "If it should not be called here, use assert_not_called()."
        else:
            hint = (
                "No call has reached the fixture. A call that botocore itself refuses (ParamValidationError) is not "
                "sent, and a Stubber or a mock in front of the client answers first."
            )
        was = f"{self._operation} was {times(len(calls))}."
        raise _failure(self._log, was, f"Expected {expected}.", hint=hint)

    def _compare_latest(self, calls: Calls, params: dict[str, Any]) -> None:
        if found := differences(params, calls[-1].params):
            was = "called with other" if len(calls) == 1 else "last called with other"
            earlier = any(not differences(params, call.params) for call in calls[:-1])
            hint = "An earlier call has these parameters: assert_any_call(...) looks at all calls."
            raise self._other_parameters(was, "It differs", found, calls[-1], hint if earlier else _OPEN)

    def _find(self, params: dict[str, Any], *, whole: bool) -> None:
        compared = [(differences(params, call.params, whole=whole), call) for call in self._some_calls(params)]
        found, closest = min(compared, key=lambda pair: len(pair[0]))
        if found:
            hint = _OPEN if whole else "To leave a value open use unittest.mock.ANY."
            raise self._other_parameters("not called with these", "The closest call differs", found, closest, hint)

    def _other_parameters(
        self, was: str, differs: str, found: Sequence[tuple[str, str]], mark: Call, hint: str
    ) -> AssertionError:
        places = "" if len(found) == 1 else f" {len(found)} places"
        lines = [f"{differs} in{places}:", *(f"  {path}: {text}" for path, text in found)]
        return _failure(self._log, f"{self._operation} was {was} parameters.", *lines, mark=mark, hint=hint)


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

    def clear_calls(self) -> None:
        """Forget the calls recorded so far; what exists and what is prepared stays."""
        self._log.clear()

    def recorder(self, operation: str) -> Recorder:
        """Return the records of any Rekognition operation, by the boto3 method's name; else raises TypeError."""
        return self._of(check_operation(operation))

    def _of(self, operation: str) -> Recorder:
        return self._recorders.setdefault(operation, Recorder(self._log, operation))

    def assert_order(self, *operations: str) -> None:
        """Fail unless *operations* succeeded in this order; others may lie in between."""
        if not operations:
            raise TypeError("assert_order needs the names of operations, e.g. 'create_project_version'")
        names = [check_operation(name) for name in operations]
        calls = iter(self._log.calls)
        for index, name in enumerate(names):
            if any(call.operation == name and call.succeeded for call in calls):
                continue  # the search for the next one goes on after it
            of_name = self._log.of(name)
            refused = [call for call in of_name if call.error is not None]
            hint = "It was not called at all. Other calls may come in between."
            if refused:
                hint = "It was called, but refused; calls that fail do not count."
            elif of_name:
                hint = "It was called too early. Other calls may come in between."
            what = f"{name} did not succeed{f' after {names[index - 1]}' if index else ''}."
            expected = f"Expected this order: {' -> '.join(names)}"
            raise _failure(self._log, what, expected, mark=next(reversed(refused or of_name), None), hint=hint)

    def assert_no_errors(self) -> None:
        """Fail if any call was refused or broken off."""
        calls = self._log.calls
        if failed := [call for call in calls if call.error is not None]:
            count = f"{len(failed)} of {len(calls)} calls failed." if len(calls) > 1 else "The only call failed."
            raise _failure(self._log, count, "Expected that every call succeeds.", mark=failed[0], hint=_CLEAR)


for _operation in Recorders.__annotations__:
    setattr(Recorders, _operation, property(partial(lambda name, recorders: recorders._of(name), _operation)))


def check_operation(name: object) -> str:
    """Return *name* if it is a Rekognition operation; raises TypeError with the nearest one."""
    known = botocore_model.operations()
    if isinstance(name, str) and name in known:
        return name
    for method, aws_name in known.items():
        if name == aws_name:
            raise TypeError(f"operations go by the boto3 method's name: {method!r} instead of {safe_repr(name)}")
    raise TypeError(f"Rekognition has no operation {safe_repr(name)}{did_you_mean(name, known)}")
