"""The guide's block that needs aioboto3."""

import re
from pathlib import Path

from inner import ASYNCIO

PAGE = (Path(__file__).parents[3] / "docs" / "asyncio.md").read_text(encoding="utf-8")


def test_the_block_runs(pytester):
    [block] = re.findall(r"```python\n(# needs: aioboto3.*?)```", PAGE, re.DOTALL)
    pytester.makepyfile(block)
    pytester.runpytest_subprocess(*ASYNCIO, "-W", "error").assert_outcomes(passed=1)
