"""From markers to the methods they stand for. A marker is a call of a real method; Python checks its arguments."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from . import options
from .fixture import RekognitionCL
from .options import did_you_mean

PREFIX = "rekognition_cl"
#: Marker -> the method that it calls.
METHODS: dict[str, Callable[..., object]] = {
    "rekognition_cl_project": RekognitionCL.add_project,
    "rekognition_cl_model": RekognitionCL.add_model,
    "rekognition_cl_training": RekognitionCL.set_training,
    "rekognition_cl_transition": RekognitionCL.set_transition,
    "rekognition_cl_error": RekognitionCL.add_client_error,
    "rekognition_cl_exception": RekognitionCL.add_exception,
    "rekognition_cl_response": RekognitionCL.add_response,
}


def outermost_first(item: pytest.Item) -> Iterator[pytest.Mark]:
    """Yield the item's markers from the outermost level inwards, and top to bottom within a level.

    pytest lists the closest level first; decorators from the bottom up, a module's ``pytestmark`` as written, and the
    marks of a ``pytest.param`` after the function's.
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
        yield from reversed([mark for mark in marks if mark not in from_params])
        yield from (mark for mark in marks if mark in from_params)


def _ours(item: pytest.Item) -> list[pytest.Mark]:
    return [mark for mark in outermost_first(item) if mark.name.startswith(PREFIX)]


def make_fixture(item: pytest.Item, ini: Mapping[str, Any]) -> RekognitionCL:
    """Return the fixture with the options of the settings and of the markers; fails the test for a wrong marker."""
    levels = [ini]
    for mark in _ours(item):
        if mark.name == PREFIX:
            if mark.args:
                _fail(item, mark, TypeError(f"it takes keywords only, got {', '.join(map(repr, mark.args))}"))
            _check(item, mark, lambda mark=mark: options.Options(**options.merged([mark.kwargs])))
            levels.append(mark.kwargs)
        elif mark.name not in METHODS:
            known = [PREFIX, *METHODS]
            near = did_you_mean(mark.name, known)
            pytest.fail(
                f"{item.nodeid}: there is no marker {mark.name!r}{near} The markers are {', '.join(known)}.",
                pytrace=False,
            )
    fixture = RekognitionCL(**options.merged(levels))
    fixture._owner = item.nodeid
    return fixture


def arrange(item: pytest.Item, fixture: RekognitionCL) -> None:
    """Do what the markers say, in their order; fails the test for a wrong marker."""
    for mark in _ours(item):
        if mark.name != PREFIX:
            _check(item, mark, lambda mark=mark: METHODS[mark.name](fixture, *mark.args, **mark.kwargs))


def _check(item: pytest.Item, mark: pytest.Mark, do: Callable[[], object]) -> None:
    """Do what a marker says; a mistake in it fails the test, without the traceback of our own code."""
    try:
        do()
        return
    except (TypeError, ValueError) as error:
        wrong = error
    _fail(item, mark, wrong)


def _fail(item: pytest.Item, mark: pytest.Mark, error: Exception) -> None:
    """Fail the test in its set-up: the test, the marker as written, what is wrong, how it is called."""
    written = ", ".join([*map(repr, mark.args), *(f"{name}={value!r}" for name, value in mark.kwargs.items())])
    pytest.fail(
        f"{item.nodeid}: the marker {mark.name}({written}) is wrong:\n"
        f"{_reworded(mark.name, error)}\n"
        f"Its signature: {mark.name}{signature(mark.name)}",
        pytrace=False,
    )


def _reworded(name: str, error: Exception) -> str:
    """Python's own complaint names the method; the user wrote the marker."""
    method = METHODS.get(name)
    text = str(error)
    if method is not None:
        text = text.replace(f"{method.__qualname__}()", f"{name}()").replace(f"{method.__name__}()", f"{name}()")
        if "unexpected keyword argument" in text:
            wrong = text.rpartition("argument ")[2].strip("'")
            text += did_you_mean(wrong, inspect.signature(method).parameters)
    return text


def signature(name: str) -> str:
    """Return the arguments that a marker takes, without the annotations."""
    function = METHODS.get(name, RekognitionCL.__init__)
    parameters = list(inspect.signature(function).parameters.values())[1:]
    bare = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in parameters]
    return (
        str(inspect.Signature(bare))
        .replace("calls=<not given>", "calls=1")
        .replace("attempts=<not given>", "attempts=N")
    )
