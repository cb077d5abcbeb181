"""The wire form: three error bodies, statuses, headers; which violation gives which refusal, in which words.

Expected texts are captured answers of the real service or the documented forms; see the comments.
"""

import base64
import json
import random
import re
import sys
from email.utils import parsedate_to_datetime

import pytest
from fake_service import NOON, OUTPUT

from pytest_rekognition_cl.service import OPERATIONS
from pytest_rekognition_cl.service.errors import ServiceError, error_body

ARN = "arn:aws:rekognition:us-east-1:123456789012:project/my-project/1579597815000"
VERSION_ARN = "arn:aws:rekognition:us-east-1:123456789012:project/my-project/version/v1/1690556751958"


# --- bodies, statuses, headers --------------------------------------------------------------------------------------


def test_an_answer_has_the_headers_of_the_service(wire):
    answer = wire.raw("describe_project_versions", json.dumps({"ProjectArn": ARN}).encode())
    assert answer.status == 200
    assert answer.error is None
    assert answer.headers["Content-Type"] == "application/x-amz-json-1.1"
    assert answer.headers["Content-Length"] == str(len(answer.body))
    assert parsedate_to_datetime(answer.headers["Date"]).timestamp() == NOON / 1000
    assert re.fullmatch(
        r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", answer.headers["x-amzn-RequestId"]
    )
    assert set(answer.headers) == {"Content-Type", "Content-Length", "Date", "x-amzn-RequestId"}


def test_each_answer_has_a_request_id_of_its_own(wire):
    ids = {wire.raw("describe_projects", b"{}").headers["x-amzn-RequestId"] for _ in range(5)}
    assert len(ids) == 5


def test_a_request_id_leaves_the_random_numbers_of_the_test_alone(wire):
    random.seed(7)
    expected = random.Random(7).random()
    wire.raw("describe_projects", b"{}")
    assert random.random() == expected


def test_the_caller_may_tell_the_time(wire):
    wire.service.handle("create_project", b'{"ProjectName": "told"}', region="us-east-1", now=wire.clock.ms + 5000)
    told, _ = wire.describe_projects()["ProjectDescriptions"]
    assert told["CreationTimestamp"] == NOON / 1000 + 5


@pytest.mark.parametrize("other", [True, 5.0, "5"])
def test_what_has_passed_lets_nothing_else_pass(wire, other):
    wire.describe_project_versions(ProjectArn=ARN, MaxResults=5)
    refusal = wire.refusal("describe_project_versions", ProjectArn=ARN, MaxResults=other)
    assert refusal.code == "SerializationException"
    wire.describe_project_versions(ProjectArn=ARN, MaxResults=5)


def test_what_has_passed_for_one_member_passes_for_no_other(wire):
    wire.describe_project_versions(ProjectArn=ARN, VersionNames=["v1"])
    wire.refusal("describe_project_versions", ProjectArn="v1", VersionNames=[ARN])
    assert wire.refusal("describe_projects", ProjectNames=["v1"], MaxResults=101).code == "ValidationException"
    assert wire.describe_projects(ProjectNames=["v1"], MaxResults=100) == {"ProjectDescriptions": []}


def test_a_refusal_for_want_of_stack_is_not_remembered(wire):
    asset = {"GroundTruthManifest": {"S3Object": {"Bucket": "a-bucket", "Name": "for-want-of-stack"}}}
    request = {"ProjectArn": ARN.replace("my-project", "other"), "VersionName": "v1", "OutputConfig": OUTPUT}
    body = json.dumps({**request, "TrainingData": {"Assets": [asset]}, "TestingData": {"Assets": [asset]}}).encode()

    def deep(left):
        return deep(left - 1) if left else wire.raw("create_project_version", body).error

    errors = []
    for left in range(sys.getrecursionlimit(), 0, -1):
        try:
            errors.append(deep(left))
        except BaseException as error:  # rpds panics where it has no room
            if not isinstance(error, RecursionError) and type(error).__name__ != "PanicException":
                raise
            continue
        if errors[-1] != "SerializationException":
            break
    assert len(errors) > 1
    assert errors[-1] == "ResourceNotFoundException"
    assert wire.raw("create_project_version", body).error == "ResourceNotFoundException"


def test_a_modelled_exception_has_type_code_and_capital_message(wire):
    # Captured: {"__type":"InvalidS3ObjectException","Code":"InvalidS3ObjectException","Message":"Unable to get ..."}
    answer = wire.raw("delete_project", json.dumps({"ProjectArn": ARN.replace("my-project", "other")}).encode())
    body = json.loads(answer.body)
    assert list(body) == ["__type", "Code", "Message"]
    assert body["__type"] == body["Code"] == answer.error == "ResourceNotFoundException"
    assert answer.status == 400  # not 404
    assert answer.headers["Content-Type"] == "application/x-amz-json-1.1"


def test_a_captured_modelled_refusal_is_reproduced_byte_for_byte(wire):
    answer = wire.service.refuse(
        "InvalidS3ObjectException",
        "Unable to get object metadata from S3. Check object key, region and/or access permissions.",
        400,
    )
    assert answer.body == (
        b'{"__type":"InvalidS3ObjectException","Code":"InvalidS3ObjectException","Message":"Unable to get object '
        b'metadata from S3. Check object key, region and/or access permissions."}'
    )


def test_a_validation_exception_has_a_small_message_and_no_code(wire):
    # Captured on DetectText; the shape of the image is the same here.
    answer = wire.raw(
        "detect_custom_labels", json.dumps({"ProjectVersionArn": VERSION_ARN, "Image": {"Bytes": ""}}).encode()
    )
    assert answer.status == 400
    assert answer.body == (
        b'{"__type":"ValidationException","message":"1 validation error detected: Value '
        b"'java.nio.HeapByteBuffer[pos=0 lim=0 cap=0]' at 'image.bytes' failed to satisfy constraint: Member must have "
        b'length greater than or equal to 1"}'
    )


def test_a_serialization_exception_has_a_capital_message_and_no_code(wire):
    # Captured: {"__type":"SerializationException","Message":"class java.lang.String can not be converted to an Float"}
    refusal = wire.refusal("detect_custom_labels", ProjectVersionArn=VERSION_ARN, Image={}, MinConfidence="high")
    assert refusal.status == 400
    assert list(refusal.body) == ["__type", "Message"]
    assert refusal.code == "SerializationException"
    assert refusal.message == "class java.lang.String can not be converted to an Float"


def test_an_operation_that_the_service_does_not_have(wire):
    answer = wire.raw("detect_unicorns", b"{}")
    assert (answer.status, json.loads(answer.body)) == (400, {"__type": "UnknownOperationException"})


@pytest.mark.parametrize("code", ["InternalServerError", "ThrottlingException"])
def test_server_faults_are_500(code):

    assert ServiceError(code).status == 500


def test_timestamps_are_epoch_seconds_with_milliseconds(wire):
    wire.clock.ms = 1_690_556_751_958
    wire.train()
    body = wire.raw("describe_project_versions", json.dumps({"ProjectArn": ARN}).encode()).body
    assert b'"CreationTimestamp":1690556751.958,' in body


# --- the words of a refusal -----------------------------------------------------------------------------------------


def test_a_captured_pattern_refusal(wire):
    # Captured on DetectText: path in lower camel case, the pattern as the model has it, matched as a whole.
    refusal = wire.refusal(
        "detect_custom_labels",
        ProjectVersionArn=VERSION_ARN,
        Image={"S3Object": {"Bucket": "amb-processing/validations", "Name": "x.jpg"}},
    )
    assert refusal.code == "ValidationException"
    assert refusal.message == (
        "1 validation error detected: Value 'amb-processing/validations' at 'image.s3Object.bucket' failed to satisfy "
        r"constraint: Member must satisfy regular expression pattern: [0-9A-Za-z\.\-_]*"
    )


def test_max_results_101(wire):
    refusal = wire.refusal("describe_project_versions", ProjectArn=ARN, MaxResults=101)
    assert refusal.message == (
        "1 validation error detected: Value '101' at 'maxResults' failed to satisfy constraint: "
        "Member must have value less than or equal to 100"
    )


def test_eleven_names(wire):
    names = [f"v{number}" for number in range(11)]
    refusal = wire.refusal("describe_project_versions", ProjectArn=ARN, VersionNames=names)
    assert refusal.message == (
        f"1 validation error detected: Value '[{', '.join(names)}]' at 'versionNames' failed to satisfy constraint: "
        "Member must have length less than or equal to 10"
    )


def test_a_bad_name_in_a_list_is_told_at_the_list(wire):
    refusal = wire.refusal("describe_project_versions", ProjectArn=ARN, VersionNames=["fine", "a b"])
    assert refusal.message == (
        "1 validation error detected: Value '[fine, a b]' at 'versionNames' failed to satisfy constraint: Member must "
        "satisfy constraint: [Member must have length less than or equal to 255, Member must have length greater than "
        r"or equal to 1, Member must satisfy regular expression pattern: [a-zA-Z0-9_.\-]+]"
    )


def test_several_violations_are_told_in_one_message_in_the_order_of_the_members(wire):
    refusal = wire.refusal("describe_project_versions", MaxResults=0, VersionNames=[], NextToken="x" * 1025)
    assert refusal.message == (
        "4 validation errors detected: "
        "Value null at 'projectArn' failed to satisfy constraint: Member must not be null; "
        "Value '[]' at 'versionNames' failed to satisfy constraint: Member must have length greater than or equal to 1; "
        f"Value '{'x' * 1025}' at 'nextToken' failed to satisfy constraint: Member must have length less than or equal to 1024; "
        "Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1"
    )


def test_a_nested_list_path(wire):
    manifest = {"GroundTruthManifest": {"S3Object": {"Bucket": "my-bucket", "Name": ""}}}
    refusal = wire.refusal(
        "create_project_version",
        ProjectArn=ARN,
        VersionName="v1",
        OutputConfig=OUTPUT,
        TrainingData={"Assets": [manifest]},
    )
    assert refusal.message == (
        "1 validation error detected: Value '' at 'trainingData.assets.1.member.groundTruthManifest.s3Object.name' "
        "failed to satisfy constraint: Member must have length greater than or equal to 1"
    )


def test_an_enum(wire):
    refusal = wire.refusal("create_project", ProjectName="p", Feature="LABELS")
    assert refusal.message == (
        "1 validation error detected: Value 'LABELS' at 'feature' failed to satisfy constraint: "
        "Member must satisfy enum value set: [CONTENT_MODERATION, CUSTOM_LABELS]"
    )


def test_the_pattern_is_told_as_the_model_has_it(wire):
    refusal = wire.refusal("delete_project", ProjectArn=VERSION_ARN)
    assert refusal.message == (
        f"1 validation error detected: Value '{VERSION_ARN}' at 'projectArn' failed to satisfy constraint: Member must "
        r"satisfy regular expression pattern: "
        r"(^arn:[a-z\d-]+:rekognition:[a-z\d-]+:\d{12}:project\/[a-zA-Z0-9_.\-]{1,255}\/[0-9]+$)"
    )


# --- traps: what must be refused ------------------------------------------------------------------------------------

CREATE = {"ProjectArn": ARN, "VersionName": "v1", "OutputConfig": OUTPUT}


@pytest.mark.parametrize(
    "params",
    [
        {"VersionName": "v1\n"},
        {"VersionName": "v\u0661"},
        {"VersionName": "vé"},
        {"VersionName": ""},
        {"VersionName": "v" * 256},
        {"ProjectArn": ARN + "\n"},
        {"ProjectArn": ARN.replace("123456789012", "\u0661" * 12)},
        {"ProjectArn": "x" + ARN},
        {"ProjectArn": ARN + "/v1"},
        {"ProjectArn": ARN[: -len("1579597815000")] + "1" * 2048},
        {"ProjectArn": VERSION_ARN},
        {"OutputConfig": {"S3Bucket": "ab"}},
        {"OutputConfig": {"S3Bucket": "a/b/c"}},
        {"OutputConfig": {"S3Bucket": "bucket\n"}},
        {"OutputConfig": {"S3Bucket": "my-bucket", "S3KeyPrefix": "x" * 1025}},
        {"KmsKeyId": ""},
        {"KmsKeyId": "-key"},
        {"KmsKeyId": "key\n"},
        {"KmsKeyId": "k" * 2049},
        {"VersionDescription": "tab\t"},
        {"VersionDescription": "d" * 256},
        {"Tags": {"aws:mine": "x"}},
        {"Tags": {"": "x"}},
        {"Tags": {"k" * 129: "x"}},
        {"Tags": {"k": "v" * 257}},
        {"Tags": {"k": "emoji \U0001f600"}},
        {"Tags": {"k\n": "x"}},
        {"Tags": {"k": "line\nbreak"}},
        {"Tags": {f"k{number}": "" for number in range(201)}},
        {"FeatureConfig": {"ContentModeration": {"ConfidenceThreshold": 101}}},
        {"FeatureConfig": {"ContentModeration": {"ConfidenceThreshold": 100.001}}},
        {"FeatureConfig": {"ContentModeration": {"ConfidenceThreshold": -0.5}}},
        {"VersionName": None},
        {"OutputConfig": None},
    ],
    ids=lambda params: f"{next(iter(params))}={str(next(iter(params.values())))[:30]!a}",
)
def test_out_of_bounds_is_a_validation_exception(wire, params):
    refusal = wire.refusal("create_project_version", **{**CREATE, **params})
    assert (refusal.code, refusal.status, list(refusal.body)) == ("ValidationException", 400, ["__type", "message"])
    assert re.match(r"\d+ validation errors? detected: Value ", refusal.message)
    assert wire.describe() == []


@pytest.mark.parametrize(
    "params",
    [
        {"VersionName": "v" * 255},
        {"VersionName": "my-model.2020-01-21T09.10.15"},
        {"OutputConfig": {"S3Bucket": "abc"}},
        {"OutputConfig": {"S3Bucket": "my-bucket", "S3KeyPrefix": "x" * 1024}},
        {"OutputConfig": {"S3Bucket": "my-bucket", "S3KeyPrefix": ""}},
        {"KmsKeyId": "k" * 2048},
        {"KmsKeyId": "arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab"},
        {"VersionDescription": "It's (v1): good, or not; is it? a-b_c"},
        {"Tags": {}},
        {"Tags": {"k": ""}},
        {"Tags": {"Größe": "日本語 und \u0663\u2003x", "k@_.:/=+-": "v@_.:/=+-"}},
        {"Tags": {"aws": "x", "xaws:y": "z"}},
        {"Tags": {f"k{number}": "" for number in range(50)}},
        {"TrainingData": None, "TestingData": None, "Tags": None, "KmsKeyId": None},
        {"Unheard": {"of": [1, None]}},
    ],
    ids=lambda params: f"{next(iter(params))}={str(next(iter(params.values())))[:30]!a}",
)
def test_within_bounds_is_accepted(wire, params):
    request = {**CREATE, **params}
    arn = wire.create_project_version(**request)["ProjectVersionArn"]
    assert arn == f"{ARN.rpartition('/')[0]}/version/{request['VersionName']}/{NOON}"


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("create_project_version", {**CREATE, "VersionName": 1}),
        ("create_project_version", {**CREATE, "VersionName": True}),
        ("create_project_version", {**CREATE, "VersionName": ["v1"]}),
        ("create_project_version", {**CREATE, "OutputConfig": "bucket"}),
        ("create_project_version", {**CREATE, "OutputConfig": []}),
        ("create_project_version", {**CREATE, "TestingData": {"AutoCreate": "true"}}),
        ("create_project_version", {**CREATE, "TestingData": {"AutoCreate": 1}}),
        ("create_project_version", {**CREATE, "Tags": ["k"]}),
        ("create_project_version", {**CREATE, "Tags": {"k": 1}}),
        ("create_project_version", {**CREATE, "FeatureConfig": {"ContentModeration": {"ConfidenceThreshold": True}}}),
        ("describe_project_versions", {"ProjectArn": ARN, "MaxResults": True}),
        ("describe_project_versions", {"ProjectArn": ARN, "MaxResults": "10"}),
        ("describe_project_versions", {"ProjectArn": ARN, "MaxResults": 1.5}),
        ("describe_project_versions", {"ProjectArn": ARN, "VersionNames": "v1"}),
        ("describe_project_versions", {"ProjectArn": ARN, "VersionNames": {"0": "v1"}}),
        ("describe_project_versions", {"ProjectArn": {"arn": ARN}}),
        ("detect_custom_labels", {"ProjectVersionArn": VERSION_ARN, "Image": {"Bytes": "no base64!"}}),
        ("detect_custom_labels", {"ProjectVersionArn": VERSION_ARN, "Image": {"Bytes": "\ud800"}}),
    ],
)
def test_the_wrong_type_is_a_serialization_exception(wire, operation, params):
    refusal = wire.refusal(operation, **params)
    assert (refusal.code, refusal.status, list(refusal.body)) == ("SerializationException", 400, ["__type", "Message"])
    assert refusal.message


@pytest.mark.parametrize(
    "body",
    [
        b"not json",
        b"[]",
        b'"text"',
        b"null",
        b"{",
        b'{"ProjectArn": NaN}',
        b'{"ProjectArn": Infinity}',
        b'{"MaxResults": NaN}',
        b'{"ProjectArn": "\xff\xfe"}',
        b'\xef\xbb\xbf{"ProjectArn": "x"}',
        b'{"MaxResults": ' + b"9" * 5000 + b"}",
        b'{"ProjectArn": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"TrainingData": ' + b"[" * 900 + b"]" * 900 + b"}",
        b"\x00",
    ],
    ids=lambda body: repr(body[:24]),
)
def test_a_body_that_cannot_be_read(wire, body):
    answer = wire.raw("create_project_version", body)
    assert (answer.status, json.loads(answer.body)["__type"]) == (400, "SerializationException")
    for operation in OPERATIONS:
        assert wire.raw(operation, body).status in (200, 400)


def test_huge_numbers(wire):
    for number in (2**31, 2**63, 10**400):
        refusal = wire.refusal("describe_project_versions", ProjectArn=ARN, MaxResults=number)
        assert refusal.code == "ValidationException"
        assert refusal.message.endswith("Member must have value less than or equal to 100")
    answer = wire.raw(
        "create_project_version", b'{"FeatureConfig":{"ContentModeration":{"ConfidenceThreshold":1e999}}}'
    )
    assert (
        "Value 'Infinity' at 'featureConfig.contentModeration.confidenceThreshold'"
        in json.loads(answer.body)["message"]
    )


def test_a_lone_surrogate_is_carried_or_refused_but_breaks_nothing(wire):
    refusal = wire.refusal("create_project_version", **{**CREATE, "VersionName": "v\ud800"})
    assert refusal.code == "ValidationException"
    wire.create_project_version(**{**CREATE, "OutputConfig": {"S3Bucket": "my-bucket", "S3KeyPrefix": "x\udfff"}})
    assert wire.describe()[0]["OutputConfig"]["S3KeyPrefix"] == "x\udfff"
    assert wire.refusal("describe_project_versions", ProjectArn=ARN, NextToken="\ud800").code == (
        "InvalidPaginationTokenException"
    )


def test_nulls_in_lists_are_refused_in_words(wire):
    refusal = wire.refusal("describe_project_versions", ProjectArn=ARN, VersionNames=["v1", None])
    assert refusal.code == "ValidationException"
    assert refusal.message == (
        "1 validation error detected: Value '[v1, null]' at 'versionNames' failed to satisfy constraint: "
        "Member must satisfy constraint: [Member must not be null]"
    )


def test_a_long_list_of_bad_names_is_one_sentence(wire):
    refusal = wire.refusal("describe_project_versions", ProjectArn=ARN, VersionNames=["a b"] * 10_000)
    assert refusal.message.startswith("2 validation errors detected: ")
    assert len(refusal.message) < 120_000


def test_unknown_members_are_neither_kept_nor_shown(wire):
    deep = value = {}
    for _ in range(300):
        value["Deeper"] = value = {}
    asset = {"GroundTruthManifest": {"S3Object": {"Bucket": "my-bucket", "Name": "m", "Colour": "red"}}, "More": deep}
    data = {"Assets": [asset], "Comment": deep}
    wire.create_project_version(**{**CREATE, "TrainingData": data, "TestingData": {"AutoCreate": True, "X": 1}})
    (description,) = wire.describe()
    assert description["TrainingDataResult"] == {
        "Input": {"Assets": [{"GroundTruthManifest": {"S3Object": {"Bucket": "my-bucket", "Name": "m"}}}]}
    }
    assert description["TestingDataResult"] == {"Input": {"AutoCreate": True}}


def test_image_bytes_are_counted_behind_the_base64(wire):
    wire.add_model("v1", status="RUNNING")
    arn = wire.describe()[0]["ProjectVersionArn"]
    largest = base64.b64encode(b"x" * 5_242_880).decode()
    # Within the model's bound, and above that of DetectCustomLabels.
    assert wire.refusal("detect_custom_labels", ProjectVersionArn=arn, Image={"Bytes": largest}).code == (
        "ImageTooLargeException"
    )
    larger = base64.b64encode(b"x" * 5_242_881).decode()
    refusal = wire.refusal("detect_custom_labels", ProjectVersionArn=arn, Image={"Bytes": larger})
    assert refusal.message == (
        "1 validation error detected: Value 'java.nio.HeapByteBuffer[pos=0 lim=5242881 cap=5242881]' at 'image.bytes' "
        "failed to satisfy constraint: Member must have length less than or equal to 5242880"
    )


def test_answers_are_compact_json_and_dates_are_gmt(wire):
    wire.create_project_version(**{**CREATE, "ProjectArn": wire.project_arn})
    for operation, params in (("describe_projects", {}), ("delete_project", {"ProjectArn": ARN})):
        answer = wire.raw(operation, json.dumps(params).encode())
        assert answer.body == json.dumps(json.loads(answer.body), separators=(",", ":")).encode()
        assert answer.headers["Date"] == "Tue, 14 Nov 2023 22:13:20 GMT"


@pytest.mark.parametrize(
    ("code", "status"),
    [  # "Common Errors" of the API reference, and what AWS's JSON protocols answer before a service is asked
        ("ExpiredTokenException", 400),
        ("IncompleteSignature", 400),
        ("InternalFailure", 500),
        ("InvalidAction", 400),
        ("InvalidClientTokenId", 403),
        ("InvalidSignatureException", 400),
        ("MissingAuthenticationTokenException", 400),
        ("NotAuthorized", 400),
        ("OptInRequired", 403),
        ("RequestEntityTooLargeException", 413),
        ("RequestExpired", 400),
        ("RequestTimeoutException", 408),
        ("ServiceUnavailable", 503),
        ("ServiceUnavailableException", 503),
        ("UnrecognizedClientException", 400),
        ("ValidationError", 400),
        ("ValidationException", 400),
    ],
)
def test_the_statuses_of_common_errors(code, status):
    assert ServiceError(code).status == status
    assert ServiceError(code).message
    assert set(json.loads(error_body(code, "m"))) == {"__type", "message"}
