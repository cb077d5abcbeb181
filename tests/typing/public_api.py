"""The public API used rightly: mypy (strict) and pyright (strict) must find nothing here. Never run."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from typing_extensions import assert_type

from pytest_rekognition_cl import (
    Call,
    Dataset,
    ErrorCode,
    Feature,
    Model,
    Project,
    RekognitionCL,
    RekognitionCLError,
    RoutedOperation,
    Status,
    TrainingFailure,
    Transition,
)


def arrange(rekognition_cl: RekognitionCL) -> None:
    assert_type(rekognition_cl.project_arn, str)
    assert_type(rekognition_cl.project, Project)
    project = rekognition_cl.add_project("p", datasets=True, feature="CONTENT_MODERATION")
    assert_type(project, Project)
    assert_type(project.arn, str)
    model = rekognition_cl.add_model("v1", project=project, status="RUNNING", min_inference_units=2)
    assert_type(model, Model)
    rekognition_cl.add_model(statuses=["STARTING", "RUNNING"], creation_timestamp=datetime.now(timezone.utc))
    dataset = rekognition_cl.add_dataset("TRAIN", project=project, entries=[{"source-ref": "s3://b/k"}, "{}"])
    assert_type(dataset, Dataset)
    assert_type(dataset.entries, tuple[str, ...] | None)
    dataset.set_status("UPDATE_FAILED", status_message="x", status_message_code="CLIENT_ERROR")
    rekognition_cl.add_manifest("s3://bucket/key", "{}")
    rekognition_cl.set_training(label_f1_scores={"cat": 0.9})
    rekognition_cl.set_transition("create_dataset", status="CREATE_FAILED")
    assert_type(model.result_files(), dict[tuple[str, str], bytes])
    model.set_status("STOPPED", status_message="x")
    model.complete_training(f1_score=0.5)
    model.fail_training(TrainingFailure.EMPTY_MANIFEST)
    model.set_labels([{"Name": "cat", "Confidence": 98.5}])
    model.set_labels({"cat.jpg": [{"Name": "cat", "Confidence": 98.5}]})
    model.set_labels(lambda params: [{"Name": str(params["Image"]), "Confidence": 1}])
    rekognition_cl.set_training(status="TRAINING_FAILED", seconds=60, status_message=TrainingFailure.TOO_FEW_LABELS)
    rekognition_cl.set_transition("start_project_version", statuses=["STARTING", "FAILED"])
    rekognition_cl.add_client_error("create_project_version", "ThrottlingException", attempts=2)
    rekognition_cl.add_client_error("create_project_version", "ThrottlingException", "Slow down", calls=None, after=1)
    rekognition_cl.add_exception("create_project_version", ConnectionError, calls=2)
    rekognition_cl.add_exception("create_project_version", ConnectionError("x"))
    rekognition_cl.add_response("create_dataset", {"DatasetArn": "arn"}, calls=None)


def inspect(rekognition_cl: RekognitionCL) -> None:
    assert_type(rekognition_cl.clock.now(), datetime)
    rekognition_cl.clock.advance(timedelta(hours=1))
    rekognition_cl.clock.advance(3600)
    assert_type(rekognition_cl.clock.slept, float)
    call = rekognition_cl.calls[0]
    assert_type(call, Call)
    assert_type(call.operation, str)
    assert_type(call.params, dict[str, Any])
    assert_type(call.response, dict[str, Any] | None)
    assert_type(call.error, str | None)
    assert_type(call.attempts, int)
    assert_type(call.at, datetime)
    assert_type([one.region for one in rekognition_cl.calls[1:]], list[str])
    assert_type(rekognition_cl.models, tuple[Model, ...])
    assert_type(rekognition_cl.projects, tuple[Project, ...])
    rekognition_cl.clear_calls()
    assert_type(rekognition_cl.endpoint_url, str)
    assert_type(rekognition_cl.environ, dict[str, str])


def assertions(rekognition_cl: RekognitionCL) -> None:
    recorder = rekognition_cl.create_project_version
    assert_type(recorder.called, bool)
    assert_type(recorder.call_count, int)
    recorder.assert_called()
    rekognition_cl.describe_dataset.assert_called_once_with(DatasetArn="x")
    recorder.assert_called_once()
    recorder.assert_called_with(ProjectArn="x")
    recorder.assert_called_once_with(ProjectArn="x", OutputConfig={"S3Bucket": "b"})
    recorder.assert_any_call(ProjectArn="x")
    recorder.assert_any_call_including(ProjectArn="x")
    rekognition_cl.recorder("create_dataset").assert_not_called()
    rekognition_cl.assert_order("create_project_version", "start_project_version")
    rekognition_cl.assert_no_errors()
    rekognition_cl.assert_nothing_left_running()
    rekognition_cl.verify()


def context() -> None:
    with RekognitionCL(region="eu-west-1", quotas={"tags": None}, unused="ignore") as rekognition_cl:
        assert_type(rekognition_cl, RekognitionCL)
    try:
        pass
    except RekognitionCLError as error:
        assert_type(error.args, tuple[Any, ...])


def parametrized(
    rekognition_cl: RekognitionCL,
    status: Status,
    operation: RoutedOperation,
    transition: Transition,
    code: ErrorCode,
    feature: Feature,
) -> None:
    """As in a parametrized test, whose values come in as arguments."""
    rekognition_cl.add_model(status=status, project=rekognition_cl.add_project("p", feature=feature)).set_status(status)
    rekognition_cl.add_model(statuses=[status, "RUNNING"])
    rekognition_cl.set_transition(transition, status="FAILED")
    rekognition_cl.add_client_error(operation, code)
    rekognition_cl.recorder(operation).assert_called()
