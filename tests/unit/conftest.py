"""The fixtures of the service's tests."""

import pytest
from fake_service import Wire


@pytest.fixture
def wire():
    return Wire()


@pytest.fixture
def make_wire():
    return Wire
