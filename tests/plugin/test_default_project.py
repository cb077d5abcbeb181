"""An account without projects: the option default_project=False."""

from __future__ import annotations

import pytest

TEST = """
def test_it(rekognition_cl):
    assert client().describe_projects()["ProjectDescriptions"] == []
    default = "arn:aws:rekognition:us-east-1:123456789012:project/my-project/1579597815000"
    with pytest.raises(client().exceptions.ResourceNotFoundException):
        client().describe_project_versions(ProjectArn=default)
    assert rekognition_cl.projects == rekognition_cl.models == ()
    for use in (
        lambda: rekognition_cl.project_arn,
        lambda: rekognition_cl.project,
        lambda: rekognition_cl.add_model("v1"),
    ):
        with pytest.raises(ValueError) as caught:
            use()
        assert str(caught.value) == (
            "there is no default project, since default_project=False. Add one: project = "
            "rekognition_cl.add_project('name'), then project.arn, and add_model(..., project=project)"
        )
    project = rekognition_cl.add_project("my-project")
    rekognition_cl.add_model("v1", project=project)
    assert [p["ProjectArn"] for p in client().describe_projects()["ProjectDescriptions"]] == [project.arn]
    assert rekognition_cl.environ["AWS_DEFAULT_REGION"] == "us-east-1"
"""


@pytest.mark.parametrize("way", ["marker", "ini"])
def test_nothing_is_listed_or_found(run, way):
    marker = "@pytest.mark.rekognition_cl(default_project=False)" if way == "marker" else ""
    ini = "rekognition_cl_default_project = false" if way == "ini" else ""
    run(marker + TEST, ini=ini, passed=1)


def test_as_a_keyword(run):
    run(
        "from pytest_rekognition_cl import RekognitionCL\n"
        "@pytest.fixture\ndef rekognition_cl():\n"
        "    with RekognitionCL(default_project=False) as fake:\n        yield fake\n" + TEST,
        passed=1,
    )


def test_a_constant_of_the_name_of_the_default_project(run):
    """The remedy that the note of such a failure names."""
    arn = "arn:aws:rekognition:us-east-1:123456789012:project/my-project/1690474772815"
    run(
        f"""
        @pytest.mark.rekognition_cl(default_project=False)
        @pytest.mark.rekognition_cl_project({arn!r})
        def test_it(rekognition_cl):
            assert client().describe_project_versions(ProjectArn={arn!r})["ProjectVersionDescriptions"] == []
        """,
        passed=1,
    )


def test_a_failing_test_without_a_default_project_has_its_section(run):
    output = run(
        """
        @pytest.mark.rekognition_cl(default_project=False)
        def test_it(rekognition_cl):
            train("arn:aws:rekognition:us-east-1:123456789012:project/p/1690474772815")
        """,
        failed=1,
    )
    assert output.section()[-1] == (
        "Note: there is no '…project/p/<ms>', nor any other. If it is a constant of your code: "
        "rekognition_cl.add_project('arn:aws:rekognition:us-east-1:123456789012:project/p/<ms>')."
    )
