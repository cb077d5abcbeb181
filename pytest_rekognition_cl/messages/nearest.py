"""The nearest real name, and a repr that never fails: what every message about a mistake begins with."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

#: Longest text of a value in a message about a mistake in arranging.
_LONG = 600
#: Shortest end of a name that is taken for it: ``FAILED`` for ``TRAINING_FAILED``.
_END = 4
#: How alike two names are that differ by a slip of the hand.
_CLOSE = 0.8


def did_you_mean(word: object, known: Iterable[object], *, cutoff: float = 0.6) -> str:
    """Return the end of a sentence: ``; did you mean 'x'?`` for the nearest of *known*, or a full stop."""
    names = [str(name) for name in known]
    text = word if isinstance(word, str) else safe_repr(word)
    near = (
        get_close_matches(text, names, n=1, cutoff=max(_CLOSE, cutoff))
        or [name for name in names if len(text) >= _END and name.endswith(f"_{text}")][:1]
        or get_close_matches(text, names, n=1, cutoff=cutoff)
        or [name for name in names if _bare(name) == _bare(text)][:1]
        or [name for name in names if len(text) > 1 and name.startswith(text)][:1]
    )
    return f"; did you mean {near[0]!r}?" if near else "."


def _bare(name: str) -> str:
    """Return *name* as ``KmsKeyId`` and ``kms_key_id`` have it in common."""
    return name.replace("_", "").lower()


def safe_repr(value: object) -> str:
    """Return what ``repr`` says of any value, a long text cut in the middle; its type if it has no repr."""
    try:
        return cut_middle(repr(value), _LONG)
    except Exception:  # nested without end, a number of endless digits, or a mistake in somebody's class
        return f"<{type(value).__name__}>"


def cut_middle(text: str, width: int) -> str:
    """Return *text*, what is too long left out of its middle."""
    head = width * 2 // 3
    tail = width - head - 1
    return text if len(text) <= width else f"{text[:head]}…{text[-tail:]}"
