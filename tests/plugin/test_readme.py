"""README and docs are promises: every Python block runs, and the README's commands are the ones that CI runs."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
#: The pages that users read.
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
README = PAGES[0].read_text(encoding="utf-8")
BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)
#: Page -> the Python blocks in it.
PYTHON = {
    page.stem: [text for language, text in BLOCK.findall(page.read_text(encoding="utf-8")) if language == "python"]
    for page in PAGES
}


def test_the_readme_is_short():
    assert len(README.splitlines()) <= 220
    assert len(PYTHON["README"]) >= 5


@pytest.mark.parametrize("page", [page for page, blocks in PYTHON.items() if blocks])
def test_every_python_block_runs(pytester: pytest.Pytester, run_process: Callable[..., pytest.RunResult], page: str):
    blocks = [text for text in PYTHON[page] if not text.startswith("# needs:")]
    tests = 0
    for number, text in enumerate(blocks):
        tests += len(re.findall(r"^ *(?:async )?def test_", text, re.MULTILINE))
        pytester.makepyfile(**{f"test_block_{number}": text})
    if blocks:
        result = run_process(pytester.path, "-W", "error")
        outcomes = result.parseoutcomes()
        assert set(outcomes) == {"passed"}
        assert outcomes["passed"] >= tests > 0  # one for each parameter of a parametrized test


def test_the_blocks_with_needs_are_run_elsewhere():
    needs = [text.splitlines()[0] for blocks in PYTHON.values() for text in blocks if text.startswith("# needs:")]
    assert needs == ["# needs: aioboto3, pytest-asyncio", "# needs: the AWS CLI"]


def test_the_commands_are_those_of_ci():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    texts = [text.strip() for language, text in BLOCK.findall(README) if language == "sh"]
    commands = [text for text in texts if text.startswith("python ")]
    assert len(commands) == 2
    for command in commands:
        assert command.startswith("python -m pip install -e ")
        assert command in script
