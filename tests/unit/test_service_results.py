"""What a training writes to S3: every object that the description names, in the documented forms."""

import json
from datetime import datetime, timezone

import pytest
from fake_service import OUTPUT
from test_service_datasets import DATA, boxes, image


def model(wire, arn):
    return next(made for made in wire.presets.models() if made.arn == arn)


def named(value):
    """Yield (bucket, key) of every S3 object in a description, but for what the request gave."""
    if isinstance(value, dict):
        if "S3Object" in value:
            yield value["S3Object"]["Bucket"], value["S3Object"]["Name"]
        for key, item in value.items():
            if key != "Input":
                yield from named(item)
    elif isinstance(value, list):
        for item in value:
            yield from named(item)


def lines(content):
    return [json.loads(line) for line in content.decode().splitlines()]


def file(files, kind):
    """Return the content of the one file of this kind."""
    [content] = [content for (_, key), content in files.items() if key.rpartition("/")[2].startswith(f"{kind}-")]
    return content


def trained(wire, training, testing=None, **keywords):
    """Return a model that was trained with datasets of these entries."""
    wire.add_dataset("TRAIN", entries=training)
    if testing is not None:
        wire.add_dataset("TEST", entries=testing)
    if keywords:
        wire.set_transition("create_project_version", **keywords)
    arn = wire.train()
    wire.clock.advance(1800)
    return model(wire, arn)


def test_there_is_a_file_for_each_object_that_the_description_names(wire):
    made = trained(wire, [image(1)], [image(2)])
    files = made.result_files()
    [description] = wire.describe()
    assert set(files) == set(named(description))
    assert len(files) == 6
    assert {bucket for bucket, _ in files} == {"my-bucket"}
    assert all(key.startswith("out/") for _, key in files)


def test_the_summary_file_has_the_documented_form(wire):
    made = trained(
        wire,
        [image(1, "cat"), image(2, "dog"), image(3, None), "nonsense", image(4, "cat")],
        [image(5, "cat"), image(6, "dog"), image(7, "cat")],
        label_f1_scores={"cat": 0.8, "dog": 0.9},
    )
    summary = json.loads(file(made.result_files(), "EvaluationResultSummary"))
    ended = datetime.fromtimestamp(wire.clock.ms / 1000, timezone.utc).replace(tzinfo=None)
    f1_score = pytest.approx(0.85)
    assert summary == {
        "Version": 1,
        "AggregatedEvaluationResults": {
            "ConfusionMatrix": [
                {"GroundTruthLabel": "cat", "PredictedLabel": "cat", "Value": 0.8},
                {"GroundTruthLabel": "cat", "PredictedLabel": "dog", "Value": pytest.approx(0.2)},
                {"GroundTruthLabel": "dog", "PredictedLabel": "cat", "Value": pytest.approx(0.1)},
                {"GroundTruthLabel": "dog", "PredictedLabel": "dog", "Value": 0.9},
            ],
            "F1Score": f1_score,
            "Precision": f1_score,
            "Recall": f1_score,
        },
        "EvaluationDetails": {
            "EvaluationEndTimestamp": ended.isoformat(timespec="microseconds"),
            "Labels": ["cat", "dog"],
            "NumberOfTestingImages": 3,
            "NumberOfTrainingImages": 3,
            "ProjectVersionArn": made.arn,
        },
        "LabelEvaluationResults": [  # "sorted by the F1 score of each label"
            {
                "Label": "dog",
                "Metrics": {"F1Score": 0.9, "Precision": 0.9, "Recall": 0.9, "Threshold": 0.5},
                "NumberOfTestingImages": 1,
            },
            {
                "Label": "cat",
                "Metrics": {"F1Score": 0.8, "Precision": 0.8, "Recall": 0.8, "Threshold": 0.5},
                "NumberOfTestingImages": 2,
            },
        ],
    }
    assert wire.describe()[0]["EvaluationResult"]["F1Score"] == f1_score


def test_the_summary_of_an_object_detection(wire):
    class_map = {"0": "Echo", "1": "Echo Dot"}
    made = trained(wire, [boxes(1, [0, 1], class_map)], [boxes(2, [0], class_map)], f1_score=0.7)
    # "For object detection AverageRecall and AveragePrecision are returned. For classification a confusion matrix."
    assert json.loads(file(made.result_files(), "EvaluationResultSummary"))["AggregatedEvaluationResults"] == {
        "F1Score": 0.7,
        "Precision": 0.7,
        "Recall": 0.7,
        "AveragePrecision": 0.7,
        "AverageRecall": 0.7,
    }


def test_the_labels_are_those_of_the_training(wire):
    made = trained(wire, [image(1, "cat"), image(2, "dog")], [image(3, "cat"), image(4, "cow")])
    summary = json.loads(file(made.result_files(), "EvaluationResultSummary"))
    assert summary["EvaluationDetails"]["Labels"] == ["cat", "dog"]  # "labels detected during training"
    assert [(e["Label"], e["NumberOfTestingImages"]) for e in summary["LabelEvaluationResults"]] == [
        ("cat", 1),
        ("dog", 0),
    ]


def test_an_f1_score_beside_those_of_labels(wire):
    wire.set_transition("create_project_version", f1_score=0.5, label_f1_scores={"cat": 0.9})
    arn = wire.train()
    wire.clock.advance(1800)
    summary = json.loads(file(model(wire, arn).result_files(), "EvaluationResultSummary"))
    assert summary["AggregatedEvaluationResults"]["F1Score"] == 0.5
    assert [each["Metrics"]["F1Score"] for each in summary["LabelEvaluationResults"]] == [0.9]
    assert wire.describe()[0]["EvaluationResult"]["F1Score"] == 0.5


def test_a_preset_has_files_too(wire):
    wire.add_dataset("TRAIN", entries=[image(1)])
    made = wire.add_model("v1", label_f1_scores={"cat": 0.25}, output_config=OUTPUT)
    files = made.result_files()
    assert json.loads(file(files, "EvaluationResultSummary"))["AggregatedEvaluationResults"]["F1Score"] == 0.25
    assert set(files) == set(named(wire.describe()[0]))
    assert lines(file(files, "TrainingGroundTruth")) == [image(1)]


def test_a_preset_s_files_have_the_entries_of_now(wire):
    wire.add_manifest("s3://my-bucket/train.manifest", [image(1)])
    made = wire.add_model("v1")
    wire.create_dataset(ProjectArn=wire.project_arn, DatasetType="TRAIN", DatasetSource=DATA["Assets"][0])
    assert lines(file(made.result_files(), "TrainingGroundTruth")) == []
    wire.clock.advance(60)
    assert lines(file(made.result_files(), "TrainingGroundTruth")) == [image(1)]


def test_manifests_hold_the_entries_that_were_used_and_those_validated(wire):
    bad = {"source": "x"}
    made = trained(wire, [image(1), bad, image(2, None)], [image(3)])
    files = made.result_files()
    error = {"code": "ERROR_MISSING_SOURCE_REF", "message": "The source-ref key is missing."}
    assert lines(file(files, "TrainingGroundTruth")) == [image(1)]
    assert lines(file(files, "TrainingManifestWithValidation")) == [
        image(1),
        {**bad, "errors": [error]},
        image(2, None),
    ]
    assert lines(file(files, "TestingGroundTruth")) == lines(file(files, "TestingManifestWithValidation")) == [image(3)]
    assert json.loads(file(files, "ManifestSummary")) == {
        "statistics": {
            "training": {
                "use_case": "IMAGE_LEVEL_LABELS",
                "total_json_lines": 3,
                "valid_json_lines": 1,
                "invalid_json_lines": 1,
                "ignored_json_lines": 1,
                "error_json_line_indices": [2],
                "errors": [],
            },
            "testing": {
                "use_case": "IMAGE_LEVEL_LABELS",
                "total_json_lines": 1,
                "valid_json_lines": 1,
                "invalid_json_lines": 0,
                "ignored_json_lines": 0,
                "error_json_line_indices": [],
                "errors": [],
            },
        },
        "errors": [],
    }


def test_a_training_with_manifests(wire):
    wire.add_manifest("s3://my-bucket/train.manifest", [image(number) for number in range(10)])
    arn = wire.train(TrainingData=DATA, TestingData={"AutoCreate": True})
    wire.clock.advance(1800)
    files = model(wire, arn).result_files()
    # AutoCreate: 20 % of the training images are for testing.
    assert [len(lines(file(files, f"{kind}GroundTruth"))) for kind in ("Training", "Testing")] == [8, 2]


def test_a_training_with_two_manifests(wire):
    wire.add_manifest("s3://my-bucket/train.manifest", [image(1), image(2)])
    wire.add_manifest("s3://my-bucket/test.manifest", [image(3)])
    testing = {"Assets": [{"GroundTruthManifest": {"S3Object": {"Bucket": "my-bucket", "Name": "test.manifest"}}}]}
    arn = wire.train(TrainingData=DATA, TestingData=testing)
    wire.clock.advance(1800)
    files = model(wire, arn).result_files()
    assert [lines(file(files, f"{kind}GroundTruth")) for kind in ("Training", "Testing")] == [
        [image(1), image(2)],
        [image(3)],
    ]


def test_what_is_not_known_is_empty(wire):
    arn = wire.train()
    wire.clock.advance(1800)
    files = model(wire, arn).result_files()
    assert set(files) == set(named(wire.describe()[0]))
    summary = json.loads(file(files, "EvaluationResultSummary"))
    assert summary["EvaluationDetails"]["NumberOfTrainingImages"] == 0
    assert summary["LabelEvaluationResults"] == []
    assert json.loads(file(files, "ManifestSummary"))["statistics"]["training"]["use_case"] == "NOT_DETERMINED"


def test_later_changes_of_a_dataset_change_no_training(wire):
    made = trained(wire, [image(1)])
    before = made.result_files()
    dataset = next(iter(wire.service.store.datasets))
    wire.delete_dataset(DatasetArn=dataset)
    wire.clock.advance(10)
    assert made.result_files() == before


def test_a_failure_in_the_content_leaves_the_validation_results(wire):
    message = "The manifest file contains too many invalid rows."
    made = trained(wire, ["nonsense"], status="TRAINING_FAILED", status_message=message)
    files = made.result_files()
    [description] = wire.describe()
    assert set(files) == set(named(description))
    assert len(files) == 3
    # The code: developer guide, "Terminal manifest content errors".
    assert json.loads(file(files, "ManifestSummary"))["errors"] == [
        {"code": "ERROR_TOO_MANY_INVALID_ROWS_IN_MANIFEST", "message": message}
    ]
    wire.delete_project_version(ProjectVersionArn=made.arn)
    assert json.loads(file(made.result_files(), "ManifestSummary"))["errors"][0]["message"] == message


@pytest.mark.parametrize("status", ["TRAINING_IN_PROGRESS", "TRAINING_FAILED", "COPYING_IN_PROGRESS"])
def test_no_results_no_files(wire, status):
    made = wire.add_model("v1", status=status)
    assert made.result_files() == {}
    with pytest.raises(ValueError, match=f"'v1' has no results in S3, its status is {status}"):
        made.write_results(None)


def test_the_files_of_a_copy_are_where_the_copy_says(wire):
    made = trained(wire, [image(1)], label_f1_scores={"cat": 0.75})
    arn = wire.copy_project_version(
        SourceProjectArn=wire.project_arn,
        SourceProjectVersionArn=made.arn,
        DestinationProjectArn=wire.add_project("other").arn,
        VersionName="copy",
        OutputConfig={"S3Bucket": "their-bucket"},
    )["ProjectVersionArn"]
    wire.clock.advance(600)
    files = model(wire, arn).result_files()
    assert {bucket for bucket, _ in files} == {"their-bucket"}
    summary = json.loads(file(files, "EvaluationResultSummary"))
    assert [each["Metrics"]["F1Score"] for each in summary["LabelEvaluationResults"]] == [0.75]
    assert lines(file(files, "TrainingGroundTruth")) == [image(1)]


def test_files_are_written_by_put_object(wire):
    class S3:
        def __init__(self):
            self.put = {}

        def put_object(self, *, Bucket, Key, Body):
            self.put[Bucket, Key] = Body

    made, s3 = trained(wire, [image(1)]), S3()
    made.write_results(s3)
    assert s3.put == made.result_files() != {}
