"""Datasets: statuses over virtual time, entries as JSON Lines, labels and statistics counted from them, refusals."""

import base64
import json

import pytest

MANIFEST = {"GroundTruthManifest": {"S3Object": {"Bucket": "my-bucket", "Name": "train.manifest"}}}
DATA = {"Assets": [MANIFEST]}


def image(number, label="cat", bucket="my-bucket"):
    """A JSON Line with an image-level label, as the guide has it."""
    line = {"source-ref": f"s3://{bucket}/images/{number}.jpg"}
    if label:
        line["animal"] = 1
        line["animal-metadata"] = {
            "confidence": 1,
            "job-name": "labeling-job/animal",
            "class-name": label,
            "human-annotated": "yes",
            "creation-date": "2020-03-06T17:46:39.176",
            "type": "groundtruth/image-classification",
        }
    return line


def boxes(number, class_ids, class_map):
    """A JSON Line with bounding boxes, as the guide has it."""
    box = {"left": 1, "top": 2, "width": 30, "height": 40}
    return {
        "source-ref": f"s3://my-bucket/images/{number}.jpg",
        "bounding-box": {
            "image_size": [{"width": 640, "height": 480, "depth": 3}],
            "annotations": [{"class_id": class_id, **box} for class_id in class_ids],
        },
        "bounding-box-metadata": {
            "objects": [{"confidence": 1} for _ in class_ids],
            "class-map": class_map,
            "type": "groundtruth/object-detection",
            "human-annotated": "yes",
            "creation-date": "2018-10-18T22:18:13.527256",
            "job-name": "my job",
        },
    }


def changes(*lines):
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    return {"GroundTruth": base64.b64encode(text.encode()).decode()}


def create(wire, kind="TRAIN", project=None, **params):
    request = {"ProjectArn": project or wire.project_arn, "DatasetType": kind, **params}
    return wire.create_dataset(**request)["DatasetArn"]


def show(wire, arn):
    return wire.describe_dataset(DatasetArn=arn)["DatasetDescription"]


def filled(wire, *lines, kind="TRAIN", project=None):
    """Return the ARN of a dataset with these entries, at rest."""
    arn = create(wire, kind, project)
    wire.clock.advance(60)
    if lines:
        wire.update_dataset_entries(DatasetArn=arn, Changes=changes(*lines))
        wire.clock.advance(30)
    return arn


def entries(wire, arn, **filters):
    return [json.loads(line) for line in wire.list_dataset_entries(DatasetArn=arn, **filters)["DatasetEntries"]]


# --- statuses -------------------------------------------------------------------------------------------------------


def test_a_dataset_is_created_over_virtual_time(wire):
    begun = wire.clock.ms
    arn = create(wire)
    head = wire.project_arn.rpartition("/")[0]
    assert arn == f"{head}/dataset/train/{begun}"
    assert show(wire, arn) == {
        "CreationTimestamp": begun / 1000,
        "LastUpdatedTimestamp": begun / 1000,
        "Status": "CREATE_IN_PROGRESS",
        "StatusMessage": "The dataset is being created.",
        "StatusMessageCode": "SUCCESS",
        "DatasetStats": {"LabeledEntries": 0, "TotalEntries": 0, "TotalLabels": 0, "ErrorEntries": 0},
    }
    wire.clock.advance(60)
    shown = show(wire, arn)
    assert (shown["Status"], shown["StatusMessageCode"]) == ("CREATE_COMPLETE", "SUCCESS")
    assert shown["StatusMessage"] == "The dataset was successfully created from the manifest file."  # API reference
    assert shown["LastUpdatedTimestamp"] == begun / 1000 + 60


def test_an_update_takes_time_and_returns_nothing(wire):
    arn = filled(wire)
    assert wire.update_dataset_entries(DatasetArn=arn, Changes=changes(image(1))) == {}
    shown = show(wire, arn)
    assert (shown["Status"], shown["DatasetStats"]["TotalEntries"]) == ("UPDATE_IN_PROGRESS", 0)
    wire.clock.advance(30)
    shown = show(wire, arn)
    assert (shown["Status"], shown["DatasetStats"]["TotalEntries"]) == ("UPDATE_COMPLETE", 1)
    assert shown["LastUpdatedTimestamp"] == wire.clock.ms / 1000 > shown["CreationTimestamp"]


def test_a_deleted_dataset_is_gone_and_its_arn_is_not_given_again(wire):
    arn = filled(wire)
    assert wire.delete_dataset(DatasetArn=arn) == {}
    assert show(wire, arn)["Status"] == "DELETE_IN_PROGRESS"
    wire.clock.advance(10)
    assert wire.refusal("describe_dataset", DatasetArn=arn).code == "ResourceNotFoundException"
    wire.clock.ms = int(arn.rpartition("/")[2])  # the clock stands still
    assert create(wire) != arn


@pytest.mark.parametrize(
    ("operation", "failed", "message"),
    [
        ("create_dataset", "CREATE_FAILED", "The manifest file extension or contents are invalid."),
        # captured: a dataset whose images lie in two buckets
        (
            "update_dataset_entries",
            "UPDATE_FAILED",
            "The manifest file contains images from multiple S3 buckets.",
        ),
    ],
)
def test_what_fails(wire, operation, failed, message):
    wire.set_transition(operation, status=failed)
    arn = filled(wire) if operation == "create_dataset" else filled(wire, image(1))
    shown = show(wire, arn)
    assert (shown["Status"], shown["StatusMessageCode"], shown["StatusMessage"]) == (failed, "CLIENT_ERROR", message)
    assert shown["DatasetStats"]["TotalEntries"] == 0


def test_a_message_of_one_s_own_belongs_to_the_last_status(wire):
    wire.set_transition(
        "create_dataset", status="CREATE_FAILED", status_message="no", status_message_code="SERVICE_ERROR"
    )
    arn = create(wire)
    assert show(wire, arn)["StatusMessageCode"] == "SUCCESS"
    wire.clock.advance(60)
    assert (show(wire, arn)["StatusMessage"], show(wire, arn)["StatusMessageCode"]) == ("no", "SERVICE_ERROR")


def test_statuses_step_by_step_and_without_end(wire):
    wire.set_transition("create_dataset", statuses=["CREATE_IN_PROGRESS", "CREATE_IN_PROGRESS", "CREATE_COMPLETE"])
    arn = create(wire)
    assert [show(wire, arn)["Status"] for _ in range(4)] == [
        "CREATE_IN_PROGRESS",
        "CREATE_IN_PROGRESS",
        "CREATE_COMPLETE",
        "CREATE_COMPLETE",
    ]
    wire.set_transition("update_dataset_entries", status="UPDATE_IN_PROGRESS")
    wire.update_dataset_entries(DatasetArn=arn, Changes=changes(image(1)))
    wire.clock.advance(1e6)
    assert show(wire, arn)["Status"] == "UPDATE_IN_PROGRESS"


# --- entries --------------------------------------------------------------------------------------------------------


def test_an_entry_is_replaced_by_its_image(wire):
    arn = filled(wire, image(1, "cat"), image(2, "cat"))
    wire.update_dataset_entries(DatasetArn=arn, Changes=changes(image(1, "dog"), image(3, "dog")))
    wire.clock.advance(30)
    assert entries(wire, arn) == [image(1, "dog"), image(2, "cat"), image(3, "dog")]


def test_the_entries_of_a_manifest_are_what_the_test_says(wire):
    wire.add_manifest("s3://my-bucket/train.manifest", [image(1), json.dumps(image(2))])
    arn = create(wire, DatasetSource=MANIFEST)
    wire.clock.advance(60)
    assert entries(wire, arn) == [image(1), image(2)]


def test_a_manifest_that_nobody_has_told(wire):
    arn = create(wire, DatasetSource=MANIFEST)
    wire.clock.advance(60)
    assert show(wire, arn)["Status"] == "CREATE_COMPLETE"
    assert wire.list_dataset_entries(DatasetArn=arn) == {"DatasetEntries": []}


def test_a_copy_of_a_dataset_keeps_its_entries(wire):
    source = filled(wire, image(1))
    other = wire.add_project("other").arn
    arn = create(wire, project=other, DatasetSource={"DatasetArn": source})
    wire.clock.advance(60)
    wire.update_dataset_entries(DatasetArn=source, Changes=changes(image(2)))
    wire.clock.advance(60)
    assert entries(wire, arn) == [image(1)]


def test_labels_and_statistics_of_image_level_labels(wire):
    two = image(3, "cat") | {"animal2": 1, "animal2-metadata": {**image(3, "dog")["animal-metadata"]}}
    arn = filled(wire, image(1, "cat"), image(2, None), two)
    assert show(wire, arn)["DatasetStats"] == {
        "LabeledEntries": 2,
        "TotalEntries": 3,
        "TotalLabels": 2,
        "ErrorEntries": 0,
    }
    assert wire.list_dataset_labels(DatasetArn=arn)["DatasetLabelDescriptions"] == [
        {"LabelName": "cat", "LabelStats": {"EntryCount": 2, "BoundingBoxCount": 0}},
        {"LabelName": "dog", "LabelStats": {"EntryCount": 1, "BoundingBoxCount": 0}},
    ]


def test_labels_of_bounding_boxes(wire):
    # EntryCount and BoundingBoxCount: numbers of images (botocore's model); TotalLabels: "declared in the dataset".
    class_map = {"0": "Echo", "1": "Echo Dot", "2": "unused"}
    arn = filled(wire, boxes(1, [0, 0, 1], class_map), boxes(2, [1], class_map), boxes(3, [7], class_map))
    assert show(wire, arn)["DatasetStats"] == {
        "LabeledEntries": 2,
        "TotalEntries": 3,
        "TotalLabels": 3,
        "ErrorEntries": 0,
    }
    assert wire.list_dataset_labels(DatasetArn=arn)["DatasetLabelDescriptions"] == [
        {"LabelName": "Echo", "LabelStats": {"EntryCount": 1, "BoundingBoxCount": 1}},
        {"LabelName": "Echo Dot", "LabelStats": {"EntryCount": 2, "BoundingBoxCount": 2}},
        {"LabelName": "unused", "LabelStats": {"EntryCount": 0, "BoundingBoxCount": 0}},
    ]


@pytest.mark.parametrize(
    ("line", "shown", "code", "message"),
    [
        # Codes and texts: the guide, "Non-terminal JSON line validation errors"; a line that is no JSON "is replaced
        # with a new JSON Line that contains only the error information".
        ("{nonsense", {}, "ERROR_INVALID_JSON_LINE", "The JSON Line has an invalid format."),
        ("[1]", {}, "ERROR_INVALID_JSON_LINE", "The JSON Line has an invalid format."),
        ('"text"', {}, "ERROR_INVALID_JSON_LINE", "The JSON Line has an invalid format."),
        ("[" * 90_000, {}, "ERROR_INVALID_JSON_LINE", "The JSON Line has an invalid format."),
        ('{"a": "%s"}' % ("x" * 100_000), {}, "ERROR_INVALID_JSON_LINE", "The JSON Line has an invalid format."),
        (
            '{"source": "s3://b/k"}',
            {"source": "s3://b/k"},
            "ERROR_MISSING_SOURCE_REF",
            "The source-ref key is missing.",
        ),
        (
            '{"source-ref": "https://b/k"}',
            {"source-ref": "https://b/k"},
            "ERROR_INVALID_SOURCE_REF_FORMAT",
            "The format of the source-ref value is invalid.",
        ),
        (
            '{"source-ref": 5}',
            {"source-ref": 5},
            "ERROR_INVALID_SOURCE_REF_FORMAT",
            "The format of the source-ref value is invalid.",
        ),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_bad_line_counts_as_an_error_and_fails_nothing(wire, line, shown, code, message):
    arn = filled(wire, image(1), line)
    description = show(wire, arn)
    assert description["Status"] == "UPDATE_COMPLETE"  # captured: 5 errors, and complete
    stats = description["DatasetStats"]
    assert (stats["TotalEntries"], stats["ErrorEntries"], stats["LabeledEntries"]) == (2, 1, 1)
    assert entries(wire, arn, HasErrors=True) == [{**shown, "errors": [{"code": code, "message": message}]}]


@pytest.mark.parametrize(
    "odd",
    [
        {"animal-metadata": 5},
        {"animal-metadata": {"type": "groundtruth/image-classification"}},
        {"animal-metadata": {"type": "groundtruth/image-classification", "class-name": 5}},
        {"animal-metadata": {"type": "groundtruth/image-classification", "class-name": ""}},
        {"animal-metadata": {"type": "groundtruth/image-classification", "class-name": "a\nb"}},
        {"animal-metadata": {"type": "groundtruth/image-classification", "class-name": "x" * 256}},
        {"animal-metadata": {"type": "groundtruth/object-detection", "class-map": ["cat"]}},
        {"animal-metadata": {"type": "groundtruth/object-detection", "class-map": {"0": 5}}},
        {"animal-metadata": {"type": "something/else", "class-name": "cat"}},
        {"other-metadata": {"type": "groundtruth/image-classification", "class-name": "cat"}},
    ],
)
def test_what_names_no_label_is_no_label(wire, odd):
    arn = filled(wire, {"source-ref": "s3://b/k", "animal": {"annotations": [5, {"class_id": 0}]}, **odd})
    assert show(wire, arn)["DatasetStats"] == {
        "LabeledEntries": 0,
        "TotalEntries": 1,
        "TotalLabels": 0,
        "ErrorEntries": 0,
    }


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        ({}, [1, 2, 3, 4]),
        ({"Labeled": True}, [1, 2, 4]),
        ({"Labeled": False}, [3]),
        ({"ContainsLabels": ["dog", "none"]}, [2, 4]),
        ({"SourceRefContains": "images/4"}, [4]),
        ({"SourceRefContains": "images/", "ContainsLabels": ["cat"], "Labeled": True, "HasErrors": False}, [1]),
        ({"HasErrors": True}, []),
        ({"Labeled": False, "ContainsLabels": ["cat"]}, []),
    ],
)
def test_filters(wire, filters, numbers):
    arn = filled(wire, image(1, "cat"), image(2, "dog"), image(3, None), image(4, "dog"))
    assert entries(wire, arn, **filters) == [
        image(number, {1: "cat", 2: "dog", 3: None, 4: "dog"}[number]) for number in numbers
    ]


def test_pages_of_entries_and_labels(wire):
    arn = filled(wire, *(image(number, f"label{number}") for number in range(5)))
    for operation, member in (
        ("list_dataset_entries", "DatasetEntries"),
        ("list_dataset_labels", "DatasetLabelDescriptions"),
    ):
        call = getattr(wire, operation)
        found, token = [], None
        while True:
            answer = call(DatasetArn=arn, MaxResults=2, **({"NextToken": token} if token else {}))
            found.append(len(answer[member]))
            token = answer.get("NextToken")
            if token is None:
                break
        assert found == [2, 2, 1]
    token = wire.list_dataset_entries(DatasetArn=arn, MaxResults=2)["NextToken"]
    for params in ({"Labeled": True}, {"SourceRefContains": "x"}, {"HasErrors": False}):
        refused = wire.refusal("list_dataset_entries", DatasetArn=arn, NextToken=token, **params)
        assert refused.code == "InvalidPaginationTokenException"
    refused = wire.refusal("list_dataset_labels", DatasetArn=arn, NextToken=token + "x")
    assert refused.code == "InvalidPaginationTokenException"


def test_over_5_mb_are_refused(wire):
    arn = filled(wire)
    line = json.dumps({"source-ref": "s3://b/k"}) + "\n"
    text = line * (5 * 1024 * 1024 // len(line) + 1)
    refused = wire.refusal(
        "update_dataset_entries",
        DatasetArn=arn,
        Changes={"GroundTruth": base64.b64encode(text.encode()).decode()},
    )
    assert refused.code == "ValidationException"
    assert (
        "at 'changes.groundTruth' failed to satisfy constraint: Member must have length less than or equal to 5242880"
        in (refused.message)
    )


# --- distribution ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("total", "moved"), [(70, 14), (10, 2), (1, 1), (6, 2)])
def test_a_distribution_moves_20_percent(wire, total, moved):
    training = filled(wire, *(image(number) for number in range(total)))
    testing = filled(wire, kind="TEST")
    assert wire.distribute_dataset_entries(Datasets=[{"Arn": testing}, {"Arn": training}]) == {}
    assert [show(wire, arn)["Status"] for arn in (training, testing)] == ["UPDATE_IN_PROGRESS"] * 2
    wire.clock.advance(60)
    shown = [show(wire, arn) for arn in (training, testing)]
    assert [each["Status"] for each in shown] == ["UPDATE_COMPLETE"] * 2
    assert [each["DatasetStats"]["TotalEntries"] for each in shown] == [total - moved, moved]
    images = [entry["source-ref"] for arn in (training, testing) for entry in entries(wire, arn, MaxResults=100)]
    assert sorted(images) == sorted(image(number)["source-ref"] for number in range(total))


def test_a_distribution_of_unknown_entries(wire):
    training, testing = create(wire, DatasetSource=MANIFEST), create(wire, "TEST")
    wire.clock.advance(60)
    wire.distribute_dataset_entries(Datasets=[{"Arn": training}, {"Arn": testing}])
    wire.clock.advance(60)
    assert [show(wire, arn)["Status"] for arn in (training, testing)] == ["UPDATE_COMPLETE"] * 2


def test_a_distribution_that_is_refused(wire):
    training, testing = filled(wire, image(1)), create(wire, "TEST")
    foreign = filled(wire, kind="TEST", project=wire.add_project("other").arn)
    wire.clock.advance(-60)
    pair = [{"Arn": training}, {"Arn": testing}]
    wire.clock.advance(60)
    for arns, code in (
        ([training, training], "InvalidParameterException"),
        ([training, foreign], "InvalidParameterException"),
        ([training, testing + "1"], "ResourceNotFoundException"),
    ):
        refused = wire.refusal("distribute_dataset_entries", Datasets=[{"Arn": arn} for arn in arns])
        assert refused.code == code, arns
    wire.update_dataset_entries(DatasetArn=training, Changes=changes(image(2)))
    assert wire.refusal("distribute_dataset_entries", Datasets=pair).code == "ResourceNotReadyException"
    wire.clock.advance(60)
    wire.distribute_dataset_entries(Datasets=pair)
    wire.clock.advance(60)
    refused = wire.refusal("distribute_dataset_entries", Datasets=pair)
    assert (refused.code, refused.message) == ("InvalidParameterException", "The test dataset must be empty.")


def test_an_empty_training_dataset_cannot_be_distributed(wire):
    pair = [{"Arn": filled(wire)}, {"Arn": filled(wire, kind="TEST")}]
    refused = wire.refusal("distribute_dataset_entries", Datasets=pair)
    assert (refused.code, refused.message) == ("InvalidParameterException", "The training dataset is empty.")


# --- refusals -------------------------------------------------------------------------------------------------------


def test_a_second_dataset_of_the_type(wire):
    create(wire)
    refused = wire.refusal("create_dataset", ProjectArn=wire.project_arn, DatasetType="TRAIN")
    assert refused.code == "ResourceAlreadyExistsException"
    create(wire, "TEST")


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ({}, "InvalidParameterException"),
        (
            {**MANIFEST, "DatasetArn": "arn:aws:rekognition:us-east-1:123456789012:project/p/dataset/train/1"},
            "InvalidParameterException",
        ),
        (
            {"DatasetArn": "arn:aws:rekognition:us-east-1:123456789012:project/p/dataset/train/1"},
            "ResourceNotFoundException",
        ),
        ({"GroundTruthManifest": {}}, "InvalidS3ObjectException"),
        ({"GroundTruthManifest": {"S3Object": {"Bucket": "my-bucket"}}}, "InvalidS3ObjectException"),
    ],
)
def test_a_source_that_is_none(wire, source, code):
    refused = wire.refusal("create_dataset", ProjectArn=wire.project_arn, DatasetType="TRAIN", DatasetSource=source)
    assert refused.code == code
    assert wire.describe_projects()["ProjectDescriptions"][0]["Datasets"] == []


def test_a_source_that_is_not_ready(wire):
    source = create(wire)
    other = wire.add_project("other").arn
    refused = wire.refusal(
        "create_dataset", ProjectArn=other, DatasetType="TRAIN", DatasetSource={"DatasetArn": source}
    )
    assert refused.code == "InvalidParameterException"


def test_projects_that_take_no_dataset(wire):
    adapters = wire.add_project("adapters", feature="CONTENT_MODERATION").arn
    gone = wire.create_project(ProjectName="gone")["ProjectArn"]
    wire.delete_project(ProjectArn=gone)
    for arn, code in (
        (adapters, "InvalidParameterException"),
        (gone, "ResourceNotFoundException"),
        (wire.project_arn + "1", "ResourceNotFoundException"),
    ):
        assert wire.refusal("create_dataset", ProjectArn=arn, DatasetType="TRAIN").code == code


#: What is refused in a status: operation -> error.
BUSY = {
    "update_dataset_entries": "ResourceInUseException",
    "delete_dataset": "ResourceInUseException",
    "list_dataset_entries": "ResourceInUseException",
    "list_dataset_labels": "ResourceInUseException",
}
REFUSED = {
    "CREATE_IN_PROGRESS": {
        **BUSY,
        "list_dataset_entries": "ResourceNotReadyException",
        "list_dataset_labels": "ResourceNotReadyException",
    },
    "CREATE_COMPLETE": {},
    "CREATE_FAILED": {
        "update_dataset_entries": "ResourceInUseException",
        "list_dataset_entries": "ResourceNotReadyException",
        "list_dataset_labels": "ResourceNotReadyException",
    },
    "UPDATE_IN_PROGRESS": BUSY,
    "UPDATE_COMPLETE": {},
    "UPDATE_FAILED": {},
    "DELETE_IN_PROGRESS": BUSY,
}


@pytest.mark.parametrize("status", REFUSED)
@pytest.mark.parametrize("operation", BUSY)
def test_what_a_status_allows(wire, status, operation):
    arn = wire.add_dataset("TRAIN", status=status, entries=[image(1)]).arn
    more = {"Changes": changes(image(2))} if operation == "update_dataset_entries" else {}
    expected = REFUSED[status].get(operation)
    if expected is None:
        getattr(wire, operation)(DatasetArn=arn, **more)
    else:
        assert wire.refusal(operation, DatasetArn=arn, **more).code == expected


@pytest.mark.parametrize("operation", ["describe_dataset", *BUSY])
def test_a_dataset_that_is_not_there(wire, operation):
    arn = filled(wire)
    more = {"Changes": changes(image(2))} if operation == "update_dataset_entries" else {}
    assert wire.refusal(operation, DatasetArn=arn + "1", **more).code == "ResourceNotFoundException"
    assert wire.refusal(operation, DatasetArn=arn, region="eu-west-1", **more).code == "ResourceNotFoundException"


# --- projects and trainings -----------------------------------------------------------------------------------------


def test_a_project_shows_its_datasets_and_cannot_be_deleted(wire):
    training, testing = create(wire), create(wire, "TEST")
    wire.clock.advance(60)
    [project] = wire.describe_projects()["ProjectDescriptions"]
    assert [(each["DatasetType"], each["DatasetArn"], each["Status"]) for each in project["Datasets"]] == [
        ("TRAIN", training, "CREATE_COMPLETE"),
        ("TEST", testing, "CREATE_COMPLETE"),
    ]
    for arn in (training, testing):
        assert wire.refusal("delete_project", ProjectArn=wire.project_arn).code == "ResourceInUseException"
        wire.delete_dataset(DatasetArn=arn)
        wire.clock.advance(10)
    assert wire.delete_project(ProjectArn=wire.project_arn) == {"Status": "DELETING"}


def test_a_dataset_turns_the_project_from_manifests_to_datasets_and_back(wire):
    wire.train("v1", TrainingData=DATA, TestingData={"AutoCreate": True})
    arn = filled(wire, image(1))
    request = {"ProjectArn": wire.project_arn, "VersionName": "v2", "OutputConfig": {"S3Bucket": "my-bucket"}}
    manifests = {"TrainingData": DATA, "TestingData": {"AutoCreate": True}}
    assert wire.refusal("create_project_version", **request, **manifests).code == "InvalidParameterException"
    wire.train("v2")
    wire.delete_dataset(DatasetArn=arn)
    wire.clock.advance(2000)
    request["VersionName"] = "v3"
    refused = wire.refusal("create_project_version", **request)
    assert (refused.code, refused.message) == (
        "InvalidParameterException",
        "The project has no datasets: specify TrainingData and TestingData.",
    )
    wire.train("v3", **manifests)


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [
        ("TRAIN", "CREATE_IN_PROGRESS", "ResourceInUseException"),
        ("TRAIN", "UPDATE_IN_PROGRESS", "ResourceInUseException"),
        ("TRAIN", "DELETE_IN_PROGRESS", "ResourceInUseException"),
        ("TRAIN", "CREATE_FAILED", "InvalidParameterException"),
        ("TEST", "CREATE_COMPLETE", "InvalidParameterException"),
        ("TRAIN", "CREATE_COMPLETE", None),
        ("TRAIN", "UPDATE_COMPLETE", None),
        ("TRAIN", "UPDATE_FAILED", None),
    ],
)
def test_a_training_needs_a_training_dataset_that_is_ready(wire, kind, status, code):
    wire.add_dataset(kind, status=status)
    request = {"ProjectArn": wire.project_arn, "VersionName": "v1", "OutputConfig": {"S3Bucket": "my-bucket"}}
    if code is None:
        wire.create_project_version(**request)
    else:
        assert wire.refusal("create_project_version", **request).code == code


def test_a_preset_project_with_datasets_has_real_ones(wire):
    project = wire.add_project("p", datasets=True)
    described = next(p for p in wire.describe_projects()["ProjectDescriptions"] if p["ProjectArn"] == project.arn)
    training, testing = (each["DatasetArn"] for each in described["Datasets"])
    assert show(wire, training)["Status"] == "CREATE_COMPLETE"
    wire.distribute_dataset_entries(Datasets=[{"Arn": training}, {"Arn": testing}])
    wire.clock.advance(60)
    for arn in (training, testing):
        wire.delete_dataset(DatasetArn=arn)
    wire.clock.advance(10)
    wire.delete_project(ProjectArn=project.arn)


def test_another_region_is_another_world(wire):
    arn = filled(wire)
    assert wire.refusal("create_dataset", region="eu-west-1", ProjectArn=wire.project_arn, DatasetType="TEST").code == (
        "ResourceNotFoundException"
    )
    assert show(wire, arn)["Status"] == "CREATE_COMPLETE"


def test_a_token_of_the_entries_is_none_of_the_labels(wire):
    dataset = filled(wire, *map(image, range(5)))
    token = wire.list_dataset_entries(DatasetArn=dataset, MaxResults=2)["NextToken"]
    assert wire.list_dataset_entries(DatasetArn=dataset, MaxResults=2, NextToken=token)["DatasetEntries"]
    refused = wire.refusal("list_dataset_labels", DatasetArn=dataset, NextToken=token)
    assert refused.code == "InvalidPaginationTokenException"
