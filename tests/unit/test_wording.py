"""The words of a refusal, whole: the path, the value as Java writes it, the constraint.

The forms follow the captured refusals (a pattern, a length, a String given for a Float); which texts are captured and
which follow the habit of AWS's framework is in docs/fidelity.md, "Not verified".
"""

import json

import pytest
from fake_service import NOON, OUTPUT

ARN = "arn:aws:rekognition:us-east-1:123456789012:project/my-project/1690474772815"
VERSION_ARN = "arn:aws:rekognition:us-east-1:123456789012:project/my-project/version/v1/1690556751958"
CREATE = {"ProjectArn": ARN, "VersionName": "v1", "OutputConfig": OUTPUT}
KEY = (
    "Map keys must satisfy constraint: [Member must have length less than or equal to 128, Member must have length "
    r"greater than or equal to 1, Member must satisfy regular expression pattern: ^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]*$]"
)
VALUE = (
    "Map value must satisfy constraint: [Member must have length less than or equal to 256, Member must have length "
    r"greater than or equal to 0, Member must satisfy regular expression pattern: ^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$]"
)


def told(wire, operation, params):
    """Return the code and the message of a refusal; *params* may be the bytes of a body."""
    body = params if isinstance(params, bytes) else json.dumps(params).encode()
    answer = wire.raw(operation, body)
    assert answer.status == 400
    content = json.loads(answer.body)
    return content["__type"], content.get("message", content.get("Message"))


def violations(*sentences):
    plural = "s" if len(sentences) > 1 else ""
    return "ValidationException", f"{len(sentences)} validation error{plural} detected: " + "; ".join(sentences)


def failed(value, path, constraint):
    return f"Value {value} at '{path}' failed to satisfy constraint: {constraint}"


# --- a value of the wrong type ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"VersionName": 1}, "class java.lang.Integer can not be converted to an String"),
        ({"VersionName": 1.5}, "class java.lang.Double can not be converted to an String"),
        ({"VersionName": True}, "class java.lang.Boolean can not be converted to an String"),
        ({"TestingData": {"AutoCreate": "yes"}}, "class java.lang.String can not be converted to an Boolean"),
        ({"TestingData": {"AutoCreate": 1}}, "class java.lang.Integer can not be converted to an Boolean"),
        (
            {"FeatureConfig": {"ContentModeration": {"ConfidenceThreshold": "50"}}},
            "class java.lang.String can not be converted to an Float",
        ),
        ({"VersionName": {}}, "Start of structure or map found where not expected."),
        ({"TrainingData": {"Assets": {}}}, "Start of structure or map found where not expected."),
        ({"VersionName": []}, "Start of list found where not expected"),
        ({"TrainingData": []}, "Start of list found where not expected"),
        ({"TrainingData": {"Assets": "a"}}, "Expected list or null"),
        ({"TrainingData": "a"}, "Expected map or null"),
        ({"Tags": 5}, "Expected map or null"),
        ({"Tags": {"key": 5}}, "class java.lang.Integer can not be converted to an String"),
    ],
)
def test_the_wrong_type(wire, params, message):
    assert told(wire, "create_project_version", {**CREATE, **params}) == ("SerializationException", message)


def test_an_integer_of_the_wrong_type(wire):
    for value, java in (("5", "String"), (True, "Boolean"), (5.5, "Double"), (5.0, "Double")):
        message = f"class java.lang.{java} can not be converted to an Integer"
        params = {"ProjectArn": ARN, "MaxResults": value}
        assert told(wire, "describe_project_versions", params) == ("SerializationException", message)


@pytest.mark.parametrize("value", [5, True, [], {}])
def test_bytes_of_the_wrong_type(wire, value):
    code, _ = told(wire, "detect_custom_labels", {"ProjectVersionArn": VERSION_ARN, "Image": {"Bytes": value}})
    assert code == "SerializationException"


def test_texts_that_are_no_base64(wire):
    for text in ("no base64!", "YQ", "YQ==YQ==", "é", "\ud800"):
        params = {"ProjectVersionArn": VERSION_ARN, "Image": {"Bytes": text}}
        assert told(wire, "detect_custom_labels", params) == ("SerializationException", "Invalid base64 character")


def test_a_body_that_is_no_object(wire):
    for body in (b"not json", b"[]", b"null", b'{"VersionName": NaN}'):
        message = "The request body is not a JSON object"
        assert told(wire, "create_project_version", body) == ("SerializationException", message)


def test_every_depth_of_nesting_has_a_refusal(wire):
    # Where reading stands it, showing it need not: both ends of what the interpreter can nest are in between.
    for depth in [*range(2, 1100, 7), *range(800, 1000)]:
        body = b'{"TrainingData":{"Assets":' + b"[" * depth + b"]" * depth + b"}}"
        code, message = told(wire, "create_project_version", body)
        assert code == "SerializationException"
        assert message in {
            "Start of list found where not expected",
            "The request body is nested too deeply",
            "The request body is not a JSON object",
        }


# --- a value out of bounds -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "java"), [(b"1e999", "Infinity"), (b"-1e999", "-Infinity"), (b"-0.5", "-0.5")])
def test_numbers(wire, number, java):
    body = b'{"ProjectVersionArn":"%s","Image":{},"MinConfidence":%s}' % (VERSION_ARN.encode(), number)
    constraint = (
        "Member must have value less than or equal to 100"
        if java == "Infinity"
        else "Member must have value greater than or equal to 0"
    )
    expected = violations(failed(f"'{java}'", "minConfidence", constraint))
    assert told(wire, "detect_custom_labels", body) == expected


def test_a_key_of_a_map(wire):
    expected = violations(failed("'{fine=1, a*b=2}'", "tags", KEY))
    assert told(wire, "create_project_version", {**CREATE, "Tags": {"fine": "1", "a*b": "2"}}) == expected


def test_a_value_of_a_map(wire):
    expected = violations(failed("'{fine=1, key=*}'", "tags", VALUE))
    assert told(wire, "create_project_version", {**CREATE, "Tags": {"fine": "1", "key": "*"}}) == expected


def test_keys_values_and_other_members_are_told_once_each(wire):
    tags = {"a*b": "*", "c*d": "*", "x" * 129: "y" * 257}
    shown = f"'{{a*b=*, c*d=*, {'x' * 129}={'y' * 257}}}'"
    code, message = told(wire, "create_project_version", {**CREATE, "VersionName": "v 1", "Tags": tags})
    name = failed("'v 1'", "versionName", r"Member must satisfy regular expression pattern: [a-zA-Z0-9_.\-]+")
    in_either_order = {
        violations(name, failed(shown, "tags", KEY), failed(shown, "tags", VALUE)),
        violations(name, failed(shown, "tags", VALUE), failed(shown, "tags", KEY)),
    }
    assert (code, message) in in_either_order


def test_too_many_tags(wire):
    tags = {f"k{number}": "" for number in range(201)}
    shown = "'{" + ", ".join(f"{key}=" for key in tags) + "}'"
    expected = violations(failed(shown, "tags", "Member must have length less than or equal to 200"))
    assert told(wire, "create_project_version", {**CREATE, "Tags": tags}) == expected


def test_an_enum_in_a_list(wire):
    # Two bad items, one sentence; and a null is another thing to tell than a bad item.
    enum = "Member must satisfy constraint: [Member must satisfy enum value set: [CONTENT_MODERATION, CUSTOM_LABELS]]"
    bound = "Member must have length less than or equal to 2"
    null = "Member must satisfy constraint: [Member must not be null]"
    code, message = told(wire, "describe_projects", {"Features": ["LABELS", None, "FACES"]})
    sentences = [failed("'[LABELS, null, FACES]'", "features", each) for each in (enum, bound, null)]
    assert code == "ValidationException"
    assert message.startswith("3 validation errors detected: ")
    assert sorted(message.partition(": ")[2].split("; ")) == sorted(sentences)


def test_what_stands_in_a_list_is_shown_as_java_does(wire):
    manifest = {"GroundTruthManifest": {"S3Object": {"Bucket": "my-bucket", "Name": "m"}}}
    expected = violations(
        failed(
            "'[{GroundTruthManifest={S3Object={Bucket=my-bucket, Name=m}}}, null]'",
            "trainingData.assets",
            "Member must satisfy constraint: [Member must not be null]",
        )
    )
    assert told(wire, "create_project_version", {**CREATE, "TrainingData": {"Assets": [manifest, None]}}) == expected


def test_two_lists_and_two_missing_members_are_told_each(wire):
    enum = "Member must satisfy enum value set: [CONTENT_MODERATION, CUSTOM_LABELS]"
    name = (
        "Member must have length less than or equal to 255, Member must have length greater than or equal to 1, "
        r"Member must satisfy regular expression pattern: [a-zA-Z0-9_.\-]+"
    )
    expected = violations(
        failed("'[a b]'", "projectNames", f"Member must satisfy constraint: [{name}]"),
        failed("'[LABELS]'", "features", f"Member must satisfy constraint: [{enum}]"),
    )
    assert told(wire, "describe_projects", {"Features": ["LABELS"], "ProjectNames": ["a b"]}) == expected
    missing = [failed("null", member, "Member must not be null") for member in ("projectArn", "versionName")]
    assert told(wire, "create_project_version", {"OutputConfig": OUTPUT}) == violations(*missing)


def test_the_same_in_two_places_is_told_twice(wire):
    names = r"Member must satisfy regular expression pattern: [0-9A-Za-z\.\-_]*"
    data = {"Assets": [{"GroundTruthManifest": {"S3Object": {"Bucket": "a bucket", "Name": "m"}}}] * 2}
    expected = violations(
        failed("'a bucket'", "outputConfig.s3Bucket", names),
        *(
            failed("'a bucket'", f"trainingData.assets.{number}.member.groundTruthManifest.s3Object.bucket", names)
            for number in (1, 2)
        ),
    )
    params = {**CREATE, "OutputConfig": {"S3Bucket": "a bucket"}, "TrainingData": data}
    assert told(wire, "create_project_version", params) == expected


def test_two_faults_of_one_value(wire):
    text = "a " + "x" * 2047
    expected = violations(
        failed(f"'{text}'", "kmsKeyId", "Member must have length less than or equal to 2048"),
        failed(
            f"'{text}'",
            "kmsKeyId",
            r"Member must satisfy regular expression pattern: ^[A-Za-z0-9][A-Za-z0-9:_/+=,@.-]{0,2048}$",
        ),
    )
    assert told(wire, "create_project_version", {**CREATE, "KmsKeyId": text}) == expected


def test_the_characters_of_a_tag(wire):
    r"""``\p{L}``, ``\p{Z}`` and ``\p{N}`` are Java's classes, of all scripts."""
    for fine in ("é", "日本", "\u00a0", "Ⅷ", "٣", "a_.:/=+-@", ""):
        params = {"ProjectArn": wire.project_arn, "Tags": {f"k{fine}": fine}}
        wire.create_project_version(**{**CREATE, **params, "VersionName": f"v{wire.clock.ms - NOON}"})
        wire.clock.advance(3600)
    for bad in ("😀", "a*", "\n", "\u0301", "€"):
        assert told(wire, "create_project_version", {**CREATE, "Tags": {"k": bad}})[0] == "ValidationException"
        assert told(wire, "create_project_version", {**CREATE, "Tags": {bad: "v"}})[0] == "ValidationException"


# --- what the operations refuse themselves ---------------------------------------------------------------------------


def test_what_does_not_go_together_is_told_in_words(wire):
    model, training = wire.add_model("v1"), wire.add_model("v2", status="TRAINING_IN_PROGRESS")
    project, running = wire.project_arn, wire.add_model("v3", status="RUNNING")
    adapters = wire.add_project("adapters", feature="CONTENT_MODERATION")
    adapter = wire.add_model("a1", project="adapters")
    output = {"OutputConfig": OUTPUT}
    copy = {"SourceProjectArn": project, "DestinationProjectArn": project, "VersionName": "c", **output}
    for operation, params, code, message in (
        (
            "start_project_version",
            {"ProjectVersionArn": training.arn, "MinInferenceUnits": 1},
            "ResourceInUseException",
            "The version cannot be started while its status is TRAINING_IN_PROGRESS.",
        ),
        (
            "stop_project_version",
            {"ProjectVersionArn": model.arn},
            "ResourceInUseException",
            "The version cannot be stopped while its status is TRAINING_COMPLETED.",
        ),
        (
            "start_project_version",
            {"ProjectVersionArn": model.arn, "MinInferenceUnits": 2, "MaxInferenceUnits": 1},
            "InvalidParameterException",
            "MaxInferenceUnits must not be less than MinInferenceUnits.",
        ),
        (
            "copy_project_version",
            {**copy, "SourceProjectVersionArn": training.arn},
            "ResourceInUseException",
            "The version cannot be copied while its status is TRAINING_IN_PROGRESS.",
        ),
        (
            "copy_project_version",
            {**copy, "SourceProjectArn": adapters.arn, "SourceProjectVersionArn": adapter.arn},
            "InvalidParameterException",
            "Only Custom Labels models can be copied.",
        ),
        (
            "create_project_version",
            {"ProjectArn": project, "VersionName": "v9", "OutputConfig": {}},
            "InvalidParameterException",
            "OutputConfig must name an S3 bucket.",
        ),
        (
            "create_project",
            {"ProjectName": "p", "AutoUpdate": "ENABLED"},
            "InvalidParameterException",
            "AutoUpdate is required for adapters, and for them alone.",
        ),
        (
            "detect_custom_labels",
            {"ProjectVersionArn": running.arn, "Image": {}},
            "InvalidParameterException",
            "Requested image should either contain bytes or s3 object.",
        ),
    ):
        refusal = wire.refusal(operation, **params)
        assert (refusal.code, refusal.message) == (code, message)


def test_too_many_tags_for_the_quota_is_told_with_the_quota(make_wire):
    wire = make_wire(quotas={"tags": 1})
    refusal = wire.refusal("create_project", ProjectName="p", Tags={"a": "", "b": ""})
    assert refusal.code == "LimitExceededException"
    assert refusal.message == "The tag list exceeds the allowed limit of 1."
