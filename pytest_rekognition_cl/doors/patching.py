"""Replace one attribute of somebody else's class or module, and put it back as it should be.

Others patch too, and leave in any order. So a patch restores what it found only while it is still on top; else it goes
inert where it is, and whoever removes the layer above it (if that is one of ours) takes it along.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

_MARK = "__pytest_rekognition_cl_patch__"


class Patch:
    """The attribute *name* of *owner*, replaced by what *make* returns.

    *make* gets this patch; its replacement must call ``patch.found`` for whatever is not its business, and for
    everything once ``patch.inert`` is true.
    """

    def __init__(self, owner: Any, name: str, make: Callable[[Patch], Callable[..., Any]]) -> None:
        self._owner = owner
        self._name = name
        self.inert = False
        self.found = _beneath(vars(owner)[name])
        self.replacement = make(self)
        setattr(self.replacement, _MARK, self)
        setattr(owner, name, self.replacement)

    def remove(self) -> None:
        """Restore what was found, or go inert under what came on top. May be called more than once."""
        self.inert = True
        if vars(self._owner).get(self._name) is self.replacement:
            setattr(self._owner, self._name, _beneath(self.found))


def _beneath(found: Any) -> Any:
    """Return the first layer from *found* downwards that is not an inert patch of ours."""
    while True:
        patch = getattr(found, _MARK, None)
        if not isinstance(patch, Patch) or not patch.inert:
            return found
        found = patch.found
