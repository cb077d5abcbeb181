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
#: Patches that were removed while something else lay above them; oldest first.
_BURIED: list[Patch] = []


class Patch:
    """The attribute *name* of *owner*, replaced: until it is removed, ``around(found, ...)`` is called in its place."""

    def __init__(self, owner: Any, name: str, around: Callable[..., Any]) -> None:
        self._owner = owner
        self._name = name
        self._around = around
        self._inert = False
        top = self.read()
        below = patch_at(top)
        #: Whether a class had nothing of its own here, before the first patch.
        self._inherited: bool = isinstance(owner, type) and (below._inherited if below else name not in vars(owner))
        self._raw = _beneath(top)
        found = self._raw.__func__ if isinstance(self._raw, staticmethod) else self._raw
        self.replacement: Any = functools.wraps(found)(self._wrapper(found))
        if isinstance(owner, type) and (isinstance(self._raw, staticmethod) or not hasattr(self._raw, "__get__")):
            # A builtin is not bound to the instance, a function would be.
            self.replacement = staticmethod(self.replacement)
        setattr(self.replacement, _MARK, self)
        self.write(self.replacement)

    def _wrapper(self, found: Any) -> Callable[..., Any]:
        def replacement(*args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            return found(*args, **kwargs) if self._inert else self._around(found, *args, **kwargs)

        async def replacement_async(*args: Any, **kwargs: Any) -> Any:
            __tracebackhide__ = True
            return await replacement(*args, **kwargs)

        return replacement_async if inspect.iscoroutinefunction(found) else replacement

    def read(self) -> Any:
        """Return what is there now; of a class also what it inherits."""
        owner, name = self._owner, self._name
        return getattr(owner, name) if isinstance(owner, type) and name not in vars(owner) else vars(owner).get(name)

    def write(self, value: Any) -> None:
        """Put *value* there."""
        setattr(self._owner, self._name, value)

    @property
    def is_on_top(self) -> bool:
        """Whether nobody has put anything above it."""
        return self.read() is self.replacement

    def remove(self) -> None:
        """Restore what was found, or go inert under what came on top. May be called more than once."""
        self._inert = True
        if self.is_on_top:
            beneath = _beneath(self._raw)
            if self._inherited and patch_at(beneath) is None:
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
