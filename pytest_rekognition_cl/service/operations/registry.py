"""The registry of operations, and what an operation gets and gives.

A function gets the store, the checked members of the request and the caller, and returns the members of the answer. It
raises ServiceError to refuse.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..store import Store


@dataclass(frozen=True)
class Caller:
    """Who asks: the Region of the client, and the virtual time in epoch milliseconds."""

    region: str
    now: int


class RawJson(str):
    """JSON that is written already."""

    __slots__ = ()


Params = dict[str, Any]
Operation = Callable[[Store, Params, Caller], dict[str, Any] | RawJson]

#: boto3 method name -> the operation.
OPERATIONS: dict[str, Operation] = {}


def operation(function: Operation) -> Operation:
    """Put *function* into the registry under its own name, which is the boto3 method's and the request schema's."""
    OPERATIONS[function.__name__] = function
    return function
