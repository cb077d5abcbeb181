"""The rule of sleeping (DESIGN 6), as a table: what was called last -> what part of a sleep is real."""

import json

import pytest
from freezegun import freeze_time

from pytest_rekognition_cl import sleeping
from pytest_rekognition_cl.calls import Call
from pytest_rekognition_cl.clock import Clock
from pytest_rekognition_cl.sleeping import Trail

DESCRIBE = "describe_project_versions"


def call(operation, *statuses, error=None, request=b"{}"):
    """Return a call as it stands in the log once it is answered."""
    made = Call(operation, request, "us-east-1", 0, 1)
    body = {"ProjectVersionDescriptions": [{"Status": status} for status in statuses]}
    if error:
        body = {"__type": error}
    made._set(error=error, _answer=(400 if error else 200, json.dumps(body).encode()))
    return made


@pytest.fixture
def clock():
    with freeze_time("2023-07-28"):
        yield Clock()


#: What happened last -> how many of 60 seconds are slept really.
RULE = {
    "nothing": ([], 60),
    "a create": ([call("create_project_version")], 0),
    "a start": ([call("start_project_version")], 0),
    "a refused create": ([call("create_project_version", error="LimitExceededException")], 0),
    "a refused describe": ([call(DESCRIBE, "RUNNING", error="ThrottlingException")], 0),
    "nothing described": ([call(DESCRIBE)], 0),
    **{
        f"{status} described": ([call(DESCRIBE, status)], 0)
        for status in ("TRAINING_IN_PROGRESS", "STARTING", "STOPPING", "DELETING", "COPYING_IN_PROGRESS")
    },
    **{
        f"{status} described": ([call(DESCRIBE, status)], 1)
        for status in ("TRAINING_COMPLETED", "TRAINING_FAILED", "RUNNING", "FAILED", "STOPPED", "COPYING_COMPLETED",
                       "COPYING_FAILED", "DEPRECATED", "EXPIRED")
    },
    "settled and transitional": ([call(DESCRIBE, "RUNNING", "STARTING")], 0),
    "another service": ([call("create_project_version"), None], 60),
    "the same poll, no sleep between": ([call(DESCRIBE, "RUNNING"), call(DESCRIBE, "RUNNING")], 1),
    "the same poll, a sleep between": ([call(DESCRIBE, "RUNNING"), 60, call(DESCRIBE, "RUNNING")], 0),
    "another poll, a sleep between": ([call(DESCRIBE, "RUNNING"), 60, call(DESCRIBE, "RUNNING", request=b'{"x":1}')], 1),
    "other statuses, a sleep between": ([call(DESCRIBE, "RUNNING"), 60, call(DESCRIBE, "STOPPED")], 1),
}  # fmt: skip


@pytest.mark.parametrize(("happened", "real"), RULE.values(), ids=RULE)
def test_the_rule(clock, happened, real):
    trail = Trail()
    for event in happened:
        if event is None:
            sleeping.elsewhere(trail)
        elif isinstance(event, Call):
            sleeping.after_call(trail, event)
        else:
            sleeping.sleep(trail, clock, event)
    slept = clock.slept
    assert sleeping.sleep(trail, clock, 60) == real
    assert clock.slept - slept == (60 - real)


def test_inside_a_waiter_or_retry_every_sleep_is_virtual(clock):
    trail = Trail(inside=1)
    assert sleeping.sleep(trail, clock, 60) == 0
    assert clock.slept == 60


def test_the_real_second_is_one_for_all_sleeps_after_a_look(clock):
    trail = Trail()
    sleeping.after_call(trail, call(DESCRIBE, "RUNNING"))
    assert [sleeping.sleep(trail, clock, 0.4) for _ in range(4)] == pytest.approx([0.4, 0.4, 0.2, 0])


def test_what_a_stand_in_sleeps_is_never_real(clock):
    trail = Trail()
    sleeping.after_call(trail, call(DESCRIBE, "RUNNING"))
    assert sleeping.sleep(trail, clock, 60, asleep=True) == 0
    assert clock.slept == 60


@pytest.mark.parametrize(
    ("between", "repeats"),
    [("sleep", 4), ("nothing", 0), ("a look", 4), ("a change", 0)],
)
def test_what_counts_as_a_repeated_poll(clock, between, repeats):
    trail = Trail()
    for _ in range(5):
        count = sleeping.after_call(trail, call(DESCRIBE, "RUNNING"))
        if between == "a look":
            sleeping.after_call(trail, call("detect_custom_labels"))
        if between == "a change":
            sleeping.after_call(trail, call("create_project_version"))
        if between != "nothing":
            sleeping.sleep(trail, clock, 1)
    assert count == repeats


def test_unseen_sleeps_are_asked_for_ever_more_rarely(clock):
    trail, asked = Trail(), []
    for number in range(17):
        sleeping.after_call(trail, call(DESCRIBE, "RUNNING"), lambda number=number: asked.append(number) or False)
    assert asked == [1, 2, 4, 8, 16]


def test_two_polls_in_a_loop_both_count(clock):
    trail = Trail()
    for _ in range(6):
        one = sleeping.after_call(trail, call(DESCRIBE, "RUNNING", request=b'{"a":1}'))
        two = sleeping.after_call(trail, call(DESCRIBE, "STOPPED", request=b'{"a":2}'))
        sleeping.sleep(trail, clock, 60)
    assert (one, two) == (5, 5)
