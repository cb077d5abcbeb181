"""What we touch of botocore's private parts is where it was: on a new botocore, this says what has moved."""

import inspect

import boto3
import pytest
from botocore import endpoint, session, utils, waiter
from botocore.awsrequest import AWSResponse
from botocore.retries import adaptive, bucket, quota, standard

#: (owner, name, the leading parameters that we rely on).
METHODS = [
    (endpoint.Endpoint, "make_request", ["self", "operation_model", "request_dict"]),
    (endpoint.Endpoint, "_send_request", ["self", "request_dict", "operation_model"]),
    (endpoint.Endpoint, "_send", ["self", "request"]),
    (session.Session, "create_client", ["self", "service_name", "region_name", "api_version", "use_ssl", "verify",
     "endpoint_url", "aws_access_key_id", "aws_secret_access_key", "aws_session_token", "config"]),
    (session.Session, "get_scoped_config", ["self"]),
    (session.Session, "get_credentials", ["self"]),
    (session.Session, "get_default_client_config", ["self"]),
    (session.Session, "get_config_variable", ["self", "logical_name"]),
    (session.Session, "get_auth_token", ["self"]),
    (utils.InstanceMetadataRegionFetcher, "retrieve_region", ["self"]),
    (waiter.Waiter, "wait", ["self", "kwargs"]),
    (quota.RetryQuota, "acquire", ["self", "capacity_amount"]),
    (standard.ThrottlingErrorDetector, "is_throttling_error", ["self", "kwargs"]),
]  # fmt: skip


@pytest.mark.parametrize(("owner", "name", "parameters"), METHODS, ids=[f"{o.__name__}.{n}" for o, n, _ in METHODS])
def test_method(owner, name, parameters):
    assert name in vars(owner), f"botocore has moved {owner.__module__}.{owner.__name__}.{name}"
    found = [*inspect.signature(inspect.unwrap(vars(owner)[name])).parameters]
    assert found[: len(parameters)] == parameters, f"{owner.__name__}.{name} takes other parameters now"


@pytest.fixture
def client():
    return boto3.client("rekognition", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")


def test_endpoint_attributes(client):
    assert isinstance(client._endpoint, endpoint.Endpoint)
    assert type(client._endpoint).make_request is endpoint.Endpoint.make_request
    assert hasattr(client._endpoint, "_event_emitter")


def test_the_events_that_sign_and_send(client):
    """The first is where botocore signs, the second where moto answers; in this order, and by these names."""
    seen = []
    for name in ("request-created", "before-send"):
        client.meta.events.register_first(f"{name}.rekognition", lambda name=name, **_: seen.append(name))
    answered = AWSResponse("https://x/", 200, {}, None)
    answered._content = b"{}"
    client.meta.events.register_last("before-send.rekognition", lambda **_: answered)
    client.describe_projects()
    assert seen == ["request-created", "before-send"]
    (handler,) = [h for h in client.meta.events._emitter._handlers.prefix_search("request-created.rekognition.X")
                  if getattr(h, "__self__", None) is client._request_signer]  # fmt: skip
    assert handler.__name__ == "handler"


def test_the_context_names_the_region(client):
    seen = []
    client.meta.events.register("before-call.rekognition", lambda context, **_: seen.append(context["client_region"]) or
                                (AWSResponse("https://x/", 200, {}, None), {}))  # fmt: skip
    client.describe_projects()
    assert seen == ["us-east-1"]


def test_waiter_attributes(client):
    made = client.get_waiter("project_version_running")
    assert made._operation_method._client_method.__self__ is client
    assert [acceptor.expected for acceptor in made.config.acceptors if acceptor.state == "success"] == ["RUNNING"]


def test_sleeps_are_looked_up_in_time():
    """Waiters and retries say time.sleep; a name of their own would have to be found."""
    import time

    assert waiter.time is time
    assert endpoint.time is time
    assert not [name for module in (waiter, endpoint) for name, value in vars(module).items() if value is time.sleep]


def test_what_retries_keep():
    assert quota.RetryQuota()._available_capacity == quota.RetryQuota.INITIAL_CAPACITY
    text = inspect.getsource(adaptive.ClientRateLimiter.on_receiving_response)
    assert "self._throttling_detector.is_throttling_error(" in text, "adaptive retries ask in another way now"
    for module in (standard, quota, bucket):
        calls = inspect.getsource(module).count(".is_throttling_error(")
        assert calls == 0, f"{module.__name__} asks what we took for the question of adaptive retries alone"


def test_a_response_is_made_of_bytes():
    response = AWSResponse("https://x/", 200, {"a": "b"}, None)
    response._content = b"body"
    assert (response.content, response.text, response.headers["a"]) == (b"body", "body", "b")
