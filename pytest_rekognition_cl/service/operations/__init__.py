"""The operations of the service: each public function that one of these modules defines.

Adding one is a function, named as the boto3 method, in the module of its resource and a request schema of its name. A
function gets the store, the checked members of the request and its context; it returns the members of the answer, and
raises ServiceError to refuse. Sources: the pages https://docs.aws.amazon.com/rekognition/latest/APIReference/API_….html,
named at the functions.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..store import Store
from . import datasets, projects, versions
from .common import Params, RawJson, RequestContext

__all__ = ["OPERATIONS", "Operation", "Params", "RawJson", "RequestContext"]

Operation = Callable[[Store, Params, RequestContext], dict[str, Any] | RawJson]

#: boto3 method name -> the operation.
OPERATIONS: dict[str, Operation] = {
    name: function
    for module in (projects, versions, datasets)
    for name, function in vars(module).items()
    if not name.startswith("_") and getattr(function, "__module__", None) == module.__name__
}
