"""README and docs are promises: every Python block runs, every name exists, the commands are the ones that CI runs."""

import re
from pathlib import Path

import pytest

from pytest_rekognition_cl import plugin, settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
PYTHON = [text for language, text in BLOCKS if language == "python"]


#: Page -> the Python blocks in it.
PAGES = {
    page.name: re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
}


def test_the_pages_have_blocks():
    assert len(PAGES["README.md"]) > 8
    assert len(PAGES["datasets.md"]) > 3


@pytest.mark.parametrize("page", [page for page, blocks in PAGES.items() if blocks])
def test_every_python_block_runs(pytester: pytest.Pytester, page):
    blocks = [text for text in PAGES[page] if not text.startswith("# needs:")]
    tests = 0
    for number, text in enumerate(blocks):
        tests += len(re.findall(r"^ *(?:async )?def test_", text, re.MULTILINE))
        pytester.makepyfile(**{f"test_block_{number}": text})
    result = pytester.runpytest_inprocess("-p", "no:randomly", "-p", "no:asyncio", "-W", "error")
    result.assert_outcomes(passed=tests)


def test_the_blocks_with_needs_are_run_elsewhere():
    needs = [text.splitlines()[0] for text in PYTHON if text.startswith("# needs:")]
    assert needs == ["# needs: aioboto3, pytest-asyncio", "# needs: the AWS CLI"]


def test_the_commands_are_those_of_ci():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    commands = [text.strip() for language, text in BLOCKS if language == "sh"][:2]
    for command in commands:
        assert command.startswith("python -m pip install -e ")
        assert command in script


def test_the_options_table_is_whole():
    rows = set(re.findall(r"^\| `(\w+)` \|", README.partition("## Options")[2].partition("## ")[0], re.MULTILINE))
    assert rows == {*settings.SETTINGS, "early"}


def test_every_marker_and_operation_is_mentioned():
    for line in plugin.MARKERS:
        assert line.partition("(")[0] in README
    for link in re.findall(r"\]\(#([\w-]+)\)", README):
        headings = [
            re.sub(r"[^\w\- ]", "", h).lower().replace(" ", "-") for h in re.findall(r"^## (.*)$", README, re.M)
        ]
        assert link in headings
