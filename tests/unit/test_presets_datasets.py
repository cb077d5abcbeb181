"""What a test says of datasets and manifests: handles, and mistakes at the line that makes them."""

import json

import boto3
import pytest

from pytest_rekognition_cl import Dataset, RekognitionCL

LINE = {"source-ref": "s3://my-bucket/1.jpg"}


@pytest.fixture
def fake():
    with RekognitionCL(region="us-east-1") as fake:
        yield fake


def test_a_handle(fake):
    dataset = fake.add_dataset("TEST", entries=[LINE, '{"source-ref": "s3://my-bucket/2.jpg"}'])
    assert isinstance(dataset, Dataset)
    assert dataset.arn.startswith(fake.project_arn.rpartition("/")[0] + "/dataset/test/")
    assert (dataset.dataset_type, dataset.status) == ("TEST", "CREATE_COMPLETE")
    assert dataset.entries == (json.dumps(LINE), '{"source-ref": "s3://my-bucket/2.jpg"}')
    assert repr(dataset) == f"<Dataset {dataset.arn} CREATE_COMPLETE>"
    dataset.set_status("UPDATE_FAILED", status_message="no", status_message_code="SERVICE_ERROR")
    assert dataset.status == "UPDATE_FAILED"


def test_unknown_entries_and_none(fake):
    assert fake.add_dataset("TRAIN").entries is None
    assert fake.add_dataset("TEST", entries=[]).entries == ()


def test_another_project(fake):
    project = fake.add_project("other", datasets=False)
    assert fake.add_dataset("TRAIN", project=project).arn.split("/")[1] == "other"


def test_the_text_of_a_manifest(fake):
    dataset = fake.add_dataset("TRAIN", entries=json.dumps(LINE) + "\n\n" + '{"source-ref": "s3://b/2"}\n')
    assert dataset.entries == (json.dumps(LINE), '{"source-ref": "s3://b/2"}')


@pytest.mark.parametrize(
    ("arguments", "keywords", "error", "text"),
    [
        (["TRIAN"], {}, ValueError, "'TRIAN' is not a type of datasets; did you mean 'TRAIN'?"),
        ([5], {}, ValueError, "5 is not a type of datasets"),
        (["TRAIN"], {"status": "CREATE_COMPLETED"}, ValueError, "did you mean 'CREATE_COMPLETE'?"),
        (["TRAIN"], {"status": "RUNNING"}, ValueError, "'RUNNING' is not a status here"),
        (["TRAIN"], {"statuses": "x"}, TypeError, "statuses must be a list of statuses"),
        (["TRAIN"], {"status": "CREATE_FAILED", "statuses": ["CREATE_FAILED"]}, TypeError, "either status="),
        (["TRAIN"], {"status_message": 5}, TypeError, "status_message must be a string, not 5"),
        (["TRAIN"], {"status_message_code": "SUCESS"}, ValueError, "did you mean 'SUCCESS'?"),
        (["TRAIN"], {"entries": 5}, TypeError, "entries must be a list of JSON Lines"),
        (["TRAIN"], {"entries": LINE}, TypeError, "entries must be a list of JSON Lines"),
        (["TRAIN"], {"entries": b"x"}, TypeError, "entries must be a list of JSON Lines"),
        (["TRAIN"], {"entries": [5]}, TypeError, "a line of entries must be a string or a dict, not 5"),
        (["TRAIN"], {"entries": [{"a": object}]}, ValueError, "cannot be written as JSON"),
        (["TRAIN"], {"entries": [{"a": float("nan")}]}, ValueError, "cannot be written as JSON"),
        (["TRAIN"], {"project": "none"}, ValueError, "there is no project 'none'"),
        (["TRAIN"], {"project": "adapters"}, ValueError, "the project 'adapters' cannot have datasets"),
        (["TRAIN"], {"project": "full"}, ValueError, "the project 'full' has a TRAIN dataset already"),
    ],
)
def test_mistakes(fake, arguments, keywords, error, text):
    fake.add_project("adapters", feature="CONTENT_MODERATION")
    fake.add_project("full", datasets=True)
    with pytest.raises(error) as caught:
        fake.add_dataset(*arguments, **keywords)
    assert text in str(caught.value)


@pytest.mark.parametrize("uri", ["bucket/key", "s3://bucket", "s3://bucket/", "https://bucket/key", 5])
def test_a_manifest_is_named_by_its_uri(fake, uri):
    with pytest.raises(ValueError, match="a manifest is named as 's3://bucket/key', not "):
        fake.add_manifest(uri, [])


@pytest.mark.parametrize(
    ("uri", "text"),
    [
        ("s3://a/key", "Bucket 'a' is too short"),
        ("s3://my bucket/key", r"Bucket 'my bucket' does not match ^[0-9A-Za-z\.\-_]*$"),
        (f"s3://my-bucket/{'k' * 1025}", "is too long"),
    ],
)
def test_a_manifest_that_no_request_can_name(fake, uri, text):
    with pytest.raises(ValueError, match=r"^no request can name the manifest 's3://") as caught:
        fake.add_manifest(uri, [])
    assert str(caught.value).endswith(text)


def test_mistakes_in_transitions(fake):
    with pytest.raises(TypeError, match="set_transition\\(\\) cannot set f1_score of a dataset"):
        fake.set_transition("create_dataset", f1_score=0.5)
    with pytest.raises(ValueError, match="The statuses are CREATE_IN_PROGRESS, CREATE_COMPLETE, CREATE_FAILED"):
        fake.set_transition("create_dataset", status="UPDATE_FAILED")


def test_mistakes_with_a_handle(fake):
    dataset = fake.add_dataset("TRAIN")
    with pytest.raises(AttributeError, match=r"^Dataset has no attribute 'stauts'; did you mean 'status'\?$"):
        dataset.stauts  # noqa: B018
    with pytest.raises(TypeError, match=r"^set_status\(\) has no argument 'message'; did you mean 'status_message'\?$"):
        dataset.set_status("UPDATE_FAILED", message="no")
    with pytest.raises(TypeError, match=r"^set_transition\(\) cannot set kms_key_id of a dataset\.$"):
        fake.set_transition("create_dataset", kms_key_id="x")


def test_a_kept_handle_refuses_to_arrange_after_its_test():
    with RekognitionCL(region="us-east-1") as fake:
        dataset = fake.add_dataset("TRAIN")
    assert dataset.status == "CREATE_COMPLETE"
    with pytest.raises(RuntimeError, match="has ended: its records can be read"):
        dataset.set_status("UPDATE_FAILED")


def test_a_dataset_in_a_project_that_is_being_deleted(fake):
    boto3.client("rekognition", region_name="us-east-1").delete_project(ProjectArn=fake.project_arn)
    with pytest.raises(ValueError, match=r"^the project 'my-project' is being deleted$"):
        fake.add_dataset("TRAIN")


def test_a_status_of_a_deleted_dataset_cannot_be_set(fake):
    dataset = fake.add_dataset("TRAIN")
    boto3.client("rekognition", region_name="us-east-1").delete_dataset(DatasetArn=dataset.arn)
    fake.clock.advance(11)
    assert dataset.status == "(deleted)"
    with pytest.raises(ValueError, match="has been deleted"):
        dataset.set_status("CREATE_COMPLETE")


@pytest.mark.parametrize(
    ("scores", "error"),
    [
        ({}, TypeError),
        ([0.5], TypeError),
        ({5: 0.5}, TypeError),
        ({"cat": "0.5"}, TypeError),
        ({"cat": 1.5}, ValueError),
    ],
)
def test_f1_scores_of_labels_that_are_none(fake, scores, error):
    with pytest.raises(error, match="label_f1_scores must be"):
        fake.set_training(label_f1_scores=scores)


def test_f1_scores_belong_to_a_training_that_succeeds(fake):
    with pytest.raises(ValueError, match="has no EvaluationResult \\(label_f1_scores\\)"):
        fake.set_training(status="TRAINING_FAILED", label_f1_scores={"cat": 0.5})


def test_every_operation_of_custom_labels_has_a_recorder(fake):
    from pytest_rekognition_cl.service import OPERATIONS

    for operation in OPERATIONS:
        getattr(fake, operation).assert_not_called()
