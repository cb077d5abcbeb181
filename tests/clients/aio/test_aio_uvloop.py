"""An event loop that is not asyncio's own: who makes a call for whom is known there too."""

import asyncio

import botocore.session
import pytest
import uvloop

RUNNERS = pytest.mark.parametrize("run", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])


async def poll(describe):
    polls = 0
    while True:
        answer = await describe()
        polls += 1
        if answer["ProjectVersionDescriptions"][0]["Status"] != "TRAINING_IN_PROGRESS":
            return polls
        await asyncio.sleep(120)


@RUNNERS
@pytest.mark.parametrize("by", ["itself", "gather", "wait_for", "create_task"])
@pytest.mark.rekognition_cl_training(seconds=600)
def test_helper_tasks(rekognition_cl, make_client, output, run, by):
    arn = rekognition_cl.project_arn

    async def main():
        async with make_client() as client:
            await client.create_project_version(ProjectArn=arn, VersionName="v1", OutputConfig=output)

            async def describe():
                call = client.describe_project_versions(ProjectArn=arn)
                if by == "gather":
                    return (await asyncio.gather(call))[0]
                if by == "wait_for":
                    return await asyncio.wait_for(call, 30)
                return await (asyncio.get_running_loop().create_task(call) if by == "create_task" else call)

            return await poll(describe)

    assert run(main()) == 6
    assert rekognition_cl.clock.slept == 600


@RUNNERS
@pytest.mark.rekognition_cl_training(seconds=600)
def test_helper_threads(rekognition_cl, output, run):
    client = botocore.session.get_session().create_client("rekognition", region_name="us-east-1")
    arn = rekognition_cl.project_arn
    client.create_project_version(ProjectArn=arn, VersionName="v1", OutputConfig=output)

    async def main():
        return await poll(lambda: asyncio.to_thread(client.describe_project_versions, ProjectArn=arn))

    assert run(main()) == 6
    assert rekognition_cl.clock.slept == 600


def test_the_loop_is_left_as_it_was(pytester):
    pytester.makepyfile("""
        import uvloop

        def test_it(rekognition_cl):
            assert "create_task" in vars(uvloop.Loop)
    """)
    pytester.runpytest_inprocess().assert_outcomes(passed=1)
    assert "create_task" not in vars(uvloop.Loop)
