"""Presets: what the service could not return is refused at the line that makes it, in words that help."""

import math
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction

import boto3
import pytest
from fake_service import NOON, OUTPUT

from pytest_rekognition_cl import RekognitionCL, TrainingFailure

STATUSES = (
    "TRAINING_IN_PROGRESS, TRAINING_COMPLETED, TRAINING_FAILED, STARTING, RUNNING, FAILED, STOPPING, STOPPED, DELETING, "
    "COPYING_IN_PROGRESS, COPYING_COMPLETED, COPYING_FAILED, DEPRECATED, EXPIRED"
)
RESULT_STATUSES = (
    "TRAINING_COMPLETED, STARTING, RUNNING, FAILED, STOPPING, STOPPED, DELETING, COPYING_COMPLETED, DEPRECATED, EXPIRED"
)
VERSION_ARN = "arn:aws:rekognition:us-east-1:123456789012:project/theirs/version/v9/1690556751958"


def names(wire):
    return [description["ProjectVersionArn"].split("/")[3] for description in wire.describe()]


# --- wrong models: the whole message --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keywords", "error", "text"),
    [
        (
            {"status": "TRAINED"},
            ValueError,
            f"'TRAINED' is not a status; did you mean 'TRAINING_FAILED'? The statuses are {STATUSES}.",
        ),
        (
            {"status": "running"},
            ValueError,
            f"'running' is not a status; did you mean 'RUNNING'? The statuses are {STATUSES}.",
        ),
        ({"status": "???"}, ValueError, f"'???' is not a status. The statuses are {STATUSES}."),
        ({"status": None}, ValueError, f"None is not a status. The statuses are {STATUSES}."),
        (
            {"statuses": ["STARTING", "RUNING"]},
            ValueError,
            f"'RUNING' is not a status; did you mean 'RUNNING'? The statuses are {STATUSES}.",
        ),
        ({"statuses": "RUNNING"}, TypeError, "statuses must be a list of statuses, not 'RUNNING'"),
        ({"statuses": 5}, TypeError, "statuses must be a list of statuses, not 5"),
        ({"statuses": []}, ValueError, "statuses must name at least one status"),
        (
            {"f1_scor": 0.5},
            TypeError,
            "add_model() has no argument 'f1_scor'; did you mean 'f1_score'?",
        ),
        ({"F1Score": 0.5}, TypeError, "add_model() has no argument 'F1Score'; did you mean 'f1_score'?"),
        ({"xyz": 1}, TypeError, "add_model() has no argument 'xyz'."),
        ({"f1_score": 1.5}, ValueError, "f1_score must be a number from 0 to 1, not 1.5"),
        ({"f1_score": -0.1}, ValueError, "f1_score must be a number from 0 to 1, not -0.1"),
        ({"f1_score": math.nan}, ValueError, "f1_score must be a number from 0 to 1, not nan"),
        ({"f1_score": "high"}, TypeError, "f1_score must be a number from 0 to 1, not 'high'"),
        ({"f1_score": True}, TypeError, "f1_score must be a number from 0 to 1, not True"),
        ({"f1_score": Decimal("0.5")}, TypeError, "f1_score must be a number from 0 to 1, not Decimal('0.5')"),
        (
            {"evaluation_result": {"F1Score": 1.5}},
            ValueError,
            "evaluation_result.F1Score must be a number from 0 to 1, not 1.5",
        ),
        (
            {"evaluation_result": {"F1Score": math.nan}},
            ValueError,
            "evaluation_result.F1Score: is not a finite number",
        ),
        (
            {"status": "TRAINING_IN_PROGRESS", "f1_score": 0.5},
            ValueError,
            "a version in status TRAINING_IN_PROGRESS has no EvaluationResult (f1_score); it is there in "
            + RESULT_STATUSES,
        ),
        (
            {"statuses": ["TRAINING_IN_PROGRESS", "TRAINING_FAILED"], "f1_score": 0.5},
            ValueError,
            f"a version in status TRAINING_FAILED has no EvaluationResult (f1_score); it is there in {RESULT_STATUSES}",
        ),
        (
            {"min_inference_units": 2},
            ValueError,
            "a version in status TRAINING_COMPLETED has no MinInferenceUnits (min_inference_units); it is there in "
            "STARTING, RUNNING, FAILED, STOPPING, DELETING",
        ),
        (
            {"status": "TRAINING_IN_PROGRESS", "training_data_result": {"Output": {"Assets": []}}},
            ValueError,
            "a version in status TRAINING_IN_PROGRESS has no TrainingDataResult.Output (training_data_result); "
            f"it is there in {RESULT_STATUSES}",
        ),
        (
            {"status": "TRAINING_IN_PROGRESS", "testing_data_result": {"Validation": {"Assets": []}}},
            ValueError,
            "a version in status TRAINING_IN_PROGRESS has no TestingDataResult.Validation (testing_data_result); "
            "it is there in TRAINING_COMPLETED, TRAINING_FAILED, STARTING, RUNNING, FAILED, STOPPING, STOPPED, DELETING, "
            "COPYING_COMPLETED, DEPRECATED, EXPIRED",
        ),
        (
            {"status": "RUNNING", "min_inference_units": 3, "max_inference_units": 2},
            ValueError,
            "max_inference_units must not be less than min_inference_units",
        ),
        (
            {"status": "RUNNING", "min_inference_units": 0},
            ValueError,
            "min_inference_units: 0 is less than the minimum of 1",
        ),
        ({"status_message": 5}, ValueError, "status_message: 5 is not of type 'string'"),
        (
            {"output_config": {"S3Bucket": "my-bucket", "Prefix": "x"}},
            TypeError,
            "output_config has no member 'Prefix'; did you mean 'S3KeyPrefix'?",
        ),
        (
            {"evaluation_result": {"Summary": {"S3Object": {"Key": "x"}}}},
            TypeError,
            "evaluation_result.Summary.S3Object has no member 'Key'.",
        ),
        (
            {"training_data_result": {"Input": {"Assets": [{"GroundTruthManifests": {}}]}}},
            TypeError,
            "training_data_result.Input.Assets[0] has no member 'GroundTruthManifests'; did you mean 'GroundTruthManifest'?",
        ),
        (
            {"output_config": {"S3Bucket": "a/b/c"}},
            ValueError,
            r"output_config.S3Bucket: 'a/b/c' does not match ^[0-9A-Za-z\.\-_]*$",
        ),
        (
            {"status": "EXPIRED"},
            ValueError,
            "EXPIRED is a status of adapters; add the project with feature='CONTENT_MODERATION'",
        ),
        (
            {"feature_config": {"ContentModeration": {"ConfidenceThreshold": 50}}},
            ValueError,
            "feature_config is for adapters; add the project with feature='CONTENT_MODERATION'",
        ),
        (
            {"feature": "CONTENT_MODERATION"},
            ValueError,
            "feature must be that of the project, 'CUSTOM_LABELS', not 'CONTENT_MODERATION'",
        ),
        (
            {"creation_timestamp": datetime(2024, 1, 1)},
            ValueError,
            "creation_timestamp needs a time zone, e.g. datetime.datetime(2024, 1, 1, 0, 0, tzinfo=datetime.timezone.utc)",
        ),
        (
            {"creation_timestamp": "2024-01-01"},
            TypeError,
            "creation_timestamp must be an aware datetime or a number of epoch seconds, not '2024-01-01'",
        ),
        (
            {"creation_timestamp": 1e20},
            ValueError,
            "creation_timestamp must lie between the years 1970 and 9999, not 1e+20",
        ),
        (
            {"creation_timestamp": 1000, "training_end_timestamp": 999},
            ValueError,
            "training_end_timestamp lies before the creation of the version",
        ),
        ({"project_version_arn": VERSION_ARN}, TypeError, "add_model() got the version's ARN twice"),
        ({"project": "nobody"}, ValueError, "there is no project 'nobody'. Add it first: add_project('nobody')"),
        (
            {"project": "my-projet"},
            ValueError,
            "there is no project 'my-projet'; did you mean 'my-project'? Add it first: add_project('my-projet')",
        ),
    ],
    ids=lambda value: ", ".join(value) if isinstance(value, dict) else None,
)
def test_a_wrong_model(wire, keywords, error, text):
    with pytest.raises(error) as caught:
        wire.add_model("v1", **keywords)
    assert str(caught.value) == text
    assert wire.describe() == []


@pytest.mark.parametrize(
    ("name", "error", "text"),
    [
        ("a b", ValueError, "'a b' cannot be the name of a version: 1 to 255 letters, digits, '_', '.' and '-'"),
        ("v1\n", ValueError, "'v1\\n' cannot be the name of a version: 1 to 255 letters, digits, '_', '.' and '-'"),
        ("", ValueError, "'' cannot be the name of a version: 1 to 255 letters, digits, '_', '.' and '-'"),
        (
            "arn:aws:rekognition:us-east-1:1:project/p/version/v/1",
            ValueError,
            "'arn:aws:rekognition:us-east-1:1:project/p/version/v/1' cannot be the name of a version (an ARN of a version "
            "has another form): 1 to 255 letters, digits, '_', '.' and '-'",
        ),
        (
            "arn:aws:rekognition:us-east-1:123456789012:project/theirs/1690556751958",
            ValueError,
            "'arn:aws:rekognition:us-east-1:123456789012:project/theirs/1690556751958' is the ARN of a project; "
            "give it as project=",
        ),
        (5, TypeError, "a version is named by a string, a name or an ARN, not 5"),
        (VERSION_ARN + "\n", ValueError, None),
        (VERSION_ARN.replace("1", "\u0661"), ValueError, None),
    ],
)
def test_a_wrong_name(wire, name, error, text):
    with pytest.raises(error) as caught:
        wire.add_model(name)
    if text is not None:
        assert str(caught.value) == text


def test_two_of_one_name(wire):
    wire.add_model("v1")
    with pytest.raises(ValueError, match=r"^the project 'my-project' has a version 'v1' already$"):
        wire.add_model("v1")
    wire.add_model("v1", project=wire.add_project("other"))


def test_a_name_that_the_code_under_test_has_used(wire):
    wire.train("v1")
    with pytest.raises(ValueError, match=r"^the project 'my-project' has a version 'v1' already$"):
        wire.add_model("v1")


def test_a_model_in_a_project_that_is_or_has_been_deleted(wire):
    wire.delete_project(ProjectArn=wire.project_arn)
    with pytest.raises(ValueError, match=r"^the project 'my-project' is being deleted$"):
        wire.add_model("v1")
    wire.clock.advance(3600)
    assert wire.describe_projects() == {"ProjectDescriptions": []}
    with pytest.raises(ValueError, match=r"^the project 'my-project' has been deleted$"):
        wire.add_model("v1")


def test_a_deletion_that_is_over_is_noticed_without_a_describe(wire):
    wire.delete_project(ProjectArn=wire.project_arn)
    wire.clock.advance(3600)
    for arrange in (lambda: wire.add_model("v1"), lambda: wire.add_dataset("TRAIN")):
        with pytest.raises(ValueError, match=r"^the project 'my-project' has been deleted$"):
            arrange()


def test_a_version_arn_of_a_project_that_is_being_deleted(wire):
    wire.delete_project(ProjectArn=wire.add_project("theirs").arn)
    with pytest.raises(ValueError, match=r"^the project 'theirs' is being deleted$"):
        wire.add_model(VERSION_ARN)


# --- wrong projects -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "keywords", "error", "text"),
    [
        ("a b", {}, ValueError, "'a b' cannot be the name of a project: 1 to 255 letters, digits, '_', '.' and '-'"),
        (None, {}, TypeError, "a project is named by a string, a name or an ARN, not None"),
        (
            VERSION_ARN,
            {},
            ValueError,
            f"'{VERSION_ARN}' is the ARN of a version; a project's ends in project/<name>/<number>",
        ),
        (
            "p",
            {"feature": "custom_labels"},
            ValueError,
            "'custom_labels' is not a feature; did you mean 'CUSTOM_LABELS'? "
            "There are ('CUSTOM_LABELS', 'CONTENT_MODERATION').",
        ),
        ("p", {"datasets": "yes"}, TypeError, "datasets must be True, False or None, not 'yes'"),
        (
            "my-project",
            {},
            ValueError,
            "a project named 'my-project' exists already in us-east-1: "
            "arn:aws:rekognition:us-east-1:123456789012:project/my-project/1579597815000",
        ),
    ],
)
def test_a_wrong_project(wire, name, keywords, error, text):
    with pytest.raises(error) as caught:
        wire.add_project(name, **keywords)
    assert str(caught.value) == text


# --- wrong transitions --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "keywords", "error", "text"),
    [
        (
            "start_projct_version",
            {},
            TypeError,
            "'start_projct_version' begins nothing that takes time; did you mean 'start_project_version'? These do: "
            "create_project_version, start_project_version, stop_project_version, copy_project_version, "
            "delete_project_version, delete_project, create_dataset, update_dataset_entries, distribute_dataset_entries, "
            "delete_dataset.",
        ),
        (
            "create_project_version",
            {"status": "RUNNING"},
            ValueError,
            "'RUNNING' is not a status here. The statuses are TRAINING_IN_PROGRESS, TRAINING_COMPLETED, TRAINING_FAILED.",
        ),
        (
            "start_project_version",
            {"status": "TRAINING_COMPLETED"},
            ValueError,
            "'TRAINING_COMPLETED' is not a status here. The statuses are STARTING, RUNNING, FAILED.",
        ),
        (
            "create_project_version",
            {"status": "TRAINING_FAILED", "statuses": ["TRAINING_FAILED"]},
            TypeError,
            "give either status= (the last one) or statuses= (every one), not both",
        ),
        (
            "create_project_version",
            {"statuses": ["TRAINING_FAILED"], "seconds": 5},
            TypeError,
            "statuses= goes on by one step per description; seconds= is for a single status=",
        ),
        (
            "create_project_version",
            {"status": "TRAINING_IN_PROGRESS", "seconds": 5},
            ValueError,
            "TRAINING_IN_PROGRESS never ends, so seconds= says nothing; name the status that it ends with",
        ),
        ("stop_project_version", {"seconds": "5"}, TypeError, "seconds must be a number from 0 to 1e10, not '5'"),
        ("stop_project_version", {"seconds": True}, TypeError, "seconds must be a number from 0 to 1e10, not True"),
        (
            "stop_project_version",
            {"seconds": -1},
            ValueError,
            "seconds must be a number from 0 to 1e10, not -1",
        ),
        (
            "stop_project_version",
            {"seconds": math.nan},
            ValueError,
            "seconds must be a number from 0 to 1e10, not nan",
        ),
        (
            "create_project_version",
            {"status": "TRAINING_FAILED", "f1_score": 0.5},
            ValueError,
            f"a version in status TRAINING_FAILED has no EvaluationResult (f1_score); it is there in {RESULT_STATUSES}",
        ),
        (
            "create_project_version",
            {"training_end_timestamp": 5},
            TypeError,
            "set_transition() cannot set training_end_timestamp: it follows from when the version was created and trained",
        ),
        (
            "delete_project",
            {"status_message": "x"},
            TypeError,
            "a project has no members to set: delete_project takes status= or seconds= alone",
        ),
        (
            "delete_project_version",
            {"status": "(deleted)"},
            ValueError,
            "'(deleted)' is not a status here. The statuses are DELETING.",
        ),
    ],
)
def test_a_wrong_transition(wire, operation, keywords, error, text):
    with pytest.raises(error) as caught:
        wire.set_transition(operation, **keywords)
    assert str(caught.value) == text


# --- handles --------------------------------------------------------------------------------------------------------


def test_a_handle(wire):
    model = wire.add_model("v1", status="STOPPED")
    assert (model.version_name, model.project_arn, model.status) == ("v1", wire.project_arn, "STOPPED")
    assert model.arn == wire.describe()[0]["ProjectVersionArn"]
    assert repr(model) == "<Model 'v1' STOPPED>"
    model.set_status("RUNNING", min_inference_units=2)
    assert model.status == "RUNNING"
    assert wire.describe()[0]["MinInferenceUnits"] == 2


def test_ending_a_training(wire):
    arn = wire.train("v1")
    (model,) = (wire.add_model("v2", status="TRAINING_IN_PROGRESS"),)
    wire.clock.advance(60)
    model.complete_training(f1_score=0.25)
    first, second = wire.describe()
    assert first["ProjectVersionArn"] == arn
    assert second["Status"] == "TRAINING_COMPLETED"
    assert second["EvaluationResult"]["F1Score"] == 0.25
    assert second["TrainingEndTimestamp"] == NOON / 1000 + 60
    wire.clock.advance(10_000)
    assert wire.describe("v2")[0] == second
    for end in (model.complete_training, model.fail_training):
        with pytest.raises(ValueError, match=r"^'v2' is not in training, its status is TRAINING_COMPLETED$"):
            end()


def test_failing_a_training(wire):
    model = wire.add_model("v1", status="TRAINING_IN_PROGRESS")
    model.fail_training("The manifest file is empty.")
    (description,) = wire.describe()
    assert (description["Status"], description["StatusMessage"]) == ("TRAINING_FAILED", "The manifest file is empty.")


@pytest.mark.parametrize(
    ("status", "keywords", "error", "text"),
    [
        ("RUNING", {}, ValueError, f"'RUNING' is not a status; did you mean 'RUNNING'? The statuses are {STATUSES}."),
        ("RUNNING", {"f2": 1}, TypeError, "set_status() has no argument 'f2'."),
        (
            "RUNNING",
            {"creation_timestamp": 5},
            TypeError,
            "set_status() cannot set creation_timestamp: it follows from when the version was created and trained",
        ),
        (
            "TRAINING_COMPLETED",
            {"training_end_timestamp": 5},
            ValueError,
            "training_end_timestamp lies before the creation of the version",
        ),
        (
            "EXPIRED",
            {},
            ValueError,
            "EXPIRED is a status of adapters; add the project with feature='CONTENT_MODERATION'",
        ),
    ],
)
def test_a_wrong_set_status(wire, status, keywords, error, text):
    model = wire.add_model("v1", status="STOPPED")
    with pytest.raises(error) as caught:
        model.set_status(status, **keywords)
    assert str(caught.value) == text
    assert model.status == "STOPPED"


# --- what is not said -----------------------------------------------------------------------------------------------


def test_fresh_names(wire):
    wire.add_model("model-2")
    models = [wire.add_model() for _ in range(3)]
    assert [model.version_name for model in models] == ["model-1", "model-3", "model-4"]
    assert names(wire) == ["model-4", "model-3", "model-1", "model-2"]


def test_a_version_arn_brings_its_project(wire):
    model = wire.add_model(VERSION_ARN)
    assert model.arn == VERSION_ARN
    assert model.project_arn.startswith("arn:aws:rekognition:us-east-1:123456789012:project/theirs/")
    # A project's number is its own, not its version's: code that cuts the one out of the other finds nothing.
    assert not model.project_arn.endswith("/1690556751958")
    (description,) = wire.describe(ProjectArn=model.project_arn)
    assert description["CreationTimestamp"] == 1690556751.958
    other = wire.add_model(VERSION_ARN.replace("v9/1690556751958", "v10/1690556751959"))
    assert other.project_arn == model.project_arn
    with pytest.raises(ValueError, match="is not a version of"):
        wire.add_model(VERSION_ARN.replace("v9", "v11"), project="my-project")


def test_a_version_arn_of_an_existing_project(wire):
    project = wire.add_project("arn:aws:rekognition:us-east-1:123456789012:project/theirs/1690474772815")
    assert project == ("arn:aws:rekognition:us-east-1:123456789012:project/theirs/1690474772815", "theirs")
    assert wire.add_model(VERSION_ARN).project_arn == project.arn


def test_the_creation_timestamp_is_the_number_of_the_arn(wire):
    created = datetime(2023, 7, 28, 8, 5, 51, 958000, timezone(timedelta(hours=-7)))
    model = wire.add_model("1", creation_timestamp=created)
    assert model.arn.endswith("/version/1/1690556751958")
    with pytest.raises(
        ValueError, match=r"^creation_timestamp must be what the version's ARN ends in, 1690556751958 ms"
    ):
        wire.add_model(VERSION_ARN, creation_timestamp=5)


def test_an_arn_whose_number_is_no_time(wire):
    for index, number in enumerate(["0", "9" * 40, "000", "99999999999999999"]):
        model = wire.add_model(f"arn:aws:rekognition:us-east-1:123456789012:project/theirs/version/v{index}/{number}")
        assert wire.describe(model.version_name, ProjectArn=model.project_arn)[0]["ProjectVersionArn"] == model.arn


def test_presets_lie_in_the_past_in_the_order_written(wire):
    for index in range(5):
        wire.add_model(f"v{index}")
        wire.add_project(f"p{index}")
    stamps = [description["CreationTimestamp"] for description in wire.describe()]
    assert names(wire) == ["v4", "v3", "v2", "v1", "v0"]
    assert all(stamp < NOON / 1000 for stamp in stamps)
    for description in wire.describe():
        assert description["TrainingEndTimestamp"] <= NOON / 1000
        number = description["ProjectVersionArn"].rpartition("/")[2]
        assert int(number) == round(description["CreationTimestamp"] * 1000)
    projects = wire.describe_projects()["ProjectDescriptions"]
    assert [project["ProjectArn"].split("/")[1] for project in projects] == ["p4", "p3", "p2", "p1", "p0", "my-project"]
    wire.train("created")
    assert names(wire)[0] == "created"


def test_presets_that_are_written_late_lie_before_what_was_created(wire):
    wire.train("created")
    wire.clock.advance(3600)
    wire.add_model("late")
    assert names(wire) == ["created", "late"]


def test_more_than_a_thousand_presets_stay_in_the_past_and_in_order(wire):
    for index in range(1200):
        wire.add_model(f"v{index}")
    token, seen, last = None, 0, NOON / 1000
    while True:
        request = {"ProjectArn": wire.project_arn} | ({"NextToken": token} if token else {})
        answer = wire.describe_project_versions(**request)
        for description in answer["ProjectVersionDescriptions"]:
            assert description["CreationTimestamp"] < last
            last = description["CreationTimestamp"]
            seen += 1
            assert f"/version/v{1200 - seen}/" in description["ProjectVersionArn"]
        token = answer.get("NextToken")
        if token is None or seen >= 1000:
            break
    store = wire.service.store
    order = [version.name for version in store.projects[wire.project_arn].newest_first()]
    assert order == [f"v{index}" for index in range(1199, -1, -1)]
    assert len({arn.rpartition("/")[2] for arn in store.versions_by_arn}) == 1200
    assert max(version.created_ms for version in store.versions_by_arn.values()) < NOON


def test_a_preset_shares_nothing_with_the_caller(wire):
    output = dict(OUTPUT)
    result = {"Input": {"Assets": []}}
    wire.add_model("v1", output_config=output, training_data_result=result)
    output["S3Bucket"] = "changed"
    result["Input"]["Assets"].append({})
    description = wire.describe()[0]
    assert description["OutputConfig"] == OUTPUT
    assert description["TrainingDataResult"]["Input"] == {"Assets": []}


def test_every_member_can_be_given(wire):
    project = wire.add_project("adapters", feature="CONTENT_MODERATION")
    wire.add_model(
        "v1",
        project=project,
        status="DEPRECATED",
        feature="CONTENT_MODERATION",
        base_model_version="6.1",
        feature_config={"ContentModeration": {"ConfidenceThreshold": 33.5}},
    )
    (adapter,) = wire.describe(ProjectArn=project.arn)
    assert adapter["BaseModelVersion"] == "6.1"
    assert adapter["FeatureConfig"] == {"ContentModeration": {"ConfidenceThreshold": 33.5}}
    source = VERSION_ARN
    summary = {"S3Object": {"Bucket": "my-bucket", "Name": "m.json"}}
    wire.add_model(
        "v2",
        status="RUNNING",
        min_inference_units=1,
        max_inference_units=2,
        billable_training_time_in_seconds=7,
        training_end_timestamp=NOON / 1000,
        manifest_summary=summary,
        evaluation_result={"F1Score": 0.5, "Summary": summary},
        kms_key_id="key",
        source_project_version_arn=source,
        version_description="mine",
    )
    (description,) = wire.describe()
    expected = {
        "MinInferenceUnits": 1,
        "MaxInferenceUnits": 2,
        "BillableTrainingTimeInSeconds": 7,
        "TrainingEndTimestamp": NOON / 1000,
        "ManifestSummary": summary,
        "EvaluationResult": {"F1Score": 0.5, "Summary": summary},
        "KmsKeyId": "key",
        "SourceProjectVersionArn": source,
        "VersionDescription": "mine",
    }
    assert {member: description.get(member) for member in expected} == expected


# --- what one says of a training that failed ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arrange", "text"),
    [
        (
            lambda fake: fake.set_training(status_message=TrainingFailure.TOO_FEW_LABELS),
            "status_message 'The manifest file has too few labels.' belongs to status='TRAINING_FAILED', "
            "not to TRAINING_COMPLETED",
        ),
        (
            lambda fake: fake.add_model(status="RUNNING", status_message=TrainingFailure.EMPTY_MANIFEST),
            "status_message 'The manifest file is empty.' belongs to status='TRAINING_FAILED', not to RUNNING",
        ),
        (
            lambda fake: fake.set_training(status="TRAINING_FAILED", status_message=TrainingFailure.LABEL_OVERLAP),
            "status_message has a number to fill in: 'Less than {}% label overlap between the training and testing "
            "manifest files.'.format(20)",
        ),
        (
            lambda fake: fake.set_training(status=TrainingFailure.EMPTY_MANIFEST),
            "'The manifest file is empty.' is not a status but a message: status_message='The manifest file is empty.'",
        ),
    ],
)
def test_the_message_of_a_failed_training_belongs_to_it(arrange, text):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 (the whole text is compared)
        arrange(RekognitionCL(region="us-east-1"))
    assert str(caught.value) == text


def test_a_filled_in_message_is_a_message():
    fake = RekognitionCL(region="us-east-1")
    model = fake.add_model(status="TRAINING_FAILED", status_message=TrainingFailure.LABEL_OVERLAP.format(20))
    assert model.status == "TRAINING_FAILED"


def test_one_status_or_several():
    with pytest.raises(TypeError, match=r"^give either status= \(it stays\) or statuses= \(one after the other\)"):
        RekognitionCL(region="us-east-1").add_model(status="RUNNING", statuses=["STARTING"])


def test_boto3s_spelling_of_a_member_is_understood_as_a_typo():
    with pytest.raises(TypeError, match=r"no argument 'KmsKeyId'; did you mean 'kms_key_id'\?$"):
        RekognitionCL(region="us-east-1").add_model(KmsKeyId="x")


def test_a_region_has_a_number():
    with pytest.raises(ValueError, match=r"^region must look like 'us-east-1', not 'eu-west1'$"):
        RekognitionCL(region="eu-west1")
    assert RekognitionCL(region="us-gov-west-1").project_arn.startswith("arn:aws-us-gov:rekognition:us-gov-west-1:")


def test_the_end_of_a_presets_training_stands_still(wire):
    wire.add_model("young", creation_timestamp=NOON / 1000 - 60)
    first = wire.describe_project_versions(ProjectArn=wire.project_arn)["ProjectVersionDescriptions"]
    wire.clock.advance(600)
    assert wire.describe_project_versions(ProjectArn=wire.project_arn)["ProjectVersionDescriptions"] == first
    assert first[0]["TrainingEndTimestamp"] == NOON / 1000


def test_a_training_that_is_shortened_ends_then():
    fake = RekognitionCL(region="us-east-1")
    with fake:
        model = fake.add_model(status="TRAINING_IN_PROGRESS")
        fake.clock.advance(100)
        model.set_status("RUNNING")
        before = fake.clock.now()
        fake.clock.advance(100_000)
        client = boto3.client("rekognition", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
        shown = client.describe_project_versions(ProjectArn=fake.project_arn)["ProjectVersionDescriptions"][0]
    assert abs((shown["TrainingEndTimestamp"] - before).total_seconds()) < 5


@pytest.mark.parametrize(("word", "near"), [("f1", "f1_score"), ("f1score", "f1_score"), ("F1Score", "f1_score")])
def test_the_beginning_of_a_name_is_enough_to_be_told_the_rest(word, near):
    with pytest.raises(TypeError, match=f"did you mean '{near}'"):
        RekognitionCL().set_training(**{word: 0.9})


@pytest.mark.parametrize("value", [Decimal("0.5"), Fraction(1, 2), 0.5j, True])
def test_a_number_is_one_that_json_has(value):
    fake = RekognitionCL()
    with pytest.raises((TypeError, ValueError), match=r"f1_score|evaluation_result"):
        fake.add_model("v1", f1_score=value)
    assert not fake.models
