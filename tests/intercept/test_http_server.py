"""The HTTP server and the fixture: records, Regions, prepared faults, the verdict, time, the end, other processes."""

import gc
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import botocore.useragent
import flow
import pytest
import time_machine
from raw_http import Wire, request

from pytest_rekognition_cl import Model, RekognitionCL

SIGNED = "AWS4-HMAC-SHA256 Credential=AKID/20240131/{}/rekognition/aws4_request, SignedHeaders=host, Signature=0"


@pytest.fixture
def wire(rekognition_cl):
    with Wire(rekognition_cl.endpoint_url) as wire:
        yield wire


def create(rekognition_cl, name="v1"):
    return {"ProjectArn": rekognition_cl.project_arn, "VersionName": name, "OutputConfig": {"S3Bucket": "my-bucket"}}


def describe(rekognition_cl, wire, **more):
    answer = wire.ask("DescribeProjectVersions", {"ProjectArn": rekognition_cl.project_arn, **more}).json
    return [model["Status"] for model in answer["ProjectVersionDescriptions"]]


# --- one service, however it is called -----------------------------------------------------------------------------


def test_it_is_the_same_service(rekognition_cl, wire):
    arn = wire.ask("CreateProjectVersion", create(rekognition_cl)).json["ProjectVersionArn"]
    assert rekognition_cl.models[0].arn == arn
    shown = boto3.client("rekognition").describe_project_versions(ProjectArn=rekognition_cl.project_arn)
    assert shown["ProjectVersionDescriptions"][0]["ProjectVersionArn"] == arn
    rekognition_cl.create_project_version.assert_called_once_with(**create(rekognition_cl))
    call = rekognition_cl.create_project_version.calls[0]
    assert (call.response, call.error, call.attempts) == ({"ProjectVersionArn": arn}, None, 1)


def test_a_refusal_is_recorded(rekognition_cl, wire):
    rekognition_cl.add_model("v1")
    assert wire.ask("CreateProjectVersion", create(rekognition_cl)).status == 400
    assert rekognition_cl.calls[0].error == "ResourceInUseException"


def test_an_image_is_recorded_as_bytes(rekognition_cl, wire):
    model = rekognition_cl.add_model("v1", status="RUNNING")
    wire.ask("DetectCustomLabels", {"ProjectVersionArn": model.arn, "Image": {"Bytes": "iVBORw=="}})
    rekognition_cl.detect_custom_labels.assert_called_once_with(
        ProjectVersionArn=model.arn, Image={"Bytes": b"\x89PNG"}
    )


@pytest.mark.rekognition_cl(region="eu-west-1")
@pytest.mark.parametrize(
    ("authorization", "region"),
    [
        (SIGNED.format("ap-southeast-2"), "ap-southeast-2"),
        (SIGNED.format("us-gov-west-1").replace("AKID", "ASIA-x.y"), "us-gov-west-1"),
        (None, "eu-west-1"),
        ("Bearer abc", "eu-west-1"),
        (SIGNED.format("ap-southeast-2").replace("rekognition", "s3"), "eu-west-1"),
    ],
)
def test_the_region_is_the_signatures(rekognition_cl, wire, authorization, region):
    changes = {"authorization": authorization} if authorization else {}
    wire.ask("CreateProject", {"ProjectName": "p"}, **changes)
    assert rekognition_cl.calls[0].region == region
    assert rekognition_cl.projects[1].arn.split(":")[3] == region


# --- the verdict ----------------------------------------------------------------------------------------------------


def test_an_operation_that_nobody_prepared():
    fake = RekognitionCL()
    with fake._opened(), Wire(fake.endpoint_url) as wire:
        reply = wire.ask("DetectFaces", {"Image": {"Bytes": "eA=="}})
    with pytest.raises(AssertionError, match="detect_faces was called, and no answer is prepared for it"):
        fake.verify()
    assert reply.status == 400
    assert set(reply.json) == {"__type", "message"}
    assert reply.json["__type"] == "UnansweredCall"
    assert "add_response('detect_faces'" in reply.json["message"]
    assert [(call.operation, call.error) for call in fake.calls] == [("detect_faces", "UnansweredCall")]


@pytest.mark.parametrize("passthrough", [True, False])
def test_passthrough_is_not_advised_for_what_comes_over_http(passthrough):
    fake = RekognitionCL(passthrough=passthrough)
    with fake._opened(), Wire(fake.endpoint_url) as wire:
        message = wire.ask("ListCollections").json["message"]
    assert "passthrough" not in message
    assert (
        "add_response('list_collections', {...}). What comes in over endpoint_url is not handed on to moto." in message
    )
    with pytest.raises(AssertionError, match="not handed on to moto"):
        fake.verify()


def test_an_unknown_target_gives_no_verdict():
    with RekognitionCL() as fake, Wire(fake.endpoint_url) as wire:
        assert wire.ask("DetectFishes").json == {"__type": "UnknownOperationException"}
    assert fake.calls == []


def test_what_is_no_exception_gives_a_verdict():
    def labels(params):
        raise KeyboardInterrupt("stop here")

    fake = RekognitionCL()
    with fake._opened(), Wire(fake.endpoint_url) as wire:
        model = fake.add_model("v1", status="RUNNING")
        model.set_labels(labels)
        params = {"ProjectVersionArn": model.arn, "Image": {"S3Object": {"Bucket": "bbb", "Name": "a"}}}
        reply = wire.ask("DetectCustomLabels", params)
    with pytest.raises(AssertionError, match="stop here"):
        fake.verify()
    assert (reply.status, reply.json["__type"]) == (500, "InternalFailure")


# --- prepared faults and answers ------------------------------------------------------------------------------------


def test_a_prepared_answer(rekognition_cl, wire):
    rekognition_cl.add_response("list_collections", {"CollectionIds": ["a"]})
    assert wire.ask("ListCollections").json == {"CollectionIds": ["a"]}


def test_an_error_without_an_sdk_is_for_one_request(rekognition_cl, wire):
    rekognition_cl.add_client_error("describe_projects", "InvalidParameterException")
    assert [wire.ask("DescribeProjects").status for _ in range(2)] == [400, 200]
    assert [call.error for call in rekognition_cl.calls] == ["InvalidParameterException", None]


def test_all_attempts_of_an_sdk_are_one_call(rekognition_cl, wire):
    rekognition_cl.add_client_error("describe_projects", "ThrottlingException", calls=1)
    attempts = [wire.ask("DescribeProjects", amz_sdk_invocation_id="one").status for _ in range(3)]
    assert attempts == [500] * 3
    assert wire.ask("DescribeProjects", amz_sdk_invocation_id="two").status == 200
    assert [(call.error, call.attempts) for call in rekognition_cl.calls] == [("ThrottlingException", 3), (None, 1)]


def test_a_retry_may_survive(rekognition_cl, wire):
    rekognition_cl.add_client_error("describe_projects", "ThrottlingException", attempts=1)
    attempts = [wire.ask("DescribeProjects", amz_sdk_invocation_id="one").status for _ in range(3)]
    assert attempts == [500, 200, 200]
    assert [(call.error, call.attempts) for call in rekognition_cl.calls] == [(None, 3)]


def test_the_attempts_of_the_sdk_for_php_are_one_call(rekognition_cl, wire):
    rekognition_cl.add_client_error("describe_projects", "ThrottlingException", attempts=2)
    retries = ["0/0", "1/87", "2/131"]
    attempts = [
        wire.ask("DescribeProjects", aws_sdk_invocation_id="one", aws_sdk_retry=retry).status for retry in retries
    ]
    assert attempts == [500, 500, 200]
    assert wire.ask("DescribeProjects", aws_sdk_invocation_id="two", aws_sdk_retry="0/0").status == 200
    assert [(call.error, call.attempts) for call in rekognition_cl.calls] == [(None, 3), (None, 1)]


@pytest.mark.parametrize("header", ["amz_sdk_invocation_id", "aws_sdk_invocation_id"])
def test_a_lost_answer_is_given_again(rekognition_cl, header):
    params, which = create(rekognition_cl), {header: "one"}
    with Wire(rekognition_cl.endpoint_url) as lost:
        first = lost.ask("CreateProjectVersion", params, **which)  # suppose that the client did not get that
    with Wire(rekognition_cl.endpoint_url) as wire:
        again = wire.ask("CreateProjectVersion", params, **which)
        assert wire.ask("CreateProjectVersion", params).json["__type"] == "ResourceInUseException"
    assert (again.status, again.json) == (200, first.json)
    assert [(call.error, call.attempts) for call in rekognition_cl.calls] == [(None, 2), ("ResourceInUseException", 1)]
    assert len(rekognition_cl.models) == 1


def test_a_lost_answer_uses_up_no_second_response(rekognition_cl, wire):
    rekognition_cl.add_response("list_collections", {"CollectionIds": ["a"]})
    rekognition_cl.add_response("list_collections", {"CollectionIds": ["b"]})
    ids = ["one", "one", "two"]
    shown = [wire.ask("ListCollections", amz_sdk_invocation_id=number).json["CollectionIds"] for number in ids]
    assert shown == [["a"], ["a"], ["b"]]


def test_another_request_under_the_same_id_is_another_call(rekognition_cl, wire):
    rekognition_cl.add_client_error("describe_projects", "ThrottlingException", calls=2)
    wire.ask("DescribeProjects", amz_sdk_invocation_id="one")
    wire.ask("DescribeProjects", {"MaxResults": 5}, amz_sdk_invocation_id="one")
    assert [call.params for call in rekognition_cl.calls] == [{}, {"MaxResults": 5}]


def test_a_prepared_exception_closes_the_connection(rekognition_cl, wire):
    rekognition_cl.add_exception("describe_projects", ConnectionResetError)
    wire.send(request(wire.host, target="RekognitionService.DescribeProjects"))
    assert wire.read() is None
    assert rekognition_cl.calls[0].error == "ConnectionResetError"
    with Wire(rekognition_cl.endpoint_url) as another:
        assert another.ask("DescribeProjects").status == 200


# --- time -----------------------------------------------------------------------------------------------------------


def test_the_first_look_shows_what_is_under_way_the_second_its_end(rekognition_cl, wire):
    before = rekognition_cl.clock.now()
    wire.ask("CreateProjectVersion", create(rekognition_cl))
    assert describe(rekognition_cl, wire, VersionNames=["v1"]) == ["TRAINING_IN_PROGRESS"]
    assert describe(rekognition_cl, wire, VersionNames=["v1"]) == ["TRAINING_COMPLETED"]
    assert (rekognition_cl.clock.now() - before).total_seconds() >= 1800
    assert rekognition_cl.clock.slept == 0
    at = [call.at for call in rekognition_cl.calls]
    assert (at[1] - at[0]).total_seconds() < 600
    assert (at[2] - at[0]).total_seconds() >= 1800


def test_another_question_is_a_first_look(rekognition_cl, wire):
    wire.ask("CreateProjectVersion", create(rekognition_cl))
    assert describe(rekognition_cl, wire, VersionNames=["v1"]) == ["TRAINING_IN_PROGRESS"]
    assert describe(rekognition_cl, wire) == ["TRAINING_IN_PROGRESS"]
    assert describe(rekognition_cl, wire) == ["TRAINING_COMPLETED"]


def test_a_new_thing_under_way_is_looked_at_anew(rekognition_cl, wire):
    model = rekognition_cl.add_model("v1")
    wire.ask("StartProjectVersion", {"ProjectVersionArn": model.arn, "MinInferenceUnits": 1})
    assert [describe(rekognition_cl, wire) for _ in range(2)] == [["STARTING"], ["RUNNING"]]
    wire.ask("StopProjectVersion", {"ProjectVersionArn": model.arn})
    assert [describe(rekognition_cl, wire) for _ in range(2)] == [["STOPPING"], ["STOPPED"]]


BOTOCORE = (
    "Boto3/1.40.0 md/Botocore#1.40.0 ua/2.1 os/linux md/arch#x86_64 lang/python#3.11.7 m/{} cfg/retry-mode#legacy"
)


@pytest.mark.parametrize(
    ("agent", "shown"),
    [
        (BOTOCORE.format("g,E,B,b"), "TRAINING_COMPLETED"),  # B: a waiter, in the User-Agent's list of features
        (BOTOCORE.format("B"), "TRAINING_COMPLETED"),
        (BOTOCORE.format("g,E,b"), "TRAINING_IN_PROGRESS"),
        ("aws-cli/2.20.0 md/command#rekognition.wait.project-version-running", "TRAINING_COMPLETED"),
        ("aws-cli/2.20.0 md/command#rekognition.describe-project-versions", "TRAINING_IN_PROGRESS"),
        # The mark stays for every call after the first waiter, so it says nothing.
        ("aws-sdk-php/3.376.0 ua/2.1 OS/Linux#6.1 lang/php#8.3.0 GuzzleHttp/7 m/B,E", "TRAINING_IN_PROGRESS"),
    ],
)
def test_a_waiter_ends_at_its_first_poll(rekognition_cl, wire, agent, shown):
    wire.ask("CreateProjectVersion", create(rekognition_cl))
    params = {"ProjectArn": rekognition_cl.project_arn}
    answer = wire.ask("DescribeProjectVersions", params, headers=[f"User-Agent: {agent}"]).json
    assert [model["Status"] for model in answer["ProjectVersionDescriptions"]] == [shown]


def test_time_passes_for_what_is_asked_for_alone(rekognition_cl, wire):
    rekognition_cl.set_training(seconds=86_400)
    wire.ask("CreateProjectVersion", create(rekognition_cl, "long"))
    rekognition_cl.set_training(seconds=600)
    wire.ask("CreateProjectVersion", create(rekognition_cl, "short"))
    shown = [describe(rekognition_cl, wire, VersionNames=["short"]) for _ in range(2)]
    assert shown == [["TRAINING_IN_PROGRESS"], ["TRAINING_COMPLETED"]]
    assert rekognition_cl.models[0].status == "TRAINING_IN_PROGRESS"
    shown = [sorted(describe(rekognition_cl, wire)) for _ in range(2)]
    assert shown == [["TRAINING_COMPLETED", "TRAINING_IN_PROGRESS"], ["TRAINING_COMPLETED"] * 2]


def test_time_passes_under_a_frozen_clock(rekognition_cl, wire):
    with time_machine.travel("2024-01-31T12:00:00.001Z", tick=False):
        wire.ask("CreateProjectVersion", create(rekognition_cl))
        assert describe(rekognition_cl, wire) == ["TRAINING_IN_PROGRESS"]
        assert describe(rekognition_cl, wire) == ["TRAINING_COMPLETED"]


@pytest.mark.rekognition_cl_training(statuses=["TRAINING_IN_PROGRESS", "TRAINING_IN_PROGRESS", "TRAINING_FAILED"])
def test_statuses_go_step_by_step(rekognition_cl, wire):
    before = rekognition_cl.clock.now()
    wire.ask("CreateProjectVersion", create(rekognition_cl))
    shown = [describe(rekognition_cl, wire)[0] for _ in range(3)]
    assert shown == ["TRAINING_IN_PROGRESS", "TRAINING_IN_PROGRESS", "TRAINING_FAILED"]
    assert (rekognition_cl.clock.now() - before).total_seconds() < 600


@pytest.mark.rekognition_cl_training(status="TRAINING_IN_PROGRESS")
def test_a_training_without_end_is_shown_until_the_test_ends_it(rekognition_cl, wire):
    wire.ask("CreateProjectVersion", create(rekognition_cl))
    assert describe(rekognition_cl, wire) == ["TRAINING_IN_PROGRESS"]
    model: Model = rekognition_cl.models[0]
    model.complete_training()
    assert describe(rekognition_cl, wire) == ["TRAINING_COMPLETED"]


def test_a_deletion_is_over_when_looked_at_again(rekognition_cl, wire):
    model = rekognition_cl.add_model("v1")
    wire.ask("DeleteProjectVersion", {"ProjectVersionArn": model.arn})
    assert [describe(rekognition_cl, wire) for _ in range(2)] == [["DELETING"], []]
    wire.ask("DeleteProject", {"ProjectArn": rekognition_cl.project_arn})
    shown = [wire.ask("DescribeProjects").json["ProjectDescriptions"] for _ in range(2)]
    assert [[project["Status"] for project in page] for page in shown] == [["DELETING"], []]


def test_time_passes_for_a_project_that_is_asked_for(rekognition_cl, wire):
    other = rekognition_cl.add_project("other")
    wire.ask("DeleteProject", {"ProjectArn": other.arn})
    for _ in range(2):
        shown = wire.ask("DescribeProjects", {"ProjectNames": ["my-project"]}).json["ProjectDescriptions"]
        assert [project["ProjectArn"] for project in shown] == [rekognition_cl.project_arn]
    assert other in rekognition_cl.projects
    shown = [wire.ask("DescribeProjects", {"ProjectNames": ["other"]}).json["ProjectDescriptions"] for _ in range(2)]
    assert [len(page) for page in shown] == [1, 0]


@pytest.mark.parametrize("wrong", [{"ProjectArn": 1}, {"ProjectArn": []}, {"VersionNames": [[]]}, {"ProjectArn": None}])
def test_a_wrong_describe_moves_nothing(rekognition_cl, wire, wrong):
    wire.ask("CreateProjectVersion", create(rekognition_cl))
    params = {"ProjectArn": rekognition_cl.project_arn, **wrong}
    assert wire.ask("DescribeProjectVersions", params).status == 400
    assert rekognition_cl.models[0].status == "TRAINING_IN_PROGRESS"


# --- the beginning and the end --------------------------------------------------------------------------------------


def test_nothing_is_started_before_it_is_asked_for(rekognition_cl):
    before = set(threading.enumerate())
    boto3.client("rekognition").describe_projects()
    assert set(threading.enumerate()) == before
    assert rekognition_cl.endpoint_url == rekognition_cl.endpoint_url
    assert len(set(threading.enumerate()) - before) == 1


def test_it_listens_on_the_loopback_interface_alone(rekognition_cl):
    url = urlsplit(rekognition_cl.endpoint_url)
    assert (url.scheme, url.hostname, url.path) == ("http", "127.0.0.1", "")
    assert rekognition_cl._patches._http.socket.getsockname()[0] == "127.0.0.1"


def sockets():
    gc.collect()
    return {id(thing) for thing in gc.get_objects() if isinstance(thing, socket.socket) and thing.fileno() >= 0}


@pytest.mark.parametrize("clients", ["none", "idle", "half-way", "many"])
def test_the_end_leaves_nothing(clients):
    threads, before = threading.enumerate(), sockets()
    wires = []
    with RekognitionCL() as fake:
        url = fake.endpoint_url
        wires = [Wire(url) for _ in range({"none": 0, "many": 100}.get(clients, 1))]
        for wire in wires:
            assert wire.ask("DescribeProjects").status == 200
            if clients == "half-way":
                wire.send(b"POST / HTTP/1.1\r\n")
    assert threading.enumerate() == threads
    assert [wire.read() for wire in wires] == [None] * len(wires)  # ended from the other side
    for wire in wires:
        wire.close()
    wires.clear()
    assert sockets() <= before
    with pytest.raises(ConnectionRefusedError):
        Wire(url)
    with pytest.raises(RuntimeError, match="has ended"):
        _ = fake.endpoint_url


def test_the_end_does_not_wait_for_a_function_of_the_users(monkeypatch):
    begun, go_on = threading.Event(), threading.Event()

    def labels(params):
        begun.set()
        assert go_on.wait(60)
        return []

    monkeypatch.setattr("pytest_rekognition_cl.intercept.http_server._LAST_ANSWER", 0.01)
    with RekognitionCL() as fake:
        model = fake.add_model("v1", status="RUNNING")
        model.set_labels(labels)
        wire = Wire(fake.endpoint_url)
        params = {"ProjectVersionArn": model.arn, "Image": {"S3Object": {"Bucket": "bbb", "Name": "a"}}}
        body = json.dumps(params).encode()
        wire.send(request(wire.host, target="RekognitionService.DetectCustomLabels", body=body))
        assert begun.wait(60)
        server = fake._patches._http._thread
    assert server.is_alive()  # so the end has not waited for it
    go_on.set()
    server.join(60)
    assert not server.is_alive()
    wire.close()
    with RekognitionCL():
        pass  # the redirection that was kept for the thread goes with the next fixture


def test_outside_the_block_there_is_none():
    fake = RekognitionCL()
    with pytest.raises(RuntimeError, match="inside the with block"):
        _ = fake.endpoint_url


def test_each_fixture_has_its_own():
    with RekognitionCL() as outer, RekognitionCL() as inner:
        with Wire(outer.endpoint_url) as wire:
            wire.ask("DescribeProjects")
        assert (len(outer.calls), len(inner.calls)) == (1, 0)


@pytest.mark.skipif(os.name == "nt", reason="Windows hands no sockets down to children")
def test_a_child_with_copies_of_the_sockets_does_not_keep_the_port_open():
    with RekognitionCL() as fake:
        url = fake.endpoint_url
        # As a child that multiprocessing has forked.
        code = "import sys; sys.stdin.read()"
        server = fake._patches._http
        descriptors = (server.socket.fileno(),)
        child = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, pass_fds=descriptors)
    try:
        with pytest.raises(ConnectionRefusedError):
            Wire(url)
    finally:
        child.communicate(timeout=60)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows cannot fork")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_child_that_ends_its_copy_does_not_end_the_server():
    with RekognitionCL() as fake:
        url = fake.endpoint_url
        child = os.fork()
        if not child:
            signal.alarm(20)  # instead of hanging
            fake._patches._http.close()
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        with Wire(url) as wire:
            assert wire.ask("DescribeProjects").status == 200


# --- other processes ------------------------------------------------------------------------------------------------

#: The waiters of an old botocore do not say in the User-Agent that they are waiters, so they need a short delay.
DELAY = None if hasattr(botocore.useragent, "register_feature_id") else 1
#: The sleeps of another process are real, so its own loops have none.
SCRIPT = f"""import sys, boto3, flow
print(flow.run_with_boto3(boto3.client('rekognition'), sys.argv[1], delay={DELAY}, pause=0))"""


def python(code, *args, env):
    """Run *code* in another Python, where nothing is patched."""
    path = os.pathsep.join([str(Path(flow.__file__).parent), *filter(None, [os.environ.get("PYTHONPATH")])])
    command = [sys.executable, "-c", code, *args]
    return subprocess.run(
        command, env={**env, "PYTHONPATH": path}, capture_output=True, text=True, timeout=120, check=False
    )


def test_the_flow_in_this_process(rekognition_cl):
    rekognition_cl.set_training(f1_score=0.9)
    assert flow.run_with_boto3(boto3.client("rekognition"), rekognition_cl.project_arn) == 0.9
    flow.assert_flow(rekognition_cl)


def test_the_flow_in_a_subprocess(rekognition_cl):
    rekognition_cl.set_training(f1_score=0.9)
    result = python(SCRIPT, rekognition_cl.project_arn, env={**os.environ, **rekognition_cl.environ})
    assert (result.stdout, result.stderr) == ("0.9\n", "")
    flow.assert_flow(rekognition_cl)


def test_a_client_of_this_process_that_is_given_the_endpoint(rekognition_cl):
    client = boto3.client("rekognition", endpoint_url=rekognition_cl.endpoint_url)
    client.describe_projects()
    assert len(rekognition_cl.calls) == 1


ONE_CALL = (
    "import boto3; s = boto3.Session(); c = s.client('rekognition'); k = s.get_credentials();"
    "print(*s.available_profiles, c.meta.endpoint_url, c.meta.region_name, k.access_key, k.secret_key, k.token, c.describe_projects()"
    "['ProjectDescriptions'][0]['Status'])"
)


@pytest.mark.rekognition_cl(region="eu-west-1")
@pytest.mark.parametrize(
    "own",
    [
        {},
        {"AWS_PROFILE": "production"},
        {"AWS_DEFAULT_PROFILE": "production", "AWS_PROFILE": ""},
        {"AWS_SESSION_TOKEN": "real", "AWS_SECURITY_TOKEN": "real", "AWS_ACCESS_KEY_ID": "real"},
        {"AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true", "AWS_ENDPOINT_URL": "http://127.0.0.1:1"},
        {"AWS_USE_FIPS_ENDPOINT": "true"},
        {"HTTP_PROXY": "http://127.0.0.1:1", "http_proxy": "http://127.0.0.1:1", "NO_PROXY": "example.com"},
        {"AWS_REGION": "us-west-2", "AWS_DEFAULT_REGION": "us-west-2"},
    ],
    ids=lambda own: " ".join(own),
)
def test_the_environment_of_a_subprocess(rekognition_cl, monkeypatch, tmp_path, own):
    config = tmp_path / "config"
    config.write_text(
        "[profile production]\nregion = us-east-2\naws_access_key_id = real\nendpoint_url = http://127.0.0.1:1\n"
    )
    monkeypatch.setenv("AWS_CONFIG_FILE", str(config))
    for name, value in own.items():
        monkeypatch.setenv(name, value)
    before = dict(os.environ)
    result = python(ONE_CALL, env={**os.environ, **rekognition_cl.environ, "AWS_MAX_ATTEMPTS": "1"})
    assert result.stderr == ""
    profile, url, region, key, secret, token, status = result.stdout.split()
    assert profile == "default"  # the only one: none of the developer's
    assert (url, region, token, status) == (rekognition_cl.endpoint_url, "eu-west-1", "None", "CREATED")
    assert key == "NOT-A-REAL-KEY"
    assert secret == "not-a-real-secret"
    assert dict(os.environ) == before
    assert rekognition_cl.calls[0].region == "eu-west-1"


@pytest.mark.parametrize("own", ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"])
@pytest.mark.parametrize("value", ["production", ""])
def test_the_environment_displaces_a_profile(rekognition_cl, monkeypatch, own, value):
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.delenv("AWS_DEFAULT_PROFILE", raising=False)
    monkeypatch.setenv(own, value)
    environ = rekognition_cl.environ
    # Not "": the AWS CLI v2 takes that for a profile's name.
    assert (environ["AWS_PROFILE"], environ["AWS_DEFAULT_PROFILE"]) == ("default", "default")


def test_the_environment_turns_off_what_sdks_refuse_beside_an_endpoint(rekognition_cl):
    environ = rekognition_cl.environ
    assert (environ["AWS_USE_FIPS_ENDPOINT"], environ["AWS_USE_DUALSTACK_ENDPOINT"]) == ("false", "false")
    assert environ["AWS_PAGER"] == ""


@pytest.mark.rekognition_cl(region="eu-west-1")
def test_the_environment_names_no_profile_unless_there_is_one_to_displace(rekognition_cl, monkeypatch):
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    monkeypatch.delenv("AWS_DEFAULT_PROFILE", raising=False)
    assert not {"AWS_PROFILE", "AWS_DEFAULT_PROFILE"} & set(rekognition_cl.environ)
    assert rekognition_cl.environ["AWS_REGION"] == rekognition_cl.environ["AWS_DEFAULT_REGION"] == "eu-west-1"
    assert rekognition_cl.environ["AWS_EC2_METADATA_DISABLED"] == "true"
    assert rekognition_cl.environ is not rekognition_cl.environ


@pytest.mark.parametrize(
    ("own", "expected"), [(None, "127.0.0.1"), ("example.com", "example.com,127.0.0.1"), ("*", "*")]
)
def test_proxies_stay_out_of_the_way(rekognition_cl, monkeypatch, own, expected):
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    if own:
        monkeypatch.setenv("NO_PROXY", own)
    assert {rekognition_cl.environ["NO_PROXY"], rekognition_cl.environ["no_proxy"]} == {expected}


def test_retries_of_botocore_count_as_one_call(rekognition_cl):
    rekognition_cl.add_client_error("describe_projects", "ThrottlingException", calls=1)
    code = (
        "import boto3, botocore.exceptions\n"
        "try: boto3.client('rekognition').describe_projects()\n"
        "except botocore.exceptions.ClientError as e: print(e.response['Error']['Code'])"
    )
    env = {**os.environ, **rekognition_cl.environ, "AWS_MAX_ATTEMPTS": "2"}
    result = python(code, env=env)
    assert (result.stdout, result.stderr) == ("ThrottlingException\n", "")
    assert [(call.error, call.attempts) for call in rekognition_cl.calls] == [("ThrottlingException", 2)]


def test_a_prepared_exception_reaches_a_subprocess_as_a_closed_connection(rekognition_cl):
    rekognition_cl.add_exception("describe_projects", TimeoutError)
    code = (
        "import boto3, botocore.exceptions\n"
        "try: boto3.client('rekognition').describe_projects()\n"
        "except botocore.exceptions.ConnectionClosedError: print('closed')"
    )
    result = python(code, env={**os.environ, **rekognition_cl.environ, "AWS_MAX_ATTEMPTS": "1"})
    assert (result.stdout, result.stderr) == ("closed\n", "")
    assert rekognition_cl.calls[0].error == "TimeoutError"
