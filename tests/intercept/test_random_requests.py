"""Random requests by boto3 and HTTP: a modelled answer, botocore's own refusal, or a modelled refusal; nothing else.

The expected values are botocore's: what it refuses and what it sends without us, and its own model of the answers.
"""

import json
import socket
import struct
from collections import Counter
from http.client import HTTPConnection
from urllib.parse import urlsplit

import boto3
import pytest
import random_values as values
from botocore.exceptions import ClientError
from botocore.parsers import create_parser
from botocore.validate import validate_parameters
from hypothesis import strategies as s
from random_values import randomly
from raw_http import JSON, Wire, request
from rekognition import CLIENT
from snapshot import snapshot

from pytest_rekognition_cl import botocore_model
from pytest_rekognition_cl.service import OPERATIONS

#: What the framework in front of the service answers; in no operation's list, but real.
FRAMEWORK = {"ValidationException", "SerializationException"}


def assert_shape(method, answer):
    """Fail unless botocore's model lets *method* answer that."""
    validate_parameters(answer, botocore_model.operation_model(method).output_shape)


# --- boto3 ----------------------------------------------------------------------------------------------------------


class Sent(Exception):
    """botocore would send this now."""


def _catch(params, **kwargs):
    raise Sent(params["body"])


#: botocore without us: it checks and serialises, and ends where it would send.
ALONE = boto3.client("rekognition", region_name=values.REGION)
ALONE.meta.events.register("before-call", _catch)


def outcome_of(client, method, params):
    try:
        return getattr(client, method)(**params)
    except Exception as error:
        return error


def as_recorded(value):
    """Return *value* as JSON and base64 keep it: plain types, pairs of surrogates as the character that they mean."""
    if isinstance(value, dict):
        return {as_recorded(key): as_recorded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [as_recorded(item) for item in value]
    if isinstance(value, str):
        return str(value).encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    if isinstance(value, float):
        return repr(value)
    return bytes(value) if isinstance(value, bytearray) else value


def blobs_as_bytes(method, params):
    """Return *params* with a text that was given for a blob as the bytes that botocore makes of it."""
    image = params.get("Image")
    if method == "detect_custom_labels" and isinstance(image, dict) and isinstance(image.get("Bytes"), str):
        return {**params, "Image": {**image, "Bytes": image["Bytes"].encode()}}
    return params


def check_call(fake, method, params, before):
    """Make one call of boto3; return what came of it. *before*: the snapshot of *fake*."""
    params = values.real(params)
    alone, count = outcome_of(ALONE, method, params), len(fake.calls)
    result = outcome_of(CLIENT, method, params)
    if not isinstance(alone, Sent):
        assert type(result) is type(alone), (alone, result)
        assert len(fake.calls) == count
        assert snapshot(fake) == before
        return type(result).__name__
    call = fake.calls[-1]
    assert (len(fake.calls), call.operation) == (count + 1, method)
    # botocore takes this code for a throttle, and tries again.
    assert call.attempts == 1 or call.error == "LimitExceededException"
    assert call.request == alone.args[0]
    assert as_recorded(call.params) == as_recorded(blobs_as_bytes(method, params))
    if isinstance(result, dict):
        assert result.pop("ResponseMetadata")["HTTPStatusCode"] == 200
        assert_shape(method, result)
        assert (call.response, call.error) == (result, None)
        return "answered"
    assert isinstance(result, ClientError), repr(result)
    code = result.response["Error"]["Code"]
    assert code in {*botocore_model.error_codes(method), *FRAMEWORK}
    assert (call.error, call.response) == (code, None)
    assert snapshot(fake) == before
    return code


def test_boto3():
    seen = Counter()

    @randomly(requests=s.lists(values.requests(OPERATIONS), min_size=1, max_size=4))
    def run(requests):
        with values.arranged() as fake:
            before = snapshot(fake)
            for method, params in requests:
                came = check_call(fake, method, params, before)
                seen[method, came] += 1
                before = snapshot(fake) if came == "answered" else before
            assert not fake.clock.slept or "LimitExceededException" in {call.error for call in fake.calls}
            repr(fake.calls)
            fake._report()

    print(*sorted(seen.items()), sep="\n")
    # The requests are worth their name.
    assert {method for method, _ in seen} == set(OPERATIONS)
    assert {how for _, how in seen} >= {"answered", "ParamValidationError", "ValidationException"}


# --- HTTP -----------------------------------------------------------------------------------------------------------

#: The bodies of a refusal: modelled, the framework's, of what cannot be read, and that of an unknown operation.
BODIES = ({"__type", "Code", "Message"}, {"__type", "message"}, {"__type", "Message"}, {"__type"})
AWS_NAMES = {method: botocore_model.operations()[method] for method in OPERATIONS}
#: Without the strange values that JSON has no word for.
STRANGE_JSON = values.JSON | values.ODD_TEXT | values.NUMBERS
_TARGETS = s.sampled_from([*AWS_NAMES, "", "describe_projects", "DetectNothing"])
_HEADER = s.tuples(
    s.sampled_from(["X-Amz-Target", "Content-Type", "Authorization", "Expect", "Origin", "User-Agent", "Connection"])
    | s.sampled_from(["amz-sdk-invocation-id", "X-Amz-Date", "Content-Encoding", "Accept", "Range", "Cookie", "X-A"]),
    s.sampled_from(["close", "100-continue", "identity", "gzip", "m/B", "null", JSON, "text/plain", ""])
    | s.text(s.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=12),
)


_REQUESTS = values.requests(OPERATIONS, strange=STRANGE_JSON).map(lambda pair: (pair[0], _written(pair[1])))
_ANY_BODY = s.tuples(
    _TARGETS,
    s.binary(max_size=40) | values.JSON.map(lambda value: json.dumps(value).encode()),
)


def _written(params):
    return json.dumps(params, default=lambda value: value.decode("latin-1"), ensure_ascii=False).encode(
        "utf-8", "surrogatepass"
    )


def check_answer(method, status, body, headers):
    """Fail unless botocore's parser finds a modelled answer, or one of the refusals, in an answer off the wire."""
    assert len(body) == int(headers["content-length"])
    answer = {"status_code": status, "headers": headers, "body": body, "context": {"operation_name": method}}
    shape = botocore_model.operation_model(method).output_shape if method in OPERATIONS else None
    parsed = create_parser("json").parse(answer, shape)
    assert parsed.pop("ResponseMetadata")["HTTPStatusCode"] == status
    if status == 200:
        assert_shape(method, parsed)
        return "answered"
    assert status in range(400, 500) or status == 505
    content = json.loads(body)
    assert set(content) in BODIES, content
    assert all(isinstance(text, str) for text in content.values())
    assert parsed["Error"]["Code"] == content["__type"]
    return content["__type"]


def end(connection):
    """Close a client's end without leaving it in TIME_WAIT: a long run would use up all ports."""
    if connection.sock is not None:
        connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def assert_it_goes_on(fake):
    """Fail unless the server still answers."""
    with Wire(fake.endpoint_url) as wire:
        assert wire.ask("DescribeProjects").status == 200


def assert_all_is_told(fake):
    """Fail unless whatever came can be shown."""
    assert repr(fake.calls).count("<Call ") >= len(fake.calls)
    assert fake._report().startswith("+") or "  +" in fake._report()


def test_http_bodies_and_headers():
    seen = Counter()

    @randomly(
        requests=s.lists(s.tuples(_REQUESTS | _ANY_BODY, s.lists(_HEADER, max_size=2)), min_size=1, max_size=3),
    )
    def run(requests):
        with values.arranged() as fake:
            for (method, body), more in requests:
                before = snapshot(fake)
                connection = HTTPConnection(urlsplit(fake.endpoint_url).netloc, timeout=60)
                headers = {"Content-Type": JSON, "X-Amz-Target": f"RekognitionService.{AWS_NAMES.get(method, method)}"}
                for name, value in more:
                    headers[name] = value
                connection.request("POST", "/", body, headers)
                response = connection.getresponse()
                result = check_answer(
                    method, response.status, response.read(), {k.lower(): v for k, v in response.getheaders()}
                )
                end(connection)
                seen[result] += 1
                if result != "answered":
                    assert snapshot(fake) == before
            assert_it_goes_on(fake)
            assert_all_is_told(fake)

    print(seen)
    assert {"answered", "UnknownOperationException", *FRAMEWORK} <= set(seen)


#: What the interpreter reads and shows, what it reads and cannot show, and what it cannot read: by version and stack.
DEPTHS = [5, 50, 400, 480, 600, 800, 900, 940, 960, 980, 1_000, 1_100, 2_000, 100_000]


@pytest.mark.parametrize("around", [(b"[", b"]"), (b'{"A":', b"}"), (b'[{"A":', b"}]")], ids=["[]", "{}", "[{}]"])
@pytest.mark.parametrize("member", [b"ProjectArn", b"VersionNames", b"Tags", b"TrainingData", b"None"])
def test_http_bodies_nested_without_end(around, member):
    with values.arranged() as fake, Wire(fake.endpoint_url) as wire:
        before = snapshot(fake)
        for depth in DEPTHS:
            body = b'{"%s":%s1%s}' % (member, around[0] * depth, around[1] * depth)
            for method in ("create_project_version", "describe_project_versions"):
                reply = wire.ask(AWS_NAMES[method], body=body)
                assert check_answer(method, reply.status, reply.body, reply.headers) in FRAMEWORK
        assert snapshot(fake) == before
        assert_all_is_told(fake)


@s.composite
def _cut_up(draw):
    """Draw a request as bytes in which something is left out, put in or told twice."""
    method, body = draw(_REQUESTS)
    data = request("HOST", target=f"RekognitionService.{AWS_NAMES[method]}", body=body)
    for _ in range(draw(s.integers(0, 3))):
        at = draw(s.integers(0, min(len(data), 400)))
        data = draw(
            s.sampled_from(
                [
                    data[:at] + data[at + draw(s.integers(1, 40)) :],
                    data[:at] + draw(s.binary(min_size=1, max_size=8)) + data[at:],
                    data[:at] + draw(s.sampled_from([b"\r\n", b"\n", b"\0", b"\r\n\r\n", b":", b" "])) + data[at:],
                    data + data[at:],
                    data[:at],
                ]
            )
        )
    return method, data


def test_http_bytes():
    seen = Counter()

    @randomly(sent=_cut_up())
    def run(sent):
        method, data = sent
        with values.arranged() as fake:
            with Wire(fake.endpoint_url) as wire:
                wire.send(data.replace(b"HOST", wire.host.encode()))
                wire.sock.shutdown(socket.SHUT_WR)
                replies = list(iter(wire.read, None))
                end(wire)
            for reply in replies:
                # Which operation it was for is not known any more where the name has changed.
                if reply.status != 200:
                    seen[check_answer(method, reply.status, reply.body, reply.headers)] += 1
            for call in fake.calls:
                if call.response is not None:
                    assert_shape(call.operation, call.response)
            assert_it_goes_on(fake)
            assert_all_is_told(fake)

    print(seen)
    assert {"SerializationException", "ValidationException", "UnknownOperationException"} <= set(seen)
