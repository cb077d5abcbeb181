"""aiobotocore over httpx, on asyncio and on trio."""

import anyio
import pytest
from aiobotocore.config import AioConfig
from aiobotocore.httpxsession import HttpxSession
from aiobotocore.session import get_session

pytestmark = [
    pytest.mark.anyio,
    pytest.mark.parametrize("anyio_backend", ["asyncio", "trio"]),
    pytest.mark.filterwarnings("ignore:aiobotocore's httpx backend now prefers:DeprecationWarning"),
]


@pytest.fixture
def make_client():
    return lambda: get_session().create_client("rekognition", config=AioConfig(http_session_cls=HttpxSession))


async def test_waiters_retries_and_own_loops(rekognition_cl, make_client, output, anyio_backend):
    arn = rekognition_cl.project_arn
    rekognition_cl.add_client_error("describe_projects", "ThrottlingException", attempts=4)
    async with make_client() as client:
        await client.describe_projects()
        slept = rekognition_cl.clock.slept
        assert slept > 0
        await client.create_project_version(ProjectArn=arn, VersionName="v1", OutputConfig=output)
        await client.get_waiter("project_version_training_completed").wait(ProjectArn=arn, VersionNames=["v1"])
        assert rekognition_cl.clock.slept == pytest.approx(slept + 1800)
        await client.create_project_version(ProjectArn=arn, VersionName="v2", OutputConfig=output)
        while True:
            shown = await client.describe_project_versions(ProjectArn=arn, VersionNames=["v2"])
            if shown["ProjectVersionDescriptions"][0]["Status"] == "TRAINING_COMPLETED":
                break
            await anyio.sleep(60)
        assert rekognition_cl.clock.slept == pytest.approx(slept + 3600)


async def test_a_sleep_of_ones_own_is_real(rekognition_cl, anyio_backend):
    await anyio.sleep(0.01)
    assert rekognition_cl.clock.slept == 0
