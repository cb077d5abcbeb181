"""Records: what a Call tells, and that it cannot be changed."""

from __future__ import annotations

import copy
import pickle
from datetime import datetime, timedelta, timezone
from unittest.mock import ANY

import boto3
import pytest
from botocore.exceptions import ClientError
from dirty_equals import IsDatetime, IsPartialDict, IsStr

from pytest_rekognition_cl import Call, RekognitionCL
from pytest_rekognition_cl.calls import CallLog, write

OUTPUT = {"S3Bucket": "bucket", "S3KeyPrefix": "out"}


@pytest.fixture
def train(rekognition_cl):
    client = boto3.client("rekognition", region_name="us-east-1")

    def train(name="v1", **more):
        params = {"ProjectArn": rekognition_cl.project_arn, "VersionName": name, "OutputConfig": OUTPUT, **more}
        return client.create_project_version(**params)

    train.client = client
    return train


def test_a_call(rekognition_cl, train):
    before = datetime.now(timezone.utc) - timedelta(milliseconds=1)
    answer = train()
    (call,) = rekognition_cl.calls
    assert isinstance(call, Call)
    assert call.operation == "create_project_version"
    assert call.params == {"ProjectArn": rekognition_cl.project_arn, "VersionName": "v1", "OutputConfig": OUTPUT}
    assert call.response == {"ProjectVersionArn": answer["ProjectVersionArn"]}
    assert (call.error, call.message, call.attempts, call.region) == (None, None, 1, "us-east-1")
    assert before <= call.at <= datetime.now(timezone.utc)
    assert call.at.utcoffset() == timedelta(0)


def test_the_time_is_virtual(rekognition_cl, train):
    train()
    rekognition_cl.clock.advance(timedelta(hours=5))
    train("v2")
    first, second = rekognition_cl.calls
    assert timedelta(hours=5) <= second.at - first.at < timedelta(hours=5, minutes=1)


def test_a_refused_call(rekognition_cl, train):
    train()
    with pytest.raises(ClientError):
        train()
    call = rekognition_cl.calls[-1]
    assert (call.error, call.response) == ("ResourceInUseException", None)
    assert call.message


def test_a_call_is_frozen_and_decoded_afresh(rekognition_cl, train):
    train()
    (call,) = rekognition_cl.calls
    for name in ("operation", "params", "error", "anything"):
        with pytest.raises(AttributeError, match="a recorded call cannot be changed"):
            setattr(call, name, 1)
    with pytest.raises(AttributeError, match="a recorded call cannot be changed"):
        del call.operation
    call.params["OutputConfig"]["S3Bucket"] = "other"
    call.response.clear()
    assert call.params["OutputConfig"] == OUTPUT
    assert "ProjectVersionArn" in call.response


@pytest.mark.parametrize("twin", [copy.copy, copy.deepcopy, lambda call: pickle.loads(pickle.dumps(call))])
def test_a_call_can_be_copied(rekognition_cl, train, twin):
    train()
    (call,) = rekognition_cl.calls
    other = twin(call)
    assert (other.operation, other.params, other.response, other.at) == (
        call.operation,
        call.params,
        call.response,
        call.at,
    )


def test_what_the_caller_changes_later_is_not_recorded(rekognition_cl, train):
    tags = {"team": "vision"}
    train(Tags=tags)
    tags["team"] = "other"
    assert rekognition_cl.calls[0].params["Tags"] == {"team": "vision"}


def test_tuples_bytes_any_and_dirty_equals(rekognition_cl, train):
    client = train.client
    client.describe_project_versions(ProjectArn=rekognition_cl.project_arn, VersionNames=("a", "b"))
    rekognition_cl.describe_project_versions.assert_called_once_with(
        ProjectArn=rekognition_cl.project_arn, VersionNames=("a", "b")
    )
    rekognition_cl.describe_project_versions.assert_called_once_with(
        ProjectArn=IsStr(regex="arn:.*"), VersionNames=["a", ANY]
    )
    model = rekognition_cl.add_model("v1", status="RUNNING")
    client.detect_custom_labels(ProjectVersionArn=model.arn, Image={"Bytes": b"\x00\xffimage"})
    assert rekognition_cl.detect_custom_labels.calls[0].params["Image"] == {"Bytes": b"\x00\xffimage"}
    rekognition_cl.detect_custom_labels.assert_called_once_with(
        ProjectVersionArn=model.arn, Image={"Bytes": bytearray(b"\x00\xffimage")}
    )
    train("v2", VersionDescription="so")
    rekognition_cl.create_project_version.assert_called_once_with(
        ProjectArn=ANY, VersionName="v2", OutputConfig=IsPartialDict(S3Bucket="bucket"), VersionDescription=ANY
    )
    assert rekognition_cl.describe_project_versions.calls[0].at == IsDatetime(
        approx=datetime.now(timezone.utc), delta=60
    )


def test_partial_matching(rekognition_cl, train):
    train("v1")
    train("v2", Tags={"team": "vision", "stage": "test"})
    recorder = rekognition_cl.create_project_version
    recorder.assert_any_call_including(VersionName="v1")
    recorder.assert_any_call_including(VersionName="v2", OutputConfig={"S3Bucket": "bucket"}, Tags={"stage": "test"})
    for wrong in ({"VersionName": "v3"}, {"VersionName": "v1", "Tags": ANY}, {"Tags": {"team": "other"}}):
        with pytest.raises(AssertionError):
            recorder.assert_any_call_including(**wrong)


def test_calls_are_a_snapshot(rekognition_cl, train):
    train("v1")
    before = rekognition_cl.calls
    train("v2")
    assert (len(before), len(rekognition_cl.calls)) == (1, 2)
    assert rekognition_cl.calls[:1] == before
    assert [call.params["VersionName"] for call in rekognition_cl.create_project_version.calls] == ["v1", "v2"]
    with pytest.raises(IndexError, match="there is no call 5: 2 were recorded"):
        rekognition_cl.calls[5]
    rekognition_cl.clear_calls()
    assert list(rekognition_cl.calls) == []
    assert len(before) == 1


def test_retries_are_attempts_of_one_call(rekognition_cl, train):
    rekognition_cl.add_client_error("create_project_version", "ThrottlingException", attempts=2)
    train()
    (call,) = rekognition_cl.calls
    assert (call.attempts, call.error, rekognition_cl.create_project_version.call_count) == (3, None, 1)


def test_pain_12_records_are_readable_after_the_end():
    """PAINS 12: assert after stop."""
    with RekognitionCL() as rekognition_cl:
        boto3.client("rekognition").describe_projects()
    rekognition_cl.describe_projects.assert_called_once_with()
    assert rekognition_cl.calls[0].response["ProjectDescriptions"][0]["ProjectArn"] == rekognition_cl.project_arn


def test_order(rekognition_cl, train):
    train()
    train.client.describe_projects()
    with pytest.raises(ClientError):
        train()
    rekognition_cl.assert_order("create_project_version", "describe_projects")
    rekognition_cl.assert_order("describe_projects")
    for wrong in (
        ("describe_projects", "create_project_version"),
        ("create_project_version", "create_project_version"),
        ("stop_project_version",),
    ):
        with pytest.raises(AssertionError):
            rekognition_cl.assert_order(*wrong)
    with pytest.raises(TypeError, match="assert_order needs the names of operations"):
        rekognition_cl.assert_order()
    with pytest.raises(TypeError, match=r"did you mean 'describe_projects'\?"):
        rekognition_cl.assert_order("describe_project")


# --- typos -----------------------------------------------------------------------------------------------------------


def test_pain_19_typos_in_assertions_do_not_pass(rekognition_cl, train):
    """PAINS 19: typos in assertion arguments pass silently."""
    train()
    recorder = rekognition_cl.create_project_version
    with pytest.raises(AttributeError):
        recorder.assert_called_onec_with()
    with pytest.raises(AttributeError):
        recorder.called_once = True
    with pytest.raises(AttributeError):
        rekognition_cl.create_project_versions  # noqa: B018
    parameters = (
        "It takes ProjectArn, VersionName, OutputConfig, TrainingData, TestingData, Tags, KmsKeyId, "
        "VersionDescription, FeatureConfig."
    )
    for assertion in (
        recorder.assert_called_with,
        recorder.assert_called_once_with,
        recorder.assert_any_call,
        recorder.assert_any_call_including,
    ):
        with pytest.raises(TypeError) as caught:
            assertion(VersionNames="v1")
        assert str(caught.value) == (
            f"create_project_version has no parameter 'VersionNames'; did you mean 'VersionName'? {parameters}"
        )
    with pytest.raises(TypeError) as caught:
        rekognition_cl.recorder("create_datasets")
    assert str(caught.value) == "Rekognition has no operation 'create_datasets'; did you mean 'create_dataset'?"
    with pytest.raises(TypeError) as caught:
        recorder(VersionName="v1")
    assert str(caught.value) == (
        "rekognition_cl.create_project_version is the record of the calls, it makes none: use your boto3 client, "
        "e.g. boto3.client('rekognition').create_project_version(...)"
    )


def test_any_operation_has_a_recorder(rekognition_cl, train):
    rekognition_cl.add_response(
        "create_dataset", {"DatasetArn": "arn:aws:rekognition:us-east-1:123456789012:project/p/dataset/train/1"}
    )
    recorder = rekognition_cl.recorder("create_dataset")
    recorder.assert_not_called()
    train.client.create_dataset(DatasetType="TRAIN", ProjectArn=rekognition_cl.project_arn)
    recorder.assert_called_once_with(DatasetType="TRAIN", ProjectArn=ANY)
    assert recorder is rekognition_cl.recorder("create_dataset")
    assert rekognition_cl.recorder("create_project").call_count == 0


def test_what_a_call_and_the_calls_look_like(rekognition_cl, train):
    train.client.describe_projects(MaxResults=1)
    with pytest.raises(ClientError):
        train.client.delete_project(ProjectArn=rekognition_cl.project_arn + "0")
    first, second = rekognition_cl.calls
    assert repr(first) == "<Call describe_projects(MaxResults=1): answered>"
    assert repr(second) == (
        f"<Call delete_project(ProjectArn={rekognition_cl.project_arn + '0'!r}): ResourceNotFoundException>"
    )
    assert repr(rekognition_cl.calls) == f"[{first!r}, {second!r}]"


def test_calls_are_equal_to_any_sequence_of_the_same(rekognition_cl, train):
    train.client.describe_projects()
    train.client.describe_projects()
    calls = rekognition_cl.calls
    assert calls == [*calls] == rekognition_cl.calls
    assert calls != [calls[1], calls[0]]
    assert calls != {*calls}
    assert calls != 2


@pytest.fixture
def unanswered():
    """A call that is under way: nothing came back yet."""
    return CallLog().add("describe_projects", b'{"MaxResults":1}', "eu-west-1", 1_700_000_000_500)


def test_a_call_that_is_not_answered_yet(unanswered):
    assert (unanswered.error, unanswered.message, unanswered.response) == (None, None, None)
    assert (unanswered.succeeded, unanswered.attempts, unanswered.number) == (False, 0, 1)
    assert (unanswered.raw_response, unanswered.body) == ({}, b"")
    assert unanswered.at_ms == 1_700_000_000_500
    assert unanswered.request == b'{"MaxResults":1}'
    assert repr(unanswered) == "<Call describe_projects(MaxResults=1): not answered yet>"


@pytest.mark.parametrize("body", [b"", b"no JSON", b"[1]", b"\xff"])
def test_an_answer_of_another_mock_that_is_no_json_object(unanswered, body):
    write(unanswered, _status=200, body=body)
    assert unanswered.raw_response == {}
    assert unanswered.body == body


def test_calls_are_numbered_through(unanswered):
    log = CallLog()
    numbers = [log.add("describe_projects", b"{}", "eu-west-1", 0).number for _ in range(3)]
    log.clear()
    assert [*numbers, log.add("describe_projects", b"{}", "eu-west-1", 0).number] == [1, 2, 3, 4]


def test_the_texts_of_what_cannot_be_done(rekognition_cl, train):
    train("v1", Tags={"a": "1", "b": "2"})
    (call,) = rekognition_cl.calls
    with pytest.raises(AttributeError, match=r"^a recorded call cannot be changed \(tried to set 'error'\)$"):
        call.error = "x"
    with pytest.raises(AttributeError, match=r"^a recorded call cannot be changed \(tried to delete 'error'\)$"):
        del call.error
    assert "VersionName='v1', OutputConfig=" in repr(call)
    assert repr(rekognition_cl.create_project_version) == "<Recorder of create_project_version: called once>"
    with pytest.raises(TypeError, match=r"^assert_order needs the names of operations, e.g. 'create_project_version'$"):
        rekognition_cl.assert_order()
    with pytest.raises(TypeError, match=r"^Rekognition has no operation \['create_project'\]"):
        rekognition_cl.recorder(["create_project"])
    rekognition_cl.assert_no_errors()
