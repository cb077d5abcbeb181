"""create -> wait -> evaluate -> start -> wait -> detect -> stop -> delete: as in tests/examples, but for ``await``."""

import aioboto3
import pytest
from botocore.exceptions import ProfileNotFound

pytestmark = pytest.mark.asyncio


async def run_lifecycle(rekognition, project_arn):
    output = {"S3Bucket": "my-bucket", "S3KeyPrefix": "out"}
    version = {"ProjectArn": project_arn, "VersionNames": ["v1"]}
    arn = (await rekognition.create_project_version(ProjectArn=project_arn, VersionName="v1", OutputConfig=output))[
        "ProjectVersionArn"
    ]
    await rekognition.get_waiter("project_version_training_completed").wait(**version)
    model = (await rekognition.describe_project_versions(**version))["ProjectVersionDescriptions"][0]
    assert model["EvaluationResult"]["F1Score"] > 0.8
    await rekognition.start_project_version(ProjectVersionArn=arn, MinInferenceUnits=1)
    await rekognition.get_waiter("project_version_running").wait(**version)
    image = {"S3Object": {"Bucket": "my-bucket", "Name": "cat.jpg"}}
    labels = (await rekognition.detect_custom_labels(ProjectVersionArn=arn, Image=image, MinConfidence=50))[
        "CustomLabels"
    ]
    await rekognition.stop_project_version(ProjectVersionArn=arn)
    return arn, [label["Name"] for label in labels]


async def test_the_whole_lifecycle(rekognition_cl):
    rekognition_cl.set_training(f1_score=0.9)
    async with aioboto3.Session().client("rekognition") as rekognition:
        arn, labels = await run_lifecycle(rekognition, rekognition_cl.project_arn)
        rekognition_cl.clock.advance(3600)
        await rekognition.delete_project_version(ProjectVersionArn=arn)
    assert labels == []
    rekognition_cl.assert_order(
        "create_project_version",
        "start_project_version",
        "detect_custom_labels",
        "stop_project_version",
        "delete_project_version",
    )
    rekognition_cl.assert_no_errors()
    rekognition_cl.assert_nothing_left_running()


async def train(rekognition, project_arn, name):
    await rekognition.create_project_version(
        ProjectArn=project_arn, VersionName=name, OutputConfig={"S3Bucket": "my-bucket"}
    )
    version = {"ProjectArn": project_arn, "VersionNames": [name]}
    await rekognition.get_waiter("project_version_training_completed").wait(**version)
    shown = await rekognition.describe_project_versions(**version)
    return shown["ProjectVersionDescriptions"][0]["EvaluationResult"]


@pytest.mark.rekognition_cl_training(f1_score=0.93)
async def test_the_first_example_of_the_readme(rekognition_cl):
    from unittest.mock import ANY

    async with aioboto3.Session().client("rekognition") as rekognition:
        assert (await train(rekognition, rekognition_cl.project_arn, "v1"))["F1Score"] == 0.93
    rekognition_cl.create_project_version.assert_called_once_with(
        ProjectArn=rekognition_cl.project_arn, VersionName="v1", OutputConfig=ANY
    )


async def test_a_profile_that_does_not_exist_is_missed_as_ever(rekognition_cl):
    with pytest.raises(ProfileNotFound, match="nobody"):
        aioboto3.Session(profile_name="nobody", region_name="eu-west-1")
