"""A loop without end is ended, with a text that says why; and afterwards everything is as it was."""

import time
from datetime import datetime, timedelta

import pytest
from botocore.exceptions import ClientError
from rekognition import CLIENT, TRAINING, create, poll_while, retry_until, status

from pytest_rekognition_cl import EndlessPoll, RekognitionCL


def test_the_bound_and_its_text():
    with RekognitionCL(max_polls=100, region="us-east-1") as fake:
        fake.set_training(status=TRAINING)
        fake.add_model("old")
        create(fake.project_arn)
        with pytest.raises(EndlessPoll) as caught:
            poll_while(lambda: status(fake.project_arn) == TRAINING, 180)
        text = str(caught.value)
        assert fake._verdict.findings() == [text]
    assert text == (
        "describe_project_versions was polled 100 times, sleeping in between, and nothing changed: "
        "the loop would never end.\n"
        "Asked for: versions 'v1', last answer: TRAINING_IN_PROGRESS, after 5.0 virtual hours "
        "(180 s a poll).\n"
        "What exists in the project: v1 (TRAINING_IN_PROGRESS), old (TRAINING_COMPLETED).\n"
        "If the loop is right, let the model change: statuses=[...], rekognition_cl.set_training(seconds=...), or "
        "longer sleeps; if it has a deadline by the clock, or asyncio.wait_for around it: "
        "@pytest.mark.rekognition_cl(virtual_time=True); to allow more polls: @pytest.mark.rekognition_cl(max_polls=...)."
    )


def test_an_endless_poll_is_not_swallowed_by_except_exception():
    with RekognitionCL(max_polls=10) as fake:
        fake.set_training(status=TRAINING)
        create(fake.project_arn)

        def look():
            try:
                return status(fake.project_arn)
            except Exception:
                pytest.fail("swallowed")

        with pytest.raises(EndlessPoll):
            poll_while(look, 60)
        fake._verdict.findings()


def test_a_refusal_repeated_for_ever_is_bounded():
    with RekognitionCL(max_polls=10) as fake:
        model = fake.add_model("v1", status="RUNNING")

        def is_refused():
            with pytest.raises(ClientError):
                CLIENT.start_project_version(ProjectVersionArn=model.arn, MinInferenceUnits=1)
            return True

        with pytest.raises(EndlessPoll, match="start_project_version was polled 10 times"):
            poll_while(is_refused, 60)
        fake._verdict.findings()


def test_a_poll_for_a_dataset_is_bounded():
    with RekognitionCL(max_polls=10, region="us-east-1") as fake:
        dataset = fake.add_dataset("TRAIN", status="UPDATE_IN_PROGRESS")
        fake.add_dataset("TEST")
        with pytest.raises(EndlessPoll) as caught:
            poll_while(lambda: CLIENT.describe_dataset(DatasetArn=dataset.arn)["DatasetDescription"], 60)
        assert "last answer: UPDATE_IN_PROGRESS" in str(caught.value)
        exists = "What exists in the project: TRAIN dataset (UPDATE_IN_PROGRESS), TEST dataset (CREATE_COMPLETE).\n"
        assert exists in str(caught.value)
        fake._verdict.findings()


def test_a_canned_look_repeated_for_ever_is_bounded():
    with RekognitionCL(max_polls=10) as fake:
        fake.add_response("describe_dataset", {"DatasetDescription": {"Status": "CREATE_IN_PROGRESS"}}, calls=None)
        arn = "arn:aws:rekognition:us-east-1:123456789012:project/my-project/dataset/train/1690474772815"
        with pytest.raises(EndlessPoll, match="describe_dataset was polled 10 times"):
            poll_while(lambda: CLIENT.describe_dataset(DatasetArn=arn)["DatasetDescription"], 60)
        fake._verdict.findings()


def test_describes_without_a_sleep_are_no_polls():
    with RekognitionCL(max_polls=10) as fake:
        create(fake.project_arn)
        assert [status(fake.project_arn) for _ in range(50)] == [TRAINING] * 50


def test_a_change_begins_the_count_anew():
    with RekognitionCL(max_polls=10) as fake:
        fake.add_model("v1", statuses=[TRAINING] * 8 + ["TRAINING_COMPLETED"])
        while status(fake.project_arn) == TRAINING:
            time.sleep(60)
        model = fake.models[0]
        CLIENT.start_project_version(ProjectVersionArn=model.arn, MinInferenceUnits=1)
        for _ in range(8):
            status(fake.project_arn)
            time.sleep(1)
        assert fake.describe_project_versions.call_count == 9 + 8  # more than max_polls, and no EndlessPoll


def test_a_users_own_time_out_comes_first():
    with RekognitionCL(max_polls=1000) as fake:
        fake.set_training(status=TRAINING)
        create(fake.project_arn)
        with pytest.raises(TimeoutError):
            retry_until(lambda state: state != TRAINING, lambda: status(fake.project_arn), stop_after=999)


# --- afterwards -----------------------------------------------------------------------------------------------------

BODIES = {
    "passed": "pass",
    "failed": "assert 0",
    "error": "raise ValueError",
    "exit": "raise SystemExit(3)",
    "interrupted": "raise KeyboardInterrupt",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_everything_is_given_back(pytester, body):
    """The check is our suite's own: see isolation.py."""
    genuine, moment = time.sleep, datetime.now()
    pytester.makepyfile(
        f"""
        import boto3, time
        from time import sleep
        def test_it(rekognition_cl):
            client = boto3.client("rekognition", region_name="us-east-1")
            client.create_project_version(
                ProjectArn=rekognition_cl.project_arn, VersionName="v", OutputConfig={{"S3Bucket": "bucket"}}
            )
            sleep(60)
            assert rekognition_cl.clock.slept == 60
            {body}
        """
    )
    pytester.inline_run("-p", "no:randomly", "-o", "asyncio_default_fixture_loop_scope=function", no_reraise_ctrlc=True)
    assert time.sleep is genuine
    assert datetime.now() - moment < timedelta(seconds=60)


def test_sleeps_that_are_too_short_are_told():
    with RekognitionCL(max_polls=10, region="us-east-1") as fake:
        create(fake.project_arn)
        with pytest.raises(EndlessPoll) as caught:
            poll_while(lambda: status(fake.project_arn) == TRAINING, 0.01)
        fake._verdict.findings()
    lines = str(caught.value).splitlines()
    assert lines[1].endswith("after 0.0 virtual hours (0.01 s a poll).")
    assert lines[2].startswith("What exists in the project: v1 (TRAINING_IN_PROGRESS, for 1")
    assert lines[2].endswith(" s more).")
