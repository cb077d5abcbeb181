"""What botocore does itself stays botocore's: checks, parsing, exceptions, events, retries, paginators, Stubber."""

from datetime import datetime
from unittest import mock

import boto3
import pytest
from botocore.exceptions import ClientError, ParamValidationError
from botocore.stub import Stubber
from rekognition import CLIENT, OUTPUT, create, describe

from pytest_rekognition_cl import RekognitionCL


def new_client(**keywords):
    return boto3.client("rekognition", region_name="us-east-1", **keywords)


def test_parameter_checks(rekognition_cl):
    with pytest.raises(ParamValidationError, match="VersionName"):
        CLIENT.create_project_version(ProjectArn=rekognition_cl.project_arn, OutputConfig=OUTPUT)
    with pytest.raises(ParamValidationError, match="Unknown parameter"):
        CLIENT.describe_project_versions(ProjectArn=rekognition_cl.project_arn, ProjectVersionArns=[])
    rekognition_cl.create_project_version.assert_not_called()
    rekognition_cl.describe_project_versions.assert_not_called()


def test_timestamps_are_parsed(rekognition_cl):
    create(rekognition_cl.project_arn)
    created = describe(rekognition_cl.project_arn)[0]["CreationTimestamp"]
    assert isinstance(created, datetime)
    assert created.tzinfo is not None


def test_modelled_exceptions(rekognition_cl):
    create(rekognition_cl.project_arn)
    with pytest.raises(CLIENT.exceptions.ResourceInUseException) as caught:
        create(rekognition_cl.project_arn)
    assert type(caught.value).__name__ == "ResourceInUseException"
    assert isinstance(caught.value, ClientError)
    assert caught.value.operation_name == "CreateProjectVersion"
    response = caught.value.response
    assert set(response) <= {"Error", "ResponseMetadata", "message", "Message"}
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_validation_exception_is_a_bare_client_error(rekognition_cl):
    with pytest.raises(ClientError) as caught:
        CLIENT.describe_project_versions(ProjectArn=rekognition_cl.project_arn, MaxResults=101)
    assert type(caught.value) is ClientError
    assert caught.value.response["Error"]["Code"] == "ValidationException"


def test_response_metadata(rekognition_cl):
    metadata = CLIENT.describe_project_versions(ProjectArn=rekognition_cl.project_arn)["ResponseMetadata"]
    headers = metadata["HTTPHeaders"]
    assert metadata["HTTPStatusCode"] == 200
    assert metadata["RetryAttempts"] == 0
    assert metadata["RequestId"] == headers["x-amzn-requestid"]
    assert headers["content-type"] == "application/x-amz-json-1.1"
    assert int(headers["content-length"]) == len(rekognition_cl.calls[0].body)


def test_answers_share_nothing_with_the_service(rekognition_cl):
    create(rekognition_cl.project_arn)
    describe(rekognition_cl.project_arn)[0]["OutputConfig"]["S3Bucket"] = "spoiled"
    assert describe(rekognition_cl.project_arn)[0]["OutputConfig"] == OUTPUT


def test_events_of_a_call(rekognition_cl):
    client, seen = new_client(), []
    names = ("provide-client-params", "before-parameter-build", "before-call", "response-received", "before-parse",
             "needs-retry", "after-call", "request-created", "before-sign", "choose-signer", "before-send")  # fmt: skip
    for name in names:
        client.meta.events.register(
            f"{name}.rekognition.DescribeProjectVersions", lambda name=name, **_: seen.append(name)
        )
    client.describe_project_versions(ProjectArn=rekognition_cl.project_arn)
    wanted = ["provide-client-params", "before-parameter-build", "before-call", "before-parse", "response-received",
              "needs-retry", "after-call"]  # fmt: skip
    # before-parse is younger than the oldest botocore that we serve
    assert [name for name in seen if name != "before-parse"] == [name for name in wanted if name != "before-parse"]


def test_handlers_change_parameters_and_answers(rekognition_cl):
    client = new_client()
    client.meta.events.register(
        "provide-client-params.rekognition.CreateProjectVersion",
        lambda params, **_: {**params, "VersionName": "changed"},
    )
    client.meta.events.register(
        "after-call.rekognition.CreateProjectVersion", lambda parsed, **_: parsed.update(Extra="mine")
    )
    response = client.create_project_version(
        ProjectArn=rekognition_cl.project_arn, VersionName="v1", OutputConfig=OUTPUT
    )
    assert response["Extra"] == "mine"
    assert [model.version_name for model in rekognition_cl.models] == ["changed"]


def test_handlers_on_the_http_response(rekognition_cl):
    client, seen = new_client(), []
    client.meta.events.register(
        "after-call.rekognition.*",
        lambda http_response, **_: seen.append((http_response.status_code, http_response.text)),
    )
    client.describe_project_versions(ProjectArn=rekognition_cl.project_arn)
    assert seen == [(200, '{"ProjectVersionDescriptions":[]}')]


def test_paginator(rekognition_cl):
    for number in range(7):
        rekognition_cl.add_model(f"v{number}")
    pages = CLIENT.get_paginator("describe_project_versions").paginate(
        ProjectArn=rekognition_cl.project_arn, PaginationConfig={"PageSize": 3}
    )
    names = [
        [item["ProjectVersionArn"].split("/")[-2] for item in page["ProjectVersionDescriptions"]] for page in pages
    ]
    assert names == [["v6", "v5", "v4"], ["v3", "v2", "v1"], ["v0"]]
    assert [call.params.get("MaxResults") for call in rekognition_cl.calls] == [3, 3, 3]


def test_a_stubber_on_the_same_client_wins(rekognition_cl):
    client = new_client()
    with Stubber(client) as stubber:
        stubber.add_response("describe_project_versions", {"ProjectVersionDescriptions": [{"Status": "RUNNING"}]})
        assert describe(rekognition_cl.project_arn, client=client) == [{"Status": "RUNNING"}]
        stubber.assert_no_pending_responses()
    assert list(rekognition_cl.calls) == []
    assert describe(rekognition_cl.project_arn, client=client) == []


def test_nested_fixtures_take_turns():
    outer, inner = RekognitionCL(), RekognitionCL()
    outer.__enter__()
    create(outer.project_arn, "one")
    inner.__enter__()
    create(inner.project_arn, "two")
    outer.__exit__(None, None, None)  # in any order
    create(inner.project_arn, "three")
    inner.__exit__(None, None, None)
    assert [model.version_name for model in outer.models] == ["one"]
    assert [model.version_name for model in inner.models] == ["two", "three"]


# --- tracers --------------------------------------------------------------------------------------------------------


def trace(owner, name, seen):
    """Wrap a method as tracers do; return what puts the original back."""
    import functools

    original = getattr(owner, name)

    @functools.wraps(original)
    def traced(self, *args, **kwargs):
        seen.append(name)
        return original(self, *args, **kwargs)

    setattr(owner, name, traced)
    return lambda: setattr(owner, name, original)


def _owner(name):
    from botocore.client import BaseClient
    from botocore.endpoint import Endpoint

    return Endpoint if name == "make_request" else BaseClient


@pytest.mark.parametrize("name", ["make_request", "_make_api_call"])
def test_tracer_before_and_around(name):
    seen = []
    undo = trace(_owner(name), name, seen)
    try:
        with RekognitionCL() as fake:
            create(fake.project_arn)
            assert fake.create_project_version.called
        assert seen == [name]
    finally:
        undo()


@pytest.mark.parametrize("name", ["make_request", "_make_api_call"])
def test_tracer_inside(name):
    seen = []
    with RekognitionCL() as fake:
        undo = trace(_owner(name), name, seen)
        create(fake.project_arn)
        undo()
        assert fake.create_project_version.called
    assert seen == [name]


def test_a_mock_in_the_place_of_the_method_answers_and_is_forgotten(monkeypatch):
    """Also where the process's first fixture finds it there."""
    from botocore.endpoint import Endpoint

    from pytest_rekognition_cl.intercept import leaked_threads

    monkeypatch.setattr(leaked_threads.REDIRECTIONS, "kept", {})
    answer = mock.Mock(status_code=200), {"ProjectDescriptions": []}
    with mock.patch.object(Endpoint, "make_request", return_value=answer), RekognitionCL() as fake:
        assert CLIENT.describe_projects() == {"ProjectDescriptions": []}
        assert not fake.calls
    with RekognitionCL() as fake:
        create(fake.project_arn)
        assert fake.create_project_version.called


@pytest.mark.parametrize("name", ["make_request", "_make_api_call"])
def test_tracer_that_stays_on_after_the_fixture(name):
    """The tracer holds our replacement as its original: it must be inert, and go when it comes to light."""
    from botocore.endpoint import Endpoint

    from pytest_rekognition_cl.intercept import patching

    seen, genuine = [], Endpoint.make_request
    with RekognitionCL() as first:
        undo = trace(_owner(name), name, seen)
        create(first.project_arn)
    with RekognitionCL() as second:
        create(second.project_arn)
        assert second.create_project_version.called
    first.create_project_version.assert_called_once()
    assert seen == [name, name]
    undo()
    with RekognitionCL() as third:
        create(third.project_arn)
        assert third.create_project_version.called
    patching.settle()
    assert Endpoint.make_request is genuine
