"""Replace one attribute of somebody else's class or module, and put it back as it should be.

Others patch too, and leave in any order. So a patch restores what it found only while it is still on top; else it goes
inert where it is, and whoever removes the layer above it (if that is one of ours) takes it along. A layer that somebody
else puts back later, because he found it there, is cleared away by :func:`settle`.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any

_MARK = "__pytest_rekognition_cl_patch__"
#: What is there where a class has nothing of its own.
_INHERITED = object()
#: Patches that were removed while something else lay above them; oldest first.
_BURIED: list[Patch] = []


class Patch:
    """The attribute *name* of *owner*, replaced: until it is removed, ``around(found, ...)`` is called in its place."""

    def __init__(self, owner: Any, name: str, around: Callable[..., Any]) -> None:
        self._owner, self._name = owner, name
        self._inert = False
        self._raw = _beneath(self.read())
        raw = getattr(owner, name) if self._raw is _INHERITED else self._raw
        found = raw.__func__ if isinstance(raw, staticmethod) else raw
        self.replacement: Any = functools.wraps(found)(self._wrapper(found, around))
        if isinstance(owner, type) and (raw is not found or not hasattr(raw, "__get__")):
            # A builtin is not bound to the instance, a function would be.
            self.replacement = staticmethod(self.replacement)
        setattr(self.replacement, _MARK, self)
        self.write(self.replacement)

    def _wrapper(self, found: Any, around: Callable[..., Any]) -> Callable[..., Any]:
        def replacement(*args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            return found(*args, **kwargs) if self._inert else around(found, *args, **kwargs)

        async def replacement_async(*args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            return await replacement(*args, **kwargs)

        return replacement_async if inspect.iscoroutinefunction(found) else replacement

    def read(self) -> Any:
        """Return what is there now."""
        return vars(self._owner).get(self._name, _INHERITED)

    def write(self, value: Any) -> None:
        setattr(self._owner, self._name, value)

    @property
    def is_on_top(self) -> bool:
        return self.read() is self.replacement

    def remove(self) -> None:
        """Restore what was found, or go inert under what came on top. May be called more than once."""
        self._inert = True
        if self.is_on_top:
            beneath = _beneath(self._raw)
            if beneath is _INHERITED:
                delattr(self._owner, self._name)
            else:
                self.write(beneath)
        elif self not in _BURIED:
            _BURIED.append(self)


def patch_at(value: Any) -> Patch | None:
    """Return the patch that *value* is the replacement of; None if it is not ours.

    The mark alone is not enough: a wrapper made with functools.wraps has copied it, one of wrapt's passes it on.
    """
    patch = getattr(value, _MARK, None)
    return patch if isinstance(patch, Patch) and patch.replacement is value else None


def settle() -> None:
    """Clear away the inert layers that have come to light."""
    for patch in list(_BURIED):
        if patch.is_on_top:
            patch.remove()
            _BURIED.remove(patch)


def _beneath(found: Any) -> Any:
    """Return the first layer from *found* downwards that is not an inert patch of ours."""
    while (patch := patch_at(found)) is not None and patch._inert:
        found = patch._raw
    return found
