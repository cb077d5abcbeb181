"""Whatever a test patches, raises or sends: its report is made, and the run goes on without an INTERNALERROR."""

import pytest

PATCHES = {
    "open": "mocker.patch('builtins.open', mock.mock_open(read_data='x'))",
    "time": "mocker.patch('time.time')",
    "everything_of_time": "mocker.patch('time.time'); mocker.patch('time.monotonic')",
    "json": "mocker.patch('json.loads', side_effect=KeyError)",
}


@pytest.mark.parametrize("order", ["mocker, rekognition_cl", "rekognition_cl, mocker"])
def test_a_failing_test_does_not_end_the_run(run, order):
    tests = [
        f"""
        def test_{name}({order}):
            rekognition_cl.add_model("v1", status="RUNNING")
            client().describe_projects()
            {patch}
            assert False, "as it should"

        def test_after_{name}(rekognition_cl):
            client().describe_projects()
        """
        for name, patch in PATCHES.items()
    ]
    output = run(
        """
        from unittest import mock

        class Mocker:
            def __init__(self):
                self.started = []
            def patch(self, *args, **kwargs):
                patcher = mock.patch(*args, **kwargs)
                self.started.append(patcher)
                patcher.start()

        @pytest.fixture
        def mocker():
            mocker = Mocker()
            yield mocker
            for patcher in reversed(mocker.started):
                patcher.stop()
        """
        + "".join(tests),
        failed=len(PATCHES),
        passed=len(PATCHES),
    )
    assert "INTERNALERROR" not in output.text
    assert "as it should" in output.text
    assert output.text.count("- Rekognition Custom Labels calls -") == len(PATCHES) - 1
    assert "The calls cannot be shown: KeyError" in output.text  # their JSON cannot be read


def test_an_object_that_does_not_tell_its_attributes(run):
    output = run(
        """
        class Odd:
            def __dir__(self):
                raise ValueError("no")

        def test_it(rekognition_cl):
            client().describe_projects()
            Odd().missing

        def test_after(rekognition_cl):
            pass
        """,
        failed=1,
        passed=1,
    )
    assert "INTERNALERROR" not in output.text


def test_a_lone_surrogate_does_not_take_xdist_down(run):
    output = run(
        """
        def test_it(rekognition_cl):
            try:
                client().describe_projects(ProjectNames=["\\ud800"])
            except Exception:
                pass
            rekognition_cl.describe_projects.assert_called_with(ProjectNames=["\\ud801"])
        """,
        "-p",
        "xdist",
        "-n1",
        failed=1,
    )
    assert "INTERNALERROR" not in output.text


def test_a_fixture_that_was_asked_for_before_calls_in_its_tear_down(run):
    run(
        """
        @pytest.fixture
        def cleaned():
            yield
            client().describe_projects()

        def test_it(cleaned, rekognition_cl):
            pass
        """,
        passed=1,
    )
