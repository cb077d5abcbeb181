"""The schemas against the service model of the installed botocore: whatever concerns our operations.

A failure names the operation or shape, what we say and what botocore says. Where they differ on purpose, DIFFERENCES
says why. An older botocore lacks what was added later; that is no drift as long as it is in ADDED, with the release that
brought it. That nothing escapes is a test too: the model is changed in every place, and each change must be noticed.
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
from pytest_rekognition_cl.service.validation import SCHEMAS as FOLDER

MODEL = Loader().load_service_model("rekognition", "service-2")
SCHEMAS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in FOLDER.glob("*.json")}
REQUESTS = {name: schema for name, schema in SCHEMAS.items() if "x-aws-operation" in schema}
DESCRIPTIONS = {name: SCHEMAS[name] for name in ("project_version_description", "project_description", "custom_label")}
SHARED, RESPONSES = SCHEMAS["shared"]["$defs"], SCHEMAS["responses"]["$defs"]
#: Name of a botocore shape -> our schema of it.
OURS = {
    **SHARED,
    **RESPONSES,
    **{schema["title"]: schema for schema in (*REQUESTS.values(), *DESCRIPTIONS.values())},
}
INSTALLED = tuple(int(part) for part in botocore.__version__.split(".")[:3])

#: (shape, word) -> what ours says, what botocore's says, and why they differ.
DIFFERENCES = {
    ("ProjectVersionDescription", "required"): (
        ["ProjectVersionArn", "CreationTimestamp", "Status", "StatusMessage"],
        None,
        "the members that every status has (captured answers): checks presets, and our answers",
    ),
    ("ProjectDescription", "required"): (
        ["ProjectArn", "CreationTimestamp", "Status"],
        None,
        "the members that every project has (official example): checks our answers",
    ),
}
#: (shape, member) -> the botocore release that added it.
ADDED = {
    ("CreateProjectRequest", "Tags"): (1, 34, 139),
    ("CreateDatasetRequest", "Tags"): (1, 34, 139),
}
#: The type of a shape -> what tells it from our schema; the first that fits.
TYPES = {
    "blob": {"type": "string", "contentEncoding": "base64"},
    "timestamp": {"type": "number", "x-aws-timestamp": "epoch-seconds"},
    "long": {"type": "integer", "format": "int64"},
    "structure": {"type": "object"},
    "list": {"type": "array"},
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "float": {"type": "number"},
    "boolean": {"type": "boolean"},
}
BOUNDS = {
    "string": ("minLength", "maxLength"),
    "blob": ("x-aws-minBytes", "x-aws-maxBytes"),
    "list": ("minItems", "maxItems"),
    "map": ("minProperties", "maxProperties"),
}
#: What the wire form rests on, of the model's metadata.
METADATA = {
    "protocol": "json",
    "jsonVersion": "1.1",
    "targetPrefix": "RekognitionService",
    "endpointPrefix": "rekognition",
    "signatureVersion": "v4",
}
#: Words of a schema that say nothing to compare.
SAYING_NOTHING = {"description", "title", "$schema", "$id", "$comment", "x-aws-operation", "x-aws-errors", "$defs"}


# --- what each side says --------------------------------------------------------------------------------------------


def target(schema):
    """Return the name of the shape that a ``$ref`` points to."""
    file, _, pointer = schema["$ref"].partition("#")
    return pointer.rpartition("/")[2] if pointer else SCHEMAS[file.removesuffix(".json")]["title"]


def ours_of(schema):
    """Return what a schema says, as {word: value}; members and items by the name of their shape."""
    kind = "map" if isinstance(schema.get("additionalProperties"), dict) else None
    kind = kind or next(name for name, words in TYPES.items() if words.items() <= schema.items())
    said = {"type": kind}
    for word, value in schema.items():
        if word == "properties":
            said["members"] = {name: target(value[name]) for name in value}
        elif word in ("items", "additionalProperties", "propertyNames") and isinstance(value, dict):
            said[word] = target(value)
        elif word == "x-aws-pattern":
            said["pattern"] = value
        # The anchored pattern has a test of its own; that an answer is closed is nothing that a model can say.
        elif word not in (*SAYING_NOTHING, *TYPES.get(kind, {}), "type", "pattern", "additionalProperties"):
            said[word] = value
    return said


def theirs_of(shape):
    """Return what botocore says about a shape, in the same words; its own word for what has no other."""
    said = {}
    least, most = BOUNDS.get(shape["type"], ("minimum", "maximum"))
    words = {"min": least, "max": most, "member": "items", "key": "propertyNames", "value": "additionalProperties"}
    for word, value in shape.items():
        if word == "members":
            said["members"] = {member: reference(value[member]) for member in value}
        elif word in ("member", "key", "value"):
            said[words[word]] = reference(value)
        elif word != "documentation" and not (word == "required" and not value):
            said[words.get(word, word)] = value
    return said


def reference(member):
    """Return the name of a member's shape, and whatever else the model says of it."""
    others = {word: value for word, value in member.items() if word not in ("shape", "documentation")}
    return f"{member['shape']} {others}" if others else member["shape"]


def reached(shapes, names):
    """Return every shape that is reached from *names*, themselves included."""
    seen, to_do = set(), [*names]
    while to_do:
        name = to_do.pop()
        if name in seen:
            continue
        seen.add(name)
        shape = shapes[name]
        inner = [
            *shape.get("members", {}).values(),
            *(shape[key] for key in ("member", "key", "value") if key in shape),
        ]
        to_do += [member["shape"] for member in inner]
    return seen


# --- the comparison -------------------------------------------------------------------------------------------------


def drift(model, known=None):
    """Return where our schemas and botocore's *model* differ without a reason, one line each.

    *known* is a model without a difference: operations and shapes that *model* shares with it are not compared again.
    """

    def to_compare(part, name):
        return known is None or model[part].get(name) is not known[part].get(name)

    shapes, tops, lines = model["shapes"], [], []
    for word, value in METADATA.items():
        lines += unequal(f"metadata {word}", value, model["metadata"].get(word))
    for name, schema in REQUESTS.items():
        operation = model["operations"].get(schema["x-aws-operation"])
        if operation is None:
            lines.append(f"{schema['x-aws-operation']}: botocore has no such operation")
            continue
        if to_compare("operations", schema["x-aws-operation"]):
            lines += operation_drift(name, schema, operation)
        tops += [operation["input"]["shape"], operation["output"]["shape"]]
    for code in sorted({code for schema in REQUESTS.values() for code in schema["x-aws-errors"]}):
        if to_compare("shapes", code):
            lines += error_drift(code, shapes.get(code, {}))
    found = reached(shapes, [name for name in tops if name in shapes])
    lines += [f"{name}: we have no such shape" for name in sorted(found - set(OURS))]
    if max(ADDED.values()) <= INSTALLED:
        lines += [f"{name}: botocore reaches no such shape" for name in sorted(set(OURS) - found)]
    for name in sorted(name for name in found & set(OURS) if to_compare("shapes", name)):
        lines += shape_drift(name, ours_of(OURS[name]), theirs_of(shapes[name]))
    return lines


def operation_drift(name, schema, operation):
    ours = {
        "name": schema["x-aws-operation"],
        "http": {"method": "POST", "requestUri": "/"},
        "input": {"shape": schema["title"]},
        "output": {"shape": f"{schema['x-aws-operation']}Response"},
        "errors": sorted(schema["x-aws-errors"]),
    }
    theirs = {word: value for word, value in operation.items() if word != "documentation"}
    theirs["errors"] = sorted(reference(error) for error in operation["errors"])
    return [
        line
        for word in sorted({*ours, *theirs})
        for line in unequal(f"{schema['x-aws-operation']} {word}", ours.get(word), theirs.get(word))
    ]


def error_drift(code, shape):
    ours = {"type": "structure", "members": {}, "exception": True}
    if status_and_message(code)[0] == 500:
        ours["fault"] = True
    theirs = {word: value for word, value in shape.items() if word != "documentation"}
    return unequal(code, ours, theirs)


def shape_drift(name, ours, theirs):
    lines = []
    for word in sorted({*ours, *theirs}):
        mine, other = ours.get(word), theirs.get(word)
        if word == "members" and mine is not None and other is not None:
            mine = {member: shape for member, shape in mine.items() if not too_old(name, member, other)}
            for member in dict.fromkeys([*mine, *other]):
                lines += unequal(f"{name}.{member}", mine.get(member), other.get(member))
            if set(mine) == set(other):
                lines += unequal(f"{name} order of members", [*mine], [*other])
        elif word in ("required", "enum") and mine and other:
            lines += unequal(f"{name} {word}", sorted(mine), sorted(other))
        elif (mine, other) != DIFFERENCES.get((name, word), ())[:2]:
            lines += unequal(f"{name} {word}", mine, other)
    return lines


def unequal(what, ours, theirs):
    return [] if ours == theirs else [f"{what}: ours {ours!r}, botocore's {theirs!r}"]


def too_old(name, member, theirs):
    return member not in theirs and ADDED.get((name, member), (0,)) > INSTALLED


# --- the tests ------------------------------------------------------------------------------------------------------


def test_there_is_a_schema_for_every_operation():
    assert sorted(REQUESTS) == sorted(OPERATIONS)
    assert sorted([*REQUESTS, *DESCRIPTIONS, "shared", "responses"]) == sorted(SCHEMAS)


def of_custom_labels(model):
    """Return the operations of *model* that are about projects, versions, datasets, policies or tags."""
    shapes = model["shapes"]
    arns = {"ProjectArn", "ProjectVersionArn", "DatasetArn"}
    return {
        name
        for name, operation in model["operations"].items()
        if re.search("Project|Dataset|CustomLabels|[Tt]ag", name)
        or "applies only to Amazon Rekognition Custom Labels" in operation["documentation"]
        or arns & reached(shapes, [operation["input"]["shape"]])
    }


def test_the_table_of_operations_is_that_of_the_model():
    page = Path(__file__).parents[2] / "docs" / "operations.md"
    rows = re.findall(r"^\| (\w+) \| ([\d.]+) \| (.+) \|$", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert {name for name, _, _ in rows} == of_custom_labels(MODEL)
    assert {name for name, _, _ in rows} == {schema["x-aws-operation"] for schema in REQUESTS.values()}
    assert len(rows) == len(OPERATIONS)


@pytest.mark.parametrize(
    ("name", "input_shape", "documentation"),
    [
        ("PauseDataset", "TagResourceRequest", ""),
        ("Export", "DeleteDatasetRequest", ""),
        ("Explain", "DetectLabelsRequest", "This operation applies only to Amazon Rekognition Custom Labels."),
    ],
)
def test_a_new_operation_of_custom_labels_is_noticed(name, input_shape, documentation):
    operation = {"input": {"shape": input_shape}, "documentation": documentation}
    more = {**MODEL, "operations": {**MODEL["operations"], name: operation}}
    assert of_custom_labels(more) - of_custom_labels(MODEL) == {name}


def test_the_schemas_say_what_botocore_says():
    assert drift(MODEL) == []


def changed(model, *path, value=None, remove=False):
    """Return *model* with another value at *path*, or nothing there; what is not on the path is shared."""
    copy = dict(model)
    if len(path) > 1:
        copy[path[0]] = changed(model[path[0]], *path[1:], value=value, remove=remove)
    elif remove:
        del copy[path[0]]
    else:
        copy[path[0]] = value
    return copy


def changes(model):
    """Yield every single change of *model* that concerns our operations: (what, the changed model)."""
    for word in METADATA:
        yield f"metadata {word}", changed(model, "metadata", word, value="x")
        yield f"metadata {word} -", changed(model, "metadata", word, remove=True)
    tops, errors = [], set()
    for schema in REQUESTS.values():
        name = schema["x-aws-operation"]
        operation = model["operations"][name]
        at = ("operations", name)
        yield f"{name} -", changed(model, *at, remove=True)
        yield f"{name} +", changed(model, *at, "deprecated", value=True)
        yield f"{name} http", changed(model, *at, "http", "requestUri", value="/x")
        for side in ("input", "output"):
            yield f"{name} {side}", changed(model, *at, side, "shape", value="TagMap")
            tops.append(operation[side]["shape"])
        for index, error in enumerate(operation["errors"]):
            errors.add(error["shape"])
            less = operation["errors"][:index] + operation["errors"][index + 1 :]
            yield f"{name} error -{error['shape']}", changed(model, *at, "errors", value=less)
        more = [*operation["errors"], {"shape": "VideoTooLargeException"}]
        yield f"{name} error +", changed(model, *at, "errors", value=more)
    for name in sorted(errors):
        yield f"{name} -", changed(model, "shapes", name, remove=True)
        fault = changed(model, "shapes", name, "fault", value=not model["shapes"][name].get("fault"))
        yield f"{name} fault", fault
        yield f"{name} status", changed(model, "shapes", name, "error", value={"httpStatusCode": 409})
        yield f"{name} member +", changed(model, "shapes", name, "members", value={"Code": {"shape": "String"}})
    for name in sorted(reached(model["shapes"], tops)):
        yield from changes_of_shape(model, name)


def changes_of_shape(model, name):
    shape, at = model["shapes"][name], ("shapes", name)
    for kind in (*TYPES, "map", "double"):
        if kind != shape["type"]:
            yield f"{name} type {kind}", changed(model, *at, "type", value=kind)
    for word in ("min", "max"):
        yield f"{name} {word}", changed(model, *at, word, value=shape.get(word, 0) + 1)
        if word in shape:
            yield f"{name} {word} -", changed(model, *at, word, remove=True)
    for word, value in (("pattern", ".*"), ("enum", ["X"]), ("sensitive", True), ("box", True), ("union", True)):
        yield f"{name} {word}", changed(model, *at, word, value=value)
    if "pattern" in shape:
        yield f"{name} pattern -", changed(model, *at, "pattern", remove=True)
    for value in shape.get("enum", ()):
        yield f"{name} enum -{value}", changed(model, *at, "enum", value=[v for v in shape["enum"] if v != value])
    if "enum" in shape:
        yield f"{name} enum +", changed(model, *at, "enum", value=[*shape["enum"], "X"])
        yield f"{name} enum -", changed(model, *at, "enum", remove=True)
    for part in ("member", "key", "value"):
        if part in shape:
            other = "Boolean" if shape[part]["shape"] != "Boolean" else "String"
            yield f"{name} {part}", changed(model, *at, part, "shape", value=other)
            yield f"{name} {part} +", changed(model, *at, part, "locationName", value="x")
    yield from changes_of_members(model, name, shape.get("members", {}), at)


def changes_of_members(model, name, members, at):
    required = model["shapes"][name].get("required", [])
    if model["shapes"][name]["type"] == "structure":
        more = {**members, "Extra": {"shape": "String"}}
        yield f"{name} member +", changed(model, *at, "members", value=more)
        unknown = {**model["shapes"], "Fresh": {"type": "string"}}
        unknown[name] = {**unknown[name], "members": {**members, "Extra": {"shape": "Fresh"}}}
        yield f"{name} member + of a new shape", {**model, "shapes": unknown}
    if len(members) > 1:
        turned = dict(reversed(members.items()))
        yield f"{name} order", changed(model, *at, "members", value=turned)
    for member in members:
        less = changed(model, *at, "members", member, remove=True)
        yield f"{name}.{member} -", changed(less, *at, "required", value=[m for m in required if m != member])
        renamed = {f"{key}2" if key == member else key: value for key, value in members.items()}
        yield f"{name}.{member} name", changed(model, *at, "members", value=renamed)
        other = "Boolean" if members[member]["shape"] != "Boolean" else "String"
        yield f"{name}.{member} shape", changed(model, *at, "members", member, "shape", value=other)
        yield f"{name}.{member} +", changed(model, *at, "members", member, "location", value="header")
        turned = [m for m in required if m != member] if member in required else [*required, member]
        yield f"{name}.{member} required", changed(model, *at, "required", value=turned)


def test_every_single_change_of_the_model_is_noticed():
    all_changes = dict(changes(MODEL))
    assert len(all_changes) > 1500
    assert [what for what, model in all_changes.items() if drift(model, known=MODEL) == []] == []


def test_a_difference_is_named_with_both_sides():
    at = ("shapes", "ProjectVersionsPageSize", "max")
    assert drift(changed(MODEL, *at, value=101)) == ["ProjectVersionsPageSize maximum: ours 100, botocore's 101"]
    at = ("shapes", "CreateProjectVersionRequest")
    assert drift(changed(MODEL, *at, "required", value=["ProjectArn"])) == [
        "CreateProjectVersionRequest required: ours ['OutputConfig', 'ProjectArn', 'VersionName'], "
        "botocore's ['ProjectArn']"
    ]
    assert drift(changed(MODEL, *at, "members", "KmsKeyId", remove=True)) == [
        "CreateProjectVersionRequest.KmsKeyId: ours 'KmsKeyId', botocore's None"
    ]


def test_the_renderer_knows_every_member_of_the_description():
    assert list(ORDER) == list(MODEL["shapes"]["ProjectVersionDescription"]["members"])


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
    ours, theirs, _why = DIFFERENCES[name, word]
    assert ours_of(OURS[name]).get(word) == ours != theirs
    assert theirs_of(MODEL["shapes"][name]).get(word) == theirs


def test_every_exception_of_the_model_has_a_status_and_a_message():
    shapes = MODEL["shapes"]
    modelled = {name for name, shape in shapes.items() if shape.get("exception")}
    assert modelled <= set(MODELLED)
    assert not {name for name in set(MODELLED) - modelled if name in shapes}  # others are younger than this botocore
    for code in MODELLED:
        status, message = status_and_message(code)
        assert status == (500 if code in ("InternalServerError", "ThrottlingException") else 400)
        assert message.strip()
