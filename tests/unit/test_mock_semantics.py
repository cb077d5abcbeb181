"""The mock vocabulary means what it means in unittest.mock: both are driven with the same calls and asked the same."""

from __future__ import annotations

from contextlib import suppress
from unittest.mock import ANY, Mock

import boto3
import pytest
from botocore.exceptions import ClientError
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_rekognition_cl import RekognitionCL


@pytest.fixture(scope="module")
def client():
    with RekognitionCL():
        return boto3.client("rekognition", region_name="us-east-1")


values = {
    "ProjectNames": st.lists(st.sampled_from(["a", "b"]), min_size=1, max_size=2),
    "NextToken": st.sampled_from(["", "x"]),
    "MaxResults": st.sampled_from([1, 2]),
    "Features": st.just(["CUSTOM_LABELS"]),
}
made = st.fixed_dictionaries({}, optional=values)
asked = st.fixed_dictionaries({}, optional={name: value | st.just(ANY) for name, value in values.items()})

ASSERTIONS = {
    "assert_called": False,
    "assert_called_once": False,
    "assert_not_called": False,
    "assert_called_with": True,
    "assert_called_once_with": True,
    "assert_any_call": True,
}


def verdict(recorder, assertion, params):
    try:
        getattr(recorder, assertion)(**params)
    except AssertionError:
        return "fails"
    return "passes"


@settings(max_examples=150, deadline=None)
@given(calls=st.lists(made, max_size=4), questions=st.lists(asked, min_size=1, max_size=4))
def test_same_verdicts_as_mock(client, calls, questions):
    mock = Mock()
    with RekognitionCL() as rekognition_cl:
        for params in calls:
            mock.describe_projects(**params)
            with suppress(ClientError):  # a token that the service has not given: recorded all the same
                client.describe_projects(**params)
    recorder = rekognition_cl.describe_projects
    assert recorder.called == mock.describe_projects.called
    assert recorder.call_count == mock.describe_projects.call_count
    assert [call.params for call in recorder.calls] == [call.kwargs for call in mock.describe_projects.mock_calls]
    for params in [*questions, *calls]:
        for assertion, takes in ASSERTIONS.items():
            given_params = params if takes else {}
            ours = verdict(recorder, assertion, given_params)
            assert ours == verdict(mock.describe_projects, assertion, given_params), (assertion, given_params)


@pytest.mark.parametrize(
    "assertion", ["assert_called_with", "assert_called_once_with", "assert_any_call", "assert_any_call_including"]
)
def test_parameters_without_their_names_are_refused(rekognition_cl, assertion):
    text = rf"{assertion}\(\) takes parameters by name, as boto3 does: ProjectArn='arn:x'"
    with pytest.raises(TypeError, match=text):
        getattr(rekognition_cl.create_project_version, assertion)("arn:x", "v1")
