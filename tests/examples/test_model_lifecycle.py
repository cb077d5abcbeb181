"""create -> wait -> evaluate -> start -> wait -> detect -> stop -> delete, with both real waiters."""

import boto3


def run_life(rekognition, project_arn):
    output = {"S3Bucket": "my-bucket", "S3KeyPrefix": "out"}
    version = {"ProjectArn": project_arn, "VersionNames": ["v1"]}
    arn = rekognition.create_project_version(ProjectArn=project_arn, VersionName="v1", OutputConfig=output)[
        "ProjectVersionArn"
    ]
    rekognition.get_waiter("project_version_training_completed").wait(**version)
    model = rekognition.describe_project_versions(**version)["ProjectVersionDescriptions"][0]
    assert model["EvaluationResult"]["F1Score"] > 0.8
    rekognition.start_project_version(ProjectVersionArn=arn, MinInferenceUnits=1)
    rekognition.get_waiter("project_version_running").wait(**version)
    image = {"S3Object": {"Bucket": "my-bucket", "Name": "cat.jpg"}}
    labels = rekognition.detect_custom_labels(ProjectVersionArn=arn, Image=image, MinConfidence=50)["CustomLabels"]
    rekognition.stop_project_version(ProjectVersionArn=arn)
    return [label["Name"] for label in labels]


def test_the_whole_lifecycle(rekognition_cl):
    rekognition_cl.set_training(f1_score=0.9)
    labels = run_life(boto3.client("rekognition"), rekognition_cl.project_arn)
    assert labels == []
    rekognition_cl.assert_order(
        "create_project_version", "start_project_version", "detect_custom_labels", "stop_project_version"
    )
    rekognition_cl.assert_no_errors()
    rekognition_cl.assert_nothing_left_running()
