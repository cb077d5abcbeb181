"""One synchronous fixture, whoever runs the coroutine: pytest-asyncio, anyio, unittest, asyncio.run."""

import pytest
from inner import ASYNCIO

VERDICT = """
import pytest
from aiobotocore.session import get_session

def client():
    return get_session().create_client("rekognition")

@pytest.mark.asyncio
async def test_swallowed(rekognition_cl):
    async with client() as rekognition:
        try:
            await rekognition.detect_faces(Image={"Bytes": b"x"})
        except BaseException:
            pass

@pytest.mark.asyncio
async def test_unused(rekognition_cl):
    rekognition_cl.add_client_error("describe_projects", "AccessDeniedException")

@pytest.mark.asyncio
async def test_report(rekognition_cl):
    async with client() as rekognition:
        await rekognition.describe_projects()
    assert False

@pytest.mark.asyncio
async def test_fine(rekognition_cl):
    async with client() as rekognition:
        await rekognition.describe_projects()
"""


def test_verdict_and_report(pytester):
    pytester.makepyfile(VERDICT)
    result = pytester.runpytest_inprocess(*ASYNCIO)
    result.assert_outcomes(passed=1, failed=3)
    result.stdout.fnmatch_lines(
        [
            "*detect_faces was called, and no answer is prepared for it.*",
            "*Prepared, but not used up (1):*",
            "*- Rekognition Custom Labels calls -*",
            "*describe_projects() -> *",
        ]
    )


TRAINS = """
import asyncio, unittest, pytest
from aiobotocore.session import get_session

async def train(project_arn):
    async with get_session().create_client("rekognition") as rekognition:
        await rekognition.create_project_version(
            ProjectArn=project_arn, VersionName="v1", OutputConfig={"S3Bucket": "my-bucket"}
        )
        while True:
            shown = await rekognition.describe_project_versions(ProjectArn=project_arn, VersionNames=["v1"])
            if shown["ProjectVersionDescriptions"][0]["Status"] == "TRAINING_COMPLETED":
                return
            await asyncio.sleep(600)
"""
CHECK = "    assert rekognition_cl.clock.slept == 1800"

FRAMEWORKS = {
    "pytest-asyncio": f"""
@pytest.mark.asyncio
async def test_it(rekognition_cl):
    await train(rekognition_cl.project_arn)
{CHECK}
""",
    "pytest-asyncio, a session's loop": f"""
@pytest.mark.asyncio(loop_scope="session")
@pytest.mark.parametrize("round", range(3))
async def test_it(rekognition_cl, round):
    await train(rekognition_cl.project_arn)
{CHECK}
""",
    "anyio": f"""
@pytest.fixture(params=["asyncio"], scope="module")
def anyio_backend(request):
    return request.param

@pytest.mark.anyio
@pytest.mark.parametrize("round", range(3))
async def test_it(rekognition_cl, round, anyio_backend):
    await train(rekognition_cl.project_arn)
{CHECK}
""",
    "asyncio.run": f"""
def test_it(rekognition_cl):
    asyncio.run(train(rekognition_cl.project_arn))
{CHECK}
""",
    "asyncio.run, again and again": f"""
import time

async def call(name, **params):
    async with get_session().create_client("rekognition") as rekognition:
        return await getattr(rekognition, name)(**params)

def test_it(rekognition_cl):
    arn = rekognition_cl.project_arn
    asyncio.run(call("create_project_version", ProjectArn=arn, VersionName="v1", OutputConfig={{"S3Bucket": "my-bucket"}}))
    while True:
        shown = asyncio.run(call("describe_project_versions", ProjectArn=arn))
        if shown["ProjectVersionDescriptions"][0]["Status"] == "TRAINING_COMPLETED":
            break
        time.sleep(600)
{CHECK}
""",
    "an async fixture": f"""
import pytest_asyncio

@pytest_asyncio.fixture
async def trained(rekognition_cl):
    await train(rekognition_cl.project_arn)
    yield
    await train_again(rekognition_cl.project_arn)

async def train_again(project_arn):
    async with get_session().create_client("rekognition") as rekognition:
        assert (await rekognition.describe_project_versions(ProjectArn=project_arn))["ProjectVersionDescriptions"]

@pytest.mark.asyncio
async def test_it(trained, rekognition_cl):
    pass
{CHECK}
""",
    "unittest": """
@pytest.mark.usefixtures("rekognition_cl")
class TestIt(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        async with get_session().create_client("rekognition") as rekognition:
            (project,) = (await rekognition.describe_projects())["ProjectDescriptions"]
            self.project_arn = project["ProjectArn"]

    async def test_it(self):
        await train(self.project_arn)
""",
}


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_trains_under(pytester, framework):
    pytester.makepyfile(TRAINS + FRAMEWORKS[framework])
    result = pytester.runpytest_inprocess(*ASYNCIO, "-p", "anyio")
    result.assert_outcomes(passed=3 if "round" in FRAMEWORKS[framework] else 1)


LATE_IMPORT = """
import sys

def test_imported_in_the_test(rekognition_cl):
    assert "aiobotocore" not in sys.modules
    assert "asyncio" not in sys.modules
    import asyncio
    from aiobotocore.session import get_session

    async def train():
        async with get_session().create_client("rekognition") as rekognition:
            arn = rekognition_cl.project_arn
            await rekognition.create_project_version(
                ProjectArn=arn, VersionName="v1", OutputConfig={"S3Bucket": "my-bucket"}
            )
            await rekognition.get_waiter("project_version_training_completed").wait(ProjectArn=arn)
            await asyncio.sleep(0.01)

    asyncio.run(train())
    assert rekognition_cl.clock.slept >= 1800

def test_restored():
    import asyncio
    from aiobotocore.session import AioSession
    from aiobotocore.waiter import AIOWaiter
    from botocore.session import Session

    assert asyncio.sleep is asyncio.tasks.sleep
    for function in (
        asyncio.sleep,
        asyncio.base_events.BaseEventLoop.create_task,
        asyncio.base_events.BaseEventLoop.run_in_executor,
        AioSession._create_client,
        AIOWaiter.wait,
        Session.__init__,
    ):
        assert not function.__code__.co_filename.count("rekognition_cl"), function
"""


def test_aiobotocore_is_never_imported_by_us(pytester):
    pytester.makepyfile(LATE_IMPORT)
    pytester.runpytest_subprocess("-p", "no:cacheprovider").assert_outcomes(passed=2)
