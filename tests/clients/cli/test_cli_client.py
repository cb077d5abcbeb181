"""Both AWS CLIs against the HTTP server. They have an environment of their own: version 1 pins its botocore."""

import json

import flow
import pytest


def test_the_flow(rekognition_cl, answer):
    rekognition_cl.set_training(f1_score=0.9)
    arn = rekognition_cl.project_arn
    which = ["--project-arn", arn, "--version-names", "v1"]
    version = answer(
        *("create-project-version", "--project-arn", arn, "--version-name", "v1"),
        *("--output-config", "S3Bucket=my-bucket,S3KeyPrefix=evaluation"),
        *("--training-data", json.dumps(flow.TRAINING), "--testing-data", json.dumps(flow.TESTING)),
    )["ProjectVersionArn"]
    assert answer("wait", "project-version-training-completed", *which) is None
    [model] = answer("describe-project-versions", *which)["ProjectVersionDescriptions"]
    assert model["EvaluationResult"]["F1Score"] == 0.9
    started = answer("start-project-version", "--project-version-arn", version, "--min-inference-units", "1")
    assert started == {"Status": "STARTING"}
    assert answer("wait", "project-version-running", *which) is None
    assert answer("stop-project-version", "--project-version-arn", version) == {"Status": "STOPPING"}
    shown = [answer("describe-project-versions", *which)["ProjectVersionDescriptions"][0] for _ in range(2)]
    assert [model["Status"] for model in shown] == ["STOPPING", "STOPPED"]
    assert answer("delete-project-version", "--project-version-arn", version) == {"Status": "DELETING"}
    shown = [answer("describe-project-versions", *which)["ProjectVersionDescriptions"] for _ in range(2)]
    assert [len(page) for page in shown] == [1, 0]
    flow.assert_flow(rekognition_cl)


def test_a_wait_that_fails(rekognition_cl, aws):
    rekognition_cl.add_model("v1", status="TRAINING_FAILED")
    result = aws("wait", "project-version-training-completed", "--project-arn", rekognition_cl.project_arn)
    assert result.returncode == 255
    assert "Waiter ProjectVersionTrainingCompleted failed" in result.stderr


def names(answer):
    return [model["ProjectVersionArn"].split("/")[3] for model in answer["ProjectVersionDescriptions"]]


def test_paging(rekognition_cl, answer):
    for number in range(5):
        rekognition_cl.add_model(f"m{number}")
    describe = ["describe-project-versions", "--project-arn", rekognition_cl.project_arn]
    whole = answer(*describe, "--page-size", "2")
    assert names(whole) == ["m4", "m3", "m2", "m1", "m0"]
    assert "NextToken" not in whole
    assert [call.params["MaxResults"] for call in rekognition_cl.describe_project_versions.calls] == [2, 2, 2]
    first = answer(*describe, "--max-items", "3")
    assert names(first) == ["m4", "m3", "m2"]
    assert names(answer(*describe, "--starting-token", first["NextToken"])) == ["m1", "m0"]


def test_an_error(rekognition_cl, aws, refused):
    result = aws("describe-project-versions", "--project-arn", rekognition_cl.project_arn + "9")
    assert (result.returncode, result.stdout) == (refused, "")
    assert "(ResourceNotFoundException) when calling the DescribeProjectVersions operation" in result.stderr


def test_a_validation_error(rekognition_cl, aws, refused):
    describe = ["describe-project-versions", "--project-arn", rekognition_cl.project_arn, "--no-paginate"]
    result = aws(*describe, "--max-results", "101")
    assert result.returncode == refused
    assert "(ValidationException)" in result.stderr
    assert "1 validation error detected: Value '101' at 'maxResults'" in result.stderr


def test_retries(rekognition_cl, aws, refused):
    rekognition_cl.add_client_error("describe_projects", "ThrottlingException", attempts=1)
    rekognition_cl.add_client_error("describe_projects", "ThrottlingException", calls=1, after=1)
    assert aws("describe-projects").returncode == 0
    result = aws("describe-projects", AWS_MAX_ATTEMPTS="2")
    assert result.returncode == refused
    assert "(ThrottlingException)" in result.stderr
    assert [(c.error, c.attempts) for c in rekognition_cl.calls] == [(None, 2), ("ThrottlingException", 2)]


def test_an_image_file(rekognition_cl, answer, tmp_path):
    model = rekognition_cl.add_model("v1", status="RUNNING")
    model.set_labels([{"Name": "cat", "Confidence": 98.5}])
    image = tmp_path / "cat.png"
    image.write_bytes(b"\x89PNG\r\n\x1a\n")
    found = answer("detect-custom-labels", "--project-version-arn", model.arn, "--image-bytes", f"fileb://{image}")
    assert found["CustomLabels"][0]["Name"] == "cat"
    rekognition_cl.detect_custom_labels.assert_called_once_with(
        ProjectVersionArn=model.arn, Image={"Bytes": b"\x89PNG\r\n\x1a\n"}
    )


@pytest.mark.rekognition_cl(region="eu-west-1")
def test_the_region_is_the_clients(rekognition_cl, answer):
    answer("describe-projects")
    answer("describe-projects", "--region", "us-west-2")
    assert [call.region for call in rekognition_cl.calls] == ["eu-west-1", "us-west-2"]


@pytest.mark.parametrize(
    "own",
    [{"AWS_PROFILE": "production"}, {"AWS_DEFAULT_PROFILE": "production"}, {"AWS_USE_FIPS_ENDPOINT": "true"}],
    ids=lambda own: " ".join(own),
)
def test_settings_of_the_developers(rekognition_cl, answer, monkeypatch, own):
    for name, value in own.items():
        monkeypatch.setenv(name, value)
    assert [project["Status"] for project in answer("describe-projects")["ProjectDescriptions"]] == ["CREATED"]
