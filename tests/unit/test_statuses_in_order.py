"""A list of statuses runs forwards, as a version's life does."""

from __future__ import annotations

import pytest

from pytest_rekognition_cl import RekognitionCL
from pytest_rekognition_cl.members import NEXT
from pytest_rekognition_cl.service import statuses as st
from pytest_rekognition_cl.service.lifecycle import TRANSITION_SPECS

BACKWARDS = {
    "RUNNING, STARTING": "STARTING does not follow RUNNING, after it can come STOPPING, FAILED, STOPPED",
    "TRAINING_COMPLETED, TRAINING_IN_PROGRESS": "TRAINING_IN_PROGRESS does not follow TRAINING_COMPLETED, after it can come STARTING, DELETING, DEPRECATED, EXPIRED, RUNNING, FAILED",
    "STARTING, RUNNING, STARTING": "STARTING does not follow RUNNING",
    "STOPPED, STOPPING": "STOPPING does not follow STOPPED",
    "DELETING, RUNNING": "RUNNING does not follow DELETING, after it can come nothing",
    "TRAINING_FAILED, TRAINING_COMPLETED": "TRAINING_COMPLETED does not follow TRAINING_FAILED",
    "COPYING_COMPLETED, COPYING_IN_PROGRESS": "COPYING_IN_PROGRESS does not follow COPYING_COMPLETED",
}
FORWARDS = [
    "STARTING, STARTING, RUNNING",
    "TRAINING_IN_PROGRESS, TRAINING_COMPLETED, STARTING, RUNNING, STOPPING, STOPPED, STARTING, FAILED, DELETING",
    "STOPPED, RUNNING",  # a loop that sleeps long does not see STARTING
    "RUNNING, STOPPED",
    "COPYING_IN_PROGRESS, COPYING_COMPLETED, RUNNING",
]


@pytest.mark.parametrize("statuses", BACKWARDS)
def test_statuses_that_run_backwards_are_refused(statuses):
    with pytest.raises(ValueError, match="statuses run forwards") as caught:
        RekognitionCL(region="us-east-1").add_model("v1", statuses=statuses.split(", "))
    assert str(caught.value).startswith(f"statuses run forwards: {BACKWARDS[statuses]}")


@pytest.mark.parametrize("statuses", FORWARDS)
def test_statuses_that_run_forwards_are_taken(statuses):
    model = RekognitionCL(region="us-east-1").add_model("v1", statuses=statuses.split(", "))
    assert model.status == statuses.split(", ")[0]


def test_the_ways_that_operations_begin_run_backwards_neither():
    fake = RekognitionCL(region="us-east-1")
    with pytest.raises(ValueError, match="statuses run forwards: TRAINING_IN_PROGRESS does not follow"):
        fake.set_training(statuses=["TRAINING_COMPLETED", "TRAINING_IN_PROGRESS"])
    with pytest.raises(ValueError, match="statuses run forwards: STARTING does not follow RUNNING"):
        fake.set_transition("start_project_version", statuses=["RUNNING", "STARTING"])


def test_the_table_has_every_status_and_every_way_of_the_service():
    assert set(NEXT) == {*st.ALL, *st.DATASET_STATUSES}
    for kind in TRANSITION_SPECS.values():
        assert set(kind.outcomes) - {st.DELETED} <= set(NEXT[kind.transitional])
