"""Datasets -> training -> evaluation from the summary file in S3 -> start -> detect -> stop -> delete everything.

S3 is moto's, in the same test.
"""

import json
import time

import boto3
import moto
import pytest

BUCKET = "my-bucket"


# --- the program ----------------------------------------------------------------------------------------------------


def json_line(name, label):
    """Return the JSON Line of an image with an image-level label."""
    metadata = {
        "class-name": label,
        "confidence": 1,
        "type": "groundtruth/image-classification",
        "human-annotated": "yes",
        "creation-date": "2020-03-06T17:46:39.176",
    }
    return json.dumps({"source-ref": f"s3://{BUCKET}/{name}", "animal": 1, "animal-metadata": metadata})


def wait_for_dataset(rekognition, arn):
    while True:
        dataset = rekognition.describe_dataset(DatasetArn=arn)["DatasetDescription"]
        if not dataset["Status"].endswith("_IN_PROGRESS"):
            assert dataset["Status"].endswith("_COMPLETE"), dataset["StatusMessage"]
            return dataset["DatasetStats"]
        time.sleep(5)


def make_project(rekognition, name, lines):
    """Create a project with a training and a test dataset; return their ARNs."""
    project = rekognition.create_project(ProjectName=name)["ProjectArn"]
    training = rekognition.create_dataset(ProjectArn=project, DatasetType="TRAIN")["DatasetArn"]
    wait_for_dataset(rekognition, training)
    rekognition.update_dataset_entries(DatasetArn=training, Changes={"GroundTruth": "\n".join(lines).encode()})
    wait_for_dataset(rekognition, training)
    testing = rekognition.create_dataset(ProjectArn=project, DatasetType="TEST")["DatasetArn"]
    wait_for_dataset(rekognition, testing)
    rekognition.distribute_dataset_entries(Datasets=[{"Arn": training}, {"Arn": testing}])
    for arn in (training, testing):
        wait_for_dataset(rekognition, arn)
    return project, training, testing


def train(rekognition, project):
    arn = rekognition.create_project_version(
        ProjectArn=project, VersionName="v1", OutputConfig={"S3Bucket": BUCKET, "S3KeyPrefix": "evaluation"}
    )["ProjectVersionArn"]
    rekognition.get_waiter("project_version_training_completed").wait(ProjectArn=project, VersionNames=["v1"])
    return arn


def weak_labels(rekognition, s3, project, least=0.8):
    """Return the labels whose F1 score is too low, from the summary file of the evaluation."""
    [model] = rekognition.describe_project_versions(ProjectArn=project)["ProjectVersionDescriptions"]
    place = model["EvaluationResult"]["Summary"]["S3Object"]
    summary = json.load(s3.get_object(Bucket=place["Bucket"], Key=place["Name"])["Body"])
    assert summary["AggregatedEvaluationResults"]["F1Score"] == model["EvaluationResult"]["F1Score"]
    return [each["Label"] for each in summary["LabelEvaluationResults"] if each["Metrics"]["F1Score"] < least]


def detect(rekognition, project, arn):
    """Start the model, look at one image, stop the model; return the names of the labels."""
    rekognition.start_project_version(ProjectVersionArn=arn, MinInferenceUnits=1)
    rekognition.get_waiter("project_version_running").wait(ProjectArn=project, VersionNames=["v1"])
    image = {"S3Object": {"Bucket": BUCKET, "Name": "new.jpg"}}
    found = rekognition.detect_custom_labels(ProjectVersionArn=arn, Image=image)["CustomLabels"]
    rekognition.stop_project_version(ProjectVersionArn=arn)
    return [label["Name"] for label in found]


def delete_dataset(rekognition, arn):
    """Delete a dataset, and return when it is gone: then it is not found any more."""
    rekognition.delete_dataset(DatasetArn=arn)
    try:
        while True:
            rekognition.describe_dataset(DatasetArn=arn)
            time.sleep(5)
    except rekognition.exceptions.ResourceNotFoundException:
        return


def delete_everything(rekognition, project):
    """Delete a project with all that is in it, each thing when it can be deleted."""
    for version in rekognition.describe_project_versions(ProjectArn=project)["ProjectVersionDescriptions"]:
        name = version["ProjectVersionArn"].split("/")[3]
        while version["Status"] == "STOPPING":
            time.sleep(10)
            [version] = rekognition.describe_project_versions(ProjectArn=project, VersionNames=[name])[
                "ProjectVersionDescriptions"
            ]
        rekognition.delete_project_version(ProjectVersionArn=version["ProjectVersionArn"])
        while rekognition.describe_project_versions(ProjectArn=project)["ProjectVersionDescriptions"]:
            time.sleep(10)
    [description] = rekognition.describe_projects(ProjectNames=[project.split("/")[1]])["ProjectDescriptions"]
    for dataset in description["Datasets"]:
        delete_dataset(rekognition, dataset["DatasetArn"])
    rekognition.delete_project(ProjectArn=project)


# --- its tests ------------------------------------------------------------------------------------------------------


def test_the_whole_pipeline(rekognition_cl):
    lines = [json_line(f"{number}.jpg", ("cat", "dog")[number % 2]) for number in range(10)]
    rekognition = boto3.client("rekognition", region_name="us-east-1")
    rekognition_cl.set_training(label_f1_scores={"cat": 0.9, "dog": 0.7})

    project, training, testing = make_project(rekognition, "animals", lines)
    assert wait_for_dataset(rekognition, training)["TotalEntries"] == 8
    assert wait_for_dataset(rekognition, testing)["TotalEntries"] == 2
    arn = train(rekognition, project)
    [model] = rekognition_cl.models
    model.set_labels([{"Name": "cat", "Confidence": 98.5}])

    with moto.mock_aws():
        s3 = boto3.client("s3", region_name="us-east-1", aws_access_key_id="k", aws_secret_access_key="s")
        s3.create_bucket(Bucket=BUCKET)
        model.write_results(s3)
        assert weak_labels(rekognition, s3, project) == ["dog"]

    assert detect(rekognition, project, arn) == ["cat"]
    delete_everything(rekognition, project)

    assert rekognition_cl.models == ()
    rekognition_cl.distribute_dataset_entries.assert_called_once_with(Datasets=[{"Arn": training}, {"Arn": testing}])
    rekognition_cl.create_project_version.assert_called_once_with(
        ProjectArn=project, VersionName="v1", OutputConfig={"S3Bucket": BUCKET, "S3KeyPrefix": "evaluation"}
    )
    rekognition_cl.assert_order("create_dataset", "create_project_version", "delete_dataset", "delete_project")


def test_a_dataset_that_fails(rekognition_cl):
    rekognition_cl.set_transition("update_dataset_entries", status="UPDATE_FAILED")
    with pytest.raises(AssertionError, match="images from multiple S3 buckets"):
        make_project(boto3.client("rekognition", region_name="us-east-1"), "animals", [json_line("1.jpg", "cat")])
