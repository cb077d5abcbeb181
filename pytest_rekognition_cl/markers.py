"""From markers to the methods they stand for. The arguments of a marker are those of its method."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby
from operator import itemgetter
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


def _ours(item: pytest.Item) -> Iterator[pytest.Mark]:
    """Yield our markers on *item* from the outermost level inwards, and top to bottom within a level.

    pytest lists the closest level first; decorators from the bottom up, a ``pytestmark`` as written, and the marks of a
    ``pytest.param`` after the function's.
    """
    if not any(mark.name.startswith(PREFIX) for mark in item.iter_markers()):
        return  # like most tests
    levels = [
        (node, [mark for _, mark in pairs]) for node, pairs in groupby(item.iter_markers_with_node(), itemgetter(0))
    ]
    params = [getattr(mark, "mark", mark) for mark in getattr(getattr(item, "callspec", None), "marks", ())]
    for node, marks in reversed(levels):
        if isinstance(node, pytest.Class):
            marks = _of_class(node, marks)
        elif not isinstance(node, (pytest.Module, pytest.Package)):
            of_function = [mark for mark in marks if mark not in params]
            marks = [*reversed(of_function), *(mark for mark in marks if mark in params)]
        yield from (mark for mark in marks if mark.name.startswith(PREFIX))


def _of_class(node: pytest.Class, marks: list[pytest.Mark]) -> list[pytest.Mark]:
    """Put the marks of a class in order, those of its base classes first."""
    ordered: list[pytest.Mark] = []
    for base in reversed(node.obj.__mro__):
        attribute = vars(base).get("pytestmark", ())
        own: list[Any] = list(attribute) if isinstance(attribute, (list, tuple)) else [attribute]
        found = [getattr(mark, "mark", mark) for mark in own]
        # Decorators leave Mark objects behind, the last one on top; what was written as a list is of MarkDecorators.
        ordered += found if any(isinstance(mark, pytest.MarkDecorator) for mark in own) else reversed(found)
    return ordered + [mark for mark in marks if not any(mark is other for other in ordered)]


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
            what = f"there is no marker {mark.name!r}{did_you_mean(mark.name, known)}"
            pytest.fail(f"{what}\nOn {item.nodeid}. The markers are {', '.join(known)}.", pytrace=False)
    keywords = options.merged(levels)
    if keywords.get("virtual_time"):
        from .intercept.virtual_time import missing

        if (text := missing()) is not None:
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
                taken = _signature(mark.name)
                takes_more = any(one.kind is one.VAR_KEYWORD for one in taken.parameters.values())
                if takes_more or taken.parameters.keys() >= mark.kwargs.keys():  # else the method says which is meant
                    # Bound here first: Python's own message about wrong arguments counts self, and names the method.
                    taken.bind(*mark.args, **mark.kwargs)
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
        takes = (
            str(_signature(mark.name)).replace("calls=Ellipsis", "calls=1").replace("attempts=Ellipsis", "attempts=N")
        )
        # What is wrong comes first: pytest's summary shows the first line alone.
        lines = f"The marker: {mark.name}({written}) of {item.nodeid}\nIts signature: {mark.name}{takes}"
        raise pytest.fail.Exception(f"{text}\n{lines}", pytrace=False) from None


def _signature(marker: str) -> inspect.Signature:
    """Return what the method of *marker* takes, without self and the annotations."""
    _, *parameters = inspect.signature(METHODS.get(marker, RekognitionCL.__init__)).parameters.values()
    return inspect.Signature([one.replace(annotation=inspect.Parameter.empty) for one in parameters])
