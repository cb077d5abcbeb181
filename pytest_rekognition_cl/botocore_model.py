"""Rekognition as the installed botocore describes it: names, shapes, and JSON in and out. Public botocore API only."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

SERVICE = "rekognition"


@lru_cache(maxsize=1)
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


@lru_cache(maxsize=1)
def operations() -> dict[str, str]:
    """Return every operation of Rekognition: boto3 method name -> AWS name."""
    return {method_name(name): name for name in service_model().operation_names}


@cache
def operation_model(method: str) -> Any:
    """Return botocore's model of an operation, by the boto3 method's name."""
    return service_model().operation_model(operations()[method])


@cache
def parameters(method: str) -> tuple[str, ...]:
    """Return the names of the parameters that an operation takes."""
    shape = operation_model(method).input_shape
    return tuple(shape.members) if shape is not None else ()


@cache
def error_codes(method: str) -> tuple[str, ...]:
    """Return the error codes that an operation declares."""
    return tuple(shape.name for shape in operation_model(method).error_shapes)


def read_params(method: str, body: bytes) -> dict[str, Any]:
    """Return a request's parameters as the caller wrote them: the JSON, with base64 texts turned back into bytes."""
    try:
        params = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(params, dict) or method not in operations():
        return params if isinstance(params, dict) else {}
    plain: dict[str, Any] = _decode(operation_model(method).input_shape, params)
    return plain


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
    """Return a canned answer as it would come over the wire."""
    return json.dumps(_encode(operation_model(method).output_shape, response)).encode()


def _decode(shape: Any, value: Any) -> Any:
    if shape is None or value is None:
        return value
    if shape.type_name == "blob" and isinstance(value, str):
        try:
            return base64.b64decode(value, validate=True)
        except ValueError:
            return value
    return _walk(_decode, shape, value)


def _encode(shape: Any, value: Any) -> Any:
    if shape is None or value is None:
        return value
    if shape.type_name == "blob":
        raw = value.encode() if isinstance(value, str) else value.read() if hasattr(value, "read") else value
        return base64.b64encode(raw).decode("ascii")
    if shape.type_name == "timestamp" and isinstance(value, datetime):
        return value.timestamp()
    return _walk(_encode, shape, value)


def _walk(step: Any, shape: Any, value: Any) -> Any:
    if shape.type_name == "structure" and isinstance(value, dict):
        return {key: step(shape.members.get(key), item) for key, item in value.items()}
    if shape.type_name == "map" and isinstance(value, dict):
        return {key: step(shape.value, item) for key, item in value.items()}
    if shape.type_name == "list" and isinstance(value, (list, tuple)):
        return [step(shape.member, item) for item in value]
    return value
