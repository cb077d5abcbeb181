"""CreateProjectVersion: what it refuses and why, names, ARNs, quotas, how trainings go and fail."""

import pytest
from fake_service import NOON, OUTPUT, billable

from pytest_rekognition_cl.service.statuses import TrainingFailure

DATA = {"Assets": [{"GroundTruthManifest": {"S3Object": {"Bucket": "my-bucket", "Name": "train.manifest"}}}]}
TEST_DATA = {"Assets": [{"GroundTruthManifest": {"S3Object": {"Bucket": "my-bucket", "Name": "test.manifest"}}}]}


# --- ARNs and times (the number of an ARN is the creation time in epoch milliseconds: four captured pairs) ----------


def test_the_arn_ends_in_the_creation_time(wire):
    wire.clock.ms = 1_690_556_751_958
    arn = wire.train("1")
    assert arn == "arn:aws:rekognition:us-east-1:123456789012:project/my-project/version/1/1690556751958"
    assert wire.describe()[0]["CreationTimestamp"] == 1690556751.958


def test_arns_are_unique_under_a_frozen_clock_and_the_first_gets_the_instant(make_wire):
    wire = make_wire(quotas={"concurrent_trainings": None})
    numbers = [int(wire.train(f"v{index}").rpartition("/")[2]) for index in range(50)]
    assert numbers[0] == NOON
    assert numbers == sorted(set(numbers))
    assert numbers[-1] < NOON + 1000
    assert [round(d["CreationTimestamp"] * 1000) for d in wire.describe()] == numbers[::-1]


def test_time_running_backwards(wire):
    wire.clock.advance(100)
    first = wire.train("v1")
    wire.clock.ms = NOON - 5000
    second = wire.train("v2")
    wire.clock.ms = NOON - 10_000
    assert [d["Status"] for d in wire.describe()] == ["TRAINING_IN_PROGRESS"] * 2
    wire.clock.ms = NOON + 2_000_000
    descriptions = {d["ProjectVersionArn"]: d for d in wire.describe()}
    assert set(descriptions) == {first, second}
    wire.clock.ms = NOON - 10_000
    for description in wire.describe():
        assert description["Status"] == "TRAINING_COMPLETED"  # once reached, it stays
        assert description["TrainingEndTimestamp"] >= description["CreationTimestamp"]
        assert description["BillableTrainingTimeInSeconds"] in billable(1800)


def test_a_training_ended_by_hand_before_its_creation_ends_at_its_creation(wire):
    model = wire.add_model("v1", status="TRAINING_IN_PROGRESS", creation_timestamp=NOON / 1000)
    wire.clock.ms = NOON - 60_000
    model.complete_training()
    (description,) = wire.describe()
    assert description["TrainingEndTimestamp"] == description["CreationTimestamp"] == NOON / 1000


def test_the_default_training_takes_thirty_minutes(wire):
    wire.train()
    wire.clock.advance(1799.999)
    assert wire.describe()[0]["Status"] == "TRAINING_IN_PROGRESS"
    wire.clock.advance(0.001)
    (description,) = wire.describe()
    assert description["Status"] == "TRAINING_COMPLETED"
    assert description["TrainingEndTimestamp"] == NOON / 1000 + 1800
    assert description["BillableTrainingTimeInSeconds"] in billable(1800)
    wire.clock.advance(86_400)
    assert wire.describe() == [description]


def test_the_partition_follows_the_region(make_wire):
    # AWS's endpoints file.
    for region, partition in [
        ("eu-west-1", "aws"),
        ("us-gov-west-1", "aws-us-gov"),
        ("cn-north-1", "aws-cn"),
        ("us-iso-east-1", "aws-iso"),
        ("us-isob-east-1", "aws-iso-b"),
        ("eu-isoe-west-1", "aws-iso-e"),
        ("us-isof-south-1", "aws-iso-f"),
        ("eusc-de-east-1", "aws-eusc"),
    ]:
        assert (
            make_wire(region=region).train().startswith(f"arn:{partition}:rekognition:{region}:123456789012:project/")
        )


# --- refusals -------------------------------------------------------------------------------------------------------


def test_an_unknown_project(wire):
    other = wire.project_arn.replace("my-project", "other")
    refusal = wire.refusal("create_project_version", ProjectArn=other, VersionName="v1", OutputConfig=OUTPUT)
    assert refusal.code == "ResourceNotFoundException"
    number = wire.project_arn[:-1] + "9"
    refusal = wire.refusal("create_project_version", ProjectArn=number, VersionName="v1", OutputConfig=OUTPUT)
    assert refusal.code == "ResourceNotFoundException"


def test_a_client_of_another_region(wire):
    for operation, params in [
        ("create_project_version", {"VersionName": "v1", "OutputConfig": OUTPUT}),
        ("describe_project_versions", {}),
        ("delete_project", {}),
    ]:
        refusal = wire.refusal(operation, region="eu-west-1", ProjectArn=wire.project_arn, **params)
        assert (refusal.code, refusal.status) == ("ResourceNotFoundException", 400)


def test_a_name_in_use(wire):
    wire.train("v1")
    refusal = wire.refusal("create_project_version", ProjectArn=wire.project_arn, VersionName="v1", OutputConfig=OUTPUT)
    assert (refusal.code, refusal.status) == ("ResourceInUseException", 400)  # not ResourceAlreadyExists, not 409
    assert len(wire.describe()) == 1


def test_a_name_is_unique_in_its_project_only(wire):
    other = wire.add_project("other")
    wire.train("v1")
    assert wire.train("v1", ProjectArn=other.arn)


def test_names_are_case_sensitive(wire):
    wire.train("v1")
    assert wire.train("V1")


def test_an_output_config_without_a_bucket(wire):
    # The model has no required member in OutputConfig; what the service says is not known.
    for config in ({}, {"S3KeyPrefix": "out"}):
        refusal = wire.refusal(
            "create_project_version", ProjectArn=wire.project_arn, VersionName="v1", OutputConfig=config
        )
        assert refusal.code == "InvalidParameterException"


def test_the_tag_quota_is_the_service_quota(make_wire):
    wire = make_wire(quotas={"tags": 2})
    wire.train("v1", Tags={"a": "", "b": ""})
    refusal = wire.refusal(
        "create_project_version",
        ProjectArn=wire.project_arn,
        VersionName="v2",
        OutputConfig=OUTPUT,
        Tags={"a": "", "b": "", "c": ""},
    )
    assert refusal.code == "ServiceQuotaExceededException"


# --- datasets or manifests ------------------------------------------------------------------------------------------

BOTH = {"TrainingData": DATA, "TestingData": TEST_DATA}
SPLIT = {"TrainingData": DATA, "TestingData": {"AutoCreate": True}}


@pytest.mark.parametrize("datasets", [True, None])
def test_a_training_with_the_project_s_datasets(wire, datasets):
    project = wire.add_project("other", datasets=datasets)
    wire.train(ProjectArn=project.arn)
    (description,) = wire.describe_project_versions(ProjectArn=project.arn)["ProjectVersionDescriptions"]
    assert description["TrainingDataResult"] == {"Input": {}}
    assert description["TestingDataResult"] == {"Input": {"AutoCreate": False}}


@pytest.mark.parametrize("datasets", [False, None])
@pytest.mark.parametrize("data", [BOTH, SPLIT, {**SPLIT, "TestingData": {"AutoCreate": True, "Assets": []}}])
def test_a_training_with_manifests(wire, datasets, data):
    project = wire.add_project("other", datasets=datasets)
    wire.train(ProjectArn=project.arn, **data)
    (description,) = wire.describe_project_versions(ProjectArn=project.arn)["ProjectVersionDescriptions"]
    assert description["TrainingDataResult"] == {"Input": data["TrainingData"]}
    assert description["TestingDataResult"] == {"Input": data["TestingData"]}


@pytest.mark.parametrize(
    ("datasets", "data"),
    [
        (True, BOTH),  # "The project must not have any associated datasets."
        (True, SPLIT),
        (False, {}),
        (None, {"TrainingData": DATA}),  # "If you specify TrainingData you must also specify TestingData"
        (None, {"TestingData": TEST_DATA}),
        (None, {"TestingData": {"AutoCreate": True}}),
        (None, {"TrainingData": {}, "TestingData": TEST_DATA}),
        (None, {"TrainingData": {"Assets": []}, "TestingData": TEST_DATA}),
        (None, {"TrainingData": {"Assets": [{}]}, "TestingData": TEST_DATA}),
        (None, {"TrainingData": {"Assets": [*DATA["Assets"], *DATA["Assets"]]}, "TestingData": TEST_DATA}),
        (None, {"TrainingData": DATA, "TestingData": {}}),
        (None, {"TrainingData": DATA, "TestingData": {"AutoCreate": False}}),
        (None, {"TrainingData": DATA, "TestingData": {"Assets": []}}),
        (
            None,
            {
                "TrainingData": {"Assets": [{"GroundTruthManifest": {"S3Object": {"Bucket": "my-bucket"}}}]},
                "TestingData": TEST_DATA,
            },
        ),
        (
            None,
            {
                "TrainingData": {"Assets": [{"GroundTruthManifest": {"S3Object": {"Name": "train.manifest"}}}]},
                "TestingData": TEST_DATA,
            },
        ),
    ],
)
def test_data_that_does_not_go_together(wire, datasets, data):
    project = wire.add_project("other", datasets=datasets)
    refusal = wire.refusal(
        "create_project_version", ProjectArn=project.arn, VersionName="v1", OutputConfig=OUTPUT, **data
    )
    assert (refusal.code, refusal.status) == ("InvalidParameterException", 400)
    assert list(refusal.body) == ["__type", "Code", "Message"]


@pytest.mark.parametrize(
    ("datasets", "data", "message"),
    [
        # The first two are the documentation's sentence, the others say what is wrong in words of ours.
        (None, {"TrainingData": DATA}, "If you specify TrainingData you must also specify TestingData."),
        (None, {"TestingData": TEST_DATA}, "If you specify TestingData you must also specify TrainingData."),
        (False, {}, "The project has no datasets: specify TrainingData and TestingData."),
        (True, BOTH, "TrainingData and TestingData can only be used where the project has no associated datasets."),
        (None, {**BOTH, "TrainingData": {}}, "TrainingData must name one manifest."),
        (None, {**BOTH, "TestingData": {}}, "TestingData must name one manifest, or AutoCreate."),
    ],
)
def test_the_message_says_what_does_not_go_together(wire, datasets, data, message):
    project = wire.add_project("other", datasets=datasets)
    request = {"ProjectArn": project.arn, "VersionName": "v1", "OutputConfig": OUTPUT, **data}
    assert wire.refusal("create_project_version", **request).message == message


# --- adapters -------------------------------------------------------------------------------------------------------

MODERATION = {"ContentModeration": {"ConfidenceThreshold": 70}}


def test_an_adapter_trains_with_training_data_alone(wire):
    project = wire.add_project("adapters", feature="CONTENT_MODERATION")
    wire.train(ProjectArn=project.arn, TrainingData=DATA, FeatureConfig=MODERATION)
    (description,) = wire.describe_project_versions(ProjectArn=project.arn)["ProjectVersionDescriptions"]
    assert description["Feature"] == "CONTENT_MODERATION"
    assert description["FeatureConfig"] == MODERATION
    assert description["BaseModelVersion"]


@pytest.mark.parametrize("datasets", [False, None])
@pytest.mark.parametrize("data", [{"TrainingData": DATA}, {"TestingData": TEST_DATA}, BOTH])
def test_an_adapter_needs_not_both(wire, datasets, data):
    # AWS's own sample trains an adapter with training data alone.
    project = wire.add_project("adapters", feature="CONTENT_MODERATION", datasets=datasets)
    wire.train(ProjectArn=project.arn, **data)
    (description,) = wire.describe_project_versions(ProjectArn=project.arn)["ProjectVersionDescriptions"]
    assert description["TrainingDataResult"] == {"Input": data.get("TrainingData", {})}
    assert description["TestingDataResult"] == {"Input": data.get("TestingData", {"AutoCreate": False})}


@pytest.mark.parametrize(
    ("datasets", "data"),
    [
        (True, {"TrainingData": DATA}),
        (True, {"TestingData": TEST_DATA}),
        (None, {"TrainingData": {"Assets": DATA["Assets"] * 2}}),
        (None, {"TestingData": {"Assets": TEST_DATA["Assets"] * 2}}),
    ],
)
def test_an_adapter_s_data_that_does_not_go_together(wire, datasets, data):
    project = wire.add_project("adapters", feature="CONTENT_MODERATION", datasets=datasets)
    request = {"ProjectArn": project.arn, "VersionName": "v1", "OutputConfig": OUTPUT, **data}
    assert wire.refusal("create_project_version", **request).code == "InvalidParameterException"


def test_a_feature_config_that_does_not_match_the_project(wire):
    # "If the job configuration does not match the feature type associated with the project, an
    # InvalidParameterException is returned."
    refusal = wire.refusal(
        "create_project_version",
        ProjectArn=wire.project_arn,
        VersionName="v1",
        OutputConfig=OUTPUT,
        FeatureConfig=MODERATION,
    )
    assert refusal.code == "InvalidParameterException"
    assert refusal.message == "The job configuration does not match the feature type associated with the project."


# --- what a request leaves behind -----------------------------------------------------------------------------------


def test_members_of_the_request_come_back(wire):
    key = "arn:aws:kms:us-east-1:111122223333:key/1234abcd"
    wire.train(KmsKeyId=key, VersionDescription="the first", Tags={"a": "b"})
    (description,) = wire.describe()
    assert description["KmsKeyId"] == key
    assert description["VersionDescription"] == "the first"
    assert description["OutputConfig"] == OUTPUT
    assert "Tags" not in description


def test_answers_share_nothing_with_plans_and_store(wire):
    output = {"GroundTruthManifest": {"S3Object": {"Bucket": "my-bucket", "Name": "x"}}}
    result = {"Output": {"Assets": [output]}}
    wire.set_transition("create_project_version", seconds=0, training_data_result=result)
    wire.train("v1")
    result["Output"]["Assets"].clear()
    wire.train("v2")
    assert [d["TrainingDataResult"]["Output"]["Assets"] for d in wire.describe()] == [[output], [output]]


def test_what_one_request_says_is_not_kept_in_the_plan(wire):
    wire.set_transition("create_project_version", seconds=0, training_data_result={"Output": DATA})
    wire.train("v1", **BOTH)
    wire.train("v2")
    assert [d["TrainingDataResult"]["Input"] for d in wire.describe()] == [{}, DATA]


def test_a_training_ends_at_a_whole_millisecond(wire):
    wire.set_transition("create_project_version", seconds=1.0004)
    wire.train()
    wire.clock.advance(100)
    assert wire.describe()[0]["TrainingEndTimestamp"] == NOON / 1000 + 1


def test_a_training_by_steps_ends_when_its_end_is_next_to_be_shown(wire):
    wire.set_transition("create_project_version", statuses=["TRAINING_IN_PROGRESS", "TRAINING_COMPLETED"])
    wire.train()
    wire.clock.advance(10)
    assert wire.describe()[0]["Status"] == "TRAINING_IN_PROGRESS"
    wire.clock.advance(3600)
    (description,) = wire.describe()
    assert description["Status"] == "TRAINING_COMPLETED"
    assert description["TrainingEndTimestamp"] == NOON / 1000 + 10
    assert description["BillableTrainingTimeInSeconds"] in billable(10)


def test_a_tag_without_a_value_counts_as_not_given(wire):
    # AWS's JSON protocols pass over what is null, also among the members of a map.
    assert wire.train(Tags={"a": None, "b": ""})


def test_a_training_ends_when_its_time_is_over_not_when_it_is_looked_at(wire):
    wire.set_transition("create_project_version", seconds=7200)
    wire.train()
    wire.clock.advance(86_400)
    (description,) = wire.describe()
    assert description["TrainingEndTimestamp"] == NOON / 1000 + 7200
    assert description["BillableTrainingTimeInSeconds"] in billable(7200)


def test_a_repeated_body_is_checked_against_the_state_again(wire):
    first = wire.train("v1")
    refusal = wire.refusal("create_project_version", ProjectArn=wire.project_arn, VersionName="v1", OutputConfig=OUTPUT)
    assert refusal.code == "ResourceInUseException"
    wire.clock.advance(1800)
    wire.delete_project_version(ProjectVersionArn=first)
    wire.clock.advance(3600)
    assert wire.train("v1") != first


# --- quotas ---------------------------------------------------------------------------------------------------------


def test_two_trainings_at_once(wire):
    wire.train("v1")
    wire.train("v2")
    refusal = wire.refusal("create_project_version", ProjectArn=wire.project_arn, VersionName="v3", OutputConfig=OUTPUT)
    assert (refusal.code, refusal.status) == ("LimitExceededException", 400)
    assert len(wire.describe()) == 2
    wire.clock.advance(1800)
    assert wire.train("v3")


def test_the_quota_of_trainings_is_the_account_s_over_all_projects(wire):
    other = wire.add_project("other")
    wire.train("v1")
    wire.train("v2", ProjectArn=other.arn)
    refusal = wire.refusal("create_project_version", ProjectArn=wire.project_arn, VersionName="v3", OutputConfig=OUTPUT)
    assert refusal.code == "LimitExceededException"


def test_quotas_are_per_region(wire):
    wire.train("v1")
    wire.train("v2")
    there = wire.create_project(region="eu-west-1", ProjectName="there")["ProjectArn"]
    params = {"ProjectArn": there, "OutputConfig": OUTPUT}
    assert wire.create_project_version(region="eu-west-1", VersionName="v1", **params)


def test_sydney_trains_one_at_a_time(make_wire):
    wire = make_wire(region="ap-southeast-2")
    wire.train("v1")
    refusal = wire.refusal("create_project_version", ProjectArn=wire.project_arn, VersionName="v2", OutputConfig=OUTPUT)
    assert refusal.code == "LimitExceededException"


@pytest.mark.parametrize("region", ["us-east-1", "ap-southeast-2"])
def test_the_quota_of_trainings_can_be_set(make_wire, region):
    wire = make_wire(region=region, quotas={"concurrent_trainings": 3})
    for name in ("v1", "v2", "v3"):
        wire.train(name)
    assert wire.refusal(
        "create_project_version", ProjectArn=wire.project_arn, VersionName="v4", OutputConfig=OUTPUT
    ).code == ("LimitExceededException")


def test_a_hundred_models_a_project(wire):
    for index in range(100):
        wire.add_model(f"v{index}")
    refusal = wire.refusal(
        "create_project_version", ProjectArn=wire.project_arn, VersionName="new", OutputConfig=OUTPUT
    )
    assert refusal.code == "LimitExceededException"
    other = wire.add_project("other")
    assert wire.train("new", ProjectArn=other.arn)


def test_presets_count_but_are_never_refused(wire):
    for index in range(150):
        wire.add_model(f"v{index}", status="TRAINING_IN_PROGRESS")
    for index in range(5):
        wire.add_model(f"r{index}", status="RUNNING")
    other = wire.add_project("other")
    refusal = wire.refusal("create_project_version", ProjectArn=other.arn, VersionName="new", OutputConfig=OUTPUT)
    assert refusal.code == "LimitExceededException"


def test_a_quota_of_none_is_lifted(make_wire):
    wire = make_wire(quotas={"models_per_project": None, "concurrent_trainings": None})
    for index in range(150):
        wire.train(f"v{index}")
    assert len(wire.describe()) == 100  # the largest page


# --- failures -------------------------------------------------------------------------------------------------------

FILE_ERRORS = [
    "The manifest file extension or contents are invalid.",
    "The manifest file is empty.",
    "The manifest file size exceeds the maximum supported size.",
    "Unable to write to output S3 bucket.",
    "The S3 bucket permissions are incorrect.",
]
CONTENT_ERRORS = [
    "The manifest file contains too many invalid rows.",
    "The manifest file contains images from multiple S3 buckets.",
    "The permissions for the images S3 bucket are invalid.",
    "Invalid owner id for images S3 bucket.",
    "The manifest file contains insufficient labeled images per label to perform auto-split.",
    "The manifest file has too few labels.",
    "The manifest file has too many labels.",
    "Less than {}% label overlap between the training and testing manifest files.",
    "The manifest file has too few usable labels.",
    "Less than {}% usable label overlap between the training and testing manifest files.",
    "Failed to copy images from S3 bucket.",
]


def test_the_documented_failures_are_offered_by_name():
    named = {value for name, value in vars(TrainingFailure).items() if name.isupper()}
    assert named == {*FILE_ERRORS, *CONTENT_ERRORS}


@pytest.mark.parametrize("message", FILE_ERRORS)
def test_a_file_error_has_no_validation_results(wire, message):
    wire.set_transition("create_project_version", status="TRAINING_FAILED", status_message=message)
    wire.train(TrainingData=DATA, TestingData=TEST_DATA)
    wire.clock.advance(1800)
    (description,) = wire.describe()
    assert (description["Status"], description["StatusMessage"]) == ("TRAINING_FAILED", message)
    assert description["TrainingDataResult"] == {"Input": DATA}
    assert description["TestingDataResult"] == {"Input": TEST_DATA}
    assert not {"ManifestSummary", "EvaluationResult", "BillableTrainingTimeInSeconds"} & set(description)


@pytest.mark.parametrize("message", [message.format(20) for message in CONTENT_ERRORS])
def test_a_content_error_has_the_validation_results(wire, message):
    wire.set_transition("create_project_version", status="TRAINING_FAILED", status_message=message)
    wire.train(TrainingData=DATA, TestingData=TEST_DATA)
    assert "ManifestSummary" not in wire.describe()[0]
    wire.clock.advance(1800)
    (description,) = wire.describe()
    assert (description["Status"], description["StatusMessage"]) == ("TRAINING_FAILED", message)
    assert set(description["TrainingDataResult"]) == set(description["TestingDataResult"]) == {"Input", "Validation"}
    assert description["ManifestSummary"]["S3Object"] == {
        "Bucket": "my-bucket",
        "Name": "out/ManifestSummary-my-project-v1.json",
    }
    assert not {"EvaluationResult", "BillableTrainingTimeInSeconds"} & set(description)


def test_a_failure_that_follows_another_is_judged_by_its_own_message(wire):
    model = wire.add_model("v1", status="TRAINING_FAILED", status_message=TrainingFailure.TOO_FEW_LABELS)
    assert "ManifestSummary" in wire.describe()[0]
    model.set_status("TRAINING_FAILED", status_message=TrainingFailure.EMPTY_MANIFEST)
    assert "ManifestSummary" not in wire.describe()[0]


def test_what_a_failed_training_left_is_shown_while_it_is_deleted(wire):
    for name, message in [("v1", TrainingFailure.TOO_FEW_LABELS), ("v2", TrainingFailure.EMPTY_MANIFEST)]:
        model = wire.add_model(name, status="TRAINING_FAILED", status_message=message)
        wire.delete_project_version(ProjectVersionArn=model.arn)
    second, first = wire.describe()
    assert first["Status"] == second["Status"] == "DELETING"
    assert "ManifestSummary" in first
    assert "ManifestSummary" not in second


def test_a_training_that_never_ends(wire):
    wire.set_transition("create_project_version", status="TRAINING_IN_PROGRESS")
    wire.train()
    wire.clock.advance(10**9)
    assert wire.describe()[0]["Status"] == "TRAINING_IN_PROGRESS"


def test_a_training_by_steps(wire):
    wire.set_transition(
        "create_project_version",
        statuses=["TRAINING_IN_PROGRESS", "TRAINING_IN_PROGRESS", "TRAINING_COMPLETED"],
        f1_score=0.5,
    )
    wire.train()
    seen = [wire.describe()[0] for _ in range(4)]
    assert [d["Status"] for d in seen] == ["TRAINING_IN_PROGRESS"] * 2 + ["TRAINING_COMPLETED"] * 2
    assert [d.get("EvaluationResult", {}).get("F1Score") for d in seen] == [None, None, 0.5, 0.5]


def test_a_number_that_a_preset_has_taken_is_not_given_again(wire):
    head = wire.project_arn.rpartition("/")[0]
    for number in (NOON, NOON + 1, NOON + 3):
        wire.add_model(f"{head}/version/preset-{number}/{number}")
    assert wire.train().rpartition("/")[2] == str(NOON + 2)
    wire.clock.ms += 3
    assert wire.train("v2").rpartition("/")[2] == str(NOON + 4)


def test_a_training_by_steps_that_is_ended_by_hand_ends_then(wire):
    on_the_way = "TRAINING_IN_PROGRESS"
    model = wire.add_model(
        "v1", statuses=[on_the_way, on_the_way, "TRAINING_COMPLETED"], creation_timestamp=NOON / 1000
    )
    wire.describe()
    wire.clock.advance(500)
    model.set_status("RUNNING")
    wire.clock.advance(500)
    assert wire.describe()[0]["TrainingEndTimestamp"] == NOON / 1000 + 500


def test_when_a_training_will_end_by_itself(wire):
    progression = wire.service.store.versions_by_arn[wire.train()].progression
    assert progression.due_ms == NOON + 1_800_000
    wire.clock.advance(1800)
    wire.describe()
    assert progression.due_ms is None


def test_the_end_of_a_training_stays_whatever_comes_later(wire):
    arn = wire.train()
    wire.clock.advance(3600)
    wire.start_project_version(ProjectVersionArn=arn, MinInferenceUnits=1)
    wire.clock.advance(3600)
    wire.stop_project_version(ProjectVersionArn=arn)
    wire.clock.advance(3600)
    assert wire.describe()[0]["TrainingEndTimestamp"] == NOON / 1000 + 1800


def test_a_preset_that_is_set_to_the_end_of_a_training_ends_then(wire):
    for status in ("TRAINING_COMPLETED", "TRAINING_FAILED"):
        model = wire.add_model(status, status="STOPPED")
        wire.clock.advance(500)
        model.set_status(status)
        wire.clock.advance(500)
        (description,) = wire.describe(status)
        assert description["TrainingEndTimestamp"] == wire.clock.ms / 1000 - 500
