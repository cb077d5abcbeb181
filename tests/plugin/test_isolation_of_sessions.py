"""However a test ends, what it touched is as it was; contexts nest and end in any order."""

from __future__ import annotations

import subprocess
import sys
import time

import boto3
import pytest
from botocore.endpoint import Endpoint
from botocore.session import Session
from botocore.waiter import Waiter

from pytest_rekognition_cl import RekognitionCL


def touched():
    return (
        Endpoint.make_request.__code__,
        Session.__dict__["create_client"],
        Waiter.__dict__["wait"],
        time.sleep,
    )


ENDS = {
    "passes": ("pass", {"passed": 2}),
    "fails": ("assert False", {"failed": 1, "passed": 1}),
    "misuse": ("start_collection()", {"failed": 1, "passed": 1}),
    "exit": ("pytest.exit('enough')", {}),
    "interrupt": ("raise KeyboardInterrupt", {}),
    "interrupt after misuse": (
        "try:\n        start_collection()\n    except BaseException:\n        raise KeyboardInterrupt from None",
        {},
    ),
    "system exit": ("raise SystemExit(3)", {"failed": 1, "passed": 1}),
}


@pytest.mark.parametrize(("end", "outcomes"), ENDS.values(), ids=ENDS.keys())
def test_everything_is_restored(run, end, outcomes):
    before = touched()
    source = f"""
def test_it(rekognition_cl):
    train(rekognition_cl.project_arn)
    {end}

def test_after(rekognition_cl):
    assert len(rekognition_cl.calls) == 0
    train(rekognition_cl.project_arn)
"""
    if outcomes:
        output = run(source, **outcomes)
    else:
        output = run.session(source)
        assert output.result.ret == pytest.ExitCode.INTERRUPTED
    assert "INTERNALERROR" not in output.text
    assert touched() == before


@pytest.mark.parametrize("order", ["broken, rekognition_cl", "rekognition_cl, broken"])
def test_a_failing_set_up_of_another_fixture(run, order):
    before = touched()
    run(
        f"""
        @pytest.fixture
        def broken():
            raise RuntimeError("so")

        def test_it({order}): ...

        def test_after(rekognition_cl):
            train(rekognition_cl.project_arn)
        """,
        errors=1,
        passed=1,
    )
    assert touched() == before


def test_a_users_monkeypatch_does_not_open_the_network(run):
    run(
        """
        @pytest.mark.rekognition_cl_model("v1")
        def test_it(monkeypatch, rekognition_cl):
            monkeypatch.setenv("SOME", "thing")
            monkeypatch.undo()
            client().describe_project_versions(ProjectArn=rekognition_cl.project_arn)
            rekognition_cl.describe_project_versions.assert_called_once()
        """,
        passed=1,
    )


def test_reruns_start_anew(run):
    """pytest-rerunfailures runs the same item again: nothing of the first run is left, nor told of the second."""
    output = run.session(
        """
        runs = []

        @pytest.mark.rekognition_cl_model("v1")
        def test_it(rekognition_cl):
            runs.append(1)
            assert len(rekognition_cl.calls) == 0
            assert len(rekognition_cl.models) == 1
            if len(runs) < 3:
                rekognition_cl.add_client_error("describe_projects", "ThrottlingException")
            train(rekognition_cl.project_arn, "v2")

        def test_fails(rekognition_cl):
            train(rekognition_cl.project_arn)
            assert False
        """,
        "-p",
        "rerunfailures",
        "--reruns=2",
    )
    counts = output.result.parseoutcomes()
    assert (counts["passed"], counts["failed"], counts["rerun"]) == (1, 1, 4)
    assert len(output.section()) == 1


def test_an_inner_session_in_this_process(run, rekognition_cl):
    """A test of a plugin has a fixture of its own while the inner session has another one."""
    client = boto3.client("rekognition")
    client.describe_projects()
    run(
        """
        def test_it(rekognition_cl):
            train(rekognition_cl.project_arn)
            assert len(rekognition_cl.calls) == 1
        """,
        passed=1,
    )
    client.describe_projects()
    assert [call.operation for call in rekognition_cl.calls] == ["describe_projects"] * 2


# --- contexts --------------------------------------------------------------------------------------------------------


def test_pain_12_nested_contexts_restore_the_outer_one():
    """PAINS 12: state leaks between tests; nesting; assert after stop."""
    before = touched()
    with RekognitionCL() as outer:
        client = boto3.client("rekognition")
        client.describe_projects()
        with RekognitionCL(region="eu-west-1") as inner:
            client.describe_projects()
        client.describe_projects()
    assert touched() == before
    assert (len(outer.calls), len(inner.calls)) == (2, 1)
    inner.describe_projects.assert_called_once()


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2), (1, 2, 0), (0, 2, 1), (2, 0, 1)])
def test_contexts_end_in_any_order(order):
    """The innermost one that is still open answers."""
    before = touched()
    contexts = [RekognitionCL() for _ in range(3)]
    for context in contexts:
        context.__enter__()
    client = boto3.client("rekognition")
    open_ones = [0, 1, 2]
    expected = [0, 0, 0]
    for ending in order:
        client.describe_projects()
        expected[max(open_ones)] += 1
        contexts[ending].__exit__(None, None, None)
        open_ones.remove(ending)
    assert [len(context.calls) for context in contexts] == expected
    assert touched() == before


def block(error=None):
    with RekognitionCL() as rekognition_cl:
        rekognition_cl.add_client_error("describe_projects", "ThrottlingException")
        if error is not None:
            raise error


def test_a_context_verifies_where_its_block_passed():
    with pytest.raises(AssertionError, match="Prepared, but not used up"):
        block()
    with pytest.raises(ZeroDivisionError):
        block(ZeroDivisionError())


def test_a_context_is_used_once():
    with RekognitionCL() as rekognition_cl:
        pass
    with pytest.raises(RuntimeError, match="was used already; every context needs a RekognitionCL of its own"):
        rekognition_cl.__enter__()


def test_unittest_module_scope_and_hypothesis(run):
    run(
        """
        import sys
        import unittest
        from hypothesis import given, strategies as st
        from pytest_rekognition_cl import RekognitionCL

        class TestSetUp(unittest.TestCase):
            def setUp(self):
                self.rekognition_cl = RekognitionCL()
                self.rekognition_cl.__enter__()
                self.addCleanup(self.rekognition_cl.__exit__, None, None, None)

            def test_it(self):
                train(self.rekognition_cl.project_arn)
                self.rekognition_cl.create_project_version.assert_called_once()

            def test_unused(self):
                self.rekognition_cl.add_client_error("describe_projects", "ThrottlingException")

        class TestClassWide(unittest.TestCase):
            @classmethod
            def setUpClass(cls):
                cls.rekognition_cl = RekognitionCL()
                cls.rekognition_cl.__enter__()
                cls.addClassCleanup(cls.rekognition_cl.__exit__, None, None, None)

            def test_1(self):
                train(self.rekognition_cl.project_arn, f"v{self.rekognition_cl.create_project_version.call_count}")

            test_2 = test_1

            def test_context(self):
                if sys.version_info >= (3, 11):
                    inner = self.enterContext(RekognitionCL())
                    train(inner.project_arn)

        @pytest.fixture(scope="module")
        def outer():
            with RekognitionCL() as rekognition_cl:
                train(rekognition_cl.project_arn)
                yield rekognition_cl

        @pytest.mark.parametrize("n", [1, 2])
        def test_module_scoped(outer, n):
            assert len(outer.models) == 1

        def test_beside_the_fixture(outer, rekognition_cl):
            client().describe_projects()
            rekognition_cl.describe_projects.assert_called_once()
            outer.describe_projects.assert_not_called()

        @given(st.integers(1, 3))
        def test_given(number):
            with RekognitionCL() as rekognition_cl:
                for name in range(number):
                    rekognition_cl.add_model()
                described = client().describe_project_versions(ProjectArn=rekognition_cl.project_arn)
                assert len(described["ProjectVersionDescriptions"]) == number
        """,
        passed=8,
        failed=1,
    )


def test_without_pytest_at_all(tmp_path):
    """The context works in a plain script, and nothing of it imports pytest."""
    script = tmp_path / "script.py"
    script.write_text(
        """
import sys
import botocore.session
from pytest_rekognition_cl import RekognitionCL, UnansweredCall

with RekognitionCL(region="eu-west-1") as rekognition_cl:
    client = botocore.session.Session().create_client("rekognition")
    client.describe_projects()
    rekognition_cl.describe_projects.assert_called_once_with()
try:
    with RekognitionCL():
        try:
            client.create_collection(CollectionId="faces")
        except UnansweredCall:
            pass
except AssertionError as error:
    print(str(error).splitlines()[0])
print("pytest" in sys.modules)
"""
    )
    done = subprocess.run([sys.executable, "-W", "error", script], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout.splitlines() == ["create_collection was called, and no answer is prepared for it.", "False"]


def test_hypothesis_shrinks_a_refused_call(run):
    """Hypothesis handles pytest's outcomes as failures; any other BaseException it would let through unshrunk."""
    output = run(
        """
        from hypothesis import given, settings, strategies as st
        from pytest_rekognition_cl import RekognitionCL

        @settings(database=None)
        @given(st.integers(0, 1000))
        def test_given(number):
            with RekognitionCL():
                if number >= 10:
                    start_collection()
        """,
        failed=1,
    )
    assert "number=10," in output.text


def test_errors_can_be_pickled():
    """pytest-xdist and process pools send exceptions around."""
    import pickle

    from pytest_rekognition_cl import EndlessPoll, LateCall, RekognitionCLError, UnansweredCall

    for kind in (EndlessPoll, LateCall, UnansweredCall):
        error = pickle.loads(pickle.dumps(kind("so it is")))
        assert (type(error), str(error)) == (kind, "so it is")
        assert isinstance(error, RekognitionCLError)
        assert not isinstance(error, Exception)


PAIN_8 = """
from botocore.exceptions import ClientError

def test_it(rekognition_cl):
    with pytest.raises(ClientError) as caught:
        train(rekognition_cl.project_arn, "a b")
    assert caught.value.response["Error"] == {
        "Code": "ValidationException",
        "Message": "1 validation error detected: Value 'a b' at 'versionName' failed to satisfy constraint: "
        "Member must satisfy regular expression pattern: [a-zA-Z0-9_.\\\\-]+",
    }
    rekognition_cl.create_project_version.assert_called_once()
"""


def test_pain_8_what_aws_refuses_is_refused(run):
    """PAINS 8: mocks accept what AWS refuses; botocore checks only minima. Wording: a captured answer's (SERVICE 2b)."""
    run(PAIN_8, passed=1)
