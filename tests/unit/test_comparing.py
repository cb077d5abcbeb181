"""Where a call is not as expected: paths, parts, and values with an idea of equality of their own."""

from collections import OrderedDict, defaultdict
from unittest.mock import ANY

import pytest

from pytest_rekognition_cl.messages.text import differences


def paths(expected, got, **options):
    return [path for path, _ in differences(expected, got, **options)]


class Stubborn(dict):
    """A dict that is equal to nothing."""

    __hash__ = None

    def __eq__(self, other):
        return False


@pytest.mark.parametrize(
    ("expected", "got", "where"),
    [
        ({"A": 1}, {"A": 1}, []),
        ({"A": {"B": [1, {"C": 2}]}}, {"A": {"B": [1, {"C": 3}]}}, ["A.B[1].C"]),
        ({"A": 1}, {"B": 1}, ["A", "B"]),
        ({"A": 1}, [], [""]),
        ([1], {"A": 1}, [""]),
        ([1], "a", [""]),
        ([1, 2], [1], [""]),
        ((1, 2), [1, 2], []),
        ([(1,)], [[2]], ["[0][0]"]),
        ({1: 2}, {1: 3}, ["1"]),
        (OrderedDict(A=1), {"A": 2}, ["A"]),
        (OrderedDict(A=1, B=2), {"B": 2, "A": 1}, []),
        (defaultdict(int, A=1), {"A": 2}, ["A"]),
        (Stubborn(A=1), {"A": 1}, [""]),
        (ANY, {"A": 1}, []),
        ({"A": ANY}, {"A": None}, []),
    ],
)
def test_where(expected, got, where):
    assert paths(expected, got) == where


def test_a_part_is_a_part_inside_lists_too():
    got = {"Assets": [{"Bucket": "b", "Name": "n"}], "Other": 1}
    assert paths({"Assets": [{"Bucket": "b"}]}, got, whole=False) == []
    assert paths({"Assets": [{"Bucket": "b"}]}, got) == ["Assets[0].Name", "Other"]
    assert paths({"Assets": [{"Bucket": "b"}, {}]}, got, whole=False) == ["Assets"]
    assert paths({"Assets": []}, got, whole=False) == ["Assets"]
