"""botocore waits for Rekognition: its waiters and retries do all they do, and no real second passes."""

import time
from unittest import mock

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    ReadTimeoutError,
    WaiterError,
)
from botocore.stub import Stubber
from botocore.waiter import SingleWaiterConfig, Waiter
from rekognition import CLIENT, create, describe, status

from pytest_rekognition_cl import RekognitionCL

TRAINED, RUNNING = "project_version_training_completed", "project_version_running"
#: botocore's waiters-2.json for Rekognition: seconds between polls, and how many.
DELAY, ATTEMPTS = 120, 360


def wait(waiter, project_arn, *names, client=CLIENT, **config):
    keywords = {"WaiterConfig": config} if config else {}
    if names:
        keywords["VersionNames"] = [*names]
    client.get_waiter(waiter).wait(ProjectArn=project_arn, **keywords)


# --- waiters --------------------------------------------------------------------------------------------------------


def test_the_training_waiter(rekognition_cl):
    create(rekognition_cl.project_arn)
    wait(TRAINED, rekognition_cl.project_arn, "v1")
    polls = rekognition_cl.describe_project_versions.calls
    # 30 virtual minutes at one poll in 120 s: polls at 0, 120, ... 1800 s
    assert len(polls) == 1 + 1800 // DELAY
    shown = [call.response["ProjectVersionDescriptions"][0]["Status"] for call in polls]
    assert shown == ["TRAINING_IN_PROGRESS"] * 15 + ["TRAINING_COMPLETED"]
    assert rekognition_cl.clock.slept == 1800
    (model,) = describe(rekognition_cl.project_arn, "v1")
    assert (model["TrainingEndTimestamp"] - model["CreationTimestamp"]).total_seconds() == pytest.approx(1800, abs=0.01)


def test_the_training_waiter_with_a_config(rekognition_cl):
    create(rekognition_cl.project_arn)
    wait(TRAINED, rekognition_cl.project_arn, "v1", Delay=600, MaxAttempts=5)
    assert rekognition_cl.describe_project_versions.call_count == 4
    assert rekognition_cl.clock.slept == 1800


def test_the_running_waiter(rekognition_cl):
    model = rekognition_cl.add_model("v1")
    CLIENT.start_project_version(ProjectVersionArn=model.arn, MinInferenceUnits=1)
    wait(RUNNING, rekognition_cl.project_arn, "v1")
    assert model.status == "RUNNING"
    assert rekognition_cl.clock.slept % 30 == 0


def test_a_waiter_of_twelve_virtual_hours(rekognition_cl):
    rekognition_cl.set_training(seconds=359 * DELAY)
    create(rekognition_cl.project_arn)
    wait(TRAINED, rekognition_cl.project_arn, "v1")
    assert rekognition_cl.describe_project_versions.call_count == ATTEMPTS


def test_a_waiter_made_before_the_fixture():
    waiter = CLIENT.get_waiter(TRAINED)
    with RekognitionCL() as fake:
        create(fake.project_arn)
        waiter.wait(ProjectArn=fake.project_arn)
        assert fake.clock.slept == 1800


def test_a_waiter_in_a_nested_context_moves_the_clock_of_that_one():
    with RekognitionCL() as outer, RekognitionCL() as inner:
        create(inner.project_arn)
        wait(TRAINED, inner.project_arn)
        assert (inner.clock.slept, outer.clock.slept) == (1800, 0)


def test_a_failed_training_ends_the_waiter(rekognition_cl):
    rekognition_cl.set_training(status="TRAINING_FAILED")
    create(rekognition_cl.project_arn)
    with pytest.raises(WaiterError, match="terminal failure state"):
        wait(TRAINED, rekognition_cl.project_arn, "v1")


def test_a_waiter_ends_by_its_own_attempts(rekognition_cl):
    rekognition_cl.set_training(status="TRAINING_IN_PROGRESS")
    create(rekognition_cl.project_arn)
    with pytest.raises(WaiterError, match="Max attempts exceeded"):
        wait(TRAINED, rekognition_cl.project_arn, "v1")
    assert rekognition_cl.describe_project_versions.call_count == ATTEMPTS
    assert rekognition_cl.clock.slept == (ATTEMPTS - 1) * DELAY


@pytest.mark.rekognition_cl(max_polls=10)
def test_the_bound_is_not_for_waiters(rekognition_cl):
    create(rekognition_cl.project_arn)
    wait(TRAINED, rekognition_cl.project_arn, "v1")
    assert rekognition_cl.describe_project_versions.call_count > 10


WHY = {
    "nothing exists": (
        "",
        ["v1"],
        "Note: ProjectVersionTrainingCompleted waits until every version shown has the status TRAINING_COMPLETED. "
        "No version named 'v1' exists, so that could never come.",
    ),
    "an old sibling": (
        "r.add_model('old', status='RUNNING'); r.add_model('v1')",
        [],
        "Note: ProjectVersionTrainingCompleted waits until every version shown has the status TRAINING_COMPLETED. "
        "It saw RUNNING. Without VersionNames it looks at all 2 versions of the project, old ones too.",
    ),
    "started already": (
        "r.add_model('v1', status='RUNNING')",
        ["v1"],
        "Note: ProjectVersionTrainingCompleted waits until every version shown has the status TRAINING_COMPLETED. "
        "It saw RUNNING. A model that was started has left that status for good.",
    ),
}


@pytest.mark.parametrize(("arrange", "names", "note"), WHY.values(), ids=WHY)
def test_the_report_says_why_a_waiter_ended_in_vain(pytester, arrange, names, note):
    pytester.makepyfile(
        f"""
        import boto3
        def test_it(rekognition_cl):
            r = rekognition_cl
            {arrange or "pass"}
            which = {{"VersionNames": {names}}} if {names} else {{}}
            client = boto3.client("rekognition", region_name="us-east-1")
            client.get_waiter("{TRAINED}").wait(ProjectArn=r.project_arn, **which)
        """
    )
    result = pytester.runpytest()
    result.assert_outcomes(failed=1)
    assert note in result.outlines
    result.stdout.re_match_lines([r".*\(360 times, until \+11:58:0\d\).*|.*\+11:58:0\d .*"])


def test_waiters_of_other_services_sleep_as_ever(rekognition_cl):
    """After a call to the fake, in the same thread: their sleeps arrive at the genuine one."""
    client = boto3.client("dynamodb", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
    create(rekognition_cl.project_arn)
    began = time.monotonic()
    with Stubber(client) as stubber:
        for state in ("CREATING", "CREATING", "ACTIVE"):
            stubber.add_response("describe_table", {"Table": {"TableStatus": state}})
        client.get_waiter("table_exists").wait(TableName="table", WaiterConfig={"Delay": 0.05})
    assert rekognition_cl.clock.slept == 0
    assert time.monotonic() - began >= 0.1  # a lower bound: a real sleep is never shorter


# --- retries --------------------------------------------------------------------------------------------------------

MODES = ["legacy", "standard", "adaptive"]
#: What all retry modes try again. Codes of the service's pages; faults of the way there.
CODES = ["ThrottlingException", "ProvisionedThroughputExceededException", "InternalServerError", "ServiceUnavailable"]
FAULTS = [ReadTimeoutError, ConnectionClosedError, EndpointConnectionError]


def retrying(mode, **retries):
    return boto3.client("rekognition", region_name="us-east-1", config=Config(retries={"mode": mode, **retries}))


def prepare(rekognition_cl, fault, **keywords):
    if isinstance(fault, str):
        rekognition_cl.add_client_error("describe_project_versions", fault, **keywords)
    else:
        rekognition_cl.add_exception("describe_project_versions", fault, **keywords)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("fault", [*CODES, *FAULTS], ids=lambda f: f if isinstance(f, str) else f.__name__)
def test_two_failed_attempts_are_survived(rekognition_cl, mode, fault):
    prepare(rekognition_cl, fault, attempts=2)
    metadata = retrying(mode).describe_project_versions(ProjectArn=rekognition_cl.project_arn)["ResponseMetadata"]
    (call,) = rekognition_cl.calls
    assert metadata["RetryAttempts"] == 2
    assert (call.attempts, call.error) == (3, None)
    assert rekognition_cl.clock.slept >= 0


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("config", "attempts"), [({}, None), ({"max_attempts": 0}, 1), ({"max_attempts": 7}, 8),
                                                  ({"total_max_attempts": 4}, 4)])  # fmt: skip
def test_a_failure_for_ever_surfaces(rekognition_cl, mode, config, attempts):
    rekognition_cl.add_client_error("describe_project_versions", "ThrottlingException", calls=None)
    # botocore's defaults: 5 attempts of the legacy mode, 3 of the others
    attempts = attempts or (5 if mode == "legacy" else 3)
    with pytest.raises(CLIENT.exceptions.ClientError) as caught:
        retrying(mode, **config).describe_project_versions(ProjectArn=rekognition_cl.project_arn)
    assert caught.value.response["Error"]["Code"] == "ThrottlingException"
    if attempts > 1:
        assert f"reached max retries: {attempts - 1}" in str(caught.value)
    assert rekognition_cl.calls[0].attempts == attempts
    assert rekognition_cl.calls[0].error == "ThrottlingException"


@pytest.mark.parametrize("fault", FAULTS, ids=lambda f: f.__name__)
def test_a_fault_for_ever_surfaces(rekognition_cl, fault):
    rekognition_cl.add_exception("describe_project_versions", fault, calls=None)
    with pytest.raises(fault):
        describe(rekognition_cl.project_arn, client=retrying("legacy"))
    assert rekognition_cl.calls[0].attempts == 5


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("code", ["AccessDeniedException", "InvalidParameterException", "ResourceNotFoundException"])
def test_what_is_not_retried_surfaces_at_once(rekognition_cl, mode, code):
    rekognition_cl.add_client_error("describe_project_versions", code)
    with pytest.raises(ClientError):
        retrying(mode).describe_project_versions(ProjectArn=rekognition_cl.project_arn)
    assert rekognition_cl.calls[0].attempts == 1
    assert rekognition_cl.clock.slept == 0


def test_a_retry_sleeps_virtually(rekognition_cl):
    rekognition_cl.add_client_error("describe_project_versions", "ThrottlingException", attempts=2)
    with mock.patch("random.random", return_value=1.0):  # legacy: random * 2 ** (attempt - 1)
        describe(rekognition_cl.project_arn, client=retrying("legacy"))
    assert rekognition_cl.clock.slept == 1 + 2


LONG_LIVED = {mode: retrying(mode) for mode in ("standard", "adaptive")}


@pytest.mark.parametrize("mode", LONG_LIVED)
def test_a_client_survives_the_refusals_of_100_tests(mode):
    """The quota of 500 would be used up after 35 to 50 refused calls with two retries each."""
    client = LONG_LIVED[mode]
    for _ in range(100):
        with RekognitionCL() as fake:
            fake.add_client_error("describe_project_versions", "ThrottlingException", calls=1)
            with pytest.raises(ClientError):
                client.describe_project_versions(ProjectArn=fake.project_arn)
            assert fake.calls[0].attempts == 3
    quota = _quota_of(client)
    assert quota._available_capacity == quota._max_capacity


def _quota_of(client):
    handlers = client.meta.events._emitter._handlers.prefix_search("needs-retry.rekognition.X")
    return next(h.__self__._retry_quota._quota for h in handlers if hasattr(h.__self__, "_retry_quota"))


def test_the_brake_of_adaptive_retries_is_not_carried_along():
    client = retrying("adaptive")
    with RekognitionCL() as fake:
        fake.add_client_error("describe_project_versions", "ThrottlingException", attempts=2)
        client.describe_project_versions(ProjectArn=fake.project_arn)
    handlers = client.meta.events._emitter._handlers.prefix_search("needs-retry.rekognition.X")
    (limiter,) = [h.__self__ for h in handlers if type(h.__self__).__name__ == "ClientRateLimiter"]
    assert limiter._enabled is False


def test_within_one_test_the_quota_is_botocores(rekognition_cl):
    client = retrying("standard")
    rekognition_cl.add_client_error("describe_project_versions", "ThrottlingException", calls=None)
    attempts = []
    for _ in range(100):
        with pytest.raises(ClientError):
            client.describe_project_versions(ProjectArn=rekognition_cl.project_arn)
        attempts.append(rekognition_cl.calls[-1].attempts)
    assert (attempts[0], attempts[-1]) == (3, 1)


def test_a_waiter_over_throttled_polls(rekognition_cl):
    create(rekognition_cl.project_arn)
    rekognition_cl.add_client_error("describe_project_versions", "ThrottlingException", attempts=3)
    wait(TRAINED, rekognition_cl.project_arn, "v1", client=retrying("legacy"))
    assert rekognition_cl.describe_project_versions.calls[0].attempts == 4
    assert status(rekognition_cl.project_arn) == "TRAINING_COMPLETED"


def test_a_waiter_of_somebody_s_own_function(rekognition_cl):
    acceptors = [{"state": "success", "matcher": "status", "expected": 200}]
    config = SingleWaiterConfig({"delay": 0, "maxAttempts": 1, "operation": "mine", "acceptors": acceptors})
    asked = []

    def ask():  # not a Mock, which has every attribute
        asked.append(1)
        return {"ResponseMetadata": {"HTTPStatusCode": 200}}

    Waiter("mine", config, ask).wait()
    assert asked == [1]
