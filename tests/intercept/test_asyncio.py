"""asyncio with a synchronous client: whose sleeps are virtual, and time-outs that move with virtual time."""

import asyncio
import functools
import time

import boto3
import pytest

from pytest_rekognition_cl import RekognitionCL


@pytest.fixture
def client():
    # With keys, which say that they are none: where it is made no fake is at work yet, and botocore looks for some.
    return boto3.client(
        "rekognition", region_name="us-east-1", aws_access_key_id="testing", aws_secret_access_key="testing"
    )


async def to_thread(call, **params):
    return await asyncio.to_thread(call, **params)


async def in_executor(call, **params):
    return await asyncio.get_running_loop().run_in_executor(None, functools.partial(call, **params))


async def in_the_loop(call, **params):
    return call(**params)


async def in_a_task(call, **params):
    return await asyncio.wait_for(to_thread(call, **params), 5)


HOW = [to_thread, in_executor, in_the_loop, in_a_task]


async def train(client, project_arn, how):
    await how(
        client.create_project_version,
        ProjectArn=project_arn,
        VersionName="v1",
        OutputConfig={"S3Bucket": "my-bucket"},
    )
    await poll(client, project_arn, how)


async def poll(client, project_arn, how):
    while True:
        shown = await how(client.describe_project_versions, ProjectArn=project_arn)
        if shown["ProjectVersionDescriptions"][0]["Status"] == "TRAINING_COMPLETED":
            return
        await asyncio.sleep(60)


@pytest.mark.parametrize("how", HOW)
def test_a_poll(rekognition_cl, client, how):
    asyncio.run(train(client, rekognition_cl.project_arn, how))
    assert rekognition_cl.clock.slept == 1800


@pytest.mark.parametrize("how", HOW)
def test_a_task_beside_it_really_sleeps(rekognition_cl, client, how):
    async def other():
        before = time.perf_counter()
        await asyncio.sleep(0.2)
        assert time.perf_counter() - before > 0.19

    async def both():
        await asyncio.gather(train(client, rekognition_cl.project_arn, how), other())

    asyncio.run(both())
    assert rekognition_cl.clock.slept == 1800


@pytest.mark.parametrize("how", HOW)
def test_timeouts_move_with_virtual_time(client, how):
    async def wait():
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(poll(client, fake.project_arn, how), 3600)

    with RekognitionCL(region="us-east-1", virtual_time=True) as fake:
        fake.add_model("v1", status="TRAINING_IN_PROGRESS")
        asyncio.run(wait())
    # A loop looks at its clock once a round, and the next round may have begun.
    assert 3600 <= fake.clock.slept <= 3600 + 10 * 60


def test_a_loop_that_outlives_virtual_time(client):
    async def before_and_after():
        with RekognitionCL(region="us-east-1", virtual_time=True) as fake:
            fake.add_model("v1", status="TRAINING_IN_PROGRESS")
            client.describe_project_versions(ProjectArn=fake.project_arn)
            await asyncio.sleep(3600)
            assert fake.clock.slept == 3600
        await asyncio.wait_for(asyncio.sleep(0.01), 5)

    asyncio.run(before_and_after())
