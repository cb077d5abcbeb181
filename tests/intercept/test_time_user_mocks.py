"""A sleep that the user has replaced stays his: it is counted, and a loop does not hang on it."""

import time
import time as t
from time import sleep
from unittest import mock

import pytest
from rekognition import CLIENT, LENGTH, TRAINING, create, status, train_and_poll

from pytest_rekognition_cl import EndlessPoll, RekognitionCL


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


@pytest.mark.parametrize("new", [mock.Mock(), lambda seconds: None], ids=["Mock", "function"])
def test_a_mocked_sleep_between_two_calls(rekognition_cl, new):
    with mock.patch(f"{__name__}.sleep", new):
        create(rekognition_cl.project_arn)
        sleep(3600)
        assert status(rekognition_cl.project_arn) == "TRAINING_COMPLETED"
    assert rekognition_cl.clock.slept == 3600


def test_a_mocked_sleep_beside_a_virtual_one(rekognition_cl):
    with mock.patch(f"{__name__}.sleep"):
        create(rekognition_cl.project_arn)
        polls = 0
        while status(rekognition_cl.project_arn) == TRAINING and polls < 40:
            polls += 1
            time.sleep(1)
            sleep(60)
    assert polls < 40


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


# --- the real one is called too: counted once -----------------------------------------------------------------------


SPIES = {
    "wraps": {"wraps": time.sleep},
    "side_effect": {"side_effect": time.sleep},
    "autospec and side_effect": {"autospec": True, "side_effect": time.sleep},
    "a lambda": {"new": lambda seconds, real=time.sleep: real(seconds)},
}


@pytest.mark.parametrize("target", ["time.sleep", f"{__name__}.sleep"])
@pytest.mark.parametrize("how", SPIES.values(), ids=SPIES)
def test_a_spy_is_counted_once(rekognition_cl, how, target):
    with mock.patch(target, **how):
        create(rekognition_cl.project_arn)
        while status(rekognition_cl.project_arn) == TRAINING:
            (sleep if target.startswith(__name__) else time.sleep)(600)
    assert rekognition_cl.clock.slept == LENGTH
    assert rekognition_cl.describe_project_versions.call_count == 4
