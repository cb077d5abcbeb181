"""The one table of options: keywords of RekognitionCL, keywords of the marker ``rekognition_cl``, and ini settings.

Closest wins: the function's marker, the class's, the module's, the ini setting, the default. Their names and help texts
are in settings.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Literal

from .settings import SETTINGS

#: The quotas that can be set; the service knows the defaults.
QUOTAS = (
    "projects",
    "models_per_project",
    "concurrent_trainings",
    "running_models",
    "inference_units",
    "concurrent_copies",
    "policies_per_project",
    "tags",
)


def did_you_mean(word: object, known: Any, *, cutoff: float = 0.6) -> str:
    """Return the end of a sentence: ``; did you mean 'x'?`` for the nearest of *known*, or a full stop."""
    names = [str(name) for name in known]
    text = word if isinstance(word, str) else told(word)
    near = (
        get_close_matches(text, names, n=1, cutoff=cutoff)
        or [n for n in names if _bare(n) == _bare(text)][:1]
        or [n for n in names if len(text) > 1 and n.startswith(text)][:1]
    )
    return f"; did you mean {near[0]!r}?" if near else "."


def _bare(name: str) -> str:
    """``KmsKeyId`` and ``kms_key_id`` are one name to who is looking for it."""
    return name.replace("_", "").lower()


def told(value: object) -> str:
    """Return *value* for a message: what ``repr`` says, a long text cut in the middle; its type if it has no repr."""
    try:
        text = repr(value)
    except Exception:  # nested without end, a number of endless digits, or a mistake in somebody's class
        return f"<{type(value).__name__}>"
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH * 2 // 3]}…{text[-_WIDTH // 3 :]}"


#: Longest text of a value in a message about a mistake.
_WIDTH = 600


@dataclass(frozen=True)
class Options:
    """What can be set for a suite (ini), a module, a class, a test (marker) or one context (keyword).

    Raises TypeError for a wrong type and ValueError for a wrong value.
    """

    region: str | None = None
    account: str = "123456789012"
    passthrough: bool = False
    virtual_time: bool = False
    max_polls: int = 5000
    unused: Literal["fail", "ignore"] = "fail"
    quotas: Mapping[str, int | None] = field(default_factory=dict)
    left_running: Literal["fail", "ignore"] = "ignore"

    def __post_init__(self) -> None:
        given: Any = self  # the annotations are not to be relied on here
        _check("region", given.region is None or isinstance(given.region, str), "a Region's name or None", given.region)
        if given.region is not None and not re.fullmatch(r"[a-z]{2,}(-[a-z]+)+-\d+", given.region):
            raise ValueError(f"region must look like 'us-east-1', not {told(given.region)}")
        _check("account", isinstance(given.account, str), "a string of twelve digits", given.account)
        if not re.fullmatch(r"[0-9]{12}", given.account):
            raise ValueError(f"account must be twelve digits, not {told(given.account)}")
        for name in ("passthrough", "virtual_time"):
            _check(name, isinstance(getattr(given, name), bool), "True or False", getattr(given, name))
        whole = isinstance(given.max_polls, int) and not isinstance(given.max_polls, bool)
        _check("max_polls", whole, "a whole number", given.max_polls)
        if given.max_polls < 1:
            raise ValueError(f"max_polls must be at least 1, not {told(given.max_polls)}")
        for name in ("unused", "left_running"):
            value = getattr(given, name)
            if value not in ("fail", "ignore"):
                raise ValueError(
                    f"{name} must be 'fail' or 'ignore', not {told(value)}{did_you_mean(value, ('fail', 'ignore'))}"
                )
        _check("quotas", isinstance(given.quotas, Mapping), "a mapping from names to numbers", given.quotas)
        for name, limit in given.quotas.items():
            if name not in QUOTAS:
                raise ValueError(
                    f"quotas has no {name!r}{did_you_mean(name, QUOTAS)} The quotas are {', '.join(QUOTAS)}."
                )
            if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 0):
                raise ValueError(f"quotas[{name!r}] must be a whole number from 0 or None, not {told(limit)}")


NAMES = tuple(SETTINGS)


def _check(name: str, right: bool, wanted: str, value: object) -> None:
    if not right:
        raise TypeError(f"{name} must be {wanted}, not {told(value)}")


def unknown_option(name: str) -> TypeError:
    """Return the error for an option that does not exist."""
    return TypeError(f"there is no option {name!r}{did_you_mean(name, NAMES)} The options are {', '.join(NAMES)}.")


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
            value = _whole(name, value)
        elif name == "quotas":
            value = dict(_quota(line) for line in value)
        result[name] = value
    Options(**result)
    return result


def _quota(line: str) -> tuple[str, int | None]:
    name, equals, number = (part.strip() for part in line.partition("="))
    if not equals:
        raise ValueError(f"quotas takes lines of the form name=number, not {line!r}")
    return name, None if number in ("None", "none") else _whole(f"quotas: {name}", number)


def _whole(name: str, text: str | int) -> int:
    try:
        return int(text)
    except ValueError:
        raise ValueError(f"{name} must be a whole number, not {text!r}") from None
