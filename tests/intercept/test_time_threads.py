"""Sleeps beside the describe: the caller of a thread, many threads and tasks at once; their waits overlap on one clock."""

import asyncio
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.pool import ThreadPool

import pytest
from rekognition import CLIENT, LENGTH, TRAINING, create, status

from pytest_rekognition_cl import RekognitionCL

TRAINED = "project_version_training_completed"


def by_map(function, *args):
    with ThreadPoolExecutor(1) as pool:
        return next(iter(pool.map(function, *([arg] for arg in args))))


def by_submit(function, *args):
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function, *args).result(30)


def by_thread_pool(function, *args):
    with ThreadPool(1) as pool:
        return pool.apply(function, args)


def by_thread(function, *args):
    results = []
    thread = threading.Thread(target=lambda: results.append(function(*args)))
    thread.start()
    thread.join()
    return results[0]


def by_a_loop_of_its_own(function, *args):
    async def main():
        return await asyncio.get_running_loop().run_in_executor(None, function, *args)

    return asyncio.run(main())


@pytest.mark.parametrize("seconds", [60, 0.5], ids=["long", "short"])
@pytest.mark.parametrize("describe", [by_map, by_submit, by_thread_pool, by_thread, by_a_loop_of_its_own])
def test_a_describe_in_a_thread_and_the_sleep_in_the_caller(rekognition_cl, describe, seconds):
    rekognition_cl.set_training(seconds=20 * seconds)
    create(rekognition_cl.project_arn)
    while describe(status, rekognition_cl.project_arn) == TRAINING:
        time.sleep(seconds)
    # Real time passes too, so how many there are may differ; but every one is virtual.
    sleeps = rekognition_cl.describe_project_versions.call_count - 1
    assert rekognition_cl.clock.slept == pytest.approx(sleeps * seconds)


def test_a_call_of_another_service_in_between(rekognition_cl, monkeypatch):
    import boto3
    from moto import mock_aws

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        create(rekognition_cl.project_arn)
        s3 = boto3.client("s3", region_name="us-east-1")
        while status(rekognition_cl.project_arn) == TRAINING:
            s3.list_buckets()
            time.sleep(600)
    assert rekognition_cl.clock.slept == LENGTH


def train(arn, number):
    create(arn, f"v{number}")
    CLIENT.get_waiter(TRAINED).wait(ProjectArn=arn, VersionNames=[f"v{number}"])


QUOTA = pytest.mark.rekognition_cl(quotas={"concurrent_trainings": None})


def assert_overlap(fake, most):
    assert {model.status for model in fake.models} == {"TRAINING_COMPLETED"}
    assert LENGTH <= fake.clock.slept <= most
    for number in range(10):
        polls = [call for call in fake.describe_project_versions.calls if call.params["VersionNames"] == [f"v{number}"]]
        assert 14 <= len(polls) <= 17


@QUOTA
def test_ten_threads_wait_at_the_same_time(rekognition_cl):
    with ThreadPoolExecutor(10) as pool:
        list(pool.map(train, [rekognition_cl.project_arn] * 10, range(10)))
    assert_overlap(rekognition_cl, most=4000)


@QUOTA
def test_ten_tasks_wait_at_the_same_time(rekognition_cl):
    """With a synchronous client, as much code has it; aiobotocore's waiters are tested where it is installed."""

    async def main():
        async def task(number):
            create(rekognition_cl.project_arn, f"v{number}")
            while status(rekognition_cl.project_arn, f"v{number}") == TRAINING:
                await asyncio.sleep(120)

        await asyncio.gather(*map(task, range(10)))

    asyncio.run(main())
    assert_overlap(rekognition_cl, most=2700)


def test_a_sleep_beside_a_waiter_ends_in_its_own_time(rekognition_cl):
    """Ten virtual minutes beside thirty: both end, in this order, and the clock has moved thirty."""
    create(rekognition_cl.project_arn)
    ended = []

    def nap():
        time.sleep(600)
        ended.append("nap")

    thread = threading.Thread(target=nap)
    thread.start()
    CLIENT.get_waiter(TRAINED).wait(ProjectArn=rekognition_cl.project_arn)
    ended.append("waiter")
    thread.join()
    assert ended == ["nap", "waiter"]
    assert rekognition_cl.clock.slept == LENGTH


def test_a_virtual_sleep_lets_another_thread_work(rekognition_cl):
    """The main thread polls by long sleeps; a thread begun meanwhile needs a moment to make the model."""
    arn, made = rekognition_cl.project_arn, threading.Event()

    def work():
        sum(range(2_000_000))
        create(arn)
        made.set()

    threading.Thread(target=work).start()
    while not made.is_set():
        time.sleep(60)
    assert rekognition_cl.create_project_version.called


def test_advancing_the_clock_wakes_a_sleeper(rekognition_cl):
    rekognition_cl.add_model("v1")
    began, go_on = threading.Event(), threading.Event()

    def nap():
        began.set()
        time.sleep(3600)
        go_on.set()

    thread = threading.Thread(target=nap)
    thread.start()
    began.wait(30)
    rekognition_cl.clock.advance(3600)
    assert go_on.wait(30)
    thread.join()


def test_the_end_of_the_test_wakes_a_sleeper():
    thread = None
    with RekognitionCL() as fake:
        create(fake.project_arn)
        thread = threading.Thread(target=lambda: time.sleep(3600))
        thread.start()
    thread.join(30)
    assert not thread.is_alive()
