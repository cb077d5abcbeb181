"""freezegun and time-machine, in every form: the service lives in the frozen time, plus what was slept virtually."""

import contextlib
import time
from datetime import datetime, timedelta, timezone
from unittest import mock

import pytest
import time_machine
from freezegun import freeze_time
from rekognition import create, describe, status

from pytest_rekognition_cl import RekognitionCL

WHEN = datetime(2023, 7, 28, 15, 5, 51, 958000, tzinfo=timezone.utc)
#: SERVICE's own example: this instant is the number at the end of the version's ARN.
NUMBER = "1690556751958"
TRAINING = "TRAINING_IN_PROGRESS"

FREEZERS = {
    "freezegun": lambda: freeze_time(WHEN),
    "freezegun, ticking": lambda: freeze_time(WHEN, tick=True),
    "freezegun, auto tick": lambda: freeze_time(WHEN, auto_tick_seconds=0.001),
    "time-machine": lambda: time_machine.travel(WHEN, tick=False),
    "time-machine, ticking": lambda: time_machine.travel(WHEN, tick=True),
}
STILL = {name: FREEZERS[name] for name in ("freezegun", "time-machine")}


def assert_trains_in_frozen_time(fake, *, exactly):
    arn = create(fake.project_arn)
    created = describe(fake.project_arn, "v1")[0]["CreationTimestamp"]
    assert timedelta(0) <= created - WHEN < timedelta(seconds=30)
    if exactly:
        assert created == WHEN
        assert arn.rpartition("/")[2] == NUMBER
    while status(fake.project_arn) == TRAINING:
        time.sleep(600)
    (model,) = describe(fake.project_arn, "v1")
    assert model["TrainingEndTimestamp"] - created == timedelta(seconds=1800)
    assert fake.calls[0].at - WHEN < timedelta(seconds=30)


@pytest.mark.parametrize("name", FREEZERS)
def test_frozen_during_the_fixture(rekognition_cl, name):
    with FREEZERS[name]():
        assert_trains_in_frozen_time(rekognition_cl, exactly=name in STILL)


@pytest.mark.parametrize("name", FREEZERS)
def test_frozen_before_the_fixture(name):
    with FREEZERS[name](), RekognitionCL() as fake:
        assert_trains_in_frozen_time(fake, exactly=name in STILL)


@freeze_time(WHEN)
def test_frozen_by_freezeguns_decorator(rekognition_cl):
    assert_trains_in_frozen_time(rekognition_cl, exactly=True)


@time_machine.travel(WHEN, tick=False)
def test_frozen_by_time_machines_decorator(rekognition_cl):
    assert_trains_in_frozen_time(rekognition_cl, exactly=True)


def test_frozen_by_time_machines_fixture_after(rekognition_cl, time_machine):
    time_machine.move_to(WHEN, tick=False)
    assert_trains_in_frozen_time(rekognition_cl, exactly=True)


def test_frozen_by_time_machines_fixture_before(time_machine, rekognition_cl):
    time_machine.move_to(WHEN, tick=False)
    assert_trains_in_frozen_time(rekognition_cl, exactly=True)


@pytest.mark.parametrize("name", STILL)
def test_a_waiter_in_frozen_time(rekognition_cl, name):
    from rekognition import CLIENT

    with FREEZERS[name]():
        create(rekognition_cl.project_arn)
        CLIENT.get_waiter("project_version_training_completed").wait(ProjectArn=rekognition_cl.project_arn)
        (model,) = describe(rekognition_cl.project_arn)
        assert model["TrainingEndTimestamp"] == WHEN + timedelta(seconds=1800)
        assert datetime.now(timezone.utc) == WHEN  # the user's clock is the user's


@pytest.mark.rekognition_cl(quotas={"concurrent_trainings": None})
@pytest.mark.parametrize("name", STILL)
def test_arns_are_unique_at_one_instant(rekognition_cl, name):
    with FREEZERS[name]():
        arns = [create(rekognition_cl.project_arn, f"v{number}") for number in range(50)]
        numbers = [int(arn.rpartition("/")[2]) for arn in arns]
        assert numbers == [int(NUMBER) + number for number in range(50)]
        created = [item["CreationTimestamp"] for item in reversed(describe(rekognition_cl.project_arn))]
    assert [round(at.timestamp() * 1000) for at in created] == numbers


@pytest.mark.parametrize("name", STILL)
@pytest.mark.parametrize("when", [WHEN, WHEN.replace(year=2099)], ids=["past", "future"])
def test_a_freeze_that_ends_in_the_middle(rekognition_cl, name, when):
    """Time runs backwards or leaps: nothing raises, and no end lies before its beginning."""
    freezer = freeze_time(when) if name == "freezegun" else time_machine.travel(when, tick=False)
    with freezer:
        create(rekognition_cl.project_arn, "v1")
        describe(rekognition_cl.project_arn)
    create(rekognition_cl.project_arn, "v2")
    for _ in range(4):
        for model in describe(rekognition_cl.project_arn):
            end = model.get("TrainingEndTimestamp")
            assert end is None or end >= model["CreationTimestamp"]
        time.sleep(600)
    assert [call.error for call in rekognition_cl.calls] == [None] * len(rekognition_cl.calls)


def test_a_frozen_time_that_the_user_moves(rekognition_cl):
    with freeze_time(WHEN) as frozen:
        create(rekognition_cl.project_arn)
        frozen.tick(timedelta(seconds=1799))
        assert status(rekognition_cl.project_arn) == TRAINING
        frozen.tick(timedelta(seconds=1))
        assert status(rekognition_cl.project_arn) == "TRAINING_COMPLETED"
    assert rekognition_cl.clock.slept == 0


@pytest.mark.parametrize("name", FREEZERS)
def test_advance_in_frozen_time(rekognition_cl, name):
    with FREEZERS[name]():
        create(rekognition_cl.project_arn)
        before = rekognition_cl.clock.now()
        rekognition_cl.clock.advance(timedelta(minutes=30))
        assert timedelta(0) <= rekognition_cl.clock.now() - before - timedelta(minutes=30) < timedelta(seconds=30)
        assert status(rekognition_cl.project_arn) == "TRAINING_COMPLETED"


def test_auto_tick_is_moved_by_the_users_calls_alone(rekognition_cl):
    # Hypothesis, if another test has begun it, looks at the clock whenever garbage is collected.
    with freeze_time(WHEN, auto_tick_seconds=15, ignore=["hypothesis"]):
        create(rekognition_cl.project_arn)
        status(rekognition_cl.project_arn)
        time.sleep(60)
        assert [time.time() - WHEN.timestamp() for _ in range(2)] == [0, 15]


def test_the_values_of_a_mock_of_the_clock_are_the_users(rekognition_cl):
    with mock.patch("time.time", side_effect=[1.0, 2.0]):
        create(rekognition_cl.project_arn)
        status(rekognition_cl.project_arn)
        time.sleep(60)
        assert [time.time(), time.time()] == [1.0, 2.0]
    assert rekognition_cl.clock.slept == 60


def test_auto_tick_does_not_swallow_a_sleep(rekognition_cl):
    """Every look at the clock lets an hour pass: that is no reason to take a sleep for done."""
    with freeze_time(WHEN, auto_tick_seconds=3600):
        before = rekognition_cl.clock.now()
        rekognition_cl.clock.advance(10 * 86400)
        assert rekognition_cl.clock.now() - before >= timedelta(days=10)


def test_time_is_given_back(rekognition_cl):
    with contextlib.ExitStack() as stack:
        stack.enter_context(freeze_time(WHEN))
        create(rekognition_cl.project_arn)
    assert abs(rekognition_cl.clock.now() - datetime.now(timezone.utc)) < timedelta(seconds=30)
