"""A poll without end is ended, with a text that says why; and afterwards everything is as it was."""

import re
import time
from datetime import datetime, timedelta

import boto3
import pytest
from botocore.exceptions import ClientError, ParamValidationError
from rekognition import CLIENT, TRAINING, create, poll_while, retry_until, status

from pytest_rekognition_cl import EndlessPoll, RekognitionCL, sleep_rule


def test_the_bound_and_its_text():
    with RekognitionCL(max_polls=100, region="us-east-1") as fake:
        fake.set_training(status=TRAINING)
        fake.add_model("old")
        create(fake.project_arn)
        with pytest.raises(EndlessPoll) as caught:
            poll_while(lambda: status(fake.project_arn) == TRAINING, 180)
        text = str(caught.value)
        (finding,) = fake._findings()
        assert re.fullmatch(rf"{re.escape(text)}\nIt was raised at \S+\.py:\d+\.", finding)
    assert text == (
        "describe_project_versions was polled with 100 virtual sleeps, and nothing changed: "
        "the loop would never end.\n"
        "Asked for: versions 'v1'; last answer: TRAINING_IN_PROGRESS; after 5 hours of virtual time "
        "(180 s a sleep).\n"
        "What exists in the project: v1 (TRAINING_IN_PROGRESS), old (TRAINING_COMPLETED).\n"
        "If the loop is right, let the model change: statuses=[...], rekognition_cl.set_training(seconds=0); "
        "if it has a deadline by the clock, or asyncio.wait_for around it: RekognitionCL(virtual_time=True); "
        "if it waits for something else than Rekognition: RekognitionCL(virtual_sleep=False); "
        "to allow more sleeps: RekognitionCL(max_polls=...)."
    )


def test_the_text_names_no_option_that_is_on():
    with RekognitionCL(max_polls=10, virtual_time=True) as fake:
        fake.add_model("v1")
        with pytest.raises(EndlessPoll) as caught:
            poll_while(lambda: status(fake.project_arn) != "RUNNING", 60)
        fake._findings()
    assert "virtual_time" not in str(caught.value)


@pytest.mark.parametrize(("seconds", "span"), [(1, "10 s"), (5.3, "53 s"), (60, "10 min"), (3600, "10 hours")])
def test_the_text_has_a_sensible_unit(seconds, span):
    with RekognitionCL(max_polls=10) as fake:
        fake.add_model("v1")
        with pytest.raises(EndlessPoll, match=f"after {span} of virtual time"):
            poll_while(lambda: status(fake.project_arn) != "RUNNING", seconds)
        fake._findings()


def endless(fake, body, match="was polled with"):
    """Run a loop's body with sleeps of ten seconds until it is ended; return how often it ran."""
    rounds = 0

    def loop():
        nonlocal rounds
        while True:
            rounds += 1
            body()
            time.sleep(10)

    with pytest.raises(EndlessPoll, match=match):
        loop()
    fake._findings()
    return rounds


def test_an_endless_poll_is_not_swallowed_by_except_exception():
    with RekognitionCL(max_polls=10) as fake:
        fake.set_training(status=TRAINING)
        create(fake.project_arn)

        def loop():
            while True:
                try:
                    status(fake.project_arn)
                    time.sleep(60)
                except Exception:
                    pytest.fail("swallowed")

        with pytest.raises(EndlessPoll):
            loop()
        fake._findings()


def test_a_call_that_botocore_itself_refuses_is_no_call():
    def body():
        with pytest.raises(ParamValidationError):
            CLIENT.describe_project_versions(ProjectArn=fake.project_arn, Unknown=1)

    with RekognitionCL(max_polls=50) as fake:
        create(fake.project_arn)
        assert endless(fake, body, match="The test has slept 50 times virtually without any call") == 51


def test_no_call_at_all():
    with RekognitionCL(max_polls=50) as fake:
        fake.add_model("v1")
        with pytest.raises(EndlessPoll, match="The test has slept 50 times virtually without any call"):
            poll_while(lambda: True, 10)
        fake._findings()


def test_a_refusal_repeated_for_ever():
    def body():
        with pytest.raises(ClientError):
            CLIENT.start_project_version(ProjectVersionArn=model.arn, MinInferenceUnits=1)

    with RekognitionCL(max_polls=10) as fake:
        model = fake.add_model("v1", status="RUNNING")
        assert endless(fake, body) == 11


def test_a_poll_for_a_dataset():
    with RekognitionCL(max_polls=10, region="us-east-1") as fake:
        dataset = fake.add_dataset("TRAIN", status="UPDATE_IN_PROGRESS")
        fake.add_dataset("TEST")
        with pytest.raises(EndlessPoll) as caught:
            poll_while(lambda: CLIENT.describe_dataset(DatasetArn=dataset.arn)["DatasetDescription"], 60)
        assert "last answer: UPDATE_IN_PROGRESS" in str(caught.value)
        exists = "What exists in the project: TRAIN dataset (UPDATE_IN_PROGRESS), TEST dataset (CREATE_COMPLETE).\n"
        assert exists in str(caught.value)
        fake._findings()


def test_a_dataset_with_an_end_is_polled_as_long_as_it_takes():
    with RekognitionCL(max_polls=10, region="us-east-1") as fake:
        fake.set_transition("create_dataset", seconds=3600)
        arn = CLIENT.create_dataset(ProjectArn=fake.project_arn, DatasetType="TRAIN")["DatasetArn"]
        look = lambda: CLIENT.describe_dataset(DatasetArn=arn)["DatasetDescription"]["Status"]  # noqa: E731
        poll_while(lambda: look() == "CREATE_IN_PROGRESS", 60)
        assert look() == "CREATE_COMPLETE"


def test_a_canned_look_repeated_for_ever():
    with RekognitionCL(max_polls=10) as fake:
        fake.add_response("list_faces", {"Faces": []}, calls=None)
        assert endless(fake, lambda: CLIENT.list_faces(CollectionId="faces")) == 11


def test_a_client_each_time():
    with RekognitionCL(max_polls=50) as fake:
        fake.set_training(status=TRAINING)
        create(fake.project_arn)
        made = lambda: boto3.client("rekognition", region_name="us-east-1")  # noqa: E731
        assert endless(fake, lambda: status(fake.project_arn, client=made())) == 51


def test_processor_time_ends_a_slow_poll_too(monkeypatch):
    """5,000 polls that make a client each take a minute: after some seconds of work without news it is enough."""
    seconds = iter(range(10**6))
    monkeypatch.setitem(sleep_rule.ORIGINALS, "process_time", lambda: float(next(seconds)))
    with RekognitionCL() as fake:
        fake.set_training(status=TRAINING)
        create(fake.project_arn)
        assert endless(fake, lambda: status(fake.project_arn)) < 1000


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


@pytest.mark.parametrize(("training", "seconds"), [(1800, 0.3), (12 * 3600, 5)])
def test_a_loop_whose_end_is_known_is_not_endless(training, seconds):
    """6,000 and 8,640 polls with the default bound of 5,000; here fewer of both, in the same relation."""
    with RekognitionCL(max_polls=50) as fake:
        fake.set_training(seconds=training / 100)
        create(fake.project_arn)
        poll_while(lambda: status(fake.project_arn) == TRAINING, seconds)
        assert fake.clock.slept == pytest.approx(training / 100, abs=seconds + 0.1)
        assert fake.describe_project_versions.call_count > 50


def test_sleeps_of_no_length_do_not_reach_that_end():
    with RekognitionCL(max_polls=10) as fake:
        create(fake.project_arn)
        with pytest.raises(EndlessPoll, match=r"set_training\(seconds=0\)"):
            poll_while(lambda: status(fake.project_arn) == TRAINING, 0)
        fake._findings()


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
    moment = datetime.now()
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
            assert time.sleep.__self__ is not time
            {body}
        """
    )
    pytester.inline_run(no_reraise_ctrlc=True)
    assert time.sleep.__self__ is time
    assert datetime.now() - moment < timedelta(seconds=60)
