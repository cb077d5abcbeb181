"""The askers and the table of the facts. In the place of the service: a fake behind an endpoint of one's own."""

import os
from pathlib import Path

import boto3
import facts
import pytest
from fact_table import table

from pytest_rekognition_cl import RekognitionCL

OPTIONS = ("--aws", "-k", "deleting")


@pytest.fixture
def conformance(run_process, monkeypatch):
    """Run these facts with ``--aws`` in another process, which has an environment and no more."""

    def run(environ):
        for variable in [variable for variable in os.environ if variable.startswith("AWS_")]:
            monkeypatch.delenv(variable)
        for variable, value in environ.items():
            monkeypatch.setenv(variable, value)
        return run_process(Path(__file__).parent, "test_conformance.py", *OPTIONS)

    return run


def test_without_credentials_it_says_so(conformance):
    nobody = {"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": "none", "AWS_SHARED_CREDENTIALS_FILE": "none"}
    result = conformance(nobody)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    assert result.errlines == ["ERROR: --aws needs AWS credentials and a Region: one of them is missing", ""]


def test_a_difference_is_shown_and_fails(conformance):
    with RekognitionCL() as service:
        service.set_transition("delete_project", seconds=0)
        text = "User: arn:aws:iam::111122223333:user/me is not authorized"
        service.add_client_error("delete_project_version", "AccessDeniedException", text)
        result = conformance(service.environ)
        made = [call.response["ProjectArn"] for call in service.create_project.calls if call.response]
        deleted = [call.params["ProjectArn"] for call in service.delete_project.calls if call.response]
    assert len(made) == 2
    assert sorted(made) == sorted(deleted)
    result.assert_outcomes(failed=2, passed=2)  # "deleting no project", by both ways into the fake too
    told = f"| {facts.NOT_FOUND} | 400 AccessDeniedException: User: <caller> is not authorized | NO |"
    assert result.outlines.count(f"| deleting no version {told}") == 1
    assert f"| deleting no project | {facts.NOT_FOUND} | {facts.NOT_FOUND} | yes |" in result.outlines


def test_the_table():
    assert table([["a fact", "1|2", "not asked"], ["a fact", "1|2", "not asked"], ["b", [], {}]]) == [
        "| fact | fake | service | same? |",
        "|---|---|---|---|",
        r"| a fact | 1\|2 | not asked | - |",
        "| b | [] | {} | NO |",
    ]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_what_was_made_is_deleted_after_a_failure(monkeypatch, error):
    def fail(client, project):
        client.create_project(ProjectName=f"{facts.name(project)}-2")
        raise error("no")

    monkeypatch.setattr(facts, "FACTS", {"failing": (fail, None)})
    with RekognitionCL() as fake:
        try:
            assert facts.ask_all() == {"failing": "ValueError: no"}
        except KeyboardInterrupt:
            assert error is KeyboardInterrupt
        made = [call.response["ProjectArn"] for call in fake.create_project.calls]
        assert [call.params["ProjectArn"] for call in fake.delete_project.calls] == made[::-1]
        assert len(made) == 2


def test_a_project_that_cannot_be_deleted_is_named():
    with RekognitionCL() as fake:
        fake.add_client_error("delete_project", "AccessDeniedException")
        client = boto3.client("rekognition")
        with pytest.raises(RuntimeError, match=f"{facts.PREFIX}.* may be left"), facts.empty_project(client):
            pass
