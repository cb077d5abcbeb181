"""Answers that the real service has given, reproduced member by member through boto3.

The first is the official example of DescribeProjectVersions (API reference), the second was captured by an AWS sample
while a model was in training, the third was captured in 2026 of a model that had been trained in the console, started
and stopped (names changed, figures kept).
"""

from datetime import datetime, timedelta, timezone

import boto3


def manifest(bucket, name):
    return {"Assets": [{"GroundTruthManifest": {"S3Object": {"Bucket": bucket, "Name": name}}}]}


def test_the_official_example_of_a_completed_training(rekognition_cl):
    arn = "arn:aws:rekognition:us-east-1:111122223333:project/my-project/version/1/1690556751958"
    bucket = "custom-labels-console-us-east-1-111111111"
    pacific = timezone(timedelta(hours=-7))
    rekognition_cl.add_project("arn:aws:rekognition:us-east-1:111122223333:project/my-project/1690474772815")
    rekognition_cl.add_model(
        arn,
        f1_score=1.0,
        billable_training_time_in_seconds=1899,
        training_end_timestamp=datetime(2023, 7, 28, 8, 33, 10, 827000, pacific),
        output_config={"S3Bucket": bucket, "S3KeyPrefix": "my-model-output"},
    )

    answer = boto3.client("rekognition", region_name="us-east-1").describe_project_versions(
        ProjectArn="arn:aws:rekognition:us-east-1:111122223333:project/my-project/1690474772815"
    )

    assert answer["ProjectVersionDescriptions"] == [
        {
            "BillableTrainingTimeInSeconds": 1899,
            "CreationTimestamp": datetime(2023, 7, 28, 8, 5, 51, 958000, pacific),
            "EvaluationResult": {
                "F1Score": 1,
                "Summary": {
                    "S3Object": {
                        "Bucket": bucket,
                        "Name": "my-model-output/EvaluationResultSummary-my-project-1.json",
                    }
                },
            },
            "ManifestSummary": {
                "S3Object": {"Bucket": bucket, "Name": "my-model-output/ManifestSummary-my-project-1.json"}
            },
            "OutputConfig": {"S3Bucket": bucket, "S3KeyPrefix": "my-model-output"},
            "ProjectVersionArn": arn,
            "Status": "TRAINING_COMPLETED",
            "StatusMessage": "The model is ready to run.",
            "TestingDataResult": {
                "Input": {"AutoCreate": False},
                "Output": {
                    **manifest(bucket, "my-model-output/TestingGroundTruth-my-project-1.json"),
                    "AutoCreate": False,
                },
                "Validation": manifest(bucket, "my-model-output/TestingManifestWithValidation-my-project-1.json"),
            },
            "TrainingDataResult": {
                "Input": {},
                "Output": manifest(bucket, "my-model-output/TrainingGroundTruth-my-project-1.json"),
                "Validation": manifest(bucket, "my-model-output/TrainingManifestWithValidation-my-project-1.json"),
            },
            "TrainingEndTimestamp": datetime(2023, 7, 28, 8, 33, 10, 827000, pacific),
        }
    ]


def test_the_captured_answer_of_a_training_in_progress(rekognition_cl):
    project = rekognition_cl.add_project("ppe")
    manifests = manifest("my-bucket", "datasets/train/output.manifest")
    client = boto3.client("rekognition", region_name=project.arn.split(":")[3])

    arn = client.create_project_version(
        ProjectArn=project.arn,
        VersionName="v1",
        OutputConfig={"S3Bucket": "my-bucket", "S3KeyPrefix": "evaluation/ppe/v1/manifests/output"},
        TrainingData=manifests,
        TestingData={"AutoCreate": True, "Assets": []},
    )["ProjectVersionArn"]

    created = datetime.fromtimestamp(int(arn.rpartition("/")[2]) / 1000, timezone.utc)
    assert client.describe_project_versions(ProjectArn=project.arn)["ProjectVersionDescriptions"] == [
        {
            "ProjectVersionArn": arn,
            "CreationTimestamp": created,
            "Status": "TRAINING_IN_PROGRESS",
            "StatusMessage": "The model is being trained.",
            "OutputConfig": {"S3Bucket": "my-bucket", "S3KeyPrefix": "evaluation/ppe/v1/manifests/output"},
            "TrainingDataResult": {"Input": manifests},
            "TestingDataResult": {"Input": {"Assets": [], "AutoCreate": True}},
        }
    ]


def test_the_captured_answer_of_a_stopped_model(rekognition_cl):
    name, zone = "bugs.2026-05-21T12.46.19", timezone(timedelta(hours=8))
    project = rekognition_cl.add_project("arn:aws:rekognition:us-east-1:111122223333:project/bugs/1779334594920")
    arn = f"arn:aws:rekognition:us-east-1:111122223333:project/bugs/version/{name}/1779338780450"
    bucket, prefix = "custom-labels-console-us-east-1-0a1b2c3d4e", f"evaluation/{project.arn}"
    rekognition_cl.add_model(
        arn,
        status="STOPPED",
        f1_score=0.7194244861602783,
        billable_training_time_in_seconds=4469,
        training_end_timestamp=datetime(2026, 5, 21, 13, 31, 46, 133000, zone),
        output_config={"S3Bucket": bucket, "S3KeyPrefix": prefix},
    )

    answer = boto3.client("rekognition", region_name="us-east-1").describe_project_versions(ProjectArn=project.arn)

    (description,) = answer["ProjectVersionDescriptions"]
    expected = {
        "ProjectVersionArn": arn,
        "CreationTimestamp": datetime(2026, 5, 21, 12, 46, 20, 450000, zone),
        "Status": "STOPPED",
        "StatusMessage": "The model is ready for hosting.",
        "BillableTrainingTimeInSeconds": 4469,
        "TrainingEndTimestamp": datetime(2026, 5, 21, 13, 31, 46, 133000, zone),
        "OutputConfig": {"S3Bucket": bucket, "S3KeyPrefix": prefix},
        "TrainingDataResult": {
            "Input": {},
            "Output": manifest(bucket, f"{prefix}/TrainingGroundTruth-bugs-{name}.json"),
            "Validation": manifest(bucket, f"{prefix}/TrainingManifestWithValidation-bugs-{name}.json"),
        },
        "TestingDataResult": {
            "Input": {"AutoCreate": False},
            "Output": {**manifest(bucket, f"{prefix}/TestingGroundTruth-bugs-{name}.json"), "AutoCreate": False},
            "Validation": manifest(bucket, f"{prefix}/TestingManifestWithValidation-bugs-{name}.json"),
        },
        "EvaluationResult": {
            "F1Score": 0.7194244861602783,
            "Summary": {"S3Object": {"Bucket": bucket, "Name": f"{prefix}/EvaluationResultSummary-bugs-{name}.json"}},
        },
        "ManifestSummary": {"S3Object": {"Bucket": bucket, "Name": f"{prefix}/ManifestSummary-bugs-{name}.json"}},
    }
    assert description == expected
