"""Every answer of the service that any test sees keeps the schemas and botocore's output shapes.

A plugin of our own suite (tests/conftest.py names it). It looks at what leaves ``RekognitionService.handle``, whoever
asked: a test of the service, a botocore client, aiobotocore, the HTTP server, Hypothesis. What is wrong fails the test
at its end, also where the code under test has swallowed everything.
"""

import json
from collections.abc import Generator, Iterator
from functools import lru_cache
from typing import Any

import pytest
from botocore.loaders import Loader

from pytest_rekognition_cl.service import OPERATIONS, Answer, RekognitionService
from pytest_rekognition_cl.service.errors import COMMON, SERIALIZATION
from pytest_rekognition_cl.service.schemas import load
from pytest_rekognition_cl.service.validation import problems

MODEL = Loader().load_service_model("rekognition", "service-2")
#: Member of an answer -> the schema of each item in it.
ITEMS = {
    "ProjectVersionDescriptions": "project_version_description",
    "ProjectDescriptions": "project_description",
    "CustomLabels": "custom_label",
}
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
    content = json.loads(body)
    if operation not in OPERATIONS:
        return () if error == "UnknownOperationException" else (f"{operation} is no operation, yet answered",)
    if error is not None:
        allowed = {*load(operation)["x-aws-errors"], *COMMON, SERIALIZATION}
        return () if content["__type"] == error and error in allowed else (f"{operation} does not raise {error}",)
    output = MODEL["operations"][load(operation)["x-aws-operation"]]["output"]["shape"]
    lines = [f"{operation}: {line}" for line in unlike(content, output, output)]
    for member, schema in ITEMS.items():
        for index, item in enumerate(content.get(member, [])):
            for problem in problems(schema, item):
                lines.append(f"{operation}: {member}.{index}.{problem.path}: {problem.message} ({schema}.json)")
    return tuple(lines)


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


def _checked_handle(service: RekognitionService, operation: str, body: bytes, *, region: str) -> Answer:
    answer = _handle(service, operation, body, region=region)
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
