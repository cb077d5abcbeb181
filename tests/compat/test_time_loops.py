"""Loops of the code under test, in every form that people write them: the first look shows the truth, no real wait."""

import importlib
import sys
import threading
import time
import time as t
from datetime import datetime, timedelta
from time import sleep
from unittest import mock

import pytest
from botocore.exceptions import ClientError
from rekognition import CLIENT, create, describe, status

from pytest_rekognition_cl import EndlessPoll, RekognitionCL

TRAINING = "TRAINING_IN_PROGRESS"
#: The default training, in virtual seconds.
LENGTH = 1800


def assert_training_took_place(fake, polls, slept):
    assert fake.describe_project_versions.call_count == polls
    assert fake.clock.slept == slept


def poll_while(looks_so, seconds):
    """Poll as long as *looks_so* is true, sleeping *seconds* (a number, or a function of the number of the poll)."""
    number = 0
    while looks_so():
        time.sleep(seconds(number) if callable(seconds) else seconds)
        number += 1


# --- the forms ------------------------------------------------------------------------------------------------------


def test_waiting_for_a_status(rekognition_cl):
    create(rekognition_cl.project_arn)
    seen = []
    while not seen or seen[-1] == TRAINING:
        seen.append(status(rekognition_cl.project_arn))
        if seen[-1] == TRAINING:
            time.sleep(600)
    assert seen == [TRAINING, TRAINING, TRAINING, "TRAINING_COMPLETED"]
    assert rekognition_cl.clock.slept == LENGTH


def test_sleeping_before_looking(rekognition_cl):
    create(rekognition_cl.project_arn)
    while True:
        time.sleep(600)
        if status(rekognition_cl.project_arn) != TRAINING:
            break
    assert_training_took_place(rekognition_cl, 3, LENGTH)


def test_from_time_import_sleep(rekognition_cl):
    create(rekognition_cl.project_arn)
    while status(rekognition_cl.project_arn) == TRAINING:
        sleep(600)
    assert_training_took_place(rekognition_cl, 4, LENGTH)


def test_import_time_as_t(rekognition_cl):
    create(rekognition_cl.project_arn)
    while status(rekognition_cl.project_arn) == TRAINING:
        t.sleep(600)
    assert_training_took_place(rekognition_cl, 4, LENGTH)


class Poller:
    """Code under test that keeps its sleep where a test could replace it."""

    pause = time.sleep
    nap = staticmethod(time.sleep)

    def by_attribute(self, project_arn):
        while status(project_arn) == TRAINING:
            self.pause(600)

    def by_static_method(self, project_arn):
        while status(project_arn) == TRAINING:
            self.nap(600)

    def by_default(self, project_arn, wait=time.sleep):
        while status(project_arn) == TRAINING:
            wait(600)

    def by_keyword_default(self, project_arn, *, wait=time.sleep):
        while status(project_arn) == TRAINING:
            wait(600)


def by_default(project_arn, interval=600, wait=time.sleep):
    while status(project_arn) == TRAINING:
        wait(interval)


KEPT = [Poller().by_attribute, Poller().by_static_method, Poller().by_default, Poller().by_keyword_default, by_default]


@pytest.mark.parametrize("poll", KEPT, ids=lambda f: f.__qualname__)
def test_a_sleep_kept_in_a_class_or_a_default(rekognition_cl, poll):
    create(rekognition_cl.project_arn)
    poll(rekognition_cl.project_arn)
    assert_training_took_place(rekognition_cl, 4, LENGTH)


def kept():
    return (
        vars(Poller)["pause"],
        vars(Poller)["nap"],
        Poller.by_default.__defaults__,
        Poller.by_keyword_default.__kwdefaults__["wait"],
        by_default.__defaults__,
    )


def test_what_is_kept_is_given_back():
    before = kept()
    with RekognitionCL() as fake:
        create(fake.project_arn)
        assert [now is then for now, then in zip(kept(), before, strict=True)] == [False] * 5
    assert kept() == before


def test_a_module_imported_during_the_test(tmp_path, monkeypatch):
    (tmp_path / "imported_late.py").write_text(
        "from time import sleep\nclass P:\n    nap = sleep\ndef poll(look):\n    while look():\n        sleep(600)\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    try:
        with RekognitionCL() as fake:
            create(fake.project_arn)
            module = importlib.import_module("imported_late")
            module.poll(lambda: status(fake.project_arn) == TRAINING)
            assert fake.clock.slept == LENGTH
        assert module.sleep is time.sleep
        assert vars(module.P)["nap"] is time.sleep
    finally:
        sys.modules.pop("imported_late", None)


def test_waiting_for_a_list_to_become_empty(rekognition_cl):
    model = rekognition_cl.add_model("v1")
    CLIENT.delete_project_version(ProjectVersionArn=model.arn)
    while describe(rekognition_cl.project_arn, "v1"):
        time.sleep(5)
    assert rekognition_cl.models == ()


def test_waiting_for_a_list_to_become_not_empty(rekognition_cl):
    """Another thread creates the model; nothing is shown until then."""
    looked = threading.Event()

    def work():
        looked.wait(30)
        create(rekognition_cl.project_arn)

    thread = threading.Thread(target=work)
    thread.start()
    while not describe(rekognition_cl.project_arn, "v1"):
        time.sleep(60)
        if rekognition_cl.clock.slept > 600 and not looked.is_set():
            looked.set()
            thread.join()
    thread.join()
    assert status(rekognition_cl.project_arn) == TRAINING


def test_waiting_for_running_on_a_model_that_nobody_started():
    with RekognitionCL(max_polls=50) as fake:
        fake.add_model("v1")
        with pytest.raises(EndlessPoll):
            # the first second after a settled look is real
            poll_while(lambda: status(fake.project_arn) != "RUNNING", lambda number: 30 if number else 0.01)
        fake._findings()


def test_backing_off_after_a_refusal(rekognition_cl):
    rekognition_cl.add_client_error("create_project_version", "AccessDeniedException", calls=4)
    pause, refused = 30, 0
    while True:
        try:
            create(rekognition_cl.project_arn)
            break
        except CLIENT.exceptions.AccessDeniedException:
            refused += 1
            time.sleep(pause)
            pause *= 2
    assert refused == 4
    assert rekognition_cl.clock.slept == 30 + 60 + 120 + 240


def test_a_scheduled_look_every_minute(rekognition_cl):
    """Nothing moves and nothing ends the loop but its own count: the first second is real, the others are not."""
    rekognition_cl.add_model("v1", status="RUNNING")
    for minute in range(5):
        assert status(rekognition_cl.project_arn) == "RUNNING"
        time.sleep(0.01 if minute == 0 else 60)
    assert rekognition_cl.clock.slept == 4 * 60


def test_a_deadline_of_ones_own_count(rekognition_cl):
    rekognition_cl.set_training(status=TRAINING)
    create(rekognition_cl.project_arn)
    waited = 0
    while True:
        if status(rekognition_cl.project_arn) != TRAINING:
            break
        if waited >= 7200:
            break
        time.sleep(60)
        waited += 60
    assert rekognition_cl.clock.slept == 7200


def test_two_polls_in_a_loop(rekognition_cl):
    create(rekognition_cl.project_arn, "v1")
    time.sleep(600)
    create(rekognition_cl.project_arn, "v2")
    while status(rekognition_cl.project_arn, "v1") == TRAINING or status(rekognition_cl.project_arn, "v2") == TRAINING:
        time.sleep(600)
    assert rekognition_cl.clock.slept == 600 + LENGTH


def test_two_polls_in_a_loop_without_end():
    with RekognitionCL(max_polls=20) as fake:
        fake.set_training(status=TRAINING)
        create(fake.project_arn, "v1")
        create(fake.project_arn, "v2")
        with pytest.raises(EndlessPoll):
            poll_while(lambda: TRAINING in (status(fake.project_arn, "v1"), status(fake.project_arn, "v2")), 60)
        fake._findings()
    assert fake.describe_project_versions.call_count in (2 * 20 + 1, 2 * 20 + 2)


def retry_until(result_is_good, function, *, wait=30, stop_after=100, nap=None):
    """A helper as tenacity's: it calls and sleeps in a module of its own."""
    for _ in range(stop_after):
        result = function()
        if result_is_good(result):
            return result
        (nap or time.sleep)(wait)
    raise TimeoutError


def test_a_retrying_helper(rekognition_cl):
    create(rekognition_cl.project_arn)
    result = retry_until(lambda state: state != TRAINING, lambda: status(rekognition_cl.project_arn), wait=300)
    assert result == "TRAINING_COMPLETED"
    assert rekognition_cl.clock.slept == LENGTH


def test_exponential_back_off_leaves_the_calendar():
    with RekognitionCL(max_polls=60) as fake:
        fake.set_training(status=TRAINING)
        create(fake.project_arn)
        with pytest.raises(EndlessPoll):
            poll_while(lambda: status(fake.project_arn) == TRAINING, lambda number: 2**number)
        fake._findings()


# --- what is not virtual --------------------------------------------------------------------------------------------


def test_two_threads_one_polling_one_sleeping(rekognition_cl):
    create(rekognition_cl.project_arn)
    took = []

    def own_reasons():
        began = time.monotonic()
        time.sleep(0.2)
        took.append(time.monotonic() - began)

    thread = threading.Thread(target=own_reasons)
    thread.start()
    while status(rekognition_cl.project_arn) == TRAINING:
        time.sleep(600)
    thread.join()
    assert took[0] >= 0.2  # a lower bound
    assert rekognition_cl.clock.slept == LENGTH


def test_a_sleep_without_any_call_is_real(rekognition_cl):
    began = time.monotonic()
    time.sleep(0.05)
    assert time.monotonic() - began >= 0.05
    assert rekognition_cl.clock.slept == 0


def test_a_call_to_another_service_ends_it(rekognition_cl, monkeypatch):
    import boto3
    from moto import mock_aws

    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        create(rekognition_cl.project_arn)
        boto3.client("s3", region_name="us-east-1").list_buckets()
        began = time.monotonic()
        time.sleep(0.05)
    assert time.monotonic() - began >= 0.05
    assert rekognition_cl.clock.slept == 0


def test_the_first_second_after_a_settled_look_is_real(rekognition_cl):
    rekognition_cl.add_model("v1")
    status(rekognition_cl.project_arn)
    began = time.monotonic()
    time.sleep(0.4)
    time.sleep(60)
    assert time.monotonic() - began >= 1
    assert rekognition_cl.clock.slept == pytest.approx(59.4)


@pytest.mark.parametrize("wrong", ["1", None, -1, float("nan")])
def test_what_is_no_length_of_time_is_refused_as_ever(rekognition_cl, wrong):
    create(rekognition_cl.project_arn)
    with pytest.raises((TypeError, ValueError)):
        time.sleep(wrong)


# --- the user's own stand-ins ---------------------------------------------------------------------------------------


def train_and_poll(fake):
    create(fake.project_arn)
    while status(fake.project_arn) == TRAINING:
        time.sleep(600)


def test_a_mocked_sleep_is_counted(rekognition_cl):
    with mock.patch("time.sleep") as mocked:
        train_and_poll(rekognition_cl)
        time.sleep.assert_called_with(600)
    assert mocked.call_args_list == [mock.call(600)] * 3
    assert rekognition_cl.clock.slept == LENGTH


@pytest.mark.parametrize("keywords", [{"autospec": True}, {"new": lambda seconds: None}], ids=["autospec", "function"])
def test_a_sleep_mocked_before_the_fixture(keywords):
    with mock.patch("time.sleep", **keywords), RekognitionCL() as fake:
        train_and_poll(fake)
        assert fake.clock.slept == LENGTH


def test_a_sleep_mocked_during_the_test(monkeypatch, rekognition_cl):
    create(rekognition_cl.project_arn, "first")
    slept = []
    monkeypatch.setattr(time, "sleep", slept.append)
    train_and_poll(rekognition_cl)
    assert slept == [600] * 3
    assert rekognition_cl.clock.slept == LENGTH


def test_a_sleep_mocked_in_the_module_that_uses_it(rekognition_cl):
    with mock.patch(f"{__name__}.sleep") as mocked:
        create(rekognition_cl.project_arn)
        while status(rekognition_cl.project_arn) == TRAINING:
            sleep(600)
    assert mocked.called
    assert rekognition_cl.clock.slept >= LENGTH


def test_a_time_module_mocked_in_the_module_that_uses_it(rekognition_cl):
    with mock.patch(f"{__name__}.t") as mocked, mock.patch(f"{__name__}.time", mocked):
        create(rekognition_cl.project_arn)
        while status(rekognition_cl.project_arn) == TRAINING:
            t.sleep(600)
    assert rekognition_cl.clock.slept >= LENGTH


def test_a_waiter_with_a_mocked_sleep(rekognition_cl):
    create(rekognition_cl.project_arn)
    with mock.patch("time.sleep") as mocked:
        CLIENT.get_waiter("project_version_training_completed").wait(ProjectArn=rekognition_cl.project_arn)
    assert mocked.call_args_list == [mock.call(120)] * 15


def test_a_mocked_sleep_in_a_loop_without_end():
    with RekognitionCL(max_polls=30) as fake, mock.patch("time.sleep"):
        fake.set_training(status=TRAINING)
        with pytest.raises(EndlessPoll):
            train_and_poll(fake)
        fake._findings()
    assert fake.describe_project_versions.call_count == 31


# --- the bound ------------------------------------------------------------------------------------------------------


def test_the_bound_and_its_text():
    with RekognitionCL(max_polls=100, region="us-east-1") as fake:
        fake.set_training(status=TRAINING)
        fake.add_model("old")
        create(fake.project_arn)
        with pytest.raises(EndlessPoll) as caught:
            poll_while(lambda: status(fake.project_arn) == TRAINING, 180)
        text = str(caught.value)
        assert fake._findings() == [text]
    assert text == (
        "describe_project_versions was polled 100 times, sleeping in between, and nothing changed: "
        "the loop would never end.\n"
        "Asked for: versions 'v1', last answer: TRAINING_IN_PROGRESS, after 5.0 virtual hours.\n"
        "What exists in the project: v1 (TRAINING_IN_PROGRESS), old (TRAINING_COMPLETED).\n"
        "If the loop is right, let the model change: statuses=[...], rekognition_cl.set_training(seconds=...), or "
        "model.complete_training() from another thread; to allow more polls: "
        "@pytest.mark.rekognition_cl(max_polls=...)."
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
        fake._findings()


def test_a_refusal_repeated_for_ever_is_bounded():
    with RekognitionCL(max_polls=10) as fake:
        model = fake.add_model("v1", status="RUNNING")

        def is_refused():
            with pytest.raises(ClientError):
                CLIENT.start_project_version(ProjectVersionArn=model.arn, MinInferenceUnits=1)
            return True

        with pytest.raises(EndlessPoll, match="start_project_version was polled 10 times"):
            poll_while(is_refused, 60)
        fake._findings()


def test_a_canned_look_repeated_for_ever_is_bounded():
    with RekognitionCL(max_polls=10) as fake:
        fake.add_response("describe_dataset", {"DatasetDescription": {"Status": "CREATE_IN_PROGRESS"}}, calls=None)
        arn = "arn:aws:rekognition:us-east-1:123456789012:project/my-project/dataset/train/1690474772815"
        with pytest.raises(EndlessPoll, match="describe_dataset was polled 10 times"):
            poll_while(lambda: CLIENT.describe_dataset(DatasetArn=arn)["DatasetDescription"], 60)
        fake._findings()


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
