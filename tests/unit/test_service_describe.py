"""DescribeProjectVersions: captured answers, which member in which status, order, names, paging."""

import base64
import json
import re
from datetime import datetime, timedelta, timezone
from itertools import chain

import pytest
from fake_service import OUTPUT, billable

# --- captured answers -----------------------------------------------------------------------------------------------

BUCKET = "custom-labels-console-us-east-1-111111111"


def s3(name, bucket=BUCKET):
    return {"S3Object": {"Bucket": bucket, "Name": name}}


#: The official example answer (2023-07-28), timestamps as numbers, as they go over the wire.
COMPLETED = {
    "ProjectVersionArn": "arn:aws:rekognition:us-east-1:111122223333:project/my-project/version/1/1690556751958",
    "CreationTimestamp": 1690556751.958,
    "Status": "TRAINING_COMPLETED",
    "StatusMessage": "The model is ready to run.",
    "BillableTrainingTimeInSeconds": 1899,
    "TrainingEndTimestamp": 1690558390.827,
    "OutputConfig": {"S3Bucket": BUCKET, "S3KeyPrefix": "my-model-output"},
    "TrainingDataResult": {
        "Input": {},
        "Output": {"Assets": [{"GroundTruthManifest": s3("my-model-output/TrainingGroundTruth-my-project-1.json")}]},
        "Validation": {
            "Assets": [{"GroundTruthManifest": s3("my-model-output/TrainingManifestWithValidation-my-project-1.json")}]
        },
    },
    "TestingDataResult": {
        "Input": {"AutoCreate": False},
        "Output": {
            "Assets": [{"GroundTruthManifest": s3("my-model-output/TestingGroundTruth-my-project-1.json")}],
            "AutoCreate": False,
        },
        "Validation": {
            "Assets": [{"GroundTruthManifest": s3("my-model-output/TestingManifestWithValidation-my-project-1.json")}]
        },
    },
    "EvaluationResult": {"F1Score": 1, "Summary": s3("my-model-output/EvaluationResultSummary-my-project-1.json")},
    "ManifestSummary": s3("my-model-output/ManifestSummary-my-project-1.json"),
}


def test_the_official_example_is_reproduced(make_wire):
    wire = make_wire(account="111122223333")
    project = wire.add_project("arn:aws:rekognition:us-east-1:111122223333:project/other/1690474772815")
    assert project.name == "other"
    pacific = timezone(timedelta(hours=-7))
    wire.add_model(
        COMPLETED["ProjectVersionArn"],
        evaluation_result={"F1Score": 1},
        billable_training_time_in_seconds=1899,
        training_end_timestamp=datetime(2023, 7, 28, 8, 33, 10, 827000, pacific),
        output_config=COMPLETED["OutputConfig"],
    )
    (description,) = wire.describe()
    for member, value in COMPLETED.items():
        assert description[member] == value, member
    assert list(description) == list(COMPLETED)


#: Captured on 2026-07-08: a model trained in the console, started and stopped (names changed, figures kept).
STOPPED_PROJECT = "arn:aws:rekognition:us-east-1:111122223333:project/bugs/1779334594920"
STOPPED_BUCKET, STOPPED_PREFIX = "custom-labels-console-us-east-1-0a1b2c3d4e", f"evaluation/{STOPPED_PROJECT}"


def stopped_object(kind):
    return s3(f"{STOPPED_PREFIX}/{kind}-bugs-bugs.2026-05-21T12.46.19.json", STOPPED_BUCKET)


def stopped_assets(kind):
    return {"Assets": [{"GroundTruthManifest": stopped_object(kind)}]}


STOPPED = {
    "ProjectVersionArn": (
        "arn:aws:rekognition:us-east-1:111122223333:project/bugs/version/bugs.2026-05-21T12.46.19/1779338780450"
    ),
    "CreationTimestamp": 1779338780.450,
    "Status": "STOPPED",
    "StatusMessage": "The model is ready for hosting.",
    "BillableTrainingTimeInSeconds": 4469,
    "TrainingEndTimestamp": 1779341506.133,
    "OutputConfig": {"S3Bucket": STOPPED_BUCKET, "S3KeyPrefix": STOPPED_PREFIX},
    "TrainingDataResult": {
        "Input": {},
        "Output": stopped_assets("TrainingGroundTruth"),
        "Validation": stopped_assets("TrainingManifestWithValidation"),
    },
    "TestingDataResult": {
        "Input": {"AutoCreate": False},
        "Output": {**stopped_assets("TestingGroundTruth"), "AutoCreate": False},
        "Validation": stopped_assets("TestingManifestWithValidation"),
    },
    "EvaluationResult": {
        "F1Score": 0.7194244861602783,
        "Summary": stopped_object("EvaluationResultSummary"),
    },
    "ManifestSummary": stopped_object("ManifestSummary"),
}


def test_the_captured_stopped_model_is_reproduced(make_wire):
    wire = make_wire(account="111122223333", now=1_783_468_800_000)
    project = wire.add_project(STOPPED_PROJECT)
    china = timezone(timedelta(hours=8))
    wire.add_model(
        STOPPED["ProjectVersionArn"],
        status="STOPPED",
        f1_score=0.7194244861602783,
        billable_training_time_in_seconds=4469,
        training_end_timestamp=datetime(2026, 5, 21, 13, 31, 46, 133000, china),
        output_config=STOPPED["OutputConfig"],
    )
    answer = wire.raw("describe_project_versions", json.dumps({"ProjectArn": project.arn}).encode())
    # Member by member and in order, as it goes over the wire.
    assert answer.body.decode() == json.dumps({"ProjectVersionDescriptions": [STOPPED]}, separators=(",", ":"))


def test_the_captured_training_in_progress_is_reproduced(make_wire):
    wire = make_wire(now=1_590_238_598_423)
    manifests = {"Assets": [{"GroundTruthManifest": s3("datasets/x/output.manifest", "my-bucket")}]}
    output = {"S3Bucket": "my-bucket", "S3KeyPrefix": "evaluation/x/manifests/output"}
    # The request had TestingData in this order; the answer has it in the model's.
    arn = wire.train("v", OutputConfig=output, TrainingData=manifests, TestingData={"AutoCreate": True, "Assets": []})
    assert arn.endswith("/version/v/1590238598423")
    assert json.dumps(wire.describe()) == json.dumps(
        [
            {
                "ProjectVersionArn": arn,
                "CreationTimestamp": 1590238598.423,
                "Status": "TRAINING_IN_PROGRESS",
                "StatusMessage": "The model is being trained.",
                "OutputConfig": output,
                "TrainingDataResult": {"Input": manifests},
                "TestingDataResult": {"Input": {"Assets": [], "AutoCreate": True}},
            }
        ]
    )


@pytest.mark.parametrize(
    ("prefix", "start"),
    [
        ("output_folder/swoosh_detector/v", "output_folder/swoosh_detector/v/"),  # captured
        ("out/", "out/"),
        ("outX/", "outX/"),
        ("", ""),
        (None, ""),
    ],
)
def test_the_names_of_results(wire, prefix, start):
    config = {"S3Bucket": "my-bucket"} if prefix is None else {"S3Bucket": "my-bucket", "S3KeyPrefix": prefix}
    wire.train("detector.2020-12-13T22.50.45", OutputConfig=config)
    wire.clock.advance(1800)
    (description,) = wire.describe()
    end = "-my-project-detector.2020-12-13T22.50.45.json"
    assert description["EvaluationResult"]["Summary"] == s3(f"{start}EvaluationResultSummary{end}", "my-bucket")
    assert description["ManifestSummary"] == s3(f"{start}ManifestSummary{end}", "my-bucket")
    for kind in ("Training", "Testing"):
        result = description[f"{kind}DataResult"]
        manifest = {"GroundTruthManifest": s3(f"{start}{kind}GroundTruth{end}", "my-bucket")}
        assert result["Output"]["Assets"] == [manifest]
        manifest = {"GroundTruthManifest": s3(f"{start}{kind}ManifestWithValidation{end}", "my-bucket")}
        assert result["Validation"] == {"Assets": [manifest]}


# --- which member in which status -----------------------------------------------------------------------------------

ALWAYS = {
    "ProjectVersionArn",
    "CreationTimestamp",
    "Status",
    "StatusMessage",
    "OutputConfig",
    "TrainingDataResult",
    "TestingDataResult",
}
RESULTS = {"BillableTrainingTimeInSeconds", "TrainingEndTimestamp", "EvaluationResult", "ManifestSummary"}
ADAPTER = {"Feature", "BaseModelVersion"}
#: Status -> (members of a description without anything given, parts of the data results, message where it was captured)
EXPECTED = {
    "TRAINING_IN_PROGRESS": (ALWAYS, {"Input"}, "The model is being trained."),
    "TRAINING_COMPLETED": (ALWAYS | RESULTS, {"Input", "Output", "Validation"}, "The model is ready to run."),
    "TRAINING_FAILED": (
        ALWAYS | {"TrainingEndTimestamp"},
        {"Input"},
        "The manifest file extension or contents are invalid.",  # the first of the documented ones
    ),
    "STARTING": (ALWAYS | RESULTS | {"MinInferenceUnits"}, {"Input", "Output", "Validation"}, None),
    "RUNNING": (ALWAYS | RESULTS | {"MinInferenceUnits"}, {"Input", "Output", "Validation"}, "The model is running."),
    "FAILED": (ALWAYS | RESULTS | {"MinInferenceUnits"}, {"Input", "Output", "Validation"}, None),
    "STOPPING": (ALWAYS | RESULTS | {"MinInferenceUnits"}, {"Input", "Output", "Validation"}, None),
    "STOPPED": (ALWAYS | RESULTS, {"Input", "Output", "Validation"}, "The model is ready for hosting."),
    "DELETING": (ALWAYS | RESULTS, {"Input", "Output", "Validation"}, None),
    "COPYING_IN_PROGRESS": (ALWAYS | {"SourceProjectVersionArn"}, {"Input"}, None),
    "COPYING_COMPLETED": (
        (ALWAYS | RESULTS | {"SourceProjectVersionArn"}) - {"BillableTrainingTimeInSeconds", "TrainingEndTimestamp"},
        {"Input", "Output", "Validation"},
        None,
    ),
    "COPYING_FAILED": (ALWAYS | {"SourceProjectVersionArn"}, {"Input"}, None),
    "DEPRECATED": (ALWAYS | RESULTS | ADAPTER, {"Input", "Output", "Validation"}, None),
    "EXPIRED": (ALWAYS | RESULTS | ADAPTER, {"Input", "Output", "Validation"}, None),
}


@pytest.mark.parametrize("status", EXPECTED)
def test_the_members_of_a_status(wire, status):
    members, parts, message = EXPECTED[status]
    adapter = status in ("DEPRECATED", "EXPIRED")
    project = wire.add_project("p", feature="CONTENT_MODERATION" if adapter else "CUSTOM_LABELS")
    wire.add_model("v1", project=project, status=status)
    (description,) = wire.describe_project_versions(ProjectArn=project.arn)["ProjectVersionDescriptions"]
    assert description["Status"] == status
    assert set(description) == members
    assert set(description["TrainingDataResult"]) == set(description["TestingDataResult"]) == parts
    assert description["StatusMessage"]
    if message is not None:
        assert description["StatusMessage"] == message


def test_there_are_fourteen_statuses():
    assert len(EXPECTED) == 14


def test_given_members_come_back_in_every_status(wire):
    given = {"kms_key_id": "key", "version_description": "mine", "output_config": OUTPUT, "status_message": "So."}
    for index, status in enumerate(sorted(set(EXPECTED) - {"DEPRECATED", "EXPIRED"})):
        wire.add_model(f"v{index}", status=status, **given)
        (description,) = wire.describe(f"v{index}")
        assert description["KmsKeyId"] == "key"
        assert description["VersionDescription"] == "mine"
        assert description["OutputConfig"] == OUTPUT
        assert description["StatusMessage"] == "So."


@pytest.mark.parametrize("status", ["STARTING", "RUNNING", "FAILED", "STOPPING", "DELETING"])
def test_given_units_come_back(wire, status):
    wire.add_model("v1", status=status, min_inference_units=2, max_inference_units=4)
    (description,) = wire.describe()
    assert (description["MinInferenceUnits"], description["MaxInferenceUnits"]) == (2, 4)


def test_a_model_that_was_set_back_shows_no_units(wire):
    model = wire.add_model("v1", status="RUNNING", min_inference_units=2, max_inference_units=4)
    model.set_status("TRAINING_COMPLETED")
    (description,) = wire.describe()
    assert not {"MinInferenceUnits", "MaxInferenceUnits"} & set(description)


@pytest.mark.parametrize("member", ["min_inference_units", "max_inference_units"])
def test_a_stopped_model_has_no_units(wire, member):
    # Four captured answers of STOPPED, none with either member.
    with pytest.raises(ValueError, match=f"^a version in status STOPPED has no .* \\({member}\\)"):
        wire.add_model("v1", status="STOPPED", **{member: 1})
    model = wire.add_model("v1", status="RUNNING", **{member: 1})
    wire.stop_project_version(ProjectVersionArn=model.arn)
    assert wire.describe()[0]["MinInferenceUnits"] == 1
    wire.clock.advance(60)
    for status in ("STOPPED", "DELETING"):
        (description,) = wire.describe()
        assert description["Status"] == status
        assert not {"MinInferenceUnits", "MaxInferenceUnits"} & set(description)
        if status == "STOPPED":
            wire.delete_project_version(ProjectVersionArn=model.arn)
    model = wire.add_model("v2", status="RUNNING", **{member: 3})
    model.set_status("STOPPED")
    model.set_status("RUNNING")
    assert wire.describe("v2")[0]["MinInferenceUnits"] == 1
    assert "MaxInferenceUnits" not in wire.describe("v2")[0]


def test_a_preset_has_trained_for_thirty_minutes(wire):
    # The default length of a training; the timestamps agree with it.
    wire.add_model("v1")
    (description,) = wire.describe()
    assert description["TrainingEndTimestamp"] == pytest.approx(description["CreationTimestamp"] + 1800, abs=1e-4)
    assert description["BillableTrainingTimeInSeconds"] in billable(1800)


def test_the_billable_time_is_not_the_wall_time_and_is_fixed_for_a_version(make_wire):
    wire = make_wire()
    for index in range(50):
        wire.add_model(f"v{index}", status="STOPPED")
    shown = [description["BillableTrainingTimeInSeconds"] for description in wire.describe()]
    assert {type(seconds) for seconds in shown} == {int}
    assert sorted(set(shown)) == billable(1800)
    assert 1800 not in shown
    again = make_wire()
    for index in range(50):
        again.add_model(f"v{index}", status="STOPPED")
    again.service.store.render_json.cache_clear()
    assert [description["BillableTrainingTimeInSeconds"] for description in again.describe()] == shown


def test_the_end_of_a_preset_s_training_is_neither_in_the_future_nor_before_its_creation(wire):
    now = wire.clock.ms / 1000
    wire.add_model("v1", creation_timestamp=now - 60)
    assert wire.describe()[0]["TrainingEndTimestamp"] == now
    wire.add_model("v2", creation_timestamp=now)
    wire.clock.advance(-60)
    assert wire.describe("v2")[0]["TrainingEndTimestamp"] == now


def test_a_preset_s_results_lie_where_the_console_puts_them(wire):
    wire.add_model("v1")
    (description,) = wire.describe()
    bucket, prefix = description["OutputConfig"]["S3Bucket"], description["OutputConfig"]["S3KeyPrefix"]
    assert re.fullmatch(r"custom-labels-console-us-east-1-[0-9a-f]{10}", bucket)  # captured three times, in this form
    assert prefix == f"evaluation/{wire.project_arn}"
    assert description["ManifestSummary"] == s3(f"{prefix}/ManifestSummary-my-project-v1.json", bucket)


@pytest.mark.parametrize("kind", ["training", "testing"])
def test_a_failed_training_with_a_validation_manifest_has_been_validated(wire, kind):
    manifests = {"Assets": [{"GroundTruthManifest": s3("v.json")}]}
    wire.add_model("v1", status="TRAINING_FAILED", **{f"{kind}_data_result": {"Validation": manifests}})
    (description,) = wire.describe()
    assert description[f"{kind.capitalize()}DataResult"]["Validation"] == manifests
    assert description["ManifestSummary"]


def test_a_message_belongs_to_the_last_status(wire):
    wire.add_model("v1", statuses=["TRAINING_IN_PROGRESS", "TRAINING_COMPLETED"], status_message="Done.", f1_score=0.5)
    assert [wire.describe()[0]["StatusMessage"] for _ in range(3)] == ["The model is being trained.", "Done.", "Done."]


def test_statuses_go_on_by_one_step_per_description_that_shows_the_version(wire):
    wire.add_model("a", statuses=["STARTING", "STARTING", "RUNNING"])
    wire.add_model("b", statuses=["STOPPING", "STOPPED"])
    seen = [[d["Status"] for d in wire.describe("a")] for _ in range(2)]
    wire.describe("nobody")
    wire.refusal("describe_project_versions", ProjectArn=wire.project_arn, MaxResults=0)
    assert wire.describe(MaxResults=1)[0]["Status"] == "STOPPING"
    wire.clock.advance(10**6)
    assert seen == [["STARTING"], ["STARTING"]]
    assert [d["Status"] for d in wire.describe()] == ["STOPPED", "RUNNING"]
    assert [d["Status"] for d in wire.describe()] == ["STOPPED", "RUNNING"]


# --- names and order ------------------------------------------------------------------------------------------------


def names(descriptions):
    return [description["ProjectVersionArn"].split("/")[3] for description in descriptions]


def test_latest_to_earliest(wire):
    for name in ("first", "second", "third"):
        wire.add_model(name)
    wire.train("fourth")
    assert names(wire.describe()) == ["fourth", "third", "second", "first"]
    stamps = [description["CreationTimestamp"] for description in wire.describe()]
    assert stamps == sorted(stamps, reverse=True)


def test_names_are_answered_in_the_same_order_once_and_unknown_ones_left_out(wire):
    for name in ("a", "b", "c"):
        wire.add_model(name)
    assert names(wire.describe("a", "nobody", "c", "a")) == ["c", "a"]
    assert wire.describe("nobody") == []
    assert wire.describe_project_versions(ProjectArn=wire.project_arn, VersionNames=["x"]) == {
        "ProjectVersionDescriptions": []
    }


def test_names_with_max_results(wire):
    for name in ("a", "b", "c"):
        wire.add_model(name)
    first = wire.describe_project_versions(ProjectArn=wire.project_arn, VersionNames=["a", "b", "c"], MaxResults=2)
    assert names(first["ProjectVersionDescriptions"]) == ["c", "b"]
    second = wire.describe_project_versions(
        ProjectArn=wire.project_arn, VersionNames=["a", "b", "c"], NextToken=first["NextToken"]
    )
    assert names(second["ProjectVersionDescriptions"]) == ["a"]
    assert "NextToken" not in second


def test_an_unknown_project(wire):
    refusal = wire.refusal("describe_project_versions", ProjectArn=wire.project_arn + "0")
    assert (refusal.code, refusal.status) == ("ResourceNotFoundException", 400)


def test_a_version_arn_given_to_describe(wire):
    arn = wire.train()
    assert wire.refusal("describe_project_versions", ProjectArn=arn).code == "ValidationException"


# --- paging ---------------------------------------------------------------------------------------------------------


def pages(wire, between=lambda: None, **params):
    """Yield the names of each page."""
    token = None
    while True:
        request = {"ProjectArn": wire.project_arn, **params}
        if token is not None:
            request["NextToken"] = token
        answer = wire.describe_project_versions(**request)
        yield names(answer["ProjectVersionDescriptions"])
        between()
        token = answer.get("NextToken")
        if token is None:
            return
        assert 0 < len(token) <= 1024


def test_paging_over_250_models(wire):
    expected = [f"v{index}" for index in range(250)][::-1]
    for name in reversed(expected):
        wire.add_model(name)
    assert [len(page) for page in pages(wire)] == [100, 100, 50]
    for size in (1, 7, 50, 99, 100):
        assert [*chain(*pages(wire, MaxResults=size))] == expected
    assert len(list(pages(wire, MaxResults=50))) == 5  # no empty page at the end


def test_models_added_while_paging_are_neither_shown_twice_nor_hide_others(make_wire):
    wire = make_wire(quotas={"concurrent_trainings": None, "models_per_project": None})
    old = [f"old{index}" for index in range(30)]
    for name in old:
        wire.add_model(name)
    added = iter(range(100))

    def add():
        wire.train(f"new{next(added)}")  # newer than all: before the first page
        wire.clock.advance(1)

    seen = [*chain(*pages(wire, add, MaxResults=7))]
    assert seen == old[::-1]


def test_models_deleted_while_paging(wire):
    for index in range(30):
        wire.add_model(f"v{index}")

    def delete():
        for description in wire.describe("v23", "v24", "v16"):
            if description["Status"] != "DELETING":
                wire.delete_project_version(ProjectVersionArn=description["ProjectVersionArn"])
        wire.clock.advance(3600)

    seen = [*chain(*pages(wire, delete, MaxResults=7))]
    assert seen == [f"v{index}" for index in range(29, -1, -1) if index != 16]


def flip(token, index):
    raw = bytearray(base64.b64decode(token, altchars=b"-_"))
    raw[index % len(raw)] ^= 1
    return base64.b64encode(bytes(raw), altchars=b"-_").decode()


def test_tokens_are_bound_to_their_query_and_safe_against_tampering(wire):
    for name in ("a", "b", "c"):
        wire.add_model(name)
    other = wire.add_project("other")
    for name in ("a", "b", "c"):
        wire.add_model(name, project=other)
    token = wire.describe_project_versions(ProjectArn=wire.project_arn, MaxResults=1)["NextToken"]

    def code(**params):
        return wire.refusal("describe_project_versions", **{"ProjectArn": wire.project_arn, **params}).code

    wrong = "InvalidPaginationTokenException"
    assert code(ProjectArn=other.arn, NextToken=token) == wrong
    assert code(VersionNames=["a", "b"], NextToken=token) == wrong
    for index in range(len(base64.b64decode(token, altchars=b"-_"))):
        assert code(NextToken=flip(token, index)) == wrong
    for text in ("x", token[:-1], token + "A", token.upper(), " " + token, "é", "\U0001f600", "=" * 8, "AAAA", "null"):
        assert code(NextToken=text) == wrong, text
    assert wire.refusal("describe_projects", NextToken=token).code == wrong
    # The size of the page is not part of the query.
    assert names(wire.describe(NextToken=token, MaxResults=2)) == ["b", "a"]


def test_an_empty_token_is_the_first_page(wire):
    wire.add_model("a")
    assert names(wire.describe(NextToken="")) == ["a"]


def test_an_invalid_token_has_a_documented_message(wire):
    refusal = wire.refusal("describe_project_versions", ProjectArn=wire.project_arn, NextToken="x")
    assert refusal.message in ("Invalid Token", "Invalid Pagination Token")


def test_the_default_page_is_a_hundred(wire):
    for index in range(101):
        wire.add_model(f"v{index}")
    answer = wire.describe_project_versions(ProjectArn=wire.project_arn)
    assert len(answer["ProjectVersionDescriptions"]) == 100
    assert answer["NextToken"]


def test_the_first_moment_of_the_epoch(make_wire):
    wire = make_wire(now=0)
    assert wire.train().endswith("/1")
    assert wire.describe()[0]["CreationTimestamp"] == 0.001


def test_a_failed_training_with_a_manifest_summary_has_been_validated(wire):
    summary = s3("summary.json")
    wire.add_model("v1", status="TRAINING_FAILED", manifest_summary=summary)
    (description,) = wire.describe()
    assert description["ManifestSummary"] == summary
    assert description["TrainingDataResult"]["Validation"]
    wire.add_model("v2", status="TRAINING_FAILED")
    assert "Validation" not in wire.describe("v2")[0]["TrainingDataResult"]


def test_members_that_a_preset_gives_are_shown_as_given(wire):
    testing = {"Input": {"Assets": [{"GroundTruthManifest": s3("m.json")}]}}
    wire.add_model("v1", feature="CUSTOM_LABELS", testing_data_result=testing)
    (description,) = wire.describe()
    assert description["Feature"] == "CUSTOM_LABELS"
    assert description["TestingDataResult"]["Input"] == testing["Input"]
    assert description["TestingDataResult"]["Output"]["AutoCreate"] is False
    wire.add_model("v2", status="RUNNING")
    assert wire.describe("v2")[0]["MinInferenceUnits"] == 1  # the least there is


def test_not_every_description_is_kept(wire):
    for index in range(300):
        wire.add_model(f"v{index}")
    for index in range(300):
        wire.describe(f"v{index}")
    assert 0 < wire.service.store.render_json.cache_info().currsize <= 256


def test_an_output_config_without_a_bucket_lies_in_the_console_s(wire):
    wire.add_model("v1", output_config={"S3KeyPrefix": "out"})
    wire.add_model("v2")
    named, console = wire.describe("v1")[0], wire.describe("v2")[0]
    bucket = console["OutputConfig"]["S3Bucket"]
    assert named["ManifestSummary"] == s3("out/ManifestSummary-my-project-v1.json", bucket)


def test_the_console_has_a_bucket_for_each_account_and_region(make_wire):
    buckets = []
    for region, account in (("us-east-1", "123456789012"), ("eu-west-1", "123456789012"), ("us-east-1", "1" * 12)):
        wire = make_wire(region=region, account=account)
        wire.add_model("v1")
        wire.add_model("v2", project=wire.add_project("other"))
        one = wire.describe()[0]["OutputConfig"]["S3Bucket"]
        (there,) = wire.describe_project_versions(ProjectArn=wire.presets._find("other").arn)[
            "ProjectVersionDescriptions"
        ]
        assert there["OutputConfig"]["S3Bucket"] == one
        assert one.startswith(f"custom-labels-console-{region}-")
        buckets.append(one)
    assert len({bucket[-10:] for bucket in buckets}) == 3


def test_no_key_is_longer_than_s3_s_keys(wire):
    wire.add_model("v1", output_config={"S3Bucket": "my-bucket", "S3KeyPrefix": "p" * 1024})
    key = wire.describe()[0]["ManifestSummary"]["S3Object"]["Name"]
    assert len(key) == 1024
    assert key.endswith("pp/ManifestSummary-my-project-v1.json")
