"""create -> wait -> evaluate -> start -> wait, as one would write it against the real service."""

import boto3


def test_trains_evaluates_and_starts(rekognition_cl):
    rekognition = boto3.client("rekognition")
    v1 = {"ProjectArn": rekognition_cl.project_arn, "VersionNames": ["v1"]}
    bucket = {"S3Bucket": "my-bucket"}
    created = rekognition.create_project_version(ProjectArn=v1["ProjectArn"], VersionName="v1", OutputConfig=bucket)
    rekognition.get_waiter("project_version_training_completed").wait(**v1)
    model = rekognition.describe_project_versions(**v1)["ProjectVersionDescriptions"][0]
    assert model["EvaluationResult"]["F1Score"] > 0.8
    rekognition.start_project_version(ProjectVersionArn=created["ProjectVersionArn"], MinInferenceUnits=1)
    rekognition.get_waiter("project_version_running").wait(**v1)
    rekognition_cl.assert_order("create_project_version", "start_project_version")
