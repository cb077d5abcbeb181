"""Mistakes in names: an attribute or a keyword that does not exist is an error with the nearest one that does."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from .errors import hide_frames as __tracebackhide__  # noqa: F401
from .messages.nearest import did_you_mean

P = ParamSpec("P")
R = TypeVar("R")

#: Words of botocore's Stubber and of AWS's members, and what they are called here.
_SYNONYMS = {
    "service_error_code": "code",
    "error_code": "code",
    "service_message": "message",
    "project_arn": "project",
    "project_name": "project",
    "version_arn": "name_or_version_arn",
    "version_name": "name_or_version_arn",
}


def checked_keywords(*more: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a method refuse a keyword that it does not have with the nearest real one, *more* besides its own."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        code = inspect.unwrap(function).__code__
        own = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount]
        known = frozenset((*own, *more))

        @wraps(function)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            for name in kwargs:
                if name not in known:
                    raise unknown_keyword(function.__name__, name, (*own, *more))
            return function(*args, **kwargs)

        return checked

    return decorate


def unknown_keyword(method: str, name: str, known: tuple[str, ...]) -> TypeError:
    """Return the error for a keyword that *method* does not have."""
    synonym = _SYNONYMS.get(name)
    near = f"; did you mean {synonym!r}?" if synonym in known else did_you_mean(name, known)
    return TypeError(f"{method}() has no argument {name!r}{near}")


class Named:
    """Base of what users hold: a wrong attribute is an AttributeError with the nearest one, also when it is set.

    A copy of one, however deep, is the thing itself: what it stands for exists once.
    """

    __slots__ = ()

    if not TYPE_CHECKING:  # or every attribute would be right for type checkers

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_"):  # asked for by Python itself and by tools
                raise AttributeError(name)
            # Without the object, from which Python would add a suggestion of its own.
            raise AttributeError(
                f"{type(self).__name__} has no attribute {name!r}{_near(self, name)}", name=name, obj=None
            )

        def __setattr__(self, name: str, value: object) -> None:
            if name.startswith("_"):
                object.__setattr__(self, name, value)
            elif name in object.__dir__(self):
                instead = self._instead(name)
                raise AttributeError(f"{type(self).__name__}.{name} cannot be set{f': {instead}' if instead else '.'}")
            else:
                raise AttributeError(f"{type(self).__name__} has no attribute {name!r} to set{_near(self, name)}")

    def __copy__(self) -> Any:
        return self

    def __deepcopy__(self, memo: object) -> Any:
        return self

    def _instead(self, name: str) -> str | None:
        """Return what to use instead of the attribute *name*, where that is not the one with the nearest name."""
        return None


def _near(named: Named, name: str) -> str:
    instead = named._instead(name)
    if instead is not None:
        return f": {instead}"
    return did_you_mean(name, [known for known in object.__dir__(named) if not known.startswith("_")])
