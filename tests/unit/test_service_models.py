"""StartProjectVersion, StopProjectVersion, DeleteProjectVersion, CopyProjectVersion: transitions and refusals."""

import pytest
from fake_service import NOON, OUTPUT

ALL = [
    "TRAINING_IN_PROGRESS",
    "TRAINING_COMPLETED",
    "TRAINING_FAILED",
    "STARTING",
    "RUNNING",
    "FAILED",
    "STOPPING",
    "STOPPED",
    "DELETING",
    "COPYING_IN_PROGRESS",
    "COPYING_COMPLETED",
    "COPYING_FAILED",
]
#: Something is under way, or it runs: it cannot be deleted.
BUSY = {"TRAINING_IN_PROGRESS", "STARTING", "RUNNING", "STOPPING", "DELETING", "COPYING_IN_PROGRESS"}


def status(wire, name="v1"):
    descriptions = wire.describe(name)
    return descriptions[0]["Status"] if descriptions else None


# --- start ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", ["TRAINING_COMPLETED", "STOPPED", "COPYING_COMPLETED"])
def test_start(wire, before):
    model = wire.add_model("v1", status=before)
    assert wire.start_project_version(ProjectVersionArn=model.arn, MinInferenceUnits=2) == {"Status": "STARTING"}
    (description,) = wire.describe()
    assert (description["Status"], description["MinInferenceUnits"]) == ("STARTING", 2)
    assert "MaxInferenceUnits" not in description
    assert description["EvaluationResult"]["F1Score"] == 1
    wire.clock.advance(300)
    (description,) = wire.describe()
    assert (description["Status"], description["StatusMessage"]) == ("RUNNING", "The model is running.")


@pytest.mark.parametrize("before", sorted({*ALL} - {"TRAINING_COMPLETED", "STOPPED", "COPYING_COMPLETED"}))
def test_a_start_that_the_status_does_not_allow(wire, before):
    model = wire.add_model("v1", status=before)
    refusal = wire.refusal("start_project_version", ProjectVersionArn=model.arn, MinInferenceUnits=1)
    # Public programs catch this one as "runs already".
    assert (refusal.code, refusal.status) == ("ResourceInUseException", 400)
    assert " started " in refusal.message
    assert before in refusal.message
    assert status(wire) == before


def test_a_project_arn_given_to_start(wire):
    refusal = wire.refusal("start_project_version", ProjectVersionArn=wire.project_arn, MinInferenceUnits=1)
    assert refusal.code == "ValidationException"


def test_an_unknown_version_and_another_region(wire):
    model = wire.add_model("v1")
    for arn, region in [(model.arn + "0", None), (model.arn, "eu-west-1")]:
        for operation, params in [
            ("start_project_version", {"MinInferenceUnits": 1}),
            ("stop_project_version", {}),
            ("delete_project_version", {}),
            ("detect_custom_labels", {"Image": {"Bytes": "AAAA"}}),
        ]:
            refusal = wire.refusal(operation, region=region, ProjectVersionArn=arn, **params)
            assert refusal.code == "ResourceNotFoundException", operation


def test_auto_scaling(wire):
    model = wire.add_model("v1")
    start = {"ProjectVersionArn": model.arn, "MinInferenceUnits": 2}
    assert wire.refusal("start_project_version", **start, MaxInferenceUnits=1).code == "InvalidParameterException"
    wire.start_project_version(**start, MaxInferenceUnits=4)
    (description,) = wire.describe()
    assert (description["MinInferenceUnits"], description["MaxInferenceUnits"]) == (2, 4)
    equal = wire.add_model("v2")
    assert wire.start_project_version(ProjectVersionArn=equal.arn, MinInferenceUnits=2, MaxInferenceUnits=2)


def test_a_second_start_forgets_the_units_of_the_first(wire):
    model = wire.add_model("v1")
    wire.start_project_version(ProjectVersionArn=model.arn, MinInferenceUnits=2, MaxInferenceUnits=4)
    wire.clock.advance(300)
    wire.stop_project_version(ProjectVersionArn=model.arn)
    wire.clock.advance(3600)
    wire.start_project_version(ProjectVersionArn=model.arn, MinInferenceUnits=1)
    (description,) = wire.describe()
    assert description["MinInferenceUnits"] == 1
    assert "MaxInferenceUnits" not in description


@pytest.mark.parametrize("units", [{"MinInferenceUnits": 6}, {"MinInferenceUnits": 1, "MaxInferenceUnits": 6}])
def test_five_inference_units(make_wire, units):
    wire = make_wire()
    model = wire.add_model("v1")
    refusal = wire.refusal("start_project_version", ProjectVersionArn=model.arn, **units)
    assert refusal.code == "LimitExceededException"
    assert refusal.message == "6 inference units. Maximum limit: 5"
    assert wire.start_project_version(ProjectVersionArn=model.arn, MinInferenceUnits=5)
    lifted = make_wire(quotas={"inference_units": None})
    assert lifted.start_project_version(ProjectVersionArn=lifted.add_model("v1").arn, **units)


def test_two_running_models(make_wire):
    wire = make_wire()
    models = [wire.add_model(f"v{index}") for index in range(3)]
    for model in models[:2]:
        wire.start_project_version(ProjectVersionArn=model.arn, MinInferenceUnits=1)
    third = {"ProjectVersionArn": models[2].arn, "MinInferenceUnits": 1}
    assert wire.refusal("start_project_version", **third).code == "LimitExceededException"
    wire.clock.advance(300)
    assert wire.refusal("start_project_version", **third).code == "LimitExceededException"
    wire.stop_project_version(ProjectVersionArn=models[0].arn)
    refusal = wire.refusal("start_project_version", **third)  # it is stopping: not gone yet
    assert (refusal.code, refusal.message) == ("LimitExceededException", "2 running models. Maximum limit: 2")
    wire.clock.advance(3600)
    assert wire.start_project_version(**third)


def test_a_start_that_fails(wire):
    wire.set_transition("start_project_version", status="FAILED", status_message="No capacity.", seconds=5)
    model = wire.add_model("v1")
    wire.start_project_version(ProjectVersionArn=model.arn, MinInferenceUnits=1)
    assert status(wire) == "STARTING"
    wire.clock.advance(5)
    (description,) = wire.describe()
    assert (description["Status"], description["StatusMessage"]) == ("FAILED", "No capacity.")


def test_a_start_by_steps_and_one_that_never_ends(wire):
    wire.set_transition("start_project_version", statuses=["STARTING", "RUNNING"])
    model = wire.add_model("v1")
    wire.start_project_version(ProjectVersionArn=model.arn, MinInferenceUnits=1)
    assert [status(wire), status(wire), status(wire)] == ["STARTING", "RUNNING", "RUNNING"]
    wire.set_transition("start_project_version", status="STARTING")
    model = wire.add_model("v2")
    wire.start_project_version(ProjectVersionArn=model.arn, MinInferenceUnits=1)
    wire.clock.advance(10**8)
    assert status(wire, "v2") == "STARTING"


#: The lengths that docs/fidelity.md lists as ours, without a source: (operation, status before, seconds, status after).
LENGTHS = [
    ("start_project_version", "TRAINING_COMPLETED", 300, "RUNNING"),
    ("stop_project_version", "RUNNING", 60, "STOPPED"),
    ("copy_project_version", "TRAINING_COMPLETED", 600, "COPYING_COMPLETED"),
    ("delete_project_version", "TRAINING_COMPLETED", 30, None),
]


@pytest.mark.parametrize(("operation", "before", "seconds", "after"), LENGTHS)
def test_the_length_of_what_nobody_planned(wire, operation, before, seconds, after):
    model, destination = wire.add_model("v1", status=before), wire.add_project("destination")
    if operation == "copy_project_version":
        wire.copy_project_version(**copy(wire, model, destination, name="v1"))
        request = {"ProjectArn": destination.arn}
    else:
        more = {"MinInferenceUnits": 1} if operation == "start_project_version" else {}
        getattr(wire, operation)(ProjectVersionArn=model.arn, **more)
        request = {"ProjectArn": wire.project_arn}
    wire.clock.advance(seconds - 0.001)
    (description,) = wire.describe_project_versions(**request)["ProjectVersionDescriptions"]
    assert description["Status"] not in (before, after)
    wire.clock.advance(0.001)
    descriptions = wire.describe_project_versions(**request)["ProjectVersionDescriptions"]
    assert [description["Status"] for description in descriptions] == ([] if after is None else [after])


# --- stop -----------------------------------------------------------------------------------------------------------


def test_stop(wire):
    model = wire.add_model("v1", status="RUNNING", min_inference_units=3)
    assert wire.stop_project_version(ProjectVersionArn=model.arn) == {"Status": "STOPPING"}
    assert status(wire) == "STOPPING"
    wire.clock.advance(3600)
    (description,) = wire.describe()
    assert (description["Status"], description["StatusMessage"]) == ("STOPPED", "The model is ready for hosting.")
    assert description["EvaluationResult"]


@pytest.mark.parametrize("before", sorted({*ALL} - {"RUNNING"}))
def test_a_stop_that_the_status_does_not_allow(wire, before):
    model = wire.add_model("v1", status=before)
    refusal = wire.refusal("stop_project_version", ProjectVersionArn=model.arn)
    assert (refusal.code, refusal.status) == ("ResourceInUseException", 400)
    assert " stopped " in refusal.message
    assert before in refusal.message
    assert status(wire) == before


def test_a_stop_that_fails(wire):
    wire.set_transition("stop_project_version", status="FAILED", status_message="No.")
    model = wire.add_model("v1", status="RUNNING")
    wire.stop_project_version(ProjectVersionArn=model.arn)
    wire.clock.advance(3600)
    assert [wire.describe()[0][key] for key in ("Status", "StatusMessage")] == ["FAILED", "No."]


def test_a_stop_as_planned(wire):
    wire.set_transition("stop_project_version", seconds=7)
    model = wire.add_model("v1", status="RUNNING")
    wire.stop_project_version(ProjectVersionArn=model.arn)
    wire.clock.advance(6.999)
    assert status(wire) == "STOPPING"
    wire.clock.advance(0.001)
    assert status(wire) == "STOPPED"


# --- delete ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", sorted({*ALL} - BUSY))
def test_delete_lists_the_version_for_a_while(wire, before):
    model = wire.add_model("v1", status=before)
    assert wire.delete_project_version(ProjectVersionArn=model.arn) == {"Status": "DELETING"}
    assert status(wire) == "DELETING"
    assert model.status == "DELETING"
    refusal = wire.refusal("create_project_version", ProjectArn=wire.project_arn, VersionName="v1", OutputConfig=OUTPUT)
    assert refusal.code == "ResourceInUseException"
    wire.clock.advance(3600)
    assert model.status == "(deleted)"
    assert wire.describe() == wire.describe("v1") == []
    assert wire.refusal("delete_project_version", ProjectVersionArn=model.arn).code == "ResourceNotFoundException"
    assert wire.train("v1") != model.arn


@pytest.mark.parametrize("before", sorted(BUSY))
def test_no_delete_while_it_runs_or_trains(wire, before):
    model = wire.add_model("v1", status=before)
    refusal = wire.refusal("delete_project_version", ProjectVersionArn=model.arn)
    assert (refusal.code, refusal.status) == ("ResourceInUseException", 400)
    assert " deleted " in refusal.message
    assert before in refusal.message
    assert status(wire) == before


def test_a_deletion_as_planned(wire):
    wire.set_transition("delete_project_version", seconds=7, status_message="Going.")
    model = wire.add_model("v1")
    wire.delete_project_version(ProjectVersionArn=model.arn)
    wire.clock.advance(6.999)
    assert wire.describe()[0]["StatusMessage"] == "Going."
    wire.clock.advance(0.001)
    assert wire.describe() == []


def test_a_deletion_that_never_ends(wire):
    wire.set_transition("delete_project_version", status="DELETING")
    model = wire.add_model("v1")
    wire.delete_project_version(ProjectVersionArn=model.arn)
    wire.clock.advance(10**8)
    assert status(wire) == "DELETING"


def test_a_deleted_model_counts_for_no_quota_and_cannot_be_set(wire):
    model = wire.add_model("v1")
    wire.delete_project_version(ProjectVersionArn=model.arn)
    wire.clock.advance(3600)
    with pytest.raises(ValueError, match=r"^'v1' has been deleted$"):
        model.set_status("RUNNING")
    for name in ("a", "b"):
        wire.start_project_version(ProjectVersionArn=wire.add_model(name).arn, MinInferenceUnits=1)


def test_an_arn_is_never_given_twice(make_wire):
    wire = make_wire()
    wire.set_transition("delete_project_version", seconds=0)
    wire.set_transition("create_project_version", seconds=0)
    arns = []
    for _ in range(5):
        arns.append(wire.train("v1"))
        wire.delete_project_version(ProjectVersionArn=arns[-1])
        assert wire.describe() == []
    assert len(set(arns)) == 5
    assert arns[0].endswith(f"/{NOON}")


# --- copy -----------------------------------------------------------------------------------------------------------


def copy(wire, model, destination, name="copy", **params):
    return {
        "SourceProjectArn": model.project_arn,
        "SourceProjectVersionArn": model.arn,
        "DestinationProjectArn": destination.arn,
        "VersionName": name,
        "OutputConfig": {"S3Bucket": "copies"},
        **params,
    }


def the_copy(wire, destination):
    (description,) = wire.describe_project_versions(ProjectArn=destination.arn)["ProjectVersionDescriptions"]
    return description


def test_copy(wire):
    model = wire.add_model("v1", f1_score=0.75, version_description="mine", kms_key_id="old-key")
    destination = wire.add_project("destination")
    answer = wire.copy_project_version(**copy(wire, model, destination, KmsKeyId="key"))
    assert answer == {"ProjectVersionArn": f"{destination.arn.rpartition('/')[0]}/version/copy/{NOON}"}
    description = the_copy(wire, destination)
    assert description["Status"] == "COPYING_IN_PROGRESS"
    assert description["SourceProjectVersionArn"] == model.arn
    assert description["OutputConfig"] == {"S3Bucket": "copies"}
    assert "EvaluationResult" not in description
    wire.clock.advance(3600)
    description = the_copy(wire, destination)
    assert description["Status"] == "COPYING_COMPLETED"
    assert description["SourceProjectVersionArn"] == model.arn
    assert description["EvaluationResult"]["F1Score"] == 0.75
    assert description["VersionDescription"] == "mine"
    assert description["KmsKeyId"] == "key"
    assert wire.start_project_version(ProjectVersionArn=answer["ProjectVersionArn"], MinInferenceUnits=1)
    wire.clock.advance(300)
    description = the_copy(wire, destination)
    assert (description["Status"], description["SourceProjectVersionArn"]) == ("RUNNING", model.arn)


TRAINED = ["TRAINING_COMPLETED", "COPYING_COMPLETED", "STARTING", "RUNNING", "STOPPING", "STOPPED", "FAILED"]


@pytest.mark.parametrize("before", TRAINED)
def test_whatever_is_trained_can_be_copied(wire, before):
    # "The model must have been trained" is all that is said: that a copy needs a stopped model, nobody says.
    model, destination = wire.add_model("v1", status=before), wire.add_project("destination")
    wire.copy_project_version(**copy(wire, model, destination))
    assert the_copy(wire, destination)["Status"] == "COPYING_IN_PROGRESS"
    assert status(wire) == before


def test_a_copy_shows_what_its_source_was_trained_with(wire):
    data = {"Assets": [{"GroundTruthManifest": {"S3Object": {"Bucket": "my-bucket", "Name": "train.manifest"}}}]}
    arn = wire.train("v1", TrainingData=data, TestingData={"Assets": [], "AutoCreate": True})
    wire.clock.advance(1800)
    destination = wire.add_project("destination")
    wire.copy_project_version(
        SourceProjectArn=wire.project_arn,
        SourceProjectVersionArn=arn,
        DestinationProjectArn=destination.arn,
        VersionName="copy",
        OutputConfig=OUTPUT,
    )
    wire.clock.advance(3600)
    description = the_copy(wire, destination)
    assert description["TrainingDataResult"]["Input"] == data
    assert description["TestingDataResult"]["Input"] == {"Assets": [], "AutoCreate": True}
    assert description["TestingDataResult"]["Output"]["AutoCreate"] is True


def test_a_copy_that_fails(wire):
    wire.set_transition("copy_project_version", status="COPYING_FAILED", status_message="No.")
    model, destination = wire.add_model("v1"), wire.add_project("destination")
    arn = wire.copy_project_version(**copy(wire, model, destination))["ProjectVersionArn"]
    wire.clock.advance(3600)
    assert [the_copy(wire, destination)[key] for key in ("Status", "StatusMessage")] == ["COPYING_FAILED", "No."]
    refusal = wire.refusal("start_project_version", ProjectVersionArn=arn, MinInferenceUnits=1)
    assert refusal.code == "ResourceInUseException"


@pytest.mark.parametrize("before", sorted({*ALL} - {*TRAINED}))
def test_a_copy_of_what_is_not_trained(wire, before):
    model, destination = wire.add_model("v1", status=before), wire.add_project("destination")
    refusal = wire.refusal("copy_project_version", **copy(wire, model, destination))
    assert (refusal.code, refusal.status) == ("ResourceInUseException", 400)
    assert refusal.message == f"The version cannot be copied while its status is {before}."


def test_refused_copies(make_wire):
    wire = make_wire(quotas={"concurrent_copies": 1})
    model, destination = wire.add_model("v1"), wire.add_project("destination")
    other = wire.add_project("other")
    wire.copy_project_version(**copy(wire, model, destination))
    for params, code in [
        ({}, "ResourceInUseException"),  # the name
        ({"VersionName": "c2"}, "LimitExceededException"),  # the quota
        ({"VersionName": "c2", "SourceProjectArn": other.arn}, "ResourceNotFoundException"),
        ({"VersionName": "c2", "DestinationProjectArn": other.arn + "1"}, "ResourceNotFoundException"),
        ({"VersionName": "c2", "SourceProjectVersionArn": model.arn + "1"}, "ResourceNotFoundException"),
        ({"VersionName": "c2", "OutputConfig": {}}, "InvalidParameterException"),
        ({"SourceProjectVersionArn": other.arn}, "ValidationException"),
    ]:
        assert wire.refusal("copy_project_version", **{**copy(wire, model, destination), **params}).code == code, params


def test_five_copies_at_once_in_a_destination(wire):
    # "Maximum number of concurrent copy jobs": 5, counted where the copies go, whatever they are copies of.
    model = wire.add_model("v1")
    foreign = wire.add_model("arn:aws:rekognition:us-east-1:999999999999:project/foreign/version/v1/1600000000000")
    one, two = wire.add_project("one"), wire.add_project("two")
    for index in range(5):
        source, destination = (model, one) if index % 2 else (foreign, two)
        wire.copy_project_version(**copy(wire, source, destination, f"c{index}"))
    for source, destination in ((model, one), (foreign, two)):
        refusal = wire.refusal("copy_project_version", **copy(wire, source, destination, "c5"))
        assert (refusal.code, refusal.message) == (
            "LimitExceededException",
            "5 concurrent copies. Maximum limit: 5",
        )
    # Another account, and another Region, have quotas of their own.
    account = wire.add_project("arn:aws:rekognition:us-east-1:999999999999:project/more/1600000000000")
    wire.copy_project_version(**copy(wire, model, account))
    there = wire.add_model("arn:aws:rekognition:eu-west-1:123456789012:project/there/version/v1/1600000000000")
    wire.copy_project_version(
        region="eu-west-1", **{**copy(wire, there, account), "DestinationProjectArn": there.project_arn}
    )
    wire.clock.advance(600)
    assert wire.copy_project_version(**copy(wire, model, one, "c5"))


def test_copies_take_part_in_the_quota_of_models(make_wire):
    wire = make_wire(quotas={"models_per_project": 1})
    model, destination = wire.add_model("v1"), wire.add_project("destination")
    wire.copy_project_version(**copy(wire, model, destination))
    refusal = wire.refusal("copy_project_version", **copy(wire, model, destination, "c2"))
    assert refusal.code == "LimitExceededException"


def test_a_copy_keeps_the_labels_and_is_independent_otherwise(wire):
    model, destination = wire.add_model("v1", f1_score=0.5), wire.add_project("destination")
    model.set_labels([{"Name": "cat", "Confidence": 90.0}])
    arn = wire.copy_project_version(**copy(wire, model, destination))["ProjectVersionArn"]
    wire.clock.advance(3600)
    wire.delete_project_version(ProjectVersionArn=model.arn)
    wire.clock.advance(3600)
    wire.start_project_version(ProjectVersionArn=arn, MinInferenceUnits=1)
    wire.clock.advance(300)
    found = wire.detect_custom_labels(ProjectVersionArn=arn, Image={"Bytes": "AAAA"})
    assert found == {"CustomLabels": [{"Name": "cat", "Confidence": 90.0}]}
    assert the_copy(wire, destination)["EvaluationResult"]["F1Score"] == 0.5


# --- adapters -------------------------------------------------------------------------------------------------------


def test_adapters_are_neither_started_nor_stopped_nor_copied_nor_asked(wire):
    project = wire.add_project("adapters", feature="CONTENT_MODERATION")
    adapter = wire.add_model("a1", project=project)
    destination = wire.add_project("destination", feature="CONTENT_MODERATION")
    training = wire.add_model("a2", project=project, status="TRAINING_IN_PROGRESS")
    for operation, done, params in [
        ("start_project_version", "started", {"ProjectVersionArn": adapter.arn, "MinInferenceUnits": 1}),
        ("stop_project_version", "stopped", {"ProjectVersionArn": adapter.arn}),
        ("stop_project_version", "stopped", {"ProjectVersionArn": training.arn}),
        ("copy_project_version", "copied", copy(wire, adapter, destination)),
        (
            "detect_custom_labels",
            "used to detect custom labels",
            {"ProjectVersionArn": adapter.arn, "Image": {"Bytes": "AAAA"}},
        ),
    ]:
        refusal = wire.refusal(operation, **params)
        assert refusal.code == "InvalidParameterException", operation
        assert refusal.message == f"Only Custom Labels models can be {done}."
    assert wire.delete_project_version(ProjectVersionArn=adapter.arn) == {"Status": "DELETING"}


def test_an_adapter_is_not_copied_among_models(wire):
    adapter = wire.add_model("a1", project=wire.add_project("adapters", feature="CONTENT_MODERATION"))
    refusal = wire.refusal("copy_project_version", **copy(wire, adapter, wire.add_project("destination")))
    assert refusal.message == "Only Custom Labels models can be copied."


def test_a_model_is_not_copied_among_adapters(wire):
    model = wire.add_model("v1")
    destination = wire.add_project("adapters", feature="CONTENT_MODERATION")
    assert wire.refusal("copy_project_version", **copy(wire, model, destination)).code == "InvalidParameterException"


@pytest.mark.parametrize("status", ["STARTING", "RUNNING", "STOPPED", "COPYING_COMPLETED", "FAILED"])
def test_an_adapter_preset_in_a_status_that_it_never_has(wire, status):
    project = wire.add_project("adapters", feature="CONTENT_MODERATION")
    adapter = wire.add_model("a1", project=project)
    with pytest.raises(ValueError, match=f"^an adapter is never {status}: adapters can be neither started nor copied$"):
        wire.add_model("a2", project=project, status=status)
    with pytest.raises(ValueError, match=f"^an adapter is never {status}"):
        adapter.set_status(status)


def test_a_deleted_version_is_gone_for_whoever_asks_first(wire):
    model = wire.add_model("v1")
    wire.delete_project_version(ProjectVersionArn=model.arn)
    wire.clock.advance(3600)
    refusal = wire.refusal("start_project_version", ProjectVersionArn=model.arn, MinInferenceUnits=1)
    assert refusal.code == "ResourceNotFoundException"


def test_a_quota_counts_its_own_statuses_alone(wire):
    for name in ("r1", "r2"):
        wire.add_model(name, status="RUNNING")
    wire.train("v1")
    wire.train("v2")
    first = wire.add_model("v3")
    refusal = wire.refusal("start_project_version", ProjectVersionArn=first.arn, MinInferenceUnits=1)
    assert refusal.message == "2 running models. Maximum limit: 2"
    request = {"ProjectArn": wire.project_arn, "VersionName": "v4", "OutputConfig": OUTPUT}
    assert wire.refusal("create_project_version", **request).message == "2 concurrent trainings. Maximum limit: 2"
    wire.clock.advance(1800)
    assert wire.create_project_version(**request)
