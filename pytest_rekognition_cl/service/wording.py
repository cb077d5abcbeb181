"""Refusals of request bodies in the service's words.

Sources: captured answers for the pattern, the length and the plural form, the habit of AWS's framework for the rest
(README, "not verified against the service").
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from .checker import Violation, decoded

_JAVA_TYPES = {"string": "String", "integer": "Integer", "number": "Float", "boolean": "Boolean"}


def position(violation: Violation, order: list[str]) -> int:
    """The place of the offending member in the request, the order in which several violations are told."""
    name: Any = violation.absolute_path[0] if violation.absolute_path else _missing(violation)
    return order.index(name)


def _missing(violation: Violation) -> str:
    """The member that a ``required`` violation is about: there is one violation for each, told apart by its message."""
    required: Any = violation.validator_value
    found: str = next(name for name in required if violation.message.startswith(repr(name)))
    return found


def wrong_type(violation: Violation) -> str:
    """Say that a value has the wrong JSON type, as the service's reader does (captured for a String as a Float)."""
    given: Any = violation.instance
    if isinstance(given, dict):
        return "Start of structure or map found where not expected."
    if isinstance(given, list):
        return "Start of list found where not expected"
    wanted = _JAVA_TYPES.get(str(violation.validator_value))
    if wanted is None:
        return "Expected list or null" if violation.validator_value == "array" else "Expected map or null"
    java = {bool: "Boolean", int: "Integer", float: "Double", str: "String"}[type(given)]
    return f"class java.lang.{java} can not be converted to an {wanted}"


def subject(violation: Violation) -> object:
    """Return what a refusal is about; violations with an equal subject are told by one sentence."""
    path, inside = tuple(violation.absolute_path), _inside(violation)
    if inside == "propertyNames":
        return path, inside
    if inside is not None:
        return path[:-1], inside, violation.instance is None
    return path, violation.validator, _missing(violation) if violation.validator == "required" else None


def sentence(violation: Violation, params: dict[str, Any]) -> str:
    """Say what is wrong as the service does: ``Value '101' at 'maxResults' failed to satisfy constraint: ...``."""
    path = list(violation.absolute_path)
    if violation.validator == "required":
        path.append(_missing(violation))
        return f"Value null at '{_dotted(path)}' failed to satisfy constraint: Member must not be null"
    holder, what, value = _holder(violation, path, params)
    return f"Value '{_java(value)}' at '{_dotted(holder)}' failed to satisfy constraint: {what}"


def _holder(violation: Violation, path: list[Any], params: dict[str, Any]) -> tuple[list[Any], str, Any]:
    """Return the path that the service names, the constraint in its words, and the value that it shows.

    A violation by a plain item of a list, or by a key or value of a map, is told at the list or map, with all the
    constraints of its items.
    """
    inside = _inside(violation)
    if violation.instance is None:
        return path[:-1], "Member must satisfy constraint: [Member must not be null]", _at(params, path[:-1])
    if inside == "propertyNames":
        return path, f"Map keys must satisfy constraint: [{_constraints(violation.schema)}]", _at(params, path)
    if inside is not None:
        what = f"{'Member' if inside == 'items' else 'Map value'} must satisfy constraint"
        return path[:-1], f"{what}: [{_constraints(violation.schema)}]", _at(params, path[:-1])
    value: Any = violation.instance
    if str(violation.validator).startswith("x-aws-"):
        size = len(decoded(value))
        value = f"java.nio.HeapByteBuffer[pos=0 lim={size} cap={size}]"  # as captured
    return path, _constraint(str(violation.validator), violation.schema), value


def _inside(violation: Violation) -> str | None:
    """Tell whether a violation is by an item of a list, or by a key or a value of a map."""
    steps = list(violation.absolute_schema_path)
    inside = steps[-2] if len(steps) > 1 else None
    return str(inside) if inside in ("items", "additionalProperties", "propertyNames") else None


def _at(params: Any, path: list[Any]) -> Any:
    for step in path:
        params = params[step]
    return params


def _constraints(schema: Any) -> str:
    return ", ".join(
        _constraint(keyword, schema) for keyword in ("maxLength", "minLength", "pattern", "enum") if keyword in schema
    )


_WORDS: dict[str, Callable[[Any], str]] = {
    "maxLength": lambda s: f"Member must have length less than or equal to {s['maxLength']}",
    "minLength": lambda s: f"Member must have length greater than or equal to {s['minLength']}",
    "maxItems": lambda s: f"Member must have length less than or equal to {s['maxItems']}",
    "minItems": lambda s: f"Member must have length greater than or equal to {s['minItems']}",
    "maxProperties": lambda s: f"Member must have length less than or equal to {s['maxProperties']}",
    "minProperties": lambda s: f"Member must have length greater than or equal to {s['minProperties']}",
    "x-aws-maxBytes": lambda s: f"Member must have length less than or equal to {s['x-aws-maxBytes']}",
    "x-aws-minBytes": lambda s: f"Member must have length greater than or equal to {s['x-aws-minBytes']}",
    "maximum": lambda s: f"Member must have value less than or equal to {s['maximum']}",
    "minimum": lambda s: f"Member must have value greater than or equal to {s['minimum']}",
    "enum": lambda s: f"Member must satisfy enum value set: [{', '.join(s['enum'])}]",
    "pattern": lambda s: f"Member must satisfy regular expression pattern: {s['x-aws-pattern']}",
    "type": lambda s: "Member must not be null",
}


def _constraint(keyword: str, schema: Any) -> str:
    return _WORDS[keyword](schema)


def _dotted(path: list[Any]) -> str:
    """``["TrainingData", "Assets", 0]`` -> ``trainingData.assets.1.member``."""
    return ".".join(f"{step + 1}.member" if isinstance(step, int) else step[:1].lower() + step[1:] for step in path)


def _java(value: Any) -> str:
    """Write *value* as Java's toString does."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}={_java(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_java(item) for item in value) + "]"
    if value in (math.inf, -math.inf):
        return "Infinity" if value > 0 else "-Infinity"
    return "null" if value is None else str(value)
