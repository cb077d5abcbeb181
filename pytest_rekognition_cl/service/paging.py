"""Pagination tokens: opaque to the caller, bound to their query, and safe against tampering.

A token says where the next page begins and carries a digest over that and the query. The
digest is no secret: it only tells a token of ours from one that was changed, or that belongs to another query.
"""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from .errors import ServiceError


def make_token(position: tuple[int, int], query: dict[str, Any]) -> str:
    """Return the token of the page that begins below *position*."""
    text = json.dumps([*position])
    return base64.b64encode(f"{text}|{_digest(text, query)}".encode()).decode()


def read_token(token: str, query: dict[str, Any]) -> tuple[int, int]:
    """Return the position that *token* tells; raises ServiceError for a token that is not of this *query*."""
    try:
        raw = base64.b64decode(token, validate=True)
        text, _, digest = raw.decode("ascii").rpartition("|")
        if digest == _digest(text, query):
            first, second = json.loads(text)
            return first, second
    except ValueError:
        pass
    raise ServiceError("InvalidPaginationTokenException")


def _digest(text: str, query: dict[str, Any]) -> str:
    content = text + json.dumps(query)
    return hashlib.blake2b(content.encode(), digest_size=12, key=b"pytest-rekognition-cl").hexdigest()
