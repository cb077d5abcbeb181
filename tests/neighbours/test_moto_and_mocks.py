"""Other services, and other mocks, go on beside us."""

from contextlib import ExitStack

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ClientError
from botocore.stub import Stubber
from moto import mock_aws
from rekognition import CLIENT, create, describe

from pytest_rekognition_cl import RekognitionCL, UnansweredCall


@pytest.fixture(autouse=True)
def keys(monkeypatch):
    """Keys that are plainly none: other services sign."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


def s3():
    return boto3.client("s3", region_name="us-east-1")


def image():
    return {"S3Object": {"Bucket": "bucket", "Name": "cat.jpg"}}


def test_a_stubbed_client_of_another_service(rekognition_cl):
    client = s3()
    with Stubber(client) as stubber:
        stubber.add_response("list_buckets", {"Buckets": [{"Name": "mine"}]})
        create(rekognition_cl.project_arn)
        assert [bucket["Name"] for bucket in client.list_buckets()["Buckets"]] == ["mine"]
    assert len(rekognition_cl.calls) == 1


def test_resources_of_other_services(rekognition_cl):
    with mock_aws():
        bucket = boto3.resource("s3", region_name="us-east-1").create_bucket(Bucket="bucket")
        bucket.put_object(Key="manifest", Body=b"{}")
        create(rekognition_cl.project_arn)
        assert [item.key for item in bucket.objects.all()] == ["manifest"]


#: In which order moto and the fixture start and end.
ORDERS = ["moto, fake", "fake, moto"]


@pytest.mark.parametrize("starts", ORDERS)
@pytest.mark.parametrize("ends", ORDERS)
@pytest.mark.parametrize("client", [CLIENT, None], ids=["old client", "new client"])
def test_moto_in_every_nesting(starts, ends, client):
    moto, fake = mock_aws(), RekognitionCL(region="us-east-1")
    enter = {"moto": moto.start, "fake": fake.__enter__}
    leave = {"moto": moto.stop, "fake": lambda: fake.__exit__(None, None, None)}
    with ExitStack() as stack:
        for name in starts.split(", "):
            enter[name]()
        for name in reversed(ends.split(", ")):
            stack.callback(leave[name])
        client = client or boto3.client("rekognition", region_name="us-east-1")
        create(fake.project_arn, client=client)
        s3().create_bucket(Bucket="bucket")
        assert [bucket["Name"] for bucket in s3().list_buckets()["Buckets"]] == ["bucket"]
        assert len(describe(fake.project_arn, client=client)) == 1
    assert [call.operation for call in fake.calls] == ["create_project_version", "describe_project_versions"]


def test_the_fixture_inside_motos_decorator(pytester):
    pytester.makepyfile(
        """
        import boto3
        from moto import mock_aws

        @mock_aws
        def test_it(rekognition_cl):
            boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="bucket")
            boto3.client("rekognition", region_name="us-east-1").describe_project_versions(
                ProjectArn=rekognition_cl.project_arn
            )
            rekognition_cl.describe_project_versions.assert_called_once()
        """
    )
    pytester.runpytest().assert_outcomes(passed=1)


@pytest.mark.rekognition_cl(passthrough=True)
def test_passthrough_to_moto(rekognition_cl):
    with mock_aws():
        labels = boto3.client("rekognition", region_name="us-east-1").detect_labels(Image=image())["Labels"]
        create(rekognition_cl.project_arn)
    assert labels
    recorder = rekognition_cl.recorder("detect_labels")
    recorder.assert_called_once_with(Image=image())
    assert recorder.calls[0].response["Labels"] == labels
    assert recorder.calls[0].attempts == 1


@pytest.mark.rekognition_cl(passthrough=True)
def test_passthrough_leaves_what_the_fake_answers_to_the_fake(rekognition_cl):
    model = rekognition_cl.add_model(status="STOPPED")
    with mock_aws():
        client = boto3.client("rekognition", region_name="us-east-1")
        with pytest.raises(client.exceptions.ResourceNotReadyException):  # moto would have answered
            client.detect_custom_labels(ProjectVersionArn=model.arn, Image=image())


def test_passthrough_is_refused_where_nobody_answers():
    with RekognitionCL(passthrough=True) as fake:
        with pytest.raises(UnansweredCall, match="handed on"):
            CLIENT.detect_labels(Image=image())
        assert fake.recorder("detect_labels").calls[0].error == "UnansweredCall"
        with pytest.raises(AssertionError, match="handed on"):
            fake.verify()


def test_without_passthrough_moto_is_not_asked():
    with mock_aws(), RekognitionCL() as fake:
        with pytest.raises(UnansweredCall, match="no answer is prepared"):
            boto3.client("rekognition", region_name="us-east-1").detect_labels(Image=image())
        with pytest.raises(AssertionError, match="no answer is prepared"):
            fake.verify()


def test_moto_answers_again_after_the_fixture():
    with mock_aws():
        with RekognitionCL() as fake:
            create(fake.project_arn)
        assert boto3.client("rekognition", region_name="us-east-1").detect_labels(Image=image())["Labels"]


@pytest.mark.parametrize("body", [b"", b"oops"])
def test_an_error_of_another_mock_that_is_no_json(body):
    def answer(request, **_):
        response = AWSResponse(request.url, 404, {}, None)
        response._content = body
        return response

    with RekognitionCL(passthrough=True) as fake:
        client = boto3.client("rekognition", aws_access_key_id="testing", aws_secret_access_key="testing")
        client.meta.events.register("before-send.rekognition.*", answer)
        with pytest.raises(ClientError):
            client.list_collections()
        assert [call.error for call in fake.calls] == ["404"]
