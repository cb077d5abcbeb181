"""The text of every failed assertion, as a whole."""

from __future__ import annotations

import re
import textwrap
from http.client import HTTPConnection
from unittest.mock import ANY
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from pytest_rekognition_cl import RekognitionCL
from pytest_rekognition_cl.messages import text
from pytest_rekognition_cl.service import CONTENT_TYPE


@pytest.fixture(scope="module")
def client():
    with RekognitionCL():
        return boto3.client("rekognition", region_name="us-east-1", config=Config(retries={"mode": "legacy"}))


ARN = "'…project/my-project/1579597815000'"
OUTPUT = {"S3Bucket": "bucket", "S3KeyPrefix": "out"}


@pytest.fixture
def train(rekognition_cl, client):
    def train(name, bucket="bucket", **more):
        output = {"S3Bucket": bucket, "S3KeyPrefix": "out"}
        params = {"ProjectArn": rekognition_cl.project_arn, "VersionName": name, "OutputConfig": output, **more}
        return client.create_project_version(**params)

    return train


def text_of(assertion, *args, **kwargs):
    """Return the text that an assertion fails with, without what differs from run to run."""
    with pytest.raises(AssertionError) as caught:
        assertion(*args, **kwargs)
    text = re.sub(r"/(?!1579597815000)\d{13}\b", "/<ms>", str(caught.value))
    return re.sub(r"\+0:00:0\d", "+0:00:00", text)


def block(text):
    return textwrap.dedent(text).strip("\n")


def test_nothing_was_called(rekognition_cl):
    recorder = rekognition_cl.create_project_version
    calls = """\
        All calls:
          (none)
        No call has reached the fixture. A call that botocore itself refuses (ParamValidationError) is not sent, and a Stubber or a mock in front of the client answers first.
        """
    bare = block(f"""
        create_project_version was not called.
        Expected at least one call.
{calls}""")
    assert text_of(recorder.assert_called) == bare
    assert text_of(recorder.assert_called_once) == bare
    full = block(f"""
        create_project_version was not called.
        Expected create_project_version(ProjectArn=<ANY>, VersionName='v1').
{calls}""")
    for assertion in ("with", "once_with"):
        assert text_of(getattr(recorder, f"assert_called_{assertion}"), ProjectArn=ANY, VersionName="v1") == full
    assert text_of(recorder.assert_any_call, ProjectArn=ANY, VersionName="v1") == full
    assert text_of(recorder.assert_any_call_including, ProjectArn=ANY, VersionName="v1") == full


def test_other_operations_were_called(rekognition_cl, client):
    client.describe_project_versions(ProjectArn=rekognition_cl.project_arn)
    assert text_of(rekognition_cl.create_project_version.assert_called) == block(f"""
        create_project_version was not called.
        Expected at least one call.
        All calls (1):
           +0:00:00  describe_project_versions(ProjectArn={ARN}) -> no versions
        If it should not be called here, use assert_not_called().
    """)


def test_called_too_often(rekognition_cl, train):
    train("v1")
    rekognition_cl.clock.advance(3600)
    train("v2")
    create = "create_project_version(ProjectArn={}, VersionName='{}', OutputConfig={{'S3Bucket': 'bucket', 'S3KeyPrefix': 'out'}})"
    expected = block(f"""
        create_project_version was called twice.
        Expected exactly one call.
        All calls (2):
           +0:00:00  {create.format(ARN, "v1")} -> …project/my-project/version/v1/<ms>
           +1:00:00  {create.format(ARN, "v2")} -> …project/my-project/version/v2/<ms>
        To look at one of several calls, use assert_any_call(...); to start anew, clear_calls().
    """)
    assert text_of(rekognition_cl.create_project_version.assert_called_once) == expected
    assert text_of(rekognition_cl.create_project_version.assert_called_once_with, VersionName="v1") == expected


def test_called_against_expectation(rekognition_cl, client):
    client.describe_projects()
    client.describe_project_versions(ProjectArn=rekognition_cl.project_arn)
    assert text_of(rekognition_cl.describe_project_versions.assert_not_called) == block(f"""
        describe_project_versions was called once.
        Expected no call.
        All calls (2):
           +0:00:00  describe_projects() -> ok
        >  +0:00:00  describe_project_versions(ProjectArn={ARN}) -> no versions
        To leave calls made so far out of the account, use clear_calls().
    """)


def test_pain_5_only_what_differs_is_shown_by_path(rekognition_cl, train):
    """PAINS 5: unreadable mismatches, no call history."""
    train("v1", bucket="other", Tags={"team": "vision"})
    text = text_of(
        rekognition_cl.create_project_version.assert_called_once_with,
        ProjectArn=ANY,
        VersionName="v1",
        OutputConfig=OUTPUT,
        KmsKeyId="key",
    )
    assert text == block(f"""
        create_project_version was called with other parameters.
        It differs in 3 places:
          OutputConfig.S3Bucket: expected 'bucket', got 'other'
          KmsKeyId: expected 'key', but it was not given
          Tags: not expected, got {{'team': 'vision'}}
        All calls (1):
        >  +0:00:00  create_project_version(ProjectArn={ARN}, VersionName='v1', OutputConfig={{'S3Bucket': 'other', 'S3KeyPrefix': 'out'}}, Tags={{'team': 'vision'}}) -> …project/my-project/version/v1/<ms>
        To leave a parameter open use unittest.mock.ANY; to name only some, assert_any_call_including(...).
    """)


def test_the_last_call_differs_and_an_earlier_one_does_not(rekognition_cl, client):
    arn = rekognition_cl.project_arn
    for name in ("a", "b"):
        client.describe_project_versions(ProjectArn=arn, VersionNames=["x", name])
    text = text_of(rekognition_cl.describe_project_versions.assert_called_with, ProjectArn=arn, VersionNames=["x", "a"])
    assert text == block(f"""
        describe_project_versions was last called with other parameters.
        It differs in:
          VersionNames[1]: expected 'a', got 'b'
        All calls (2):
           +0:00:00  describe_project_versions(ProjectArn={ARN}, VersionNames=['x', 'a']) -> no versions
        >  +0:00:00  describe_project_versions(ProjectArn={ARN}, VersionNames=['x', 'b']) -> no versions
        An earlier call has these parameters: assert_any_call(...) looks at all calls.
    """)


def test_pain_5_the_closest_call(rekognition_cl, client):
    """PAINS 5: which call was meant, and why it is not it."""
    rekognition_cl.add_model("v1", status="RUNNING")
    for params in ({"VersionNames": ["a", "b"]}, {"VersionNames": ["v1"], "MaxResults": 5}, {"MaxResults": 7}):
        client.describe_project_versions(ProjectArn=rekognition_cl.project_arn, **params)
    calls = f"""
        All calls (3):
           +0:00:00  describe_project_versions(ProjectArn={ARN}, VersionNames=['a', 'b']) -> no versions
        >  +0:00:00  describe_project_versions(ProjectArn={ARN}, VersionNames=['v1'], MaxResults=5) -> RUNNING
           +0:00:00  describe_project_versions(ProjectArn={ARN}, MaxResults=7) -> RUNNING
    """.strip("\n").rstrip()
    recorder = rekognition_cl.describe_project_versions
    whole = text_of(recorder.assert_any_call, ProjectArn=ANY, VersionNames=["v1"], MaxResults=6)
    assert whole == block(f"""
        describe_project_versions was not called with these parameters.
        The closest call differs in:
          MaxResults: expected 6, got 5
{calls}
        To leave a parameter open use unittest.mock.ANY; to name only some, assert_any_call_including(...).
    """)
    part = text_of(recorder.assert_any_call_including, VersionNames=["v1"], MaxResults=6)
    assert part == block(f"""
        describe_project_versions was not called with these parameters.
        The closest call differs in:
          MaxResults: expected 6, got 5
{calls}
        To leave a value open use unittest.mock.ANY.
    """)


def test_the_first_of_equally_close_calls_is_shown(rekognition_cl, client):
    for size in (5, 7):
        client.describe_projects(MaxResults=size)
    assert "  MaxResults: expected 6, got 5\n" in text_of(
        rekognition_cl.describe_projects.assert_any_call, MaxResults=6
    )


def test_order(rekognition_cl, client):
    client.describe_projects()
    rekognition_cl.add_client_error("stop_project_version", "ResourceInUseException", "busy")
    with pytest.raises(ClientError):
        client.stop_project_version(ProjectVersionArn="a" * 20)
    head = """
        {} did not succeed{}.
        Expected this order: {}
        All calls (2):
        {}  +0:00:00  describe_projects() -> ok
        {}  +0:00:00  stop_project_version(ProjectVersionArn='aaaaaaaaaaaaaaaaaaaa') -> ResourceInUseException: busy
        {}
    """
    cases = {
        ("describe_projects", "stop_project_version"): (
            "stop_project_version",
            " after describe_projects",
            "describe_projects -> stop_project_version",
            " ",
            ">",
            "It was called, but refused; calls that fail do not count.",
        ),
        ("describe_projects", "describe_projects"): (
            "describe_projects",
            " after describe_projects",
            "describe_projects -> describe_projects",
            ">",
            " ",
            "It was called too early. Other calls may come in between.",
        ),
        ("create_project",): (
            "create_project",
            "",
            "create_project",
            " ",
            " ",
            "It was not called at all. Other calls may come in between.",
        ),
    }
    for names, parts in cases.items():
        assert text_of(rekognition_cl.assert_order, *names) == block(head.format(*parts))


def test_errors(rekognition_cl, client):
    rekognition_cl.add_client_error("describe_projects", "ThrottlingException", "slow\ndown")
    with pytest.raises(ClientError):
        client.describe_projects()
    assert text_of(rekognition_cl.assert_no_errors) == block("""
        The only call failed.
        Expected that every call succeeds.
        All calls (1):
        >  +0:00:00  describe_projects() -> ThrottlingException: slow after 5 attempts
        To leave calls made so far out of the account, use clear_calls().
    """).replace("+0:00:00", re.search(r"\+\S+", text_of(rekognition_cl.assert_no_errors)).group())
    client.describe_projects()
    assert text_of(rekognition_cl.assert_no_errors).startswith("1 of 2 calls failed.\n")


def test_left_running(rekognition_cl):
    rekognition_cl.add_model("v1", status="RUNNING")
    rekognition_cl.add_model("v2", status="STARTING")
    assert text_of(rekognition_cl.assert_nothing_left_running) == block("""
        2 models were left running: '…project/my-project/version/v1/<ms>', '…project/my-project/version/v2/<ms>'
        Expected that every started model is stopped: a running one is charged by the hour.
        All calls:
          (none)
        If they are meant to run on, leave the assertion out.
    """)


# --- long things -----------------------------------------------------------------------------------------------------


def test_images_are_shown_by_their_size(rekognition_cl, client):
    model = rekognition_cl.add_model("v1", status="RUNNING")
    image = bytes(1000) + b"x" + bytes(1000)
    client.detect_custom_labels(ProjectVersionArn=model.arn, Image={"Bytes": image})
    text = text_of(
        rekognition_cl.detect_custom_labels.assert_called_once_with,
        ProjectVersionArn=model.arn,
        Image={"Bytes": bytes(2001)},
    )
    assert "\n  Image.Bytes: expected <2001 bytes>, got <2001 bytes>; the first difference is at byte 1000\n" in text
    assert "Image={'Bytes': <2001 bytes>}) -> ok" in text
    assert len(text) < 700


def test_of_long_texts_the_part_that_differs_is_shown(rekognition_cl, train):
    long = "x" * 200
    train("v1", VersionDescription=f"{long}a{'x' * 50}")
    text = text_of(
        rekognition_cl.create_project_version.assert_any_call_including, VersionDescription=f"{long}b{'x' * 50}"
    )
    line = next(line for line in text.splitlines() if line.startswith("  VersionDescription"))
    expected, _, got = line.removeprefix("  VersionDescription: expected ").partition(", got ")
    assert expected != got
    assert "b" in expected
    assert "a" in got
    assert len(line) < 260


def test_many_calls_are_listed_in_short(rekognition_cl, client):
    """Equal ones in a row share a line, then the middle is left out, and never the call that is meant."""
    arn = rekognition_cl.project_arn
    for _ in range(100):
        client.describe_projects()
    for number in range(60):
        client.describe_project_versions(ProjectArn=arn, VersionNames=[f"v{number}"])
    text = text_of(
        rekognition_cl.describe_project_versions.assert_any_call, ProjectArn=arn, VersionNames=["v25"], MaxResults=5
    )
    lines = text.splitlines()
    assert "   +0:00:00  describe_projects() -> ok (100 times, until +0:00:00)" in lines
    assert sum("more …" in line for line in lines) in (1, 2)
    assert sum(line.startswith(">") for line in lines) == 1
    assert len(lines) < 45
    shown = sum(1 for line in lines if "describe_project_versions(" in line)
    hidden = sum(int(line.split()[1]) for line in lines if "more …" in line)
    assert shown + hidden == 60


def test_values_are_shown_to_a_depth_that_nothing_of_the_service_has():
    deep = wide = []
    for _ in range(5_000):
        wide.append({})
        wide[0]["A"] = wide = []
    assert text.text_of(deep) == "[{'A': " * 10 + "[…]" + "}]" * 10
    assert text.text_of([[{"A": [1, b"x" * 17]}]]) == "[[{'A': [1, <17 bytes>]}]]"


def test_a_call_that_is_nested_without_end_is_told(rekognition_cl):
    url = urlsplit(rekognition_cl.endpoint_url)
    for depth in (100, 900, 100_000):
        connection = HTTPConnection(url.hostname, url.port)
        body = b'{"ProjectArn":' + b"[" * depth + b"]" * depth + b"}"
        headers = {"X-Amz-Target": "RekognitionService.DescribeProjectVersions", "Content-Type": CONTENT_TYPE}
        connection.request("POST", "/", body, headers)
        assert connection.getresponse().status == 400
        connection.close()
    message = text_of(rekognition_cl.describe_project_versions.assert_not_called)
    assert (
        "describe_project_versions(ProjectArn=[[[[[[[[[[[[[[[[[[[[[…]]]]]]]]]]]]]]]]]]]]]) -> SerializationExc"
        in message
    )
    assert "describe_project_versions() -> SerializationException" in message
    assert rekognition_cl._report().count("SerializationException") == 3
    assert repr(rekognition_cl.calls).count("<Call describe_project_versions(") == 3


def test_a_name_that_no_version_has_is_explained_in_the_report(rekognition_cl, client):
    model = rekognition_cl.add_model("my-model.2020-01-21T09.10.15")
    number = model.arn.rpartition("/")[2]
    for names in ([number], ["my-model"], [model.version_name], [number]):
        client.describe_project_versions(ProjectArn=rekognition_cl.project_arn, VersionNames=names)
    notes = [line for line in rekognition_cl._report().splitlines() if line.startswith("Note: ")]
    assert notes == [
        f"Note: no version is named {number!r}: that is the number at the end of {model.version_name!r}'s ARN.",
        f"Note: no version is named 'my-model'; the nearest that exists is {model.version_name!r}.",
    ]


def test_a_dataset_that_is_not_there_is_explained_in_the_report_a_deleted_one_is_not(rekognition_cl, client):
    arn = rekognition_cl.add_dataset("TRAIN").arn
    gone = rekognition_cl.add_dataset("TEST").arn
    rekognition_cl.add_model("v1")
    client.delete_dataset(DatasetArn=gone)
    rekognition_cl.clock.advance(10)
    for asked in (gone, arn + "1"):
        with pytest.raises(client.exceptions.ResourceNotFoundException):
            client.describe_dataset(DatasetArn=asked)
    notes = [line for line in rekognition_cl._report().splitlines() if line.startswith("Note: ")]
    short = "…project/my-project/dataset/train/" + arn.rpartition("/")[2]
    assert notes == [f"Note: there is no '{short}1'; the nearest that exists is '{short}'."]


def test_a_quota_says_in_the_report_how_to_lift_it(rekognition_cl, train):
    rekognition_cl.set_training(status="TRAINING_IN_PROGRESS")
    for name in ("v1", "v2"):
        train(name)
    with pytest.raises(ClientError, match=r"2 concurrent trainings. Maximum limit: 2"):
        train("v3")
    assert rekognition_cl._report().endswith(
        "Note: a quota, AWS's default where you set none. "
        "To lift it: @pytest.mark.rekognition_cl(quotas={'concurrent_trainings': None})."
    )


def test_a_quota_of_the_user_s_own_error_is_not_explained(rekognition_cl, client):
    rekognition_cl.add_client_error("create_project", "LimitExceededException", "Too many.")
    with pytest.raises(ClientError):
        client.create_project(ProjectName="p")
    assert "Note" not in rekognition_cl._report()
