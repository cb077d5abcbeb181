"""Every answer of the service that any test sees keeps the schemas and botocore's output shapes.

A plugin of our own suite (tests/conftest.py names it). It looks at what leaves ``RekognitionService.handle``, whoever
asked: a test of the service, a botocore client, aiobotocore, the HTTP server, Hypothesis. What is wrong fails the test
at its end, also where the code under test has swallowed everything.
"""

import json
from collections.abc import Generator, Iterator
from functools import cache, lru_cache
from typing import Any

import pytest
from botocore.loaders import Loader

from pytest_rekognition_cl.service import OPERATIONS, Answer, RekognitionService
from pytest_rekognition_cl.service.errors import COMMON, SERIALIZATION
from pytest_rekognition_cl.service.validation import _Checker, load

MODEL = Loader().load_service_model("rekognition", "service-2")
PYTHON = {
    "structure": dict,
    "map": dict,
    "list": list,
    "string": str,
    "blob": str,
    "integer": int,
    "long": int,
    "float": (int, float),
    "timestamp": (int, float),
    "boolean": bool,
}

#: What was wrong with the answers of the test that runs.
FOUND: list[str] = []


@lru_cache(maxsize=4096)
def wrong_with(operation: str, error: str | None, body: bytes) -> tuple[str, ...]:
    """Return what is wrong with an answer to *operation*, one line each."""
    constants: list[str] = []
    content = json.loads(body, parse_constant=constants.append)
    if constants:
        return (f"{operation}: an answer has {constants[0]}",)
    if operation not in OPERATIONS:
        return () if error == "UnknownOperationException" else (f"{operation} is no operation, yet answered",)
    if error is not None:
        allowed = {*load(operation)["x-aws-errors"], *COMMON, SERIALIZATION}
        return () if content["__type"] == error and error in allowed else (f"{operation} does not raise {error}",)
    output = MODEL["operations"][load(operation)["x-aws-operation"]]["output"]["shape"]
    lines = [f"{operation}: {line}" for line in unlike(content, output, output)]
    for violation in checker(output).iter_errors(content):
        where = ".".join(str(step) for step in (output, *violation.absolute_path))
        lines.append(f"{operation}: {where}: {violation.message} (responses.json)")
    return tuple(lines)


@cache
def checker(response: str) -> Any:
    """Return what checks a whole answer of the shape *response*."""
    return _Checker(load("responses")["$defs"][response])


def unlike(value: Any, shape_name: str, path: str) -> Iterator[str]:
    """Yield where *value* is not of botocore's shape."""
    shape = MODEL["shapes"][shape_name]
    kind = shape["type"]
    if not isinstance(value, PYTHON[kind]) or (isinstance(value, bool) and kind != "boolean"):
        yield f"{path}: {value!r} is no {kind}"
    elif kind == "structure":
        for name, item in value.items():
            if name not in shape["members"]:
                yield f"{path}.{name}: botocore knows no such member"
            else:
                yield from unlike(item, shape["members"][name]["shape"], f"{path}.{name}")
    elif kind in ("list", "map"):
        for item in value.values() if kind == "map" else value:
            yield from unlike(item, shape["value" if kind == "map" else "member"]["shape"], f"{path}[]")


_handle = RekognitionService.handle


def _checked_handle(service: RekognitionService, operation: str, body: bytes, **options: Any) -> Answer:
    answer = _handle(service, operation, body, **options)
    FOUND.extend(wrong_with(operation, answer.error, answer.body))
    return answer


RekognitionService.handle = _checked_handle


def taken() -> list[str]:
    """Return what was found since the last time, and forget it."""
    found = list(dict.fromkeys(FOUND))
    FOUND.clear()
    return found


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    try:
        yield
    finally:
        found = taken()
    if found:
        pytest.fail("The service has answered what it cannot answer:\n" + "\n".join(found), pytrace=False)
