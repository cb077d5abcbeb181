"""A mistake in a marker fails its own test in the set-up, says how it is right, and lets the others run."""

from __future__ import annotations

import pytest

STATUSES = (
    "TRAINING_IN_PROGRESS, TRAINING_COMPLETED, TRAINING_FAILED, STARTING, RUNNING, FAILED, STOPPING, STOPPED, DELETING, "
    "COPYING_IN_PROGRESS, COPYING_COMPLETED, COPYING_FAILED, DEPRECATED, EXPIRED"
)
MODEL = (
    "Its signature: rekognition_cl_model(name_or_version_arn=None, *, project=None, status='TRAINING_COMPLETED', "
    "statuses=None, status_message=None, f1_score=None, **members)"
)
ERROR = "Its signature: rekognition_cl_error(operation, code, message=None, *, calls=1, attempts=N, after=0)"

#: Marker -> the text that its test fails with.
MISTAKES = {
    "rekognition_cl_modle('v1')": """
there is no marker 'rekognition_cl_modle'; did you mean 'rekognition_cl_model'?
On test_it.py::test_0. The markers are rekognition_cl, rekognition_cl_project, rekognition_cl_model, rekognition_cl_dataset, rekognition_cl_manifest, rekognition_cl_training, rekognition_cl_transition, rekognition_cl_error, rekognition_cl_exception, rekognition_cl_response.
""",
    "rekognition_cl_model('v1', stauts='RUNNING')": f"""
rekognition_cl_model() has no argument 'stauts'; did you mean 'status'?
The marker: rekognition_cl_model('v1', stauts='RUNNING') of test_it.py::test_1
{MODEL}
""",
    "rekognition_cl_model('v1', status='RUNING')": f"""
'RUNING' is not a status; did you mean 'RUNNING'? The statuses are {STATUSES}.
The marker: rekognition_cl_model('v1', status='RUNING') of test_it.py::test_2
{MODEL}
""",
    "rekognition_cl_error('create_projectversion', 'LimitExceededException')": f"""
Rekognition has no operation 'create_projectversion'; did you mean 'create_project_version'?
The marker: rekognition_cl_error('create_projectversion', 'LimitExceededException') of test_it.py::test_3
{ERROR}
""",
    "rekognition_cl_error('describe_projects', 'ThrottlingExeption')": f"""
describe_projects does not answer with 'ThrottlingExeption'; did you mean 'ThrottlingException'? It declares InvalidPaginationTokenException, InvalidParameterException, AccessDeniedException, InternalServerError, ThrottlingException, ProvisionedThroughputExceededException; ValidationException and AWS's common errors are possible everywhere.
The marker: rekognition_cl_error('describe_projects', 'ThrottlingExeption') of test_it.py::test_4
{ERROR}
""",
    "rekognition_cl('eu-west-1')": """
it takes keywords only, got 'eu-west-1'
The marker: rekognition_cl('eu-west-1') of test_it.py::test_5
Its signature: rekognition_cl(*, region=None, account='123456789012', passthrough=False, virtual_sleep=True, virtual_time=False, max_polls=5000, unused='fail', quotas=None, left_running='ignore', default_project=True)
""",
    "rekognition_cl(regoin='eu-west-1')": """
there is no option 'regoin'; did you mean 'region'? The options are region, account, passthrough, virtual_sleep, virtual_time, max_polls, unused, quotas, left_running, default_project.
The marker: rekognition_cl(regoin='eu-west-1') of test_it.py::test_6
Its signature: rekognition_cl(*, region=None, account='123456789012', passthrough=False, virtual_sleep=True, virtual_time=False, max_polls=5000, unused='fail', quotas=None, left_running='ignore', default_project=True)
""",
    "rekognition_cl_error('describe_projects', 'ThrottlingException', cals=2)": f"""
rekognition_cl_error() has no argument 'cals'; did you mean 'calls'?
The marker: rekognition_cl_error('describe_projects', 'ThrottlingException', cals=2) of test_it.py::test_7
{ERROR}
""",
    "rekognition_cl_error('describe_projects')": f"""
missing a required argument: 'code'
The marker: rekognition_cl_error('describe_projects') of test_it.py::test_8
{ERROR}
""",
    "rekognition_cl_response('detect_labels', {'Lables': []})": """
detect_labels cannot answer that: Unknown parameter in input: "Lables", must be one of: Labels, OrientationCorrection, LabelModelVersion, ImageProperties
The marker: rekognition_cl_response('detect_labels', {'Lables': []}) of test_it.py::test_9
Its signature: rekognition_cl_response(operation, response, *, calls=1, after=0)
""",
    "rekognition_cl_exception('detect_labels', 'timeout')": """
add_exception takes an exception, e.g. botocore.exceptions.ReadTimeoutError(endpoint_url=''), not 'timeout'
The marker: rekognition_cl_exception('detect_labels', 'timeout') of test_it.py::test_10
Its signature: rekognition_cl_exception(operation, exception, *, calls=1, attempts=N, after=0)
""",
    "rekognition_cl_model('v1', 'RUNNING')": f"""
too many positional arguments
The marker: rekognition_cl_model('v1', 'RUNNING') of test_it.py::test_11
{MODEL}
""",
    "rekognition_cl_zzz": """
there is no marker 'rekognition_cl_zzz'; did you mean 'rekognition_cl'?
On test_it.py::test_12. The markers are rekognition_cl, rekognition_cl_project, rekognition_cl_model, rekognition_cl_dataset, rekognition_cl_manifest, rekognition_cl_training, rekognition_cl_transition, rekognition_cl_error, rekognition_cl_exception, rekognition_cl_response.
""",
}


@pytest.mark.parametrize("how", [(), ("--assert=plain",), ("-p", "xdist", "-n1")], ids=["", "plain", "xdist"])
def test_pain_19_typos_in_markers_fail_their_test_alone(run, how):
    """PAINS 19: typos pass silently. Here each fails in its set-up, without a traceback."""
    tests = "\n".join(f"@pytest.mark.{marker}\ndef test_{i}(): ...\n" for i, marker in enumerate(MISTAKES))
    output = run(
        tests + "\ndef test_good(): ...\n",
        *how,
        "-W",
        "ignore::pytest.PytestUnknownMarkWarning",
        passed=1,
        errors=len(MISTAKES),
    )
    for text in MISTAKES.values():
        output.shows(text)
    assert "Traceback" not in output.text
    assert "Error:" not in output.text.partition("short test summary")[0]
    assert "plugin.py" not in output.text
    assert "markers.py" not in output.text


def test_a_test_that_is_skipped_may_have_a_wrong_marker(run):
    run(
        """
        @pytest.mark.skip
        @pytest.mark.rekognition_cl_model("v1", stauts="RUNNING")
        def test_it(rekognition_cl): ...

        @pytest.mark.skipif("True", reason="so")
        @pytest.mark.rekognition_cl_model("v1", status="RUNING")
        class TestIt:
            def test_it(self): ...
        """,
        skipped=2,
    )
