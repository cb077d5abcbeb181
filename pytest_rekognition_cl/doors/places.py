"""Where the process keeps one of the standard library's functions: in its module, and wherever others took it to.

``from time import sleep`` gives a module a name of its own, a class attribute and an argument's default are others.
Looking through all modules takes a millisecond or two, so each is looked through once in a process.
"""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any, TypeGuard

from ..originals import ORIGINALS
from .patching import DefaultPatch, ItemPatch, Patch, patch_at

Place = tuple[type[Patch], Any, str]
#: Modules whose names are never touched; their classes would take the replacement along into objects that live on.
_OWN = "pytest_rekognition_cl"
_SHALLOW = frozenset({"botocore", "boto3", "aiobotocore"})


class Places:
    """The places of *genuine*, the *name* of the module *home*; modules of the packages *left_alone* keep theirs."""

    def __init__(
        self,
        name: str,
        *,
        home: Any = time,
        genuine: Callable[..., Any] | None = None,
        left_alone: frozenset[str] = frozenset(),
    ) -> None:
        self.genuine: Callable[..., Any] = ORIGINALS[name] if genuine is None else genuine
        self._home = home
        self._left_alone = left_alone | {_OWN}
        #: Module name -> module: an id alone could be another module's by now.
        self._known: dict[str, Any] = {}
        #: What sys.modules looked like when it was last gone through.
        self._seen: object = None
        self._places: list[Place] = [(Patch, home, name)]
        self._lock = threading.Lock()

    def find(self) -> list[Place]:
        """Return every place known, after a look at the modules imported since the last time."""
        with self._lock:
            seen = _outline()
            if seen == self._seen:
                return list(self._places)
            self._seen = seen
            for name, module in list(sys.modules.items()):
                if self._known.get(name) is not module:
                    self._known[name] = module
                    root = name.partition(".")[0]
                    if root not in self._left_alone and module is not self._home:
                        self._places += self._in_module(module, deep=root not in _SHALLOW)
            return list(self._places)

    def knows(self, names: dict[str, Any]) -> bool:
        """Whether *names* are those of a module that has been looked through, or that is left alone."""
        name = names.get("__name__")
        return isinstance(name, str) and getattr(self._known.get(name), "__dict__", None) is names

    def in_namespace(self, names: dict[str, Any]) -> Iterator[Place]:
        """Yield the places among *names*, those of a module that ``sys.modules`` does not have."""
        yield from ((ItemPatch, names, key) for key, value in list(names.items()) if value is self.genuine)
        yield from self._inside(list(names.values()), {names.get("__name__"), "builtins"})

    def restore_late_imports(self) -> None:
        """Put the genuine one into modules that were imported meanwhile and took a replacement of ours along."""
        if _outline() == self._seen:
            return
        for name, module in list(sys.modules.items()):
            if self._known.get(name) is module:
                continue
            for key, value in list((getattr(module, "__dict__", None) or {}).items()):
                if self._is_ours(value):
                    setattr(module, key, self.genuine)
                elif _is_class_of(value, {getattr(module, "__name__", None)}):
                    for attribute, member in list(vars(value).items()):
                        if self._is_ours(member):
                            setattr(value, attribute, self.genuine)

    def _is_ours(self, value: Any) -> bool:
        patch = patch_at(value)
        return patch is not None and patch.inert

    def _in_module(self, module: Any, *, deep: bool) -> Iterator[Place]:
        names = getattr(module, "__dict__", None)
        if not isinstance(names, dict):
            return
        values = list(names.items())
        found = [(Patch, module, key) for key, value in values if value is self.genuine]
        yield from found
        # Only where the module knows it or its home can it be in a class or a default.
        if deep and (found or any(value is self._home for _, value in values)):
            yield from self._inside([value for _, value in values], {getattr(module, "__name__", None)})

    def _inside(self, values: list[Any], modules: set[str | None]) -> Iterator[Place]:
        """Yield the places in the functions and classes of a module; *modules*: what they may call it."""
        for value in values:
            if isinstance(value, FunctionType) and value.__module__ in modules:
                yield from self._in_defaults(value)
            elif _is_class_of(value, modules):
                yield from self._in_class(value)

    def _in_class(self, owner: type) -> Iterator[Place]:
        for key, value in list(vars(owner).items()):
            plain = value.__func__ if isinstance(value, (staticmethod, classmethod)) else value
            if plain is self.genuine:
                yield Patch, owner, key
            elif isinstance(plain, FunctionType):
                yield from self._in_defaults(plain)

    def _in_defaults(self, function: FunctionType) -> Iterator[Place]:
        for index, value in enumerate(function.__defaults__ or ()):
            if value is self.genuine:
                yield DefaultPatch, function, str(index)
        for key, value in (function.__kwdefaults__ or {}).items():
            if value is self.genuine:
                yield DefaultPatch, function, key


def _outline() -> object:
    """Return what tells whether anything was imported since: the number of modules, and the latest one."""
    name = next(reversed(sys.modules))
    return len(sys.modules), name, id(sys.modules.get(name))


def _is_class_of(value: Any, modules: set[str | None]) -> TypeGuard[type]:
    return isinstance(value, type) and value.__module__ in modules
