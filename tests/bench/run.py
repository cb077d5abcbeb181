"""Measure what the README's table says, in one run: ``python tests/bench/run.py``.

Everything is processor time, and every figure but the absolute targets is a ratio of two things measured in turn, so
that it holds on a machine that others use too. (Nothing here waits: real time is the same on a quiet machine.)
Needs the extra ``test`` (boto3 and moto). Prints one Markdown table.
"""

from __future__ import annotations

import gc
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from types import FunctionType

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")

import boto3
import botocore.endpoint
from botocore.awsrequest import AWSResponse
from botocore.endpoint import Endpoint

from pytest_rekognition_cl import RekognitionCL
from pytest_rekognition_cl.intercept.botocore import _QUIET, QuietEmitter

OUTPUT = {"S3Bucket": "my-bucket", "S3KeyPrefix": "out"}
#: As many as the service sends: botocore reads each of them.
HEADERS = {
    "Content-Type": "application/x-amz-json-1.1",
    "Date": "Fri, 28 Jul 2023 15:05:51 GMT",
    "x-amzn-RequestId": "03507c9b-7e84-41e9-9ad1-854a4567eb71",
    "Content-Length": "1234",
}
#: A copy: the function itself is redirected while a fixture is open.
GENUINE = FunctionType(Endpoint.make_request.__code__, vars(botocore.endpoint), "make_request")
ROOT = Path(__file__).parents[2]


def interleaved(*actions: Callable[[], object], rounds: int, inner: int = 1) -> list[float]:
    """Return the median seconds (of processor time) of each action, measured in turn."""
    times: list[list[float]] = [[] for _ in actions]
    for round_ in range(rounds + 1):
        for action, taken in zip(actions, times, strict=True):
            started = time.process_time()
            for _ in range(inner):
                action()
            if round_:  # the first round warms up
                taken.append((time.process_time() - started) / inner)
    return [statistics.median(taken) for taken in times]


def canned(body: bytes) -> Callable[..., object]:
    """Return a make_request that runs botocore's pipeline over one answer: the floor for anything at this cut."""
    original = GENUINE

    def make_request(endpoint, operation_model, request_dict):
        double = object.__new__(type(endpoint))
        vars(double).update(vars(endpoint))
        double._event_emitter = QuietEmitter(endpoint._event_emitter, _QUIET)

        def send(request):
            response = AWSResponse(request.url, 200, dict(HEADERS), None)
            response._content = body
            return response

        double._send = send
        return original(double, operation_model, request_dict)

    return make_request


def one_call() -> tuple[float, float]:
    """Ratios of a describe and of a create (a fresh body each) to the floor."""
    client = boto3.client("rekognition", region_name="us-east-1")
    with RekognitionCL(region="us-east-1", quotas={"concurrent_trainings": None, "models_per_project": None}) as fake:
        fake.add_model("v1")
        arn = fake.project_arn
        describe = {"ProjectArn": arn, "VersionNames": ["v1"]}
        client.describe_project_versions(**describe)
        described = json.dumps(fake.calls[-1].raw_response).encode()
        names = iter(range(10**9))

        def create() -> None:
            client.create_project_version(ProjectArn=arn, VersionName=f"n{next(names)}", OutputConfig=OUTPUT)

        create()
        created = json.dumps(fake.calls[-1].raw_response).encode()
        ours = Endpoint.make_request
        floors = {}

        def floor(name: str, call: Callable[[], object]) -> Callable[[], object]:
            def run() -> None:
                Endpoint.make_request = floors[name]
                try:
                    for _ in range(20):
                        call()
                finally:
                    Endpoint.make_request = ours

            return run

        Endpoint.make_request = GENUINE  # canned() builds on what botocore has
        floors["describe"], floors["create"] = canned(described), canned(created)
        Endpoint.make_request = ours

        def many(call: Callable[[], object]) -> Callable[[], object]:
            def run() -> None:
                for _ in range(20):
                    call()

            return run

        def describe_call() -> None:
            client.describe_project_versions(**describe)

        a, b, c, d = interleaved(
            many(describe_call), floor("describe", describe_call), many(create), floor("create", create), rounds=40
        )
    return a / b, c / d


SUITES = {
    "ours": """
import boto3, pytest
@pytest.mark.parametrize("n", range(200))
def test(n, rekognition_cl):
    client = boto3.client("rekognition", region_name="us-east-1")
    arn = rekognition_cl.project_arn
    client.create_project_version(ProjectArn=arn, VersionName="v", OutputConfig={"S3Bucket": "my-bucket"})
    answer = client.describe_project_versions(ProjectArn=arn)
    assert answer["ProjectVersionDescriptions"][0]["Status"] == "TRAINING_IN_PROGRESS"
""",
    "Stubber": """
import boto3, pytest
from botocore.stub import Stubber
ARN = "arn:aws:rekognition:us-east-1:123456789012:project/p/1579597815000"
VERSION = "arn:aws:rekognition:us-east-1:123456789012:project/p/version/v/1579597815000"
@pytest.mark.parametrize("n", range(200))
def test(n):
    client = boto3.client("rekognition", region_name="us-east-1")
    with Stubber(client) as stubber:
        stubber.add_response("create_project_version", {"ProjectVersionArn": VERSION})
        stubber.add_response("describe_project_versions", {"ProjectVersionDescriptions": [
            {"ProjectVersionArn": VERSION, "Status": "TRAINING_IN_PROGRESS"}]})
        client.create_project_version(ProjectArn=ARN, VersionName="v", OutputConfig={"S3Bucket": "my-bucket"})
        answer = client.describe_project_versions(ProjectArn=ARN)
        assert answer["ProjectVersionDescriptions"][0]["Status"] == "TRAINING_IN_PROGRESS"
""",
    "moto": """
import boto3, pytest
from moto import mock_aws
VERSION = "arn:aws:rekognition:us-east-1:123456789012:project/p/version/v/1579597815000"
@pytest.mark.parametrize("n", range(200))
def test(n):
    with mock_aws():
        client = boto3.client("rekognition", region_name="us-east-1")
        for _ in range(2):
            answer = client.detect_custom_labels(ProjectVersionArn=VERSION, Image={"Bytes": b"x"})
        assert answer["CustomLabels"]
""",
    "MagicMock": """
import pytest
from unittest.mock import MagicMock
@pytest.mark.parametrize("n", range(200))
def test(n):
    client = MagicMock()
    client.describe_project_versions.return_value = {"ProjectVersionDescriptions": [{"Status": "TRAINING_IN_PROGRESS"}]}
    client.create_project_version(ProjectArn="x", VersionName="v", OutputConfig={"S3Bucket": "my-bucket"})
    assert client.describe_project_versions(ProjectArn="x")["ProjectVersionDescriptions"][0]["Status"]
""",
}


def children() -> float:
    """Seconds of processor time that finished child processes have used."""
    times = os.times()
    return times.children_user + times.children_system


def suites(rounds: int = 5) -> dict[str, float]:
    """Whole-process seconds (of processor time) of a pytest run of 200 tests, for each way of testing."""
    taken: dict[str, list[float]] = {name: [] for name in SUITES}
    with tempfile.TemporaryDirectory() as folder:
        for name, text in SUITES.items():
            (Path(folder) / f"test_{name.lower()}.py").write_text(text)
        (Path(folder) / "pytest.ini").write_text("[pytest]\n")
        for _ in range(rounds):
            for name in SUITES:
                command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", f"test_{name.lower()}.py"]
                started = children()
                subprocess.run(command, cwd=folder, check=True, capture_output=True)
                taken[name].append(children() - started)
    return {name: statistics.median(values) for name, values in taken.items()}


def set_up() -> tuple[float, float]:
    """Seconds of the fixture's set-up and tear-down, and of moto's start, client and stop."""
    from moto import mock_aws

    def ours() -> None:
        with RekognitionCL():
            pass

    def moto() -> None:
        with mock_aws():
            boto3.client("rekognition", region_name="us-east-1")

    (fast,) = interleaved(ours, rounds=300)
    (slow,) = interleaved(moto, rounds=5)
    return fast, slow


def start() -> float:
    """Seconds that importing the plugin adds to a pytest run that does not use it (median of fresh processes)."""
    code = (
        "import pytest, time, sys; a = time.process_time(); import pytest_rekognition_cl.plugin; "
        "b = time.process_time(); assert not {'botocore', 'jsonschema'} & set(sys.modules); print(b - a)"
    )
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    runs = [
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=environ)
        for _ in range(16)
    ]
    return statistics.median(float(run.stdout) for run in runs[1:])  # the first one may have had to compile


def pages() -> tuple[float, float]:
    """Ratio of a page of 100 among 100,000 versions to one among 100; KiB a version."""
    client = boto3.client("rekognition", region_name="us-east-1")

    def world(number: int) -> RekognitionCL:
        fake = RekognitionCL(region="us-east-1")
        for index in range(number):
            fake.add_model(f"v{index}")
        return fake

    gc.collect()
    tracemalloc.start()
    large = world(100_000)
    gc.collect()
    memory = tracemalloc.get_traced_memory()[0] / 100_000 / 1024
    tracemalloc.stop()
    small = world(100)
    taken: list[list[float]] = [[], []]

    def page(fake: RekognitionCL, into: list[float]) -> None:
        started = time.process_time()
        client.describe_project_versions(ProjectArn=fake.project_arn, MaxResults=100)
        into.append(time.process_time() - started)

    with small:
        for _ in range(20):
            page(small, taken[1])
        with large:
            for _ in range(20):
                page(large, taken[0])
    return statistics.median(taken[0]) / statistics.median(taken[1]), memory


def waiter() -> tuple[float, float]:
    """Seconds of create, waiter, describe: 30 virtual minutes; 12 virtual hours."""
    client = boto3.client("rekognition", region_name="us-east-1")

    def run(seconds: float | None) -> float:
        with RekognitionCL(region="us-east-1") as fake:
            if seconds is not None:
                fake.set_training(seconds=seconds)
            started = time.process_time()
            client.create_project_version(ProjectArn=fake.project_arn, VersionName="v1", OutputConfig=OUTPUT)
            names = {"ProjectArn": fake.project_arn, "VersionNames": ["v1"]}
            client.get_waiter("project_version_training_completed").wait(**names, WaiterConfig={"MaxAttempts": 400})
            model = client.describe_project_versions(**names)["ProjectVersionDescriptions"][0]
            assert model["EvaluationResult"]["F1Score"] == 1.0
            return time.process_time() - started

    run(None)
    return (
        statistics.median(run(None) for _ in range(9)),
        statistics.median(run(12 * 3600 - 60) for _ in range(5)),
    )


def lines_of_the_flow() -> int:
    """How many lines the create -> wait -> evaluate -> start -> wait test takes in the examples."""
    text = (ROOT / "tests" / "examples" / "test_twelve_lines.py").read_text()
    body = text.partition("def test_")[2].splitlines()
    return 1 + sum(1 for line in body[1:] if line.strip())


def main() -> None:
    """Run everything and print the table."""
    describe, create = one_call()
    whole = suites()
    fast, slow = set_up()
    added = start()
    growth, memory = pages()
    half_hour, half_day = waiter()
    rows = [
        ("one describe : the same botocore pipeline with a canned answer", f"{describe:.2f}", "1.3"),
        ("one create (a fresh body) : the same", f"{create:.2f}", "1.9"),
        ("a suite of 200 tests : with Stubber", f"{whole['ours'] / whole['Stubber']:.2f}", "1.3"),
        ("the same : with moto's nearest operation", f"{whole['ours'] / whole['moto']:.3f}", "0.15"),
        ("the same : with MagicMock (which checks nothing)", f"{whole['ours'] / whole['MagicMock']:.2f}", "-"),
        ("lines of the create, wait, evaluate, start, wait test", f"{lines_of_the_flow()}", "12"),
        ("set-up and tear-down of the fixture, ms", f"{fast * 1000:.2f}", "0.3"),
        ("moto's start, client and stop, ms", f"{slow * 1000:.0f}", "-"),
        ("plugin installed, not used: added to pytest's start, ms", f"{added * 1000:.1f}", "3"),
        ("a page of 100 among 100,000 versions : among 100", f"{growth:.2f}", "1.3"),
        ("memory a version, KiB", f"{memory:.2f}", "2"),
        ("create, training waiter, describe: 30 virtual minutes, ms", f"{half_hour * 1000:.0f}", "50"),
        ("the same: 12 virtual hours (360 polls), ms", f"{half_day * 1000:.0f}", "500"),
    ]
    print("| what | measured | reach, at most |\n|---|---|---|")
    for what, measured, reach in rows:
        print(f"| {what} | {measured} | {reach} |")


if __name__ == "__main__":
    main()
