"""What is found against a test at its end, and what of it the user has seen already."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from . import contexts
from .calls import Call
from .dispatcher import Dispatcher
from .messages import notes, reports


class Findings:
    """The findings of one fixture; each is told once. *left_running* returns a text if a model was left running."""

    def __init__(self, dispatcher: Dispatcher, left_running: Callable[[], str | None]) -> None:
        self._dispatcher = dispatcher
        self._left_running = left_running
        #: The ids of the findings that the user has seen; the options' id stands for models left running.
        self._reported: set[int] = set()

    def texts(self, *, expectations: bool = True, keep: bool = False) -> list[str]:
        """Return what was not reported yet; it counts as reported unless *keep*.

        :param expectations: False leaves out what the test expected and the code under test did not do.
        """
        reported = set(self._reported) if keep else self._reported
        dispatcher = self._dispatcher

        def is_new(finding: object) -> bool:
            new = id(finding) not in reported
            reported.add(id(finding))
            return new

        texts = [call.text for call in dispatcher.unexpected_calls if is_new(call)]
        if expectations and dispatcher.options.unused == "fail":
            unused = [e for e in dispatcher.expectations.unused() if is_new(e)]
            if unused:
                texts.append(
                    reports.unused([(f"{e.text} at {e.place}", e.unused or "") for e in unused], dispatcher.advice)
                )
        if expectations and dispatcher.options.left_running == "fail":
            text = self._left_running()
            if text and is_new(dispatcher.options):
                texts.append(text)
        return texts

    def section(self, calls: Sequence[Call], arns: Sequence[str], told: str) -> str | None:
        """Return the report's section on *calls*, without a list of them that *told* has already.

        *arns* are those of all that exists.
        """
        if not calls:
            return None
        dispatcher = self._dispatcher
        default = dispatcher.presets.default
        elsewhere = {arn: other._owner for other in contexts.others(dispatcher.log) for arn in other._arns}
        default_arn = None if default is None else default.arn
        state = notes.Existing(arns, dispatcher.presets.region, default_arn, dispatcher.advice, elsewhere)
        return reports.report(calls, [*dispatcher.notes, *notes.notes(calls, state)], told)

    def mark_reported(self, error: BaseException | None) -> None:
        """Count *error* and what led to it as reported: the user sees them."""
        seen: set[int] = set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            self._reported.update(id(call) for call in self._dispatcher.unexpected_calls if call.error is error)
            error = error.__cause__ or error.__context__
