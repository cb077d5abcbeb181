"""Our own answers are held to the schemas too: a wrong one must be loud, never quietly believed."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from .validation import Problem, problems


class Text(str):
    """JSON that is written already, and checked."""

    __slots__ = ()


class BrokenAnswer(BaseException):
    """The fake was about to answer with something the service cannot return: a bug in this plugin, please report it.

    Not an Exception, so that code under test cannot swallow it.
    """


def vetted(name: str, member: dict[str, Any]) -> dict[str, Any]:
    """Return *member* if the schema *name* allows it; raises BrokenAnswer with what is wrong."""
    found = _problems(name, json.dumps(member))
    if found:
        lines = "\n".join(f"  {problem.path or name}: {problem.message}" for problem in found)
        raise BrokenAnswer(
            f"pytest-rekognition-cl made an answer that breaks {name}.json (a bug, please report it):\n{lines}"
        )
    return member


@lru_cache(maxsize=1024)
def _problems(name: str, text: str) -> tuple[Problem, ...]:
    """Check each text once: the description of a model that does not change is the same at every poll."""
    return tuple(problems(name, json.loads(text)))
