"""Mistakes in names: an attribute or a keyword that does not exist is an error with the nearest one that does."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable
from difflib import get_close_matches
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from .errors import hide_frames as __tracebackhide__  # noqa: F401

P = ParamSpec("P")
R = TypeVar("R")

#: Words of botocore's Stubber, of AWS's members and of other services, and what they are called here.
_SYNONYMS = {
    "service_error_code": "code",
    "error_code": "code",
    "service_message": "message",
    "project_arn": "project",
    "project_name": "project",
    "state": "status",
    "version_arn": "name_or_version_arn",
    "version_name": "name_or_version_arn",
}


def did_you_mean(word: object, known: Iterable[object], *, cutoff: float = 0.6) -> str:
    """Return the end of a sentence: ``; did you mean 'x'?`` for the nearest of *known*, or a full stop."""
    names = [str(name) for name in known]
    text = word if isinstance(word, str) else safe_repr(word)
    near = (
        get_close_matches(text, names, n=1, cutoff=max(0.8, cutoff))  # a slip of the hand
        or [name for name in names if len(text) >= 4 and name.endswith(f"_{text}")]  # FAILED for TRAINING_FAILED
        or get_close_matches(text, names, n=1, cutoff=cutoff)
        or [name for name in names if name.replace("_", "").lower() == text.replace("_", "").lower()]
        or [name for name in names if len(text) > 1 and name.startswith(text)]
        or [name for name in names if text.endswith(f"_{name}")]  # project_arn for arn
    )
    return f"; did you mean {near[0]!r}?" if near else "."


def safe_repr(value: object) -> str:
    """Return what ``repr`` says of any value, a long text cut in the middle; its type if it has no repr."""
    try:
        return cut_middle(repr(value), 600)
    except Exception:  # nested without end, a number of endless digits, or a mistake in somebody's class
        return f"<{type(value).__name__}>"


def cut_middle(text: str, width: int) -> str:
    head = width * 2 // 3
    return text if len(text) <= width else f"{text[:head]}…{text[-(width - head - 1) :]}"


def unknown_keyword(method: str, name: str, known: Collection[str]) -> TypeError:
    synonym = _SYNONYMS.get(name)
    near = f"; did you mean {synonym!r}?" if synonym in known else did_you_mean(name, known)
    return TypeError(f"{method}() has no argument {name!r}{near}")


def checked_keywords(
    *more: str, error: Callable[[str, str, Collection[str]], TypeError] = unknown_keyword
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a method refuse a keyword that it does not have with the nearest real one, *more* besides its own."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        arguments = inspect.getfullargspec(function)
        known = [*arguments.args[1:], *arguments.kwonlyargs, *more]

        @wraps(function)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            for name in kwargs:
                if name not in known:
                    raise error(function.__name__, name, known)
            return function(*args, **kwargs)

        return checked

    return decorate


class Named:
    """Base of what users hold: a wrong attribute is an AttributeError with the nearest one, also when it is set.

    A copy of one, however deep, is the thing itself: what it stands for exists once.
    """

    __slots__ = ()

    if not TYPE_CHECKING:  # or every attribute would be right for type checkers

        def __getattr__(self, name: str) -> Any:
            __tracebackhide__ = True
            if name.startswith("_"):  # asked for by Python itself and by tools
                raise AttributeError(name)
            text = f"{type(self).__name__} has no attribute {name!r}{self._near(name, object.__dir__(self))}"
            raise AttributeError(text, name=name, obj=None)  # with the object, Python would add a suggestion of its own

        def __setattr__(self, name: str, value: object) -> None:
            __tracebackhide__ = True
            if name.startswith("_"):
                object.__setattr__(self, name, value)
            elif name in (known := object.__dir__(self)):
                raise AttributeError(f"{type(self).__name__}.{name} cannot be set{self._near(name, ())}")
            else:
                raise AttributeError(f"{type(self).__name__} has no attribute {name!r} to set{self._near(name, known)}")

    def __deepcopy__(self, memo: object = None) -> Any:
        return self

    __copy__ = __deepcopy__

    def _instead(self, name: str) -> str | None:
        """Return what to use instead of the attribute *name*, where that is not the one with the nearest name."""
        return None

    def _near(self, name: str, known: Iterable[str]) -> str:
        if instead := self._instead(name):
            return f": {instead}"
        return did_you_mean(name, [each for each in known if not each.startswith("_")])
