"""The rule of sleeping, as a table: what was arranged or called -> which sleeps are virtual; and the end of a poll."""

import json
import threading

import pytest

from pytest_rekognition_cl import sleep_rule
from pytest_rekognition_cl.calls import Call, write
from pytest_rekognition_cl.clock import Clock
from pytest_rekognition_cl.options import Options
from pytest_rekognition_cl.sleep_rule import SleepRule

DESCRIBE = "describe_project_versions"
ME, OTHER = threading.Thread(name="me"), threading.Thread(name="other")


def call(operation, *statuses, error=None, request=b"{}"):
    """Return a call as it stands in the log once it is answered."""
    made = Call(operation, request, "us-east-1", 0, 1)
    descriptions = [{"Status": status, "ProjectVersionArn": f"arn{n}"} for n, status in enumerate(statuses)]
    body = {"__type": error} if error else {"ProjectVersionDescriptions": descriptions}
    write(made, error=error, _status=400 if error else 200, body=json.dumps(body).encode())
    return made


@pytest.fixture
def dues():
    """ARN -> when the change that the thing goes through will end."""
    return {}


@pytest.fixture
def rule(dues):
    return SleepRule(Clock(), Options(max_polls=10), dues.get)


def note(rule, made, who=ME):
    rule.begin_call(who)
    rule.end_call(who, made)


BEGUN, CREATE = "begun", call("create_project_version")
ON_ITS_WAY = ("TRAINING_IN_PROGRESS", "STARTING", "STOPPING", "DELETING", "COPYING_IN_PROGRESS")
SETTLED = ("TRAINING_COMPLETED", "TRAINING_FAILED", "RUNNING", "FAILED", "STOPPED", "COPYING_COMPLETED",
           "COPYING_FAILED", "DEPRECATED", "EXPIRED")  # fmt: skip
#: What has happened -> whether a sleep of 60 s, then one of 0.3 s, then another of 0.3 s are virtual.
RULE = {
    "nothing": ([], (False, False, False)),
    "something is arranged": ([BEGUN], (True, False, False)),
    "a create": ([CREATE], (True, False, False)),
    "a refused create": ([call("create_project_version", error="LimitExceededException")], (True, False, False)),
    **{f"{status} described": ([call(DESCRIBE, status)], (True, False, False)) for status in SETTLED + ON_ITS_WAY},
}


@pytest.mark.parametrize(("happened", "virtual"), RULE.values(), ids=RULE)
def test_sleeps_of_a_second_or_more(rule, happened, virtual):
    for event in happened:
        if event is BEGUN:
            rule.begun = True
        else:
            note(rule, event)
    assert tuple(rule.is_virtual(ME, seconds) for seconds in (60, 0.3, 0.3)) == virtual


#: What was described last -> whether the two sleeps of less than a second after it are virtual.
SHORT = {
    "nothing described": ([call(DESCRIBE)], (True, False)),
    "a refused describe": ([call(DESCRIBE, error="ThrottlingException")], (True, False)),
    **{f"{status} described": ([call(DESCRIBE, status)], (True, False)) for status in ON_ITS_WAY},
    **{f"{status} described": ([call(DESCRIBE, status)], (False, False)) for status in SETTLED},
    "settled and on its way": ([call(DESCRIBE, "RUNNING", "STARTING")], (True, False)),
    "two describes": ([call(DESCRIBE, "STARTING"), call(DESCRIBE, "STARTING")], (True, False)),
    "first on its way, then settled": ([call(DESCRIBE, "STARTING"), call(DESCRIBE, "RUNNING")], (False, False)),
    "a create": ([CREATE], (False, False)),
    "a look at an image": ([call("detect_custom_labels")], (False, False)),
}


@pytest.mark.parametrize(("happened", "virtual"), SHORT.values(), ids=SHORT)
def test_shorter_sleeps(rule, happened, virtual):
    for event in happened:
        note(rule, event)
    assert tuple(rule.is_virtual(ME, 0.999) for _ in range(2)) == virtual


def test_a_short_sleep_after_the_describe_of_a_thread_that_never_sleeps(rule):
    note(rule, call(DESCRIBE, "STARTING"), who=OTHER)
    assert [rule.is_virtual(ME, 0.3) for _ in range(2)] == [True, False]


def test_a_thread_that_sleeps_itself_keeps_its_short_sleep(rule):
    note(rule, call(DESCRIBE, "STARTING"), who=OTHER)
    assert rule.is_virtual(OTHER, 0.3)
    note(rule, call(DESCRIBE, "STARTING"), who=OTHER)
    assert not rule.is_virtual(ME, 0.3)
    assert rule.is_virtual(OTHER, 0.3)


def test_virtual_sleep_false():
    rule = SleepRule(Clock(), Options(virtual_sleep=False), {}.get)
    note(rule, call(DESCRIBE, "STARTING"))
    assert [rule.is_virtual(ME, seconds) for seconds in (60, 0.3)] == [False, False]


# --- the end of a poll ----------------------------------------------------------------------------------------------


def polls(rule, event, times=10, seconds=60, who=ME):
    """Describe and sleep so often; return the number of sleeps without news that the last one brings."""
    for _ in range(times):
        if event is not None:
            note(rule, event, who)
        found = rule.polls(who, seconds)
    return found


def test_the_bound(rule):
    assert polls(rule, call(DESCRIBE, "RUNNING"), 10) == 9
    assert not rule.is_endless(9)
    assert rule.is_endless(polls(rule, call(DESCRIBE, "RUNNING"), 1))


@pytest.mark.parametrize(
    ("event", "counted"),
    [
        (None, 11),
        (call(DESCRIBE, "RUNNING"), 11),
        (call(DESCRIBE, error="ThrottlingException"), 11),
        (call("detect_custom_labels"), 11),
        (call("start_project_version", error="ResourceInUseException"), 11),
        (CREATE, 0),
    ],
    ids=["no call", "a describe", "a refusal", "a look", "a refused start", "a change"],
)
def test_what_is_no_news(rule, event, counted):
    assert polls(rule, event, 12) == counted


def test_something_else_shown_is_news(rule):
    polls(rule, call(DESCRIBE, "STARTING"), 9)
    assert polls(rule, call(DESCRIBE, "RUNNING"), 1) == 0


def test_two_polls_in_a_loop_are_no_news_for_each_other(rule):
    for _ in range(6):
        note(rule, call(DESCRIBE, "RUNNING", request=b'{"a":1}'))
        note(rule, call(DESCRIBE, "STOPPED", request=b'{"a":2}'))
        found = rule.polls(ME, 60)
    assert found == 5


def test_news_of_another_thread_is_news(rule):
    polls(rule, call(DESCRIBE, "RUNNING"), 9)
    note(rule, CREATE, who=OTHER)
    assert rule.polls(ME, 60) == 0


def test_nothing_is_counted_while_the_end_is_known(rule, dues):
    dues["arn0"] = rule._clock.now_ms() + 1000
    assert polls(rule, call(DESCRIBE, "TRAINING_IN_PROGRESS"), 100) == 0
    rule._clock.advance(2)
    assert rule.polls(ME, 60) == 0
    assert rule.polls(ME, 60) == 1


def test_sleeps_of_no_length_are_counted_all_the_same(rule, dues):
    dues["arn0"] = rule._clock.now_ms() + 1000
    assert polls(rule, call(DESCRIBE, "TRAINING_IN_PROGRESS"), 5, seconds=0) == 4


def test_an_answer_that_the_stack_had_no_room_for_is_read_again(monkeypatch):
    body = json.dumps(
        {"ProjectVersionDescriptions": [{"Status": "RUNNING", "ProjectVersionArn": "read-again"}]}
    ).encode()

    def no_room(text):
        raise RecursionError

    with monkeypatch.context() as patched:
        patched.setattr(sleep_rule.json, "loads", no_room)
        assert sleep_rule._shown_in(body) == ()
    assert sleep_rule._shown_in(body) == (("read-again", "RUNNING"),)
