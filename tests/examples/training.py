"""A training module as public code has it: a client made at import, a poll loop of its own, answers read by index."""

import time

import boto3

rekognition = boto3.client("rekognition", region_name="us-east-1")


def train(project_arn: str, version_name: str, bucket: str) -> str:
    """Train a version, wait for the end, and return the ARN of the model; raises RuntimeError if the training fails."""
    manifest = {"GroundTruthManifest": {"S3Object": {"Bucket": bucket, "Name": "output.manifest"}}}
    answer = rekognition.create_project_version(
        ProjectArn=project_arn,
        VersionName=version_name,
        OutputConfig={"S3Bucket": bucket, "S3KeyPrefix": "evaluation"},
        TrainingData={"Assets": [manifest]},
        TestingData={"AutoCreate": True},
    )
    while True:
        model = describe(project_arn, version_name)
        if model["Status"] == "TRAINING_COMPLETED":
            return answer["ProjectVersionArn"]
        if model["Status"] == "TRAINING_FAILED":
            raise RuntimeError(model["StatusMessage"])
        time.sleep(60)


def describe(project_arn: str, version_name: str) -> dict:
    """Return the description of one version."""
    answer = rekognition.describe_project_versions(ProjectArn=project_arn, VersionNames=[version_name])
    return answer["ProjectVersionDescriptions"][0]


def start_if_good(project_arn: str, version_name: str, least_f1: float = 0.8) -> bool:
    """Start a trained model if its F1 score is good enough, and tell whether it was."""
    model = describe(project_arn, version_name)
    if model["EvaluationResult"]["F1Score"] < least_f1:
        return False
    rekognition.start_project_version(ProjectVersionArn=model["ProjectVersionArn"], MinInferenceUnits=1)
    rekognition.get_waiter("project_version_running").wait(ProjectArn=project_arn, VersionNames=[version_name])
    return True


def all_versions(project_arn: str) -> list[str]:
    """Return the names of all versions of a project, latest first."""
    pages = rekognition.get_paginator("describe_project_versions").paginate(
        ProjectArn=project_arn, PaginationConfig={"PageSize": 100}
    )
    return [model["ProjectVersionArn"].split("/")[3] for page in pages for model in page["ProjectVersionDescriptions"]]
