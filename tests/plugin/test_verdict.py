"""The verdict: one FAILED in the call phase, whatever kind of test it is, and nothing said twice."""

from __future__ import annotations

import pytest
from inner import ASYNCIO

MISUSE = """\
create_collection was called, and no answer is prepared for it.
It was not sent anywhere. The fixture answers the life of Custom Labels projects and models; other operations need an answer of yours.
To prepare one: rekognition_cl.add_response('create_collection', {...}); to hand such calls on to moto: @pytest.mark.rekognition_cl(passthrough=True).
"""

SWALLOWED = {
    "except Exception after the error": """
        def test_it(rekognition_cl):
            try:
                start_collection()
            except BaseException:
                pass
        """,
    "worker thread": """
        import threading
        @pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
        def test_it(rekognition_cl):
            thread = threading.Thread(target=start_collection)
            thread.start()
            thread.join()
        """,
    "unread future": """
        from concurrent.futures import ThreadPoolExecutor
        def test_it(rekognition_cl):
            with ThreadPoolExecutor() as pool:
                pool.submit(start_collection)
        """,
    "gather": """
        import asyncio
        def test_it(rekognition_cl):
            async def call():
                start_collection()
            async def main():
                await asyncio.gather(call(), return_exceptions=True)
            asyncio.run(main())
        """,
    "async test": """
        import asyncio
        @pytest.mark.asyncio
        async def test_it(rekognition_cl):
            await asyncio.gather(asyncio.to_thread(start_collection), return_exceptions=True)
        """,
    "TestCase": """
        import unittest
        @pytest.mark.rekognition_cl
        class TestIt(unittest.TestCase):
            def test_it(self):
                try:
                    start_collection()
                except BaseException:
                    pass
        """,
    "IsolatedAsyncioTestCase": """
        import unittest
        @pytest.mark.rekognition_cl
        class TestIt(unittest.IsolatedAsyncioTestCase):
            async def test_it(self):
                try:
                    start_collection()
                except BaseException:
                    pass
        """,
    "subtests": """
        def test_it(rekognition_cl, subtests):
            with subtests.test("one"):
                try:
                    start_collection()
                except BaseException:
                    pass
            with subtests.test("two"):
                pytest.skip("not today")
        """,
}


@pytest.mark.parametrize("source", SWALLOWED.values(), ids=SWALLOWED.keys())
def test_pain_2_swallowed_misuse_is_one_failure(run, source):
    """PAINS 2: real AWS called by accident; 27 of 46 public programs catch Exception around the call."""
    output = run(source, "-rA", *ASYNCIO, failed=1)
    output.shows(MISUSE)
    assert output.text.count("It was not sent anywhere.") == 1
    assert "ERROR" not in output.text


def test_except_exception_does_not_swallow_misuse(run):
    output = run(
        """
        def test_it(rekognition_cl):
            try:
                start_collection()
            except Exception:
                pass
        """,
        failed=1,
    )
    output.shows(
        "E       pytest_rekognition_cl.errors.UnansweredCall: create_collection was called, and no answer is prepared for it."
    )
    assert output.text.count("It was not sent anywhere.") == 1


def test_misuse_in_xdist_workers_is_one_failure(run):
    output = run(
        """
        @pytest.mark.parametrize("n", range(4))
        def test_it(rekognition_cl, n):
            if n == 2:
                try:
                    start_collection()
                except BaseException:
                    pass
        """,
        "-p",
        "xdist",
        "-n1",
        passed=3,
        failed=1,
    )
    output.shows(MISUSE)


@pytest.mark.parametrize(("strict", "outcomes"), [(False, {"xfailed": 1}), (True, {"xfailed": 1})])
def test_xfail_covers_the_verdict(run, strict, outcomes):
    run(
        f"""
        @pytest.mark.xfail(strict={strict})
        def test_it(rekognition_cl):
            try:
                start_collection()
            except BaseException:
                pass
        """,
        **outcomes,
    )


def test_strict_xfail_fails_where_there_is_nothing_to_say(run):
    output = run(
        """
        @pytest.mark.xfail(strict=True)
        def test_it(rekognition_cl):
            train(rekognition_cl.project_arn)
        """,
        failed=1,
    )
    assert "[XPASS(strict)]" in output.text


UNUSED = """\
Prepared, but not used up (3):
  add_client_error('create_project_version', 'LimitExceededException') at test_it.py:22: used for 0 of 1 call
  add_client_error('describe_project_versions', 'ThrottlingException', attempts=3) at test_it.py:23: used for 0 of 3 attempts
  add_response('detect_labels', {'Labels': []}, calls=None) at test_it.py:24: never used
Expected that the code under test meets each of them. To allow it: @pytest.mark.rekognition_cl(unused='ignore').
"""
PREPARE = """
    rekognition_cl.add_client_error("create_project_version", "LimitExceededException")
    rekognition_cl.add_client_error("describe_project_versions", "ThrottlingException", attempts=3)
    rekognition_cl.add_response("detect_labels", {"Labels": []}, calls=None)
"""


def test_pain_14_prepared_and_not_used_up_fails(run):
    """PAINS 14: strict about expectations."""
    output = run(f"def test_it(rekognition_cl):{PREPARE}", failed=1)
    output.shows(UNUSED)


def test_pain_14_presets_that_nobody_asks_for_are_fine(run):
    """PAINS 14: a preset model that nobody describes, a planned training that nobody starts: fine."""
    run(
        """
        @pytest.mark.rekognition_cl_model("v1", status="RUNNING")
        @pytest.mark.rekognition_cl_training(status="TRAINING_FAILED")
        @pytest.mark.rekognition_cl_project("other")
        def test_it(rekognition_cl):
            rekognition_cl.add_model("v2", statuses=["STARTING", "RUNNING"])
        """,
        passed=1,
    )


@pytest.mark.parametrize("level", ["marker", "ini"])
def test_pain_14_unused_can_be_allowed(run, level):
    marker = "@pytest.mark.rekognition_cl(unused='ignore')" if level == "marker" else ""
    ini = "rekognition_cl_unused = ignore" if level == "ini" else ""
    run(f"{marker}\ndef test_it(rekognition_cl):{PREPARE}", ini=ini, passed=1)


@pytest.mark.parametrize(
    ("end", "outcomes"),
    [("assert 0", {"failed": 1}), ("pytest.skip()", {"skipped": 1}), ("pytest.xfail()", {"xfailed": 1})],
)
def test_a_body_that_did_not_end_is_not_judged_by_what_it_left_unused(run, end, outcomes):
    output = run(f"def test_it(rekognition_cl):{PREPARE}\n    {end}", "-rA", **outcomes)
    assert "Prepared" not in output.text


@pytest.mark.parametrize(("end", "outcome"), [("fail", "failed"), ("skipTest", "skipped")])
def test_a_test_case_that_did_not_end_is_not_judged_by_what_it_left_unused(run, end, outcome):
    output = run(
        f"""
        import unittest
        @pytest.mark.rekognition_cl_error("create_project_version", "LimitExceededException")
        class TestIt(unittest.TestCase):
            def test_it(self):
                self.{end}("so")
        """,
        "-rA",
        **{outcome: 1},
    )
    assert "Prepared" not in output.text


SKIPS = {
    "function": "def test_it(rekognition_cl):\n    swallow()\n    pytest.skip('so')",
    "TestCase": """
import unittest
@pytest.mark.rekognition_cl
class TestIt(unittest.TestCase):
    def test_it(self):
        swallow()
        self.skipTest('so')
""",
}


@pytest.mark.parametrize("source", SKIPS.values(), ids=SKIPS.keys())
def test_a_skip_does_not_hide_misuse(run, source):
    swallow = "def swallow():\n    try:\n        start_collection()\n    except BaseException:\n        pass\n"
    output = run(swallow + source, failed=1)
    output.shows(MISUSE)


def test_a_skip_because_of_misuse_does_not_hide_it(run):
    output = run(
        """
        def test_it(rekognition_cl):
            try:
                start_collection()
            except BaseException:
                pytest.skip("so")
        """,
        failed=1,
    )
    output.shows(MISUSE)


def test_a_fixture_that_the_body_asks_for_is_judged_too(run):
    output = run(
        """
        def test_it(request):
            rekognition_cl = request.getfixturevalue("rekognition_cl")
            rekognition_cl.add_client_error("create_project_version", "LimitExceededException")
        """,
        failed=1,
    )
    assert output.lines.count("Prepared, but not used up (1):") == 1


def test_a_failed_body_and_misuse_before_it_are_one_failure(run):
    output = run(
        """
        def test_it(rekognition_cl):
            try:
                start_collection()
            except BaseException:
                pass
            assert 1 == 2
        """,
        failed=1,
    )
    assert output.section() == [
        "   +0:00:00  create_collection(CollectionId='faces') -> UnansweredCall: create_collection was called, and no answer is prepared for it."
    ]


def test_a_failed_set_up_is_one_error(run):
    output = run(
        """
        @pytest.fixture
        def broken(rekognition_cl):
            rekognition_cl.add_client_error("create_project_version", "LimitExceededException")
            start_collection()

        def test_it(broken): ...

        def test_after(rekognition_cl):
            train(rekognition_cl.project_arn)
        """,
        errors=1,
        passed=1,
    )
    assert "ERROR at setup of test_it" in output.text
    assert "Prepared" not in output.text
    assert output.text.count("It was not sent anywhere.") == 1


@pytest.mark.parametrize("swallow", [False, True])
def test_calls_in_tear_down_are_judged_there(run, swallow):
    output = run(
        f"""
        done = []

        @pytest.fixture
        def first(rekognition_cl):
            yield
            done.append("first")

        @pytest.fixture
        def cleaning(first):
            yield
            try:
                start_collection()
            except BaseException:
                if not {swallow}:
                    raise

        def test_it(cleaning): ...

        def test_after(rekognition_cl):
            assert done == ["first"]  # no tear-down was left out
            assert len(rekognition_cl.calls) == 0
        """,
        passed=2,
        errors=1,
    )
    assert "ERROR at teardown of test_it" in output.text
    assert output.text.count("It was not sent anywhere.") == 1


def test_two_findings_are_one_failure(run):
    output = run(
        """
        def test_it(rekognition_cl):
            rekognition_cl.add_client_error("start_project_version", "LimitExceededException", calls=2, after=1)
            try:
                start_collection()
            except BaseException:
                pass
        """,
        failed=1,
    )
    output.shows(
        MISUSE
        + """It was raised at test_it.py:18.

Prepared, but not used up (1):
  add_client_error('start_project_version', 'LimitExceededException', calls=2, after=1) at test_it.py:23: used for 0 of 2 calls
Expected that the code under test meets each of them. To allow it: @pytest.mark.rekognition_cl(unused='ignore').
"""
    )


def test_left_running(run):
    output = run(
        """
        @pytest.mark.rekognition_cl(left_running="fail")
        @pytest.mark.rekognition_cl_model("v1", status="RUNNING")
        def test_fails(rekognition_cl): ...

        @pytest.mark.rekognition_cl(left_running="fail")
        @pytest.mark.rekognition_cl_model("v1", status="STOPPED")
        def test_stopped(rekognition_cl): ...

        @pytest.mark.rekognition_cl_model("v1", status="RUNNING")
        def test_nobody_asks(rekognition_cl): ...
        """,
        failed=1,
        passed=2,
    )
    output.shows(
        """
        1 model was left running: '…project/my-project/version/v1/<ms>'
        Expected that every started model is stopped: a running one is charged by the hour.
        All calls:
          (none)
        To allow it: @pytest.mark.rekognition_cl(left_running='ignore').
        """
    )


def test_verify_in_the_middle_says_everything_once(run):
    run(
        """
        def test_it(rekognition_cl):
            rekognition_cl.add_client_error("start_project_version", "LimitExceededException")
            with pytest.raises(AssertionError, match="Prepared, but not used up"):
                rekognition_cl.verify()
            rekognition_cl.verify()
        """,
        passed=1,
    )


SUBTESTS = """
def test_it(rekognition_cl, subtests):
    rekognition_cl.add_client_error("start_project_version", "LimitExceededException")
    with subtests.test("skips"):
        pytest.skip("so")
"""


def test_a_skipped_subtest_does_not_end_the_judging(run):
    output = run(SUBTESTS, failed=1)
    assert output.lines.count("Prepared, but not used up (1):") == 1


def test_misuse_that_a_subtest_told_is_not_told_again(run):
    output = run(
        """
        def test_it(rekognition_cl, subtests):
            with subtests.test("calls"):
                start_collection()
        """,
        failed=2,
    )
    assert output.text.count("It was not sent anywhere.") == 1


def test_what_a_marker_has_prepared_names_the_line_of_the_test(run):
    output = run(
        """
        @pytest.mark.rekognition_cl_error("create_project", "LimitExceededException")
        def test_it(): ...
        """,
        failed=1,
    )
    line = "  add_client_error('create_project', 'LimitExceededException') at test_it.py:22: used for 0 of 1 call"
    assert line in output.lines
