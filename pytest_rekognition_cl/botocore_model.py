"""Rekognition as the installed botocore describes it: names, shapes, and JSON in and out. Public botocore API only."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import cache
from typing import Any

SERVICE = "rekognition"


@cache
def service_model() -> Any:
    """Return botocore's model of Rekognition (read once: it does not change while a process lives)."""
    from botocore.loaders import Loader
    from botocore.model import ServiceModel

    return ServiceModel(Loader().load_service_model(SERVICE, "service-2"), SERVICE)


@cache
def method_name(operation: str) -> str:
    """``CreateProjectVersion`` -> ``create_project_version``, the boto3 method's name."""
    from botocore import xform_name

    name: str = xform_name(operation)
    return name


@cache
def operations() -> dict[str, str]:
    """Return every operation of Rekognition: boto3 method name -> AWS name."""
    return {method_name(name): name for name in service_model().operation_names}


@cache
def operation_model(method: str) -> Any:
    return service_model().operation_model(operations()[method])


@cache
def parameters(method: str) -> tuple[str, ...]:
    shape = operation_model(method).input_shape
    return tuple(shape.members) if shape is not None else ()


@cache
def error_codes(method: str) -> tuple[str, ...]:
    return tuple(shape.name for shape in operation_model(method).error_shapes)


def read_params(method: str, body: bytes) -> dict[str, Any]:
    """Return a request's parameters as the caller wrote them: the JSON, with base64 texts turned back into bytes."""
    try:
        params = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(params, dict) or method not in operations():
        return params if isinstance(params, dict) else {}
    converted: dict[str, Any] = _convert(_decoded, operation_model(method).input_shape, params)
    return converted


def read_response(method: str, status: int, body: bytes) -> dict[str, Any]:
    """Return an answer as botocore's parser reads it, without the ResponseMetadata."""
    from botocore.parsers import create_parser

    model = operation_model(method)
    parsed: dict[str, Any] = create_parser("json").parse(
        {"status_code": status, "headers": {}, "body": body, "context": {"operation_name": model.name}},
        model.output_shape,
    )
    parsed.pop("ResponseMetadata", None)
    return parsed


def check_response(method: str, response: dict[str, Any]) -> str | None:
    """Return what is wrong with a canned answer, by botocore's output shape; None if nothing is."""
    from botocore.exceptions import ParamValidationError
    from botocore.validate import validate_parameters

    try:
        validate_parameters(response, operation_model(method).output_shape)
    except ParamValidationError as error:
        return str(error.kwargs["report"])
    return None


def write_response(method: str, response: dict[str, Any]) -> bytes:
    return json.dumps(_convert(_encoded, operation_model(method).output_shape, response)).encode()


def _convert(leaf: Callable[[str, Any], Any], shape: Any, value: Any) -> Any:
    """Return *value* of botocore's *shape*, what is neither a structure, a map nor a list put through *leaf*."""
    if shape is None or value is None:
        return value
    kind = shape.type_name
    if kind == "structure" and isinstance(value, dict):
        return {key: _convert(leaf, shape.members.get(key), item) for key, item in value.items()}
    if kind == "map" and isinstance(value, dict):
        return {key: _convert(leaf, shape.value, item) for key, item in value.items()}
    if kind == "list" and isinstance(value, (list, tuple)):
        return [_convert(leaf, shape.member, item) for item in value]
    return leaf(kind, value)


def _decoded(kind: str, value: Any) -> Any:
    if kind == "blob" and isinstance(value, str):
        with suppress(ValueError):
            return base64.b64decode(value, validate=True)
    return value


def _encoded(kind: str, value: Any) -> Any:
    if kind == "blob":
        raw = value.encode() if isinstance(value, str) else value.read() if hasattr(value, "read") else value
        return base64.b64encode(raw).decode("ascii")
    return value.timestamp() if kind == "timestamp" and isinstance(value, datetime) else value
