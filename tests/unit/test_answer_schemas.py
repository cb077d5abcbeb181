"""The check of every answer that our suite sees notices wrong answers (tests/answer_schemas.py)."""

import answer_schemas
import pytest

from pytest_rekognition_cl.service import OPERATIONS
from pytest_rekognition_cl.service.errors import ServiceError

IMAGE = {"S3Object": {"Bucket": "my-bucket", "Name": "a.jpg"}}


def test_a_description_that_breaks_its_schema(wire):
    model = wire.add_model("v1")
    wire.service.store.versions_by_arn[model.arn].overrides["EvaluationResult"] = {"F1Score": "good"}
    wire.describe()
    assert answer_schemas.taken() == [
        "describe_project_versions: DescribeProjectVersionsResponse.ProjectVersionDescriptions[].EvaluationResult.F1Score: "
        "'good' is no float",
        "describe_project_versions: DescribeProjectVersionsResponse.ProjectVersionDescriptions.0.EvaluationResult.F1Score: "
        "'good' is not of type 'number' (responses.json)",
    ]


def test_a_label_beyond_its_bounds(wire):
    model = wire.add_model("v1", status="RUNNING")
    wire.service.store.versions_by_arn[model.arn].labels = lambda params: [{"Name": "cat", "Confidence": 985}]
    wire.detect_custom_labels(ProjectVersionArn=model.arn, Image=IMAGE)
    assert answer_schemas.taken() == [
        "detect_custom_labels: DetectCustomLabelsResponse.CustomLabels.0.Confidence: 985 is greater than the maximum of 100 (responses.json)"
    ]


@pytest.mark.parametrize(
    ("answer", "lines"),
    [
        (
            {"Status": "DELETING", "Extra": 1},
            [
                "DeleteProjectResponse.Extra: botocore knows no such member",
                "DeleteProjectResponse: Additional properties are not allowed ('Extra' was unexpected) (responses.json)",
            ],
        ),
        (
            '{"Status":true}',
            [
                "DeleteProjectResponse.Status: True is no string",
                "DeleteProjectResponse.Status: True is not of type 'string' (responses.json)",
                "DeleteProjectResponse.Status: True is not one of ['CREATING', 'CREATED', 'DELETING'] (responses.json)",
            ],
        ),
        ({"Status": float("inf")}, ["an answer has Infinity"]),
    ],
)
def test_an_answer_that_is_no_response(wire, monkeypatch, answer, lines):
    monkeypatch.setitem(OPERATIONS, "delete_project", lambda request: answer)
    wire.delete_project(ProjectArn=wire.project_arn)
    assert sorted(answer_schemas.taken()) == sorted(f"delete_project: {line}" for line in lines)


def test_an_error_that_the_operation_does_not_declare(wire, monkeypatch):
    def refuse(request):
        raise ServiceError("VideoTooLargeException")

    monkeypatch.setitem(OPERATIONS, "delete_project", refuse)
    wire.refusal("delete_project", ProjectArn=wire.project_arn)
    assert answer_schemas.taken() == ["delete_project does not raise VideoTooLargeException"]


def test_what_was_found_fails_the_test(pytester):
    pytester.makeconftest('pytest_plugins = ["answer_schemas"]')
    pytester.makepyfile(
        """
        from pytest_rekognition_cl import RekognitionCL
        import boto3

        def test_swallows(rekognition_cl):
            version = rekognition_cl.add_model("v1")._resource
            version.overrides["Feature"] = "CUSTOM"
            boto3.client("rekognition").describe_project_versions(ProjectArn=rekognition_cl.project_arn)
        """
    )
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*The service has answered what it cannot answer:", "*'CUSTOM' is not one of *"])
