"""The one table of options: keywords of RekognitionCL, keywords of the marker ``rekognition_cl``, and ini settings.

Closest wins: the function's marker, the class's, the module's, the ini setting, the default. Their names and help texts
are in settings.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from .names import did_you_mean, safe_repr
from .settings import ALLOWED, SETTINGS


@dataclass(frozen=True)
class Options:
    """What can be set for a suite (ini), a module, a class, a test (marker) or one context (keyword).

    Raises TypeError for a wrong type and ValueError for a wrong value.
    """

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
        given: Any = self  # the annotations are not to be relied on here
        _check("region", given.region is None or isinstance(given.region, str), "a Region's name or None", given.region)
        if given.region is not None and not re.fullmatch(r"[a-z]{2,}(-[a-z]+)+-\d+", given.region):
            raise ValueError(f"region must look like 'us-east-1', not {safe_repr(given.region)}")
        _check("account", isinstance(given.account, str), "a string of twelve digits", given.account)
        if not re.fullmatch(r"[0-9]{12}", given.account):
            raise ValueError(f"account must be twelve digits, not {safe_repr(given.account)}")
        for name in ("passthrough", "virtual_sleep", "virtual_time", "default_project"):
            _check(name, isinstance(getattr(given, name), bool), "True or False", getattr(given, name))
        whole = isinstance(given.max_polls, int) and not isinstance(given.max_polls, bool)
        _check("max_polls", whole, "a whole number", given.max_polls)
        if given.max_polls < 1:
            raise ValueError(f"max_polls must be at least 1, not {safe_repr(given.max_polls)}")
        for name in ("unused", "left_running"):
            value = getattr(given, name)
            if value not in ("fail", "ignore"):
                near = did_you_mean(value, ("fail", "ignore"))
                raise ValueError(f"{name} must be 'fail' or 'ignore', not {safe_repr(value)}{near}")
        _check("quotas", isinstance(given.quotas, Mapping), "a mapping from names to numbers", given.quotas)
        for name, limit in given.quotas.items():
            from .service.store import DEFAULT_QUOTAS as QUOTAS  # most runs of pytest do without the service

            if name not in QUOTAS:
                near = did_you_mean(name, QUOTAS)
                raise ValueError(f"quotas has no {name!r}{near} The quotas are {', '.join(QUOTAS)}.")
            if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 0):
                raise ValueError(f"quotas[{name!r}] must be a whole number from 0 or None, not {safe_repr(limit)}")


NAMES = tuple(SETTINGS)


def _check(name: str, right: bool, wanted: str, value: object) -> None:
    if not right:
        raise TypeError(f"{name} must be {wanted}, not {safe_repr(value)}")


def unknown_option(name: str, prefix: str = "") -> TypeError:
    """Return the error for an option that does not exist."""
    if name == "early":
        text = "early is a setting alone, since it is needed before any test: rekognition_cl_early = true"
    else:
        text = f"there is no option {name!r}{did_you_mean(name, NAMES)} The options are {', '.join(NAMES)}."
    return TypeError(prefix + text)


def merged(levels: list[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the options of several levels in one, the last level winning; quotas merge name by name."""
    result: dict[str, Any] = {}
    for level in levels:
        for name, value in level.items():
            if name not in NAMES:
                raise unknown_option(name)
            if name == "quotas" and value is None:
                continue
            if name == "quotas" and isinstance(value, Mapping) and isinstance(result.get(name), Mapping):
                value = {**result[name], **value}
            result[name] = value
    return result


# --- ini ------------------------------------------------------------------------------------------------------------


def from_ini(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options that a configuration file sets. Raises ValueError or TypeError, beginning with the name."""
    result: dict[str, Any] = {}
    for name, value in values.items():
        if value is None or value == "" or value == []:
            continue
        if name == "max_polls":
            try:
                value = int(value)  # a text before pytest 8.4
            except ValueError:
                raise ValueError(f"max_polls must be a whole number, not {value!r}") from None
        elif name == "quotas":
            value = dict(_quota(line) for line in value)
        result[name] = value
    Options(**result)
    return result


def _quota(line: str) -> tuple[str, int | None]:
    name, equals, number = (part.strip() for part in line.partition("="))
    if not equals:
        raise ValueError(f"quotas must be {ALLOWED['linelist']}; not {line!r}")
    try:
        return name, None if number in ("None", "none") else int(number)
    except ValueError:
        raise ValueError(
            f"quotas: {name} must be a whole number or None, not {number!r}; it is {ALLOWED['linelist']}"
        ) from None
