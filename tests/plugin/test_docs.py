"""The pages of docs/ are promises: every Python block runs, and what they say does not work does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGES = sorted((Path(__file__).parents[2] / "docs").glob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_python_block_runs(pytester: pytest.Pytester, page: Path):
    blocks = [
        text
        for text in re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
        if not text.startswith("# needs:")
    ]
    tests = sum(len(re.findall(r"^ *(?:async )?def test_", text, re.MULTILINE)) for text in blocks)
    for number, text in enumerate(blocks):
        pytester.makepyfile(**{f"test_block_{number}": text})
    if blocks:
        result = pytester.runpytest_subprocess("-p", "no:randomly", "-p", "no:asyncio", "-W", "error")
        result.assert_outcomes(passed=tests)


HANDLERS = """
def test_it(rekognition_cl):
    rekognition, ran = client(), []
    for event in ("request-created", "before-sign", "before-send", "before-call", "after-call", "needs-retry"):
        rekognition.meta.events.register(f"{event}.rekognition", lambda event_name, **_: ran.append(event_name))
    rekognition.describe_projects()
    assert {name.partition(".")[0] for name in ran} == {"before-call", "after-call", "needs-retry"}
"""


def test_the_handlers_that_are_not_run(run):
    run(HANDLERS, passed=1)


def test_setup_method_without_a_marker_is_not_covered(run):
    run(
        """
        from botocore.endpoint import Endpoint
        genuine = Endpoint.make_request

        class TestIt:
            def setup_method(self):
                self.covered = Endpoint.make_request is not genuine

            def test_plain(self, rekognition_cl):
                assert not self.covered

            @pytest.mark.rekognition_cl
            def test_marked(self):
                assert self.covered
        """,
        passed=2,
    )
