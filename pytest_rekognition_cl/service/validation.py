"""Check request bodies, descriptions and presets against the schemas.

Two exceptions for requests: a value of the wrong JSON type is a SerializationException, every documented bound a
ValidationException that counts its violations.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from .checker import Violation, compiled
from .errors import SERIALIZATION, ServiceError
from .schemas import load
from .wording import position, sentence, subject, wrong_type

#: A body up to this size is remembered with its verdict: a poll asks the same thing again and again.
_REMEMBERED_BYTES = 4096


# --- requests -------------------------------------------------------------------------------------------------------


def read_request(operation: str, body: bytes) -> dict[str, Any]:
    """Return the members of a request body; *operation* is the boto3 method's name.

    A member that is null counts as not given, and a member that the operation does not have is passed over, as AWS's
    JSON protocols have it. Raises ServiceError for everything else that the service would refuse before it looks at
    what the request means.
    """
    remembered = len(body) <= _REMEMBERED_BYTES
    refusal = _remembered_verdict(operation, body) if remembered else None
    if refusal is not None:
        raise ServiceError(*refusal)
    params = _parse(operation, body)
    refusal = None if remembered else _verdict(operation, params)
    if refusal is not None:
        raise ServiceError(*refusal)
    return params


@lru_cache(maxsize=512)
def _remembered_verdict(operation: str, body: bytes) -> tuple[str, str] | None:
    return _verdict(operation, _parse(operation, body))


def _parse(operation: str, body: bytes) -> dict[str, Any]:
    try:
        params = _DECODER.decode(body.decode("utf-8") or "{}")
        if isinstance(params, dict):
            known: dict[str, Any] = _known(params, load(operation))
            return known
    except (ValueError, RecursionError):
        pass  # not UTF-8, not JSON, a number too long to read, or nested without end
    raise ServiceError(SERIALIZATION, "The request body is not a JSON object")


def _refuse_constant(name: str) -> None:
    raise ValueError(name)  # NaN and Infinity are Python's, not JSON's


_DECODER = json.JSONDecoder(parse_constant=_refuse_constant)


def _known(value: Any, schema: dict[str, Any]) -> Any:
    """Return *value* with the members that *schema* knows, in its order, without nulls; another type as it is.

    What the service does not know it neither keeps nor shows; what it echoes has the order of its own model (captured).
    """
    if isinstance(value, dict) and "properties" in schema:
        members: dict[str, Any] = schema["properties"]
        return {name: _known(value[name], inner) for name, inner in members.items() if value.get(name) is not None}
    if isinstance(value, dict) and schema.get("type") == "object":
        return {key: _known(item, schema["additionalProperties"]) for key, item in value.items() if item is not None}
    if isinstance(value, list) and schema.get("type") == "array":
        return [_known(item, schema["items"]) for item in value]
    return value


def _verdict(operation: str, params: dict[str, Any]) -> tuple[str, str] | None:
    """Return the code and the message of the refusal that *params* deserve, None if they may pass."""
    # Many items of one list are one thing to tell; writing the list out for each would take for ever.
    different: dict[object, Violation] = {}
    try:
        for violation in compiled(operation).iter_errors(params):
            if violation.validator == "type" and violation.instance is not None:
                return SERIALIZATION, wrong_type(violation)
            different.setdefault(subject(violation), violation)
    except ServiceError as error:
        return error.code, error.message
    except RecursionError:
        return SERIALIZATION, "The request body is nested too deeply"
    if not different:
        return None
    order = list(load(operation)["properties"])
    in_order = sorted(different.values(), key=lambda violation: position(violation, order))
    sentences = dict.fromkeys(sentence(violation, params) for violation in in_order)
    plural = "s" if len(sentences) > 1 else ""
    return "ValidationException", f"{len(sentences)} validation error{plural} detected: " + "; ".join(sentences)


# --- answers and presets --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Problem:
    """One member that breaks its schema: where (``EvaluationResult.F1Score``), and what is wrong with it."""

    path: str
    message: str


def problems(name: str, instance: Any) -> list[Problem]:
    """Return what is wrong with a description, by the schema *name*; an empty list if it may be shown."""
    found = [
        Problem(".".join(str(step) for step in violation.absolute_path), violation.message)
        for violation in compiled(name).iter_errors(instance)
    ]
    return found + [Problem(path, "is not a finite number") for path in _endless(instance, ())]


def _endless(value: Any, path: tuple[str, ...]) -> Iterator[str]:
    """Yield where *value* has a NaN or an infinity: Python's numbers, but not JSON's."""
    if isinstance(value, float) and not math.isfinite(value):
        yield ".".join(path)
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _endless(item, (*path, str(key)))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _endless(item, (*path, str(index)))
