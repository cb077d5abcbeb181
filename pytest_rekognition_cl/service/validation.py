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
from collections.abc import Callable, Collection, Iterator
from functools import cache, lru_cache, reduce
from operator import getitem
from pathlib import Path
from typing import Any, cast

from jsonschema import Draft202012Validator, validators
from jsonschema import ValidationError as Violation

from .errors import SERIALIZATION, ServiceError

#: The documented constraints: a file for each operation's request, named as the boto3 method, one of all responses, one
#: for each description, one of shared shapes.
SCHEMAS = Path(__file__).parent / "schemas"


@cache
def load(name: str) -> dict[str, Any]:
    """Return the schema *name*, not to be changed; every ``$ref``, slow to check by, is replaced by its target."""
    return cast("dict[str, Any]", _inline({"$ref": f"{name}.json"}, {}))


@cache
def _read(file: str) -> Any:
    return json.loads((SCHEMAS / file).read_text(encoding="utf-8"))


def _inline(node: Any, home: dict[str, Any]) -> Any:
    if isinstance(node, dict) and "$ref" in node:
        file, _, pointer = node["$ref"].partition("#/")
        home = _read(file) if file else home
        return _inline(reduce(getitem, pointer.split("/"), home) if pointer else home, home)
    return {key: _inline(value, home) for key, value in node.items()} if isinstance(node, dict) else node


# --- requests -------------------------------------------------------------------------------------------------------

#: What is longer is not worth remembering.
REMEMBERED_BYTES = 4096


@lru_cache(maxsize=256)
def read_request(operation: str, body: bytes) -> dict[str, Any]:
    """Return the members of a request body, to be read only; *operation* is the boto3 method's name.

    A member that is null counts as not given, and a member that the operation does not have is passed over, as AWS's
    JSON protocols have it. Raises ServiceError for everything else that the service would refuse before it looks at
    what the request means. A refusal is not remembered: it may depend on how deep the stack is.
    """
    schema = load(operation)
    try:
        params: Any = _known(_DECODER.decode(body.decode() or "{}"), schema)
    except (ValueError, RecursionError):
        params = None  # not UTF-8, not JSON, a number too long to read, or nested without end
    if not isinstance(params, dict):
        raise ServiceError(SERIALIZATION, "The request body is not a JSON object")
    # Many items of one list share one sentence: writing the list out for each would take for ever.
    different: dict[object, Violation] = {}
    try:
        for violation in _violations(operation, params, schema.get("required", ())):
            if violation.validator == "type" and violation.instance is not None:
                raise ServiceError(SERIALIZATION, _wrong_type(violation))
            different.setdefault((*_place(violation), violation.instance is None), violation)
    except RecursionError:
        raise ServiceError(SERIALIZATION, "The request body is nested too deeply") from None
    if different:
        sentences = dict.fromkeys(_sentence(violation, params) for violation in different.values())
        head = f"{len(sentences)} validation error{'s' if len(sentences) > 1 else ''} detected: "
        raise ServiceError("ValidationException", head + "; ".join(sentences))
    return params


_DECODER = json.JSONDecoder(parse_constant=int)  # NaN and Infinity, which int refuses, are no JSON


def _known(value: Any, schema: dict[str, Any]) -> Any:
    """Return *value* with the members that *schema* knows, in its order (captured), without nulls, however deep."""
    if isinstance(value, dict) and schema.get("type") == "object":
        members = schema.get("properties") or dict.fromkeys(value, schema["additionalProperties"])
        return {name: _known(value[name], inner) for name, inner in members.items() if value.get(name) is not None}
    if isinstance(value, list) and schema.get("type") == "array":
        return [_known(item, schema["items"]) for item in value]
    return value


def _violations(name: str, members: dict[str, Any], required: Collection[str]) -> Iterator[Violation]:
    """Check *members* in the order of the schema *name*, without a second look at a value that has passed."""
    for member, checker in _checkers(name).items():
        if member not in members:
            yield from _Checker({"required": [member]}).iter_errors(members) if member in required else ()
            continue
        try:
            data = marshal.dumps(members[member], 2)  # version 2: equal values are equal bytes
        except ValueError:  # no plain JSON value, or one nested without end
            data = b""
        if 0 < len(data) <= REMEMBERED_BYTES and _passes(name, member, data):
            continue
        for violation in checker.iter_errors(members[member]):
            violation.path.appendleft(member)
            yield violation


@lru_cache(maxsize=4096)
def _passes(name: str, member: str, data: bytes) -> bool:
    return next(_checkers(name)[member].iter_errors(marshal.loads(data)), None) is None


@cache
def _checkers(name: str) -> dict[str, Any]:
    return {member: _Checker(schema) for member, schema in load(name)["properties"].items()}


# --- the texts of refusals ------------------------------------------------------------------------------------------

_JAVA_TYPES = {"string": "String", "integer": "Integer", "number": "Float", "boolean": "Boolean"}
_JAVA_CLASSES = {bool: "Boolean", int: "Integer", float: "Double", str: "String"}


def _wrong_type(violation: Violation) -> str:
    """Say that a value has the wrong JSON type, as the service's reader does (captured for a String as a Float)."""
    value: Any = violation.instance
    wanted = str(violation.validator_value)
    if isinstance(value, dict):
        return "Start of structure or map found where not expected."
    if isinstance(value, list):
        return "Start of list found where not expected"
    if wanted not in _JAVA_TYPES:
        return f"Expected {'list' if wanted == 'array' else 'map'} or null"
    return f"class java.lang.{_JAVA_CLASSES[type(value)]} can not be converted to an {_JAVA_TYPES[wanted]}"


_KINDS = {"items": "Member", "additionalProperties": "Map value", "propertyNames": "Map keys"}


def _place(violation: Violation) -> tuple[tuple[Any, ...], str]:
    """Return the path that a refusal names, that of a list or map for its plain items, and the word of the schema."""
    path, word = tuple(violation.absolute_path), str(violation.validator)
    kind = str(["", *violation.absolute_schema_path][-2])
    if word == "required" or kind not in _KINDS:
        return path, word
    return path if kind == "propertyNames" else path[:-1], kind


def _sentence(violation: Violation, params: dict[str, Any]) -> str:
    """Say what is wrong as the service does: ``Value '101' at 'maxResults' failed to satisfy constraint: ...``."""
    (path, where), value, schema = _place(violation), violation.instance, cast("dict[str, Any]", violation.schema)
    if where in _KINDS:  # all the constraints of the items are told
        words = ["type"] if value is None else ["maxLength", "minLength", "pattern", "enum"]
        every = ", ".join(_constraint(word, schema) for word in words if word in schema)
        what = f"{_KINDS['items' if value is None else where]} must satisfy constraint: [{every}]"
        value = reduce(getitem, path, params)
    else:
        what = _constraint(where, schema)
    if where.startswith("x-aws-"):
        size = len(_decoded(str(value)))
        value = f"java.nio.HeapByteBuffer[pos=0 lim={size} cap={size}]"  # as captured
    dotted = ".".join(f"{step + 1}.member" if isinstance(step, int) else step[:1].lower() + step[1:] for step in path)
    shown = "null" if where == "required" else f"'{_java(value)}'"
    return f"Value {shown} at '{dotted}' failed to satisfy constraint: {what}"


def _constraint(word: str, schema: dict[str, Any]) -> str:
    if word in ("type", "required"):
        return "Member must not be null"
    if word == "enum":
        return f"Member must satisfy enum value set: [{', '.join(schema['enum'])}]"
    if word == "pattern":
        return f"Member must satisfy regular expression pattern: {schema['x-aws-pattern']}"
    measure = "value" if word in ("maximum", "minimum") else "length"
    return f"Member must have {measure} {'less' if 'max' in word else 'greater'} than or equal to {schema[word]}"


def _java(value: Any) -> str:
    """Write *value* as Java's toString does."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}={_java(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_java(item) for item in value) + "]"
    return {math.inf: "Infinity", -math.inf: "-Infinity", None: "null"}.get(value, str(value))


# --- descriptions, and the checker ------------------------------------------------------------------------------------


def problems(name: str, instance: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with members by the schema *name*: where (``EvaluationResult.F1Score``), and what."""
    for violation in _violations(name, instance, required=()):
        yield ".".join(map(str, violation.absolute_path)), violation.message
    yield from ((path, "is not a finite number") for path in _not_finite(instance, ()))


def _not_finite(value: Any, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, float) and not math.isfinite(value):
        yield ".".join(path)
    elif isinstance(value, (dict, list)):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _not_finite(item, (*path, str(key)))


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


def _required(validator: Any, names: Any, instance: Any, schema: Any) -> Iterator[Violation]:
    for name in names if isinstance(instance, dict) else ():
        if name not in instance:
            yield Violation(f"{name!r} is a required property", path=[name])


def _for_texts(passes: Callable[[str, Any], bool]) -> Any:
    def check(validator: Any, bound: Any, instance: Any, schema: dict[str, Any]) -> Iterator[Violation]:
        if isinstance(instance, str) and not passes(instance, bound):
            yield Violation(f"{instance!r} does not match {bound}")

    return check


_Checker: Any = cast("Any", validators).extend(  # jsonschema has no types for it
    Draft202012Validator,
    validators={
        "required": _required,
        "pattern": _for_texts(lambda text, pattern: _regex(pattern).fullmatch(text) is not None),
        "x-aws-minBytes": _for_texts(lambda text, least: len(_decoded(text)) >= least),
        "x-aws-maxBytes": _for_texts(lambda text, most: len(_decoded(text)) <= most),
    },
    type_checker=Draft202012Validator.TYPE_CHECKER.redefine_many(
        {
            "integer": lambda _, value: isinstance(value, int) and not isinstance(value, bool),
            # Not every numbers.Number: a Decimal in a preset cannot be written as JSON, a complex one has no order.
            "number": lambda _, value: isinstance(value, (int, float)) and not isinstance(value, bool),
        }
    ),
)
