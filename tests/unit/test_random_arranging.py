"""Random arguments for everything that arranges: a TypeError or a ValueError that names the argument, or it is so.

What is refused leaves no trace; what is accepted is shown in botocore's shape.
"""

import re
from collections import Counter

import random_values as values
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, ReadTimeoutError
from botocore.parsers import create_parser
from botocore.validate import validate_parameters
from hypothesis import strategies as s
from random_values import NAMES, STRANGE, randomly
from snapshot import snapshot

from pytest_rekognition_cl import botocore_model, members
from pytest_rekognition_cl.service import statuses as st

DESCRIPTION = botocore_model.service_model().shape_for("ProjectVersionDescription")
_STATUS = s.sampled_from(st.ALL)
_STATUSES = s.lists(_STATUS, min_size=1, max_size=3)
#: Keywords of a model's description, good values for botocore's shape: not always good ones for the status.
_MEMBERS = {
    keyword: values.of_shape(DESCRIPTION.members[member])
    for keyword, member in members.KEYWORDS.items()
    if keyword not in ("status", "project_version_arn")
}
_F1 = s.floats(0, 1)
_PROJECT = s.sampled_from(["plain", "adapters", values.PROJECTS["full"], "none"])
_REGIONAL = values.PROJECTS["plain"].replace("us-east-1", "eu-west-1")
_VERSION = s.one_of(
    NAMES, s.sampled_from([values.ADAPTER + "7", _REGIONAL.replace("/1600000000000", "/version/v/1600000000009")])
)
_LONG = s.sampled_from(["create", "start", "stop", "copy", "delete"]).map(lambda verb: f"{verb}_project_version")
_OPERATION = s.sampled_from(sorted(botocore_model.operations()))
_CODE = s.sampled_from(["ResourceNotFoundException", "ThrottlingException", "ValidationException", "NotReal"])
_EXCEPTION = s.sampled_from(
    [
        ReadTimeoutError(endpoint_url=""),
        ConnectionClosedError,
        EndpointConnectionError,
        OSError("reset"),
        ValueError,
        KeyboardInterrupt,
        None,
    ]
)
_LABELS = s.lists(values.of_shape(botocore_model.service_model().shape_for("CustomLabel")), max_size=2)
_PLAN = {"status": _STATUS, "statuses": _STATUSES, "seconds": s.integers(0, 9000) | s.floats(0, 1e9), **_MEMBERS}

_LINES = s.lists(
    s.sampled_from(['{"source-ref": "s3://b/k"}', "x"]) | s.dictionaries(values.TEXT, values.TEXT), max_size=3
)

#: Method -> its required and its optional arguments, each with good values.
ARGUMENTS = {
    "add_project": (
        {"name_or_arn": NAMES | s.sampled_from([_REGIONAL, values.MODELS["RUNNING"]])},
        {"datasets": s.booleans(), "feature": s.sampled_from(["CUSTOM_LABELS", "CONTENT_MODERATION"])},
    ),
    "add_model": (
        {},
        {"name_or_version_arn": _VERSION, "project": _PROJECT, "status": _STATUS, "statuses": _STATUSES}
        | {"f1_score": _F1, "project_version_arn": _VERSION, **_MEMBERS},
    ),
    "add_dataset": (
        {"dataset_type": s.sampled_from(["TRAIN", "TEST"])},
        {
            "project": _PROJECT,
            "status": s.sampled_from(["CREATE_COMPLETE", "UPDATE_FAILED", "RUNNING"]),
            "statuses": s.lists(s.sampled_from(["CREATE_IN_PROGRESS", "CREATE_COMPLETE"]), min_size=1, max_size=2),
            "status_message": values.ODD_TEXT,
            "status_message_code": s.sampled_from(["SUCCESS", "CLIENT_ERROR"]),
            "entries": _LINES,
        },
    ),
    "add_manifest": ({"uri": s.sampled_from(["s3://bucket/k", "s3://bucket/é/ü"]), "lines": _LINES}, {}),
    "set_training": ({}, {"f1_score": _F1, "label_f1_scores": s.dictionaries(NAMES, _F1, min_size=1), **_PLAN}),
    "set_transition": ({"operation": _LONG}, {"f1_score": _F1, **_PLAN}),
    "add_client_error": (
        {"operation": _OPERATION, "code": _CODE},
        {
            "message": values.ODD_TEXT,
            "calls": s.integers(1, 2),
            "attempts": s.integers(1, 2),
            "after": s.integers(0, 1),
        },
    ),
    "add_exception": (
        {"operation": _OPERATION, "exception": _EXCEPTION},
        {"calls": s.integers(1, 2) | s.none(), "attempts": s.integers(1, 2), "after": s.integers(0, 1)},
    ),
    "set_status": ({"status": _STATUS}, _MEMBERS),
    "complete_training": ({}, {"f1_score": _F1}),
    "fail_training": ({}, {"message": values.ODD_TEXT}),
    "set_labels": ({"labels": _LABELS | s.dictionaries(NAMES, _LABELS, max_size=2)}, {}),
}
#: The methods of a model's handle; of this one's.
HANDLED = {"set_status", "complete_training", "fail_training", "set_labels"}
HANDLE = values.MODELS["TRAINING_IN_PROGRESS"]
#: What a message calls an argument, where that is not its name.
CALLED = {
    "name_or_arn": "project",
    "name_or_version_arn": "version",
    "project_version_arn": "version",
    "statuses": "status|an adapter is never",
    "status": "status|an adapter is never",
    "operation": "operation|begins|project_version|delete_project",
    "code": "error code|does not answer with",
    "f1_score": "f1_score|evaluation_result",
    "label_f1_scores": "label_f1_scores|f1_score",
    "dataset_type": "type of datasets",
    "uri": "manifest",
    "lines": "manifest",
    "message": "message",
    "labels": "label",
}


#: What a method may refuse whatever its arguments are.
REASONS = {
    "complete_training": ["is not in training"],
    "fail_training": ["is not in training"],
    "add_dataset": ["dataset already", "cannot have datasets"],
}


def _chosen(arguments):
    """Return a strategy for some of *arguments*: rarely all of them, so that most of them may go together."""
    optional = s.lists(s.sampled_from(sorted(arguments) or [None]), max_size=3 if arguments else 0, unique=True)
    return optional.flatmap(lambda names: s.fixed_dictionaries({name: arguments[name] for name in names}))


@s.composite
def arrangements(draw):
    """Draw a method with its arguments, and the name of the one that is strange (None: none is)."""
    method = draw(s.sampled_from([*sorted(ARGUMENTS), "add_model", "add_model"]))
    required, optional = ARGUMENTS[method]
    arguments = draw(s.fixed_dictionaries(required)) | draw(_chosen(optional))
    spoilt = draw(s.none() | s.sampled_from([*required, *optional]))
    if spoilt is not None:
        good = arguments.get(spoilt)
        inner = values.spoilt(s.just(good), STRANGE) if isinstance(good, dict) else STRANGE
        arguments[spoilt] = draw(STRANGE | inner)
    return method, arguments, spoilt


def shown(fake, operation, params, region):
    """Return what a describe shows in *region*, read by botocore's parser and checked by botocore's model."""
    body = botocore_model.write_response(operation, params)
    answer = fake._dispatcher.service.handle(operation, body, region=region)
    assert answer.status == 200, answer
    shape = botocore_model.operation_model(operation).output_shape
    parsed = create_parser("json").parse({"status_code": 200, "headers": {}, "body": answer.body}, shape)
    parsed.pop("ResponseMetadata")
    validate_parameters(parsed, shape)
    return parsed


def assert_all_is_shown(fake):
    """Describe everything that exists, often enough that every transition comes to its end."""
    regions = {project.arn.split(":")[3] for project in fake.projects}
    for _ in range(3):
        listed = []
        for region in regions:
            features = {"Features": ["CUSTOM_LABELS", "CONTENT_MODERATION"]}
            found = shown(fake, "describe_projects", features, region)["ProjectDescriptions"]
            assert {project["ProjectArn"] for project in found} == {
                project.arn for project in fake.projects if project.arn.split(":")[3] == region
            }
            for project in found:
                which = {"ProjectArn": project["ProjectArn"]}
                listed += shown(fake, "describe_project_versions", which, region)["ProjectVersionDescriptions"]
        assert {version["ProjectVersionArn"] for version in listed} == {version.arn for version in fake.models}
        for version in fake.models:
            assert all(isinstance(content, bytes) for content in version.result_files().values())
        fake.clock.advance(1e7)


def begin_everything(fake):
    """Let every operation that takes time begin, and see where it leads."""
    arn = values.PROJECTS["plain"]
    without_datasets = values.PROJECTS["empty"]
    for operation, params in [
        (
            "create_project_version",
            {"ProjectArn": without_datasets, "VersionName": "new", "OutputConfig": {"S3Bucket": "bucket"}},
        ),
        (
            "copy_project_version",
            {
                "SourceProjectArn": arn,
                "SourceProjectVersionArn": values.MODELS["STOPPED"],
                "DestinationProjectArn": values.PROJECTS["full"],
                "VersionName": "copied",
                "OutputConfig": {"S3Bucket": "bucket"},
            },
        ),
        ("start_project_version", {"ProjectVersionArn": values.MODELS["STOPPED"], "MinInferenceUnits": 1}),
        ("stop_project_version", {"ProjectVersionArn": values.MODELS["RUNNING"]}),
        ("delete_project_version", {"ProjectVersionArn": values.MODELS["TRAINING_FAILED"]}),
    ]:
        shown(fake, operation, params, values.REGION)


def refusal_of(fake, method, arguments):
    """Arrange; return the TypeError or the ValueError that it raises, None if it is accepted."""
    owner = next(model for model in fake.models if model.arn == HANDLE) if method in HANDLED else fake
    try:
        getattr(owner, method)(**values.real(arguments))
    except (TypeError, ValueError) as error:
        return error
    return None


def test_arranging():
    seen = Counter()

    @randomly(arrangements=s.lists(arrangements(), min_size=1, max_size=3))
    def run(arrangements):
        fake = values.arranged(quotas={"running_models": None, "concurrent_trainings": None})
        before = snapshot(fake)
        for method, arguments, spoilt in arrangements:
            refusal = refusal_of(fake, method, arguments)
            seen[method, type(refusal).__name__] += 1
            if refusal is None:
                before = snapshot(fake)
                continue
            assert snapshot(fake) == before
            names = [*arguments] if spoilt is None else [spoilt, *arguments]
            words = "|".join([*(CALLED.get(name, re.escape(name)) for name in names), *REASONS.get(method, [])])
            assert re.search(words, str(refusal)), (method, spoilt, refusal)
        begin_everything(fake)
        assert_all_is_shown(fake)

    print(*sorted(seen.items()), sep="\n")
    assert {method for method, _ in seen} == set(ARGUMENTS)
    assert {how for _, how in seen} == {"NoneType", "TypeError", "ValueError"}


# --- what is prepared -----------------------------------------------------------------------------------------------


@s.composite
def responses(draw):
    """Draw an operation with an answer for it, good or spoilt."""
    method = draw(_OPERATION)
    shape = botocore_model.operation_model(method).output_shape
    good = values.of_shape(shape) if shape.members else s.just({})
    return method, draw(values.spoilt(good) | STRANGE)


def test_prepared_responses():
    seen = Counter()

    @randomly(response=responses())
    def run(response):
        method, content = response
        fake = values.arranged()
        before = snapshot(fake)
        refusal = refusal_of(fake, "add_response", {"operation": method, "response": content})
        seen[type(refusal).__name__] += 1
        if refusal is not None:
            assert snapshot(fake) == before
            assert re.search("response|cannot answer that", str(refusal)), refusal
            return
        with fake._dispatcher.call(method, b"{}", values.REGION) as made:
            made.attempt()
        call = made.record
        validate_parameters(call.response, botocore_model.operation_model(method).output_shape)
        assert set(call.response) == {name for name, value in content.items() if value is not None} - {
            "ResponseMetadata"
        }
        fake.verify()

    print(seen)
    assert set(seen) == {"NoneType", "TypeError", "ValueError"}
