"""Whose lines a traceback shows: a user's mistake is shown where the user made it, a bug of ours where we made it.

A module of ours that users call into takes :func:`hide` as its ``__tracebackhide__``; pytest asks it for each frame.
"""

from __future__ import annotations

from typing import Any

#: What we raise for a mistake of the user's.
_USERS = (AssertionError, TypeError, ValueError, RuntimeError)


def hide(excinfo: Any) -> bool:
    """Tell pytest whether to leave the frames of our own code out of a traceback (an ``ExceptionInfo``)."""
    return isinstance(excinfo.value, _USERS)
