"""Check request bodies and descriptions against the JSON Schemas, and refuse in the service's words.

Two errors for requests: a value of the wrong JSON type is a SerializationException, every documented bound a
ValidationException that counts its violations. Their texts are captured answers for the pattern, the length and the
plural form, and the habit of AWS's framework for the rest (docs/fidelity.md).

The words of the schemas mean what the service means: ``pattern`` the whole text, with ASCII digits and Java's Unicode
classes; an integer is no boolean and no ``1.0``; ``x-aws-minBytes`` and ``x-aws-maxBytes`` count the decoded bytes.
"""

from __future__ import annotations

import base64
import json
import marshal
import math
import re
from collections.abc import Callable, Iterator
from functools import cache, reduce
from operator import getitem
from pathlib import Path
from typing import Any, cast

import jsonschema
from jsonschema import validators
from jsonschema.exceptions import ValidationError as Violation

from .errors import SERIALIZATION, ServiceError

#: What has passed its checks: request bodies, and members in their JSON Schemas. Only what passes is remembered (a
#: refusal may depend on how deep the stack is), nothing that is longer than this, and so many at most.
_passed: set[tuple[str | int, bytes]] = set()
_REMEMBERED_BYTES, _REMEMBERED = 4096, 4096


def _remember(key: tuple[str | int, bytes]) -> None:
    if len(key[1]) <= _REMEMBERED_BYTES:
        if len(_passed) >= _REMEMBERED:
            _passed.clear()
        _passed.add(key)


#: The documented constraints: a file for each operation's request, named as the boto3 method, one of all responses, one
#: for each description, one of shared shapes.
SCHEMAS = Path(__file__).parent / "schemas"


@cache
def load(name: str) -> dict[str, Any]:
    """Return the schema *name* with every ``$ref`` replaced by what it points to.

    A reference costs the checker a look-up at every step of every check. The result is shared: do not change it.
    """
    raw = _read(f"{name}.json")
    return {key: value if key == "$schema" else _inline(value, raw) for key, value in raw.items()}


@cache
def _read(file: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((SCHEMAS / file).read_text(encoding="utf-8"))
    return content


def _inline(node: Any, home: dict[str, Any]) -> Any:
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        file, _, pointer = node["$ref"].partition("#/")
        home = _read(file) if file else home
        return _inline(reduce(getitem, pointer.split("/"), home) if pointer else home, home)
    return {key: _inline(value, home) for key, value in node.items()}


# --- requests -------------------------------------------------------------------------------------------------------


def read_request(operation: str, body: bytes) -> dict[str, Any]:
    """Return the members of a request body; *operation* is the boto3 method's name.

    A member that is null counts as not given, and a member that the operation does not have is passed over, as AWS's
    JSON protocols have it. Raises ServiceError for everything else that the service would refuse before it looks at
    what the request means.
    """
    params = _parse(operation, body)
    if (operation, body) not in _passed:
        refusal = _verdict(operation, params)
        if refusal is not None:
            raise ServiceError(*refusal)
        _remember((operation, body))
    return params


def _parse(operation: str, body: bytes) -> dict[str, Any]:
    try:
        params = _DECODER.decode(body.decode("utf-8") or "{}")
        if isinstance(params, dict):
            known: dict[str, Any] = _known(params, load(operation))
            return known
    except (ValueError, RecursionError):
        pass  # not UTF-8, not JSON, a number too long to read, or nested without end
    raise ServiceError(SERIALIZATION, "The request body is not a JSON object")


_DECODER = json.JSONDecoder(parse_constant=int)  # NaN and Infinity, which int refuses, are no JSON


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
    # Many items of one list share one sentence: writing the list out for each would take for ever.
    different: dict[object, Violation] = {}
    try:
        for violation in _compiled(operation).iter_errors(params):
            if violation.validator == "type" and violation.instance is not None:
                return SERIALIZATION, _wrong_type(violation)
            different.setdefault((*_place(violation), violation.instance is None), violation)
    except ServiceError as error:
        return error.code, error.message
    except RecursionError:  # raised, and so not remembered: elsewhere there may be more room on the stack
        raise ServiceError(SERIALIZATION, "The request body is nested too deeply") from None
    if not different:
        return None
    order = list(load(operation)["properties"])
    in_order = sorted(different.values(), key=lambda violation: order.index(_place(violation)[0][0]))
    sentences = dict.fromkeys(_sentence(violation, params) for violation in in_order)
    plural = "s" if len(sentences) > 1 else ""
    return "ValidationException", f"{len(sentences)} validation error{plural} detected: " + "; ".join(sentences)


# --- the texts of refusals ------------------------------------------------------------------------------------------

_JAVA_TYPES = {"string": "String", "integer": "Integer", "number": "Float", "boolean": "Boolean"}
_JAVA_CLASSES = {bool: "Boolean", int: "Integer", float: "Double", str: "String"}


def _wrong_type(violation: Violation) -> str:
    """Say that a value has the wrong JSON type, as the service's reader does (captured for a String as a Float)."""
    value: Any = violation.instance
    if isinstance(value, dict):
        return "Start of structure or map found where not expected."
    if isinstance(value, list):
        return "Start of list found where not expected"
    wanted = _JAVA_TYPES.get(str(violation.validator_value))
    if wanted is None:
        return "Expected list or null" if violation.validator_value == "array" else "Expected map or null"
    return f"class java.lang.{_JAVA_CLASSES[type(value)]} can not be converted to an {wanted}"


_KINDS = {"items": "Member", "additionalProperties": "Map value", "propertyNames": "Map keys"}


def _place(violation: Violation) -> tuple[tuple[Any, ...], str]:
    """Return the path that a refusal names, and what is violated there: a word of the schema.

    A violation by a plain item of a list, or by a key or value of a map, is reported at the list or map.
    """
    path, word = tuple(violation.absolute_path), str(violation.validator)
    if word == "required":
        # There is one violation for each missing member, distinguished by the message alone.
        required: Any = violation.validator_value
        return (*path, next(name for name in required if violation.message.startswith(repr(name)))), word
    inside = [str(step) for step in violation.absolute_schema_path][-2:-1]
    if inside and inside[0] in _KINDS:
        return path if inside[0] == "propertyNames" else path[:-1], inside[0]
    return path, word


def _sentence(violation: Violation, params: dict[str, Any]) -> str:
    """Say what is wrong as the service does: ``Value '101' at 'maxResults' failed to satisfy constraint: ...``."""
    (path, where), value, schema = _place(violation), violation.instance, cast("dict[str, Any]", violation.schema)
    if where in _KINDS:  # all the constraints of the items are told
        words = [word for word in ("maxLength", "minLength", "pattern", "enum") if word in schema]
        every = ", ".join(_constraint(word, schema) for word in (["type"] if value is None else words))
        what = f"{_KINDS['items' if value is None else where]} must satisfy constraint: [{every}]"
        value = reduce(getitem, path, params)
    else:
        what = _constraint(where, schema)
    if where.startswith("x-aws-"):
        size = len(_decoded(str(value)))
        value = f"java.nio.HeapByteBuffer[pos=0 lim={size} cap={size}]"  # as captured
    shown = "null" if where == "required" else f"'{_java(value)}'"
    return f"Value {shown} at '{_dotted(path)}' failed to satisfy constraint: {what}"


def _constraint(word: str, schema: dict[str, Any]) -> str:
    if word in ("type", "required"):
        return "Member must not be null"
    if word == "enum":
        return f"Member must satisfy enum value set: [{', '.join(schema['enum'])}]"
    if word == "pattern":
        return f"Member must satisfy regular expression pattern: {schema['x-aws-pattern']}"
    measure = "value" if word in ("maximum", "minimum") else "length"
    return f"Member must have {measure} {'less' if 'max' in word else 'greater'} than or equal to {schema[word]}"


def _dotted(path: tuple[Any, ...]) -> str:
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


# --- descriptions, and the checker ------------------------------------------------------------------------------------


def problems(name: str, instance: Any) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a description by the schema *name*: where (``EvaluationResult.F1Score``), and what."""
    for violation in _compiled(name).iter_errors(instance):
        yield ".".join(map(str, violation.absolute_path)), violation.message
    yield from ((path, "is not a finite number") for path in _not_finite(instance, ()))


def _not_finite(value: Any, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, float) and not math.isfinite(value):
        yield ".".join(path)
    elif isinstance(value, (dict, list)):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _not_finite(item, (*path, str(key)))


def _properties(validator: Any, properties: dict[str, Any], instance: Any, schema: Any) -> Iterator[Violation]:
    """Do as jsonschema's own ``properties``, without a second look at a value that has passed."""
    for name, inner in properties.items() if isinstance(instance, dict) else ():
        if name not in instance:
            continue
        try:
            key = id(inner), marshal.dumps(instance[name], 2)  # version 2: equal values are equal bytes
        except ValueError:  # no plain JSON value, or one nested without end
            key = None
        if key not in _passed:
            violation = None
            for violation in validator.descend(instance[name], inner, path=name, schema_path=name):
                yield violation
            if violation is None and key is not None:
                _remember(key)


#: ``\w`` is all letters and numbers and the underscore; these are the separators of Java's ``\p{Z}``.
_WORDS_AND_SPACES = r"\w\u0020\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"


@cache
def _regex(pattern: str) -> re.Pattern[str]:
    known = pattern.replace(r"\p{L}\p{Z}\p{N}_", _WORDS_AND_SPACES)
    return re.compile(known, re.ASCII if known == pattern else re.UNICODE)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise ServiceError(SERIALIZATION, "Invalid base64 character") from None


def _for_texts(passes: Callable[[str, Any], bool]) -> Any:
    """Return what checks a keyword that bounds texts."""

    def check(validator: Any, bound: Any, instance: Any, schema: dict[str, Any]) -> Iterator[Violation]:
        if isinstance(instance, str) and not passes(instance, bound):
            yield Violation(f"{instance!r} does not match {bound}")

    return check


_extend: Any = validators.extend  # jsonschema has no types for it
_Checker: Any = _extend(
    jsonschema.Draft202012Validator,
    validators={
        "properties": _properties,
        "pattern": _for_texts(lambda text, pattern: _regex(pattern).fullmatch(text) is not None),
        "x-aws-minBytes": _for_texts(lambda text, least: len(_decoded(text)) >= least),
        "x-aws-maxBytes": _for_texts(lambda text, most: len(_decoded(text)) <= most),
    },
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine_many(
        {
            "integer": lambda _, value: isinstance(value, int) and not isinstance(value, bool),
            # Not every numbers.Number: a Decimal in a preset cannot be written as JSON, a complex one has no order.
            "number": lambda _, value: isinstance(value, (int, float)) and not isinstance(value, bool),
        }
    ),
)


@cache
def _compiled(name: str) -> Any:
    return _Checker(load(name))
