"""Other tools that stand in for something, started and ended around the fake in every order.

Every neighbour is a context that yields a probe: a function which fails unless the neighbour does its work.
"""

import datetime
import itertools
import socket
import warnings
from contextlib import ExitStack, contextmanager
from unittest import mock

import boto3
import freezegun
import httpx
import pytest
import pytest_socket
import requests
import responses
import time_machine
import vcr
from botocore.client import BaseClient
from botocore.stub import Stubber
from moto import mock_aws

from pytest_rekognition_cl import RekognitionCL

#: Clients made at import, as in most programs. The names of their keys say that they are none; without any, botocore
#: would look for some outside this process.
KEYS = {"region_name": "us-east-1", "aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
CLIENT = boto3.client("rekognition", **KEYS)
STUBBED = boto3.client("rekognition", **KEYS)
URL = "http://neighbour.test/hello"

CASSETTE = f"""
interactions:
- request: {{body: null, headers: {{}}, method: GET, uri: "{URL}"}}
  response:
    body: {{string: "from the cassette"}}
    headers: {{Content-Type: [text/plain]}}
    status: {{code: 200, message: OK}}
version: 1
"""


@contextmanager
def moto(tmp_path):
    def probe():
        s3.create_bucket(Bucket="my-bucket")
        s3.put_object(Bucket="my-bucket", Key="output.manifest", Body=b"{}")
        assert s3.get_object(Bucket="my-bucket", Key="output.manifest")["Body"].read() == b"{}"
        s3.delete_object(Bucket="my-bucket", Key="output.manifest")
        s3.delete_bucket(Bucket="my-bucket")

    with mock_aws():
        s3 = boto3.client("s3", region_name="us-east-1")
        yield probe


@contextmanager
def stubber(tmp_path):
    with Stubber(STUBBED) as stub:

        def probe():
            stub.add_response("describe_projects", {"ProjectDescriptions": []})
            assert STUBBED.describe_projects()["ProjectDescriptions"] == []
            stub.assert_no_pending_responses()

        yield probe


@contextmanager
def responses_(tmp_path):
    with responses.RequestsMock() as mocked:
        mocked.get(URL, body="from responses")

        def probe():
            assert requests.get(URL, timeout=1).text == "from responses"

        yield probe


@contextmanager
def no_sockets(tmp_path):
    # allow_unix_socket: event loops have one for themselves
    pytest_socket.disable_socket(allow_unix_socket=True)
    try:

        def probe():
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                with pytest.raises(pytest_socket.SocketBlockedError):
                    socket.socket(socket.AF_INET)

        yield probe
    finally:
        pytest_socket.enable_socket()


@contextmanager
def cassette(tmp_path):
    path = tmp_path / "cassette.yaml"
    path.write_text(CASSETTE)
    with vcr.use_cassette(str(path), record_mode="none", allow_playback_repeats=True):

        def probe():
            assert httpx.get(URL, verify=False).text == "from the cassette"

        yield probe


@contextmanager
def frozen(tmp_path):
    with freezegun.freeze_time("2024-02-29 12:00:00"):

        def probe():
            assert datetime.datetime.now() == datetime.datetime(2024, 2, 29, 12)

        yield probe


@contextmanager
def travelled(tmp_path):
    with time_machine.travel("2024-02-29T12:00:00+00:00", tick=False):

        def probe():
            now = datetime.datetime.now(datetime.timezone.utc)
            assert now == datetime.datetime(2024, 2, 29, 12, tzinfo=datetime.timezone.utc)

        yield probe


@contextmanager
def tracer(tmp_path):
    genuine, spans = BaseClient._make_api_call, []

    def traced(client, operation_name, kwargs):
        spans.append(operation_name)
        return genuine(client, operation_name, kwargs)

    with mock.patch.object(BaseClient, "_make_api_call", traced):

        def probe():
            before = len(spans)
            CLIENT.describe_projects()
            assert spans[before:] == ["DescribeProjects"]

        yield probe


@contextmanager
def http_tracer(tmp_path):
    """As OpenTelemetry and Sentry do it: at botocore's events."""
    seen = []
    client = boto3.client("rekognition", **KEYS)
    client.meta.events.register("before-call.rekognition", lambda model, **_: seen.append(model.name))
    client.meta.events.register(
        "after-call.rekognition", lambda http_response, **_: seen.append(http_response.status_code)
    )

    def probe():
        del seen[:]
        client.describe_projects()
        assert seen == ["DescribeProjects", 200]

    yield probe


NEIGHBOURS = {
    "moto": moto,
    "stubber": stubber,
    "responses": responses_,
    "no sockets": no_sockets,
    "cassette": cassette,
    "frozen": frozen,
    "travelled": travelled,
    "tracer": tracer,
    "event tracer": http_tracer,
}


@contextmanager
def fake(tmp_path):
    with RekognitionCL(region="us-east-1") as rekognition_cl:
        rekognition_cl.set_training(seconds=240)  # two polls of the waiter

        def probe():
            train(rekognition_cl, CLIENT)
            train(rekognition_cl, boto3.client("rekognition"))
            rekognition_cl.assert_no_errors()

        yield probe


def train(rekognition_cl, client):
    arn = rekognition_cl.project_arn
    name = f"v{len(rekognition_cl.models)}"
    version = {"ProjectArn": arn, "VersionNames": [name]}
    slept = rekognition_cl.clock.slept
    client.create_project_version(ProjectArn=arn, VersionName=name, OutputConfig={"S3Bucket": "my-bucket"})
    client.get_waiter("project_version_training_completed").wait(**version)
    (model,) = client.describe_project_versions(**version)["ProjectVersionDescriptions"]
    assert model["Status"] == "TRAINING_COMPLETED"
    assert rekognition_cl.clock.slept == slept + 240


@pytest.fixture(autouse=True)
def _keys(monkeypatch):
    """Other services sign."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")


def _quarrel(names):
    """What does not work without the fake either: two frozen clocks, and moto, which has its own `responses`, inside it."""
    places = {name: place for place, name in enumerate(names)}
    return {"frozen", "travelled"} <= places.keys() or places.get("responses", 9) < places.get("moto", 0)


def _orders():
    everything = {"fake": fake, **NEIGHBOURS}
    for size in (2, 3):
        for names in itertools.permutations(everything, size):
            # of the threesomes those with moto, the neighbour that patches botocore too
            if "fake" in names and (size == 2 or "moto" in names) and not _quarrel(names):
                yield pytest.param([everything[name] for name in names], id=" > ".join(names))


@pytest.mark.parametrize("contexts", list(_orders()))
def test_in_every_order(contexts, tmp_path):
    with ExitStack() as stack:
        probes = [stack.enter_context(context(tmp_path)) for context in contexts]
        for probe in [*probes, *reversed(probes)]:
            probe()


@pytest.mark.parametrize("name", list(NEIGHBOURS))
@pytest.mark.parametrize("first", ["fake", "neighbour"])
def test_ended_in_the_order_of_their_start(name, first, tmp_path):
    """Not nested but interlocked: the one that began first ends first, and the other one goes on."""
    order = [fake, NEIGHBOURS[name]] if first == "fake" else [NEIGHBOURS[name], fake]
    with ExitStack() as rest:
        with ExitStack() as early:
            probes = [early.enter_context(order[0](tmp_path)), rest.enter_context(order[1](tmp_path))]
            for probe in probes:
                probe()
        if order[1] is fake or "tracer" not in name:  # a tracer needs somebody who answers
            probes[1]()
