"""Requests to the HTTP server: the error bodies, what is refused, connections and clients of all kinds."""

import json
import re
import socket
import struct
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from raw_http import JSON, Wire, request

from pytest_rekognition_cl.intercept import http_server

UNKNOWN = {"__type": "UnknownOperationException"}


@pytest.fixture
def wire(rekognition_cl):
    with Wire(rekognition_cl.endpoint_url) as wire:
        yield wire


def version(rekognition_cl, **members):
    return {
        "ProjectArn": rekognition_cl.project_arn,
        "VersionName": "v1",
        "OutputConfig": {"S3Bucket": "my-bucket"},
        **members,
    }


# --- answers --------------------------------------------------------------------------------------------------------


def test_an_answer_has_the_captured_form(rekognition_cl, wire):
    reply = wire.ask("CreateProjectVersion", version(rekognition_cl))
    assert reply.status == 200
    assert set(reply.json) == {"ProjectVersionArn"}
    assert set(reply.headers) == {"content-type", "date", "x-amzn-requestid", "content-length", "connection"}
    assert reply.headers["content-type"] == JSON
    assert reply.headers["connection"] == "keep-alive"
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", reply.headers["x-amzn-requestid"])
    assert reply.headers["date"].endswith(" GMT")


def test_request_ids_differ(rekognition_cl, wire):
    ids = {wire.ask("DescribeProjects").headers["x-amzn-requestid"] for _ in range(3)}
    assert len(ids) == 3


def test_a_modelled_error(rekognition_cl, wire):
    reply = wire.ask("DescribeProjectVersions", {"ProjectArn": rekognition_cl.project_arn + "9"})
    assert reply.status == 400
    assert set(reply.json) == {"__type", "Code", "Message"}
    assert reply.json["__type"] == reply.json["Code"] == "ResourceNotFoundException"


def test_a_validation_error(rekognition_cl, wire):
    reply = wire.ask("DescribeProjectVersions", {"ProjectArn": rekognition_cl.project_arn, "MaxResults": 101})
    assert reply.status == 400
    assert set(reply.json) == {"__type", "message"}
    assert reply.json["__type"] == "ValidationException"
    assert "'maxResults'" in reply.json["message"]


def test_a_required_member_that_botocore_would_ask_for(rekognition_cl, wire):
    reply = wire.ask("CreateProjectVersion", {"ProjectArn": rekognition_cl.project_arn, "VersionName": "v1"})
    assert (reply.status, reply.json["__type"]) == (400, "ValidationException")
    assert "'outputConfig'" in reply.json["message"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"ProjectArn": 1}',
        b"{",
        b"[]",
        b'"text"',
        b"\xff\xfe",
        b"NaN",
        b"[" * 100_000,
        b'{"MaxResults": ' + b"9" * 10_000 + b"}",
    ],
    ids=["type", "cut", "list", "text", "no utf-8", "nan", "deep", "long number"],
)
def test_a_body_that_is_not_the_operations_json(rekognition_cl, wire, body):
    wire.send(request(wire.host, target="RekognitionService.DescribeProjectVersions", body=body))
    reply = wire.read()
    assert reply.status == 400
    assert set(reply.json) == {"__type", "Message"}
    assert reply.json["__type"] == "SerializationException"
    assert [(call.operation, call.error) for call in rekognition_cl.calls] == [
        ("describe_project_versions", "SerializationException")
    ]
    assert wire.ask("DescribeProjects").status == 200  # the connection goes on


def test_server_faults_keep_their_status(rekognition_cl, wire):
    rekognition_cl.add_client_error("describe_projects", "ThrottlingException")
    reply = wire.ask("DescribeProjects")
    assert (reply.status, reply.json["Code"]) == (500, "ThrottlingException")


# --- what is not for the service: refused, not recorded, no verdict -------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"target": "RekognitionService.TrainProject"}, 400),
        ({"target": "RekognitionService."}, 400),
        ({"target": "RekognitionService.describe_projects"}, 400),
        ({"target": "DynamoDB_20120810.ListTables"}, 400),
        ({"target": "xRekognitionService.DescribeProjects"}, 400),
        ({"target": None}, 400),
        ({"path": "/describe"}, 404),
        ({"path": "/?a=b"}, 404),
        ({"path": "http://example.com/"}, 404),
        ({"content_type": "application/json"}, 415),
        ({"content_type": "application/x-amz-json-1.0"}, 415),
        ({"content_type": "text/plain"}, 415),
        ({"without": ["Content-Type"]}, 415),
        ({"content_encoding": "gzip"}, 415),
    ],
    ids=str,
)
def test_what_the_service_does_not_know(rekognition_cl, wire, changes, status):
    wire.send(request(wire.host, **{"target": "RekognitionService.DescribeProjects", **changes}))
    reply = wire.read()
    assert (reply.status, reply.headers["content-type"], reply.json) == (status, JSON, UNKNOWN)
    assert "x-amzn-requestid" in reply.headers
    assert wire.ask("DescribeProjects").status == 200
    assert [call.operation for call in rekognition_cl.calls] == ["describe_projects"]


@pytest.mark.parametrize("method", ["GET", "PUT", "OPTIONS", "HEAD"])
def test_another_method_than_post(rekognition_cl, wire, method):
    wire.send(request(wire.host, method=method, origin="https://evil.example"))
    head, _, body = wire.sock.makefile("rb").read().partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 405 Method Not Allowed\r\n")
    assert b"\r\nAllow: POST" in head
    assert b"access-control" not in head.lower()
    assert body == (b"" if method == "HEAD" else json.dumps(UNKNOWN, separators=(",", ":")).encode())
    assert rekognition_cl.calls == []


@pytest.mark.parametrize(
    "changes",
    [
        {"host": "rekognition.us-east-1.amazonaws.com"},
        {"host": "evil.example"},
        {"host": "127.0.0.1"},
        {"host": "127.0.0.1:1"},
        {"without": ["Host"]},
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://localhost:3000"},
    ],
    ids=str,
)
def test_a_web_page_is_refused(rekognition_cl, wire, changes):
    hosts = {"host": changes.get("host", wire.host)}
    others = {name: value for name, value in changes.items() if name != "host"}
    body = json.dumps(version(rekognition_cl)).encode()
    wire.send(request(**hosts, target="RekognitionService.CreateProjectVersion", body=body, **others))
    reply = wire.read()
    assert reply.status == 403
    assert reply.json["__type"] == reply.json["Code"] == "AccessDeniedException"
    assert not [name for name in reply.headers if name.startswith("access-control")]
    assert rekognition_cl.calls == []
    assert rekognition_cl.models == ()


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "127.0.0.1"])
def test_this_machines_own_names_are_right(rekognition_cl, wire, name):
    port = wire.host.split(":")[1]
    assert wire.ask("DescribeProjects", host=f"{name}:{port}", origin=f"http://{name}:{port}").status == 200


def test_a_content_type_may_have_parameters(rekognition_cl, wire):
    assert wire.ask("DescribeProjects", content_type=f"{JSON.upper()}; charset=utf-8").status == 200


# --- HTTP/1.1 -------------------------------------------------------------------------------------------------------


def test_one_connection_serves_many_requests_also_sent_ahead(rekognition_cl, wire):
    wire.send(request(wire.host, target="RekognitionService.DescribeProjects") * 20)
    assert [wire.read().status for _ in range(20)] == [200] * 20
    assert rekognition_cl.recorder("describe_projects").call_count == 20


def test_an_answer_is_sent_at_once(rekognition_cl, monkeypatch):
    sent = []

    class Socket(socket.socket):
        def sendall(self, data):
            sent.append(bytes(data))
            return super().sendall(data)

    def accept(listener):
        accepted, address = socket.socket.accept(listener)
        return Socket(fileno=accepted.detach()), address

    monkeypatch.setattr(http_server.HttpServer, "get_request", lambda server: accept(server.socket))
    with Wire(rekognition_cl.endpoint_url) as wire:
        reply = wire.ask("DescribeProjects")
    [answer] = sent
    assert answer.endswith(b"\r\n\r\n" + reply.body)


def test_a_connection_ends_when_the_client_says_so(rekognition_cl, wire):
    reply = wire.ask("DescribeProjects", headers=["Connection: close"])
    assert (reply.status, reply.headers["connection"]) == (200, "close")
    assert wire.read() is None


def test_a_request_in_single_bytes(rekognition_cl, wire):
    for byte in request(wire.host, target="RekognitionService.DescribeProjects"):
        wire.send(bytes([byte]))
    assert wire.read().status == 200


def chunked(host, *chunks, **changes):
    head = request(host, body=b"", without=["Content-Length"], headers=["Transfer-Encoding: chunked"], **changes)
    return head + b"".join(chunks)


def test_a_chunked_body(rekognition_cl, wire):
    body = json.dumps({"ProjectNames": ["my-project"]}).encode()
    chunks = [b"%x;name=value\r\n%s\r\n" % (len(part), part) for part in (body[:5], body[5:6], body[6:])]
    data = chunked(wire.host, *chunks, b"000\r\nTrailer: 1\r\n\r\n", target="RekognitionService.DescribeProjects")
    for start in range(0, len(data), 7):
        wire.send(data[start : start + 7])
    assert [project["ProjectArn"] for project in wire.read().json["ProjectDescriptions"]] == [
        rekognition_cl.project_arn
    ]
    assert rekognition_cl.calls[0].params == {"ProjectNames": ["my-project"]}
    assert wire.ask("DescribeProjects").status == 200


TARGET = {"target": "RekognitionService.DescribeProjects"}


def test_leave_to_send_the_body(rekognition_cl, wire):
    wire.send(request(wire.host, body=b"", content_length="2", expect="100-continue", **TARGET))
    assert wire.read().status == 100
    wire.send(b"{}")
    assert wire.read().status == 200


@pytest.mark.parametrize(
    ("make", "status", "code"),
    [
        (lambda host: b"nonsense\r\n\r\n", 400, "SerializationException"),
        (lambda host: request(host, **TARGET).replace(b"HTTP/1.1", b"HTTP/2.0"), 505, "SerializationException"),
        (lambda host: request(host, content_length="-1", **TARGET), 400, "SerializationException"),
        (
            lambda host: request(host, without=["Content-Length"], transfer_encoding="gzip", **TARGET),
            400,
            "SerializationException",
        ),
        (lambda host: chunked(host, b"x\r\n", **TARGET), 400, "SerializationException"),
        (lambda host: chunked(host, b"-1\r\n", **TARGET), 400, "SerializationException"),
        (lambda host: chunked(host, b"1\r\n{}\r\n", **TARGET), 400, "SerializationException"),
        (lambda host: request(host, headers=["A: " + "b" * 70_000], **TARGET), 431, "RequestEntityTooLargeException"),
        (lambda host: request(host, path="/" + "a" * 70_000), 414, "RequestEntityTooLargeException"),
        (lambda host: request(host, content_length=str(2**24 + 1), **TARGET), 413, "RequestEntityTooLargeException"),
        (lambda host: request(host, content_length="9" * 5000, **TARGET), 413, "RequestEntityTooLargeException"),
        (lambda host: chunked(host, b"1000001\r\n", **TARGET), 413, "RequestEntityTooLargeException"),
        (lambda host: chunked(host, b"F" * 16 + b"\r\n", **TARGET), 413, "RequestEntityTooLargeException"),
    ],
)
def test_what_cannot_be_read_ends_the_connection(rekognition_cl, wire, capfd, make, status, code):
    wire.send(make(wire.host))
    reply = wire.read()
    assert (reply.status, reply.json["__type"]) == (status, code)
    assert reply.headers["content-type"] == JSON
    assert reply.headers["connection"] == "close"
    assert wire.read() is None
    assert rekognition_cl.calls == []
    with Wire(rekognition_cl.endpoint_url) as another:
        assert another.ask("DescribeProjects").status == 200
    assert capfd.readouterr() == ("", "")


def test_a_large_body_is_refused_and_the_client_can_read_why(rekognition_cl, wire):
    # A client that sends all before it reads: were the connection reset meanwhile, the answer would be lost.
    wire.send(request(wire.host, body=b" " * (2**24 + 1), **TARGET))
    reply = wire.read()
    assert (reply.status, reply.json["__type"]) == (413, "RequestEntityTooLargeException")
    assert rekognition_cl.calls == []


def test_the_largest_body_is_read(rekognition_cl, wire):
    wire.send(request(wire.host, body=b"{}".ljust(2**24), **TARGET))
    assert wire.read().status == 200


def test_a_truncated_body(rekognition_cl, wire):
    wire.send(request(wire.host, content_length="100", **TARGET))
    wire.sock.shutdown(socket.SHUT_WR)
    reply = wire.read()
    assert (reply.status, reply.json["__type"]) == (400, "SerializationException")
    assert rekognition_cl.calls == []


# --- many, slow and vanished clients --------------------------------------------------------------------------------


def test_200_connections_at_once(rekognition_cl):
    url = rekognition_cl.endpoint_url
    wires = [Wire(url) for _ in range(200)]
    try:
        for number, wire in enumerate(wires):
            rekognition_cl.add_model(f"m{number}")
            body = json.dumps({"ProjectArn": rekognition_cl.project_arn, "VersionNames": [f"m{number}"]}).encode()
            wire.send(request(wire.host, target="RekognitionService.DescribeProjectVersions", body=body))
        for number, wire in enumerate(wires):
            [model] = wire.read().json["ProjectVersionDescriptions"]
            assert f"/version/m{number}/" in model["ProjectVersionArn"]
    finally:
        for wire in wires:
            wire.close()
    asked = {call.params["VersionNames"][0] for call in rekognition_cl.calls}
    assert asked == {f"m{number}" for number in range(200)}


def test_many_threads_lose_nothing(rekognition_cl):
    url = rekognition_cl.endpoint_url

    def ask(number):
        with Wire(url) as wire:
            return wire.ask("CreateProject", {"ProjectName": f"p{number}"}).status

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(ask, range(90))) == [200] * 90
    assert {project.name for project in rekognition_cl.projects} == {"my-project", *(f"p{n}" for n in range(90))}


def test_a_slow_client_holds_nobody_up(rekognition_cl, wire):
    wire.send(request(wire.host, content_length="100", **TARGET))
    with Wire(rekognition_cl.endpoint_url) as another:
        assert another.ask("DescribeProjects").status == 200


@pytest.mark.parametrize("sent", [b"", b"POST / HTTP/1.1\r\n", None], ids=["nothing", "half a head", "half a body"])
def test_a_silent_client_is_given_up(rekognition_cl, monkeypatch, capfd, sent):
    assert http_server.RequestHandler.timeout == 30
    monkeypatch.setattr(http_server.RequestHandler, "timeout", 0.05)
    with Wire(rekognition_cl.endpoint_url) as wire:
        wire.send(request(wire.host, content_length="100", **TARGET) if sent is None else sent)
        assert wire.read() is None
    assert rekognition_cl.calls == []
    assert capfd.readouterr() == ("", "")


def test_a_client_that_does_not_take_its_answers_is_given_up(rekognition_cl, monkeypatch):
    monkeypatch.setattr(http_server.RequestHandler, "timeout", 0.2)
    for number in range(100):
        rekognition_cl.add_model(f"m{number}")
    with Wire(rekognition_cl.endpoint_url) as wire:
        body = json.dumps({"ProjectArn": rekognition_cl.project_arn}).encode()
        asked = request(wire.host, target="RekognitionService.DescribeProjectVersions", body=body)
        # More than 100 KB an answer: at some time nothing more goes in, until the server ends the connection.
        with pytest.raises(OSError, match=r"reset|pipe"):
            all(wire.send(asked * 50) is None for _ in count())
    with Wire(rekognition_cl.endpoint_url) as another:
        assert another.ask("DescribeProjects").status == 200


def test_a_client_that_vanishes(rekognition_cl, capfd):
    for _ in range(3):
        wire = Wire(rekognition_cl.endpoint_url)
        wire.send(request(wire.host, **TARGET))
        wire.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))  # a reset, no farewell
        wire.close()
    with Wire(rekognition_cl.endpoint_url) as wire:
        assert wire.ask("DescribeProjects").status == 200
    assert capfd.readouterr() == ("", "")
