"""Prepared errors, transport faults and canned answers, through a real client."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    EndpointConnectionError,
    IncompleteReadError,
    ReadTimeoutError,
)

from pytest_rekognition_cl import RekognitionCL


@pytest.fixture(scope="module")
def client():
    with RekognitionCL():
        return boto3.client("rekognition", region_name="us-east-1", config=Config(retries={"mode": "legacy"}))


def outcomes(client, number, **params):
    """Call describe_projects *number* times and return the error codes, None for a success."""
    codes = []
    for _ in range(number):
        try:
            client.describe_projects(**params)
        except ClientError as error:
            codes.append(error.response["Error"]["Code"])
        else:
            codes.append(None)
    return codes


THROTTLED = ("describe_projects", "ThrottlingException")
DENIED = ("describe_projects", "AccessDeniedException")


@pytest.mark.parametrize(
    ("keywords", "expected"),
    [
        ({}, ["AccessDeniedException", None, None]),
        ({"calls": 2}, ["AccessDeniedException", "AccessDeniedException", None]),
        ({"calls": None}, ["AccessDeniedException"] * 3),
        ({"after": 1}, [None, "AccessDeniedException", None]),
        ({"calls": None, "after": 2}, [None, None, "AccessDeniedException"]),
        ({"attempts": 1}, ["AccessDeniedException", None, None]),
        ({"attempts": None}, ["AccessDeniedException"] * 3),
    ],
)
def test_pain_6_calls_attempts_and_after(client, keywords, expected):
    """PAINS 6: no error injection."""
    with RekognitionCL() as rekognition_cl:
        rekognition_cl.add_client_error(*DENIED, **keywords)
        assert outcomes(client, 3) == expected


@pytest.mark.parametrize(
    ("mode", "attempts", "error", "taken"),
    [
        # botocore's legacy mode makes 5 attempts, standard and adaptive 3.
        ("legacy", 1, None, 2),
        ("legacy", 4, None, 5),
        ("legacy", 5, "ThrottlingException", 5),
        ("standard", 2, None, 3),
        ("standard", 3, "ThrottlingException", 3),
        ("adaptive", 2, None, 3),
        ("adaptive", 3, "ThrottlingException", 3),
    ],
)
def test_botocores_own_retries_run(mode, attempts, error, taken):
    with RekognitionCL() as rekognition_cl:
        client = boto3.client("rekognition", config=Config(retries={"mode": mode}))
        rekognition_cl.add_client_error(*THROTTLED, attempts=attempts)
        if error is None:
            answer = client.describe_projects()
            assert answer["ResponseMetadata"]["RetryAttempts"] == attempts
        else:
            with pytest.raises(client.exceptions.ThrottlingException) as caught:
                client.describe_projects()
            assert caught.value.response["ResponseMetadata"]["RetryAttempts"] == taken - 1
        (call,) = rekognition_cl.calls
        assert (call.attempts, call.error) == (taken, error)


@pytest.mark.parametrize("mode", ["legacy", "standard", "adaptive"])
def test_a_fault_for_calls_outlasts_the_retries_of_every_mode(mode):
    with RekognitionCL() as rekognition_cl:
        client = boto3.client("rekognition", config=Config(retries={"mode": mode}))
        rekognition_cl.add_client_error(*THROTTLED, calls=1)
        assert outcomes(client, 2) == ["ThrottlingException", None]
        assert [call.attempts for call in rekognition_cl.calls] == [5 if mode == "legacy" else 3, 1]


def test_several_in_one_queue(client):
    with RekognitionCL() as rekognition_cl:
        rekognition_cl.add_client_error(*DENIED, calls=2)
        rekognition_cl.add_client_error("describe_projects", "InternalServerError")
        rekognition_cl.add_client_error("describe_projects", "InvalidParameterException", after=1)
        rekognition_cl.add_response("describe_projects", {"ProjectDescriptions": []})
        expected = ["AccessDeniedException"] * 2 + ["InternalServerError", "InvalidParameterException", None, None]
        assert outcomes(client, 6) == expected
        assert rekognition_cl.describe_projects.calls[4].response == {"ProjectDescriptions": []}


def test_what_waits_for_a_later_call_does_not_hold_up_the_queue(client):
    with RekognitionCL() as rekognition_cl:
        rekognition_cl.add_client_error(*DENIED, after=2)
        rekognition_cl.add_client_error("describe_projects", "InternalServerError")
        assert outcomes(client, 4) == ["InternalServerError", None, "AccessDeniedException", None]


def test_attempts_and_calls_keep_their_order_in_the_queue(client):
    """What is for whole calls does not break into a call, and nothing overtakes it."""
    with RekognitionCL() as rekognition_cl:
        rekognition_cl.add_client_error(*THROTTLED, attempts=2)
        rekognition_cl.add_client_error(*DENIED, calls=1)
        rekognition_cl.add_client_error(*THROTTLED, attempts=1)
        assert outcomes(client, 3) == [None, "AccessDeniedException", None]
        assert [call.attempts for call in rekognition_cl.calls] == [3, 1, 2]


def test_after_counts_from_when_it_was_prepared(client):
    with RekognitionCL() as rekognition_cl:
        outcomes(client, 3)
        rekognition_cl.add_client_error(*DENIED, after=1)
        assert outcomes(client, 3) == [None, "AccessDeniedException", None]


def test_in_many_threads_each_fault_is_used_once(client):
    with RekognitionCL() as rekognition_cl:
        rekognition_cl.add_client_error(*DENIED, calls=10, after=5)
        with ThreadPoolExecutor(8) as pool:
            codes = [code for codes in pool.map(lambda _: outcomes(client, 5), range(8)) for code in codes]
        assert codes.count("AccessDeniedException") == 10
        assert len(rekognition_cl.calls) == 40


MODELLED = {
    "create_project_version": "ServiceQuotaExceededException",
    "describe_project_versions": "InvalidPaginationTokenException",
    "detect_custom_labels": "ImageTooLargeException",
    "search_faces": "ProvisionedThroughputExceededException",
}
PARAMS = {
    "create_project_version": {"ProjectArn": "a" * 20, "VersionName": "v", "OutputConfig": {}},
    "describe_project_versions": {"ProjectArn": "a" * 20},
    "detect_custom_labels": {"ProjectVersionArn": "a" * 20, "Image": {"Bytes": b"x"}},
    "search_faces": {"CollectionId": "c", "FaceId": "f"},
}


@pytest.mark.parametrize("operation", MODELLED)
def test_modelled_errors_are_of_the_clients_own_classes(client, operation):
    code = MODELLED[operation]
    with RekognitionCL() as rekognition_cl:
        rekognition_cl.add_client_error(operation, code, "so it is")
        with pytest.raises(getattr(client.exceptions, code)) as caught:
            getattr(client, operation)(**PARAMS[operation])
        assert caught.value.response["Error"] == {"Code": code, "Message": "so it is"}
        assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400


def test_validation_exception_is_a_bare_client_error(client):
    """It is in no operation's error list, and botocore has no class for it (SERVICE.md 1)."""
    with RekognitionCL() as rekognition_cl:
        rekognition_cl.add_client_error("describe_projects", "ValidationException")
        with pytest.raises(ClientError) as caught:
            client.describe_projects()
        assert type(caught.value) is ClientError


@pytest.mark.parametrize(
    ("fault", "raised", "attempts"),
    [
        (ReadTimeoutError, ReadTimeoutError, 5),
        (ReadTimeoutError(endpoint_url="https://x"), ReadTimeoutError, 5),
        (ConnectionClosedError, ConnectionClosedError, 5),
        (EndpointConnectionError, EndpointConnectionError, 5),
        (socket.gaierror, socket.gaierror, 1),
        (ZeroDivisionError("so"), ZeroDivisionError, 1),
    ],
    ids=str,
)
def test_transport_faults(client, fault, raised, attempts):
    """botocore retries its own transport errors (legacy mode: 5 attempts), and nothing else."""
    with RekognitionCL() as rekognition_cl:
        rekognition_cl.add_exception("describe_projects", fault)
        with pytest.raises(raised) as caught:
            client.describe_projects()
        if not isinstance(fault, type):
            assert str(caught.value) == str(fault)
        (call,) = rekognition_cl.calls
        assert (call.error, call.attempts, call.response) == (raised.__name__, attempts, None)
        client.describe_projects()


def test_retries_survive_a_transport_fault(client):
    with RekognitionCL() as rekognition_cl:
        rekognition_cl.add_exception("describe_projects", ReadTimeoutError, attempts=2)
        assert client.describe_projects()["ResponseMetadata"]["RetryAttempts"] == 2
        assert rekognition_cl.calls[0].error is None


class Odd(Exception):
    """Its constructor takes something else than its args: it cannot be copied."""

    def __init__(self, first, second):
        super().__init__(f"{first} and {second}")


def test_exceptions_are_raised_anew(client):
    """Tracebacks do not grow; what cannot be copied is raised itself."""
    for made in (ValueError("so"), Odd("one", "other")):
        with RekognitionCL() as rekognition_cl:
            rekognition_cl.add_exception("describe_projects", made, calls=3)
            lengths = []
            for _ in range(3):
                with pytest.raises(type(made), match=str(made)) as caught:
                    client.describe_projects()
                lengths.append(len(caught.traceback))
            assert len(set(lengths)) == 1


def test_responses_of_routed_and_other_operations(client):
    when = datetime(2024, 5, 6, 7, 8, 9, tzinfo=timezone.utc)
    with RekognitionCL() as rekognition_cl:
        described = {"ProjectVersionDescriptions": [{"Status": "RUNNING", "CreationTimestamp": when}]}
        rekognition_cl.add_response("describe_project_versions", described)
        answer = client.describe_project_versions(ProjectArn=rekognition_cl.project_arn)
        assert answer.pop("ResponseMetadata")["HTTPStatusCode"] == 200
        assert answer == described
        assert rekognition_cl.calls[0].response == described
        # The fake's own answer is back.
        assert (
            client.describe_project_versions(ProjectArn=rekognition_cl.project_arn)["ProjectVersionDescriptions"] == []
        )
        # A blob: the audit image of a face liveness session.
        image = {"SessionId": "s" * 36, "Status": "SUCCEEDED", "ReferenceImage": {"Bytes": b"\x00\xff"}}
        rekognition_cl.add_response(
            "get_face_liveness_session_results", {**image, "ResponseMetadata": {"RetryAttempts": 0}}
        )
        answer = client.get_face_liveness_session_results(SessionId="s" * 36)
        assert answer["ReferenceImage"]["Bytes"] == b"\x00\xff"


def test_the_response_is_taken_when_it_is_given(client):
    with RekognitionCL() as rekognition_cl:
        response = {"Labels": [{"Name": "cat"}]}
        rekognition_cl.add_response("detect_labels", response, calls=None)
        response["Labels"].clear()
        for _ in range(3):
            assert client.detect_labels(Image={"Bytes": b"x"})["Labels"] == [{"Name": "cat"}]


MISTAKES = {
    "unknown operation": (
        lambda r: r.add_client_error("create_project_versions", "ThrottlingException"),
        TypeError,
        "Rekognition has no operation 'create_project_versions'; did you mean 'create_project_version'?",
    ),
    "AWS's name of the operation": (
        lambda r: r.add_client_error("CreateProjectVersion", "ThrottlingException"),
        TypeError,
        "operations go by the boto3 method's name: 'create_project_version' instead of 'CreateProjectVersion'",
    ),
    "no operation": (lambda r: r.add_client_error(None, "x"), TypeError, "Rekognition has no operation None."),
    "code of another operation": (
        lambda r: r.add_client_error("describe_projects", "ResourceInUseException"),
        ValueError,
        "describe_projects does not answer with 'ResourceInUseException'. It declares InvalidPaginationTokenException, "
        "InvalidParameterException, AccessDeniedException, InternalServerError, ThrottlingException, "
        "ProvisionedThroughputExceededException; ValidationException and AWS's common errors are possible everywhere.",
    ),
    "code is no text": (
        lambda r: r.add_client_error("describe_projects", 500),
        TypeError,
        "an error code is a string, not 500",
    ),
    "message is no text": (
        lambda r: r.add_client_error(*DENIED, 5),
        TypeError,
        "message must be a string, not 5",
    ),
    "calls and attempts": (
        lambda r: r.add_client_error(*DENIED, calls=1, attempts=1),
        TypeError,
        "add_client_error() takes either calls= or attempts=, not both",
    ),
    "calls=0": (lambda r: r.add_client_error(*DENIED, calls=0), ValueError, "calls must be at least 1, not 0"),
    "attempts=True": (
        lambda r: r.add_client_error(*DENIED, attempts=True),
        TypeError,
        "attempts must be a whole number or None (for ever), not True",
    ),
    "after=-1": (lambda r: r.add_client_error(*DENIED, after=-1), ValueError, "after must be at least 0, not -1"),
    "after=None": (
        lambda r: r.add_client_error(*DENIED, after=None),
        TypeError,
        "after must be a whole number, not None",
    ),
    "no exception": (
        lambda r: r.add_exception("describe_projects", "timeout"),
        TypeError,
        "add_exception takes an exception, e.g. botocore.exceptions.ReadTimeoutError(endpoint_url=''), not 'timeout'",
    ),
    "not an Exception": (
        lambda r: r.add_exception("describe_projects", KeyboardInterrupt),
        TypeError,
        "add_exception takes an exception, e.g. botocore.exceptions.ReadTimeoutError(endpoint_url=''), "
        "not <class 'KeyboardInterrupt'>",
    ),
    "a class that needs arguments": (
        lambda r: r.add_exception("describe_projects", Odd),
        TypeError,
        "Odd cannot be made without arguments: give add_exception an instance",
    ),
    "a class of botocore's that needs arguments": (
        lambda r: r.add_exception("describe_projects", IncompleteReadError),
        TypeError,
        "IncompleteReadError cannot be made without arguments: give add_exception an instance",
    ),
    "response is no dict": (
        lambda r: r.add_response("detect_labels", []),
        TypeError,
        "a response is a dict as boto3 returns it, not []",
    ),
    "unknown member": (
        lambda r: r.add_response("detect_labels", {"Labels": [{"Nam": "cat"}]}),
        ValueError,
        'detect_labels cannot answer that: Unknown parameter in Labels[0]: "Nam", must be one of: '
        "Name, Confidence, Instances, Parents, Aliases, Categories",
    ),
    "wrong type": (
        lambda r: r.add_response("describe_projects", {"ProjectDescriptions": "none"}),
        ValueError,
        "detect_labels cannot answer that: ".replace("detect_labels", "describe_projects")
        + "Invalid type for parameter ProjectDescriptions, value: none, type: <class 'str'>, "
        "valid types: <class 'list'>, <class 'tuple'>",
    ),
}


@pytest.mark.parametrize(("make", "kind", "text"), MISTAKES.values(), ids=MISTAKES.keys())
def test_mistakes_are_refused_where_they_are_made(make, kind, text):
    with RekognitionCL() as rekognition_cl, pytest.raises(kind) as caught:
        make(rekognition_cl)
    assert str(caught.value) == text


def test_nothing_can_be_prepared_after_the_end(client):
    with RekognitionCL() as rekognition_cl:
        pass
    with pytest.raises(RuntimeError, match="has ended: its records can be read, but nothing can be arranged any more"):
        rekognition_cl.add_client_error(*DENIED)


def test_passthrough_takes_what_is_not_due_yet(client):
    """With passthrough a prepared answer for a later call leaves the first call to the other mock."""
    from moto import mock_aws

    with mock_aws(), RekognitionCL(passthrough=True) as rekognition_cl:
        moto_client = boto3.client(
            "rekognition", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
        )
        rekognition_cl.add_response("detect_labels", {"Labels": []}, after=1)
        answers = [moto_client.detect_labels(Image={"Bytes": b"x"})["Labels"] for _ in range(3)]
        assert [bool(labels) for labels in answers] == [True, False, True]
