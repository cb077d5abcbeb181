"""What a failing test's report says where users err most: about ARNs, and about names."""

from __future__ import annotations

import boto3
import pytest
from botocore.exceptions import ClientError

from pytest_rekognition_cl import RekognitionCL

P = "arn:aws:rekognition:us-east-1:123456789012:project/p/1600000000000"
SYDNEY = "arn:aws:rekognition:ap-southeast-2:123456789012:project/p/1600000000000"


@pytest.fixture
def fake():
    with RekognitionCL(region="us-east-1") as fake:
        yield fake


def refused(project_arn, region="us-east-1"):
    client = boto3.client("rekognition", region_name=region)
    with pytest.raises(ClientError):
        client.describe_project_versions(ProjectArn=project_arn)


def notes(fake):
    return [line.removeprefix("Note: ") for line in fake._report().splitlines() if line.startswith("Note: ")]


@pytest.mark.parametrize("end", ["", "/"])
def test_a_project_arn_without_its_number(fake, end):
    fake.add_project(P)
    refused(P.rpartition("/")[0] + end)
    assert notes(fake) == [f"'…project/p{end}' lacks the number; '…project/p/1600000000000' exists."]


def test_an_arn_without_its_number_where_none_of_the_name_exists(fake):
    refused("arn:aws:rekognition:us-east-1:123456789012:project/q")
    assert notes(fake) == ["'…project/q' lacks the number."]


def test_a_project_arn_that_is_cut(fake):
    fake.add_project(P)
    refused(P[:-3])
    assert notes(fake) == ["'…project/p/1600000000' is cut off; '…project/p/1600000000000' exists."]


def test_a_model_arn_without_its_number(fake):
    fake.add_model(P.replace("/p/", "/p/version/v/"))
    with pytest.raises(ClientError):
        boto3.client("rekognition", region_name="us-east-1").start_project_version(
            ProjectVersionArn=P.replace("/p/1600000000000", "/p/version/v"), MinInferenceUnits=1
        )
    assert notes(fake) == ["'…project/p/version/v' lacks the number; '…project/p/version/v/1600000000000' exists."]


def test_the_exact_arn_exists_in_another_region(fake):
    """The line of the call shows the Region, since it is not the default project's."""
    fake.add_project(SYDNEY)
    refused(SYDNEY)
    shown = "'…ap-southeast-2:123456789012:project/p/1600000000000'"
    assert f"describe_project_versions(ProjectArn={shown}) -> " in fake._report()
    assert notes(fake) == [
        f"{shown} exists in ap-southeast-2; your client is in us-east-1. To look there: region_name='ap-southeast-2' "
        "for the client; for one that is made at import, where no Region resolves, the settings rekognition_cl_early = "
        "true and rekognition_cl_region = ap-southeast-2."
    ]


def test_the_default_project_is_in_another_region_than_the_client(fake):
    refused(fake.project_arn, "eu-west-1")
    assert notes(fake) == [
        "the default project '…project/my-project/1579597815000' is in us-east-1, calls came from clients in "
        "eu-west-1. To move it: RekognitionCL(region='eu-west-1')."
    ]


def test_moving_the_default_project_is_no_remedy_for_another_one(fake):
    fake.add_project("other")
    refused(fake.projects[1].arn, "eu-west-1")
    (note,) = notes(fake)
    assert "To move it" not in note
    assert "exists in us-east-1; your client is in eu-west-1" in note


@pytest.mark.parametrize(("arn", "method"), [(P, "add_project"), (P.replace("/p/", "/p/version/v/"), "add_model")])
def test_a_constant_arn_of_the_users_code_that_no_preset_has(fake, arn, method):
    """The remedy is tried out as it is written."""
    model = fake.add_model("m")
    client = boto3.client("rekognition", region_name="us-east-1")

    def call():
        if method == "add_project":
            client.describe_project_versions(ProjectArn=arn)
        else:
            client.delete_project_version(ProjectVersionArn=arn)

    with pytest.raises(ClientError):
        call()
    near = model.arn if method == "add_model" else fake.project_arn
    remedy = f"rekognition_cl.{method}('{arn}')"
    assert notes(fake) == [
        f"there is no '…{arn.split(':', 5)[5]}'; the nearest that exists is '…{near.split(':', 5)[5]}'. "
        f"If it is a constant of your code: {remedy}."
    ]
    eval(remedy, {"rekognition_cl": fake})
    call()


def test_an_arn_of_another_account_is_told_apart(fake):
    fake.add_project(P)
    other = P.replace("123456789012", "999999999999")
    refused(other)
    assert notes(fake)[0].startswith(f"there is no '{other}'; the nearest that exists is '{P}'.")


def test_the_line_of_a_refusal_shows_which_member(fake):
    """However long the value is."""
    refused("arn:aws:rekognition:us-east-1:123456789012:project/" + "x" * 255 + "/")
    client = boto3.client("rekognition", region_name="us-east-1")
    with pytest.raises(ClientError):
        client.create_project_version(
            ProjectArn=fake.project_arn, VersionName="ä" * 255, OutputConfig={"S3Bucket": "bucket"}
        )
    first, second = fake._report().splitlines()[:2]
    assert "' at 'projectArn' failed to satisfy constraint" in first
    assert "' at 'versionName' failed to satisfy constraint" in second


def test_a_region_is_not_shown_where_all_is_in_one(fake):
    boto3.client("rekognition", region_name="us-east-1").describe_project_versions(ProjectArn=fake.project_arn)
    assert "us-east-1" not in fake._report()


def test_a_model_that_was_not_started(fake):
    model = fake.add_model("v1")
    client = boto3.client("rekognition", region_name="us-east-1")
    with pytest.raises(ClientError):
        client.detect_custom_labels(ProjectVersionArn=model.arn, Image={"Bytes": b"x"})
    (note,) = notes(fake)
    assert note.endswith(" is TRAINING_COMPLETED; a model answers while it is RUNNING: start it, and wait.")


def test_a_version_s_name_that_is_taken(fake):
    fake.add_model("v1")
    client = boto3.client("rekognition", region_name="us-east-1")
    with pytest.raises(ClientError):
        client.create_project_version(
            ProjectArn=fake.project_arn, VersionName="v1", OutputConfig={"S3Bucket": "my-bucket"}
        )
    assert notes(fake) == ["the project has a version 'v1' already."]


def test_the_arn_of_something_else(fake):
    fake.add_project(P)
    client = boto3.client("rekognition", region_name="us-east-1")
    with pytest.raises(ClientError):
        client.stop_project_version(ProjectVersionArn=P)
    assert notes(fake) == ["'…project/p/1600000000000' is the ARN of a project, not of a version."]


def test_an_unknown_arn_of_another_region(fake):
    fake.add_project(P)
    refused(SYDNEY)
    (note,) = notes(fake)
    assert note.endswith(f"rekognition_cl.add_project({SYDNEY!r}). Your client is in us-east-1.")
