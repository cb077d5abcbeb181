"""The whole state of a fixture as a value that can be compared: what a refused request must not change."""

from collections.abc import Mapping
from itertools import count

#: What is kept to be faster, and says nothing.
_CACHES = {"texts", "_latest"}


def snapshot(fake):
    """Return everything that exists, is planned or is prepared in *fake*."""
    known = {}
    models = [(model.arn, model.status) for model in fake.models]
    return (
        models,
        fake.projects,
        _value(fake._dispatcher.service.store, known),
        _value(fake._dispatcher.expectations, known),
    )


def _value(thing, known):
    if thing is None or isinstance(thing, (str, bytes, int, float, bool)):
        return thing
    if isinstance(thing, count):
        return None  # the next number tells nothing of what exists
    if id(thing) in known:
        return known[id(thing)]
    known[id(thing)] = f"<{type(thing).__name__} {len(known)}>"
    if isinstance(thing, Mapping):
        return [(_value(key, known), _value(item, known)) for key, item in thing.items()]
    if isinstance(thing, (list, tuple)):
        return [_value(item, known) for item in thing]
    if isinstance(thing, (set, frozenset)):
        return sorted(repr(_value(item, known)) for item in thing)
    if callable(thing):
        return id(thing)
    slots = [name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())]
    names = [*slots, *getattr(thing, "__dict__", ())]
    return [
        type(thing).__name__,
        *((name, _value(getattr(thing, name), known)) for name in names if name not in _CACHES),
    ]
