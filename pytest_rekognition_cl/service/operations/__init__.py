"""One function per operation. Adding one is a function in the module of its resource and a request schema of its name.

A new module needs a place in the import below as well, for that is what registers its functions. Sources: each
operation's page of the API reference, named at its function.
"""

from __future__ import annotations

from . import copies, inference, models, projects, training
from .registry import OPERATIONS, Caller, Operation, Params, RawJson, operation

__all__ = [
    "OPERATIONS",
    "Caller",
    "Operation",
    "Params",
    "RawJson",
    "copies",
    "inference",
    "models",
    "operation",
    "projects",
    "training",
]
