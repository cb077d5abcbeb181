"""The schemas against the service model of the installed botocore: every constraint, member, enum, required list, error.

A failure names the shape, our value and botocore's. Where they differ on purpose, DIFFERENCES says why. An older
botocore lacks what was added later; that is no drift as long as it is in ADDED, with the release that brought it.
"""

import json
import re
from pathlib import Path

import botocore
import pytest
from botocore.loaders import Loader

from pytest_rekognition_cl.service import OPERATIONS
from pytest_rekognition_cl.service.description import ORDER
from pytest_rekognition_cl.service.errors import MODELLED, status_and_message
from pytest_rekognition_cl.service.schemas import FOLDER

MODEL = Loader().load_service_model("rekognition", "service-2")
SHAPES = MODEL["shapes"]
SCHEMAS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in Path(FOLDER).glob("*.json")}
SHARED = SCHEMAS["shared"]["$defs"]
REQUESTS = {name: schema for name, schema in SCHEMAS.items() if "x-aws-operation" in schema}
DESCRIPTIONS = {name: SCHEMAS[name] for name in ("project_version_description", "project_description", "custom_label")}
INSTALLED = tuple(int(part) for part in botocore.__version__.split(".")[:3])

#: (shape, what) -> what ours says instead of botocore's, and why.
DIFFERENCES = {
    ("ProjectVersionDescription", "required"): (
        ["ProjectVersionArn", "CreationTimestamp", "Status", "StatusMessage"],
        "the members that every status has (captured answers): checks our answers",
    ),
    ("ProjectVersionDescription", "additionalProperties"): (
        False,
        "our own answers may hold nothing that the model does not know",
    ),
    ("ProjectDescription", "required"): (
        ["ProjectArn", "CreationTimestamp", "Status"],
        "the members that every project has (official example): checks our answers",
    ),
    ("ProjectDescription", "additionalProperties"): (
        False,
        "our own answers may hold nothing that the model does not know",
    ),
    ("CustomLabel", "additionalProperties"): (
        False,
        "labels that a test gives may hold nothing that the model does not know",
    ),
}
#: (shape, member) -> the botocore release that added it.
ADDED = {
    ("CreateProjectRequest", "Tags"): (1, 34, 139),
}
TYPES = {
    "structure": "object",
    "map": "object",
    "list": "array",
    "string": "string",
    "blob": "string",
    "integer": "integer",
    "long": "integer",
    "float": "number",
    "timestamp": "number",
    "boolean": "boolean",
}
#: Words of a schema that say nothing to compare.
SAYING_NOTHING = {"description", "title", "$schema", "$id", "$comment", "x-aws-operation", "x-aws-errors", "$defs"}


def ours_of(schema):
    """Return what a schema says, as {word: value}; members and items by the name of their shape."""
    said = {}
    for word, value in schema.items():
        if word == "properties":
            said["members"] = {name: value[name]["$ref"].rpartition("/")[2] for name in value}
        elif word in ("items", "additionalProperties", "propertyNames") and isinstance(value, dict):
            said[word] = value["$ref"].rpartition("/")[2]
        elif word == "pattern":
            said["anchored pattern"] = value
        elif word == "x-aws-pattern":
            said["pattern"] = value
        elif word not in SAYING_NOTHING:
            said[word] = value
    return said


def theirs_of(name):
    """Return what botocore says about a shape, in the same words."""
    shape = SHAPES[name]
    kind = shape["type"]
    said = {"type": TYPES[kind]}
    if kind == "structure":
        said["members"] = {member: target["shape"] for member, target in shape["members"].items()}
        if shape.get("required"):
            said["required"] = shape["required"]
    if kind == "list":
        said["items"] = shape["member"]["shape"]
    if kind == "map":
        said["propertyNames"] = shape["key"]["shape"]
        said["additionalProperties"] = shape["value"]["shape"]
    if kind == "blob":
        said["contentEncoding"] = "base64"
    if kind == "timestamp":
        said["x-aws-timestamp"] = "epoch-seconds"
    least, most = {
        "string": ("minLength", "maxLength"),
        "blob": ("x-aws-minBytes", "x-aws-maxBytes"),
        "list": ("minItems", "maxItems"),
        "map": ("minProperties", "maxProperties"),
    }.get(kind, ("minimum", "maximum"))
    if "min" in shape:
        said[least] = shape["min"]
    if "max" in shape:
        said[most] = shape["max"]
    if "pattern" in shape:
        said["pattern"] = shape["pattern"]
    if "enum" in shape:
        said["enum"] = shape["enum"]
    return said


def drift(name, ours, theirs):
    """Return the differences that have no reason, one line each."""
    lines = []
    for word in sorted(set(ours) | set(theirs)):
        mine, other = ours.get(word), theirs.get(word)
        if word == "members" and mine is not None and other is not None:
            for member in [*mine, *(m for m in other if m not in mine)]:
                if mine.get(member) != other.get(member) and not too_old(name, member, other):
                    lines.append(f"{name}.{member}: ours {mine.get(member)}, botocore's {other.get(member)}")
        elif word == "anchored pattern" or (
            word in ("required", "enum") and mine and other and sorted(mine) == sorted(other)
        ):
            continue
        elif mine != other and (name, word) not in DIFFERENCES:
            lines.append(f"{name} {word}: ours {mine!r}, botocore's {other!r}")
    return lines


def too_old(name, member, theirs):
    return member not in theirs and ADDED.get((name, member), (0,)) > INSTALLED


def reached(name, seen):
    """Yield every shape that is reached from *name* in botocore's model."""
    if name in seen:
        return
    seen.add(name)
    yield name
    shape = SHAPES[name]
    targets = [*shape.get("members", {}).values(), *(shape[key] for key in ("member", "key", "value") if key in shape)]
    for target in targets:
        yield from reached(target["shape"], seen)


def test_there_is_a_schema_for_every_operation():
    assert sorted(REQUESTS) == sorted(OPERATIONS)
    assert sorted([*REQUESTS, *DESCRIPTIONS, "shared"]) == sorted(SCHEMAS)


@pytest.mark.parametrize("name", sorted(SHARED))
def test_a_shared_shape(name):
    assert name in SHAPES, f"{name}: botocore has no such shape"
    assert drift(name, ours_of(SHARED[name]), theirs_of(name)) == []


@pytest.mark.parametrize("name", sorted(DESCRIPTIONS))
def test_a_description(name):
    schema = DESCRIPTIONS[name]
    assert drift(schema["title"], ours_of(schema), theirs_of(schema["title"])) == []


@pytest.mark.parametrize("name", sorted(REQUESTS))
def test_a_request(name):
    schema = REQUESTS[name]
    operation = MODEL["operations"][schema["x-aws-operation"]]
    assert operation["input"]["shape"] == schema["title"]
    assert drift(schema["title"], ours_of(schema), theirs_of(schema["title"])) == []


@pytest.mark.parametrize("name", sorted(REQUESTS))
def test_the_errors_of_an_operation(name):
    operation = REQUESTS[name]["x-aws-operation"]
    theirs = sorted(error["shape"] for error in MODEL["operations"][operation]["errors"])
    assert sorted(REQUESTS[name]["x-aws-errors"]) == theirs, f"{operation}: ours, botocore's"


def test_the_status_and_kind_of_every_declared_error():
    for schema in REQUESTS.values():
        for code in schema["x-aws-errors"]:
            shape = SHAPES[code]
            status = shape.get("error", {}).get("httpStatusCode", 500 if shape.get("fault") else 400)
            assert code in MODELLED, code
            assert status_and_message(code)[0] == status, f"{code}: ours, botocore's"


def test_every_shape_that_a_request_or_a_description_reaches_is_there():
    tops = [schema["title"] for schema in (*REQUESTS.values(), *DESCRIPTIONS.values())]
    seen = set()
    wanted = {shape for top in tops for shape in reached(top, seen)} - set(tops)
    if max(ADDED.values()) <= INSTALLED:
        assert sorted(SHARED) == sorted(wanted), "ours, botocore's"
    else:
        assert not wanted - set(SHARED)


def test_the_renderer_knows_every_member_of_the_description():
    assert list(ORDER) == list(SHAPES["ProjectVersionDescription"]["members"])


@pytest.mark.parametrize("name", sorted(name for name in SHARED if "pattern" in SHARED[name]))
def test_the_anchored_pattern_is_the_printed_one_and_anchors(name):
    schema = SHARED[name]
    printed = re.sub(r"^\(\^(.*)\$\)$|^\^(.*)\$$", lambda match: match[1] or match[2], schema["x-aws-pattern"])
    assert schema["pattern"] == f"^{printed}$"


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_a_schema_file_is_readable_documentation(name):
    schema = SCHEMAS[name]
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema["$id"] == f"{name}.json"
    assert schema["description"].endswith((".", "refusal."))
    assert schema["$comment"].startswith("Source:")
    assert "https://docs.aws.amazon.com/rekognition/latest/APIReference/" in schema["$comment"]


@pytest.mark.parametrize(("name", "word"), DIFFERENCES)
def test_a_difference_is_as_listed_and_not_in_vain(name, word):
    wanted, _why = DIFFERENCES[name, word]
    (schema,) = (schema for schema in DESCRIPTIONS.values() if schema["title"] == name)
    assert schema.get(word) == wanted
    assert theirs_of(name).get(word) != wanted


def test_the_comparison_sees_a_difference():
    ours = ours_of({**SHARED["ProjectVersionsPageSize"], "maximum": 101})
    assert drift("ProjectVersionsPageSize", ours, theirs_of("ProjectVersionsPageSize")) == [
        "ProjectVersionsPageSize maximum: ours 101, botocore's 100"
    ]
    ours = ours_of(SCHEMAS["create_project_version"])
    del ours["members"]["KmsKeyId"]
    ours["required"] = ["ProjectArn"]
    assert drift("CreateProjectVersionRequest", ours, theirs_of("CreateProjectVersionRequest")) == [
        "CreateProjectVersionRequest.KmsKeyId: ours None, botocore's KmsKeyId",
        "CreateProjectVersionRequest required: ours ['ProjectArn'], botocore's ['ProjectArn', 'VersionName', 'OutputConfig']",
    ]


def test_every_exception_of_the_model_has_a_status_and_a_message():
    modelled = {name for name, shape in SHAPES.items() if shape.get("exception")}
    assert modelled <= set(MODELLED)
    assert not {name for name in set(MODELLED) - modelled if name in SHAPES}  # others are younger than this botocore
    for code, (status, message) in MODELLED.items():
        assert status == (500 if code in ("InternalServerError", "ThrottlingException") else 400)
        assert message.strip()
