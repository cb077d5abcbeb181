"""ARNs: the bounds of their length, and the time that the number tells."""

import pytest

from pytest_rekognition_cl.service.arns import parse_project, parse_version

HEAD = "arn:aws:rekognition:us-east-1:123456789012:project/my-project"
#: The end of the year 9999, in epoch milliseconds: the last instant that a datetime can show.
LAST = 253_402_300_799_999


@pytest.mark.parametrize(
    ("number", "ms"),
    [
        ("1690474772815", 1690474772815),
        ("1", 1),
        ("007", 7),
        ("0", None),
        ("000", None),
        (str(LAST), LAST),
        (str(LAST + 1), None),
        ("9" * 400, None),
        ("0" * 400 + "9", 9),
    ],
)
def test_the_time_that_the_number_tells(number, ms):
    assert parse_project(f"{HEAD}/{number}").creation_ms == ms
    assert parse_version(f"{HEAD}/version/v1/{number}").creation_ms == ms


@pytest.mark.parametrize(("parse", "head"), [(parse_project, HEAD), (parse_version, f"{HEAD}/version/v1")])
def test_2048_characters(parse, head):
    longest = f"{head}/{'1' * (2047 - len(head))}"
    assert len(longest) == 2048
    assert str(parse(longest)) == longest
    assert parse(f"{longest}1") is None


def test_a_project_is_no_version():
    assert parse_version(f"{HEAD}/1") is None
    assert parse_project(f"{HEAD}/version/v1/1") is None
