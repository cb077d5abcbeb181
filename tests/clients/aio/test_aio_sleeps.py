"""Which sleeps of a task are virtual: retries always, own ones by the rule, for the task that sleeps."""

import asyncio
import time
from asyncio import sleep

import pytest
from botocore.exceptions import ClientError

from pytest_rekognition_cl import EndlessPoll, RekognitionCL

pytestmark = pytest.mark.asyncio


async def create(client, rekognition_cl, output, name="v1"):
    await client.create_project_version(ProjectArn=rekognition_cl.project_arn, VersionName=name, OutputConfig=output)


async def status(client, rekognition_cl, name="v1"):
    shown = await client.describe_project_versions(ProjectArn=rekognition_cl.project_arn, VersionNames=[name])
    return [model["Status"] for model in shown["ProjectVersionDescriptions"]]


@pytest.mark.parametrize(("mode", "retries"), [("legacy", 4), ("standard", 2), ("adaptive", 2)])
async def test_retries_survive_and_sleep_virtually(rekognition_cl, make_client, mode, retries):
    rekognition_cl.add_client_error("describe_projects", "ThrottlingException", attempts=retries)
    async with make_client(retries={"mode": mode}) as client:
        answer = await client.describe_projects()
    (call,) = rekognition_cl.calls
    assert (call.attempts, call.error) == (retries + 1, None)
    assert answer["ResponseMetadata"]["RetryAttempts"] == retries
    assert rekognition_cl.clock.slept > 0


@pytest.mark.parametrize(("mode", "attempts"), [("legacy", 5), ("standard", 3), ("adaptive", 3)])
async def test_retries_end(rekognition_cl, make_client, mode, attempts):
    rekognition_cl.add_client_error("describe_projects", "ThrottlingException")
    async with make_client(retries={"mode": mode}) as client:
        with pytest.raises(ClientError, match="ThrottlingException"):
            await client.describe_projects()
    assert rekognition_cl.calls[0].attempts == attempts


async def test_a_client_does_not_carry_its_retry_quota_along(make_client):
    async with make_client(retries={"mode": "standard"}) as client:
        for _ in range(60):  # 500 units, 10 for the two retries of a call: empty after 50
            with RekognitionCL() as fake:
                fake.add_client_error("describe_projects", "ThrottlingException")
                with pytest.raises(ClientError):
                    await client.describe_projects()
                assert fake.calls[0].attempts == 3


async def test_an_own_loop(rekognition_cl, make_client, output):
    async with make_client() as client:
        await create(client, rekognition_cl, output)
        while await status(client, rekognition_cl) != ["TRAINING_COMPLETED"]:
            await asyncio.sleep(60)
    assert rekognition_cl.clock.slept == 1800


async def test_sleep_by_every_name(rekognition_cl, make_client, output):
    async with make_client() as client:
        await create(client, rekognition_cl, output)
        assert await asyncio.sleep(100, "result") == "result"
        assert await sleep(delay=200, result=2) == 2
        await asyncio.tasks.sleep(300)
        assert rekognition_cl.clock.slept == 600


async def test_anyio_sleep(rekognition_cl, make_client, output):
    import anyio

    async with make_client() as client:
        await create(client, rekognition_cl, output)
        while await status(client, rekognition_cl) != ["TRAINING_COMPLETED"]:
            await anyio.sleep(60)
    assert rekognition_cl.clock.slept == 1800


async def test_what_is_no_length_of_time_is_refused_as_ever(rekognition_cl, make_client):
    async with make_client() as client:
        await client.describe_projects()
        with pytest.raises(TypeError):
            await asyncio.sleep("1")
        await asyncio.sleep(-5)
    assert rekognition_cl.clock.slept == 0


async def test_a_virtual_sleep_lets_other_tasks_run(rekognition_cl, make_client, output):
    steps = []

    async def other():
        for step in range(5):
            steps.append(step)
            await asyncio.sleep(0)

    async with make_client() as client:
        await create(client, rekognition_cl, output)
        task = asyncio.create_task(other())
        for _ in range(6):
            await asyncio.sleep(60)
        assert steps == [0, 1, 2, 3, 4]
        await task


async def test_a_call_lets_other_tasks_run(rekognition_cl, make_client):
    done = []
    async with make_client() as client:
        task = asyncio.create_task(_append(done))
        await client.describe_projects()
        assert done == [True]
        await task


async def _append(done):
    done.append(True)


async def test_a_poll_can_be_timed_out_and_cancelled(rekognition_cl, make_client):
    rekognition_cl.add_model("v1", status="TRAINING_IN_PROGRESS")

    async with make_client() as client:

        async def poll():
            while await status(client, rekognition_cl) != ["TRAINING_COMPLETED"]:
                await asyncio.sleep(0.001)

        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(poll(), 0.05)
        task = asyncio.create_task(poll())
        await client.describe_projects()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        waiter = client.get_waiter("project_version_training_completed")
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(
                waiter.wait(ProjectArn=rekognition_cl.project_arn, WaiterConfig={"MaxAttempts": 10**9}), 0.05
            )


async def poll_for_ever(client, fake, how):
    while True:
        await how(status(client, fake))
        await asyncio.sleep(60)


async def _plain(call):
    return await call


async def _in_helpers(call):
    return await asyncio.wait_for(asyncio.gather(call), 5)


@pytest.mark.parametrize("how", [_plain, _in_helpers])
async def test_an_own_loop_has_an_end(make_client, how):
    fake = RekognitionCL(max_polls=50)
    fake.__enter__()
    try:
        fake.add_model("v1", status="TRAINING_IN_PROGRESS")
        async with make_client() as client:
            with pytest.raises(EndlessPoll, match="never end"):
                await poll_for_ever(client, fake, how)
        assert fake.describe_project_versions.call_count == 51
    finally:
        with pytest.raises(AssertionError, match="never end"):
            fake.__exit__(None, None, None)


# --- whose sleep it is ----------------------------------------------------------------------------------------------


async def test_a_task_beside_the_poll_really_sleeps(rekognition_cl, make_client, output):
    slept = []

    async with make_client() as client:

        async def poll():
            await create(client, rekognition_cl, output)
            while await status(client, rekognition_cl) != ["TRAINING_COMPLETED"]:
                await asyncio.sleep(60)

        async def other():
            before = time.perf_counter()
            await asyncio.sleep(0.2)
            slept.append(time.perf_counter() - before)

        await asyncio.gather(poll(), other())
    assert rekognition_cl.clock.slept == 1800
    assert slept[0] > 0.19


async def test_the_maker_of_a_poll_really_sleeps_beside_it(rekognition_cl, make_client, output):
    async with make_client() as client:

        async def poll():
            await create(client, rekognition_cl, output)
            while await status(client, rekognition_cl) != ["TRAINING_COMPLETED"]:
                await asyncio.sleep(60)

        task = asyncio.create_task(poll())
        before = time.perf_counter()
        await asyncio.sleep(0.1)  # the poll comes to its end meanwhile
        await asyncio.sleep(0.1)
        assert time.perf_counter() - before > 0.19
        await task
    assert rekognition_cl.clock.slept == 1800


async def test_what_a_helper_called_while_its_maker_slept_is_not_the_makers(rekognition_cl, make_client, output):
    async with make_client() as client:
        task = asyncio.create_task(create(client, rekognition_cl, output))
        await asyncio.sleep(0.05)
        assert task.done()
        before = time.perf_counter()
        await asyncio.sleep(0.1)
        assert time.perf_counter() - before > 0.09
    assert rekognition_cl.clock.slept == 0


async def _wait_for(call):
    return await asyncio.wait_for(call, 5)


async def _gather(call):
    return (await asyncio.gather(call))[0]


async def _task(call):
    return await asyncio.create_task(call)


async def _nested(call):
    return (await asyncio.gather(_wait_for(_task(call)), asyncio.sleep(0)))[0]


@pytest.mark.parametrize("how", [_wait_for, _gather, _task, _nested])
async def test_a_poll_made_by_a_helper_task(rekognition_cl, make_client, output, how):
    async with make_client() as client:
        await how(create(client, rekognition_cl, output))
        while await how(status(client, rekognition_cl)) != ["TRAINING_COMPLETED"]:
            await asyncio.sleep(60)
    assert rekognition_cl.clock.slept == 1800


@pytest.mark.parametrize("how", ["to_thread", "run_in_executor", "anyio"])
async def test_a_poll_by_a_synchronous_client_in_a_thread(rekognition_cl, output, how):
    import anyio.to_thread
    from botocore.session import Session

    client = Session().create_client("rekognition")
    arn = rekognition_cl.project_arn

    async def away(func, **kwargs):
        if how == "to_thread":
            return await asyncio.to_thread(func, **kwargs)
        if how == "run_in_executor":
            return await asyncio.get_running_loop().run_in_executor(None, lambda: func(**kwargs))
        return await anyio.to_thread.run_sync(lambda: func(**kwargs))

    await away(client.create_project_version, ProjectArn=arn, VersionName="v1", OutputConfig=output)
    while True:
        shown = await away(client.describe_project_versions, ProjectArn=arn)
        if shown["ProjectVersionDescriptions"][0]["Status"] == "TRAINING_COMPLETED":
            break
        await asyncio.sleep(60)
    assert rekognition_cl.clock.slept == 1800


async def test_a_call_of_another_service_in_between(rekognition_cl, make_client, output):
    from botocore.exceptions import BotoCoreError

    async with make_client() as client, make_client(service="s3", retries={"max_attempts": 0}) as s3:
        await create(client, rekognition_cl, output)
        while await status(client, rekognition_cl) != ["TRAINING_COMPLETED"]:
            with pytest.raises(BotoCoreError):  # no credentials: it never leaves this process
                await s3.list_buckets()
            await asyncio.sleep(60)
    assert rekognition_cl.clock.slept == 1800


@pytest.mark.rekognition_cl(quotas={"concurrent_trainings": None})
async def test_ten_tasks_wait_at_the_same_time(rekognition_cl, make_client, output):
    async with make_client() as client:

        async def train(name):
            arn = rekognition_cl.project_arn
            await client.create_project_version(ProjectArn=arn, VersionName=name, OutputConfig=output)
            await client.get_waiter("project_version_training_completed").wait(ProjectArn=arn, VersionNames=[name])

        await asyncio.gather(*(train(f"v{number}") for number in range(10)))
    assert 1700 <= rekognition_cl.clock.slept <= 2700
    polls = [call.params["VersionNames"][0] for call in rekognition_cl.describe_project_versions.calls]
    assert {14 <= polls.count(f"v{number}") <= 17 for number in range(10)} == {True}


@pytest.mark.parametrize("patched", ["mock", "function"])
async def test_a_test_that_replaces_the_sleep(rekognition_cl, make_client, output, monkeypatch, patched):
    from unittest.mock import AsyncMock

    async def no_sleep(delay):
        slept.append(delay)

    slept = []
    mock = AsyncMock()
    monkeypatch.setattr(asyncio, "sleep", mock if patched == "mock" else no_sleep)
    async with make_client() as client:
        await create(client, rekognition_cl, output)
        while await status(client, rekognition_cl) != ["TRAINING_COMPLETED"]:
            await asyncio.sleep(60)
    assert (mock.await_count if patched == "mock" else len(slept)) == 30
    assert rekognition_cl.clock.slept == 1800
