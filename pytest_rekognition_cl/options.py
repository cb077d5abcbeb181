"""The one table of options: keywords of RekognitionCL, keywords of the marker ``rekognition_cl``, and ini settings.

Closest wins: the function's marker, the class's, the module's, the ini setting, the default. Standard library only, so
that the plugin module stays light.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from typing import Any, Literal

#: The quotas that can be set; the service knows the defaults.
QUOTAS = (
    "projects",
    "models_per_project",
    "concurrent_trainings",
    "running_models",
    "inference_units",
    "concurrent_copies",
    "tags",
)


def did_you_mean(word: object, known: Any) -> str:
    """Return the end of a sentence: ``; did you mean 'x'?`` for the nearest of *known*, or a full stop."""
    names = [str(name) for name in known]
    near = get_close_matches(str(word), names, n=1) or [n for n in names if n.lower() == str(word).lower()][:1]
    return f"; did you mean {near[0]!r}?" if near else "."


@dataclass(frozen=True)
class Options:
    """What can be set for a suite (ini), a module, a class, a test (marker) or one context (keyword).

    Raises TypeError for a wrong type and ValueError for a wrong value.
    """

    region: str | None = field(
        default=None,
        metadata={"help": "the Region of the default project, and of clients for which no Region resolves"},
    )
    account: str = field(default="123456789012", metadata={"help": "the AWS account id, twelve digits"})
    passthrough: bool = field(
        default=False,
        metadata={"help": "hand other Rekognition operations on to whoever answers botocore's before-send (moto)"},
    )
    virtual_time: bool = field(
        default=False,
        metadata={"help": "let time.time(), time.monotonic() and datetime.now() move with virtual sleeps"},
    )
    max_polls: int = field(default=5000, metadata={"help": "how many sleeping polls without a change end a loop"})
    unused: Literal["fail", "ignore"] = field(
        default="fail", metadata={"help": "what prepared errors and responses that were not used up do to the test"}
    )
    quotas: Mapping[str, int | None] = field(
        default_factory=dict,
        metadata={"help": "quotas that differ from AWS's defaults, as name=number; None lifts one"},
    )
    left_running: Literal["fail", "ignore"] = field(
        default="ignore", metadata={"help": "what a model left RUNNING at the end does to the test"}
    )

    def __post_init__(self) -> None:
        given: Any = self  # the annotations are not to be relied on here
        _check("region", given.region is None or isinstance(given.region, str), "a Region's name or None", given.region)
        if given.region is not None and not re.fullmatch(r"[a-z]{2,}(-[a-z0-9]+)+", given.region):
            raise ValueError(f"region must look like 'us-east-1', not {given.region!r}")
        _check("account", isinstance(given.account, str), "a string of twelve digits", given.account)
        if not re.fullmatch(r"[0-9]{12}", given.account):
            raise ValueError(f"account must be twelve digits, not {given.account!r}")
        for name in ("passthrough", "virtual_time"):
            _check(name, isinstance(getattr(given, name), bool), "True or False", getattr(given, name))
        whole = isinstance(given.max_polls, int) and not isinstance(given.max_polls, bool)
        _check("max_polls", whole, "a whole number", given.max_polls)
        if given.max_polls < 1:
            raise ValueError(f"max_polls must be at least 1, not {given.max_polls!r}")
        for name in ("unused", "left_running"):
            value = getattr(given, name)
            if value not in ("fail", "ignore"):
                raise ValueError(
                    f"{name} must be 'fail' or 'ignore', not {value!r}{did_you_mean(value, ('fail', 'ignore'))}"
                )
        _check("quotas", isinstance(given.quotas, Mapping), "a mapping from names to numbers", given.quotas)
        for name, limit in given.quotas.items():
            if name not in QUOTAS:
                raise ValueError(
                    f"quotas has no {name!r}{did_you_mean(name, QUOTAS)} The quotas are {', '.join(QUOTAS)}."
                )
            if limit is not None and (isinstance(limit, bool) or not isinstance(limit, int) or limit < 0):
                raise ValueError(f"quotas[{name!r}] must be a whole number from 0 or None, not {limit!r}")


NAMES = tuple(option.name for option in fields(Options))


def _check(name: str, right: bool, wanted: str, value: object) -> None:
    if not right:
        raise TypeError(f"{name} must be {wanted}, not {value!r}")


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

#: Option -> pytest's type of its ini setting.
INI_TYPES: dict[str, Literal["string", "bool", "linelist", "int"]] = {
    "region": "string",
    "account": "string",
    "passthrough": "bool",
    "virtual_time": "bool",
    "max_polls": "int",
    "unused": "string",
    "quotas": "linelist",
    "left_running": "string",
}


def ini_help(name: str) -> str:
    """Return the help text of an option."""
    return str(next(option for option in fields(Options) if option.name == name).metadata["help"])


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
