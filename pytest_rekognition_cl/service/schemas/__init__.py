"""The documented constraints as JSON Schema 2020-12 files, and how they are read.

One file per operation's request (named as the boto3 method), one of all responses, one per description, one of shared
shapes. Beside the standard's words they use a few annotations: ``x-aws-pattern`` (the pattern as the service prints
it), ``x-aws-timestamp``, ``x-aws-minBytes``/``x-aws-maxBytes`` (of the bytes behind a base64 text), ``x-aws-operation``
and ``x-aws-errors``.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@cache
def load(name: str) -> dict[str, Any]:
    """Return the schema *name* with every ``$ref`` replaced by what it points to.

    References across files cost the checker a look-up at every step of every check; the shapes are not recursive, so
    they can be put in place once. The result is shared: do not change it.
    """
    raw = _read(f"{name}.json")
    return {key: value if key == "$schema" else _inline(value, raw) for key, value in raw.items()}


@cache
def _read(file: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((FOLDER / file).read_text(encoding="utf-8"))
    return content


def _inline(node: Any, home: dict[str, Any]) -> Any:
    if not isinstance(node, dict):
        return node
    if "$ref" in node:
        file, _, pointer = node["$ref"].partition("#/")
        home = _read(file) if file else home
        target: Any = home
        for step in pointer.split("/") if pointer else ():
            target = target[step]
        return _inline(target, home)
    return {key: _inline(value, home) for key, value in node.items()}
