"""The public API used wrongly: each marked line must be an error for mypy and pyright alike. Never run.

mypy's ``warn_unused_ignores`` and pyright's ``reportUnnecessaryTypeIgnoreComment`` turn a mistake that is no longer
noticed into an error.
"""

from __future__ import annotations

import pytest_rekognition_cl
from pytest_rekognition_cl import RekognitionCL


def wrong(rekognition_cl: RekognitionCL) -> None:
    rekognition_cl.create_project_version.assert_called_once_wiht()  # type: ignore
    rekognition_cl.create_project_versoin.assert_called()  # type: ignore
    rekognition_cl.create_project_version.assert_called_once_with({"ProjectArn": "x"})  # type: ignore
    rekognition_cl.add_model(7)  # type: ignore
    rekognition_cl.add_model("v1", f1_score="high")  # type: ignore
    rekognition_cl.add_model("v1").status = "RUNNING"  # type: ignore
    rekognition_cl.add_project("p", feature="LABELS")  # type: ignore
    rekognition_cl.add_dataset("TRIAN")  # type: ignore
    rekognition_cl.add_manifest("s3://b/k")  # type: ignore
    rekognition_cl.set_training("TRAINING_FAILED")  # type: ignore
    rekognition_cl.add_client_error("create_project_version")  # type: ignore
    rekognition_cl.add_exception("create_project_version", "ReadTimeoutError")  # type: ignore
    rekognition_cl.clock.advance("1h")  # type: ignore
    RekognitionCL("eu-west-1")  # type: ignore
    RekognitionCL(unused="warn")  # type: ignore
    RekognitionCL(regoin="eu-west-1")  # type: ignore
    rekognition_cl.create_project_version(ProjectArn="x")  # type: ignore
    print(rekognition_cl.create_project_version.return_value)  # type: ignore
    print(pytest_rekognition_cl.RekognitonCL)  # type: ignore
    rekognition_cl.max_polls = 3  # type: ignore
    rekognition_cl.add_model("v1", status="RUNING")  # type: ignore
    rekognition_cl.add_model("v1", status=["STARTING", "RUNNING"])  # type: ignore
    rekognition_cl.add_model("v1", statuses=["STARTING", "RUNING"])  # type: ignore
    rekognition_cl.add_model("v1").set_status("RUNING")  # type: ignore
    rekognition_cl.add_project("p", dataset=True)  # type: ignore
    rekognition_cl.set_training(status="FALIED")  # type: ignore
    rekognition_cl.set_transition("detect_custom_labels", seconds=1)  # type: ignore
    rekognition_cl.add_client_error("create_project_version", "ThrotlingException")  # type: ignore
