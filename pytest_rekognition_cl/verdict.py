"""The verdict: what a test must not leave behind, each finding told once."""

from __future__ import annotations

from collections.abc import Callable

from .exchange import Exchange
from .messages import reports


class Verdict:
    """What there is to say against a test, as far as it has not been said.

    :param left_running: returns the text about models left running, None if there are none.
    """

    def __init__(self, exchange: Exchange, left_running: Callable[[], str | None]) -> None:
        self._exchange = exchange
        self._options = exchange.options
        self._left_running = left_running
        self._told: set[int] = set()

    def findings(self, *, expectations: bool = True, keep: bool = False) -> list[str]:
        """Return what is to be said. *keep*: it counts as not said; no *expectations*: only what was misused."""
        before = set(self._told)
        texts = [m.text for m in self._exchange.unexpected_calls if self._is_new(m)]
        if expectations and self._options.unused == "fail":
            unused = [p for p in self._exchange.expectations.unused() if self._is_new(p)]
            if unused:
                texts.append(reports.unused([(p.text, p.unused or "") for p in unused]))
        if expectations and self._options.left_running == "fail":
            text = self._left_running()
            if text and self._is_new(self._options):
                texts.append(text)
        if keep:
            self._told = before
        return texts

    def has_been_told(self, error: BaseException | None) -> None:
        """Take note that the user sees *error* and what led to it: it is not to be said again."""
        seen: set[int] = set()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            self._told.update(id(m) for m in self._exchange.unexpected_calls if m.error is error)
            error = error.__cause__ or error.__context__

    def _is_new(self, finding: object) -> bool:
        if id(finding) in self._told:
            return False
        self._told.add(id(finding))
        return True
