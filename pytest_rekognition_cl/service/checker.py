"""The JSON Schema checker, with the words' meaning that the service gives them.

``pattern`` means the whole text, ASCII digits and Java's Unicode classes; an integer is no boolean and no ``1.0``;
``x-aws-minBytes`` and ``x-aws-maxBytes`` count the bytes behind a base64 text.
"""

from __future__ import annotations

import base64
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any

import jsonschema
from jsonschema import validators
from jsonschema.exceptions import ValidationError as Violation

from .errors import SERIALIZATION, ServiceError
from .schemas import load

__all__ = ["Violation", "compiled", "decoded", "matches"]


def _pattern(validator: Any, pattern: str, instance: Any, schema: dict[str, Any]) -> Iterator[Violation]:
    """A ``pattern`` that means what the service means: the whole text, with ASCII digits and Java's Unicode classes."""
    if isinstance(instance, str) and not matches(pattern, instance):
        yield Violation(f"{instance!r} does not match {pattern}")


def _min_bytes(validator: Any, least: int, instance: Any, schema: dict[str, Any]) -> Iterator[Violation]:
    if isinstance(instance, str) and len(decoded(instance)) < least:
        yield Violation(f"is shorter than {least} bytes")


def _max_bytes(validator: Any, most: int, instance: Any, schema: dict[str, Any]) -> Iterator[Violation]:
    if isinstance(instance, str) and len(decoded(instance)) > most:
        yield Violation(f"is longer than {most} bytes")


def _is_integer(checker: Any, instance: Any) -> bool:
    return isinstance(instance, int) and not isinstance(instance, bool)


def _is_number(checker: Any, instance: Any) -> bool:
    # Not every numbers.Number: a Decimal in a preset cannot be written as JSON, a complex one has no order.
    return isinstance(instance, (int, float)) and not isinstance(instance, bool)


_extend: Any = validators.extend  # jsonschema has no types for it
_Checker: Any = _extend(
    jsonschema.Draft202012Validator,
    validators={"pattern": _pattern, "x-aws-minBytes": _min_bytes, "x-aws-maxBytes": _max_bytes},
    type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine_many(
        {"integer": _is_integer, "number": _is_number}
    ),
)


@cache
def compiled(name: str) -> Any:
    """Return the checker of the schema *name*; it is made once."""
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


def decoded(text: str) -> bytes:
    """Return the bytes behind a base64 text; raises ServiceError for a text that is none."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        raise ServiceError(SERIALIZATION, "Invalid base64 character") from None
