"""Calls beside the floor: the first of a fixture, later ones, pages, waiters; and what they weigh."""

from __future__ import annotations

import gc
import json
import statistics
import threading
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import nullcontext
from itertools import count
from typing import Any
from unittest.mock import MagicMock

from measure import FULL_BODY, REGION, canned, in_turn, new_client, seconds

from pytest_rekognition_cl import RekognitionCL

Rows = Iterator[tuple[str, str, str]]
NO_QUOTAS = {"concurrent_trainings": None, "models_per_project": None}
#: Every version of the bench has a name of its own, so that no request body is seen twice.
NAMES = (f"v{number}" for number in count())


def new_fixture() -> RekognitionCL:
    return RekognitionCL(region=REGION, quotas=NO_QUOTAS)


def create(client: Any, arn: str, name: str) -> None:
    client.create_project_version(ProjectArn=arn, VersionName=name, **FULL_BODY)


def describe(client: Any, arn: str, name: str) -> Any:
    return client.describe_project_versions(ProjectArn=arn, VersionNames=[name])


def last_body(fake: RekognitionCL) -> bytes:
    return json.dumps(fake.calls[-1].raw_response).encode()


def canned_bodies(client: Any) -> dict[str, Any]:
    """Return answers of the fixture's to a create and to a describe after it, to be given by the floor."""
    with new_fixture() as fake:
        create(client, fake.project_arn, "v1")
        created = last_body(fake)
        describe(client, fake.project_arn, "v1")
        described = last_body(fake)
    return {"CreateProjectVersion": lambda: created, "DescribeProjectVersions": lambda: described}


def first_calls() -> Rows:
    """The first create and the first describe in a fresh fixture, the floor's right after opening one too."""
    client = new_client()
    bodies = canned_bodies(client)
    taken: dict[tuple[bool, str], list[float]] = {}
    for round_ in range(301):
        for ours in (True, False):
            name = next(NAMES)
            with new_fixture() as fake, nullcontext() if ours else canned(bodies):
                arn = fake.project_arn
                for what, call in (("create", create), ("describe", describe)):
                    value = seconds(lambda call=call, arn=arn, name=name: call(client, arn, name))
                    if round_:
                        taken.setdefault((ours, what), []).append(value)
    for what, reach in (("create", "2.0"), ("describe", "1.6")):
        a, b = statistics.median(taken[True, what]), statistics.median(taken[False, what])
        yield (
            f"first {what} in a fresh fixture{', full body' if what == 'create' else ''} : floor called at once too",
            f"{a / b:.2f} ({a * 1e3:.2f} : {b * 1e3:.2f} ms)",
            reach,
        )


def later_calls() -> Rows:
    """Describes and creates (a full, never-seen body each) in a fixture that has been in use."""
    client = new_client()
    bodies = canned_bodies(client)
    with new_fixture() as fake:
        arn = fake.project_arn
        create(client, arn, "v1")

        def on_the_floor(call: Any) -> Any:
            def run() -> None:
                with canned(bodies):
                    many(call)

            return run

        def many(call: Any) -> None:
            for _ in range(20):
                call()

        def describing() -> None:
            describe(client, arn, "v1")

        def creating() -> None:
            create(client, arn, next(NAMES))

        a, b, c, d = in_turn(
            lambda: many(describing),
            on_the_floor(describing),
            lambda: many(creating),
            on_the_floor(creating),
            rounds=40,
        )
    yield "later describes : floor", f"{a / b:.2f} ({a * 50:.2f} : {b * 50:.2f} ms)", "1.2"
    yield "later creates, full body : floor", f"{c / d:.2f} ({c * 50:.2f} : {d * 50:.2f} ms)", "1.9"


def pages() -> Rows:
    """Pages of 100, never seen and seen before, and among 100,000 versions."""
    client = new_client()

    def page(arn: str, **token: str) -> Any:
        return client.describe_project_versions(ProjectArn=arn, MaxResults=100, **token)

    def with_models(number: int) -> RekognitionCL:
        fake = new_fixture()
        for index in range(number):
            fake.add_model(f"v{index}")
        return fake

    taken: dict[str, list[float]] = {"unseen": [], "seen": [], "canned": []}
    with with_models(4000) as fake:
        for what in ("unseen", "seen"):
            token: dict[str, str] = {}
            for _ in range(40):
                started = time.process_time()
                answer = page(fake.project_arn, **token)
                taken[what].append(time.process_time() - started)
                body = last_body(fake)
                token = {"NextToken": answer["NextToken"]} if "NextToken" in answer else {}
                with canned({"DescribeProjectVersions": lambda body=body: body}):
                    taken["canned"].append(seconds(lambda: page(fake.project_arn)))
    unseen, seen, floor = (statistics.median(times) * 1e3 for times in taken.values())
    yield "a never-seen page of 100, ms (floor)", f"{unseen:.1f} ({floor:.1f})", "16"
    yield "the same page again, ms (floor)", f"{seen:.1f} ({floor:.1f})", "-"
    with with_models(100) as small, with_models(100_000) as large:
        a, b = in_turn(lambda: page(large.project_arn), lambda: page(small.project_arn), rounds=20)
        yield "a page of 100 among 100,000 versions : among 100", f"{a / b:.2f}", "1.3"


def traced(action: Any) -> float:
    """Return the KiB that *action* leaves behind; what it returns is kept until then."""
    gc.collect()
    tracemalloc.start()
    kept = action()
    gc.collect()
    size = tracemalloc.get_traced_memory()[0] / 1024
    tracemalloc.stop()
    del kept
    return size


def memory() -> Rows:
    """What a version and a polled call weigh, beside what botocore makes of a description and a mock of a call."""
    client = new_client()
    number = 5000
    with new_fixture() as fake:
        arn = fake.project_arn
        describe(client, arn, "v1")

        def add() -> None:
            for index in range(number):
                fake.add_model(f"v{index}")

        def described() -> list[Any]:
            paginator = client.get_paginator("describe_project_versions")
            return [page["ProjectVersionDescriptions"] for page in paginator.paginate(ProjectArn=arn)]

        added = traced(add) / number
        held = traced(described) / number
    yield "memory a version, KiB (its description as botocore returns it)", f"{added:.2f} ({held:.2f})", "1"
    with new_fixture() as fake:
        arn = fake.project_arn
        create(client, arn, "v1")
        mock = MagicMock()

        def poll(client: Any) -> None:
            for _ in range(2000):
                describe(client, arn, "v1")

        poll(client)
        ours, mocks = (traced(lambda client=client: poll(client)) / 2000 for client in (client, mock))
    yield "memory a polled call, KiB (a MagicMock's)", f"{ours:.2f} ({mocks:.2f})", "0.5"


def waiters() -> Rows:
    """create, training waiter, describe; the floor's polls are as many, without a delay."""
    client = new_client()
    answers = canned_bodies(client)
    in_progress = answers["DescribeProjectVersions"]()
    completed = in_progress.replace(b"TRAINING_IN_PROGRESS", b"TRAINING_COMPLETED")

    def train(fake: RekognitionCL, name: str = "v1", **config: int) -> None:
        create(client, fake.project_arn, name)
        which = {"ProjectArn": fake.project_arn, "VersionNames": [name]}
        waiter = client.get_waiter("project_version_training_completed")
        waiter.wait(**which, WaiterConfig={"MaxAttempts": 400, **config})
        status = describe(client, fake.project_arn, name)["ProjectVersionDescriptions"][0]["Status"]
        assert status == "TRAINING_COMPLETED"

    def ours(length: float) -> float:
        with new_fixture() as fake:
            fake.set_training(seconds=length)
            return seconds(lambda: train(fake))

    def floor(length: float) -> float:
        polls = iter([in_progress] * int(length // 120) + [completed] * 9)
        with new_fixture() as fake, canned({**answers, "DescribeProjectVersions": lambda: next(polls)}):
            return seconds(lambda: train(fake, Delay=0))

    for what, length, rounds, reach in (("30 virtual minutes", 1800, 9, "50"), ("12 virtual hours", 43140, 5, "300")):
        taken = [(ours(length), floor(length)) for _ in range(rounds + 1)][1:]
        a, b = (statistics.median(times) * 1e3 for times in zip(*taken, strict=True))
        yield f"create, training waiter, describe: {what}, ms (as many polls of the floor)", f"{a:.0f} ({b:.0f})", reach

    def ten(parallel: bool) -> float:
        with new_fixture() as fake:
            threads = [threading.Thread(target=train, args=(fake, f"v{number}")) for number in range(10)]
            started = time.perf_counter()
            for thread in threads:
                thread.start()
                if not parallel:
                    thread.join()
            for thread in threads:
                thread.join()
            return time.perf_counter() - started

    taken = [(ten(True), ten(False)) for _ in range(6)][1:]
    a, b = (statistics.median(times) for times in zip(*taken, strict=True))
    yield "ten threads with a waiter each, s of real time (one after the other)", f"{a:.2f} ({b:.2f})", "0.5"
