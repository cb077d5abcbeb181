"""A RekognitionCL that a test enters by itself gives the same diagnostics as the fixture, and advises its keywords."""

from __future__ import annotations

import pytest

IMPORT = "from pytest_rekognition_cl import RekognitionCL\n"


LEFT_BY_AN_EXCEPTION = (
    IMPORT
    + """
def test_it():
    with RekognitionCL(region="us-east-1") as fake:
        fake.add_model("v1")
        client().describe_project_versions(ProjectArn=fake.project_arn, VersionNames=["v2"])
        assert 1 == 2
"""
)


@pytest.mark.parametrize("how", [(), ("-p", "xdist", "-n1")], ids=["", "xdist"])
def test_the_section_of_a_context_that_an_exception_left(run, how):
    section = run(LEFT_BY_AN_EXCEPTION, *how, failed=1).section()
    assert section == [
        f"Of the RekognitionCL made at {run.place('with Rek')}:",
        "   +0:00:00  describe_project_versions(ProjectArn='…project/my-project/1579597815000', VersionNames=['v2']) -> no versions",
        "Note: no version is named 'v2'; the nearest that exists is 'v1'.",
    ]


def test_the_section_of_a_context_of_a_unittest_test_case(run):
    output = run(
        IMPORT
        + """
import unittest

class TestIt(unittest.TestCase):
    def setUp(self):
        self.fake = self.enterContext(RekognitionCL(region="us-east-1")) if hasattr(self, "enterContext") else None
        if self.fake is None:
            context = RekognitionCL(region="us-east-1")
            self.fake = context.__enter__()
            self.addCleanup(context.__exit__, None, None, None)

    def test_it(self):
        train(self.fake.project_arn)
        self.fail("so")
""",
        failed=1,
    )
    assert "create_project_version(" in output.section()[1]


def test_of_a_context_around_several_tests_the_section_has_this_tests_calls(run):
    output = run(
        IMPORT
        + """
@pytest.fixture(scope="module", autouse=True)
def fake():
    with RekognitionCL(region="us-east-1") as fake:
        yield fake

def test_passes(fake):
    train(fake.project_arn, "first")

def test_fails(fake):
    train(fake.project_arn, "second")
    assert 1 == 2

def test_calls_nothing():
    assert 1 == 2
""",
        passed=1,
        failed=2,
    )
    (call,) = output.section()[1:]
    assert "VersionName='second'" in call


def test_a_test_that_passes_has_no_section(run):
    source = IMPORT + "def test_it():\n    with RekognitionCL() as fake:\n        train(fake.project_arn)\n"
    assert "Custom Labels calls" not in run(source, "-rA", passed=1).text


CONTEXT_INSIDE = (
    IMPORT
    + """
@pytest.fixture
def mine(rekognition_cl):
    with RekognitionCL() as fake:
        yield fake

def test_assertion(rekognition_cl, mine):
    train(mine.project_arn)
    rekognition_cl.create_project_version.{assertion}

def test_project(rekognition_cl, mine):
    train(rekognition_cl.add_project("p").arn)
"""
)


@pytest.mark.parametrize("assertion", ["assert_called()", "assert_called_once()", "assert_any_call(VersionName='v1')"])
def test_the_context_that_has_answered_instead_is_named(run, assertion):
    source = CONTEXT_INSIDE.replace("{assertion}", assertion)
    output = run(source, failed=2)
    inner = f"the RekognitionCL made at {run.place('with Rek')}"
    last = f"E       It was called in {inner}; of contexts in one another, the innermost one answers."
    assert last in output.lines or last.replace("E       ", "E           ") in output.lines
    assert (
        "Note: '…project/p/<ms>' exists in test_it.py::test_project; of contexts in one another, the innermost one answers."
        in output.lines
    )


ADVICE = {
    "fake.add_client_error('describe_projects', 'ThrottlingException')": "To allow it: RekognitionCL(unused='ignore').",
    "fake.add_model('v1', status='RUNNING')": "To allow it: RekognitionCL(left_running='ignore').",
    "start_collection()": "to hand such calls on to moto: RekognitionCL(passthrough=True).",
    "[train(fake.project_arn, name) for name in 'abc']": "To lift it: RekognitionCL(quotas={'concurrent_trainings': None}).",
}


@pytest.mark.parametrize("body", ADVICE)
def test_the_keywords_of_the_context_are_advised_and_no_marker(run, body):
    output = run(
        IMPORT + f"def test_it():\n    with RekognitionCL(left_running='fail') as fake:\n        {body}\n", failed=1
    )
    assert ADVICE[body] in output.text
    assert "pytest.mark" not in output.text


NEVER_LEFT = (
    IMPORT
    + """
@pytest.fixture(scope="session")
def of_the_session():
    with RekognitionCL() as fake:
        yield fake

@pytest.fixture(scope="module")
def of_the_module(of_the_session):
    with RekognitionCL() as fake:
        yield fake

@pytest.fixture
def of_the_function(of_the_module):
    with RekognitionCL() as fake:
        yield fake

def test_enters(of_the_function):
    fake = RekognitionCL().__enter__()
    fake.project_arn

def test_after(of_the_function): ...
"""
)


@pytest.mark.parametrize("how", [(), ("-p", "xdist", "-n1")], ids=["", "xdist"])
def test_a_context_that_was_never_left_fails_the_end_of_the_session(run, how):
    """And no other one: those of fixtures are left when the last test is torn down."""
    output = run(NEVER_LEFT, *how, passed=2, errors=1)
    owner = f"the RekognitionCL made at {run.place('__enter__')}"
    assert f"{owner} was entered and never left, so what it found was never reported." in output.lines
    assert output.text.count("never left") == 1


def test_a_context_around_the_whole_session_is_none(run):
    run.pytester.makeconftest(
        """
        from pytest_rekognition_cl import RekognitionCL
        fake = RekognitionCL(region="us-east-1")

        def pytest_sessionstart(session):
            fake.__enter__()

        def pytest_sessionfinish(session):
            fake.__exit__(None, None, None)
        """
    )
    run("def test_it():\n    client().describe_projects()\n", passed=1)
