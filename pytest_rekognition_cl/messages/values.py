"""Values in messages: short, and still telling."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

#: Longest text of a value in a message.
WIDTH = 100
#: Longest bytes that are shown in full.
_FEW_BYTES = 16
#: How deep a value is shown: no parameter goes half as deep, but what comes by HTTP may be anything.
_DEPTH = 20


def join(parts: Iterable[str]) -> str:
    """Return *parts* as the lines of one text."""
    return "\n".join(parts)


def text_of(value: Any, depth: int = _DEPTH) -> str:
    """Return what ``repr`` says, but long bytes (images) by their number, and nothing below *depth*."""
    if isinstance(value, (bytes, bytearray)) and len(value) > _FEW_BYTES:
        return f"<{len(value)} bytes>"
    if type(value) is dict:
        inside = (f"{key!r}: {text_of(item, depth - 1)}" for key, item in value.items())
        return "{" + (", ".join(inside) if depth else "…") + "}"
    if type(value) is list:
        inside = (text_of(item, depth - 1) for item in value)
        return "[" + (", ".join(inside) if depth else "…") + "]"
    return repr(value)


def short(value: object, width: int = WIDTH) -> str:
    """Return *value* for a message, a long text cut in the middle."""
    text = text_of(value)
    if len(text) <= width:
        return text
    head = width * 2 // 3
    tail = width - head - 1
    return f"{text[:head]}…{text[-tail:]}"


def short_text(text: str, width: int) -> str:
    """Return *text* for a message, cut at its end."""
    return text if len(text) <= width else text[: width - 1] + "…"


def tail(value: object) -> str:
    """Return *value* for a message; ARNs differ at their end: ``'…project/my-project/1690474772815'``."""
    if isinstance(value, str) and value.startswith("arn:"):
        parts = value.split(":", 5)
        if len(parts) == 6:
            return short("…" + parts[5])
    return short(value, 60)


def contrast(expected: object, got: object) -> str:
    """Return ``expected …, got …``; of long texts, the part around the first difference."""
    if (
        isinstance(expected, (bytes, bytearray))
        and isinstance(got, bytes)
        and max(len(expected), len(got)) > _FEW_BYTES
    ):
        at = _first_difference(expected, got)
        return f"expected {text_of(expected)}, got {text_of(got)}; the first difference is at byte {at}"
    one, other = text_of(expected), text_of(got)
    if max(len(one), len(other)) > WIDTH:
        at = _first_difference(one, other)
        one, other = _window(one, at), _window(other, at)
    return f"expected {one}, got {other}"


def _first_difference(one: Any, other: Any) -> int:
    pairs = enumerate(zip(one, other, strict=False))
    return next((index for index, (a, b) in pairs if a != b), min(len(one), len(other)))


def _window(text: str, at: int) -> str:
    start = max(0, min(at - WIDTH // 3, len(text) - WIDTH))
    end = start + WIDTH
    return f"{'…' if start else ''}{text[start:end]}{'…' if end < len(text) else ''}"


def times(number: int) -> str:
    """``0`` -> ``not called``, ``1`` -> ``called once``, ``3`` -> ``called 3 times``."""
    return {0: "not called", 1: "called once", 2: "called twice"}.get(number, f"called {number} times")


def virtual(ms: int) -> str:
    """Return a length of virtual time, ``+0:30:00``."""
    return f"{'-' if ms < 0 else '+'}{timedelta(seconds=round(abs(ms) / 1000))}"
