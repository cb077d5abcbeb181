"""Check request bodies against the schemas, and word a refusal as the service does.

Two exceptions: a value of the wrong JSON type is a SerializationException, every documented bound a
ValidationException that counts its violations. Sources of the wording: captured answers for the pattern, the length and
the plural form, the habit of AWS's framework for the rest (README, "not verified against the service").
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import jsonschema
from jsonschema import validators
from jsonschema.exceptions import ValidationError as Violation

from .errors import SERIALIZATION, ServiceError
from .schemas import load

#: A body up to this size is remembered with its verdict: a poll asks the same thing again and again.
_REMEMBERED_BYTES = 4096

_JAVA_TYPES = {
    "string": "a String",
    "integer": "an Integer",
    "number": "a Float",
    "boolean": "a Boolean",
}


# --- the checker ----------------------------------------------------------------------------------------------------


def _pattern(validator: Any, pattern: str, instance: Any, schema: dict[str, Any]) -> Iterator[Violation]:
    """A ``pattern`` that means what the service means: the whole text, with ASCII digits and Java's Unicode classes."""
    if isinstance(instance, str) and not matches(pattern, instance):
        yield Violation(f"does not match {pattern}")


def _min_bytes(validator: Any, least: int, instance: Any, schema: dict[str, Any]) -> Iterator[Violation]:
    if isinstance(instance, str) and len(_decoded(instance)) < least:
        yield Violation(f"is shorter than {least} bytes")


def _max_bytes(validator: Any, most: int, instance: Any, schema: dict[str, Any]) -> Iterator[Violation]:
    if isinstance(instance, str) and len(_decoded(instance)) > most:
        yield Violation(f"is longer than {most} bytes")


def _is_integer(checker: Any, instance: Any) -> bool:
    return isinstance(instance, int) and not isinstance(instance, bool)


_Checker: Any = validators.extend(
    jsonschema.Draft202012Validator,
    validators={"pattern": _pattern, "x-aws-minBytes": _min_bytes, "x-aws-maxBytes": _max_bytes},
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("integer", _is_integer),
)


@cache
def _compiled(name: str) -> Any:
    return _Checker(load(name))


@cache
def _regex(pattern: str) -> re.Pattern[str]:
    for name, stand_in in (("L", "a-zA-Z"), ("Z", " "), ("N", "0-9")):
        pattern = pattern.replace(rf"\p{{{name}}}", stand_in)
    return re.compile(pattern, re.ASCII)


def matches(pattern: str, text: str) -> bool:
    r"""Tell whether *pattern* matches the whole of *text*.

    ``re`` knows no ``\p{L}``: where a pattern has such a class, each character beyond ASCII is replaced by an ASCII
    one of its class (a letter, a space, a digit) or by a character that no class has.
    """
    if r"\p{" in pattern and not text.isascii():
        text = "".join(char if char.isascii() else _stand_in(char) for char in text)
    return _regex(pattern).fullmatch(text) is not None


def _stand_in(char: str) -> str:
    return {"L": "a", "Z": " ", "N": "0"}.get(unicodedata.category(char)[0], "\0")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise ServiceError(SERIALIZATION, "Invalid base64 character") from None


# --- requests -------------------------------------------------------------------------------------------------------


def read_request(operation: str, body: bytes) -> dict[str, Any]:
    """Return the members of a request body; *operation* is the boto3 method's name.

    A member that is null counts as not given, and a member that the operation does not have is passed over, as AWS's
    JSON protocols have it. Raises ServiceError for everything else that the service would refuse before it looks at
    what the request means.
    """
    if len(body) > _REMEMBERED_BYTES:
        params = _parse(body)
        refusal = _verdict(operation, params)
    else:
        refusal = _remembered_verdict(operation, body)
        params = None if refusal else _parse(body)
    if refusal is not None or params is None:
        code, message = refusal or (SERIALIZATION, "")
        raise ServiceError(code, message)
    return params


@lru_cache(maxsize=512)
def _remembered_verdict(operation: str, body: bytes) -> tuple[str, str] | None:
    try:
        return _verdict(operation, _parse(body))
    except ServiceError as error:
        return error.code, error.message


def _parse(body: bytes) -> dict[str, Any]:
    try:
        params = json.loads(body.decode("utf-8") or "{}", parse_constant=_refuse_constant)
        if isinstance(params, dict):
            return {key: _without_nulls(value) for key, value in params.items() if value is not None}
    except (ValueError, RecursionError):
        pass  # not UTF-8, not JSON, a number too long to read, or nested without end
    raise ServiceError(SERIALIZATION, "The request body is not a JSON object")


def _refuse_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are Python's, not JSON's


def _without_nulls(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_nulls(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    return value


def _verdict(operation: str, params: dict[str, Any]) -> tuple[str, str] | None:
    """Return the code and the message of the refusal that *params* deserve, None if they may pass."""
    try:
        violations = list(_compiled(operation).iter_errors(params))
    except ServiceError as error:
        return error.code, error.message
    except RecursionError:
        return SERIALIZATION, "The request body is nested too deeply"
    if not violations:
        return None
    for violation in violations:
        if violation.validator == "type" and violation.instance is not None:
            return SERIALIZATION, _wrong_type(violation)
    order = list(load(operation)["properties"])
    sentences = dict.fromkeys(
        _sentence(violation, params)
        for violation in sorted(violations, key=lambda violation: _position(violation, order))
    )
    plural = "s" if len(sentences) > 1 else ""
    return "ValidationException", f"{len(sentences)} validation error{plural} detected: " + "; ".join(sentences)


def _position(violation: Violation, order: list[str]) -> int:
    """The place of the offending member in the request, the order in which several violations are told."""
    name = violation.absolute_path[0] if violation.absolute_path else _missing(violation)
    return order.index(name) if name in order else len(order)


def _missing(violation: Violation) -> str:
    """The member that a ``required`` violation is about: there is one violation for each, told apart by its message."""
    return next(name for name in violation.validator_value if violation.message.startswith(repr(name)))


def _wrong_type(violation: Violation) -> str:
    given = violation.instance
    if isinstance(given, dict):
        return "Start of structure or map found where not expected."
    if isinstance(given, list):
        return "Start of list found where not expected"
    wanted = _JAVA_TYPES.get(str(violation.validator_value))
    if wanted is None:
        return "Expected list or null" if violation.validator_value == "array" else "Expected map or null"
    java = {bool: "Boolean", int: "Integer", float: "Double", str: "String"}[type(given)]
    return f"class java.lang.{java} can not be converted to {wanted}"


def _sentence(violation: Violation, params: dict[str, Any]) -> str:
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
    steps = list(violation.absolute_schema_path)
    inside = steps[-2] if len(steps) > 1 else None
    if inside == "propertyNames":
        return path, f"Map keys must satisfy constraint: [{_constraints(violation.schema)}]", _at(params, path)
    if inside in ("items", "additionalProperties") and path:
        subject = "Member" if inside == "items" else "Map value"
        return (
            path[:-1],
            f"{subject} must satisfy constraint: [{_constraints(violation.schema)}]",
            _at(params, path[:-1]),
        )
    value = violation.instance
    if str(violation.validator).startswith("x-aws-"):
        size = len(_decoded(value))
        value = f"java.nio.HeapByteBuffer[pos=0 lim={size} cap={size}]"  # as captured
    return path, _constraint(str(violation.validator), violation.schema), value


def _at(params: Any, path: list[Any]) -> Any:
    for step in path:
        params = params[step]
    return params


def _constraints(schema: Any) -> str:
    return ", ".join(
        _constraint(keyword, schema)
        for keyword in ("maxLength", "minLength", "pattern", "enum", "maximum", "minimum")
        if keyword in schema
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
    """``["TrainingData", "Assets", 0, "GroundTruthManifest"]`` -> ``trainingData.assets.1.member.groundTruthManifest``."""
    return ".".join(f"{step + 1}.member" if isinstance(step, int) else step[:1].lower() + step[1:] for step in path)


def _java(value: Any) -> str:
    """Write *value* as Java's toString does."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}={_java(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_java(item) for item in value) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return "null" if value is None else str(value)


# --- answers and presets --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Problem:
    """One member that breaks its schema: where (``EvaluationResult.F1Score``), and what is wrong with it."""

    path: str
    message: str


def problems(name: str, instance: Any) -> list[Problem]:
    """Return what is wrong with a description, by the schema *name*; an empty list if it may be shown."""
    return [
        Problem(".".join(str(step) for step in violation.absolute_path), violation.message)
        for violation in _compiled(name).iter_errors(instance)
    ]
