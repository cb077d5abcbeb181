"""What a failing test shows: the calls, the user's own lines, no secrets."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

ARN = "'…project/my-project/1579597815000'"
FAILING = """
def test_it(rekognition_cl):
    train(rekognition_cl.project_arn)
    rekognition_cl.clock.advance(1800)
    client().describe_project_versions(ProjectArn=rekognition_cl.project_arn)
    try:
        train(rekognition_cl.project_arn)
    except Exception:
        pass
    assert False
"""
SECTION = [
    f"   +0:00:00  create_project_version(ProjectArn={ARN}, VersionName='v1', OutputConfig={{'S3Bucket': 'bucket', 'S3KeyPrefix': 'out'}}) -> …project/my-project/version/v1/<ms>",
    f"   +0:30:00  describe_project_versions(ProjectArn={ARN}) -> TRAINING_COMPLETED",
    f"   +0:30:00  create_project_version(ProjectArn={ARN}, VersionName='v1', OutputConfig={{'S3Bucket': 'bucket', 'S3KeyPrefix': 'out'}}) -> ResourceInUseException: Specified resource is in use.",
    "Note: the project has a version 'v1' already.",
]


@pytest.mark.parametrize("how", [(), ("--assert=plain",), ("-p", "xdist", "-n1")], ids=["", "plain", "xdist"])
def test_the_section(run, how):
    assert run(FAILING, *how, failed=1).section() == SECTION


def test_no_section_where_there_is_nothing_to_tell(run):
    output = run(
        """
        def test_no_call(rekognition_cl):
            assert False

        def test_passes(rekognition_cl):
            train(rekognition_cl.project_arn)

        @pytest.mark.xfail
        def test_xfails(rekognition_cl):
            train(rekognition_cl.project_arn)
            assert False
        """,
        "-rA",
        failed=1,
        passed=1,
        xfailed=1,
    )
    assert "Rekognition Custom Labels calls" not in output.text


def test_calls_of_another_region_are_explained(run):
    output = run(
        """
        def test_it(rekognition_cl):
            client(region_name="eu-west-1").describe_project_versions(ProjectArn=rekognition_cl.project_arn)
        """,
        failed=1,
    )
    assert output.section()[1:] == [
        f"Note: the default project {ARN} is in us-east-1, calls came from clients in eu-west-1. "
        "To move it: @pytest.mark.rekognition_cl(region='eu-west-1')."
    ]


MISTAKES = """
from botocore.exceptions import WaiterError

def test_assertion(rekognition_cl):
    rekognition_cl.create_project_version.assert_called_once_with(VersionName="v1")

def test_arranging(rekognition_cl):
    rekognition_cl.add_model("v1", status="RUNING")

def test_members(rekognition_cl):
    rekognition_cl.add_model("v1", stauts="RUNNING")

def test_faults(rekognition_cl):
    rekognition_cl.add_client_error("describe_projects", "ThrottlingException", calls=0)

def test_response(rekognition_cl):
    rekognition_cl.add_response("describe_projects", {"Projects": []})

def test_parameter(rekognition_cl):
    rekognition_cl.describe_projects.assert_any_call(Projects=[])

def test_order(rekognition_cl):
    rekognition_cl.assert_order("create_project", "delete_project")

def test_verify(rekognition_cl):
    rekognition_cl.add_client_error("describe_projects", "ThrottlingException")
    rekognition_cl.verify()

def test_clock(rekognition_cl):
    rekognition_cl.clock.advance(-1)

def test_model(rekognition_cl):
    rekognition_cl.add_model("v1").fail_training("so")

def test_waiter(rekognition_cl):
    rekognition_cl.add_model("v1", status="TRAINING_FAILED")
    client().get_waiter("project_version_training_completed").wait(ProjectArn=rekognition_cl.project_arn)

def test_unanswered(rekognition_cl):
    start_collection()

def test_refused(rekognition_cl):
    client().describe_project_versions(ProjectArn=rekognition_cl.project_arn + "1")

def test_context():
    from pytest_rekognition_cl import RekognitionCL
    with RekognitionCL() as rekognition_cl:
        rekognition_cl.add_client_error("describe_projects", "ThrottlingException")
"""


@pytest.mark.parametrize("style", ["long", "short", "native"])
def test_tracebacks_show_the_users_lines_and_none_of_ours(run, style):
    output = run(MISTAKES, f"--tb={style}", failed=14)
    places = [line for line in output.lines if "pytest_rekognition_cl/" in line]
    if style == "native":  # Python's own: pytest cannot leave anything out of it
        return
    assert places == []


def test_the_wait_that_was_in_vain_is_explained(run):
    output = run(
        """
        def test_it(rekognition_cl):
            rekognition_cl.add_model("v1", status="TRAINING_FAILED")
            client().get_waiter("project_version_training_completed").wait(ProjectArn=rekognition_cl.project_arn)
        """,
        failed=1,
    )
    assert output.section()[1:] == [
        "Note: ProjectVersionTrainingCompleted waits until every version shown has the status TRAINING_COMPLETED. It saw TRAINING_FAILED."
    ]


def test_pain_19_a_misspelt_attribute_names_the_nearest(run):
    output = run(
        """
        def test_assertion(rekognition_cl):
            rekognition_cl.create_project_version.assert_called_onec()

        def test_operation(rekognition_cl):
            rekognition_cl.create_project_versoin.assert_called_once()

        def test_call(rekognition_cl):
            client().describe_projects()
            rekognition_cl.calls[0].parmas
        """,
        failed=3,
    )
    lower = output.text.lower()
    for name in ("assert_called_once", "create_project_version", "params"):
        # Python 3.15: Did you mean '.params' instead of '.parmas'?
        assert re.search(rf"did you mean:? '\.?{name}'( instead of '\.?\w+')?\?", lower)


def test_secrets_are_never_shown(run, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDSENTINEL")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "SECRETSENTINEL")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "TOKENSENTINEL")
    for how in ("--tb=long", "-l"):
        output = run(MISTAKES + FAILING.replace("test_it", "test_more"), how, failed=15)
        assert "SENTINEL" not in output.text


def test_the_nearest_arn_is_named_where_one_was_not_found(run):
    output = run(
        """
        def test_it(rekognition_cl):
            model = rekognition_cl.add_model("v1")
            project = model.arn.partition("/version/")[0] + "/" + model.arn.rpartition("/")[2]  # not the project's number
            client().describe_project_versions(ProjectArn=project)
        """,
        failed=1,
    )
    assert output.section()[-1] == (
        "Note: there is no '…project/my-project/<ms>'; the nearest that exists is '…project/my-project/1579597815000'. If it is a constant of your code: "
        "rekognition_cl.add_project('arn:aws:rekognition:us-east-1:123456789012:project/my-project/<ms>'), with @pytest.mark.rekognition_cl(default_project=False)."
    )


def test_junit_xml_carries_the_section(run, tmp_path):
    file = tmp_path / "junit.xml"
    run(FAILING, f"--junitxml={file}", failed=1)
    (failure,) = ElementTree.parse(file).iter("failure")
    assert "\n".join(SECTION) in "\n".join(map(run.plain, (failure.text or "").splitlines()))


def test_the_list_of_calls_is_not_printed_twice(run):
    """The text of a failed assertion has it already; notes are told all the same."""
    output = run(
        """
        def test_it(rekognition_cl):
            rekognition_cl.add_model("v1")
            client().describe_project_versions(ProjectArn=rekognition_cl.project_arn, VersionNames=["v2"])
            rekognition_cl.describe_project_versions.assert_not_called()
        """,
        failed=1,
    )
    assert output.text.count("-> no versions") == 1
    assert output.section() == ["Note: no version is named 'v2'; the nearest that exists is 'v1'."]


@pytest.mark.parametrize("wrong", ["create_project.assert_called_once_wiht()", "clok", "clock.slept = 3"])
def test_a_misspelt_attribute_is_shown_at_the_user_s_line(run, wrong):
    output = run(f"def test_it(rekognition_cl):\n    rekognition_cl.{wrong}\n", failed=1)
    assert "names.py" not in output.text
    assert "E       AttributeError" in output.text
