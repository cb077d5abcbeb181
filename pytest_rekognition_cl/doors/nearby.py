"""Functions that no module of ``sys.modules`` has, but the code around a call: found by looking at its frames.

A handler that was loaded from its file, ``Poller(client, sleep=time.sleep)`` made before the first call, a decorator's
closure, ``functools.partial(time.sleep, 60)``, a dict of strategies. Each piece of code is looked at once by a fixture.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from functools import partial
from types import CellType, CodeType, FrameType, FunctionType, MethodType, ModuleType, NoneType
from typing import Any

from .patching import ItemPatch, Patch
from .places import Place, Places

#: How many frames above a call are looked at, how deep in the objects that they know, and in how large ones.
_FRAMES = 40
_DEPTH = 2
_LARGE = 200
#: Whose code is passed over, and whose code has called the test.
_SKIPPED = frozenset({"botocore", "boto3", "aiobotocore", "aioboto3", "pytest_rekognition_cl"})
_CALLERS = frozenset({"_pytest", "pluggy"})
_LEFT_ALONE = _SKIPPED | _CALLERS
#: What holds nothing, or nothing that is looked at; by id, since a class need not be hashable.
_PLAIN = frozenset(
    id(kind)
    for kind in (NoneType, bool, int, float, str, bytes, list, tuple, set, type, ModuleType, FunctionType, MethodType)
)


class _Cell(Patch):
    """What a closure holds."""

    @staticmethod
    def read_at(owner: Any, name: str) -> Any:
        """Return what is at a place now."""
        return owner.cell_contents

    def write(self, value: Any) -> None:
        """Put *value* there."""
        self._owner.cell_contents = value


class _Partial(Patch):
    """The function that a ``functools.partial`` calls."""

    @staticmethod
    def read_at(owner: Any, name: str) -> Any:
        """Return what is at a place now."""
        return owner.func

    def write(self, value: Any) -> None:
        """Put *value* there."""
        owner = self._owner
        owner.__setstate__((value, owner.args, owner.keywords, vars(owner)))


def unseen(frame: FrameType | None, seen: set[CodeType]) -> Iterator[FrameType]:
    """Yield the frames of the user's code from *frame* up to the test, but for the code in *seen*, which they join."""
    for _ in range(_FRAMES):
        if frame is None:
            return
        code = frame.f_code
        if code not in seen:
            root = _root(frame.f_globals.get("__name__"))
            if root in _CALLERS:
                return
            seen.add(code)
            if root not in _SKIPPED:
                yield frame
        frame = frame.f_back


def places_near(frame: FrameType, places: Places) -> Iterator[Place]:
    """Yield where the code of *frame* has the genuine function of *places*, beside what these know."""
    names, code, genuine = frame.f_globals, frame.f_code, places.genuine
    if not places.knows(names):
        yield from places.in_namespace(names)
    try:
        local = dict(frame.f_locals)
    except Exception:  # exec() takes any mapping for its locals
        local = {}
    if code.co_freevars and any(local.get(name) is genuine for name in code.co_freevars):
        yield from ((_Cell, cell, "cell_contents") for cell in gc.get_referrers(genuine) if type(cell) is CellType)
    for value in (*local.values(), *(names.get(name) for name in code.co_names)):
        if id(type(value)) not in _PLAIN:
            yield from _held_by(value, genuine, _DEPTH)


def _held_by(value: Any, genuine: Any, depth: int) -> Iterator[Place]:
    if issubclass(type(value), partial):  # a proxy is not asked for its class
        if value.func is genuine:
            yield _Partial, value, "func"
        return
    held = value if type(value) is dict else _attributes(value)
    if held is None or len(held) > _LARGE:
        return
    for key, item in list(held.items()):
        if item is genuine:
            yield ItemPatch, held, key
        elif depth > 1 and id(type(item)) not in _PLAIN:
            yield from _held_by(item, genuine, depth - 1)


def _attributes(value: Any) -> dict[str, Any] | None:
    """Return the attributes of an object of somebody's own class; None for all others."""
    kind = type(value)
    if not kind.__dictoffset__ or issubclass(kind, type) or _root(kind.__module__) in _LEFT_ALONE:
        return None
    try:
        found = object.__getattribute__(value, "__dict__")  # asks no proxy, and no __getattr__
    except Exception:
        return None
    return found if type(found) is dict else None


def _root(module: object) -> str:
    return module.partition(".")[0] if isinstance(module, str) else ""
