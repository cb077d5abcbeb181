"""From markers to the methods they stand for. The arguments of a marker are those of its method."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest

from . import options
from .fixture import RekognitionCL
from .messages.text import by_marker
from .names import did_you_mean

PREFIX = "rekognition_cl"
#: Marker -> the method that it calls.
METHODS: dict[str, Callable[..., object]] = {
    "rekognition_cl_project": RekognitionCL.add_project,
    "rekognition_cl_model": RekognitionCL.add_model,
    "rekognition_cl_dataset": RekognitionCL.add_dataset,
    "rekognition_cl_manifest": RekognitionCL.add_manifest,
    "rekognition_cl_training": RekognitionCL.set_training,
    "rekognition_cl_transition": RekognitionCL.set_transition,
    "rekognition_cl_error": RekognitionCL.add_client_error,
    "rekognition_cl_exception": RekognitionCL.add_exception,
    "rekognition_cl_response": RekognitionCL.add_response,
}


def outermost_first(item: pytest.Item) -> Iterator[pytest.Mark]:
    """Yield the item's markers from the outermost level inwards, and top to bottom within a level.

    pytest lists the closest level first; decorators from the bottom up, a ``pytestmark`` as written, and the marks of a
    ``pytest.param`` after the function's.
    """
    levels: list[tuple[pytest.Item | pytest.Collector, list[pytest.Mark]]] = []
    for node, mark in item.iter_markers_with_node():
        if not levels or levels[-1][0] is not node:
            levels.append((node, []))  # type: ignore[arg-type]
        levels[-1][1].append(mark)
    callspec = getattr(item, "callspec", None)
    from_params = [getattr(mark, "mark", mark) for mark in getattr(callspec, "marks", ())]
    for node, marks in reversed(levels):
        if isinstance(node, (pytest.Module, pytest.Package)):
            yield from marks
            continue
        if isinstance(node, pytest.Class):
            yield from _of_class(node, marks)
            continue
        yield from reversed([mark for mark in marks if mark not in from_params])
        yield from (mark for mark in marks if mark in from_params)


def _of_class(node: pytest.Class, marks: list[pytest.Mark]) -> list[pytest.Mark]:
    """Put the marks of a class in order, those of its base classes first."""
    ordered: list[pytest.Mark] = []
    for base in reversed(node.obj.__mro__):
        attribute = vars(base).get("pytestmark", ())
        own = list(attribute) if isinstance(attribute, (list, tuple)) else [attribute]
        # Decorators leave Mark objects behind, the last one on top; what was written as a list is of MarkDecorators.
        written = any(isinstance(mark, pytest.MarkDecorator) for mark in own)
        found = [getattr(mark, "mark", mark) for mark in own]
        ordered += found if written else reversed(found)
    return ordered + [mark for mark in marks if not any(mark is other for other in ordered)]


def _ours(item: pytest.Item) -> list[pytest.Mark]:
    return [mark for mark in outermost_first(item) if mark.name.startswith(PREFIX)]


def make_fixture(item: pytest.Item, ini: Mapping[str, Any]) -> RekognitionCL:
    """Return the fixture with the options of the settings and of the markers; fails the test for a wrong marker."""
    levels = [ini]
    for mark in _ours(item):
        if mark.name == PREFIX:
            with _checked(item, mark):
                if mark.args:
                    raise TypeError(f"it takes keywords only, got {', '.join(map(repr, mark.args))}")
                options.Options(**options.merged([mark.kwargs]))
            levels.append(mark.kwargs)
        elif mark.name not in METHODS:
            known = [PREFIX, *METHODS]
            near = did_you_mean(mark.name, known)
            pytest.fail(
                f"there is no marker {mark.name!r}{near}\nOn {item.nodeid}. The markers are {', '.join(known)}.",
                pytrace=False,
            )
    keywords = options.merged(levels)
    if keywords.get("virtual_time"):
        from .intercept.virtual_time import missing

        text = missing()
        if text is not None:
            pytest.fail(f"{item.nodeid}: {text}", pytrace=False)
    fixture = RekognitionCL(**keywords)
    fixture._owner = item.nodeid
    fixture._dispatcher.advice = by_marker
    return fixture


def arrange(item: pytest.Item, fixture: RekognitionCL) -> None:
    """Call the methods of the markers, projects first, else in their order; fails the test for a wrong marker."""
    file, line, _ = item.location
    fixture._place = f"{file}:{(line or 0) + 1}"
    for mark in sorted(_ours(item), key=lambda mark: mark.name != "rekognition_cl_project"):
        if mark.name != PREFIX:
            with _checked(item, mark):
                taken = _parameters(mark.name)
                takes_more = any(parameter.kind is parameter.VAR_KEYWORD for parameter in taken.values())
                if takes_more or taken.keys() >= mark.kwargs.keys():  # else the method itself says which is meant
                    # Bound here first: Python's own message about wrong arguments counts self, and names the method.
                    inspect.Signature(list(taken.values())).bind(*mark.args, **mark.kwargs)
                METHODS[mark.name](fixture, *mark.args, **mark.kwargs)
    fixture._place = None


@contextmanager
def _checked(item: pytest.Item, mark: pytest.Mark) -> Generator[None, None, None]:
    """Let a mistake in the marker fail the test in its set-up, without the traceback of the plugin's code."""
    try:
        yield
    except (TypeError, ValueError) as error:
        text = str(error)
        if mark.name in METHODS:  # the user has written the marker, not the method
            text = text.replace(f"{METHODS[mark.name].__name__}()", f"{mark.name}()")
        written = ", ".join([*map(repr, mark.args), *(f"{name}={value!r}" for name, value in mark.kwargs.items())])
        # What is wrong comes first: pytest's summary shows the first line alone.
        lines = f"The marker: {mark.name}({written}) of {item.nodeid}\nIts signature: {mark.name}{signature(mark.name)}"
        raise pytest.fail.Exception(f"{text}\n{lines}", pytrace=False) from None


def _parameters(marker: str) -> dict[str, inspect.Parameter]:
    """Return what the method of *marker* takes, without self."""
    method = METHODS.get(marker, RekognitionCL.__init__)
    return dict(list(inspect.signature(method).parameters.items())[1:])


def signature(marker: str) -> str:
    """Return the arguments that a marker takes, without the annotations."""
    bare = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in _parameters(marker).values()]
    text = str(inspect.Signature(bare))
    return text.replace("calls=Ellipsis", "calls=1").replace("attempts=Ellipsis", "attempts=N")
