"""Every operation, paginators, waiters, records, faults and the verdict, through clients of aiobotocore."""

import datetime

import pytest
from botocore.exceptions import ClientError, ParamValidationError, ReadTimeoutError, WaiterError

pytestmark = pytest.mark.asyncio

IMAGE = {"Bytes": b"\x89PNG\r\n\x1a\n"}


async def test_all_ten_operations(rekognition_cl, make_client, output):
    async with make_client() as client:
        project = (await client.create_project(ProjectName="cats"))["ProjectArn"]
        made = await client.create_project_version(ProjectArn=project, VersionName="v1", OutputConfig=output)
        arn = made["ProjectVersionArn"]
        version = {"ProjectArn": project, "VersionNames": ["v1"]}
        await client.get_waiter("project_version_training_completed").wait(**version)
        copied = await client.copy_project_version(
            SourceProjectArn=project,
            SourceProjectVersionArn=arn,
            DestinationProjectArn=rekognition_cl.project_arn,
            VersionName="copy",
            OutputConfig=output,
        )
        assert copied["ProjectVersionArn"].startswith(rekognition_cl.project_arn.rpartition("/")[0])
        assert (await client.start_project_version(ProjectVersionArn=arn, MinInferenceUnits=1))["Status"] == "STARTING"
        await client.get_waiter("project_version_running").wait(**version)
        assert (await client.detect_custom_labels(ProjectVersionArn=arn, Image=IMAGE))["CustomLabels"] == []
        assert (await client.stop_project_version(ProjectVersionArn=arn))["Status"] == "STOPPING"
        rekognition_cl.clock.advance(3600)
        shown = (await client.describe_project_versions(**version))["ProjectVersionDescriptions"]
        assert [model["Status"] for model in shown] == ["STOPPED"]
        assert (await client.delete_project_version(ProjectVersionArn=arn))["Status"] == "DELETING"
        rekognition_cl.clock.advance(3600)
        assert (await client.describe_project_versions(**version))["ProjectVersionDescriptions"] == []
        assert (await client.delete_project(ProjectArn=project))["Status"] == "DELETING"
        rekognition_cl.clock.advance(3600)
        left = (await client.describe_projects())["ProjectDescriptions"]
        assert [p["ProjectArn"] for p in left] == [rekognition_cl.project_arn]
    rekognition_cl.assert_no_errors()
    assert {call.operation for call in rekognition_cl.calls} == {
        "create_project",
        "create_project_version",
        "describe_project_versions",
        "copy_project_version",
        "start_project_version",
        "detect_custom_labels",
        "stop_project_version",
        "delete_project_version",
        "delete_project",
        "describe_projects",
    }


async def test_records_what_was_called_and_answered(rekognition_cl, make_client, output):
    async with make_client() as client:
        answer = await client.create_project_version(
            ProjectArn=rekognition_cl.project_arn, VersionName="v1", OutputConfig=output
        )
    (call,) = rekognition_cl.calls
    assert call.params == {"ProjectArn": rekognition_cl.project_arn, "VersionName": "v1", "OutputConfig": output}
    assert call.response == {"ProjectVersionArn": answer["ProjectVersionArn"]}
    assert (call.error, call.attempts, call.region) == (None, 1, "us-east-1")
    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert answer["ResponseMetadata"]["RetryAttempts"] == 0


async def test_answers_are_parsed_by_botocore(rekognition_cl, make_client):
    rekognition_cl.add_model("v1", f1_score=0.5)
    async with make_client() as client:
        shown = await client.describe_project_versions(ProjectArn=rekognition_cl.project_arn)
    (model,) = shown["ProjectVersionDescriptions"]
    assert isinstance(model["CreationTimestamp"], datetime.datetime)
    assert model["EvaluationResult"]["F1Score"] == 0.5


async def test_refusals_are_modelled_exceptions(rekognition_cl, make_client, output):
    rekognition_cl.add_model("v1")
    arn = rekognition_cl.project_arn
    async with make_client() as client:
        with pytest.raises(client.exceptions.ResourceInUseException):
            await client.create_project_version(ProjectArn=arn, VersionName="v1", OutputConfig=output)
        with pytest.raises(ClientError, match=r"ValidationException.*maxResults"):
            await client.describe_project_versions(ProjectArn=arn, MaxResults=101)
        with pytest.raises(ParamValidationError):
            await client.describe_project_versions(ProjectArn=arn, Nothing=1)
    # botocore itself refuses the third: it was not sent.
    assert [call.error for call in rekognition_cl.calls] == ["ResourceInUseException", "ValidationException"]


async def test_paginator(rekognition_cl, make_client):
    for number in range(7):
        rekognition_cl.add_model(f"v{number}")
    async with make_client() as client:
        pages = client.get_paginator("describe_project_versions").paginate(
            ProjectArn=rekognition_cl.project_arn, PaginationConfig={"PageSize": 3}
        )
        names = [[m["ProjectVersionArn"].split("/")[3] async for m in _each(page)] async for page in pages]
    assert names == [["v6", "v5", "v4"], ["v3", "v2", "v1"], ["v0"]]


async def _each(page):
    for model in page["ProjectVersionDescriptions"]:
        yield model


async def test_waiter_sleeps_virtually(rekognition_cl, make_client, output):
    rekognition_cl.set_training(seconds=11 * 3600)
    async with make_client() as client:
        await client.create_project_version(
            ProjectArn=rekognition_cl.project_arn, VersionName="v1", OutputConfig=output
        )
        await client.get_waiter("project_version_training_completed").wait(ProjectArn=rekognition_cl.project_arn)
    # 120 seconds a poll, the last one finds it completed
    assert rekognition_cl.clock.slept == pytest.approx(11 * 3600, abs=120)
    assert rekognition_cl.describe_project_versions.call_count == 11 * 3600 / 120 + 1


async def test_waiter_ends_in_vain_and_says_why(rekognition_cl, make_client):
    rekognition_cl.add_model("old", status="TRAINING_IN_PROGRESS")
    async with make_client() as client:
        waiter = client.get_waiter("project_version_training_completed")
        with pytest.raises(WaiterError, match="Max attempts exceeded"):
            await waiter.wait(ProjectArn=rekognition_cl.project_arn, VersionNames=["other"])
    assert rekognition_cl.clock.slept == 359 * 120
    assert "No version named 'other' exists" in rekognition_cl._report()


async def test_waiter_meets_a_failed_training(rekognition_cl, make_client, output):
    rekognition_cl.set_training(status="TRAINING_FAILED", status_message="The manifest file is empty.")
    async with make_client() as client:
        arn = rekognition_cl.project_arn
        await client.create_project_version(ProjectArn=arn, VersionName="v1", OutputConfig=output)
        with pytest.raises(WaiterError) as caught:
            await client.get_waiter("project_version_training_completed").wait(ProjectArn=arn)
    (model,) = caught.value.last_response["ProjectVersionDescriptions"]
    assert model["StatusMessage"] == "The manifest file is empty."


async def test_prepared_errors_and_responses(rekognition_cl, make_client):
    arn = rekognition_cl.project_arn
    rekognition_cl.add_client_error("describe_project_versions", "AccessDeniedException")
    rekognition_cl.add_exception("describe_project_versions", ReadTimeoutError(endpoint_url="x"), after=1)
    rekognition_cl.add_response("detect_labels", {"Labels": [{"Name": "Cat"}]})
    async with make_client(retries={"max_attempts": 0}) as client:
        with pytest.raises(client.exceptions.AccessDeniedException):
            await client.describe_project_versions(ProjectArn=arn)
        with pytest.raises(ReadTimeoutError):
            await client.describe_project_versions(ProjectArn=arn)
        assert (await client.detect_labels(Image=IMAGE))["Labels"] == [{"Name": "Cat"}]
        assert (await client.describe_project_versions(ProjectArn=arn))["ProjectVersionDescriptions"] == []
    assert [call.error for call in rekognition_cl.describe_project_versions.calls] == [
        "AccessDeniedException",
        "ReadTimeoutError",
        None,
    ]


async def test_stubber_wins_on_its_client(rekognition_cl, make_client):
    from aiobotocore.stub import AioStubber

    async with make_client() as stubbed, make_client() as free:
        with AioStubber(stubbed) as stubber:
            stubber.add_response("describe_project_versions", {"ProjectVersionDescriptions": []})
            rekognition_cl.add_model("v1")
            params = {"ProjectArn": rekognition_cl.project_arn}
            assert (await stubbed.describe_project_versions(**params))["ProjectVersionDescriptions"] == []
            assert len((await free.describe_project_versions(**params))["ProjectVersionDescriptions"]) == 1
        assert len((await stubbed.describe_project_versions(**params))["ProjectVersionDescriptions"]) == 1
    assert rekognition_cl.describe_project_versions.call_count == 2


async def test_a_client_works_without_async_with_and_with_its_own_events(rekognition_cl, make_client):
    seen = []

    async def listen(params, **kwargs):
        seen.append(params["body"])

    async with make_client() as client:
        client.meta.events.register("before-call.rekognition.DescribeProjects", listen)
        client.meta.events.register("after-call.rekognition.DescribeProjects", lambda **kw: seen.append("after"))
        await client.describe_projects()
    assert seen == [b"{}", "after"]


@pytest.mark.rekognition_cl(passthrough=True)
async def test_another_mock_answers(rekognition_cl, make_client):
    from aiobotocore.awsrequest import AioAWSResponse

    async def answer(request, **kwargs):
        response = AioAWSResponse(request.url, 200, {}, None)
        response._content = b'{"Labels": [{"Name": "Dog"}]}'
        return response

    async with make_client(signature_version=_unsigned()) as client:
        client.meta.events.register("before-send.rekognition", answer)
        assert (await client.detect_labels(Image=IMAGE))["Labels"] == [{"Name": "Dog"}]
        assert (await client.describe_projects())["ProjectDescriptions"]  # ours all the same
    assert rekognition_cl.recorder("detect_labels").calls[0].response == {"Labels": [{"Name": "Dog"}]}


@pytest.mark.rekognition_cl(passthrough=True)
async def test_a_mock_for_botocore_answers(rekognition_cl, make_client):
    from botocore.awsrequest import AWSResponse

    def answer(request, **kwargs):
        response = AWSResponse(request.url, 400, {}, None)
        response._content = b'{"__type": "InvalidS3ObjectException", "Message": "no"}'
        return response

    async with make_client() as client:
        client.meta.events.register("before-send.rekognition", answer)
        with pytest.raises(client.exceptions.InvalidS3ObjectException):
            await client.detect_labels(Image=IMAGE)
    assert rekognition_cl.calls[0].error == "InvalidS3ObjectException"


async def test_nobody_answers(make_client):
    from pytest_rekognition_cl import RekognitionCL, UnansweredCall

    fake = RekognitionCL(passthrough=True)
    fake.__enter__()
    try:
        async with make_client() as client:
            with pytest.raises(UnansweredCall, match="nobody answered it"):
                await client.detect_labels(Image=IMAGE)
    finally:
        with pytest.raises(AssertionError, match="was handed on"):
            fake.__exit__(None, None, None)


def _unsigned():
    from botocore import UNSIGNED

    return UNSIGNED
