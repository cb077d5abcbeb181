"""How often one describe changes from one file of the package to another: a stranger reads along file by file."""

import sys
from pathlib import Path

import boto3

import pytest_rekognition_cl
from pytest_rekognition_cl import RekognitionCL

FOLDER = Path(pytest_rekognition_cl.__file__).parent
#: Calls of a function by one in another file. It may only get smaller.
MOST = 20


def file_changes(action):
    """Return the calls from one file of the package into another that *action* makes: (caller's file, file, function)."""
    calls = []

    def file_of(frame):
        path = Path(frame.f_code.co_filename)
        return path.relative_to(FOLDER).as_posix() if path.is_relative_to(FOLDER) else None

    def note(frame, event, _):
        if event == "call" and (file := file_of(frame)):
            caller = frame.f_back
            while caller is not None and file_of(caller) is None:  # botocore, between two of ours
                caller = caller.f_back
            if caller is not None and file_of(caller) != file:
                calls.append((file_of(caller), file, frame.f_code.co_name))

    sys.setprofile(note)
    try:
        action()
    finally:
        sys.setprofile(None)
    return calls


def test_a_describe_changes_files_seldom():
    with RekognitionCL(region="us-east-1") as fake:
        client = boto3.client("rekognition")
        fake.add_model("v1")
        arn = fake.project_arn

        def describe():
            client.describe_project_versions(ProjectArn=arn, VersionNames=["v1"])

        describe()  # the first call of a fixture does more
        describe()
        calls = file_changes(describe)
    trip = "\n".join(f"{caller} -> {file}: {function}" for caller, file, function in calls)
    print(f"{len(calls)} changes, {len({file for call in calls for file in call[:2]})} files\n{trip}")
    assert 5 < len(calls) <= MOST, trip
