"""How the bench measures: medians of processor time, of things done in turn, and the floor that calls are compared with.

The floor is the same botocore pipeline (checks, serialising, events, parsing) with a canned answer at the same method.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FunctionType
from typing import Any

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")

import boto3
from botocore.awsrequest import AWSResponse
from botocore.endpoint import Endpoint

REGION = "us-east-1"
MANIFEST = {"S3Object": {"Bucket": "my-bucket", "Name": "manifests/output.manifest"}}
#: What a careful user's CreateProjectVersion has, but for ProjectArn and VersionName.
FULL_BODY = {
    "OutputConfig": {"S3Bucket": "my-bucket", "S3KeyPrefix": "evaluation"},
    "TrainingData": {"Assets": [{"GroundTruthManifest": MANIFEST}]},
    "TestingData": {"Assets": [{"GroundTruthManifest": MANIFEST}], "AutoCreate": False},
    "Tags": {"team": "vision", "stage": "test"},
    "KmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab",
    "VersionDescription": "the model of the bench",
}
#: As many as the service sends: botocore reads each of them.
HEADERS = {
    "Content-Type": "application/x-amz-json-1.1",
    "Date": "Fri, 28 Jul 2023 15:05:51 GMT",
    "x-amzn-RequestId": "03507c9b-7e84-41e9-9ad1-854a4567eb71",
    "Content-Length": "1234",
}
QUIET = ("request-created.", "before-send.")
# Botocore's own: a copy, since a fixture redirects the function itself.
_make_request = FunctionType(Endpoint.make_request.__code__, Endpoint.make_request.__globals__)


def new_client() -> Any:
    """Return a client of boto3."""
    return boto3.client("rekognition", region_name=REGION)


def seconds(action: Callable[[], object]) -> float:
    """Return the processor time that *action* takes."""
    started = time.process_time()
    action()
    return time.process_time() - started


def in_turn(*actions: Callable[[], object], rounds: int, inner: int = 1) -> list[float]:
    """Return the median seconds of one call of each action; they are measured in turn, *inner* calls at a time."""

    def repeat(action: Callable[[], object]) -> None:
        for _ in range(inner):
            action()

    taken: list[list[float]] = [[] for _ in actions]
    for round_ in range(rounds + 1):
        for action, times in zip(actions, taken, strict=True):
            value = seconds(lambda action=action: repeat(action)) / inner
            if round_:  # the first round warms up
                times.append(value)
    return [statistics.median(times) for times in taken]


class _QuietEmitter:
    """An event emitter without the events that sign a request or let others answer it."""

    def __init__(self, emitter: Any) -> None:
        self._emitter = emitter

    def emit(self, event_name: str, **keywords: Any) -> Any:
        return [] if event_name.startswith(QUIET) else self._emitter.emit(event_name, **keywords)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._emitter, name)


@contextmanager
def canned(answers: dict[str, Callable[[], bytes]]) -> Iterator[None]:
    """Let botocore's pipeline run over canned bodies: operation -> what makes the next body."""
    found = Endpoint.make_request

    def make_request(endpoint: Any, operation_model: Any, request_dict: Any) -> Any:
        double = object.__new__(type(endpoint))
        vars(double).update(vars(endpoint))
        double._event_emitter = _QuietEmitter(endpoint._event_emitter)

        def send(request: Any) -> Any:
            response = AWSResponse(request.url, 200, dict(HEADERS), None)
            response._content = answers[operation_model.name]()
            return response

        double._send = send
        return _make_request(double, operation_model, request_dict)

    Endpoint.make_request = make_request
    try:
        yield
    finally:
        Endpoint.make_request = found
