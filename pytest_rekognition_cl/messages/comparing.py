"""Where a call is not as expected."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from .values import contrast, short


@dataclass(frozen=True)
class Difference:
    """One place in which a call is not as expected; *path* is empty for the value as a whole."""

    path: str
    text: str

    def __str__(self) -> str:
        return f"  {self.path}: {self.text}"


def differences(expected: Any, got: Any, *, whole: bool = True, path: str = "") -> list[Difference]:
    """Return where *got* is not as *expected*, by path; an empty list if they are equal.

    Not *whole*: members of dicts that are not expected may be there. A tuple counts as a list, as botocore sends it.
    Anything else is asked with ``==``, so ``unittest.mock.ANY`` and dirty-equals have their say.
    """
    if isinstance(expected, tuple):
        expected = list(expected)
    if _is_plain_dict(expected) and isinstance(got, dict):
        found: list[Difference] = []
        for name in [*expected, *(name for name in got if name not in expected)]:
            where = f"{path}.{name}" if path else str(name)
            if name not in got:
                found.append(Difference(where, f"expected {short(expected[name])}, but it was not given"))
            elif name in expected:
                found += differences(expected[name], got[name], whole=whole, path=where)
            elif whole:
                found.append(Difference(where, f"not expected, got {short(got[name])}"))
        return found
    if type(expected) is list and isinstance(got, list) and len(expected) == len(got):
        return [
            difference
            for index, (one, other) in enumerate(zip(expected, got, strict=True))
            for difference in differences(one, other, whole=whole, path=f"{path}[{index}]")
        ]
    if expected == got:
        return []
    return [Difference(path, contrast(expected, got))]


def _is_plain_dict(value: object) -> bool:
    """Whether *value* is a dict that has no idea of equality of its own."""
    return isinstance(value, dict) and type(value).__eq__ in (dict.__eq__, OrderedDict.__eq__)
