"""What is found against a test at its end, and what the report of a failing one gets beside its own text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import TracebackType
from typing import Any

from . import contexts
from .calls import Call
from .dispatcher import Dispatcher
from .errors import RekognitionCLError
from .messages import reports
from .service import statuses as st

#: The packages that lie between the user's call and our refusal.
_BETWEEN = frozenset({"boto3", "botocore", "aiobotocore", "aioboto3", "pytest_rekognition_cl", "contextlib"})


class Findings:
    """The findings of one fixture, each reported once."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher
        #: The ids of the findings that the user has seen; the options' id stands for models left running.
        self._reported: set[int] = set()

    def texts(self, *, expectations: bool = True, keep: bool = False) -> list[str]:
        """Return what is new, which counts as reported unless *keep*; with *expectations* also what was left undone."""
        dispatcher, options = self._dispatcher, self._dispatcher.options
        errors = [error for error in dispatcher.unexpected_errors if id(error) not in self._reported]
        found: list[object] = [*errors]
        texts = [f"{error}{_place(error)}" for error in errors]
        if expectations and options.unused == "fail":
            unused = [e for e in dispatcher.expectations.all if e.unused and id(e) not in self._reported]
            found += unused
            texts += [reports.unused(unused, dispatcher.advice)] if unused else []
        if expectations and options.left_running == "fail" and id(options) not in self._reported:
            text = self.left_running(f"To allow it: {dispatcher.advice('left_running', 'ignore')}.")
            found += [options] if text else []
            texts += [text] if text else []
        if not keep:
            self._reported.update(map(id, found))
        return texts

    def left_running(self, allow: str) -> str | None:
        """Return the text on models that run, None if none does; *allow* is its line on how to allow it."""
        models = self._dispatcher.presets.models()
        running = [model.arn for model in models if model.status in (st.RUNNING, st.STARTING)]
        return reports.left_running(running, self._dispatcher.log.calls, allow) if running else None

    def section(self, calls: Sequence[Call], arns: Mapping[str, str], shown: str) -> str | None:
        """Return the report's section on *calls*, without what *shown* has already; *arns* are of all that exists."""
        if not calls:
            return None
        presets, advice = self._dispatcher.presets, self._dispatcher.advice
        elsewhere = {arn: other._owner for other in contexts.others(self._dispatcher.log) for arn in other._arns}
        default_arn = None if presets.default is None else presets.default.arn
        state = reports.Existing(arns, presets.region, default_arn, advice, elsewhere)
        return reports.report(calls, self._dispatcher.notes, state, shown)

    def mark_reported(self, error: BaseException | None) -> None:
        """Count *error* and what led to it as reported: the user sees them."""
        self._reported |= _chain(error) & {id(one) for one in self._dispatcher.unexpected_errors}


def _chain(error: BaseException | None) -> set[int]:
    """Return the ids of *error* and of what led to it."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        error = error.__cause__ or error.__context__
    return seen


def _users_line(error: BaseException) -> TracebackType | None:
    """Return the entry of a refusal's traceback where the user's code called, not ten frames deep in botocore."""
    last = entry = error.__traceback__
    while entry is not None:
        if str(entry.tb_frame.f_globals.get("__name__")).partition(".")[0] not in _BETWEEN:
            last = entry
        entry = entry.tb_next
    return last


def show_users_line(error: BaseException) -> None:
    """Let the traceback of a refusal of ours end where the user's code called."""
    if isinstance(error, RekognitionCLError) and (last := _users_line(error)) is not None:
        last.tb_next = None


def _place(error: BaseException) -> str:
    """Say where a refusal was raised that somebody has swallowed; nothing where another process called."""
    entry = _users_line(error)
    return "" if entry is None else f"\nIt was raised at {contexts.place(entry.tb_frame, entry.tb_lineno)}."


def complete(report: Any, running: contexts.Running, error: BaseException | None) -> None:
    """Let a skip hide no misuse, report nothing twice, and add the sections to the report of a failure."""
    fixture = running.fixture
    if fixture is not None and running.in_body:  # the report is a subtest's
        if report.failed:
            fixture._found.mark_reported(error)
    elif fixture is not None and not report.passed:
        if report.skipped and not hasattr(report, "wasxfail") and (findings := fixture._findings(expectations=False)):
            # A test that skips itself need not do what is expected; unexpected calls still count.
            report.outcome, report.longrepr = "failed", "\n\n".join(findings)
        # The report and its section show what went wrong: the tear-down must not report it again.
        fixture._findings()
    for text in _sections(running, error) if report.failed else ():
        add_section = getattr(report.longrepr, "addsection", None)
        if add_section is not None:  # there JUnit XML and others show them too
            add_section(reports.REPORT_TITLE, text)
        else:
            report.longrepr = f"{report.longrepr}\n\n{reports.REPORT_TITLE}:\n{text}"


def _sections(running: contexts.Running, error: BaseException | None) -> Iterator[str]:
    """Yield the texts on the fixture, on the contexts that *error* has left, or else the last one, and on open ones."""
    fixture, chain = running.fixture, _chain(error)
    by_error = [context for context, left_by in running.left if id(left_by) in chain]
    last = [context for context, _ in running.left][-1:]
    for context in dict.fromkeys([fixture, *(by_error or last), *contexts.OPEN]):
        if context is not None and (text := context._report(running.new_calls(context), str(error))):
            yield text if context is fixture else f"Of {context._owner}:\n{text}"
