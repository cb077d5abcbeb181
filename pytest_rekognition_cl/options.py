"""The one table of options: keywords of RekognitionCL, keywords of the marker ``rekognition_cl``, and ini settings.

Closest wins: the function's marker, the class's, the module's, the ini setting, the default. Their names and help texts
are in settings.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from types import NoneType
from typing import Any, Literal

from .names import did_you_mean, safe_repr
from .settings import ALLOWED, SETTINGS


@dataclass(frozen=True)
class Options:
    """What can be set for a suite (ini), a module, a class, a test (marker) or one context (keyword)."""

    region: str | None = None
    account: str = "123456789012"
    passthrough: bool = False
    virtual_sleep: bool = True
    virtual_time: bool = False
    max_polls: int = 5000
    unused: Literal["fail", "ignore"] = "fail"
    quotas: Mapping[str, int | None] = field(default_factory=dict)
    left_running: Literal["fail", "ignore"] = "ignore"
    default_project: bool = True

    def __post_init__(self) -> None:
        for name, (kinds, wanted) in _TYPES.items():
            value = getattr(self, name)
            if not isinstance(value, kinds) or (kinds is int and isinstance(value, bool)):
                raise TypeError(f"{name} must be {wanted}, not {safe_repr(value)}")
        region_fits = self.region is None or re.fullmatch(r"[a-z]{2,}(-[a-z]+)+-\d+", self.region)
        for name, fits, wanted in (
            ("region", region_fits, "look like 'us-east-1'"),
            ("account", re.fullmatch(r"[0-9]{12}", self.account), "be twelve digits"),
            ("max_polls", self.max_polls >= 1, "be at least 1"),
        ):
            if not fits:
                raise ValueError(f"{name} must {wanted}, not {safe_repr(getattr(self, name))}")
        for name in ("unused", "left_running"):
            if (value := getattr(self, name)) not in ("fail", "ignore"):
                near = did_you_mean(value, ("fail", "ignore"))
                raise ValueError(f"{name} must be 'fail' or 'ignore', not {safe_repr(value)}{near}")
        for name, limit in self.quotas.items():
            from .service.store import DEFAULT_QUOTAS as QUOTAS  # most runs of pytest do without the service

            if name not in QUOTAS:
                near = did_you_mean(name, QUOTAS)
                raise ValueError(f"quotas has no {name!r}{near} The quotas are {', '.join(QUOTAS)}.")
            if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 0):
                raise ValueError(f"quotas[{name!r}] must be a whole number from 0 or None, not {safe_repr(limit)}")


#: Option -> its types, and how a message names them.
_TYPES: dict[str, tuple[Any, str]] = {
    "region": ((str, NoneType), "a Region's name or None"),
    "account": (str, "a string of twelve digits"),
    **dict.fromkeys(("passthrough", "virtual_sleep", "virtual_time", "default_project"), (bool, "True or False")),
    "max_polls": (int, "a whole number"),
    "quotas": (Mapping, "a mapping from names to numbers"),
}
NAMES = tuple(SETTINGS)


def unknown_option(name: str, prefix: str = "") -> TypeError:
    text = f"there is no option {name!r}{did_you_mean(name, NAMES)} The options are {', '.join(NAMES)}."
    if name == "early":
        text = "early is a setting alone, since it is needed before any test: rekognition_cl_early = true"
    return TypeError(prefix + text)


def merged(levels: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the options of several levels in one, the last level winning; quotas merge name by name."""
    result: dict[str, Any] = {}
    for name, value in chain.from_iterable(level.items() for level in levels):
        if name not in NAMES:
            raise unknown_option(name)
        if name == "quotas" and (value is None or name in result):
            value = {**result.get(name, {}), **(value or {})}
        result[name] = value
    return result


def from_ini(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that a configuration file sets. Raises ValueError or TypeError, beginning with the name."""
    result = {name: value for name, value in values.items() if value not in (None, "", [])}
    with suppress(KeyError, ValueError):  # not set; or no number, which Options refuses
        result["max_polls"] = int(result["max_polls"])  # a text before pytest 8.4
    if "quotas" in result:
        result["quotas"] = dict(map(_quota, result["quotas"]))
    Options(**result)
    return result


def _quota(line: str) -> tuple[str, int | None]:
    name, equals, number = (part.strip() for part in line.partition("="))
    if not equals:
        raise ValueError(f"quotas must be {ALLOWED['linelist']}; not {line!r}")
    if not re.fullmatch(r"[+-]?\d+|[Nn]one", number):
        text = f"quotas: {name} must be a whole number or None, not {number!r}"
        raise ValueError(f"{text}; it is {ALLOWED['linelist']}")
    return name, None if number in ("None", "none") else int(number)
