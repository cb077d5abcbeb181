"""Loops of the code under test, in every form that people write them: the first look shows the truth, no real wait."""

import importlib
import subprocess
import sys
import threading
import time
import time as t
from time import sleep

import pytest
from rekognition import CLIENT, LENGTH, TRAINING, create, describe, poll_while, retry_until, status

from pytest_rekognition_cl import EndlessPoll, RekognitionCL


def assert_training_took_place(fake, polls, slept):
    assert fake.describe_project_versions.call_count == polls
    assert fake.clock.slept == slept


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
            poll_while(lambda: status(fake.project_arn) != "RUNNING", 30)
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
    """Nothing moves and nothing ends the loop but its own count."""
    rekognition_cl.add_model("v1", status="RUNNING")
    for _ in range(5):
        assert status(rekognition_cl.project_arn) == "RUNNING"
        time.sleep(60)
    assert rekognition_cl.clock.slept == 5 * 60


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


@pytest.mark.parametrize("wrong", [("1",), (None,), (-1,), (float("nan"),), (), (1, 2)])
def test_what_is_no_length_of_time_is_refused_as_ever(rekognition_cl, wrong):
    create(rekognition_cl.project_arn)
    with pytest.raises((TypeError, ValueError)) as ours:
        time.sleep(*wrong)
    code = f"import time; time.sleep(*({', '.join(map(repr, wrong))}{',' if wrong else ''}))".replace(
        "nan", "float('nan')"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert ran.stderr.splitlines()[-1] == f"{ours.type.__name__}: {ours.value}"
    assert rekognition_cl.clock.slept == 0
