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


def page(member: str, items: list[Any], params: dict[str, Any], *, size: int = 100) -> dict[str, Any]:
    """Return the page of *items* that *params* ask for, as the member *member*; its token is bound to the query."""
    query = {name: value for name, value in params.items() if name not in ("NextToken", "MaxResults")}
    begin = read_token(params["NextToken"], query)[0] if params.get("NextToken") else 0
    end = begin + params.get("MaxResults", size)
    answer: dict[str, Any] = {member: items[begin:end]}
    if len(items) > end:
        answer["NextToken"] = make_token((end, 0), query)
    return answer


def _digest(text: str, query: dict[str, Any]) -> str:
    content = text + json.dumps(query)
    return hashlib.blake2b(content.encode(), digest_size=12, key=b"pytest-rekognition-cl").hexdigest()
