"""The literal types for type checkers have what the methods take."""

from __future__ import annotations

from typing import get_args

import pytest_rekognition_cl
from pytest_rekognition_cl import ErrorCode, Feature, RoutedOperation, Status, Transition
from pytest_rekognition_cl.assertions import Recorders
from pytest_rekognition_cl.presets import FEATURES
from pytest_rekognition_cl.service import OPERATIONS
from pytest_rekognition_cl.service import statuses as st
from pytest_rekognition_cl.service.errors import COMMON, MODELLED, SERIALIZATION
from pytest_rekognition_cl.service.lifecycle import TRANSITION_SPECS


def test_literal_types():
    assert get_args(Status) == st.ALL
    assert set(get_args(RoutedOperation)) == set(OPERATIONS)
    assert set(Recorders.__annotations__) == set(OPERATIONS)
    assert set(get_args(Transition)) == set(TRANSITION_SPECS)
    assert get_args(Feature) == FEATURES
    assert set(get_args(ErrorCode)) == {*MODELLED, *COMMON, SERIALIZATION}


def test_every_public_name_resolves():
    for name in pytest_rekognition_cl.__all__:
        assert getattr(pytest_rekognition_cl, name) is not None
