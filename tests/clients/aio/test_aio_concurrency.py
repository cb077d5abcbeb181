"""Many tasks at once, threads with loops of their own, and tasks that outlive their test."""

import asyncio
import concurrent.futures
import threading

import pytest

from pytest_rekognition_cl import LateCall, RekognitionCL

pytestmark = pytest.mark.asyncio


@pytest.mark.rekognition_cl(quotas={"concurrent_trainings": None})
async def test_fifty_calls_at_once(rekognition_cl, make_client, output):
    async with make_client() as client:
        answers = await asyncio.gather(
            *(
                client.create_project_version(
                    ProjectArn=rekognition_cl.project_arn, VersionName=f"v{number}", OutputConfig=output
                )
                for number in range(50)
            )
        )
        shown = await client.describe_project_versions(ProjectArn=rekognition_cl.project_arn)
    arns = [answer["ProjectVersionArn"] for answer in answers]
    assert len(set(arns)) == 50
    assert len({arn.rpartition("/")[2] for arn in arns}) == 50
    # recorded in the order in which they began, listed newest first
    assert [call.params["VersionName"] for call in rekognition_cl.create_project_version.calls] == [
        f"v{number}" for number in range(50)
    ]
    created = [model.arn for model in rekognition_cl.models]
    assert sorted(created) == sorted(arns)
    assert [model["ProjectVersionArn"] for model in shown["ProjectVersionDescriptions"]] == created[::-1]


@pytest.mark.rekognition_cl(quotas={"concurrent_trainings": None})
async def test_fifty_waiters_at_once(rekognition_cl, make_client, output):
    async with make_client() as client:

        async def train(name):
            arn = rekognition_cl.project_arn
            await client.create_project_version(ProjectArn=arn, VersionName=name, OutputConfig=output)
            await client.get_waiter("project_version_training_completed").wait(ProjectArn=arn, VersionNames=[name])

        await asyncio.gather(*(train(f"v{number}") for number in range(50)))
    assert {model.status for model in rekognition_cl.models} == {"TRAINING_COMPLETED"}
    rekognition_cl.assert_no_errors()


@pytest.mark.rekognition_cl(quotas={"concurrent_trainings": None})
async def test_a_pool_of_threads_and_a_loop(rekognition_cl, make_client, output):
    from botocore.session import Session

    sync_client = Session().create_client("rekognition")

    def create(number):
        return sync_client.create_project_version(
            ProjectArn=rekognition_cl.project_arn, VersionName=f"thread{number}", OutputConfig=output
        )

    async with make_client() as client:
        loop = asyncio.get_running_loop()
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = await asyncio.gather(
                *(loop.run_in_executor(pool, create, number) for number in range(20)),
                *(asyncio.to_thread(create, number) for number in range(20, 40)),
                *(
                    client.create_project_version(
                        ProjectArn=rekognition_cl.project_arn, VersionName=f"task{number}", OutputConfig=output
                    )
                    for number in range(20)
                ),
            )
    assert len({answer["ProjectVersionArn"] for answer in answers}) == 60
    assert len({call.number for call in rekognition_cl.calls}) == 60
    assert len({call.params["VersionName"] for call in rekognition_cl.calls}) == 60


async def test_loops_of_other_threads(rekognition_cl, make_client):
    async def describe():
        async with make_client() as client:
            return await client.describe_projects()

    answers = []
    threads = [threading.Thread(target=lambda: answers.append(asyncio.run(describe()))) for _ in range(4)]
    for thread in threads:
        thread.start()
    await asyncio.gather(*(asyncio.to_thread(thread.join) for thread in threads))
    assert len(answers) == rekognition_cl.describe_projects.call_count == 4


async def test_an_executor_of_processes_is_left_alone(rekognition_cl):
    with concurrent.futures.ProcessPoolExecutor(1) as pool:
        assert await asyncio.get_running_loop().run_in_executor(pool, abs, -3) == 3


async def test_a_task_that_outlives_its_test_is_refused(make_client):
    go = asyncio.Event()

    async def late(client):
        await go.wait()
        await client.describe_projects()

    async with make_client() as client:
        with RekognitionCL() as fake:
            task = asyncio.create_task(late(client), name="straggler")
            await client.describe_projects()
        go.set()
        with pytest.raises(LateCall, match=r"the asyncio task 'straggler' after .* had ended"):
            await task
        assert fake.describe_projects.call_count == 1


async def test_a_late_task_does_not_enter_the_next_tests_records(make_client):
    go = asyncio.Event()

    async def late(client):
        await go.wait()
        await client.describe_projects()

    async with make_client() as client:
        with RekognitionCL():
            task = asyncio.create_task(late(client))
            await client.describe_projects()
        with RekognitionCL() as second:
            go.set()
            with pytest.raises(LateCall):
                await task
            await client.describe_projects()
        assert second.describe_projects.call_count == 1


async def test_a_patch_goes_with_its_last_late_task(make_client):
    from botocore.endpoint import Endpoint

    before = vars(Endpoint)["make_request"]
    go = asyncio.Event()
    with RekognitionCL():
        async with make_client() as client:
            await client.describe_projects()
        task = asyncio.create_task(go.wait())
    assert vars(Endpoint)["make_request"] is not before
    go.set()
    await task
    with RekognitionCL():
        pass
    assert vars(Endpoint)["make_request"] is before


async def test_a_task_that_is_older_than_the_fixture_belongs_to_the_test_that_calls_it(make_client):
    """As a worker of a session: it takes orders from one test after the other."""
    orders: asyncio.Queue = asyncio.Queue()

    async def work():
        async with make_client() as client:
            while True:
                future = await orders.get()
                future.set_result(await client.describe_projects())

    worker = asyncio.create_task(work())
    for _ in range(2):
        with RekognitionCL() as fake:
            future = asyncio.get_running_loop().create_future()
            await orders.put(future)
            assert (await future)["ProjectDescriptions"]
            assert fake.describe_projects.call_count == 1
    worker.cancel()
