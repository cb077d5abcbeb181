"""Locks that user code may interrupt, and that a forked child finds open whoever held them."""

from __future__ import annotations

import os
import threading
from typing import Any
from weakref import WeakSet

_LOCKS: WeakSet[Any] = WeakSet()


def new_lock() -> Any:
    """Return a new RLock: a signal handler or a finalizer may call in the midst of our code."""
    return in_children(threading.RLock())


def in_children(lock: Any) -> Any:
    """Let forked children find *lock* open, and return it."""
    _LOCKS.add(lock)
    return lock


def _open() -> None:
    for lock in _LOCKS:
        lock._at_fork_reinit()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_open)
