"""The README's tests: unchanged code under test, see training.py."""

from unittest.mock import ANY

import pytest
import training

# training.py has its Region in the code; where clients take theirs from the environment, the fixture follows it.
pytestmark = pytest.mark.rekognition_cl(region="us-east-1")


def test_trains_a_version(rekognition_cl):
    arn = training.train(rekognition_cl.project_arn, "v1", "my-bucket")
    rekognition_cl.create_project_version.assert_called_once_with(
        ProjectArn=rekognition_cl.project_arn,
        VersionName="v1",
        OutputConfig={"S3Bucket": "my-bucket", "S3KeyPrefix": "evaluation"},
        TrainingData=ANY,
        TestingData={"AutoCreate": True},
    )
    assert rekognition_cl.models[0].arn == arn
    assert rekognition_cl.clock.slept == 30 * 60


@pytest.mark.rekognition_cl_training(status="TRAINING_FAILED", status_message="The manifest file is empty.")
def test_reports_a_failed_training(rekognition_cl):
    with pytest.raises(RuntimeError, match="The manifest file is empty"):
        training.train(rekognition_cl.project_arn, "v1", "my-bucket")


@pytest.mark.rekognition_cl_model("v1", f1_score=0.55)
def test_does_not_start_a_bad_model(rekognition_cl):
    assert not training.start_if_good(rekognition_cl.project_arn, "v1")
    rekognition_cl.start_project_version.assert_not_called()


@pytest.mark.rekognition_cl_model("v1", f1_score=0.95)
def test_starts_a_good_model(rekognition_cl):
    assert training.start_if_good(rekognition_cl.project_arn, "v1")
    assert rekognition_cl.models[0].status == "RUNNING"


def test_lists_250_versions(rekognition_cl):
    for number in range(250):
        rekognition_cl.add_model(f"v{number}")
    names = training.all_versions(rekognition_cl.project_arn)
    assert names == [f"v{number}" for number in reversed(range(250))]
    assert rekognition_cl.describe_project_versions.call_count == 3
