"""The README's block that needs aioboto3."""

import re
from pathlib import Path

README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")


def test_the_block_runs(pytester):
    [block] = re.findall(r"```python\n(# needs: aioboto3.*?)```", README, re.DOTALL)
    pytester.makepyfile(block)
    options = ("-p", "no:randomly", "-W", "error", "-o", "asyncio_default_fixture_loop_scope=function")
    pytester.runpytest_subprocess(*options).assert_outcomes(passed=1)
