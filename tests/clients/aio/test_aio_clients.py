"""Making clients: no Region, no credentials, no profile, no metadata service; before the fixture and within it."""

import asyncio
import inspect

import pytest
from aiobotocore.config import AioConfig
from aiobotocore.credentials import AioContainerProvider, AioInstanceMetadataProvider
from aiobotocore.session import AioSession, get_session
from aiobotocore.utils import AioInstanceMetadataRegionFetcher
from botocore.exceptions import NoRegionError, ProfileNotFound

from pytest_rekognition_cl import RekognitionCL

pytestmark = pytest.mark.asyncio


@pytest.fixture
def _no_look_up(monkeypatch):
    """Fail where credentials or a Region would be looked for outside this process."""

    async def look_up(self):
        raise AssertionError("a look-up outside this process")

    for owner, name in (
        (AioInstanceMetadataProvider, "load"),
        (AioContainerProvider, "load"),
        (AioInstanceMetadataRegionFetcher, "retrieve_region"),
    ):
        monkeypatch.setattr(owner, name, look_up)


@pytest.mark.usefixtures("_no_look_up")
async def test_no_region_no_credentials_no_look_up():
    with RekognitionCL() as fake:
        async with get_session().create_client("rekognition", config=AioConfig(defaults_mode="auto")) as client:
            assert client.meta.region_name == "us-east-1"
            await client.describe_projects()
        assert fake.calls[0].region == "us-east-1"


@pytest.mark.usefixtures("_no_look_up")
async def test_other_services_look_up_as_ever():
    with RekognitionCL():
        with pytest.raises(AssertionError, match="outside this process"):
            await get_session().create_client("s3", region_name="us-east-1").__aenter__()
        with pytest.raises(NoRegionError):
            await get_session().create_client("sqs", aws_access_key_id="a", aws_secret_access_key="b").__aenter__()


@pytest.mark.usefixtures("_no_look_up")
async def test_two_clients_made_at_once_do_not_mix():
    async def make(service):
        async with get_session().create_client(service, region_name="us-east-1") as client:
            await asyncio.sleep(0)
            return client

    with RekognitionCL():
        ours, other = await asyncio.gather(make("rekognition"), make("s3"), return_exceptions=True)
    assert ours.meta.service_model.service_name == "rekognition"
    assert isinstance(other, AssertionError)


@pytest.mark.parametrize("kind", ["argument", "config", "environment", "session", "option"])
async def test_region(monkeypatch, kind):
    session, region, config = get_session(), None, None
    if kind == "argument":
        region = "eu-west-1"
    elif kind == "config":
        config = AioConfig(region_name="eu-west-1")
    elif kind == "environment":
        monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    elif kind == "session":
        session.set_config_variable("region", "eu-west-1")
    with RekognitionCL(region="eu-west-1" if kind == "option" else "ap-south-1"):
        async with session.create_client("rekognition", region, config=config) as client:
            assert client.meta.region_name == "eu-west-1"


async def test_a_profile_that_does_not_exist(monkeypatch):
    with RekognitionCL() as fake:
        async with AioSession(profile="no-such-profile").create_client("rekognition") as client:
            await client.describe_projects()
        with pytest.raises(ProfileNotFound):
            await AioSession(profile="no-such-profile").create_client("s3", region_name="us-east-1").__aenter__()
        assert fake.describe_projects.call_count == 1


async def test_a_client_made_before_outlives_the_fixture(monkeypatch):
    async with get_session().create_client("rekognition", region_name="eu-west-1") as client:
        for name in ("one", "two"):
            with RekognitionCL(region="eu-west-1") as fake:
                fake.add_project(name)
                shown = (await client.describe_projects())["ProjectDescriptions"]
                assert [p["ProjectArn"].split("/")[1] for p in shown] == [name, "my-project"]


async def test_nothing_is_left_behind():
    from aiobotocore.waiter import AIOWaiter
    from botocore.session import Session

    owners = [
        (asyncio.base_events.BaseEventLoop, "create_task"),
        (AioSession, "_create_client"),
        (AIOWaiter, "wait"),
        (AioInstanceMetadataProvider, "load"),
        (Session, "__init__"),
        (Session, "create_client"),
    ]

    def found():
        functions = [*(vars(owner)[name] for owner, name in owners), asyncio.sleep]
        return [(function, inspect.unwrap(function).__code__) for function in functions]

    before = found()
    with RekognitionCL():
        async with get_session().create_client("rekognition") as client:
            await client.describe_projects()
            within = found()
    assert found() == before
    assert [now != then for now, then in zip(within, before, strict=True)] == [True] * 3 + [False] + [True] * 3
