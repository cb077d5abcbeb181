"""pytest's other plugins: in other processes, in random order, again after a failure, without sockets, with mocked HTTP."""

import httpx  # noqa: F401 - here, so that not every inner session imports it again
import moto  # noqa: F401
import pytest
from inner import TRAINS

OUTCOMES = (
    TRAINS
    + """
@pytest.mark.parametrize("number", range(10))
def test_passes(rekognition_cl, number):
    assert train(rekognition_cl.project_arn) == "TRAINING_COMPLETED"
    assert len(rekognition_cl.calls) == 18

def test_fails(rekognition_cl):
    assert train(rekognition_cl.project_arn) == "RUNNING"

@pytest.mark.rekognition_cl_error("create_project_version", "LimitExceededException")
def test_does_not_meet_what_it_expects(rekognition_cl):
    pass

def test_calls_what_nobody_prepared(rekognition_cl):
    try:
        boto3.client("rekognition", region_name="us-east-1").detect_faces(Image={"Bytes": b"x"})
    except BaseException:
        pass

@pytest.mark.rekognition_cl_model("v1", status="NONSENSE")
def test_has_a_wrong_marker():
    pass
"""
)


@pytest.mark.parametrize(
    "options", [(), ("-p", "randomly"), ("-p", "xdist", "-n2")], ids=["as written", "random", "workers"]
)
def test_outcomes_and_reports_arrive(pytester, options):
    pytester.makepyfile(OUTCOMES)
    result = pytester.runpytest_inprocess(*options)
    result.assert_outcomes(passed=10, failed=3, errors=1)
    text = result.stdout.str()
    assert text.count("- Rekognition Custom Labels calls -") == 2  # the two that called
    for line in (
        "+0:30:00  describe_project_versions(ProjectArn=*) -> TRAINING_COMPLETED",
        "Prepared, but not used up (1):",
        "detect_faces was called, and no answer is prepared for it.",
        "'NONSENSE'",
    ):
        result.stdout.fnmatch_lines(["*" + line.replace("[", "[[]") + "*"])


def test_rerun_after_a_failure(pytester):
    pytester.makepyfile(
        TRAINS
        + """
runs = []

@pytest.mark.flaky(reruns=2)
def test_third_time_lucky(rekognition_cl):
    assert train(rekognition_cl.project_arn) == "TRAINING_COMPLETED"
    runs.append(rekognition_cl)
    assert len(runs) == 3

@pytest.mark.flaky(reruns=1)
@pytest.mark.rekognition_cl_error("describe_projects", "AccessDeniedException")
def test_never_lucky(rekognition_cl):
    train(rekognition_cl.project_arn)

unlucky = []

@pytest.mark.flaky(reruns=1)
@pytest.mark.rekognition_cl_error("describe_projects", "AccessDeniedException")
def test_meets_it_the_second_time(rekognition_cl):
    unlucky.append(1)
    if len(unlucky) == 2:
        client = boto3.client("rekognition")
        with pytest.raises(client.exceptions.AccessDeniedException):
            client.describe_projects()
"""
    )
    result = pytester.runpytest_inprocess("-p", "rerunfailures")
    result.assert_outcomes(passed=2, failed=1)
    result.stdout.fnmatch_lines(["*Prepared, but not used up (1):*", "*4 rerun*"])


def test_without_sockets(pytester):
    pytester.makepyfile(
        TRAINS
        + """
import socket

def test_trains(rekognition_cl, socket_disabled):
    assert train(rekognition_cl.project_arn) == "TRAINING_COMPLETED"

def test_trains_too(socket_disabled, rekognition_cl):
    assert train(rekognition_cl.project_arn) == "TRAINING_COMPLETED"

@pytest.mark.rekognition_cl_model("v1", status="RUNNING")
def test_detects(rekognition_cl):
    from moto import mock_aws
    with mock_aws():
        client = boto3.client("rekognition", region_name="us-east-1")
        image = {"S3Object": {"Bucket": "my-bucket", "Name": "cat.jpg"}}
        client.detect_custom_labels(ProjectVersionArn=rekognition_cl.models[0].arn, Image=image)
"""
    )
    result = pytester.runpytest_inprocess("-p", "socket", "--disable-socket", "-W", "ignore")
    result.assert_outcomes(passed=3)


OTHER_FIXTURES = (
    TRAINS
    + """
import httpx
from moto import mock_aws

@pytest.fixture
def aws(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        yield

def check(rekognition_cl, httpx_mock):
    httpx_mock.add_response(url="http://neighbour.test/", text="mocked")
    s3 = boto3.client("s3", region_name="us-east-1")
    s3.create_bucket(Bucket="my-bucket")
    s3.put_object(Bucket="my-bucket", Key="output.manifest", Body=b"{}")
    assert train(rekognition_cl.project_arn) == "TRAINING_COMPLETED"
    assert httpx.get("http://neighbour.test/").text == "mocked"
    assert [item["Key"] for item in s3.list_objects_v2(Bucket="my-bucket")["Contents"]] == ["output.manifest"]
    rekognition_cl.assert_no_errors()

def test_one(rekognition_cl, httpx_mock, aws):
    check(rekognition_cl, httpx_mock)

def test_two(aws, httpx_mock, rekognition_cl):
    check(rekognition_cl, httpx_mock)

def test_three(httpx_mock, rekognition_cl, aws):
    check(rekognition_cl, httpx_mock)

@mock_aws
def test_decorated(rekognition_cl, httpx_mock, monkeypatch):
    check(rekognition_cl, httpx_mock)

@pytest.mark.rekognition_cl_model("old", status="STOPPED")
def test_marked(aws, httpx_mock, rekognition_cl):
    check(rekognition_cl, httpx_mock)

@pytest.mark.rekognition_cl(passthrough=True)
def test_motos_own_rekognition(rekognition_cl, aws):
    client = boto3.client("rekognition", region_name="us-east-1")
    assert train(rekognition_cl.project_arn) == "TRAINING_COMPLETED"
    job = client.start_text_detection(Video={"S3Object": {"Bucket": "my-bucket", "Name": "a.mp4"}})["JobId"]
    assert client.get_text_detection(JobId=job)["JobStatus"] == "SUCCEEDED"
    assert rekognition_cl.recorder("get_text_detection").call_count == 1
"""
)


def test_other_fixtures_in_both_orders(pytester, all_plugins):
    pytester.makepyfile(OTHER_FIXTURES)
    result = pytester.runpytest_inprocess("-o", "asyncio_default_fixture_loop_scope=function")
    result.assert_outcomes(passed=6)


def test_other_fixtures_in_a_worker(pytester):
    pytester.makepyfile(OTHER_FIXTURES)
    pytester.runpytest_inprocess("-p", "pytest_httpx", "-p", "xdist", "-n1").assert_outcomes(passed=6)


@pytest.mark.parametrize("freeze", ["freezer", "frozen"])
def test_frozen_by_a_decorator(pytester, freeze):
    lines = {
        "freezer": "@freezegun.freeze_time('2024-02-29 12:00:00')",
        "frozen": "@time_machine.travel('2024-02-29T12:00:00+00:00', tick=False)",
    }
    pytester.makepyfile(
        TRAINS
        + f"""
import datetime, freezegun, time_machine

{lines[freeze]}
def test_trains(rekognition_cl):
    assert train(rekognition_cl.project_arn) == "TRAINING_COMPLETED"
    (model,) = boto3.client("rekognition").describe_project_versions(
        ProjectArn=rekognition_cl.project_arn)["ProjectVersionDescriptions"]
    utc = datetime.timezone.utc
    assert model["CreationTimestamp"] == datetime.datetime(2024, 2, 29, 12, tzinfo=utc)
    assert model["TrainingEndTimestamp"] == datetime.datetime(2024, 2, 29, 12, 30, tzinfo=utc)
"""
    )
    result = pytester.runpytest_inprocess()
    result.assert_outcomes(passed=1)
