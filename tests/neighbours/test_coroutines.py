"""Tests that are coroutines, run by pytest-asyncio, anyio and unittest; their clients are synchronous."""

import pytest
from inner import ASYNCIO, TRAINS

TASKS = (
    TRAINS
    + """
import asyncio

async def train_in_a_thread(project_arn):
    client = boto3.client("rekognition", region_name="us-east-1")
    output = {"S3Bucket": "my-bucket"}
    await asyncio.to_thread(client.create_project_version, ProjectArn=project_arn, VersionName="v1", OutputConfig=output)
    while True:
        shown = await asyncio.to_thread(client.describe_project_versions, ProjectArn=project_arn)
        if shown["ProjectVersionDescriptions"][0]["Status"] == "TRAINING_COMPLETED":
            return
        await asyncio.sleep(60)

async def train_in_the_loop(project_arn):
    train(project_arn)
"""
)

RUNNERS = {
    "pytest-asyncio": "@pytest.mark.asyncio",
    "pytest-asyncio, a session's loop": '@pytest.mark.asyncio(loop_scope="session")',
    "anyio": '@pytest.mark.anyio\n@pytest.mark.parametrize("anyio_backend", ["asyncio"])',
}


@pytest.mark.parametrize("runner", RUNNERS)
def test_coroutines_with_a_synchronous_client(pytester, runner):
    pytester.makepyfile(
        TASKS
        + f"""
{RUNNERS[runner]}
@pytest.mark.parametrize("how", [train_in_a_thread, train_in_the_loop])
@pytest.mark.parametrize("round", range(2))
async def test_trains(rekognition_cl, how, round):
    await how(rekognition_cl.project_arn)
    assert rekognition_cl.clock.slept == 1800
"""
    )
    result = pytester.runpytest_inprocess(*ASYNCIO, "-p", "anyio")
    result.assert_outcomes(passed=4)


def test_unittest_with_coroutines(pytester):
    pytester.makepyfile(
        TASKS
        + """
import unittest
from pytest_rekognition_cl import RekognitionCL

class TestTrains(unittest.IsolatedAsyncioTestCase):
    async def test_trains(self):
        with RekognitionCL() as rekognition_cl:
            await train_in_a_thread(rekognition_cl.project_arn)
            self.assertEqual(rekognition_cl.clock.slept, 1800)

    @pytest.mark.rekognition_cl
    async def test_trains_by_the_marker(self):
        client = boto3.client("rekognition", region_name="us-east-1")
        (project,) = client.describe_projects()["ProjectDescriptions"]
        await train_in_a_thread(project["ProjectArn"])
"""
    )
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(passed=2)


def test_httpx_mocked_beside_it(pytester):
    pytester.makepyfile(
        TRAINS
        + """
import httpx

@pytest.mark.asyncio
async def test_async_httpx(httpx_mock, rekognition_cl):
    httpx_mock.add_response(url="http://neighbour.test/", text="mocked")
    assert train(rekognition_cl.project_arn) == "TRAINING_COMPLETED"
    async with httpx.AsyncClient() as client:
        assert (await client.get("http://neighbour.test/")).text == "mocked"
    rekognition_cl.assert_no_errors()
"""
    )
    pytester.runpytest_inprocess(*ASYNCIO, "-p", "pytest_httpx").assert_outcomes(passed=1)
