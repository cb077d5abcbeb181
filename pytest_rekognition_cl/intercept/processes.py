"""Processes that multiprocessing starts by spawn or forkserver while a fixture is open: they find its HTTP server.

Nothing of this process is patched there. What each of them reads first brings the variables of ``environ`` along.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from . import leaked_threads
from .patching import Patch


class _Environ:
    """Pickled, it sets variables where it is read; that needs nothing but the standard library."""

    def __init__(self, variables: dict[str, str]) -> None:
        self._variables = variables

    def __reduce__(self) -> tuple[Any, ...]:
        return exec, (f"import os; os.environ.update({self._variables!r})", {})


def patch() -> Patch:
    """Patch what a process that is started is told."""
    import multiprocessing.spawn

    return Patch(multiprocessing.spawn, "get_preparation_data", _get_preparation_data)


def _get_preparation_data(patch: Patch) -> Callable[..., dict[str, Any]]:
    @functools.wraps(patch.found)
    def get_preparation_data(name: str) -> dict[str, Any]:
        data: dict[str, Any] = patch.found(name)
        owner = leaked_threads.beginner()
        if owner is not None and not patch.inert:
            data = {"rekognition_cl": _Environ(owner.interception.patches.environ()), **data}
        return data

    return get_preparation_data
